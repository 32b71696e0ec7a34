"""Layers that leave names or regions open, and maps so small that areas adjoin all others: whole runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Polygon, box

import geo
from geo.boundaries.regions import in_region
from geo.stats.weights.links import graph_from_pairs

NAMES = [f"Area {i}" for i in range(12)]
IDS = [f"A{i:02d}" for i in range(12)]


def layer(path: Path, wide: int, high: int, **fields: list[Any]) -> Path:
    cells = [box(i % wide, i // wide, i % wide + 1, i // wide + 1) for i in range(wide * high)]
    return drawn(path, cells, **fields)


def drawn(path: Path, cells: list[Polygon], **fields: list[Any]) -> Path:
    gpd.GeoDataFrame({"id": IDS[: len(cells)], **fields}, geometry=cells, crs=4326).to_file(path)
    return path


def table(path: Path, n: int, **columns: list[Any]) -> Path:
    counts = {
        "releases": [i * 7 % 23 + 1 for i in range(n)],
        "population": [1000 + i * 37 % 211 for i in range(n)],
    }
    pd.DataFrame({"code": IDS[:n], **columns, **counts}).to_csv(path, index=False)
    return path


def run(
    tmp_path: Path, wide: int, high: int, *, told: dict[str, list[Any]], **fields: list[Any]
) -> geo.Result:
    return geo.run(
        table(tmp_path / "t.csv", wide * high, **told),
        boundaries=layer(tmp_path / "layer.gpkg", wide, high, **fields),
        id_field="id",
        year=2020,
        permutations=99,
        imputations=0,
    )


def no_json(constant: str) -> NoReturn:
    pytest.fail(f"{constant} is no JSON")


def check_outputs(result: geo.Result, folder: Path) -> dict[str, Path]:
    """Write everything; nothing a person reads may hold what a machine writes for missing."""
    written = result.write(folder, lang="es", also=["geojson"])
    assert {"geopackage", "map", "report", "csv", "xlsx", "manifest"} <= set(written)
    text = "\n".join([*result.summary("es"), *result.summary("en")])
    assert not {"nan", "<NA>", "inf"} & set(text.replace(",", " ").replace(".", " ").split())
    page = written["report"].read_text(encoding="utf-8")
    assert "&lt;NA&gt;" not in page
    assert ">nan<" not in page
    json.loads(written["manifest"].read_text(encoding="utf-8"), parse_constant=no_json)
    return written


def test_a_name_left_open_is_the_table_s_or_else_the_id(tmp_path: Path) -> None:
    names = [None, " ", *NAMES[2:]]
    told: dict[str, list[Any]] = {"name": ["First", None, *NAMES[2:]]}
    result = run(tmp_path, 4, 3, told=told, name=names, region=["R", None, "S"] * 4)
    assert result.areas["area_name"].tolist() == ["First", "A01", *NAMES[2:]]
    assert result.regions is not None
    assert result.regions["n_members"].tolist() == [4, 4]
    written = check_outputs(result, tmp_path / "out")
    assert "First" in written["map"].read_text(encoding="utf-8")


@pytest.mark.parametrize("names", [[None] * 4, ["", " ", "", ""], [7.0, 8.0, 9.0, None]])
def test_a_layer_that_names_nothing_is_named_by_its_ids(tmp_path: Path, names: list[Any]) -> None:
    layer(tmp_path / "l.gpkg", 2, 2, name=names)
    areas = geo.read_boundaries(tmp_path / "l.gpkg", id_field="id")
    own = ["7", "8", "9"] if names[0] == 7 else IDS[:3]
    assert areas["area_name"].tolist() == [*own, "A03"]


@pytest.mark.parametrize(("wide", "high"), [(1, 1), (2, 1), (3, 1), (2, 2), (3, 3)])
def test_an_area_that_adjoins_all_others_has_no_gi(tmp_path: Path, wide: int, high: int) -> None:
    """Four areas that meet in a point, three in a row, the middle one of nine."""
    result = run(tmp_path, wide, high, told={}, name=NAMES[: wide * high])
    areas = result.areas
    assert not np.isinf(areas[["gi_z", "cluster_statistic"]].to_numpy(dtype=float)).any()
    assert areas.loc[areas["gi_z"].isna(), ["gi_p", "gi_q"]].isna().all().all()
    all_others = {3: [1], 4: [0, 1, 2, 3], 9: [4]}.get(wide * high, [])
    assert np.flatnonzero(areas["cluster_note"].eq("adjoins_all").fillna(False)).tolist() == all_others
    assert areas.iloc[all_others]["gi_z"].isna().all()
    if wide == high < 3:
        check_outputs(result, tmp_path / "out")


def test_a_map_whose_areas_all_adjoin_each_other_is_written_without_a_test_of_it(tmp_path: Path) -> None:
    """Seven wedges that meet in a point."""
    corners = [(np.cos(turn), np.sin(turn)) for turn in np.linspace(0, 2 * np.pi, 8).round(9)]
    corners[-1] = corners[0]
    wedges = [Polygon([(0, 0), corners[i], corners[i + 1]]) for i in range(7)]
    result = geo.run(
        table(tmp_path / "t.csv", 7),
        boundaries=drawn(tmp_path / "layer.gpkg", wedges, name=NAMES[:7]),
        id_field="id",
        year=2020,
        permutations=99,
        imputations=0,
    )
    assert len(result.pairs) == 7 * 6 / 2
    assert result.areas["cluster_note"].eq("adjoins_all").all()
    written = check_outputs(result, tmp_path / "out")
    tests = json.loads(written["manifest"].read_text(encoding="utf-8"))["tests"]
    for test in (tests["moran_rate"], tests["moran_crude"]):
        assert test["statistic"] == pytest.approx(-1 / 6)
        assert (test["p_value"], test["p_analytic"]) == (1, None)


@pytest.mark.parametrize("star", [True, False])
def test_gi_is_undefined_with_its_reason_where_the_surroundings_are_the_map(star: bool) -> None:
    star_graph = graph_from_pairs([(0, i) for i in range(1, 7)], range(7))
    found = geo.stats.getis_ord(
        pd.Series([0.1, 0.7, 0.2, 0.3, 0.9, 0.4, 0.6]), star_graph, star=star, permutations=99
    )
    assert found.loc[0, ["statistic", "p_value", "q_value"]].isna().all()
    assert found.loc[0, ["label", "reason"]].tolist() == ["undefined", "adjoins_all"]
    assert found.loc[1:, ["statistic", "p_value"]].notna().all().all()
    assert np.isfinite(found.loc[1:, "statistic"].astype(float)).all()


def test_a_region_is_found_by_a_name_without_latin_letters(tmp_path: Path) -> None:
    regions = ["東京", "大阪", None, '<b>&"x" %s {y}']
    areas = gpd.GeoDataFrame({"area_name": NAMES[:4], "region": regions}, geometry=[box(0, 0, 1, 1)] * 4)
    assert [in_region(areas, name)["area_name"].tolist() for name in (*regions[:2], "b x s y")] == [
        *(["Area 0"], ["Area 1"], ["Area 3"]),
    ]
    for nothing in ("", " ", "京"):
        with pytest.raises(geo.MatchError, match="names one region"):
            in_region(areas, nothing)


def test_regions_of_odd_names_are_written_everywhere(tmp_path: Path) -> None:
    regions = ["東京 'A/B'", '<b>&"x" %s {y}', None, "Ñuñoa; C\\D"]
    result = run(tmp_path, 4, 3, told={}, name=NAMES, region=regions * 3)
    assert result.regions is not None
    assert sorted(result.regions["region"]) == sorted(filter(None, regions))
    written = check_outputs(result, tmp_path / "out")
    assert '<b>&"x"' not in written["report"].read_text(encoding="utf-8")
