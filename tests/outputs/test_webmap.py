"""The web map as a file: self-contained, whole in both languages, safe against what tables hold."""

from __future__ import annotations

import json
import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest

import geo
from geo.assets import asset_path, asset_text
from geo.cli import main
from geo.errors import OutputError
from geo.outputs.web.basemap import tile_source
from geo.outputs.web.mappage import write_map
from geo.outputs.web.scripts import SCRIPTS, script_text
from geo.register.pairs import official_pairs
from tests.outputs.mapcase import HOSTILE, embedded, twelve_areas, write_case

TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case(tmp_path_factory.mktemp("map"))


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


def test_nothing_in_the_file_points_outside_it(page_file: Path) -> None:
    found = _References()
    found.feed(page_file.read_text("utf-8"))
    assert [value for value in found.loads if not value.startswith(("data:", "#"))] == []
    assert re.findall(r"url\(\s*[\"']?(?!#|data:)[^)]*\)", found.texts["style"]) == []
    assert "@import" not in found.texts["style"]
    assert not re.search(r"sourceMappingURL|\bfetch\(|XMLHttpRequest|\bimport\(", found.texts["script"])
    assert "img-src data:;" in page_file.read_text("utf-8")


def test_the_geometry_stands_in_the_file_once(page_file: Path) -> None:
    shapes = embedded(page_file)["shapes"]
    assert len(shapes) == 12
    stored = json.dumps(shapes[3], separators=(",", ":"))
    assert page_file.read_text("utf-8").count(stored) == 1


# ---- Texts ---------------------------------------------------------------------------------------------


def catalogue() -> dict[str, dict[str, str]]:
    tables = tomllib.loads(asset_text("maps", "labels.toml"))["map"]
    return {f"{table}.{key}": entry for table, entries in tables.items() for key, entry in entries.items()}


def test_every_text_of_the_map_is_in_both_languages() -> None:
    texts = catalogue()
    assert [
        key for key, entry in texts.items() if set(entry) != {"es", "en"} or not all(entry.values())
    ] == []
    braces = {
        key: {lang: set(re.findall(r"{\w+}", entry[lang])) for lang in entry} for key, entry in texts.items()
    }
    assert [key for key, names in braces.items() if names["es"] != names["en"]] == []


def test_the_page_has_every_text_it_asks_for_and_asks_for_every_text_it_has(page_file: Path) -> None:
    scripts = "".join(script_text(name) for name in SCRIPTS)
    tables = "card|class|control|find|page|table|about|layer|note|meaning"
    used = set(re.findall(rf"[\"']((?:{tables})\.[\w ]+)[\"']", scripts))
    used |= set(re.findall(r"data-(?:text|label)=\"([^\"]+)\"", asset_text("maps", "map.html")))
    texts = set(embedded(page_file)["texts"]["en"])
    assert len(used) > 40
    assert used - texts == set()
    # Keys that the scripts put together, and those that Python puts into layers and sentences.
    made = {"layer", "note", "meaning", "words", "answer"}
    made_keys = {"card.web_support", "card.phone_support", "card.stability", "card.agreement"}
    made_keys |= {key for key in texts if key.startswith(("card.printed_", "table."))}
    rooms = [Path(geo.__file__).parent / room for room in ("text", "symbology", "outputs")]
    python = "".join(path.read_text("utf-8") for room in rooms for path in room.rglob("*.py"))
    made_keys |= {key for key in texts if re.search(rf"\b{key.partition('.')[2]}\b", python)}
    assert {key for key in texts - used - made_keys if key.partition(".")[0] not in made} == set()


def test_every_sentence_of_the_answers_can_be_true_of_some_map(page_file: Path) -> None:
    python = asset_text_of("text/about")
    sentences = {key.partition(".")[2] for key in catalogue() if key.startswith("answer.")}
    assert {key for key in sentences if f'"{key}"' not in python} == set()


def asset_text_of(module: str) -> str:
    return (Path(geo.__file__).parent / f"{module}.py").read_text("utf-8")


def test_the_words_do_not_label_people() -> None:
    words = json.dumps(tomllib.loads(asset_text("maps", "labels.toml"))["map"]).lower()
    refused = ["delincuente", "criminal", "convicto", "reo", "offender", "convict", "inmate", "felon"]
    assert [word for word in refused if re.search(rf"\b{word}", words)] == []


def test_the_questions_of_a_first_reader_are_answered_in_both_languages(page_file: Path) -> None:
    data = embedded(page_file)
    for lang, exact in (("es", "en 9 de 12 áreas"), ("en", "in 9 of 12 areas")):
        answers = data["about"][lang]
        assert set(answers) == {"what", "sure", "next"}
        assert exact in answers["sure"][0]
        assert not [line for lines in answers.values() for line in lines if re.search(r"[{}]", line)]
        assert "doce.gpkg" in answers["next"][-1]
        assert data["sources"][lang]


