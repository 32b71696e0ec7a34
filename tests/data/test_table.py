"""Tables as offices send them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.data.knowncounts import count_below, count_from_rate, known_counts
from geo.data.numbers import NumberColumn, parse_count, parse_rates
from geo.data.table import of_year
from geo.register.populations import population_series


def written(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def counts(table: geo.Table) -> list[list[object]]:
    return table.rows[["row", "name", "low", "high"]].astype(object).values.tolist()


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", ""), ("utf-8-sig", ""), ("cp1252", ""), ("utf-16", "")],
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters_of_offices_read_alike(
    tmp_path: Path, encoding: str, mark: str, delimiter: str
) -> None:
    lines = [["Comuna", "Egresos"], ["Ñuñoa", "12"], ["Viña del Mar", "324"]]
    text = "\r\n".join(delimiter.join(line) for line in lines) + mark
    table = geo.read_table(written(tmp_path, text.encode(encoding)))
    assert counts(table) == [[2, "Ñuñoa", 12, 12], [3, "Viña del Mar", 324, 324]]


def test_title_rows_totals_and_notes_are_set_aside_with_their_row_numbers(tmp_path: Path) -> None:
    text = (
        "Egresos por comuna;;\nGendarmería, 2016;;\n;;\nComuna;Egresos 2016;Población\n"
        "Arica;393;239.710\nTotal país;393;\nFuente: registro propio;;\n"
    )
    table = geo.read_table(written(tmp_path, text))
    assert counts(table) == [[5, "Arica", 393, 393]]
    assert table.rows["population"].tolist() == [239_710]
    assert table.rows["year"].tolist() == [2016]
    assert table.listed[["row", "name", "reason"]].values.tolist() == [
        [6, "Total país", "total"],
        [7, "Fuente: registro propio", "note"],
    ]


def test_a_workbook_reads_like_its_text(tmp_path: Path) -> None:
    path = tmp_path / "egresos.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("portada")
        sheet = book.add_worksheet("datos")
        for r, row in enumerate(
            [["Informe"], ["Código comuna", "Comuna", "Egresos"], [5101, "Valparaíso", 599.0]]
        ):
            sheet.write_row(r, 0, row)
    table = geo.read_table(path)
    assert table.rows[["row", "code", "name", "low"]].astype(object).values.tolist() == [
        [3, "5101", "Valparaíso", 599]
    ]
    with pytest.raises(geo.TableError, match="a sheet is one of 'portada', 'datos'; received 'nada'"):
        geo.read_table(path, sheet="nada")


def test_the_printed_form_of_the_study_reads_without_options(reference: Path) -> None:
    table = geo.read_table(reference / "tables" / "published_table1.csv")
    first = table.rows.iloc[0]
    assert (len(table.rows), len(table.listed)) == (32, 0)
    assert (first["low"], first["population"], first["rate"], first["year"]) == (599, 295_731, 203, 2016)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", (12, 12)),
        ("295.731", (295_731, 295_731)),
        ("1 234", (1234, 1234)),
        ("1,234,567", (1_234_567, 1_234_567)),
        ("12.0", (12, 12)),
        ("<5", (0, 4)),
        ("≤ 3", (0, 3)),
        ("1-4", (1, 4)),
        ("1 a 4", (1, 4)),
        ("..", (None, None)),
        ("s/i", (None, None)),
        ("*", (None, None)),
        ("", (None, None)),
    ],
)
def test_counts_read_as_intervals(text: str, expected: tuple[int | None, int | None]) -> None:
    count = parse_count(text)
    assert count is not None
    assert tuple(count) == expected


@pytest.mark.parametrize("text", ["1,5", "doce", "4-1", "12 o 13", "1.23.456", "--"])
def test_what_is_no_count_is_not_guessed(text: str) -> None:
    assert parse_count(text) is None


@given(st.integers(0, 10**9), st.sampled_from([".", ",", " "]))
def test_thousands_marks_do_not_change_a_count(value: int, mark: str) -> None:
    assert parse_count(f"{value:,}".replace(",", mark)) == (value, value)


def test_a_bad_count_names_file_row_and_value(tmp_path: Path) -> None:
    path = written(tmp_path, "Comuna;Egresos\nArica;12\nIquique;doce\n")
    with pytest.raises(geo.TableError, match=r"table.csv, row 3: 'doce'; correct the cell"):
        geo.read_table(path)


def test_negative_counts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(geo.TableError, match="row 2: '-3'"):
        geo.read_table(written(tmp_path, "Comuna;Egresos\nArica;-3\n"))


def test_a_rate_that_can_be_read_two_ways_names_the_option(tmp_path: Path) -> None:
    text = "Comuna;Egresos;Tasa\nArica;12;1.234\nIquique;13;2.345\n"
    path = written(tmp_path, text)
    with pytest.raises(geo.TableError, match=r"'1.234' may be thousands or decimals; .*--decimal"):
        geo.read_table(path)
    assert geo.read_table(path, decimal=".").rows["rate"].tolist() == [1.234, 2.345]
    assert geo.read_table(path, decimal=",").rows["rate"].tolist() == [1234, 2345]


def test_one_decimal_settles_the_whole_column() -> None:
    column = NumberColumn(role="rate", cells=["1.234,5", "2.345", "12"], rows=[2, 3, 4], file="made.csv")
    assert parse_rates(column) == [1234.5, 2345, 12]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "a table has rows"),
        (b"a;b\n1;2\n", "a table needs a column of areas"),
        (b"Comuna;Egresos\n", "a table has rows below its header"),
        (b"PK\x00\x00\x01", "a text table holds text"),
    ],
)
def test_files_that_are_no_tables_say_so(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(geo.TableError, match=message):
        geo.read_table(written(tmp_path, content))


def test_a_missing_file_an_unknown_kind_and_a_broken_workbook_say_so(tmp_path: Path) -> None:
    with pytest.raises(geo.TableError, match="check the path"):
        geo.read_table(tmp_path / "nada.csv")
    with pytest.raises(geo.TableError, match=r"table\.pdf; export it as CSV or Excel"):
        geo.read_table(written(tmp_path, "x", "table.pdf"))
    with pytest.raises(geo.TableError, match="a workbook must open"):
        geo.read_table(written(tmp_path, "no zip at all", "table.xlsx"))


def test_columns_can_be_named_by_the_reader(tmp_path: Path) -> None:
    path = written(tmp_path, "lugar de regreso;personas\nArica;12\n")
    table = geo.read_table(path, columns={"name": "lugar de regreso", "releases": "personas"})
    assert counts(table) == [[2, "Arica", 12, 12]]
    with pytest.raises(geo.TableError, match="a named column must exist"):
        geo.read_table(path, columns={"releases": "nada"})


def test_a_table_of_several_years_asks_which(reference: Path) -> None:
    table = geo.read_table(reference / "tables" / "dmcs_2005_2016.csv")
    with pytest.raises(geo.TableError, match=r"a run is about one year; .*name one with --year"):
        of_year(table, None)
    chosen, year = of_year(table, 2016)
    assert (year, len(chosen.rows), chosen.rows["low"].sum()) == (2016, 346, 561_811)
    assert len(chosen.rows) + len(chosen.listed) == len(table.rows)
    with pytest.raises(geo.TableError, match="rows of 1999 are wanted"):
        of_year(table, 1999)


def test_the_three_rates_of_the_text_are_intervals_of_whole_people() -> None:
    people = population_series("ine2002", 2016)
    found = {
        c: tuple(count_from_rate(r, people[c])) for c, r in (("15101", 164), ("13127", 83), ("13131", 82))
    }
    assert found == {"15101": (392, 394), "13127": (140, 141), "13131": (82, 82)}


@given(st.integers(0, 2_000), st.integers(1_000, 500_000))
def test_a_count_lies_in_the_interval_of_its_own_rounded_rate(count: int, people: int) -> None:
    low, high = count_from_rate(round(count / people * 100_000), people)
    assert low is not None
    assert high is not None
    assert low <= count <= high


@given(st.integers(1, 1_000), st.integers(1_000, 500_000), st.integers(1, 500_000))
def test_an_unlisted_area_is_bounded_by_the_last_rate_and_by_no_less(
    count: int, people: int, other: int
) -> None:
    high = count_below((count, people), other).high
    assert high is not None
    assert high * people <= count * other < (high + 1) * people


def test_bounds_and_missing_counts_never_become_counts() -> None:
    frame = pd.DataFrame(
        {
            "row": pd.array([2, 3, None, None], dtype="Int64"),
            "low": pd.array([129, 0, None, None], dtype="Int64"),
            "high": pd.array([129, 4, None, None], dtype="Int64"),
            "rate": [85.0, None, None, None],
        }
    )
    people = pd.Series([152_399, 9_000, 196, None], dtype="Int64")
    known = known_counts(frame, people, coverage="highest")
    assert known["status"].tolist() == ["published", "bounded", "bounded", "missing"]
    assert known["high"].tolist() == [129, 4, 0, pd.NA]
    assert known["releases"].tolist() == [129, pd.NA, pd.NA, pd.NA]
