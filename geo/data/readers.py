"""Which reader a table file is for, and its sheets as every reader gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from geo.controls import without_controls
from geo.data.cells import Sheet
from geo.errors import TableError

EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}


TEXT = {".csv", ".tsv", ".txt"}


PARQUET = {".parquet"}


LAYERS = {".gpkg", ".shp", ".dbf", ".geojson", ".json", ".fgb", ".kml", ".gml", ".sqlite", ".tab", ".mif"}


TABLE = "a table is a file or the name of a shipped study"


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


def _without_controls(sheet: Sheet, *, lines: bool) -> Sheet:
    rows = [
        [without_controls(cell, lines=lines).strip() if isinstance(cell, str) else cell for cell in row]
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows, name=sheet.name and without_controls(sheet.name))


def _check_file(path: Path, what: str) -> None:
    try:
        file, folder = path.is_file(), path.is_dir()
    except OSError:  # a name longer than the file system allows
        file = folder = False
    if folder:
        raise TableError("a table is a file", f"the folder {path}", "name the file in it")
    if not file:
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
