"""Polygons of areas, through one gate whatever their source."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from geo.assets import asset_path
from geo.boundaries.contiguity import touching_pairs
from geo.boundaries.ids import Ids, find_ids, find_names, find_regions, ids_by_others, own_ids
from geo.boundaries.place import displaced, elsewhere, keep_in_place
from geo.boundaries.reading import CRS, read_layer
from geo.boundaries.repair import Repaired, repair
from geo.controls import without_controls
from geo.errors import BoundaryError
from geo.model.country import Register
from geo.model.polygons import Boundaries, MatchedBy, Why
from geo.register.countries import chile
from geo.register.names import nearest_names
from geo.register.pairs import official_among, official_pairs

LOST_AT_MOST = 0.02  # share of official neighbours a layer may lack before its topology is not trusted
UNKNOWN: dict[MatchedBy, str] = {
    "code": "code not in the register",
    "name": "no commune of this name",
    "own": "no id",
}


def schematic_boundaries(*, why: Why = "asked", failure: str = "") -> Boundaries:
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
        areas=with_register(polygons, chile.register()),
        pairs=official_pairs(),
        source="schematic",
        schematic=True,
        register=chile.register(),
        contiguity="shipped",
        why=why,
        failure=failure,
    )


def read_boundaries(
    path: str | PathLike[str],
    *,
    id_field: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
) -> gpd.GeoDataFrame:
    """Read a layer of areas through the gate: known CRS, unique ids, valid polygons.

    Parameters
    ----------
    path : path
        Any vector file GDAL reads, or a zip with one.
    id_field : str, optional
        Field with the areas' ids. Left out, a field of Chilean commune codes or names is looked for.
    layer : str, optional
        Layer of a file or zip with several.
    crs : str, optional
        Coordinate system, such as ``EPSG:32719``, of a layer that states none or a wrong one.

    Returns
    -------
    GeoDataFrame
        Index ``area_id``, sorted; ``area_name``, ``region`` where a field of the layer says it, and polygons
        in EPSG:4326; register columns for Chile.

    Raises
    ------
    BoundaryError
        If the file cannot be read, has no CRS, no usable id field or repeated ids.

    Examples
    --------
    >>> with asset_path("boundaries", "schematic.geojson") as path:
    ...     areas = read_boundaries(path)
    >>> areas.loc["05501", "area_name"], int(areas.geometry.notna().sum())
    ('Quillota', 345)
    """
    return open_boundaries(path, id_field=id_field, layer=layer, crs=crs).areas


def open_boundaries(
    path: str | PathLike[str],
    *,
    id_field: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
) -> Boundaries:
    """Read a layer as :func:`read_boundaries` does and say what was found and done."""
    file, shown = Path(path), without_controls(Path(path).name)
    id_field = None if id_field is None else without_controls(id_field)
    frame = read_layer(file, layer=layer, crs=crs)
    ids = find_ids(frame, id_field, shown)
    shapes = repair(frame.geometry)
    ids, abroad = _in_place(frame, ids, shapes)
    register = ids.register
    reason = shapes.reason.mask(shapes.reason.isna() & ids.values.isna(), UNKNOWN[ids.matched_by])
    if register is not None and ids.matched_by == "name":
        there = reason.isna()
        reason = reason.fillna(keep_in_place(shapes.geometry[there], ids.values[there], register))
    kept = reason.isna()
    if not kept.any():
        raise _nothing_left(reason, frame.geom_type[reason.eq("not a polygon")], shown)
    _check_repeated(ids, kept, shown)
    polygons = _polygons(shapes, ids, kept)
    areas = with_register(polygons, register) if register else _named(polygons, frame[kept], ids.field)
    return Boundaries(
        areas=areas,
        source=shown,
        schematic=False,
        register=register,
        path=file,
        id_field=ids.field,
        matched_by=ids.matched_by,
        repaired=sorted(polygons.index[shapes.changed[kept].to_numpy()]),
        displaced=displaced(polygons, register) if register else [],
        elsewhere=abroad,
        dropped=_dropped(frame[ids.field], reason, ids),
        **_contiguity(areas[areas.geometry.notna()], register),
    )


def _in_place(frame: gpd.GeoDataFrame, ids: Ids, shapes: Repaired) -> tuple[Ids, bool]:
    """Keep codes of a register only where areas lie as it says; say whether they lie elsewhere."""
    if ids.matched_by != "code":
        return ids, False
    for one in [ids, *ids_by_others(frame, ids)]:
        if one.register and not elsewhere(_polygons(shapes, one, shapes.reason.isna()), one.register):
            return one, False
    return own_ids(frame, ids.field), True


def _polygons(shapes: Repaired, ids: Ids, kept: pd.Series) -> gpd.GeoSeries:
    """Index the polygons that are kept by the areas' ids, where they have one."""
    there = kept & ids.values.notna()
    index = pd.Index(ids.values[there], dtype=object)
    return gpd.GeoSeries(shapes.geometry[there].to_numpy(), index=index, crs=CRS)


