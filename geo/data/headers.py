"""Where a table begins: its header below title rows, of one line or two, and the sheet that has one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from geo.data.cells import Rows, Sheet, shown
from geo.data.roles import ESSENTIAL, ROLES, columns_by_role, tidy, years_in
from geo.errors import TableError

SEARCH_DEPTH = 30  # rows above the table in which titles may stand
_HEAD = re.compile(r"(?:(?:comuna|commune|codigo|code|nombre|name|cut|unico|territorial|\d{4}) ?)+")
COUNTED = {"releases": ("releases", "rate"), "population": ("population",)}


@dataclass(frozen=True, kw_only=True)
class Header:
    """What the rows above the table say."""

    body: int
    """Position of the first row below the header."""
    titles: list[str]
    """Header of each column, a second line joined to the first."""
    columns: dict[str, int] = field(default_factory=dict)
    """Position of each role's column."""
    rivals: dict[str, list[int]] = field(default_factory=dict)
    """Positions of columns that claim one role alike."""
    lost: tuple[str, ...] = ()
    """Roles whose named header this row does not have."""

    def usable(self, need: str) -> bool:
        """Whether areas and something counted are named, be it twice."""
        roles = self.columns.keys() | self.rivals.keys()
        counted = bool(roles & set(COUNTED[need]))
        return not self.lost and bool(roles & {"code", "name"}) and counted

    @property
    def year(self) -> int | None:
        """The one year that the headers of the values name."""
        for role in ("releases", "rate", "population"):
            years = years_in(self.titles[self.columns[role]]) if role in self.columns else set()
            if len(years) == 1:
                return years.pop()
        places = {self.columns[role] for role in ("code", "name", "region") if role in self.columns}
        others = set[int]().union(*(years_in(t) for i, t in enumerate(self.titles) if i not in places))
        return others.pop() if len(others) == 1 else None


def find_header(
    rows: Rows, columns: Mapping[str, str] | None = None, *, need: str = "releases", year: int | None = None
) -> Header:
    """Find the header and the column of each role; :func:`check_header` says what it lacks.

    Parameters
    ----------
    rows : list of list of Cell
        The whole sheet; title rows may stand above the header.
    columns : mapping of role to header, optional
        Roles settled by the caller: a header, ``#3`` for the third column, ``-`` for none.
    need : {"releases", "population"}
        What the table is read for.
    year : int, optional
        Settles which of several columns is meant, where their headers name years.

    Examples
    --------
    >>> rows = [["Egresos por comuna"], ["Comuna", "Egresos 2016"], ["Arica", "393"]]
    >>> header = find_header(rows)
    >>> header.body, header.columns, header.year
    (2, {'name': 0, 'releases': 1}, 2016)
    """
    best: Header | None = None
    for position in range(min(SEARCH_DEPTH, len(rows))):
        for body, titles in _readings(rows, position):
            header = _header(body, titles, columns or {}, need, year)
            if best is None or _merit(header, need) > _merit(best, need):
                best = header
    return best or Header(body=0, titles=[])


def check_header(header: Header, columns: Mapping[str, str], *, file: str, need: str) -> None:
    """Raise what keeps a header from being used."""
    for role, title in columns.items():
        if role not in ROLES:
            known = ", ".join(ROLES)
            raise TableError(f"a column's role is one of {known}", role, "use --column ROLE=HEADER")
        if role in header.lost:
            again = sum(tidy(t) == tidy(title) for t in header.titles) > 1
            rule = "a named column is one column" if again else "a named column must exist"
            remedy = "name it by its place, for example #3" if again else "check the header's spelling"
            raise TableError(rule, f"{file}: --column {role}={title}", remedy)
    if not header.usable(need):
        titles = " | ".join(title for title in header.titles if title)[:120] or "none"
        raise TableError(
            f"a table needs a column of areas (code or name) and one of {need}",
            f"{file}: headers {titles}",
            f"name them, for example --column name=Comuna --column {need}=HEADER",
        )
    for role in [role for role in ROLES if role in ESSENTIAL & header.rivals.keys()]:
        _raise_rivals(header, role, file)
    counted = header.titles[header.columns["releases"]] if "releases" in header.columns else ""
    if len(years_in(counted)) > 1 and "releases" not in columns:
        raise TableError(
            "counts are of one year",
            f"{file}: {counted!r}",
            f"if they are of one year all the same, say so: --column releases={counted!r}",
        )


