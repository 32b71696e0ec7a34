"""Columns as plain arrays: one meaning of missing, whatever the column's type."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray


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
