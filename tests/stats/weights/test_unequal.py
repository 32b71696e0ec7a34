"""Weights that differ within rows: distance decay, kernels, links one way."""

from __future__ import annotations

from itertools import permutations as arrangements

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.sparse import csr_array

import geo
from geo.stats.engine.permutation import weighted_tails
from tests.properties import examples
from tests.stats.peers import as_w, import_esda, peer_warnings_aside


def random_graph(n: int, longest: int, seed: int, *, equal: bool = False) -> Graph:
    """Links one way to between one and `longest` others, with random weights."""
    generator = np.random.default_rng(seed)
    focal, neighbor = [], []
    for i in range(n):
        others = generator.choice(
            np.delete(np.arange(n), i), generator.integers(1, longest + 1), replace=False
        )
        focal += [i] * len(others)
        neighbor += sorted(others.tolist())
    weight = np.ones(len(focal)) if equal else generator.uniform(0.2, 3, len(focal))
    return Graph.from_arrays(focal, neighbor, weight)


@examples(15)
@given(seed=st.integers(0, 10_000), ties=st.booleans())
def test_weighted_tails_agree_with_every_arrangement(seed: int, *, ties: bool) -> None:
    """Six areas: each of the at most 120 ways to place the neighbours' values is counted."""
    generator = np.random.default_rng(seed)
    z = generator.integers(0, 3, 6).astype(float) if ties else generator.lognormal(size=6)
    weights = csr_array(random_graph(6, 4, seed).sparse.toarray())
    sums, draws = weights @ z, 20_000
    found = weighted_tails(z, weights, sums, permutations=draws, rng=0)
    for i in range(6):
        row = weights[[i]].toarray()[0]
        placed = np.array([row[row > 0] @ p for p in arrangements(np.delete(z, i), int((row > 0).sum()))])
        for tail, truth in (
            (found.at_least[i], (placed >= sums[i] - 1e-9).mean()),
            (found.at_most[i], (placed <= sums[i] + 1e-9).mean()),
        ):
            assert abs(tail / draws - truth) <= 5 * np.sqrt(truth * (1 - truth) / draws) + 1e-9


def test_weighted_tails_do_not_depend_on_the_size_of_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    z = np.random.default_rng(1).lognormal(size=2_500)
    weights = csr_array(random_graph(2_500, 5, 1).sparse)
    whole = weighted_tails(z, weights, weights @ z, permutations=1_500, rng=3)
    again = weighted_tails(z, weights, weights @ z, permutations=1_500, rng=3)
    first = weighted_tails(z, weights, weights @ z, permutations=1_024, rng=3)
    assert (whole.at_least == again.at_least).all()
    assert (first.at_least <= whole.at_least).all()


def test_local_and_global_moran_equal_esda_with_unequal_weights(dmcs: pd.DataFrame) -> None:
    esda = import_esda()
    rate = (dmcs["cases"] / dmcs["population"]).astype(float).dropna()
    graph = random_graph(len(rate), 12, 5)
    named = Graph.from_arrays(
        rate.index[graph.adjacency.index.get_level_values(0)],
        rate.index[graph.adjacency.index.get_level_values(1)],
        graph.adjacency.to_numpy(),
    )
    moran = geo.stats.local_moran(rate, named, permutations=99)
    whole = geo.stats.moran(rate, named, permutations=99)
    with peer_warnings_aside():
        theirs = esda.Moran_Local(rate.to_numpy(), as_w(named.transform("R")), permutations=0)
        their_whole = esda.Moran(rate.to_numpy(), as_w(named.transform("R")), permutations=0)
    n = len(rate)
    assert np.allclose(moran["statistic"] * (n - 1) / n, theirs.Is, rtol=1e-9)
    assert np.isclose(whole.statistic, their_whole.I, rtol=1e-9)
    assert np.isclose(whole.sd_analytic**2, their_whole.VI_rand, rtol=1e-9)


@pytest.mark.parametrize("star", [True, False])
def test_the_z_of_getis_ord_standardises_by_every_arrangement(*, star: bool) -> None:
    """Of six areas: all values trade places for Gi*; for Gi the area's own value stays.

    esda 2.9 standardises with the binary weights' variance also where weights differ.
    """
    z = np.random.default_rng(4).lognormal(size=6)
    graph = random_graph(6, 4, 4)
    found = geo.stats.getis_ord(pd.Series(z), graph, star=star, permutations=99)["statistic"]
    weights = graph.sparse.toarray()
    for i in range(6):
        row = weights[i] + (np.eye(6)[i] * weights[i].max() if star else 0)
        dealt = np.array([p for p in arrangements(z) if star or p[i] == z[i]]) @ row
        assert np.isclose(found[i], (row @ z - dealt.mean()) / dealt.std(), rtol=1e-9)


