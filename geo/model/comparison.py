"""How uneven counts are, and what they go together with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd


ClassKind = Literal["borders_and_km", "km", "edges"]


@dataclass(frozen=True, kw_only=True)
class Lee:
    """Lee's L of two variables; the null is that the areas' pairs of values are equally likely in any
    order."""

    statistic: float
    """L: the correlation of the two variables where neighbours are like each other, nearer to zero where
    not."""
    expected: float
    """Its mean under the null, in closed form: that of areas which correlate as these do, without any
    pattern."""
    sd: float
    """Its standard deviation over the permutations."""
    p_value: float
    """Two-sided, by permutation: min(1, 2 (min(tails) + 1) / (R + 1)). It tests whether what the two share is
    patterned in space, given how they correlate; not whether they do."""
    n: int
    """Areas with both values and a neighbour that has them."""
    n_left_out: int
    """Areas without."""
    permutations: int
    """R."""
    seed: int


@dataclass(frozen=True, kw_only=True)
class Correlation:
    """How two columns go together over areas."""

    first: str
    second: str
    given: tuple[str, ...]
    """Columns held constant in the partial correlation."""
    tests: pd.DataFrame
    """One row per coefficient: ``pearson``, ``spearman`` and, if something is held constant, ``partial``.
    Columns:

    ``r``
        The coefficient.
    ``p_naive``
        Two-sided p of the t-test that takes areas for independent; for comparison only.
    ``effective_n``, ``p_value``
        Independent areas that would tell as much, and p with as many; missing where the estimated variance is
        not above zero, or no degree of freedom is left.
    ``effective_n_dutilleul``, ``p_dutilleul``, ``effective_n_crh``, ``p_crh``
        The same by Dutilleul's (1993) and by Clifford, Richardson and Hémon's (1989) estimate, which find too
        many independent areas where covariances are estimated from the values themselves.
    """
    classes: pd.DataFrame
    """Classes of pairs: ``borders_from``, ``borders_to``, ``km_from``, ``km_to``, ``pairs``, and Moran's I of
    both columns in each, ``moran_first`` and ``moran_second``."""
    class_kind: ClassKind
    """How pairs were sorted: see :class:`geo.stats.correlation.distanceclasses.Classes`."""
    lee: Lee | None
    """Lee's L; None without a graph, or where too few areas touch."""
    n: int
    """Areas that have all columns and a place."""
    areas: tuple[object, ...]
    """Which these are."""
    n_left_out: int
    selected: bool
    """Whether the areas were selected by their values, as on a list of highest rates. What is found among
    them then says nothing of the others: a list leaves out the low values, and with them most of what a
    relation could be seen in. A correlation near zero on it is no evidence that there is none, and one of
    either sign can come from the selection alone."""
    sd_ratio: float
    """Standard deviation of the second column over these areas, over that of all areas that have it: how much
    of its range is left."""


@dataclass(frozen=True, kw_only=True)
class Inequality:
    """How unevenly events are spread over people."""

    indices: pd.DataFrame
    """One row per index: ``gini``, ``hoover``, ``theil``, ``theil_between``, ``theil_within`` (of the groups)
    and ``top_1``, ``top_5``, ... (share of the events in as many areas of most events). Columns:

    ``value``
        The index; missing where counts are incomplete.
    ``low``, ``high``
        Between which it lies, all counts within their intervals; both the value where all are known.
    ``attained``
        A value that whole counts within the intervals have; the greatest lies between it and ``high``.
    ``expected``
        Its mean where everybody's risk is the same, given the number of events; missing where that is open.
    ``expected_low``, ``expected_high``
        The same at the most and at the fewest events that the counts allow; both ``expected`` where all are
        known. Missing for shares of the largest where counts are incomplete.
    ``expected_by``
        ``closed form`` or ``simulation``.
    ``sd``
        Its standard deviation over simulated maps at constant risk.
    ``excess``
        ``value`` - ``expected``.
    ``excess_low``
        Its least value, all counts within their intervals; missing for Theil's parts and the largest counts
        where counts are incomplete.
    ``p_value``
        Of maps at constant risk, how many have a larger index: (number + 1) / (draws + 1).
    """
    groups: pd.DataFrame
    """One row per group: ``n`` (areas), ``n_known`` (with an exact count), ``events_low``, ``events_high``,
    ``population``, ``share_population``, the columns of :func:`geo.stats.location_quotients`, and where all
    counts are known ``events``, ``share_events``, ``gini``, ``theil`` (among its own areas), ``within`` (its
    contribution to Theil's index within groups), ``within_expected`` (its mean at constant risk)."""
    quotients: pd.DataFrame
    """By area, as :func:`geo.stats.location_quotients` gives them."""
    curve: pd.DataFrame | None
    """Lorenz curve, as :func:`geo.stats.inequality.lorenz.lorenz` gives it; None where counts are open."""
    complete: bool
    """Whether all counts that take part are known exactly; else there are bounds only."""
    n: int
    """Areas that take part."""
    n_open: int
    """Those among them whose count is an interval of some width."""
    left_out: tuple[object, ...]
    """Areas without a count, an interval, inhabitants or a group."""
    events_low: int
    """Fewest events in all."""
    events_high: int
    """Most events in all."""
    population: int
    confidence: float
    """Coverage of the limits of the quotients."""
    draws: int
    """Maps drawn at constant risk."""
    seed: int
