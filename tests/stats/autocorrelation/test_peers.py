"""Every statistic against esda, pygeoda and R's spdep, on three maps; and where those fail.

The maps: rates of 346 communes, whole numbers of which most are zero, and islands (see peers.py).
Statistics are held to a relative 1e-9, after the factor that each package documents. p-values are held
to Monte Carlo error at R = 99,999 (`close`). spdep's numbers are in files, with its version and the
script that made them; they are compared with always, the other two where they are installed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geo
from tests.stats.autocorrelation.test_localmoran import lattice
from tests.stats.peers import (
    Map,
    as_geoda,
    as_w,
    import_esda,
    import_pygeoda,
    islands_at_ends,
    islands_map,
    peer_warnings_aside,
    rates_map,
    skip_unless,
    spdep_values,
    tied_map,
)

pytestmark = pytest.mark.once  # peers have versions of their own

R = 99_999
FEW = 19_999  # of a peer that draws one area after the other
NAMES = ("rates", "tied", "islands")
# Maps on which the estimated variance between rates is positive. On the tied one it is negative: spdep then
# takes zero, as we do; esda and pygeoda keep it, and do otherwise where an area's whole variance is negative.
POSITIVE = ("rates", "islands")


@pytest.fixture(scope="module")
def maps(dmcs: pd.DataFrame, graph: Graph) -> dict[str, Map]:
    return {"rates": rates_map(dmcs, graph), "tied": tied_map(dmcs, graph), "islands": islands_map()}


@pytest.fixture(params=NAMES)
def whole(request: pytest.FixtureRequest, maps: dict[str, Map]) -> Map:
    """One of the maps, islands included: what we are given."""
    return maps[request.param]


@pytest.fixture
def part(whole: Map) -> Map:
    """The same without islands: what peers are given."""
    return whole.without_islands()


@pytest.fixture
def spdep(request: pytest.FixtureRequest, part: Map) -> pd.DataFrame:
    name = request.node.callspec.params["whole"]
    return spdep_values("local").loc[name].set_index("area").loc[part.values.index]


def same(ours: pd.Series | np.ndarray, theirs: object) -> bool:
    """Equal to a relative 1e-9, or absolutely where a statistic is next to nothing."""
    return bool(np.allclose(ours, np.asarray(theirs, dtype=float), rtol=1e-9, atol=1e-11))


def close(ours: pd.Series, theirs: np.ndarray, *, draws: int = R, shift: float | np.ndarray = 0) -> bool:
    """Whether two-sided p-values differ by simulation error at most: five standard errors and the floors.

    Each is twice a share t of draws, ours of 99,999 and theirs of `draws`; `shift` is what is known to part
    the two.
    """
    p = ours.to_numpy(dtype=float)
    t = np.maximum(p, theirs) / 2
    error = 2 * np.sqrt(t * (1 - t) * (1 / R + 1 / draws))
    return bool((np.abs(p - theirs) <= 5 * error + 2 / R + 2 / draws + shift).all())


def inclusive_p(simulated: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Two-sided p from kept draws, ties in both tails: peers fold one tail and lose the ties of the other."""
    tie = 1e-9 * np.abs(observed)[:, None]
    at_least = (simulated >= observed[:, None] - tie).sum(axis=1)
    at_most = (simulated <= observed[:, None] + tie).sum(axis=1)
    return np.minimum(1, 2 * (np.minimum(at_least, at_most) + 1) / (simulated.shape[1] + 1))


# spdep 1.2-7, numbers in files ------------------------------------------------------------------------------


def test_the_maps_are_those_that_spdep_was_given(part: Map, spdep: pd.DataFrame) -> None:
    assert part.values.index.tolist() == spdep.index.tolist()
    assert part.events.tolist() == spdep["events"].tolist()
    assert part.population.tolist() == spdep["population"].tolist()


def test_local_moran_equals_spdep(whole: Map, spdep: pd.DataFrame) -> None:
    found = geo.stats.local_moran(whole.values, whole.graph, permutations=9)["statistic"]
    assert same(found.dropna(), spdep["moran"])


def test_local_moran_of_standardised_rates_equals_spdep(whole: Map, spdep: pd.DataFrame) -> None:
    found = geo.stats.local_moran_rate(whole.events, whole.population, whole.graph, permutations=9)[
        "statistic"
    ]
    assert same(found.dropna(), spdep["moran_eb"])


