"""Layers and tables that name addresses: nobody is asked, whatever the file and the surroundings say."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pyproj
import pytest
from shapely import box

import geo
from geo.boundaries.reading import read_layer
from geo.cli import main
from geo.files.vector import without_network

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}


class Listener:
    """A place on this computer that counts who calls."""

    def __init__(self, listening: socket.socket) -> None:
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        self.calls = 0
        self._listening, self._ended = listening, threading.Event()
        self._answering = threading.Thread(target=self._answer, daemon=True)
        self._answering.start()

    def _answer(self) -> None:
        self._listening.settimeout(0.02)
        while not self._ended.is_set():
            with suppress(TimeoutError):
                caller, _ = self._listening.accept()
                self.calls += 1
                caller.close()

    def end(self) -> None:
        """Stop answering before the place is closed: its number is soon that of another socket."""
        self._ended.set()
        self._answering.join()


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    # What an office sets for its own proxy must not open a way out.
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "*")
    monkeypatch.setenv("PROJ_NETWORK", "ON")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        there = Listener(listening)
        yield there
        there.end()


def collection(**more: Any) -> dict[str, Any]:
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": SQUARE}
    return {"type": "FeatureCollection", **more, "features": [feature]}


def link(url: str, kind: str = "link") -> dict[str, Any]:
    return {"type": kind, "properties": {"href": url, "url": url, "type": "proj4"}}


def linked_texts(url: str) -> dict[str, str]:
    """Files whose coordinate system stands behind a link, by name."""
    there = link(url)
    plain = json.dumps(collection(crs=there))
    within, beside = collection(), collection()
    within["features"][0]["geometry"] = {**SQUARE, "crs": there}
    beside["features"][0]["crs"] = there
    known = '"crs": {"type": "name", "properties": {"name": "EPSG:4326"}}, '
    polygon = {"type": "Polygon", "arcs": [[0]], "properties": {"id": "x"}}
    topology = {
        "type": "Topology",
        "crs": there,
        "arcs": [SQUARE["coordinates"][0]],
        "objects": {"a": {"type": "GeometryCollection", "geometries": [polygon]}},
    }
    named = {"type": "name", "properties": {"name": url}}
    return {
        "top.geojson": plain,
        "url.geojson": json.dumps(collection(crs=link(url, "URL"))),
        "linked.json": json.dumps(collection(crs=link(url, "LinkedCRS"))),
        "after.geojson": json.dumps({**collection(), "crs": there}),
        "escaped.geojson": plain.replace('"crs"', '"\\u0063\\u0072s"').replace('"link"', '"l\\u0069nk"'),
        "capitals.geojson": plain.replace('"crs"', '"CRS"'),
        "blanks.geojson": plain.replace('"crs": ', '"crs"\n\t \r\n:\n\n ').replace("{", " {\n"),
        "bom.geojson": "\ufeff" + plain,
        "twice.geojson": plain.replace('"crs"', known + '"crs"'),
        "twice-last.geojson": plain.replace('"features"', known + '"features"'),
        "in-geometry.geojson": json.dumps(within),
        "in-feature.geojson": json.dumps(beside),
        "feature.geojson": json.dumps(collection()["features"][0] | {"crs": there}),
        "geometry.geojson": json.dumps({**SQUARE, "crs": there}),
        "lines.geojsonl": "\n".join([json.dumps(collection()["features"][0] | {"crs": there})] * 3),
        "topology.topojson": json.dumps(topology),
        "comment.topojson": json.dumps(topology).replace('"crs":', '"crs"/* {} */:'),
        "named.geojson": json.dumps(collection(crs=named)),
    }


LINKED = sorted(linked_texts(""))


@pytest.mark.parametrize("name", LINKED)
def test_a_coordinate_system_behind_a_link_is_asked_of_the_person_and_of_nobody_else(
    name: str, tmp_path: Path, listener: Listener
) -> None:
    file = tmp_path / name
    file.write_text(linked_texts(listener.url + "crs")[name], encoding="utf-8")
    with pytest.raises(geo.BoundaryError) as refused:
        read_layer(file)
    assert listener.calls == 0
    assert refused.value.rule == "a layer states its coordinate system itself, nothing is fetched"
    assert "--crs EPSG" in refused.value.remedy
    assert listener.url in refused.value.received
    if name != "geometry.geojson":  # has no fields
        assert read_layer(file, crs="EPSG:32719").total_bounds[0] < -70
    assert listener.calls == 0


@pytest.mark.parametrize(
    ("crs", "received"),
    [
        ({"type": "EPSG", "properties": {"code": 999999}}, "EPSG code 999999"),
        ({"type": "EPSG", "properties": {"code": 32719.5}}, "EPSG code 32719.5"),
        ({"type": "epsg", "properties": {}}, "EPSG code none"),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}, "EPSG::999999"),
        ({"padding": "x" * (80 << 10), **link("http://a.example/")}, "one far longer than any"),
        *[
            ({"s": "s" * k, "padding": [True, None] * (10 << 10), **link("http://a.example/")}, "far longer")
            for k in range(8)  # wherever it is cut
        ],
        *[
            ({"type": "name", "properties": {"name": name}}, name)
            for name in (
                *("EPSG::32719", "urn:x-ogc:def:crs:EPSG:102033", "urn:ogc:def:crs:EPSG::37001"),
                *("urn:ogc:def:crs:EPSG:8.5:999999", "EPSG:37001"),
            )
        ],
        ({"type": "EPSG", "properties": {"code": "1_02033"}}, "EPSG code 1_02033"),
    ],
)
def test_a_coordinate_system_that_says_nothing_here_is_not_taken_for_degrees(
    crs: dict[str, Any], received: str, tmp_path: Path
) -> None:
    """GDAL takes what it does not know for WGS 84, without a word."""
    file = tmp_path / "layer.geojson"
    file.write_text(json.dumps(collection(crs=crs)), encoding="utf-8")
    with pytest.raises(geo.BoundaryError, match="a layer states its coordinate system itself") as refused:
        read_layer(file)
    assert received in refused.value.received
    assert read_layer(file, crs="EPSG:32719").total_bounds[0] < -70


def test_an_unknown_code_is_found_in_loose_json_too(tmp_path: Path) -> None:
    file = tmp_path / "layer.geojson"
    loose = json.dumps(collection(crs={"type": "name", "properties": {"name": "EPSG:999999"}}))
    file.write_text(loose.replace('"EPSG:999999"}', '"EPSG:999999", }'), encoding="utf-8")
    with pytest.raises(geo.BoundaryError, match="EPSG:999999"):
        read_layer(file)


@pytest.mark.parametrize("code", [32719, "32719", 32719.0, 102033, "102033"])
def test_a_coordinate_system_by_its_number_alone_is_known(code: float | str, tmp_path: Path) -> None:
    """A zone of UTM, and Esri's Albers projection of South America."""
    file = tmp_path / "layer.geojson"
    crs = {"type": "EPSG", "properties": {"code": code}}
    file.write_text(json.dumps(collection(crs=crs)), encoding="utf-8")
    assert read_layer(file).total_bounds[0] < -59


