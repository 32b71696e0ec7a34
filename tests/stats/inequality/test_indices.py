from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.register.communes import commune_register
from geo.stats.inequality.indices import gini_of, hoover_of, theil_of, top_of

areas = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 500)), min_size=2, max_size=12).filter(
    lambda rows: sum(n for n, _ in rows) > 0
)


def columns(rows: list[tuple[int, int]]) -> tuple[pd.Series, pd.Series]:
    count, people = zip(*rows, strict=True)
    return pd.Series(count), pd.Series(people)


def indices(events: pd.Series, people: pd.Series) -> tuple[float, float, float]:
    return (
        geo.stats.gini(events, people),
        geo.stats.hoover(events, people),
        geo.stats.theil(events, people).total,
    )


@given(areas, st.integers(2, 1000))
def test_neither_the_unit_of_events_nor_that_of_people_changes_an_index(rows, times) -> None:
    events, people = columns(rows)
    assert indices(events * times, people) == pytest.approx(indices(events, people), abs=1e-12)
    assert indices(events, people * times) == pytest.approx(indices(events, people), abs=1e-12)


@given(areas, st.integers(2, 4))
def test_a_country_repeated_is_as_uneven_as_one(rows, times) -> None:
    once, again = columns(rows), columns(rows * times)
    assert indices(*again) == pytest.approx(indices(*once), abs=1e-12)


@given(areas, st.integers(2, 5))
def test_splitting_areas_into_parts_of_equal_rate_changes_nothing(rows, parts) -> None:
    events, people = columns(rows)
    split = pd.Series(np.repeat(events.to_numpy(), parts)), pd.Series(np.repeat(people.to_numpy(), parts))
    assert indices(*split) == pytest.approx(indices(events, people), abs=1e-12)


@given(areas)
def test_each_index_is_zero_at_equal_rates_and_within_its_range(rows) -> None:
    events, people = columns(rows)
    assert indices(people, people) == pytest.approx((0, 0, 0), abs=1e-12)
    gini, hoover, theil = indices(events, people)
    assert -1e-12 <= hoover <= gini + 1e-12
    assert gini < 1
    assert 0 <= theil <= -np.log(people.min() / people.sum()) + 1e-12
    # Pinsker: the distance between two distributions is bounded by their divergence.
    assert hoover <= np.sqrt(theil / 2) + 1e-9


@given(areas)
def test_the_gini_is_the_mean_difference_between_two_people(rows) -> None:
    events, people = columns(rows)
    rate, p = events / people, people / people.sum()
    pairs = itertools.product(range(len(rows)), repeat=2)
    apart = sum(p[i] * p[j] * abs(rate[i] - rate[j]) for i, j in pairs)
    assert geo.stats.gini(events, people) == pytest.approx(apart / (2 * events.sum() / people.sum()))


@given(areas)
def test_moving_events_to_a_lower_rate_makes_no_index_larger(rows) -> None:
    events, people = columns(rows)
    rate = events / people
    top, bottom = rate.idxmax(), rate.idxmin()
    # As many as leave the higher rate at least as high as the lower.
    moved = (rate[top] - rate[bottom]) / (1 / people[top] + 1 / people[bottom])
    flatter = events.astype(float)
    flatter[top] -= moved
    flatter[bottom] += moved
    after = indices(flatter, people)
    assert all(a <= b + 1e-9 for a, b in zip(after, indices(events, people), strict=True))


@given(areas, st.lists(st.sampled_from("abc"), min_size=12, max_size=12))
def test_theil_between_and_within_add_up_to_the_whole(rows, names) -> None:
    events, people = columns(rows)
    groups = pd.Series(names[: len(rows)])
    found = geo.stats.theil(events, people, groups)
    assert found.between + found.within == pytest.approx(found.total, abs=1e-12)
    own = [
        geo.stats.theil(events[g], people[g]).total * events[g].sum() / events.sum()
        for g in (groups == name for name in groups.unique())
        if events[g].sum()
    ]
    assert found.within == pytest.approx(sum(own), abs=1e-12)
    assert found.between >= -1e-12


@pytest.mark.filterwarnings("ignore")  # the peer sets shapes, which NumPy 2.5 complains of
def test_indices_agree_with_pysal_where_it_has_them(dmcs: pd.DataFrame, communes: pd.Index) -> None:
    """PySAL's inequality takes units of equal weight: each area stands there once per so many inhabitants."""
    peer = pytest.importorskip("inequality", reason="the peer of the indices: pip install inequality")
    chosen = dmcs.sample(40, random_state=1)
    people = (chosen["population"] / 2000).astype(int) + 1
    cases, region = chosen["cases"], commune_register()["region"][chosen.index]
    each = np.repeat((cases / people).to_numpy(dtype=float), people)
    assert geo.stats.gini(cases, people) == pytest.approx(peer.gini.Gini(each).g, abs=1e-12)
    found = geo.stats.theil(cases, people, region)
    assert found.total == pytest.approx(peer.theil.Theil(each).T, abs=1e-9)
    parts = peer.theil.TheilD(each, np.repeat(region.to_numpy(), people))
    assert (found.between, found.within) == pytest.approx((parts.bg[0], parts.wg[0]), abs=1e-9)
    schutz = peer.schutz.Schutz(pd.DataFrame({"y": each}), "y")
    assert geo.stats.hoover(cases, people) == pytest.approx(schutz.distance, abs=1e-9)


def test_several_maps_at_once_give_what_each_gives_alone() -> None:
    rng = np.random.default_rng(0)
    maps, people = rng.integers(0, 20, (30, 6)).astype(float), rng.dirichlet(np.ones(6))
    for index in (gini_of, hoover_of, theil_of):
        assert np.allclose(index(maps, people), [index(row, people)[0] for row in maps])
    assert np.allclose(top_of(maps, 2), [np.sort(row)[-2:].sum() / row.sum() for row in maps])


def test_areas_without_a_rate_or_a_group_are_left_out() -> None:
    events, people = pd.Series([5, 5, None, 9]), pd.Series([10, 10, 10, None])
    assert geo.stats.gini(events, people) == 0
    found = geo.stats.theil(pd.Series([5, 9, 1]), pd.Series([10, 10, 10]), pd.Series(["a", "a", None]))
    assert found.total == pytest.approx(geo.stats.theil(pd.Series([5, 9]), pd.Series([10, 10])).total)


@pytest.mark.parametrize("events", [[0, 0], [None, None]])
def test_nothing_counted_is_an_error_that_says_so(events: list[float]) -> None:
    with pytest.raises(geo.StatisticError, match="events to share"):
        geo.stats.gini(pd.Series(events, dtype=float), pd.Series([10, 10]))
