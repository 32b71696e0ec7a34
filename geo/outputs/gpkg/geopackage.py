"""The GeoPackage: styled, documented layers and a project in one file.

GDAL writes the layers; this module adds, with the standard library, what makes the file a finished product:
styles that QGIS loads by itself, an alias and a description for every field, the codes of coded fields,
metadata, and projects that QGIS opens from the file.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from geo.errors import OutputError
from geo.files.temporary import not_taken, temporary_folder
from geo.files.vector import is_plain
from geo.outputs.drafts import open_elsewhere, written_at, written_whole
from geo.outputs.gpkg.carryover import carry_over, refuse_losses
from geo.outputs.gpkg.documentation import describe_fields, store_styles
from geo.outputs.gpkg.metadata import About, both, store_metadata
from geo.outputs.gpkg.ownership import record_contents
from geo.outputs.gpkg.project import Contents, store_projects
from geo.outputs.gpkg.runidentity import store_identity
from geo.outputs.layers import Layer, arranged_layers
from geo.outputs.staging import one_writer
from geo.symbology.qgis.stylesheets import layer_styles
from geo.text.labels import Lang

VERSION = "1.3"
"""Of the GeoPackage standard: new enough for described fields, old enough for every GDAL in use."""

_LONGEST = 240  # bytes of a name, beside which SQLite writes NAME-journal; systems take 255
_FAULTS = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError, sqlite3.Error)


def write_geopackage(
    areas: gpd.GeoDataFrame,
    path: str | os.PathLike[str],
    *,
    groups: gpd.GeoDataFrame | None = None,
    clusters: gpd.GeoDataFrame | None = None,
    regions: gpd.GeoDataFrame | None = None,
    support_gaps: gpd.GeoDataFrame | None = None,
    parameters: pd.DataFrame | None = None,
    join_report: pd.DataFrame | None = None,
    subject: str = "releases",
    unit: str | None = None,
    lang: Lang = "en",
    schematic: bool = False,
    title: str | Mapping[Lang, str] | None = None,
    about: About | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a result as a GeoPackage that opens styled and documented in QGIS.

    Layers ``communes``, ``groups``, ``clusters`` and ``points`` (EPSG:4326, always there, without rows if
    there is nothing to show), ``regions`` and ``support_gaps`` where they are given, and the tables
    ``parameters``, ``join_report`` and ``dictionary``; a QGIS project in Spanish and one in English, whose
    layers show the rows of this result and of no other that comes to bear the name of the file. Same inputs
    give the same bytes.

    Parameters
    ----------
    areas : GeoDataFrame
        One row per area, indexed by ``area_id``, polygons in any known CRS. Columns are written in the order
        of the catalogue, all others after them.
    path : path-like
        The file to write; its name ends in ``.gpkg``.
    groups, clusters, regions : GeoDataFrame, optional
        Dissolved areas (see `geo.text.fields` for the order of their columns).
    support_gaps : GeoDataFrame, optional
        Per area the people who return against the support that meets them, as a result has it.
    parameters, join_report : DataFrame, optional
        Written as tables without geometry.
    subject : str
        What the table counts: a key of ``[subjects]`` in ``maps/labels.toml``.
    unit : {"communes", "areas"}, optional
        What areas are called; by default as their columns tell.
    lang : {"es", "en"}
        Language of titles, aliases and default styles; the styles in the other language are in the file too.
    schematic : bool
        Whether the boundaries are schematic: titles, descriptions and legends then say so.
    title : str or mapping of language to str, optional
        Title of the result, added to the title of each layer.
    about : About, optional
        Sources, licence and method, for the metadata and the foot of the print layouts.
    overwrite : bool
        Whether an existing file may be replaced. What somebody saved into it (styles, projects, tables and
        layers of their own) is carried over into the new one.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        If the file exists, is open elsewhere, holds edits that a new one would lose, or cannot be written
        whole; an older file is then still there.

    Examples
    --------
    >>> import tempfile
    >>> from shapely.geometry import box
    >>> areas = gpd.GeoDataFrame(
    ...     {"area_name": ["Arica"], "rate": [164.0]}, geometry=[box(-70, -19, -69, -18)], crs=4326
    ... ).set_index(pd.Index(["15101"], name="area_id"))
    >>> path = write_geopackage(areas, Path(tempfile.mkdtemp()) / "arica.gpkg")
    >>> pyogrio.list_layers(path)[:3, 0].tolist()
    ['communes', 'groups', 'clusters']
    """
    target = Path(path)
    refuse_name(target)
    shapes = {"groups": groups, "clusters": clusters, "regions": regions, "support_gaps": support_gaps}
    plain = {"parameters": parameters, "join_report": join_report}
    titles = both(title)
    layers = arranged_layers(
        areas, shapes | plain, subject=subject, unit=unit, schematic=schematic, title=titles
    )
    styles = {
        layer.name: layer_styles(layer.name, layer.table, lang=lang, subject=subject, schematic=schematic)
        for layer in layers
    }
    with written_whole(target, overwrite=overwrite) as draft, _faults_named(target):
        # In turn with other runs: whoever looks into the file has it open.
        with one_writer(target.resolve().parent):
            refuse_if_open(target)
            refuse_losses(target)
        with _gdal_settings(), _plain_path(draft) as file:
            for layer in layers:
                _write_layer(layer, file, lang)
        with closing(sqlite3.connect(draft)) as database:
            database.execute("PRAGMA synchronous = OFF")
            describe_fields(
                database, {layer.name: layer.table for layer in layers}, subject=subject, lang=lang
            )
            store_styles(database, styles)
            store_metadata(database, layers, about or About(), lang=lang)
            contents = Contents(
                layers=layers,
                styles=styles,
                file=target.name,
                run=store_identity(database, [layer.name for layer in layers]),
                about=about or About(),
                title=titles,
                schematic=schematic,
            )
            store_projects(database, contents, lang=lang)
            record_contents(database)
            database.commit()
            # The layout of the pages otherwise depends on the order in which GDAL and we wrote.
            database.execute("VACUUM")
        with one_writer(target.resolve().parent):
            refuse_if_open(target)
            carry_over(target, draft, file=target.name, lang=lang)
    return target


