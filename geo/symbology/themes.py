"""Layers of the web map: for each, its classes with their look, and the class of every area.

The page knows nothing of rates or clusters. A layer is a list of classes and one class per area; its radio
button, legend, tooltips and colours follow from that. A new layer is one more function in `LAYERS` and its
texts under ``[map.layer]`` and ``[map.note]`` in ``maps/labels.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.symbology.breaks import rate_breaks, round_steps, spread
from geo.text.labels import LANGUAGES, palette, text, value_labels

Hatch = Literal["", "up", "down", "dots"]
_HATCHES: dict[str, Hatch] = {"derived": "up", "bounded": "down", "missing": "dots"}

CHANNELS = ("web_support", "phone_support")
"""Ways municipalities were asked for their support: each is a column, a layer and a line of the card."""


@dataclass(frozen=True, kw_only=True)
class LegendClass:
    """One line of a legend."""

    fill: str
    """Colour."""
    label: dict[str, str] | None = None
    """Text by language; None where `range` says it all."""
    range: tuple[float, float] | None = None
    """Lower and upper limit of a class of numbers."""
    hatch: Hatch = ""
    """Pattern over the colour, for what was not observed."""
    line: str = ""
    """Colour of the pattern."""


@dataclass(frozen=True, kw_only=True)
class Circles:
    """Circles whose surface is proportional to a number."""

    values: list[float | None]
    """By area; None where there is none."""
    largest: float
    """The number that the largest circle is for."""
    open: list[int]
    """Positions of the areas whose value is only the highest possible: rings."""
    steps: list[float]
    """Numbers shown in the legend."""
    fill: str
    line: str
    """Colours of the circles and of the rings."""
    column: str = "releases"
    """What they are circles of: a column that may have bounds beside it."""


@dataclass(frozen=True, kw_only=True)
class Theme:
    """One way of colouring the map."""

    id: str
    """Names its texts, ``map.layer.<id>`` and ``map.note.<id>``."""
    classes: list[LegendClass]
    """In the order of the legend, from top to bottom."""
    of: list[int]
    """Position in `classes` of each area's class."""
    outline: list[int | None] | None = None
    """Areas with the same number are drawn with one border around them."""
    circles: Circles | None = None
    method: dict[str, str] | None = None
    """Fills ``{method}`` in the note."""