@pytest.mark.parametrize(
    "said",
    [
        """, "note": "{'crs': {'init': 'epsg:4326'}}" """,
        """, "note": "{\\"crs\\": {'init': 'epsg:4326'}}" """,
        """, "crs": {"type": "name", "properties": {"name": "EPSG:4326",}} """,
        """, "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG:8.5:4326"}} """,
        """, "crs": {"type": "name",\t"properties": {"name": "EPSG:4326", "as": "two\tparts"}} """,
    ],
    ids=["text", "text of JSON", "comma", "edition", "tab"],
)
def test_what_looks_like_a_coordinate_system_or_is_loosely_written_keeps_nothing_from_being_read(
    said: str, tmp_path: Path
) -> None:
    file = tmp_path / "layer.geojson"
    file.write_text(json.dumps(collection()).replace(', "features"', said + ', "features"'), encoding="utf-8")
    assert len(read_layer(file)) == 1


@pytest.mark.parametrize("packed", ["layer.geojson", "a/b/c/layer.json"])
def test_nor_out_of_an_archive(packed: str, tmp_path: Path, listener: Listener) -> None:
    file = tmp_path / "layer.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(packed, json.dumps(collection(crs=link(listener.url))))
    with pytest.raises(geo.BoundaryError, match="nothing is fetched"):
        read_layer(file)
    assert len(read_layer(file, crs="EPSG:4326")) == 1
    reference = (
        f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{listener.url}</SrcDataSource>'
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(packed, reference + "</OGRVRTLayer></OGRVRTDataSource>")
    with pytest.raises(geo.BoundaryError, match="a layer stands in its own file"):
        read_layer(file)
    assert listener.calls == 0


def other_texts(url: str) -> dict[str, str]:
    """Files of other formats that name addresses."""
    gml = (
        '<{p}:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" '
        'xmlns:gml="http://www.opengis.net/gml" '
        'xmlns:a="http://a" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://a {schema}">'
        '<gml:featureMember><a:area><a:id>x</a:id><a:see xlink:href="{url}x#y"/><a:geom>'
        '<gml:Polygon srsName="{url}srs"><gml:outerBoundaryIs><gml:LinearRing>'
        "<gml:coordinates>0,0 1,0 1,1 0,0</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs>"
        "</gml:Polygon></a:geom></a:area>"
        "</gml:featureMember></{p}:FeatureCollection>"
    )
    wfs = f"{url}ows?SERVICE=WFS&amp;VERSION=1.1.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=a:area"
    kml = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{url}</href></Link>'
        "</NetworkLink><Placemark><name>a</name><styleUrl>{url}s#q</styleUrl><Polygon><outerBoundaryIs>"
        "<LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark></Document></kml>"
    )
    esri = {
        "geometryType": "esriGeometryPolygon",
        "spatialReference": {"wkt": url, "crs": link(url)},
        "fields": [{"name": "id", "type": "esriFieldTypeString", "alias": "id"}],
        "features": [{"attributes": {"id": "a"}, "geometry": {"rings": SQUARE["coordinates"]}}],
        "exceededTransferLimit": True,
    }
    features = {
        "type": "FeatureCollection",
        "conformsTo": ["http://www.opengis.net/spec/json-fg-1/0.2/conf/core"],
        "coordRefSys": {"type": "Reference", "href": url},
        "links": [{"rel": "next", "href": url}],
        "features": [
            {"type": "Feature", "id": 1, "geometry": None, "time": None, "place": SQUARE, "properties": {}}
        ],
    }
    vrt = (
        f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}</SrcDataSource></OGRVRTLayer>'
    )
    command = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {url}x"}
    return {
        "schema.gml": gml.format(p="gml", url=url, schema=url + "a.xsd"),
        "wfs.gml": gml.format(p="wfs", url=url, schema=wfs),
        "links.kml": kml.format(url=url),
        "esri.json": json.dumps(esri),
        "features.json": json.dumps(features),
        "next.geojson": json.dumps(collection(links=[{"rel": "next", "href": url}], next=url)),
        "source.vrt": vrt + "</OGRVRTDataSource>",
        "padded.json": " " * 990 + vrt + "</OGRVRTDataSource>",
        "far.json": f"<!--{'x' * 5000}-->" + vrt + "</OGRVRTDataSource>",
        "wfs.xml": f"<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
        "wms.xml": f'<GDAL_WMS><Service name="WMS"><ServerUrl>{url}</ServerUrl></Service></GDAL_WMS>',
        "command.gdalg.json": json.dumps(command),
    }


