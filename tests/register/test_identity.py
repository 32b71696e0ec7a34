"""A code is never overruled by a name; a column that numbers rows is no code, and that is said."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

import geo
from geo.boundaries.layer import schematic_boundaries
from geo.data.audit import audit_table
from geo.register.countries import chile
from geo.register.vintages import tidy_codes
from geo.study.associations import study_correlation
from geo.text.auditlines import audit_lines

CHILE = chile.register()

COMMUNES = schematic_boundaries().areas
STATES = pd.DataFrame(
    {"area_name": ["Anderson", "Bedford", "Lake", "Orange", "Wilson"]},
    index=["47001", "47003", "47095", "47119", "47189"],
)


def joined(tmp_path: Path, text: str, areas: pd.DataFrame) -> geo.Joined:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    found = geo.join(geo.read_table(path, year=2016), areas)
    assert found.accounting.balanced
    return found


def placed(found: geo.Joined) -> dict[str, int]:
    return {str(area): int(low) for area, low in found.frame["low"].dropna().items()}


def test_a_row_of_another_state_is_not_the_county_of_its_name(tmp_path: Path) -> None:
    text = "code,name,releases,population\n47001,Anderson,2,9\n47003,Bedford,3,9\n06033,Lake,999,9\n"
    found = joined(tmp_path, text, STATES)
    assert placed(found) == {"47001": 2, "47003": 3}
    row = found.unmatched.iloc[0]
    assert row[["row", "code", "name", "low", "reason", "nearest"]].tolist() == [
        *(4, "06033", "Lake", 999, "code not in the layer", "Lake (47095)")
    ]
    assert found.accounting.releases_read == 2 + 3 + 999


def test_an_unknown_code_beside_a_known_commune_is_listed(tmp_path: Path) -> None:
    found = joined(tmp_path, "CUT;Comuna;Egresos\n05101;Valparaíso;5\n99999;Arica;6\n", COMMUNES)
    assert placed(found) == {"05101": 5}
    assert found.unmatched[["code", "reason", "nearest"]].values.tolist() == [
        ["99999", "code not in the layer", "Arica (15101)"]
    ]


def test_a_code_and_a_name_unknown_both_are_no_such_area(tmp_path: Path) -> None:
    found = joined(tmp_path, "CUT;Comuna;Egresos\n05101;Valparaíso;5\n99999;Quilota;6\n", COMMUNES)
    assert found.unmatched[["reason"]].values.tolist() == [["no such area"]]
    assert found.unmatched["nearest"].iloc[0].startswith("Quillota")


@pytest.mark.parametrize("none", ["", " ", "-", "s/i", "S/I", "n/a", "..", "sin dato", "—", "NULL"])
@pytest.mark.parametrize("abroad", [True, False])
def test_what_people_write_for_no_code_is_none(tmp_path: Path, none: str, abroad: bool) -> None:
    known, other = ("47001,Anderson", "Lake") if abroad else ("05101,Valparaíso", "Arica")
    text = f"code,name,releases,population\n{known},2,9\n{none},{other},3,9\n"
    found = joined(tmp_path, text, STATES if abroad else COMMUNES)
    assert sorted(placed(found).values()) == [2, 3]


def test_a_mark_for_nothing_is_a_code_where_the_layer_has_it(tmp_path: Path) -> None:
    """Namibia's code is NA."""
    areas = pd.DataFrame({"area_name": ["Namibia", "Zambia"]}, index=["NA", "ZM"])
    found = joined(tmp_path, "code,name,releases,population\nNA,Namibië,5,9\nZM,Zambia,6,9\n", areas)
    assert placed(found) == {"NA": 5, "ZM": 6}


