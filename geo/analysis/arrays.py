"""Columns as plain arrays: one meaning of missing, whatever the column's type."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ROUNDING = 1e-12
"""Share of its squared mean up to which a variance in closed form is what rounding leaves of none."""


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


def deviation(variance: float, mean: float) -> float:
    """Give the standard deviation of a statistic, 0 where it cannot vary.

    Closed forms subtract the square of the mean from the mean of the square. Where all arrangements have one
    value, as where each area adjoins all others, rounding leaves a little more than nothing of it, or less.

    Examples
    --------
    >>> deviation(4.0, 10.0), deviation(1e-17, -0.1), deviation(-1e-17, -0.1)
    (2.0, 0.0, 0.0)
    """
    return float(np.sqrt(variance)) if variance > ROUNDING * mean**2 else 0.0
