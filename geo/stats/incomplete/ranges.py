"""Global statistics over imputations: a median and a range, never a confidence interval, never a mean p.

Imputations draw neighbours independently. Where counts are alike in truth they are less so in the draws,
and a statistic of association is attenuated.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geo.model.numeric import Floats
from geo.model.statistics import JoinCount
from geo.model.uncertainty import GlobalRange, Imputation, Statistic
from geo.stats.autocorrelation.joincount import deciles, join_count
from geo.stats.engine.parallel import blocks
from geo.stats.weights.adjacency import Neighbors, adjacent
from geo.stats.weights.links import Links, links_from_positions

GLOBAL_PERMUTATIONS = 999  # of each imputation's global tests; their p is shown as a median and a range


def global_ranges(
    z: Floats, imputation: Imputation, population: pd.Series, near: Neighbors, inside: np.ndarray, *, rng: int
) -> tuple[GlobalRange, ...]:
    """Compute Moran's I and the join counts of the areas of highest rate on every imputation.

    Parameters
    ----------
    z : array of float, shape (n, m)
        Standardised rates of the areas inside.
    imputation : Imputation
    population : Series
        Of all areas.
    near : Neighbors
    inside : array of bool
        Areas that are tested.
    rng : int
        Seed.
    """
    matrix = near.matrix[inside][:, inside]
    people = population[inside]
    rates = imputation.draws.loc[people.index].to_numpy() / people.to_numpy(dtype=float)[:, None]
    pairs = adjacent(near)[inside][:, inside]
    links = _links(pairs)
    order = np.argsort(-rates, axis=0, kind="stable")[: imputation.top]
    strata = deciles(people.astype("Float64").reset_index(drop=True))

    def counted(strata: pd.Series | None) -> Callable[[pd.Series], JoinCount]:
        return lambda group: join_count(
            group, links, strata=strata, permutations=GLOBAL_PERMUTATIONS, rng=rng
        )

    members = np.zeros(rates.shape, dtype=bool)
    np.put_along_axis(members, order, True, axis=0)
    return (
        _moran(z, matrix, near.counts[inside], rng),
        _joins("join_count", members, pairs, np.zeros(len(people), dtype=int), counted(None)),
        _joins("join_count_stratified", members, pairs, strata.to_numpy(dtype=int), counted(strata)),
    )


def _moran(z: Floats, matrix: csr_array, counts: np.ndarray, rng: int) -> GlobalRange:
    """Test Moran's I of every column, all on the same rearrangements."""
    n = len(z)
    weights = matrix.multiply(1 / counts[:, None]).tocsr()
    squares = (z**2).sum(axis=0)

    def statistic(dealt: Floats) -> Floats:
        return np.asarray(np.einsum("ij,ij->j", dealt, weights @ dealt) / squares)

    observed = statistic(z)
    tie = 1e-12 * np.maximum(1, np.abs(observed))
    at_least, at_most = np.zeros(z.shape[1], dtype=int), np.zeros(z.shape[1], dtype=int)
    generator = np.random.default_rng(rng)
    for _ in blocks(GLOBAL_PERMUTATIONS, 1):
        dealt = statistic(z[generator.permutation(n)])
        at_least += dealt >= observed - tie
        at_most += dealt <= observed + tie
    p = np.minimum(1, 2 * (np.minimum(at_least, at_most) + 1) / (GLOBAL_PERMUTATIONS + 1))
    return _range("moran_rate", observed, np.full(len(p), -1 / (n - 1)), p, GLOBAL_PERMUTATIONS)


def _joins(
    name: Statistic,
    members: np.ndarray,
    links: csr_array,
    strata: np.ndarray,
    count: Callable[[pd.Series], JoinCount],
) -> GlobalRange:
    """Count the joins of every imputation's set.

    The null knows no more of a set than how many members each stratum has: sets that agree in that, and in
    their joins, are tested once.
    """
    either = ((links + links.T) != 0).astype(np.int64)
    observed = np.einsum("ij,ij->j", members, either @ members.astype(np.int64)) // 2
    made: dict[tuple[int, ...], JoinCount] = {}
    tests = []
    for column, joins in zip(members.T, observed, strict=True):
        key = (int(joins), *np.bincount(strata[column], minlength=strata.max() + 1).tolist())
        if key not in made:
            made[key] = count(pd.Series(column))
        tests.append(made[key])
    return _range(
        name,
        np.array([float(test.observed) for test in tests]),
        np.array([test.expected for test in tests]),
        np.array([test.p_value for test in tests]),
        tests[0].permutations,
    )


def _range(name: Statistic, values: Floats, expected: Floats, p: Floats, permutations: int) -> GlobalRange:
    return GlobalRange(
        name=name,
        median=float(np.median(values)),
        low=float(values.min()),
        high=float(values.max()),
        expected=float(np.median(expected)),
        p_median=float(np.median(p)),
        p_low=float(p.min()),
        p_high=float(p.max()),
        permutations=permutations,
    )


def _links(links: csr_array) -> Links:
    entries = links.tocoo()
    return links_from_positions(entries.row, entries.col, 1, range(links.shape[0]))
