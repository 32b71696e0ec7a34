"""The web map, first as a file, then in a browser without a network."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.assets import asset_path, asset_text
from geo.errors import OutputError
from geo.maps.display import encode, first_view, simplify
from geo.maps.leaflet import SCRIPTS
from geo.maps.webmap import write_map

CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = "</script><img src=x onerror=alert(1)>"
NAMES = ["Ñuñoa", "Los Ángeles", "San Pedro", "San Pablo", "O'Higgins", HOSTILE]
NAMES += ["Alto", "Bajo", "Centro", "Norte", "Sur", "Isla Lejana"]
LAYERS = ["rate", "groups", "clusters", "web_support", "phone_support"]


def synthetic() -> gpd.GeoDataFrame:
    """Eleven squares in a block and one far away, with every status, label and answer among them."""
    squares = [
        shapely.box(-71 + x / 2, -34 + y / 2, -70.5 + x / 2, -33.5 + y / 2)
        for y in range(3)
        for x in range(4)
    ]
    squares[-1] = shapely.box(-109.5, -27.5, -109, -27)
    rate = [1234.5, 900.0, 700.25, 500, 300, 200, 150, 120, None, None, None, 0]
    nothing: list[Any] = [None] * 12
    labels = ["High-High", "Low-Low", "High-Low", "Low-High", "not significant", "undefined"]
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
            "neighbors": [3] * 11 + [0],
            "listed": [True, True, False, True] + [False] * 8,
            "group_id": pd.array([1, 1, *nothing[2:]], dtype="Int64"),
            "cluster": labels * 2,
            "cluster_note": pd.Series([*nothing[:11], "no_neighbor"], dtype="string"),
            "cluster_method": "local_moran_rate",
            "web_support": pd.Series(["yes", "no", "no answer", *nothing[3:]], dtype="string"),
            "phone_support": pd.Series([*nothing[:9], "yes", "no", "no answer"], dtype="string"),
        },
        geometry=squares,
        crs=4326,
    )
    areas.index = pd.Index([f"{i:02d}" for i in range(12)], name="area_id")
    return areas


def synthetic_groups(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"group_id": [1], "rate": [1067.2]}, geometry=[areas.geometry[:2].union_all()], crs=4326
    )


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    areas = synthetic()
    clusters = gpd.GeoDataFrame(
        {"cluster_id": [1], "cluster": ["High-High"], "rate": [1234.5]},
        geometry=areas.geometry[:1].values,
        crs=4326,
    )
    return write_map(
        areas,
        tmp_path_factory.mktemp("map") / "map.html",
        groups=synthetic_groups(areas),
        clusters=clusters,
        lang="es",
        schematic=True,
        title={"es": "Título & <prueba>", "en": "Title & <test>"},
        headline={"es": ["Lo principal es esto."], "en": ["This is the point."]},
        sources={"es": [f"Fuente {HOSTILE}"], "en": ["Source"]},
    )


def embedded(page: Path) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', page.read_text("utf-8"), re.S
    )
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


class _References(HTMLParser):
    """Collects what a browser would load, and the text of styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.texts: dict[str, str] = {"style": "", "script": ""}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag if tag in self.texts else ""
        wanted = {"src", "srcset", "href", "xlink:href", "data", "poster", "action", "formaction"}
        self.loads += [value or "" for key, value in attrs if key in wanted]

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside] += data


# ---- The file --------------------------------------------------------------------------------------------


def test_nothing_in_the_file_points_outside_it(page_file: Path) -> None:
    found = _References()
    found.feed(page_file.read_text("utf-8"))
    assert [value for value in found.loads if not value.startswith(("data:", "#"))] == []
    assert re.findall(r"url\(\s*[\"']?(?!#|data:)[^)]*\)", found.texts["style"]) == []
    assert "@import" not in found.texts["style"]
    assert not re.search(r"sourceMappingURL|\bfetch\(|XMLHttpRequest|\bimport\(", found.texts["script"])


