"""Regions by name or number, and as areas of their own."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.boundaries.dissolve import dissolve
from geo.errors import MatchError
from geo.register.names import name_key
from geo.register.registers import register_of


def in_region(areas: gpd.GeoDataFrame, region: str) -> gpd.GeoDataFrame:
    """Keep the areas of one region.

    Parameters
    ----------
    areas : GeoDataFrame
        Areas with a ``region``; with the Chilean register the index holds 2018 codes.
    region : str
        Name, or the beginning of a name that no other region shares; in Chile also its number (``5``).

    Raises
    ------
    MatchError
        If no region, or more than one, fits.

    Examples
    --------
    >>> from geo.boundaries.layer import schematic_boundaries
    >>> areas = schematic_boundaries().areas
    >>> [len(in_region(areas, region)) for region in ("5", "valparaiso", "Metropolitana")]
    [38, 38, 52]
    """
    if "region" not in areas:
        received = "a layer and a table that say of no area in which region it is"
        raise MatchError("--region names a region of the areas", received, "leave it out")
    wanted = region.strip()
    digits = _region_digits(areas)
    if wanted.isdigit() and digits:
        keep = areas.index.str[:digits] == wanted.zfill(digits)
    else:
        keys = areas["region"].dropna().map(_key).astype("string").reindex(areas.index)
        key = _key(wanted)
        keep = keys.str.startswith(key).fillna(False).to_numpy(dtype=bool) & bool(key)
        exact = keys.eq(key).fillna(False).to_numpy(dtype=bool)
        keep = exact if exact.any() else keep
    fits = sorted(areas.loc[keep, "region"].dropna().unique())
    if len(fits) != 1:
        known = fits or sorted(areas["region"].dropna().unique())
        raise MatchError("--region names one region", repr(region), "name one of: " + "; ".join(known))
    return areas[keep]


def _region_digits(areas: gpd.GeoDataFrame) -> int:
    """Count the digits of an area's id that number its region; 0 where none does."""
    register = register_of(areas)
    return register.region_digits if register else 0


def _key(name: str) -> str:
    """Reduce a name to what spellings share; one without Latin letters stays as it is."""
    return name_key(name) or name.strip().casefold()


def drawn_regions(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the communes of the regions that a layer draws, those without a polygon among them too.

    A layer of one region is a map of that region, not one of Chile with the rest missing.

    Examples
    --------
    >>> from geo.boundaries.layer import schematic_boundaries
    >>> areas = schematic_boundaries().areas
    >>> len(drawn_regions(areas)), len(drawn_regions(areas.where(areas["region"] == "Valparaíso")))
    (346, 38)
    """
    if "region" not in areas:
        return areas
    regions = areas.loc[areas.geometry.notna(), "region"].unique()
    return areas[areas["region"].isin(regions)]


def region_shapes(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join areas into regions.

    Parameters
    ----------
    areas : GeoDataFrame
        Areas with a ``region``, and what :func:`geo.boundaries.dissolve.dissolve` needs. With the Chilean
        register (areas have a ``cut``) the index holds 2018 codes.

    Returns
    -------
    GeoDataFrame
        One row per region, in the order of their codes where they have some, else of their names:
        ``region_id`` (two digits, in Chile), ``region``, ``n_members`` (areas, those without a polygon among
        them) and one MultiPolygon.

    Examples
    --------
    >>> from shapely import box
    >>> cells = {"05101": box(0, 0, 1, 1), "05109": box(1, 0, 2, 1), "15101": box(5, 5, 6, 6)}
    >>> areas = gpd.GeoDataFrame({"region": ["Valparaíso", "Valparaíso", "Arica y Parinacota"]},
    ...     geometry=list(cells.values()), index=list(cells), crs=4326)
    >>> counts = ["releases", "releases_low", "releases_high", "population"]
    >>> areas = areas.assign(area_name="A", cut=areas.index, **dict.fromkeys(counts, 1))
    >>> region_shapes(areas).drop(columns="geometry").values.tolist()
    [['05', 'Valparaíso', 2], ['15', 'Arica y Parinacota', 1]]
    """
    digits = _region_digits(areas)
    number = areas.index.str[:digits].astype(int) if digits else pd.factorize(areas["region"], sort=True)[0]
    number = pd.Series(number, index=areas.index, dtype="Int64")
    names = areas.groupby(number)["region"].first()
    shapes = dissolve(areas, number, name="number")[["number", "n_members", "geometry"]]
    shapes.insert(0, "region", shapes["number"].map(names).astype("string"))
    if digits:
        code = shapes["number"].astype("string").str.zfill(digits)
        shapes.insert(0, "region_id", code.astype("string"))
    return shapes.drop(columns="number")
