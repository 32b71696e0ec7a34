"""The tables of the report: what their columns are, and every cell in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from geo.outputs.report.tablecells import (
    Listing,
    TableCell,
    TableColumn,
    between,
    coded,
    decimal,
    listing,
    made_of,
    plain,
    ratio,
    span,
    whole,
)
from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number
from geo.text.overview import rate_text
from geo.text.phrases import both, phrase, phrase_both
from geo.text.summary import file_words, row_reason

if TYPE_CHECKING:
    from geo.model.result import StudyResult


def by_rate(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Order the areas whose rate is known, exactly or derived from a printed one, from the highest.

    Examples
    --------
    >>> areas = pd.DataFrame({"status": ["published", "derived", "bounded"], "rate": [90.0, None, None],
    ...     "rate_low": [80.0, 150.0, 0.0], "rate_high": [100.0, 170.0, 85.0]}, index=list("abc"))
    >>> by_rate(areas).index.tolist()
    ['b', 'a']
    """
    known = areas["rate"].notna() | (areas["status"].eq("derived") & areas["rate_high"].notna())
    shown = areas[known.to_numpy(dtype=bool)]
    height = shown["rate"].fillna((shown["rate_low"] + shown["rate_high"]) / 2)
    return shown.loc[height.sort_values(ascending=False, kind="stable").index]


def ranking(result: StudyResult) -> Listing | None:
    """List every area with a known rate, its interval, its label and its support."""
    shown = by_rate(result.areas)
    if shown.empty:
        return None
    columns = [TableColumn(title="rank", cell=lambda row: whole(row["rank"]), numeric=True)]
    columns.append(TableColumn(title="area", cell=lambda row: str(row["area_name"])))
    if "region" in shown and shown["region"].nunique() > 1:
        columns.append(TableColumn(title="region", cell=lambda row: plain(row["region"])))
    columns += [
        TableColumn(title="counts", cell=_count, numeric=True),
        TableColumn(title="population", cell=lambda row: whole(row["population"]), numeric=True),
        TableColumn(title="rate", cell=_rate, numeric=True),
        TableColumn(title="interval", cell=_interval, numeric=True),
    ]
    if not result.clusters.empty:
        columns.append(TableColumn(title="cluster", cell=lambda row: coded("cluster", row["cluster"])))
    for title, column in (("web", "web_support"), ("phone", "phone_support")):
        if shown[column].notna().any():
            cell = lambda row, column=column: coded("support", row[column])  # noqa: E731
            columns.append(TableColumn(title=title, cell=cell))
    bounded = int(result.areas["status"].eq("bounded").sum())
    note = (
        both(lambda lang: phrase(result, "report.caption.ranking_bounded", lang, n=number(bounded, lang)))
        if bounded
        else None
    )
    return listing(result, "ranking", columns, shown, head=1, note=note)


def clusters(result: StudyResult) -> Listing | None:
    """List the clusters with their members, and how many of these remain once size is taken into account."""
    if result.clusters.empty:
        return None
    columns = [
        TableColumn(title="label", cell=lambda row: coded("cluster", row["cluster"])),
        TableColumn(title="n_members", cell=lambda row: whole(row["n_members"]), numeric=True),
        TableColumn(title="members", cell=lambda row: str(row["members"])),
        TableColumn(title="counts", cell=lambda row: whole(row["releases"]), numeric=True),
        TableColumn(title="population", cell=lambda row: whole(row["population"]), numeric=True),
        TableColumn(title="rate", cell=lambda row: decimal(row["rate"]), numeric=True),
        TableColumn(title="risk", cell=lambda row: ratio(row["excess_risk"]), numeric=True),
    ]
    if result.areas["survives_adjustment"].notna().any():
        kept = set(result.areas.loc[result.areas["survives_adjustment"].eq(True).fillna(False), "area_name"])

        def remain(row: Any) -> TableCell:
            members = [name for name in kept if name in str(row["members"]).split(", ")]
            return both(
                lambda lang: text("report.cell.of", lang, k=len(members), n=number(row["n_members"], lang))
            )

        columns.append(TableColumn(title="survives", cell=remain, numeric=True))
    return listing(result, "clusters", columns, result.clusters)


