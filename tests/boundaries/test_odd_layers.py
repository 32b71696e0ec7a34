"""Broken and odd layers: each fails with the message that helps, or reads with nothing lost silently."""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, Point, Polygon, box

import geo
from geo.boundaries.layer import open_boundaries
from geo.boundaries.reading import read_layer
from tests.boundaries import odd
from tests.properties import examples

ROOT = Path(__file__).parents[2]
OPTIONS = {"no_field_of_communes": {}, "no_field_at_all": {}}
MESSAGES = {
    "points": ("boundaries hold polygons; received points.gpkg: Point; give the layer of the areas"),
    "lines": ("boundaries hold polygons; received lines.geojson: LineString; give the layer of the areas"),
    "no_features": ("boundaries hold polygons; received none.gpkg: no features; check the export"),
    "geojson_without_features": (
        "boundaries hold polygons; received none.geojson: no features; check the export"
    ),
    "no_crs_in_degrees": (
        "a layer states its coordinate system; "
        "received bare.shp: none; "
        "state it with --crs; "
        "the numbers look like degrees: --crs EPSG:4326"
    ),
    "no_crs_in_metres": (
        "a layer states its coordinate system; "
        "received metres.shp: none; "
        "state it with --crs; "
        "the numbers look like metres, such as --crs EPSG:32719 (UTM 19 south)"
    ),
    "metres_said_to_be_degrees": (
        "degrees lie within 180 and 90; "
        "received metres.geojson: x 300,000 to 301,000, y 6,000,000 to 6,001,000 in WGS 84; "
        "state it with --crs; "
        "the numbers look like metres, such as --crs EPSG:32719 (UTM 19 south)"
    ),
    "a_system_of_nowhere": (
        "a coordinate system leads to degrees; "
        "received local.shp: site; "
        "state the right one with --crs, such as --crs EPSG:32719"
    ),
    "ids_repeated": (
        "each area stands once in the layer; "
        "received twice.gpkg: 1 repeated ids in 'id', first 'a'; "
        "dissolve the layer by that field, or name another with --id"
    ),
    "ids_all_missing": (
        "areas have ids; received blank.gpkg: 3 x no id; name the field that holds them with --id"
    ),
    "no_field_at_all": (
        "a layer needs a field that identifies its areas; "
        "received bare.geojson, fields: none; "
        "none holds codes or names of Chilean communes; "
        "name it with --id FIELD"
    ),
    "no_field_of_communes": (
        "a layer needs a field that identifies its areas; "
        "received counties.gpkg, fields: GEOID, STATE; "
        "none holds codes or names of Chilean communes; "
        "name it with --id FIELD"
    ),
    "several_layers": (
        "one layer of a file is read; received several.gpkg with 2: several, regions; name one with --layer"
    ),
    "only_a_table": (
        "boundaries hold polygons; received table.gpkg: a table without shapes; give the layer of the areas"
    ),
    "zip_with_two_shapefiles": (
        "one layer of an archive is read; received two.zip: comunas.shp, regiones.shp; name one with --layer"
    ),
    "zip_without_a_layer": (
        "an archive holds a vector layer; "
        "received papers.zip: leame.txt, metadata.xml; "
        "give the archive of a shapefile or a GeoPackage"
    ),
    "zip_with_nothing": (
        "an archive holds a vector layer; "
        "received nothing.zip: nothing; "
        "give the archive of a shapefile or a GeoPackage"
    ),
    "zip_leading_out": (
        "an archive holds only paths inside it; "
        "received escape.zip: '../../outside.shp'; "
        "get it from its publisher"
    ),
    "zip_with_an_absolute_path": (
        "an archive holds only paths inside it; "
        "received absolute.zip: '/etc/areas.geojson'; "
        "get it from its publisher"
    ),
    "zip_with_a_drive": (
        "an archive holds only paths inside it; "
        "received drive.zip: 'C:\\\\areas.geojson'; "
        "get it from its publisher"
    ),
    "zip_with_a_link": (
        "an archive holds no links; received link.zip: a link, 'areas.geojson'; get it from its publisher"
    ),
    "zip_bomb": (
        "an archive holds at most 100 times its packed size; "
        "received bomb.zip: 73 MB, 1,029 times; "
        "get it from its publisher"
    ),
    "zip_that_says_it_is_huge": (
        "an archive holds at most 4,295 MB unpacked; received huge.zip: 8,590 MB; get it from its publisher"
    ),
    "zip_of_too_many_files": (
        "an archive holds at most 5,000 files; received many.zip: 5,001 files; get it from its publisher"
    ),
    "zip_locked": (
        "an archive can be unpacked; received locked.zip: locked with a password; pack it without one"
    ),
    "zip_with_a_nameless_file": (
        "an archive holds a vector layer; "
        "received nameless.zip: nothing; "
        "give the archive of a shapefile or a GeoPackage"
    ),
    "zip_cut_off": (
        "an archive can be unpacked; received cut.zip: damaged or cut off; download or pack it again"
    ),
    "zip_with_a_wrong_checksum": (
        "an archive can be unpacked; received crc.zip: damaged or cut off; download or pack it again"
    ),
    "geopackage_cut_off": (
        "boundaries can be read whole; received cut.gpkg: a damaged database; copy or download it again"
    ),
    "a_web_page": (
        "boundaries are a vector file; "
        "received comunas.gpkg: a web page; "
        "download the file itself: the link led to a page"
    ),
    "an_empty_file": (
        "boundaries are a vector file; received empty.gpkg: empty file; copy or download it again"
    ),
    "a_file_of_zeros": (
        "boundaries are a vector file; received zeros.gpkg: nothing but blanks; copy or download it again"
    ),
    "no_such_file": (
        "boundaries are a vector file; received {folder}/nowhere.gpkg: no such file; check the path"
    ),
    "a_folder": ("boundaries are a vector file; received maps: a folder; name the file in it: comunas.shp"),
    "an_empty_folder": ("boundaries are a vector file; received maps: a folder; name a file"),
    "a_picture": (
        "boundaries are a vector file; "
        "received map.png: not a format that GDAL reads; "
        "export it as GeoPackage"
    ),
    "a_reference_to_another_file": (
        "a layer stands in its own file; "
        "received virtual.vrt: a reference to another source; "
        "export that source as GeoPackage"
    ),
    "a_service": (
        "a layer stands in its own file; "
        "received service.xml: a reference to another source; "
        "export that source as GeoPackage"
    ),
    "a_rar_archive": (
        "boundaries are a vector file or a zip; received comunas.rar: rar archive; unpack it first"
    ),
    "a_shapefile_alone": (
        "a shapefile is several files; "
        "received alone.shp without its .shx; "
        "put .shp, .shx, .dbf and .prj in one folder, or give their zip"
    ),
    "all_geometries_null": (
        "boundaries hold polygons; received null.gpkg: 2 x no geometry; give the layer of the areas"
    ),
    "polygons_without_area": (
        "boundaries hold polygons; "
        "received flat.gpkg: 1 x a polygon without area; "
        "give the layer of the areas"
    ),
    "collections_of_lines": (
        "boundaries hold polygons; "
        "received mixed.gpkg: 2 x not a polygon (GeometryCollection, MultiPoint); "
        "give the layer of the areas"
    ),
    "json_of_something_else": (
        "boundaries are a vector file; "
        "received data.json: not a format that GDAL reads; "
        "export it as GeoPackage"
    ),
    "geojson_cut_off": (
        "boundaries can be read whole; "
        "received cut.geojson: JSON that breaks off or is malformed; "
        "copy or download it again"
    ),
}


