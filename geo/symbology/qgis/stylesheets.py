"""The styles of a layer as finished documents, one per style and language, as QGIS stores them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from xml.etree.ElementTree import Element

import pandas as pd

from geo.model.schema import Column
from geo.symbology.qgis.literals import field as quoted
from geo.symbology.qgis.literals import string
from geo.symbology.qgis.maptips import map_tip
from geo.symbology.qgis.qgisxml import qgis_document
from geo.symbology.qgis.qml import Label, document, labels
from geo.symbology.qgis.scene import Scene
from geo.symbology.qgis.styles import PLAIN, STYLES, TABLE, LayerStyle
from geo.text.fields import fields
from geo.text.labels import LANGUAGES, Lang, text, value_labels

COUNTRY, PROVINCE, CITY = 5_000_000, 900_000, 200_000
"""Scales: from 1 to COUNTRY on the most populous areas are named, from PROVINCE on all, from CITY on with the
value shown."""
REGIONS = 30_000_000
"""Regions are named from this scale on, until their areas are."""
LARGE = 0.9
"""Share of the areas that are less populous than those named first."""
KNOWN, FEW = "\"status\" IN ('published', 'derived')", 0.15
"""Areas of known count, which are named first too where they are at most this share."""


@dataclass(frozen=True, kw_only=True)
class NamedStyle:
    """A finished style, as ``layer_styles`` holds it."""

    key: str
    """Name of the style in the code."""
    lang: Lang
    theme: str
    """Of the project in which it stands."""
    name: str
    """As QGIS lists it, with its language: ``Rate (en)``."""
    description: str
    root: Element = field(compare=False, repr=False)
    """The document, which a layer of a project takes over."""
    qml: str
    """The same as text."""
    default: bool


def layer_styles(
    layer: str, frame: pd.DataFrame, *, lang: Lang = "en", subject: str = "releases", schematic: bool = False
) -> list[NamedStyle]:
    """Write every style of a layer in both languages, those in `lang` first.

    A style whose column is absent or empty is left out, for it would show nothing. Exactly one style is the
    default.

    Parameters
    ----------
    layer : str
        Name of the layer or table.
    frame : DataFrame
        Its table, arranged (see `geo.text.fields.arrange`), without geometry.
    lang : {"es", "en"}
        Language of the default style.
    subject : str
        What the table counts.
    schematic : bool
        Whether the boundaries are schematic.

    Examples
    --------
    >>> frame = pd.DataFrame({"area_id": ["1"], "area_name": ["Arica"], "rate": [164.0]})
    >>> [(style.name, style.default) for style in layer_styles("communes", frame)]
    [('Rate (en)', True), ('Tasa (es)', False)]
    """
    shown = [style for style in STYLES.get(layer, []) if all(_filled(frame, name) for name in style.needs)]
    shown = shown or [PLAIN.get(layer, TABLE)]
    known, empty = fields(frame, subject=subject), _empty(frame)
    styles = []
    for language in sorted(LANGUAGES, key=lambda language: language != lang):
        scene = Scene(frame=frame, lang=language, schematic=schematic, subject=subject)
        for style in shown:
            root = _document(style, scene, known, empty)
            styles.append(
                NamedStyle(
                    key=style.key,
                    lang=language,
                    theme=style.theme,
                    name=f"{text(f'gpkg.styles.{style.key}', language)} ({language})",
                    description=text(f"gpkg.style_notes.{style.key}", language),
                    root=root,
                    qml=qgis_document(root),
                    default=(language, style) == (lang, shown[0]),
                )
            )
    return styles


def _document(style: LayerStyle, scene: Scene, known: list[Column], empty: set[str]) -> Element:
    if style is TABLE:
        return document(known, scene.lang)
    tiers = _tiers(style, known, scene)
    return document(
        known,
        scene.lang,
        renderer=style.draw(scene),
        labeling=labels(tiers) if tiers else None,
        display=style.name,
        tip=map_tip(known, scene.lang, name=style.name),
        empty=empty,
    )


def _tiers(style: LayerStyle, known: list[Column], scene: Scene) -> list[Label]:
    """Say which names stand on the map at which scale."""
    if not style.labelled:
        return []
    if style.labelled == "regions":
        name = _short(style.name, scene.lang)
        return [Label(expression=name, nearer_than=REGIONS, beyond=PROVINCE, size=8, bold=True)]
    frame, near = scene.frame, style.name
    for column in known:
        if column.name == style.value:
            value = f"format_number({quoted(column.name)}, {column.decimals}, '{scene.lang}')"
            near = f"{style.name} || coalesce('\\n' || {value}, '')"
    beside, few = style.labelled == "points", 0 < _known(frame).mean() <= FEW
    named = partial(Label, priority=_priority(frame), beside=beside)
    tiers = [
        # Among crowded circles only a few names can be told to which they belong.
        named(
            expression=style.name,
            nearer_than=PROVINCE,
            beyond=CITY,
            size=7.5,
            test=KNOWN if beside and few else "",
        ),
        named(expression=near, nearer_than=CITY, size=9),
    ]
    if not _filled(frame, "population") or frame.empty:
        return tiers
    test = f'"population" >= {int(frame["population"].dropna().astype(float).quantile(LARGE))}'
    if few:
        test += f" OR {KNOWN}"
    return [named(expression=style.name, nearer_than=COUNTRY, beyond=PROVINCE, test=test, size=7), *tiers]


def _priority(frame: pd.DataFrame) -> str:
    """Where names do not all fit, areas of known count come first, then the most populous."""
    known = f"if({KNOWN}, 8, 3)" if "status" in frame else "5"
    if not _filled(frame, "population") or frame.empty:
        return known
    return f'{known} + 2 * sqrt(coalesce("population", 0) / {float(frame["population"].max()):.0f})'


def _known(frame: pd.DataFrame) -> pd.Series:
    return frame["status"].isin(["published", "derived"]) if "status" in frame else pd.Series([False])


def _short(name: str, lang: Lang) -> str:
    """Say long names of regions as people do, so that they fit on the region."""
    listed = ", ".join(string(part) for pair in value_labels("region_short", lang).items() for part in pair)
    return f"coalesce(map_get(map({listed}), {name}), {name})"


def _empty(frame: pd.DataFrame) -> set[str]:
    """Name the columns without any value, where there are rows."""
    return set() if frame.empty else {str(name) for name in frame.columns[frame.isna().all()]}


def _filled(frame: pd.DataFrame, name: str) -> bool:
    return name in frame and (frame.empty or bool(frame[name].notna().any()))
