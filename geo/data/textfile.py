"""Text tables: what the bytes say, which mark cuts the cells, and where each row began."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from geo.data.cells import Cell, Sheet
from geo.errors import TableError

DELIMITERS = ";,\t|"
_HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line
_PAGE = re.compile(r"\s*<(!doctype|html|\?xml|table|head|body)\b", re.IGNORECASE)


def read_text(path: Path) -> Iterator[Sheet]:
    """Read a text table once per delimiter that occurs in it, the likeliest first."""
    text = decode(path.read_bytes(), path.name)
    if _PAGE.match(text):
        raise TableError(
            "a text table holds rows of cells",
            f"{path.name}: a web page or XML",
            "download the file itself, or open this one in a spreadsheet and save it as .xlsx",
        )
    hint = _HINT.match(text)
    marks = [hint[1]] if hint else _delimiters(text)
    faults: dict[str, TableError] = {}
    for mark in marks:
        try:
            sheet = _parse(text, mark, path.name, skip=1 if hint else 0)
        except TableError as error:
            faults[mark] = error
        else:
            yield sheet
    # Whoever still asks found no table in any reading; what is wrong with the likeliest one says why.
    if marks[0] in faults:
        raise faults[marks[0]]


def decode(raw: bytes, name: str) -> str:
    """Decode as what the bytes announce, else UTF-8, else what Windows offices write.

    Raises
    ------
    TableError
        If the bytes are no text, or not the text that they announce.

    Examples
    --------
    >>> decode("Ñuñoa".encode("cp1252"), "table.csv"), decode("Ñuñoa".encode("utf-16"), "table.csv")
    ('Ñuñoa', 'Ñuñoa')
    """
    encoding = _encoding(raw)
    try:
        text = raw.decode(encoding) if encoding else _eight_bits(raw)
    except UnicodeDecodeError as error:
        raise TableError(
            "a text table is whole", f"{name}: {encoding}, damaged at byte {error.start}", "export it again"
        ) from error
    if "\0" in text:
        raise TableError("a text table holds text", f"{name}: binary content", "export it as CSV again")
    return text


def _encoding(raw: bytes) -> str | None:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = raw[0:2000:2].count(0), raw[1:2000:2].count(0)
    # Without its mark, UTF-16 of western text still shows: every other byte is zero.
    if len(raw) >= 4 and max(even, odd) > 0.4 * len(raw[:2000]) / 2 and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return None


def _eight_bits(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _delimiters(text: str) -> list[str]:
    """Order the marks by how many cells they cut, the same number in most lines."""
    sample = [line for line in text[:200_000].splitlines()[:200] if line.strip()]

    def score(mark: str) -> int:
        widths = Counter(line.count(mark) for line in sample if mark in line)
        if not widths:
            return 0
        cuts, times = max(widths.items(), key=lambda item: item[0] * item[1])
        return cuts * times

    marks = sorted(DELIMITERS, key=score, reverse=True)
    return [mark for mark in marks if score(mark)] or marks[:1]


def _parse(text: str, mark: str, name: str, *, skip: int) -> Sheet:
    """Cut the text into cells; the line on which a row began is its number, whatever its cells hold."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    rows: list[list[Cell]] = []
    numbers: list[int] = []
    begun = 0
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            numbers.append(begun + 1)
            begun = reader.line_num
    except csv.Error as error:
        raise _fault(error, name, begun + 1) from error
    return Sheet(rows=rows[skip:], numbers=numbers[skip:], delimiter=mark)


def _fault(error: csv.Error, name: str, row: int) -> TableError:
    if "field limit" in str(error):
        return TableError(
            f"a cell holds at most {csv.field_size_limit():,} characters",
            f"{name}, row {row}: more",
            "look for a quote that is not closed",
        )
    return TableError(
        "a quote that opens a cell closes it",
        f"{name}, row {row}: a cell with a stray or unclosed quote",
        "close it, or write a quote within a cell twice",
    )
