from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph

import geo
from geo.register.communes import commune_register
from geo.stats.correlation.distanceclasses import FEWEST, distance_classes
from geo.stats.correlation.places import borders_between, distances_km
from geo.stats.weights.links import graph_from_pairs
from tests.properties import examples


def test_distances_are_those_of_the_ellipsoid_to_half_a_per_cent() -> None:
    from pyproj import Geod

    places = commune_register()[["lon", "lat"]].dropna().iloc[::40]
    km = distances_km(places)
    lon, lat = places["lon"].to_numpy(), places["lat"].to_numpy()
    for i, j in zip(*np.triu_indices(len(places), 1), strict=True):
        metres = Geod(ellps="WGS84").inv(lon[i], lat[i], lon[j], lat[j])[2]
        assert km[i, j] == pytest.approx(metres / 1000, rel=0.006)


def test_borders_lead_through_areas_that_have_no_value(communes: pd.Index, graph: Graph) -> None:
    """From Valparaíso to Santiago: by Casablanca, Curacaví and Pudahuel or Lo Prado."""
    found = borders_between(graph, pd.Index(["05101", "13101", "05201"]))
    assert found[0, 1] == 5 or found[0, 1] == 4
    assert np.isinf(found[0, 2])
    ring = graph_from_pairs([(i, (i + 1) % 6) for i in range(6)], range(6))
    assert borders_between(ring, pd.Index([0, 2, 3]))[0].tolist() == [0, 2, 3]


def test_the_shipped_contiguity_gives_classes_that_cover_every_pair(communes: pd.Index, graph: Graph) -> None:
    inside = communes.difference(graph.isolates, sort=False)
    counts = graph.cardinalities.reindex(inside).to_numpy(dtype=float)
    km = distances_km(commune_register().loc[inside])
    classes = distance_classes(km, borders_between(graph, inside), counts)
    table = classes.table
    assert table["pairs"].sum() == 341 * 340 / 2
    assert table.loc[table["borders_to"] == 1, "pairs"].sum() == 847
    assert (classes.code == classes.code.T).all()
    assert (np.diag(classes.code) == -1).all()
    assert len(table) == 36
    assert table["pairs"].min() >= FEWEST


@examples(25)
@given(st.integers(0, 1000), st.integers(10, 40))
def test_no_class_but_the_only_one_has_few_pairs(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    points = pd.DataFrame(rng.uniform(0, 1e5, (n, 2)), columns=["x", "y"])
    links = [(i, j) for i in range(n) for j in range(i) if rng.random() < 0.1]
    borders = borders_between(graph_from_pairs(links, range(n)), pd.RangeIndex(n))
    for kind in (
        distance_classes(distances_km(points)),
        distance_classes(distances_km(points), borders),
        distance_classes(distances_km(points), borders, (borders == 1).sum(axis=1).astype(float)),
    ):
        assert kind.table["pairs"].sum() == n * (n - 1) / 2
        assert kind.table["pairs"].min() >= min(FEWEST, n * (n - 1) // 2)


@pytest.mark.parametrize("edges", [[], [5, 5], [-1, 3], [0.001, 100]])
def test_bounds_that_make_no_classes_are_an_error(edges: list[float]) -> None:
    with pytest.raises(geo.StatisticError):
        distance_classes(distances_km(pd.DataFrame({"x": [0, 1e4, 3e4], "y": 0})), edges=edges)
