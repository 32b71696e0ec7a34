"""Print layouts of the QGIS project: an A4 page per theme, ready to be exported.

The page is ``maps/layout.qpt.xml``; the country is cut into panels as in the figures of the report.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from math import ceil, floor, log10
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, fromstring

import geopandas as gpd
from pyproj import CRS

from geo.assets import asset_text
from geo.outputs.gpkg.projection import spatial_reference
from geo.outputs.panels import Panel, plan
from geo.symbology.qgis.literals import template_text
from geo.text.labels import LANGUAGES, Lang, text
from geo.text.numerals import number

INCH = 25.4
FIELD = (10.0, 31.0, 217.0, 155.0)
"""Where the panels stand on the page: left, top, width, height in millimetres."""
BOXES = (232.0, 104.0, 55.0, 48.0)
"""Where the box with the smallest areas stands."""
FAR = (232.0, 156.0, 16.5, 1.5)
"""Where the boxes of distant territories begin: left, top, side, gap."""
CAPTION = 3.4
"""Height of the words under a box."""
FILL = 0.97
"""Share of the field that the country takes; the rest is room around it."""
SPACE = 2.5
"""Between two panels."""
TITLE = 1080.0
"""Points a letter of the title may have, times its number of letters, to stay on one line."""
BAR = 45.0
"""Longest scale bar."""


@dataclass(frozen=True, kw_only=True)
class PrintPage:
    """What stands on one page beside the maps."""

    lang: Lang
    name: str
    """Of the layout, as QGIS lists it."""
    title: str
    subtitle: str
    warning: str
    """That the boundaries are schematic; empty where they are not."""
    source: str
    theme: str
    """Theme of the project whose layers the maps show."""
    legend: Sequence[Element]
    """Entries of the layer tree in the legend."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """One map on the page."""

    place: tuple[float, float, float, float]
    """Left, top, width, height in millimetres."""
    extent: tuple[float, float, float, float]
    """West, south, east, north in metres, of the same proportions."""
    plane: CRS
    caption: Mapping[Lang, str] = field(default_factory=dict)
    """What it shows, where that has to be said."""

    @property
    def scale(self) -> float:
        """Metres to a millimetre."""
        return (self.extent[2] - self.extent[0]) / self.place[2]


def page_windows(areas: gpd.GeoDataFrame) -> list[Window]:
    """Lay a country out on the page.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons in EPSG:4326, at least one, with ``area_name`` and, where there is one, ``region``.
    Returns
    -------
    list of Window
        The parts of the country from north to south, all of one scale; then, at scales of their own, where
        areas are too small to be seen, and distant territories.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(0, y, 1, y + 1) for y in range(12)]
    >>> tall = gpd.GeoDataFrame({"area_name": ["A"] * 12}, geometry=squares, crs=4326)
    >>> len(page_windows(tall))
    4
    """
    x, y, width, height = FIELD
    page_plan = plan(
        areas,
        width=FILL * width / INCH,
        height=FILL * height / INCH,
        detail=BOXES[3] / INCH,
        far=FAR[2] / INCH,
    )
    across = [panel.size[0] * INCH for panel in page_plan.parts]
    room = (width - sum(across) - SPACE * (len(across) - 1)) / len(across)  # what is left over, shared out
    scale = _round_scale(max(panel.scale * 1000 / INCH for panel in page_plan.parts))
    windows = []
    for panel, own in zip(page_plan.parts, across, strict=True):
        windows.append(_window(panel, (x, y, own + room, height), scale))
        x += own + room + SPACE
    if page_plan.detail:
        place = areas.iloc[page_plan.detail.about]
        region = place.get("region")
        region = region if isinstance(region, str) else place["area_name"]
        names = {lang: text("map.find.inset", lang, region=region) for lang in LANGUAGES}
        windows.append(_window(page_plan.detail, BOXES, None, names))
    left, top, side, gap = FAR
    for panel in page_plan.far:
        names = dict.fromkeys(LANGUAGES, str(areas["area_name"].iloc[panel.about]))
        windows.append(_window(panel, (left, top, side, side), None, names))
        left += side + gap
    return windows


def print_layout(sheet: PrintPage, windows: Sequence[Window]) -> Element:
    """Fill in the template of a page.

    Parameters
    ----------
    sheet : Sheet
        Its words and its theme.
    windows : sequence of Window
        Its maps; scale bar and north arrow are about the first.

    Returns
    -------
    Element
        A ``Layout`` of a QGIS project.
    """
    layout = fromstring(asset_text("maps", "layout.qpt.xml"))
    layout.set("name", sheet.name)
    items = {item.get("id", ""): item for item in layout.iter("LayoutItem")}
    words = {
        "scale": _scale_text(windows, sheet.lang),
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "warning": sheet.warning,
        "source": sheet.source,
    }
    for name, label in words.items():
        items[name].set("labelText", template_text(label))
    for font in items["title"].iter("LabelFont"):
        family, size, *rest = font.get("description", "").split(",")
        fitting = min(float(size), TITLE / max(len(sheet.title), 1))
        font.set("description", ",".join([family, f"{fitting:.1f}", *rest]))
    for place, window in enumerate(windows, 1):
        layout.append(_map(items["map"], window, f"map {place}", sheet.theme))
        if window.caption:
            layout.append(_caption(items["caption"], window, f"caption {place}", sheet.lang))
    unused = ["map", "caption"] if sheet.warning else ["map", "caption", "warning"]
    for name in unused:
        layout.remove(items[name])
    for order, item in enumerate(layout.iter("LayoutItem")):
        uuid = _uuid(sheet, item.get("id", ""))
        item.attrib |= {"uuid": uuid, "templateUuid": uuid, "zValue": str(order), "visibility": "1"}
        item.set("positionOnPage", item.get("position", ""))
    first = _uuid(sheet, "map 1")
    items["legend"].set("map_uuid", first)
    for tree in items["legend"].iter("layer-tree-group"):
        tree.extend(deepcopy(list(sheet.legend)))
    items["north arrow"].attrib |= {"mapUuid": first, "file": _picture("north.svg")}
    items["scale bar"].attrib |= {"mapUuid": first, **_bar(windows[0].scale)}
    return layout


def _round_scale(scale: float) -> float:
    """Round the metres to a millimetre up, to two digits: a scale that people can say."""
    step = 10.0 ** (floor(log10(scale)) - 1)
    return ceil(scale / step) * step


def _window(
    panel: Panel,
    place: tuple[float, float, float, float],
    scale: float | None,
    caption: Mapping[Lang, str] | None = None,
) -> Window:
    """Show a panel in the middle of a place on the page, as large as it fits or at a given scale."""
    _, _, width, height = place
    west, south, east, north = (1000 * value for value in panel.bounds)
    scale = scale or max((east - west) / width, (north - south) / height)
    half_x, half_y = scale * width / 2, scale * height / 2
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return Window(
        place=place,
        extent=(middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y),
        plane=CRS(f"{panel.plane} +datum=WGS84 +units=m"),
        caption=caption or {},
    )


def _scale_text(windows: Sequence[Window], lang: Lang) -> str:
    """Say the scale of the country, and that boxes have their own."""
    scales = [round(1000 * window.scale) for window in windows]
    key = "one" if len(set(scales)) == 1 else "boxes"
    return text(f"project.scale.{key}", lang, scale=number(scales[0], lang))


def _map(pattern: Element, window: Window, name: str, theme: str) -> Element:
    item = deepcopy(pattern)
    item.attrib |= {"id": name, "followPresetName": theme, **_placed(*window.place)}
    for extent in item.iter("Extent"):
        sides = zip(("xmin", "ymin", "xmax", "ymax"), window.extent, strict=True)
        extent.attrib |= {side: f"{value:.3f}" for side, value in sides}
    SubElement(item, "crs").append(spatial_reference(window.plane))
    return item


def _caption(pattern: Element, window: Window, name: str, lang: Lang) -> Element:
    x, y, width, height = window.place
    item = deepcopy(pattern)
    item.attrib |= {
        "id": name,
        "labelText": template_text(window.caption[lang]),
        **_placed(x - 0.7, y + height, width + 1.4, CAPTION),
    }
    return item


def _placed(x: float, y: float, width: float, height: float) -> dict[str, str]:
    return {"position": f"{x:.2f},{y:.2f},mm", "size": f"{width:.3f},{height:.3f},mm"}


def _bar(scale: float) -> Mapping[str, str]:
    """Two segments of a round number of kilometres each, or of metres on a plan."""
    unit, metres = ("km", 1000.0) if scale * BAR / 2 >= 1000 else ("m", 1.0)
    longest = scale * BAR / 2 / metres
    power = 10.0 ** (len(str(int(longest))) - 1)
    step = max((part * power for part in (1, 2, 5) if part * power <= longest), default=1.0)
    return {
        "unitType": "km" if unit == "km" else "meters",
        "unitLabel": unit,
        "numUnitsPerSegment": f"{step:g}",
    }


def _picture(name: str) -> str:
    """A picture that travels inside the layout."""
    return "base64:" + base64.b64encode(asset_text("maps", name).encode()).decode()


def _uuid(sheet: PrintPage, name: str) -> str:
    return "{" + str(uuid5(NAMESPACE_URL, f"retorno/{sheet.name}/{name}")) + "}"
