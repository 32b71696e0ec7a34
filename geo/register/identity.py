"""Which area a row means, by the code and the name that it has: one rule for every table.

A code that is given decides, and is never overruled by a name: a row whose code is of no area here is of an
area elsewhere, whatever areas here are called. A row without a code is placed by its name. Only where the
column as a whole shows that it numbers rows, and is no code at all, are the names believed in its place, and
whoever reads the outcome is told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.model.country import Register
from geo.register.missing import MISSING
from geo.register.names import match_names, nearest_names
from geo.register.registers import likely_register, register_of, registers
from geo.register.vintages import to_area

NAMED_AT_LEAST = 0.8  # share of the rows with a code whose name must be of one area for names to be believed
ROWS_AT_LEAST = 3  # fewer rows show nothing of a column as a whole
FOUND_BELOW = 0.5  # share of numbers that are ids from which on a column is of this layer, if damaged
COUNTED_AT_LEAST = 0.5  # share of the numbers up to the largest that stand there: some rows were deleted

UNKNOWN, FOREIGN, TORN = "no such area", "code not in the layer", "code and name disagree"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The areas that rows mean, on the index of the rows."""

    areas: pd.DataFrame | Register
    """All that could be meant: a layer's areas, or a register."""
    ids: pd.Series
    """Id of each row's area; missing where there is none."""
    by_code: pd.Series
    """Id that the code alone has, whether or not the row is placed."""
    by_name: pd.Series
    """Id that the name alone has."""
    reason: pd.Series
    """Why a row has no area: ``code not in the layer`` (though its name alone is known), ``code and name
    disagree``, ``no such area``; missing where it has one."""
    codes_unused: str | None
    """Codes found here and codes given, ``0/95``, where the column numbers rows and they were placed by their
    names; None where the codes decided."""


Areas = pd.DataFrame | Register
"""A layer's areas, or all of a register."""


def identify(codes: pd.Series, names: pd.Series, areas: Areas | None = None) -> Identity:
    """Find the area of each row.

    Parameters
    ----------
    codes, names : Series of str
        On one index; missing, blank or a mark for nothing (``-``, ``s/i``) where a row has none.
    areas : DataFrame or Register, optional
        All areas of the layer, also where a part of it is mapped: index ``area_id``; ``area_name``. Of a
        register, or with the column of its codes (``cut``), codes of any vintage and names as people write
        them are understood; left out, they are those of the register that knows most rows.
        Others match up to case, codes also where leading zeros were lost or ``.0`` was added, names where
        only one area bears them.

    Returns
    -------
    Identity

    Examples
    --------
    >>> codes, names = pd.Series(["5106", "-", "", "99999"]), pd.Series(["", "ARICA", "Springfield", "Arica"])
    >>> identity = identify(codes, names)
    >>> identity.ids.tolist(), identity.reason.dropna().tolist()
    (['05801', '15101', nan, nan], ['no such area', 'code not in the layer'])
    """
    codes, names = codes.astype("string"), names.astype("string")
    if areas is None:
        areas = likely_register(codes, names.astype(object)) or registers()[0]
    register, known = _known(areas)
    if register is not None:
        by_code, by_name = to_area(codes, register), match_names(names.astype(object), register)
    else:
        by_code, by_name = _by_id(codes, known.index), _by_own_name(names, known)
    # A mark for nothing is a code where an area has it: Namibia's is NA.
    coded = by_code.notna() | ~codes.fillna("").str.strip().str.lower().isin(MISSING).astype(bool)
    both = by_code.notna() & by_name.notna()
    against = both & by_code.ne(by_name)
    foreign = coded & by_code.isna()
    distinct = ~pd.DataFrame({"code": codes, "name": names}).duplicated() & coded
    if _numbers_rows(codes[distinct], by_code[distinct], by_name[distinct]):
        ids = by_name
        reason = pd.Series(pd.NA, index=codes.index, dtype="string").mask(ids.isna(), UNKNOWN)
        unused = f"{int(by_code[distinct].notna().sum())}/{int(distinct.sum())}"
        return Identity(
            areas=areas, ids=ids, by_code=by_code, by_name=by_name, reason=reason, codes_unused=unused
        )
    # Layers abroad may call an area otherwise than tables do: there a code that contradicts a name is
    # believed as long as most codes agree with the names.
    doubtful = register is not None or 2 * int(against.sum()) > int(both.sum())
    torn = against if doubtful else pd.Series(False, index=codes.index)
    ids = by_code.where(coded, by_name).mask(torn, np.nan)
    reason = pd.Series(pd.NA, index=codes.index, dtype="string").mask(ids.isna(), UNKNOWN)
    reason = reason.mask(foreign & by_name.notna(), FOREIGN).mask(torn, TORN)
    return Identity(areas=areas, ids=ids, by_code=by_code, by_name=by_name, reason=reason, codes_unused=None)


