"""Correction of many p-values at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.statistics import Correction


def q_values(p: pd.Series, method: Correction = "bh") -> pd.Series:
    """Correct p-values for the number of tests made.

    Parameters
    ----------
    p : Series of float
        p-values; missing ones were not tested and do not count.
    method : {"bh", "by", "bonferroni", "none"}
        Benjamini-Hochberg (false discovery rate), Benjamini-Yekutieli (the same under any dependence),
        Bonferroni (any error at all), or none.

    Returns
    -------
    Series of float
        The smallest level at which each area would be rejected, on the same index.

    Raises
    ------
    StatisticError
        If the method is unknown.

    References
    ----------
    Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal
    Statistical Society B 57(1), 289-300. Benjamini, Y. & Yekutieli, D. (2001). The control of the false
    discovery rate in multiple testing under dependency. Annals of Statistics 29(4), 1165-1188.

    Examples
    --------
    >>> q_values(pd.Series([0.01, 0.04, 0.03, None])).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    known = p.dropna().astype(float)
    m = len(known)
    if method == "none":
        corrected = known.to_numpy()
    elif method == "bonferroni":
        corrected = np.minimum(1.0, known.to_numpy() * m)
    elif method in ("bh", "by"):
        dependence = harmonic(m) if method == "by" else 1.0
        order = np.argsort(known.to_numpy(), kind="stable")
        stepped = known.to_numpy()[order] * dependence * m / np.arange(1, m + 1)
        corrected = np.empty(m)
        corrected[order] = np.minimum(1.0, np.minimum.accumulate(stepped[::-1])[::-1])
    else:
        raise StatisticError(
            "a correction is one of bh, by, bonferroni, none", repr(method), "name one of the four"
        )
    return pd.Series(corrected, index=known.index).reindex(p.index).rename("q_value")


def harmonic(m: int) -> float:
    """Sum 1 + 1/2 + ... + 1/m, the price of any dependence (Benjamini & Yekutieli 2001).

    Examples
    --------
    >>> harmonic(2)
    1.5
    """
    return float((1 / np.arange(1, m + 1)).sum())


def areas_at_floor(n: float, permutations: int, alpha: float = 0.05) -> int:
    """Count the areas that must sit at the p floor before one can be rejected after correction.

    Above 1, a single strong cluster cannot be found: use more permutations.

    Examples
    --------
    >>> areas_at_floor(341, 99_999), areas_at_floor(341, 999)
    (1, 14)
    """
    return int(np.ceil(2 * n / (alpha * (permutations + 1))))
