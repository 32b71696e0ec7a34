"""The main job: a table and boundaries in, a result out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.boundaries.catalogue import default_source
from geo.boundaries.contiguity import touching
from geo.boundaries.download import Progress
from geo.controls import without_controls
from geo.model.country import Rule
from geo.model.options import Coverage
from geo.model.programmes import Inventory
from geo.model.statistics import Stability
from geo.register.names import other_names
from geo.register.vintages import mixed_vintages
from geo.stats.engine.permutation import PERMUTATIONS
from geo.stats.rates.highest import highest_rates
from geo.stats.weights.links import links_from_pairs, links_from_positions
from geo.study.areas import area_layer, cluster_layer, group_layer, region_layer
from geo.study.concentration import Concentration, concentration
from geo.study.context import with_comparisons
from geo.study.curves import curves
from geo.study.inputs import Inputs, open_inputs
from geo.study.opencounts import IMPUTATIONS, unknown, with_unknown
from geo.study.result import Result
from geo.study.sensitivity import sensitivity
from geo.study.slug import slug, study_slug

if TYPE_CHECKING:
    from libpysal.graph import Graph


def run(
    source: str | PathLike[str] = "chile-2016",
    *,
    boundaries: str | PathLike[str] | None = None,
    id_field: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
    offline: bool = False,
    population: str | PathLike[str] | None = None,
    year: int | None = None,
    region: str | None = None,
    coverage: Coverage | None = None,
    columns: Mapping[str, str] | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    inventory: Inventory | str | PathLike[str] | None = None,
    permutations: int = PERMUTATIONS,
    imputations: int = IMPUTATIONS,
    rng: int = 0,
    progress: Callable[[str], None] | None = None,
    ready: Callable[[str], None] | None = None,
    download: Progress | None = None,
) -> Result:
    """Turn a table of releases by area into rates, tested clusters and maps.

    Parameters
    ----------
    source : str or path
        A shipped study (``chile-2016``, ``dmcs-2016``) or a table file.
    boundaries : path, optional
        Vector file of the areas, or ``schematic``. By default the official layer in the cache; without one,
        one quick attempt to download it; failing that, the schematic one.
    id_field, layer, crs : str, optional
        Field with the areas' ids, layer and coordinate system of the boundaries' file.
    offline : bool
        Whether not to try a download; the environment variable ``RETORNO_OFFLINE`` says the same.
    population : str or path, optional
        ``ine2002``, ``ine2017``, ``printed`` (as the table has it) or a table file. By default INE base 2002
        up to 2020 and base 2017 after it; ``printed`` outside Chile.
    year : int, optional
        Year of the counts, where the table does not say it or has several.
    region : str, optional
        Name of a region, in Chile also its number; only its areas are tested and mapped.
    coverage : {"all", "highest"}, optional
        Whether areas without a row are unknown, or have rates at or below the table's last one.
    columns, decimal, sheet
        How to read the table; see :func:`geo.read_table`.
    inventory : Inventory or path, optional
        Support that meets the people who return, as :func:`geo.read_inventory` gives it or a file of it; by
        default that of the shipped study, if it has one.
    permutations : int
        Permutations of each simulated test.
    imputations : int
        Tables that a model completes where counts are not all known; 0 for none.
    rng : int
        Seed; the same inputs and seed give the same result.
    progress : callable, optional
        Called with the name of each step: table, boundaries, join, tests.
    ready : callable, optional
        Called with the short name of the result when the inputs are read and nothing is computed yet. What it
        raises ends the run.
    download : callable, optional
        Called with the bytes received and expected of a download.

    Returns
    -------
    Result

    Raises
    ------
    GeoError
        If an input cannot be used; the message says what was received and what to do.

    Examples
    --------
    >>> result = run("chile-2016", boundaries="schematic", permutations=999)
    >>> result.areas.loc["05101", "area_name"], int(result.areas.loc["05101", "releases"])
    ('Valparaíso', 599)
    >>> result.tests.join_count.observed, round(result.tests.join_count.expected, 2)
    (14, 7.71)
    """
    tell = progress or (lambda _: None)
    given = open_inputs(
        source,
        boundaries=boundaries,
        id_field=id_field,
        layer=layer,
        crs=crs,
        offline=offline,
        population=population,
        year=year,
        region=region,
        coverage=coverage,
        columns=columns,
        decimal=decimal,
        sheet=sheet,
        progress=tell,
        download=download,
    )
    if ready is not None:
        ready(_slug(given, region))
    tell("tests")
    index, cover = given.areas.index, given.coverage
    people, counts = given.population.values.reindex(index), given.counts.reindex(index)
    # A list of highest rates is one of the whole table, also where one region of it is mapped.
    listed = highest_rates(given.counts, given.population.values, coverage=cover).reindex(index)
    graph = links_from_pairs(given.bounds.pairs, given.areas.index)
    found = concentration(
        counts,
        people,
        graph,
        coverage=cover,
        listed=listed if cover == "highest" else None,
        permutations=permutations,
        rng=rng,
    )
    votes = sensitivity(given, counts, graph, found, cover)
    drawn = curves(counts, people, graph, coverage=cover)
    areas = area_layer(given, counts, graph, found, votes=votes, drawn=drawn)
    result = Result(
        title=_title(given, region),
        slug=_slug(given, region),
        study=given.study.name if given.study else None,
        subject=given.study.subject if given.study else "releases",
        areas=areas,
        groups=group_layer(areas),
        clusters=cluster_layer(areas, graph),
        regions=region_layer(areas),
        pairs=_pairs(given),
        tests=found.tests,
        stability=votes,
        curves=drawn,
        accounting=given.joined.accounting,
        unmatched=_unmatched(given),
        without_polygon=sorted(areas.loc[areas.geometry.isna(), "area_name"]),
        other_names=other_names() if given.bounds.chilean else {},
        schematic=given.bounds.schematic,
        parameters=_parameters(given, region, found) | {"stability_outcome": _outcome(votes, found)},
        inputs=given.files,
        caveat=(given.study.caveat if given.study else None) or {},
        source=given.study.source if given.study else dict.fromkeys(("en", "es"), given.table.source),
    )
    open_counts = unknown(
        counts,
        people,
        graph,
        coverage=cover,
        imputations=imputations,
        permutations=permutations,
        rng=rng,
    )
    return with_comparisons(with_unknown(result, open_counts, asked=imputations), given, inventory)


def contiguity(areas: gpd.GeoDataFrame, *, rule: Rule = "queen") -> Graph:
    """Measure which areas adjoin as a binary graph.

    Parameters
    ----------
    areas : GeoDataFrame
        Valid polygons; areas without one become islands.
    rule : {"queen", "rook"}
        ``queen``: areas adjoin that share at least one point. ``rook``: only those that share a stretch of
        border, or overlap.

    Returns
    -------
    libpysal.graph.Graph
        One entry per area, islands included.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(0, 0, 1, 1), box(1, 1, 2, 2), box(3, 3, 4, 4)]
    >>> areas = gpd.GeoDataFrame(geometry=squares, index=list("abc"))
    >>> contiguity(areas)["a"].index.tolist(), contiguity(areas, rule="rook").isolates.tolist()
    (['b'], ['a', 'b', 'c'])
    """
    first, second = touching(areas, rule)
    links = links_from_positions(np.append(first, second), np.append(second, first), 1, areas.index)
    return links.to_graph()


def _pairs(given: Inputs) -> tuple[tuple[str, str], ...]:
    """The layer's pairs of neighbours, as far as both are areas of this result."""
    here = set(given.areas.index)
    return tuple((a, b) for a, b in given.bounds.pairs if a in here and b in here)


