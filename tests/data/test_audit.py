"""The audit of a table: what does not agree, and where the populations are from."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

import geo
from geo.assets import asset_text
from geo.data.audit import audit_table
from geo.data.shipped import studies, study_table
from geo.model.tables import Audit, PopulationFit
from geo.register.populations import population_series


def audit(folder: Path, content: str, year: int | None = None) -> Audit:
    path = folder / "table.csv"
    path.write_text(content, encoding="utf-8")
    return audit_table(geo.read_table(path), year=year)


def found(audit: Audit) -> list[tuple[str, tuple[int, ...], tuple[str, ...]]]:
    return [(finding.kind, finding.rows, finding.areas) for finding in audit.findings]


def test_the_study_has_exactly_the_slips_that_are_known() -> None:
    # table1_verification.csv of the reference folder has the two populations; the printed table the rest.
    study = audit_table(study_table(studies()["chile-2016"]))
    assert found(study) == [
        ("population_other_year", (26,), ("QUILLOTA",)),
        ("population_other_year", (27,), ("LA SERENA",)),
        ("out_of_order", (12, 13), ("VALDIVIA", "COQUIMBO")),
        ("above_the_list", (34,), ("ARICA",)),
    ]
    assert study.population == PopulationFit(
        series="ine2002", year=2016, equal=30, compared=32, median_difference=0.0
    )
    quillota, serena, order, arica = (finding.values for finding in study.findings)
    assert (quillota["printed"], quillota["printed_year"], quillota["expected"]) == (93_633, 2015, 94_749)
    assert (serena["printed"], serena["printed_year"], serena["expected"]) == (216_874, 2015, 221_021)
    assert (order["rate_before"], order["rate_after"]) == (115, 117)
    assert (arica["rate"], arica["last"], arica["last_rate"]) == (164, "RENCA", 85)


def test_the_printed_table_alone_cannot_know_of_arica(reference: Path) -> None:
    printed = audit_table(geo.read_table(reference / "tables" / "published_table1.csv"))
    assert [finding.kind for finding in printed.findings] == [
        "population_other_year",
        "population_other_year",
        "out_of_order",
    ]


def test_a_clean_table_has_no_findings(tmp_path: Path) -> None:
    clean = audit(
        tmp_path, "Comuna;Egresos;Población;Tasa\nVALPARAISO;599;295.731;203\nIQUIQUE;365;199.629;183\n"
    )
    assert (clean.findings, clean.communes, clean.rows, clean.releases) == ((), 2, 2, 964)


def test_rates_that_do_not_follow_are_named(tmp_path: Path) -> None:
    wrong = audit(tmp_path, "Comuna;Egresos;Población;Tasa\nArica;10;100.000;10,0\nIquique;11;100.000;11,1\n")
    assert ("rate_differs", (3,), ("Iquique",)) in found(wrong)
    assert [f.values for f in wrong.findings if f.kind == "rate_differs"] == [
        {"printed": 11.1, "computed": 11.0}
    ]


def test_rates_on_another_base_are_one_finding(tmp_path: Path) -> None:
    wrong = audit(tmp_path, "Comuna;Egresos;Población;Tasa\nArica;100;10.000;10,0\nIquique;111;10.000;11,1\n")
    assert [f.values for f in wrong.findings if f.kind == "rate_base"] == [{"base": 1000}]
    assert "rate_differs" not in [finding.kind for finding in wrong.findings]


def test_codes_names_and_vintages_are_compared_with_the_register(tmp_path: Path) -> None:
    mixed = audit(
        tmp_path,
        "Código;Comuna;Egresos\n05101;Arica;5\n8401;Chillán;6\n16102;Bulnes;7\n08402;;8\n13101;Santiago;9\n;Quilota;1\n",
    )
    assert found(mixed) == [
        ("code_and_name", (2,), ("Arica",)),
        ("repeated", (4, 5), ("Bulnes", "08402")),
        ("vintages", (), ()),
    ]
    assert mixed.findings[0].values == {"code": "05101", "commune": "Valparaíso", "named": "Arica"}
    assert mixed.findings[2].values == {"old": "08401", "new": "16102"}
    assert mixed.unmatched[["row", "name"]].values.tolist() == [[7, "Quilota"]]
    assert mixed.unmatched["nearest"][0].startswith("Quillota")


def test_totals_and_impossible_counts_are_named(tmp_path: Path) -> None:
    wrong = audit(tmp_path, "Comuna;Egresos;Población\nArica;5;4\nIquique;1;0\nTotal;7;4\n")
    assert [f[0] for f in found(wrong) if not f[0].startswith("population")] == [
        "more_than_people",
        "no_people",
        "total_differs",
    ]
    assert wrong.findings[-1].values == {"printed": 7, "computed": 6}


@pytest.mark.parametrize(("base", "year"), [("2002", 2009), ("2017", 2030)])
def test_the_series_and_year_of_populations_are_found(tmp_path: Path, base: str, year: int) -> None:
    people = population_series(f"ine{base}", year)
    lines = [f"{cut};1;{n}" for cut, n in people.items()]
    fit = audit(tmp_path, "\n".join(["Código;Egresos;Población", *lines])).population
    assert fit is not None
    assert (fit.series, fit.year, fit.equal) == (f"ine{base}", year, 346)


def test_a_table_of_several_years_is_checked_whole_or_by_year(reference: Path) -> None:
    table = geo.read_table(reference / "tables" / "dmcs_2005_2016.csv")
    assert (audit_table(table).findings, audit_table(table).rows) == ((), 4152)
    assert audit_table(table, year=2016).releases == 561_811


def test_places_abroad_are_not_compared_with_the_register(tmp_path: Path) -> None:
    abroad = audit(tmp_path, "name;cases;population\nAland;5;100\nBland;6;200\n")
    assert (abroad.communes, abroad.population, abroad.findings, len(abroad.unmatched)) == (None, None, (), 0)


def test_every_kind_of_finding_has_its_sentence_in_both_languages() -> None:
    source = Path(str(audit_table.__code__.co_filename)).read_text(encoding="utf-8")
    sentences = tomllib.loads(asset_text("maps", "labels.toml"))["check"]["finding"]
    assert all(entry.keys() == {"es", "en"} for entry in sentences.values())
    kinds = {kind for kind in sentences if f'"{kind}"' in source}
    assert kinds == set(sentences)
    study = audit_table(study_table(studies()["chile-2016"]))
    for finding in study.findings:
        fill = {**finding.values, "row": finding.rows, "area": finding.areas}
        assert all(sentences[finding.kind][lang].format(**fill) for lang in ("es", "en"))


def test_what_is_not_rounded_counts_as_six_decimals() -> None:
    from geo.data.knowncounts import count_from_rate, printed_decimals

    rate = 599 / 295_731 * 100_000
    decimals = printed_decimals(pd.Series([rate]))
    assert (decimals, tuple(count_from_rate(rate, 295_731, decimals=decimals))) == (6, (599, 599))
