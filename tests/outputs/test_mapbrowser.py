"""The web map in a browser without a network: every layer, search, card, table, language, keyboard, print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.outputs.web.mappage import write_map
from geo.text.headline import headline
from geo.text.summary import source_lines
from tests.outputs.browsing import opened, running_browser
from tests.outputs.mapcase import HOSTILE, LAYERS, NAMES, twelve_areas, write_case

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("map"))


@pytest.fixture
def page(browser: Any, page_file: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    with opened(browser, page_file, size=getattr(request, "param", (1366, 768))) as page:
        yield page


def areas_of(page: Any) -> Any:
    return page.locator("#map .leaflet-overlay-pane path.leaflet-interactive")


def fills(page: Any) -> list[str]:
    return list(areas_of(page).evaluate_all("all => all.map(path => path.getAttribute('fill'))"))


def search(page: Any, name: str) -> None:
    page.fill("#name", name)
    page.press("#name", "Enter")


def show(page: Any, layer: str) -> None:
    """Choose a layer, by its button or, on a phone, from the list."""
    if page.is_visible("#layer"):
        page.select_option("#layer", layer)
    else:
        page.check(f"input[value={layer}]")


def marked(page: Any) -> bool:
    """Whether an area is outlined on the map."""
    drawn = "all => all.some(path => path.getAttribute('d').length > 10)"
    return bool(page.locator("#map .leaflet-marks-pane path").evaluate_all(drawn))


def rows(page: Any) -> list[str]:
    """Names in the order of the table."""
    return list(page.locator("#table tbody th").all_inner_texts())


# ---- Layers and legend -----------------------------------------------------------------------------------


def test_every_layer_recolours_the_map_and_changes_the_legend(page: Any) -> None:
    assert page.locator("input[name=layer]").evaluate_all("all => all.map(one => one.value)") == LAYERS
    looks, titles, notes = [], [], []
    for layer in LAYERS:
        page.check(f"input[value={layer}]")
        looks.append(tuple(fills(page)))
        titles.append(page.inner_text("#legend-title"))
        notes.append(page.inner_text("#legend .note >> nth=0"))
        swatches = page.locator("#legend tbody rect").evaluate_all(
            "all => all.map(r => r.getAttribute('fill'))"
        )
        assert set(looks[-1]) <= set(swatches)
        in_rows = page.locator("#legend tr:not(.size) .number").all_inner_texts()
        assert sum(int(n) for n in in_rows if n) == 12
    assert len(set(looks)) == len(set(titles)) == len(set(notes)) == len(LAYERS)
    assert areas_of(page).count() == 12


def test_patterns_of_unknown_counts_are_defined(page: Any) -> None:
    patterned = [fill for fill in fills(page) if fill.startswith("url(#")]
    assert len(patterned) == 3
    assert all(page.locator(fill[4:-1]).count() == 1 for fill in patterned)


def test_counts_are_circles_whose_surface_is_the_count(page: Any) -> None:
    circles = page.locator("#map .leaflet-circles-pane path.leaflet-interactive")
    assert circles.count() == 0
    page.check("input[value=counts]")
    assert circles.count() == 10
    widths = circles.evaluate_all("all => all.map(path => path.getBBox().width)")
    assert widths[0] == max(widths)  # the largest is drawn first, so that no other is hidden
    assert widths[1] / widths[0] == pytest.approx(np.sqrt(394 / 12345), rel=0.25)  # drawn at whole pixels
    assert circles.nth(1).get_attribute("fill-opacity") == "0"
    assert page.locator("#legend .size").first.inner_text().strip() == "10.000"
    page.check("input[value=rate]")
    assert circles.count() == 0


def test_the_legend_says_what_is_schematic_and_what_is_not(page: Any, browser: Any, tmp_path: Path) -> None:
    assert "Límite esquemático, no oficial" in page.inner_text("#legend")
    assert page.is_visible("#schematic")
    assert page.is_visible("#schematic-note")
    with opened(browser, write_case(tmp_path, schematic=False)) as official:
        assert "Límite de región" in official.inner_text("#legend")
        assert "squem" not in official.inner_text("body")


# ---- Search and card ---------------------------------------------------------------------------------------


def test_search_ignores_accents_and_case_and_opens_the_card(page: Any) -> None:
    for typed in ("ñuñoa", "NUNOA", "nunoa ", "00"):
        search(page, "bajo")
        search(page, typed)
        assert page.inner_text("#card h2") == "Ñuñoa"
    card = page.inner_text("#card")
    assert "12.345" in card
    assert "1.234,5" in card
    assert "intervalo de 95 %: 1.000,0 a 1.500,0" in card
    assert "Tasa alta con vecinas de tasa alta" in card
    assert page.evaluate("document.activeElement.id") == "card"
    assert marked(page)


def test_search_offers_names_while_typing_and_takes_the_keys(page: Any) -> None:
    page.focus("#name")
    page.keyboard.type("san")
    options = page.locator("#options [role=option]")
    assert [text.replace("\n", " ") for text in options.all_inner_texts()] == [
        *("San Pablo Norte", "San Pedro Norte"),
    ]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    assert page.get_attribute("#name", "aria-activedescendant") == options.nth(1).get_attribute("id")
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "San Pedro"
    assert page.is_hidden("#options")


def test_search_offers_a_choice_or_says_that_nothing_was_found(page: Any) -> None:
    search(page, "san")
    assert page.inner_text("#found") == "2 áreas con nombres parecidos: elija una."
    page.click("#options li:has-text('San Pablo')")
    assert page.inner_text("#card h2") == "San Pablo"
    search(page, "zzz")
    assert page.inner_text("#found") == "Ningún nombre de este mapa coincide."
    page.keyboard.press("Escape")


def test_escape_closes_the_list_before_the_card(page: Any) -> None:
    search(page, "nunoa")
    page.fill("#name", "san")
    page.keyboard.press("Escape")
    assert page.is_hidden("#options")
    assert page.is_visible("#card")
    page.keyboard.press("Escape")
    assert page.is_hidden("#card")


def test_search_finds_other_spellings_behind_names(page: Any) -> None:
    search(page, "villa baja")
    assert page.inner_text("#card h2") == "Bajo"
    page.fill("#name", "b")  # Bajo begins so, San Pablo only holds it
    assert page.locator("#options li").first.inner_text().startswith("Bajo")


def test_search_finds_spellings_in_use_and_codes_of_communes(browser: Any, study_page: Path) -> None:
    with opened(browser, study_page) as page:
        for wanted in ("La Calera", "05502", "lacalera", "CALERA"):
            search(page, "ovalle")
            search(page, wanted)
            assert page.inner_text("#card h2") == "Calera"


@pytest.fixture(scope="module")
def study_page(written: Any) -> Path:
    page: Path = written("es")["map"]
    return page


def test_the_study_names_neighbours_and_says_what_is_not_known(browser: Any, study_page: Path) -> None:
    with opened(browser, study_page) as page:
        search(page, "quillota")
        card = page.inner_text("#card")
        for name in ("Calera", "La Cruz", "Limache"):  # known to adjoin it
            assert name in card
        search(page, "llaillay")
        assert "si la lista está completa" in page.inner_text("#card")
        assert page.locator("#table [aria-selected=true]").inner_text().count("≤") == 2


def test_an_interval_is_shown_as_an_interval(page: Any) -> None:
    search(page, "centro")
    assert "Entre 392 y 394" in page.inner_text("#card")
    assert "392–394" in page.inner_text("#table [aria-selected=true]")
    search(page, "sur")
    assert page.locator("#card dd").first.inner_text() == "Sin dato"


def test_the_card_says_whether_a_cluster_survives_and_how_stable_it_is(page: Any) -> None:
    search(page, "nunoa")
    assert "Se mantiene al descontar la población" in page.inner_text("#card")
    assert "El 100 % de las otras formas" in page.inner_text("#card")
    search(page, "los angeles")
    assert "no se distingue de la geografía de las ciudades" in page.inner_text("#card")
    assert "El 88 % de las otras formas" in page.inner_text("#card")
    search(page, "o'higgins")
    assert "aparece como Alto-Alto" in page.inner_text("#card")
    assert "Tampoco hay conglomerado en el 100 %" in page.inner_text("#card")


def test_neighbours_are_named_in_order_and_lead_to_their_cards(page: Any) -> None:
    search(page, "nunoa")
    links = page.locator("#card dd").last.locator("button")
    assert links.all_inner_texts() == [HOSTILE, "Los Ángeles", "O'Higgins"]
    links.nth(2).click()
    assert page.inner_text("#card h2") == "O'Higgins"
    search(page, "isla lejana")
    assert page.locator("#card dd").last.inner_text() == "Ninguna"


def test_support_is_told_by_channel(page: Any) -> None:
    search(page, "nunoa")
    assert "En la web: sí" in page.inner_text("#card")
    search(page, "isla lejana")
    assert "Por teléfono: sin respuesta" in page.inner_text("#card")


def card_of(page: Any, name: str) -> str:
    search(page, name)
    return str(page.inner_text("#card"))


def test_the_card_sets_people_against_places_and_says_which_needs_are_served(page: Any) -> None:
    served = card_of(page, "Ñuñoa")
    assert "Hay apoyo" in served
    assert "A cargo de: municipal" in served
    assert "Cupos al año: 345" in served
    assert "Sin cupo: 12.000" in served
    assert "Necesidades atendidas: vivienda; no atendidas: asuntos legales y antecedentes penales" in served
    open_ = card_of(page, "Los Ángeles")
    assert "Cupos al año: entre 10 y 20" in open_
    assert "Sin cupo: entre 70 y 80" in open_
    denied = card_of(page, "San Pablo")
    assert "No hay, según respondió" in denied
    assert "No se atiende ninguna de las 11 necesidades" in denied
    assert "No se sabe qué necesidades se atienden" in card_of(page, "San Pedro")
    silent = card_of(page, "Alto")
    assert "No consultada" in silent
    assert "ecesidades" not in silent


def test_unmet_need_is_drawn_as_discs_and_rings_and_told_at_the_mouse(page: Any) -> None:
    show(page, "unmet")
    legend = page.inner_text("#legend")
    assert "Anillo: lo más que puede ser" in legend
    assert "Solo se conoce un intervalo" in legend
    areas_of(page).nth(1).hover(force=True)
    assert "Sin cupo: 70–80" in page.inner_text("#tip")


def test_a_hostile_name_is_shown_as_text_everywhere(page: Any) -> None:
    search(page, HOSTILE)
    assert page.inner_text("#card h2") == HOSTILE
    page.fill("#name", "img")
    assert HOSTILE in page.inner_text("#options")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator("img").count() == 0
    areas_of(page).nth(5).hover()
    assert page.inner_text("#tip strong") == HOSTILE
    assert HOSTILE in rows(page)
    assert HOSTILE in page.inner_text("#about")


def test_a_click_opens_the_card_and_escape_closes_it(page: Any) -> None:
    areas_of(page).nth(6).click()
    assert page.inner_text("#card h2") == "Alto"
    page.keyboard.press("Escape")
    assert page.is_hidden("#card")
    assert page.evaluate("document.activeElement.id") == "map"


def test_a_link_to_an_area_opens_its_card(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file, place="#02") as page:
        assert page.inner_text("#card h2") == "San Pedro"
        page.evaluate("window.location.hash = '#07'")
        page.wait_for_function("document.querySelector('#card h2').textContent === 'Bajo'")


# ---- Table -------------------------------------------------------------------------------------------------


def test_the_table_starts_with_the_highest_rate_and_sorts_by_every_column(page: Any) -> None:
    by_rate = ["Ñuñoa", "Los Ángeles", "San Pedro", "San Pablo", "O'Higgins", HOSTILE, "Alto", "Bajo"]
    by_rate += ["Isla Lejana", "Centro", "Norte", "Sur"]
    assert rows(page) == by_rate  # those not known exactly come last, by the most they can be
    assert page.get_attribute("#table th.rate", "aria-sort") == "descending"
    page.click("[data-key=rate]")
    assert rows(page)[:2] == ["Isla Lejana", "Bajo"]
    assert set(rows(page)[-3:]) == {"Centro", "Norte", "Sur"}
    page.click("[data-key=area_name]")
    assert rows(page)[1:4] == ["Alto", "Bajo", "Centro"]
    assert rows(page).index("Ñuñoa") == rows(page).index("Norte") + 1  # as Spanish orders them
    page.click("[data-key=releases]")
    assert page.locator("#table td.releases").first.inner_text() == "12.345"
    assert page.locator("#table [aria-sort=descending]").count() == 1
    assert page.evaluate("document.activeElement.dataset.key") == "releases"


def test_rows_and_areas_mark_each_other(page: Any) -> None:
    assert not marked(page)
    row = page.locator("#table tbody tr[data-area='6']")
    row.hover()
    assert marked(page)
    page.mouse.move(5, 5)
    assert not marked(page)
    areas_of(page).nth(6).hover()
    assert "pointed" in row.get_attribute("class")
    areas_of(page).nth(6).click()
    assert row.get_attribute("aria-selected") == "true"
    page.locator("#table tbody tr[data-area='2']").click()
    assert page.inner_text("#card h2") == "San Pedro"
    assert row.get_attribute("aria-selected") == "false"


def test_the_table_is_read_with_the_arrow_keys(page: Any) -> None:
    page.focus("#table table")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#table table", "aria-activedescendant") == "row-1"
    assert marked(page)
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.inner_text("#card h2") == "Norte"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "grid"


def test_the_table_follows_the_region_that_is_zoomed_to(page: Any) -> None:
    before = areas_of(page).nth(7).bounding_box()["y"]
    page.select_option("#place", label="Sur")
    assert areas_of(page).nth(7).bounding_box()["y"] > before + 50
    assert page.inner_text("#part span") == "Sur: 6 de 12 áreas."
    assert sorted(rows(page)) == sorted(NAMES[6:])
    page.click("#part button")
    assert len(rows(page)) == 12
    assert page.is_hidden("#part")


def test_thousands_of_areas_are_as_light_as_a_few(browser: Any, tmp_path: Path) -> None:
    n = 3000
    areas = gpd.GeoDataFrame(
        {"area_name": [f"A {i:04d}" for i in range(n)], "rate": np.arange(float(n))},
        geometry=[shapely.box(i % 60, i // 60, i % 60 + 1, i // 60 + 1) for i in range(n)],
        crs=4326,
    )
    with opened(browser, write_map(areas, tmp_path / "map.html", lang="es")) as page:
        assert page.locator("#table tbody tr").count() < 60
        assert page.get_attribute("#table table", "aria-rowcount") == "3001"
        page.focus("#table table")
        page.keyboard.press("End")
        assert "A 0000" in rows(page)
        assert page.locator("#row-0").get_attribute("aria-rowindex") == "3001"
        assert page.locator("#table tbody tr").count() < 60
        search(page, "a 1500")
        assert page.locator("#table [aria-selected=true]").is_visible()


# ---- Language ----------------------------------------------------------------------------------------------


def test_the_language_changes_without_a_reload(page: Any) -> None:
    search(page, "nunoa")
    page.check("input[value=clusters]")
    page.click("[data-lang=en]")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Title & <test>"
    assert page.inner_text("#legend-title") == "Clusters"
    assert page.is_checked("input[value=clusters]")
    assert "1,234.5" in page.inner_text("#card")
    assert "1,234.5" in page.inner_text("#table")
    assert "This is the point." in page.inner_text("#headline")
    assert page.inner_text("#schematic") == "Schematic, not official boundaries"
    assert page.get_attribute("#map", "aria-label").startswith("Map.")
    page.click("[data-lang=es]")
    assert "1.234,5" in page.inner_text("#card")
    assert "1.234,5" in page.inner_text("#table")
    assert page.inner_text("#schematic") == "Esquemático: no son límites oficiales"


@pytest.mark.parametrize(
    ("spoken", "follows", "shown"),
    [
        ("en-GB", True, "en"),
        ("es-CL", True, "es"),
        ("fr-FR", True, "es"),  # neither of the two: the language it was written in
        ("en-GB", False, "es"),
    ],
)
def test_the_page_starts_in_the_browsers_language_unless_one_was_asked_for(
    browser: Any, tmp_path: Path, spoken: str, follows: bool, shown: str
) -> None:
    with opened(browser, write_case(tmp_path, follow_browser=follows), locale=spoken) as page:
        assert page.evaluate("document.documentElement.lang") == shown
        assert page.get_attribute(f"[data-lang={shown}]", "aria-pressed") == "true"


def test_no_text_is_left_with_a_brace_or_undefined(page: Any) -> None:
    wrong = r"[{}]|undefined|null|NaN"
    for lang in ("es", "en"):
        page.click(f"[data-lang={lang}]")
        for layer in LAYERS:
            page.check(f"input[value={layer}]")
            assert not re.search(wrong, page.inner_text("body"))
        for name in ("nunoa", "los angeles", "bajo", "norte", "sur", "isla lejana"):
            search(page, name)
            assert not re.search(wrong, page.inner_text("#card"))


# ---- Keyboard, sight, width --------------------------------------------------------------------------------


def test_the_page_can_be_used_with_the_keyboard_alone(page: Any) -> None:
    page.focus("#print")
    seen: list[str] = []
    unnamed: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const one = document.activeElement, style = getComputedStyle(one);
                const label = one.labels && one.labels.length ? one.labels[0].textContent : '';
                const by = document.getElementById(one.getAttribute('aria-labelledby') || '');
                return {
                    id: one.id || one.name || one.getAttribute('role') || one.tagName,
                    named: (one.ariaLabel || label || (by && by.textContent) || one.innerText || '').trim(),
                    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
                };
            }"""
        )
        if found["id"] == "BODY":
            break
        seen.append(found["id"])
        if not found["named"] or found["outline"] < 2:
            unnamed.append(found)
    assert unnamed == []
    assert {"report", "name", "place", "map", "layer", "grid"} <= set(seen)
    page.focus("#map")
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.locator(".cross").is_visible()
    page.keyboard.press("Enter")
    assert page.locator("#card h2").count() == 1
    page.keyboard.press("Escape")
    page.focus("input[value=rate]")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#legend-title") == "Número de egresos"