def test_every_odd_layer_has_its_message() -> None:
    assert set(MESSAGES) == set(odd.ODD)
    assert len(MESSAGES) >= 40


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_a_layer_that_cannot_be_used_says_what_is_wrong_and_what_to_do(name: str, tmp_path: Path) -> None:
    path = odd.ODD[name](tmp_path)
    before = sorted(p.name for p in tmp_path.rglob("*"))
    with pytest.raises(geo.BoundaryError) as raised:
        open_boundaries(path, **OPTIONS.get(name, {"id_field": "id"}))
    assert str(raised.value).replace(str(tmp_path), "{folder}") == MESSAGES[name]
    assert sorted(p.name for p in tmp_path.rglob("*")) == before  # nothing is written beside what is read


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"id_field": "nada"},
            "--id names a field of the layer; received 'nada'; fields of areas.gpkg: id; name one of them",
        ),
        (
            {"id_field": "id", "layer": "nada"},
            "--layer names a layer of the file; received 'nada'; areas.gpkg has: areas; name one of them",
        ),
        (
            {"id_field": "id", "crs": "EPSG:99999"},
            "--crs names a coordinate system; received 'EPSG:99999'; "
            "use its EPSG code, such as --crs EPSG:4326",
        ),
        (
            {"id_field": "id", "crs": "degrees"},
            "--crs names a coordinate system; received 'degrees'; use its EPSG code, such as --crs EPSG:4326",
        ),
    ],
)
def test_wrong_options_say_what_there_is(options: dict[str, str], message: str, tmp_path: Path) -> None:
    path = odd.write(tmp_path / "areas.gpkg", odd.squares())
    with pytest.raises(geo.BoundaryError) as raised:
        open_boundaries(path, **options)
    assert str(raised.value) == message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with named pipes")
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gpkg")
    with pytest.raises(geo.BoundaryError, match="no file; check the path"):
        open_boundaries(tmp_path / "pipe.gpkg")


