"""The style language of QGIS (QML), as much of it as the maps need.

Written for QGIS 3.22, the oldest long-term release in use; newer ones read it too. What the styles show is
decided in ``style.py``; this module only knows how to say it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from geo.maps.labels import Column, Lang, text, value_labels

CATEGORIES = "Symbology|Labeling|Fields|Forms|AttributeTable"
"""Parts of a layer that a style sets; all others stay as the reader of the map left them."""


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
    hatch: str | None = None
    """Colour of hatch lines over the fill, if any."""
    angle: int = 45
    """Direction of the hatch lines in degrees."""
    spacing: float = 1.6
    """Distance between hatch lines."""


@dataclass(frozen=True)
class Class:
    """One entry of a legend: its text, which areas it takes and how they look.

    `test` is an expression for `rules` and a code for `categories`; a class with `children` is a heading.
    """

    label: str
    test: str = ""
    look: Fill | None = None
    children: tuple[Class, ...] = ()


def rules(classes: Sequence[Class]) -> Element:
    """Draw by rules: each class takes the areas its expression is true for.

    Examples
    --------
    >>> drawn = rules([Class("high", '"rate" > 9', Fill(color="#045a8d"))])
    >>> drawn.find("rules/rule").get("filter")
    '"rate" > 9'
    """
    renderer = Element(
        "renderer-v2", type="RuleRenderer", forceraster="0", symbollevels="0", enableorderby="0"
    )
    root = SubElement(renderer, "rules", key="rules")
    symbols = SubElement(renderer, "symbols")
    keys = count()

    def add(parent: Element, entry: Class) -> None:
        # Keys are fixed: a map theme of a project refers to a rule by its key.
        rule = SubElement(parent, "rule", key=f"rule-{next(keys)}", label=entry.label)
        if entry.test:
            rule.set("filter", entry.test)
        if entry.look:
            rule.set("symbol", str(len(symbols)))
            symbols.append(_symbol(str(len(symbols)), entry.look))
        for child in entry.children:
            add(rule, child)

    for entry in classes:
        add(root, entry)
    return renderer


def categories(field: str, classes: Sequence[Class]) -> Element:
    """Draw by code: each class takes one code of a field; the code '' takes the rest and the missing.

    Examples
    --------
    >>> drawn = categories("web_support", [Class("Yes", "yes", Fill(color="#01665e")), Class("Not asked")])
    >>> [entry.get("value") for entry in drawn.iter("category")]
    ['yes', '']
    """
    renderer = Element(
        "renderer-v2",
        type="categorizedSymbol",
        attr=field,
        forceraster="0",
        symbollevels="0",
        enableorderby="0",
    )
    listed = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    for number, entry in enumerate(classes):
        SubElement(
            listed,
            "category",
            value=entry.test,
            type="string",
            symbol=str(number),
            label=entry.label,
            render="true",
        )
        symbols.append(_symbol(str(number), entry.look or Fill(color="#ffffff")))
    return renderer


def labels(expression: str, *, nearer_than: int) -> Element:
    """Label areas with an expression where the scale is larger than 1 to `nearer_than`.

    Examples
    --------
    >>> labels('"area_name"', nearer_than=600_000).find("settings/rendering").get("scaleMax")
    '600000'
    """
    labeling = Element("labeling", type="simple")
    settings = SubElement(labeling, "settings")
    # No font family is named: QGIS then takes its own instead of reporting a missing one.
    style = SubElement(
        settings, "text-style", fieldName=expression, isExpression="1", fontSize="8", textColor="20,20,20,255"
    )
    SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="1",
    )
    SubElement(settings, "text-format", autoWrapLength="16", multilineAlign="1")
    SubElement(settings, "placement", placement="1", priority="5", centroidInside="1", centroidWhole="0")
    SubElement(
        settings,
        "rendering",
        scaleVisibility="1",
        scaleMax=str(nearer_than),
        scaleMin="0",
        drawLabels="1",
        obstacle="0",
    )
    return labeling


def document(
    fields: Sequence[Column],
    lang: Lang,
    *,
    renderer: Element | None = None,
    labeling: Element | None = None,
    display: str = "",
) -> str:
    """Put a whole style together: how a layer is drawn and how its fields are read.

    Parameters
    ----------
    fields : sequence of Column
        Every field of the layer but its row number, in order.
    lang : {"es", "en"}
        Language of aliases, value labels and form.
    renderer, labeling : Element, optional
        None for a table without geometry and for a layer without labels.
    display : str
        Expression that names a row in lists and where the pointer rests.

    Examples
    --------
    >>> from geo.maps.labels import columns
    >>> print(document([columns()["rate"]], "es"))
    <!DOCTYPE qgis ...<alias field="rate" index="1" name="Tasa por 100.000" />...</qgis>
    """
    root = Element(
        "qgis", version="3.22.16", styleCategories=CATEGORIES, labelsEnabled=str(int(labeling is not None))
    )
    root.extend(part for part in (renderer, labeling) if part is not None)
    _field_settings(root, fields, lang)
    _table(root, fields)
    _form(root, fields, lang)
    SubElement(root, "previewExpression").text = display
    indent(root, " ")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(root, encoding="unicode")


def _symbol(name: str, look: Fill) -> Element:
    symbol = Element("symbol", type="fill", name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    solid = SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "locked": "0", "pass": "0"})
    _options(
        solid,
        color=_rgba(look.color, look.opacity),
        style="solid" if look.opacity else "no",
        outline_color=_rgba(look.line),
        outline_style="solid",
        outline_width=f"{look.width:g}",
        outline_width_unit="MM",
        joinstyle="round",
    )
    if look.hatch:
        pattern = SubElement(
            symbol, "layer", {"class": "LinePatternFill", "enabled": "1", "locked": "0", "pass": "0"}
        )
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
        stroke = SubElement(
            line, "layer", {"class": "SimpleLine", "enabled": "1", "locked": "0", "pass": "0"}
        )
        _options(
            stroke, line_color=_rgba(look.hatch), line_width="0.2", line_width_unit="MM", line_style="solid"
        )
    return symbol


def _options(parent: Element, **values: str) -> None:
    options = SubElement(parent, "Option", type="Map")
    for name, value in values.items():
        SubElement(options, "Option", type="QString", name=name, value=value)


def _rgba(color: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _field_settings(root: Element, fields: Sequence[Column], lang: Lang) -> None:
    configuration = SubElement(root, "fieldConfiguration")
    aliases = SubElement(root, "aliases")
    SubElement(aliases, "alias", field="fid", index="0", name=text("gpkg.fields.fid.alias", lang))
    for index, field in enumerate(fields, 1):
        SubElement(aliases, "alias", field=field.name, index=str(index), name=field.alias[lang])
        entry = SubElement(configuration, "field", name=field.name, configurationFlags="None")
        _widget(entry, field, lang)


def _widget(entry: Element, field: Column, lang: Lang) -> None:
    if field.values is not None:
        config = SubElement(SubElement(entry, "editWidget", type="ValueMap"), "config")
        listed = SubElement(SubElement(config, "Option", type="Map"), "Option", type="List", name="map")
        for code, label in value_labels(field.values, lang).items():
            SubElement(
                SubElement(listed, "Option", type="Map"), "Option", type="QString", name=label, value=code
            )
    elif field.type == "real":
        config = SubElement(SubElement(entry, "editWidget", type="Range"), "config")
        options = SubElement(config, "Option", type="Map")
        SubElement(options, "Option", type="bool", name="AllowNull", value="true")
        SubElement(options, "Option", type="int", name="Precision", value=str(field.decimals))
        SubElement(options, "Option", type="QString", name="Style", value="SpinBox")
    else:
        config = SubElement(SubElement(entry, "editWidget", type="TextEdit"), "config")
        options = SubElement(config, "Option", type="Map")
        SubElement(options, "Option", type="bool", name="IsMultiline", value="false")


def _table(root: Element, fields: Sequence[Column]) -> None:
    """Hide the row number in the attribute table and give each column room for its values."""
    config = SubElement(
        root, "attributetableconfig", actionWidgetStyle="dropDown", sortExpression="", sortOrder="0"
    )
    listed = SubElement(config, "columns")
    SubElement(listed, "column", type="field", name="fid", hidden="1", width="-1")
    for field in fields:
        width = 170 if field.type == "text" else 110
        SubElement(listed, "column", type="field", name=field.name, hidden="0", width=str(width))


def _form(root: Element, fields: Sequence[Column], lang: Lang) -> None:
    """Group the attribute form into one tab per section of the catalogue; a plain table has none."""
    if not any(field.group for field in fields):
        return
    SubElement(root, "editorlayout").text = "tablayout"
    form = SubElement(root, "attributeEditorForm")
    for group in dict.fromkeys(field.group for field in fields):
        name = text(f"form.{group}" if group else "gpkg.notes.other_fields", lang)
        tab = SubElement(
            form, "attributeEditorContainer", name=name, groupBox="0", showLabel="1", columnCount="1"
        )
        for index, field in enumerate(fields, 1):
            if field.group == group:
                SubElement(tab, "attributeEditorField", name=field.name, index=str(index), showLabel="1")
