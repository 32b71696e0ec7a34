"""The figures of the report. Each is drawn from what a result holds; none computes a statistic of its own.

To add a figure, write a function that yields it, or nothing where the result has nothing to draw, add it to
`FIGURES`, its name to `DRAWN` in ``geo/model/filenames.py`` and its texts to ``maps/report.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from geo.model.numeric import Floats
from geo.outputs.panels import plan
from geo.outputs.report.captions import (
    funnel_texts,
    interval_alt,
    interval_caption,
    lorenz_texts,
    map_alt,
    map_caption,
    moran_texts,
    support_texts,
)
from geo.outputs.report.drawing import WIDTH, Picture, Words, axes, drawing, finish, number_axis, sheet
from geo.outputs.report.listings import by_rate
from geo.outputs.report.mapfigure import DETAIL, FAR, PARTS, draw_map
from geo.symbology.themes import clusters, groups, rate
from geo.text.labels import Lang, palette, text, value_labels
from geo.text.numerals import number
from geo.text.overview import rate_text
from geo.text.phrases import phrase

if TYPE_CHECKING:
    from geo.model.result import StudyResult

NAMED = 45
"""Most areas that a figure names one by one."""

_LINE = 0.185  # inches for an area in a list
_LONGEST = 26  # letters of a name in a figure
_MANY = 6  # points named within a cloud


def draw_figures(result: StudyResult, lang: Lang) -> list[Picture]:
    """Draw every figure that the result has something for, in the order of the report."""
    with drawing():
        return [picture for draw in FIGURES for picture in draw(result, lang)]


def maps(result: StudyResult, lang: Lang) -> Iterable[Picture]:
    """Map of rates; then of clusters, or of groups where only the highest rates are known."""
    areas = result.areas
    if not bool((areas.geometry.notna() & ~areas.geometry.is_empty).any()):
        return
    page = plan(areas, width=WIDTH, height=PARTS, detail=DETAIL, far=FAR)
    units_of = pd.factorize(areas["region"])[0] if "region" in areas else np.full(len(areas), -1)
    second = clusters if result.tests.method == "local_moran_rate" else groups
    for layer in (next(rate(areas)), *list(second(areas))[:1]):
        if layer.id == "groups" and not areas["listed"].any():
            continue
        yield draw_map(
            areas,
            layer,
            page,
            words=Words(lang),
            alt=map_alt(layer),
            caption=map_caption(result, layer, page),
            schematic=result.schematic,
            units=[int(unit) for unit in units_of],
        )


def intervals(result: StudyResult, lang: Lang) -> Iterable[Picture]:
    """Rates with their 95 % intervals, from the highest: named one by one where they are few."""
    shown = by_rate(result.areas)
    if shown.empty:
        return
    words = Words(lang)
    few = len(shown) <= NAMED
    figure = sheet(_LINE * len(shown) + 0.9 if few else 3.6)
    look = palette("figure")
    place = np.arange(len(shown), dtype=float)
    low, high = shown["rate_low"].to_numpy(dtype=float), shown["rate_high"].to_numpy(dtype=float)
    bars = _broken(low, high), np.repeat(place, 3)
    if few:
        ax = axes(figure, 1.75, 0.55, 0.15, 0.3)
        ax.plot(*bars, color=look["interval"], linewidth=2.2, solid_capstyle="butt")
        ax.plot(shown["rate"], place, "o", color=look["mark"], markersize=3.6)
        ax.set(xlim=(0, None), xlabel=words.text("figure.intervals.rate"))
        number_axis(ax.xaxis, words)
        _list_names(ax, shown["area_name"])
    else:
        ax = axes(figure, 0.75, 0.5, 0.1, 0.3)
        ax.plot(*bars[::-1], color=look["interval"], linewidth=0.9, solid_capstyle="butt")
        ax.plot(place, shown["rate"], ".", color=look["mark"], markersize=2.5)
        top = 1.08 * float(shown["rate"].max()) or 1.0
        order = words.say(lambda code: phrase(result, "figure.intervals.order", code))
        ax.set(xlim=(-2, len(shown) + 1), ylim=(0, top), xlabel=order)
        ax.set_ylabel(words.text("figure.intervals.rate"))
        number_axis(ax.xaxis, words)
        number_axis(ax.yaxis, words)
        _name(ax, place, shown["rate"].to_numpy(), shown["area_name"], range(3))
    _overall(ax, result, words, upright=few)
    alt, caption = interval_alt(result, shown), interval_caption(result, shown, few=few)
    yield finish(figure, "intervals", words, alt, caption)


def funnel(result: StudyResult, lang: Lang) -> Iterable[Picture]:
    """Rates against population, with what chance, and chance with ordinary differences, would leave."""
    funnel_plot, limits = result.curves.funnel, result.curves.limits
    if funnel_plot is None or limits is None:
        return
    words, look = Words(lang), palette("figure")
    figure = sheet(4.0)
    ax = axes(figure, 0.75, 0.5, 0.1, 0.55)
    people = result.areas["population"].astype(float).to_numpy()
    y = funnel_plot.areas["rate"].to_numpy(dtype=float)
    grid = limits["population"]
    low, high = (limits[f"{end}_95_overdispersed"] for end in ("low", "high"))
    ax.fill_between(grid, low, high, color=look["grid"], linewidth=0, label=words.text("figure.funnel.wide"))
    for name, dash in (("95", (0, (4, 2))), ("998", "solid")):
        label = words.text(f"figure.funnel.chance_{name}")
        line = np.append(limits[f"low_{name}"], limits[f"high_{name}"][::-1])
        ax.plot(
            np.append(grid, grid[::-1]), line, color=look["limit"], linewidth=0.9, linestyle=dash, label=label
        )
    ax.axhline(funnel_plot.target, color=look["ink"], linewidth=0.8)
    far = funnel_plot.areas["outside_overdispersed"].fillna("inside").ne("inside").to_numpy(dtype=bool)
    for chosen, color, size in ((~far, look["faint"], 3.0), (far, look["mark"], 4.0)):
        ax.plot(people[chosen], y[chosen], "o", color=color, markersize=size, markeredgewidth=0)
    top = 1.08 * float(np.nanmax(y)) or 1.0
    ax.set(xscale="log", xlim=(grid.min(), grid.max()), ylim=(0, top))
    ax.set_xlabel(words.text("figure.funnel.population"))
    ax.set_ylabel(words.text("figure.intervals.rate"))
    number_axis(ax.yaxis, words)
    _powers(ax, words)
    farthest = funnel_plot.areas["z_overdispersed"].abs().where(far).to_numpy(dtype=float)
    order = [int(i) for i in np.argsort(-np.nan_to_num(farthest)) if far[i]][:_MANY]
    _name(ax, people, y, result.areas["area_name"], order)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=8, borderaxespad=0.2)
    yield finish(figure, "funnel", words, *funnel_texts(result))


def moran(result: StudyResult, lang: Lang) -> Iterable[Picture]:
    """Each area's standardised rate against the mean of its neighbours'."""
    points, test = result.curves.scatter, result.tests.moran_rate
    if points is None or test is None:
        return
    words, look = Words(lang), palette("figure")
    figure = sheet(4.4, 5.2)
    ax = axes(figure, 0.7, 0.5, 0.1, 0.55)
    x, y = points["z"].to_numpy(), points["lag"].to_numpy()
    ax.axhline(0, color=look["soft"], linewidth=0.6)
    ax.axvline(0, color=look["soft"], linewidth=0.6)
    reach = np.array([np.nanmin(x), np.nanmax(x)])
    slope = words.say(lambda code: text("figure.moran.slope", code, i=number(test.statistic, code, 2)))
    ax.plot(reach, test.statistic * reach, color=look["limit"], linewidth=1, label=slope)
    label = result.areas["cluster"].fillna("undefined").to_numpy(dtype=str)
    colors = palette("cluster")
    significant = np.isin(label, [code for code in colors if "-" in code])
    ax.plot(
        x[~significant],
        y[~significant],
        "o",
        color=look["faint"],
        markersize=2.8,
        markeredgewidth=0,
        alpha=0.8,
    )
    for code in (code for code in colors if "-" in code):
        chosen = label == code
        if chosen.any():
            name = _coded(words, "cluster", code)
            ax.plot(
                x[chosen],
                y[chosen],
                _MARKS[code],
                color=colors[code],
                markersize=5,
                label=name,
                markeredgecolor=look["ink"],
                markeredgewidth=0.4,
            )
    ax.set_xlabel(words.text("figure.moran.own"))
    ax.set_ylabel(words.text("figure.moran.neighbours"))
    number_axis(ax.xaxis, words)
    number_axis(ax.yaxis, words)
    order = np.argsort(-np.abs(np.nan_to_num(x * y)))
    _name(ax, x, y, result.areas["area_name"], [int(i) for i in order if significant[i]][:_MANY])
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=8, borderaxespad=0.2)
    yield finish(figure, "moran", words, *moran_texts(result))


_MARKS = {"High-High": "^", "Low-Low": "v", "High-Low": "D", "Low-High": "s"}  # told apart without colour


def lorenz(result: StudyResult, lang: Lang) -> Iterable[Picture]:
    """Share of what was counted against share of people."""
    spread = result.curves.spread
    if spread is None:
        return
    words, look = Words(lang), palette("figure")
    figure = sheet(4.2, 5.0)
    ax = axes(figure, 0.75, 0.55, 0.15, 0.15)
    equal = words.text("figure.lorenz.equal")
    ax.plot([0, 100], [0, 100], color=look["limit"], linewidth=0.9, linestyle=(0, (4, 2)), label=equal)
    curve = 100 * spread.curve
    ax.plot(
        curve["population_share"],
        curve["event_share"],
        color=look["mark"],
        linewidth=1.6,
        label=words.say(lambda code: phrase(result, "figure.lorenz.curve", code)),
    )
    half = 100 - 100 * spread.half_population, 100 - 100 * spread.half_events
    ax.plot(*half, "o", color=look["mark"], markersize=5)
    ax.plot([half[0], half[0], 100], [0, half[1], half[1]], color=look["soft"], linewidth=0.6, linestyle=":")
    ax.set(xlim=(0, 100), ylim=(0, 100), xlabel=words.text("figure.lorenz.people"))
    ax.set_ylabel(words.say(lambda code: phrase(result, "figure.lorenz.events", code)))
    number_axis(ax.xaxis, words)
    number_axis(ax.yaxis, words)
    ax.legend(loc="upper left", frameon=False, fontsize=8)
    yield finish(figure, "lorenz", words, *lorenz_texts(result))


def support(result: StudyResult, lang: Lang) -> Iterable[Picture]:
    """How many people return beside what the municipality answered about support."""
    areas = result.areas
    asked = areas["web_support"].notna() | areas["phone_support"].notna()
    shown = areas[asked & areas["releases_high"].notna()]
    if shown.empty or result.measure.name != "releases":
        return
    shown = shown.sort_values("releases_high", ascending=False, kind="stable").head(NAMED)
    words, look = Words(lang), palette("figure")
    figure = sheet(_LINE * len(shown) + 1.2)
    place = np.arange(len(shown), dtype=float)
    ax = axes(figure, 1.75, 0.85, 1.95, 0.35)
    bars = _broken(np.zeros(len(shown)), shown["releases_high"].to_numpy(dtype=float))
    ax.plot(bars, np.repeat(place, 3), color=look["interval"], linewidth=8, solid_capstyle="butt")
    ax.set_xlim(0)
    ax.set_xlabel(words.say(lambda code: phrase(result, "figure.support.demand", code)))
    number_axis(ax.xaxis, words, steps=5)
    _list_names(ax, shown["area_name"])
    beside = axes(figure, WIDTH - 1.9, 0.85, 0.05, 0.35)
    beside.set(xlim=(0, 3), ylim=(len(shown) - 0.4, -0.6), xticks=[], yticks=[])
    beside.set_axis_off()
    for y, value in zip(place, shown["rate"], strict=True):
        if pd.notna(value):
            beside.text(0.8, y, _rate(words, value), ha="right", va="center", fontsize=8.5)
    for x, key in ((0.5, "rate"), (1.5, "web"), (2.5, "phone")):
        beside.text(x, -0.75, words.text(f"figure.support.{key}"), ha="center", va="bottom", fontsize=8)
    for x, column in ((1.5, "web_support"), (2.5, "phone_support")):
        for code, (mark, fill) in _ANSWERS.items():
            rows = place[shown[column].eq(code).fillna(False).to_numpy(dtype=bool)]
            color = palette("support")["yes"] if code == "yes" else look["soft"]
            beside.plot(
                np.full(len(rows), x),
                rows,
                mark,
                color=color,
                markersize=5.5,
                markeredgewidth=1,
                fillstyle="full" if fill else "none",
            )
    _answer_key(axes(figure, 1.75, 0.02, 0.1, figure.get_size_inches()[1] - 0.3), words)
    yield finish(figure, "support", words, *support_texts(result, shown, int(asked.sum())))


_ANSWERS = {"yes": ("o", True), "no": ("o", False), "no answer": ("x", False)}


FIGURES: list[Callable[[StudyResult, Lang], Iterable[Picture]]] = [
    maps,
    intervals,
    funnel,
    moran,
    lorenz,
    support,
]
"""In the order of the report."""


def _answer_key(ax: Axes, words: Words) -> None:
    ax.set(xlim=(0, 4.75), ylim=(0, 1))
    ax.set_axis_off()
    left = 0.1
    for code, (mark, fill) in _ANSWERS.items():
        color = palette("support")["yes"] if code == "yes" else palette("figure")["soft"]
        ax.plot(left, 0.5, mark, color=color, markersize=5.5, fillstyle="full" if fill else "none")
        label = _coded(words, "support", code)
        ax.text(left + 0.12, 0.5, label, va="center", fontsize=8)
        left += 0.5 + 0.07 * len(label)


def _list_names(ax: Axes, names: pd.Series) -> None:
    """Name the rows of a list downwards; as ticks they would take twice the time."""
    ax.set(ylim=(len(names) - 0.4, -0.6), yticks=[])
    beside = ax.get_yaxis_transform()
    for row, name in enumerate(names):
        ax.text(-0.012, row, _short(name), ha="right", va="center", fontsize=8.5, transform=beside)


def _coded(words: Words, table: str, code: str) -> str:
    return words.say(lambda lang: value_labels(table, lang)[code])


def _rate(words: Words, value: float) -> str:
    return words.say(lambda lang: rate_text(value, lang))


def _overall(ax: Axes, result: StudyResult, words: Words, *, upright: bool) -> None:
    """Draw the rate of all areas together, where enough of them are known to speak of one."""
    overall = result.curves.overall
    if pd.isna(overall):
        return
    label = words.say(lambda code: text("figure.intervals.overall", code, rate=rate_text(overall, code)))
    (ax.axvline if upright else ax.axhline)(overall, color=palette("figure")["limit"], linewidth=0.9)
    where = (overall, 1.0) if upright else (1.0, overall)
    across = ax.get_xaxis_transform() if upright else ax.get_yaxis_transform()
    look: dict[str, Any] = {"ha": "center" if upright else "right", "va": "bottom", "fontsize": 8}
    ax.text(*where, label, transform=across, color=palette("figure")["limit"], **look)


def _powers(ax: Axes, words: Words) -> None:
    """Mark a logarithmic axis at 1, 10, 100, ... and at the first digits between where that is too little."""
    low, high = ax.get_xlim()
    steps = [f * 10.0**power for power in range(0, 10) for f in (1, 2, 5)]
    inside = [step for step in steps if low <= step <= high]
    if len(inside) > 7:
        inside = [step for step in inside if np.isclose(np.log10(step) % 1, 0)]
    ax.set_xticks(inside, [words.number(step) for step in inside])
    ax.set_xticks([], minor=True)


def _name(ax: Axes, x: Floats, y: Floats, names: pd.Series, order: Iterable[int]) -> None:
    """Write names beside points, the first ones first, those left out for which there is no room."""
    ax.get_xlim(), ax.get_ylim()  # makes matplotlib settle the limits, and with them where points lie
    box = ax.get_window_extent()
    taken: list[tuple[float, float, float, float]] = []
    for i in order:
        name = _short(str(names.iloc[i]))
        across, up = ax.transData.transform((x[i], y[i])) / ax.figure.dpi
        wide, right = 0.068 * len(name), across + 0.07
        if right + wide > box.x1 / ax.figure.dpi:
            right = across - 0.07 - wide
        mine = (right, up - 0.07, right + wide, up + 0.07)
        if up > box.y1 / ax.figure.dpi or any(_overlap(mine, other) for other in taken):
            continue
        taken.append(mine)
        left = right > across
        ax.annotate(
            name,
            (x[i], y[i]),
            xytext=(5 if left else -5, 0),
            textcoords="offset points",
            fontsize=8,
            ha="left" if left else "right",
            va="center",
        )


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _broken(low: Floats, high: Floats) -> Floats:
    """Join intervals to one line with gaps, which is drawn as one thing."""
    return np.column_stack([low, high, np.full(len(low), np.nan)]).ravel()


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