def _nothing_left(reason: pd.Series, kinds: pd.Series, source: str) -> BoundaryError:
    """Say of what a layer consists that has no area."""
    counts = reason.value_counts()
    received = f"{source}: " + ", ".join(f"{n} x {why}" for why, n in counts.items())
    if len(kinds):
        received += f" ({', '.join(sorted(set(kinds.dropna())))})"
    if counts.index[0] in UNKNOWN.values():
        return BoundaryError("areas have ids", received, "name the field that holds them with --id")
    return BoundaryError("boundaries hold polygons", received, "give the layer of the areas")


def _check_repeated(ids: Ids, kept: pd.Series, source: str) -> None:
    repeated = ids.values[kept][ids.values[kept].duplicated()]
    if len(repeated):
        raise BoundaryError(
            "each area stands once in the layer",
            f"{source}: {len(repeated)} repeated ids in {ids.field!r}, first {repeated.iloc[0]!r}",
            "dissolve the layer by that field, or name another with --id",
        )


def _dropped(names: pd.Series, reason: pd.Series, ids: Ids) -> pd.DataFrame:
    listed = pd.DataFrame({"name": names.astype("string"), "reason": reason}).dropna(subset="reason")
    near = pd.Series("", index=listed.index)
    if ids.register is not None and ids.matched_by == "name":
        unknown = listed.loc[listed["reason"].eq(UNKNOWN["name"]), "name"].dropna()
        register = ids.register
        near.update(unknown.map(lambda name: ", ".join(nearest_names(name, register))))
    return listed.assign(nearest=near).reset_index(drop=True)


def _contiguity(areas: gpd.GeoDataFrame, register: Register | None) -> dict[str, Any]:
    """Measure who adjoins whom, and fall back on the official pairs where the layer has lost its topology."""
    measured = touching_pairs(areas)
    official = official_among(areas.index, register)
    if official is None:
        return {"pairs": measured, "contiguity": "measured"}
    lost = len(set(official) - set(measured))
    destroyed = lost > LOST_AT_MOST * len(official)
    return {
        "pairs": official if destroyed else measured,
        "contiguity": "shipped_instead" if destroyed else "measured",
        "neighbors_lost": lost,
        "neighbors_added": len(set(measured) - set(official)),
    }


def with_register(polygons: gpd.GeoSeries, register: Register) -> gpd.GeoDataFrame:
    """Put polygons indexed by a register's code beside what it says of all its areas.

    Examples
    --------
    >>> from shapely import box
    >>> square = gpd.GeoSeries([box(0, 0, 1, 1)], index=["05101"], crs=CRS)
    >>> areas = with_register(square, chile.register())
    >>> len(areas), int(areas.geometry.notna().sum())
    (346, 1)
    """
    known = register.areas[["area_name", *register.columns]]
    frame = gpd.GeoDataFrame(known, geometry=polygons.reindex(known.index), crs=CRS)
    return frame.rename_axis("area_id").sort_index()


def _named(polygons: gpd.GeoSeries, fields: gpd.GeoDataFrame, id_field: str) -> gpd.GeoDataFrame:
    """Give areas of another country the name and the region that fields of their layer say.

    An area without a name is called by its id, so that whatever lists it can name it.
    """
    names, regions = find_names(fields, id_field), find_regions(fields, id_field)
    label = pd.Series(polygons.index, polygons.index).astype("string")
    if names is not None:
        label = pd.Series(names.to_numpy(), polygons.index).astype("string").fillna(label)
    columns = {"area_name": label}
    if regions is not None:
        columns["region"] = pd.Series(regions.to_numpy(), polygons.index).astype("string")
    return gpd.GeoDataFrame(columns, geometry=polygons, crs=CRS).rename_axis("area_id").sort_index()
