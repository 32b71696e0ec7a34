"""A run in a dozen lines, and the plain tables that go with it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geo.model.filenames import file_name
from geo.model.preserved import Carried, Renamed
from geo.text.headline import counted, headline, units
from geo.text.labels import LANGUAGES, Lang, text, value_labels
from geo.text.numerals import number, p_value

if TYPE_CHECKING:
    from geo.model.result import StudyResult

SHOWN = 3  # rows apart that are named one by one
MENDABLE = ("no such area", "code not in the layer", "no area named", "code and name disagree")
"""Reasons that a person can settle."""
NAMES = 6  # areas without a polygon that are named


def summary_lines(result: StudyResult, lang: Lang) -> list[str]:
    """Tell a run in a dozen lines: what was read, what was found, what was assumed."""
    lines = [result.title[lang]]
    if result.measure.name != "releases":
        lines.append(
            text("summary.about.not_releases", lang, definition=_subject(result, "definition", lang))
        )
    lines += [*read_lines(result, lang), *headline(result, lang), _boundaries(result, lang)]
    if result.schematic:
        lines[-1] += " " + text("boundaries.used.how", lang, name=result.boundaries.default)
    if result.tests.reason == "too_few_known" and result.reading.coverage == "all":
        lines.append(text("summary.join.option", lang))
    lines.append(f"{_population(result, lang)} {text('summary.about.crude', lang)}")
    permutations = number(result.tests.permutations, lang)
    floor = p_value(2 / (result.tests.permutations + 1), lang)
    seed = result.tests.seed
    return [*lines, text("summary.about.seed", lang, seed=seed, permutations=permutations, floor=floor)]


def source_lines(result: StudyResult, lang: Lang) -> list[str]:
    """Say where everything came from and what was assumed."""
    lines = [
        text("summary.about.table", lang, source=result.source[lang].rstrip(".")),
        _population(result, lang),
        _boundaries(result, lang, page=True),
        text("summary.about.crude", lang),
    ]
    return [*lines, _bounded(result, lang)] if _bounded_by_list(result) else lines


def file_lines(
    written: Mapping[str, Path],
    lang: Lang,
    *,
    carried: Sequence[Carried] = (),
    purposes: Mapping[str, str] | None = None,
) -> list[str]:
    """Say where files are and what each is for, and what the GeoPackage has from the one it replaced.

    `purposes` says it of kinds that the catalogue of texts does not know.
    """
    folder = next(iter(written.values())).parent
    # The layers of a further format, named ``geojson:communes`` and the like, are each the same kind of file;
    # files in a folder within are told as one.
    kinds = {
        f"{path.parent.name}/" if path.parent != folder else path.name: kind.partition(":")[0]
        for kind, path in written.items()
    }
    width = max(len(name) for name in kinds)
    return [
        text("summary.files.written", lang, folder=folder),
        *(
            f"  {name:<{width}}  {(purposes or {}).get(kind) or text(f'summary.files.{kind}', lang)}"
            for name, kind in kinds.items()
        ),
        *(carried_lines(written["geopackage"].name, carried, lang) if carried else []),
    ]


def carried_lines(file: str, carried: Sequence[Carried], lang: Lang) -> list[str]:
    """Tell what a GeoPackage has from the one it replaced: what an analyst had saved there.

    Examples
    --------
    >>> carried_lines("a.gpkg", [Carried(kind="table", name="visits")], "en")[1].strip()
    'table or layer “visits”'
    """
    lines = [
        text(
            f"carried.{one.kind}_missing" if one.missing else f"carried.{one.kind}",
            lang,
            name=one.name,
            layer=one.layer,
            missing=", ".join(one.missing),
        )
        for one in carried
    ]
    return [text("carried.heading", lang, file=file), *lines]


def renamed_lines(old: Path, done: Renamed, lang: Lang) -> list[str]:
    """Say what a GeoPackage is called now, and which of its projects know."""
    lines = [text("summary.renamed.now", lang, old=old, new=done.path.name)] if old != done.path else []
    for key, names in (("projects", done.projects), ("unread", done.unread)):
        if names:
            lines.append(text(f"summary.renamed.{key}", lang, names=", ".join(names)))
    return lines


def parameter_table(result: StudyResult) -> pd.DataFrame:
    """List findings, sources, options and assumptions by name, with what each means in both languages."""
    sentences = {lang: [headline(result, lang), source_lines(result, lang)] for lang in LANGUAGES}
    rows = [
        {"name": name, "value": str(k)} | {lang: sentences[lang][part][k - 1] for lang in LANGUAGES}
        for part, name in enumerate(("finding", "source"))
        for k in range(1, len(sentences["en"][part]) + 1)
    ]
    rows.append({"name": "retorno", "value": version("retorno"), "es": "Versión", "en": "Version"})
    rows += [
        {"name": name, "value": "" if value is None else str(value)}
        | {lang: _meaning(name, value, lang) for lang in LANGUAGES}
        for name, value in result.parameters.items()
    ]
    return pd.DataFrame(rows, columns=["name", "value", *LANGUAGES])


def _meaning(name: str, value: object, lang: Lang) -> str:
    """Say what a parameter is; of what became of something asked for, also what its code says."""
    meaning = text(f"parameters.{name}", lang)
    if not name.endswith("_outcome") or value is None:
        return meaning
    return f"{meaning}: {value_labels('outcome', lang)[str(value)]}"


def report_table(result: StudyResult) -> pd.DataFrame:
    """List the rows of the table that are on no area, with the reason in both languages."""
    rows = [row for _, row in result.unmatched.iterrows()]
    return result.unmatched.assign(**{lang: [row_reason(row, lang) for row in rows] for lang in LANGUAGES})


def file_words(name: object, role: str, lang: Lang) -> str:
    """Name a file; of one that is not the table also what it was given as, since two may be called the same.

    Examples
    --------
    >>> file_words("t.csv", "table", "en"), file_words("t.csv", "population", "es")
    ('t.csv', 't.csv (población)')
    """
    return str(name) if role == "table" else f"{name} ({text(f'report.role.{role}', lang)})"


def row_reason(row: pd.Series, lang: Lang) -> str:
    """Say why a row is on no area; of a code that no area has, what the row's name alone would be."""
    if row["reason"] == "code not in the layer":
        return text("summary.read.foreign", lang, code=row["code"], area=row["nearest"])
    return value_labels("reason", lang)[row["reason"]]