@pytest.mark.parametrize(("star", "column"), [(False, "g"), (True, "g_star")])
def test_getis_ord_equals_spdep(whole: Map, spdep: pd.DataFrame, *, star: bool, column: str) -> None:
    found = geo.stats.getis_ord(whole.values, whole.graph, star=star, permutations=9)["statistic"]
    assert same(found.dropna(), spdep[column])


def test_local_joins_equal_spdep(whole: Map, part: Map, spdep: pd.DataFrame) -> None:
    found = geo.stats.local_join_count(whole.group, whole.graph)["statistic"]
    assert found.notna().equals(part.group.reindex(found.index, fill_value=False))
    assert same(found.dropna(), spdep.loc[part.group, "joins"])


def test_smoothed_rates_equal_spdep(part: Map, spdep: pd.DataFrame) -> None:
    assert same(geo.stats.rate_eb(part.events, part.population) / 100_000, spdep["rate_eb"])


def test_global_statistics_and_their_closed_forms_equal_spdep(
    request: pytest.FixtureRequest, whole: Map
) -> None:
    table = spdep_values("global").loc[request.node.callspec.params["whole"]].set_index("test")
    found = {
        "moran": geo.stats.moran(whole.values, whole.graph, permutations=9),
        "moran_rate": geo.stats.moran_rate(whole.events, whole.population, whole.graph, permutations=9),
        "geary": geo.stats.geary(whole.values, whole.graph, permutations=9),
        "general_g": geo.stats.general_g(whole.values, whole.graph, permutations=9),
    }
    for name, test in found.items():
        ours = [test.statistic, test.expected, test.sd_analytic**2]
        assert same(np.array(ours), table.loc[name, ["statistic", "expected", "variance"]]), name
    joins = geo.stats.join_count(whole.group, whole.graph, permutations=9)
    ours = [joins.observed, joins.expected, joins.sd_analytic**2]
    assert same(np.array(ours), table.loc["join_count", ["statistic", "expected", "variance"]])


@pytest.mark.parametrize("whole", ["rates", "islands"], indirect=True)
def test_p_values_agree_with_spdep(whole: Map, part: Map, spdep: pd.DataFrame) -> None:
    """spdep draws the neighbours with replacement, which widens its null by the square root of
    (n - 2) / (n - 1 - k). For a normal null that moves p by at most 0.484 times the excess; twice that is
    allowed here. On ties it takes middle ranks, which is another p, so the tied map is left out.
    """
    ours = geo.stats.local_moran(whole.values, whole.graph, permutations=R)["p_value"].dropna()
    n, k = len(ours), part.graph.cardinalities.loc[ours.index].to_numpy()
    widening = np.sqrt((n - 2) / (n - 1 - k)) - 1
    assert close(ours, spdep["p"].to_numpy(), shift=2 * 0.484 * widening)


# esda -------------------------------------------------------------------------------------------------------


def test_local_moran_equals_esda(whole: Map, part: Map) -> None:
    """Statistics, quadrants and p. esda divides by n - 1; the tails of its draws are counted here."""
    esda = import_esda()
    ours = geo.stats.local_moran(whole.values, whole.graph, permutations=R).loc[part.values.index]
    with peer_warnings_aside():
        theirs = esda.Moran_Local(
            part.values.to_numpy(),
            as_w(part.graph.transform("R")),
            permutations=FEW,
            seed=1,
            n_jobs=1,
            keep_simulations=True,
        )
    n = len(ours)
    assert same(ours["statistic"] * (n - 1) / n, theirs.Is)
    quadrants = np.array(["High-High", "Low-High", "Low-Low", "High-Low"])[theirs.q - 1]
    assert ours["quadrant"].tolist() == quadrants.tolist()
    p = inclusive_p(theirs.rlisas, theirs.Is)
    assert close(ours["p_value"], p, draws=FEW)
    exact = geo.stats.local_moran(whole.values, whole.graph, method="exact").loc[part.values.index]
    assert close(exact["p_value"], p, draws=FEW)


