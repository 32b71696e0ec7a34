"""Local p-values by conditional permutation: the areas that take part, and how far out each one lies.

The weighted sum of the neighbours' values is what is permuted. Local Moran multiplies it by the area's own
value, Getis-Ord adds that to it: given the own value neither changes the order of the draws, so one p-value
serves both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.numeric import Floats
from geo.model.statistics import Method
from geo.stats.autocorrelation.significance import reasons
from geo.stats.engine.arrays import floats
from geo.stats.engine.exact import exact_tails
from geo.stats.engine.permutation import conditional_tails_each, two_sided_p, weighted_tails
from geo.stats.weights.adjacency import Neighbors, neighbors

if TYPE_CHECKING:
    from libpysal.graph import Graph


class Sample(NamedTuple):
    """The areas that take part and what is known around them; arrays over the whole index."""

    z: Floats
    """Values less their mean, zero for areas that take no part."""
    sums: Floats
    """Weighted sums of the neighbours' z."""
    totals: Floats
    """Sums of the neighbours' weights."""
    usable: np.ndarray
    """Whether an area takes part."""
    near: Neighbors
    reason: pd.Series
    """Why an area takes no part."""


def take_sample(values: pd.Series, graph: Graph) -> Sample:
    """Leave out areas without a value or a neighbour, and centre the rest.

    Raises
    ------
    StatisticError
        If fewer than three areas are left, or all their values are equal.
    """
    known = values.notna()
    near = neighbors(graph, values.index, known)
    usable = known.to_numpy(dtype=bool) & (near.counts > 0)
    x = floats(values)
    if usable.sum() < 3 or np.ptp(x[usable]) == 0:
        raise StatisticError(
            "local association needs three areas with neighbours and values that differ",
            f"{int(usable.sum())} such areas of {len(values)}",
            "check the values, or use a layer whose areas touch",
        )
    z = np.where(usable, x - x[usable].mean(), 0.0)
    masks = {"missing_value": ~known.to_numpy(dtype=bool), "no_neighbor": ~usable}
    totals = near.matrix @ np.ones(len(z))
    return Sample(z, near.matrix @ z, totals, usable, near, reasons(values.index, masks))


def conditional_p(sample: Sample, method: Method, *, permutations: int, rng: int) -> Floats:
    """Give each area's two-sided p-value, missing where it takes no part.

    Parameters
    ----------
    sample : Sample
    method : {"permutation", "exact"}
        Simulated, or computed; only equal weights allow the latter.
    permutations, rng : int
        Draws and seed of the simulation.

    Raises
    ------
    StatisticError
        If the method is unknown, or is ``exact`` where weights differ within a row.
    """
    return conditional_p_each([sample], method, permutations=permutations, rng=rng)[0]


def conditional_p_each(
    samples: Sequence[Sample], method: Method, *, permutations: int, rng: int
) -> list[Floats]:
    """Give what :func:`conditional_p` gives for each; those with the same neighbour counts share draws."""
    if method not in ("permutation", "exact"):
        raise StatisticError("a method is permutation or exact", repr(method), "name one of the two")
    if method == "permutation" and len({_places(sample) for sample in samples}) == 1:
        inside, near = samples[0].usable, samples[0].near
        if near.equal:
            shared = conditional_tails_each(
                [sample.z[inside] for sample in samples],
                near.counts[inside],
                [sample.sums[inside] for sample in samples],
                permutations=permutations,
                rng=rng,
            )
            return [_over(inside, two_sided_p(tail, permutations)) for tail in shared]
    if len(samples) > 1:
        return [conditional_p(sample, method, permutations=permutations, rng=rng) for sample in samples]
    (sample,) = samples
    weights = sample.near.matrix[sample.usable][:, sample.usable]
    if method == "exact":
        _need_equal(sample.near)
        exact = exact_tails(sample.z[sample.usable], weights)
        return [_over(sample.usable, np.minimum(1.0, 2 * np.minimum(exact.at_least, exact.at_most)))]
    tails = weighted_tails(
        sample.z[sample.usable], weights, sample.sums[sample.usable], permutations=permutations, rng=rng
    )
    return [_over(sample.usable, two_sided_p(tails, permutations))]


def _places(sample: Sample) -> tuple[bool, bytes, bytes]:
    """Give what decides the draws of a sample."""
    return sample.near.equal, sample.usable.tobytes(), sample.near.counts.tobytes()


def _over(inside: np.ndarray, p_values: Floats) -> Floats:
    p = np.full(len(inside), np.nan)
    p[inside] = p_values
    return p


def _need_equal(near: Neighbors) -> None:
    if not near.equal:
        raise StatisticError(
            "the exact method needs weights that are equal within each row",
            "weights that differ, as of a kernel or of inverse distances",
            "use method='permutation', or a graph of contiguity or nearest neighbours",
        )
