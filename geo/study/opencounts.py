"""What a run says where counts are not all known: bounds without a model, then imputations with one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import StatisticError
from geo.model.options import PERMUTATIONS, Coverage, Options
from geo.model.uncertainty import Certainty, NotCompleted, Unknown
from geo.stats.autocorrelation.significance import ALPHA
from geo.stats.engine.parallel import side_by_side
from geo.stats.incomplete.bounds import bounds
from geo.stats.incomplete.certainty import certainty, enough_permutations
from geo.stats.incomplete.imputation import impute_counts
from geo.stats.incomplete.telling import telling_counts

if TYPE_CHECKING:
    from libpysal.graph import Graph


def unknown(
    counts: pd.DataFrame,
    population: pd.Series,
    graph: Graph,
    *,
    coverage: Coverage = "all",
    imputations: int = Options.imputations,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
) -> Unknown | NotCompleted:
    """Ask what is known while counts are intervals.

    Parameters
    ----------
    counts : DataFrame
        ``status``, ``low`` and ``high`` by area.
    population : Series
        Inhabitants on the same index.
    graph : libpysal.graph.Graph
        Contiguity of the same areas.
    coverage : {"all", "highest"}
        ``highest``: the table is a list of highest rates, and what it leaves out is tried without its limit
        as well.
    imputations : int
        Tables to be completed; 0 asks nothing.
    permutations : int
        Of the local test in each, where they are fewer than one area alone needs to be labelled.
    rng : int
        Seed.

    Returns
    -------
    Unknown or NotCompleted
        The latter where every count is known or nothing is asked, or where too little is known to fit a
        model or to test anything.

    Examples
    --------
    >>> from geo.stats.weights.links import links_from_pairs
    >>> links = links_from_pairs([(i, i + 1) for i in range(9)], range(10))
    >>> known = pd.DataFrame({"status": "published", "low": range(10), "high": range(10)})
    >>> unknown(known, pd.Series([1000] * 10), links).why
    'all_known'
    """
    inhabited = population.gt(0).fillna(False)
    open_ = inhabited & ~counts["low"].eq(counts["high"]).fillna(False)
    if imputations == 0:
        return NotCompleted(why="not_asked")
    if not open_.any():
        return NotCompleted(why="all_known")

    draws = min(permutations, enough_permutations(int(inhabited.sum()), ALPHA))
    # Where everybody lives in areas of one size, rates cannot be told to depend on it.
    size = population[inhabited].nunique() > 1

    def tested(*, unbounded: bool) -> Certainty:
        completed = impute_counts(
            counts, population, size=size, imputations=imputations, unbounded=unbounded, rng=rng
        )
        return certainty(completed, population, graph, permutations=draws, rng=rng)

    try:
        within = bounds(counts, population, graph)
        ways = [False, True] if coverage == "highest" else [False]
        tasks = [partial(tested, unbounded=without) for without in ways]
        limited, *rest = side_by_side(tasks)
        telling = telling_counts(limited, graph)
    except StatisticError as error:
        return NotCompleted(why="failed", reason=str(error))
    return Unknown(bounds=within, certainty=limited, unlimited=rest[0] if rest else None, telling=telling)
