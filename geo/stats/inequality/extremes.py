"""What intervals of counts allow an index to be: its least value, and one that it cannot exceed.

Every index here is a function of the shares that falls, or stays, when events move from an area of higher
rate to one of lower (it respects the Lorenz order), and all maps where it is at most some value form a convex
set.

*Least.* Of all counts within the intervals that have a given total, those at one common rate, each moved to
the nearer end of its interval where that rate lies outside it, are the most even in every such sense at once.
So only the common rate is left to be searched, over which the index first falls and then rises: the least
value is exact, over all real numbers within the intervals (whole numbers can only lie above it).

*Greatest.* An index is greatest where every count is at one end of its interval, but which end is a question
of 2^n cases. Instead the largest share of the events that any part of the people of a given size can hold is
found for every size, areas being divisible; the curve of these shares lies above the Lorenz curve of every
map within the intervals, and what the index is on it is a bound from outside. Maps on the way to that curve
are real ones; the largest index among them is a value that is attained. Between the two the greatest value
lies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.model.numeric import Floats
from geo.stats.inequality.indices import gini_of, hoover_of, theil_of, top_of

Index = Callable[[Floats, Floats], Floats]

STEPS = (
    2048  # shares at which the outer curve is found, fewer over many areas: it lies at most 1/STEPS too high
)
FEWEST = 256
MANY = 256  # rates tried at once
CELLS = 2**21  # numbers held at a time
FINE = 8  # totals between two corners
GOLDEN = (5**0.5 - 1) / 2
NARROWINGS = 60  # to 3e-13 of the first bracket, beyond what the index itself can tell


@dataclass(frozen=True, kw_only=True)
class IndexBounds:
    """Between which values an index lies, given intervals of counts."""

    low: float
    """Its least value; exact over real numbers, so that no whole counts lie below."""
    high: float
    """A value that it cannot exceed."""
    attained: float
    """The greatest value found for whole counts; the greatest there is lies between it and `high`."""


def index_bounds(
    low: Floats, high: Floats, people: Floats, *, attained: bool = True
) -> dict[str, IndexBounds]:
    """Bound the Gini index, Hoover's and Theil's.

    Parameters
    ----------
    low, high : array of float, shape (n,)
        Ends of the intervals of counts, none infinite; some count can be above zero.
    people : array of float, shape (n,)
        Shares of people, adding up to one.
    attained : bool
        Whether the greatest value of whole counts is looked for, which takes most of the time.

    Returns
    -------
    dict of Bounds
        ``gini``, ``hoover``, ``theil``.

    Examples
    --------
    Two equal areas, of which one has 8 events and the other 2 to 4:

    >>> hoover = index_bounds(np.array([8.0, 2.0]), np.array([8.0, 4.0]), np.array([0.5, 0.5]))["hoover"]
    >>> round(hoover.low, 4), round(hoover.attained, 4), round(hoover.high, 3)
    (0.1667, 0.3, 0.3)
    """
    indices: dict[str, Index] = {"gini": gini_of, "hoover": hoover_of, "theil": theil_of}
    if (low == high).all():
        values = {name: float(index(low, people)[0]) for name, index in indices.items()}
        return {name: IndexBounds(low=value, high=value, attained=value) for name, value in values.items()}
    curve, corners = _outer(low, high, people)
    most = dict(zip(indices, _on_curve(curve), strict=True))
    maps = corners() if attained else []
    bounds = {}
    for name, index in indices.items():
        largest = _largest(maps, people, index) if attained else np.nan
        # Rounding must not put the outer bound below a value that is attained.
        most[name] = max(most[name], largest) if attained else most[name]
        bounds[name] = IndexBounds(low=_least(low, high, people, index), high=most[name], attained=largest)
    return bounds


def top_bounds(low: Floats, high: Floats, k: int) -> IndexBounds:
    """Bound the share of the k largest counts; both bounds are exact, the lower one over real numbers.

    Examples
    --------
    >>> top = top_bounds(np.array([8.0, 2.0, 0.0]), np.array([8.0, 4.0, 4.0]), 1)
    >>> top.low, top.high
    (0.5, 0.8)
    """
    k = min(k, len(low))
    share, before = 0.0, -1.0
    while before < share < 1:
        # Of what is asked for, more can be had only by other areas: each step finds better ones, or stops.
        before = share
        worth = (1 - share) * high + share * low
        chosen = np.zeros(len(low), dtype=bool)
        chosen[np.argsort(-worth, kind="stable")[:k]] = True
        share = max(share, float(high[chosen].sum() / (high[chosen].sum() + low[~chosen].sum())))
    equal = np.full(len(low), 1 / len(low))
    least = _least(low, high, equal, lambda count, _: top_of(count, k))
    return IndexBounds(low=least, high=share, attained=share)


def even_counts(low: Floats, high: Floats, people: Floats) -> Floats:
    """Give the most even counts within the intervals, for totals from the least to the greatest.

    Returns
    -------
    array of float, shape (totals, n)

    Examples
    --------
    >>> even_counts(np.array([8.0, 2.0]), np.array([8.0, 4.0]), np.array([0.5, 0.5]))[[0, -1]].tolist()
    [[8.0, 2.0], [8.0, 4.0]]
    """
    free = low < high
    corners = np.unique(np.append((low / people)[free], (high / people)[free]))
    if not len(corners):
        return np.atleast_2d(low)
    steps = np.linspace(0, 1, FINE, endpoint=False)
    between = (corners[:-1, None] + np.diff(corners)[:, None] * steps).ravel()
    if len(between) > CELLS // len(low):
        between = between[:: len(between) * len(low) // CELLS + 1]
    rates = np.append(between, corners[-1])
    return np.asarray(np.clip(people * rates[:, None], low, high))


def _least(low: Floats, high: Floats, weight: Floats, index: Index) -> float:
    """Search the common rate at which the index is least."""

    def at(rates: Floats) -> Floats:
        parts = [
            index(np.clip(weight * part[:, None], low, high), weight)
            for part in np.array_split(rates, len(rates) * len(low) // CELLS + 1)
        ]
        return np.nan_to_num(np.concatenate(parts), nan=np.inf) if len(rates) else rates

    free = low < high
    corners = np.unique(np.append((low / weight)[free], (high / weight)[free]))
    if not len(corners):
        return float(index(low, weight)[0])
    while len(corners) > MANY:
        # What first falls and then rises is least between the corners beside the least of some of them.
        some = np.unique(np.linspace(0, len(corners) - 1, MANY // 2).astype(np.int64))
        values = at(corners[some])
        best = np.flatnonzero(values <= values.min() + 1e-12)
        first, last = some[max(best[0] - 1, 0)], some[min(best[-1] + 1, len(some) - 1)]
        if last - first + 1 == len(corners):
            break
        corners = corners[first : last + 1]
    values = at(corners)
    # Between two corners the index changes smoothly or not at all; its least value is beside a least corner.
    best = np.flatnonzero(values <= values.min() + 1e-12)
    beside = np.unique(np.append(best, best - 1))
    beside = beside[(beside >= 0) & (beside < len(corners) - 1)]
    left, right = corners[beside], corners[beside + 1]
    one, other = right - GOLDEN * (right - left), left + GOLDEN * (right - left)
    first, second = at(one), at(other)
    for _ in range(NARROWINGS):
        falls = first > second
        left, right = np.where(falls, one, left), np.where(falls, right, other)
        # One of the two inner points is an inner point of the narrower bracket too.
        new = np.where(falls, left + GOLDEN * (right - left), right - GOLDEN * (right - left))
        value = at(new)
        one, other = np.where(falls, other, new), np.where(falls, new, one)
        first, second = np.where(falls, second, value), np.where(falls, value, first)
    return float(min(values.min(), at((left + right) / 2).min(initial=np.inf)))


def _outer(low: Floats, high: Floats, people: Floats) -> tuple[Floats, Callable[[], list[Floats]]]:
    """Give the outer curve, people and events from the highest rate down, and maps on the way to it.

    The part of the people that must be taken to hold a share s of the events is least where areas are taken
    in the order of ((1 - s) high + s low) / people until these worths add up to s times the sum of `low`.
    """
    steps = max(FEWEST, min(STEPS, 4 * CELLS // len(low)))
    points, blocks = [], []
    shares = np.arange(steps) / steps
    others = low.sum() - low
    steepest = float(
        np.max(np.divide(high, people * (high + others), where=high > 0, out=np.zeros_like(high)))
    )
    for part in np.array_split(shares, steps * len(low) // CELLS + 1):
        s = part[:, None]
        worth = (1 - s) * high + s * low
        order = np.argsort(-worth / people, axis=1, kind="stable")
        gained = np.cumsum(np.take_along_axis(worth, order, axis=1), axis=1)
        wanted = s * low.sum()
        reached = np.minimum((gained < wanted - 1e-12 * low.sum()).sum(axis=1), len(low) - 1)
        row = np.arange(len(part))
        before = np.cumsum(people[order], axis=1)[row, reached] - people[order][row, reached]
        last = np.take_along_axis(worth, order, axis=1)[row, reached]
        missing = wanted[:, 0] - (gained[row, reached] - last)
        rest = np.clip(np.divide(missing, last, out=np.zeros_like(last), where=last > 0), 0, 1)
        held = before + rest * people[order][row, reached]
        # Until the next share is reached the curve lies below it, and nowhere is it steeper than any area.
        points.append(np.column_stack([np.maximum(held, (part + 1 / steps) / steepest), part + 1 / steps]))
        blocks.append((order, reached))

    def corners() -> list[Floats]:
        return [_maps(order, reached, low, high) for order, reached in blocks]

    curve = np.vstack([[0.0, 0.0], np.clip(np.vstack(points), 0, 1), [1.0, 1.0]])
    return _hull(curve), corners


def _maps(order: NDArray[np.int64], reached: NDArray[np.int64], low: Floats, high: Floats) -> Floats:
    """Put the areas first in each order at their highest count, with and without the one cut in two."""
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(order.shape[1])[None, :], axis=1)
    with_it = np.where(place <= reached[:, None], high, low)
    without = np.where(place < reached[:, None], high, low)
    both = np.vstack([with_it, without])
    # One step often gives the maps of the step before.
    new = np.ones(len(both), dtype=bool)
    new[1:] = (both[1:] != both[:-1]).any(axis=1)
    return both[new]


def _largest(maps: list[Floats], people: Floats, index: Index) -> float:
    return float(max(np.nanmax(index(block, people)) for block in maps))


def _hull(curve: Floats) -> Floats:
    """Take the upper concave hull of points that rise: a Lorenz curve, seen from the highest rate."""
    kept: list[tuple[float, float]] = []
    for x, y in curve[np.lexsort([curve[:, 1], curve[:, 0]])]:
        while len(kept) > 1 and (kept[-1][1] - kept[-2][1]) * (x - kept[-2][0]) <= (y - kept[-2][1]) * (
            kept[-1][0] - kept[-2][0]
        ):
            kept.pop()
        kept.append((float(x), float(y)))
    return np.array(kept)


def _on_curve(curve: Floats) -> tuple[float, float, float]:
    """Give the Gini index, Hoover's and Theil's of a curve."""
    width, height = np.diff(curve, axis=0).T
    middle = (curve[1:, 1] + curve[:-1, 1]) / 2
    gini = 2 * float((width * middle).sum()) - 1
    some = height > 0
    theil = float((height[some] * np.log(height[some] / width[some])).sum())
    return gini, float((curve[:, 1] - curve[:, 0]).max()), theil
