"""The GeoPackage in a real QGIS, through the Python that QGIS was built for.

QGIS starts once for the whole module; each test looks at a part of what it reports.
"""

import json
import os
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from geo.outputs.gpkg.geopackage import write_geopackage
from geo.outputs.gpkg.metadata import About
from geo.text.labels import columns, palette, text, value_labels

pytestmark = pytest.mark.qgis
PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
CHECK = Path(__file__).parent / "qgis_check.py"
SPATIAL = ("communes", "groups", "clusters", "regions", "support_gaps", "points")
ABOUT = About(
    sources={"es": ["Recuentos: la tabla."], "en": ["Counts: the table."]},
    method={"es": ["Semilla 7."], "en": ["Seed 7."]},
    licence={"es": "CC BY 4.0", "en": "CC BY 4.0"},
    attribution="El instituto",
    year=2016,
)
# What is run while QGIS shows or edits the file, and says in one line what came of it.
REPLACE = """
import sys, geopandas
from shapely import box
from geo.errors import GeoError
from geo.outputs.gpkg.geopackage import write_geopackage
areas = geopandas.GeoDataFrame({"area_name": ["A"]}, geometry=[box(0, 0, 1, 1)], crs=4326)
try:
    write_geopackage(areas, sys.argv[1], overwrite=True)
except GeoError as error:
    print(error)
    raise SystemExit(7)
"""


def has_qgis():
    try:
        return subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="module")
