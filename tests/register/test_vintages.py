"""Codes of communes through their vintages, against what the laws changed and when."""

from __future__ import annotations

import pandas as pd
import pytest

from geo.register.countries import chile
from geo.register.vintages import code_years, mixed_vintages, tidy_codes, to_area

CHILE = chile.register()

# Chillán (Ñuble, 2018), Arica and Valdivia (their regions, 2007), Villa Alemana (Marga Marga, 2010).
CODES = {
    "16101": ("16101", 2018, 9999),
    "08401": ("16101", 0, 2018),
    "15101": ("15101", 2007, 9999),
    "01201": ("15101", 0, 2007),
    "14101": ("14101", 2007, 9999),
    "10501": ("14101", 0, 2007),
    "05804": ("05804", 2010, 9999),
    "05108": ("05804", 0, 2010),
    "13101": ("13101", 0, 9999),
}


@pytest.mark.parametrize(("code", "found"), CODES.items())
def test_a_code_means_one_commune_and_was_in_force_in_its_years(
    code: str, found: tuple[str, int, int]
) -> None:
    codes = pd.Series([code], index=["row"])
    assert to_area(codes, CHILE).to_dict() == {"row": found[0]}
    years = code_years(codes, CHILE)
    assert years.loc["row"].tolist() == list(found[1:])
    assert (years.columns.tolist(), {str(kind) for kind in years.dtypes}) == (["first", "until"], {"Int64"})


@pytest.mark.parametrize(
    ("given", "tidy"),
    [
        (1101, "01101"),
        ("5101.0", "05101"),
        ("5101,00", "05101"),
        ("13.101", "13101"),
        ("13,101", "13101"),
        ("5.101", "05101"),
        (" 05 101", "05101"),
        ("5'101", "05101"),
        ("5’101", "05101"),
        ("013101", "13101"),
        ("000013101", "13101"),
        ("0000013101", "0000013101"),
        ("113.101", "113.101"),
        ("13.10", "13.10"),
        ("5101.5", "5101.5"),
        ("X12", "X12"),
        ("0", "00000"),
    ],
)
def test_a_code_is_five_digits_however_it_was_kept_and_what_is_none_stays(given: object, tidy: str) -> None:
    assert tidy_codes(pd.Series([given]), CHILE).tolist() == [tidy]


def test_a_missing_code_stays_missing() -> None:
    codes = pd.Series([None, "5101"], dtype="string")
    assert tidy_codes(codes, CHILE).tolist() == [pd.NA, "05101"]
    assert to_area(codes, CHILE).isna().tolist() == [True, False]
    assert code_years(pd.Series(["99999", "13101"]), CHILE).isna().all(axis=1).tolist() == [True, False]


@pytest.mark.parametrize(
    ("codes", "pair"),
    [
        (["08401", "13101"], None),
        (["16101", "13101"], None),
        (["08401", "16102"], ("08401", "16102")),
        # What ended in a year and what began in it never stood side by side.
        (["05108", "05804"], ("05108", "05804")),
        (["01201", "13101", "16101"], ("01201", "16101")),
        # Marga Marga began before Ñuble was set apart: both codes stood in the tables of 2010 to 2018.
        (["05804", "08401"], None),
        (["01201", "08401", "05108"], None),
        (["99999"], None),
        ([], None),
    ],
)
def test_codes_that_were_never_in_force_together_are_told(
    codes: list[str], pair: tuple[str, str] | None
) -> None:
    assert mixed_vintages(pd.Series(codes, dtype="string"), CHILE) == pair
