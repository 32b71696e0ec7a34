"""Regions and names of areas of another country: from the layer, else from the table."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

import geo

IDS = [f"D{i:02d}" for i in range(12)]
NAMES = [f"Distrito {i}" for i in range(12)]
REGIONS = ["Norte"] * 5 + ["Centro"] * 4 + ["Sur"] * 3


def layer(folder: Path, **fields: list[str | None]) -> Path:
    squares = [box(i % 4, i // 4, i % 4 + 1, i // 4 + 1) for i in range(12)]
    file = folder / "areas.geojson"
    gpd.GeoDataFrame({"GID": IDS, **fields}, geometry=squares, crs=4326).to_file(file)
    return file


def table(folder: Path, **columns: list[str]) -> Path:
    counts = {"releases": range(20, 32), "population": 10_000}
    file = folder / "table.csv"
    pd.DataFrame({"code": IDS, **columns, **counts}).to_csv(file, index=False)
    return file


def run(table: Path, layer: Path, **how: object) -> geo.Result:
    return geo.run(table, boundaries=layer, id_field="GID", permutations=99, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("where", ["layer", "table"])
def test_names_and_regions_come_from_the_layer_or_else_from_the_table(tmp_path: Path, where: str) -> None:
    in_layer: dict[str, list[str | None]] = {"NAME": [*NAMES], "STATE": [*REGIONS]}
    in_table = {"name": NAMES, "region": REGIONS}
    if where == "layer":
        result = run(table(tmp_path), layer(tmp_path, **in_layer))
    else:
        result = run(table(tmp_path, **in_table), layer(tmp_path))
    assert result.areas["area_name"].tolist() == NAMES
    assert result.areas["region"].tolist() == REGIONS
    regions = result.regions
    assert regions is not None
    assert regions["region"].tolist() == ["Centro", "Norte", "Sur"]
    assert regions["releases"].tolist() == [25 + 26 + 27 + 28, 20 + 21 + 22 + 23 + 24, 29 + 30 + 31]
    assert regions["n_members"].tolist() == [4, 5, 3]
    assert result.inequality is not None
    assert list(result.inequality.groups.index) == ["Centro", "Norte", "Sur"]
    written = result.write(tmp_path / "out", lang="en")
    assert len(gpd.read_file(written["geopackage"], layer="regions")) == 3


def test_the_layer_is_believed_before_the_table(tmp_path: Path) -> None:
    columns = {"name": ["x"] * 12, "region": ["East"] * 6 + ["West"] * 6}
    result = run(table(tmp_path, **columns), layer(tmp_path, NAME=[*NAMES], STATE=[*REGIONS]))
    assert result.areas["area_name"].tolist() == NAMES
    assert result.areas["region"].tolist() == REGIONS


def test_an_area_without_a_region_is_in_none(tmp_path: Path) -> None:
    result = run(table(tmp_path), layer(tmp_path, region=[None, *REGIONS[1:]]))
    assert result.regions is not None
    assert int(result.regions["n_members"].sum()) == 11


def test_one_region_of_another_country_can_be_mapped_alone(tmp_path: Path) -> None:
    given = table(tmp_path), layer(tmp_path, region=[*REGIONS])
    result = run(*given, region="norte")
    assert result.areas.index.tolist() == IDS[:5]
    with pytest.raises(geo.MatchError, match="name one of: Centro; Norte; Sur"):
        run(*given, region="5")
    with pytest.raises(geo.MatchError, match="say of no area"):
        run(table(tmp_path), layer(tmp_path), region="Norte")


def test_a_field_that_joins_nothing_is_no_region(tmp_path: Path) -> None:
    assert run(table(tmp_path), layer(tmp_path, region=[*NAMES])).regions is None
