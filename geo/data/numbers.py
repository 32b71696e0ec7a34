"""Numbers as offices print them: dots in the thousands, decimal commas, intervals, marks for unknown."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from geo.data.cells import Cell, shown
from geo.data.digits import GROUPED, LIMIT, own_mark, real, whole
from geo.errors import TableError
from geo.register.missing import MISSING

_BELOW = re.compile(r"(<=|≤|=<|<|menos de|menor a|menor que|less than|fewer than|hasta|up to)\s*(.+)")
_SPAN = re.compile(
    r"(?:entre |between )?([0-9][0-9., ]*?)\s*(?:-|–|—|\ba\b|\bto\b|\by\b|\band\b)\s*([0-9][0-9., ]*)"
)


class Count(NamedTuple):
    """A count as an interval of whole numbers; both ends missing where nothing is known."""

    low: int | None
    high: int | None


UNKNOWN = Count(None, None)


@dataclass(frozen=True, kw_only=True)
class NumberColumn:
    """One column of a table, with what an error must name."""

    role: str
    cells: Sequence[Cell]
    rows: Sequence[int]
    """Row number of each cell."""
    file: str

    def fault(self, place: int, rule: str, remedy: str = "correct the cell") -> TableError:
        """Make the error for one cell."""
        cell = self.cells[place]
        value = repr(cell) if isinstance(cell, str) else shown(cell)
        value = value if len(value) <= 60 else f"{value[:57]}..."
        return TableError(rule, f"{self.file}, row {self.rows[place]}: {value}", remedy)


def parse_count(text: str, decimal: str | None = None) -> Count | None:
    """Read one count: ``12``, ``1.234``, ``<5``, ``≤ 3``, ``1-4``, ``..``.

    A count is a whole number, so a single dot or comma before three digits marks thousands, unless the
    column says otherwise (`decimal`) or a zero stands before it.

    Returns
    -------
    Count or None
        None where the text is no count.

    Examples
    --------
    >>> [tuple(parse_count(text)) for text in ("295.731", "<5", "1-4", "..")]
    [(295731, 295731), (0, 4), (1, 4), (None, None)]
    >>> parse_count("1,5") is None, parse_count("0.125") is None, parse_count("<0") is None
    (True, True, True)
    """
    tidy = _tidy(text)
    if tidy in MISSING:
        return UNKNOWN
    mark = decimal or own_mark([tidy])
    below = _BELOW.fullmatch(tidy)
    if below:
        strict = below[1] in ("<", "menos de", "menor a", "menor que", "less than", "fewer than")
        limit = whole(below[2], mark)
        high = None if limit is None else limit - 1 if strict else limit
        return None if high is None or high < 0 else Count(0, high)
    span = _SPAN.fullmatch(tidy)
    if span:
        low, high = whole(span[1], mark), whole(span[2], mark)
        dated = any(len(end) > 1 and end[0] == "0" for end in span.groups())  # 01-04 is the first of April
        return None if low is None or high is None or low > high or dated else Count(low, high)
    value = whole(tidy, mark)
    return None if value is None or value < 0 else Count(value, value)


def parse_counts(
    column: NumberColumn,
    *,
    decimal: str | None = None,
    hint: str | None = None,
    intervals: bool = True,
    loose: Collection[int] = (),
) -> list[Count]:
    """Read a column of counts; every cell must be one or say that it is unknown.

    Parameters
    ----------
    column : Column
    decimal : {".", ","}, optional
        The decimal mark, as the caller states it.
    hint : {".", ","}, optional
        The decimal mark of the table's other columns, which settles a column that can be read two ways.
    intervals : bool
        Whether a cell may hold an interval.
    loose : collection of int
        Places of cells that need not be counts, as in rows of totals and notes.

    Raises
    ------
    TableError
        If a cell is no count, is larger than :data:`LIMIT`, or the column can be read two ways.

    Examples
    --------
    >>> column = NumberColumn(role="releases", cells=["1.234", "<5", ".."], rows=[2, 3, 4], file="table.csv")
    >>> [tuple(count) for count in parse_counts(column)]
    [(1234, 1234), (0, 4), (None, None)]
    """
    texts = [_tidy(cell) for cell in column.cells if isinstance(cell, str)]
    mark = decimal or _count_mark(texts, column, hint)
    counts = []
    for place, cell in enumerate(column.cells):
        count = _typed(cell) if not isinstance(cell, str) else parse_count(cell, mark)
        if place in loose:
            counts.append(UNKNOWN if count is None or (count.high or 0) > LIMIT else count)
            continue
        if isinstance(cell, date):
            raise column.fault(
                place,
                f"{_plural(column.role)} are whole numbers, not dates",
                "a spreadsheet turns 1-4 into a date: write the interval as text",
            )
        if count is None or (not intervals and count.low != count.high):
            kinds = ", intervals such as <5" if intervals else ""
            rule = f"{_plural(column.role)} are whole numbers of zero or more{kinds}, or '..' for unknown"
            raise column.fault(place, rule)
        if (count.high or 0) > LIMIT:
            raise column.fault(place, f"{_plural(column.role)} are at most {LIMIT:,}")
        counts.append(count)
    return counts


def parse_rates(column: NumberColumn, *, decimal: str | None = None) -> list[float]:
    """Read a column of printed rates, deciding once for the whole column which mark is the decimal one.

    Parameters
    ----------
    column : Column
    decimal : {".", ","}, optional
        The decimal mark, where the column itself does not tell.

    Returns
    -------
    list of float
        NaN where the cell says that the rate is unknown.

    Raises
    ------
    TableError
        If a cell is no rate, or every mark could be read as decimal or as thousands.

    Examples
    --------
    >>> column = NumberColumn(role="rate", cells=["202,5", "1.182,8", ".."], rows=[2, 3, 4], file="table.csv")
    >>> parse_rates(column)
    [202.5, 1182.8, nan]
    """
    texts = [_tidy(cell) for cell in column.cells if isinstance(cell, str)]
    if any(text.endswith("%") for text in texts):
        place = next(i for i, c in enumerate(column.cells) if isinstance(c, str) and c.strip().endswith("%"))
        raise column.fault(
            place,
            "a rate is per 100,000 inhabitants, not a percentage",
            "leave the column out: --column rate=-",
        )
    mark = decimal or _rate_mark(texts, column)
    return [_rate(column, place, mark) for place in range(len(column.cells))]


def parse_rank(cell: Cell) -> int | None:
    """Read a rank with whatever ordinal mark it carries; a rank decides nothing, so what is none is missing.

    Examples
    --------
    >>> parse_rank("1°"), parse_rank("2nd"), parse_rank("3.º"), parse_rank("último") is None
    (1, 2, 3, True)
    """
    match = re.fullmatch(r"(?:n?[°º]|#)?\s*([0-9]{1,9})\s*[.)]?\s*(?:[°ºª]|[a-z]{2})?", shown(cell).lower())
    return int(match[1]) if match else None


def _rate(column: NumberColumn, place: int, mark: str) -> float:
    cell = column.cells[place]
    rule = f"a {column.role} is a number of zero or more, or '..' for unknown"
    if isinstance(cell, str):
        text = _tidy(cell)
        if text in MISSING:
            return math.nan
        value = real(text, mark)
    else:
        value = math.nan if isinstance(cell, date) else float(cell)
    if value is None or not 0 <= value <= LIMIT:
        raise column.fault(place, rule)
    return value


def _plural(role: str) -> str:
    return role if role.endswith("s") else f"{role}s"


def _tidy(text: str) -> str:
    return text.strip().lower().replace("\u2212", "-")


def _typed(cell: Cell) -> Count | None:
    if isinstance(cell, (str, date)) or cell < 0:
        return None
    if isinstance(cell, float) and not (math.isfinite(cell) and cell.is_integer()):
        return None
    return Count(int(cell), int(cell))


def decimal_mark(columns: Iterable[NumberColumn]) -> str | None:
    """Find the one mark that stands as decimal mark in any column of a table.

    Examples
    --------
    >>> rates = NumberColumn(role="rate", cells=["202,5", "90"], rows=[2, 3], file="table.csv")
    >>> decimal_mark([rates])
    ','
    """
    marks = {own_mark([_tidy(c) for c in column.cells if isinstance(c, str)]) for column in columns} - {None}
    return marks.pop() if len(marks) == 1 else None


def _count_mark(texts: list[str], column: NumberColumn, hint: str | None) -> str | None:
    """Settle the decimal mark of whole numbers; None where all marks are thousands."""
    own = own_mark(texts)
    if own is not None:
        return own
    known = [text for text in texts if text not in MISSING]
    marked = [text for text in known if GROUPED.fullmatch(text)]
    thirds = [text for text in marked if re.fullmatch(r"[0-9]{1,3}[.,]000", text)]
    if marked and {text[-4] for text in marked} == {".", ","}:
        raise _two_readings(column, marked[0])
    unmarked = [c for c in column.cells if not isinstance(c, str) or _tidy(c) not in {*thirds, *MISSING}]
    if thirds and not unmarked and hint is None:
        raise _two_readings(column, thirds[0])
    return hint if thirds and not unmarked else None


def _two_readings(column: NumberColumn, value: str) -> TableError:
    return TableError(
        "a number must have one reading",
        f"{column.file}, column of {column.role}: {value!r} may be thousands or decimals",
        "say which mark is the decimal one: --decimal , or --decimal .",
    )


def _rate_mark(texts: list[str], column: NumberColumn) -> str:
    marked = [text for text in texts if re.search(r"[0-9][.,]|[.,][0-9]", text)]
    own = own_mark(marked)
    if own is not None or not marked:
        return own or "."
    if any(GROUPED.fullmatch(text) and len(re.findall(r"[.,]", text)) > 1 for text in marked):
        return "," if "." in marked[0] else "."
    raise _two_readings(column, marked[0])


def as_frame(counts: Sequence[Count], index: pd.Index) -> pd.DataFrame:
    """Lay counts out as the columns ``low`` and ``high``."""
    return pd.DataFrame(counts, columns=["low", "high"], index=index, dtype="Int64")
