"""Neighbours by distance: nearest ones, a band, a kernel.

Places in degrees are put on the unit sphere, where the straight line between two of them grows with the great
circle; a tree of points then finds neighbours exactly, across the antimeridian and at the poles too. An area
without a place is an island, and no area is its own neighbour: statistics that count it, such as Gi*, add it
by their own rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from geo.errors import StatisticError
from geo.model.numeric import Floats, Ints
from geo.stats.engine.arrays import floats
from geo.stats.weights.links import Links, area_index, links_from_positions

if TYPE_CHECKING:
    from libpysal.graph import Graph

Shape = Literal["bisquare", "triangular", "gaussian"]

EARTH_KM = 6371.0088  # mean radius
TIE = 1e-9  # distances that differ relatively by less are equal


def nearest_neighbors(points: pd.DataFrame, k: int) -> Graph:
    """Link each area to its k nearest ones, with equal weights.

    Parameters
    ----------
    points : DataFrame
        ``lon`` and ``lat`` in degrees (distances on a sphere of mean radius 6371.0088 km), or ``x`` and ``y``
        in metres of a projection (distances in the plane), indexed by area; where missing, the area becomes
        an island. The first two are used where it has all four.
    k : int
        Neighbours of each area. Of areas equally far, those that come first in `points` are taken.

    Returns
    -------
    libpysal.graph.Graph
        Binary and in general not symmetric: an area in an empty place has neighbours that have nearer ones.

    Raises
    ------
    StatisticError
        If there are no coordinates, they are no degrees, or `k` is not between 1 and the other areas' number.

    References
    ----------
    Moritz, H. (2000). Geodetic Reference System 1980. Journal of Geodesy 74(1), 128-133 (the mean radius).

    Examples
    --------
    >>> points = pd.DataFrame({"lon": [179.9, -179.9, 170.0], "lat": 0.0}, index=list("abc"))
    >>> [nearest_neighbors(points, 1)[i].index[0] for i in "abc"]
    ['b', 'a', 'a']
    """
    return nearest_links(points, k).to_graph()


def nearest_links(points: pd.DataFrame, k: int) -> Links:
    """Do the same without making a graph of it."""
    places = _places(points)
    _check_k(k, len(places.at) - 1)
    kth = _nearest_km(places, k)[:, -1]
    around = _within(places, kth)
    tied = around.km >= kth[around.focal] * (1 - TIE)
    order = np.lexsort([around.neighbor, tied, around.focal])
    focal, neighbor = around.focal[order], around.neighbor[order]
    taken = np.arange(len(focal)) - np.searchsorted(focal, focal) < k
    return _links(places, focal[taken], neighbor[taken], 1)


def distance_band(points: pd.DataFrame, km: float | None = None, *, within: pd.Series | None = None) -> Graph:
    """Link all areas that lie at most a distance apart, with equal weights.

    Parameters
    ----------
    points : DataFrame
        As for :func:`nearest_neighbors`.
    km : float, optional
        The distance; by default :func:`smallest_band` of the same areas.
    within : Series of bool, optional
        As for :func:`smallest_band`; not used where `km` is given.

    Returns
    -------
    libpysal.graph.Graph
        Binary and symmetric.

    Raises
    ------
    StatisticError
        If there are no coordinates, they are no degrees, or the distance is not above zero.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0, 1000, 3000, 90_000], "y": 0}, index=list("abcd"))
    >>> graph = distance_band(points, 2)
    >>> graph["b"].index.tolist(), graph.isolates.tolist()
    (['a', 'c'], ['d'])
    """
    return band_links(points, km, within=within).to_graph()


def band_links(points: pd.DataFrame, km: float | None = None, *, within: pd.Series | None = None) -> Links:
    """Do the same without making a graph of it."""
    places = _places(points)
    if km is None:
        km = _smallest_band(places, within)
    if not (np.isfinite(km) and km > 0):
        raise StatisticError("a band reaches some way", f"{km:g} km", "give a distance above zero")
    reach = float(places.length(np.array(km * (1 + TIE))))
    one, other = places.tree.query_pairs(reach, output_type="ndarray").T
    return _links(places, np.append(one, other), np.append(other, one), 1)


def smallest_band(points: pd.DataFrame, *, within: pd.Series | None = None) -> float:
    """Give the smallest distance at which every area has a neighbour: the largest of the nearest distances.

    Parameters
    ----------
    points : DataFrame
        As for :func:`nearest_neighbors`.
    within : Series of bool, optional
        The areas that must have a neighbour, by default all with a place. One area far out at sea would
        otherwise stretch the band until it links everything else.

    Returns
    -------
    float
        Kilometres.

    Raises
    ------
    StatisticError
        If there are no coordinates, they are no degrees, or fewer than two places.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0, 1000, 3000, 90_000], "y": 0}, index=list("abcd"))
    >>> near = pd.Series([True, True, True, False], index=points.index)
    >>> smallest_band(points), smallest_band(points, within=near)
    (87.0, 2.0)
    """
    return _smallest_band(_places(points), within)


def kernel_weights(points: pd.DataFrame, k: int, *, shape: Shape = "bisquare") -> Graph:
    """Link each area to its k nearest ones, with weights that fall with distance.

    The bandwidth h is adaptive: an area's own distance to the next one beyond its k nearest, so that those k
    carry weight. Areas tied with the kth count among the nearest. With u = d / h the weight is

    - ``bisquare``: (1 - u²)²,
    - ``triangular``: 1 - u,
    - ``gaussian``: exp(-u² / 2), cut off at u = 1.

    Parameters
    ----------
    points : DataFrame
        As for :func:`nearest_neighbors`.
    k : int
        Areas that carry weight.
    shape : {"bisquare", "triangular", "gaussian"}
        How weight falls with distance. At distance zero it is 1; where no area lies beyond the k nearest,
        h is infinite and all weights are 1.

    Returns
    -------
    libpysal.graph.Graph
        Weights as they come from the formula, not standardised; in general not symmetric.

    Raises
    ------
    StatisticError
        If there are no coordinates, they are no degrees, `k` is not between 1 and the other areas' number, or
        there is no such shape.

    References
    ----------
    Fotheringham, A. S., Brunsdon, C. & Charlton, M. (2002). Geographically Weighted Regression: The Analysis
    of Spatially Varying Relationships. Wiley, chapter 2.

    Examples
    --------
    >>> points = pd.DataFrame({"x": [0, 1000, 2000, 4000], "y": 0}, index=list("abcd"))
    >>> kernel_weights(points, 2, shape="triangular")["a"].to_dict()
    {'b': 0.75, 'c': 0.5}
    """
    return kernel_links(points, k, shape=shape).to_graph()


def kernel_links(points: pd.DataFrame, k: int, *, shape: Shape = "bisquare") -> Links:
    """Do the same without making a graph of it."""
    if shape not in get_args(Shape):
        raise StatisticError(
            "a kernel is bisquare, triangular or gaussian", repr(shape), "name one of the three"
        )
    places = _places(points)
    _check_k(k, len(places.at) - 1)
    around = _within(places, _nearest_km(places, k)[:, -1])
    u = around.km / _beyond(places, k)[around.focal]
    if shape == "bisquare":
        weight = (1 - u**2) ** 2
    elif shape == "triangular":
        weight = 1 - u
    else:
        weight = np.exp(-(u**2) / 2)
    some = weight > 0
    return _links(places, around.focal[some], around.neighbor[some], weight[some])


class _Places(NamedTuple):
    """Points that are known, in a tree."""

    ids: pd.Index
    at: Ints
    """Positions of the known points among the ids, ascending."""
    xyz: Floats
    """On the unit sphere, or in the plane in metres."""
    tree: KDTree
    sphere: bool

    def km(self, length: Floats) -> Floats:
        """Turn straight lengths in the tree's units into kilometres along the ground."""
        if not self.sphere:
            return np.asarray(length / 1000)
        return np.asarray(2 * EARTH_KM * np.arcsin(np.minimum(length / 2, 1)))

    def length(self, km: Floats) -> Floats:
        """Turn kilometres along the ground into straight lengths in the tree's units."""
        if not self.sphere:
            return np.asarray(km * 1000)
        return np.asarray(2 * np.sin(np.minimum(km / (2 * EARTH_KM), np.pi / 2)))


