"""The set of highest rates and the tests of a run: ties, gaps, lists, parts of a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geo
from geo.register.pairs import official_pairs
from geo.stats.rates.highest import highest_rates, rate_order
from geo.stats.weights.links import graph_from_pairs
from geo.study.concentration import concentration
from tests.stats.autocorrelation.test_localmoran import lattice

PATH = graph_from_pairs([(i, i + 1) for i in range(9)], range(10))


def counts(low: list[int | None], high: list[int | None] | None = None, **more: list[object]) -> pd.DataFrame:
    """Counts by area: published where the ends agree, derived where not, missing where there is none."""
    ends = pd.DataFrame({"low": low, "high": high or low}).astype("Int64")
    agree = ends["low"].eq(ends["high"])
    status = agree.map({True: "published", False: "derived"}).fillna("missing")
    return ends.assign(status=status.astype("string"), releases=ends["low"].where(agree), **more)


def people(n: int, each: int = 1000) -> pd.Series:
    return pd.Series([each] * n, dtype="Int64")


def test_equal_rates_are_all_in_the_set_or_all_out() -> None:
    tied = counts([9, 5, 5, 5, 5, 5, 5, 5, 5, 1])
    assert rate_order(tied, people(10)).tolist() == [1, 9, 9, 9, 9, 9, 9, 9, 9, 10]
    assert highest_rates(tied, people(10)).tolist() == [True] + [False] * 9
    assert not highest_rates(counts([5] * 10), people(10)).any()
    assert not highest_rates(counts([0] * 10), people(10)).any()


@pytest.mark.night
def test_maps_of_small_counts_without_pattern_are_rarely_called_clustered() -> None:
    """Many ties: broken by position they gave p <= 0.05 in 13 % of such maps."""
    graph, rng, found = lattice(12, 12), np.random.default_rng(0), []
    for _ in range(60):
        n = counts(rng.poisson(0.5, 144).tolist())
        test = concentration(n, people(144), graph, permutations=199).tests.join_count
        if test is not None:
            found.append(test.p_value)
    assert len(found) > 30
    assert np.mean(np.array(found) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(found))


def test_the_set_tested_is_the_set_listed() -> None:
    """A derived interval that reaches below the cut is not surely on the list: neither listed nor tested."""
    table = counts(
        [950, 900, 870, 860, 848, 254, None, None],
        [950, 900, 870, 860, 848, 256, None, None],
        in_table=[True] * 6 + [False] * 2,
    )
    population = pd.Series([1_000_000] * 5 + [300_000] * 3, dtype="Int64")
    graph = graph_from_pairs([(0, 1), (1, 2), (3, 4), (4, 5), (5, 6), (6, 7)], range(8))
    found = concentration(table, population, graph, coverage="highest", permutations=99)
    assert found.areas["listed"].tolist() == [True] * 5 + [False] * 3
    test = found.tests.join_count
    assert test is not None
    # 0-1, 1-2 and 3-4 join listed areas; with 254 / 300,000 in the set for 848 / 1,000,000 it would be two.
    assert (test.n, test.n_high, test.observed) == (8, 5, 3)


def test_an_area_on_the_list_without_a_count_is_neither_high_nor_low() -> None:
    table = counts([90, 80, None, 70, *[None] * 6], in_table=[True] * 4 + [False] * 6)
    found = concentration(table, people(10), PATH, coverage="highest", permutations=99)
    test = found.tests.join_count
    assert test is not None
    assert (test.n, test.n_high, test.observed) == (9, 3, 1)


def test_the_first_null_needs_no_population_of_areas_off_the_list() -> None:
    table = counts([90, 80, 70, *[None] * 7], in_table=[True] * 3 + [False] * 7)
    population = pd.Series([1000] * 3 + [None] * 7, dtype="Int64")
    found = concentration(table, population, PATH, coverage="highest", permutations=99)
    assert found.tests.join_count is not None
    assert (found.tests.join_count.n, found.tests.join_count.observed) == (10, 2)
    assert found.tests.join_count_stratified is None


def test_every_size_has_the_expectation_of_the_closed_form(study: geo.Result) -> None:
    table = study.tests.by_size
    plain = table[table["null"] == "exchangeable"]
    k = plain["n_high"]
    assert k.tolist() == [10, 15, 20, 25, 30, 35]
    assert np.allclose(plain["expected"], 847 * k * (k - 1) / (341 * 340))


@pytest.mark.parametrize("size", [10, 20, 30])
def test_the_p_of_each_size_is_that_of_random_sets(study: geo.Result, size: int) -> None:
    """The same null written out plainly: sets of communes drawn at random, their pairs counted one by one."""
    tested = study.areas.index[study.areas["neighbors"] > 0]
    place = {area: k for k, area in enumerate(tested)}
    pairs = np.array([(place[a], place[b]) for a, b in official_pairs()])
    rng, draws = np.random.default_rng(11), 4_000
    joins = np.empty(draws)
    for k in range(draws):
        member = np.zeros(len(tested), dtype=bool)
        member[rng.choice(len(tested), size, replace=False)] = True
        joins[k] = member[pairs].all(axis=1).sum()
    table = study.tests.by_size
    row = table[(table["size"] == size) & (table["null"] == "exchangeable")].iloc[0]
    p = (joins >= row["observed"]).mean()
    assert row["p_value"] == pytest.approx(p, abs=5 * np.sqrt(max(p, 0.005) * (1 - p) / draws))


@pytest.mark.parametrize(
    ("n", "reason"),
    [([5] * 10, "nothing_to_compare"), ([5] + [None] * 9, "too_few_known"), ([0] * 10, "nothing_to_compare")],
)
def test_where_no_test_can_be_made_the_reason_is_given(n: list[int | None], reason: str) -> None:
    tests = concentration(counts(n), people(10), PATH, permutations=99).tests
    assert (tests.method, tests.reason, tests.moran_rate, tests.join_count) == ("none", reason, None, None)


def test_a_list_of_which_nothing_is_on_the_map_says_so() -> None:
    table = counts([None] * 10, in_table=[False] * 10)
    tests = concentration(table, people(10), PATH, coverage="highest", permutations=99).tests
    assert (tests.method, tests.reason) == ("none", "none_listed")


@pytest.mark.parametrize("options", [{"permutations": 0}, {"permutations": -1}, {"rng": -1}, {"rng": 1.5}])
def test_impossible_options_are_refused_in_words(options: dict[str, int]) -> None:
    values = pd.Series([1.0, 3, 2, 5, 4, 1, 2, 9, 8, 7])
    for test in (geo.stats.local_moran, geo.stats.moran, geo.stats.getis_ord):
        with pytest.raises(geo.StatisticError, match="is a whole number of"):
            test(values, PATH, **options)
    with pytest.raises(geo.StatisticError, match="is a whole number of"):
        geo.stats.join_count(values > 3, PATH, **options)


def test_ranking_many_areas_agrees_with_comparing_all_pairs() -> None:
    rng = np.random.default_rng(2)
    low = pd.Series(rng.integers(0, 40, 300))
    high = low + pd.Series(rng.integers(0, 2, 300) * rng.integers(0, 5, 300))
    population = pd.Series(rng.integers(900, 1100, 300))
    bottom, top = (low / population).to_numpy(), (high / population).to_numpy()
    smallest = 1 + (bottom > top[:, None]).sum(axis=1)
    largest = 1 + (top > bottom[:, None]).sum(axis=1) - (top > bottom)
    expected = [int(a) if a == b else pd.NA for a, b in zip(smallest, largest, strict=True)]
    assert geo.stats.rank_rates(low, high, population).tolist() == expected


def test_strata_of_equal_values_are_one_and_none_is_lost() -> None:
    assert geo.stats.deciles(pd.Series([5.0] * 20)).nunique() == 1
    assert geo.stats.deciles(pd.Series([5.0] * 30 + [6.0] * 6)).tolist() == [1] * 30 + [9] * 6
    assert geo.stats.deciles(pd.Series([None, None], dtype="Float64")).isna().all()
