"""The GeoPackage: styled, documented layers in one file.

GDAL writes the layers; this module adds, with the standard library, what makes the file a finished product:
styles that QGIS loads by itself, an alias and a description for every field, and the codes of coded fields.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from geo.errors import OutputError
from geo.maps.documentation import describe_fields, store_styles
from geo.maps.fields import DICTIONARY_FIELDS, arrange, dictionary
from geo.maps.files import written_at, written_whole
from geo.maps.labels import Lang, text

VERSION = "1.3"
"""Of the GeoPackage standard: new enough for described fields, old enough for every GDAL in use."""

CRS = 4326

_FAULTS = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError, sqlite3.Error)
_GROUP_FIELDS = [
    "group_id",
    "n_members",
    "members",
    "releases",
    "releases_low",
    "releases_high",
    "population",
    "rate",
]
_EMPTY = {
    "groups": _GROUP_FIELDS,
    "clusters": ["cluster_id", "cluster", *_GROUP_FIELDS[1:]],
    "parameters": ["name", "value", "es", "en"],
    "join_report": ["row", "name", "low", "high", "reason", "nearest"],
}


@dataclass(frozen=True, kw_only=True)
class _Layer:
    name: str
    table: pd.DataFrame
    """Arranged, without geometry."""
    geometry: gpd.GeoSeries | None
    title: str
    description: str


def write_geopackage(
    areas: gpd.GeoDataFrame,
    path: str | os.PathLike[str],
    *,
    groups: gpd.GeoDataFrame | None = None,
    clusters: gpd.GeoDataFrame | None = None,
    parameters: pd.DataFrame | None = None,
    join_report: pd.DataFrame | None = None,
    subject: str = "releases",
    lang: Lang = "en",
    schematic: bool = False,
    title: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a result as a GeoPackage that opens styled and documented in QGIS.

    Layers ``communes``, ``groups`` and ``clusters`` (EPSG:4326, always there, without rows if there is
    nothing to show) and the tables ``parameters``, ``join_report`` and ``dictionary``. Same inputs give the
    same bytes.

    Parameters
    ----------
    areas : GeoDataFrame
        One row per area, indexed by ``area_id``, polygons in any known CRS. Columns are written in the order
        of the catalogue, all others after them.
    path : path-like
        The file to write; its name ends in ``.gpkg``.
    groups, clusters : GeoDataFrame, optional
        Dissolved areas (see `geo.maps.fields` for the order of their columns).
    parameters, join_report : DataFrame, optional
        Written as tables without geometry.
    subject : str
        What the table counts: a key of ``[subjects]`` in ``maps/labels.toml``.
    lang : {"es", "en"}
        Language of titles, aliases and default styles; the styles in the other language are in the file too.
    schematic : bool
        Whether the boundaries are schematic: titles, descriptions and legends then say so.
    title : str, optional
        Title of the result, added to the title of each layer.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        If the file exists, is open elsewhere or cannot be written whole; an older file is then still there.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> areas = gpd.GeoDataFrame(
    ...     {"area_name": ["Arica"], "rate": [164.0]}, geometry=[box(-70, -19, -69, -18)], crs=4326
    ... ).set_index(pd.Index(["15101"], name="area_id"))
    >>> path = write_geopackage(areas, Path(tempfile.mkdtemp()) / "arica.gpkg")
    >>> pyogrio.list_layers(path)[:3, 0].tolist()
    ['communes', 'groups', 'clusters']
    """
    target = Path(path)
    if target.suffix.lower() != ".gpkg":
        raise OutputError("the name of a GeoPackage ends in .gpkg", str(target), "add .gpkg to it")
    given = {"groups": groups, "clusters": clusters, "parameters": parameters, "join_report": join_report}
    frames = {"communes": areas} | {name: _or_empty(name, frame) for name, frame in given.items()}
    layers = [
        _layer(name, frame, subject=subject, lang=lang, schematic=schematic, title=title)
        for name, frame in _with_dictionary(frames, subject).items()
    ]
    with written_whole(target, overwrite=overwrite) as draft, _faults_named(target):
        with _gdal_date(), _plain_path(draft) as plain:
            for layer in layers:
                _write_layer(layer, plain)
        with closing(sqlite3.connect(draft)) as database:
            tables = {layer.name: layer.table for layer in layers}
            describe_fields(database, tables, subject=subject, lang=lang)
            store_styles(database, tables, subject=subject, lang=lang, schematic=schematic)
            database.commit()
            # The layout of the pages otherwise depends on the order in which GDAL and we wrote.
            database.execute("VACUUM")
        refuse_if_open(target)
    return target


