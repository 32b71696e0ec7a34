"""A small country of twelve square areas that has every status, cluster and answer, and awkward names."""

import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import MultiPolygon, box

collect_ignore = ["qgis_check.py", "qgis_shown.py"]  # run in the interpreter of QGIS
AWKWARD = "Ñuñoa <b>&\"'{x}</b>"
NA = pd.NA


def twelve_squares() -> gpd.GeoDataFrame:
    """Areas in four columns and three rows of one degree each; the last one has no polygon."""
    squares = [box(-72 + i % 4, -34 - i // 4, -71 + i % 4, -33 - i // 4) for i in range(12)]
    rates = [100.0, 120.0, 140.0, 160.0, 180.0, 200.0, 220.0, *[np.nan] * 5]
    counts = pd.array([10, 12, 14, 16, 18, 20, 22, NA, NA, NA, NA, NA], dtype="Int64")
    frame = pd.DataFrame(
        {
            "mine": range(12),  # a column nobody described: it comes last
            "rate": rates,
            "area_name": [AWKWARD, "O'Higgins; Norte", "=1+1", *(f"Comuna {i}" for i in range(3, 12))],
            "status": [*["published"] * 7, "derived", "derived", "bounded", "missing", "missing"],
            "releases": counts,
            "releases_low": counts.fillna(0),
            "releases_high": counts.fillna(5),
            "population": pd.array([10_000] * 12, dtype="Int64"),
            "year": 2016,
            "reliable": pd.array([False] * 5 + [True] * 2 + [NA] * 5, dtype="boolean"),
            "listed": [True] * 4 + [False] * 8,
            "group_id": pd.array([1, 1, NA, NA, *[NA] * 8], dtype="Int64"),
            "cluster": [
                *("High-High", "Low-Low", "High-Low", "Low-High"),
                *(["not significant"] * 4 + ["undefined"] * 4),
            ],
            "cluster_note": [*[None] * 8, *["not_tested"] * 4],
            "cluster_adjusted": ["High-High", *["not significant"] * 7, *["undefined"] * 4],
            "stability": [1.0, 0.75, 0.5, 0.25, *[np.nan] * 8],
            "agreement": [*[np.nan] * 4, 1.0, 0.5, *[np.nan] * 6],
            "certainty_label": ["High-High"] * 10 + ["undefined"] * 2,
            "certainty": [0.95, 0.6, 0.01, 0.0, 0.95, 0.6, 0.01, 0.0, 0.0, 0.0, np.nan, np.nan],
            "certainty_uncorrected": [1.0] * 10 + [np.nan] * 2,
            "imputed_median": [*[np.nan] * 4, *[3.0] * 6, np.nan, np.nan],
            "imputed_low": [*[np.nan] * 4, *[1.0] * 6, np.nan, np.nan],
            "imputed_high": [*[np.nan] * 4, *[5.0] * 6, np.nan, np.nan],
            "gi_z": [4.0, 3, 2, -2, -3, -4, 0.1, *[np.nan] * 5],
            "gi_q": [0.01, 0.05, 0.1, 0.1, 0.05, 0.01, 0.9, *[np.nan] * 5],
            "web_support": ["yes", "no", "no answer", *[None] * 9],
            "phone_support": ["no", "yes", None, "no answer", *[None] * 8],
        },
        index=pd.Index([f"{i:05d}" for i in range(1001, 1013)], name="area_id"),
    )
    return gpd.GeoDataFrame(frame, geometry=[*squares[:11], None], crs=4326)


def twelve_gaps(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Every status of support, unmet need known, open and bounded, and every step of the order."""
    statuses = ["yes", "contested", "no", "referred elsewhere", "no answer", *["not asked"] * 7]
    sure = pd.array([1.0, 0.6, 0.2, 0.0, 0.0, *[NA] * 7], dtype="Float64")
    gaps = pd.DataFrame(
        {
            "area_name": areas["area_name"],
            "releases_low": areas["releases_low"],
            "support_status": statuses,
            "provider": ["several", *[None] * 11],
            "capacity": pd.array([4, NA, 0, *[NA] * 9], dtype="Int64"),
            "unmet": pd.array([6, NA, 14, *[NA] * 9], dtype="Int64"),
            "unmet_low": pd.array([6, 0, 14, *[0] * 9], dtype="Int64"),
            "unmet_high": pd.array([6, 12, 14, 16, 18, 20, 22, 5, 5, 5, NA, NA], dtype="Int64"),
            "top_sure": sure,
            "top_possible": pd.array([1.0, 1.0, 1.0, 0.5, 0.0, *[NA] * 7], dtype="Float64"),
            "need_housing": ["served", "unknown", "not served", "no programme", *["unknown"] * 8],
            "need_legal": ["unknown", "unknown", "not served", "no programme", *["unknown"] * 8],
        },
        index=areas.index,
    )
    return gpd.GeoDataFrame(gaps, geometry=areas.geometry, crs=areas.crs)


@pytest.fixture(scope="session")
def country() -> dict[str, pd.DataFrame]:
    """The whole result; the fixtures below hand out copies, so that a test may change its own."""
    areas = twelve_squares()
    pair, four = areas.iloc[:2], areas.iloc[:4]
    groups = {"n_members": [2], "group_id": [1], "members": [", ".join(pair["area_name"])], "rate": [110.0]}
    clusters = {
        "cluster_id": range(1, 5),
        "cluster": list(four["cluster"]),
        "members": list(four["area_name"]),
    }
    shapes = [MultiPolygon([shape]) for shape in four.geometry]
    regions = {
        "region": ["Norte", "Centro", "Sur"],
        "releases_low": pd.array([52, 60, 0], dtype="Int64"),
        "share_releases_low": [40.0, 10.0, 0.0],
        "share_releases_high": [50.0, 20.0, 60.0],
        "share_population": [33.3, 33.3, 33.3],
    }
    rows = [areas.iloc[i : i + 4].union_all() for i in (0, 4, 8)]
    return {
        "support_gaps": twelve_gaps(areas),
        "areas": areas,
        "groups": gpd.GeoDataFrame(groups, geometry=[pair.union_all()], crs=4326),
        "clusters": gpd.GeoDataFrame(clusters, geometry=shapes, crs=4326),
        "regions": gpd.GeoDataFrame(regions, geometry=rows, crs=4326),
        "parameters": pd.DataFrame(
            {"name": ["seed"], "value": ["0"], "es": ["Semilla del azar"], "en": ["Seed of chance"]}
        ),
    }


@pytest.fixture
def areas(country) -> gpd.GeoDataFrame:
    return country["areas"].copy()


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Callable[[Path, str, Callable[[Path], object]], Path]:
    """Write a file once, by a key, and give each test its own copy under the name it was written with."""
    made: dict[str, Path] = {}

    def copy(path: Path, key: str, write: Callable[[Path], object]) -> Path:
        if key not in made:
            made[key] = tmp_path_factory.mktemp("once") / path.name
            write(made[key])
        assert made[key].name == path.name
        return Path(shutil.copyfile(made[key], path))

    return copy
