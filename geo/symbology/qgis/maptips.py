"""What QGIS shows where the pointer rests: the name of an area and the few values that matter, as HTML.

The values are looked up when the tip is shown, so a tip is the same for every row. What comes from tables is
escaped; aliases and codes are in the language of the style.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from geo.model.schema import Column
from geo.symbology.qgis.literals import field as quoted
from geo.symbology.qgis.literals import string
from geo.text.labels import Lang

TOLD = [
    *("region", "status", "releases", "population", "rate", "rank", "group_id", "cluster"),
    *("cluster_adjusted", "stability", "web_support", "phone_support"),
    *("n_members", "members", "share_releases", "share_population", "n_grouped", "n_clustered"),
    *("web_yes", "phone_yes", "excess_risk"),
    *("support_status", "programmes", "provider", "capacity", "unmet", "rank_best", "top_sure"),
]
"""Fields of a tip, in order; those a layer lacks are left out, and so is a row without a value."""

_LINE = (
    "[% if({test}, '<tr><td style=\"color:#555;padding-right:8px\">' || {alias} || '</td><td><b>' || "
    "{value} || '</b></td></tr>', '') %]"
)


def map_tip(fields: Sequence[Column], lang: Lang, *, name: str) -> str:
    """Write the tip of a layer.

    Parameters
    ----------
    fields : sequence of Column
        Fields of the layer.
    lang : {"es", "en"}
        Language of the words and of the numbers.
    name : str
        Expression that names a row.

    Returns
    -------
    str
        HTML with expressions of QGIS between ``[%`` and ``%]``.

    Examples
    --------
    >>> from geo.text.labels import columns
    >>> tip = map_tip([columns()["status"]], "es", name='"area_name"')
    >>> "Qué se sabe del recuento" in tip, 'represent_value("status")' in tip
    (True, True)
    """
    known = {field.name: field for field in fields}
    lines = [_line(known[field], known, lang) for field in TOLD if field in known]
    head = f'<b style="font-size:110%">[% {_escaped(name)} %]</b>'
    return f'{head}<table cellspacing="0">{"".join(lines)}</table>'


def _line(field: Column, known: dict[str, Column], lang: Lang) -> str:
    column = quoted(field.name)
    value = _number(field, lang)(column) if field.type in ("integer", "real") else _escaped(_word(field))
    test = f"{column} IS NOT NULL"
    low, high = f"{field.name}_low", f"{field.name}_high"
    if {low, high} <= set(known):
        # Without an exact value, the bounds of it.
        shown = _number(field, lang)
        between = f"{shown(quoted(low))} || ' – ' || {shown(quoted(high))}"
        value = f"if({test}, {value}, {between})"
        test = f"coalesce({column}, {quoted(low)} + {quoted(high)}) IS NOT NULL"
    return _LINE.format(test=test, value=value, alias=string(escape(field.alias[lang])))


def _word(field: Column) -> str:
    return f"{'represent_value' if field.values else 'to_string'}({quoted(field.name)})"


def _number(field: Column, lang: Lang) -> Callable[[str], str]:
    plain = field.name == "year" or field.name.endswith("_id")
    if plain:
        return lambda column: f"to_string({column})"
    return lambda column: f"format_number({column}, {field.decimals}, '{lang}')"


def _escaped(expression: str) -> str:
    marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    for mark, entity in marks.items():
        expression = f"replace({expression}, '{mark}', '{entity}')"
    return expression
