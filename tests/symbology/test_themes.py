"""What each layer of the web map shows: the class of every area, and what the legend then says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from geo.symbology.themes import LAYERS, LegendClass, Theme
from tests.outputs.mapcase import LAYERS as NAMES
from tests.outputs.mapcase import embedded, twelve_areas, twelve_gaps, write_case


def layers(areas: gpd.GeoDataFrame) -> dict[str, Theme]:
    return {layer.id: layer for make in LAYERS for layer in make(areas)}


@pytest.fixture(scope="module")
def shown() -> dict[str, Theme]:
    return layers(twelve_areas().join(twelve_gaps()))


def said(layer: Theme) -> list[str]:
    """English legend line of each area."""
    return [(layer.classes[k].label or {}).get("en", "") for k in layer.of]


def test_there_is_a_layer_for_every_thing_that_is_known(shown: dict[str, Theme]) -> None:
    assert list(shown) == NAMES
    for layer in shown.values():
        assert len(layer.of) == 12
        assert all(0 <= k < len(layer.classes) for k in layer.of)


@pytest.mark.parametrize(
    ("column", "gone"),
    [
        (["releases"], {"counts"}),
        (["group_id"], {"groups"}),
        (["cluster_adjusted"], {"clusters_adjusted"}),
        (["stability", "agreement"], {"stability"}),
        (["gi_z"], {"hot_spots"}),
        (["phone_support"], {"phone_support"}),
        (["support_status"], {"support_status"}),
        (["unmet_high"], {"unmet"}),
    ],
)
def test_a_layer_is_there_only_where_its_column_has_values(column: list[str], gone: set[str]) -> None:
    areas = twelve_areas().join(twelve_gaps())
    assert set(NAMES) - set(layers(areas.drop(columns=column))) == gone
    if gone != {"groups"}:
        assert set(NAMES) - set(layers(areas.assign(**dict.fromkeys(column, np.nan)))) == gone


def test_a_name_and_a_rate_are_enough() -> None:
    assert list(layers(twelve_areas()[["area_name", "rate", "geometry"]])) == ["rate"]


def test_a_map_without_any_rate_says_so_for_every_area() -> None:
    rate = layers(twelve_areas().assign(rate=np.nan, status="missing"))["rate"]
    assert [kind.hatch for kind in rate.classes] == ["dots"]
    assert set(rate.of) == {0}


def test_unknown_counts_have_classes_of_their_own(shown: dict[str, Theme]) -> None:
    for name in ("rate", "counts"):
        layer = shown[name]
        assert [layer.classes[layer.of[i]].hatch for i in (7, 8, 9, 10, 11)] == ["", "up", "down", "dots", ""]


def test_a_rate_falls_in_the_class_that_the_legend_says(shown: dict[str, Theme]) -> None:
    layer = shown["rate"]
    for rate, k in zip(twelve_areas()["rate"], layer.of, strict=True):
        if not np.isnan(rate):
            low, high = layer.classes[k].range or (np.nan, np.nan)
            assert low <= rate <= high


def test_counts_are_circles_and_intervals_are_rings_of_their_highest_value(shown: dict[str, Theme]) -> None:
    circles = shown["counts"].circles
    assert circles is not None
    assert circles.values == [12345, 90, 70, 50, 30, 20, 15, 12, 394, None, None, 0]
    assert circles.open == [8]  # not the area of which only a maximum is known
    assert circles.steps[0] <= 12345


def test_an_area_without_polygon_has_no_circle() -> None:
    areas = twelve_areas()
    areas.loc["00", "geometry"] = None
    circles = layers(areas)["counts"].circles
    assert circles is not None
    assert circles.values[0] is None


@pytest.mark.parametrize("name", ["clusters", "clusters_adjusted"])
def test_every_cluster_label_stands_in_the_legend(shown: dict[str, Theme], name: str) -> None:
    assert [kind.label["en"] for kind in shown[name].classes if kind.label] == [
        *("High-High", "Low-Low", "High-Low", "Low-High", "not significant", "undefined"),
    ]


def test_stability_keeps_labels_and_the_lack_of_one_apart(shown: dict[str, Theme]) -> None:
    lines = said(shown["stability"])
    assert lines[:4] == [
        "in a cluster, alike in all variants",
        "in a cluster, alike in 75 % or more",
        "in a cluster, alike in 50 % to 75 %",
        "in a cluster, alike in less than half",
    ]
    assert lines[4] == lines[6] == "in no cluster, alike in 75 % or more"
    assert lines[7] == "in no cluster, alike in less than 75 %"
    assert lines[5] == "undefined"


def test_hot_spots_follow_q_with_limits_inside_and_the_sign_of_z(shown: dict[str, Theme]) -> None:
    lines = [line.split(" (")[0] for line in said(shown["hot_spots"])]
    assert lines == [
        *("High rates, 99 %", "High rates, 95 %", "High rates, 90 %", "Not significant", "Not significant"),
        *("Low rates, 90 %", "Low rates, 95 %", "Low rates, 99 %", "Undefined"),
        *("Not significant", "Not significant", "Undefined"),
    ]


def test_hot_spots_are_said_to_confirm_nothing(tmp_path: Path) -> None:
    texts = embedded(write_case(tmp_path))["texts"]
    assert "no lo confirma" in texts["es"]["note.hot_spots"]
    assert "not a confirmation" in texts["en"]["note.hot_spots"]


def test_a_new_layer_is_one_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def halves(areas: gpd.GeoDataFrame) -> Any:
        even = LegendClass(fill="#ffffff", label={"es": "par", "en": "even"})
        odd = LegendClass(fill="#000000", label={"es": "impar", "en": "odd"})
        yield Theme(id="rate", classes=[even, odd], of=[i % 2 for i in range(len(areas))])

    monkeypatch.setattr("geo.outputs.web.mappage.LAYERS", [halves])
    shown = embedded(write_case(tmp_path))["layers"]
    assert [(layer["id"], len(layer["classes"])) for layer in shown] == [("rate", 2)]


def test_support_has_every_answer_in_its_legend_and_hatches_what_nobody_settled(
    shown: dict[str, Theme],
) -> None:
    layer = shown["support_status"]
    assert said(layer)[:6] == [
        *("there is support", "there is support", "contested: one source says yes, another no"),
        *("none, as answered", "referred elsewhere", "no answer"),
    ]
    assert [kind.hatch for kind in layer.classes] == ["", "down", "", "dots", "up", ""]


def test_unmet_need_is_a_disc_where_known_and_a_ring_where_open(shown: dict[str, Theme]) -> None:
    layer = shown["unmet"]
    assert layer.circles is not None
    assert layer.circles.values == [12000, 80, 70, 50, 30, 20, 15, 12, 394, None, None, None]
    assert layer.circles.open == [1, 2, 4, 5, 6, 7, 8]
    assert layer.of == [0, 1, 1, 0, *[1] * 5, 2, 2, 2]
    assert layer.circles.column == "unmet"


def test_certainty_keeps_known_and_completed_counts_apart() -> None:
    share = [0.95, 0.6, 0.005, 0.0, 0.95, 0.6, 0.005, 0.0, np.nan, 0.9, 0.5, 1.0]
    own = [np.nan] * 4 + [3.0] * 4 + [np.nan, 2.0, 2.0, np.nan]
    lines = said(layers(twelve_areas().assign(certainty=share, imputed_median=own))["certainty"])
    assert lines[:4] == [
        "the same label in 90 % or more",
        "the same label in 50 % to 90 %",
        "the same label in less than half",
        "never in a cluster",
    ]
    assert lines[4:8] == [f"{line}; its count is not known" for line in lines[:4]]
    assert [lines[9], lines[10], lines[11]] == [lines[4], lines[5], lines[0]]
    classes = layers(twelve_areas().assign(certainty=share, imputed_median=own))["certainty"].classes
    assert [bool(shown.hatch) for shown in classes] == [False] * 4 + [True] * 5


def test_a_rate_on_a_limit_has_the_colour_that_qgis_gives_it() -> None:
    """A graduated renderer takes the first class, from the lowest, that holds the value, ends included."""
    areas = twelve_areas().assign(rate=[100.0, 120, 140, 160, 180, 200, 220, 120, 200, 150, 170, np.nan])
    layer = layers(areas)["rate"]
    ranges = [entry.range for entry in layer.classes if entry.range]
    limits = {limit for low, high in ranges for limit in (low, high)}
    on_a_limit = 0
    for rate, found in zip(areas["rate"][:-1], layer.of[:-1], strict=True):
        holding = [(low, high) for low, high in ranges if low <= rate <= high]
        assert layer.classes[found].range == min(holding)
        on_a_limit += len(holding) > 1
    assert {120.0, 200.0} <= limits
    assert on_a_limit >= 4


def test_the_members_of_a_set_stand_in_order_of_their_rate(tmp_path: Path) -> None:
    """The highest first, as in the table; equal rates as they come, and last who has none."""
    areas = twelve_areas()
    areas["rate"] = [120.0, 900, np.nan, 300, 900, 500, 150, 120, np.nan, np.nan, np.nan, 0]
    areas["group_id"] = areas["cluster_id"] = areas["group_id"].mask(areas.index < "06", 1)
    one = gpd.GeoDataFrame({"group_id": [1], "cluster_id": [1]}, geometry=areas.geometry[:1].values, crs=4326)
    page = write_case(tmp_path, areas=areas, groups=one, clusters=one)
    shown = {layer["id"]: layer["sets"] for layer in embedded(page)["layers"]}
    for name in ("groups", "clusters"):
        assert [found["members"] for found in shown[name]] == [[1, 4, 5, 3, 0, 2]]
