"""Colours of one legend can be told apart, also with colour blindness; texts can be read."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest

from geo.assets import asset_text
from geo.symbology.breaks import spread
from geo.text.labels import palette
from tests.symbology.color_vision import apart, ciede2000, contrast, lab

pytestmark = pytest.mark.once  # catalogues of colours

TELL_APART = 10  # CIEDE2000; about 2 can be seen side by side


def plain(name: str) -> dict[str, str]:
    """Colours of one set, patterned classes left out: their pattern tells them apart."""
    return {code: color for code, color in palette(name).items() if isinstance(color, str)}


@pytest.mark.parametrize(
    ("first", "second", "difference"),
    # Sharma, Wu and Dalal (2005), doi:10.1002/col.20070, table 1.
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_of_difference_agrees_with_its_published_values(
    first: tuple[float, ...], second: tuple[float, ...], difference: float
) -> None:
    assert ciede2000(first, second) == pytest.approx(difference, abs=5e-5)
    assert ciede2000(second, first) == pytest.approx(difference, abs=5e-5)


def test_the_simulation_makes_red_and_green_alike_and_leaves_white() -> None:
    normal, deutan = (ciede2000(lab("#b35900", name), lab("#5f7a00", name)) for name in ("none", "deutan"))
    assert deutan < normal / 4
    assert all(difference < 1 for difference in apart("#ffffff", "#ffffff").values())
    for name in ("protan", "deutan", "tritan"):
        assert ciede2000(lab("#ffffff"), lab("#ffffff", name)) < 1


@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_steps_of_the_rate_can_be_told_apart_and_grow_darker(n: int) -> None:
    shades = spread(palette("rate")["colors"], n)
    for light, dark in pairwise(shades):
        assert min(apart(light, dark).values()) >= TELL_APART
        assert all(lab(light, name)[0] > lab(dark, name)[0] + 8 for name in apart(light, dark))


LEGENDS = ["cluster", "gi", "stability", "certainty", "group", "support"]
LEGENDS += ["support_status", "needs", "priority"]


@pytest.mark.parametrize("name", LEGENDS)
def test_classes_of_one_legend_can_be_told_apart(name: str) -> None:
    colors = {code: color for code, color in plain(name).items() if code != "undefined"}
    alike = {
        (one, other): apart(colors[one], colors[other])
        for one, other in combinations(colors, 2)
        if min(apart(colors[one], colors[other]).values()) < TELL_APART
    }
    assert alike == {}


def test_patterns_stand_out_from_what_they_lie_on() -> None:
    patterned = [*palette("status").values(), palette("support")["no answer"]]
    patterned += palette("completed").values()
    patterned += [pair for pair in palette("support_status").values() if isinstance(pair, list)]
    for ground, line in patterned:
        assert min(apart(ground, line).values()) >= TELL_APART


def test_texts_of_the_page_have_the_contrast_of_level_aa() -> None:
    style = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", asset_text("maps", "map.css")))
    pairs = [("ink", "paper"), ("soft", "paper"), ("accent", "paper"), ("ink", "sea"), ("paper", "accent")]
    for text, ground in pairs:
        assert contrast(style[text], style[ground]) >= 4.5, (text, ground)
    assert contrast("#ffffff", palette("line")["schematic"]) >= 4.5
