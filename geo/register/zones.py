"""The zones in which the 2016 study tells where people return to."""

from __future__ import annotations

import tomllib
from functools import cache

import pandas as pd

from geo.assets import asset_text
from geo.register.communes import commune_register


def macro_zones() -> pd.Series:
    """Give the zone of every commune.

    The study names the north, the west and south of the Metropolitan Region, the coast and the interior of
    Valparaíso, O'Higgins and the south; where each ends is said in ``boundaries/zones.toml``.

    Returns
    -------
    Series of str
        By 2018 code: ``north``, ``valparaiso_coast``, ``valparaiso_interior``, ``metropolitan_west``,
        ``metropolitan_south``, ``metropolitan_rest``, ``ohiggins`` or ``south``.

    Examples
    --------
    >>> macro_zones()[["15101", "05101", "05501", "13112", "13101"]].tolist()
    ['north', 'valparaiso_coast', 'valparaiso_interior', 'metropolitan_south', 'metropolitan_rest']
    """
    return _zones().copy()


def zone_names() -> list[str]:
    """List the zones from north to south.

    Examples
    --------
    >>> zone_names()[0], zone_names()[-1]
    ('north', 'south')
    """
    return list(tomllib.loads(asset_text("boundaries", "zones.toml")))


@cache
def _zones() -> pd.Series:
    zones = tomllib.loads(asset_text("boundaries", "zones.toml"))
    codes = commune_register().index
    zone = pd.Series("", index=codes, name="zone", dtype="string")
    for name, entry in zones.items():
        named = codes.str.startswith(tuple(entry["areas"])) & zone.eq("").to_numpy(dtype=bool)
        zone[named] = name
    return zone.astype(object)
