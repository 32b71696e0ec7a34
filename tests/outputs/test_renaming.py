"""A GeoPackage under another name: every project in it finds its layers, and nothing else has changed."""

from __future__ import annotations

import io
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing

import pytest

import geo
from geo.cli import main
from geo.errors import InputError, OutputError
from geo.outputs.gpkg.geopackage import write_geopackage
from tests.outputs.test_runidentity import projects, stored_id

pytestmark = pytest.mark.once  # what stands in a file, by the standard library


@pytest.fixture
def written(areas, once, tmp_path):
    return once(tmp_path / "a&b.gpkg", "a&b", lambda path: write_geopackage(areas, path))


def save(path, name, document, *, form="qgs", aside=b""):
    """Store a project as an analyst's QGIS does, as qgs or as qgz with something beside it."""
    stored = document.encode()
    if form == "qgz":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("{1234}.qgs", document)
            archive.writestr("{1234}.qgd", aside)
        stored = packed.getvalue()
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO qgis_projects VALUES (?, '{}', ?)", (name, stored.hex()))
        database.commit()


def read(path, name):
    with closing(sqlite3.connect(path)) as database:
        ((content,),) = database.execute("SELECT content FROM qgis_projects WHERE name = ?", (name,))
    stored = bytes.fromhex(content)
    if not zipfile.is_zipfile(io.BytesIO(stored)):
        return stored.decode(), b""
    with zipfile.ZipFile(io.BytesIO(stored)) as packed:
        return packed.read("{1234}.qgs").decode(), packed.read("{1234}.qgd")


def test_our_projects_name_the_new_file_and_nothing_else_changes(written):
    before = dict(projects(written))
    run = stored_id(written)
    done = geo.rename_geopackage(written, "ñ \"c\" & 'd'.gpkg")
    assert not written.exists()
    assert done.path.is_file()
    assert [path.name for path in done.path.parent.iterdir()] == [done.path.name]
    assert stored_id(done.path) == run
    back = geo.rename_geopackage(done.path, "a&b.gpkg")
    assert dict(projects(back.path)) == before
    assert sorted(done.projects) == sorted(before)


@pytest.mark.parametrize("form", ["qgs", "qgz"])
def test_a_project_saved_by_an_analyst_is_changed_where_it_names_the_file_and_nowhere_else(written, form):
    folder = written.parent.resolve().as_posix()
    foreign = "EXISTS (SELECT 1 FROM retorno_run WHERE run_id = '0123456789abcdef')"
    document = f"""<!DOCTYPE qgis PUBLIC 'x' 'y'>
    <qgis>  <!-- kept: ./a&amp;b.gpkg -->
      <datasource>./a&amp;b.gpkg|layername=points</datasource>
      <datasource>{folder}/a&amp;b.gpkg|layername=points|subset="rate" > 3 AND "n" = 'x'</datasource>
      <datasource>./a&amp;b.gpkg</datasource>
      <layer-tree-layer source="./a&amp;b.gpkg|layername=points" name="a&amp;b.gpkg"/>
      <Option value="./a&amp;b.gpkg|layername=communes" name="LayerSource"/>
      <datasource>./xa&amp;b.gpkg|layername=points</datasource>
      <datasource>../a&amp;b.gpkg|layername=points</datasource>
      <datasource>./a&amp;b.gpkg|layername=points|subset={foreign}</datasource>
      <note>the file a&amp;b.gpkg and ./a&amp;b.gpkg too</note>
    </qgis>"""
    save(written, "mine", document, form=form, aside=b"\x00aside\xff")
    done = geo.rename_geopackage(written, "new.gpkg")
    assert "mine" in done.projects
    lines = document.splitlines()
    for number in (2, 3, 4, 5, 6):
        lines[number] = lines[number].replace("./a&amp;b.gpkg", "./new.gpkg")
        lines[number] = lines[number].replace(f"{folder}/a&amp;b.gpkg", f"{folder}/new.gpkg")
    assert read(done.path, "mine") == ("\n".join(lines), b"\x00aside\xff" if form == "qgz" else b"")


