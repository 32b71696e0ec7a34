"""The map as a picture: the layers of the web map, drawn on paper with their legend."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from geo.model.numeric import Box, Shapes
from geo.outputs.panels import GAP, Panel, Plan, borders
from geo.outputs.report.captions import class_label
from geo.outputs.report.drawing import WIDTH, Picture, Words, finish, sheet
from geo.symbology.themes import LegendClass, Theme
from geo.text.labels import palette
from geo.text.numerals import number
from geo.text.phrases import Texts

PARTS = 5.9
"""Inches: the greatest height of the parts of the country."""
DETAIL, FAR = 1.95, 0.62
"""Inches: the sizes of the insets, of a crowded part and of a distant territory."""

_TITLE = 0.24  # inches above a panel for its name
_ROW = 0.2  # inches for a line of the legend
_HATCHES = {"up": "////", "down": "\\\\\\\\", "dots": "....", "": ""}
_SCALE = 0.35  # inches for the scale bar


def draw_map(
    areas: gpd.GeoDataFrame,
    layer: Theme,
    plan: Plan,
    *,
    words: Words,
    alt: Texts,
    caption: Texts,
    schematic: bool,
    units: list[int | None],
) -> Picture:
    """Draw one layer of the web map on the panels of a plan, with its legend.

    Parameters
    ----------
    areas : GeoDataFrame
        One row per area; `area_name` names the insets.
    layer : Layer
        Classes with their look, and the class of every area.
    plan : Plan
        Panels of the same areas.
    words : Words
        Texts of the figure.
    alt, caption : dict of str to str
        What is said instead of the map and below it, by language.
    schematic : bool
        Whether the polygons are no official boundaries, which the picture then says.
    units : list of int or None
        Larger units that areas belong to, outlined thinly.
    """
    rows = len(layer.classes) + 1 + (2 if schematic else 0)
    aside = plan.detail.size[1] + _TITLE if plan.detail else 0.0
    foot = max(_ROW * rows, aside, sum(panel.size[1] + _TITLE for panel in plan.far))
    tall = max(panel.size[1] for panel in plan.parts)
    head = _TITLE if len(plan.parts) > 1 else 0.05
    figure = sheet(head + tall + _SCALE + foot)
    _parts(figure, plan, layer, units, words, head)
    _scale_bar(figure, plan.parts[0].scale, words, foot + 0.1)
    left = 0.02
    for column in ([plan.detail] if plan.detail else [], plan.far):
        left = _insets(figure, column, layer, units, areas, left=left, top=foot)
    _legend(figure, layer, words, left=left, top=foot, schematic=schematic)
    return finish(figure, f"map_{layer.id}", words, alt, caption)


def _parts(
    figure: Figure, plan: Plan, layer: Theme, units: list[int | None], words: Words, head: float
) -> None:
    widths = [panel.size[0] for panel in plan.parts]
    left = (WIDTH - sum(widths) - GAP * (len(widths) - 1)) / 2
    top = float(figure.get_size_inches()[1]) - head
    for panel, width in zip(plan.parts, widths, strict=True):
        window = _Window(figure, panel, left, top - panel.size[1])
        _fill(window, layer, units)
        if plan.detail is not None:
            window.frame(plan.detail.bounds)
        if len(widths) > 1:
            name = words.text(f"figure.map.part_{len(widths)}_{panel.about}")
            _write(figure, left, top + 0.06, name, weight="bold")
        left += width + GAP


def _insets(
    figure: Figure,
    insets: list[Panel],
    layer: Theme,
    units: list[int | None],
    areas: gpd.GeoDataFrame,
    *,
    left: float,
    top: float,
) -> float:
    """Draw insets one below the other; give where the next column may stand."""
    names = [_place(areas, panel) for panel in insets]
    for panel, name in zip(insets, names, strict=True):
        top -= _TITLE
        window = _Window(figure, panel, left, top - panel.size[1])
        _fill(window, layer, units)
        if panel.kind == "detail":
            window.frame(panel.bounds)
        _write(figure, left, top + 0.06, name, size=8)
        top -= panel.size[1]
    widths = [max(panel.size[0], 0.07 * len(name)) for panel, name in zip(insets, names, strict=True)]
    return left + max(widths, default=-0.25) + 0.25


def _place(areas: gpd.GeoDataFrame, panel: Panel) -> str:
    """Name an inset: a crowded part by its region, where there are regions."""
    wide = panel.kind == "detail" and "region" in areas and areas["region"].notna().iloc[panel.about]
    return str(areas["region" if wide else "area_name"].iloc[panel.about])


class _Window:
    """A panel in its place on the sheet. It has no axes: ticks that nobody sees take time to make."""

    def __init__(self, figure: Figure, panel: Panel, left: float, bottom: float) -> None:
        west, south, _, _ = panel.bounds
        self.figure, self.panel = figure, panel
        to_inches = Affine2D().translate(-west, -south).scale(1 / panel.scale).translate(left, bottom)
        self.transform = to_inches + figure.dpi_scale_trans
        self.edge = Rectangle((left, bottom), *panel.size, transform=figure.dpi_scale_trans)

    def draw(self, patch: Patch) -> None:
        """Draw what is given in the panel's kilometres, as far as it is seen."""
        patch.set_transform(self.transform)
        patch.set_clip_path(self.edge)
        self.figure.add_artist(patch)

    def frame(self, bounds: Box) -> None:
        """Frame a part of what is seen."""
        west, south, east, north = bounds
        look = {"edgecolor": palette("figure")["frame"], "linewidth": 0.9}
        self.draw(Rectangle((west, south), east - west, north - south, fill=False, **look))


