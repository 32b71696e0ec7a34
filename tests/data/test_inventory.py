"""A support inventory as offices write it: every row is read, or on a list, or an error that says where."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

import geo
from geo.assets import asset_text
from geo.data import answers
from geo.data.inventory import read_inventory
from geo.data.shipped import studies, support_inventory
from geo.errors import TableError
from geo.model.programmes import Inventory
from geo.support import needs as demand_needs
from geo.support import offer as demand_offer
from tests.properties import examples

VALUES = tomllib.loads(asset_text("maps", "labels.toml"))["values"]
VOCABULARIES = {
    "channel": answers.CHANNELS,
    "answer": answers.ANSWERS,
    "provider": answers.PROVIDERS,
    "coordination": answers.COORDINATION,
    "need": answers.NEEDS,
}


def inventory(folder: Path, *lines: str, **how: object) -> Inventory:
    path = folder / "apoyo.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_inventory(path, **how)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def shipped() -> Inventory:
    found = support_inventory(studies()["chile-2016"])
    assert found is not None
    return found


def test_the_study_found_support_at_2_of_32_on_the_web_and_6_by_telephone(shipped: Inventory) -> None:
    rows = shipped.rows
    by = {channel: rows[rows["channel"].eq(channel)] for channel in ("web", "telephone")}
    yes = {channel: set(part.loc[part["answer"].eq("yes"), "area_id"]) for channel, part in by.items()}
    assert {channel: len(part) for channel, part in by.items()} == {"web": 32, "telephone": 32}
    assert {channel: len(areas) for channel, areas in yes.items()} == {"web": 2, "telephone": 6}
    assert len(yes["web"] | yes["telephone"]) == 7
    assert by["telephone"]["answer"].eq("no answer").sum() == 6
    assert [round(100 * len(areas) / 32) for areas in yes.values()] == [6, 19]


def test_quillotas_labour_team_of_three_is_a_row(shipped: Inventory) -> None:
    row = shipped.rows[shipped.rows["programme"].eq("labour team")].iloc[0]
    assert (row["name"], row["staff"], row["provider"]) == ("QUILLOTA", 3, "municipal")
    assert row["needs"] == ("education_employment",)
    assert pd.isna(row["capacity_low"])
    assert pd.isna(row["channel"])


def test_la_pintanas_unit_is_told_by_the_text_and_denied_by_the_table(shipped: Inventory) -> None:
    assert [(finding.kind, finding.areas) for finding in shipped.findings] == [
        ("contradicted", ("LA PINTANA",))
    ]
    against = shipped.rows[shipped.rows["contradicted"]]
    assert against[["answer", "channel", "source"]].fillna("").values.tolist() == [
        ["no", "telephone", "study, table 2"],
        ["yes", "", "study, text"],
    ]
    assert shipped.rows_read == len(shipped.rows) == 66


def test_the_vocabularies_of_reader_analysis_and_labels_are_one() -> None:
    for name, words in VOCABULARIES.items():
        labels = set(VALUES[name]) - ({"several"} if name == "provider" else set())
        assert labels == set(words), name
    assert tuple(answers.NEEDS) == demand_needs.NEEDS
    assert tuple(answers.CHANNELS) == demand_offer.CHANNELS
    assert tuple(answers.ANSWERS) == demand_offer.ANSWERS
    assert tuple(VALUES["support_status"]) == demand_offer.STATUSES
    assert tuple(VALUES["need_status"]) == demand_needs.STATUSES


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("name", VOCABULARIES)
def test_what_the_package_prints_it_reads_back(name: str, lang: str) -> None:
    for code, words in VOCABULARIES[name].items():
        label = VALUES[name][code][lang]
        assert answers.read_code(label, VOCABULARIES[name]) == code, (label, words)


def test_no_word_means_two_codes() -> None:
    for words in VOCABULARIES.values():
        ways = [way for code, listed in words.items() for way in {answers.tidy(code), *listed.split("|")}]
        assert len(ways) == len(set(ways))


def test_a_spanish_workbook_with_titles_and_notes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "apoyo.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("Catastro")
        table = [
            ["Catastro de apoyo municipal 2024"],
            [
                *("Comuna", "Canal", "Respuesta", "Nombre del programa", "Necesidades que atiende"),
                *(
                    "Ejecutor",
                    "Coordinación con Gendarmería",
                    "N° de profesionales",
                    "Cupos por año",
                    "Fecha",
                ),
            ],
            [
                "VINA DEL MAR",
                "Visita",
                "Sí",
                "Volver",
                "Vivienda; empleo",
                "Fundación",
                "Sí",
                2.5,
                "20-30",
                2024,
            ],
            ["Quillota", "Teléfono", "No contesta", "", "", "", "", "", "", "2024-03"],
            ["Iquique", "Teléfono", "Deriva a Gendarmería", "", "", "", "", "", "", "05-03-2024"],
            ["Fuente: elaboración propia"],
        ]
        for place, row in enumerate(table):
            sheet.write_row(place, 0, row)
    found = read_inventory(path)
    first, second, third = (row for _, row in found.rows.iterrows())
    assert (first["area_id"], first["channel"], first["answer"], first["provider"]) == (
        *("05109", "visit", "yes"),
        "civil society",
    )
    assert first["needs"] == ("housing", "education_employment")
    assert (first["staff"], first["capacity_low"], first["capacity_high"]) == (2.5, 20, 30)
    assert (first["coordination"], first["date"]) == ("yes", "2024")
    assert (second["answer"], second["needs"], second["date"]) == ("no answer", None, "2024-03")
    assert (third["answer"], third["date"]) == ("referred elsewhere", "2024-03-05")
    assert found.listed[["row", "reason"]].values.tolist() == [[6, "note"]]
    assert found.sheet == "Catastro"


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ("Arica;fax;sí;;", ["channel is one of web, telephone, visit", "row 2: 'fax'", "blank"]),
        ("Arica;web;quizás;;", ["answer is one of yes, no, no answer", "row 2: 'quizás'"]),
        ("Arica;web;sí;fútbol;", ["a need is one of housing", "'fútbol' is none", "row 2"]),
        ("Arica;web;sí;;muchos", ["places are whole numbers", "row 2: 'muchos'"]),
        ("Arica;web;sí;;-3", ["places are whole numbers", "row 2: '-3'"]),
        ("Arica;web;sí;;12,5", ["places are whole numbers", "row 2: '12,5'"]),
    ],
)
def test_a_word_or_number_that_means_nothing_is_named(cells: str, says: list[str], tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        inventory(tmp_path, "Comuna;Canal;Respuesta;Necesidades;Cupos", cells)
    assert all(part in str(caught.value) for part in ["apoyo.csv", *says])


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["Comuna;Canal", "Arica;web"], "one of answers"),
        (["Comuna;Respuesta"], "below its header"),
        (["Comuna;Respuesta;Resultado", "Arica;sí;no"], "--inventory-column answer=#2"),
        (["Comuna;Respuesta;Fecha", "Arica;sí;13-2016"], "'13-2016'"),
        (["Comuna;Respuesta;Personal", "Arica;sí;tres"], "'tres'"),
        (["Comuna;Respuesta", "Arica;sí", "ARICA;no"], "rows 2, 3: 'Arica'"),
        (["Comuna;Respuesta;Fecha", "Arica;sí;2016", "Arica;no;2016-05"], "date the answers"),
    ],
)
def test_a_table_that_is_no_inventory_says_what_it_lacks(lines: list[str], says: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"; received .+; ") as caught:
        inventory(tmp_path, *lines)
    assert says in str(caught.value)


def test_columns_can_be_named(tmp_path: Path) -> None:
    lines = ["Lugar;Dijo;X", "Arica;sí;30"]
    named = {"name": "Lugar", "answer": "#2", "capacity": "X"}
    assert inventory(tmp_path, *lines, columns=named).rows["capacity_high"].tolist() == [30]
    with pytest.raises(TableError, match="staff=Nada"):
        inventory(tmp_path, *lines, columns={**named, "staff": "Nada"})
    with pytest.raises(TableError, match="role is one of"):
        inventory(tmp_path, *lines, columns={"rank": "X"})


def test_every_row_is_kept_or_listed_with_its_reason(tmp_path: Path) -> None:
    found = inventory(
        tmp_path,
        "Código;Comuna;Canal;Respuesta;Fecha",
        ";Arica;visita;no;2015",
        ";Arica;visita;sí;2016",
        ";Quilota;web;sí;",
        "05101;Arica;web;sí;",
        ";;web;sí;",
        ";Rengo;web;;",
        ";Nota: datos preliminares;;;",
    )
    assert found.rows[["row", "answer"]].values.tolist() == [[3, "yes"]]
    assert found.listed[["row", "reason"]].values.tolist() == [
        *([2, "older answer"], [4, "no such area"], [5, "code and name disagree"], [6, "no area named"]),
        *([7, "not asked"], [8, "note"]),
    ]
    assert found.listed.loc[found.listed["row"].eq(4), "nearest"].iloc[0].startswith("Quillota")
    assert set(found.listed["reason"]) <= set(VALUES["inventory_reason"])


def test_programmes_and_providers_known_to_be_two_do_not_contradict(tmp_path: Path) -> None:
    head = "Comuna;Canal;Respuesta;Programa;Ejecutor"
    two = inventory(tmp_path, head, "Arica;visita;sí;Volver;ONG", "Arica;teléfono;no;;municipal")
    assert two.findings == ()
    one = inventory(tmp_path, head, "Arica;visita;sí;Volver;", "Arica;teléfono;no;;municipal")
    assert [finding.rows for finding in one.findings] == [(2, 3)]
    web = inventory(tmp_path, head, "Arica;web;no;;", "Arica;teléfono;sí;;")
    assert web.findings == ()


def test_places_where_there_is_nothing_and_two_capacities_are_findings(tmp_path: Path) -> None:
    found = inventory(
        tmp_path,
        "Comuna;Canal;Respuesta;Programa;Cupos",
        "Arica;visita;no;;12",
        "Rengo;visita;sí;Volver;10",
        "Rengo;teléfono;sí;Volver;20",
    )
    assert [(f.kind, f.rows, dict(f.values)) for f in found.findings] == [
        ("places_without_programme", (2,), {"places": 12}),
        ("capacity_differs", (3, 4), {"programme": "Volver", "low": 10, "high": 20}),
    ]
    sentences = tomllib.loads(asset_text("maps", "labels.toml"))["support"]["finding"]
    for finding in (*found.findings, *_shipped_findings()):
        fill = {**finding.values, "row": finding.rows, "area": finding.areas}
        assert all(sentences[finding.kind][lang].format(**fill) for lang in ("es", "en"))


def _shipped_findings() -> tuple[object, ...]:
    found = support_inventory(studies()["chile-2016"])
    assert found is not None
    return found.findings


def test_places_abroad_are_found_by_the_maps_own_codes_and_names(tmp_path: Path) -> None:
    areas = pd.DataFrame({"area_name": ["Aland", "Bland", "Bland"]}, index=["A1", "B1", "B2"])
    lines = ["id;name;answer;channel", "a1;;yes;web", "b2;;no;", ";Bland;yes;"]
    found = inventory(tmp_path, *lines, areas=areas)
    assert found.rows["area_id"].tolist() == ["A1", "B2"]
    assert found.listed[["row", "reason"]].values.tolist() == [[4, "no such area"]]


answer = st.sampled_from(["sí", "no", "sin respuesta", "deriva a otra institución", "", ".."])
place = st.sampled_from(["Arica", "ARICA", "Quillota", "Nowhere", "", "Renca", "05101"])
channel = st.sampled_from(["web", "teléfono", "visita", ""])
capacity = st.sampled_from(["", "10", "10-20", "<5", "0", "1.200"])


@given(rows=st.lists(st.tuples(place, channel, answer, capacity), min_size=1, max_size=12))
@examples(30)
def test_rows_read_are_rows_kept_and_rows_listed(
    rows: list[tuple[str, str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Each programme has a name of its own, so that no row replaces another.
    lines = [";".join([*row, f"p{i}"]) for i, row in enumerate(rows)]
    found = inventory(tmp_path_factory.mktemp("i"), "Comuna;Canal;Respuesta;Cupos;Programa", *lines)
    assert found.rows_read == len(rows)
    numbers = [*found.rows["row"], *found.listed["row"]]
    assert sorted(numbers) == list(range(2, len(rows) + 2))
    assert (found.rows["capacity_low"].fillna(0) <= found.rows["capacity_high"].fillna(10**6)).all()


def test_the_public_reader_is_the_same() -> None:
    assert geo.read_inventory is read_inventory
