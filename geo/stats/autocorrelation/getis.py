"""Getis-Ord: are the values in and around an area high, or low?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.model.numeric import Floats
from geo.model.options import PERMUTATIONS
from geo.model.statistics import Correction, Method
from geo.stats.autocorrelation.significance import ALPHA, NOT_SIGNIFICANT, UNDEFINED
from geo.stats.engine.conditional import Sample, conditional_p, take_sample
from geo.stats.engine.correction import q_values
from geo.stats.engine.inference import note_inference

if TYPE_CHECKING:
    from libpysal.graph import Graph

NO_SPREAD = "adjoins_all"
ROUNDING = 1e-9  # of what is computed in floating point as the difference of equals


def getis_ord(
    values: pd.Series,
    graph: Graph,
    *,
    star: bool = True,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
    method: Method = "permutation",
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Measure, area by area, how high or low the values in and around it are (Gi*, or Gi without itself).

    Parameters
    ----------
    values, graph, permutations, rng, method, correction, alpha
        As in :func:`local_moran`. The weights are used as the graph gives them; equal ones count as 1.
    star : bool
        Whether an area counts among its own neighbours, with the weight that the graph gives it there, or
        else the largest of its row.

    Returns
    -------
    DataFrame
        On the index of `values`: ``statistic`` (the z of Ord and Getis), ``p_value`` (two-sided, conditional
        permutation), ``q_value``, ``label`` (``hot spot 99 %``, ``95 %``, ``90 %``, the same
        ``cold``, by q-value; ``not significant``, ``undefined``) and ``reason``, which may also be
        ``adjoins_all``: in and around an area that adjoins all others the sum is that of the map, with which
        it cannot be compared. ``attrs`` as there. The p-values equal
        those of :func:`local_moran` for the same values and graph, being those of the same sums: they are no
        independent confirmation.

    References
    ----------
    Ord, J. K. & Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
    application. Geographical Analysis 27(4), 286-306.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> getis_ord(pd.Series([9.0, 9, 8, 1, 2, 1]), graph, permutations=99)["statistic"].round(2).tolist()
    [1.71, 2.22, 0.6, -0.81, -2.22, -1.5]
    """
    sample = take_sample(values, graph)
    p = conditional_p(sample, method, permutations=permutations, rng=rng)
    z = _z(sample, star=star)
    frame = pd.DataFrame({"statistic": z, "p_value": np.where(np.isnan(z), np.nan, p)}, index=values.index)
    frame["q_value"] = q_values(frame["p_value"], correction)
    frame["label"] = hot_spots(frame["statistic"], frame["q_value"])
    frame["reason"] = sample.reason.mask(sample.usable & np.isnan(z), NO_SPREAD)
    return note_inference(
        frame, method, permutations=permutations, rng=rng, correction=correction, alpha=alpha
    )


def getis_ord_z(values: pd.Series, graph: Graph, *, star: bool = True) -> pd.Series:
    """Give the z of :func:`getis_ord` alone, without p-values.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> getis_ord_z(pd.Series([9.0, 9, 8, 1, 2, 1]), graph).round(2).tolist()
    [1.71, 2.22, 0.6, -0.81, -2.22, -1.5]
    """
    return pd.Series(_z(take_sample(values, graph), star=star), index=values.index, name="gi_z")


def hot_spots(z: pd.Series, q: pd.Series) -> pd.Series:
    """Class areas as hot or cold spots at 99, 95 and 90 %, by q-value.

    Examples
    --------
    >>> z, q = pd.Series([3.1, -2.0, 0.4, None]), pd.Series([0.004, 0.08, 0.7, None])
    >>> hot_spots(z, q).tolist()
    ['hot spot 99 %', 'cold spot 90 %', 'not significant', 'undefined']
    """
    label = pd.Series(NOT_SIGNIFICANT, index=z.index, dtype="string")
    for level in (90, 95, 99):
        inside = q <= 1 - level / 100 + 1e-12
        label = label.mask(inside & (z > 0), f"hot spot {level} %").mask(
            inside & (z < 0), f"cold spot {level} %"
        )
    return label.where(q.notna(), UNDEFINED)


def _z(sample: Sample, *, star: bool) -> Floats:
    """Standardise the weighted sums in and around each area (Ord and Getis 1995), missing where undefined."""
    inside, matrix = sample.usable, sample.near.matrix
    z, n = sample.z[inside], int(inside.sum())
    own = _own_weights(sample)[inside] if star else np.zeros(n)
    total = sample.sums[inside] + own * z
    size = sample.totals[inside] + own
    squares = matrix.power(2).sum(axis=1)[inside] + own**2
    if star:
        mean, variance, others = np.zeros(n), (z**2).mean(), n
    else:
        mean, others = -z / (n - 1), n - 1
        variance = ((z**2).sum() - z**2) / (n - 1) - mean**2
    score = np.full(len(inside), np.nan)
    room = others * squares - size**2
    least = ROUNDING * (z**2).mean()
    spread = np.sqrt(np.maximum(variance * room / (others - 1), 0))
    varies = (room > ROUNDING * size**2) & (variance > least)
    score[inside] = np.divide(total - mean * size, spread, out=np.full(n, np.nan), where=varies)
    return score


def _own_weights(sample: Sample) -> Floats:
    """Give each area's weight on itself: the graph's, else the largest of its row."""
    near = sample.near
    largest = near.matrix.max(axis=1).toarray().ravel()
    return np.where(near.own > 0, near.own, largest)
