"""What goes into a GeoPackage: each layer and table arranged, with its geometry, title and description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.errors import OutputError
from geo.model.schema import _POLYGONS, OPTIONAL, unit_of
from geo.text.fields import DICTIONARY_FIELDS, arrange, dictionary
from geo.text.labels import LANGUAGES, Lang, text

CRS = 4326

_GROUP_FIELDS = [
    "group_id",
    "n_members",
    "members",
    "releases",
    "releases_low",
    "releases_high",
    "population",
    "rate",
]
# What is there without rows where there is nothing to show, and its fields.
_EMPTY = {
    "groups": _GROUP_FIELDS,
    "clusters": ["cluster_id", "cluster", *_GROUP_FIELDS[1:]],
    "parameters": ["name", "value", "es", "en"],
    "join_report": ["row", "code", "name", "low", "high", "reason", "nearest", "source", "role"],
}
# What a point carries: enough to draw, filter and read it.
_POINT_FIELDS = [
    *("area_name", "cut", "region", "year", "status", "releases", "releases_low", "releases_high"),
    *("population", "population_source", "rate", "rate_low", "rate_high", "rank"),
]
# And what it carries of the gap, where there is one.
_POINT_GAPS = ["support_status", "capacity", "unmet", "unmet_low", "unmet_high"]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer or table, ready to be written."""

    name: str
    table: pd.DataFrame
    """Arranged, without geometry."""
    geometry: gpd.GeoSeries | None
    """In EPSG:4326, on the rows of the table; None for a table."""
    shape: str
    """Type of the geometry; empty for a table."""
    label: Mapping[Lang, str]
    """What it holds, in a word or two: communes, or areas of another country."""
    title: Mapping[Lang, str]
    """The same with the title of the result."""
    description: Mapping[Lang, str]


def arranged_layers(
    areas: gpd.GeoDataFrame,
    given: Mapping[str, pd.DataFrame | None],
    *,
    subject: str,
    schematic: bool,
    title: Mapping[Lang, str],
    unit: str | None = None,
) -> list[Layer]:
    """Arrange every layer and table of a GeoPackage, in the order in which they stand in it.

    Parameters
    ----------
    areas : GeoDataFrame
        One row per area: the layer ``communes``, and the layer ``points`` with a point within each.
    given : mapping of str to DataFrame
        ``groups``, ``clusters``, ``regions``, ``support_gaps`` (polygons), ``parameters`` and
        ``join_report`` (tables). Of those that are None, ``regions`` and ``support_gaps`` are left out and
        the others are empty.
    subject : str
        What the table counts.
    schematic : bool
        Whether the boundaries are schematic: titles and descriptions then say so.
    title : mapping of str to str
        Title of the result by language, added to that of each layer; may be empty.
    unit : {"communes", "areas"}, optional
        What areas are called; by default as their columns tell.

    Raises
    ------
    OutputError
        If a layer has no coordinate system, or other shapes than polygons.

    Examples
    --------
    >>> from shapely.geometry import box
    >>> areas = gpd.GeoDataFrame({"cut": ["15101"]}, geometry=[box(-70, -19, -69, -18)], crs=4326)
    >>> layers = arranged_layers(areas, {}, subject="releases", schematic=False, title={})
    >>> [layer.name for layer in layers if layer.shape], layers[0].title["es"]
    (['communes', 'groups', 'clusters', 'points'], 'Comunas')
    """
    frames: dict[str, pd.DataFrame] = {"communes": areas}
    frames |= {name: _or_empty(name, given.get(name)) for name in ("groups", "clusters")}
    for name in OPTIONAL:
        frame = given.get(name)
        frames |= {} if frame is None else {name: frame}
    frames["points"] = _points(areas, given.get("support_gaps"))
    frames |= {name: _or_empty(name, given.get(name)) for name in ("parameters", "join_report")}
    tables = {name: _table(name, frame, subject) for name, frame in frames.items()}
    empty = pd.DataFrame(columns=DICTIONARY_FIELDS)
    tables["dictionary"] = arrange(dictionary(tables | {"dictionary": empty}, subject=subject))
    called = unit or unit_of(areas)
    return [
        _layer(name, table, frames.get(name), words=_words(name, called), schematic=schematic, title=title)
        for name, table in tables.items()
    ]


