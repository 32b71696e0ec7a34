"""What was read of a table, what a check of it says, and what became of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of a table, and the rows that are none."""

    rows: pd.DataFrame
    """One row per row kept: ``row`` (line in the file, 1 first), ``code`` and ``name`` (text, as printed),
    ``year``, ``low`` and ``high`` (the count as an interval, Int64), ``population`` (Int64), ``rate``,
    ``rank``, ``region`` (text); columns the file does not have are missing throughout."""
    listed: pd.DataFrame
    """Rows set aside: ``row``, ``name``, ``low``, ``high`` and ``reason``."""
    source: str
    """Name of the file."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Header that each role was read from."""
    sheet: str | None = None
    """Sheet or layer that was read, where the file has several."""
    sheets_left: tuple[str, ...] = ()
    """Sheets that hold tables of something else."""


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


@dataclass(frozen=True, kw_only=True)
class PopulationFit:
    """The series and year that a table's populations equal most often, or else lie nearest to."""

    series: str
    """``ine2002`` or ``ine2017``."""
    year: int
    equal: int
    """Rows with exactly this population."""
    compared: int
    """Rows with a population and a known commune."""
    median_difference: float
    """Median of the relative differences, 0.01 for one in a hundred."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """How a table was read, and what in it does not agree."""

    source: str
    sheet: str | None
    sheets_left: tuple[str, ...]
    columns: Mapping[str, str]
    """Header that each role was read from."""
    year: int | None
    rows: int
    """Rows of areas."""
    communes: int | None
    """Rows whose commune the register knows; None for a table of other places."""
    releases: int
    """Sum of the counts, lower ends of intervals."""
    unknown: int
    """Rows whose count is neither a number nor an interval."""
    listed: pd.DataFrame
    """Rows set aside: ``row``, ``name``, ``low``, ``high``, ``reason``."""
    unmatched: pd.DataFrame
    """Rows of which the register knows no commune, or not by the code that they have: ``row``, ``code``,
    ``name``, ``low``, ``high``, ``reason``, ``nearest``, as :func:`geo.join` gives them."""
    population: PopulationFit | None
    """Where the printed populations are from."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True)
class Accounting:
    """Where every row went: rows and releases read are those placed and those listed."""

    rows_read: int
    rows_placed: int
    rows_listed: int
    releases_read: int
    """Sum of the counts read, lower ends of intervals; rows of totals do not count."""
    releases_placed: int
    releases_listed: int

    @property
    def balanced(self) -> bool:
        """Whether nothing was lost."""
        return (
            self.rows_read == self.rows_placed + self.rows_listed
            and self.releases_read == self.releases_placed + self.releases_listed
        )


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A table on a map."""

    frame: pd.DataFrame
    """On the areas' index: ``row``, ``year``, ``low``, ``high``, ``population``, ``rate``, ``rank`` as the
    table has them; missing for areas without a row."""
    unmatched: pd.DataFrame
    """Rows that are on no area: ``row``, ``code``, ``name``, ``low``, ``high``, ``reason``, ``nearest`` (the
    nearest names; of a code that is not in the layer the area that the name alone would be)."""
    accounting: Accounting
    codes_unused: str | None
    """Codes of areas here and codes given, ``0/95``, where the column numbers rows and they were placed by
    their names; see :mod:`geo.register.identity`."""
