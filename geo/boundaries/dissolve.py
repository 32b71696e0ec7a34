"""Areas joined into larger ones: groups, clusters, regions."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import GeometryCollection, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

COUNTS = ["releases", "releases_low", "releases_high", "population"]


def dissolve(areas: gpd.GeoDataFrame, by: pd.Series, *, name: str) -> gpd.GeoDataFrame:
    """Join areas that share a number into one shape with its counts.

    Parameters
    ----------
    areas : GeoDataFrame
        ``area_name``, ``releases``, ``releases_low``, ``releases_high``, ``population``.
    by : Series of Int64
        Number of each area, missing for those left out.
    name : str
        What to call the number's column.

    Returns
    -------
    GeoDataFrame
        One row per number: the number, ``n_members``, ``members`` (names, highest rate first), the counts
        (missing where a member's is) and one MultiPolygon.

    Examples
    --------
    >>> from shapely import box
    >>> data = {"area_name": ["A", "B"], "releases": [1, 3], "releases_low": [1, 3], "releases_high": [1, 3]}
    >>> areas = gpd.GeoDataFrame(data, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=4326)
    >>> areas = areas.assign(population=1000)
    >>> dissolve(areas, pd.Series([1, 1]), name="group_id").drop(columns="geometry").values.tolist()
    [[1, 2, 'B, A', 4, 4, 4, 2000]]
    """
    used = gpd.GeoDataFrame(areas[["area_name", *COUNTS]], geometry=areas.geometry)
    rows = [
        {name: number, **_together(used[(by == number).fillna(False).to_numpy(dtype=bool)])}
        for number in sorted(by.dropna().unique())
    ]
    columns = [name, "n_members", "members", *COUNTS, "geometry"]
    frame = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=areas.crs)
    whole = [name, "n_members", *COUNTS]
    frame[whole] = frame[whole].astype("Int64")
    return frame.astype({"members": "string"})


def _together(members: gpd.GeoDataFrame) -> dict[str, object]:
    middle = (members["releases_low"] + members["releases_high"]) / members["population"]
    ordered = members.loc[middle.astype("Float64").sort_values(ascending=False, kind="stable").index]
    counts = {c: int(members[c].sum()) if members[c].notna().all() else None for c in COUNTS}
    return {
        "n_members": len(members),
        "members": ", ".join(ordered["area_name"]),
        **counts,
        "geometry": _multipolygon(members.geometry.union_all()),
    }


def _multipolygon(shape: BaseGeometry) -> MultiPolygon:
    parts = shape.geoms if isinstance(shape, MultiPolygon | GeometryCollection) else [shape]
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])
