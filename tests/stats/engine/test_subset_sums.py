"""Sums of whole numbers drawn without replacement, against exact integers."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.engine import subset_sums
from geo.stats.engine.subset_sums import SubsetSums, window
from tests.properties import examples
from tests.stats.engine.test_exact import count_up_to


@examples(40)
@given(st.lists(st.integers(0, 30), min_size=4, max_size=30), st.data())
def test_distributions_agree_with_exact_integers_with_all_numbers_and_without_one(
    numbers: list[int], data: st.DataObject
) -> None:
    levels = np.array(numbers)
    k = data.draw(st.integers(1, len(levels) // 2))
    i = data.draw(st.integers(0, len(levels) - 1))
    limits = np.arange(-1, levels.sum() + 2)[None, :]
    sums = SubsetSums(levels, 1, k)
    for drawn_from, without in ((levels, None), (np.delete(levels, i), levels[[i]])):
        true = [count_up_to(drawn_from, k, s) / comb(len(drawn_from), k) for s in limits[0].clip(0).tolist()]
        true[0] = 0
        assert np.abs(sums.at_most(k, limits, without)[0] - true).max() < 1e-14 * len(levels)


@pytest.mark.once
@pytest.mark.parametrize("k", [1, 40, 100, pytest.param(170, marks=pytest.mark.night)])
def test_large_sets_lose_no_accuracy(k: int) -> None:
    levels = np.floor(np.random.default_rng(k).lognormal(1, 1, 341)).astype(int)
    sums = SubsetSums(levels, k, k)
    middle = int(levels.mean() * k)
    limits = np.array([[middle // 2, middle, middle + 20, middle * 2]])
    true = [count_up_to(levels[1:], k, s) / comb(340, k) for s in limits[0].tolist()]
    assert np.abs(sums.at_most(k, limits, levels[:1])[0] - true).max() < 1e-13


def test_sums_over_few_frequencies_equal_those_from_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    levels = rng.integers(0, 4000, 300)
    limits = np.sort(rng.integers(60_000, 140_000, (50, 4)))
    found = []
    for few in (1, 10**9):
        monkeypatch.setattr(subset_sums, "FEW", few)
        found.append(SubsetSums(levels, 45, 50).at_most(50, limits, levels[:50]))
    assert 0 < found[0].min() < 1e-3
    assert np.abs(found[0] - found[1]).max() < 1e-13


@pytest.mark.parametrize("k", [1, 5, 30])
def test_a_window_leaves_almost_nothing_outside(k: int) -> None:
    levels = np.floor(np.random.default_rng(k).lognormal(1, 1, 100)).astype(int)
    low, high = window(levels.astype(float), k)
    total = comb(100, k)
    assert count_up_to(levels, k, int(np.ceil(low[k])) - 1) / total <= 1.1e-14 if low[k] > 0 else True
    assert 1 - count_up_to(levels, k, int(high[k])) / total <= 1.1e-14
    assert 0 <= low[k] < high[k] <= np.sort(levels)[-k:].sum()
