"""A support inventory: what meets the people who return, commune by commune, programme by programme.

One row per commune, channel and programme: what was answered, which needs the programme serves, who runs it,
whether it works with the prison service, its staff, how many people it can take in a year. What a row leaves
open stays open: it is never read as zero or as no.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.controls import without_controls
from geo.data.answers import (
    ANSWERS,
    CHANNELS,
    COORDINATION,
    NEEDS,
    PROVIDERS,
    read_code,
    read_date,
    read_needs,
)
from geo.data.cells import Sheet, shown
from geo.data.inventorycolumns import ROLES, find_columns
from geo.data.numbers import NumberColumn, as_frame, parse_counts, parse_rates
from geo.data.readers import read_sheets
from geo.errors import TableError
from geo.files.fingerprint import fingerprint
from geo.model.programmes import Inventory, InventoryFile, InventorySource
from geo.model.tables import Finding
from geo.register.identity import FOREIGN, UNKNOWN, Identity, identify, suggestions

_CODED = {"channel": CHANNELS, "answer": ANSWERS, "provider": PROVIDERS, "coordination": COORDINATION}
_TEXTS = ("programme", "source")
LISTED = ["row", "code", "name", "reason"]
COLUMNS = [
    *("row", "area_id", "name", "channel", "answer", "programme", "needs", "provider", "coordination"),
    *("staff", "capacity_low", "capacity_high", "source", "date", "contradicted"),
]


def read_inventory(
    path: str | PathLike[str],
    *,
    areas: pd.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
) -> Inventory:
    """Read a support inventory: what municipalities and others answered, and what they offer.

    Headers and words are understood in Spanish and English; ``docs/support.md`` lists them. Areas are found
    as in :func:`geo.read_table`, by code first, else by name.

    Parameters
    ----------
    path : path
        CSV, TSV, Excel, ODS, Parquet or a layer.
    areas : DataFrame, optional
        The areas of a map, index ``area_id`` and ``area_name``, for places that are not Chilean communes;
        a frame with the register's ``cut`` is one of communes.
    columns : mapping of role to header, optional
        Which header is the ``code``, ``name``, ``channel``, ``answer``, ``programme``, ``needs``,
        ``provider``, ``coordination``, ``staff``, ``capacity``, ``source`` or ``date``, where it does not
        say so itself.
    decimal : {".", ","}, optional
        Decimal mark, where a column of numbers can be read two ways.
    sheet : str, optional
        Sheet of a workbook; otherwise the first that holds an inventory.

    Returns
    -------
    Inventory

    Raises
    ------
    TableError
        If the file cannot be read, lacks a column, or holds a word or number that means nothing here; names
        file, row and value.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "apoyo.csv"
    >>> lines = ["Comuna;Canal;Respuesta;Necesidades;Cupos", "Quillota;teléfono;sí;empleo, vivienda;20-30"]
    >>> _ = file.write_text("\\n".join([*lines, "Arica;web;;;"]), encoding="utf-8")
    >>> inventory = read_inventory(file)
    >>> inventory.rows[["area_id", "channel", "answer", "needs", "capacity_low"]].values.tolist()
    [['05501', 'telephone', 'yes', ('housing', 'education_employment'), 20]]
    >>> inventory.listed[["row", "name", "reason"]].values.tolist()
    [[3, 'Arica', 'not asked']]
    """
    file = Path(path)
    sheets = read_sheets(file, sheet, what="an inventory of support is a table file", lines=True)
    named = {role: without_controls(header) for role, header in (columns or {}).items()}
    chosen, start, places, titles = find_columns(sheets, named, file.name)
    cells = _cells(chosen, start, places, file.name)
    identity = identify(cells["code"], cells["name"], areas)
    cells["area_id"] = identity.ids
    reason = _reasons(cells, identity, areas)
    kept = _typed(cells[reason.isna()], file.name, decimal)
    older = _older(kept, file.name)
    apart = [cells.assign(reason=reason).dropna(subset=["reason"]), older]
    listed = pd.concat([part[part.columns.intersection(LISTED)].astype(object) for part in apart])
    rows = kept.drop(index=older.index)
    rows["contradicted"] = _contradicted(rows)
    inventory = Inventory(
        rows=rows[COLUMNS].reset_index(drop=True),
        listed=_listed(listed, identity, areas),
        source=without_controls(file.name),
        columns={role: titles[place] for role, place in places.items()},
        findings=(*_unused(identity), *_findings(rows)),
        sheet=chosen.name,
        file=InventoryFile(path=path, columns=columns, decimal=decimal, sheet=sheet),
        sha256=fingerprint(file),
    )
    return replace(inventory, digest=digest(inventory))


def inventory_of(source: InventorySource, areas: pd.DataFrame) -> Inventory:
    """Give an inventory as it may be given to a run: read already, or read now for the areas of a map."""
    if isinstance(source, Inventory):
        return source
    file = source if isinstance(source, InventoryFile) else InventoryFile(path=source)
    how = {"decimal": file.decimal, "sheet": file.sheet}
    return read_inventory(file.path, areas=areas, columns=file.columns, **how)


def digest(inventory: Inventory) -> str:
    """Hash the rows of an inventory, those set aside among them."""
    rows = [part.to_json(orient="split", default_handler=str) for part in (inventory.rows, inventory.listed)]
    return sha256("".join(rows).encode()).hexdigest()


def _cells(sheet: Sheet, start: int, places: Mapping[str, int], file: str) -> pd.DataFrame:
    """Cells by role, one row per row that holds anything; a role without a column is blank throughout."""
    rows: list[list[Any]] = []
    for number, row in zip(sheet.numbers[start:], sheet.rows[start:], strict=True):
        if any(shown(cell) for cell in row):
            rows.append(
                [number, *(row[places[r]] if places.get(r, len(row)) < len(row) else "" for r in ROLES)]
            )
    if not rows:
        raise TableError("an inventory has rows below its header", f"{file}: none", "check the file")
    frame = pd.DataFrame(rows, columns=["row", *ROLES], dtype=object)
    for role in ROLES:
        if role != "needs":  # a list, whose items stand on lines of their own
            frame[role] = [without_controls(cell) if isinstance(cell, str) else cell for cell in frame[role]]
    frame["code"], frame["name"] = frame["code"].map(shown), frame["name"].map(shown)
    return frame


def _reasons(cells: pd.DataFrame, identity: Identity, areas: pd.DataFrame | None) -> pd.Series:
    """Say why a row is not in the inventory; missing where it is."""
    reason = pd.Series(pd.NA, index=cells.index, dtype="string")
    silent = cells["answer"].map(lambda cell: read_code(cell, ANSWERS) == "").astype(bool)
    nameless = cells["code"].eq("") & cells["name"].eq("")
    reason = reason.mask(silent, "not asked")
    if areas is not None:
        reason = reason.mask(~cells["area_id"].isin(areas.index), "not on this map")
    reason = identity.reason.fillna(reason)
    return reason.mask(nameless, "no area named").mask(
        silent & identity.reason.eq(UNKNOWN).fillna(False), "note"
    )


def _typed(cells: pd.DataFrame, file: str, decimal: str | None) -> pd.DataFrame:
    """Read every cell of the rows kept as what its role says."""
    frame = cells[["row", "area_id", "name"]].assign(
        name=cells["name"].where(cells["name"].ne(""), cells["code"])
    )

    def column(role: str, called: str | None = None) -> NumberColumn:
        return NumberColumn(role=called or role, cells=list(cells[role]), rows=list(cells["row"]), file=file)

    for role, words in _CODED.items():
        frame[role] = _coded(column(role), words, cells.index)
    for role in _TEXTS:
        texts = cells[role].map(shown)
        frame[role] = texts.where(texts.ne(""), pd.NA).astype("string")
    frame["needs"] = _needs(column("needs"), cells.index)
    frame["date"] = _dates(column("date"), cells.index)
    frame["staff"] = parse_rates(column("staff", "number of staff"), decimal=decimal)
    places = parse_counts(column("capacity", "places"), decimal=decimal)
    frame[["capacity_low", "capacity_high"]] = as_frame(places, cells.index)
    return frame


def _coded(column: NumberColumn, words: Mapping[str, str], index: pd.Index) -> pd.Series:
    codes = [read_code(cell, words) for cell in column.cells]
    if None in codes:
        known = ", ".join(words)
        remedy = "write one of them, or leave the cell blank where it is not known"
        raise column.fault(codes.index(None), f"{column.role} is one of {known}", remedy)
    return pd.Series([code or pd.NA for code in codes], index=index, dtype="string")


def _needs(column: NumberColumn, index: pd.Index) -> pd.Series:
    needs = [read_needs(cell) for cell in column.cells]
    for place, item in enumerate(needs):
        if isinstance(item, str):
            rule = f"a need is one of {', '.join(NEEDS)}; {item!r} is none"
            raise column.fault(
                place, rule, "separate needs by semicolons; leave the cell blank where unknown"
            )
    return pd.Series(needs, index=index, dtype=object)


def _dates(column: NumberColumn, index: pd.Index) -> pd.Series:
    dates = [read_date(cell) for cell in column.cells]
    if None in dates:
        rule = "a date is a year, a month or a day: 2016, 2016-03, 2016-03-05 or 05-03-2016"
        raise column.fault(dates.index(None), rule)
    return pd.Series([date or pd.NA for date in dates], index=index, dtype="string")


def _older(rows: pd.DataFrame, file: str) -> pd.DataFrame:
    """Find the answers that a later one of the same commune, channel and programme replaces."""
    older = []
    keys = rows[["area_id", "channel", "programme"]].fillna("")
    for _, same in rows.groupby([keys[name] for name in keys], sort=False):
        if len(same) == 1:
            continue
        dates = same["date"].fillna("")
        last = same[dates.eq(dates.max())]
        # Dates of unequal precision (2016, 2016-03) say no order where one begins with the other.
        vague = any(dates.max().startswith(day) for day in dates.drop(index=last.index))
        if len(last) > 1 or vague:
            numbers = ", ".join(str(row) for row in same["row"])
            raise TableError(
                "an inventory has one row for each commune, channel and programme, or a date for each",
                f"{file}, rows {numbers}: {same['name'].iloc[0]!r}",
                "name the programmes, date the answers, or merge the rows",
            )
        older.append(same.drop(index=last.index))
    return pd.concat(older).assign(reason="older answer") if older else rows[:0].assign(reason="")


def _listed(rows: pd.DataFrame, identity: Identity, areas: pd.DataFrame | None) -> pd.DataFrame:
    name = rows["name"].where(rows["name"].ne("") | ~rows.get("code", rows["name"]).ne(""), rows.get("code"))
    # What is listed for another reason than its area needs no other area.
    lost = rows["reason"].isin([UNKNOWN, FOREIGN])
    nearest = suggestions(identity, name).where(lost, "").astype(object)
    frame = pd.DataFrame({"row": rows["row"], "name": name, "reason": rows["reason"], "nearest": nearest})
    return frame.astype({"row": int}).sort_values("row", kind="stable").reset_index(drop=True)


def _contradicted(rows: pd.DataFrame) -> pd.Series:
    """Mark claims and denials of one thing: in one area, of programmes and providers not known to be two.

    A website that shows no programme denies nothing.
    """
    contradicted = np.zeros(len(rows), dtype=bool)
    claims, denials = rows[rows["answer"].eq("yes")], rows[rows["answer"].eq("no") & _asked(rows)]
    for place, claim in claims[claims["area_id"].isin(denials["area_id"])].iterrows():
        against = denials[denials["area_id"].eq(claim["area_id"])]
        for role in ("programme", "provider"):
            if pd.notna(claim[role]):
                against = against[against[role].isna() | against[role].eq(claim[role])]
        if len(against):
            contradicted |= rows.index.isin([place, *against.index])
    return pd.Series(contradicted, index=rows.index)


def _asked(rows: pd.DataFrame) -> pd.Series:
    """Say which rows tell what somebody said, and not what a website shows."""
    return rows["channel"].ne("web").fillna(True).astype(bool)


def _unused(identity: Identity) -> Iterator[Finding]:
    """A column of codes that are those of other areas."""
    if identity.codes_unused is not None:
        yield Finding(kind="codes_unused", rows=(), areas=(), values={"share": identity.codes_unused})


def _findings(rows: pd.DataFrame) -> Iterator[Finding]:
    """Answers against answers, places where there is said to be nothing, a programme of two capacities."""
    for _, same in rows[rows["contradicted"]].groupby("area_id", sort=False):
        yield _finding("contradicted", same)
    nothing = rows["answer"].eq("no") & rows["capacity_high"].gt(0).fillna(False)
    for place, row in rows[nothing].iterrows():
        yield _finding("places_without_programme", rows.loc[[place]], places=int(row["capacity_high"]))
    named = rows[rows["answer"].eq("yes") & rows["programme"].notna() & rows["capacity_low"].notna()]
    for (_, programme), same in named.groupby(["area_id", "programme"], sort=False):
        if len(same[["capacity_low", "capacity_high"]].drop_duplicates()) > 1:
            low, high = int(same["capacity_low"].min()), int(same["capacity_high"].max())
            yield _finding("capacity_differs", same, programme=str(programme), low=low, high=high)


def _finding(kind: str, rows: pd.DataFrame, **values: float | str) -> Finding:
    where = tuple(sorted(int(row) for row in rows["row"]))
    return Finding(kind=kind, rows=where, areas=tuple(rows["name"].drop_duplicates()), values=values)
