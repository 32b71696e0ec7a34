"""Layers measured: against the counts that the reference data state, and by squares counted by hand."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from geo.boundaries.check import check_boundaries
from geo.boundaries.topology import gaps, overlaps
from geo.model.polygons import BoundaryCheck
from geo.outputs.display import simplify
from geo.text.labels import Lang
from geo.text.layerlines import check_lines
from tests.boundaries import odd

DAMAGED = "communes_bcn2020_damaged.geojson"


@pytest.fixture(scope="module")
def damaged(reference: Path) -> BoundaryCheck:
    return check_boundaries(reference / "boundaries" / DAMAGED)


# Numbers of the README of the reference data, measured there with other tools; docs/boundaries.md on gaps.
@pytest.mark.parametrize(
    ("name", "n_overlaps", "n_gaps"),
    [("communes_ine2016_15regions.gpkg", 0, 0), ("communes_ine2017_16regions.gpkg", 18, 40)],
)
def test_sound_layers_are_measured_as_stated(
    name: str, n_overlaps: int, n_gaps: int, reference: Path
) -> None:
    check = check_boundaries(reference / "boundaries" / name)
    assert (check.overlaps.number, check.gaps.number) == (n_overlaps, pytest.approx(n_gaps, abs=1))
    assert check.missing == ["Antártica"]
    assert sorted(check.islands) == ["Guaitecas", "Isla de Pascua", "Juan Fernández", "Puqueldón"]
    assert (check.components, check.neighbors, check.lost, check.added) == (8, 847, [], [])
    assert (check.vertex_components, check.vertex_lost) == (8, 0)
    assert check.sound


def test_a_layer_simplified_polygon_by_polygon_is_told_for_what_it_is(damaged: BoundaryCheck) -> None:
    assert damaged.overlaps.number == pytest.approx(690, abs=3)
    assert damaged.gaps.number == pytest.approx(2187, rel=0.07)
    assert (len(damaged.vertex_islands), damaged.vertex_components) == (12, 19)
    assert len(damaged.lost) > 60
    assert not damaged.sound
    assert damaged.bounds.contiguity == "shipped_instead"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_damage_is_put_into_words(lang: Lang, damaged: BoundaryCheck) -> None:
    lines = check_lines(damaged, lang)
    assert lines[0] == DAMAGED
    assert any("690" in line for line in lines)
    assert any("12" in line and "19" in line and "352" in line for line in lines)
    assert lines[-1].startswith({"es": "Topología destruida", "en": "Topology destroyed"}[lang])
    assert not any("{" in line for line in lines)


def test_overlaps_and_gaps_are_measured_on_the_ground() -> None:
    # Both squares overlap by 0.01 x 0.01 degrees; at 60° a degree of longitude is half as long.
    for lat, km2 in ((0.0, 1.2309), (60.0, 0.6207)):
        two = gpd.GeoSeries(
            [box(0, lat, 1, lat + 1), box(0.99, lat + 0.99, 2, lat + 2)], list("ab"), crs=4326
        )
        assert overlaps(two).area_km2 == pytest.approx(km2, rel=0.06)
    ring = [box(0, 0, 3, 1), box(0, 1, 1, 2), box(2, 1, 3, 2), box(0, 2, 3, 3)]
    hole = gaps(gpd.GeoSeries(ring, list("abcd"), crs=4326))
    assert (hole.number, hole.largest["areas"].tolist()) == (1, ["a, b, c, d"])
    assert hole.area_km2 == pytest.approx(12_305, rel=0.01)


def test_slivers_below_a_hectare_are_rounding() -> None:
    two = gpd.GeoSeries([box(0, 0, 1, 1), box(0.9999999, 0, 2, 1)], list("ab"), crs=4326)
    assert overlaps(two).number == 0
    assert overlaps(two, above=0).number == 1


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_layer_of_another_country_is_checked_without_the_register(lang: Lang, tmp_path: Path) -> None:
    check = check_boundaries(odd.write(tmp_path / "areas.gpkg", odd.squares()), id_field="id")
    assert (check.areas, check.missing, check.neighbors, check.components) == (3, [], 2, 1)
    assert not any("12202" in line or "{" in line for line in check_lines(check, lang))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_everything_odd_in_a_layer_is_put_into_words(lang: Lang, tmp_path: Path) -> None:
    frame = odd.communes(["01101", "05101", "13101", "12101"])
    frame["cut"] = frame["cut"].replace({"01101": "12101", "12101": "01101"})
    frame.loc[len(frame)] = ["0", "0", "Nowhere", box(0, 0, 1, 1)]
    frame.set_crs(4326, allow_override=True)[["cut", "geometry"]].to_file(tmp_path / "x.gpkg")
    with pytest.raises(Exception, match="none holds codes"):
        check_boundaries(tmp_path / "x.gpkg")
    lines = check_lines(check_boundaries(tmp_path / "x.gpkg", id_field="cut"), lang)
    assert not any("{" in line for line in lines)


@pytest.mark.parametrize("name", ["communes_ine2016_15regions.gpkg", "communes_ine2017_16regions.gpkg"])
def test_display_keeps_every_real_commune_within_five_percent(name: str, reference: Path) -> None:
    check = check_boundaries(reference / "boundaries" / name)
    before = check.bounds.areas.dropna(subset="geometry")
    after = simplify(before)
    change = after.to_crs(6933).area / before.to_crs(6933).area - 1
    assert change.abs().max() < 0.05
    assert after.count_coordinates().sum() < before.count_coordinates().sum()
