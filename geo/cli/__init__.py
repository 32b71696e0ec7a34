"""The commands. Each verb is one call of the API; heavy libraries load only when a verb runs."""

from __future__ import annotations

import argparse
import gc
import locale
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from geo.cli import endings, terminal
from geo.cli.arguments import (
    add_inputs,
    add_inventory,
    add_reading,
    add_table,
    at_least,
    formats,
    listed,
    options,
)
from geo.cli.comparing import VERBS
from geo.cli.repeating import dated, repeated, version_lines, writing
from geo.cli.stopping import Stopped, stoppable
from geo.cli.supporting import SUPPORT
from geo.errors import GeoError, OutputError
from geo.model.options import Options

if TYPE_CHECKING:
    from geo.boundaries.download import Progress
    from geo.text.labels import Lang


DESCRIPTION = "Where people return to after prison: release rates, tested clusters and maps by commune."
SOURCE = "chile-2016, dmcs-2016, or a CSV, Excel or ODS file (default: chile-2016)"
RUN = """\
Turn a table of releases by area into rates, tested clusters and maps.

Without a table, the shipped study chile-2016 is run; dmcs-2016 is a shipped example with complete counts.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; exit status 0, 1 for what cannot be used, 2 for wrong usage, more if stopped."""
    terminal.keep_places()
    arguments = _parser().parse_args(argv)
    arguments.words = list(sys.argv[1:] if argv is None else argv)
    try:
        with warnings.catch_warnings(), _seldom_collecting(), stoppable():
            # What libraries have to say to programmers is not for the person at the terminal.
            warnings.simplefilter("ignore")
            lines = arguments.verb(arguments, arguments.lang or _locale_language())
        _say_lines(lines, arguments)
        return 0
    except (GeoError, OSError, MemoryError, KeyboardInterrupt, Stopped) as error:
        return endings.tell(error)


def _say_lines(lines: Sequence[str], arguments: argparse.Namespace) -> None:
    """Say what a command found; where that cannot be, whoever reads the error learns that the files stand."""
    try:
        terminal.say("\n".join(lines))
    except OutputError as error:
        written = getattr(arguments, "out", None) or getattr(arguments, "geopackage", None)
        remedy = f"the files are written, see {written}" if written else error.remedy
        raise OutputError(error.rule, error.received, remedy) from error


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let the garbage collector run seldom: loading libraries sets it off hundreds of times for nothing."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _run(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo.job import before_writing, run, written_lines
    from geo.text.labels import language, text

    def tell(step: str) -> None:
        if terminal.is_watched():
            terminal.complain(f"  {text(f'progress.{step}', lang)} ...")

    recipe = None if arguments.manifest is None else repeated(arguments)
    asked = recipe.options if recipe else options(arguments)
    how = recipe.written if recipe else writing(arguments, lang)
    lang = language(how["lang"])
    where = {"also": how["also"], "basemap": how["basemap"], "overwrite": arguments.overwrite}
    result = run(
        asked, progress=tell, ready=before_writing(arguments.out, **where), download=_bar("boundaries")
    )
    if recipe:
        recipe.check(result)
    tell("write")
    with dated(recipe.epoch if recipe else None):
        written = result.write(arguments.out, overwrite=arguments.overwrite, **how)
    lines = [*result.summary(lang), *written_lines(written, lang)]
    if recipe:
        lines += version_lines(recipe, lang)
    if how["pdf"] and "pdf" not in written:
        lines.append(text("summary.files.no_pdf", lang, report=written["report"].name))
    return lines


