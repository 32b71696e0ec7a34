"""Between which values can Moran's I of standardised rates lie, when counts are only bounded?

Inner bounds are values that some counts within the intervals do give, found by search. Outer bounds are
values that none can pass, by relaxation: every standardised rate lies in a box, which follows from the
intervals, and the values of the box in an ellipsoid around it; over an ellipsoid the extreme of a ratio of
quadratic forms is known (the S-lemma). Where the boxes are wide the extreme eigenvalues of the weights are
the better bound: no values whatever have a Moran's I beyond them.

References
----------
Pólik, I. & Terlaky, T. (2007). A survey of the S-lemma. SIAM Review 49(3), 371-418.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.errors import StatisticError
from geo.model.numeric import Floats

ROUNDS = 60  # of improving counts
STARTS = 4
BISECTIONS = 14
SEARCHES = 12  # of the size of the weights
MOST_DENSE = 1500  # areas up to which matrices are worked out; beyond, outer bounds are wider
TRIED = 512  # areas whose own move is tried in a round


class MoranBounds(NamedTuple):
    """Smallest and largest value."""

    low: float
    """None is smaller."""
    low_found: float
    """Some counts give this value."""
    high: float
    high_found: float


def bound_moran(low: Floats, high: Floats, people: Floats, matrix: csr_array, *, rng: int) -> MoranBounds:
    """Bound Moran's I of empirical-Bayes standardised rates over all counts within the intervals.

    Parameters
    ----------
    low, high : array of float, shape (n,)
        Ends of the counts; infinite where there is no upper end.
    people : array of float, shape (n,)
        Inhabitants.
    matrix : csr_array, shape (n, n)
        1 for neighbours; every area has one.
    rng : int
        Seed of the starting points of the search.

    Raises
    ------
    StatisticError
        If no counts are found under which rates differ.

    Examples
    --------
    >>> ring = csr_array(np.roll(np.eye(8), 1, axis=0) + np.roll(np.eye(8), 1, axis=1))
    >>> low = np.array([9.0, 9, 8, 0, 1, 0, 2, 8])
    >>> bounds = bound_moran(low, low + np.array([0, 0, 0, 2, 0, 0, 0, 0]), np.full(8, 100.0), ring, rng=0)
    >>> bounds.low <= bounds.low_found < bounds.high_found <= bounds.high
    True
    """
    weights = (matrix.multiply(1 / np.diff(matrix.indptr)[:, None])).tocsr()
    open_ = np.flatnonzero(high > low)
    top = _highest(low, high, people)
    attained = [_search(low, top, people, weights, open_, sign, rng) for sign in (-1, 1)]
    if not np.isfinite(attained).all():
        raise StatisticError(
            "bounds of Moran's I need rates that may differ",
            f"{len(low)} areas on which no counts were found that do",
            "check the counts",
        )
    if len(open_) == 0:
        return MoranBounds(attained[0], attained[0], attained[1], attained[1])
    outer = _outer(weights, _box(low, high, people), attained)
    # What is attained is possible, whatever rounding made of the outer bound.
    return MoranBounds(min(-outer[0], attained[0]), attained[0], max(outer[1], attained[1]), attained[1])


def moran_of(counts: Floats, people: Floats, weights: csr_array) -> Floats:
    """Moran's I of the standardised rates of every column of counts.

    Columns whose rates are all equal, or all zero, have none: NaN.
    """
    total = counts.sum(axis=0)
    mean = total / people.sum()
    rate = counts / people[:, None]
    variance = people @ (rate - mean) ** 2 / people.sum()
    between = np.maximum(variance - mean / people.mean(), 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (rate - mean) / np.sqrt(between + mean / people[:, None])
        z = z - z.mean(axis=0)
        return np.asarray(np.einsum("ij,ij->j", z, weights @ z) / (z**2).sum(axis=0))


def _highest(low: Floats, high: Floats, people: Floats) -> Floats:
    """Replace infinite ends by the count at the highest rate that is named anywhere: search stays inside."""
    finite = np.isfinite(high)
    rate = max((high[finite] / people[finite]).max(initial=0.0), (low / people).max())
    return np.where(finite, high, np.maximum(low, np.ceil(rate * people)))


def _search(
    low: Floats,
    high: Floats,
    people: Floats,
    weights: csr_array,
    open_: NDArray[np.int64],
    sign: int,
    rng: int,
) -> float:
    """Climb from several starts, moving at once the areas whose own move gains most."""
    generator = np.random.default_rng([rng, len(low)])
    starts = [low.copy(), high.copy()]
    for _ in range(STARTS - 2):
        starts.append(np.where(generator.random(len(low)) < 0.5, low, high))
    best = -np.inf
    for point in starts:
        level = _level(point, people, weights, sign)
        share = 0.5
        for _ in range(ROUNDS):
            if len(open_) == 0 or share * len(open_) < 0.5:
                break
            ends = np.where(point == low, high, low)
            some = open_ if len(open_) <= TRIED else generator.choice(open_, TRIED, replace=False)
            tried = np.repeat(point[:, None], len(some), axis=1)
            tried[some, np.arange(len(some))] = ends[some]
            alone = np.nan_to_num(sign * moran_of(tried, people, weights), nan=-np.inf)
            order = np.argsort(-alone, kind="stable")[: max(1, int(share * (alone > level).sum()))]
            if alone[order[0]] <= level:
                break
            moved = point.copy()
            moved[some[order]] = ends[some[order]]
            reached = _level(moved, people, weights, sign)
            if reached <= level:  # together they do not gain: fewer at a time
                moved = tried[:, order[0]]
                reached, share = float(alone[order[0]]), share / 2
            point, level = moved, reached
        best = max(best, level)
    return float(sign * best)


def _level(counts: Floats, people: Floats, weights: csr_array, sign: int) -> float:
    level = sign * float(moran_of(counts[:, None], people, weights)[0])
    return level if np.isfinite(level) else -np.inf


def _box(low: Floats, high: Floats, people: Floats) -> tuple[Floats, Floats] | None:
    """Middle and half width of each standardised rate, up to a common factor; None where one has no end.

    Moran's I does not change when all values are multiplied, so that (rate - b) / sqrt(1 + (b / a) / people)
    serves as well, with the intervals of the overall rate b and of the variance a between areas.
    """
    if not np.isfinite(high).all():
        return None
    whole = people.sum()
    mean = np.array([low.sum(), high.sum()]) / whole
    squares = np.array([(low**2 / people).sum(), (high**2 / people).sum()]) / whole
    between = np.array([squares[0] - mean[1] ** 2 - mean[1] / people.mean(), squares[1] - mean[0] ** 2])
    if between[0] <= 0 or mean[0] <= 0:
        return None
    ratio = np.array([mean[0] / between[1], mean[1] / between[0]])
    bottom, top = low / people - mean[1], high / people - mean[0]
    scale = np.sqrt(1 + ratio[:, None] / people)
    least = np.where(bottom < 0, bottom / scale[0], bottom / scale[1])
    most = np.where(top > 0, top / scale[0], top / scale[1])
    return (least + most) / 2, (most - least) / 2


def _outer(weights: csr_array, box: tuple[Floats, Floats] | None, attained: list[float]) -> list[float]:
    """Give values that the ratio of forms cannot pass, downwards with the sign turned, and upwards."""
    n = weights.shape[0]
    either = (weights + weights.T) / 2
    if n > MOST_DENSE:  # no value is larger than the sum of a row
        limit = float(np.asarray(abs(either).sum(axis=1)).max())
        return [limit, limit]
    centring = np.eye(n) - 1 / n
    quadratic = centring @ either.toarray() @ centring
    values = np.linalg.eigvalsh(quadratic)
    limits = [-float(values[0]), float(values[-1])]
    if box is None:
        return limits
    return [
        _least_out_of_reach(sign * quadratic, centring, box, sign * inner, limit)
        for sign, inner, limit in zip((-1, 1), attained, limits, strict=True)
    ]


def _least_out_of_reach(
    quadratic: Floats, centring: Floats, box: tuple[Floats, Floats], inner: float, limit: float
) -> float:
    """Find the smallest value that can be shown not to be reached, between one that is and the limit."""
    low, high = inner, limit
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if _cannot_reach(quadratic - middle * centring, box, limit - middle):
            high = middle
        else:
            low = middle
    return high


def _cannot_reach(form: Floats, box: tuple[Floats, Floats], largest: float) -> bool:
    """Whether a form is surely negative on an ellipsoid around the box, whose weights may be chosen.

    x'Qx <= x'Qx + sum d (w² - (x - m)²) within the box, for weights d of zero and more; where Q - diag(d) is
    negative definite the right side has one maximum, which is known. Weights are the larger the narrower the
    box (of several powers of the width, the inverse did best).

    Parameters
    ----------
    form : array of float, shape (n, n)
        Q.
    box : tuple of array of float, shape (n,)
        Middle m and half width w.
    largest : float
        Eigenvalue that Q does not exceed.
    """
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    middle, width = box
    shape = 1 / (width + 1e-3 * width.max())
    for factor in np.geomspace(1e-2, 1e2, SEARCHES):
        weight = max(largest, 1e-9) * factor * shape / shape.min()
        try:
            factored = cho_factor(np.diag(weight) - form)
        except LinAlgError:
            continue
        pulled = weight * middle
        most = weight @ width**2 - pulled @ middle + pulled @ cho_solve(factored, pulled)
        if most < 0:
            return True
    return False
