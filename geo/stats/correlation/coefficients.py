"""Everything that is asked of two columns: how they correlate, and what that is worth over areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.comparison import Correlation, Lee
from geo.model.numeric import Floats
from geo.model.options import PERMUTATIONS
from geo.stats.correlation.distanceclasses import distance_classes
from geo.stats.correlation.lee import lee
from geo.stats.correlation.modified import Pairs, correlation_p
from geo.stats.correlation.places import borders_between, distances_km
from geo.stats.engine.arrays import floats
from geo.stats.engine.permutation import check_options
from geo.stats.weights.links import area_index

if TYPE_CHECKING:
    from libpysal.graph import Graph


def correlation_test(
    first: pd.Series,
    second: pd.Series,
    points: pd.DataFrame,
    graph: Graph | None = None,
    *,
    given: pd.DataFrame | None = None,
    edges: Sequence[float] | None = None,
    selected: bool = False,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
) -> Correlation:
    """Correlate two columns over areas, and test it as spatial autocorrelation allows.

    Neighbouring areas are alike, so n areas hold fewer than n independent pieces of evidence, and the usual
    test finds relations between any two maps: at 341 communes, in 23 of 100 pairs of unrelated ones. Here the
    coefficient is tested with the number of independent areas that would tell as much.

    Parameters
    ----------
    first, second : Series of float
        Rates, counts or anything else by area, on one index; what lacks a value is left out.
    points : DataFrame
        Place of each area: ``lon`` and ``lat`` in degrees (great circles), or ``x`` and ``y`` in metres of a
        projection; see :func:`geo.boundaries.points.centroids`.
    graph : libpysal.graph.Graph, optional
        Contiguity. With it classes are of borders and kilometres, and Lee's L is made; without it, of
        kilometres.
    given : DataFrame, optional
        Columns to hold constant, such as the log of population.
    edges : sequence of float, optional
        Upper bounds of classes in kilometres, in place of those chosen.
    selected : bool
        Whether the areas were selected by their values, as on a list of highest rates.
    permutations, rng : int
        Of Lee's L.

    Returns
    -------
    Correlation

    Raises
    ------
    StatisticError
        If fewer than ten areas have all columns, or a column is the same in all or follows from those held
        constant.

    References
    ----------
    Clifford, P., Richardson, S. & Hémon, D. (1989). Assessing the significance of the correlation between two
    spatial processes. Biometrics 45(1), 123-134. Dutilleul, P. (1993). Modifying the t test for assessing the
    correlation between two spatial processes. Biometrics 49(1), 305-314. Haining, R. (1991). Bivariate
    correlation with spatial data. Geographical Analysis 23(3), 210-227 (ranks). Lee, S.-I. (2001). Developing
    a bivariate spatial association measure. Journal of Geographical Systems 3(4), 369-385.

    Examples
    --------
    Two unrelated columns that both rise along a row of areas are worth few independent ones:

    >>> rng = np.random.default_rng(0)
    >>> walks = pd.DataFrame(rng.normal(size=(60, 2)).cumsum(axis=0), columns=["one", "other"])
    >>> points = pd.DataFrame({"x": 1000.0 * np.arange(60), "y": 0.0})
    >>> corr = correlation_test(walks["one"], walks["other"], points)
    >>> corr.tests.loc["pearson", ["r", "effective_n", "p_naive", "p_value"]].round(3).tolist()
    [0.312, 5.759, 0.015, 0.561]
    """
    check_options(permutations, rng)
    area_index(first.index)
    index = first.index
    columns = {"first": first, "second": second.reindex(index)}
    held = pd.DataFrame(index=index) if given is None else given.reindex(index)
    columns |= {f"given {name}": held[name] for name in held}
    table = pd.DataFrame({name: floats(values) for name, values in columns.items()}, index=index)
    km = distances_km(points.reindex(index))
    known = table.notna().all(axis=1).to_numpy() & ~np.isnan(np.diag(km))
    inside = index[known]
    x, y, others = _checked(table[known])
    borders, counts = None, None
    if graph is not None and edges is None:
        borders = borders_between(graph, inside)
        counts = floats(graph.cardinalities.reindex(inside))
    classes = distance_classes(km[np.ix_(known, known)], borders, counts, edges=edges)
    pairs = Pairs(classes)
    rows = {"pearson": _row(pairs, x, y), "spearman": _row(pairs, _ranks(x), _ranks(y))}
    if len(others.T):
        rows["partial"] = _row(pairs, _residual(x, others), _residual(y, others), len(others.T))
    every = table["second"].to_numpy()
    return Correlation(
        first=str(first.name or "first"),
        second=str(second.name or "second"),
        given=tuple(str(name) for name in held),
        tests=pd.DataFrame(rows).T.rename_axis("coefficient"),
        classes=classes.table.assign(moran_first=pairs.moran(x), moran_second=pairs.moran(y)),
        class_kind=classes.kind,
        lee=_lee(table[known].reindex(index), graph, permutations, rng),
        n=len(inside),
        areas=tuple(inside),
        n_left_out=len(index) - len(inside),
        selected=selected,
        sd_ratio=float(y.std() / np.nanstd(every)),
    )


def _checked(table: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Give the columns as arrays, or say which cannot be used."""
    if len(table) < 10:
        raise StatisticError(
            "a correlation over areas needs ten with all columns and a place",
            f"{len(table)}",
            "check that the columns are of the same areas",
        )
    values = table.to_numpy()
    for name, column in table.items():
        if np.ptp(column) == 0:
            raise StatisticError(
                "a column that is correlated varies", f"{name}: {column.iloc[0]:g} in all", "leave it out"
            )
    x, y, others = values[:, 0], values[:, 1], values[:, 2:]
    for name, own in (("first", x), ("second", y)):
        if len(others.T) and _residual(own, others).std() < 1e-9 * own.std():
            raise StatisticError(
                "a column that is correlated varies beyond those held constant",
                f"{name}, which follows from them",
                "leave one out",
            )
    return x, y, others


def _residual(values: Floats, others: Floats) -> Floats:
    """What is left of a column once others are taken out of it, linearly."""
    scaled = (others - others.mean(axis=0)) / others.std(axis=0)
    design = np.column_stack([np.ones(len(values)), scaled])
    return np.asarray(values - design @ np.linalg.lstsq(design, values, rcond=None)[0])


def _ranks(values: Floats) -> Floats:
    """Ranks, equal values sharing their mean rank."""
    return np.asarray(pd.Series(values).rank().to_numpy(dtype=float))


def _row(pairs: Pairs, x: Floats, y: Floats, controls: int = 0) -> dict[str, float]:
    """One coefficient and its tests."""
    r = float(np.corrcoef(x, y)[0, 1])
    size = pairs.effective(x, y)
    row = {"r": r, "p_naive": float(correlation_p(r, pairs.n, controls))}
    for name, value in (("", size.unbiased), ("_dutilleul", size.dutilleul), ("_crh", size.crh)):
        row[f"effective_n{name}"] = value
        row["p_value" if not name else f"p{name}"] = float(correlation_p(r, value, controls))
    return row


def _lee(table: pd.DataFrame, graph: Graph | None, permutations: int, rng: int) -> Lee | None:
    if graph is None:
        return None
    try:
        return lee(table["first"], table["second"], graph, permutations=permutations, rng=rng)
    except StatisticError:
        return None
