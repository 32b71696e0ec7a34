"""Tables in workbooks, Parquet files and vector layers, and every table of the reference folder."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter

import geo
from geo.register.populations import population_series

WHOLE = "releases are whole numbers"
AREAS_MISSING = "a table needs a column of areas (code or name) and one of "


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "d-m"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                sheet.write_row(r, 0, row)
    return path


def opendocument(path: Path, rows: Sequence[Sequence[object]], repeat: int = 1) -> Path:
    """Write the least that is an ODS sheet."""

    def cell(value: object) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    tag = f'table:table-row table:number-rows-repeated="{repeat}"'
    body = "".join(
        f"<{tag}>{''.join(map(cell, row)) * (12 if repeat > 1 else 1)}</table:table-row>" for row in rows
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Hoja1">'
        f"{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return path


def refused(path: Path, **options: Any) -> str:
    with pytest.raises(geo.TableError) as caught:
        geo.read_table(path, **options)
    return str(caught.value)


def counts(table: geo.Table) -> list[object]:
    return table.rows["low"].astype(object).tolist()


def test_the_sheet_that_holds_a_table_is_found_behind_one_of_notes(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "egresos.xlsx",
        {
            "Notas": [["Fuente: registro propio"], ["Contacto", "nadie"]],
            "Datos": [["Comuna", "Egresos"], ["Arica", 5]],
        },
    )
    table = geo.read_table(path)
    assert (table.sheet, table.sheets_left, counts(table)) == ("Datos", (), [5])


def test_no_sheet_with_a_table_names_them_all(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx", {"Notas": [["Fuente"]], "Hoja2": [["Comuna", "Superficie"], ["Arica", 5]]}
    )
    assert refused(path) == (
        "a sheet needs a column of areas (code or name) and one of releases; received t.xlsx: "
        "sheets 'Notas', 'Hoja2', none with both; "
        "name the sheet and its columns: --sheet NAME --column name=HEADER --column releases=HEADER"
    )


@pytest.mark.parametrize("names", [("Norte", "Sur"), ("2015", "2016")])
def test_a_table_spread_over_sheets_asks_which(tmp_path: Path, names: tuple[str, str]) -> None:
    rows = [["Comuna", "Egresos"], ["Arica", 5]]
    path = workbook(tmp_path / "t.xlsx", dict.fromkeys(names, rows))
    assert refused(path) == (
        f"a table is one sheet; received t.xlsx: tables in {names[0]!r}, {names[1]!r}; name one with --sheet"
    )
    assert geo.read_table(path, sheet=names[1]).sheet == names[1]


def test_the_year_settles_the_sheet(tmp_path: Path) -> None:
    sheets = {str(y): [["Comuna", "Egresos"], ["Arica", y - 2010]] for y in (2015, 2016)}
    table = geo.read_table(workbook(tmp_path / "t.xlsx", sheets), year=2016)
    assert (table.sheet, counts(table), table.rows["year"].tolist()) == ("2016", [6], [2016])


def test_the_ministrys_own_file_reads_without_options(reference: Path) -> None:
    table = geo.read_table(reference / "tables" / "poverty_sae2017_official.xlsx")
    shipped = pd.read_csv(Path(__file__).parents[2] / "data" / "poverty_2017.csv", dtype={"cut": str})
    assert (len(table.rows), table.sheet, table.sheets_left) == (
        345,
        "Ingresos 2017",
        ("Multidimensional 2017",),
    )
    assert table.columns["releases"] == "Número de personas en situación de pobreza por ingresos"
    assert table.rows.loc[0, ["row", "code", "name", "year", "region"]].tolist() == [
        4,
        "1101",
        "Iquique",
        2017,
        "I de Tarapacá",
    ]
    people = dict(zip(table.rows["code"].str.zfill(5), table.rows["low"], strict=True))
    assert people == dict(zip(shipped["cut"], shipped["people"], strict=True))


READABLE = {
    "dmcs_2005_2016.csv": 4152,
    "poverty_sae2017_official.xlsx": 345,
    "published_in_text.csv": 3,
    "published_table1.csv": 32,
    "published_table2.csv": 32,
}
REFUSED = {
    "crosswalk_2010_2018.csv": AREAS_MISSING
    + "releases; received crosswalk_2010_2018.csv: headers cut_2010 |",
    "name_variants.csv": AREAS_MISSING
    + "releases; received name_variants.csv: headers cut_2018 | official |",
    "population_ine_base2002.csv": AREAS_MISSING + "releases; received population_ine_base2002.csv: headers",
    "population_ine_base2017.csv": AREAS_MISSING + "releases; received population_ine_base2017.csv: headers",
    "poverty_sae2017.csv": "one column holds the releases; received poverty_sae2017.csv: 'n_ing', 'n_multi';",
    "register_2010_15regions.csv": AREAS_MISSING + "releases; received register_2010_15regions.csv: headers",
    "register_2018_16regions.csv": AREAS_MISSING + "releases; received register_2018_16regions.csv: headers",
    "table1_verification.csv": "one column holds the population; received",
}


def test_every_reference_table_reads_or_says_why_not(reference: Path) -> None:
    files = sorted(path.name for path in (reference / "tables").iterdir())
    assert files == sorted([*READABLE, *REFUSED])
    for name, rows in READABLE.items():
        assert len(geo.read_table(reference / "tables" / name).rows) == rows, name
    for name, message in REFUSED.items():
        assert refused(reference / "tables" / name).startswith(message), name


@pytest.mark.parametrize("base", ["2002", "2017"])
def test_populations_with_one_column_per_year_need_the_year_alone(reference: Path, base: str) -> None:
    path = reference / "tables" / f"population_ine_base{base}.csv"
    people = geo.read_table(path, need="population", year=2016).rows
    official = population_series(f"ine{base}", 2016)
    assert dict(zip(people["code"], people["population"], strict=True)) == official.to_dict()
    assert refused(path, need="population").startswith("one column holds the population; received")


def test_numbers_that_the_file_types_have_one_reading(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", {"a": [["Comuna", "Egresos", "Tasa"], ["Arica", 1234.0, 1.234]]})
    row = geo.read_table(path).rows.loc[0]
    assert (row["low"], row["rate"]) == (1234, 1.234)


@pytest.mark.parametrize(
    ("cell", "rule", "received", "remedy"),
    [
        (
            1.234,
            f"{WHOLE} of zero or more, intervals such as <5, or '..' for unknown",
            "1.234",
            "correct the cell",
        ),
        (1e30, "releases are at most 10,000,000,000", "1000000000000000019884624838656", "correct the cell"),
        (
            date(2016, 4, 1),
            f"{WHOLE}, not dates",
            "2016-04-01",
            "a spreadsheet turns 1-4 into a date: write the interval as text",
        ),
    ],
)
def test_typed_cells_that_are_no_counts_say_so(
    tmp_path: Path, cell: object, rule: str, received: str, remedy: str
) -> None:
    path = workbook(tmp_path / "t.xlsx", {"a": [["Comuna", "Egresos"], ["Arica", cell]]})
    assert refused(path) == f"{rule}; received t.xlsx, row 2: {received}; {remedy}"


def test_an_opendocument_sheet_reads_like_an_excel_one(tmp_path: Path) -> None:
    rows = [["Informe"], ["Código", "Comuna", "Egresos 2016"], [15101, "Arica", 5], ["", "Total", 5]]
    ods = geo.read_table(opendocument(tmp_path / "t.ods", rows))
    xlsx = geo.read_table(workbook(tmp_path / "t.xlsx", {"Hoja1": rows}))
    pd.testing.assert_frame_equal(ods.rows, xlsx.rows)
    pd.testing.assert_frame_equal(ods.listed, xlsx.listed)
    assert ods.rows[["code", "name", "year", "low"]].values.tolist() == [["15101", "Arica", 2016, 5]]


def test_text_under_the_name_of_a_workbook_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "t.xls"
    path.write_text("Comuna\tEgresos\nArica\t5\n", encoding="utf-8")
    assert refused(path) == (
        "a workbook must open; received t.xls: text inside, no workbook; "
        "rename it to .csv, or open it in Excel and save it as .xlsx"
    )


def test_a_stray_cell_at_the_end_of_the_sheet_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Comuna", "Egresos"])
        sheet.write(1_048_575, 16_383, "x")
    assert refused(path) == (
        "a sheet spans at most 20,000,000 cells; received t.xlsx: 1,048,576 rows by 16,384 columns; "
        "delete the stray cells far below or to the right of the table"
    )


def test_a_cell_off_the_sheet_does_not_either(tmp_path: Path) -> None:
    # Found by scripts/fuzz_tables.py: the letters were read as a column number beyond all bounds.
    path = workbook(tmp_path / "t.xlsx", {"a": [["Comuna", "Egresos"], ["Arica", 5]]})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace(b'r="A2"', b'r="TotalA2"')
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    assert refused(path) == (
        "a cell of a workbook has a place such as B12; received t.xlsx: 'TotalA2'; "
        "open the workbook in a spreadsheet and save it again"
    )


def test_a_run_of_cells_repeated_over_the_whole_sheet_does_not_either(tmp_path: Path) -> None:
    path = opendocument(tmp_path / "t.ods", [["Comuna", "Egresos"], ["Arica", 5]], repeat=1_048_576)
    assert refused(path).startswith(
        "a sheet spans at most 20,000,000 cells; received t.ods: 2,097,152 rows by"
    )


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "t.xlsx", {"a": [["Comuna", "Egresos"], ["Arica", 5]]})
    monkeypatch.setattr("geo.data.workbook.MAX_BYTES", 1_000)
    assert refused(path).startswith("a workbook unpacks to at most 1,000 bytes; received t.xlsx: ")


def test_a_workbook_cut_in_two_says_so(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", {"a": [["Comuna", "Egresos"], ["Arica", 5]]})
    path.write_bytes(path.read_bytes()[:2000])
    assert refused(path).startswith("a workbook must open; received t.xlsx: ")


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_the_attributes_of_a_layer_are_a_table(tmp_path: Path, suffix: str) -> None:
    frame = gpd.GeoDataFrame(
        {
            "CUT_COM": ["15101", "01101"],
            "COMUNA": ["Arica", "Iquique"],
            "EGRESOS": [5, 6],
            "TASA": [2.5, None],
        },
        geometry=gpd.points_from_xy([0, 1], [0, 1]),
        crs=4326,
    )
    path = tmp_path / f"comunas{suffix}"
    frame.to_file(path)
    table = geo.read_table(path)
    assert table.rows[["row", "code", "low"]].values.tolist() == [[1, "15101", 5], [2, "01101", 6]]
    assert table.rows["rate"].tolist()[0] == 2.5
    if suffix == ".shp":
        assert counts(geo.read_table(path.with_suffix(".dbf"))) == [5, 6]


def test_a_layer_without_counts_says_so(reference: Path) -> None:
    path = reference / "boundaries" / "communes_ine2016_15regions.gpkg"
    assert refused(path).startswith(
        AREAS_MISSING + "releases; received communes_ine2016_15regions.gpkg: headers"
    )


def test_layers_are_chosen_like_sheets(tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    points = gpd.points_from_xy([0], [0])
    gpd.GeoDataFrame({"nota": ["x"]}, geometry=points, crs=4326).to_file(path, layer="notas")
    gpd.GeoDataFrame({"comuna": ["Arica"], "egresos": [5]}, geometry=points, crs=4326).to_file(
        path, layer="datos"
    )
    assert geo.read_table(path).sheet == "datos"
    assert refused(path, sheet="nada") == (
        "a layer is one of 'notas', 'datos'; received 'nada'; name it with --sheet"
    )


def test_a_broken_layer_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [', encoding="utf-8")
    assert refused(path).startswith("a table must open; received t.geojson: ")


def test_parquet_reads_where_pyarrow_is_installed(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "t.parquet"
    pd.DataFrame({"cut": [1101.0, 15101.0], "egresos": pd.array([5, None], dtype="Int64")}).to_parquet(path)
    rows = geo.read_table(path).rows
    assert rows["code"].tolist() == ["1101", "15101"]
    assert rows["low"].isna().tolist() == [False, True]
    path.write_bytes(b"PAR1 and nothing else")
    assert refused(path).startswith("a table must open; received t.parquet: ")


def test_parquet_without_pyarrow_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    path = tmp_path / "t.parquet"
    path.touch()
    assert refused(path) == (
        "Parquet needs pyarrow; received t.parquet; "
        "pip install 'retorno[parquet]', or export the table as CSV"
    )
