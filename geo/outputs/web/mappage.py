"""The web map: one HTML file that works by double click, without a network, in Spanish and English.

Python gathers what the page shows into one JSON object; ``maps/page`` does all showing, so that the
language and the layer can be switched without a reload. The geometry stands in the file once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.controls import without_controls
from geo.errors import OutputError
from geo.model.schema import unit_of
from geo.outputs.display import SCALE, encode, first_view, places, simplify
from geo.outputs.drafts import written_whole
from geo.outputs.web.basemap import tile_source
from geo.outputs.web.leaflet import OfflineMap
from geo.symbology.themes import CHANNELS, LAYERS
from geo.text.about import about
from geo.text.labels import LANGUAGES, Lang, columns, label_table, palette, text, value_labels

# What the card, the table and the search need, with the decimals that are stored; a column not named here
# never reaches the page. Its rows are in maps/page/facts.js, its types in tests/page/types.d.ts.
_CARD = {
    **dict.fromkeys(["area_name", "province", "region", "status", "population_source"]),
    **dict.fromkeys(["releases", "releases_low", "releases_high", "population", "rank", "neighbors"], 0),
    **dict.fromkeys(["rate", "rate_low", "rate_high"], 1),
    **dict.fromkeys(["rate_published", "population_published", "rank_published"], 1),
    **dict.fromkeys(["group_id", "cluster", "cluster_note", "cluster_adjusted", *CHANNELS]),
    **dict.fromkeys(["reliable", "listed", "survives_adjustment"]),
    **dict.fromkeys(["stability", "agreement", "certainty"], 3),
    "certainty_label": None,
    **dict.fromkeys(["imputed_median", "imputed_low", "imputed_high"], 0),
    **dict.fromkeys(["support_status", "provider"]),
    **dict.fromkeys(["capacity_low", "capacity_high", "unmet", "unmet_low", "unmet_high"], 0),
}
_NEED = "need_"  # begins the columns of needs


def write_map(
    areas: gpd.GeoDataFrame,
    path: str | PathLike[str],
    *,
    groups: gpd.GeoDataFrame | None = None,
    clusters: gpd.GeoDataFrame | None = None,
    support_gaps: pd.DataFrame | None = None,
    pairs: Iterable[tuple[str, str]] = (),
    subject: str = "releases",
    unit: str | None = None,
    lang: Lang = "en",
    follow_browser: bool = False,
    schematic: bool = False,
    coverage: str = "all",
    other_names: Mapping[str, Sequence[str]] | None = None,
    title: Mapping[str, str] | str | None = None,
    headline: Mapping[str, list[str]] | None = None,
    sources: Mapping[str, list[str]] | None = None,
    report: str | None = None,
    files: Sequence[str] = (),
    basemap: str | None = None,
    basemap_credit: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write one HTML file with the map, its legend, a search, a table and a card per area.

    Parameters
    ----------
    areas : GeoDataFrame
        One row per area, columns as in ``maps/columns.toml``; `area_name` and `rate` are needed, the rest is
        shown where it is there.
    path : path-like
        The file to write.
    groups, clusters : GeoDataFrame, optional
        Dissolved layers; listed under their legend, to jump to.
    support_gaps : DataFrame, optional
        Per area the people who return against the support that meets them, as a result has it.
    pairs : iterable of pairs of ids
        Areas that adjoin; each is named on the card of the other.
    subject : str
        What the table counts: a key of ``[subjects]`` in ``maps/labels.toml``.
    unit : {"communes", "areas"}, optional
        What areas are called; by default as their columns tell.
    lang : str
        Language the page starts in, ``es`` or ``en``; it holds both.
    follow_browser : bool
        Whether it starts in the language of the reader's browser where that is one of the two.
    schematic : bool
        Whether the polygons are no official boundaries; the page then says so.
    coverage : str
        ``highest`` where areas off the list are bounded by it; their cards then say so.
    other_names : mapping of id to list of str, optional
        Further names that the search finds an area by; its id is found in any case.
    title : str or mapping of str to str, optional
        Heading, the same or one per language.
    headline, sources : mapping of str to list of str, optional
        Sentences per language, beside and below the map.
    report : str, optional
        File name of a report beside the map, to link to.
    files : sequence of str
        Names of further files beside it.
    basemap : str, optional
        Https address of tiles, with ``{z}``, ``{x}`` and ``{y}``. The page then has a box to tick that shows
        them; until it is ticked nothing is asked of the network.
    basemap_credit : str, optional
        Whose the tiles are; by default the name of their server.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        If the file exists and `overwrite` is False, a needed column or any area is missing, or `basemap` is
        no address of tiles.

    Examples
    --------
    >>> import shapely, tempfile
    >>> areas = gpd.GeoDataFrame(
    ...     {"area_name": ["Arica"], "rate": [164.0]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326
    ... )
    >>> page = write_map(areas, Path(tempfile.mkdtemp()) / "map.html", lang="es")
    >>> '<html lang="es">' in page.read_text(encoding="utf-8")
    True
    """
    _check(areas)
    if support_gaps is not None:
        more = [name for name in support_gaps if name not in areas]
        areas = areas.join(pd.DataFrame(support_gaps[more]))
    tiles = tile_source(basemap) if basemap else ""
    names = title if isinstance(title, Mapping) else dict.fromkeys(LANGUAGES, title or "")
    data: dict[str, Any] = {
        "lang": lang,
        "follow": follow_browser,
        "title": dict(names),
        "headline": dict(headline or {}),
        "sources": dict(sources or {}),
        "report": report,
        "basemap": {
            "url": basemap,
            "credit": without_controls(basemap_credit or "") or tiles.removeprefix("https://"),
        },
        "schematic": schematic,
        "coverage": coverage,
        "other": [[str(i), *(other_names or {}).get(str(i), [])] for i in areas.index],
        "neighbors": _neighbors(areas, pairs),
        "channels": [name for name in CHANNELS if name in areas and areas[name].notna().any()],
        "lines": palette("line"),
        "columns": _columns(areas),
        "needs": _needs(areas),
        "layers": _layers(areas, groups, clusters),
        **_words(areas, subject, unit or _unit(areas), report, files),
        **_geometry(areas),
    }
    heading = names.get(lang) or data["texts"][lang]["page.title"]
    page = OfflineMap(data, title=heading, lang=lang, images=tiles)
    with written_whole(path, overwrite=overwrite) as draft:
        draft.write_text(page.render_page(), encoding="utf-8", newline="\n")
    return Path(path)


