"""Where people return to after prison: release rates, tested clusters and maps by commune.

>>> import geo
>>> result = geo.run("chile-2016", boundaries="schematic", permutations=999)
>>> result.tests.join_count.observed
14
"""

from importlib import import_module

# The libraries behind these names take a second to load, so each room opens when first asked for.
_ROOMS = {
    "geo.boundaries.check": ("check_boundaries",),
    "geo.boundaries.join": ("join",),
    "geo.boundaries.layer": ("read_boundaries",),
    "geo.boundaries.official": ("get_boundaries",),
    "geo.boundaries.points": ("centroids",),
    "geo.data.audit": ("audit_table",),
    "geo.data.inventory": ("read_inventory",),
    "geo.data.shipped": (
        "recidivism_context",
        "studies",
        "support_inventory",
    ),
    "geo.data.table": ("read_table",),
    "geo.errors": (
        "BoundaryError",
        "GeoError",
        "InputError",
        "MatchError",
        "OutputError",
        "StatisticError",
        "TableError",
    ),
    "geo.model.comparison": (
        "Correlation",
        "Inequality",
        "Lee",
    ),
    "geo.model.curves": ("Funnel",),
    "geo.model.polygons": ("BoundaryCheck",),
    "geo.model.preserved": ("Renamed",),
    "geo.model.programmes": (
        "Inventory",
        "Ranking",
        "SupportGap",
    ),
    "geo.model.statistics": (
        "GlobalTest",
        "JoinCount",
        "RateModel",
        "Stability",
        "Tests",
    ),
    "geo.model.studies": ("Study",),
    "geo.model.tables": (
        "Accounting",
        "Audit",
        "Joined",
        "Table",
    ),
    "geo.model.uncertainty": (
        "Bounds",
        "Certainty",
        "Imputation",
    ),
    "geo.outputs.export": ("export",),
    "geo.outputs.gpkg.geopackage": ("write_geopackage",),
    "geo.outputs.gpkg.metadata": ("About",),
    "geo.outputs.gpkg.renaming": ("rename_geopackage",),
    "geo.outputs.report.reportpage": ("write_report",),
    "geo.outputs.tables": (
        "write_csv",
        "write_xlsx",
    ),
    "geo.outputs.web.mappage": ("write_map",),
    "geo.register.pairs": ("official_pairs",),
    "geo.register.populations": ("population_series",),
    "geo.register.zones": ("macro_zones",),
    "geo.stats.autocorrelation.association": (
        "geary",
        "general_g",
        "moran",
        "moran_rate",
    ),
    "geo.stats.autocorrelation.getis": ("getis_ord",),
    "geo.stats.autocorrelation.joincount": (
        "deciles",
        "join_count",
        "join_counts",
    ),
    "geo.stats.autocorrelation.localjoins": ("local_join_count",),
    "geo.stats.autocorrelation.localmoran": (
        "local_moran",
        "local_moran_rate",
    ),
    "geo.stats.correlation.coefficients": ("correlation",),
    "geo.stats.correlation.lee": ("lee",),
    "geo.stats.engine.correction": (
        "areas_at_floor",
        "q_values",
    ),
    "geo.stats.incomplete.bounds": ("bounds",),
    "geo.stats.incomplete.certainty": ("certainty",),
    "geo.stats.incomplete.gammapoisson": (
        "IntervalModel",
        "interval_model",
    ),
    "geo.stats.incomplete.imputation": ("impute_counts",),
    "geo.stats.incomplete.telling": ("telling_counts",),
    "geo.stats.inequality.assessment": ("inequality",),
    "geo.stats.inequality.indices": (
        "Theil",
        "gini",
        "hoover",
        "theil",
    ),
    "geo.stats.inequality.quotients": ("location_quotients",),
    "geo.stats.rates.adjustment": (
        "rate_model",
        "rate_residuals",
        "size_covariates",
    ),
    "geo.stats.rates.crude": (
        "above_national",
        "excess_risk",
        "pool_years",
        "rank_rates",
        "rates",
        "reliable",
        "standardize_rates",
    ),
    "geo.stats.rates.funnel": (
        "funnel",
        "funnel_limits",
    ),
    "geo.stats.rates.indirect": (
        "expected_counts",
        "standardized_ratio",
    ),
    "geo.stats.rates.smoothing": (
        "rate_eb",
        "rate_eb_spatial",
    ),
    "geo.stats.weights.distance": (
        "distance_band",
        "kernel_weights",
        "nearest_neighbors",
        "smallest_band",
    ),
    "geo.stats.weights.families": ("weight_families",),
    "geo.study.associations": (
        "study_correlation",
        "study_inequality",
    ),
    "geo.study.concentration": (
        "Concentration",
        "concentration",
    ),
    "geo.job": ("Result", "contiguity", "run"),
    "geo.model.options": ("Options",),
    "geo.study.stability": (
        "listed_stability",
        "stability",
    ),
    "geo.study.supportgap": ("support_gap",),
    "geo.support.ranking": ("rank_areas",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'geo' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