@pytest.mark.parametrize(
    ("ids", "codes"),
    [
        (["01001", "06037", "13089"], ["1001", "6037", "13089"]),
        (["01001", "06037", "13089"], ["1001.0", "6037.0", "13089.0"]),
        (["01001", "06037", "13089"], ["1001", "06037", "13089,0"]),
        (["1001", "6037", "13089"], ["01001", "06037", "13089"]),
        (["1", "20", "300"], ["001", "020", "300"]),
    ],
)
def test_lost_zeros_are_put_back_on_either_side(tmp_path: Path, ids: list[str], codes: list[str]) -> None:
    areas = pd.DataFrame({"area_name": ["A", "B", "C"]}, index=ids)
    rows = [f"{code};{name};{low};9" for code, name, low in zip(codes, "CAB", (5, 6, 7), strict=True)]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["id;name;releases;population", *rows]), encoding="utf-8")
    table = geo.read_table(path, columns={"name": "-"})
    assert placed(geo.join(table, areas)) == dict(zip(ids, (5, 6, 7), strict=True))


def test_ids_that_zeros_tell_apart_are_never_taken_for_each_other(tmp_path: Path) -> None:
    areas = pd.DataFrame({"area_name": ["A", "B", "C"]}, index=["1", "01", "2"])
    found = joined(tmp_path, "code,releases,population\n01,5,9\n1,6,9\n002,7,9\n", areas)
    assert placed(found) == {"01": 5, "1": 6}


def test_ids_that_case_tells_apart_are_never_taken_for_each_other(tmp_path: Path) -> None:
    areas = pd.DataFrame({"area_name": ["A", "B", "C"]}, index=["a1", "A1", "b1"])
    found = joined(tmp_path, "code,releases,population\nA1,5,9\na1,6,9\nB1,7,9\n", areas)
    assert placed(found) == {"A1": 5, "a1": 6, "b1": 7}


def numbered(first: int = 1) -> str:
    rows = [f"{first + i},{name},{10 + i},99" for i, name in enumerate(STATES["area_name"])]
    return "\n".join(["id,name,releases,population", *rows])


@pytest.mark.parametrize("first", [0, 1])
def test_a_running_number_loses_no_row_whose_name_is_known(tmp_path: Path, first: int) -> None:
    found = joined(tmp_path, numbered(first), STATES)
    assert placed(found) == {area: 10 + i for i, area in enumerate(STATES.index)}
    assert found.codes_unused == "0/5"


@pytest.mark.parametrize(
    "codes",
    [
        pytest.param(range(90_001, 90_006), id="numbers of a register"),
        pytest.param([21151, 21171, 21109, 21041, 21115], id="Kentucky's"),
        pytest.param([21151] * 5, id="one foreign code"),
        pytest.param([f"US{area}" for area in STATES.index], id="ids behind a prefix"),
        pytest.param([f"{i:03}" for i in range(1, 6)], id="zeros in front, as codes have"),
        pytest.param([1, 1, 2, 3, 4], id="a number twice"),
        pytest.param([1, 2, 3, 4, 95], id="most numbers missing"),
    ],
)
def test_codes_that_are_no_running_number_are_not_overruled_though_every_name_is_known(
    tmp_path: Path, codes: Iterable[object]
) -> None:
    """Areas elsewhere bear the same names: Kentucky has a Madison and a Monroe, as Tennessee has."""
    rows = [f"{code},{name},5,99" for code, name in zip(codes, STATES["area_name"], strict=True)]
    with pytest.raises(geo.MatchError) as caught:
        joined(tmp_path, "\n".join(["code,name,releases,population", *rows]), STATES)
    assert "--column code=-" in str(caught.value)


def test_a_running_number_with_rows_deleted_after_counting_is_still_one(tmp_path: Path) -> None:
    rows = [f"{i},{name},5,99" for i, name in zip([1, 2, 4, 7, 10], STATES["area_name"], strict=True)]
    found = joined(tmp_path, "\n".join(["id,name,releases,population", *rows]), STATES)
    assert found.codes_unused == "0/5"


