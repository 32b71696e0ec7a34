"""People returning against places: what is unmet is never below zero, and adds up."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from geo.support.gap import gap, sum_gaps
from geo.support.offer import offer
from tests.properties import examples
from tests.support.inventories import AREAS, counted, inventories, inventory


def counts(*bounds: tuple[int | None, int | None]) -> pd.DataFrame:
    frame = pd.DataFrame(
        bounds, columns=["releases_low", "releases_high"], dtype="Int64", index=AREAS[: len(bounds)]
    )
    settled = frame["releases_low"].eq(frame["releases_high"]).fillna(False).astype(bool)
    return frame.assign(releases=frame["releases_low"].where(settled))


def yes(area: str, low: int | None = None, high: int | None = None) -> dict[str, object]:
    return {"area_id": area, "answer": "yes", "capacity_low": low, "capacity_high": high}


def unmet(found: pd.DataFrame, area: str) -> tuple[object, object, object]:
    return tuple(
        None if pd.isna(v) else int(v) for v in found.loc[area, ["unmet", "unmet_low", "unmet_high"]]
    )


def test_bounded_counts_and_capacities_give_bounded_gaps() -> None:
    areas = counts((86, 86), (86, 86), (10, 40), (10, 40), (None, None), (5, 5))
    rows = inventory(
        yes("a", 20, 20), yes("b"), yes("c", 20, 30), yes("d"), yes("e", 20, 20), yes("f", 10, 20)
    )
    found = gap(areas, offer(rows, areas.index))
    assert [unmet(found, area) for area in "abcdef"] == [
        (66, 66, 66),
        (None, 0, 86),
        (None, 0, 20),
        (None, 0, 40),
        (None, 0, None),
        (0, 0, 0),
    ]


def test_more_places_than_people_leave_nobody_and_not_less_than_nobody() -> None:
    found = gap(counts((5, 5)), offer(inventory(yes("a", 50, 60)), AREAS[:1]))
    assert unmet(found, "a") == (0, 0, 0)


def test_a_free_place_in_one_area_does_not_meet_people_in_another() -> None:
    areas = counts((10, 10), (30, 30))
    found = gap(areas, offer(inventory(yes("a", 25, 25), yes("b", 20, 20)), areas.index))
    total = sum_gaps(found, pd.Series("all", index=areas.index)).iloc[0]
    assert (total["releases"], total["capacity"], total["unmet"]) == (40, 45, 10)


def test_a_year_has_the_limits_of_garwood() -> None:
    found = gap(counts((86, 86), (0, 30)), offer(inventory(), AREAS[:2]))
    # Closed form: half a chi-squared quantile.
    assert found.loc["a", "year_low"] == pytest.approx(chi2.ppf(0.025, 2 * 86) / 2)
    assert found.loc["a", "year_high"] == pytest.approx(chi2.ppf(0.975, 2 * 87) / 2)
    assert (found.loc["b", "year_low"], found.loc["b", "year_high"]) == (
        0,
        pytest.approx(chi2.ppf(0.975, 62) / 2),
    )


@given(areas=counted(), rows=inventories)
@examples(30)
def test_what_is_unmet_lies_between_nobody_and_everybody(areas: pd.DataFrame, rows: pd.DataFrame) -> None:
    found = gap(areas, offer(rows, AREAS))
    most = found["unmet_high"].fillna(10**6)
    assert found["unmet_low"].ge(0).all()
    assert found["unmet_low"].le(most).all()
    assert most.le(found["releases_high"].fillna(10**6)).all()
    known = found["unmet"].notna()
    assert found.loc[known, "unmet"].eq(found.loc[known, "unmet_low"]).all()
    assert known.eq(found["unmet_low"].eq(found["unmet_high"]).fillna(False)).all()


@given(areas=counted(), rows=inventories, data=st.data())
@examples(30)
def test_gaps_add_up_over_regions(areas: pd.DataFrame, rows: pd.DataFrame, data: st.DataObject) -> None:
    found = gap(areas, offer(rows, AREAS))
    region = pd.Series(data.draw(st.lists(st.sampled_from("xyz"), min_size=6, max_size=6)), index=AREAS)
    parts, whole = sum_gaps(found, region), sum_gaps(found, pd.Series("all", index=AREAS)).iloc[0]
    counted_up = ["n_areas", "n_support", "n_without", "n_open", "releases_low", "capacity_low", "unmet_low"]
    assert parts[counted_up].sum().tolist() == whole[counted_up].tolist()
    for name in ("releases", "releases_high", "capacity", "capacity_high", "unmet", "unmet_high"):
        total = parts[name].sum() if parts[name].notna().all() else pd.NA
        assert (pd.isna(total) and pd.isna(whole[name])) or total == whole[name], name


@given(areas=counted(), rows=inventories)
@examples(40)
def test_knowing_more_never_widens_a_gap(areas: pd.DataFrame, rows: pd.DataFrame) -> None:
    wide = gap(areas, offer(rows, AREAS))
    settled = areas.assign(
        releases=areas["releases_low"],
        releases_high=areas["releases_high"].where(areas["releases_low"].isna(), areas["releases_low"]),
    )
    narrow = gap(settled, offer(rows, AREAS))
    assert narrow["unmet_low"].ge(wide["unmet_low"]).all()
    assert narrow["unmet_high"].fillna(10**6).le(wide["unmet_high"].fillna(10**6)).all()
