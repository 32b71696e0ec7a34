from __future__ import annotations

from itertools import product
from math import factorial, prod

import numpy as np
import pandas as pd
import pytest

import geo
from geo.register.populations import population_series
from geo.stats.inequality.indices import by_group, gini_of, hoover_of, theil_of
from geo.stats.inequality.nullmodel import constant_risk_draws, constant_risk_means, mean_gini

CODE = np.array([0, 0, 1])


def every_map(total: int, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All ways to share out so many events, and the multinomial probability of each."""
    maps = [m for m in product(range(total + 1), repeat=len(people)) if sum(m) == total]
    chance = [
        factorial(total) * prod(p**k / factorial(k) for p, k in zip(people, m, strict=True)) for m in maps
    ]
    return np.array(maps, dtype=float), np.array(chance)


@pytest.mark.parametrize("total", [1, 2, 5, 9])
def test_the_means_are_those_of_all_possible_maps(total: int) -> None:
    people = np.array([0.2, 0.5, 0.3])
    maps, chance = every_map(total, people)
    assert chance.sum() == pytest.approx(1)
    means = constant_risk_means(total, people, CODE)
    between = theil_of(by_group(maps, CODE), by_group(people, CODE))
    assert means.gini == pytest.approx(chance @ gini_of(maps, people))
    assert means.hoover == pytest.approx(chance @ hoover_of(maps, people))
    assert means.theil == pytest.approx(chance @ theil_of(maps, people))
    assert means.theil_between == pytest.approx(chance @ between)
    assert means.within.sum() == pytest.approx(chance @ (theil_of(maps, people) - between))


@pytest.mark.parametrize(("per_100_000", "expected"), [(50, 0.095), (20, 0.150)])
def test_small_counts_alone_make_a_gini(per_100_000: int, expected: float) -> None:
    """On the communes of 2016 with INE base 2002: 18,191,884 people in 346 communes."""
    people = population_series("ine2002", 2016).to_numpy(dtype=float)
    total, shares = round(people.sum() * per_100_000 / 100_000), people / people.sum()
    mean = mean_gini(total, shares)
    assert mean == pytest.approx(expected, abs=0.0005)
    drawn = gini_of(constant_risk_draws(total, shares, 400, np.random.default_rng(0)), shares)
    assert mean == pytest.approx(drawn.mean(), abs=5 * drawn.std() / 20)


def test_where_the_sum_is_too_long_the_mean_is_simulated_and_says_so(dmcs: pd.DataFrame) -> None:
    found = geo.stats.inequality_indices(dmcs["cases"], dmcs["population"], draws=99)
    by = found.indices["expected_by"]
    assert set(by[["gini", "top_1", "top_20"]]) == {"simulation"}
    assert set(by[["hoover", "theil", "theil_between", "theil_within"]]) == {"closed form"}
    few = geo.stats.inequality_indices(dmcs["cases"] // 100, dmcs["population"], draws=99)
    assert few.indices.loc["gini", "expected_by"] == "closed form"


@pytest.mark.night
def test_maps_at_constant_risk_have_a_p_value_that_is_uniform() -> None:
    people = pd.Series(np.random.default_rng(1).integers(200, 5000, 40))
    drawn = constant_risk_draws(300, (people / people.sum()).to_numpy(), 120, np.random.default_rng(2))
    p = [
        geo.stats.inequality_indices(pd.Series(row), people, draws=49).indices.loc["gini", "p_value"]
        for row in drawn
    ]
    assert np.mean(np.array(p, dtype=float) <= 0.05) == pytest.approx(0.05, abs=0.06)
    assert np.mean(np.array(p, dtype=float)) == pytest.approx(0.5, abs=0.1)