@pytest.mark.parametrize(
    "header",
    [
        *("FIPS", "county_fips", "FIPS code", "GEO_ID", "INSEE", "CODGEO", "AGS", "LAU", "NUTS_ID", "NUTS3"),
        *("CVEGEO", "cve_mun", "ubigeo", "DIVIPOLA", "CD_MUN", "LAD21CD", "gss_code", "PRO_COM", "pcode"),
        *("CODCOMUNA", "CodigoComuna", "IdComuna", "REDCODEN", "GEOCODIGO"),
    ],
)
def test_codes_under_the_names_that_registers_give_them_are_codes(tmp_path: Path, header: str) -> None:
    found = joined(
        tmp_path, f"{header},name,releases,population\n47001,Anderson,5,99\n06033,Lake,999,99\n", STATES
    )
    assert placed(found) == {"47001": 5}
    assert found.unmatched["code"].tolist() == ["06033"]


def test_a_running_number_that_meets_an_id_by_accident_is_still_none(tmp_path: Path) -> None:
    areas = pd.DataFrame(
        {"area_name": ["E", "A", "B", "C", "D", "F", "G"]}, index=["1", "17", "18", "33", "34", "40", "41"]
    )
    rows = [f"{i},{name},{i},99" for i, name in enumerate("ABCDEFG", start=1)]
    found = joined(tmp_path, "\n".join(["id,name,releases,population", *rows]), areas)
    assert placed(found) == {"17": 1, "18": 2, "33": 3, "34": 4, "1": 5, "40": 6, "41": 7}
    assert found.codes_unused == "1/7"


def test_a_running_number_over_ids_that_run_too_is_not_believed(tmp_path: Path) -> None:
    """Every number is an id, most of another area than the name: which of both is meant, a person decides."""
    areas = pd.DataFrame({"area_name": list("CABED")}, index=list("12345"))
    rows = [f"{i},{name},{i},99" for i, name in enumerate("ABCDE", start=1)]
    with pytest.raises(geo.MatchError) as caught:
        joined(tmp_path, "\n".join(["id,name,releases,population", *rows]), areas)
    assert "--column code=-" in str(caught.value)


def test_a_chilean_table_with_a_running_number_is_placed_by_name(tmp_path: Path) -> None:
    rows = ["1;Arica;5", "2;Iquique;6", "3;Valparaíso;7", "4;Providencia;8"]
    found = joined(tmp_path, "\n".join(["Código;Comuna;Egresos", *rows]), COMMUNES)
    assert sorted(placed(found)) == ["01101", "05101", "13123", "15101"]
    assert found.codes_unused == "0/4"


def test_a_table_of_another_state_is_not_placed_by_the_names_that_both_have(tmp_path: Path) -> None:
    """None of its codes is in the layer, but few of its names are either."""
    names = ["Anderson", "Baker", "Camden", "Dade", "Lake", "Echols", "Fannin", "Glynn"]
    rows = [f"{13001 + 2 * i},{name},5,99" for i, name in enumerate(names)]
    with pytest.raises(geo.MatchError) as caught:
        joined(tmp_path, "\n".join(["code,name,releases,population", *rows]), STATES)
    assert "13001" in str(caught.value)
    assert "--column code=-" in str(caught.value)


def test_rows_of_many_other_states_do_not_make_the_codes_another_system(tmp_path: Path) -> None:
    """One code that is in the layer and agrees with its name shows that the column is of the layer."""
    others = [f"060{33 + i},{name},9,99" for i, name in enumerate(["Lake", "Orange", "Bedford", "Wilson"])]
    text = "\n".join(["code,name,releases,population", "47001,Anderson,5,99", *others])
    found = joined(tmp_path, text, STATES)
    assert placed(found) == {"47001": 5}
    assert set(found.unmatched["reason"]) == {"code not in the layer"}
    assert found.codes_unused is None


def test_a_single_foreign_code_among_rows_without_one_is_listed(tmp_path: Path) -> None:
    found = joined(tmp_path, "CUT;Comuna;Egresos\n;Valparaíso;5\n;Iquique;4\n99999;Arica;6\n", COMMUNES)
    assert sorted(placed(found)) == ["01101", "05101"]
    assert found.unmatched["reason"].tolist() == ["code not in the layer"]


def test_the_country_before_a_commune_code_is_read() -> None:
    assert tidy_codes(pd.Series(["CL05109", "cl05101", "CLX"]), CHILE).tolist() == ["05109", "05101", "CLX"]


