"""Layers as they should not come, made by code: each function writes one and gives its path."""

from __future__ import annotations

import json
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
from shapely import (
    GeometryCollection,
    LineString,
    MultiPoint,
    Point,
    Polygon,
    box,
    force_3d,
)

from geo.register.communes import commune_register

ODD: dict[str, Callable[[Path], Path]] = {}


def odd(make: Callable[[Path], Path]) -> Callable[[Path], Path]:
    ODD[make.__name__] = make
    return make


def squares(n: int = 3) -> list[Polygon]:
    return [box(i, 0, i + 1, 1) for i in range(n)]


def write(path: Path, geometry: list[object], *, crs: object = 4326, **columns: list[object]) -> Path:
    """Write a layer; a shapefile without a system warns, which here is meant."""
    columns = columns or {"id": list("abcdefgh"[: len(geometry)])}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gpd.GeoDataFrame(columns, geometry=geometry, crs=crs).to_file(path)
    return path


def pack(path: Path, files: dict[str, bytes | Path]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else content.read_bytes())
    return path


def shapefile(folder: Path, stem: str, **columns: list[object]) -> dict[str, Path]:
    """Write a shapefile and list its parts by name."""
    n = len(next(iter(columns.values()))) if columns else 3
    write(folder / f"{stem}.shp", squares(n), **columns)
    return {p.name: p for p in sorted(folder.glob(f"{stem}.*"))}


def communes(codes: list[str] | None = None) -> gpd.GeoDataFrame:
    """A square at each commune's place."""
    known = commune_register().dropna(subset="lon")
    known = known if codes is None else known.loc[codes]
    shapes = [
        box(x - 0.02, y - 0.02, x + 0.02, y + 0.02) for x, y in zip(known["lon"], known["lat"], strict=True)
    ]
    return gpd.GeoDataFrame(
        {"cut": known.index, "cut_2010": known["cut_2010"].to_numpy(), "comuna": known["commune"].to_numpy()},
        geometry=shapes,
        crs=4326,
    )


@odd
def points(folder: Path) -> Path:
    return write(folder / "points.gpkg", [Point(0, 0), Point(1, 1)])


@odd
def lines(folder: Path) -> Path:
    return write(folder / "lines.geojson", [LineString([(0, 0), (1, 1)])])


@odd
def no_features(folder: Path) -> Path:
    path = folder / "none.gpkg"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gpd.GeoDataFrame({"id": np.array([], dtype=str)}, geometry=[], crs=4326).to_file(
            path, geometry_type="Polygon"
        )
    return path


@odd
def geojson_without_features(folder: Path) -> Path:
    path = folder / "none.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    return path


@odd
def no_crs_in_degrees(folder: Path) -> Path:
    return write(folder / "bare.shp", squares(), crs=None)


@odd
def no_crs_in_metres(folder: Path) -> Path:
    return write(folder / "metres.shp", [box(300_000, 6_000_000, 301_000, 6_001_000)], crs=None)


@odd
def metres_said_to_be_degrees(folder: Path) -> Path:
    shape = box(300_000, 6_000_000, 301_000, 6_001_000)
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": shape.__geo_interface__}
    path = folder / "metres.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@odd
def a_system_of_nowhere(folder: Path) -> Path:
    path = write(folder / "local.shp", squares(), crs=None)
    path.with_suffix(".prj").write_text('LOCAL_CS["site",UNIT["metre",1]]')
    return path


@odd
def ids_repeated(folder: Path) -> Path:
    return write(folder / "twice.gpkg", squares(), id=["a", "b", "a"])


@odd
def ids_all_missing(folder: Path) -> Path:
    return write(folder / "blank.gpkg", squares(), id=["", " ", None])


@odd
def no_field_at_all(folder: Path) -> Path:
    features = [{"type": "Feature", "properties": {}, "geometry": s.__geo_interface__} for s in squares()]
    path = folder / "bare.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@odd
def no_field_of_communes(folder: Path) -> Path:
    return write(folder / "counties.gpkg", squares(), GEOID=["X1", "X2", "X3"], STATE=["a", "a", "a"])


@odd
def several_layers(folder: Path) -> Path:
    path = write(folder / "several.gpkg", squares())
    gpd.GeoDataFrame({"id": ["a"]}, geometry=squares(1), crs=4326).to_file(path, layer="regions")
    return path


@odd
def only_a_table(folder: Path) -> Path:
    path = folder / "table.gpkg"
    pyogrio.write_dataframe(gpd.GeoDataFrame({"id": ["a"]}, geometry=[None]).drop(columns="geometry"), path)
    return path


@odd
def zip_with_two_shapefiles(folder: Path) -> Path:
    return pack(folder / "two.zip", shapefile(folder, "comunas") | shapefile(folder, "regiones"))


@odd
def zip_without_a_layer(folder: Path) -> Path:
    return pack(folder / "papers.zip", {"leame.txt": b"hola", "metadata.xml": b"<a/>"})


@odd
def zip_with_nothing(folder: Path) -> Path:
    return pack(folder / "nothing.zip", {"folder/": b""})


@odd
def zip_leading_out(folder: Path) -> Path:
    return pack(folder / "escape.zip", shapefile(folder, "comunas") | {"../../outside.shp": b"x"})


@odd
def zip_with_an_absolute_path(folder: Path) -> Path:
    return pack(folder / "absolute.zip", {"/etc/areas.geojson": b"{}"})


@odd
def zip_with_a_drive(folder: Path) -> Path:
    return pack(folder / "drive.zip", {"C:\\areas.geojson": b"{}"})


