"""Join counts against closed forms, enumeration and the hypergeometric."""

from __future__ import annotations

from itertools import combinations, product
from itertools import permutations as arrangements

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.stats import false_discovery_control, hypergeom, norm

import geo
import geo.stats.autocorrelation.joincount
from geo.register.communes import commune_register
from geo.stats.weights.adjacency import pairs_of
from geo.stats.weights.links import graph_from_pairs
from tests.properties import examples

RING = graph_from_pairs([(i, (i + 1) % 8) for i in range(8)] + [(0, 4)], range(9))  # 8 is an island


@pytest.fixture(scope="module")
def highest(study: geo.Result) -> pd.Series:
    """The 32 communes of table 1 and Arica."""
    return study.areas["listed"]


def joins(members: set[int]) -> int:
    return sum(a in members and b in members for a, b in pairs_of(RING))


def test_the_highest_rates_adjoin_more_than_chance(highest: pd.Series, graph: Graph) -> None:
    """14 pairs against 847 * 33 * 32 / (341 * 340); p 0.0246 by 400,000 permutations with esda."""
    test = geo.stats.join_count(highest, graph)
    assert (test.n, test.n_high, test.pairs, test.observed) == (341, 33, 847, 14)
    assert test.expected == pytest.approx(847 * 33 * 32 / (341 * 340), rel=1e-12)
    assert test.p_value == pytest.approx(0.0246, abs=0.0025)  # five standard errors at R = 99,999
    assert test.p_two_sided == pytest.approx(2 * test.p_value, rel=1e-9)


def test_but_not_more_than_communes_of_their_size(
    highest: pd.Series, graph: Graph, dmcs: pd.DataFrame, communes: pd.Index
) -> None:
    inside = ~communes.isin(graph.isolates)
    strata = geo.stats.deciles(dmcs["population"].where(inside)).fillna(0)
    test = geo.stats.join_count(highest, graph, strata=strata)
    assert test.observed == 14
    assert test.expected == pytest.approx(13.9, abs=0.1)
    assert test.p_value == pytest.approx(0.5, abs=0.03)


def test_p_is_the_share_of_all_arrangements_that_reach_the_observed_joins() -> None:
    members = {0, 1, 4}
    sets = [joins(set(c)) for c in combinations(range(8), 3)]
    exact = np.mean([s >= joins(members) for s in sets])
    group = pd.Series([i in members for i in range(9)])
    test = geo.stats.join_count(group, RING, permutations=40_000)
    assert test.observed == joins(members) == 2
    assert test.expected == pytest.approx(np.mean(sets), rel=1e-12)
    assert test.p_value == pytest.approx(exact, abs=5 * np.sqrt(exact * (1 - exact) / 40_000))


def test_the_stratified_null_deals_within_strata_only() -> None:
    members, strata = {0, 1, 4}, [0, 0, 0, 0, 1, 1, 1, 1, 0]
    sets = [
        joins({*low, high}) for low, high in product(combinations(range(4), 2), range(4, 8))
    ]  # two members among the first four areas, one among the others
    exact = np.mean([s >= 2 for s in sets])
    group = pd.Series([i in members for i in range(9)])
    test = geo.stats.join_count(group, RING, strata=pd.Series(strata), permutations=40_000)
    assert test.expected == pytest.approx(np.mean(sets), rel=1e-12)
    assert test.p_value == pytest.approx(exact, abs=5 * np.sqrt(exact * (1 - exact) / 40_000))


def test_every_figure_of_a_test_follows_from_the_counts_of_all_arrangements() -> None:
    """Three side by side have the most joins that three of the ring can have."""
    members, r = {3, 4, 5}, 40_000
    sets = np.array([joins(set(c)) for c in combinations(range(8), 3)])
    group = pd.Series([i in members for i in range(9)])
    test = geo.stats.join_count(group, RING, permutations=r, rng=5)
    assert (test.null, test.n, test.n_high, test.pairs, test.observed) == ("exchangeable", 8, 3, 9, 2)
    assert test.p_analytic == pytest.approx(norm.sf((2 - sets.mean()) / sets.std()), rel=1e-12)
    assert test.p_value == pytest.approx((sets >= 2).mean(), abs=5 * np.sqrt(0.24 / r))
    assert test.p_two_sided == pytest.approx(2 * test.p_value, rel=1e-12)  # the upper tail is the smaller one
    assert test.p_value * (r + 1) == pytest.approx(round(test.p_value * (r + 1)), abs=1e-6)
    apart = geo.stats.join_count(pd.Series([i in {1, 3, 6} for i in range(9)]), RING, permutations=r)
    assert (apart.observed, apart.p_value) == (0, 1)
    assert apart.p_two_sided == pytest.approx(min(1, 2 * (sets == 0).mean()), abs=0.03)
    within = geo.stats.join_count(group, RING, strata=pd.Series([0] * 9), permutations=99)
    assert within.null == "stratified"