def _known(areas: Areas) -> tuple[Register | None, pd.Series]:
    """Give the register that areas are from, and the names of all that may be meant."""
    if not isinstance(areas, Register):
        register = register_of(areas)
        if register is None:
            return None, areas["area_name"]
        areas = register
    return areas, areas.areas["area_name"]


def suggestions(identity: Identity, names: pd.Series) -> pd.Series:
    """Name the areas that rows without one could mean, as a hint for a person.

    Parameters
    ----------
    identity : Identity
    names : Series of str
        What rows are called, for those to give hints of: a part of the rows that `identity` is about.

    Returns
    -------
    Series of string
        Where a code is not in the layer the area that the name alone would be; where a Chilean name is not
        known the three nearest ones; else empty.

    Examples
    --------
    >>> codes, names = pd.Series(["99999", ""]), pd.Series(["Arica", "Quilota"])
    >>> suggestions(identify(codes, names), names).tolist()
    ['Arica (15101)', 'Quillota, Lota, Quillón']
    """
    register, known = _known(identity.areas)

    def hint(name: object, reason: str, area: str) -> str:
        if reason == FOREIGN:
            return f"{known.at[area]} ({area})"
        if register is None or reason != UNKNOWN or not isinstance(name, str):
            return ""
        return ", ".join(nearest_names(name, register))

    rows = names.index
    reason, by_name = identity.reason.fillna("").reindex(rows), identity.by_name.reindex(rows)
    hints = [hint(*row) for row in zip(names, reason, by_name, strict=True)]
    return pd.Series(hints, index=rows, dtype="string")


def _numbers_rows(codes: pd.Series, by_code: pd.Series, by_name: pd.Series) -> bool:
    """Decide, from all rows with a code, whether the column is a running number and no code of an area.

    It counts from 0 or 1; names must place most rows, few numbers may be ids, and those few must be so by
    accident: most contradict their names.
    """
    if len(by_code) < ROWS_AT_LEAST or by_name.notna().mean() < NAMED_AT_LEAST or not _count_up(codes):
        return False
    matched = by_code.notna()
    against = int((matched & by_name.notna() & by_code.ne(by_name)).sum())
    agreeing = int((matched & by_code.eq(by_name)).sum())
    return bool(matched.mean() < FOUND_BELOW) and (not matched.any() or against > agreeing)


def _count_up(codes: pd.Series) -> bool:
    """Say whether codes are the numbers from 0 or 1 on, none of them twice and not many left out."""
    text = codes.str.strip().str.replace(r"[.,]0+$", "", regex=True)
    if not text.str.fullmatch("0|[1-9][0-9]{0,8}").all() or text.duplicated().any():
        return False
    numbers = text.astype("int64")
    return bool(numbers.min() <= 1) and len(numbers) >= COUNTED_AT_LEAST * int(numbers.max())


def _by_id(codes: pd.Series, ids: pd.Index) -> pd.Series:
    """Match codes with ids: as they are, else up to case, else up to what a spreadsheet does to numbers."""
    text, own = codes.str.strip(), pd.Series(ids.astype(str), index=ids, dtype="string")
    tried = [(text, own), (text.str.casefold(), own.str.casefold())]
    if _are_numbers(own):
        tried.append((_bare(text), _bare(own)))
    matches = pd.Series(np.nan, index=codes.index, dtype=object)
    for keys, known in tried:
        matches = matches.where(matches.notna(), _looked_up(keys, known))
    return matches


def _by_own_name(names: pd.Series, known: pd.Series) -> pd.Series:
    """Match names with a layer's, up to case, where only one area bears them."""
    return _looked_up(names.str.strip().str.casefold(), known.astype("string").str.strip().str.casefold())


def _looked_up(keys: pd.Series, known: pd.Series) -> pd.Series:
    """Give the area that each key is of; missing where none or several areas are known by it."""
    single = known[known.notna() & ~known.duplicated(keep=False)]
    matches = keys.map({str(text): area for area, text in single.items()}).astype(object)
    return matches.where(matches.notna(), np.nan)


def _are_numbers(ids: pd.Series) -> bool:
    """Whether zeros in front mean nothing: ids are digits, all of one width or none with a zero first."""
    digits = bool(ids.str.fullmatch("[0-9]+").all())
    return digits and (ids.str.len().nunique() == 1 or not ids.str.startswith("0").any())


def _bare(text: pd.Series) -> pd.Series:
    """Take the zeros off numbers that may have been lost or added; missing where it is no number."""
    whole = text.str.replace(r"^([0-9]+)[.,]0+$", r"\1", regex=True)
    return whole.str.replace("^0+(?=[0-9])", "", regex=True).where(whole.str.fullmatch("[0-9]+"))
