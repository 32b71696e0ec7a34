"""How QGIS shows the fields of a layer: aliases, codes in words, number formats, attribute table and form."""

from __future__ import annotations

from collections.abc import Container, Sequence
from xml.etree.ElementTree import Element, SubElement

from geo.model.schema import Column
from geo.symbology.qgis.literals import heading_text
from geo.text.labels import Lang, text, value_labels

WIDTHS = {"text": 170, "integer": 110, "real": 110, "boolean": 130, "date": 110}
"""Width of a column of the attribute table in pixels, by its type."""
LONG = ("members", "es", "en", "description_es", "description_en", "codes")
"""Fields of many words, which get a wide column and a box of several lines."""
_LETTER = 7  # pixels that a letter of a heading takes, about


def add_field_settings(
    root: Element, fields: Sequence[Column], lang: Lang, *, empty: Container[str] = ()
) -> None:
    """Add to a style how its fields are named, shown and grouped.

    Parameters
    ----------
    root : Element
        The style, which gets the elements.
    fields : sequence of Column
        Every field of the layer but its row number, in order.
    lang : {"es", "en"}
        Language of aliases, codes and form.
    empty : container of str
        Fields without a value in any row: they have all that others have, but attribute table and form start
        without them.

    Examples
    --------
    >>> from geo.text.labels import columns
    >>> root = Element("qgis")
    >>> add_field_settings(root, [columns()["rate"]], "es")
    >>> [alias.get("name") for alias in root.iter("alias")]
    ['Fila del archivo', 'Tasa por 100.000']
    """
    configuration = SubElement(root, "fieldConfiguration")
    aliases = SubElement(root, "aliases")
    SubElement(aliases, "alias", field="fid", index="0", name=text("gpkg.fields.fid.alias", lang))
    for index, field in enumerate(fields, 1):
        SubElement(aliases, "alias", field=field.name, index=str(index), name=heading_text(field.alias[lang]))
        entry = SubElement(configuration, "field", name=field.name, configurationFlags="None")
        _widget(entry, field, lang)
    _table(root, fields, lang, empty)
    _form(root, [(index, field) for index, field in enumerate(fields, 1) if field.name not in empty], lang)


def _widget(entry: Element, field: Column, lang: Lang) -> None:
    if field.values is not None:
        config = SubElement(SubElement(entry, "editWidget", type="ValueMap"), "config")
        listed = SubElement(SubElement(config, "Option", type="Map"), "Option", type="List", name="map")
        for code, label in value_labels(field.values, lang).items():
            SubElement(
                SubElement(listed, "Option", type="Map"), "Option", type="QString", name=label, value=code
            )
    elif field.name == "year":
        # As a date of four digits: as a number it would get a mark for thousands.
        _options(
            entry,
            "DateTime",
            {"display_format": "yyyy", "field_format": "yyyy"},
            {"allow_null": True, "calendar_popup": False, "field_iso_format": False},
        )
    elif field.type == "real":
        _options(entry, "Range", {"Style": "SpinBox"}, {"AllowNull": True}, {"Precision": field.decimals})
    else:
        _options(entry, "TextEdit", {}, {"IsMultiline": field.name in LONG})


def _options(
    entry: Element,
    widget: str,
    words: dict[str, str],
    flags: dict[str, bool] | None = None,
    numbers: dict[str, int] | None = None,
) -> None:
    config = SubElement(SubElement(entry, "editWidget", type=widget), "config")
    options = SubElement(config, "Option", type="Map")
    for name, word in words.items():
        SubElement(options, "Option", type="QString", name=name, value=word)
    for name, flag in (flags or {}).items():
        SubElement(options, "Option", type="bool", name=name, value=str(flag).lower())
    for name, value in (numbers or {}).items():
        SubElement(options, "Option", type="int", name=name, value=str(value))


def _table(root: Element, fields: Sequence[Column], lang: Lang, empty: Container[str]) -> None:
    """Hide row number and empty columns in the attribute table; give the others room for what they hold."""
    config = SubElement(
        root, "attributetableconfig", actionWidgetStyle="dropDown", sortExpression="", sortOrder="0"
    )
    listed = SubElement(config, "columns")
    SubElement(listed, "column", type="field", name="fid", hidden="1", width="-1")
    for field in fields:
        room = 400 if field.name in LONG else WIDTHS.get(field.type, 110)
        width = max(room, _LETTER * len(field.alias[lang]) + 24)
        hidden = str(int(field.name in empty))
        SubElement(listed, "column", type="field", name=field.name, hidden=hidden, width=str(width))


def _form(root: Element, fields: Sequence[tuple[int, Column]], lang: Lang) -> None:
    """Group the attribute form into one tab per section of the catalogue; a plain table has none."""
    if not any(field.group for _, field in fields):
        return
    SubElement(root, "editorlayout").text = "tablayout"
    form = SubElement(root, "attributeEditorForm")
    for group in dict.fromkeys(field.group for _, field in fields):
        name = text(f"form.{group}" if group else "gpkg.notes.other_fields", lang)
        tab = SubElement(
            form, "attributeEditorContainer", name=name, groupBox="0", showLabel="1", columnCount="1"
        )
        for index, field in fields:
            if field.group == group:
                SubElement(tab, "attributeEditorField", name=field.name, index=str(index), showLabel="1")
