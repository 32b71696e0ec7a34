"""Conditional permutation tails without simulation and without a seed.

Under conditional permutation, where the weights of a row are equal, the sum over the k neighbours of area
*i* is the sum of k values drawn without replacement from the other n - 1. Its distribution is worked out
here: by counting sets where they are few, else on a lattice, by Fourier transforms
(:mod:`geo.stats.engine.subset_sums`).

Values that are multiples of a unit (counts, rates printed with a decimal, two values) lie on a lattice of
their own, and nothing is lost. Others are rounded to a fine one, those observed like those drawn, so that
equal sets stay equal. Rounding moves a sum by at most k / 2 steps: only sets that near to the observed one
can change sides, and what they weigh, less the sets of the very values observed, bounds the error of p.
Where that is too much, the area is done again on a lattice that ends near its own sum, its farthest outliers
enumerated, then on a finer one, then by counting. Where all that fails, p is the upper end of what it can
be.

References
----------
Pagano, M. & Tritchler, D. (1983). On obtaining permutation distributions in polynomial time. Journal of the
American Statistical Association 78(382), 435-440.
"""

from __future__ import annotations

from itertools import accumulate
from math import comb
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import gammaln

from geo.model.numeric import Floats, Ints, Mask
from geo.stats.engine.lattice import DEVIANT, Lattice, common_unit, make_lattice
from geo.stats.engine.permutation import TIE

P_FLOOR = 1e-12  # no p below is given; transforms are right to about 1e-14
PRECISION = 0.01  # relative error allowed, ...
FROM = 1e-6  # ... of p from here up; below, this share of it
COARSE, FINE = 2**18, 2**20  # points of a lattice at first, and where those do not suffice
SIZES = (15, 31, 63)  # sets up to, and above, these sizes have lattices of their own
AT_ONCE, AT_LAST = 2**18, 2**22  # sums of half sets worth counting: without trying a lattice, after trying


class Probabilities(NamedTuple):
    """Probabilities that a random sum lies at or beyond each observed one."""

    at_least: Floats
    at_most: Floats


def exact_tails(values: Floats, matrix: csr_array) -> Probabilities:
    """Give, for each area, the probability that as many others drawn at random reach its neighbours' sum.

    Parameters
    ----------
    values : array of float, shape (n,)
        Values of all areas; none missing.
    matrix : csr_array, shape (n, n)
        Binary: 1 where the column's area is a neighbour of the row's. Every row has between 1 and n - 1 of
        them, never the area itself.

    Returns
    -------
    Probabilities
        Two arrays of shape (n,). Sums closer than `TIE` times the sum of absolute deviations from the mean
        are tied; ties count in both tails. The smaller tail is right to 1 % from 1e-6 up, to 1e-8 below, or
        else too large, never too small. None is below `P_FLOOR` or the probability of the values observed.

    Examples
    --------
    The largest of 5 values next to the second largest: 1 of the 4 others reaches it.

    >>> near = csr_array(np.eye(5, k=1) + np.eye(5, k=-1))
    >>> tails = exact_tails(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), near)
    >>> float(tails.at_least[4]), float(tails.at_most[4])
    (0.25, 1.0)
    """
    sets = _Sets(values, matrix)
    at_least, at_most = np.ones(len(values)), np.ones(len(values))
    left = sets.size > 0

    def settle(tails: _Tails) -> None:
        at_least[tails.areas], at_most[tails.areas] = tails.at_least, tails.at_most
        left[tails.areas[tails.sure]] = False

    for tails in _count(sets, left, AT_ONCE):
        settle(tails)
    for areas in _alike(sets, left):
        settle(_transform(sets, areas, COARSE))
    for points in (COARSE, FINE):
        for mirrored in (False, True):
            for areas in _alike(sets, left, mirrored=mirrored):
                settle(_transform(sets, areas, points, closely=True, mirrored=mirrored))
    for tails in _count(sets, left, AT_LAST):
        settle(tails)
    floor = np.maximum(sets.equal, P_FLOOR)
    at_least, at_most = np.clip(at_least, floor, 1.0), np.clip(at_most, floor, 1.0)
    turned = sets.turned
    return Probabilities(np.where(turned, at_most, at_least), np.where(turned, at_least, at_most))


