"""Neighbours by distance: against libpysal, against distances measured by another package, and on grids."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from pyproj import Geod

import geo
from geo.register.communes import commune_register
from geo.stats.weights.distance import EARTH_KM, Shape
from geo.stats.weights.links import graph_from_pairs
from tests.properties import examples
from tests.stats.peers import peer_warnings_aside

SPHERE = Geod(a=EARTH_KM * 1000, b=EARTH_KM * 1000)
SHAPES: tuple[Shape, ...] = ("bisquare", "triangular", "gaussian")


def all_km(points: pd.DataFrame) -> np.ndarray:
    """Great-circle distances between all places, by PROJ."""
    lon, lat = points["lon"].to_numpy(), points["lat"].to_numpy()
    i, j = np.meshgrid(range(len(points)), range(len(points)), indexing="ij")
    km = np.asarray(SPHERE.inv(lon[i.ravel()], lat[i.ravel()], lon[j.ravel()], lat[j.ravel()])[2]) / 1000
    return km.reshape(i.shape)


def links(graph: Graph) -> dict[object, list[object]]:
    """Neighbours of each area, in the graph's order."""
    return {i: graph[i].index.tolist() for i in graph.unique_ids}


@pytest.fixture(scope="module")
def places(communes: pd.Index) -> pd.DataFrame:
    """Centroids of the 345 communes that have one."""
    return commune_register().loc[communes, ["lon", "lat"]].dropna()


def random_places(n: int, seed: int = 0) -> pd.DataFrame:
    """Spread evenly over the whole Earth, poles and antimeridian included."""
    rng = np.random.default_rng(seed)
    lon, up = rng.uniform(-180, 180, n), rng.uniform(-1, 1, n)
    return pd.DataFrame({"lon": lon, "lat": np.degrees(np.arcsin(up))}, index=[f"p{i}" for i in range(n)])


@pytest.mark.parametrize("k", [1, 4, 6, 8])
def test_nearest_neighbors_are_libpysals_by_haversine(k: int, places: pd.DataFrame) -> None:
    """libpysal 4.14.1 with scikit-learn's ball tree."""
    points = gpd.GeoSeries.from_xy(places["lon"], places["lat"], crs=4326)
    with peer_warnings_aside():
        theirs = Graph.build_knn(points, k=k, metric="haversine")
    assert links(geo.stats.nearest_neighbors(places, k)) == links(theirs)


def test_a_band_links_what_lies_within_it_by_proj_over_the_whole_earth() -> None:
    points = random_places(200)
    km = all_km(points)
    for reach in (500.0, 3000.0, 15_000.0, 20_100.0):
        graph = geo.stats.distance_band(points, reach)
        near = (km <= reach) & ~np.eye(len(km), dtype=bool)
        expected = {i: points.index[row].tolist() for i, row in zip(points.index, near, strict=True)}
        assert links(graph) == expected


def test_a_band_in_the_plane_is_libpysals() -> None:
    """libpysal 4.14.1."""
    rng = np.random.default_rng(1)
    plane = pd.DataFrame(rng.uniform(0, 50_000, (300, 2)), columns=["x", "y"])
    theirs = Graph.build_distance_band(gpd.GeoSeries.from_xy(plane["x"], plane["y"]), 4000, binary=True)
    assert links(geo.stats.distance_band(plane, 4.0)) == links(theirs)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_adaptive_kernel_is_libpysals_up_to_its_constant(shape: Shape) -> None:
    """libpysal 4.14.1; its bandwidth is the distance to the kth neighbour, ours to the one after the kth."""
    with peer_warnings_aside():
        from libpysal.weights import Kernel
    rng = np.random.default_rng(2)
    plane = pd.DataFrame(rng.uniform(0, 1e5, (80, 2)), columns=["x", "y"])
    name, constant = {
        "bisquare": ("quartic", 15 / 16),
        "triangular": ("triangular", 1),
        "gaussian": ("gaussian", (2 * np.pi) ** -0.5),
    }[shape]
    with peer_warnings_aside():
        theirs = Kernel(plane.to_numpy(), fixed=False, k=9, function=name, eps=1.0).full()[0] / constant
    ours = geo.stats.kernel_weights(plane, 8, shape=shape)
    for area in range(80):
        weights = ours[area]
        assert len(weights) == 8
        assert weights.to_numpy() == pytest.approx(theirs[area, weights.index], rel=1e-9)


