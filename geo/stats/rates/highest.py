"""The set of areas of highest rate: what a list of highest rates holds, or the top of a complete table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.model.options import Coverage
from geo.stats.engine.arrays import float_series

TOP_SHARE = 0.1  # of a complete table, the share of areas described as those of highest rate


def rate_order(counts: pd.DataFrame, population: pd.Series) -> pd.Series:
    """Rank areas by the rate they have at least, 1 the highest; areas only bounded from above stay out.

    Equal rates share the larger rank, so that a set cut at any rank never divides them by chance.

    Parameters
    ----------
    counts : DataFrame
        ``status``, ``low`` by area.
    population : Series
        Inhabitants on the same index.

    Returns
    -------
    Series of Int64

    Examples
    --------
    >>> status = ["published", "derived", "published", "bounded"]
    >>> counts = pd.DataFrame({"status": status, "low": [9, 3, 3, 0]})
    >>> rate_order(counts, pd.Series([100, 100, 100, 100])).tolist()
    [1, 3, 3, <NA>]
    """
    least = _least(counts, population)
    known = counts["status"].isin(["published", "derived"]) | least.gt(0)
    return least.where(known).rank(ascending=False, method="max").astype("Int64")


def highest_rates(counts: pd.DataFrame, population: pd.Series, *, coverage: Coverage = "all") -> pd.Series:
    """Say which areas belong to the set of highest rates.

    Parameters
    ----------
    counts : DataFrame
        ``status``, ``low`` by area.
    population : Series
        Inhabitants on the same index.
    coverage : {"all", "highest"}
        ``highest``: every area whose rate is surely at or above the lowest published one. ``all``: the top
        tenth of the areas with a known count, fewer where equal rates stand across that cut.

    Returns
    -------
    Series of bool
        None is in the set where all rates are equal: nothing separates them.

    Examples
    --------
    >>> status = ["published", "derived", "derived"]
    >>> counts = pd.DataFrame({"status": status, "low": [9, 10, 3]})
    >>> highest_rates(counts, pd.Series([100, 100, 100]), coverage="highest").tolist()
    [True, True, False]
    """
    least = _least(counts, population)
    if coverage == "highest":
        cut = least[counts["status"].eq("published")].min()
        return least.ge(cut)
    order = rate_order(counts, population)
    size = int(np.ceil(TOP_SHARE * order.notna().sum()))
    return (order.le(size) & least.gt(0)).astype(bool)  # without a place, no rate above zero


def _least(counts: pd.DataFrame, population: pd.Series) -> pd.Series:
    """Rate at the lower end of the count's interval."""
    people = float_series(population.reindex(counts.index))
    return float_series(counts["low"]) / people.where(people > 0)