# Contrast of every visible text with what lies behind it, half-transparent grounds blended.
_FAINT = """() => {
    const parse = (c) => { const n = c.match(/[\\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
    const ground = (one) => {
        if (!one) return [255, 255, 255];
        const own = parse(getComputedStyle(one).backgroundColor);
        return own[3] === 1 ? own : over(own, ground(one.parentElement));
    };
    const faint = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const one = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !one.checkVisibility()) continue;
        if (one.closest('script, style, .unseen, noscript, option')) continue;
        const style = getComputedStyle(one);
        const [ink, paper] = [parse(style.color), ground(one)].map(light).sort((a, b) => b - a);
        const ratio = (ink + 0.05) / (paper + 0.05);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
        if (ratio < (large ? 3 : 4.5)) faint.push([one.outerHTML.slice(0, 80), ratio]);
    }
    return faint;
}"""


def test_every_text_has_the_contrast_of_level_aa(page: Any) -> None:
    assert page.evaluate(_FAINT) == []
    page.check("input[value=clusters]")
    search(page, "nunoa")
    page.locator("#table tbody tr[data-area='6']").hover()
    assert page.evaluate(_FAINT) == []
    page.fill("#name", "a")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(_FAINT) == []


@pytest.mark.parametrize("page", [(360, 740), (820, 1180), (1100, 1400), (1366, 768)], indirect=True)
def test_no_width_makes_the_page_scroll_sideways(page: Any) -> None:
    width = page.viewport_size["width"]
    search(page, HOSTILE)
    for layer in LAYERS:
        show(page, layer)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("#card").bounding_box()["width"] <= width
    table = page.locator("#table .rows")
    assert table.evaluate("box => box.scrollWidth <= box.clientWidth + 1")


