"""What an inventory amounts to by area."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given

from geo.support.offer import STATUSES, count_answers, offer
from tests.properties import examples
from tests.support.inventories import AREAS, inventories, inventory


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([], "not asked"),
        ([("web", "no")], "not asked"),
        ([("web", "no"), ("telephone", "no answer")], "no answer"),
        ([("telephone", "no answer"), ("visit", "referred elsewhere")], "referred elsewhere"),
        ([("telephone", "no"), ("visit", "no answer")], "no"),
        ([("web", "no"), ("telephone", "yes")], "yes"),
        ([("web", "yes"), ("telephone", "no answer")], "yes"),
    ],
)
def test_the_plainest_answer_is_what_is_known_of_an_area(rows: list[tuple[str, str]], status: str) -> None:
    own = inventory(*({"area_id": "a", "channel": channel, "answer": answer} for channel, answer in rows))
    assert offer(own, AREAS).loc["a", "support_status"] == status


def test_a_claim_that_is_denied_is_contested_and_one_beside_it_is_not() -> None:
    claim = {"area_id": "a", "answer": "yes", "contradicted": True, "capacity_low": 9, "capacity_high": 9}
    denial = {"area_id": "a", "answer": "no", "channel": "telephone", "contradicted": True}
    contested = offer(inventory(claim, denial), AREAS).loc["a"]
    assert (contested["support_status"], contested["programmes"], contested["capacity_low"]) == (
        "contested",
        0,
        0,
    )
    assert pd.isna(contested["capacity_high"])
    other = {"area_id": "a", "answer": "yes", "programme": "p", "capacity_low": 5, "capacity_high": 5}
    both = offer(inventory(claim, denial, other), AREAS).loc["a"]
    assert (both["support_status"], both["programmes"], both["capacity"]) == ("yes", 1, 5)


def test_an_unknown_capacity_is_neither_zero_nor_the_sum_of_the_known_ones() -> None:
    known = {"area_id": "a", "answer": "yes", "programme": "p", "capacity_low": 20, "capacity_high": 20}
    unknown = {"area_id": "a", "answer": "yes", "programme": "q"}
    found = offer(inventory(known, unknown), AREAS).loc["a"]
    assert found["capacity_low"] == 20
    assert pd.isna(found["capacity_high"])
    assert pd.isna(found["capacity"])
    denied = offer(inventory({"area_id": "a", "answer": "no", "channel": "visit"}), AREAS).loc["a"]
    assert (denied["capacity"], denied["capacity_high"]) == (0, 0)


def test_one_programme_seen_by_two_channels_is_counted_once() -> None:
    seen = {
        "area_id": "a",
        "answer": "yes",
        "programme": "p",
        "capacity_low": 20,
        "capacity_high": 20,
        "staff": 3,
    }
    twice = inventory({**seen, "channel": "web"}, {**seen, "channel": "visit", "capacity_high": 25})
    found = offer(twice, AREAS).loc["a"]
    assert (found["programmes"], found["staff"]) == (1, 3)
    assert (found["capacity_low"], found["capacity_high"]) == (20, 25)


def test_providers_and_coordination_are_told_where_they_are_stated() -> None:
    rows = inventory(
        {"area_id": "a", "answer": "yes", "programme": "p", "provider": "municipal", "coordination": "no"},
        {"area_id": "a", "answer": "yes", "programme": "q", "provider": "private", "coordination": "yes"},
        {"area_id": "b", "answer": "yes", "provider": "municipal"},
    )
    found = offer(rows, AREAS)
    assert found.loc["a", ["provider", "coordination"]].tolist() == ["several", "yes"]
    assert found.loc["b", "provider"] == "municipal"
    assert pd.isna(found.loc["b", "coordination"])


def test_answers_are_counted_by_channel_and_by_any() -> None:
    rows = inventory(
        *({"area_id": area, "channel": "web", "answer": "no"} for area in "abc"),
        {"area_id": "a", "channel": "telephone", "answer": "referred elsewhere"},
        {"area_id": "b", "channel": "telephone", "answer": "yes"},
        {"area_id": "f", "answer": "yes"},
    )
    counts = count_answers(rows)
    assert counts.loc["web"].tolist() == [3, 0, 3, 0, 0]
    assert counts.loc["telephone"].tolist() == [2, 1, 0, 0, 1]
    assert counts.loc["any"].tolist() == [3, 1, 2, 0, 0]


@pytest.mark.once
@given(rows=inventories)
@examples(80)
def test_the_order_of_rows_does_not_matter_and_bounds_stand_in_order(rows: pd.DataFrame) -> None:
    found = offer(rows, AREAS)
    assert found["support_status"].isin(STATUSES).all()
    assert (found["capacity_low"] <= found["capacity_high"].fillna(10**6)).all()
    assert found.loc[found["support_status"].eq("no"), "capacity"].eq(0).all()
    assert found.loc[~found["support_status"].isin(["yes", "no"]), "capacity_high"].isna().all()
    turned = rows.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(offer(turned, AREAS), found)
