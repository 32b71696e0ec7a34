from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from scipy.stats import pearsonr, spearmanr, t

import geo
from geo.register.communes import commune_register

DATA = Path(__file__).parents[3] / "data"


@pytest.mark.parametrize(("of", "r"), [("count", -0.10), ("rate", -0.06)])
def test_the_study_found_no_correlation_with_income_poverty_and_neither_do_we(of: str, r: float) -> None:
    """On the 32 communes of its table 1 and CASEN 2017."""
    found = geo.study_correlation("chile-2016", "poverty", of=of, permutations=999)
    pearson = found.tests.loc["pearson"]
    assert round(float(pearson["r"]), 2) == r
    assert pearson["p_value"] > 0.5
    assert (found.n, found.selected) == (32, True)
    assert "15101" not in found.areas
    poverty = pd.read_csv(DATA / "poverty_2017.csv", dtype={"cut": str}).set_index("cut")["share"]
    assert found.sd_ratio == pytest.approx(poverty[list(found.areas)].std(ddof=0) / poverty.std(ddof=0))


def test_printed_rates_give_the_same_correlation() -> None:
    printed = pd.read_csv(DATA / "releases_2016.csv", dtype={"cut": str}).query("printed_in == 'table 1'")
    poverty = pd.read_csv(DATA / "poverty_2017.csv", dtype={"cut": str}).set_index("cut")["share"]
    printed = printed.set_index("cut")
    shared = poverty[printed.index]
    assert round(np.corrcoef(printed["rate_published"], shared)[0, 1], 2) == -0.06
    assert round(np.corrcoef(printed["releases"].astype(float), shared)[0, 1], 2) == -0.10


def test_police_cases_and_poverty_are_worth_about_a_tenth_of_the_communes(dmcs: pd.DataFrame) -> None:
    found = geo.study_correlation("dmcs-2016", "poverty", permutations=999)
    pearson = found.tests.loc["pearson"].astype(float)
    assert (found.n, found.selected, found.class_kind) == (345, False, "borders_and_km")
    poverty = pd.read_csv(DATA / "poverty_2017.csv", dtype={"cut": str}).set_index("cut")["share"]
    rate = (dmcs["cases"] / dmcs["population"]).astype(float)[poverty.index]
    usual = pearsonr(rate, poverty)
    assert (pearson["r"], pearson["p_naive"]) == pytest.approx(tuple(usual), rel=1e-9)
    # So many independent communes would tell the same: the t-test of their number.
    r, n = usual.statistic, pearson["effective_n"]
    assert 345 / 20 < n < 345 / 5
    assert pearson["p_value"] == pytest.approx(2 * t.sf(abs(r) * np.sqrt((n - 2) / (1 - r**2)), n - 2))
    assert found.lee is not None
    assert found.lee.n == 341
    assert {"moran_first", "moran_second"} <= set(found.classes)


def test_spearman_is_scipy_s_with_ties() -> None:
    rng = np.random.default_rng(1)
    x, y = (pd.Series(rng.integers(0, 6, 40).astype(float)) for _ in range(2))
    points = pd.DataFrame(rng.uniform(0, 1e5, (40, 2)), columns=["x", "y"])
    found = geo.stats.correlation_test(x, y, points).tests.loc["spearman"]
    expected = spearmanr(x, y)
    assert found["r"] == pytest.approx(expected.statistic)
    assert found["p_naive"] == pytest.approx(expected.pvalue)


def test_the_partial_correlation_is_that_of_the_inverse_of_the_matrix() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame(rng.normal(size=(60, 4)) @ rng.normal(size=(4, 4)), columns=list("abcd"))
    points = pd.DataFrame(rng.uniform(0, 1e5, (60, 2)), columns=["x", "y"])
    found = geo.stats.correlation_test(table["a"], table["b"], points, given=table[["c", "d"]])
    precision = np.linalg.inv(np.corrcoef(table.to_numpy().T))
    expected = -precision[0, 1] / np.sqrt(precision[0, 0] * precision[1, 1])
    assert found.tests.loc["partial", "r"] == pytest.approx(expected)
    assert found.given == ("c", "d")


def test_what_lacks_a_value_or_a_place_is_left_out_and_counted(graph: Graph, communes: pd.Index) -> None:
    rng = np.random.default_rng(4)
    x, y = (pd.Series(rng.normal(size=346), index=communes) for _ in range(2))
    x.iloc[:3] = np.nan
    y.iloc[2:5] = np.nan
    found = geo.stats.correlation_test(x, y, commune_register(), graph, permutations=99)
    assert found.n_left_out == 6  # five, and Antártica, which has no place
    assert found.n == len(found.areas) == 340
    assert not set(found.areas) & set(communes[:5])


@pytest.mark.parametrize(
    ("second", "given", "rule"),
    [
        ([1.0] * 12, None, "varies"),
        ([float(i) for i in range(12)], [float(2 * i) for i in range(12)], "beyond those held constant"),
        ([1.0, 2.0] + [None] * 10, None, "needs ten"),
    ],
)
def test_what_cannot_be_correlated_is_an_error(second, given, rule: str) -> None:
    points = pd.DataFrame({"x": 1000.0 * np.arange(12), "y": 0.0})
    first = pd.Series(np.random.default_rng(0).normal(size=12))
    held = None if given is None else pd.DataFrame({"g": given})
    with pytest.raises(geo.StatisticError, match=rule):
        geo.stats.correlation_test(first, pd.Series(second, dtype=float), points, given=held)


def test_places_without_coordinates_are_an_error() -> None:
    values = pd.Series(np.arange(12.0))
    with pytest.raises(geo.StatisticError, match="lon and lat"):
        geo.stats.correlation_test(values, values, pd.DataFrame({"este": values, "norte": values}))


def test_an_area_that_stands_twice_is_an_error() -> None:
    values = pd.Series(np.arange(12.0), index=[0, *range(11)])
    points = pd.DataFrame({"x": 1000.0 * np.arange(11), "y": 0.0})
    with pytest.raises(geo.StatisticError):
        geo.stats.correlation_test(values, values, points)
    with pytest.raises(geo.StatisticError):
        geo.stats.inequality_indices(values, values)
