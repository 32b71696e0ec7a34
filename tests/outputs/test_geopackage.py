import hashlib
import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import Point

from geo.errors import OutputError
from geo.outputs.gpkg.geopackage import write_geopackage
from geo.text.labels import columns, palette

SPATIAL = ["communes", "groups", "clusters", "regions", "support_gaps", "points"]
LAYERS = [*SPATIAL, "parameters", "join_report", "dictionary"]


@pytest.fixture
def everything(country):
    report = pd.DataFrame({"row": [7], "name": ["Atlántida"], "reason": ["unknown area"]})
    return country | {"join_report": report}


@pytest.fixture
def written(everything, once, tmp_path):
    given = {**everything, "lang": "es", "title": "Doce cuadrados"}
    return once(tmp_path / "a.gpkg", "everything", lambda path: write_geopackage(**given, path=path))


def query(path, sql, *values):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql, values).fetchall()


def field_names(path, layer):
    return [row[1] for row in query(path, f"PRAGMA table_info({layer})") if row[1] not in ("fid", "geom")]


def test_every_layer_is_there_in_order_and_in_wgs84(written):
    assert pyogrio.list_layers(written)[: len(LAYERS), 0].tolist() == LAYERS
    for layer in SPATIAL:
        information = pyogrio.read_info(written, layer=layer)
        shape = "Point" if layer == "points" else "MultiPolygon"
        assert (information["crs"], information["geometry_type"]) == ("EPSG:4326", shape)
    assert query(written, "PRAGMA user_version") == [(10300,)]
    assert query(written, "PRAGMA integrity_check") == [("ok",)]
    assert query(written, "PRAGMA foreign_key_check") == []


def test_the_values_come_back_as_they_went_in(written, areas):
    back = gpd.read_file(written, layer="communes").set_index("area_id")
    assert back["area_name"].tolist() == areas["area_name"].tolist()
    np.testing.assert_array_equal(back["rate"], areas["rate"])
    assert back["releases"].isna().tolist() == areas["releases"].isna().tolist()
    assert back["geometry"].isna().sum() == 1
    assert back.geometry[:11].geom_equals(areas.geometry[:11]).all()


def test_code_and_name_come_first_then_the_catalogue_then_what_nobody_described(written):
    names = field_names(written, "communes")
    assert names[:2] == ["area_id", "area_name"]
    assert names[-1] == "mine"
    assert names[:-1] == [name for name in columns() if name in names]
    assert field_names(written, "groups")[:3] == ["group_id", "n_members", "members"]


def test_every_field_of_every_layer_is_described_in_both_languages(written):
    every = {(layer, field) for layer in LAYERS for field in field_names(written, layer)}
    words = gpd.read_file(written, layer="dictionary").set_index(["layer", "field"])
    assert set(words.index) == every
    spoken = words[["alias_es", "alias_en", "description_es", "description_en"]]
    assert spoken.notna().all(axis=None)
    assert (spoken != "").all(axis=None)
    rows = query(written, "SELECT table_name, column_name, title, description FROM gpkg_data_columns")
    assert {row[:2] for row in rows} == every
    assert all(row[2] and row[3] for row in rows)
    (rate,) = (row for row in rows if row[:2] == ("communes", "rate"))
    assert rate[2] == "Tasa por 100.000"
    assert "habitantes" in rate[3]
    assert "inhabitants" in rate[3]


def test_codes_are_listed_in_the_language_asked_for(written):
    sql = "SELECT description FROM gpkg_data_column_constraints WHERE constraint_name = ? AND value = ?"
    assert query(written, sql, "support", "no answer") == [("sin respuesta",)]


def test_each_layer_has_one_default_style_in_the_language_and_names_in_both(written, everything, tmp_path):
    sql = "SELECT styleName FROM layer_styles WHERE f_table_name = ? AND useAsDefault = ?"
    for layer in LAYERS:
        ((default,),) = query(written, sql, layer, 1)
        assert default.endswith("(es)")
        assert any(name.endswith("(en)") for (name,) in query(written, sql, layer, 0))
    assert query(written, sql, "communes", 1) == [("Tasa (es)",)]
    names = [name for (name,) in query(written, "SELECT styleName FROM layer_styles")]
    assert max(map(len, names)) <= 30
    english = write_geopackage(**everything, path=tmp_path / "b.gpkg", lang="en")
    assert query(english, sql, "communes", 1) == [("Rate (en)",)]


