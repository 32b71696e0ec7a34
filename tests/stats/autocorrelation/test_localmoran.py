"""Local statistics on real data, and where they are undefined; against other packages, see test_peers.py."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph

import geo
from geo.stats.autocorrelation.localmoran import local_moran_rates, rate_scores
from geo.stats.weights.links import graph_from_pairs
from tests.properties import examples


def lattice(rows: int, columns: int) -> Graph:
    """A rectangle of squares, rook contiguity."""
    ids = [(r, c) for r in range(rows) for c in range(columns)]
    right = [((r, c), (r, c + 1)) for r, c in ids if c + 1 < columns]
    down = [((r, c), (r + 1, c)) for r, c in ids if r + 1 < rows]
    number = {i: k for k, i in enumerate(ids)}
    return graph_from_pairs([(number[a], number[b]) for a, b in right + down], range(len(ids)))


def test_dmcs_2016_has_the_reference_clusters(dmcs: pd.DataFrame, graph: Graph) -> None:
    """9 High-High, 1 Low-Low, 1 Low-High after correction: the reference of the study's data, any seed."""
    for seed in (0, 1, 2):
        found = geo.stats.local_moran_rate(dmcs["cases"], dmcs["population"], graph, rng=seed)
        assert found["label"].value_counts().to_dict() == {
            "not significant": 330,
            "High-High": 9,
            "undefined": 5,
            "Low-Low": 1,
            "Low-High": 1,
        }
        assert found.index[found["label"] == "undefined"].tolist() == sorted(graph.isolates)


def test_gi_star_and_local_moran_have_the_same_p_values(dmcs: pd.DataFrame, graph: Graph) -> None:
    z = rate_scores(dmcs["cases"], dmcs["population"], graph)
    moran = geo.stats.local_moran(z, graph, permutations=999)["p_value"]
    gi = geo.stats.getis_ord(z, graph, permutations=999)["p_value"]
    pd.testing.assert_series_equal(moran, gi)


def test_what_is_not_named_is_what_the_documents_say() -> None:
    """Seed 0, 99,999 permutations, Benjamini-Hochberg at 0.05: docs/methods.md, and geo.run."""
    named = {"permutations": 99_999, "rng": 0, "method": "permutation", "correction": "bh", "alpha": 0.05}
    graph, people = lattice(3, 4), pd.Series(range(1000, 2200, 100))
    events = pd.Series([30, 31, 33, 5, 24, 26, 5, 4, 7, 3, 9, 2])
    plain = geo.stats.local_moran_rate(events, people, graph)
    pd.testing.assert_frame_equal(plain, geo.stats.local_moran_rate(events, people, graph, **named))
    pd.testing.assert_frame_equal(
        plain, local_moran_rates(events, [people], graph, covariates=[None], expected=None)[0]
    )
    assert plain.attrs == geo.stats.local_moran_rate(events, people, graph, **named).attrs
    for test in (geo.stats.local_moran, geo.stats.getis_ord):
        found, same = test(events, graph), test(events, graph, **named)
        pd.testing.assert_frame_equal(found, same)
        assert found.attrs == same.attrs == plain.attrs


@pytest.mark.parametrize("method", ["permutation", "exact"])
@pytest.mark.parametrize("missing", [[], [5]], ids=["the same areas", "fewer areas"])
def test_rates_of_several_populations_are_tested_as_each_is_alone(method: str, missing: list[int]) -> None:
    graph, people = lattice(3, 4), pd.Series(range(1000, 2200, 100), dtype="Int64")
    events = pd.Series([30, 31, 33, 5, 24, 26, 5, 4, 7, 3, 9, 2])
    other = pd.Series(people.to_numpy()[::-1], dtype="Int64")
    other[missing] = pd.NA
    how = {"permutations": 99, "method": method}
    both = local_moran_rates(events, [people, other], graph, covariates=[None, None], expected=None, **how)
    for found, population in zip(both, (people, other), strict=True):
        pd.testing.assert_frame_equal(found, geo.stats.local_moran_rate(events, population, graph, **how))
    assert not both[0]["p_value"].equals(both[1]["p_value"])


