"""Layers of the web map: for each, its classes with their look, and the class of every area.

The page knows nothing of rates or clusters. A layer is a list of classes and one class per area; its radio
button, legend, tooltips and colours follow from that. A new layer is one more function in `LAYERS` and its
texts under ``[map.layer]`` and ``[map.note]`` in ``maps/labels.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.maps.classes import rate_breaks, spread
from geo.maps.labels import LANGUAGES, palette, text, value_labels

Hatch = Literal["", "up", "down", "dots"]


@dataclass(frozen=True, kw_only=True)
class Class:
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
class Layer:
    """One way of colouring the map."""

    id: str
    """Names its texts, ``map.layer.<id>`` and ``map.note.<id>``."""
    classes: list[Class]
    """In the order of the legend, from top to bottom."""
    of: list[int]
    """Position in `classes` of each area's class."""
    outline: list[int | None] | None = None
    """Areas with the same number are drawn with one border around them."""
    method: dict[str, str] | None = None
    """Fills ``{method}`` in the note."""


def rate(areas: gpd.GeoDataFrame) -> Iterator[Layer]:
    """Rate in classes; what is not known exactly by what is known instead."""
    breaks = rate_breaks(areas["rate"])
    ranges = list(pairwise(breaks))
    shades = spread(palette("rate")["colors"], len(ranges))
    rising = [Class(fill=shade, range=limits) for shade, limits in zip(shades, ranges, strict=True)]
    classes = rising[::-1]  # a legend has the highest on top
    # As in QGIS, a value on a limit belongs to the class below it.
    step = len(classes) - 1 - np.searchsorted(breaks[1:-1], areas["rate"].to_numpy(dtype=float), side="left")
    known = areas["rate"].notna().to_numpy()
    status = areas["status"] if "status" in areas else pd.Series("missing", index=areas.index)
    unknown = status.where(status.isin(["derived", "bounded"]), "missing").to_numpy()
    hatches: dict[str, Hatch] = {"derived": "up", "bounded": "down", "missing": "dots"}
    position: dict[str, int] = {}
    for code in hatches:
        if (unknown[~known] == code).any():
            position[code] = len(classes)
            classes.append(_hatched(palette("status")[code], _both(f"map.class.{code}"), hatches[code]))
    of = [int(s) if k else position[u] for s, k, u in zip(step, known, unknown, strict=True)]
    yield Layer(id="rate", classes=classes, of=of)


def groups(areas: gpd.GeoDataFrame) -> Iterator[Layer]:
    """Adjoining areas among the listed ones, each group with its outline."""
    if "group_id" not in areas:
        return
    colors = palette("group")
    kinds = {"listed": areas["group_id"].notna()}
    if "listed" in areas:
        kinds["alone"] = areas["listed"].astype("boolean").fillna(False).astype(bool)
    codes = [*kinds, "other"]
    classes = [Class(fill=colors[code], label=_both(f"legend.groups.{code}")) for code in codes]
    of = np.select(list(kinds.values()), range(len(kinds)), len(kinds))
    yield Layer(id="groups", classes=classes, of=of.tolist(), outline=_integers(areas["group_id"]))


def clusters(areas: gpd.GeoDataFrame) -> Iterator[Layer]:
    """Label of the local test; every label has its line in the legend, found or not."""
    if "cluster" not in areas:
        return
    labels, colors = _labels("cluster"), palette("cluster")
    unknown = _hatched(
        [colors["undefined"], palette("status")["bounded"][1]], labels.pop("undefined"), "down"
    )
    classes = [*(Class(fill=colors[code], label=label) for code, label in labels.items()), unknown]
    codes = list(labels)
    of = [codes.index(code) if code in codes else len(codes) for code in areas["cluster"]]
    found = codes.index("not significant")
    yield Layer(
        id="clusters",
        classes=classes,
        of=of,
        outline=[i if i < found else None for i in of],
        method=_method(areas),
    )


def support(areas: gpd.GeoDataFrame) -> Iterator[Layer]:
    """Answers on municipal support, one layer per channel that was asked at all."""
    colors = palette("support")
    labels = _labels("support")
    codes = ["yes", "no", "no answer"]
    for name in ("web_support", "phone_support"):
        if name not in areas or areas[name].isna().all():
            continue
        classes = [
            Class(fill=colors["yes"], label=labels["yes"]),
            Class(fill=colors["no"], label=labels["no"]),
            _hatched(colors["no answer"], labels["no answer"], "up"),
            Class(fill=colors["not_asked"], label=_both("legend.support.not_asked")),
        ]
        of = [codes.index(code) if code in codes else 3 for code in areas[name].fillna("")]
        yield Layer(id=name, classes=classes, of=of)


LAYERS: list[Callable[[gpd.GeoDataFrame], Iterator[Layer]]] = [rate, groups, clusters, support]
"""In the order of the radio buttons; the first is shown first."""


def _hatched(colors: list[str], label: dict[str, str], hatch: Hatch) -> Class:
    return Class(fill=colors[0], line=colors[1], label=label, hatch=hatch)


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
