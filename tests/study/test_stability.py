"""Sensitivity of labels: the count of votes by hand, what must not change it, and real maps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph

import geo
from geo.model.statistics import Specification, Stability
from geo.register.communes import commune_register
from geo.register.pairs import official_pairs
from geo.register.populations import population_series
from geo.stats.autocorrelation.significance import NOT_SIGNIFICANT, QUADRANTS, UNDEFINED
from geo.stats.weights.links import graph_from_pairs
from geo.study.stability import label_support, listed_stability, stability
from tests.properties import examples

NONE, UNDEF = NOT_SIGNIFICANT, UNDEFINED
HIGH, LOW = "High-High", "Low-Low"

Votes = dict[Specification, pd.Series]


def votes(**cells: list[list[str]]) -> Votes:
    """Variants' labels by family, one list of labels a variant."""
    return {
        Specification(family, str(k), "base"): pd.Series(labels)
        for family, variants in cells.items()
        for k, labels in enumerate(variants)
    }


def test_a_family_has_one_vote_however_many_variants_it_has() -> None:
    cast = votes(contiguity=[[HIGH], [HIGH]], nearest=[[HIGH], [NONE], [NONE]], band=[[NONE]], kernel=[[LOW]])
    found = label_support(pd.Series([HIGH]), cast).loc[0]
    assert found["stability"] == pytest.approx((1 + 1 / 3 + 0 + 0) / 4)
    assert (found["other"], found["votes"]) == (NONE, 4)
    assert np.isnan(found["agreement"])


def test_agreement_on_nothing_is_kept_apart() -> None:
    cast = votes(contiguity=[[NONE]], nearest=[[NONE], [LOW]])
    found = label_support(pd.Series([NONE]), cast).loc[0]
    assert np.isnan(found["stability"])
    assert (found["agreement"], found["other"], found["votes"]) == (0.75, LOW, 2)


def test_who_is_undefined_does_not_vote() -> None:
    cast = votes(contiguity=[[HIGH, UNDEF]], nearest=[[UNDEF, HIGH], [NONE, HIGH]], band=[[UNDEF, HIGH]])
    found = label_support(pd.Series([HIGH, UNDEF]), cast)
    assert found["stability"].tolist()[0] == 0.5
    assert found["votes"].tolist() == [2, 0]
    assert found.loc[1, ["stability", "agreement", "other"]].isna().all()


def test_an_area_that_a_vote_lacks_is_undefined_there() -> None:
    main = pd.Series([HIGH, NONE], index=["a", "b"])
    cast = {Specification("x", "", ""): main, Specification("y", "", ""): main[["b"]]}
    assert label_support(main, cast)["votes"].tolist() == [1, 2]


labels = st.sampled_from([*QUADRANTS, NONE, UNDEF])
maps = st.lists(labels, min_size=4, max_size=4)
ballots = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("123"), st.sampled_from("xy")), maps, min_size=1
)


def cast_from(drawn: dict[tuple[str, str, str], list[str]]) -> Votes:
    return {Specification(*way): pd.Series(given_labels) for way, given_labels in drawn.items()}


@examples(50)
@given(maps, ballots)
def test_shares_are_shares(main: list[str], drawn: dict[tuple[str, str, str], list[str]]) -> None:
    found = label_support(pd.Series(main), cast_from(drawn))
    significant = found["label"].isin(QUADRANTS)
    assert found["stability"][~significant].isna().all()
    assert found["agreement"][found["label"] != NONE].isna().all()
    share = found["stability"].fillna(found["agreement"])
    voted = found["votes"] > 0
    assert share[voted].between(0, 1).all()
    assert share[~voted].isna().all()
    assert (found["other"].isna() == (share.eq(1) | ~voted)).all()
    assert (found["other"] != found["label"]).fillna(True).all()


@examples(50)
@given(maps, st.integers(1, 5))
def test_votes_like_the_main_analysis_give_one(main: list[str], families: int) -> None:
    cast = {Specification(str(k), "", ""): pd.Series(main) for k in range(families)}
    found = label_support(pd.Series(main), cast)
    defined = found["label"] != UNDEF
    assert (found["stability"].fillna(found["agreement"])[defined] == 1).all()
    assert (found["votes"] == np.where(defined, families, 0)).all()


@examples(50)
@given(maps, ballots)
def test_repeating_every_variant_of_a_family_changes_nothing(
    main: list[str], drawn: dict[tuple[str, str, str], list[str]]
) -> None:
    cast = cast_from(drawn)
    more = cast | {
        way._replace(variant=f"{way.variant} again"): v for way, v in cast.items() if way[0] == "a"
    }
    pd.testing.assert_frame_equal(label_support(pd.Series(main), cast), label_support(pd.Series(main), more))


