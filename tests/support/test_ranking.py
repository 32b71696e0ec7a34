"""The order of priority under a planner's weights, and under any weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import StatisticError
from geo.support.ranking import priority_criteria, rank_areas
from tests.properties import examples


def criteria(**values: list[float] | list[tuple[float, float]]) -> pd.DataFrame:
    """Criteria by name, as numbers or as pairs of ends."""
    columns = {}
    for name, cells in values.items():
        ends = [cell if isinstance(cell, tuple) else (cell, cell) for cell in cells]
        columns[f"{name}_low"], columns[f"{name}_high"] = (
            np.array([e[i] for e in ends], float) for i in (0, 1)
        )
    n = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=list("abcdefgh")[:n])


def test_one_criterion_alone_ranks_by_its_values() -> None:
    table = criteria(count=[5, 9, 7, 9], rate=[4, 1, 3, 2])
    by_count = rank_areas(table, weights={"count": 2}).areas
    assert (
        by_count["rank_best"].to_dict()
        == by_count["rank_worst"].to_dict()
        == {"b": 1, "d": 1, "c": 3, "a": 4}
    )
    by_rate = rank_areas(table, weights={"rate": 0.1}).areas
    assert by_rate.index.tolist() == ["a", "c", "d", "b"]


def test_the_score_is_the_weighted_mean_of_shares_of_the_largest() -> None:
    found = rank_areas(criteria(count=[50, 100], rate=[30, 10]), weights={"count": 3, "rate": 1})
    assert found.areas["score_low"].to_dict() == pytest.approx({"a": 0.75 * 0.5 + 0.25, "b": 0.75 + 0.25 / 3})
    assert found.criteria.loc["a"].tolist() == pytest.approx([0.5, 0.5, 1, 1])
    assert found.weights == {"count": 0.75, "rate": 0.25}


def test_an_interval_leaves_ranks_open_and_touching_ends_share_one() -> None:
    found = rank_areas(criteria(count=[(0, 10), 6, (2, 6), 1])).areas
    assert found.loc[list("abcd"), ["rank_best", "rank_worst"]].values.tolist() == [
        [1, 4],
        [1, 2],
        [1, 3],
        [3, 4],
    ]


def test_the_share_of_weightings_is_that_of_the_simplex() -> None:
    # Of two criteria with weights w and 1 - w, a leads where 0.4 w + (1 - w) > w + 0.2 (1 - w), so w < 4/7.
    found = rank_areas(criteria(x=[0.4, 1.0], y=[1.0, 0.2]), top=1, draws=40_000)
    assert found.areas.loc["a", "top_sure"] == pytest.approx(4 / 7, abs=4 * 0.5 / np.sqrt(40_000))
    # Of three, the one that leads in each alone leads in a third of the simplex, by symmetry.
    three = rank_areas(criteria(x=[1, 0, 0], y=[0, 1, 0], z=[0, 0, 1]), top=1, draws=40_000)
    assert three.areas["top_sure"].tolist() == pytest.approx([1 / 3] * 3, abs=4 * 0.5 / np.sqrt(40_000))
    assert three.areas[["rank_first", "rank_last"]].values.tolist() == [[1, 3]] * 3


def test_an_area_above_another_in_every_criterion_is_above_it_under_all_weights() -> None:
    found = rank_areas(criteria(x=[3, 2, 1], y=[9, 8, 7]), top=1)
    assert found.areas[["rank_first", "rank_last"]].values.tolist() == [[1, 1], [2, 2], [3, 3]]
    assert found.areas["top_sure"].tolist() == [1, 0, 0]


def test_the_seed_settles_the_shares() -> None:
    table = criteria(x=[0.4, 1.0, 0.6], y=[1.0, 0.2, 0.7])
    assert rank_areas(table, rng=3, top=1).areas.equals(rank_areas(table, rng=3, top=1).areas)
    other = rank_areas(table, rng=4, top=1).areas
    assert not rank_areas(table, rng=3, top=1).areas["top_sure"].equals(other["top_sure"])


def test_areas_that_lack_an_end_are_not_ranked_and_zero_everywhere_weighs_nothing() -> None:
    table = criteria(x=[1, 2, np.nan], y=[0, 0, 0])
    found = rank_areas(table).areas
    assert found.index.tolist() == ["b", "a"]
    assert found["score_high"].tolist() == [0.5, 0.25]
    assert rank_areas(table.iloc[:0]).areas.empty


@pytest.mark.parametrize(
    ("table", "how", "says"),
    [
        (criteria(x=[1]), {"weights": {"z": 1}}, "z=1"),
        (criteria(x=[1]), {"weights": {"x": -1}}, "x=-1"),
        (criteria(x=[1]), {"weights": {"x": 0}}, "give one of them a weight"),
        (criteria(x=[1]), {"weights": {"x": float("nan")}}, "x=nan"),
        (criteria(x=[-1]), {}, "-1 to -1 at a"),
        (criteria(x=[(2, 1)]), {}, "2 to 1 at a"),
        (criteria(x=[1]), {"top": 0}, "top 0"),
        (criteria(x=[1]), {"draws": 0}, "draws 0"),
    ],
)
def test_what_cannot_be_ranked_is_said(table: pd.DataFrame, how: dict[str, object], says: str) -> None:
    with pytest.raises(StatisticError) as caught:
        rank_areas(table, **how)  # type: ignore[arg-type]
    assert says in str(caught.value)


value = st.floats(0, 100, allow_subnormal=False).map(lambda x: round(x, 3))
cell = st.tuples(value, value).map(lambda ends: (min(ends), max(ends)))
tables = st.integers(2, 7).flatmap(
    lambda n: st.fixed_dictionaries({name: st.lists(cell, min_size=n, max_size=n) for name in ("x", "y")})
)
weightings = st.fixed_dictionaries({"x": st.floats(0, 5), "y": st.floats(0.1, 5)})


@given(cells=tables, weights=weightings, scale=st.sampled_from([0.5, 4.0, 1024.0]))
@examples(60)
def test_neither_units_nor_the_sum_of_weights_matter(
    cells: dict[str, list[tuple[float, float]]], weights: dict[str, float], scale: float
) -> None:
    table = criteria(**cells)
    plain = rank_areas(table, weights=weights, draws=50)
    other = table.assign(x_low=table["x_low"] * scale, x_high=table["x_high"] * scale)
    scaled = rank_areas(other, weights={name: w * scale for name, w in weights.items()}, draws=50)
    pd.testing.assert_frame_equal(plain.areas, scaled.areas)


@given(cells=tables, weights=weightings, data=st.data())
@examples(60)
def test_whatever_values_lie_within_the_ends_their_rank_lies_within_the_ranks(
    cells: dict[str, list[tuple[float, float]]], weights: dict[str, float], data: st.DataObject
) -> None:
    table = criteria(**cells)
    found = rank_areas(table, weights=weights, draws=50, top=2)
    at = {
        name: data.draw(st.lists(st.sampled_from([0, 0.5, 1]), min_size=len(table), max_size=len(table)))
        for name in "xy"
    }
    drawn = pd.DataFrame(index=table.index)
    for name in "xy":
        low, high = table[f"{name}_low"], table[f"{name}_high"]
        drawn[name] = (low + (high - low) * np.array(at[name])) / (high.max() or 1)
    score = sum(drawn[name] * found.weights[name] for name in "xy").round(9)
    rank = score.rank(ascending=False, method="min").astype(int)
    tied = score.rank(ascending=False, method="max").astype(int)
    ranks = found.areas.loc[table.index]
    assert (ranks["rank_best"] <= tied).all()
    assert (rank <= ranks["rank_worst"]).all()
    assert (ranks["top_sure"] <= ranks["top_possible"]).all()
    assert (ranks["rank_first"] <= ranks["rank_best"]).all()
    assert (ranks["rank_worst"] <= ranks["rank_last"]).all()


def test_criteria_of_the_study_are_people_rate_place_and_no_support() -> None:
    areas = pd.DataFrame(
        {
            "releases_low": pd.array([100, 0, None], dtype="Int64"),
            "releases_high": pd.array([100, 20, None], dtype="Int64"),
            "cluster": ["High-High", "Low-Low", "undefined"],
            "group_id": pd.array([None, 2, None], dtype="Int64"),
        }
    )
    found = priority_criteria(areas, pd.Series([100_000, 10_000, 0]), pd.Series(["no", "yes", "contested"]))
    assert found.loc[0].tolist() == [100, 100, 100, 100, 1, 1, 1, 1]
    assert found.loc[1].tolist() == [0, 20, 0, 200, 1, 1, 0, 0]
    assert found.loc[2, ["place_low", "place_high", "no_support_low", "no_support_high"]].tolist() == [
        0,
        0,
        0,
        1,
    ]
    assert found.loc[2, ["count_low", "rate_low"]].isna().all()


def test_few_areas_and_many_are_ranked_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    low = np.random.default_rng(3).integers(0, 6, (30, 2)).astype(float)
    high = low + np.random.default_rng(4).integers(0, 3, (30, 2))
    columns = ["count_low", "rate_low", "count_high", "rate_high"]
    criteria = pd.DataFrame(np.hstack([low, high]), columns=columns)
    each_with_each = rank_areas(criteria, draws=200).areas
    monkeypatch.setattr("geo.support.ranking.FEW", 0)
    pd.testing.assert_frame_equal(rank_areas(criteria, draws=200).areas, each_with_each)
