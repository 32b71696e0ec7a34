"""The main job on real input: the numbers a planner, an analyst and a referee would check."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely import box

import geo
from geo.outputs.gpkg.metadata import about_result
from geo.register.communes import commune_register
from geo.text.headline import headline
from geo.text.labels import LANGUAGES, Lang

INE = "communes_ine2016_15regions.gpkg"
Written = Callable[[str], dict[str, Path]]


def test_what_is_known_of_each_commune(study: geo.Result) -> None:
    areas = study.areas
    assert len(areas) == 346
    assert areas["status"].value_counts().to_dict() == {"bounded": 311, "published": 32, "derived": 3}
    derived = areas[areas["status"] == "derived"]
    assert derived[["area_name", "releases_low", "releases_high"]].astype(object).values.tolist() == [
        ["Recoleta", 140, 141],
        ["San Ramón", 82, 82],
        ["Arica", 392, 394],
    ]
    assert derived["releases"].tolist() == [pd.NA, 82, pd.NA]
    bounded = areas[areas["status"] == "bounded"]
    assert bounded["releases"].isna().all()
    assert bounded["rate"].isna().all()
    # 129 releases of 152,399 in Renca are the last rate of the table.
    assert (bounded["releases_high"] == bounded["population"] * 129 // 152_399).all()


def test_table_1_is_reproduced_with_official_and_printed_values_side_by_side(study: geo.Result) -> None:
    areas = study.areas[study.areas["rank_published"].notna()].sort_values("rank_published")
    assert areas["rank_published"].tolist() == list(range(1, 33))
    off = areas[areas["rate"].round() != areas["rate_published"]]
    assert off[["area_name", "rate_published"]].values.tolist() == [["Quillota", 92], ["La Serena", 90]]
    assert off["rate"].round(1).tolist() == [90.8, 88.7]
    differ = areas[areas["population"] != areas["population_published"]]
    assert differ["area_name"].tolist() == ["Quillota", "La Serena"]


def test_ranks_follow_the_official_rates_and_stop_where_they_are_not_settled(study: geo.Result) -> None:
    rank = study.areas.set_index("area_name")["rank"]
    assert (rank["Valparaíso"], rank["Arica"], rank["Coquimbo"], rank["Valdivia"]) == (1, 4, 12, 13)
    assert rank["Renca"] == 33
    assert rank[["Recoleta", "San Ramón"]].isna().all()
    assert rank.notna().sum() == 33


def test_the_headline_numbers_of_the_study(study: geo.Result) -> None:
    chance, size = study.tests.join_count, study.tests.join_count_stratified
    assert chance is not None
    assert size is not None
    assert (chance.observed, chance.n_high, round(chance.expected, 2)) == (14, 33, 7.71)
    assert round(chance.p_value, 3) == 0.025
    assert chance.p_two_sided < 0.05
    assert (size.observed, round(size.p_value, 1)) == (14, 0.5)
    assert study.tests.method == "local_join_count"
    assert study.tests.moran_rate is None
    assert set(study.areas["cluster"]) == {"not significant", "undefined"}
    assert study.clusters.empty


def test_every_size_of_the_highest_set_is_tried_under_both_nulls(study: geo.Result) -> None:
    table = study.tests.by_size
    assert table["size"].tolist() == [10, 15, 20, 25, 30, 35] * 2
    assert table["null"].tolist() == ["exchangeable"] * 6 + ["stratified"] * 6
    assert (table["expected"].iloc[6:].to_numpy() > table["expected"].iloc[:6].to_numpy()).all()


def test_nine_groups_hold_twenty_three_communes(study: geo.Result) -> None:
    areas = study.areas
    assert areas["listed"].sum() == 33
    assert (len(study.groups), areas["group_id"].notna().sum()) == (9, 23)
    members = [set(m.split(", ")) for m in study.groups["members"]]
    for group in (
        {"Quillota", "Calera", "Limache", "Quintero"},
        {"San Antonio", "Cartagena"},
        {"Los Andes", "San Felipe"},
        {"Iquique", "Alto Hospicio", "Tocopilla"},
    ):
        assert group in members or any(group < m for m in members), group
    assert study.groups["n_members"].sum() == 23


def test_support_stands_beside_the_32_of_table_2(study: geo.Result) -> None:
    web, phone = study.areas["web_support"].dropna(), study.areas["phone_support"].dropna()
    assert (len(web), (web == "yes").sum(), (phone == "yes").sum(), (phone == "no answer").sum()) == (
        32,
        2,
        6,
        6,
    )


def test_complete_counts_give_the_reference_clusters(full: geo.Result) -> None:
    tests = full.tests
    assert tests.method == "local_moran_rate"
    assert tests.moran_rate is not None
    assert tests.moran_crude is not None
    assert (tests.moran_rate.n, round(tests.moran_rate.statistic, 3)) == (341, 0.396)
    assert round(tests.moran_crude.statistic, 3) == 0.397
    counts = full.areas["cluster"].value_counts()
    assert counts[["High-High", "Low-Low", "Low-High"]].tolist() == [9, 1, 1]
    assert full.clusters["n_members"].sum() == 11
    assert full.areas["rate_eb"].notna().all()
    assert full.clusters["releases"].notna().all()


def test_islands_are_undefined_and_say_so(full: geo.Result) -> None:
    alone = full.areas[full.areas["neighbors"] == 0]
    assert len(alone) == 5
    assert (alone["cluster"] == "undefined").all()
    assert (alone["cluster_note"] == "no_neighbor").all()
    assert alone[["cluster_p", "cluster_q", "gi_z", "gi_p"]].isna().all(axis=None)


def test_official_polygons_change_the_drawing_and_no_number(full: geo.Result, reference: Path) -> None:
    official = geo.run("dmcs-2016", boundaries=reference / "boundaries" / INE)
    assert not official.schematic
    assert full.schematic
    pd.testing.assert_frame_equal(
        pd.DataFrame(official.areas.drop(columns="geometry")),
        pd.DataFrame(full.areas.drop(columns="geometry")),
    )
    assert official.tests.moran_rate == full.tests.moran_rate


def test_the_printed_table_itself_gives_the_same_rates(study: geo.Result, reference: Path) -> None:
    path = reference / "tables" / "published_table1.csv"
    again = geo.run(path, coverage="highest", boundaries="schematic", permutations=99)
    assert again.accounting.rows_placed == 32
    assert round(again.areas.loc["05101", "rate"], 2) == 202.55
    known = again.areas["status"] == "published"
    pd.testing.assert_series_equal(again.areas.loc[known, "rate"], study.areas.loc[known, "rate"])


def test_a_short_table_is_not_taken_for_the_whole_country(reference: Path) -> None:
    path = reference / "tables" / "published_table1.csv"
    result = geo.run(path, boundaries="schematic", permutations=99)
    assert result.areas["status"].value_counts().to_dict() == {"missing": 314, "published": 32}
    assert result.tests.method == "none"
    assert result.tests.join_count is None
    assert not result.areas["listed"].any()
    assert any("--coverage highest" in line for line in result.summary("en"))


def test_one_region_keeps_the_bounds_of_the_whole_table(study: geo.Result) -> None:
    part = geo.run("chile-2016", region="Valparaíso", boundaries="schematic", permutations=99)
    assert len(part.areas) == 38
    same = ["status", "releases_low", "releases_high", "rate", "rate_high"]
    pd.testing.assert_frame_equal(part.areas[same], study.areas.loc[part.areas.index, same])
    assert part.accounting.balanced
    assert set(part.unmatched["reason"]) == {"not on this map"}


@pytest.mark.once
def test_printed_and_later_populations(study: geo.Result) -> None:
    printed = geo.run("chile-2016", population="printed", boundaries="schematic", permutations=99)
    assert printed.areas.loc["05501", "rate"] == pytest.approx(91.848, abs=5e-4)
    later = geo.run("chile-2016", population="ine2017", boundaries="schematic", permutations=99)
    assert later.areas.loc["05101", "rate"] == pytest.approx(195.732, abs=5e-4)
    assert study.areas.loc["05501", "rate"] == pytest.approx(90.766, abs=5e-4)


def abroad(folder: Path) -> tuple[Path, Path]:
    """Another country: 6 by 6 areas with their own ids, and a table that matches all but one row."""
    rng = np.random.default_rng(4)
    ids = [f"A{i:02d}" for i in range(36)]
    squares = [box(i % 6, i // 6, i % 6 + 1, i // 6 + 1) for i in range(36)]
    layer = folder / "areas.geojson"
    gpd.GeoDataFrame({"GID": ids, "NAME": [f"Area {i}" for i in ids]}, geometry=squares, crs=4326).to_file(
        layer
    )
    risk = np.array([0.004 if i % 6 < 3 else 0.001 for i in range(36)])
    table = pd.DataFrame({"code": ids, "releases": rng.poisson(10_000 * risk), "population": 10_000})
    table.loc[36] = ["Z99", 7, 10_000]
    table.to_csv(folder / "table.csv", index=False)
    return layer, folder / "table.csv"


def test_another_country_never_meets_the_chilean_register(tmp_path: Path) -> None:
    layer, table = abroad(tmp_path)
    result = geo.run(table, boundaries=layer, id_field="GID", permutations=9_999)
    assert {"cut", "region", "commune"}.isdisjoint(result.areas.columns)
    assert result.areas["population_source"].unique().tolist() == ["printed"]
    assert result.unmatched[["name", "low", "reason"]].values.tolist() == [["Z99", 7, "no such area"]]
    assert result.accounting.releases_read == result.accounting.releases_placed + 7
    assert result.areas.loc["A07", "cluster"] == "High-High"
    assert result.areas.loc["A28", "cluster"] == "Low-Low"
    written = result.write(tmp_path / "out", lang="es")
    assert pyogrio.read_info(written["geopackage"], layer="communes")["fields"][:2].tolist() == [
        "area_id",
        "area_name",
    ]
    assert any("áreas" in line for line in result.summary("es"))


def test_a_population_file_of_ones_own(tmp_path: Path) -> None:
    layer, table = abroad(tmp_path)
    people = tmp_path / "people.csv"
    frame = pd.read_csv(table)[["code"]].assign(population=20_000)
    frame.to_csv(people, index=False)
    half = geo.run(table, boundaries=layer, id_field="GID", population=people, permutations=99)
    whole = geo.run(table, boundaries=layer, id_field="GID", permutations=99)
    assert np.allclose(half.areas["rate"] * 2, whole.areas["rate"])
    assert {entry["role"] for entry in half.inputs} == {"table", "boundaries", "population"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "nada"}, "a shipped study .*received 'nada'"),
        ({"year": 2030}, "chile-2016 is about 2016; received year 2030"),
        ({"region": "Atlantis"}, "names one region; received 'Atlantis'"),
        ({"region": "Los"}, "name one of: Los Lagos; Los Ríos"),
        ({"population": "nada.csv"}, "--population is ine2002, ine2017, printed or a table file"),
        ({"boundaries": "nada.gpkg"}, "nada.gpkg: no such file"),
        ({"source": "dmcs-2016", "population": "printed"}, "rates need inhabitants"),
        ({"source": "dmcs-2016", "year": 2001}, "rows of 2001 are wanted"),
    ],
)
def test_inputs_that_cannot_be_used_say_what_to_do(options: dict[str, object], message: str) -> None:
    with pytest.raises(geo.InputError, match=message):
        geo.run(**({"source": "chile-2016", "boundaries": "schematic"} | options))  # type: ignore[arg-type]


def test_the_result_is_frozen_and_the_run_repeats(study: geo.Result) -> None:
    with pytest.raises(FrozenInstanceError):
        study.title = {}  # type: ignore[misc]
    how = {"boundaries": "schematic", "region": "13", "permutations": 999, "imputations": 2}
    one, again = (geo.run("chile-2016", **how) for _ in range(2))  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(pd.DataFrame(again.areas), pd.DataFrame(one.areas))
    assert again.tests.join_count == one.tests.join_count
    other = geo.run("chile-2016", **how, rng=1)  # type: ignore[arg-type]
    assert other.tests.join_count != one.tests.join_count


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder and of those within."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_two_writes_give_the_same_bytes(study: geo.Result, written: Written, tmp_path: Path) -> None:
    first, second = written("es"), study.write(tmp_path / "again", lang="es")
    assert {k: p.read_bytes() for k, p in first.items()} == {k: p.read_bytes() for k, p in second.items()}


@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_existing_output_stays_unless_told_otherwise(few: geo.Result, tmp_path: Path) -> None:
    few.write(tmp_path)
    before = contents(tmp_path)
    with pytest.raises(geo.OutputError, match="never overwritten unasked"):
        few.write(tmp_path, lang="es")
    assert contents(tmp_path) == before
    few.write(tmp_path, lang="es", overwrite=True)
    assert (tmp_path / f"{few.slug}-map.html").read_bytes() != before[f"{few.slug}-map.html"]


@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_a_write_that_fails_leaves_nothing_behind(
    few: geo.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("geo.outputs.writing.write_manifest", fail)
    with pytest.raises(RuntimeError):
        few.write(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_says_how_to_repeat_the_run(written: Written) -> None:
    manifest = json.loads(written("en")["manifest"].read_text("utf-8"))
    roles = [entry["role"] for entry in manifest["inputs"]]
    assert roles == ["table", "boundaries", "population", "inventory"]
    assert all(len(entry["sha256"]) == 64 for entry in manifest["inputs"])
    assert (manifest["parameters"]["seed"], manifest["parameters"]["permutations"]) == (0, 99_999)
    assert manifest["accounting"]["balanced"] is True
    assert {"retorno", "numpy", "geopandas", "GDAL", "GEOS", "python"} <= manifest["versions"].keys()
    assert len(manifest["tests"]["by_size"]) == 12


@pytest.mark.once
def test_the_map_and_the_geopackage_say_schematic_or_not(
    written: Written, official: geo.Result, few: geo.Result, tmp_path: Path
) -> None:
    drawn = written("en")
    assert '"schematic":true' in drawn["map"].read_text("utf-8").replace('": ', '":')
    parameters = pyogrio.read_dataframe(drawn["geopackage"], layer="parameters").set_index("name")["value"]
    assert (parameters["schematic"], parameters["boundaries"]) == ("True", "schematic")
    measured = few.write(tmp_path)
    assert '"schematic":false' in measured["map"].read_text("utf-8").replace('": ', '":')
    parameters = pyogrio.read_dataframe(measured["geopackage"], layer="parameters").set_index("name")["value"]
    assert (parameters["schematic"], parameters["polygons_repaired"]) == ("False", "0")
    assert (official.schematic, official.parameters["polygons_repaired"]) == (False, 2)


SENTENCES = {
    # one-sided p of the first and of the second null: what must be said, and what must not
    "en": {
        (0.02, 0.5): ("but not demonstrably more", "and more than communes"),
        (0.02, 0.02): ("and more than communes of similar population do", "no evidence"),
        (0.2, 0.5): ("cannot be told from chance", "more than expected"),
        (0.2, 0.02): ("though no more than chance explains among all", "no evidence"),
    },
    "es": {
        (0.02, 0.5): ("pero no se ha visto que más", "y también más"),
        (0.02, 0.02): ("y también más que otras comunas", "no aporta evidencia"),
        (0.2, 0.5): ("no se distingue del azar", "más de lo esperado"),
        (0.2, 0.02): ("aunque no más de lo que el azar explica", "no aporta evidencia"),
    },
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("p", list(SENTENCES["en"]))
def test_the_join_sentence_is_no_stronger_than_both_tests(
    study: geo.Result, p: tuple[float, float], lang: Lang
) -> None:
    chance, size = study.tests.join_count, study.tests.join_count_stratified
    assert chance is not None
    assert size is not None
    tests = replace(
        study.tests,
        join_count=replace(chance, p_value=p[0]),
        join_count_stratified=replace(size, p_value=p[1]),
    )
    said = " ".join(headline(replace(study, tests=tests), lang))
    must, must_not = SENTENCES[lang][p]
    assert must in said
    assert must_not not in said.split("(33")[0]
    # Both expectations stand beside the sentence, whatever it says.
    assert ("7.7" if lang == "en" else "7,7") in said
    assert ("13.9" if lang == "en" else "13,9") in said


def test_without_populations_nothing_is_said_of_size(study: geo.Result) -> None:
    printed = geo.run("chile-2016", population="printed", boundaries="schematic", permutations=999)
    assert printed.tests.join_count is not None
    assert printed.tests.join_count_stratified is None
    said = " ".join(headline(printed, "en"))
    assert "not compared with communes of similar population" in said
    assert "demonstrably" not in said


def test_what_twice_the_inhabitants_go_with_is_told_where_areas_differ_so_much(full: geo.Result) -> None:
    assert any("twice as many inhabitants" in line for line in full.summary("en"))
    alike = pd.Series(range(5000, 5000 + len(full.areas)), index=full.areas.index, dtype="Int64")
    narrow = replace(full, areas=full.areas.assign(population=alike))
    assert not any("twice as many inhabitants" in line for line in narrow.summary("en"))


def test_a_p_value_at_the_level_itself_is_significant(study: geo.Result, full: geo.Result) -> None:
    """A test of level alpha rejects where p <= alpha, and 1 of 20 arrangements is a p of 0.05."""
    chance, size = study.tests.join_count, study.tests.join_count_stratified
    assert chance is not None
    assert size is not None
    assert study.tests.alpha == 0.05

    def joins(first: float, second: float) -> str:
        both = {
            "join_count": replace(chance, p_value=first),
            "join_count_stratified": replace(size, p_value=second),
        }
        return headline(replace(study, tests=replace(study.tests, **both)), "en")[0]

    assert joins(0.05, 0.05) == joins(0.02, 0.02) != joins(0.05001, 0.05) == joins(0.2, 0.02)
    assert joins(0.05, 0.05001) == joins(0.02, 0.5)
    moran = full.tests.moran_rate
    assert moran is not None

    def alike(p: float) -> str:
        return headline(replace(full, tests=replace(full.tests, moran_rate=replace(moran, p_value=p))), "en")[
            0
        ]

    assert "no evidence" in alike(0.05001)
    assert "no evidence" not in alike(0.05)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_moran_sentence_follows_sign_and_significance(full: geo.Result, lang: Lang) -> None:
    moran = full.tests.moran_rate
    assert moran is not None
    unlike = replace(full.tests, moran_rate=replace(moran, statistic=-0.4))
    none = replace(full.tests, moran_rate=replace(moran, p_value=0.4))
    said = [headline(replace(full, tests=tests), lang)[0] for tests in (full.tests, unlike, none)]
    assert [any(w in s for w in ("similar", "parecidas")) for s in said] == [True, False, True]
    assert any(w in said[1] for w in ("unlike", "distintas"))
    assert any(w in said[2] for w in ("no evidence", "No hay evidencia"))


@pytest.mark.parametrize("region", ["08", "11", "12", "15"])
def test_regions_with_no_or_one_listed_commune_run_and_claim_nothing(region: str) -> None:
    part = geo.run("chile-2016", region=region, boundaries="schematic", permutations=99)
    assert part.areas["listed"].sum() == (1 if region == "15" else 0)
    assert part.tests.join_count is None
    assert part.accounting.balanced
    said = " ".join(part.summary("en"))
    assert "more than" not in said
    assert "--coverage" not in said


def test_equal_rates_have_no_highest_and_no_finding(tmp_path: Path) -> None:
    """Ties broken by the order of the codes, which is geographic, once made 35 equal rates a cluster."""
    names = commune_register()["commune"]
    table = tmp_path / "equal.csv"
    lines = [f"{name};7;1000" for name in names]
    table.write_text("Comuna;Egresos 2016;Población\n" + "\n".join(lines), encoding="utf-8")
    result = geo.run(table, population="printed", boundaries="schematic", permutations=99)
    assert not result.areas["listed"].any()
    assert result.tests.join_count is None
    assert "all rates are equal" in " ".join(result.summary("en"))
    assert "80 %" not in " ".join(result.summary("en"))


@pytest.mark.once
def test_a_run_of_another_year_says_so_in_its_title() -> None:
    other = geo.run("dmcs-2016", year=2015, boundaries="schematic", permutations=99)
    assert all("2015" in title and "2016" not in title for title in other.title.values())
    assert other.accounting.releases_placed == 595_682


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_is_about_a_dozen_lines(study: geo.Result, full: geo.Result, lang: str) -> None:
    for result in (study, full):
        lines = result.summary(lang)
        assert 8 <= len(lines) <= 14
        assert not any("{" in line or "}" in line for line in lines)


@pytest.mark.once
def test_rows_apart_are_named_wherever_a_person_may_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Comuna;Egresos 2016\nArica;12\nQuilota;7\nTotal;19\n", encoding="utf-8")
    people = tmp_path / "p.csv"
    people.write_text("Comuna;Población\nArica;240000\nSpringfield;9\n", encoding="utf-8")
    result = geo.run(table, population=people, boundaries="schematic", permutations=99)
    written = result.write(tmp_path / "out", lang="es")
    summary = "\n".join(result.summary("es"))
    assert "t.csv, fila 3: Quilota (esa área no existe); ¿Quillota" in summary
    assert "p.csv (población), fila 3: Springfield" in summary
    assert "Sin población conocida: " in summary
    rows = json.loads(written["manifest"].read_text("utf-8"))["rows_apart"]
    assert [(r["source"], r["row"], r["name"]) for r in rows] == [
        ("t.csv", 3, "Quilota"),
        ("t.csv", 4, "Total"),
        ("p.csv", 3, "Springfield"),
    ]
    report = pyogrio.read_dataframe(written["geopackage"], layer="join_report")
    assert report["name"].tolist() == ["Quilota", "Total", "Springfield"]
    sheets = pd.read_excel(written["xlsx"], sheet_name=None, engine="calamine", dtype=str)
    assert list(sheets) == ["Comunas", "Parámetros y fuentes", "Cuenta de filas", "Diccionario de datos"]
    assert "Quilota" in sheets["Cuenta de filas"].to_string()


def test_the_licence_says_of_what_it_is_and_its_absence_too(study: geo.Result) -> None:
    assert about_result(study).licence["en"] == "Boundaries: BSD-3-Clause."
    mine = replace(study.boundaries, source="mine.gpkg", schematic=False)
    other = replace(study, boundaries=mine)
    assert about_result(other).licence["es"] == "Límites: mine.gpkg no declara licencia."


def test_the_gap_stands_in_the_tables_as_in_the_geopackage(written: Written) -> None:
    files = written("en")
    layer = pyogrio.read_dataframe(files["geopackage"], layer="support_gaps", read_geometry=False)
    table = pd.read_csv(files["support"], dtype={"area_id": str, "cut": str})
    assert list(table.columns) == list(layer.columns)
    assert table["area_id"].tolist() == layer["area_id"].tolist()
    np.testing.assert_array_equal(table["unmet_high"], layer["unmet_high"].astype(float))
    sheet = pd.read_excel(files["xlsx"], sheet_name=1, engine="calamine")
    assert (len(sheet), len(sheet.columns)) == (346, len(layer.columns))
    # 19 municipalities said no: the study's table 2 against its table 1.
    assert sheet["Unmet, lowest"].sum() == 2953


def test_findings_and_sources_travel_with_the_data(study: geo.Result, written: Written) -> None:
    parameters = pyogrio.read_dataframe(written("en")["geopackage"], layer="parameters")
    findings = parameters.loc[parameters["name"] == "finding", "en"].tolist()
    assert findings == headline(study, "en")
    assert any("Arica" in s and "gap" in s for s in parameters.loc[parameters["name"] == "source", "en"])


@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_a_folder_in_the_way_leaves_every_earlier_file_as_it_was(few: geo.Result, tmp_path: Path) -> None:
    few.write(tmp_path, lang="en")
    table = f"{few.slug}-communes.csv"
    before = {name: content for name, content in contents(tmp_path).items() if name != table}
    (tmp_path / table).unlink()
    (tmp_path / table).mkdir()
    with pytest.raises(geo.OutputError, match="outputs are files"):
        few.write(tmp_path, lang="es", overwrite=True)
    assert contents(tmp_path) == before


@pytest.mark.once
def test_a_file_where_figures_go_is_named(few: geo.Result, tmp_path: Path) -> None:
    (tmp_path / f"{few.slug}-figures").write_text("mine")
    with pytest.raises(geo.OutputError, match="figures stand in a folder of their own") as refused:
        few.write(tmp_path, overwrite=True)
    assert f"{few.slug}-figures" in refused.value.received
    assert list(tmp_path.iterdir()) == [tmp_path / f"{few.slug}-figures"]


@pytest.mark.once
@pytest.mark.usefixtures("undrawn")
def test_a_move_that_fails_half_way_puts_the_earlier_files_back(
    few: geo.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few.write(tmp_path, lang="en")
    before = contents(tmp_path)
    replace_file = Path.replace

    def stubborn(self: Path, target: Path) -> Path:
        if self.name == f"{few.slug}-communes.xlsx" and Path(target).parent == tmp_path:
            raise PermissionError(13, "in use", str(target))
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", stubborn)
    with pytest.raises(geo.OutputError, match="the earlier files are as they were"):
        few.write(tmp_path, lang="es", overwrite=True)
    monkeypatch.undo()
    assert contents(tmp_path) == before


@pytest.mark.once
def test_a_table_of_two_vintages_is_placed_and_said_to_be(study: geo.Result, tmp_path: Path) -> None:
    table = tmp_path / "mixed.csv"
    table.write_text("CUT;Egresos 2016\n08401;5\n16102;6\n05101;7\n", encoding="utf-8")
    result = geo.run(table, boundaries="schematic", permutations=99)
    assert result.areas["releases"].dropna().to_dict() == {"05101": 7, "16101": 5, "16102": 6}
    assert "08401 + 16102" in "\n".join(result.summary("en"))
    assert study.parameters["codes_mixed"] is None


def test_every_area_of_a_cluster_bears_its_number(full: geo.Result) -> None:
    """A cluster's members are the areas of its number: they share its label and adjoin each other."""
    areas = full.areas
    numbered = areas.dropna(subset="cluster_id")
    assert set(numbered["cluster"]) == {"High-High", "Low-Low", "Low-High"}
    assert (
        not areas.loc[areas["cluster_id"].isna(), "cluster"].isin(["High-High", "Low-Low", "Low-High"]).any()
    )
    for _, cluster in full.clusters.iterrows():
        members = numbered[numbered["cluster_id"].eq(cluster["cluster_id"])]
        assert set(members["area_name"]) == set(cluster["members"].split(", "))
        assert set(members["cluster"]) == {cluster["cluster"]}
        reached, left = {members.index[0]}, set(members.index)
        for _ in left:
            reached |= {b for pair in full.pairs for a, b in (pair, pair[::-1]) if a in reached and b in left}
        assert reached == left
