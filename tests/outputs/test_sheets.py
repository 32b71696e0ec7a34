import csv

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from geo.errors import OutputError
from geo.outputs.sheets import write_csv, write_xlsx
from geo.text.labels import columns


def sheet(path, number=0):
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(number).to_python()


def test_csv_reads_back_as_the_data_that_went_in(areas, tmp_path):
    areas["rate"] = areas["rate"] / 3
    path = write_csv(areas, tmp_path / "a.csv")
    back = pd.read_csv(path, dtype={"area_id": str}, index_col="area_id")
    assert list(back.columns[:3]) == ["area_name", "year", "status"]
    assert back.columns[-1] == "mine"
    assert "geometry" not in back
    assert list(back.index) == list(areas.index)
    assert back["area_name"].tolist() == areas["area_name"].tolist()
    assert back["releases"].isna().sum() == 5
    with path.open(encoding="utf-8", newline="") as file:
        exact = [float(row["rate"] or "nan") for row in csv.DictReader(file)]
    np.testing.assert_array_equal(exact, areas["rate"])


def test_csv_is_plain_utf8_with_commas_and_one_kind_of_line_end(areas, tmp_path):
    raw = write_csv(areas, tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"area_id,area_name,")
    assert "Ñuñoa".encode() in raw
    assert b"\r" not in raw


@pytest.mark.parametrize("lang", ["es", "en"])
def test_xlsx_headers_are_the_aliases(areas, tmp_path, lang):
    rows = sheet(write_xlsx(areas, tmp_path / "a.xlsx", lang=lang))
    aliases = {column.alias[lang] for column in columns().values()}
    assert rows[0][0] == columns()["area_id"].alias[lang]
    assert set(rows[0]) - aliases == {"mine"}
    assert len(rows) == 13


def test_xlsx_keeps_codes_as_text_numbers_as_numbers_and_translates_codes(areas, tmp_path):
    rows = sheet(write_xlsx(areas, tmp_path / "a.xlsx", lang="es"))
    first = dict(zip(rows[0], rows[1], strict=True))
    assert first["Código del área"] == "01001"
    assert first["Tasa por 100.000"] == 100.0
    assert first["Conglomerado"] == "Alto-Alto"
    assert first["Apoyo en la web municipal"] == "sí"
    assert first["Tasa confiable"] == "no, pocos casos"
    last = dict(zip(rows[0], rows[12], strict=True))
    assert last["Tasa por 100.000"] == ""


def test_xlsx_takes_no_name_for_a_formula(areas, tmp_path):
    assert sheet(write_xlsx(areas, tmp_path / "a.xlsx"))[3][1] == "=1+1"


def test_xlsx_has_the_dictionary_as_its_second_sheet(areas, tmp_path):
    rows = sheet(write_xlsx(areas, tmp_path / "a.xlsx", lang="en", subject="dmcs"), 1)
    words = {row[0]: row for row in rows[1:]}
    assert len(words) == len(areas.columns)  # area_id in, geometry out
    assert words["releases"][1] == "DMCS police cases"
    assert "yes = sí / yes" in words["web_support"][-1]


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_the_same_table_gives_the_same_bytes_and_is_left_as_it_was(areas, tmp_path, write):
    before = areas.copy()
    first, second = write(areas, tmp_path / "a"), write(areas, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(before))


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_an_existing_table_is_kept(areas, tmp_path, write):
    (tmp_path / "a").write_text("old")
    with pytest.raises(OutputError, match="overwrite"):
        write(areas, tmp_path / "a")
    assert (tmp_path / "a").read_text() == "old"


def test_a_table_without_rows_still_has_its_header(areas, tmp_path):
    assert len(sheet(write_xlsx(areas.iloc[:0], tmp_path / "a.xlsx"))) == 1
    assert write_csv(areas.iloc[:0], tmp_path / "a.csv").read_text().count("\n") == 1
