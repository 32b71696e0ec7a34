"""Is return spatially concentrated? The tests that one run makes, chosen by what is known of the counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from libpysal.graph import Graph

from geo.analysis.correction import areas_at_floor
from geo.analysis.highest import Coverage, highest_rates, rate_order
from geo.analysis.joincount import JoinCount, deciles, join_counts, local_join_count
from geo.analysis.labels import UNDEFINED
from geo.analysis.local import getis_ord, local_moran_rate, rate_scores
from geo.analysis.moran import Moran, moran, moran_rate
from geo.analysis.weights import components, neighbors
from geo.errors import StatisticError

Method = Literal["local_moran_rate", "local_join_count", "none"]

ALPHA = 0.05
SIZES = (10, 15, 20, 25, 30, 35)  # sets of highest rates tried beside the list's own length
ENOUGH = 0.8  # of the areas with a neighbour, the share whose count must be known for tests of all areas


@dataclass(frozen=True, kw_only=True)
class Tests:
    """Tests of one run; None where one could not be made."""

    method: Method
    """The local test behind the labels."""
    join_count: JoinCount | None
    """The set of highest rates, any area being equally likely to be in it."""
    join_count_stratified: JoinCount | None
    """The same set, areas trading places only within population deciles."""
    by_size: pd.DataFrame
    """The same two tests for the 10, 15, ... highest: ``size, null, n_high, observed, expected, p_value,
    p_two_sided``."""
    moran_rate: Moran | None
    """Moran's I of the empirical-Bayes standardised rates."""
    moran_crude: Moran | None
    """Moran's I of the crude rates, for comparison."""
    n_local: int
    """Areas tested locally, over which p-values are corrected."""
    at_floor: int
    """Areas that must sit at the p floor before one rejection is possible; 1 for the exact join count."""
    known: int
    """Areas with a neighbour and a known count."""
    n: int
    """Areas with a neighbour."""
    permutations: int
    seed: int
    alpha: float


@dataclass(frozen=True, kw_only=True)
class Concentration:
    """Tests of a map and what they say of each area."""

    tests: Tests
    areas: pd.DataFrame
    """``neighbors, listed, group_id, cluster, cluster_uncorrected, cluster_statistic, cluster_p, cluster_q,
    cluster_method, cluster_note, gi_z, gi_p``."""


@dataclass(frozen=True, kw_only=True)
class _Inputs:
    counts: pd.DataFrame
    population: pd.Series
    graph: Graph
    permutations: int
    rng: int
    alpha: float


def concentration(
    counts: pd.DataFrame,
    population: pd.Series,
    graph: Graph,
    *,
    coverage: Coverage = "all",
    permutations: int = 99_999,
    rng: int = 0,
    alpha: float = ALPHA,
) -> Concentration:
    """Test whether the areas of high rates lie together, and where.

    Parameters
    ----------
    counts : DataFrame
        ``status``, ``low``, ``high`` and ``releases`` (where the two agree) by area.
    population : Series
        Inhabitants on the same index.
    graph : libpysal.graph.Graph
        Contiguity of the same areas.
    coverage : {"all", "highest"}
        ``highest``: only the areas of highest rate are known, so only join counts of that set are made.
        ``all``: local Moran of standardised rates, if the counts of 80 % of the areas are known.
    permutations, rng, alpha
        Passed to every test.

    Returns
    -------
    Concentration

    Examples
    --------
    >>> from geo.analysis.weights import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(9)], range(10))
    >>> n = pd.Series([30, 31, 33, 35, 1, 2, 1, 2, 1, 2])
    >>> counts = pd.DataFrame({"status": "published", "low": n, "high": n, "releases": n})
    >>> found = concentration(counts, pd.Series([10_000] * 10), graph, permutations=999)
    >>> found.tests.method, found.tests.known, found.areas.index[found.areas["listed"]].tolist()
    ('local_moran_rate', 10, [3])
    """
    given = _Inputs(
        counts=counts, population=population, graph=graph, permutations=permutations, rng=rng, alpha=alpha
    )
    degree = pd.Series(
        neighbors(graph, counts.index, pd.Series(True, index=counts.index)).counts, index=counts.index
    )
    known = int((counts["releases"].notna() & population.gt(0).fillna(False) & (degree > 0)).sum())
    enough = coverage == "highest" or known >= ENOUGH * max(1, int((degree > 0).sum()))
    listed = highest_rates(counts, population, coverage=coverage) & enough
    method, local = _local(given, listed, coverage, enough=enough)
    main, stratified, by_size = _join_tests(given, listed, degree, coverage, enough=enough)
    tests = Tests(
        method=method,
        join_count=main,
        join_count_stratified=stratified,
        by_size=by_size,
        moran_rate=_made(lambda: _moran_rate(given)) if method == "local_moran_rate" else None,
        moran_crude=_made(lambda: _moran_crude(given)) if method == "local_moran_rate" else None,
        n_local=int(local["cluster_p"].notna().sum()),
        at_floor=_at_floor(method, local, given),
        known=known,
        n=int((degree > 0).sum()),
        permutations=permutations,
        seed=rng,
        alpha=alpha,
    )
    described = pd.DataFrame({"neighbors": degree.astype("Int64"), "listed": listed})
    described["group_id"] = _groups(graph, listed)
    return Concentration(tests=tests, areas=described.join(local))