def test_a_name_no_system_takes_is_said(tmp_path: Path) -> None:
    with pytest.raises(geo.BoundaryError, match=r"boundaries (can be read|are a vector file)"):
        open_boundaries(tmp_path / ("a" * 5000))


@pytest.mark.parametrize("crs", ["EPSG:32719", "32719"])
def test_a_missing_coordinate_system_can_be_stated(crs: str, tmp_path: Path) -> None:
    areas = geo.read_boundaries(odd.no_crs_in_metres(tmp_path), id_field="id", crs=crs)
    # 200 km west of 69° W, where a degree of longitude has 89.9 km
    assert areas.total_bounds[:2] == pytest.approx([-71.22, -36.12], abs=0.01)


def test_a_wrong_coordinate_system_can_be_replaced(tmp_path: Path) -> None:
    areas = geo.read_boundaries(odd.metres_said_to_be_degrees(tmp_path), id_field="id", crs="EPSG:32719")
    assert -72 < areas.total_bounds[0] < -71


def test_heights_are_left_out(tmp_path: Path) -> None:
    areas = geo.read_boundaries(odd.with_heights(tmp_path), id_field="id")
    assert not areas.geometry.has_z.any()


def test_kml_is_read_by_its_names(tmp_path: Path) -> None:
    found = open_boundaries(odd.kml(tmp_path), id_field="Name")
    assert found.areas.index.tolist() == ["a", "b"]
    assert found.pairs == [("a", "b")]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ([1, 2, 3], ["1", "2", "3"]),
        ([1.0, 2.0, 3.0], ["1", "2", "3"]),
        ([1.5, 2.0, 3.0], ["1.5", "2.0", "3.0"]),
        ([" a", "b ", "c"], ["a", "b", "c"]),
    ],
)
def test_ids_become_text_as_a_person_would_write_them(
    ids: list[object], expected: list[str], tmp_path: Path
) -> None:
    found = open_boundaries(odd.write(tmp_path / "areas.gpkg", odd.squares(), id=ids), id_field="id")
    assert found.areas.index.tolist() == expected


def test_areas_without_an_id_are_listed(tmp_path: Path) -> None:
    path = odd.write(tmp_path / "areas.gpkg", odd.squares(), id=["a", None, " "], name=["x", "y", "z"])
    found = open_boundaries(path, id_field="ID")  # shapefiles shout their fields: case does not matter
    assert found.areas.index.tolist() == ["a"]
    assert found.dropped["reason"].tolist() == ["no id", "no id"]


def test_only_the_polygons_of_a_collection_count(tmp_path: Path) -> None:
    mixed = GeometryCollection([box(0, 0, 1, 1), GeometryCollection([box(1, 0, 2, 1)]), Point(5, 5)])
    found = open_boundaries(odd.write(tmp_path / "areas.gpkg", [mixed, box(2, 0, 3, 1)]), id_field="id")
    assert found.repaired == ["a"]
    assert found.areas.geometry["a"].area == 2
    assert found.pairs == [("a", "b")]