def test_a_seed_means_the_same_p_values_in_every_release() -> None:
    """Recorded from version 0.1.0, the same with NumPy 1.26 and 2.5; exact ones differ by chance alone."""
    values = pd.Series(np.arange(20.0) ** 2 % 7)
    found = geo.stats.local_moran(values, lattice(4, 5), permutations=999, rng=4)["p_value"]
    assert found[:10].tolist() == [0.93, 0.718, 0.328, 0.872, 0.518, 0.312, 0.744, 0.714, 0.74, 0.302]
    exact = geo.stats.local_moran(values, lattice(4, 5), method="exact")["p_value"]
    assert (np.abs(found - exact) <= 5 * 2 * np.sqrt(exact / 2 * (1 - exact / 2) / 999) + 2 / 1000).all()


@pytest.mark.parametrize("known", ["covariates", "expected"])
def test_rates_beside_what_is_known_of_them_are_tested_by_their_residuals(known: str) -> None:
    people = pd.Series(range(1000, 2200, 100), dtype="Int64")
    events = pd.Series([30, 31, 33, 5, 24, 26, 5, 4, 7, 3, 9, 2])
    told = {
        "covariates": pd.DataFrame({"distance": np.arange(12.0) % 5}),
        "expected": pd.Series(np.arange(12.0) + 5),
    }[known]
    found = geo.stats.local_moran_rate(events, people, lattice(3, 4), permutations=99, **{known: told})
    scores = geo.stats.rate_residuals(events, people, **{known: told})
    left = geo.stats.local_moran(scores, lattice(3, 4), permutations=99)
    same = ["statistic", "p_value", "q_value", "label"]
    pd.testing.assert_frame_equal(found[same], left[same])


def test_three_areas_are_enough_and_two_are_not() -> None:
    graph = graph_from_pairs([(0, 1), (1, 2)], range(3))
    found = geo.stats.local_moran(pd.Series([1.0, 2.0, 4.0]), graph, permutations=9)
    assert found["statistic"].notna().all()
    with pytest.raises(geo.StatisticError, match="needs three areas"):
        geo.stats.local_moran(pd.Series([1.0, 2.0, None]), graph, permutations=9)


def test_labels_are_quadrants_where_p_and_q_allow_and_above_is_above_the_whole() -> None:
    """A corner of a square of a hundred areas has twice the rate of all others."""
    graph, people, place = lattice(10, 10), pd.Series([1_000] * 100), np.arange(100)
    high = (place // 10 < 3) & (place % 10 < 3)
    events = pd.Series(np.where(high, 40, 20) + place % 3)
    found = geo.stats.local_moran_rate(events, people, graph, permutations=999)
    for column, level in (("label", found["q_value"]), ("label_uncorrected", found["p_value"])):
        assert found[column].equals(
            found["quadrant"].where(level <= 0.05, "not significant").astype("string")
        )
    assert (found["label"] != found["label_uncorrected"]).any()
    assert found["above_national"].tolist() == (events / people > events.sum() / people.sum()).tolist()


def test_an_area_at_the_mean_is_on_no_high_side() -> None:
    """High is above the mean: the middle of -1, 0, 1 has neither a high value nor high neighbours."""
    graph = graph_from_pairs([(0, 1), (1, 2), (2, 3), (3, 4)], range(5))
    found = geo.stats.local_moran(pd.Series([1.0, 2.0, 3.0, 2.0, 7.0]), graph, permutations=9)
    # The mean is 3: area 2 lies on it, and area 3 has neighbours of 3 and 7 above it.
    assert found["quadrant"].tolist() == ["Low-Low", "Low-Low", "Low-Low", "Low-High", "High-Low"]
    found = geo.stats.local_moran(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0]), graph, permutations=9)
    assert found.loc[2, "quadrant"] == "Low-Low"
    assert found.loc[2, ["z", "lag", "statistic"]].tolist() == [0, 0, 0]


def test_a_missing_value_makes_nothing_significant() -> None:
    """esda 2.9 gives p = 0.001 to every area of such a map."""
    values = pd.Series(np.random.default_rng(0).normal(size=100))
    values[45] = np.nan
    found = geo.stats.local_moran(values, lattice(10, 10), permutations=999)
    assert found.loc[45, ["label", "reason"]].tolist() == ["undefined", "missing_value"]
    assert found.loc[45, ["statistic", "p_value", "q_value"]].isna().all()
    assert (found["label"].drop(45) == "not significant").all()
    assert found["p_value"].drop(45).between(0.002, 1).all()


