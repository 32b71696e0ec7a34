"""A study that ships with the package."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.measure import Measure
from geo.model.options import Coverage


@dataclass(frozen=True, kw_only=True)
class Study:
    """A table, the year it is about and what its gaps mean."""

    name: str
    table: str
    """File in ``data/``."""
    year: int
    measure: Measure
    """What is counted."""
    coverage: Coverage
    """Whether areas without a row are unknown, or known to lie at or below the list's last rate."""
    title: dict[str, str]
    source: dict[str, str]
    caveat: dict[str, str] | None = None
    """What is known to be amiss with the table, by language."""
    support: str | None = None
    """File with municipal support, if there is one."""
