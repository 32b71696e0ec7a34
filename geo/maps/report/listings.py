"""The tables of the report: what their columns are, and every cell in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from geo.maps.labels import LANGUAGES, Lang, text, value_labels
from geo.maps.numerals import number
from geo.maps.report.overview import rate_text
from geo.maps.report.phrases import Said, both, phrase, phrase_both

if TYPE_CHECKING:
    from geo.result import Result

SHOWN = 40
"""Rows of a long table that stand open; the rest opens on a click."""

Cell = Said | str
NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A finished table."""

    name: str
    """Names its caption and its element."""
    caption: Said
    columns: Sequence[Said]
    numeric: Sequence[bool]
    """Which columns are numbers, to be set to the right."""
    rows: Sequence[Sequence[Cell]]
    """The second cell of a ranked row, else the first, heads its row."""
    head: int = 0
    """Column that names the row."""
    note: Said | None = None

    @property
    def open_rows(self) -> Sequence[Sequence[Cell]]:
        """Rows that are seen at once."""
        return self.rows[:SHOWN]

    @property
    def more_rows(self) -> Sequence[Sequence[Cell]]:
        """Rows that open on a click."""
        return self.rows[SHOWN:]


@dataclass(frozen=True, kw_only=True)
class _Column:
    title: str
    """Key under ``report.column``."""
    cell: Callable[[Any], Cell]
    """What stands in it, from a row of the data."""
    numeric: bool = False


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


def ranking(result: Result) -> Listing | None:
    """List every area with a known rate, its interval, its label and its support."""
    shown = by_rate(result.areas)
    if shown.empty:
        return None
    columns = [_Column(title="rank", cell=lambda row: _whole(row["rank"]), numeric=True)]
    columns.append(_Column(title="area", cell=lambda row: str(row["area_name"])))
    if "region" in shown and shown["region"].nunique() > 1:
        columns.append(_Column(title="region", cell=lambda row: _plain(row["region"])))
    columns += [
        _Column(title="counts", cell=_count, numeric=True),
        _Column(title="population", cell=lambda row: _whole(row["population"]), numeric=True),
        _Column(title="rate", cell=_rate, numeric=True),
        _Column(title="interval", cell=_interval, numeric=True),
    ]
    if not result.clusters.empty:
        columns.append(_Column(title="cluster", cell=lambda row: _coded("cluster", row["cluster"])))
    for title, column in (("web", "web_support"), ("phone", "phone_support")):
        if shown[column].notna().any():
            cell = lambda row, column=column: _coded("support", row[column])  # noqa: E731
            columns.append(_Column(title=title, cell=cell))
    bounded = int(result.areas["status"].eq("bounded").sum())
    note = (
        both(lambda lang: phrase(result, "report.caption.ranking_bounded", lang, n=number(bounded, lang)))
        if bounded
        else None
    )
    return _listing(result, "ranking", columns, shown, head=1, note=note)


def clusters(result: Result) -> Listing | None:
    """List the clusters with their members, and how many of these remain once size is taken into account."""
    if result.clusters.empty:
        return None
    columns = [
        _Column(title="label", cell=lambda row: _coded("cluster", row["cluster"])),
        _Column(title="n_members", cell=lambda row: _whole(row["n_members"]), numeric=True),
        _Column(title="members", cell=lambda row: str(row["members"])),
        _Column(title="counts", cell=lambda row: _whole(row["releases"]), numeric=True),
        _Column(title="population", cell=lambda row: _whole(row["population"]), numeric=True),
        _Column(title="rate", cell=lambda row: _decimal(row["rate"]), numeric=True),
        _Column(title="risk", cell=lambda row: _ratio(row["excess_risk"]), numeric=True),
    ]
    if result.areas["survives_adjustment"].notna().any():
        kept = set(result.areas.loc[result.areas["survives_adjustment"].eq(True).fillna(False), "area_name"])

        def remain(row: Any) -> Cell:
            members = [name for name in kept if name in str(row["members"]).split(", ")]
            return both(
                lambda lang: text("report.cell.of", lang, k=len(members), n=number(row["n_members"], lang))
            )

        columns.append(_Column(title="survives", cell=remain, numeric=True))
    return _listing(result, "clusters", columns, result.clusters)


def groups(result: Result) -> Listing | None:
    """List the groups of adjoining areas among those of highest rate."""
    if result.groups.empty:
        return None
    columns = [
        _Column(title="members", cell=lambda row: str(row["members"])),
        _Column(title="n_members", cell=lambda row: _whole(row["n_members"]), numeric=True),
        _Column(title="population", cell=lambda row: _whole(row["population"]), numeric=True),
        _Column(title="rate", cell=lambda row: _decimal(row["rate"]), numeric=True),
    ]
    return _listing(result, "groups", columns, result.groups.sort_values("n_members", ascending=False))


def regions(result: Result) -> Listing | None:
    """List the regions with their sums; where there are none, or one, there is nothing to compare."""
    if result.regions is None or len(result.regions) < 2:
        return None
    whole = result.tests.method == "local_moran_rate"
    count, title = ("n_clustered", "clustered") if whole else ("n_listed", "listed")
    columns = [
        _Column(title="region", cell=lambda row: str(row["region"])),
        _Column(title="known", cell=lambda row: _whole(row["n_known"]), numeric=True),
        _Column(title="counts", cell=_count, numeric=True),
        _Column(title="population", cell=lambda row: _whole(row["population"]), numeric=True),
        _Column(title="share", cell=_share, numeric=True),
        _Column(title="share_population", cell=lambda row: _decimal(row["share_population"]), numeric=True),
        _Column(title=title, cell=lambda row: _whole(row[count]), numeric=True),
    ]
    return _listing(result, "regions", columns, result.regions)