class _Sets:
    """The sets drawn: the neighbours, or where these are the greater part the areas that are neither."""

    def __init__(self, values: Floats, matrix: csr_array) -> None:
        n = len(values)
        self.matrix = csr_array(matrix, dtype=np.int64)
        self.tie = TIE * float(np.abs(values - values.mean()).sum())
        self.values, self.kind = _merge(values, self.tie)
        near = self.matrix.sum(axis=1)
        self.turned: Mask = 2 * near > n - 1
        self.size: Ints = np.where(self.turned, n - 1 - near, near)
        self.equal = self._equal()
        self.unit = common_unit(np.unique(self.values), self.tie)

    def sums(self, of: NDArray[Any]) -> NDArray[Any]:
        """Sum an array over the set of each area, as floats or whole numbers as it is."""
        near: NDArray[Any] = self.matrix @ of
        return np.where(self.turned, of.sum() - of - near, near)

    def above(self, *, mirrored: bool) -> Floats:
        """Values as distances from the smallest one, or mirrored from the largest."""
        distance: Floats = self.values.max() - self.values if mirrored else self.values - self.values.min()
        return distance

    def _equal(self) -> Floats:
        """Probability of drawing the very values observed: a product of binomials over kinds of values."""
        n = len(self.values)
        kinds = csr_array((np.ones(n), (np.arange(n), self.kind)))
        used = csr_array(self.matrix @ kinds)
        row = np.repeat(np.arange(n), np.diff(used.indptr))
        there = np.bincount(self.kind)[used.indices] - (self.kind[row] == used.indices)
        ways = np.bincount(row, weights=_log_comb(there, used.data), minlength=n)
        probability: Floats = np.exp(ways - _log_comb(np.full(n, n - 1), self.size))
        return probability


class _Tails(NamedTuple):
    """Tails of some areas."""

    areas: Ints
    at_least: Floats
    at_most: Floats
    sure: Mask


def _alike(sets: _Sets, left: Mask, *, mirrored: bool | None = None) -> list[Ints]:
    """Group areas that can share a lattice: those whose sets are of similar size.

    Unless `mirrored` is None: of those nearer to the smallest sum than to the largest, or mirrored the other
    way round, areas at a similar distance from it, to a factor of 4.
    """
    key = np.searchsorted(SIZES, sets.size)
    if mirrored is not None:
        near, far = (sets.sums(sets.above(mirrored=m)) for m in (mirrored, not mirrored))
        left = left & ((near < far) if mirrored else (near <= far))
        distance = np.maximum(near, max(sets.tie, np.finfo(float).tiny))
        key = key + (len(SIZES) + 1) * np.floor(np.log2(distance) / 2).astype(np.int64)
    return [np.flatnonzero(left & (key == one)) for one in np.unique(key[left])]


def _transform(
    sets: _Sets, areas: Ints, points: int, *, closely: bool = False, mirrored: bool = False
) -> _Tails:
    """Find tails on a lattice, and whether what rounding may have moved across matters."""
    size, values = sets.size[areas], sets.above(mirrored=mirrored)
    cap = float(sets.sums(values)[areas].max()) + sets.tie if closely else np.inf
    lattice = make_lattice(values, size, points, tie=sets.tie, unit=sets.unit, cap=cap)
    limits = _limits(sets, areas, lattice)
    cumulative = np.empty(limits.shape)
    for k in np.unique(size).tolist():
        own = size == k
        cumulative[own] = lattice.at_most(k, areas[own], limits[own])
    below, up_to, surely_below, perhaps_up_to = cumulative.T
    doubt = np.maximum(perhaps_up_to - surely_below - sets.equal[areas], 0) + DEVIANT
    smaller = np.minimum(1 - below, up_to)
    sure = (doubt <= PRECISION * np.maximum(smaller - doubt, FROM)) | (lattice.error == 0)
    at_least = 1 - np.where(sure, below, surely_below - DEVIANT)
    at_most = np.where(sure, up_to, perhaps_up_to + DEVIANT)
    return _Tails(areas, at_most, at_least, sure) if mirrored else _Tails(areas, at_least, at_most, sure)


