"""The commands. Each verb is one call of the API; heavy libraries load only when a verb runs."""

from __future__ import annotations

import argparse
import locale
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Literal, NoReturn

from geo.errors import GeoError

DESCRIPTION = "Where people return to after prison: release rates, tested clusters and maps by commune."
RUN = """\
Turn a table of releases by area into rates, tested clusters and maps.

Without a table, the shipped study chile-2016 is run; dmcs-2016 is a shipped example with complete counts.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; exit status 0, 1 for an input or output that cannot be used, 2 for wrong usage."""
    given = _parser().parse_args(argv)
    try:
        return _run(given)
    except GeoError as error:
        print(f"retorno: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("retorno: interrupted; nothing was half-written", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


def _run(given: argparse.Namespace) -> int:
    from geo.maps.labels import text
    from geo.maps.summary import file_lines
    from geo.study import run

    lang = given.lang or _locale_language()
    progress = sys.stderr.isatty()

    def tell(step: str) -> None:
        if progress:
            print(f"  {text(f'progress.{step}', lang)} ...", file=sys.stderr)

    result = run(
        given.source,
        boundaries=given.boundaries,
        id_field=given.id,
        layer=given.layer,
        population=given.population,
        year=given.year,
        region=given.region,
        coverage=given.coverage,
        columns=dict(given.column),
        decimal=given.decimal,
        sheet=given.sheet,
        permutations=given.permutations,
        rng=given.seed,
        progress=tell,
    )
    tell("write")
    written = result.write(given.out, lang=lang, overwrite=given.overwrite)
    print("\n".join([*result.summary(lang), *file_lines(written, lang)]))
    return 0


class _Parser(argparse.ArgumentParser):
    """Wrong usage in one line, with where to look."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="retorno", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"retorno {version('retorno')}")
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    run = verbs.add_parser(
        "run",
        help="table and boundaries in, GeoPackage, map and tables out",
        description=RUN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument(
        "source",
        nargs="?",
        default="chile-2016",
        metavar="STUDY|TABLE",
        help="chile-2016, dmcs-2016, or a CSV, Excel or ODS file (default: chile-2016)",
    )
    _add_inputs(run)
    _add_options(run)
    return parser


def _add_inputs(run: argparse.ArgumentParser) -> None:
    add = run.add_argument_group("what goes in").add_argument
    add("--boundaries", metavar="FILE", help="layer of the areas; 'schematic' for the shipped drawing")
    add("--id", metavar="FIELD", help="field of the boundaries with the areas' ids")
    add("--layer", metavar="NAME", help="layer of a boundaries file that has several")
    add("--population", metavar="SERIES|FILE", help="ine2002, ine2017, printed, or a table file")
    add("--year", type=int, metavar="Y", help="year of the counts")
    add("--region", metavar="R", help="number or name of one Chilean region")
    add(
        "--coverage",
        choices=["all", "highest"],
        help="highest: the table lists only the areas of highest rate (default: all)",
    )
    add(
        "--column",
        type=_role,
        action="append",
        default=[],
        metavar="ROLE=HEADER",
        help="which column is the code, name, year, releases, population, rate or rank",
    )
    add("--decimal", choices=[".", ","], help="decimal mark, where the table does not tell")
    add("--sheet", metavar="NAME", help="sheet of a workbook")


def _add_options(run: argparse.ArgumentParser) -> None:
    add = run.add_argument_group("how, and what comes out").add_argument
    add("--permutations", type=_at_least(9), default=99_999, metavar="R", help="default: 99999")
    add("--seed", type=_at_least(0), default=0, metavar="N", help="default: 0")
    add("--out", default="retorno-out", metavar="DIR", help="folder of the outputs (default: retorno-out)")
    add("--overwrite", action="store_true", help="replace the outputs of an earlier run")
    add("--lang", choices=["es", "en"], help="language of the outputs (default: the system's, else English)")


def _role(text: str) -> tuple[str, str]:
    role, equals, header = text.partition("=")
    if not (role and equals and header):
        raise argparse.ArgumentTypeError(f"{text!r} is not ROLE=HEADER")
    return role, header


def _at_least(least: int) -> type:
    def whole(text: str) -> int:
        value = int(text) if text.isdigit() else -1
        if value < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of {least} or more")
        return value

    return whole  # type: ignore[return-value]  # argparse takes any callable


def _locale_language() -> Literal["es", "en"]:
    named = next((os.environ[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(v)), None)
    spoken = named or locale.getlocale()[0] or ""
    return "es" if spoken.lower().startswith(("es", "spanish")) else "en"


if __name__ == "__main__":
    sys.exit(main())
