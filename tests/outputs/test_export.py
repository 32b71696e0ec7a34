"""Layers in other formats, made from a finished GeoPackage."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import get_parts
from shapely.geometry import shape

import geo
from geo.cli import main
from geo.errors import InputError, OutputError
from geo.outputs.export import export
from geo.outputs.gpkg.geopackage import write_geopackage
from geo.outputs.layerformats import layer_formats

BOTH = ["geojson", "geoparquet"] if find_spec("pyarrow") else ["geojson"]
LAYERS = ["communes", "groups", "clusters", "regions", "support_gaps", "points"]


@pytest.fixture
def written(country, once, tmp_path) -> Path:
    given = {**country, "lang": "es", "schematic": True}
    return once(tmp_path / "doce.gpkg", "schematic", lambda path: write_geopackage(**given, path=path))


def test_each_layer_becomes_a_file_beside_the_geopackage(written):
    files = export(written, BOTH)
    assert list(files) == [f"{kind}:{layer}" for kind in BOTH for layer in LAYERS]
    assert {file.parent for file in files.values()} == {written.parent}
    assert sorted(file.name for file in written.parent.iterdir()) == sorted(
        ["doce.gpkg", *(f"doce-{layer}{layer_formats()[kind].suffix}" for layer in LAYERS for kind in BOTH)]
    )


def test_geojson_is_what_the_standard_asks_for(written, areas):
    found = json.loads(export(written)["geojson:communes"].read_text("utf-8"))
    assert found["type"] == "FeatureCollection"
    assert "crs" not in found  # RFC 7946: always WGS 84
    assert "no son límites oficiales" in found["description"]
    first, last = found["features"][0], found["features"][-1]
    assert first["properties"]["area_id"] == "01001"
    assert first["properties"]["area_name"] == areas["area_name"].iloc[0]
    assert (first["properties"]["releases"], last["properties"]["releases"]) == (10, None)
    assert isinstance(first["properties"]["releases"], int)
    assert (first["properties"]["reliable"], last["properties"]["reliable"]) == (False, None)
    assert last["geometry"] is None
    (square,) = get_parts(shape(first["geometry"]))  # a single polygon or one of several, as GDAL likes
    assert square.exterior.is_ccw
    assert square.equals(areas.geometry.iloc[0])


def test_geoparquet_keeps_types_coordinates_and_what_the_layer_says(written, areas):
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the extra for Parquet")
    file = export(written, ["geoparquet"])["geoparquet:communes"]
    back = gpd.read_parquet(file)
    assert back.crs == "EPSG:4326"
    assert back.geometry[:11].geom_equals(areas.geometry[:11].reset_index(drop=True)).all()
    assert str(back["releases"].dtype) == "Int64"
    assert str(back["reliable"].dtype) == "boolean"
    # Where pandas keeps the attributes of a frame; not every supported geopandas reads them back.
    said = json.loads(parquet.read_schema(file).metadata[b"PANDAS_ATTRS"])
    assert said["name"] == "communes"
    assert "no son límites oficiales" in said["description"]


def test_the_same_geopackage_gives_the_same_bytes(written, tmp_path):
    first = export(written, BOTH, tmp_path / "one")
    second = export(written, BOTH, tmp_path / "two")
    for name, file in first.items():
        assert file.read_bytes() == second[name].read_bytes()


def test_a_run_and_a_later_export_give_the_same_files(study, tmp_path):
    written = study.write(tmp_path / "run", lang="es", also=["geojson"])
    assert written["geojson:regions"] == tmp_path / "run" / "chile-2016-regions.geojson"
    later = geo.export(tmp_path / "run", folder=tmp_path / "later")
    assert later["geojson:regions"].read_bytes() == written["geojson:regions"].read_bytes()


def test_nothing_is_replaced_unasked(written):
    before = export(written)["geojson:communes"].read_bytes()
    with pytest.raises(OutputError, match=r"doce-communes\.geojson, doce-groups\.geojson.*--overwrite"):
        export(written)
    assert export(written, overwrite=True)["geojson:communes"].read_bytes() == before


def test_what_cannot_be_exported_is_said_with_a_remedy(tmp_path, written, monkeypatch):
    with pytest.raises(OutputError, match="'shp'; name geojson or geoparquet"):
        export(written, ["shp"])
    with pytest.raises(InputError, match=r"no file .*absent"):
        export(tmp_path / "absent")
    (tmp_path / "broken.gpkg").write_bytes(b"not a database")
    with pytest.raises(InputError, match=r"broken\.gpkg: .*run again"):
        export(tmp_path / "broken.gpkg")
    monkeypatch.setattr("geo.outputs.layerformats.find_spec", lambda _: None)
    with pytest.raises(OutputError, match=r"pip install 'retorno\[parquet\]'"):
        export(written, ["geoparquet"])


def test_a_missing_library_is_said_before_anything_is_computed(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("geo.outputs.layerformats.find_spec", lambda _: None)
    monkeypatch.setattr("geo.job.run", lambda *_, **__: pytest.fail("it was computed all the same"))
    assert main(["run", "--also", "geoparquet", "--out", str(tmp_path / "out")]) == 1
    assert "retorno[parquet]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_command_exports_a_finished_run(written, capsys):
    out = written.parent / "other ñ"
    assert main(["export", str(written.parent), "--to", "geojson", "--out", str(out), "--lang", "es"]) == 0
    assert "doce-communes.geojson" in capsys.readouterr().out
    assert len(list(out.iterdir())) == len(LAYERS)


def test_a_folder_is_taken_for_its_geopackage_only_where_it_holds_one(written, tmp_path, capsys):
    for_all = tmp_path / "for all"
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"none in .*; name one that a run has written"):
        export(tmp_path / "empty")
    assert export(written.parent, folder=for_all)["geojson:communes"].name == "doce-communes.geojson"
    written.with_name("otra.gpkg").write_bytes(written.read_bytes())
    assert main(["export", str(written.parent), "--lang", "en"]) == 1
    assert f"2 in {written.parent}: doce.gpkg, otra.gpkg; name one of them" in capsys.readouterr().err
    assert export(written.with_name("otra.gpkg"))["geojson:points"].name == "otra-points.geojson"