def test_styles_stand_where_qgis_looks_for_them(written):
    sql = "SELECT DISTINCT f_table_catalog, f_table_schema, owner FROM layer_styles"
    assert query(written, sql) == [("", "", "")]
    assert query(written, "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'") == [
        ("attributes",)
    ]
    places = dict(query(written, "SELECT DISTINCT f_table_name, f_geometry_column FROM layer_styles"))
    tables = [layer for layer in LAYERS if layer not in SPATIAL]
    assert places == dict.fromkeys(SPATIAL, "geom") | dict.fromkeys(tables, "")


def test_every_style_is_well_formed_and_names_only_fields_of_its_layer(written):
    for layer, qml in query(written, "SELECT f_table_name, styleQML FROM layer_styles"):
        root = ElementTree.fromstring(qml)
        names = ["fid", *field_names(written, layer)]
        assert [alias.get("field") for alias in root.iter("alias")] == names
        assert all(alias.get("name") for alias in root.iter("alias"))
        renderer = root.find("renderer-v2")
        if renderer is not None and renderer.get("attr"):
            shown = renderer.get("attr")
            assert set(re.findall(r'"(\w+)"', shown) or [shown]) <= set(names)


def test_areas_without_an_exact_rate_are_hatched_each_in_its_own_way(written):
    ((qml,),) = query(written, "SELECT styleQML FROM layer_styles WHERE styleName = 'Tasa (es)'")
    root = ElementTree.fromstring(qml)
    hatched = {
        symbol.get("name")
        for symbol in root.iterfind("renderer-v2/symbols/symbol")
        if symbol.find("layer[@class='LinePatternFill']") is not None
    }
    labels = {rule.get("label"): rule.get("symbol") for rule in root.iter("rule") if rule.get("symbol")}
    inexact = ["Derivado de una tasa impresa", "Acotado: solo se conoce un intervalo", "Sin dato"]
    assert {labels[label] for label in inexact} == hatched
    looks = {tuple(palette("status")[code]) for code in ("derived", "bounded", "missing")}
    assert len(looks) == 3


def test_a_style_that_would_show_nothing_is_left_out(areas, tmp_path):
    areas["web_support"] = None
    path = write_geopackage(areas.drop(columns="listed"), tmp_path / "a.gpkg")
    names = {name for (name,) in query(path, "SELECT styleName FROM layer_styles")}
    assert "Support by telephone (en)" in names
    communes = {n for (n,) in query(path, "SELECT styleName FROM layer_styles WHERE f_table_name='communes'")}
    assert not communes & {"Support on the web (en)", "Groups (en)"}


def test_schematic_boundaries_are_called_so_in_title_description_and_legend(areas, tmp_path):
    path = write_geopackage(areas, tmp_path / "a.gpkg", schematic=True)
    sql = "SELECT identifier, description FROM gpkg_contents WHERE table_name = 'communes'"
    ((title, description),) = query(path, sql)
    assert "schematic, not official boundaries" in title
    assert "Schematic, not official boundaries." in description
    ((qml,),) = query(path, "SELECT styleQML FROM layer_styles WHERE styleName = 'Tasa (es)'")
    assert "Esquemático, no son límites oficiales" in qml


def test_layers_without_rows_have_their_fields(areas, tmp_path):
    path = write_geopackage(areas, tmp_path / "a.gpkg")
    types = {row[1]: row[2] for row in query(path, "PRAGMA table_info(clusters)")}
    assert types["cluster"] == "TEXT"
    assert types["releases"] == "INTEGER"
    assert types["rate"] == "REAL"
    assert query(path, "SELECT count(*) FROM clusters") == [(0,)]


def test_a_table_that_counts_something_else_says_so(areas, tmp_path):
    path = write_geopackage(areas, tmp_path / "a.gpkg", subject="dmcs")
    assert query(path, "SELECT title FROM gpkg_data_columns WHERE column_name = 'releases'")[0] == (
        "DMCS police cases",
    )


def test_boundaries_in_metres_are_brought_to_degrees(areas, tmp_path):
    path = write_geopackage(areas.to_crs(32719), tmp_path / "a.gpkg")
    back = gpd.read_file(path, layer="communes")
    np.testing.assert_allclose(back.total_bounds, areas.total_bounds, atol=1e-6)


