"""How the sum of k of n whole numbers, drawn without replacement, is distributed.

The generating function of the sum is the elementary symmetric polynomial e_k of z^x, one z^x for each number
x. On the unit circle its power sums are values of one Fourier transform of the histogram; Newton's
identities make the polynomials of them, at a cost that does not depend on n; and the inverse transform gives
the distribution. All polynomials are divided by their number of terms, C(n, k), so that nothing overflows.
Rounding errors then stay below 1e-15 times n for every k up to n / 2 (measured against exact integers and
the plain product).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.model.numeric import Floats, Ints

Complexes = NDArray[np.complex128]

OUTSIDE = 1e-14  # a sum may fall beyond each end of its window with this probability
SILENT = 1e-15  # frequencies whose polynomial is surely smaller are left out
VANISHING = 1e-18  # terms of alternating sums below this are left out
CELLS = 2**23  # polynomials times frequencies held at a time, 128 MB
CHUNK = 4096  # frequencies worked on at a time: what fits in a processor's cache
FEW = 256  # with fewer than one frequency in so many, sums are taken over frequencies, without tables


class SubsetSums:
    """Distribution of sums of k of n whole numbers, for every k up to a limit.

    Parameters
    ----------
    levels : array of int, shape (n,)
        The numbers, none negative.
    least, most : int
        The values of k to be asked for, at least 1 and at most n - 1; accurate up to about n / 2.

    Examples
    --------
    Two of 0, 1, 2, 3 sum to at most 2 in 2 of 6 cases; without the 3, in 2 of 3.

    >>> sums = SubsetSums(np.array([0, 1, 2, 3]), 1, 2)
    >>> limit = np.array([[2]])
    >>> sums.at_most(2, limit).round(12).tolist(), sums.at_most(2, limit, np.array([3])).round(12).tolist()
    ([[0.333333333333]], [[0.666666666667]])
    """

    def __init__(self, levels: Ints, least: int, most: int) -> None:
        self.n = len(levels)
        low, high = window(levels.astype(float), most)
        self.low = np.floor(low).astype(np.int64)
        self.size = 1 << int(np.ceil(high - self.low).max()).bit_length()
        base = np.fft.rfft(np.bincount(levels % self.size, minlength=self.size)) / self.n
        self.frequencies = np.flatnonzero(np.abs(base) > _loud(self.n, least))
        self._base, self._most = base, most
        self._by_tables = len(self.frequencies) * FEW >= self.size
        self.cells = (self.size // 2 if self._by_tables else len(self.frequencies)) * (most + 1)
        self._polynomials: Complexes | None = None
        self._tables: Floats | None = None

    def at_most(self, k: int, limits: Ints, without: Ints | None = None) -> Floats:
        """Give the probability that the sum of k numbers does not exceed each limit.

        Parameters
        ----------
        k : int
            Numbers drawn, 0 to `most`.
        limits : array of int, shape (q, t)
            Several limits for each of q questions.
        without : array of int, shape (q,), optional
            One of the numbers that is not among those drawn from, for each question.

        Returns
        -------
        array of float, shape (q, t)
            Between 0 and 1; absolute error about 1e-16 times n.
        """
        if k == 0:
            return (limits >= 0).astype(float)
        if self._by_tables:
            probability = self._by_table(k, limits, without)
        else:
            probability = self._by_frequency(k, limits, without)
        clipped: Floats = np.clip(probability, 0.0, 1.0)
        return clipped

    def _newton(self) -> Complexes:
        """Polynomials of every order at every frequency, by k e_k = sum over j of ± e_(k-j) p_j."""
        half = self.size // 2
        place = self.frequencies if self._by_tables else np.arange(len(self.frequencies))
        polynomials = np.zeros((self._most + 1, half + 1 if self._by_tables else len(place)), dtype=complex)
        for start in range(0, len(place), CHUNK):
            frequency = self.frequencies[start : start + CHUNK]
            part = np.ones((self._most + 1, len(frequency)), dtype=complex)
            power = np.empty_like(part)
            for j in range(1, self._most + 1):
                at = frequency * j % self.size
                folded = np.where(at > half, self.size - at, at)
                power[j] = np.where(at > half, self._base[folded].conj(), self._base[folded])
            for k in range(1, self._most + 1):
                weights = _signed(self.n / (self.n - k + 1), k, self.n, start=1)
                part[k] = sum(w * power[j] * part[k - j] for j, w in enumerate(weights, start=1))
            polynomials[:, place[start : start + CHUNK]] = part
        return polynomials

    def _accumulate(self) -> Floats:
        """Distribution functions of all orders, each from the lower end of its window, with a 0 before.

        They take the place of the polynomials, which are no longer needed.
        """
        polynomials = self._newton()
        tables = polynomials.view(float)[:, : self.size + 1]
        for k, polynomial in enumerate(polynomials):
            mass = np.roll(np.fft.irfft(polynomial, self.size), -self.low[k])
            np.cumsum(mass, out=tables[k, 1:])
        tables[:, 0] = 0
        return tables

    def _by_table(self, k: int, limits: Ints, without: Ints | None) -> Floats:
        if self._tables is None:
            self._tables = self._accumulate()
        probability = np.zeros(limits.shape)
        for m, w in enumerate(self._weights(k, without)):
            shift = 0 if without is None else m * without[:, None]
            place = limits - shift - (self.low[k - m] - 1)
            probability += w * self._tables[k - m][np.clip(place, 0, self.size)]
        return probability

    def _by_frequency(self, k: int, limits: Ints, without: Ints | None) -> Floats:
        if self._polynomials is None:
            self._polynomials = self._newton()
        frequency = self.frequencies[1:]
        turn = 2j * np.pi / self.size
        double = np.where(frequency == self.size // 2, 1, 2) / self.size
        scale = double / np.expm1(turn * frequency)
        floor = np.exp(turn * (frequency * self.low[k] % self.size))
        limits = np.clip(limits, self.low[k] - 1, self.low[k] + self.size - 1)
        probability: Floats = (limits - self.low[k] + 1) / self.size
        block = 1 + 2**20 // (1 + len(frequency))
        for start in range(0, len(limits), block):
            part = slice(start, start + block)
            value = self._polynomials[k, 1:][None, :]
            if without is not None:
                back = np.exp(-turn * (frequency * without[part, None] % self.size))
                value = np.zeros_like(back)
                for m, w in reversed(list(enumerate(self._weights(k, without)))):
                    value = value * back + w * self._polynomials[k - m, 1:]
            for t in range(limits.shape[1]):
                wave = np.exp(turn * (frequency * (limits[part, t, None] + 1) % self.size)) - floor
                probability[part, t] += (value * wave * scale).real.sum(axis=1)
        return probability

    def _weights(self, k: int, without: Ints | None) -> list[float]:
        """Weights of orders k, k - 1, ... where one number is left out.

        With that number e_k counts the sets without it and, through e_(k-1), those with it, so that the sets
        without it are e_k(s) - e_(k-1)(s - x) + e_(k-2)(s - 2 x) - ...
        """
        return [1.0] if without is None else _signed(self.n / (self.n - k), k, self.n, start=0)


def _signed(first: float, k: int, n: int, *, start: int) -> list[float]:
    """Alternating ratios of C(n, k - j), j from `start` on, the first as given, while they matter."""
    weights = [first]
    for j in range(start, k):
        weights.append(-weights[-1] * (k - j) / (n - k + j + 1))
        if abs(weights[-1]) < VANISHING:
            break
    return weights


def window(values: Floats, most: int) -> tuple[Floats, Floats]:
    """Bound the sums of m values, m = 0 to `most`: beyond each end lies at most the probability `OUTSIDE`.

    Chernoff's bound, which draws without replacement obey as those with it do.

    References
    ----------
    Hoeffding, W. (1963). Probability inequalities for sums of bounded random variables. Journal of the
    American Statistical Association 58(301), 13-30.

    Examples
    --------
    >>> low, high = window(np.arange(1000.0), 2)
    >>> low.tolist(), high.tolist()
    ([0.0, 0.0, 1.0], [0.0, 999.0, 1997.0])
    """
    low, high = float(values.min()), float(values.max())
    order = np.arange(most + 1)
    return order * high - _reach(high - values, most), order * low + _reach(values - low, most)


def _reach(values: Floats, most: int) -> Floats:
    """Upper end for values from 0 up."""
    top = values.max()
    if top == 0:
        return np.zeros(most + 1)
    bins = 2048  # values are moved up to the next of so many marks
    count = np.bincount(np.ceil(values / top * bins).astype(np.int64), minlength=bins + 1)
    mark = np.flatnonzero(count)
    tilt = np.geomspace(0.5, 2e4, 120)
    cumulant = np.log(np.exp(tilt[:, None] * (mark / bins - 1)) @ (count[mark] / len(values))) + tilt
    order = np.arange(most + 1)
    bound = ((cumulant[:, None] * order - np.log(OUTSIDE)) / tilt[:, None]).min(axis=0) * top
    least = len(values) - most
    largest = np.sort(np.partition(values, least)[least:])[::-1]
    reach: Floats = np.minimum(bound, np.concatenate([[0.0], np.cumsum(largest)]))
    return reach


def points_held(n: int, least: int, most: int) -> int:
    """Give the points, a power of 2, that fit in memory if no frequency can be left out, else a great number.

    Examples
    --------
    >>> points_held(341, 1, 7) == 2**21, points_held(341, 30, 120) > 2**30
    (True, True)
    """
    return 2**40 if _loud(n, least) > 0 else 1 << int(np.log2(2 * CELLS / (most + 1)))


def _loud(n: int, k: int) -> float:
    """Find how large the mean of n numbers' z must be for the polynomial of order k to exceed `SILENT`.

    Of n - 1 of the numbers, or of all. On a circle of radius r Cauchy's bound is the largest product of |1
    + r z|, over C(n, k) r^k; the mean of the logarithm of |1 + r z|² is, by Jensen, at most that at the
    mean of z.
    """
    rest = n - 1
    if rest < 3:
        return -1.0
    k = min(k, rest // 2)
    mean, radius = np.linspace(0, 1, 1001), np.geomspace(1e-4, 1, 200)[:, None] * np.sqrt(k / (rest - k))
    bound = rest / 2 * np.log1p(radius**2 + 2 * radius * mean) - k * np.log(radius)
    terms = np.log(np.arange(rest - k + 1, rest + 1)).sum() - np.log(np.arange(1, k + 1)).sum()
    silent = mean[bound.min(axis=0) - terms < np.log(SILENT)]
    return float((silent.max(initial=-1.0) * rest - 1) / n)
