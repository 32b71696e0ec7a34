"""What stands on the map where a level and the evidence meet exactly, and where nothing could be tested."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geo
from geo.assets import asset_text
from geo.stats.autocorrelation.significance import (
    ALPHA,
    NOT_SIGNIFICANT,
    QUADRANTS,
    UNDEFINED,
    reasons,
    significance_labels,
)
from geo.stats.weights.links import graph_from_pairs


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1])
@pytest.mark.parametrize("tests", [1, 3, 7, 49, 341])
def test_an_area_at_the_level_itself_is_labelled_however_the_level_was_reached(
    alpha: float, tests: int
) -> None:
    """Rejected is where p <= alpha / tests (Bonferroni's definition): rounding must not decide."""
    p = pd.Series([alpha / tests, 1.001 * alpha / tests, *[1.0] * (tests - 1)])[: max(tests, 1)]
    q = geo.stats.q_values(p, "bonferroni")
    labels = significance_labels(pd.Series("High-High", index=p.index), q, alpha)
    assert labels.tolist() == ["High-High", *[NOT_SIGNIFICANT] * (tests - 1)]


def test_the_smallest_p_that_few_permutations_allow_is_enough_at_its_own_level() -> None:
    """2 / (R + 1) is 0.05 with R = 39 permutations: a lone peak among lows shows it, with 38 it cannot."""
    ring = graph_from_pairs([(i, (i + 1) % 40) for i in range(40)], range(40))
    values = pd.Series(np.r_[[60.0, 70.0, 65.0], np.linspace(0, 1, 37)])
    enough = geo.stats.local_moran(values, ring, permutations=39, correction="none")
    assert enough.loc[1, "p_value"] == 0.05
    assert enough.loc[1, "label"] == "High-High"
    fewer = geo.stats.local_moran(values, ring, permutations=38, correction="none")
    assert (fewer["label"] == NOT_SIGNIFICANT).all()


def test_the_level_unless_another_is_named_is_the_usual_one_and_is_written_beside_the_result() -> None:
    ring = graph_from_pairs([(i, (i + 1) % 9) for i in range(9)], range(9))
    values = pd.Series([5.0, 6, 7, 1, 2, 1, 2, 1, 3])
    for test in (geo.stats.local_moran, geo.stats.getis_ord):
        assert test(values, ring, permutations=99).attrs["alpha"] == ALPHA == 0.05
    assert geo.stats.local_join_count(values > 4, ring).attrs["alpha"] == 0.05


def test_the_words_are_those_that_the_styles_and_documents_know() -> None:
    """The catalogue of texts names each, and so do styles, forms and the dictionary."""
    columns = asset_text("maps", "labels.toml")
    for word in (*QUADRANTS, NOT_SIGNIFICANT, UNDEFINED):
        assert f'"{word}"' in columns
    assert (len(set(QUADRANTS)), NOT_SIGNIFICANT, UNDEFINED) == (4, "not significant", "undefined")


def test_the_first_reason_that_holds_is_given_and_a_later_one_only_where_none_did() -> None:
    masks = {"missing_value": np.array([True, False, False]), "no_neighbor": np.array([True, True, False])}
    found = reasons(pd.Index(list("abc")), masks)
    assert found.tolist() == ["missing_value", "no_neighbor", pd.NA]
    assert (found.name, str(found.dtype)) == ("reason", "string")


def test_a_level_that_is_missing_is_undefined_and_never_significant() -> None:
    labels = significance_labels(
        pd.Series(["Low-Low", None, "Low-Low"]), pd.Series([np.nan, 0.01, 0.5]), 0.05
    )
    assert labels.tolist() == [UNDEFINED, pd.NA, NOT_SIGNIFICANT]
