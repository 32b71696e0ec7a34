"""Which run a GeoPackage is of: the id, and that every layer of every project asks for it."""

import io
import re
import sqlite3
import zipfile
from contextlib import closing
from xml.etree import ElementTree

import pyogrio
import pytest
from shapely.geometry import box

from geo.outputs.gpkg.geopackage import write_geopackage

pytestmark = pytest.mark.once  # what stands in a file, by the standard library


def stored_id(path):
    with closing(sqlite3.connect(path)) as database:
        ((run,),) = database.execute("SELECT run_id FROM retorno_run").fetchall()
    return run


def projects(path):
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT name, content FROM qgis_projects").fetchall()
    for name, content in rows:
        with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as packed:
            yield name, packed.read(f"{name}.qgs").decode()


def test_every_layer_of_a_project_wants_the_rows_of_its_own_run(country, tmp_path):
    path = write_geopackage(**country, path=tmp_path / "a.gpkg", title="Doce")
    wanted = f"|subset=EXISTS (SELECT 1 FROM retorno_run WHERE run_id = '{stored_id(path)}')"
    assert re.fullmatch("[0-9a-f]{16}", stored_id(path))
    for _, project in projects(path):
        root = ElementTree.fromstring(project)
        sources = [layer.findtext("datasource") for layer in root.iter("maplayer")]
        assert {source.partition("|layername=")[2].partition("|")[0] for source in sources} >= {
            *("communes", "groups", "clusters", "regions", "points", "support_gaps"),
            *("parameters", "join_report", "dictionary"),
        }
        leaves = [leaf.get("source") for leaf in root.iter("layer-tree-layer")]  # tree and legends of pages
        assert len(leaves) > len(sources)
        assert all(source.startswith("./a.gpkg|layername=") for source in sources + leaves)
        assert all(source.endswith(wanted) for source in sources + leaves)
        assert project.count("a.gpkg|") == len(sources + leaves)


def test_the_id_is_of_what_is_shown_whatever_name_language_and_title(country, tmp_path):
    first = write_geopackage(**country, path=tmp_path / "a.gpkg", lang="es", title="Doce", schematic=True)
    second = write_geopackage(**country, path=tmp_path / "otro ñ.gpkg", lang="en")
    assert stored_id(first) == stored_id(second)


@pytest.mark.parametrize(
    "change", ["a value", "a name", "a missing value", "the order", "a border", "a field"]
)
def test_anything_else_to_see_is_another_id(areas, once, tmp_path, change):
    before = stored_id(once(tmp_path / "a.gpkg", "areas", lambda path: write_geopackage(areas, path)))
    if change == "a value":
        areas.loc["01001", "rate"] += 1e-9
    elif change == "a name":
        areas.loc["01004", "area_name"] = "Comuna 3 "
    elif change == "a missing value":
        areas.loc["01001", "web_support"] = None
    elif change == "the order":
        areas = areas[::-1]
    elif change == "a border":
        areas.loc["01001", "geometry"] = box(-72, -34, -71, -33.000001)
    else:
        areas = areas.rename(columns={"mine": "ours"})
    assert stored_id(write_geopackage(areas, tmp_path / "b.gpkg")) != before


def test_the_table_of_the_id_is_offered_as_no_layer(country, tmp_path):
    path = write_geopackage(**country, path=tmp_path / "a.gpkg")
    assert "retorno_run" not in pyogrio.list_layers(path)[:, 0]
