"""All choices of a run, and what stands where nothing is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import index
from pathlib import Path
from typing import Literal

from geo.model.paths import PathOrName
from geo.model.polygons import Why
from geo.model.programmes import InventorySource

Coverage = Literal["all", "highest"]
"""Whether areas without a row are unknown, or known to come after the list."""

PERMUTATIONS = 99_999
"""Permutations of each simulated test."""
IMPUTATIONS = 200
"""Tables that a model completes where counts are not all known."""


@dataclass(frozen=True, kw_only=True)
class LayerTaken:
    """The layer that an earlier run took where none was named, and why; so that it can be taken again."""

    why: Why
    failure: str = ""
    """What went wrong where a download failed."""
    file: Path | None = None
    """None for the schematic cells."""


FILES = {"source", "boundaries", "population", "inventory"}
"""Options that name files, or what may stand for one."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a run is asked for; every option has the meaning it has in :func:`geo.run`."""

    source: PathOrName = "chile-2016"
    """A shipped study or a table file."""
    boundaries: PathOrName | LayerTaken | None = None
    """Vector file of the areas, or ``schematic``; None for the best there is."""
    id_field: str | None = None
    layer: str | None = None
    crs: str | None = None
    """How that file is read."""
    offline: bool = False
    """Whether not to try a download."""
    population: PathOrName | None = None
    """A shipped series, ``printed`` or a table file."""
    year: int | None = None
    """Of the counts."""
    region: str | None = None
    """The one region that is tested and mapped."""
    coverage: Coverage | None = None
    """What areas without a row are; None for what the study says, else ``all``."""
    columns: Mapping[str, str] | None = None
    decimal: str | None = None
    sheet: str | None = None
    """How the table is read."""
    inventory: InventorySource | None = None
    """Support that meets the people who return; None for the study's own."""
    permutations: int = PERMUTATIONS
    imputations: int = IMPUTATIONS
    """0 for none."""
    rng: int = 0
    """Seed."""

    def __post_init__(self) -> None:
        for name in ("year", "permutations", "imputations", "rng"):
            if (number := getattr(self, name)) is not None:
                object.__setattr__(self, name, index(number))  # whatever kind of whole number it came as
