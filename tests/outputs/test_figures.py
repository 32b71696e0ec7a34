from __future__ import annotations

import re
import struct
import subprocess
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest

import geo
from geo.model.filenames import DRAWN
from geo.outputs.report.drawing import DOTS, Picture, drawing
from geo.outputs.report.figures import draw_figures, intervals
from geo.text.labels import LANGUAGES, palette
from tests.outputs.foreign import foreign_result
from tests.symbology.color_vision import contrast

Pictures = dict[str, Picture]


def drawn(result: geo.Result, lang: str = "es") -> Pictures:
    return {picture.name: picture for picture in draw_figures(result, lang)}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def listed(study: geo.Result) -> Pictures:
    """Figures of the list of highest rates."""
    return drawn(study)


@pytest.fixture(scope="module")
def whole(full: geo.Result) -> Pictures:
    """Figures of complete counts."""
    return drawn(full)


@pytest.fixture(scope="module")
def all_of_them(listed: Pictures, whole: Pictures) -> list[Picture]:
    return [*listed.values(), *whole.values()]


def texts(svg: str) -> list[str]:
    return [unescape(said) for said in re.findall(r"<text\b[^>]*>([^<]*)</text>", svg)]


def test_each_figure_is_drawn_where_there_is_something_to_draw(listed: Pictures, whole: Pictures) -> None:
    assert list(listed) == ["map_rate", "map_groups", "intervals", "support"]
    assert list(whole) == ["map_rate", "map_clusters", "intervals", "funnel", "moran", "lorenz"]
    assert {*listed, *whole} == set(DRAWN)


def test_every_file_is_whole(all_of_them: list[Picture]) -> None:
    for picture in all_of_them:
        root = ElementTree.fromstring(picture.svg)
        width = float(root.attrib["width"].removesuffix("pt"))
        assert picture.png.startswith(b"\x89PNG")
        assert struct.unpack(">I", picture.png[16:20])[0] == round(width / 72 * DOTS)
        ElementTree.fromstring(picture.page)


def test_the_page_says_in_both_languages_what_the_file_says_in_one(study: geo.Result) -> None:
    with drawing():
        pages = [picture for lang in LANGUAGES for picture in intervals(study, lang)]
    assert "Tasa por 100.000 habitantes" in texts(pages[0].svg)
    assert "Rate per 100,000 inhabitants" in texts(pages[1].svg)
    for picture in pages:
        assert (
            '<tspan lang="es">Tasa por 100.000 habitantes</tspan>'
            '<tspan lang="en">Rate per 100,000 inhabitants</tspan>'
        ) in picture.page
    assert "Valparaíso" in texts(pages[0].page)


def test_no_number_of_a_text_loses_a_digit(whole: Pictures) -> None:
    """Decimals of coordinates are cut; "100.000" is not a decimal."""
    assert "3.000 a 11.000 (68)" in " ".join(re.findall(r">([^<]+)<", whole["map_rate"].page))
    assert not re.search(r"100[.,]00\b", whole["intervals"].page + whole["funnel"].svg)
    assert not re.search(r'd="[^"]*\.\d{3}', whole["map_rate"].svg)


def test_the_parts_of_one_drawing_are_not_those_of_another(
    all_of_them: list[Picture], whole: Pictures
) -> None:
    ids = [name for picture in whole.values() for name in set(re.findall(r' id="([^"]+)"', picture.page))]
    assert len(ids) == len(set(ids))
    for picture in all_of_them:
        own = set(re.findall(r' id="([^"]+)"', picture.page))
        used = set(re.findall(r"url\(#([^)]+)\)|href=\"#([^\"]+)\"", picture.page))
        assert {name for pair in used for name in pair if name} <= own


@pytest.mark.parametrize("name", ["listed", "whole"])
def test_the_same_result_gives_the_same_bytes_whatever_the_reader_likes(
    name: str, request: pytest.FixtureRequest, study: geo.Result, full: geo.Result
) -> None:
    before = request.getfixturevalue(name)
    taste = {"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path", "text.usetex": True}
    with matplotlib.rc_context(taste):
        again = drawn(study if name == "listed" else full)
        assert matplotlib.rcParams["font.size"] == 30
    for figure, picture in before.items():
        assert again[figure] == picture


