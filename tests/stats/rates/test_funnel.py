"""Funnel limits against exact tails, the limits of the rates themselves, and FunnelPlotR."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

import geo


def test_police_cases_are_no_lottery(dmcs: pd.DataFrame) -> None:
    """Nine communes in ten lie outside the Poisson limits, five outside those that allow for it."""
    found = geo.stats.funnel(dmcs["cases"], dmcs["population"])
    assert found.target == pytest.approx(3088.25, abs=0.005)
    by_chance = found.areas["outside_poisson"].value_counts().to_dict()
    assert by_chance == {"below_998": 257, "above_998": 51, "below_95": 6, "above_95": 4, "inside": 28}
    beyond = found.areas["outside_overdispersed"].value_counts().to_dict()
    assert beyond == {"below_95": 4, "above_95": 1, "inside": 341}


def test_the_dispersion_beyond_chance_is_that_of_funnelplotr(dmcs: pd.DataFrame) -> None:
    """R 4.2.2 and the functions of FunnelPlotR (R/od_adjustment.R, commit 225b14d) for ratios, method CQC."""
    found = geo.stats.funnel(dmcs["cases"], dmcs["population"])
    assert found.phi == pytest.approx(168.275324605, rel=1e-9)


@given(st.floats(0.01, 1e5), st.sampled_from([0.95, 0.998]))
def test_counts_at_a_poisson_limit_are_as_improbable_as_it_says(mean: float, level: float) -> None:
    name, tail = str(level)[2:], (1 - level) / 2
    limits = geo.stats.funnel_limits(pd.Series([mean * 1000]), 100).loc[0] * mean / 100
    first = np.ceil(limits[f"high_{name}"] - 1e-9)
    assert poisson.sf(first - 1, mean) <= tail * (1 + 1e-6)
    assert poisson.sf(first - 2, mean) > tail * (1 - 1e-6)
    last = np.floor(limits[f"low_{name}"] + 1e-9)
    if limits[f"low_{name}"] > 0:
        assert poisson.cdf(last, mean) <= tail * (1 + 1e-6)
        assert poisson.cdf(last + 1, mean) > tail * (1 - 1e-6)
    else:
        assert poisson.pmf(0, mean) >= tail * (1 - 1e-6)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 100_000)), min_size=1, max_size=20))
def test_a_rate_is_outside_by_chance_where_its_own_limits_leave_out_the_target(
    areas: list[tuple[int, int]],
) -> None:
    events, people = pd.Series([c for c, _ in areas]), pd.Series([p for _, p in areas])
    place = geo.stats.funnel(events, people, target=500).areas["outside_poisson"]
    for level, names in ((0.95, ("95", "998")), (0.998, ("998",))):
        limits = geo.stats.crude_rates(events, people, confidence=level)
        assert place.isin([f"above_{n}" for n in names]).tolist() == (limits["low"] > 500).tolist()
        assert place.isin([f"below_{n}" for n in names]).tolist() == (limits["high"] < 500).tolist()


def test_rates_that_differ_by_chance_alone_stay_inside() -> None:
    rng = np.random.default_rng(0)
    people = pd.Series(np.rint(np.exp(rng.uniform(7, 13, 2000))))
    found = geo.stats.funnel(pd.Series(rng.poisson(people * 0.002)), people)
    assert found.tau < 0.05 * np.sqrt(0.002)
    assert found.phi == pytest.approx(0.68, abs=0.03)
    assert 0.03 < found.areas["outside_poisson"].ne("inside").mean() <= 0.05
    # Limits that allow for more than chance are never narrower.
    outside = found.areas["outside_overdispersed"].ne("inside")
    assert found.areas.loc[outside, "outside_poisson"].ne("inside").all()


def test_ordinary_differences_between_areas_stay_inside_the_wider_limits() -> None:
    """Roots of rates vary with a known tau, populations by a factor of 150, and a few areas are outliers."""
    rng = np.random.default_rng(1)
    people = pd.Series(np.rint(np.exp(rng.uniform(8, 13, 20_000))))
    root = np.sqrt(0.02) + 0.02 * rng.normal(size=len(people))
    root[:100] *= 4
    found = geo.stats.funnel(pd.Series(rng.poisson(people * root**2)), people, target=2000)
    assert found.tau == pytest.approx(0.02, rel=0.02)
    place = found.areas["outside_overdispersed"]
    assert (place[:100] == "above_998").mean() > 0.95
    assert place[100:].ne("inside").mean() == pytest.approx(0.05, abs=0.005)
    assert place[100:].str.endswith("998").mean() == pytest.approx(0.002, abs=0.001)
    assert found.areas["outside_poisson"][100:].ne("inside").mean() > 0.5


def test_curves_narrow_towards_the_target_by_chance_and_towards_tau_beyond() -> None:
    grid = pd.Series(np.geomspace(100, 1e9, 60))
    limits = geo.stats.funnel_limits(grid, 100, tau=0.005)
    assert limits.iloc[:, :4].iloc[-1].tolist() == pytest.approx([100] * 4, rel=0.01)
    edge = (np.sqrt(0.001) + 1.959964 * 0.005) ** 2 * 100_000
    assert limits["high_95_overdispersed"].iloc[-1] == pytest.approx(edge, rel=1e-4)
    assert (np.diff(limits["high_95"]) < 0).all()
    assert (np.diff(limits["low_998"]) >= 0).all()


def test_areas_without_a_rate_are_not_placed() -> None:
    found = geo.stats.funnel(pd.Series([5, None, 5, 9], dtype="Int64"), pd.Series([100, 100, 0, 100]))
    assert found.n == 2
    assert found.areas["outside_poisson"].isna().tolist() == [False, True, True, False]
    assert found.areas["z"].isna().tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("events", "target"), [([0, 0], None), ([None, None], 100), ([1, 2], 0), ([1, 2], -5)]
)
def test_a_funnel_without_rates_or_target_is_refused_in_words(
    events: list[int], target: float | None
) -> None:
    with pytest.raises(geo.StatisticError, match="a funnel needs rates and a target above zero"):
        geo.stats.funnel(pd.Series(events, dtype="Float64"), pd.Series([10, 10]), target=target)
