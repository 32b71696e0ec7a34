"""Do local labels depend on choices that are arbitrary: which weights, which population?

The same test is made under other specifications, and each family of weights counts once for each population:
its variants are averaged, so that trying many of one kind gives that kind no more say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import StatisticError
from geo.model.statistics import Correction, Specification, Stability
from geo.stats.autocorrelation.localjoins import local_join_count
from geo.stats.autocorrelation.localmoran import local_moran_rates
from geo.stats.autocorrelation.significance import ALPHA, NOT_SIGNIFICANT, QUADRANTS, UNDEFINED
from geo.stats.engine.parallel import side_by_side

if TYPE_CHECKING:
    from libpysal.graph import Graph

SPECIFICATION_PERMUTATIONS = 19_999
"""Of each specification: one area alone can be labelled on maps of up to 500."""


def label_support(main: pd.Series, labels: Mapping[Specification, pd.Series]) -> pd.DataFrame:
    """Count how other specifications label the areas that the main one labels.

    Each family and base counts once per area, divided among the labels as its variants are. A variant under
    which an area is undefined does not count, nor does a family of which all are so.

    Parameters
    ----------
    main : Series of str
        Label of each area in the main analysis: a quadrant, ``not significant`` or ``undefined``.
    labels : mapping of Specification to Series of str
        Labels under each specification; the main one counts too if it is among them. Areas that a Series
        lacks are undefined there.

    Returns
    -------
    DataFrame
        On the index of `main`: ``label`` (as in `main`), ``stability`` (share of the families and bases
        that give that label; missing where it is not significant or undefined), ``agreement`` (where it is
        not significant, the share of those that say so too; else missing), ``other`` (the most frequent label
        besides, the first of the four quadrants and ``not significant`` among equals; missing where all
        agree) and ``votes`` (how many families and bases count; 0 where undefined in the main analysis).

    Examples
    --------
    Of two families one says High-High, and half of the other's variants do: 1.5 of 2.

    >>> main = pd.Series(["High-High", "not significant"], index=["a", "b"])
    >>> none = pd.Series("not significant", index=["a", "b"])
    >>> queen, near, far = (Specification(*weights, "census") for weights in ("CQ", "BN", "BF"))
    >>> support = label_support(main, {queen: main, near: main, far: none})
    >>> support["stability"].tolist(), support["agreement"].tolist(), support["other"].tolist()
    ([0.75, nan], [nan, 1.0], ['not significant', <NA>])
    """
    names = [*QUADRANTS, NOT_SIGNIFICANT]
    own = pd.Index(names).get_indexer(pd.Index(main))
    known = own >= 0
    share, families = _shares(main.index, labels, names)
    row = np.arange(len(main))
    share = share / np.maximum(families, 1)[:, None]
    # Thirds of a family add up to one but for the last digit.
    same = np.where(known & (families > 0), share[row, own], np.nan).round(12)
    rest = np.where(known[:, None], share, 0).round(9)  # sums of thirds are equal whatever their order
    rest[row[known], own[known]] = 0
    best = np.where(rest.max(axis=1, initial=0) > 0, rest.argmax(axis=1), len(names))
    significant = known & (own < len(QUADRANTS))
    return pd.DataFrame(
        {
            "label": main.astype("string").fillna(UNDEFINED),
            "stability": np.where(significant, same, np.nan),
            "agreement": np.where(known & ~significant, same, np.nan),
            "other": pd.array(np.array([*names, pd.NA], dtype=object)[best], dtype="string"),
            "votes": np.where(known, families, 0),
        },
        index=main.index,
    )


def stability(
    events: pd.Series,
    populations: Mapping[str, pd.Series],
    graphs: Mapping[str, Mapping[str, Graph]],
    *,
    main: tuple[str, str, str] | None = None,
    labels: pd.Series | None = None,
    covariates: Mapping[str, pd.DataFrame] | None = None,
    expected: pd.Series | None = None,
    permutations: int = SPECIFICATION_PERMUTATIONS,
    rng: int = 0,
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> Stability:
    """Measure how far the local clusters of rates hold under other weights and other populations.

    What comes out is no probability that a cluster is real. All specifications share the counts, and most
    neighbours, so that they err together; a label that holds everywhere shows no more than that it does not
    hang on one of these choices.

    Parameters
    ----------
    events : Series
        Counts by area.
    populations : mapping of str to Series
        Inhabitants by area, for each base in use, such as ``ine2002`` and ``ine2017``.
    graphs : mapping of str to mapping of str to Graph
        Weights by family and variant, as :func:`weight_families` gives them.
    main : (family, variant, base), optional
        The main analysis; by default the first of each. It counts within its family.
    labels : Series of str, optional
        Labels of the main analysis where it has been made, with more permutations perhaps; they then count as
        they are. By default it is made like the others.
    covariates : mapping of str to DataFrame, optional
        For each base, as in :func:`local_moran_rate`.
    expected, permutations, rng, correction, alpha
        As in :func:`local_moran_rate`, for every specification.

    Returns
    -------
    Stability

    Raises
    ------
    StatisticError
        If there are no graphs or populations, the main analysis is not among them, or a test cannot be made.

    References
    ----------
    Steegen, S., Tuerlinckx, F., Gelman, A. & Vanpaemel, W. (2016). Increasing transparency through a
    multiverse analysis. Perspectives on Psychological Science 11(5), 702-712.

    Examples
    --------
    >>> from geo.stats.weights.distance import distance_band, nearest_neighbors
    >>> points = pd.DataFrame({"x": 1000.0 * np.arange(40), "y": 0.0})
    >>> events, people = pd.Series([60] * 12 + [20, 25] * 14), pd.Series(10_000, index=range(40))
    >>> graphs = {"nearest": {"4": nearest_neighbors(points, 4)}, "band": {"2 km": distance_band(points, 2)}}
    >>> tested = stability(events, {"census": people}, graphs)
    >>> tested.areas["label"][6], tested.areas["stability"].head(3).tolist(), tested.main.variant
    ('High-High', [0.5, 0.5, 1.0], '4')
    """
    specifications = _specifications(graphs, populations)

    def test(family: str, variant: str, bases: Sequence[str]) -> list[pd.DataFrame]:
        return local_moran_rates(
            events,
            [populations[base] for base in bases],
            graphs[family][variant],
            covariates=[covariates[base] if covariates is not None else None for base in bases],
            expected=expected,
            permutations=permutations,
            rng=rng,
            correction=correction,
            alpha=alpha,
        )

    return _compared(
        test, specifications, _main(main, specifications), _aligned(labels, events.index), graphs, alpha
    )


def listed_stability(
    groups: Mapping[str, pd.Series],
    graphs: Mapping[str, Mapping[str, Graph]],
    *,
    main: tuple[str, str, str] | None = None,
    labels: pd.Series | None = None,
    strata: pd.Series | None = None,
    correction: Correction = "bh",
    alpha: float = ALPHA,
) -> Stability:
    """Measure the same for a listed set of areas, by local join counts, which know no weights but neighbours.

    Parameters
    ----------
    groups : mapping of str to Series of bool
        The set, for each population base on which it rests; one entry where it rests on none. An area that is
        not in the set under a base is undefined there.
    graphs, main, labels
        As in :func:`stability`.
    strata, correction, alpha
        As in :func:`local_join_count`, for every specification.

    Returns
    -------
    Stability

    Raises
    ------
    StatisticError
        As in :func:`stability`.

    Examples
    --------
    >>> from geo.stats.weights.distance import distance_band, nearest_neighbors
    >>> points = pd.DataFrame({"x": 1000.0 * np.arange(40), "y": 0.0})
    >>> listed = pd.Series([True] * 3 + [False] * 37)
    >>> graphs = {"nearest": {"4": nearest_neighbors(points, 4)}, "band": {"1 km": distance_band(points, 1)}}
    >>> listed_stability({"list": listed}, graphs).areas["stability"].head(4).tolist()
    [0.5, 1.0, 0.5, nan]
    """
    specifications = _specifications(graphs, groups)

    def test(family: str, variant: str, bases: Sequence[str]) -> list[pd.DataFrame]:
        graph = graphs[family][variant]
        return [
            local_join_count(groups[base], graph, strata=strata, correction=correction, alpha=alpha)
            for base in bases
        ]

    index = next(iter(groups.values())).index
    return _compared(
        test, specifications, _main(main, specifications), _aligned(labels, index), graphs, alpha
    )


def _shares(
    index: pd.Index, labels: Mapping[Specification, pd.Series], names: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Sum the families and bases that give each label, and count those that give any, area by area."""
    share, families = np.zeros((len(index), len(names))), np.zeros(len(index), dtype=np.int64)
    for family, base in dict.fromkeys((spec.family, spec.base) for spec in labels):
        variants = [labels[spec] for spec in labels if (spec.family, spec.base) == (family, base)]
        cells = np.stack([variant.reindex(index).to_numpy(dtype=object) for variant in variants])
        count = np.stack([(cells == name).sum(axis=0) for name in names], axis=1)
        total = count.sum(axis=1)
        share += count / np.maximum(total, 1)[:, None]
        families += total > 0
    return share, families


