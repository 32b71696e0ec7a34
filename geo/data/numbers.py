"""Numbers as offices print them: dots in the thousands, decimal commas, intervals, marks for unknown."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from geo.errors import TableError

MISSING = {"", "-", "–", "—", "..", "...", "*", "s/i", "s.i.", "n/a", "na", "n.d.", "nd", "nan", "null"}
_PLAIN = re.compile(r"[+-]?\d+")
_GROUPED = re.compile(r"[+-]?\d{1,3}([. \u00a0\u202f',])\d{3}(\1\d{3})*")
_DECIMAL = re.compile(r"[+-]?\d*[.,]\d+")


class Count(NamedTuple):
    """A count as an interval of whole numbers; both ends missing where nothing is known."""

    low: int | None
    high: int | None


def parse_count(text: str) -> Count | None:
    """Read one count: ``12``, ``1.234``, ``<5``, ``≤ 3``, ``1-4``, ``..``.

    A count is a whole number, so a single dot or comma before three digits can only mark thousands.

    Returns
    -------
    Count or None
        None where the text is no count.

    Examples
    --------
    >>> [tuple(parse_count(text)) for text in ("295.731", "<5", "1-4", "..")]
    [(295731, 295731), (0, 4), (1, 4), (None, None)]
    >>> parse_count("1,5") is None
    True
    """
    tidy = text.strip().lower()
    if tidy in MISSING:
        return Count(None, None)
    below = re.fullmatch(r"(<=|≤|<)\s*(.+)", tidy)
    if below:
        limit = _whole(below[2])
        return None if limit is None else Count(0, limit - 1 if below[1] == "<" else limit)
    span = re.fullmatch(r"(\d[\d. ]*?)\s*(?:-|–|a|to)\s*(\d[\d. ]*)", tidy)
    if span:
        low, high = _whole(span[1]), _whole(span[2])
        return None if low is None or high is None or low > high else Count(low, high)
    value = _whole(tidy)
    return None if value is None else Count(value, value)


def parse_reals(column: pd.Series, *, name: str, decimal: str | None = None) -> pd.Series:
    """Read a column of real numbers, deciding once for the whole column which mark is the decimal one.

    Parameters
    ----------
    column : Series of str
        As printed.
    name : str
        What to call the column in an error.
    decimal : {".", ","}, optional
        The decimal mark, where the column itself does not tell.

    Returns
    -------
    Series of float
        Missing where the cell says so or holds no number.

    Raises
    ------
    TableError
        If every mark could be read as decimal or as thousands.

    Examples
    --------
    >>> parse_reals(pd.Series(["202,5", "1.182,8", ".."]), name="rate").tolist()
    [202.5, 1182.8, nan]
    """
    text = column.astype("string").str.strip().str.rstrip("%").str.strip()
    mark = decimal or _decimal_mark(text, name)
    other = "," if mark == "." else "."
    plain = text.str.replace(rf"[ \u00a0\u202f'{other}]", "", regex=True).str.replace(mark, ".", regex=False)
    return pd.to_numeric(plain, errors="coerce").astype(float)


def _decimal_mark(text: pd.Series, name: str) -> str:
    """Find the mark that no value can carry as a thousands mark."""
    marked = [t for t in text.dropna() if "." in t or "," in t]
    both = [t for t in marked if "." in t and "," in t]
    if both:
        return "," if both[0].rfind(",") > both[0].rfind(".") else "."
    decimals = {("," if "," in t else ".") for t in marked if not _GROUPED.fullmatch(t)}
    if len(decimals) == 1:
        return decimals.pop()
    if not marked:
        return "."
    raise TableError(
        "a number must have one reading",
        f"column {name!r}: {marked[0]!r} may be thousands or decimals",
        "say which mark is the decimal one: --decimal , or --decimal .",
    )


def _whole(text: str) -> int | None:
    tidy = text.strip()
    if _PLAIN.fullmatch(tidy):
        return int(tidy)
    if _GROUPED.fullmatch(tidy):
        return int(re.sub(r"[^\d+-]", "", tidy))
    if _DECIMAL.fullmatch(tidy) and float(tidy.replace(",", ".")).is_integer():
        return int(float(tidy.replace(",", ".")))  # 12.0, as spreadsheets write twelve
    return None
