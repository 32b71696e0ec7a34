"""Tests of a map and what they say of each area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


Method = Literal["permutation", "exact"]


Correction = Literal["bh", "by", "bonferroni", "none"]


LocalMethod = Literal["local_moran_rate", "local_join_count", "none"]


Reason = Literal["", "too_few_known", "nothing_to_compare", "none_listed"]


Adjustment = Literal["log_population", "population_deciles", "none"]


@dataclass(frozen=True, kw_only=True)
class GlobalTest:
    """One global test; the null is that every arrangement of the values is equally likely."""

    name: Literal["moran", "geary", "general_g"]
    statistic: float
    """I, c or G."""
    expected: float
    """Its mean under the null, in closed form."""
    sd: float
    """Its standard deviation over the permutations."""
    sd_analytic: float
    """Its standard deviation under the null, in closed form (randomisation); 0 where it cannot vary."""
    p_value: float
    """Two-sided, by permutation: min(1, 2 (min(tails) + 1) / (R + 1))."""
    p_analytic: float
    """Two-sided, by the normal approximation with the closed forms; missing where their deviation is 0."""
    n: int
    """Areas with a value and a neighbour that has one."""
    n_left_out: int
    """Areas without a value, or without such a neighbour."""
    permutations: int
    """R; the smallest p is 2 / (R + 1)."""
    seed: int

    @property
    def p_floor(self) -> float:
        """The smallest permutation p that R allows."""
        return 2 / (self.permutations + 1)


@dataclass(frozen=True, kw_only=True)
class JoinCount:
    """One join-count test."""

    null: Literal["exchangeable", "stratified"]
    """Any area could be in the set, or areas trade places within their stratum only."""
    n: int
    """Areas with a neighbour; islands are left out."""
    n_high: int
    """Areas of the set among them."""
    pairs: int
    """Pairs of neighbours in all."""
    observed: int
    """Pairs of neighbours both in the set (high-high joins)."""
    expected: float
    """Mean of that number under the null, in closed form."""
    sd_analytic: float
    """Its standard deviation under the null, in closed form; missing where there are more than 30 strata."""
    p_analytic: float
    """One-sided, by the normal approximation with the closed forms; missing where their deviation is 0."""
    p_value: float
    """One-sided: at least as many joins as observed."""
    p_two_sided: float
    """min(1, 2 (min(tails) + 1) / (R + 1))."""
    permutations: int
    """R; the smallest p is 1 / (R + 1)."""
    seed: int

    @property
    def p_floor(self) -> float:
        """The smallest one-sided p that R allows; the smallest two-sided one is twice that."""
        return 1 / (self.permutations + 1)


@dataclass(frozen=True, kw_only=True)
class RateModel:
    """A log-linear regression of rates: count ~ negative binomial, variance mu + dispersion mu²."""

    coefficients: pd.Series
    """By name: ``intercept`` (log of the rate per inhabitant, or of the ratio to `expected`, where every
    covariate is zero) and one per covariate (change of the log rate per unit)."""
    standard_errors: pd.Series
    """On the same index, from the expected information at the estimated dispersion."""
    dispersion: float
    """1 / theta: the squared coefficient of variation of the areas' rates about the model; zero where the
    counts are no more dispersed than Poisson, and the model is then Poisson."""
    log_likelihood: float
    deviance: float
    """Twice the log likelihood that a mean of its own for every area would add, at the same dispersion."""
    pearson: float
    """Sum of the squared Pearson residuals."""
    n: int
    """Areas in the fit."""
    iterations: int
    """Newton steps until no further one would gain 1e-10 of log likelihood."""
    areas: pd.DataFrame
    """``expected_count`` (fitted, people), ``residual`` (Pearson, centred), ``reason`` (why an area has none:
    see :func:`adjustment_reasons`) by area."""

    @property
    def theta(self) -> float:
        """Shape of the gamma distribution of the areas' rates about the model; infinite for Poisson."""
        return 1 / self.dispersion if self.dispersion else float("inf")


@dataclass(frozen=True, kw_only=True)
class Tests:
    """Tests of one run; None where one could not be made."""

    method: LocalMethod
    """The local test behind the labels."""
    reason: Reason
    """Why there is no local test: too few counts are known, too few areas touch or differ, none is listed."""
    join_count: JoinCount | None
    """The set of highest rates, any area being equally likely to be in it."""
    join_count_stratified: JoinCount | None
    """The same set, areas trading places only within deciles of population; None where one is unknown."""
    by_size: pd.DataFrame
    """The same two tests for the 10, 15, ... highest: ``size, null, n_high, observed, expected, p_value,
    p_two_sided``."""
    moran_rate: GlobalTest | None
    """Moran's I of the empirical-Bayes standardised rates."""
    moran_crude: GlobalTest | None
    """Moran's I of the crude rates, for comparison."""
    moran_adjusted: GlobalTest | None
    """Moran's I of what the size of areas leaves over of their rates."""
    size_model: RateModel | None
    """How rates depend on the log of population: its slope and what varies beyond it."""
    adjustment: Adjustment
    """How the local test takes size into account."""
    n_local: int
    """Areas tested locally, over which p-values are corrected."""
    at_floor: int
    """Areas that must sit at the p floor before one rejection is possible; 1 for the exact join count."""
    known: int
    """Areas with a neighbour and a known count."""
    n: int
    """Areas with a neighbour."""
    permutations: int
    seed: int
    alpha: float


class Specification(NamedTuple):
    """One way to make the local test."""

    family: str
    """Kind of weights: ``contiguity``, ``nearest``, ``band``, ``kernel``."""
    variant: str
    """Which weights of that kind: ``queen``, ``6``, ``144 km``."""
    base: str
    """Population: ``ine2002``."""


@dataclass(frozen=True, kw_only=True)
class Stability:
    """How far local labels hold under other choices."""

    areas: pd.DataFrame
    """By area, as :func:`label_support` gives it."""
    specifications: pd.DataFrame
    """One row per way the test was made: ``family, variant, base, main`` (whether it is the main analysis),
    ``tested`` (areas), ``neighbors_mean, neighbors_max`` (of those), one column per quadrant (areas so
    labelled), and ``jaccard`` (areas labelled alike here and in the main analysis, of those labelled in
    either; 1 where neither labels any)."""
    main: Specification
    permutations: int | None
    """Of each simulated vote; None where p has a closed form."""
    at_floor: int
    """Areas that must sit at the p floor before a vote can label one; 1 is wanted."""
    seed: int | None
    alpha: float
