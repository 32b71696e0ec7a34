"""Numbers and names where Python and the page's scripts must agree: tables and a report stand beside the map.

``tests/page/vectors.test.js`` reads the same file. No vector has a letter of another alphabet: the
search of the page keeps those, by which it finds areas anywhere; a key here is of the register's communes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geo.register.names import name_key
from geo.text.numerals import number

pytestmark = pytest.mark.once  # texts

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_numbers_are_printed_as_on_the_page(lang: Any) -> None:
    shown = [(one["value"], number(one["value"], lang, one["decimals"])) for one in VECTORS["numbers"]]
    assert len(shown) > 40
    assert shown == [(one["value"], one[lang]) for one in VECTORS["numbers"]]


def test_names_are_folded_as_in_the_search_of_the_page() -> None:
    assert len(VECTORS["names"]) > 40
    assert {name: name_key(name) for name in VECTORS["names"]} == VECTORS["names"]
