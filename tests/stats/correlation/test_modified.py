from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph
from scipy.stats import pearsonr

import geo
from geo.register.communes import commune_register
from geo.stats.correlation.distanceclasses import distance_classes
from geo.stats.correlation.modified import Pairs, correlation_p
from geo.stats.correlation.places import borders_between, distances_km
from tests.properties import examples

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def poverty(communes: pd.Index) -> pd.Series:
    table = pd.read_csv(DATA / "poverty_2017.csv", dtype={"cut": str})
    return table.set_index("cut")["share"].reindex(communes)


@pytest.fixture(scope="module")
def projected(communes: pd.Index) -> pd.DataFrame:
    """Metres in a transverse Mercator along 71° W, which keeps distances along the country."""
    places = commune_register()[["lon", "lat"]].dropna()
    to = pyproj.Transformer.from_crs(4326, "+proj=tmerc +lon_0=-71 +ellps=WGS84", always_xy=True)
    x, y = to.transform(places["lon"].to_numpy(), places["lat"].to_numpy())
    return pd.DataFrame({"x": x, "y": y}, index=places.index).reindex(communes)


# Upper bounds as SpatialPack makes them: as many classes of equal width up to the largest distance.
@pytest.mark.parametrize(
    ("column", "classes", "size"),
    [
        ("rate", 13, 131.692671659),
        ("rate", 7, 809.444127867),
        ("log population", 13, 84.8444371617),
        ("log population", 7, 194.616447308),
    ],
)
def test_dutilleul_s_sample_size_is_that_of_spatialpack(
    column: str, classes: int, size: float, dmcs: pd.DataFrame, poverty: pd.Series, projected: pd.DataFrame
) -> None:
    """On DMCS rates and on log population against income poverty, at 345 communes projected as here.

    The numbers are those of SpatialPack's two routines (MoranI and estimated_ESS in its src/mod_ttest.c), set
    into a C program of their own with these bounds; the R package itself was not run.
    """
    values = dmcs["cases"] / dmcs["population"] * 1e5 if column == "rate" else np.log(dmcs["population"])
    known = poverty.notna() & projected["x"].notna()
    km = distances_km(projected[known])
    largest = km.max()
    edges = [largest * (k + 1) / classes for k in range(classes)]
    found = geo.stats.correlation_test(values.astype(float), poverty, projected, edges=edges).tests.loc[
        "pearson"
    ]
    assert found["effective_n_dutilleul"] == pytest.approx(size, rel=1e-8)
    expected = pearsonr(values[known].astype(float), poverty[known]).statistic
    assert found["r"] == pytest.approx(expected)


def test_a_published_example_is_reproduced_to_the_last_digit_printed() -> None:
    """Records and species of amphibians in 199 cells of Uruguay, SpatialPack with ten classes.

    Printed: F = 204.4555 on 1 and 92.3961 degrees of freedom, r = 0.8299, in the scripts (F. Grattarola,
    rBiodiversidata, doi:10.5281/zenodo.3093998) to Grattarola et al. (2020), Scientific Reports 10, 22045.
    """
    cells = pd.read_csv(Path(__file__).with_name("amphibians.csv"), index_col="cell", comment="#")
    points = cells[["x", "y"]]
    edges = distances_km(points).max() * np.arange(1, 11) / 10
    found = geo.stats.correlation_test(cells["records"], cells["species"], points, edges=edges.tolist())
    pearson = found.tests.loc["pearson"].astype(float)
    r, free = pearson["r"], pearson["effective_n_dutilleul"] - 2
    assert (round(r, 4), round(free, 4)) == (0.8299, 92.3961)
    assert round(free * r**2 / (1 - r**2), 4) == 204.4555


def full_matrices(x: np.ndarray, y: np.ndarray, code: np.ndarray) -> tuple[float, float, float]:
    """The three variances of r from covariance matrices written out in full."""
    n = len(x)
    centre = np.eye(n) - 1 / n
    x, y = x - x.mean(), y - y.mean()

    def averaged(v: np.ndarray) -> np.ndarray:
        products = np.outer(v, v)
        filled = np.zeros((n, n))
        for k in range(-1, code.max() + 1):
            filled[code == k] = products[code == k].mean()
        return filled

    sx, sy = averaged(x), averaged(y)
    dutilleul = np.trace(centre @ sx @ centre @ sy) / np.trace(centre @ sx) / np.trace(centre @ sy)
    crh = (sx * sy).sum() / (x @ x) / (y @ y)
    marks = [centre @ (code == k) @ centre for k in range(-1, code.max() + 1)]

    def unbiased(v: np.ndarray) -> np.ndarray:
        """Covariances whose expected sums are those observed, up to a constant that centring drops."""
        expected = np.array([[np.trace(a @ b) for a in marks] for b in marks])
        observed = np.array([v @ a @ v for a in marks])
        c = np.linalg.lstsq(expected, observed, rcond=1e-10)[0]
        return sum(value * mark for value, mark in zip(c, marks, strict=True))

    return np.trace(unbiased(x) @ unbiased(y)) / (x @ x) / (y @ y), dutilleul, crh


