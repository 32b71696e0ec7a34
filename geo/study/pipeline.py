"""The job itself: inputs are opened, every part is computed, and a result is made of them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from geo.boundaries.catalogue import default_source
from geo.boundaries.download import Progress
from geo.controls import without_controls
from geo.model.country import Register
from geo.model.options import Options
from geo.model.result import LayerUse, Outcome, Outcomes, Reading, StudyResult
from geo.model.statistics import Stability
from geo.model.uncertainty import Unknown
from geo.register.vintages import mixed_vintages
from geo.stats.rates.highest import highest_rates
from geo.stats.weights.links import links_from_pairs
from geo.study.areas import area_layer, cluster_layer, group_layer, region_layer
from geo.study.beside import compare
from geo.study.concentration import Concentration, concentration
from geo.study.curves import curves
from geo.study.inputs import Inputs, open_inputs
from geo.study.opencounts import unknown
from geo.study.sensitivity import sensitivity
from geo.study.slug import slug, study_slug


def compute(
    options: Options,
    *,
    progress: Callable[[str], None] | None = None,
    ready: Callable[[str], None] | None = None,
    download: Progress | None = None,
) -> StudyResult:
    """Make a result: what :func:`geo.run` does, whose options and callbacks these are.

    Examples
    --------
    >>> result = compute(Options(source="dmcs-2016", boundaries="schematic", permutations=99))
    >>> result.reading.coverage, result.measure.name, round(result.tests.moran_rate.statistic, 2)
    ('all', 'dmcs', 0.4)
    """
    tell = progress or (lambda _: None)
    inputs = open_inputs(options, progress=tell, download=download)
    if ready is not None:
        ready(_slug(inputs))
    tell("tests")
    index, cover = inputs.areas.index, inputs.coverage
    people, counts = inputs.population.values.reindex(index), inputs.counts.reindex(index)
    graph = links_from_pairs(inputs.bounds.pairs, index)
    chance = {"permutations": options.permutations, "rng": options.rng}
    tested = concentration(counts, people, graph, coverage=cover, listed=_listed(inputs), **chance)
    stability = sensitivity(inputs, counts, graph, tested, cover)
    shown = curves(counts, people, graph, coverage=cover)
    open_counts = unknown(counts, people, graph, coverage=cover, imputations=options.imputations, **chance)
    completed = open_counts if isinstance(open_counts, Unknown) else None
    areas = area_layer(inputs, counts, graph, tested, stability=stability, curves=shown, completed=completed)
    beside = compare(inputs, areas, options.inventory, tested.tests.seed)
    return StudyResult(
        options=options,
        reading=_reading(inputs),
        boundaries=_layer_use(inputs),
        title=_title(inputs),
        slug=_slug(inputs),
        measure=inputs.measure,
        study=inputs.study,
        register=inputs.register,
        areas=areas,
        groups=beside.with_gap(group_layer(areas), "group_id"),
        clusters=beside.with_gap(cluster_layer(areas), "cluster_id"),
        regions=beside.with_gap(region_layer(areas), "region"),
        pairs=inputs.pairs,
        tests=tested.tests,
        stability=stability,
        unknown=completed,
        not_completed=None if isinstance(open_counts, Unknown) else open_counts,
        curves=shown,
        accounting=inputs.joined.accounting,
        unmatched=_unmatched(inputs),
        without_polygon=sorted(areas.loc[areas.geometry.isna(), "area_name"]),
        other_names=_other_names(inputs.register),
        outcomes=Outcomes(
            stability=_outcome(stability, tested),
            inequality="not_possible" if beside.inequality is None else "made",
            correlation=beside.correlation_outcome,
        ),
        inputs=(*inputs.files, *beside.files),
        source=inputs.study.source if inputs.study else dict.fromkeys(("en", "es"), inputs.table.source),
        caveat=(inputs.study.caveat if inputs.study else None) or {},
        gap=beside.gap,
        gaps=beside.gaps,
        inequality=beside.inequality,
        zones=beside.zones,
        correlations=beside.correlations,
        recidivism=beside.recidivism,
    )


def _other_names(register: Register | None) -> dict[str, list[str]]:
    """Copy the spellings that a register knows: the register itself is everybody's."""
    return {code: list(names) for code, names in register.other_names.items()} if register else {}


def _listed(inputs: Inputs) -> pd.Series | None:
    """Give the set of highest rates of a list: one of the whole table, also where one region is mapped."""
    if inputs.coverage != "highest":
        return None
    listed = highest_rates(inputs.counts, inputs.population.values, coverage="highest")
    return listed.reindex(inputs.areas.index)


def _unmatched(inputs: Inputs) -> pd.DataFrame:
    """Rows that are on no area, of the table and of a file of populations."""
    rows = inputs.joined.unmatched.assign(source=inputs.table.source, role="table")
    more = inputs.population.unmatched
    return pd.concat([rows, more], ignore_index=True) if more is not None and len(more) else rows


def _reading(inputs: Inputs) -> Reading:
    mixed: tuple[str, ...] = ()
    if inputs.register is not None and inputs.joined.codes_unused is None:
        mixed = mixed_vintages(inputs.table.rows["code"], inputs.register) or ()
    return Reading(
        table=inputs.table.source,
        year=inputs.year,
        region=inputs.region and without_controls(inputs.region),
        coverage=inputs.coverage,
        population=inputs.population.name,
        codes_mixed=" + ".join(mixed) or None,
        codes_unused=inputs.joined.codes_unused,
        population_codes_unused=inputs.population.codes_unused,
    )


def _layer_use(inputs: Inputs) -> LayerUse:
    bounds = inputs.bounds
    return LayerUse(
        source=bounds.source,
        schematic=bounds.schematic,
        default=default_source().name,
        why=bounds.why,
        failure=bounds.failure,
        provenance=bounds.provenance,
        elsewhere=bounds.id_field if bounds.elsewhere else None,
        repaired=len(bounds.repaired),
        dropped=len(bounds.dropped),
        contiguity=bounds.contiguity,
        neighbors_lost=bounds.neighbors_lost,
        neighbors_added=bounds.neighbors_added,
    )


def _slug(inputs: Inputs) -> str:
    """Name the files by what the title says."""
    if inputs.study:
        return study_slug(inputs.study.name, inputs.study.year, inputs.year, inputs.region_name)
    return slug(_stem(inputs), inputs.year, inputs.region_name)


def _stem(inputs: Inputs) -> str:
    return inputs.table.source.rpartition(".")[0] or inputs.table.source


def _outcome(stability: Stability | None, tested: Concentration) -> Outcome:
    """Say what became of the local test under other choices, which every run tries."""
    if stability is not None:
        return "made"
    return "no_local_test" if tested.tests.method == "none" else "not_possible"


def _title(inputs: Inputs) -> dict[str, str]:
    """Name the result by the study or the table, its year and the region it is about."""
    dated = f"{_stem(inputs)}, {inputs.year}" if inputs.year else _stem(inputs)
    commune = inputs.register is not None and inputs.register.unit == "communes"
    title: Mapping[str, str] = (
        inputs.study.title
        if inputs.study
        else {
            "en": f"Return from prison by {'commune' if commune else 'area'}: {dated}",
            "es": f"Regreso desde prisión por {'comuna' if commune else 'área'}: {dated}",
        }
    )
    part = f" ({inputs.region_name})" if inputs.region_name else ""
    return {lang: text.replace("{year}", str(inputs.year)) + part for lang, text in title.items()}
