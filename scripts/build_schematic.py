"""Draw the schematic communes, `boundaries/schematic.geojson`, from shipped figures alone.

    python scripts/build_schematic.py

Input are `communes.csv` (centroid, area, ellipse of second moments), `contiguity.csv` (pairs of neighbours)
and `land.csv` (where land lies in bands of latitude), all in `boundaries/`. No official polygon is read.

Method. Each commune has a score that is a quadratic function of place, and a place belongs to the commune
with the highest score there: an anisotropic power diagram. The coefficients are those of a multinomial
logistic regression of commune on place. Its likelihood depends on the true map only through the area,
centroid and second moments of each commune, so the shipped figures suffice to fit it, and at the optimum
the cells have those moments in expectation. Two terms are added: a ridge towards the plain ellipses, and a
penalty where communes that are not neighbours compete for a place. Borders are traced where two scores are
equal and cut to the land.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from scipy.optimize import minimize
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay

FOLDER = Path(__file__).resolve().parents[1] / "boundaries"
INPUTS = ("communes.csv", "contiguity.csv", "land.csv")
OUTPUT = "schematic.geojson"

# One plane for the whole country: within 450 km of the meridian 71° W lengths are true to 0.3 %.
PLANE = "+proj=tmerc +lon_0=-71 +ellps=WGS84 +units=km"
TO_PLANE = Transformer.from_crs("EPSG:4326", PLANE, always_xy=True)
GEOD = Geod(ellps="WGS84")

# Communes that are islands far out at sea are drawn from their own land intervals.
OCEANIC = {"05201": "isla_de_pascua", "05104": "juan_fernandez"}
MAINLAND = "mainland"

TOUCH = 0.005  # degrees; intervals of two bands that miss each other by less are joined
SMALLEST_LAKE_KM2 = 40.0  # a smaller gap enclosed by land is an accident of the bands
GRID = 1e-4  # degrees; every vertex lies on it, so four decimals are exact
CANDIDATES = 24  # communes considered at one place
FIT_FINENESS = 4  # sample points along the root of the area of the smallest commune near a place
DRAW_FINENESS = 11
COARSEST_KM = 64.0
FINEST_KM = 0.125
RIDGE = 5e-3  # pull towards the plain ellipses; without it separable communes have no finite optimum
# Weight of the penalty for competing strangers, and L-BFGS iterations. Without the penalty the problem is
# convex; raising it from that solution avoids poor local optima.
STAGES = ((0.0, 200), (20.0, 200))
STRAY_ASHORE, STRAY_ACROSS = 0.25, 0.1  # shares of a commune's area below which a fragment is given away
WATER_KM = 0.8  # width of the water drawn between cells that must not touch
LONGEST_FALSE_KM = 5.0  # a longer border between cells that are not neighbours becomes water
SIMPLIFY_DEGREES = 0.0012

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Geometries = NDArray[np.object_]
Interval = tuple[float, float]


# --- land -------------------------------------------------------------------------------------------------


def quadrilateral(upper: Interval, lower: Interval, north: float, south: float) -> Floats:
    """Corners of the trapezoid between an interval of longitudes in the north and one in the south."""
    return np.array([(upper[0], north), (upper[1], north), (lower[1], south), (lower[0], south)])


def shares(interval: Interval, partners: list[Interval]) -> list[Interval]:
    """Cut an interval in as many stretches as it has partners, in the middle of the partners' gaps."""
    cuts = [min(max((a[1] + b[0]) / 2, interval[0]), interval[1]) for a, b in pairwise(partners)]
    edges = [interval[0], *cuts, interval[1]]
    return list(pairwise(edges))


