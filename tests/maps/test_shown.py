"""What a person sees in QGIS: the data of the right run or none, and text from outside as it was given.

QGIS starts once for the whole module; each test looks at a part of what it reports.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import geo
from geo.maps.qgis.geopackage import write_geopackage
from tests.maps.test_qgis import PYTHON, has_qgis

pytestmark = pytest.mark.qgis
SCRIPT = Path(__file__).parent / "qgis_shown.py"
ENGLISH = "retorno (English)"


def swapped(areas, folder: Path) -> dict[str, Path]:
    """Files of two runs, each under a name that projects of the other or of itself do not expect."""
    other = areas[:6].assign(releases=999, rate=9.0)

    def both(name: str) -> tuple[Path, Path]:
        (folder / name).mkdir()
        one = write_geopackage(areas, folder / name / "one.gpkg", title="One")
        return one, write_geopackage(other, folder / name / "two.gpkg", title="Two")

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
def seen(country, tmp_path_factory):
    if not has_qgis():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have QGIS: {PYTHON} cannot import qgis.core")
        pytest.skip(f"{PYTHON} cannot import qgis.core: install QGIS, or name its Python in QGIS_PYTHON")
    folder = tmp_path_factory.mktemp("shown")
    files = swapped(country["areas"].copy(), folder)
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