@pytest.mark.parametrize("star", [False, True])
def test_getis_ord_equals_esda(whole: Map, part: Map, *, star: bool) -> None:
    esda = import_esda()
    ours = geo.stats.getis_ord(whole.values, whole.graph, star=star, permutations=9).loc[part.values.index]
    with peer_warnings_aside():
        theirs = esda.G_Local(
            part.values.to_numpy(), as_w(part.graph), star=star, transform="B", permutations=0
        )
    assert same(ours["statistic"], theirs.Zs)


def test_p_values_of_getis_ord_agree_with_esda_where_most_values_are_tied(maps: dict[str, Map]) -> None:
    esda = import_esda()
    whole = maps["tied"]
    part = whole.without_islands()
    ours = geo.stats.getis_ord(whole.values, whole.graph, star=False, permutations=R).loc[part.values.index]
    with peer_warnings_aside():
        theirs = esda.G_Local(
            part.values.to_numpy(),
            as_w(part.graph),
            transform="B",
            star=False,
            permutations=R,
            seed=1,
            n_jobs=1,
            keep_simulations=True,
        )
    assert close(ours["p_value"], inclusive_p(theirs.rGs, theirs.Gs))


@pytest.mark.parametrize("whole", POSITIVE, indirect=True)
def test_local_moran_of_standardised_rates_equals_esda(whole: Map, part: Map) -> None:
    esda = import_esda()
    ours = geo.stats.local_moran_rate(whole.events, whole.population, whole.graph, permutations=9)
    w = as_w(part.graph.transform("R"))
    with peer_warnings_aside():
        theirs = esda.Moran_Local_Rate(
            part.events.to_numpy(), part.population.to_numpy(), w, permutations=0, n_jobs=1
        )
    n = len(part.values)
    assert same(ours["statistic"].dropna() * (n - 1) / n, theirs.Is)


def test_global_statistics_equal_esda(whole: Map, part: Map) -> None:
    esda = import_esda()
    x, rows, binary = part.values.to_numpy(), as_w(part.graph.transform("R")), as_w(part.graph)
    with peer_warnings_aside():
        moran = esda.Moran(x, rows, permutations=0)
        geary = esda.Geary(x, rows, permutations=0)
        general = esda.G(x, binary, permutations=0)
        joins = esda.Join_Counts(part.group.to_numpy(dtype=int), binary, permutations=9)
    ours = geo.stats.moran(whole.values, whole.graph, permutations=9)
    assert same(
        np.array([ours.statistic, ours.expected, ours.sd_analytic]), [moran.I, moran.EI, moran.seI_rand]
    )
    ours = geo.stats.geary(whole.values, whole.graph, permutations=9)
    assert same(
        np.array([ours.statistic, ours.expected, ours.sd_analytic]), [geary.C, geary.EC, geary.seC_rand]
    )
    ours = geo.stats.general_g(whole.values, whole.graph, permutations=9)
    assert same(
        np.array([ours.statistic, ours.expected, ours.sd_analytic**2]), [general.G, general.EG, general.VG]
    )
    count = geo.stats.join_count(whole.group, whole.graph, permutations=9)
    assert count.observed == joins.bb


def test_local_joins_equal_esda(whole: Map, part: Map) -> None:
    esda = import_esda()
    ours = geo.stats.local_join_count(whole.group, whole.graph)["statistic"]
    with peer_warnings_aside():
        fit = esda.Join_Counts_Local(connectivity=as_w(part.graph), permutations=9, n_jobs=1)
        theirs = pd.Series(fit.fit(part.group.to_numpy(dtype=int)).LJC.ravel(), index=part.values.index)
    assert same(ours.dropna(), theirs[part.group])


# pygeoda ----------------------------------------------------------------------------------------------------


class Geoda:
    """pygeoda's local statistics of one map."""

    def __init__(self, part: Map, folder: Path) -> None:
        self.module, self.part = import_pygeoda(), part
        self.weights = as_geoda(part.graph, folder)
        self.between_islands = as_geoda(islands_at_ends(part.graph), folder)

    def statistic(self, test: Callable[..., object], *columns: pd.Series) -> np.ndarray:
        found = test(self.weights, *(column.tolist() for column in columns), permutations=9, cpu_threads=1)
        return np.array(found.lisa_values())

    def p(self, test: Callable[..., object], column: pd.Series) -> np.ndarray:
        """The share of draws in the smaller tail, with pygeoda's own seed."""
        values = [0.0, *column.tolist(), 0.0]
        found = test(self.between_islands, values, permutations=29_999, significance_cutoff=1, cpu_threads=1)
        return np.array(found.lisa_pvalues())[1:-1]


