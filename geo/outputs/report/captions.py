"""What is said under each figure, and instead of it to those who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from geo.outputs.panels import Plan
from geo.symbology.themes import LegendClass, Theme
from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number
from geo.text.overview import rate_text
from geo.text.phrases import Texts, both, capital, phrase

if TYPE_CHECKING:
    from geo.model.result import StudyResult


def class_label(kind: LegendClass, lang: Lang) -> str:
    """Name one class of a map's legend."""
    if kind.range is None:
        return capital((kind.label or {})[lang])
    low, high = (number(x, lang, 0 if float(x).is_integer() else 1) for x in kind.range)
    return text("map.class.range", lang, low=low, high=high)


def map_alt(layer: Theme) -> Texts:
    """List the classes of a map with the number of areas in each."""

    def alt(lang: Lang) -> str:
        counted = [
            text(
                "figure.map.alt_class", lang, label=class_label(kind, lang), n=number(layer.of.count(k), lang)
            )
            for k, kind in enumerate(layer.classes)
        ]
        return text(
            "figure.map.alt", lang, layer=text(f"map.layer.{layer.id}", lang), classes="; ".join(counted)
        )

    return both(alt)


def map_caption(result: StudyResult, layer: Theme, plan: Plan) -> Texts:
    """Say what the layer shows and how the country is laid out."""

    def caption(lang: Lang) -> str:
        method = (layer.method or {}).get(lang, "")
        lines = [phrase(result, f"map.note.{layer.id}", lang, method=method)]
        lines.append(phrase(result, "figure.map.number", lang))
        if len(plan.parts) > 1:
            lines.append(text("figure.map.parts", lang, n=len(plan.parts)))
        if plan.detail is not None:
            lines.append(text("figure.map.detail", lang))
        if plan.far:
            lines.append(text("figure.map.far", lang))
        if plan.not_drawn:
            names = ", ".join(result.areas["area_name"].iloc[plan.not_drawn])
            lines.append(text("figure.map.not_drawn", lang, names=names))
        if result.schematic:
            lines.append(phrase(result, "map.page.schematic_note", lang))
        return " ".join(lines)

    return both(caption)


def interval_alt(result: StudyResult, shown: gpd.GeoDataFrame) -> Texts:
    """Say how many rates stand in the figure, and from what to what they go."""
    exact = shown["rate"].fillna((shown["rate_low"] + shown["rate_high"]) / 2)

    def alt(lang: Lang) -> str:
        first, last = (rate_text(float(value), lang) for value in (exact.max(), exact.min()))
        n = number(len(shown), lang)
        return phrase(result, "figure.intervals.alt", lang, n=n, first=first, last=last)

    return both(alt)


def interval_caption(result: StudyResult, shown: gpd.GeoDataFrame, *, few: bool) -> Texts:
    """Say how to read an interval, and what is cut or has no dot."""
    keys = ["caption"] + ([] if few else ["cut"]) + (["derived"] if shown["rate"].isna().any() else [])
    return both(lambda lang: " ".join(phrase(result, f"figure.intervals.{key}", lang) for key in keys))


def funnel_texts(result: StudyResult) -> tuple[Texts, Texts]:
    """Say how many rates lie outside which limits: the text instead of the funnel and the one below it."""
    funnel = result.curves.funnel
    assert funnel is not None
    chance = int(funnel.areas["outside_poisson"].isin(["above_998", "below_998"]).sum())
    wide = int(funnel.areas["outside_overdispersed"].fillna("inside").ne("inside").sum())
    # Of all areas, one in five hundred lies outside by chance; that more do is said only where it is plain.
    key = "caption" if chance > 0.05 * funnel.n else "caption_chance"
    shown = {"chance": chance, "wide": wide, "n": funnel.n}

    def say(key: str, lang: Lang) -> str:
        counts = {name: number(n, lang) for name, n in shown.items()}
        return phrase(result, f"figure.funnel.{key}", lang, target=rate_text(funnel.target, lang), **counts)

    return both(lambda lang: say("alt", lang)), both(lambda lang: say(key, lang))


def moran_texts(result: StudyResult) -> tuple[Texts, Texts]:
    """Say what the line's slope is and which labels there are."""
    points, test = result.curves.scatter, result.tests.moran_rate
    assert points is not None
    assert test is not None
    counts = result.areas["cluster"].value_counts()
    codes = [code for code in value_labels("cluster", "en") if "-" in code and code in counts]

    def alt(lang: Lang) -> str:
        names = value_labels("cluster", lang)
        labelled = ", ".join(f"{number(counts[code], lang)} {names[code]}" for code in codes) or number(
            0, lang
        )
        n, i = number(int(points["z"].notna().sum()), lang), number(test.statistic, lang, 2)
        return phrase(result, "figure.moran.alt", lang, n=n, i=i, labelled=labelled)

    key = "caption" if codes else "caption_none"
    return both(alt), both(lambda lang: phrase(result, f"figure.moran.{key}", lang))


def lorenz_texts(result: StudyResult) -> tuple[Texts, Texts]:
    """Say in how few areas half of what was counted is."""
    spread = result.curves.spread
    assert spread is not None

    def say(key: str, lang: Lang) -> str:
        return phrase(
            result,
            f"figure.lorenz.{key}",
            lang,
            n=number(spread.n, lang),
            half=number(spread.half_areas, lang),
            events=number(100 * spread.half_events, lang),
            people=number(100 * spread.half_population, lang),
        )

    return both(lambda lang: say("alt", lang)), both(lambda lang: say("caption", lang))


def support_texts(result: StudyResult, shown: gpd.GeoDataFrame, asked: int) -> tuple[Texts, Texts]:
    """Say what the bars are and how many programmes were found."""
    yes = {f"{way}_yes": int(shown[f"{way}_support"].eq("yes").sum()) for way in ("web", "phone")}

    def alt(lang: Lang) -> str:
        counts = {name: number(n, lang) for name, n in (yes | {"n": len(shown)}).items()}
        return phrase(result, "figure.support.alt", lang, **counts)

    def caption(lang: Lang) -> str:
        lines = [phrase(result, "figure.support.caption", lang)]
        if bool((shown["releases_low"] != shown["releases_high"]).any()):
            lines.append(text("figure.support.highest", lang))
        if asked > len(shown):
            lines.append(text("figure.support.first", lang, n=number(len(shown), lang)))
        return " ".join(lines)

    return both(alt), both(caption)
