"""The communes of Chile, in the codes of 2018 (16 regions) and all before them."""

from __future__ import annotations

from functools import cache, partial

import pandas as pd

from geo.assets import asset_table
from geo.model.country import PopulationSeries, Register
from geo.register.communes import commune_register
from geo.register.pairs import official_pairs
from geo.register.populations import SERIES, population_years
from geo.register.zones import macro_zones, zone_names

FIRST, LAST = 0, 9999  # in force from before anything read here; still in force
NUBLE = 2018
BASE_2002_UNTIL = 2020


@cache
def register() -> Register:
    """Give the register of Chile; whoever takes it changes nothing in it.

    Examples
    --------
    >>> chile = register()
    >>> len(chile.areas), chile.codes.loc["08401", "area_id"], chile.other_names["05502"]
    (346, '16101', ['La Calera'])
    """
    areas = commune_register()
    areas.insert(0, "cut", areas.index)
    areas.insert(0, "area_name", areas["commune"])
    return Register(
        name="chile",
        title="Chilean communes",
        unit="communes",
        column="cut",
        areas=areas,
        columns=("cut", "cut_2010", "commune", "province", "region"),
        codes=_codes(areas),
        digits=5,
        prefix="CL",
        region_digits=2,
        other_names=_variants(),
        pairs=official_pairs,
        series=tuple(
            PopulationSeries(name=name, years=partial(population_years, name), file=file, until=until)
            for (name, file), until in zip(SERIES.items(), (BASE_2002_UNTIL, None), strict=True)
        ),
        zones=_zones,
    )


def _codes(areas: pd.DataFrame) -> pd.DataFrame:
    """Each code of any vintage: the commune it means, its first year and the year it ended.

    Four sets of codes are met in tables: before October 2007 (13 regions; Arica y Parinacota, Tamarugal and
    Los Ríos not yet set apart), until 2010 (Marga Marga not yet), until 2018 (Ñuble not yet: ``cut_2010``)
    and since. No retired code was ever given to another commune, so each means one commune whatever its
    vintage; a table in which two vintages meet is still told apart, since it was put together from two.
    """
    old = asset_table("boundaries", "codes_before_2010.csv", until=int)
    begun = dict(zip(old["cut"], old["until"], strict=True))
    now = {cut: (cut, begun.get(cut, FIRST), LAST) for cut in areas.index}
    moved = areas.loc[areas.index != areas["cut_2010"], "cut_2010"]
    now |= {cut: (cut, NUBLE, LAST) for cut in moved.index}
    until_2018 = {code: (cut, FIRST, NUBLE) for cut, code in moved.items()}
    before = {c: (cut, FIRST, int(until)) for c, cut, until in old.itertuples(index=False)}
    rows = {**before, **until_2018, **now}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["area_id", "first", "until"])


def _variants() -> dict[str, list[str]]:
    table = asset_table("boundaries", "names.csv")
    return {str(code): list(names) for code, names in table.groupby("cut", sort=False)["variant"]}


def _zones() -> pd.Series:
    return macro_zones().astype(pd.CategoricalDtype(zone_names(), ordered=True))  # from north to south
