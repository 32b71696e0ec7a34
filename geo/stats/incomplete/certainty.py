"""Certainty: in how many completed maps does an area carry its label?

The local test is made on every imputation, on the same permutations of the areas. What comes out is a share
of imputations, no probability that a cluster is real: the imputations know no spatial pattern, so that
among areas whose counts are drawn they show less of one than there may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geo.errors import StatisticError
from geo.model.numeric import Floats
from geo.model.statistics import Correction, Method
from geo.model.uncertainty import Certainty, Imputation
from geo.stats.autocorrelation.significance import ALPHA, NOT_SIGNIFICANT, QUADRANTS, UNDEFINED
from geo.stats.engine.correction import areas_at_floor, harmonic, q_values
from geo.stats.engine.exact import exact_tails
from geo.stats.engine.permutation import Tails, check_options, conditional_tails_each, two_sided_p
from geo.stats.incomplete.ranges import global_ranges
from geo.stats.rates.adjustment import rate_residuals
from geo.stats.rates.crude import rate_moments
from geo.stats.weights.adjacency import Neighbors, neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph

CERTAIN = 0.9  # share of imputations from which on an area is called certain
STEP = 5000  # permutations are a multiple of it, less one
CELLS = 2**24  # sums of draws held at a time, over columns and neighbour counts
SHARES = tuple(name.lower().replace("-", "_") for name in QUADRANTS)

Codes = np.ndarray  # int8, shape (n, m): position in QUADRANTS, -1 where not significant


def certainty(
    imputation: Imputation,
    population: pd.Series,
    graph: Graph,
    *,
    covariates: pd.DataFrame | None = None,
    permutations: int | None = None,
    rng: int = 0,
    method: Method = "permutation",
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> Certainty:
    """Make the local test of standardised rates on every imputation, and count the labels.

    Parameters
    ----------
    imputation : Imputation
        As :func:`impute_counts` gives it.
    population : Series
        Inhabitants by area; its index is that of the result.
    graph : libpysal.graph.Graph
        Contiguity, or any weights that are equal within each row.
    covariates : DataFrame, optional
        Known gradients, such as :func:`size_covariates`; given, what they leave over of the rates is tested
        (:func:`rate_residuals`). They need not be those of the imputation.
    permutations : int, optional
        R. By default the smallest multiple of 5,000, less one, at which one area alone can be labelled after
        correction: 14,999 for 341 areas.
    rng : int
        Seed; all imputations share the permutations.
    method : {"permutation", "exact"}
        ``exact`` takes no permutations, and some twenty times as long.
    correction, alpha
        As in :func:`local_moran`; each imputation is corrected by itself.

    Returns
    -------
    Certainty

    Raises
    ------
    StatisticError
        If weights differ within a row, or fewer than three areas can be tested.

    References
    ----------
    Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
    Statistics in Medicine 18(16), 2147-2162. Phipson, B. & Smyth, G. K. (2010). Permutation p-values should
    never be zero. Statistical Applications in Genetics and Molecular Biology 9(1), 39.

    Examples
    --------
    Ten areas in a row with high counts, all known; of the others it is known that they are below 15.

    >>> from geo.stats.incomplete.imputation import impute_counts
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> counts = pd.DataFrame({"low": [60] * 10 + [0] * 50, "high": [60] * 10 + [14] * 50})
    >>> people = pd.Series(range(10_000, 16_000, 100))
    >>> graph = graph_from_pairs([(i, i + d) for i in range(60) for d in (1, 2, 3)], range(60))
    >>> certain = certainty(impute_counts(counts, people, imputations=20), people, graph)
    >>> certain.areas.loc[[5], ["label", "certainty", "imputed"]].values.tolist()
    [['High-High', 1.0, False]]
    """
    near, inside = _take_part(imputation, population, graph)
    index = population.index[inside]
    z = _scores(imputation.draws.loc[index], population[inside], covariates)
    tests = {"none": 1.0, "by": harmonic(len(index)) * len(index)}.get(correction, float(len(index)))
    permutations = enough_permutations(tests, alpha) if permutations is None else permutations
    check_options(permutations, rng)
    corrected, plain = column_labels(
        z,
        near.matrix[inside][:, inside],
        permutations=permutations,
        rng=rng,
        method=method,
        correction=correction,
        alpha=alpha,
    )
    simulated = method == "permutation"
    return Certainty(
        areas=_shares(population.index, index, corrected, plain, imputation),
        ranges=global_ranges(z, imputation, population, near, inside, rng=rng),
        labels=pd.DataFrame(corrected, index=index),
        labels_uncorrected=pd.DataFrame(plain, index=index),
        imputation=imputation,
        method=method,
        permutations=permutations if simulated else None,
        areas_at_floor=max(1, areas_at_floor(tests, permutations, alpha)) if simulated else 1,
        correction=correction,
        alpha=alpha,
        seed=rng,
    )


def column_labels(
    z: Floats,
    matrix: csr_array,
    *,
    permutations: int,
    rng: int,
    method: Method = "permutation",
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> tuple[Codes, Codes]:
    """Label every area in every column of centred values by local Moran, after correction and before.

    Parameters
    ----------
    z : array of float, shape (n, m)
    matrix : csr_array, shape (n, n)
        1 for neighbours; every area has one.
    permutations, rng, method, correction, alpha
        As in :func:`certainty`.

    Returns
    -------
    tuple of array of int8, shape (n, m)
        Position in High-High, Low-Low, High-Low, Low-High; -1 where not significant.

    Examples
    --------
    >>> ring = csr_array(np.roll(np.eye(60), 1, axis=0) + np.roll(np.eye(60), 1, axis=1))
    >>> z = np.where(np.arange(60) < 10, 5.0, -1.0)[:, None]
    >>> corrected, plain = column_labels(z, ring, permutations=4999, rng=0, correction="none")
    >>> int((corrected == 0).sum()), bool((corrected == plain).all())
    (8, True)
    """
    sums = matrix @ z
    if method == "exact":
        exact = [exact_tails(column, matrix) for column in z.T]
        p = np.column_stack([np.minimum(1.0, 2 * np.minimum(t.at_least, t.at_most)) for t in exact])
    elif method == "permutation":
        tails = _tails(z, sums, np.diff(matrix.indptr), permutations, rng)
        p = np.column_stack([two_sided_p(tail, permutations) for tail in tails])
    else:
        raise StatisticError("a method is permutation or exact", repr(method), "name one of the two")
    quadrant = np.array([[1, 3], [2, 0]], dtype=np.int8)[(z > 0).astype(int), (sums > 0).astype(int)]
    q = np.column_stack([q_values(pd.Series(column), correction) for column in p.T])
    limit = alpha * (1 + 1e-12)
    corrected, plain = (np.where(level <= limit, quadrant, -1).astype(np.int8) for level in (q, p))
    return corrected, plain


def _tails(z: Floats, sums: Floats, counts: np.ndarray, permutations: int, rng: int) -> list[Tails]:
    """Count for all columns, as many at a time as memory allows: what is found does not depend on it."""
    width = max(1, CELLS // (permutations * len(np.unique(counts))))
    tails = []
    for first in range(0, z.shape[1], width):
        part = slice(first, first + width)
        values, around = (list(np.ascontiguousarray(each[:, part].T)) for each in (z, sums))
        tails += conditional_tails_each(values, counts, around, permutations=permutations, rng=rng)
    return tails


def standardized(counts: Floats, people: Floats) -> Floats:
    """Standardise the rates of every column of counts, as :func:`geo.stats.standardize_rates` does one.

    Examples
    --------
    >>> standardized(np.array([[5.0], [10], [30]]), np.array([10_000.0] * 3)).round(3).ravel().tolist()
    [-0.926, -0.463, 1.389]
    """
    z = np.empty(counts.shape)
    for m, count in enumerate(counts.T):
        moments = rate_moments(count, people)
        z[:, m] = (count / people - moments.mean) / np.sqrt(moments.between + moments.mean / people)
    return np.asarray(z - z.mean(axis=0))


def _scores(draws: pd.DataFrame, people: pd.Series, covariates: pd.DataFrame | None) -> Floats:
    """Give what is tested, column by column: standardised rates, or what covariates leave over of them."""
    if covariates is None:
        return standardized(draws.to_numpy(dtype=float), people.to_numpy(dtype=float))
    matched = covariates.reindex(draws.index)
    return np.column_stack([rate_residuals(draws[m], people, covariates=matched) for m in draws])


def _take_part(imputation: Imputation, population: pd.Series, graph: Graph) -> tuple[Neighbors, np.ndarray]:
    """Find the areas with a count in every imputation and a neighbour that has one."""
    known = pd.Series(population.index.isin(imputation.draws.index), index=population.index)
    near = neighbors(graph, population.index, known)
    inside = known.to_numpy() & (near.counts > 0)
    if not near.equal:
        raise StatisticError(
            "certainty needs weights that are equal within each row",
            "weights that differ, as of a kernel or of inverse distances",
            "use a graph of contiguity, nearest neighbours or a distance band",
        )
    if inside.sum() < 3:
        raise StatisticError(
            "local association needs three areas with neighbours",
            f"{int(inside.sum())} such areas of {len(inside)}",
            "use a layer whose areas touch",
        )
    return near, inside


def enough_permutations(tests: float, alpha: float) -> int:
    """Give the permutations at which one of so many areas alone can be labelled after correction.

    Examples
    --------
    >>> enough_permutations(341, 0.05)
    14999
    """
    return int(np.ceil(2 * tests / alpha / STEP)) * STEP - 1


def _shares(
    whole: pd.Index, index: pd.Index, corrected: Codes, plain: Codes, imputation: Imputation
) -> pd.DataFrame:
    names = np.array([*QUADRANTS, NOT_SIGNIFICANT], dtype=object)
    frame = pd.DataFrame(index=index)
    shares = pd.DataFrame(index=index)
    for codes, end in ((corrected, ""), (plain, "_uncorrected")):
        share = np.stack([(codes == k).mean(axis=1) for k in range(len(QUADRANTS))], axis=1)
        best = np.where(share.max(axis=1) > 0, share.argmax(axis=1), len(QUADRANTS))
        frame[f"label{end}"] = pd.array(names[best], dtype="string")
        frame[f"certainty{end}"] = share.max(axis=1)
        shares[[name + end for name in SHARES]] = share
    frame["certain"] = (frame["certainty"] >= CERTAIN).astype("boolean")
    areas = frame.join(shares).reindex(whole)
    for end in ("", "_uncorrected"):
        areas[f"label{end}"] = areas[f"label{end}"].fillna(UNDEFINED)
    areas.insert(5, "imputed", imputation.areas["imputed"].reindex(whole))
    return areas
