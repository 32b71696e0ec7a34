"""Indirect standardisation: what was counted, over what the age and sex of the inhabitants lead to expect."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.stats.engine.arrays import floats
from geo.stats.rates.crude import PER, checked_counts, poisson_limits


def expected_counts(population: pd.DataFrame, reference_rates: pd.Series) -> pd.Series:
    """Count what each area would have, had its inhabitants the reference rates of their stratum.

    Parameters
    ----------
    population : DataFrame
        Inhabitants, one row per area, one column per stratum (age and sex).
    reference_rates : Series
        Rate per 100,000 by stratum: those of the whole country, or of another population.

    Returns
    -------
    Series of float
        Expected counts; missing where an area's inhabitants of any stratum are unknown.

    Raises
    ------
    StatisticError
        If the strata of the two differ, a rate is missing, or something is negative.

    References
    ----------
    Breslow, N. E. & Day, N. E. (1987). Statistical Methods in Cancer Research II: The Design and Analysis of
    Cohort Studies. IARC, chapter 2.

    Examples
    --------
    >>> people = pd.DataFrame({"men 20-39": [10_000, 500], "others": [40_000, 9_500]}, index=["a", "b"])
    >>> expected_counts(people, pd.Series({"men 20-39": 900, "others": 50})).tolist()
    [110.0, 9.25]
    """
    apart = population.columns.symmetric_difference(reference_rates.index)
    if len(apart) or population.columns.has_duplicates or reference_rates.index.has_duplicates:
        raise StatisticError(
            "each stratum has one column of inhabitants and one reference rate",
            f"stratum {apart[0]!r}, which has not both" if len(apart) else "a stratum named twice",
            "name the strata alike in both, each once",
        )
    rate = floats(reference_rates.reindex(population.columns))
    if np.isnan(rate).any() or (rate < 0).any():
        at = int(np.flatnonzero(np.isnan(rate) | (rate < 0))[0])
        raise StatisticError(
            "a reference rate is known and zero or more",
            f"{rate[at]:g} in {population.columns[at]!r}",
            "complete the reference rates, or merge that stratum with another",
        )
    people = np.column_stack([floats(population[stratum]) for stratum in population.columns])
    if (people < 0).any():
        row, column = np.argwhere(people < 0)[0]
        raise StatisticError(
            "a population cannot be negative",
            f"{people[row, column]:g} at {population.index[row]}, {population.columns[column]!r}",
            "correct the table",
        )
    return pd.Series(people @ rate / PER, index=population.index, name="expected")


def standardized_ratio(events: pd.Series, expected: pd.Series, *, confidence: float = 0.95) -> pd.DataFrame:
    """Divide counts by expected ones, with exact Poisson limits: the standardised ratio (SMR, SIR).

    Ratios of two areas do not compare them with each other, each being weighted by its own inhabitants; each
    compares its area with the reference.

    Parameters
    ----------
    events, expected : Series
        Counts and expected counts by area; the limits hold the expected ones to be exact.
    confidence : float
        Coverage of the limits, between 0 and 1.

    Returns
    -------
    DataFrame
        ``ratio, low, high``, float, 1 being as expected; missing where something is, or nothing is expected.

    Raises
    ------
    StatisticError
        If a count or an expected count is negative.

    References
    ----------
    Breslow, N. E. & Day, N. E. (1987). Statistical Methods in Cancer Research II: The Design and Analysis of
    Cohort Studies. IARC, chapter 2. Garwood, F. (1936). Fiducial limits for the Poisson distribution.
    Biometrika 28(3/4), 437-442.

    Examples
    --------
    >>> standardized_ratio(pd.Series([110, 15]), pd.Series([110.0, 9.25])).round(2).values.tolist()
    [[1.0, 0.82, 1.21], [1.62, 0.91, 2.67]]
    """
    count, due = checked_counts(events, expected, name="an expected count")
    low, high = poisson_limits(count, confidence)
    limits = {"ratio": count, "low": low, "high": high}
    return pd.DataFrame({name: value / due for name, value in limits.items()}, index=events.index)
