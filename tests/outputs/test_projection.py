"""The coordinate system of a project, against the areas of use in the EPSG database that pyproj carries."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from pyproj import CRS
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_utm_crs_info
from shapely.geometry import box

from geo.outputs.display import View
from geo.outputs.gpkg.geopackage import write_geopackage
from geo.outputs.gpkg.projection import map_crs


def around(lon: float, lat: float, *, half: float = 2) -> View:
    return View(bounds=(lon - half, lat - half, lon + half, lat + half), far=[])


@pytest.mark.parametrize("lat", [-79, -33, 1, 60, 83])
@pytest.mark.parametrize("lon", [-178, -177, -69, -0.1, 0.1, 5.9, 151, 177, 178])
def test_the_zone_is_the_one_whose_area_of_use_holds_the_middle(lon: float, lat: float) -> None:
    where = AreaOfInterest(lon, lat, lon, lat)
    (zone,) = query_utm_crs_info(datum_name="WGS 84", area_of_interest=where)
    assert map_crs(around(lon, lat)) == CRS.from_epsg(int(zone.code))


@pytest.mark.parametrize("view", [around(10, 85.5), around(10, -81), around(-100, 40, half=9)])
def test_where_no_zone_reaches_areas_stay_in_proportion(view: View) -> None:
    assert map_crs(view).coordinate_operation.method_name == "Lambert Azimuthal Equal Area"


@pytest.mark.parametrize("lon", [-187, -179, 179, 187])
def test_what_goes_on_over_the_date_line_is_drawn_in_its_degrees(lon: float) -> None:
    """QGIS turns longitudes of a projection back to between -180 and 180, where that layer is not."""
    assert map_crs(around(lon, 52)) == CRS.from_epsg(4326)


@pytest.mark.parametrize("west", [-187, 177, 183, 9])
def test_a_country_anywhere_has_its_projects(tmp_path: Path, west: int) -> None:
    squares = [box(west + i % 3, 51 + i // 3, west + i % 3 + 1, 52 + i // 3) for i in range(6)]
    names = [f"Island {i}" for i in range(6)]
    areas = gpd.GeoDataFrame({"area_name": names, "rate": range(6)}, geometry=squares, crs=4326)
    path = write_geopackage(areas.rename_axis("area_id"), tmp_path / "a.gpkg")
    assert pyogrio.read_info(path, layer="communes")["features"] == 6
