"""Concentration and association in the report: indices beside chance, regions, rates beside poverty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.outputs.report.tablecells import (
    Listing,
    TableCell,
    TableColumn,
    coded,
    listing,
    plain,
    ratio,
    span,
    whole,
)
from geo.text.comparisons import chance_text, index_name, lee_line, p_text, series_name, verdict
from geo.text.labels import Lang, text
from geo.text.numerals import number
from geo.text.phrases import both, capital, phrase

if TYPE_CHECKING:
    from geo.model.comparison import Correlation, Inequality
    from geo.model.result import StudyResult

_INDICES = ("gini", "hoover", "theil", "theil_between", "theil_within", "top_10")


def indices(result: StudyResult, found: Inequality) -> Listing:
    """List each index beside its mean under constant risk; between bounds where counts are open."""
    shown = found.indices[found.indices.index.isin(_INDICES)].reset_index()
    if len(found.groups) < 2:
        shown = shown[~shown["index"].isin(["theil_between", "theil_within"])]
    columns = [TableColumn(title="index", cell=lambda row: both(lambda lang: index_name(row["index"], lang)))]
    if found.complete:
        named = ("value", "value"), ("expected", "by_chance"), ("excess", "excess")
        columns += [_ratio(title, name) for name, title in named]
        columns.append(
            TableColumn(
                title="p", cell=lambda row: both(lambda lang: p_text(row["p_value"], lang)), numeric=True
            )
        )
    else:
        columns.append(
            TableColumn(title="bounds", cell=lambda row: span(row["low"], row["high"], 3), numeric=True)
        )
        columns.append(
            TableColumn(
                title="by_chance", cell=lambda row: both(lambda lang: chance_text(row, lang)), numeric=True
            )
        )
        columns.append(_ratio("excess_least", "excess_low"))
    name = "inequality" if found.complete else "inequality_open"
    return listing(result, name, columns, shown, note=both(lambda lang: _note(result, found, lang)))


def quotients(result: StudyResult, found: Inequality, *, zones: bool = False) -> Listing | None:
    """List each region's share of what was counted over its share of people; nothing where there is one.

    Zones are listed from north to south, regions by their people.
    """
    if len(found.groups) < 2:
        return None
    groups = found.groups.reset_index()
    if not zones:
        groups = groups.sort_values("population", ascending=False, kind="stable")
    columns = [
        TableColumn(title="zone" if zones else "region", cell=lambda row: coded("zone", row["group"])),
        TableColumn(title="settled", cell=_known, numeric=True),
        TableColumn(
            title="share_population", cell=lambda row: _percent(row["share_population"]), numeric=True
        ),
    ]
    if found.complete:
        columns += [
            TableColumn(title="share", cell=lambda row: _percent(row["share_events"]), numeric=True),
            _ratio("quotient", "quotient", 2),
            TableColumn(title="interval", cell=lambda row: _ends(row, "low", "high"), numeric=True),
        ]
    else:
        columns.append(
            TableColumn(title="quotient_bounds", cell=lambda row: _ends(row, "least", "most"), numeric=True)
        )
        columns.append(TableColumn(title="judged", cell=_judged))
    name = ("quotients" if found.complete else "quotients_open") + ("_zones" if zones else "")
    note = both(lambda lang: text("report.caption.zones_note", lang)) if zones else None
    return listing(result, name, columns, groups, note=note)


def association(result: StudyResult, found: Sequence[Correlation]) -> Listing:
    """List the coefficients, each with the number of independent areas that it is worth."""
    rows = pd.concat([one.tests.reset_index().assign(first=one.first) for one in found], ignore_index=True)
    columns = [
        TableColumn(
            title="first", cell=lambda row: both(lambda lang: capital(series_name(row["first"], lang)))
        ),
        TableColumn(
            title="coefficient",
            cell=lambda row: both(lambda lang: text(f"correlation.name.{row['coefficient']}", lang)),
        ),
        _ratio("r", "r", 2),
        TableColumn(title="worth", cell=lambda row: whole(row["effective_n"]), numeric=True),
        TableColumn(
            title="p", cell=lambda row: both(lambda lang: p_text(row["p_value"], lang)), numeric=True
        ),
    ]
    return listing(result, "association", columns, rows)


def association_lines(found: Sequence[Correlation], lang: Lang) -> list[str]:
    """Say what was compared with one column, what came of it, and what a selected sample cannot show."""
    one, prefix = found[0], "correlation.said"
    names, second = [series_name(each.first, lang) for each in found], series_name(one.second, lang)
    n = {"n": number(one.n, lang), "left": number(one.n_left_out, lang)}
    lines = [text(f"{prefix}.head", lang, first=capital(", ".join(names)), second=second, **n)]
    verdicts = [text(f"{prefix}.{verdict(each)}", lang) for each in found]
    if len(set(verdicts)) == 1:
        lines.append(verdicts[0])
    else:
        lines += [f"{capital(name)}: {line}" for name, line in zip(names, verdicts, strict=True)]
    if one.selected:
        percent = number(100 * one.sd_ratio, lang)
        lines.append(text(f"{prefix}.selected", lang, second=second, percent=percent))
    kind = text(f"{prefix}.{one.class_kind}", lang)
    lines.append(text(f"{prefix}.p", lang, classes=number(len(one.classes), lang), kind=kind))
    return [
        *lines,
        *(lee_line(each.lee, lang, of=name) for name, each in zip(names, found, strict=True) if each.lee),
    ]


def recidivism(result: StudyResult, figures: pd.DataFrame) -> Listing:
    """List the figures that the source texts cite, each with where it is from and what it counts."""
    columns = [
        TableColumn(title="place", cell=lambda row: plain(row["place"])),
        TableColumn(
            title="percent",
            cell=lambda row: span(row["low"], row["high"], 0 if float(row["low"]).is_integer() else 1),
            numeric=True,
        ),
        TableColumn(title="cited_in", cell=lambda row: coded("cited", row["cited_in"])),
        TableColumn(title="cited_source", cell=lambda row: coded("cited", row["source"])),
        TableColumn(title="criterion", cell=lambda row: coded("cited", row["criterion"])),
    ]
    return listing(result, "recidivism", columns, figures)


def _note(result: StudyResult, inequality: Inequality, lang: Lang) -> str:
    left = number(len(inequality.left_out), lang)
    apart = " " + text("inequality.said.left_out", lang, n=left) if inequality.left_out else ""
    if not inequality.complete:
        key = "inequality_open_note"
        ends = {
            "low": inequality.events_low,
            "high": inequality.events_high,
            "open": inequality.n_open,
            "n": inequality.n,
        }
        return (
            phrase(result, f"report.caption.{key}", lang, **{k: number(v, lang) for k, v in ends.items()})
            + apart
        )
    draws = number(inequality.draws, lang)
    return phrase(result, "report.caption.inequality_note", lang, draws=draws, seed=inequality.seed) + apart


def _ratio(title: str, name: str, decimals: int = 3) -> TableColumn:
    return TableColumn(title=title, cell=lambda row: ratio(row[name], decimals), numeric=True)


def _known(row: Any) -> TableCell:
    fill = {"k": int(row["n_known"]), "n": int(row["n"])}
    return both(lambda lang: text("report.cell.of", lang, **{k: number(v, lang) for k, v in fill.items()}))


def _percent(share: float) -> TableCell:
    return both(lambda lang: number(100 * share, lang, 1))


def _ends(row: Any, low: str, high: str) -> TableCell:
    return span(row[f"quotient_{low}"], row[f"quotient_{high}"], 2)


def _judged(row: Any) -> TableCell:
    """Say whether a group has more than its part of what was counted, where the bounds settle it."""
    sides = {"more": row["quotient_least"] > 1, "less": row["quotient_most"] < 1}
    key = next((side for side, is_so in sides.items() if is_so), "open")
    return both(lambda lang: text(f"report.cell.{key}", lang))
