"""Conditional permutation tails without simulation: exact, or within 1 % and saying so.

Under conditional permutation, where the weights of a row are equal, the sum over the k neighbours of area *i* is
the sum of k values drawn without replacement from the other n - 1. Its distribution is worked out here: by counting
sets where they are few, else by Fourier transforms on a lattice (:mod:`geo.analysis.subset_sums`), as Pagano and
Tritchler (1983) did for permutation tests of linear statistics.

Values that are multiples of a unit (counts, rates printed with a decimal, two values) lie on their own lattice, and
nothing is lost. Others are rounded to a fine lattice, the observed neighbours like all others, so that equal sets stay
equal. Rounding moves a sum by at most k / 2 steps, so only sets that near to the observed sum can change sides. Their
probability, less that of the sets equal to the observed one, bounds the error of every p. Where it exceeds 1 % the
lattice is made finer and the farthest outliers are taken out and enumerated, then sets are counted if that is
affordable; where all that fails, the upper end of what p can be is given.

References
----------
Pagano, M. & Tritchler, D. (1983). On obtaining permutation distributions in polynomial time. Journal of the American
Statistical Association 78(382), 435-440.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import gammaln

from geo.analysis.permutation import TIE
from geo.analysis.subset_sums import CELLS, VANISHING, Floats, Ints, SubsetSums, points_held, window

P_FLOOR = 1e-12  # no p below is given: rounding errors of the transforms are about 1e-14
PRECISION = 0.01  # relative error allowed, ...
FROM = 1e-6  # ... of p from here up; below, that share of this
COARSE, FINE = 2**18, 2**20  # points of the lattice, first and where that is not enough
AT_ONCE, AT_LAST = 2**18, 2**22  # sums of half sets that are counted rather than transformed, or after that failed
DEVIANT = 1e-9  # share of sets whose rounding errors may add up to more than is reckoned with
OUTER = 6  # outliers that may be enumerated
SIZES = (15, 31, 63)  # sets up to, and above, these sizes have lattices of their own


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
        Binary: 1 where the column's area is a neighbour of the row's. Between 1 and n - 1 in every row, the area
        itself never among them.

    Returns
    -------
    Probabilities
        Two arrays of shape (n,). Sums closer than `TIE` times the sum of absolute deviations count as tied, and
        ties count in both tails. From 1e-6 up the error is at most 1 % of the smaller tail, or the value is
        too large, never too small. No value is below `P_FLOOR` or the probability of the observed values.

    Examples
    --------
    The largest of 5 values next to the second largest: 1 of the 4 others reaches it.

    >>> near = csr_array(np.array([[0, 1, 0, 0, 0], [1, 0, 1, 0, 0], [0, 1, 0, 1, 0], [0, 0, 1, 0, 1], [0, 0, 0, 1, 0]]))
    >>> tails = exact_tails(np.array([0.0, 1.0, 2.0, 3.0, 4.0]), near)
    >>> float(tails.at_least[4]), float(tails.at_most[4])
    (0.25, 1.0)
    """
    sets = _Sets(values, matrix)
    at_least, at_most = np.ones(len(values)), np.ones(len(values))
    left = sets.drawn > 0

    def settle(found: _Found) -> None:
        at_least[found.areas], at_most[found.areas] = found.at_least, found.at_most
        left[found.areas[found.sure]] = False

    for found in _count(sets, left, AT_ONCE):
        settle(found)
    for areas in _groups(sets.drawn, left):
        settle(_transform(sets, areas, COARSE))
    above, beneath = (sets.sums(sets.above(mirrored=m)) for m in (False, True))
    for points in (COARSE, FINE):
        for mirrored, near in ((False, above <= beneath), (True, above > beneath)):
            scale = _scale(beneath if mirrored else above, sets.tie)
            for one in np.unique(scale[left & near]):
                for areas in _groups(sets.drawn, left & near & (scale == one)):
                    settle(_transform(sets, areas, points, closely=True, mirrored=mirrored))
    for found in _count(sets, left, AT_LAST):
        settle(found)
    floor = np.maximum(sets.equal, P_FLOOR)
    at_least, at_most = np.clip(at_least, floor, 1.0), np.clip(at_most, floor, 1.0)
    at_least, at_most = np.where(sets.turned, (at_most, at_least), (at_least, at_most))
    return Probabilities(at_least, at_most)


