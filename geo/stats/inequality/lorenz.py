"""How unevenly events are spread over people: the Lorenz curve of areas ordered by their rate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.plots import Held, Spread
from geo.stats.engine.arrays import floats
from geo.stats.rates.crude import checked_counts


def lorenz(events: pd.Series, population: pd.Series) -> pd.DataFrame:
    """Add up the shares of people and of events, from the area of lowest rate to that of highest.

    Parameters
    ----------
    events, population : Series
        Counts and inhabitants by area, on one index; areas without a rate are left out.

    Returns
    -------
    DataFrame
        ``population_share`` and ``event_share``, 0 to 1, one row more than areas: the first is the origin.
        Equal rates make one straight line, in whatever order their areas stand.

    Raises
    ------
    StatisticError
        If no area has a rate, or nothing was counted.

    References
    ----------
    Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. Publications of the American
    Statistical Association 9(70), 209-219.

    Examples
    --------
    Of 100 events, 80 are in the one of two areas where a tenth of all people live:

    >>> lorenz(pd.Series([80, 20]), pd.Series([1_000, 9_000]))
       population_share  event_share
    0               0.0          0.0
    1               0.9          0.2
    2               1.0          1.0
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
    # Of equal rates the larger area counts as the higher one, so that the order of the table decides nothing.
    order = np.lexsort([people, count / people])
    shares = {"population_share": people[order], "event_share": count[order]}
    return pd.DataFrame(
        {name: np.append(0.0, np.cumsum(values) / values.sum()) for name, values in shares.items()}
    )


def spread(events: pd.Series, population: pd.Series) -> Spread:
    """Give the Lorenz curve, and in how few areas half of the events are.

    Parameters
    ----------
    events, population : Series
        As in :func:`lorenz`.

    Examples
    --------
    >>> uneven = spread(pd.Series([80, 20, None]), pd.Series([1_000, 9_000, 500]))
    >>> uneven.half_areas, round(uneven.half_population, 3), round(uneven.half_events, 3), uneven.n_left_out
    (1, 0.1, 0.8, 1)
    """
    curve = lorenz(events, population)
    # Shares from the highest rate down; rounding must not ask for one area more.
    held = 1 - curve["event_share"].to_numpy()[::-1]
    half = int(np.argmax(held >= 0.5 - 1e-12))
    return Spread(
        curve=curve,
        half_areas=half,
        half_population=float(1 - curve["population_share"].iloc[-1 - half]),
        half_events=float(held[half]),
        n=len(curve) - 1,
        n_left_out=len(events) - len(curve) + 1,
    )


def held(low: pd.Series, high: pd.Series, population: pd.Series, chosen: pd.Series) -> Held:
    """Bound the share of events that a set of areas holds, from intervals of counts.

    Parameters
    ----------
    low, high : Series
        Ends of the counts' intervals by area; missing where nothing is known.
    population : Series
        Inhabitants on the same index.
    chosen : Series of bool
        The set.

    Returns
    -------
    Held
        An area of which nothing is known leaves the share open on its side: 0 or 1. Missing where nothing can
        have been counted anywhere.

    Examples
    --------
    >>> low, high, people = pd.Series([50, 0, 0]), pd.Series([50, 30, 20]), pd.Series([100, 200, 100])
    >>> held(low, high, people, pd.Series([True, False, False]))
    Held(n=1, population=0.25, events_low=0.5, events_high=1.0)
    """
    inside = chosen.to_numpy(dtype=bool)
    least, most = np.nan_to_num(floats(low)), np.where(np.isnan(floats(high)), np.inf, floats(high))
    people = floats(population.reindex(low.index))
    return Held(
        n=int(inside.sum()),
        population=float(people[inside].sum() / people.sum()),
        events_low=_share(own=least[inside].sum(), other=most[~inside].sum(), own_most=most[inside].sum()),
        events_high=1
        - _share(own=least[~inside].sum(), other=most[inside].sum(), own_most=most[~inside].sum()),
    )


def _share(*, own: float, other: float, own_most: float) -> float:
    """Give the least share of one part: it at its lowest, the other at its highest."""
    if other == 0:
        return 1.0 if own_most > 0 else float("nan")  # all there is, if there is any
    return 0.0 if np.isinf(other) else float(own / (own + other))
