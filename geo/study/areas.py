"""The layers of a result: one row per area, per group, per cluster, per region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.boundaries.dissolve import dissolve
from geo.boundaries.regions import region_shapes
from geo.data.shipped import support
from geo.model.plots import Curves
from geo.model.statistics import Stability
from geo.model.uncertainty import Unknown
from geo.stats.autocorrelation.significance import QUADRANTS
from geo.stats.rates.crude import above_national, crude_rates, excess_risk, overall_rate, rank_rates, reliable
from geo.stats.rates.regional import summarize_regions
from geo.stats.rates.smoothing import rate_eb, rate_eb_spatial
from geo.stats.weights.adjacency import components
from geo.study.concentration import Concentration
from geo.study.inputs import Inputs

if TYPE_CHECKING:
    from libpysal.graph import Graph

CERTAINTY = {
    "certainty_label": "label",
    "certainty": "certainty",
    "certainty_uncorrected": "certainty_uncorrected",
}
IMPUTED = ("imputed_median", "imputed_low", "imputed_high")
"""What completed tables say of an area, in columns of its own beside what was observed."""
ANSWERS = ["web_support", "phone_support"]
_COMPARED = {
    "rate_eb": "float",
    "rate_eb_spatial": "float",
    "excess_risk": "float",
    "above_national": "boolean",
    "funnel": "string",
}


def area_layer(
    inputs: Inputs,
    counts: pd.DataFrame,
    graph: Graph,
    tested: Concentration,
    *,
    stability: Stability | None,
    curves: Curves,
    completed: Unknown | None,
) -> gpd.GeoDataFrame:
    """Give one row per area: what is known, what was computed, what was printed."""
    people = inputs.population.values.reindex(counts.index)
    printed = inputs.joined.frame
    exact = crude_rates(counts["releases"], people)
    below, above = crude_rates(counts["low"], people), crude_rates(counts["high"], people)
    computed = {
        "year": pd.Series(inputs.year, index=counts.index, dtype="Int64"),
        "status": counts["status"],
        "releases": counts["releases"],
        "releases_low": counts["low"],
        "releases_high": counts["high"],
        "population": people,
        "population_source": pd.Series(inputs.population.name, index=counts.index, dtype="string"),
        "rate": exact["rate"],
        "rate_low": below["low"],
        "rate_high": above["high"],
        "rank": rank_rates(counts["low"], counts["high"], people),
        "rate_published": printed["rate"],
        "population_published": printed["population"],
        "rank_published": printed["rank"],
        "reliable": reliable(counts["releases"]),
    }
    frame = inputs.areas.assign(**computed)
    # Smoothing and comparing with others need the whole map, not a selection of its highest rates.
    whole = tested.tests.method == "local_moran_rate"
    compared = _compared(counts["releases"], people, graph, curves) if whole else pd.DataFrame()
    frame = frame.join(compared.reindex(index=counts.index, columns=list(_COMPARED)).astype(_COMPARED))
    frame = frame.join(tested.areas)
    frame["cluster_id"] = _number_clusters(frame["cluster"], graph)
    for name in ("stability", "agreement"):
        frame[name] = stability.areas[name] if stability is not None else np.nan
    answers = support(inputs.study) if inputs.study else None
    for channel in ANSWERS:
        frame[channel] = pd.Series(pd.NA, index=frame.index, dtype="string")
        if answers is not None:
            frame[channel] = answers[channel].astype("string").reindex(frame.index)
    if completed is not None:
        shares, imputed = completed.certainty.areas, completed.certainty.imputation.areas
        for name, column in CERTAINTY.items():
            frame[name] = shares[column].reindex(frame.index)
        for name in IMPUTED:
            frame[name] = imputed[name].reindex(frame.index)
    return frame[[*frame.columns.drop("geometry"), "geometry"]]


def group_layer(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Dissolve the groups of adjoining areas of the set of highest rates."""
    return _with_rate(dissolve(areas, areas["group_id"], name="group_id"))


def cluster_layer(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Dissolve the significant cores and keep their label and their risk relative to the whole map."""
    layer = _with_rate(dissolve(areas, areas["cluster_id"], name="cluster_id"))
    label = areas.groupby("cluster_id")["cluster"].first().astype("string")
    layer.insert(1, "cluster", layer["cluster_id"].map(label).astype("string"))
    overall = overall_rate(areas["releases"], areas["population"])
    layer.insert(len(layer.columns) - 1, "excess_risk", layer["rate"] / overall)
    return layer


def region_layer(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame | None:
    """Sum up by region, where areas have one; those without a known region are in none."""
    if "region" not in areas:
        return None
    placed = areas[areas["region"].notna()]
    sums = summarize_regions(pd.DataFrame(placed.drop(columns="geometry")), placed["region"])
    shapes = region_shapes(placed)
    layer = shapes.join(sums, on="region")
    return layer[[*layer.columns.drop("geometry"), "geometry"]]


def gap_layer(areas: gpd.GeoDataFrame, gaps: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give each area's gap its polygon, and beside it what is known of the count."""
    beside = [name for name in ("cut", "year", "status", "population", "rate") if name in areas]
    return gpd.GeoDataFrame(gaps.join(areas[beside]), geometry=areas.geometry, crs=areas.crs)


def _number_clusters(labels: pd.Series, graph: Graph) -> pd.Series:
    """Number the contiguous sets of each significant label, High-High first; missing for all other areas."""
    number = pd.Series(pd.NA, index=labels.index, dtype="Int64")
    for label in QUADRANTS:
        part = components(graph, labels.eq(label).fillna(False).astype(bool))
        number = number.fillna(part + int(number.max()) if number.notna().any() else part)
    return number


def _with_rate(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rate = crude_rates(layer["releases"], layer["population"])["rate"]
    layer.insert(len(layer.columns) - 1, "rate", rate)
    return layer


def _compared(releases: pd.Series, people: pd.Series, graph: Graph, curves: Curves) -> pd.DataFrame:
    """Rates smoothed, and beside those of all areas together."""
    outside = curves.funnel.areas["outside_overdispersed"] if curves.funnel is not None else pd.NA
    return pd.DataFrame(
        index=releases.index,
        data={
            "rate_eb": rate_eb(releases, people),
            "rate_eb_spatial": rate_eb_spatial(releases, people, graph),
            "excess_risk": excess_risk(releases, people),
            "above_national": above_national(releases, people),
            "funnel": outside,
        },
    )
