"""Rates of counts by population: crude, with exact limits, over several years, ranked, standardised.

Rates are per 100,000 inhabitants throughout. A missing count, a missing population and a population of zero
make a rate missing; none of them ever becomes zero.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from geo.errors import StatisticError
from geo.stats.engine.arrays import floats

PER = 100_000
RELIABLE_COUNT = 20  # relative standard error 1 / sqrt(20) = 22 %


def crude_rates(releases: pd.Series, population: pd.Series, *, confidence: float = 0.95) -> pd.DataFrame:
    """Compute crude rates with exact Poisson limits.

    Parameters
    ----------
    releases : Series
        Counts by area; missing where unknown.
    population : Series
        Inhabitants on the same index.
    confidence : float
        Coverage of the limits, between 0 and 1.

    Returns
    -------
    DataFrame
        ``rate``, ``low``, ``high`` per 100,000, float, on the index of `releases`.

    Raises
    ------
    StatisticError
        If a count or a population is negative, or `confidence` is no share.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> crude_rates(pd.Series([599, 0]), pd.Series([295_731, 1_000])).round(2)
         rate     low    high
    0  202.55  186.65  219.44
    1    0.00    0.00  368.89
    """
    count, people = checked_counts(releases, population)
    low, high = poisson_limits(count, confidence)
    limits = {"rate": count, "low": low, "high": high}
    return pd.DataFrame({name: value / people * PER for name, value in limits.items()}, index=releases.index)


def poisson_limits(count: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the exact limits of the mean of a Poisson distribution from which each count came.

    Raises
    ------
    StatisticError
        If `confidence` does not lie between 0 and 1.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> [limit.round(2).tolist() for limit in poisson_limits(np.array([0.0, 10.0]), 0.95)]
    [[0.0, 4.8], [3.69, 18.39]]
    """
    if not 0 < confidence < 1:
        raise StatisticError("a coverage lies between 0 and 1", f"{confidence!r}", "pass 0.95 for 95 %")
    tail = (1 - confidence) / 2
    low = np.where(count > 0, gammaincinv(count, tail), np.where(count == 0, 0.0, np.nan))
    return low, gammaincinv(count + 1, 1 - tail)


def overall_rate(releases: pd.Series, population: pd.Series) -> float:
    """Divide all counts by all inhabitants, over the areas that have both; missing where none has.

    Returns
    -------
    float
        Per 100,000.

    Examples
    --------
    >>> overall_rate(pd.Series([10, 30, None]), pd.Series([10_000, 10_000, 10_000]))
    200.0
    """
    count, people = checked_counts(releases, population)
    known = ~(np.isnan(count) | np.isnan(people))
    return float(count[known].sum() / people[known].sum() * PER) if known.any() else float("nan")


def excess_risk(releases: pd.Series, population: pd.Series) -> pd.Series:
    """Divide each rate by the overall rate of the areas that have one; missing where that is zero.

    Examples
    --------
    >>> excess_risk(pd.Series([10, 30]), pd.Series([10_000, 10_000])).tolist()
    [0.5, 1.5]
    """
    # Where the overall rate is zero all rates are, and their ratio is missing.
    return (crude_rates(releases, population)["rate"] / overall_rate(releases, population)).rename(
        "excess_risk"
    )


def above_national(releases: pd.Series, population: pd.Series) -> pd.Series:
    """Say which rates lie above the overall rate, that of all areas taken together.

    Not the same as "High" in a local test, which is above the mean standardised rate.

    Returns
    -------
    Series of boolean
        Missing where there is no rate.

    Examples
    --------
    >>> above_national(pd.Series([10, 30, 20, None]), pd.Series([10_000] * 4)).tolist()
    [False, True, False, <NA>]
    """
    count, people = checked_counts(releases, population)
    known = ~(np.isnan(count) | np.isnan(people))
    # Counts are compared with their expectation in whole numbers: a rate at the overall one is not above it.
    above = count * people[known].sum() > count[known].sum() * people
    flags = pd.Series(above, index=releases.index, dtype="boolean", name="above_national")
    return flags.where(known)


