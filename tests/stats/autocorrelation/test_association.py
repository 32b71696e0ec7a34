"""Global tests against enumeration and the reference values of the study's data; see also test_peers.py."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geo
from geo.assets import asset_table
from geo.register.communes import commune_register
from geo.stats.autocorrelation.association import moran_each
from geo.stats.weights.links import graph_from_pairs
from tests.stats.autocorrelation.test_localmoran import lattice


def test_dmcs_2016_has_the_reference_values(dmcs: pd.DataFrame, graph: Graph) -> None:
    crude = (dmcs["cases"] / dmcs["population"]).astype(float)
    eb = geo.stats.moran_rate(dmcs["cases"], dmcs["population"], graph, permutations=9_999)
    assert (eb.n, eb.n_left_out) == (341, 5)
    assert eb.statistic == pytest.approx(0.396, abs=5e-4)
    assert geo.stats.moran(crude, graph, permutations=99).statistic == pytest.approx(0.397, abs=5e-4)
    assert eb.p_value == pytest.approx(2 / 10_000)


def test_income_poverty_2017_has_the_reference_value(graph: Graph) -> None:
    """0.600, computed with esda; Antártica has no estimate and the islands no neighbour."""
    share = asset_table("data", "poverty_2017.csv", share=float).set_index("cut")["share"]
    test = geo.stats.moran(share.reindex(commune_register().index), graph, permutations=99)
    assert test.statistic == pytest.approx(0.600, abs=5e-4)


@pytest.fixture(scope="module")
def crude(dmcs: pd.DataFrame) -> pd.Series:
    return (dmcs["cases"] / dmcs["population"]).astype(float)


@pytest.mark.parametrize("test", [geo.stats.moran, geo.stats.geary, geo.stats.general_g])
def test_permutations_have_the_spread_of_the_closed_form(
    test: Callable[..., geo.stats.GlobalTest], crude: pd.Series, graph: Graph
) -> None:
    found = test(crude, graph, permutations=9_999)
    assert found.sd == pytest.approx(found.sd_analytic, rel=5 / np.sqrt(2 * 9_999))  # five standard errors


@pytest.mark.parametrize("test", [geo.stats.moran, geo.stats.geary, geo.stats.general_g])
@pytest.mark.parametrize("values", [[0.0, 1, 4, 2, 7, 3], [0.0, 0, 1, 1, 0, 5]])
def test_p_is_the_share_of_all_arrangements(
    test: Callable[..., geo.stats.GlobalTest], values: list[float]
) -> None:
    """All 720 arrangements of six values on a ring with a chord."""
    pairs = [(i, (i + 1) % 6) for i in range(6)] + [(0, 3)]
    every = statistics(test, np.array(list(permutations(values))), pairs)
    found = test(pd.Series(values), graph_from_pairs(pairs, range(6)), permutations=20_000)
    assert found.statistic == pytest.approx(every[0], rel=1e-12)
    upper = (every >= found.statistic - 1e-12).mean()
    lower = (every <= found.statistic + 1e-12).mean()
    exact = min(1.0, 2 * min(upper, lower))
    assert found.expected == pytest.approx(every.mean(), rel=1e-9)
    assert found.sd_analytic == pytest.approx(every.std(), rel=1e-9)
    assert found.p_value == pytest.approx(exact, abs=10 * np.sqrt(0.25 / 20_000) * np.sqrt(exact) + 2e-4)


def statistics(
    test: Callable[..., geo.stats.GlobalTest], x: np.ndarray, pairs: list[tuple[int, int]]
) -> np.ndarray:
    """Each row's statistic, as the papers write it: Moran's and Geary's with weights that add up to one."""
    joined = np.zeros((x.shape[1], x.shape[1]))
    for i, j in pairs:
        joined[i, j] = joined[j, i] = 1
    if test is geo.stats.general_g:
        both = x[:, :, None] * x[:, None, :]
        return (both * joined).sum(axis=(1, 2)) / (x.sum(axis=1) ** 2 - (x**2).sum(axis=1))
    weights = joined / joined.sum(axis=1, keepdims=True)
    z = x - x.mean(axis=1, keepdims=True)
    squares = (z**2).sum(axis=1)
    if test is geo.stats.moran:
        return np.einsum("ri,ij,rj->r", z, weights, z) / squares
    apart = (x[:, :, None] - x[:, None, :]) ** 2
    return (len(joined) - 1) / (2 * len(joined)) * (apart * weights).sum(axis=(1, 2)) / squares


@pytest.mark.parametrize(
    "values", [[1.0, -2, 3, 4], [0.0, 0, 0, 5], [1.0, 1e-17, 0, 0], [1.0, 1e-6, 1e-6, 1e-6]]
)
def test_the_general_g_refuses_values_without_a_product(values: list[float]) -> None:
    ring = graph_from_pairs([(0, 1), (1, 2), (2, 3), (3, 0)], range(4))
    with pytest.raises(geo.StatisticError, match="zero or more, and two of them that count"):
        geo.stats.general_g(pd.Series(values), ring)


