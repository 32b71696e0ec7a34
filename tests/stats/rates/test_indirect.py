"""Indirect standardisation against a textbook and epitools."""

from __future__ import annotations

import pandas as pd
import pytest

import geo

# Deaths from cirrhosis of the liver, England and Wales: rate per million men and year, by age, and the number
# of male doctors of that age; 14 of these died (Bland, An Introduction to Medical Statistics, chapter 16).
AGES = ["15-24", "25-34", "35-44", "45-54", "55-64"]
PER_MILLION = pd.Series([5.859, 13.050, 46.937, 161.503, 271.358], AGES)
DOCTORS = pd.DataFrame([[1080, 12_860, 11_510, 10_330, 7790]], ["doctors"], AGES)


def test_the_ratio_of_the_textbook_is_found() -> None:
    """It prints an expected 4.4966 and a ratio of 311 % with exact limits of 170 and 522 %."""
    expected = geo.stats.expected_counts(DOCTORS, PER_MILLION / 10)
    assert expected["doctors"] == pytest.approx(4.4966, abs=5e-5)
    found = geo.stats.standardized_ratio(pd.Series([14], ["doctors"]), expected)
    assert (found * 100).round().loc["doctors"].tolist() == [311, 170, 522]


def test_the_ratio_and_its_limits_are_those_of_epitools() -> None:
    """R 4.2.2, epitools 0.5.10.1: ageadjust.indirect(...)$sir and pois.exact(14, 4.4966004),
    whose limits are found by a search with a tolerance of about 1e-6.
    """
    expected = geo.stats.expected_counts(DOCTORS, PER_MILLION / 10)
    assert expected["doctors"] == pytest.approx(4.4966004)
    found = geo.stats.standardized_ratio(pd.Series([14], ["doctors"]), expected).loc["doctors"]
    assert found.tolist() == pytest.approx([3.1134632288, 1.70216010212, 5.22386116708], rel=1e-6)


def test_the_reference_itself_has_as_many_as_expected() -> None:
    """Standardised by the rates of all areas together, observed and expected counts agree in sum."""
    people = pd.DataFrame({"young": [900, 50, 300], "old": [100, 950, 700]})
    events = pd.DataFrame({"young": [9, 1, 2], "old": [1, 5, 3]})
    expected = geo.stats.expected_counts(people, events.sum() / people.sum() * 100_000)
    assert expected.sum() == pytest.approx(events.to_numpy().sum())


def test_an_area_that_lacks_a_stratum_has_no_expected_count_and_no_ratio() -> None:
    people = pd.DataFrame({"young": [100, None], "old": [100, 100]}, index=["a", "b"])
    expected = geo.stats.expected_counts(people, pd.Series({"old": 10, "young": 20}))
    assert expected["a"] == pytest.approx(0.03)
    assert expected.isna().tolist() == [False, True]
    found = geo.stats.standardized_ratio(
        pd.Series([1, 1, 1, None], list("abcd")), expected.reindex(list("abcd"))
    )
    assert found["ratio"].notna().tolist() == [True, False, False, False]


def test_where_nothing_is_expected_there_is_no_ratio() -> None:
    assert geo.stats.standardized_ratio(pd.Series([2]), pd.Series([0.0])).isna().all(axis=None)


@pytest.mark.parametrize(
    ("people", "rates", "words"),
    [
        ({"young": [1], "old": [1]}, {"young": 1}, "stratum 'old', which has not both"),
        ({"young": [1]}, {"young": 1, "men": 2}, "stratum 'men', which has not both"),
        ({"young": [1]}, {"young": None}, "received nan in 'young'"),
        ({"young": [1]}, {"young": -2.0}, "received -2 in 'young'"),
        ({"young": [1, -3]}, {"young": 2.0}, "received -3 at 1, 'young'"),
    ],
)
def test_strata_that_do_not_fit_are_refused_by_name(
    people: dict[str, list[int]], rates: dict[str, float], words: str
) -> None:
    with pytest.raises(geo.StatisticError, match=words):
        geo.stats.expected_counts(pd.DataFrame(people), pd.Series(rates))
