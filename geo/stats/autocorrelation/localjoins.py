"""Local join counts: are more of an area's neighbours in the set than chance would place there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.special import gammaln

from geo.errors import StatisticError
from geo.model.statistics import Correction
from geo.stats.autocorrelation.significance import ALPHA, reasons, significance_labels
from geo.stats.engine.correction import q_values
from geo.stats.engine.inference import note_inference
from geo.stats.weights.adjacency import adjacent, neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph


def local_join_count(
    group: pd.Series,
    graph: Graph,
    *,
    strata: pd.Series | None = None,
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Test, for each area of a set, whether more of its neighbours are in the set than chance would place.

    The null is exact, without simulation: among the other n - 1 areas with a neighbour, n1 - 1 are in the
    set, so the number among k neighbours is hypergeometric. Within strata it is a sum of such numbers, one a
    stratum. Upper tail; corrected over the areas tested.

    Parameters
    ----------
    group : Series of bool
        True for the areas of the set.
    graph : libpysal.graph.Graph
        Who adjoins whom; weights do not matter.
    strata : Series, optional
        A label per area with a neighbour; given, areas trade places only within their stratum, as in
        :func:`join_count`.
    correction, alpha
        As in :func:`local_moran`.

    Returns
    -------
    DataFrame
        On the index of `group`: ``statistic`` (neighbours in the set), ``p_value``, ``q_value``, ``label``
        (``High-High`` where q <= alpha, ``not significant``, or ``undefined`` outside the set),
        ``label_uncorrected`` and ``reason`` (``not_listed``, ``no_neighbor``, or missing); ``attrs`` as
        there.

    Raises
    ------
    StatisticError
        If an area with a neighbour has no stratum.

    References
    ----------
    Anselin, L. & Li, X. (2019). Operational local join count statistics for cluster detection. Journal of
    Geographical Systems 21(2), 189-210.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(0, 1), (1, 2), (2, 3)], range(4))
    >>> local_join_count(pd.Series([True, True, False, False]), graph)["p_value"].round(3).tolist()
    [0.333, 0.667, nan, nan]
    """
    member = group.to_numpy(dtype=bool)
    near = neighbors(graph, group.index, pd.Series(True, index=group.index))
    links, inside = adjacent(near), near.counts > 0
    tested = member & inside
    labels = np.zeros(len(member), dtype=int) if strata is None else _codes(strata, group.index, inside)
    frame = pd.DataFrame(index=group.index)
    frame["statistic"] = np.where(tested, links @ member.astype(float), np.nan)
    p = np.full(len(member), np.nan)
    for area in np.flatnonzero(tested).tolist():
        p[area] = _upper_tail(links, area, tested, inside, labels)
    frame["p_value"] = p
    frame["q_value"] = q_values(frame["p_value"], correction)
    high = pd.Series("High-High", index=group.index)
    frame["label"] = significance_labels(high, frame["q_value"], alpha)
    frame["label_uncorrected"] = significance_labels(high, frame["p_value"], alpha)
    frame["reason"] = reasons(group.index, {"no_neighbor": ~inside, "not_listed": ~member})
    return note_inference(frame, "hypergeometric", correction=correction, alpha=alpha)


def _upper_tail(
    links: csr_array, area: int, members: np.ndarray, inside: np.ndarray, strata: np.ndarray
) -> float:
    """Give the chance of at least as many neighbours in the set, the area itself staying in it."""
    near = links.indices[links.indptr[area] : links.indptr[area + 1]]
    others = inside.copy()
    others[area] = False
    chance = np.ones(1)
    for stratum in np.unique(strata[near]):
        pool = others & (strata == stratum)
        draws = int((strata[near] == stratum).sum())
        pmf = _hypergeometric(int(pool.sum()), int((pool & members).sum()), draws)
        chance = np.convolve(chance, pmf)
    return float(min(1.0, chance[int(members[near].sum()) :].sum()))


def _hypergeometric(pool: int, members: int, draws: int) -> np.ndarray:
    """Give the chances of 0, 1, ... members among those drawn without replacement."""
    counts = np.arange(draws + 1)
    possible = (counts <= members) & (draws - counts <= pool - members)
    some = counts[possible]
    chance = np.zeros(draws + 1)
    chance[possible] = np.exp(
        _log_choices(members, some) + _log_choices(pool - members, draws - some) - _log_choices(pool, draws)
    )
    return chance


def _log_choices(n: int, k: np.ndarray | int) -> np.ndarray:
    return np.asarray(gammaln(n + 1) - gammaln(np.asarray(k) + 1) - gammaln(n - np.asarray(k) + 1))


def _codes(strata: pd.Series, index: pd.Index, inside: np.ndarray) -> np.ndarray:
    labels = strata.reindex(index)
    lacking = labels.isna().to_numpy() & inside
    if lacking.any():
        raise StatisticError(
            "every area needs a stratum",
            f"{int(lacking.sum())} without one, first {index[lacking][0]!r}",
            "leave those areas out of the graph, or give them a stratum",
        )
    return pd.factorize(labels)[0]
