"""Bounds against all tables of counts on small maps."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from libpysal.graph import Graph

import geo
from geo.stats.incomplete.joins import bound_joins, settled_size, top_set
from geo.stats.weights.links import graph_from_pairs
from tests.properties import examples
from tests.stats.incomplete.cases import study_counts


def possible_sets(low: np.ndarray, high: np.ndarray, size: int) -> list[np.ndarray]:
    """All sets whose members can reach what the others need not exceed."""
    found = []
    for chosen in combinations(range(len(low)), size):
        member = np.isin(np.arange(len(low)), chosen)
        if member.all() or low[~member].max() <= high[member].min():
            found.append(member)
    return found


maps = st.integers(0, 2**31).map(np.random.default_rng)


@examples(60)
@given(maps)
def test_joins_of_the_top_set_are_bounded_exactly(generator: np.random.Generator) -> None:
    n = int(generator.integers(3, 9))
    low = generator.integers(0, 8, n).astype(float)
    high = low + generator.integers(0, 5, n) * (generator.random(n) < 0.6)
    pairs = np.array([p for p in combinations(range(n), 2) if generator.random() < 0.45], dtype=int)
    pairs = pairs.reshape(-1, 2)
    size = int(generator.integers(1, n + 1))
    sets = possible_sets(low, high, size)
    joins = [int((m[pairs[:, 0]] & m[pairs[:, 1]]).sum()) for m in sets]
    found = bound_joins(low, high, pairs[:, 0], pairs[:, 1], size)
    assert (found.low, found.low_found, found.high, found.high_found) == (
        min(joins),
        min(joins),
        max(joins),
        max(joins),
    )
    surely, possibly = top_set(low, high, size)
    assert surely.tolist() == np.all(sets, axis=0).tolist()
    assert possibly.tolist() == np.any(sets, axis=0).tolist()


@examples(40)
@given(maps)
def test_bounds_stay_true_where_no_programme_is_solved(generator: np.random.Generator) -> None:
    n, size = 8, int(generator.integers(2, 8))
    low = generator.integers(0, 8, n).astype(float)
    high = low + generator.integers(0, 5, n)
    pairs = np.array([(i, (i + 1) % n) for i in range(n)] + [(0, 4), (2, 6)])
    joins = [int((m[pairs[:, 0]] & m[pairs[:, 1]]).sum()) for m in possible_sets(low, high, size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.stats.incomplete.joins.MOST_FREE", 0)
        found = bound_joins(low, high, pairs[:, 0], pairs[:, 1], size)
    assert found.low <= min(joins) <= max(joins) <= found.high
    assert found.low_found in joins
    assert found.high_found in joins


def tables(counts: pd.DataFrame) -> list[np.ndarray]:
    ranges = [range(a, b + 1) for a, b in zip(counts["low"], counts["high"], strict=True)]
    return [np.array(y) for y in product(*ranges)]


@pytest.mark.once
@examples(25)
@given(maps)
def test_every_table_of_counts_lies_within_the_bounds(generator: np.random.Generator) -> None:
    n = 7
    low = generator.integers(0, 12, n)
    high = low + generator.integers(0, 4, n) * (generator.random(n) < 0.5)
    counts = pd.DataFrame({"low": low, "high": high})
    people = pd.Series(generator.integers(200, 3_000, n))
    graph = graph_from_pairs([(i, (i + 1) % n) for i in range(n)] + [(0, 3)], range(n))
    every = tables(counts)
    morans, ranks = [], []
    for y in every:
        rate = y / people.to_numpy()
        ranks.append([1 + int((rate > r).sum()) for r in rate])
        if y.sum() and np.ptp(rate) > 0:
            z = geo.stats.standardize_rates(pd.Series(y), people).to_numpy()
            lag = np.array([z[graph[i].index].mean() for i in range(n)])
            morans.append(float(z @ lag / (z @ z)))
    assume(morans)
    found = geo.stats.bounds(counts, people, graph, size=2)
    assert found.moran_rate.low <= min(morans) + 1e-9
    assert found.moran_rate.high >= max(morans) - 1e-9
    assert min(morans) - 1e-9 <= found.moran_rate.low_found
    assert found.moran_rate.high_found <= max(morans) + 1e-9
    assert found.areas["rank_best"].tolist() == np.min(ranks, axis=0).tolist()
    assert found.areas["rank_worst"].tolist() == np.max(ranks, axis=0).tolist()
    sums = [int(y.sum()) for y in every]
    assert (found.total.low, found.total.high) == (min(sums), max(sums))


def test_counts_that_are_known_leave_nothing_open(dmcs: pd.DataFrame, graph: Graph) -> None:
    counts = pd.DataFrame({"low": dmcs["cases"], "high": dmcs["cases"]})
    found = geo.stats.bounds(counts, dmcs["population"], graph)
    moran = geo.stats.moran_rate(dmcs["cases"], dmcs["population"], graph, permutations=99).statistic
    assert found.moran_rate.exact
    assert found.moran_rate.low == pytest.approx(moran, abs=1e-12)
    assert found.join_count.exact
    assert found.areas["rank_best"].equals(found.areas["rank_worst"].rename("rank_best"))


def test_a_few_suppressed_cells_leave_moran_within_narrow_bounds(dmcs: pd.DataFrame, graph: Graph) -> None:
    hidden = dmcs["cases"] < 5
    counts = pd.DataFrame({"low": dmcs["cases"].mask(hidden, 0), "high": dmcs["cases"].mask(hidden, 4)})
    found = geo.stats.bounds(counts, dmcs["population"], graph).moran_rate
    assert 0.38 < found.low <= found.low_found <= 0.397 <= found.high_found <= found.high < 0.41


def test_the_published_list_settles_its_join_count_and_leaves_moran_open(graph: Graph) -> None:
    counts, people = study_counts()
    found = geo.stats.bounds(counts, people, graph)
    assert found.size == 33
    assert (found.join_count.low, found.join_count.high, found.join_count.exact) == (14, 14, True)
    assert found.join_expected == pytest.approx(7.71, abs=0.01)
    assert found.areas["top"].value_counts().to_dict() == {"never": 313, "surely": 33}
    assert found.moran_rate.low_found < 0 < 0.5 < found.moran_rate.high_found
    assert (found.total.low, found.total.high) == (counts["low"].sum(), counts["high"].sum())
    beyond = geo.stats.bounds(counts, people, graph, size=35).join_count
    assert (beyond.low, beyond.high, beyond.exact) == (14, 22, True)


def test_what_has_no_upper_end_is_said_to_have_none(graph: Graph) -> None:
    counts, people = study_counts()
    north = counts.index[:60]
    found = geo.stats.bounds(counts.loc[north], people[north], graph.subgraph(north), unbounded=True, size=5)
    assert np.isinf(found.total.high)
    assert found.areas.loc["01404", "rank_best"] == 1
    assert found.moran_rate.high >= found.moran_rate.high_found


def test_the_settled_set_is_the_largest_that_no_count_can_change() -> None:
    low, high = np.r_[9.0, 8, 7, np.zeros(27)], np.r_[9.0, 8, 7, np.full(27, 7.5)]
    assert settled_size(low, high) == 2
    assert settled_size(np.zeros(30), np.ones(30)) == 3


@pytest.mark.parametrize("size", [0, 400])
def test_a_set_of_no_size_is_refused(size: int, graph: Graph) -> None:
    counts, people = study_counts()
    with pytest.raises(geo.StatisticError, match="a set holds"):
        geo.stats.bounds(counts, people, graph, size=size)
