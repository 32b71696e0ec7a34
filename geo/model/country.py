"""What is known of a country's areas before any table or layer is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Pair = tuple[str, str]
"""Two areas that adjoin, the smaller id first."""
Rule = Literal["queen", "rook"]
"""Whether areas adjoin that share a point, or only those that share a stretch of border."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PopulationSeries:
    """Official inhabitants of every area, by year."""

    name: str
    years: Callable[[], pd.DataFrame]
    """Gives it: one row per code, one column per year."""
    file: str | None = None
    """The file in ``data/`` that it is read from, where it ships with the package."""
    until: int | None = None
    """The last year for which it is the one to take; None for any after those of the series before it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Register:
    """A country's areas: their codes of all years, names, places, neighbours and inhabitants."""

    name: str
    """Of the country, in a word."""
    title: str
    """What its areas are, for messages: ``Chilean communes``."""
    unit: str
    """What its areas are called in texts: a key of ``[summary.many]`` in ``maps/labels.toml``."""
    column: str
    """Column that holds the code of an area wherever this register is in use."""
    areas: pd.DataFrame
    """By code of today: ``area_name``, the columns that a layer gets, and where it is known ``lon``, ``lat``
    (degrees, WGS 84) and ``length_km``."""
    columns: tuple[str, ...] = ()
    """What of these a layer gets, beside code and name."""
    codes: pd.DataFrame
    """By code of any year: ``area_id``, the code of today, and when it was in force, ``first`` and
    ``until``."""
    digits: int
    """Of a code; zeros in front may be lost."""
    prefix: str = ""
    """What some tables put before a code."""
    region_digits: int = 0
    """How many of them are its region's number; 0 where none is."""
    other_names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Spellings in use beside the official name, by code."""
    pairs: Callable[[Rule], list[Pair]] | None = None
    """Gives the official pairs of areas that adjoin, where they are known."""
    series: tuple[PopulationSeries, ...] = ()
    """Official inhabitants, the first to take first."""
    zones: Callable[[], pd.Series] | None = None
    """Gives a coarser division than regions, categories in order, where there is one."""
