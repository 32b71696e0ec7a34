"""One printed number as a number: marks where they may stand, and none where they may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.data.digits import LIMIT, own_mark, real, ungroup, whole

SPACES = [" ", "\u00a0", "\u202f", "\u2009", "'", "’"]


def grouped(value: int, mark: str) -> str:
    return f"{value:,}".replace(",", mark)


@given(st.integers(-(10**12), 10**12), st.sampled_from([".", ",", *SPACES]))
def test_a_whole_number_is_read_however_its_thousands_are_marked(value: int, mark: str) -> None:
    assert whole(grouped(value, mark), None) == value
    assert whole(str(value), ".") == whole(f" {value} ", ",") == value


@given(st.integers(0, 10**9), st.integers(0, 10**6 - 1), st.sampled_from([",.", ".,", " ,", "'."]))
def test_a_number_with_decimals_is_read_with_either_mark(value: int, part: int, marks: str) -> None:
    thousands, decimal = marks
    text = f"{grouped(value, thousands)}{decimal}{part:06d}"
    assert real(text, decimal) == float(f"{value}.{part:06d}")
    assert whole(text, decimal) == (None if part else value)


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("12.0", ".", 12),
        ("12,00", ",", 12),
        ("12.", ".", None),
        ("12.5", ".", None),
        ("-3", None, -3),
        ("+3", None, 3),
        ("0.125", None, None),
        ("01.234", None, None),
        ("1.23", None, None),
        ("1.2345", None, None),
        ("1234.567", None, None),
        ("1.234,567", None, None),
        ("1.234.567", None, 1234567),
        ("1.234.567", ",", 1234567),
        ("1.234.567", ".", None),
        ("12a", None, None),
        ("", None, None),
        (".5", ".", None),
        ("1 23", None, None),
        ("1 234", ".", 1234),
        ("1X234", None, None),
        ("0012", None, 12),
    ],
)
def test_a_mark_counts_only_where_it_may_stand(text: str, mark: str | None, value: int | None) -> None:
    assert whole(text, mark) == value


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("83", ".", 83),
        (".5", ".", 0.5),
        ("-,5", ",", -0.5),
        ("+1,25", ",", 1.25),
        ("12,", ",", 12),
        ("1.182,8", ",", 1182.8),
        ("1,182.8", ".", 1182.8),
        ("1.182,8", ".", None),
        ("1.2.3", ".", None),
        ("12.34,5", ",", None),
        ("1 182,8", ",", 1182.8),
        ("1 18,8", ",", None),
        ("1.234", ",", 1234),
        ("1.234", ".", 1.234),
        ("ocho", ",", None),
    ],
)
def test_decimals_follow_one_mark_and_only_digits_follow_it(
    text: str, mark: str, value: float | None
) -> None:
    assert real(text, mark) == value


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234", "5.678"], None),
        (["1.234", "12,5"], ","),
        (["0.125"], "."),
        (["1234.567"], "."),
        (["1.234.567"], None),
        (["1.234,56"], ","),
        (["1.2.3"], None),
        (["12."], None),
        (["12"], None),
        ([",5"], ","),
        (["1 23"], None),
        (["1 234,5", "1.5"], ","),
        (["10 a 12,5"], None),
        (["10-12,5"], ","),
        ([], None),
    ],
)
def test_the_mark_of_a_column_is_the_one_that_cannot_be_thousands(texts: list[str], mark: str | None) -> None:
    assert own_mark(texts) == mark


@pytest.mark.parametrize("space", SPACES)
def test_spaces_are_thousands_only_between_groups_of_three(space: str) -> None:
    assert ungroup(f"-1{space}234{space}567,8") == "-1234567,8"
    for wrong in (f"0{space}234", f"1234{space}567", f"1{space}2345", f"1{space}23", f"a{space}b"):
        assert ungroup(wrong) is None
    assert ungroup(f"{space}12") in ("12", None)
    assert ungroup(" 12 ") == "12"


def test_a_number_too_long_to_be_a_count_is_not_computed_but_is_above_the_limit() -> None:
    assert LIMIT == 10_000_000_000  # more than people live on earth
    assert whole("9" * 399, None) == int("9" * 399)
    assert whole("9" * 5000, None) == LIMIT + 1