def test_p_values_with_kernel_weights_agree_with_esda_within_simulation_error(dmcs: pd.DataFrame) -> None:
    esda = import_esda()
    rate = (dmcs["cases"] / dmcs["population"]).astype(float).dropna().reset_index(drop=True)
    graph = random_graph(len(rate), 12, 5)
    ours = geo.stats.local_moran(rate, graph, permutations=19_999)["p_value"].to_numpy()
    with peer_warnings_aside():
        theirs = esda.Moran_Local(
            rate.to_numpy(), as_w(graph.transform("R")), permutations=19_999, seed=1, keep_simulations=False
        )
    doubled = np.minimum(1, 2 * theirs.p_sim)
    bound = 5 * np.sqrt(2 * 2 * doubled * (1 - doubled / 2) / 20_000) + 2e-4
    assert (np.abs(ours - doubled) < bound).all()


@examples(20)
@given(seed=st.integers(0, 10_000), equal=st.booleans())
def test_gi_has_local_morans_p_whatever_the_weights(seed: int, *, equal: bool) -> None:
    values = pd.Series(np.random.default_rng(seed).gamma(1.0, size=30).round(1))
    graph = random_graph(30, 6, seed, equal=equal)
    moran = geo.stats.local_moran(values, graph, permutations=199)
    gi = geo.stats.getis_ord(values, graph, permutations=199)
    assert gi["p_value"].equals(moran["p_value"])


def test_scaling_the_rows_of_equal_weights_changes_nothing() -> None:
    values = pd.Series(np.random.default_rng(2).gamma(1.0, size=40))
    graph = random_graph(40, 6, 2, equal=True)
    for found, scaled in zip(
        (
            geo.stats.local_moran(values, graph, permutations=199),
            geo.stats.getis_ord(values, graph, permutations=199),
        ),
        (
            geo.stats.local_moran(values, graph.transform("R"), permutations=199),
            geo.stats.getis_ord(values, graph.transform("R"), permutations=199),
        ),
        strict=True,
    ):
        pd.testing.assert_frame_equal(found, scaled, rtol=1e-12)


def test_an_area_whose_own_neighbors_are_missing_is_nobodys_neighbor() -> None:
    """0 looks at 1 alone, which has no value; 2 looks at 0 and 3: only 3 is left to it."""
    graph = Graph.from_arrays([0, 1, 2, 2, 3, 4, 5], [1, 0, 0, 3, 2, 3, 4], [1.0] * 7)
    found = geo.stats.local_moran(pd.Series([9.0, np.nan, 1, 2, 4, 3]), graph, permutations=99)
    assert found.loc[[0, 1], "reason"].tolist() == ["no_neighbor", "missing_value"]
    rest = geo.stats.local_moran(
        pd.Series([1.0, 2, 4, 3], index=[2, 3, 4, 5]),
        Graph.from_arrays([2, 3, 4, 5], [3, 2, 3, 4], [1.0] * 4),
        permutations=99,
    )
    assert np.allclose(found.loc[2:, "statistic"], rest["statistic"])


@pytest.mark.parametrize("weight", [-1.0, float("inf")])
def test_a_weight_that_is_none_is_refused_with_its_areas(weight: float) -> None:
    graph = Graph.from_arrays([0, 1, 1, 2], [1, 0, 2, 1], [1.0, 1.0, weight, 1.0])
    with pytest.raises(geo.StatisticError, match=r"weight is a number of zero or more.*from 1 to 2"):
        geo.stats.local_moran(pd.Series([1.0, 2, 3]), graph)


def test_repeated_ids_are_refused() -> None:
    graph = Graph.from_arrays([0, 1], [1, 0], [1.0, 1.0])
    with pytest.raises(geo.StatisticError, match="each area has one row"):
        geo.stats.local_moran(pd.Series([1.0, 2, 3], index=[0, 1, 1]), graph)


def test_exact_p_is_refused_where_weights_differ() -> None:
    with pytest.raises(geo.StatisticError, match="equal within each row"):
        geo.stats.local_moran(pd.Series(np.arange(20.0)), random_graph(20, 4, 1), method="exact")


def test_a_result_says_how_its_p_values_were_made() -> None:
    values = pd.Series(np.random.default_rng(3).gamma(1.0, size=341))
    made = geo.stats.local_moran(values, random_graph(341, 5, 3), permutations=999, rng=7).attrs
    assert made["p_floor"] == 0.002
    assert made["areas_at_floor"] == 14  # ceil(2 * 341 / (0.05 * 1000))
    assert made["advice"].startswith("use permutations=13639 or more")
    assert (made["permutations"], made["seed"], made["areas_tested"]) == (999, 7, 341)
    enough = geo.stats.local_moran(values, random_graph(341, 5, 3), permutations=13_639).attrs
    assert (enough["areas_at_floor"], enough["advice"]) == (1, "")


def test_the_permutations_advised_are_enough_for_one_area() -> None:
    """One pair far above 339 others: at the advised R its q is 0.05 but for rounding."""
    values = pd.Series(np.r_[[1000.0, 1001.0], np.random.default_rng(5).normal(size=339)])
    graph = Graph.from_arrays(np.arange(341), np.r_[[1, 0], np.arange(3, 341), [2]], np.ones(341))
    found = geo.stats.local_moran(values, graph, permutations=13_639)
    assert found.attrs["areas_at_floor"] == 1
    floor = found["p_value"] == found["p_value"].min()
    assert (found.loc[floor & (found["q_value"] < 0.0500001), "label"] != "not significant").all()
