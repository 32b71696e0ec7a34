"""Layers through the gate: official, damaged, foreign, broken."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, Polygon, box

import geo
from geo.boundaries.layer import open_boundaries
from geo.register.pairs import official_pairs
from geo.stats.weights.adjacency import components
from geo.stats.weights.links import graph_from_pairs

INE = "communes_ine2016_15regions.gpkg"


def layer(folder: Path, name: str = "areas.gpkg", *, crs: object = 4326, **columns: list[object]) -> Path:
    """Write squares in a row, as many as the columns have values."""
    n = len(next(iter(columns.values()))) if columns else 3
    geometry = columns.pop("geometry", [box(i, 0, i + 1, 1) for i in range(n)])
    path = folder / name
    gpd.GeoDataFrame(columns, geometry=geometry, crs=crs).to_file(path)
    return path


def test_the_official_layer_is_repaired_and_has_the_official_neighbours(reference: Path) -> None:
    found = open_boundaries(reference / "boundaries" / INE)
    polygons = found.areas[found.areas.geometry.notna()]
    assert len(polygons) == 345
    assert polygons.is_valid.all()
    assert set(polygons.geom_type) <= {"Polygon", "MultiPolygon"}
    assert found.repaired == ["07202", "11202"]
    assert found.areas.index[found.areas.geometry.isna()].tolist() == ["12202"]
    assert sorted(found.pairs) == sorted(official_pairs())
    graph = graph_from_pairs(found.pairs, polygons.index)
    assert sorted(graph.isolates) == ["05104", "05201", "10206", "11203"]
    assert components(graph, polygons.geometry.notna()).nunique() == 8


def test_both_vintages_of_the_official_layer_have_the_same_graph(reference: Path) -> None:
    found = open_boundaries(reference / "boundaries" / "communes_ine2017_16regions.gpkg")
    assert sorted(found.pairs) == sorted(official_pairs())
    assert (found.contiguity, found.neighbors_lost) == ("measured", 0)


def test_a_layer_whose_topology_was_destroyed_is_told_for_what_it_is(reference: Path) -> None:
    found = open_boundaries(reference / "boundaries" / "communes_bcn2020_damaged.geojson")
    assert found.contiguity == "shipped_instead"
    assert found.neighbors_lost > 60
    assert sorted(found.pairs) == sorted(official_pairs())
    assert found.dropped.values.tolist() == [["0", "code not in the register", ""]]


def test_another_country_keeps_its_own_ids_and_names(tmp_path: Path) -> None:
    path = layer(tmp_path, crs=4326, GEOID=["X1", "X2", "X3"], NAME=["Aland", "Bland", "Cland"])
    found = open_boundaries(path, id_field="GEOID")
    assert found.register is None
    assert found.areas["area_name"].to_dict() == {"X1": "Aland", "X2": "Bland", "X3": "Cland"}
    assert "cut" not in found.areas
    assert found.pairs == [("X1", "X2"), ("X2", "X3")]


def test_any_known_crs_becomes_degrees(tmp_path: Path) -> None:
    squares = [box(300_000 + 1000 * i, 6_000_000, 301_000 + 1000 * i, 6_001_000) for i in range(2)]
    path = layer(tmp_path, crs=32719, GEOID=["a", "b"], geometry=squares)
    areas = geo.read_boundaries(path, id_field="GEOID")
    assert areas.crs.to_epsg() == 4326
    assert -72 < areas.total_bounds[0] < -70


def test_self_crossing_polygons_become_polygons(tmp_path: Path) -> None:
    bow = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    found = open_boundaries(
        layer(tmp_path, GEOID=["a", "b"], geometry=[bow, box(3, 0, 4, 1)]), id_field="GEOID"
    )
    assert found.repaired == ["a"]
    assert found.areas.geometry["a"].is_valid
    assert found.areas.geometry["a"].geom_type == "MultiPolygon"


def test_features_that_are_no_areas_are_listed(tmp_path: Path) -> None:
    shapes = [box(0, 0, 1, 1), LineString([(0, 0), (1, 1)]), None]
    path = layer(tmp_path, "mixed.geojson", GEOID=["a", "b", "c"], geometry=shapes)
    found = open_boundaries(path, id_field="GEOID")
    assert found.areas.index.tolist() == ["a"]
    assert found.dropped.values.tolist() == [["b", "not a polygon", ""], ["c", "no geometry", ""]]


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [
        ({"GEOID": ["a", "a"]}, {"id_field": "GEOID"}, "each area stands once.*first 'a'.*dissolve"),
        ({"GEOID": ["a", "b"]}, {"id_field": "nada"}, "--id names a field of the layer; received 'nada'"),
        ({"GEOID": ["a", "b"]}, {}, "name it with --id FIELD"),
        (
            {"GEOID": ["a", "b"]},
            {"layer": "nada"},
            "--layer names a layer of the file; received 'nada'.*name one",
        ),
    ],
)
def test_layers_that_cannot_be_used_say_what_to_do(
    tmp_path: Path, columns: dict[str, list[object]], options: dict[str, str], message: str
) -> None:
    with pytest.raises(geo.BoundaryError, match=message):
        open_boundaries(layer(tmp_path, **columns), **options)
