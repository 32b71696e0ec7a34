"""Counts as intervals: what a table of known, derived, bounded and missing counts says, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.numeric import Floats, Mask
from geo.stats.engine.arrays import floats


class Intervals(NamedTuple):
    """Ends of the counts of the areas where people live, and of those whose count is known."""

    areas: pd.Index
    low: Floats
    high: Floats
    """Infinite where there is no upper end."""
    people: Floats

    @property
    def exact(self) -> Mask:
        """Whether the interval holds one number."""
        return np.asarray(self.low == self.high)


def take_intervals(counts: pd.DataFrame, population: pd.Series, *, unbounded: bool = False) -> Intervals:
    """Read intervals off a table of counts; areas where nobody is known to live are left out.

    Parameters
    ----------
    counts : DataFrame
        ``low`` and ``high`` by area, missing where nothing is known of that end; ``status`` and ``in_table``
        where `unbounded` asks for them.
    population : Series
        Inhabitants by area.
    unbounded : bool
        Whether to forget the upper end of areas that are bounded only because a list of highest rates does
        not have them.

    Raises
    ------
    StatisticError
        If ids repeat, an end is negative or no whole number, or the ends stand the wrong way round.

    Examples
    --------
    >>> counts = pd.DataFrame({"low": [9, 0, None], "high": [9, 4, None]})
    >>> taken = take_intervals(counts, pd.Series([100, 100, 100]))
    >>> taken.low.tolist(), taken.high.tolist(), taken.exact.tolist()
    ([9.0, 0.0, 0.0], [9.0, 4.0, inf], [True, False, False])
    """
    for index in (counts.index, population.index):
        if not index.is_unique:
            raise StatisticError(
                "each area has one row",
                f"{int(index.duplicated().sum())} repeated ids, first {index[index.duplicated()][0]!r}",
                "keep one row for each area",
            )
    low = np.nan_to_num(floats(counts["low"]), nan=0.0)
    high = np.nan_to_num(floats(counts["high"]), nan=np.inf)
    if unbounded:
        high = np.where(_below_list(counts, low), np.inf, high)
    people = floats(population.reindex(counts.index))
    wrong = (low < 0) | (high < low) | (np.floor(low) != low) | (np.isfinite(high) & (np.floor(high) != high))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise StatisticError(
            "an interval of counts runs from one whole number, zero or more, to another that is no smaller",
            f"{low[at]:g} to {high[at]:g} at {counts.index[at]!r}",
            "correct low and high",
        )
    inhabited = people > 0
    return Intervals(counts.index[inhabited], low[inhabited], high[inhabited], people[inhabited])


def _below_list(counts: pd.DataFrame, low: Floats) -> Mask:
    if "status" not in counts:
        raise StatisticError(
            "to forget the limit of a list, its areas must be told from suppressed cells",
            "counts without a column status",
            "add it (bounded where the list leaves an area out), or set high to missing there",
        )
    bounded = counts["status"].eq("bounded").fillna(False).to_numpy(dtype=bool)
    listed = counts["in_table"].to_numpy(dtype=bool) if "in_table" in counts else low > 0
    return bounded & ~listed
