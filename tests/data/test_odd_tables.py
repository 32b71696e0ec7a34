"""Broken and odd tables: each is refused with the message that is right for it, or read for what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import geo

WHOLE = (
    "releases are whole numbers of zero or more, intervals such as <5, or '..' for unknown; "
    "received table.csv, "
)
PEOPLE = "populations are whole numbers of zero or more, or '..' for unknown; received table.csv, "
RATE = "a rate is a number of zero or more, or '..' for unknown; received table.csv, "
READING = "a number must have one reading; received table.csv, column of "
DECIMAL = " may be thousands or decimals; say which mark is the decimal one: --decimal , or --decimal ."
QUOTE = "a cell with a stray or unclosed quote; close it, or write a quote within a cell twice"
PAGE = (
    "a text table holds rows of cells; received table.csv: a web page or XML; "
    "download the file itself, or open this one in a spreadsheet and save it as .xlsx"
)

BROKEN: list[tuple[str, str | bytes, dict[str, Any], str]] = [
    ("an empty file", "", {}, "a table has rows; received table.csv: none; check the file"),
    ("blank lines only", "\n\n;;\n", {}, "a table has rows; received table.csv: none; check the file"),
    (
        "a header alone",
        "Comuna;Egresos\n",
        {},
        "a table has rows below its header; received table.csv: none; check the file",
    ),
    (
        "rows of totals alone",
        "Comuna;Egresos\nTotal;5\n",
        {},
        "a table has a row of an area; received table.csv: only rows of total; check the file",
    ),
    (
        "nothing counted",
        "Comuna;Superficie\nArica;5\n",
        {},
        "a table needs a column of areas (code or name) and one of releases; received table.csv: headers "
        "Comuna | Superficie; name them, for example --column name=Comuna --column releases=HEADER",
    ),
    (
        "row numbers are no counts",
        "N;Comuna;Población\n1;Arica;5\n",
        {},
        "a table needs a column of areas (code or name) and one of releases; received table.csv: headers "
        "N | Comuna | Población; name them, for example --column name=Comuna --column releases=HEADER",
    ),
    (
        "one column per year",
        "Comuna;Egresos 2015;Egresos 2016\nArica;1;2\n",
        {},
        "one column holds the releases; received table.csv: 'Egresos 2015', 'Egresos 2016'; "
        "name one: --column releases='Egresos 2015', or the year: --year",
    ),
    (
        "a year that no column has",
        "Comuna;Egresos 2015;Egresos 2016\nArica;1;2\n",
        {"year": 2014},
        "one column holds the releases; received table.csv: 'Egresos 2015', 'Egresos 2016'; "
        "name one: --column releases='Egresos 2015', or the year: --year",
    ),
    (
        "one column per year under a merged cell",
        "Comuna;Egresos;;Población\n;2015;2016;\nArica;1;2;239.710\n",
        {},
        "one column holds the releases; received table.csv: 'Egresos 2015', 'Egresos 2016'; "
        "name one: --column releases='Egresos 2015', or the year: --year",
    ),
    (
        "bare years as headers",
        "Comuna;2015;2016\nArica;1;2\n",
        {},
        "one column holds the releases; received table.csv: '2015', '2016'; "
        "name one: --column releases=2015, or the year: --year",
    ),
    (
        "years summed",
        "Comuna;Egresos 2014-2016\nArica;5\n",
        {},
        "counts are of one year; received table.csv: 'Egresos 2014-2016'; "
        "if they are of one year all the same, say so: --column releases='Egresos 2014-2016'",
    ),
    (
        "the same header twice",
        "Comuna;Egresos;Egresos\nArica;1;2\n",
        {},
        "one column holds the releases; received table.csv: 'Egresos', 'Egresos'; "
        "name one: --column releases=#2",
    ),
    (
        "the same header twice, named",
        "Comuna;Egresos;Egresos\nArica;1;2\n",
        {"columns": {"releases": "Egresos"}},
        "a named column is one column; received table.csv: --column releases=Egresos; "
        "name it by its place, for example #3",
    ),
    (
        "women and men without a total",
        "Comuna;Egresos hombres;Egresos mujeres\nArica;5;6\n",
        {},
        "one column holds the releases; received table.csv: 'Egresos hombres', 'Egresos mujeres'; "
        "name one: --column releases='Egresos hombres'",
    ),
    (
        "two communes in a row",
        "Comuna de origen;Comuna de regreso;Egresos\nArica;Iquique;6\n",
        {},
        "one column holds the name; received table.csv: 'Comuna de origen', 'Comuna de regreso'; "
        "name one: --column name='Comuna de origen'",
    ),
    (
        "a header that is not there",
        "Comuna;Egresos\nArica;5\n",
        {"columns": {"releases": "nada"}},
        "a named column must exist; received table.csv: --column releases=nada; check the header's spelling",
    ),
    (
        "a role that is not there",
        "Comuna;Egresos\nArica;5\n",
        {"columns": {"nada": "Egresos"}},
        "a column's role is one of code, name, year, releases, population, rate, rank, region; "
        "received nada; use --column ROLE=HEADER",
    ),
    ("a word for a count", "Comuna;Egresos\nArica;doce\n", {}, WHOLE + "row 2: 'doce'; correct the cell"),
    ("a negative count", "Comuna;Egresos\nArica;-3\n", {}, WHOLE + "row 2: '-3'; correct the cell"),
    ("less than none", "Comuna;Egresos\nArica;<0\n", {}, WHOLE + "row 2: '<0'; correct the cell"),
    ("less than minus five", "Comuna;Egresos\nArica;<-5\n", {}, WHOLE + "row 2: '<-5'; correct the cell"),
    ("an interval without an end", "Comuna;Egresos\nArica;>5\n", {}, WHOLE + "row 2: '>5'; correct the cell"),
    ("an interval upside down", "Comuna;Egresos\nArica;4-1\n", {}, WHOLE + "row 2: '4-1'; correct the cell"),
    ("a date", "Comuna;Egresos\nArica;01-04\n", {}, WHOLE + "row 2: '01-04'; correct the cell"),
    ("half a person", "Comuna;Egresos\nArica;12,5\n", {}, WHOLE + "row 2: '12,5'; correct the cell"),
    (
        "decimals that look like thousands",
        "Comuna;Egresos\nIquique;12.000\nArica;0.125\n",
        {},
        WHOLE + "row 3: '0.125'; correct the cell",
    ),
    (
        "an exponent has lost digits",
        "Comuna;Egresos\nArica;1,5E+05\n",
        {},
        WHOLE + "row 2: '1,5E+05'; correct the cell",
    ),
    ("groups of two", "Comuna;Egresos\nArica;1 23\n", {}, WHOLE + "row 2: '1 23'; correct the cell"),
    (
        "more than 64 bits",
        "Comuna;Egresos\nArica;9223372036854775808\n",
        {},
        "releases are at most 10,000,000,000; received table.csv, row 2: '9223372036854775808'; "
        "correct the cell",
    ),
    (
        "more than there are people",
        "Comuna;Egresos\nArica;99999999999999999999999\n",
        {},
        "releases are at most 10,000,000,000; received table.csv, row 2: '99999999999999999999999'; "
        "correct the cell",
    ),
    ("three zeros throughout", "Comuna;Egresos\nArica;12.000\n", {}, f"{READING}releases: '12.000'{DECIMAL}"),
    (
        "dots and commas",
        "Comuna;Egresos\nArica;1.234\nIquique;1,234\n",
        {},
        f"{READING}releases: '1.234'{DECIMAL}",
    ),
    (
        "a rate of thousands or of decimals",
        "Comuna;Egresos;Tasa\nArica;12;1.234\n",
        {},
        f"{READING}rate: '1.234'{DECIMAL}",
    ),
    ("a rate with an asterisk", "Comuna;Tasa\nArica;83*\n", {}, RATE + "row 2: '83*'; correct the cell"),
    ("a word for a rate", "Comuna;Tasa\nArica;abc\n", {}, RATE + "row 2: 'abc'; correct the cell"),
    ("a negative rate", "Comuna;Tasa\nArica;-3\n", {}, RATE + "row 2: '-3'; correct the cell"),
    ("an endless rate", "Comuna;Tasa\nArica;inf\n", {}, RATE + "row 2: 'inf'; correct the cell"),
    (
        "a rate too large to write",
        "Comuna;Tasa\nArica;1e999\n",
        {},
        RATE + "row 2: '1e999'; correct the cell",
    ),
    (
        "a rate in per cent",
        "Comuna;Egresos;Tasa\nArica;5;0,2 %\n",
        {},
        "a rate is per 100,000 inhabitants, not a percentage; received table.csv, row 2: '0,2 %'; "
        "leave the column out: --column rate=-",
    ),
    (
        "an interval of inhabitants",
        "Comuna;Egresos;Población\nArica;5;<100\n",
        {},
        PEOPLE + "row 2: '<100'; correct the cell",
    ),
    (
        "a year of three digits",
        "Comuna;Año;Egresos\nArica;216;5\n",
        {},
        "a year has four digits; received table.csv, row 2: '216'; correct the cell",
    ),
    (
        "a decimal comma between commas",
        "Comuna,Egresos,Tasa\nArica,5,2,5\n",
        {},
        "a row has as many cells as the header; received table.csv, row 2: 4 of 3, the last '5'; "
        "a decimal or thousands comma may cut a number in two: export with semicolons",
    ),
    (
        "an unclosed quote",
        'Comuna;Egresos\n"Arica;5\nIquique;6\n',
        {},
        f"a quote that opens a cell closes it; received table.csv, row 2: {QUOTE}",
    ),
    (
        "a stray quote",
        'Comuna;Egresos\nArica;5\n"O"Higgins;6\n',
        {},
        f"a quote that opens a cell closes it; received table.csv, row 3: {QUOTE}",
    ),
    (
        "a cell without end",
        "Comuna;Egresos\n" + "x" * 140_000 + ";5\n",
        {},
        "a cell holds at most 131,072 characters; received table.csv, row 2: more; "
        "look for a quote that is not closed",
    ),
    (
        "half a UTF-16 character",
        "Comuna;Egresos\nArica;5\n".encode("utf-16") + b"x",
        {},
        "a text table is whole; received table.csv: utf-16, damaged at byte 48; export it again",
    ),
    (
        "zero bytes",
        b"Comuna;Egresos\nAr\0ica;5\n",
        {},
        "a text table holds text; received table.csv: binary content; export it as CSV again",
    ),
    (
        "a workbook named .csv",
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
        {},
        "a text table holds text; received table.csv: binary content; export it as CSV again",
    ),
    (
        "a second header with more columns",
        "Comuna;Egresos;x\nArica;5;\nComuna;Egresos;Población\nIquique;6;199629\n",
        {},
        "a table begins below its header; received table.csv, row 2: 'Arica' above the header in row 3; "
        "give the first rows the same header, or remove the second one",
    ),
    ("a web page", "<!DOCTYPE html><html><body>Error 404</body></html>", {}, PAGE),
    ("XML", "<?xml version='1.0'?><comunas/>", {}, PAGE),
]


@pytest.mark.parametrize(
    ("content", "options", "message"), [case[1:] for case in BROKEN], ids=[c[0] for c in BROKEN]
)
def test_a_broken_table_is_refused_with_the_message_that_is_right_for_it(
    tmp_path: Path, content: str | bytes, options: dict[str, Any], message: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(geo.TableError) as caught:
        geo.read_table(path, **options)
    assert str(caught.value) == message


def test_what_is_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(source: str | Path) -> str:
        with pytest.raises(geo.TableError) as caught:
            geo.read_table(source)
        return str(caught.value)

    assert refused(tmp_path) == f"a table is a file; received the folder {tmp_path}; name the file in it"
    assert refused("") == "a table is a file; received the folder .; name the file in it"
    assert refused("nada.csv").endswith("received nada.csv: no such file; check the path")
    assert refused("x" * 300 + ".csv").endswith("xxx... (304 characters): no such file; check the path")
    assert "check the path" in refused("nul\0byte.csv")

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    path = tmp_path / "closed.csv"
    path.touch()
    assert refused(path).startswith("a table must be readable; received closed.csv: [Errno 13]")


def read(folder: Path, content: str | bytes, **options: Any) -> list[list[object]]:
    """Rows of areas as row, name or code, low and high; rows set aside as row, name, low and reason."""
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    table = geo.read_table(path, **options)
    rows = table.rows.assign(name=table.rows["name"].fillna(table.rows["code"]))
    kept = rows[["row", "name", "low", "high"]].astype(object)
    aside = table.listed[["row", "name", "low", "reason"]].astype(object)
    return [
        *kept.where(kept.notna(), None).values.tolist(),
        *aside.where(aside.notna(), None).values.tolist(),
    ]


ODD: list[tuple[str, str | bytes, dict[str, Any], list[list[object]]]] = [
    (
        "the year settles the column",
        "Comuna;Egresos 2015;Egresos 2016\nArica;1;2\n",
        {"year": 2016},
        [[2, "Arica", 2, 2]],
    ),
    (
        "the year settles the column under a merged cell",
        "Comuna;Egresos;;Población\n;2015;2016;\nArica;1;2;239.710\n",
        {"year": 2016},
        [[3, "Arica", 2, 2]],
    ),
    (
        "the year settles the column below a line of years",
        ";2015;;2016;\nComuna;Egresos;Tasa;Egresos;Tasa\nArica;1;2,5;3;4,5\n",
        {"year": 2016},
        [[3, "Arica", 3, 3]],
    ),
    ("bare years as headers", "Comuna;2015;2016\nArica;1;2\n", {"year": 2016}, [[2, "Arica", 2, 2]]),
    (
        "women, men and all",
        "Comuna;Egresos;;\n;Hombres;Mujeres;Total\nArica;1;2;3\n",
        {},
        [[3, "Arica", 3, 3]],
    ),
    (
        "headers of two lines",
        "Código;Nombre;Egresos\ncomuna;comuna;2016\n15101;Arica;3\n",
        {},
        [[3, "Arica", 3, 3]],
    ),
    (
        "a column named by its place",
        "Comuna;Egresos;Egresos\nArica;1;2\n",
        {"columns": {"releases": "#3"}},
        [[2, "Arica", 2, 2]],
    ),
    (
        "a rate per 1,000 is not ours",
        "Comuna;Egresos;Tasa por 1.000 hab.\nArica;5;2%\n",
        {},
        [[2, "Arica", 5, 5]],
    ),
    (
        "shares of a population",
        "Comuna;Egresos;% Población;Población;Egresos (%)\nArica;5;1%;100;2%\n",
        {},
        [[2, "Arica", 5, 5]],
    ),
    (
        "a total under another header",
        "Región;Comuna;Egresos\nArica y Parinacota;Arica;12\nTotal Arica y Parinacota;;12\nTarapacá;;7\n",
        {},
        [
            [2, "Arica", 12, 12],
            [3, "Total Arica y Parinacota", 12, "total"],
            [4, "Tarapacá", 7, "no area named"],
        ],
    ),
    (
        "rows of regions",
        "Comuna;Egresos\nAntofagasta;5\nII Región;5\nRegión Metropolitana;8\nOtras;1\n",
        {},
        [
            [2, "Antofagasta", 5, 5],
            [5, "Otras", 1, 1],
            [3, "II Región", 5, "total"],
            [4, "Región Metropolitana", 8, "total"],
        ],
    ),
    (
        "a region abroad",
        "name;cases\nRegion Hannover;5\nBremen;6\n",
        {},
        [[2, "Region Hannover", 5, 5], [3, "Bremen", 6, 6]],
    ),
    ("a share is no rate", "Comuna;Egresos;% del total\nArica;5;50%\n", {}, [[2, "Arica", 5, 5]]),
    (
        "Chile Chico is a commune, Chile a total",
        "Comuna;Egresos\nChile Chico;5\nChile;9\nGran total;9\nSubtotal;9\nNacional;9\nTotal país;9\n",
        {},
        [
            [2, "Chile Chico", 5, 5],
            [3, "Chile", 9, "total"],
            [4, "Gran total", 9, "total"],
            [5, "Subtotal", 9, "total"],
            [6, "Nacional", 9, "total"],
            [7, "Total país", 9, "total"],
        ],
    ),
    (
        "totals with a code",
        "Código;Comuna;Egresos\n11401;Chile Chico;5\n0;Total;5\n99;Total general;5\n",
        {},
        [[2, "Chile Chico", 5, 5], [3, "Total", 5, "total"], [4, "Total general", 5, "total"]],
    ),
    (
        "a total beyond all bounds is set aside without its count",
        "Comuna;Egresos\nArica;5\nTotal;99999999999999999999999999\n",
        {},
        [[2, "Arica", 5, 5], [3, "Total", None, "total"]],
    ),
    (
        "an area without a count is an area",
        "Comuna;Egresos\nIquique;\nArica;5\nCalama;..\nFuente: registro propio;\nCifras provisorias;..\n",
        {},
        [
            [2, "Iquique", None, None],
            [3, "Arica", 5, 5],
            [4, "Calama", None, None],
            [5, "Fuente: registro propio", None, "note"],
            [6, "Cifras provisorias", None, "note"],
        ],
    ),
    (
        "areas abroad",
        "name;cases\nAland;5\nBland;\nCland;..\nSource: own;\n",
        {},
        [
            [2, "Aland", 5, 5],
            [3, "Bland", None, None],
            [4, "Cland", None, None],
            [5, "Source: own", None, "note"],
        ],
    ),
    (
        "no area named",
        "Comuna;Egresos\n;5\nArica;6\n",
        {},
        [[3, "Arica", 6, 6], [2, "", 5, "no area named"]],
    ),
    (
        "a header on every page",
        "Comuna;Egresos\nArica;5\nComuna;Egresos\nIquique;6\n",
        {},
        [[2, "Arica", 5, 5], [4, "Iquique", 6, 6], [3, "Comuna", None, "note"]],
    ),
    (
        "columns counted off",
        "Comuna;Egresos\n(1);(2)\nArica;5\n",
        {},
        [[3, "Arica", 5, 5], [2, "(1)", None, "note"]],
    ),
    (
        "a line break within a cell does not shift the rows",
        'Comuna;Egresos\n"Arica\n(ciudad)";5\nIquique;6\n',
        {},
        [[2, "Arica (ciudad)", 5, 5], [4, "Iquique", 6, 6]],
    ),
    (
        "other line marks are text",
        "Comuna;Egresos\nAri\u2028ca;5\nIqui\x0cque;7\nCalama;6\n",
        {},
        [[2, "Ari ca", 5, 5], [3, "Iqui que", 7, 7], [4, "Calama", 6, 6]],
    ),
    ("old line ends", "Comuna;Egresos\rArica;5\rIquique;6\r", {}, [[2, "Arica", 5, 5], [3, "Iquique", 6, 6]]),
    ("the spreadsheet's own first line", "sep=,\nComuna,Egresos\nArica,5\n", {}, [[3, "Arica", 5, 5]]),
    ("UTF-16 without its mark", "Comuna;Egresos\nÑuñoa;5\n".encode("utf-16-le"), {}, [[2, "Ñuñoa", 5, 5]]),
    ("codes under Comuna", "comuna;egresos\n13101;5\n1101;6\n", {}, [[2, "13101", 5, 5], [3, "1101", 6, 6]]),
    (
        "quoted thousands",
        'Comuna,Egresos\nArica,"1,234"\nIquique,"12"\n',
        {},
        [[2, "Arica", 1234, 1234], [3, "Iquique", 12, 12]],
    ),
    (
        "zeros after the decimal mark",
        "Comuna;Egresos\nArica;12.000\n",
        {"decimal": "."},
        [[2, "Arica", 12, 12]],
    ),
    (
        "zeros of thousands",
        "Comuna;Egresos\nArica;12.000\n",
        {"decimal": ","},
        [[2, "Arica", 12_000, 12_000]],
    ),
    (
        "intervals",
        "Comuna;Egresos\nArica;1 - 4\nIquique;entre 1 y 4\nCalama;≤ 3\nTaltal;menos de 5\nHuara;*\nPica;<1\n",
        {},
        [
            [2, "Arica", 1, 4],
            [3, "Iquique", 1, 4],
            [4, "Calama", 0, 3],
            [5, "Taltal", 0, 4],
            [6, "Huara", None, None],
            [7, "Pica", 0, 0],
        ],
    ),
]


@pytest.mark.parametrize(
    ("content", "options", "expected"), [case[1:] for case in ODD], ids=[c[0] for c in ODD]
)
def test_an_odd_table_is_read_for_what_it_says(
    tmp_path: Path, content: str | bytes, options: dict[str, Any], expected: list[list[object]]
) -> None:
    assert read(tmp_path, content, **options) == expected


def test_ranks_with_ordinal_marks_are_read_and_others_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("N°;Comuna;Egresos\n1°;Arica;5\n2º;Iquique;4\núltimo;Calama;3\n", encoding="utf-8")
    ranks = geo.read_table(path).rows["rank"]
    assert (ranks[0], ranks[1], ranks.isna()[2]) == (1, 2, True)


def test_there_are_broken_tables_enough() -> None:
    assert len(BROKEN) >= 40
    assert len({case[3] for case in BROKEN}) >= 25
