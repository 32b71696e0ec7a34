"""The words that a result brings to every text about it: what was counted, and in what kind of areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo.model.filenames import ENDINGS, file_name
from geo.text.headline import units
from geo.text.labels import LANGUAGES, Lang, text

if TYPE_CHECKING:
    from geo.model.result import StudyResult

Texts = Mapping[Lang, str]
"""A text in every language."""


def vocabulary(result: StudyResult, lang: Lang) -> dict[str, str]:
    """Give the words that fill ``{areas}``, ``{counts}`` and the like, and the names of the files."""
    return dict(_vocabulary(result.slug, result.measure.name, result.unit, units(result, lang), lang))


@lru_cache(maxsize=8)
def _vocabulary(slug: str, subject: str, many: str, areas: str, lang: Lang) -> Mapping[str, str]:
    one = many.removesuffix("s")
    words = {
        "area": text(f"map.words.{one}", lang),
        "areas": areas,
        "article": text(f"report.article.{one}", lang),
        "counts": text(f"subjects.{subject}.counts", lang),
        "definition": text(f"subjects.{subject}.definition", lang),
    }
    files = {kind: file_name(slug, kind) for kind in (*ENDINGS, "figures")}
    capitals = {f"{name}_capital": capital(words[name]) for name in ("area", "areas", "counts")}
    return MappingProxyType(files | words | capitals)


def phrase(result: StudyResult, key: str, lang: Lang, **fill: object) -> str:
    """Look up a text and fill it with the words of a result and those given."""
    return text(key, lang, **(vocabulary(result, lang) | fill))


def phrase_both(result: StudyResult, key: str, **fill: object) -> Texts:
    """Look up a text in every language and fill it with the words of a result and those given."""
    return both(lambda lang: phrase(result, key, lang, **fill))


def both(make: Callable[[Lang], str]) -> Texts:
    """Make a text in every language.

    Examples
    --------
    >>> both(str.upper)["es"]
    'ES'
    """
    return {lang: make(lang) for lang in LANGUAGES}


def capital(said: str) -> str:
    """Begin with a capital letter and leave the rest as it is.

    Examples
    --------
    >>> capital("casos policiales DMCS")
    'Casos policiales DMCS'
    """
    return said[:1].upper() + said[1:]