@pytest.mark.parametrize("page", [(360, 740)], indirect=True)
def test_a_phone_has_room_for_fingers_and_brings_back_what_changes(page: Any) -> None:
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, select, #name, .radios label, .parts a, #report')]
            .filter((one) => one.checkVisibility() && !one.closest('.links'))
            .map((one) => one.getBoundingClientRect())
            .filter((box) => Math.min(box.width, box.height) < 24).length"""
    )
    assert small == 0
    show(page, "clusters")
    assert page.inner_text("#legend-title") == "Conglomerados"
    assert page.locator("#map").bounding_box()["y"] >= -1
    search(page, "nunoa")
    assert page.locator("#map").bounding_box()["y"] < 60
    assert page.locator("#card").bounding_box()["y"] > page.locator("#map").bounding_box()["y"] + 200


# ---- Views -------------------------------------------------------------------------------------------------


def test_the_distant_island_is_outside_the_first_view_and_one_choice_away(page: Any) -> None:
    inside = """() => {
        const box = document.querySelector('#map').getBoundingClientRect();
        const paths = document.querySelectorAll('#map .leaflet-overlay-pane path.leaflet-interactive');
        const far = paths[11].getBoundingClientRect();
        return far.width > 0 && far.right > box.left && far.left < box.right;
    }"""
    assert not page.evaluate(inside)
    page.select_option("#place", label="Isla Lejana")
    assert page.evaluate(inside)
    page.click(".home button")
    assert not page.evaluate(inside)
    page.click("#far-note button")
    assert page.evaluate(inside)
    assert page.inner_text("#card h2") == "Isla Lejana"


@pytest.fixture(scope="module")
def tall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A country of one long row of areas, a crowded city beside it and an island far away."""
    row = [shapely.box(x, y, x + 2, y + 2) for x in (0, 2) for y in range(0, 40, 2)]
    city = [shapely.box(4 + x / 50, y / 50, 4.02 + x / 50, 0.02 + y / 50) for x in range(4) for y in range(5)]
    areas = gpd.GeoDataFrame(
        {
            "area_name": [f"A{i}" for i in range(60)] + ["Lejos"],
            "rate": np.arange(61.0),
            "region": ["Llano"] * 40 + ["Urbe"] * 20 + ["Llano"],
        },
        geometry=[*row, *city, shapely.box(60, 20, 61, 21)],
        crs=4326,
    )
    return write_map(areas, tmp_path_factory.mktemp("tall") / "map.html")


