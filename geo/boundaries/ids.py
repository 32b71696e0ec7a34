"""Which field of a layer says what each area is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import geopandas as gpd
import pandas as pd

from geo.errors import BoundaryError
from geo.model.country import Register
from geo.model.polygons import MatchedBy
from geo.register.names import match_names
from geo.register.registers import registers
from geo.register.vintages import to_area

CODE_FIELDS = (
    "cut_2018",
    "cut",
    "cut_com",
    "cod_comuna",
    "cut_2010",
    "codigo_comuna",
    "adm3_pcode",
    "area_id",
)
NAME_FIELDS = (
    *("area_name", "commune", "comuna", "nom_comuna", "name", "nombre", "shapename", "adm3_name", "adm3_es"),
    "nam",
)
REGION_FIELDS = (
    *("region", "region_name", "adm1_name", "adm1_en", "adm1_es", "name_1", "state", "estado"),
    *("province", "provincia", "department", "departamento", "departement", "bundesland"),
)
KNOWN_AT_LEAST = 0.9  # share of distinct ids that must be Chilean communes for the register to be used


@dataclass(frozen=True, kw_only=True)
class Ids:
    """What the areas of a layer are called."""

    values: pd.Series
    """Id of each feature; missing where it has none, or none that the register knows."""
    field: str
    """The field they come from."""
    matched_by: MatchedBy
    """Codes or names of a register, or the layer's own ids."""
    register: Register | None
    """The register that knows them; None where they are the layer's own."""


def find_ids(frame: gpd.GeoDataFrame, wanted: str | None, source: str) -> Ids:
    """Find out what identifies the areas: the field named, else Chilean codes, else Chilean names.

    Parameters
    ----------
    frame : GeoDataFrame
    wanted : str, optional
        Field of ids; of another country's, or of codes or names of Chilean communes.
    source : str
        Name of the file, for messages.

    Raises
    ------
    BoundaryError
        If the layer has no such field, or none is named and none is of Chilean communes.

    Examples
    --------
    >>> layer = gpd.GeoDataFrame({"comuna": ["Arica", "Iquique"]}, geometry=[None, None])
    >>> find_ids(layer, None, "x.shp").values.tolist()
    ['15101', '01101']
    """
    fields = [str(c) for c in frame.columns if c != frame.geometry.name]
    if wanted is not None:
        field = _named(wanted, fields, source)
        tried = (by(frame, field, one) for one in registers() for by in (_by_code, _by_name))
        return next((ids for ids in tried if ids), None) or own_ids(frame, field)
    usual = [f for name in CODE_FIELDS for f in fields if f.lower() == name]
    names = [f for name in NAME_FIELDS for f in fields if f.lower() == name]
    for field, register in product([*usual, *fields], registers()):
        if ids := _by_code(frame, field, register):
            return ids
    for field, register in product([*names, *fields], registers()):
        # A field of regions or provinces holds names of communes too, each many times.
        ids = _by_name(frame, field, register)
        if ids and (len(frame) < 3 or ids.values.nunique() > len(frame) / 2):
            return ids
    shown, known = ", ".join(fields) or "none", ", ".join(register.title for register in registers())
    raise BoundaryError(
        "a layer needs a field that identifies its areas",
        f"{source}, fields: {shown}; none holds codes or names of {known}",
        "name it with --id FIELD",
    )


def ids_by_others(frame: gpd.GeoDataFrame, ids: Ids) -> list[Ids]:
    """Read the same field as codes of every other register that knows nearly all of them."""
    others = [register for register in registers() if register is not ids.register]
    tried = [_by_code(frame, ids.field, register) for register in others]
    return [one for one in tried if one]


def own_ids(frame: gpd.GeoDataFrame, field: str) -> Ids:
    """Take what a field holds as the areas' ids, whatever a register knows.

    Examples
    --------
    >>> own_ids(gpd.GeoDataFrame({"ward": [13101, None]}, geometry=[None, None]), "ward").values.tolist()
    ['13101', <NA>]
    """
    return Ids(values=_own(frame[field]), field=field, matched_by="own", register=None)


