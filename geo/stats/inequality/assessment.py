"""All measures of inequality of one table of counts, each beside what chance alone would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.comparison import Inequality
from geo.model.numeric import Floats, Ints
from geo.stats.engine.permutation import check_options
from geo.stats.inequality.excess import least_excess
from geo.stats.inequality.extremes import IndexBounds, index_bounds, top_bounds
from geo.stats.inequality.indices import LARGEST, by_group, gini_of, hoover_of, theil_of, top_of
from geo.stats.inequality.lorenz import lorenz
from geo.stats.inequality.nullmodel import constant_risk_draws, constant_risk_means
from geo.stats.inequality.quotients import checked_intervals, location_quotients
from geo.stats.weights.links import area_index

DRAWS = 999
FEW_DRAWS = 999  # for a mean that is shown to three digits
CELLS = 2**21  # counts drawn at a time


def inequality_indices(
    events: pd.Series,
    population: pd.Series,
    groups: pd.Series | None = None,
    *,
    low: pd.Series | None = None,
    high: pd.Series | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    rng: int = 0,
    quick: bool = False,
) -> Inequality:
    """Measure how unevenly events are spread over people, beside what chance alone would give.

    Small counts are uneven by chance: at 50 events per 100,000 people the communes of Chile have a Gini index
    of 0.095 where everybody's risk is the same, at 20 one of 0.150. So each index stands beside its mean at
    constant risk (counts multinomial, given their sum and the populations), and what is in excess of it.

    Parameters
    ----------
    events, population : Series
        Counts and inhabitants by area, on one index; areas without both are left out and listed.
    groups : Series, optional
        Name of each area's group, such as its region, on the same index; areas without one are left out.
        Theil's index is divided between and within them.
    low, high : Series, optional
        Ends of the counts' intervals, where some are not known exactly; `events` is then not used. Where an
        interval has some width, only bounds are given: see :mod:`geo.stats.inequality.extremes` for which
        are exact.
    confidence : float
        Coverage of the limits of location quotients.
    draws : int
        Maps drawn at constant risk, for spreads and p-values.
    rng : int
        Seed.
    quick : bool
        Whether to leave out, where counts are open, what takes most of the time: the greatest values that are
        attained, and the least excess of the Gini index; its mean at constant risk is then simulated.

    Returns
    -------
    Inequality

    Raises
    ------
    StatisticError
        If nothing was counted, or an option has no such value.

    References
    ----------
    Gini (1914), Hoover (1936), Theil (1967) and Clopper & Pearson (1934), as in
    :func:`geo.stats.gini`, :func:`geo.stats.hoover`, :func:`geo.stats.theil` and
    :func:`geo.stats.location_quotients`. Cowell, F. A. (2011). Measuring Inequality. Oxford University Press
    (decomposition by groups).

    Examples
    --------
    >>> events, people = pd.Series([9, 1, 5, 5]), pd.Series([1_000, 1_000, 1_000, 1_000])
    >>> assessment = inequality_indices(events, people, pd.Series(["N", "N", "S", "S"]))
    >>> assessment.indices.loc[["gini", "hoover", "theil_between"], ["value", "expected", "excess"]].round(3)
                   value  expected  excess
    index
    gini             0.3     0.188   0.112
    hoover           0.2     0.152   0.048
    theil_between    0.0     0.026  -0.026
    """
    check_options(draws, rng, name="draws")
    area_index(events.index)
    grouped = pd.Series("all", index=events.index) if groups is None else groups.reindex(events.index)
    inside = population.reindex(events.index).where(grouped.notna())
    least, most, people = checked_intervals(events, low, high, inside)
    known = ~np.isnan(least)
    code, names = pd.factorize(grouped[known], sort=True)
    case = _Case(least[known], most[known], people[known], np.asarray(code, dtype=np.int64))
    complete = bool((case.low == case.high).all())
    if complete and (case.low != np.round(case.low)).any():
        raise StatisticError(
            "events are whole numbers", f"{case.low[case.low != np.round(case.low)][0]:g}", "pass counts"
        )
    kept = events.index[known]
    series = (pd.Series(values, index=kept) for values in (case.low, case.high, case.people))
    first, last, inhabitants = series
    return Inequality(
        indices=_complete(case, draws, rng) if complete else _open(case, rng, quick=quick),
        groups=_groups(case, names, confidence, complete),
        quotients=location_quotients(first, inhabitants, low=first, high=last, confidence=confidence).reindex(
            events.index
        ),
        curve=lorenz(first, inhabitants) if complete else None,
        complete=complete,
        n=len(kept),
        n_open=int((case.low < case.high).sum()),
        left_out=tuple(events.index[~known]),
        events_low=int(case.low.sum()),
        events_high=int(case.high.sum()),
        population=int(case.people.sum()),
        confidence=confidence,
        draws=draws,
        seed=rng,
    )


@dataclass(frozen=True)
class _Case:
    """The areas that take part."""

    low: Floats
    high: Floats
    people: Floats
    code: Ints

    @property
    def shares(self) -> Floats:
        return np.asarray(self.people / self.people.sum())


def _values(count: Floats, case: _Case) -> pd.DataFrame:
    """Every index of each row of counts."""
    people, code = case.shares, case.code
    total = theil_of(count, people)
    between = theil_of(by_group(count, code), by_group(people, code))
    indices = {"gini": gini_of(count, people), "hoover": hoover_of(count, people), "theil": total}
    indices |= {"theil_between": between, "theil_within": total - between}
    return pd.DataFrame(indices | {f"top_{k}": top_of(count, k) for k in LARGEST if k < len(people)})


def _complete(case: _Case, draws: int, rng: int) -> pd.DataFrame:
    """Values, and what constant risk gives."""
    total = int(case.low.sum())
    value = _values(case.low, case).iloc[0]
    generator = np.random.default_rng(rng)
    rows = max(1, CELLS // len(case.low))
    simulated = pd.concat(
        _values(constant_risk_draws(total, case.shares, min(rows, draws - start), generator), case)
        for start in range(0, draws, rows)
    )
    means = constant_risk_means(total, case.shares, case.code)
    closed = {"hoover": means.hoover, "theil": means.theil, "theil_between": means.theil_between}
    closed["theil_within"] = means.theil - means.theil_between
    if means.gini is not None:
        closed["gini"] = means.gini
    expected = simulated.mean()
    expected.update(pd.Series(closed))
    beyond = (simulated >= value - 1e-12).sum()
    by = pd.Series("simulation", index=value.index).where(~value.index.isin(list(closed)), "closed form")
    return pd.DataFrame(
        {
            "value": value,
            "low": value,
            "high": value,
            "attained": value,
            "expected": expected,
            "expected_low": expected,
            "expected_high": expected,
            "expected_by": by.astype("string"),
            "sd": simulated.std(ddof=0),
            "excess": value - expected,
            "excess_low": value - expected,
            "p_value": (beyond + 1) / (draws + 1),
        }
    ).rename_axis("index")


def _open(case: _Case, rng: int, *, quick: bool) -> pd.DataFrame:
    """Bounds alone."""
    bounds = index_bounds(case.low, case.high, case.shares, attained=not quick)
    low, high = by_group(case.low, case.code), by_group(case.high, case.code)
    between = index_bounds(low, high, by_group(case.shares, case.code), attained=not quick)["theil"]
    total = bounds["theil"]
    bounds["theil_between"] = between
    # The two parts are bounded by what the whole and the other part leave: wider than they can really be.
    bounds["theil_within"] = IndexBounds(
        low=max(0.0, total.low - between.high), high=total.high - between.low, attained=np.nan
    )
    bounds |= {f"top_{k}": top_bounds(case.low, case.high, k) for k in LARGEST if k < len(case.low)}
    table = pd.DataFrame({name: [b.low, b.high, b.attained] for name, b in bounds.items()}).T
    table.columns = pd.Index(["low", "high", "attained"])
    table["excess_low"] = pd.Series(least_excess(case.low, case.high, case.shares, gini=not quick))
    for name, events in (("expected_low", case.high), ("expected_high", case.low)):
        means, simulated = _means(int(events.sum()), case, rng, quick=quick)
        table[name] = pd.Series(means, dtype=float)
        by = {index: "simulation" if simulated and index == "gini" else "closed form" for index in means}
        table["expected_by"] = pd.Series(by, dtype="string")
    order = ["value", "low", "high", "attained", "expected", "expected_low", "expected_high", "expected_by"]
    order += ["sd", "excess", "excess_low", "p_value"]
    return table.reindex(columns=order).astype({"expected_by": "string"}).rename_axis("index")


def _means(total: int, case: _Case, rng: int, *, quick: bool) -> tuple[dict[str, float], bool]:
    """Means of the indices at constant risk, of so many events, and whether the Gini's is simulated."""
    if total == 0:
        return {}, False
    means = constant_risk_means(total, case.shares, case.code, gini=not quick)
    gini, simulated = means.gini, means.gini is None
    if gini is None:
        draws = constant_risk_draws(total, case.shares, FEW_DRAWS, np.random.default_rng(rng))
        gini = float(gini_of(draws, case.shares).mean())
    within = means.theil - means.theil_between
    names = ("gini", "hoover", "theil", "theil_between", "theil_within")
    values = (gini, means.hoover, means.theil, means.theil_between, within)
    return dict(zip(names, values, strict=True)), simulated


