"""Lee's L: how alike two variables are once each is averaged over the neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import StatisticError
from geo.model.comparison import Lee
from geo.model.numeric import Floats
from geo.model.options import PERMUTATIONS
from geo.stats.engine.arrays import floats
from geo.stats.engine.parallel import blocks
from geo.stats.engine.permutation import check_options
from geo.stats.weights.adjacency import neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph


BLOCK = 2048  # permutations dealt at a time


def lee(
    first: pd.Series, second: pd.Series, graph: Graph, *, permutations: int = PERMUTATIONS, rng: int = 0
) -> Lee:
    """Measure whether two variables go together over neighbourhoods: Lee's L, row-standardised weights.

    Parameters
    ----------
    first, second : Series of float
        Two values per area, on one index; areas that lack one, and islands, are left out.
    graph : libpysal.graph.Graph
        Any weights without the areas themselves; they are row-standardised here.
    permutations, rng : int
        Random rearrangements (R), which keep the two values of an area together, and the seed.

    Returns
    -------
    Lee

    Raises
    ------
    StatisticError
        If fewer than four areas are left, or one variable is the same in all.

    References
    ----------
    Lee, S.-I. (2001). Developing a bivariate spatial association measure: an integration of Pearson's r and
    Moran's I. Journal of Geographical Systems 3(4), 369-385.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> rising = pd.Series([1.0, 2, 3, 4, 5, 6])
    >>> test = lee(rising, -rising, graph, permutations=999)
    >>> round(test.statistic, 3), round(test.expected, 3)
    (-0.543, -0.6)
    """
    check_options(permutations, rng)
    near = neighbors(graph, first.index, first.notna() & second.reindex(first.index).notna())
    inside = near.counts > 0
    x, y = floats(first)[inside], floats(second.reindex(first.index))[inside]
    if len(x) < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        raise StatisticError(
            "Lee's L needs four areas with neighbours and values that differ",
            f"{len(x)} such areas of {len(first)}",
            "check the values, or use a layer whose areas touch",
        )
    weights = near.matrix[inside][:, inside]
    weights = weights.multiply(1 / np.asarray(weights.sum(axis=1)).reshape(-1, 1)).tocsr()
    x, y = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    n = len(x)

    def statistic(order: NDArray[np.int64]) -> Floats:
        # Rows sum to one, so that the sum of their squared sums is n.
        return np.asarray(((weights @ x[order].T) * (weights @ y[order].T)).sum(axis=0) / n)

    observed = float(statistic(np.arange(n)[None, :])[0])
    generator = np.random.default_rng(rng)
    order = np.tile(np.arange(n), (BLOCK, 1))
    reference = np.empty(permutations)
    for start in blocks(permutations, BLOCK):
        dealt = generator.permuted(order, axis=1)[: permutations - start]
        reference[start : start + BLOCK] = statistic(dealt)
    tie = 1e-12 * max(1.0, abs(observed))
    smaller = min((reference >= observed - tie).sum(), (reference <= observed + tie).sum())
    # An area meets itself with the sum of squared weights, another area with what is left of the n.
    own, r = float((weights.data**2).sum()), float(x @ y / n)
    return Lee(
        statistic=observed,
        expected=r / n * (own - (n - own) / (n - 1)),
        sd=float(reference.std()),
        p_value=float(min(1, 2 * (smaller + 1) / (permutations + 1))),
        n=n,
        n_left_out=len(first) - n,
        permutations=permutations,
        seed=rng,
    )