def test_a_tall_country_is_first_seen_in_strips_of_one_scale(browser: Any, tall: Path) -> None:
    with opened(browser, tall, size=(1366, 768)) as page:
        strips = page.locator("#strips > div")
        assert strips.count() >= 2
        heights = strips.evaluate_all("all => all.map(one => one.clientHeight)")
        assert max(heights) < 1.6 * min(heights)
        # The same square in one strip and in another is of one width on the equator's map of longitudes.
        widths = page.locator("#strips path.leaflet-interactive").evaluate_all(
            "all => all.map(path => Math.round(path.getBBox().width)).filter(width => width > 8)"
        )
        assert max(widths) - min(widths) <= 2
        frame = page.locator(".frame").bounding_box()
        for box in (strips.first.bounding_box(), strips.last.bounding_box()):
            assert box["x"] >= frame["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"]


def test_strips_give_way_to_the_map_and_come_back_with_the_home_button(browser: Any, tall: Path) -> None:
    with opened(browser, tall, size=(1366, 768)) as page:
        page.locator("#strips path.leaflet-interactive").nth(3).click()
        assert page.is_visible("#card")
        assert page.is_visible("#strips")
        page.keyboard.press("Escape")
        page.check("input[name=layer] >> nth=0")
        page.click(".leaflet-control-zoom-in")
        assert page.is_hidden("#strips")
        page.click(".home button")
        assert page.is_visible("#strips")
        page.locator("#strips > div").first.hover()
        page.mouse.wheel(0, -200)
        page.wait_for_selector("#strips", state="hidden")
        page.set_viewport_size({"width": 700, "height": 900})
        page.click(".home button")
        assert page.is_visible("#strips")
        page.set_viewport_size({"width": 500, "height": 900})
        page.wait_for_timeout(200)
        last = page.locator("#strips > div").last.bounding_box()
        assert last["x"] + last["width"] <= 500


