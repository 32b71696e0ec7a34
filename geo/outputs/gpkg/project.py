"""The QGIS project inside a GeoPackage: layers in groups, themes, bookmarks and print layouts.

Which layers there are follows from the styles (``style.py``): each style is a layer of the project, in the
group of its theme. Paths are relative, so that the file can be moved and mailed.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element, SubElement, fromstring

import geopandas as gpd
from pyproj import CRS
from shapely import box

from geo.assets import asset_text
from geo.outputs.display import View, first_view
from geo.outputs.drafts import written_at
from geo.outputs.gpkg.layout import PrintPage, Window, page_windows, print_layout
from geo.outputs.gpkg.metadata import About, made, metadata_into
from geo.outputs.gpkg.projection import map_crs, spatial_reference
from geo.outputs.gpkg.runidentity import layer_source
from geo.outputs.layers import Layer
from geo.symbology.qgis.literals import template_text
from geo.symbology.qgis.qgisxml import qgis_document
from geo.symbology.qgis.styles import THEMES
from geo.symbology.qgis.stylesheets import NamedStyle
from geo.text.labels import LANGUAGES, Lang, text

Extent = tuple[float, float, float, float]
OVER = (
    *("points", "groups", "clusters", "support_gaps", "communes", "regions"),
    *("parameters", "join_report", "dictionary"),
)
"""Layers and tables in the order of the tree."""
FILLS = ("support_gaps", "communes")
"""Layers that give every area a colour; a theme shows the first of these that it has."""
BETWEEN = " · "
"""Between the name of a layer and that of a style of it."""
WORLD: Extent = (-180.0, -80.0, 180.0, 80.0)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a project shows, in any language."""

    layers: Sequence[Layer]
    styles: Mapping[str, Sequence[NamedStyle]]
    file: str
    """Name of the GeoPackage."""
    run: str
    """Id of what it holds (see :mod:`geo.outputs.gpkg.runidentity`)."""
    about: About
    title: Mapping[Lang, str]
    schematic: bool

    @cached_property
    def places(self) -> gpd.GeoSeries:
        """Polygons of all areas."""
        return next(layer.geometry for layer in self.layers if layer.geometry is not None)

    @cached_property
    def view(self) -> View:
        """The bulk of the country, for the first zoom and the pages."""
        nonempty = self.places.notna() & ~self.places.is_empty
        return first_view(self.places) if nonempty.any() else View(bounds=WORLD, far=[])

    @cached_property
    def crs(self) -> CRS:
        """What the project is drawn in."""
        return map_crs(self.view)

    @cached_property
    def windows(self) -> list[Window]:
        """How the country is laid out on paper; empty where there is nothing to lay out."""
        if self.view.bounds == WORLD:
            return []
        table = self.layers[0].table
        named = {name: table[name] for name in ("area_name", "region") if name in table}
        named.setdefault("area_name", table.index.to_series().astype(str))
        return page_windows(gpd.GeoDataFrame(named, geometry=self.places))

    @cached_property
    def bookmarks(self) -> dict[str, Extent]:
        """Extent of each region in degrees, without the islands that lie far from the rest of it."""
        table = self.layers[0].table
        if "region" not in table:
            return {}
        parts = self.places.explode(index_parts=False)
        west, south, east, north = parts.bounds.to_numpy().T
        w, s, e, n = self.view.bounds
        near = parts[(west <= e) & (east >= w) & (south <= n) & (north >= s)]
        names = table["region"].dropna()
        extents = {}
        for region in sorted(names.unique()):
            own = names.index[names == region]
            inside = near[near.index.isin(own)]
            shown = inside if len(inside) else parts[parts.index.isin(own)]
            if len(shown) and not shown.is_empty.all():
                extents[str(region)] = _bounds(shown)
        return extents


@dataclass(frozen=True)
class _Entry:
    """A layer of the project: a layer or table of the file in one of its styles."""

    layer: Layer
    style: NamedStyle
    name: str
    visible: frozenset[str]
    """Themes that show it."""
    source: str

    @property
    def id(self) -> str:
        # QGIS replaces ids of ten characters and fewer.
        return f"retorno_{self.layer.name}_{self.style.key}"


def store_projects(database: sqlite3.Connection, contents: Contents, *, lang: Lang) -> None:
    """Store a project in each language, the one asked for first.

    Parameters
    ----------
    database : sqlite3.Connection
        An open GeoPackage that has no projects yet.
    contents : Contents
        What the projects show.
    lang : {"es", "en"}
        Language of the project that is listed first.
    """
    database.execute("CREATE TABLE qgis_projects (name TEXT PRIMARY KEY, metadata BLOB, content BLOB)")
    changed = json.dumps(
        {"last_modified_time": f"{written_at():%Y-%m-%dT%H:%M:%S}", "last_modified_user": "retorno"}
    )
    for language in sorted(LANGUAGES, key=lambda language: language != lang):
        name = text("project.name", language)
        packed = _packed(name, project_document(contents, language))
        database.execute("INSERT INTO qgis_projects VALUES (?, ?, ?)", (name, changed, packed.hex()))