@pytest.mark.parametrize("far", [0, 300, 10**5, 10**8])
@pytest.mark.parametrize("chord", [[], [(0, 3)]], ids=["ring", "ring with a chord"])
def test_the_deviation_of_the_general_g_is_exact_far_from_zero(
    far: int, chord: list[tuple[int, int]]
) -> None:
    """Of all 720 arrangements, in fractions."""
    pairs = [(i, (i + 1) % 6) for i in range(6)] + chord
    values = [far + value for value in (0, 1, 4, 2, 7, 3)]
    total = sum(values) ** 2 - sum(value**2 for value in values)
    every = [
        Fraction(2 * sum(dealt[i] * dealt[j] for i, j in pairs), total) for dealt in permutations(values)
    ]
    mean = sum(every) / len(every)
    variance = sum((g - mean) ** 2 for g in every) / len(every)
    found = geo.stats.general_g(
        pd.Series(values, dtype=float), graph_from_pairs(pairs, range(6)), permutations=99
    )
    assert found.expected == pytest.approx(float(mean), rel=1e-12)
    assert found.sd_analytic == pytest.approx(float(variance) ** 0.5, rel=1e-6, abs=0)


def test_a_missing_value_leaves_every_global_test_with_the_others(crude: pd.Series, graph: Graph) -> None:
    """esda gives NaN for the whole map."""
    gone = crude.index[10]
    for test in (geo.stats.moran, geo.stats.geary, geo.stats.general_g):
        whole = test(crude.where(crude.index != gone), graph, permutations=9)
        cut = test(crude.drop(gone), graph.subgraph(crude.index.drop(gone)), permutations=9)
        assert whole.statistic == pytest.approx(cut.statistic, rel=1e-12)
        assert whole.n_left_out == cut.n_left_out + 1


def test_p_values_of_maps_without_pattern_are_uniform() -> None:
    """Of 200 random maps about one in twenty is below 0.05; three standard errors allowed."""
    rng = np.random.default_rng(3)
    p = np.array([moran_p(pd.Series(rng.normal(size=49))) for _ in range(200)])
    assert abs((p <= 0.05).mean() - 0.05) <= 3 * np.sqrt(0.05 * 0.95 / 200)
    assert abs(p.mean() - 0.5) <= 3 * np.sqrt(1 / 12 / 200) + 0.01


def moran_p(values: pd.Series) -> float:
    return geo.stats.moran(values, lattice(7, 7), permutations=199).p_value


def test_a_chessboard_is_as_negative_as_can_be() -> None:
    values = pd.Series([float((i // 8 + i % 8) % 2) for i in range(64)])
    test = geo.stats.moran(values, lattice(8, 8), permutations=999)
    assert test.statistic == pytest.approx(-1)
    assert test.p_value == pytest.approx(0.002)


def test_several_variables_on_the_same_rearrangements_are_what_each_is_alone(
    dmcs: pd.DataFrame, graph: Graph
) -> None:
    cases, people = dmcs["cases"].astype(float), dmcs["population"].astype(float)
    gap = cases.copy()
    gap.iloc[:5] = np.nan
    values = [cases, people, gap, None, pd.Series(1.0, index=cases.index)]
    found = moran_each(values, graph, permutations=999, rng=3)
    alone = [geo.stats.moran(variable, graph, permutations=999, rng=3) for variable in (cases, people, gap)]
    assert found == [*alone, None, None]


@pytest.mark.parametrize("n", [5, 7, 9, 11, 12, 40])
@pytest.mark.parametrize("test", [geo.stats.moran, geo.stats.geary, geo.stats.general_g])
def test_where_each_area_adjoins_all_others_nothing_is_tested(
    test: Callable[..., geo.stats.GlobalTest], n: int
) -> None:
    """Every arrangement has the same statistic, -1 / (n - 1), 1 and 1: no spread, and no normal law."""
    graph = graph_from_pairs([(i, j) for i in range(n) for j in range(i)], range(n))
    values = np.random.default_rng(n).gamma(2, 100, size=(20, n))
    for x in values:
        found = test(pd.Series(x), graph, permutations=99)
        assert found.statistic == pytest.approx({"moran": -1 / (n - 1)}.get(found.name, 1.0), rel=1e-9)
        assert found.sd_analytic == 0
        assert np.isnan(found.p_analytic)
        assert found.p_value == 1


@pytest.mark.parametrize("uneven", [10**-3, 10**-6, 10**-9])
@pytest.mark.parametrize("test", [geo.stats.moran, geo.stats.general_g])
def test_weights_that_are_nearly_even_have_the_spread_of_all_arrangements(
    test: Callable[..., geo.stats.GlobalTest], uneven: float
) -> None:
    """As kernels of a wide bandwidth; 720 arrangements in fractions of the very weights that are given."""
    given = {
        (i, j): 1 + uneven * ((3 * i + 5 * j + i * j) % 7) / 7 for i in range(6) for j in range(6) if i != j
    }
    ends = pd.MultiIndex.from_tuples(list(given), names=["focal", "neighbor"])
    graph = Graph(pd.Series(list(given.values()), index=ends, name="weight"))
    values = [1, 2, 3, 4, 5, 9]
    weights = {pair: Fraction(weight) for pair, weight in given.items()}
    if test is geo.stats.moran:
        rows = [sum(weight for (i, _), weight in weights.items() if i == k) for k in range(6)]
        weights = {(i, j): weight / rows[i] for (i, j), weight in weights.items()}
        z = [Fraction(6 * value - sum(values), 6) for value in values]
        scale = sum(value**2 for value in z)
    else:
        z, scale = [Fraction(value) for value in values], Fraction(sum(values) ** 2 - 136)
    every = [
        sum(weight * dealt[i] * dealt[j] for (i, j), weight in weights.items()) / scale
        for dealt in permutations(z)
    ]
    mean = sum(every) / len(every)
    variance = sum((value - mean) ** 2 for value in every) / len(every)
    found = test(pd.Series(values, dtype=float), graph, permutations=99)
    assert found.sd_analytic == pytest.approx(float(variance) ** 0.5, rel=1e-6, abs=0)