def test_insets_show_what_is_crowded_and_what_is_far(browser: Any, tall: Path) -> None:
    with opened(browser, tall, size=(1366, 768)) as page:
        assert page.locator(".inset p").all_inner_texts() == ["Urbe: the densest part", "Lejos"]
        page.click("[data-lang=es]")
        assert page.locator(".inset p").all_inner_texts() == ["Urbe: la parte más densa", "Lejos"]
        page.locator(".inset.far path.leaflet-interactive").first.click()
        assert page.inner_text("#card h2") == "Lejos"
        page.keyboard.press("Escape")
        page.locator(".inset.core path.leaflet-interactive").first.hover()
        assert page.locator("#tip strong").count() == 1
        page.set_viewport_size({"width": 500, "height": 700})
        page.wait_for_selector("#insets", state="hidden")


def test_insets_cover_no_area(browser: Any, tmp_path: Path) -> None:
    for name, corner in (("square", (0, 0)), ("left", (3, 0)), ("low", (0, 3))):
        areas = gpd.GeoDataFrame(
            {"area_name": [f"A{i}" for i in range(17)], "rate": np.arange(17.0)},
            geometry=[
                *(shapely.box(x, y, x + 1, y + 1) for x in range(4) for y in range(4) if (x, y) != corner),
                shapely.box(40, 0, 41, 1),
                shapely.box(80, 0, 81, 1),
            ],
            crs=4326,
        )
        with opened(browser, write_map(areas, tmp_path / f"{name}.html"), size=(1366, 900)) as page:
            assert page.locator(".inset").count() == 2
            inset = page.locator("#insets").bounding_box()
            for box in areas_of(page).evaluate_all(
                "all => all.map(one => one.getBoundingClientRect()).filter(box => box.width > 5)"
            ):
                beside = box["x"] >= inset["x"] + inset["width"] or box["x"] + box["width"] <= inset["x"]
                assert beside or box["y"] + box["height"] <= inset["y"] + 1, (name, box)


