"""A country of twelve areas that has every status, label and answer, awkward names and a distant island."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.outputs.web.mappage import write_map
from geo.text.labels import value_labels

HOSTILE = "</script><img src=x onerror=alert(1)>"
NAMES = ["Ñuñoa", "Los Ángeles", "San Pedro", "San Pablo", "O'Higgins", HOSTILE]
NAMES += ["Alto", "Bajo", "Centro", "Norte", "Sur", "Isla Lejana"]
LAYERS = [
    *("rate", "counts", "groups", "clusters", "clusters_adjusted", "stability", "hot_spots"),
    *("support_status", "unmet", "web_support", "phone_support"),
]
PAIRS = [("00", "01"), ("00", "04"), ("00", "05"), ("01", "02"), ("04", "05")]


def twelve_areas() -> gpd.GeoDataFrame:
    """Eleven squares in a block and one far away."""
    squares = [
        shapely.box(-71 + x / 2, -34 + y / 2, -70.5 + x / 2, -33.5 + y / 2)
        for y in range(3)
        for x in range(4)
    ]
    squares[-1] = shapely.box(-109.5, -27.5, -109, -27)
    rate = [1234.5, 900.0, 700.25, 500, 300, 200, 150, 120, None, None, None, 0]
    nothing: list[Any] = [None] * 12
    labels = ["High-High", "Low-Low", "High-Low", "Low-High", "not significant", "undefined"]
    high = [True, False, True, False, *[None] * 8]
    areas = gpd.GeoDataFrame(
        {
            "area_name": NAMES,
            "province": ["Una"] * 12,
            "region": ["Norte"] * 6 + ["Sur"] * 6,
            "year": 2016,
            "status": ["published"] * 8 + ["derived", "bounded", "missing", "published"],
            "releases": pd.array([12345, 90, 70, 50, 30, 20, 15, 12, None, None, None, 0], dtype="Int64"),
            "releases_low": pd.array([12345, 90, 70, 50, 30, 20, 15, 12, 392, 0, None, 0], dtype="Int64"),
            "releases_high": pd.array([12345, 90, 70, 50, 30, 20, 15, 12, 394, 11, None, 0], dtype="Int64"),
            "population": 1_000_000,
            "rate": pd.array(rate, dtype="Float64").astype(float),
            "rate_low": [1000.0, *[1.5] * 9, np.nan, 0],
            "rate_high": [1500.0, *[999.5] * 9, np.nan, 36.9],
            "rank": pd.array([1, 2, 3, 4, 5, 6, 7, 8, None, None, None, 9], dtype="Int64"),
            "reliable": pd.array([True] * 5 + [False] * 3 + [None] * 3 + [False], dtype="boolean"),
            "neighbors": [3, 2, 1, 0, 2, 2, 0, 0, 0, 0, 0, 0],
            "listed": [True, True, False, True] + [False] * 8,
            "group_id": pd.array([1, 1, *nothing[2:]], dtype="Int64"),
            "cluster": labels * 2,
            "cluster_id": pd.array([1, *nothing[:11]], dtype="Int64"),
            "cluster_note": pd.Series([*nothing[:11], "no_neighbor"], dtype="string"),
            "cluster_method": "local_moran_rate",
            "cluster_adjusted": [*(labels[0], labels[4], labels[2], labels[4], labels[0], *[labels[4]] * 7)],
            "survives_adjustment": pd.array(high, dtype="boolean"),
            "stability": [1, 0.875, 0.5, 0.25, *[np.nan] * 8],
            "agreement": [*[np.nan] * 4, 1, np.nan, 0.75, 0.5, *[1] * 4],
            "gi_z": [3, 2.5, 2, 1, -1, -2, -2.5, -3, np.nan, 0.5, 0.5, np.nan],
            "gi_q": [0.01, 0.05, 0.1, 0.11, 0.11, 0.1, 0.05, 0.01, np.nan, 0.5, 0.5, np.nan],
            "web_support": pd.Series(["yes", "no", "no answer", *nothing[3:]], dtype="string"),
            "phone_support": pd.Series([*nothing[:9], "yes", "no", "no answer"], dtype="string"),
        },
        geometry=squares,
        crs=4326,
    )
    areas.index = pd.Index([f"{i:02d}" for i in range(12)], name="area_id")
    return areas


def twelve_gaps() -> pd.DataFrame:
    """Every status of support, and unmet need that is known, open, bounded and without an upper end."""
    nothing: list[Any] = [None] * 12
    statuses = ["yes", "yes", "contested", "no", "referred elsewhere", "no answer", *["not asked"] * 6]
    needs = {f"need_{code}": "unknown" for code in value_labels("need", "en")}
    gaps = pd.DataFrame(
        {
            "support_status": pd.array(statuses, dtype="string"),
            "provider": pd.array(["municipal", "several", *nothing[2:]], dtype="string"),
            "capacity_low": pd.array([345, 10, *[0] * 10], dtype="Int64"),
            "capacity_high": pd.array([345, 20, None, 0, *nothing[4:]], dtype="Int64"),
            "unmet": pd.array([12000, None, None, 50, *nothing[4:]], dtype="Int64"),
            "unmet_low": pd.array([12000, 70, 0, 50, *[0] * 8], dtype="Int64"),
            "unmet_high": pd.array([12000, 80, 70, 50, 30, 20, 15, 12, 394, 11, None, 0], dtype="Int64"),
            **needs,
        },
        index=pd.Index([f"{i:02d}" for i in range(12)], name="area_id"),
    )
    gaps.loc["00", ["need_housing", "need_legal"]] = ["served", "not served"]
    gaps.loc["03", list(needs)] = "not served"
    return gaps


def write_case(folder: Path, areas: gpd.GeoDataFrame | None = None, **options: Any) -> Path:
    """Write the page of the twelve areas, or of others, with all that a page can hold."""
    areas = twelve_areas() if areas is None else areas
    groups = gpd.GeoDataFrame(
        {"group_id": [1], "rate": [1067.2]}, geometry=[areas.geometry[:2].union_all()], crs=4326
    )
    clusters = gpd.GeoDataFrame(
        {"cluster_id": [1], "cluster": ["High-High"], "rate": [1234.5]},
        geometry=areas.geometry[:1].values,
        crs=4326,
    )
    given: dict[str, Any] = {
        "groups": groups,
        "clusters": clusters,
        "support_gaps": twelve_gaps(),
        "pairs": PAIRS,
        "lang": "es",
        "schematic": True,
        "other_names": {"07": ["Villa Baja"]},
        "title": {"es": "Título & <prueba>", "en": "Title & <test>"},
        "headline": {"es": ["Lo principal es esto."], "en": ["This is the point."]},
        "sources": {"es": [f"Fuente {HOSTILE}"], "en": ["Source"]},
        "report": "report.html",
        "files": ["doce.gpkg"],
    }
    return write_map(areas, folder / "map.html", **(given | options))


def embedded(page: Path) -> dict[str, Any]:
    """Read the JSON that a page shows."""
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"), re.S
    )
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data
