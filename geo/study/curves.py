"""What the figures of a report show beyond the columns of the areas: points and lines, ready to be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.options import Coverage
from geo.model.plots import Curves, Funnel
from geo.stats.autocorrelation.localmoran import rate_scores
from geo.stats.engine.arrays import floats
from geo.stats.engine.conditional import take_sample
from geo.stats.inequality.lorenz import held, spread
from geo.stats.rates.crude import overall_rate
from geo.stats.rates.funnel import funnel, funnel_limits
from geo.study.concentration import ENOUGH

if TYPE_CHECKING:
    from libpysal.graph import Graph

_Made = TypeVar("_Made")
STEPS = 100  # populations at which the limits of a funnel are drawn


def curves(
    counts: pd.DataFrame, population: pd.Series, graph: Graph, *, coverage: Coverage = "all"
) -> Curves:
    """Prepare the figures of one map.

    Parameters
    ----------
    counts : DataFrame
        ``low``, ``high`` and ``releases`` (where the two agree) by area.
    population : Series
        Inhabitants on the same index.
    graph : libpysal.graph.Graph
    coverage : {"all", "highest"}
        Of a list of the highest rates only what the list holds can be said, as of a table in which the counts
        of fewer than 80 % of the areas are known.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(5)], range(6))
    >>> n = pd.Series([30, 31, 33, 4, 2, 2])
    >>> plots = curves(
    ...     pd.DataFrame({"low": n, "high": n, "releases": n}), pd.Series([10_000] * 6), graph)
    >>> round(plots.overall), plots.spread.half_areas, len(plots.limits)
    (170, 2, 100)
    """
    events = counts["releases"]
    rated = (events.notna() & population.gt(0).fillna(False)).sum()
    whole = coverage == "all" and rated >= ENOUGH * max(1, len(counts))
    funnel_plot = _made(lambda: funnel(events, population)) if whole else None
    return Curves(
        overall=overall_rate(events, population) if whole else float("nan"),
        funnel=funnel_plot,
        limits=_limits(funnel_plot, population) if funnel_plot else None,
        scatter=_made(lambda: scatter(events, population, graph)) if whole else None,
        spread=_made(lambda: spread(events, population)) if whole else None,
        held=held(counts["low"], counts["high"], population, events.notna()),
    )


def scatter(events: pd.Series, population: pd.Series, graph: Graph) -> pd.DataFrame:
    """Give the points of the Moran scatterplot of standardised rates.

    Returns
    -------
    DataFrame
        ``z`` (centred) and ``lag`` (mean of the neighbours' z) on the index of `events`, missing for areas
        that take no part. The slope of the line through the origin is Moran's I.

    References
    ----------
    Anselin, L. (1996). The Moran scatterplot as an ESDA tool to assess local instability in spatial
    association. In Fischer, M. et al. (eds), Spatial Analytical Perspectives on GIS, Taylor &
    Francis, 111-125.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(0, 1), (1, 2)], range(4))
    >>> scatter(pd.Series([10, 10, 40, 9]), pd.Series([1_000] * 4), graph).round(2).values.tolist()
    [[-0.71, -0.71], [-0.71, 0.35], [1.41, -0.71], [nan, nan]]
    """
    sample = take_sample(rate_scores(events, population, graph), graph)
    z = np.where(sample.usable, sample.z, np.nan)
    lag = np.where(sample.usable, sample.sums / np.where(sample.usable, sample.totals, 1), np.nan)
    return pd.DataFrame({"z": z, "lag": lag}, index=events.index)


def _limits(funnel_plot: Funnel, population: pd.Series) -> pd.DataFrame:
    """Compute the limits at populations from the smallest to the largest, evenly on a logarithmic axis."""
    people = floats(population)[funnel_plot.areas["rate"].notna().to_numpy()]
    grid = pd.Series(np.geomspace(people.min() * 0.9, people.max() * 1.1, STEPS), name="population")
    return pd.concat([grid, funnel_limits(grid, funnel_plot.target, tau=funnel_plot.tau)], axis=1)


def _made(make: Callable[[], _Made]) -> _Made | None:
    try:
        return make()
    except StatisticError:
        return None
