"""What can and what cannot be known while counts are open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo.model.statistics import Correction, Method

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The values that one figure can take."""

    low: float
    """No counts within the intervals give less."""
    low_found: float
    """Some counts give this; where it equals `low` the bound is exact."""
    high: float
    """No counts give more; infinite where a count has no upper end."""
    high_found: float

    @property
    def exact(self) -> bool:
        """Whether both ends are reached."""
        return self.low == self.low_found and self.high == self.high_found


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What counts known within intervals allow, all at once or area by area."""

    areas: pd.DataFrame
    """By area, exact: ``rate_low, rate_high`` (per 100,000), ``rank_best, rank_worst`` (1 the highest; equal
    rates share the smaller rank), ``top`` (``surely``, ``possibly`` or ``never`` among the `size` of highest
    rate); missing where nobody lives."""
    total: Bound
    """Sum of all counts; exact."""
    overall_rate: Bound
    """Total over all inhabitants, per 100,000; exact."""
    size: int
    """Areas in the set of highest rates."""
    join_count: Bound
    """Pairs of neighbours both in that set. Exact unless the search was given up, which it says."""
    join_expected: float
    """Their mean number where any areas are equally likely to be in the set."""
    moran_rate: Bound
    """Moran's I of the standardised rates: not exact unless everything is known. What lies between the values
    found and the outer ones may be possible or not."""
    seed: int


FAILS = 0.05  # two-sided p at or below which a check fails


Figure = Literal["small_in_top", "total", "size_slope"]


@dataclass(frozen=True, kw_only=True)
class PredictiveCheck:
    """One posterior-predictive check."""

    name: Figure
    """``small_in_top``: areas of less than the median population among those of highest rate. ``total``: sum
    of all counts. ``size_slope``: slope of log rate on log population among those of highest rate."""
    observed: float
    """Median over the completed maps; where the figure is known it is the same on all."""
    median: float
    """Median over the new maps."""
    low: float
    """2.5 % point of the new maps."""
    high: float
    """97.5 % point."""
    p_value: float
    """Two-sided: 2 (k + 1) / (M + 1), at most 1, where k is the smaller number of new maps whose figure is
    above, below, that of the completed one, ties half. Never zero; fewer than 40 maps fail no check."""

    @property
    def failed(self) -> bool:
        """Whether the model could hardly have made this figure."""
        return self.p_value <= FAILS

    @property
    def verdict(self) -> str:
        """``failed`` or ``passed``."""
        return "failed" if self.failed else "passed"


RANGE = "range under non-spatial imputation (biased towards zero)"


Statistic = Literal["moran_rate", "join_count", "join_count_stratified"]


@dataclass(frozen=True, kw_only=True)
class GlobalRange:
    """One global statistic over all imputations."""

    name: Statistic
    """Moran's I of standardised rates; pairs of neighbours both among the areas of highest rate, where any
    area is equally likely to be one, and where areas trade places within deciles of population."""
    median: float
    low: float
    """Smallest value over the imputations."""
    high: float
    """Largest value."""
    expected: float
    """Median of its mean under the null."""
    p_median: float
    """Median p: two-sided of Moran's I, one-sided of join counts. p-values are not averaged."""
    p_low: float
    p_high: float
    permutations: int
    description: str = RANGE
    """What the range is. It is no confidence interval."""


Assumption = Literal[
    "not_spatial", "size_rate", "no_size_rate", "ignorable", "below_list", "no_limit", "total"
]


@dataclass(frozen=True, kw_only=True)
class Imputation:
    """Many completed tables of counts, none of which is data."""

    draws: pd.DataFrame
    """Counts, int64: one row per area whose count is known or could be imputed, one column per imputation.
    A known count is the same in all."""
    areas: pd.DataFrame
    """On the index of the counts: ``imputed`` (whether the count is drawn, boolean, missing where it is
    neither known nor drawn), ``imputed_median``, ``imputed_low``, ``imputed_high`` (median, 5 and 95 %
    points of the draws, Float64, missing where the count is known: what is imputed is never mixed with what
    is observed)."""
    parameters: pd.DataFrame
    """One row per imputation: the coefficients by name, and ``dispersion``."""
    top: int
    """Areas of highest rate that the checks and join counts are about: the largest such set that is settled,
    of a tenth of the areas at most; where none is, a tenth."""
    totals: pd.Series
    """Sum of the counts of each imputation."""
    checks: tuple[PredictiveCheck, ...]
    """Whether the model could have made what is known."""
    assumptions: tuple[Assumption, ...]
    """What the draws rest on: rates of neighbours are independent given the covariates (``not_spatial``,
    always); rates do or do not depend on population (``size_rate``, ``no_size_rate``); areas of which
    nothing is known are like the others (``ignorable``); areas that a list leaves out lie below it
    (``below_list``) or need not (``no_limit``); a total is known (``total``)."""
    effective: float
    """Share of the proposed parameters that their weights were worth; small where the draws rest on few."""
    seed: int

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that failed."""
        return tuple(check.name for check in self.checks if check.failed)


@dataclass(frozen=True, kw_only=True)
class Certainty:
    """What the local test says of incomplete counts."""

    areas: pd.DataFrame
    """By area: ``label`` (the cluster label carried most often after correction, ``not significant`` where
    none is ever, ``undefined`` without a rate or a neighbour), ``certainty`` (share of imputations that
    give it; zero where none, missing where undefined), ``label_uncorrected`` and ``certainty_uncorrected``
    (the same before correction), ``certain`` (whether `certainty` reaches 0.9, boolean), ``imputed``
    (whether the area's own count is drawn), and one share a label: ``high_high, low_low, high_low,
    low_high`` after correction, and the same with ``_uncorrected``."""
    ranges: tuple[GlobalRange, ...]
    """Global statistics over the imputations."""
    labels: pd.DataFrame
    """Label of every area in every imputation, after correction (int8: position in High-High, Low-Low,
    High-Low, Low-High; -1 where not significant); only areas that were tested."""
    labels_uncorrected: pd.DataFrame
    """The same before correction."""
    imputation: Imputation
    method: Method
    permutations: int | None
    """R of the local test; None where p was computed."""
    areas_at_floor: int
    """Areas that must sit at the p floor before one can be labelled; 1 is wanted."""
    correction: Correction
    alpha: float
    seed: int

    @property
    def n_certain(self) -> int:
        """Areas with certainty of 0.9 or more."""
        return int(self.areas["certain"].sum())


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """What can and what cannot be known while counts are open."""

    bounds: Bounds
    """Between which statistics lie, whatever the open counts are; no model."""
    certainty: Certainty
    """How often each label is found when a model completes the counts."""
    unlimited: Certainty | None
    """The same when areas that a list of highest rates leaves out may lie above it; None without a list."""
    telling: pd.DataFrame
    """Open counts that would say most about the labels, as :func:`geo.stats.telling_counts` gives them."""


@dataclass(frozen=True, kw_only=True)
class NotCompleted:
    """Why no table was completed."""

    why: Literal["not_asked", "all_known", "failed"]
    """None was asked for, every count is known, or no model could be fitted or tested."""
    reason: str = ""
    """What the model lacked, where it failed."""
