"""What of an earlier GeoPackage stands in a new one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Carried:
    """One thing that a new file has from the one before it."""

    kind: str
    """``style``, ``project``, ``table`` or ``default``."""
    name: str
    layer: str = ""
    """Of a style."""
    missing: tuple[str, ...] = ()
    """Columns that a style shows and the new layer does not have."""


@dataclass(frozen=True, kw_only=True)
class Renamed:
    """What came of renaming a GeoPackage."""

    path: Path
    """The file under its name."""
    projects: tuple[str, ...]
    """Projects in it that now name it rightly."""
    unread: tuple[str, ...]
    """Projects that could not be read, and are as they were."""
