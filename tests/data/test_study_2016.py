"""The shipped tables say what the study printed, slips included, and what the official series say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.data.shipped import recidivism_context, studies, support
from geo.register.populations import population_series

ROOT = Path(__file__).parents[2]
TABLE = pd.read_csv(ROOT / "data" / "releases_2016.csv", dtype={"cut": str}).set_index("cut")
PRINTED = TABLE[TABLE["printed_in"] == "table 1"].astype({"releases": int, "population_published": int})


@pytest.fixture(scope="module")
def ine() -> dict[int, pd.Series]:
    return {year: population_series("ine2002", year) for year in (2015, 2016)}


def test_table_1_is_shipped_as_printed(reference: Path) -> None:
    source = pd.read_csv(reference / "tables" / "published_table1.csv", sep=";", dtype=str)
    assert PRINTED["name_printed"].tolist() == source["commune"].tolist()
    assert PRINTED["releases"].tolist() == source["releases_2016"].astype(int).tolist()
    assert (
        PRINTED["population_published"].tolist()
        == source["population_2016"].str.replace(".", "").astype(int).tolist()
    )
    assert PRINTED["rate_published"].tolist() == source["rate_per_100000"].astype(int).tolist()
    assert PRINTED["rank_published"].astype(int).tolist() == list(range(1, 33))


def test_table_2_is_shipped_as_printed(reference: Path) -> None:
    source = pd.read_csv(reference / "tables" / "published_table2.csv", sep=";", dtype=str)
    shipped = pd.read_csv(ROOT / "data" / "support_2016.csv", dtype=str)
    answers = {"SI": "yes", "NO": "no", "-": "no answer"}
    for channel, column in {
        "web": "web_support_programme",
        "telephone": "telephone_support_programme",
    }.items():
        asked = shipped[shipped["channel"].eq(channel)]
        assert asked["commune"].tolist() == source["commune"].tolist()
        assert asked["answer"].tolist() == source[column].map(answers).tolist()
        assert set(asked["source"]) == {"study, table 2"}
    assert shipped.loc[shipped["channel"].isna(), "commune"].tolist() == ["QUILLOTA", "LA PINTANA"]


def test_figures_of_recidivism_are_cited_with_what_is_known_of_their_source() -> None:
    figures = recidivism_context().set_index(["place", "low"])
    assert figures.index.tolist() == [("Chile", 42.0), ("Chile", 68.7), ("El Salvador", 10.4)]
    assert figures.loc[("Chile", 42.0), "high"] == 50
    assert figures.loc[("Chile", 68.7), "source"] == "UNDP 2013"
    assert set(figures["criterion"]) == {"not stated"}


def test_thirty_of_the_printed_populations_are_ine_base_2002_of_2016(ine: dict[int, pd.Series]) -> None:
    same = PRINTED["population_published"] == ine[2016].reindex(PRINTED.index)
    assert same.sum() == 30
    assert PRINTED.loc[~same, "name_printed"].tolist() == ["QUILLOTA", "LA SERENA"]


def test_quillota_and_la_serena_carry_the_population_of_2015(ine: dict[int, pd.Series]) -> None:
    for code, printed, official in (("05501", 93_633, 94_749), ("04101", 216_874, 221_021)):
        assert PRINTED.loc[code, "population_published"] == printed == ine[2015][code]
        assert ine[2016][code] == official


def test_every_printed_rate_follows_from_the_printed_count_and_population() -> None:
    rate = PRINTED["releases"] / PRINTED["population_published"] * 100_000
    assert (rate.round() == PRINTED["rate_published"]).all()


def test_valdivia_is_printed_above_coquimbo_although_its_rate_is_lower() -> None:
    valdivia, coquimbo = PRINTED.loc["14101"], PRINTED.loc["04102"]
    assert (valdivia["rate_published"], coquimbo["rate_published"]) == (115, 117)
    assert valdivia["rank_published"] < coquimbo["rank_published"]
    rates = PRINTED["rate_published"].tolist()
    assert [i for i in range(31) if rates[i] < rates[i + 1]] == [10]


def test_three_rates_stand_in_the_text_only() -> None:
    in_text = TABLE[TABLE["printed_in"] == "text"]
    assert in_text["rate_published"].to_dict() == {"15101": 164, "13127": 83, "13131": 82}
    assert in_text["releases"].isna().all()


def test_few_municipalities_had_support() -> None:
    answers = support(studies()["chile-2016"])
    assert answers is not None
    web, phone = answers["web_support"] == "yes", answers["phone_support"] == "yes"
    assert (len(answers), web.sum(), phone.sum(), (web | phone).sum()) == (32, 2, 6, 7)
    assert [round(100 * n / 32) for n in (web.sum(), phone.sum())] == [6, 19]
    assert (answers["phone_support"] == "no answer").sum() == 6


@pytest.mark.parametrize(("series", "total"), [("ine2002", 18_191_884), ("ine2017", 18_167_147)])
def test_national_populations_of_2016_are_the_official_totals(series: str, total: int) -> None:
    people = population_series(series, 2016)
    assert (len(people), people.sum()) == (346, total)


def test_police_cases_of_2016_are_complete() -> None:
    table = pd.read_csv(ROOT / "data" / "dmcs.csv", dtype={"cut": str})
    cases = table[table["year"] == 2016]
    assert (len(cases), cases["cases"].sum()) == (346, 561_811)


def test_poverty_of_2017_is_shipped_for_345_communes(reference: Path) -> None:
    shipped = pd.read_csv(ROOT / "data" / "poverty_2017.csv", dtype={"cut": str}).set_index("cut")
    source = pd.read_csv(reference / "tables" / "poverty_sae2017.csv", dtype={"cut_2018": str})
    assert len(shipped) == 345
    assert shipped["share"].to_dict() == source.set_index("cut_2018")["pct_ing"].to_dict()


def test_the_data_package_describes_every_field_of_every_table() -> None:
    import json

    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    described = {r["path"]: r for r in package["resources"]}
    assert {p.name for p in (ROOT / "data").iterdir()} == described.keys() | {"datapackage.json"}
    for path, resource in described.items():
        if path.endswith(".csv"):
            fields = resource["schema"]["fields"]
            assert [f["name"] for f in fields] == list(pd.read_csv(ROOT / "data" / path, nrows=1))
            assert all(f["description"] and f["type"] for f in fields)
            assert {"sources", "licenses", "vintage"} <= resource.keys()
