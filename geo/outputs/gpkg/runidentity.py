"""Which run a GeoPackage is of, so that no project shows the data of another one.

A project finds its layers by the name of the file, and a name can come to stand for another file. So a
GeoPackage holds an id made from its contents, and every layer of its projects asks for that id: in a file of
another run it has no rows.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable
from hashlib import sha256

TABLE = "retorno_run"
"""Table of the GeoPackage with one row, the id; registered nowhere, so that QGIS offers it as no layer."""


def store_identity(database: sqlite3.Connection, layers: Iterable[str]) -> str:
    """Store the id of what a GeoPackage shows.

    It is a hash of the rows of its layers and tables, their fields and types, their order and their geometry:
    the same in every language and under every name, and where two files have the same, they show the same.

    Parameters
    ----------
    database : sqlite3.Connection
        An open GeoPackage that has no id yet.
    layers : iterable of str
        Its layers and tables, in order.

    Returns
    -------
    str
        Sixteen hexadecimal digits.

    Examples
    --------
    >>> database = sqlite3.connect(":memory:")
    >>> _ = database.execute("CREATE TABLE communes (area_id TEXT)")
    >>> store_identity(database, ["communes"]) == run_id(database)
    True
    >>> database.close()
    """
    run = sha256(b"".join(digest_of_layer(database, layer) for layer in layers)).hexdigest()[:16]
    database.execute(f"CREATE TABLE {TABLE} (run_id TEXT NOT NULL PRIMARY KEY)")
    database.execute(f"INSERT INTO {TABLE} VALUES (?)", (run,))
    return run


def run_id(database: sqlite3.Connection) -> str | None:
    """Tell the id that a GeoPackage holds; None where it has none, or is of somebody else.

    Examples
    --------
    >>> database = sqlite3.connect(":memory:")
    >>> run_id(database) is None
    True
    >>> database.close()
    """
    try:
        row = database.execute(f"SELECT run_id FROM {TABLE}").fetchone()
    except sqlite3.OperationalError:
        return None
    return str(row[0]) if row else None


def layer_source(file: str, layer: str, run: str) -> str:
    """Name a layer as a project does: the file beside it, the layer, and the run whose rows it wants.

    Examples
    --------
    >>> layer_source("a.gpkg", "communes", "00ff")
    "./a.gpkg|layername=communes|subset=EXISTS (SELECT 1 FROM retorno_run WHERE run_id = '00ff')"
    """
    return f"./{file}|layername={layer}|subset={only_of(run)}"


def only_of(run: str) -> str:
    """Write the filter that keeps the rows of a layer in the file of one run and none in any other.

    Examples
    --------
    >>> only_of("00ff")
    "EXISTS (SELECT 1 FROM retorno_run WHERE run_id = '00ff')"
    """
    return f"EXISTS (SELECT 1 FROM {TABLE} WHERE run_id = '{run}')"


def digest_of_layer(database: sqlite3.Connection, layer: str) -> bytes:
    """Hash one layer: what it is called, what its fields are, and every value of every row, in order."""
    hasher = sha256()
    columns = database.execute("SELECT name, type FROM pragma_table_info(?)", (layer,)).fetchall()
    for value in (layer, *(part for column in columns for part in column)):
        hasher.update(_bytes(value))
    quoted = layer.replace('"', '""')
    for row in database.execute(f'SELECT * FROM "{quoted}" ORDER BY rowid'):
        hasher.update(b"".join(map(_bytes, row)))
    return hasher.digest()


def _bytes(value: object) -> bytes:
    """Tell a value from every other: its kind, its length and itself."""
    if isinstance(value, float):
        kind, content = b"r", struct.pack("<d", value)
    elif isinstance(value, bytes):
        kind, content = b"b", value
    else:
        kind, content = type(value).__name__[:1].encode(), str(value).encode()
    return kind + struct.pack("<q", len(content)) + content
