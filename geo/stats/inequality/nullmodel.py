"""Inequality by chance alone: what the indices are where everybody's risk is the same.

Given their total X, counts at constant risk are multinomial with the shares p of people. An area's count is
then binomial, and given the sum m of two areas' counts so is one of the two; the mean of |B - mq| for a
binomial B has a closed form (De Moivre's). So the means of Hoover's, Theil's and the Gini index are sums over
binomial distributions, taken here to the last digit that matters; what has no such form is simulated.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from geo.model.numeric import Floats
from geo.stats.inequality.indices import by_group

EXACT_CELLS = 20_000_000  # terms of the Gini's mean beyond which it is simulated: about a second
CELLS = 2**16  # numbers taken at a time: as many as stay in the cache
SPREADS = 7.0  # standard deviations to which a distribution is summed, and ...
MORE = 20  # ... counts beyond that; what lies further out is below 1e-11


class Means(NamedTuple):
    """Means at constant risk, in closed form; None where that takes too long."""

    gini: float | None
    hoover: float
    theil: float
    theil_between: float
    """Of the groups."""
    within: Floats
    """Each group's contribution to Theil's index within groups; they add up to it."""


def constant_risk_means(total: int, people: Floats, code: NDArray[np.int64], *, gini: bool = True) -> Means:
    """Give the means of the indices over maps at constant risk.

    Parameters
    ----------
    total : int
        Events on the map (X).
    people : array of float, shape (n,)
        Shares of people, adding up to one.
    code : array of int, shape (n,)
        Group of each area, from 0.
    gini : bool
        Whether to sum up the mean of the Gini index too, which takes longest; None stands in its place.

    Examples
    --------
    One event in two equal areas is always in one of them: all the Gini index can be, 0.5.

    >>> constant_risk_means(1, np.array([0.5, 0.5]), np.array([0, 0])).gini
    0.5
    """
    groups = by_group(people, code)
    area_terms, group_terms = mean_theil_terms(total, people), mean_theil_terms(total, groups)
    return Means(
        gini=mean_gini(total, people) if gini else None,
        hoover=float(mean_distance(np.full(len(people), total), people).sum() / (2 * total)),
        theil=float(area_terms.sum()),
        theil_between=float(group_terms.sum()),
        within=by_group(area_terms, code) - group_terms,
    )


def constant_risk_draws(total: int, people: Floats, draws: int, generator: np.random.Generator) -> Floats:
    """Draw maps at constant risk, one a row.

    Examples
    --------
    >>> constant_risk_draws(10, np.array([0.5, 0.5]), 3, np.random.default_rng(0)).sum(axis=1).tolist()
    [10.0, 10.0, 10.0]
    """
    # The generator wants shares that add up to one exactly, or to less.
    shares = people / people.sum()
    return generator.multinomial(total, shares, size=draws).astype(float)


def mean_distance(m: NDArray[np.int64], q: Floats) -> Floats:
    """Give the mean of |B - mq| for B binomial (m, q), by De Moivre's formula.

    References
    ----------
    Diaconis, P. & Zabell, S. (1991). Closed form summation for classical distributions: variations on a theme
    of De Moivre. Statistical Science 6(3), 284-302.

    Examples
    --------
    >>> mean_distance(np.array([1, 2]), np.array([0.5, 0.5])).round(12).tolist()
    [0.5, 0.5]
    """
    above = np.floor(m * q) + 1
    certain = (q <= 0) | (q >= 1) | (above > m)
    inside = np.where(certain, 0.5, q)
    chosen = np.where(certain, np.minimum(above, m), above)
    mean = 2 * chosen * (1 - inside) * np.exp(_log_binomial(chosen, m, inside))
    return np.where(certain, 0.0, mean)


def mean_theil_terms(total: int, people: Floats) -> Floats:
    """Give the mean of s log(s / p) for the share s of each area.

    Examples
    --------
    >>> bool(np.isclose(mean_theil_terms(1, np.array([0.5, 0.5])).sum(), np.log(2)))
    True
    """
    terms = np.empty(len(people))
    for at, p in enumerate(people):
        low, high = (int(end) for end in _range(total, p))
        count = np.arange(max(low, 1), high + 1, dtype=np.float64)
        weight = np.exp(_log_binomial(count, total, p)) if p < 1 else (count == total) * 1.0
        share = count / total
        terms[at] = (weight * xlogy(share, share / p)).sum()
    return terms


def mean_gini(total: int, people: Floats) -> float | None:
    """Give the mean of the Gini index, or None where its sum has more than EXACT_CELLS terms.

    Examples
    --------
    >>> mean_gini(1, np.array([0.25, 0.75]))
    0.375
    """
    n = len(people)
    if n * n > EXACT_CELLS:
        return None
    first, second = np.triu_indices(n, 1)
    both = people[first] + people[second]
    spread = np.sqrt(total * both * np.maximum(1 - both, 0))
    widths = np.minimum(2 * (SPREADS * spread + MORE + 1), total + 1)
    if widths.sum() > EXACT_CELLS:
        return None
    logs = gammaln(np.arange(total + 2.0) + 1)
    order = np.argsort(-widths)  # pairs of similar width make one block
    sum_of_means, start = 0.0, 0
    while start < len(order):
        block = order[start : start + max(1, int(CELLS / widths[order[start]]))]
        sum_of_means += _pairs(total, people[first[block]], people[second[block]], logs)
        start += len(block)
    return sum_of_means / total


def _pairs(total: int, one: Floats, other: Floats, logs: Floats) -> float:
    """Sum (pi + pj) E|B - mq| over pairs, m being the two areas' count and q the first one's part of it."""
    both = np.minimum(one + other, 1.0)
    low, high = _range(total, both)
    m = low[:, None] + np.arange(int((high - low).max()) + 1)
    inside = m <= high[:, None]
    m = np.minimum(m, total)
    q = (one / (one + other))[:, None]
    above = np.minimum((m * q).astype(np.int64) + 1, m)
    # The product of both binomial probabilities, in which m! stands above and below.
    log = logs[total] - logs[total - m] - logs[above] - logs[m - above]
    log += m * np.log(both)[:, None] + above * np.log(q) + (m - above) * np.log1p(-q)
    # Two areas that are all there are leave no others, as nearly as numbers show.
    log += (total - m) * np.log1p(-np.minimum(both, 1 - 2.0**-53))[:, None]
    mean = np.where(inside & (m > 0), 2 * above * (1 - q) * np.exp(log), 0)
    return float(((one + other) * mean.sum(axis=1)).sum())


def _range(total: int, p: Floats | float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Counts between which a binomial one surely lies."""
    middle, spread = total * np.asarray(p), np.sqrt(total * np.asarray(p) * np.maximum(1 - np.asarray(p), 0))
    low = np.maximum(np.floor(middle - SPREADS * spread - MORE), 0).astype(np.int64)
    high = np.minimum(np.ceil(middle + SPREADS * spread + MORE), total).astype(np.int64)
    return low, high


def _log_binomial(count: Floats, m: NDArray[np.int64] | int, q: Floats | float) -> Floats:
    choose = gammaln(np.asarray(m) + 1.0) - gammaln(count + 1.0) - gammaln(m - count + 1.0)
    return np.asarray(choose + xlogy(count, q) + (m - count) * np.log1p(-np.asarray(q)))
