"""p without simulation, against counting: every p here can be had by another way of counting sets."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.sparse import csr_array
from scipy.stats import hypergeom

import geo
from geo.stats.autocorrelation.localmoran import rate_scores
from geo.stats.engine import exact
from geo.stats.engine.exact import FROM, P_FLOOR, PRECISION, Probabilities, exact_tails
from geo.stats.engine.permutation import conditional_tails
from geo.stats.weights.adjacency import neighbors
from tests.properties import TIMES, examples
from tests.stats.autocorrelation.test_localmoran import lattice

Draw = Callable[[np.random.Generator, int], np.ndarray]
VALUES: dict[str, Draw] = {
    "normal": lambda rng, n: rng.normal(size=n),
    "skewed": lambda rng, n: rng.lognormal(sigma=1.5, size=n),
    "skewed to the left": lambda rng, n: -rng.lognormal(size=n),
    "heavy tails": lambda rng, n: rng.pareto(1, size=n),
    "many zeros": lambda rng, n: rng.lognormal(size=n) * (rng.random(n) < 0.5),
    "counts": lambda rng, n: rng.poisson(40, size=n) * 1.0,
    "rates with one decimal": lambda rng, n: np.round(rng.gamma(2, 50, size=n), 1),
    "rates of small populations": lambda rng, n: rng.poisson(2, n) / rng.integers(500, 900, n),
}


@pytest.fixture
def no_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave everything to lattices."""
    monkeypatch.setattr(exact, "AT_ONCE", 0)
    monkeypatch.setattr(exact, "AT_LAST", 0)


def some_sets(values: np.ndarray, sizes: np.ndarray, rng: np.random.Generator) -> csr_array:
    """Give each area so many neighbours, from picked at random to much like each other: p from 1 to tiny."""
    n = len(values)
    matrix = np.zeros((n, n))
    for i, size in enumerate(sizes):
        noise = rng.normal(size=n) * values.std() * rng.choice([0, 0.5, 2, 100])
        order = np.argsort(values * rng.choice([-1, 1]) + noise)
        matrix[i, order[order != i][:size]] = 1
    return csr_array(matrix)


def enumerate_tails(values: np.ndarray, matrix: csr_array) -> Probabilities:
    """Sum every set of as many other areas; slow."""
    at_least, at_most = np.empty(len(values)), np.empty(len(values))
    tie = 1e-12 * np.abs(values - values.mean()).sum()
    for i, row in enumerate(matrix.toarray().astype(bool)):
        sets = np.array(list(combinations(np.delete(values, i), int(row.sum()))))
        sums, observed = sets.sum(axis=1), values[row].sum()
        at_least[i], at_most[i] = (sums >= observed - tie).mean(), (sums <= observed + tie).mean()
    return Probabilities(at_least, at_most)


def count_up_to(levels: np.ndarray, k: int, limit: int) -> int:
    """Count the sets of k whole numbers whose sum is `limit` at most, in exact integers.

    Dynamic programming over the numbers; the counts by sum stand side by side in one long integer for each k.
    """
    bits = len(levels) + 1
    counts = [1] + [0] * k
    for level in levels.tolist():
        for size in range(k, 0, -1):
            counts[size] += counts[size - 1] << (bits * level)
    return (counts[k] & ((1 << bits * (limit + 1)) - 1)) % ((1 << bits) - 1)


def dynamic_programming(
    values: np.ndarray, matrix: csr_array, i: int, unit: float = 1
) -> tuple[float, float]:
    """Tails of one area, exactly, for values that are multiples of a unit."""
    levels = np.rint((values - values.min()) / unit).astype(int)
    row = matrix.toarray()[i].astype(bool)
    k, observed, others = int(row.sum()), int(levels[row].sum()), np.delete(levels, i)
    total = comb(len(others), k)
    below = count_up_to(others, k, observed - 1) if observed else 0
    return (total - below) / total, count_up_to(others, k, observed) / total