def pool_years(releases: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Add up counts and inhabitants over several years, so that a rate is per 100,000 person-years.

    An area that lacks a year, its count or its inhabitants, has no pooled count: over fewer years than the
    others its rate would compare years as well as areas. What it lacks is listed.

    Parameters
    ----------
    releases : DataFrame
        Counts, one row per area, one column per year.
    population : DataFrame
        Inhabitants, with the same columns; further years and areas are not used.

    Returns
    -------
    DataFrame
        On the index of `releases`: ``releases`` and ``person_years`` (float, missing where a year is),
        ``years`` (how many are known, Int64) and ``years_missing`` (their names, or missing).

    Raises
    ------
    StatisticError
        If a year is without population, or named twice, or something is negative.

    Examples
    --------
    >>> releases = pd.DataFrame({2015: [5, 7], 2016: [6, None]}, index=["a", "b"])
    >>> people = pd.DataFrame({2015: [1000, 500], 2016: [1100, 500], 2017: [1200, 500]}, index=["a", "b"])
    >>> pooled = pool_years(releases, people)
    >>> pooled[["releases", "person_years"]].values.tolist(), pooled.loc["b", "years_missing"]
    ([[11.0, 2100.0], [nan, nan]], '2016')
    >>> crude_rates(pooled["releases"], pooled["person_years"])["rate"].round(1).tolist()
    [523.8, nan]
    """
    years = list(releases.columns)
    lacking = [year for year in years if years.count(year) > 1 or list(population.columns).count(year) != 1]
    if lacking or not years:
        raise StatisticError(
            "every year is one column of the counts and one of the populations",
            f"year {lacking[0]!r}, which is not" if lacking else "counts without columns",
            "name the columns of both tables by the same years, as numbers or as text",
        )
    count, people = np.empty(releases.shape), np.empty(releases.shape)
    for at, year in enumerate(years):
        count[:, at], people[:, at] = checked_counts(releases[year], population[year])
    known = ~np.isnan(count) & ~np.isnan(people)
    whole = known.all(axis=1)
    missing = [", ".join(str(year) for year, k in zip(years, row, strict=True) if not k) for row in known]
    pooled = {
        "releases": np.where(whole, count.sum(axis=1), np.nan),
        "person_years": np.where(whole, people.sum(axis=1), np.nan),
        "years": pd.array(known.sum(axis=1), dtype="Int64"),
        "years_missing": pd.array([text or pd.NA for text in missing], dtype="string"),
    }
    return pd.DataFrame(pooled, index=releases.index)


def rank_rates(low: pd.Series, high: pd.Series, population: pd.Series) -> pd.Series:
    """Rank rates from the highest, where the known intervals of counts settle the rank.

    An area's rank is given where every count within the bounds gives the same one. Areas of which nothing is
    known are not ranked and not counted: a rank is one among the others.

    Parameters
    ----------
    low, high : Series
        Ends of the counts' intervals; equal where the count is known.
    population : Series
        Inhabitants on the same index.

    Returns
    -------
    Series of Int64
        1 is the highest; equal rates share the smaller rank.

    Examples
    --------
    >>> people = pd.Series([100, 100, 100, 100])
    >>> rank_rates(pd.Series([9, 5, 0, 0]), pd.Series([9, 5, 4, 4]), people).tolist()
    [1, 2, <NA>, <NA>]
    """
    least, people = checked_counts(low, population)
    most, _ = checked_counts(high, population)
    bottom, top = least / people, most / people
    known = ~np.isnan(bottom) & ~np.isnan(top)
    bottom, top = bottom[known], top[known]
    above = known.sum() - np.searchsorted(np.sort(bottom), top, side="right")
    not_below = known.sum() - np.searchsorted(np.sort(top), bottom, side="right")
    # An interval of some width reaches above its own lower end; that is not another area.
    not_below -= top > bottom
    settled = above == not_below
    rank = pd.Series(pd.NA, index=low.index, dtype="Int64", name="rank")
    rank.iloc[np.flatnonzero(known)[settled]] = above[settled] + 1
    return rank


def reliable(releases: pd.Series) -> pd.Series:
    """Say whether a count is large enough (20 or more) for its rate to be read by itself.

    Examples
    --------
    >>> reliable(pd.Series([19, 20, None], dtype="Int64")).tolist()
    [False, True, <NA>]
    """
    return (releases.astype("Float64") >= RELIABLE_COUNT).rename("reliable")


def standardize_rates(releases: pd.Series, population: pd.Series) -> pd.Series:
    """Standardise rates for unequal populations, so that chance in small areas weighs no more than in large.

    ``z = (rate - b) / sqrt(a + b / population)`` with b the overall rate and a the variance between areas,
    estimated by moments and set to zero where that estimate is negative (it is, in about half of all maps at
    constant risk); z is then centred, so that "high" means above the mean standardised rate.

    Returns
    -------
    Series of float
        Dimensionless, mean zero, missing where the rate is.

    References
    ----------
    Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
    Statistics in Medicine 18(16), 2147-2162.

    Examples
    --------
    >>> standardize_rates(pd.Series([5, 10, 30]), pd.Series([10_000, 10_000, 10_000])).round(3).tolist()
    [-0.926, -0.463, 1.389]
    """
    count, people = checked_counts(releases, population)
    m = rate_moments(count, people)
    z = (count / people - m.mean) / np.sqrt(m.between + m.mean / people)
    return pd.Series(z - np.nanmean(z), index=releases.index, name="z")


class RateMoments(NamedTuple):
    """What the method of moments says of rates over a set of areas."""

    mean: float
    """Overall rate b, per inhabitant."""
    between: float
    """Variance between areas a, never negative."""


def rate_moments(count: np.ndarray, people: np.ndarray) -> RateMoments:
    """Estimate the mean of rates and their variance between areas, beyond chance (Marshall 1991).

    Raises
    ------
    StatisticError
        If nothing was counted.

    Examples
    --------
    >>> rate_moments(np.array([5.0, 15.0]), np.array([1000.0, 1000.0])).mean
    0.01
    """
    known = ~(np.isnan(count) | np.isnan(people))
    x, n = count[known], people[known]
    if x.sum() == 0:
        raise StatisticError(
            "standardised rates need counts above zero",
            f"{int(known.sum())} areas with {x.sum():g} in all",
            "check the column of counts",
        )
    mean = x.sum() / n.sum()
    variance = (n * (x / n - mean) ** 2).sum() / n.sum()
    return RateMoments(float(mean), max(float(variance - mean / n.mean()), 0.0))


def checked_counts(
    releases: pd.Series, population: pd.Series, *, name: str = "a population"
) -> tuple[np.ndarray, np.ndarray]:
    """Give counts, and populations on their index, as floats; missing where missing, or nobody lives.

    Parameters
    ----------
    name : str
        What a number of the second column is called where it is negative.

    Raises
    ------
    StatisticError
        If a count or a population is negative.

    Examples
    --------
    >>> checked_counts(pd.Series([1, None]), pd.Series([0, 10]))[1].tolist()
    [nan, 10.0]
    """
    count, people = floats(releases), floats(population.reindex(releases.index))
    for word, values in (("a count", count), (name, people)):
        if (values < 0).any():
            area = releases.index[values < 0][0]
            bad = values[values < 0][0]
            raise StatisticError(f"{word} cannot be negative", f"{bad:g} at {area}", "correct the table")
    return count, np.where(people > 0, people, np.nan)
