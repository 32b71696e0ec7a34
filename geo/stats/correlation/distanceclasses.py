"""Pairs of areas sorted into classes, within which two areas are taken to be alike to the same degree.

Autocorrelation is estimated by class, so classes must follow what makes areas alike. Where that is nearness
over borders, classes of kilometres mix neighbours in one part of the country with strangers in another
(communes of Santiago are three kilometres apart, those of the desert two hundred); where it is kilometres,
classes of borders do. The default crosses both: by borders, and within each of these by kilometres. Areas of
few neighbours are more like each of them than areas of many, so the nearest classes are divided by that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import StatisticError
from geo.model.comparison import ClassKind
from geo.model.numeric import Floats, Ints

FEWEST = 30  # pairs in a class, unless its bounds are named
BORDERS = 7  # classes of borders: 1, 2, ..., and this many or more
PARTS = 3  # equal parts into which each is cut
NEAR = 2  # borders up to which neighbours are counted too


@dataclass(frozen=True, kw_only=True)
class Classes:
    """A class for each pair of areas."""

    code: Ints
    """Shape (n, n), symmetric, from 0; -1 on the diagonal."""
    table: pd.DataFrame
    """One row per class: ``borders_from``, ``borders_to`` (infinite: no way leads; missing where classes are
    of kilometres alone), ``km_from``, ``km_to`` (smallest and greatest distance in it), ``pairs``."""
    kind: ClassKind
    """``borders_and_km``; ``km``: kilometres, in classes that double their pairs; ``edges``: kilometres,
    between bounds that were named."""


def distance_classes(
    km: Floats,
    borders: Floats | None = None,
    counts: Floats | None = None,
    *,
    edges: Sequence[float] | None = None,
) -> Classes:
    """Sort pairs into classes.

    Parameters
    ----------
    km : array of float, shape (n, n)
        Distances.
    borders : array of float, shape (n, n), optional
        Borders between areas. With them: 1, 2, ..., 6, 7 and more, and without a way, each cut into three
        equal parts by kilometres; what would have fewer than 30 pairs is joined with the next. Without them:
        classes of kilometres, each with twice the pairs of the one before, from 30 or a 400th of all.
    counts : array of float, shape (n,), optional
        Neighbours of each area. With them, pairs one and two borders apart are first cut into three equal
        parts by the product of both areas' neighbours.
    edges : sequence of float, optional
        Upper bounds of classes in kilometres, rising; a bound belongs to the class below it. What lies beyond
        the last belongs to the last.

    Returns
    -------
    Classes

    Raises
    ------
    StatisticError
        If the bounds do not rise, or a class named by them has no pair.

    Examples
    --------
    >>> km = np.abs(np.subtract.outer([0.0, 1, 3, 7], [0.0, 1, 3, 7]))
    >>> distance_classes(km, edges=[2, 4, 8]).table["pairs"].tolist()
    [2, 2, 2]
    """
    first, second = np.triu_indices(len(km), 1)
    apart = km[first, second]
    if edges is not None:
        labels, kind = _between(apart, np.asarray(edges, dtype=float)), "edges"
    elif borders is not None:
        labels, kind = (
            _crossed(apart, borders[first, second], _product(counts, first, second)),
            "borders_and_km",
        )
    else:
        labels, kind = _doubling(apart), "km"
    code = np.full(km.shape, -1, dtype=np.int64)
    code[first, second] = code[second, first] = labels
    steps = None if kind != "borders_and_km" or borders is None else borders[first, second]
    return Classes(code=code, table=_table(labels, apart, steps), kind=kind)  # type: ignore[arg-type]


def _between(apart: Floats, edges: Floats) -> Ints:
    if not len(edges) or not (np.diff(edges) > 0).all() or not edges[0] > 0:
        raise StatisticError(
            "bounds of classes rise from above zero",
            ", ".join(f"{e:g}" for e in edges),
            "give such kilometres",
        )
    labels = np.minimum(np.searchsorted(edges, apart, side="left"), len(edges) - 1)
    pairs = np.bincount(labels, minlength=len(edges))
    if not pairs.all():
        raise StatisticError(
            "every class has a pair of areas",
            f"none up to {edges[np.flatnonzero(pairs == 0)[0]]:g} km",
            "name fewer bounds",
        )
    return np.asarray(labels, dtype=np.int64)


def _doubling(apart: Floats) -> Ints:
    """Classes of rising distance, each with twice the pairs of the one before."""
    sizes: list[int] = []
    size = max(FEWEST, len(apart) // 400)
    while sum(sizes) + 3 * size <= len(apart):  # else what is left would be less than the next
        sizes.append(size)
        size *= 2
    return _cut(apart, np.cumsum(sizes, dtype=np.int64))


def _product(counts: Floats | None, first: Ints, second: Ints) -> Floats | None:
    return None if counts is None else counts[first] * counts[second]


def _crossed(apart: Floats, steps: Floats, around: Floats | None) -> Ints:
    """Classes of borders, the nearest cut by neighbours, each cut by kilometres."""
    labels = _joined(np.where(np.isinf(steps), BORDERS + 1, np.minimum(steps, BORDERS)).astype(np.int64))
    if around is not None:
        labels = _divided(labels, around, where=steps <= NEAR)
    return _divided(labels, apart, where=np.ones(len(apart), dtype=bool))


def _divided(code: Ints, by: Floats, *, where: NDArray[np.bool_]) -> Ints:
    """Cut each class that lies wholly in a part into equal parts by a value, none of fewer than FEWEST
    pairs."""
    labels, start = np.zeros(len(code), dtype=np.int64), 0
    for value in np.unique(code):
        own = np.flatnonzero(code == value)
        parts = max(1, min(PARTS, len(own) // FEWEST)) if where[own].all() else 1
        # Equal values stay together, which can leave a part too small.
        labels[own] = start + _joined(_cut(by[own], np.arange(1, parts) * len(own) // parts))
        start = int(labels[own].max()) + 1
    return labels


def _joined(value: Ints) -> Ints:
    """Join classes of fewer than FEWEST pairs with the next, the last ones with the one before."""
    kept: list[int] = []
    held = 0
    levels = np.unique(value)
    into = {}
    for level in levels:
        into[int(level)] = len(kept)
        held += int((value == level).sum())
        if held >= FEWEST:
            kept.append(int(level))
            held = 0
    last = max(len(kept) - 1, 0)
    return np.array([min(into[int(level)], last) for level in levels])[np.searchsorted(levels, value)]


def _cut(apart: Floats, places: Ints) -> Ints:
    """Cut distances in their order at these places; equal ones stay together."""
    if not len(places):
        return np.zeros(len(apart), dtype=np.int64)
    limits = np.unique(np.sort(apart)[places - 1])
    bins = np.searchsorted(limits, apart, side="left")
    return np.asarray(np.unique(bins, return_inverse=True)[1], dtype=np.int64)


def _table(labels: Ints, apart: Floats, steps: Floats | None) -> pd.DataFrame:
    by = pd.DataFrame({"km": apart, "borders": np.nan if steps is None else steps}).groupby(labels)
    return pd.DataFrame(
        {
            "borders_from": by["borders"].min(),
            "borders_to": by["borders"].max(),
            "km_from": by["km"].min(),
            "km_to": by["km"].max(),
            "pairs": by.size(),
        }
    ).rename_axis("class")
