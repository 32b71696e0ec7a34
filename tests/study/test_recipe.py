"""A run is repeated from its manifest: the same bytes on the same files, or a refusal that says why not."""

from __future__ import annotations

import inspect
import json
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely import box

import geo
from geo.boundaries.layer import schematic_boundaries
from geo.cli import main
from geo.model.options import FILES
from geo.study.recipe import CHECKS, WRITTEN

QUICK = ["--permutations", "99", "--imputations", "2", "--seed", "5", "--offline"]
CODES = [f"P{i:02d}" for i in range(16)]


@pytest.fixture(autouse=True)
def _date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1467331200")


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A table that has to be told how to read, its areas, inhabitants and support, in a folder."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    squares = [box(i % 4, i // 4, i % 4 + 1, i // 4 + 1) for i in range(16)]
    layer = gpd.GeoDataFrame(
        {"PCODE": CODES, "NAME": [f"Place {i}" for i in range(16)]}, geometry=squares, crs=4326
    )
    layer.assign(state=["North"] * 8 + ["South"] * 8).to_file(folder / "areas.gpkg", layer="places")
    layer.iloc[:3].to_file(folder / "areas.gpkg", layer="other")
    table = pd.DataFrame({"Lugar raro": CODES, "n1": 1, "n2": [5 * i % 13 + 3 for i in range(16)]})
    table.to_csv(folder / "odd.csv", index=False, sep=";")
    people = pd.DataFrame({"code": CODES, "population": [900 + 50 * i for i in range(16)]})
    people.to_csv(folder / "people.csv", index=False)
    support = pd.DataFrame({"Sitio": CODES[:4], "Respuesta": ["sí", "no", "sí", "no"]})
    support.to_csv(folder / "support.csv", index=False, sep=";")
    return folder


@pytest.fixture
def abroad(inputs: Path) -> geo.Options:
    return geo.Options(
        source=inputs / "odd.csv",
        boundaries=inputs / "areas.gpkg",
        id_field="PCODE",
        layer="places",
        crs="EPSG:4326",
        population=inputs / "people.csv",
        year=2019,
        region="North",
        columns={"code": "Lugar raro", "releases": "n2"},
        decimal=",",
        permutations=99,
        rng=3,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def again(manifest: Path, out: Path, *more: str) -> int:
    return main(["run", "--from", str(manifest), "--out", str(out), *more])


@pytest.mark.parametrize(
    "options",
    [
        [
            *("chile-2016", "--boundaries", "schematic", "--lang", "es", "--region", "5"),
            *("--basemap", "https://tiles.example.org/{z}/{x}/{y}.png", "--basemap-credit", "us"),
        ],
        [
            "dmcs-2016",
            "--region",
            "15",
            "--lang",
            "en",
            "--also",
            "geojson",
            "--population",
            "ine2017",
        ],  # the layer that there is
    ],
)
def test_a_command_is_repeated_to_the_same_bytes(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["run", *options, *QUICK, "--out", str(tmp_path / "one")]) == 0
    (manifest,) = (tmp_path / "one").glob("*-manifest.json")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")  # on another day
    monkeypatch.setenv("LANG", "es_CL.UTF-8")
    assert again(manifest, tmp_path / "two") == 0
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_every_way_of_reading_is_repeated_on_files_found_elsewhere(
    abroad: geo.Options, inputs: Path, tmp_path: Path
) -> None:
    geo.run(abroad).write(tmp_path / "one", lang="es", follow_browser=True)
    manifest = tmp_path / "one" / "odd-2019-north-manifest.json"
    assert str(tmp_path) not in manifest.read_text("utf-8")
    moved = tmp_path / "elsewhere"
    shutil.copytree(inputs, moved)
    shutil.rmtree(inputs)
    assert again(manifest, tmp_path / "two", "--inputs", str(moved)) == 0
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_an_inventory_given_as_an_object_is_repeated_with_its_columns(inputs: Path, tmp_path: Path) -> None:
    areas = schematic_boundaries().areas
    file = inputs / "apoyo.csv"
    file.write_text("Sitio;Dicho\nQuillota;sí\nArica;no\n", encoding="utf-8")
    own = geo.read_inventory(file, areas=areas, columns={"name": "Sitio", "answer": "Dicho"})
    run = geo.run("chile-2016", boundaries="schematic", region="5", inventory=own, permutations=99)
    run.write(tmp_path / "one")
    manifest = tmp_path / "one" / "chile-2016-valparaiso-manifest.json"
    asked = json.loads(manifest.read_text("utf-8"))["options"]["inventory"]
    assert (asked["file"], asked["columns"]) == ("apoyo.csv", {"name": "Sitio", "answer": "Dicho"})
    recipe = geo.read_manifest(manifest, inputs=inputs)
    geo.run(recipe.options).write(tmp_path / "two", **recipe.written)
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


Spoil = Callable[[Path], object]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "odd.csv").write_text("x"), ["table", "odd.csv: sha256 ", "--inputs"]),
        (lambda folder: (folder / "areas.gpkg").unlink(), ["boundaries", "no areas.gpkg", "--inputs"]),
        (
            lambda folder: (folder / "people.csv").rename(folder / "p.csv"),
            ["p.csv, which was people.csv", "name"],
        ),
    ],
)
def test_an_input_that_is_not_the_same_is_named(
    spoil: Spoil, told: list[str], abroad: geo.Options, inputs: Path, tmp_path: Path
) -> None:
    geo.run(abroad).write(tmp_path / "one")
    spoil(inputs)
    with pytest.raises(geo.InputError) as error:
        geo.read_manifest(tmp_path / "one" / "odd-2019-north-manifest.json", inputs=inputs)
    assert [word for word in told if word not in str(error.value)] == []