def read_lines(result: StudyResult, lang: Lang, *, apart: bool = True) -> list[str]:
    """Account for every row and every count; `apart` names the first rows that a person can still place."""
    account = result.accounting
    counts = result.areas["status"].value_counts()
    known = {s: number(counts.get(s, 0), lang) for s in ("published", "derived", "bounded", "missing")}
    rows = text(
        "summary.read.rows",
        lang,
        rows=counted(account.rows_read, "rows", lang),
        table=result.reading.table,
        placed=number(account.rows_placed, lang),
        listed=number(account.rows_listed, lang),
        why=_reasons(result, lang),
        read=number(account.releases_read, lang),
        counts=_subject(result, "counts", lang),
        releases_placed=number(account.releases_placed, lang),
        releases_listed=number(account.releases_listed, lang),
    )
    status = text("summary.read.known", lang, **known)
    if _bounded_by_list(result):
        status += " " + _bounded(result, lang)
    lines = [rows, *(_apart(result, lang) if apart else []), status]
    reading = result.reading
    for role, name, share in (
        ("table", reading.table, reading.codes_unused),
        ("population", reading.population, reading.population_codes_unused),
    ):
        if share:
            file = file_words(name, role, lang)
            lines.insert(1, text("summary.read.codes_unused", lang, table=file, share=share))
    if reading.codes_mixed:
        lines.insert(1, text("summary.read.mixed", lang, codes=reading.codes_mixed))
    if result.without_polygon:
        lines.append(text("summary.read.no_polygon", lang, names=_some(result.without_polygon, lang)))
    unpeopled = result.areas.loc[result.areas["population"].isna(), "area_name"].tolist()
    if unpeopled:
        lines.append(text("summary.read.no_population", lang, n=_some(unpeopled, lang)))
    return lines


