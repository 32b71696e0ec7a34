"""Columns and layers of a result: their names, types and order."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass


def unit_of(columns: Container[str]) -> str:
    """Say what areas are called that say it by their columns alone: communes, of which one has a ``cut``.

    Examples
    --------
    >>> unit_of(["cut", "rate"]), unit_of(["GID"])
    ('communes', 'areas')
    """
    return "communes" if "cut" in columns else "areas"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the result, as people see it."""

    name: str
    """Name in the data."""
    group: str
    """Section of the attribute form it belongs to."""
    type: str
    """``text``, ``integer``, ``real`` or ``boolean``."""
    decimals: int
    """Decimals shown; the data keep them all."""
    values: str | None
    """Table of value labels that translates it, if it is coded."""
    alias: dict[str, str]
    """Short name by language."""
    description: dict[str, str]
    """One or two plain sentences by language."""


_POLYGONS = ("communes", "groups", "clusters", "regions", "support_gaps")


SPATIAL = (*_POLYGONS, "points")
"""Layers with geometry, in the order of the file."""


OPTIONAL = ("regions", "support_gaps")
"""Those that are there only where they are given."""
