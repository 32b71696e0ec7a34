"""Codes of communes through their vintages: in which years each was in force, and what it means today.

Four sets of codes are met in tables: before October 2007 (13 regions; Arica y Parinacota, Tamarugal and Los
Ríos not yet set apart), until 2010 (Marga Marga not yet), until 2018 (Ñuble not yet, ``cut_2010`` of the
register) and since. No retired code was ever given to another commune, so each means one commune whatever its
vintage; a table in which two vintages meet is still told apart, since it was put together from two.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from geo.assets import asset_table
from geo.register.communes import commune_register

FIRST, LAST = 0, 9999  # in force from before anything read here; still in force
NUBLE = 2018


def tidy_codes(codes: pd.Series) -> pd.Series:
    """Bring codes to five digits: text or number, leading zero lost, spaces, ``.0`` or a thousands dot added.

    The country that P-codes of the United Nations put before a code is left off.

    Returns
    -------
    Series of string
        What is no code stays as it is.

    Examples
    --------
    >>> tidy_codes(pd.Series([1101, "5101.0", " 05 101", "13.101", "X12"])).tolist()
    ['01101', '05101', '05101', '13101', 'X12']
    """
    text = codes.astype("string").str.replace(r"[\s'’]", "", regex=True)
    text = text.str.replace(r"^CL(?=[0-9]{5}$)", "", regex=True, case=False)
    text = text.str.replace(r"^([0-9]+)[.,]0+$", r"\1", regex=True)
    text = text.str.replace(r"^([0-9]{1,2})[.,]([0-9]{3})$", r"\1\2", regex=True)
    digits = text.str.fullmatch("[0-9]{1,9}").fillna(False).astype(bool)
    return text.mask(digits, text.str.lstrip("0").str.zfill(5))


def to_commune(codes: pd.Series) -> pd.Series:
    """Translate codes of any vintage to the 2018 code.

    Examples
    --------
    >>> to_commune(pd.Series(["08401", "5106", "10501", "16101", "99999"])).tolist()
    ['16101', '05801', '14101', '16101', nan]
    """
    return tidy_codes(codes).map({code: cut for code, (cut, _, _) in _codes().items()}).astype(object)


def code_years(codes: pd.Series) -> pd.DataFrame:
    """Say in which years each code was in force.

    Returns
    -------
    DataFrame
        ``first`` (0 where it was there before 2007) and ``until`` (the year in which it ended, 9999 where it
        has not); missing for unknown codes.

    Examples
    --------
    >>> code_years(pd.Series(["08401", "16101", "05106"])).values.tolist()
    [[0, 2018], [2018, 9999], [0, 2010]]
    """
    known = _codes()
    years = [known[code][1:] if code in known else (pd.NA, pd.NA) for code in tidy_codes(codes)]
    return pd.DataFrame(years, columns=["first", "until"], index=codes.index, dtype="Int64")


def mixed_vintages(codes: pd.Series) -> tuple[str, str] | None:
    """Find two codes that were never in force together.

    Returns
    -------
    (str, str) or None
        A code that had ended before the other began; None where one vintage has all codes.

    Examples
    --------
    >>> mixed_vintages(pd.Series(["8401", "13101"])) is None
    True
    >>> mixed_vintages(pd.Series(["8401", "16102"]))
    ('08401', '16102')
    """
    years = code_years(codes).set_axis(tidy_codes(codes).astype(object)).dropna()
    if years.empty or years["first"].max() < years["until"].min():
        return None
    return str(years["until"].idxmin()), str(years["first"].idxmax())


@cache
def _codes() -> dict[str, tuple[str, int, int]]:
    """Each code of any vintage: the commune it means, its first year and the year it ended."""
    old = asset_table("boundaries", "codes_before_2010.csv", until=int)
    begun = dict(zip(old["cut"], old["until"], strict=True))
    known = commune_register()
    now = {cut: (cut, begun.get(cut, FIRST), LAST) for cut in known.index}
    moved = known.loc[known.index != known["cut_2010"], "cut_2010"]
    now |= {cut: (cut, NUBLE, LAST) for cut in moved.index}
    until_2018 = {code: (cut, FIRST, NUBLE) for cut, code in moved.items()}
    before = {c: (cut, FIRST, int(until)) for c, cut, until in old.itertuples(index=False)}
    return {**before, **until_2018, **now}