def test_a_missing_area_is_not_there() -> None:
    """The other areas get what they would get on a map without it."""
    values = pd.Series(np.random.default_rng(1).normal(size=36))
    values[14] = np.nan
    whole = geo.stats.local_moran(values, lattice(6, 6), permutations=999)
    cut = geo.stats.local_moran(
        values.drop(14), lattice(6, 6).subgraph(values.index.drop(14)), permutations=999
    )
    pd.testing.assert_frame_equal(whole.drop(14), cut)


def test_islands_and_empty_areas_are_undefined_with_their_reason() -> None:
    graph = graph_from_pairs([(i, i + 1) for i in range(8)], range(11))
    events = pd.Series([9, 8, 9, 8, 1, 2, 1, 2, 3, 4, None], dtype="Int64")
    people = pd.Series([100] * 8 + [0, 100, 100])
    found = geo.stats.local_moran_rate(events, people, graph, permutations=99)
    assert found["reason"].tolist()[8:] == ["zero_population", "no_neighbor", "missing_value"]
    assert (found["label"][8:] == "undefined").all()
    assert found["p_value"][8:].isna().all()


def test_equal_values_are_refused_in_words() -> None:
    with pytest.raises(geo.StatisticError, match="values that differ"):
        geo.stats.local_moran(pd.Series([3.0] * 9), lattice(3, 3))


def test_a_graph_of_other_areas_is_refused_in_words() -> None:
    with pytest.raises(geo.StatisticError, match="the graph must hold every area"):
        geo.stats.local_moran(pd.Series([1.0, 2, 3, 4], index=list("abcd")), lattice(2, 2))


@examples(25)
@given(st.integers(0, 2**31))
def test_renaming_areas_changes_nothing_but_their_names(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = pd.Series(rng.normal(size=25))
    plain = geo.stats.local_moran(values, lattice(5, 5), permutations=99)
    names = {i: f"area {i:02d}" for i in range(25)}
    graph = lattice(5, 5)
    renamed = graph_from_pairs(
        [(names[a], names[b]) for a, b in graph.adjacency.index if a < b], names.values()
    )
    again = geo.stats.local_moran(values.rename(names), renamed, permutations=99)
    pd.testing.assert_frame_equal(plain, again.set_axis(plain.index))


@examples(25)
@given(st.integers(0, 2**31))
def test_mirrored_values_swap_high_and_low_and_keep_p(seed: int) -> None:
    values = pd.Series(np.random.default_rng(seed).normal(size=25))
    plain = geo.stats.local_moran(values, lattice(5, 5), permutations=99)
    mirror = geo.stats.local_moran(-values, lattice(5, 5), permutations=99)
    swap = {"High-High": "Low-Low", "Low-Low": "High-High", "High-Low": "Low-High", "Low-High": "High-Low"}
    assert plain["quadrant"].map(swap).tolist() == mirror["quadrant"].tolist()
    assert np.allclose(plain["statistic"], mirror["statistic"])
    assert np.array_equal(plain["p_value"], mirror["p_value"])


def test_exact_p_counts_every_set_of_others_that_could_be_the_neighbours() -> None:
    values = pd.Series(np.random.default_rng(3).normal(size=9))
    found = geo.stats.local_moran(values, lattice(3, 3), method="exact")["p_value"]
    ids = [(r, c) for r in range(3) for c in range(3)]
    for i, (r, c) in enumerate(ids):
        near = [k for k, (row, column) in enumerate(ids) if abs(row - r) + abs(column - c) == 1]
        others = [k for k in range(9) if k != i]
        sums = np.array([values[list(chosen)].sum() for chosen in combinations(others, len(near))])
        observed = values[near].sum()
        tails = [np.mean(sums >= observed - 1e-12), np.mean(sums <= observed + 1e-12)]
        assert found[i] == pytest.approx(min(1, 2 * min(tails)))


def test_p_rests_on_99_999_permutations_unless_another_number_is_named() -> None:
    found = geo.stats.local_moran(pd.Series(np.random.default_rng(3).normal(size=9)), lattice(3, 3))
    assert found.attrs["permutations"] == 99_999