def test_a_seed_means_the_same_arrangements_in_every_release() -> None:
    """A p-value in print is repeated by its seed, however many areas are dealt, within strata or not.

    Recorded from version 0.1.0, the same with NumPy 1.26 and 2.5. Whether they are right, enumerations say.
    """
    n, steps = 60, (1, 2)
    ring = graph_from_pairs([(i, (i + step) % n) for i in range(n) for step in steps], range(n))
    strata = pd.Series(np.arange(n) % 3)
    for size, reached, within in ((8, 4556, 4647), (12, 2311, 2714), (30, 10, 13)):
        group = pd.Series(np.arange(n) * 7 % n < size)
        free = geo.stats.join_count(group, ring, permutations=4_999, rng=3)
        dealt = geo.stats.join_count(group, ring, strata=strata, permutations=4_999, rng=3)
        assert (free.p_value, dealt.p_value) == (reached / 5_000, within / 5_000)


def test_areas_of_one_place_are_all_in_a_set_or_all_out() -> None:
    order = pd.Series([1, 2, 2, 4, 5, 6, 7, 8, 9])
    for size, members in ((1, 1), (2, 1), (3, 3), (4, 4)):
        assert geo.stats.join_counts(order, RING, [size], permutations=9)[0].n_high == members


@pytest.mark.parametrize("size", [254, 255, 256, 257])
def test_sets_of_any_size_are_dealt_from_all_areas(size: int) -> None:
    """All members in one piece of a ring of 300: hardly any arrangement has as many joins."""
    ring = graph_from_pairs([(i, (i + 1) % 300) for i in range(300)], range(300))
    test = geo.stats.join_counts(pd.Series(range(1, 301)), ring, [size], permutations=99)[0]
    assert (test.observed, test.p_value) == (size - 1, 0.01)


def test_where_every_arrangement_has_as_many_joins_p_is_one() -> None:
    """One member has no joins, however often it is dealt: 2,048 places are dealt at a time, and some more."""
    group = pd.Series([i == 3 for i in range(9)])
    for permutations in (1, 2047, 2048, 2049, 5000):
        test = geo.stats.join_count(group, RING, permutations=permutations)
        assert (test.observed, test.p_value, test.p_two_sided) == (0, 1, 1)


def test_where_each_area_adjoins_all_others_joins_do_not_vary() -> None:
    """k members make k (k - 1) / 2 joins wherever they are; rounding must not leave a deviation of them."""
    for n in (13, 20, 37):
        graph = graph_from_pairs([(i, j) for i in range(n) for j in range(i)], range(n))
        for test in geo.stats.join_counts(pd.Series(range(1, n + 1)), graph, range(1, n), permutations=99):
            assert test.observed == test.n_high * (test.n_high - 1) / 2
            assert test.expected == pytest.approx(test.observed)
            assert (test.sd_analytic, test.p_value) == (0, 1)
            assert np.isnan(test.p_analytic)


def test_the_closed_form_of_the_sd_ends_at_thirty_strata() -> None:
    ring = graph_from_pairs([(i, (i + 1) % 62) for i in range(62)], range(62))
    group = pd.Series([i % 4 < 2 for i in range(62)])
    for strata, given_ in ((30, True), (31, False)):
        test = geo.stats.join_count(group, ring, strata=pd.Series(range(62)) % strata, permutations=9)
        assert np.isfinite(test.sd_analytic) == np.isfinite(test.p_analytic) == given_
        assert np.isfinite(test.expected)


def test_no_size_at_all_is_refused_in_words() -> None:
    with pytest.raises(geo.StatisticError, match="a set without any"):
        geo.stats.join_counts(pd.Series(range(1, 10)), RING, [], permutations=9)


def test_what_is_not_named_is_seed_zero_and_99_999_permutations() -> None:
    group = pd.Series([i in {0, 1, 4} for i in range(9)])
    test = geo.stats.join_count(group, RING)
    assert (test.seed, test.permutations, test.p_floor) == (0, 99_999, 1e-5)
    assert test == geo.stats.join_counts(pd.Series(np.where(group, 1, 2)), RING, [3])[0]
    assert test == geo.stats.join_count(group, RING, permutations=99_999, rng=0)


