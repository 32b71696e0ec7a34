"""Rates adjusted for what is known to move them: what a regression on size or need leaves unexplained.

Where rates follow something that itself lies together on the map (here the size of a commune), neighbours are
alike for that reason alone. The residuals of a regression on it are tested in place of the rates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.statistics import RateModel
from geo.stats.autocorrelation.significance import reasons
from geo.stats.engine.arrays import floats
from geo.stats.rates.crude import checked_counts
from geo.stats.rates.negbin import Basis, Fit, fit_counts, orthogonal_basis, separating_column

INTERCEPT = "intercept"
SPARE = 3  # areas that must be left over once every coefficient has taken one


def rate_model(
    events: pd.Series,
    population: pd.Series,
    *,
    covariates: pd.DataFrame | None = None,
    expected: pd.Series | None = None,
) -> RateModel:
    """Fit how rates depend on covariates, or counts on expected ones, and what varies beyond that.

    Counts follow a negative-binomial distribution with mean ``population × exp(intercept + covariates ×
    slopes)``, fitted by maximum likelihood. Where the likelihood is highest without any variation beyond
    chance, the model is Poisson.

    Parameters
    ----------
    events, population : Series
        Counts and inhabitants by area, on one index.
    covariates : DataFrame, optional
        Numbers by area, one column each, in any unit: their scale does not change the residuals. With
        population as a covariate too (:func:`size_covariates`) its slope is that of the rate.
    expected : Series, optional
        Expected counts by area, such as those from age and sex (:func:`geo.stats.expected_counts`). They take
        the place of the population.

    Returns
    -------
    RateModel
        Areas that lack anything named here are left out and have a reason.

    Raises
    ------
    StatisticError
        If too few areas are left or have a count above zero, or a covariate is no number, does not vary,
        follows from the others, or takes the mean of some areas to zero.

    References
    ----------
    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of Statistics
    15(3), 209-225.

    Examples
    --------
    >>> people = pd.Series([1_000, 3_000, 10_000, 30_000, 100_000, 300_000])
    >>> model = rate_model(pd.Series([1, 3, 14, 60, 190, 900]), people, covariates=size_covariates(people))
    >>> model.coefficients.round(2).to_dict(), round(model.dispersion, 4)
    ({'intercept': -8.55, 'log_population': 0.21}, 0.0074)
    """
    inputs = _inputs(events, population, covariates, expected)
    fit, basis = _fit(inputs)
    residual, mean = np.full(len(events), np.nan), np.full(len(events), np.nan)
    mean[inputs.known] = fit.mean
    residual[inputs.known] = _residuals(inputs, fit)
    areas = pd.DataFrame({"expected_count": mean, "residual": residual}, index=events.index)
    areas["reason"] = adjustment_reasons(events, population, covariates=covariates, expected=expected)
    names = [INTERCEPT, *inputs.names]
    error = np.sqrt(np.diag(basis.back @ fit.covariance @ basis.back.T))
    count = inputs.events[inputs.known]
    return RateModel(
        coefficients=pd.Series(basis.back @ fit.coefficients, index=names, name="coefficient"),
        standard_errors=pd.Series(error, index=names, name="standard_error"),
        dispersion=fit.dispersion,
        log_likelihood=fit.log_likelihood,
        deviance=fit.deviance(count),
        pearson=float((fit.pearson_residuals(count) ** 2).sum()),
        n=len(count),
        iterations=fit.iterations,
        areas=areas,
    )


def rate_residuals(
    events: pd.Series,
    population: pd.Series,
    *,
    covariates: pd.DataFrame | None = None,
    expected: pd.Series | None = None,
) -> pd.Series:
    """Say how far each rate lies from what its covariates, or its expected count, lead to expect.

    Parameters
    ----------
    events, population, covariates, expected
        As in :func:`rate_model`, whose Pearson residuals these are.

    Returns
    -------
    Series of float
        ``(count - mu) / sqrt(mu + dispersion mu²)``, centred to mean zero; dimensionless, to be used like
        the z of standardised rates. Missing where anything given is missing for an area;
        :func:`adjustment_reasons` says what.

    Raises
    ------
    StatisticError
        As in :func:`rate_model`.

    References
    ----------
    Lawless, J. F. (1987). Negative binomial and mixed Poisson regression. Canadian Journal of Statistics
    15(3), 209-225.

    Examples
    --------
    >>> people = pd.Series([1_000, 3_000, 10_000, 30_000, 100_000, 300_000])
    >>> events = pd.Series([1, 3, 14, 60, 190, 900])
    >>> rate_residuals(events, people, covariates=size_covariates(people)).round(2).tolist()
    [0.12, -0.16, 0.02, 0.89, -1.45, 0.59]
    """
    inputs = _inputs(events, population, covariates, expected)
    fit, _ = _fit(inputs)
    residual = np.full(len(events), np.nan)
    residual[inputs.known] = _residuals(inputs, fit)
    return pd.Series(residual, index=events.index, name="residual")


def size_covariates(population: pd.Series) -> pd.DataFrame:
    """Give the log of the population as the covariate that stands for the size of an area.

    Returns
    -------
    DataFrame
        ``log_population``, float; missing where nobody lives.

    Examples
    --------
    >>> size_covariates(pd.Series([1, 100, 0])).round(2)["log_population"].tolist()
    [0.0, 4.61, nan]
    """
    people = floats(population)
    positive = np.where(people > 0, people, np.nan)
    return pd.DataFrame({"log_population": np.log(positive)}, index=population.index)


def adjustment_reasons(
    events: pd.Series,
    population: pd.Series,
    *,
    covariates: pd.DataFrame | None = None,
    expected: pd.Series | None = None,
) -> pd.Series:
    """Name what an area lacks for an adjusted rate; missing where it lacks nothing.

    Returns
    -------
    Series of string
        ``missing_value``, ``missing_population``, ``zero_population``, ``missing_expected``,
        ``zero_expected`` or ``missing_covariate``: the first that holds.

    Examples
    --------
    >>> events, people = pd.Series([1, None, 3, 4]), pd.Series([10, 10, 0, 10])
    >>> other = pd.DataFrame({"poverty": [0.1, 0.2, 0.1, None]})
    >>> adjustment_reasons(events, people, covariates=other).tolist()
    [<NA>, 'missing_value', 'zero_population', 'missing_covariate']
    """
    people = floats(population.reindex(events.index))
    masks = {
        "missing_value": np.isnan(floats(events)),
        "missing_population": np.isnan(people),
        "zero_population": people == 0,
    }
    if expected is not None:
        due = floats(expected.reindex(events.index))
        masks |= {"missing_expected": np.isnan(due), "zero_expected": due == 0}
    if covariates is not None:
        matrix = _matrix(covariates, events.index)
        masks["missing_covariate"] = np.isnan(matrix).any(axis=1)
    return reasons(events.index, masks)


class _Inputs(NamedTuple):
    """What was handed over, as arrays over the whole index."""

    events: np.ndarray
    base: np.ndarray
    """Inhabitants, or expected counts: what the mean is proportional to."""
    matrix: np.ndarray
    names: list[str]
    known: np.ndarray


def _inputs(
    events: pd.Series, population: pd.Series, covariates: pd.DataFrame | None, expected: pd.Series | None
) -> _Inputs:
    count, base = checked_counts(events, population)
    known = ~np.isnan(count) & ~np.isnan(base)
    if expected is not None:
        _, base = checked_counts(events, expected, name="an expected count")
        known &= ~np.isnan(base)
    matrix, names = np.empty((len(events), 0)), list[str]()
    if covariates is not None:
        matrix, names = _matrix(covariates, events.index), [str(name) for name in covariates.columns]
        known &= ~np.isnan(matrix).any(axis=1)
        _check_names(names)
    _check_areas(count[known], len(events), len(names))
    return _Inputs(count, base, matrix, names, known)


def _matrix(covariates: pd.DataFrame, index: pd.Index) -> np.ndarray:
    """Give the covariates as floats, missing values as NaN."""
    aligned = covariates if covariates.index.equals(index) else covariates.reindex(index)
    matrix = np.empty(aligned.shape)
    for at, name in enumerate(aligned.columns):
        try:
            matrix[:, at] = floats(aligned.iloc[:, at])
        except (TypeError, ValueError) as error:
            raise StatisticError(
                "a covariate is a column of numbers",
                f"column {name!r} of type {aligned.dtypes.iloc[at]}",
                "leave it out, or turn its categories into columns of 0 and 1",
            ) from error
        if np.isinf(matrix[:, at]).any():
            area = index[np.isinf(matrix[:, at])][0]
            raise StatisticError(
                "a covariate is finite",
                f"column {name!r}, infinite at {area}",
                "correct it, or leave it empty",
            )
    return matrix


def _check_names(names: list[str]) -> None:
    for name in (INTERCEPT, *names):
        if (INTERCEPT, *names).count(name) > 1:
            raise StatisticError(
                "each coefficient has a name of its own", f"{name!r} twice", "rename the column"
            )


def _check_areas(count: np.ndarray, n_areas: int, covariates: int) -> None:
    least = 1 + covariates + SPARE
    if len(count) < least:
        raise StatisticError(
            f"a regression on {covariates} covariates needs {least} areas with everything known",
            f"{len(count)} such areas of {n_areas}",
            "fill in what is missing, or use fewer covariates",
        )
    counted = int((count > 0).sum())
    if counted < 1 + covariates:
        raise StatisticError(
            f"a regression on {covariates} covariates needs {1 + covariates} areas with a count above zero",
            f"{counted} such areas of {len(count)}",
            "check the column of counts, pool several years, or use fewer covariates",
        )


def _fit(inputs: _Inputs) -> tuple[Fit, Basis]:
    matrix, count = inputs.matrix[inputs.known], inputs.events[inputs.known]
    basis = orthogonal_basis(matrix)
    if basis.redundant is not None:
        name, spread = inputs.names[basis.redundant], np.ptp(matrix[:, basis.redundant])
        raise StatisticError(
            "a covariate says something that the others do not",
            f"column {name!r}, which " + ("follows from those before it" if spread else "does not vary"),
            "leave it out",
        )
    column = separating_column(count, basis)
    if column is not None:
        raise StatisticError(
            "every coefficient has a finite estimate",
            f"column {inputs.names[column]!r}, which sets apart areas that all have a count of zero",
            "leave it out, or merge its values into fewer",
        )
    fit = fit_counts(count, np.log(inputs.base[inputs.known]), basis)
    if fit is None:
        raise StatisticError(
            "a regression settles on one fit",
            f"{len(count)} areas on which it does not",
            "check counts, populations and covariates for extreme values",
        )
    return fit, basis


def _residuals(inputs: _Inputs, fit: Fit) -> np.ndarray:
    residual = fit.pearson_residuals(inputs.events[inputs.known])
    return np.asarray(residual - residual.mean())
