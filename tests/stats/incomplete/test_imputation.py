"""Imputed counts: their law against enumeration, what they rest on, and the checks on the study's table."""

from __future__ import annotations

from functools import reduce
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

import geo
from geo.register.communes import commune_register
from geo.stats.incomplete import totals
from geo.stats.incomplete.intervals import Intervals
from geo.stats.incomplete.totals import draw_share, log_chance, take_shares
from tests.properties import examples
from tests.stats.incomplete.cases import study_counts

MEAN, THETA = np.array([3.0, 2, 5, 7, 1.5]), 2.0
FIVE = Intervals(pd.RangeIndex(5), np.array([0.0, 0, 2, 7, 1]), np.array([4.0, 9, 6, 7, np.inf]), np.ones(5))


def enumerate_tables(total: int) -> tuple[dict[tuple[int, ...], float], float]:
    """Probability of every table of the four open counts with that total, and of the total."""
    law = [nbinom(THETA, THETA / (THETA + m)).pmf(np.arange(80)) for m in MEAN]
    ranges = [range(5), range(10), range(2, 7), range(1, 80)]
    tables, whole = {}, 0.0
    for y in product(*ranges):
        p = float(np.prod([law[i][k] for i, k in zip((0, 1, 2, 4), y, strict=True)]))
        whole += p
        if sum(y) + 7 == total:
            tables[y] = p
    return {y: p / sum(tables.values()) for y, p in tables.items()}, sum(tables.values()) / whole


@pytest.mark.once
@pytest.mark.parametrize(
    "total", [18, 26, *(pytest.param(total, marks=pytest.mark.night) for total in (10, 12, 40))]
)
def test_counts_given_their_total_have_the_law_of_enumeration(total: int) -> None:
    tables, chance = enumerate_tables(total)
    (share,) = take_shares(FIVE, total, None, MEAN)
    generator, draws = np.random.default_rng(0), 5_000
    drawn = [tuple(draw_share(share, MEAN, THETA, generator).tolist()) for _ in range(draws)]
    assert set(drawn) <= set(tables)
    seen = pd.Series(drawn).value_counts()
    for y, p in tables.items():
        assert abs(seen.get(y, 0) / draws - p) <= 5 * np.sqrt(p * (1 - p) / draws) + 2e-4
    assert log_chance(share, MEAN, THETA) == pytest.approx(np.log(chance), abs=1e-6)