@pytest.fixture(scope="module")
def full_page(full: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_map(
        full.areas,
        tmp_path_factory.mktemp("full") / "map.html",
        pairs=full.pairs,
        subject=full.measure.name,
        lang="es",
        schematic=True,
        title=full.title,
        headline={"es": headline(full, "es"), "en": headline(full, "en")},
        sources={"es": source_lines(full, "es"), "en": source_lines(full, "en")},
    )


def test_a_whole_result_prints_on_one_page_of_either_paper(browser: Any, full_page: Path) -> None:
    with opened(browser, full_page) as page:
        for name, paper in (("", "A4"), ("", "Letter"), ("providencia", "Letter"), ("quilpue", "A4")):
            if name:
                search(page, name)
            printed = page.pdf(format=paper)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, (name, paper)
        page.keyboard.press("Escape")
        page.check("input[value=stability]")
        page.click("[data-lang=en]")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter"))) == 1
        assert not page.evaluate("document.documentElement.classList.contains('printing')")


def test_it_prints_what_is_needed_and_no_controls(page: Any) -> None:
    search(page, "nunoa")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    shown = ("h1", "#map", "#legend", "#headline", "#about .where", "#about .sure", "#card h2")
    assert [css for css in shown if not page.is_visible(css)] == []
    hidden = ("#find", "#layers", "#table", "#print", "#report", ".leaflet-control-zoom", "#card .close")
    assert [css for css in hidden if page.is_visible(css)] == []


def test_the_report_beside_the_map_is_linked_where_there_is_one(
    page: Any, browser: Any, tmp_path: Path
) -> None:
    assert page.get_attribute("#report", "href") == "report.html"
    assert "informe" in page.inner_text("#about .next")
    with opened(browser, write_case(tmp_path, report=None)) as alone:
        assert alone.is_hidden("#report")
        assert "informe" not in alone.inner_text("#about .next")


def test_the_sections_of_the_page_follow_its_questions(page: Any) -> None:
    heads = page.locator("#about h3").all_inner_texts()
    assert heads == ["¿Qué es esto?", "¿De dónde viene?", "¿Qué tan seguro es?", "¿Qué puedo hacer?"]
    tops = page.locator("h1, h2, h3").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(tops))
    page.click(".parts a[href='#table']")
    assert page.locator("#table-title").bounding_box()["y"] < 100


