"""Who adjoins whom: against libpysal, against every pair compared plainly, and shapes drawn for the case."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

import geo
from geo.boundaries.contiguity import touching_pairs, vertex_pairs
from geo.boundaries.layer import open_boundaries
from geo.model.country import Pair, Rule
from geo.register.pairs import official_pairs

LAYERS = {
    "communes_ine2016_15regions.gpkg": (847, 839),
    "communes_ine2017_16regions.gpkg": (847, 838),
}
DAMAGED = "communes_bcn2020_damaged.geojson"


def drawn(path: Path) -> gpd.GeoDataFrame:
    areas = open_boundaries(path).areas
    return areas[areas.geometry.notna()]


def layer(*shapes: BaseGeometry | None, crs: object = None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), index=list("abcdefghijklmnop"[: len(shapes)]), crs=crs)


def both(areas: gpd.GeoDataFrame) -> tuple[str, str]:
    """Pairs by either rule, written short."""
    queen, rook = (" ".join(a + b for a, b in touching_pairs(areas, rule)) for rule in ("queen", "rook"))
    return queen, rook


def compared_plainly(areas: gpd.GeoDataFrame, rule: Rule) -> list[Pair]:
    """Ask GEOS how every polygon lies to every other one (DE-9IM), boxes and indexes unused."""
    shapes = areas.geometry.to_numpy()
    i, j = np.triu_indices(len(shapes), 1)
    lies = shapely.relate(shapes[i], shapes[j])
    if rule == "queen":
        adjoin = np.array([set(x[:2] + x[3:5]) != {"F"} for x in lies], dtype=bool)
    else:
        adjoin = np.array([x[0] != "F" or x[4] == "1" for x in lies], dtype=bool)
    ids = areas.index
    return sorted((min(a, b), max(a, b)) for a, b in zip(ids[i[adjoin]], ids[j[adjoin]], strict=True))


def by_libpysal(areas: gpd.GeoDataFrame, rule: Rule) -> list[Pair]:
    """Pairs with a vertex, or two in a row, in common; libpysal 4.14.1."""
    links = Graph.build_contiguity(areas, rook=rule == "rook").adjacency
    return sorted((a, b) for a, b in links[links > 0].index if a < b)


@pytest.mark.parametrize("name", LAYERS)
def test_official_layers_have_the_stated_pairs_and_those_of_libpysal(name: str, reference: Path) -> None:
    areas = drawn(reference / "boundaries" / name)
    rules: tuple[Rule, ...] = ("queen", "rook")
    for rule, number in zip(rules, LAYERS[name], strict=True):
        found = touching_pairs(areas, rule)
        assert len(found) == number
        assert found == by_libpysal(areas, rule)
        assert found == compared_plainly(areas, rule)


@pytest.mark.parametrize("rule", ["queen", "rook"])
def test_shipped_pairs_are_those_of_the_layer_they_were_measured_on(rule: Rule, reference: Path) -> None:
    assert official_pairs(rule) == touching_pairs(
        drawn(reference / "boundaries" / "communes_ine2016_15regions.gpkg"), rule
    )


def test_where_topology_was_destroyed_overlaps_and_unshared_vertices_still_count(reference: Path) -> None:
    areas = drawn(reference / "boundaries" / DAMAGED)
    assert len(touching_pairs(areas)) == 782
    assert touching_pairs(areas) == compared_plainly(areas, "queen")
    assert touching_pairs(areas, "rook") == compared_plainly(areas, "rook")
    assert vertex_pairs(areas) == by_libpysal(areas, "queen")


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 7), (12, 9)])
def test_a_board_has_the_pairs_that_can_be_counted(rows: int, columns: int) -> None:
    squares = [box(c, r, c + 1, r + 1) for r in range(rows) for c in range(columns)]
    board = gpd.GeoDataFrame(geometry=squares)
    sides = rows * (columns - 1) + columns * (rows - 1)
    assert len(touching_pairs(board, "rook")) == sides
    assert len(touching_pairs(board)) == sides + 2 * (rows - 1) * (columns - 1)


@pytest.mark.parametrize(
    ("shapes", "queen", "rook"),
    [
        ([box(0, 0, 2, 2), box(2, 0.5, 3, 1.5)], "ab", "ab"),  # borders meet without a vertex in common
        ([box(0, 0, 2, 2), Polygon([(2, 1), (3, 0), (3, 2)])], "ab", ""),  # a tip in the middle of a side
        ([box(0, 0, 1, 1), box(1, 1, 2, 2)], "ab", ""),  # corner to corner
        ([box(0, 0, 3, 3), box(1, 1, 2, 2)], "ab", "ab"),  # one inside the other
        ([box(0, 0, 3, 3) - box(1, 1, 2, 2), box(1, 1, 2, 2)], "ab", "ab"),  # one fills the other's hole
        ([box(0, 0, 3, 3) - box(1, 1, 2, 2), box(1.2, 1.2, 1.8, 1.8)], "", ""),  # one floats in the hole
        ([box(0, 0, 2, 1), box(1, 0, 3, 1)], "ab", "ab"),  # an overlap
        ([box(0, 0, 1, 1), box(0, 0, 1, 1)], "ab", "ab"),  # the same twice
        ([box(0, 0, 1, 1), box(1 + 1e-9, 0, 2, 1)], "", ""),  # a gap, however small
        ([MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)]), box(6, 0, 7, 1)], "ab", "ab"),  # the far part
        ([box(0, 0, 1, 1), None, Polygon(), box(1, 0, 2, 1)], "ad", "ad"),  # nothing is nobody's neighbour
    ],
)
def test_shapes_adjoin_by_what_they_share(shapes: list[BaseGeometry], queen: str, rook: str) -> None:
    assert both(layer(*shapes)) == (queen, rook)
    assert both(layer(*[s and shapely.reverse(s) for s in shapes])) == (queen, rook)


def test_no_edge_runs_from_the_end_of_one_ring_to_the_start_of_the_next() -> None:
    one, other = Polygon([(0, 0), (-1, 0), (-1, -1)]), Polygon([(1, 0), (2, 0), (2, -1)])
    bridge = Polygon([(0, 0), (1, 0), (0.5, 1)])  # has the edge that would lead from part to part
    assert both(layer(MultiPolygon([one, other]), bridge)) == ("ab", "")


def test_areas_adjoin_across_the_antimeridian_by_the_same_rules() -> None:
    east, west = box(170, 0, 180, 1), box(-180, 0, -170, 1)
    corner, cut = box(-180, 1, -170, 2), MultiPolygon([box(179, -1, 180, 0), box(-180, -1, -179, 0)])
    areas = layer(east, west, corner, cut, crs=4326)
    assert both(areas) == ("ab ac ad bc bd", "ab ad bc bd")
    assert both(areas.set_crs(3857, allow_override=True)) == ("ad bc bd", "ad bc bd")


def test_pairs_do_not_depend_on_the_order_of_the_layer() -> None:
    row = layer(*[box(i, 0, i + 1, 1) for i in range(5)])
    assert touching_pairs(row.iloc[[3, 0, 4, 2, 1]]) == touching_pairs(row) == list(pairwise("abcde"))


corner = st.tuples(st.integers(0, 5), st.integers(0, 5))
side = st.integers(1, 4)


@st.composite
def shape(draw: st.DrawFn) -> BaseGeometry:
    """A union of boxes on a small grid, sometimes with a hole or a corner cut off."""
    at, wide, high = draw(corner), draw(side), draw(side)
    made = box(*at, at[0] + wide, at[1] + high)
    if draw(st.booleans()):
        other = draw(corner)
        made = made | box(*other, other[0] + 1, other[1] + 1)
    if draw(st.booleans()) and min(wide, high) > 2:
        made = made - box(at[0] + 1, at[1] + 1, at[0] + 2, at[1] + 2)
    if draw(st.booleans()):
        made = made - Polygon([at, (at[0] + 1, at[1]), (at[0], at[1] + 1)])
    return made


@given(st.lists(shape(), min_size=1, max_size=8))
def test_any_shapes_adjoin_as_they_do_compared_plainly(shapes: list[BaseGeometry]) -> None:
    areas = layer(*shapes)
    assert touching_pairs(areas) == compared_plainly(areas, "queen")
    assert touching_pairs(areas, "rook") == compared_plainly(areas, "rook")


def test_the_callers_shapes_are_left_as_they_were() -> None:
    areas = layer(box(0, 0, 1, 1), box(1, 0, 2, 1))
    shapely.prepare(areas.geometry.iloc[0])
    touching_pairs(areas, "rook")
    assert shapely.is_prepared(areas.geometry.to_numpy()).tolist() == [True, False]


@pytest.mark.parametrize("rule", ["queen", "rook"])
def test_the_graph_is_the_one_that_libpysal_builds(rule: Rule, reference: Path) -> None:
    areas = drawn(reference / "boundaries" / "communes_ine2017_16regions.gpkg")
    theirs = Graph.build_contiguity(areas, rook=rule == "rook")
    ours = geo.contiguity(areas, rule=rule)
    pd.testing.assert_series_equal(ours.adjacency, theirs.adjacency, check_index_type=False)
    assert sorted(ours.isolates) == ["05104", "05201", "10206", "11203"]


def test_an_area_without_a_polygon_is_an_island_of_the_graph() -> None:
    graph = geo.contiguity(layer(box(0, 0, 1, 1), None, box(1, 0, 2, 1)))
    assert (graph.unique_ids.tolist(), graph.isolates.tolist()) == (["a", "b", "c"], ["b"])


def test_other_rules_are_refused_in_words() -> None:
    with pytest.raises(geo.BoundaryError, match="contiguity is queen or rook; received 'bishop'"):
        geo.contiguity(layer(box(0, 0, 1, 1)), rule="bishop")
    with pytest.raises(geo.BoundaryError, match="queen or rook"):
        official_pairs("bishop")
