"""Names of areas as people write them, matched to the register without guessing.

A name matches when it is the official one, or a listed spelling in use, up to case, accents, apostrophes,
hyphens and spaces; or when its abbreviations expand to exactly one official name. Nothing else matches:
what is left over is for a person to decide, with the nearest names beside it.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from geo.model.country import Register

# Abbreviations that are not the beginning of the word they stand for.
ABBREVIATIONS = {
    "PTO": "PUERTO",
    "PTA": "PUNTA",
    "STA": "SANTA",
    "STO": "SANTO",
    "SN": "SAN",
    "STGO": "SANTIAGO",
    "GRAL": "GENERAL",
    "GTE": "GRANDE",
    "VNA": "VINA",
}
_FOOTNOTE = re.compile(r"\s*(?:[¹²³⁰⁴-⁹]+|\(\d{1,2}\)|\[\d{1,2}\]|[*†]+)\s*$")
_TITLE = re.compile(r"^\s*(?:(?:i\.?|ilustre)\s+)?(?:municipalidad|comuna)\s+de\s+", re.IGNORECASE)


def match_names(names: pd.Series, register: Register) -> pd.Series:
    """Find the code of each name.

    Parameters
    ----------
    names : Series of str
        Names in any case, with or without accents, abbreviated or not.
    register : Register

    Returns
    -------
    Series of str
        Codes on the index of `names`; missing where no area, or more than one, fits.

    Examples
    --------
    >>> from geo.register.countries import chile
    >>> names = pd.Series(["VINA DEL MAR", "P. AGUIRRE CERDA", "Aisén", "Springfield"])
    >>> match_names(names, chile.register()).tolist()
    ['05109', '13121', '11201', nan]
    """
    matches = [_match(name, register) if isinstance(name, str) and name.strip() else np.nan for name in names]
    return pd.Series(matches, index=names.index, dtype=object)


def nearest_names(name: str, register: Register, n: int = 3) -> list[str]:
    """List the official names nearest to one that did not match, as a hint for a person.

    Examples
    --------
    >>> from geo.register.countries import chile
    >>> nearest_names("Quilota", chile.register(), 1)
    ['Quillota']
    """
    official = {name_key(area): area for area in register.areas["area_name"]}
    return [official[key] for key in get_close_matches(name_key(name), official, n=n, cutoff=0.6)]


@lru_cache(maxsize=10_000)
def _match(name: str, register: Register) -> str | float:
    for text in (name, _TITLE.sub("", _FOOTNOTE.sub("", name))):
        code = _spellings(register).get(name_key(text)) or _match_abbreviated(text, register)
        if isinstance(code, str):
            return code
    return np.nan


def _match_abbreviated(name: str, register: Register) -> str | float:
    """Match word by word where a word with a full stop may be the beginning of the official one."""
    words = re.findall(r"([A-Z0-9]+)(\.?)", _plain(name).replace("-", " "))
    if not any(stop for _, stop in words):
        words = [(word, "." if word in ABBREVIATIONS else "") for word, _ in words]
    if all(stop for _, stop in words):
        return np.nan  # initials alone are a guess, even where only one area has them
    fits = {code for official, code in _official_words(register) if _fits(words, official)}
    return fits.pop() if len(fits) == 1 else np.nan


def _fits(words: list[tuple[str, str]], official: tuple[str, ...]) -> bool:
    if len(words) != len(official):
        return False
    return all(
        word == full or (bool(stop) and (full.startswith(word) or ABBREVIATIONS.get(word) == full))
        for (word, stop), full in zip(words, official, strict=True)
    )


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).upper()


def name_key(name: str) -> str:
    """Reduce a name to what spellings share: capital letters and digits, no accents, marks or spaces.

    Examples
    --------
    >>> name_key("O'Higgins"), name_key("Ñuñoa")
    ('OHIGGINS', 'NUNOA')
    """
    return re.sub(r"[^A-Z0-9]", "", _plain(name))


@cache
def _spellings(register: Register) -> dict[str, str]:
    official = {name_key(name): str(code) for code, name in register.areas["area_name"].items()}
    return {name_key(name): code for code, names in register.other_names.items() for name in names} | official


@cache
def _official_words(register: Register) -> list[tuple[tuple[str, ...], str]]:
    return [
        (tuple(re.findall(r"[A-Z0-9]+", _plain(name).replace("'", ""))), str(code))
        for code, name in register.areas["area_name"].items()
    ]
