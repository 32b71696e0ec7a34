"""Cells of a table file, whatever the file: every reader gives sheets of rows with their row numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from geo.controls import without_controls

Cell: TypeAlias = str | int | float | date
"""Text as printed, or a value that the file types: a typed number has one reading, text may have two."""
Rows: TypeAlias = list[list[Cell]]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table of a file."""

    rows: Rows
    numbers: list[int]
    """Row number of each row as a person sees it in the file, 1 first."""
    name: str | None = None
    """Name of the sheet or layer, where the file has several."""
    delimiter: str | None = None
    """Mark between the cells of a text file."""


def find_sheet(wanted: str, names: Iterable[str]) -> str | None:
    """Find a sheet by its name, as it stands in the file or as it is shown.

    Examples
    --------
    >>> find_sheet("2016 R", ["2016\\nR", "2017"]), find_sheet("2018", ["2017"])
    ('2016\\nR', None)
    """
    fits = [name for name in names if wanted in (name, without_controls(name))]
    return fits[0] if fits else None


def shown(cell: Cell) -> str:
    """Write a cell as people see it: 12.0 is twelve.

    Examples
    --------
    >>> shown(12.0), shown(" Arica "), shown(1.25)
    ('12', 'Arica', '1.25')
    """
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).strip()
