"""Everything that one run made, as frozen parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo.model.comparison import Correlation, Inequality
from geo.model.country import Register
from geo.model.measure import Measure
from geo.model.options import Coverage, Options
from geo.model.plots import Curves
from geo.model.polygons import Provenance, Why
from geo.model.programmes import SupportGap
from geo.model.statistics import Stability, Tests
from geo.model.studies import Study
from geo.model.tables import Accounting
from geo.model.uncertainty import NotCompleted, Unknown

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

Outcome = Literal["made", "made_in_part", "not_possible", "no_local_test"]
"""What became of a part of a run."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the inputs were understood: what was chosen, or found where nothing was."""

    table: str
    """File of the counts."""
    year: int | None
    region: str | None
    """The one region that is mapped."""
    coverage: Coverage
    population: str
    """``ine2002``, ``ine2017``, ``printed`` or a file's name."""
    codes_mixed: str | None
    """Two codes of the table that were never in force together."""
    codes_unused: str | None
    population_codes_unused: str | None
    """What :class:`~geo.model.tables.Joined` says of the codes of the table, and of the populations' file."""


@dataclass(frozen=True, kw_only=True)
class LayerUse:
    """Which polygons are shown, why, whose they are, and what was done to them."""

    source: str
    """Name of the file or of the official source, or ``schematic``."""
    schematic: bool
    """Whether the polygons are only a drawing."""
    default: str
    """Name of the official source that a run tries first."""
    why: Why
    failure: str
    """What went wrong where a download failed."""
    provenance: Provenance | None
    """Where a downloaded layer is from."""
    elsewhere: str | None
    """Field of the ids, where they are codes of Chilean communes too but lie elsewhere."""
    repaired: int
    dropped: int
    """Polygons mended, and features that are no area."""
    contiguity: Literal["measured", "shipped", "shipped_instead"]
    neighbors_lost: int
    neighbors_added: int
    """Pairs that the layer lacks of the official ones, and has beyond them."""


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """What became of the parts that every run tries; of some nothing is asked (None)."""

    stability: Outcome
    inequality: Outcome
    correlation: Outcome | None


