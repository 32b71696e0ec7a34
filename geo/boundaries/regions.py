"""Chilean regions by name or number."""

from __future__ import annotations

import geopandas as gpd

from geo.boundaries.names import name_key
from geo.errors import MatchError


def in_region(areas: gpd.GeoDataFrame, region: str) -> gpd.GeoDataFrame:
    """Keep the communes of one region.

    Parameters
    ----------
    areas : GeoDataFrame
        Areas with the register's ``region``; the index holds 2018 codes.
    region : str
        Number (``5``, ``05``) or name, or the beginning of a name that no other region shares.

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
        raise MatchError("--region names a Chilean region", "areas of another country", "leave it out")
    wanted = region.strip()
    if wanted.isdigit():
        keep = areas.index.str[:2] == wanted.zfill(2)
    else:
        keep = areas["region"].map(name_key).str.startswith(name_key(wanted)).to_numpy()
    fits = sorted(areas.loc[keep, "region"].unique())
    if len(fits) != 1:
        known = fits or sorted(areas["region"].unique())
        raise MatchError(
            "--region names one Chilean region", repr(region), "name one of: " + "; ".join(known)
        )
    return areas[keep]


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
    drawn = areas.loc[areas.geometry.notna(), "region"].unique()
    return areas[areas["region"].isin(drawn)]
