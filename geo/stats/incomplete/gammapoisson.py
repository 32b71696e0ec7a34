"""A model of counts known exactly or within intervals: Poisson counts about gamma-distributed rates.

The mean rate is log-linear in the log of population, and in further covariates; an area's own rate varies
about it by a gamma distribution, so that its count is negative binomial. All that is known enters one
likelihood: the probability of an exact count, the probability of the interval of any other.

Newton's method on the coefficients and the log of the shape theta together. Each area's log likelihood
depends on its linear predictor and on log theta alone, so that differences on a grid of nine points around
both give the slopes and curvatures of all areas at once, whatever the number of covariates.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.numeric import Floats
from geo.stats.engine.arrays import floats
from geo.stats.engine.parallel import blocks
from geo.stats.incomplete.intervals import Intervals, take_intervals
from geo.stats.incomplete.mass import log_mass
from geo.stats.rates.adjustment import INTERCEPT, size_covariates
from geo.stats.rates.negbin import Basis, orthogonal_basis, separating_column

STEPS = 100  # Newton steps before a fit is given up; five to fifteen are usual
HALVINGS = 30  # of one step
GAIN = 1e-9  # log likelihood that a last step may still add
MESH = 1e-3  # between points of the grid of differences, on the scale of logs
FAR = 3.0  # most that one step may change a log mean or log theta
SHAPES = (-7.0, 14.0)  # range of log theta; at its upper end counts are Poisson for all that can be told
LEAST_CURVATURE = 1e-6
MEANS = (1e-100, 1e12)  # beyond which a mean count is not followed


class Data(NamedTuple):
    """What a likelihood is computed from: the areas of which something is known."""

    low: Floats
    high: Floats
    offset: Floats
    """Log of the population."""
    basis: Basis


class Mode(NamedTuple):
    """Where a likelihood, or a posterior density, is highest."""

    point: Floats
    """Coefficients on the basis, then log theta."""
    information: Floats
    """Second derivatives of the log with the sign turned."""
    log_likelihood: float
    steps: int


@dataclass(frozen=True, kw_only=True)
class IntervalModel:
    """Counts ~ negative binomial, mean = population · exp(intercept + covariates · slopes)."""

    coefficients: pd.Series
    """By name: ``intercept`` (log of the rate per inhabitant where every covariate is zero) and one per
    covariate, ``log_population`` first unless it was left out."""
    standard_errors: pd.Series
    """From the observed information of all parameters together."""
    dispersion: float
    """1 / theta: the squared coefficient of variation of the areas' rates about the model; zero where counts
    are no more dispersed than Poisson."""
    dispersion_interval: tuple[float, float]
    """95 %, from the standard error of log theta; without an upper end where it is zero."""
    log_likelihood: float
    n: int
    """Areas of which something is known."""
    n_exact: int
    """Areas among them whose count is known."""
    steps: int
    expected: pd.Series
    """Mean of each area's count under the model, before anything is known of it: people, by area."""


class Problem(NamedTuple):
    """A model before it is fitted: the areas, and the columns that its mean depends on."""

    given: Intervals
    columns: Floats
    """Orthogonal columns of all areas, shape (n, p + 1)."""
    data: Data
    names: list[Hashable]

    def means(self, points: Floats) -> Floats:
        """Mean count of every area under many parameters, shape (n, m)."""
        return bounded_exp(np.log(self.given.people)[:, None] + self.columns @ points[:, :-1].T)


def interval_model(
    counts: pd.DataFrame,
    population: pd.Series,
    *,
    covariates: pd.DataFrame | None = None,
    size: bool = True,
    unbounded: bool = False,
) -> IntervalModel:
    """Fit how rates depend on population and covariates, to exact and interval counts together.

    Parameters
    ----------
    counts : DataFrame
        ``low`` and ``high`` by area; missing where nothing is known of that end.
    population : Series
        Inhabitants by area. Areas without any are left out.
    covariates : DataFrame, optional
        Further numbers by area, none missing; macro-zones as columns of 0 and 1.
    size : bool
        Whether the log of population is a covariate.
    unbounded : bool
        Whether to forget the limit of areas that a list of highest rates leaves out.

    Returns
    -------
    IntervalModel

    Raises
    ------
    StatisticError
        If too few counts are surely above zero, or the covariates allow no finite estimate.

    References
    ----------
    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of Statistics
    15(3), 209-225. Lindsey, J. C. & Ryan, L. M. (1998). Methods for interval-censored data. Statistics in
    Medicine 17(2), 219-238.

    Examples
    --------
    >>> low, high = [12, 0, 40, 0, 9, 31, 0, 0], [12, 4, 40, 4, 9, 31, 9, None]
    >>> people = pd.Series([9_000, 3_000, 30_000, 2_000, 8_000, 21_000, 6_000, 5_000])
    >>> model = interval_model(pd.DataFrame({"low": low, "high": high}), people)
    >>> model.n, model.n_exact, float(model.coefficients["log_population"].round(2))
    (7, 4, 0.17)
    """
    problem = take_problem(counts, population, covariates=covariates, size=size, unbounded=unbounded)
    data = problem.data
    mode = find_mode(data, prior=False)
    covariance = np.linalg.inv(mode.information)
    back = data.basis.back
    log_theta, spread = float(mode.point[-1]), float(np.sqrt(covariance[-1, -1]))
    mean = problem.means(mode.point[None, :])[:, 0]
    poisson = log_theta >= SHAPES[1]
    ends = (0.0, float("nan")) if poisson else np.exp(-log_theta + 1.96 * spread * np.array([-1, 1])).tolist()
    return IntervalModel(
        coefficients=pd.Series(back @ mode.point[:-1], index=problem.names),
        standard_errors=pd.Series(
            np.sqrt(np.diag(back @ covariance[:-1, :-1] @ back.T)), index=problem.names
        ),
        dispersion=0.0 if poisson else float(np.exp(-log_theta)),
        dispersion_interval=tuple(ends),
        log_likelihood=mode.log_likelihood,
        n=len(data.low),
        n_exact=int((data.low == data.high).sum()),
        steps=mode.steps,
        expected=pd.Series(mean, index=problem.given.areas),
    )