def joints(north: float, upper: list[Interval], south: float, lower: list[Interval]) -> list[Floats]:
    """Trapezoids between the intervals of two bands; an interval without partner tapers off half-way."""
    up, low = np.reshape(upper, (-1, 2)), np.reshape(lower, (-1, 2))
    touch = (up[:, None, 0] < low[:, 1] + TOUCH) & (low[:, 0] < up[:, None, 1] + TOUCH)
    above = [shares(upper[i], [lower[j] for j in np.flatnonzero(touch[i])]) for i in range(len(upper))]
    below = [shares(lower[j], [upper[i] for i in np.flatnonzero(touch[:, j])]) for j in range(len(lower))]
    quads = [
        quadrilateral(above[i][touch[i, :j].sum()], below[j][touch[:i, j].sum()], north, south)
        for i, j in np.argwhere(touch)
    ]
    middle = (north + south) / 2
    ending, starting = np.flatnonzero(~touch.any(axis=1)), np.flatnonzero(~touch.any(axis=0))
    quads += [quadrilateral(upper[i], taper(upper[i]), north, middle) for i in ending]
    quads += [quadrilateral(taper(lower[j]), lower[j], middle, south) for j in starting]
    return quads


def taper(interval: Interval) -> Interval:
    """The middle three fifths of an interval."""
    fifth = (interval[1] - interval[0]) / 5
    return interval[0] + fifth, interval[1] - fifth


def land_pieces(intervals: pd.DataFrame) -> Geometries:
    """Land of one part as pieces (degrees) that do not overlap: trapezoids, and small gaps filled."""
    by_band = intervals.groupby("lat")
    bands: dict[float, list[Interval]] = {
        lat: list(zip(band["west"], band["east"], strict=True)) for lat, band in by_band
    }
    lats = sorted(bands, reverse=True)
    step = round(min(a - b for a, b in pairwise(lats)), 6)
    quads = []
    for lat in lats:
        north, south = round(lat + step, 4), round(lat - step, 4)
        quads += joints(lat, bands[lat], south, bands.get(south, []))
        if north not in bands:
            quads += joints(north, [], lat, bands[lat])
    pieces = shapely.polygons(np.array(quads))
    rings = [ring for part in shapely.get_parts(shapely.union_all(pieces)) for ring in part.interiors]
    holes = shapely.polygons(np.array(rings, dtype=object))
    return np.concatenate([pieces, holes[shapely.area(to_plane(holes)) < SMALLEST_LAKE_KM2]])


# --- the sites: communes as ellipses in the plane ---------------------------------------------------------


@dataclass(frozen=True)
class Sites:
    """Centre (km), whitening matrix and area (km²) of each commune's ellipse."""

    cut: NDArray[np.object_]
    centre: Floats
    whiten: Floats
    area: Floats


def read_sites(communes: pd.DataFrame) -> Sites:
    """Ellipses of the communes of the mainland, their bearing turned from true to grid north."""
    table = communes[communes["lon"].notna() & ~communes["cut"].isin(list(OCEANIC))]
    lon, lat, bearing = (table[name].to_numpy() for name in ("lon", "lat", "bearing_deg"))
    centre = np.column_stack(TO_PLANE.transform(lon, lat))
    ahead = GEOD.fwd(lon, lat, bearing, np.full(len(table), 1000.0))
    along = np.column_stack(TO_PLANE.transform(ahead[0], ahead[1])) - centre
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.column_stack([-along[:, 1], along[:, 0]])
    sigma = table[["length_km", "width_km"]].to_numpy() / 4  # sd along an axis of a uniform ellipse
    whiten = np.stack([along / sigma[:, :1], across / sigma[:, 1:]], axis=1)
    return Sites(table["cut"].to_numpy(dtype=object), centre, whiten, table["area_km2"].to_numpy())


def whitened(sites: Sites, points: Floats, index: Ints) -> Floats:
    """Place of points (n, 2) in the standard coordinates of the communes index (n, k)."""
    return np.einsum("nkab,nkb->nka", sites.whiten[index], points[:, None] - sites.centre[index])


def features(sites: Sites, points: Floats, index: Ints) -> Floats:
    """1, u, v, uu, uv, vv in each commune's standard coordinates."""
    u, v = np.moveaxis(whitened(sites, points, index), -1, 0)
    return np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=-1)


def gaussian_coefficients(sites: Sites) -> Floats:
    """The starting score: log density of a Gaussian with the commune's moments, times its area."""
    start = np.zeros((len(sites.cut), 6))
    start[:, 0] = np.log(sites.area * np.abs(np.linalg.det(sites.whiten)))
    start[:, [3, 5]] = -0.5
    return start


