"""Values as whole numbers of steps, what rounding them does to sums, and how the sums are distributed."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np

from geo.model.numeric import Floats, Ints, Mask
from geo.stats.engine.subset_sums import CELLS, VANISHING, SubsetSums, points_held, window

OUTLIERS = 6  # at most so many are enumerated
DEVIANT = 1e-9  # share of sets whose rounding errors may add up to more than is reckoned with
FEWEST = 2**12  # points that a lattice may have whatever memory it takes


class Lattice(NamedTuple):
    """Values as whole numbers of steps from the smallest one."""

    levels: Ints
    """Steps of each value, rounded."""
    rest: Floats
    """What rounding left, in steps."""
    error: float
    """The largest of these that matters; 0 where no rounding took place."""
    tie: float
    """Distance at which sums tie, in steps."""
    matter: Mask
    """Areas that can be in a set whose sum matters."""
    outer: Ints
    """Those of them, outliers, that are enumerated."""
    inner: Mask
    """The others of them."""
    sums: SubsetSums
    """Sums of the levels of these."""

    def losses(self, drawn: Ints) -> tuple[Floats, Floats]:
        """Bound what rounding takes from the sum of so many values, save in a share `DEVIANT` of the sets.

        The largest error times the number, or Bernstein's bound, which holds without replacement too.
        """
        rest = self.rest[self.matter]
        n, spread, log = len(rest), np.abs(rest - rest.mean()).max(), np.log(2 / DEVIANT)
        linear = spread * log / 3
        far = linear + np.sqrt(linear**2 + 2 * log * drawn * rest.var() * n / (n - 1))
        far += drawn * spread / (n - 1)  # the mean moves by so much where one area is not drawn from
        return (
            np.maximum(drawn * rest.mean() - far, -drawn * self.error),
            np.minimum(drawn * rest.mean() + far, drawn * self.error),
        )

    def at_most(self, k: int, areas: Ints, limits: Ints) -> Floats:
        """Give the probability that the sum of k others does not exceed each limit, for each area.

        Parameters
        ----------
        k : int
            Values drawn.
        areas : array of int, shape (q,)
            Areas whose own value is not among those drawn from.
        limits : array of int, shape (q, t)
            Several limits for each, in steps.

        Returns
        -------
        array of float, shape (q, t)
        """
        n, inner = len(self.levels), self.inner[areas]
        probability = np.zeros(limits.shape)
        for size in range(min(len(self.outer), k) + 1):
            for chosen in combinations(self.outer.tolist(), size):
                moved = limits - self.levels[list(chosen)].sum()
                free = ~inner & ~np.isin(areas, chosen)
                for own, others in ((inner, self.sums.n - 1), (free, self.sums.n)):
                    share = comb(others, k - size) / comb(n - 1, k)
                    if share > VANISHING and own.any():
                        without = self.levels[areas[own]] if own is inner else None
                        probability[own] += share * self.sums.at_most(k - size, moved[own], without)
        return probability


def make_lattice(
    values: Floats, drawn: Ints, points: int, *, tie: float, unit: float | None = None, cap: float = np.inf
) -> Lattice:
    """Choose the finest lattice of at most so many points that fits in memory, or the values' own.

    Parameters
    ----------
    values : array of float, shape (n,)
        Values from 0 up.
    drawn : array of int
        Sizes of the sets that matter, each from 1 to n / 2.
    points : int
        A power of 2.
    tie : float
        Distance at which sums tie.
    unit : float, optional
        What all values are multiples of.
    cap : float
        No sum above it matters, and so no value does. If given, outliers below it may be enumerated.

    Examples
    --------
    Rounded to a lattice, or on their own.

    >>> values, sizes = np.arange(20) ** 0.5, np.array([2, 3])
    >>> make_lattice(values, sizes, 2**12, tie=1e-9).error < 0.5
    True
    >>> own = make_lattice(np.arange(20) * 0.1, sizes, 2**12, tie=1e-9, unit=0.1)
    >>> own.levels[-1].tolist(), own.error
    (19, 0.0)
    """
    least, most = int(drawn.min()), int(drawn.max())
    fewest = min(2 * most, len(values) - 1)
    matter = values <= max(cap, np.partition(values, fewest)[fewest])
    outer = _outliers(values, matter, most) if np.isfinite(cap) else np.empty(0, dtype=np.int64)
    inner = matter.copy()
    inner[outer] = False
    least = max(1, least - len(outer))
    points = min(points, points_held(int(inner.sum()), least, most))
    values = np.minimum(values, values[matter].max())
    width = _width(values[inner], most)
    while True:
        # A little room, since the window of what is rounded is not quite that of the values.
        step = max(width / (0.98 * points), tie / 16) or 1.0
        if unit and width / unit < points:
            step = unit
        levels = np.rint(values / step).astype(np.int64)
        rest = values / step - levels
        error = float(np.abs(rest[matter]).max())
        if error * step <= tie:
            rest, error = np.zeros(len(values)), 0.0
        sums = SubsetSums(levels[inner], least, most)
        if sums.cells <= CELLS or points <= FEWEST:
            return Lattice(levels, rest, error, tie / step, matter, outer, inner, sums)
        points //= 2


def common_unit(distinct: Floats, tie: float) -> float | None:
    """Find what all differences are multiples of, by Euclid's algorithm on those of neighbouring values.

    Parameters
    ----------
    distinct : array of float
        Values that differ, ascending.
    tie : float
        Distance at which values are the same.

    Returns
    -------
    float or None
        The unit; None if there is none, or too small to be told from rounding.

    Examples
    --------
    >>> unit = common_unit(np.array([0.3, 1.5, 2.1]), 1e-12)
    >>> round(unit, 9), common_unit(np.array([0, 1, 2**0.5, 3**0.5]), 1e-12)
    (0.6, None)
    """
    if len(distinct) < 2:
        return None
    from_first, left = distinct - distinct[0], np.diff(distinct)
    while True:
        unit = left.min()
        if unit <= 100 * tie:
            return None
        times = np.rint(from_first / unit)
        fitted = times @ from_first / (times @ times)
        if np.abs(from_first - np.rint(from_first / fitted) * fitted).max() <= tie:
            return float(fitted)
        over = np.abs(left - np.rint(left / unit) * unit)
        left = np.append(over[over > tie + 1e-6 * unit], unit)  # what is smaller is rounding
        if len(left) == 1:
            return None


def _outliers(values: Floats, matter: Mask, most: int) -> Ints:
    """Choose the outliers without which the window of sums is so much narrower that it pays."""
    there = np.flatnonzero(matter)
    spare = max(0, min(OUTLIERS, len(there) - max(most + 1, 2 * most - 8)))
    distance = np.abs(values[there] - np.median(values[there]))
    far = np.argpartition(-distance, spare)[: spare + 1]
    far = far[np.argsort(-distance[far], kind="stable")][:spare]
    widths = [_width(np.delete(values[there], far[:taken]), most) for taken in range(spare + 1)]
    return there[far[: int(np.argmin(np.array(widths) * 1.5 ** np.arange(spare + 1)))]]


def _width(values: Floats, most: int) -> float:
    low, high = window(values, most)
    return float((high - low).max())
