"""Local Moran side by side: how long, and with how much memory, against esda and pygeoda.

    python benchmarks/local_moran.py --out table.md
    python benchmarks/local_moran.py --quick

Every cell is a process of its own. *Cold* is the whole of it, from the start of the interpreter over imports,
compilation and reading the file to the p-values; *warm* is one call in a process where all of that is done,
the best of up to three. *Graph* starts at the package's own weights, *polygons* at the polygons, whose
contiguity (queen) is then part of it. All get the same weights and the same number of permutations R, and
all count both tails. A process that takes longer than the budget is stopped and shown as such, and so is,
untried, the same with more permutations. "esda, numba" is run with one job and with all cores, and the better
one is shown. "esda, plain" and retorno run as where numba is not installed, which neither asks for; it costs
import time otherwise.

n = 346: the communes of Chile with their rates of police cases, on the shipped schematic polygons or another
layer. Larger: Voronoi cells of random points in a square, with random values (6 neighbours on average, 2 to
13 at n = 35,000).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SIZES = (346, 3_000, 35_000, 1_000_000)
DRAWS = (999, 9_999, 99_999)
OURS = "retorno"
TOOLS = (OURS, "retorno, exact", "esda, numba", "esda, plain", "pygeoda")
WAYS = ("graph warm", "graph cold", "polygons warm", "polygons cold")
ONCE = 10  # a call that takes longer, in seconds, is not repeated

# The worker: one process, one tool, one input ---------------------------------------------------------------


def ours(way: str, folder: Path, permutations: int, *, method: str = "permutation") -> Callable[[], object]:
    hide_numba()
    import numpy as np
    import pandas as pd

    import geo

    values = pd.Series(np.load(folder / "values.npy"))
    if way == "graph":
        weights = graph_of(folder)
        return lambda: geo.stats.local_moran(values, weights, permutations=permutations, method=method)
    areas = polygons_of(folder)
    return lambda: geo.stats.local_moran(
        values, geo.contiguity(areas), permutations=permutations, method=method
    )


def esda(way: str, folder: Path, permutations: int, *, jobs: int, numba: bool) -> Callable[[], object]:
    import warnings

    if not numba:
        hide_numba()
    warnings.simplefilter("ignore")
    import numpy as np
    from esda import Moran_Local
    from libpysal.graph import Graph

    values = np.load(folder / "values.npy")

    def test(weights: Graph) -> object:
        return Moran_Local(
            values, weights, permutations=permutations, n_jobs=jobs, keep_simulations=False, seed=1
        )

    if way == "graph":
        weights = graph_of(folder).transform("R")
        return lambda: test(weights)
    areas = polygons_of(folder)
    return lambda: test(Graph.build_contiguity(areas, rook=False).transform("R"))


def pygeoda(way: str, folder: Path, permutations: int) -> Callable[[], object]:
    import numpy as np
    import pygeoda

    values = np.load(folder / "values.npy").tolist()

    def test(weights: object) -> object:
        return pygeoda.local_moran(weights, values, permutations=permutations, cpu_threads=2).lisa_pvalues()

    if way == "graph":
        weights = pygeoda.weights.read_gal(
            str(folder / "weights.gal"), [str(i + 1) for i in range(len(values))]
        )
        return lambda: test(weights)
    areas = polygons_of(folder)
    return lambda: test(pygeoda.queen_weights(pygeoda.open(areas)))


def reading(folder: Path) -> Callable[[], object]:
    return lambda: polygons_of(folder).sindex


def hide_numba() -> None:
    sys.modules["numba"] = None  # type: ignore[assignment]


def graph_of(folder: Path) -> Any:
    import numpy as np
    from libpysal.graph import Graph

    links = np.load(folder / "links.npz")
    return Graph.from_arrays(links["focal"], links["neighbor"], links["weight"])


def polygons_of(folder: Path) -> Any:
    import geopandas

    return geopandas.read_file(folder / "areas.gpkg", engine="pyogrio")


def prepare_call(tool: str, way: str, folder: Path, permutations: int, jobs: int) -> Callable[[], object]:
    if tool.startswith(OURS):
        return ours(way, folder, permutations, method="exact" if "exact" in tool else "permutation")
    if tool.startswith("esda"):
        return esda(way, folder, permutations, jobs=jobs, numba="numba" in tool)
    return reading(folder) if tool == "reading" else pygeoda(way, folder, permutations)


def work(cell: dict[str, Any]) -> None:
    """Run one cell in this process and print its time and memory as JSON."""
    call = prepare_call(cell["tool"], cell["way"], Path(cell["folder"]), cell["permutations"], cell["jobs"])
    seconds = None
    if cell["warm"]:
        if cell["warm_up"]:
            prepare_call(cell["tool"], "graph", Path(cell["warm_up"]), 99, cell["jobs"])()
        seconds = timed(call)
        for _ in range(2 if seconds < ONCE else 0):
            seconds = min(seconds, timed(call))
    else:
        call()
    own, children = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({"seconds": seconds, "megabytes": (own + children) / 1024}))


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


# The inputs -------------------------------------------------------------------------------------------------


def prepare(folder: Path, n: int, boundaries: str) -> None:
    """Write the inputs of one size, in a process of its own: a child's peak memory counts its parent's."""
    command = [sys.executable, __file__, "--prepare", str(folder), "--n", str(n), "--boundaries", boundaries]
    subprocess.run(command, check=True)


def write_chile(folder: Path, boundaries: str) -> None:
    """The communes that the layer has: their rates, polygons and official contiguity."""
    import geo
    from geo.register.pairs import official_pairs
    from geo.stats.weights.links import graph_from_pairs

    areas = geo.run("dmcs-2016", boundaries=boundaries, permutations=9).areas
    areas = areas[areas.geometry.notna()]
    adjacency = graph_from_pairs(official_pairs(), areas.index).adjacency
    focal, neighbor = (areas.index.get_indexer(adjacency.index.get_level_values(end)) for end in (0, 1))
    write_inputs(folder, areas["rate"].to_numpy(float), areas.geometry, focal, neighbor, adjacency.to_numpy())


def write_cells(folder: Path, n: int) -> None:
    """Voronoi cells of n random points in a square of 1,000 km; mirrored points make the edges straight."""
    import numpy as np
    import shapely
    from scipy.spatial import Voronoi

    side, generator = 1e6, np.random.default_rng(n)
    points = generator.uniform(0, side, (n, 2))
    margin, mirrored = 5 * side / np.sqrt(n), [points]
    for axis in (0, 1):
        for edge in (0.0, side):
            near = points[abs(points[:, axis] - edge) < margin].copy()
            near[:, axis] = 2 * edge - near[:, axis]
            mirrored.append(near)
    cells = Voronoi(np.concatenate(mirrored))
    rings = [cells.regions[region] for region in cells.point_region[:n]]
    length = np.array([len(ring) for ring in rings])
    corners = np.fromiter((corner for ring in rings for corner in (*ring, ring[0])), int, length.sum() + n)
    offsets = np.concatenate([[0], np.cumsum(length + 1)])
    polygons = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, cells.vertices[corners], (offsets, np.arange(n + 1))
    )
    pairs = cells.ridge_points[(cells.ridge_points < n).all(axis=1)]
    both = np.concatenate([pairs, pairs[:, ::-1]])
    focal, neighbor = both[np.lexsort((both[:, 1], both[:, 0]))].T
    write_inputs(folder, generator.normal(size=n), polygons, focal, neighbor, np.ones(len(focal), dtype=int))


def write_inputs(folder: Path, values: Any, polygons: Any, focal: Any, neighbor: Any, weight: Any) -> None:
    import geopandas
    import numpy as np

    folder.mkdir(parents=True)
    np.save(folder / "values.npy", values)
    np.savez(folder / "links.npz", focal=focal, neighbor=neighbor, weight=weight)
    geopandas.GeoDataFrame(geometry=np.asarray(polygons), crs="EPSG:32719").to_file(folder / "areas.gpkg")
    linked, n = weight > 0, len(values)
    near = np.split(
        (neighbor[linked] + 1).astype(str), np.cumsum(np.bincount(focal[linked], minlength=n))[:-1]
    )
    with (folder / "weights.gal").open("w", encoding="utf-8") as file:
        file.write(f"0 {n} layer area\n")
        file.writelines(f"{i} {len(others)}\n{' '.join(others)}\n" for i, others in enumerate(near, start=1))


# The table --------------------------------------------------------------------------------------------------


class Bench:
    """Runs cells, each within the budget, and remembers which tools were too slow."""

    def __init__(self, folder: Path, budget: float) -> None:
        self.folder, self.budget = folder, budget
        self.too_slow: set[tuple[int, str, str]] = set()

    def row(self, n: int, permutations: int, tool: str) -> dict[str, dict[str, float] | None]:
        """Measure one tool in all ways; a way that took too long is None."""
        found: dict[str, dict[str, float] | None] = {}
        for way in WAYS:
            runs = []
            for jobs in (1, -1) if tool == "esda, numba" else (1,):
                # Each number of jobs is given up by itself.
                name = f"{tool} {jobs}"
                run = None if (n, name, way) in self.too_slow else self.cell(n, permutations, tool, way, jobs)
                if run is None:
                    self.too_slow.add((n, name, way))
                else:
                    runs.append(run)
            found[way] = min(runs, key=lambda run: run["seconds"], default=None)
        return found

    def cell(self, n: int, permutations: int, tool: str, way: str, jobs: int = 1) -> dict[str, float] | None:
        source, state = way.split()
        warm = state == "warm"
        cell = {
            "tool": tool,
            "way": source,
            "permutations": permutations,
            "jobs": jobs,
            "warm": warm,
            "folder": str(self.folder / str(n)),
            # Compilation is done on the communes, before the clock starts.
            "warm_up": str(self.folder / "346") if warm and tool.startswith("esda") else "",
        }
        best = self.process(cell)
        for _ in range(2):
            if best is None or warm or best["seconds"] > ONCE:
                break
            again = self.process(cell)
            best = min(best, again or best, key=lambda run: run["seconds"])
        return best

    def process(self, cell: dict[str, Any]) -> dict[str, float] | None:
        start = time.perf_counter()
        command = [sys.executable, __file__, "--cell", json.dumps(cell)]
        # In a session of its own, so that the processes it starts in turn can be stopped with it.
        child = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        try:
            output, errors = child.communicate(timeout=self.budget)
        except BaseException as stopped:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            if isinstance(stopped, subprocess.TimeoutExpired):
                return None
            raise
        whole = time.perf_counter() - start
        if child.returncode:
            sys.exit(f"{cell} failed:\n{errors}")
        found = json.loads(output.splitlines()[-1])
        return {"seconds": found["seconds"] or whole, "megabytes": found["megabytes"]}


def table(bench: Bench, sizes: list[int], draws: list[int], tools: list[str], out: Path | None) -> None:
    lines = [
        f"| n | R | | {' | '.join(name.replace(' ', ', ') for name in WAYS)} | memory |",
        "|---:|---:|---|" + "---:|" * (len(WAYS) + 1),
    ]
    notes = []
    for n in sizes:
        for permutations in draws:
            base: dict[str, dict[str, float] | None] = {}
            for tool in tools:
                if "exact" in tool and permutations != draws[0]:
                    continue
                row = bench.row(n, permutations, tool)
                base = row if tool == OURS else base
                shown = "none" if "exact" in tool else f"{permutations:,}"
                cells = [said(row[way], base.get(way), bench.budget) for way in WAYS]
                memory = row["graph cold"]
                peak = f"{memory['megabytes']:,.0f} MB" if memory else ""
                lines.append(f"| {n:,} | {shown} | {tool} | {' | '.join(cells)} | {peak} |")
                print(lines[-1], file=sys.stderr, flush=True)
        read = bench.cell(n, 0, "reading", "polygons warm")
        if read:
            notes.append(
                f"- Reading the {n:,} polygons (pyogrio) and indexing them: {read['seconds']:.3g} s."
            )
        if out:
            out.write_text("\n".join([*lines, "", *notes]) + "\n", encoding="utf-8")
    text = "\n".join([*lines, "", *notes, "", machine(bench.budget)]) + "\n"
    out.write_text(text, encoding="utf-8") if out else print(text)


def said(run: dict[str, float] | None, base: dict[str, float] | None, budget: float) -> str:
    """Seconds, and beside a peer's how many times ours that is."""
    if run is None:
        return f"> {budget:g} s" + (f" (> {budget / base['seconds']:,.0f} ×)" if base else "")
    times = f" ({run['seconds'] / base['seconds']:,.3g} ×)" if base and base is not run else ""
    return f"{run['seconds']:.3g} s{times}"


