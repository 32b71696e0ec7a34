"""Certainty of labels: complete counts, the study's own table, and what must not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geo
from geo.stats.autocorrelation.significance import QUADRANTS
from geo.stats.incomplete.certainty import standardized
from geo.stats.weights.links import graph_from_pairs
from tests.stats.incomplete.cases import study_counts


@pytest.fixture(scope="module")
def certain(graph: Graph) -> geo.stats.Certainty:
    counts, people = study_counts()
    return geo.stats.certainty(geo.stats.impute_counts(counts, people), people, graph)


def test_complete_counts_give_the_plain_test_with_certainty_one(dmcs: pd.DataFrame, graph: Graph) -> None:
    counts = pd.DataFrame({"low": dmcs["cases"], "high": dmcs["cases"]})
    people = dmcs["population"]
    found = geo.stats.certainty(geo.stats.impute_counts(counts, people, imputations=3), people, graph, rng=4)
    plain = geo.stats.local_moran_rate(dmcs["cases"], people, graph, permutations=14_999, rng=4)
    assert (found.areas["label"] == plain["label"]).all()
    assert (found.areas["label_uncorrected"] == plain["label_uncorrected"]).all()
    labelled = plain["label"].isin(QUADRANTS)
    assert found.areas.loc[labelled, "certainty"].eq(1).all()
    assert found.areas["certain"].fillna(False).astype(bool).equals(labelled)
    assert found.n_certain == 11
    moran = next(r for r in found.ranges if r.name == "moran_rate")
    assert moran.low == moran.high == pytest.approx(0.396, abs=5e-4)


@pytest.mark.parametrize("m", [0, 3])
def test_columns_are_standardised_as_one_is(dmcs: pd.DataFrame, m: int) -> None:
    events = np.random.default_rng(m).poisson(dmcs["cases"].to_numpy()[:, None] / 50, (346, 4))
    one = geo.stats.standardize_rates(pd.Series(events[:, m], dmcs.index), dmcs["population"])
    many = standardized(events.astype(float), dmcs["population"].to_numpy(dtype=float))
    assert np.allclose(many[:, m], one, rtol=0, atol=1e-12)


def test_columns_are_labelled_alike_however_many_are_done_at_a_time(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts, people = study_counts()
    drawn = geo.stats.impute_counts(counts, people, imputations=30)
    together = geo.stats.certainty(drawn, people, graph, permutations=999)
    monkeypatch.setattr("geo.stats.incomplete.certainty.CELLS", 1)
    alone = geo.stats.certainty(drawn, people, graph, permutations=999)
    pd.testing.assert_frame_equal(alone.labels_uncorrected, together.labels_uncorrected)


@pytest.mark.once
def test_no_commune_of_the_study_is_a_certain_cluster(certain: geo.stats.Certainty) -> None:
    assert certain.n_certain == 0
    assert certain.areas["certainty"].max() < 0.1
    assert certain.areas_at_floor == 1
    assert certain.permutations == 14_999


@pytest.mark.night
@pytest.mark.parametrize("options", [{"size": False}, {"unbounded": True}])
def test_nor_under_other_assumptions(options: dict[str, bool], graph: Graph) -> None:
    counts, people = study_counts()
    drawn = geo.stats.impute_counts(counts, people, imputations=60, **options)
    assert geo.stats.certainty(drawn, people, graph).n_certain == 0


def test_shares_are_shares(certain: geo.stats.Certainty) -> None:
    areas = certain.areas
    for end in ("", "_uncorrected"):
        shares = areas[[name.lower().replace("-", "_") + end for name in QUADRANTS]]
        assert (shares.sum(axis=1).dropna() <= 1 + 1e-12).all()
        assert shares.max(axis=1).equals(areas[f"certainty{end}"].rename(None))
        never = areas[f"certainty{end}"] == 0
        assert (areas.loc[never, f"label{end}"] == "not significant").all()
    undefined = areas["label"] == "undefined"
    assert undefined.sum() == 5
    assert areas.loc[undefined, ["certainty", "certain", "certainty_uncorrected"]].isna().all(axis=None)
    defined = areas[~undefined]
    assert (defined["certainty"] <= defined["certainty_uncorrected"]).all()


def test_ranges_are_ranges_and_say_what_they_are_not(certain: geo.stats.Certainty) -> None:
    for found in certain.ranges:
        assert found.low <= found.median <= found.high
        assert found.p_low <= found.p_median <= found.p_high
        assert "biased towards zero" in found.description
    joins = {r.name: r for r in certain.ranges}
    assert joins["join_count"].low == joins["join_count"].high == 14  # the list itself is known
    assert joins["join_count"].expected == pytest.approx(847 * 33 * 32 / (341 * 340))
    assert joins["join_count"].p_median == pytest.approx(0.025, abs=0.02)
    assert joins["join_count_stratified"].p_median == pytest.approx(0.51, abs=0.06)


@pytest.mark.once
def test_the_exact_method_agrees(graph: Graph) -> None:
    counts, people = study_counts()
    drawn = geo.stats.impute_counts(counts, people, imputations=10)
    simulated, exact = (geo.stats.certainty(drawn, people, graph, method=m) for m in ("permutation", "exact"))
    near = (simulated.areas["certainty_uncorrected"] - exact.areas["certainty_uncorrected"]).abs()
    assert near.max() <= 0.2
    assert exact.permutations is None


def test_what_size_leaves_over_can_be_tested(graph: Graph) -> None:
    counts, people = study_counts()
    drawn = geo.stats.impute_counts(counts, people, imputations=4)
    found = geo.stats.certainty(drawn, people, graph, covariates=geo.stats.size_covariates(people), rng=1)
    alone = geo.stats.local_moran_rate(
        drawn.draws[2].reindex(people.index),
        people,
        graph,
        covariates=geo.stats.size_covariates(people),
        permutations=14_999,
        rng=1,
    )
    same = found.labels_uncorrected[2].map(dict(enumerate(QUADRANTS))).fillna("not significant")
    assert (same == alone["label_uncorrected"].reindex(same.index)).all()


def test_weights_that_differ_are_refused(graph: Graph) -> None:
    counts, people = study_counts()
    drawn = geo.stats.impute_counts(counts, people, imputations=3)
    uneven = Graph(graph.adjacency * np.linspace(1, 2, len(graph.adjacency)))
    with pytest.raises(geo.StatisticError, match="equal within each row"):
        geo.stats.certainty(drawn, people, uneven)


def test_labels_of_the_study_hang_on_few_neighbours_of_listed_communes(
    certain: geo.stats.Certainty, graph: Graph
) -> None:
    found = geo.stats.telling_counts(certain, graph)
    counts, _ = study_counts()
    assert set(found.index) == set(counts.index[counts["low"] != counts["high"]]) - set(graph.isolates)
    assert found["telling"].is_monotonic_decreasing
    assert found["share"].sum() < 1
    first = found.iloc[0]
    assert len(first["around"]) == first["labels"] > 0
    for area in first["around"]:
        assert area == found.index[0] or found.index[0] in graph[area].index


def test_a_table_of_another_country_works_the_same_way() -> None:
    """Cells below 5 suppressed, some areas missing, ids of their own, on a lattice of squares."""
    side, generator = 14, np.random.default_rng(2)
    ids = [f"ward {i}" for i in range(side**2)]
    row, column = np.divmod(np.arange(side**2), side)
    risk = np.where((row < 4) & (column < 4), 6.0, 1.0)
    people = pd.Series(np.exp(generator.uniform(8, 10, side**2)).round(), ids)
    y = pd.Series(generator.poisson(people * 1e-3 * risk * generator.gamma(8, 1 / 8, side**2)), ids)
    pairs = [(ids[i], ids[i + 1]) for i in range(side**2) if column[i] < side - 1]
    pairs += [(ids[i], ids[i + side]) for i in range(side**2 - side)]
    wards = graph_from_pairs(pairs, ids)
    counts = pd.DataFrame({"low": y.astype("Int64"), "high": y.astype("Int64")})
    counts.loc[y < 5, "low"], counts.loc[y < 5, "high"] = 0, 4
    counts.loc[["ward 40", "ward 150"], "high"] = pd.NA
    counts.loc[["ward 40", "ward 150"], "low"] = pd.NA
    found = geo.stats.certainty(geo.stats.impute_counts(counts, people), people, wards)
    true = geo.stats.local_moran_rate(y, people, wards, permutations=14_999)["label"]
    certain = found.areas["certain"].astype(bool)
    assert certain.sum() >= 5
    assert (found.areas.loc[certain, "label"] == true[certain]).all()
    assert found.imputation.assumptions == ("not_spatial", "size_rate", "ignorable")
