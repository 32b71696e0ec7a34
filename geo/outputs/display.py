"""Geometry as a screen needs it: light, with shared borders kept, and a first view that shows the country."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.model.numeric import Box, Floats, Shapes

SCALE = 10_000
"""Stored coordinates are whole ten-thousandths of a degree, about 11 metres."""

FAR = 250_000.0
"""Metres of open sea (or of other countries) that make a territory distant."""

SMALL = 60
"""Tolerances across (square root of the surface) below which an area keeps finer borders."""


Polygons = list[list[list[int]]]
"""One area: its polygons, their rings, each ring a list of steps."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What a map shows first, and what stands too far away to be part of that."""

    bounds: Box
    """West, south, east, north in degrees."""
    far: list[int]
    """Positions of the areas of which nothing lies within the bounds' territory."""
    boxes: list[Box | None] = field(default_factory=list)
    """Bounds of each area without what lies far from its largest part; None where there is no polygon."""


def simplify(areas: gpd.GeoDataFrame, tolerance: float = 500.0, limit: float = 0.05) -> gpd.GeoDataFrame:
    """Simplify polygons for display, keep shared borders shared and every area about its size.

    Borders of areas smaller than `SMALL` tolerances across keep a quarter of the tolerance: a reader comes
    nearest to those.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons with a known CRS.
    tolerance : float
        Metres; halved until no area changes by more than `limit`, so that small areas are not lost.
    limit : float
        Largest change of any single area, as a share of it.

    Returns
    -------
    GeoDataFrame
        The same rows in EPSG:4326, coordinates rounded to 4 decimals; empty where there is no polygon.

    Examples
    --------
    >>> cells = [shapely.box(x, 0, x + 1/8, 1/8).segmentize(1/256) for x in (0, 1/8)]
    >>> light = simplify(gpd.GeoDataFrame(geometry=cells, crs=4326))
    >>> int(light.count_coordinates().sum())
    10
    """
    degrees = areas.geometry.to_crs(4326)
    nonempty = ~(degrees.is_empty | degrees.isna()).to_numpy()
    west, south, east, north = degrees.total_bounds
    flat = f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} +units=m"
    full = degrees[nonempty].to_crs(flat).to_numpy()
    size = shapely.area(full)
    for step in range(8):
        light = gpd.GeoSeries(_lightened(full, size, tolerance / 2**step), crs=flat).to_crs(4326)
        rounded = gpd.GeoSeries(shapely.transform(light.to_numpy(), _round), crs=4326)
        if bool((np.abs(shapely.area(rounded.to_crs(flat).to_numpy()) - size) <= limit * size).all()):
            break
    shapes = np.full(len(areas), shapely.Polygon(), dtype=object)
    shapes[nonempty] = rounded.to_numpy()
    return areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=4326))


def _lightened(full: Shapes, size: Floats, tolerance: float) -> Shapes:
    """Drop, of the finer simplification, what neither the coarser one nor a small area needs."""
    fine = shapely.coverage_simplify(full, tolerance / 4)
    coarse = shapely.coverage_simplify(fine, tolerance)
    small = np.sqrt(size) < SMALL * tolerance
    # Whether a vertex stays is decided by its place alone, so that borders stay shared.
    kind, xy, offsets = shapely.to_ragged_array(fine)
    places, kept = (_places(shapely.get_coordinates(shapes)) for shapes in (fine, coarse))
    of_small = _places(shapely.get_coordinates(fine[small]))
    keep = np.isin(places, kept) | np.isin(places, of_small)
    before = np.append(0, np.cumsum(keep))
    light: Shapes = shapely.from_ragged_array(kind, xy[keep], (before[offsets[0]], *offsets[1:]))
    return light if bool(shapely.is_valid(light).all()) else coarse


def encode(polygons: gpd.GeoSeries) -> list[Polygons]:
    """Write polygons as differences between neighbouring vertices, a third of the size of GeoJSON.

    Returns
    -------
    list
        Per area its polygons, per polygon its rings, per ring ``x0, y0, dx, dy, ...`` in units of
        ``1 / SCALE`` degree, the closing vertex left out.

    Examples
    --------
    >>> encode(gpd.GeoSeries([shapely.box(-70, -33, -69.9, -32.9)]))
    [[[[-699000, -330000, 0, 1000, -1000, 0, 0, -1000]]]]
    """
    return [
        [
            [_deltas(ring) for ring in (part.exterior, *part.interiors)]
            for part in shapely.get_parts(shape)
            if not part.is_empty
        ]
        for shape in polygons
    ]


