"""Where people return to after prison: release rates, tested clusters and maps by commune.

>>> import geo
>>> result = geo.run("chile-2016", boundaries="schematic", permutations=999)
>>> result.tests.join_count.observed
14
"""

from importlib import import_module

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
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'geo' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