@pytest.mark.parametrize(
    ("values", "n", "strata"),
    [
        (range(1, 11), 10, list(range(1, 11))),
        ([4, 3, 2, 1], 2, [2, 2, 1, 1]),
        ([1, 1, 1, 9], 4, [1, 1, 1, 4]),
        ([5, 5], 3, [1, 1]),
    ],
)
def test_strata_hold_equal_shares_and_equal_values_are_never_parted(
    values: list[int], n: int, strata: list[int]
) -> None:
    assert geo.stats.deciles(pd.Series(values), n).tolist() == strata
    if n == 10:
        assert geo.stats.deciles(pd.Series(values)).tolist() == strata
    assert geo.stats.deciles(pd.Series([None, None], dtype="Int64")).isna().all()


def test_several_sizes_give_what_each_gives_alone(graph: Graph, study: geo.Result) -> None:
    order = study.areas["rate_published"].rank(ascending=False, method="first").fillna(346)
    together = geo.stats.join_counts(order, graph, [10, 32], permutations=999)
    for size, test in zip((10, 32), together, strict=True):
        alone = geo.stats.join_count(order <= size, graph, permutations=999)
        assert (test.observed, test.n_high, test.expected) == (alone.observed, alone.n_high, alone.expected)
        assert test.p_value == pytest.approx(alone.p_value, abs=0.06)


def test_an_area_without_a_place_is_left_out_like_an_island() -> None:
    order = pd.Series([1, 2, None, 3, 4, 5, 6, 7, 8])
    test = geo.stats.join_counts(order, RING, [2], permutations=99)[0]
    # Area 2 goes, and with it two of the nine pairs; 8 was an island before.
    assert (test.n, test.n_high, test.pairs, test.observed) == (7, 2, 7, 1)


@examples(30)
@given(st.sets(st.integers(0, 7), min_size=2, max_size=7))
def test_the_number_expected_is_the_closed_form(members: set[int]) -> None:
    group = pd.Series([i in members for i in range(9)])
    test = geo.stats.join_count(group, RING, permutations=9)
    k = len(members)
    assert test.expected == pytest.approx(9 * k * (k - 1) / (8 * 7), rel=1e-12)
    assert test.observed == joins(members)


def test_no_local_join_count_of_the_study_is_significant(highest: pd.Series, graph: Graph) -> None:
    found = geo.stats.local_join_count(highest, graph)
    tested = found["p_value"].dropna()
    assert len(tested) == 33
    assert commune_register().loc[tested.idxmin(), "commune"] == "Coquimbo"
    assert tested.min() == pytest.approx(0.0243, abs=5e-5)
    assert found["q_value"].min() == pytest.approx(0.50, abs=0.005)
    assert set(found["label"]) == {"not significant", "undefined"}


def test_local_p_values_are_hypergeometric(highest: pd.Series, graph: Graph) -> None:
    found = geo.stats.local_join_count(highest, graph)
    degree = graph.cardinalities
    for area in ("04102", "05501", "13111"):
        listed = found.loc[area, "statistic"]
        upper = sum(hypergeom.pmf(j, 340, 32, degree[area]) for j in range(int(listed), degree[area] + 1))
        assert found.loc[area, "p_value"] == pytest.approx(upper, rel=1e-9)


def test_members_among_members_are_high_high_where_their_q_value_allows() -> None:
    """Six of forty side by side, each adjoining the two on either side: scipy's hypergeometric."""
    pairs = [(i, (i + step) % 40) for i in range(40) for step in (1, 2)]
    group = pd.Series([i < 6 for i in range(40)])
    found = geo.stats.local_join_count(group, graph_from_pairs(pairs, range(40)))
    near = [2, 3, 4, 4, 3, 2]
    p = hypergeom.sf(np.array(near) - 1, 39, 5, 4)
    assert found["statistic"][:6].tolist() == near
    assert found["statistic"][6:].isna().all()
    np.testing.assert_allclose(found["p_value"][:6], p, rtol=1e-9)
    q = false_discovery_control(p)
    np.testing.assert_allclose(found["q_value"][:6], q, rtol=1e-9)
    labels = ["not significant", *["High-High"] * 4, "not significant"]
    assert found["label"][:6].tolist() == found["label_uncorrected"][:6].tolist() == labels
    assert set(found["label"][6:]) == {"undefined"}


def test_areas_off_the_list_and_islands_say_why_they_are_undefined() -> None:
    group = pd.Series([True, True] + [False] * 6 + [True])
    found = geo.stats.local_join_count(group, RING)
    assert found["reason"].tolist()[2:] == ["not_listed"] * 6 + ["no_neighbor"]
    assert found["reason"][:2].isna().all()


def test_missing_membership_and_empty_sets_are_refused_in_words() -> None:
    with pytest.raises(geo.StatisticError, match="a set holds each area or does not"):
        geo.stats.join_count(pd.Series([True, None] + [False] * 7, dtype="boolean"), RING)
    with pytest.raises(geo.StatisticError, match="members with neighbours"):
        geo.stats.join_count(pd.Series([False] * 8 + [True]), RING)