def test_the_geometry_stands_in_the_file_once(page_file: Path) -> None:
    shapes = embedded(page_file)["shapes"]
    assert len(shapes) == 12
    stored = json.dumps(shapes[3], separators=(",", ":"))
    assert page_file.read_text("utf-8").count(stored) == 1


def test_every_text_of_the_map_is_in_both_languages() -> None:
    catalogue = tomllib.loads(asset_text("maps", "labels.toml"))["map"]
    texts = {
        f"{table}.{key}": entry for table, entries in catalogue.items() for key, entry in entries.items()
    }
    assert [
        key for key, entry in texts.items() if set(entry) != {"es", "en"} or not all(entry.values())
    ] == []
    braces = {
        key: {lang: set(re.findall(r"{\w+}", entry[lang])) for lang in entry} for key, entry in texts.items()
    }
    assert [key for key, names in braces.items() if names["es"] != names["en"]] == []


def test_every_text_that_the_script_and_the_page_ask_for_exists(page_file: Path) -> None:
    texts = embedded(page_file)["texts"]["en"]
    scripts = "".join(asset_text("maps", name) for name in SCRIPTS)
    used = set(re.findall(r"\"((?:card|class|control|find|page)\.\w+)\"", scripts))
    used |= set(re.findall(r"data-(?:text|label)=\"([^\"]+)\"", asset_text("maps", "map.html")))
    assert len(used) > 30
    assert used - set(texts) == set()


def test_the_words_do_not_label_people() -> None:
    catalogue = json.dumps(tomllib.loads(asset_text("maps", "labels.toml"))["map"]).lower()
    refused = ["delincuente", "criminal", "convicto", "reo", "offender", "convict", "inmate", "felon"]
    assert [word for word in refused if re.search(rf"\b{word}", catalogue)] == []


def test_hostile_names_cannot_leave_the_data(page_file: Path) -> None:
    source = page_file.read_text("utf-8")
    assert HOSTILE not in source
    assert "<img" not in source.split('id="data">')[1].split("</script>")[0]
    assert embedded(page_file)["columns"]["area_name"][5] == HOSTILE
    assert "<title>Título &amp; &lt;prueba&gt;</title>" in source


def test_the_same_areas_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_map(synthetic(), tmp_path / name) for name in ("one.html", "two.html"))
    assert one.read_bytes() == two.read_bytes()


def test_an_existing_file_stays_unless_overwriting_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        write_map(synthetic(), path)
    assert path.read_text("utf-8") == "mine"
    write_map(synthetic(), path, overwrite=True)
    assert path.stat().st_size > 100_000


@pytest.mark.parametrize("lacking", ["area_name", "rate"])
def test_a_frame_without_a_needed_column_is_refused(tmp_path: Path, lacking: str) -> None:
    with pytest.raises(OutputError, match=lacking):
        write_map(synthetic().drop(columns=lacking), tmp_path / "map.html")


def test_a_name_and_a_rate_are_enough(tmp_path: Path) -> None:
    page = write_map(synthetic()[["area_name", "rate", "geometry"]], tmp_path / "map.html")
    assert [layer["id"] for layer in embedded(page)["layers"]] == ["rate"]


def test_a_map_without_any_rate_says_so_for_every_area(tmp_path: Path) -> None:
    areas = synthetic().assign(rate=np.nan, status="missing")
    layer = embedded(write_map(areas, tmp_path / "map.html"))["layers"][0]
    assert [kind["hatch"] for kind in layer["classes"]] == ["dots"]
    assert set(layer["of"]) == {0}


def test_unknown_counts_have_classes_of_their_own(page_file: Path) -> None:
    layer = embedded(page_file)["layers"][0]
    hatches = [layer["classes"][layer["of"][i]]["hatch"] for i in (7, 8, 9, 10, 11)]
    assert hatches == ["", "up", "down", "dots", ""]


