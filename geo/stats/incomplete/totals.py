"""Counts drawn given their sum, exactly: a known national or regional total as a condition.

Given the parameters, counts within their intervals are independent, and their law given the sum does not
change when every probability is multiplied by exp(tilt · count). The tilt is chosen so that the sum
expected is the one known: everything that matters then lies where probabilities are large. Areas are added
up two and two, as in a knockout; the known sum is divided on the way back down, from the whole to the
areas.

What a total says of the parameters is the probability of that sum, by the saddlepoint approximation
(Daniels 1954), whose relative error for sums of many areas is nearly constant; of few areas or small sums
it is computed.

References
----------
Daniels, H. E. (1954). Saddlepoint approximations in statistics. Annals of Mathematical Statistics 25(4),
631-650.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import gammaln

from geo.errors import StatisticError
from geo.model.numeric import Floats, Ints
from geo.stats.incomplete.intervals import Intervals
from geo.stats.incomplete.mass import last_likely, log_mass

DIRECT = 64  # values of the shorter of two laws up to which they are added up without a transform
FEW_AREAS, SMALL_SUM = 8, 64  # up to which the probability of a sum is computed
MOST_CELLS = 50_000  # ... where they can have no more counts than that
FINE, COARSE = 128, 512  # counts taken one by one, and in so many steps beyond, for the probability of a sum
REACH = 2  # times what is likely without a total: where a count without upper end is cut off
STEPS = 60  # of the search for the tilt


class Cells(NamedTuple):
    """Counts that areas can have, one after the other."""

    start: Ints
    """Where each area's counts begin."""
    area: Ints
    """Which area a cell belongs to, among those of the share."""
    excess: Floats
    """Count of a cell over the area's lower end."""
    log_width: Floats
    """Log of the number of counts that a cell stands for."""


class Share(NamedTuple):
    """The areas that share one total."""

    areas: Ints
    """Positions of those whose count is open."""
    total: int
    """What the open counts add up to, over their lower ends."""
    low: Floats
    high: Floats
    every: Cells
    """All counts, for draws."""
    some: Cells
    """So many that their sum stands for that of all, for the probability of the total."""


def take_shares(
    given: Intervals,
    total: float | pd.Series | Mapping[object, float],
    groups: pd.Series | None,
    mean: Floats,
) -> list[Share]:
    """Match totals with the areas that share them.

    Parameters
    ----------
    given : Intervals
    total : number, or Series or mapping of numbers by group
        Sum of the counts of all areas, or of those of each group; groups without one are not conditioned.
    groups : Series, optional
        Group of each area.
    mean : array of float, shape (n,)
        Means under typical parameters, from which counts without an upper end are cut off.

    Raises
    ------
    StatisticError
        If a total and groups do not fit each other, or the intervals allow no counts of that sum.
    """
    by_group = isinstance(total, pd.Series | Mapping)
    if by_group != (groups is not None):
        raise StatisticError(
            "one total is of all areas, totals by group need the groups",
            f"total {'by group' if by_group else 'one number'}, groups "
            + ("none" if groups is None else "given"),
            "give both, or one number without groups",
        )
    if groups is None or not isinstance(total, pd.Series | Mapping):
        return [_share(given, np.arange(len(given.low)), float(total), "all areas", mean)]  # type: ignore[arg-type]
    of = groups.reindex(given.areas)
    named = dict(total)
    unknown = set(named) - set(of.dropna())
    if unknown:
        raise StatisticError(
            "a total is one of a group of areas",
            f"{sorted(map(str, unknown))[0]!r}, which no area has",
            "name groups in both as one another",
        )
    return [
        _share(given, np.flatnonzero(of.eq(name)), t, f"group {name!r}", mean) for name, t in named.items()
    ]


