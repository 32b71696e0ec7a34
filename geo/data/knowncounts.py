"""Counts known only within an interval: what a printed rate, or a place below a list, says of them."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from geo.data.numbers import Count
from geo.model.options import Coverage

PER = 100_000


def count_from_rate(rate: float, population: int, *, decimals: int = 0) -> Count:
    """List the whole numbers of people that round to a printed rate.

    Parameters
    ----------
    rate : float
        Rate per 100,000 as printed.
    population : int
        Inhabitants.
    decimals : int
        Decimals that were printed.

    Returns
    -------
    Count
        Smallest and largest count; both missing where none rounds to the rate.

    Examples
    --------
    Arica, printed 164 per 100,000, with INE's 239,710 inhabitants of 2016:

    >>> tuple(count_from_rate(164, 239_710))
    (392, 394)
    """
    half = Fraction(1, 2 * 10**decimals)
    printed = Fraction(repr(float(rate)))
    low = math.ceil(max(printed - half, Fraction(0)) * population / PER)
    high = math.floor((printed + half) * population / PER)
    return Count(low, high) if low <= high else Count(None, None)


def count_below(last: tuple[int, int], population: int) -> Count:
    """Bound the count of an area that a list of highest rates leaves out.

    Parameters
    ----------
    last : (int, int)
        Count and population of the last area on the list.
    population : int
        Inhabitants of the area left out.

    Examples
    --------
    Below Renca, 129 of 152,399, an area of 100,000 had at most 84 releases:

    >>> tuple(count_below((129, 152_399), 100_000))
    (0, 84)
    """
    count, people = last
    return Count(0, population * count // people)


def known_counts(frame: pd.DataFrame, population: pd.Series, *, coverage: Coverage = "all") -> pd.DataFrame:
    """Say for every area what is known of its count.

    Parameters
    ----------
    frame : DataFrame
        ``row``, ``low``, ``high``, ``rate`` as the table has them, all missing for areas without a row.
    population : Series
        Inhabitants on the same index.
    coverage : {"all", "highest"}
        With ``highest`` the table lists the areas of highest rate: an area without a row is bounded by its
        last exact rate. A row whose count is unknown bounds nothing: its area is on the list.

    Returns
    -------
    DataFrame
        ``status`` (published, derived, bounded, missing), ``low``, ``high`` (Int64) and ``releases`` (Int64,
        where a published or derived interval holds one number).

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     [[33, 129, 129, 85], [34, None, None, 164], [None] * 4], columns=["row", "low", "high", "rate"]
    ... )
    >>> known_counts(frame, pd.Series([152_399, 239_710, 100_000]), coverage="highest")
          status  low  high  releases
    0  published  129   129       129
    1    derived  392   394      <NA>
    2    bounded    0    84      <NA>
    """
    people = population.astype("Int64")
    inhabited = people.gt(0).fillna(False)
    low, high = frame["low"].astype("Int64"), frame["high"].astype("Int64")
    exact = (low == high).fillna(False)
    status = pd.Series("missing", index=frame.index, dtype="string")
    status = status.mask(low.notna() & high.notna(), "bounded").mask(exact, "published")
    derived = inhabited & frame["rate"].notna() & status.eq("missing")
    for area in frame.index[derived]:
        count = count_from_rate(
            frame["rate"][area], int(people[area]), decimals=printed_decimals(frame["rate"])
        )
        low[area], high[area] = count
    status = status.mask(derived & low.notna(), "derived")
    left_out = inhabited & frame["row"].isna()
    ranked = exact & inhabited
    if coverage == "highest" and ranked.any() and left_out.any():
        place = int((low[ranked] / people[ranked]).to_numpy(dtype=float).argmin())
        last = (int(low[ranked].iloc[place]), int(people[ranked].iloc[place]))
        limits = [count_below(last, int(n)) for n in people[left_out]]
        low[left_out] = pd.array([c.low for c in limits], dtype="Int64")
        high[left_out] = pd.array([c.high for c in limits], dtype="Int64")
        status = status.mask(left_out, "bounded")
    # A bound of zero is still an assumption about a list, so it never fills the count itself.
    known = status.isin(["published", "derived"]) & low.eq(high)
    return pd.DataFrame({"status": status, "low": low, "high": high, "releases": low.where(known)})


def printed_decimals(rates: pd.Series) -> int:
    """Count the decimals that a column of printed rates carries; beyond six a rate is not rounded at all.

    Examples
    --------
    >>> printed_decimals(pd.Series([202.5, 1182.85, None])), printed_decimals(pd.Series([203.0]))
    (2, 0)
    """
    exponents = [Decimal(repr(float(rate))).normalize().as_tuple().exponent for rate in rates.dropna()]
    # A round number has a positive exponent, 80 being 8E+1, and an infinite one none.
    return min(max((0, *(-e for e in exponents if isinstance(e, int)))), 6)
