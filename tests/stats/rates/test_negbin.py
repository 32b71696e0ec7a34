"""The likelihood that decides between models, against SciPy's distributions and Binet's integrals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.stats import nbinom, poisson

import geo
from geo.stats.rates import negbin
from geo.stats.rates.negbin import fit_counts, orthogonal_basis, separating_column

# Small areas that vary about two large ones that do not: the likelihood has a top with dispersion, and is
# higher without any.
TWO_TOPS = [
    ([142, 4, 30, 12, 3, 182], [7115, 118, 1868, 165, 146, 9114]),
    ([33, 4, 0, 0, 2], [1636, 69, 4, 125, 26]),
    ([1, 9, 184, 7, 1, 22, 100, 0, 0], [401, 919, 9186, 283, 110, 982, 4995, 4, 4]),
]


def profile(count: NDArray[np.float64], people: NDArray[np.float64], dispersion: float) -> float:
    """Highest log likelihood at one dispersion, by SciPy's distributions, over all overall rates."""

    def lost(log_rate: float) -> float:
        mean = np.exp(log_rate) * people
        if dispersion == 0:
            return -float(poisson.logpmf(count, mean).sum())
        theta = 1 / dispersion
        return -float(nbinom.logpmf(count, theta, theta / (theta + mean)).sum())

    start = np.log(count.sum() / people.sum())
    return -float(minimize_scalar(lost, bounds=(start - 3, start + 3), options={"xatol": 1e-10}).fun)


@pytest.mark.parametrize(("events", "people"), TWO_TOPS)
def test_of_two_tops_of_the_likelihood_the_higher_one_is_the_model(
    events: list[int], people: list[int]
) -> None:
    count, base = np.array(events, dtype=float), np.array(people, dtype=float)
    levels = [profile(count, base, d) for d in np.geomspace(1e-6, 10, 120)]
    tops = [levels[at] for at in range(1, 119) if levels[at - 1] < levels[at] > levels[at + 1]]
    assert len(tops) == 1
    assert tops[0] < profile(count, base, 0)
    model = geo.stats.rate_model(pd.Series(events), pd.Series(people))
    assert model.dispersion == 0
    assert model.log_likelihood == pytest.approx(profile(count, base, 0), abs=1e-8)


def test_where_dispersion_is_likelier_it_is_kept_however_small() -> None:
    """The same means with a little more variance than chance gives: 110, 90, ... about 100."""
    count, base = np.array([114.0, 87, 113, 88, 112, 86, 100, 100]), np.ones(8) * 50
    model = geo.stats.rate_model(pd.Series(count), pd.Series(base))
    found = minimize_scalar(lambda d: -profile(count, base, d), bounds=(1e-6, 1), options={"xatol": 1e-12})
    assert 0 < model.dispersion < 0.01
    assert model.dispersion == pytest.approx(found.x, rel=1e-3)
    assert model.log_likelihood == pytest.approx(-found.fun, abs=1e-7)
    assert model.log_likelihood > profile(count, base, 0) + 0.01


def test_the_dispersion_of_very_large_counts_is_the_variance_of_their_rates() -> None:
    """Chance adds nothing to rates of millions: they vary by 5 % and 10 % about one, 0.00625 in the mean."""
    count = np.array([0.95, 1.05, 0.9, 1.1, 0.95, 1.05, 0.9, 1.1]) * 2e6
    model = geo.stats.rate_model(pd.Series(count), pd.Series(np.full(8, 5e6)))
    assert model.dispersion == pytest.approx(0.00625, rel=0.01)


@pytest.mark.parametrize("x", [0.3, 2.0, 40.0, 999.0, 1000.0, 4000.0, 1e6])
def test_what_stirlings_formula_leaves_is_binets_integral(x: float) -> None:
    """log gamma, digamma and trigamma less their leading terms, as integrals that nothing cancels in."""

    def integral(part) -> float:  # type: ignore[no-untyped-def]
        return float(quad(lambda t: part(t) / np.expm1(2 * np.pi * t), 0, 12, epsabs=0, epsrel=1e-13)[0])

    # Up to 1,000 the functions themselves lose a share; from there on their series must not.
    share = 1e-13 if x >= 1000 else 3e-7
    by = {
        negbin._gamma_rest: integral(lambda t: 2 * np.arctan(t / x)),
        negbin._digamma_rest: -1 / (2 * x) - integral(lambda t: 2 * t / (t**2 + x**2)),
        negbin._trigamma_rest: 1 / (2 * x**2) + integral(lambda t: 4 * x * t / (t**2 + x**2) ** 2),
    }
    for rest, exact in by.items():
        assert float(rest(x, x)) == pytest.approx(exact, rel=share, abs=0)


@pytest.mark.parametrize(("count", "mean", "theta"), [(0, 9, 2), (3, 3, 5), (9, 2, 0.5), (1, 900, 1e-3)])
def test_the_log_of_a_ratio_is_exact_far_apart_and_close_together(
    count: float, mean: float, theta: float
) -> None:
    found = negbin._log_ratio(np.array([float(count)]), np.array([float(mean)]), theta)
    assert found[0] == pytest.approx(np.log((count + theta) / (mean + theta)), rel=1e-12)
    close = negbin._log_ratio(np.array([5.0]), np.array([5.0 + 1e-9]), 1e6)
    assert close[0] == pytest.approx(-1e-9 / (1e6 + 5), rel=1e-6, abs=0)