def layer(tmp_path: Path) -> Path:
    cells = [box(i, 0, i + 1, 1) for i in range(len(STATES))]
    frame = gpd.GeoDataFrame(
        {"GEOID": STATES.index, "NAME": STATES["area_name"].tolist()}, geometry=cells, crs=4326
    )
    frame.to_file(tmp_path / "layer.geojson")
    return tmp_path / "layer.geojson"


def run(tmp_path: Path, table: str, **options: object) -> geo.Result:
    path = tmp_path / "t.csv"
    path.write_text(table, encoding="utf-8")
    given = {"id_field": "GEOID", "year": 2016, "permutations": 99, "imputations": 0, **options}
    return geo.run(path, boundaries=layer(tmp_path), **given)  # type: ignore[arg-type]


ROWS = "code,name,releases,population\n47001,Anderson,2,900\n47003,Bedford,3,900\n47119,Orange,1,900\n"


def test_summary_report_and_geopackage_say_what_happened_to_a_foreign_row(tmp_path: Path) -> None:
    result = run(tmp_path, ROWS + "06033,Lake,999,900\n")
    english, spanish = "\n".join(result.summary("en")), "\n".join(result.summary("es"))
    assert "4 rows of t.csv = 3 on the map + 1 apart (code not in the layer: 1)" in english
    why = "its code, 06033, is not in the layer; by its name alone it would be Lake (47095)"
    assert f"row 5: Lake ({why})" in english
    assert "su código, 06033, no está en la capa; solo por el nombre sería Lake (47095)" in spanish
    written = result.write(tmp_path / "out", lang="es")
    page = written["report"].read_text(encoding="utf-8")
    assert "su código, 06033, no está en la capa" in page
    assert "its code, 06033, is not in the layer" in page
    listed = gpd.read_file(written["geopackage"], layer="join_report")
    assert listed["code"].tolist() == ["06033"]
    assert "solo por el nombre sería Lake (47095)" in listed["es"].iloc[0]


def test_codes_left_aside_are_said_in_both_languages(tmp_path: Path) -> None:
    result = run(tmp_path, numbered())
    said = [line for line in result.summary("en") if "0/5" in line]
    assert len(said) == 1
    assert "t.csv" in said[0]
    assert any("0/5" in line for line in result.summary("es"))
    assert result.parameters["codes_unused"] == "0/5"
    assert run(tmp_path, ROWS).parameters["codes_unused"] is None


def test_a_file_of_populations_follows_the_same_rule(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "code,name,population\n47001,Anderson,500\n47003,Bedford,600\n06033,Lake,7\n", encoding="utf-8"
    )
    result = run(tmp_path, "code,name,releases\n47001,Anderson,2\n47003,Bedford,3\n", population=people)
    assert result.areas["population"].dropna().to_dict() == {"47001": 500, "47003": 600}
    assert result.unmatched[["source", "code", "reason"]].values.tolist() == [
        ["people.csv", "06033", "code not in the layer"]
    ]
    people.write_text(numbered().replace("releases", "x"), encoding="utf-8")
    again = run(tmp_path, "code,name,releases\n47001,Anderson,2\n47003,Bedford,3\n", population=people)
    assert again.areas["population"].tolist() == [99] * 5
    assert again.parameters["population_codes_unused"] == "0/5"
    assert any("people.csv" in line and "0/5" in line for line in again.summary("en"))


def test_a_part_of_a_layer_does_not_place_the_rows_of_the_rest_by_name(tmp_path: Path) -> None:
    """Lake of the other region has a code of the layer, if not of the part that is mapped."""
    north = pd.DataFrame({"area_name": ["Anderson", "Lake"]}, index=["47001", "47095"])
    whole = pd.concat([north, pd.DataFrame({"area_name": ["Lake"]}, index=["13001"])])
    path = tmp_path / "t.csv"
    path.write_text("code,name,releases,population\n47001,Anderson,5,9\n13001,Lake,6,9\n", encoding="utf-8")
    found = geo.join(geo.read_table(path), north, layer=whole)
    assert placed(found) == {"47001": 5}
    assert found.unmatched[["name", "reason"]].values.tolist() == [["Lake", "not on this map"]]


