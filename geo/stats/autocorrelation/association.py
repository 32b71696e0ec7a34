"""Global association: are neighbours on the whole map more alike, or less, than chance would make them?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, triu
from scipy.special import ndtr

from geo.errors import StatisticError
from geo.model.numeric import Floats
from geo.model.options import PERMUTATIONS
from geo.model.statistics import GlobalTest
from geo.stats.autocorrelation.localmoran import rate_scores
from geo.stats.engine.arrays import balance, floats
from geo.stats.engine.moments import WeightSums, cross_variance, geary_variance, weight_sums
from geo.stats.engine.parallel import blocks
from geo.stats.engine.permutation import check_options
from geo.stats.weights.adjacency import neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph


LEAST_PAIRS = 1e-5  # share of the squared sum of values that products of two of them must make up
BLOCK = 256  # permutations dealt at a time: as many as stay in the cache on a map of some hundred areas


def moran(values: pd.Series, graph: Graph, *, permutations: int = PERMUTATIONS, rng: int = 0) -> GlobalTest:
    """Test whether neighbouring areas have similar values: Moran's I, row-standardised weights.

    Parameters
    ----------
    values : Series of float
        One value per area; missing values and islands are left out.
    graph : libpysal.graph.Graph
        Any weights; they are row-standardised here.
    permutations : int
        Random rearrangements of the values (R).
    rng : int
        Seed.

    Returns
    -------
    GlobalTest
        ``expected`` is -1 / (n - 1); larger means more alike.

    Raises
    ------
    StatisticError
        If fewer than four areas are left, or their values are all equal.

    References
    ----------
    Cliff, A. D. & Ord, J. K. (1981). Spatial Processes: Models and Applications. Pion.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> test = moran(pd.Series([1.0, 2, 3, 4, 5, 6]), graph, permutations=999)
    >>> round(test.statistic, 3), test.expected
    (0.714, -0.2)
    """
    return _tests([_moran(values, graph)], permutations, rng)[0]


def moran_each(
    values: Sequence[pd.Series | None], graph: Graph, *, permutations: int = PERMUTATIONS, rng: int = 0
) -> list[GlobalTest | None]:
    """Make :func:`moran` of several variables at once, on the same rearrangements of the areas.

    Each result is what :func:`moran` alone gives: the rearrangements, which take most of the time, depend on
    nothing but the number of areas and the seed.

    Parameters
    ----------
    values : sequence of Series or None
        As in :func:`moran`.
    graph, permutations, rng
        As in :func:`moran`.

    Returns
    -------
    list of GlobalTest or None
        None where there is no variable, or no test of it can be made.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> rising, equal = pd.Series([1.0, 2, 3, 4, 5, 6]), pd.Series([1.0] * 6)
    >>> tests = moran_each([rising, equal], graph, permutations=99)
    >>> tests[0] == moran(rising, graph, permutations=99), tests[1]
    (True, None)
    """
    cases: dict[int, dict[int, _Case]] = {}
    for at, variable in enumerate(values):
        try:
            case = None if variable is None else _moran(variable, graph)
        except StatisticError:
            continue
        if case is not None:
            cases.setdefault(case.sample.n, {})[at] = case
    tests: list[GlobalTest | None] = [None] * len(values)
    for alike in cases.values():
        for at, test in zip(alike, _tests(list(alike.values()), permutations, rng), strict=True):
            tests[at] = test
    return tests


def moran_rate(
    events: pd.Series,
    population: pd.Series,
    graph: Graph,
    *,
    covariates: pd.DataFrame | None = None,
    expected: pd.Series | None = None,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
) -> GlobalTest:
    """Test whether neighbouring areas have similar rates, standardised for unequal populations.

    Parameters
    ----------
    events, population, graph, covariates, expected
        As in :func:`local_moran_rate`: given one of the last two, what known gradients leave over is tested.
    permutations, rng
        As in :func:`moran`.

    References
    ----------
    Assunção, R. M. & Reis, E. A. (1999). A new proposal to adjust Moran's I for population density.
    Statistics in Medicine 18(16), 2147-2162.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> events, people = pd.Series([1, 2, 3, 4, 5, 6]), pd.Series([1_000] * 6)
    >>> round(moran_rate(events, people, graph, permutations=999).statistic, 3)
    0.714
    """
    z = rate_scores(events, population, graph, covariates=covariates, expected=expected)
    return moran(z, graph, permutations=permutations, rng=rng)


def geary(values: pd.Series, graph: Graph, *, permutations: int = PERMUTATIONS, rng: int = 0) -> GlobalTest:
    """Test whether neighbouring areas differ less than any two areas: Geary's c, row-standardised weights.

    Parameters
    ----------
    values, graph, permutations, rng
        As in :func:`moran`.

    Returns
    -------
    GlobalTest
        ``expected`` is 1; smaller means more alike.

    References
    ----------
    Geary, R. C. (1954). The contiguity ratio and statistical mapping. The Incorporated Statistician 5(3),
    115-146. Cliff, A. D. & Ord, J. K. (1981). Spatial Processes: Models and Applications. Pion.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> test = geary(pd.Series([1.0, 2, 3, 4, 5, 6]), graph, permutations=999)
    >>> round(test.statistic, 3), test.expected
    (0.143, 1.0)
    """
    sample = _sample(values, graph, standardise=True)
    z = sample.x - sample.x.mean()
    n, s = sample.n, sample.sums
    into = np.asarray(sample.weights.sum(axis=0)).ravel()

    def statistic(dealt: Floats) -> Floats:
        # Rows sum to one, so that sum w (zi - zj)² = sum (1 + wj.) zj² - 2 z'Wz.
        squares = (dealt**2 * (1 + into)).sum(axis=1) - 2 * _cross(dealt, sample)
        return np.asarray((n - 1) * squares / (2 * s.s0 * (z @ z)))

    case = _Case("geary", z, statistic, _Moments(1.0, geary_variance(z, s)), sample)
    return _tests([case], permutations, rng)[0]


def general_g(
    values: pd.Series, graph: Graph, *, permutations: int = PERMUTATIONS, rng: int = 0
) -> GlobalTest:
    """Test whether high values, or low ones, lie together: Getis and Ord's general G.

    Parameters
    ----------
    values : Series of float
        Positive or zero, such as rates; missing values and islands are left out.
    graph : libpysal.graph.Graph
        Weights as the graph gives them; where they are equal within every row, they count as 1.
    permutations, rng
        As in :func:`moran`.

    Returns
    -------
    GlobalTest
        ``expected`` is the share of ordered pairs that are neighbours; larger means that high values lie
        together, smaller that low ones do.

    Raises
    ------
    StatisticError
        Also if a value is negative, or one is more than 200,000 times all others together.

    References
    ----------
    Getis, A. & Ord, J. K. (1992). The analysis of spatial association by use of distance statistics.
    Geographical Analysis 24(3), 189-206.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> test = general_g(pd.Series([1.0, 1, 1, 1, 9, 9]), graph, permutations=999)
    >>> round(test.statistic, 3), round(test.expected, 3)
    (0.585, 0.333)
    """
    sample = _sample(values, graph, standardise=False)
    x, n, s = sample.x, sample.n, sample.sums
    mean, z, total = float(x.mean()), x - x.mean(), float(x.sum() ** 2)
    pairs = total - float(x @ x)
    if (x < 0).any() or pairs < LEAST_PAIRS * total:
        rule = "the general G needs values of zero or more, and two of them that count"
        raise StatisticError(rule, f"{x.min():g} to {x.max():g}", "use moran, or rates themselves")

    def statistic(dealt: Floats) -> Floats:
        return _cross(dealt, sample) / pairs

    # x'Wx is S0 mean² + mean d'z + z'Wz, d being what rows and columns of W sum to: the first of these, which
    # far from zero would drown the others, does not vary.
    uneven = mean * s.s2 / (n - 1)
    terms = (uneven * mean * float(z @ z), -2 * uneven * float((z**3).sum()) / (n - 2), cross_variance(z, s))
    moments = _Moments(s.s0 / (n * (n - 1)), balance(*terms) / pairs**2)
    return _tests([_Case("general_g", x, statistic, moments, sample)], permutations, rng)[0]


class _Moments(NamedTuple):
    expected: float
    variance: float


class _Sample(NamedTuple):
    """The areas that take part."""

    x: Floats
    weights: csr_array
    pairs: csr_array
    """Above the diagonal, the weights of both directions together: all that x'Wx asks for."""
    sums: WeightSums
    n: int
    n_left_out: int


