"""The styles of a layer as finished documents, one per style and language, as QGIS stores them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.maps.fields import fields
from geo.maps.labels import LANGUAGES, Column, Lang, text
from geo.maps.qgis.maptips import map_tip
from geo.maps.qgis.qml import Label, document, labels
from geo.maps.qgis.scene import Scene
from geo.maps.qgis.style import PLAIN, STYLES, TABLE, LayerStyle

COUNTRY, PROVINCE, CITY = 5_000_000, 900_000, 200_000
"""Scales: from 1 to COUNTRY on the most populous areas are named, from PROVINCE on all, from CITY on with the
value shown."""
REGIONS = 30_000_000
"""Regions are named from this scale on, until their areas are."""
LARGE = 0.9
"""Share of the areas that are less populous than those named first."""


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
    qml: str
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
        Its table, arranged (see `geo.maps.fields.arrange`), without geometry.
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
    return [
        NamedStyle(
            key=style.key,
            lang=language,
            theme=style.theme,
            name=f"{text(f'gpkg.styles.{style.key}', language)} ({language})",
            description=text(f"layers.{layer}.title", language),
            qml=_qml(style, Scene(frame=frame, lang=language, schematic=schematic, subject=subject)),
            default=(language, style) == (lang, shown[0]),
        )
        for language in sorted(LANGUAGES, key=lambda language: language != lang)
        for style in shown
    ]


def _qml(style: LayerStyle, scene: Scene) -> str:
    known = fields(scene.frame, subject=scene.subject)
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
    )


def _tiers(style: LayerStyle, known: list[Column], scene: Scene) -> list[Label]:
    """Say which names stand on the map at which scale."""
    if not style.labelled:
        return []
    if style.labelled == "regions":
        return [Label(expression=style.name, nearer_than=REGIONS, beyond=PROVINCE, size=8, bold=True)]
    near = style.name
    for field in known:
        if field.name == style.value:
            value = f"format_number(\"{field.name}\", {field.decimals}, '{scene.lang}')"
            near = f"{style.name} || coalesce('\\n' || {value}, '')"
    tiers = [
        Label(expression=style.name, nearer_than=PROVINCE, beyond=CITY, size=7.5),
        Label(expression=near, nearer_than=CITY, size=9),
    ]
    if not _filled(scene.frame, "population") or scene.frame.empty:
        return tiers
    least = int(scene.frame["population"].dropna().astype(float).quantile(LARGE))
    first = Label(
        expression=style.name,
        nearer_than=COUNTRY,
        beyond=PROVINCE,
        test=f'"population" >= {least}',
        size=7,
    )
    return [first, *tiers]


def _filled(frame: pd.DataFrame, name: str) -> bool:
    return name in frame and (frame.empty or bool(frame[name].notna().any()))