def test_coordinates_that_are_no_numbers_are_listed(tmp_path: Path) -> None:
    with np.errstate(invalid="ignore"):
        bad = Polygon([(0, 0), (1, 0), (np.inf, 1)])
    found = open_boundaries(odd.write(tmp_path / "areas.gpkg", [bad, box(2, 0, 3, 1)]), id_field="id")
    assert found.dropped.values.tolist() == [["a", "coordinates that are no numbers", ""]]


def test_areas_that_the_antimeridian_cuts_still_adjoin(tmp_path: Path) -> None:
    shapes = [box(178, -20, 180, -15), box(-180, -20, -178, -15), box(170, -20, 171, -15)]
    found = open_boundaries(odd.write(tmp_path / "fiji.gpkg", shapes), id_field="id")
    assert found.pairs == [("a", "b")]


def test_the_only_layer_of_polygons_needs_no_naming(tmp_path: Path) -> None:
    path = odd.write(tmp_path / "mixed.gpkg", odd.squares())
    points = gpd.GeoDataFrame({"id": ["p"]}, geometry=[Point(0, 0)], crs=4326)
    points.to_file(path, layer="capitals")
    assert geo.read_boundaries(path, id_field="id").index.tolist() == ["a", "b", "c"]


def test_one_of_several_layers_is_named(tmp_path: Path) -> None:
    assert len(geo.read_boundaries(odd.several_layers(tmp_path), id_field="id", layer="Regions")) == 1


@pytest.mark.parametrize("layer", ["comunas", "comunas.shp", "COMUNAS"])
def test_one_of_several_layers_of_a_zip_is_named(layer: str, tmp_path: Path) -> None:
    path = odd.zip_with_two_shapefiles(tmp_path)
    assert geo.read_boundaries(path, id_field="id", layer=layer).index.tolist() == ["a", "b", "c"]


def test_a_layer_deep_in_a_zip_is_found_beside_what_a_mac_adds(tmp_path: Path) -> None:
    parts = odd.shapefile(tmp_path, "comunas")
    inside = {f"DPA 2023/COMUNAS/{name}": path for name, path in parts.items()}
    path = odd.pack(tmp_path / "mac.zip", inside | {"__MACOSX/._comunas.shp": b"\0"})
    assert len(geo.read_boundaries(path, id_field="id")) == 3


def test_a_geopackage_in_a_zip_may_have_layers_of_its_own(tmp_path: Path) -> None:
    path = odd.pack(tmp_path / "inner.zip", {"several.gpkg": odd.several_layers(tmp_path)})
    assert len(geo.read_boundaries(path, id_field="id", layer="regions")) == 1


def communes_in(folder: Path, frame: gpd.GeoDataFrame, name: str = "chile.gpkg", **options: object) -> Path:
    path = folder / name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(path, **options)
    return path


def test_half_of_chile_leaves_the_other_half_without_polygons(tmp_path: Path) -> None:
    frame = odd.communes()
    found = open_boundaries(communes_in(tmp_path, frame[frame["cut"] < "08"]))
    assert (len(found.areas), len(found.missing)) == (346, 346 - int((frame["cut"] < "08").sum()))
    assert found.register


def test_codes_of_both_vintages_in_one_layer_lose_nothing(tmp_path: Path) -> None:
    frame = odd.communes()
    mixed = frame["cut"].where(frame.index % 2 == 0, frame["cut_2010"])
    found = open_boundaries(communes_in(tmp_path, frame[["geometry"]].assign(code=mixed)))
    assert found.missing == ["12202"]
    assert found.id_field == "code"
    assert found.displaced == []


@pytest.mark.parametrize("kind", [int, float, str])
def test_codes_are_codes_as_numbers_too(kind: type, tmp_path: Path) -> None:
    frame = odd.communes()
    found = open_boundaries(
        communes_in(tmp_path, frame[["geometry"]].assign(x=frame["cut"].map(int).map(kind)))
    )
    assert (found.matched_by, found.missing) == ("code", ["12202"])


def test_p_codes_of_the_united_nations_are_codes(tmp_path: Path) -> None:
    frame = odd.communes()
    path = communes_in(tmp_path, frame[["geometry"]].assign(adm3_pcode="CL" + frame["cut"]))
    assert open_boundaries(path).missing == ["12202"]


