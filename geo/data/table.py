"""A table of counts by area, read from a file as offices send it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Literal

import pandas as pd

from geo.controls import without_controls
from geo.data.cells import Sheet, shown
from geo.data.headers import Header, check_header, choose_sheet
from geo.data.numbers import NumberColumn, as_frame, decimal_mark, parse_counts, parse_rank, parse_rates
from geo.data.readers import read_sheets
from geo.data.roles import years_in
from geo.data.rows import body, column, reasons, set_aside
from geo.errors import TableError
from geo.model.tables import Table


def read_table(
    path: str | PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    year: int | None = None,
    need: Literal["releases", "population"] = "releases",
) -> Table:
    """Read a table of counts by area.

    Title rows above the header, totals and notes below the table, thousands marks, intervals (``<5``) and
    the encodings and delimiters of office files are understood; see :mod:`geo.data.numbers`.

    Parameters
    ----------
    path : path
        CSV, TSV, Excel, ODS, Parquet (with ``pip install 'retorno[parquet]'``) or a vector layer, of which
        the attributes are read.
    columns : mapping of role to header, optional
        Which header is the ``code``, ``name``, ``year``, ``releases``, ``population``, ``rate`` or ``rank``,
        where the header does not say so itself. ``#3`` names the third column, ``-`` says that there is none.
    decimal : {".", ","}, optional
        Decimal mark, where a column can be read two ways.
    sheet : str, optional
        Sheet of a workbook, or layer; otherwise the one that holds a table.
    year : int, optional
        Which column (or sheet) is meant, where there is one per year.
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
    named = {role: without_controls(header) for role, header in (columns or {}).items()}
    sheets = read_sheets(file, sheet)
    chosen, header, left = choose_sheet(sheets, named, file=file.name, need=need, year=year)
    check_header(header, named, file=file.name, need=need)
    cells = body(chosen, header, file.name)
    if cells.empty:
        raise TableError("a table has rows below its header", f"{file.name}: none", "check the file")
    aside = reasons(cells, header)
    if aside.notna().all():
        received = ", ".join(sorted(aside.unique()))
        raise TableError(
            "a table has a row of an area", f"{file.name}: only rows of {received}", "check the file"
        )
    counts = column(cells, "releases", file.name)
    hint = decimal_mark(column(cells, role, file.name) for role in ("releases", "population", "rate"))
    loose = {place for place, apart in enumerate(aside.isin(["total", "note"])) if apart}
    cells[["low", "high"]] = as_frame(
        parse_counts(counts, decimal=decimal, hint=hint, loose=loose), cells.index
    )
    frame = _typed(cells[aside.isna()], file.name, decimal, hint)
    frame["year"] = frame["year"].fillna(_year(chosen, header) or pd.NA)
    return Table(
        rows=frame,
        listed=set_aside(cells[aside.notna()], aside.dropna()),
        source=without_controls(file.name),
        columns=_columns(header, cells),
        sheet=chosen.name,
        sheets_left=left,
    )


def _columns(header: Header, cells: pd.DataFrame) -> dict[str, str]:
    """Say which header each role was read from; codes may have stood under ``Comuna``."""
    titles = {role: header.titles[place] for role, place in header.columns.items()}
    if "code" not in titles and cells["code"].ne("").any():
        titles["code"] = titles.pop("name") if cells["name"].eq("").all() else titles["name"]
    return titles


def _year(sheet: Sheet, header: Header) -> int | None:
    """Give the year that the header names, else the sheet's name."""
    named = years_in(sheet.name or "")
    return header.year or (named.pop() if len(named) == 1 else None)


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
    return replace(table, rows=rows, listed=listed.reset_index(drop=True)), year


def _typed(body: pd.DataFrame, file: str, decimal: str | None, hint: str | None) -> pd.DataFrame:
    frame = pd.DataFrame({"row": body["row"].astype(int)})
    for role in ("code", "name"):
        frame[role] = body[role].where(body[role].ne(""), pd.NA).astype("string")
    frame["year"] = _years(column(body, "year", file), body.index)
    frame[["low", "high"]] = body[["low", "high"]]
    printed = column(body, "population", file)
    people = parse_counts(printed, decimal=decimal, hint=hint, intervals=False)
    frame["population"] = as_frame(people, body.index)["high"]
    rank = [parse_rank(cell) for cell in column(body, "rank", file).cells]
    frame["rank"] = pd.Series(rank, index=body.index, dtype="Int64")
    frame["rate"] = pd.Series(
        parse_rates(column(body, "rate", file), decimal=decimal), index=body.index, dtype=float
    )
    region = [shown(cell) for cell in column(body, "region", file).cells]
    frame["region"] = pd.Series([text or pd.NA for text in region], index=body.index, dtype="string")
    return frame.reset_index(drop=True)


def _years(years: NumberColumn, index: pd.Index) -> pd.Series:
    counts = parse_counts(years, intervals=False)
    for place, count in enumerate(counts):
        if count.high is not None and not 1900 <= count.high <= 2100:
            raise years.fault(place, "a year has four digits")
    return as_frame(counts, index)["high"]
