"""The style language of QGIS (QML), as much of it as the maps need.

Written for QGIS 3.22, the oldest long-term release in use; newer ones read it too. What the styles show is
decided in ``style.py``; this module only knows how to say it.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from geo.model.schema import Column
from geo.symbology.qgis.forms import add_field_settings
from geo.symbology.qgis.symbols import Fill, Marker, Size, add_sizes, computed, symbol
from geo.text.labels import Lang

CATEGORIES = "Symbology|Labeling|Fields|Forms|AttributeTable|MapTips"
"""Parts of a layer that a style sets; all others stay as the reader of the map left them."""


@dataclass(frozen=True)
class QmlClass:
    """One entry of a legend: its text, which areas it takes and how they look.

    `test` is an expression for `rules` and a code for `categories`; a class without a look is a heading.
    """

    label: str
    test: str = ""
    look: Fill | Marker | None = None


@dataclass(frozen=True, kw_only=True)
class Label:
    """Names on the map between two scales."""

    expression: str
    """The text."""
    nearer_than: int
    """Drawn from 1 to this ..."""
    beyond: int = 0
    """... up to 1 to this, which is nearer."""
    test: str = ""
    """Expression for the areas labelled; all of them without one."""
    size: float = 8
    """Of the letters, in points."""
    bold: bool = False
    priority: str = ""
    """Expression from 0 to 10: where two names do not fit, the one of higher priority stands."""
    beside: bool = False
    """Whether it stands beside the symbol of a point rather than over it."""


def rules(classes: Sequence[QmlClass]) -> Element:
    """Draw by rules: each class takes the areas its expression is true for, ``ELSE`` all that none took.

    Examples
    --------
    >>> renderer = rules([QmlClass("high", '"rate" > 9', Fill(color="#045a8d"))])
    >>> renderer.find("rules/rule").get("filter")
    '"rate" > 9'
    """
    renderer = Element(
        "renderer-v2", type="RuleRenderer", forceraster="0", symbollevels="0", enableorderby="0"
    )
    root = SubElement(renderer, "rules", key="rules")
    symbols = SubElement(renderer, "symbols")
    for number, entry in enumerate(classes):
        # Keys are fixed: the legend of a project refers to a rule by its key. Headings stand beside their
        # classes and not above them in a tree, which QGIS would show folded up.
        rule = SubElement(root, "rule", key=f"rule-{number}", label=entry.label)
        test = entry.test if entry.look else "FALSE"
        if test:
            rule.set("filter", test)
        if entry.look:
            rule.set("symbol", str(len(symbols)))
            symbols.append(symbol(str(len(symbols)), entry.look))
    return renderer


def categories(field: str, classes: Sequence[QmlClass], *, size: Size | None = None) -> Element:
    """Draw by code: each class takes one code of a field; the code '' takes the rest and the missing.

    Parameters
    ----------
    field : str
        The coded field.
    classes : sequence of Class
        In the order of the legend.
    size : Size, optional
        For points whose surface is proportional to a number; the largest then lie below.

    Examples
    --------
    >>> classes = [QmlClass("Yes", "yes", Fill(color="#01665e")), QmlClass("Not asked")]
    >>> renderer = categories("web_support", classes)
    >>> [entry.get("value") for entry in renderer.iter("category")]
    ['yes', '']
    """
    renderer = Element(
        "renderer-v2",
        type="categorizedSymbol",
        attr=field,
        forceraster="0",
        symbollevels="0",
        enableorderby=str(int(size is not None)),
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
        symbols.append(symbol(str(number), entry.look or Fill(color="#ffffff"), size))
    if size:
        add_sizes(renderer, classes[0].look or Marker(color="#ffffff"), size)
    return renderer


def labels(tiers: Sequence[Label]) -> Element:
    """Label areas by rules of scale: the nearer the map, the more names.

    Examples
    --------
    >>> labeling = labels([Label(expression='"area_name"', nearer_than=600_000, beyond=200_000)])
    >>> labeling.find("rules/rule").attrib["scalemaxdenom"]
    '600000'
    """
    labeling = Element("labeling", type="rule-based")
    listed = SubElement(labeling, "rules", key="labels")
    for number, tier in enumerate(tiers):
        rule = SubElement(listed, "rule", key=f"labels-{number}", scalemaxdenom=str(tier.nearer_than))
        if tier.beyond:
            rule.set("scalemindenom", str(tier.beyond))
        if tier.test:
            rule.set("filter", tier.test)
        _label_settings(SubElement(rule, "settings"), tier)
    return labeling


def document(
    fields: Sequence[Column],
    lang: Lang,
    *,
    renderer: Element | None = None,
    labeling: Element | None = None,
    display: str = "",
    tip: str = "",
    empty: Container[str] = (),
) -> Element:
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
        Expression that names a row in lists.
    tip : str
        HTML shown where the pointer rests.
    empty : container of str
        Fields without any value, which attribute table and form start without.

    Examples
    --------
    >>> from geo.text.labels import columns
    >>> from geo.symbology.qgis.qgisxml import qgis_document
    >>> print(qgis_document(document([columns()["rate"]], "es")))
    <!DOCTYPE qgis ...<alias field="rate" index="1" name="Tasa por 100.000" />...</qgis>
    """
    root = Element(
        "qgis", version="3.22.16", styleCategories=CATEGORIES, labelsEnabled=str(int(labeling is not None))
    )
    root.extend(part for part in (renderer, labeling) if part is not None)
    add_field_settings(root, fields, lang, empty=empty)
    SubElement(root, "previewExpression").text = display
    SubElement(root, "mapTip").text = tip
    return root


def _label_settings(settings: Element, tier: Label) -> None:
    # No font family is named: QGIS then takes its own instead of reporting a missing one.
    style = SubElement(
        settings,
        "text-style",
        fieldName=tier.expression,
        isExpression="1",
        fontSize=f"{tier.size:g}",
        fontWeight="75" if tier.bold else "50",
        textColor="20,20,20,255",
    )
    SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.7",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="1",
    )
    SubElement(settings, "text-format", autoWrapLength="16", multilineAlign="1")
    if tier.beside:  # in the first of these places that is free, from the edge of the symbol
        order = "R,L,T,B,TR,BR,TL,BL"
        SubElement(
            settings,
            "placement",
            {"placement": "6", "priority": "5", "predefinedPositionOrder": order, "offsetType": "1"}
            | {"dist": "0.4", "distUnits": "MM"},
        )
    else:
        SubElement(settings, "placement", placement="1", priority="5", centroidInside="1", centroidWhole="0")
    SubElement(settings, "rendering", drawLabels="1", obstacle="0")
    if tier.priority:
        computed(SubElement(settings, "dd_properties"), "Priority", tier.priority)
