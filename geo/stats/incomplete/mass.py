"""Negative-binomial probabilities of intervals of counts, and draws within them, stable in both tails.

A count with mean mu and shape theta (Poisson about a gamma-distributed rate) has the distribution function
F(k) = I_x(theta, k + 1), x = theta / (theta + mu), I being the regularised incomplete beta function. An
interval above the mean is measured by what lies above its ends, one below it by what lies below, so that no
difference is taken of two numbers near one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaln, logsumexp

from geo.model.numeric import Floats, Ints

TINY = 1e-290  # mass below which it is summed term by term, in logs
TERMS = 2000  # ... of that sum; from there on terms fall fast
GUARD = 1e-13  # upper tail cut off an interval without an upper end


def log_probability(count: Floats, mean: Floats, theta: Floats | float) -> Floats:
    """Log of the probability of single counts; all arguments are broadcast.

    Examples
    --------
    >>> float(np.exp(log_probability(np.array(0.0), np.array(3.0), 1.0)).round(12))
    0.25
    """
    total = mean + theta
    logs = -theta * np.log1p(mean / theta) + count * np.log(mean / total)
    return np.asarray(logs - np.log(theta + count) - betaln(theta, count + 1))


def tail(count: Floats, mean: Floats, theta: Floats, upper: NDArray[np.bool_]) -> Floats:
    """Probability of at most so many, or where `upper` of more than so many; arrays of one shape.

    Counts may be -1, before the first, and infinite, beyond the last.

    Examples
    --------
    >>> both = np.array([False, True])
    >>> tail(np.array([0.0, 0.0]), np.array([3.0, 3.0]), np.ones(2), both).round(12).tolist()
    [0.25, 0.75]
    """
    probability = np.where(upper == (count < 0), 1.0, 0.0)
    inner = (count >= 0) & np.isfinite(count)
    k, shape, side = count[inner] + 1, theta[inner], upper[inner]
    total = mean[inner] + shape
    probability[inner] = betainc(
        np.where(side, k, shape), np.where(side, shape, k), np.where(side, mean[inner], shape) / total
    )
    return probability


def log_mass(low: Floats, high: Floats, mean: Floats, theta: Floats | float) -> Floats:
    """Log of the probability of an interval of counts, ends included; all arguments are broadcast.

    Parameters
    ----------
    low, high : array of float
        Whole numbers, zero or more; `high` may be infinite.
    mean, theta : array of float
        Mean and shape of the distribution, above zero.

    Examples
    --------
    With shape 1 it is geometric, here with ratio 3/4.

    >>> ends = np.array([[0, np.inf], [0, 0], [2, 4]])
    >>> np.exp(log_mass(ends[:, 0], ends[:, 1], np.array(3.0), 1.0)).round(6).tolist()
    [1.0, 0.25, 0.325195]
    """
    low, high, mean, theta = np.broadcast_arrays(low, high, mean, np.asarray(theta, dtype=np.float64))
    single = low == high
    logs = np.empty(low.shape)
    logs[single] = log_probability(low[single], mean[single], theta[single])
    logs[~single] = _log_width(low[~single], high[~single], mean[~single], theta[~single])
    return logs


def _log_width(low: Floats, high: Floats, mean: Floats, theta: Floats) -> Floats:
    """Log of the probability of intervals of more than one count, in one row."""
    upper = low > mean
    with np.errstate(divide="ignore"):
        logs = np.log(np.abs(tail(high, mean, theta, upper) - tail(low - 1, mean, theta, upper)))
    for at in np.flatnonzero(logs < np.log(TINY)):
        logs[at] = _summed(low[at], high[at], mean[at], theta[at])
    return np.asarray(logs)


def _summed(low: float, high: float, mean: float, theta: float) -> float:
    """Sum an interval far from the mean, from the end that is nearest to it."""
    if low > mean:
        terms = low + np.arange(min(high - low + 1, TERMS))
    else:
        terms = high - np.arange(min(high - low + 1, TERMS))
    return float(logsumexp(log_probability(terms, np.asarray(mean), theta)))


def draw_within(
    low: Floats, high: Floats, mean: Floats, theta: Floats | float, generator: np.random.Generator
) -> Ints:
    """Draw counts within intervals by inverting the distribution function there.

    Parameters
    ----------
    low, high, mean, theta : array of float
        As in :func:`log_mass`; shapes that broadcast together.
    generator : numpy.random.Generator

    Returns
    -------
    array of int

    Examples
    --------
    >>> ends = np.array([2.0, 7.0, 0.0]), np.array([4.0, 7.0, np.inf])
    >>> counts = draw_within(*ends, np.array([50.0, 3.0, 3.0]), 1.0, np.random.default_rng(0))
    >>> bool(2 <= counts[0] <= 4), int(counts[1])
    (True, 7)
    """
    low, high, mean, theta = np.broadcast_arrays(low, high, mean, np.asarray(theta, dtype=np.float64))
    upper = low > mean
    before, after = tail(low - 1, mean, theta, upper), tail(high, mean, theta, upper)
    target = before + generator.random(low.shape) * (after - before)
    first = low.copy()
    last = np.where(np.isfinite(high), high, last_likely(low, mean, theta))
    while (open_ := first < last).any():
        middle, goal, side = np.floor((first[open_] + last[open_]) / 2), target[open_], upper[open_]
        reached = tail(middle, mean[open_], theta[open_], side)
        # Upper tails fall as counts rise.
        there = np.where(side, reached <= goal, reached >= goal)
        last[open_] = np.where(there, middle, last[open_])
        first[open_] = np.where(there, first[open_], middle + 1)
    nowhere = before == after  # no mass that can be told from zero: the end nearest to the mean
    return np.where(nowhere, np.where(upper, low, np.minimum(high, last)), first).astype(np.int64)


def last_likely(low: Floats, mean: Floats, theta: Floats | float) -> Floats:
    """Give counts beyond which nothing more is to be expected, given that they reach `low`."""
    low, mean, theta = np.broadcast_arrays(low, mean, np.asarray(theta, dtype=np.float64))
    last = np.ceil(np.maximum(2 * mean, 2 * low) + 16)
    upper = np.ones(low.shape, dtype=bool)
    least = GUARD * tail(low - 1, mean, theta, upper)
    while True:
        short = tail(last, mean, theta, upper) > least
        if not short.any():
            return np.asarray(last)
        last = np.where(short, 2 * last, last)
