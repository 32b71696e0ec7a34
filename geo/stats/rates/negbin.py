"""Negative-binomial regression with a log link, by maximum likelihood, on plain arrays.

Newton's method on the coefficients and the log of theta together, started from the Poisson fit, each step
halved until the likelihood rises. With theta = 1 / dispersion the log likelihood of one count y with mean mu
is written in d = (y - mu) / (mu + theta), ::

    (y + theta) log(1 + d) - log(1 + y / theta) / 2 - y + s(y + theta) - s(theta) + y log(mu) - log(y!)

s being what Stirling's formula leaves of the log of the gamma function: nothing large cancels, however close
to Poisson the counts are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import digamma, gammaln, xlogy, zeta

from geo.model.numeric import Floats

STEPS = 100  # Newton steps before a fit is given up; four to ten are usual
HALVINGS = 40  # of one step
GAIN = 1e-10  # log likelihood that a last step may still add
COLLINEAR = 1e-7  # share of a covariate's spread, below which what others leave of it is rounding
POISSON = 1e-7  # dispersion times the largest mean, below which the two models are one
FAR = 5.0  # most that one step may change the log of a mean
FAR_THETA = 2.0  # ... and of theta
ROUNDING = 1e-13  # share of the log likelihood within which it cannot tell two fits apart
LARGE = 1000.0  # theta, from which on series take the place of the gamma function
SEPARATES = 1e-6  # how far areas without counts must move along a direction for it to set them apart


class Basis(NamedTuple):
    """The intercept and the covariates, turned into orthogonal columns of equal length."""

    columns: Floats
    """Shape (n, p + 1), each with mean square one."""
    back: Floats
    """Shape (p + 1, p + 1): takes coefficients on `columns` to those on the covariates as they came."""
    spread: Floats
    """Standard deviations of the covariates, shape (p,)."""
    redundant: int | None
    """The first covariate that is constant or follows from those before it; `columns` are then of no use."""


class Fit(NamedTuple):
    """A fitted model, its coefficients on the columns of the basis."""

    coefficients: Floats
    covariance: Floats
    """Inverse of the expected information, at the fitted dispersion."""
    dispersion: float
    mean: Floats
    log_likelihood: float
    iterations: int

    def pearson_residuals(self, count: Floats) -> Floats:
        """Divide what is left of each count by its standard deviation under the model."""
        mean = self.mean
        return np.asarray((count - mean) / np.sqrt(mean * (1 + self.dispersion * mean)))

    def deviance(self, count: Floats) -> float:
        """Compare with a mean for every count, at the same dispersion."""
        ratio = xlogy(count, np.where(count > 0, count, 1) / self.mean)
        if self.dispersion == 0:
            return float(2 * (ratio - (count - self.mean)).sum())
        theta = 1 / self.dispersion
        return float(2 * (ratio - (count + theta) * _log_ratio(count, self.mean, theta)).sum())


def orthogonal_basis(matrix: Floats) -> Basis:
    """Centre, scale and orthogonalise covariates, so that no unit or near-repetition upsets the fit.

    Parameters
    ----------
    matrix : array of float, shape (n, p)

    Examples
    --------
    >>> orthogonal_basis(np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]])).redundant
    1
    """
    n, p = matrix.shape
    centre, spread = matrix.mean(axis=0), matrix.std(axis=0)
    constant = np.ptp(matrix, axis=0) == 0
    scaled = np.ones((n, p + 1))
    scaled[:, 1:] = (matrix - centre) / np.where(constant, 1, spread)
    q, r = np.linalg.qr(scaled)
    left = np.abs(np.diag(r)[1:]) / np.sqrt(n)
    bad = np.flatnonzero(constant | (left < COLLINEAR))
    if len(bad):
        return Basis(q, r, spread, int(bad[0]))
    unscale = np.diag(np.append(1.0, 1 / spread))
    unscale[0, 1:] = -centre / spread
    return Basis(q * np.sqrt(n), unscale @ np.linalg.inv(r) * np.sqrt(n), spread, None)


def separating_column(count: Floats, basis: Basis) -> int | None:
    """Find a covariate along which the means of areas with a count of zero can fall for ever.

    That is so where some combination of the covariates is zero wherever something was counted, and nowhere
    positive elsewhere; the likelihood then has no maximum.

    References
    ----------
    Santos Silva, J. M. C. & Tenreyro, S. (2010). On the existence of the maximum likelihood estimates in
    Poisson regression. Economics Letters 107(2), 310-312.

    Examples
    --------
    >>> group = orthogonal_basis(np.array([[0.0], [0.0], [1.0], [1.0]]))
    >>> separating_column(np.array([4.0, 5.0, 0.0, 0.0]), group)
    0
    >>> separating_column(np.array([4.0, 5.0, 0.0, 1.0]), group) is None
    True
    """
    empty = count == 0
    if not empty.any():
        return None
    counted, none = basis.columns[~empty], basis.columns[empty]
    values, vectors = np.linalg.eigh(counted.T @ counted / len(count))
    free = vectors[:, values < COLLINEAR**2]
    if free.shape[1] == 0:
        return None
    from scipy.optimize import linprog  # seldom needed, and half as long to load as all else

    moves = none @ free
    solution = linprog(moves.sum(axis=0), A_ub=moves, b_ub=np.zeros(len(moves)), bounds=(-1, 1))
    if solution.fun > -SEPARATES:
        return None
    # Named by the covariate that moves most along the direction found, in units of its own spread.
    return int(np.argmax(np.abs(basis.back @ free @ solution.x)[1:] * basis.spread))


def fit_counts(count: Floats, offset: Floats, basis: Basis) -> Fit | None:
    """Fit by maximum likelihood; None where no maximum is reached.

    Parameters
    ----------
    count : array of float, shape (n,)
        Zero or more, not all zero.
    offset : array of float, shape (n,)
        Log of what the mean is proportional to.
    basis : Basis

    References
    ----------
    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of Statistics
    15(3), 209-225.

    Examples
    --------
    >>> fit = fit_counts(np.array([0.0, 4, 1, 9, 2]), np.zeros(5), orthogonal_basis(np.empty((5, 0))))
    >>> float(fit.mean[0].round(6)), round(fit.dispersion, 3)
    (3.2, 0.811)
    """
    try:
        poisson = _fit_poisson(count, offset, basis.columns)
        fit = _fit_negative_binomial(count, offset, basis.columns, poisson) if poisson else None
    except np.linalg.LinAlgError:  # means so far apart that the least of them drown in rounding
        return None
    if poisson is None or fit is None or not fit.mean.all():
        return None
    if fit.log_likelihood <= poisson.log_likelihood or fit.dispersion * fit.mean.max() < POISSON:
        fit = poisson
    return fit._replace(log_likelihood=fit.log_likelihood - float(gammaln(count + 1).sum()))


def _fit_poisson(count: Floats, offset: Floats, columns: Floats) -> Fit | None:
    near = count + 0.5
    weighted = columns.T * near
    first = np.linalg.solve(weighted @ columns, weighted @ (np.log(near) - offset))
    beta = np.asarray(first, dtype=np.float64)
    mean = np.exp(offset + columns @ beta)
    level = _poisson_likelihood(count, mean)
    for step in range(1, STEPS + 1):
        information = (columns.T * mean) @ columns
        gradient = columns.T @ (count - mean)
        move = np.linalg.solve(information, gradient)
        gain = float(gradient @ move)
        move *= FAR / np.abs(columns @ move).max(initial=FAR)
        for _ in range(HALVINGS):
            new = np.exp(offset + columns @ (beta + move))
            reached = _poisson_likelihood(count, new)
            if reached >= level - ROUNDING * abs(level):
                break
            move /= 2
        beta, mean, level = beta + move, new, reached
        if gain < GAIN:
            return Fit(beta, _inverse((columns.T * mean) @ columns), 0.0, mean, level, step)
    return None


def _first_dispersion(count: Floats, mean: Floats) -> float:
    """Estimate the dispersion by moments, and where these find none, take what chance alone would give.

    With means of unequal size the likelihood can fall from zero dispersion and rise again beyond: the search
    begins on the far side, and what it finds is compared with Poisson.
    """
    square = (count - mean) ** 2 - mean
    least = min(1.0, 1 / mean.mean())
    return float(max(least, (square / mean).sum() / mean.sum(), square.sum() / (mean**2).sum()))


def _fit_negative_binomial(count: Floats, offset: Floats, columns: Floats, start: Fit) -> Fit | None:
    beta, mean, theta = start.coefficients, start.mean, 1 / _first_dispersion(count, start.mean)
    log_theta = np.log(theta)
    level = _likelihood(count, mean, theta)
    for step in range(1, STEPS + 1):
        move, move_theta, gain = _newton(_slope(count, mean, theta, columns))
        shrink = FAR / np.abs(columns @ move).max(initial=FAR)
        shrink = min(shrink, FAR_THETA / max(abs(move_theta), FAR_THETA))
        for _ in range(HALVINGS):
            new = np.exp(offset + columns @ (beta + shrink * move))
            new_theta = np.exp(log_theta + shrink * move_theta)
            reached = _likelihood(count, new, new_theta)
            if reached >= level - ROUNDING * abs(level):
                break
            shrink /= 2
        beta, log_theta = beta + shrink * move, log_theta + shrink * move_theta
        mean, theta, level = new, new_theta, reached
        if gain < GAIN or mean.max() < POISSON * theta:
            information = (columns.T * (mean / (1 + mean / theta))) @ columns
            return Fit(beta, _inverse(information), float(1 / theta), mean, level, step)
    return None


class _Slope(NamedTuple):
    """First derivatives of the log likelihood and, with the sign turned, second ones."""

    beta: Floats
    theta: float
    """By log theta."""
    beta_beta: Floats
    beta_theta: Floats
    theta_theta: float


def _slope(count: Floats, mean: Floats, theta: float, columns: Floats) -> _Slope:
    total = mean + theta
    d = (count - mean) / total
    rest = _digamma_rest(count + theta, theta) - _digamma_rest(theta, theta)
    by_theta = float((_log_ratio(count, mean, theta) - d + rest).sum())
    rest = _trigamma_rest(count + theta, theta) - _trigamma_rest(theta, theta)
    twice = float((d**2 / (count + theta) + rest).sum())
    return _Slope(
        beta=theta * (columns.T @ d),
        theta=theta * by_theta,
        beta_beta=(columns.T * (theta * mean * (count + theta) / total**2)) @ columns,
        beta_theta=-theta * (columns.T @ (d * mean / total)),
        theta_theta=-theta * (theta * twice + by_theta),
    )


def _newton(slope: _Slope) -> tuple[Floats, float, float]:
    """Give the step in the coefficients and in log theta, and twice what it gains if all is quadratic."""
    alone, across = np.linalg.solve(slope.beta_beta, np.column_stack([slope.beta, slope.beta_theta])).T
    curvature = slope.theta_theta - float(slope.beta_theta @ across)
    if curvature <= 0:  # far from the maximum, where only the direction is known
        return alone, float(np.copysign(1.0, slope.theta)), float(slope.beta @ alone) + abs(slope.theta)
    move_theta = (slope.theta - float(slope.beta_theta @ alone)) / curvature
    move = alone - across * move_theta
    return move, move_theta, float(slope.beta @ move) + slope.theta * move_theta


def _inverse(information: Floats) -> Floats:
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def _poisson_likelihood(count: Floats, mean: Floats) -> float:
    return float((xlogy(count, mean) - mean).sum())


def _likelihood(count: Floats, mean: Floats, theta: float) -> float:
    """Log likelihood without the term log(y!)."""
    rest = _gamma_rest(count + theta, theta) - _gamma_rest(theta, theta) - np.log1p(count / theta) / 2
    ratio = (count + theta) * _log_ratio(count, mean, theta)
    return float((ratio - count + rest + xlogy(count, mean)).sum())


def _log_ratio(count: Floats, mean: Floats, theta: float) -> Floats:
    """Give the log of (count + theta) / (mean + theta), exact where the two are close."""
    total = mean + theta
    d = (count - mean) / total
    return np.where(d > -0.5, np.log1p(np.maximum(d, -0.5)), np.log((count + theta) / total))


# What is left of three functions of x once their leading terms are taken off. Where theta (x is theta or
# more) is large, the difference would drown in rounding, and the first terms of its series say it exactly.


def _gamma_rest(x: Floats | float, theta: float) -> Floats:
    """Give log gamma(x) - (x - 1/2) log(x) + x - log(2 pi) / 2."""
    if theta >= LARGE:
        return np.asarray(1 / (12 * x) - 1 / (360 * x**3))
    return np.asarray(gammaln(x) - (x - 0.5) * np.log(x) + x - np.log(2 * np.pi) / 2)


def _digamma_rest(x: Floats | float, theta: float) -> Floats:
    """Give digamma(x) - log(x)."""
    if theta >= LARGE:
        return np.asarray(-1 / (2 * x) - 1 / (12 * x**2) + 1 / (120 * x**4))
    return np.asarray(digamma(x) - np.log(x))


def _trigamma_rest(x: Floats | float, theta: float) -> Floats:
    """Give trigamma(x) - 1 / x."""
    if theta >= LARGE:
        return np.asarray(1 / (2 * x**2) + 1 / (6 * x**3) - 1 / (30 * x**5))
    return np.asarray(zeta(2, x) - 1 / x)
