"""Vector files as GDAL may see them: what stands in the file itself, read without a network.

Several formats can name an address that GDAL asks as it reads: a coordinate system behind a link, a schema,
another source. None is asked. Files are looked into before GDAL sees them, what opens them is one of the
drivers that read only their file, and GDAL's ways to the network are shut meanwhile.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

import pyogrio
import pyproj
from pyproj.exceptions import CRSError
from pyproj.network import is_network_enabled, set_network_enabled  # type: ignore[attr-defined]

from geo.errors import InputError
from geo.files.temporary import temporary_folder

__all__ = ["check_driver", "is_plain", "opened", "without_network"]

# Drivers that read what stands in a file and what lies beside it under the same name.
DRIVERS = {
    *("ESRI Shapefile", "MapInfo File", "GML", "KML", "LIBKML", "GPX", "GeoRSS", "MapML", "JML", "OGR_GMT"),
    *("GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "JSONFG", "FlatGeobuf", "Parquet", "Arrow"),
    *("GPKG", "SQLite", "OpenFileGDB", "DXF", "DGN", "CSV", "XLSX", "ODS", "MBTiles", "PMTiles"),
}
HEAD = 64 << 10
REFERENCES = (
    *(b"<ogrvrt", b"<ogrwfs", b"<ogroapi", b"<ogcapi", b"<gdal_", b"<vrtdataset", b"<ogrcsw"),
    *(b"gdal_streamed_alg", b"<ogrelastic", b"<wms_", b"<gdalg"),
)
# A proxy of a kind that does not exist: libcurl gives up before it looks up a name or opens a connection.
_NOWHERE = "none://127.0.0.1:1"
_CLOSED = {
    **{"GDAL_HTTP_PROXY": _NOWHERE, "GDAL_HTTPS_PROXY": _NOWHERE},
    **{"GDAL_HTTP_TIMEOUT": "1", "GDAL_HTTP_CONNECTTIMEOUT": "1", "GDAL_HTTP_MAX_RETRY": "0"},
    **{"CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none", "GDAL_HTTP_NETRC": "NO"},
    **{"GML_DOWNLOAD_SCHEMA": "NO", "GML_DOWNLOAD_WFS_SCHEMA": "NO", "GML_SKIP_RESOLVE_ELEMS": "ALL"},
    **{"OGR_SQLITE_LIST_VIRTUAL_OGR": "NO", "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO"},
}
# These would lead around the proxy, or let PROJ fetch grids.
_SURROUNDINGS = {"NO_PROXY": "", "no_proxy": "", "PROJ_NETWORK": "OFF"}
_SHUT = RLock()

# The key crs, in JSON and in what lenient parsers take for it: escapes, comments, single quotes, capitals.
_GAP = rb"(?:\s|/\*(?:[^*]|\*(?!/)){0,2000}\*/|//[^\n]{0,2000}\n)*"
_CRS = re.compile(
    rb"""["'](?:[cC]|\\u00[46]3)(?:[rR]|\\u00[57]2)(?:[sS]|\\u00[57]3)["']"""
    + _GAP
    + rb":"
    + _GAP
    + rb"(?=\{)"
)
_LINKED = re.compile(rb"""type["']""" + _GAP + rb":" + _GAP + rb"""["'](?:link|url)""", re.IGNORECASE)
_CODE = re.compile(r"(epsg:+|urn:(?:x-)?ogc:def:crs:epsg:(?:[^:]*:)?)([0-9]+)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*([0-9]+)(?:\.0+)?\s*")
_LOOSE = re.compile(r",(?=\s*[}\]])")  # commas that strict JSON does not allow
_CUT = 8  # letters of the longest sign of JSON, which may be cut where a text is
_MOST = 64 << 10  # bytes that what a crs says may be long
# Characters that mean something to what parses paths as addresses, and names that are no text.
_ODD = re.compile("[;?!*\x00-\x1f\x7f-\x9f\ud800-\udfff]|^[/\\\\]+vsi", re.IGNORECASE)


