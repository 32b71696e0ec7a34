"""What is known of a result as metadata: source, licence, method, date and seed, where QGIS shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from pyproj import CRS

from geo.outputs.drafts import written_at
from geo.outputs.gpkg.projection import spatial_reference
from geo.outputs.layers import Layer
from geo.symbology.qgis.literals import markup_text
from geo.symbology.qgis.qgisxml import STANDARD, qgis_document
from geo.text.labels import LANGUAGES, Lang, text, value_labels
from geo.text.numerals import number, p_value
from geo.text.summary import source_lines

if TYPE_CHECKING:
    from geo.model.result import StudyResult

# As in the GeoPackage standard 1.3, extension "gpkg_metadata".
_TABLES = """
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT,
  row_id_value INTEGER, timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec120/#extension_metadata',
   'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata',
   'http://www.geopackage.org/spec120/#extension_metadata', 'read-write');
"""
_ISO_639 = {"es": "SPA", "en": "ENG"}


@dataclass(frozen=True, kw_only=True)
class About:
    """Where a result is from and how it was made; every part may be left out."""

    sources: Mapping[Lang, Sequence[str]] = field(default_factory=dict)
    """Where counts, population and boundaries are from, as sentences."""
    method: Mapping[Lang, Sequence[str]] = field(default_factory=dict)
    """Which tests were made with which options, the seed among them, as sentences."""
    licence: Mapping[Lang, str] = field(default_factory=dict)
    """Of the boundaries, and that it is of them."""
    attribution: str = ""
    """Whose the boundaries are."""
    year: int | None = None
    """Of the counts."""


def about_result(result: StudyResult) -> About:
    """Tell where a result is from and how it was made: sources, local test, permutations and seed."""
    whose = result.boundaries.provenance
    return About(
        sources={lang: source_lines(result, lang) for lang in LANGUAGES},
        method={lang: _method(result, lang) for lang in LANGUAGES},
        licence={lang: _licence(result, lang) for lang in LANGUAGES},
        attribution=whose.attribution if whose else "",
        year=result.reading.year,
    )


def store_metadata(
    database: sqlite3.Connection, layers: Sequence[Layer], about: About, *, lang: Lang
) -> None:
    """Store what is known of each layer and table.

    Parameters
    ----------
    database : sqlite3.Connection
        An open GeoPackage with its table of extensions, that has no metadata yet.
    layers : sequence of Layer
        Those it holds.
    about : About
        What is known of the result.
    lang : {"es", "en"}
        Language of titles and words.
    """
    date = f"{written_at():%Y-%m-%dT%H:%M:%S.000Z}"
    database.executescript(_TABLES)
    for row, layer in enumerate(layers, 1):
        content = layer_metadata(layer, about, lang)
        database.execute(
            "INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, 'text/xml', ?)", (row, STANDARD, content)
        )
        database.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, ?, NULL)",
            (layer.name, date, row),
        )


def layer_metadata(layer: Layer, about: About, lang: Lang) -> str:
    """Write the metadata of one layer as QGIS does.

    Examples
    --------
    >>> import pandas as pd
    >>> words = {"es": "Comunas", "en": "Communes"}
    >>> layer = Layer(
    ...     name="communes", table=pd.DataFrame(), geometry=None, shape="", label=words, title=words,
    ...     description=words)
    >>> print(layer_metadata(layer, About(method={"en": ["Seed 7."]}, licence={"en": "CC BY 4.0"}), "en"))
    <!DOCTYPE qgis ...<history>Seed 7.</history>...<license>CC BY 4.0</license>...</qgis>
    """
    root = Element("qgis", version="3.22.16")
    metadata_into(root, layer.name, layer.title[lang], layer.description[lang], about, lang)
    extent = SubElement(root, "extent")
    if layer.geometry is not None:
        SubElement(root, "crs").append(spatial_reference(CRS(4326)))
    if layer.geometry is not None and layer.geometry.notna().any():
        west, south, east, north = (f"{value:.7g}" for value in layer.geometry.total_bounds)
        SubElement(
            extent,
            "spatial",
            {"crs": "EPSG:4326", "dimensions": "2", "minx": west, "miny": south, "maxx": east, "maxy": north}
            | {"minz": "0", "maxz": "0"},
        )
    if about.year:
        period = SubElement(SubElement(extent, "temporal"), "period")
        SubElement(period, "start").text = f"{about.year}-01-01T00:00:00Z"
        SubElement(period, "end").text = f"{about.year}-12-31T00:00:00Z"
    return qgis_document(root)


def metadata_into(root: Element, name: str, title: str, abstract: str, about: About, lang: Lang) -> None:
    """Add to an element what layers and projects say of themselves in the same words.

    Examples
    --------
    >>> root = Element("qgis")
    >>> metadata_into(root, "communes", "Comunas", "", About(year=2016), "es")
    >>> root.findtext("language"), root.findtext("title")
    ('SPA', 'Comunas')
    """
    SubElement(root, "identifier").text = markup_text(name)
    SubElement(root, "language").text = _ISO_639[lang]
    SubElement(root, "type").text = "dataset"
    SubElement(root, "title").text = markup_text(title)
    SubElement(root, "abstract").text = markup_text(abstract)
    keywords = SubElement(root, "keywords", vocabulary="gmd:topicCategory")
    for category in ("Society", "Boundaries"):
        SubElement(keywords, "keyword").text = category
    for line in [*about.sources.get(lang, ()), *about.method.get(lang, ())]:
        SubElement(root, "history").text = markup_text(line)
    SubElement(root, "history").text = made(lang)
    for tag, value in (("rights", about.attribution), ("license", about.licence.get(lang, ""))):
        if value:
            SubElement(root, tag).text = markup_text(value)


def _licence(result: StudyResult, lang: Lang) -> str:
    whose = result.boundaries.provenance
    # The schematic layer is part of the package and comes with its licence.
    known = "BSD-3-Clause" if result.schematic else whose and whose.licence
    if known:
        return text("gpkg.notes.licence", lang, licence=known)
    return text("gpkg.notes.no_licence", lang, file=result.boundaries.source)


def _method(result: StudyResult, lang: Lang) -> list[str]:
    tests = result.tests
    sentence = text(
        "summary.about.seed",
        lang,
        seed=tests.seed,
        permutations=number(tests.permutations, lang),
        floor=p_value(2 / (tests.permutations + 1), lang),
    )
    local = value_labels("cluster_method", lang)[tests.method]
    return [f"{text('parameters.local_test', lang)}: {local}.", sentence]


def made(lang: Lang) -> str:
    """Name the program and the day.

    Examples
    --------
    >>> made("es").startswith("Hecho con retorno")
    True
    """
    return text("gpkg.notes.made", lang, version=_version(), date=f"{written_at():%Y-%m-%d}")


@cache
def _version() -> str:
    return version("retorno")


def both(title: str | Mapping[Lang, str] | None) -> dict[Lang, str]:
    """Take a title in one language for both.

    Examples
    --------
    >>> both("Arica"), both(None)
    ({'es': 'Arica', 'en': 'Arica'}, {})
    """
    if not title:
        return {}
    return dict.fromkeys(LANGUAGES, title) if isinstance(title, str) else dict(title)
