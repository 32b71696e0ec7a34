"""Official layers: downloaded once, through the gate once, kept; and the layer of a run given none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from geo.boundaries.cache import cached_layer, layers_folder, read_record, sha256_of, write_record
from geo.boundaries.catalogue import default_source, find_source
from geo.boundaries.download import BRIEF, PATIENT, Limits, Progress, download
from geo.boundaries.layer import open_boundaries, schematic_boundaries, with_register
from geo.errors import BoundaryError
from geo.files.temporary import not_taken
from geo.model.polygons import Boundaries, Provenance, Source
from geo.register.countries import chile

AREAS_AT_LEAST = 340
"""Communes that a layer of Chile must have; official ones have 345."""

GATE = {
    *("pairs", "contiguity", "neighbors_lost", "neighbors_added", "id_field", "matched_by"),
    *("repaired", "displaced", "dropped"),
}
"""What is recorded of the passage through the gate: fields of :class:`Boundaries`."""


def offline() -> bool:
    """Whether ``RETORNO_OFFLINE`` forbids downloads."""
    return os.environ.get("RETORNO_OFFLINE", "").strip().lower() not in ("", "0", "no", "false")


def get_boundaries(
    name: str, *, again: bool = False, limits: Limits = PATIENT, progress: Progress | None = None
) -> Boundaries:
    """Download an official layer into the cache, where runs find it; one that is there is only opened.

    Parameters
    ----------
    name : str
        A source of :func:`geo.boundaries.catalogue.catalogue`.
    again : bool
        Download also if it is there, and compare with what was recorded then.
    limits : Limits
        How long to wait, how much to take.
    progress : callable, optional
        Told bytes received and expected.

    Returns
    -------
    Boundaries
        As read through the gate; ``path`` is the GeoPackage in the cache, ``provenance`` its source.

    Raises
    ------
    BoundaryError
        If there is no such source, it cannot be downloaded, or what came has not the communes of Chile.
        Nothing is left behind, and a layer that was there stays.

    Examples
    --------
    >>> get_boundaries("atlantis")
    Traceback (most recent call last):
        ...
    geo.errors.BoundaryError: ...
    """
    source = find_source(name)
    kept = layers_folder() / f"{source.name}.gpkg"
    if kept.exists() and not again:
        kept.touch()  # the one asked for last is the one that runs use
        return open_cached(kept)
    if offline():
        raise BoundaryError(
            "a download needs a network",
            "RETORNO_OFFLINE is set",
            "unset it, or give a file with --boundaries",
        )
    return fetch_source(source, kept, limits=limits, progress=progress)


def preferred_boundaries(
    *,
    attempt: bool = False,
    tell: Callable[[str], None] | None = None,
    progress: Progress | None = None,
    limits: Limits = BRIEF,
) -> Boundaries:
    """Give the best layer of Chile there is: the cached one, else a quick download, else the drawing.

    Never fails: ``why`` and ``failure`` of what it returns say which layer it is and what went wrong.

    Parameters
    ----------
    attempt : bool
        Try one download where nothing is cached; ``RETORNO_OFFLINE`` forbids it all the same.
    tell : callable, optional
        Told the name of the source before the download begins.
    progress : callable, optional
        Told bytes received and expected.
    limits : Limits
        When to give up.

    Examples
    --------
    >>> preferred_boundaries(attempt=False).why in ("cached", "not_tried", "offline")
    True
    """
    failure = ""
    if (kept := cached_layer()) is not None:
        try:
            return open_cached(kept)
        except BoundaryError as error:
            failure = error.received
    if offline():
        return schematic_boundaries(why="failed" if failure else "offline", failure=failure)
    if not attempt:
        return schematic_boundaries(why="failed" if failure else "not_tried", failure=failure)
    try:
        source = default_source()
        if tell is not None:
            tell(source.name)
        kept = layers_folder() / f"{source.name}.gpkg"
        return fetch_source(source, kept, limits=limits, progress=progress)
    except BoundaryError as error:
        return schematic_boundaries(why="failed", failure=error.received)


def fetch_source(
    source: Source, kept: Path, *, limits: Limits = PATIENT, progress: Progress | None = None
) -> Boundaries:
    """Download a source, pass it through the gate, and keep the result as a GeoPackage with its record."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=".get-", dir=kept.parent, ignore_cleanup_errors=True
        ) as folder:
            raw = Path(folder) / f"{source.name}.{source.format}"
            sha256 = download(
                source.url,
                raw,
                format=source.format,
                sha256=source.sha256,
                limits=limits,
                progress=progress,
            )
            _same_as_before(source, kept, sha256)
            boundaries = _through_the_gate(source, raw)
            provenance = _provenance(source, sha256, raw.stat().st_size)
            _keep(boundaries, provenance, kept, Path(folder))
    except OSError as error:
        raise BoundaryError(
            "the cache can be written",
            f"{kept.parent}: {error.strerror or error}",
            "name another folder in RETORNO_CACHE",
        ) from error
    return replace(open_cached(kept), why="downloaded")  # as later runs will find it


