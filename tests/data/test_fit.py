"""From which official series a column of populations comes."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.data.fit import fit_population, same_population
from geo.model.tables import PopulationFit
from geo.register.countries import chile
from geo.register.populations import population_series, population_years

CHILE = chile.register()


@pytest.mark.parametrize(("series", "year"), [("ine2002", 2016), ("ine2002", 2011), ("ine2017", 2019)])
def test_a_column_of_one_series_and_year_is_recognised(series: str, year: int) -> None:
    people = population_series(series, year).iloc[:40]  # type: ignore[arg-type]
    found = fit_population(people, CHILE)
    assert found is not None
    assert (found.series, found.year, found.equal, found.compared) == (series, year, 40, 40)
    assert found.median_difference == 0


def test_the_most_equal_rows_decide_and_among_as_many_the_smaller_difference() -> None:
    people = population_series("ine2002", 2016).iloc[:21].astype(float)
    wrong = people.copy()
    wrong.iloc[:10] *= 3
    found = fit_population(wrong, CHILE)
    assert found is not None
    assert (found.series, found.year, found.equal) == ("ine2002", 2016, 11)
    near = fit_population(people * 1.0001 + 0.3, CHILE)
    assert near is not None
    assert (near.series, near.year, near.equal) == ("ine2002", 2016, 0)
    half = fit_population(people * 1.25 + 0.3, CHILE)
    assert half is not None
    assert 0 < half.median_difference < 0.25


def test_a_difference_is_a_share_of_the_official_number() -> None:
    """One commune of 2 million, beyond every year's number of Quillota: the largest of them is nearest."""
    official = [population_series(s, y)["05501"] for s, ys in YEARS.items() for y in ys]  # type: ignore[arg-type]
    found = fit_population(pd.Series({"05501": 2_000_000}), CHILE)
    assert found is not None
    assert found.median_difference == pytest.approx((2_000_000 - max(official)) / max(official))


YEARS = {"ine2002": range(2002, 2021), "ine2017": range(2002, 2036)}


def test_rows_without_people_or_without_a_known_commune_are_not_compared() -> None:
    official = population_series("ine2002", 2016)
    people = pd.Series({"05101": official["05101"], "01101": 0, "05501": None, "99999": 10}, dtype="Int64")
    found = fit_population(people, CHILE)
    assert found is not None
    assert (found.equal, found.compared) == (1, 2)
    assert fit_population(pd.Series({"01101": 0, "99999": -3}), CHILE) is None
    assert fit_population(pd.Series({"99999": 5}), CHILE) is None
    assert fit_population(pd.Series([], dtype=float), CHILE) is None
    one = fit_population(pd.Series({"12202": 1, "05101": official["05101"]}), CHILE)
    assert one is not None
    assert one.compared == 2


def test_a_population_of_another_year_is_found_there_the_own_series_and_nearest_year_first() -> None:
    near = PopulationFit(series="ine2017", year=2010, equal=1, compared=1, median_difference=0.0)
    for series in ("ine2002", "ine2017"):
        for year in (2009, 2012):
            people = int(population_series(series, year)["13101"])  # type: ignore[arg-type]
            assert same_population("13101", people, near, CHILE) == (series, year)
    assert same_population("13101", 7, near, CHILE) is None
    assert same_population("99999", 7, near, CHILE) is None


def test_of_two_years_with_the_same_number_the_nearer_is_named() -> None:
    table = population_years("ine2017")
    cut, years = next(
        (cut, [int(y) for y in row.index[row == value]])
        for cut, row in table.iterrows()
        for value in row[row.duplicated()].head(1)
    )
    people = int(table.loc[cut, years[0]])
    for year in years:
        near = PopulationFit(series="ine2017", year=year, equal=1, compared=1, median_difference=0.0)
        assert same_population(str(cut), people, near, CHILE) == ("ine2017", year)


def test_of_two_series_with_the_same_number_the_tables_own_is_named_however_far_its_year() -> None:
    both = {series: population_years(series) for series in ("ine2002", "ine2017")}
    cut, people = next(
        (cut, min(shared))
        for cut in both["ine2002"].index
        if (shared := set(both["ine2002"].loc[cut]) & set(both["ine2017"].loc[cut]))
    )
    for series, table in both.items():
        years = [int(year) for year in table.columns[table.loc[cut] == people]]
        near = PopulationFit(series=series, year=1900, equal=1, compared=1, median_difference=0.0)
        assert same_population(cut, int(people), near, CHILE) == (series, min(years))