class _Sets:
    """The sets drawn: the neighbours, or where these are the greater part the areas that are neither."""

    def __init__(self, values: Floats, matrix: csr_array) -> None:
        n = len(values)
        self.matrix = csr_array(matrix, dtype=np.int64)
        self.tie = TIE * float(np.abs(values - values.mean()).sum())
        self.values, self.kind = _merge(values, self.tie)
        near = np.diff(self.matrix.indptr).astype(np.int64)
        self.turned = 2 * near > n - 1
        self.drawn = np.where(self.turned, n - 1 - near, near)
        self.equal = self._equal(near)
        self.unit = _common_unit(np.unique(self.values), self.tie)

    def sums(self, of: NDArray[np.generic]) -> Floats:
        """Sum what is given over the set of each area."""
        near: Floats = self.matrix @ of
        return np.where(self.turned, of.sum() - of - near, near)

    def above(self, *, mirrored: bool) -> Floats:
        """Values as distances from the smallest one, or mirrored from the largest."""
        return self.values.max() - self.values if mirrored else self.values - self.values.min()

    def _equal(self, near: Ints) -> Floats:
        """Probability of drawing the very values that are observed: product of binomials over kinds."""
        n = len(self.values)
        kinds = csr_array((np.ones(n), (np.arange(n), self.kind)))
        used = csr_array(self.matrix @ kinds)
        row = np.repeat(np.arange(n), np.diff(used.indptr))
        there = np.bincount(self.kind)[used.indices] - (self.kind[row] == used.indices)
        ways = np.bincount(row, weights=_log_comb(there, used.data), minlength=n)
        return np.exp(ways - _log_comb(np.full(n, n - 1), near))


class _Found(NamedTuple):
    """Tails of some areas."""

    areas: Ints
    at_least: Floats
    at_most: Floats
    sure: NDArray[np.bool_]


def _groups(drawn: Ints, left: NDArray[np.bool_]) -> list[Ints]:
    """Areas whose sets are of similar size; each group has a lattice of its own."""
    part = np.searchsorted(SIZES, drawn)
    return [np.flatnonzero(left & (part == p)) for p in np.unique(part[left])]


def _scale(sums: Floats, tie: float) -> Ints:
    """Order of magnitude, to the base 4."""
    return np.floor(np.log2(np.maximum(sums, tie)) / 2).astype(np.int64)


def _transform(
    sets: _Sets, areas: Ints, points: int, *, closely: bool = False, mirrored: bool = False
) -> _Found:
    """Find tails on a lattice, and whether the sets that rounding may have moved matter."""
    drawn = sets.drawn[areas]
    values = sets.above(mirrored=mirrored)
    cap = float(sets.sums(values)[areas].max()) + sets.tie if closely else np.inf
    lattice = _lattice(sets, values, drawn, cap, points)
    observed = np.rint(sets.sums(lattice.levels)[areas]).astype(np.int64)
    lost = sets.sums(lattice.rest)[areas]
    low, high = lattice.losses(drawn)
    down = np.maximum(high - lost, 0) + lattice.tie
    up = np.maximum(lost - low, 0) + lattice.tie
    tied = np.floor(lattice.tie)
    limits = observed[:, None] + np.stack(
        np.broadcast_arrays(-tied - 1, tied, np.ceil(-down) - 1, np.floor(up)), axis=1
    )
    found = np.empty(limits.shape)
    for k in np.unique(drawn).tolist():
        own = drawn == k
        found[own] = lattice.at_most(k, areas[own], limits[own].astype(np.int64))
    below, up_to, surely_below, perhaps_up_to = found.T
    doubt = np.maximum(perhaps_up_to - surely_below - sets.equal[areas], 0) + DEVIANT
    smaller = np.minimum(1 - below, up_to)
    sure = (doubt <= PRECISION * np.maximum(smaller - doubt, FROM)) | (lattice.error == 0)
    at_least = 1 - np.where(sure, below, surely_below - DEVIANT)
    at_most = np.where(sure, up_to, perhaps_up_to + DEVIANT)
    return _Found(areas, at_most, at_least, sure) if mirrored else _Found(areas, at_least, at_most, sure)


class _Lattice(NamedTuple):
    """Values as whole numbers of steps from the smallest one."""

    levels: Ints
    """Steps of each value, rounded."""
    rest: Floats
    """What rounding left, in steps."""
    error: float
    """The largest of these among the areas that matter; 0 where no rounding took place."""
    tie: float
    """Distance of sums that tie, in steps."""
    matter: Ints
    """Areas that can be in a set whose sum matters."""
    outer: Ints
    """Outliers among them, that stay out of the transform and are enumerated."""
    inner: NDArray[np.bool_]
    """Areas in the transform."""
    sums: SubsetSums
    """Their sums."""

    def losses(self, drawn: Ints) -> tuple[Floats, Floats]:
        """Bound what rounding takes from the sum of so many values, save for a share `DEVIANT` of the sets.

        Bernstein's bound, or so many times the largest error.
        """
        rest = self.rest[self.matter]
        mean, spread, log = rest.mean(), np.abs(rest - rest.mean()).max(), np.log(2 / DEVIANT)
        mean_error = drawn * spread / (len(rest) - 1)  # one value is not drawn from
        part = log * 2 * spread / 3
        far = part / 2 + np.sqrt(part**2 / 4 + 2 * log * drawn * rest.var() * len(rest) / (len(rest) - 1))
        most = drawn * self.error
        return np.maximum(drawn * mean - mean_error - far, -most), np.minimum(drawn * mean + mean_error + far, most)

    def at_most(self, k: int, areas: Ints, limits: Ints) -> Floats:
        """Give the probability that the sum of k others does not exceed each limit, for each area."""
        n = len(self.levels)
        inner = self.inner[areas]
        found = np.zeros(limits.shape)
        for size in range(min(len(self.outer), k) + 1):
            for chosen in combinations(self.outer, size):
                moved = limits - self.levels[list(chosen)].sum()
                for own, among in ((inner, self.sums.n - 1), (~inner & ~np.isin(areas, chosen), self.sums.n)):
                    share = comb(among, k - size) / comb(n - 1, k)
                    if share < VANISHING or not own.any():
                        continue
                    without = self.levels[areas[own]] if among < self.sums.n else None
                    found[own] += share * self.sums.at_most(k - size, moved[own], without)
        return found


