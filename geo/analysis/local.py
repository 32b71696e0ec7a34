"""Local statistics of values by area: Moran and Getis-Ord.

An area with a missing value, no population or no neighbour has an undefined result: statistic and p missing,
the reason given, never significant, and left out of means, variances and reference draws.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from libpysal.graph import Graph

from geo.analysis.arrays import floats
from geo.analysis.correction import Correction, q_values
from geo.analysis.labels import ALPHA, reasons, significance_labels
from geo.analysis.permutation import PERMUTATIONS, Tails, conditional_tails, two_sided_p
from geo.analysis.rates import standardize_rates
from geo.analysis.weights import Neighbors, neighbors
from geo.errors import StatisticError


def local_moran(
    values: pd.Series,
    graph: Graph,
    *,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Test, area by area, whether its value and its neighbours' mean go together.

    Parameters
    ----------
    values : Series of float
        One value per area; missing values are allowed and stay out.
    graph : libpysal.graph.Graph
        Contiguity; its weights are row-standardised here over the neighbours with a value.
    permutations : int
        Conditional permutations per distinct number of neighbours (R); the smallest p is 2 / (R + 1).
    rng : int
        Seed.
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
        ``no_neighbor``, or missing).

    Raises
    ------
    StatisticError
        If fewer than three areas can be tested, or all their values are equal.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association: LISA. Geographical Analysis 27(2), 93-115.

    Examples
    --------
    >>> from geo.analysis.weights import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(9)], range(11))
    >>> found = local_moran(pd.Series([9.0, 9, 9, 8, 1, 2, 1, 2, 1, 2, 5]), graph, permutations=999)
    >>> found.loc[[1, 10], ["quadrant", "label", "reason"]].values.tolist()
    [['High-High', 'not significant', <NA>], [<NA>, 'undefined', 'no_neighbor']]
    """
    sample = _sample(values, graph)
    z = sample.z
    lag = sample.sums / np.where(sample.usable, sample.near.counts, 1)
    tails = _tails(sample, permutations, rng)
    inside = sample.usable
    moment = (z[inside] ** 2).mean()
    frame = pd.DataFrame(index=values.index)
    frame["statistic"] = np.where(inside, z * lag / moment, np.nan)
    frame["z"] = np.where(inside, z, np.nan)
    frame["lag"] = np.where(inside, lag, np.nan)
    frame["quadrant"] = pd.Series(_quadrants(z, lag), index=values.index, dtype="string").where(inside)
    frame["p_value"] = np.nan
    frame.loc[inside, "p_value"] = two_sided_p(tails, permutations)
    return _label(frame, sample.reason, correction, alpha)