def _limits(sets: _Sets, areas: Ints, lattice: Lattice) -> Ints:
    """Give four limits for each area: below the observed sum, up to it, surely below it, perhaps up to it."""
    low, high = lattice.losses(sets.size[areas])
    lost = sets.sums(lattice.rest)[areas]
    tied = np.floor(lattice.tie)
    below = np.ceil(-lattice.tie - np.maximum(high - lost, 0)) - 1
    up_to = np.floor(lattice.tie + np.maximum(lost - low, 0))
    steps = np.stack(np.broadcast_arrays(-tied - 1, tied, below, up_to), axis=1)
    limits: Ints = sets.sums(lattice.levels)[areas, None] + steps.astype(np.int64)
    return limits


def _count(sets: _Sets, left: Mask, limit: int) -> list[_Tails]:
    """Count sets, one area after the other, where that takes no more than so many sums of half sets."""
    half = len(sets.values) // 2
    observed = sets.sums(sets.values)
    counted = []
    for k in np.unique(sets.size[left]).tolist():
        areas = np.flatnonzero(left & (sets.size == k))
        to_add = accumulate(comb(half, j) * len(areas) for j in range(k + 1))
        if any(total > limit for total in to_add):
            continue
        tails = [_count_one(np.delete(sets.values, i), k, observed[i], sets.tie) for i in areas]
        at_least, at_most = np.array(tails).T
        counted.append(_Tails(areas, at_least, at_most, np.ones(len(areas), dtype=bool)))
    return counted


def _count_one(others: Floats, k: int, observed: float, tie: float) -> tuple[float, float]:
    """Share of all sets of k whose sum is at least, at most, the observed one.

    Every set is a set from one half and a set from the other, and the sums of those are sorted.

    References
    ----------
    Horowitz, E. & Sahni, S. (1974). Computing partitions with applications to the knapsack problem. Journal
    of the ACM 21(2), 277-292.
    """
    one, other = _sums_by_size(others[::2], k), _sums_by_size(others[1::2], k)
    at_least = at_most = 0
    for j in range(k + 1):
        few, many = sorted((one[j], other[k - j]), key=len)
        many = np.sort(many)
        at_least += len(few) * len(many) - int(np.searchsorted(many, observed - tie - few, "left").sum())
        at_most += int(np.searchsorted(many, observed + tie - few, "right").sum())
    total = comb(len(others), k)
    return at_least / total, at_most / total


def _sums_by_size(values: Floats, most: int) -> list[Floats]:
    """Sums of all sets of 0, 1, ... `most` of the values, in the order of their last members."""
    sums = [np.zeros(1)]
    for size in range(1, most + 1):
        longer = [sums[-1][: comb(last, size - 1)] + value for last, value in enumerate(values)]
        sums.append(np.concatenate([np.empty(0), *longer]))
    return sums


def _merge(values: Floats, tie: float) -> tuple[Floats, Ints]:
    """Make values that tie equal, and number the values that differ."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.concatenate([[True], np.diff(ordered) > tie])
    kind = np.empty(len(values), dtype=np.int64)
    kind[order] = np.cumsum(first) - 1
    return ordered[first][kind], kind


def _log_comb(n: NDArray[Any], k: NDArray[Any]) -> Floats:
    logs: Floats = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    return logs