class _Around(NamedTuple):
    """Links from places to all that lie within a distance, as positions among the known, by focal place."""

    focal: Ints
    neighbor: Ints
    km: Floats


def _places(points: pd.DataFrame) -> _Places:
    sphere = {"lon", "lat"} <= set(points)
    if not sphere and not {"x", "y"} <= set(points):
        raise StatisticError(
            "places are lon and lat in degrees, or x and y in metres",
            "columns " + ", ".join(map(str, points)),
            "name the columns so",
        )
    x, y = (floats(points[name]) for name in (("lon", "lat") if sphere else ("x", "y")))
    limits = (360, 90) if sphere else (np.finfo(float).max,) * 2
    bad = np.flatnonzero((np.abs(x) > limits[0]) | (np.abs(y) > limits[1]))
    if len(bad):
        raise StatisticError(
            "lon and lat are degrees" if sphere else "x and y are numbers",
            f"{x[bad[0]]:g}, {y[bad[0]]:g} for {points.index[bad[0]]!r}",
            "give degrees, or call metres x and y" if sphere else "correct them",
        )
    at = np.flatnonzero(~np.isnan(x) & ~np.isnan(y))
    x, y = x[at], y[at]
    if sphere:
        lon, lat = np.radians(x), np.radians(y)
        xyz = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    else:
        xyz = np.column_stack([x, y])
    return _Places(area_index(points.index), at, xyz, KDTree(xyz), sphere)