def test_columns_of_any_kind_are_kept_as_well_as_the_format_allows(areas, tmp_path):
    areas["when"] = pd.Timestamp("2016-12-31")
    areas["kind"] = pd.Categorical(["a", "b"] * 6)
    areas["mixed"] = [1, "two", None] * 4
    areas[2016] = 1.5
    areas["population"] = 1234.5  # a projection: not rounded to fit the catalogue
    path = write_geopackage(areas.rename_axis(None), tmp_path / "a.gpkg")
    row = gpd.read_file(path, layer="communes").iloc[1]
    assert (row["area_id"], row["kind"], row["mixed"], row["2016"]) == ("01002", "b", "two", 1.5)
    assert (row["population"], row["when"].year) == (1234.5, 2016)


def test_names_that_sqlite_would_confuse_are_kept_apart(areas, tmp_path):
    path = write_geopackage(areas.assign(fid=1, geom="x", Mine="y"), tmp_path / "a.gpkg")
    assert {"fid_2", "geom_2", "mine", "Mine_2"} <= set(field_names(path, "communes"))


def test_the_same_result_gives_the_same_bytes(everything, tmp_path):
    (tmp_path / "other").mkdir()
    first = write_geopackage(**everything, path=tmp_path / "a.gpkg")
    second = write_geopackage(**everything, path=tmp_path / "other" / "a.gpkg")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.once
def test_another_process_and_another_clock_give_the_same_bytes(areas, tmp_path):
    here = write_geopackage(areas[["area_name", "rate", "geometry"]], tmp_path / "a.gpkg")
    areas[["area_name", "rate", "geometry"]].to_pickle(tmp_path / "areas.pickle")
    code = "import sys, pandas; from geo.outputs.gpkg.geopackage import write_geopackage as write; "
    code += "write(pandas.read_pickle(sys.argv[1]), sys.argv[2])"
    there = tmp_path / "other" / "a.gpkg"
    there.parent.mkdir()
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "areas.pickle"), str(there)],
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Pacific/Easter"},
    )
    assert hashlib.sha256(here.read_bytes()).digest() == hashlib.sha256(there.read_bytes()).digest()


def test_the_date_asked_for_is_written_and_gdal_is_left_as_it_was(areas, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1480000000")
    path = write_geopackage(areas, tmp_path / "a.gpkg")
    dates = query(path, "SELECT last_change FROM gpkg_contents UNION SELECT update_time FROM layer_styles")
    assert dates == [("2016-11-24T15:06:40.000Z",)]
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_what_was_given_is_left_as_it_was(areas, tmp_path):
    before = areas.copy()
    write_geopackage(areas, tmp_path / "a.gpkg")
    pd.testing.assert_frame_equal(pd.DataFrame(areas), pd.DataFrame(before))


def test_an_existing_file_is_kept_whole_unless_told(areas, written):
    before = written.read_bytes()
    with pytest.raises(OutputError, match="overwrite=True"):
        write_geopackage(areas, written)
    assert written.read_bytes() == before
    write_geopackage(areas, written, overwrite=True)
    assert written.read_bytes() != before
    assert [path.name for path in written.parent.iterdir()] == ["a.gpkg"]


def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(areas, written, monkeypatch):
    before = written.read_bytes()

    def fail(*_args, **_options):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("geo.outputs.gpkg.geopackage.store_styles", fail)
    with pytest.raises(OutputError, match=r"No space left.*another disk"):
        write_geopackage(areas, written, overwrite=True)
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == ["a.gpkg"]


@pytest.mark.once
@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are a matter of Unix")
def test_a_disk_that_takes_no_more_gives_one_clear_error(areas, tmp_path):
    areas.to_pickle(tmp_path / "areas.pickle")
    code = """
        import resource, signal, sys, pandas
        from geo.errors import OutputError
        from geo.outputs.gpkg.geopackage import write_geopackage
        areas = pandas.read_pickle(sys.argv[1])
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        for kilobytes in (1, 60, 150, 260):
            resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, resource.RLIM_INFINITY))
            try:
                write_geopackage(areas, sys.argv[2])
            except OutputError as error:
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                print(error)
    """
    target = tmp_path / "out" / "a.gpkg"
    target.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), tmp_path / "areas.pickle", target],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 4
    assert list(target.parent.iterdir()) == []


@pytest.mark.once
def test_a_file_open_elsewhere_is_not_replaced(areas, written):
    before = written.read_bytes()
    with closing(sqlite3.connect(written)) as other:
        other.execute("PRAGMA journal_mode = WAL")  # as QGIS does
        other.execute("SELECT count(*) FROM communes").fetchall()
        with pytest.raises(OutputError, match="close it in QGIS"):
            write_geopackage(areas, written, overwrite=True)
        other.execute("PRAGMA journal_mode = DELETE")
    assert len(written.read_bytes()) == len(before)
    assert write_geopackage(areas, written, overwrite=True).exists()


