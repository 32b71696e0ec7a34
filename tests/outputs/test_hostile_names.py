"""Names that command terminals and break files: through every output of a run, in both languages."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

import geo
from geo.cli import main

pytestmark = pytest.mark.once  # what is done with letters

N = 12
HOSTILE = "\x1b]0;title\x07\x1b[31m\x9b1m\u202e\u2066\b\x00\ufffe\uffff\x7f\r\nfaked line\u2028next"
# Line ends and tabs stay in files; half letters could not even be written.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def write_case(folder: Path) -> tuple[Path, Path]:
    """Write a table and a layer whose ids are the same once they are free of control characters."""
    squares = [box(i % 4, i // 4, i % 4 + 1, i // 4 + 1) for i in range(N)]
    fields = {
        "G\x1bID": [f"D\x07{i:02d}" for i in range(N)],
        "NAME": [f"Area {i} {HOSTILE.replace(chr(0), '')}" for i in range(N)],
        "STATE": [f"{state}\x1b[2J\u202e" for state in ["North"] * 6 + ["South"] * 6],
    }
    layer = folder / "areas\x1b]0;x\x07\udce9\n.geojson"
    features = [
        {
            "type": "Feature",
            "properties": {name: values[i] for name, values in fields.items()},
            "geometry": squares[i].__geo_interface__,
        }
        for i in range(N)
    ]
    layer.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    table = folder / "table\x1b[31m\udce9\u202e\r.csv"
    rows = {
        "code": [f"D{i:02d}\x8f\u2069" for i in range(N)],
        "releases\x1b": [*range(20, 31), "<5"],
        "population": [10_000] * N,
    }
    rows["code"][3] = "\x1bgone\x1b]0;x\x07"
    pd.DataFrame(rows).to_csv(table, index=False, encoding="utf-8")
    return table, layer


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    table, layer = write_case(folder)
    result = geo.run(table, boundaries=layer, id_field="GID", permutations=99, imputations=9)
    assert result.areas["releases_low"].notna().sum() == N - 1
    for lang in ("es", "en"):
        credit = {"basemap": "https://tiles.example.org/{z}/{x}/{y}.png", "basemap_credit": HOSTILE}
        result.write(folder / lang, lang=lang, also=["geojson"], **credit)  # type: ignore[arg-type]
    return folder


def written(outputs: Path, ending: str) -> Path:
    """Find the one file of a run whose name ends so."""
    (found,) = (file for file in (outputs / "en").iterdir() if file.name.endswith(ending))
    return found


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every text of a run's files, with where it stands."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in (".html", ".csv", ".json", ".geojson", ".svg"):
            yield file.name, file.read_text("utf-8")
        elif file.suffix == ".xlsx":
            with zipfile.ZipFile(file) as book:
                yield from ((name, book.read(name).decode("utf-8")) for name in book.namelist())
        elif file.suffix == ".gpkg":
            yield from database_texts(file)


def database_texts(file: Path) -> Iterator[tuple[str, str]]:
    with closing(sqlite3.connect(file)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            if name.startswith("rtree_"):
                continue
            for row in database.execute(f'SELECT * FROM "{name}"'):
                for cell in row:
                    if isinstance(cell, str):
                        yield f"{name}", cell
                    elif name == "qgis_projects" and isinstance(cell, bytes):
                        yield name, unpacked(cell)


def unpacked(project: bytes) -> str:
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(bytes.fromhex(project.decode()))) as archive:
        inner = next(name for name in archive.namelist() if name.endswith(".qgs"))
        return archive.read(inner).decode("utf-8")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_output_holds_a_control_character(outputs: Path, lang: str) -> None:
    seen = set()
    for where, text in texts(outputs / lang):
        seen.add(where)
        # Scripts of the map's library hold escapes, never the characters themselves.
        found = FORBIDDEN.search(text)
        assert found is None, f"{where}: {text[max(found.start() - 60, 0) : found.end() + 30]!r}"
    assert {"layer_styles", "qgis_projects"} <= seen
    assert all(any(name.endswith(kind) for name in seen) for kind in ("map.html", "report.html", ".json"))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_whatever_is_xml_can_be_parsed(outputs: Path, lang: str) -> None:
    parsed = 0
    for where, text in texts(outputs / lang):
        if text.lstrip()[:300].startswith(
            ("<?xml", "<!DOCTYPE qgis", "<qgis", "<svg", "<StyledLayer", "<gmd")
        ):
            ElementTree.fromstring(text.encode("utf-8") if "encoding" in text[:60] else text)
            parsed += 1
            assert "_x00" not in text, where
    assert parsed > 20


def test_the_names_are_there_on_one_line_and_spreadsheets_open(outputs: Path) -> None:
    name = "Area 0 ]0;title[31m›1m faked line next"
    with written(outputs, "communes.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert any(name in row for row in rows)
    assert len({len(row) for row in rows}) == 1
    book = pd.read_excel(written(outputs, "communes.xlsx"), engine="calamine", sheet_name=None)
    assert any(name in sheet.astype(str).to_numpy() for sheet in book.values())
    manifest = json.loads(written(outputs, "manifest.json").read_text("utf-8"))
    assert [entry["name"] for entry in manifest["inputs"]] == [
        "table[31m\ufffd .csv",
        "areas]0;x\ufffd .geojson",
    ]
    assert manifest["rows_apart"][0]["name"] == "gone]0;x"
    areas = gpd.read_file(written(outputs, ".gpkg"), layer="communes")
    assert areas["area_name"].iloc[0] == name


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_terminal_is_told_one_line_for_each(
    tmp_path: Path, lang: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    table, layer = write_case(tmp_path)
    how = ["--boundaries", str(layer), "--id", "GID", "--permutations", "99", "--imputations", "0"]
    assert main(["run", str(table), *how, "--lang", lang, "--out", str(tmp_path / "o\x1b[1m;!\udce9")]) == 0
    assert main(["check", str(table), "--lang", lang]) == 0
    assert main(["boundaries", "check", str(layer), "--id", "GID", "--lang", lang]) == 0
    assert main(["run", str(table), *how, "--region", HOSTILE, "--out", str(tmp_path / "p")]) == 1
    said = capsysbinary.readouterr()
    for stream in (said.out, said.err):
        assert FORBIDDEN.search(stream.decode("utf-8")) is None
        assert not any(line.startswith((b"faked", b"next")) for line in stream.splitlines())
    assert said.err.count(b"\n") == 1


def test_ids_that_become_one_are_refused_on_either_side(tmp_path: Path) -> None:
    squares = [box(i, 0, i + 1, 1) for i in range(3)]
    layer = tmp_path / "areas.geojson"
    gpd.GeoDataFrame({"GID": ["A1", "A1\x07", "A2"]}, geometry=squares, crs=4326).to_file(layer)
    with pytest.raises(geo.BoundaryError, match="1 repeated ids in 'GID', first 'A1'"):
        geo.read_boundaries(layer, id_field="GID")
    gpd.GeoDataFrame({"GID": ["A1", "A3", "A2"]}, geometry=squares, crs=4326).to_file(layer)
    table = tmp_path / "t.csv"
    table.write_text("code,releases,population\nA1,3,100\nA1\x07,4,100\nA2,5,100\n", "utf-8")
    with pytest.raises(geo.GeoError, match="A1"):
        geo.run(table, boundaries=layer, id_field="GID", permutations=99)
