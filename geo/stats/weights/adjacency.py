"""Who adjoins whom, as a graph; and the arrays that the statistics need of it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geo.errors import StatisticError

if TYPE_CHECKING:
    from libpysal.graph import Graph

SAME = 1e-12  # weights of a row that differ relatively by less count as equal


class Neighbors(NamedTuple):
    """Neighbourhood of the areas that can be tested."""

    matrix: csr_array
    """Weights, shape (n, n), zero on the diagonal and for areas without a known value. Where they are equal
    within every row (`equal`), they are 1, however the graph scales them."""
    counts: np.ndarray
    """Neighbours of each area with a known value, int, shape (n,)."""
    own: np.ndarray
    """Weight that the graph gives an area itself, float, shape (n,), on the scale of its row of `matrix`;
    zero where it gives none."""
    equal: bool
    """Whether every row's weights are equal: contiguity, nearest neighbours, a distance band."""


def neighbors(graph: Graph, index: pd.Index, usable: pd.Series) -> Neighbors:
    """Restrict a graph to the areas whose value is known, in the order of `index`.

    A missing area leaves its row and every neighbour's row, so that nobody is averaged with a gap.

    Raises
    ------
    StatisticError
        If the graph lacks an area of the index, ids repeat, or a weight is negative or no number.
    """
    known = usable.reindex(index).to_numpy(dtype=bool) if index.is_unique else _refuse_repeated(index)
    focal, other, weight = _links(graph, index)
    own = np.zeros(len(index))
    itself = focal == other
    own[focal[itself]] = weight[itself]
    keep = ~itself & (weight != 0) & known[focal] & known[other]
    alone = known & (np.bincount(focal[keep], minlength=len(index)) == 0)
    while (keep & alone[other]).any():  # one-way links lead to areas that have no neighbour themselves
        keep &= ~alone[other]
        alone = known & (np.bincount(focal[keep], minlength=len(index)) == 0)
    focal, other, weight = focal[keep], other[keep], weight[keep]
    if (focal[1:] < focal[:-1]).any():
        order = np.argsort(focal, kind="stable")
        focal, other, weight = focal[order], other[order], weight[order]
    counts = np.bincount(focal, minlength=len(index)).astype(np.int64)
    starts = np.append(0, np.cumsum(counts))
    # Graph routines of older SciPy take indices of 32 bits only.
    narrow = np.int32 if max(len(index), len(other)) < 2**31 else np.int64
    parts = (weight, other.astype(narrow), starts.astype(narrow))
    matrix = csr_array(parts, shape=(len(index), len(index)))
    first = np.zeros(len(index))
    first[counts > 0] = matrix.data[matrix.indptr[:-1][counts > 0]]
    equal = bool(np.allclose(matrix.data, np.repeat(first, counts), rtol=SAME, atol=0))
    if equal:
        matrix.data[:] = 1
        own = np.divide(own, first, out=np.zeros(len(index)), where=first > 0)
    return Neighbors(matrix, counts, own, equal)


def adjacent(near: Neighbors) -> csr_array:
    """Forget the weights: 1 for every neighbour, as joins are counted.

    Examples
    --------
    >>> from libpysal.graph import Graph
    >>> graph = Graph.from_arrays([0, 0, 1, 2], [1, 2, 0, 0], [0.5, 2.0, 0.5, 2.0])
    >>> adjacent(neighbors(graph, pd.RangeIndex(3), pd.Series(True, range(3)))).toarray().tolist()
    [[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    matrix = near.matrix
    return csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)


def _links(graph: Graph, index: pd.Index) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the graph's links among the areas of the index, as positions, and their weights."""
    adjacency = graph.adjacency
    # Only the distinct ids are looked up, not one pair of them a link.
    place = [index.get_indexer(level) for level in adjacency.index.levels]
    focal, other = (at[code] for at, code in zip(place, adjacency.index.codes, strict=True))
    held = np.zeros(len(index), dtype=bool)
    held[focal[focal >= 0]] = True
    if not held.all():
        raise StatisticError(
            "the graph must hold every area",
            f"{int((~held).sum())} areas without an entry, first {index[~held][0]!r}",
            "build the graph from the same areas",
        )
    weight = adjacency.to_numpy(dtype=float)
    if not (np.isfinite(weight) & (weight >= 0)).all():
        bad = adjacency[~(np.isfinite(weight) & (weight >= 0))]
        raise StatisticError(
            "a weight is a number of zero or more",
            f"{bad.iloc[0]:g} from {bad.index[0][0]} to {bad.index[0][1]}",
            "correct the graph",
        )
    inside = (focal >= 0) & (other >= 0)
    if inside.all():
        return focal, other, weight
    return focal[inside], other[inside], weight[inside]


def _refuse_repeated(index: pd.Index) -> NoReturn:
    raise StatisticError(
        "each area has one row",
        f"{int(index.duplicated().sum())} repeated ids, first {index[index.duplicated()][0]!r}",
        "keep one row for each area",
    )


def pairs_of(graph: Graph) -> set[tuple[Hashable, Hashable]]:
    """List each pair of neighbours once, smaller id first.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> sorted(pairs_of(graph_from_pairs([("b", "a")], ["a", "b", "c"])))
    [('a', 'b')]
    """
    adjacency = graph.adjacency
    links = adjacency.index[adjacency.to_numpy() != 0]
    ends = (links.get_level_values(level).tolist() for level in (0, 1))
    return {(a, b) if a < b else (b, a) for a, b in zip(*ends, strict=True) if a != b}


def components(graph: Graph, members: pd.Series) -> pd.Series:
    """Number the connected sets of the areas that are True in `members`.

    Returns
    -------
    Series of Int64
        1 is the largest set, ties by smallest id; missing outside `members`.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
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
    parts: list[list[Hashable]] = []
    left = set(chosen)
    while left:
        frontier = [left.pop()]
        part = list(frontier)
        while frontier:
            frontier = [j for i in frontier for j in near[i] if j in left]
            frontier = list(dict.fromkeys(frontier))
            left.difference_update(frontier)
            part += frontier
        parts.append(sorted(part))
    parts.sort(key=lambda part: (-len(part), part[0]))
    number = {i: k for k, part in enumerate(parts, start=1) for i in part}
    return pd.Series([number.get(i, pd.NA) for i in members.index], index=members.index, dtype="Int64")