def test_what_is_no_manifest_is_refused_in_one_line(tmp_path: Path) -> None:
    for name, content in {"a.json": "{}", "b.json": "no", "c.json": "[1]"}.items():
        (tmp_path / name).write_text(content)
        with pytest.raises(geo.InputError, match=name):
            geo.read_manifest(tmp_path / name)
    with pytest.raises(geo.InputError, match="No such file"):
        geo.read_manifest(tmp_path / "none.json")


@pytest.mark.parametrize("more", [["chile-2016"], ["--seed", "3"], ["--lang", "es"], ["--pdf"]])
def test_nothing_is_chosen_beside_a_manifest(
    more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert again(tmp_path / "m.json", tmp_path, *more) == 1
    assert "leave that out" in capsys.readouterr().err


def test_versions_that_are_not_as_they_were_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(
            [
                "run",
                "dmcs-2016",
                "--boundaries",
                "schematic",
                "--region",
                "15",
                *QUICK,
                "--out",
                str(tmp_path / "one"),
            ]
        )
        == 0
    )
    manifest = tmp_path / "one" / "dmcs-2016-arica-y-parinacota-manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    content["versions"]["numpy"] = "1.0"
    manifest.write_text(json.dumps(content), encoding="utf-8")
    capsys.readouterr()
    assert again(manifest, tmp_path / "two") == 0
    assert "numpy 1.0 → " in capsys.readouterr().out


def test_a_file_of_support_is_repeated(inputs: Path, tmp_path: Path) -> None:
    file = inputs / "apoyo.csv"
    file.write_text("Comuna;Respuesta\nQuillota;sí\nArica;no\n", encoding="utf-8")
    options = ["--boundaries", "schematic", "--region", "5", "--inventory", str(file), *QUICK]
    assert main(["run", "chile-2016", *options, "--out", str(tmp_path / "one")]) == 0
    manifest = tmp_path / "one" / "chile-2016-valparaiso-manifest.json"
    assert again(manifest, tmp_path / "two", "--inputs", str(inputs)) == 0
    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_an_inventory_that_is_no_longer_its_file_is_no_file(inputs: Path, tmp_path: Path) -> None:
    """Put together in Python, or changed since it was read: nobody can read it again."""
    file = inputs / "apoyo.csv"
    file.write_text("Comuna;Respuesta\nQuillota;sí\nArica;no\n", encoding="utf-8")
    read = geo.read_inventory(file)
    file.unlink()  # what was read stands by itself
    for number, one in enumerate((replace(read, file=None), replace(read, rows=read.rows.iloc[:1]))):
        run = geo.run("chile-2016", boundaries="schematic", region="5", inventory=one, permutations=99)
        written = run.write(tmp_path / str(number))
        asked = json.loads(written["manifest"].read_text("utf-8"))["options"]["inventory"]
        assert asked == {"object": "apoyo.csv"}
        with pytest.raises(geo.InputError, match="which is no file"):
            geo.read_manifest(written["manifest"], inputs=inputs)


