"""The QGIS styles of each layer: what is shown, in which classes and colours.

To add a style, write a function that gives its renderer and add one line to `STYLES`. The first style of a
layer whose columns are there is its default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element

import pandas as pd

from geo.maps.classes import rate_breaks, spread
from geo.maps.fields import fields
from geo.maps.labels import LANGUAGES, Lang, palette, text, value_labels
from geo.maps.numerals import number
from geo.maps.qml import Class, Fill, categories, document, labels, rules

LABEL_SCALE = 600_000
"""Areas are labelled where the map is nearer than 1 to this: a city and its surroundings, not a country."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What a style is made for."""

    frame: pd.DataFrame
    """The layer's table, arranged."""
    lang: Lang
    """Language of the legend."""
    schematic: bool
    """Whether the boundaries are schematic, which the legend then says."""


@dataclass(frozen=True)
class LayerStyle:
    """One style of a layer: the key of its name, how it is drawn and the columns it cannot do without."""

    key: str
    draw: Callable[[Scene], Element]
    needs: tuple[str, ...] = ()
    name: str = '"area_name"'
    """Expression that names a row."""
    labelled: bool = True
    """Whether that name stands on the map, where the map is near enough."""


@dataclass(frozen=True, kw_only=True)
class NamedStyle:
    """A finished style, as ``layer_styles`` holds it."""

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
    shown = shown or [_PLAIN.get(layer, _TABLE)]
    return [
        NamedStyle(
            name=f"{text(f'gpkg.styles.{style.key}', language)} ({language})",
            description=text(f"layers.{layer}.title", language),
            qml=_qml(style, Scene(frame=frame, lang=language, schematic=schematic), subject),
            default=(language, style) == (lang, shown[0]),
        )
        for language in sorted(LANGUAGES, key=lambda language: language != lang)
        for style in shown
    ]


def _qml(style: LayerStyle, scene: Scene, subject: str) -> str:
    known = fields(scene.frame, subject=subject)
    if style is _TABLE:
        return document(known, scene.lang)
    return document(
        known,
        scene.lang,
        renderer=style.draw(scene),
        labeling=labels(style.name, nearer_than=LABEL_SCALE) if style.labelled else None,
        display=style.name,
    )


def _filled(frame: pd.DataFrame, name: str) -> bool:
    return name in frame and (frame.empty or bool(frame[name].notna().any()))


def _rate(scene: Scene) -> Element:
    """Exact rates by class; where there is none, what is known of the count, hatched."""
    line = palette("line")["area"]
    exact = tuple(
        Class(label, test, Fill(color=color, line=line))
        for (label, test), color in zip(*_rate_classes(scene), strict=True)
    )
    names = value_labels("status", scene.lang)
    codes = ("derived", "bounded") if "status" in scene.frame else ()
    tests = {code: f"\"status\" = '{code}'" for code in codes} | {"missing": "ELSE"}
    looks = palette("status")
    inexact = tuple(
        Class(
            _sentence(names[code]),
            test,
            Fill(color=looks[code][0], hatch=looks[code][1], line=line, angle=angle),
        )
        for (code, test), angle in zip(tests.items(), _ANGLES[-len(tests) :], strict=True)
    )
    classes = [
        Class(_heading("legend.rate.exact", scene), '"rate" IS NOT NULL', children=exact),
        Class(text("legend.rate.inexact", scene.lang), '"rate" IS NULL', children=inexact),
    ]
    return rules(classes if exact else classes[1:])


# Hatch directions of derived, bounded and missing: told apart without colour too.
_ANGLES = (45, 135, 0)


def _rate_classes(scene: Scene) -> tuple[list[tuple[str, str]], list[str]]:
    limits = rate_breaks(scene.frame["rate"])
    pairs = list(pairwise(limits))
    classes = []
    for low, high in pairs:
        # A value on a limit belongs to the class below it, as in every graduated map of QGIS.
        above = ">=" if low == limits[0] else ">"
        label = f"{_limit(low, scene.lang)} – {_limit(high, scene.lang)}"
        classes.append((label, f'"rate" {above} {low!r} AND "rate" <= {high!r}'))
    return classes, spread(palette("rate")["colors"], len(pairs))