def take_problem(
    counts: pd.DataFrame,
    population: pd.Series,
    *,
    covariates: pd.DataFrame | None = None,
    size: bool = True,
    unbounded: bool = False,
) -> Problem:
    """Bring intervals and covariates together, and refuse what has no finite estimate."""
    intervals = take_intervals(counts, population, unbounded=unbounded)
    parts = [size_covariates(population.reindex(intervals.areas))] if size else []
    parts += [covariates.reindex(intervals.areas)] if covariates is not None else []
    table = pd.concat(parts, axis=1) if parts else pd.DataFrame(index=intervals.areas)
    matrix = _matrix(table)
    informative = (intervals.low > 0) | np.isfinite(intervals.high)
    counted = int((intervals.low > 0).sum())
    if counted < 2 + matrix.shape[1]:
        raise StatisticError(
            f"a model with {matrix.shape[1]} covariates needs {2 + matrix.shape[1]} areas whose count is"
            " surely above zero",
            f"{counted} such areas of {len(intervals.low)}",
            "use bounds, which needs no model, or fewer covariates",
        )
    basis = orthogonal_basis(matrix[informative])
    low, high = intervals.low[informative], intervals.high[informative]
    column = basis.redundant if basis.redundant is not None else separating_column(low, basis)
    if column is not None:
        raise StatisticError(
            "every coefficient has a finite estimate",
            f"column {table.columns[column]!r}, which follows from others, does not vary, or sets apart "
            "areas that may all have a count of zero",
            "leave it out, or merge its values into fewer",
        )
    whole = np.column_stack([np.ones(len(matrix)), matrix]) @ basis.back
    data = Data(low, high, np.log(intervals.people[informative]), basis)
    return Problem(intervals, whole, data, [INTERCEPT, *table.columns])


def _matrix(table: pd.DataFrame) -> Floats:
    matrix = np.empty(table.shape)
    for at, name in enumerate(table.columns):
        matrix[:, at] = floats(table.iloc[:, at])
        bad = ~np.isfinite(matrix[:, at])
        if bad.any():
            raise StatisticError(
                "a covariate is a finite number in every area",
                f"column {name!r}, {int(bad.sum())} areas without one, first {table.index[bad][0]!r}",
                "fill it in, or leave the column or those areas out",
            )
    return matrix


def log_prior(log_theta: Floats | float) -> Floats:
    """Log density of log theta: the coefficient of variation of rates is half-Cauchy with scale 1.

    The coefficients have a flat prior. Without one on the shape, counts that are hardly more dispersed than
    Poisson would leave a posterior that does not integrate.

    References
    ----------
    Gelman, A. (2006). Prior distributions for variance parameters in hierarchical models. Bayesian Analysis
    1(3), 515-534.

    Examples
    --------
    >>> log_prior(np.array([0.0, 2.0])).round(3).tolist()
    [-0.693, -1.127]
    """
    return np.asarray(-np.asarray(log_theta) / 2 - np.log1p(np.exp(-np.asarray(log_theta))))


def log_likelihoods(data: Data, points: Floats) -> Floats:
    """Log likelihood at many points at once.

    Parameters
    ----------
    data : Data
    points : array of float, shape (m, p + 2)

    Returns
    -------
    array of float, shape (m,)
    """
    logs = np.empty(len(points))
    for start in blocks(len(points), 512):
        part = points[start : start + 512]
        predictor = data.offset[:, None] + data.basis.columns @ part[:, :-1].T
        each = log_mass(data.low[:, None], data.high[:, None], bounded_exp(predictor), np.exp(part[:, -1]))
        logs[start : start + 512] = each.sum(axis=0)
    return logs


