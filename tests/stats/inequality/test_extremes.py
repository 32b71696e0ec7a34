from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.inequality.extremes import index_bounds, top_bounds
from geo.stats.inequality.indices import gini_of, hoover_of, theil_of, top_of
from tests.properties import examples

INDICES = {"gini": gini_of, "hoover": hoover_of, "theil": theil_of}
cases = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(1, 40)), min_size=2, max_size=5
).filter(lambda rows: sum(low + more for low, more, _ in rows) > 0)


def ends(rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    low, more, people = np.array(rows, dtype=float).T
    return low, low + more, people / people.sum()


def every_count(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    grid = product(*(range(int(a), int(b) + 1) for a, b in zip(low, high, strict=True)))
    counts = np.array(list(grid), dtype=float)
    return counts[counts.sum(axis=1) > 0]


@examples(40)
@given(cases)
def test_no_counts_within_the_intervals_give_an_index_beyond_its_bounds(rows) -> None:
    low, high, people = ends(rows)
    counts = every_count(low, high)
    for name, bounds in index_bounds(low, high, people).items():
        values = INDICES[name](counts, people)
        assert bounds.low <= values.min() + 1e-9
        assert bounds.high >= values.max() - 1e-9
        # What is said to be attained is.
        assert np.isclose(values, bounds.attained, atol=1e-9).any()


@pytest.mark.night
@pytest.mark.once
def test_the_greatest_value_is_mostly_found() -> None:
    """The search promises no more than a value that is attained; in 200 small cases it seldom misses."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(200):
        n = int(rng.integers(2, 6))
        rows = np.column_stack([rng.integers(0, 6, n), rng.integers(0, 5, n), rng.integers(1, 41, n)])
        if rows[:, :2].sum() == 0:
            continue
        low, high, people = ends(rows)
        counts = every_count(low, high)
        for name, bounds in index_bounds(low, high, people).items():
            found.append(bounds.attained >= INDICES[name](counts, people).max() - 0.02)
    assert np.mean(found) >= 0.95


@examples(40)
@given(cases)
def test_the_least_value_is_that_of_real_numbers_however_fine_the_grid(rows) -> None:
    low, high, people = ends(rows)
    fine = every_count(low * 3, np.minimum(high * 3, low * 3 + 6)) / 3
    found = index_bounds(low, high, people)
    for name, index in INDICES.items():
        assert found[name].low <= index(fine, people).min() + 1e-9
    # It is attained: one common rate, each count drawn to its interval.
    rates = np.linspace(0, (high / people).max(), 4001)[1:]
    even = np.clip(people * rates[:, None], low, high)
    even = even[even.sum(axis=1) > 0]
    for name, index in INDICES.items():
        assert index(even, people).min() == pytest.approx(found[name].low, abs=2e-3)


@given(cases, st.integers(1, 3))
def test_the_bounds_of_the_largest_counts_are_the_least_and_greatest(rows, k) -> None:
    low, high, _ = ends(rows)
    values = top_of(every_count(low, high), k)
    bounds = top_bounds(low, high, k)
    assert bounds.high == pytest.approx(values.max())
    assert bounds.low <= values.min() + 1e-9


@examples(40)
@given(cases)
def test_known_counts_leave_nothing_open(rows) -> None:
    low, _, people = ends(rows)
    if low.sum() == 0:
        return
    for name, bounds in index_bounds(low, low, people).items():
        value = INDICES[name](low, people)[0]
        assert bounds.low == bounds.high == bounds.attained == value


def test_wider_intervals_never_narrow_the_bounds() -> None:
    rng = np.random.default_rng(3)
    low, people = rng.integers(1, 30, 20).astype(float), rng.dirichlet(np.ones(20))
    before = index_bounds(low, low + 2, people)
    after = index_bounds(low - 1, low + 9, people)
    for name in INDICES:
        assert after[name].low <= before[name].low + 1e-12
        assert after[name].attained >= before[name].attained - 1e-12


def test_over_many_areas_the_least_value_is_found_all_the_same() -> None:
    """Counts that can all lie at one rate are even; next to it, nearly so."""
    rng = np.random.default_rng(4)
    people = rng.dirichlet(np.ones(600))
    even = 1e6 * people
    found = index_bounds(np.floor(even * 0.9), np.ceil(even * 1.2), people)
    assert [bounds.low for bounds in found.values()] == pytest.approx([0, 0, 0], abs=1e-9)
    apart = index_bounds(np.floor(even), np.ceil(even) + rng.integers(0, 50, 600), people)
    rates = np.linspace(0.9, 1.5, 1001)[:, None]
    tried = np.clip(even * rates, np.floor(even), np.ceil(even) + 0)
    assert apart["gini"].low <= gini_of(tried, people).min() + 1e-9