def local_moran_rate(
    events: pd.Series,
    population: pd.Series,
    graph: Graph,
    *,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> pd.DataFrame:
    """Test local association of rates, standardised for unequal populations.

    Islands and areas without a rate are left out before standardising.

    Parameters
    ----------
    events, population : Series
        Counts and inhabitants by area, on one index.
    graph, permutations, rng, correction, alpha
        As in :func:`local_moran`.

    Returns
    -------
    DataFrame
        As in :func:`local_moran`; `reason` may also be ``missing_population`` or ``zero_population``.

    References
    ----------
    Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
    Statistics in Medicine 18(16), 2147-2162.

    Examples
    --------
    >>> from geo.analysis.weights import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(7)], range(8))
    >>> events, people = pd.Series([30, 31, 33, 5, 4, 6, 5, 4]), pd.Series([10_000] * 7 + [0])
    >>> local_moran_rate(events, people, graph, permutations=999)["reason"].tolist()[-1]
    'zero_population'
    """
    z = rate_scores(events, population, graph)
    found = local_moran(z, graph, permutations=permutations, rng=rng, correction=correction, alpha=alpha)
    known, people = _known_rates(events, population)
    found.loc[known & z.isna(), "reason"] = "no_neighbor"
    found.loc[people.isna() & events.notna(), "reason"] = "missing_population"
    found.loc[people.eq(0).fillna(False) & events.notna(), "reason"] = "zero_population"
    return found


def rate_scores(events: pd.Series, population: pd.Series, graph: Graph) -> pd.Series:
    """Standardise the rates of the areas that have a rate and a neighbour with one; the rest is missing.

    Examples
    --------
    >>> from geo.analysis.weights import graph_from_pairs
    >>> graph = graph_from_pairs([("a", "b")], "abc")
    >>> events, people = pd.Series([1, 3, 9], list("abc")), pd.Series([10, 10, 10], list("abc"))
    >>> rate_scores(events, people, graph).round(3).tolist()
    [-0.707, 0.707, nan]
    """
    known, people = _known_rates(events, population)
    near = neighbors(graph, events.index, known)
    usable = known & (near.counts > 0)
    return standardize_rates(events.where(usable), people)


def getis_ord(
    values: pd.Series,
    graph: Graph,
    *,
    star: bool = True,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
    correction: Correction = "bh",
) -> pd.DataFrame:
    """Measure, area by area, how high or low the values in and around it are (Gi*, or Gi without itself).

    Returns
    -------
    DataFrame
        On the index of `values`: ``statistic`` (the Ord-Getis z with binary weights), ``p_value`` (two-sided,
        conditional permutation), ``q_value``, ``reason``. With equal weights the p-values equal those of
        :func:`local_moran` for the same values: they are no independent confirmation.

    References
    ----------
    Ord, J. K. & Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues and an
    application. Geographical Analysis 27(4), 286-306.

    Examples
    --------
    >>> from geo.analysis.weights import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> getis_ord(pd.Series([9.0, 9, 8, 1, 2, 1]), graph, permutations=99)["statistic"].round(2).tolist()
    [1.71, 2.22, 0.6, -0.81, -2.22, -1.5]
    """
    sample = _sample(values, graph)
    frame = pd.DataFrame({"statistic": _getis_z(sample, star=star), "p_value": np.nan}, index=values.index)
    frame.loc[sample.usable, "p_value"] = two_sided_p(_tails(sample, permutations, rng), permutations)
    frame["q_value"] = q_values(frame["p_value"], correction)
    frame["reason"] = sample.reason
    return frame


def getis_ord_z(values: pd.Series, graph: Graph, *, star: bool = True) -> pd.Series:
    """Give the z of :func:`getis_ord` alone, without permutations.

    Examples
    --------
    >>> from geo.analysis.weights import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> getis_ord_z(pd.Series([9.0, 9, 8, 1, 2, 1]), graph).round(2).tolist()
    [1.71, 2.22, 0.6, -0.81, -2.22, -1.5]
    """
    return pd.Series(_getis_z(_sample(values, graph), star=star), index=values.index, name="gi_z")


def _getis_z(sample: _Sample, *, star: bool) -> np.ndarray:
    """Standardise the sums in and around each area (Ord and Getis 1995), missing where undefined."""
    inside = sample.usable
    z, n = sample.z[inside], int(inside.sum())
    size = sample.near.counts[inside] + (1 if star else 0)
    total = sample.sums[inside] + (z if star else 0)
    if star:
        mean, variance = 0.0, (z**2).mean()
        spread = np.sqrt(variance * size * (n - size) / (n - 1))
    else:
        mean = -z / (n - 1)
        variance = ((z**2).sum() - z**2) / (n - 1) - mean**2
        spread = np.sqrt(variance * size * (n - 1 - size) / (n - 2))
    score = np.full(len(inside), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        score[inside] = (total - mean * size) / spread
    return score


def _known_rates(events: pd.Series, population: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Say which areas have a rate, and give the population on the index of the events."""
    people = population.reindex(events.index).astype("Float64")
    return (events.notna() & people.gt(0).fillna(False)).astype(bool), people


class _Sample(NamedTuple):
    """The areas that take part and what is known around them; arrays over the whole index."""

    z: np.ndarray
    sums: np.ndarray
    usable: np.ndarray
    near: Neighbors
    reason: pd.Series


def _sample(values: pd.Series, graph: Graph) -> _Sample:
    known = values.notna()
    near = neighbors(graph, values.index, known)
    usable = known.to_numpy(dtype=bool) & (near.counts > 0)
    x = floats(values)
    if usable.sum() < 3 or np.ptp(x[usable]) == 0:
        raise StatisticError(
            "local association needs three areas with neighbours and values that differ",
            f"{int(usable.sum())} such areas of {len(values)}",
            "check the values, or use a layer whose areas touch",
        )
    z = np.where(usable, x - x[usable].mean(), 0.0)
    masks = {"missing_value": ~known.to_numpy(dtype=bool), "no_neighbor": ~usable}
    return _Sample(z, near.matrix @ z, usable, near, reasons(values.index, masks))


def _tails(sample: _Sample, permutations: int, rng: int) -> Tails:
    inside = sample.usable
    return conditional_tails(
        sample.z[inside],
        sample.near.counts[inside],
        sample.sums[inside],
        permutations=permutations,
        rng=rng,
    )


def _quadrants(z: np.ndarray, lag: np.ndarray) -> np.ndarray:
    own = np.where(z > 0, "High", "Low")
    around = np.where(lag > 0, "High", "Low")
    return np.char.add(np.char.add(own, "-"), around)


def _label(frame: pd.DataFrame, reason: pd.Series, correction: Correction, alpha: float) -> pd.DataFrame:
    frame["q_value"] = q_values(frame["p_value"], correction)
    frame["label"] = significance_labels(frame["quadrant"], frame["q_value"], alpha)
    frame["label_uncorrected"] = significance_labels(frame["quadrant"], frame["p_value"], alpha)
    frame["reason"] = reason
    return frame
