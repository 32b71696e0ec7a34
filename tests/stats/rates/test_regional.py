"""Sums by region and the shares that bounded counts allow."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.stats.rates.regional import summarize_regions
from tests.properties import examples

INTERVALS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    min_size=2,
    max_size=5,
)


def areas_of(intervals: list[tuple[int, int]], population: int = 1000) -> pd.DataFrame:
    low, high = (pd.array(values, dtype="Int64") for values in zip(*intervals, strict=True))
    return pd.DataFrame(
        {
            "releases": pd.Series(low).where(pd.Series(low == high)),
            "releases_low": low,
            "releases_high": high,
            "population": population,
            "listed": False,
            "group_id": pd.array([pd.NA] * len(low), dtype="Int64"),
            "cluster": "not significant",
        }
    )


@pytest.mark.once
@examples(60)
@given(INTERVALS, st.data())
def test_the_bounds_of_a_share_are_the_extremes_over_all_counts_that_are_possible(
    intervals: list[tuple[int, int]], data: st.DataObject
) -> None:
    names = data.draw(st.lists(st.sampled_from("AB"), min_size=len(intervals), max_size=len(intervals)))
    region = pd.Series(names)
    found = summarize_regions(areas_of(intervals), region)
    every = [
        np.array(counts)
        for counts in product(*(range(low, high + 1) for low, high in intervals))
        if sum(counts)
    ]
    for name in found.index:
        own = (region == name).to_numpy()
        shares = [100 * counts[own].sum() / counts.sum() for counts in every]
        low, high = found.loc[name, ["share_releases_low", "share_releases_high"]]
        # Where nothing at all is possible, no share is; the bounds are missing with it.
        if not pd.isna(low):
            assert low == pytest.approx(min(shares))
        if not pd.isna(high):
            assert high == pytest.approx(max(shares))


def test_an_unknown_count_leaves_the_lowest_sum_and_takes_the_highest() -> None:
    areas = areas_of([(3, 3), (2, 2), (4, 4)])
    areas.loc[1, ["releases", "releases_low", "releases_high"]] = pd.NA
    found = summarize_regions(areas, pd.Series(["North", "North", "South"]))
    assert found.loc["North", ["n_known", "releases_low"]].tolist() == [1, 3]
    assert found.loc["North", ["releases", "releases_high", "rate_high"]].isna().all()
    # The south has at most 4 of 7; at the least, of a number nobody knows.
    assert found.loc["South", "share_releases_high"] == pytest.approx(100 * 4 / 7)
    assert np.isnan(found.loc["South", "share_releases_low"])
    # The north has at least 3 of 7, however many more it may have.
    assert found.loc["North", "share_releases_low"] == pytest.approx(100 * 3 / 7)


def three_regions() -> pd.DataFrame:
    """Two areas in A, two in B, one without a region, with every kind of mark and answer."""
    areas = areas_of([(1, 1), (2, 2), (3, 3), (4, 9), (6, 6)]).assign(
        population=[1000, 2000, 3000, 4000, 500]
    )
    areas["listed"] = pd.array([True, True, False, pd.NA, True], dtype="boolean")
    areas["group_id"] = pd.array([1, pd.NA, 2, 2, 1], dtype="Int64")
    areas["cluster"] = ["High-High", "not significant", "Low-High", "undefined", "Low-Low"]
    areas["web_support"] = pd.array(["yes", "no", "no answer", None, "yes"], dtype="string")
    areas["phone_support"] = [None, None, "yes", "yes", None]
    return areas


REGION = pd.Series(["A", "A", "B", "B", None])


def test_what_stands_in_a_region_is_counted_there_and_what_is_in_none_is_left_out() -> None:
    found = summarize_regions(three_regions(), REGION)
    assert found.index.tolist() == ["A", "B"]
    marks = ["n_known", "n_listed", "n_grouped", "n_clustered"]
    assert found[marks].values.tolist() == [[2, 2, 1, 1], [1, 0, 2, 1]]
    answers = ["web_yes", "web_asked", "phone_yes", "phone_asked"]
    assert found[answers].values.tolist() == [[1, 2, 0, 0], [0, 1, 2, 2]]
    assert {str(kind) for kind in found[[*marks, *answers, "population"]].dtypes} == {"Int64"}


def test_rates_of_a_region_are_those_of_its_sums_with_garwoods_limits() -> None:
    """Three of 3,000, exact 95 % limits 0.6187 and 8.7673 events; between 7 and 12 of 7,000."""
    found = summarize_regions(three_regions(), REGION)
    rates = found.loc["A", ["rate", "rate_low", "rate_high"]].tolist()
    assert rates == pytest.approx([100, 0.6187 / 0.03, 8.7673 / 0.03], abs=0.01)
    low, high = found.loc["B", ["rate_low", "rate_high"]]
    limits = geo.stats.crude_rates(pd.Series([7, 12]), pd.Series([7000, 7000]))
    assert (low, high) == (limits["low"][0], limits["high"][1])
    assert np.isnan(found.loc["B", "rate"])


def test_shares_are_per_cent_of_all_regions_together() -> None:
    areas = three_regions()
    found = summarize_regions(areas, REGION)
    assert found["share_population"].tolist() == [30, 70]
    assert found["share_releases"].isna().all()
    known = areas[areas["releases"].notna()]
    found = summarize_regions(known, REGION[known.index])
    assert found["share_releases"].tolist() == found["share_releases_low"].tolist() == [50, 50]
    one = areas_of([(1, 1), (0, 0)])
    assert summarize_regions(one, pd.Series(["A", "B"]))["share_releases"].tolist() == [100, 0]
    nothing = areas_of([(0, 0), (0, 0)])
    assert summarize_regions(nothing, pd.Series(["A", "B"]))["share_releases"].isna().all()


def test_a_channel_that_a_table_does_not_know_is_missing_beside_one_that_it_knows() -> None:
    areas = three_regions()
    for silent in (areas.drop(columns="phone_support"), areas.assign(phone_support=None)):
        found = summarize_regions(silent, REGION)
        assert found[["phone_yes", "phone_asked"]].isna().all(axis=None)
        assert found["web_yes"].tolist() == [1, 0]


def test_regions_of_the_shipped_example_sum_up_to_the_whole(full: geo.Result) -> None:
    regions = full.regions
    assert regions is not None
    assert len(regions) == 16
    assert regions["n_members"].sum() == 346
    assert regions["releases"].sum() == 561_811  # the published total of 2016
    assert regions["share_releases"].sum() == pytest.approx(100)
    assert regions["share_population"].sum() == pytest.approx(100)
    metropolitan = regions.set_index("region_id").loc["13"]
    own = full.areas[full.areas["region"] == "Metropolitana de Santiago"]
    assert metropolitan["rate"] == pytest.approx(1e5 * own["releases"].sum() / own["population"].sum())


def test_regions_of_the_study_say_what_the_printed_list_allows(study: geo.Result) -> None:
    regions = study.regions
    assert regions is not None
    regions = regions.set_index("region")
    assert regions["releases"].isna().all()  # no region is printed whole
    assert regions.loc["Arica y Parinacota", ["releases_low", "releases_high"]].tolist() == [392, 395]
    assert regions["web_yes"].sum() == 2
    assert regions["phone_asked"].sum() == study.areas["phone_support"].notna().sum()
    above = regions.index[regions["share_releases_low"] > regions["share_population"]]
    assert sorted(above) == ["Arica y Parinacota", "Tarapacá"]


def test_support_that_nobody_was_asked_about_is_missing_and_not_zero(full: geo.Result) -> None:
    assert full.regions is not None
    assert full.regions[["web_yes", "web_asked", "phone_yes", "phone_asked"]].isna().all(axis=None)