def seen(country, study, tmp_path_factory):
    if not has_qgis():
        if os.environ.get("CI"):
            pytest.fail(f"CI must have QGIS: {PYTHON} cannot import qgis.core")
        pytest.skip(
            f"{PYTHON} cannot import qgis.core: install QGIS with its Python, or name it in QGIS_PYTHON"
        )
    folder = tmp_path_factory.mktemp("qgis")
    areas = country["areas"]
    known = areas[areas["status"] == "published"].assign(cluster="not significant")
    files = {name: str(folder / f"{name}.gpkg") for name in ("all", "known", "bare", "held")}
    write_geopackage(**country, path=files["all"], lang="es", title="Doce", about=ABOUT)
    write_geopackage(known, files["known"], schematic=True)
    write_geopackage(areas, files["bare"])
    shutil.copyfile(files["bare"], files["held"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.outputs.writing.draw_figures", lambda result, lang: [])
        study.write(folder / "made", lang="es")
    # As when it is mailed: another folder, and nothing left at the old place.
    (folder / "moved here ñ").mkdir()
    files["moved"] = str(shutil.move(folder / "made" / "chile-2016.gpkg", folder / "moved here ñ"))
    job = {
        "layers": [files["all"], files["known"], files["bare"]],
        "projects": {files["all"]: None, files["moved"]: "retorno (español)"},
        "open": [files["held"], [sys.executable, "-c", REPLACE]],
    }
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    done = subprocess.run(
        [PYTHON, str(CHECK), str(folder / "job.json")], capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for part in ("layers", "projects"):
        found[part] = {name: found[part].get(path) for name, path in files.items()}
    return found


@pytest.fixture(scope="module")
def layers(seen):
    return seen["layers"]["all"]


@pytest.fixture(scope="module")
def project(seen):
    """The Spanish project of the study, opened where its file was moved to."""
    return seen["projects"]["moved"]["retorno (español)"]


def test_every_layer_loads_with_its_default_style_and_every_stored_style_draws(layers):
    assert list(layers) == [*SPATIAL, "parameters", "join_report", "dictionary"]
    for name, layer in layers.items():
        assert layer["valid"]
        assert layer["styled"], layer["message"]
        assert len(layer["styles"]) >= 2
        for style in layer["styles"].values():
            assert style["read"], style["fault"]
            assert not style.get("errors")
        assert layer["crs"] == ("EPSG:4326" if name in SPATIAL else "")
    assert layers["communes"]["title"] == "Áreas · Doce"
    assert layers["communes"]["default_legend"][0][0].startswith("Tasa por 100.000")


def test_layers_and_tables_say_where_they_are_from_and_how_they_were_made(layers):
    for layer in layers.values():
        assert layer["abstract"]
        assert layer["history"][:2] == ["Recuentos: la tabla.", "Semilla 7."]
        assert layer["history"][2].startswith("Hecho con retorno")
        assert (layer["licenses"], layer["rights"], layer["language"]) == (
            ["CC BY 4.0"],
            ["El instituto"],
            "SPA",
        )


def test_every_class_takes_the_areas_it_should(layers):
    styles = layers["communes"]["styles"]
    rate = styles["Rate (en)"]["matched"]
    assert (
        rate["Derived from a printed rate"],
        rate["Bounded: only an interval is known"],
        rate["Missing"],
    ) == (2, 1, 2)
    assert sum(n for label, n in rate.items() if "–" in label) == 7
    assert sorted(styles["Groups (en)"]["matched"].values()) == [2, 2, 8]
    assert styles["Support by telephone (en)"]["matched"] == {
        "No": 1,
        "Yes": 1,
        "No answer": 1,
        "Not asked": 9,
    }
    clusters = styles["Conglomerados (es)"]
    assert clusters["matched"]["No significativo"] == 4
    assert clusters["renderer"] == "categorizedSymbol"
    adjusted = styles["Clusters, adjusted (en)"]["matched"]
    assert adjusted == {"High-High": 1, "Not significant": 7, "Undefined": 4}
    stability = list(styles["Stability (en)"]["matched"].values())
    assert stability == [1, 1, 1, 1, 1, 1, 6]
    certainty = list(styles["Certainty (en)"]["matched"].values())
    assert certainty == [1, 1, 1, 1, 1, 1, 1, 3, 2]


def test_gi_has_three_steps_on_each_side_by_q(layers):
    matched = layers["communes"]["styles"]["Gi* 90, 95 and 99 % (en)"]["matched"]
    steps = [f"{side} rates, {step} %" for side in ("High", "Low") for step in (99, 95, 90)]
    assert {label.partition(" (")[0]: n for label, n in matched.items()} == dict.fromkeys(steps, 1) | {
        "Not significant": 1,
        "Undefined": 5,
    }


def test_regions_are_told_apart_only_where_the_bounds_settle_it(layers):
    matched = layers["regions"]["styles"]["Counts against people (en)"]["matched"]
    assert matched == {
        "More releases than its share of people": 1,
        "Fewer releases than its share of people": 1,
        "What is known does not settle it": 1,
    }


def test_every_class_present_has_its_colour_on_the_map(layers):
    styles = layers["communes"]["styles"]
    status = [color for pair in palette("status").values() for color in pair]
    hatched = ("no answer", "yes", "no", "not_asked")
    support = {code: palette("support")[code] for code in hatched}
    expected = {
        "Tasa (es)": [*palette("rate")["colors"], *status],
        "Grupos (es)": list(palette("group").values()),
        "Conglomerados (es)": list(palette("cluster").values()),
        "Gi* 90, 95 y 99 % (es)": list(palette("gi").values()),
        "Estabilidad (es)": list(palette("stability").values()),
        "Certeza (es)": [
            *palette("certainty").values(),
            *(color for pair in palette("completed").values() for color in pair),
        ],
        "Apoyo en la web (es)": [support[code] for code in ("yes", "no", "not_asked")],
        "Apoyo por teléfono (es)": support["no answer"],
    }
    for name, colors in expected.items():
        assert set(colors) <= set(styles[name]["colors"]), name
    drawn = layers["clusters"]["styles"]["Clusters (en)"]["colors"]
    codes = ("High-High", "Low-Low", "High-Low", "Low-High")
    assert {palette("cluster")[code] for code in codes} <= set(drawn)
    assert set(palette("share").values()) <= set(
        layers["regions"]["styles"]["Counts against people (en)"]["colors"]
    )
    assert palette("group")["listed"] in layers["groups"]["styles"]["Groups (en)"]["colors"]
    assert palette("line")["region"] in layers["regions"]["styles"]["Outline (en)"]["colors"]


def test_support_shows_every_answer_and_tells_known_from_open(layers):
    gaps = layers["support_gaps"]["styles"]
    names = [name[:1].upper() + name[1:] for name in value_labels("support_status", "en").values()]
    assert gaps["Support (en)"]["matched"] == dict(zip(names, [1, 1, 1, 1, 1, 7], strict=True))
    plain = [color for color in palette("support_status").values() if isinstance(color, str)]
    assert set(plain) <= set(gaps["Support (en)"]["colors"])
    assert gaps["Needs (en)"]["matched"] == {
        "Some need is served": 1,
        "None of the eleven is served": 1,
        "Answered that it has no programme": 1,
        "Unknown": 9,
    }
    assert sorted(gaps["Priority (en)"]["matched"].values()) == [1, 1, 1, 2, 7]
    unmet = layers["points"]["styles"]["Unmet need (en)"]
    assert unmet["matched"] == {
        "People without a place": 2,
        "At most: it is an interval": 5,
        "At most: perhaps nobody returns": 3,
        "Missing": 2,
    }
    assert palette("unmet")["bounded"] in unmet["colors"]


def test_the_gap_has_a_form_by_sections(layers):
    tabs = layers["support_gaps"]["styles"]["Apoyo (es)"]["tabs"]
    assert list(tabs) == [
        "Identificación",
        "Recuentos",
        "Apoyo municipal",
        "Sin cupo",
        "Prioridad",
        "Necesidades",
    ]
    assert tabs["Necesidades"] == ["need_housing", "need_legal"]


def test_points_are_sized_by_their_counts_and_say_what_is_known_of_them(layers):
    style = layers["points"]["styles"]["Proportional symbols (en)"]
    assert style["matched"] == {
        "Published": 7,
        "Derived from a printed rate": 2,
        "Bounded: the highest possible": 1,
        "Missing": 2,
    }
    assert [label for label, _ in style["legend"]][:2] == ["Releases", ""]
    assert palette("point")["bounded"] in style["colors"]


def test_the_legend_has_every_class_found_or_not(seen):
    communes = seen["layers"]["known"]["communes"]["styles"]
    labels = [label.lower() for label, color in communes["Clusters (en)"]["legend"] if color]
    assert labels == [label.lower() for label in value_labels("cluster", "en").values()]
    rate = [label for label, _ in communes["Rate (en)"]["legend"]]
    assert rate[-4:] == [
        "No exact rate",
        "Derived from a printed rate",
        "Bounded: only an interval is known",
        "Missing",
    ]


def test_every_legend_says_that_boundaries_are_schematic(seen):
    for name, style in seen["layers"]["known"]["communes"]["styles"].items():
        said = text("gpkg.notes.schematic", "es" if name.endswith("(es)") else "en").lower()
        assert style["legend"][0][0].lower() == said


@pytest.mark.parametrize(("style", "lang"), [("Tasa (es)", "es"), ("Rate (en)", "en")])
def test_fields_have_aliases_value_maps_and_a_grouped_form_in_the_language(layers, style, lang):
    seen = layers["communes"]["styles"][style]
    assert all(field["alias"] for field in seen["fields"].values())
    for name, column in columns().items():
        if name not in seen["fields"]:
            continue
        field = seen["fields"][name]
        assert field["alias"] == column.alias[lang]
        if column.values:
            assert field["values"] == value_labels(column.values, lang)
        elif column.type == "real":
            assert field["precision"] == column.decimals
    tabs = seen["tabs"]
    assert next(iter(tabs)) == {"es": "Identificación", "en": "Identity"}[lang]
    assert sorted(name for names in tabs.values() for name in names) == sorted(set(seen["fields"]) - {"fid"})
    assert seen["display"] == '"area_name"'
    assert seen["fields"]["year"]["shown"] == "2016"  # not 2.016


def test_tips_are_in_words_and_nothing_from_a_table_is_taken_for_markup(layers):
    tip = layers["communes"]["styles"]["Tasa (es)"]["tip"]
    assert "Ñuñoa &lt;b&gt;&amp;" in tip
    for words in ("publicado", "Tasa por 100.000", ">100,0<", "10.000", "Alto-Alto"):
        assert words in tip
    assert "[%" not in tip
    assert ">100.0<" in layers["communes"]["styles"]["Rate (en)"]["tip"]


def test_the_nearer_the_map_the_more_names(layers):
    rules = layers["communes"]["styles"]["Tasa (es)"]["labels"]
    assert [rule[:2] for rule in rules] == [[900_000, 5_000_000], [200_000, 900_000], [0, 200_000]]
    assert "population" in rules[0][2]
    assert [bool(rule[2]) for rule in rules[1:]] == [False, False]
    assert "format_number" in rules[2][3]


def test_layers_without_rows_load_and_draw(seen):
    layers = seen["layers"]["bare"]
    assert layers["clusters"]["features"] == 0
    assert len(layers["clusters"]["default_legend"]) == 4
    assert layers["groups"]["styled"]
    assert "regions" not in layers


def test_the_projects_open_where_the_file_was_moved_to(seen):
    projects = seen["projects"]["moved"]
    assert sorted(projects) == ["retorno (English)", "retorno (español)"]
    for project in projects.values():
        assert project["read"]
        assert not project["error"]
        assert project["crs"] == ["EPSG:32719", True, "WGS 84 / UTM zone 19S"]
        for layer in project["layers"].values():
            assert layer["valid"]
            assert "/moved here ñ/chile-2016.gpkg|layername=" in layer["source"]
            # QGIS replaces ids that are too short, which empties tree and legend.
            assert layer["id"].startswith("retorno_")
    assert projects["retorno (español)"]["title"] == "Regreso desde prisión por comuna, Chile 2016"
    assert projects["retorno (English)"]["layers"]["Communes · Rate"]["alias"] == "Area code"
    assert projects["retorno (español)"]["layers"]["Comunas · Tasa"]["alias"] == "Código del área"


def test_layers_stand_in_groups_and_one_theme_is_on(project):
    groups = {name: (on, [leaf[0] for leaf in leaves]) for name, on, leaves in project["tree"]}
    assert list(groups) == [
        *("Referencia", "Tasas", "Recuentos", "Grupos y conglomerados", "Apoyo municipal", "Tablas")
    ]
    assert [name for name, (on, _) in groups.items() if on] == ["Referencia", "Tasas"]
    assert groups["Tablas"][1] == ["Parámetros y fuentes", "Cuenta de filas", "Diccionario de datos"]
    assert groups["Referencia"][1] == ["Regiones"]
    assert sorted(name for _, leaves in groups.values() for name in leaves) == sorted(project["layers"])


def test_themes_show_what_their_names_say(project):
    assert project["themes"] == {
        "Tasas": ["Regiones", "Comunas · Tasa"],
        "Recuentos": ["Regiones", "Comunas como puntos · Símbolos proporcionales"],
        "Conglomerados": ["Regiones", "Grupos contiguos", "Comunas · Conglomerados"],
        "Apoyo": ["Regiones", "Comunas como puntos · Sin cupo", "Demanda y apoyo · Apoyo"],
    }
    for errors, _ in project["shown"].values():
        assert not errors
    assert set(palette("rate")["colors"]) <= set(project["shown"]["Tasas"][1])
    assert palette("support_status")["no"] in project["shown"]["Apoyo"][1]
    assert palette("group")["listed"] in project["shown"]["Conglomerados"][1]


def test_the_first_view_is_the_mainland_and_not_half_an_ocean(project):
    west, south, east, north = project["first"]
    # 4,300 km from Visviri to Cabo de Hornos; with Isla de Pascua it would be 4,000 km wide as well.
    assert 4_200_000 < north - south < 4_600_000
    assert 600_000 < east - west < 1_300_000
    assert project["whole"] == pytest.approx([east - west, north - south], rel=1e-6)


def test_each_region_has_a_bookmark_and_no_island_makes_it_wide(project, study):
    assert sorted(project["bookmarks"]) == sorted(study.areas["region"].unique())
    wide, high = project["bookmarks"]["Valparaíso"]  # Isla de Pascua is 38 degrees from the rest of it
    assert 1 < wide < 3
    assert 1 < high < 3


def test_the_page_is_printed_with_every_item_in_place(project):
    assert list(project["layouts"]) == ["A4: Tasas", "A4: Recuentos", "A4: Conglomerados", "A4: Apoyo"]
    for name, layout in project["layouts"].items():
        done, size = layout["pdf"]
        assert done == 0
        assert size > 50_000
        items = layout["items"]
        title = items["title"]["text"]
        assert title == "Regreso desde prisión por comuna, Chile 2016"
        assert items["subtitle"]["text"]
        assert items["warning"]["text"] == "Esquemático: no son límites oficiales"
        assert "INE" in items["source"]["text"]
        maps = {key: item for key, item in items.items() if item["kind"] == "QgsLayoutItemMap"}
        assert len(maps) == 6  # three parts of the country, Santiago, Juan Fernández and Isla de Pascua
        assert all(item["layers"] >= 2 and item["crs"] for item in maps.values())
        parts = [maps[f"map {k}"]["scale"] for k in (1, 2, 3)]
        assert max(parts) == pytest.approx(min(parts), rel=1e-4)
        assert parts[0] < 10_000_000
        said = f"{round(parts[0], -5):,.0f}".replace(",", ".")
        assert items["scale"]["text"] == f"Escala 1:{said}; los recuadros, a otras"
        assert "Semilla 0" in items["source"]["text"]
        assert "Hecho con retorno" in items["source"]["text"]
        assert maps["map 1"]["theme"] == name.removeprefix("A4: ")
        assert items["legend"]["layers"][-1] == project["themes"][name.removeprefix("A4: ")][-1]
        assert {items[key]["map"] for key in ("legend", "scale bar", "north arrow")} == {"map 1"}
        assert not items["north arrow"]["missing"]
        assert (items["scale bar"]["units"], items["scale bar"]["unit"]) == (200, "km")
        stands_alone(items, layout["page"])


def test_the_page_is_in_place_in_the_other_language_too(seen):
    layouts = seen["projects"]["moved"]["retorno (English)"]["layouts"]
    assert list(layouts) == ["A4: Rates", "A4: Counts", "A4: Clusters", "A4: Support"]
    for layout in layouts.values():
        assert layout["items"]["warning"]["text"] == "Schematic, not official boundaries"
        stands_alone(layout["items"], layout["page"])


def stands_alone(items, page):
    """Nothing lies on anything else, over the edge of the page or outside its box."""
    for name, item in items.items():
        left, top, right, bottom = item["rect"]
        assert left > 5, name
        assert top > 5, name
        assert right < page[0] - 5, name
        assert bottom < page[1] - 5, name
        if "fits" in item and name != "source":  # which runs over several lines
            assert max(item["fits"]) <= 0, name
    boxes = {name: item["rect"] for name, item in items.items()}
    for one, other in combinations(boxes, 2):
        a, b = boxes[one], boxes[other]
        over = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert min(over) < 0.5, (one, other)


def test_the_page_shows_its_colours(project):
    colors = {name: set(layout["colors"]) for name, layout in project["layouts"].items()}
    assert set(palette("rate")["colors"]) <= colors["A4: Tasas"]
    # In the legend, though no commune has them.
    assert {palette("cluster")["High-High"], palette("cluster")["Low-High"]} <= colors["A4: Conglomerados"]
    assert palette("support_status")["yes"] in colors["A4: Apoyo"]


def test_a_small_country_gets_one_map_and_its_own_projection(seen):
    project = seen["projects"]["all"]["retorno (English)"]
    assert project["crs"][:2] == ["EPSG:32719", True]
    maps = [i for i in project["layouts"]["A4: Rates"]["items"].values() if i["kind"] == "QgsLayoutItemMap"]
    assert len(maps) == 1
    assert "warning" not in project["layouts"]["A4: Rates"]["items"]
    assert project["note"] == "El instituto"
    assert project["bookmarks"] == {}


@pytest.mark.parametrize("how", ["shown", "edited"])
def test_a_file_open_in_qgis_is_not_replaced_and_one_line_says_so(seen, how):
    found = seen["open"][how]
    assert found["code"] == 7, found["err"]
    assert found["out"].count("\n") == 1
    assert "close it in QGIS" in found["out"]
    assert found["same"]
