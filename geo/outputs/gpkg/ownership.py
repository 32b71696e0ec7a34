"""What in a GeoPackage a run wrote, and what somebody added or changed since.

A run records a hash of everything it writes: layers, titles, styles, projects, metadata, and the names of
tables, triggers and indexes. Whatever is not in the record, or not as recorded, is of an analyst.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import sha256

from geo.model.schema import OPTIONAL, SPATIAL
from geo.outputs.gpkg.runidentity import TABLE as RUN_TABLE
from geo.outputs.gpkg.runidentity import digest_of_layer

TABLE = "retorno_contents"
"""Holds the record; registered nowhere, so that QGIS offers it as no layer."""
LAYERS = (*SPATIAL, "parameters", "join_report", "dictionary")
"""Names that layers and tables of a run have."""
CARRIED = "carried"
"""Kind of record of what is from an earlier file (see :mod:`geo.outputs.gpkg.carryover`)."""

Thing = tuple[str, str]
"""Kind and name: ``("style", '["communes", "Rate (en)"]')``."""


def record_contents(database: sqlite3.Connection) -> None:
    """Record everything that a GeoPackage holds as written by this run.

    Parameters
    ----------
    database : sqlite3.Connection
        A finished GeoPackage that has no record yet.

    Examples
    --------
    >>> database = sqlite3.connect(":memory:")
    >>> _ = database.execute("CREATE TABLE note (text)")
    >>> record_contents(database)
    >>> added(database), changed(database)
    ([], [])
    >>> _ = database.execute("CREATE VIEW mine AS SELECT * FROM note")
    >>> added(database)
    [('view', 'mine')]
    >>> database.close()
    """
    things = contents(database)
    database.execute(
        f"CREATE TABLE {TABLE} (kind TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, "
        "PRIMARY KEY (kind, name)) WITHOUT ROWID"
    )
    database.executemany(
        f"INSERT INTO {TABLE} VALUES (?, ?, ?)", [(*thing, digest) for thing, digest in things.items()]
    )


def added(database: sqlite3.Connection) -> list[Thing]:
    """Name what is in a GeoPackage and not in its record.

    Files written before there was a record are read with care: what differs in kind from what a run writes
    is of an analyst.
    """
    known = _recorded(database)
    return [thing for thing in contents(database) if thing not in known]


def changed(database: sqlite3.Connection) -> list[Thing]:
    """Name what a run wrote and what is no longer as it wrote it; what is gone is not named."""
    known = _recorded(database)
    return [thing for thing, digest in contents(database).items() if known.get(thing, digest) != digest]


def contents(database: sqlite3.Connection) -> dict[Thing, str]:
    """Give a hash of everything in a GeoPackage that a person can add or change.

    Examples
    --------
    >>> database = sqlite3.connect(":memory:")
    >>> _ = database.execute("CREATE TABLE note (text)")
    >>> list(contents(database))
    [('table', 'note')]
    >>> database.close()
    """
    objects = database.execute(
        "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> ? "
        "ORDER BY type, name",
        (TABLE,),
    )
    digests: dict[Thing, str] = dict.fromkeys(objects, "")
    for layer in (layer for layer in LAYERS if ("table", layer) in digests):
        digests["layer", layer] = digest_of_layer(database, layer).hex()
    for kind, table, key, values in _PARTS:
        if ("table", table) in digests:
            rows = database.execute(f"SELECT {key}, {values} FROM {table} ORDER BY 1, rowid")
            digests |= _digests(kind, rows)
    return digests


# Of each kind of thing: its table, an expression for its name, and what of it counts as its content.
_PARTS = (
    ("title", "gpkg_contents", "table_name", "identifier, description"),
    ("fields", "gpkg_data_columns", "table_name", "column_name, name, title, description, constraint_name"),
    ("codes", "gpkg_data_column_constraints", "constraint_name", "constraint_type, value, description"),
    ("style", "layer_styles", "json_array(f_table_name, styleName)", "styleQML, styleSLD, description"),
    ("default", "layer_styles", "f_table_name", "CASE WHEN useAsDefault THEN styleName END"),
    # Not the content: whoever saves a project leaves name and time, and a file that is renamed is not edited.
    ("project", "qgis_projects", "name", "metadata"),
    ("metadata", "gpkg_metadata", "id", "md_standard_uri, metadata"),
)


def _digests(kind: str, rows: Iterable[tuple[object, ...]]) -> dict[Thing, str]:
    """Hash the rows of each name together."""
    hashes: dict[Thing, list[str]] = {}
    for name, *values in rows:
        if kind != "default" or values != [None]:
            hashes.setdefault((kind, str(name)), []).append(json.dumps(values, default=bytes.hex))
    return {thing: sha256("\n".join(lines).encode()).hexdigest() for thing, lines in hashes.items()}


def _recorded(database: sqlite3.Connection) -> Mapping[Thing, str]:
    try:
        rows = database.execute(f"SELECT kind, name, digest FROM {TABLE} WHERE kind <> ?", (CARRIED,))
    except sqlite3.OperationalError:
        return _supposed(database)
    return {(kind, name): digest for kind, name, digest in rows}


def _supposed(database: sqlite3.Connection) -> dict[Thing, str]:
    """Tell what an earlier version wrote by how it looks, since it kept no record."""
    digests = contents(database)
    if ("layer", "dictionary") not in digests or ("table", "layer_styles") not in digests:
        return {}
    supposed = {thing: digest for thing, digest in digests.items() if _looks_ours(database, *thing)}
    for layer in _edited(database):
        supposed["layer", layer] = ""
    return supposed


def _looks_ours(database: sqlite3.Connection, kind: str, name: str) -> bool:
    if kind == "table":
        system = name.startswith("gpkg_") and not name.startswith("gpkg_2d")
        return system or name in {*LAYERS, "layer_styles", "qgis_projects", RUN_TABLE} or _of_index(name)
    if kind == "trigger":
        return (
            name.startswith("gpkg_")
            or _of_index(name)
            or name.endswith(tuple(f"_feature_count_{layer}" for layer in LAYERS))
        )
    if kind in ("layer", "title", "fields", "default"):
        return name in LAYERS or name == "layer_styles"
    if kind == "style":
        layer, style = json.loads(name)
        sql = "SELECT styleQML FROM layer_styles WHERE f_table_name = ? AND styleName = ?"
        # QGIS writes its name into the version, and categories only where some are left out.
        head = '<qgis version="3.22.16" styleCategories='
        return layer in LAYERS and all(head in str(qml) for (qml,) in database.execute(sql, (layer, style)))
    if kind == "project":
        ((metadata,),) = database.execute("SELECT metadata FROM qgis_projects WHERE name = ?", (name,))
        return '"last_modified_user": "retorno"' in str(metadata)
    if kind == "metadata":
        ((metadata,),) = database.execute("SELECT metadata FROM gpkg_metadata WHERE id = ?", (name,))
        return '<qgis version="3.22.16">' in str(metadata)
    return kind == "codes"


def _of_index(name: str) -> bool:
    return name.startswith(tuple(f"rtree_{layer}_geom" for layer in (*SPATIAL, *OPTIONAL)))


def _edited(database: sqlite3.Connection) -> list[str]:
    """Layers of ours that were saved at another time than the rest, or have fields nobody described."""
    times = dict(database.execute("SELECT table_name, last_change FROM gpkg_contents"))
    times = {layer: time for layer, time in times.items() if layer in LAYERS}
    usual = Counter(times.values()).most_common(1)[0][0]
    return [layer for layer, time in times.items() if time != usual or more_fields(database, layer)]


def more_fields(database: sqlite3.Connection, layer: str) -> list[str]:
    """Name fields of a layer that are not in the dictionary of the file."""
    sql = (
        "SELECT name FROM pragma_table_info(?) WHERE name NOT IN ('fid', 'geom') AND name NOT IN "
        "(SELECT field FROM dictionary WHERE layer = ?)"
    )
    try:
        return [name for (name,) in database.execute(sql, (layer, layer))]
    except sqlite3.OperationalError:
        return []
