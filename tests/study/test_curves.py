from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geo
from geo.study.curves import curves, scatter


def known(cases: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"low": cases, "high": cases, "releases": cases})


def test_the_slope_through_the_scatterplot_is_morans_i(dmcs: pd.DataFrame, graph: Graph) -> None:
    points = scatter(dmcs["cases"], dmcs["population"], graph)
    z, lag = points["z"], points["lag"]
    test = geo.stats.moran_rate(dmcs["cases"], dmcs["population"], graph, permutations=99)
    assert (z * lag).sum() / (z**2).sum() == pytest.approx(test.statistic, rel=1e-12)
    assert round(test.statistic, 3) == 0.396
    assert (points["z"].notna().sum(), points["lag"].notna().sum()) == (341, 341)


def test_the_limits_reach_over_all_populations_and_narrow(dmcs: pd.DataFrame, graph: Graph) -> None:
    found = curves(known(dmcs["cases"]), dmcs["population"], graph)
    assert found.limits is not None
    assert found.limits["population"].min() < dmcs["population"].min()
    assert found.limits["population"].max() > dmcs["population"].max()
    assert (np.diff(found.limits["high_95"]) < 0).all()
    assert found.overall == pytest.approx(dmcs["cases"].sum() / dmcs["population"].sum() * 100_000)


def test_of_a_list_only_what_it_holds_is_said(dmcs: pd.DataFrame, graph: Graph) -> None:
    found = curves(known(dmcs["cases"]), dmcs["population"], graph, coverage="highest")
    assert (found.funnel, found.limits, found.scatter, found.spread) == (None, None, None, None)
    assert np.isnan(found.overall)
    assert found.held.n == 346


@pytest.mark.parametrize(("missing", "drawn"), [(69, True), (70, False)])
def test_a_fifth_may_be_missing_and_no_more(
    dmcs: pd.DataFrame, graph: Graph, missing: int, drawn: bool
) -> None:
    cases = dmcs["cases"].astype("Float64")
    cases.iloc[:missing] = pd.NA
    found = curves(known(cases), dmcs["population"], graph)
    assert [part is not None for part in (found.funnel, found.spread, found.scatter)] == [drawn] * 3


def test_where_nothing_was_counted_there_is_nothing_to_draw(graph: Graph, communes: pd.Index) -> None:
    nothing, people = pd.Series(0, index=communes), pd.Series(1000, index=communes)
    found = curves(known(nothing), people, graph)
    assert (found.overall, found.funnel, found.scatter, found.spread) == (0, None, None, None)
