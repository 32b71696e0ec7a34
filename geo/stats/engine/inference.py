"""How p-values were made: what every local result carries beside its numbers."""

from __future__ import annotations

from math import ceil
from typing import Literal, TypedDict

import pandas as pd

from geo.model.statistics import Correction
from geo.stats.engine.correction import areas_at_floor, harmonic
from geo.stats.engine.exact import P_FLOOR


class Inference(TypedDict):
    """The ``attrs`` of a local result; plain values, so that they survive being written to a file."""

    method: Literal["permutation", "exact", "hypergeometric"]
    """Simulated, computed without simulation, or in closed form."""
    permutations: int | None
    """Draws (R), where simulated."""
    seed: int | None
    """Where simulated."""
    p_floor: float
    """The smallest p-value that the method can give; zero where there is no such limit."""
    areas_tested: int
    """Areas over which p-values were corrected."""
    areas_at_floor: int
    """Areas that must sit at the floor before one can be rejected after correction."""
    correction: Correction
    alpha: float
    """Level of the labels."""
    advice: str
    """What to do where more than one area must sit at the floor; else empty."""


def smallest_p(method: Literal["permutation", "exact", "hypergeometric"], permutations: int) -> float:
    """Give the smallest two-sided p-value that a method can give.

    Examples
    --------
    >>> smallest_p("permutation", 999)
    0.002
    """
    return {"permutation": 2 / (permutations + 1), "exact": 2 * P_FLOOR, "hypergeometric": 0.0}[method]


def note_inference(
    frame: pd.DataFrame,
    method: Literal["permutation", "exact", "hypergeometric"],
    *,
    permutations: int = 0,
    rng: int = 0,
    correction: Correction,
    alpha: float,
) -> pd.DataFrame:
    """Write into a result's ``attrs`` how its p-values were made, and whether they could show one area alone.

    Examples
    --------
    >>> tests = pd.DataFrame({"p_value": [0.5] * 341})
    >>> tests = note_inference(tests, "permutation", permutations=999, correction="bh", alpha=0.05)
    >>> tests.attrs["p_floor"], tests.attrs["areas_at_floor"], tests.attrs["advice"]
    (0.002, 14, "use permutations=13639 or more, or method='exact'")
    """
    simulated = method == "permutation"
    tested = int(frame["p_value"].notna().sum())
    tests = {"none": 0.0, "by": harmonic(tested)}.get(correction, 1.0) * tested
    needed = max(1, areas_at_floor(tests, permutations, alpha)) if simulated else 1
    enough = ceil(2 * tests / alpha) - 1
    made = Inference(
        method=method,
        permutations=permutations if simulated else None,
        seed=rng if simulated else None,
        p_floor=smallest_p(method, permutations),
        areas_tested=tested,
        areas_at_floor=needed,
        correction=correction,
        alpha=alpha,
        advice=f"use permutations={enough} or more, or method='exact'" if needed > 1 else "",
    )
    frame.attrs.update(dict(made))
    return frame