def choose_sheet(
    sheets: Iterable[Sheet], columns: Mapping[str, str], *, file: str, need: str, year: int | None
) -> tuple[Sheet, Header, tuple[str, ...]]:
    """Take the sheet that holds a table, where only one does or the year tells.

    Returns
    -------
    Sheet
    Header
    tuple of str
        Other sheets that hold a table of something else, left aside.

    Raises
    ------
    TableError
        If none holds a table, or several might be meant; names them.
    """
    candidates: list[tuple[Sheet, Header]] = []
    for sheet in sheets:
        if not any(cell != "" for row in sheet.rows for cell in row):
            continue
        header = find_header(sheet.rows, columns, need=need, year=year)
        candidates.append((sheet, header))
        if sheet.delimiter is not None and header.usable(need):
            return sheet, header, ()
    if not candidates:
        raise TableError("a table has rows", f"{file}: none", "check the file")
    usable = [pair for pair in candidates if pair[1].usable(need)]
    if len(usable) > 1:
        return _among(usable, file, need, year)
    if not usable and len(candidates) > 1 and candidates[0][0].name is not None:
        names = ", ".join(repr(sheet.name) for sheet, _ in candidates)
        raise TableError(
            f"a sheet needs a column of areas (code or name) and one of {need}",
            f"{file}: sheets {names}, none with both",
            f"name the sheet and its columns: --sheet NAME --column name=HEADER --column {need}=HEADER",
        )
    return (*(usable or candidates)[0], ())


def _among(
    usable: list[tuple[Sheet, Header]], file: str, need: str, year: int | None
) -> tuple[Sheet, Header, tuple[str, ...]]:
    """Choose among sheets that all hold a table: by year, else by what they count."""
    of_year = [pair for pair in usable if year == pair[1].year or year in years_in(pair[0].name or "")]
    if year is not None and len(of_year) == 1:
        return (*of_year[0], ())
    counted = [{tidy(h.titles[h.columns[r]]) for r in COUNTED[need] if r in h.columns} for _, h in usable]
    plain = [any(_released(title) for title in titles) for titles in counted]
    named_years = {frozenset(years_in(sheet.name or "")) for sheet, _ in usable}
    if len(named_years) == 1 and sum(plain) <= 1 and all(a.isdisjoint(b) for a, b in pairwise(counted)):
        # The sheets count different things; the first, or the one of releases, is the table.
        place = plain.index(True) if any(plain) else 0
        others = tuple(str(sheet.name) for i, (sheet, _) in enumerate(usable) if i != place)
        return (*usable[place], others)
    names = ", ".join(repr(sheet.name) for sheet, _ in usable)
    raise TableError("a table is one sheet", f"{file}: tables in {names}", "name one with --sheet")


def _released(title: str) -> bool:
    return any(re.fullmatch(pattern, title) for pattern in ROLES["releases"][:2])


def _readings(rows: Rows, position: int) -> list[tuple[int, list[str]]]:
    """List the ways to read a header at one row: alone or over a second line, and under a first."""
    row = [shown(cell) for cell in rows[position]]
    below = [shown(cell) for cell in rows[position + 1]] if position + 1 < len(rows) else []
    if _second_line(row, below):
        # Read alone, the first of the columns that a merged cell covers would pass for all of them.
        return [(position + 2, _joined(_spread(row, below), below))]
    readings = [(position + 1, row)]
    if position:
        above = [shown(cell) for cell in rows[position - 1]]
        if sum(map(bool, above)) > 1:
            readings.append((position + 1, _joined(row, _spread(above, row))))
    return readings


def _second_line(above: list[str], below: list[str]) -> bool:
    """Say whether a row continues the header: words or years, none where the areas' names begin."""
    cells = [cell for cell in below if cell]
    if sum(map(bool, above)) < 2 or not cells:
        return False
    areas = columns_by_role(above, {})[0]
    places = [i for role, i in areas.items() if role in ("code", "name") and i < len(below)]
    named = any(below[i] and not _HEAD.fullmatch(tidy(below[i])) for i in places)
    beside = any(cell and i not in places for i, cell in enumerate(below))
    worded = all(re.search(r"[^\W\d_]{2}", cell) or re.fullmatch(r"(19|20)\d{2}", cell) for cell in cells)
    return bool(places) and beside and worded and not named


