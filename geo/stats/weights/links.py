"""Links between areas, and the graph of libpysal that they make.

Whoever calls the package gives and gets graphs of libpysal. To load it takes as long as all that a run
computes, so where the package builds weights for itself it stays with links, which have of a graph what the
statistics ask of one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from geo.errors import StatisticError

if TYPE_CHECKING:
    from libpysal.graph import Graph


class Links:
    """Weights between areas, held as a graph of libpysal holds them, and asked for by the same names."""

    def __init__(self, adjacency: pd.Series) -> None:
        self.adjacency = adjacency
        """Weights by focal and neighbour, sorted; an island is linked to itself with weight zero."""

    @cached_property
    def cardinalities(self) -> pd.Series:
        """Neighbours of each area."""
        return self.adjacency.ne(0).groupby(level="focal", sort=False).sum()

    @property
    def isolates(self) -> pd.Index:
        """Areas without a neighbour."""
        return self.cardinalities.index[self.cardinalities.eq(0)]

    def to_graph(self) -> Graph:
        """Give the same as a graph of libpysal."""
        from libpysal.graph import Graph

        return Graph(self.adjacency, is_sorted=True)


def links_from_positions(
    focal: ArrayLike, neighbor: ArrayLike, weight: ArrayLike, ids: Iterable[Hashable]
) -> Links:
    """Hold links between positions in a list of ids.

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
    Links

    Raises
    ------
    StatisticError
        If an id stands twice.

    Examples
    --------
    >>> links = links_from_positions([0, 2], [2, 0], 1, ["a", "b", "c"])
    >>> links.cardinalities.tolist(), links.isolates.tolist(), links.to_graph()["a"].to_dict()
    ([1, 0, 1], ['b'], {'c': 1})
    """
    names = area_index(ids)
    start, end = np.asarray(focal, dtype=np.int64), np.asarray(neighbor, dtype=np.int64)
    value = np.broadcast_to(np.asarray(weight), start.shape)
    alone = np.flatnonzero(np.bincount(start, minlength=len(names)) == 0)
    start, end = np.append(start, alone), np.append(end, alone)
    value = np.append(value, np.zeros(len(alone), dtype=value.dtype))
    order = np.lexsort([end, start])
    # Levels and codes are given as they are known: to find them out again takes most of the time.
    index = pd.MultiIndex(
        levels=[names, names],  # type: ignore[list-item]
        codes=[start[order], end[order]],  # type: ignore[list-item]
        names=["focal", "neighbor"],
        verify_integrity=False,
    )
    return Links(pd.Series(value[order], index=index, name="weight"))


def links_from_pairs(pairs: Iterable[tuple[Hashable, Hashable]], ids: Iterable[Hashable]) -> Links:
    """Hold a binary contiguity, as :func:`graph_from_pairs` does.

    Examples
    --------
    >>> links_from_pairs([("a", "b"), ("b", "a"), ("a", "x")], ["a", "b", "c"]).cardinalities.tolist()
    [1, 1, 0]
    """
    names = area_index(ids)
    listed = list(pairs)
    first, second = (
        names.get_indexer(pd.Index([pair[end] for pair in listed], tupleize_cols=False)) for end in (0, 1)
    )
    held = (first >= 0) & (second >= 0) & (first != second)
    ends = np.sort(np.stack([first[held], second[held]]), axis=0)
    first, second = np.divmod(np.unique(ends[0] * len(names) + ends[1]), max(1, len(names)))
    return links_from_positions(np.append(first, second), np.append(second, first), 1, names)


def graph_from_pairs(pairs: Iterable[tuple[Hashable, Hashable]], ids: Iterable[Hashable]) -> Graph:
    """Build a binary contiguity graph from pairs of neighbours.

    Parameters
    ----------
    pairs : iterable of (id, id)
        In either order; pairs with an unknown id are left out.
    ids : iterable
        Every area, in the order that the graph keeps; those in no pair become islands.

    Returns
    -------
    libpysal.graph.Graph

    Raises
    ------
    StatisticError
        If an id stands twice.

    Examples
    --------
    >>> graph = graph_from_pairs([("a", "b")], ["a", "b", "c"])
    >>> graph.n, graph.isolates.tolist()
    (3, ['c'])
    """
    return links_from_pairs(pairs, ids).to_graph()


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