@pytest.mark.parametrize("name", sorted(other_texts("")))
def test_no_format_asks_anybody(name: str, tmp_path: Path, listener: Listener) -> None:
    file = tmp_path / name
    file.write_text(other_texts(listener.url)[name], encoding="utf-8")
    for read in (
        lambda: read_layer(file),
        lambda: read_layer(file, crs="4326"),
        lambda: geo.read_table(file),
    ):
        try:
            read()
        except geo.GeoError:
            continue
    assert listener.calls == 0
    # Older ones give up at the link, whatever --crs says.
    if name == "wfs.gml" and pyogrio.__gdal_version__ >= (3, 10):
        assert len(read_layer(file, crs="4326")) == 1


@pytest.mark.parametrize(("suffix", "driver"), [(".gpkg", "GPKG"), (".sqlite", "SQLite")])
def test_tables_of_a_database_that_stand_elsewhere_are_not_opened(
    suffix: str, driver: str, tmp_path: Path, listener: Listener
) -> None:
    file = tmp_path / f"layer{suffix}"
    areas = gpd.GeoDataFrame({"id": ["a"]}, geometry=[box(0, 0, 1, 1)], crs=4326)
    areas.to_file(file, driver=driver, layer="areas")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA writable_schema = 1")
        for name, source in (("one", f"/vsicurl/{listener.url}x.geojson"), ("two", f"{listener.url}y.json")):
            statement = f"CREATE VIRTUAL TABLE {name} USING VirtualOGR(''{source}'')"
            database.execute(
                "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) "
                f"VALUES ('table', '{name}', '{name}', 0, '{statement}')"
            )
            if driver == "GPKG":
                columns = "gpkg_contents (table_name, data_type, identifier)"
                database.execute(f"INSERT INTO {columns} VALUES ('{name}', 'attributes', '{name}')")
    for layer in (None, "areas", "one", "two"):
        for read in (
            lambda layer=layer: read_layer(file, layer=layer),
            lambda layer=layer: geo.read_table(file, sheet=layer),
        ):
            try:
                read()
            except geo.GeoError:
                continue
    assert listener.calls == 0