@pytest.mark.once
@pytest.mark.skipif(sys.platform != "linux", reason="Windows refuses by itself, others do not tell")
def test_a_file_that_is_only_looked_at_is_not_replaced_either(areas, written):
    before = written.read_bytes()
    with (
        written.open("rb"),
        pytest.raises(OutputError, match=r"a\.gpkg; close it in QGIS or any other program, then repeat$"),
    ):
        write_geopackage(areas, written, overwrite=True)
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == ["a.gpkg"]


def test_a_journal_without_its_file_does_not_get_into_the_new_one(areas, tmp_path):
    (tmp_path / "a.gpkg-wal").write_bytes(b"left by a program that crashed")
    path = write_geopackage(areas, tmp_path / "a.gpkg")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.gpkg"]
    assert query(path, "SELECT count(*) FROM communes") == [(12,)]


def test_a_rate_on_a_limit_belongs_to_the_class_below(written):
    ((qml,),) = query(written, "SELECT styleQML FROM layer_styles WHERE styleName = 'Rate (en)'")
    tests = [rule.get("filter") for rule in ElementTree.fromstring(qml).iter("rule")]
    classes = [test for test in tests if test and "<=" in test]
    assert classes[0].startswith('"rate" >= 100.0 AND "rate" <=')
    assert all('"rate" > ' in test for test in classes[1:])


