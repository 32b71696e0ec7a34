"""Join counts: do the areas of one set adjoin each other more than chance?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr

from geo.errors import StatisticError
from geo.model.options import PERMUTATIONS
from geo.model.statistics import JoinCount
from geo.stats.engine.arrays import balance, float_series
from geo.stats.engine.parallel import blocks
from geo.stats.engine.permutation import check_options
from geo.stats.weights.adjacency import Neighbors, adjacent, neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph

MOST_STRATA = 30  # of a standard deviation in closed form, whose cost grows with the fourth power
BLOCK = 2048  # permutations dealt at a time
FEW = 5  # times dearer is a place dealt by itself than one in a shuffle of all


def join_count(
    group: pd.Series,
    graph: Graph,
    *,
    strata: pd.Series | None = None,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
) -> JoinCount:
    """Test whether the areas of a set adjoin each other more often than chance.

    Parameters
    ----------
    group : Series of bool
        True for the areas of the set; no missing values.
    graph : libpysal.graph.Graph
        Who adjoins whom; weights do not matter, and a link one way makes a pair. Areas without a neighbour
        are left out.
    strata : Series, optional
        A label per area; given, areas trade places only within their stratum (a known gradient, such as
        population deciles, is then part of the null).
    permutations : int
        Number of random rearrangements (R).
    rng : int
        Seed.

    Returns
    -------
    JoinCount

    Raises
    ------
    StatisticError
        If `group` has missing values, or no area of it has a neighbour.

    References
    ----------
    Cliff, A. D. & Ord, J. K. (1981). Spatial Processes: Models and Applications. Pion, chapter 1.

    Examples
    --------
    Two of four areas in a row, side by side: 3 of the 6 ways to place them do as well.

    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(0, 1), (1, 2), (2, 3)], range(4))
    >>> test = join_count(pd.Series([True, True, False, False]), graph, permutations=9999)
    >>> test.observed, test.expected, round(test.p_value, 1)
    (1, 0.5, 0.5)
    """
    if group.isna().any():
        raise StatisticError(
            "a set holds each area or does not",
            f"{int(group.isna().sum())} missing values",
            "fill them with False, or leave those areas out of the graph",
        )
    order = pd.Series(np.where(group, 1, 2), index=group.index)
    size = int(group.sum())
    return join_counts(order, graph, [size], strata=strata, permutations=permutations, rng=rng)[0]


def join_counts(
    order: pd.Series,
    graph: Graph,
    sizes: Iterable[int],
    *,
    strata: pd.Series | None = None,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
) -> list[JoinCount]:
    """Test several sets cut from one ordering, the first `size` areas each, on the same permutations.

    Parameters
    ----------
    order : Series of number
        Place of each area, 1 first. An area without a place is left out, as if it were not on the map.
    sizes : iterable of int
        How many of the first areas make each set, at most: areas with equal places are all in it or all out.
        Islands among them do not count as members.

    Returns
    -------
    list of JoinCount
        One per size.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(0, 1), (1, 2), (2, 3)], range(4))
    >>> tests = join_counts(pd.Series([1, 2, 3, 4]), graph, [2, 3], permutations=99)
    >>> [test.observed for test in tests]
    [1, 2]
    """
    check_options(permutations, rng)
    sizes = list(sizes)
    placed = order.notna()
    near = neighbors(graph, order.index, placed)
    inside = near.counts > 0
    place = float_series(order).rank(method="max").fillna(0).astype(int)
    first, second = _pairs(near, inside)
    places = place.to_numpy()[inside]
    members = [np.flatnonzero(places <= size) for size in sizes]
    if min((len(m) for m in members), default=0) == 0:
        raise StatisticError(
            "a join count needs members with neighbours", "a set without any", "check the set and the graph"
        )
    groups = _strata(strata, order.index, inside)
    observed = [int(((places[first] <= s) & (places[second] <= s)).sum()) for s in sizes]
    at_least, at_most = np.zeros(len(members), int), np.zeros(len(members), int)
    # Places beyond the largest set are all the same, and small numbers are quickly moved.
    last = max(sizes)
    compact = np.minimum(places, last + 1).astype(np.uint8 if last < 255 else np.uint32)
    for dealt in _deals(compact, groups, permutations, rng):
        for k, joins in enumerate(_joins(dealt, first, second, sizes)):
            at_least[k] += (joins >= observed[k]).sum()
            at_most[k] += (joins <= observed[k]).sum()
    codes = _numbers(groups)
    means = [_expected(m, codes, first, second) for m in members]
    sds = [_sd(m, codes, first, second, mean) for m, mean in zip(members, means, strict=True)]
    return [
        JoinCount(
            null="exchangeable" if strata is None else "stratified",
            n=int(inside.sum()),
            n_high=len(m),
            pairs=len(first),
            observed=observed[k],
            expected=means[k],
            sd_analytic=sds[k],
            p_analytic=float(ndtr((means[k] - observed[k]) / sds[k])) if sds[k] > 0 else float("nan"),
            p_value=float((at_least[k] + 1) / (permutations + 1)),
            p_two_sided=float(min(1, 2 * (min(at_least[k], at_most[k]) + 1) / (permutations + 1))),
            permutations=permutations,
            seed=rng,
        )
        for k, m in enumerate(members)
    ]


def deciles(values: pd.Series, n: int = 10) -> pd.Series:
    """Cut areas at the n-quantiles of their values into strata, 1 the lowest; missing stays missing.

    Equal values share a stratum, so some strata may be empty.

    Examples
    --------
    >>> deciles(pd.Series([5.0, 1, 3, 9]), 2).tolist()
    [2, 1, 1, 2]
    """
    numbers = float_series(values)
    known = numbers.dropna()
    if known.empty:
        return pd.Series(pd.NA, index=values.index, dtype="Int64")
    limits = np.quantile(known, np.arange(1, n) / n)
    return (
        pd.Series(np.searchsorted(limits, known) + 1, index=known.index).reindex(values.index).astype("Int64")
    )


def _pairs(near: Neighbors, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of neighbours as positions among the areas inside, each once."""
    position = np.cumsum(inside) - 1
    links = adjacent(near)
    either = (links + links.T).tocoo()
    once = either.row < either.col
    return position[either.row[once]], position[either.col[once]]


