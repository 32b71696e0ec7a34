"""The report on support, concentration and association: what it says, and what it does not."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

import geo
from geo.outputs.report import spread
from geo.outputs.report import supportsection as demand
from geo.outputs.report.reportpage import write_report
from geo.register.communes import commune_register
from geo.text.labels import LANGUAGES, Lang


def section(page: Path, name: str, lang: str = "en") -> str:
    """Text of one section in one language, cells divided by bars; empty where it is not there."""
    source = page.read_text("utf-8").split(f'<section id="{name}"')
    if len(source) == 1:
        return ""
    part = source[1].split("</section>")[0]
    other = "es" if lang == "en" else "en"
    part = re.sub(rf'<span lang="{other}">.*?</span>', "", re.sub(r"<svg.*?</svg>", "", part, flags=re.S))
    part = re.sub(r"</t[dh]>", "|", part)
    return html.unescape(re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", part)))


@pytest.fixture(scope="module")
def page(study: geo.Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(study, tmp_path_factory.mktemp("gap") / "report.html", lang="es")


@pytest.fixture(scope="module")
def plan(study: geo.Result) -> list[str]:
    """Answers to a planner's three questions."""
    assert study.gap is not None
    answers = (demand.where_lines, demand.sure_lines, demand.missing_lines)
    return [line for answer in answers for line in answer(study, study.gap, "en")]


def test_a_planner_reads_where_how_sure_and_what_is_missing_on_one_page(page: Path, plan: list[str]) -> None:
    said = section(page, "plan")
    for question in ("Where?", "How sure is it?", "What is missing there?"):
        assert question in said
    for line in plan:
        assert line in said
    assert len(plan) <= 12


def test_where_names_the_order_with_its_weights_and_the_largest_gaps(plan: list[str]) -> None:
    assert "among 35 communes of printed or derived count: Iquique, Alto Hospicio, Coquimbo" in plan[0]
    assert "people returning 25 %, rate 25 %, cluster or group 25 %, no support 25 %" in plan[0]
    # Of the municipalities that deny support, those of most releases in the study's table 1.
    assert plan[1].endswith("going by the answers: Iquique (365), Viña del Mar (324), Coquimbo (277).")


def test_how_sure_says_what_holds_under_other_weights_and_the_bounds(plan: list[str]) -> None:
    assert any(
        "at least 95 % of 10,000 weightings: Iquique, Alto Hospicio, Coquimbo" in line for line in plan
    )
    assert "Of 346 communes, the exact count is known in 33, and how many places there are in 19" in " ".join(
        plan
    )
    assert any(
        "without a place" in line and "2,953 to 16,755, if the list of highest rates is complete" in line
        for line in plan
    )


def test_what_is_missing_names_whom_to_ask(plan: list[str]) -> None:
    assert any("To be asked" in line and "La Pintana" in line and "Antofagasta" in line for line in plan)
    assert any("how many places the support there has (7): Valparaíso" in line for line in plan)


def test_the_answers_are_accounted_for(page: Path) -> None:
    said = section(page, "support")
    assert "rows: 66 = 66 in the inventory + 0 set aside; areas: 32" in said
    assert "By telephone: 6 of 32 with support (19 %); no answer: 6" in said
    assert "LA PINTANA has support according to one source and none according to another" in said


def test_tables_bound_what_is_open_and_say_unknown_not_zero(page: Path, study: geo.Result) -> None:
    said = section(page, "support")
    assert "Valparaíso|Valparaíso|there is support|599|unknown|0 to 599|" in said
    assert "Iquique|Tarapacá|none, as answered|365|0|365|329–404|100 %|" in said
    assert "education and employment|1|0|19|326|Quillota|2,953|" in said
    assert study.gap is not None
    regions = demand.by_region(study, study.gap)
    assert regions is not None
    assert len(regions.rows) == 16
    groups = demand.by_group(study, study.gap)
    assert groups is not None
    assert len(groups.rows) == 9


def test_open_counts_get_bounds_and_complete_ones_a_value_beside_chance(
    page: Path, full: geo.Result, tmp_path: Path
) -> None:
    said = section(page, "lorenz")
    assert "Gini|0.088 to 0.783|" in said
    assert "p-values" not in said
    assert "cannot be settled" in said
    whole = section(write_report(full, tmp_path / "r.html"), "lorenz")
    assert "Gini|0.251|0.012|0.239|0.001|" in whole
    assert "cannot be settled" not in whole


def test_association_says_what_a_selected_sample_cannot_show(page: Path) -> None:
    said = section(page, "association")
    assert "Pearson|−0.06|32|0.73|" in said
    assert "that does not prove that there is no relation" in said
    assert "A selected sample" in said


