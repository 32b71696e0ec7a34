"""What a person sees in QGIS: the data of the right run or none, and text from outside as it was given.

QGIS starts once for the whole module; each test looks at a part of what it reports.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from html import escape
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

import geo
from geo.outputs.gpkg.geopackage import write_geopackage
from geo.outputs.gpkg.metadata import About
from tests.outputs.test_qgis import PYTHON, has_qgis

pytestmark = pytest.mark.qgis
SCRIPT = Path(__file__).parent / "qgis_shown.py"
ENGLISH = "retorno (English)"


HOSTILE = "x [% 40+2 %] [%env('HOME')%] it's \"so\" <img src=http://x.invalid/a.png> <b>&amp;</b> [[%% %]"
ABOUT = About(
    sources={"en": [f"Counts: {HOSTILE}."], "es": [f"Recuentos: {HOSTILE}."]},
    licence={"en": HOSTILE, "es": HOSTILE},
    attribution=HOSTILE,
)


def hostile(country) -> dict[str, gpd.GeoDataFrame]:
    """The small country with everything that a table or a layer brings along turned against its reader."""
    areas = country["areas"].copy()
    areas["area_name"] = [f"{HOSTILE} {i}" for i in range(len(areas))]
    areas["region"] = HOSTILE
    areas[HOSTILE] = HOSTILE
    areas.loc[areas.index[-1], "geometry"] = box(-110, -27, -109.9, -26.9)  # far off: a box on the page
    gaps = country["support_gaps"].copy()
    gaps["area_name"] = areas["area_name"]
    gaps['need_" OR "a'] = "served"
    regions = country["regions"].assign(region=[HOSTILE, "Centro", "Sur"])
    return country | {"areas": areas, "support_gaps": gaps, "regions": regions}


def without_joiners(text: str) -> str:
    """What is seen of a text: a word joiner has no width."""
    return text.replace("\u2060", "")


def swapped(areas, folder: Path, once) -> dict[str, Path]:
    """Files of two runs, each under a name that projects of the other or of itself do not expect."""
    runs = {"one": areas, "two": areas[:6].assign(releases=999, rate=9.0)}

    def both(name: str) -> list[Path]:
        (folder / name).mkdir()
        return [once(folder / name / f"{key}.gpkg", key, writer(key)) for key in runs]

    def writer(key: str) -> Callable[[Path], Path]:
        return lambda path: write_geopackage(runs[key], path, title=key.capitalize())

    one, two = both("under the other's name")
    found = {"renamed": one.rename(one.with_name("first.gpkg"))}
    found["in its place"] = two.rename(one)
    one, two = both("exchanged")
    aside = one.rename(one.with_name("aside.gpkg"))
    found |= {"exchanged one": aside, "exchanged two": two.rename(one)}
    found["exchanged one"] = aside.rename(two)
    one, two = both("copied")
    found["copy"] = Path(shutil.copyfile(one, one.with_name("copy.gpkg")))
    found["copied from"] = one
    one.unlink()
    shutil.copyfile(two, one)
    one, two = both("alone")
    found["alone"] = one.rename(one.with_name("alone.gpkg"))
    for name in list(found):
        if name != "copied from":
            mended = folder / "mended" / name / found[name].name
            mended.parent.mkdir(parents=True, exist_ok=True)
            for file in found[name].parent.iterdir():
                shutil.copyfile(file, mended.with_name(file.name))
            geo.rename_geopackage(mended)
            found[f"{name}, mended"] = mended
    one, two = both("by retorno")
    found["by retorno"] = geo.rename_geopackage(one, "ñ & 'x'.gpkg").path
    two.rename(one)
    return found


@pytest.fixture(scope="module")
def seen(country, once, tmp_path_factory):
    if not has_qgis():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have QGIS: {PYTHON} cannot import qgis.core")
        pytest.skip(f"{PYTHON} cannot import qgis.core: install QGIS, or name its Python in QGIS_PYTHON")
    folder = tmp_path_factory.mktemp("shown")
    files = swapped(country["areas"].copy(), folder, once)
    files["hostile"] = write_geopackage(
        **hostile(country), path=folder / "hostile.gpkg", title=HOSTILE, about=ABOUT
    )
    table = folder / "x [% 40+2 %] [%env('HOME')%] <b>.csv"
    table.write_text("Comuna;Egresos 2016\nArica;12\nPutre;3\n", encoding="utf-8")
    run = geo.run(table, boundaries="schematic", region="15", permutations=99, imputations=0)
    files["run"] = run.write(folder / "run")["geopackage"]
    wanted = folder / "projects.json"
    wanted.write_text(json.dumps([(str(path), ENGLISH) for path in files.values()]), encoding="utf-8")
    done = subprocess.run([PYTHON, str(SCRIPT), str(wanted)], capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr
    return dict(zip(files, json.loads(done.stdout), strict=True))


def rows(project) -> list[int]:
    return [layer["count"] for name, layer in project["layers"].items() if "Rate" in name]


@pytest.mark.parametrize(
    "name", ["renamed", "in its place", "exchanged one", "exchanged two", "copy", "alone"]
)
def test_no_project_shows_the_data_of_another_run(seen, name):
    project = seen[name]
    assert project["read"]
    assert project["title"] == ("Two" if name in ("in its place", "exchanged two") else "One")
    own = "999" if project["title"] == "Two" else "10"
    for layer in project["layers"].values():
        assert layer["count"] <= 0 or any(own in row["values"] for row in layer["rows"])
    # Its file is not where it was, so there is nothing to see.
    assert max(rows(project)) <= 0


@pytest.mark.parametrize(
    "name", ["renamed", "in its place", "exchanged one", "exchanged two", "copy", "alone"]
)
def test_what_was_renamed_by_hand_is_right_again_after_retorno_rename(seen, name):
    project = seen[f"{name}, mended"]
    second = name in ("in its place", "exchanged two")
    assert project["title"] == ("Two" if second else "One")
    assert rows(project) == [6 if second else 12]
    assert all(layer["valid"] for layer in project["layers"].values())
    (rate,) = (layer for title, layer in project["layers"].items() if "Rate" in title)
    assert ("999" in rate["rows"][0]["values"]) is second


def test_a_file_renamed_by_retorno_shows_its_own_data_beside_another_under_its_old_name(seen):
    assert rows(seen["by retorno"]) == [12]
    assert seen["by retorno"]["title"] == "One"


def test_a_page_prints_what_it_was_given_and_computes_nothing_from_it(seen):
    for page in seen["hostile"]["pages"].values():
        assert page["title"] == HOSTILE
        assert page["source"].startswith(f"Counts: {HOSTILE}.")
        assert HOSTILE in "".join(said for name, said in page.items() if name.startswith("caption"))
    assert len(seen["hostile"]["pages"]) == 4
    assert seen["hostile"]["title"] == HOSTILE
    assert seen["hostile"]["note"] == HOSTILE
    assert seen["hostile"]["bookmarks"] == [HOSTILE]


def test_a_tables_name_is_printed_as_it_is(seen):
    name = "x [% 40+2 %] [%env('HOME')%] <b>"
    assert seen["run"]["title"].startswith(f"Return from prison by commune: {name}, 2016")
    for page in seen["run"]["pages"].values():
        assert page["title"] == seen["run"]["title"]
        assert f"Counts: {name}.csv." in page["source"]
    assert seen["run"]["pages"]


def test_names_and_labels_are_values_and_tips_show_markup_as_text(seen):
    layers = seen["hostile"]["layers"]
    (rate,) = (layer for title, layer in layers.items() if title.endswith(" · Rate") and layer["count"] == 12)
    first = rate["rows"][0]
    assert first["name"] == f"{HOSTILE} 0"
    assert all(label.startswith(f"{HOSTILE} 0") for label in first["labels"])
    assert escape(HOSTILE, quote=False) in first["tip"]
    assert "<img" not in first["tip"]
    assert HOSTILE in first["values"]
    for layer in layers.values():
        for row in layer["rows"]:
            assert "<img" not in row["tip"]
    (own,) = (alias for alias in rate["aliases"] if "40+2" in alias)
    assert without_joiners(own) == HOSTILE


def test_what_is_said_of_a_layer_is_text_too(seen):
    for layer in seen["hostile"]["layers"].values():
        # The names of fields stand below, as they are in the data.
        about = layer["about"].partition("<h1>Fields</h1>")[0]
        assert "<img" not in about
        assert escape(HOSTILE, quote=False).replace("&gt;", ">") in about


def test_a_column_with_quotes_in_its_name_is_still_one_column(seen):
    (needs,) = (layer for title, layer in seen["hostile"]["layers"].items() if title.endswith(" · Needs"))
    assert needs["matched"] == {"Some need is served": 12}
