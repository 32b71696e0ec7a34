"""The engine against enumeration: every p it estimates can be counted by hand on small maps."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from geo.errors import StatisticError
from geo.model.options import PERMUTATIONS
from geo.stats.engine.permutation import (
    Tails,
    check_options,
    conditional_tails,
    conditional_tails_each,
    draw_distinct,
    two_sided_p,
    weighted_tails,
)
from tests.properties import examples


def enumerate_tails(values: np.ndarray, i: int, k: int, observed: float) -> tuple[float, float]:
    """Share of all sets of k other areas whose sum is at least, at most, the observed one."""
    others = np.delete(values, i)
    sums = np.array([sum(chosen) for chosen in combinations(others, k)])
    return float((sums >= observed - 1e-9).mean()), float((sums <= observed + 1e-9).mean())


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(np.array([3.1, -1.2, 0.4, 2.2, -0.7, 1.9, -2.6, 0.05]), id="all different"),
        pytest.param(np.array([0.0, 0, 0, 0, 1, 1, 2, 5]), id="many ties"),
        pytest.param(np.array([0.0, 0, 0, 0, 0, 1, 1, 1]), id="two values"),
    ],
)
@pytest.mark.parametrize("k", [1, 2, 3, 5, 6, 7])
def test_tails_agree_with_full_enumeration_for_every_neighbour_count(values: np.ndarray, k: int) -> None:
    n, draws = len(values), 40_000
    rng = np.random.default_rng(k)
    sums = np.array([rng.choice(np.delete(values, i), k, replace=False).sum() for i in range(n)])
    tails = conditional_tails(values, np.full(n, k), sums, permutations=draws, rng=1)
    for i in range(n):
        upper, lower = enumerate_tails(values, i, k, sums[i])
        for share, exact in ((tails.at_least[i] / draws, upper), (tails.at_most[i] / draws, lower)):
            # Five standard errors: about one false alarm in two million comparisons.
            assert abs(share - exact) <= 5 * np.sqrt(exact * (1 - exact) / draws) + 1e-12


def test_an_area_is_never_among_its_own_neighbours() -> None:
    values = np.array([1000.0, 0, 0, 0, 0, 0])
    tails = conditional_tails(values, np.full(6, 3), np.zeros(6), permutations=999, rng=0)
    assert tails.at_most[0] == 999


def test_the_answer_depends_on_the_seed_and_on_nothing_else() -> None:
    values = np.random.default_rng(0).normal(size=60)
    counts = np.array([2, 3, 5] * 20)
    sums = np.random.default_rng(1).normal(size=60)
    first = conditional_tails(values, counts, sums, permutations=9_999, rng=7)
    again = conditional_tails(values, counts, sums, permutations=9_999, rng=7)
    other = conditional_tails(values, counts, sums, permutations=9_999, rng=8)
    assert np.array_equal(first.at_least, again.at_least)
    assert not np.array_equal(first.at_least, other.at_least)
    alone = counts == 3
    # Areas of one neighbour count do not feel those of another, be they few or most of the areas.
    most = conditional_tails(values, np.where(alone, 3, 40), sums, permutations=9_999, rng=7)
    assert np.array_equal(first.at_least[alone], most.at_least[alone])
    other_most = conditional_tails(values, np.where(alone, 30, 40), sums, permutations=9_999, rng=7)
    assert np.array_equal(most.at_least[~alone], other_most.at_least[~alone])
    mixed = conditional_tails(values, np.where(alone, 3, 4), sums, permutations=9_999, rng=7)
    assert np.array_equal(first.at_least[alone], mixed.at_least[alone])


@examples(40)
@given(st.integers(0, 2**31), st.floats(0.01, 1000), st.floats(-100, 100))
def test_p_values_do_not_change_when_the_unit_of_the_values_does(
    seed: int, scale: float, shift: float
) -> None:
    values = np.random.default_rng(seed).normal(size=20)
    counts = np.full(20, 3)
    sums = np.array([values[[(i + 1) % 20, (i + 2) % 20, (i + 3) % 20]].sum() for i in range(20)])
    plain = conditional_tails(values, counts, sums, permutations=499, rng=3)
    moved = conditional_tails(
        values * scale + shift, counts, sums * scale + 3 * shift, permutations=499, rng=3
    )
    assert np.array_equal(two_sided_p(plain, 499), two_sided_p(moved, 499))


@examples(40)
@given(st.integers(2, 60), st.data())
def test_rows_are_drawn_without_repetition(n: int, data: st.DataObject) -> None:
    m = data.draw(st.integers(1, n))
    rows = draw_distinct(n, m, 50, np.random.default_rng(n))
    assert rows.shape == (50, m)
    assert rows.min() >= 0
    assert rows.max() < n
    assert all(len(set(row)) == m for row in rows.tolist())


@pytest.mark.parametrize(("n", "m"), [(6, 3), (12, 12)])
def test_every_member_is_equally_likely_at_every_place_that_counts(n: int, m: int) -> None:
    rows = draw_distinct(n, m, 60_000, np.random.default_rng(5))
    for share in (
        np.bincount(rows[:, -1], minlength=n) / 60_000,
        np.bincount(rows[:, :-1].ravel(), minlength=n) / 60_000 / (m - 1),
    ):
        assert np.abs(share - 1 / n).max() < 5 * np.sqrt(1 / n / 60_000)


def test_a_seed_means_the_same_draws_in_every_release() -> None:
    """A p-value in print is repeated by its seed: what the streams are made of never changes unsaid.

    Recorded from version 0.1.0, the same with NumPy 1.26 and 2.5. Whether they are right, enumerations say.
    """
    n = 50
    z = np.random.default_rng(7).normal(size=n)
    kinds = [2, 9, 10, 11, 20]  # (9 + 1)² is 2 n, the limit between two ways to draw
    counts = np.resize(kinds, n)
    tails = conditional_tails(z, counts, np.zeros(n), permutations=9_999, rng=3)
    found = [int(tails.at_least[counts == k].sum()) for k in kinds]
    assert found == [32_574, 13_489, 12_102, 11_590, 2_420]
    for k, reached in ((9, 26_645), (10, 26_831)):
        near = sum(np.roll(np.eye(n), step, axis=1) / (step + 1) for step in range(1, k + 1))
        weighted = weighted_tails(z, csr_array(near), np.zeros(n), permutations=2_999, rng=3)
        assert weighted.at_least.sum() == reached


@pytest.mark.parametrize(
    ("permutations", "rng", "rule"),
    [
        *(
            (given, 0, "permutations is a whole number of 1 or more")
            for given in (0, -1, True, 9.0, "9", None)
        ),
        *((9, given, "rng is a whole number of 0 or more") for given in (-1, True, 1.5, None)),
    ],
)
def test_a_number_of_draws_or_a_seed_that_is_none_is_refused(
    permutations: object, rng: object, rule: str
) -> None:
    with pytest.raises(StatisticError, match=f"^{rule}"):
        check_options(permutations, rng)  # type: ignore[arg-type]


def test_the_least_options_are_taken_and_others_may_bear_another_name() -> None:
    check_options(1, 0)
    check_options(np.int64(1), np.int64(0))  # type: ignore[arg-type]
    with pytest.raises(StatisticError, match=r"^draws is a whole number of 1"):
        check_options(0, 0, name="draws")


def test_the_smallest_p_of_a_default_run_is_one_in_fifty_thousand() -> None:
    none = Tails(np.array([0]), np.array([PERMUTATIONS]))
    assert two_sided_p(none, PERMUTATIONS).tolist() == [1 / 50_000]


def test_p_is_never_zero_and_never_above_one() -> None:
    tails = Tails(np.array([0, 999, 500]), np.array([999, 999, 499]))
    assert two_sided_p(tails, 999).tolist() == [0.002, 1.0, 1.0]


@given(st.integers(3, 60), st.integers(1, 4), st.integers(0, 10**6))
@examples(40)
def test_variables_tested_together_get_what_each_gets_alone(n: int, m: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, n, size=n)
    values = [rng.integers(0, 5, size=n).astype(float) for _ in range(m)]
    sums = [
        np.array([rng.choice(np.delete(z, i), k, False).sum() for i, k in enumerate(counts)]) for z in values
    ]
    together = conditional_tails_each(values, counts, sums, permutations=499, rng=seed)
    for z, s, tails in zip(values, sums, together, strict=True):
        alone = conditional_tails(z, counts, s, permutations=499, rng=seed)
        np.testing.assert_array_equal(tails, alone)