def _local(
    given: _Inputs, listed: pd.Series, coverage: Coverage, *, enough: bool
) -> tuple[Method, pd.DataFrame]:
    """Make the local test that the counts allow and name its columns as the result does."""
    if coverage == "highest" and listed.any():
        return "local_join_count", _columns(
            local_join_count(listed, given.graph, alpha=given.alpha), "local_join_count"
        )
    if enough and coverage == "all":
        try:
            return "local_moran_rate", _moran_columns(given)
        except StatisticError:
            pass  # too few areas, or all rates equal: said by the method "none"
    nothing = pd.DataFrame(
        index=given.counts.index, data={"statistic": float("nan"), "p_value": float("nan")}
    )
    nothing = nothing.assign(q_value=float("nan"), label=UNDEFINED, label_uncorrected=UNDEFINED)
    return "none", _columns(nothing.assign(reason="not_tested"), "none")


def _moran_columns(given: _Inputs) -> pd.DataFrame:
    events, people, graph = given.counts["releases"], given.population, given.graph
    local = local_moran_rate(
        events, people, graph, alpha=given.alpha, permutations=given.permutations, rng=given.rng
    )
    z = rate_scores(events, people, graph)
    hot = getis_ord(z, graph, permutations=given.permutations, rng=given.rng)
    return _columns(local, "local_moran_rate").assign(gi_z=hot["statistic"], gi_p=hot["p_value"])


def _columns(local: pd.DataFrame, method: Method) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "cluster": local["label"].astype("string"),
            "cluster_uncorrected": local["label_uncorrected"].astype("string"),
            "cluster_statistic": local["statistic"],
            "cluster_p": local["p_value"],
            "cluster_q": local["q_value"],
            "cluster_method": pd.Series(method, index=local.index, dtype="string"),
            "cluster_note": local["reason"].astype("string"),
            "gi_z": float("nan"),
            "gi_p": float("nan"),
        }
    )


def _moran_rate(given: _Inputs) -> Moran:
    events, people = given.counts["releases"], given.population
    return moran_rate(events, people, given.graph, permutations=given.permutations, rng=given.rng)


def _moran_crude(given: _Inputs) -> Moran:
    people = given.population.astype("Float64")
    crude = given.counts["releases"].astype("Float64") / people.where(people > 0)
    return moran(crude, given.graph, permutations=given.permutations, rng=given.rng)


def _made(test: Callable[[], Moran]) -> Moran | None:
    try:
        return test()
    except StatisticError:
        return None


def _join_tests(
    given: _Inputs, listed: pd.Series, degree: pd.Series, coverage: Coverage, *, enough: bool
) -> tuple[JoinCount | None, JoinCount | None, pd.DataFrame]:
    """Test the listed set, and the sets of the 10, 15, ... highest, under both nulls."""
    order = rate_order(given.counts, given.population)
    known = order.notna()
    if coverage == "highest":
        # An area off the list is known to come after it; only one of which nothing is known stays out.
        order = order.fillna(len(order) + 1).where(given.counts["status"].ne("missing"))
    inside = listed & (degree > 0)
    columns = ["size", "null", "n_high", "observed", "expected", "p_value", "p_two_sided"]
    if not enough or inside.sum() < 2 or inside.sum() >= (order.notna() & (degree > 0)).sum():
        return None, None, pd.DataFrame(columns=columns)
    strata = deciles(given.population.astype("Float64").where(degree > 0)).fillna(0)
    sizes = [int(listed.sum()), *(s for s in SIZES if s <= known.sum())]
    found = {
        null: join_counts(
            order, given.graph, sizes, strata=by, permutations=given.permutations, rng=given.rng
        )
        for null, by in (("exchangeable", None), ("stratified", strata))
    }
    rows = [
        (size, test.null, test.n_high, test.observed, test.expected, test.p_value, test.p_two_sided)
        for tests in found.values()
        for size, test in zip(sizes[1:], tests[1:], strict=True)
    ]
    return found["exchangeable"][0], found["stratified"][0], pd.DataFrame(rows, columns=columns)


def _groups(graph: Graph, listed: pd.Series) -> pd.Series:
    """Number the sets of two and more adjoining areas of the listed set."""
    part = components(graph, listed)
    return part.where(part.map(part.value_counts()).gt(1).fillna(False).astype(bool))


def _at_floor(method: Method, local: pd.DataFrame, given: _Inputs) -> int:
    tested = int(local["cluster_p"].notna().sum())
    return areas_at_floor(tested, given.permutations, given.alpha) if method == "local_moran_rate" else 1
