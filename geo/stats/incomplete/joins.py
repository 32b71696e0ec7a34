"""How many neighbours can there be among the areas of highest rate, when counts are only bounded?

A set of k areas can be the one of highest rates if a threshold exists that all its members may reach and
all others may stay at or below. Members, pairs of neighbours both in the set and the threshold make one
linear programme in whole numbers. It is solved by branch and bound, whose own two bounds are the answer
where it stops before they meet: a set that was found, and what no set can exceed.

References
----------
Huangfu, Q. & Hall, J. A. J. (2018). Parallelizing the dual revised simplex method. Mathematical Programming
Computation 10(1), 119-142 (HiGHS, which solves it).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.model.numeric import Floats, Ints
from geo.stats.rates.highest import TOP_SHARE

NODES = 200  # of branch and bound, after which its bounds are taken as they are: the same on every machine
MOST_FREE = 500  # areas whose place is open, beyond which no programme is solved
ROUNDING = 1e-6


class JoinBounds(NamedTuple):
    """Fewest and most joins that a set of highest rates can have."""

    low: int
    """No possible set has fewer."""
    low_found: int
    """A possible set has so many; equal to `low` where that is exact."""
    high: int
    """No possible set has more."""
    high_found: int
    """A possible set has so many; equal to `high` where that is exact."""


def top_set(low: Floats, high: Floats, size: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which areas surely, and which possibly, are among the `size` of highest rate.

    Parameters
    ----------
    low, high : array of float, shape (n,)
        Ends of the rates. Equal rates may take either order.
    size : int

    Examples
    --------
    >>> [members.tolist() for members in top_set(np.array([5.0, 3, 0, 0]), np.array([5.0, 3, 4, 1]), 2)]
    [[True, False, False, False], [True, True, True, False]]
    """
    n = len(low)
    # An area is surely in where fewer than `size` others may reach it, possibly where fewer surely exceed it.
    reach = n - np.searchsorted(np.sort(high), low, side="left") - 1
    exceed = n - np.searchsorted(np.sort(low), high, side="right")
    return reach < size, exceed < size


def settled_size(low: Floats, high: Floats) -> int:
    """Give the size of the largest set of highest rates that is settled, of a tenth of the areas at most.

    Where none of two or more is, a tenth.

    Examples
    --------
    >>> high = np.r_[9, 8, np.full(28, 5)].astype(float)
    >>> settled_size(np.r_[9, 8, np.zeros(28)], high)
    2
    """
    most = max(2, int(np.ceil(TOP_SHARE * len(low))))
    for size in range(most, 1, -1):
        if top_set(low, high, size)[0].sum() == size:
            return size
    return most


def bound_joins(low: Floats, high: Floats, first: Ints, second: Ints, size: int) -> JoinBounds:
    """Bound the joins of the set of highest rates over all counts within the intervals.

    Parameters
    ----------
    low, high : array of float, shape (n,)
        Ends of the areas' rates; infinite where there is no upper end.
    first, second : array of int
        Pairs of neighbours, each once.
    size : int
        Areas in the set, between 1 and n.

    Examples
    --------
    Two areas are known to be high, one of three others is the third; they lie in a row.

    >>> low, high = np.array([9.0, 9, 0, 0, 0]), np.array([9.0, 9, 5, 5, 5])
    >>> tuple(bound_joins(low, high, np.arange(4), np.arange(1, 5), 3))
    (1, 1, 2, 2)
    """
    surely, possibly = top_set(low, high, size)
    free = np.flatnonzero(possibly & ~surely)
    if len(free) == 0 or surely.sum() == size:
        joins = int((surely[first] & surely[second]).sum())
        return JoinBounds(joins, joins, joins, joins)
    problem = _Problem(low, high, first, second, size, surely, free)
    if len(free) > MOST_FREE:
        joins = problem.any_joins()
        return JoinBounds(problem.known, joins, _most_joins(surely, possibly, first, second, size), joins)
    (low_found, lowest), (high_found, highest) = (problem.solve(sign) for sign in (1, -1))
    return JoinBounds(lowest, low_found, highest, high_found)


