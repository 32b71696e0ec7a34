"""Which needs of people returning are served where, which are not, and of which nobody knows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.stats.engine.arrays import floats
from geo.support.offer import programmes, support_status

PERSONAL = ("housing", "education_employment", "health", "substance_use", "surroundings", "legal")
"""Needs of the person."""
ESSENTIAL = ("evaluation", "treatment", "drug_monitoring", "co_occurring", "relapse_prevention")
"""What the literature on what works holds essential."""
NEEDS = (*PERSONAL, *ESSENTIAL)
SERVED, NOT_SERVED, NO_PROGRAMME, UNKNOWN = "served", "not served", "no programme", "unknown"
STATUSES = (SERVED, NOT_SERVED, NO_PROGRAMME, UNKNOWN)


def needs_matrix(rows: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Say for every area and need whether it is served.

    A need is served where a programme states it, and not served where every programme of the area states its
    needs and none this one. Where support was denied in person there is no programme: what each need would
    have been answered was not asked. All else is unknown: an area that nobody asked, that did not answer or
    sent the caller elsewhere, or whose answers contradict each other.

    Parameters
    ----------
    rows : DataFrame
        Of an inventory: ``area_id``, ``channel``, ``answer``, ``programme``, ``needs`` (tuple of codes, or
        None), ``contradicted``.
    index : Index
        Areas wanted.

    Returns
    -------
    DataFrame
        On `index`, one column of text per code of :data:`NEEDS`: ``served``, ``not served``,
        ``no programme`` or ``unknown``.

    Examples
    --------
    >>> rows = pd.DataFrame({
    ...     "area_id": ["a", "b", "c"], "channel": "visit", "answer": ["yes", "no", "no answer"],
    ...     "programme": None, "needs": [("housing",), None, None], "contradicted": False})
    >>> needs_matrix(rows, pd.Index(["a", "b", "c"]))[["housing", "legal"]]
            housing         legal
    a        served    not served
    b  no programme  no programme
    c       unknown       unknown
    """
    known = np.full((len(index), len(NEEDS)), UNKNOWN, dtype=object)
    place = {area: row for row, area in enumerate(index)}
    for area, own in rows[rows["area_id"].isin(index)].groupby("area_id", sort=False):
        status, row = support_status(own), known[place[area]]
        if status == "no":
            row[:] = NO_PROGRAMME
        if status != "yes":
            continue
        stated = [_stated(programme) for programme in programmes(own)]
        if None not in stated:
            row[:] = NOT_SERVED
        served = set().union(*(needs for needs in stated if needs is not None))
        row[[column for column, need in enumerate(NEEDS) if need in served]] = SERVED
    return pd.DataFrame(known, index=index, columns=list(NEEDS)).astype("string")


def sum_needs(matrix: pd.DataFrame, areas: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Count areas, and the people who return to them, by what is known of each need.

    Parameters
    ----------
    matrix : DataFrame
        As :func:`needs_matrix` gives it.
    areas : DataFrame
        ``releases_low`` and ``releases_high`` on the same index.
    by : Series
        Region, group or cluster of each area; areas without one are left out.

    Returns
    -------
    DataFrame
        One row per value of `by`, need and status (as :func:`needs_matrix` has them), also where no area is
        in it: ``n_areas``, ``releases_low``, ``releases_high`` (Int64; missing where a count has no
        upper end).

    Examples
    --------
    >>> matrix = pd.DataFrame({"housing": ["served", "unknown"]}, index=["a", "b"])
    >>> areas = pd.DataFrame({"releases_low": [9, 0], "releases_high": [9, 4]}, index=["a", "b"])
    >>> sum_needs(matrix, areas, pd.Series("north", index=["a", "b"])).reset_index().values.tolist()
    [['north', 'housing', 'served', 1, 9, 9], ['north', 'housing', 'not served', 0, 0, 0],
     ['north', 'housing', 'no programme', 0, 0, 0], ['north', 'housing', 'unknown', 1, 0, 4]]
    """
    counts = areas.loc[by.index, ["releases_low", "releases_high"]].astype("Int64")
    part, groups = pd.factorize(by)
    inside, kinds = part >= 0, len(STATUSES)
    low, high = floats(counts["releases_low"].fillna(0)), floats(counts["releases_high"])
    # One cell per group, need and status, in this order.
    statuses = pd.Index(matrix.loc[by.index].to_numpy(dtype=object).ravel())
    code = pd.Index(STATUSES).get_indexer(statuses)
    needs = matrix.shape[1]
    cell = (np.repeat(part, needs) * needs + np.tile(np.arange(needs), len(part))) * kinds + code

    def added(values: NDArray[np.float64]) -> NDArray[np.float64]:
        each = np.repeat(inside, needs)
        weights = np.repeat(values, needs)[each]
        summed = np.bincount(cell[each], weights=weights, minlength=len(groups) * needs * kinds)
        return summed.astype(np.float64)

    names = ["by", "need", "status"]
    keys = pd.MultiIndex.from_product([groups, matrix.columns, STATUSES], names=names)
    most = np.where(added(np.isnan(high).astype(float)) > 0, np.nan, added(np.nan_to_num(high)))
    sums = {"n_areas": added(np.ones(len(part))), "releases_low": added(low), "releases_high": most}
    return pd.DataFrame(sums, index=keys).astype("Int64")


def _stated(programme: pd.DataFrame) -> set[str] | None:
    """Needs that a programme states in any of its rows; None where it states none of them, not even that."""
    stated = [needs for needs in programme["needs"] if isinstance(needs, tuple)]
    return set().union(*stated) if stated else None