def project_document(contents: Contents, lang: Lang) -> str:
    """Write a project of QGIS.

    Returns
    -------
    str
        The text of a ``.qgs`` file.
    """
    root = fromstring(asset_text("maps", "project.qgs.xml"))
    entries = _entries(contents, lang)
    _part(root, "title").text = contents.title.get(lang, "")
    for path in ("projectCrs", "mapcanvas/destinationsrs"):
        _part(root, path).append(spatial_reference(contents.crs))
    _metadata(root, contents, lang)
    _layers(root, contents, entries, lang)
    _tree(root, entries, lang)
    _themes(root, entries, lang)
    _views(root, contents)
    _layouts(root, contents, entries, lang)
    return qgis_document(root)


def _entries(contents: Contents, lang: Lang) -> list[_Entry]:
    """Every layer of the project, in the order of the tree."""
    entries = []
    first = _first_styles(contents)
    for layer in contents.layers:
        source = layer_source(contents.file, layer.name, contents.run)
        styles = [style for style in contents.styles[layer.name] if style.lang == lang]
        for style in styles:
            title = layer.label[lang]
            alone = len(styles) == 1 or style.key == "outline"
            name = title if alone else f"{title}{BETWEEN}{text(f'gpkg.styles.{style.key}', lang)}"
            entries.append(_Entry(layer, style, name, _visible(layer, style, first), source))
    # Within a theme outlines and points lie over what fills areas.
    return sorted(entries, key=lambda e: (THEMES.index(e.style.theme), OVER.index(e.layer.name)))


def _first_styles(contents: Contents) -> set[tuple[str, str]]:
    """Layer and style of what each theme shows: one that fills areas, and the symbols of its own."""
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for layer in (*FILLS, "points"):
        kind = "fill" if layer in FILLS else "points"
        for style in contents.styles.get(layer, ()):
            first.setdefault((style.theme, kind), (layer, style.key))
    return set(first.values())


def _visible(layer: Layer, style: NamedStyle, first: set[tuple[str, str]]) -> frozenset[str]:
    """A theme shows its first layer with a colour for every area, and symbols and outlines over it."""
    if style.theme == "context":
        return frozenset(THEMES) - {"context", "tables"}
    if (layer.name, style.key) in first:
        return frozenset({style.theme})
    if layer.name == "groups" and len(layer.table):
        return frozenset({style.theme})
    return frozenset()


def _layers(root: Element, contents: Contents, entries: Sequence[_Entry], lang: Lang) -> None:
    listed = _part(root, "projectlayers")
    pattern = _part(listed, "maplayer")
    listed.remove(pattern)
    order = _part(root, "layerorder")
    for entry in entries:
        layer = deepcopy(pattern)
        style = deepcopy(entry.style.root)
        shape = {"MultiPolygon": "Polygon", "Point": "Point", "": "No geometry"}[entry.layer.shape]
        layer.attrib |= {
            "geometry": shape,
            "wkbType": entry.layer.shape or "NoGeometry",
            "labelsEnabled": style.get("labelsEnabled", "0"),
        }
        for tag, words in {
            "id": entry.id,
            "datasource": entry.source,
            "layername": entry.name,
        }.items():
            _part(layer, tag).text = words
        if entry.layer.shape:
            _part(layer, "srs").append(spatial_reference(CRS(4326)))
        about = _part(layer, "resourceMetadata")
        title, abstract = entry.layer.title[lang], entry.layer.description[lang]
        metadata_into(about, entry.layer.name, title, abstract, contents.about, lang)
        layer.extend(style)
        listed.append(layer)
        SubElement(order, "layer", id=entry.id)


def _tree(root: Element, entries: Sequence[_Entry], lang: Lang) -> None:
    tree = _part(root, "layer-tree-group")
    first = next(iter(_shown_themes(entries)), "")
    for theme in THEMES:
        inside = [entry for entry in entries if entry.style.theme == theme]
        if not inside:
            continue
        open_ = theme in ("context", first)
        group = SubElement(
            tree,
            "layer-tree-group",
            name=text(f"project.groups.{theme}", lang),
            checked="Qt::Checked" if open_ else "Qt::Unchecked",
            expanded=str(int(open_)),
        )
        SubElement(group, "customproperties")
        group.extend(_leaf(entry, shown=first in entry.visible) for entry in inside)


def _leaf(entry: _Entry, *, shown: bool) -> Element:
    leaf = Element(
        "layer-tree-layer",
        id=entry.id,
        name=entry.name,
        source=entry.source,
        providerKey="ogr",
        checked="Qt::Checked" if shown else "Qt::Unchecked",
        expanded=str(int(shown)),
    )
    SubElement(leaf, "customproperties")
    return leaf


def _titled(leaf: Element) -> Element:
    """Give a layer a title in the legend of a page: what is shown, for whose areas they are is seen."""
    title = leaf.get("name", "").rpartition(BETWEEN)[2]
    SubElement(
        _part(leaf, "customproperties"), "property", key="legend/title-label", value=template_text(title)
    )
    return leaf


