"""Files of polygons, whatever their format, read into degrees; and what is wrong with those that are none."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely
from pandas.api.types import is_numeric_dtype
from pyproj.exceptions import CRSError

from geo.boundaries.archive import VECTOR, unpacked
from geo.controls import without_controls
from geo.errors import BoundaryError
from geo.files.vector import check_driver, opened, without_network

CRS = "EPSG:4326"
HEAD = 1024
# Kinds of layers that may hold polygons; some formats do not say before the features are read.
POSSIBLE = (
    *("Polygon", "MultiPolygon", "CurvePolygon", "MultiSurface"),
    *("Unknown", "GeometryCollection", "2.5D Polygon", "2.5D MultiPolygon", "PolyhedralSurface", "TIN"),
)
PACKED = {b"Rar!": "rar", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip"}


def read_layer(file: Path, *, layer: str | None = None, crs: str | None = None) -> gpd.GeoDataFrame:
    """Read one layer of a vector file or of a zip that holds one.

    Parameters
    ----------
    file : path
    layer : str, optional
        Needed where there are several.
    crs : str, optional
        Coordinate system, such as ``EPSG:32719``, for a layer that states none or a wrong one.

    Returns
    -------
    GeoDataFrame
        Features as they stand in the file, two-dimensional, in EPSG:4326; geometry column ``geometry``.

    Raises
    ------
    BoundaryError
        If there is no such file, it is no vector file, it has no features, or its place on Earth is unknown.
    """
    with (
        _opened(file, layer) as (path, inner),
        opened(path, error=BoundaryError, crs=crs is not None) as readable,
    ):
        name = _layer_name(readable, inner, file)
        frame = _features(readable, name, file)
    # Of fields that share a name only the first can be asked for.
    fields = pd.DataFrame(frame.drop(columns=frame.geometry.name)).rename(columns=without_controls)
    fields = fields.loc[:, ~fields.columns.duplicated() & (fields.columns != "geometry")]
    # As the texts of tables: ids of both sides still match.
    for name in fields.columns[[not is_numeric_dtype(kind) for kind in fields.dtypes]]:
        fields[name] = [
            without_controls(value) if isinstance(value, str) else value for value in fields[name]
        ]
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    frame = gpd.GeoDataFrame(fields, geometry=shapes, crs=frame.crs)
    return _in_degrees(frame, crs, file.name)


@contextmanager
def _opened(file: Path, layer: str | None) -> Iterator[tuple[Path, str | None]]:
    """Give the path that GDAL can read and the layer in it; archives are unpacked meanwhile."""
    head = _head(file)
    if head.startswith(b"PK") and file.suffix.lower() not in (".xlsx", ".ods"):
        with unpacked(file, layer) as (path, named):
            yield path, None if named else layer
        return
    yield file, layer


def _head(file: Path) -> bytes:
    """Read how a file begins, and tell those that are certainly none of ours; a geodatabase is a folder."""
    try:
        if not file.exists():
            raise BoundaryError("boundaries are a vector file", f"{file}: no such file", "check the path")
        if file.is_dir() and file.suffix.lower() == ".gdb":
            return b""
        if file.is_dir():
            raise _is_folder(file)
        if not file.is_file():  # a pipe or a device, which might never end
            raise BoundaryError("boundaries are a vector file", f"{file}: no file", "check the path")
        with file.open("rb") as opened:
            head = opened.read(HEAD)
    except OSError as error:
        raise BoundaryError(
            "boundaries can be read", f"{file.name}: {error.strerror}", "check the path and its rights"
        ) from error
    if not head.strip(b"\0 \r\n\t"):
        received = f"{file.name}: empty file" if not head else f"{file.name}: nothing but blanks"
        raise BoundaryError("boundaries are a vector file", received, "copy or download it again")
    if is_web_page(head):
        raise BoundaryError(
            "boundaries are a vector file",
            f"{file.name}: a web page",
            "download the file itself: the link led to a page",
        )
    for mark, kind in PACKED.items():
        if head.startswith(mark):
            raise BoundaryError(
                "boundaries are a vector file or a zip", f"{file.name}: {kind} archive", "unpack it first"
            )
    return head


def _is_folder(folder: Path) -> BoundaryError:
    inside = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in (*VECTOR, ".zip", ".gdb"))
    remedy = "name the file in it: " + ", ".join(inside[:5]) if inside else "name a file"
    return BoundaryError("boundaries are a vector file", f"{folder.name}: a folder", remedy)


def is_web_page(head: bytes) -> bool:
    """Tell whether bytes begin a web page.

    Examples
    --------
    >>> is_web_page(b" <!DOCTYPE html><title>404"), is_web_page(b'{"type": "FeatureCollection"')
    (True, False)
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def _layer_name(path: Path, wanted: str | None, file: Path) -> str:
    """Find the layer to read: the one named, the only one, or the only one of polygons."""
    with _gdal(file):
        listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    layers = [name for name, _ in listed]
    if wanted is not None:
        same = {n: without_controls(n) for n in layers}  # by its name as it stands in the file, or as shown
        fits = [n for n in layers if wanted in (n, same[n])]
        fits = fits or [n for n in layers if same[n].lower() == wanted.lower()]
        if len(fits) != 1:
            received = f"{wanted!r}; {file.name} has: {', '.join(layers)}"
            raise BoundaryError("--layer names a layer of the file", received, "name one of them")
        return fits[0]
    spatial = [(name, str(kind)) for name, kind in listed if kind is not None]
    if not spatial:
        raise BoundaryError(
            "boundaries hold polygons", f"{file.name}: a table without shapes", "give the layer of the areas"
        )
    if not any(kind.startswith(POSSIBLE) for _, kind in spatial):
        kinds = ", ".join(sorted({kind for _, kind in spatial}))
        raise BoundaryError(
            "boundaries hold polygons", f"{file.name}: {kinds}", "give the layer of the areas"
        )
    areas = [n for n, kind in spatial if "Polygon" in kind or "Surface" in kind]
    if len(spatial) > 1 and len(areas) != 1:
        raise BoundaryError(
            "one layer of a file is read",
            f"{file.name} with {len(spatial)}: {', '.join(n for n, _ in spatial)}",
            "name one with --layer",
        )
    return areas[0] if len(spatial) > 1 else spatial[0][0]