@examples(30)
@given(st.integers(0, 10_000), st.integers(8, 30), st.integers(2, 4))
def test_the_sample_sizes_are_those_of_full_covariance_matrices(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, n)).cumsum(axis=1)
    points = pd.DataFrame(rng.uniform(0, 1e5, (n, 2)), columns=["x", "y"])
    km = distances_km(points)
    edges = np.quantile(km[np.triu_indices(n, 1)], np.arange(1, k + 1) / k)
    classes = distance_classes(km, edges=edges.tolist())
    sizes = Pairs(classes).effective(x, y)
    for size, variance in zip(
        (sizes.unbiased, sizes.dutilleul, sizes.crh), full_matrices(x, y, classes.code), strict=True
    ):
        if variance <= 0:
            assert np.isnan(size)
        else:
            wanted = 1 + 1 / variance
            assert size == pytest.approx(min(wanted, n) if size == sizes.unbiased else wanted, rel=1e-6)


@examples(25)
@given(st.integers(0, 1000), st.floats(0.1, 50), st.floats(-20, 20))
def test_neither_unit_nor_zero_nor_the_order_of_areas_changes_a_test(seed, times, plus) -> None:
    rng = np.random.default_rng(seed)
    values = pd.DataFrame(rng.normal(size=(30, 2)).cumsum(axis=0), columns=["a", "b"])
    points = pd.DataFrame({"x": 1000.0 * np.arange(30), "y": 0.0})
    first = geo.stats.correlation_test(values["a"], values["b"], points).tests.astype(float)
    order = rng.permutation(30)
    again = geo.stats.correlation_test(values["a"][order] * times + plus, values["b"], points).tests.astype(
        float
    )
    pd.testing.assert_frame_equal(first, again, rtol=1e-6)
    swapped = geo.stats.correlation_test(values["b"], -values["a"], points).tests.astype(float)
    assert np.allclose(swapped["p_value"], first["p_value"], equal_nan=True)
    assert np.allclose(swapped["r"], -first["r"])


def test_without_autocorrelation_areas_count_as_they_are() -> None:
    rng = np.random.default_rng(7)
    points = pd.DataFrame(rng.uniform(0, 1e6, (300, 2)), columns=["x", "y"])
    sizes = [
        geo.stats.correlation_test(pd.Series(a), pd.Series(b), points).tests.loc[
            "pearson", "effective_n_dutilleul"
        ]
        for a, b in rng.normal(size=(40, 2, 300))
    ]
    assert np.mean(sizes) == pytest.approx(301, rel=0.02)


def test_great_circles_and_the_projection_agree(
    dmcs: pd.DataFrame, poverty: pd.Series, projected: pd.DataFrame
) -> None:
    """On the mainland; Isla de Pascua lies too far from the meridian of the projection."""
    rate = dmcs["cases"] / dmcs["population"]
    mainland = ~rate.index.isin(["05201", "05104"])
    places = commune_register()[["lon", "lat"]]
    bounds = [25, 50, 100, 200, 400, 800, 5000]
    one, other = (
        geo.stats.correlation_test(rate[mainland], poverty, points, edges=bounds).tests.loc[
            "pearson", "effective_n"
        ]
        for points in (places, projected)
    )
    assert one == pytest.approx(other, rel=0.02)


def autoregressive(communes: pd.Index, graph: Graph, fields: int, seed: int) -> tuple[np.ndarray, pd.Index]:
    """Independent fields x = 0.7 Wx + e on the contiguity, among the 341 communes with a neighbour."""
    inside = communes.difference(graph.isolates, sort=False)
    weights = graph.subgraph(inside).transform("r").sparse.toarray()
    noise = np.random.default_rng(seed).normal(size=(len(inside), fields))
    return np.linalg.solve(np.eye(len(inside)) - 0.7 * weights, noise), inside


def test_unrelated_autoregressive_fields_are_told_apart_from_related_ones(
    communes: pd.Index, graph: Graph
) -> None:
    """The size of the test: 1,000 pairs of independent fields, as in benchmarks/correlation_size.py."""
    fields, inside = autoregressive(communes, graph, 2000, seed=0)
    x, y = fields[:, :1000], fields[:, 1000:]
    counts = graph.cardinalities.reindex(inside).to_numpy(dtype=float)
    km = distances_km(commune_register().loc[inside])
    pairs = Pairs(distance_classes(km, borders_between(graph, inside), counts))
    unbiased, dutilleul, _ = pairs.effective_sizes(pairs.sums(x), pairs.sums(y))
    r = np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(x.T, y.T, strict=True)])
    assert 0.035 <= (correlation_p(r, unbiased) <= 0.05).mean() <= 0.065
    assert (correlation_p(r, dutilleul) <= 0.05).mean() <= 0.085
    assert (correlation_p(r, len(x)) <= 0.05).mean() > 0.2


def test_the_naive_p_is_scipy_s() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 25))
    found = pearsonr(x, y)
    assert correlation_p(found.statistic, 25) == pytest.approx(found.pvalue)
