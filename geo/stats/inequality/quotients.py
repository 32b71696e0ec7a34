"""Location quotients: an area's share of the events over its share of the people."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from geo.errors import StatisticError
from geo.model.numeric import Floats
from geo.stats.rates.crude import checked_counts


def location_quotients(
    events: pd.Series,
    population: pd.Series,
    *,
    low: pd.Series | None = None,
    high: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare each area's share of the events with its share of the people.

    Parameters
    ----------
    events, population : Series
        Counts and inhabitants by area (or region), on one index; areas without a rate are left out of both
        totals.
    low, high : Series, optional
        Ends of the counts' intervals, where some are not known exactly; `events` is then not used, and an
        area without an interval is left out.
    confidence : float
        Coverage of the limits, between 0 and 1.

    Returns
    -------
    DataFrame
        ``quotient`` (1: as many events as its people would have at the overall rate; missing where the
        intervals leave it open), ``quotient_least`` and ``quotient_most`` (between which it lies, all counts
        within their intervals), ``quotient_low`` and ``quotient_high`` (Clopper-Pearson limits of the share
        of events, given all events, over the share of people; of the least and of the greatest share where it
        is open). Weighted by people, quotients average to one.

    Raises
    ------
    StatisticError
        If nothing can have been counted, an interval ends below its beginning, or `confidence` is no share.

    References
    ----------
    Clopper, C. J. & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case
    of the binomial. Biometrika 26(4), 404-413. Isard, W. (1960). Methods of Regional Analysis. MIT Press,
    chapter 7.

    Examples
    --------
    >>> quotients = location_quotients(pd.Series([10, 90]), pd.Series([5_000, 95_000]))
    >>> quotients[["quotient", "quotient_low", "quotient_high"]].round(2)
       quotient  quotient_low  quotient_high
    0      2.00          0.98           3.52
    1      0.95          0.87           1.00
    """
    if not 0 < confidence < 1:
        raise StatisticError("a coverage lies between 0 and 1", f"{confidence!r}", "pass 0.95 for 95 %")
    least, most, people = checked_intervals(events, low, high, population)
    known = ~np.isnan(least)
    a, b, p = least[known], most[known], people[known] / people[known].sum()
    rest_least, rest_most = a.sum() - a, b.sum() - b
    columns = {
        "quotient": _share(a, rest_least, empty=0.0) if (a == b).all() else np.full(len(a), np.nan),
        "quotient_least": _share(a, rest_most, empty=1.0),
        "quotient_most": _share(b, rest_least, empty=0.0),
        "quotient_low": clopper_pearson(a, a + rest_most, confidence)[0],
        "quotient_high": clopper_pearson(b, b + rest_least, confidence)[1],
    }
    quotients = pd.DataFrame(np.nan, index=events.index, columns=list(columns))
    quotients.loc[known] = np.column_stack([share / p for share in columns.values()])
    return quotients


def clopper_pearson(count: Floats, total: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Give the exact limits of the probability of which each count of a total is the binomial outcome.

    References
    ----------
    Clopper, C. J. & Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in the case
    of the binomial. Biometrika 26(4), 404-413.

    Examples
    --------
    >>> count, total = np.array([0.0, 3.0]), np.array([10.0, 10.0])
    >>> [limit.round(4).tolist() for limit in clopper_pearson(count, total, 0.95)]
    [[0.0, 0.0667], [0.3085, 0.6525]]
    """
    tail = (1 - confidence) / 2
    some, short = count > 0, count < total
    low = np.where(some, betaincinv(np.where(some, count, 1), total - count + 1, tail), 0.0)
    high = np.where(short, betaincinv(count + 1, np.where(short, total - count, 1), 1 - tail), 1.0)
    return low, high


def checked_intervals(
    events: pd.Series, low: pd.Series | None, high: pd.Series | None, population: pd.Series
) -> tuple[Floats, Floats, Floats]:
    """Give both ends of each count and its inhabitants; all missing where one of them is.

    Raises
    ------
    StatisticError

    Examples
    --------
    >>> ends = checked_intervals(pd.Series([3, None]), None, None, pd.Series([10, 10]))
    >>> [end.tolist() for end in ends]
    [[3.0, nan], [3.0, nan], [10.0, nan]]
    """
    if (low is None) != (high is None):
        raise StatisticError("an interval has two ends", "one of low and high", "give both, or neither")
    least, people = checked_counts(events if low is None else low.reindex(events.index), population)
    most, _ = checked_counts(events if high is None else high.reindex(events.index), population)
    if (most < least).any():
        at = int(np.flatnonzero(most < least)[0])
        raise StatisticError(
            "an interval does not end below its beginning",
            f"{least[at]:g} to {most[at]:g} at {events.index[at]}",
            "correct the table",
        )
    unknown = np.isnan(least + most + people)
    if not np.nansum(np.where(unknown, 0, most)) > 0:
        raise StatisticError(
            "shares need events to share",
            f"{int((~unknown).sum())} areas with 0 events in all",
            "check the columns of counts and population",
        )
    return (
        np.where(unknown, np.nan, least),
        np.where(unknown, np.nan, most),
        np.where(unknown, np.nan, people),
    )


def _share(own: Floats, other: Floats, *, empty: float) -> Floats:
    """Divide by both together. Where that is zero, something is counted all the same: here or elsewhere."""
    total = own + other
    return np.where(total > 0, own / np.where(total > 0, total, 1), empty)
