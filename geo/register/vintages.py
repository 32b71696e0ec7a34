"""Codes of areas through their vintages: in which years each was in force, and what it means today."""

from __future__ import annotations

import re

import pandas as pd

from geo.model.country import Register


def tidy_codes(codes: pd.Series, register: Register) -> pd.Series:
    """Bring codes to their digits: text or number, zeros lost, spaces, ``.0`` or a thousands dot added.

    What the register knows to stand before a code, as in the P-codes of the United Nations, is left off.

    Returns
    -------
    Series of string
        What is no code stays as it is.

    Examples
    --------
    >>> from geo.register.countries import chile
    >>> tidy_codes(pd.Series([1101, "5101.0", " 05 101", "13.101", "X12"]), chile.register()).tolist()
    ['01101', '05101', '05101', '13101', 'X12']
    """
    digits = register.digits
    text = codes.astype("string").str.replace(r"[\s'’]", "", regex=True)
    if register.prefix:
        before = rf"^{re.escape(register.prefix)}(?=[0-9]{{{digits}}}$)"
        text = text.str.replace(before, "", regex=True, case=False)
    text = text.str.replace(r"^([0-9]+)[.,]0+$", r"\1", regex=True)
    text = text.str.replace(rf"^([0-9]{{1,{max(digits - 3, 1)}}})[.,]([0-9]{{3}})$", r"\1\2", regex=True)
    numbers = text.str.fullmatch("[0-9]{1,9}").fillna(False).astype(bool)
    return text.mask(numbers, text.str.lstrip("0").str.zfill(digits))


def to_area(codes: pd.Series, register: Register) -> pd.Series:
    """Translate codes of any vintage to those of today.

    Examples
    --------
    >>> from geo.register.countries import chile
    >>> to_area(pd.Series(["08401", "5106", "10501", "16101", "99999"]), chile.register()).tolist()
    ['16101', '05801', '14101', '16101', nan]
    """
    return tidy_codes(codes, register).map(register.codes["area_id"].to_dict()).astype(object)


def code_years(codes: pd.Series, register: Register) -> pd.DataFrame:
    """Say in which years each code was in force.

    Returns
    -------
    DataFrame
        ``first`` (0 where it was there before any other) and ``until`` (the year in which it ended, 9999
        where it has not); missing for unknown codes.

    Examples
    --------
    >>> from geo.register.countries import chile
    >>> code_years(pd.Series(["08401", "16101", "05106"]), chile.register()).values.tolist()
    [[0, 2018], [2018, 9999], [0, 2010]]
    """
    years = register.codes[["first", "until"]].reindex(tidy_codes(codes, register))
    return years.set_axis(codes.index).astype("Int64")


def mixed_vintages(codes: pd.Series, register: Register) -> tuple[str, str] | None:
    """Find two codes that were never in force together.

    Returns
    -------
    (str, str) or None
        A code that had ended before the other began; None where one vintage has all codes.

    Examples
    --------
    >>> from geo.register.countries import chile
    >>> mixed_vintages(pd.Series(["8401", "13101"]), chile.register()) is None
    True
    >>> mixed_vintages(pd.Series(["8401", "16102"]), chile.register())
    ('08401', '16102')
    """
    years = code_years(codes, register).set_axis(tidy_codes(codes, register).astype(object)).dropna()
    if years.empty or years["first"].max() < years["until"].min():
        return None
    return str(years["until"].idxmin()), str(years["first"].idxmax())