def rows_apart(result: Result) -> Listing | None:
    """List every row that is on no area, and why; rows of other years are counted, not listed."""
    rows = result.unmatched[result.unmatched["reason"] != "other year"]
    if rows.empty:
        return None
    columns = [
        _Column(title="source", cell=lambda row: _plain(row["source"])),
        _Column(title="row", cell=lambda row: _plain(row["row"]), numeric=True),
        _Column(title="name", cell=lambda row: _plain(row["name"])),
        _Column(title="counts", cell=lambda row: _range(row["low"], row["high"]), numeric=True),
        _Column(title="reason", cell=lambda row: _coded("reason", row["reason"])),
        _Column(title="nearest", cell=lambda row: _plain(row["nearest"] or None)),
    ]
    return _listing(result, "apart", columns, rows, head=2)


def parameters(result: Result) -> Listing:
    """List every option and assumption of the run."""
    rows = [
        [phrase_both(result, f"parameters.{name}"), _parameter(name, value)]
        for name, value in result.parameters.items()
        if value is not None and value != ""
    ]
    return _made(result, "parameters", ["parameter", "value"], rows)


def inputs(result: Result) -> Listing:
    """List the files read, with what tells one version of a file from another."""
    rows: list[list[Cell]] = [
        [phrase_both(result, f"report.role.{file['role']}"), file["name"], file["sha256"]]
        for file in result.inputs
    ]
    return _made(result, "inputs", ["role", "source", "sha"], rows)


def _listing(
    result: Result,
    name: str,
    columns: list[_Column],
    frame: pd.DataFrame,
    *,
    head: int = 0,
    note: Said | None = None,
) -> Listing:
    records = frame.drop(columns="geometry", errors="ignore").to_dict("records")
    return Listing(
        name=name,
        caption=phrase_both(result, f"report.caption.{name}"),
        columns=[phrase_both(result, f"report.column.{column.title}") for column in columns],
        numeric=[column.numeric for column in columns],
        rows=[[column.cell(record) for column in columns] for record in records],
        head=head,
        note=note,
    )


def _made(result: Result, name: str, titles: list[str], rows: list[list[Cell]]) -> Listing:
    return Listing(
        name=name,
        caption=phrase_both(result, f"report.caption.{name}"),
        columns=[phrase_both(result, f"report.column.{title}") for title in titles],
        numeric=[False] * len(titles),
        rows=rows,
    )


def _parameter(name: str, value: object) -> Cell:
    if isinstance(value, bool):
        return both(lambda lang: text(f"report.cell.{'yes' if value else 'no'}", lang))
    table = {"local_test": "cluster_method", "population": "population_source"}.get(name, "")
    if table and str(value) in value_labels(table, "en"):
        return _coded(table, value)
    if isinstance(value, float):
        return both(lambda lang: number(value, lang, 6).rstrip("0").rstrip(",."))
    if isinstance(value, int) and name not in ("year", "seed"):
        return _whole(value)
    return str(value)


def _count(row: Any) -> Cell:
    return _range(row["releases_low"], row["releases_high"])


def _rate(row: Any) -> Cell:
    if pd.isna(row["rate"]) and pd.notna(row.get("rate_published")):
        printed = row["rate_published"]
        return both(lambda lang: text("report.cell.printed", lang, rate=number(printed, lang)))
    return _decimal(row["rate"])


def _interval(row: Any) -> Cell:
    return _between(row["rate_low"], row["rate_high"], rate_text)


def _share(row: Any) -> Cell:
    def print_one(value: float, lang: Lang) -> str:
        return number(value, lang, 1)

    return _between(row["share_releases_low"], row["share_releases_high"], print_one)


def _range(low: Any, high: Any) -> Cell:
    return _between(low, high, lambda value, lang: number(value, lang))


def _between(low: Any, high: Any, print_one: Callable[[float, Lang], str]) -> Cell:
    """Print an interval, or one number where both ends are the same."""
    if pd.isna(low) or pd.isna(high):
        return NOTHING
    if low == high:
        return both(lambda lang: print_one(low, lang))
    return both(
        lambda lang: text("report.cell.between", lang, low=print_one(low, lang), high=print_one(high, lang))
    )


def _whole(value: Any) -> Cell:
    return NOTHING if pd.isna(value) else both(lambda lang: number(int(value), lang))


def _decimal(value: Any) -> Cell:
    return NOTHING if pd.isna(value) else both(lambda lang: rate_text(float(value), lang))


def _ratio(value: Any) -> Cell:
    return NOTHING if pd.isna(value) else both(lambda lang: number(float(value), lang, 2))


def _plain(value: Any) -> Cell:
    return NOTHING if pd.isna(value) or value == "" else str(value)


def _coded(table: str, value: Any) -> Cell:
    """Translate a code; one that the catalogue does not know stands as it is."""
    if pd.isna(value):
        return NOTHING
    return {lang: value_labels(table, lang).get(str(value), str(value)) for lang in LANGUAGES}
