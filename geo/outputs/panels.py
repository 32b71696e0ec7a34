"""How a country is put on a page: cut into panels if it is long, crowded parts and far islands apart.

Pure geometry: what is drawn in the panels, and how, is the business of `geo.outputs.report.mapfigure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree

from geo.model.numeric import Box, Shapes
from geo.outputs.display import first_view

GAP = 0.15
"""Inches between panels."""

MOST_FAR = 3
"""Distant territories drawn; more would leave no room."""

_MOST_PARTS = 5
_WORTH_A_CUT = 1.15  # one part more must make the map this much larger
_BLUR = 0.005  # of an inch: detail below it is left out
_CROWDED = 0.04  # of an inch: an area of this size is hard to see
_REACH = 0.12  # of an inch: radius of the neighbourhood that a detail shows
_MEMBERS = 6  # crowded areas that make a detail worth its room

PanelKind = Literal["part", "detail", "far"]


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One window on the map, in kilometres, north up."""

    kind: PanelKind
    about: int
    """Number of the part, from the north; for the others, the position of the area they are named after."""
    full: Shapes
    """One polygon per area in all its detail, whether seen here or not."""
    bounds: Box
    """West, south, east, north."""
    scale: float
    """Kilometres to an inch."""
    plane: str
    """Projection of the kilometres, as PROJ describes it, without units."""

    @cached_property
    def shapes(self) -> Shapes:
        """One polygon per area, as fine as the scale can show; empty where it is not seen here."""
        return _lighter(_seen(self.full, self.bounds), self.scale)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in inches."""
        west, south, east, north = self.bounds
        return (east - west) / self.scale, (north - south) / self.scale


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The panels of one map."""

    parts: list[Panel]
    """The country from north to south, all at one scale and in one plane."""
    detail: Panel | None
    """Where areas are too small to be seen, enlarged; in the plane of the parts."""
    far: list[Panel]
    """Distant territories, each at its own scale."""
    not_drawn: list[int]
    """Positions of the distant areas for which there was no room."""


def plan(areas: gpd.GeoDataFrame, *, width: float, height: float, detail: float, far: float) -> Plan:
    """Cut a country into the panels that show it largest.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons in EPSG:4326; areas without one are on no panel.
    width, height : float
        Room for the parts, in inches.
    detail, far : float
        Greatest width and height of the insets, in inches.

    Returns
    -------
    Plan

    Examples
    --------
    A country of twelve squares, one above the other, is cut into columns:

    >>> tall = gpd.GeoDataFrame(geometry=[shapely.box(0, y, 1, y + 1) for y in range(12)], crs=4326)
    >>> [round(panel.size[1], 1) for panel in plan(tall, width=6, height=4, detail=1.5, far=1).parts]
    [4.0, 4.0, 4.0, 4.0]
    """
    shapes = areas.geometry.to_numpy().copy()
    shapes[shapely.is_missing(shapes)] = shapely.Polygon()
    view = first_view(gpd.GeoSeries(shapes, crs=4326))
    plane = _plane(view.bounds)
    flat = _project(_parts_in(shapes, view.bounds), view.bounds)
    bands, scale = _bands(flat, width, height)
    parts = [
        Panel(kind="part", about=k, full=flat, bounds=band, scale=scale, plane=plane)
        for k, band in enumerate(bands)
    ]
    return Plan(
        parts=parts,
        detail=_detail(flat, scale, detail, plane),
        far=[_far(shapes[i], i, len(shapes), far) for i in view.far[:MOST_FAR]],
        not_drawn=view.far[MOST_FAR:],
    )


