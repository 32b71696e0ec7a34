"""Which column of a support inventory is which, and where its header stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from geo.controls import without_controls
from geo.data.cells import Sheet, shown
from geo.data.headers import SEARCH_DEPTH
from geo.data.roles import ROLES as TABLE_ROLES
from geo.data.roles import columns_by_role, tidy
from geo.errors import TableError

# Headers without accents and marks; what a parenthesis or a unit adds behind them does not matter.
_OWN: dict[str, str] = {
    "channel": r"(?:canal|channel|via|medio)(?: .*)?",
    "answer": r"(?:respuesta|answer|resultado|reply)(?: .*)?",
    "programme": r"(?:nombre (?:del? |de la )?)?(?:programa|program|programme|iniciativa)(?: .*)?",
    "needs": r"(?:necesidad|necesidades|need|needs)(?: .*)?",
    "provider": r"(?:proveedor|proveedora|provider|prestador|prestadora|ejecutor|ejecutora)(?: .*)?",
    "coordination": r"(?:coordinacion|coordination|coordina|coordinated)(?: .*)?",
    "staff": r"(?:(?:n|n°|numero|number) (?:de |of )?)?(?:personal|dotacion|profesionales|staff)(?: .*)?",
    "capacity": r"(?:capacidad|capacity|cupo|cupos|plazas|places)(?: .*)?",
    "source": r"(?:fuente|fuentes|source|sources)(?: .*)?",
    "date": r"(?:fecha|date)(?: .*)?",
}
ROLES = ("code", "name", *_OWN)


def find_columns(
    sheets: Iterable[Sheet], columns: Mapping[str, str], file: str
) -> tuple[Sheet, int, dict[str, int], list[str]]:
    """Find the sheet, the row below its header, the column of each role and the headers.

    Raises
    ------
    TableError
        If no row of the first thirty names areas and answers, or two columns claim one role.

    Examples
    --------
    >>> sheet = Sheet(rows=[["Apoyo"], ["Comuna", "Respuesta"], ["Arica", "sí"]], numbers=[1, 2, 3])
    >>> find_columns([sheet], {}, "apoyo.xlsx")[1:]
    (2, {'name': 0, 'answer': 1}, ['Comuna', 'Respuesta'])
    """
    unknown = [role for role in columns if role not in ROLES]
    if unknown:
        raise TableError(
            f"a column's role is one of {', '.join(ROLES)}", unknown[0], "use --inventory-column ROLE=HEADER"
        )
    seen: list[str] = []
    for sheet in sheets:
        for position, row in enumerate(sheet.rows[:SEARCH_DEPTH]):
            titles = [without_controls(shown(cell)) for cell in row]
            places, rivals = _places(titles, columns)
            named = places.keys() | rivals.keys()
            if "answer" in named and named & {"code", "name"}:
                _check_rivals(rivals, titles, file)
                _check_named(columns, places, file)
                return sheet, position + 1, places, titles
            seen = max(seen, titles, key=lambda cells: sum(map(bool, cells)))
    received = " | ".join(title for title in seen if title)[:120] or "none"
    raise TableError(
        "an inventory needs a column of areas (code or name) and one of answers",
        f"{file}: headers {received}",
        "name them: --inventory-column name=HEADER --inventory-column answer=HEADER",
    )


def _places(titles: list[str], columns: Mapping[str, str]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Give each role its column, own roles before those of areas, and what two columns claim alike."""
    words = [tidy(title) for title in titles]
    fits = {
        role: _named(titles, columns[role])
        if role in columns
        else [place for place, word in enumerate(words) if re.fullmatch(pattern, word)]
        for role, pattern in _OWN.items()
    }
    taken = {place for places in fits.values() for place in places}
    left = ["" if place in taken else title for place, title in enumerate(titles)]
    others: dict[str, int | None] = {role: None for role in TABLE_ROLES if role not in ("code", "name")}
    named = {role: _named(titles, columns[role]) for role in ("code", "name") if role in columns}
    settled = others | {role: places[0] if len(places) == 1 else None for role, places in named.items()}
    areas, rivals = columns_by_role(left, settled)
    single = {role: places[0] for role, places in fits.items() if len(places) == 1}
    return areas | single, rivals | {role: places for role, places in fits.items() if len(places) > 1}


def _named(titles: list[str], header: str) -> list[int]:
    """Columns of the header that the caller names; ``#3`` is the third, ``-`` none."""
    place = re.fullmatch(r"#([0-9]{1,5})", header)
    if place:
        return [int(place[1]) - 1] if 1 <= int(place[1]) <= len(titles) else []
    exact = [i for i, title in enumerate(titles) if title == header]
    return exact or [i for i, title in enumerate(titles) if tidy(title) and tidy(title) == tidy(header)]


def _check_rivals(rivals: Mapping[str, list[int]], titles: list[str], file: str) -> None:
    for role, places in rivals.items():
        named = ", ".join(repr(titles[place]) for place in places)
        raise TableError(
            f"one column holds the {role}",
            f"{file}: {named}",
            f"name one: --inventory-column {role}=#{places[0] + 1}",
        )


def _check_named(columns: Mapping[str, str], places: Mapping[str, int], file: str) -> None:
    lost = next((role for role, title in columns.items() if title != "-" and role not in places), None)
    if lost is not None:
        rule, received = "a named column must exist", f"{file}: {lost}={columns[lost]}"
        raise TableError(
            rule, received, "check the header's spelling, or name it by its place, for example #3"
        )