def test_the_smallest_band_of_the_mainland_is_144_km_and_reaches_up_to_120_communes(
    places: pd.DataFrame, graph: Graph
) -> None:
    mainland = pd.Series(~places.index.isin(graph.isolates), index=places.index)
    km = all_km(places[mainland])
    np.fill_diagonal(km, np.inf)
    band = geo.stats.smallest_band(places, within=mainland)
    assert band == pytest.approx(km.min(axis=1).max(), rel=1e-9) == pytest.approx(143.89, abs=0.01)
    assert commune_register().loc[places[mainland].index[km.min(axis=1).argmax()], "commune"] == (
        "San Pedro de Atacama"
    )
    sizes = geo.stats.distance_band(places, within=mainland).cardinalities
    assert (sizes[mainland].min(), sizes.max()) == (1, 120)
    # Isla de Pascua alone would stretch it over everything.
    assert geo.stats.smallest_band(places) > 2000


def test_a_band_one_step_narrower_leaves_an_island(places: pd.DataFrame) -> None:
    band = geo.stats.smallest_band(places)
    assert geo.stats.distance_band(places, band).isolates.empty
    assert len(geo.stats.distance_band(places, band * (1 - 1e-6)).isolates) > 0


def test_neighbours_are_found_across_the_antimeridian_and_the_pole() -> None:
    points = pd.DataFrame(
        {"lon": [179.9, -179.9, 0.0, 90.0, 20.0], "lat": [0.0, 0.0, 89.9, 89.9, 60.0]}, index=list("abcde")
    )
    assert links(geo.stats.nearest_neighbors(points, 1)) == {
        "a": ["b"],
        "b": ["a"],
        "c": ["d"],
        "d": ["c"],
        "e": ["c"],
    }
    assert links(geo.stats.distance_band(points, 25))["a"] == ["b"]


def test_areas_without_a_place_are_islands_and_nobodys_neighbour() -> None:
    points = pd.DataFrame(
        {"lon": [0.0, 1, None, 3, 4], "lat": [0.0, 0, 0, None, 0]}, index=list("abcde"), dtype="Float64"
    )
    for graph in (
        geo.stats.nearest_neighbors(points, 2),
        geo.stats.distance_band(points),
        geo.stats.kernel_weights(points, 2),
    ):
        assert graph.unique_ids.tolist() == list("abcde")
        assert graph.isolates.tolist() == ["c", "d"]
        assert links(graph)["a"][0] == "b"


def test_two_areas_at_one_place_are_neighbours() -> None:
    points = pd.DataFrame({"x": [0, 0, 0, 1000], "y": 0}, index=list("abcd"))
    assert links(geo.stats.nearest_neighbors(points, 1)) == {"a": ["b"], "b": ["a"], "c": ["a"], "d": ["a"]}
    assert links(geo.stats.distance_band(points, 0.5)) == {
        "a": ["b", "c"],
        "b": ["a", "c"],
        "c": ["a", "b"],
        "d": [],
    }
    assert geo.stats.kernel_weights(points, 1)["a"].to_dict() == {"b": 1.0, "c": 1.0}


def test_a_kernel_with_no_area_beyond_weighs_all_alike() -> None:
    points = pd.DataFrame({"x": [0, 1000, 3000], "y": 0})
    assert geo.stats.kernel_weights(points, 2).adjacency.tolist() == [1.0] * 6


def test_the_frame_of_places_is_left_as_it_was(places: pd.DataFrame) -> None:
    before = places.copy()
    geo.stats.nearest_neighbors(places, 3)
    geo.stats.kernel_weights(places, 3)
    pd.testing.assert_frame_equal(places, before)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda p: geo.stats.nearest_neighbors(p, 0),
            "whole number from 1 to the other areas' number, 2; received 0",
        ),
        (lambda p: geo.stats.nearest_neighbors(p, 3), "received 3; pass such a number"),
        (lambda p: geo.stats.kernel_weights(p, 1.5), "received 1.5"),
        (lambda p: geo.stats.kernel_weights(p, 1, shape="cosine"), "bisquare, triangular or gaussian"),
        (lambda p: geo.stats.distance_band(p, 0), "a band reaches some way; received 0 km"),
        (lambda p: geo.stats.distance_band(p, float("nan")), "received nan km"),
        (lambda p: geo.stats.distance_band(p.head(1)), "a band needs two places; received 1"),
        (lambda p: geo.stats.distance_band(p, within=pd.Series(False, p.index)), "within without any"),
        (
            lambda p: geo.stats.nearest_neighbors(p[["lat"]], 1),
            "lon and lat in degrees, or x and y.*columns lat",
        ),
        (
            lambda p: geo.stats.nearest_neighbors(p * 1e5, 1),
            "lon and lat are degrees; received.*call metres x and y",
        ),
        (
            lambda p: geo.stats.nearest_neighbors(p.set_axis(["a", "b", "a"]), 1),
            "each area stands once.*first 'a'",
        ),
    ],
)
def test_what_cannot_be_linked_is_refused_in_words(make: object, message: str) -> None:
    points = pd.DataFrame({"lon": [1.0, 2, 3], "lat": [1.0, 2, 4]}, index=list("abc"))
    with pytest.raises(geo.StatisticError, match=message):
        make(points)  # type: ignore[operator]