def _check_k(k: int, others: int) -> None:
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= others:
        raise StatisticError(
            f"k is a whole number from 1 to the other areas' number, {others}", repr(k), "pass such a number"
        )


def _nearest_km(places: _Places, m: int) -> Floats:
    """Distances to the m nearest others, ascending, shape (n, m); the first found is the area itself."""
    lengths = places.tree.query(places.xyz, k=np.arange(1, m + 2))[0]
    return places.km(lengths[:, 1:])


def _beyond(places: _Places, k: int) -> Floats:
    """Distance to the first area beyond the k nearest and those tied with the kth; infinite without one."""
    others = len(places.at) - 1
    m = k + 1
    while True:
        km = _nearest_km(places, min(m, others))
        beyond = np.where(km > km[:, [k - 1]] * (1 + TIE), km, np.inf).min(axis=1)
        if m >= others or np.isfinite(beyond).all():
            return np.asarray(beyond)
        m = 2 * m


def _within(places: _Places, km: Floats) -> _Around:
    """Find all others within each area's own distance, ties included."""
    reach = places.length(km * (1 + TIE))
    lists = places.tree.query_ball_point(places.xyz, reach)
    focal = np.repeat(np.arange(len(lists)), [len(positions) for positions in lists])
    neighbor = np.concatenate([np.asarray(positions, dtype=np.int64) for positions in lists])
    focal, neighbor = focal[focal != neighbor], neighbor[focal != neighbor]
    apart = np.linalg.norm(places.xyz[focal] - places.xyz[neighbor], axis=1)
    return _Around(focal, neighbor, places.km(apart))


def _smallest_band(places: _Places, within: pd.Series | None) -> float:
    if len(places.at) < 2:
        raise StatisticError(
            "a band needs two places", f"{len(places.at)}", "give points with coordinates, or a distance"
        )
    nearest = _nearest_km(places, 1)[:, 0]
    if within is not None:
        chosen = within.reindex(places.ids[places.at]).fillna(False).to_numpy(dtype=bool)
        if not chosen.any():
            raise StatisticError("a band is chosen over some areas", "within without any", "name areas in it")
        nearest = nearest[chosen]
    return float(nearest.max())


def _links(places: _Places, focal: Ints, neighbor: Ints, weight: Floats | int) -> Links:
    return links_from_positions(places.at[focal], places.at[neighbor], weight, places.ids)
