"""Values as whole numbers of steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.engine.lattice import common_unit, make_lattice
from tests.properties import examples


@examples(60)
@given(
    st.lists(st.integers(0, 100_000), min_size=2, max_size=50, unique=True),
    st.floats(1e-3, 1e3),
    st.floats(-100, 100),
)
def test_multiples_of_a_unit_are_known_by_it(multiples: list[int], unit: float, shift: float) -> None:
    levels = np.array(sorted(multiples))
    values = (levels - levels.mean()) * unit + shift
    found = common_unit(values, 1e-12 * np.abs(values - values.mean()).sum())
    step = np.gcd.reduce(np.diff(levels)) * unit
    assert found == pytest.approx(step, rel=1e-9)


def test_values_without_a_unit_have_none() -> None:
    values = np.unique(np.random.default_rng(0).normal(size=300))
    assert common_unit(values, 1e-12 * np.abs(values).sum()) is None
    assert common_unit(values[:1], 1e-12) is None


def test_nothing_is_lost_where_values_are_multiples_of_a_unit() -> None:
    values = np.random.default_rng(0).integers(0, 900, 200) * 0.1
    own = make_lattice(values, np.array([3, 8]), 2**18, tie=1e-9, unit=0.1)
    assert own.error == 0
    assert np.array_equal(own.levels, np.rint(values * 10))


def test_values_above_the_cap_stay_out_and_outliers_below_it_are_set_apart() -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.random(100), [1000.0, 1e6]])
    lattice = make_lattice(values, np.array([4]), 2**18, tie=1e-9, cap=1002.0)
    assert lattice.outer.tolist() == [100]
    assert not lattice.matter[101]
    assert lattice.inner.sum() == 100
