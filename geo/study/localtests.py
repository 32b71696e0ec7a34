"""The local test of a map: which one its counts allow, and whether its findings survive adjustment for size.

Rates rise with the size of a commune, and cities adjoin cities: an area that is labelled plainly but not once
population is taken into account belongs to the geography of cities.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.options import Coverage
from geo.model.statistics import Adjustment, LocalMethod, Reason
from geo.stats.autocorrelation.getis import NO_SPREAD, getis_ord_z
from geo.stats.autocorrelation.joincount import deciles
from geo.stats.autocorrelation.localjoins import local_join_count
from geo.stats.autocorrelation.localmoran import local_moran_rate, rate_scores
from geo.stats.autocorrelation.significance import QUADRANTS, UNDEFINED
from geo.stats.engine.correction import q_values
from geo.stats.rates.adjustment import size_covariates
from geo.stats.weights.adjacency import neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph


@dataclass(frozen=True, kw_only=True)
class LocalTests:
    """The local test of one map, and the same once the areas' size is taken into account."""

    method: LocalMethod
    """The test behind the labels."""
    reason: Reason
    """Why there is none: too few counts are known, too few areas touch or differ, none is listed."""
    adjustment: Adjustment
    """How size is taken into account: as a covariate, or by trading places within deciles of population."""
    areas: pd.DataFrame
    """``cluster, cluster_uncorrected, cluster_statistic, cluster_p, cluster_q, cluster_method, cluster_note,
    cluster_adjusted, cluster_adjusted_p, cluster_adjusted_q, survives_adjustment, gi_z, gi_p, gi_q``."""
    areas_at_floor: int
    """Areas that must sit at the p floor before one can be rejected after correction."""


def local_tests(
    counts: pd.DataFrame,
    population: pd.Series,
    graph: Graph,
    *,
    listed: pd.Series,
    coverage: Coverage,
    enough: bool,
    permutations: int,
    rng: int,
    alpha: float,
) -> LocalTests:
    """Make the local test that the counts allow, plain and adjusted for size.

    Parameters
    ----------
    counts : DataFrame
        ``releases`` by area, missing where not known exactly.
    population : Series
        Inhabitants on the same index.
    graph : libpysal.graph.Graph
    listed : Series of bool
        The set of highest rates.
    coverage : {"all", "highest"}
        ``highest``: local join counts of the listed set. ``all``: local Moran of standardised rates.
    enough : bool
        Whether the counts of enough areas are known for the latter.
    permutations, rng, alpha
        As in :func:`local_moran`.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> graph = graph_from_pairs([(i, i + 1) for i in range(9)], range(10))
    >>> counts = pd.DataFrame({"releases": [30, 31, 33, 35, 1, 2, 1, 2, 1, 2]})
    >>> people, listed = pd.Series(range(9_000, 10_000, 100)), counts["releases"] > 30
    >>> options = {"coverage": "all", "enough": True, "permutations": 999, "rng": 0, "alpha": 0.05}
    >>> tested = local_tests(counts, people, graph, listed=listed, **options)
    >>> tested.method, tested.adjustment
    ('local_moran_rate', 'log_population')
    """
    if coverage == "highest" and listed.any():
        return _joins(population, graph, listed, alpha)
    if enough and coverage == "all":
        try:
            return _moran(counts["releases"], population, graph, permutations, rng, alpha)
        except StatisticError:
            pass  # too few areas touch, or all rates are equal: the reason says so
    reason: Reason = "nothing_to_compare" if enough else "too_few_known"
    reason = "none_listed" if coverage == "highest" else reason
    nothing = pd.DataFrame(
        index=counts.index, data=dict.fromkeys(("statistic", "p_value", "q_value"), np.nan)
    )
    nothing = nothing.assign(label=UNDEFINED, label_uncorrected=UNDEFINED, reason="not_tested")
    columns = _columns(nothing, None, "none")
    return LocalTests(method="none", reason=reason, adjustment="none", areas=columns, areas_at_floor=1)


def _moran(
    events: pd.Series, people: pd.Series, graph: Graph, permutations: int, rng: int, alpha: float
) -> LocalTests:
    plain = local_moran_rate(events, people, graph, alpha=alpha, permutations=permutations, rng=rng)
    try:
        adjusted = local_moran_rate(
            events,
            people,
            graph,
            covariates=size_covariates(people),
            alpha=alpha,
            permutations=permutations,
            rng=rng,
        )
    except StatisticError:
        adjusted = None  # populations that do not vary, or too few areas for a regression
    columns = _columns(plain, adjusted, "local_moran_rate")
    # The conditional p of Gi* is local Moran's: the same sums, the same draws.
    z = getis_ord_z(rate_scores(events, people, graph), graph)
    gi_p = plain["p_value"].where(z.notna())
    note = columns["cluster_note"].mask(z.isna() & plain["p_value"].notna(), NO_SPREAD)
    return LocalTests(
        method="local_moran_rate",
        reason="",
        adjustment="none" if adjusted is None else "log_population",
        areas=columns.assign(gi_z=z, gi_p=gi_p, gi_q=q_values(gi_p), cluster_note=note),
        areas_at_floor=plain.attrs["areas_at_floor"],
    )


def _joins(people: pd.Series, graph: Graph, listed: pd.Series, alpha: float) -> LocalTests:
    plain = local_join_count(listed, graph, alpha=alpha)
    inside = neighbors(graph, listed.index, pd.Series(True, index=listed.index)).counts > 0
    adjusted = None
    if people[inside].notna().all():
        strata = deciles(people.astype("Float64").where(inside))
        adjusted = local_join_count(listed, graph, strata=strata, alpha=alpha)
    return LocalTests(
        method="local_join_count",
        reason="",
        adjustment="none" if adjusted is None else "population_deciles",
        areas=_columns(plain, adjusted, "local_join_count"),
        areas_at_floor=1,
    )


def _columns(plain: pd.DataFrame, adjusted: pd.DataFrame | None, method: LocalMethod) -> pd.DataFrame:
    """Name the columns of a local test as the result does."""
    columns = {
        "cluster": plain["label"].astype("string"),
        "cluster_uncorrected": plain["label_uncorrected"].astype("string"),
        "cluster_statistic": plain["statistic"],
        "cluster_p": plain["p_value"],
        "cluster_q": plain["q_value"],
        "cluster_method": pd.Series(method, index=plain.index, dtype="string"),
        "cluster_note": plain["reason"].astype("string"),
    }
    significant = columns["cluster"].isin(QUADRANTS)
    if adjusted is None:
        nothing = pd.DataFrame({"label": pd.NA, "p_value": np.nan, "q_value": np.nan}, index=plain.index)
        survives = pd.Series(pd.NA, index=plain.index, dtype="boolean")
    else:
        nothing = adjusted
        survives = (adjusted["label"] == plain["label"]).astype("boolean").where(significant)
    return pd.DataFrame(
        {
            **columns,
            "cluster_adjusted": nothing["label"].astype("string"),
            "cluster_adjusted_p": nothing["p_value"],
            "cluster_adjusted_q": nothing["q_value"],
            "survives_adjustment": survives,
            "gi_z": np.nan,
            "gi_p": np.nan,
            "gi_q": np.nan,
        }
    )
