"""How often local tests find something on maps where there is nothing, by simulation.

    python benchmarks/size.py --maps 10000 --cores 2 --out size.md

The areas are the 341 communes with a neighbour, their official contiguity and their inhabitants of 2016
(INE, base 2002). On each map values or counts are drawn without any pattern, or with no pattern but a known
gradient, and tested as the package does: the tables of docs/methods.md are what this prints. Map number m of
seed s depends on s and m alone, and the engine's own seed is m.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.sparse import csr_array

import geo
from geo.register.communes import commune_register
from geo.register.pairs import official_pairs
from geo.register.populations import population_series
from geo.stats.engine.exact import exact_tails
from geo.stats.engine.permutation import conditional_tails, two_sided_p
from geo.stats.rates.adjustment import rate_residuals, size_covariates
from geo.stats.weights.adjacency import neighbors
from geo.stats.weights.links import graph_from_pairs

Floats = NDArray[np.float64]

# A tail of 0.025 is then 375 of 15,000 draws, none lost to rounding; one area alone can be rejected after
# correction from 13,639 up.
PERMUTATIONS = 14_999
ALPHA = 0.05
LEVELS = (5, 50, 3_000)  # counts per 100,000 inhabitants, over the whole map
SHAPE = 2.5  # of the gamma distribution of risks: their coefficient of variation is 0.63
SLOPE = 0.37  # of the log risk on the log population, where there is a gradient
CHUNK = 25  # maps a task


class World(NamedTuple):
    """What stays the same from map to map."""

    population: pd.Series
    graph: Graph
    matrix: csr_array
    counts: NDArray[np.int64]
    groups: Floats
    """Rows average over all areas, then over each fifth of them by their own inhabitants, then by the mean of
    their neighbours'; shape (11, n)."""


@cache
def world() -> World:
    """Read what ships with the package, once a process."""
    communes = commune_register().index
    graph = graph_from_pairs(official_pairs(), communes)
    inside = communes.difference(graph.isolates)
    graph = graph.subgraph(inside)
    people = population_series("ine2002", 2016).reindex(inside).astype(float)
    near = neighbors(graph, inside, people.notna())
    around = near.matrix @ people.to_numpy() / near.counts
    masks = [np.ones(len(inside), dtype=bool)]
    for size in (people.to_numpy(), around):
        fifth = pd.qcut(pd.Series(size), 5, labels=False).to_numpy()
        masks += [fifth == i for i in range(5)]
    groups = np.array([mask / mask.sum() for mask in masks])
    return World(people, graph, near.matrix, near.counts, groups)


# Maps -----------------------------------------------------------------------------------------------------


def counts_at(level: float, risk: Floats | float, generator: np.random.Generator) -> pd.Series:
    """Draw counts, `level` per 100,000 expected over the map, shared out by population and risk."""
    people = world().population
    share = people.to_numpy() * risk
    mean = share / share.sum() * people.sum() * level / 100_000
    return pd.Series(generator.poisson(mean).astype(float), index=people.index)


def gamma_risk(generator: np.random.Generator) -> Floats:
    return generator.gamma(SHAPE, size=len(world().population)) / SHAPE


def gradient(generator: np.random.Generator) -> Floats:
    return np.asarray(world().population.to_numpy() ** SLOPE) * gamma_risk(generator)


# Tests ----------------------------------------------------------------------------------------------------


def engine_p(z: Floats, seed: int) -> Floats:
    w = world()
    tails = conditional_tails(z, w.counts, w.matrix @ z, permutations=PERMUTATIONS, rng=seed)
    return two_sided_p(tails, PERMUTATIONS)


def exact_p(z: Floats) -> Floats:
    tails = exact_tails(z, world().matrix)
    return np.minimum(1, 2 * np.minimum(tails.at_least, tails.at_most))


def standardised(events: pd.Series) -> Floats:
    return geo.stats.standardize_rates(events, world().population).to_numpy()


def crude(events: pd.Series) -> Floats:
    return (events / world().population).to_numpy()


def adjusted(events: pd.Series) -> Floats:
    people = world().population
    return rate_residuals(events, people, covariates=size_covariates(people)).to_numpy()


Found = tuple[str, str, Floats]


def value_maps(number: int, generator: np.random.Generator) -> Iterator[Found]:
    n = len(world().population)
    for name, values in (
        ("normal", generator.normal(size=n)),
        ("tied: Poisson, mean 1", generator.poisson(1, size=n).astype(float)),
    ):
        yield name, "engine", engine_p(values, number)
        yield name, "exact", exact_p(values)
    yield "skewed: exponential", "engine", engine_p(generator.exponential(size=n), number)


def rate_maps(number: int, generator: np.random.Generator) -> Iterator[Found]:
    for level in LEVELS:
        for name, risk in (("constant", 1.0), ("gamma", gamma_risk(generator))):
            events = counts_at(level, risk, generator)
            yield f"{name}, {level:,}", "EB", engine_p(standardised(events), number)
            yield f"{name}, {level:,}", "crude", engine_p(crude(events), number)


def gradient_maps(number: int, generator: np.random.Generator) -> Iterator[Found]:
    for level in LEVELS:
        events = counts_at(level, gradient(generator), generator)
        yield f"gradient, {level:,}", "EB", engine_p(standardised(events), number)
        yield f"gradient, {level:,}", "adjusted", engine_p(adjusted(events), number)


