"""The regression behind adjusted rates against R, closed forms and what must not matter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

import geo
from geo.stats.rates.adjustment import adjustment_reasons
from tests.properties import examples

# R's built-in warpbreaks: breaks by wool (A, B) and tension (L, M, H), nine looms each (Tippett 1950).
BREAKS = [
    26,
    30,
    54,
    25,
    70,
    52,
    51,
    26,
    67,
    18,
    21,
    29,
    17,
    12,
    18,
    35,
    30,
    36,
    36,
    21,
    24,
    18,
    10,
    43,
    28,
    15,
    26,
]
BREAKS += [
    27,
    14,
    29,
    19,
    29,
    31,
    41,
    20,
    44,
    42,
    26,
    19,
    16,
    39,
    28,
    21,
    39,
    29,
    20,
    21,
    24,
    17,
    13,
    15,
    15,
    16,
    28,
]
WARPBREAKS = pd.DataFrame({"breaks": BREAKS, "wool": np.repeat([0, 1], 27)})
WARPBREAKS["M"], WARPBREAKS["H"] = np.tile(np.repeat(np.eye(3)[1:], 9, axis=1), 2)


def negative_binomial(count: pd.Series, mean: pd.Series, dispersion: float) -> float:
    """Log likelihood by SciPy's own function."""
    if dispersion == 0:
        return float(poisson.logpmf(count, mean).sum())
    theta = 1 / dispersion
    return float(nbinom.logpmf(count, theta, theta / (theta + mean)).sum())