def _reasons(result: StudyResult, lang: Lang) -> str:
    """Why rows are apart, and how many for each reason."""
    words = value_labels("reason", lang)
    of_table = result.unmatched["role"] == "table"
    counts = result.unmatched.loc[of_table, "reason"].value_counts()
    reasons = ", ".join(f"{words[str(reason)]}: {number(n, lang)}" for reason, n in counts.items())
    return f" ({reasons})" if reasons else ""


def _apart(result: StudyResult, lang: Lang) -> list[str]:
    """Name the first rows that a person can still place: those whose area was not found."""
    lost = result.unmatched[result.unmatched["reason"].isin(MENDABLE)]
    lines = [
        text(
            "summary.read.apart",
            lang,
            source=file_words(row["source"], row["role"], lang),
            row=row["row"],
            name=row["name"],
            reason=row_reason(row, lang),
            nearest=_nearest(row, lang),
        )
        for _, row in lost.head(SHOWN).iterrows()
    ]
    more = len(lost) - SHOWN
    if more <= 0:
        return lines
    file = file_name(result.slug, "geopackage")
    return [*lines, text("summary.read.apart_more", lang, n=number(more, lang), geopackage=file)]


def _nearest(row: pd.Series, lang: Lang) -> str:
    """Name the areas that a row could mean, where its reason does not do so."""
    hinted = row["nearest"] and row["reason"] != "code not in the layer"
    return text("summary.read.nearest", lang, names=row["nearest"]) if hinted else ""


def _some(names: list[str], lang: Lang) -> str:
    """List a few names and count the rest."""
    shown = ", ".join(names[:NAMES])
    more = len(names) - NAMES
    return text("summary.read.and_more", lang, names=shown, n=number(more, lang)) if more > 0 else shown


def _bounded_by_list(result: StudyResult) -> bool:
    return bool((result.areas["status"] == "bounded").any()) and result.reading.coverage == "highest"


def _bounded(result: StudyResult, lang: Lang) -> str:
    areas = units(result, lang)
    sentence = text("summary.read.bounded", lang, areas=areas, Areas=areas.capitalize())
    return f"{sentence} {result.caveat[lang]}" if result.caveat else sentence


def _population(result: StudyResult, lang: Lang) -> str:
    name, year = result.reading.population, result.reading.year
    source = value_labels("population_source", lang).get(name, name)
    key = "population" if year and source != name else "population_undated"
    return text(f"summary.about.{key}", lang, source=source, year=year)


def _boundaries(result: StudyResult, lang: Lang, *, page: bool = False) -> str:
    """Say which polygons are shown, whose they are, and where the contiguity is from.

    What went wrong with a download is for the person at the terminal, not for the readers of a page.
    """
    layer = result.boundaries
    lost, added, whose = layer.neighbors_lost, layer.neighbors_added, layer.provenance
    official = text("summary.about.official_contiguity", lang)
    if layer.schematic and page:
        used = text("map.page.schematic", lang) + "."
    elif layer.schematic:
        used = text(f"boundaries.used.{layer.why}", lang, failure=layer.failure or None)
    elif whose:
        used = text(f"boundaries.used.{layer.why}", lang, title=whose.title, date=whose.downloaded)
    else:
        used = text("boundaries.used.given", lang, name=layer.source)
    lines = [used]
    if layer.elsewhere:
        lines.append(text("boundaries.used.elsewhere", lang, field=layer.elsewhere))
    if whose:
        fill = {"attribution": whose.attribution, "licence": whose.licence}
        lines.append(text("boundaries.used.licence", lang, **fill))
    if layer.contiguity == "shipped":
        lines.append(official)
    elif layer.contiguity == "shipped_instead":
        lines.append(text("summary.about.damaged", lang, lost=number(lost, lang)) + " " + official)
    else:
        change = text("summary.about.change", lang, lost=lost, added=added) if lost or added else ""
        lines.append(text("summary.about.measured", lang, change=change))
    for key, n in (("repaired", layer.repaired), ("features", layer.dropped)):
        if n:
            lines.append(text(f"summary.about.{key}", lang, n=n))
    return " ".join(lines)


def _subject(result: StudyResult, what: str, lang: Lang) -> str:
    return text(f"subjects.{result.measure.name}.{what}", lang)
