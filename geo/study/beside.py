"""What a run says beside rates and clusters: support, concentration, association; each only where it can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from geo.data.inventory import digest, inventory_of
from geo.data.shipped import recidivism_context, support_inventory
from geo.errors import StatisticError
from geo.model.comparison import Correlation, Inequality
from geo.model.programmes import Inventory, InventorySource, SupportGap
from geo.model.result import Outcome
from geo.study.areas import gap_layer
from geo.study.associations import By, Of, inputs_correlation, inputs_inequality
from geo.study.inputs import Inputs, inventory_file
from geo.study.supportgap import measure_gap

KNOWN = 0.8
"""Share of the areas whose count must be known, exactly or within an interval, to speak of how uneven they
are: as much as the tests of all rates ask for."""
COVARIATE = "poverty"
"""What the shipped study of people returning is compared with, as its text does."""
OF: tuple[Of, ...] = ("rate", "count")
LEE_PERMUTATIONS = 999
"""Of Lee's L."""
GAP = [
    "year_low",
    "year_high",
    "capacity",
    "capacity_low",
    "capacity_high",
    "unmet",
    "unmet_low",
    "unmet_high",
]
"""What groups, clusters and regions say of the gap of their areas."""

Measured = TypeVar("Measured")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Parts of a result that not every run has; as :class:`geo.model.result.StudyResult` describes them."""

    gap: SupportGap | None
    gaps: gpd.GeoDataFrame | None
    files: tuple[Mapping[str, str], ...]
    """The file of the inventory, where it is one."""
    inequality: Inequality | None
    zones: Inequality | None
    correlations: tuple[Correlation, ...]
    correlation_outcome: Outcome | None
    recidivism: pd.DataFrame | None

    def with_gap(self, layer: gpd.GeoDataFrame | None, by: str) -> gpd.GeoDataFrame | None:
        """Say of a layer's groups, clusters or regions, too, who is met there and who is not."""
        if self.gap is None or layer is None:
            return layer
        sums = {"group_id": self.gap.groups, "cluster_id": self.gap.clusters, "region": self.gap.regions}[by]
        joined = layer.join(sums[GAP], on=by)
        return joined[[*joined.columns.drop("geometry"), "geometry"]]


def compare(
    inputs: Inputs,
    areas: gpd.GeoDataFrame,
    inventory: InventorySource | None,
    seed: int,
) -> Beside:
    """Compare counts with what they can be compared with.

    Parameters
    ----------
    inputs : Inputs
    areas : GeoDataFrame
        What was computed of each area.
    inventory : Inventory, InventoryFile or path, optional
        Support that meets the people who return; by default that of the shipped study, if it has one.
    seed : int

    Raises
    ------
    GeoError
        If an inventory was given that cannot be read, or what was counted are not people returning.
    """
    gap, files = _gap(inputs, areas, inventory, seed)
    whole = len(inputs.areas) == len(inputs.bounds.areas)
    related = inputs.study is not None and inputs.measure.returning and whole
    associate = partial(inputs_correlation, inputs, COVARIATE, permutations=LEE_PERMUTATIONS, rng=seed)
    tried = [_measured(partial(associate, of=of)) for of in OF] if related else []
    correlations = tuple(one for one in tried if one is not None)
    uneven = _inequality(inputs, seed)
    zoned = uneven is not None and whole and inputs.register is not None and inputs.register.zones is not None
    return Beside(
        gap=gap,
        gaps=None if gap is None else gap_layer(areas, gap.table()),
        files=files,
        inequality=uneven,
        zones=_inequality(inputs, seed, by="zone") if zoned else None,
        correlations=correlations,
        correlation_outcome=_outcome(len(correlations), len(tried)) if related else None,
        recidivism=recidivism_context() if related else None,
    )


def _outcome(made: int, tried: int) -> Outcome:
    return "made" if made == tried else "made_in_part" if made else "not_possible"


def _gap(
    inputs: Inputs,
    areas: gpd.GeoDataFrame,
    inventory: InventorySource | None,
    seed: int,
) -> tuple[SupportGap | None, tuple[Mapping[str, str], ...]]:
    """Measure the gap; give the file of the inventory too, where it is one."""
    files: tuple[Mapping[str, str], ...] = ()
    if isinstance(inventory, Inventory):
        known = inventory
        if known.file is not None and known.digest == digest(known):
            files = (inventory_file(known),)
    elif inventory is not None:
        known = inventory_of(inventory, inputs.bounds.areas)
        files = (inventory_file(known),)
    else:
        own = support_inventory(inputs.study) if inputs.study else None
        # A region in which the study asked nobody has no gap to speak of.
        if own is None or not own.rows["area_id"].isin(areas.index).any():
            return None, ()
        known, files = own, (inventory_file(own),)
    complete = inputs.coverage == "highest"
    gap = measure_gap(areas, known, measure=inputs.measure, list_complete=complete, rng=seed)
    return gap, files


def _inequality(inputs: Inputs, seed: int, by: By = "region") -> Inequality | None:
    """Measure how uneven counts are; nothing where too few of them are known, even within an interval."""
    uneven = _measured(partial(inputs_inequality, inputs, by=by, rng=seed, quick=True))
    enough = uneven is not None and uneven.n > 1 and uneven.n >= KNOWN * len(inputs.areas)
    return uneven if enough else None


def _measured(make: Callable[[], Measured]) -> Measured | None:
    """Measure what can be; nothing where too little was counted."""
    with suppress(StatisticError):
        return make()
    return None
