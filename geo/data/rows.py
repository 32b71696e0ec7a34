"""Which rows are areas: totals and notes are set aside, an area without a number is not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from geo.data.cells import Cell, Sheet, shown
from geo.data.headers import Header
from geo.data.numbers import NumberColumn
from geo.data.roles import tidy
from geo.errors import TableError
from geo.register.missing import MISSING
from geo.register.registers import MOSTLY, known_areas, known_names

_TOTAL = re.compile(r"(?:gran |grand |sub |sub)?total(?:es)?(?: .*)?")
_REGION = re.compile(r"(?:[ivx]+ )?region(?: .*)?|provincia de .*")
# Names that an area abroad may bear: totals only where no code says otherwise.
_WHOLE = re.compile(
    r"(?:suma|sum|promedio|media|average|mean)(?: total)?|(?:todo el )?pais|(?:nivel )?nacional"
    r"|(?:republica de )?chile|national|all|todas|todos"
)
_NOTE = re.compile(
    r"(?:fuentes?|notas?|source|notes?|elaboracion|elaborado|observacion(?:es)?|cifras|datos|los datos)\b.*"
)
VALUES = ("releases", "population", "rate", "rank")


def body(sheet: Sheet, header: Header, file: str) -> pd.DataFrame:
    """Cells below the header by role, blank rows left out.

    Returns
    -------
    DataFrame
        ``row``, ``code`` and ``name`` as text, ``label`` (what a row without either is called in another
        column), and a column of cells per role that the table has.
    """
    roles = header.columns
    cells = []
    for number, row in zip(sheet.numbers[header.body :], sheet.rows[header.body :], strict=True):
        if not any(cell != "" for cell in row):
            continue
        if sheet.delimiter is not None:
            _check_width(row, header, number, file)
        cells.append([number, _label(row, roles), *(row[i] if i < len(row) else "" for i in roles.values())])
    frame = pd.DataFrame(cells, columns=["row", "label", *roles], dtype=object)
    _check_above(sheet, header, file)
    for role in ("code", "name"):
        frame[role] = [shown(cell) for cell in frame[role]] if role in roles else [""] * len(frame)
    return _named_by_code(frame, roles)


def reasons(body: pd.DataFrame, header: Header) -> pd.Series:
    """Say why a row is no area: ``total``, ``note`` or ``no area named``; missing where it is one.

    The register is asked first: what it knows is an area, whatever its name begins with.
    """
    name = body["name"].where(body["name"].ne(""), body["code"])
    label = name.where(name.ne(""), body["label"])
    coded = body["code"].str.contains(r"[0-9]") & ~body["code"].str.fullmatch(r"0+|9{2,}")
    by_name = known_names(body["name"])
    known = known_areas(body["code"], body["name"])
    words = label.map(tidy)
    numbered = _numbered(body)
    total = _fits(words, _TOTAL) & ~by_name
    region = _fits(words, _REGION) & ~known
    # Where a register knows most rows, the others without a number are notes; elsewhere what reads like one.
    asked = known[numbered & ~total & ~region]
    registered = bool(asked.mean() >= MOSTLY) if len(asked) else bool(known.any())
    likely = (_fits(words, _NOTE) | words.str.len().gt(60)) & ~coded
    total |= (_fits(words, _WHOLE) & ~known & ~coded) | (region & registered)
    note = ~numbered & ~known & (likely | registered) | _again(body, header)
    reason = pd.Series(pd.NA, index=body.index, dtype="string")
    reason = reason.mask((name == "") & numbered, "no area named").mask((name == "") & ~numbered, "note")
    return reason.mask(note, "note").mask(total, "total")


def set_aside(body: pd.DataFrame, reason: pd.Series) -> pd.DataFrame:
    """Keep what a row said that is no area, its count where it has one."""
    name = body["name"].where(body["name"].ne(""), body["code"])
    name = name.where(name.ne(""), body["label"])
    kept = body.assign(row=body["row"].astype(int), name=name, reason=reason)
    return kept[["row", "name", "low", "high", "reason"]].reset_index(drop=True)


def column(body: pd.DataFrame, role: str, file: str) -> NumberColumn:
    """Take one role's cells with their row numbers; blank throughout where the table has no such column."""
    cells = list(body[role]) if role in body else [""] * len(body)
    return NumberColumn(role=role, cells=cells, rows=[int(row) for row in body["row"]], file=file)


