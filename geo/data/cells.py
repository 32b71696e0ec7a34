"""Cells of a table file, whatever the file: every reader gives sheets of rows with their row numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeAlias

from geo.controls import without_controls
from geo.errors import TableError

Cell: TypeAlias = str | int | float | date
"""Text as printed, or a value that the file types: a typed number has one reading, text may have two."""
Rows: TypeAlias = list[list[Cell]]

EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
TEXT = {".csv", ".tsv", ".txt"}
PARQUET = {".parquet"}
LAYERS = {".gpkg", ".shp", ".dbf", ".geojson", ".json", ".fgb", ".kml", ".gml", ".sqlite", ".tab", ".mif"}
TABLE = "a table is a file or the name of a shipped study"


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


def read_sheets(
    path: Path, sheet: str | None = None, *, what: str = TABLE, lines: bool = False
) -> Iterator[Sheet]:
    """Read the tables of a file, without control characters.

    Parameters
    ----------
    path : Path
        CSV, TSV, Excel, ODS, Parquet or a vector layer.
    sheet : str, optional
        The only sheet (or layer) wanted.
    what : str
        The rule for a file that is not there.
    lines : bool
        Whether line ends within cells stay, where they part the items of a list.

    Yields
    ------
    Sheet
        Each sheet of a workbook; of a text file each reading with another delimiter, the likeliest first.

    Raises
    ------
    TableError
        If there is no such file, its kind is unknown, or it cannot be read.
    """
    _check_file(path, what)
    try:
        for one in _reader(path, sheet):
            yield _without_controls(one, lines=lines)
    except (OSError, MemoryError) as error:
        raise TableError("a table must be readable", f"{path.name}: {error}", "check the file") from error


def find_sheet(wanted: str, names: Iterable[str]) -> str | None:
    """Find a sheet by its name, as it stands in the file or as it is shown.

    Examples
    --------
    >>> find_sheet("2016 R", ["2016\\nR", "2017"]), find_sheet("2018", ["2017"])
    ('2016\\nR', None)
    """
    fits = [name for name in names if wanted in (name, without_controls(name))]
    return fits[0] if fits else None


def _without_controls(sheet: Sheet, *, lines: bool) -> Sheet:
    rows = [
        [without_controls(cell, lines=lines).strip() if isinstance(cell, str) else cell for cell in row]
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows, name=sheet.name and without_controls(sheet.name))


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


def _check_file(path: Path, what: str) -> None:
    try:
        found, folder = path.is_file(), path.is_dir()
    except OSError:  # a name longer than the file system allows
        found = folder = False
    if folder:
        raise TableError("a table is a file", f"the folder {path}", "name the file in it")
    if not found:
        received = (
            str(path) if len(str(path)) <= 120 else f"{str(path)[:100]}... ({len(str(path))} characters)"
        )
        raise TableError(what, f"{received}: no such file", "check the path")


def _reader(path: Path, sheet: str | None) -> Iterator[Sheet]:
    # Each reader loads its library only when its kind of file comes.
    suffix = path.suffix.lower()
    if suffix in EXCEL:
        from geo.data.workbook import read_workbook

        return read_workbook(path, sheet)
    if suffix in TEXT:
        from geo.data.textfile import read_text

        return read_text(path)
    if suffix in PARQUET:
        from geo.data.columnar import read_parquet

        return read_parquet(path)
    if suffix in LAYERS:
        from geo.data.columnar import read_layers

        return read_layers(path, sheet)
    known = ", ".join(sorted(EXCEL | TEXT | PARQUET | LAYERS))
    raise TableError(f"a table is one of {known}", path.name, "export it as CSV or Excel")
