"""How often a correlation is found between maps that have nothing to do with each other, by simulation.

    python benchmarks/correlation_size.py --pairs 10000 --out correlation_size.md

The areas are the 341 communes with a neighbour and their official contiguity. Each pair of fields is
independent, both autoregressive on the contiguity (x = rho W x + e, W row-standardised) or normal with a
covariance that falls exponentially with kilometres; their correlation is tested at 5 % by the usual t-test
and by the modified ones, under three sorts of classes of pairs. The tables of docs/methods.md are what this
prints.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.register.communes import commune_register
from geo.register.pairs import official_pairs
from geo.stats.correlation.distanceclasses import distance_classes
from geo.stats.correlation.modified import Pairs, correlation_p
from geo.stats.correlation.places import borders_between, distances_km
from geo.stats.weights.links import graph_from_pairs

Floats = NDArray[np.float64]

ALPHA = 0.05
CHUNK = 1000  # pairs drawn at a time
WIDTHS = 13  # classes of equal width, the default of R's SpatialPack
RHO = (0.0, 0.4, 0.7, 0.9)
RANGES = (30, 100, 300)  # kilometres at which a covariance has fallen to 1/e
SHARED = 0.25  # correlation of the related pairs, for power


class World:
    """The communes, and the ways in which pairs of them are classed."""

    def __init__(self) -> None:
        every = commune_register()
        graph = graph_from_pairs(official_pairs(), every.index)
        inside = every.index.difference(graph.isolates, sort=False)
        self.weights = graph.subgraph(inside).transform("r").sparse.toarray()
        self.km = distances_km(every.loc[inside])
        borders = borders_between(graph, inside)
        counts = graph.cardinalities.reindex(inside).to_numpy(dtype=float)
        widths = (self.km.max() * np.arange(1, WIDTHS + 1) / WIDTHS).tolist()
        self.classes = {
            "borders, neighbours and km": Pairs(distance_classes(self.km, borders, counts)),
            "km, doubling": Pairs(distance_classes(self.km)),
            f"km, {WIDTHS} of equal width": Pairs(distance_classes(self.km, edges=widths)),
        }

    def fields(self) -> Iterator[tuple[str, Floats]]:
        """Name each kind of field and give the matrix that makes it of independent normal numbers."""
        n = len(self.km)
        for rho in RHO:
            yield (
                f"autoregressive, ρ = {rho:g}" if rho else "independent",
                np.linalg.inv(np.eye(n) - rho * self.weights),
            )
        for reach in RANGES:
            yield f"exponential, {reach} km", np.linalg.cholesky(np.exp(-self.km / reach) + 1e-9 * np.eye(n))


def true_size(made: Floats) -> float:
    """Give the effective sample size that the covariance of a field has in truth."""
    covariance = made @ made.T
    centred = covariance - covariance.mean(axis=0)
    centred -= centred.mean(axis=1)[:, None]
    return float(1 + np.trace(centred) ** 2 / (centred**2).sum())


def rejected(world: World, made: Floats, pairs: int, seed: int, *, shared: float) -> dict[str, list[float]]:
    """Share of pairs whose correlation each test finds, the usual test first."""
    counted: dict[str, list[Floats]] = {}
    for start in range(0, pairs, CHUNK):
        generator = np.random.default_rng([seed, start])
        size = (len(made), min(CHUNK, pairs - start))
        x, other = (made @ generator.normal(size=size) for _ in range(2))
        y = shared * x + np.sqrt(1 - shared**2) * other
        x, y = x - x.mean(axis=0), y - y.mean(axis=0)
        r = (x * y).sum(axis=0) / np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
        counted.setdefault("usual", []).append(correlation_p(r, len(made))[None])
        for name, classed in world.classes.items():
            sizes = classed.effective_sizes(classed.sums(x), classed.sums(y))
            counted.setdefault(name, []).append(correlation_p(r, sizes))
    return {name: (np.concatenate(p, axis=1) <= ALPHA).mean(axis=1).tolist() for name, p in counted.items()}


def report(world: World, pairs: int, seed: int, *, shared: float = 0.0) -> Iterator[str]:
    """Give the lines of one table."""
    names = list(world.classes)
    yield "| fields | independent areas | usual | " + " | ".join(names) + " |"
    yield "|---|---|---|" + "---|" * len(names)
    for field, made in world.fields():
        found = rejected(world, made, pairs, seed, shared=shared)
        cells = [" · ".join(f"{100 * share:.1f}" for share in found[name]) for name in names]
        print(field, file=sys.stderr)
        yield (
            f"| {field} | {true_size(made):.0f} | {100 * found['usual'][0]:.1f} | " + " | ".join(cells) + " |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    world = World()
    lines = [
        f"Per cent of {given.pairs:,} pairs found at {ALPHA:.0%}, seed {given.seed}; where three numbers "
        "stand, by the unbiased variance, Dutilleul's and Clifford, Richardson and Hémon's.",
        "",
        "Unrelated pairs:",
        "",
        *report(world, given.pairs, given.seed),
        "",
        f"Pairs that correlate by {SHARED:g}:",
        "",
        *report(world, given.pairs, given.seed, shared=SHARED),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if given.out:
        given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