@pytest.fixture
def geoda(part: Map, tmp_path: Path) -> Geoda:
    return Geoda(part, tmp_path)


def test_local_moran_equals_pygeoda(whole: Map, geoda: Geoda) -> None:
    ours = geo.stats.local_moran(whole.values, whole.graph, permutations=9)["statistic"].dropna()
    n = len(ours)
    theirs = geoda.statistic(geoda.module.local_moran, geoda.part.values)
    assert same(ours * (n - 1) / n, theirs)
    # It has no global Moran's I, but its local ones sum to n - 1 times it.
    assert same(
        np.array(geo.stats.moran(whole.values, whole.graph, permutations=9).statistic), theirs.sum() / (n - 1)
    )


@pytest.mark.parametrize("whole", POSITIVE, indirect=True)
def test_local_moran_of_standardised_rates_equals_pygeoda(whole: Map, geoda: Geoda) -> None:
    ours = geo.stats.local_moran_rate(whole.events, whole.population, whole.graph, permutations=9)[
        "statistic"
    ]
    n = ours.notna().sum()
    part = geoda.part
    theirs = geoda.statistic(geoda.module.sa.moran.local_moran_eb, part.events, part.population)
    assert same(ours.dropna() * (n - 1) / n, theirs)


@pytest.mark.parametrize("star", [False, True])
def test_getis_ord_equals_pygeoda(whole: Map, geoda: Geoda, *, star: bool) -> None:
    """pygeoda gives a share of the sum of all (other) values; Ord and Getis (1995) its mean and variance."""
    part, x = geoda.part, geoda.part.values.to_numpy()
    ours = geo.stats.getis_ord(whole.values, whole.graph, star=star, permutations=9)["statistic"].dropna()
    test = geoda.module.local_gstar if star else geoda.module.local_g
    m = part.graph.cardinalities.loc[ours.index].to_numpy() + star
    share = geoda.statistic(test, part.values) * m
    n = len(x) if star else len(x) - 1
    mean = x.sum() / n if star else (x.sum() - x) / n
    square = (x**2).sum() / n if star else ((x**2).sum() - x**2) / n
    variance = m * (n - m) / (n**2 * (n - 1)) * (square / mean**2 - 1)
    assert same(ours, (share - m / n) / np.sqrt(variance))


def test_local_joins_equal_pygeoda(whole: Map, geoda: Geoda) -> None:
    ours = geo.stats.local_join_count(whole.group, whole.graph)["statistic"].dropna()
    theirs = geoda.statistic(geoda.module.local_joincount, geoda.part.group.astype(int))
    assert same(ours, theirs[geoda.part.group])


def test_p_values_agree_with_pygeoda(whole: Map, geoda: Geoda) -> None:
    """pygeoda counts one tail, folds it, and loses the ties of the other: the mirrored values find those.

    Its areas are drawn by a hash of consecutive numbers, correlated along a draw (up to 0.1): with more draws
    it does not come closer. So it is held to the error of 9,999.
    """
    values = geoda.part.values
    ours = geo.stats.local_moran(whole.values, whole.graph, permutations=R)["p_value"].dropna()
    test = geoda.module.local_g
    folded = np.maximum(geoda.p(test, values), geoda.p(test, values.max() + values.min() - values))
    # Where both tails hold half of the draws, p is 1, and what is folded says nothing of it.
    told = ours.to_numpy() < 0.95
    assert told.mean() > 0.8
    assert close(ours[told], 2 * folded[told], draws=9_999)


def test_p_values_of_local_joins_agree_with_pygeoda(whole: Map, geoda: Geoda) -> None:
    """Ours are exact: hypergeometric. Above one half, pygeoda gives what is left to one."""
    ours = geo.stats.local_join_count(whole.group, whole.graph).dropna(subset="statistic")
    theirs = geoda.p(geoda.module.local_joincount, geoda.part.group.astype(int))[geoda.part.group]
    joined = (ours["statistic"] > 0).to_numpy()
    p = ours["p_value"][joined]
    assert close(2 * np.minimum(p, 1 - p), 2 * theirs[joined], draws=9_999)