def groups(result: StudyResult) -> Listing | None:
    """List the groups of adjoining areas among those of highest rate."""
    if result.groups.empty:
        return None
    columns = [
        TableColumn(title="members", cell=lambda row: str(row["members"])),
        TableColumn(title="n_members", cell=lambda row: whole(row["n_members"]), numeric=True),
        TableColumn(title="population", cell=lambda row: whole(row["population"]), numeric=True),
        TableColumn(title="rate", cell=lambda row: decimal(row["rate"]), numeric=True),
    ]
    return listing(result, "groups", columns, result.groups.sort_values("n_members", ascending=False))


def regions(result: StudyResult) -> Listing | None:
    """List the regions with their sums; where there are none, or one, there is nothing to compare."""
    if result.regions is None or len(result.regions) < 2:
        return None
    complete = result.tests.method == "local_moran_rate"
    count, title = ("n_clustered", "clustered") if complete else ("n_listed", "listed")
    columns = [
        TableColumn(title="region", cell=lambda row: str(row["region"])),
        TableColumn(title="known", cell=lambda row: whole(row["n_known"]), numeric=True),
        TableColumn(title="counts", cell=_count, numeric=True),
        TableColumn(title="population", cell=lambda row: whole(row["population"]), numeric=True),
        TableColumn(title="share", cell=_share, numeric=True),
        TableColumn(
            title="share_population", cell=lambda row: decimal(row["share_population"]), numeric=True
        ),
        TableColumn(title=title, cell=lambda row: whole(row[count]), numeric=True),
    ]
    return listing(result, "regions", columns, result.regions)


def rows_apart(result: StudyResult) -> Listing | None:
    """List every row that is on no area, and why; rows of other years are counted, not listed."""
    rows = result.unmatched[result.unmatched["reason"] != "other year"]
    if rows.empty:
        return None
    columns = [
        TableColumn(title="source", cell=_file),
        TableColumn(title="row", cell=lambda row: plain(row["row"]), numeric=True),
        TableColumn(title="name", cell=lambda row: plain(row["name"])),
        TableColumn(title="counts", cell=lambda row: span(row["low"], row["high"]), numeric=True),
        TableColumn(title="reason", cell=lambda row: both(lambda lang: row_reason(row, lang))),
        TableColumn(title="nearest", cell=lambda row: plain(row["nearest"] or None)),
    ]
    return listing(result, "apart", columns, rows, head=2)


def parameters(result: StudyResult) -> Listing:
    """List every option and assumption of the run."""
    rows = [
        [phrase_both(result, f"parameters.{name}"), _parameter(name, value)]
        for name, value in result.parameters.items()
        if value is not None and value != ""
    ]
    return made_of(result, "parameters", ["parameter", "value"], rows)


def inputs(result: StudyResult) -> Listing:
    """List the files read, with what tells one version of a file from another."""
    rows: list[list[TableCell]] = [
        [phrase_both(result, f"report.role.{file['role']}"), file["name"], file["sha256"]]
        for file in result.inputs
    ]
    return made_of(result, "inputs", ["role", "source", "sha"], rows)


def _file(row: Any) -> TableCell:
    return both(lambda lang: file_words(row["source"], row["role"], lang))


def _parameter(name: str, value: object) -> TableCell:
    if isinstance(value, bool):
        return both(lambda lang: text(f"report.cell.{'yes' if value else 'no'}", lang))
    table = {"local_test": "cluster_method", "population": "population_source"}.get(name, "")
    table = "outcome" if name.endswith("_outcome") else table
    if table and str(value) in value_labels(table, "en"):
        return coded(table, value)
    if isinstance(value, float):
        return both(lambda lang: number(value, lang, 6).rstrip("0").rstrip(",."))
    if isinstance(value, int) and name not in ("year", "seed"):
        return whole(value)
    return str(value)


def _count(row: Any) -> TableCell:
    return span(row["releases_low"], row["releases_high"])


def _rate(row: Any) -> TableCell:
    if pd.isna(row["rate"]) and pd.notna(row.get("rate_published")):
        printed = row["rate_published"]
        return both(lambda lang: text("report.cell.printed", lang, rate=number(printed, lang)))
    return decimal(row["rate"])


def _interval(row: Any) -> TableCell:
    return between(row["rate_low"], row["rate_high"], rate_text)


def _share(row: Any) -> TableCell:
    def print_one(value: float, lang: Lang) -> str:
        return number(value, lang, 1)

    return between(row["share_releases_low"], row["share_releases_high"], print_one)