def test_a_feature_of_code_zero_is_listed_however_often_it_stands(tmp_path: Path) -> None:
    frame = odd.communes()[["cut", "geometry"]]
    lakes = gpd.GeoDataFrame({"cut": ["0"] * 60}, geometry=[box(-72, -40, -71, -39)] * 60, crs=4326)
    found = open_boundaries(communes_in(tmp_path, pd.concat([frame, lakes])))
    assert found.missing == ["12202"]
    assert found.dropped["reason"].unique().tolist() == ["code not in the register"]
    assert len(found.dropped) == 60


@pytest.mark.parametrize(("encoding", "stated"), [("cp1252", True), ("ISO-8859-1", False), ("utf-8", False)])
def test_names_match_in_the_encodings_of_shapefiles(encoding: str, stated: bool, tmp_path: Path) -> None:
    frame = odd.communes()[["comuna", "geometry"]]
    path = communes_in(tmp_path, frame, "names.shp", encoding=encoding)
    if not stated:
        path.with_suffix(".cpg").unlink()
    found = open_boundaries(path)
    assert (found.matched_by, found.id_field) == ("name", "comuna")
    assert found.missing == ["12202"]


def test_fields_that_share_a_name_or_are_called_geometry_do_no_harm(tmp_path: Path) -> None:
    path = odd.write(
        tmp_path / "areas.fgb", odd.squares(), id=list("abc"), ix=list("xyz"), geometri=[1, 2, 3]
    )
    path.write_bytes(path.read_bytes().replace(b"ix", b"id").replace(b"geometri", b"geometry"))
    assert read_layer(path).columns.tolist() == ["id", "geometry"]
    assert len(geo.read_boundaries(path, id_field="id")) == 3


def test_geojson_in_the_encoding_of_windows_is_read(tmp_path: Path) -> None:
    path = communes_in(tmp_path, odd.communes()[["comuna", "geometry"]], "names.geojson")
    path.write_bytes(path.read_text("utf-8").encode("cp1252"))
    assert open_boundaries(path).missing == ["12202"]


def test_a_shape_that_does_not_close_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    path = odd.write(tmp_path / "areas.geojson", odd.squares())
    path.write_text(path.read_text().replace("[ 2.0, 0.0 ], [ 2.0, 1.0 ], [ 1.0, 1.0 ],", ""))
    found = open_boundaries(path, id_field="id")
    assert found.areas.index.tolist() == ["a", "c"]
    assert found.dropped["name"].tolist() == ["b"]


def test_a_file_geodatabase_is_read_as_folder_and_zipped(tmp_path: Path) -> None:
    path = odd.write(tmp_path / "areas.gdb", odd.squares())
    inside = {f"x/areas.gdb/{p.name}": p for p in path.iterdir()}
    zipped = odd.pack(tmp_path / "gdb.zip", inside)
    assert geo.read_boundaries(path, id_field="id").index.tolist() == ["a", "b", "c"]
    assert geo.read_boundaries(zipped, id_field="id").index.tolist() == ["a", "b", "c"]


def test_a_zipped_kml_is_a_zip(tmp_path: Path) -> None:
    path = odd.pack(tmp_path / "areas.kmz", {"doc.kml": odd.kml(tmp_path)})
    assert geo.read_boundaries(path, id_field="Name").index.tolist() == ["a", "b"]


def test_names_that_fit_no_commune_are_listed_with_the_nearest(tmp_path: Path) -> None:
    frame = odd.communes()
    names = frame["comuna"].replace({"Quillota": "Quilota"})
    path = communes_in(tmp_path, frame[["geometry"]].assign(shapeName=names))
    found = open_boundaries(path)
    assert found.missing == ["05501", "12202"]
    assert found.dropped["name"].tolist() == ["Quilota"]
    assert found.dropped["reason"].tolist() == ["no commune of this name"]
    assert found.dropped["nearest"].str.startswith("Quillota").all()


def test_a_name_given_to_two_places_stays_with_the_right_one(tmp_path: Path) -> None:
    frame = odd.communes()
    names = frame["comuna"].replace({"Pozo Almonte": "Tocopilla"})  # as one public layer has it
    found = open_boundaries(communes_in(tmp_path, frame[["geometry"]].assign(shapeName=names)))
    assert found.missing == ["01401", "12202"]
    assert found.dropped["reason"].tolist() == ["not where the commune of this name lies"]
    assert found.displaced == []


