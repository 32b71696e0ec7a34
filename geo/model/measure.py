"""What was counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What was counted, of whom, and per how many of them rates are given."""

    name: str = "releases"
    """A key of ``[subjects]`` in ``maps/labels.toml``: ``releases`` are people returning."""
    base: str = "inhabitants"
    per: int = 100_000

    @property
    def returning(self) -> bool:
        """Whether people returning were counted: what support and poverty are compared with."""
        return self.name == "releases"