def test_a_map_of_a_drawing_says_so_on_its_face(listed: Pictures, reference: Path, study: geo.Result) -> None:
    for name in ("map_rate", "map_groups"):
        assert "Esquemático: no son límites oficiales" in texts(listed[name].svg)
        assert "Schematic, not official boundaries" in listed[name].page
    layer = reference / "boundaries" / "communes_ine2017_16regions.gpkg"
    official = geo.run("chile-2016", boundaries=layer, permutations=99)
    assert "squemático" not in drawn(official)["map_rate"].page


def test_what_is_not_known_exactly_is_hatched_and_in_the_legend(listed: Pictures, whole: Pictures) -> None:
    legend = " ".join(texts(listed["map_rate"].svg))
    assert "Solo se conoce un intervalo o un máximo (311)" in legend
    assert "derivado de una tasa impresa (2)" in legend
    assert listed["map_rate"].svg.count("<pattern") >= 2
    assert "<pattern" not in whole["map_rate"].svg


def test_every_figure_is_told_to_those_who_do_not_see_it(all_of_them: list[Picture]) -> None:
    for picture in all_of_them:
        for lang in LANGUAGES:
            assert len(picture.alt[lang]) > 40
            assert len(picture.caption[lang]) > 40
            assert not re.search(r"[{}]|nan", picture.alt[lang] + picture.caption[lang])
        assert f'aria-labelledby="{picture.name}-alt"' in picture.page


def test_the_texts_about_figures_hold_the_numbers_of_the_result(whole: Pictures, full: geo.Result) -> None:
    assert "slope 0.40" in whole["moran"].alt["en"]
    assert "9 High-High, 1 Low-Low, 1 Low-High" in whole["moran"].alt["en"]
    spread = full.curves.spread
    assert spread is not None
    assert f"{spread.half_areas} communes" in whole["lorenz"].caption["en"]
    funnel = full.curves.funnel
    assert funnel is not None
    beyond = int(funnel.areas["outside_poisson"].isin(["above_998", "below_998"]).sum())
    assert f"{beyond} of 346" in whole["funnel"].caption["en"]
    assert "by more than chance" in whole["funnel"].caption["en"]
    assert "No significativo, 330" in whole["map_clusters"].alt["es"]


def test_names_are_never_taken_for_formulas_or_markup(tmp_path: Path) -> None:
    names = ["$x$ & $y$", "<b>Ñuñoa</b>", "北京", "a" * 80]
    picture = drawn(foreign_result(tmp_path, names=names))["intervals"]
    assert {"$x$ & $y$", "<b>Ñuñoa</b>", "北京"} <= set(texts(picture.page))
    assert "<b>" not in picture.page
    assert "a" * 40 not in picture.page


def test_letters_and_lines_can_be_read_on_white() -> None:
    colors = palette("figure")
    for name in ("ink", "soft", "mark", "limit"):
        assert contrast(colors[name], "#ffffff") >= 4.5
    for name in ("faint", "frame"):
        assert contrast(colors[name], "#ffffff") >= 3
    assert contrast(palette("line")["schematic"], "#ffffff") >= 4.5


def test_drawing_leaves_no_window_state_behind_and_help_needs_no_drawing() -> None:
    code = (Path(geo.__file__).parent).rglob("*.py")
    assert [path.name for path in code if "pyplot" in path.read_text("utf-8")] == []
    asks = (
        "import sys, contextlib; from geo.cli import main\n"
        "with contextlib.suppress(SystemExit): main(['--help'])\n"
        "assert not {'matplotlib', 'pandas', 'geopandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True)


def test_steps_below_one_keep_their_decimals(tmp_path: Path) -> None:
    result = foreign_result(tmp_path, releases=[1, *[0] * 14, 2], population=1_000_000)
    said = texts(drawn(result, "en")["intervals"].svg)
    ticks = [text for text in said if re.fullmatch(r"[\d.]+", text)]
    assert len(ticks) == len(set(ticks)) >= 3
