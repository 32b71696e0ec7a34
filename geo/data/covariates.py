"""Columns to compare counts with: the shipped ones, and one of any table."""

from __future__ import annotations

import pandas as pd

from geo.assets import asset_table
from geo.data.table import read_table
from geo.errors import InputError
from geo.model.tables import Table

COVARIATES = ("poverty", "dmcs")
DMCS_YEAR = 2016


def shipped_covariate(name: str) -> pd.Series:
    """Give a shipped covariate by commune.

    Parameters
    ----------
    name : {"poverty", "dmcs"}
        ``poverty``: share of people in income poverty, CASEN 2017, small-area estimates. ``dmcs``: police
        cases of major social connotation in 2016, a count.

    Returns
    -------
    Series of float
        By 2018 code; missing communes are left out.

    Raises
    ------
    InputError
        If there is no such covariate.

    Examples
    --------
    >>> float(shipped_covariate("poverty")["05101"].round(4)), len(shipped_covariate("poverty"))
    (0.0708, 345)
    """
    if name == "poverty":
        table = asset_table("data", "poverty_2017.csv", share=float)
        return table.set_index("cut")["share"].rename("poverty")
    if name == "dmcs":
        table = asset_table("data", "dmcs.csv", year=int, cases=int)
        cases = table[table["year"] == DMCS_YEAR].set_index("cut")["cases"]
        return cases.astype(float).rename("dmcs")
    raise InputError(
        "a shipped covariate is one of " + ", ".join(COVARIATES), repr(name), "name one, or give a table file"
    )


def covariate_table(path: str, column: str, *, decimal: str | None = None) -> Table:
    """Read one column of a table, by area: its values stand as ``rate``.

    Parameters
    ----------
    path : str
        Any table that :func:`geo.read_table` reads.
    column : str
        Header of the column.
    decimal : {".", ","}, optional
        Decimal mark, where the column can be read two ways.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "casen.csv"
    >>> _ = file.write_text("Comuna;Pobreza\\nArica;0,0532\\nIquique;0,04")
    >>> covariate_table(str(file), "Pobreza").rows["rate"].tolist()
    [0.0532, 0.04]
    """
    return read_table(path, columns={"rate": column, "releases": "-"}, decimal=decimal)