def _check(areas: gpd.GeoDataFrame) -> None:
    lacking = [name for name in ("area_name", "rate") if name not in areas]
    shapes = areas.geometry[~(areas.geometry.is_empty | areas.geometry.isna())]
    other = sorted(set(shapes.geom_type) - {"Polygon", "MultiPolygon"})
    if lacking or other or shapes.empty or areas.crs is None:
        rule = "a map needs polygons in a known coordinate system, each with a name and a rate"
        received = (
            f"{len(shapes)} {' and '.join(other) or 'polygons'}, coordinate system {areas.crs}, "
            f"without {' and '.join(lacking) or 'gaps'}"
        )
        raise OutputError(rule, received, "pass the areas of a result, or set the missing column or crs")


def _neighbors(areas: gpd.GeoDataFrame, pairs: Iterable[tuple[str, str]]) -> list[list[int]]:
    """List the positions of each area's neighbours."""
    neighbors: list[list[int]] = [[] for _ in range(len(areas))]
    position = {name: i for i, name in enumerate(areas.index)}
    for a, b in pairs:
        if a in position and b in position:
            neighbors[position[a]].append(position[b])
            neighbors[position[b]].append(position[a])
    return [sorted(near) for near in neighbors]


def _words(
    areas: gpd.GeoDataFrame, subject: str, unit: str, report: str | None, files: Sequence[str]
) -> dict[str, Any]:
    """Collect all that the page says, in both languages, so that it can be switched without a reload."""
    known = {name: column for name, column in columns(subject).items() if name in _CARD}
    coded = sorted({column.values for column in known.values() if column.values} | {"need"})
    texts = {lang: _texts(lang, subject, areas, unit) for lang in LANGUAGES}

    def answers(lang: Lang) -> dict[str, list[str]]:
        def say(key: str, /, **fill: object) -> str:
            return _fill(texts[lang][f"answer.{key}"], fill)

        return about(areas, lang, say, report=report, files=files)

    return {
        "about": {lang: answers(lang) for lang in LANGUAGES},
        "texts": {
            lang: {key: template for key, template in texts[lang].items() if not key.startswith("answer.")}
            for lang in LANGUAGES
        },
        "values": {lang: {table: value_labels(table, lang) for table in coded} for lang in LANGUAGES},
        "aliases": {lang: {name: known[name].alias[lang] for name in known} for lang in LANGUAGES},
    }