def test_regions_by_name_do_not_pass_for_communes(tmp_path: Path) -> None:
    frame = odd.communes(["05101", "05109", "05801", "05501"])
    path = communes_in(tmp_path, frame[["geometry"]].assign(region="Valparaíso", n=[1, 2, 3, 4]))
    with pytest.raises(geo.BoundaryError, match="none holds codes or names"):
        open_boundaries(path)


def test_communes_in_the_wrong_place_are_told(tmp_path: Path) -> None:
    frame = odd.communes(["01101", "05101", "13101", "12101"])
    swapped = frame["cut"].replace({"01101": "12101", "12101": "01101"})
    found = open_boundaries(communes_in(tmp_path, frame[["geometry"]].assign(cut=swapped)))
    assert found.displaced == ["01101", "12101"]


@pytest.mark.parametrize("field", ["N03_007", None])
def test_codes_of_another_country_that_are_communes_codes_too_are_its_own(
    field: str | None, tmp_path: Path
) -> None:
    """The wards of Tokyo are 13101 to 13123; so are communes of Santiago, 17,000 km away."""
    wards = ["Chiyoda", "Chuo", "Minato", "Shinjuku"]
    cells = [box(139.7 + 0.02 * i, 35.6, 139.72 + 0.02 * i, 35.65) for i in range(4)]
    codes = [str(13101 + i) for i in range(4)]
    layer = tmp_path / "wards.geojson"
    gpd.GeoDataFrame({"N03_007": codes, "name": wards}, geometry=cells, crs=4326).to_file(layer)
    table = tmp_path / "t.csv"
    rows = [f"{code},{ward},{5 + i},1000" for i, (code, ward) in enumerate(zip(codes, wards, strict=True))]
    table.write_text("\n".join(["code,name,releases,population", *rows]), encoding="utf-8")
    found = open_boundaries(layer, id_field=field)
    assert (found.elsewhere, found.register, found.id_field) == (True, None, "N03_007")
    result = geo.run(
        table, boundaries=layer, id_field=field, year=2016, permutations=99, imputations=0, rng=0
    )
    assert result.areas["area_name"].tolist() == wards
    assert result.areas["population"].tolist() == [1000] * 4
    said = "The codes in field N03_007 are those of communes of Chile too, but none of these areas lies"
    assert any(said in line for line in result.summary("en"))
    assert any("código" in line and "otro país" in line for line in result.summary("es"))


def test_lines_beside_polygons_are_listed_not_lost(tmp_path: Path) -> None:
    path = odd.write(tmp_path / "m.geojson", [box(0, 0, 1, 1), LineString([(0, 0), (1, 1)])])
    found = open_boundaries(path, id_field="id")
    assert found.dropped.values.tolist() == [["b", "not a polygon", ""]]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".zip"])
@examples(30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), change=st.binary(min_size=1, max_size=40), cut=st.booleans())
def test_no_damage_to_a_file_ends_in_a_traceback(
    suffix: str, at: float, change: bytes, cut: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    if suffix == ".zip":
        path = odd.pack(folder / "areas.zip", odd.shapefile(folder, "areas"))
    else:
        path = odd.write(folder / f"areas{suffix}", odd.squares())
    content = bytearray(path.read_bytes())
    place = int(at * (len(content) - 1))
    content[place:] = change if cut else change + bytes(content[place + len(change) :])
    path.write_bytes(bytes(content))
    with suppress(geo.BoundaryError):
        assert len(read_layer(path)) <= 3


@pytest.mark.parametrize(
    "name",
    [
        "communes_ine2016_15regions.gpkg",
        "communes_ine2017_16regions.gpkg",
        "communes_bcn2020_damaged.geojson",
    ],
)
def test_every_reference_layer_reads_without_options(name: str, reference: Path) -> None:
    found = open_boundaries(reference / "boundaries" / name)
    assert found.missing == ["12202"]
    assert found.displaced == []


def test_the_table_of_what_was_tried_is_what_happens() -> None:
    page = (ROOT / "docs" / "boundaries.md").read_text(encoding="utf-8")
    for name, message in MESSAGES.items():
        assert f"| {name.replace('_', ' ')} | {message.replace('{folder}/', '')} |" in page