def test_answers_claim_only_what_the_map_holds(tmp_path: Path) -> None:
    bare = twelve_areas()[["area_name", "rate", "geometry"]].assign(rate=1.0)
    answers = embedded(write_map(bare, tmp_path / "map.html"))["about"]["en"]
    assert answers["sure"] == [
        "The count is known exactly in 12 of 12 areas.",
        "These are data of areas: they describe no person and no neighbourhood.",
    ]
    assert not [line for line in answers["next"] if "report" in line or "folder" in line]


# ---- Safety --------------------------------------------------------------------------------------------


def test_hostile_names_cannot_leave_the_data(page_file: Path) -> None:
    source = page_file.read_text("utf-8")
    assert HOSTILE not in source
    assert "<img" not in source.split('id="data">')[1].split("</script>")[0]
    assert embedded(page_file)["columns"]["area_name"][5] == HOSTILE
    assert "<title>Título &amp; &lt;prueba&gt;</title>" in source


def test_the_same_areas_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (write_map(twelve_areas(), tmp_path / name) for name in ("one.html", "two.html"))
    assert one.read_bytes() == two.read_bytes()


def test_an_existing_file_stays_unless_overwriting_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        write_map(twelve_areas(), path)
    assert path.read_text("utf-8") == "mine"
    write_map(twelve_areas(), path, overwrite=True)
    assert path.stat().st_size > 100_000


@pytest.mark.parametrize("lacking", ["area_name", "rate"])
def test_a_frame_without_a_needed_column_is_refused(tmp_path: Path, lacking: str) -> None:
    with pytest.raises(OutputError, match=lacking):
        write_map(twelve_areas().drop(columns=lacking), tmp_path / "map.html")


def test_a_frame_of_points_or_of_nothing_is_refused(tmp_path: Path) -> None:
    areas = twelve_areas()
    with pytest.raises(OutputError, match="Point"):
        write_map(areas.set_geometry(areas.representative_point()), tmp_path / "map.html")
    with pytest.raises(OutputError, match="0 polygons"):
        write_map(areas.assign(geometry=None), tmp_path / "map.html")


def test_an_area_without_polygon_is_in_the_search_and_not_far_away(tmp_path: Path) -> None:
    areas = twelve_areas()
    areas.loc["03", "geometry"] = None
    data = embedded(write_map(areas, tmp_path / "map.html"))
    assert (data["shapes"][3], data["places"][3], data["boxes"][3], data["far"]) == ([], None, None, [11])


def test_a_base_map_is_let_in_only_from_its_own_server(tmp_path: Path) -> None:
    page = write_case(tmp_path, basemap=TILES)
    assert "img-src data: https://tiles.example.org;" in page.read_text("utf-8")
    assert embedded(page)["basemap"] == {"url": TILES, "credit": "tiles.example.org"}


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org; script-src *//{z}/{x}/{y}.png",
        'https://tiles.example.org"/{z}/{x}/{y}.png',
        "https://{host}/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "osm",
    ],
)
def test_a_base_map_that_is_no_address_of_tiles_is_refused(address: str) -> None:
    with pytest.raises(OutputError, match="tiles"):
        tile_source(address)


def test_a_run_follows_the_browser_unless_a_language_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    class Written:
        def write(self, folder: str, **options: Any) -> dict[str, Path]:
            asked.append(options)
            return {"map": Path(folder) / "map.html"}

        def summary(self, lang: str) -> list[str]:
            return []

    monkeypatch.setattr("geo.job.run", lambda *_, **__: Written())
    for options in ([], ["--lang", "es"], ["--basemap", TILES, "--basemap-credit", "IDE"]):
        assert main(["run", *options]) == 0
    assert [one["follow_browser"] for one in asked] == [True, False, True]
    assert [one["basemap"] for one in asked] == [None, None, TILES]
    assert asked[2]["basemap_credit"] == "IDE"


def test_a_wrong_base_map_is_said_before_anything_is_computed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("geo.job.run", lambda *_, **__: pytest.fail("a run was started"))
    assert main(["run", "--basemap", "osm"]) == 1
    assert "https address of its tiles" in capsys.readouterr().err


# ---- Size ----------------------------------------------------------------------------------------------


def test_the_shipped_communes_make_a_light_file(tmp_path: Path) -> None:
    with asset_path("boundaries", "schematic.geojson") as path:
        areas = gpd.read_file(path)
    rate = np.random.default_rng(0).uniform(0, 300, len(areas))
    page = write_map(areas.assign(area_name=areas["cut"], rate=rate), tmp_path / "map.html")
    assert len(areas) == 345
    assert page.stat().st_size < 1_000_000


def test_official_polygons_stay_below_a_megabyte_and_a_half(reference: Path, tmp_path: Path) -> None:
    layer = geo.read_boundaries(reference / "boundaries" / "communes_ine2016_15regions.gpkg")
    result = geo.run("dmcs-2016", boundaries="schematic", permutations=99)
    areas = result.areas.assign(geometry=layer.geometry.reindex(result.areas.index))
    page = write_map(
        areas,
        tmp_path / "map.html",
        pairs=official_pairs(),
        other_names=result.other_names,
    )
    assert page.stat().st_size < 1_500_000
