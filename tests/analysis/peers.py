"""Peers and the ways to hand them the same map. They warn where we do not: their warnings stay theirs."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from libpysal.graph import Graph


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


def as_w(graph: Graph) -> object:
    """Give the graph as the older weights object."""
    with peer_warnings_aside():
        return graph.to_W()
