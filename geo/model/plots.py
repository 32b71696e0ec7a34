"""What figures show beyond the columns of areas: points and lines, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """Rates against population, with limits around a target."""

    target: float
    """Per 100,000; the overall rate unless another was named."""
    phi: float
    """Mean of the squared z, a tenth at either end drawn in (winsorised): 0.68 is left of it where chance
    explains everything."""
    tau: float
    """Standard deviation between areas beyond chance, on the scale of the square root of the rate per
    inhabitant; zero where there is none."""
    n: int
    """Areas with a rate."""
    areas: pd.DataFrame
    """``rate`` (per 100,000), ``z`` (distance from the target by chance alone, on the square-root scale),
    ``z_overdispersed`` (the same with tau), ``outside_poisson`` and ``outside_overdispersed``: ``inside``,
    ``above_95``, ``above_998``, ``below_95`` or ``below_998``; missing where there is no rate."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A Lorenz curve and the point on it that people can picture."""

    curve: pd.DataFrame
    """As :func:`lorenz` gives it."""
    half_areas: int
    """Areas of highest rate that together hold at least half of the events; of equal rates, the largest."""
    half_population: float
    """Share of all people who live in these, 0 to 1."""
    half_events: float
    """Share of the events that they hold: a half or slightly more."""
    n: int
    """Areas with a rate."""
    n_left_out: int
    """Areas without one."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What part of everything a set of areas holds, as far as it is known."""

    n: int
    population: float
    """Share of all people, 0 to 1; missing where a population is."""
    events_low: float
    """Least share of all events that agrees with what is known."""
    events_high: float
    """Greatest such share."""


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Data of figures; None where the counts do not allow one, or it would mislead."""

    overall: float
    """All counts over all inhabitants, per 100,000; missing unless enough areas are known to speak of all."""
    funnel: Funnel | None
    """Rates with the place of each within its limits."""
    limits: pd.DataFrame | None
    """Limits of that funnel over the range of populations: ``population`` and the columns of
    :func:`funnel_limits`."""
    scatter: pd.DataFrame | None
    """Moran scatterplot: ``z`` (standardised rate) and ``lag`` (mean of the neighbours' z) by area."""
    spread: Spread | None
    """Lorenz curve of events against people."""
    held: Held
    """What is known of the share of all events in the areas whose count is known."""
