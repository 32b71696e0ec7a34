"""Who adjoins whom, as a graph; and the arrays that the statistics need of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy.sparse import csr_array

from geo.errors import StatisticError


class Neighbors(NamedTuple):
    """Neighbourhood of the areas that can be tested."""

    matrix: csr_array
    """Binary, shape (n, n): 1 where the column's area is a neighbour with a known value."""
    counts: np.ndarray
    """Neighbours of each area with a known value, int, shape (n,)."""


def graph_from_pairs(pairs: Iterable[tuple[Hashable, Hashable]], ids: Iterable[Hashable]) -> Graph:
    """Build a binary contiguity graph from pairs of neighbours.

    Parameters
    ----------
    pairs : iterable of (id, id)
        Each pair once, in either order.
    ids : iterable
        Every area; those in no pair become islands.

    Examples
    --------
    >>> graph = graph_from_pairs([("a", "b")], ["a", "b", "c"])
    >>> graph.n, graph.isolates.tolist()
    (3, ['c'])
    """
    order = list(ids)
    known = set(order)
    both = [p for a, b in pairs if a in known and b in known for p in ((a, b), (b, a))]
    paired = {a for a, _ in both}
    # A graph of libpysal holds an island as a link to itself with weight zero.
    links = both + [(i, i) for i in order if i not in paired]
    focal = [a for a, _ in links]
    neighbor = [b for _, b in links]
    weight = [0 if a == b else 1 for a, b in links]
    rank = {i: k for k, i in enumerate(order)}
    table = pd.DataFrame({"focal": focal, "neighbor": neighbor, "weight": weight})
    table = table.sort_values(["focal", "neighbor"], key=lambda c: c.map(rank))
    return Graph.from_arrays(
        table["focal"].to_numpy(), table["neighbor"].to_numpy(), table["weight"].to_numpy()
    )


def neighbors(graph: Graph, index: pd.Index, usable: pd.Series) -> Neighbors:
    """Restrict a graph to the areas whose value is known, in the order of `index`.

    A missing area leaves its row and every neighbour's row, so that nobody is averaged with a gap.

    Raises
    ------
    StatisticError
        If the graph lacks an area of the index.
    """
    ids = pd.Index(graph.unique_ids)
    lacking = index.difference(ids)
    if len(lacking):
        raise StatisticError(
            "the graph must hold every area",
            f"{len(lacking)} areas without an entry, first {lacking[0]!r}",
            "build the graph from the same areas",
        )
    adjacency = graph.adjacency
    focal = index.get_indexer(adjacency.index.get_level_values(0))
    other = index.get_indexer(adjacency.index.get_level_values(1))
    known = usable.reindex(index).to_numpy(dtype=bool)
    keep = (focal >= 0) & (other >= 0) & (focal != other) & (adjacency.to_numpy() != 0)
    keep &= known[focal] & known[other]
    shape = (len(index), len(index))
    matrix = csr_array((np.ones(keep.sum()), (focal[keep], other[keep])), shape=shape)
    return Neighbors(matrix, np.asarray(matrix.sum(axis=1)).ravel().astype(np.int64))


def pairs_of(graph: Graph) -> set[tuple[Hashable, Hashable]]:
    """List each pair of neighbours once, smaller id first.

    Examples
    --------
    >>> sorted(pairs_of(graph_from_pairs([("b", "a")], ["a", "b", "c"])))
    [('a', 'b')]
    """
    adjacency = graph.adjacency
    links = adjacency.index[adjacency.to_numpy() != 0]
    return {(a, b) if a < b else (b, a) for a, b in links if a != b}


def components(graph: Graph, members: pd.Series) -> pd.Series:
    """Number the connected sets of the areas that are True in `members`.

    Returns
    -------
    Series of Int64
        1 is the largest set, ties by smallest id; missing outside `members`.

    Examples
    --------
    >>> graph = graph_from_pairs([("a", "b"), ("c", "d")], "abcd")
    >>> components(graph, pd.Series([True, False, True, True], index=list("abcd"))).tolist()
    [2, <NA>, 1, 1]
    """
    chosen = set(members.index[members.to_numpy(dtype=bool)])
    near: dict[Hashable, list[Hashable]] = {i: [] for i in chosen}
    for a, b in pairs_of(graph):
        if a in chosen and b in chosen:
            near[a].append(b)
            near[b].append(a)
    found: list[list[Hashable]] = []
    left = set(chosen)
    while left:
        frontier = [left.pop()]
        part = list(frontier)
        while frontier:
            frontier = [j for i in frontier for j in near[i] if j in left]
            frontier = list(dict.fromkeys(frontier))
            left.difference_update(frontier)
            part += frontier
        found.append(sorted(part))
    found.sort(key=lambda part: (-len(part), part[0]))
    number = {i: k for k, part in enumerate(found, start=1) for i in part}
    return pd.Series([number.get(i, pd.NA) for i in members.index], index=members.index, dtype="Int64")