def _unmatched(given: Inputs) -> pd.DataFrame:
    """Rows that are on no area, of the table and of a file of populations."""
    rows = given.joined.unmatched.assign(source=given.table.source, role="table")
    more = given.population.unmatched
    return pd.concat([rows, more], ignore_index=True) if more is not None and len(more) else rows


def _parameters(given: Inputs, region: str | None, found: Concentration) -> dict[str, object]:
    """Options and assumptions, as codes and numbers: outputs put them into words."""
    tests, bounds = found.tests, given.bounds
    vintages = bounds.chilean and given.joined.codes_unused is None
    mixed = (mixed_vintages(given.table.rows["code"]) if vintages else None) or ()
    return {
        "table": given.table.source,
        "year": given.year,
        "region": region and without_controls(region),
        "codes_mixed": " + ".join(mixed) or None,
        "codes_unused": given.joined.codes_unused,
        "population_codes_unused": given.population.codes_unused,
        "coverage": given.coverage,
        "population": given.population.name,
        "boundaries": bounds.source,
        "boundaries_default": default_source().name,
        "boundaries_why": bounds.why,
        "boundaries_failure": bounds.failure or None,
        "boundaries_title": bounds.provenance.title if bounds.provenance else None,
        "boundaries_attribution": bounds.provenance.attribution if bounds.provenance else None,
        "boundaries_licence": bounds.provenance.licence if bounds.provenance else None,
        "boundaries_date": bounds.provenance.downloaded if bounds.provenance else None,
        "boundaries_elsewhere": bounds.id_field if bounds.elsewhere else None,
        "schematic": bounds.schematic,
        "polygons_repaired": len(bounds.repaired),
        "features_left_out": len(bounds.dropped),
        "contiguity": bounds.contiguity,
        "neighbors_lost": bounds.neighbors_lost,
        "neighbors_added": bounds.neighbors_added,
        "weights": "queen_row_standardised",
        "local_test": tests.method,
        "local_reason": tests.reason,
        "areas_with_neighbor": tests.n,
        "areas_with_known_count": tests.known,
        "areas_tested": tests.n_local,
        "permutations": tests.permutations,
        "seed": tests.seed,
        "p_floor": 2 / (tests.permutations + 1),
        "areas_at_floor": tests.at_floor,
        "alpha": tests.alpha,
        "correction": "benjamini_hochberg",
        "rate_limits": "garwood_95",
        "standardisation": "none",
        "adjustment": tests.adjustment,
    }


def _slug(given: Inputs, region: str | None) -> str:
    """Name the files by what the title says."""
    part = str(given.areas["region"].iloc[0]) if region else None
    if given.study:
        return study_slug(given.study.name, given.study.year, given.year, part)
    return slug(_stem(given), given.year, part)


def _stem(given: Inputs) -> str:
    return given.table.source.rpartition(".")[0] or given.table.source


def _outcome(votes: Stability | None, found: Concentration) -> str:
    """Say what became of the local test under other choices, which every run tries."""
    if votes is not None:
        return "made"
    return "no_local_test" if found.tests.method == "none" else "not_possible"


def _title(given: Inputs, region: str | None) -> dict[str, str]:
    """Name the result by the study or the table, its year and the region it is about."""
    dated = f"{_stem(given)}, {given.year}" if given.year else _stem(given)
    chilean = "cut" in given.areas
    title = (
        given.study.title
        if given.study
        else {
            "en": f"Return from prison by {'commune' if chilean else 'area'}: {dated}",
            "es": f"Regreso desde prisión por {'comuna' if chilean else 'área'}: {dated}",
        }
    )
    part = f" ({given.areas['region'].iloc[0]})" if region else ""
    return {lang: text.replace("{year}", str(given.year)) + part for lang, text in title.items()}