# Where peers fail -------------------------------------------------------------------------------------------


def gap(values: pd.Series, area: object) -> pd.Series:
    return values.where(values.index != area)


TESTS: dict[str, Callable[[Map], pd.DataFrame]] = {
    "local_moran": lambda m: geo.stats.local_moran(m.values, m.graph, permutations=999),
    "local_moran_rate": lambda m: geo.stats.local_moran_rate(
        m.events, m.population, m.graph, permutations=999
    ),
    "getis_ord": lambda m: geo.stats.getis_ord(m.values, m.graph, star=False, permutations=999),
    "getis_ord_star": lambda m: geo.stats.getis_ord(m.values, m.graph, star=True, permutations=999),
}


def lattice_map() -> Map:
    rng = np.random.default_rng(0)
    people = pd.Series(rng.integers(1_000, 50_000, 100).astype(float))
    events = pd.Series(rng.poisson(people / 500).astype(float))
    return Map(events, people, events / people, events > 60, lattice(10, 10))


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS.keys())
def test_one_missing_value_leaves_all_others_as_if_the_area_were_not_there(
    test: Callable[[Map], pd.DataFrame],
) -> None:
    full = lattice_map()
    others = full.values.index.drop(45)
    found = test(full._replace(values=gap(full.values, 45), events=gap(full.events, 45)))
    without = Map(*(column[others] for column in full[:4]), full.graph.subgraph(others))
    pd.testing.assert_frame_equal(found.loc[others], test(without))
    assert found.loc[45, ["statistic", "p_value", "q_value"]].isna().all()
    assert found.loc[45, ["label", "reason"]].tolist() == ["undefined", "missing_value"]


def test_esda_calls_every_area_significant_when_one_value_is_missing() -> None:
    """What the test above guards against: p = 0.001 and Low-Low for all 100."""
    esda = import_esda()
    skip_unless("esda", "2.9.0", "2.10.0")
    full = lattice_map()
    with peer_warnings_aside():
        w = as_w(full.graph.transform("R"))
        theirs = esda.Moran_Local(gap(full.values, 45).to_numpy(), w, permutations=999, seed=1, n_jobs=1)
    assert np.unique(theirs.p_sim).tolist() == pytest.approx([0.001])
    assert np.unique(theirs.q).tolist() == [3]
    ours = geo.stats.local_moran(gap(full.values, 45), full.graph, permutations=999)
    assert (ours["p_value"] > 0.001).sum() == 99
    assert (ours["label"] != "Low-Low").all()


@pytest.mark.parametrize("test", TESTS.values(), ids=TESTS.keys())
def test_islands_are_undefined_and_leave_all_others_as_if_they_were_not_there(
    test: Callable[[Map], pd.DataFrame], whole: Map, part: Map
) -> None:
    found = test(whole)
    islands = found.index.difference(part.values.index)
    assert len(islands) >= 5
    pd.testing.assert_frame_equal(found.loc[part.values.index], test(part))
    assert found.loc[islands, ["statistic", "p_value", "q_value"]].isna().all(axis=None)
    assert set(found.loc[islands, "label"]) == {"undefined"}
    assert set(found.loc[islands, "reason"]) == {"no_neighbor"}


def test_peers_call_islands_significant(maps: dict[str, Map], tmp_path: Path) -> None:
    """What the test above guards against: p = 0.001 and Low-Low or High-Low in esda, p = 0 in pygeoda."""
    esda, pygeoda = import_esda(), import_pygeoda()
    skip_unless("esda", "2.9.0", "2.10.0")
    skip_unless("pygeoda", "0.1.3")
    whole = maps["rates"]
    island = whole.values.index.isin(whole.graph.isolates)
    with peer_warnings_aside():
        w = as_w(whole.graph.transform("R"))
        first = esda.Moran_Local(whole.values.to_numpy(), w, permutations=999, seed=1, n_jobs=1)
        second = pygeoda.local_moran(as_geoda(whole.graph, tmp_path), whole.values.tolist(), cpu_threads=1)
    assert first.p_sim[island].tolist() == pytest.approx([0.001] * 5)
    assert set(first.q[island]) == {3, 4}
    assert np.array(second.lisa_pvalues())[island].tolist() == [0.0] * 5
