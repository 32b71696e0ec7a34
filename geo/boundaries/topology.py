"""Where the polygons of a layer overlap, and where they leave gaps.

Both are found in the coordinates in which the borders are straight lines, and only then measured in an
equal-area projection: projecting first parts long borders where one side has a vertex and the other none.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.model.polygons import Faults

HECTARE = 10_000.0


def flat_crs(areas: gpd.GeoSeries) -> str:
    """Give an equal-area projection for a layer: azimuthal about its middle, cylindrical for half the Earth.

    Examples
    --------
    >>> flat_crs(gpd.GeoSeries([shapely.box(-72, -40, -70, -30)], crs=4326))
    '+proj=laea +lat_0=-35.0000 +lon_0=-71.0000 +units=m'
    """
    west, south, east, north = areas.to_crs(4326).total_bounds
    if east - west > 120 or north - south > 120:
        return "EPSG:6933"
    return f"+proj=laea +lat_0={(south + north) / 2:.4f} +lon_0={(west + east) / 2:.4f} +units=m"


def overlaps(areas: gpd.GeoSeries, *, above: float = HECTARE) -> Faults:
    """Measure where two polygons cover the same ground.

    Parameters
    ----------
    areas : GeoSeries
        Valid polygons with a known CRS, indexed by id.
    above : float
        Square metres; smaller ones are rounding of coordinates.

    Returns
    -------
    Faults
        Counted by pair of areas: two that overlap in several places count once, with the sum.

    Examples
    --------
    >>> two = gpd.GeoSeries([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)], index=["a", "b"], crs=4326)
    >>> overlaps(two).number, overlaps(two).largest["areas"].tolist()
    (1, ['a, b'])
    """
    shapes = areas.to_numpy()
    first, second = areas.sindex.query(shapes, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared = shapely.intersection(shapes[first], shapes[second])
    ids = areas.index.astype(str).to_numpy()
    pairs = np.array([f"{a}, {b}" for a, b in zip(ids[first], ids[second], strict=True)], dtype=object)
    return _faults(gpd.GeoSeries(shared, index=pairs, crs=areas.crs), flat_crs(areas), above)


def gaps(areas: gpd.GeoSeries, *, above: float = HECTARE) -> Faults:
    """Measure the holes that polygons leave between them: ground inside the layer that no area covers.

    Parameters
    ----------
    areas : GeoSeries
        Valid polygons with a known CRS, indexed by id.
    above : float
        Square metres.

    Returns
    -------
    Faults
        Lakes and enclaves of another country count too: whether a gap is a fault is for a person to say.

    Examples
    --------
    >>> ring = shapely.box(0, 0, 3, 3) - shapely.box(1, 1, 2, 2)
    >>> gaps(gpd.GeoSeries([ring], index=["a"], crs=4326)).largest["areas"].tolist()
    ['a']
    """
    whole = shapely.get_parts(shapely.unary_union(areas.to_numpy()))
    rings = [ring for part in whole if part.geom_type == "Polygon" for ring in part.interiors]
    holes = shapely.polygons(rings) if rings else np.array([], dtype=object)
    around: list[list[str]] = [[] for _ in holes]
    for hole, area in zip(*areas.sindex.query(holes, predicate="intersects"), strict=True):
        around[hole].append(str(areas.index[area]))
    names = [", ".join(sorted(ids)) for ids in around]
    return _faults(gpd.GeoSeries(holes, index=names, crs=areas.crs), flat_crs(areas), above)


def _faults(shapes: gpd.GeoSeries, flat: str, above: float) -> Faults:
    size = shapes.to_crs(flat).area.to_numpy() if len(shapes) else np.array([])
    large = size > above
    order = np.argsort(-size[large], kind="stable")[:10]
    worst = shapes[large].iloc[order]
    points = gpd.GeoSeries(worst.representative_point(), crs=shapes.crs).to_crs(4326)
    largest = pd.DataFrame(
        {
            "areas": worst.index.astype(str),
            "area_km2": size[large][order] / 1e6,
            "lon": points.x.round(4).to_numpy(),
            "lat": points.y.round(4).to_numpy(),
        }
    )
    return Faults(number=int(large.sum()), area_km2=float(size[large].sum() / 1e6), largest=largest)
