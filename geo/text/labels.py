"""Texts, columns and colours that readers see, read once from the shipped catalogue.

The catalogue is files in ``maps/``: ``labels.toml`` and ``report.toml`` (texts in Spanish and English),
``columns.toml`` (every column with its alias and description) and ``palette.toml`` (colours).
"""

from __future__ import annotations

import tomllib
from copy import deepcopy
from functools import cache
from typing import Any, Literal, cast

from geo.assets import asset_text
from geo.errors import OutputError
from geo.model.schema import Column

Lang = Literal["es", "en"]
LANGUAGES: tuple[Lang, ...] = ("es", "en")
# The report and its figures have a file of their own; every other key is in labels.toml.
_FILES = dict.fromkeys(("report", "figure"), "report.toml")


def label_table(table: str) -> dict[str, dict[str, dict[Lang, str]]]:
    """Give a whole table of ``labels.toml``: by section and key, a text by language.

    Examples
    --------
    >>> label_table("map")["words"]["area"]["en"]
    'area'
    """
    return cast(dict[str, dict[str, dict[Lang, str]]], deepcopy(_catalogue("labels.toml")[table]))


@cache
def _catalogue(name: str) -> dict[str, Any]:
    return tomllib.loads(asset_text("maps", name))


def columns(subject: str = "releases") -> dict[str, Column]:
    """List every known column by name, in the order of the catalogue.

    Parameters
    ----------
    subject : str
        What the table counts: a key of ``[subjects]`` in ``maps/labels.toml``.

    Examples
    --------
    >>> columns()["rate"].alias["en"]
    'Rate per 100,000'
    >>> columns("dmcs")["releases"].alias["en"]
    'DMCS police cases'
    """
    counted = _catalogue("labels.toml")["subjects"][subject]

    def fill(template: str, lang: Lang) -> str:
        filled = template.format(counts=counted["counts"][lang], definition=counted["definition"][lang])
        return filled[:1].upper() + filled[1:] if template.startswith("{") else filled

    return {
        name: Column(
            name=name,
            group=entry["group"],
            type=entry["type"],
            decimals=entry.get("decimals", 0),
            values=entry.get("values"),
            alias={lang: fill(entry[lang][0], lang) for lang in LANGUAGES},
            description={lang: fill(entry[lang][1], lang) for lang in LANGUAGES},
        )
        for name, entry in _catalogue("columns.toml").items()
    }


def language(lang: str) -> Lang:
    """Take a language that texts are in.

    Raises
    ------
    OutputError
        If they are not in this one.

    Examples
    --------
    >>> language("es")
    'es'
    """
    known = next((one for one in LANGUAGES if one == lang), None)
    if known is None:
        raise OutputError(
            f"outputs are in {' or '.join(LANGUAGES)}", repr(lang), "name one of the two with --lang"
        )
    return known


def text(key: str, lang: Lang, /, **fill: object) -> str:
    """Look up one text by its dotted key and fill its braces.

    Raises
    ------
    KeyError
        If the catalogue lacks the key: a fault of the package, found by its tests.

    Examples
    --------
    >>> text("layers.communes.title", "es")
    'Comunas'
    """
    entry: Any = _catalogue(_FILES.get(key.partition(".")[0], "labels.toml"))
    for part in key.split("."):
        if not isinstance(entry, dict) or part not in entry:
            raise KeyError(key)
        entry = entry[part]
    template = cast(str, entry[lang])
    return template.format(**fill) if fill else template


def value_labels(table: str, lang: Lang) -> dict[str, str]:
    """Give the labels of a coded column: code to text.

    Examples
    --------
    >>> value_labels("support", "es")["no answer"]
    'sin respuesta'
    """
    return {code: entry[lang] for code, entry in _catalogue("labels.toml")["values"][table].items()}


def palette(name: str) -> dict[str, Any]:
    """Give one set of colours from ``palette.toml``.

    Examples
    --------
    >>> palette("cluster")["High-High"]
    '#b2182b'
    """
    return deepcopy(cast(dict[str, Any], _catalogue("palette.toml")[name]))
