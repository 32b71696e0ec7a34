"""The words in which a survey of support is written down, in Spanish and English, and the codes they mean."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime

from geo.data.cells import Cell, shown
from geo.data.roles import tidy
from geo.register.missing import MISSING

CHANNELS: dict[str, str] = {
    "web": "web|sitio web|website|pagina web|sitio|internet|on line|online",
    "telephone": "telephone|telefono|por telefono|telefonica|telefonico|llamada|phone|call",
    "visit": "visit|visita|presencial|en persona|in person|en terreno",
}
ANSWERS: dict[str, str] = {
    "yes": "yes|si|s|y|x|true|1|hay|tiene",
    "no": "no|n|false|0|no hay|no tiene|none",
    "no answer": (
        "no answer|sin respuesta|no responde|no respondio|no contesta|no contesto|nobody answered|unanswered"
    ),
    "referred elsewhere": (
        "referred elsewhere|referred|refers elsewhere|deriva|derivado|derivada|deriva a otra institucion"
        "|deriva a gendarmeria|derivado a gendarmeria|derivada a gendarmeria|remite a gendarmeria"
        "|referred to the prison service"
    ),
}
PROVIDERS: dict[str, str] = {
    "municipal": "municipal|municipalidad|municipio|municipality",
    "prison service": "prison service|gendarmeria|gendarmeria de chile|servicio penitenciario",
    "civil society": "civil society|sociedad civil|ong|ngo|fundacion|corporacion|foundation|charity",
    "private": "private|privado|privada|empresa|company",
    "joint": "joint|conjunto|conjunta|mixto|mixta|mixed",
}
COORDINATION: dict[str, str] = {
    "yes": "yes|si|s|y|x|true|1|con coordinacion|coordinated",
    "no": "no|n|false|0|sin coordinacion|not coordinated",
}
# The needs of the person, then what the literature on what works holds essential.
NEEDS: dict[str, str] = {
    "housing": "housing|vivienda|alojamiento|hospedaje|albergue|shelter|a safe place to sleep",
    "education_employment": (
        "education and employment|educacion y empleo|education|educacion|employment|empleo|trabajo|work|jobs"
        "|laboral|insercion laboral|capacitacion|capacitacion laboral|job training"
    ),
    "health": "health and mental health|salud y salud mental|health|salud|mental health|salud mental",
    "substance_use": (
        "substance use treatment|tratamiento por consumo de sustancias|substance use|consumo de sustancias"
        "|tratamiento por consumo|tratamiento de adicciones|adicciones|drug treatment|alcohol y drogas"
    ),
    "surroundings": (
        "the person s surroundings|surroundings|entorno de la persona|entorno|family peers neighbourhood"
        "|familia pares barrio|family|familia|peers|pares|neighbourhood|neighborhood|barrio"
    ),
    "legal": (
        "legal matters and criminal records|asuntos legales y antecedentes penales|legal matters"
        "|asuntos legales|criminal records|antecedentes penales|legal|asesoria legal|orientacion juridica"
        "|legal advice"
    ),
    "evaluation": "evaluation|evaluacion|assessment|diagnostico",
    "treatment": "treatment|tratamiento|intervencion",
    "drug_monitoring": (
        "drug monitoring and detection|monitoreo y deteccion de drogas|drug monitoring|drug testing"
        "|deteccion de drogas"
    ),
    "co_occurring": (
        "co occurring disorders|co occurring|trastornos concurrentes|patologia dual|dual diagnosis"
    ),
    "relapse_prevention": "relapse prevention|prevencion de recaidas|prevencion de la recaida",
}
_NONE = frozenset(["none", "ninguna", "ninguno", "no need"])


def read_code(cell: Cell, words: Mapping[str, str]) -> str | None:
    """Find the code that a cell means; None where no word of it does, empty where it says nothing.

    Examples
    --------
    >>> read_code("Sí", ANSWERS), read_code("No contesta", ANSWERS), read_code("..", ANSWERS)
    ('yes', 'no answer', '')
    >>> read_code("perhaps", ANSWERS) is None
    True
    """
    text = shown(cell)
    if text.lower() in MISSING - {"none"}:
        return ""
    word = tidy(text)
    return next((code for code, ways in words.items() if word in (tidy(code), *ways.split("|"))), None)


def read_needs(cell: Cell) -> tuple[str, ...] | str | None:
    """Read a list of needs, parted by ``;``, ``|``, ``/``, ``+`` or commas, in the order of the vocabulary.

    Returns
    -------
    tuple of str, str or None
        Codes; None where the cell does not say; the words that mean no need, where there are some.

    Examples
    --------
    >>> read_needs("Empleo; vivienda"), read_needs(""), read_needs("ninguna"), read_needs("empleo, fútbol")
    (('housing', 'education_employment'), None, (), 'fútbol')
    """
    text = shown(cell)
    if text.lower() in MISSING - {"none"}:
        return None
    if tidy(text) in _NONE:
        return ()
    codes = set()
    for item in re.split(r"[;|/+\n]", text):
        whole = read_code(item, NEEDS)
        parts = [item] if whole else item.split(",")
        for part in parts:
            code = read_code(part, NEEDS)
            if code is None:
                return part.strip()
            codes.add(code)
    return tuple(need for need in NEEDS if need in codes)


def read_date(cell: Cell) -> str | None:
    """Read a year, a month or a day, the day first as in Chile; None where it is none, empty where missing.

    Examples
    --------
    >>> read_date("2016"), read_date("03-2016"), read_date("5/3/2016"), read_date("2016-03-05")
    ('2016', '2016-03', '2016-03-05', '2016-03-05')
    >>> read_date("25/13/2016") is None, read_date("")
    (True, '')
    """
    if isinstance(cell, date):
        day = cell.date() if isinstance(cell, datetime) else cell
        return day.isoformat()
    text = shown(cell)
    if text.lower() in MISSING:
        return ""
    parts = re.split(r"[-/.]", text)
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts) or len(parts) > 3:
        return None
    year, *rest = parts if len(parts[0]) == 4 else parts[::-1]
    numbers = [int(part) for part in (year, *rest)]
    if len(year) != 4 or not 1900 <= numbers[0] <= 2100 or any(len(part) > 2 for part in rest):
        return None
    if len(numbers) > 1 and not 1 <= numbers[1] <= 12:
        return None
    if len(numbers) > 2 and not 1 <= numbers[2] <= calendar.monthrange(numbers[0], numbers[1])[1]:
        return None
    return "-".join([year, *(f"{n:02d}" for n in numbers[1:])])
