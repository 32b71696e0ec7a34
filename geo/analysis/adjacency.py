"""Links between areas, by position, made into a graph."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import ArrayLike

from geo.errors import StatisticError


def graph_from_positions(
    focal: ArrayLike, neighbor: ArrayLike, weight: ArrayLike, ids: Iterable[Hashable]
) -> Graph:
    """Build a graph from links between positions in a list of ids.

    Parameters
    ----------
    focal, neighbor : array of int
        Positions of both ends of each link, one way; each link once, in any order.
    weight : array of number, or one number
        Weights of the links; none is zero.
    ids : iterable
        Every area, in the order that the graph keeps; those that are the focus of no link become islands.

    Returns
    -------
    libpysal.graph.Graph

    Raises
    ------
    StatisticError
        If an id stands twice.

    Examples
    --------
    >>> graph = graph_from_positions([0, 2], [2, 0], 1, ["a", "b", "c"])
    >>> graph["a"].to_dict(), graph.isolates.tolist()
    ({'c': 1}, ['b'])
    """
    names = area_index(ids)
    start, end = np.asarray(focal, dtype=np.int64), np.asarray(neighbor, dtype=np.int64)
    value = np.broadcast_to(np.asarray(weight), start.shape)
    # A graph of libpysal holds an island as a link to itself with weight zero.
    alone = np.flatnonzero(np.bincount(start, minlength=len(names)) == 0)
    start, end = np.append(start, alone), np.append(end, alone)
    value = np.append(value, np.zeros(len(alone), dtype=value.dtype))
    order = np.lexsort([end, start])
    # Levels and codes are given as they are known: to find them out again takes most of the time.
    links = pd.MultiIndex(
        levels=[names, names],  # type: ignore[list-item]
        codes=[start[order], end[order]],  # type: ignore[list-item]
        names=["focal", "neighbor"],
        verify_integrity=False,
    )
    return Graph(pd.Series(value[order], index=links, name="weight"), is_sorted=True)


def area_index(ids: Iterable[Hashable]) -> pd.Index:
    """Give ids as an index, after checking that none stands twice.

    Raises
    ------
    StatisticError

    Examples
    --------
    >>> len(area_index("abc"))
    3
    """
    index = ids if isinstance(ids, pd.Index) else pd.Index(list(ids), tupleize_cols=False)
    if not index.is_unique:
        twice = index[index.duplicated()]
        raise StatisticError(
            "each area stands once", f"{len(twice)} repeated ids, first {twice[0]!r}", "dissolve them by id"
        )
    return index