def _strata(strata: pd.Series | None, index: pd.Index, inside: np.ndarray) -> list[np.ndarray]:
    """Positions of the areas that may trade places."""
    if strata is None:
        return [np.arange(int(inside.sum()))]
    labels = strata.reindex(index)[inside]
    if labels.isna().any():
        raise StatisticError(
            "every area needs a stratum",
            f"{int(labels.isna().sum())} without one, first {labels.index[labels.isna()][0]!r}",
            "leave those areas out of the graph, or give them a stratum",
        )
    codes = pd.factorize(labels)[0]
    return [np.flatnonzero(codes == code) for code in range(codes.max() + 1)]


def _deals(places: np.ndarray, groups: list[np.ndarray], permutations: int, rng: int) -> Iterator[np.ndarray]:
    """Yield blocks of rearranged places, shape (n, block).

    Where few areas of a group have a place that matters, only these are dealt, each to an area that has none
    yet (the first steps of a Fisher-Yates shuffle): all others share one place and stay where they are left.
    """
    generator = np.random.default_rng([rng, len(groups)])
    rest = places.max()
    for start in blocks(permutations, BLOCK):
        # A whole block is drawn, so that what is dealt does not depend on how many are wanted in all.
        column = np.arange(min(BLOCK, permutations - start))
        dealt = np.full((len(places), len(column)), rest, dtype=places.dtype)
        for group in groups:
            first = np.sort(places[group][places[group] < rest])
            if FEW * len(first) > len(group):
                whole = generator.permuted(np.tile(places[group], (BLOCK, 1)), axis=1)
                dealt[group] = whole[: len(column)].T
                continue
            left = np.tile(group.astype(np.int32)[:, None], len(column))
            for step, place in enumerate(first):
                chosen = generator.integers(step, len(group), size=BLOCK)[: len(column)]
                dealt[left[chosen, column], column] = place
                left[chosen, column] = left[step]
        yield dealt


