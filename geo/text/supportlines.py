"""Demand against support in plain lines: what was read, what is missing, where to look first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

import pandas as pd

from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number

if TYPE_CHECKING:
    from geo.model.programmes import SupportGap

SHOWN = 12
SummedBy: TypeAlias = Literal["group", "cluster", "region"]


def gap_lines(found: SupportGap, lang: Lang, *, by: SummedBy | None = None) -> list[str]:
    """Tell what an inventory holds, the gap as a whole, and the first areas in the order of priority.

    Parameters
    ----------
    found : SupportGap
    lang : {"es", "en"}
    by : {"group", "cluster", "region"}, optional
        Also add up the gap by these.
    """
    lines = [*inventory_lines(found, lang), "", *total_lines(found, lang), "", *_ranking(found, lang)]
    return [*lines, "", *_sums(found, by, lang)] if by else lines


def gap_headline(found: SupportGap | None, lang: Lang) -> list[str]:
    """Say in one line who denies support and how many people are left without a place."""
    return [" ".join(total_lines(found, lang)[2:])] if found is not None else []


def inventory_lines(found: SupportGap, lang: Lang) -> list[str]:
    """Account for every row of the inventory and every answer, and say what does not agree."""
    inventory = found.inventory
    kept = inventory.rows_read - len(found.left_out)
    facts = {"read": inventory.rows_read, "kept": kept, "listed": len(found.left_out)}
    areas = int(found.statuses["n_areas"].drop(index="not asked", errors="ignore").sum())
    lines = [_say("read.file", lang, file=inventory.source, areas=areas, **facts)]
    reasons = value_labels("inventory_reason", lang)
    for _, row in found.left_out.head(SHOWN).iterrows():
        line = _say("read.listed", lang, row=str(row["row"]), name=row["name"], reason=reasons[row["reason"]])
        hint = "read.by_name" if row["reason"] == "code not in the layer" else "read.nearest"
        near = _say(hint, lang, nearest=row["nearest"]) if row["nearest"] else ""
        lines.append(f"{line} {near}".rstrip())
    if len(found.left_out) > SHOWN:
        lines.append(_say("read.more", lang, n=len(found.left_out) - SHOWN))
    channels = value_labels("channel", lang)
    for channel, row in found.answers.drop(index="any").iterrows():
        percent = number(100 * row["yes"] / row["asked"], lang)
        answers = {"silent": row["no answer"], "referred": row["referred elsewhere"]}
        answers |= {"yes": row["yes"], "asked": row["asked"]}
        lines.append(_say("read.channel", lang, channel=channels[str(channel)], percent=percent, **answers))
    if len(found.answers) > 2:
        either = found.answers.loc["any"]
        lines.append(_say("read.either", lang, yes=either["yes"], asked=either["asked"]))
    if inventory.findings:
        lines.append(_say("read.findings", lang, n=len(inventory.findings)))
    for finding in inventory.findings:
        where = {"row": ", ".join(map(str, finding.rows)), "area": ", ".join(finding.areas)}
        lines.append("  " + _say(f"finding.{finding.kind}", lang, **where, **finding.values))
    return lines


def total_lines(found: SupportGap, lang: Lang) -> list[str]:
    """Say how many return, how many places are known, and how many people are left without one."""
    total = found.total.iloc[0]
    if pd.isna(total["releases_high"]):
        lines = [_say("total.returning_open", lang, count=_between(total, "releases", lang))]
    else:
        year = {end: number(total[f"year_{end}"], lang) for end in ("low", "high")}
        key = "total.returning_listed" if found.if_complete else "total.returning"
        lines = [_say(key, lang, count=_between(total, "releases", lang), **year)]
    capacity = {"capacity": _between(total, "capacity", lang), "open": total["n_open"]}
    lines.append(_say("total.capacity", lang, areas=total["n_areas"], **capacity))
    if "no" in found.statuses.index:
        denied = found.statuses.loc[["no"]].iloc[0]
        lines.append(_say("total.without", lang, n=denied["n_areas"], unmet=_between(denied, "unmet", lang)))
    assumed = (
        found.if_complete and total["unmet_low"] != total["unmet_high"] and pd.notna(total["unmet_high"])
    )
    key = "total.unmet_listed" if assumed else "total.unmet"
    return [*lines, _say(key, lang, unmet=_between(total, "unmet", lang))]


def _ranking(gap: SupportGap, lang: Lang) -> list[str]:
    ranking = gap.ranking
    weights = weights_text(gap, lang)
    table = ranking.areas.head(ranking.top).join(gap.areas)
    status = value_labels("support_status", lang)
    rows = [
        [
            _span(row["rank_best"], row["rank_worst"], lang, short=True),
            str(row["area_name"]),
            _short(row, "releases", lang),
            status[row["support_status"]],
            _short(row, "capacity", lang),
            _short(row, "unmet", lang),
            share_text(row, lang),
        ]
        for _, row in table.iterrows()
    ]
    heads = ("rank", "area", "returning", "support", "capacity", "unmet", "first")
    return [
        _say("ranking.weights", lang, weights=weights),
        _say(f"ranking.among_{gap.among}", lang, n=len(ranking.areas)),
        *_table([_say(f"column.{head}", lang, top=ranking.top) for head in heads], rows, words={1, 3}),
        _say("ranking.steady", lang, top=ranking.top, draws=ranking.draws, seed=str(ranking.seed)),
    ]


def weights_text(found: SupportGap, lang: Lang) -> str:
    """Name the criteria of the order with their weights."""
    names, weights = value_labels("criterion", lang), found.ranking.weights
    return ", ".join(f"{names[name]} {number(100 * weight, lang)} %" for name, weight in weights.items())


def _sums(gap: SupportGap, by: SummedBy, lang: Lang) -> list[str]:
    sums = {"group": gap.groups, "cluster": gap.clusters, "region": gap.regions}[by]
    if sums.empty:
        return [_say("total.none_by", lang)]
    counts = ("n_areas", "n_support", "n_without", "n_open")
    rows = [
        [
            str(part),
            *(number(row[name], lang) for name in counts),
            *(_short(row, name, lang) for name in ("releases", "capacity", "unmet")),
            year_text(row, lang),
        ]
        for part, row in sums.iterrows()
    ]
    heads = (by, "areas", "n_support", "n_without", "n_open", "returning", "capacity", "unmet", "year")
    return _table([_say(f"column.{head}", lang) for head in heads], rows, words={0})


def _between(row: pd.Series, name: str, lang: Lang) -> str:
    return _span(row[f"{name}_low"], row[f"{name}_high"], lang)


def _short(row: pd.Series, name: str, lang: Lang) -> str:
    return _span(row[f"{name}_low"], row[f"{name}_high"], lang, short=True)


def _span(low: float, high: float, lang: Lang, *, short: bool = False) -> str:
    """Write an interval: one number, from one to another, at least one; nothing known at all as unknown."""
    if pd.isna(high):
        nothing = not low
        return (
            ("?" if nothing else f"≥ {number(low, lang)}")
            if short
            else _say("total.unknown", lang)
            if nothing
            else _say("total.at_least", lang, low=number(low, lang))
        )
    if low == high:
        return number(low, lang)
    ends = {"low": number(low, lang), "high": number(high, lang)}
    return f"{ends['low']}–{ends['high']}" if short else _say("total.between", lang, **ends)


def year_text(row: pd.Series, lang: Lang) -> str:
    """Print between how many people such a year brings; unknown where the most is."""
    low, high = row["year_low"], row["year_high"]
    return "?" if pd.isna(low) or pd.isna(high) else f"{number(low, lang)}–{number(high, lang)}"


def share_text(row: pd.Series, lang: Lang) -> str:
    """Print the share of weightings under which an area is among the first, for certain or perhaps."""
    low, high = (number(_percent(row[name]), lang) for name in ("top_sure", "top_possible"))
    return f"{low} %" if low == high else f"{low}–{high} %"


def _percent(share: float) -> int:
    """Round a share, but to none or all only where it is."""
    return round(100 * share) if share in (0, 1) else min(max(round(100 * share), 1), 99)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, words: set[int]) -> list[str]:
    """Lay out cells in columns, words to the left and numbers to the right."""
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if place in words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [heads, *rows]
    ]


def _say(key: str, lang: Lang, **fill: object) -> str:
    """Look up a text below ``[support]``, whole numbers as the language writes them."""
    shown = {
        name: value if isinstance(value, str) else number(float(str(value)), lang)
        for name, value in fill.items()
    }
    return text(f"support.{key}", lang, **shown)