def test_a_projection_file_that_is_an_address_is_none(tmp_path: Path, listener: Listener) -> None:
    areas = gpd.GeoDataFrame({"id": ["a"]}, geometry=[box(0, 0, 1, 1)], crs=4326)
    areas.to_file(tmp_path / "areas.shp")
    (tmp_path / "areas.prj").write_text(listener.url, encoding="utf-8")
    with pytest.raises(geo.BoundaryError, match="states its coordinate system"):
        read_layer(tmp_path / "areas.shp")
    for crs in (listener.url, f"/vsicurl/{listener.url}"):
        with pytest.raises(geo.BoundaryError, match="--crs names a coordinate system"):
            read_layer(tmp_path / "areas.shp", crs=crs)
    assert listener.calls == 0


def test_a_file_whose_name_reads_like_an_address_is_a_file(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = listener.url.removeprefix("http://").strip("/")
    folder = tmp_path / "http:" / host
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for name in ("a.geojson", "a;b.geojson", "a!b.geojson", "a?b#c.geojson", "PG:x.geojson"):
        (folder / name).write_text(json.dumps(collection()), encoding="utf-8")
        assert len(read_layer(Path("http:") / host / name)) == 1
    for name in (
        listener.url + "missing.geojson",
        "/vsicurl/" + listener.url,
        "PG:host=127.0.0.1",
        "WFS:" + listener.url,
    ):
        with pytest.raises(geo.BoundaryError, match="no such file"):
            geo.read_boundaries(name)
        with pytest.raises(geo.GeoError):
            geo.read_table(name)
    assert listener.calls == 0


def test_an_unknown_code_is_not_taken_for_degrees(tmp_path: Path) -> None:
    file = tmp_path / "layer.geojson"
    for name in ("EPSG:999999", "urn:ogc:def:crs:EPSG::999999"):
        crs = {"type": "name", "properties": {"name": name}}
        file.write_text(json.dumps(collection(crs=crs)), encoding="utf-8")
        with pytest.raises(geo.BoundaryError, match=name):
            read_layer(file)
    for name in (
        "EPSG:4326",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ):
        crs = {"type": "name", "properties": {"name": name}}
        file.write_text(json.dumps(collection(crs=crs)), encoding="utf-8")
        assert len(read_layer(file)) == 1


def test_a_field_called_crs_is_a_field(tmp_path: Path) -> None:
    layer = collection()
    layer["features"][0]["properties"] = {"id": "a", "crs": "a link"}
    file = tmp_path / "layer.geojson"
    file.write_text(json.dumps(layer), encoding="utf-8")
    assert read_layer(file)["crs"].tolist() == ["a link"]


def test_what_was_shut_stands_open_again_as_before(listener: Listener) -> None:
    before = pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY")
    with without_network():
        assert pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY") == "none://127.0.0.1:1"
        assert os.environ["NO_PROXY"] == ""
        assert not pyproj.network.is_network_enabled()
        text = json.dumps(collection(crs=link(listener.url))).encode()
        pyogrio.read_dataframe(text)  # the switches alone hold, too
    assert listener.calls == 0
    assert pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY") == before
    assert (os.environ["NO_PROXY"], os.environ["PROJ_NETWORK"]) == ("*", "ON")


def test_the_command_says_it_in_one_line(
    tmp_path: Path, listener: Listener, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "layer.geojson"
    file.write_text(json.dumps(collection(crs=link(listener.url))), encoding="utf-8")
    assert main(["boundaries", "check", str(file), "--id", "id"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith("retorno: a layer states its coordinate system itself")
    assert main(["boundaries", "check", str(file), "--id", "id", "--crs", "EPSG:4326"]) == 0
    assert listener.calls == 0