def test_what_cannot_be_read_is_left_and_named(written, capsys):
    save(written, "broken", "no project at all")
    with closing(sqlite3.connect(written)) as database:
        database.execute("INSERT INTO qgis_projects VALUES ('odd', '{}', 'zz')")
        database.execute("INSERT INTO qgis_projects VALUES ('void', '{}', NULL)")
        database.commit()
    assert main(["rename", str(written), "new.gpkg", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert f"{written} is now new.gpkg." in said
    assert "retorno (English), retorno (español)" in said
    assert "Left as they were, for they cannot be read: broken, odd, void." in said
    with closing(sqlite3.connect(written.with_name("new.gpkg"))) as database:
        left = dict(
            database.execute("SELECT name, content FROM qgis_projects WHERE name NOT LIKE 'retorno%'")
        )
    assert left == {"broken": b"no project at all".hex(), "odd": "zz", "void": None}


@pytest.mark.parametrize("command", [[], ["moved.gpkg"]])
def test_a_file_renamed_by_hand_is_mended_under_the_name_it_has(written, command):
    moved = written.rename(written.with_name("moved.gpkg"))
    assert main(["rename", str(moved), *command]) == 0
    for _, text in projects(moved):
        assert "a&amp;b.gpkg|" not in text
        assert "./moved.gpkg|layername=communes|subset=EXISTS" in text


def test_names_that_were_exchanged_by_hand_are_mended_each_in_its_file(areas, tmp_path):
    first = write_geopackage(areas, tmp_path / "one.gpkg")
    second = write_geopackage(areas[:6], tmp_path / "two.gpkg")
    runs = stored_id(first), stored_id(second)
    aside = first.rename(tmp_path / "aside.gpkg")
    second.rename(first)
    aside.rename(second)
    for path, run in ((second, runs[0]), (first, runs[1])):
        done = geo.rename_geopackage(path)
        assert done.path == path
        for _, text in projects(path):
            assert text.count(f"./{path.name}|layername=") == text.count(f"run_id = '{run}'")


def test_what_cannot_be_renamed_is_said_and_stays(written, tmp_path, areas):
    before = written.read_bytes()
    other = write_geopackage(areas[:6], tmp_path / "other.gpkg")
    (tmp_path / "plain.txt").write_text("x", encoding="utf-8")
    foreign = tmp_path / "foreign.gpkg"
    areas[["geometry"]].to_file(foreign, layer="mine")
    for source, name, error, said in (
        (written, other.name, OutputError, r"never replaced unasked; received .*other\.gpkg"),
        (written, "new.shp", OutputError, r"ends in \.gpkg"),
        (written, "a|b.gpkg", OutputError, r"holds no \|"),
        (written, "a\nb.gpkg", OutputError, "nothing unprintable"),
        (written, "a%20b.gpkg", OutputError, "reads as another letter; received %20"),
        (written, "ñ" * 120 + ".gpkg", OutputError, "at most 240 bytes; received 245"),
        (written, "elsewhere/new.gpkg", OutputError, "within its folder"),
        (tmp_path / "absent.gpkg", "new.gpkg", InputError, "no file"),
        (tmp_path / "plain.txt", "new.gpkg", InputError, "GeoPackage of retorno"),
        (foreign, "new.gpkg", InputError, "GeoPackage of retorno"),
    ):
        with pytest.raises(error, match=said):
            geo.rename_geopackage(source, name)
    with written.open("rb"), pytest.raises(OutputError, match="close it in QGIS"):
        geo.rename_geopackage(written, "new.gpkg")
    assert written.read_bytes() == before
    assert not (tmp_path / "new.gpkg").exists()


def test_a_journal_that_another_file_left_under_the_new_name_is_no_part_of_this_one(written, areas):
    """A program that crashed leaves a -wal; its file was then moved away by hand."""
    gone = write_geopackage(areas[:6], written.with_name("b.gpkg"))
    crash = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA journal_mode = WAL');"
    )
    crash += "c.execute('CREATE TABLE w AS SELECT * FROM communes'); c.commit(); os._exit(9)"
    subprocess.run([sys.executable, "-c", crash, str(gone)], check=False)
    assert gone.with_name("b.gpkg-wal").stat().st_size > 0
    gone.unlink()
    done = geo.rename_geopackage(written, "b.gpkg")
    assert [path.name for path in done.path.parent.iterdir()] == ["b.gpkg"]
    with closing(sqlite3.connect(done.path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM communes").fetchone() == (len(areas),)
        assert database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'w'").fetchone() == (0,)


def test_a_write_that_fails_leaves_the_file_under_its_name(written, monkeypatch):
    before = written.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo.outputs.gpkg.renaming.shutil.copyfile", full)
    with pytest.raises(OutputError, match="free some space"):
        geo.rename_geopackage(written, "new.gpkg")
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == [written.name]
