from __future__ import annotations

from itertools import pairwise, product

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.outputs.panels import GAP, Plan, borders, plan

ROOM = {"width": 6.6, "height": 5.9, "detail": 1.95, "far": 0.62}


@pytest.fixture(scope="module")
def chile(study: geo.Result) -> Plan:
    return plan(study.areas, **ROOM)


def test_a_long_country_is_cut_into_strips_of_one_scale_that_fit_the_page(chile: Plan) -> None:
    assert len(chile.parts) == 3
    assert len({panel.scale for panel in chile.parts}) == 1
    widths, heights = zip(*(panel.size for panel in chile.parts), strict=True)
    assert sum(widths) + 2 * GAP <= ROOM["width"] + 1e-9
    assert max(heights) <= ROOM["height"] + 1e-9
    # From north to south, without a gap or an overlap.
    edges = [(panel.bounds[3], panel.bounds[1]) for panel in chile.parts]
    assert all(upper[1] == lower[0] for upper, lower in pairwise(edges))


def test_every_commune_with_a_polygon_is_seen_at_its_size(study: geo.Result, chile: Plan) -> None:
    drawn = study.areas.geometry.notna().to_numpy()
    size = study.areas.to_crs("+proj=laea +lat_0=-36 +lon_0=-71").area.to_numpy() / 1e6
    seen = np.zeros(len(drawn))
    for panel in (*chile.parts, *chile.far):
        inside = shapely.box(*panel.bounds)
        seen += shapely.area(shapely.intersection(shapely.make_valid(panel.shapes), inside))
    assert (seen[drawn] > 0).all()
    assert (seen[~drawn] == 0).all()
    assert seen.sum() == pytest.approx(np.nansum(size), rel=0.02)
    assert np.median(abs(seen[drawn] / size[drawn] - 1)) < 0.02


def test_the_detail_shows_the_middle_of_santiago_and_the_islands_stand_apart(
    study: geo.Result, chile: Plan
) -> None:
    assert chile.detail is not None
    detail = chile.detail
    inside = shapely.box(*detail.bounds)
    names = study.areas["area_name"].to_numpy()[shapely.intersects(detail.full, inside)]
    assert {"Santiago", "Providencia", "San Miguel", "Ñuñoa"} <= set(names)
    assert "Valparaíso" not in names
    assert detail.scale < chile.parts[0].scale / 5
    far = {study.areas["area_name"].iloc[panel.about] for panel in chile.far}
    assert far == {"Isla de Pascua", "Juan Fernández"}


def test_a_compact_country_is_one_panel_without_insets() -> None:
    squares = [shapely.box(x, y, x + 1, y + 1) for x, y in product(range(4), range(4))]
    found = plan(gpd.GeoDataFrame(geometry=squares, crs=4326), **ROOM)
    assert (len(found.parts), found.detail, found.far, found.not_drawn) == (1, None, [], [])


def test_of_many_distant_territories_the_rest_is_named(study: geo.Result) -> None:
    squares = [shapely.box(x / 2, 0, x / 2 + 0.5, 0.5) for x in range(12)]
    squares += [shapely.box(40 + 10 * k, 0, 41 + 10 * k, 1) for k in range(5)]
    found = plan(gpd.GeoDataFrame(geometry=squares, crs=4326), **ROOM)
    assert [panel.about for panel in found.far] == [12, 13, 14]
    assert found.not_drawn == [15, 16]


@given(st.lists(st.integers(-1, 2), min_size=9, max_size=9), st.booleans())
def test_borders_are_as_long_as_the_sides_between_unlike_squares(numbers, outer) -> None:
    cells = list(product(range(3), range(3)))
    squares = np.array([shapely.box(x, y, x + 1, y + 1) for x, y in cells])
    of = dict(zip(cells, numbers, strict=True))
    sides = 0
    for (x, y), (dx, dy) in product(cells, [(1, 0), (0, 1), (-1, 0), (0, -1)]):
        other = of.get((x + dx, y + dy))
        if other is None:
            sides += 2 * (outer and of[x, y] >= 0)
        else:
            sides += of[x, y] != other
    xy, begins = borders(squares, np.array(numbers), outer=outer)
    steps = np.hypot(*np.diff(xy, axis=0).T)[~begins[1:]] if len(xy) else np.array([])
    assert 2 * steps.sum() == sides
    assert set(steps.tolist()) <= {1.0}


def test_borders_of_an_area_with_a_hole_and_of_nothing() -> None:
    ring = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    xy, begins = borders(np.array([ring]), np.array([0]), outer=True)
    assert begins.sum() == 2
    assert len(xy) == 10
    assert len(borders(np.array([shapely.Polygon()]), np.array([0]), outer=True)[0]) == 0
