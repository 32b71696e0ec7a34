"""The coordinate system that a map is drawn in: metric, and fit for the country shown."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from pyproj import CRS

if TYPE_CHECKING:
    from geo.outputs.display import View

REACH = 8.0
"""Degrees from the middle of a UTM zone within which lengths are true to about 1 %."""


def map_crs(view: View) -> CRS:
    """Choose the coordinate system for what a map shows first.

    The UTM zone at its middle (for Chile, zone 19 south, as in official maps) where that reaches far enough;
    for a wide country, Lambert's azimuthal equal-area projection about its middle. A layer that goes on over
    the date line is drawn in its degrees: in any projection QGIS looks for it on the other side of the globe.

    Parameters
    ----------
    view : View
        What is shown first (see :func:`geo.outputs.display.first_view`).

    Examples
    --------
    >>> from geo.outputs.display import View
    >>> chile = View(bounds=(-75.7, -56.0, -66.4, -17.5), far=[])
    >>> map_crs(chile).name
    'WGS 84 / UTM zone 19S'
    >>> map_crs(View(bounds=(-125.0, 25.0, -67.0, 49.0), far=[])).coordinate_operation.method_name
    'Lambert Azimuthal Equal Area'
    """
    west, south, east, north = view.bounds
    if west < -180 or east > 180:
        return CRS(4326)
    lat, lon = (south + north) / 2, (west + east) / 2
    number = min(int((lon + 180) // 6) + 1, 60)
    centre = 6 * number - 183
    # UTM ends near the poles.
    if -80 <= lat <= 84 and max(centre - west, east - centre) <= REACH:
        return CRS((32600 if lat >= 0 else 32700) + number)
    return CRS.from_dict({"proj": "laea", "lat_0": round(lat), "lon_0": round(lon), "datum": "WGS84"})


def spatial_reference(crs: CRS) -> Element:
    """Write a coordinate system as QGIS reads it: with its definition, for a code alone does not do.

    Examples
    --------
    >>> block = spatial_reference(CRS(4326))
    >>> block.findtext("authid"), block.findtext("geographicflag")
    ('EPSG:4326', 'true')
    """
    block = Element("spatialrefsys")
    for tag, value in _described(crs).items():
        SubElement(block, tag).text = value
    return block


@cache
def _described(crs: CRS) -> dict[str, str]:
    code = crs.to_epsg()
    return {
        "wkt": crs.to_wkt("WKT2_2019"),
        "srid": str(code or 0),
        "authid": f"EPSG:{code}" if code else "",
        "description": crs.name,
        "ellipsoidacronym": "EPSG:7030",
        "geographicflag": str(crs.is_geographic).lower(),
    }
