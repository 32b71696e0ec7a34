"""Smoothed rates against esda, spdep and what smoothing must do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph

import geo
from geo.stats.weights.links import graph_from_pairs
from tests.properties import examples
from tests.stats.peers import as_w, import_esda, peer_warnings_aside


def test_smoothed_rates_are_those_of_esda(dmcs: pd.DataFrame) -> None:
    esda = import_esda()
    events, people = dmcs["cases"].to_numpy(float), dmcs["population"].to_numpy(float)
    theirs = esda.smoothing.Empirical_Bayes(events, people).r.ravel() * 100_000
    assert np.allclose(geo.stats.rate_eb(dmcs["cases"], dmcs["population"]), theirs, rtol=1e-12)


def test_rates_smoothed_by_neighbours_are_those_of_esda(dmcs: pd.DataFrame, graph: Graph) -> None:
    esda = import_esda()
    ours = geo.stats.rate_eb_spatial(dmcs["cases"], dmcs["population"], graph)
    inside = dmcs.index.difference(graph.isolates)
    events, people = (dmcs.loc[inside, name].to_numpy(float) for name in ("cases", "population"))
    with peer_warnings_aside():
        smoothed = esda.smoothing.Spatial_Empirical_Bayes(events, people, as_w(graph.subgraph(inside)))
    assert np.allclose(ours[inside], smoothed.r.ravel() * 100_000, rtol=1e-10)


def test_rates_smoothed_by_neighbours_are_those_of_spdep(dmcs: pd.DataFrame, graph: Graph) -> None:
    """R 4.2.2, spdep 1.2.7: EBlocal(cases, population, nb, geoda = TRUE), the first four communes.

    Without geoda = TRUE each neighbour's deviation is taken from its own neighbourhood's mean, and not from
    that of the neighbourhood whose variance is estimated.
    """
    ours = geo.stats.rate_eb_spatial(dmcs["cases"], dmcs["population"], graph)
    theirs = [5010.2643097, 3097.93908878, 3151.04317414, 1225.88558504]
    assert ours.iloc[:4].tolist() == pytest.approx(theirs, rel=1e-9)


def test_smoothed_rates_are_called_by_how_they_were_made() -> None:
    events, people = pd.Series([1, 30]), pd.Series([100, 200])
    graph = graph_from_pairs([(0, 1)], range(2))
    assert geo.stats.rate_eb(events, people).name == "rate_eb"
    assert geo.stats.rate_eb_spatial(events, people, graph).name == "rate_eb_spatial"


def test_islands_have_no_neighbours_to_be_smoothed_by(dmcs: pd.DataFrame, graph: Graph) -> None:
    ours = geo.stats.rate_eb_spatial(dmcs["cases"], dmcs["population"], graph)
    assert ours.index[ours.isna()].tolist() == sorted(graph.isolates)


def test_areas_without_a_rate_lend_none_to_their_neighbours() -> None:
    graph = graph_from_pairs([(0, 1), (1, 2), (2, 3), (3, 4)], range(5))
    events, people = pd.Series([10, 20, None, 5, 4]), pd.Series([1000, 900, 800, 100, 0])
    ours = geo.stats.rate_eb_spatial(events, people, graph)
    assert ours.notna().tolist() == [True, True, False, False, False]
    part = geo.stats.rate_eb_spatial(events[:2], people[:2], graph_from_pairs([(0, 1)], range(2)))
    assert ours[:2].tolist() == pytest.approx(part.tolist())


def test_a_neighbourhood_without_any_count_has_the_rate_zero() -> None:
    graph = graph_from_pairs([(0, 1), (2, 3)], range(4))
    ours = geo.stats.rate_eb_spatial(pd.Series([0, 0, 3, 4]), pd.Series([10, 20, 30, 40]), graph)
    assert ours.tolist()[:2] == [0, 0]


@examples(50)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 5000)), min_size=2, max_size=12))
def test_a_smoothed_rate_lies_between_its_own_and_its_neighbourhoods(areas: list[tuple[int, int]]) -> None:
    """Where all adjoin all, the neighbourhood is the map."""
    events, people = pd.Series([c for c, _ in areas]), pd.Series([p for _, p in areas])
    everyone = [(a, b) for a in range(len(areas)) for b in range(a)]
    own = geo.stats.crude_rates(events, people)["rate"]
    overall = events.sum() / people.sum() * 100_000
    ours = geo.stats.rate_eb_spatial(events, people, graph_from_pairs(everyone, events.index))
    low, high = np.minimum(own, overall), np.maximum(own, overall)
    assert (ours >= low - 1e-6).all()
    assert (ours <= high + 1e-6).all()
    if events.sum():
        assert np.allclose(ours, geo.stats.rate_eb(events, people))