def bounded_exp(predictor: Floats) -> Floats:
    """Turn logs into means, within limits that no count comes near: far parameters are tried, too."""
    return np.asarray(np.exp(np.clip(predictor, *np.log(MEANS))))


def find_mode(data: Data, *, prior: bool) -> Mode:
    """Climb to the maximum of the likelihood, or with `prior` of the posterior density.

    Raises
    ------
    StatisticError
        If no maximum is reached.
    """
    point = _start(data)
    level = _level(data, point, prior=prior)
    for step in range(1, STEPS + 1):
        slope, information = _slopes(data, point, prior=prior)
        if point[-1] >= SHAPES[1] and slope[-1] > 0:  # Poisson: the shape can go no further
            slope[-1] = information[-1, :-1] = information[:-1, -1] = 0
        move = _newton(slope, information)
        gain = float(slope @ move)
        move *= min(1.0, FAR / max(np.abs(data.basis.columns @ move[:-1]).max(), abs(move[-1]), FAR))
        for _ in range(HALVINGS):
            tried = point + move
            tried[-1] = np.clip(tried[-1], *SHAPES)
            reached = _level(data, tried, prior=prior)
            if reached >= level - 1e-12 * abs(level):
                break
            move /= 2
        stuck = np.abs(tried - point).max() < 1e-12
        point, level = tried, reached
        if gain < GAIN or stuck:
            _, information = _slopes(data, point, prior=prior)
            plain = float(log_likelihoods(data, point[None, :])[0])
            return Mode(point, _made_positive(information), plain, step)
    raise StatisticError(
        "a model settles on one fit",
        f"{len(data.low)} areas on which it does not",
        "check counts, populations and covariates for extreme values, or use bounds, which needs no model",
    )


def _level(data: Data, point: Floats, *, prior: bool) -> float:
    log_likelihood = float(log_likelihoods(data, point[None, :])[0])
    return log_likelihood + float(log_prior(point[-1])) if prior else log_likelihood


def _start(data: Data) -> Floats:
    """Begin with the rate of the counts known to be above zero and one half of each interval's width."""
    middle = np.where(np.isfinite(data.high), (data.low + data.high) / 2, data.low + 1)
    rate = np.log(middle.sum() + 0.5) - np.log(np.exp(data.offset).sum())
    # The first column of the basis is the intercept, of length one or minus one.
    first = np.zeros(data.basis.columns.shape[1])
    first[0] = rate / data.basis.columns[0, 0]
    return np.append(first, 0.5)


def _slopes(data: Data, point: Floats, *, prior: bool) -> tuple[Floats, Floats]:
    """Give the gradient and, with the sign turned, the second derivatives."""
    columns = data.basis.columns
    predictor, log_theta = data.offset + columns @ point[:-1], point[-1]
    h = MESH
    grid = np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]) * h
    mean, theta = bounded_exp(predictor[:, None] + grid[:, 0]), np.exp(log_theta + grid[:, 1])
    f = log_mass(data.low[:, None], data.high[:, None], mean, theta).reshape(-1, 3, 3)
    by_mean, by_theta = (f[:, 2, 1] - f[:, 0, 1]) / (2 * h), (f[:, 1, 2] - f[:, 1, 0]) / (2 * h)
    mean_mean = (f[:, 2, 1] - 2 * f[:, 1, 1] + f[:, 0, 1]) / h**2
    theta_theta = (f[:, 1, 2] - 2 * f[:, 1, 1] + f[:, 1, 0]) / h**2
    across = (f[:, 2, 2] - f[:, 2, 0] - f[:, 0, 2] + f[:, 0, 0]) / (4 * h**2)
    slope = np.append(columns.T @ by_mean, by_theta.sum())
    information = np.empty((len(point), len(point)))
    information[:-1, :-1] = -(columns.T * mean_mean) @ columns
    information[:-1, -1] = information[-1, :-1] = -columns.T @ across
    information[-1, -1] = -theta_theta.sum()
    if prior:
        odds = 1 / (1 + np.exp(log_theta))
        slope[-1] += odds - 0.5
        information[-1, -1] += odds * (1 - odds)
    return slope, information


def _newton(slope: Floats, information: Floats) -> Floats:
    """Step uphill, also where the surface does not curve down in every direction."""
    return np.asarray(np.linalg.solve(_made_positive(information), slope))


def _made_positive(information: Floats) -> Floats:
    values, vectors = np.linalg.eigh(information)
    floor = max(LEAST_CURVATURE * float(np.abs(values).max()), LEAST_CURVATURE)
    return np.asarray((vectors * np.maximum(np.abs(values), floor)) @ vectors.T)
