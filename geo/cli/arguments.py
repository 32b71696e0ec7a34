"""What commands are given: arguments that several take, and the options of a run that they make."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from geo.model.options import Options
from geo.outputs.layerformats import layer_formats

_NAMED = {"id": "id_field", "column": "columns", "seed": "rng"}
"""Arguments that are called otherwise as options."""


def options(arguments: argparse.Namespace, **more: Any) -> Options:
    """Give what a command was asked for as options of a run; those that it does not take keep their default.

    Examples
    --------
    >>> arguments = argparse.Namespace(source="t.csv", column=[("code", "CUT")], by="region")
    >>> options(arguments, imputations=0).columns
    {'code': 'CUT'}
    """
    known = {field.name for field in fields(Options)}
    named = {_NAMED.get(name, name): value for name, value in vars(arguments).items()}
    asked = {name: value for name, value in named.items() if name in known}
    if asked.get("source") is None:  # a manifest is named, or nothing
        asked.pop("source", None)
    asked["columns"] = dict(asked.get("columns") or {})
    return Options(**asked | more)


def add_reading(add: Callable[..., object]) -> None:
    """How to read a boundaries file."""
    add("--id", metavar="FIELD", help="field of the boundaries with the areas' ids")
    add("--layer", metavar="NAME", help="layer of a boundaries file that has several")
    add("--crs", metavar="EPSG:N", help="coordinate system of the boundaries, where the file lacks it")


def add_inputs(run: argparse.ArgumentParser) -> None:
    """Which table, areas and inhabitants."""
    add = run.add_argument_group("what goes in").add_argument
    add("--boundaries", metavar="FILE", help="layer of the areas; 'schematic' for the shipped drawing")
    add_reading(add)
    add("--offline", action="store_true", help="do not try to download official boundaries")
    add("--population", metavar="SERIES|FILE", help="ine2002, ine2017, printed, or a table file")
    add("--region", metavar="R", help="name of one region, in Chile also its number")
    add(
        "--coverage",
        choices=["all", "highest"],
        help="highest: the table lists only the areas of highest rate (default: all)",
    )
    add_table(add)


def add_inventory(run: argparse.ArgumentParser) -> None:
    """Which support."""
    help_ = "table of the support that meets them (docs/support.md; default: the study's own)"
    run.add_argument("--inventory", metavar="FILE", help=help_)


def add_table(add: Callable[..., object]) -> None:
    """How to read a table."""
    add("--year", type=int, metavar="Y", help="year of the counts")
    add(
        "--column",
        type=role,
        action="append",
        default=[],
        metavar="ROLE=HEADER",
        help="column of the code, name, year, releases, population, rate, rank or region; #3: the third",
    )
    add("--decimal", choices=[".", ","], help="decimal mark, where the table does not tell")
    add("--sheet", metavar="NAME", help="sheet of a workbook")


def formats() -> str:
    """Name the formats that layers are written in, for a help text.

    Examples
    --------
    >>> formats()
    'geojson, geoparquet'
    """
    return ", ".join(layer_formats())


def listed(text: str) -> list[str]:
    """Take a list with commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def role(text: str) -> tuple[str, str]:
    """Take a column by its role and its header."""
    name, _, header = text.partition("=")
    if not (name and header):
        raise argparse.ArgumentTypeError(f"{text!r} is not ROLE=HEADER")
    return name, header


def at_least(least: int) -> type:
    """Take whole numbers from one on."""

    def whole(text: str) -> int:
        value = int(text) if text.isdecimal() else -1
        if value < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of {least} or more")
        return value

    return whole  # type: ignore[return-value]  # argparse takes any callable
