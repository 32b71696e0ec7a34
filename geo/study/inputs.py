"""What a run is given, opened and brought together: the table, the areas and their inhabitants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.assets import asset
from geo.boundaries.cache import read_record
from geo.boundaries.download import Progress
from geo.boundaries.join import join, told_by_table
from geo.boundaries.layer import open_boundaries, schematic_boundaries
from geo.boundaries.official import open_cached, preferred_boundaries
from geo.boundaries.regions import drawn_regions, in_region
from geo.controls import without_controls
from geo.data.knowncounts import known_counts
from geo.data.shipped import named_study, studies, study_table
from geo.data.table import of_year, read_table
from geo.errors import InputError, MatchError
from geo.files.fingerprint import fingerprint
from geo.model.country import Pair, PopulationSeries, Register
from geo.model.measure import Measure
from geo.model.options import Coverage, LayerTaken, Options
from geo.model.paths import PathOrName
from geo.model.polygons import Boundaries
from geo.model.programmes import Inventory
from geo.model.studies import Study
from geo.model.tables import Joined, Table
from geo.register.populations import inhabitants
from geo.register.registers import registers


@dataclass(frozen=True, kw_only=True)
class Population:
    """Inhabitants by area and where they are from."""

    values: pd.Series
    """Int64, for every area of the layer."""
    name: str
    """``ine2002``, ``ine2017``, ``printed`` or a file's name."""
    file: Traversable | None = None
    """The file they were read from, if it is not the table itself."""
    unmatched: pd.DataFrame | None = None
    """Rows of that file that are on no area."""
    codes_unused: str | None = None
    """What :class:`geo.model.tables.Joined` says of that file's codes."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything a run starts from."""

    study: Study | None
    table: Table
    year: int | None
    region: str | None
    """The region that was asked for, as it was named."""
    bounds: Boundaries
    areas: gpd.GeoDataFrame
    """The areas in question: all of the layer, or one region's."""
    joined: Joined
    counts: pd.DataFrame
    """What is known of each count, for every area of the layer, and whether the table lists it
    (``in_table``); see :func:`geo.data.knowncounts.known_counts`."""
    coverage: Coverage
    """Whether areas without a row are unknown, or come after the list."""
    population: Population
    files: tuple[Mapping[str, str], ...]
    """``role``, ``name``, ``sha256`` of every file read."""

    @property
    def measure(self) -> Measure:
        """What was counted."""
        return self.study.measure if self.study else Measure()

    @property
    def register(self) -> Register | None:
        """The register that the areas are from, where one knows them."""
        return self.bounds.register

    @property
    def region_name(self) -> str | None:
        """Name of the one region that is mapped; None where all are."""
        return str(self.areas["region"].iloc[0]) if self.region else None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The layer's pairs of neighbours, as far as both are areas in question."""
        here = set(self.areas.index)
        return tuple((a, b) for a, b in self.bounds.pairs if a in here and b in here)


def open_inputs(
    options: Options, *, progress: Callable[[str], None], download: Progress | None = None
) -> Inputs:
    """Open and join what a run is asked for.

    Parameters
    ----------
    options : Options
    progress, download : callable
        As in :func:`geo.run`.
    """
    progress("table")
    study = named_study(options.source)
    table = study_table(study) if study else _table(options)
    table, year = of_year(table, options.year or (study.year if study else None))
    if study and year != study.year and table.rows["year"].isna().all():
        raise InputError(f"{study.name} is about {study.year}", f"year {year}", "leave --year out")
    progress("boundaries")
    bounds = _bounds(options, download)
    bounds = replace(bounds, areas=told_by_table(table, bounds.areas))
    regions = drawn_regions(bounds.areas) if bounds.register else bounds.areas
    areas = regions if options.region is None else in_region(regions, options.region)
    progress("join")
    joined = join(table, areas, layer=bounds.areas)
    # Bounds come from the whole table, also where only one region is mapped.
    whole = join(table, bounds.areas)
    people = _population(options.population, year, whole, bounds)
    cover: Coverage = options.coverage or (study.coverage if study else "all")
    counts = known_counts(whole.frame, people.values, coverage=cover)
    return Inputs(
        study=study,
        table=table,
        year=year,
        region=options.region,
        bounds=bounds,
        areas=areas,
        joined=joined,
        counts=counts.assign(in_table=whole.frame["row"].notna()),
        coverage=cover,
        population=people,
        files=_files(study, options.source, bounds, people),
    )


def _table(options: Options) -> Table:
    source = options.source
    if not _exists(source) and not Path(source).suffix:
        raise InputError(
            "a run takes a table file or a shipped study (" + ", ".join(studies()) + ")",
            repr(str(source)),
            "check the name or the path",
        )
    return read_table(
        source, columns=options.columns, decimal=options.decimal, sheet=options.sheet, year=options.year
    )


