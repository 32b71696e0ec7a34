"""Whether clusters survive once the size of areas is taken into account."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geo
from geo.stats.weights.links import graph_from_pairs
from geo.study.concentration import Concentration, concentration
from tests.stats.autocorrelation.test_localmoran import lattice


@pytest.fixture(scope="module")
def police(dmcs: pd.DataFrame, graph: Graph) -> Concentration:
    counts = pd.DataFrame({"status": "published", "releases": dmcs["cases"]})
    counts["low"] = counts["high"] = counts["releases"]
    return concentration(counts, dmcs["population"], graph)


def test_two_of_the_eleven_clusters_of_dmcs_2016_survive_adjustment(police: Concentration) -> None:
    """Casablanca and El Quisco: MASS 7.3 glm.nb on log population, its Pearson residuals in esda 2.9
    (99,999 permutations, p doubled, Benjamini-Hochberg). Moran's I of these residuals there: 0.3329.
    """
    judged = police.areas["survives_adjustment"]
    assert judged.notna().sum() == 11
    assert judged[judged.eq(True).fillna(False)].index.tolist() == ["05102", "05604"]
    assert police.tests.adjustment == "log_population"
    assert police.tests.moran_adjusted is not None
    assert police.tests.moran_adjusted.statistic == pytest.approx(0.3328836, abs=1e-5)


def test_only_areas_in_a_cluster_are_said_to_survive_or_not(police: Concentration) -> None:
    areas = police.areas
    labelled = areas["cluster"].isin(["High-High", "Low-Low", "High-Low", "Low-High"])
    assert (areas["survives_adjustment"].notna() == labelled).all()
    same = areas.loc[labelled, "cluster"] == areas.loc[labelled, "cluster_adjusted"]
    assert (areas.loc[labelled, "survives_adjustment"] == same).all()


def test_the_q_of_gi_is_that_of_its_p(police: Concentration) -> None:
    expected = geo.stats.q_values(police.areas["gi_p"])
    assert np.allclose(police.areas["gi_q"], expected, equal_nan=True)


def test_a_gradient_of_size_alone_is_found_plainly_and_gone_once_adjusted() -> None:
    """A 12 by 12 lattice whose population falls from one side to the other; rates follow it without noise
    between areas beyond Poisson's.
    """
    generator = np.random.default_rng(0)
    column = np.tile(np.arange(12), 12)
    people = pd.Series(np.round(200_000 * 0.6**column * generator.uniform(0.8, 1.25, 144)))
    events = pd.Series(generator.poisson(people * 0.002 * (people / 10_000) ** 0.4))
    counts = pd.DataFrame({"status": "published", "releases": events, "low": events, "high": events})
    found = concentration(counts, people, lattice(12, 12), permutations=9_999)
    judged = found.areas["survives_adjustment"].dropna()
    assert len(judged) > 10
    assert not judged.any()
    assert found.tests.size_model is not None
    slope, error = (
        part["log_population"]
        for part in (found.tests.size_model.coefficients, found.tests.size_model.standard_errors)
    )
    assert abs(slope - 0.4) < 3 * error


def test_populations_that_do_not_vary_leave_no_adjustment_and_say_so() -> None:
    events = pd.Series([30, 31, 33, 35, 1, 2, 1, 2, 1, 2])
    counts = pd.DataFrame({"status": "published", "releases": events, "low": events, "high": events})
    graph = graph_from_pairs([(i, i + 1) for i in range(9)], range(10))
    found = concentration(counts, pd.Series([10_000] * 10), graph, permutations=999)
    assert found.tests.adjustment == "none"
    assert found.areas["cluster_adjusted"].isna().all()
    assert found.areas["survives_adjustment"].isna().all()


def test_listed_sets_are_adjusted_by_trading_places_within_deciles(study: geo.Result) -> None:
    """The study's list: no local join count is significant under either null."""
    assert study.tests.adjustment == "population_deciles"
    listed = study.areas["listed"] & study.areas["neighbors"].gt(0)
    assert (study.areas.loc[listed, "cluster_adjusted"] == "not significant").all()
    strata = geo.stats.deciles(study.areas["population"].where(study.areas["neighbors"].gt(0)))
    again = geo.stats.local_join_count(
        study.areas["listed"],
        graph_from_pairs(geo.register.pairs.official_pairs(), study.areas.index),
        strata=strata,
    )
    assert np.allclose(again["p_value"], study.areas["cluster_adjusted_p"], equal_nan=True)
