"""Polygons of areas, through one gate whatever their source."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any, Literal, cast

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from shapely import make_valid

from geo.assets import asset_path
from geo.boundaries.cache import cached_layer
from geo.boundaries.contiguity import Pair, official_pairs, touching_pairs
from geo.boundaries.register import register, to_current
from geo.errors import BoundaryError

CRS = "EPSG:4326"
CODE_FIELDS = ("cut_2018", "cut", "cut_com", "cod_comuna", "cut_2010", "codigo_comuna", "area_id")
NAME_FIELDS = ("area_name", "commune", "comuna", "nom_comuna", "name", "nombre", "shapename", "nam")
CODES_AT_LEAST = 0.9  # share of ids that must be Chilean commune codes for the register to be used
LOST_AT_MOST = 0.02  # share of official neighbours a layer may lack before its topology is not trusted


@dataclass(frozen=True, kw_only=True)
class Boundaries:
    """Areas to map, who adjoins whom, and what was done to the layer on its way in."""

    areas: gpd.GeoDataFrame
    """Index ``area_id``; ``area_name`` and polygons in EPSG:4326. With the Chilean register all its communes,
    those without a polygon too, and ``cut``, ``cut_2010``, ``commune``, ``province``, ``region``."""
    pairs: list[Pair]
    """Pairs of areas that adjoin (queen)."""
    source: str
    """Name of the file, or ``schematic``."""
    schematic: bool
    """Whether the polygons are only a drawing, not official boundaries."""
    chilean: bool
    """Whether the Chilean register is in use."""
    contiguity: Literal["measured", "shipped", "shipped_instead"]
    """Where the pairs come from: measured on the polygons, shipped official ones, or these because the
    polygons have lost neighbours."""
    neighbors_lost: int = 0
    """Official pairs that the polygons do not show."""
    neighbors_added: int = 0
    """Pairs that the polygons show and the official list does not."""
    path: Path | None = None
    """The file, where the layer is not the shipped one."""
    repaired: list[str] = field(default_factory=list)
    """Ids of polygons that were invalid and were repaired."""
    dropped: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["name", "reason"]))
    """Features of the layer that are no area, and why."""


def default_boundaries() -> Boundaries:
    """Give the cached official layer where there is one, else the shipped schematic one."""
    official = cached_layer()
    return open_boundaries(official) if official else schematic_boundaries()


def schematic_boundaries() -> Boundaries:
    """Give the shipped schematic cells, with the official contiguity.

    Examples
    --------
    >>> layer = schematic_boundaries()
    >>> len(layer.areas), layer.schematic
    (346, True)
    """
    with asset_path("boundaries", "schematic.geojson") as path:
        cells = pyogrio.read_dataframe(path)
    polygons = gpd.GeoSeries(cells.geometry.to_numpy(), index=cells["cut"], crs=CRS)
    return Boundaries(
        areas=_with_register(polygons),
        pairs=official_pairs(),
        source="schematic",
        schematic=True,
        chilean=True,
        contiguity="shipped",
    )


def read_boundaries(
    path: str | PathLike[str], *, id_field: str | None = None, layer: str | None = None
) -> gpd.GeoDataFrame:
    """Read a layer of areas through the gate: known CRS, unique ids, valid polygons.

    Parameters
    ----------
    path : path
        Any vector file GDAL reads.
    id_field : str, optional
        Field with the areas' ids. Left out, a field of Chilean commune codes is looked for.
    layer : str, optional
        Layer of a file with several.

    Returns
    -------
    GeoDataFrame
        Index ``area_id``, sorted; ``area_name`` and polygons in EPSG:4326, register columns for Chile.

    Raises
    ------
    BoundaryError
        If the file cannot be read, has no CRS, no usable id field or repeated ids.
    """
    return open_boundaries(path, id_field=id_field, layer=layer).areas


def open_boundaries(
    path: str | PathLike[str], *, id_field: str | None = None, layer: str | None = None
) -> Boundaries:
    """Read a layer as :func:`read_boundaries` does and say what was found and done."""
    file = Path(path)
    frame = _read(file, layer)
    chosen = id_field or _code_field(frame, file)
    if chosen not in frame:
        shown = ", ".join(map(str, frame.columns.drop("geometry")))
        raise BoundaryError(
            "--id names a field of the layer", f"{chosen!r}; fields: {shown}", "name one of them"
        )
    current = to_current(frame[chosen])
    # Codes decide whether this is Chile: a foreign id that happens to look like one stands alone.
    chilean = bool(current.notna().mean() > CODES_AT_LEAST)
    ids = current if chilean else frame[chosen].astype("string").str.strip().astype(object)
    frame, dropped = _usable(frame.assign(area_id=ids), chosen, file)
    invalid = ~frame.geometry.is_valid
    polygons = frame.set_index("area_id").geometry
    polygons.loc[invalid.to_numpy()] = make_valid(
        polygons[invalid.to_numpy()].to_numpy(), method="structure", keep_collapsed=False
    )
    names = frame.set_index("area_id")[name] if (name := _name_field(frame, chosen)) else None
    areas = _with_register(polygons) if chilean else _named(polygons, names)
    return Boundaries(
        areas=areas,
        source=file.name,
        schematic=False,
        chilean=chilean,
        path=file,
        repaired=sorted(frame.loc[invalid, "area_id"]),
        dropped=dropped,
        **_contiguity(areas[areas.geometry.notna()], chilean=chilean),
    )


def _read(file: Path, layer: str | None) -> gpd.GeoDataFrame:
    if not file.exists():
        raise BoundaryError("boundaries are a vector file", f"{file}: no such file", "check the path")
    try:
        frame = pyogrio.read_dataframe(file, layer=layer)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise BoundaryError(
            "boundaries are a vector file that GDAL reads", f"{file.name}: {error}", "export it as GeoPackage"
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise BoundaryError("boundaries hold polygons", f"{file.name}: none", "name the layer with --layer")
    if frame.crs is None:
        raise BoundaryError(
            "a layer says its coordinate system", f"{file.name}: none", "add the .prj file, or set it in QGIS"
        )
    if frame.geometry.name != "geometry":
        frame = frame.rename_geometry("geometry")
    return cast(gpd.GeoDataFrame, frame.to_crs(CRS))


def _code_field(frame: gpd.GeoDataFrame, file: Path) -> str:
    """Find the field of commune codes: a usual name first, then whichever holds most codes."""
    fields = [c for c in frame.columns if c != frame.geometry.name]
    usual = [c for name in CODE_FIELDS for c in fields if str(c).lower() == name]
    for column in [*usual, *fields]:
        if to_current(frame[column]).notna().mean() > CODES_AT_LEAST:
            return str(column)
    raise BoundaryError(
        "a layer needs a field that identifies its areas",
        f"{file.name}, fields: {', '.join(map(str, fields))}; none holds Chilean commune codes",
        "name it with --id FIELD",
    )


def _name_field(frame: gpd.GeoDataFrame, id_field: str) -> str | None:
    named = {str(c).lower(): str(c) for c in frame.columns}
    return next((named[n] for n in NAME_FIELDS if n in named and named[n] != id_field), None)


def _usable(frame: gpd.GeoDataFrame, id_field: str, file: Path) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Set aside features without a known id or a polygon; repeated ids are an error."""
    reason = pd.Series(pd.NA, index=frame.index, dtype="string")
    reason = reason.mask(frame.geometry.isna() | frame.geometry.is_empty, "no geometry")
    polygonal = frame.geom_type.isin(["Polygon", "MultiPolygon"])
    reason = reason.mask(reason.isna() & ~polygonal, "not a polygon")
    reason = reason.mask(frame["area_id"].isna(), "code not in the register")
    kept = frame[reason.isna()]
    repeated = kept.loc[kept["area_id"].duplicated(), "area_id"]
    if len(repeated):
        raise BoundaryError(
            "each area stands once in the layer",
            f"{file.name}: {len(repeated)} repeated ids in {id_field!r}, first {repeated.iloc[0]!r}",
            "dissolve the layer by that field, or name another with --id",
        )
    if kept.empty:
        raise BoundaryError("boundaries hold polygons", f"{file.name}: none usable", "check the layer")
    dropped = pd.DataFrame({"name": frame[id_field].astype("string"), "reason": reason})
    return kept, dropped.dropna(subset="reason").reset_index(drop=True)