def test_a_rate_falls_in_the_class_that_the_legend_says(page_file: Path) -> None:
    data = embedded(page_file)
    layer = data["layers"][0]
    for rate, k in zip(data["columns"]["rate"], layer["of"], strict=True):
        if rate is not None:
            low, high = layer["classes"][k]["range"]
            assert low <= rate <= high


def test_every_cluster_label_stands_in_the_legend(page_file: Path) -> None:
    layer = next(layer for layer in embedded(page_file)["layers"] if layer["id"] == "clusters")
    assert [kind["label"]["en"] for kind in layer["classes"]] == [
        *("High-High", "Low-Low", "High-Low", "Low-High", "not significant", "undefined"),
    ]


def test_simplified_areas_keep_their_size_and_their_shared_borders() -> None:
    rng = np.random.default_rng(0)
    edge = [(0.0, 0.0), *((rng.normal(0, 0.002), y) for y in np.linspace(0.01, 0.99, 200)), (0.0, 1.0)]
    left = shapely.Polygon([*edge, (-1, 1), (-1, 0)])
    right = shapely.Polygon([*edge, (1, 1), (1, 0)])
    tiny = shapely.Point(3, 0).buffer(0.002)
    before = gpd.GeoDataFrame(geometry=[left, right, tiny], crs=4326)
    after = simplify(before)
    sizes = after.to_crs(6933).area / before.to_crs(6933).area
    assert (abs(sizes - 1) < 0.05).all()
    assert after.count_coordinates().sum() < before.count_coordinates().sum()
    assert shapely.coverage_is_valid(after.geometry.to_numpy())


def test_encoded_rings_add_up_to_the_rounded_vertices() -> None:
    ring = np.array([[-70.12344, -33.5], [-70.1, -33.5], [-70.1, -33.41236]])
    steps = np.array(encode(gpd.GeoSeries([shapely.Polygon(ring)]))[0][0][0]).reshape(-1, 2)
    assert np.cumsum(steps, axis=0).tolist() == np.round(ring * 10_000).tolist()


def test_the_first_view_leaves_out_a_distant_island_and_keeps_an_archipelago() -> None:
    areas = synthetic()
    view = first_view(areas.geometry)
    assert view.far == [11]
    assert view.bounds == (-71.0, -34.0, -69.0, -32.5)
    apart = gpd.GeoSeries([shapely.box(x, 0, x + 1, 1) for x in (0, 10, 20)], crs=4326)
    assert first_view(apart).far == []


def test_an_area_without_polygon_is_in_the_search_and_not_far_away(tmp_path: Path) -> None:
    areas = synthetic()
    areas.loc["03", "geometry"] = None
    data = embedded(write_map(areas, tmp_path / "map.html"))
    assert (data["shapes"][3], data["far"]) == ([], [11])
    with pytest.raises(OutputError, match="0 polygons"):
        write_map(areas.assign(geometry=None), tmp_path / "none.html")


def test_the_shipped_communes_make_a_light_file(tmp_path: Path) -> None:
    with asset_path("boundaries", "schematic.geojson") as path:
        areas = gpd.read_file(path)
    rate = np.random.default_rng(0).uniform(0, 300, len(areas))
    page = write_map(areas.assign(area_name=areas["cut"], rate=rate), tmp_path / "map.html")
    assert len(areas) == 345
    assert page.stat().st_size < 1_500_000


