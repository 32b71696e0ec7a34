"""What an analyst saves into a GeoPackage survives a new run, or the run is refused before it writes."""

from __future__ import annotations

import io
import shutil
import sqlite3
import subprocess
import textwrap
import zipfile
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from geo.cli import main
from geo.errors import OutputError
from geo.outputs.gpkg.carryover import carried_into
from geo.outputs.gpkg.geopackage import write_geopackage
from geo.outputs.gpkg.runidentity import run_id
from geo.text.summary import carried_lines
from tests.outputs.test_qgis import PYTHON, has_qgis

pytestmark = pytest.mark.once  # what stands in a file, by the standard library

# What an analyst does in QGIS, by the operation that QGIS itself performs.
EDITS = """
    import os, sys, tempfile
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    from qgis.core import *
    from qgis.PyQt.QtCore import QTimer, QVariant
    from qgis.PyQt.QtWidgets import QApplication, QMessageBox

    app = QgsApplication([], True)
    app.initQgis()

    def say_yes():  # to the question whether a style of that name is to be replaced
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QMessageBox):
                window.button(QMessageBox.Yes).click()

    clock = QTimer()
    clock.timeout.connect(say_yes)
    clock.start(100)
    path, *edits = sys.argv[1:]

    def layer(name="communes"):
        found = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        assert found.isValid(), name
        return found

    def project(name="retorno (español)"):
        one = QgsProject.instance()
        assert one.read(f"geopackage:{path}?projectName={name}"), name
        return one

    def look():
        list(layer().getFeatures())
        one = project()
        one.viewSettings().setDefaultViewExtent(QgsReferencedRectangle(QgsRectangle(0, 0, 1, 1), one.crs()))
        one.clear()

    def style(name="Mi estilo ñ", default=False):
        one = layer()
        one.setOpacity(0.5)
        assert one.saveStyleToDatabase(name, "de la analista", default, "") == ""

    def save():
        one = project()
        one.setTitle("guardado")
        assert one.write()
        one.clear()

    def save_as():
        one = project()
        one.setTitle("de la analista")
        assert one.write(f"geopackage:{path}?projectName=mío ñ")
        one.clear()

    def export(**options):
        how = QgsVectorFileWriter.SaveVectorOptions()
        how.driverName, how.layerName = "GPKG", "mis regiones"
        how.actionOnExistingFile = QgsVectorFileWriter.CreateOrOverwriteLayer
        where = QgsCoordinateTransformContext()
        done = QgsVectorFileWriter.writeAsVectorFormatV3(layer('regions'), path, where, how)
        assert done[0] == 0, done
        one = layer("mis regiones")
        assert one.saveStyleToDatabase("propio", "", True, "") == ""

    def edited(change):
        one = layer()
        one.startEditing()
        change(one)
        assert one.commitChanges()

    def value():
        edited(lambda one: one.changeAttributeValue(next(one.getFeatures()).id(), 3, "otro"))

    def field():
        edited(lambda one: one.addAttribute(QgsField("nota", QVariant.String)))

    def metadata():
        one, said = layer(), QgsLayerMetadata()
        said.setTitle("mío")
        one.setMetadata(said)
        assert one.saveDefaultMetadata()[1]

    def see():
        for name in sys.argv[3:]:
            one = project(name)
            for shown in one.mapLayers().values():
                print(name, shown.name(), shown.isValid(), shown.featureCount(), sep="|")
            one.clear()
        print(layer().loadDefaultStyle()[1], layer().listStylesInDatabase()[2], sep="|")

    for edit in edits if edits[0] != "see" else ["see"]:
        {
            "look": look, "style": style, "default": lambda: style(default=True), "save": save,
            "over": lambda: style("Tasa (es)", default=True), "save_as": save_as, "export": export,
            "value": value, "field": field, "metadata": metadata, "see": see,
        }[edit]()
    sys.stdout.flush()
    os._exit(0)
"""
VALIDATOR = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")


def in_qgis(path: Path, *edits: str) -> str:
    if not has_qgis():
        pytest.skip(f"{PYTHON} cannot import qgis.core: install QGIS with its Python")
    command = [PYTHON, "-c", textwrap.dedent(EDITS), str(path), *edits]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout


def query(path, sql, *values):
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql, values).fetchall()


def execute(path, *statements):
    with closing(sqlite3.connect(path)) as database:
        for sql in statements:
            database.execute(sql)
        database.commit()


def document(path, name):
    ((content,),) = query(path, "SELECT content FROM qgis_projects WHERE name = ?", name)
    with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as packed:
        return packed.read(next(one for one in packed.namelist() if one.endswith(".qgs"))).decode()


