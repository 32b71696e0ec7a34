"""Classes of a graduated map: where one colour ends and the next begins, and which colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def rate_breaks(rates: pd.Series, n: int = 5) -> list[float]:
    """Cut rates into classes of about equal numbers of areas, at round figures.

    Quantiles, rounded to two significant digits, so that a legend can be read aloud; the outer limits
    enclose every value. Shared by every map of one result, so that a colour means the same in each.

    Parameters
    ----------
    rates : Series of float
        Rates per 100,000; missing values are left out.
    n : int
        Most classes wanted; fewer come back where values repeat or are few.

    Returns
    -------
    list of float
        Ascending limits, one more than there are classes; empty where there is no rate.

    Examples
    --------
    >>> rate_breaks(pd.Series([81.0, 90, 99, 104, 118, 203]), 3)
    [81.0, 96.0, 110.0, 210.0]
    """
    known = rates.dropna().to_numpy(dtype=float)
    if known.size == 0:
        return []
    inner = [_round(q, np.round) for q in np.quantile(known, np.arange(1, n) / n)]
    low, high = _round(known.min(), np.floor), _round(known.max(), np.ceil)
    limits = [low, *sorted({q for q in inner if low < q < high})]
    return [float(limit) for limit in [*limits, high if high > low else low + 1]]


def spread(colors: Sequence[str], n: int) -> list[str]:
    """Choose `n` of a sequence of colours, evenly, the darkest always among them.

    Examples
    --------
    >>> spread(["white", "grey", "black"], 2), spread(["white", "black"], 1)
    (['white', 'black'], ['black'])
    """
    last = len(colors) - 1
    return [colors[round(last * i / (n - 1))] if n > 1 else colors[last] for i in range(n)]


def round_steps(largest: float) -> list[float]:
    """Choose up to three round numbers for a legend of sizes: about the largest, a quarter and a twentieth.

    Examples
    --------
    >>> round_steps(599.0), round_steps(3.0)
    ([500.0, 100.0, 20.0], [2.0])
    """
    shares = [_below(largest * share) for share in (1, 0.25, 0.05)]
    return list(dict.fromkeys(step for step in shares if step >= 1))


def _below(value: float) -> float:
    """Find the largest of 1, 2, 5, 10, 20, ... up to a value."""
    if value <= 0:
        return 0.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(power * max(step for step in (1, 2, 5) if step * power <= value * (1 + 1e-9)))


def _round(value: float, how: np.ufunc | object) -> float:
    if value == 0:
        return 0.0
    digits = 10.0 ** (np.floor(np.log10(abs(value))) - 1)
    return float(round(how(value / digits) * digits, 10))  # type: ignore[operator]