@pytest.mark.parametrize("name", ["a!b", "c;d", "e ñ#?%20", "zip.zip"])
def test_a_folder_may_have_any_name(areas, tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    path = write_geopackage(areas, folder / "a.gpkg")
    assert query(path, "SELECT count(*) FROM communes") == [(12,)]
    assert len(list(folder.iterdir())) == 1


def test_each_layer_and_table_has_metadata_that_names_it(written):
    sql = "SELECT table_name, metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id"
    found = dict(query(written, sql))
    assert list(found) == LAYERS
    for layer, metadata in found.items():
        root = ElementTree.fromstring(metadata)
        assert root.findtext("identifier") == layer
        assert root.findtext("title").endswith("Doce cuadrados")
        assert root.findtext("abstract")
        assert "Hecho con retorno" in root.findtext("history")
    bounds = ElementTree.fromstring(found["communes"]).find("extent/spatial").attrib
    assert [float(bounds[side]) for side in ("minx", "miny", "maxx", "maxy")] == [-72, -36, -68, -33]


def test_the_day_of_making_is_told(areas, tmp_path, monkeypatch):
    sql = "SELECT metadata FROM gpkg_metadata WHERE id = 1"
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    before = datetime.now(UTC).date()
    said = query(write_geopackage(areas, tmp_path / "a.gpkg"), sql)[0][0]
    assert any(f" on {day}." in said for day in (before, datetime.now(UTC).date()))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1480000000")
    assert " on 2016-11-24." in query(write_geopackage(areas, tmp_path / "b.gpkg"), sql)[0][0]


def test_a_column_without_values_is_hidden_and_stands_in_no_form(areas, tmp_path):
    path = write_geopackage(areas.assign(rate_published=np.nan), tmp_path / "a.gpkg")
    for (qml,) in query(path, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'communes'"):
        root = ElementTree.fromstring(qml)
        hidden = [column.get("name") for column in root.iter("column") if column.get("hidden") == "1"]
        assert hidden == ["fid", "rate_published"]
        inside = {field.get("name") for field in root.iter("attributeEditorField")}
        assert inside == set(field_names(path, "communes")) - {"rate_published"}
        assert "rate_published" in {alias.get("field") for alias in root.iter("alias")}


def test_each_style_says_how_it_was_made(written):
    rows = query(written, "SELECT styleName, description FROM layer_styles")
    said = dict(rows)
    assert "five classes" in said["Rate (en)"]
    assert "cinco clases" in said["Tasa (es)"]
    assert min(map(len, said.values())) > 10


def test_each_area_has_a_point_that_lies_within_it(written, areas):
    points = gpd.read_file(written, layer="points").set_index("area_id")
    assert points.index.tolist() == areas.index.tolist()
    assert points.geometry[:11].within(areas.geometry[:11]).all()
    assert points.geometry.isna().sum() == 1
    assert {"status", "releases", "releases_low", "releases_high"} <= set(points)


def test_the_projects_are_stored_as_qgis_does_and_know_only_a_relative_path(written, tmp_path):
    names = dict(query(written, "SELECT name, content FROM qgis_projects"))
    assert list(names) == ["retorno (español)", "retorno (English)"]
    for name, content in names.items():
        assert content == content.lower()
        with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as packed:
            assert packed.namelist() == [f"{name}.qgs"]
            project = packed.read(f"{name}.qgs").decode()
        assert "./a.gpkg|layername=communes" in project
        assert str(tmp_path) not in project


def test_a_name_with_unprintable_letters_spoils_no_project(areas, tmp_path):
    areas["region"] = "Nor\x01te & <Sur>"
    path = write_geopackage(areas, tmp_path / "a.gpkg", title="Uno\x02 & <dos>")
    for (content,) in query(path, "SELECT content FROM qgis_projects"):
        with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as packed:
            root = ElementTree.fromstring(packed.read(packed.namelist()[0]))
        assert root.findtext("title") == "Uno & <dos>"
        assert [mark.get("name") for mark in root.iter("Bookmark")] == ["Norte & <Sur>"]


def test_every_style_is_a_layer_of_the_project(written):
    ((content,),) = query(written, "SELECT content FROM qgis_projects WHERE name = 'retorno (español)'")
    with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as packed:
        root = ElementTree.fromstring(packed.read(packed.namelist()[0]))
    ids = [layer.findtext("id") for layer in root.iter("maplayer")]
    ((stored,),) = query(written, "SELECT count(*) FROM layer_styles WHERE styleName LIKE '%(es)'")
    assert len(set(ids)) == len(ids) == stored
    assert sorted(leaf.get("id") for leaf in root.iterfind("layer-tree-group//layer-tree-layer")) == sorted(
        ids
    )


def test_no_polygon_at_all_still_makes_a_file_with_its_projects(areas, tmp_path):
    path = write_geopackage(areas.set_geometry([None] * 12, crs=4326), tmp_path / "a.gpkg")
    assert query(path, "SELECT count(*) FROM qgis_projects") == [(2,)]


def test_gdal_finds_the_file_valid(written):
    """By the validator of the GeoPackage standard that comes with GDAL, and by ``ogrinfo``."""
    script = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")
    if not script.exists() or shutil.which("ogrinfo") is None:
        pytest.skip("needs Debian's python3-gdal and gdal-bin")
    command = ["/usr/bin/python3", script, "-k", "--extra", "--warning-as-error", written]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    done = subprocess.run(["ogrinfo", "-al", "-so", written], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Layer name: points" in done.stdout


@pytest.mark.night
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on Unix only")
def test_a_write_that_is_killed_leaves_every_file_whole():
    script = Path(__file__).parents[2] / "scripts" / "kill_writes.py"
    done = subprocess.run([sys.executable, str(script), "10"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("0 of 10 left a broken or missing file\n")


@pytest.mark.once
@pytest.mark.parametrize("kilobytes", [64, 500])
def test_a_full_disk_gives_one_clear_line(areas, small_disk, kilobytes):
    disk = small_disk(kilobytes)
    with pytest.raises(OutputError, match=r"a\.gpkg: No space left on device; free some space") as caught:
        write_geopackage(areas, disk / "a.gpkg")
    assert "\n" not in str(caught.value)
    assert list(disk.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of users are a matter of Unix")
@pytest.mark.parametrize("rights", [0o555, 0o000])
def test_a_folder_without_the_right_to_write_gives_one_clear_line(areas, rights):
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "locked"
        folder.mkdir(mode=rights)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)  # root may write anywhere
        try:
            with pytest.raises(OutputError, match="Permission denied; choose a folder you may write in"):
                write_geopackage(areas, folder / "a.gpkg")
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o755)


def test_what_cannot_be_written_is_said_before_anything_is(areas, tmp_path):
    with pytest.raises(OutputError, match=r"ends in \.gpkg"):
        write_geopackage(areas, tmp_path / "a.json")
    with pytest.raises(OutputError, match=r"holds no \|"):
        write_geopackage(areas, tmp_path / "a|b.gpkg")
    with pytest.raises(OutputError, match="coordinate system"):
        write_geopackage(areas.set_crs(None, allow_override=True), tmp_path / "a.gpkg")
    with pytest.raises(OutputError, match=r"polygons; received Point"):
        write_geopackage(areas.set_geometry([Point(0, 0)] * 12, crs=4326), tmp_path / "a.gpkg")
    assert list(tmp_path.iterdir()) == []
