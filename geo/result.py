"""What a run gives back: tables, statistics, where everything came from, and how to write it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.analysis.concentration import Tests
from geo.analysis.curves import Curves
from geo.analysis.stability import Stability
from geo.boundaries.join import Accounting


@dataclass(frozen=True, kw_only=True)
class Result:
    """Everything one run found. Nothing in it is rounded."""

    title: Mapping[str, str]
    """Title by language."""
    subject: str
    """What was counted: a key of ``[subjects]`` in ``maps/labels.toml``."""
    areas: gpd.GeoDataFrame
    """One row per area, columns as in the GeoPackage, index ``area_id``, EPSG:4326."""
    groups: gpd.GeoDataFrame
    """Adjoining areas of the set of highest rates, dissolved: a description."""
    clusters: gpd.GeoDataFrame
    """Adjoining areas of one significant label, dissolved."""
    regions: gpd.GeoDataFrame | None
    """Sums by region with their bounds and shares, dissolved; None where areas have no region."""
    tests: Tests
    """Statistics of the map as a whole."""
    stability: Stability | None
    """How far the labels hold under other weights and populations; None where there was no local test."""
    curves: Curves
    """What the figures show beyond the columns of the areas."""
    accounting: Accounting
    """Where every row of the table went."""
    unmatched: pd.DataFrame
    """Rows of the table that are on no area: ``row, name, low, high, reason, nearest, source``."""
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

    def summary(self, lang: str = "en") -> list[str]:
        """Tell the result in a dozen lines.

        Parameters
        ----------
        lang : {"es", "en"}
        """
        from geo.maps.summary import summary_lines

        return summary_lines(self, lang)

    def write(
        self, folder: str | PathLike[str] = "retorno-out", *, lang: str = "en", overwrite: bool = False
    ) -> dict[str, Path]:
        """Write the GeoPackage, the map, the tables and the manifest.

        Parameters
        ----------
        folder : path
            Made if it does not exist.
        lang : {"es", "en"}
            Language of aliases, headers and texts; the map switches between both.
        overwrite : bool
            Whether files of an earlier run may be replaced.

        Returns
        -------
        dict of str to Path
            What was written, by kind: ``geopackage, map, csv, xlsx, manifest``.

        Raises
        ------
        OutputError
            If a file exists already, or the folder cannot be written. Nothing half-written stays.
        """
        from geo.maps.output import write_all

        return write_all(self, Path(folder), lang=lang, overwrite=overwrite)