def _sample(values: pd.Series, graph: Graph, *, standardise: bool) -> _Sample:
    near = neighbors(graph, values.index, values.notna())
    inside = near.counts > 0
    x = floats(values)[inside]
    if len(x) < 4 or np.ptp(x) == 0:
        raise StatisticError(
            "a global test needs four areas with neighbours and values that differ",
            f"{len(x)} such areas of {len(values)}",
            "check the values, or use a layer whose areas touch",
        )
    weights = near.matrix[inside][:, inside]
    if standardise:
        totals = np.asarray(weights.sum(axis=1)).reshape(-1, 1)
        weights = weights.multiply(1 / totals).tocsr()
    both = weights + weights.T
    rows = np.asarray(weights.sum(axis=1)).ravel() + np.asarray(weights.sum(axis=0)).ravel()
    sums = weight_sums(both.data, rows)
    return _Sample(x, weights, triu(both, k=1, format="csr"), sums, len(x), len(values) - len(x))


class _Case(NamedTuple):
    """One test, ready for the values to be rearranged."""

    name: Literal["moran", "geary", "general_g"]
    values: Floats
    statistic: Callable[[Floats], Floats]
    """From arrangements of the values, one per row."""
    moments: _Moments
    sample: _Sample


def _moran(values: pd.Series, graph: Graph) -> _Case:
    sample = _sample(values, graph, standardise=True)
    z = sample.x - sample.x.mean()
    squares = float(z @ z)

    def statistic(dealt: Floats) -> Floats:
        # With rows that sum to one, S0 = n, and I = z'Wz / z'z.
        return _cross(dealt, sample) / squares

    moments = _Moments(-1 / (sample.n - 1), cross_variance(z, sample.sums) / squares**2)
    return _Case("moran", z, statistic, moments, sample)


