"""What a function hands out is the caller's: changing it changes no later run."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pandas as pd
import pytest

import geo
from geo.data.covariates import shipped_covariate
from geo.data.shipped import recidivism_context, studies, support, support_inventory
from geo.model.country import Register
from geo.register import names
from geo.register.communes import commune_register
from geo.register.countries import chile
from geo.register.names import match_names
from geo.register.pairs import official_pairs
from geo.register.populations import population_series, population_years
from geo.register.vintages import code_years
from geo.register.zones import macro_zones, zone_names
from geo.text.labels import columns, palette, value_labels

CHILE = chile.register()

pytestmark = pytest.mark.once  # what is handed out of a cache

HANDED_OUT: dict[str, Callable[[], Any]] = {
    "other_names": lambda: geo.run("dmcs-2016", boundaries="schematic", permutations=9).other_names,
    "register": commune_register,
    "official_pairs": official_pairs,
    "macro_zones": macro_zones,
    "zone_names": zone_names,
    "studies": studies,
    "study title": lambda: studies()["chile-2016"].title,
    "study source": lambda: studies()["chile-2016"].source,
    "study caveat": lambda: studies()["chile-2016"].caveat,
    "support": lambda: support(studies()["chile-2016"]),
    "inventory": lambda: support_inventory(studies()["chile-2016"]).rows,  # type: ignore[union-attr]
    "population_years": lambda: population_years("ine2002"),
    "population_series": lambda: population_series("ine2002", 2016),
    "recidivism_context": recidivism_context,
    "poverty": lambda: shipped_covariate("poverty"),
    "columns": columns,
    "column": lambda: columns()["rate"].alias,
    "palette": lambda: palette("cluster"),
    "value_labels": lambda: value_labels("reason", "es"),
    "code_years": lambda: code_years(pd.Series(["08401"]), CHILE),
}


def spoil(thing: Any) -> None:
    """Change whatever can be changed, in place and all the way down."""
    if isinstance(thing, pd.DataFrame):
        for column in range(thing.shape[1]):
            thing.isetitem(column, [None] * len(thing))
    elif isinstance(thing, pd.Series):
        thing.iloc[0] = None
    elif isinstance(thing, dict):
        for value in thing.values():
            spoil(value)
        thing.clear()
    elif isinstance(thing, list):
        thing.clear()


def same(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame | pd.Series):
        return bool(one.equals(other))
    return bool(one == other)


@pytest.mark.parametrize("name", HANDED_OUT)
def test_a_caller_cannot_change_what_the_next_one_gets(name: str) -> None:
    give = HANDED_OUT[name]
    spoil(give())  # a first call may fill a cache with what it hands out
    later = give()
    copy = deepcopy(later)
    assert len(copy) > 0
    spoil(later)
    assert same(give(), copy)


def test_the_names_of_a_result_are_its_own() -> None:
    made = geo.run("chile-2016", boundaries="schematic", permutations=99, imputations=0)
    before = {**made.title}, {**made.source}, {**made.caveat}, dict(made.other_names)
    for mapping in (made.title, made.source, made.caveat, made.other_names):
        mapping.clear()  # type: ignore[attr-defined]
    again = geo.run("chile-2016", boundaries="schematic", permutations=99, imputations=0)
    assert (dict(again.title), dict(again.source), dict(again.caveat), dict(again.other_names)) == before


def test_a_name_that_comes_again_is_not_matched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of many years repeats each name; each was compared with every commune's every time."""
    asked: list[str] = []
    usual = names._match_abbreviated

    def counted(name: str, register: Register) -> str | float:
        asked.append(name)
        return usual(name, register)

    monkeypatch.setattr(names, "_match_abbreviated", counted)
    repeated = pd.Series(["P. Aguirre Cerda once more", "Nowhere at all"] * 50)
    assert match_names(repeated, CHILE).isna().all()
    once = len(asked)
    assert once <= 4  # each as it stands and without titles and footnotes
    match_names(repeated, CHILE)
    assert len(asked) == once
