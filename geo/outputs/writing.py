"""All outputs of one run, written together: either the whole set stands in the folder or none of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError
from geo.model.filenames import ENDINGS, PDF, SUPPORT, figure_names, file_name
from geo.model.schema import OPTIONAL, SPATIAL
from geo.outputs.export import export
from geo.outputs.gpkg.carryover import carry_over, refuse_losses
from geo.outputs.gpkg.geopackage import refuse_if_open, write_geopackage
from geo.outputs.gpkg.metadata import about_result
from geo.outputs.layerformats import format_names, known_formats, possible_names
from geo.outputs.manifest import Fate, write_manifest
from geo.outputs.refusals import refuse_existing, refuse_other_formats
from geo.outputs.report.figures import draw_figures
from geo.outputs.report.pdf import print_page
from geo.outputs.report.reportpage import write_report
from geo.outputs.sheets import write_csv, write_xlsx
from geo.outputs.staging import one_writer, places_named, put_all, staging_folder
from geo.outputs.web.mappage import write_map
from geo.text.headline import headline
from geo.text.labels import LANGUAGES, Lang, language
from geo.text.summary import parameter_table, report_table, source_lines
from geo.text.supportlines import gap_headline

if TYPE_CHECKING:
    from geo.model.result import StudyResult


def write_all(
    result: StudyResult,
    folder: Path,
    *,
    lang: str,
    overwrite: bool,
    also: Iterable[str] = (),
    pdf: bool = False,
    page: Mapping[str, Any] | None = None,
) -> dict[str, Path]:
    """Write GeoPackage, map, report, figures, tables and manifest into a folder, layers in other formats too.

    Their names begin with the short name of the result: those of another one in the same folder stay as they
    are. What `page` holds goes to the map: how it starts, and what it may lie on.
    They are made in a hidden folder beside their place and moved when all are whole.
    """
    chosen = language(lang)
    formats = known_formats(also)
    there = {"regions": result.regions is not None, "support_gaps": result.gaps is not None}
    layers = [layer for layer in SPATIAL if layer not in OPTIONAL or there[layer]]
    slug = result.slug
    names = {kind: file_name(slug, kind) for kind in ENDINGS} | format_names(slug, formats, layers)
    more = {kind: file_name(slug, kind) for kind in SUPPORT | PDF}
    names |= {kind: more[kind] for kind in SUPPORT if there["support_gaps"]}
    places = {kind: folder / name for kind, name in possible_names(slug, formats).items()}
    refuse_other_formats(folder, slug, formats)
    refuse_existing(folder, places, overwrite=overwrite)
    with places_named(), _staging(folder) as staging:
        # In turn with other runs: whoever looks into the file has it open.
        with one_writer(folder):
            refuse_if_open(places["geopackage"])
            refuse_losses(places["geopackage"])
        made = {kind: staging / name for kind, name in (names | more).items()}
        figures = _write(result, made, chosen, page or {})
        if formats:
            export(made["geopackage"], formats)
        printed = pdf and print_page(made["report"], made["pdf"], chosen)
        fate: Fate = "made" if printed else "not_possible" if pdf else "not_asked"
        how = {"lang": chosen, "also": list(formats), "pdf": pdf, **(page or {})}
        write_manifest(result, made["manifest"], pdf=fate, written=how)
        names |= figure_names(slug, figures) | ({"pdf": more["pdf"]} if printed else {})
        targets = {kind: folder / name for kind, name in names.items()}

        def check() -> None:
            # Another run may have written here while this one was at work.
            refuse_other_formats(folder, slug, formats)
            refuse_existing(folder, places, overwrite=overwrite)
            target = targets["geopackage"]
            refuse_if_open(target)
            carry_over(target, made["geopackage"], file=target.name, lang=chosen)

        # A figure, a layer or a PDF of an earlier run that this one did not make would contradict the rest.
        stale = [place for kind, place in places.items() if kind not in names]
        put_all(staging, targets.values(), stale=stale, overwrite=overwrite, check=check)
    return targets


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Give a hidden folder within the output folder, which is made if it is not there."""
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            staging = stack.enter_context(staging_folder(folder))
        except OSError as error:
            raise OutputError(
                "the output folder must be writable", f"{folder}: {error.strerror}", "name another with --out"
            ) from error
        yield staging


def _write(result: StudyResult, paths: dict[str, Path], lang: Lang, page: Mapping[str, Any]) -> list[str]:
    """Write every file beside the others; give the names of the figures that there are."""
    parameters, join_report = parameter_table(result), report_table(result)
    write_geopackage(
        result.areas,
        paths["geopackage"],
        groups=result.groups,
        clusters=result.clusters,
        regions=result.regions,
        support_gaps=result.gaps,
        parameters=parameters,
        join_report=join_report,
        subject=result.measure.name,
        unit=result.unit,
        lang=lang,
        schematic=result.schematic,
        title={code: result.title[code] for code in LANGUAGES},
        about=about_result(result),
    )
    write_map(
        result.areas,
        paths["map"],
        groups=result.groups,
        clusters=result.clusters,
        support_gaps=result.gaps,
        pairs=result.pairs,
        subject=result.measure.name,
        unit=result.unit,
        lang=lang,
        schematic=result.schematic,
        coverage=result.reading.coverage,
        other_names=result.other_names,
        title=result.title,
        headline={code: [*headline(result, code), *gap_headline(result.gap, code)] for code in LANGUAGES},
        sources={code: source_lines(result, code) for code in LANGUAGES},
        report=paths["report"].name,
        files=[paths[kind].name for kind in ("geopackage", "xlsx", "csv")],
        **page,
    )
    write_csv(result.areas, paths["csv"], subject=result.measure.name)
    if result.gaps is not None:
        write_csv(result.gaps, paths["support"], subject=result.measure.name)
    write_xlsx(
        result.areas,
        paths["xlsx"],
        support_gaps=result.gaps,
        parameters=parameters,
        join_report=join_report,
        subject=result.measure.name,
        lang=lang,
    )
    return _write_report(result, paths["report"], lang, follow_browser=bool(page.get("follow_browser")))


def _write_report(result: StudyResult, path: Path, lang: Lang, *, follow_browser: bool) -> list[str]:
    pictures = draw_figures(result, lang)
    write_report(result, path, lang=lang, follow_browser=follow_browser, pictures=pictures)
    for picture in pictures:
        path.with_name(f"{picture.name}.svg").write_text(picture.svg, encoding="utf-8", newline="\n")
        path.with_name(f"{picture.name}.png").write_bytes(picture.png)
    return [picture.name for picture in pictures]