def _label(row: Sequence[Cell], roles: Mapping[str, int]) -> str:
    """Find what a row is called outside the columns of values: the first cell with letters."""
    values = {roles[role] for role in VALUES if role in roles}
    texts = (shown(cell) for i, cell in enumerate(row) if i not in values)
    return next((text for text in texts if re.search(r"[^\W\d_]{2}", text)), "")


def _fits(words: pd.Series, pattern: re.Pattern[str]) -> pd.Series:
    return words.map(lambda text: bool(pattern.fullmatch(text))).astype(bool)


def _check_above(sheet: Sheet, header: Header, file: str) -> None:
    """Refuse a table that begins above the header chosen: its first rows would be lost."""
    place = header.columns.get("name", header.columns.get("code"))
    counted = [header.columns[role] for role in VALUES[:3] if role in header.columns]
    if place is None:
        return
    for number, row in zip(sheet.numbers, sheet.rows[: header.body - 1], strict=False):
        cells = [shown(cell) for cell in row]
        named = len(cells) > place and known_names(pd.Series([cells[place]], dtype=object)).any()
        if named and any(i < len(cells) and re.match(r"[<≤]?\s*[0-9]", cells[i]) for i in counted):
            below = sheet.numbers[header.body - 1]
            raise TableError(
                "a table begins below its header",
                f"{file}, row {number}: {cells[place]!r} above the header in row {below}",
                "give the first rows the same header, or remove the second one",
            )


def _check_width(row: Sequence[object], header: Header, number: int, file: str) -> None:
    extra = [cell for cell in row[len(header.titles) :] if cell != ""]
    if extra:
        raise TableError(
            "a row has as many cells as the header",
            f"{file}, row {number}: {len(row)} of {len(header.titles)}, the last {extra[-1]!r}",
            "a decimal or thousands comma may cut a number in two: export with semicolons",
        )


def _named_by_code(frame: pd.DataFrame, roles: Mapping[str, int]) -> pd.DataFrame:
    """Move numbers that stand under ``Comuna`` to where codes are looked for."""
    filled = frame.loc[frame["name"].ne(""), "name"]
    if "code" in roles or filled.empty or filled.str.fullmatch(r"[0-9]{4,5}").mean() < 0.5:
        return frame
    codes = frame["name"].str.fullmatch(r"[0-9]{1,5}")
    return frame.assign(code=frame["name"].where(codes, ""), name=frame["name"].where(~codes, ""))


def _numbered(body: pd.DataFrame) -> pd.Series:
    """Say which rows hold a number, or what ought to be one."""
    filled = pd.Series(False, index=body.index)
    for role in VALUES:
        if role in body:
            filled |= body[role].map(lambda cell: shown(cell).lower() not in MISSING).astype(bool)
    return filled


def _again(body: pd.DataFrame, header: Header) -> pd.Series:
    """Find headers repeated within the table, as at the top of each printed page, and columns counted off."""
    roles = [role for role in ("name", "code", *VALUES) if role in body and role in header.columns]
    titles = {role: tidy(header.titles[header.columns[role]]) for role in roles}

    def same(row: pd.Series) -> bool:
        texts = {role: shown(row[role]) for role in roles}
        repeated = all(tidy(text) == titles[role] for role, text in texts.items())
        return repeated or all(re.fullmatch(r"\([0-9]{1,2}\)", text) for text in texts.values())

    return (
        body.apply(same, axis=1).astype(bool) if roles and len(body) else pd.Series(False, index=body.index)
    )
