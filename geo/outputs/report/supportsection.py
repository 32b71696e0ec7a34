"""Demand against support in the report: where, how sure, what is missing; then the tables behind it.

Each sentence is made from the gap of the result and left out where the gap does not back it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.outputs.report.tablecells import (
    Listing,
    TableCell,
    TableColumn,
    coded,
    listing,
    open_span,
    plain,
    span,
    whole,
)
from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number
from geo.text.phrases import both, phrase
from geo.text.supportlines import share_text, total_lines, weights_text, year_text

if TYPE_CHECKING:
    from geo.model.programmes import SupportGap
    from geo.model.result import StudyResult

NAMED = 3  # areas and regions named as those with most people without a place
ASKED = 12
"""Areas to be asked that are named, those to which most people return."""
SETTLED = ("yes", "no")
"""What an answer must be for nobody to ask again."""
STATUSES = ("served", "not served", "no programme", "unknown")
"""What may be known of a need."""
LACKING = ("not served", "no programme")
STEADY = 0.95
"""Share of weightings under which an area is surely among the first, to be called steady."""


def where_lines(result: StudyResult, found: SupportGap, lang: Lang) -> list[str]:
    """Say which areas come first, and where people are known to be without a place."""
    lines = []
    first = _first(found)
    if first.empty:
        lines.append(phrase(result, "report.plan.unranked", lang))
    elif len(found.ranking.areas) > found.ranking.top:
        lines.append(_say(result, "first", lang, names=_names(first["area_name"]), **_order(found, lang)))
    else:
        lines.append(_say(result, "few", lang, names=_names(first["area_name"]), **_order(found, lang)))
    areas = found.areas.set_index("area_name")["unmet_low"]
    most = _most(areas, lang)
    lines.append(_say(result, "most", lang, names=most) if most else _say(result, "none_sure", lang))
    regions = _most(found.regions["unmet_low"], lang)
    if regions and len(found.regions) > 1:
        lines.append(_say(result, "regions", lang, names=regions))
    return lines


def sure_lines(result: StudyResult, found: SupportGap, lang: Lang) -> list[str]:
    """Say which of the first hold under other weights, and between what the unmet need lies."""
    lines = []
    ranking, first = found.ranking, _first(found)
    if len(ranking.areas) > ranking.top:
        steady = first.loc[first["top_sure"] >= STEADY, "area_name"]
        how = {"draws": number(ranking.draws, lang), "percent": number(100 * STEADY, lang)}
        key = "steady" if len(steady) else "unsteady"
        lines.append(_say(result, key, lang, top=ranking.top, names=_names(steady), **how))
    exact = number(int(result.areas["releases"].notna().sum()), lang)
    known = number(int(found.areas["capacity_high"].notna().sum()), lang)
    every = {"n": number(len(found.areas), lang)}
    lines.append(_say(result, "known", lang, exact=exact, known=known, **every))
    return [*lines, total_lines(found, lang)[-1]]


def missing_lines(result: StudyResult, found: SupportGap, lang: Lang) -> list[str]:
    """Say what meets people in the first areas, which needs, and whom to ask."""
    lines = []
    first = _first(found)
    if len(first):
        names = value_labels("support_status", lang)
        counts = first["support_status"].value_counts()
        statuses = "; ".join(
            f"{names[code]}: {number(counts[code], lang)}" for code in names if code in counts
        )
        lines.append(_say(result, "statuses", lang, n=number(len(first), lang), said=statuses))
        needs = found.needs.loc[first.index].astype(object)
        served = [str(need) for need in needs if needs[need].eq("served").any()]
        labels = value_labels("need", lang)
        shown = ", ".join(labels[need] for need in served)
        none = number(int((needs == "no programme").all(axis=1).sum()), lang)
        open_ = number(int((needs == "unknown").any(axis=1).sum()), lang)
        key = "needs" if served else "needs_none"
        lines.append(_say(result, key, lang, served=shown, none=none, unknown=open_))
    returning = found.areas["releases_low"].gt(0).fillna(False)
    ask = found.areas[returning & ~found.areas["support_status"].isin(SETTLED)]
    offered = found.areas["support_status"].eq("yes")
    size = found.areas[returning & offered & found.areas["capacity_high"].isna()]
    for key, areas in (("ask", ask), ("size", size)):
        if len(areas):
            order = areas.sort_values("releases_low", ascending=False, kind="stable")["area_name"]
            named = _names(order.head(ASKED))
            if len(order) > ASKED:
                more = number(len(order) - ASKED, lang)
                named = text("summary.read.and_more", lang, names=named, n=more)
            lines.append(_say(result, key, lang, names=named, n=number(len(order), lang)))
    return lines


def by_group(result: StudyResult, found: SupportGap) -> Listing | None:
    """List the same of each group of adjoining areas among the highest rates, with its members."""
    if found.groups.empty:
        return None
    groups = found.groups.reset_index().merge(result.groups[["group_id", "members"]], on="group_id")
    columns = [
        TableColumn(title="group", cell=lambda row: str(row["members"])),
        TableColumn(title="n_support", cell=lambda row: whole(row["n_support"]), numeric=True),
        TableColumn(title="n_without", cell=lambda row: whole(row["n_without"]), numeric=True),
        TableColumn(title="n_open", cell=lambda row: whole(row["n_open"]), numeric=True),
        *_amounts(),
    ]
    return listing(result, "gap_groups", columns, groups)


def by_region(result: StudyResult, found: SupportGap) -> Listing | None:
    """List what is offered and what is unmet in each region; with one or none there is nothing to compare."""
    if len(found.regions) < 2:
        return None
    columns = [
        TableColumn(title="region", cell=lambda row: str(row["region"])),
        TableColumn(title="n_areas", cell=lambda row: whole(row["n_areas"]), numeric=True),
        TableColumn(title="n_support", cell=lambda row: whole(row["n_support"]), numeric=True),
        TableColumn(title="n_without", cell=lambda row: whole(row["n_without"]), numeric=True),
        TableColumn(title="n_open", cell=lambda row: whole(row["n_open"]), numeric=True),
        *_amounts(),
    ]
    return listing(result, "gap_regions", columns, found.regions.reset_index())


def priority(result: StudyResult, found: SupportGap) -> Listing | None:
    """List the areas in their order of priority, with the weights of the order and how steady it is."""
    if found.ranking.areas.empty:
        return None
    ranked = found.ranking.areas.join(found.areas)
    columns = [
        TableColumn(title="rank", cell=lambda row: span(row["rank_best"], row["rank_worst"]), numeric=True),
        TableColumn(title="area", cell=lambda row: str(row["area_name"])),
    ]
    if "region" in ranked and ranked["region"].nunique() > 1:
        columns.append(TableColumn(title="region", cell=lambda row: plain(row["region"])))
    columns += [
        TableColumn(title="support", cell=lambda row: coded("support_status", row["support_status"])),
        *_amounts(),
        TableColumn(title="among_first", cell=_among_first, numeric=True),
    ]

    def note(lang: Lang) -> str:
        fill = _order(found, lang) | {"draws": number(found.ranking.draws, lang)}
        return phrase(result, "report.caption.priority_note", lang, seed=found.ranking.seed, **fill)

    return listing(result, "priority", columns, ranked, head=1, note=both(note))


def needs(result: StudyResult, found: SupportGap) -> Listing:
    """List every need with the areas in which it is served, is not, or nobody knows."""
    everywhere = found.needs_by_region.xs("all").unstack("status")
    rows = []
    for need in found.needs.columns:
        row = everywhere.loc[need]
        counts = {status: row["n_areas", status] for status in STATUSES}
        where = found.areas.loc[found.needs[str(need)].eq("served"), "area_name"]
        lacking = [(row["releases_low", s], row["releases_high", s]) for s in LACKING]
        ends = {end: sum(pair[at] for pair in lacking) for at, end in enumerate(("low", "high"))}
        rows.append({"need": need, **counts, "where": _names(where), **ends})
    columns = [
        TableColumn(title="need", cell=lambda row: coded("need", row["need"])),
        TableColumn(title="served", cell=lambda row: whole(row["served"]), numeric=True),
        TableColumn(title="not_served", cell=lambda row: whole(row["not served"]), numeric=True),
        TableColumn(title="no_programme", cell=lambda row: whole(row["no programme"]), numeric=True),
        TableColumn(title="unknown", cell=lambda row: whole(row["unknown"]), numeric=True),
        TableColumn(title="served_in", cell=lambda row: plain(row["where"])),
        TableColumn(
            title="people_not_served", cell=lambda row: open_span(row["low"], row["high"]), numeric=True
        ),
    ]
    return listing(result, "needs", columns, pd.DataFrame(rows))


def _amounts() -> list[TableColumn]:
    return [
        TableColumn(title="returning", cell=lambda row: _ends(row, "releases"), numeric=True),
        TableColumn(title="capacity", cell=lambda row: _ends(row, "capacity"), numeric=True),
        TableColumn(title="unmet", cell=lambda row: _ends(row, "unmet"), numeric=True),
        TableColumn(title="such_a_year", cell=_year, numeric=True),
    ]


def _year(row: Any) -> TableCell:
    return both(lambda lang: year_text(pd.Series(row), lang))


def _ends(row: Any, name: str) -> TableCell:
    return open_span(row[f"{name}_low"], row[f"{name}_high"])


def _among_first(row: Any) -> TableCell:
    return both(lambda lang: share_text(pd.Series(row), lang))


def _first(gap: SupportGap) -> pd.DataFrame:
    return gap.ranking.areas.head(gap.ranking.top).join(gap.areas)


def _order(gap: SupportGap, lang: Lang) -> dict[str, str]:
    """What made the order: weights, how many are the first, of how many."""
    return {
        "weights": weights_text(gap, lang),
        "top": number(gap.ranking.top, lang),
        "ranked": number(len(gap.ranking.areas), lang),
    }


def _most(unmet: pd.Series, lang: Lang) -> str:
    """Name those with most people surely without a place; nobody where there are none."""
    sure = unmet[unmet.gt(0).fillna(False)].sort_values(ascending=False, kind="stable").head(NAMED)
    return ", ".join(
        text("report.found.one", lang, name=name, rate=number(n, lang)) for name, n in sure.items()
    )


def _names(names: Iterable[object]) -> str:
    return ", ".join(map(str, names))


def _say(result: StudyResult, key: str, lang: Lang, **fill: object) -> str:
    return phrase(result, f"report.plan.{key}", lang, **fill)
