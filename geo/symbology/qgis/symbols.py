"""Symbols of QGIS: how polygons and points are drawn, also with a surface proportional to a number."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

NEAR = 2_000_000
"""Scale from which there is room for broad borders; farther off the islands of a coast drown in them."""


@dataclass(frozen=True, kw_only=True)
class Fill:
    """How a polygon is drawn; lengths in millimetres on paper, so that they hold at any scale."""

    color: str
    """Fill as ``#rrggbb``."""
    opacity: float = 1.0
    """Of the fill alone, 0 to 1."""
    line: str = "#7f8a93"
    """Border as ``#rrggbb``."""
    width: float = 0.1
    """Width of the border."""
    near: float | None = None
    """Its width nearer than 1 to `NEAR`, where that is another."""
    hatch: str | None = None
    """Colour of hatch lines over the fill, if any."""
    angle: int = 45
    """Direction of the hatch lines in degrees."""
    spacing: float = 1.6
    """Distance between hatch lines."""


@dataclass(frozen=True, kw_only=True)
class Marker:
    """How a point is drawn."""

    color: str
    """Fill as ``#rrggbb``."""
    opacity: float = 1.0
    """Of the fill alone, 0 to 1."""
    line: str = "#ffffff"
    """Border as ``#rrggbb``."""
    width: float = 0.2
    """Width of the border in millimetres."""
    shape: str = "circle"
    """One of the simple markers of QGIS."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """Symbols whose surface is proportional to a number."""

    expression: str
    """The number, of which the surface is a multiple."""
    largest: float
    """The number drawn with a diameter of `millimetres`."""
    steps: tuple[tuple[float, str], ...]
    """Numbers shown in the legend, each with its label."""
    title: str
    """Heading of the sizes in the legend."""
    millimetres: float = 11.0
    unknown: float = 2.2
    """Diameter of a symbol without a number, as in the legend of classes."""


def symbol(name: str, look: Fill | Marker, size: Size | None = None) -> Element:
    """Write one symbol.

    Parameters
    ----------
    name : str
        What its renderer calls it.
    look : Fill or Marker
        How it is drawn.
    size : Size, optional
        For points whose surface is proportional to a number.

    Examples
    --------
    >>> symbol("0", Fill(color="#045a8d")).get("type"), symbol("0", Marker(color="#045a8d")).get("type")
    ('fill', 'marker')
    """
    if isinstance(look, Marker):
        return _point(name, look, size)
    element = Element("symbol", type="fill", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    area = _layer(element, "SimpleFill")
    _options(
        area,
        color=_rgba(look.color, look.opacity),
        style="solid" if look.opacity else "no",
        outline_color=_rgba(look.line),
        outline_style="solid",
        outline_width=f"{look.width:g}",
        outline_width_unit="MM",
        joinstyle="round",
    )
    if look.near is not None:
        width = f"if(@map_scale < {NEAR}, {look.near:g}, {look.width:g})"
        computed(SubElement(area, "data_defined_properties"), "outlineWidth", width)
    if look.hatch:
        pattern = _layer(element, "LinePatternFill")
        _options(
            pattern,
            angle=str(look.angle),
            distance=f"{look.spacing:g}",
            distance_unit="MM",
            line_width="0.2",
            line_width_unit="MM",
            color=_rgba(look.hatch),
        )
        line = SubElement(pattern, "symbol", type="line", name=f"@{name}@1", alpha="1", clip_to_extent="1")
        _options(
            _layer(line, "SimpleLine"),
            line_color=_rgba(look.hatch),
            line_width="0.2",
            line_width_unit="MM",
            line_style="solid",
        )
    return element


def _point(name: str, look: Marker, size: Size | None) -> Element:
    element = Element("symbol", type="marker", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = _layer(element, "SimpleMarker")
    _options(
        layer,
        name=look.shape,
        color=_rgba(look.color, look.opacity),
        outline_color=_rgba(look.line),
        outline_style="solid",
        outline_width=f"{look.width:g}",
        outline_width_unit="MM",
        size="2.4",
        size_unit="MM",
        scale_method="diameter",
    )
    if size:
        own = SubElement(layer, "data_defined_properties")
        scale = _map(computed(own, "size", size.expression), "transformer")
        SubElement(scale, "Option", type="int", name="t", value="1")  # a scale of sizes
        limits = _map(scale, "d")
        for key, figure in {
            "scaleType": 1,  # surfaces, not diameters
            "minSize": 0,
            "maxSize": size.millimetres,
            "minValue": 0,
            "maxValue": size.largest,
            "nullSize": size.unknown,
            "exponent": 0.5,
        }.items():
            SubElement(limits, "Option", type="double", name=key, value=f"{figure:g}")
    return element


def add_sizes(renderer: Element, look: Fill | Marker, size: Size) -> None:
    """Put the sizes into the legend of a renderer, and small symbols on top of large ones.

    Examples
    --------
    >>> renderer = Element("renderer-v2")
    >>> size = Size(expression='"releases"', largest=9, steps=((9, "9"),), title="Releases")
    >>> add_sizes(renderer, Marker(color="#045a8d"), size)
    >>> [step.get("label") for step in renderer.iter("class")]
    ['9']
    """
    SubElement(renderer, "source-symbol").append(symbol("0", look, size))
    legend = SubElement(
        renderer, "data-defined-size-legend", type="collapsed", valign="bottom", title=size.title
    )
    legend.append(symbol("source", look, size))
    classes = SubElement(legend, "classes")
    for value, label in size.steps:
        SubElement(classes, "class", size=f"{value:g}", label=label)
    order = SubElement(SubElement(renderer, "orderby"), "orderByClause", asc="0", nullsFirst="1")
    order.text = size.expression


def computed(parent: Element, name: str, expression: str) -> Element:
    """Let an expression set a property, of a symbol's layer or of a label.

    Examples
    --------
    >>> computed(Element("dd_properties"), "Priority", "5").get("name")
    'Priority'
    """
    entry = _map(_map(_map(parent), "properties"), name)
    for key, kind, value in (
        ("active", "bool", "true"),
        ("expression", "QString", expression),
        ("type", "int", "3"),  # an expression
    ):
        SubElement(entry, "Option", type=kind, name=key, value=value)
    return entry


def _layer(symbol: Element, kind: str) -> Element:
    return SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})


def _map(parent: Element, name: str = "") -> Element:
    entry = SubElement(parent, "Option", type="Map")
    if name:
        entry.set("name", name)
    return entry


def _options(parent: Element, **values: str) -> None:
    options = _map(parent)
    for name, value in values.items():
        SubElement(options, "Option", type="QString", name=name, value=value)


def _rgba(color: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"
