"""Cells of a table file as text, whatever the file: delimiters, encodings and sheets end here."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from geo.errors import TableError

EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
TEXT = {".csv", ".tsv", ".txt"}
DELIMITERS = ";,\t|"

Rows = list[list[str]]


def read_cells(path: Path, sheet: str | None = None) -> Rows:
    """Read every row of a table file as text.

    Parameters
    ----------
    path : Path
        CSV, TSV, Excel or ODS.
    sheet : str, optional
        Sheet of a workbook; the first one with cells where not named.

    Raises
    ------
    TableError
        If there is no such file, its kind is unknown, or it cannot be read.
    """
    if not path.is_file():
        raise TableError("a table is a file or the name of a shipped study", str(path), "check the path")
    suffix = path.suffix.lower()
    if suffix in EXCEL:
        return _read_workbook(path, sheet)
    if suffix in TEXT:
        return _read_text(path)
    known = ", ".join(sorted(EXCEL | TEXT))
    raise TableError(f"a table is one of {known}", path.name, "export it as CSV or Excel")


def _read_text(path: Path) -> Rows:
    raw = path.read_bytes()
    if b"\0" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError("a text table holds text", f"{path.name}: binary content", "export it as CSV again")
    text = _decode(raw)
    lines = text.splitlines()
    delimiter = _delimiter(lines)
    return [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter)]


def _decode(raw: bytes) -> str:
    """Decode as what the bytes announce, else UTF-8, else what Windows offices write."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _delimiter(lines: list[str]) -> str:
    """Choose the mark that cuts most lines into the same number of cells, and into the most."""
    sample = [line for line in lines[:200] if line.strip()]

    def score(mark: str) -> int:
        widths = Counter(line.count(mark) for line in sample if mark in line)
        if not widths:
            return 0
        cuts, times = max(widths.items(), key=lambda item: item[0] * item[1])
        return cuts * times

    return max(DELIMITERS, key=score)


def _read_workbook(path: Path, sheet: str | None) -> Rows:
    try:
        book = CalamineWorkbook.from_path(path)
    except (CalamineError, OSError) as error:
        raise TableError(
            "a workbook must open", f"{path.name}: {error}", "save it again as .xlsx without a password"
        ) from error
    if sheet is not None and sheet not in book.sheet_names:
        raise TableError(
            "a sheet is one of " + ", ".join(map(repr, book.sheet_names)), repr(sheet), "name it with --sheet"
        )
    for name in [sheet] if sheet else book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        cells = [[_text(cell) for cell in row] for row in rows]
        if any(any(row) for row in cells):
            return cells
    return []


def _text(cell: object) -> str:
    """Write a cell as people see it: 12.0 is twelve."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).strip()
