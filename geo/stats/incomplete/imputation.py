"""Counts drawn within their intervals: proper multiple imputation from the model of incomplete counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.model.numeric import Floats, Ints
from geo.model.uncertainty import Assumption, Imputation
from geo.stats.engine.parallel import blocks
from geo.stats.engine.permutation import check_options
from geo.stats.incomplete.gammapoisson import Problem, find_mode, take_problem
from geo.stats.incomplete.joins import settled_size
from geo.stats.incomplete.mass import draw_within
from geo.stats.incomplete.posterior import Posterior, draw_parameters
from geo.stats.incomplete.predictive import posterior_checks
from geo.stats.incomplete.totals import Share, draw_share, log_chance, take_shares

IMPUTATIONS = 200
INNER = (0.05, 0.95)  # of the imputed counts of an area, the range that is given


def impute_counts(
    counts: pd.DataFrame,
    population: pd.Series,
    *,
    covariates: pd.DataFrame | None = None,
    size: bool = True,
    total: float | pd.Series | Mapping[object, float] | None = None,
    groups: pd.Series | None = None,
    unbounded: bool = False,
    imputations: int = IMPUTATIONS,
    rng: int = 0,
) -> Imputation:
    """Draw the counts that are not known, many times, within what is known of them.

    Each imputation has parameters of its own, drawn from their posterior, and then counts from their law
    within the intervals: the spread over imputations is that of the model's uncertainty and of chance
    together. What the model leaves out is space: neighbours are drawn independently, given the covariates.

    Parameters
    ----------
    counts : DataFrame
        ``low`` and ``high`` by area, missing where nothing is known of that end; ``status`` (published,
        derived, bounded, missing) where there is one.
    population : Series
        Inhabitants by area. An area without any is not imputed.
    covariates, size, unbounded
        As in :func:`interval_model`.
    total : number, or Series or mapping of numbers by group, optional
        Known sum of all counts, or of those of each group. The draws add up to it, and the parameters are
        those that it makes likely; exact given the parameters.
    groups : Series, optional
        Group of each area, such as its region.
    imputations : int
        Completed tables (M).
    rng : int
        Seed.

    Returns
    -------
    Imputation

    Raises
    ------
    StatisticError
        If the counts do not allow a model, or not the total.

    References
    ----------
    Rubin, D. B. (1987). Multiple Imputation for Nonresponse in Surveys. Wiley (what makes imputation
    proper; its rules for combining variances are not used here). Marshall, R. J. (1991). Mapping disease
    and mortality rates using empirical Bayes estimators. Journal of the Royal Statistical Society C 40(2),
    283-294.

    Examples
    --------
    >>> low, high = [12, 0, 40, 0, 9, 31, 0, 0], [12, 4, 40, 4, 9, 31, 9, None]
    >>> people = pd.Series([9_000, 3_000, 30_000, 2_000, 8_000, 21_000, 6_000, 5_000])
    >>> imputed = impute_counts(pd.DataFrame({"low": low, "high": high}), people, total=110, imputations=20)
    >>> imputed.draws.shape, imputed.totals.unique().tolist(), bool((imputed.draws.loc[1] <= 4).all())
    ((8, 20), [110], True)
    """
    check_options(imputations, rng)
    problem = take_problem(counts, population, covariates=covariates, size=size, unbounded=unbounded)
    intervals = problem.given
    generator = np.random.default_rng([rng, imputations])
    mode = find_mode(problem.data, prior=True)
    shares: list[Share] = []
    more = None
    if total is not None:
        shares = take_shares(intervals, total, groups, problem.means(mode.point[None, :])[:, 0])
        more = lambda points: _chances(problem, shares, points)  # noqa: E731
    posterior = draw_parameters(problem.data, mode, imputations, generator, more=more)
    imputed = _draw(problem, posterior, shares, generator)
    mean, theta = problem.means(posterior.points), np.exp(posterior.points[:, -1])
    replicated = generator.poisson(generator.gamma(theta, mean / theta))
    coefficients = posterior.points[:, :-1] @ problem.data.basis.back.T
    frame = pd.DataFrame(imputed, index=intervals.areas)
    top = settled_size(intervals.low / intervals.people, intervals.high / intervals.people)
    return Imputation(
        draws=frame,
        areas=_describe(counts.index, problem, frame),
        parameters=pd.DataFrame(coefficients, columns=problem.names).assign(dispersion=1 / theta),
        totals=frame.sum(axis=0),
        checks=posterior_checks(imputed, replicated, intervals.people, top),
        top=top,
        assumptions=_assumptions(counts, problem, size=size, unbounded=unbounded, total=total is not None),
        effective=posterior.effective,
        seed=rng,
    )


def _chances(problem: Problem, shares: list[Share], points: Floats) -> Floats:
    """Log of the probability of the known totals under many parameters."""
    mean, theta = problem.means(points), np.exp(points[:, -1])
    return np.array(
        [sum(log_chance(share, mean[:, m], theta[m]) for share in shares) for m in blocks(len(points), 1)]
    )


def _draw(
    problem: Problem, posterior: Posterior, shares: list[Share], generator: np.random.Generator
) -> Ints:
    intervals, mean, theta = problem.given, problem.means(posterior.points), np.exp(posterior.points[:, -1])
    imputed = np.repeat(intervals.low[:, None], len(theta), axis=1).astype(np.int64)
    open_ = ~intervals.exact
    low, high = intervals.low[open_, None], intervals.high[open_, None]
    imputed[open_] = draw_within(low, high, mean[open_], theta, generator)
    for share in shares:
        for m in blocks(len(theta), 1):
            imputed[share.areas, m] = draw_share(share, mean[:, m], theta[m], generator)
    return imputed


def _describe(index: pd.Index, problem: Problem, draws: pd.DataFrame) -> pd.DataFrame:
    intervals = problem.given
    imputed = pd.Series(~intervals.exact, index=intervals.areas, dtype="boolean")
    low, median, high = np.quantile(draws.to_numpy(), [INNER[0], 0.5, INNER[1]], axis=1)
    columns = {"imputed_median": median, "imputed_low": low, "imputed_high": high}
    described = {
        name: pd.Series(v, intervals.areas, dtype="Float64").where(imputed) for name, v in columns.items()
    }
    return pd.DataFrame({"imputed": imputed, **described}).reindex(index)


def _assumptions(
    counts: pd.DataFrame, problem: Problem, *, size: bool, unbounded: bool, total: bool
) -> tuple[Assumption, ...]:
    intervals = problem.given
    status = counts["status"] if "status" in counts else pd.Series("", index=counts.index)
    in_table = counts["in_table"] if "in_table" in counts else pd.Series(False, index=counts.index)
    listed = bool((status.eq("bounded") & ~in_table.astype(bool)).any())
    assumed: dict[Assumption, bool] = {
        "not_spatial": True,
        "size_rate": size,
        "no_size_rate": not size,
        "ignorable": bool(((intervals.low == 0) & np.isinf(intervals.high)).any()),
        "below_list": listed and not unbounded,
        "no_limit": listed and unbounded,
        "total": total,
    }
    return tuple(name for name, holds in assumed.items() if holds)
