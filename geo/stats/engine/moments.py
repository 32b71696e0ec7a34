"""Closed forms of how global statistics vary over all arrangements of the values.

One weight more for every pair of areas adds the same to the statistic of each arrangement. So spreads follow
from what weights differ by from their mean: also where they are nearly even no square of a mean is subtracted
from the mean of a square, of which rounding would leave the most.
"""

from __future__ import annotations

from typing import NamedTuple

from geo.model.numeric import Floats
from geo.stats.engine.arrays import balance

EVEN = 1e-13  # share of their mean by which weights that are the same may differ, for rounding


class WeightSums(NamedTuple):
    """The sums over weights that every closed form needs (Cliff & Ord 1981)."""

    s0: float
    """Of all weights."""
    s1: float
    """Half the squares of both directions of a pair together, about their mean."""
    s2: float
    """Squares of what a row and its column sum to, about their mean."""


def weight_sums(both: Floats, rows: Floats) -> WeightSums:
    """Sum weights, of which most pairs of areas may have none.

    Parameters
    ----------
    both : array of float
        The weights of both directions together, for each ordered pair that has any.
    rows : array of float, shape (n,)
        What the row and the column of an area sum to, together.

    Examples
    --------
    Three areas in a row; and three that all adjoin each other.

    >>> import numpy as np
    >>> [round(total, 3) for total in weight_sums(np.array([2.0] * 4), np.array([2.0, 4, 2]))]
    [4.0, 2.667, 2.667]
    >>> list(weight_sums(np.array([2.0] * 6), np.array([4.0, 4, 4])))
    [6.0, 0.0, 0.0]
    """
    n, s0 = len(rows), float(rows.sum()) / 2
    even = 2 * s0 / (n * (n - 1))
    s1 = float(((both - even) ** 2).sum() + (n * (n - 1) - len(both)) * even**2) / 2
    s2 = float(((rows - 2 * s0 / n) ** 2).sum())
    least = (EVEN * even * n) ** 2
    return WeightSums(s0, s1 if s1 > least else 0.0, s2 if s2 > least * n else 0.0)


def cross_variance(z: Floats, s: WeightSums) -> float:
    """Give the variance of z'Wz over all arrangements of four centred values or more.

    References
    ----------
    Cliff, A. D. & Ord, J. K. (1981). Spatial Processes: Models and Applications. Pion.

    Examples
    --------
    Of four values on a ring, by the three arrangements that differ: 0, 0 and -8.

    >>> import numpy as np
    >>> ring = weight_sums(np.array([2.0] * 8), np.array([4.0] * 4))
    >>> round(cross_variance(np.array([1.0, 1, -1, -1]), ring), 3), round(float(np.var([0, 0, -8])), 3)
    (14.222, 14.222)
    """
    n, m2, m4 = len(z), float(z @ z), float((z**4).sum())
    terms = (
        m2**2 * (n**2 - 3 * n + 3) * s.s1,
        -(m2**2) * n * s.s2,
        -m4 * (n**2 - n) * s.s1,
        m4 * 2 * n * s.s2,
    )
    return balance(*terms) / (n * (n - 1) * (n - 2) * (n - 3))


def geary_variance(z: Floats, s: WeightSums) -> float:
    """Give the variance of Geary's c over all arrangements of four centred values or more.

    References
    ----------
    Cliff, A. D. & Ord, J. K. (1981). Spatial Processes: Models and Applications. Pion.

    Examples
    --------
    Of four values on a ring: c is 3/4 in two of the three arrangements that differ, and 3/2 in the other.

    >>> import numpy as np
    >>> ring = weight_sums(np.array([2.0] * 8), np.array([4.0] * 4))
    >>> round(geary_variance(np.array([1.0, 1, -1, -1]), ring), 3)
    0.125
    """
    n = len(z)
    k = n * float((z**4).sum()) / float(z @ z) ** 2
    terms = (
        *(s.s1 * (n**2 - 3 * n + 3), -s.s1 * (n - 1) * k),
        *(-s.s2 * (n**2 + 3 * n - 6) / 4, s.s2 * (n**2 - n + 2) * k / 4),
    )
    return (n - 1) * balance(*terms) / (n * (n - 2) * (n - 3) * s.s0**2)
