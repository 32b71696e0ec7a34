"""How far areas are from each other: kilometres between places, borders between areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.numeric import Floats
from geo.stats.engine.arrays import floats
from geo.stats.weights.adjacency import neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph


EARTH_KM = 6371.0088  # mean radius
LIMIT = 5000  # areas: distances between all pairs of more would not fit into memory


def distances_km(points: pd.DataFrame) -> Floats:
    """Give the distance between each two places.

    Parameters
    ----------
    points : DataFrame
        ``lon`` and ``lat`` in degrees (great circles on a sphere of mean radius 6371.0088 km), or ``x`` and
        ``y`` in metres of a projection (distances in the plane). The first two are used where it has all
        four.

    Returns
    -------
    array of float, shape (n, n)
        Kilometres; missing from and to areas without a place.

    Raises
    ------
    StatisticError
        If there are no coordinates, or more than 5,000 areas.

    Examples
    --------
    >>> distances_km(pd.DataFrame({"x": [0, 3000], "y": [0, 4000]})).tolist()
    [[0.0, 5.0], [5.0, 0.0]]
    """
    sphere = {"lon", "lat"} <= set(points)
    if not sphere and not {"x", "y"} <= set(points):
        raise StatisticError(
            "places are lon and lat in degrees, or x and y in metres",
            "columns " + ", ".join(map(str, points)),
            "name the columns so",
        )
    if len(points) > LIMIT:
        raise StatisticError(
            f"distances between all pairs are taken of {LIMIT:,} areas at most",
            f"{len(points):,} areas",
            "take a part of them, or larger areas",
        )
    one, other = (floats(points[name]) for name in (("lon", "lat") if sphere else ("x", "y")))
    if not sphere:
        return np.asarray(np.hypot(one[:, None] - one, other[:, None] - other) / 1000)
    lon, lat = np.radians(one), np.radians(other)
    # The half-chord's formula keeps its digits where places are near.
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def borders_between(graph: Graph, index: pd.Index) -> Floats:
    """Count the borders to be crossed from each area to each other, by the way that crosses fewest.

    Parameters
    ----------
    graph : libpysal.graph.Graph
        Contiguity, or other links; their weights do not count.
    index : Index
        The areas asked for; ways may lead through others of the graph.

    Returns
    -------
    array of float, shape (n, n)
        1 between neighbours; infinite where no way leads.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([("a", "b"), ("b", "c")], "abcd")
    >>> borders_between(graph, pd.Index(["a", "c", "d"])).tolist()
    [[0.0, 2.0, inf], [2.0, 0.0, inf], [inf, inf, 0.0]]
    """
    from scipy.sparse.csgraph import shortest_path

    every = graph.adjacency.index.unique(0)
    if missing := index.difference(every).tolist():
        raise StatisticError(
            "the graph must hold every area",
            f"{len(missing)} areas without an entry, first {missing[0]!r}",
            "build the graph from the same areas",
        )
    near = neighbors(graph, every, pd.Series(True, index=every))
    at = every.get_indexer(index)
    steps = shortest_path(near.matrix, directed=False, unweighted=True, indices=at)
    return np.asarray(steps[:, at], dtype=np.float64)