def _specifications(graphs: Mapping[str, Mapping[str, Graph]], bases: Iterable[str]) -> list[Specification]:
    """List every combination, the first of each first."""
    named = [(family, variant) for family, variants in graphs.items() for variant in variants]
    specifications = [Specification(*weights, base) for base in bases for weights in named]
    if not specifications:
        raise StatisticError(
            "a vote needs weights and a population or a set",
            f"{len(named)} graphs",
            "give one of each at least",
        )
    return specifications


def _main(chosen: tuple[str, str, str] | None, specifications: list[Specification]) -> Specification:
    main = Specification(*chosen) if chosen is not None else specifications[0]
    if main not in specifications:
        raise StatisticError(
            "the main analysis is one of the ways that vote",
            ", ".join(main),
            "name family, variant and base as the graphs and populations do",
        )
    return main


def _aligned(labels: pd.Series | None, index: pd.Index) -> pd.Series | None:
    return None if labels is None else labels.astype("string").reindex(index).fillna(UNDEFINED)


def _compared(
    test: Callable[[str, str, Sequence[str]], list[pd.DataFrame]],
    specifications: list[Specification],
    main: Specification,
    labels: pd.Series | None,
    graphs: Mapping[str, Mapping[str, Graph]],
    alpha: float,
) -> Stability:
    """Make every test but the main one that has been made, and compare their labels with its own."""
    todo = [spec for spec in specifications if spec != main or labels is None]
    bases: dict[tuple[str, str], list[str]] = {}
    for spec in todo:
        bases.setdefault((spec.family, spec.variant), []).append(spec.base)
    tables = side_by_side([partial(test, *weights, named) for weights, named in bases.items()])
    tested = {
        Specification(*weights, base): frame
        for (weights, named), frames in zip(bases.items(), tables, strict=True)
        for base, frame in zip(named, frames, strict=True)
    }
    by_spec = {
        spec: labels if spec == main and labels is not None else tested[spec]["label"]
        for spec in specifications
    }
    notes = [frame.attrs for frame in tested.values()]
    rows = [
        _row(spec, by_spec[spec], by_spec[main], graphs[spec.family][spec.variant]) for spec in specifications
    ]
    table = pd.DataFrame(rows)
    table.insert(3, "main", [spec == main for spec in specifications])
    return Stability(
        areas=label_support(by_spec[main], by_spec),
        specifications=table,
        main=main,
        permutations=max((n["permutations"] or 0 for n in notes), default=0) or None,
        at_floor=max((n["areas_at_floor"] for n in notes), default=1),
        seed=notes[0]["seed"] if notes else None,
        alpha=alpha,
    )


def _row(spec: Specification, labels: pd.Series, main: pd.Series, graph: Graph) -> dict[str, object]:
    tested = labels.index[labels.ne(UNDEFINED).fillna(False)]
    neighbors = graph.cardinalities.reindex(tested)
    same = labels.reindex(main.index).fillna(UNDEFINED)
    here, there = same.isin(QUADRANTS), main.isin(QUADRANTS)
    either = int((here | there).sum())
    return {
        **spec._asdict(),
        "tested": len(tested),
        "neighbors_mean": float(neighbors.mean()),
        "neighbors_max": int(neighbors.max()) if len(tested) else 0,
        **{name: int(labels.eq(name).sum()) for name in QUADRANTS},
        "jaccard": float((here & there & same.eq(main)).sum() / either) if either else 1.0,
    }