def machine(budget: float) -> str:
    names = ("numpy", "libpysal", "esda", "numba", "pygeoda", "shapely", "pyogrio")
    versions = ", ".join(f"{name} {known(name)}" for name in names)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, {versions}; "
        f"a budget of {budget:g} s a process. In brackets: how many times ours."
    )


def known(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small maps, few permutations, a budget of 60 s")
    parser.add_argument("--n", type=int, action="append", help="size; may be repeated (default: all four)")
    parser.add_argument(
        "--r", type=int, action="append", help="permutations; may be repeated (default: three)"
    )
    parser.add_argument("--tool", choices=TOOLS, action="append", help="may be repeated (default: all)")
    parser.add_argument("--budget", type=float, help="seconds a process may take (default: 300)")
    parser.add_argument(
        "--boundaries", default="schematic", help="layer of the communes (default: the shipped)"
    )
    parser.add_argument("--out", type=Path, help="file for the table (default: standard output)")
    parser.add_argument("--cell", help=argparse.SUPPRESS)
    parser.add_argument("--prepare", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cell:
        work(json.loads(options.cell))
    elif options.prepare and options.n == [346]:
        write_chile(options.prepare / "346", options.boundaries)
    elif options.prepare:
        write_cells(options.prepare / str(options.n[0]), options.n[0])
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    sizes = sorted(options.n or (SIZES[:2] if options.quick else SIZES))
    draws = sorted(options.r or (DRAWS[:2] if options.quick else DRAWS))
    missing = {"esda, numba": ("esda", "numba"), "esda, plain": ("esda",), "pygeoda": ("pygeoda",)}
    tools = [
        tool
        for tool in TOOLS
        if tool in (options.tool or TOOLS) and all(find_spec(name) for name in missing.get(tool, ()))
    ]
    with tempfile.TemporaryDirectory() as folder:
        for n in {346, *sizes}:
            prepare(Path(folder), n, options.boundaries)
        bench = Bench(Path(folder), options.budget or (60 if options.quick else 300))
        table(bench, sizes, draws, tools, options.out)


if __name__ == "__main__":
    main()
