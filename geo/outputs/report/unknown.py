"""The report's tables of what can and cannot be known while counts are open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.outputs.report.tablecells import (
    NOTHING,
    Listing,
    TableCell,
    TableColumn,
    between,
    coded,
    listing,
    span,
    whole,
)
from geo.text.labels import text
from geo.text.numerals import number, p_value
from geo.text.phrases import both, phrase_both

if TYPE_CHECKING:
    from geo.model.result import StudyResult
    from geo.model.uncertainty import Bound, Bounds, Certainty, Imputation

MOST = 15  # areas and counts that are listed
_DECIMALS = {"moran_rate": 3, "overall_rate": 1, "size_slope": 2, "total": 0}


def unknown_tables(result: StudyResult) -> Iterator[Listing]:
    """Give the bounds, which rest on no model; then what the model says, and whether it can be believed."""
    unknown = result.unknown
    if unknown is None:
        return
    yield _bounds(result, unknown.bounds)
    yield _ranges(result, unknown.certainty)
    yield _checks(result, unknown.certainty.imputation)
    for table in (_certain(result), _telling(result, unknown.telling)):
        if table is not None:
            yield table


def _bounds(result: StudyResult, bounds: Bounds) -> Listing:
    figures = ("total", "overall_rate", "join_count", "moran_rate")
    columns = [
        TableColumn(title="figure", cell=lambda row: phrase_both(result, f"report.figure.{row['name']}")),
        TableColumn(
            title="possible",
            cell=lambda row: _open(row["bound"].low, row["bound"].high, row["name"]),
            numeric=True,
        ),
        TableColumn(title="reached", cell=lambda row: _reached(row["bound"], row["name"]), numeric=True),
        TableColumn(title="expected", cell=lambda row: _one(row["expected"], row["name"]), numeric=True),
    ]
    rows = [
        {
            "name": name,
            "bound": getattr(bounds, name),
            "expected": bounds.join_expected if name == "join_count" else np.nan,
        }
        for name in figures
    ]
    return listing(result, "unknown_bounds", columns, pd.DataFrame(rows))


def _ranges(result: StudyResult, certainty: Certainty) -> Listing:
    columns = [
        TableColumn(title="figure", cell=lambda row: phrase_both(result, f"report.figure.{row['name']}")),
        TableColumn(title="median", cell=lambda row: _one(row["median"], row["name"]), numeric=True),
        TableColumn(
            title="imputed_range",
            cell=lambda row: span(row["low"], row["high"], _DECIMALS.get(row["name"], 0)),
            numeric=True,
        ),
        TableColumn(title="expected", cell=lambda row: _one(row["expected"], row["name"]), numeric=True),
        TableColumn(
            title="p_median", cell=lambda row: both(lambda lang: p_value(row["p_median"], lang)), numeric=True
        ),
        TableColumn(
            title="p_range", cell=lambda row: between(row["p_low"], row["p_high"], p_value), numeric=True
        ),
    ]
    return listing(result, "unknown_ranges", columns, pd.DataFrame([vars(test) for test in certainty.ranges]))


def _checks(result: StudyResult, imputation: Imputation) -> Listing:
    columns = [
        TableColumn(title="figure", cell=lambda row: coded("check", row["name"])),
        TableColumn(title="completed", cell=lambda row: _one(row["observed"], row["name"]), numeric=True),
        TableColumn(
            title="model",
            cell=lambda row: span(row["low"], row["high"], _DECIMALS.get(row["name"], 0)),
            numeric=True,
        ),
        TableColumn(title="p", cell=lambda row: _p(row["p_value"]), numeric=True),
        TableColumn(title="passes", cell=lambda row: phrase_both(result, f"report.verdict.{row['verdict']}")),
    ]
    rows = [{**vars(check), "verdict": check.verdict} for check in imputation.checks]
    return listing(result, "unknown_checks", columns, pd.DataFrame(rows))


def _certain(result: StudyResult) -> Listing | None:
    """List the areas whose label is found most often, before correction too; none where none is ever."""
    areas = result.areas
    order = areas[["certainty", "certainty_uncorrected"]].fillna(0)
    shown = areas[(order["certainty_uncorrected"] > 0).to_numpy()]
    shown = shown.loc[order.loc[shown.index].sort_values(list(order), ascending=False, kind="stable").index]
    if shown.empty:
        return None
    columns = [
        TableColumn(title="area", cell=lambda row: str(row["area_name"])),
        TableColumn(title="label", cell=lambda row: coded("cluster", row["certainty_label"])),
        TableColumn(title="certainty", cell=lambda row: _percent(row["certainty"]), numeric=True),
        TableColumn(
            title="uncorrected", cell=lambda row: _percent(row["certainty_uncorrected"]), numeric=True
        ),
        TableColumn(title="own_count", cell=_own_count, numeric=True),
    ]
    return listing(result, "unknown_certain", columns, pd.DataFrame(shown.head(MOST)))


def _telling(result: StudyResult, telling: pd.DataFrame) -> Listing | None:
    telling = telling[telling["labels"] > 0].head(MOST)
    if telling.empty:
        return None
    names = result.areas["area_name"].astype(str)
    columns = [
        TableColumn(title="area", cell=lambda row: names[row["area_id"]]),
        TableColumn(title="hangs", cell=lambda row: whole(row["labels"]), numeric=True),
        TableColumn(title="around", cell=lambda row: ", ".join(names[list(row["around"])])),
    ]
    return listing(result, "unknown_telling", columns, telling.rename_axis("area_id").reset_index())


def _own_count(row: Any) -> TableCell:
    """Give an observed count as it is, and an imputed one as what it is."""
    if pd.isna(row["imputed_median"]):
        return span(row["releases_low"], row["releases_high"])
    low, high = (row[f"imputed_{end}"] for end in ("low", "high"))
    return both(
        lambda lang: text("report.cell.completed", lang, low=number(low, lang), high=number(high, lang))
    )


def _reached(bound: Bound, name: str) -> TableCell:
    if bound.exact:
        return both(lambda lang: text("report.cell.all_reached", lang))
    return _open(bound.low_found, bound.high_found, name)


def _open(low: float, high: float, name: str) -> TableCell:
    decimals = _DECIMALS.get(name, 0)
    if np.isinf(high):
        return both(lambda lang: text("support.total.at_least", lang, low=number(low, lang, decimals)))
    return span(low, high, decimals)


def _one(value: float, name: str) -> TableCell:
    if pd.isna(value):
        return NOTHING
    decimals = _DECIMALS.get(name, 1 if value != round(value) else 0)
    return both(lambda lang: number(float(value), lang, decimals))


def _percent(share: float) -> TableCell:
    return NOTHING if pd.isna(share) else both(lambda lang: f"{number(100 * share, lang, 1)} %")


def _p(value: float) -> TableCell:
    return both(lambda lang: p_value(value, lang))
