"""The QGIS styles of each layer: what is shown, in which classes and colours.

To add a style, write a function that gives its renderer, one line in `STYLES`, its name under
``[gpkg.styles]`` (at most 25 characters) and what it shows under ``[gpkg.style_notes]``, both in
``maps/labels.toml``. A style whose columns are not there is left out; the first that is left is the default
of its layer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal
from xml.etree.ElementTree import Element

from geo.symbology.breaks import rate_breaks, round_steps, spread
from geo.symbology.qgis.qml import QmlClass, categories, rules
from geo.symbology.qgis.scene import Scene, coded, noted, sentence
from geo.symbology.qgis.supportstyles import needs, priority, support_by_channel, support_status, unmet
from geo.symbology.qgis.symbols import Fill, Marker, Size
from geo.text.labels import Lang, columns, palette, text, value_labels
from geo.text.numerals import number


@dataclass(frozen=True)
class LayerStyle:
    """One style of a layer: the key of its name, how it is drawn and the columns it cannot do without."""

    key: str
    draw: Callable[[Scene], Element]
    needs: tuple[str, ...] = ()
    name: str = '"area_name"'
    """Expression that names a row."""
    labelled: Literal["areas", "points", "regions", ""] = "areas"
    """At which scales names stand on the map, on areas or beside points; never, where it is empty."""
    theme: str = "rates"
    """Theme of the project in which it stands: one of `THEMES`."""
    value: str = ""
    """Field whose value stands under the name where the map is nearest."""


def _rate(scene: Scene) -> Element:
    """Exact rates by class; where there is none, what is known of the count, hatched."""
    line = palette("line")["area"]
    exact = [
        QmlClass(label, test, Fill(color=color, line=line))
        for (label, test), color in zip(*_rate_classes(scene, "rate"), strict=True)
    ]
    names = value_labels("status", scene.lang)
    codes = ("derived", "bounded") if "status" in scene.frame else ()
    tests = {code: f'"rate" IS NULL AND "status" = \'{code}\'' for code in codes}
    clause = f" AND coalesce(\"status\", '') NOT IN {codes}" if codes else ""
    tests["missing"] = f'"rate" IS NULL{clause}'
    looks = palette("status")
    inexact = [
        QmlClass(
            sentence(names[code]),
            test,
            Fill(color=looks[code][0], hatch=looks[code][1], line=line, angle=angle),
        )
        for (code, test), angle in zip(tests.items(), _ANGLES[-len(tests) :], strict=True)
    ]
    known = [QmlClass(text("legend.rate.exact", scene.lang)), *exact] if exact else []
    return rules(noted([*known, QmlClass(text("legend.rate.inexact", scene.lang)), *inexact], scene))


# Hatch directions of derived, bounded and missing: told apart without colour too.
_ANGLES = (45, 135, 0)


def _smoothed(field: str) -> Callable[[Scene], Element]:
    """Smoothed rates in the classes of the crude ones, so that a colour means the same in both."""

    def draw(scene: Scene) -> Element:
        line = palette("line")["area"]
        fill, hatch = palette("status")["missing"]
        classes = [
            QmlClass(label, test, Fill(color=color, line=line))
            for (label, test), color in zip(*_rate_classes(scene, field), strict=True)
        ]
        rest = QmlClass(
            text("legend.rate.inexact", scene.lang), "ELSE", Fill(color=fill, hatch=hatch, line=line)
        )
        return rules(noted([QmlClass(text("legend.rate.smoothed", scene.lang)), *classes, rest], scene))

    return draw


def _rate_classes(scene: Scene, field: str) -> tuple[list[tuple[str, str]], list[str]]:
    limits = rate_breaks(scene.frame["rate"])
    pairs = list(pairwise(limits))
    classes = []
    for low, high in pairs:
        # A value on a limit belongs to the class below it, as in every graduated map of QGIS.
        above = ">=" if low == limits[0] else ">"
        label = f"{_limit(low, scene.lang)} – {_limit(high, scene.lang)}"
        classes.append((label, f'"{field}" {above} {low!r} AND "{field}" <= {high!r}'))
    return classes, spread(palette("rate")["colors"], len(pairs))


def _listed(scene: Scene) -> Element:
    colors, line = palette("group"), palette("line")["area"]
    grouped = '"group_id" IS NOT NULL'
    tests = {"listed": f'"listed" AND {grouped}', "alone": f'"listed" AND NOT {grouped}', "other": "ELSE"}
    classes = [
        QmlClass(text(f"legend.groups.{name}", scene.lang), test, Fill(color=colors[name], line=line))
        for name, test in tests.items()
    ]
    return rules(noted(classes, scene))


def _label(field: str) -> Callable[[Scene], Element]:
    """Every label in the legend, found or not; hatched where there was no result."""

    def draw(scene: Scene) -> Element:
        colors, line = palette("cluster"), palette("line")["area"]
        hatches = {"undefined": palette("status")["bounded"][1]}
        classes = [
            QmlClass(sentence(label), code, Fill(color=colors[code], line=line, hatch=hatches.get(code)))
            for code, label in value_labels("cluster", scene.lang).items()
        ]
        return coded(field, classes, scene)

    return draw


def _gi(scene: Scene) -> Element:
    """Gi* by its q-value in three steps on each side, all in the legend."""
    colors, line = palette("gi"), palette("line")["area"]
    steps = (("99", 0.01), ("95", 0.05), ("90", 0.1))
    high = [(f"high_{name}", f'"gi_z" > 0 AND "gi_q" <= {q}') for name, q in steps]
    low = [(f"low_{name}", f'"gi_z" < 0 AND "gi_q" <= {q}') for name, q in steps]
    # The strictest step that holds is the one; each is bounded by the next stricter.
    tests = [*_exclusive(high), ("none", '"gi_q" > 0.1'), *reversed(_exclusive(low)), ("undefined", "ELSE")]
    hatch = palette("status")["bounded"][1]
    classes = [
        QmlClass(
            text(f"legend.gi.{name}", scene.lang),
            test,
            Fill(color=colors[name], line=line, hatch=hatch if name == "undefined" else None),
        )
        for name, test in tests
    ]
    return rules(noted([QmlClass(text("legend.gi.title", scene.lang)), *classes], scene))


def _exclusive(steps: list[tuple[str, str]]) -> list[tuple[str, str]]:
    inner = ["", *(f" AND NOT ({test})" for _, test in steps[:-1])]
    return [(name, f"{test}{stricter}") for (name, test), stricter in zip(steps, inner, strict=True)]


def _stability(scene: Scene) -> Element:
    """How far labels hold under other weights and populations, and where none of these finds one."""
    colors, line = palette("stability"), palette("line")["area"]
    steps = [
        ("stable_all", '"stability" >= 1'),
        ("stable_most", '"stability" >= 0.75'),
        ("stable_half", '"stability" >= 0.5'),
        ("stable_few", '"stability" >= 0'),
    ]
    none = [("none_most", '"agreement" >= 0.75'), ("none_few", '"agreement" < 0.75')]
    hatch = palette("status")["bounded"][1]
    classes = [
        QmlClass(sentence(text(f"map.class.{code}", scene.lang)), test, Fill(color=colors[code], line=line))
        for code, test in [*_exclusive(steps), *none]
    ]
    undefined = sentence(value_labels("cluster", scene.lang)["undefined"])
    return rules(
        noted([*classes, QmlClass(undefined, "ELSE", Fill(color="#ffffff", line=line, hatch=hatch))], scene)
    )


def _certainty(scene: Scene) -> Element:
    """Share of the imputed tables with the label; hatched where the area's own count is imputed."""
    line, own = palette("line")["area"], '"imputed_median" IS NULL'
    steps = [
        ("certain_90", '"certainty" >= 0.9'),
        ("certain_50", '"certainty" >= 0.5'),
        ("certain_few", '"certainty" > 0'),
        ("certain_never", '"certainty" = 0'),
    ]
    known, completed = [], []
    for code, test in _exclusive(steps):
        label = text(f"map.class.{code}", scene.lang)
        fill, hatch = palette("completed")[code]
        look = Fill(color=palette("certainty")[code], line=line)
        known.append(QmlClass(sentence(label), f"{test} AND {own}", look))
        label = text("map.class.completed", scene.lang, **{"class": label})
        look = Fill(color=fill, hatch=hatch, line=line, angle=135)
        completed.append(QmlClass(sentence(label), f"{test} AND NOT {own}", look))
    undefined = sentence(value_labels("cluster", scene.lang)["undefined"])
    hatch = palette("status")["bounded"][1]
    rest = QmlClass(undefined, "ELSE", Fill(color="#ffffff", line=line, hatch=hatch))
    return rules(noted([*known, *completed, rest], scene))


