"""Global Moran's I: is there spatial association on the map as a whole?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from geo.analysis.arrays import floats
from geo.analysis.local import rate_scores
from geo.analysis.permutation import PERMUTATIONS, check_options
from geo.analysis.weights import neighbors
from geo.errors import StatisticError

BLOCK = 2048  # permutations dealt at a time


@dataclass(frozen=True, kw_only=True)
class Moran:
    """One test of Moran's I, row-standardised weights, all values exchangeable under the null."""

    statistic: float
    """I."""
    expected: float
    """-1 / (n - 1)."""
    sd: float
    """Standard deviation of I over the permutations."""
    p_value: float
    """Two-sided, min(1, 2 (min(tails) + 1) / (R + 1))."""
    n: int
    """Areas with a value and a neighbour that has one."""
    n_left_out: int
    """Areas without a value, or without such a neighbour."""
    permutations: int
    """R; the smallest p is 2 / (R + 1)."""
    seed: int


def moran(values: pd.Series, graph: Graph, *, permutations: int = PERMUTATIONS, rng: int = 0) -> Moran:
    """Test whether neighbouring areas have similar values.

    Parameters
    ----------
    values : Series of float
        One value per area; missing values and islands are left out.
    graph : libpysal.graph.Graph
        Contiguity; weights are row-standardised here.
    permutations : int
        Random rearrangements of the values (R).
    rng : int
        Seed.

    Returns
    -------
    Moran

    Raises
    ------
    StatisticError
        If fewer than three areas are left, or their values are all equal.

    References
    ----------
    Cliff, A. D. & Ord, J. K. (1981). Spatial Processes: Models and Applications. Pion.

    Examples
    --------
    >>> from geo.analysis.weights import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> test = moran(pd.Series([1.0, 2, 3, 4, 5, 6]), graph, permutations=999)
    >>> round(test.statistic, 3), test.expected
    (0.714, -0.2)
    """
    check_options(permutations, rng)
    near = neighbors(graph, values.index, values.notna())
    inside = near.counts > 0
    x = floats(values)[inside]
    if len(x) < 3 or np.ptp(x) == 0:
        raise StatisticError(
            "Moran's I needs three areas with neighbours and values that differ",
            f"{len(x)} such areas of {len(values)}",
            "check the values, or use a layer whose areas touch",
        )
    z = x - x.mean()
    weights = near.matrix[inside][:, inside].multiply(1 / near.counts[inside][:, None]).tocsr()
    observed = z @ (weights @ z)
    reference = np.empty(permutations)
    generator = np.random.default_rng(rng)
    for start in range(0, permutations, BLOCK):
        dealt = generator.permuted(np.tile(z, (BLOCK, 1)), axis=1)[: permutations - start]
        reference[start : start + BLOCK] = (dealt * (weights @ dealt.T).T).sum(axis=1)
    tie = 1e-12 * (z**2).sum()
    smaller = min((reference >= observed - tie).sum(), (reference <= observed + tie).sum())
    # With rows that sum to one, S0 = n, and I = z'Wz / z'z.
    return Moran(
        statistic=float(observed / (z @ z)),
        expected=-1 / (len(z) - 1),
        sd=float(reference.std() / (z @ z)),
        p_value=float(min(1, 2 * (smaller + 1) / (permutations + 1))),
        n=len(z),
        n_left_out=len(values) - len(z),
        permutations=permutations,
        seed=rng,
    )


def moran_rate(
    events: pd.Series, population: pd.Series, graph: Graph, *, permutations: int = PERMUTATIONS, rng: int = 0
) -> Moran:
    """Test whether neighbouring areas have similar rates, standardised for unequal populations.

    References
    ----------
    Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
    Statistics in Medicine 18(16), 2147-2162.

    Examples
    --------
    >>> from geo.analysis.weights import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> events, people = pd.Series([1, 2, 3, 4, 5, 6]), pd.Series([1_000] * 6)
    >>> round(moran_rate(events, people, graph, permutations=999).statistic, 3)
    0.714
    """
    return moran(rate_scores(events, population, graph), graph, permutations=permutations, rng=rng)