def _contiguity(areas: gpd.GeoDataFrame, *, chilean: bool) -> dict[str, Any]:
    """Measure who adjoins whom, and fall back on the official pairs where the layer has lost its topology."""
    measured = touching_pairs(areas)
    if not chilean:
        return {"pairs": measured, "contiguity": "measured"}
    official = [pair for pair in official_pairs() if pair[0] in areas.index and pair[1] in areas.index]
    lost = len(set(official) - set(measured))
    destroyed = lost > LOST_AT_MOST * len(official)
    return {
        "pairs": official if destroyed else measured,
        "contiguity": "shipped_instead" if destroyed else "measured",
        "neighbors_lost": lost,
        "neighbors_added": len(set(measured) - set(official)),
    }


def _with_register(polygons: gpd.GeoSeries) -> gpd.GeoDataFrame:
    known = register()
    columns = known[["cut_2010", "commune", "province", "region"]]
    columns.insert(0, "cut", known.index)
    columns.insert(0, "area_name", known["commune"])
    frame = gpd.GeoDataFrame(columns, geometry=polygons.reindex(known.index), crs=CRS)
    return frame.rename_axis("area_id").sort_index()


def _named(polygons: gpd.GeoSeries, names: pd.Series | None) -> gpd.GeoDataFrame:
    label = polygons.index.to_series() if names is None else names
    frame = gpd.GeoDataFrame({"area_name": label.astype("string")}, geometry=polygons, crs=CRS)
    return frame.rename_axis("area_id").sort_index()