def _groups(case: _Case, names: pd.Index, confidence: float, complete: bool) -> pd.DataFrame:
    """What each group holds."""
    sums = [pd.Series(by_group(v, case.code), index=names) for v in (case.low, case.high, case.people)]
    low, high, people = sums
    n = np.bincount(case.code, minlength=len(names))
    exact = np.bincount(case.code, weights=case.low == case.high, minlength=len(names))
    groups = pd.DataFrame(
        {
            "n": n,
            "n_known": exact.astype(int),
            "events_low": low.astype(int),
            "events_high": high.astype(int),
            "population": people.astype(int),
            "share_population": people / people.sum(),
        },
        index=names,
    ).rename_axis("group")
    groups = groups.join(location_quotients(low, people, low=low, high=high, confidence=confidence))
    if not complete:
        return groups
    within = constant_risk_means(int(case.low.sum()), case.shares, case.code).within
    own = [
        (case.low[case.code == g], case.people[case.code == g] / case.people[case.code == g].sum())
        for g in range(len(names))
    ]
    theils = np.array([theil_of(*part)[0] for part in own])
    share = low / low.sum()
    return groups.assign(
        events=low.astype(int),
        share_events=share,
        gini=[gini_of(*part)[0] for part in own],
        theil=theils,
        within=np.where(share > 0, share * np.nan_to_num(theils), 0.0),
        within_expected=within,
    )
