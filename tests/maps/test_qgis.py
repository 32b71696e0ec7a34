"""The GeoPackage in a real QGIS, through the Python that QGIS was built for."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from geo.maps.geopackage import write_geopackage
from geo.maps.labels import columns, palette, value_labels

pytestmark = pytest.mark.qgis
PYTHON = os.environ.get("QGIS_PYTHON", "/usr/bin/python3")
CHECK = Path(__file__).parent / "qgis_check.py"
SPATIAL = ("communes", "groups", "clusters")


def look(path):
    done = subprocess.run([PYTHON, str(CHECK), str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["layers"]


def has_qgis():
    try:
        return subprocess.run([PYTHON, "-c", "import qgis.core"], capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="module", autouse=True)
def _qgis():
    if has_qgis():
        return
    if os.environ.get("CI"):
        pytest.fail(f"CI must have QGIS: {PYTHON} cannot import qgis.core")
    pytest.skip(f"{PYTHON} cannot import qgis.core: install QGIS with its Python, or name it in QGIS_PYTHON")


@pytest.fixture(scope="module")
def layers(country, tmp_path_factory):
    path = tmp_path_factory.mktemp("qgis") / "a.gpkg"
    return look(write_geopackage(**country, path=path, lang="es", title="Doce"))


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
    assert layers["communes"]["title"] == "Comunas · Doce"
    assert next(label for label, _ in layers["communes"]["default_legend"]) == "Tasa por 100.000"


def test_every_class_takes_the_areas_it_should(layers):
    styles = layers["communes"]["styles"]
    rate = styles["Rate (en)"]["matched"]
    assert rate["Rate per 100,000"] == 7
    assert (
        rate["Derived from a printed rate"],
        rate["Bounded: only an interval is known"],
        rate["Missing"],
    ) == (2, 1, 2)
    classes = [label for label, color in styles["Rate (en)"]["legend"] if color and "–" in label]
    assert sum(rate[label] for label in classes) == 7
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


def test_every_class_present_has_its_colour_on_the_map(layers):
    styles = layers["communes"]["styles"]
    status = [color for pair in palette("status").values() for color in pair]
    expected = {
        "Tasa (es)": [*palette("rate")["colors"], *status],
        "Grupos (es)": list(palette("group").values()),
        "Conglomerados (es)": list(palette("cluster").values()),
        "Apoyo en la web (es)": [palette("support")[code] for code in ("yes", "no", "not_asked")],
        "Apoyo por teléfono (es)": palette("support")["no answer"],
    }
    for name, colors in expected.items():
        assert set(colors) <= set(styles[name]["colors"]), name
    drawn = layers["clusters"]["styles"]["Clusters (en)"]["colors"]
    assert {palette("cluster")[code] for code in ("High-High", "Low-Low", "High-Low", "Low-High")} <= set(
        drawn
    )


def test_the_legend_has_every_class_found_or_not(areas, tmp_path):
    areas = areas[areas["status"] == "published"].assign(cluster="not significant")
    communes = look(write_geopackage(areas, tmp_path / "a.gpkg"))["communes"]["styles"]
    labels = [label.lower() for label, _ in communes["Clusters (en)"]["legend"]]
    assert labels == [label.lower() for label in value_labels("cluster", "en").values()]
    rate = [label for label, _ in communes["Rate (en)"]["legend"]]
    assert rate[-4:] == [
        "No exact rate",
        "Derived from a printed rate",
        "Bounded: only an interval is known",
        "Missing",
    ]


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


def test_layers_without_rows_load_and_draw(areas, tmp_path):
    layers = look(write_geopackage(areas, tmp_path / "a.gpkg"))
    assert layers["clusters"]["features"] == 0
    assert len(layers["clusters"]["default_legend"]) == 4
    assert layers["groups"]["styled"]
