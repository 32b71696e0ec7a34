"""Which column is which: headers in Spanish and English recognised by the words in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

_OF = r"(?:(?:n|n°|no|nro|num|numero|number|cantidad|total|suma)(?: (?:de|of|total|las|los|the))* )?"
_PEOPLE = r"(?:poblacion|population|habitantes|inhabitants|residentes|residents|pob|pop)"
_OUT = r"(?:egresos?|egresad[oa]s?|releases?|released|liberad[oa]s|excarcelad[oa]s|excarcelaciones)"
_AREA = r"(?:comuna|commune|municipio|municipality|municipalidad)"
_YEAR = r"(?: (?:19|20)[0-9]{2})?"
_PER = r"\b(?:por|per|x|cada|c) ?(?:cada )?100 ?000\b"

# What registers of other countries, and some in Chile, call their codes.
_REGISTERS = (
    r"(?:county )?fips(?: code)?|geo id|insee|codgeo|pro com|ags|lau(?: id)?|nuts (?:id|code)|nuts3|gss code"
    r"|lad[0-9]{2}cd|cvegeo|cve mun|ubigeo|divipola|cd mun|pcode|redcoden|geocodigo"
)

# For each role, header texts that name it, the plainest first: a column that fits an earlier pattern is
# preferred, two that fit the same one are rivals. A header is lower case without accents, its words joined
# by single spaces.
ROLES: dict[str, tuple[str, ...]] = {
    "code": (
        rf"(?:cut|codigo unico territorial|geoid|codcom|cod com|area id|area code)(?: .*)?"
        rf"|(?:cut |cod |codigo )(?:de )?(?:la )?(?:{_AREA}|comunal)(?: .*)?"
        rf"|{_AREA} (?:cod|codigo|code|id|cut)(?: .*)?|id {_AREA}(?: .*)?"
        rf"|(?:cod|codigo|id){_AREA}",
        _REGISTERS,
        rf"(?:codigo|code|cod){_YEAR}",
        r"(?:codigo|code|cod) .*",
        r"id(?: .*)?",
    ),
    "name": (
        rf"(?:nombre|nom|name)(?: de)?(?: la)? (?:{_AREA}|com)|{_AREA} (?:nombre|name)|nomcom|area name",
        _AREA,
        r"nombre|name|area|district|county|distrito|condado|territorio",
        rf"{_AREA} .*|(?:nombre|name) .*",
    ),
    "year": (r"ano|anio|year|agno", r"(?:ano|anio|year|agno) .*"),
    "releases": (
        rf"{_OF}(?:personas )?{_OUT}(?: total(?:es)?)?{_YEAR}",
        rf"{_OF}(?:personas |people |poblacion )?(?:que )?{_OUT}(?: .*)?|(?:personas|people) .*{_OUT}.*",
        rf"{_OF}(?:casos|cases|events|eventos|counts?|recuento|frecuencia|frequency)(?: .*)?",
        r"(?:n|n°|nro|num|numero|number|cantidad)(?: (?:de|of|las|los|the))* \S.*",
        rf"(?:total|cantidad|personas|people){_YEAR}|(?:total|personas|people) .*",
    ),
    "population": (
        rf"{_OF}{_PEOPLE}(?: total(?:es)?)?{_YEAR}",
        rf"{_OF}{_PEOPLE} .*|(?:resident|total|estimated) {_PEOPLE}(?: .*)?",
    ),
    "rate": (rf"tasa{_YEAR}|rate{_YEAR}", rf".*{_PER}.*", r"(?:tasa|rate) .*|(?:release|crude) rate"),
    "rank": (r"rank(?:ing)?(?: .*)?|lugar|posicion|puesto", r"n°|nro|num|numero|orden|n° (?:de )?orden|n"),
    "region": (r"region|nombre region|region nombre|region name|nombre de la region", r"region .*"),
}
ESSENTIAL = frozenset(ROLES) - {"rank", "region"}

_OTHER_UNITS = r"\b(?:region(?:es|al)?|reg|provincias?|provincial|prov|province|pais|country|nacional)\b"
_SHARES = (
    r"^(?:porcentaje|porc|pct|percent(?:age)?|proporcion|share|limite|variacion|indice|metodo)\b"
    r"|\b(?:pct|share)$|%"
)
_PARTS = r"\b(?:hombres?|mujeres?|men|women|male|female|urban[ao]?|rural|menores|extranjer[oa]s)\b"
# What a header must not say to have a role.
_NEVER: dict[str, str] = {
    "code": _OTHER_UNITS,
    "name": rf"{_OTHER_UNITS}|\bkm2?\b|\bha\b",
    "releases": (
        rf"{_SHARES}|{_PER}|\b(?:tasa|rate)$|^(?:tasa|rate)\b|{_PEOPLE}$|\borden$|{_OTHER_UNITS}$"
        rf"|^(?:n|n°|nro|numero|number|cantidad)(?: de| of)? {_AREA}s?$"
    ),
    "population": rf"{_SHARES}|{_OUT}|\b(?:penal|prison|{_PER})",
    "rate": (
        r"variacion|crecimiento|change"
        r"|\b(?:por|per|x|cada) ?(?:mil|1 ?000|10 ?000|cien|100)(?! ?000)\b"
    ),
    "region": r"\b(?:cod|codigo|code|id)\b",
}


def tidy(header: str) -> str:
    """Reduce a header to lower-case words without accents or marks.

    Examples
    --------
    >>> tidy("Código_Comuna (2018)"), tidy("Nº de egresos")
    ('codigo comuna 2018', 'n° de egresos')
    """
    decomposed = unicodedata.normalize("NFKD", header.replace("º", "°").replace("ª", "a"))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c)).lower().replace("%", " % ")
    return re.sub(r"[^a-z0-9°%]+", " ", letters).strip()


def years_in(text: str) -> set[int]:
    """List the years that a header names.

    Examples
    --------
    >>> years_in("releases_2016"), years_in("INE 20177")
    ({2016}, set())
    """
    return {int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", text)}


def columns_by_role(
    titles: Sequence[str], settled: Mapping[str, int | None]
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Give each role its column, and the roles that several columns claim alike.

    Parameters
    ----------
    titles : sequence of str
        Header of each column.
    settled : mapping of role to position
        Columns that the caller has named; None for a role that no column is to have.

    Returns
    -------
    dict of str to int
        Position of each role's column.
    dict of str to list of int
        Positions of the columns that rival for a role.

    Examples
    --------
    >>> columns_by_role(["Comuna", "Egresos", "Tasa"], {})
    ({'name': 0, 'releases': 1, 'rate': 2}, {})
    >>> columns_by_role(["Comuna", "Egresos 2015", "Egresos 2016"], {})
    ({'name': 0}, {'releases': [1, 2]})
    """
    words = [tidy(title) for title in titles]
    columns = {role: place for role, place in settled.items() if place is not None}
    rivals: dict[str, list[int]] = {}
    for role in ROLES:
        if role in settled:
            continue
        taken = {*columns.values(), *(place for places in rivals.values() for place in places)}
        fits = {i: _level(role, text) for i, text in enumerate(words) if i not in taken}
        best = min((level for level in fits.values() if level is not None), default=None)
        places = [i for i, level in fits.items() if level == best and best is not None]
        if len(places) == 1:
            columns[role] = places[0]
        elif places:
            rivals[role] = places
    return columns, rivals


@cache
def _level(role: str, text: str) -> int | None:
    """Say how plainly a header names a role, 0 the plainest; None where it does not."""
    if not text or (role in _NEVER and re.search(_NEVER[role], text)):
        return None
    for level, pattern in enumerate(ROLES[role]):
        if re.fullmatch(pattern, text):
            # A column for some of the people yields to one for all of them.
            return level + (len(ROLES[role]) if re.search(_PARTS, text) else 0)
    return None