@examples(50)
@given(maps, ballots, st.permutations(range(4)))
def test_neither_the_order_of_areas_nor_of_votes_matters(
    main: list[str], drawn: dict[tuple[str, str, str], list[str]], order: list[int]
) -> None:
    cast = cast_from(drawn)
    plain = label_support(pd.Series(main), cast)
    turned = {way: cast[way].iloc[order] for way in reversed(list(cast))}
    pd.testing.assert_frame_equal(label_support(pd.Series(main).iloc[order], turned), plain.iloc[order])


@examples(50)
@given(maps, ballots)
def test_high_and_low_count_alike(main: list[str], drawn: dict[tuple[str, str, str], list[str]]) -> None:
    swap = dict(zip(QUADRANTS, (LOW, HIGH, "Low-High", "High-Low"), strict=True))
    cast = cast_from(drawn)
    plain = label_support(pd.Series(main), cast)
    mirror = label_support(pd.Series(main).replace(swap), {w: v.replace(swap) for w, v in cast.items()})
    columns = ["stability", "agreement", "votes"]
    pd.testing.assert_frame_equal(mirror[columns], plain[columns])


# Real maps.


@pytest.fixture(scope="module")
def populations(communes: pd.Index) -> dict[str, pd.Series]:
    return {base: population_series(base, 2016).reindex(communes) for base in ("ine2002", "ine2017")}


@pytest.fixture(scope="module")
def families(graph: Graph, communes: pd.Index) -> dict[str, dict[str, Graph]]:
    rook = graph_from_pairs(official_pairs("rook"), communes)
    return geo.stats.weight_families(graph, commune_register().loc[communes], rook=rook)


@pytest.fixture(scope="module")
def found(
    dmcs: pd.DataFrame, populations: dict[str, pd.Series], families: dict[str, dict[str, Graph]]
) -> Stability:
    return stability(dmcs["cases"], populations, families)


def test_the_two_population_bases_differ_by_a_tenth_in_80_communes(
    populations: dict[str, pd.Series], graph: Graph
) -> None:
    change = (populations["ine2017"] / populations["ine2002"] - 1).drop(graph.isolates).abs()
    assert (len(change), int((change > 0.1).sum())) == (341, 80)


def test_the_families_link_the_same_areas(families: dict[str, dict[str, Graph]], graph: Graph) -> None:
    assert {family: list(variants) for family, variants in families.items()} == {
        "contiguity": ["queen", "rook"],
        "nearest": ["4", "6", "8"],
        "band": ["144 km", "216 km"],
        "kernel": ["bisquare 12"],
    }
    for variants in families.values():
        for one in variants.values():
            assert one.isolates.tolist() == graph.isolates.tolist()


def test_every_way_of_testing_is_told(found: Stability) -> None:
    table = found.specifications
    assert len(table) == 16
    assert table["main"].tolist() == [True] + [False] * 15
    assert found.main == ("contiguity", "queen", "ine2002")
    assert (table["tested"] == 341).all()
    assert table["jaccard"][0] == 1
    assert table["neighbors_max"].tolist() == [12, 11, 4, 6, 8, 120, 147, 12] * 2
    assert table["neighbors_mean"].head(2).round(3).tolist() == [4.968, 4.921]  # 847 and 839 pairs, 341 areas
    assert (found.at_floor, found.permutations, found.seed, found.alpha) == (1, 19_999, 0, 0.05)


def test_three_communes_are_high_whatever_is_chosen_and_one_is_not_what_it_seems(
    found: Stability, dmcs: pd.DataFrame
) -> None:
    """Police cases of 2016. The centre of Santiago holds; Pedro Aguirre Cerda is Low-High by queen alone."""
    areas = found.areas.set_index(commune_register()["commune"].reindex(dmcs.index))
    assert areas["label"].value_counts().reindex([HIGH, LOW, "Low-High"]).tolist() == [9, 1, 1]
    firm = ["Ñuñoa", "Santiago", "Vitacura"]
    assert (areas.loc[firm, "stability"] == 1).all()
    assert areas.loc[firm, "other"].isna().all()
    assert areas.loc["Pedro Aguirre Cerda", "stability"] < 0.5
    assert areas.loc["Pedro Aguirre Cerda", "other"] == HIGH
    assert areas["stability"].notna().sum() == 11
    assert areas["agreement"].notna().sum() == 330
    assert (areas["votes"] == np.where(areas["label"] == UNDEF, 0, 8)).all()


