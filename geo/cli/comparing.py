"""The commands that ask two questions of a table: how uneven is it, and with what does it go together?"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from geo.cli.arguments import options

if TYPE_CHECKING:
    from geo.text.labels import Lang


class Verb(NamedTuple):
    """One command."""

    name: str
    help: str
    options: Callable[[argparse.ArgumentParser], None]
    """Adds what this command alone takes."""
    run: Callable[[argparse.Namespace, Lang], list[str]]


def _inequality(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo import study_inequality
    from geo.data.shipped import named_study
    from geo.model.measure import Measure
    from geo.text.comparisons import inequality_lines

    uneven = study_inequality(options(arguments), by=arguments.by, draws=arguments.draws, rng=arguments.seed)
    study = named_study(arguments.source)
    measure = study.measure if study else Measure()
    return inequality_lines(uneven, lang, subject=measure.name)


def _correlation(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo import study_correlation
    from geo.text.comparisons import correlation_lines

    how = {"of": arguments.of, "column": arguments.value, "edges": arguments.bounds}
    chance = {"permutations": arguments.permutations, "rng": arguments.seed}
    return correlation_lines(
        study_correlation(options(arguments), arguments.covariate, **how, **chance), lang
    )


def _inequality_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is measured").add_argument
    add("--by", choices=["region", "zone"], default="region", help="groups of communes (default: region)")
    add("--draws", type=int, default=999, metavar="R", help="maps at equal risk (default: 999)")
    add("--seed", type=int, default=0, metavar="N", help="default: 0")


def _correlation_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("what is compared").add_argument
    add(
        "--with",
        dest="covariate",
        default="poverty",
        metavar="NAME|FILE",
        help="poverty, dmcs or a table file (default: poverty)",
    )
    add("--value", metavar="HEADER", help="which column of that table")
    add("--of", choices=["rate", "count"], default="rate", help="of the study (default: rate)")
    add("--bounds", type=_numbers, metavar="KM,KM", help="upper bounds of distance classes, in place of ours")
    add("--permutations", type=int, default=99_999, metavar="R", help="of Lee's L (default: 99999)")
    add("--seed", type=int, default=0, metavar="N", help="default: 0")


VERBS = (
    Verb(
        "inequality",
        "how uneven rates are, beside chance: Gini, Hoover, Theil, location quotients",
        _inequality_options,
        _inequality,
    ),
    Verb(
        "correlation",
        "what rates go together with, tested as spatial autocorrelation allows",
        _correlation_options,
        _correlation,
    ),
)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of numbers") from None
