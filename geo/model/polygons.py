"""A layer of areas, and what a check of it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from geo.model.country import Pair, Register

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a downloaded layer is from, as it must be named wherever it is shown."""

    name: str
    """Name in the catalogue."""
    title: str
    url: str
    licence: str
    attribution: str
    vintage: str
    downloaded: str
    """Day of the download, ISO 8601."""
    sha256: str
    """Of the file that was downloaded."""
    bytes: int
    """Its size."""


MatchedBy = Literal["code", "name", "own"]


Why = Literal["given", "asked", "cached", "downloaded", "offline", "failed", "not_tried"]


def _nothing_dropped() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=["name", "reason", "nearest"])


@dataclass(frozen=True, kw_only=True)
class Boundaries:
    """Areas to map, who adjoins whom, and what was done to the layer on its way in."""

    areas: gpd.GeoDataFrame
    """Index ``area_id``; ``area_name``, ``region`` where a field says it, and polygons in EPSG:4326. With the
    Chilean register all its communes, those without a polygon too, and ``cut``, ``cut_2010``, ``commune``,
    ``province``, ``region``."""
    pairs: list[Pair]
    """Pairs of areas that adjoin (queen)."""
    source: str
    """Name of the file or of the official source, or ``schematic``."""
    schematic: bool
    """Whether the polygons are only a drawing, not official boundaries."""
    register: Register | None
    """The register that its areas are from; None where they are the layer's own."""
    contiguity: Literal["measured", "shipped", "shipped_instead"]
    """Where the pairs come from: measured on the polygons, shipped official ones, or these because the
    polygons have lost neighbours."""
    neighbors_lost: int = 0
    """Official pairs that the polygons do not show."""
    neighbors_added: int = 0
    """Pairs that the polygons show and the official list does not."""
    path: Path | None = None
    """The file, where the layer is not the shipped one."""
    id_field: str | None = None
    """Field that identifies the areas."""
    matched_by: MatchedBy = "code"
    """Whether that field holds commune codes, commune names, or ids of the layer's own."""
    repaired: list[str] = field(default_factory=list)
    """Ids of polygons that were invalid and were repaired."""
    displaced: list[str] = field(default_factory=list)
    """Communes whose polygon lies elsewhere than the register says: wrong codes, or a wrong CRS."""
    dropped: pd.DataFrame = field(default_factory=_nothing_dropped)
    """Features of the layer that are no area: ``name``, ``reason``, and the ``nearest`` names."""
    elsewhere: bool = False
    """Whether its ids are codes of Chilean communes too, which lie elsewhere: areas of another country."""
    provenance: Provenance | None = None
    """Where a downloaded layer is from."""
    why: Why = "given"
    """Why this layer: given, the drawing asked for, found in the cache, just downloaded; or the drawing
    because offline, because the download failed, or because none was tried."""
    failure: str = ""
    """What went wrong where the download failed."""

    @property
    def missing(self) -> list[str]:
        """Ids of the areas without a polygon."""
        return [str(i) for i in self.areas.index[self.areas.geometry.isna()]]


@dataclass(frozen=True, kw_only=True)
class Faults:
    """Overlaps or gaps above a size."""

    number: int
    area_km2: float
    """Of all of them together."""
    largest: pd.DataFrame
    """The ten largest: ``areas`` (ids that overlap, or around a gap), ``area_km2``, ``lon``, ``lat``."""


@dataclass(frozen=True, kw_only=True)
class BoundaryCheck:
    """A layer measured."""

    bounds: Boundaries
    """The layer as the gate lets it in."""
    areas: int
    """Areas with a polygon."""
    missing: list[str]
    """Names of communes without one; of Antártica no official layer has any."""
    islands: list[str]
    """Names of the areas that touch no other."""
    components: int
    """Sets of areas that hang together; each island is one."""
    neighbors: int
    """Pairs of polygons that touch."""
    lost: list[Pair]
    """Official pairs that do not touch in this layer."""
    added: list[Pair]
    """Pairs that touch in this layer and not in the official list."""
    vertex_lost: int
    """Official pairs without a vertex in common: lost to software that compares vertices."""
    vertex_islands: list[str]
    """Names of the areas that have no vertex in common with another."""
    vertex_components: int
    overlaps: Faults
    """Pairs of areas that overlap by more than a hectare."""
    gaps: Faults
    """Holes of more than a hectare between the areas."""

    @property
    def sound(self) -> bool:
        """Whether neighbours measured on this layer are trusted."""
        return self.bounds.contiguity == "measured"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One layer that an office publishes."""

    name: str
    """What to call it: ``retorno boundaries get NAME``."""
    title: str
    url: str
    """Address of the file."""
    page: str = ""
    """Page that describes it."""
    format: Literal["zip", "geojson"]
    path: str | None = None
    """Layer inside the archive."""
    code: str | None = None
    """Field of commune codes."""
    field: str | None = None
    """Field of commune names, where there are no codes."""
    crs: str
    """What the layer states, for a file that has lost it."""
    vintage: str
    licence: str
    attribution: str
    bytes: int | None = None
    """Size of the download."""
    exact: bool = False
    """Whether `bytes` is known to the byte."""
    sha256: str | None = None
    """Of the download; None where it is recorded on the first one."""
    default: bool = False
    """Whether a run tries this one when nothing is cached."""
