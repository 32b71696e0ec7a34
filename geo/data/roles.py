"""Which column is which: headers in Spanish and English recognised by the words in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from geo.data.cells import Rows
from geo.errors import TableError

# For each role, header beginnings that name it, the plainest first. A header is lower case without accents,
# its words joined by single spaces.
ROLES: dict[str, tuple[str, ...]] = {
    "code": ("cut", "codigo comuna", "cod comuna", "comuna cod", "codigo", "code", "area id", "geoid", "id"),
    "name": (
        "comuna",
        "commune",
        "nombre",
        "municipio",
        "municipality",
        "area",
        "name",
        "district",
        "county",
    ),
    "year": ("ano", "anio", "year"),
    "releases": ("egresos", "egresados", "releases", "casos", "cases", "events", "count", "total egresos"),
    "population": ("poblacion", "population", "habitantes", "inhabitants"),
    "rate": ("tasa", "rate"),
    "rank": ("ranking", "rank", "lugar", "n°"),
}
SEARCH_DEPTH = 30  # rows above the table in which titles may stand


def find_header(
    rows: Rows, columns: Mapping[str, str] | None = None, *, need: str = "releases"
) -> tuple[int, dict[str, int]]:
    """Find the header row and the column of each role.

    Parameters
    ----------
    rows : list of list of str
        The whole sheet; title rows may stand above the header.
    columns : mapping of role to header, optional
        Roles settled by the caller.
    need : str
        The role without which the table is of no use.

    Returns
    -------
    int
        Position of the header row.
    dict of str to int
        Position of each role's column.

    Raises
    ------
    TableError
        If no row names both areas and something counted, or a named column does not exist.

    Examples
    --------
    >>> find_header([["Egresos por comuna"], ["Comuna", "Egresos 2016"], ["Arica", "393"]])
    (1, {'name': 0, 'releases': 1})
    """
    best: tuple[int, dict[str, int]] = (0, {})
    for position, row in enumerate(rows[:SEARCH_DEPTH]):
        roles = _roles(row, columns or {})
        if len(roles) > len(best[1]):
            best = (position, roles)
    _check(best, rows, columns or {}, need)
    return best


def header_year(header: list[str]) -> int | None:
    """Give the one year that headers such as ``Egresos 2016`` name, if they agree.

    Examples
    --------
    >>> header_year(["commune", "releases_2016", "population_2016"])
    2016
    """
    years = {int(y) for cell in header for y in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", cell)}
    return years.pop() if len(years) == 1 else None


def _roles(row: list[str], settled: Mapping[str, str]) -> dict[str, int]:
    tidy = [_tidy(cell) for cell in row]
    found = {role: tidy.index(_tidy(header)) for role, header in settled.items() if _tidy(header) in tidy}
    for role, names in ROLES.items():
        for name in names:
            fits = [
                i for i, cell in enumerate(tidy) if re.match(rf"{name}\b", cell) and i not in found.values()
            ]
            if role not in found and fits:
                found[role] = fits[0]
    return found


def _check(best: tuple[int, dict[str, int]], rows: Rows, settled: Mapping[str, str], need: str) -> None:
    position, roles = best
    for role, header in settled.items():
        if role not in ROLES:
            raise TableError(
                "a column's role is one of " + ", ".join(ROLES), role, "use --column ROLE=HEADER"
            )
        if role not in roles:
            raise TableError(
                "a named column must exist", f"--column {role}={header}", "check the header's spelling"
            )
    counted = {"releases", "rate"} if need == "releases" else {need}
    if not {"code", "name"} & roles.keys() or not counted & roles.keys():
        shown = " | ".join(cell for cell in rows[position] if cell)[:120] if rows else "an empty table"
        raise TableError(
            f"a table needs a column of areas (code or name) and one of {need}",
            f"headers: {shown}",
            f"name them, for example --column name=Comuna --column {need}=HEADER",
        )


def _tidy(header: str) -> str:
    decomposed = unicodedata.normalize("NFKD", header.replace("º", "°"))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    return re.sub(r"[^a-z0-9°]+", " ", letters).strip()
