"""Rates against closed forms, published tables and esda."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.stats.rates.crude import overall_rate, reliable, standardize_rates
from tests.stats.peers import import_esda

# Exact 95 % limits of a Poisson mean for observed counts, as printed by Garwood (1936) and in
# Pearson & Hartley, Biometrika Tables for Statisticians I, table 40.
GARWOOD = {0: (0.0, 3.69), 1: (0.0253, 5.57), 2: (0.242, 7.22), 5: (1.62, 11.67), 10: (4.80, 18.39), 20: (12.22, 30.89)}  # fmt: skip  # noqa: E501


def test_exact_limits_are_those_of_the_published_table() -> None:
    counts = pd.Series(list(GARWOOD))
    limits = geo.stats.crude_rates(counts, pd.Series(100_000, index=counts.index))
    for (low, high), row in zip(GARWOOD.values(), limits.itertuples(), strict=True):
        assert row.low == pytest.approx(low, abs=0.005)
        assert row.high == pytest.approx(high, abs=0.005)


def test_the_rate_of_valparaiso_is_the_printed_one() -> None:
    found = geo.stats.crude_rates(pd.Series([599]), pd.Series([295_731]))
    assert found["rate"][0] == pytest.approx(202.55, abs=0.005)


def test_missing_counts_and_empty_populations_have_no_rate() -> None:
    counts, people = pd.Series([5, None, 5, 0], dtype="Int64"), pd.Series([0, 10, None, 10], dtype="Int64")
    assert geo.stats.crude_rates(counts, people)["rate"].isna().tolist() == [True, True, True, False]
    assert geo.stats.crude_rates(counts, people).loc[3].tolist()[:2] == [0, 0]


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_coverage_that_is_no_share_is_refused_in_words(confidence: float) -> None:
    with pytest.raises(geo.StatisticError, match="a coverage lies between 0 and 1; received"):
        geo.stats.crude_rates(pd.Series([1]), pd.Series([10]), confidence=confidence)


@pytest.mark.parametrize(("counts", "people"), [([-1], [10]), ([1], [-10])])
def test_negative_values_are_refused_with_their_area(counts: list[int], people: list[int]) -> None:
    with pytest.raises(geo.StatisticError, match="cannot be negative; received -1"):
        geo.stats.crude_rates(pd.Series(counts, index=["Arica"]), pd.Series(people, index=["Arica"]))


def test_excess_risk_is_that_of_esda(dmcs: pd.DataFrame) -> None:
    esda = import_esda()
    events, people = dmcs["cases"].to_numpy(float), dmcs["population"].to_numpy(float)
    theirs = esda.smoothing.Excess_Risk(events, people).r.ravel()
    assert np.allclose(geo.stats.excess_risk(dmcs["cases"], dmcs["population"]), theirs, rtol=1e-12)


def test_standardised_rates_are_those_of_esda_up_to_centring(dmcs: pd.DataFrame) -> None:
    esda = import_esda()
    theirs = esda.moran.assuncao_rate(dmcs["cases"].to_numpy(float), dmcs["population"].to_numpy(float))
    ours = standardize_rates(dmcs["cases"], dmcs["population"])
    assert np.allclose(ours, theirs - theirs.mean(), rtol=1e-10)


def test_standardised_rates_survive_less_variance_than_chance_gives() -> None:
    """Equal rates make the moment estimate of the variance between areas negative."""
    z = standardize_rates(pd.Series([10, 20, 31]), pd.Series([1000, 2000, 3000]))
    assert z.notna().all()
    assert z.abs().max() < 1


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 100_000)), min_size=2, max_size=30),
    st.integers(1, 50),
)
def test_excess_risk_does_not_depend_on_the_size_of_the_country(
    areas: list[tuple[int, int]], factor: int
) -> None:
    counts, people = pd.Series([c for c, _ in areas]), pd.Series([p for _, p in areas])
    if counts.sum() == 0:
        return
    small = geo.stats.excess_risk(counts, people)
    large = geo.stats.excess_risk(counts * factor, people * factor)
    assert np.allclose(small, large)
    # Averaged over people, the excess is one.
    assert np.average(small, weights=people) == pytest.approx(1)


def test_ranks_are_given_only_where_the_intervals_settle_them() -> None:
    low = pd.Series([50, 30, 30, 10, 0, None], dtype="Int64")
    high = pd.Series([50, 30, 30, 20, 15, None], dtype="Int64")
    ranks = geo.stats.rank_rates(low, high, pd.Series([100] * 6))
    assert ranks.tolist() == [1, 2, 2, pd.NA, pd.NA, pd.NA]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from([1, 2])), min_size=1, max_size=5)
)
def test_a_rank_is_given_where_every_possible_count_gives_the_same_one(
    areas: list[tuple[int, int, int]],
) -> None:
    """Every combination of counts within the intervals is ranked; equal rates share the smaller rank."""
    people = [p for _, _, p in areas]
    ranks: list[set[int]] = [set() for _ in areas]
    for counts in product(*(range(low, low + width + 1) for low, width, _ in areas)):
        rate = [c / p for c, p in zip(counts, people, strict=True)]
        for at, own in enumerate(rate):
            ranks[at].add(1 + sum(other > own for other in rate))
    low, width = (pd.Series([area[at] for area in areas]) for at in (0, 1))
    found = geo.stats.rank_rates(low, low + width, pd.Series(people))
    assert found.tolist() == [min(every) if len(every) == 1 else pd.NA for every in ranks]
    assert found.name == "rank"


def test_an_area_without_an_upper_end_is_neither_ranked_nor_counted() -> None:
    low, high = pd.Series([9, 5, 1]), pd.Series([None, 5, 1], dtype="Int64")
    assert geo.stats.rank_rates(low, high, pd.Series([10, 10, 10])).tolist() == [pd.NA, 1, 2]
    assert geo.stats.rank_rates(high, high, pd.Series([10, 10, 0])).tolist() == [pd.NA, 1, pd.NA]


def test_of_nothing_known_there_is_no_overall_rate_and_of_no_counts_no_excess() -> None:
    nothing = pd.Series([None, 5], dtype="Int64"), pd.Series([10, 0])
    assert np.isnan(overall_rate(*nothing))
    assert geo.stats.excess_risk(*nothing).isna().all()
    assert geo.stats.excess_risk(pd.Series([0, 0]), pd.Series([10, 10])).isna().all()
    # An area that lacks either is in neither sum.
    assert overall_rate(pd.Series([1, None, 5]), pd.Series([100, 900, None])) == 1000


def test_columns_are_called_by_what_they_hold() -> None:
    counts, people = pd.Series([1, 30]), pd.Series([100, 200])
    made = [geo.stats.excess_risk, geo.stats.above_national, standardize_rates]
    assert [make(counts, people).name for make in made] == ["excess_risk", "above_national", "z"]
    assert reliable(counts).name == "reliable"
    assert reliable(pd.Series([20.0, 19.9])).tolist() == [True, False]


def test_the_first_negative_value_is_the_one_that_is_named() -> None:
    areas = ["zero", "half", "bad"]
    bad, good = pd.Series([0, 0.5, -2], index=areas), pd.Series([3.0, 0.5, 0], index=areas)
    with pytest.raises(geo.StatisticError, match=r"^a count cannot be negative; received -2 at bad"):
        geo.stats.crude_rates(bad, good)
    with pytest.raises(geo.StatisticError, match=r"^a population cannot be negative; received -2 at bad"):
        geo.stats.crude_rates(good, bad)
    assert geo.stats.crude_rates(good, good)["rate"].tolist()[:2] == [100_000, 100_000]


@pytest.mark.parametrize(
    "missing", [([5, 9, None, 40], [10, 20, 30, 50]), ([5, 9, 7, 40], [10, 20, None, 50])]
)
def test_an_area_without_a_rate_is_in_no_mean_and_no_variance(
    missing: tuple[list[float], list[float]],
) -> None:
    counts, people = (pd.Series(column, dtype="Float64") for column in missing)
    lacking = counts.isna() | people.isna()
    part = standardize_rates(counts[~lacking], people[~lacking])
    pd.testing.assert_series_equal(standardize_rates(counts, people).dropna(), part)


def test_one_event_is_enough_to_standardise_and_none_is_refused() -> None:
    """One in a thousand of 1,000 and none of 1,000: no variance beyond chance, hence +-1 / sqrt(2)."""
    people = pd.Series([1000, 1000])
    assert standardize_rates(pd.Series([1, 0]), people).tolist() == pytest.approx([0.5**0.5, -(0.5**0.5)])
    with pytest.raises(geo.StatisticError, match="counts above zero"):
        standardize_rates(pd.Series([0, 0]), people)


def test_rates_above_the_overall_one_are_said_to_be_so(dmcs: pd.DataFrame) -> None:
    """With an overall rate of 3088 per 100,000 on police cases; a rate equal to it is not above it."""
    above = geo.stats.above_national(dmcs["cases"], dmcs["population"])
    rate = geo.stats.crude_rates(dmcs["cases"], dmcs["population"])["rate"]
    overall = dmcs["cases"].sum() / dmcs["population"].sum() * 100_000
    assert above.tolist() == (rate > overall).tolist()
    same = geo.stats.above_national(pd.Series([7, 21, 3, 5]), pd.Series([10, 30, 0, None]))
    assert same.tolist() == [False, False, pd.NA, pd.NA]


YEARS = pd.DataFrame({2014: [5, 9, 0, 4], 2015: [6, None, 2, 4], 2016: [7, 8, 1, 4]}, index=list("abcd"))
PEOPLE = pd.DataFrame({2016: [1200, 90, 60, 0], 2015: [1100, 80, 50, 40], 2014: [1000, 70, 40, 40]})


def test_pooled_years_are_rates_by_person_years() -> None:
    pooled = geo.stats.pool_years(YEARS, PEOPLE.set_axis(list("abcd")))
    assert pooled.loc["a", ["releases", "person_years"]].tolist() == [18, 3300]
    rate = geo.stats.crude_rates(pooled["releases"], pooled["person_years"])["rate"]
    assert rate["a"] == pytest.approx(18 / 3300 * 100_000)
    assert rate["c"] == pytest.approx(3 / 150 * 100_000)


def test_an_area_that_lacks_a_year_is_not_pooled_and_the_year_is_named() -> None:
    """Its count is missing in 2015 (b), or nobody lives there in 2016 (d)."""
    pooled = geo.stats.pool_years(YEARS, PEOPLE.set_axis(list("abcd")))
    assert pooled["releases"].isna().tolist() == [False, True, False, True]
    assert pooled["person_years"].isna().tolist() == [False, True, False, True]
    assert pooled["years"].tolist() == [3, 2, 3, 2]
    assert pooled["years_missing"].tolist() == [pd.NA, "2015", pd.NA, "2016"]


def test_areas_unknown_to_the_population_lack_every_year() -> None:
    pooled = geo.stats.pool_years(YEARS, PEOPLE.set_axis(list("abcx")))
    assert pooled.loc["d", ["years", "years_missing"]].tolist() == [0, "2014, 2015, 2016"]


@pytest.mark.parametrize(
    ("releases", "words"),
    [
        (YEARS.rename(columns=str), "year '2014'"),
        (YEARS.rename(columns={2014: 2013}), "year 2013"),
        (YEARS.rename(columns={2014: 2015}), "year 2015"),
        (YEARS[[]], "counts without columns"),
    ],
)
def test_years_without_population_are_refused_by_name(releases: pd.DataFrame, words: str) -> None:
    with pytest.raises(geo.StatisticError, match=words):
        geo.stats.pool_years(releases, PEOPLE.set_axis(list("abcd")))
