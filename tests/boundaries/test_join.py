"""Joining: every row read is on the map or on the list."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.boundaries.join import told_by_table
from geo.boundaries.layer import schematic_boundaries
from geo.data.shipped import studies, study_table
from geo.model.tables import Table
from tests.properties import examples

AREAS = schematic_boundaries().areas
NAMES = sorted(AREAS["area_name"])


def table(rows: list[tuple[object, object, int]], listed: list[tuple[str, int]] = ()) -> Table:  # type: ignore[assignment]
    frame = pd.DataFrame(rows, columns=["code", "name", "low"])
    frame = frame.assign(row=range(2, len(rows) + 2), high=frame["low"], year=2016, population=pd.NA)
    frame = frame.assign(rate=float("nan"), rank=pd.NA)
    frame = frame.astype({"code": "string", "name": "string", "low": "Int64", "high": "Int64"})
    aside = pd.DataFrame(listed, columns=["reason", "low"]).astype({"low": "Int64"})
    aside = aside.assign(row=range(100, 100 + len(listed)), name="aside", high=aside["low"])
    return Table(rows=frame, listed=aside[["row", "name", "low", "high", "reason"]], source="made.csv")


def test_all_rows_of_the_study_are_placed() -> None:
    joined = geo.join(study_table(studies()["chile-2016"]), AREAS)
    account = joined.accounting
    assert (account.rows_read, account.rows_placed, account.rows_listed) == (35, 35, 0)
    assert account.balanced
    assert joined.frame["low"].notna().sum() == 32


def test_codes_come_before_names_and_either_vintage_will_do() -> None:
    joined = geo.join(table([("8401", "Chillan", 5), ("16102", "whatever", 6), (None, "ARICA", 7)]), AREAS)
    assert joined.frame["low"].dropna().to_dict() == {"15101": 7, "16101": 5, "16102": 6}


def test_a_code_and_a_name_of_two_communes_are_listed_and_not_placed() -> None:
    """What a table looks like after one of its columns was sorted alone."""
    joined = geo.join(table([("05101", "Arica", 500), ("15101", "Arica", 6)]), AREAS)
    assert joined.frame["low"].dropna().to_dict() == {"15101": 6}
    assert joined.unmatched[["name", "reason"]].values.tolist() == [["Arica", "code and name disagree"]]
    assert joined.accounting.balanced


def test_unknown_names_are_listed_with_the_nearest() -> None:
    joined = geo.join(table([(None, "Quilota", 5), (None, "Arica", 6)]), AREAS)
    row = joined.unmatched.iloc[0]
    assert (row["row"], row["name"], row["low"], row["reason"]) == (2, "Quilota", 5, "no such area")
    assert row["nearest"].startswith("Quillota")


def test_areas_of_another_region_are_listed_as_such() -> None:
    some = AREAS[AREAS["region"] == "Tarapacá"]
    joined = geo.join(table([(None, "Iquique", 5), (None, "Arica", 6)]), some)
    assert joined.unmatched[["name", "reason"]].values.tolist() == [["Arica", "not on this map"]]
    assert joined.accounting.balanced


def test_the_same_area_twice_names_both_rows() -> None:
    with pytest.raises(geo.MatchError, match="rows 2, 3 are both 15101"):
        geo.join(table([(None, "Arica", 5), ("15101", None, 6)]), AREAS)


def test_of_an_area_with_many_rows_the_first_two_are_named() -> None:
    rows = [(None, "Arica", 5), ("15101", None, 6), ("15101", "Arica", 7), ("05101", None, 1)]
    rule = "each area has one row a year"
    received = r"made\.csv: rows 2, 3 are both 15101 \(1 areas repeated\)"
    with pytest.raises(geo.MatchError, match=rf"^{rule}; received {received}"):
        geo.join(table(rows), AREAS)


def test_where_nothing_is_found_the_rule_the_first_row_and_the_remedy_are_told() -> None:
    rule = "a table's areas must be on the map"
    received = r"made\.csv: none of 1 rows found, first '999999' \(row 2\)"
    remedy = "check the column of codes or names, or give the layer that has these areas: --boundaries, --id"
    with pytest.raises(geo.MatchError, match=rf"^{rule}; received {received}; {remedy}$"):
        geo.join(table([("999999", None, 5)]), AREAS)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("99999", "Arica", 5), ("99998", "Putre", 5)], "no area, first 99999"),
        ([("05101", "Arica", 5), ("05109", "Putre", 5)], "another area than their name, first 05101"),
    ],
)
def test_where_codes_gainsay_names_that_is_told_with_a_remedy_of_its_own(
    rows: list[tuple[object, object, int]], why: str
) -> None:
    with pytest.raises(geo.MatchError) as told:
        geo.join(table(rows), AREAS)
    assert f"; in 2 with a known name the code means {why}" in str(told.value)
    assert str(told.value).endswith("; if the codes mean something else, --column code=- goes by names")


def test_the_list_of_rows_apart_has_its_columns_and_no_others() -> None:
    found = geo.join(table([(None, "Arica", 1), (None, "Quilota", 2)], [("note", 3)]), AREAS).unmatched
    assert list(found) == ["row", "code", "name", "low", "high", "reason", "nearest"]
    assert found.index.tolist() == [0, 1]
    assert found["nearest"].tolist()[1] == ""


def test_a_table_of_other_places_is_refused() -> None:
    with pytest.raises(geo.MatchError, match="none of 1 rows found, first 'Springfield'"):
        geo.join(table([(None, "Springfield", 5)]), AREAS)


def test_foreign_areas_match_by_code_or_by_a_name_that_is_unique() -> None:
    areas = pd.DataFrame({"area_name": ["Aland", "Bland", "Bland"]}, index=["X1", "X2", "X3"])
    joined = geo.join(table([("x1", None, 1), (None, "BLAND", 2), ("X3", "Bland", 3)]), areas)
    assert joined.frame["low"].dropna().to_dict() == {"X1": 1, "X3": 3}
    assert joined.unmatched["row"].tolist() == [3]


def test_totals_notes_and_other_years_are_rows_but_no_releases() -> None:
    kinds = [("total", 900), ("note", 80), ("other year", 70), ("no area named", 6), ("negative count", 5)]
    account = geo.join(table([(None, "Arica", 12), (None, "Quilota", 3)], kinds), AREAS).accounting
    assert (account.rows_read, account.rows_placed, account.rows_listed) == (7, 1, 6)
    assert (account.releases_read, account.releases_placed, account.releases_listed) == (26, 12, 14)


@pytest.mark.parametrize("part", ["rows_placed", "rows_listed", "releases_placed", "releases_listed"])
def test_a_row_or_a_release_lost_is_out_of_balance(part: str) -> None:
    account = geo.join(table([(None, "Arica", 12), (None, "Quilota", 3)]), AREAS).accounting
    assert account.balanced
    assert not replace(account, **{part: getattr(account, part) - 1}).balanced


def test_names_and_regions_are_taken_from_a_table_only_where_the_layer_has_none() -> None:
    told = table([("X1", "Alfa", 1), ("X2", "Beta", 2), ("X3", "Gama", 3)])
    told.rows["region"] = pd.array(["North", "North", "South"], dtype="string")
    bare = gpd.GeoDataFrame({"area_name": ["X1", "B", "X3"]}, index=["X1", "X2", "X3"], geometry=[None] * 3)
    assert "region" not in told_by_table(table([("X1", "Alfa", 1)]), bare)
    found = told_by_table(told, bare)
    assert found["area_name"].tolist() == ["Alfa", "B", "Gama"]
    assert found["region"].tolist() == ["North", "North", "South"]
    assert list(found)[-1] == "geometry"
    own = told_by_table(told, bare.assign(region="Z"))
    assert own["region"].tolist() == ["Z"] * 3
    empty = Table(rows=told.rows[:0], listed=told.listed, source="made.csv")
    for left, areas in ((told, bare.assign(cut="1")), (empty, bare), (empty, bare.assign(cut="1"))):
        assert told_by_table(left, areas) is areas
    told.rows["region"] = pd.array(["A", "B", "C"], dtype="string")  # a name of its own for each is no region
    assert "region" not in told_by_table(told, bare)


@examples(60)
@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=40, unique=True),
    st.lists(st.text("QWX", min_size=4, max_size=9), max_size=8),
    st.lists(st.tuples(st.sampled_from(["total", "note", "no area named"]), st.integers(0, 99)), max_size=5),
    st.data(),
)
def test_releases_read_are_releases_placed_and_listed(
    known: list[str], unknown: list[str], aside: list[tuple[str, int]], data: st.DataObject
) -> None:
    names = data.draw(st.permutations([*known, *unknown]))
    low = [data.draw(st.integers(0, 1000)) for _ in names]
    joined = geo.join(table([(None, n, x) for n, x in zip(names, low, strict=True)], aside), AREAS)
    account = joined.accounting
    assert account.balanced
    assert account.rows_read == len(names) + len(aside)
    assert account.releases_placed == sum(x for n, x in zip(names, low, strict=True) if n in known)
    assert joined.frame["low"].sum() == account.releases_placed
    assert sorted(joined.unmatched["row"]) == sorted(
        [*(i + 2 for i, n in enumerate(names) if n in unknown), *range(100, 100 + len(aside))]
    )
