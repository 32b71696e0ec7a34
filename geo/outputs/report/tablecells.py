"""What the tables of the report are made of: columns, and cells that print what is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.text.labels import LANGUAGES, Lang, text, value_labels
from geo.text.numerals import number
from geo.text.overview import rate_text
from geo.text.phrases import Texts, both, phrase_both

if TYPE_CHECKING:
    from geo.model.result import StudyResult

SHOWN = 40
"""Rows of a long table that stand open; the rest opens on a click."""

TableCell = Texts | str
NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A finished table."""

    name: str
    """Names its caption and its element."""
    caption: Texts
    columns: Sequence[Texts]
    numeric: Sequence[bool]
    """Which columns are numbers, to be set to the right."""
    rows: Sequence[Sequence[TableCell]]
    """The second cell of a ranked row, else the first, heads its row."""
    head: int = 0
    """Column that names the row."""
    note: Texts | None = None

    @property
    def open_rows(self) -> Sequence[Sequence[TableCell]]:
        """Rows that are seen at once."""
        return self.rows[:SHOWN]

    @property
    def more_rows(self) -> Sequence[Sequence[TableCell]]:
        """Rows that open on a click."""
        return self.rows[SHOWN:]


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """One column of a table: its heading, and what stands in it."""

    title: str
    """Key under ``report.column``."""
    cell: Callable[[Any], TableCell]
    """What stands in it, from a row of the data."""
    numeric: bool = False


def listing(
    result: StudyResult,
    name: str,
    columns: list[TableColumn],
    frame: pd.DataFrame,
    *,
    head: int = 0,
    note: Texts | None = None,
) -> Listing:
    """Make a table with a row per row of the data."""
    records = frame.drop(columns="geometry", errors="ignore").to_dict("records")
    return Listing(
        name=name,
        caption=phrase_both(result, f"report.caption.{name}"),
        columns=[phrase_both(result, f"report.column.{column.title}") for column in columns],
        numeric=[column.numeric for column in columns],
        rows=[[column.cell(record) for column in columns] for record in records],
        head=head,
        note=note,
    )


def made_of(result: StudyResult, name: str, titles: list[str], rows: list[list[TableCell]]) -> Listing:
    """Make a table of finished rows."""
    return Listing(
        name=name,
        caption=phrase_both(result, f"report.caption.{name}"),
        columns=[phrase_both(result, f"report.column.{title}") for title in titles],
        numeric=[False] * len(titles),
        rows=rows,
    )


def between(low: Any, high: Any, print_one: Callable[[float, Lang], str]) -> TableCell:
    """Print an interval, or one number where both ends are the same."""
    if pd.isna(low) or pd.isna(high):
        return NOTHING
    if low == high:
        return both(lambda lang: print_one(low, lang))
    return both(
        lambda lang: text("report.cell.between", lang, low=print_one(low, lang), high=print_one(high, lang))
    )


def whole(value: Any) -> TableCell:
    """Print a whole number."""
    return NOTHING if pd.isna(value) else both(lambda lang: number(int(value), lang))


def decimal(value: Any) -> TableCell:
    """Print a rate or a share in per cent."""
    return NOTHING if pd.isna(value) else both(lambda lang: rate_text(float(value), lang))


def ratio(value: Any, decimals: int = 2) -> TableCell:
    """Print a ratio or an index."""
    if pd.isna(value):
        return NOTHING
    rounded = round(float(value), decimals) + 0.0  # never a negative zero
    return both(lambda lang: number(rounded, lang, decimals))


def plain(value: Any) -> TableCell:
    """Print a text as it is."""
    return NOTHING if pd.isna(value) or value == "" else str(value)


def coded(table: str, value: Any) -> TableCell:
    """Translate a code; one that the catalogue does not know stands as it is."""
    if pd.isna(value):
        return NOTHING
    return {lang: value_labels(table, lang).get(str(value), str(value)) for lang in LANGUAGES}


def span(low: Any, high: Any, decimals: int = 0) -> TableCell:
    """Print an interval of numbers."""
    return between(low, high, lambda value, lang: number(value, lang, decimals))


def open_span(low: Any, high: Any) -> TableCell:
    """Print an interval whose upper end may be open: at least so many, or nothing known at all."""
    if pd.notna(high):
        return span(low, high)
    if pd.isna(low) or low == 0:
        return both(lambda lang: text("support.total.unknown", lang))
    return both(lambda lang: text("support.total.at_least", lang, low=number(int(low), lang)))