def candidates(sites: Sites, points: Floats, chunk: int = 4000) -> Ints:
    """The communes with the highest starting scores at each point."""
    start = gaussian_coefficients(sites)
    everyone = np.arange(len(sites.cut))
    found = []
    for block in np.array_split(points, max(1, len(points) // chunk)):
        offsets = block[:, None] - sites.centre
        u = np.einsum("kab,nkb->nka", sites.whiten, offsets)
        scores = start[everyone, 0] - 0.5 * np.square(u).sum(axis=2)
        found.append(np.argpartition(-scores, CANDIDATES, axis=1)[:, :CANDIDATES])
    return np.sort(np.concatenate(found), axis=1)


# --- sampling ---------------------------------------------------------------------------------------------


def sample(sites: Sites, land: shapely.STRtree, fineness: float) -> tuple[Floats, Floats]:
    """Centres and sides of squares over the land, small where communes are small (a quadtree)."""
    low, high = shapely.bounds(shapely.MultiPolygon(list(land.geometries)).envelope).reshape(2, 2)
    nx, ny = np.ceil((high - low) / COARSEST_KM).astype(int)
    grid = np.stack(np.meshgrid(np.arange(nx), np.arange(ny), indexing="ij"), axis=-1).reshape(-1, 2)
    centres, side = low + (grid + 0.5) * COARSEST_KM, COARSEST_KM
    wanted = np.maximum(np.sqrt(sites.area) / fineness, FINEST_KM)
    kept, sides = [], []
    while len(centres):
        boxes = shapely.box(*(centres - side).T, *(centres + side).T)  # twice as wide: a margin at sea
        centres = centres[np.unique(land.query(boxes, predicate="intersects")[0])]
        split = side > finest_near(sites, centres, side, wanted)
        kept.append(centres[~split])
        sides.append(np.full((~split).sum(), side))
        quarter = side / 4 * np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
        centres, side = (centres[split][:, None] + quarter).reshape(-1, 2), side / 2
    return np.concatenate(kept), np.concatenate(sides)


def finest_near(sites: Sites, points: Floats, side: float, wanted: Floats) -> Floats:
    """The side wanted by the smallest commune whose ellipse, enlarged by half, reaches the square."""
    reach = 3.0 + side * np.abs(sites.whiten).sum(axis=2).max(axis=1) / 2
    finest = np.full(len(points), np.inf)
    for i in range(len(sites.cut)):
        u = (points - sites.centre[i]) @ sites.whiten[i].T
        near = np.square(u).sum(axis=1) < reach[i] ** 2
        finest[near] = np.minimum(finest[near], wanted[i])
    return finest


def land_areas(points: Floats, sides: Floats, land: shapely.STRtree) -> Floats:
    """Area of land in each square."""
    half = sides[:, None] / 2
    boxes = shapely.box(*(points - half).T, *(points + half).T)
    box, piece = land.query(boxes, predicate="intersects")
    common = shapely.area(shapely.intersection(boxes[box], land.geometries[piece]))
    return np.bincount(box, common, minlength=len(points))


# --- fitting ----------------------------------------------------------------------------------------------


def strangers(cuts: NDArray[np.object_], pairs: pd.DataFrame) -> Floats:
    """1 where two communes are not neighbours."""
    place = pd.Series(np.arange(len(cuts)), index=cuts)
    apart = 1 - np.eye(len(cuts))
    a, b = place[pairs["cut_a"]], place[pairs["cut_b"]]
    apart[a, b] = apart[b, a] = 0
    return apart


def fit(sites: Sites, points: Floats, areas: Floats, apart: Floats) -> Floats:
    """Coefficients of the scores, fitted to the shipped moments by penalised maximum likelihood."""
    points, areas = points[areas > 0], areas[areas > 0]
    index = candidates(sites, points)
    planes = np.ascontiguousarray(np.moveaxis(features(sites, points, index), 2, 0))
    rivals = apart[index[:, :, None], index[:, None, :]]
    start = gaussian_coefficients(sites)
    scale = np.sqrt(sites.area)[:, None]  # makes the curvature alike for large and small communes
    target = np.zeros_like(start)
    target[:, [0, 3, 5]] = (sites.area * areas.sum() / sites.area.sum())[:, None]

    def loss(step: Floats, clash: float) -> tuple[float, Floats]:
        beta = start + step.reshape(start.shape) / scale
        value, weight = log_partition(np.einsum("fnk,nkf->nk", planes, beta[index]), rivals, clash)
        weight *= areas[:, None]
        moments = [np.bincount(index.ravel(), (weight * plane).ravel(), len(start)) for plane in planes]
        gradient = (np.stack(moments, axis=1) - target) / scale
        ridge = RIDGE / 2 * np.square(step).sum()
        # sums, not products of vectors: the rounding of long BLAS products depends on the number of threads
        total = (areas * value).sum() - (target * beta).sum() + ridge
        return total, gradient.ravel() + RIDGE * step

    step = np.zeros(start.size)
    for clash, iterations in STAGES:
        options = {"maxiter": iterations, "maxcor": 20}
        step = minimize(loss, step, (clash,), method="L-BFGS-B", jac=True, options=options).x
    return start + step.reshape(start.shape) / scale


def log_partition(scores: Floats, rivals: Floats, clash: float) -> tuple[Floats, Floats]:
    """Log of the sum of exponentials plus the penalty at each point, and its derivative by each score.

    With the shares p (softmax of the scores) the penalty is `clash` times the sum of p_i p_j over rivals.
    """
    top = scores.max(axis=1, keepdims=True)
    share = np.exp(scores - top)
    total = share.sum(axis=1, keepdims=True)
    share /= total
    rival = np.matmul(rivals, share[:, :, None])[:, :, 0]
    mean = (share * rival).sum(axis=1, keepdims=True)
    value = (top + np.log(total) + clash * mean)[:, 0]
    return value, share * (1 + 2 * clash * (rival - mean))


# --- tracing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scores:
    """The fitted scores: which commune a place belongs to."""

    sites: Sites
    beta: Floats

    def of(self, points: Floats, index: Ints) -> Floats:
        """Scores of the communes index (n, k) at points (n, 2)."""
        return np.einsum("nkf,nkf->nk", features(self.sites, points, index), self.beta[index])

    def winner(self, points: Floats) -> Ints:
        """Index of the commune each point belongs to."""
        index = candidates(self.sites, points)
        return index[np.arange(len(points)), self.of(points, index).argmax(axis=1)]


def crossings(scores: Scores, start: Floats, end: Floats, first: Ints, second: Ints) -> Floats:
    """Where, between two points of different communes, their scores are equal (a quadratic equation)."""
    pair = np.column_stack([first, second])
    d0, dm, d1 = (-np.diff(scores.of(start + t * (end - start), pair), axis=1)[:, 0] for t in (0.0, 0.5, 1.0))
    a, b = 2 * (d0 + d1) - 4 * dm, 4 * dm - 3 * d0 - d1
    # d0 > 0 > d1, so exactly one root lies between; this form of it is stable when a is nearly zero
    t = 2 * d0 / (np.sqrt(np.maximum(b * b - 4 * a * d0, 0)) - b)
    return start + np.clip(t, 0, 1)[:, None] * (end - start)


def borders(scores: Scores, points: Floats) -> Floats:
    """Segments (n, 2, 2) between the cells: marching triangles over a Delaunay triangulation."""
    label = scores.winner(points)
    triangles = Delaunay(points).simplices.astype(np.int64)
    triangles = triangles[(label[triangles] != label[triangles[:, :1]]).any(axis=1)]
    sides = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]], axis=2)
    edges, inverse = np.unique(sides.reshape(-1, 2), axis=0, return_inverse=True)
    a, b = edges.T
    differ = label[a] != label[b]
    cross = np.full((len(edges), 2), np.nan)
    a, b = a[differ], b[differ]
    cross[differ] = crossings(scores, points[a], points[b], label[a], label[b])
    at, mixed = cross[inverse.reshape(-1, 3)], differ[inverse.reshape(-1, 3)]
    two, three = mixed.sum(axis=1) == 2, mixed.all(axis=1)
    through = at[two][mixed[two]].reshape(-1, 2, 2)
    middle = np.repeat(at[three].mean(axis=1, keepdims=True), 3, axis=1)
    return np.concatenate([through, np.stack([at[three], middle], axis=2).reshape(-1, 2, 2)])