def test_labels_already_made_are_not_made_again(
    dmcs: pd.DataFrame, populations: dict[str, pd.Series], families: dict[str, dict[str, Graph]]
) -> None:
    few = {"contiguity": families["contiguity"], "nearest": families["nearest"]}
    one = {"ine2002": populations["ine2002"]}
    made = geo.stats.local_moran_rate(
        dmcs["cases"], one["ine2002"], few["contiguity"]["queen"], permutations=999
    )
    again = stability(dmcs["cases"], one, few, permutations=999)
    given_labels = stability(dmcs["cases"], one, few, permutations=999, labels=made["label"].iloc[::-1])
    pd.testing.assert_frame_equal(again.areas, given_labels.areas)
    pd.testing.assert_frame_equal(again.specifications, given_labels.specifications)
    told = pd.Series(HIGH, index=dmcs.index)
    assert (stability(dmcs["cases"], one, few, permutations=99, labels=told).areas["label"] == HIGH).all()


def test_any_way_can_be_the_main_one(
    dmcs: pd.DataFrame, populations: dict[str, pd.Series], families: dict[str, dict[str, Graph]]
) -> None:
    main = ("nearest", "6", "ine2017")
    chosen = stability(dmcs["cases"], populations, families, main=main, permutations=999)
    assert chosen.specifications.set_index(["family", "variant", "base"]).loc[main, "main"]
    near = geo.stats.local_moran_rate(
        dmcs["cases"], populations["ine2017"], families["nearest"]["6"], permutations=999
    )
    assert chosen.areas["label"].tolist() == near["label"].tolist()


def test_listed_communes_of_the_study_are_together_at_the_scale_of_a_band_only(
    study: geo.Result, families: dict[str, dict[str, Graph]]
) -> None:
    listed = study.areas["listed"].astype(bool)
    found = listed_stability({"ine2002": listed}, families, labels=study.areas["cluster"])
    assert found.areas["stability"].isna().all()
    assert found.areas["agreement"].notna().sum() == 33
    assert found.permutations is None
    assert (found.at_floor, found.specifications["tested"].tolist()) == (1, [33] * 8)
    assert found.specifications[HIGH].tolist() == [0, 0, 0, 1, 0, 17, 18, 2]
    assert found.specifications["jaccard"].tolist() == [1, 1, 1, 0, 1, 0, 0, 0]


def test_a_small_map_keeps_the_choices_that_it_allows() -> None:
    points = pd.DataFrame({"lon": [0.0, 1, 2, 3, 50], "lat": 0.0}, index=list("abcde"))
    queen = graph_from_pairs([("a", "b"), ("b", "c"), ("c", "d")], points.index)
    few = geo.stats.weight_families(queen, points)
    assert {family: list(variants) for family, variants in few.items()} == {
        "contiguity": ["queen"],
        "band": ["111 km", "167 km"],
    }
    assert few["band"]["111 km"].isolates.tolist() == ["e"]
    alone = geo.stats.weight_families(graph_from_pairs([], points.index), points)
    assert list(alone) == ["contiguity"]


def test_what_cannot_be_voted_on_is_refused_in_words(
    dmcs: pd.DataFrame, populations: dict[str, pd.Series], families: dict[str, dict[str, Graph]]
) -> None:
    with pytest.raises(geo.StatisticError, match="a vote needs weights and a population"):
        stability(dmcs["cases"], populations, {})
    with pytest.raises(geo.StatisticError, match="a vote needs weights and a population"):
        listed_stability({}, families)
    with pytest.raises(geo.StatisticError, match="one of the ways that vote; received band, 1 km, ine2002"):
        stability(dmcs["cases"], populations, families, main=("band", "1 km", "ine2002"))


@examples(5)
@given(st.integers(0, 2**31))
def test_the_answer_depends_on_the_seed_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = pd.DataFrame({"x": rng.uniform(0, 1e5, 40), "y": rng.uniform(0, 1e5, 40)})
    events, people = pd.Series(rng.poisson(30, 40)), pd.Series(rng.integers(5000, 50_000, 40))
    graphs = {
        "nearest": {"4": geo.stats.nearest_neighbors(points, 4)},
        "kernel": {"8": geo.stats.kernel_weights(points, 8)},
    }
    made = [stability(events, {"all": people}, graphs, permutations=99, rng=7).areas for _ in range(2)]
    pd.testing.assert_frame_equal(*made)
