"""Global Moran's I against esda and the reference values of the study's data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geo
from tests.analysis.peers import as_w, import_esda, peer_warnings_aside
from tests.analysis.test_local import lattice


def test_dmcs_2016_has_the_reference_values(dmcs: pd.DataFrame, graph: Graph) -> None:
    crude = (dmcs["cases"] / dmcs["population"]).astype(float)
    eb = geo.moran_rate(dmcs["cases"], dmcs["population"], graph, permutations=9_999)
    assert (eb.n, eb.n_left_out) == (341, 5)
    assert eb.statistic == pytest.approx(0.396, abs=5e-4)
    assert geo.moran(crude, graph, permutations=99).statistic == pytest.approx(0.397, abs=5e-4)
    assert eb.p_value == pytest.approx(2 / 10_000)


def test_income_poverty_2017_has_the_reference_value(graph: Graph) -> None:
    """0.600, computed with esda; Antártica has no estimate and the islands no neighbour."""
    from geo.data.shipped import _csv

    share = _csv("poverty_2017.csv").set_index("cut")["share"].astype(float)
    test = geo.moran(share.reindex(geo.register().index), graph, permutations=99)
    assert test.statistic == pytest.approx(0.600, abs=5e-4)


def test_moran_equals_esda(dmcs: pd.DataFrame, graph: Graph, communes: pd.Index) -> None:
    esda = import_esda()
    inside = communes.difference(graph.isolates)
    crude = (dmcs["cases"] / dmcs["population"]).astype(float)
    np.random.seed(0)
    part = as_w(graph.subgraph(inside).transform("R"))
    with peer_warnings_aside():
        theirs = esda.Moran(crude[inside].to_numpy(), part, permutations=9_999)
    ours = geo.moran(crude, graph, permutations=9_999)
    assert ours.statistic == pytest.approx(theirs.I, rel=1e-12)
    assert ours.expected == pytest.approx(theirs.EI, rel=1e-12)
    assert ours.sd == pytest.approx(theirs.seI_sim, rel=0.05)


def test_p_values_of_maps_without_pattern_are_uniform() -> None:
    """Of 200 random maps about one in twenty is below 0.05; three standard errors allowed."""
    rng = np.random.default_rng(3)
    p = np.array([moran_p(pd.Series(rng.normal(size=49))) for _ in range(200)])
    assert abs((p <= 0.05).mean() - 0.05) <= 3 * np.sqrt(0.05 * 0.95 / 200)
    assert abs(p.mean() - 0.5) <= 3 * np.sqrt(1 / 12 / 200) + 0.01


def moran_p(values: pd.Series) -> float:
    return geo.moran(values, lattice(7, 7), permutations=199).p_value


def test_a_chessboard_is_as_negative_as_can_be() -> None:
    values = pd.Series([float((i // 8 + i % 8) % 2) for i in range(64)])
    test = geo.moran(values, lattice(8, 8), permutations=999)
    assert test.statistic == pytest.approx(-1)
    assert test.p_value == pytest.approx(0.002)
