"""Local Moran: does an area's value go with its neighbours'?

An area with a missing value, no population or no neighbour has an undefined result: statistic and p missing,
the reason given, never significant, and left out of means, variances and reference draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.model.numeric import Floats
from geo.model.options import PERMUTATIONS
from geo.model.statistics import Correction, Method
from geo.stats.autocorrelation.significance import ALPHA, significance_labels
from geo.stats.engine.conditional import Sample, conditional_p_each, take_sample
from geo.stats.engine.correction import q_values
from geo.stats.engine.inference import note_inference
from geo.stats.rates.adjustment import adjustment_reasons, rate_residuals
from geo.stats.rates.crude import above_national, standardize_rates
from geo.stats.weights.adjacency import neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph

_SIDES = ["High-High", "High-Low", "Low-High", "Low-Low"]


def local_moran(
    values: pd.Series,
    graph: Graph,
    *,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
    method: Method = "permutation",
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Test, area by area, whether its value and its neighbours' mean go together.

    Parameters
    ----------
    values : Series of float
        One value per area; missing values are allowed and stay out.
    graph : libpysal.graph.Graph
        Any weights; they are row-standardised here over the neighbours with a value. An area's weight on
        itself is ignored.
    permutations : int
        Conditional permutations (R); the smallest p is 2 / (R + 1).
    rng : int
        Seed.
    method : {"permutation", "exact"}
        ``exact`` computes p without simulation; it needs equal weights within each row.
    correction : {"bh", "by", "bonferroni", "none"}
        How q-values are made from p-values; labels follow them.
    alpha : float
        Level of the labels.

    Returns
    -------
    DataFrame
        On the index of `values`: ``statistic`` (I_i = z_i lag_i / m2, with m2 = sum z² / n; esda divides by
        n - 1), ``z`` (centred value), ``lag`` (mean of the neighbours' z), ``quadrant`` (High-High, ...),
        ``p_value`` (two-sided), ``q_value``, ``label`` (quadrant where q <= alpha, else ``not significant``,
        or ``undefined``), ``label_uncorrected`` (the same by p) and ``reason`` (``missing_value``,
        ``no_neighbor``, or missing). Its ``attrs`` say how p was made
        (:class:`~geo.stats.engine.inference.Inference`): the smallest p, how many areas must sit at it before
        one can be labelled, and what to do where that is more than one.

    Raises
    ------
    StatisticError
        If fewer than three areas can be tested, or all their values are equal.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(9)], range(11))
    >>> lisa = local_moran(pd.Series([9.0, 9, 9, 8, 1, 2, 1, 2, 1, 2, 5]), graph, permutations=999)
    >>> lisa.loc[[1, 10], ["quadrant", "label", "reason"]].values.tolist()
    [['High-High', 'not significant', <NA>], [<NA>, 'undefined', 'no_neighbor']]
    """
    return _local_morans(
        [take_sample(values, graph)],
        permutations=permutations,
        rng=rng,
        method=method,
        correction=correction,
        alpha=alpha,
    )[0]


def _local_morans(
    samples: Sequence[Sample],
    *,
    permutations: int,
    rng: int,
    method: Method,
    correction: Correction,
    alpha: float,
) -> list[pd.DataFrame]:
    """Test several variables, whose draws are shared where they can be."""
    p_values = conditional_p_each(samples, method, permutations=permutations, rng=rng)
    frames = [_described(sample, p, correction, alpha) for sample, p in zip(samples, p_values, strict=True)]
    return [
        note_inference(frame, method, permutations=permutations, rng=rng, correction=correction, alpha=alpha)
        for frame in frames
    ]


def _described(sample: Sample, p: Floats, correction: Correction, alpha: float) -> pd.DataFrame:
    inside, z = sample.usable, sample.z
    lag = sample.sums / np.where(inside, sample.totals, 1)
    frame = pd.DataFrame(index=sample.reason.index)
    frame["statistic"] = np.where(inside, z * lag / (z[inside] ** 2).mean(), np.nan)
    frame["z"] = np.where(inside, z, np.nan)
    frame["lag"] = np.where(inside, lag, np.nan)
    frame["quadrant"] = _quadrants(sample, lag)
    frame["p_value"] = p
    frame["q_value"] = q_values(frame["p_value"], correction)
    frame["label"] = significance_labels(frame["quadrant"], frame["q_value"], alpha)
    frame["label_uncorrected"] = significance_labels(frame["quadrant"], frame["p_value"], alpha)
    frame["reason"] = sample.reason
    return frame


