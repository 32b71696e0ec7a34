"""What a printed rate, and a place below a list, say of a count: against every count that is possible."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.data.knowncounts import count_below, count_from_rate, known_counts, printed_decimals

COLUMNS = ["row", "low", "high", "rate"]


@example(1, 10**7, 1)  # 3.7 of ten million people: 365 to 375
@given(st.integers(0, 400), st.integers(1, 10**7), st.integers(0, 3))
def test_the_counts_of_a_printed_rate_are_all_those_that_round_to_it(
    tens: int, people: int, decimals: int
) -> None:
    """Every count that could is divided exactly and compared; a half may round either way."""
    printed = tens * 37 / 10**decimals
    half, exact = Fraction(5, 10 ** (decimals + 1)), Fraction(repr(printed))
    middle, reach = int(exact * people / 100_000), people // 200_000 + 2
    possible = range(max(middle - reach, 0), middle + reach + 1)
    fits = [c for c in possible if abs(Fraction(c * 100_000, people) - exact) <= half]
    found = count_from_rate(printed, people, decimals=decimals)
    assert tuple(found) == ((fits[0], fits[-1]) if fits else (None, None))


def test_a_rate_is_printed_without_decimals_unless_it_is_said() -> None:
    assert tuple(count_from_rate(0, 100_000)) == (0, 0)
    assert tuple(count_from_rate(0, 400_000)) == (0, 2)
    assert tuple(count_from_rate(12.5, 100_000, decimals=1)) == (None, None)


@given(st.integers(0, 300), st.integers(1, 3000), st.integers(1, 3000))
def test_below_the_last_of_a_list_no_rate_is_higher_than_its_own(count: int, last: int, people: int) -> None:
    low, high = count_below((count, last), people)
    assert (low, high) == (0, max(c for c in range(people * count // last + 2) if c * last <= count * people))


def known(rows: list[list[float | None]], people: list[int | None], **options: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS, dtype="Float64")
    return known_counts(frame, pd.Series(people, dtype="Int64"), **options)  # type: ignore[arg-type]


def test_each_kind_of_cell_has_the_status_that_it_deserves() -> None:
    rows: list[list[float | None]] = [[1, 5, 5, 50], [2, 0, 4, None], [3, None, None, 100]]
    rows += [[4, None, None, None], [None] * 4, [6, None, None, 7], [7, None, None, 3], [8, None, 4, None]]
    found = known(rows, [10_000, 10_000, 10_000, 10_000, 10_000, 0, 10_000, 10_000])
    statuses = ["published", "bounded", "derived", "missing", "missing", "missing", "missing", "missing"]
    assert found["status"].tolist() == statuses
    assert found["low"].tolist() == [5, 0, 10, *[pd.NA] * 5]
    assert found["high"].tolist() == [5, 4, 10, *[pd.NA] * 4, 4]
    assert found["releases"].tolist() == [5, pd.NA, 10, *[pd.NA] * 5]


def test_one_inhabitant_is_a_population() -> None:
    found = known([[1, None, None, 100_000], [2, 1, 1, None], [None] * 4], [1, 1, 1], coverage="highest")
    assert found.values.tolist() == [["derived", 1, 1, 1], ["published", 1, 1, 1], ["bounded", 0, 1, pd.NA]]


def test_a_printed_count_is_never_overruled_by_a_printed_rate() -> None:
    found = known([[1, 5, 5, 900], [2, 0, 3, 900]], [10_000, 10_000])
    assert found[["low", "high"]].values.tolist() == [[5, 5], [0, 3]]


def test_only_a_list_of_highest_rates_bounds_who_is_not_on_it() -> None:
    """The lowest exact rate is 4 of 1,000; of 2,500 people at most 10 then, of nobody nothing."""
    rows: list[list[float | None]] = [[1, 9, 9, None], [2, 4, 4, None], [3, 5, 5, None], [4, 0, 1, None]]
    rows += [[5, None, None, None], [None] * 4, [None] * 4, [None] * 4]
    people = [1000, 1000, 1000, 1000, 1000, 2500, 0, None]
    for coverage in ("all", None):
        found = known(rows, people, **({} if coverage is None else {"coverage": coverage}))
        assert found["status"].tolist()[4:] == ["missing"] * 4
    found = known(rows, people, coverage="highest")
    assert found["status"].tolist()[3:] == ["bounded", "missing", "bounded", "missing", "missing"]
    assert found.loc[5, ["low", "high"]].tolist() == [0, 10]
    assert found.loc[3, ["low", "high"]].tolist() == [0, 1]
    assert found["high"].isna().tolist() == [False] * 4 + [True, False, True, True]


def test_the_last_of_a_list_is_the_lowest_rate_and_not_the_lowest_count() -> None:
    rows: list[list[float | None]] = [[1, 4, 4, None], [2, 8, 8, None], [None] * 4]
    found = known(rows, [1000, 4000, 5000], coverage="highest")
    assert found.loc[2, ["low", "high"]].tolist() == [0, 10]  # 8 of 4,000, and not 4 of 1,000


def test_a_list_without_an_exact_rate_bounds_nothing() -> None:
    found = known([[1, 0, 4, None], [2, 3, 3, None], [None] * 4], [1000, 0, 1000], coverage="highest")
    assert found["status"].tolist() == ["bounded", "published", "missing"]


def test_a_bound_of_zero_is_an_assumption_and_does_not_fill_the_count() -> None:
    found = known([[1, 1, 1, None], [None] * 4], [1000, 10], coverage="highest")
    assert found.loc[1].tolist() == ["bounded", 0, 0, pd.NA]


@pytest.mark.parametrize("rate", [80.0, 200.0, 1000.0])
def test_round_rates_are_printed_to_the_unit_like_all_others(rate: float) -> None:
    """A table whose rates all end in zero: of 100,000 people that is the count itself."""
    found = known([[1, None, None, rate]], [100_000])
    assert found.loc[0].tolist() == ["derived", rate, rate, rate]


def test_decimals_are_those_of_the_whole_column_and_six_at_most() -> None:
    assert printed_decimals(pd.Series([12.0, 12.25, 7.5, None])) == 2
    assert printed_decimals(pd.Series([1200.0, 100000.0])) == 0
    assert printed_decimals(pd.Series([1 / 3])) == 6
    assert printed_decimals(pd.Series([None], dtype=float)) == 0
    assert printed_decimals(pd.Series([float("nan"), float("inf")])) == 0
