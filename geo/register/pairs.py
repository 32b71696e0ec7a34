"""Official pairs of communes that adjoin, as they ship with the package."""

from __future__ import annotations

from typing import get_args

import pandas as pd

from geo.assets import asset_table
from geo.errors import BoundaryError
from geo.model.country import Pair, Register, Rule


def official_pairs(rule: Rule = "queen") -> list[Pair]:
    """List the pairs of communes that adjoin, measured on INE's cartography of 2016-17.

    Parameters
    ----------
    rule : {"queen", "rook"}
        ``queen``: the 847 pairs that touch. ``rook``: the 839 of them that share more than one point. (On the
        layer of 2017 San Antonio and María Pinto, which share 300 m here, meet at a point too: 838.)

    Raises
    ------
    BoundaryError
        If there is no such rule.

    Examples
    --------
    >>> pairs = official_pairs()
    >>> len(pairs), pairs[0], len(official_pairs("rook"))
    (847, ('01101', '01107'), 839)
    """
    if rule not in get_args(Rule):
        raise BoundaryError("contiguity is queen or rook", repr(rule), "name one of the two")
    pairs = _shipped_pairs("contiguity.csv")
    corners = set(_shipped_pairs("corners.csv")) if rule == "rook" else set()
    return [pair for pair in pairs if pair not in corners]


def _shipped_pairs(name: str) -> list[Pair]:
    frame = asset_table("boundaries", name)
    return list(frame[["cut_a", "cut_b"]].itertuples(index=False, name=None))


def official_among(ids: pd.Index, register: Register | None) -> list[Pair] | None:
    """List the official pairs of which both are among some areas; None where no register knows any.

    Examples
    --------
    >>> from geo.register.countries import chile
    >>> official_among(pd.Index(["01101", "01107"]), chile.register()), official_among(pd.Index(["A"]), None)
    ([('01101', '01107')], None)
    """
    if register is None or register.pairs is None:
        return None
    here = set(ids)
    return [pair for pair in register.pairs("queen") if pair[0] in here and pair[1] in here]
