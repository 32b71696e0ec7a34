"""What incomplete counts allow without any model: the values that ranks, totals and tests can take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.numeric import Floats
from geo.model.uncertainty import Bound, Bounds
from geo.stats.engine.permutation import check_options
from geo.stats.incomplete.intervals import Intervals, take_intervals
from geo.stats.incomplete.joins import bound_joins, settled_size, top_set
from geo.stats.incomplete.moran import bound_moran
from geo.stats.rates.crude import PER
from geo.stats.weights.adjacency import adjacent, neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph


def bounds(
    counts: pd.DataFrame,
    population: pd.Series,
    graph: Graph,
    *,
    size: int | None = None,
    unbounded: bool = False,
    rng: int = 0,
) -> Bounds:
    """Give the values that figures and statistics can take, whatever the counts within their intervals.

    No model, no chance: what is said holds for every table that agrees with what is known.

    Parameters
    ----------
    counts : DataFrame
        ``low`` and ``high`` by area; missing where nothing is known of that end.
    population : Series
        Inhabitants by area.
    graph : libpysal.graph.Graph
        Contiguity. Areas without a neighbour take no part in the join count and in Moran's I.
    size : int, optional
        Areas in the set of highest rates. By default as many as are settled, a tenth at most; else a tenth.
    unbounded : bool
        Whether to forget the limit of areas that a list of highest rates leaves out.
    rng : int
        Seed of the search for extreme values of Moran's I.

    Returns
    -------
    Bounds

    Raises
    ------
    StatisticError
        If fewer than three areas have a neighbour, rates cannot differ, or the size is no set's.

    References
    ----------
    Manski, C. F. (2003). Partial Identification of Probability Distributions. Springer.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> counts = pd.DataFrame({"low": [9, 8, 0, 0, 3], "high": [9, 8, 5, 5, 3]})
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(4)], range(5))
    >>> bounded = bounds(counts, pd.Series([1_000] * 5), graph, size=3)
    >>> bounded.areas["rank_worst"].tolist(), bounded.total.high
    ([1, 2, 5, 5, 5], 30.0)
    >>> bounded.join_count.low, bounded.join_count.high, bounded.join_count.exact
    (1, 2, True)
    """
    check_options(1, rng)
    intervals = take_intervals(counts, population, unbounded=unbounded)
    near = neighbors(graph, counts.index, pd.Series(counts.index.isin(intervals.areas), index=counts.index))
    inside = pd.Series(near.counts > 0, index=counts.index).reindex(intervals.areas).to_numpy()
    low, high = intervals.low / intervals.people, intervals.high / intervals.people
    if inside.sum() < 3 or not (intervals.high[inside] > 0).any():
        raise StatisticError(
            "bounds of association need three areas with neighbours and a count that may be above zero",
            f"{int(inside.sum())} such areas of {len(inside)}",
            "check the counts, or use a layer whose areas touch",
        )
    size = settled_size(low[inside], high[inside]) if size is None else size
    if not 1 <= size <= inside.sum():
        raise StatisticError(
            "a set holds one area at least and all at most",
            f"size {size} of {int(inside.sum())} areas with a neighbour",
            "choose a size between",
        )
    at = counts.index.get_indexer(intervals.areas[inside])
    links = adjacent(near)[at][:, at]
    either = (links + links.T).tocoo()
    first, second = (end[either.row < either.col] for end in (either.row, either.col))
    joins = bound_joins(low[inside], high[inside], first, second, size)
    moran = bound_moran(
        intervals.low[inside],
        intervals.high[inside],
        intervals.people[inside],
        near.matrix[at][:, at],
        rng=rng,
    )
    n, people = int(inside.sum()), intervals.people.sum()
    total = np.array([intervals.low.sum(), intervals.high.sum()])
    return Bounds(
        areas=_areas(counts.index, intervals, inside, size),
        total=_reached(*total),
        overall_rate=_reached(*(total / people * PER)),
        size=size,
        join_count=Bound(**joins._asdict()),
        join_expected=len(first) * size * (size - 1) / (n * (n - 1)),
        moran_rate=Bound(**moran._asdict()),
        seed=rng,
    )


def _reached(low: float, high: float) -> Bound:
    return Bound(low=float(low), low_found=float(low), high=float(high), high_found=float(high))


def _areas(index: pd.Index, intervals: Intervals, inside: np.ndarray, size: int) -> pd.DataFrame:
    low, high = intervals.low / intervals.people, intervals.high / intervals.people
    best, worst = _ranks(low, high)
    surely, possibly = top_set(low[inside], high[inside], size)
    top = np.full(len(low), "never", dtype=object)
    top[inside] = np.where(surely, "surely", np.where(possibly, "possibly", "never"))
    frame = pd.DataFrame(
        {
            "rate_low": low * PER,
            "rate_high": high * PER,
            "rank_best": pd.array(best, dtype="Int64"),
            "rank_worst": pd.array(worst, dtype="Int64"),
            "top": pd.array(top, dtype="string"),
        },
        index=intervals.areas,
    )
    return frame.reindex(index)


def _ranks(low: Floats, high: Floats) -> tuple[np.ndarray, np.ndarray]:
    """Best rank: all others at their lower ends. Worst: at their upper ones."""
    n = len(low)
    best = 1 + n - np.searchsorted(np.sort(low), high, side="right")
    above = n - np.searchsorted(np.sort(high), low, side="right")
    return best, 1 + above - (high > low)
