"""One likelihood for exact and interval counts, against SciPy, another optimiser and the known regression."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import nbinom

import geo
from geo.stats.incomplete.mass import draw_within, log_mass
from tests.properties import examples
from tests.stats.incomplete.cases import study_counts

Intervals = tuple[np.ndarray, np.ndarray]


@pytest.mark.parametrize("theta", [0.3, 2.5, 400.0])
@pytest.mark.parametrize("mean", [0.2, 7.0, 900.0])
@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 4), (5, 9), (30, 2000), (3, np.inf), (0, np.inf)])
def test_interval_probabilities_are_those_of_scipy(
    theta: float, mean: float, low: float, high: float
) -> None:
    law = nbinom(theta, theta / (theta + mean))
    exact = law.cdf(high) - law.cdf(low - 1) if low < mean else law.sf(low - 1) - law.sf(high)
    found = float(log_mass(np.array([low]), np.array([high]), np.array([mean]), theta)[0])
    if exact > 1e-12:
        assert np.exp(found) == pytest.approx(exact, rel=1e-7)
    else:
        terms = law.logpmf(np.arange(low, min(high, low + 5000) + 1))
        assert found == pytest.approx(float(np.logaddexp.reduce(terms)), rel=1e-6)


def test_an_interval_far_from_the_mean_keeps_a_finite_probability() -> None:
    found = log_mass(np.array([0.0, 5000.0]), np.array([10.0, 6000.0]), np.array([5000.0, 3.0]), 500.0)
    assert np.isfinite(found).all()
    assert (found < -700).all()


@examples(50)
@given(st.integers(0, 50), st.integers(0, 60), st.floats(0.05, 300), st.floats(0.2, 50), st.integers(0, 99))
def test_draws_stay_within_their_interval(low: int, width: int, mean: float, theta: float, seed: int) -> None:
    drawn = draw_within(
        np.full(50, low), np.full(50, low + width), np.full(50, mean), theta, np.random.default_rng(seed)
    )
    assert drawn.min() >= low
    assert drawn.max() <= low + width


@pytest.mark.parametrize(("low", "high"), [(0, 6), (3, 9), (12, 20), (10, np.inf)])
def test_draws_follow_the_law_within_the_interval(low: int, high: float) -> None:
    size, mean, theta = 40_000, 6.0, 1.5
    drawn = draw_within(
        np.full(size, float(low)), np.full(size, high), np.full(size, mean), theta, np.random.default_rng(1)
    )
    values = np.arange(low, min(high, 200) + 1)
    exact = nbinom(theta, theta / (theta + mean)).pmf(values)
    exact = exact / exact.sum()
    share = np.array([(drawn == v).mean() for v in values])
    assert (np.abs(share - exact) <= 5 * np.sqrt(exact * (1 - exact) / size) + 1e-9).all()


def test_the_fit_is_where_another_optimiser_finds_it() -> None:
    generator = np.random.default_rng(3)
    people = np.exp(generator.uniform(7, 12, 80)).round()
    mean = people * np.exp(-9 + 0.25 * np.log(people))
    y = generator.poisson(generator.gamma(3, mean / 3)).astype(float)
    low = np.where(y < 5, 0, np.where(np.arange(80) % 3 == 0, y, np.floor(y * 0.8)))
    high = np.where(y < 5, 4, np.where(np.arange(80) % 3 == 0, y, np.ceil(y * 1.3)))

    def minus(parameters: np.ndarray) -> float:
        theta = np.exp(parameters[2])
        mu = people * np.exp(parameters[0] + parameters[1] * (np.log(people) - 9.5))
        law = nbinom(theta, theta / (theta + mu))
        return -float(np.log(law.cdf(high) - law.cdf(low - 1)).sum())

    other = minimize(minus, [-7.0, 0.2, 1.0], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-10})
    model = geo.stats.interval_model(pd.DataFrame({"low": low, "high": high}), pd.Series(people))
    assert model.log_likelihood == pytest.approx(-other.fun, abs=1e-6)
    assert model.coefficients["log_population"] == pytest.approx(other.x[1], abs=2e-4)
    assert model.dispersion == pytest.approx(np.exp(-other.x[2]), rel=1e-3)


def test_complete_counts_give_the_regression_of_complete_counts(dmcs: pd.DataFrame) -> None:
    counts = pd.DataFrame({"low": dmcs["cases"], "high": dmcs["cases"]})
    model = geo.stats.interval_model(counts, dmcs["population"])
    known = geo.stats.rate_model(
        dmcs["cases"], dmcs["population"], covariates=geo.stats.size_covariates(dmcs["population"])
    )
    assert model.log_likelihood == pytest.approx(known.log_likelihood, abs=1e-5)
    assert model.coefficients.to_list() == pytest.approx(known.coefficients.to_list(), abs=1e-5)
    assert model.dispersion == pytest.approx(known.dispersion, rel=1e-4)


def test_counts_no_more_dispersed_than_chance_give_a_poisson_model() -> None:
    people = pd.Series(np.linspace(5_000, 50_000, 40).round())
    counts = (people / 1_000).round()
    model = geo.stats.interval_model(pd.DataFrame({"low": counts, "high": counts}), people)
    assert model.dispersion == 0
    drawn = geo.stats.impute_counts(pd.DataFrame({"low": counts - counts.mod(2), "high": counts + 1}), people)
    assert drawn.effective > 0.1


def test_rates_rise_with_size_in_the_study() -> None:
    counts, people = study_counts()
    model = geo.stats.interval_model(counts, people)
    flat = geo.stats.interval_model(counts, people, size=False)
    assert model.coefficients["log_population"] == pytest.approx(0.37, abs=0.02)
    assert 50 < 2 * (model.log_likelihood - flat.log_likelihood) < 65


def test_units_of_a_covariate_do_not_matter() -> None:
    counts, people = study_counts()
    need = pd.Series(np.random.default_rng(0).normal(size=len(people)), people.index)
    one, other = (
        geo.stats.interval_model(counts, people, covariates=pd.DataFrame({"need": need * unit + shift}))
        for unit, shift in ((1, 0), (1e4, 3e5))
    )
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=1e-6)
    assert one.coefficients["need"] == pytest.approx(other.coefficients["need"] * 1e4, rel=1e-4)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ([0] * 8, [4] * 8, "surely above zero"),
        ([5, 3] * 4, [4, 3] * 4, "runs from one whole number"),
        ([1.5] * 8, [2] * 8, "whole number"),
    ],
)
def test_what_cannot_be_fitted_is_refused(low: list[float], high: list[float], words: str) -> None:
    with pytest.raises(geo.StatisticError, match=words):
        geo.stats.interval_model(pd.DataFrame({"low": low, "high": high}), pd.Series(range(1000, 9000, 1000)))


def test_a_column_that_sets_apart_areas_that_may_be_empty_is_named() -> None:
    counts = pd.DataFrame({"low": [9, 8, 7, 9, 0, 0, 0, 5], "high": [9, 8, 7, 9, 4, 4, 4, 5]})
    north = pd.DataFrame({"north": [0, 0, 0, 0, 1, 1, 1, 0]})
    with pytest.raises(geo.StatisticError, match="'north'"):
        geo.stats.interval_model(counts, pd.Series(range(1000, 9000, 1000)), covariates=north)


def test_a_repeated_area_is_refused() -> None:
    counts = pd.DataFrame({"low": [1, 2], "high": [1, 2]}, index=["a", "a"])
    with pytest.raises(geo.StatisticError, match="one row"):
        geo.stats.interval_model(counts, pd.Series([5, 6], index=["a", "b"]))


def test_to_forget_a_limit_the_list_must_be_told_from_suppressed_cells() -> None:
    counts = pd.DataFrame({"low": [5, 0, 7, 8], "high": [5, 4, 7, 8]})
    with pytest.raises(geo.StatisticError, match="status"):
        geo.stats.interval_model(counts, pd.Series([1, 2, 3, 4]) * 1000, unbounded=True)