def _spread(upper: list[str], lower: list[str]) -> list[str]:
    """Repeat a merged cell over the columns that it covers."""
    spread, last = [], ""
    for place in range(max(len(upper), len(lower))):
        cell = upper[place] if place < len(upper) else ""
        below = lower[place] if place < len(lower) else ""
        last = cell or (last if below else "")
        spread.append(last)
    return spread


def _joined(first: list[str], second: list[str]) -> list[str]:
    width = max(len(first), len(second))
    pairs = zip(first + [""] * (width - len(first)), second + [""] * (width - len(second)), strict=True)
    return [" ".join(part for part in pair if part) for pair in pairs]


def _header(body: int, titles: list[str], columns: Mapping[str, str], need: str, year: int | None) -> Header:
    settled, lost = _settled(titles, columns)
    if need == "population":
        settled = {"releases": None, "rate": None, "rank": None, **settled}
    places, rivals = columns_by_role(titles, settled)
    if need not in places.keys() | rivals.keys() and need not in columns:
        rivals |= _bare_years(titles, places, need)
    header = Header(body=body, titles=titles, columns=places, rivals=rivals, lost=lost)
    return _by_year(header, year)


def _settled(titles: list[str], columns: Mapping[str, str]) -> tuple[dict[str, int | None], tuple[str, ...]]:
    settled: dict[str, int | None] = {}
    lost = []
    for role, title in columns.items():
        place = re.fullmatch(r"#(\d{1,5})", title)
        exact = [i for i, t in enumerate(titles) if t == title]
        alike = exact or [i for i, t in enumerate(titles) if tidy(t) == tidy(title) and tidy(t)]
        if title == "-":
            settled[role] = None
        elif place and 1 <= int(place[1]) <= len(titles):
            settled[role] = int(place[1]) - 1
        elif len(alike) == 1:
            settled[role] = alike[0]
        else:
            lost.append(role)
            settled[role] = None
    return settled, tuple(lost)


def _bare_years(titles: list[str], columns: Mapping[str, int], need: str) -> dict[str, list[int]]:
    """Find columns headed by nothing but a year, one per year of the value needed."""
    letters = "[a-z]?" if need == "population" else ""
    places = [
        i
        for i, title in enumerate(titles)
        if i not in columns.values() and re.fullmatch(rf"{letters}(?:19|20)\d{{2}}(?: 0)?", tidy(title))
    ]
    return {need: places} if places else {}


def _by_year(header: Header, year: int | None) -> Header:
    """Settle rivals by the year wanted, else by the year of the counts; codes by their newest vintage."""
    columns, rivals = dict(header.columns), dict(header.rivals)
    for role in [r for r in ROLES if r in rivals]:
        years = {i: years_in(header.titles[i]) for i in rivals[role]}
        wanted = year
        if role == "code":
            wanted = max((y for named in years.values() for y in named), default=None)
        elif wanted is None and role in ("population", "rate") and "releases" in columns:
            named = years_in(header.titles[columns["releases"]])
            wanted = named.pop() if len(named) == 1 else None
        fits = [i for i, named in years.items() if wanted in named]
        if len(fits) == 1 or len(years) == 1:
            columns[role] = fits[0] if fits else next(iter(years))
            del rivals[role]
    return Header(body=header.body, titles=header.titles, columns=columns, rivals=rivals, lost=header.lost)


def _merit(header: Header, need: str) -> tuple[bool, int, int]:
    """Prefer what can be used, then more roles, then fewer rivals."""
    return header.usable(need), len(header.columns) + len(header.rivals), -len(header.rivals)


def _raise_rivals(header: Header, role: str, file: str) -> None:
    titles = [header.titles[i] for i in header.rivals[role]]
    named = ", ".join(repr(title) for title in titles[:6]) + (", ..." if len(titles) > 6 else "")
    years = all(years_in(title) for title in titles) and len(set(titles)) == len(titles)
    example = titles[0] if len(set(titles)) == len(titles) else f"#{header.rivals[role][0] + 1}"
    remedy = (
        f"name one: --column {role}={example!r}" if " " in example else f"name one: --column {role}={example}"
    )
    raise TableError(
        f"one column holds the {role}",
        f"{file}: {named}",
        remedy + (", or the year: --year" if years else ""),
    )
