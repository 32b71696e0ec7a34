"""Columns as plain arrays: one meaning of missing, whatever the column's type."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROUNDING = 1e-12
"""Share of the largest of several terms up to which what they add up to is what rounding leaves of none."""


def floats(values: pd.Series) -> NDArray[np.float64]:
    """Give a column of any number type as floats, missing values as NaN.

    Examples
    --------
    >>> floats(pd.Series([1, None], dtype="Int64")).tolist()
    [1.0, nan]
    """
    return np.asarray(values.astype("Float64").to_numpy(dtype=float, na_value=np.nan), dtype=np.float64)


def float_series(values: pd.Series) -> pd.Series:
    """Give a column as a plain float Series: ranking nullable columns differs between versions of pandas."""
    return pd.Series(floats(values), index=values.index)


def balance(*terms: float) -> float:
    """Add what may cancel, as the terms of a variance in closed form do: 0 where rounding alone is left.

    Examples
    --------
    >>> balance(104.0, -100.0), balance(0.1 + 0.2, -0.3), balance(0.3, -0.1, -0.2)
    (4.0, 0.0, 0.0)
    """
    left = sum(terms)
    return left if left > ROUNDING * max(map(abs, terms)) else 0.0
