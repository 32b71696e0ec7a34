"""The table as CSV for programs and as XLSX for people."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geo.errors import OutputError
from geo.model.programmes import SupportGap
from geo.model.schema import Column
from geo.outputs.drafts import written_at, written_whole
from geo.text.fields import arrange, coded, dictionary, fields
from geo.text.labels import LANGUAGES, Lang, text

NARROWEST, WIDEST = 9, 42
"""Width of a column, in characters."""


def write_csv(
    areas: pd.DataFrame, path: str | os.PathLike[str], *, subject: str = "releases", overwrite: bool = False
) -> Path:
    """Write the table for programs: names and codes as in the data, every digit of every number.

    Plain UTF-8 with commas, as pandas and R read it without options; a missing value is an empty cell, a
    boolean is ``true`` or ``false``. Geometry is left out.

    Parameters
    ----------
    areas : DataFrame or GeoDataFrame
        One row per area, indexed by ``area_id``.
    path : path-like
        The file to write.
    subject : str
        What the table counts.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        If the file exists or cannot be written whole.

    Examples
    --------
    >>> import tempfile
    >>> areas = pd.DataFrame({"area_name": ["Iquique"], "rate": [202.55], "reliable": [True]})
    >>> areas.index = ["01101"]
    >>> path = write_csv(areas, Path(tempfile.mkdtemp()) / "communes.csv")
    >>> print(path.read_text(encoding="utf-8"), end="")
    area_id,area_name,rate,reliable
    01101,Iquique,202.55,true
    """
    table = arrange(areas, subject=subject, index="area_id")
    for name in table.columns[[pd.api.types.is_bool_dtype(kind) for kind in table.dtypes]]:
        table[name] = table[name].map({True: "true", False: "false"})
    with written_whole(path, overwrite=overwrite) as draft:
        table.to_csv(draft, index=False, encoding="utf-8", lineterminator="\n")
    return Path(path)


def write_xlsx(
    areas: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    support_gaps: pd.DataFrame | None = None,
    parameters: pd.DataFrame | None = None,
    join_report: pd.DataFrame | None = None,
    subject: str = "releases",
    lang: Lang = "en",
    overwrite: bool = False,
) -> Path:
    """Write the table for people: headers and coded values in words, numbers as numbers, codes as text.

    Further sheets are demand against support, the parameters and sources, the rows set apart (where given)
    and the data dictionary. Geometry is left out. Same inputs give the same bytes.

    Parameters
    ----------
    areas : DataFrame or GeoDataFrame
        One row per area, indexed by ``area_id``.
    path : path-like
        The file to write.
    support_gaps : DataFrame or GeoDataFrame, optional
        Per area the people who return against the support that meets them, as a result has it.
    parameters, join_report : DataFrame, optional
        Plain tables as the GeoPackage has them, with a column of words per language.
    subject : str
        What the table counts.
    lang : {"es", "en"}
        Language of headers and coded values.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError
        If the file exists or cannot be written whole.

    Examples
    --------
    >>> import tempfile
    >>> areas = pd.DataFrame({"area_name": ["Iquique"], "web_support": ["yes"]}, index=["01101"])
    >>> path = write_xlsx(areas, Path(tempfile.mkdtemp()) / "communes.xlsx", lang="es")
    >>> pd.read_excel(path, engine="calamine", dtype=str).iloc[0].to_dict()
    {'Código del área': '01101', 'Área': 'Iquique', 'Apoyo en la web municipal': 'sí'}
    """
    sheets = {"communes": arrange(areas, subject=subject, index="area_id")}
    if support_gaps is not None:
        sheets["support_gaps"] = arrange(support_gaps, subject=subject, index="area_id")
    words = dictionary(sheets, subject=subject).drop_duplicates("field")
    words = words[["field", *(f"{part}_{lang}" for part in ("alias", "description", "unit")), "codes"]]
    for name, frame in (("parameters", parameters), ("join_report", join_report)):
        if frame is not None and len(frame):
            sheets[name] = frame.drop(columns=[code for code in LANGUAGES if code != lang and code in frame])
    sheets["dictionary"] = words
    with written_whole(path, overwrite=overwrite) as draft:
        # Kept in memory: the file then has no trace of temporary names and times.
        book = Workbook(
            str(draft), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        book.set_properties({"title": text("layers.communes.title", lang), "created": written_at()})
        formats = _Formats(book)
        for name, frame in sheets.items():
            known = fields(frame, subject=subject)
            _sheet(book, text(f"layers.{name}.title", lang), frame, known, lang, formats)
        _close(book)
    return Path(path)


class _Formats:
    """The cell formats of one workbook, made once each."""

    def __init__(self, book: Workbook) -> None:
        self.header: Format = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#eeeeea"}
        )
        self.text: Format = book.add_format({"num_format": "@", "valign": "top"})
        self.wrapped: Format = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self._book = book
        self._numbers: dict[str, Format] = {}

    def number(self, field: Column) -> Format:
        # A year takes no thousands mark.
        places = "0" if field.name == "year" else "#,##0"
        if field.type == "real" and field.decimals:
            places += "." + "0" * field.decimals
        if places not in self._numbers:
            self._numbers[places] = self._book.add_format({"num_format": places, "valign": "top"})
        return self._numbers[places]


def _sheet(
    book: Workbook, title: str, table: pd.DataFrame, known: Sequence[Column], lang: Lang, formats: _Formats
) -> None:
    sheet = book.add_worksheet(title[:31])
    for number, field in enumerate(known):
        values = coded(table[field.name], field, lang)
        sheet.write_string(0, number, field.alias[lang], formats.header)
        width = _width(field, values, lang)
        sheet.set_column(number, number, width)
        _column(sheet, number, values, field, formats, wrap=width == WIDEST)
    lead = 2 if list(table.columns[:2]) == ["area_id", "area_name"] else 1
    sheet.freeze_panes(1, lead)
    if known:
        sheet.autofilter(0, 0, max(len(table), 1), len(known) - 1)


def _column(
    sheet: Worksheet, number: int, values: pd.Series, field: Column, formats: _Formats, *, wrap: bool
) -> None:
    numeric = field.values is None and field.type in ("integer", "real")
    for row, value in enumerate(values, 1):
        if pd.isna(value):
            continue
        if numeric and pd.api.types.is_number(value):
            sheet.write_number(row, number, value, formats.number(field))
        else:
            sheet.write_string(row, number, str(value), formats.wrapped if wrap else formats.text)


def _width(field: Column, values: pd.Series, lang: Lang) -> int:
    """Room for the values and for half of the header, which wraps."""
    longest = max((len(str(value)) for value in values.dropna()), default=0) if field.type == "text" else 0
    return min(WIDEST, max(NARROWEST, longest + 2, len(field.alias[lang]) // 2 + 3))


def _close(book: Workbook) -> None:
    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, OSError):
            raise cause from error
        raise OutputError(
            "a workbook is written whole or not at all", str(error), "check the disk"
        ) from error


def write_gap(
    gap: SupportGap, path: str | os.PathLike[str], *, lang: Lang = "en", overwrite: bool = False
) -> dict[str, Path]:
    """Write one row per area as CSV for programs or XLSX for people, as the file's ending says.

    Returns
    -------
    dict of str to Path
        What was written, by kind: ``csv`` or ``xlsx``.

    Raises
    ------
    OutputError
        If the ending is another, the file exists, or it cannot be written whole.

    Examples
    --------
    >>> import geo, tempfile
    >>> gap = geo.support_gap(geo.run("chile-2016", boundaries="schematic", permutations=99, imputations=0))
    >>> sorted(write_gap(gap, tempfile.mkdtemp() + "/gap.csv"))
    ['csv']
    """
    kind = Path(path).suffix.lower().lstrip(".")
    if kind == "csv":
        return {kind: write_csv(gap.table(), path, overwrite=overwrite)}
    if kind == "xlsx":
        return {kind: write_xlsx(gap.table(), path, lang=lang, overwrite=overwrite)}
    raise OutputError("gaps are written as .csv or .xlsx", str(path), "give the file one of these endings")
