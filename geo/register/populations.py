"""Inhabitants of every commune by year: the official projections that ship with the package."""

from __future__ import annotations

from functools import cache, partial

import pandas as pd

from geo.assets import asset_table
from geo.errors import InputError
from geo.model.country import PopulationSeries

SERIES = {"ine2002": "population_ine2002.csv", "ine2017": "population_ine2017.csv"}


def inhabitants(series: PopulationSeries, year: int) -> pd.Series:
    """Give the inhabitants of every area of a register in one year.

    Raises
    ------
    InputError
        If the series does not reach the year.
    """
    frame = series.years()
    if year not in frame.columns:
        raise InputError(
            f"population series {series.name} covers {frame.columns.min()} to {frame.columns.max()}",
            f"year {year}",
            "choose --population ine2017, --population printed, or a file with the populations",
        )
    return frame[year].astype("Int64").rename("population")


def population_series(series: str, year: int) -> pd.Series:
    """Give the inhabitants of every Chilean commune in one year.

    Parameters
    ----------
    series : {"ine2002", "ine2017"}
        INE projections on the census of 2002 (2002-2020) or of 2017 (2002-2035).
    year : int

    Returns
    -------
    Series of Int64
        By 2018 code.

    Raises
    ------
    InputError
        If the series does not reach the year.

    Examples
    --------
    >>> int(population_series("ine2002", 2016).sum()), int(population_series("ine2002", 2016)["05501"])
    (18191884, 94749)
    """
    return inhabitants(PopulationSeries(name=series, years=partial(population_years, series)), year)


def population_years(series: str) -> pd.DataFrame:
    """Give a whole series: one row per commune (2018 code), one column per year.

    Examples
    --------
    >>> int(population_years("ine2002").loc["05501", 2015])
    93633
    """
    return _population_years(series).copy()


@cache
def _population_years(series: str) -> pd.DataFrame:
    frame = asset_table("data", SERIES[series], year=int, population=int)
    return frame.pivot(index="cut", columns="year", values="population")