def test_the_approximation_of_the_chance_of_a_total_is_close(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    high = generator.integers(3, 80, 120).astype(float)
    many = Intervals(pd.RangeIndex(120), np.zeros(120), high, np.ones(120))
    mean = high * generator.uniform(0.3, 1.2, 120)
    for total in (1200, 2000, 3300):
        (share,) = take_shares(many, total, None, mean)
        near = log_chance(share, mean, 3.0)
        monkeypatch.setattr(totals, "FEW_AREAS", 1000)
        assert near == pytest.approx(log_chance(share, mean, 3.0), abs=3e-3)
        monkeypatch.undo()


def test_known_counts_stay_and_others_stay_within_their_interval() -> None:
    counts, people = study_counts()
    found = geo.stats.impute_counts(counts, people, imputations=50)
    low, high = (counts[end].to_numpy(dtype=float)[:, None] for end in ("low", "high"))
    assert (found.draws.to_numpy() >= low).all()
    assert (found.draws.to_numpy() <= high).all()
    known = counts["low"] == counts["high"]
    assert (found.areas["imputed"] == ~known).all()
    assert found.areas.loc[known, ["imputed_median", "imputed_low", "imputed_high"]].isna().all(axis=None)
    assert found.draws[known].nunique(axis=1).eq(1).all()


@pytest.mark.once
def test_the_study_without_size_puts_small_communes_on_top_and_the_check_says_so() -> None:
    counts, people = study_counts()
    with_size, without = (geo.stats.impute_counts(counts, people, size=size) for size in (True, False))
    assert with_size.failed == ()
    small = next(check for check in without.checks if check.name == "small_in_top")
    assert (small.observed, small.verdict) == (3, "failed")
    assert small.median == pytest.approx(19, abs=2)
    assert with_size.totals.median() == pytest.approx(11_000, abs=400)
    assert without.totals.median() == pytest.approx(8_700, abs=400)
    assert with_size.assumptions == ("not_spatial", "size_rate", "below_list")


@pytest.mark.night
@pytest.mark.once
def test_parameters_are_drawn_anew_and_as_wide_as_the_information_says() -> None:
    counts, people = study_counts()
    found, model = (
        geo.stats.impute_counts(counts, people, imputations=400),
        geo.stats.interval_model(counts, people),
    )
    slopes = found.parameters["log_population"]
    assert slopes.nunique() > 250
    assert slopes.std() == pytest.approx(model.standard_errors["log_population"], rel=0.2)
    assert slopes.mean() == pytest.approx(model.coefficients["log_population"], abs=0.04)
    assert found.effective > 0.5


@pytest.mark.once
def test_a_known_total_is_kept_and_moves_the_parameters() -> None:
    counts, people = study_counts()
    found = geo.stats.impute_counts(counts, people, total=9_000, imputations=20)
    assert found.totals.eq(9_000).all()
    assert found.parameters["dispersion"].median() > 0.6  # 0.4 without it


def test_totals_by_region_are_kept_where_there_are_any() -> None:
    counts, people = study_counts()
    regions = commune_register()["region"]
    names = regions.unique()[:2]
    least, most = (counts[end].groupby(regions).sum() for end in ("low", "high"))
    wanted = {name: int((least[name] + most[name]) // 2) for name in names}
    found = geo.stats.impute_counts(counts, people, total=wanted, groups=regions, imputations=10)
    sums = found.draws.groupby(regions).sum()
    for name in names:
        assert sums.loc[name].eq(wanted[name]).all()
    assert found.totals.nunique() > 1


@pytest.mark.parametrize(
    ("total", "groups", "words"),
    [
        (20_000, None, "which the intervals allow|that the intervals allow"),
        (9_000.5, None, "whole number"),
        ({"x": 5}, None, "need the groups"),
        (9_000, "region", "need the groups"),
        ({"nowhere": 5}, "region", "'nowhere'"),
    ],
)
def test_totals_that_do_not_fit_are_refused(total: object, groups: str | None, words: str) -> None:
    counts, people = study_counts()
    with pytest.raises(geo.StatisticError, match=words):
        geo.stats.impute_counts(
            counts, people, total=total, groups=commune_register()[groups] if groups else None
        )


def test_without_the_limit_of_the_list_counts_may_pass_it() -> None:
    counts, people = study_counts()
    found = geo.stats.impute_counts(counts, people, unbounded=True, imputations=20)
    open_ = counts["high"] > counts["low"]
    assert (found.draws[open_].max(axis=1) > counts.loc[open_, "high"]).any()
    assert {"no_limit", "ignorable"} <= set(found.assumptions)
    listed = counts["in_table"]
    assert (found.draws[listed].max(axis=1) <= counts.loc[listed, "high"]).all()


def test_an_area_where_nobody_lives_is_left_alone() -> None:
    counts = pd.DataFrame({"low": [12, 0, 40, 9, 31, 0], "high": [12, 4, 40, 9, 31, None]})
    people = pd.Series([9_000, 3_000, 30_000, 8_000, 21_000, 0])
    found = geo.stats.impute_counts(counts, people, imputations=5)
    assert found.draws.index.tolist() == [0, 1, 2, 3, 4]
    assert found.areas.loc[5].isna().all()


@examples(10)
@given(st.integers(0, 2**31))
def test_the_draws_depend_on_the_seed_and_on_nothing_else(seed: int) -> None:
    counts = pd.DataFrame({"low": [12, 0, 40, 0, 9, 31, 0], "high": [12, 4, 40, 4, 9, 31, 9]})
    people = pd.Series([9_000, 3_000, 30_000, 2_000, 8_000, 21_000, 6_000])
    before = counts.copy()
    one, again = (geo.stats.impute_counts(counts, people, imputations=10, rng=seed) for _ in range(2))
    pd.testing.assert_frame_equal(one.draws, again.draws)
    pd.testing.assert_frame_equal(counts, before)


@examples(60)
@given(st.integers(0, 2**31), st.integers(5, 14), st.booleans())
def test_whatever_the_table_draws_agree_with_it_or_a_reason_is_given(seed: int, n: int, size: bool) -> None:
    generator = np.random.default_rng(seed)
    people = pd.Series(np.exp(generator.uniform(2, 14, n)).round())
    low = generator.poisson(generator.gamma(0.5, 60, n))
    high = np.where(generator.random(n) < 0.5, low, low + generator.poisson(9, n)).astype(float)
    high[generator.random(n) < 0.2] = np.nan
    low = np.where(generator.random(n) < 0.4, 0, low)
    try:
        found = geo.stats.impute_counts(
            pd.DataFrame({"low": low, "high": high}), people, size=size, imputations=5, rng=seed
        )
    except geo.StatisticError:
        return
    draws = found.draws.to_numpy()
    assert (draws >= low[:, None]).all()
    assert (draws <= np.nan_to_num(high, nan=np.inf)[:, None]).all()


@pytest.mark.night
def test_imputation_covers_what_was_hidden() -> None:
    """Hidden cells lie in 90 % ranges of the draws about as often as these say."""
    generator, inside, number = np.random.default_rng(5), 0, 0
    people = np.exp(generator.uniform(8, 12, 150)).round()
    for seed in range(8):
        mean = people * np.exp(-10.5 + 0.3 * np.log(people))
        y = generator.poisson(generator.gamma(2.5, mean / 2.5))
        hidden = y < np.quantile(y, 0.6)
        counts = pd.DataFrame({"low": np.where(hidden, 0, y), "high": np.where(hidden, y[hidden].max(), y)})
        areas = geo.stats.impute_counts(counts, pd.Series(people), rng=seed).areas[hidden]
        own = y[hidden]
        inside += int(((areas["imputed_low"] <= own) & (own <= areas["imputed_high"])).sum())
        number += int(hidden.sum())
    # Draws are whole numbers, so ranges hold rather more than they say.
    assert 0.86 < inside / number < 0.99


def grid_posterior(
    low: np.ndarray, high: np.ndarray, people: np.ndarray, total: int | None = None
) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of both parameters of a model without size, by summing over a grid."""
    intercepts, logs = np.linspace(-8.5, -5.5, 61), np.linspace(-3, 6, 61)
    level = np.empty((len(intercepts), len(logs)))
    values = np.arange(high.max() + 1)[:, None]
    for i, a in enumerate(intercepts):
        for j, log_theta in enumerate(logs):
            theta, cv = np.exp(log_theta), np.exp(-log_theta / 2)
            law = nbinom.pmf(values, theta, theta / (theta + people * np.exp(a)))
            law = np.where((values >= low) & (values <= high), law, 0)
            mass = law.sum(axis=0)
            level[i, j] = np.log(mass).sum() + np.log(cv / (1 + cv**2))
            if total is not None:  # the sum of all counts, its law added up area by area
                level[i, j] += np.log(reduce(np.convolve, (law / mass).T)[total])
    weight = np.exp(level - level.max())
    weight /= weight.sum()
    found = {}
    for name, values, axis in (("intercept", intercepts, 1), ("log_theta", logs, 0)):
        margin = weight.sum(axis=axis)
        mean = float((margin * values).sum())
        found[name] = (mean, float(np.sqrt((margin * (values - mean) ** 2).sum())))
    return found


@pytest.mark.once
@pytest.mark.parametrize("total", [None, pytest.param(130, marks=pytest.mark.night)])
def test_parameters_have_the_posterior_that_a_grid_gives(total: int | None) -> None:
    generator = np.random.default_rng(8)
    people = np.exp(generator.uniform(8, 10.5, 14)).round()
    y = generator.poisson(generator.gamma(2, people * 8e-4 / 2))
    low, high = np.where(y < 8, 0, y), np.where(y < 8, 7, y)
    assert low.sum() < 130 < high.sum()
    exact = grid_posterior(low, high, people, total)
    found = geo.stats.impute_counts(
        pd.DataFrame({"low": low, "high": high}), pd.Series(people), size=False, total=total, imputations=2000
    ).parameters
    drawn = {"intercept": found["intercept"], "log_theta": -np.log(found["dispersion"])}
    for name, (mean, sd) in exact.items():
        assert drawn[name].mean() == pytest.approx(mean, abs=0.12 * sd)
        assert drawn[name].std() == pytest.approx(sd, rel=0.12)
