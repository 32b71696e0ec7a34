"""The short name of a result: what a person recognises, and every system takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.study.slug import LONGEST, slug

pytestmark = pytest.mark.once  # names of files

DEVICES = ["con", "PRN", "aux", "Nul", "com1", "LPT9"]


@pytest.mark.parametrize(
    ("stem", "year", "region", "expected"),
    [
        ("egresos_2019", 2019, None, "egresos_2019"),
        ("egresos_2019", 2018, None, "egresos_2019-2018"),
        ("egresos", 2019, None, "egresos-2019"),
        ("egresos", None, None, "egresos"),
        ("v12019", 2019, None, "v12019-2019"),
        ("Egresos por comuna, 2019 (definitivo)", 2019, None, "Egresos-por-comuna-2019-definitivo"),
        ("t.csv", None, None, "t.csv"),
        ("x [% 40+2 %]", 2020, None, "x-40-2-2020"),
        ("../../etc/passwd", None, None, "etc-passwd"),
        (".hidden", 2016, None, "hidden-2016"),
        ("東京", 2020, None, "table-2020"),
        ("", None, None, "table"),
        ("a\x00\x1b[31m\n", None, None, "a-31m"),
        ("chile-2016", 2016, "Libertador General Bernardo O'Higgins", None),
        ("t", 2016, "Aysén", "t-2016-aysen"),
        (
            "un nombre muy largo " * 3 + "2016",
            2016,
            None,
            "un-nombre-muy-largo-un-nombre-muy-largo-un-nombre-muy-l-2016",
        ),
    ],
)
def test_a_name_says_table_year_and_region(
    stem: str, year: int | None, region: str | None, expected: str | None
) -> None:
    expected = expected or "chile-2016-libertador-general-bernardo-ohiggins"
    assert slug(stem, year, region) == expected


@pytest.mark.parametrize("device", DEVICES)
def test_no_name_is_that_of_a_device(device: str) -> None:
    assert slug(device) == f"table-{device}"
    assert slug(f"{device}.2019") == f"table-{device}.2019"
    assert slug(device, 2019) == f"{device}-2019"


@given(st.text(max_size=120), st.none() | st.integers(1900, 2100), st.none() | st.text(max_size=80))
def test_whatever_it_is_made_from_a_name_is_portable(stem: str, year: int | None, region: str | None) -> None:
    found = slug(stem, year, region)
    assert re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", found)
    assert len(found) <= LONGEST
    assert found.partition(".")[0].lower() not in {*(name.lower() for name in DEVICES), "com2", "lpt3"}
    assert year is None or str(year) in found
    assert slug(stem, year, region) == found