PARTS: dict[str, Callable[[int, np.random.Generator], Iterator[Found]]] = {
    "values": value_maps,
    "rates": rate_maps,
    "gradient": gradient_maps,
}


# Many maps ------------------------------------------------------------------------------------------------


class Tally:
    """Sums over maps of what one test found on one kind of map."""

    def __init__(self) -> None:
        self.maps, self.any = 0, 0
        self.share = np.zeros(len(world().groups))
        self.square = np.zeros(len(world().groups))

    def record(self, p: Floats) -> None:
        share = world().groups @ (p <= ALPHA)
        self.maps += 1
        self.share += share
        self.square += share**2
        self.any += bool((geo.stats.q_values(pd.Series(p)) <= ALPHA).any())

    def add(self, other: Tally) -> None:
        self.maps, self.any = self.maps + other.maps, self.any + other.any
        self.share, self.square = self.share + other.share, self.square + other.square

    @property
    def mean(self) -> Floats:
        """Share of areas with p <= 0.05, by group."""
        return self.share / self.maps

    @property
    def error(self) -> Floats:
        """Standard error of that, maps being the units: areas of a map are not independent."""
        return np.sqrt(np.maximum(self.square / self.maps - self.mean**2, 0) / self.maps)

    @property
    def any_mean(self) -> float:
        return self.any / self.maps

    @property
    def any_error(self) -> float:
        return float(np.sqrt(self.any_mean * (1 - self.any_mean) / self.maps))


Tallies = dict[tuple[str, str], Tally]  # by kind of maps and test


def run_chunk(part: str, first: int, last: int, seed: int) -> Tallies:
    """Draw and test some maps of one part."""
    found: Tallies = {}
    for number in range(first, last):
        generator = np.random.default_rng([seed, list(PARTS).index(part), number])
        for kind, test, p in PARTS[part](number, generator):
            found.setdefault((kind, test), Tally()).record(p)
    return found


def run(part: str, maps: int, seed: int, cores: int) -> Tallies:
    """Draw and test all maps of one part."""
    tasks = [(part, a, min(a + CHUNK, maps), seed) for a in range(0, maps, CHUNK)]
    total: Tallies = {}
    start = time.monotonic()
    with ProcessPoolExecutor(cores) as pool:
        running = [pool.submit(run_chunk, *task) for task in tasks]
        for done, task in enumerate(as_completed(running), start=1):
            for key, tally in task.result().items():
                total.setdefault(key, Tally()).add(tally)
            if done % max(1, len(tasks) // 20) == 0:
                print(f"{part}: {done / len(tasks):.0%}, {time.monotonic() - start:.0f} s", file=sys.stderr)
    return total


def largest_difference_of_gi_star(maps: int, seed: int) -> float:
    """Compare the p-values of Gi* and local Moran, as the package gives them, on maps of gamma risks."""
    largest = 0.0
    for number in range(maps):
        generator = np.random.default_rng([seed, len(PARTS), number])
        values = pd.Series(
            standardised(counts_at(50, gamma_risk(generator), generator)), world().population.index
        )
        for method in ("permutation", "exact"):
            moran = geo.stats.local_moran(values, world().graph, permutations=999, rng=number, method=method)
            star = geo.stats.getis_ord(values, world().graph, permutations=999, rng=number, method=method)
            largest = max(largest, float((moran["p_value"] - star["p_value"]).abs().max()))
    return largest


# Tables -----------------------------------------------------------------------------------------------------


def table(tallies: Tallies, *, by_fifths: bool) -> str:
    """Shares in per cent, standard errors in brackets, fifths from the fewest inhabitants to the most."""
    heads = ["maps", "test", "p ≤ 0.05"]
    heads += ["by fifths of inhabitants", "by fifths of the neighbours'"] if by_fifths else []
    heads += ["any area after correction"]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for (kind, test), tally in tallies.items():
        cells = [kind, test, f"{tally.mean[0]:.2%} ({tally.error[0]:.2%})"]
        for part in (slice(1, 6), slice(6, 11)) if by_fifths else ():
            cells.append(" · ".join(f"{100 * share:.1f}" for share in tally.mean[part]))
        cells.append(f"{tally.any_mean:.1%} ({tally.any_error:.1%})")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines).replace("%", " %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--maps", type=int, default=10_000, help="maps of each kind (default: 10000)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cores", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be repeated")
    parser.add_argument("--out", type=Path, help="file for the tables (default: standard output)")
    options = parser.parse_args()
    said = [f"{options.maps:,} maps of each kind, seed {options.seed}, R = {PERMUTATIONS:,}."]
    for part in options.part or PARTS:
        tallies = run(part, options.maps, options.seed, options.cores)
        said.append(table(tallies, by_fifths=part == "rates"))
    difference = largest_difference_of_gi_star(20, options.seed)
    said.append(f"Largest difference between the p-values of Gi* and local Moran, 20 maps: {difference:g}.")
    text = "\n\n".join(said) + "\n"
    options.out.write_text(text, encoding="utf-8") if options.out else print(text)


if __name__ == "__main__":
    main()
