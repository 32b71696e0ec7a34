"""What every local result says of how its p-values were made."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import geo
from geo.stats.engine.correction import areas_at_floor, q_values
from geo.stats.engine.inference import note_inference, smallest_p
from geo.stats.weights.links import graph_from_pairs


def noted(tests: int, correction: str, method: str = "permutation", permutations: int = 999, **more: object):  # type: ignore[no-untyped-def]
    frame = pd.DataFrame({"p_value": [*[0.5] * tests, np.nan]})
    given = {"permutations": permutations, "rng": 7, "alpha": 0.05} | more
    return note_inference(frame, method, correction=correction, **given).attrs  # type: ignore[arg-type]


@pytest.mark.parametrize("correction", ["bh", "by", "bonferroni", "none"])
@pytest.mark.parametrize("tests", [1, 20, 25, 26, 60])
def test_as_many_areas_at_the_floor_as_it_says_are_labelled_and_one_fewer_is_not(
    correction: str, tests: int
) -> None:
    """The correction itself is asked: k areas at 2 / (R + 1), all others at 1."""
    said = noted(tests, correction)
    assert said["areas_tested"] == tests

    def found(k: int, permutations: int) -> bool:
        p = pd.Series([2 / (permutations + 1)] * k + [1.0] * (tests - k))
        return bool((q_values(p, correction) <= 0.05 * (1 + 1e-12)).any())  # type: ignore[arg-type]

    needed = said["areas_at_floor"]
    if correction == "bonferroni" and needed > 1:
        assert not found(tests, 999)  # no number of them helps
    else:
        assert needed > tests or found(needed, 999)
        assert needed == 1 or not found(min(needed, tests + 1) - 1, 999)
    assert (said["advice"] == "") == (needed == 1)
    if needed > 1:
        advised = int(said["advice"].split("=")[1].split(" ")[0])
        assert found(1, advised)
        assert not found(1, advised - 1)


@pytest.mark.parametrize(("method", "floor"), [("permutation", 0.002), ("hypergeometric", 0.0)])
def test_the_floor_is_that_of_the_method(method: str, floor: float) -> None:
    assert smallest_p(method, 999) == floor  # type: ignore[arg-type]


def test_the_floor_of_the_exact_method_is_far_below_any_level_but_not_zero() -> None:
    assert 0 < smallest_p("exact", 999) < 1e-9


def test_the_least_p_of_the_exact_method_is_the_floor_that_it_states() -> None:
    """Nine neighbours of one another hold the nine highest of 200 values: one in more than 5e13 sets."""
    pairs = [(i, j) for i in range(9) for j in range(i)] + [(i, i + 1) for i in range(8, 199)]
    values = pd.Series([*np.linspace(50, 60, 9), *np.linspace(0, 1, 191)])
    found = geo.stats.local_moran(values, graph_from_pairs(pairs, range(200)), method="exact")
    assert found["p_value"].min() == found.attrs["p_floor"] == smallest_p("exact", 0)


def test_draws_and_seed_are_written_down_where_there_were_any_and_nowhere_else() -> None:
    said = noted(5, "bh")
    assert (said["permutations"], said["seed"], said["method"]) == (999, 7, "permutation")
    frame = pd.DataFrame({"p_value": [0.5]})
    usual = note_inference(frame, "permutation", permutations=99, correction="bh", alpha=0.05).attrs
    assert usual["seed"] == 0  # as of every test that is named none
    for method in ("exact", "hypergeometric"):
        said = noted(400, "bh", method)
        assert (said["permutations"], said["seed"]) == (None, None)
        # One area alone can be found, however few permutations there were not.
        assert (said["areas_at_floor"], said["advice"]) == (1, "")


def test_what_it_says_survives_being_written_to_a_file() -> None:
    said = noted(5, "by", alpha=0.1)
    assert (said["correction"], said["alpha"], said["p_floor"]) == ("by", 0.1, 0.002)
    assert {type(value) for value in said.values()} <= {str, int, float, type(None)}


def test_a_result_without_simulation_needs_no_number_of_draws() -> None:
    frame = pd.DataFrame({"p_value": [0.5]})
    said = note_inference(frame, "hypergeometric", correction="none", alpha=0.05).attrs
    assert (said["permutations"], said["seed"], said["p_floor"]) == (None, None, 0.0)


def test_the_number_at_the_floor_counts_the_observed_map_as_one_of_the_arrangements() -> None:
    """R permutations and the map itself: 2 x 50 / (0.05 x 2,000) = 1 with R = 1,999, and 2 with one fewer."""
    assert [areas_at_floor(50, r) for r in (1_999, 1_998, 999, 998)] == [1, 2, 2, 3]
    assert areas_at_floor(50, 999, 0.1) == 1