@contextmanager
def without_network() -> Iterator[None]:
    """Shut the ways by which GDAL and PROJ reach a network, and open them again as they were.

    Examples
    --------
    >>> with without_network():
    ...     pyogrio.get_gdal_config_option("GDAL_HTTP_MAX_RETRY")
    0
    """
    with _SHUT:
        usual = {name: pyogrio.get_gdal_config_option(name) for name in _CLOSED}
        around = {name: os.environ.get(name) for name in _SURROUNDINGS}
        grids = is_network_enabled()
        try:
            pyogrio.set_gdal_config_options(_CLOSED)
            os.environ.update(_SURROUNDINGS)
            set_network_enabled(active=False)
            yield
        finally:
            set_network_enabled(active=grids)
            for name, value in around.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            pyogrio.set_gdal_config_options(usual)


@contextmanager
def opened(file: Path, *, error: type[InputError], crs: bool = False) -> Iterator[Path]:
    """Give the path under which GDAL may read a file, without a network for as long as the block runs.

    Parameters
    ----------
    file : path
        A file or the folder of a geodatabase.
    error : type
        What to raise.
    crs : bool
        Whether the coordinate system does not matter or is stated elsewhere; otherwise the file's own must be
        known without asking anybody.

    Raises
    ------
    InputError
        If the file only refers to another source, its coordinate system stands behind a link, or no disk
        takes the copy that some files need.
    """
    with ExitStack() as stack:
        path = file.absolute()
        if path.is_file():
            _check_references(path, file.name, error)
            links = _linked(path, file.name, error, crs=crs)
            if links:
                path = _unlinked(path, links, stack.enter_context(temporary_folder(error)))
        if not is_plain(path):
            path = _plainly_named(path, stack.enter_context(temporary_folder(error)))
        stack.enter_context(without_network())
        yield path


def is_plain(path: Path) -> bool:
    r"""Tell whether pyogrio takes a path as it is: some signs it reads as parts of an address.

    Examples
    --------
    >>> is_plain(Path("/data/comunas.gpkg")), is_plain(Path("/data/a;b.gpkg")), is_plain(Path("/caf\udce9"))
    (True, False, False)
    """
    return _ODD.search(str(path)) is None


def check_driver(info: dict[str, Any], name: str, error: type[InputError]) -> None:
    """Refuse a file that GDAL opened with a driver that reads elsewhere.

    Parameters
    ----------
    info : dict
        As :func:`pyogrio.read_info` gives it.
    name : str
        Of the file.
    error : type
        What to raise.

    Raises
    ------
    InputError
        If it did.
    """
    driver = info.get("driver")
    if driver is not None and driver not in DRIVERS:
        raise _referring(f"{name}: read as {driver}", error)


def _referring(received: str, error: type[InputError]) -> InputError:
    return error("a layer stands in its own file", received, "export that source as GeoPackage")


def _check_references(path: Path, name: str, error: type[InputError]) -> None:
    """Refuse small files that make GDAL open other files or addresses."""
    with path.open("rb") as file:
        head = file.read(HEAD).lower()
    if any(mark in head for mark in REFERENCES):
        raise _referring(f"{name}: a reference to another source", error)


def _linked(path: Path, name: str, error: type[InputError], *, crs: bool) -> list[tuple[int, int]]:
    """Find where a text states a coordinate system by a link; refuse it unless it is stated elsewhere."""
    links: list[tuple[int, int]] = []
    with path.open("rb") as file:
        if not path.stat().st_size or b"\0" in file.read(1024):
            return links
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            for key in _CRS.finditer(text):
                start = key.end()
                # Letter by letter, so that places are those of the bytes; what matters here is ASCII.
                pairs, end = _value(text[start : start + _MOST].decode("latin-1"))
                if pairs is None and _LINKED.search(_plain(text[start : start + 4096])):
                    raise _referring(f"{name}: a coordinate system behind a link", error)
                if pairs is None and end == _MOST and not crs:
                    raise error(
                        "a layer states its coordinate system itself, in a form that can be read",
                        f"{name}: one far longer than any",
                        "state it with --crs, such as --crs EPSG:4326",
                    )
                if pairs is None:
                    continue
                address = _address(pairs)
                if address is not None and not crs:
                    raise error(
                        "a layer states its coordinate system itself, nothing is fetched",
                        f"{name}: {address}",
                        "state it with --crs, such as --crs EPSG:4326",
                    )
                if address is not None:
                    links.append((start, start + end))
    return links


