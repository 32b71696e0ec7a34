"""Rates of counts by population: crude, with exact limits, smoothed, standardised.

Rates are per 100,000 inhabitants throughout. A missing count, a missing population and a population of zero
make a rate missing; none of them ever becomes zero.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2

from geo.analysis.arrays import floats
from geo.errors import StatisticError

PER = 100_000
RELIABLE_COUNT = 20  # relative standard error 1 / sqrt(20) = 22 %


def rates(releases: pd.Series, population: pd.Series, *, confidence: float = 0.95) -> pd.DataFrame:
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
        If a count or a population is negative.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> rates(pd.Series([599, 0]), pd.Series([295_731, 1_000])).round(2)
         rate     low    high
    0  202.55  186.65  219.44
    1    0.00    0.00  368.89
    """
    count, people = _checked(releases, population)
    tail = (1 - confidence) / 2
    low = np.where(count > 0, chi2.ppf(tail, 2 * count) / 2, np.where(count == 0, 0.0, np.nan))
    high = chi2.ppf(1 - tail, 2 * count + 2) / 2
    limits = {"rate": count, "low": low, "high": high}
    return pd.DataFrame({name: value / people * PER for name, value in limits.items()}, index=releases.index)


def rate_eb(releases: pd.Series, population: pd.Series) -> pd.Series:
    """Shrink each rate towards the overall rate by how little its own population says (for mapping only).

    The between-area variance is estimated by moments and never below zero; where it is zero every area gets
    the overall rate.

    Returns
    -------
    Series of float
        Rate per 100,000, missing where the crude rate is.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators. Journal of
    the Royal Statistical Society C 40(2), 283-294.

    Examples
    --------
    >>> rate_eb(pd.Series([0, 10, 30]), pd.Series([100, 10_000, 10_000])).round(1).tolist()
    [192.1, 121.5, 278.1]
    """
    count, people = _checked(releases, population)
    m = _moments(count, people)
    own = count / people
    weight = (
        m.between / (m.between + m.mean / people) if m.between > 0 else np.where(np.isnan(own), np.nan, 0)
    )
    return pd.Series((m.mean + weight * (own - m.mean)) * PER, index=releases.index, name="rate_eb")


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
    count, people = _checked(releases, population)
    known = ~np.isnan(count / people)
    return float(count[known].sum() / people[known].sum() * PER) if known.any() else float("nan")


def excess_risk(releases: pd.Series, population: pd.Series) -> pd.Series:
    """Divide each rate by the overall rate of the areas that have one; missing where that is zero.

    Examples
    --------
    >>> excess_risk(pd.Series([10, 30]), pd.Series([10_000, 10_000])).tolist()
    [0.5, 1.5]
    """
    overall = overall_rate(releases, population)
    rate = rates(releases, population)["rate"]
    return (rate / overall if overall else rate * np.nan).rename("excess_risk")


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
    least, people = _checked(low, population)
    most, _ = _checked(high, population)
    bottom, top = least / people, most / people
    known = ~np.isnan(bottom) & ~np.isnan(top)
    bottom, top = bottom[known], top[known]
    above = known.sum() - np.searchsorted(np.sort(bottom), top, side="right")
    not_below = known.sum() - np.searchsorted(np.sort(top), bottom, side="right")
    # An interval of some width reaches above its own lower end; that is not another area.
    not_below -= top > bottom
    rank = pd.Series(pd.NA, index=low.index, dtype="Int64", name="rank")
    rank[known] = pd.array(np.where(above == not_below, above + 1, -1), dtype="Int64")
    return rank.mask(rank.lt(0).fillna(False).astype(bool))


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
    count, people = _checked(releases, population)
    m = _moments(count, people)
    z = (count / people - m.mean) / np.sqrt(m.between + m.mean / people)
    return pd.Series(z - np.nanmean(z), index=releases.index, name="z")


class _Moments(NamedTuple):
    mean: float
    """Overall rate b, per inhabitant."""
    between: float
    """Variance between areas a, never negative."""


def _moments(count: np.ndarray, people: np.ndarray) -> _Moments:
    known = ~np.isnan(count / people)
    x, n = count[known], people[known]
    if x.sum() == 0:
        raise StatisticError(
            "standardised rates need counts above zero",
            f"{int(known.sum())} areas with {x.sum():g} in all",
            "check the column of counts",
        )
    mean = x.sum() / n.sum()
    variance = (n * (x / n - mean) ** 2).sum() / n.sum()
    return _Moments(float(mean), max(float(variance - mean / n.mean()), 0.0))


def _checked(releases: pd.Series, population: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give counts and populations as float arrays with everything unusable missing."""
    count, people = floats(releases), floats(population.reindex(releases.index))
    for name, values in (("count", count), ("population", people)):
        if (values < 0).any():
            area = releases.index[values < 0][0]
            bad = values[values < 0][0]
            raise StatisticError(f"a {name} cannot be negative", f"{bad:g} at {area}", "correct the table")
    return count, np.where(people > 0, people, np.nan)