on_a_grid = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=25)


@given(on_a_grid, st.data())
def test_of_areas_equally_far_the_first_are_taken(at: list[tuple[int, int]], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(at) - 1))
    points = pd.DataFrame(np.array(at) * 1000, columns=["x", "y"])
    square = ((points.to_numpy()[:, None] - points.to_numpy()) ** 2).sum(axis=2)  # whole numbers: exact ties
    expected = {}
    for area, row in enumerate(square):
        others = [j for j in np.argsort(row, kind="stable").tolist() if j != area]
        expected[area] = sorted(others[:k])
    assert links(geo.stats.nearest_neighbors(points, k)) == expected


@given(on_a_grid, st.sampled_from(SHAPES), st.data())
def test_a_kernel_weighs_the_k_nearest_and_their_ties_less_the_farther_they_lie(
    at: list[tuple[int, int]], shape: Shape, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(at) - 1))
    points = pd.DataFrame(np.array(at) * 1000.0, columns=["x", "y"])
    km = np.sqrt(((points.to_numpy()[:, None] - points.to_numpy()) ** 2).sum(axis=2)) / 1000
    np.fill_diagonal(km, np.inf)
    graph = geo.stats.kernel_weights(points, k, shape=shape)
    for area, row in enumerate(km):
        weights = graph[area]
        assert weights.index.tolist() == np.flatnonzero(row <= np.sort(row)[k - 1] * (1 + 1e-9)).tolist()
        assert weights.between(0, 1, inclusive="right").all()
        by_distance = weights.to_numpy()[np.argsort(row[weights.index], kind="stable")]
        assert (np.diff(by_distance) <= 1e-12).all()


@examples(25)
@given(st.integers(0, 2**31), st.floats(0.1, 1000))
def test_weights_depend_neither_on_the_unit_nor_on_the_order_of_areas(seed: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    plane = pd.DataFrame(rng.uniform(0, 1e5, (30, 2)), columns=["x", "y"])
    order = rng.permutation(30)
    makers = (
        lambda p: geo.stats.nearest_neighbors(p, 5),
        geo.stats.distance_band,
        lambda p: geo.stats.kernel_weights(p, 5),
    )
    for make in makers:
        plain = make(plane).adjacency
        pd.testing.assert_series_equal(make(plane * unit).adjacency, plain, rtol=1e-6)
        shuffled = make(plane.iloc[order]).adjacency.sort_index()
        assert np.allclose(shuffled.to_numpy(), plain.sort_index().to_numpy())
        assert shuffled.index.tolist() == plain.sort_index().index.tolist()


def test_kernel_weights_can_be_tested(places: pd.DataFrame, dmcs: pd.DataFrame) -> None:
    near = dmcs.loc[places.index]
    found = geo.stats.local_moran_rate(
        near["cases"], near["population"], geo.stats.kernel_weights(places, 12), permutations=999
    )
    assert found["p_value"].notna().all()


def test_a_graph_of_pairs_takes_each_pair_once_and_only_known_areas() -> None:
    graph = graph_from_pairs([("c", "a"), ("a", "c"), ("a", "z"), ("b", "b")], list("cab"))
    assert links(graph) == {"c": ["a"], "a": ["c"], "b": []}
    assert graph.adjacency.tolist() == [1, 1, 0]
    with pytest.raises(geo.StatisticError, match="each area stands once; received 1 repeated ids, first 'a'"):
        graph_from_pairs([("a", "b")], ["a", "b", "a"])
    assert graph_from_pairs([], [2, 1]).isolates.tolist() == [2, 1]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=30), st.permutations(range(9)))
def test_a_graph_of_pairs_is_the_one_that_libpysal_makes_of_them(
    pairs: list[tuple[int, int]], ids: list[int]
) -> None:
    near: dict[int, list[int]] = {i: [] for i in ids}
    for a, b in pairs:
        if a != b and b not in near[a]:
            near[a].append(b)
            near[b].append(a)
    theirs = Graph.from_dicts({i: sorted(js, key=ids.index) for i, js in near.items()})
    ours = graph_from_pairs(pairs, ids)
    assert ours.equals(theirs)
    assert ours.adjacency.index.tolist() == theirs.adjacency.index.tolist()
