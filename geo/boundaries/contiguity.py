"""Which communes adjoin: read from the shipped official pairs, or measured on polygons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import BoundaryError
from geo.model.country import Pair, Rule
from geo.model.numeric import Ints, Shapes


def touching_pairs(areas: gpd.GeoDataFrame, rule: Rule = "queen") -> list[Pair]:
    """List the pairs of polygons that adjoin.

    Parameters
    ----------
    areas : GeoDataFrame
        Valid polygons; the index holds the ids.
    rule : {"queen", "rook"}
        ``queen``: they share at least one point. ``rook``: they share a stretch of border, or ground.

    Returns
    -------
    list of (id, id)
        Each pair once, smaller id first, sorted.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(0, 0, 1, 1), box(1, 1, 2, 2), box(1, 0.5, 2, 1)]
    >>> areas = gpd.GeoDataFrame(geometry=squares, index=list("abc"))
    >>> touching_pairs(areas), touching_pairs(areas, "rook")
    ([('a', 'b'), ('a', 'c'), ('b', 'c')], [('a', 'c'), ('b', 'c')])
    """
    return _named(areas.index, *touching(areas, rule))


def touching(areas: gpd.GeoDataFrame, rule: Rule = "queen") -> tuple[Ints, Ints]:
    """Find the same pairs as positions in the layer.

    The answer is that of the geometries, not of their vertices: borders that meet without a vertex in common
    count, and so do overlaps. Only polygons whose boxes meet are compared, each pair once, the one with more
    vertices indexed first.

    Returns
    -------
    first, second : arrays of int
        Positions of each pair, the smaller one first; sorted, each pair once.

    Raises
    ------
    BoundaryError
        If there is no such rule.

    Examples
    --------
    >>> from shapely import box
    >>> touching(gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(5, 5, 6, 6), box(1, 1, 2, 2)]))
    (array([0]), array([2]))
    """
    _check_rule(rule)
    shapes = areas.geometry.to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes)
    once = first < second
    here = _adjoining(shapes, first[once], second[once], rule)
    across = _across_antimeridian(areas, rule)
    pairs = np.sort(np.stack([np.append(a, b) for a, b in zip(here, across, strict=True)]), axis=0)
    key = np.unique(pairs[0] * len(shapes) + pairs[1])
    return key // max(1, len(shapes)), key % max(1, len(shapes))


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
    return _named(areas.index, *_sharing(_numbered(xy), owner, len(areas)))


def _check_rule(rule: Rule) -> None:
    if rule not in get_args(Rule):
        raise BoundaryError("contiguity is queen or rook", repr(rule), "name one of the two")


def _named(ids: pd.Index, first: Ints, second: Ints) -> list[Pair]:
    """Name pairs of positions, smaller id first, sorted."""
    order = ids.argsort()
    rank = np.empty(len(ids), dtype=np.int64)
    rank[order] = np.arange(len(ids))
    pairs = np.sort(np.stack([rank[first], rank[second]]), axis=0)
    pairs = pairs[:, np.lexsort(pairs[::-1])]
    names = ids.take(order)
    return list(zip(names.take(pairs[0]).tolist(), names.take(pairs[1]).tolist(), strict=True))


def _adjoining(shapes: Shapes, first: Ints, second: Ints, rule: Rule) -> tuple[Ints, Ints]:
    """Keep the pairs that adjoin; on the left the polygon with more vertices, which may be worth an index."""
    size = shapely.get_num_coordinates(shapes)
    turn = size[first] < size[second]
    large, small = np.where(turn, second, first), np.where(turn, first, second)
    with _indexed(shapes[np.unique(large)]):
        meet = shapely.intersects(shapes[large], shapes[small])
        large, small = large[meet], small[meet]
        if rule == "rook":
            more = _share_more_than_points(shapes, large, small)
            large, small = large[more], small[more]
    return large, small


@contextmanager
def _indexed(shapes: Shapes) -> Iterator[None]:
    """Keep an index of each shape's edges for the time of many comparisons."""
    fresh = shapes[~shapely.is_prepared(shapes)]
    shapely.prepare(fresh)
    try:
        yield
    finally:
        shapely.destroy_prepared(fresh)


def _share_more_than_points(shapes: Shapes, first: Ints, second: Ints) -> NDArray[np.bool_]:
    """Say which of the polygons that touch share a stretch of border, or ground.

    An edge in common, vertex for vertex, settles most pairs, and boxes that share one point only settle the
    corners of a grid; the geometries are asked about the rest.
    """
    at_edges = np.stack(_sharing(*_edges(shapes), len(shapes)))
    keys = np.minimum(first, second) * len(shapes) + np.maximum(first, second)
    more = np.isin(keys, at_edges[0] * len(shapes) + at_edges[1])
    one, other = shapely.bounds(shapes[first]), shapely.bounds(shapes[second])
    common = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    for pattern in ("****1****", "T********"):
        open_ = np.flatnonzero(~more & (common > 0).any(axis=1))
        more[open_] = shapely.relate_pattern(shapes[first[open_]], shapes[second[open_]], pattern)
    return more


def _edges(shapes: Shapes) -> tuple[Ints, Ints]:
    """Number the edges of all rings, equal ones alike whatever their direction; and say whose they are."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    vertex = _numbered(xy)
    inside = ring[1:] == ring[:-1]
    ends = np.sort(np.stack([vertex[:-1][inside], vertex[1:][inside]]), axis=0)
    edge = pd.factorize(ends[0] * len(vertex) + ends[1])[0]
    return edge, of[part[ring[:-1][inside]]]


def _numbered(xy: NDArray[np.float64]) -> Ints:
    """Number the places, equal ones alike; one complex number each is quicker to compare than two columns."""
    return np.asarray(pd.factorize(xy[:, 0] + 1j * xy[:, 1])[0], dtype=np.int64)


def _sharing(key: Ints, owner: Ints, n: int) -> tuple[Ints, Ints]:
    """Find the pairs among n owners that hold an equal key, smaller owner first, each pair once."""
    held = np.unique(key * n + owner)
    key, owner = held // max(1, n), held % max(1, n)
    encoded = [np.array([], dtype=np.int64)]
    same, step = np.arange(len(key)), 1
    while len(same):
        same = same[same + step < len(key)]
        same = same[key[same] == key[same + step]]
        encoded.append(owner[same] * n + owner[same + step])
        step += 1
    pairs = np.unique(np.concatenate(encoded))
    return pairs // max(1, n), pairs % max(1, n)


def _across_antimeridian(areas: gpd.GeoDataFrame, rule: Rule) -> tuple[Ints, Ints]:
    """Find areas that adjoin where longitude jumps from 180 to -180: cut there, they lie a world apart."""
    bounds = areas.bounds.to_numpy()
    west, east = np.flatnonzero(bounds[:, 0] <= -180), np.flatnonzero(bounds[:, 2] >= 180)
    if areas.crs is None or not areas.crs.is_geographic or not (len(west) and len(east)):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    shapes = areas.geometry.to_numpy()
    moved = shapely.transform(shapes[west], lambda xy: xy + np.array([360, 0]))
    i, j = shapely.STRtree(moved).query(shapes[east])
    both = np.append(shapes[east], moved)
    apart = east[i] != west[j]
    i, j = _adjoining(both, i[apart], len(east) + j[apart], rule)
    whose = np.append(east, west)
    return whose[i], whose[j]
