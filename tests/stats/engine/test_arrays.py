"""One meaning of missing, whatever the type of a column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.stats.engine.arrays import float_series, floats


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1, None], dtype="Int64"),
        pd.Series([1, None], dtype="Float64"),
        pd.Series([1.0, np.nan]),
        pd.Series([1, None], dtype=object),
        pd.Series([True, None], dtype="boolean"),
    ],
)
def test_what_is_missing_in_any_kind_of_column_is_not_a_number(column: pd.Series) -> None:
    found = floats(column)
    assert found.dtype == np.float64
    assert found[0] == 1
    assert np.isnan(found[1])


def test_a_series_keeps_its_areas_and_becomes_plain() -> None:
    column = pd.Series([3, None], index=["a", "b"], dtype="Int64")
    found = float_series(column)
    assert (found.index.tolist(), str(found.dtype), found["a"]) == (["a", "b"], "float64", 3.0)
