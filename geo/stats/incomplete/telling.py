"""Which unknown counts would say most about the labels, were they published?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.model.numeric import Floats
from geo.model.uncertainty import Certainty
from geo.stats.weights.adjacency import adjacent, neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph

PARTS = 4  # equally many imputations each, by the unknown count
LEAST = 0.01  # of an area's label, from which on it is said to hang on a count


def telling_counts(found: Certainty, graph: Graph) -> pd.DataFrame:
    """Rank unknown counts by how far each would settle the labels of its area and of the neighbours.

    Over the imputations a label is a coin with its certainty before correction as the chance; its variance is
    what is open. What the unknown count of an area explains of that, were it known, is found by sorting the
    imputations by it: the variance between quarters, less what chance alone would give. It is a guide to what
    to ask for, and rests on the model of the imputations.

    Parameters
    ----------
    found : Certainty
    graph : libpysal.graph.Graph
        The same as there.

    Returns
    -------
    DataFrame
        One row per area whose count is imputed, most telling first: ``telling`` (fall of the summed
        variance of labels, in areas; a quarter is one label that is wholly open), ``share`` (of all that is
        open), ``labels`` (areas whose label hangs on it), ``around`` (their ids).

    Examples
    --------
    >>> from geo.stats.incomplete.certainty import certainty
    >>> from geo.stats.incomplete.imputation import impute_counts
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> counts = pd.DataFrame({"low": [60] * 4 + [0] + [60] * 5 + [1] * 50, "high": 60})
    >>> counts["high"] = counts["high"].where(counts["low"] != 1, 1)
    >>> people = pd.Series(range(10_000, 16_000, 100))
    >>> graph = graph_from_pairs([(i, i + d) for i in range(60) for d in (1, 2)], range(60))
    >>> telling_counts(certainty(impute_counts(counts, people), people, graph), graph).index.tolist()
    [4]
    """
    plain = found.labels_uncorrected
    index = plain.index
    imputed = found.areas["imputed"].reindex(index).fillna(False).to_numpy(dtype=bool)
    near = neighbors(
        graph, found.areas.index, pd.Series(found.areas.index.isin(index), index=found.areas.index)
    )
    at = found.areas.index.get_indexer(index)
    links = adjacent(near)[at][:, at]
    best = np.stack([(plain == k).mean(axis=1) for k in range(4)]).argmax(axis=0)
    says = (plain.to_numpy() == best[:, None]).astype(np.float64)
    whole = float(says.var(axis=1).sum())
    draws = found.imputation.draws.loc[index].to_numpy()
    rows = []
    for area in np.flatnonzero(imputed).tolist():
        # An area's label hangs on its own count, and on those of the areas that it counts as neighbours.
        affected = np.append(area, (links[:, [area]]).nonzero()[0])
        fall = _explained(draws[area], says[affected])
        hangs = affected[fall >= LEAST]
        rows.append((float(fall.sum()), len(hangs), tuple(index[hangs].tolist())))
    telling = pd.Series([row[0] for row in rows], dtype=float)
    frame = pd.DataFrame(
        {
            "telling": telling,
            "share": telling / whole if whole else 0.0,
            "labels": pd.array([row[1] for row in rows], dtype="Int64"),
            "around": [row[2] for row in rows],
        }
    )
    frame.index = index[imputed]
    return frame.sort_values("telling", ascending=False, kind="stable")


def _explained(count: np.ndarray, says: Floats) -> Floats:
    """Variance of each row between quarters of the imputations, less its part by chance."""
    m = len(count)
    part = np.array_split(np.argsort(count, kind="stable"), min(PARTS, max(1, m // 10)))
    if len(part) < 2 or count.min() == count.max():
        return np.zeros(len(says))
    means = np.stack([says[:, rows].mean(axis=1) for rows in part], axis=1)
    size = np.array([len(rows) for rows in part]) / m
    between = ((means - says.mean(axis=1, keepdims=True)) ** 2 * size).sum(axis=1)
    within = says.var(axis=1) - between
    return np.asarray(np.maximum(between - within * (len(part) - 1) / (m - len(part)), 0.0))
