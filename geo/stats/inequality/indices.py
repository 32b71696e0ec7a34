"""Indices of inequality: one number each for how far shares of events are from shares of people.

Areas are weighted by their inhabitants throughout, so that an index speaks of people and not of how a country
is divided: splitting an area into parts of equal rate changes none but the share of the largest. All indices
are zero where every area has the same rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import StatisticError
from geo.model.numeric import Floats
from geo.stats.rates.crude import checked_counts

LARGEST = (1, 5, 10, 20)  # areas of most events whose share is given


@dataclass(frozen=True, kw_only=True)
class Theil:
    """Theil's index and its two parts, which add up to it."""

    total: float
    """Mean of the log of rate over mean rate, over events: nats, zero or more."""
    between: float
    """That of the groups, each taken as one area."""
    within: float
    """Mean of the groups' own indices, each weighted by its share of the events."""


def gini(events: pd.Series, population: pd.Series) -> float:
    """Give the Gini index of rates: twice the area between the Lorenz curve and the line of equal rates.

    Parameters
    ----------
    events, population : Series
        Counts and inhabitants by area, on one index; areas without a rate are left out.

    Returns
    -------
    float
        0 (equal rates) to 1. Half the mean absolute difference of the rates of two people drawn at random,
        over the mean rate.

    Raises
    ------
    StatisticError
        If no area has a rate, or nothing was counted.

    References
    ----------
    Gini, C. (1914). Sulla misura della concentrazione e della variabilità dei caratteri. Atti del Reale
    Istituto Veneto di Scienze, Lettere ed Arti 73, 1203-1248.

    Examples
    --------
    A tenth of all people have 80 % of the events, nine tenths the rest: 0.8 - 0.1.

    >>> round(gini(pd.Series([80, 20]), pd.Series([1_000, 9_000])), 3)
    0.7
    """
    count, people = known_shares(events, population)
    return float(gini_of(count, people)[0])


def hoover(events: pd.Series, population: pd.Series) -> float:
    """Give Hoover's index: the share of the events that would have to move for all rates to be equal.

    Parameters
    ----------
    events, population : Series
        As in :func:`gini`.

    Returns
    -------
    float
        0 to 1; the greatest distance of the Lorenz curve from the diagonal.

    References
    ----------
    Hoover, E. M. (1936). The measurement of industrial localization. Review of Economics and Statistics
    18(4), 162-171.

    Examples
    --------
    >>> round(hoover(pd.Series([80, 20]), pd.Series([1_000, 9_000])), 3)
    0.7
    """
    count, people = known_shares(events, population)
    return float(hoover_of(count, people)[0])


def theil(events: pd.Series, population: pd.Series, groups: pd.Series | None = None) -> Theil:
    """Give Theil's T index, and how much of it lies between groups of areas and how much within them.

    Parameters
    ----------
    events, population : Series
        As in :func:`gini`.
    groups : Series, optional
        Name of each area's group, such as its region, on the same index; areas without one are left out. One
        group of all areas, if it is not given.

    Returns
    -------
    Theil

    References
    ----------
    Theil, H. (1967). Economics and Information Theory. North-Holland, chapter 4.

    Examples
    --------
    >>> events, people = pd.Series([80, 20, 40, 60]), pd.Series([1_000, 1_000, 1_000, 1_000])
    >>> index = theil(events, people, pd.Series(["N", "N", "S", "S"]))
    >>> round(index.total, 4), round(index.between, 4), round(index.within, 4)
    (0.1064, 0.0, 0.1064)
    """
    if groups is None:
        groups = pd.Series("all", index=events.index)
    named = groups.reindex(events.index)
    count, people = known_shares(events.where(named.notna()), population)
    kept = ~np.isnan(np.divide(*checked_counts(events.where(named.notna()), population)))
    code = pd.factorize(named[kept])[0]
    total = float(theil_of(count, people)[0])
    between = float(theil_of(by_group(count, code), by_group(people, code))[0])
    return Theil(total=total, between=between, within=total - between)


def known_shares(events: pd.Series, population: pd.Series) -> tuple[Floats, Floats]:
    """Give counts and shares of people of the areas that have a rate.

    Examples
    --------
    >>> known_shares(pd.Series([3, None, 1]), pd.Series([30, 10, 10]))
    (array([3., 1.]), array([0.75, 0.25]))
    """
    count, people = checked_counts(events, population)
    known = ~np.isnan(count / people)
    count, people = count[known], people[known]
    if not count.sum() > 0:
        raise StatisticError(
            "shares need events to share",
            f"{int(known.sum())} areas with {count.sum():g} events in all",
            "check the columns of counts and population",
        )
    return count, people / people.sum()


def by_group(values: Floats, code: NDArray[np.int64]) -> Floats:
    """Add up the last axis by group.

    Examples
    --------
    >>> by_group(np.array([1.0, 2.0, 4.0]), np.array([0, 1, 0])).tolist()
    [5.0, 2.0]
    """
    member = np.zeros((len(code), int(code.max()) + 1))
    member[np.arange(len(code)), code] = 1
    return np.asarray(values @ member)


# Below, `count` is one map or several, one a row; `people` are shares of one. A row without events gives NaN.


def gini_of(count: Floats, people: Floats) -> Floats:
    """Gini of each row."""
    rows = np.atleast_2d(count)
    order = np.argsort(rows / people, axis=1, kind="stable")
    held = np.cumsum(np.take_along_axis(rows, order, axis=1), axis=1)
    width = people[order]
    # Trapezoids under the curve, whose corners are the cumulated counts.
    area = (width * (2 * held - np.diff(held, axis=1, prepend=0))).sum(axis=1)
    return _unless_empty(held[:, -1], 1 - area / _positive(held[:, -1]))


def hoover_of(count: Floats, people: Floats) -> Floats:
    """Hoover's index of each row."""
    rows = np.atleast_2d(count)
    total = rows.sum(axis=1)
    return _unless_empty(total, np.abs(rows / _positive(total)[:, None] - people).sum(axis=1) / 2)


def theil_of(count: Floats, people: Floats) -> Floats:
    """Theil's T of each row."""
    rows = np.atleast_2d(count)
    total = rows.sum(axis=1)
    share = rows / _positive(total)[:, None]
    # An area without events adds nothing, the limit of s log s.
    logs = np.log(np.where(share > 0, share / people, 1))
    return _unless_empty(total, np.maximum((share * logs).sum(axis=1), 0))


def top_of(count: Floats, k: int) -> Floats:
    """Share of the k largest counts of each row."""
    rows = np.atleast_2d(count)
    k = min(k, rows.shape[1])
    total = rows.sum(axis=1)
    largest = np.partition(rows, rows.shape[1] - k, axis=1)[:, rows.shape[1] - k :]
    return _unless_empty(total, largest.sum(axis=1) / _positive(total))


def _positive(total: Floats) -> Floats:
    return np.where(total > 0, total, 1.0)


def _unless_empty(total: Floats, values: Floats) -> Floats:
    return np.where(total > 0, values, np.nan)
