"""Conditional permutation tails for sums of neighbours, exact in law and cheap.

Under conditional permutation the value of area *i* stays and the others are dealt at random to the other
places. Where the weights of a row are equal, the sum over its k neighbours is then the sum of k values drawn
without replacement from the other n - 1, so areas with the same k can share draws: R rows of k + 1 distinct
areas are drawn once, the sums of the first k sorted, and every observed sum located by binary search. Only in
the draws where area *i* itself occurs among the first k does the (k + 1)th, kept spare, take its place. By
symmetry each area's draws are then exactly conditional; between areas they are dependent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.errors import StatisticError
from geo.model.numeric import Floats, Ints
from geo.stats.engine.parallel import blocks

# Parts of the definition of the streams, never tuned to the machine: rows drawn at a time, ...
BLOCK = 8192
ROWS = 1024  # ... the same where weights differ within rows, ...
CELLS = 2**18  # ... cells of whole permutations dealt at a time, ...
FEW = 2  # ... and k + 1 areas are few of n where (k + 1)² is at most this many times n.
TOGETHER = 128  # neighbour counts that share a pass over the permutations; bounds the memory
TIE = 1e-12  # sums closer than this share of sum |z| count as tied


class Tails(NamedTuple):
    """How many reference sums lie at or beyond each observed one."""

    at_least: Ints
    at_most: Ints


def conditional_tails(values: Floats, counts: Ints, sums: Floats, *, permutations: int, rng: int) -> Tails:
    """Count, for each area, the conditional draws whose sum reaches the observed sum of its neighbours.

    Parameters
    ----------
    values : array of float, shape (n,)
        Values of all areas; none missing.
    counts : array of int, shape (n,)
        Neighbours of each area, between 1 and n - 1.
    sums : array of float, shape (n,)
        Observed sums of the neighbours' values.
    permutations : int
        Draws per distinct neighbour count (R).
    rng : int
        Seed. The result depends on it alone: each neighbour count has a stream of its own.

    Returns
    -------
    Tails
        Two integer arrays of shape (n,), between 0 and R; ties count in both.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association. Geographical Analysis 27(2), 93-115.

    Examples
    --------
    The largest of 5 values next to the second largest: 1 of the 4 others reaches it.

    >>> z = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    >>> tails = conditional_tails(z, np.ones(5, int), np.array([1.0, 0, 0, 0, 3.0]), permutations=9999, rng=0)
    >>> bool(abs(tails.at_least[4] / 9999 - 1 / 4) < 0.02), int(tails.at_most[4])
    (True, 9999)
    """
    return conditional_tails_each([values], counts, [sums], permutations=permutations, rng=rng)[0]


def conditional_tails_each(
    values: Sequence[Floats], counts: Ints, sums: Sequence[Floats], *, permutations: int, rng: int
) -> list[Tails]:
    """Count for several variables on the same areas: each gets what it would get alone, from shared draws.

    Examples
    --------
    >>> z, near = np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.ones(5, int)
    >>> both = conditional_tails_each([z, z[::-1]], near, [z, z], permutations=99, rng=0)
    >>> alone = conditional_tails(z[::-1], near, z, permutations=99, rng=0)
    >>> both[1].at_least.tolist() == alone.at_least.tolist()
    True
    """
    check_options(permutations, rng)
    each = [_Count(z, s, TIE * np.abs(z).sum()) for z, s in zip(values, sums, strict=True)]
    distinct = np.unique(counts)
    few = (distinct + 1) ** 2 <= FEW * len(counts)
    for k in distinct[few]:
        _count_few(each, int(k), counts == k, permutations, rng)
    many = distinct[~few]
    for start in range(0, len(many), TOGETHER):
        _count_many(each, many[start : start + TOGETHER], counts, permutations, rng)
    return [Tails(count.at_least, count.at_most) for count in each]


def weighted_tails(values: Floats, weights: csr_array, sums: Floats, *, permutations: int, rng: int) -> Tails:
    """Count the conditional draws that reach each area's observed sum, where weights differ within rows.

    All areas share rows of distinct areas in random order: the first k, in their order, stand for an area's k
    neighbours, the next one is the spare. The cost is that of R sums for every area.

    Parameters
    ----------
    values : array of float, shape (n,)
        Values of all areas; none missing.
    weights : csr_array, shape (n, n)
        Positive weights of the neighbours, between 1 and n - 1 a row; none on the diagonal.
    sums : array of float, shape (n,)
        Observed weighted sums of the neighbours' values.
    permutations, rng : int
        As in :func:`conditional_tails`.

    Returns
    -------
    Tails

    Examples
    --------
    With equal weights the tails are those of :func:`conditional_tails`, but for chance.

    >>> step = np.roll(np.eye(5), 1, axis=0)
    >>> z, ring = np.arange(5.0) ** 2, csr_array(step + step.T)
    >>> general = weighted_tails(z, ring, ring @ z, permutations=9999, rng=0)
    >>> counted = conditional_tails(z, np.full(5, 2), ring @ z, permutations=9999, rng=0)
    >>> bool(np.abs(general.at_least - counted.at_least).max() < 250)
    True
    """
    check_options(permutations, rng)
    n, counts = len(values), np.diff(weights.indptr)
    longest = int(counts.max())
    place = np.arange(weights.nnz) - np.repeat(weights.indptr[:-1], counts)
    area = np.repeat(np.arange(n), counts)
    by_place = np.zeros((longest + 1, n))
    by_place[place, area] = weights.data
    tie = TIE * np.abs(values).sum() * by_place.max(axis=0)
    at_least, at_most = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    generator = np.random.default_rng([rng, n])
    for start in blocks(permutations, ROWS):
        draws = _ordered(n, longest + 1, generator)[: permutations - start]
        dealt = values[draws]
        row, column = np.nonzero(np.arange(longest + 1) < counts[draws])
        owner = draws[row, column]
        change = by_place[column, owner] * (dealt[row, counts[owner]] - values[owner])
        for first in range(0, n, ROWS):
            part = slice(first, first + ROWS)
            block = dealt @ by_place[:, part]
            here = (owner >= first) & (owner < first + ROWS)
            block[row[here], owner[here] - first] += change[here]
            at_least[part] += (block >= (sums - tie)[part]).sum(axis=0)
            at_most[part] += (block <= (sums + tie)[part]).sum(axis=0)
    return Tails(at_least, at_most)


def _ordered(n: int, m: int, generator: np.random.Generator) -> Ints:
    """Draw ROWS rows of m distinct numbers below n, every order equally likely."""
    if m**2 <= FEW * n:
        return generator.permuted(draw_distinct(n, m, ROWS, generator), axis=1)
    return generator.permuted(np.tile(np.arange(n), (ROWS, 1)), axis=1)[:, :m]


def check_options(permutations: int, rng: int, *, name: str = "permutations") -> None:
    """Refuse a number of permutations, or of whatever `name` says, below one and a seed that is none.

    Raises
    ------
    StatisticError

    Examples
    --------
    >>> check_options(999, 0)
    """
    for option, value, least in ((name, permutations, 1), ("rng", rng, 0)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise StatisticError(
                f"{option} is a whole number of {least} or more", repr(value), "pass such a number"
            )


def two_sided_p(tails: Tails, permutations: int) -> Floats:
    """Turn tails into min(1, 2 (min(tails) + 1) / (R + 1)), valid and conservative under ties.

    References
    ----------
    Phipson, B. & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications
    in Genetics and Molecular Biology 9(1), 39.

    Examples
    --------
    >>> two_sided_p(Tails(np.array([0, 999]), np.array([999, 999])), 999).tolist()
    [0.002, 1.0]
    """
    smaller = np.minimum(tails.at_least, tails.at_most)
    return np.minimum(1.0, 2 * (smaller + 1) / (permutations + 1))


class _Count:
    """Tails being counted, for all areas."""

    def __init__(self, values: Floats, sums: Floats, tie: float) -> None:
        self.values = values
        self.low, self.high = sums - tie, sums + tie
        self.at_least = np.zeros(len(values), dtype=np.int64)
        self.at_most = np.zeros(len(values), dtype=np.int64)

    def replace(self, block: Floats, row: Ints, area: Ints, spare: Ints) -> None:
        """Where an area occurs in its own draw, put the spare in its place."""
        before = block[row]
        after = before - self.values[area] + self.values[spare]
        low, high = self.low[area], self.high[area]
        self._change(self.at_least, area, before >= low, after >= low)
        self._change(self.at_most, area, before <= high, after <= high)

    @staticmethod
    def _change(tail: Ints, area: Ints, before: NDArray[np.bool_], after: NDArray[np.bool_]) -> None:
        moved = np.flatnonzero(before != after)  # few sums change sides
        np.add.at(tail, area[moved], np.where(after[moved], 1, -1))

    def locate(self, own: Ints, reference: Floats) -> None:
        """Find each area's sum among the sorted sums that it shares with others of its neighbour count."""
        # Looked up in their order, neighbouring sums find what they need in the cache.
        own = own[np.argsort(self.low[own])]
        self.at_least[own] += len(reference) - np.searchsorted(reference, self.low[own], side="left")
        self.at_most[own] += np.searchsorted(reference, self.high[own], side="right")