def _joins(dealt: np.ndarray, first: np.ndarray, second: np.ndarray, sizes: list[int]) -> np.ndarray:
    """Count, for each size and each rearrangement, the pairs whose places are both within the size."""
    cuts, n = np.unique(sizes), dealt.shape[1]
    later = np.maximum(dealt[first], dealt[second]).ravel()
    within = np.flatnonzero(later <= cuts[-1])  # few pairs are
    cell = within % n * len(cuts) + np.searchsorted(cuts, later[within])
    counts = np.bincount(cell, minlength=n * len(cuts)).reshape(n, len(cuts))
    return np.asarray(counts.cumsum(axis=1).T[np.searchsorted(cuts, sizes)])


def _numbers(groups: list[np.ndarray]) -> np.ndarray:
    """Give each area the number of its stratum."""
    codes = np.empty(sum(map(len, groups)), dtype=np.int64)
    for code, group in enumerate(groups):
        codes[group] = code
    return codes


def _expected(members: np.ndarray, codes: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    """Sum over pairs of the chance that both ends are members, stratum by stratum."""
    chance = _Chance(members, codes)
    return float(chance(codes[first], codes[second]).sum())


def _sd(
    members: np.ndarray, codes: np.ndarray, first: np.ndarray, second: np.ndarray, expected: float
) -> float:
    """Give the standard deviation of the joins when members trade places within strata.

    The square of their number counts every pair with itself, two pairs that share an area, and two that do
    not: two, three and four areas that must all be members. With one stratum this is the closed form of Cliff
    and Ord (1981) for sampling without replacement.
    """
    g = int(codes.max()) + 1
    if g > MOST_STRATA:
        return float("nan")
    chance = _Chance(members, codes)
    focal, other = np.append(first, second), np.append(second, first)
    near = np.zeros((len(codes), g))  # neighbours of each area, by stratum
    np.add.at(near, (focal, codes[other]), 1)
    links = np.stack([near[codes == code].sum(axis=0) for code in range(g)])
    shared = np.stack([near[codes == code].T @ near[codes == code] for code in range(g)])
    shared[:, np.arange(g), np.arange(g)] -= links  # an area's pair with a neighbour, twice, is one pair
    s, t = np.indices((g, g))
    c, u, v = np.indices((g, g, g))
    four = chance(*np.indices((g, g, g, g)))
    square = (links * chance(s, t)).sum() / 2 + (shared * chance(c, u, v)).sum()
    square += np.einsum("st,uv,stuv", links, links, four) / 4
    square -= (links * chance(s, t, s, t)).sum() / 2 + (shared * chance(c, u, c, v)).sum()
    return float(np.sqrt(balance(square, -(expected**2))))


class _Chance:
    """The chance that areas of given strata are all members, any of a stratum being equally likely to be."""

    def __init__(self, members: np.ndarray, codes: np.ndarray) -> None:
        self.size = np.bincount(codes).astype(float)
        self.high = np.bincount(codes[members], minlength=len(self.size)).astype(float)

    def __call__(self, *strata: np.ndarray) -> np.ndarray:
        chance = np.ones(strata[0].shape)
        for at, stratum in enumerate(strata):
            before = sum((stratum == earlier).astype(float) for earlier in strata[:at])
            left, high = self.size[stratum] - before, np.maximum(self.high[stratum] - before, 0)
            chance *= np.divide(high, left, out=np.zeros_like(chance), where=left > 0)
        return chance