def worst(found: Probabilities, true: Probabilities) -> float:
    """Relative error of the smaller tail, where it is 1e-6 or more."""
    tails = np.stack([true.at_least, true.at_most])
    side = tails.argmin(axis=0)
    small, got = tails.min(axis=0), np.where(side == 0, found.at_least, found.at_most)
    asked = small >= FROM
    return float(np.abs(got[asked] / small[asked] - 1).max(initial=0))


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("n", [9, 14])
def test_p_agrees_with_full_enumeration_for_every_neighbour_count(name: str, n: int) -> None:
    rng = np.random.default_rng(n)
    values = VALUES[name](rng, n)
    matrix = some_sets(values, np.arange(n) % (n - 1) + 1, rng)
    found, true = exact_tails(values, matrix), enumerate_tails(values, matrix)
    assert np.allclose(found.at_least, true.at_least, rtol=1e-12)
    assert np.allclose(found.at_most, true.at_most, rtol=1e-12)


@pytest.mark.usefixtures("no_counting")
@pytest.mark.parametrize("name", VALUES)
def test_p_on_a_lattice_agrees_with_full_enumeration_too(name: str) -> None:
    rng = np.random.default_rng(1)
    values = VALUES[name](rng, 17)
    matrix = some_sets(values, np.arange(17) % 16 + 1, rng)
    assert worst(exact_tails(values, matrix), enumerate_tails(values, matrix)) <= PRECISION


@examples(40)
@given(
    st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=3, max_size=9),
    st.integers(0, 2**31),
)
def test_any_values_agree_with_full_enumeration(values: list[float], seed: int) -> None:
    x, rng = np.array(values), np.random.default_rng(seed)
    matrix = some_sets(x, rng.integers(1, len(x), len(x)), rng)
    found, true = exact_tails(x, matrix), enumerate_tails(x, matrix)
    assert np.allclose(found.at_least, true.at_least, rtol=1e-12)
    assert np.allclose(found.at_most, true.at_most, rtol=1e-12)


@examples(30)
@given(
    st.lists(st.floats(-100, 100).map(lambda x: round(x, 6)), min_size=5, max_size=9), st.integers(0, 2**31)
)
def test_what_a_lattice_cannot_tell_apart_is_never_given_a_p_too_small(
    values: list[float], seed: int
) -> None:
    """Such values come in swarms narrower than a step; their p may be too large."""
    x, rng = np.array(values), np.random.default_rng(seed)
    matrix = some_sets(x, rng.integers(1, len(x), len(x)), rng)
    with pytest.MonkeyPatch.context() as patch:
        for name, size in {"AT_ONCE": 0, "AT_LAST": 0, "COARSE": 2**12, "FINE": 2**14}.items():
            patch.setattr(exact, name, size)
        found = exact_tails(x, matrix)
    true = enumerate_tails(x, matrix)
    # The estimate, not the upper end, is given where it is sure to be right to 1 %.
    assert (found.at_least >= true.at_least * (1 - PRECISION)).all()
    assert (found.at_most >= true.at_most * (1 - PRECISION)).all()


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "unit"),
    [("counts", 1), ("rates with one decimal", 0.1), ("skewed counts", 1), ("zeros and counts", 1)],
)
@pytest.mark.parametrize(
    "k", [1, 2, 3, 8, 20, 50, 74, 75, *(pytest.param(k, marks=pytest.mark.night) for k in (100, 148))]
)
def test_p_of_whole_numbers_agrees_with_exact_integers_for_small_and_large_sets(
    name: str, unit: float, k: int
) -> None:
    rng = np.random.default_rng(k)
    draws: dict[str, Draw] = {
        **VALUES,
        "rates with one decimal": lambda rng, n: np.round(rng.gamma(2, 2, size=n), 1),
        "skewed counts": lambda rng, n: np.floor(rng.lognormal(1, 1.2, size=n)),
        "zeros and counts": lambda rng, n: rng.poisson(20, n) * (rng.random(n) < 0.3) * 1.0,
    }
    values = draws[name](rng, 150)
    matrix = some_sets(values, np.full(150, k), rng)
    found = exact_tails(values, matrix)
    for i in range(3):
        at_least, at_most = dynamic_programming(values, matrix, i, unit)
        assert found.at_least[i] == pytest.approx(max(at_least, P_FLOOR), rel=1e-6, abs=1e-13)
        assert found.at_most[i] == pytest.approx(max(at_most, P_FLOOR), rel=1e-6, abs=1e-13)


