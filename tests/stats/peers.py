"""Peers, the maps they are compared on, and the ways to hand them the same one.

Peers warn where we do not: their warnings stay theirs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

from geo.stats.weights.links import graph_from_pairs

HERE = Path(__file__).parent


class Map(NamedTuple):
    """One map: counts, people, a value, a set, and who adjoins whom."""

    events: pd.Series
    population: pd.Series
    values: pd.Series
    group: pd.Series
    graph: Graph

    def without_islands(self) -> Map:
        """The areas that have a neighbour: peers are never handed another."""
        inside = self.values.index.difference(self.graph.isolates, sort=False)
        return Map(*(column[inside] for column in self[:4]), self.graph.subgraph(inside))


def rates_map(dmcs: pd.DataFrame, graph: Graph) -> Map:
    """Rates of police cases, 346 communes; the set is those above 4 in 100."""
    events, people = dmcs["cases"].astype(float), dmcs["population"].astype(float)
    return Map(events, people, events / people, 100 * events > 4 * people, graph)


def tied_map(dmcs: pd.DataFrame, graph: Graph) -> Map:
    """Whole thousands of the same cases: 17 different values on 346 communes, 251 of them zero."""
    events = (dmcs["cases"] // 1000).astype(float)
    return Map(events, dmcs["population"].astype(float), events, events >= 1, graph)


def islands_map() -> Map:
    """Six blocks of five by five squares with holes, three squares of water between, an islet at crossings.

    The formulas are those of scripts/spdep_values.R.
    """
    r, c = (axis.ravel() for axis in np.indices((16, 24)))
    block = (r % 8 < 5) & (c % 8 < 5) & ((r * r + 3 * c * c + r * c) % 11 != 1)
    land = block | ((r % 8 == 6) & (c % 8 == 6))
    r, c = r[land], c[land]
    ids = pd.Index([f"{a:02d}-{b:02d}" for a, b in zip(r, c, strict=True)])
    near = (abs(r[:, None] - r) <= 1) & (abs(c[:, None] - c) <= 1)
    pairs = [(ids[a], ids[b]) for a, b in np.argwhere(np.triu(near, 1))]
    value = 10 * (r // 8 + c // 8) + (37 * r + 101 * c + 13 * r * c) % 97 / 7
    people = 1000 + 977 * ((31 * r + 17 * c) % 89)
    columns = (np.floor(people * (20 + value) / 10000), people, value, value > 30)
    return Map(*(pd.Series(column, index=ids) for column in columns), graph_from_pairs(pairs, ids))


def spdep_values(name: str) -> pd.DataFrame:
    """Read the numbers that scripts/spdep_values.R wrote (``local`` or ``global``), by map."""
    table = pd.read_csv(HERE / f"spdep_{name}.csv", comment="#", dtype={"area": str})
    return table.set_index("map")


@contextmanager
def peer_warnings_aside() -> Iterator[None]:
    """Ignore every warning inside the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def import_esda() -> ModuleType:
    """Import esda, whose own dependencies warn on import."""
    with peer_warnings_aside():
        import esda
        import esda.smoothing
    return esda


def import_pygeoda() -> ModuleType:
    """Import pygeoda, whose wheels end at Python 3.13, or skip."""
    with peer_warnings_aside():
        return pytest.importorskip("pygeoda", reason="needs pygeoda, not installed here")


def skip_unless(package: str, *known: str) -> None:
    """Skip where what is asserted of a peer is not known of the version that is installed."""
    if version(package) not in known:
        pytest.skip(
            f"what is asserted of {package} is known of {', '.join(known)}; {version(package)} is here"
        )


def as_w(graph: Graph) -> object:
    """Give the graph as the older weights object."""
    with peer_warnings_aside():
        return graph.to_W()


def as_geoda(graph: Graph, folder: Path) -> object:
    """Give the graph as pygeoda's weights, through a file, in the order of the graph's areas."""
    order = {area: place for place, area in enumerate(graph.unique_ids, start=1)}
    lines = [f"0 {graph.n} layer area"]
    for area, place in order.items():
        near = [] if area in graph.isolates else graph[area].index
        lines += [f"{place} {len(near)}", " ".join(str(order[other]) for other in near)]
    file = folder / "weights.gal"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with peer_warnings_aside():
        return import_pygeoda().weights.read_gal(str(file), [str(place) for place in order.values()])


def islands_at_ends(graph: Graph) -> Graph:
    """Add an island at either end: pygeoda draws the first and last area half as often, and islands never."""
    ids = graph.unique_ids.tolist()
    return graph_from_pairs(graph.adjacency.index[graph.adjacency > 0], ["before", *ids, "after"])
