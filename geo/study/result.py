"""What a run gives back: tables, statistics, where everything came from, and how to write it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from geo.model.curves import Curves
from geo.model.statistics import Stability, Tests
from geo.model.tables import Accounting

if TYPE_CHECKING:
    from geo.model.comparison import Correlation, Inequality
    from geo.model.programmes import SupportGap
    from geo.model.uncertainty import Unknown


@dataclass(frozen=True, kw_only=True)
class Result:
    """Everything one run found. Nothing in it is rounded."""

    title: Mapping[str, str]
    """Title by language."""
    slug: str
    """Short name, with which the names of its files begin: table, year and region (see `geo.study.slug`)."""
    subject: str
    """What was counted: a key of ``[subjects]`` in ``maps/labels.toml``."""
    study: str | None = None
    """Name of the shipped study that this is a result of; None for a table of one's own."""
    areas: gpd.GeoDataFrame
    """One row per area, columns as in the GeoPackage, index ``area_id``, EPSG:4326."""
    groups: gpd.GeoDataFrame
    """Adjoining areas of the set of highest rates, dissolved: a description."""
    clusters: gpd.GeoDataFrame
    """Adjoining areas of one significant label, dissolved."""
    regions: gpd.GeoDataFrame | None
    """Sums by region with their bounds and shares, dissolved; None where areas have no region."""
    pairs: tuple[tuple[str, str], ...]
    """Areas that adjoin, each pair once: the contiguity behind the tests."""
    tests: Tests
    """Statistics of the map as a whole."""
    stability: Stability | None
    """How far the labels hold under other weights and populations; None where there was no local test."""
    unknown: Unknown | None = None
    """What can and what cannot be known while counts are open; None where all are known."""
    curves: Curves
    """What the figures show beyond the columns of the areas."""
    accounting: Accounting
    """Where every row of the table went."""
    unmatched: pd.DataFrame
    """Rows that are on no area: ``row, code, name, low, high, reason, nearest``, the name of their file as
    ``source``, and as ``role`` what it was given as, ``table`` or ``population``."""
    without_polygon: list[str]
    """Names of the areas that the layer has no polygon for."""
    other_names: Mapping[str, list[str]]
    """Further spellings in use, by area; empty outside Chile."""
    schematic: bool
    """Whether the polygons are only a drawing."""
    parameters: Mapping[str, object]
    """Options and assumptions of the run, by name."""
    inputs: tuple[Mapping[str, str], ...]
    """Files read: ``role``, ``name``, ``sha256``."""
    source: Mapping[str, str]
    """Where the counts are from, by language."""
    caveat: Mapping[str, str]
    """What is known to be amiss with the counts, by language; empty where nothing is."""
    gap: SupportGap | None = None
    """People returning against the support that meets them; None where there is no inventory."""
    gaps: gpd.GeoDataFrame | None = None
    """The gap as a layer: one row per area, columns as in the GeoPackage; None where there is no gap."""
    inequality: Inequality | None = None
    """How unevenly counts are spread over people, by region where there are regions; None where nothing can
    be said of it."""
    zones: Inequality | None = None
    """The same by the zones in which the 2016 study tells where people return to; None elsewhere."""
    correlations: tuple[Correlation, ...] = ()
    """Rates, then counts, beside income poverty: for the shipped study of people returning, else empty."""
    recidivism: pd.DataFrame | None = None
    """Figures that this study's source texts cite, as :func:`geo.recidivism_context` gives them: context,
    from which nothing is computed; None otherwise."""

    def summary(self, lang: str = "en") -> list[str]:
        """Tell the result in a dozen lines.

        Parameters
        ----------
        lang : {"es", "en"}
        """
        from geo.text.summary import summary_lines

        return summary_lines(self, lang)

    def write(
        self,
        folder: str | PathLike[str] = "retorno-out",
        *,
        lang: str = "en",
        follow_browser: bool = False,
        basemap: str | None = None,
        basemap_credit: str | None = None,
        also: Iterable[str] = (),
        pdf: bool = False,
        overwrite: bool = False,
    ) -> dict[str, Path]:
        """Write the GeoPackage, the map, the report with its figures, the tables and the manifest.

        The names of the files begin with `slug`: results of several tables, years or regions fit in one
        folder.

        Parameters
        ----------
        folder : path
            Made if it does not exist.
        lang : {"es", "en"}
            Language of aliases, headers and texts; the map switches between both.
        follow_browser : bool
            Whether map and report start in the language of the reader's browser, where that is one of both.
        basemap, basemap_credit : str, optional
            Https address of tiles for the map to lie on where its reader asks for it, and whose they are; see
            :func:`geo.write_map`.
        also : iterable of str
            Further formats of the layers, ``geojson`` or ``geoparquet``; see :func:`geo.export`.
        pdf : bool
            Whether the report is also printed as PDF, which needs Chromium, Chrome or Edge; without one there
            is no ``pdf`` among what was written.
        overwrite : bool
            Whether files of an earlier run may be replaced. What somebody saved into the GeoPackage since
            (styles, projects, tables and layers of their own) is carried over into the new one.

        Returns
        -------
        dict of str to Path
            What was written, by kind: ``geopackage, map, report, csv, xlsx, manifest``, ``support``, ``pdf``,
            ``figure:intervals.svg`` and the like, and ``geojson:communes`` and the like for further formats.

        Raises
        ------
        OutputError
            If a file exists already, layers of an earlier run in other formats would stay beside the new
            files, the GeoPackage holds edits that a new one would lose, or the folder cannot be written.
            Nothing half-written stays.
        """
        from geo.outputs.writing import write_all

        page = {"follow_browser": follow_browser, "basemap": basemap, "basemap_credit": basemap_credit}
        return write_all(self, Path(folder), lang=lang, overwrite=overwrite, also=also, pdf=pdf, page=page)
