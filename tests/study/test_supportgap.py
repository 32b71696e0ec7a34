"""Demand against support, from a run and an inventory to what a planner reads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import geo
from geo.cli import main
from geo.errors import InputError, OutputError
from geo.model.measure import Measure
from geo.outputs.sheets import write_gap
from geo.text.labels import columns
from geo.text.supportlines import gap_lines


@pytest.fixture(scope="module")
def found(study: geo.Result) -> geo.SupportGap:
    return geo.support_gap(study)


def test_the_study_has_19_communes_that_deny_support_and_no_capacity_at_all(found: geo.SupportGap) -> None:
    asked = found.areas[found.areas["support_status"].ne("not asked")]
    assert asked["support_status"].value_counts().to_dict() == {
        "no": 19,
        "yes": 7,
        "no answer": 5,
        "contested": 1,
    }
    assert asked.loc[asked["support_status"].eq("contested"), "area_name"].tolist() == ["La Pintana"]
    assert asked.loc[asked["support_status"].eq("yes"), "capacity"].isna().all()
    denied = asked[asked["support_status"].eq("no")]
    assert denied["unmet"].eq(denied["releases"]).all()
    # Added up by hand on the printed tables.
    assert denied["unmet"].sum() == 2_953


def test_counts_known_within_bounds_give_gaps_within_bounds(found: geo.SupportGap) -> None:
    arica = found.areas.loc["15101"]
    assert (arica["releases_low"], arica["releases_high"]) == (392, 394)
    assert (arica["unmet_low"], arica["unmet_high"]) == (0, 394)
    assert pd.isna(arica["unmet"])
    bounded = found.areas[found.areas["support_status"].eq("not asked")]
    assert bounded["unmet_low"].eq(0).all()
    assert bounded["unmet_high"].eq(bounded["releases_high"]).all()


def test_what_is_not_asked_is_unknown_and_not_zero(found: geo.SupportGap) -> None:
    total = found.total.iloc[0]
    assert (total["n_areas"], total["n_support"], total["n_without"], total["n_open"]) == (346, 7, 19, 327)
    assert pd.isna(total["capacity_high"])
    assert (total["unmet_low"], total["unmet_high"]) == (2_953, total["releases_high"])


def test_regions_and_groups_add_up_to_what_lies_in_them(found: geo.SupportGap) -> None:
    whole = found.total.iloc[0]
    for name in ("n_areas", "n_support", "n_without", "n_open", "unmet_low", "unmet_high", "releases_high"):
        assert found.regions[name].sum() == whole[name], name
    grouped = found.areas[found.areas["group_id"].notna()]
    assert found.groups["n_areas"].sum() == len(grouped) == 23
    assert found.groups["unmet_low"].sum() == grouped["unmet_low"].sum()
    assert found.clusters.empty


def test_clusters_have_the_numbers_of_their_layer(full: geo.Result, tmp_path: Path) -> None:
    path = tmp_path / "apoyo.csv"
    path.write_text("Comuna;Respuesta\nSantiago;no\n", encoding="utf-8")
    gap = geo.support_gap(replace(full, measure=Measure()), path)
    layer = full.clusters.set_index("cluster_id")
    assert gap.clusters.index.tolist() == layer.index.tolist()
    assert gap.clusters["n_areas"].tolist() == layer["n_members"].tolist()
    assert gap.clusters["releases"].tolist() == layer["releases"].tolist()


def test_only_quillota_serves_a_need_for_certain(found: geo.SupportGap) -> None:
    served = found.needs.eq("served")
    assert served.sum().sum() == 1
    assert served.loc["05501", "education_employment"]
    assert found.needs.loc["13112"].eq("unknown").all()
    denied = found.needs_by_region.loc[("all", "housing", "no programme")]
    assert denied.tolist() == [19, 2_953, 2_953]


def test_the_order_names_its_weights_and_can_be_weighed_again(
    study: geo.Result, found: geo.SupportGap
) -> None:
    assert found.ranking.weights == dict.fromkeys(("count", "rate", "place", "no_support"), 0.25)
    assert len(found.ranking.areas) == 35
    assert found.areas.loc[found.ranking.areas.index[:3], "area_name"].tolist() == [
        *("Iquique", "Alto Hospicio", "Coquimbo")
    ]
    by_count = geo.support_gap(study, weights={"count": 1}, top=1)
    assert by_count.areas.loc[by_count.ranking.areas.index[0], "area_name"] == "Valparaíso"
    assert by_count.ranking.areas["rank_best"].iloc[0] == by_count.ranking.areas["rank_worst"].iloc[0] == 1
    everyone = geo.support_gap(study, among="all", draws=200)
    assert len(everyone.ranking.areas) == 346
    spread = everyone.ranking.areas["rank_worst"] - everyone.ranking.areas["rank_best"]
    assert spread.median() > 100  # nearly nothing is known of most


def test_the_first_three_hold_under_nearly_all_weightings_and_valparaiso_does_not(
    found: geo.SupportGap,
) -> None:
    first = found.ranking.areas
    assert first.loc[["01101", "01107", "04102"], "top_sure"].gt(0.99).all()
    assert 0.58 < first.loc["05101", "top_sure"] < first.loc["05101", "top_possible"] < 0.65


def test_people_returning_are_asked_for_and_an_inventory(
    study: geo.Result, full: geo.Result, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="'some'"):
        geo.support_gap(study, among="some")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="people returning"):
        geo.support_gap(full)
    table = tmp_path / "egresos.csv"
    table.write_text("Comuna;Egresos;Población\nArica;12;1000\nIquique;5;1000\n", encoding="utf-8")
    own = geo.run(table, boundaries="schematic", population="printed", year=2016, permutations=99)
    with pytest.raises(InputError, match="--inventory FILE"):
        geo.support_gap(own)
    path = tmp_path / "apoyo.csv"
    path.write_text("Comuna;Canal;Respuesta;Cupos\nArica;visita;sí;4\nNada;web;no;\n", encoding="utf-8")
    gap = geo.support_gap(own, path)
    assert gap.areas.loc["15101", ["capacity", "unmet"]].tolist() == [4, 8]
    assert gap.left_out[["row", "reason"]].values.tolist() == [[3, "no such area"]]


def test_every_column_of_the_table_has_its_alias_and_description(found: geo.SupportGap) -> None:
    table = found.table()
    assert len(table) == 346
    assert set(table) <= set(columns())
    assert not [name for name in {*found.regions, *found.groups} if name not in columns()]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_table_is_written_for_programs_and_people(
    found: geo.SupportGap, lang: str, tmp_path: Path
) -> None:
    written = write_gap(found, tmp_path / "gap.csv")
    table = pd.read_csv(written["csv"], dtype={"area_id": str}).set_index("area_id")
    assert table.loc["01101", ["unmet", "support_status", "need_housing"]].tolist() == [
        365,
        "no",
        "no programme",
    ]
    people = pd.read_excel(write_gap(found, tmp_path / "gap.xlsx", lang=lang)["xlsx"], engine="calamine")  # type: ignore[arg-type]
    named = {
        "es": ("Sin cupo", "Necesidad: vivienda", "sin programa, según respondió"),
        "en": ("Unmet", "Need: housing", "no programme, as answered"),
    }
    unmet, need, word = named[lang]
    iquique = people[people.iloc[:, 1].eq("Iquique")].iloc[0]
    assert (iquique[unmet], iquique[need]) == (365, word)
    with pytest.raises(OutputError, match=r"\.csv or \.xlsx"):
        write_gap(found, tmp_path / "gap.ods")
    with pytest.raises(OutputError, match="--overwrite"):
        write_gap(found, tmp_path / "gap.csv")


def test_the_lines_say_where_how_sure_and_what_is_missing(found: geo.SupportGap) -> None:
    said = "\n".join(gap_lines(found, "es", by="region"))
    for part in (
        "Por web: 2 de 32 con apoyo (6 %)",
        "Por teléfono: 6 de 32 con apoyo (19 %); sin respuesta: 6",
        "alguna de estas vías: 7 de 32",
        "LA PINTANA tiene apoyo según una fuente y no lo tiene según otra",
        "En 327 de 346 áreas no se conoce: desconocida no es cero.",
        "sin cupo en el apoyo que consta: entre 2.953 y 16.755, si la lista de tasas más altas está completa",
        "personas que regresan 25 %, tasa 25 %",
        "semilla 0",
        "Tarapacá",
    ):
        assert part in said
    english = gap_lines(found, "en")
    unmet = "in the support on record: 2,953 to 16,755, if the list of highest rates is complete"
    assert any(unmet in line for line in english)
    assert len(english) < len(said.splitlines())


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inventory = tmp_path / "apoyo.csv"
    lines = [
        "Comuna;Canal;Respuesta;Cupos",
        "Iquique;visita;sí;100-120",
        "Renca;visita;sí;..",
        "Quilota;web;sí;",
    ]
    inventory.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "gap.csv"
    command = ["support", "--boundaries", "schematic", "--inventory", str(inventory), "--lang", "en"]
    weights = ["--weight", "count=3", "--weight", "no_support=1"]
    assert main([*command, *weights, "--top", "3", "--by", "group", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "people returning 75 %" in said
    assert "Nearest names: Quillota" in said
    assert "rows: 3 = 2 in the inventory + 1 set aside" in said
    table = pd.read_csv(out, dtype={"area_id": str}).set_index("area_id")
    assert table.loc["01101", ["unmet_low", "unmet_high"]].tolist() == [245, 265]
    command += ["--region", "01"]
    assert main([*command, "--out", str(out)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    named = ["--inventory-column", "capacity=Canal"]
    assert main([*command, *named]) == 1
    assert "row 2: 'visita'" in capsys.readouterr().err
    assert main([*command, "--weight", "luck=1"]) == 1
    assert "luck=1" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong",
    [
        ["--weight", "count"],
        ["--inventory-column", "x"],
        ["--top", "-1"],
        ["--seed", "x"],
        ["--by", "street"],
    ],
)
def test_wrong_usage_of_the_command_exits_with_two(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["support", *wrong])
    assert stopped.value.code == 2
