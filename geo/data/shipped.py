"""The tables that ship with the package: studies, populations, municipal support."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from dataclasses import replace
from functools import cache

import pandas as pd

from geo.assets import asset_path, asset_table, asset_text
from geo.data.inventory import read_inventory
from geo.data.table import read_table
from geo.model.measure import Measure
from geo.model.programmes import Inventory
from geo.model.studies import Study
from geo.model.tables import Table


def studies() -> dict[str, Study]:
    """List the shipped studies by name.

    Examples
    --------
    >>> list(studies())
    ['chile-2016', 'dmcs-2016']
    """
    return deepcopy(_studies())


def named_study(source: object) -> Study | None:
    """Find the shipped study that is meant; None for a table of one's own.

    A study is named in text, and comes before a file that is called the same; a path is a file, as
    ``./chile-2016`` is.

    Examples
    --------
    >>> from pathlib import Path
    >>> named_study("chile-2016").table, named_study("./chile-2016"), named_study(Path("chile-2016"))
    ('releases_2016.csv', None, None)
    """
    return studies().get(source) if isinstance(source, str) else None


def study_table(study: Study) -> Table:
    """Read the table of a shipped study.

    Examples
    --------
    >>> rows = study_table(studies()["chile-2016"]).rows
    >>> rows.loc[0, "name"], int(rows.loc[0, "low"])
    ('VALPARAISO', 599)
    """
    with asset_path("data", study.table) as path:
        return read_table(path)


def support(study: Study) -> pd.DataFrame | None:
    """Give the answers on municipal support by 2018 code, where a study has them.

    Examples
    --------
    >>> answers = support(studies()["chile-2016"])
    >>> [int((answers[channel] == "yes").sum()) for channel in ("web_support", "phone_support")]
    [2, 6]
    """
    if study.support is None:
        return None
    asked = asset_table("data", study.support).dropna(subset=["channel"])
    answers = asked.pivot(index="cut", columns="channel", values="answer")[["web", "telephone"]]
    return answers.set_axis(["web_support", "phone_support"], axis="columns").reindex(asked["cut"].unique())


def support_inventory(study: Study) -> Inventory | None:
    """Read the support inventory of a study, where it has one.

    Examples
    --------
    >>> inventory = support_inventory(studies()["chile-2016"])
    >>> len(inventory.rows), [(finding.kind, finding.areas) for finding in inventory.findings]
    (66, [('contradicted', ('LA PINTANA',))])
    """
    if study.support is None:
        return None
    with asset_path("data", study.support) as path:
        # Out of a zip the path is a temporary one, whose name says nothing.
        return replace(read_inventory(path), source=study.support, file=None)


def recidivism_context() -> pd.DataFrame:
    """List the figures of recidivism that the two source texts cite: context, from which nothing is computed.

    Returns
    -------
    DataFrame
        ``place``, ``low`` and ``high`` (per cent, equal where one figure is given), ``cited_in``, ``source``,
        ``criterion`` (what counts as returning to prison, and within how long).

    Examples
    --------
    >>> recidivism_context()[["place", "low", "high"]].values.tolist()
    [['Chile', 42.0, 50.0], ['Chile', 68.7, 68.7], ['El Salvador', 10.4, 10.4]]
    """
    return asset_table("data", "recidivism_context.csv").astype({"low": float, "high": float})


# What is kept for the next caller is never handed out: a caller may change what it gets.


@cache
def _studies() -> dict[str, Study]:
    entries = tomllib.loads(asset_text("data", "studies.toml"))
    return {
        name: Study(name=name, measure=Measure(name=entry.pop("measure")), **entry)
        for name, entry in entries.items()
    }