def is_valid(path):
    if not VALIDATOR.exists() or shutil.which("ogrinfo") is None:
        pytest.skip("needs Debian's python3-gdal and gdal-bin")
    command = ["/usr/bin/python3", VALIDATOR, "-k", "--extra", "--warning-as-error", path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    done = subprocess.run(["ogrinfo", "-al", "-so", path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return True


@pytest.fixture(scope="module")
def fresh(country, tmp_path_factory):
    return write_geopackage(**country, path=tmp_path_factory.mktemp("fresh") / "a.gpkg", lang="es")


@pytest.fixture
def old(fresh, tmp_path):
    return Path(shutil.copy(fresh, tmp_path / "a.gpkg"))


@pytest.fixture
def again(country):
    """Write another result over a file."""

    def write(path, **changes):
        given = country | {"areas": country["areas"].assign(rate=5.0, **changes.pop("columns", {}))}
        return write_geopackage(**given | changes, path=path, lang="es", overwrite=True)

    return write


def test_where_nothing_is_of_an_analyst_the_bytes_are_those_of_a_first_run(old, again, tmp_path):
    (tmp_path / "other").mkdir()
    first = again(tmp_path / "other" / "a.gpkg")
    assert again(old).read_bytes() == first.read_bytes()
    assert carried_into(old) == []


def test_a_style_a_project_and_a_table_go_on_into_the_new_file_and_into_the_next(old, again):
    execute(
        old,
        "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT, said TEXT, loud TEXT AS (upper(said)))",
        "INSERT INTO notes VALUES (7, 'visitar')",
        "CREATE INDEX by_said ON notes (said)",
        "INSERT INTO gpkg_data_columns VALUES ('notes', 'said', 'said', 'Dicho', '', NULL, 'propios')",
        "INSERT INTO gpkg_data_column_constraints VALUES "
        "('propios', 'enum', 'visitar', NULL, NULL, NULL, NULL, 'ir a ver')",
        "INSERT INTO gpkg_metadata VALUES (90, 'dataset', 'http://example.org', 'text/plain', 'terreno')",
        "INSERT INTO gpkg_metadata_reference VALUES ('table', 'notes', NULL, NULL, '2026-01-01T00:00:00Z', "
        "90, NULL)",
        "INSERT INTO gpkg_contents VALUES ('notes', 'attributes', 'Notas', '', '2026-01-01T00:00:00.000Z', "
        "NULL, NULL, NULL, NULL, NULL)",
        "INSERT INTO layer_styles SELECT NULL, '', '', f_table_name, 'geom', 'Mío', styleQML, '', 0, '', '', "
        "'', update_time FROM layer_styles WHERE styleName = 'Tasa (es)'",
        "INSERT INTO qgis_projects SELECT 'mi proyecto', '{}', content FROM qgis_projects LIMIT 1",
    )
    before = query(old, "SELECT run_id FROM retorno_run")
    for _ in range(2):
        again(old)
        assert query(old, "SELECT * FROM notes") == [(7, "visitar", "VISITAR")]
        assert query(old, "SELECT seq FROM sqlite_sequence WHERE name = 'notes'") == [(7,)]
        assert query(old, "SELECT count(*) FROM sqlite_master WHERE name = 'by_said'") == [(1,)]
        sql = "SELECT title, constraint_name FROM gpkg_data_columns WHERE table_name = 'notes'"
        assert query(old, sql) == [("Dicho", "propios")]
        sql = "SELECT description FROM gpkg_data_column_constraints WHERE constraint_name = 'propios'"
        assert query(old, sql) == [("ir a ver",)]
        sql = "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON md_file_id = id "
        assert query(old, sql + "WHERE table_name = 'notes'") == [("terreno",)]
        assert query(old, "SELECT count(*) FROM layer_styles WHERE styleName = 'Mío'") == [(1,)]
        now = query(old, "SELECT run_id FROM retorno_run")
        assert now != before
        text = document(old, "mi proyecto")
        assert f"run_id = '{now[0][0]}'" in text
        assert f"run_id = '{before[0][0]}'" not in text
        assert "./a.gpkg|layername=communes" in text
        assert {one.name for one in carried_into(old)} == {"notes", "Mío", "mi proyecto"}
    assert query(old, "PRAGMA integrity_check") == [("ok",)]
    assert "notes" in pyogrio.list_layers(old)[:, 0]
    lines = carried_lines(old.name, carried_into(old), "es")
    assert lines[0] == "Conservado de a.gpkg, donde alguien lo había guardado:"
    assert "  estilo «Mío» de communes" in lines


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        ("UPDATE parameters SET value = '1'", "changed rows in layer parameters"),
        ("ALTER TABLE communes ADD COLUMN nota TEXT", "a new field nota in layer communes"),
        ("DELETE FROM parameters", "changed rows in layer parameters"),
        ("CREATE VIEW mine AS SELECT * FROM communes", "the view mine"),
        ("CREATE INDEX mine ON communes (rate)", "the index mine on communes"),
        (
            "CREATE TRIGGER mine AFTER DELETE ON communes BEGIN DELETE FROM groups; END",
            "the trigger mine on communes",
        ),
        ("CREATE TABLE gpkgext_relations (id INTEGER PRIMARY KEY)", "relations between tables"),
        ("CREATE VIRTUAL TABLE words USING fts5(said)", "the virtual table words"),
        (
            "UPDATE gpkg_contents SET description = 'mía' WHERE table_name = 'communes'",
            "changed title or description of communes",
        ),
        (
            "INSERT INTO gpkg_metadata VALUES (90, 'dataset', 'http://example.org', 'text/plain', 'mía')",
            "metadata of their own on the file",
        ),
        ("UPDATE gpkg_metadata SET metadata = 'mía' WHERE id = 1", "changed metadata of communes"),
    ],
)
def test_what_cannot_be_merged_is_refused_by_name_before_anything_is_written(old, again, edit, named):
    execute(old, edit)
    before = old.read_bytes()
    with pytest.raises(OutputError, match=r"never lost to a new run.*retorno rename") as caught:
        again(old)
    assert named in caught.value.received
    assert old.read_bytes() == before
    assert [path.name for path in old.parent.iterdir()] == ["a.gpkg"]


def test_a_table_that_has_the_name_of_a_new_layer_is_refused(country, areas, again, tmp_path):
    path = write_geopackage(areas, tmp_path / "a.gpkg", lang="es")
    execute(path, "CREATE TABLE regions (mine TEXT)")
    with pytest.raises(OutputError, match="a table regions"):
        again(path)
    assert query(path, "SELECT count(*) FROM regions") == [(0,)]


def test_what_is_no_geopackage_is_not_replaced(areas, tmp_path):
    (tmp_path / "a.gpkg").write_text("a letter to somebody")
    with pytest.raises(OutputError, match=r"cannot be read.*rename or delete"):
        write_geopackage(areas, tmp_path / "a.gpkg", overwrite=True)
    (tmp_path / "a.gpkg").write_text("")
    write_geopackage(areas, tmp_path / "a.gpkg", overwrite=True)


def test_files_written_before_there_was_a_record_are_read_with_care(old, again):
    execute(
        old,
        "DROP TABLE retorno_contents",
        "INSERT INTO layer_styles SELECT NULL, '', '', f_table_name, 'geom', 'Mío', styleQML, '', 0, '', '', "
        "'', update_time FROM layer_styles WHERE styleName = 'Tasa (es)'",
    )
    execute(old, "UPDATE layer_styles SET styleQML = '<qgis version=\"3.22.16-x\"/>' WHERE styleName = 'Mío'")
    execute(old, "CREATE TABLE notes (said TEXT)")
    again(old)
    assert {(one.kind, one.name) for one in carried_into(old)} == {("table", "notes"), ("style", "Mío")}
    execute(old, "DROP TABLE retorno_contents", "ALTER TABLE communes ADD COLUMN nota TEXT")
    with pytest.raises(OutputError, match="a new field nota in layer communes"):
        again(old)


@pytest.mark.parametrize(
    "drawn",
    [
        '<renderer-v2 attr="index_x"/>',
        # Pies whose size follows a column, as QGIS 3.22 writes them.
        '<LinearlyInterpolatedDiagramRenderer classificationAttributeExpression="" '
        'classificationField="index_x"><DiagramCategory/></LinearlyInterpolatedDiagramRenderer>',
        "<mapTip>[% &quot;index_x&quot; %]</mapTip>",
        "<previewExpression>&quot;index_x&quot;</previewExpression>",
    ],
)
def test_a_style_whose_columns_are_gone_is_carried_told_and_never_the_default(country, tmp_path, drawn):
    path = tmp_path / "a.gpkg"
    write_geopackage(country["areas"].assign(index_x=1.5), path, lang="es")
    qml = '<qgis version="3.22.16-x">'
    qml += f'<aliases><alias name="rate" field="index_x"/></aliases>{drawn}</qgis>'
    execute(
        path,
        "UPDATE layer_styles SET useAsDefault = 0 WHERE f_table_name = 'communes'",
        "INSERT INTO layer_styles VALUES (NULL, '', '', 'communes', 'geom', 'Mío', "
        f"'{qml}', '', 1, '', '', '', '2026-01-01')",
    )
    for _ in range(2):
        write_geopackage(country["areas"], path, lang="es", overwrite=True)
        (style,) = carried_into(path)
        assert (style.name, style.missing) == ("Mío", ("index_x",))
        sql = "SELECT styleName FROM layer_styles WHERE f_table_name = 'communes' AND useAsDefault"
        assert query(path, sql) == [("Tasa (es)",)]
    assert "columnas que ya no existen: index_x" in carried_lines(path.name, carried_into(path), "es")[1]


@pytest.mark.usefixtures("undrawn")
def test_a_run_tells_what_it_carried_and_refuses_before_it_writes(few, tmp_path):
    written = few.write(tmp_path, lang="en")
    execute(written["geopackage"], "CREATE TABLE notes (said TEXT)")
    few.write(tmp_path, lang="en", overwrite=True)
    assert "  table or layer “notes”" in carried_lines("x", carried_into(written["geopackage"]), "en")
    execute(written["geopackage"], "UPDATE parameters SET value = '1'")
    before = {path: path.stat().st_mtime_ns for path in written.values()}
    with pytest.raises(OutputError, match="changed rows in layer parameters"):
        few.write(tmp_path, lang="es", overwrite=True)
    assert {path: path.stat().st_mtime_ns for path in written.values()} == before


def test_a_command_refuses_before_it_computes(tmp_path, capsys, monkeypatch):
    command = ["run", "--boundaries", "schematic", "--region", "Arica", "--permutations", "99"]
    command += ["--imputations", "0", "--lang", "en", "--out", str(tmp_path)]
    assert main(command) == 0
    monkeypatch.setattr("geo.study.pipeline.concentration", lambda *_, **__: pytest.fail("it was computed"))
    assert main(command) == 1
    assert "add --overwrite" in capsys.readouterr().err
    (path,) = tmp_path.glob("*.gpkg")
    execute(path, "UPDATE parameters SET value = '1'")
    assert main([*command, "--overwrite"]) == 1
    said = capsys.readouterr().err
    assert "changed rows in layer parameters" in said
    assert said.count("\n") == 1


@pytest.mark.qgis
def test_looking_and_zooming_in_qgis_is_no_edit(old, again):
    in_qgis(old, "look")
    again(old)
    assert carried_into(old) == []


@pytest.mark.qgis
def test_what_is_saved_in_qgis_opens_from_the_new_file_and_the_next(old, again):
    # One after the other, as on different days.
    for edit in ("look", "default", "over", "save", "save_as", "export"):
        in_qgis(old, edit)
    assert is_valid(old)
    exported = gpd.read_file(old, layer="mis regiones")
    for _ in range(2):
        again(old)
        assert is_valid(old)
        found = {(one.kind, one.name) for one in carried_into(old)}
        assert found == {
            ("table", "mis regiones"),
            ("style", "propio"),
            ("style", "Mi estilo ñ"),
            ("style", "Tasa (es), editado"),
            ("project", "mío ñ"),
            ("project", "retorno (español), editado"),
        }
        assert gpd.read_file(old, layer="mis regiones").equals(exported)
        bounds = exported.total_bounds
        assert len(gpd.read_file(old, layer="mis regiones", bbox=tuple(bounds))) == 3
        sql = "SELECT styleName FROM layer_styles WHERE f_table_name = 'communes' AND useAsDefault"
        assert query(old, sql) == [("Tasa (es), editado",)]
        with closing(sqlite3.connect(old)) as database:
            run = run_id(database)
        assert f"run_id = '{run}'" in document(old, "mío ñ")
    seen = in_qgis(old, "see", "mío ñ", "retorno (español), editado").splitlines()
    assert seen[-1].startswith("True|")
    assert "Mi estilo ñ" in seen[-1]
    layers = [line.split("|") for line in seen[:-1]]
    assert {valid for _, _, valid, _ in layers} == {"True"}
    assert {count for name, layer, _, count in layers if layer.startswith("Áreas ·")} == {"12"}


@pytest.mark.qgis
@pytest.mark.parametrize(
    ("edit", "named"),
    [
        ("value", "changed rows in layer communes"),
        ("field", "a new field nota in layer communes"),
        ("metadata", "changed metadata of communes"),
    ],
)
def test_edits_in_qgis_of_our_own_layers_are_refused(old, again, edit, named):
    in_qgis(old, edit)
    with pytest.raises(OutputError) as caught:
        again(old)
    assert named in caught.value.received