@odd
def zip_with_a_link(folder: Path) -> Path:
    path = folder / "link.zip"
    link = zipfile.ZipInfo("areas.geojson")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/hostname")
    return path


@odd
def zip_bomb(folder: Path) -> Path:
    return pack(folder / "bomb.zip", {"areas.geojson": b" " * (70 << 20)})


@odd
def zip_that_says_it_is_huge(folder: Path) -> Path:
    path = pack(folder / "huge.zip", {"areas.geojson": b"{}"})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
    second = content[at : content.index(b"PK\x05\x06")]
    path.write_bytes(bytes(content[:at]) + bytes(second) * 2 + bytes(content[at + len(second) :]))
    end = path.read_bytes().rindex(b"PK\x05\x06")
    fixed = bytearray(path.read_bytes())
    fixed[end + 8 : end + 12] = struct.pack("<HH", 2, 2)
    fixed[end + 12 : end + 16] = struct.pack("<I", 2 * len(second))
    path.write_bytes(bytes(fixed))
    return path


@odd
def zip_of_too_many_files(folder: Path) -> Path:
    return pack(folder / "many.zip", {f"{i}.txt": b"" for i in range(5_001)})


@odd
def zip_locked(folder: Path) -> Path:
    path = pack(folder / "locked.zip", {"areas.geojson": b"{}"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(content))
    return path


@odd
def zip_with_a_nameless_file(folder: Path) -> Path:
    path = pack(folder / "nameless.zip", {"x": b"{}"})
    path.write_bytes(path.read_bytes().replace(b"x", b"\0"))
    return path


@odd
def zip_cut_off(folder: Path) -> Path:
    path = pack(folder / "cut.zip", shapefile(folder, "comunas"))
    path.write_bytes(path.read_bytes()[:-100])
    return path


@odd
def zip_with_a_wrong_checksum(folder: Path) -> Path:
    path = pack(folder / "crc.zip", {"areas.geojson": b'{"type": "FeatureCollection", "features": []}'})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 16] ^= 0xFF
    path.write_bytes(bytes(content))
    return path


@odd
def geopackage_cut_off(folder: Path) -> Path:
    path = write(folder / "cut.gpkg", squares(8))
    path.write_bytes(path.read_bytes()[:20_000])
    return path


@odd
def a_web_page(folder: Path) -> Path:
    path = folder / "comunas.gpkg"
    path.write_text("\n<!DOCTYPE html><html><title>404</title></html>")
    return path


@odd
def an_empty_file(folder: Path) -> Path:
    (folder / "empty.gpkg").touch()
    return folder / "empty.gpkg"


@odd
def a_file_of_zeros(folder: Path) -> Path:
    (folder / "zeros.gpkg").write_bytes(b"\0" * 5000)
    return folder / "zeros.gpkg"


@odd
def no_such_file(folder: Path) -> Path:
    return folder / "nowhere.gpkg"


@odd
def a_folder(folder: Path) -> Path:
    (folder / "maps").mkdir()
    shapefile(folder / "maps", "comunas")
    return folder / "maps"


@odd
def an_empty_folder(folder: Path) -> Path:
    (folder / "maps").mkdir()
    return folder / "maps"


@odd
def a_picture(folder: Path) -> Path:
    (folder / "map.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    return folder / "map.png"


@odd
def a_reference_to_another_file(folder: Path) -> Path:
    path = folder / "virtual.vrt"
    path.write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>')
    return path


@odd
def a_service(folder: Path) -> Path:
    path = folder / "service.xml"
    path.write_text("<OGRWFSDataSource><URL>http://127.0.0.1:9/wfs</URL></OGRWFSDataSource>")
    return path


@odd
def a_rar_archive(folder: Path) -> Path:
    (folder / "comunas.rar").write_bytes(b"Rar!\x1a\x07\x00" + b"\0" * 50)
    return folder / "comunas.rar"


@odd
def a_shapefile_alone(folder: Path) -> Path:
    for name, path in shapefile(folder, "alone").items():
        if not name.endswith(".shp"):
            path.unlink()
    return folder / "alone.shp"


@odd
def all_geometries_null(folder: Path) -> Path:
    return write(folder / "null.gpkg", [None, None])


@odd
def polygons_without_area(folder: Path) -> Path:
    return write(folder / "flat.gpkg", [Polygon([(0, 0), (1, 1), (0, 0), (0, 0)])])


@odd
def collections_of_lines(folder: Path) -> Path:
    mixed = GeometryCollection([LineString([(0, 0), (1, 1)]), Point(0, 0)])
    return write(folder / "mixed.gpkg", [mixed, MultiPoint([(0, 0)])])


@odd
def json_of_something_else(folder: Path) -> Path:
    (folder / "data.json").write_text('{"communes": 346}')
    return folder / "data.json"


@odd
def geojson_cut_off(folder: Path) -> Path:
    path = write(folder / "cut.geojson", squares())
    path.write_text(path.read_text()[:-60])
    return path


# What reads, odd as it is: the tests say what comes of each.


def with_heights(folder: Path) -> Path:
    return write(folder / "heights.gpkg", [force_3d(s, 100.0) for s in squares()])


def kml(folder: Path) -> Path:
    path = folder / "areas.kml"
    places = "".join(
        f"<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        + " ".join(f"{x},{y},0" for x, y in square.exterior.coords)
        + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        for name, square in zip("ab", squares(2), strict=True)
    )
    path.write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>x</name>{places}</Folder></Document></kml>'
    )
    return path