def test_a_covariate_follows_the_same_rule(tmp_path: Path) -> None:
    counts, other = tmp_path / "t.csv", tmp_path / "other.csv"
    rows = [f"{area},{name},{i + 3},900" for i, (area, name) in enumerate(STATES["area_name"].items())]
    counts.write_text("\n".join(["code,name,releases,population", *rows]), encoding="utf-8")
    values = [f"{area},{name},{i % 3}.5" for i, (area, name) in enumerate(STATES["area_name"].items())]
    values[2] = "06033,Lake,99.5"
    other.write_text("\n".join(["code,name,share", *values]), encoding="utf-8")
    abroad = geo.Options(source=counts, boundaries=layer(tmp_path), id_field="GEOID", year=2016)
    with pytest.raises(geo.StatisticError, match="received 4;"):  # of five, too few to correlate
        study_correlation(abroad, other, column="share")


def test_an_inventory_follows_the_same_rule(tmp_path: Path) -> None:
    path = tmp_path / "apoyo.csv"
    path.write_text("Código;Comuna;Respuesta\n05101;Valparaíso;no\n99999;Arica;sí\n", encoding="utf-8")
    found = geo.read_inventory(path)
    assert found.rows["area_id"].tolist() == ["05101"]
    assert found.listed[["row", "reason", "nearest"]].values.tolist() == [
        [3, "code not in the layer", "Arica (15101)"]
    ]
    path.write_text("code,name,answer\n47001,Anderson,yes\n06033,Lake,no\n-,Orange,no\n", encoding="utf-8")
    abroad = geo.read_inventory(path, areas=STATES)
    assert abroad.rows["area_id"].tolist() == ["47001", "47119"]
    assert abroad.listed["reason"].tolist() == ["code not in the layer"]
    path.write_text("id,name,answer\n1,Anderson,yes\n2,Lake,no\n3,Orange,no\n", encoding="utf-8")
    running = geo.read_inventory(path, areas=STATES)
    assert running.rows["area_id"].tolist() == ["47001", "47095", "47119"]
    assert [finding.kind for finding in running.findings] == ["codes_unused"]


def test_the_audit_follows_the_same_rule(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("CUT;Comuna;Egresos\n05101;Valparaíso;5\n99999;Arica;6\n", encoding="utf-8")
    audit = audit_table(geo.read_table(path))
    assert audit.communes == 1
    assert audit.unmatched[["row", "name", "nearest"]].values.tolist() == [[3, "Arica", "Arica (15101)"]]
    lines = "\n".join(audit_lines(audit, "en"))
    why = "its code, 99999, is not in the register; by its name alone it would be Arica (15101)."
    assert f"Row 3: Arica: {why}" in lines
    path.write_text("Código;Comuna;Egresos\n1;Valparaíso;5\n2;Arica;6\n3;Iquique;7\n", encoding="utf-8")
    running = audit_table(geo.read_table(path))
    assert running.communes == 3
    assert [finding.kind for finding in running.findings] == ["codes_unused"]


@pytest.fixture(scope="module")
def cases() -> Path:
    folder = Path(__file__).parents[3] / "shared" / "cases"
    if not folder.is_dir():
        pytest.skip("needs the cases, expected in ../shared/cases beside the project")
    return folder


def test_a_county_of_california_leaves_the_concentration_of_tennessee_as_it_is(cases: Path) -> None:
    layer = cases / "tables" / "tn.geojson"
    how = {"boundaries": layer, "id_field": "FIPS", "year": 2016, "permutations": 99, "imputations": 0}
    found = geo.run(cases / "tables" / "foreign-code.csv", **how)
    without = geo.run(cases / "tables" / "no-foreign-code.csv", **how)
    assert found.accounting.rows_read == 95
    assert found.unmatched["code"].tolist() == ["06033"]
    assert found.tests.moran_rate.statistic == without.tests.moran_rate.statistic
    assert round(found.tests.moran_rate.statistic, 3) == 0.671
