"""Rates shrunk towards others by how little their own population says: for maps to read, never for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.stats.rates.crude import PER, checked_counts, rate_moments
from geo.stats.weights.adjacency import neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph


def rate_eb(releases: pd.Series, population: pd.Series) -> pd.Series:
    """Shrink each rate towards the overall rate by how little its own population says (for mapping only).

    The between-area variance is estimated by moments and never below zero; where it is zero every area gets
    the overall rate.

    Returns
    -------
    Series of float
        Rate per 100,000, missing where the crude rate is.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators. Journal of
    the Royal Statistical Society C 40(2), 283-294.

    Examples
    --------
    >>> rate_eb(pd.Series([0, 10, 30]), pd.Series([100, 10_000, 10_000])).round(1).tolist()
    [192.1, 121.5, 278.1]
    """
    count, people = checked_counts(releases, population)
    m = rate_moments(count, people)
    return _shrunk(count, people, m.mean, m.between, releases.index).rename("rate_eb")


def rate_eb_spatial(releases: pd.Series, population: pd.Series, graph: Graph) -> pd.Series:
    """Shrink each rate towards that of its neighbourhood, itself included (for mapping only).

    Mean and variance are those of the area and its neighbours with a rate, estimated as in :func:`rate_eb`.

    Parameters
    ----------
    releases, population : Series
        Counts and inhabitants by area, on one index.
    graph : libpysal.graph.Graph
        Contiguity of the same areas, or any weights: every neighbour counts alike.

    Returns
    -------
    Series of float
        Rate per 100,000. Missing where the crude rate is, and where no neighbour has a rate: an island has
        nothing to lean on, and its crude rate under this name would pass for a smoothed one.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators. Journal of
    the Royal Statistical Society C 40(2), 283-294.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([("a", "b")], "abc")
    >>> events, people = pd.Series([0, 40, 9], list("abc")), pd.Series([500, 9_500, 1_000], list("abc"))
    >>> rate_eb_spatial(events, people, graph).round(1).tolist()
    [397.9, 401.9, nan]
    """
    count, people = checked_counts(releases, population)
    known = ~np.isnan(count) & ~np.isnan(people)
    near = neighbors(graph, releases.index, pd.Series(known, index=releases.index))
    # What is not known takes part nowhere: its own sums are of no use and hidden at the end.
    x, n = np.where(known, count, 0.0), np.where(known, people, 0.0)
    own = x / np.where(known, people, 1.0)

    linked = (near.matrix != 0).astype(float)

    def around(values: np.ndarray) -> np.ndarray:
        return np.asarray(linked @ values + values)

    inhabitants = np.where(known, around(n), 1.0)
    mean = around(x) / inhabitants
    # Sum of n (own - mean)² with the mean of each neighbourhood, multiplied out.
    variance = (around(n * own**2) - inhabitants * mean**2) / inhabitants
    between = np.maximum(variance - mean * (near.counts + 1) / inhabitants, 0.0)
    alone = near.counts == 0
    smooth = _shrunk(count, people, mean, between, releases.index)
    return smooth.mask(alone).rename("rate_eb_spatial")


def _shrunk(
    count: np.ndarray,
    people: np.ndarray,
    mean: float | np.ndarray,
    between: float | np.ndarray,
    index: pd.Index,
) -> pd.Series:
    """Weigh each rate against a mean by the two variances; with none between areas, all is the mean."""
    own = count / people
    total = between + mean / people
    weight = between / np.where(total > 0, total, 1)  # where nothing was counted, zero of zero
    # A neighbourhood's mean is known also where the area's own rate is not; that area stays missing.
    shrunk = np.where(np.isnan(own), np.nan, mean + weight * (own - mean))
    return pd.Series(shrunk * PER, index=index)