def test_the_shipped_contiguity_is_the_official_one(graph: Graph, communes: pd.Index) -> None:
    assert len(pairs_of(graph)) == 847
    names = commune_register()["commune"]
    assert sorted(names[list(graph.isolates)]) == [
        "Antártica",
        "Guaitecas",
        "Isla de Pascua",
        "Juan Fernández",
        "Puqueldón",
    ]


@examples(12)
@given(seed=st.integers(0, 10_000), n_strata=st.integers(1, 3))
def test_local_join_count_within_strata_agrees_with_every_arrangement(seed: int, n_strata: int) -> None:
    """Eight areas: every way to deal the set's places within strata, the area itself staying in the set."""
    generator = np.random.default_rng(seed)
    row = [(i, i + 1) for i in range(7)]
    links = {(i, j) for j in range(8) for i in range(j) if generator.random() < 0.4}
    graph = graph_from_pairs(sorted({*row, *links}), range(8))
    member = pd.Series(np.arange(8) < 4).sample(frac=1, random_state=seed).reset_index(drop=True)
    strata = pd.Series(generator.integers(0, n_strata, 8))
    found = geo.stats.local_join_count(member, graph, strata=strata)
    near = {i: set(graph[i].index) for i in range(8)}
    for i in member.index[member]:
        observed = sum(member[j] for j in near[i])
        counts = []
        for dealt in set(arrangements(member.tolist())):
            within = pd.Series(dealt).groupby(strata).sum().equals(member.groupby(strata).sum())
            if dealt[i] and within:
                counts.append(sum(dealt[j] for j in near[i]))
        assert np.isclose(found.loc[i, "p_value"], np.mean(np.array(counts) >= observed), atol=1e-12)


@examples(12)
@given(seed=st.integers(0, 10_000), n_strata=st.integers(1, 3))
def test_the_sd_of_joins_is_that_of_every_arrangement(seed: int, n_strata: int) -> None:
    """Seven areas: all 5,040 ways to deal the set's places, kept where no stratum gains or loses one."""
    generator = np.random.default_rng(seed)
    row = [(i, i + 1) for i in range(6)]
    pairs = sorted({*row, *((i, j) for j in range(7) for i in range(j) if generator.random() < 0.4)})
    member = pd.Series(np.arange(7) < generator.integers(2, 6))
    strata = pd.Series(generator.integers(0, n_strata, 7))
    graph = graph_from_pairs(pairs, range(7))
    found = geo.stats.join_count(member, graph, strata=strata if n_strata > 1 else None, permutations=9)
    joins = []
    for dealt in set(arrangements(member.tolist())):
        kept = all(sum(np.array(dealt)[strata == s]) == member[strata == s].sum() for s in strata.unique())
        if kept or n_strata == 1:
            joins.append(sum(dealt[i] and dealt[j] for i, j in pairs))
    assert np.isclose(found.expected, np.mean(joins))
    assert np.isclose(found.sd_analytic, np.std(joins), atol=1e-7)


def test_a_small_set_among_many_areas_is_dealt_as_likely_anywhere() -> None:
    """Three of thirty on a ring, dealt one by one: all 4,060 sets, and for two sizes all ordered triples."""
    n, sets = 30, list(combinations(range(30), 3))
    ring = graph_from_pairs([(i, (i + 1) % n) for i in range(n)], range(n))
    adjoin = np.array([sum((b - a) in (1, n - 1) for a, b in combinations(one, 2)) for one in sets])
    order = pd.Series([1, 2, 3, *[4] * (n - 3)])
    pair, triple = geo.stats.autocorrelation.joincount.join_counts(order, ring, [2, 3], permutations=40_000)
    for test, exact in ((triple, (adjoin >= 2).mean()), (pair, 2 * n / (n * (n - 1)))):
        assert test.p_value == pytest.approx(exact, abs=5 * np.sqrt(exact * (1 - exact) / 40_000))


def test_the_same_set_has_the_same_chances_however_it_is_dealt(
    monkeypatch: pytest.MonkeyPatch, highest: pd.Series, graph: Graph
) -> None:
    one_by_one = geo.stats.join_count(highest, graph, permutations=40_000)
    monkeypatch.setattr(geo.stats.autocorrelation.joincount, "FEW", 1_000)
    shuffled = geo.stats.join_count(highest, graph, permutations=40_000)
    assert one_by_one != shuffled
    assert one_by_one.p_value == pytest.approx(shuffled.p_value, abs=0.006)