def test_recidivism_is_context_with_its_criteria_and_no_forecast(page: Path) -> None:
    said = section(page, "recidivism")
    for figure in ("42 to 50|", "68.7|", "10.4|"):
        assert figure in said
    assert said.count("not stated") >= 4
    assert "nothing is computed or forecast" in said


def test_without_an_inventory_nothing_is_said_of_a_gap(full: geo.Result, tmp_path: Path) -> None:
    page = write_report(full, tmp_path / "r.html")
    assert [section(page, name) for name in ("plan", "association", "recidivism")] == ["", "", ""]
    assert "not people returning" in section(page, "support")


def report_on(folder: Path, counts: str, answers: str) -> tuple[geo.Result, Path]:
    (folder / "t.csv").write_text(f"Comuna;Egresos 2016\n{counts}", encoding="utf-8")
    (folder / "i.csv").write_text(f"Comuna;Canal;Respuesta;Necesidades;Cupos\n{answers}", encoding="utf-8")
    result = geo.run(folder / "t.csv", boundaries="schematic", permutations=99, inventory=folder / "i.csv")
    return result, write_report(result, folder / "r.html")


def test_one_commune_is_ranked_alone_and_no_one_is_said_to_lack_a_place(tmp_path: Path) -> None:
    _, page = report_on(tmp_path, "Arica;12\n", "Arica;teléfono;sí;vivienda;20-30\n")
    said = section(page, "plan")
    assert "of printed or derived count (1): Arica" in said
    assert "Of no commune do the answers allow to say" in said
    assert "weightings" not in said  # all are among the first where there are no more than that
    assert "Needs served there: housing" in said
    assert "To find out how many places" not in said


def test_where_no_count_is_known_no_order_is_given(tmp_path: Path) -> None:
    rows = "\n".join(f"{name};.." for name in commune_register()["commune"])
    result, page = report_on(tmp_path, rows, "Arica;teléfono;no;;\nIquique;visita;sí;;\n")
    assert "No commune can be put in an order of priority" in section(page, "plan")
    assert result.gap is not None
    assert demand.priority(result, result.gap) is None
    assert "People without a place in the support on record: unknown." in section(page, "support")


def test_long_lists_of_whom_to_ask_are_cut(tmp_path: Path) -> None:
    rows = "".join(f"{name};10\n" for name in commune_register()["commune"])
    _, page = report_on(tmp_path, rows, "Arica;visita;no;;\n")
    (line,) = re.findall(r"To be asked[^.]*\.", section(page, "plan"))
    assert "(345)" in line
    assert "333" in line


def test_the_report_has_the_zones_of_the_study_and_says_who_drew_them(study: geo.Result, page: Path) -> None:
    said = section(page, "lorenz", "es").split("Cociente de cada zona")[1]
    zones = ["Norte", "Valparaíso, costa", "Valparaíso, interior", "Metropolitana, poniente"]
    zones += ["Metropolitana, sur", "Metropolitana, resto", "O'Higgins", "Sur"]
    places = [said.index(f" {zone}|") for zone in zones]
    assert places == sorted(places)
    assert "no dice dónde termina cada una" in said
    # By hand: the least and the most of the counts that the north can have, over its share of people.
    areas = study.areas
    north = areas["cut"].str[:2].isin(["15", "01", "02", "03", "04"])
    low, high, people = (
        areas.loc[areas["population"].gt(0), name].astype(float)
        for name in ("releases_low", "releases_high", "population")
    )
    inside, outside = north.reindex(people.index), ~north.reindex(people.index)
    share = people[inside].sum() / people.sum()
    least, most = (
        one[inside].sum() / (one[inside].sum() + other[outside].sum()) / share
        for one, other in ((low, high), (high, low))
    )
    assert f"{least:.2f} a {most:.2f}".replace(".", ",") in said[places[0] : places[1]]


def test_rate_and_count_stand_beside_poverty(page: Path) -> None:
    said = section(page, "association")
    assert "Rate, count and income poverty (CASEN 2017), 32 areas" in said
    assert re.search(r"Rate\|Pearson\|−0\.06\|", said), said
    assert re.search(r"Count\|Pearson\|−0\.10\|", said), said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_keeps_a_brace_or_a_missing_number(study: geo.Result, page: Path, lang: Lang) -> None:
    for name in ("plan", "support", "lorenz", "association", "recidivism"):
        assert not re.search(r"[{}]|\bnan\b|<NA>|\bNone of type\b|−0[.,]0+\b", section(page, name, lang))
    assert len(spread.association_lines(study.correlations, lang)) == 6  # Lee's L of each at the end
