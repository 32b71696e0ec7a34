"""The verbs of the job and the result that users hold: what is computed meets what is written here alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from importlib import import_module
from os import PathLike
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from geo.boundaries.contiguity import touching
from geo.boundaries.download import Progress
from geo.errors import InputError
from geo.model.country import Rule
from geo.model.options import Coverage, Options
from geo.model.paths import PathOrName
from geo.model.programmes import InventorySource
from geo.model.result import StudyResult
from geo.stats.weights.links import links_from_positions
from geo.study.pipeline import compute
from geo.text.labels import Lang, language
from geo.text.summary import file_lines, summary_lines

if TYPE_CHECKING:
    from libpysal.graph import Graph


@dataclass(frozen=True, kw_only=True)
class Result(StudyResult):
    """Everything one run found, and how to tell it and write it out. Nothing in it is rounded."""

    def summary(self, lang: str = "en") -> list[str]:
        """Tell the result in a dozen lines.

        Parameters
        ----------
        lang : {"es", "en"}

        Raises
        ------
        OutputError
            If there are no texts in that language.
        """
        return summary_lines(self, language(lang))

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
            :func:`geo.outputs.web.mappage.write_map`.
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
        from geo.outputs.writing import write_all  # loads half of what a run loads, and most need it late

        page = {"follow_browser": follow_browser, "basemap": basemap, "basemap_credit": basemap_credit}
        return write_all(self, Path(folder), lang=lang, overwrite=overwrite, also=also, pdf=pdf, page=page)


def run(
    source: PathOrName | Options = Options.source,
    *,
    boundaries: PathOrName | None = None,
    id_field: str | None = None,
    layer: str | None = None,
    crs: str | None = None,
    offline: bool = False,
    population: PathOrName | None = None,
    year: int | None = None,
    region: str | None = None,
    coverage: Coverage | None = None,
    columns: Mapping[str, str] | None = None,
    decimal: str | None = None,
    sheet: str | None = None,
    inventory: InventorySource | None = None,
    permutations: int = Options.permutations,
    imputations: int = Options.imputations,
    rng: int = Options.rng,
    progress: Callable[[str], None] | None = None,
    ready: Callable[[str], None] | None = None,
    download: Progress | None = None,
) -> Result:
    """Turn a table of releases by area into rates, tested clusters and maps.

    Parameters
    ----------
    source : str, path or Options
        A shipped study (``chile-2016``, ``dmcs-2016``) or a table file; or all choices at once, beside which
        no other is made.
    boundaries : path, optional
        Vector file of the areas, or ``schematic``. By default the official layer in the cache; without one,
        one quick attempt to download it; failing that, the schematic one.
    id_field, layer, crs : str, optional
        Field with the areas' ids, layer and coordinate system of the boundaries' file.
    offline : bool
        Whether not to try a download; the environment variable ``RETORNO_OFFLINE`` says the same.
    population : str or path, optional
        ``ine2002``, ``ine2017``, ``printed`` (as the table has it) or a table file. By default INE base 2002
        up to 2020 and base 2017 after it; ``printed`` outside Chile.
    year : int, optional
        Year of the counts, where the table does not say it or has several.
    region : str, optional
        Name of a region, in Chile also its number; only its areas are tested and mapped.
    coverage : {"all", "highest"}, optional
        Whether areas without a row are unknown, or have rates at or below the table's last one.
    columns, decimal, sheet
        How to read the table; see :func:`geo.read_table`.
    inventory : Inventory or path, optional
        Support that meets the people who return, as :func:`geo.read_inventory` gives it or a file of it; by
        default that of the shipped study, if it has one.
    permutations : int
        Permutations of each simulated test.
    imputations : int
        Tables that a model completes where counts are not all known; 0 for none.
    rng : int
        Seed; the same inputs and seed give the same result.
    progress : callable, optional
        Called with the name of each step: table, boundaries, join, tests.
    ready : callable, optional
        Called with the short name of the result when the inputs are read and nothing is computed yet. What it
        raises ends the run.
    download : callable, optional
        Called with the bytes received and expected of a download.

    Returns
    -------
    Result

    Raises
    ------
    GeoError
        If an input cannot be used; the message says what was received and what to do.

    Examples
    --------
    >>> result = run("chile-2016", boundaries="schematic", permutations=999)
    >>> result.areas.loc["05101", "area_name"], int(result.areas.loc["05101", "releases"])
    ('Valparaíso', 599)
    >>> result.tests.join_count.observed, round(result.tests.join_count.expected, 2)
    (14, 7.71)
    """
    beside = Options(
        boundaries=boundaries,
        id_field=id_field,
        layer=layer,
        crs=crs,
        offline=offline,
        population=population,
        year=year,
        region=region,
        coverage=coverage,
        columns=columns,
        decimal=decimal,
        sheet=sheet,
        inventory=inventory,
        permutations=permutations,
        imputations=imputations,
        rng=rng,
    )
    options = source if isinstance(source, Options) else replace(beside, source=source)
    if options is source and beside != Options():
        named = [field.name for field in fields(beside) if getattr(beside, field.name) != field.default]
        remedy = "put them into the Options"
        raise InputError("beside Options nothing else is chosen", ", ".join(named), remedy)
    return Result(**vars(compute(options, progress=progress, ready=ready, download=download)))


def before_writing(
    folder: str | PathLike[str] = "retorno-out",
    *,
    also: Iterable[str] = (),
    basemap: str | None = None,
    overwrite: bool = False,
) -> Callable[[str], None]:
    """Check what would keep a result from being written; what depends on its name, when that is known.

    Parameters
    ----------
    folder, also, basemap, overwrite
        As in :meth:`Result.write`.

    Returns
    -------
    callable
        The `ready` of :func:`run`.

    Raises
    ------
    OutputError
        If a format or an address cannot be used.

    Examples
    --------
    >>> before_writing(also=["shapefile"])
    Traceback (most recent call last):
        ...
    geo.errors.OutputError: layers are exported as known formats; received 'shapefile'; name ...
    """
    from geo.outputs.layerformats import known_formats
    from geo.outputs.refusals import refuse_unwritable
    from geo.outputs.web.basemap import tile_source

    formats = known_formats(also)
    if basemap is not None:
        tile_source(basemap)
    # What writes takes a third of a second to load, in which the tests need only the other cores.
    Thread(target=_load, args=("geo.outputs.writing",), daemon=True).start()
    return lambda slug: refuse_unwritable(Path(folder), slug, overwrite=overwrite, formats=formats)


def written_lines(written: Mapping[str, Path], lang: Lang = "en") -> list[str]:
    """Say where files are and what each is for, and what a GeoPackage has from the one it replaced.

    Parameters
    ----------
    written : mapping of str to Path
        As :meth:`Result.write` and :func:`geo.export` give it.
    lang : {"es", "en"}
    """
    from geo.outputs.gpkg.carryover import carried_into
    from geo.outputs.layerformats import layer_formats

    carried = carried_into(written["geopackage"]) if "geopackage" in written else ()
    purposes = {name: kind.purpose[lang] for name, kind in layer_formats().items()}
    return file_lines(written, lang, carried=carried, purposes=purposes)


def _load(module: str) -> None:
    """Import ahead of need; what is wrong with it is said where it is needed."""
    with suppress(Exception):
        import_module(module)


def contiguity(areas: gpd.GeoDataFrame, *, rule: Rule = "queen") -> Graph:
    """Measure which areas adjoin as a binary graph.

    Parameters
    ----------
    areas : GeoDataFrame
        Valid polygons; areas without one become islands.
    rule : {"queen", "rook"}
        ``queen``: areas adjoin that share at least one point. ``rook``: only those that share a stretch of
        border, or overlap.

    Returns
    -------
    libpysal.graph.Graph
        One entry per area, islands included.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(0, 0, 1, 1), box(1, 1, 2, 2), box(3, 3, 4, 4)]
    >>> areas = gpd.GeoDataFrame(geometry=squares, index=list("abc"))
    >>> contiguity(areas)["a"].index.tolist(), contiguity(areas, rule="rook").isolates.tolist()
    (['b'], ['a', 'b', 'c'])
    """
    first, second = touching(areas, rule)
    links = links_from_positions(np.append(first, second), np.append(second, first), 1, areas.index)
    return links.to_graph()