def _fill(window: _Window, layer: Theme, units: list[int | None]) -> None:
    """Draw all areas of a class as one path: 346 separate ones would take a second and a megabyte."""
    shapes = window.panel.shapes
    of, fine = np.array(layer.of), 1.0 if window.panel.kind == "part" else 1.6
    for k, kind in enumerate(layer.classes):
        path = _path(shapes[of == k])
        if path is not None:
            look = {"facecolor": kind.fill, "edgecolor": kind.line or "none", "linewidth": 0}
            window.draw(PathPatch(path, hatch=_HATCHES[kind.hatch], **look))
    line, own = palette("line"), np.arange(len(of))
    _draw_lines(window, borders(shapes, own, outer=True), line["area"], 0.22 * fine)
    _draw_lines(window, borders(shapes, _numbers(units), outer=False), line["region"], 0.5 * fine)
    if layer.outline is not None:
        outline = borders(shapes, _numbers(layer.outline), outer=True)
        _draw_lines(window, outline, line["region"], 0.8 * fine)


def _numbers(units: list[int | None]) -> npt.NDArray[np.intp]:
    return np.array([-1 if one is None else one for one in units])


def _draw_lines(
    window: _Window, lines: tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]], color: str, width: float
) -> None:
    xy, begins = lines
    if len(xy):
        path = Path(xy, np.where(begins, Path.MOVETO, Path.LINETO))
        window.draw(PathPatch(path, fill=False, edgecolor=color, linewidth=width))


def _path(shapes: Shapes) -> Path | None:
    """Make one path of many polygons, holes included."""
    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(shapes)))  # else holes are filled
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(xy):
        return None
    codes = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    codes[starts] = Path.MOVETO
    codes[np.append(starts[1:], len(xy)) - 1] = Path.CLOSEPOLY
    return Path(xy, codes)


def _scale_bar(figure: Figure, scale: float, words: Words, bottom: float) -> None:
    steps = [float(f * 10**power) for power in range(-2, 5) for f in (1, 2, 5)]
    length = max((step for step in steps if step / scale <= 0.9), default=steps[0])
    right, top = 0.02 + length / scale, bottom + 0.06
    path = Path([(0.02, top), (0.02, bottom), (right, bottom), (right, top)])
    look = {"fill": False, "edgecolor": palette("figure")["soft"], "linewidth": 0.8}
    figure.add_artist(PathPatch(path, transform=figure.dpi_scale_trans, **look))
    label = words.say(lambda lang: f"{number(length, lang, 0 if length >= 1 else 2)} km")
    _write(figure, right + 0.08, bottom, label, size=7.5)


def _legend(figure: Figure, layer: Theme, words: Words, *, left: float, top: float, schematic: bool) -> None:
    """Write the classes downwards, with the number of areas in each."""
    of = np.array(layer.of)
    y = top - 0.5 * _ROW
    _write(figure, left, y, words.text(f"map.layer.{layer.id}"), weight="bold", va="center")
    for k, kind in enumerate(layer.classes):
        y -= _ROW
        swatch: dict[str, Any] = {
            "xy": (left, y - 0.065),
            "width": 0.24,
            "height": 0.13,
            "transform": figure.dpi_scale_trans,
        }
        look: dict[str, Any] = {"facecolor": kind.fill, "edgecolor": kind.line or "none"}
        line: dict[str, Any] = {"fill": False, "edgecolor": palette("line")["area"], "linewidth": 0.5}
        figure.add_artist(Rectangle(**swatch, **look, hatch=_HATCHES[kind.hatch], linewidth=0))
        figure.add_artist(Rectangle(**swatch, **line))
        _write(figure, left + 0.32, y, _label(kind, int((of == k).sum()), words), va="center", size=8)
    if schematic:
        look = {"weight": "bold", "va": "center", "color": palette("line")["schematic"], "size": 8}
        _write(figure, left, y - 1.3 * _ROW, words.text("map.page.schematic"), **look)


def _label(kind: LegendClass, n: int, words: Words) -> str:
    return words.say(lambda lang: f"{class_label(kind, lang)} ({number(n, lang)})")


def _write(figure: Figure, left: float, bottom: float, label: str, **look: object) -> None:
    width, height = figure.get_size_inches()
    figure.text(left / width, bottom / height, label, **look)  # type: ignore[arg-type]