def _lattice(sets: _Sets, values: Floats, drawn: Ints, cap: float, points: int) -> _Lattice:
    """Choose the finest lattice of at most so many points that fits in memory, or the values' own.

    Where there is a cap, no sum above it matters, so values above it stay out.
    """
    n, least, most = len(values), int(drawn.min()), int(drawn.max())
    order = np.argsort(values, kind="stable")
    low = order[: max(2 * most + 1, int((values <= cap).sum()))]
    outer = _outer(values, low, most) if np.isfinite(cap) else low[:0]
    low = np.setdiff1d(low, outer)
    inner = np.zeros(n, dtype=bool)
    inner[low] = True
    matter = np.concatenate([low, outer])
    ends = window(values[low], most)
    width = float((ends[1] - ends[0]).max())
    points = min(points, points_held(len(low), max(1, least - len(outer)), most))
    while True:
        step = width / (0.99 * points - 2 * most - 8) or 1.0
        if sets.unit and width / sets.unit < points:
            step = sets.unit
        steps = values / step
        levels = np.rint(steps).astype(np.int64)
        rest = steps - levels
        error = float(np.abs(rest[matter]).max())
        if error * step <= sets.tie:
            rest, error = np.zeros(n), 0.0
        sums = SubsetSums(levels[low], max(1, least - len(outer)), most)
        if sums.cells <= CELLS or points <= COARSE // 64:
            return _Lattice(levels, rest, error, sets.tie / step, matter, outer, inner, sums)
        points //= 2


def _outer(values: Floats, low: Ints, most: int) -> Ints:
    """Choose outliers without which the sums of the other values have a much narrower window."""
    far = low[np.argsort(-np.abs(values[low] - np.median(values[low])), kind="stable")]
    cost = []
    for taken in range(max(0, min(OUTER, len(low) - max(most + 1, 2 * most - 8))) + 1):
        ends = window(values[np.setdiff1d(low, far[:taken])], most)
        cost.append(float((ends[1] - ends[0]).max()) * 1.5**taken)
    return far[: int(np.argmin(cost))]


def _count(sets: _Sets, left: NDArray[np.bool_], limit: int) -> list[_Found]:
    """Count sets, one area after the other, where that takes no more than so many sums of half sets."""
    half = len(sets.values) // 2
    observed = sets.sums(sets.values)
    found = []
    for k in np.unique(sets.drawn[left]).tolist():
        areas = np.flatnonzero(left & (sets.drawn == k))
        if sum(comb(half, j) for j in range(k + 1)) * len(areas) > limit:
            continue
        tails = [_count_one(np.delete(sets.values, i), k, observed[i], sets.tie) for i in areas]
        at_least, at_most = np.array(tails).T
        found.append(_Found(areas, at_least, at_most, np.ones(len(areas), dtype=bool)))
    return found


def _count_one(others: Floats, k: int, observed: float, tie: float) -> tuple[float, float]:
    """Share of all sets of k whose sum is at least, at most, the observed one.

    Every set is a set from one half and a set from the other, whose sums are sorted (Horowitz and Sahni 1974).
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
        sums.append(np.concatenate([np.empty(0), *longer[size - 1 :]]))
    return sums


def _merge(values: Floats, tie: float) -> tuple[Floats, Ints]:
    """Make values that tie equal, and number the values that differ."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.concatenate([[True], np.diff(ordered) > tie])
    kind = np.empty(len(values), dtype=np.int64)
    kind[order] = np.cumsum(first) - 1
    return ordered[first][kind], kind


def _common_unit(distinct: Floats, tie: float) -> float | None:
    """Find what all differences are multiples of, by Euclid's algorithm on neighbouring values."""
    if len(distinct) < 2:
        return None
    span = distinct[-1] - distinct[0]
    noise = 16 * np.finfo(float).eps * max(abs(distinct[0]), abs(distinct[-1]))
    gaps = np.diff(distinct)
    unit = gaps.min()
    while True:
        times = np.rint(gaps / unit)
        over = np.abs(gaps - times * unit)
        over = over[over > noise * (1 + times)]
        if len(over) == 0:
            break
        unit = over.min()
        if unit < span / 2**40:
            return None
    steps = np.rint((distinct - distinct[0]) / unit)
    unit = float(steps @ (distinct - distinct[0]) / (steps @ steps))
    steps = np.rint((distinct - distinct[0]) / unit)
    return unit if np.abs(distinct - distinct[0] - steps * unit).max() <= tie < unit / 100 else None


def _log_comb(n: NDArray[np.generic], k: NDArray[np.generic]) -> Floats:
    found: Floats = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    return found
