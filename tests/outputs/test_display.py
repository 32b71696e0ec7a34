"""Geometry for the screen: light, whole, and seen from the right place."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.assets import asset_path
from geo.outputs.display import encode, first_view, places, simplify
from tests.outputs.mapcase import twelve_areas
from tests.properties import examples


def jagged(seed: int, wide: float) -> gpd.GeoDataFrame:
    """Two areas with a crooked border between them, and a tiny one apart."""
    rng = np.random.default_rng(seed)
    heights = np.linspace(0.01, 0.99, 200)
    edge = [(0.0, 0.0), *zip(rng.normal(0, 0.002, 200), heights, strict=True), (0.0, 1.0)]
    left = shapely.Polygon([*edge, (-wide, 1), (-wide, 0)])
    right = shapely.Polygon([*edge, (wide, 1), (wide, 0)])
    return gpd.GeoDataFrame(geometry=[left, right, shapely.Point(3 * wide, 0).buffer(0.002)], crs=4326)


@examples(15)
@given(seed=st.integers(0, 1000), wide=st.sampled_from([0.05, 0.4, 1.0, 3.0]))
def test_simplified_areas_keep_their_size_and_their_shared_borders(seed: int, wide: float) -> None:
    before = jagged(seed, wide)
    after = simplify(before)
    sizes = after.to_crs(6933).area / before.to_crs(6933).area
    assert (abs(sizes - 1) < 0.05).all()
    assert after.is_valid.all()
    assert after.count_coordinates().sum() < before.count_coordinates().sum()
    assert shapely.coverage_is_valid(after.geometry.to_numpy())


def test_small_areas_keep_more_of_their_border_than_large_ones() -> None:
    narrow, wide = (simplify(jagged(0, width)[:2]).count_coordinates()[0] for width in (0.05, 3.0))
    assert narrow > 1.2 * wide


def test_encoded_rings_add_up_to_the_rounded_vertices() -> None:
    ring = np.array([[-70.12344, -33.5], [-70.1, -33.5], [-70.1, -33.41236]])
    steps = np.array(encode(gpd.GeoSeries([shapely.Polygon(ring)]))[0][0][0]).reshape(-1, 2)
    assert np.cumsum(steps, axis=0).tolist() == np.round(ring * 10_000).tolist()


def test_a_place_lies_inside_its_area_also_where_the_middle_does_not() -> None:
    horseshoe = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 3, 2)
    point = places(gpd.GeoSeries([horseshoe], crs=4326))[0]
    assert point is not None
    assert horseshoe.contains(shapely.Point(point[0] / 10_000, point[1] / 10_000))


def test_the_first_view_leaves_out_a_distant_island_and_keeps_an_archipelago() -> None:
    view = first_view(twelve_areas().geometry)
    assert view.far == [11]
    assert view.bounds == (-71.0, -34.0, -69.0, -32.5)
    apart = gpd.GeoSeries([shapely.box(x, 0, x + 1, 1) for x in (0, 10, 20)], crs=4326)
    assert first_view(apart).far == []


def test_the_bounds_of_an_area_leave_out_its_own_distant_islets() -> None:
    mainland, islet = shapely.box(0, 0, 2, 2), shapely.box(-20, 0, -19.9, 0.1)
    near = shapely.box(2.2, 0, 2.3, 0.1)
    view = first_view(gpd.GeoSeries([shapely.MultiPolygon([islet, mainland, near]), None], crs=4326))
    assert view.boxes == [(0.0, 0.0, 2.3, 2.0), None]


def test_the_shipped_communes_are_light() -> None:
    with asset_path("boundaries", "schematic.geojson") as path:
        areas = gpd.read_file(path)
    assert len(areas) == 345
    assert simplify(areas).count_coordinates().sum() < 40_000
