"""Two questions of a table of counts beside its map: how uneven is it, and with what does it go together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from geo.boundaries.join import join
from geo.boundaries.points import centroids
from geo.data.covariates import COVARIATES, covariate_table, shipped_covariate
from geo.data.knowncounts import PER
from geo.errors import InputError, TableError
from geo.model.comparison import Correlation, Inequality
from geo.model.options import PERMUTATIONS, Options
from geo.model.paths import PathOrName
from geo.register.countries import chile
from geo.stats.correlation.coefficients import correlation_test
from geo.stats.inequality.assessment import DRAWS, inequality_indices
from geo.stats.weights.links import links_from_pairs
from geo.study.inputs import Inputs, open_inputs

By = Literal["region", "zone"]
Of = Literal["rate", "count"]


def study_inequality(
    source: PathOrName | Options = Options.source,
    *,
    by: By = "region",
    confidence: float = 0.95,
    draws: int = DRAWS,
    rng: int = 0,
) -> Inequality:
    """Measure how unevenly the events of a study or a table are spread over people.

    Parameters
    ----------
    source : str or path
        A shipped study (``chile-2016``, ``dmcs-2016``) or a table file.
    by : {"region", "zone"}
        The groups of areas: regions where they have some, or :func:`geo.register.zones.macro_zones` of
        Chilean communes. Other areas form one group.
    confidence, draws, rng
        As in :func:`geo.stats.inequality_indices`.

    Returns
    -------
    Inequality

    Examples
    --------
    >>> inequality = study_inequality("dmcs-2016", by="zone")
    >>> inequality.indices.loc["gini", ["value", "expected"]].astype(float).round(3).tolist()
    [0.251, 0.012]
    >>> study_inequality("chile-2016").indices.loc["gini", ["low", "high"]].astype(float).round(2).tolist()
    [0.09, 0.78]
    """
    if by not in ("region", "zone"):
        raise InputError("groups are region or zone", repr(by), "name one of the two")
    return inputs_inequality(_open(source), by=by, confidence=confidence, draws=draws, rng=rng)


def inputs_inequality(
    inputs: Inputs,
    *,
    by: By = "region",
    confidence: float = 0.95,
    draws: int = DRAWS,
    rng: int = 0,
    quick: bool = False,
) -> Inequality:
    """Measure the same of inputs that are open already; as :func:`geo.stats.inequality_indices`."""
    areas, counts = inputs.areas, inputs.counts.reindex(inputs.areas.index)
    groups = _groups(inputs, by)
    inequality = inequality_indices(
        counts["releases"],
        inputs.population.values.reindex(areas.index),
        groups,
        low=counts["low"],
        high=counts["high"],
        confidence=confidence,
        draws=draws,
        rng=rng,
        quick=quick,
    )
    # A bounded count that can only be zero is so by the assumption that the list is complete: not known.
    exact = counts["releases"].notna() & ~areas.index.isin(inequality.left_out)
    by_group = pd.Series("all", index=areas.index) if groups is None else groups
    known = exact.groupby(by_group, observed=True).sum().reindex(inequality.groups.index).astype(int)
    return replace(inequality, groups=inequality.groups.assign(n_known=known))


def study_correlation(
    source: PathOrName | Options = Options.source,
    covariate: PathOrName = "poverty",
    *,
    of: Of = "rate",
    column: str | None = None,
    edges: Sequence[float] | None = None,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
) -> Correlation:
    """Correlate the rates or counts of a study or a table with another column, also given population.

    Parameters
    ----------
    source : str, path or Options
        A shipped study, a table file, or these with how the inputs are read; boundaries are the shipped ones
        unless named.
    covariate : str or path
        ``poverty`` (share in income poverty, CASEN 2017), ``dmcs`` (police cases of 2016, per 100,000 people
        where rates are correlated) or a table file.
    of : {"rate", "count"}
        What of the study: releases per 100,000, or their number.
    column : str, optional
        Header of the column of a covariate's file.
    edges, permutations, rng
        As in :func:`geo.stats.correlation_test`.

    Returns
    -------
    Correlation
        Of the areas with an exact count; the partial one holds the log of population constant. Of a list of
        highest rates it is marked as selected.

    Examples
    --------
    On the 32 communes of the 2016 study, neither count nor rate goes with income poverty:

    >>> correlations = [study_correlation(of=of, permutations=99) for of in ("count", "rate")]
    >>> [round(float(each.tests.loc["pearson", "r"]), 2) for each in correlations]
    [-0.1, -0.06]
    """
    if of not in ("rate", "count"):
        raise InputError("what is correlated is rate or count", repr(of), "name one of the two")
    how = {"column": column, "edges": edges, "permutations": permutations, "rng": rng}
    return inputs_correlation(_open(source), covariate, of=of, **how)  # type: ignore[arg-type]


def inputs_correlation(
    inputs: Inputs,
    covariate: PathOrName,
    *,
    of: Of = "rate",
    column: str | None = None,
    edges: Sequence[float] | None = None,
    permutations: int = PERMUTATIONS,
    rng: int = 0,
) -> Correlation:
    """Correlate the same of inputs that are open already; as :func:`study_correlation`."""
    areas, index = inputs.areas, inputs.areas.index
    people = inputs.population.values.reindex(index).astype("Float64")
    people = people.where(people > 0)
    # Of a list, only what it printed: a count that follows from a rate, or from the list's end, is no
    # observation.
    counts = inputs.counts.reindex(index)
    listed = inputs.coverage == "highest"
    observed = counts["status"].eq("published") | (not listed)
    events = counts["releases"].where(observed).astype("Float64")
    other = _covariate(covariate, column, inputs)
    if of == "rate":
        events = events / people * PER
        other = (other / people * PER).rename(str(covariate)) if covariate == "dmcs" else other
    return correlation_test(
        events.rename(of),
        other,
        centroids(areas),
        links_from_pairs(inputs.bounds.pairs, index),
        given=pd.DataFrame({"log_population": np.log(people.astype(float))}),
        edges=edges,
        selected=listed,
        permutations=permutations,
        rng=rng,
    )


def _groups(inputs: Inputs, by: By) -> pd.Series | None:
    """Give the region or the zone of each area, where areas have some."""
    areas, register = inputs.areas, inputs.register
    if by == "region":
        return pd.Series(areas["region"]) if "region" in areas else None
    if register is None or register.zones is None:
        return None
    return register.zones().reindex(areas[register.column]).set_axis(areas.index)


def _open(source: PathOrName | Options) -> Inputs:
    """Open what is asked about; boundaries are the shipped ones unless named, and nothing is downloaded."""
    options = source if isinstance(source, Options) else Options(source=source)
    named = options.boundaries or "schematic"
    return open_inputs(replace(options, boundaries=named, offline=True), progress=lambda _: None)


def _covariate(name: PathOrName, column: str | None, inputs: Inputs) -> pd.Series:
    """Read a covariate and put it on the areas."""
    index = inputs.areas.index
    if name in COVARIATES:
        if inputs.register is not chile.register():
            raise InputError(
                f"{name} is by Chilean commune", "areas of another country", "give a table file with a column"
            )
        return shipped_covariate(str(name)).reindex(inputs.areas["cut"]).set_axis(index).rename(str(name))
    rule = "a covariate is " + ", ".join(COVARIATES) + " or a column of a table file"
    if not Path(name).is_file():
        raise InputError(rule, f"{name}: no such file", "check the path")
    if column is None:
        raise InputError(rule, str(name), "name its header: --value HEADER")
    try:
        table = covariate_table(str(name), column)
    except TableError as error:
        parts = (
            part.replace("--column rate=", "--value ") for part in (error.rule, error.received, error.remedy)
        )
        raise TableError(*parts) from error
    joined = join(table, inputs.areas, layer=inputs.bounds.areas)
    return joined.frame["rate"].rename(column)
