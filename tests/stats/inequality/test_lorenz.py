from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.stats.inequality.lorenz import held, lorenz, spread

areas = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10_000)), min_size=1, max_size=12).filter(
    lambda rows: sum(n for n, _ in rows) > 0
)


def columns(rows: list[tuple[int, int]]) -> tuple[pd.Series, pd.Series]:
    count, people = zip(*rows, strict=True)
    return pd.Series(count), pd.Series(people)


@given(areas)
def test_the_curve_rises_from_nothing_to_all_below_the_diagonal_and_bends_upwards(rows) -> None:
    curve = lorenz(*columns(rows))
    x, y = curve["population_share"].to_numpy(), curve["event_share"].to_numpy()
    assert (x[0], y[0]) == (0, 0)
    assert (x[-1], y[-1]) == pytest.approx((1, 1))
    assert (np.diff(x) > 0).all()
    assert (y <= x + 1e-12).all()
    slopes = np.diff(y) / np.diff(x)
    assert (np.diff(slopes) >= -1e-9 * slopes.max()).all()


@given(areas, st.integers(2, 1000), st.randoms(use_true_random=False))
def test_neither_the_unit_nor_the_order_of_areas_changes_the_curve(rows, times, random) -> None:
    curve = lorenz(*columns(rows))
    count, people = columns(random.sample(rows, len(rows)))
    again = lorenz(count * times, people * times)
    # Points may differ where rates are equal; the line through them does not.
    for x, y in again.to_numpy():
        assert np.interp(x, curve["population_share"], curve["event_share"]) == pytest.approx(y, abs=1e-9)


def test_a_curve_known_in_closed_form() -> None:
    """With equal populations and rates 1, 2, ..., n the curve through k of n is k(k+1) / n(n+1)."""
    n = 40
    curve = lorenz(pd.Series(range(n, 0, -1)), pd.Series([7] * n))
    k = np.arange(n + 1)
    assert np.allclose(curve["event_share"], k * (k + 1) / (n * (n + 1)))
    assert np.allclose(curve["population_share"], k / n)


@given(areas)
def test_no_fewer_areas_of_highest_rate_hold_a_half(rows) -> None:
    count, people = columns(rows)
    found = spread(count, people)
    order = np.lexsort([people, count / people])[::-1]
    held_by = count.iloc[order].cumsum() / count.sum()
    assert found.half_areas == int((held_by < 0.5 - 1e-12).sum()) + 1
    assert found.half_events == pytest.approx(held_by.iloc[found.half_areas - 1])
    assert found.n == len(rows)


def test_areas_without_a_rate_are_left_out_and_counted() -> None:
    found = spread(pd.Series([5, None, 5, 5]), pd.Series([10, 10, None, 0]))
    assert (found.n, found.n_left_out, found.half_areas) == (1, 3, 1)


@pytest.mark.parametrize("events", [[0, 0], [None, None]])
def test_nothing_counted_is_an_error_that_says_so(events: list[float]) -> None:
    with pytest.raises(geo.StatisticError, match="events to share"):
        lorenz(pd.Series(events, dtype=float), pd.Series([10, 10]))


intervals = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted), min_size=2, max_size=4)


@given(intervals, st.integers(0, 4))
def test_the_bounds_of_a_share_are_the_least_and_greatest_of_all_counts_within(ends, size) -> None:
    low, high = (pd.Series(column) for column in zip(*ends, strict=True))
    chosen = pd.Series([i < size for i in range(len(ends))])
    found = held(low, high, pd.Series([10] * len(ends)), chosen)
    shares = [
        sum(counts[:size]) / sum(counts)
        for counts in product(*(range(a, b + 1) for a, b in ends))
        if sum(counts)
    ]
    if not shares:
        assert np.isnan([found.events_low, found.events_high]).all()
    else:
        assert (found.events_low, found.events_high) == pytest.approx((min(shares), max(shares)))
    assert found.population == pytest.approx(min(size, len(ends)) / len(ends))


def test_a_count_of_which_nothing_is_known_leaves_the_share_open() -> None:
    low, high = pd.Series([5, None]), pd.Series([5, None])
    people = pd.Series([10, 10])
    known = held(low, high, people, pd.Series([True, False]))
    assert (known.events_low, known.events_high) == (0, 1)
    unknown = held(low, high, people, pd.Series([False, True]))
    assert (unknown.events_low, unknown.events_high) == (0, 1)