def _cross(dealt: Floats, sample: _Sample) -> Floats:
    """Give x'Wx for each row of arrangements."""
    columns = np.ascontiguousarray(dealt.T)  # as the sparse product wants them
    return np.asarray(np.einsum("ij,ij->j", columns, sample.pairs @ columns))


def _tests(cases: Sequence[_Case], permutations: int, rng: int) -> list[GlobalTest]:
    """Make tests of equally many areas on the same rearrangements."""
    check_options(permutations, rng)
    order = np.tile(np.arange(cases[0].sample.n), (BLOCK, 1))
    references = [np.empty(permutations) for _ in cases]
    generator = np.random.default_rng(rng)
    for start in blocks(permutations, BLOCK):
        dealt = generator.permuted(order, axis=1)[: permutations - start]
        for case, reference in zip(cases, references, strict=True):
            reference[start : start + BLOCK] = case.statistic(case.values[dealt])
    return [
        _result(case, reference, permutations, rng) for case, reference in zip(cases, references, strict=True)
    ]


def _result(case: _Case, reference: Floats, permutations: int, rng: int) -> GlobalTest:
    observed = float(case.statistic(case.values[None, :])[0])
    tie = 1e-12 * max(1.0, abs(observed))
    smaller = min((reference >= observed - tie).sum(), (reference <= observed + tie).sum())
    mean, sd_analytic = case.moments.expected, float(np.sqrt(case.moments.variance))
    return GlobalTest(
        name=case.name,
        statistic=observed,
        expected=mean,
        sd=float(reference.std()),
        sd_analytic=sd_analytic,
        p_value=float(min(1, 2 * (smaller + 1) / (permutations + 1))),
        p_analytic=float(2 * ndtr(-abs(observed - mean) / sd_analytic)) if sd_analytic > 0 else float("nan"),
        n=case.sample.n,
        n_left_out=case.sample.n_left_out,
        permutations=permutations,
        seed=rng,
    )
