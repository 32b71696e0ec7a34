"""Concentration as the study tells it, and the measures of one table together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geo
from geo.register.communes import commune_register
from geo.register.zones import macro_zones


def gini_by_definition(counts: np.ndarray, people: np.ndarray) -> float:
    """Half the mean difference of the rates of two people, over the mean rate."""
    rate, share = counts / people, people / people.sum()
    differences = np.abs(rate[:, None] - rate) * share[:, None] * share
    return float(differences.sum() / 2 / (counts.sum() / people.sum()))


@pytest.fixture(scope="module")
def zones() -> geo.Inequality:
    """The list of 2016, by zone."""
    return geo.study_inequality("chile-2016", by="zone")


def test_every_index_stands_beside_chance_and_its_excess(dmcs: pd.DataFrame) -> None:
    region = commune_register()["region"]
    found = geo.stats.inequality_indices(dmcs["cases"], dmcs["population"], region)
    indices = found.indices
    assert found.complete
    assert (found.n, found.n_open, found.left_out) == (346, 0, ())
    assert (indices["excess"] == indices["value"] - indices["expected"]).all()
    assert (indices["p_value"].astype(float) == 0.001).all()
    assert indices.loc["theil_between", "value"] + indices.loc["theil_within", "value"] == pytest.approx(
        indices.loc["theil", "value"]
    )
    assert found.groups["within"].sum() == pytest.approx(indices.loc["theil_within", "value"])
    assert found.groups["within_expected"].sum() == pytest.approx(indices.loc["theil_within", "expected"])
    assert found.groups["share_events"].sum() == pytest.approx(1)
    assert found.groups["events"].sum() == found.events_low == dmcs["cases"].sum()
    assert indices.loc["top_1", "value"] == dmcs["cases"].max() / dmcs["cases"].sum()


def test_at_constant_risk_there_is_no_excess(dmcs: pd.DataFrame) -> None:
    people = dmcs["population"].astype(float)
    drawn = np.random.default_rng(5).multinomial(9096, people / people.sum())
    found = geo.stats.inequality_indices(
        pd.Series(drawn, index=people.index), people, commune_register()["region"]
    )
    gini = found.indices.loc["gini"]
    assert gini["value"] == pytest.approx(0.095, abs=0.013)
    assert abs(gini["excess"]) < 4 * gini["sd"]
    assert found.indices["p_value"].astype(float).min() > 0.001


def test_open_counts_stand_beside_chance_at_their_fewest_and_at_their_most() -> None:
    """Against means over maps drawn here, by the definition of the index."""
    people = pd.Series([1000, 3000, 500, 2500])
    low, high = pd.Series([0, 6, 2, 4]), pd.Series([5, 9, 2, 20])
    found = geo.stats.inequality_indices(low, people, low=low, high=high).indices.loc["gini"]
    rng, shares = np.random.default_rng(3), people / people.sum()
    for name, total in (("expected_high", 12), ("expected_low", 36)):
        maps = rng.multinomial(total, shares, 4000)
        drawn = np.mean([gini_by_definition(counts, people.to_numpy()) for counts in maps])
        assert found[name] == pytest.approx(drawn, rel=0.03)
    assert found["expected_by"] == "closed form"


@pytest.mark.once
def test_the_list_of_2016_gives_bounds_only(zones: geo.Inequality, study: geo.Result) -> None:
    found = zones
    assert not found.complete
    assert found.n_open == 300
    assert found.indices[["value", "expected", "excess", "p_value"]].isna().all(axis=None)
    gini = found.indices.loc["gini", ["low", "high", "attained"]].astype(float)
    assert gini["high"] - gini["attained"] < 0.001
    # Least uneven is one common rate, each count drawn to its interval: tried on a grid, by the definition.
    areas = study.areas[study.areas["population"].gt(0)]
    low, high, people = (
        areas[name].to_numpy(float) for name in ("releases_low", "releases_high", "population")
    )
    ginis = [
        gini_by_definition(np.clip(people * rate, low, high), people) for rate in np.arange(1, 150) * 1e-5
    ]
    assert gini["low"] == pytest.approx(min(ginis), abs=0.0005)
    assert gini["low"] <= min(ginis) + 1e-9
    assert (found.events_low, found.events_high) == (5447, 16755)


def test_the_list_of_2016_is_more_uneven_than_chance_whatever_the_others_counted(
    zones: geo.Inequality,
) -> None:
    """A Gini of 0.088 at least, of which chance would make 0.070 with as many events as that takes."""
    excess = zones.indices["excess_low"].astype(float)
    assert excess[["gini", "hoover", "theil"]].tolist() == pytest.approx([0.018, 0.027, 0.015], abs=0.0006)
    assert excess[["theil_between", "top_5"]].isna().all()


@pytest.mark.once
def test_what_the_list_shows_of_the_regions_whatever_the_others_counted(zones: geo.Inequality) -> None:
    """The study's north and coast of Valparaíso: more than their part of the people, surely."""
    regions = geo.study_inequality("chile-2016").groups["quotient_least"]
    surely = {"Arica y Parinacota", "Tarapacá"}
    assert set(regions.index[regions > 1]) == surely
    parts = zones.groups
    assert parts.index.tolist()[:2] == ["north", "valparaiso_coast"]
    assert set(parts.index[parts["quotient_least"] > 1]) == {"valparaiso_coast"}
    assert not (parts["quotient_most"] < 1).any()


def test_zones_part_the_country() -> None:
    zones = macro_zones()
    assert zones.index.equals(commune_register().index)
    assert zones.value_counts().to_dict() == {
        "south": 179,
        "north": 44,
        "ohiggins": 33,
        "valparaiso_interior": 24,
        "metropolitan_west": 18,
        "metropolitan_rest": 17,
        "metropolitan_south": 17,
        "valparaiso_coast": 14,
    }
    region = commune_register()["region"]
    assert set(region[zones.str.startswith("valparaiso")]) == {"Valparaíso"}
    assert set(region[zones.str.startswith("metropolitan")]) == {"Metropolitana de Santiago"}


def test_the_result_depends_on_the_seed_alone(dmcs: pd.DataFrame) -> None:
    one, again, other = (
        geo.stats.inequality_indices(
            dmcs["cases"], dmcs["population"], commune_register()["region"], draws=50, rng=seed
        ).indices
        for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(one, again)
    assert (one["sd"] != other["sd"]).all()


def test_areas_without_a_count_people_or_a_group_are_listed() -> None:
    events, people = pd.Series([5, None, 5, 5, 2]), pd.Series([10, 10, None, 10, 10])
    found = geo.stats.inequality_indices(events, people, pd.Series(["a", "a", "a", None, "b"]))
    assert found.left_out == (1, 2, 3)
    assert found.n == 2
    assert found.quotients["quotient"].notna().tolist() == [True, False, False, False, True]


@pytest.mark.parametrize("option", [{"draws": 0}, {"rng": -1}, {"confidence": 1.5}])
def test_an_option_without_such_a_value_is_an_error(option: dict[str, float]) -> None:
    with pytest.raises(geo.StatisticError):
        geo.stats.inequality_indices(pd.Series([1, 2]), pd.Series([5, 5]), **option)


def test_counts_that_are_no_whole_numbers_are_refused() -> None:
    with pytest.raises(geo.StatisticError, match="whole numbers"):
        geo.stats.inequality_indices(pd.Series([1.5, 2]), pd.Series([5, 5]))
