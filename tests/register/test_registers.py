"""A second register, tiny and made up: whatever asks one is handed it; nothing else knows of a country."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

import geo
from geo.boundaries.layer import open_boundaries
from geo.model.country import Pair, PopulationSeries, Register, Rule
from geo.register import registers as known
from geo.register.registers import likely_register, register_of, registers

NAMES = ["Alfa", "Bravo", "Caleta Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India"]
CODES = [f"7{i // 3}{i}" for i in range(9)]  # the middle digits number three provinces
PEOPLE = {code: 1000 * (i + 2) for i, code in enumerate(CODES)}
CORNERS = [(CODES[i], CODES[j]) for i, j in ((0, 4), (1, 3), (1, 5), (2, 4), (3, 7), (4, 6), (4, 8), (5, 7))]
BORDERS = [(CODES[i], CODES[i + 1]) for i in (0, 1, 3, 4, 6, 7)] + [
    (CODES[i], CODES[i + 3]) for i in range(6)
]


def pairs(rule: Rule) -> list[Pair]:
    return sorted(BORDERS if rule == "rook" else [*BORDERS, *CORNERS])


def tinyland() -> Register:
    """Nine areas in three provinces, one of them renumbered in 2015, one with another spelling."""
    areas = pd.DataFrame(
        {"area_name": NAMES, "tic": CODES, "region": [f"Province {i // 3}" for i in range(9)]}
    )
    areas = areas.assign(
        lon=[10 + i % 3 for i in range(9)], lat=[50 - i // 3 for i in range(9)], length_km=100.0
    )
    codes = pd.DataFrame({"area_id": CODES, "first": 0, "until": 9999}, index=CODES)
    codes.loc[CODES[8], "first"] = 2015
    codes.loc["699"] = [CODES[8], 0, 2015]
    return Register(
        name="tinyland",
        title="parishes of Tinyland",
        unit="areas",
        column="tic",
        areas=areas.set_index(pd.Index(CODES)),
        columns=("tic", "region"),
        codes=codes,
        digits=3,
        region_digits=2,
        other_names={CODES[2]: ["Port Charlie"]},
        pairs=pairs,
        series=(PopulationSeries(name="census", years=lambda: pd.DataFrame({2016: PEOPLE, 2017: PEOPLE})),),
    )


@pytest.fixture(scope="module", params=["first", "last"])
def tiny(request: pytest.FixtureRequest) -> Iterator[Register]:
    """Tinyland beside what ships with the package, before or after it."""
    register, shipped = tinyland(), registers()
    both = (register, *shipped) if request.param == "first" else (*shipped, register)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known, "_shipped", lambda: both)
        yield register


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squares at their places, which meet in corners; one is missing."""
    path = tmp_path_factory.mktemp("tiny") / "parishes.geojson"
    squares = [box(9.5 + i % 3, 49.5 - i // 3, 10.5 + i % 3, 50.5 - i // 3) for i in range(8)]
    gpd.GeoDataFrame({"PARISH": CODES[:8]}, geometry=squares, crs=4326).to_file(path)
    return path


@pytest.fixture(scope="module")
def result(tiny: Register, layer: Path) -> geo.Result:
    """A table without inhabitants, with an old code and a spelling, as a clerk there would send it."""
    rows = [f"{code};;{3 * i % 7 + 4}" for i, code in enumerate([*CODES[:2], "", *CODES[3:8], "699"]) if code]
    table = layer.with_name("table.csv")
    table.write_text("\n".join(["codigo;nombre;egresos", *rows, ";PORT CHARLIE;9"]), encoding="utf-8")
    return geo.run(table, boundaries=layer, year=2016, permutations=99)


def test_a_layer_is_of_the_register_that_its_codes_and_places_say(tiny: Register, layer: Path) -> None:
    bounds = open_boundaries(layer)
    assert (bounds.register, bounds.matched_by, bounds.id_field) == (tiny, "code", "PARISH")
    assert list(bounds.areas.columns) == ["area_name", "tic", "region", "geometry"]
    assert bounds.missing == [CODES[8]]
    assert register_of(bounds.areas) is tiny
    assert (bounds.contiguity, bounds.neighbors_lost, bounds.neighbors_added) == ("measured", 0, 0)


def test_the_same_codes_elsewhere_are_the_layers_own(tiny: Register, layer: Path) -> None:
    moved = gpd.read_file(layer)
    moved.geometry = moved.geometry.translate(100, 0)
    moved.to_file(layer.with_name("moved.geojson"))
    bounds = open_boundaries(layer.with_name("moved.geojson"), id_field="PARISH")
    assert (bounds.register, bounds.elsewhere) == (None, True)


def test_a_table_is_placed_by_its_codes_of_any_year_and_by_spellings_in_use(result: geo.Result) -> None:
    assert result.accounting.rows_placed == 9
    assert result.areas.loc[CODES[8], "releases"] == 3 * 8 % 7 + 4  # by the code of before 2015
    assert result.areas.loc[CODES[2], "releases"] == 9
    assert result.areas.loc[CODES[2], "area_name"] == "Caleta Charlie"


def test_inhabitants_are_the_registers(result: geo.Result) -> None:
    assert result.reading.population == "census"
    assert result.areas["population"].to_dict() == PEOPLE


def test_regions_are_numbered_and_named_by_the_register(result: geo.Result, layer: Path) -> None:
    assert result.regions is not None
    assert result.regions["region_id"].tolist() == ["70", "71", "72"]
    one = geo.run(layer.with_name("table.csv"), boundaries=layer, year=2016, region="71", permutations=99)
    assert one.areas.index.tolist() == CODES[3:6]


def test_a_result_says_of_what_it_is(result: geo.Result, tiny: Register, tmp_path: Path) -> None:
    assert (result.register, result.unit) == (tiny, "areas")
    assert result.other_names == {CODES[2]: ["Port Charlie"]}
    assert "area" in result.title["en"]
    assert "commune" not in " ".join(result.summary("en"))
    written = result.write(tmp_path)
    assert '"Port Charlie"' in written["map"].read_text("utf-8")


def test_a_table_says_by_its_rows_which_register_is_meant(tiny: Register) -> None:
    nothing = pd.Series(["", ""])
    assert likely_register(pd.Series(CODES[:2]), nothing) is tiny
    chilean = likely_register(pd.Series(["5101", "13101"]), nothing)
    assert chilean is not None
    assert chilean.name == "chile"
    assert likely_register(pd.Series(["x", "y"]), nothing) is None


def test_a_series_of_another_country_is_refused(tiny: Register, layer: Path) -> None:
    with pytest.raises(geo.InputError, match="not Chilean communes"):
        geo.run(layer.with_name("table.csv"), boundaries=layer, year=2016, population="ine2017")


def test_the_shipped_study_is_what_it_was(tiny: Register) -> None:
    study = geo.run("chile-2016", boundaries="schematic", region="5", permutations=99)
    assert study.gap is not None
    assert study.gap.answers.loc["any", "asked"] == 11  # of the region, in table 2 of the study


def test_poverty_is_by_chilean_commune(tiny: Register, layer: Path, result: geo.Result) -> None:
    here = geo.Options(source=layer.with_name("table.csv"), boundaries=layer, year=2016)
    with pytest.raises(geo.InputError, match="Chilean"):
        geo.study_correlation(here, "poverty")


def test_codes_that_two_registers_know_are_of_the_one_whose_places_they_are_at(tmp_path: Path) -> None:
    """Codes of communes of Santiago, at places of another country that has the same."""
    codes = [f"1310{i}" for i in range(1, 10)]
    areas = pd.DataFrame(
        {"area_name": NAMES, "xic": codes, "lon": 139.0, "lat": 35.0, "length_km": 300.0}, index=codes
    )
    years = pd.DataFrame({"area_id": codes, "first": 0, "until": 9999}, index=codes)
    other = Register(
        name="x", title="x", unit="areas", column="xic", areas=areas, columns=("xic",), codes=years, digits=5
    )
    squares = [box(139 + i % 3, 35 + i // 3, 140 + i % 3, 36 + i // 3) for i in range(9)]
    gpd.GeoDataFrame({"code": codes}, geometry=squares, crs=4326).to_file(tmp_path / "x.geojson")
    shipped = registers()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(known, "_shipped", lambda: (*shipped, other))
        assert open_boundaries(tmp_path / "x.geojson").register is other
