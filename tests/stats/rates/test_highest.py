"""The set of highest rates: who is in it, and that ties and open counts never decide."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.rates.highest import highest_rates, rate_order


def counts(low: list[float | None], status: str | list[str] = "published") -> pd.DataFrame:
    return pd.DataFrame({"status": status, "low": pd.array(low, dtype="Int64")})


def people(*numbers: float | None) -> pd.Series:
    return pd.Series(numbers, dtype="Int64")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), min_size=1, max_size=45))
def test_the_set_is_the_largest_of_a_tenth_that_no_tie_divides(areas: list[tuple[int, int]]) -> None:
    """By comparing every pair: as many as have no more than a tenth of the map at or above them."""
    rate = [c / p for c, p in areas]
    tenth = -(-len(rate) // 10)
    found = highest_rates(counts([c for c, _ in areas]), people(*(p for _, p in areas)))
    assert found.tolist() == [r > 0 and sum(other >= r for other in rate) <= tenth for r in rate]


def test_ranks_begin_at_one_with_the_highest_and_equal_rates_share_the_larger() -> None:
    order = rate_order(counts([2, 8, 2, 1]), people(10, 10, 10, 10))
    assert order.tolist() == [3, 1, 3, 4]
    assert str(order.dtype) == "Int64"


def test_a_count_only_bounded_from_above_has_no_place_and_one_bounded_from_below_has() -> None:
    status = ["published", "derived", "bounded", "bounded", "missing", "derived"]
    order = rate_order(counts([5, 6, 7, 0, None, 0], status), people(*[10] * 6))
    assert order.tolist() == [3, 2, 1, pd.NA, pd.NA, 4]
    found = highest_rates(counts([5, 6, 7, 0, None, 0], status), people(*[10] * 6))
    assert found.tolist() == [False, False, True, False, False, False]


def test_where_nobody_lives_or_nobody_knows_how_many_there_is_no_rate() -> None:
    order = rate_order(counts([5, 5, 5]), people(0, None, 10))
    assert order.tolist() == [pd.NA, pd.NA, 1]
    assert highest_rates(counts([5, 5, 5]), people(0, None, 10), coverage="highest").tolist() == [
        False,
        False,
        True,
    ]


def test_a_list_of_highest_rates_holds_all_that_reach_its_lowest_published_one() -> None:
    """A derived rate below it is no measure; an open count that surely reaches it is in."""
    status = ["published", "published", "derived", "derived", "bounded", "bounded"]
    found = highest_rates(counts([9, 6, 6, 5, 6, 0], status), people(*[100] * 6), coverage="highest")
    assert found.tolist() == [True, True, True, False, True, False]


@pytest.mark.parametrize("value", [0, 4])
def test_where_all_rates_are_equal_nothing_is_highest(value: int) -> None:
    assert not highest_rates(counts([value] * 30), people(*[100] * 30)).any()


def test_nobody_is_highest_for_a_rate_of_zero() -> None:
    assert highest_rates(counts([0]), people(100)).tolist() == [False]
    assert highest_rates(counts([1]), people(100)).tolist() == [True]


def test_populations_are_found_by_area_and_not_by_position() -> None:
    table = counts([1, 9]).set_axis(["a", "b"])
    order = rate_order(table, pd.Series([900, 10], index=["b", "a"]))
    assert order.to_dict() == {"a": 1, "b": 2}
    assert highest_rates(table, pd.Series([900, 10], index=["b", "a"])).dtype == np.bool_
