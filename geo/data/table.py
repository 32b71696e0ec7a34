"""A table of counts by area, read from a file as offices send it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Literal

import pandas as pd

from geo.data.cells import Rows, read_cells
from geo.data.numbers import Count, parse_count, parse_reals
from geo.data.roles import find_header, header_year
from geo.errors import TableError

TOTALS = ("total", "suma", "sum", "pais", "país", "nacional", "chile", "promedio", "average")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of a table, and the rows that are none."""

    rows: pd.DataFrame
    """One row per row kept: ``row`` (line in the file, 1 first), ``code`` and ``name`` (text, as printed),
    ``year``, ``low`` and ``high`` (the count as an interval, Int64), ``population`` (Int64), ``rate``,
    ``rank``; columns the file does not have are missing throughout."""
    listed: pd.DataFrame
    """Rows set aside: ``row``, ``name``, ``low``, ``high`` and ``reason``."""
    source: str
    """Name of the file."""


def read_table(
    path: str | PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    need: Literal["releases", "population"] = "releases",
) -> Table:
    """Read a table of counts by area.

    Title rows above the header, totals and notes below the table, thousands marks, intervals (``<5``) and
    the encodings and delimiters of office files are understood; see :mod:`geo.data.numbers`.

    Parameters
    ----------
    path : path
        CSV, TSV, Excel or ODS file.
    columns : mapping of role to header, optional
        Which header is the ``code``, ``name``, ``year``, ``releases``, ``population``, ``rate`` or ``rank``,
        where the header does not say so itself.
    decimal : {".", ","}, optional
        Decimal mark of rates, where the column can be read two ways.
    sheet : str, optional
        Sheet of a workbook.
    need : {"releases", "population"}
        What the table is read for.

    Returns
    -------
    Table

    Raises
    ------
    TableError
        If the file cannot be read, lacks a column, or holds a count that is no count; names the row.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "egresos.csv"
    >>> _ = file.write_text("Comuna;Egresos 2016;Población\\nVALPARAISO;599;295.731\\nTotal;599;295.731")
    >>> table = read_table(file)
    >>> table.rows[["row", "name", "year", "low", "population"]].values.tolist()
    [[2, 'VALPARAISO', 2016, 599, 295731]]
    >>> table.listed[["row", "reason"]].values.tolist()
    [[3, 'total']]
    """
    file = Path(path)
    rows = read_cells(file, sheet)
    if not rows:
        raise TableError("a table has rows", f"{file.name}: none", "check the file")
    header, roles = find_header(rows, columns, need=need)
    body = _body(rows, header, roles)
    if body.empty:
        raise TableError("a table has rows below its header", f"{file.name}: none", "check the file")
    aside = _reasons(body)
    frame = _typed(body[aside.isna()], file.name, decimal, header_year(rows[header]))
    listed = _set_aside(body[aside.notna()], aside.dropna())
    return Table(rows=frame, listed=listed, source=file.name)


def of_year(table: Table, year: int | None) -> tuple[Table, int | None]:
    """Keep the rows of one year; the others are set aside, not lost.

    Parameters
    ----------
    table : Table
    year : int, optional
        The year wanted; it may be left out where the table has only one.

    Returns
    -------
    Table
    int or None
        The year; None where neither the table nor the caller names one.

    Raises
    ------
    TableError
        If the table has several years and none is named, or none of its rows is of that year.

    Examples
    --------
    >>> from geo.data.shipped import studies, study_table
    >>> table, year = of_year(study_table(studies()["dmcs-2016"]), 2016)
    >>> len(table.rows), len(table.listed)
    (346, 346)
    """
    present = sorted(int(y) for y in table.rows["year"].dropna().unique())
    if year is None and len(present) > 1:
        shown = ", ".join(map(str, present[:8])) + (", ..." if len(present) > 8 else "")
        raise TableError("a run is about one year", f"{table.source}: {shown}", "name one with --year")
    if year is None:
        return table, present[0] if present else None
    other = (table.rows["year"].notna() & table.rows["year"].ne(year)).fillna(False).astype(bool)
    if other.all():
        shown = ", ".join(map(str, present[:8]))
        raise TableError(
            f"rows of {year} are wanted", f"{table.source}: years {shown}", "name another --year"
        )
    aside = table.rows.loc[other, ["row", "name", "low", "high"]].assign(reason="other year")
    aside["name"] = aside["name"].fillna(table.rows.loc[other, "code"])
    listed = pd.concat([table.listed, aside]) if other.any() and len(table.listed) else aside
    listed = listed if other.any() else table.listed
    rows = table.rows[~other].reset_index(drop=True)
    return Table(rows=rows, listed=listed.reset_index(drop=True), source=table.source), year


