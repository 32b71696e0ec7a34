"""Tables and layers of one GeoPackage copied into another, with all that the standard says of them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence

# Tables of the standard whose rows are about one table or layer.
_ABOUT = (
    "gpkg_contents",
    "gpkg_geometry_columns",
    "gpkg_ogr_contents",
    "gpkg_data_columns",
    "gpkg_extensions",
    "gpkg_tile_matrix_set",
    "gpkg_tile_matrix",
)


def quoted(name: str) -> str:
    """Write a name as SQL takes it.

    Examples
    --------
    >>> print(quoted('a "quoted" name'))
    "a ""quoted"" name"
    """
    return '"' + name.replace('"', '""') + '"'


def copy_tables(before: sqlite3.Connection, after: sqlite3.Connection, names: Sequence[str]) -> list[str]:
    """Copy tables with their rows, indexes, triggers, spatial index, reference system and descriptions.

    Parameters
    ----------
    before, after : sqlite3.Connection
        The GeoPackage that has them and the one that gets them, which has no table of such a name.
    names : sequence of str
        The tables, those of their spatial indexes among them.

    Returns
    -------
    list of str
        Those that a person would name: without spatial indexes and tables of the standard.

    Examples
    --------
    >>> before, after = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    >>> _ = before.execute("CREATE TABLE note (line TEXT)"), before.execute("INSERT INTO note VALUES ('ñ')")
    >>> copy_tables(before, after, ["note"]), after.execute("SELECT * FROM note").fetchall()
    (['note'], [('ñ',)])
    >>> before.close(), after.close()
    (None, None)
    """
    definitions = dict(before.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    virtual = {name for name in names if re.match(r"CREATE\s+VIRTUAL", definitions[name], re.IGNORECASE)}
    shadows = {f"{name}_{part}" for name in virtual for part in ("node", "parent", "rowid")}
    copied = [name for name in names if name not in shadows]
    for name in copied:
        after.execute(definitions[name])
        _copy_rows(before, after, name)
    _copy_sequences(before, after, copied)
    _copy_references(before, after, copied)
    for table in _ABOUT:
        for name in copied:
            _copy_about(before, after, table, name)
    _copy_metadata(before, after, copied)
    # Last, so that no trigger runs on what is copied.
    for kind in ("index", "trigger"):
        sql = "SELECT sql FROM sqlite_master WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL"
        for name in copied:
            for (statement,) in before.execute(sql, (kind, name)).fetchall():
                after.execute(statement)
    return [name for name in copied if name not in virtual and not name.startswith("gpkg")]


def copy_codes(before: sqlite3.Connection, after: sqlite3.Connection, names: Iterable[str]) -> None:
    """Copy lists of codes, which fields of any table may refer to, by name."""
    for name in names:
        where = "constraint_name = ?"
        _copy_rows(before, after, "gpkg_data_column_constraints", where, (name,), known="IGNORE")


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    """Name the columns that can be written: computed ones follow by themselves."""
    sql = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0"
    return [name for (name,) in database.execute(sql, (table,))]


def _copy_rows(
    before: sqlite3.Connection,
    after: sqlite3.Connection,
    table: str,
    where: str = "TRUE",
    values: Iterable[object] = (),
    *,
    known: str = "FAIL",
) -> None:
    """Copy rows; `known` says what becomes of those that are there already, as SQL has it."""
    columns = [name for name in _columns(before, table) if name in set(_columns(after, table))]
    listed = ", ".join(map(quoted, columns))
    rows = before.execute(f"SELECT {listed} FROM {quoted(table)} WHERE {where}", tuple(values))
    places = ", ".join("?" * len(columns))
    after.executemany(f"INSERT OR {known} INTO {quoted(table)} ({listed}) VALUES ({places})", rows)


def _copy_about(before: sqlite3.Connection, after: sqlite3.Connection, table: str, name: str) -> None:
    if _has(before, table) and _has(after, table):
        _copy_rows(before, after, table, "lower(table_name) = lower(?)", (name,))


def _copy_sequences(before: sqlite3.Connection, after: sqlite3.Connection, names: Iterable[str]) -> None:
    """Go on counting rows where the old table stood, so that no id is given twice."""
    if not (_has(before, "sqlite_sequence") and _has(after, "sqlite_sequence")):
        return
    for name in names:
        rows = before.execute("SELECT name, seq FROM sqlite_sequence WHERE name = ?", (name,)).fetchall()
        after.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        after.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", rows)


def _copy_references(before: sqlite3.Connection, after: sqlite3.Connection, names: Iterable[str]) -> None:
    """Copy the reference systems of layers; one that is there already is the same by its number."""
    if _has(before, "gpkg_spatial_ref_sys") and _has(after, "gpkg_spatial_ref_sys"):
        for name in names:
            sql = "srs_id IN (SELECT srs_id FROM gpkg_contents WHERE lower(table_name) = lower(?))"
            _copy_rows(before, after, "gpkg_spatial_ref_sys", sql, (name,), known="IGNORE")


def _copy_metadata(before: sqlite3.Connection, after: sqlite3.Connection, names: Iterable[str]) -> None:
    """Copy what is said of tables under numbers that are free."""
    if not (_has(before, "gpkg_metadata_reference") and _has(after, "gpkg_metadata_reference")):
        return
    numbers: dict[int, int] = {}
    for name in names:
        sql = "SELECT * FROM gpkg_metadata_reference WHERE lower(table_name) = lower(?)"
        for *about, number, parent in before.execute(sql, (name,)).fetchall():
            for one in (one for one in (number, parent) if one is not None and one not in numbers):
                row = "SELECT md_scope, md_standard_uri, mime_type, metadata FROM gpkg_metadata WHERE id = ?"
                (record,) = before.execute(row, (one,)).fetchall()
                made = after.execute(
                    "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) "
                    "VALUES (?, ?, ?, ?)",
                    record,
                )
                numbers[one] = int(made.lastrowid or 0)
            after.execute(
                "INSERT INTO gpkg_metadata_reference VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*about, numbers[number], numbers.get(parent)),
            )


def _has(database: sqlite3.Connection, table: str) -> bool:
    return bool(database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()) or (
        table == "sqlite_sequence" and bool(_columns(database, table))
    )
