"""Areas in order of priority, under weights that a planner chooses, and how steady that order is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import StatisticError
from geo.model.programmes import Ranking
from geo.stats.engine.arrays import floats
from geo.stats.rates.crude import PER

CRITERIA = ("count", "rate", "place", "no_support")
"""People returning; their rate; whether in a significant cluster of high rates or in a group of adjoining
listed areas; whether support is denied."""
DRAWS = 10_000
TOP = 10
FEW = 64  # areas up to which comparing each with each is faster than sorting
_HIGH = ("High-High", "High-Low")
_DIGITS = 12  # sums of the same numbers in another order differ beyond these


def priority_criteria(areas: pd.DataFrame, population: pd.Series, status: pd.Series) -> pd.DataFrame:
    """Measure what may make an area pressing, as intervals where it is not known.

    Parameters
    ----------
    areas : DataFrame
        ``releases_low``, ``releases_high``, ``cluster``, ``group_id``.
    population : Series
        Inhabitants on the same index.
    status : Series
        What is known of support, as :func:`~geo.support.offer.offer` says it.

    Returns
    -------
    DataFrame
        Two columns per criterion, ``count_low``, ``count_high`` and so on: people, people per 100,000
        inhabitants, and for ``place`` and ``no_support`` one or zero. Where support is neither there nor
        denied, ``no_support`` may be either.

    Examples
    --------
    >>> areas = pd.DataFrame({"releases_low": [86], "releases_high": [86], "cluster": ["not significant"],
    ...     "group_id": [3]})
    >>> priority_criteria(areas, pd.Series([94_749]), pd.Series(["no answer"])).round(1).values.tolist()
    [[86.0, 86.0, 90.8, 90.8, 1.0, 1.0, 0.0, 1.0]]
    """
    people = floats(population)
    people = np.where(people > 0, people, np.nan)
    place = (areas["cluster"].isin(_HIGH) | areas["group_id"].notna()).astype(float)
    measured: dict[str, object] = {}
    for end in ("low", "high"):
        count = floats(areas[f"releases_{end}"])
        sure = status.eq("no") if end == "low" else ~status.eq("yes")
        ends = (count, count / people * PER, place, sure.fillna(end == "high").astype(float))
        measured |= {f"{name}_{end}": values for name, values in zip(CRITERIA, ends, strict=True)}
    order = [f"{name}_{end}" for name in CRITERIA for end in ("low", "high")]
    return pd.DataFrame(measured, index=areas.index)[order]


def rank_areas(
    criteria: pd.DataFrame,
    *,
    weights: Mapping[str, float] | None = None,
    top: int = TOP,
    draws: int = DRAWS,
    rng: int = 0,
) -> Ranking:
    """Put areas in order by a weighted sum of criteria.

    Each criterion is divided by the largest value that any of the areas may have, so that it runs from zero
    to one and twice the value counts twice; the score is their weighted mean. Where a criterion is an
    interval, so are score and rank: an area's best rank counts those that are above it for certain, its
    worst those that may be. How much hangs on the weights is shown by drawing weightings, every one equally
    likely (a flat Dirichlet distribution over weights that add up to one).

    Parameters
    ----------
    criteria : DataFrame
        Per criterion the columns ``NAME_low`` and ``NAME_high``, zero or more, large where an area is
        pressing; areas that lack an end are not ranked.
    weights : mapping of str to float, optional
        Weight of each criterion, zero or more; those left out weigh nothing. By default all weigh the same.
    top : int
        How many are called the first.
    draws : int
        Weightings drawn; a share has a standard error of at most ``0.5 / sqrt(draws)``.
    rng : int
        Seed of the draws.

    Returns
    -------
    Ranking

    Raises
    ------
    StatisticError
        If a weight is negative, names no criterion or none is above zero, a criterion is negative or its ends
        are the wrong way round, or `top` or `draws` is below one.

    References
    ----------
    Lahdelma, R., Hokkanen, J. & Salminen, P. (1998). SMAA: stochastic multiobjective acceptability analysis.
    European Journal of Operational Research 106(1), 137-143.

    Examples
    --------
    >>> criteria = pd.DataFrame({"count_low": [100.0, 40, 10], "count_high": [100.0, 60, 10],
    ...     "rate_low": [20.0, 50, 10], "rate_high": [20.0, 60, 10]}, index=["a", "b", "c"])
    >>> ranking = rank_areas(criteria, weights={"count": 3, "rate": 1}, top=1)
    >>> ranking.weights, ranking.areas[["rank_best", "rank_worst", "rank_first", "rank_last"]]
    ({'count': 0.75, 'rate': 0.25},
       rank_best  rank_worst  rank_first  rank_last
    a          1           1           1          2
    b          2           2           1          2
    c          3           3           3          3)
    """
    names = list(dict.fromkeys(str(name).rpartition("_")[0] for name in criteria))
    share = _weights(weights, names)
    _check(criteria, names, top, draws)
    known = criteria[criteria.notna().all(axis=1)].astype(float)
    low, high = (known[[f"{name}_{end}" for name in names]].to_numpy() for end in ("low", "high"))
    most = high.max(axis=0, initial=0.0)
    low, high = low / np.where(most > 0, most, 1), high / np.where(most > 0, most, 1)
    chosen = np.array([[share[name] for name in names]])
    weightings = np.random.default_rng(rng).dirichlet(np.ones(len(names)), draws)
    floor, ceiling = _scores(low, chosen), _scores(high, chosen)
    best, worst = _ranks(floor, ceiling)
    first, last = _ranks(_scores(low, weightings), _scores(high, weightings))
    corners = _ranks(_scores(low, np.eye(len(names))), _scores(high, np.eye(len(names))))
    ranked = pd.DataFrame(
        {
            "score_low": floor[0],
            "score_high": ceiling[0],
            "rank_best": pd.array(best[0], dtype="Int64"),
            "rank_worst": pd.array(worst[0], dtype="Int64"),
            "top_sure": (last <= top).mean(axis=0),
            "top_possible": (first <= top).mean(axis=0),
            "rank_first": pd.array(np.vstack([first, corners[0], best]).min(axis=0), dtype="Int64"),
            "rank_last": pd.array(np.vstack([last, corners[1], worst]).max(axis=0), dtype="Int64"),
        },
        index=known.index,
    )
    middle = (ranked["score_low"] + ranked["score_high"]).round(_DIGITS)
    order = middle.sort_values(ascending=False, kind="stable").index
    columns = [f"{name}_{end}" for name in names for end in ("low", "high")]
    ends = np.stack([low, high], axis=2).reshape(len(known), len(columns))
    scaled = pd.DataFrame(ends, known.index, columns)
    return Ranking(
        areas=ranked.loc[order], criteria=scaled.loc[order], weights=share, top=top, draws=draws, seed=rng
    )


def _weights(weights: Mapping[str, float] | None, names: list[str]) -> dict[str, float]:
    """Weights that add up to one."""
    raw = dict.fromkeys(names, 1.0) if weights is None else dict(weights)
    rule = f"a weight is a number of zero or more for one of {', '.join(names)}, and one is above zero"
    for name, weight in raw.items():
        if name not in names or not np.isfinite(weight) or weight < 0:
            raise StatisticError(rule, f"{name}={weight!r}", "correct it or leave it out")
    total = sum(raw.values())
    if not total > 0:
        raise StatisticError(rule, f"{raw}", "give one of them a weight")
    return {name: raw.get(name, 0.0) / total for name in names}


def _check(criteria: pd.DataFrame, names: list[str], top: int, draws: int) -> None:
    if top < 1 or draws < 1:
        raise StatisticError(
            "the first are one or more, and so are draws", f"top {top}, draws {draws}", "raise it"
        )
    for name in names:
        low, high = criteria[f"{name}_low"], criteria[f"{name}_high"]
        wrong = (low < 0) | (low > high)
        if wrong.any():
            area = criteria.index[wrong.to_numpy(dtype=bool)][0]
            received = f"{low[area]:g} to {high[area]:g} at {area}"
            raise StatisticError(
                f"{name} lies between two ends of zero or more", received, "correct the table"
            )


def _scores(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted sums, a row per weighting; criterion by criterion, so that equal areas have equal scores."""
    total = np.zeros((len(weights), len(values)))
    for place in range(values.shape[1]):
        total += np.outer(weights[:, place], values[:, place])
    return total.round(_DIGITS)


def _ranks(
    floor: NDArray[np.float64], ceiling: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Best and worst rank of each area under each weighting; equal scores share the smaller rank."""
    n = floor.shape[1]
    best, worst = np.ones(floor.shape, dtype=np.int64), np.ones(floor.shape, dtype=np.int64)
    if n <= FEW:  # each with each, for all weightings at once
        for area in range(n):
            best += floor[:, area, None] > ceiling
            worst += ceiling[:, area, None] > floor
        return best, worst - (ceiling > floor)
    lows, highs = np.sort(floor, axis=1), np.sort(ceiling, axis=1)
    for row in range(len(floor)):
        best[row] = 1 + n - np.searchsorted(lows[row], ceiling[row], side="right")
        worst[row] = 1 + n - np.searchsorted(highs[row], floor[row], side="right")
    # An interval of some width reaches above its own lower end; that is not another area.
    return best, worst - (ceiling > floor)
