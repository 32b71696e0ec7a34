"""What a check of a file has to say, one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a person should look at."""

    kind: str
    """Key of its sentence in ``maps/labels.toml``: under ``[check.finding]`` for tables of counts, under
    ``[support.finding]`` for inventories."""
    rows: tuple[int, ...]
    """Rows of the file."""
    areas: tuple[str, ...]
    """Names as printed, of each row."""
    values: Mapping[str, float | str] = field(default_factory=dict)
    """What the sentence names: numbers unrounded, names as text."""