def test_a_base_map_asks_for_nothing_until_its_box_is_ticked(browser: Any, tmp_path: Path) -> None:
    path = write_case(tmp_path, basemap="https://tiles.example.org/{z}/{x}/{y}.png", basemap_credit="© Todos")
    with opened(browser, path) as page:
        assert page.is_visible("#basemap")
        page.click(".leaflet-control-zoom-in")
        page.wait_for_timeout(200)
    asked: list[str] = []
    context = browser.new_context(locale="es-CL")
    context.route("https://**/*", lambda route: (asked.append(route.request.url), route.abort()))
    page = context.new_page()
    page.goto(path.as_uri())
    page.check("#basemap input")
    page.wait_for_timeout(300)
    assert page.inner_text("#credit") == "© Todos"
    context.close()
    assert asked
    assert all(url.startswith("https://tiles.example.org/") for url in asked)


def test_a_page_without_regions_headline_or_pairs_is_whole(browser: Any, tmp_path: Path) -> None:
    bare = twelve_areas()[["area_name", "rate", "geometry"]]
    with opened(browser, write_map(bare, tmp_path / "map.html", lang="es")) as page:
        assert page.is_hidden("#headline")
        assert page.is_hidden(".parts a >> nth=0")
        search(page, "nunoa")
        assert page.inner_text("#card dl") == "Tasa por 100.000\n1.234,5"
        assert page.locator("#table thead th").count() == 2
