"""Corrections against SciPy and published examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

import geo

# The fifteen p-values of the worked example of Benjamini & Hochberg (1995), section 4.
EXAMPLE = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip  # noqa: E501


def test_the_example_of_1995_rejects_four() -> None:
    p = pd.Series(EXAMPLE)
    assert (geo.stats.q_values(p) <= 0.05).sum() == 4
    assert (geo.stats.q_values(p, "bonferroni") <= 0.05).sum() == 3


@given(st.lists(st.floats(1e-12, 1), min_size=1, max_size=60))
def test_q_values_are_those_of_scipy(values: list[float]) -> None:
    p = pd.Series(values)
    for method in ("bh", "by"):
        assert np.allclose(geo.stats.q_values(p, method), false_discovery_control(values, method=method))


def test_without_correction_q_is_p_and_bonferroni_ends_at_one() -> None:
    p = pd.Series([0.01, 0.3, np.nan, 0.04], index=list("abcd"))
    assert geo.stats.q_values(p, "none").equals(p)
    assert geo.stats.q_values(p, "bonferroni").round(12).tolist()[:2] == [0.03, 0.9]
    assert geo.stats.q_values(pd.Series([0.6, 0.9]), "bonferroni").tolist() == [1, 1]


def test_q_values_stand_on_the_areas_they_belong_to_under_their_own_name() -> None:
    p = pd.Series([0.9, np.nan, 0.001], index=["low", "island", "high"], name="p_value")
    q = geo.stats.q_values(p)
    assert q.index.equals(p.index)
    assert q.name == "q_value"
    assert q["high"] == pytest.approx(0.002)
    assert np.isnan(q["island"])


def test_missing_p_values_are_not_counted_as_tests() -> None:
    assert geo.stats.q_values(pd.Series([0.02, np.nan, np.nan])).tolist()[0] == 0.02


def test_an_unknown_method_is_refused_in_words() -> None:
    with pytest.raises(geo.StatisticError, match="one of bh, by, bonferroni, none; received 'holm'"):
        geo.stats.q_values(pd.Series([0.1]), "holm")  # type: ignore[arg-type]


def test_the_floor_rule_of_the_default_run() -> None:
    """ceil(2 n / (alpha (R + 1))): R = 99,999 suffices for one area up to n = 2,500."""
    assert geo.stats.areas_at_floor(2_500, 99_999) == 1
    assert geo.stats.areas_at_floor(2_501, 99_999) == 2
    assert geo.stats.areas_at_floor(35_000, 99_999) == 14