@dataclass(frozen=True, kw_only=True)
class StudyResult:
    """Everything one run found. Nothing in it is rounded."""

    options: Options
    """What was asked for."""
    reading: Reading
    """How the inputs were understood."""
    boundaries: LayerUse
    """Which polygons are shown."""
    title: Mapping[str, str]
    """Title by language."""
    slug: str
    """Short name, with which the names of its files begin: table, year and region (see `geo.study.slug`)."""
    measure: Measure
    """What was counted."""
    study: Study | None
    """The shipped study that this is a result of; None for a table of one's own."""
    register: Register | None
    """The register that its areas are from; None where they are the layer's own."""
    areas: gpd.GeoDataFrame
    """One row per area, columns as in the GeoPackage, index ``area_id``, EPSG:4326."""
    groups: gpd.GeoDataFrame
    """Adjoining areas of the set of highest rates, dissolved: a description."""
    clusters: gpd.GeoDataFrame
    """Adjoining areas of one significant label, dissolved."""
    regions: gpd.GeoDataFrame | None
    """Sums by region with their bounds and shares, dissolved; None where areas have no region."""
    pairs: tuple[tuple[str, str], ...]
    """Areas that adjoin, each pair once: the contiguity behind the tests."""
    tests: Tests
    """Statistics of the map as a whole."""
    stability: Stability | None
    """How far the labels hold under other weights and populations; None where there was no local test."""
    unknown: Unknown | None
    """What can and what cannot be known while counts are open; None where no table was completed."""
    not_completed: NotCompleted | None
    """Why none was; None where some were."""
    curves: Curves
    """What the figures show beyond the columns of the areas."""
    accounting: Accounting
    """Where every row of the table went."""
    unmatched: pd.DataFrame
    """Rows that are on no area: ``row, code, name, low, high, reason, nearest``, the name of their file as
    ``source``, and as ``role`` what it was given as, ``table`` or ``population``."""
    without_polygon: list[str]
    """Names of the areas that the layer has no polygon for."""
    other_names: Mapping[str, Sequence[str]]
    """Further spellings in use, by area; empty where no register knows them."""
    outcomes: Outcomes
    """What became of what every run tries."""
    inputs: tuple[Mapping[str, str], ...]
    """Files read: ``role``, ``name``, ``sha256``."""
    source: Mapping[str, str]
    """Where the counts are from, by language."""
    caveat: Mapping[str, str]
    """What is known to be amiss with the counts, by language; empty where nothing is."""
    gap: SupportGap | None
    """People returning against the support that meets them; None where there is no inventory."""
    gaps: gpd.GeoDataFrame | None
    """The gap as a layer: one row per area, columns as in the GeoPackage; None where there is no gap."""
    inequality: Inequality | None
    """How unevenly counts are spread over people, by region where there are regions; None where nothing can
    be said of it."""
    zones: Inequality | None
    """The same by the zones in which the 2016 study tells where people return to; None elsewhere."""
    correlations: tuple[Correlation, ...]
    """Rates, then counts, beside income poverty: for the shipped study of people returning, else empty."""
    recidivism: pd.DataFrame | None
    """Figures that this study's source texts cite, as :func:`geo.data.shipped.recidivism_context` gives them:
    context, from which nothing is computed; None otherwise."""

    @property
    def unit(self) -> str:
        """What areas are called: a key of ``[summary.many]`` in ``maps/labels.toml``."""
        return self.register.unit if self.register else "areas"

    @property
    def schematic(self) -> bool:
        """Whether the polygons are only a drawing."""
        return self.boundaries.schematic

    @property
    def parameters(self) -> dict[str, object]:
        """Options and assumptions of the run by name, as codes and numbers, for whoever lists them all."""
        return {
            **_inputs(self.reading, self.boundaries),
            **_tests(self.tests),
            "stability_outcome": self.outcomes.stability,
            "imputations": self.options.imputations,
            **_completion(self.unknown, self.not_completed),
            "inequality_outcome": self.outcomes.inequality,
            "correlation_outcome": self.outcomes.correlation,
        }


def _inputs(reading: Reading, layer: LayerUse) -> dict[str, object]:
    whose = layer.provenance
    return {
        "table": reading.table,
        "year": reading.year,
        "region": reading.region,
        "codes_mixed": reading.codes_mixed,
        "codes_unused": reading.codes_unused,
        "population_codes_unused": reading.population_codes_unused,
        "coverage": reading.coverage,
        "population": reading.population,
        "boundaries": layer.source,
        "boundaries_default": layer.default,
        "boundaries_why": layer.why,
        "boundaries_failure": layer.failure or None,
        "boundaries_title": whose.title if whose else None,
        "boundaries_attribution": whose.attribution if whose else None,
        "boundaries_licence": whose.licence if whose else None,
        "boundaries_date": whose.downloaded if whose else None,
        "boundaries_elsewhere": layer.elsewhere,
        "schematic": layer.schematic,
        "polygons_repaired": layer.repaired,
        "features_left_out": layer.dropped,
        "contiguity": layer.contiguity,
        "neighbors_lost": layer.neighbors_lost,
        "neighbors_added": layer.neighbors_added,
    }


def _tests(tests: Tests) -> dict[str, object]:
    return {
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


def _completion(unknown: Unknown | None, lacking: NotCompleted | None) -> dict[str, object]:
    if unknown is None:
        outcome, failure = (lacking.why, lacking.reason or None) if lacking else ("not_asked", None)
        return {"imputations_made": 0, "imputations_outcome": outcome, "imputations_failure": failure}
    imputation = unknown.certainty.imputation
    return {
        "imputations_made": len(imputation.draws.columns),
        "imputations_outcome": "made",
        "imputation_assumptions": ", ".join(imputation.assumptions),
        "imputation_checks_failed": ", ".join(imputation.failed) or None,
        "imputation_permutations": unknown.certainty.permutations,
    }