def _cluster_areas(scene: Scene) -> Element:
    """Clusters as areas of their own: only the labels a cluster can have, with a stronger border."""
    colors, line = palette("cluster"), palette("line")["region"]
    names = value_labels("cluster", scene.lang)
    codes = ("High-High", "Low-Low", "High-Low", "Low-High")
    looks = {code: Fill(color=colors[code], line=line, width=0.4) for code in codes}
    return coded("cluster", [QmlClass(names[code], code, looks[code]) for code in codes], scene)


def _group_areas(scene: Scene) -> Element:
    """Groups as outlines only: any tint would change the colours of the rates below."""
    color = palette("group")["listed"]
    look = Fill(color=color, opacity=0, line=color, width=0.6)
    return rules(noted([QmlClass(text("legend.groups.outline", scene.lang), look=look)], scene))


def _outline(scene: Scene) -> Element:
    title = text("layers.communes.title", scene.lang)
    return rules(noted([QmlClass(title, look=Fill(color=palette("group")["other"]))], scene))


def _region_outline(scene: Scene) -> Element:
    """Borders alone, to lie over any other layer."""
    look = Fill(color="#ffffff", opacity=0, line=palette("line")["region"], width=0.1, near=0.3)
    return rules(noted([QmlClass(text("legend.regions.outline", scene.lang), look=look)], scene))


