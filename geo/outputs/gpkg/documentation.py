"""What a GeoPackage says about itself: styles, field aliases, descriptions and codes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

import pandas as pd

from geo.model.schema import Column
from geo.outputs.drafts import written_at
from geo.symbology.qgis.stylesheets import NamedStyle
from geo.text.fields import fields, unit
from geo.text.labels import LANGUAGES, Lang, value_labels

# As in the GeoPackage standard 1.3, extension "gpkg_schema".
_SCHEMA_TABLES = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
  definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE IF NOT EXISTS gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC,
  max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema',
   'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"""

# As QGIS makes it; it looks for '' in the catalogue, schema and owner, never for NULL.
_STYLE_TABLE = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30),
  styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
"""


def describe_fields(
    database: sqlite3.Connection, tables: Mapping[str, pd.DataFrame], *, subject: str, lang: Lang
) -> None:
    """Record the alias and description of every field, and the codes of coded ones.

    Parameters
    ----------
    database : sqlite3.Connection
        An open GeoPackage that has no description of fields yet.
    tables : mapping of str to DataFrame
        The arranged table of each layer.
    subject : str
        What the table counts.
    lang : {"es", "en"}
        Language of the aliases and codes; descriptions are in both, this one first.

    Examples
    --------
    >>> database = sqlite3.connect(":memory:")
    >>> tables = {"communes": pd.DataFrame({"rank": [1]})}
    >>> describe_fields(database, tables, subject="releases", lang="es")
    >>> database.execute("SELECT table_name, column_name, title FROM gpkg_data_columns").fetchall()
    [('communes', 'rank', 'Lugar según la tasa')]
    >>> database.close()
    """
    database.executescript(_SCHEMA_TABLES)
    described = [
        (layer, field) for layer, frame in tables.items() for field in fields(frame, subject=subject)
    ]
    # Only text can be constrained to codes: the standard has no list of values for a boolean.
    coded = {field.values for _, field in described if field.values and field.type == "text"}
    database.executemany(
        "INSERT OR REPLACE INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
        [
            (
                *(layer, field.name, field.name, field.alias[lang]),
                _description(field, lang, subject),
                field.values if field.values in coded else None,
            )
            for layer, field in described
        ],
    )
    database.executemany(
        "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
        [(name, code, label) for name in sorted(coded) for code, label in value_labels(name, lang).items()],
    )


def store_styles(database: sqlite3.Connection, styles: Mapping[str, Sequence[NamedStyle]]) -> None:
    """Store the styles of every layer where QGIS looks for them, one default each.

    Parameters
    ----------
    database : sqlite3.Connection
        An open GeoPackage that has no styles yet.
    styles : mapping of str to sequence of NamedStyle
        By layer or table, as `geo.symbology.qgis.stylesheets.layer_styles` gives them.
    """
    date = f"{written_at():%Y-%m-%dT%H:%M:%S.000Z}"
    database.executescript(_STYLE_TABLE)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        (date,),
    )
    geometry = dict(database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns"))
    rows = [
        (
            *(layer, geometry.get(layer, ""), style.name, style.qml),
            *(int(style.default), style.description, date),
        )
        for layer, named in styles.items()
        for style in named
    ]
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
        "styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
        "VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', '', ?)",
        rows,
    )


def _description(field: Column, lang: Lang, subject: str) -> str:
    """Both languages, the one asked for first, each with its unit."""
    parts = []
    for language in sorted(LANGUAGES, key=lambda language: language != lang):
        measure = unit(field.name, language, subject=subject)
        parts.append(field.description[language] + (f" [{measure}]" if measure else ""))
    return " | ".join(dict.fromkeys(parts))