def _share(intervals: Intervals, areas: Ints, total: float, name: str, mean: Floats) -> Share:
    low, high = intervals.low[areas], intervals.high[areas]
    rest = total - low.sum()
    if rest < 0 or rest > (high - low).sum() or rest != np.floor(rest):
        raise StatisticError(
            "a total is a whole number that the intervals allow",
            f"{total:g} for {name}, where counts add up to {low.sum():g} to {high.sum():g}",
            "check the total, what it counts, and the bounds",
        )
    likely = np.maximum(last_likely(low, mean[areas], 1.0) * REACH, low + 2 * rest / max(1, len(areas)))
    room = np.minimum(np.where(np.isfinite(high), high, np.ceil(likely)) - low, rest).astype(np.int64)
    there = np.flatnonzero(high > low)
    grids = [np.arange(r + 1) for r in room[there]]
    thin = [_thinned(r) for r in room[there].tolist()]
    return Share(areas[there], int(rest), low[there], high[there], _cells(grids), _cells(thin))


def _thinned(room: int) -> Ints:
    """Take the first counts one by one, where a law may be steep, and the others in equal steps."""
    step = max(1, room // COARSE)
    return np.unique(np.concatenate([np.arange(min(FINE, room)), np.arange(FINE, room, step), [room]]))


def _cells(grids: list[Ints]) -> Cells:
    sizes = np.array([len(grid) for grid in grids], dtype=np.int64)
    start = np.cumsum(sizes) - sizes
    area = np.repeat(np.arange(len(grids)), sizes)
    # A cell stands for itself and half of the counts to either side.
    widths = [
        1 + (np.diff(grid, prepend=grid[0] - 1) + np.diff(grid, append=grid[-1] + 1) - 2) / 2
        for grid in grids
    ]
    if not grids:
        return Cells(start, area, np.empty(0), np.empty(0))
    return Cells(start, area, np.concatenate(grids).astype(np.float64), np.log(np.concatenate(widths)))


def log_chance(share: Share, mean: Floats, theta: float) -> float:
    """Log of the probability that open counts, within their intervals, add up to their total.

    Parameters
    ----------
    share : Share
    mean : array of float
        Means of all areas.
    theta : float
    """
    if len(share.areas) == 0:
        return 0.0
    mass = float(log_mass(share.low, share.high, mean[share.areas], theta).sum())
    left = len(share.every.excess) - len(share.areas) - share.total
    few = len(share.areas) <= FEW_AREAS or min(share.total, left) <= SMALL_SUM
    if few and len(share.every.excess) <= MOST_CELLS:
        logs = cell_logs(share, share.every, mean, theta)
        tilt = _tilt(share.every, logs, share.total).tilt
        laws = _laws(share.every, logs, tilt)
        top = _knockout([law for law, _ in laws], share.total)[-1][0]
        log_weight = (
            np.log(max(top.law[share.total], 1e-300)) + top.log_scale + sum(scale for _, scale in laws)
        )
        return float(log_weight - tilt * share.total - mass)
    tilted = _tilt(share.some, cell_logs(share, share.some, mean, theta), share.total)
    point = tilted.log_sum - tilted.tilt * share.total - np.log(2 * np.pi * tilted.variance) / 2
    return float(point - mass)


def draw_share(share: Share, mean: Floats, theta: float, generator: np.random.Generator) -> Ints:
    """Draw the counts of the open areas given that they add up to their total; exact.

    Returns
    -------
    array of int
        Counts of ``share.areas``.
    """
    if len(share.areas) == 0:
        return np.empty(0, dtype=np.int64)
    logs = cell_logs(share, share.every, mean, theta)
    laws = [law for law, _ in _laws(share.every, logs, _tilt(share.every, logs, share.total).tilt)]
    rounds = _knockout(laws, share.total)
    sums = np.array([share.total])
    for above, here in zip(rounds[:0:-1], rounds[-2::-1], strict=True):
        divided = np.empty(len(here), dtype=np.int64)
        for at in range(len(above)):
            if 2 * at + 1 == len(here):
                divided[2 * at] = sums[at]
                continue
            divided[2 * at] = _divide(here[2 * at].law, here[2 * at + 1].law, int(sums[at]), generator)
            divided[2 * at + 1] = sums[at] - divided[2 * at]
        sums = divided
    return np.asarray(share.low + sums, dtype=np.int64)


def cell_logs(share: Share, cells: Cells, mean: Floats, theta: float) -> Floats:
    """Log probability of every cell, that is of a count times the number of counts that it stands for."""
    count, mu = share.low[cells.area] + cells.excess, mean[share.areas]
    per_area = -theta * np.log1p(mu / theta) - gammaln(theta)
    logs = gammaln(count + theta) - gammaln(count + 1) + count * np.log(mu / (mu + theta))[cells.area]
    return np.asarray(logs + per_area[cells.area] + cells.log_width)


class _Tilted(NamedTuple):
    tilt: float
    log_sum: float
    """Log of the sum of all tilted probabilities, areas multiplied."""
    variance: float


def _tilt(cells: Cells, logs: Floats, total: int) -> _Tilted:
    """Find the tilt at which the expected sum is the total; a large one where only one end allows it."""
    tilt, low, high = 0.0, -50.0, 50.0
    for _ in range(STEPS):
        moved = logs + tilt * cells.excess
        top = np.maximum.reduceat(moved, cells.start)
        weight = np.exp(moved - top[cells.area])
        whole = np.add.reduceat(weight, cells.start)
        first = np.add.reduceat(weight * cells.excess, cells.start) / whole
        second = np.add.reduceat(weight * cells.excess**2, cells.start) / whole
        variance, left = float((second - first**2).sum()), total - float(first.sum())
        if left > 0:
            low = tilt
        else:
            high = tilt
        step = left / variance if variance > 0 else np.inf
        if abs(left) < 1e-6 * max(1.0, total) or high - low < 1e-12:
            break
        tilt = tilt + step if low < tilt + step < high else (low + high) / 2
    return _Tilted(tilt, float((np.log(whole) + top).sum()), max(variance, 1e-12))


def _laws(cells: Cells, logs: Floats, tilt: float) -> list[tuple[Floats, float]]:
    """Tilted probabilities of each area, adding up to one, and the log of what they were divided by."""
    moved = logs + tilt * cells.excess
    laws = []
    for law in np.split(moved, cells.start[1:]):
        top = law.max()
        weight = np.exp(law - top)
        laws.append((weight / weight.sum(), float(top + np.log(weight.sum()))))
    return laws


class _Sum(NamedTuple):
    law: Floats
    log_scale: float


def _knockout(laws: list[Floats], total: int) -> list[list[_Sum]]:
    """Add areas up two and two, until one sum is left; each round is kept."""
    rounds = [[_Sum(law[: total + 1], 0.0) for law in laws]]
    while len(rounds[-1]) > 1:
        here = rounds[-1]
        pairs = [_add(*here[at : at + 2], total=total) for at in range(0, len(here) - 1, 2)]
        rounds.append(pairs + here[len(here) - len(here) % 2 :])
    return rounds


def _add(one: _Sum, other: _Sum, *, total: int) -> _Sum:
    short = min(len(one.law), len(other.law))
    if short <= DIRECT:
        law = np.convolve(one.law, other.law)
    else:
        size = len(one.law) + len(other.law) - 1
        points = 1 << (size - 1).bit_length()
        law = np.fft.irfft(np.fft.rfft(one.law, points) * np.fft.rfft(other.law, points), points)[:size]
    law = np.maximum(law[: total + 1], 0)
    whole = law.sum()
    return _Sum(law / whole, one.log_scale + other.log_scale + float(np.log(whole)))


def _divide(one: Floats, other: Floats, total: int, generator: np.random.Generator) -> int:
    """Draw the first of two counts given their sum."""
    first = max(0, total - len(other) + 1)
    last = min(len(one) - 1, total)
    weight = np.cumsum(one[first : last + 1] * other[total - last : total - first + 1][::-1])
    return first + min(int(np.searchsorted(weight, generator.random() * weight[-1], "right")), last - first)
