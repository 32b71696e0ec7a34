"""The set of areas of highest rate: what a list of highest rates holds, or the top of a complete table."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from geo.analysis.arrays import float_series

TOP_SHARE = 0.1  # of a complete table, the share of areas described as those of highest rate

Coverage = Literal["all", "highest"]


def rate_order(counts: pd.DataFrame, population: pd.Series) -> pd.Series:
    """Rank areas by the middle of their rate's interval, 1 the highest; areas only bounded stay out.

    Examples
    --------
    >>> status = ["published", "derived", "bounded"]
    >>> counts = pd.DataFrame({"status": status, "low": [9, 3, 0], "high": [9, 5, 7]})
    >>> rate_order(counts, pd.Series([100, 100, 100])).tolist()
    [1, 2, <NA>]
    """
    people = population.reindex(counts.index).astype("Float64")
    middle = (counts["low"] + counts["high"]).astype("Float64") / 2 / people.where(people > 0)
    known = counts["status"].isin(["published", "derived"])
    return float_series(middle.where(known)).rank(ascending=False, method="first").astype("Int64")


def highest_rates(counts: pd.DataFrame, population: pd.Series, *, coverage: Coverage = "all") -> pd.Series:
    """Say which areas belong to the set of highest rates.

    Parameters
    ----------
    counts : DataFrame
        ``status``, ``low``, ``high`` by area.
    population : Series
        Inhabitants on the same index.
    coverage : {"all", "highest"}
        ``highest``: every area whose rate is surely at or above the lowest published one. ``all``: the top
        tenth of the areas with a known count.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> status = ["published", "derived", "derived"]
    >>> counts = pd.DataFrame({"status": status, "low": [9, 10, 3], "high": [9, 12, 3]})
    >>> highest_rates(counts, pd.Series([100, 100, 100]), coverage="highest").tolist()
    [True, True, False]
    """
    people = population.reindex(counts.index).astype("Float64")
    lowest = counts["low"].astype("Float64") / people.where(people > 0)
    if coverage == "highest":
        cut = lowest[counts["status"].eq("published")].min()
        return lowest.ge(cut).fillna(False).astype(bool)
    order = rate_order(counts, population)
    size = int(np.ceil(TOP_SHARE * order.notna().sum()))
    return (order.le(size).fillna(False) & lowest.gt(0).fillna(False)).astype(bool)