def _features(path: Path, layer: str, file: Path) -> gpd.GeoDataFrame:
    with _gdal(file):
        info = pyogrio.read_info(path, layer=layer)
        check_driver(info, file.name, BoundaryError)
        stated = info["features"]
        try:
            frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore")
        except UnicodeDecodeError:
            # Offices write Windows-1252 also where a format asks for UTF-8.
            frame = pyogrio.read_dataframe(path, layer=layer, on_invalid="ignore", encoding="cp1252")
    if not isinstance(frame, gpd.GeoDataFrame):
        raise BoundaryError(
            "boundaries hold polygons", f"{file.name}: a table without shapes", "give the layer of the areas"
        )
    # A damaged file may end early without an error of the driver.
    if stated > len(frame):
        _damaged(file, f"{len(frame):,} of {stated:,} features can be read")
    if frame.empty:
        raise BoundaryError("boundaries hold polygons", f"{file.name}: no features", "check the export")
    return frame


@contextmanager
def _gdal(file: Path) -> Iterator[None]:
    """Turn what a driver says of a broken file into one error; its warnings are about the same things."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except BoundaryError:
        raise
    except Exception as error:  # drivers raise many kinds, each a file that cannot be read
        message = re.sub(r"\S*[/\\]\S+", "...", str(error))  # paths say nothing here, and may hold any word
        if "shx" in message.lower():
            raise BoundaryError(
                "a shapefile is several files",
                f"{file.name} without its .shx",
                "put .shp, .shx, .dbf and .prj in one folder, or give their zip",
            ) from error
        if "not recognized" in message:
            raise BoundaryError(
                "boundaries are a vector file",
                f"{file.name}: not a format that GDAL reads",
                "export it as GeoPackage",
            ) from error
        _damaged(file, _in_short(message) or type(error).__name__, error)


def _in_short(message: str) -> str:
    """Put what drivers say of damage into words that do not change with their version."""
    known = {
        "sqlite": "a damaged database",
        "malformed": "a damaged database",
        "geojson": "JSON that breaks off or is malformed",
        "kml": "XML that breaks off or is malformed",
        "xml": "XML that breaks off or is malformed",
    }
    first = next(iter(message.splitlines()), "")
    return next((words for mark, words in known.items() if mark in message.lower()), first[:160])


def _damaged(file: Path, what: str, cause: Exception | None = None) -> NoReturn:
    raise BoundaryError(
        "boundaries can be read whole", f"{file.name}: {what}", "copy or download it again"
    ) from cause


def _in_degrees(frame: gpd.GeoDataFrame, crs: str | None, name: str) -> gpd.GeoDataFrame:
    """Bring a layer to degrees; where it lies must be stated, it is never guessed."""
    bounds = frame.total_bounds
    if crs is not None:
        frame = frame.set_crs(_stated(crs), allow_override=True)
    if frame.crs is None:
        raise BoundaryError("a layer states its coordinate system", f"{name}: none", _crs_hint(bounds))
    if frame.crs.is_geographic and np.isfinite(bounds).all() and not _degrees(bounds):
        shown = f"x {bounds[0]:,.0f} to {bounds[2]:,.0f}, y {bounds[1]:,.0f} to {bounds[3]:,.0f}"
        raise BoundaryError(
            "degrees lie within 180 and 90", f"{name}: {shown} in {frame.crs.name}", _crs_hint(bounds)
        )
    try:
        with without_network():  # the same degrees wherever it runs: no grids are fetched
            return cast(gpd.GeoDataFrame, frame.to_crs(CRS))
    except Exception as error:  # pyproj raises several kinds; each means that this system leads nowhere
        raise BoundaryError(
            "a coordinate system leads to degrees",
            f"{name}: {frame.crs.name}",
            "state the right one with --crs, such as --crs EPSG:32719",
        ) from error


def _stated(crs: str) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(int(crs) if str(crs).isdigit() else crs)
    except CRSError as error:
        raise BoundaryError(
            "--crs names a coordinate system", repr(crs), "use its EPSG code, such as --crs EPSG:4326"
        ) from error


def _degrees(bounds: np.ndarray) -> bool:
    # Layers that cross the antimeridian may count on to 360.
    return bool(bounds[0] >= -360 and bounds[2] <= 360 and bounds[1] >= -90.001 and bounds[3] <= 90.001)


def _crs_hint(bounds: np.ndarray) -> str:
    """Say how to state the system, with what the numbers look like."""
    if not np.isfinite(bounds).all():
        return "state it with --crs, such as --crs EPSG:4326"
    if _degrees(bounds):
        return "state it with --crs; the numbers look like degrees: --crs EPSG:4326"
    return "state it with --crs; the numbers look like metres, such as --crs EPSG:32719 (UTM 19 south)"
