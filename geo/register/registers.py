"""Which registers there are, and which of them is meant."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import pandas as pd

from geo.model.country import Register
from geo.register import countries
from geo.register.names import match_names
from geo.register.vintages import to_area

MOSTLY = 0.5
"""Share of rows that a register must know for a table to be of its country."""


def registers() -> tuple[Register, ...]:
    """List the registers that ship with the package: one module of :mod:`geo.register.countries` each.

    Examples
    --------
    >>> [register.title for register in registers()]
    ['Chilean communes']
    """
    return _shipped()


@cache
def _shipped() -> tuple[Register, ...]:
    names = sorted(module.name for module in iter_modules(countries.__path__))
    return tuple(import_module(f"{countries.__name__}.{name}").register() for name in names)


def register_of(areas: pd.DataFrame) -> Register | None:
    """Give the register that areas are from, which they say by the column of its codes.

    Examples
    --------
    >>> register_of(pd.DataFrame({"cut": ["05101"]})).name, register_of(pd.DataFrame({"GID": [1]}))
    ('chile', None)
    """
    return next((register for register in registers() if register.column in areas), None)


def known_names(names: pd.Series) -> pd.Series:
    """Say which names a register knows."""
    known = pd.Series(False, index=names.index)
    for register in registers():
        known |= match_names(names, register).notna()
    return known


def known_areas(codes: pd.Series, names: pd.Series) -> pd.Series:
    """Say which rows have a code or a name that a register knows.

    Examples
    --------
    >>> known_areas(pd.Series(["5101", "47001", ""]), pd.Series(["", "Arica", "Lake"])).tolist()
    [True, True, False]
    """
    known = pd.Series(False, index=codes.index)
    for register in registers():
        known |= _known(codes, names, register)
    return known


def likely_register(codes: pd.Series, names: pd.Series) -> Register | None:
    """Give the register that knows most rows; None where none knows half of them.

    Examples
    --------
    >>> likely_register(pd.Series(["5101", "x"]), pd.Series(["", "y"])).name
    'chile'
    """
    if codes.empty:
        return None
    shares = {register: _known(codes, names, register).mean() for register in registers()}
    best = max(shares, key=lambda register: shares[register])
    return best if shares[best] >= MOSTLY else None


def _known(codes: pd.Series, names: pd.Series, register: Register) -> pd.Series:
    return to_area(codes, register).notna() | match_names(names, register).notna()
