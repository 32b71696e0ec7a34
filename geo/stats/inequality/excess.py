"""How much of an index is surely more than chance, where counts are known within intervals only.

What chance alone gives depends on the number of events, which is open too. But of all counts with a given
total the most even are known (see :mod:`geo.stats.inequality.extremes`), and the mean at constant risk is a
function of the total. So the least excess over chance is the least, over all totals, of the difference of the
two.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from geo.model.numeric import Floats
from geo.stats.inequality.extremes import even_counts
from geo.stats.inequality.indices import gini_of, hoover_of, theil_of
from geo.stats.inequality.nullmodel import mean_distance, mean_gini, mean_theil_terms

# Totals at which the means are taken: so many, and more where totals range far. Between them they are
# interpolated, with an error below 1e-4 where there are some hundred events.
NODES = 3
PER_E = 2  # for each time that the greatest total is e times the least


def least_excess(low: Floats, high: Floats, people: Floats, *, gini: bool = True) -> dict[str, float]:
    """Give the least excess of the Gini index, Hoover's and Theil's over their means at constant risk.

    Parameters
    ----------
    low, high : array of float, shape (n,)
        Ends of the intervals of counts.
    people : array of float, shape (n,)
        Shares of people, adding up to one.
    gini : bool
        Whether that of the Gini index is wanted, which takes most of the time.

    Returns
    -------
    dict of float
        ``gini`` (missing where it is not wanted or its mean would take too long), ``hoover``, ``theil``.

    Examples
    --------
    One of two equal areas has 80 events, the other 20 to 30; chance alone makes a Gini of 0.04:

    >>> excess = least_excess(np.array([80.0, 20.0]), np.array([80.0, 30.0]), np.array([0.5, 0.5]))
    >>> round(excess["gini"], 3), round(80 / 110 - 0.5, 3)
    (0.189, 0.227)
    """
    counts = even_counts(low, high, people)
    totals = counts.sum(axis=1)
    counts, totals = counts[totals >= 1], totals[totals >= 1]
    number = NODES + int(PER_E * np.log(totals.max() / totals.min()))
    nodes = np.unique(np.round(np.geomspace(totals.min(), totals.max(), number)).astype(np.int64))
    excess = {
        "gini": np.nan,
        "hoover": _least(hoover_of(counts, people), totals, nodes, lambda x: _mean_hoover(x, people)),
        "theil": _least(
            theil_of(counts, people), totals, nodes, lambda x: float(mean_theil_terms(x, people).sum())
        ),
    }
    if gini:
        excess["gini"] = _least(gini_of(counts, people), totals, nodes, lambda x: mean_gini(x, people))
    return excess


def _mean_hoover(total: int, people: Floats) -> float:
    return float(mean_distance(np.full(len(people), total), people).sum() / (2 * total))


def _least(
    values: Floats, totals: Floats, nodes: NDArray[np.int64], mean: Callable[[int], float | None]
) -> float:
    means = []
    for node in nodes:
        expected = mean(int(node))
        if expected is None:
            return float("nan")
        means.append(expected)
    # Means fall about as a power of the total: nearly straight on logarithmic scales.
    curve = np.exp(np.interp(np.log(totals), np.log(nodes), np.log(means)))
    return float((values - curve).min())