def _words(name: str, unit: str) -> str:
    """Name the texts of a layer, which are not about communes where areas are something else."""
    own = ("communes", "groups", "support_gaps", "points")
    return name if unit == "communes" or name not in own else f"{name}_abroad"


def _or_empty(name: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    if frame is not None and len(frame.columns):
        return frame
    empty = pd.DataFrame(columns=_EMPTY[name])
    return gpd.GeoDataFrame(empty, geometry=[], crs=CRS) if name in _POLYGONS else empty


def _points(areas: gpd.GeoDataFrame, gaps: pd.DataFrame | None) -> gpd.GeoDataFrame:
    """One point within each area; none where it has no polygon."""
    known = pd.DataFrame(areas[[name for name in _POINT_FIELDS if name in areas]])
    if gaps is not None:
        known = known.join(gaps[_POINT_GAPS])
    return gpd.GeoDataFrame(known, geometry=_polygons(areas).representative_point())


def _table(layer: str, frame: pd.DataFrame, subject: str) -> pd.DataFrame:
    by_area = "area_id" if layer in ("communes", "support_gaps", "points") else None
    return arrange(_unclashed(frame), subject=subject, index=by_area)


def _unclashed(frame: pd.DataFrame) -> pd.DataFrame:
    """Rename columns that SQLite would take for another: it ignores case, and two names are its own."""
    taken, names = {"fid", "geom"}, {}
    for column in frame:
        name, number = str(column), 2
        while name.lower() in taken:
            name, number = f"{column}_{number}", number + 1
        taken.add(name.lower())
        names[column] = name
    return frame.rename(columns=names)


def _layer(
    name: str,
    table: pd.DataFrame,
    frame: pd.DataFrame | None,
    *,
    words: str,
    schematic: bool,
    title: Mapping[Lang, str],
) -> Layer:
    spatial = isinstance(frame, gpd.GeoDataFrame)
    geometry = None
    if isinstance(frame, gpd.GeoDataFrame):
        geometry = (_polygons(frame) if name in _POLYGONS else frame.geometry).reset_index(drop=True)
    titles, descriptions = {}, {}
    for lang in LANGUAGES:
        parts = [text(f"layers.{words}.title", lang), title.get(lang)]
        sentences = [text(f"layers.{words}.description", lang)]
        if any(name in table and table[name].notna().any() for name in ("web_support", "phone_support")):
            sentences.append(text("gpkg.notes.supported", lang))
        if spatial and table.empty:
            sentences.append(text("gpkg.notes.no_rows", lang))
        if spatial and schematic:
            note = text("gpkg.notes.schematic", lang)
            parts.append(note)
            sentences.append(f"{note[:1].upper()}{note[1:]}.")
        titles[lang], descriptions[lang] = " · ".join(part for part in parts if part), " ".join(sentences)
    shape = ("MultiPolygon" if name in _POLYGONS else "Point") if spatial else ""
    return Layer(
        name=name,
        table=table,
        geometry=geometry,
        shape=shape,
        label={lang: text(f"layers.{words}.title", lang) for lang in LANGUAGES},
        title=titles,
        description=descriptions,
    )


def _polygons(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    geometry = frame.geometry
    if geometry.crs is None:
        raise OutputError(
            "the coordinate system of a layer is known", "polygons without one", "set it with .set_crs(...)"
        )
    other = sorted(set(geometry.geom_type.dropna()) - {"Polygon", "MultiPolygon"})
    if other:
        raise OutputError(
            "areas are polygons", ", ".join(other), "repair the layer (geo.read_boundaries does)"
        )
    return geometry.to_crs(CRS)
