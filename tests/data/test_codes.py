"""Codes of every vintage, and the accounting from a file to a map."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.boundaries.layer import schematic_boundaries
from geo.register.communes import commune_register
from geo.register.countries import chile
from geo.register.identity import identify
from geo.register.vintages import code_years, mixed_vintages, tidy_codes, to_area
from tests.properties import examples

CHILE = chile.register()

OLD = pd.read_csv(Path(__file__).parents[2] / "boundaries" / "codes_before_2010.csv", dtype=str)
AREAS = schematic_boundaries().areas
NAMES = commune_register()["commune"]


def test_the_old_codes_fill_the_gaps_that_the_reforms_left() -> None:
    # Codes run through a province without gaps, its capital first and the rest in alphabetical order; what
    # was renumbered in 2007 and 2010 left exactly these gaps in today's register, or whole provinces.
    assert (len(OLD), OLD["code"].is_unique, OLD["cut"].is_unique) == (25, True, True)
    known = {*NAMES.index, *commune_register()["cut_2010"]}
    assert not known & set(OLD["code"])
    assert set(OLD["cut"]) <= set(NAMES.index)
    for province in ("011", "012", "013", "051", "055", "105"):
        codes = sorted({c for c in (*known, *OLD["code"]) if c[:3] == province})
        assert codes == [f"{province}{n:02}" for n in range(1, len(codes) + 1)], province
        # Alto Hospicio was founded later (2004) and stands last.
        names = [NAMES[to_area(pd.Series([c]), CHILE)[0]] for c in codes[1:] if c != "01107"]
        plain = [name.translate(str.maketrans("áéíóúñÁ", "aeiounA")) for name in names]
        assert plain == sorted(plain), province


@pytest.mark.parametrize(
    ("old", "name", "until"),
    [
        ("05106", "Quilpué", 2010),
        ("05108", "Villa Alemana", 2010),
        ("05505", "Limache", 2010),
        ("05507", "Olmué", 2010),
        ("10501", "Valdivia", 2007),
        ("10504", "La Unión", 2007),
        ("01201", "Arica", 2007),
        ("01106", "Pozo Almonte", 2007),
        ("08401", "Chillán", 2018),
    ],
)
def test_a_retired_code_finds_its_commune(old: str, name: str, until: int) -> None:
    assert NAMES[to_area(pd.Series([old]), CHILE)[0]] == name
    assert code_years(pd.Series([old]), CHILE)["until"].tolist() == [until]


def test_all_codes_of_both_registers_are_known(reference: Path) -> None:
    for file, field in (
        ("register_2010_15regions.csv", "cut_2010"),
        ("register_2018_16regions.csv", "Código Comuna 2018"),
    ):
        codes = pd.read_csv(reference / "tables" / file, dtype=str)[field]
        assert to_area(codes, CHILE).notna().all()
        assert mixed_vintages(codes, CHILE) is None


@pytest.mark.parametrize("code", ["1101", " 01101 ", "1101.0", "01.101", "1.101", "01101,0", "'01101"])
def test_a_code_may_have_lost_its_zero_or_gained_a_mark(code: str) -> None:
    assert tidy_codes(pd.Series([code]), CHILE).tolist() == ["01101"]


def test_two_vintages_in_one_table_are_told_apart() -> None:
    assert mixed_vintages(pd.Series(["08401", "10501", "13101", "05106"]), CHILE) is None  # before 2007
    assert mixed_vintages(pd.Series(["16101", "14101", "05801"]), CHILE) is None  # since 2018
    assert mixed_vintages(pd.Series(["14101", "01201"]), CHILE) == ("01201", "14101")
    assert mixed_vintages(pd.Series(["x", None, "13101"]), CHILE) is None


def test_a_code_and_a_name_of_two_communes_contradict_each_other() -> None:
    codes = pd.Series(["05101", "05101", "99999", None, "8401", "05101"])
    names = pd.Series(["Arica", "VALPARAISO", "Arica", "Arica", "Chillan", "Springfield"])
    found = identify(codes, names)
    assert found.reason.fillna("").tolist() == [
        *("code and name disagree", "", "code not in the layer", "", "", ""),
    ]
    assert found.ids.fillna("").tolist() == ["", "05101", "", "15101", "16101", "05101"]


CELLS = st.sampled_from(["0", "7", "1.234", "12 345", "<5", "1-4", "≤ 3", "..", "", "s/i", "*", "250"])
AREA = st.one_of(
    st.sampled_from(sorted(NAMES)),
    st.sampled_from(sorted(NAMES.str.upper())),
    st.text("QWXZ", min_size=4, max_size=8),
    st.sampled_from(["Total", "Gran total", "Fuente: x", "Chile", ""]),
)


@examples(40)
@given(st.lists(st.tuples(AREA, CELLS), min_size=1, max_size=30), st.sampled_from(";\t|"), st.booleans())
def test_releases_read_from_a_file_are_those_placed_and_those_listed(
    rows: list[tuple[str, str]], mark: str, titled: bool
) -> None:
    lines = [mark.join(row) for row in rows]
    head = ["Egresos por comuna", ""] if titled else []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text("\n".join([*head, f"Comuna{mark}Egresos", *lines]), encoding="utf-8")
        try:
            table = geo.read_table(path)
            joined = geo.join(table, AREAS)
        except (geo.TableError, geo.MatchError):
            return  # twice the same commune, or none: refused, not lost
    low = {"7": 7, "1.234": 1234, "12 345": 12_345, "1-4": 1, "250": 250}
    apart = {"Total", "Gran total", "Fuente: x", "Chile"}
    written = sum(low.get(cell, 0) for area, cell in rows if area not in apart or (area == "Fuente: x"))
    account = joined.accounting
    assert account.balanced
    assert account.rows_read == sum(bool(area or cell) for area, cell in rows)
    assert account.releases_read == account.releases_placed + account.releases_listed == written
    assert joined.frame["low"].sum() == account.releases_placed
