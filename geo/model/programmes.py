"""Support that meets people who return: what is known of it, what is missing, where first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo.model.paths import PathOrName
from geo.model.tables import Finding

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class InventoryFile:
    """A file of support, and how it is read: as in :func:`geo.read_inventory`."""

    path: PathOrName
    columns: Mapping[str, str] | None = None
    decimal: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """Rows of a support inventory, and the rows that are none."""

    rows: pd.DataFrame
    """``row`` (line in the file, 1 first), ``area_id`` (2018 code in Chile), ``name`` (as printed),
    ``channel`` (web, telephone, visit; missing where the source does not say), ``answer`` (yes, no, no
    answer, referred elsewhere), ``programme``, ``needs`` (tuple of codes; None where the source does not
    say), ``provider``, ``coordination`` (with the prison service: yes, no), ``staff`` (people),
    ``capacity_low`` and ``capacity_high`` (people a year, Int64), ``source``, ``date`` (as precise as it
    was given), ``contradicted`` (bool: one row says yes and another, not the website, denies it)."""
    listed: pd.DataFrame
    """Rows set aside: ``row``, ``name``, ``reason`` (a key of ``[values.inventory_reason]`` in
    ``maps/labels.toml``), ``nearest``."""
    source: str
    """Name of the file."""
    columns: Mapping[str, str]
    """Header that each role was read from."""
    findings: tuple[Finding, ...]
    """What in it does not agree: keys of ``[support.finding]`` in ``maps/labels.toml``."""
    sheet: str | None = None
    """Sheet that was read, where the file has several."""
    file: InventoryFile | None = None
    """What it was read from; None where it was put together otherwise."""
    sha256: str = ""
    """Of that file, as it was read."""
    digest: str = ""
    """Of the rows that were read: an inventory whose rows were changed since is no longer its file."""

    @property
    def rows_read(self) -> int:
        """Rows below the header, blank ones left out: those kept and those listed."""
        return len(self.rows) + len(self.listed)


InventorySource = Inventory | InventoryFile | PathOrName
"""Support as it may be given to a run: read already, or a file of it."""


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """Areas in order, what made the order, and how it holds under other weights."""

    areas: pd.DataFrame
    """In order of the middle of the score: ``score_low``, ``score_high`` (0 to 1), ``rank_best``,
    ``rank_worst`` under the weights; under any weights at all ``top_sure``, ``top_possible`` (share of all
    weightings under which the area is, or may be, among the first), ``rank_first``, ``rank_last`` (best and
    worst rank that any weighting drawn, or one criterion alone, gives). 1 is the most pressing."""
    criteria: pd.DataFrame
    """What each criterion says, 0 to 1: columns ``count_low``, ``count_high`` and so on."""
    weights: Mapping[str, float]
    """Weight of each criterion; they add up to one."""
    top: int
    """How many the first are."""
    draws: int
    """Weightings drawn, all equally likely."""
    seed: int


Among = Literal["known", "all"]


@dataclass(frozen=True, kw_only=True)
class SupportGap:
    """Who returns where, what meets them there, and what is missing."""

    inventory: Inventory
    """What was read of support."""
    left_out: pd.DataFrame
    """Rows of the inventory that are on no area: ``row``, ``name``, ``reason``, ``nearest``."""
    answers: pd.DataFrame
    """By channel ``asked`` (areas), ``yes``, ``no``, ``no answer``, ``referred elsewhere``; under ``any`` how
    many areas were asked by any of them, and in how many one of them gave a yes."""
    areas: pd.DataFrame
    """By area ``area_name``, ``region``, ``group_id`` (where the result has them) and the columns of
    :func:`geo.support.gap.gap`."""
    groups: pd.DataFrame
    """Sums by group of adjoining listed areas, as :func:`geo.support.gap.sum_gaps` gives them."""
    clusters: pd.DataFrame
    """Sums by cluster, on the ``cluster_id`` of the result's layer."""
    regions: pd.DataFrame
    """Sums by region; without rows where areas have none."""
    statuses: pd.DataFrame
    """Sums by what is known of support: ``yes``, ``no``, ``not asked`` and so on."""
    total: pd.DataFrame
    """Sums over all areas: one row."""
    needs: pd.DataFrame
    """By area and need: ``served``, ``not served``, ``no programme`` or ``unknown``."""
    needs_by_region: pd.DataFrame
    """Areas and people by region, need and status; over all areas under ``all``."""
    ranking: Ranking
    """The order of priority, its weights and how steady it is."""
    among: Among
    """Whether the areas of known count were ranked, or all."""
    if_complete: bool
    """Whether upper ends assume that a list of highest rates is complete."""

    def table(self) -> pd.DataFrame:
        """Give one row per area: its gap, its place in the order, its needs (``need_housing`` and so on)."""
        return self.areas.join(self.ranking.areas).join(self.needs.add_prefix("need_"))
