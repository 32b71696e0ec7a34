"""Excel and ODS workbooks as sheets of typed cells."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from python_calamine import CalamineWorkbook

from geo.data.cells import Cell, Sheet, find_sheet
from geo.data.textfile import decode
from geo.errors import TableError

MAX_BYTES = 1_000_000_000  # unpacked; a workbook of every commune and year is a hundredth of this
MAX_CELLS = 20_000_000  # of one sheet, blank ones included: they are laid out in memory as a full grid
_ROW, _RUN = re.compile(rb"<table:table-row\b"), re.compile(rb"<table:(?:covered-)?table-cell\b")
_REPEAT = re.compile(rb'number-(?:rows|columns)-repeated="([0-9]{1,9})"')
_PLACED = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^<>]*?\sr\s*=\s*["']([^"'<>]*)["']""")
_PLACE = re.compile(rb"([A-Za-z]{0,3})([0-9]{1,7})")


def read_workbook(path: Path, sheet: str | None) -> Iterator[Sheet]:
    """Read the sheets of a workbook that hold anything."""
    with _guarded(path):
        _check_size(path)
        book = CalamineWorkbook.from_path(path)
    chosen = None if sheet is None else find_sheet(sheet, book.sheet_names)
    if sheet is not None and chosen is None:
        names = ", ".join(map(repr, book.sheet_names))
        raise TableError(f"a sheet is one of {names}", repr(sheet), "name it with --sheet")
    for name in [chosen] if chosen is not None else book.sheet_names:
        with _guarded(path):
            grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        rows = [[_cell(cell) for cell in row] for row in grid]
        if any(cell != "" for row in rows for cell in row):
            yield Sheet(rows=rows, numbers=list(range(1, len(rows) + 1)), name=name)


@contextmanager
def _guarded(path: Path) -> Iterator[None]:
    """Turn whatever a reader raises into an error that names the file."""
    try:
        yield
    except TableError:
        raise
    except BaseException as error:
        # The reader is compiled; what it did not foresee arrives as a panic, which is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise _broken(error, path) from error


def _broken(error: BaseException, path: Path) -> TableError:
    head = path.read_bytes()[:4096]
    remedy = "save it again as .xlsx without a password"
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    if path.suffix.lower() == ".xls" and not head.startswith((b"\xd0\xcf", b"PK")) and _is_text(head):
        reason = "text inside, no workbook"
        remedy = "rename it to .csv, or open it in Excel and save it as .xlsx"
    return TableError("a workbook must open", f"{path.name}: {reason}", remedy)


def _is_text(raw: bytes) -> bool:
    try:
        decode(raw, "")
    except TableError:
        return False
    return True


def _cell(cell: object) -> Cell:
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, (int, float)):
        return cell
    if isinstance(cell, date):  # datetimes too
        return cell
    return str(cell).strip()


def _check_size(path: Path) -> None:
    """Refuse archives that unpack to more than a table can be, and cells that stretch a sheet to nothing."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > MAX_BYTES:
            raise TableError(
                f"a workbook unpacks to at most {MAX_BYTES:,} bytes",
                f"{path.name}: {size:,}",
                "save the one sheet that matters as CSV",
            )
        for name in archive.namelist():
            if name == "content.xml":
                _check_repeats(archive.read(name), path.name)
            elif b"sheetData" in (xml := archive.read(name)):
                _check_extent(xml, path.name)


def _check_extent(xml: bytes, name: str) -> None:
    """Measure a sheet of Excel by the places of its cells; a place off the sheet would stretch it too."""
    width = height = 0
    for tag in _PLACED.finditer(xml):
        place = _PLACE.fullmatch(tag[1])
        if place is None:
            raise TableError(
                "a cell of a workbook has a place such as B12",
                f"{name}: {tag[1][:40].decode('utf-8', errors='replace')!r}",
                "open the workbook in a spreadsheet and save it again",
            )
        column = 0
        for letter in place[1].upper():
            column = column * 26 + letter - 64
        width, height = max(width, column), max(height, int(place[2]))
    _refuse_extent(height, width, name)


def _check_repeats(xml: bytes, name: str) -> None:
    """Measure the sheets of an ODS file, which writes runs of rows and cells as one with a number."""
    width = height = below = 0
    for row in _ROW.split(xml)[1:]:
        head, *cells = _RUN.split(row)
        reach = column = 0
        for cell in cells:
            column += _times(cell)
            reach = column if b"value-type" in cell.partition(b">")[0] else reach
        below += _times(head)
        width, height = max(width, reach), below if reach else height
    _refuse_extent(height, width, name)


def _times(tag: bytes) -> int:
    match = _REPEAT.search(tag.partition(b">")[0])
    return int(match[1]) if match else 1


def _refuse_extent(height: int, width: int, name: str) -> None:
    if width * height > MAX_CELLS:
        raise TableError(
            f"a sheet spans at most {MAX_CELLS:,} cells",
            f"{name}: {height:,} rows by {width:,} columns",
            "delete the stray cells far below or to the right of the table",
        )
