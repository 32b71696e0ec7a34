"""Fields of every layer and table: their order, their type and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from geo.model.schema import Column
from geo.text.labels import LANGUAGES, Lang, columns, text, value_labels

DICTIONARY_FIELDS = [
    *("layer", "field", "type"),
    *(f"{part}_{lang}" for part in ("alias", "description", "unit") for lang in LANGUAGES),
    "codes",
]

# What a dissolved layer begins with: it has no area of its own to name.
_LEAD = ["group_id", "cluster_id", "cluster", "region_id", "region", "n_members", "members"]


def arrange(frame: pd.DataFrame, *, subject: str = "releases", index: str | None = None) -> pd.DataFrame:
    """Put a result in the order people see: code and name, the catalogue's columns, then all others.

    Columns of the catalogue get its types, so that a layer without rows has the same fields as a full one.
    Geometry is left out.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        The result; it is not changed.
    subject : str
        What the table counts.
    index : str, optional
        Column that the index becomes, unless there is one of that name; without it the index is dropped.

    Examples
    --------
    >>> frame = pd.DataFrame({"rate": [98.7], "mine": [1], "area_name": ["Arica"]}, index=["15101"])
    >>> arrange(frame, index="area_id")
      area_id area_name  rate  mine
    0   15101     Arica  98.7     1
    """
    known = columns(subject)
    flat = pd.DataFrame(frame.drop(columns=_geometry_columns(frame))).rename(columns=str)
    if index and index not in flat:
        flat.insert(0, index, frame.index)
    lead = [] if "area_id" in flat else _LEAD
    order = [name for name in [*lead, *(name for name in known if name not in lead)] if name in flat]
    flat = flat[[*order, *(name for name in flat if name not in known)]].reset_index(drop=True)
    kinds = {name: known[name].type if name in known else _kind(flat[name]) for name in map(str, flat)}
    return flat.assign(**{name: _typed(flat[name], kind) for name, kind in kinds.items()})


def fields(frame: pd.DataFrame, *, subject: str = "releases") -> list[Column]:
    """Describe each column of an arranged frame; a column nobody described is known by its own name.

    Examples
    --------
    >>> [field.alias["es"] for field in fields(pd.DataFrame({"rate": [98.7], "mine": [1]}))]
    ['Tasa por 100.000', 'mine']
    """
    known = columns(subject)
    return [known[str(name)] if name in known else _other(str(name), frame[name]) for name in frame]


def unit(name: str, lang: Lang, *, subject: str = "releases") -> str:
    """Name the unit of a column; empty where it has none.

    Examples
    --------
    >>> unit("rate", "en"), unit("releases", "es"), unit("region", "en")
    ('per 100,000 inhabitants', 'egresos', '')
    """
    try:
        return text(f"gpkg.units.{name}", lang, counts=text(f"subjects.{subject}.counts", lang))
    except KeyError:
        return ""


def dictionary(layers: Mapping[str, pd.DataFrame], *, subject: str = "releases") -> pd.DataFrame:
    """Describe every field of every layer in plain words, in both languages.

    Parameters
    ----------
    layers : mapping of str to DataFrame
        Arranged frames by the name of their layer or table.

    Returns
    -------
    DataFrame
        One row per field: ``layer, field, type, alias_es, alias_en, description_es, description_en, unit_es,
        unit_en, codes``. It describes itself too when `layers` has a table called ``dictionary``.

    Examples
    --------
    >>> dictionary({"communes": pd.DataFrame({"status": ["missing"]})}).loc[0, "alias_en"]
    'What is known of the count'
    """
    rows = [
        {"layer": layer, "field": field.name, "type": field.type}
        | {f"alias_{lang}": field.alias[lang] for lang in LANGUAGES}
        | {f"description_{lang}": field.description[lang] for lang in LANGUAGES}
        | {f"unit_{lang}": unit(field.name, lang, subject=subject) for lang in LANGUAGES}
        | {"codes": _codes(field)}
        for layer, frame in layers.items()
        for field in fields(frame, subject=subject)
    ]
    return pd.DataFrame(rows, columns=DICTIONARY_FIELDS)


def coded(values: pd.Series, field: Column, lang: Lang) -> pd.Series:
    """Translate a coded column; codes without a label stay as they are.

    Examples
    --------
    >>> coded(pd.Series(["yes", None]), columns()["web_support"], "es").tolist()
    ['sí', None]
    """
    if field.values is None:
        return values
    labels = value_labels(field.values, lang)
    return _texts(
        pd.Series([labels.get(_code(value), value) for value in values], values.index, dtype=object)
    )


def _texts(values: pd.Series) -> pd.Series:
    """Text as plain objects: ``str`` and None read the same in every pandas."""
    return pd.Series([None if pd.isna(value) else str(value) for value in values], values.index, dtype=object)


_CASTS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "text": _texts,
    "integer": lambda values: values.astype("Int64"),
    "real": lambda values: values.astype("Float64").astype("float64"),
    "boolean": lambda values: values.astype("boolean"),
    "date": lambda values: values,
}


def _geometry_columns(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame if getattr(frame[name].dtype, "name", "") == "geometry"]


def _typed(values: pd.Series, kind: str) -> pd.Series:
    """Cast to the type of the catalogue, or keep the values as they are where that would change them."""
    try:
        return _CASTS[kind](values)
    except (TypeError, ValueError):
        return values


def _other(name: str, values: pd.Series) -> Column:
    alias: dict[str, str] = {}
    description: dict[str, str] = {}
    for lang in LANGUAGES:
        try:
            alias[lang] = text(f"gpkg.fields.{name}.alias", lang)
            description[lang] = text(f"gpkg.fields.{name}.description", lang)
        except KeyError:
            alias[lang], description[lang] = name, text("gpkg.notes.extra_field", lang)
    return Column(
        name=name,
        group="",
        type=_kind(values),
        decimals=2,
        values=_CODED.get(name),
        alias=alias,
        description=description,
    )


# Coded fields of the plain tables, which are not in the catalogue of columns.
_CODED = {"reason": "reason"}


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "boolean"
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    if pd.api.types.is_datetime64_any_dtype(values):
        return "date"
    return "real" if pd.api.types.is_float_dtype(values) else "text"


def _codes(field: Column) -> str:
    """List the codes of a field with their meaning: ``no = no / no; yes = sí / yes``."""
    if field.values is None:
        return ""
    by_lang = [value_labels(field.values, lang) for lang in LANGUAGES]
    return "; ".join(f"{code} = {' / '.join(labels[code] for labels in by_lang)}" for code in by_lang[0])


def _code(value: object) -> str:
    return str(value).lower() if str(value) in ("True", "False") else str(value)