def _themes(root: Element, entries: Sequence[_Entry], lang: Lang) -> None:
    listed = _part(root, "visibility-presets")
    pattern = _part(listed, "visibility-preset")
    listed.remove(pattern)
    for theme in _shown_themes(entries):
        preset = deepcopy(pattern)
        preset.set("name", text(f"project.themes.{theme}", lang))
        for entry in entries:
            if theme in entry.visible:
                SubElement(preset, "layer", id=entry.id, visible="1", expanded="1", style="default")
        groups = SubElement(preset, "checked-group-nodes")
        for name in ("context", theme):
            SubElement(groups, "checked-group-node", id=text(f"project.groups.{name}", lang))
        expanded = SubElement(preset, "expanded-group-nodes")
        for group in groups:
            SubElement(expanded, "expanded-group-node", group.attrib)
        listed.append(preset)


def _views(root: Element, contents: Contents) -> None:
    """The first view, the view of "zoom to all", and a bookmark per region."""
    west, south, east, north = _whole(contents)
    extent = _part(root, "mapcanvas/extent")
    sides = {"xmin": f"{west:.3f}", "ymin": f"{south:.3f}", "xmax": f"{east:.3f}", "ymax": f"{north:.3f}"}
    for side, value in sides.items():
        SubElement(extent, side).text = value
    for name in ("DefaultViewExtent", "PresetFullExtent"):
        view = _part(root, f"ProjectViewSettings/{name}")
        view.attrib |= sides
        view.append(spatial_reference(contents.crs))
    listed = _part(root, "Bookmarks")
    pattern = _part(listed, "Bookmark")
    listed.remove(pattern)
    for number, (region, bounds) in enumerate(contents.bookmarks.items(), 1):
        mark = deepcopy(pattern)
        w, s, e, n = bounds
        corners = ", ".join(f"{x:.6f} {y:.6f}" for x, y in ((w, s), (e, s), (e, n), (w, n), (w, s)))
        mark.attrib |= {
            "id": f"region-{number}",
            "name": region,
            "group": "",
            "extent": f"POLYGON(({corners}))",
        }
        mark.append(spatial_reference(CRS(4326)))
        listed.append(mark)


def _layouts(root: Element, contents: Contents, entries: Sequence[_Entry], lang: Lang) -> None:
    if not contents.windows:
        return
    listed = _part(root, "Layouts")
    warning = text("map.page.schematic", lang) if contents.schematic else ""
    for theme in _shown_themes(entries):
        shown = [entry for entry in entries if theme in entry.visible and entry.style.theme != "context"]
        name = text(f"project.themes.{theme}", lang)
        sheet = PrintPage(
            lang=lang,
            name=f"A4: {name}",
            title=contents.title.get(lang) or name,
            subtitle=text(f"project.subtitles.{theme}", lang),
            warning=warning,
            source=" ".join(
                [*contents.about.sources.get(lang, ()), *contents.about.method.get(lang, ())[-1:], made(lang)]
            ),
            theme=name,
            legend=[_titled(_leaf(entry, shown=True)) for entry in shown],
        )
        listed.append(print_layout(sheet, contents.windows))


def _metadata(root: Element, contents: Contents, lang: Lang) -> None:
    about = _part(root, "projectMetadata")
    metadata_into(about, contents.file, contents.title.get(lang, ""), "", contents.about, lang)
    # Of a project QGIS shows the title as it is.
    _part(about, "title").text = contents.title.get(lang, "")
    SubElement(about, "author").text = "retorno"
    SubElement(about, "creation").text = f"{written_at():%Y-%m-%dT%H:%M:%S}"
    label = _part(root, "properties/CopyrightLabel/Label")
    note = text("map.page.schematic", lang) if contents.schematic else contents.about.attribution
    label.text = template_text(note)
    if not label.text:
        _part(root, "properties/CopyrightLabel/Enabled").text = "false"


def _whole(contents: Contents) -> Extent:
    """Bounds of the first view in the coordinates of the project, with some room around them."""
    # Straight sides become curves, which may reach beyond the corners.
    frame = gpd.GeoSeries([box(*contents.view.bounds)], crs=4326).segmentize(1)
    west, south, east, north = _bounds(frame.to_crs(contents.crs))
    room = 0.02 * (north - south)
    return west - room, south - room, east + room, north + room


def _bounds(shapes: gpd.GeoSeries) -> Extent:
    west, south, east, north = (float(value) for value in shapes.total_bounds)
    return west, south, east, north


def _shown_themes(entries: Sequence[_Entry]) -> list[str]:
    return [theme for theme in THEMES if any(theme in e.visible and e.style.theme == theme for e in entries)]


def _part(root: Element, path: str) -> Element:
    element = root.find(path)
    if element is None:
        raise KeyError(f"maps/project.qgs.xml has no {path}")
    return element


def _packed(name: str, document: str) -> bytes:
    """Zip a project as QGIS does, with the one date that outputs carry."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(
            f"{name}.qgs", date_time=max(written_at().timetuple()[:6], (1980, 1, 1, 0, 0, 0))
        )
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, document)
    return packed.getvalue()