def to_degrees(coordinates: Floats) -> Floats:
    """From the plane to longitude and latitude."""
    return np.column_stack(TO_PLANE.transform(*coordinates.T, direction="INVERSE"))


def to_plane(geometry: Geometries) -> Geometries:
    """From longitude and latitude to the plane."""
    return shapely.transform(geometry, TO_PLANE.transform, interleaved=False)


def faces(lines: list[shapely.Geometry]) -> Geometries:
    """All faces of a set of lines, noded on the grid: vertices are final and shared exactly by neighbours."""
    noded = shapely.union_all(lines, grid_size=GRID)
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))


def dissolve(pieces: Geometries, owner: Ints) -> dict[int, shapely.Geometry]:
    """One (multi)polygon per owner."""
    return {int(i): shapely.coverage_union_all(pieces[owner == i]) for i in np.unique(owner)}


def cells(scores: Scores, points: Floats, land: Geometries) -> tuple[Geometries, Ints]:
    """The faces of land and the commune each belongs to."""
    segments = shapely.linestrings(to_degrees(borders(scores, points).reshape(-1, 2)).reshape(-1, 2, 2))
    coast = shapely.boundary(shapely.union_all(land))
    pieces = faces([shapely.multilinestrings(segments), coast])
    inner = shapely.point_on_surface(pieces)
    ashore = np.unique(shapely.STRtree(land).query(inner, predicate="intersects")[0])
    pieces, inner = pieces[ashore], inner[ashore]
    return pieces, scores.winner(shapely.get_coordinates(to_plane(inner)))


