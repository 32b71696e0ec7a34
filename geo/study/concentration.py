"""Is return spatially concentrated? The tests that one run makes, chosen by what is known of the counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from geo.errors import StatisticError
from geo.model.options import PERMUTATIONS, Coverage
from geo.model.statistics import GlobalTest, JoinCount, RateModel, Tests
from geo.stats.autocorrelation.association import moran_each
from geo.stats.autocorrelation.joincount import deciles, join_counts
from geo.stats.autocorrelation.localmoran import rate_scores
from geo.stats.autocorrelation.significance import ALPHA
from geo.stats.engine.parallel import side_by_side
from geo.stats.rates.adjustment import rate_model, size_covariates
from geo.stats.rates.highest import highest_rates, rate_order
from geo.stats.weights.adjacency import components, neighbors
from geo.study.localtests import LocalTests, local_tests

if TYPE_CHECKING:
    from libpysal.graph import Graph

_Made = TypeVar("_Made")

SIZES = (10, 15, 20, 25, 30, 35)  # sets of highest rates tried beside the list's own length
ENOUGH = 0.8  # of the areas with a neighbour, the share whose count must be known for tests of all areas


@dataclass(frozen=True, kw_only=True)
class Concentration:
    """Tests of a map and what they say of each area."""

    tests: Tests
    areas: pd.DataFrame
    """``neighbors, listed, group_id`` and the columns of :class:`~geo.study.localtests.LocalTests`."""


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
    listed: pd.Series | None = None,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
    alpha: float = ALPHA,
) -> Concentration:
    """Test whether the areas of high rates lie together, and where.

    Parameters
    ----------
    counts : DataFrame
        ``status``, ``low``, ``high`` and ``releases`` (where the two agree) by area; ``in_table``, where it
        is there, says which areas the table lists.
    population : Series
        Inhabitants on the same index.
    graph : libpysal.graph.Graph
        Contiguity of the same areas.
    coverage : {"all", "highest"}
        ``highest``: only the areas of highest rate are known, so only join counts of that set are made.
        ``all``: local Moran of standardised rates, if the counts of 80 % of the areas are known.
    listed : Series of bool, optional
        The set of highest rates, where these areas are a part of the table's; else it is taken from them.
    permutations, rng, alpha
        Passed to every test.

    Returns
    -------
    Concentration

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(9)], range(10))
    >>> n = pd.Series([30, 31, 33, 35, 1, 2, 1, 2, 1, 2])
    >>> counts = pd.DataFrame({"status": "published", "low": n, "high": n, "releases": n})
    >>> tested = concentration(counts, pd.Series([10_000] * 10), graph, permutations=999)
    >>> tested.tests.method, tested.tests.known, tested.areas.index[tested.areas["listed"]].tolist()
    ('local_moran_rate', 10, [3])
    """
    inputs = _Inputs(
        counts=counts, population=population, graph=graph, permutations=permutations, rng=rng, alpha=alpha
    )
    degree = pd.Series(
        neighbors(graph, counts.index, pd.Series(True, index=counts.index)).counts, index=counts.index
    )
    known = int((counts["releases"].notna() & population.gt(0).fillna(False) & (degree > 0)).sum())
    enough = coverage == "highest" or known >= ENOUGH * max(1, int((degree > 0).sum()))
    chosen = highest_rates(counts, population, coverage=coverage) & enough if listed is None else listed

    def local_test() -> LocalTests:
        return local_tests(
            counts,
            population,
            graph,
            listed=chosen,
            coverage=coverage,
            enough=enough,
            permutations=permutations,
            rng=rng,
            alpha=alpha,
        )

    def association() -> list[GlobalTest | None]:
        return _moran_tests(inputs) if enough and coverage == "all" else [None] * 3

    made: list[Any] = side_by_side(
        [partial(_join_tests, inputs, chosen, degree, coverage, enough), association, local_test]
    )
    (main, stratified, by_size), associations, local = made
    whole = local.method == "local_moran_rate"
    moran_rate, moran_crude, moran_adjusted = associations if whole else [None] * 3
    tests = Tests(
        method=local.method,
        reason=local.reason,
        join_count=main,
        join_count_stratified=stratified,
        by_size=by_size,
        moran_rate=moran_rate,
        moran_crude=moran_crude,
        moran_adjusted=moran_adjusted,
        size_model=_made(lambda: _size_model(inputs)) if whole else None,
        adjustment=local.adjustment,
        n_local=int(local.areas["cluster_p"].notna().sum()),
        at_floor=local.areas_at_floor,
        known=known,
        n=int((degree > 0).sum()),
        permutations=permutations,
        seed=rng,
        alpha=alpha,
    )
    described = pd.DataFrame({"neighbors": degree.astype("Int64"), "listed": chosen})
    described["group_id"] = _groups(graph, chosen)
    return Concentration(tests=tests, areas=described.join(local.areas))


def _moran_tests(inputs: _Inputs) -> list[GlobalTest | None]:
    """Test the standardised rates, the crude ones, and what size leaves over."""
    events, people = inputs.counts["releases"], inputs.population
    inhabitants = people.astype("Float64")

    def scores(covariates: pd.DataFrame | None) -> pd.Series:
        return rate_scores(events, people, inputs.graph, covariates=covariates)

    values = [
        _made(lambda: scores(None)),
        events.astype("Float64") / inhabitants.where(inhabitants > 0),
        _made(lambda: scores(size_covariates(people))),
    ]
    return moran_each(values, inputs.graph, permutations=inputs.permutations, rng=inputs.rng)


def _size_model(inputs: _Inputs) -> RateModel:
    """Fit the rates of all areas that have one, islands too: nothing spatial is asked here."""
    return rate_model(
        inputs.counts["releases"], inputs.population, covariates=size_covariates(inputs.population)
    )


def _made(make: Callable[[], _Made]) -> _Made | None:
    try:
        return make()
    except StatisticError:
        return None


_BY_SIZE = ["size", "null", "n_high", "observed", "expected", "p_value", "p_two_sided"]
_NO_JOIN_TESTS = (None, None, pd.DataFrame(columns=_BY_SIZE))


def _join_tests(
    inputs: _Inputs, listed: pd.Series, degree: pd.Series, coverage: Coverage, enough: bool
) -> tuple[JoinCount | None, JoinCount | None, pd.DataFrame]:
    """Test the listed set, and the sets of the 10, 15, ... highest, under both nulls."""
    if not enough:
        return _NO_JOIN_TESTS
    order = rate_order(inputs.counts, inputs.population)
    ranked = order[degree > 0].dropna()
    if coverage == "highest":
        # An area off the list is known to come after it; one on the list without a rate is not placed.
        on_list = inputs.counts.get("in_table", inputs.counts["status"].ne("bounded"))
        order = order.fillna(len(order) + 1).where(order.notna() | ~on_list)
    inside = order.notna() & (degree > 0)
    n_high = int((listed & inside).sum())
    if n_high < 2 or n_high >= inside.sum():
        return _NO_JOIN_TESTS
    # The listed set leads the order, whatever its rates are among the others of a part of the table.
    sizes = [
        int(listed[order.notna()].sum()),
        *(s for s in SIZES if (ranked <= s).any() and s <= len(ranked)),
    ]
    population = inputs.population.astype("Float64").where(inside)
    strata = None if population[inside].isna().any() else deciles(population).fillna(0)
    nulls = [None] if strata is None else [None, strata]
    exchangeable, *rest = side_by_side([partial(_counted, inputs, order, sizes, null) for null in nulls])
    stratified = rest[0] if rest else []
    rows = [
        (size, test.null, test.n_high, test.observed, test.expected, test.p_value, test.p_two_sided)
        for tests in (exchangeable, stratified)
        for size, test in zip(sizes[1:], tests[1:], strict=False)
    ]
    by_size = pd.DataFrame(rows, columns=_BY_SIZE)
    return exchangeable[0], stratified[0] if stratified else None, by_size


def _counted(
    inputs: _Inputs, order: pd.Series, sizes: list[int], strata: pd.Series | None
) -> list[JoinCount]:
    return join_counts(
        order, inputs.graph, sizes, strata=strata, permutations=inputs.permutations, rng=inputs.rng
    )


def _groups(graph: Graph, listed: pd.Series) -> pd.Series:
    """Number the sets of two and more adjoining areas of the listed set."""
    part = components(graph, listed)
    return part.where(part.map(part.value_counts()).gt(1).fillna(False).astype(bool))
