"""Every text that a reader sees: in both languages, filled with the same words, and about people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from geo.assets import asset_text
from geo.outputs.web.scripts import SCRIPTS

pytestmark = pytest.mark.once  # catalogues of words

CATALOGUES = ["labels.toml", "columns.toml", "report.toml"]
OTHER_TEXTS = ["map.html", "report.html", *(f"page/{name}" for name in SCRIPTS)]
# What names a person by an offence or a sentence, and not as somebody who returns home.
REFUSED = {
    "es": [
        *(
            "delincuente",
            "criminal",
            "reo",
            "convicto",
            "exconvicto",
            "presidiario",
            "expresidiario",
            "exreo",
        ),
        *(
            "preso",
            "expreso",
            "recluso",
            "exrecluso",
            "malhechor",
            "antisocial",
            "prontuariado",
            "malviviente",
        ),
    ],
    "en": [
        *("offender", "criminal", "inmate", "convict", "felon", "con", "delinquent", "thug", "crook"),
        *("prisoner", "jailbird", "lawbreaker", "recidivist"),
    ],
}
# Names of things, not of people: what a person may need cleared to find work.
ALLOWED = ["criminal record", "criminal records"]


def texts(name: str) -> dict[str, dict[str, str]]:
    """Every text of a catalogue by its dotted key: one per language."""

    def walk(entry: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, str]]]:
        for key, value in entry.items():
            if key in ("es", "en") or not isinstance(value, dict):
                continue
            if {"es", "en"} & value.keys():
                yield f"{path}{key}", {lang: " ".join(_lines(value.get(lang, ""))) for lang in ("es", "en")}
            yield from walk(value, f"{path}{key}.")

    return dict(walk(tomllib.loads(asset_text("maps", name)), ""))


def _lines(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_text_is_in_both_languages_and_filled_with_the_same_words(name: str) -> None:
    found = texts(name)
    assert len(found) > 40
    assert [key for key, said in found.items() if not all(said.values())] == []
    braces = {
        key: [set(re.findall(r"{\w+}", said[lang].lower())) for lang in said] for key, said in found.items()
    }
    assert [key for key, (es, en) in braces.items() if es != en] == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_no_word_reduces_people_to_an_offence(name: str) -> None:
    for key, said in texts(name).items():
        for lang, refused in REFUSED.items():
            text = said[lang].lower()
            for phrase in ALLOWED:
                text = text.replace(phrase, "")
            found = [word for word in refused if re.search(rf"\b(ex-?)?{word}(s|es|ed)?\b", text)]
            assert found == [], f"{name}: {key} ({lang})"


@pytest.mark.parametrize("name", OTHER_TEXTS)
def test_no_template_says_such_a_word_either(name: str) -> None:
    text = asset_text("maps", name).lower()
    words = [word for refused in REFUSED.values() for word in refused if word != "con"]
    assert [word for word in words if re.search(rf"\b{word}s?\b", text)] == []


def test_the_refused_words_are_found_where_they_stand() -> None:
    for text in ("ex-offenders", "an ex-con", "two inmates", "exconvictos", "los reos"):
        assert any(
            re.search(rf"\b(ex-?)?{word}(s|es|ed)?\b", text) for words in REFUSED.values() for word in words
        )
    assert not re.search(r"\breos?\b", "recreo")
