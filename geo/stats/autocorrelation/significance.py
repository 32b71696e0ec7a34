"""What a local result is called: its label after correction, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

ALPHA = 0.05  # level of labels, unless another is named
QUADRANTS = ("High-High", "Low-Low", "High-Low", "Low-High")
NOT_SIGNIFICANT = "not significant"
UNDEFINED = "undefined"


def reasons(index: pd.Index, masks: Mapping[str, np.ndarray]) -> pd.Series:
    """Name why areas are undefined; the first reason that holds is given, missing where none does.

    Examples
    --------
    >>> reasons(pd.RangeIndex(3), {"missing_value": np.array([True, False, False])}).tolist()
    ['missing_value', <NA>, <NA>]
    """
    reason = pd.Series(pd.NA, index=index, dtype="string", name="reason")
    for name, mask in masks.items():
        reason = reason.mask(mask & reason.isna().to_numpy(), name)
    return reason


def significance_labels(name: pd.Series, level: pd.Series, alpha: float) -> pd.Series:
    """Give areas their name where the level is at most alpha; a missing level is undefined.

    Examples
    --------
    >>> name, q = pd.Series(["High-High"] * 3), pd.Series([0.01, 0.2, None])
    >>> significance_labels(name, q, 0.05).tolist()
    ['High-High', 'not significant', 'undefined']
    """
    # The smallest q that R allows may equal alpha but for its last digit.
    label = name.astype("string").where(level <= alpha * (1 + 1e-12), NOT_SIGNIFICANT)
    return label.where(level.notna(), UNDEFINED)
