"""Which needs are served, which are not, and what nobody knows."""

from __future__ import annotations

import pandas as pd
from hypothesis import given

from geo.support.needs import NEEDS, NO_PROGRAMME, NOT_SERVED, SERVED, UNKNOWN, needs_matrix, sum_needs
from geo.support.offer import offer
from tests.properties import examples
from tests.support.inventories import AREAS, counted, inventories, inventory


def test_a_programme_that_leaves_its_needs_open_leaves_those_of_its_area_open() -> None:
    stated = {"area_id": "a", "answer": "yes", "programme": "p", "needs": ("housing",)}
    silent = {"area_id": "a", "answer": "yes", "programme": "q"}
    alone = needs_matrix(inventory(stated), AREAS).loc["a"]
    assert (alone["housing"], set(alone.drop("housing"))) == (SERVED, {NOT_SERVED})
    beside = needs_matrix(inventory(stated, silent), AREAS).loc["a"]
    assert (beside["housing"], set(beside.drop("housing"))) == (SERVED, {UNKNOWN})


def test_silence_is_unknown_and_a_denial_says_nothing_of_single_needs() -> None:
    rows = inventory(
        {"area_id": "a", "answer": "no", "channel": "telephone"},
        {"area_id": "b", "answer": "no", "channel": "web"},
        {"area_id": "c", "answer": "referred elsewhere", "channel": "telephone"},
        {"area_id": "d", "answer": "yes", "needs": (), "channel": "visit"},
    )
    matrix = needs_matrix(rows, AREAS)
    assert {area: set(matrix.loc[area]) for area in "abcde"} == {
        "a": {NO_PROGRAMME},
        "b": {UNKNOWN},
        "c": {UNKNOWN},
        "d": {NOT_SERVED},
        "e": {UNKNOWN},
    }


def test_a_contradicted_claim_serves_nothing_for_certain() -> None:
    rows = inventory(
        {"area_id": "a", "answer": "yes", "needs": ("housing",), "contradicted": True},
        {"area_id": "a", "answer": "no", "channel": "telephone", "contradicted": True},
    )
    assert set(needs_matrix(rows, AREAS).loc["a"]) == {UNKNOWN}


@given(rows=inventories, counts=counted())
@examples(40)
def test_every_area_and_person_is_counted_once_for_each_need(
    rows: pd.DataFrame, counts: pd.DataFrame
) -> None:
    matrix = needs_matrix(rows, AREAS)
    by = pd.Series(["north", "north", "south", None, "south", "north"], index=AREAS)
    summed = sum_needs(matrix, counts, by)
    each = summed.groupby(level=["by", "need"]).sum(min_count=4)
    placed = counts[by.notna()]
    for region in ("north", "south"):
        inside = placed[by[placed.index].eq(region)]
        assert each.loc[region, "n_areas"].eq(len(inside)).all()
        assert each.loc[region, "releases_low"].eq(inside["releases_low"].fillna(0).sum()).all()
    assert set(summed.index.get_level_values("need")) == set(NEEDS)
    denied = offer(rows, AREAS)["support_status"].eq("no")
    assert matrix[denied].eq(NO_PROGRAMME).all(axis=None)