def refuse_if_open(path: str | os.PathLike[str]) -> None:
    """Refuse to replace a GeoPackage that is open: its journal would be taken for a part of the new one.

    What a program that crashed left beside the file is folded into it. `write_geopackage` asks this itself;
    whoever moves a GeoPackage over another one asks first.

    Raises
    ------
    OutputError
        If another program has the file open for editing.

    Examples
    --------
    >>> refuse_if_open("not-there.gpkg")
    """
    target = Path(path).resolve()
    left = [target.with_name(target.name + suffix) for suffix in ("-wal", "-shm", "-journal")]
    if not any(journal.exists() for journal in left):
        return
    if not target.exists():
        for journal in left:
            journal.unlink(missing_ok=True)
        return
    try:
        with closing(sqlite3.connect(target, timeout=0)) as database:
            # Fails while anyone else has the file open.
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        rule = "a file that is open elsewhere is not replaced"
        raise OutputError(rule, str(target), "close it in QGIS or any other program, then repeat") from error


def _or_empty(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    if frame is not None and len(frame.columns):
        return frame
    empty = pd.DataFrame(columns=_EMPTY[name])
    return gpd.GeoDataFrame(empty, geometry=[], crs=CRS) if name in ("groups", "clusters") else empty


def _with_dictionary(frames: Mapping[str, pd.DataFrame], subject: str) -> dict[str, pd.DataFrame]:
    arranged = {name: _table(name, frame, subject) for name, frame in frames.items()}
    described = dictionary(
        arranged | {"dictionary": pd.DataFrame(columns=DICTIONARY_FIELDS)}, subject=subject
    )
    return dict(frames) | {"dictionary": described}


def _table(layer: str, frame: pd.DataFrame, subject: str) -> pd.DataFrame:
    return arrange(_unclashed(frame), subject=subject, index="area_id" if layer == "communes" else None)


def _unclashed(frame: pd.DataFrame) -> pd.DataFrame:
    """Rename columns that SQLite would take for another: it ignores case, and two names are its own."""
    taken, names = {"fid", "geom"}, {}
    for column in frame:
        name, number = str(column), 2
        while name.lower() in taken:
            name, number = f"{column}_{number}", number + 1
        taken.add(name.lower())
        names[column] = name
    return frame.rename(columns=names)


def _layer(
    name: str, frame: pd.DataFrame, *, subject: str, lang: Lang, schematic: bool, title: str | None
) -> _Layer:
    geometry = _polygons(frame) if isinstance(frame, gpd.GeoDataFrame) else None
    parts = [text(f"layers.{name}.title", lang), title]
    description = text(f"layers.{name}.description", lang)
    if geometry is not None and frame.empty:
        description = f"{description} {text('gpkg.notes.no_rows', lang)}"
    if schematic and geometry is not None:
        note = text("gpkg.notes.schematic", lang)
        parts.append(note)
        description = f"{description} {note[:1].upper()}{note[1:]}."
    return _Layer(
        name=name,
        table=_table(name, frame, subject),
        geometry=geometry,
        title=" · ".join(part for part in parts if part),
        description=description,
    )


def _polygons(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    geometry = frame.geometry.reset_index(drop=True)
    if geometry.crs is None:
        raise OutputError(
            "the coordinate system of a layer is known", "polygons without one", "set it with .set_crs(...)"
        )
    other = sorted(set(geometry.geom_type.dropna()) - {"Polygon", "MultiPolygon"})
    if other:
        raise OutputError(
            "areas are polygons", ", ".join(other), "repair the layer (geo.read_boundaries does)"
        )
    return geometry.to_crs(CRS)


def _write_layer(layer: _Layer, path: Path) -> None:
    shape = {"geometry_type": "MultiPolygon", "promote_to_multi": True} if layer.geometry is not None else {}
    frame = layer.table
    if layer.geometry is not None:
        # GDAL names the geometry column; a data column of that name was renamed before.
        frame = gpd.GeoDataFrame(frame, geometry=layer.geometry)
    pyogrio.write_dataframe(
        frame,
        path,
        layer=layer.name,
        driver="GPKG",
        append=path.exists(),
        dataset_options=None if path.exists() else {"VERSION": VERSION},
        layer_options={"IDENTIFIER": layer.title, "DESCRIPTION": layer.description},
        **shape,
    )


@contextmanager
def _gdal_date() -> Iterator[None]:
    """Let GDAL write the date that outputs carry, and leave its setting as it was."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{written_at():%Y-%m-%dT%H:%M:%S.000Z}"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


@contextmanager
def _plain_path(draft: Path) -> Iterator[Path]:
    """Give pyogrio a path it takes as it is: it reads ``!`` and ``;`` as parts of an address."""
    if not set("!;") & set(str(draft)):
        yield draft
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "draft.gpkg"
        shutil.copyfile(Path(folder) / "draft.gpkg", draft)


@contextmanager
def _faults_named(target: Path) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        rule = "a GeoPackage is written whole or not at all"
        raise OutputError(
            rule, f"{target}: {error}", "check the space left on the disk, and the data"
        ) from error
