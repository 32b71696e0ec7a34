"""Everything there is to know of a layer before it is trusted."""

from __future__ import annotations

from os import PathLike

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.boundaries.contiguity import touching_pairs, vertex_pairs
from geo.boundaries.layer import open_boundaries
from geo.boundaries.topology import gaps, overlaps
from geo.model.country import Pair
from geo.model.polygons import Boundaries, BoundaryCheck
from geo.register.pairs import official_among


def check_boundaries(
    path: str | PathLike[str],
    *,
    id_field: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
) -> BoundaryCheck:
    """Measure a layer: what is missing, what was repaired, who adjoins whom, where it overlaps or gapes.

    Parameters
    ----------
    path, id_field, layer, crs
        As for :func:`geo.read_boundaries`.

    Returns
    -------
    Check

    Raises
    ------
    BoundaryError
        If the layer cannot be read at all.

    Examples
    --------
    >>> import tempfile, geopandas as gpd
    >>> from shapely import box
    >>> file = tempfile.mkdtemp() + "/counties.geojson"
    >>> squares = [box(0, 0, 1, 1), box(0.9, 0, 2, 1), box(5, 0, 6, 1)]
    >>> gpd.GeoDataFrame({"id": ["a", "b", "c"]}, geometry=squares, crs=4326).to_file(file)
    >>> check = check_boundaries(file, id_field="id")
    >>> check.areas, check.islands, check.components, check.overlaps.number, check.gaps.number
    (3, ['c'], 2, 1, 0)
    """
    return check_layer(open_boundaries(path, id_field=id_field, layer=layer, crs=crs))


def check_layer(bounds: Boundaries) -> BoundaryCheck:
    """Measure a layer that is open."""
    polygons = bounds.areas[bounds.areas.geometry.notna()]
    ids = polygons.index.astype(str)
    measured = touching_pairs(polygons)
    known = official_among(ids, bounds.register)
    official = measured if known is None else known
    at_vertices = vertex_pairs(polygons)
    names = bounds.areas["area_name"]
    return BoundaryCheck(
        bounds=bounds,
        areas=len(polygons),
        missing=[str(names[i]) for i in bounds.missing],
        islands=[str(names[i]) for i in _alone(ids, measured)],
        components=_components(ids, measured),
        neighbors=len(measured),
        lost=sorted(set(official) - set(measured)),
        added=sorted(set(measured) - set(official)),
        vertex_lost=len(set(official) - set(at_vertices)),
        vertex_islands=[str(names[i]) for i in _alone(ids, at_vertices)],
        vertex_components=_components(ids, at_vertices),
        overlaps=overlaps(polygons.geometry),
        gaps=gaps(polygons.geometry),
    )


def _alone(ids: pd.Index, pairs: list[Pair]) -> pd.Index:
    return ids.difference(pd.Index([i for pair in pairs for i in pair], dtype=object))


def _components(ids: pd.Index, pairs: list[Pair]) -> int:
    first, second = (ids.get_indexer(pd.Index([pair[k] for pair in pairs], dtype=object)) for k in (0, 1))
    links = coo_array((np.ones(len(pairs), dtype=np.int8), (first, second)), shape=(len(ids), len(ids)))
    return int(connected_components(links, directed=False)[0])