def _export(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo import export
    from geo.job import written_lines

    return written_lines(
        export(arguments.geopackage, arguments.to, arguments.out, overwrite=arguments.overwrite), lang
    )


def _rename(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo import rename_geopackage
    from geo.text.summary import renamed_lines

    return renamed_lines(Path(arguments.file), rename_geopackage(arguments.file, arguments.name), lang)


def _check_table(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo.data.audit import audit_table
    from geo.data.shipped import named_study, study_table
    from geo.data.table import read_table
    from geo.text.auditlines import audit_lines

    study = named_study(arguments.table)
    how = {
        "columns": dict(arguments.column),
        "decimal": arguments.decimal,
        "sheet": arguments.sheet,
        "year": arguments.year,
    }
    table = study_table(study) if study else read_table(arguments.table, **how)
    return audit_lines(audit_table(table, year=arguments.year), lang)


def _list_boundaries(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo.boundaries.catalogue import listed_sources
    from geo.text.layerlines import catalogue_lines

    return catalogue_lines(listed_sources(), lang)


def _get_boundaries(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo.boundaries.official import get_boundaries
    from geo.text.layerlines import gate_lines, used_lines

    layer = get_boundaries(arguments.name, again=arguments.again, progress=_bar(arguments.name))
    return [*used_lines(layer, lang, default=arguments.name), *gate_lines(layer, lang), str(layer.path)]


def _check_boundaries(arguments: argparse.Namespace, lang: Lang) -> list[str]:
    from geo.boundaries.check import check_boundaries
    from geo.text.layerlines import check_lines

    check = check_boundaries(arguments.file, id_field=arguments.id, layer=arguments.layer, crs=arguments.crs)
    return check_lines(check, lang)


def _bar(label: str) -> Progress | None:
    """Show a download on a terminal; elsewhere it is silent."""
    from geo.boundaries.download import bar

    return bar(terminal.redraw, label) if terminal.is_watched() else None


class _Parser(argparse.ArgumentParser):
    """Wrong usage in one line, with where to look."""

    def error(self, message: str) -> NoReturn:
        terminal.complain(f"{self.prog}: {message}; see {self.prog} --help")
        sys.exit(2)

    def _print_message(self, message: str, file: object = None) -> None:
        """Say help and version, all that argparse still writes by itself."""
        try:
            terminal.say(message.rstrip("\n"))
        except OutputError as error:
            terminal.complain(f"{self.prog}: {error}")
            sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="retorno", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"retorno {version('retorno')}")
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    run = verbs.add_parser(
        "run",
        help="table and boundaries in, GeoPackage, map, report and tables out",
        description=RUN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument("source", nargs="?", metavar="STUDY|TABLE", help=SOURCE)
    add_inputs(run)
    add_inventory(run)
    _add_options(run)
    _add_language(run, _run)
    check = verbs.add_parser("check", help="how a table is read, and what in it does not agree")
    check.add_argument("table", metavar="TABLE", help="a table file, or a shipped study")
    add_table(check.add_argument)
    _add_language(check, _check_table)
    _add_comparisons(verbs)
    _add_export(verbs)
    _add_rename(verbs)
    _add_boundaries(verbs)
    return parser


def _add_comparisons(verbs: argparse._SubParsersAction[_Parser]) -> None:
    for verb in (*VERBS, SUPPORT):
        parser = verbs.add_parser(verb.name, help=verb.help)
        parser.add_argument("source", nargs="?", default="chile-2016", metavar="STUDY|TABLE", help=SOURCE)
        add_inputs(parser)
        verb.options(parser)
        _add_language(parser, verb.run)


def _add_export(verbs: argparse._SubParsersAction[_Parser]) -> None:
    parser = verbs.add_parser("export", help="layers of a finished run in other formats")
    add = parser.add_argument
    add("geopackage", nargs="?", default="retorno-out", metavar="FILE|DIR", help="default: retorno-out")
    add("--to", type=listed, default=["geojson"], metavar="FORMATS", help=f"{formats()} (default: geojson)")
    add("--out", metavar="DIR", help="folder of the files (default: beside the GeoPackage)")
    add("--overwrite", action="store_true", help="replace files of an earlier export")
    _add_language(parser, _export)


def _add_rename(verbs: argparse._SubParsersAction[_Parser]) -> None:
    parser = verbs.add_parser(
        "rename", help="another name for a GeoPackage, which the projects in it then know"
    )
    parser.add_argument("file", metavar="FILE.gpkg", help="a GeoPackage that a run has written")
    about = "its new name; without one, projects are mended in a file that was renamed or copied already"
    parser.add_argument("name", nargs="?", metavar="NEW.gpkg", help=about)
    _add_language(parser, _rename)


def _add_boundaries(verbs: argparse._SubParsersAction[_Parser]) -> None:
    parser = verbs.add_parser("boundaries", help="official layers: list, get, check")
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    listing = verbs.add_parser("list", help="official sources, and which are in the cache")
    _add_language(listing, _list_boundaries)
    get = verbs.add_parser("get", help="download an official layer, check it and keep it for runs")
    get.add_argument("name", metavar="NAME", help="a name of the list")
    get.add_argument("--again", action="store_true", help="download also if it is there")
    _add_language(get, _get_boundaries)
    check = verbs.add_parser("check", help="say what a layer is worth: codes, neighbours, overlaps, gaps")
    check.add_argument("file", metavar="FILE", help="any vector file, zipped or not")
    add_reading(check.add_argument)
    _add_language(check, _check_boundaries)


def _add_language(
    parser: argparse.ArgumentParser, verb: Callable[[argparse.Namespace, Lang], list[str]]
) -> None:
    parser.add_argument("--lang", choices=["es", "en"], help="language (default: the system's, else English)")
    parser.set_defaults(verb=verb)


def _add_options(run: argparse.ArgumentParser) -> None:
    add = run.add_argument_group("how, and what comes out").add_argument
    add(
        "--permutations",
        type=at_least(9),
        default=Options.permutations,
        metavar="R",
        help="default: %(default)s",
    )
    about = "tables completed by a model where counts are not all known; 0 for none (default: %(default)s)"
    add("--imputations", type=at_least(0), default=Options.imputations, metavar="M", help=about)
    add("--seed", type=at_least(0), default=Options.rng, metavar="N", help="default: %(default)s")
    add("--out", default="retorno-out", metavar="DIR", help="folder of the outputs (default: retorno-out)")
    add("--also", type=listed, default=[], metavar="FORMATS", help=f"layers as {formats()} too")
    add("--basemap", metavar="URL", help="online tiles that the map can show: https, with {z}/{x}/{y}")
    add("--basemap-credit", metavar="TEXT", help="whose the tiles are (default: their server)")
    add("--pdf", action="store_true", help="print the report as PDF too, through Chromium, Chrome or Edge")
    add("--overwrite", action="store_true", help="replace the outputs of an earlier run")
    add = run.add_argument_group("the same again").add_argument
    about = "manifest of a run to repeat, to the same bytes; no table and no other option beside it"
    add("--from", dest="manifest", metavar="MANIFEST", help=about)
    add("--inputs", metavar="DIR", help="folder of the files that it read, where they are not beside it")


def _locale_language() -> Lang:
    named = next((os.environ[v] for v in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(v)), None)
    spoken = named or locale.getlocale()[0] or ""
    return "es" if spoken.lower().startswith(("es", "spanish")) else "en"


if __name__ == "__main__":
    sys.exit(main())