def _share(scene: Scene) -> Element:
    """Whether a region has more of the counts than of the people, where the bounds settle it."""
    colors, line = palette("share"), palette("line")["area"]
    tests = {
        "above": '"share_releases_low" > "share_population"',
        "below": '"share_releases_high" < "share_population"',
        "open": "ELSE",
    }
    counts = text(f"subjects.{scene.subject}.counts", scene.lang)
    hatch = palette("status")["bounded"][1]
    classes = [
        QmlClass(
            text(f"legend.share.{name}", scene.lang, counts=counts),
            test,
            Fill(color=colors[name], line=line, width=0.2, hatch=hatch if name == "open" else None),
        )
        for name, test in tests.items()
    ]
    return rules(noted(classes, scene))


def _points(scene: Scene) -> Element:
    """Circles whose surface is the count; rings where only its highest possible value is known."""
    looks, line = palette("status"), palette("point")
    markers = {
        "published": Marker(color=line["known"], opacity=0.75),
        "derived": Marker(color=looks["derived"][0], opacity=0.75, line=looks["derived"][1]),
        "bounded": Marker(color="#ffffff", opacity=0, line=line["bounded"]),
        "missing": Marker(color="#ffffff", opacity=0, line=line["bounded"], shape="cross2"),
    }
    names = value_labels("status", scene.lang) | {"bounded": text("legend.points.bounded", scene.lang)}
    counts = columns(scene.subject)["releases"].alias[scene.lang]
    known = scene.frame["releases"].fillna(scene.frame["releases_high"]).astype("Float64")
    largest = float(known.max()) if known.notna().any() else 1.0
    steps = tuple((step, number(step, scene.lang)) for step in round_steps(largest))
    return categories(
        "status",
        [QmlClass(sentence(names[code]), code, look) for code, look in markers.items()],
        size=Size(
            expression='coalesce("releases", "releases_high")',
            largest=max(largest, 1.0),
            steps=steps,
            title=counts,
        ),
    )


def _dots(scene: Scene) -> Element:
    title = text("layers.points.title", scene.lang)
    return rules(noted([QmlClass(title, look=Marker(color=palette("point")["known"]))], scene))


def _limit(value: float, lang: Lang) -> str:
    """Print a limit with as many decimals as it has."""
    return number(value, lang, len(f"{value:.10g}".partition(".")[2]))


_SMOOTHED = ("rate_eb", "rate_eb_spatial")
_SUPPORT = ("web_support", "phone_support")

THEMES = ("context", "rates", "counts", "clusters", "support", "tables")
"""Groups of layers in the project, from top to bottom; context lies over all others."""

STYLES: dict[str, list[LayerStyle]] = {
    "communes": [
        LayerStyle("rate", _rate, needs=("rate",), value="rate"),
        *(LayerStyle(name, _smoothed(name), needs=("rate", name), value=name) for name in _SMOOTHED),
        LayerStyle("cluster", _label("cluster"), needs=("cluster",), theme="clusters"),
        LayerStyle(
            "cluster_adjusted", _label("cluster_adjusted"), needs=("cluster_adjusted",), theme="clusters"
        ),
        LayerStyle("gi", _gi, needs=("gi_q", "gi_z"), theme="clusters"),
        LayerStyle("stability", _stability, needs=("agreement",), theme="clusters"),
        LayerStyle("certainty", _certainty, needs=("certainty", "imputed_median"), theme="clusters"),
        LayerStyle("listed", _listed, needs=("listed", "group_id"), theme="clusters"),
        *(
            LayerStyle(channel, support_by_channel(channel), needs=(channel,), theme="support")
            for channel in _SUPPORT
        ),
    ],
    # Their members are labelled in the layer below.
    "groups": [LayerStyle("listed", _group_areas, name='"members"', labelled="", theme="clusters")],
    "clusters": [
        LayerStyle(
            "cluster", _cluster_areas, needs=("cluster",), name='"members"', labelled="", theme="clusters"
        )
    ],
    "regions": [
        LayerStyle("outline", _region_outline, name='"region"', labelled="regions", theme="context"),
        LayerStyle("rate", _rate, needs=("rate",), name='"region"', labelled="regions"),
        LayerStyle("share", _share, needs=("share_releases_low",), name='"region"', labelled="regions"),
    ],
    "support_gaps": [
        LayerStyle("support_status", support_status, needs=("support_status",), theme="support"),
        LayerStyle("needs", needs, needs=("need_housing",), theme="support"),
        LayerStyle("priority", priority, needs=("top_sure",), theme="support"),
    ],
    "points": [
        LayerStyle(
            "proportional",
            _points,
            needs=("status", "releases_high"),
            labelled="points",
            theme="counts",
            value="releases",
        ),
        LayerStyle("unmet", unmet, needs=("unmet_high", "releases_low"), labelled="", theme="support"),
    ],
}
_OUTLINED = ("communes", "groups", "clusters", "regions", "support_gaps")
PLAIN = {layer: LayerStyle("outline", _outline) for layer in _OUTLINED}
PLAIN["points"] = LayerStyle("points", _dots, labelled="", theme="counts")
TABLE = LayerStyle("table", _outline, theme="tables")