def refuse_name(target: Path) -> None:
    """Refuse a name under which the projects in a GeoPackage would not find it.

    Raises
    ------
    OutputError
        If it does not end in ``.gpkg``, is too long for SQLite's journal beside it, or holds what QGIS takes
        for the end of a name or for another letter.

    Examples
    --------
    >>> refuse_name(Path("arica.gpkg"))
    """
    if target.suffix.lower() != ".gpkg":
        raise OutputError("the name of a GeoPackage ends in .gpkg", str(target), "add .gpkg to it")
    if "|" in target.name or not target.name.isprintable():
        raise OutputError(
            "the name of a GeoPackage holds no | and nothing unprintable", repr(target.name), "leave it out"
        )
    if coded := re.search("%[0-9A-Fa-f]{2}", target.name):
        rule = "the name of a GeoPackage holds no % before two digits, which QGIS reads as another letter"
        raise OutputError(rule, f"{coded[0]} in {target.name}", "leave it out")
    if (length := len(os.fsencode(target.name))) > _LONGEST:
        rule = f"the name of a GeoPackage has at most {_LONGEST} bytes"
        raise OutputError(rule, f"{length} in {target.name[:30]}…", "choose a shorter name")


def refuse_if_open(path: str | os.PathLike[str]) -> None:
    """Refuse to replace a GeoPackage that another program has open.

    A journal beside it would be taken for a part of the new file, and what is then edited in a window that
    shows the old one would be lost. What a program that crashed left beside the file is folded into it.
    `write_geopackage` asks this itself; whoever moves a GeoPackage over another one asks first.

    Raises
    ------
    OutputError
        If another program has the file open: for editing anywhere, for viewing on Linux (Windows refuses
        the replacement itself).

    Examples
    --------
    >>> refuse_if_open("not-there.gpkg")
    """
    target = Path(path).resolve()
    left = [target.with_name(target.name + suffix) for suffix in ("-wal", "-shm", "-journal")]
    if not target.exists():
        for journal in left:
            journal.unlink(missing_ok=True)
        return
    rule = "a file that is open elsewhere is not replaced"
    remedy = "close it in QGIS or any other program, then repeat"
    if any(journal.exists() for journal in left):
        try:
            with closing(sqlite3.connect(target, timeout=0)) as database:
                # Fails while anyone else has the file open.
                database.execute("PRAGMA journal_mode = DELETE")
                database.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise OutputError(rule, str(target), remedy) from error
    if open_elsewhere(target):
        raise OutputError(rule, str(target), remedy)


def _write_layer(layer: Layer, path: Path, lang: Lang) -> None:
    frame, shape = layer.table, {}
    if layer.geometry is not None:
        # GDAL names the geometry column; a data column of that name was renamed before.
        frame = gpd.GeoDataFrame(frame, geometry=layer.geometry)
        shape = {"geometry_type": layer.shape, "promote_to_multi": layer.shape == "MultiPolygon"}
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer.name,
        driver="GPKG",
        append=path.exists(),
        dataset_options=None if path.exists() else {"VERSION": VERSION},
        layer_options={"IDENTIFIER": layer.title[lang], "DESCRIPTION": layer.description[lang]},
        **shape,
    )


@contextmanager
def _gdal_settings() -> Iterator[None]:
    """Let GDAL write the date that outputs carry, and leave its settings as they were.

    It need not wait for the disk after each layer: the draft is stored once, before it gets its name.
    """
    ours = {
        "OGR_CURRENT_DATE": f"{written_at():%Y-%m-%dT%H:%M:%S.000Z}",
        "OGR_SQLITE_SYNCHRONOUS": "OFF",
    }
    before = {name: pyogrio.get_gdal_config_option(name) for name in ours}
    pyogrio.set_gdal_config_options(ours)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


@contextmanager
def _plain_path(draft: Path) -> Iterator[Path]:
    """Give pyogrio a path it takes as it is."""
    if is_plain(draft):
        yield draft
        return
    with temporary_folder(OutputError) as folder:
        yield folder / "draft.gpkg"
        shutil.copyfile(folder / "draft.gpkg", draft)


@contextmanager
def _faults_named(target: Path) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        rule = "a GeoPackage is written whole or not at all"
        full = not_taken(error, target.parent)
        remedy = (
            "free some space or write to another disk"
            if full
            else "check the space left, there and for temporary files (TMPDIR), and the data"
        )
        raise OutputError(rule, f"{target}: {full or error}", remedy) from error
