"""Whether polygons lie where a register has the areas they are called after."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.model.country import Register

HERE_KM = 20.0
"""How near a polygon's middle must be to the register's to be that commune, of two of the same name."""

NEAR_KM = 50.0
"""How far a polygon's middle may lie from the register's, beyond the commune's own length."""


def displaced(polygons: gpd.GeoSeries, register: Register) -> list[str]:
    """List the areas whose polygon lies elsewhere; those whose place the register does not know are none.

    Parameters
    ----------
    polygons : GeoSeries
        In EPSG:4326, indexed by the register's code.
    register : Register

    Examples
    --------
    >>> from shapely import Point
    >>> from geo.register.countries import chile
    >>> places = gpd.GeoSeries([Point(-71.6, -33.1), Point(0, 0)], index=["05101", "13101"], crs=4326)
    >>> displaced(places, chile.register())
    ['13101']
    """
    codes = pd.Series(polygons.index, index=range(len(polygons)))
    if "length_km" not in register.areas:
        return []
    away = _distance_km(polygons.reset_index(drop=True), codes, register)
    limit = NEAR_KM + codes.map(register.areas["length_km"]).fillna(0)
    return sorted(codes[away > limit])


def elsewhere(polygons: gpd.GeoSeries, register: Register) -> bool:
    """Say whether no polygon lies near the area whose code it bears: then they are another country's.

    Codes of five digits are many countries' own: Tokyo's wards are 13101 to 13123, communes of Santiago too.

    Parameters
    ----------
    polygons : GeoSeries
        In EPSG:4326, indexed by the register's code.
    register : Register

    Examples
    --------
    >>> from shapely import Point
    >>> from geo.register.countries import chile
    >>> wards = gpd.GeoSeries([Point(139.7, 35.7), Point(139.8, 35.7)], index=["13101", "13102"], crs=4326)
    >>> elsewhere(wards, chile.register())
    True
    """
    return len(polygons) > 0 and len(displaced(polygons, register)) == len(polygons)


def keep_in_place(polygons: gpd.GeoSeries, codes: pd.Series, register: Register) -> pd.Series:
    """Tell apart two features of one name by where they lie.

    A public layer calls two communes Tocopilla, one of them by mistake. Where one feature lies at the commune
    of that name and the others do not, those are set aside; otherwise the repeated id is an error.

    Parameters
    ----------
    polygons : GeoSeries
        In EPSG:4326.
    codes : Series
        Code of each by its name, on the same index.
    register : Register

    Returns
    -------
    Series of str
        The reason to set a feature aside; missing for the others.
    """
    again = codes.duplicated(keep=False)
    reason = pd.Series(pd.NA, index=codes.index, dtype="string")
    if "lon" not in register.areas:
        return reason
    away = _distance_km(polygons, codes, register)
    for _, group in codes[again].groupby(codes[again]):
        here, far = away[group.index] < HERE_KM, away[group.index] > 2 * HERE_KM
        if here.sum() == 1 and (here | far).all():
            reason[here.index[far]] = "not where the commune of this name lies"
    return reason


def _distance_km(polygons: gpd.GeoSeries, codes: pd.Series, register: Register) -> pd.Series:
    """Great-circle distance of each polygon's middle to the register's; missing where it has none."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the middle in degrees is near enough to tell one end of Chile from another
        middle = polygons.centroid
    known = register.areas
    lon, lat = codes.map(known["lon"]).astype(float), codes.map(known["lat"]).astype(float)
    x, y = np.radians(middle.x - lon), np.radians(middle.y - lat)
    half = np.sin(y / 2) ** 2 + np.cos(np.radians(lat)) * np.cos(np.radians(middle.y)) * np.sin(x / 2) ** 2
    return pd.Series(2 * 6371.0 * np.arcsin(np.sqrt(half.clip(0, 1))), index=codes.index)
