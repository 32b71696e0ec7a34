"""Demand against support: a result and an inventory in, gaps and an order of priority out."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from geo.data.inventory import inventory_of
from geo.data.shipped import support_inventory
from geo.errors import InputError
from geo.model.measure import Measure
from geo.model.programmes import Among, Inventory, InventorySource, SupportGap
from geo.model.result import StudyResult
from geo.support.gap import gap, sum_gaps
from geo.support.needs import needs_matrix, sum_needs
from geo.support.offer import count_answers, offer
from geo.support.ranking import DRAWS, TOP, priority_criteria, rank_areas


def support_gap(
    result: StudyResult,
    inventory: InventorySource | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    top: int = TOP,
    among: Among = "known",
    draws: int = DRAWS,
    rng: int = 0,
) -> SupportGap:
    """Set the people who return to each area against the support that meets them.

    Parameters
    ----------
    result : Result
        As :func:`geo.run` gives it, of a table of people returning.
    inventory : Inventory or path, optional
        As :func:`geo.read_inventory` gives it; by default that of the shipped study that the result is of.
    weights : mapping of str to float, optional
        Weight of ``count``, ``rate``, ``place`` (in a cluster of high rates or a group) and ``no_support`` in
        the order of priority; by default all weigh the same. See :func:`geo.support.ranking.rank_areas`.
    top : int
        How many areas are called the first.
    among : {"known", "all"}
        Which areas are ranked: those whose count is published or derived, or all, bounded ones as intervals.
    draws, rng
        Weightings drawn, and the seed.

    Returns
    -------
    SupportGap

    Raises
    ------
    InputError
        If what was counted are not people returning, there is no inventory, none of its rows is of an area on
        the map, or `among` is another word.

    Examples
    --------
    >>> import geo
    >>> result = geo.run("chile-2016", boundaries="schematic", permutations=99)
    >>> support = support_gap(result)
    >>> support.areas.loc[["01101", "05101"], ["releases", "support_status", "unmet_low", "unmet_high"]]
             releases support_status  unmet_low  unmet_high
    area_id
    01101         365             no        365         365
    05101         599            yes          0         599
    >>> support.ranking.areas.index[0], support.needs.loc["05501", "education_employment"]
    ('01101', 'served')
    """
    _check(among, result.measure)
    return measure_gap(
        result.areas,
        _inventory(result, inventory),
        measure=result.measure,
        list_complete=result.reading.coverage == "highest",
        weights=weights,
        top=top,
        among=among,
        draws=draws,
        rng=rng,
    )


def measure_gap(
    areas: gpd.GeoDataFrame,
    known: Inventory,
    *,
    measure: Measure,
    list_complete: bool,
    weights: Mapping[str, float] | None = None,
    top: int = TOP,
    among: Among = "known",
    draws: int = DRAWS,
    rng: int = 0,
) -> SupportGap:
    """Measure the gap of areas that have been tested; as :func:`support_gap`.

    Parameters
    ----------
    areas : GeoDataFrame
        With the columns of a result.
    known : Inventory
    measure : Measure
        What was counted.
    list_complete : bool
        Whether areas that the table does not list are known to come after its last one.
    weights, top, among, draws, rng
        As in :func:`support_gap`.
    """
    _check(among, measure)
    areas = areas.drop(columns="geometry")
    rows = known.rows[known.rows["area_id"].isin(areas.index)]
    if rows.empty:
        raise InputError(
            "an inventory of support is of areas on the map",
            f"{known.source}: none of {known.rows_read} rows",
            "check its column of names or codes, and the boundaries",
        )
    offered = offer(rows, areas.index)
    gaps = gap(areas, offered)
    named = [name for name in ("area_name", "region", "group_id") if name in areas]
    needs = needs_matrix(rows, areas.index)
    everywhere = pd.Series("all", index=areas.index)
    region = areas["region"] if "region" in areas else pd.Series(pd.NA, index=areas.index, dtype="string")
    ranked = areas[areas["status"].isin(["published", "derived"])] if among == "known" else areas
    criteria = priority_criteria(ranked, ranked["population"], gaps.loc[ranked.index, "support_status"])
    return SupportGap(
        inventory=known,
        left_out=_left_out(known, areas.index),
        answers=count_answers(rows),
        areas=areas[named].join(gaps),
        groups=sum_gaps(gaps, areas["group_id"]).rename_axis("group_id"),
        clusters=sum_gaps(gaps, areas["cluster_id"]).rename_axis("cluster_id"),
        regions=sum_gaps(gaps, region).rename_axis("region"),
        statuses=sum_gaps(gaps, gaps["support_status"]).rename_axis("support_status"),
        total=sum_gaps(gaps, everywhere),
        needs=needs,
        needs_by_region=pd.concat([sum_needs(needs, areas, by) for by in (everywhere, region)]),
        ranking=rank_areas(criteria, weights=weights, top=top, draws=draws, rng=rng),
        among=among,
        if_complete=list_complete,
    )


def _check(among: Among, measure: Measure) -> None:
    if among not in ("known", "all"):
        raise InputError("areas of known count are ranked, or all", repr(among), "pass 'known' or 'all'")
    if not measure.returning:
        received = f"a table of {measure.name}"
        raise InputError("support is compared with people returning", received, "run a table of releases")


def _inventory(result: StudyResult, source: InventorySource | None) -> Inventory:
    if source is not None:
        return inventory_of(source, result.areas)
    own = support_inventory(result.study) if result.study else None
    if own is None:
        raise InputError(
            "gaps need an inventory of support",
            f"none for {result.reading.table}",
            "give one: --inventory FILE; docs/support.md says what it holds",
        )
    return own


def _left_out(known: Inventory, areas: pd.Index) -> pd.DataFrame:
    """Rows set aside when the inventory was read, and those of areas that this map has not."""
    elsewhere = known.rows.loc[~known.rows["area_id"].isin(areas), ["row", "name"]]
    elsewhere = elsewhere.assign(reason="not on this map", nearest="")
    return pd.concat([known.listed, elsewhere], ignore_index=True) if len(elsewhere) else known.listed