@pytest.mark.parametrize("kind", ["shp", "gdb"])
def test_a_layer_of_several_files_is_the_same_where_all_of_them_are(
    kind: str, abroad: geo.Options, inputs: Path, tmp_path: Path
) -> None:
    layer = gpd.read_file(inputs / "areas.gpkg", layer="places")
    driver = {"shp": "ESRI Shapefile", "gdb": "OpenFileGDB"}[kind]
    assert "w" in pyogrio.list_drivers()[driver]
    layer.to_file(inputs / f"areas.{kind}", driver=driver, layer=None if kind == "shp" else "places")
    asked = replace(abroad, boundaries=inputs / f"areas.{kind}", layer=None)
    geo.run(asked).write(tmp_path / "one")
    manifest = tmp_path / "one" / "odd-2019-north-manifest.json"
    assert geo.read_manifest(manifest, inputs=inputs).options.boundaries == inputs / f"areas.{kind}"
    part = inputs / "areas.dbf" if kind == "shp" else next((inputs / "areas.gdb").glob("*.gdbtable"))
    part.write_bytes(part.read_bytes() + b" ")
    with pytest.raises(geo.InputError, match="boundaries"):
        geo.read_manifest(manifest, inputs=inputs)


def spoilt(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(content: dict[str, Any]) -> None:
        *way, last = path.split(".")
        for part in way:
            content = content[part]
        content[last] = value

    return spoil


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *(("options", None), ("written", []), ("versions", "x"), ("inputs", None), ("inputs", [1])),
        *(("source_date_epoch", "x"), ("source_date_epoch", -1), ("source_date_epoch", 10**15)),
        *(
            ("options.source", "x"),
            ("options.source", {"study": "/etc/hosts"}),
            ("options.source", {"file": "a"}),
        ),
        ("options.source", {"file": "../t.csv", "sha256": "0"}),
        ("options.source", {"file": "x.**", "sha256": "0"}),
        *(
            ("options.boundaries", "/tmp/x.gpkg"),
            ("options.boundaries", {"taken": {"why": "zzz", "failure": ""}}),
        ),
        *(("options.population", "people.csv"), ("options.inventory", 3), ("options.columns", [])),
        *(("options.coverage", "foo"), ("options.decimal", ";"), ("options.imputations", -1)),
        *(
            ("options.permutations", True),
            ("options.rng", 1.5),
            ("options.region", 5),
            ("options.unheard_of", 1),
        ),
        *(
            ("written.also", "geojson"),
            ("written.overwrite", True),
            ("written.basemap", 1),
            ("written.pdf", "no"),
        ),
    ],
)
def test_a_manifest_that_says_what_nobody_can_ask_is_refused(
    path: str, value: Any, tmp_path: Path, manifest: dict[str, Any]
) -> None:
    content = json.loads(json.dumps(manifest))
    spoilt(path, value)(content)
    (tmp_path / "m.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(geo.InputError):
        geo.read_manifest(tmp_path / "m.json")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("manifest")
    run = geo.run(
        "dmcs-2016",
        boundaries="schematic",
        region="15",
        permutations=np.int64(99),
        imputations=0,
        rng=np.int32(3),
    )
    content: dict[str, Any] = json.loads(run.write(folder)["manifest"].read_text("utf-8"))
    assert (content["options"]["permutations"], content["options"]["rng"]) == (99, 3)
    return content


def test_a_shipped_file_that_is_another_is_named(
    manifest: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(json.dumps(manifest))
    content["inputs"][0]["sha256"] = "0" * 64
    (tmp_path / "m.json").write_text(json.dumps(content), encoding="utf-8")
    assert again(tmp_path / "m.json", tmp_path / "out") == 1
    assert "a run is repeated on the same table" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_options_that_are_the_usual_ones_are_refused_beside_a_manifest_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert again(tmp_path / "m.json", tmp_path, "--permutations", "99999", "--seed", "0") == 1
    assert "beside it --permutations 99999 --seed 0" in capsys.readouterr().err


def test_nothing_is_chosen_beside_options() -> None:
    asked = geo.Options(source="dmcs-2016", boundaries="schematic", permutations=99)
    with pytest.raises(geo.InputError, match="permutations, rng"):
        geo.run(asked, permutations=999, rng=7)


def test_every_option_of_a_run_is_checked_when_it_is_read_again() -> None:
    assert set(CHECKS) | FILES == {field.name for field in fields(geo.Options)}
    assert set(WRITTEN) < set(inspect.signature(geo.Result.write).parameters)
