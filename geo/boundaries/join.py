"""Bringing the rows of a table to the areas of a map, with every row accounted for."""

from __future__ import annotations

from typing import Protocol

import geopandas as gpd
import pandas as pd

from geo.errors import MatchError
from geo.model.tables import Accounting, Joined
from geo.register.identity import FOREIGN, TORN, Identity, identify, suggestions
from geo.register.registers import register_of

NOT_COUNTED = ("total", "note", "other year")  # not releases of the areas and year in question
VALUES = ["row", "year", "low", "high", "population", "rate", "rank"]


class HasRows(Protocol):
    """A table as :func:`geo.read_table` gives it."""

    @property
    def rows(self) -> pd.DataFrame: ...
    @property
    def listed(self) -> pd.DataFrame: ...
    @property
    def source(self) -> str: ...


def join(table: HasRows, areas: pd.DataFrame, *, layer: pd.DataFrame | None = None) -> Joined:
    """Place the rows of a table on areas, by code first, else by name.

    With the Chilean register (areas have a ``cut``) codes of either vintage and names as people write them
    are understood. Otherwise codes and names must equal those of the layer, up to case. A code that is given
    and not found is not overruled by a name; :mod:`geo.register.identity` has the rule.

    Parameters
    ----------
    table : Table
        As :func:`geo.read_table` gives it.
    areas : DataFrame or GeoDataFrame
        Index ``area_id``; ``area_name``.
    layer : DataFrame or GeoDataFrame, optional
        All areas that the codes and names may be of, where `areas` are a part of them.

    Returns
    -------
    Joined

    Raises
    ------
    MatchError
        If no row finds an area, or one area gets two rows.

    Examples
    --------
    >>> from geo.data.shipped import studies, study_table
    >>> from geo.boundaries.layer import schematic_boundaries
    >>> joined = join(study_table(studies()["chile-2016"]), schematic_boundaries().areas)
    >>> int(joined.frame.loc["05101", "low"]), joined.accounting.rows_listed
    (599, 0)
    """
    rows = table.rows
    known = areas if layer is None else layer
    identity = identify(rows["code"], rows["name"], known)
    ids = identity.ids.where(identity.ids.isin(areas.index))
    placed = rows.assign(area_id=ids).dropna(subset="area_id")
    _check(placed, rows, identity, table.source)
    frame = placed.set_index("area_id")[VALUES].reindex(areas.index)
    unmatched = _unmatched(rows[ids.isna()], identity, table.listed, known)
    return Joined(
        frame=frame,
        unmatched=unmatched,
        accounting=_account(rows, placed, unmatched, table.listed),
        codes_unused=identity.codes_unused,
    )


def told_by_table(table: HasRows, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Take from a table the names of areas that their layer names by their id, and regions where it has none.

    Parameters
    ----------
    table : Table
        As :func:`geo.read_table` gives it.
    areas : GeoDataFrame
        Index ``area_id``; ``area_name``, which is the id where the layer names nothing. With the Chilean
        register they stay as they are.

    Examples
    --------
    >>> from geo.data.table import read_table
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = file.write_text("code,name,region,releases\\n1,Alfa,North,3\\n2,Beta,North,4")
    >>> bare = gpd.GeoDataFrame({"area_name": ["1", "2"]}, index=["1", "2"], geometry=[None, None])
    >>> told_by_table(read_table(file), bare)[["area_name", "region"]].values.tolist()
    [['Alfa', 'North'], ['Beta', 'North']]
    """
    rows = table.rows
    if register_of(areas) is not None or rows.empty:
        return areas
    ids = identify(rows["code"], rows["name"], areas).ids
    placed = rows.assign(area_id=ids).dropna(subset="area_id").drop_duplicates("area_id")
    by_area = placed.set_index("area_id").reindex(areas.index)
    nameless = areas["area_name"].eq(areas.index.astype(str)) & by_area["name"].notna()
    areas = areas.assign(area_name=areas["area_name"].mask(nameless, by_area["name"]))
    region = by_area["region"] if "region" in by_area else pd.Series(pd.NA, areas.index)
    if "region" not in areas and 0 < region.nunique() < len(areas):
        areas = areas.assign(region=region.astype("string"))
        areas = areas[[*areas.columns.drop("geometry"), "geometry"]]
    return areas


def _check(placed: pd.DataFrame, rows: pd.DataFrame, identity: Identity, source: str) -> None:
    if identity.ids.isna().all():
        raise _no_match(rows, identity.reason, source)
    again = placed[placed["area_id"].duplicated(keep=False)].sort_values("area_id")
    if len(again):
        pair = again.iloc[:2]
        raise MatchError(
            "each area has one row a year",
            f"{source}: rows {', '.join(map(str, pair['row']))} are both {pair['area_id'].iloc[0]}"
            f" ({again['area_id'].nunique()} areas repeated)",
            "sum or remove the repeated rows",
        )


def _no_match(rows: pd.DataFrame, reason: pd.Series, source: str) -> MatchError:
    """Say why no row is of an area, and what to do where it is for their codes alone."""
    first = rows.iloc[0]
    shown = first["name"] if pd.notna(first["name"]) else first["code"]
    received = f"{source}: none of {len(rows)} rows found, first {shown!r} (row {first['row']})"
    remedy = "check the column of codes or names, or give the layer that has these areas: --boundaries, --id"
    for why, meaning in ((FOREIGN, "no area"), (TORN, "another area than their name")):
        coded = rows[reason.eq(why)]
        if len(coded):
            received += (
                f"; in {len(coded)} with a known name the code means {meaning}, first {coded['code'].iloc[0]}"
            )
            remedy = f"{remedy}; if the codes mean something else, --column code=- goes by names"
    return MatchError("a table's areas must be on the map", received, remedy)


def _unmatched(
    rows: pd.DataFrame, identity: Identity, listed: pd.DataFrame, areas: pd.DataFrame
) -> pd.DataFrame:
    """List the rows that are on no area, and those that were set aside before."""
    reason = identity.reason[rows.index].fillna("not on this map")
    shown = rows["name"].where(rows["name"].notna(), rows["code"])
    missed = rows[["row", "code", "low", "high"]].assign(name=shown, reason=reason)
    missed["nearest"] = suggestions(identity, shown)
    columns = ["row", "code", "name", "low", "high", "reason", "nearest"]
    aside = listed.assign(nearest="", code=pd.Series(pd.NA, index=listed.index, dtype="string"))
    both = [part for part in (missed, aside) if len(part)]
    joined = pd.concat([part[columns] for part in both]) if both else missed[columns]
    return joined.sort_values("row").reset_index(drop=True)


def _account(
    rows: pd.DataFrame, placed: pd.DataFrame, unmatched: pd.DataFrame, listed: pd.DataFrame
) -> Accounting:
    counted = ~listed["reason"].isin(NOT_COUNTED)
    listed_low = unmatched.loc[~unmatched["reason"].isin(NOT_COUNTED), "low"]
    return Accounting(
        rows_read=len(rows) + len(listed),
        rows_placed=len(placed),
        rows_listed=len(unmatched),
        releases_read=int(rows["low"].sum() + listed.loc[counted, "low"].sum()),
        releases_placed=int(placed["low"].sum()),
        releases_listed=int(listed_low.sum()),
    )
