"""The command that sets the people who return against the support that meets them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from geo.cli.arguments import at_least, options, role
from geo.cli.comparing import Verb
from geo.errors import InputError

if TYPE_CHECKING:
    from geo.text.labels import Lang


def _support(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo import read_inventory, support_gap, write_gap
    from geo.job import run, written_lines
    from geo.text.supportlines import gap_lines

    if arguments.inventory_column and arguments.inventory is None:
        columns = ", ".join(f"{role}={header}" for role, header in arguments.inventory_column)
        raise InputError("--inventory-column is about a file of support", columns, "add --inventory FILE")
    named = [criterion for criterion, _ in arguments.weight]
    if again := next((one for one in named if named.count(one) > 1), None):
        raise InputError("each criterion has one weight", f"--weight {again} more than once", "name it once")
    how = {"weights": dict(arguments.weight) or None, "top": arguments.top, "among": arguments.among}
    result = run(options(arguments, inventory=None, imputations=0))
    inventory = arguments.inventory
    if inventory is not None:
        inventory = read_inventory(inventory, areas=result.areas, columns=dict(arguments.inventory_column))
    gap = support_gap(result, inventory, **how, rng=arguments.seed)
    lines = gap_lines(gap, lang, by=arguments.by)
    if arguments.out is None:
        return lines
    return [
        *lines,
        *written_lines(write_gap(gap, arguments.out, lang=lang, overwrite=arguments.overwrite), lang),
    ]


def _options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("support, and what is done with it").add_argument
    add("--inventory", metavar="FILE", help="table of support (docs/support.md); default: the study's own")
    add(
        "--inventory-column",
        type=role,
        action="append",
        default=[],
        metavar="ROLE=HEADER",
        help="column of that table: name, channel, answer, needs, capacity and others; #3: the third",
    )
    add(
        "--weight",
        type=_weight,
        action="append",
        default=[],
        metavar="CRITERION=W",
        help="weight of count, rate, place or no_support; those left out weigh nothing (default: all alike)",
    )
    add("--top", type=at_least(0), default=10, metavar="K", help="how many are the first (default: 10)")
    add("--among", choices=["known", "all"], default="known", help="rank areas of known count, or all")
    add("--by", choices=["region", "group", "cluster"], help="add up by these")
    add("--seed", type=at_least(0), default=0, metavar="N", help="default: 0")
    add("--out", metavar="FILE", help="write a row per area, as .csv or .xlsx")
    add("--overwrite", action="store_true", help="replace that file")


def _weight(text: str) -> tuple[str, float]:
    name, _, weight = text.partition("=")
    try:
        return name, float(weight)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not CRITERION=NUMBER") from None


SUPPORT = Verb("support", "people returning against the support that meets them", _options, _support)