def _most_joins(
    surely: NDArray[np.bool_], possibly: NDArray[np.bool_], first: Ints, second: Ints, size: int
) -> int:
    """Bound the joins of a set by those of its members with most neighbours, each pair having two ends."""
    pairs = possibly[first] & possibly[second]
    degree = np.bincount(np.append(first[pairs], second[pairs]), minlength=len(surely))
    free = np.sort(degree[possibly & ~surely])[::-1]
    ends = degree[surely].sum() + free[: size - int(surely.sum())].sum()
    return min(int(pairs.sum()), int(ends) // 2)


class _Problem:
    """Variables in order: free areas, pairs of which at least one end is free, steps of the threshold."""

    def __init__(
        self,
        low: Floats,
        high: Floats,
        first: Ints,
        second: Ints,
        size: int,
        surely: NDArray[np.bool_],
        free: Ints,
    ) -> None:
        place = np.full(len(low), -1)
        place[free] = np.arange(len(free))
        inside = (place >= 0) | surely
        pairs = inside[first] & inside[second] & ((place[first] >= 0) | (place[second] >= 0))
        self.ends = place[np.stack([first[pairs], second[pairs]])]
        self.known = int((surely[first] & surely[second]).sum())
        self.free, self.left = len(free), size - int(surely.sum())
        # The threshold lies at or above step t: monotone in t. Members stay below the first step above their
        # upper end, those left out reach the step of their lower end.
        steps = np.unique(low[free])
        self.over = np.searchsorted(steps, high[free], side="right")
        self.under = np.searchsorted(steps, low[free], side="left")
        self.steps = len(steps)

    def solve(self, sign: int) -> tuple[int, int]:
        """Give the best number of joins found, and the bound on it; lowest with sign 1, highest with -1."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        pairs, n = self.ends.shape[1], self.free + self.ends.shape[1] + self.steps
        cost = np.zeros(n)
        cost[self.free : self.free + pairs] = sign
        rows, limits = self._rows(sign)
        more = [LinearConstraint(rows, -np.inf, limits)] if len(limits) else []
        # Pairs and steps are whole of themselves where areas are.
        whole = (np.arange(n) < self.free).astype(int)
        # HiGHS as older SciPy calls it takes indices of 32 bits only.
        ends = np.array([0, self.free], dtype=np.int32)
        equal = csr_array((np.ones(self.free), np.arange(self.free, dtype=np.int32), ends), (1, n))
        solution = milp(
            cost,
            integrality=whole,
            bounds=Bounds(0, 1),
            constraints=[LinearConstraint(equal, self.left, self.left), *more],
            options={"node_limit": NODES},
        )
        bound = solution.mip_dual_bound if solution.mip_dual_bound is not None else solution.fun
        best = self.known + round(sign * solution.fun) if solution.x is not None else self.any_joins()
        outer = np.ceil(bound - ROUNDING) if sign > 0 else np.floor(-bound + ROUNDING)
        return int(best), self.known + int(outer)

    def any_joins(self) -> int:
        """Joins of a possible set, where none was found better: the areas that may be highest of all."""
        order = np.lexsort([-self.under, -self.over])
        chosen = np.zeros(self.free, dtype=bool)
        chosen[order[: self.left]] = True
        member = np.append(chosen, True)  # an end that is surely in has place -1
        return self.known + int((member[self.ends[0]] & member[self.ends[1]]).sum())

    def _rows(self, sign: int) -> tuple[csr_array, Floats]:
        """Inequalities, one a row: at most the limit."""
        rows: list[tuple[dict[int, float], float]] = []
        step = self.free + self.ends.shape[1]
        for at, (one, other) in enumerate(self.ends.T.tolist()):
            members = [end for end in (one, other) if end >= 0]
            if sign > 0:  # a pair counts if both ends do
                both = {self.free + at: -1.0, **dict.fromkeys(members, 1.0)}
                rows.append((both, float(len(members) - 1)))
            else:  # and only then
                rows += [({self.free + at: 1.0, end: -1.0}, 0.0) for end in members]
        for area in range(self.free):
            if self.over[area] < self.steps:
                rows.append(({area: 1.0, step + int(self.over[area]): 1.0}, 1.0))
            if self.under[area] > 0:  # the lowest step is reached anyway
                rows.append(({area: -1.0, step + int(self.under[area]): -1.0}, -1.0))
        rows += [({step + t + 1: 1.0, step + t: -1.0}, 0.0) for t in range(self.steps - 1)]
        row = [at for at, (entries, _) in enumerate(rows) for _ in entries]
        column = [place for entries, _ in rows for place in entries]
        value = [entry for entries, _ in rows for entry in entries.values()]
        shape = (len(rows), step + self.steps)
        return csr_array((value, (row, column)), shape), np.array([limit for _, limit in rows])