@st.composite
def maps(draw: st.DrawFn) -> pd.DataFrame:
    """Areas with a count, inhabitants and two covariates; from hardly to widely dispersed."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, shape = draw(st.integers(12, 60)), draw(st.sampled_from([0.3, 2.5, 50.0, 1e6]))
    frame = pd.DataFrame({"population": np.rint(np.exp(rng.uniform(5, 13, n)))})
    frame["poverty"], frame["distance"] = rng.uniform(0, 0.4, n), rng.normal(300, 100, n)
    per = draw(st.sampled_from([50, 3000])) / 100_000
    rate = per * np.exp(frame["poverty"] + rng.normal(0, 0.1, n))
    frame["events"] = rng.poisson(rate * frame["population"] * rng.gamma(shape, 1 / shape, n))
    assume((frame["events"] > 0).sum() > 5)
    return frame


def fitted(frame: pd.DataFrame, **changed: pd.DataFrame | pd.Series) -> geo.stats.RateModel:
    given_: dict[str, pd.DataFrame | pd.Series] = {"covariates": frame[["poverty", "distance"]]}
    return geo.stats.rate_model(frame["events"], frame["population"], **(given_ | changed))


def test_the_fit_on_police_cases_is_that_of_r(dmcs: pd.DataFrame) -> None:
    """R 4.2.2, MASS 7.3.58.2, control = glm.control(epsilon = 1e-14, maxit = 200).

    glm.nb(cases ~ log(population) + offset(log(population)))
    """
    people = dmcs["population"]
    model = geo.stats.rate_model(dmcs["cases"], people, covariates=geo.stats.size_covariates(people))
    assert model.coefficients.tolist() == pytest.approx([-5.67767660556405, 0.181849914779654], rel=1e-9)
    assert model.standard_errors.tolist() == pytest.approx([0.1948707913712526, 0.0192271414369972], rel=1e-9)
    assert model.theta == pytest.approx(4.47828219717749, rel=1e-9)
    assert model.log_likelihood == pytest.approx(-2324.72333730244, rel=1e-11)
    assert model.deviance == pytest.approx(369.243752203326, rel=1e-9)
    assert model.pearson == pytest.approx(486.942735301128, rel=1e-9)
    theirs = np.array([1.252591228915156, 0.170236770780027, 1.254322523565385, -0.472818145334480])
    ours = model.areas["residual"].iloc[:4].to_numpy()
    assert np.diff(ours) == pytest.approx(np.diff(theirs), rel=1e-9)  # ours are centred


def test_the_fit_without_covariates_is_that_of_r(dmcs: pd.DataFrame) -> None:
    """As above, glm.nb(cases ~ 1 + offset(log(population)))."""
    model = geo.stats.rate_model(dmcs["cases"], dmcs["population"])
    assert model.coefficients.tolist() == pytest.approx([-3.82114862019384], rel=1e-9)
    assert model.standard_errors.tolist() == pytest.approx([0.0291960337771285], rel=1e-8)
    assert model.theta == pytest.approx(3.46011106042709, rel=1e-8)
    assert model.log_likelihood == pytest.approx(-2369.22193895999, rel=1e-11)


def test_the_fit_on_a_textbook_table_is_that_of_r() -> None:
    """As above, glm.nb(breaks ~ wool + tension, warpbreaks)."""
    model = geo.stats.rate_model(
        WARPBREAKS["breaks"], pd.Series(1, index=WARPBREAKS.index), covariates=WARPBREAKS[["wool", "M", "H"]]
    )
    assert model.coefficients.tolist() == pytest.approx(
        [3.673354566579142, -0.186211052351014, -0.299227238628679, -0.511395515191388], rel=1e-9
    )
    assert model.standard_errors.tolist() == pytest.approx(
        [0.0979030472904468, 0.1009613994288241, 0.1217284968022338, 0.1237398644650355], rel=1e-7
    )
    assert model.theta == pytest.approx(9.94438543590043, rel=1e-7)
    assert model.log_likelihood == pytest.approx(-199.381903889003, rel=1e-11)
    assert model.deviance == pytest.approx(53.7225707023351, rel=1e-7)
    assert model.pearson == pytest.approx(53.6642272691453, rel=1e-7)


def test_counts_less_dispersed_than_chance_are_fitted_by_poisson() -> None:
    """Then the mean is proportional to the population, and the residual divides by its square root."""
    events, people = pd.Series([10, 20, 31, 39, 50]), pd.Series([100, 200, 300, 400, 500])
    model = geo.stats.rate_model(events, people)
    assert (model.dispersion, model.theta) == (0.0, np.inf)
    assert model.coefficients["intercept"] == pytest.approx(np.log(150 / 1500))
    residual = (events - people / 10) / np.sqrt(people / 10)
    assert model.areas["residual"].tolist() == pytest.approx((residual - residual.mean()).tolist())
    assert model.log_likelihood == pytest.approx(negative_binomial(events, people / 10, 0))
    assert model.standard_errors["intercept"] == pytest.approx(1 / np.sqrt(150))


def test_expected_counts_take_the_place_of_the_population() -> None:
    """With nothing else, the fit says how many times as many there were as expected."""
    expected = pd.Series([10.0, 20, 30, 40, 50])
    model = geo.stats.rate_model(pd.Series([20, 40, 61, 79, 100]), pd.Series([9] * 5), expected=expected)
    assert np.exp(model.coefficients["intercept"]) == pytest.approx(2)
    assert model.areas["expected_count"].tolist() == pytest.approx((2 * expected).tolist())


def test_dispersion_within_large_areas_does_not_hide_that_among_small_ones() -> None:
    """Here the likelihood falls from zero dispersion and rises beyond: Poisson is only a local maximum."""
    rng = np.random.default_rng(3)
    people = pd.Series(np.append(np.full(150, 40.0), np.full(6, 40_000.0)))
    mean = people / 10
    events = pd.Series(np.append(rng.poisson(4 * rng.gamma(2.0, 0.5, 150)), np.full(6, 4_000)))
    assert ((events - mean) ** 2 - mean).sum() < 0
    model = geo.stats.rate_model(events, people)
    assert model.dispersion > 0
    assert model.log_likelihood > negative_binomial(events, mean, 0)


@examples(60)
@given(maps(), st.integers(0, 2**32 - 1))
def test_no_other_coefficients_or_dispersion_are_likelier(frame: pd.DataFrame, seed: int) -> None:
    model = fitted(frame)
    own = negative_binomial(frame["events"], model.areas["expected_count"], model.dispersion)
    assert model.log_likelihood == pytest.approx(own, rel=1e-9, abs=1e-6)
    rng = np.random.default_rng(seed)
    scale = np.array([1, *frame[["poverty", "distance"]].std()])
    for size in (1e-3, 1e-2, 0.1, 1):
        shift = model.coefficients + rng.normal(size=3) * size / scale
        mean = frame["population"] * np.exp(
            shift["intercept"] + frame[["poverty", "distance"]] @ shift[["poverty", "distance"]]
        )
        for dispersion in (0.0, model.dispersion * np.exp(rng.normal() * size), 0.01, 1.0):
            other = negative_binomial(frame["events"], mean, dispersion)
            same = negative_binomial(frame["events"], model.areas["expected_count"], dispersion)
            assert max(other, same) <= model.log_likelihood + 1e-6


@examples(40)
@given(maps(), st.floats(-6, 6), st.floats(-1e3, 1e3))
def test_the_unit_of_a_covariate_does_not_matter(frame: pd.DataFrame, power: float, shift: float) -> None:
    plain = fitted(frame)
    factor = 10**power
    moved = frame[["poverty", "distance"]].assign(poverty=(frame["poverty"] + shift) * factor)
    again = fitted(frame, covariates=moved)
    assert np.allclose(plain.areas["residual"], again.areas["residual"], atol=1e-6)
    assert again.coefficients["poverty"] * factor == pytest.approx(plain.coefficients["poverty"], abs=1e-5)


@examples(40)
@given(maps(), st.floats(1e-3, 1e3))
def test_the_scale_of_what_is_expected_moves_the_intercept_alone(frame: pd.DataFrame, factor: float) -> None:
    expected = frame["population"] / 7
    plain, scaled = fitted(frame, expected=expected), fitted(frame, expected=expected * factor)
    assert np.allclose(plain.areas["residual"], scaled.areas["residual"], atol=1e-6)
    change = scaled.coefficients - plain.coefficients
    assert change["intercept"] == pytest.approx(-np.log(factor), abs=1e-6)
    assert change[["poverty", "distance"]].abs().max() < 1e-6


@examples(40)
@given(maps(), st.integers(0, 2**32 - 1))
def test_the_order_of_areas_does_not_matter(frame: pd.DataFrame, seed: int) -> None:
    dealt = frame.sample(frac=1, random_state=seed % 2**32)
    plain = fitted(frame).areas["residual"]
    assert np.allclose(plain, fitted(dealt).areas["residual"].reindex(frame.index), atol=1e-6)
    # Covariates and populations are taken by the names of the areas, not by their place.
    mixed = geo.stats.rate_residuals(
        frame["events"], dealt["population"], covariates=dealt[["poverty", "distance"]]
    )
    assert np.allclose(plain, mixed, atol=1e-9)


@given(maps())
@examples(20)
def test_a_missing_area_is_not_there_and_says_why(frame: pd.DataFrame) -> None:
    holes = frame.astype("Float64")
    for row, column in enumerate(["events", "population", "poverty"]):
        holes.loc[row, column] = pd.NA
    holes.loc[3, "population"] = 0
    whole = fitted(holes)
    assert whole.areas["reason"].tolist()[:5] == [
        "missing_value", "missing_population", "missing_covariate", "zero_population", pd.NA
    ]  # fmt: skip
    assert whole.areas[["residual", "expected_count"]].iloc[:4].isna().all(axis=None)
    cut = fitted(frame.drop(range(4)))
    assert whole.n == cut.n == len(frame) - 4
    assert np.allclose(whole.areas["residual"].drop(range(4)), cut.areas["residual"])
    assert whole.areas["residual"].mean() == pytest.approx(0, abs=1e-9)


def test_nothing_expected_is_a_reason() -> None:
    events, people = pd.Series([1, 2, 3]), pd.Series([10, 10, 10])
    found = adjustment_reasons(events, people, expected=pd.Series([1.0, 0.0, None]))
    assert found.tolist() == [pd.NA, "zero_expected", "missing_expected"]


def test_adjusted_rates_no_longer_rise_with_size(dmcs: pd.DataFrame) -> None:
    """The standardised rates do, and cities adjoin cities: see docs/methods.md."""
    people = dmcs["population"]
    size = geo.stats.size_covariates(people)
    left = geo.stats.rate_residuals(dmcs["cases"], people, covariates=size)
    plain = geo.stats.standardize_rates(dmcs["cases"], people)
    assert plain.corr(size["log_population"]) > 0.3
    assert abs(left.corr(size["log_population"])) < 0.05


COLUMN = pd.Series(np.linspace(0, 1, 8))
AREAS = pd.DataFrame({"events": [3, 4, 6, 5, 8, 0, 0, 9], "population": 1000})


@pytest.mark.parametrize(
    ("covariates", "words"),
    [
        ({"a": COLUMN, "b": 2 * COLUMN + 5}, "column 'b', which follows from those before it"),
        ({"a": [2016.0] * 8}, "column 'a', which does not vary"),
        ({"zone": list("xxxxyyyy")}, "column 'zone' of type"),
        ({"a": COLUMN.replace(0, np.inf)}, "column 'a', infinite at 0"),
        ({"a": COLUMN, "rural": [0, 0, 0, 0, 0, 1, 1, 0]}, "column 'rural', which sets apart areas"),
        ({"intercept": COLUMN}, "'intercept' twice"),
        ({f"c{i}": COLUMN**i for i in range(1, 6)}, "needs 9 areas with everything known; received 8"),
    ],
)
def test_covariates_that_cannot_be_used_are_named(covariates: dict[str, object], words: str) -> None:
    with pytest.raises(geo.StatisticError) as error:
        geo.stats.rate_residuals(AREAS["events"], AREAS["population"], covariates=pd.DataFrame(covariates))
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda frame: frame.assign(events=0), "needs 1 areas with a count above zero"),
        (lambda frame: frame.head(3), "needs 4 areas with everything known; received 3"),
        (lambda frame: frame.assign(events=-1), "a count cannot be negative"),
        (lambda frame: frame.assign(population=-1), "a population cannot be negative"),
    ],
)
def test_counts_that_cannot_be_fitted_are_refused_in_words(
    change: Callable[[pd.DataFrame], pd.DataFrame], words: str
) -> None:
    frame = change(AREAS)
    with pytest.raises(geo.StatisticError, match=words):
        geo.stats.rate_model(frame["events"], frame["population"])


def test_negative_expected_counts_are_refused_by_that_name() -> None:
    with pytest.raises(geo.StatisticError, match="an expected count cannot be negative; received -1 at 0"):
        geo.stats.rate_model(AREAS["events"], AREAS["population"], expected=pd.Series([-1.0] * 8))
