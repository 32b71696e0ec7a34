"""The layers of a GeoPackage in other formats: GeoJSON for the web and for programs, GeoParquet for analysis.

Both are made from the GeoPackage, during a run and afterwards, so that they say the same.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import geopandas as gpd
import pyogrio

from geo.errors import InputError, OutputError
from geo.files.temporary import not_taken, temporary_folder
from geo.files.vector import without_network
from geo.outputs.drafts import WRITE_OPTION, written_whole
from geo.outputs.layerformats import format_names, known_formats, layer_formats
from geo.outputs.staging import places_named, put_all, staging_folder


def export(
    source: str | os.PathLike[str],
    formats: Iterable[str] = ("geojson",),
    folder: str | os.PathLike[str] | None = None,
    *,
    overwrite: bool = False,
) -> dict[str, Path]:
    """Write the layers of a finished GeoPackage in other formats, one file per layer.

    The names of the files begin as that of the GeoPackage.

    Parameters
    ----------
    source : path-like
        A GeoPackage that a run has written, or the folder that holds one.
    formats : iterable of str
        ``geojson`` (RFC 7946, coordinates with six decimals) and ``geoparquet`` (needs pyarrow).
    folder : path-like, optional
        Where to write; beside the GeoPackage by default. Made if it does not exist.
    overwrite : bool
        Whether existing files may be replaced.

    Returns
    -------
    dict of str to Path
        What was written, by format and layer: ``geojson:communes``.

    Raises
    ------
    InputError
        If there is no such GeoPackage, or the folder holds several.
    OutputError
        If a format is not known or its library is missing, a file exists, or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from shapely.geometry import box
    >>> from geo.outputs.gpkg.geopackage import write_geopackage
    >>> areas = gpd.GeoDataFrame({"area_name": ["Arica"]}, geometry=[box(-70, -19, -69, -18)], crs=4326)
    >>> path = write_geopackage(areas, Path(tempfile.mkdtemp()) / "arica.gpkg")
    >>> sorted(file.name for file in export(path).values())
    ['arica-clusters.geojson', 'arica-communes.geojson', 'arica-groups.geojson', 'arica-points.geojson']
    """
    chosen = known_formats(formats)
    path = _source_file(Path(source))
    target = path.parent if folder is None else Path(folder)
    with places_named(), _copied(path) as (plain, layers), without_network():
        files = {name: target / file for name, file in format_names(path.stem, chosen, layers).items()}
        with _prepared(target, files, overwrite=overwrite) as staging:
            frames = {layer: _read(plain, layer) for layer in layers}
            for name, file in files.items():
                kind, _, layer = name.partition(":")
                with written_whole(staging / file.name) as draft:
                    layer_formats()[kind].write(frames[layer], draft, layer, layers[layer])
            put_all(
                staging,
                files.values(),
                overwrite=overwrite,
                check=lambda: _refuse_existing(files, overwrite=overwrite),
            )
    return files


@contextmanager
def _prepared(folder: Path, files: Mapping[str, Path], *, overwrite: bool) -> Iterator[Path]:
    """Give a hidden folder within the one of the export, which is made if it is not there."""
    _refuse_existing(files, overwrite=overwrite)
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            staging = stack.enter_context(staging_folder(folder))
        except OSError as error:
            rule, remedy = "the folder of an export must be writable", "name another with --out"
            raise OutputError(rule, f"{folder}: {error.strerror}", remedy) from error
        yield staging


def _refuse_existing(files: Mapping[str, Path], *, overwrite: bool) -> None:
    there = [file for file in files.values() if os.path.lexists(file)]
    if there and not overwrite:
        listed = ", ".join(file.name for file in there)
        rule = "existing files are never replaced unasked"
        raise OutputError(rule, f"{listed} in {there[0].parent}", WRITE_OPTION)


def _source_file(source: Path) -> Path:
    rule = "an export starts from a GeoPackage"
    if not source.is_dir():
        if not source.is_file():
            raise InputError(rule, f"no file {source}", "name one that a run has written")
        return source
    held = sorted(path for path in source.iterdir() if path.suffix.lower() == ".gpkg" and path.is_file())
    if len(held) > 1:
        names = ", ".join(path.name for path in held[:12]) + (", ..." if len(held) > 12 else "")
        raise InputError(rule, f"{len(held)} in {source}: {names}", "name one of them")
    if not held:
        raise InputError(rule, f"none in {source}", "name one that a run has written")
    return held[0]


def _layers(database: sqlite3.Connection) -> dict[str, str]:
    """Name the layers with geometry and what each says of itself, schematic boundaries among it."""
    sql = "SELECT table_name, identifier, description FROM gpkg_contents WHERE data_type = 'features'"
    rows = database.execute(f"{sql} ORDER BY rowid").fetchall()
    return {layer: ". ".join(part for part in parts if part) for layer, *parts in rows}


@contextmanager
def _copied(path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Give a copy under a plain name, whole also where QGIS has the file open, and its layers."""
    with temporary_folder(OutputError) as folder:
        plain = folder / "source.gpkg"
        try:
            with (
                closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database,
                closing(sqlite3.connect(plain)) as copy,
            ):
                database.backup(copy)
                layers = _layers(copy)
        except sqlite3.Error as error:
            if not_taken(error, folder):
                raise
            rule, remedy = "an export starts from a whole GeoPackage", "run again to make it anew"
            raise InputError(rule, f"{path}: {error}", remedy) from error
        yield plain, layers


def _read(plain: Path, layer: str) -> gpd.GeoDataFrame:
    """Read a layer with the types of its fields: missing values would make decimals of whole numbers."""
    information = pyogrio.read_info(plain, layer=layer)
    kinds = zip(information["fields"], information["dtypes"], strict=True)
    frame = pyogrio.read_dataframe(plain, layer=layer)
    return frame.astype({name: _WHOLE[kind] for name, kind in kinds if kind in _WHOLE})


_WHOLE = {"int16": "Int64", "int32": "Int64", "int64": "Int64", "bool": "boolean"}