def _parts_in(shapes: Shapes, bounds: Box) -> Shapes:
    """Keep of every area the polygons that touch the bounds: a commune may own an islet far out at sea."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    west, south, east, north = shapely.bounds(parts).T
    inside = (west <= bounds[2]) & (east >= bounds[0]) & (south <= bounds[3]) & (north >= bounds[1])
    return _gathered(parts[inside], owner[inside], len(shapes))


def _gathered(parts: Shapes, owner: npt.NDArray[np.intp], n: int) -> Shapes:
    """Put the polygons of each area together again."""
    whole = np.full(n, shapely.Polygon(), dtype=object)
    if len(parts):
        present = np.unique(owner)
        whole[present] = shapely.multipolygons(parts, indices=np.searchsorted(present, owner))
    return whole


def _project(shapes: Shapes, bounds: Box) -> Shapes:
    """Flatten degrees to kilometres around the middle of the bounds, areas kept equal."""
    to_flat = Transformer.from_crs(4326, f"{_plane(bounds)} +units=km", always_xy=True)
    return np.asarray(
        shapely.transform(shapes, lambda xy: np.column_stack(to_flat.transform(xy[:, 0], xy[:, 1])))
    )


def _plane(bounds: Box) -> str:
    west, south, east, north = bounds
    return f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f}"


def _bands(flat: Shapes, width: float, height: float) -> tuple[list[Box], float]:
    """Choose in how many bands from north to south the map is largest; give them and kilometres per inch."""
    xy = shapely.get_coordinates(flat)
    _, south, _, north = (float(v) for v in shapely.total_bounds(flat))
    chosen: tuple[list[Box], float] = ([], np.inf)
    for n in range(1, _MOST_PARTS + 1):
        edges = np.linspace(north, south, n + 1)
        bands = [_band(xy, low, high) for high, low in pairwise(edges)]
        room = width - GAP * (n - 1)
        across = sum(band[2] - band[0] for band in bands)
        scale = max((north - south) / n / height, across / room, 1e-6)
        if scale * _WORTH_A_CUT <= chosen[1]:
            chosen = (bands, scale)
    return chosen


def _band(xy: npt.NDArray[np.float64], low: float, high: float) -> Box:
    x = xy[(xy[:, 1] >= low) & (xy[:, 1] <= high), 0]
    west, east = (float(x.min()), float(x.max())) if x.size else (0.0, 0.0)
    return west, float(low), east, float(high)


def _seen(shapes: Shapes, window: Box) -> Shapes:
    west, south, east, north = shapely.bounds(shapes).T
    seen = (west <= window[2]) & (east >= window[0]) & (south <= window[3]) & (north >= window[1])
    return np.where(seen, shapes, shapely.Polygon())


def _lighter(flat: Shapes, scale: float) -> Shapes:
    """Leave out what the scale cannot show, with shared borders kept and no area lost."""
    blur = _BLUR * scale
    light = shapely.coverage_simplify(flat, blur)
    parts, owner = shapely.get_parts(light, return_index=True)
    size = shapely.area(parts)
    largest = np.zeros(len(light))
    np.maximum.at(largest, owner, size)
    kept = (size >= (2 * blur) ** 2) | (size == largest[owner])
    return _gathered(parts[kept], owner[kept], len(light))


def _detail(flat: Shapes, scale: float, inset: float, plane: str) -> Panel | None:
    """Enlarge the neighbourhood where most areas are too small to be seen; None where there are few."""
    nonempty = np.flatnonzero(~shapely.is_empty(flat))
    small = nonempty[np.sqrt(shapely.area(flat[nonempty])) < _CROWDED * scale]
    if len(small) < _MEMBERS:
        return None
    middle = shapely.get_coordinates(shapely.point_on_surface(flat[small]))
    near = cKDTree(middle).query_ball_point(middle, _REACH * scale)
    most = int(np.argmax([len(members) for members in near]))
    members = small[near[most]]
    if len(members) < _MEMBERS:
        return None
    # A square where most of them lie: one that stretches into the mountains would shrink all others.
    points = middle[near[most]]
    west, south, east, north = np.median(shapely.bounds(flat[members]), axis=0)
    half = 1.1 * max(np.ptp(points, axis=0)) / 2
    x, y = (west + east) / 2, (south + north) / 2
    window = (float(x - half), float(y - half), float(x + half), float(y + half))
    return _inset("detail", int(small[most]), flat, window, inset, plane)


def _far(shape: object, position: int, n: int, inset: float) -> Panel:
    """Show one distant area by itself, in the plane of its own middle."""
    alone = np.full(n, shapely.Polygon(), dtype=object)
    # Its largest piece: what else it owns may lie near the mainland.
    pieces = shapely.get_parts(shape)
    alone[position] = pieces[int(np.argmax(shapely.area(pieces)))]
    bounds = tuple(float(v) for v in shapely.bounds(alone[position]))
    flat = _project(alone, bounds)  # type: ignore[arg-type]
    west, south, east, north = (float(v) for v in shapely.bounds(flat[position]))
    pad = 0.08 * max(east - west, north - south)
    window = (west - pad, south - pad, east + pad, north + pad)
    return _inset("far", position, flat, window, inset, _plane(bounds))  # type: ignore[arg-type]


def borders(
    shapes: Shapes, number: npt.NDArray[np.intp], *, outer: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Find the lines between areas of different numbers, each once.

    Parameters
    ----------
    shapes : array of polygons
        A coverage: neighbours share their vertices.
    number : array of int
        What each area belongs to; below zero for nothing.
    outer : bool
        Whether lines with no area on their other side count too.

    Returns
    -------
    xy : array of float, shape (n, 2)
        Points along the lines.
    begins : array of bool, shape (n,)
        Where a point begins a new line.

    Examples
    --------
    >>> squares = np.array([shapely.box(x, 0, x + 1, 1) for x in range(3)])
    >>> xy, begins = borders(squares, np.array([0, 0, 1]), outer=False)
    >>> xy.tolist(), begins.tolist()
    ([[2.0, 0.0], [2.0, 1.0]], [True, False])
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(xy):
        return np.empty((0, 2)), np.empty(0, dtype=bool)
    vertex = np.unique(xy @ [1, 1j], return_inverse=True)[1].ravel()
    start = np.flatnonzero(ring[1:] == ring[:-1])  # of each segment, in the order of the rings
    ends = np.sort(np.column_stack([vertex[start], vertex[start + 1]]), axis=1)
    _, first, same, sides = np.unique(
        ends[:, 0] * len(xy) + ends[:, 1], return_index=True, return_inverse=True, return_counts=True
    )
    side = number[owner[part[ring[start]]]]
    low, high = np.full(len(first), number.max() + 1), np.full(len(first), -1)
    np.minimum.at(low, same.ravel(), side)
    np.maximum.at(high, same.ravel(), side)
    kept = np.sort(first[(high >= 0) & np.where(sides > 1, low != high, outer)])
    # A segment that follows the one before it along its ring continues its line.
    new = np.diff(start[kept], prepend=-9) != 1
    new[1:] |= np.diff(ring[start[kept]]) != 0
    at = np.repeat(start[kept], 1 + new)
    begins = np.zeros(len(at), dtype=bool)
    begins[np.flatnonzero(new) + np.arange(new.sum())] = True
    at[~begins] += 1
    return xy[at], begins


def _inset(kind: PanelKind, about: int, flat: Shapes, window: Box, inset: float, plane: str) -> Panel:
    west, south, east, north = window
    scale = max(east - west, north - south, 1e-6) / inset
    return Panel(kind=kind, about=about, full=flat, bounds=window, scale=scale, plane=plane)