def _count_few(
    each: Sequence[_Count], k: int, members: NDArray[np.bool_], permutations: int, seed: int
) -> None:
    """Count for the areas with k neighbours, k + 1 being few of n: rows are drawn for this k alone."""
    generator = np.random.default_rng([seed, k])
    references = np.empty((len(each), permutations))
    for start in blocks(permutations, BLOCK):
        rows = draw_distinct(len(members), k + 1, BLOCK, generator)[: permutations - start]
        draws, spare = rows[:, :k], rows[:, k]
        row, column = np.nonzero(members[draws])
        area, spare = draws[row, column], spare[row]
        for count, reference in zip(each, references, strict=True):
            block = count.values[draws].sum(axis=1)
            reference[start : start + BLOCK] = block
            count.replace(block, row, area, spare)
    references.sort(axis=1)
    for count, reference in zip(each, references, strict=True):
        count.locate(np.flatnonzero(members), reference)


def _count_many(each: Sequence[_Count], many: Ints, counts: Ints, permutations: int, seed: int) -> None:
    """Count for neighbour counts that are many of n: one whole permutation a row serves them all.

    The first k of a permutation are a draw for k, and the next one its spare.
    """
    n = len(counts)
    generator = np.random.default_rng([seed, 0])
    rows = max(1, CELLS // n)
    references = np.empty((len(each), len(many), permutations))
    for start in blocks(permutations, rows):
        order = generator.permuted(np.tile(np.arange(n), (rows, 1)), axis=1)[: permutations - start]
        place = np.empty_like(order)
        np.put_along_axis(place, order, np.arange(n)[None, :], axis=1)
        totals = [np.cumsum(count.values[order[:, : many[-1]]], axis=1) for count in each]
        for at, k in enumerate(many):
            own = np.flatnonzero(counts == k)
            row, column = np.nonzero(place[:, own] < k)
            area, spare = own[column], order[row, k]
            for count, total, reference in zip(each, totals, references, strict=True):
                block = total[:, k - 1]
                reference[at, start : start + rows] = block
                count.replace(block, row, area, spare)
    references.sort(axis=2)
    for count, reference in zip(each, references, strict=True):
        for at, k in enumerate(many):
            count.locate(np.flatnonzero(counts == k), reference[at])


def draw_distinct(n: int, m: int, rows: int, generator: np.random.Generator) -> Ints:
    """Draw rows of m distinct numbers below n, ordered so that the last is equally likely to be any of them.

    Floyd's algorithm, m draws and m (m - 1) / 2 comparisons a row, then a random member moves to the end. No
    row is ever rejected, so the cost is bounded.

    References
    ----------
    Bentley, J. & Floyd, B. (1987). Programming pearls: a sample of brilliance. Communications of the ACM
    30(9), 754-757.

    Examples
    --------
    >>> rows = draw_distinct(10, 4, 1000, np.random.default_rng(0))
    >>> all(len(set(row)) == 4 for row in rows.tolist())
    True
    """
    numbers = np.empty((m, rows), dtype=np.int64)
    for step, top in enumerate(range(n - m, n)):
        candidate = generator.integers(0, top + 1, size=rows)
        taken = (numbers[:step] == candidate).any(axis=0)
        numbers[step] = np.where(taken, top, candidate)
    last = generator.integers(0, m, size=rows)
    each = np.arange(rows)
    numbers[last, each], numbers[m - 1] = numbers[m - 1].copy(), numbers[last, each]
    return numbers.T
