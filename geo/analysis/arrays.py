"""Columns as plain arrays: one meaning of missing, whatever the column's type."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROUNDING = 1e-12
"""Share of a number up to which what is left after subtracting another is what rounding leaves of none."""


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


def difference(whole: float, part: float) -> float:
    """Subtract what may be the whole: 0 where rounding alone is left, or less than nothing.

    Variances in closed form are the mean of a square less the square of a mean. Where all arrangements have
    one value, as where each area adjoins all others, those are the same but for rounding.

    Examples
    --------
    >>> difference(104.0, 100.0), difference(0.3, 0.1 + 0.2), difference(0.1 + 0.2, 0.3)
    (4.0, 0.0, 0.0)
    """
    left = whole - part
    return left if left > ROUNDING * abs(part) else 0.0