# --- mending ----------------------------------------------------------------------------------------------


def parts_by_owner(pieces: Geometries, owner: Ints) -> tuple[Geometries, Ints]:
    """Faces merged to connected parts."""
    merged = dissolve(pieces, owner)
    parts = [shapely.get_parts(geometry) for geometry in merged.values()]
    return np.concatenate(parts), np.repeat(list(merged), [len(p) for p in parts])


def shared_lengths(parts: Geometries) -> pd.DataFrame:
    """Pairs of parts that share a border, with its length."""
    a, b = shapely.STRtree(parts).query(parts, predicate="intersects")
    a, b = a[a < b], b[a < b]
    length = shapely.length(shapely.intersection(parts[a], parts[b]))
    both = pd.DataFrame({"part": np.r_[a, b], "other": np.r_[b, a], "length": np.r_[length, length]})
    return both[both["length"] > 0]


def give_away_strays(pieces: Geometries, owner: Ints) -> tuple[Geometries, Ints]:
    """Give small fragments cut off from their commune's main part to the neighbour they touch most.

    Across water a fragment is more likely true than on the same land mass, so only smaller ones are strays.
    """
    parts, owner = parts_by_owner(pieces, owner)
    area = pd.Series(shapely.area(to_plane(parts)))
    by_owner = area.groupby(owner)
    main = np.arange(len(parts)) == by_owner.transform("idxmax").to_numpy()
    mass = land_masses(parts)
    home = pd.Series(mass[main], index=owner[main])
    largest_stray = np.where(home.loc[owner].to_numpy() == mass, STRAY_ASHORE, STRAY_ACROSS)
    stray = ~main & ((area / by_owner.transform("sum")).to_numpy() < largest_stray)
    touching = shared_lengths(parts)
    touching = touching[stray[touching["part"]] & ~stray[touching["other"]]]
    best = touching.sort_values(["part", "length"]).drop_duplicates("part", keep="last")
    owner = owner.copy()
    owner[best["part"]] = owner[best["other"]]
    return parts, owner


def land_masses(parts: Geometries) -> Ints:
    """Number of the connected land mass of each part."""
    masses = shapely.get_parts(shapely.coverage_union_all(parts))
    found = shapely.STRtree(masses).query(shapely.point_on_surface(parts), predicate="intersects")
    return found[1][np.argsort(found[0])]


def connected_groups(apart: Floats) -> Ints:
    """Number of the chain of true neighbours each commune belongs to."""
    return connected_components(apart == 0, directed=False)[1]


