"""Names as people write them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.register.communes import commune_register
from geo.register.countries import chile
from geo.register.names import match_names, nearest_names
from geo.register.vintages import to_area

CHILE = chile.register()


def test_every_variant_in_public_sources_finds_its_commune(reference: Path) -> None:
    variants = pd.read_csv(reference / "tables" / "name_variants.csv", dtype=str)
    found = match_names(variants["variant"], CHILE)
    assert len(variants) == 449
    assert found.tolist() == variants["cut_2018"].tolist()


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("P. AGUIRRE CERDA", "Pedro Aguirre Cerda"),
        ("VINA DEL MAR", "Viña del Mar"),
        ("Pto. Montt", "Puerto Montt"),
        ("Sta. Cruz", "Santa Cruz"),
        ("O´HIGGINS", "O'Higgins"),
        ("O`Higgins", "O'Higgins"),
        ("Llay-Llay", "Llaillay"),
        ("Cabo de Hornos (ex Navarino)", "Cabo de Hornos"),
        ("Puerto Saavedra", "Saavedra"),
        ("P.A.C.", "Pedro Aguirre Cerda"),
        ("LA CALERA", "Calera"),
    ],
)
def test_spellings_in_use_find_their_commune(name: str, official: str) -> None:
    code = match_names(pd.Series([name]), CHILE)[0]
    assert commune_register().loc[code, "commune"] == official


@pytest.mark.parametrize("name", ["S. A.", "San", "Quilota", "P. M.", "Los", "", "Chile", "San P."])
def test_what_could_be_two_communes_or_none_is_never_guessed(name: str) -> None:
    assert match_names(pd.Series([name]), CHILE).isna().all()


def test_what_is_left_over_comes_with_the_nearest_names() -> None:
    assert nearest_names("Quilota", CHILE)[0] == "Quillota"


@given(
    st.sampled_from(sorted(commune_register()["commune"])), st.booleans(), st.sampled_from(["", " ", "  "])
)
def test_case_and_spaces_never_matter(name: str, upper: bool, pad: str) -> None:
    written = pad + (name.upper() if upper else name.lower()) + pad
    code = match_names(pd.Series([written]), CHILE)[0]
    assert commune_register().loc[code, "commune"] == name


def test_codes_of_both_vintages_mean_the_same_commune(reference: Path) -> None:
    crosswalk = pd.read_csv(reference / "tables" / "crosswalk_2010_2018.csv", dtype=str)
    assert len(crosswalk) == 21
    assert to_area(crosswalk["cut_2010"], CHILE).tolist() == crosswalk["cut_2018"].tolist()
    assert to_area(crosswalk["cut_2018"], CHILE).tolist() == crosswalk["cut_2018"].tolist()


@pytest.mark.parametrize("code", [1101, "1101", "01101", " 01101 ", 1101.0])
def test_a_lost_leading_zero_is_put_back(code: object) -> None:
    assert to_area(pd.Series([code]), CHILE).tolist() == ["01101"]


def test_the_register_is_complete(reference: Path) -> None:
    known = commune_register()
    official = pd.read_csv(reference / "tables" / "register_2018_16regions.csv", dtype=str)
    assert known.index.tolist() == sorted(official["Código Comuna 2018"])
    assert known["region"].nunique() == 16
    assert known["region_2010"].nunique() == 15
    assert (known.index != known["cut_2010"]).sum() == 21
