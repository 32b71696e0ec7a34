"""Where people return to after prison: release rates, tested clusters and maps by commune.

>>> import geo
>>> result = geo.run("chile-2016", boundaries="schematic", permutations=999)
>>> result.tests.join_count.observed
14
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.analysis.association import GlobalTest, geary, general_g, moran, moran_rate
    from geo.analysis.concentration import Concentration, Tests, concentration
    from geo.analysis.correction import areas_at_floor, q_values
    from geo.analysis.joincount import JoinCount, deciles, join_count, join_counts, local_join_count
    from geo.analysis.local import getis_ord, local_moran, local_moran_rate
    from geo.analysis.rates import excess_risk, rank_rates, rate_eb, rates, reliable, standardize_rates
    from geo.boundaries.check import Check, check_boundaries
    from geo.boundaries.contiguity import official_pairs
    from geo.boundaries.join import Accounting, Joined, join
    from geo.boundaries.layer import read_boundaries
    from geo.boundaries.names import match_names
    from geo.boundaries.official import get_boundaries
    from geo.boundaries.register import register
    from geo.data.audit import Audit, audit_table
    from geo.data.shipped import Study, population_series, studies
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
    from geo.maps.geopackage import write_geopackage
    from geo.maps.tables import write_csv, write_xlsx
    from geo.maps.webmap import write_map
    from geo.result import Result
    from geo.study import contiguity, run

__all__ = [
    "Accounting",
    "Audit",
    "BoundaryError",
    "Check",
    "Concentration",
    "GeoError",
    "GlobalTest",
    "InputError",
    "JoinCount",
    "Joined",
    "MatchError",
    "OutputError",
    "Result",
    "StatisticError",
    "Study",
    "Table",
    "TableError",
    "Tests",
    "areas_at_floor",
    "audit_table",
    "check_boundaries",
    "concentration",
    "contiguity",
    "deciles",
    "excess_risk",
    "geary",
    "general_g",
    "get_boundaries",
    "getis_ord",
    "join",
    "join_count",
    "join_counts",
    "local_join_count",
    "local_moran",
    "local_moran_rate",
    "match_names",
    "moran",
    "moran_rate",
    "official_pairs",
    "population_series",
    "q_values",
    "rank_rates",
    "rate_eb",
    "rates",
    "read_boundaries",
    "read_table",
    "register",
    "reliable",
    "run",
    "standardize_rates",
    "studies",
    "write_csv",
    "write_geopackage",
    "write_map",
    "write_xlsx",
]

# The libraries behind these names take a second to load, so each room opens when first asked for.
_ROOMS = {
    "geo.analysis.association": ("GlobalTest", "general_g", "geary", "moran", "moran_rate"),
    "geo.analysis.concentration": ("Concentration", "Tests", "concentration"),
    "geo.analysis.correction": ("areas_at_floor", "q_values"),
    "geo.analysis.joincount": ("JoinCount", "deciles", "join_count", "join_counts", "local_join_count"),
    "geo.analysis.local": ("getis_ord", "local_moran", "local_moran_rate"),
    "geo.analysis.rates": ("excess_risk", "rank_rates", "rate_eb", "rates", "reliable", "standardize_rates"),
    "geo.boundaries.check": ("Check", "check_boundaries"),
    "geo.boundaries.official": ("get_boundaries",),
    "geo.boundaries.contiguity": ("official_pairs",),
    "geo.boundaries.join": ("Accounting", "Joined", "join"),
    "geo.boundaries.layer": ("read_boundaries",),
    "geo.boundaries.names": ("match_names",),
    "geo.boundaries.register": ("register",),
    "geo.data.audit": ("Audit", "audit_table"),
    "geo.data.shipped": ("Study", "population_series", "studies"),
    "geo.data.table": ("Table", "read_table"),
    "geo.errors": (
        "BoundaryError",
        "GeoError",
        "InputError",
        "MatchError",
        "OutputError",
        "StatisticError",
        "TableError",
    ),
    "geo.maps.geopackage": ("write_geopackage",),
    "geo.maps.tables": ("write_csv", "write_xlsx"),
    "geo.maps.webmap": ("write_map",),
    "geo.result": ("Result",),
    "geo.study": ("contiguity", "run"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'geo' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
