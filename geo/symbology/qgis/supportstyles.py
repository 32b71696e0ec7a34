"""The QGIS styles of support: what is known of it, what is unmet, which needs, where first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

from geo.symbology.breaks import round_steps
from geo.symbology.qgis.literals import field
from geo.symbology.qgis.qml import QmlClass, categories, rules
from geo.symbology.qgis.scene import Scene, coded, noted, sentence
from geo.symbology.qgis.symbols import Fill, Marker, Size
from geo.text.labels import columns, palette, text, value_labels
from geo.text.numerals import number


def support_by_channel(field: str) -> Callable[[Scene], Element]:
    def draw(scene: Scene) -> Element:
        colors, line = palette("support"), palette("line")["area"]
        classes = []
        for code, label in value_labels("support", scene.lang).items():
            color, *hatch = [colors[code]] if isinstance(colors[code], str) else colors[code]
            look = Fill(color=color, hatch=hatch[0] if hatch else None, line=line)
            classes.append(QmlClass(sentence(label), code, look))
        rest = QmlClass(
            text("legend.support.not_asked", scene.lang), "", Fill(color=colors["not_asked"], line=line)
        )
        return coded(field, [*classes, rest], scene)

    return draw


def support_status(scene: Scene) -> Element:
    """What is known of support, every answer in the legend, found or not."""
    names = value_labels("support_status", scene.lang)
    classes = []
    for code, color in palette("support_status").items():
        look = replace(_fill(color), angle=_STATUS_ANGLES[code])
        classes.append(QmlClass(sentence(names[code]), code, look))
    return coded("support_status", classes, scene)


# Hatch directions: what is contradicted, and what nobody answered, are told apart without colour too.
_STATUS_ANGLES = dict.fromkeys(("yes", "no", "not asked"), 45) | {
    "contested": 135,
    "referred elsewhere": 90,
    "no answer": 45,
}


def unmet(scene: Scene) -> Element:
    """Circles whose surface is the unmet need; rings where only the most that it can be is known."""
    colors = palette("unmet")
    markers = {
        "known": Marker(color=colors["known"], opacity=0.8),
        "open": Marker(color="#ffffff", opacity=0, line=colors["known"], width=0.4),
        "bounded": Marker(color="#ffffff", opacity=0, line=colors["bounded"], width=0.15),
        "missing": Marker(color="#ffffff", opacity=0, line=colors["bounded"], shape="cross2"),
    }
    most = scene.frame["unmet"].fillna(scene.frame["unmet_high"]).astype("Float64")
    largest = float(most.max()) if most.notna().any() else 1.0
    return categories(
        _UNMET_KNOWN,
        [QmlClass(text(f"legend.unmet.{code}", scene.lang), code, look) for code, look in markers.items()],
        size=Size(
            expression='coalesce("unmet", "unmet_high")',
            largest=max(largest, 1.0),
            steps=tuple((step, number(step, scene.lang)) for step in round_steps(largest)),
            title=columns(scene.subject)["unmet"].alias[scene.lang],
        ),
    )


_UNMET_KNOWN = (
    # A bounded count of at most nobody is nobody only if the list is complete.
    "CASE WHEN \"unmet\" IS NOT NULL AND \"status\" <> 'bounded' THEN 'known' "
    "WHEN \"releases_low\" > 0 THEN 'open' WHEN \"unmet_high\" IS NOT NULL THEN 'bounded' ELSE 'missing' END"
)


def needs(scene: Scene) -> Element:
    """Whether any need is served; where none is, whether that was said of needs or of support as a whole."""
    colors = palette("needs")
    fields = [field(str(name)) for name in scene.frame if str(name).startswith("need_")]
    served = " OR ".join(f"{name} = 'served'" for name in fields)
    none = " AND ".join(f"{name} = 'not served'" for name in fields)
    denied = " AND ".join(f"{name} = 'no programme'" for name in fields)
    tests = {"served": served, "none": none, "denied": denied, "unknown": "ELSE"}
    classes = [
        QmlClass(text(f"legend.needs.{code}", scene.lang), test, _fill(colors[code]))
        for code, test in tests.items()
    ]
    return rules(noted(classes, scene))


def priority(scene: Scene) -> Element:
    """How surely an area is among the first, whatever the weights."""
    colors = palette("priority")
    tests = {
        "sure": '"top_sure" >= 0.95',
        "often": '"top_sure" >= 0.5 AND "top_sure" < 0.95',
        "seldom": '"top_sure" < 0.5 AND "top_possible" > 0',
        "never": '"top_possible" = 0',
        "unranked": "ELSE",
    }
    classes = [
        QmlClass(text(f"legend.priority.{code}", scene.lang), test, _fill(colors[code]))
        for code, test in tests.items()
    ]
    return rules(noted(classes, scene))


def _fill(color: str | list[str]) -> Fill:
    """A plain colour, or one with hatch lines of another."""
    plain, *hatch = [color] if isinstance(color, str) else color
    return Fill(color=plain, hatch=hatch[0] if hatch else None, line=palette("line")["area"])