def _unit(areas: gpd.GeoDataFrame) -> str:
    """Say what areas are called that say it by their columns alone; no word fits some of them but all."""
    mixed = "cut" in areas and bool(areas["cut"].isna().any())
    return "areas" if mixed else unit_of(areas)


def _texts(lang: Lang, subject: str, areas: gpd.GeoDataFrame, unit: str) -> dict[str, str]:
    """Flatten ``[map]`` of the catalogue to dotted keys, and fill in what this map is about."""
    area, several = unit.removesuffix("s"), unit
    years = areas["year"].dropna().unique() if "year" in areas else []
    words = {
        "area": text(f"map.words.{area}", lang),
        "areas": text(f"map.words.{several}", lang),
        "of_area": text(f"map.words.of_{area}", lang),
        "counts": text(f"subjects.{subject}.counts", lang),
        "definition": text(f"subjects.{subject}.definition", lang),
        "year": " · ".join(str(year) for year in sorted(years)),
    }
    words |= {f"{n}_capital": words[n][:1].upper() + words[n][1:] for n in ("area", "areas", "counts")}
    return {
        f"{table}.{key}": _fill(entry[lang], words).removeprefix(". ")
        for table, entries in label_table("map").items()
        for key, entry in entries.items()
    }


def _fill(template: str, words: Mapping[str, object]) -> str:
    """Fill in the braces that are known; the others are for the page."""
    for name, word in words.items():
        template = template.replace(f"{{{name}}}", str(word))
    return template


def _columns(areas: gpd.GeoDataFrame) -> dict[str, list[Any]]:
    """Store each column that has any value; numbers with the decimals that the page can show."""
    return {
        name: [_plain(value, decimals) for value in areas[name]]
        for name, decimals in _CARD.items()
        if name in areas and areas[name].notna().any()
    }


def _needs(areas: gpd.GeoDataFrame) -> dict[str, list[str]] | None:
    """By need what is known of it in each area, in a letter each: s(erved), n(ot), d(enied), u(nknown)."""
    names = [str(name) for name in areas if str(name).startswith(_NEED)]
    letters = {"served": "s", "not served": "n", "no programme": "d", "unknown": "u"}
    return {name.removeprefix(_NEED): [letters[status] for status in areas[name]] for name in names} or None


def _plain(value: Any, decimals: int | None) -> Any:
    if pd.isna(value) or (isinstance(value, float | np.floating) and not math.isfinite(value)):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, str):
        return value
    return round(float(value), decimals) if decimals else int(value)


def _layers(
    areas: gpd.GeoDataFrame, groups: gpd.GeoDataFrame | None, clusters: gpd.GeoDataFrame | None
) -> list[dict[str, Any]]:
    sets: dict[str, list[dict[str, Any]]] = {}
    for name, frame, number in (("groups", groups, "group_id"), ("clusters", clusters, "cluster_id")):
        if frame is not None and number in areas:
            members = [np.flatnonzero((areas[number] == one).fillna(False)) for one in frame[number]]
            sets[name] = _sets(areas, frame, members)
    return [
        {key: value for key, value in asdict(layer).items() if value is not None}
        | {"sets": sets.get(layer.id, [])}
        for make in LAYERS
        for layer in make(areas)
    ]


def _sets(areas: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, members: list[Any]) -> list[dict[str, Any]]:
    """Describe dissolved sets for the list under a legend, the members in order of their rate."""
    order = areas["rate"].rank(ascending=False, method="first", na_option="bottom").to_numpy()
    rates = frame["rate"] if "rate" in frame else pd.Series(np.nan, index=frame.index)
    labels = frame["cluster"] if "cluster" in frame else pd.Series(None, index=frame.index, dtype=object)
    return [
        {
            "members": [int(i) for i in sorted(positions, key=lambda i: order[i])],
            "rate": _plain(rate, 1),
            "label": _plain(label, None),
        }
        for positions, rate, label in zip(members, rates, labels, strict=True)
        if len(positions)
    ]


def _geometry(areas: gpd.GeoDataFrame) -> dict[str, Any]:
    light = simplify(areas)
    view = first_view(light.geometry)
    return {
        "scale": SCALE,
        "shapes": encode(light.geometry),
        "places": places(light.geometry),
        "boxes": view.boxes,
        "home": view.bounds,
        "far": view.far,
    }