def _exists(path: PathOrName) -> bool:
    """Whether there is such a file; a name too long for the system is none."""
    try:
        return Path(path).exists()
    except OSError:
        return False


def _bounds(options: Options, download: Progress | None) -> Boundaries:
    """Open the layer that was named, the one that an earlier run took, or the best there is."""
    named, how = options.boundaries, (options.id_field, options.layer, options.crs)
    if isinstance(named, LayerTaken):
        if named.file is None:
            return schematic_boundaries(why=named.why, failure=named.failure)
        if read_record(named.file) is None:
            received, remedy = f"{named.file} without its record", "get it again: retorno boundaries get NAME"
            raise InputError("a layer of the cache stands beside what is known of it", received, remedy)
        return replace(open_cached(named.file), why=named.why, failure=named.failure)
    if named is None and not any(how):
        return preferred_boundaries(attempt=not options.offline, progress=download)
    return _boundaries(named, *how)


def _boundaries(
    boundaries: PathOrName | None, id_field: str | None, layer: str | None, crs: str | None
) -> Boundaries:
    how = id_field or layer or crs
    if how and boundaries in (None, "schematic"):
        raise InputError(
            "--id, --layer and --crs say how to read a boundaries file", repr(how), "add --boundaries FILE"
        )
    if boundaries in (None, "schematic"):
        return schematic_boundaries()
    return open_boundaries(boundaries, id_field=id_field, layer=layer, crs=crs)


def _population(
    chosen: PathOrName | None, year: int | None, joined: Joined, bounds: Boundaries
) -> Population:
    own = bounds.register.series if bounds.register else ()
    if chosen is None:
        usual = (one.name for one in own if one.until is None or (year or 0) <= one.until)
        chosen = next(usual, "printed")
    name = chosen if isinstance(chosen, str) else ""  # a path is a file, whatever it is called
    if name == "printed":
        values = joined.frame["population"].astype("Int64")
        if values.isna().all():
            raise InputError(
                "rates need inhabitants", "a table without a column of population", "give --population FILE"
            )
        return Population(values=values, name=name)
    for register in registers():
        series = next((one for one in register.series if one.name == name), None)
        if series is not None:
            return _official(series, register, year, bounds)
    return _population_file(Path(chosen), year, bounds.areas)


def _official(
    series: PopulationSeries, register: Register, year: int | None, bounds: Boundaries
) -> Population:
    here = bounds.register is register
    if not here or year is None:
        missing = "a table that names no year" if here else f"areas that are not {register.title}"
        remedy = "name it with --year" if here else "give --population FILE"
        raise InputError(f"population series {series.name} is of {register.title}, by year", missing, remedy)
    values = inhabitants(series, year).reindex(bounds.areas.index)
    file = asset("data", series.file) if series.file else None
    return Population(values=values, name=series.name, file=file)


def _population_file(path: Path, year: int | None, areas: gpd.GeoDataFrame) -> Population:
    if not _exists(path):
        raise InputError(
            "--population is ine2002, ine2017, printed or a table file", str(path), "check the path"
        )
    table, _ = of_year(read_table(path, need="population", year=year), year)
    try:
        joined = join(table, areas)
    except MatchError as error:
        raise InputError(f"populations: {error.rule}", error.received, error.remedy) from error
    values = joined.frame["population"].astype("Int64")
    shown = without_controls(path.name)
    unmatched = joined.unmatched.assign(source=shown, role="population")
    return Population(
        values=values,
        name=shown,
        file=path,
        unmatched=unmatched,
        codes_unused=joined.codes_unused,
    )


def _files(
    study: Study | None, source: PathOrName, bounds: Boundaries, population: Population
) -> tuple[Mapping[str, str], ...]:
    table = asset("data", study.table) if study else Path(source)
    layer = bounds.path or asset("boundaries", "schematic.geojson")
    opened = {"table": table, "boundaries": layer, "population": population.file}
    there = {role: file for role, file in opened.items() if file is not None}
    return tuple(_fingerprint(role, file) for role, file in there.items() if file.is_file() or file.is_dir())


def inventory_file(inventory: Inventory) -> Mapping[str, str]:
    """Name the file of an inventory as those of a run are named, with what it was when it was read."""
    return {"role": "inventory", "name": inventory.source, "sha256": inventory.sha256}


def _fingerprint(role: str, file: Path | Traversable) -> Mapping[str, str]:
    """Name a file that was read, and what tells one version of it from another."""
    return {"role": role, "name": without_controls(file.name), "sha256": fingerprint(file)}
