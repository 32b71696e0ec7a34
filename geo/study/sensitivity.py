"""How far a run's labels hold under the other weights and populations that it could have taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.boundaries.contiguity import touching_pairs
from geo.boundaries.points import centroids
from geo.errors import InputError, StatisticError
from geo.model.options import Coverage
from geo.model.statistics import Stability
from geo.register.populations import inhabitants
from geo.stats.weights.families import family_links
from geo.stats.weights.links import Links, links_from_pairs
from geo.study.concentration import Concentration
from geo.study.inputs import Inputs
from geo.study.stability import SPECIFICATION_PERMUTATIONS, listed_stability, stability

if TYPE_CHECKING:
    from libpysal.graph import Graph


def sensitivity(
    inputs: Inputs, counts: pd.DataFrame, graph: Graph, tested: Concentration, coverage: Coverage
) -> Stability | None:
    """Repeat a run's local test under every family of weights and every population base that covers its year.

    Parameters
    ----------
    inputs : Inputs
    counts : DataFrame
        Of the areas in question.
    graph : libpysal.graph.Graph
        The contiguity of the main analysis.
    tested : Concentration
        Whose labels the others are compared with.
    coverage : {"all", "highest"}
        A list rests on its own rates: it has one base.

    Returns
    -------
    Stability or None
        None where the run made no local test, or another choice allows none.
    """
    tests = tested.tests
    if tests.method == "none":
        return None
    families = family_links(graph, centroids(inputs.areas), rook=_rook(inputs))
    labels = tested.areas["cluster"]
    try:
        if coverage == "highest":
            listed = {inputs.population.name: tested.areas["listed"]}
            return listed_stability(listed, families, labels=labels, alpha=tests.alpha)
        return stability(
            counts["releases"],
            _bases(inputs),
            families,
            labels=labels,
            permutations=min(SPECIFICATION_PERMUTATIONS, tests.permutations),
            rng=tests.seed,
            alpha=tests.alpha,
        )
    except StatisticError:
        return None


def _rook(inputs: Inputs) -> Links:
    """Give the contiguity along borders, measured where the queen's was."""
    register = inputs.bounds.register
    if inputs.bounds.contiguity == "measured" or register is None or register.pairs is None:
        polygons = inputs.areas[inputs.areas.geometry.notna()]
        return links_from_pairs(touching_pairs(polygons, "rook"), inputs.areas.index)
    return links_from_pairs(register.pairs("rook"), inputs.areas.index)


def _bases(inputs: Inputs) -> dict[str, pd.Series]:
    """Give the population in use, then each official series that covers the year."""
    index = inputs.areas.index
    bases = {inputs.population.name: inputs.population.values.reindex(index)}
    register = inputs.bounds.register
    if register is None or inputs.year is None:
        return bases
    for series in register.series:
        try:
            people = inhabitants(series, inputs.year).reindex(index)
        except InputError:
            continue  # a series that does not reach the year has no say
        if series.name not in bases and not np.array_equal(people, bases[inputs.population.name]):
            bases[series.name] = people
    return bases
