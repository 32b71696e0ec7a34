"""One place for each area, from which distances are taken."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import BoundaryError
from geo.register.registers import register_of


def centroids(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give each area's centroid.

    For Chilean communes it is the register's, measured on official polygons, whatever layer is drawn. For
    other areas it is measured: the centroid of each part in the cylindrical equal-area projection (longitude,
    sine of latitude), joined on the sphere in proportion to the parts' areas, so that an area cut by the
    antimeridian keeps its middle.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons with a known CRS, indexed by area; a column ``cut`` says that they are Chilean communes.

    Returns
    -------
    DataFrame
        ``lon``, ``lat`` in degrees (WGS 84) on the same index; missing where there is no polygon and no
        official figure.

    Raises
    ------
    BoundaryError
        If the CRS is not known.

    Examples
    --------
    >>> from shapely import box
    >>> parts = shapely.MultiPolygon([box(177, -20, 180, -10), box(-180, -20, -179, -10)])
    >>> centroids(gpd.GeoDataFrame(geometry=[parts], index=["Fiji"], crs=4326)).round(1).values.tolist()
    [[179.0, -14.9]]
    """
    register = register_of(areas)
    if register is not None and "lon" in register.areas:
        return register.areas[["lon", "lat"]].reindex(areas[register.column]).set_index(areas.index)
    if areas.crs is None:
        raise BoundaryError(
            "centroids need a known coordinate system", "a layer without one", "set it, such as EPSG:4326"
        )
    shapes = areas.geometry.to_crs(4326).to_numpy()
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    flat = shapely.transform(parts, lambda xy: np.column_stack([xy[:, 0], _sine(xy[:, 1])]))
    middle = shapely.get_coordinates(shapely.centroid(flat))
    around, up = np.radians(middle[:, 0]), np.radians(middle[:, 1])
    out = np.sqrt(1 - up**2)
    sphere = np.column_stack([out * np.cos(around), out * np.sin(around), up]) * shapely.area(flat)[:, None]
    x, y, z = (np.bincount(owner, weights=axis, minlength=len(areas)) for axis in sphere.T)
    somewhere = np.where(x**2 + y**2 + z**2 > 0, 1.0, np.nan)
    lon, lat = np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))
    return pd.DataFrame({"lon": lon * somewhere, "lat": lat * somewhere}, index=areas.index)


def _sine(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sine of latitude, scaled to degrees so that shapes keep their proportions near the equator."""
    return np.asarray(np.degrees(np.sin(np.radians(lat))))
