"""Shapes as they come, made into valid polygons or set aside with the reason."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

POLYGONS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """Polygons, and what was done to get them."""

    geometry: gpd.GeoSeries
    """Valid polygons; None where a feature gives none."""
    changed: pd.Series
    """Whether the shape was invalid and was repaired."""
    reason: pd.Series
    """Why a feature is no area; missing where it is one."""


def repair(shapes: gpd.GeoSeries) -> Repaired:
    """Make valid polygons of shapes.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> done = repair(gpd.GeoSeries([bow, shapely.Point(0, 0), None]))
    >>> done.geometry[0].geom_type, done.changed.tolist(), done.reason.tolist()[1:]
    ('MultiPolygon', [True, False, False], ['not a polygon', 'no geometry'])
    """
    values = shapes.to_numpy().copy()
    reason = pd.Series(pd.NA, index=shapes.index, dtype="string")
    reason[shapely.is_missing(values) | shapely.is_empty(values)] = "no geometry"
    finite = np.array([g is None or bool(np.isfinite(shapely.get_coordinates(g)).all()) for g in values])
    reason[reason.isna().to_numpy() & ~finite] = "coordinates that are no numbers"
    mixed = reason.isna().to_numpy() & (
        shapely.get_type_id(values) == shapely.GeometryType.GEOMETRYCOLLECTION
    )
    values[mixed] = [_polygons_of(g) for g in values[mixed]]
    polygonal = np.array([g is not None and g.geom_type in POLYGONS for g in values])
    reason[reason.isna().to_numpy() & ~polygonal] = "not a polygon"
    usable = reason.isna().to_numpy()
    invalid = usable & ~shapely.is_valid(values)
    # The default method turns two official communes into collections, which a polygon filter empties.
    values[invalid] = shapely.make_valid(values[invalid], method="structure", keep_collapsed=False)
    values[~usable] = None
    empty = usable & (shapely.is_empty(values) | (shapely.area(values) == 0))
    reason[empty] = "a polygon without area"
    values[empty] = None
    changed = pd.Series((invalid | mixed) & reason.isna().to_numpy(), index=shapes.index)
    return Repaired(
        geometry=gpd.GeoSeries(values, index=shapes.index, crs=shapes.crs), changed=changed, reason=reason
    )


def _polygons_of(collection: BaseGeometry) -> BaseGeometry:
    """Keep the polygons of a collection, however deep; the collection itself where it has none."""
    parts = list(shapely.get_parts([collection]))
    while any(p.geom_type not in POLYGONS and hasattr(p, "geoms") for p in parts):
        parts = list(shapely.get_parts(parts))
    polygons = [p for p in parts if p.geom_type in POLYGONS]
    return shapely.unary_union(shapely.make_valid(polygons)) if polygons else collection