@pytest.mark.parametrize("dispersion", [0.0, 0.4])
def test_deviance_and_residuals_are_those_of_the_textbook(dispersion: float) -> None:
    """Twice the likelihood lost against a mean for every count (McCullagh & Nelder 1989, table 2.1)."""
    count, mean = np.array([0.0, 2, 7]), np.array([1.0, 3, 5])
    fit = negbin.Fit(np.zeros(1), np.eye(1), dispersion, mean, 0.0, 1)

    def level(at: NDArray[np.float64]) -> float:
        if dispersion == 0:
            return float(poisson.logpmf(count, at).sum())
        theta = 1 / dispersion
        return float(nbinom.logpmf(count, theta, theta / (theta + at)).sum())

    assert fit.deviance(count) == pytest.approx(2 * (level(count) - level(mean)))
    spread = np.sqrt(mean * (1 + dispersion * mean))
    assert fit.pearson_residuals(count).tolist() == pytest.approx(((count - mean) / spread).tolist())


def test_the_basis_is_orthogonal_and_takes_coefficients_back_to_the_covariates_as_they_came() -> None:
    matrix = np.array([[1.0, 900.0], [2.0, 100.0], [4.0, 400.0], [8.0, -300.0], [3.0, 0.0]])
    basis = orthogonal_basis(matrix)
    assert basis.redundant is None
    assert (basis.columns.T @ basis.columns / 5).ravel().tolist() == pytest.approx(np.eye(3).ravel().tolist())
    on_columns = np.array([0.3, -1.2, 2.5])
    plain = basis.back @ on_columns
    assert (plain[0] + matrix @ plain[1:]).tolist() == pytest.approx((basis.columns @ on_columns).tolist())
    assert basis.spread.tolist() == pytest.approx(matrix.std(axis=0).tolist())


@pytest.mark.parametrize(
    ("columns", "redundant"),
    [
        ([[1.0, 2, 4, 8], [5.0, 5, 5, 5]], 1),
        ([[7.0, 7, 7, 7], [1.0, 2, 4, 8]], 0),
        ([[1.0, 2, 4, 8], [3.0, 1, 0, 2], [4.0, 3, 4, 10]], 2),
        ([[1.0, 2, 4, 8], [1.0, 2, 4, 8.001]], None),
        ([[1.0, 2, 4, 8], [3.0, 1, 0, 2]], None),
    ],
)
def test_the_first_covariate_that_says_nothing_new_is_named(
    columns: list[list[float]], redundant: int | None
) -> None:
    assert orthogonal_basis(np.array(columns).T).redundant == redundant


@pytest.mark.parametrize(
    ("columns", "count", "column"),
    [
        # Only zeros where the mark is 1, or only where it is 0.
        ([[0.0, 0, 1, 1]], [4, 5, 0, 0], 0),
        ([[1.0, 1, 0, 0]], [4, 5, 0, 0], 0),
        ([[0.0, 0, 1, 1]], [4, 5, 0, 1], None),
        ([[0.0, 0, 1, 1]], [4, 0, 1, 1], None),
        # All that was counted lies at one value, zeros on both sides: no direction leads away from all.
        ([[0.0, 1, 1, 2]], [0, 4, 5, 0], None),
        ([[1.0, 1, 2, 3]], [4, 5, 0, 0], 0),
        ([[3.0, 1, 4, 1, 5, 9], [0.0, 0, 0, 0, 1, 1]], [4, 5, 6, 2, 0, 0], 1),
        ([[0.0, 0, 0, 0, 1, 1], [3.0, 1, 4, 1, 5, 9]], [4, 5, 6, 2, 0, 0], 0),
    ],
)
def test_a_covariate_that_sets_areas_without_counts_apart_is_found(
    columns: list[list[float]], count: list[int], column: int | None
) -> None:
    """Where the maximum of the likelihood lies at infinity, and where it does not (Santos Silva 2010)."""
    assert separating_column(np.array(count, dtype=float), orthogonal_basis(np.array(columns).T)) == column


def test_a_fit_of_no_covariates_is_the_mean_and_says_how_sure_it_is() -> None:
    count = np.array([0.0, 4, 1, 9, 2, 7, 3])
    fit = fit_counts(count, np.log(np.full(7, 2.0)), orthogonal_basis(np.empty((7, 0))))
    assert fit is not None
    assert fit.mean.tolist() == pytest.approx([count.mean()] * 7)
    mean, k = count.mean(), fit.dispersion
    assert fit.covariance[0, 0] == pytest.approx((1 + k * mean) / (7 * mean))
    assert fit.log_likelihood == pytest.approx(profile(count, np.full(7, 2.0), k), abs=1e-8)
    assert 1 < fit.iterations < 20
