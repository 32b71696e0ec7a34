"""Which communes adjoin: read from the shipped official pairs, or measured on polygons."""

from __future__ import annotations

from io import StringIO

import geopandas as gpd
import pandas as pd

from geo.assets import asset_text

Pair = tuple[str, str]


def official_pairs() -> list[Pair]:
    """List the 847 pairs of communes that touch (queen), measured on INE's cartography of 2016-17.

    Examples
    --------
    >>> pairs = official_pairs()
    >>> len(pairs), pairs[0]
    (847, ('01101', '01107'))
    """
    frame = pd.read_csv(StringIO(asset_text("boundaries", "contiguity.csv")), dtype=str)
    return list(frame[["cut_a", "cut_b"]].itertuples(index=False, name=None))


def touching_pairs(areas: gpd.GeoDataFrame) -> list[Pair]:
    """List the pairs of polygons that share at least one point (queen contiguity).

    Parameters
    ----------
    areas : GeoDataFrame
        Valid polygons; the index holds the ids.

    Returns
    -------
    list of (id, id)
        Each pair once, smaller id first, sorted.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(0, 0, 1, 1), box(1, 1, 2, 2), box(3, 3, 4, 4)]
    >>> touching_pairs(gpd.GeoDataFrame(geometry=squares, index=list("abc")))
    [('a', 'b')]
    """
    first, second = areas.sindex.query(areas.geometry, predicate="intersects")
    once = first < second
    ids = areas.index
    return sorted((min(a, b), max(a, b)) for a, b in zip(ids[first[once]], ids[second[once]], strict=True))
