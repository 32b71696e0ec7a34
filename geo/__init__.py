"""Where people return to after prison: release rates, tested clusters and maps by commune.

>>> import geo
>>> result = geo.run("chile-2016", boundaries="schematic", permutations=999)
>>> result.tests.join_count.observed
14
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.analysis.adjustment import RateModel, rate_model, rate_residuals, size_covariates
    from geo.analysis.association import GlobalTest, geary, general_g, moran, moran_rate
    from geo.analysis.concentration import Concentration, Tests, concentration
    from geo.analysis.correction import areas_at_floor, q_values
    from geo.analysis.correlation.lee import Lee, lee
    from geo.analysis.correlation.measure import Correlation, correlation
    from geo.analysis.demand.ranking import Ranking, rank_areas
    from geo.analysis.distance import distance_band, kernel_weights, nearest_neighbors, smallest_band
    from geo.analysis.families import weight_families
    from geo.analysis.funnel import Funnel, funnel, funnel_limits
    from geo.analysis.getis import getis_ord
    from geo.analysis.incomplete.bounds import Bounds, bounds
    from geo.analysis.incomplete.certainty import Certainty, certainty
    from geo.analysis.incomplete.imputation import Imputation, impute_counts
    from geo.analysis.incomplete.model import IntervalModel, interval_model
    from geo.analysis.incomplete.telling import telling_counts
    from geo.analysis.indirect import expected_counts, standardized_ratio
    from geo.analysis.inequality.indices import Theil, gini, hoover, theil
    from geo.analysis.inequality.measure import Inequality, inequality
    from geo.analysis.inequality.quotients import location_quotients
    from geo.analysis.joincount import JoinCount, deciles, join_count, join_counts
    from geo.analysis.local import local_moran, local_moran_rate
    from geo.analysis.localjoins import local_join_count
    from geo.analysis.rates import (
        above_national,
        excess_risk,
        pool_years,
        rank_rates,
        rates,
        reliable,
        standardize_rates,
    )
    from geo.analysis.smoothing import rate_eb, rate_eb_spatial
    from geo.analysis.stability import Stability, listed_stability, stability
    from geo.boundaries.check import Check, check_boundaries
    from geo.boundaries.contiguity import official_pairs
    from geo.boundaries.join import Accounting, Joined, join
    from geo.boundaries.layer import read_boundaries
    from geo.boundaries.names import match_names
    from geo.boundaries.official import get_boundaries
    from geo.boundaries.points import centroids
    from geo.boundaries.register import register
    from geo.boundaries.zones import macro_zones
    from geo.data.audit import Audit, audit_table
    from geo.data.inventory import Inventory, read_inventory
    from geo.data.shipped import Study, population_series, recidivism_context, studies, support_inventory
    from geo.data.table import Table, read_table
    from geo.errors import (
        BoundaryError,
        GeoError,
        InputError,
        MatchError,
        OutputError,
        StatisticError,
        TableError,
    )
    from geo.maps.export import export
    from geo.maps.qgis.geopackage import write_geopackage
    from geo.maps.qgis.metadata import About
    from geo.maps.qgis.renaming import Renamed, rename_geopackage
    from geo.maps.report.page import write_report
    from geo.maps.tables import write_csv, write_xlsx
    from geo.maps.web.page import write_map
    from geo.study.comparisons import study_correlation, study_inequality
    from geo.study.demand import SupportGap, support_gap
    from geo.study.result import Result
    from geo.study.run import contiguity, run

__all__ = [
    "About",
    "Accounting",
    "Audit",
    "BoundaryError",
    "Bounds",
    "Certainty",
    "Check",
    "Concentration",
    "Correlation",
    "Funnel",
    "GeoError",
    "GlobalTest",
    "Imputation",
    "Inequality",
    "InputError",
    "IntervalModel",
    "Inventory",
    "JoinCount",
    "Joined",
    "Lee",
    "MatchError",
    "OutputError",
    "Ranking",
    "RateModel",
    "Renamed",
    "Result",
    "Stability",
    "StatisticError",
    "Study",
    "SupportGap",
    "Table",
    "TableError",
    "Tests",
    "Theil",
    "above_national",
    "areas_at_floor",
    "audit_table",
    "bounds",
    "centroids",
    "certainty",
    "check_boundaries",
    "concentration",
    "contiguity",
    "correlation",
    "deciles",
    "distance_band",
    "excess_risk",
    "expected_counts",
    "export",
    "funnel",
    "funnel_limits",
    "geary",
    "general_g",
    "get_boundaries",
    "getis_ord",
    "gini",
    "hoover",
    "impute_counts",
    "inequality",
    "interval_model",
    "join",
    "join_count",
    "join_counts",
    "kernel_weights",
    "lee",
    "listed_stability",
    "local_join_count",
    "local_moran",
    "local_moran_rate",
    "location_quotients",
    "macro_zones",
    "match_names",
    "moran",
    "moran_rate",
    "nearest_neighbors",
    "official_pairs",
    "pool_years",
    "population_series",
    "q_values",
    "rank_areas",
    "rank_rates",
    "rate_eb",
    "rate_eb_spatial",
    "rate_model",
    "rate_residuals",
    "rates",
    "read_boundaries",
    "read_inventory",
    "read_table",
    "recidivism_context",
    "register",
    "reliable",
    "rename_geopackage",
    "run",
    "size_covariates",
    "smallest_band",
    "stability",
    "standardize_rates",
    "standardized_ratio",
    "studies",
    "study_correlation",
    "study_inequality",
    "support_gap",
    "support_inventory",
    "telling_counts",
    "theil",
    "weight_families",
    "write_csv",
    "write_geopackage",
    "write_map",
    "write_report",
    "write_xlsx",
]

# The libraries behind these names take a second to load, so each room opens when first asked for.
_ROOMS = {
    "geo.analysis.adjustment": ("RateModel", "rate_model", "rate_residuals", "size_covariates"),
    "geo.analysis.association": ("GlobalTest", "general_g", "geary", "moran", "moran_rate"),
    "geo.analysis.concentration": ("Concentration", "Tests", "concentration"),
    "geo.analysis.correction": ("areas_at_floor", "q_values"),
    "geo.analysis.correlation.lee": ("Lee", "lee"),
    "geo.analysis.correlation.measure": ("Correlation", "correlation"),
    "geo.analysis.demand.ranking": ("Ranking", "rank_areas"),
    "geo.analysis.distance": ("distance_band", "kernel_weights", "nearest_neighbors", "smallest_band"),
    "geo.analysis.families": ("weight_families",),
    "geo.analysis.funnel": ("Funnel", "funnel", "funnel_limits"),
    "geo.analysis.getis": ("getis_ord",),
    "geo.analysis.incomplete.bounds": ("Bounds", "bounds"),
    "geo.analysis.incomplete.certainty": ("Certainty", "certainty"),
    "geo.analysis.incomplete.imputation": ("Imputation", "impute_counts"),
    "geo.analysis.incomplete.model": ("IntervalModel", "interval_model"),
    "geo.analysis.incomplete.telling": ("telling_counts",),
    "geo.analysis.indirect": ("expected_counts", "standardized_ratio"),
    "geo.analysis.inequality.indices": ("Theil", "gini", "hoover", "theil"),
    "geo.analysis.inequality.measure": ("Inequality", "inequality"),
    "geo.analysis.inequality.quotients": ("location_quotients",),
    "geo.analysis.joincount": ("JoinCount", "deciles", "join_count", "join_counts"),
    "geo.analysis.local": ("local_moran", "local_moran_rate"),
    "geo.analysis.localjoins": ("local_join_count",),
    "geo.analysis.rates": (
        "above_national",
        "excess_risk",
        "pool_years",
        "rank_rates",
        "rates",
        "reliable",
        "standardize_rates",
    ),
    "geo.analysis.smoothing": ("rate_eb", "rate_eb_spatial"),
    "geo.analysis.stability": ("Stability", "listed_stability", "stability"),
    "geo.boundaries.check": ("Check", "check_boundaries"),
    "geo.boundaries.official": ("get_boundaries",),
    "geo.boundaries.points": ("centroids",),
    "geo.boundaries.contiguity": ("official_pairs",),
    "geo.boundaries.join": ("Accounting", "Joined", "join"),
    "geo.boundaries.layer": ("read_boundaries",),
    "geo.boundaries.names": ("match_names",),
    "geo.boundaries.register": ("register",),
    "geo.boundaries.zones": ("macro_zones",),
    "geo.study.comparisons": ("study_correlation", "study_inequality"),
    "geo.data.audit": ("Audit", "audit_table"),
    "geo.data.inventory": ("Inventory", "read_inventory"),
    "geo.data.shipped": ("Study", "population_series", "recidivism_context", "studies", "support_inventory"),
    "geo.data.table": ("Table", "read_table"),
    "geo.study.demand": ("SupportGap", "support_gap"),
    "geo.errors": (
        "BoundaryError",
        "GeoError",
        "InputError",
        "MatchError",
        "OutputError",
        "StatisticError",
        "TableError",
    ),
    "geo.maps.export": ("export",),
    "geo.maps.qgis.geopackage": ("write_geopackage",),
    "geo.maps.qgis.metadata": ("About",),
    "geo.maps.qgis.renaming": ("Renamed", "rename_geopackage"),
    "geo.maps.report.page": ("write_report",),
    "geo.maps.tables": ("write_csv", "write_xlsx"),
    "geo.maps.web.page": ("write_map",),
    "geo.study.result": ("Result",),
    "geo.study.run": ("contiguity", "run"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'geo' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
