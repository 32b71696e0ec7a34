"""Centroids: against projected ones, and where projections fail."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from pyproj import Geod, Transformer
from shapely import MultiPolygon, Polygon, box

import geo
from geo.boundaries.layer import open_boundaries
from geo.boundaries.points import centroids
from geo.register.communes import commune_register

ELLIPSOID = Geod(ellps="WGS84")


def apart_km(a: object, b: object) -> np.ndarray:
    """Geodesic distances between two tables of places."""
    columns = [*np.asarray(a).T.tolist(), *np.asarray(b).T.tolist()]
    return np.asarray(ELLIPSOID.inv(*columns)[2]) / 1000


def projected_middle(area: gpd.GeoDataFrame, crs: str) -> tuple[float, float]:
    """Centroid of one area in a projection, in degrees."""
    middle = area.to_crs(crs).centroid.iloc[0]
    lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(middle.x, middle.y)
    return lon, lat


@pytest.mark.parametrize("name", ["communes_ine2016_15regions.gpkg", "communes_bcn2020_damaged.geojson"])
def test_a_communes_centroid_is_the_registers_whatever_layer_is_drawn(name: str, reference: Path) -> None:
    areas = open_boundaries(reference / "boundaries" / name).areas
    found = centroids(areas)
    assert found.equals(commune_register()[["lon", "lat"]].reindex(areas.index))
    assert found.index[found["lon"].isna()].tolist() == ["12202"]


def test_measured_centroids_agree_with_the_registers_and_with_projected_ones(reference: Path) -> None:
    areas = open_boundaries(reference / "boundaries" / "communes_ine2016_15regions.gpkg").areas
    drawn = areas.loc[areas.geometry.notna(), ["geometry"]]
    found = centroids(drawn)
    assert apart_km(found, centroids(areas).loc[drawn.index]).max() < 1
    for cut in ("13101", "12401", "02201"):  # small, of many islands, large
        lon, lat = found.loc[cut]
        local = f"+proj=laea +lat_0={lat} +lon_0={lon}"
        assert apart_km(found.loc[[cut]], [projected_middle(drawn.loc[[cut]], local)])[0] < 0.8


def test_areas_cut_by_the_antimeridian_keep_their_middle() -> None:
    fiji = MultiPolygon([box(177, -20, 180, -15), box(-180, -20, -179, -15)])
    whole = gpd.GeoDataFrame(geometry=[box(7, -20, 11, -15)], crs=4326)
    found = centroids(gpd.GeoDataFrame(geometry=[fiji], crs=4326))
    assert found["lon"].iloc[0] == pytest.approx(179)
    assert found["lat"].iloc[0] == pytest.approx(centroids(whole)["lat"].iloc[0], abs=0.01)


def test_a_small_area_keeps_its_middle_to_the_metre() -> None:
    tiny = box(-70.0001, -33.0001, -70, -33)
    found = centroids(gpd.GeoDataFrame(geometry=[tiny], crs=4326))
    assert found.to_numpy() == pytest.approx(np.array([[-70.00005, -33.00005]]), abs=1e-9)


def test_any_known_crs_gives_degrees_and_none_is_refused() -> None:
    square = gpd.GeoDataFrame(geometry=[box(300_000, 6_000_000, 301_000, 6_001_000)], crs=32719)
    assert apart_km(centroids(square), [projected_middle(square, "EPSG:32719")])[0] < 0.001
    with pytest.raises(geo.BoundaryError, match="known coordinate system; received a layer without one"):
        centroids(square.set_crs(None, allow_override=True))


def test_what_has_no_ground_has_no_centroid() -> None:
    half = MultiPolygon([Polygon(), box(0, 0, 1, 1)])
    areas = gpd.GeoDataFrame(geometry=[None, Polygon(), half], index=list("abc"), crs=4326)
    assert centroids(areas).isna().all(axis=1).tolist() == [True, True, False]
