"""Funnel limits: which rates lie farther from a target than chance, or than areas ordinarily do.

The Poisson limits say what chance alone would leave around the target. Areas are no lottery: on real counts
most of them lie outside, and the limits that also hold the ordinary variation between areas say more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri, pdtrik

from geo.errors import StatisticError
from geo.model.plots import Funnel
from geo.stats.engine.arrays import floats
from geo.stats.rates.crude import PER, checked_counts, overall_rate

LEVELS = {"95": 0.95, "998": 0.998}  # two and three standard deviations, as the paper has them
HALVINGS = 50  # of the interval that holds tau: as close as numbers are
WINSORISED = 0.1  # share at either end that is pulled in, so that no outlier widens the limits
CUT = float(-ndtri(WINSORISED))
_DENSITY = float(np.exp(-(CUT**2) / 2) / np.sqrt(2 * np.pi))
NORMAL = 1 - 2 * CUT * _DENSITY - 2 * WINSORISED * (1 - CUT**2)  # mean square left of a normal z


def funnel(events: pd.Series, population: pd.Series, *, target: float | None = None) -> Funnel:
    """Compare rates with a target by limits that narrow as populations grow.

    A rate lies outside the Poisson limits where the target lies outside the exact (Garwood) limits of that
    rate. Overdispersed limits add a variance between areas (random effects), estimated by moments from
    winsorised z-scores, on the scale of the square root of the rate, where the variance by chance does not
    depend on the rate; they are never narrower than the Poisson ones.

    Parameters
    ----------
    events, population : Series
        Counts and inhabitants (or person-years) by area, on one index.
    target : float, optional
        Per 100,000; the overall rate if not given.

    Returns
    -------
    Funnel

    Raises
    ------
    StatisticError
        If no area has a rate, or the target is not above zero.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in Medicine
    24(8), 1185-1202. Spiegelhalter, D. J. (2005). Handling over-dispersion of performance indicators.
    Quality and Safety in Health Care 14(5), 347-351. Paule, R. C. & Mandel, J. (1982). Consensus values and
    weighting factors. Journal of Research of the National Bureau of Standards 87(5), 377-385.

    Examples
    --------
    >>> events = pd.Series([9, 12, 8, 11, 10, 40])
    >>> comparison = funnel(events, pd.Series([10_000] * 6), target=100)
    >>> comparison.areas["outside_poisson"].tolist()[-2:], round(comparison.phi, 1), round(comparison.tau, 4)
    (['inside', 'above_998'], 2.1, 0.0073)
    """
    count, people = checked_counts(events, population)
    known = ~np.isnan(count / people)
    aim = overall_rate(events, population) if target is None else float(target)
    if not known.any() or not 0 < aim < np.inf:
        raise StatisticError(
            "a funnel needs rates and a target above zero",
            f"{int(known.sum())} areas with a rate, target {aim:g} per 100,000",
            "check counts and populations, or name a target",
        )
    z = np.full(len(count), np.nan)
    z[known] = 2 * (np.sqrt(count[known]) - np.sqrt(people[known] * aim / PER))
    tau = _between(z[known], people[known])
    limits = funnel_limits(pd.Series(people, index=events.index), aim, tau=tau)
    areas = pd.DataFrame({"rate": count / people * PER, "z": z}, index=events.index)
    # A z has variance 1 by chance alone and 1 + 4 n tau² with the variation between areas.
    areas["z_overdispersed"] = z / np.sqrt(1 + 4 * people * tau**2)
    areas["outside_poisson"] = _outside(areas["rate"], limits, "")
    areas["outside_overdispersed"] = _outside(areas["rate"], limits, "_overdispersed")
    return Funnel(target=aim, phi=_mean_square(z[known]), tau=tau, n=int(known.sum()), areas=areas)


def funnel_limits(population: pd.Series, target: float, *, tau: float = 0.0) -> pd.DataFrame:
    """Give the limits at each population, for areas or for the curves of a figure.

    Parameters
    ----------
    population : Series
        Inhabitants: those of areas, or a grid of them.
    target : float
        Per 100,000.
    tau : float
        As in :class:`Funnel`.

    Returns
    -------
    DataFrame
        ``low_95, high_95, low_998, high_998`` by chance alone and the same with ``_overdispersed``; rates per
        100,000, missing where nobody lives. A count at or beyond a Poisson limit has a tail probability of at
        most 2.5 or 0.1 %; between counts the curve follows the incomplete gamma function (the paper's follows
        straight lines). A lower limit of zero can be reached by no count.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics in Medicine
    24(8), 1185-1202.

    Examples
    --------
    >>> funnel_limits(pd.Series([10_000, 1_000_000]), 100).iloc[:, :2].round(1).values.tolist()
    [[38.3, 171.3], [93.8, 106.3]]
    """
    people = floats(population)
    people = np.where(people > 0, people, np.nan)
    mean, centre = people * target / PER, np.sqrt(target / PER)
    spread = np.sqrt(1 / (4 * people) + tau**2)
    chance: dict[str, np.ndarray] = {}
    wider: dict[str, np.ndarray] = {}
    for name, level in LEVELS.items():
        reach = ndtri((1 + level) / 2) * spread
        low, high = (limit / people * PER for limit in _poisson_limits(mean, level))
        chance |= {f"low_{name}": low, f"high_{name}": high}
        wider[f"low_{name}_overdispersed"] = np.minimum(low, np.maximum(0.0, centre - reach) ** 2 * PER)
        wider[f"high_{name}_overdispersed"] = np.maximum(high, (centre + reach) ** 2 * PER)
    return pd.DataFrame(chance | wider, index=population.index)


def _poisson_limits(mean: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Find the counts at and beyond which a tail of the distribution is as improbable as that."""
    tail = (1 - level) / 2
    low = np.where(np.exp(-mean) < tail, pdtrik(tail, mean), 0.0)
    return np.where(np.isnan(mean), np.nan, low), pdtrik(1 - tail, mean) + 1


def _between(z: np.ndarray, people: np.ndarray) -> float:
    """Estimate tau: divided by the spread that includes it, winsorised z have the mean square of normal ones.

    Winsorised before tau is in them, as in the paper, the z of large areas would be pulled in for being those
    of large areas, and the limits come out far too narrow where populations differ by a factor of a thousand.
    """

    def excess(tau: float) -> float:
        return _mean_square(z / np.sqrt(1 + 4 * people * tau**2)) - NORMAL

    if excess(0.0) <= 0:
        return 0.0
    # There, no area is farther out than all may be on average.
    least, most = 0.0, float((np.abs(z) / np.sqrt(4 * people * NORMAL)).max())
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        least, most = (middle, most) if excess(middle) > 0 else (least, middle)
    return (least + most) / 2


def _mean_square(z: np.ndarray) -> float:
    """Give the mean square of z-scores, a tenth winsorised at either end."""
    low, high = np.quantile(z, [WINSORISED, 1 - WINSORISED])
    return float((np.clip(z, low, high) ** 2).mean())


def _outside(rate: pd.Series, limits: pd.DataFrame, which: str) -> pd.Series:
    """Name the widest limits that a rate lies outside of."""
    place = pd.Series("inside", index=rate.index, dtype="string")
    for name in LEVELS:
        place = place.mask(rate >= limits[f"high_{name}{which}"], f"above_{name}")
        low = limits[f"low_{name}{which}"]
        place = place.mask((rate <= low) & (low > 0), f"below_{name}")
    return place.where(rate.notna())
