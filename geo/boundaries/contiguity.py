"""Which communes adjoin: read from the shipped official pairs, or measured on polygons."""

from __future__ import annotations

from io import StringIO

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.assets import asset_text

Pair = tuple[str, str]


def official_pairs() -> list[Pair]:
    """List the 847 pairs of communes that touch (queen), measured on INE's cartography of 2016-17.

    Examples
    --------
    >>> pairs = official_pairs()
    >>> len(pairs), pairs[0]
    (847, ('01101', '01107'))
    """
    frame = pd.read_csv(StringIO(asset_text("boundaries", "contiguity.csv")), dtype=str)
    return list(frame[["cut_a", "cut_b"]].itertuples(index=False, name=None))


def touching_pairs(areas: gpd.GeoDataFrame) -> list[Pair]:
    """List the pairs of polygons that share at least one point (queen contiguity).

    Parameters
    ----------
    areas : GeoDataFrame
        Valid polygons; the index holds the ids.

    Returns
    -------
    list of (id, id)
        Each pair once, smaller id first, sorted.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(0, 0, 1, 1), box(1, 1, 2, 2), box(3, 3, 4, 4)]
    >>> touching_pairs(gpd.GeoDataFrame(geometry=squares, index=list("abc")))
    [('a', 'b')]
    """
    first, second = areas.sindex.query(areas.geometry, predicate="intersects")
    once = first < second
    across = _across_antimeridian(areas)
    first, second = np.append(first[once], across[0]), np.append(second[once], across[1])
    ids = areas.index
    return sorted({(min(a, b), max(a, b)) for a, b in zip(ids[first], ids[second], strict=True)})


def vertex_pairs(areas: gpd.GeoDataFrame) -> list[Pair]:
    """List the pairs of polygons that have a vertex in common, as most software finds neighbours.

    On sound layers these are the touching pairs. Where each polygon was simplified by itself, vertices no
    longer meet, and areas that lie side by side, or even overlap, count as apart.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(0, 0, 2, 2), box(2, 0, 4, 2), box(3.9, 0.5, 6, 1.5)]
    >>> vertex_pairs(gpd.GeoDataFrame(geometry=squares, index=list("abc")))
    [('a', 'b')]
    """
    xy, owner = shapely.get_coordinates(areas.geometry.to_numpy(), return_index=True)
    # One complex number a vertex: sorting pairs of columns takes many times as long.
    vertex = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)[1].ravel()
    at = pd.DataFrame({"vertex": vertex, "area": owner}).drop_duplicates()
    at = at[at["vertex"].duplicated(keep=False)]
    both = at.merge(at, on="vertex", suffixes=("_a", "_b")).query("area_a < area_b")
    ids = areas.index
    found = {(int(a), int(b)) for a, b in zip(both["area_a"], both["area_b"], strict=True)}
    return sorted((min(ids[a], ids[b]), max(ids[a], ids[b])) for a, b in found)


def _across_antimeridian(areas: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Find areas that touch where longitude jumps from 180 to -180: cut there, they lie a world apart."""
    bounds = areas.bounds.to_numpy()
    west, east = np.flatnonzero(bounds[:, 0] <= -180), np.flatnonzero(bounds[:, 2] >= 180)
    if areas.crs is None or not areas.crs.is_geographic or not (len(west) and len(east)):
        return np.array([], dtype=int), np.array([], dtype=int)
    moved = gpd.GeoSeries(
        shapely.transform(areas.geometry.to_numpy()[west], lambda xy: xy + np.array([360, 0]))
    )
    i, j = moved.sindex.query(areas.geometry.to_numpy()[east], predicate="intersects")
    apart = east[i] != west[j]
    return east[i][apart], west[j][apart]