def open_water(pieces: Geometries, owner: Ints, group: Ints, apart: Floats) -> tuple[Geometries, Ints]:
    """Put water between cells that the coarse land bands have joined across a channel or a wide river.

    These are cells of different groups, and cells that are not neighbours but share a long border.
    """
    parts, owner = parts_by_owner(pieces, owner)
    a, b = shapely.STRtree(parts).query(parts, predicate="intersects")
    a, b = a[(a < b) & (apart[owner[a], owner[b]] > 0)], b[(a < b) & (apart[owner[a], owner[b]] > 0)]
    contact = to_plane(shapely.intersection(parts[a], parts[b]))
    contact = contact[(group[owner[a]] != group[owner[b]]) | (shapely.length(contact) > LONGEST_FALSE_KM)]
    water = shapely.buffer(shapely.union_all(contact), WATER_KM / 2, quad_segs=2)
    water = shapely.transform(water, to_degrees)
    pieces = faces([*shapely.boundary(parts), shapely.boundary(water)])
    inner = shapely.point_on_surface(pieces)
    where, part = shapely.STRtree(parts).query(inner, predicate="intersects")
    where, first = np.unique(where, return_index=True)
    dry = ~shapely.intersects(water, inner[where])
    return pieces[where[dry]], owner[part[first]][dry]


# --- writing ----------------------------------------------------------------------------------------------


def schematic(folder: Path = FOLDER) -> dict[str, shapely.Geometry]:
    """The schematic polygon of every commune, by code."""
    communes = pd.read_csv(folder / "communes.csv", dtype={"cut": str, "cut_2010": str})
    pairs = pd.read_csv(folder / "contiguity.csv", dtype=str)
    intervals = pd.read_csv(folder / "land.csv")
    land = land_pieces(intervals[intervals["part"] == MAINLAND])
    tree = shapely.STRtree(to_plane(land))
    sites = read_sites(communes)
    apart = strangers(sites.cut, pairs)
    points, sides = sample(sites, tree, FIT_FINENESS)
    scores = Scores(sites, fit(sites, points, land_areas(points, sides, tree), apart))
    pieces, owner = cells(scores, sample(sites, tree, DRAW_FINENESS)[0], land)
    pieces, owner = give_away_strays(pieces, owner)
    pieces, owner = open_water(pieces, owner, connected_groups(apart), apart)
    found = {sites.cut[i]: geometry for i, geometry in dissolve(pieces, owner).items()}
    for cut, part in OCEANIC.items():
        found[cut] = shapely.union_all(land_pieces(intervals[intervals["part"] == part]), grid_size=GRID)
    cuts = sorted(found)
    shapes = shapely.coverage_simplify(np.array([found[cut] for cut in cuts]), SIMPLIFY_DEGREES)
    return dict(zip(cuts, shapes, strict=True))


def inputs_sha256(folder: Path = FOLDER) -> dict[str, str]:
    """Digest of each input, kept in the output so that a test sees when one was changed without the other."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in INPUTS}


def coordinates(geometry: shapely.Geometry) -> list[list[list[list[float]]]]:
    """GeoJSON coordinates as a MultiPolygon, shells anticlockwise (RFC 7946), four decimals."""
    parts = shapely.get_parts(shapely.orient_polygons(shapely.normalize(geometry)))
    return [[shapely.get_coordinates(r).round(4).tolist() for r in shapely.get_rings(part)] for part in parts]


def to_geojson(shapes: dict[str, shapely.Geometry], digests: dict[str, str]) -> str:
    """One feature per line: differences between versions stay readable."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"cut": cut},
                "geometry": {"type": "MultiPolygon", "coordinates": coordinates(shape)},
            },
            separators=(",", ":"),
        )
        for cut, shape in shapes.items()
    ]
    head = json.dumps({"type": "FeatureCollection", "name": "schematic", "inputs_sha256": digests})
    return head[:-1] + ', "features": [\n' + ",\n".join(lines) + "\n]}\n"


def main() -> None:
    text = to_geojson(schematic(), inputs_sha256())
    (FOLDER / OUTPUT).write_text(text, encoding="utf-8", newline="\n")
    print(f"{OUTPUT}: {len(text) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