def local_moran_rate(
    events: pd.Series,
    population: pd.Series,
    graph: Graph,
    *,
    covariates: pd.DataFrame | None = None,
    expected: pd.Series | None = None,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
    method: Method = "permutation",
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Test local association of rates, standardised for unequal populations.

    Islands and areas without a rate are left out before standardising.

    Parameters
    ----------
    events, population : Series
        Counts and inhabitants by area, on one index.
    graph, permutations, rng, method, correction, alpha
        As in :func:`local_moran`.
    covariates : DataFrame, optional
        Known gradients, such as :func:`size_covariates`. Given, what is tested is not the standardised rate
        but what a negative-binomial regression on them leaves over (:func:`rate_residuals`).
    expected : Series, optional
        Counts expected in each area, as by age and sex; they take the population's place in that regression.

    Returns
    -------
    DataFrame
        As in :func:`local_moran`, and ``above_national`` (whether the crude rate is above that of all areas
        together: "High" means above the mean standardised rate, which is another thing). `reason` may also be
        ``missing_population``, ``zero_population`` or one of :func:`adjustment_reasons`.

    References
    ----------
    Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
    Statistics in Medicine 18(16), 2147-2162.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(7)], range(8))
    >>> events, people = pd.Series([30, 31, 33, 5, 4, 6, 5, 4]), pd.Series([10_000] * 7 + [0])
    >>> local_moran_rate(events, people, graph, permutations=999)["reason"].tolist()[-1]
    'zero_population'
    """
    return local_moran_rates(
        events,
        [population],
        graph,
        covariates=[covariates],
        expected=expected,
        permutations=permutations,
        rng=rng,
        method=method,
        correction=correction,
        alpha=alpha,
    )[0]


def local_moran_rates(
    events: pd.Series,
    populations: Sequence[pd.Series],
    graph: Graph,
    *,
    covariates: Sequence[pd.DataFrame | None],
    expected: pd.Series | None = None,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
    method: Method = "permutation",
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> list[pd.DataFrame]:
    """Do the same under several populations, each with covariates of its own or None, from shared draws.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(7)], range(8))
    >>> events, people = pd.Series([30, 31, 33, 5, 4, 6, 5, 4]), pd.Series([10_000] * 8)
    >>> both = local_moran_rates(events, [people, 2 * people], graph, covariates=[None, None])
    >>> both[0]["p_value"].tolist() == both[1]["p_value"].tolist()
    True
    """
    cases = list(zip(populations, covariates, strict=True))
    samples = [
        take_sample(rate_scores(events, people, graph, covariates=known, expected=expected), graph)
        for people, known in cases
    ]
    frames = _local_morans(
        samples, permutations=permutations, rng=rng, method=method, correction=correction, alpha=alpha
    )
    for frame, (people, known) in zip(frames, cases, strict=True):
        lacking = adjustment_reasons(events, people, covariates=known, expected=expected)
        frame["reason"] = lacking.fillna(frame["reason"].replace("missing_value", "no_neighbor"))
        frame["above_national"] = above_national(events, people)
    return frames


def rate_scores(
    events: pd.Series,
    population: pd.Series,
    graph: Graph,
    *,
    covariates: pd.DataFrame | None = None,
    expected: pd.Series | None = None,
) -> pd.Series:
    """Standardise the rates of the areas that have a rate and a neighbour with one; the rest is missing.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([("a", "b")], "abc")
    >>> events, people = pd.Series([1, 3, 9], list("abc")), pd.Series([10, 10, 10], list("abc"))
    >>> rate_scores(events, people, graph).round(3).tolist()
    [-0.707, 0.707, nan]
    """
    known = adjustment_reasons(events, population, covariates=covariates, expected=expected).isna()
    near = neighbors(graph, events.index, known)
    counts = events.where(known & (near.counts > 0))
    if covariates is None and expected is None:
        return standardize_rates(counts, population)
    return rate_residuals(counts, population, covariates=covariates, expected=expected)


def _quadrants(sample: Sample, lag: np.ndarray) -> pd.Series:
    """Name each area's place in the Moran scatterplot: its own side of the mean, then its neighbours'."""
    side = np.array([*_SIDES, None], dtype=object)
    code = np.where(sample.usable, 2 * (sample.z <= 0) + (lag <= 0), len(_SIDES))
    return pd.Series(side[code], index=sample.reason.index, dtype="string")
