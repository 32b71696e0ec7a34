"""Measure the official communes once and write the figures that are shipped in `boundaries/`.

    python scripts/build_boundary_figures.py REFERENCE_FOLDER

REFERENCE_FOLDER holds `boundaries/communes_ine2016_15regions.gpkg` (INE cartography, 345 communes) and the
official registers and crosswalk in `tables/`. Written are

- `communes.csv`: codes and names in both vintages, centroid, area, and the ellipse of second moments;
- `contiguity.csv`: the queen pairs of the official polygons;
- `corners.csv`: those of them that meet at single points only;
- `land.csv`: where land lies, as intervals of longitude in bands of latitude.

Everything written is a figure (a code, a name, a measure, a pair). No polygon and no coastline is copied.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from libpysal.graph import Graph
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

OUTPUT = Path(__file__).resolve().parents[1] / "boundaries"
POLYGONS = Path("boundaries") / "communes_ine2016_15regions.gpkg"
GEOD = Geod(ellps="WGS84")

# Oceanic communes lie far from the mainland and are small, so their bands are finer.
OCEANIC = {"05201": "isla_de_pascua", "05104": "juan_fernandez"}
MAINLAND = "mainland"
BAND_DEGREES = {MAINLAND: 0.045, "isla_de_pascua": 0.018, "juan_fernandez": 0.018}
SHORTEST_KM = {MAINLAND: 1.5, "isla_de_pascua": 1.0, "juan_fernandez": 1.0}
SECTIONS_PER_BAND = 11  # odd, so that "at least half" of the sections is never a tie

# The 2018 register leaves these accents out; the 2010 register and the INE projections have them.
ACCENTED = {"08206": "Los Álamos", "08301": "Los Ángeles", "16206": "Ránquil"}

COMMUNE_COLUMNS = [
    "cut", "cut_2010", "commune", "province", "province_2010", "region", "region_2010",
    "lon", "lat", "area_km2", "length_km", "width_km", "bearing_deg",
]  # fmt: skip


def tidy(text: pd.Series) -> pd.Series:
    """Trim, and make one space of several."""
    return text.str.strip().str.replace(r"\s+", " ", regex=True)


def read_register(tables: Path) -> pd.DataFrame:
    """All 346 communes in the vintage of 2018, with code, province and region of 2010 beside it.

    The 2010 register abbreviates its regions ("VI  O'Higgins"). The first fifteen regions kept code and name
    when Ñuble was made the sixteenth, so the full official name is taken by the code in `cut_2010`.
    """
    new = pd.read_csv(tables / "register_2018_16regions.csv", dtype=str).apply(tidy)
    new.columns = ["region_code", "region", "abbreviation", "province_code", "province", "cut", "commune"]
    old = pd.read_csv(tables / "register_2010_15regions.csv", dtype=str).apply(tidy).set_index("cut_2010")
    changed = pd.read_csv(tables / "crosswalk_2010_2018.csv", dtype=str).set_index("cut_2018")["cut_2010"]
    region_names = new.drop_duplicates("region_code").set_index("region_code")["region"]
    new["commune"] = new["cut"].map(ACCENTED).fillna(new["commune"])
    new["cut_2010"] = new["cut"].map(changed).fillna(new["cut"])
    new["province_2010"] = new["cut_2010"].map(old["provincia"])
    new["region_2010"] = new["cut_2010"].str[:2].map(region_names)
    if set(new["cut_2010"]) != set(old.index) or new.isna().any(axis=None):
        raise ValueError("the registers of 2010 and 2018 and their crosswalk do not agree")
    return new.sort_values("cut").reset_index(drop=True)


def read_polygons(path: Path) -> gpd.GeoSeries:
    """The official polygons by 2018 code, repaired where invalid."""
    frame = gpd.read_file(path).set_index("cut_2018").sort_index()
    return frame.geometry.make_valid(method="structure", keep_collapsed=False)


def ring_moments(ring: BaseGeometry) -> NDArray[np.float64]:
    """Signed integrals of 1, x, y, xx, xy, yy over a ring (Green's theorem; positive if anticlockwise)."""
    xy = shapely.get_coordinates(ring)
    x, y = xy[:-1].T
    x1, y1 = xy[1:].T
    cross = x * y1 - x1 * y
    return np.array(
        [
            cross.sum() / 2,
            ((x + x1) * cross).sum() / 6,
            ((y + y1) * cross).sum() / 6,
            ((x * x + x * x1 + x1 * x1) * cross).sum() / 12,
            ((2 * x * y + x * y1 + x1 * y + 2 * x1 * y1) * cross).sum() / 24,
            ((y * y + y * y1 + y1 * y1) * cross).sum() / 12,
        ]
    )


def planar_moments(geometry: BaseGeometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centroid and covariance matrix of a (multi)polygon of uniform density."""
    oriented = shapely.orient_polygons(geometry)  # shells anticlockwise, so holes subtract
    total = sum(ring_moments(r) for part in shapely.get_parts(oriented) for r in shapely.get_rings(part))
    area, centre = total[0], total[1:3] / total[0]
    second = np.array([[total[3], total[4]], [total[4], total[5]]]) / area
    return centre, second - np.outer(centre, centre)


def measure(geometry: BaseGeometry) -> dict[str, float]:
    """Centroid, ellipsoidal area, axes and bearing of the uniform ellipse with the same second moments."""
    lon, lat = shapely.get_coordinates(geometry.centroid)[0]
    for _ in range(2):  # the second pass is centred on the first pass's centroid
        local = f"+proj=laea +lon_0={lon} +lat_0={lat} +ellps=WGS84 +units=km"
        to_local = Transformer.from_crs("EPSG:4326", local, always_xy=True)
        flat = shapely.transform(geometry, to_local.transform, interleaved=False)
        centre, covariance = planar_moments(flat)
        lon, lat = to_local.transform(*centre, direction="INVERSE")
    values, vectors = np.linalg.eigh(covariance)
    width, length = 4 * np.sqrt(values)  # a uniform ellipse with semi-axis a has variance a²/4 along it
    bearing = np.degrees(np.arctan2(vectors[0, 1], vectors[1, 1])) % 180
    area = abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))[0]) / 1e6
    return {
        "lon": round(lon, 5),
        "lat": round(lat, 5),
        "area_km2": round(area, 3),
        "length_km": round(length, 3),
        "width_km": round(width, 3),
        "bearing_deg": round(bearing, 2) % 180,
    }


def commune_table(register: pd.DataFrame, polygons: gpd.GeoSeries) -> pd.DataFrame:
    """The register with the figures of each polygon; communes without a polygon keep empty figures."""
    figures = pd.DataFrame([measure(geometry) for geometry in polygons], index=polygons.index)
    return register.join(figures, on="cut")[COMMUNE_COLUMNS]


def contiguity_table(polygons: gpd.GeoSeries) -> pd.DataFrame:
    """Every queen pair once, the smaller code first."""
    return _pairs(Graph.build_contiguity(polygons, rook=False))


def corner_table(polygons: gpd.GeoSeries) -> pd.DataFrame:
    """The queen pairs that have no edge in common."""
    queen, rook = (Graph.build_contiguity(polygons, rook=rook) for rook in (False, True))
    return _pairs(queen.difference(rook))


def _pairs(graph: Graph) -> pd.DataFrame:
    pairs = graph.adjacency.drop(0, errors="ignore").reset_index()
    pairs = pairs[(pairs["weight"] > 0) & (pairs["focal"] < pairs["neighbor"])]
    pairs = pairs.rename(columns={"focal": "cut_a", "neighbor": "cut_b"})
    return pairs[["cut_a", "cut_b"]].sort_values(["cut_a", "cut_b"], ignore_index=True)


def section(land: BaseGeometry, lat: float) -> NDArray[np.float64]:
    """Longitudes at which the parallel enters and leaves land, one row per stretch."""
    cut = shapely.intersection(land, shapely.LineString([(-180, lat), (0, lat)]))
    bounds = shapely.bounds(shapely.get_parts(cut))
    return bounds[:, [0, 2]]


def majority(stretches: NDArray[np.float64], needed: float) -> list[list[float]]:
    """Intervals covered by at least `needed` of the stretches."""
    edges = np.concatenate([stretches[:, 0], stretches[:, 1]])
    steps = np.repeat([1, -1], len(stretches))
    order = np.lexsort((-steps, edges))
    depth = np.cumsum(steps[order]) >= needed
    starts = np.flatnonzero(depth & ~np.r_[False, depth[:-1]])
    ends = np.flatnonzero(~depth & np.r_[False, depth[:-1]])
    return [[edges[order[a]], edges[order[b]]] for a, b in zip(starts, ends, strict=True)]


def generalise(intervals: list[list[float]], shortest: float) -> list[list[float]]:
    """Close gaps and then drop intervals shorter than `shortest` (degrees): figures, not a coastline."""
    joined: list[list[float]] = []
    for west, east in intervals:
        if joined and west - joined[-1][1] < shortest / 2:
            joined[-1][1] = east
        else:
            joined.append([west, east])
    return [pair for pair in joined if pair[1] - pair[0] >= shortest]


def land_intervals(land: BaseGeometry, part: str) -> list[tuple[str, float, float, float]]:
    """In each band of latitude the longitudes where at least half of the band is land."""
    step = BAND_DEGREES[part]
    _, south, _, north = land.bounds
    rows = []
    for band in range(int(np.floor(north / step)), int(np.floor(south / step)) - 1, -1):
        strip = shapely.clip_by_rect(land, -180, band * step, 0, (band + 1) * step)
        lats = (band + (np.arange(SECTIONS_PER_BAND) + 0.5) / SECTIONS_PER_BAND) * step
        stretches = np.concatenate([section(strip, lat) for lat in lats])
        centre = (band + 0.5) * step
        shortest = SHORTEST_KM[part] / (111.32 * np.cos(np.radians(centre)))
        for west, east in generalise(majority(stretches, SECTIONS_PER_BAND / 2), shortest):
            rows.append((part, round(centre, 4), round(west, 3), round(east, 3)))
    return rows


def land_table(polygons: gpd.GeoSeries) -> pd.DataFrame:
    """Land intervals of the mainland with its coastal islands, and of the two oceanic communes."""
    rows = land_intervals(shapely.union_all(polygons.drop(list(OCEANIC)).to_numpy()), MAINLAND)
    for cut, part in OCEANIC.items():
        rows += land_intervals(polygons[cut], part)
    return pd.DataFrame(rows, columns=["part", "lat", "west", "east"])


def write(table: pd.DataFrame, name: str) -> None:
    """Write with LF line ends on every system, so that the bytes are the same everywhere."""
    table.to_csv(OUTPUT / name, index=False, lineterminator="\n", encoding="utf-8")
    print(f"{name}: {len(table)} rows")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", type=Path, help="folder with boundaries/ and tables/")
    reference: Path = parser.parse_args().reference
    polygons = read_polygons(reference / POLYGONS)
    OUTPUT.mkdir(exist_ok=True)
    write(commune_table(read_register(reference / "tables"), polygons), "communes.csv")
    write(contiguity_table(polygons), "contiguity.csv")
    write(corner_table(polygons), "corners.csv")
    write(land_table(polygons), "land.csv")


if __name__ == "__main__":
    main()