# ---- The browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing, and CI must not skip the browser tests")
        pytest.skip(f"needs {CHROMIUM}")
    sync_api = pytest.importorskip("playwright.sync_api")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*quiet, "--no-first-run"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Any, page_file: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The page in a window of the asked size; afterwards no error and no request may have happened."""
    width, height = getattr(request, "param", (1366, 768))
    context = browser.new_context(
        viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce"
    )
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
    outside = re.compile(r"^(?!file:|data:|blob:)")
    opened.on("request", lambda asked: troubles.append(asked.url) if outside.match(asked.url) else None)
    opened.goto(page_file.as_uri())
    yield opened
    context.close()
    assert troubles == []


def fills(page: Any) -> list[str]:
    paths = page.locator("#map path.leaflet-interactive")
    return list(paths.evaluate_all("all => all.map(path => path.getAttribute('fill'))"))


def search(page: Any, name: str) -> None:
    page.fill("#name", name)
    page.press("#name", "Enter")


@pytest.mark.browser
def test_every_layer_recolours_the_map_and_changes_the_legend(page: Any) -> None:
    assert page.locator("input[name=layer]").evaluate_all("all => all.map(one => one.value)") == LAYERS
    looks, titles = [], []
    for layer in LAYERS:
        page.check(f"input[value={layer}]")
        looks.append(tuple(fills(page)))
        titles.append(page.inner_text("#legend-title"))
        swatches = page.locator("#legend tbody rect").evaluate_all(
            "all => all.map(r => r.getAttribute('fill'))"
        )
        assert set(looks[-1]) <= set(swatches)
        assert sum(int(n) for n in page.locator("#legend .number").all_inner_texts()) == 12
    assert len(set(looks)) == len(LAYERS)
    assert len(set(titles)) == len(LAYERS)
    assert page.locator("#map path.leaflet-interactive").count() == 12


@pytest.mark.browser
def test_patterns_of_unknown_counts_are_defined(page: Any) -> None:
    patterned = [fill for fill in fills(page) if fill.startswith("url(#")]
    assert len(patterned) == 3
    assert all(page.locator(fill[4:-1]).count() == 1 for fill in patterned)


@pytest.mark.browser
@pytest.mark.parametrize("typed", ["ñuñoa", "NUNOA", "nunoa "])
def test_search_ignores_accents_and_case_and_opens_the_card(page: Any, typed: str) -> None:
    search(page, typed)
    card = page.inner_text("#card")
    assert page.inner_text("#card h2") == "Ñuñoa"
    assert "12.345" in card
    assert "1.234,5" in card
    assert "intervalo de 95 %: 1.000,0 a 1.500,0" in card
    assert "Tasa alta con vecinas de tasa alta" in card
    assert page.evaluate("document.activeElement.id") == "card"


@pytest.mark.browser
@pytest.mark.parametrize("wanted", ["La Calera", "05502", "lacalera", "CALERA"])
def test_search_finds_other_spellings_and_codes(
    browser: Any, study: Any, tmp_path: Path, wanted: str
) -> None:
    written = study.write(tmp_path, lang="es")
    page = browser.new_page()
    page.goto(written["map"].as_uri())
    search(page, wanted)
    assert page.inner_text("#card h2") == "Calera"
    page.close()


@pytest.mark.browser
def test_search_offers_a_choice_or_says_that_nothing_was_found(page: Any) -> None:
    search(page, "san")
    page.click("#found button:has-text('San Pablo')")
    assert page.inner_text("#card h2") == "San Pablo"
    search(page, "zzz")
    assert page.inner_text("#found") == "Ningún nombre de este mapa coincide."


@pytest.mark.browser
def test_an_interval_is_shown_as_an_interval(page: Any) -> None:
    search(page, "centro")
    assert "Entre 392 y 394" in page.inner_text("#card")
    search(page, "sur")
    assert page.locator("#card dd").first.inner_text() == "Sin dato"


@pytest.mark.browser
def test_the_language_changes_without_a_reload(page: Any) -> None:
    search(page, "nunoa")
    page.check("input[value=clusters]")
    page.click("[data-lang=en]")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Title & <test>"
    assert page.inner_text("#legend-title") == "Clusters"
    assert page.is_checked("input[value=clusters]")
    assert "1,234.5" in page.inner_text("#card")
    assert "This is the point." in page.inner_text("#headline")
    assert page.inner_text("#schematic") == "Schematic, not official boundaries"
    assert page.get_attribute("#map", "aria-label").startswith("Map.")
    page.click("[data-lang=es]")
    assert "1.234,5" in page.inner_text("#card")
    assert page.inner_text("#schematic") == "Esquemático: no son límites oficiales"


@pytest.mark.browser
def test_no_text_is_left_with_a_brace_or_undefined(page: Any) -> None:
    for lang in ("es", "en"):
        page.click(f"[data-lang={lang}]")
        for layer in LAYERS:
            page.check(f"input[value={layer}]")
            for name in ("nunoa", "los angeles", "bajo", "norte", "sur", "isla lejana"):
                search(page, name)
                shown = page.inner_text("body")
                assert not re.search(r"[{}]|undefined,|null|NaN", shown)


@pytest.mark.browser
def test_a_hostile_name_is_shown_as_text(page: Any) -> None:
    search(page, HOSTILE)
    assert page.inner_text("#card h2") == HOSTILE
    assert page.locator("img").count() == 0
    page.locator("#map path.leaflet-interactive").nth(5).hover()
    assert page.inner_text(".leaflet-tooltip strong") == HOSTILE
    assert HOSTILE in page.inner_text("#sources")


@pytest.mark.browser
def test_a_click_opens_the_card_and_escape_closes_it(page: Any) -> None:
    page.locator("#map path.leaflet-interactive").nth(6).click()
    assert page.inner_text("#card h2") == "Alto"
    page.keyboard.press("Escape")
    assert page.is_hidden("#card")
    assert page.evaluate("document.activeElement.id") == "map"


@pytest.mark.browser
def test_the_map_can_be_read_with_the_keyboard_alone(page: Any) -> None:
    page.focus("#print")
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
        if seen[-1] == "map":
            break
    assert {"name", "place", "map"} <= set(seen)
    assert page.locator(".cross").is_visible()
    page.keyboard.press("Enter")
    assert page.locator("#card h2").count() == 1
    page.keyboard.press("Escape")
    page.focus("input[value=rate]")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("#legend-title") == "Grupos contiguos"
    page.focus(".sets button")
    page.keyboard.press("Enter")


@pytest.mark.browser
def test_the_distant_island_is_outside_the_first_view_and_one_choice_away(page: Any) -> None:
    inside = """() => {
        const box = document.querySelector('#map').getBoundingClientRect();
        const far = document.querySelectorAll('#map path.leaflet-interactive')[11].getBoundingClientRect();
        return far.width > 0 && far.right > box.left && far.left < box.right;
    }"""
    assert not page.evaluate(inside)
    page.select_option("#place", label="Isla Lejana")
    assert page.evaluate(inside)


@pytest.mark.browser
@pytest.mark.parametrize("page", [(360, 740), (820, 1180), (1100, 1400), (1366, 768)], indirect=True)
def test_no_width_makes_the_page_scroll_sideways(page: Any) -> None:
    search(page, HOSTILE)
    for layer in LAYERS:
        page.check(f"input[value={layer}]")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("#card").bounding_box()["width"] <= page.viewport_size["width"]


@pytest.mark.browser
def test_the_densest_region_has_an_inset_on_a_wide_screen(browser: Any, tmp_path: Path) -> None:
    wide = [shapely.box(x, y, x + 2, y + 2) for x in (0, 2) for y in range(0, 40, 2)]
    city = [shapely.box(4 + x / 50, y / 50, 4.02 + x / 50, 0.02 + y / 50) for x in range(4) for y in range(5)]
    areas = gpd.GeoDataFrame(
        {
            "area_name": [f"A{i}" for i in range(60)],
            "rate": np.arange(60.0),
            "region": ["Llano"] * 40 + ["Urbe"] * 20,
        },
        geometry=[*wide, *city],
        crs=4326,
    )
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(write_map(areas, tmp_path / "map.html").as_uri())
    assert page.inner_text("#inset-box p") == "Urbe: the densest part"
    page.locator("#inset path.leaflet-interactive").first.click()
    assert page.inner_text("#card h2").startswith("A")
    page.set_viewport_size({"width": 700, "height": 900})
    assert page.is_hidden("#inset-box")
    page.close()


@pytest.mark.browser
def test_it_prints_on_one_page(page: Any) -> None:
    search(page, "nunoa")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
