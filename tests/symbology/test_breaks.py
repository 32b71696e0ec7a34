"""Where the colours of a graduated map begin and end, and the steps of a legend of sizes."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.symbology.breaks import rate_breaks, round_steps, spread

RATES = st.lists(st.floats(0.01, 1e5), min_size=1, max_size=60)


def short(value: float) -> bool:
    """Whether a number has two significant digits at most."""
    return float(f"{value:.1e}") == pytest.approx(value, rel=1e-12)


@given(RATES, st.integers(1, 7))
def test_every_rate_lies_within_the_limits_and_every_limit_can_be_read_aloud(
    rates: list[float], n: int
) -> None:
    limits = rate_breaks(pd.Series(rates), n)
    assert limits[0] <= min(rates)
    assert max(rates) <= limits[-1]
    assert all(low < high for low, high in pairwise(limits))
    assert 2 <= len(limits) <= n + 1
    assert all(short(limit) for limit in limits[:-1])
    # The outer limits are the nearest such numbers: one step of the second digit is never left over.
    step = 10.0 ** (math.floor(math.log10(min(rates))) - 1)
    assert min(rates) - limits[0] < step * (1 + 1e-9)


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_classes_hold_about_equal_numbers_of_areas(n: int) -> None:
    """Of 1,000 rates that rise evenly each class has 1,000 / n, but for what rounding to 100 moves."""
    rates = pd.Series(np.linspace(1000, 9990, 1000))
    found = np.histogram(rates, rate_breaks(rates, n))[0]
    assert len(found) == n
    assert np.abs(found - 1000 / n).max() <= 12


def test_five_classes_are_made_unless_another_number_is_named() -> None:
    assert len(rate_breaks(pd.Series(np.linspace(1000, 9990, 1000)))) == 6


def test_limits_are_rounded_to_the_nearest_and_outer_ones_outwards() -> None:
    assert rate_breaks(pd.Series([113.0, 114, 147, 198, 199]), 2) == [110, 150, 200]
    assert rate_breaks(pd.Series([0.0, 0.0123, 0.0377]), 2) == [0, 0.012, 0.038]


def test_equal_rates_make_one_class_and_none_make_none() -> None:
    assert rate_breaks(pd.Series([40.0, 40.0, None])) == [40, 41]
    assert rate_breaks(pd.Series([0.0, 0.0])) == [0, 1]
    assert rate_breaks(pd.Series([None, None], dtype=float)) == []


def test_a_limit_at_either_end_makes_no_empty_class() -> None:
    """Most areas have the lowest rate, or the highest: their quantiles are the ends themselves."""
    assert rate_breaks(pd.Series([10.0] * 8 + [20, 30]), 4) == [10, 30]
    assert rate_breaks(pd.Series([10.0, 20] + [30.0] * 8), 4) == [10, 30]


def test_the_darkest_colour_is_always_used_and_the_lightest_where_there_are_two() -> None:
    assert spread("abcde", 1) == ["e"]
    assert spread("abcde", 2) == ["a", "e"]
    assert spread("abcde", 3) == ["a", "c", "e"]
    assert spread("abcde", 5) == list("abcde")


@pytest.mark.parametrize(
    ("largest", "steps"),
    [
        (1000, [1000, 200, 50]),
        (999.9, [500, 200, 20]),
        (80, [50, 20, 2]),
        (20, [20, 5, 1]),
        (4, [2, 1]),
        (1, [1]),
        (0.9, []),
        (0, []),
        (-3, []),
    ],
)
def test_sizes_are_1_2_or_5_times_a_power_of_ten_at_or_below_their_share(
    largest: float, steps: list[float]
) -> None:
    """About the largest, a quarter and a twentieth; never less than one person, never one twice."""
    assert round_steps(largest) == steps