def find_names(frame: gpd.GeoDataFrame, id_field: str) -> pd.Series | None:
    """Give the areas' names where a field is called so; missing where it is blank, numbers as text.

    Examples
    --------
    >>> layer = gpd.GeoDataFrame({"id": ["1", "2", "3"], "NAME": ["Alfa ", " ", None]}, geometry=[None] * 3)
    >>> find_names(layer, "id").tolist()
    ['Alfa', <NA>, <NA>]
    """
    fields = {str(c).lower(): c for c in frame.columns if c not in (id_field, frame.geometry.name)}
    field = next((fields[n] for n in NAME_FIELDS if n in fields), None)
    return None if field is None else _own(frame[field].map(unmangled)).astype("string")


def find_regions(frame: gpd.GeoDataFrame, id_field: str) -> pd.Series | None:
    """Give what larger unit each area belongs to, where a field is called so and joins some of them.

    Examples
    --------
    >>> layer = gpd.GeoDataFrame(
    ...     {"id": ["1", "2", "3"], "STATE": ["North", "North", None]}, geometry=[None] * 3, crs=4326)
    >>> find_regions(layer, "id").tolist()
    ['North', 'North', <NA>]
    """
    fields = {str(c).lower(): c for c in frame.columns if c not in (id_field, frame.geometry.name)}
    for name in REGION_FIELDS:
        if name in fields and not pd.api.types.is_numeric_dtype(frame[fields[name]]):
            regions = pd.Series(frame[fields[name]].map(unmangled).astype("string").str.strip())
            regions = regions.mask(regions.eq(""))
            if 0 < regions.nunique() < len(regions):
                return regions
    return None


def unmangled(name: object) -> object:
    """Undo UTF-8 that was read as Latin-1 somewhere on a name's way.

    Examples
    --------
    >>> unmangled("ViÃ±a del Mar"), unmangled("Viña del Mar")
    ('Viña del Mar', 'Viña del Mar')
    """
    if not isinstance(name, str) or not ("Ã" in name or "Â" in name):
        return name
    for encoding in ("latin-1", "cp1252"):
        try:
            return name.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return name


def _named(wanted: str, fields: list[str], source: str) -> str:
    fits = [f for f in fields if f == wanted] or [f for f in fields if f.lower() == wanted.lower()]
    if len(fits) == 1:
        return fits[0]
    shown = ", ".join(fields) or "none"
    raise BoundaryError(
        "--id names a field of the layer", f"{wanted!r}; fields of {source}: {shown}", "name one of them"
    )


def _by_code(frame: gpd.GeoDataFrame, field: str, register: Register) -> Ids | None:
    text = _own(frame[field]).astype("string")
    codes = to_area(text, register)
    if not _mostly(codes, text):
        return None
    return Ids(values=codes, field=field, matched_by="code", register=register)


def _by_name(frame: gpd.GeoDataFrame, field: str, register: Register) -> Ids | None:
    if pd.api.types.is_numeric_dtype(frame[field]):
        return None
    text = frame[field].map(unmangled).astype("string")
    # A look at some values spares comparing thousands of foreign names with every one of the register.
    distinct = text.dropna().drop_duplicates().astype(object)
    some = match_names(distinct.iloc[:: max(len(distinct) // 50, 1)], register)
    if not some.notna().mean() > KNOWN_AT_LEAST / 2:
        return None
    codes = match_names(text.astype(object), register)
    if not _mostly(codes, text):
        return None
    return Ids(values=codes, field=field, matched_by="name", register=register)


def _mostly(codes: pd.Series, text: pd.Series) -> bool:
    """Whether nearly all distinct values are of the register; one filler many times counts once."""
    distinct = pd.DataFrame({"text": text, "code": codes}).dropna(subset="text").drop_duplicates("text")
    return len(distinct) > 0 and bool(distinct["code"].notna().mean() > KNOWN_AT_LEAST)


def _own(values: pd.Series) -> pd.Series:
    """Write ids as text: whole numbers without decimals, blanks as missing."""
    if pd.api.types.is_float_dtype(values):
        whole = values.dropna()
        if bool((whole % 1 == 0).all()):
            values = values.astype("Int64")
    text = values.astype("string").str.strip()
    return text.where(text.fillna("") != "").astype(object)
