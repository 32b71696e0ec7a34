"""People returning against places: what is left unmet, by area and summed up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.stats.engine.arrays import floats
from geo.stats.rates.crude import poisson_limits

_PARTS = ("releases", "releases_low", "releases_high", "capacity", "capacity_low", "capacity_high")
_UNMET = ("unmet", "unmet_low", "unmet_high")


def gap(areas: pd.DataFrame, offered: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Set the people who return in a year against the places that support has for them.

    ``unmet = max(0, releases - capacity)``. Where a count or a capacity is known only within bounds, so is
    what is unmet; an open capacity may be any number, so that everybody may be met or nobody.

    Parameters
    ----------
    areas : DataFrame
        ``releases``, ``releases_low``, ``releases_high`` (the count of one year and its bounds).
    offered : DataFrame
        As :func:`~geo.support.offer.offer` gives it, on the same index.
    confidence : float
        Coverage of the limits of a year.

    Returns
    -------
    DataFrame
        The columns of `areas` named above and of `offered`, and: ``year_low``, ``year_high`` (float: limits
        of the people to expect in such a year, exact Poisson limits of the lower and of the upper bound of
        the count), ``unmet`` (Int64, where the bounds agree), ``unmet_low``, ``unmet_high``
        (Int64, the upper end missing where the count has none).

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> areas = pd.DataFrame({"releases": [86, 12, None], "releases_low": [86, 12, 0],
    ...     "releases_high": [86, 12, 30]}, dtype="Int64")
    >>> offered = pd.DataFrame({"capacity": [20, None, 0], "capacity_low": [20, 0, 0],
    ...     "capacity_high": [20, None, 0]}, dtype="Int64")
    >>> gaps = gap(areas, offered)
    >>> gaps[["unmet", "unmet_low", "unmet_high"]]
       unmet  unmet_low  unmet_high
    0     66         66          66
    1   <NA>          0          12
    2   <NA>          0          30
    >>> gaps[["year_low", "year_high"]].round(1).values.tolist()
    [[68.8, 106.2], [6.2, 21.0], [0.0, 42.8]]
    """
    counts = areas[list(_PARTS[:3])].astype("Int64")
    gaps = counts.join(offered)
    low, high = counts["releases_low"].fillna(0), counts["releases_high"]
    gaps["year_low"], gaps["year_high"] = _year(low, high, confidence)
    open_end = gaps["capacity_high"].isna()
    gaps["unmet_low"] = (low - gaps["capacity_high"]).clip(lower=0).mask(open_end, 0)
    gaps["unmet_high"] = (high - gaps["capacity_low"]).clip(lower=0)
    settled = gaps["unmet_low"].eq(gaps["unmet_high"]).fillna(False).astype(bool)
    gaps.insert(list(gaps).index("unmet_low"), "unmet", gaps["unmet_low"].where(settled))
    return gaps


def sum_gaps(found: pd.DataFrame, by: pd.Series, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add up gaps by region, group, cluster or anything else.

    What is unmet is the sum of what is unmet in each area: a free place in one does not meet people in
    another. A sum is missing where a part of it is, except lower ends, to which the unknown adds nothing.

    Parameters
    ----------
    found : DataFrame
        As :func:`gap` gives it.
    by : Series
        Name or number of the part that each area belongs to, on the same index; areas without one are left
        out.

    Returns
    -------
    DataFrame
        One row per value of `by`, in its order: ``n_areas``, ``n_support`` (with a programme that nobody
        denies), ``n_without`` (said no in person), ``n_open`` (whose capacity has no upper end), the sums
        of the counts, capacities and unmet needs (Int64), ``staff`` (of those that state it), ``year_low``,
        ``year_high`` (limits of the sum, which are closer than the sums of limits).

    Examples
    --------
    >>> gaps = pd.DataFrame({"support_status": ["no", "yes"], "staff": [None, 3.0],
    ...     "releases": [10, 5], "releases_low": [10, 5], "releases_high": [10, 5], "capacity": [0, 8],
    ...     "capacity_low": [0, 8], "capacity_high": [0, 8], "unmet": [10, 0], "unmet_low": [10, 0],
    ...     "unmet_high": [10, 0]})
    >>> sum_gaps(gaps, pd.Series(["north", "north"]))[["releases", "capacity", "unmet"]]
           releases  capacity  unmet
    by
    north        15         8     10
    """
    key = by.rename("by")
    status = found["support_status"]
    marks = {
        "n_areas": pd.Series(True, index=found.index),
        "n_support": status.eq("yes"),
        "n_without": status.eq("no"),
        "n_open": found["capacity_high"].isna(),
    }
    values = pd.DataFrame(
        marks | {name: floats(found[name]) for name in (*_PARTS, *_UNMET)}, index=found.index
    )
    total, lacking = values.fillna(0).groupby(key).sum(), values.isna().groupby(key).any()
    firm = values.columns[~values.columns.str.endswith("_low")]
    total[firm] = total[firm].mask(lacking[firm])
    summed = total.astype("Int64")
    summed["staff"] = found["staff"].astype(float).groupby(key).sum(min_count=1)
    summed["year_low"], summed["year_high"] = _year(
        summed["releases_low"], summed["releases_high"], confidence
    )
    return summed


def _year(low: pd.Series, high: pd.Series, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Limits of what such a year brings: of the smallest count that it may have had, and of the largest."""
    return poisson_limits(floats(low), confidence)[0], poisson_limits(floats(high), confidence)[1]