def _plain(raw: bytes) -> bytes:
    return re.sub(rb"\\u00([0-9a-fA-F]{2})", lambda code: bytes.fromhex(code[1].decode()), raw)


def _value(text: str) -> tuple[list[tuple[str, Any]] | None, int]:
    """Read one object of JSON with all its pairs, those of a key that stands twice too, and where it ends.

    Where it is no JSON, as in what lenient parsers take for it, the end is 0; where it goes on, it is that of
    the text.
    """
    decoder, broken = json.JSONDecoder(object_pairs_hook=list, strict=False), ""
    for written in (text, _LOOSE.sub(" ", text)):
        try:
            pairs, end = decoder.raw_decode(written)
        except RecursionError:
            return None, 0
        except json.JSONDecodeError as error:
            unclosed = error.msg.startswith("Unterminated string") or error.pos >= len(text) - _CUT
            broken = broken or ("unclosed" if unclosed else "malformed")
        else:
            return pairs, end
    return None, len(text) if broken == "unclosed" else 0


def _address(crs: Sequence[tuple[str, Any]]) -> str | None:
    """Give what a coordinate system of GeoJSON refers to, where that is not known here."""
    kinds = [str(value).lower() for key, value in crs if key.lower() == "type"]
    inner = [value for key, value in crs if key.lower() == "properties" and isinstance(value, list)]
    properties = [(str(p[0]).lower(), str(p[1])) for pairs in inner for p in pairs if isinstance(p, tuple)]
    if any(kind.startswith(("link", "url")) for kind in kinds):
        return next((f"a link, {value}" for key, value in properties if key in ("href", "url")), "a link")
    if "epsg" in kinds:
        code = next((value for key, value in properties if key == "code"), "none")
        number = _NUMBER.fullmatch(code)
        return None if number is not None and _is_known("epsg:", number[1]) else f"EPSG code {code}"
    for key, value in properties:
        named = _CODE.fullmatch(value.strip())
        elsewhere = "://" in value and "opengis.net/def/crs" not in value.lower()
        if key == "name" and (elsewhere or (named is not None and not _is_known(named[1].lower(), named[2]))):
            return value
    return None


def _is_known(form: str, code: str) -> bool:
    """Say whether GDAL knows a code as it is written; a few forms it takes for degrees, others for Esri's."""
    if form.startswith("epsg::"):
        return int(code) == 4326
    esri = int(code) >= 100_000 and form in ("epsg:", "urn:ogc:def:crs:epsg::")
    for authority in ("EPSG", "ESRI") if esri else ("EPSG",):
        with suppress(CRSError):
            pyproj.CRS.from_authority(authority, code)
            return True
    return False


def _unlinked(path: Path, links: list[tuple[int, int]], folder: Path) -> Path:
    """Copy a text of JSON with nothing where its links stand."""
    copy = folder / f"layer{path.suffix}"
    with path.open("rb") as source, copy.open("wb") as target:
        for start, end in links:
            _copy(source, target, start - source.tell())
            source.seek(end)
            target.write(b"null")
        shutil.copyfileobj(source, target)
    return copy


def _copy(source: Any, target: Any, size: int) -> None:
    while size > 0 and (chunk := source.read(min(size, 1 << 20))):
        target.write(chunk)
        size -= len(chunk)


def _plainly_named(path: Path, folder: Path) -> Path:
    """Reach a file of an odd name, and those beside it that belong to it, under plain names."""
    beside = [path] if path.is_dir() else [p for p in path.parent.iterdir() if p.stem == path.stem]
    for part in beside:
        if part.suffix.isprintable():
            plain = folder / f"layer{part.suffix}"
            try:
                plain.symlink_to(part, target_is_directory=part.is_dir())
            except OSError:  # where links are a privilege
                (shutil.copytree if part.is_dir() else shutil.copy)(part, plain)
    return folder / f"layer{path.suffix}"
