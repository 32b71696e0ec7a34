"""What a run says beyond rates and clusters: support, concentration, association."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from geo.data.inventory import read_inventory
from geo.data.shipped import recidivism_context, support_inventory
from geo.errors import StatisticError
from geo.model.comparison import Correlation, Inequality
from geo.model.programmes import Inventory, SupportGap
from geo.study.areas import gap_layer
from geo.study.associations import By, Of, inputs_correlation, inputs_inequality
from geo.study.inputs import Inputs, PathOrName, inventory_file
from geo.study.result import Result
from geo.study.supportgap import support_gap

KNOWN = 0.8
"""Share of the areas whose count must be known, exactly or within an interval, to speak of how uneven they
are: as much as the tests of all rates ask for."""
COVARIATE = "poverty"
"""What the shipped study of people returning is compared with, as its text does."""
OF: tuple[Of, ...] = ("rate", "count")
PERMUTATIONS = 999
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


def with_comparisons(
    result: Result, given: Inputs, inventory: Inventory | PathOrName | None = None
) -> Result:
    """Add to a result what it can be compared with: each part only where there is something to compare.

    Parameters
    ----------
    result : Result
        With everything but these.
    given : Inputs
        What it was made from.
    inventory : Inventory or path, optional
        Support that meets the people who return; by default that of the shipped study, if it has one.

    Returns
    -------
    Result
        With ``gap``, ``gaps``, ``inequality``, ``zones``, ``correlations`` and ``recidivism``, where there
        is something to say.

    Raises
    ------
    GeoError
        If an inventory was given that cannot be read, or what was counted are not people returning.
    """
    seed = result.tests.seed
    gap, files = _gap(result, given, inventory)
    whole = len(given.areas) == len(given.bounds.areas)
    related = given.study is not None and given.study.subject == "releases" and whole
    compare = partial(inputs_correlation, given, COVARIATE, permutations=PERMUTATIONS, rng=seed)
    correlated = [_measured(partial(compare, of=of)) for of in OF] if related else []
    uneven = _inequality(given, seed)
    zoned = uneven is not None and whole and "cut" in given.areas
    return replace(
        _with_gaps(result, gap),
        inputs=(*result.inputs, *files),
        gap=gap,
        gaps=None if gap is None else gap_layer(result.areas, gap.table()),
        inequality=uneven,
        parameters={
            **result.parameters,
            "inequality_outcome": "not_possible" if uneven is None else "made",
            "correlation_outcome": _outcome(correlated) if related else None,
        },
        zones=_inequality(given, seed, by="zone") if zoned else None,
        correlations=tuple(found for found in correlated if found is not None),
        recidivism=recidivism_context() if related else None,
    )


def _outcome(correlated: Sequence[Correlation | None]) -> str:
    made = sum(found is not None for found in correlated)
    return "made" if made == len(correlated) else "made_in_part" if made else "not_possible"


def _with_gaps(result: Result, gap: SupportGap | None) -> Result:
    """Say of groups, clusters and regions, too, who is met there and who is not."""
    if gap is None:
        return result

    def joined(layer: gpd.GeoDataFrame, sums: pd.DataFrame, by: str) -> gpd.GeoDataFrame:
        found = layer.join(sums[GAP], on=by)
        return found[[*found.columns.drop("geometry"), "geometry"]]

    return replace(
        result,
        groups=joined(result.groups, gap.groups, "group_id"),
        clusters=joined(result.clusters, gap.clusters, "cluster_id"),
        regions=None if result.regions is None else joined(result.regions, gap.regions, "region"),
    )


def _gap(
    result: Result, given: Inputs, inventory: Inventory | PathOrName | None
) -> tuple[SupportGap | None, tuple[Mapping[str, str], ...]]:
    """Measure the gap; give the file of the inventory too, where it is one."""
    seed = result.tests.seed
    if isinstance(inventory, Inventory):
        return support_gap(result, inventory, rng=seed), ()
    if inventory is not None:
        known = read_inventory(inventory, areas=given.bounds.areas)
        return support_gap(result, known, rng=seed), (inventory_file(inventory, shipped=False),)
    own = support_inventory(given.study) if given.study else None
    # A region in which the study asked nobody has no gap to speak of.
    if own is None or not own.rows["area_id"].isin(result.areas.index).any():
        return None, ()
    return support_gap(result, own, rng=seed), (inventory_file(own.source, shipped=True),)


def _inequality(given: Inputs, seed: int, by: By = "region") -> Inequality | None:
    """Measure how uneven counts are; nothing where too few of them are known, even within an interval."""
    found = _measured(partial(inputs_inequality, given, by=by, rng=seed, quick=True))
    enough = found is not None and found.n > 1 and found.n >= KNOWN * len(given.areas)
    return found if enough else None


def _measured(make: Callable[[], Measured]) -> Measured | None:
    """Measure what can be; nothing where too little was counted."""
    with suppress(StatisticError):
        return make()
    return None
