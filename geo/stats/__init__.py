"""Statistics: arrays, tables and graphs in, numbers out, never a file.

::

    engine           permutation, exact tails, correction: how p-values come about
    weights          who adjoins whom, and at what distance
    rates            crude, smoothed, standardised, adjusted; funnel; the set of highest rates
    autocorrelation  Moran, Geary, General G, join counts; local Moran, Gi*, local join counts
    incomplete       what can be said where counts are intervals
    inequality       how unevenly counts are spread over people
    correlation      whether two things go together over areas
"""

from importlib import import_module

# As in the front door: each room opens when first asked for.
_ROOMS = {
    "geo.model.comparison": ("Lee",),
    "geo.model.plots": ("Funnel",),
    "geo.model.statistics": (
        "GlobalTest",
        "JoinCount",
        "RateModel",
    ),
    "geo.model.uncertainty": (
        "Bounds",
        "Certainty",
        "Imputation",
    ),
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
    "geo.stats.correlation.coefficients": ("correlation_test",),
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
    "geo.stats.inequality.assessment": ("inequality_indices",),
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
        "crude_rates",
        "excess_risk",
        "pool_years",
        "rank_rates",
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
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'geo.stats' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
