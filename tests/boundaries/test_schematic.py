"""The shipped boundary figures and the schematic layer drawn from them.

The first half needs the shipped files alone. The second half compares them with the official polygons, where
the reference folder stands beside the project.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from libpysal.graph import Graph
from pyproj import Geod, Transformer

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "boundaries"
OFFICIAL = ROOT.parent / "shared" / "reference" / "boundaries" / "communes_ine2016_15regions.gpkg"
ISLANDS = {"05104": "Juan Fernández", "05201": "Isla de Pascua", "10206": "Puqueldón", "11203": "Guaitecas"}
EQUAL_AREA = "+proj=cea +lat_ts=-35 +lon_0=-71 +ellps=WGS84 +units=km"


def queen(geometry: gpd.GeoSeries) -> Graph:
    return Graph.build_contiguity(geometry, rook=False)


def pairs_of(graph: Graph) -> set[tuple[str, str]]:
    links = graph.adjacency[graph.adjacency > 0].index
    return {(a, b) for a, b in links if a < b}


@pytest.fixture(scope="module")
def communes() -> pd.DataFrame:
    return pd.read_csv(SHIPPED / "communes.csv", dtype={"cut": str, "cut_2010": str}).set_index("cut")


@pytest.fixture(scope="module")
def contiguity() -> pd.DataFrame:
    return pd.read_csv(SHIPPED / "contiguity.csv", dtype=str)


@pytest.fixture(scope="module")
def land() -> pd.DataFrame:
    return pd.read_csv(SHIPPED / "land.csv")


@pytest.fixture(scope="module")
def schematic() -> gpd.GeoSeries:
    return gpd.read_file(SHIPPED / "schematic.geojson").set_index("cut").geometry


@pytest.fixture(scope="module")
def official() -> gpd.GeoSeries:
    if not OFFICIAL.exists():
        pytest.skip("the official polygons are not beside the project (../shared/reference)")
    frame = gpd.read_file(OFFICIAL).set_index("cut_2018").sort_index()
    return frame.geometry.make_valid(method="structure", keep_collapsed=False)


@pytest.fixture(scope="module")
def figures() -> ModuleType:
    spec = importlib.util.spec_from_file_location("figures", ROOT / "scripts" / "build_boundary_figures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# --- shipped files alone ------------------------------------------------------------------------------------


def test_register_has_346_communes_by_five_digit_code(communes: pd.DataFrame) -> None:
    assert len(communes) == 346
    assert communes.index.is_unique
    assert communes.index.is_monotonic_increasing
    assert communes["cut_2010"].is_unique
    assert communes.index.str.fullmatch(r"\d{5}").all()
    assert communes["cut_2010"].str.fullmatch(r"\d{5}").all()


def test_names_are_tidy_and_official(communes: pd.DataFrame) -> None:
    names = communes[["commune", "province", "province_2010", "region", "region_2010"]]
    assert not names.map(lambda name: re.search(r"^\s|\s$|\s\s|�|Ã", name) is not None).any(axis=None)
    assert communes["commune"].is_unique
    assert communes["region"].nunique() == 16
    assert communes["region_2010"].nunique() == 15
    assert communes["province"].nunique() == 56
    assert communes["province_2010"].nunique() == 54
    assert communes.loc["08301", "commune"] == "Los Ángeles"
    assert communes.loc["06101", "region_2010"] == "Libertador General Bernardo O'Higgins"
    assert communes.loc["11101", "region_2010"] == "Aysén del General Carlos Ibáñez del Campo"
    assert (communes["region"] == communes["region_2010"])[~communes.index.str.startswith("16")].all()


def test_nuble_is_the_only_change_of_code(communes: pd.DataFrame) -> None:
    changed = communes[communes.index != communes["cut_2010"]]
    assert len(changed) == 21
    assert set(changed["region"]) == {"Ñuble"}
    assert set(changed["region_2010"]) == {"Biobío"}
    assert set(changed["province_2010"]) == {"Ñuble"}


def test_only_antartica_has_no_figures(communes: pd.DataFrame) -> None:
    figures = communes[["lon", "lat", "area_km2", "length_km", "width_km", "bearing_deg"]]
    assert list(figures.index[figures.isna().any(axis=1)]) == ["12202"]
    assert figures.loc["12202"].isna().all()
    known = figures.drop(index="12202")
    assert (known["length_km"] >= known["width_km"]).all()
    assert known["bearing_deg"].between(0, 180, inclusive="left").all()
    # among shapes of one area the disc has the smallest moments, so no ellipse is smaller than its commune
    assert (np.pi / 4 * known["length_km"] * known["width_km"] > 0.99 * known["area_km2"]).all()


def test_contiguity_is_847_pairs_with_four_islands(communes: pd.DataFrame, contiguity: pd.DataFrame) -> None:
    assert len(contiguity) == 847
    assert not contiguity.duplicated().any()
    assert (contiguity["cut_a"] < contiguity["cut_b"]).all()
    listed = set(contiguity["cut_a"]) | set(contiguity["cut_b"])
    assert listed <= set(communes.index)
    alone = communes.drop(index=["12202", *listed])["commune"]
    assert alone.to_dict() == ISLANDS


def test_land_intervals_are_ordered_and_apart(land: pd.DataFrame) -> None:
    assert list(land.columns) == ["part", "lat", "west", "east"]
    assert set(land["part"]) == {"mainland", "isla_de_pascua", "juan_fernandez"}
    assert (land["west"] < land["east"]).all()
    gaps = land["west"] - land.groupby(["part", "lat"])["east"].shift()
    assert (gaps.dropna() > 0).all()


def test_schematic_is_a_valid_coverage_of_345_communes(
    communes: pd.DataFrame, schematic: gpd.GeoSeries
) -> None:
    assert schematic.crs == "EPSG:4326"
    assert list(schematic.index) == list(communes.index.drop("12202"))
    assert not schematic.is_empty.any()
    assert schematic.is_valid.all()
    assert shapely.coverage_is_valid(schematic.to_numpy())


def test_schematic_file_is_small_and_rounded() -> None:
    text = (SHIPPED / "schematic.geojson").read_text(encoding="utf-8")
    assert len(text) < 700_000
    assert not re.search(r"\d\.\d{5}", text)
    assert all(list(feature["properties"]) == ["cut"] for feature in json.loads(text)["features"])


def test_schematic_was_drawn_from_the_shipped_figures() -> None:
    recorded = json.loads((SHIPPED / "schematic.geojson").read_text(encoding="utf-8"))["inputs_sha256"]
    # line ends are made alike, since a checkout may change them
    shipped = {name: (SHIPPED / name).read_bytes().replace(b"\r\n", b"\n") for name in recorded}
    assert set(recorded) == {"communes.csv", "contiguity.csv", "land.csv"}
    assert recorded == {name: hashlib.sha256(data).hexdigest() for name, data in shipped.items()}, (
        "a figure changed after the layer was drawn: run scripts/build_schematic.py"
    )


def test_schematic_keeps_the_islands_and_most_neighbours(
    schematic: gpd.GeoSeries, contiguity: pd.DataFrame
) -> None:
    graph = queen(schematic)
    assert set(graph.isolates) == set(ISLANDS)
    assert graph.n_components == 8
    true, drawn = set(contiguity.itertuples(index=False, name=None)), pairs_of(graph)
    assert len(true & drawn) >= 830
    assert len(drawn - true) <= 10


def test_schematic_areas_are_near_the_true_ones(communes: pd.DataFrame, schematic: gpd.GeoSeries) -> None:
    error = schematic.to_crs(EQUAL_AREA).area / communes["area_km2"].drop("12202") - 1
    assert error.abs().median() < 0.02
    assert error.abs().quantile(0.95) < 0.12
    assert error.abs().max() < 0.30


def test_measures_of_a_rectangle_are_those_of_its_ellipse(figures: ModuleType) -> None:
    lon, lat, bearing, length, width = -73.0, -52.0, 30.0, 60.0, 20.0
    sine, cosine = np.sin(np.radians(bearing)), np.cos(np.radians(bearing))
    along, across = np.array([sine, cosine]), np.array([cosine, -sine])
    corners = [
        a * length / 2 * along + b * width / 2 * across for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))
    ]
    local = Transformer.from_crs(
        "EPSG:4326", f"+proj=laea +lon_0={lon} +lat_0={lat} +ellps=WGS84 +units=km", always_xy=True
    )
    rectangle = shapely.Polygon([local.transform(*corner, direction="INVERSE") for corner in corners])
    found = figures.measure(rectangle)
    assert found["lon"] == pytest.approx(lon, abs=1e-3)
    assert found["lat"] == pytest.approx(lat, abs=1e-3)
    assert found["area_km2"] == pytest.approx(length * width, rel=1e-3)
    assert found["length_km"] == pytest.approx(4 * length / np.sqrt(12), rel=1e-3)
    assert found["width_km"] == pytest.approx(4 * width / np.sqrt(12), rel=1e-3)
    assert found["bearing_deg"] == pytest.approx(bearing, abs=0.1)


# --- beside the official polygons ---------------------------------------------------------------------------


def test_contiguity_is_the_official_queen_graph(official: gpd.GeoSeries, contiguity: pd.DataFrame) -> None:
    graph = queen(official)
    assert pairs_of(graph) == set(contiguity.itertuples(index=False, name=None))
    assert graph.n_components == 8
    assert set(graph.isolates) == set(ISLANDS)


def test_areas_agree_with_the_official_polygons(official: gpd.GeoSeries, communes: pd.DataFrame) -> None:
    ellipsoid = Geod(ellps="WGS84")
    oriented = shapely.orient_polygons(official.to_numpy())
    area = np.array([ellipsoid.geometry_area_perimeter(polygon)[0] for polygon in oriented]) / 1e6
    np.testing.assert_allclose(communes.loc[official.index, "area_km2"], area, atol=1e-3)
    projected = official.to_crs(EQUAL_AREA).area
    np.testing.assert_allclose(communes.loc[official.index, "area_km2"], projected, rtol=2e-3)


@pytest.mark.night  # of figures that do not change
def test_centroids_agree_with_the_official_polygons(official: gpd.GeoSeries, communes: pd.DataFrame) -> None:
    for cut, polygon in official.items():
        lon, lat = communes.loc[cut, ["lon", "lat"]]
        local = Transformer.from_crs(
            "EPSG:4326", f"+proj=laea +lon_0={lon} +lat_0={lat} +ellps=WGS84 +units=km", always_xy=True
        )
        centroid = shapely.transform(polygon, local.transform, interleaved=False).centroid
        assert np.hypot(centroid.x, centroid.y) < 0.005, cut


def test_schematic_resembles_the_official_polygons(official: gpd.GeoSeries, schematic: gpd.GeoSeries) -> None:
    drawn, true = schematic.to_crs(EQUAL_AREA), official.to_crs(EQUAL_AREA)
    common = drawn.intersection(true).area
    overlap = common / (drawn.area + true.area - common)
    assert overlap.median() > 0.81
    assert overlap.quantile(0.05) > 0.66
    assert overlap.min() > 0.40


def test_schematic_land_resembles_the_official_land(
    official: gpd.GeoSeries, schematic: gpd.GeoSeries
) -> None:
    drawn = shapely.coverage_union_all(schematic.to_crs(EQUAL_AREA).to_numpy())
    true = shapely.coverage_union_all(official.to_crs(EQUAL_AREA).to_numpy())
    common = drawn.intersection(true).area
    assert common / (drawn.area + true.area - common) > 0.95
