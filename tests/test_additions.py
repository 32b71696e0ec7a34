"""How many places an addition touches: each is really made, by a small patch to a copy of the package."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import geo

pytestmark = pytest.mark.once  # the text of the package

PACKAGE = Path(geo.__file__).parent
QUICK = ["--permutations", "99", "--imputations", "0", "--offline"]
HERE = ["--boundaries", "schematic", "--region", "15"]
Command = Callable[..., str]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package with its assets, to be changed."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "geo", ignore=ignored)
    for folder in ("boundaries", "data", "maps"):
        shutil.copytree(PACKAGE.parent / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def command(house: Path) -> Command:
    """Run a command of the changed copy and give what it prints."""

    def run(*words: str) -> str:
        known = {"PYTHONPATH": str(house), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "geo", *words],
            cwd=house,
            env=os.environ | known,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


FORMAT = """
from geo.outputs.layerformats import LayerFormat

def write(frame, draft, layer, about):
    names = frame["area_name"] if "area_name" in frame else frame.iloc[:, 0]
    draft.write_text("\\n".join(names.astype(str)) + "\\n", encoding="utf-8")

FORMAT = LayerFormat(
    name="plain",
    title="Plain",
    suffix=".txt",
    purpose={"es": "nombres, uno por línea", "en": "names, one a line"},
    write=write,
)
"""


def test_a_format_of_layers_is_one_module(house: Path, command: Command) -> None:
    (house / "geo" / "outputs" / "formats" / "plain.py").write_text(FORMAT, encoding="utf-8")
    told = command("run", "dmcs-2016", *HERE, *QUICK, "--also", "plain", "--lang", "es")
    rows = (
        (house / "retorno-out" / "dmcs-2016-arica-y-parinacota-communes.txt").read_text("utf-8").splitlines()
    )
    assert len(rows) == 4
    assert "Arica" in rows
    assert "nombres, uno por línea" in told
    assert "geojson, geoparquet, plain" in " ".join(command("run", "--help").split())


REGISTER = """
from functools import cache

import numpy as np
import pandas as pd

from geo.model.country import PopulationSeries, Register

CODES = [f"9{i:02d}" for i in range(12)]

@cache
def register():
    areas = pd.DataFrame({"area_name": [f"Parish {i}" for i in range(12)], "xic": CODES}, index=CODES)
    codes = pd.DataFrame({"area_id": CODES, "first": 0, "until": 9999}, index=CODES)
    people = pd.DataFrame({2019: range(1000, 2200, 100)}, index=CODES)
    return Register(
        name="xland", title="parishes of Xland", unit="areas", column="xic", areas=areas, columns=("xic",),
        codes=codes, digits=3, series=(PopulationSeries(name="xcensus", years=lambda: people),),
    )
"""
LAYER = """
import geopandas as gpd
from shapely import box
squares = [box(i % 4, i // 4, i % 4 + 1, i // 4 + 1) for i in range(12)]
gpd.GeoDataFrame({"code": [f"9{i:02d}" for i in range(12)]}, geometry=squares, crs=4326).to_file("x.geojson")
"""


def test_a_countrys_register_is_one_module(house: Path, command: Command) -> None:
    (house / "geo" / "register" / "countries" / "xland.py").write_text(REGISTER, encoding="utf-8")
    subprocess.run([sys.executable, "-c", LAYER], cwd=house, check=True)
    rows = [f"Parish {i},{3 * i % 7 + 2}" for i in range(12)]
    (house / "t.csv").write_text("\n".join(["name,releases", *rows]), encoding="utf-8")
    told = command("run", "t.csv", "--boundaries", "x.geojson", "--year", "2019", *QUICK, "--lang", "en")
    assert "12 rows" in told
    table = pd.read_csv(house / "retorno-out" / "t-2019-communes.csv", dtype={"xic": str})
    assert table.loc[
        table["xic"] == "911", ["area_name", "population", "population_source"]
    ].values.tolist() == [["Parish 11", 2100, "xcensus"]]


COLUMN = """
[persons_per_release]
group = "rates"
type = "real"
decimals = 1
es = ["Habitantes por egreso", "Cuántos habitantes hay por cada persona que regresa."]
en = ["Inhabitants per release", "How many inhabitants there are for each person returning."]
"""


def test_a_column_is_an_entry_and_the_line_that_computes_it(house: Path, command: Command) -> None:
    """Everything that lists columns has it with its name, description and unit."""
    areas = house / "geo" / "study" / "areas.py"
    added = '    computed["persons_per_release"] = 1e5 / computed["rate"].where(computed["rate"] > 0)\n'
    text = areas.read_text("utf-8")
    at = text.index("    frame = ", text.index('"reliable": reliable'))
    areas.write_text(text[:at] + added + text[at:], encoding="utf-8")
    catalogue = house / "maps" / "columns.toml"
    catalogue.write_text(catalogue.read_text("utf-8") + COLUMN, encoding="utf-8")
    command("run", "dmcs-2016", *HERE, *QUICK, "--lang", "en")
    out = house / "retorno-out"
    csv = pd.read_csv(out / "dmcs-2016-arica-y-parinacota-communes.csv")
    per_release = 1e5 / csv["rate"].where(csv["rate"] > 0)
    assert np.allclose(csv["persons_per_release"], per_release, equal_nan=True)
    assert "Inhabitants per release" in pd.read_excel(
        out / "dmcs-2016-arica-y-parinacota-communes.xlsx", engine="calamine"
    )
    with sqlite3.connect(out / "dmcs-2016-arica-y-parinacota.gpkg") as database:
        about = database.execute(
            "SELECT alias_es, description_en FROM dictionary WHERE field = 'persons_per_release'"
        ).fetchone()
        styles = database.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = 'communes'"
        ).fetchall()
    assert about == ("Habitantes por egreso", "How many inhabitants there are for each person returning.")
    assert all("Inhabitants per release" in qml or "Habitantes por egreso" in qml for (qml,) in styles)


SOURCE = """
[atlantis]
title = "Municipalities of Atlantis"
url = "https://maps.example.org/atlantis.zip"
format = "zip"
crs = "EPSG:4326"
vintage = "2020"
licence = "CC-BY-4.0"
attribution = "Survey of Atlantis"
"""


def test_an_official_source_is_one_entry_of_the_catalogue(house: Path, command: Command) -> None:
    catalogue = house / "boundaries" / "catalogue.toml"
    catalogue.write_text(catalogue.read_text("utf-8") + SOURCE, encoding="utf-8")
    told = command("boundaries", "list", "--lang", "en")
    assert "Municipalities of Atlantis" in told
    assert "Survey of Atlantis" in told
