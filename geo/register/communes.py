"""The register of Chilean communes: codes of both vintages, names, where each one lies."""

from __future__ import annotations

from functools import cache
from io import StringIO

import pandas as pd

from geo.assets import asset_text

NUMBERS = ["lon", "lat", "area_km2", "length_km", "width_km", "bearing_deg"]


def commune_register() -> pd.DataFrame:
    """List all 346 communes.

    Returns
    -------
    DataFrame
        Indexed by ``cut`` (2018, five-digit text): ``cut_2010``, ``commune``, ``province``, ``region`` and
        their 2010 counterparts as text; centroid ``lon``, ``lat`` in degrees (WGS 84), ``area_km2``, and
        ``length_km``, ``width_km``, ``bearing_deg`` (clockwise from north) of the ellipse with the
        commune's second moments. The last six are missing for Antártica (12202), of which no official
        layer has a polygon.

    References
    ----------
    SUBDERE, Códigos Únicos Territoriales (2010 and 2018); INE, cartography 2016-17.

    Examples
    --------
    >>> commune_register().loc["16101", ["cut_2010", "commune", "region", "region_2010"]].tolist()
    ['08401', 'Chillán', 'Ñuble', 'Biobío']
    """
    return _commune_register().copy()


@cache
def _commune_register() -> pd.DataFrame:
    text = asset_text("boundaries", "communes.csv")
    frame = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False).set_index("cut")
    frame[NUMBERS] = frame[NUMBERS].apply(pd.to_numeric)
    return frame