def _listed(scene: Scene) -> Element:
    colors, line = palette("group"), palette("line")["area"]
    grouped = '"group_id" IS NOT NULL'
    tests = {"listed": f'"listed" AND {grouped}', "alone": f'"listed" AND NOT {grouped}', "other": "ELSE"}
    classes = [
        Class(text(f"legend.groups.{name}", scene.lang), test, Fill(color=colors[name], line=line))
        for name, test in tests.items()
    ]
    return rules(_noted(classes, scene))


def _cluster(scene: Scene) -> Element:
    """Every label in the legend, found or not; hatched where there was no result."""
    colors, line = palette("cluster"), palette("line")["area"]
    hatches = {"undefined": palette("status")["bounded"][1]}
    return categories(
        "cluster",
        [
            Class(_sentence(label), code, Fill(color=colors[code], line=line, hatch=hatches.get(code)))
            for code, label in value_labels("cluster", scene.lang).items()
        ],
    )


def _cluster_areas(scene: Scene) -> Element:
    """Clusters as areas of their own: only the labels a cluster can have, with a stronger border."""
    colors, line = palette("cluster"), palette("line")["region"]
    names = value_labels("cluster", scene.lang)
    codes = ("High-High", "Low-Low", "High-Low", "Low-High")
    return categories(
        "cluster",
        [Class(names[code], code, Fill(color=colors[code], line=line, width=0.4)) for code in codes],
    )


def _group_areas(scene: Scene) -> Element:
    """Groups as outlines only: any tint would change the colours of the rates below."""
    look = Fill(color=palette("group")["listed"], opacity=0, line=palette("line")["region"], width=0.5)
    return rules(_noted([Class(text("legend.groups.outline", scene.lang), look=look)], scene))


def _outline(scene: Scene) -> Element:
    title = text("layers.communes.title", scene.lang)
    return rules(_noted([Class(title, look=Fill(color=palette("group")["other"]))], scene))


def _support(field: str) -> Callable[[Scene], Element]:
    def draw(scene: Scene) -> Element:
        colors, line = palette("support"), palette("line")["area"]
        classes = []
        for code, label in value_labels("support", scene.lang).items():
            color, *hatch = [colors[code]] if isinstance(colors[code], str) else colors[code]
            look = Fill(color=color, hatch=hatch[0] if hatch else None, line=line)
            classes.append(Class(_sentence(label), code, look))
        rest = Class(
            text("legend.support.not_asked", scene.lang), "", Fill(color=colors["not_asked"], line=line)
        )
        return categories(field, [*classes, rest])

    return draw


def _sentence(label: str) -> str:
    return label[:1].upper() + label[1:]


def _heading(key: str, scene: Scene) -> str:
    label = text(key, scene.lang)
    return f"{label} ({text('gpkg.notes.schematic', scene.lang)})" if scene.schematic else label


def _noted(classes: list[Class], scene: Scene) -> list[Class]:
    """Put the classes under a heading that says that the boundaries are schematic, where they are."""
    if not scene.schematic:
        return classes
    return [Class(_sentence(text("gpkg.notes.schematic", scene.lang)), children=tuple(classes))]


def _limit(value: float, lang: Lang) -> str:
    """Print a limit with as many decimals as it has."""
    return number(value, lang, len(f"{value:.10g}".partition(".")[2]))


STYLES: dict[str, list[LayerStyle]] = {
    "communes": [
        LayerStyle("rate", _rate, needs=("rate",)),
        LayerStyle("listed", _listed, needs=("listed", "group_id")),
        LayerStyle("cluster", _cluster, needs=("cluster",)),
        LayerStyle("web_support", _support("web_support"), needs=("web_support",)),
        LayerStyle("phone_support", _support("phone_support"), needs=("phone_support",)),
    ],
    # Their members are labelled in the layer below.
    "groups": [LayerStyle("listed", _group_areas, name='"members"', labelled=False)],
    "clusters": [LayerStyle("cluster", _cluster_areas, needs=("cluster",), name='"members"', labelled=False)],
}
_PLAIN = {layer: LayerStyle("outline", _outline) for layer in ("communes", "groups", "clusters")}
_TABLE = LayerStyle("table", _outline)
