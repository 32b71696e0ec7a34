"""Disks for temporary files that are full, or not there at all: one clear line from whatever needs one."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

import geo
from geo.boundaries.reading import read_layer
from geo.cli import main
from geo.data.columnar import read_layers
from geo.outputs.export import export
from geo.outputs.gpkg.geopackage import write_geopackage
from geo.outputs.layerformats import layer_formats
from geo.outputs.report.pdf import print_page

pytestmark = pytest.mark.once  # what a system does with files

Use = Callable[[], object]


@pytest.fixture
def uses(tmp_path: Path) -> dict[str, Use]:
    """Everything that needs a disk for a while, by name."""
    areas = gpd.GeoDataFrame(
        {"area_name": [f"Área {i}" for i in range(400)], "rate": [float(i) for i in range(400)]},
        geometry=[box(i % 20, i // 20, i % 20 + 1, i // 20 + 1) for i in range(400)],
        crs=4326,
    )
    odd = tmp_path / "odd;name.geojson"
    areas.to_file(tmp_path / "plain.geojson")
    shutil.copy(tmp_path / "plain.geojson", odd)
    linked = tmp_path / "linked.geojson"
    said = json.loads((tmp_path / "plain.geojson").read_text("utf-8"))
    crs = {"type": "link", "properties": {"href": "http://127.0.0.1:9/", "type": "proj4"}}
    linked.write_text(json.dumps({**said, "crs": crs}), encoding="utf-8")
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(tmp_path / "plain.geojson", "plain.geojson")
    written = write_geopackage(areas, tmp_path / "written.gpkg")
    return {
        "zip": lambda: read_layer(packed),
        "link": lambda: read_layer(linked, crs="EPSG:4326"),
        "table": lambda: list(read_layers(linked, None)),
        "odd": lambda: read_layer(odd),
        "export": lambda: export(written, folder=tmp_path / "exported", overwrite=True),
        "gpkg": lambda: write_geopackage(areas, tmp_path / "written;oddly.gpkg", overwrite=True),
    }


def refusal(use: Use) -> geo.GeoError:
    with pytest.raises(geo.GeoError) as raised:
        use()
    assert "name a folder on another disk in TMPDIR" in raised.value.remedy
    return raised.value


@pytest.mark.parametrize("left", [0, 20])
def test_a_full_disk_for_temporary_files_is_named(
    uses: dict[str, Use],
    small_disk: Callable[[int], Path],
    monkeypatch: pytest.MonkeyPatch,
    left: int,
) -> None:
    disk = small_disk(100)
    (disk / "filling").write_bytes(b"x" * (100 - left) * 1024)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    for name, use in uses.items():
        if name != "odd":  # reached by a link, which takes no room
            assert refusal(use).received == f"{disk}: No space left on device", name
    assert [path.name for path in disk.iterdir()] == ["filling"]
    (disk / "filling").unlink()
    uses["zip"]()


def test_where_there_is_no_place_for_temporary_files_it_is_said(
    uses: dict[str, Use], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "absent")])
    for use in uses.values():
        assert "No usable temporary directory found" in refusal(use).received
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
        assert refusal(uses["zip"]).received == f"{tmp_path / 'gone'}: No such file or directory"
    with monkeypatch.context() as patch:
        patch.setattr("geo.outputs.report.pdf.find_browser", lambda: "browser")
        refusal(lambda: print_page(tmp_path / "page.html", tmp_path / "page.pdf"))
    assert main(["export", str(tmp_path / "written.gpkg"), "--overwrite", "--lang", "en"]) == 1
    assert "No usable temporary directory" in capsys.readouterr().err


def test_what_cannot_be_read_is_not_blamed_on_the_disk_for_temporary_files(
    uses: dict[str, Use],
    small_disk: Callable[[int], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(zipfile.ZipExtFile, "read", broken)
        with pytest.raises(geo.BoundaryError, match=r"packed\.zip: damaged or cut off"):
            uses["zip"]()
    # Nor where little is left there.
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk(500)))
    (tmp_path / "none.gpkg").write_bytes(b"no database at all")
    with pytest.raises(geo.InputError, match="starts from a whole GeoPackage") as raised:
        export(tmp_path / "none.gpkg")
    assert isinstance(raised.value.__cause__.__cause__, sqlite3.DatabaseError)


def test_the_message_of_a_run_names_the_places_of_its_files(
    few: geo.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undrawn: None
) -> None:
    """Not the hidden folder in which they are made, also where what fails is reading them again."""

    def full(_: object, draft: Path, *__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(draft))

    kind = replace(layer_formats()["geojson"], write=full)
    monkeypatch.setattr("geo.outputs.export.layer_formats", lambda: {"geojson": kind})
    with pytest.raises(geo.OutputError) as raised:
        few.write(tmp_path / "out", also=["geojson"])
    layer = tmp_path / "out" / f"{few.slug}-communes.geojson"
    assert raised.value.received == f"{layer}: No space left on device"

    def torn(path: Path, *_: object) -> None:
        raise geo.InputError("an export starts from a whole GeoPackage", str(path), "run again")

    monkeypatch.setattr("geo.outputs.writing.export", torn)
    with pytest.raises(geo.InputError) as raised_by_read:
        few.write(tmp_path / "out", also=["geojson"])
    assert raised_by_read.value.received == str(tmp_path / "out" / f"{few.slug}.gpkg")
