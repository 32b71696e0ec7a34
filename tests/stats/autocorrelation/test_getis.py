"""Hot and cold spots: their z against the moments over every arrangement, and where classes end."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geo
from geo.stats.autocorrelation.getis import getis_ord_z, hot_spots
from geo.stats.weights.links import graph_from_pairs

PAIRS = [(0, 1), (1, 2), (2, 3), (3, 4), (1, 4)]
VALUES = pd.Series([9.0, 7, 8, 1, 2, 5])  # the last is an island


@pytest.mark.parametrize("star", [True, False])
def test_z_is_the_distance_from_the_mean_over_all_arrangements(*, star: bool) -> None:
    """With itself all values change places, without itself those of the others do (Ord & Getis 1995)."""
    graph = graph_from_pairs(PAIRS, range(6))
    found = getis_ord_z(VALUES, graph, star=star)
    near = {i: {b for a, b in PAIRS if a == i} | {a for a, b in PAIRS if b == i} for i in range(5)}
    for i in range(5):
        places = sorted(near[i] | {i} if star else near[i])
        sums = []
        for order in permutations(VALUES[:5]):
            if star or order[i] == VALUES[i]:
                sums.append(sum(order[j] for j in places))
        observed = sum(VALUES[j] for j in places)
        assert found[i] == pytest.approx((observed - np.mean(sums)) / np.std(sums))
    assert np.isnan(found[5])
    assert found.name == "gi_z"
    whole = geo.stats.getis_ord(VALUES, graph, star=star, permutations=99)
    assert whole["statistic"].equals(found.rename("statistic"))
    assert whole["reason"].tolist() == [*[pd.NA] * 5, "no_neighbor"]
    assert whole["label"].equals(hot_spots(whole["statistic"], whole["q_value"]))


@pytest.mark.parametrize("star", [True, False])
@pytest.mark.parametrize("unit", [1e-15, 1e-3, 1e15])
def test_z_depends_neither_on_the_unit_of_the_values_nor_on_that_of_the_weights(
    unit: float, *, star: bool
) -> None:
    graph = graph_from_pairs(PAIRS, range(6))
    found = getis_ord_z(VALUES, graph, star=star)
    np.testing.assert_allclose(getis_ord_z(VALUES * unit, graph, star=star), found, rtol=1e-9)
    focal, near = (np.array(end) for end in zip(*PAIRS, strict=True))
    both = [*focal, *near, 5], [*near, *focal, 5], [unit] * 2 * len(PAIRS) + [0.0]
    np.testing.assert_allclose(getis_ord_z(VALUES, Graph.from_arrays(*both), star=star), found, rtol=1e-9)


@pytest.mark.parametrize("unit", [1e-15, 1.0, 1e15])
def test_what_does_not_vary_but_for_rounding_has_no_z(unit: float) -> None:
    """The others of the last area are equal; and with itself an area of four adjoins everyone."""
    ring = graph_from_pairs(PAIRS, range(5))
    for equal, last in ((0.3, 7.3), (0.1, 11.7), (1 / 3, 7.3), (1.1, 1.9)):
        found = getis_ord_z(pd.Series([equal] * 4 + [last]) * unit, ring, star=False)
        assert found.isna().tolist() == [False] * 4 + [True]
    everyone = [(a, b) for a in range(4) for b in range(4) if a != b]
    focal, near = zip(*everyone, strict=True)
    for weight in (1 / 3, 0.1, 0.7):
        graph = Graph.from_arrays(focal, near, [weight * unit] * 12)
        assert getis_ord_z(VALUES[:4], graph).isna().all()
        # Weights that differ elsewhere, and on itself as on all others: its sum is that of all values.
        rows = [*([weight] * 3), *np.arange(1.0, 10.0), weight, 2.0, 3.0, 4.0]
        uneven = Graph.from_arrays([*focal, *range(4)], [*near, *range(4)], np.array(rows) * unit)
        assert getis_ord_z(VALUES[:4], uneven).isna().tolist() == [True, False, False, False]


def test_an_area_that_adjoins_all_others_has_no_z_and_the_reason_says_so() -> None:
    """With itself and all others an area has every value: no arrangement gives another sum."""
    everyone = graph_from_pairs([(a, b) for a in range(4) for b in range(a)], range(4))
    found = geo.stats.getis_ord(VALUES[:4], everyone, permutations=99)
    assert found[["statistic", "p_value", "q_value"]].isna().all(axis=None)
    assert set(found["reason"]) == {"adjoins_all"}


def test_a_weight_that_the_graph_gives_an_area_on_itself_stands() -> None:
    """A fifth on itself, two on each neighbour of a ring, against every arrangement of the values."""
    ring, n = [(i, (i + 1) % 5) for i in range(5)], 5
    focal = [*range(n), *(a for a, _ in ring), *(b for _, b in ring)]
    near = [*range(n), *(b for _, b in ring), *(a for a, _ in ring)]
    graph = Graph.from_arrays(focal, near, [0.2] * n + [0.4] * 2 * n)
    found = getis_ord_z(VALUES[:n], graph)
    for i in range(n):
        weigh = {i: 0.2, (i + 1) % n: 0.4, (i - 1) % n: 0.4}
        sums = [sum(w * order[j] for j, w in weigh.items()) for order in permutations(VALUES[:n])]
        observed = sum(w * VALUES[j] for j, w in weigh.items())
        assert found[i] == pytest.approx((observed - np.mean(sums)) / np.std(sums))


def test_an_area_counts_among_its_own_neighbours_unless_told_otherwise() -> None:
    graph = graph_from_pairs(PAIRS, range(6))
    assert getis_ord_z(VALUES, graph).equals(getis_ord_z(VALUES, graph, star=True))
    default = geo.stats.getis_ord(VALUES, graph, permutations=99)["statistic"]
    assert default.equals(getis_ord_z(VALUES, graph).rename("statistic"))


@pytest.mark.parametrize(
    ("q", "level"),
    [(0.001, 99), (0.01, 99), (0.0101, 95), (0.05, 95), (0.0501, 90), (0.1, 90), (0.1001, None), (1.0, None)],
)
def test_a_class_holds_its_own_limit(q: float, level: int | None) -> None:
    found = hot_spots(pd.Series([2.0, -2.0, 0.0, np.nan]), pd.Series([q, q, q, np.nan]))
    hot, cold = (f"{word} spot {level} %" if level else "not significant" for word in ("hot", "cold"))
    assert found.tolist() == [hot, cold, "not significant", "undefined"]


def test_a_smallest_q_that_equals_a_limit_but_for_rounding_is_within_it() -> None:
    """2 / (R + 1) over m areas reaches 0.1, 0.05 and 0.01 in many ways; the last digit must not decide."""
    for limit, level in ((0.1, 90), (0.05, 95), (0.01, 99)):
        for m in range(1, 200):
            q = pd.Series([limit / m * m, (limit / m) * 1.0 * m])
            assert set(hot_spots(pd.Series([1.0, 1.0]), q)) == {f"hot spot {level} %"}
