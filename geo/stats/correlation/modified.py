"""How much the correlation of two independent variables varies where each is spatially autocorrelated.

The number of independent observations that would give a correlation the same variance is the effective sample
size, M = 1 + 1 / var(r), and r is tested as one of M. With X and Y the covariance matrices of the two
variables and B the matrix that centres, var(r) is tr(BXBY) / (tr BX tr BY) (Dutilleul 1993). The covariance
of two areas is taken to depend on the class of their pair alone, and estimated by class from centred values.

Centring costs something: centred values add up to zero, so the covariances estimated from them do too, are
too small throughout, and M comes out too large. But their bias is known. With A_k the matrix that marks the
pairs of class k, and A_0 the identity, the sum q_k = x'A_k x over centred values has the mean sum_l c_l T_kl,
where T_kl = tr(B A_k B A_l) and c are the covariances. Solving that for c and the same for y makes tr(BXBY)
equal q(x)' T⁺ q(y), without bias wherever covariance does depend on the class alone; tr BX is x'x already.
That is the variance used by default here; the two published ones stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.special import betainc

from geo.model.numeric import Floats
from geo.stats.correlation.distanceclasses import Classes

ROUNDING = 1e-10  # of the largest eigenvalue of T; what is below counts as zero


@dataclass(frozen=True, kw_only=True)
class Effective:
    """Effective sample sizes of one correlation; missing where the estimated variance is not positive."""

    unbiased: float
    """From covariances without the bias of centring; never more than the number of areas."""
    dutilleul: float
    """Dutilleul's (1993), from covariances of centred values."""
    crh: float
    """Clifford, Richardson and Hémon's (1989), which does not count what the means vary."""


class Pairs:
    """Classes of pairs, as sums over them need them; for many variables on the same areas."""

    def __init__(self, classes: Classes) -> None:
        code = classes.code
        self.n = len(code)
        self.members = [csr_array(code == k, dtype=float) for k in range(int(code.max()) + 1)]

    @cached_property
    def _rows(self) -> Floats:
        """Pairs of each class that each area is in, the area with itself first; shape (classes + 1, n)."""
        return np.vstack([np.ones(self.n), *(np.asarray(m.sum(axis=1)).ravel() for m in self.members)])

    @cached_property
    def size(self) -> Floats:
        """Ordered pairs of each class, the areas with themselves first."""
        return np.asarray(self._rows.sum(axis=1))

    @cached_property
    def traces(self) -> Floats:
        """T: tr(B A_k B A_l)."""
        return np.asarray(
            np.diag(self.size)
            - 2 / self.n * self._rows @ self._rows.T
            + np.outer(self.size, self.size) / self.n**2
        )

    @cached_property
    def _inverse(self) -> Floats:
        # All classes together make the matrix of ones, which centring takes out: T has no inverse.
        return np.asarray(np.linalg.pinv(self.traces, rcond=ROUNDING, hermitian=True))

    def sums(self, values: Floats) -> Floats:
        """Give q: products of centred values over each class's pairs; shape (classes + 1, ...)."""
        x = values - values.mean(axis=0)
        return np.array([(x * x).sum(axis=0), *((x * (m @ x)).sum(axis=0) for m in self.members)])

    def moran(self, values: Floats) -> Floats:
        """Moran's I of each class, with its pairs as neighbours."""
        q = self.sums(values)
        return np.asarray(q[1:] / self.size[1:] / (q[0] / self.n))

    def effective(self, first: Floats, second: Floats) -> Effective:
        """Give the effective sample sizes of the correlation of two variables."""
        sizes = self.effective_sizes(self.sums(first), self.sums(second))
        return Effective(unbiased=float(sizes[0]), dutilleul=float(sizes[1]), crh=float(sizes[2]))

    def effective_sizes(self, q: Floats, r: Floats) -> Floats:
        """Give them from sums, for one pair of variables or for several, one a column: shape (3, ...)."""
        c = q / self.size.reshape(-1, *[1] * (q.ndim - 1))
        d = r / self.size.reshape(-1, *[1] * (r.ndim - 1))
        trace_c, trace_d = np.tensordot(self.traces[0], c, 1), np.tensordot(self.traces[0], d, 1)
        variances = (
            (q * np.tensordot(self._inverse, r, 1)).sum(axis=0) / (q[0] * r[0]),
            (c * np.tensordot(self.traces, d, 1)).sum(axis=0) / (trace_c * trace_d),
            (q * d).sum(axis=0) / (q[0] * r[0]),
        )
        sizes = np.array([np.where(v > 0, 1 + 1 / np.where(v > 0, v, 1), np.nan) for v in variances])
        sizes[0] = np.minimum(sizes[0], self.n)
        return sizes


def correlation_p(r: Floats | float, size: Floats | float, given: int = 0) -> Floats:
    """Give the two-sided p of a correlation by the t-test of as many observations.

    Parameters
    ----------
    r : float or array
        Correlations.
    size : float or array
        Observations, actual or effective.
    given : int
        Variables held constant, each of which takes a degree of freedom.

    Returns
    -------
    array of float
        Missing where no degree of freedom is left.

    Examples
    --------
    >>> correlation_p(0.5, 20).round(4).tolist(), correlation_p(0.5, 2.0).tolist()
    (0.0248, nan)
    """
    r, free = np.asarray(r, dtype=float), np.asarray(size, dtype=float) - 2 - given
    usable = free > 0
    held = np.where(usable, free, 1.0)
    # P(|t| > ...) is the beta function's at df / (df + t²), and t² = df r² / (1 - r²).
    return np.where(usable, betainc(held / 2, 0.5, np.clip(1 - r**2, 0, 1)), np.nan)