def _body(rows: Rows, header: int, roles: Mapping[str, int]) -> pd.DataFrame:
    """Cells below the header by role, as text, blank rows left out."""
    cells = [
        {"row": number, **{role: row[i] if i < len(row) else "" for role, i in roles.items()}}
        for number, row in enumerate(rows[header + 1 :], start=header + 2)
        if any(row)
    ]
    frame = pd.DataFrame(cells, columns=["row", *roles])
    return frame.assign(**{role: "" for role in ("code", "name") if role not in roles})


def _reasons(body: pd.DataFrame) -> pd.Series:
    """Say why a row is no area: a total, or a note without numbers."""
    name = body["name"].where(body["name"].ne(""), body["code"]).str.strip().str.lower()
    values = [c for c in body.columns if c not in ("row", "code", "name", "year")]
    blank = (body[values] == "").all(axis=1)
    reason = pd.Series(pd.NA, index=body.index, dtype="string")
    reason = reason.mask(blank | (name == ""), "note")
    total = name.str.split().str[0].str.strip(":").isin(TOTALS) & ~body["code"].str.contains(r"\d")
    return reason.mask(total.fillna(False).astype(bool), "total").mask((name == "") & ~blank, "no area named")


def _set_aside(body: pd.DataFrame, reason: pd.Series) -> pd.DataFrame:
    """Keep what a row said that is no area, its count where it has one."""
    texts = body["releases"] if "releases" in body else pd.Series("", index=body.index)
    counts = [parse_count(text) or Count(None, None) for text in texts]
    return pd.DataFrame(
        {
            "row": body["row"].astype(int),
            "name": body["name"].where(body["name"].ne(""), body["code"]),
            "low": pd.Series([c.low for c in counts], index=body.index, dtype="Int64"),
            "high": pd.Series([c.high for c in counts], index=body.index, dtype="Int64"),
            "reason": reason,
        }
    ).reset_index(drop=True)


def _typed(body: pd.DataFrame, file: str, decimal: str | None, year: int | None) -> pd.DataFrame:
    frame = pd.DataFrame({"row": body["row"].astype(int)})
    for column in ("code", "name"):
        frame[column] = body[column].where(body[column].ne(""), pd.NA).astype("string")
    frame["year"] = _counts(body, "year", file)["high"].fillna(year if year else pd.NA)
    frame[["low", "high"]] = _counts(body, "releases", file)
    frame["population"] = _counts(body, "population", file)["high"]
    frame["rank"] = _counts(body, "rank", file)["high"]
    rate = body["rate"] if "rate" in body else pd.Series("", index=body.index)
    frame["rate"] = parse_reals(rate, name="rate", decimal=decimal)
    return frame.reset_index(drop=True)


def _counts(body: pd.DataFrame, role: str, file: str) -> pd.DataFrame:
    """Read a column of whole numbers; every cell must be one or say that it is unknown."""
    texts = body[role] if role in body else pd.Series("", index=body.index)
    counts = [parse_count(text) for text in texts]
    for row, text, count in zip(body["row"], texts, counts, strict=True):
        if count is None or (count.low is not None and count.low < 0):
            raise TableError(
                f"{role} are whole numbers of zero or more, intervals such as <5, or '..' for unknown",
                f"{file}, row {row}: {text!r}",
                "correct the cell",
            )
    pairs = [(c.low, c.high) for c in counts if c is not None]
    return pd.DataFrame(pairs, columns=["low", "high"], index=body.index, dtype="Int64")
