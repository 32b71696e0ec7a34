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
    "geo.data.audit": ("audit_table",),
    "geo.data.inventory": ("read_inventory",),
    "geo.data.shipped": ("studies",),
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
    "geo.job": (
        "Result",
        "contiguity",
        "run",
    ),
    "geo.model.comparison": (
        "Correlation",
        "Inequality",
    ),
    "geo.model.options": ("Options",),
    "geo.model.polygons": (
        "Boundaries",
        "BoundaryCheck",
    ),
    "geo.model.preserved": ("Renamed",),
    "geo.model.programmes": (
        "Inventory",
        "SupportGap",
    ),
    "geo.model.studies": ("Study",),
    "geo.model.tables": (
        "Audit",
        "Joined",
        "Table",
    ),
    "geo.outputs.export": ("export",),
    "geo.outputs.gpkg.renaming": ("rename_geopackage",),
    "geo.outputs.sheets": ("write_gap",),
    "geo.study.associations": (
        "study_correlation",
        "study_inequality",
    ),
    "geo.study.recipe": ("Recipe", "read_manifest"),
    "geo.study.supportgap": ("support_gap",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
__all__ = sorted([*_HOME, "stats"])


def __getattr__(name: str) -> object:
    if name == "stats":
        return import_module("geo.stats")
    if name not in _HOME:
        raise AttributeError(f"module 'geo' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