def open_cached(kept: Path) -> Boundaries:
    """Open a layer of the cache; one whose record fits has passed the gate and need not again."""
    record = read_record(kept)
    if record is None:
        return replace(open_boundaries(kept), why="cached")
    provenance = Provenance(**record["provenance"])
    gate = record.get("gate")
    if not isinstance(gate, dict) or set(gate) != GATE or sha256_of(kept) != record.get("layer_sha256"):
        boundaries = open_boundaries(kept, id_field="area_id")
        return replace(boundaries, source=provenance.name, provenance=provenance, why="cached")
    frame = pyogrio.read_dataframe(kept)
    polygons = gpd.GeoSeries(frame.geometry.to_numpy(), index=frame["area_id"], crs=frame.crs)
    return Boundaries(
        areas=with_register(polygons, chile.register()),
        pairs=[(a, b) for a, b in gate["pairs"]],
        source=provenance.name,
        schematic=False,
        register=chile.register(),
        path=kept,
        dropped=pd.DataFrame(gate["dropped"], columns=["name", "reason", "nearest"]),
        provenance=provenance,
        why="cached",
        **{key: value for key, value in gate.items() if key not in ("pairs", "dropped")},
    )


def _through_the_gate(source: Source, raw: Path) -> Boundaries:
    layer, field = source.path, source.code or source.field
    try:
        boundaries = open_boundaries(raw, id_field=field, layer=layer)
    except BoundaryError as error:
        if error.rule == "a layer states its coordinate system":
            boundaries = open_boundaries(raw, id_field=field, layer=layer, crs=source.crs)
        elif error.rule.startswith(("--id", "--layer", "one layer")):
            # The publisher has renamed something: look for what is there as in any other file.
            boundaries = open_boundaries(raw)
        else:
            raise
    there = len(boundaries.areas) - len(boundaries.missing)
    if boundaries.register is not chile.register() or there < AREAS_AT_LEAST:
        received = f"{there} of {len(boundaries.areas)}" if boundaries.register else "other areas"
        raise BoundaryError(
            "an official layer has the communes of Chile",
            f"{source.name}: {received}",
            f"see {source.page or source.url}",
        )
    return boundaries


def _same_as_before(source: Source, kept: Path, sha256: str) -> None:
    """Hold a download to the first one, where the catalogue knows no hash to hold it to."""
    record = read_record(kept)
    before = record and record["provenance"]["sha256"]
    if before and before != sha256 and source.sha256 is None:
        raise BoundaryError(
            f"the file is the one of {record['provenance']['downloaded']} (sha256 {before[:12]}...)",  # type: ignore[index]
            f"{source.url}: sha256 {sha256[:12]}...",
            f"to take the new one, remove {kept.with_suffix('.json')}",
        )


def _provenance(source: Source, sha256: str, size: int) -> Provenance:
    return Provenance(
        name=source.name,
        title=source.title,
        url=source.url,
        licence=source.licence,
        attribution=source.attribution,
        vintage=source.vintage,
        downloaded=datetime.now(UTC).date().isoformat(),
        sha256=sha256,
        bytes=size,
    )


def _keep(boundaries: Boundaries, provenance: Provenance, kept: Path, folder: Path) -> None:
    """Write layer and record beside their place, then move both: an interruption leaves the old ones."""
    polygons = boundaries.areas[boundaries.areas.geometry.notna()].drop(columns="cut").reset_index()
    written = folder / kept.name
    try:
        pyogrio.write_dataframe(
            polygons,
            written,
            layer="communes",
            driver="GPKG",
            promote_to_multi=True,
            layer_metadata={key: str(value) for key, value in vars(provenance).items()},
        )
    except (DataLayerError, DataSourceError, FeatureError) as error:
        raise OSError(not_taken(error, folder) or str(error)) from error
    gate: dict[str, Any] = {key: getattr(boundaries, key) for key in GATE - {"dropped"}}
    gate["dropped"] = boundaries.dropped.fillna("").astype(str).values.tolist()
    record = write_record(written, provenance, gate, folder)
    record.replace(kept.with_suffix(".json"))
    written.replace(kept)