def rate(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """Rate in classes; what is not known exactly by what is known instead."""
    breaks = rate_breaks(areas["rate"])
    ranges = list(pairwise(breaks))
    shades = spread(palette("rate")["colors"], len(ranges))
    rising = [LegendClass(fill=shade, range=limits) for shade, limits in zip(shades, ranges, strict=True)]
    # As in QGIS, a value on a limit belongs to the class below it; a legend has the highest on top.
    step = len(rising) - 1 - np.searchsorted(breaks[1:-1], areas["rate"].to_numpy(dtype=float), side="left")
    known = areas["rate"].notna().to_numpy()
    classes, of = _with_unknown(areas, rising[::-1], step, known)
    yield Theme(id="rate", classes=classes, of=of)


def counts(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """Counts as circles; rings where only the highest possible count is known, if the lowest is not zero."""
    if "releases" not in areas or areas["releases"].isna().all():
        return
    exact = areas["releases"].astype("Float64")
    low, high = (
        areas[name].astype("Float64") if name in areas else exact
        for name in ("releases_low", "releases_high")
    )
    ring = (exact.isna() & low.gt(0)).fillna(False).to_numpy(dtype=bool)
    values = exact.where(~ring, high)
    plotted = (values.notna() & areas.geometry.notna()).to_numpy(dtype=bool)
    plain = [LegendClass(fill=palette("group")["other"], label=_both("map.class.exact"))]
    classes, of = _with_unknown(areas, plain, np.zeros(len(areas), dtype=int), exact.notna().to_numpy())
    colors = palette("point")
    yield Theme(
        id="counts",
        classes=classes,
        of=of,
        circles=_circles(values, plotted, ring, fill=colors["known"], line=palette("status")["derived"][1]),
    )


def _circles(
    values: pd.Series,
    plotted: NDArray[np.bool_],
    ring: NDArray[np.bool_],
    *,
    fill: str,
    line: str,
    column: str = "releases",
) -> Circles:
    """Circles of the values that are drawn, rings where only the highest possible one is known."""
    largest = float(values[plotted].max()) if plotted.any() else 0.0
    return Circles(
        values=[float(v) if d else None for v, d in zip(values, plotted, strict=True)],
        open=[int(i) for i in np.flatnonzero(ring & plotted)],
        largest=max(largest, 1.0),
        steps=round_steps(largest),
        fill=fill,
        line=line,
        column=column,
    )


def groups(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """Adjoining areas among the listed ones, each group with its outline."""
    if "group_id" not in areas:
        return
    colors = palette("group")
    kinds = {"listed": areas["group_id"].notna()}
    if "listed" in areas:
        kinds["alone"] = areas["listed"].astype("boolean").fillna(False).astype(bool)
    codes = [*kinds, "other"]
    classes = [LegendClass(fill=colors[code], label=_both(f"legend.groups.{code}")) for code in codes]
    of = np.select(list(kinds.values()), range(len(kinds)), len(kinds))
    yield Theme(id="groups", classes=classes, of=of.tolist(), outline=_integers(areas["group_id"]))


def clusters(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """Label of the local test, and the same once size is taken into account.

    Every label has its line in the legend, found or not.
    """
    for name, column in (("clusters", "cluster"), ("clusters_adjusted", "cluster_adjusted")):
        if column not in areas or areas[column].isna().all():
            continue
        labels, colors = _labels("cluster"), palette("cluster")
        unknown = _undefined(labels.pop("undefined"))
        classes = [*(LegendClass(fill=colors[code], label=label) for code, label in labels.items()), unknown]
        codes = list(labels)
        of = [codes.index(code) if code in codes else len(codes) for code in areas[column].fillna("")]
        n_significant = codes.index("not significant")
        yield Theme(
            id=name,
            classes=classes,
            of=of,
            outline=[i if i < n_significant else None for i in of],
            method=_method(areas),
        )


def stability(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """How far labels hold under other weights and populations; where none was found, how far that holds."""
    if not {"stability", "agreement"} & {name for name in areas if areas[name].notna().any()}:
        return
    shares = {
        name: (areas[name] if name in areas else pd.Series(np.nan, index=areas.index)).to_numpy(dtype=float)
        for name in ("stability", "agreement")
    }
    # All specifications; at least three in four; at least half; fewer. Averages are exact to rounding only.
    step = np.digitize(-shares["stability"].round(9), [-1, -0.75, -0.5], right=True)
    tests = {
        **{code: (~np.isnan(shares["stability"])) & (step == k) for k, code in enumerate(_STABLE)},
        "none_most": shares["agreement"].round(9) >= 0.75,
        "none_few": shares["agreement"].round(9) < 0.75,
    }
    colors = palette("stability")
    classes = [LegendClass(fill=colors[code], label=_both(f"map.class.{code}")) for code in tests]
    of = np.select(list(tests.values()), range(len(tests)), len(tests)).tolist()
    yield Theme(id="stability", classes=[*classes, _undefined(_labels("cluster")["undefined"])], of=of)


_STABLE = ("stable_all", "stable_most", "stable_half", "stable_few")


def certainty(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """Share of the imputed tables with the label; hatched where the area's own count is imputed."""
    if "certainty" not in areas or areas["certainty"].isna().all():
        return
    share = areas["certainty"].to_numpy(dtype=float)
    imputed = areas["imputed_median"].notna().to_numpy()
    colors = palette("certainty")
    classes = [LegendClass(fill=colors[code], label=_both(f"map.class.{code}")) for code in _CERTAIN]
    hatched = [
        LegendClass(fill=fill, label=_completed(code), hatch="down", line=line)
        for code, (fill, line) in ((code, palette("completed")[code]) for code in _CERTAIN)
    ]
    step = np.digitize(-share.round(9), [-0.9, -0.5, -1e-9], right=True)
    of = np.where(np.isnan(share), 2 * len(_CERTAIN), step + len(_CERTAIN) * imputed).tolist()
    undefined = _undefined(_labels("cluster")["undefined"])
    yield Theme(id="certainty", classes=[*classes, *hatched, undefined], of=of)


_CERTAIN = ("certain_90", "certain_50", "certain_few", "certain_never")


def _completed(code: str) -> dict[str, str]:
    return {
        lang: text("map.class.completed", lang, **{"class": text(f"map.class.{code}", lang)})
        for lang in LANGUAGES
    }


def hot_spots(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """Gi* by its q-value, high and low in three steps of sureness."""
    if "gi_z" not in areas or areas["gi_z"].isna().all():
        return
    z = areas["gi_z"].to_numpy(dtype=float)
    # With these weights the p of Gi* is local Moran's, and so is its q.
    q = areas["gi_q" if "gi_q" in areas else "cluster_q"].to_numpy(dtype=float)
    step = np.digitize(q, [0.01, 0.05, 0.1], right=True)
    known = ~np.isnan(z) & ~np.isnan(q)
    codes = ["high_99", "high_95", "high_90", "none", "low_90", "low_95", "low_99"]
    colors = palette("gi")
    classes = [LegendClass(fill=colors[code], label=_both(f"legend.gi.{code}")) for code in codes]
    of = np.where(known, np.where(z > 0, step, 6 - step), 7).tolist()
    yield Theme(
        id="hot_spots",
        classes=[*classes, _undefined(_both("legend.gi.undefined"))],
        of=of,
        outline=[i if i in (0, 1, 2, 4, 5, 6) else None for i in of],
    )


def support(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """Answers on municipal support, one layer per channel that was asked at all."""
    colors = palette("support")
    labels = _labels("support")
    codes = ["yes", "no", "no answer"]
    for name in CHANNELS:
        if name not in areas or areas[name].isna().all():
            continue
        classes = [
            LegendClass(fill=colors["yes"], label=labels["yes"]),
            LegendClass(fill=colors["no"], label=labels["no"]),
            _hatched(colors["no answer"], labels["no answer"], "up"),
            LegendClass(fill=colors["not_asked"], label=_both("legend.support.not_asked")),
        ]
        of = [codes.index(code) if code in codes else 3 for code in areas[name].fillna("")]
        yield Theme(id=name, classes=classes, of=of)


def support_status(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """What is known of support, all answers taken together; every answer has its line in the legend."""
    if "support_status" not in areas or areas["support_status"].isna().all():
        return
    labels, colors = _labels("support_status"), palette("support_status")
    classes = [
        LegendClass(fill=color, label=labels[code])
        if isinstance(color, str)
        else _hatched(color, labels[code], _STATUS_HATCHES[code])
        for code, color in colors.items()
    ]
    codes = list(colors)
    of = [codes.index(code) for code in areas["support_status"].fillna("not asked")]
    yield Theme(id="support_status", classes=classes, of=of)


_STATUS_HATCHES: dict[str, Hatch] = {"contested": "down", "referred elsewhere": "dots", "no answer": "up"}


def unmet(areas: gpd.GeoDataFrame) -> Iterator[Theme]:
    """People without a place as circles; rings of the most they can be, where people are known to return."""
    if "unmet_high" not in areas or areas["unmet_high"].isna().all():
        return
    exact, most = areas["unmet"].astype("Float64"), areas["unmet_high"].astype("Float64")
    returning = areas["releases_low"].gt(0).fillna(False).to_numpy(dtype=bool)
    # A bounded count of at most nobody is nobody only if the list is complete.
    known = (exact.notna() & areas["status"].ne("bounded")).to_numpy(dtype=bool)
    ring = ~known & returning & most.notna().to_numpy()
    plotted = (known | ring) & areas.geometry.notna().to_numpy()
    values = exact.where(known, most)
    colors, other = palette("unmet"), palette("group")["other"]
    classes = [
        LegendClass(fill=other, label=_both("map.class.unmet_known")),
        _hatched(palette("status")["derived"], _both("map.class.unmet_open"), "up"),
        _hatched(palette("status")["bounded"], _both("map.class.unmet_bounded"), "down"),
    ]
    yield Theme(
        id="unmet",
        classes=classes,
        of=np.select([known, ring], [0, 1], 2).tolist(),
        circles=_circles(values, plotted, ring, fill=colors["known"], line=colors["known"], column="unmet"),
    )


LAYERS: list[Callable[[gpd.GeoDataFrame], Iterator[Theme]]] = [
    rate,
    counts,
    groups,
    clusters,
    stability,
    certainty,
    hot_spots,
    support_status,
    unmet,
    support,
]
"""In the order of the radio buttons; the first is shown first."""


def _with_unknown(
    areas: gpd.GeoDataFrame, classes: list[LegendClass], of: np.ndarray[Any, Any], known: np.ndarray[Any, Any]
) -> tuple[list[LegendClass], list[int]]:
    """Add a hatched class for each kind of unknown count that the map has, and put its areas there."""
    status = areas["status"] if "status" in areas else pd.Series("missing", index=areas.index)
    unknown = status.where(status.isin(["derived", "bounded"]), "missing").to_numpy()
    codes = [code for code in _HATCHES if (unknown[~known] == code).any()]
    added = [_hatched(palette("status")[code], _both(f"map.class.{code}"), _HATCHES[code]) for code in codes]
    position = {code: len(classes) + k for k, code in enumerate(codes)}
    placed = [int(k) if sure else position[u] for k, sure, u in zip(of, known, unknown, strict=True)]
    return [*classes, *added], placed


def _hatched(colors: list[str], label: dict[str, str], hatch: Hatch) -> LegendClass:
    return LegendClass(fill=colors[0], line=colors[1], label=label, hatch=hatch)


def _undefined(label: dict[str, str]) -> LegendClass:
    return _hatched([palette("cluster")["undefined"], palette("status")["bounded"][1]], label, "down")


def _both(key: str) -> dict[str, str]:
    return {lang: text(key, lang) for lang in LANGUAGES}


def _labels(table: str) -> dict[str, dict[str, str]]:
    """Labels of a coded column by code, then by language."""
    by_lang = {str(lang): value_labels(table, lang) for lang in LANGUAGES}
    return {code: {lang: by_lang[lang][code] for lang in by_lang} for code in by_lang["en"]}


def _integers(values: pd.Series) -> list[int | None]:
    return [None if pd.isna(value) else int(value) for value in values]


def _method(areas: gpd.GeoDataFrame) -> dict[str, str]:
    used = areas["cluster_method"].dropna().unique() if "cluster_method" in areas else []
    labels = {lang: value_labels("cluster_method", lang) for lang in LANGUAGES}
    known = [code for code in used if code in labels["en"]] or ["none"]
    return {lang: "; ".join(labels[lang][code] for code in known) for lang in LANGUAGES}