@pytest.mark.parametrize("ones", [1, 5, 60, 170, 330])
def test_two_values_give_the_hypergeometric_distribution_for_every_neighbour_count(ones: int) -> None:
    """An interpolation across ties would be wrong by up to half the probability of the observed number."""
    n, rng = 341, np.random.default_rng(ones)
    values = np.zeros(n)
    values[rng.choice(n, ones, replace=False)] = 1
    counts = np.append(np.arange(1, n), n // 2)
    matrix = some_sets(values, counts, rng)
    found = exact_tails(7 - 3 * values, matrix)
    number, others = matrix @ values, ones - values
    few, many = hypergeom.cdf(number, n - 1, others, counts), hypergeom.sf(number - 1, n - 1, others, counts)
    assert np.allclose(found.at_least, np.maximum(few, P_FLOOR), rtol=1e-6, atol=1e-13)
    assert np.allclose(found.at_most, np.maximum(many, P_FLOOR), rtol=1e-6, atol=1e-13)
    point = hypergeom.pmf(number, n - 1, others, counts)
    assert np.allclose(found.at_least + found.at_most - 1, point, rtol=1e-6, atol=1e-11)


@pytest.mark.once
@pytest.mark.parametrize("name", VALUES)
def test_p_of_three_neighbours_is_right_down_to_single_sets(name: str) -> None:
    """Of 100 areas there are 156,849 sets of 3 others: the rarest p is one in as many."""
    n, rng = 100, np.random.default_rng(3)
    values = VALUES[name](rng, n)
    matrix = some_sets(values, np.full(n, 3), rng)
    pairs = np.array(list(combinations(range(n - 1), 2)))
    triples = values[np.array(list(combinations(range(n), 3)))]
    sums = np.sort(triples.sum(axis=1))
    tie = 1e-12 * np.abs(values - values.mean()).sum()
    true = np.empty((2, n))
    for i, observed in enumerate(matrix @ values):
        with_i = np.delete(values, i)[pairs].sum(axis=1) + values[i]
        for side, sign in enumerate((1, -1)):
            count = [(sign * s >= sign * observed - tie).sum() for s in (sums, with_i)]
            true[side, i] = (count[0] - count[1]) / comb(n - 1, 3)
    found = exact_tails(values, matrix)
    assert worst(found, Probabilities(*true)) <= PRECISION


def test_a_value_a_million_times_the_others_does_not_blur_them() -> None:
    """With it a sum is beyond all others, without it the others decide: two cases, each counted apart."""
    n, k, rng = 80, 5, np.random.default_rng(0)
    values = np.append(rng.poisson(8, n - 1), 3e7 + 0.5)
    matrix = some_sets(values, np.full(n, k), rng)
    found = exact_tails(values, matrix)
    rows = matrix.toarray().astype(bool)
    for i in range(10):
        near, bulk = rows[i], np.delete(values[:-1], i).astype(int)
        observed = int(values[:-1][near[:-1]].sum())
        if near[-1]:
            count = [count_up_to(bulk, k - 1, observed - 1), 0]
            reached = comb(n - 2, k - 1) - count[0]
        else:
            reached = comb(n - 2, k - 1) + comb(n - 2, k) - count_up_to(bulk, k, observed - 1)
        assert found.at_least[i] == pytest.approx(reached / comb(n - 1, k), rel=PRECISION)


def test_p_of_police_rates_agrees_with_simulation(
    dmcs: pd.DataFrame, graph: Graph, communes: pd.Index
) -> None:
    z = rate_scores(dmcs["cases"], dmcs["population"], graph).dropna()
    near = neighbors(graph.subgraph(z.index), z.index, z.notna())
    values, draws = z.to_numpy(dtype=float), 99_999
    found = exact_tails(values, near.matrix)
    counted = conditional_tails(values, near.counts, near.matrix @ values, permutations=draws, rng=0)
    assert len(values) == 341
    for p, count in ((found.at_least, counted.at_least), (found.at_most, counted.at_most)):
        there = p >= 1e-4
        # Five standard errors: about one false alarm in two million comparisons.
        bound = 5 * np.sqrt(p * (1 - p) / draws) + 1 / draws
        assert (np.abs(count / draws - p) <= bound)[there].all()


KNOWN = "the tolerance for ties follows the spread of the values, and not the rounding of what came in"


@pytest.mark.xfail(reason=KNOWN)
def test_p_does_not_depend_on_the_origin_where_values_tie() -> None:
    values = pd.Series(np.random.default_rng(19).poisson(0.7, 36).astype(float))
    plain, moved = (
        geo.stats.local_moran(x, lattice(6, 6), method="exact")["p_value"]
        for x in (values, values * 0.001 + 64)
    )
    assert np.allclose(plain, moved, rtol=0, atol=1e-9)


@pytest.mark.once
@pytest.mark.xfail(TIMES > 1, reason=KNOWN, strict=False)  # the examples of the gate do not meet it
@examples(4)
@given(st.integers(0, 2**31), st.sampled_from(list(VALUES)), st.floats(0.001, 1000), st.floats(-100, 100))
def test_p_does_not_depend_on_the_unit_the_origin_or_the_order_of_areas(
    seed: int, name: str, scale: float, shift: float
) -> None:
    rng = np.random.default_rng(seed)
    values = VALUES[name](rng, 40)
    matrix = some_sets(values, rng.integers(1, 15, 40), rng)
    plain = exact_tails(values, matrix)
    order = rng.permutation(40)
    for found, back in (
        (exact_tails(values * scale + shift, matrix), np.arange(40)),
        (exact_tails(values[order], matrix[order][:, order]), np.argsort(order)),
    ):
        assert worst(Probabilities(found.at_least[back], found.at_most[back]), plain) <= 2 * PRECISION


@examples(8)
@given(st.integers(0, 2**31), st.sampled_from(list(VALUES)))
def test_negated_values_swap_the_tails(seed: int, name: str) -> None:
    rng = np.random.default_rng(seed)
    values = VALUES[name](rng, 40)
    matrix = some_sets(values, rng.integers(1, 15, 40), rng)
    plain, mirror = exact_tails(values, matrix), exact_tails(-values, matrix)
    assert worst(Probabilities(mirror.at_most, mirror.at_least), plain) <= 2 * PRECISION


@pytest.mark.parametrize("name", VALUES)
def test_p_is_the_same_every_time_and_never_zero_and_the_observed_sum_counts_in_both_tails(name: str) -> None:
    rng = np.random.default_rng(5)
    values = VALUES[name](rng, 30)
    matrix = some_sets(values, np.append(rng.integers(1, 12, 27), [15, 22, 28]), rng)
    found, again = exact_tails(values, matrix), exact_tails(values, matrix)
    assert all(np.array_equal(a, b) for a, b in zip(found, again, strict=True))
    one = np.array([1 / comb(29, int(k)) for k in matrix.sum(axis=1)])
    for tail in found:
        assert (tail >= np.maximum(one, P_FLOOR) * (1 - 1e-9)).all()
        assert (tail <= 1).all()
    assert (found.at_least + found.at_most >= 1 - 1e-12).all()


def test_neighbours_that_are_all_the_others_have_p_one() -> None:
    values = np.array([3.0, 1.0, 2.0])
    found = exact_tails(values, csr_array(1.0 - np.eye(3)))
    assert found.at_least.tolist() == found.at_most.tolist() == [1, 1, 1]


def test_values_that_are_all_equal_have_p_one() -> None:
    found = exact_tails(
        np.full(50, 0.1), some_sets(np.arange(50.0), np.full(50, 6), np.random.default_rng(0))
    )
    assert np.allclose(found, 1)
