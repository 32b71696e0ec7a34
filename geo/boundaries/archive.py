"""One layer out of a zip, with limits: an archive writes nowhere it should not and fills no disk."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from geo.errors import BoundaryError
from geo.files.temporary import NOT_TAKEN, temporary_folder

VECTOR = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".gml", ".tab", ".mif", ".topojson")
CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class ArchiveLimits:
    """What an archive of boundaries may be at most."""

    entries: int = 5_000
    bytes: int = 4 << 30
    """Unpacked size of all entries together."""
    ratio: int = 100
    """Unpacked to packed size; shapefiles reach 3, their attribute tables 20."""
    small: int = 64 << 20
    """Unpacked size up to which the ratio does not matter."""


LIMITS = ArchiveLimits()


@contextmanager
def unpacked(
    file: Path, wanted: str | None = None, *, limits: ArchiveLimits = LIMITS
) -> Iterator[tuple[Path, bool]]:
    """Unpack one layer of a zip for as long as the block runs.

    Parameters
    ----------
    file : path
        A zip archive; the whole of it is checked, only the files of one layer are unpacked.
    wanted : str, optional
        Layer to take: its path in the archive or its name. Needed where there are several.
    limits : ArchiveLimits

    Yields
    ------
    path
        The layer's file.
    bool
        Whether `wanted` named it; otherwise it may be a layer inside that file.

    Raises
    ------
    BoundaryError
        If the archive is damaged or locked, has entries that lead out of it, or grows beyond the limits, or
        the disk does not take the layer.
    """
    with temporary_folder(BoundaryError) as folder:
        try:
            with zipfile.ZipFile(file) as archive:
                entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
                _check(entries, file, limits)
                chosen, named = _choose([entry.filename for entry in entries], wanted, file.name)
                path = _extract(archive, _parts_of(chosen, entries), chosen, folder, limits)
        except BoundaryError:
            raise
        except Exception as error:  # a damaged archive trips its reader in many ways
            if isinstance(error, OSError) and error.errno in NOT_TAKEN:
                raise
            informative = isinstance(error, NotImplementedError | RuntimeError | ValueError)
            reason = str(error) if informative else "damaged or cut off"
            raise BoundaryError(
                "an archive can be unpacked", f"{file.name}: {reason}", "download or pack it again"
            ) from error
        yield path, named


def _check(entries: list[zipfile.ZipInfo], file: Path, limits: ArchiveLimits) -> None:
    """Refuse the whole archive if any entry is hostile, also one that would not be unpacked."""
    if len(entries) > limits.entries:
        _refuse(f"at most {limits.entries:,} files", f"{len(entries):,} files", file)
    for entry in entries:
        # A symbolic link is known by the Unix mode that its packer stored.
        if stat.S_ISLNK(entry.external_attr >> 16):
            _refuse("no links", f"a link, {entry.filename!r}", file)
        path = entry.filename.replace("\\", "/")
        if path.startswith("/") or re.match(r"[A-Za-z]:", path) or ".." in path.split("/"):
            _refuse("only paths inside it", f"{entry.filename!r}", file)
        if entry.flag_bits & 1:
            raise BoundaryError(
                "an archive can be unpacked", f"{file.name}: locked with a password", "pack it without one"
            )
    total, packed = sum(e.file_size for e in entries), max(sum(e.compress_size for e in entries), 1)
    if total > limits.bytes:
        _refuse(f"at most {_mb(limits.bytes)} unpacked", _mb(total), file)
    if total > limits.small and total / packed > limits.ratio:
        _refuse(
            f"at most {limits.ratio} times its packed size",
            f"{_mb(total)}, {total / packed:,.0f} times",
            file,
        )


def _refuse(rule: str, received: str, file: Path) -> None:
    raise BoundaryError(f"an archive holds {rule}", f"{file.name}: {received}", "get it from its publisher")


def _mb(n: int) -> str:
    return f"{n / 1e6:,.0f} MB"


def _choose(names: list[str], wanted: str | None, archive: str) -> tuple[str, bool]:
    """Find the layer that is wanted; one that is alone needs no naming."""
    candidates: dict[str, None] = {}
    for name in names:
        path = PurePosixPath(name)
        database = next((p for p in (path, *path.parents) if p.suffix.lower() == ".gdb"), None)
        if database is not None:
            candidates[str(database)] = None
        elif path.suffix.lower() in VECTOR and "__MACOSX" not in path.parts:
            candidates[name] = None
    layers = list(candidates)
    if not layers:
        shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
        raise BoundaryError(
            "an archive holds a vector layer",
            f"{archive}: {shown or 'nothing'}",
            "give the archive of a shapefile or a GeoPackage",
        )
    key = (wanted or "").lower()
    named = [n for n in layers if key in (n.lower(), PurePosixPath(n).name.lower(), _stem(n))]
    if wanted and len(named) == 1:
        return named[0], True
    if len(layers) > 1:
        received = f"{archive}: {', '.join(layers)}" + (f"; not {wanted!r}" if wanted else "")
        raise BoundaryError("one layer of an archive is read", received, "name one with --layer")
    return layers[0], False


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.lower()


def _parts_of(chosen: str, entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """List the files that a layer consists of: those that share its name, or stand in its folder."""
    if chosen.lower().endswith(".gdb"):
        return [e for e in entries if e.filename.startswith(chosen + "/")]
    if PurePosixPath(chosen).suffix.lower() not in (".shp", ".tab", ".mif"):
        return [e for e in entries if e.filename == chosen]
    beside = PurePosixPath(chosen).parent
    return [
        e
        for e in entries
        if PurePosixPath(e.filename).parent == beside and _stem(e.filename) == _stem(chosen)
    ]


def _extract(
    archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], chosen: str, folder: Path, limits: ArchiveLimits
) -> Path:
    """Write the files of one layer; their names are built here, so that none leads anywhere else."""
    whole = chosen.lower().endswith(".gdb")
    target = folder / ("layer.gdb" if whole else "layer" + PurePosixPath(chosen).suffix.lower())
    if whole:
        target.mkdir()
    left = limits.bytes
    for part in parts:
        inner = PurePosixPath(part.filename)
        path = target / inner.name if whole else folder / ("layer" + inner.suffix.lower())
        with archive.open(part) as packed, path.open("wb") as out:
            while chunk := packed.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise ValueError("unpacks to more than it says")
                out.write(chunk)
    return target
