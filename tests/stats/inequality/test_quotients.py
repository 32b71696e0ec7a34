from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

import geo
from tests.properties import examples

areas = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10_000)), min_size=2, max_size=12).filter(
    lambda rows: sum(n for n, _ in rows) > 0
)


@given(areas)
def test_quotients_average_to_one_under_population_weights(rows) -> None:
    events, people = (pd.Series(column) for column in zip(*rows, strict=True))
    found = geo.stats.location_quotients(events, people)
    assert np.average(found["quotient"], weights=people) == pytest.approx(1)
    assert (found["quotient_low"] <= found["quotient"] + 1e-12).all()
    assert (found["quotient"] <= found["quotient_high"] + 1e-12).all()


def test_the_limits_are_those_of_scipy() -> None:
    events, people = pd.Series([0, 3, 17, 80]), pd.Series([10, 10, 30, 50])
    found = geo.stats.location_quotients(events, people, confidence=0.9)
    for at in range(4):
        limits = binomtest(int(events[at]), 100).proportion_ci(0.9, method="exact")
        share = people[at] / 100
        expected = (limits.low / share, limits.high / share)
        assert tuple(found.loc[at, ["quotient_low", "quotient_high"]]) == pytest.approx(expected)


@pytest.mark.parametrize("share", [0.02, 0.3])
def test_the_limits_hold_the_truth_as_often_as_they_say(share: float) -> None:
    total = 60
    covered = 0.0
    for count in range(total + 1):
        rest = pd.Series([count, total - count])
        found = geo.stats.location_quotients(rest, pd.Series([share, 1 - share]) * 1e6)
        if found.loc[0, "quotient_low"] <= 1 <= found.loc[0, "quotient_high"]:
            covered += binom.pmf(count, total, share)
    assert covered >= 0.95


intervals = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted), min_size=2, max_size=4)


@examples(40)
@given(intervals)
def test_open_counts_bound_the_quotient_and_widen_its_limits(rows) -> None:
    low, high = (pd.Series(column) for column in zip(*rows, strict=True))
    people = pd.Series(range(10, 10 + len(rows)))
    if high.sum() == 0:
        return
    found = geo.stats.location_quotients(low, people, low=low, high=high)
    every = [
        geo.stats.location_quotients(pd.Series(counts), people)
        for counts in product(*(range(a, b + 1) for a, b in rows))
        if sum(counts)
    ]
    for at in low.index:
        values = [each.loc[at] for each in every]
        least, most = (f(v["quotient"] for v in values) for f in (min, max))
        assert found.loc[at, "quotient_least"] == pytest.approx(least)
        assert found.loc[at, "quotient_most"] == pytest.approx(most)
        assert found.loc[at, "quotient_low"] <= min(v["quotient_low"] for v in values) + 1e-9
        assert found.loc[at, "quotient_high"] >= max(v["quotient_high"] for v in values) - 1e-9
        assert pd.isna(found.loc[at, "quotient"]) == bool((low != high).any())


def test_an_interval_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(geo.StatisticError, match="does not end below"):
        geo.stats.location_quotients(
            pd.Series([1, 1]), pd.Series([5, 5]), low=pd.Series([3, 1]), high=pd.Series([2, 1])
        )
    with pytest.raises(geo.StatisticError, match="two ends"):
        geo.stats.location_quotients(pd.Series([1, 1]), pd.Series([5, 5]), low=pd.Series([3, 1]))