def places(polygons: gpd.GeoSeries) -> list[list[int] | None]:
    """Find a point inside each area, for a circle.

    Returns
    -------
    list
        Per area ``x, y`` in units of ``1 / SCALE`` degree; None where there is no polygon.

    Examples
    --------
    >>> places(gpd.GeoSeries([shapely.box(-70, -33, -69, -32), None]))
    [[-695000, -325000], None]
    """
    points = shapely.point_on_surface(polygons.to_numpy())
    return [
        None if point is None or point.is_empty else [round(point.x * SCALE), round(point.y * SCALE)]
        for point in points
    ]


def first_view(polygons: gpd.GeoSeries, gap: float = FAR) -> View:
    """Find the bounds that hold the bulk of a country, distant islands left out.

    Parts that stand within `gap` metres of each other belong together; the bulk is what most areas belong
    to. Where that is less than half of them (an archipelago), everything is shown.

    Examples
    --------
    >>> cells = [shapely.box(x, 0, x + 1, 1) for x in (0, 1, 2, 40)]
    >>> view = first_view(gpd.GeoSeries(cells, crs=4326))
    >>> view.bounds, view.far, view.boxes[3]
    ((0.0, 0.0, 3.0, 1.0), [3], (40.0, 0.0, 41.0, 1.0))
    """
    parts, owner = shapely.get_parts(polygons.to_numpy(), return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    _, south, _, north = polygons.total_bounds
    component = _territories(parts, np.cos(np.radians((south + north) / 2)), gap / 111_320)
    members = [np.unique(owner[component == c]) for c in range(component.max() + 1)]
    bulk = int(np.argmax([len(m) for m in members]))
    boxes = _boxes(parts, owner, component, len(polygons))
    if len(members[bulk]) * 2 < len(np.unique(owner)):
        return View(bounds=_bounds(parts), far=[], boxes=boxes)
    far = np.setdiff1d(owner, members[bulk])  # an area without a polygon is nowhere, hence not far
    return View(bounds=_bounds(parts[component == bulk]), far=[int(i) for i in far], boxes=boxes)


def _boxes(
    parts: Shapes, owner: npt.NDArray[np.int64], component: npt.NDArray[np.int32], n: int
) -> list[Box | None]:
    """Find the bounds of each area in the territory of its largest part."""
    boxes: list[Box | None] = [None] * n
    size = shapely.area(parts)
    for area in np.unique(owner):
        mine = np.flatnonzero(owner == area)
        near = mine[component[mine] == component[mine[size[mine].argmax()]]]
        boxes[area] = _bounds(parts[near])
    return boxes


def _territories(parts: Shapes, squeeze: float, gap: float) -> npt.NDArray[np.int32]:
    """Label parts that hang together, by the quarter-gap cells that their vertices fall into."""
    xy, part = shapely.get_coordinates(parts, return_index=True)
    cells, cell = np.unique(np.floor(xy * [squeeze, 1] / (gap / 4)), axis=0, return_inverse=True)
    near = cKDTree(cells).query_pairs(4, p=np.inf, output_type="ndarray")
    one = np.concatenate([part, len(parts) + near[:, 0]])
    other = len(parts) + np.concatenate([cell.ravel(), near[:, 1]])
    size = len(parts) + len(cells)
    links = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size))
    labels: npt.NDArray[np.int32] = connected_components(links, directed=False)[1]
    return labels[: len(parts)]


def _bounds(parts: Shapes) -> Box:
    west, south, east, north = (round(float(v), 4) for v in shapely.total_bounds(parts))
    return west, south, east, north


def _places(xy: Floats) -> npt.NDArray[np.complex128]:
    """One number per vertex, which compares as quickly as one coordinate."""
    return xy[:, 0] + 1j * xy[:, 1]


def _round(xy: Floats) -> Floats:
    return np.round(xy * SCALE) / SCALE


def _deltas(ring: shapely.LinearRing) -> list[int]:
    xy = np.round(shapely.get_coordinates(ring)[:-1] * SCALE).astype(np.int64)
    steps = np.diff(xy, axis=0)
    moved = steps[(steps != 0).any(axis=1)]  # rounding may have put two vertices on one spot
    return [int(v) for v in np.vstack([xy[:1], moved]).ravel()]
