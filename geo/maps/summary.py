"""The result in words: sentences made from its numbers, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from geo.maps.labels import LANGUAGES, Lang, text, value_labels
from geo.maps.numerals import number, p_value
from geo.result import Result

LABELS = ("High-High", "Low-Low", "High-Low", "Low-High")


def headline(result: Result, lang: Lang) -> list[str]:
    """Say what was found, each sentence backed by a test of the result."""
    sentences = [_moran(result, lang)] if result.tests.method != "local_join_count" else []
    sentences += _join_count(result, lang)
    sentences += _local(result, lang)
    return [*sentences, *_groups(result, lang)]


def source_lines(result: Result, lang: Lang) -> list[str]:
    """Say where everything came from and what was assumed."""
    lines = [
        text("summary.about.table", lang, source=result.source[lang].rstrip(".")),
        _population(result, lang),
        _boundaries(result, lang),
        text("summary.about.crude", lang),
    ]
    return [*lines, text("summary.read.bounded", lang)] if _bounded_by_list(result) else lines


def summary_lines(result: Result, language: str) -> list[str]:
    """Tell a run in a dozen lines: what was read, what was found, what was assumed."""
    lang: Lang = "es" if language == "es" else "en"
    lines = [result.title[lang]]
    if result.subject != "releases":
        lines.append(
            text("summary.about.not_releases", lang, definition=_subject(result, "definition", lang))
        )
    lines += [*_read(result, lang), *headline(result, lang), _boundaries(result, lang)]
    if result.schematic:
        lines[-1] += " " + text("summary.about.option", lang)
    if result.tests.method == "none" and result.tests.join_count is None:
        lines.append(text("summary.join.option", lang))
    lines.append(f"{_population(result, lang)} {text('summary.about.crude', lang)}")
    permutations = number(result.tests.permutations, lang)
    floor = p_value(2 / (result.tests.permutations + 1), lang)
    seed = result.tests.seed
    return [*lines, text("summary.about.seed", lang, seed=seed, permutations=permutations, floor=floor)]


def _read(result: Result, lang: Lang) -> list[str]:
    account = result.accounting
    counts = result.areas["status"].value_counts()
    known = {s: number(counts.get(s, 0), lang) for s in ("published", "derived", "bounded", "missing")}
    rows = text(
        "summary.read.rows",
        lang,
        rows=_counted(account.rows_read, "rows", lang),
        table=result.parameters["table"],
        placed=number(account.rows_placed, lang),
        listed=number(account.rows_listed, lang),
        read=number(account.releases_read, lang),
        counts=_subject(result, "counts", lang),
        releases_placed=number(account.releases_placed, lang),
        releases_listed=number(account.releases_listed, lang),
    )
    status = text("summary.read.known", lang, **known)
    if _bounded_by_list(result):
        status += " " + text("summary.read.bounded", lang)
    if not result.without_polygon:
        return [rows, status]
    return [rows, status, text("summary.read.no_polygon", lang, names=", ".join(result.without_polygon))]


def _bounded_by_list(result: Result) -> bool:
    return bool((result.areas["status"] == "bounded").any()) and result.parameters["coverage"] == "highest"


def _population(result: Result, lang: Lang) -> str:
    name, year = str(result.parameters["population"]), result.parameters["year"]
    source = value_labels("population_source", lang).get(name, name)
    key = "population" if year else "population_undated"
    return text(f"summary.about.{key}", lang, source=source, year=year)


def _join_count(result: Result, lang: Lang) -> list[str]:
    chance, size = result.tests.join_count, result.tests.join_count_stratified
    if chance is None or size is None:
        return [text("summary.join.untested", lang)]
    alpha = result.tests.alpha
    beyond = size.p_value <= alpha
    key = "none" if chance.p_value > alpha else "more_beyond_size" if beyond else "more_size"
    listed = int(result.areas["listed"].sum())
    alone = "" if listed == chance.n_high else text("summary.join.alone", lang, n=listed - chance.n_high)
    sentence = text(
        f"summary.join.{key}",
        lang,
        n=number(listed, lang),
        alone=alone,
        areas=_areas(result, lang),
        observed=_counted(chance.observed, "pairs", lang),
        expected=number(chance.expected, lang, 1),
        p=p_value(chance.p_value, lang),
        p2=p_value(chance.p_two_sided, lang),
        expected_size=number(size.expected, lang, 1),
        p_size=p_value(size.p_value, lang),
    )
    published_only = result.parameters["coverage"] == "highest" and not beyond
    return [sentence, text("summary.join.no_evidence", lang)] if published_only else [sentence]


def _moran(result: Result, lang: Lang) -> str:
    test = result.tests.moran_rate
    areas = _areas(result, lang)
    if test is None:
        known, n = number(result.tests.known, lang), number(result.tests.n, lang)
        return text("summary.moran.untested", lang, known=known, n=n, areas=areas)
    significant = test.p_value <= result.tests.alpha
    key = "none" if not significant else "similar" if test.statistic > test.expected else "unlike"
    return text(
        f"summary.moran.{key}",
        lang,
        areas=areas,
        Areas=areas.capitalize(),
        i=number(test.statistic, lang, 3),
        n=number(test.n, lang),
        p=p_value(test.p_value, lang),
    )


def _local(result: Result, lang: Lang) -> list[str]:
    tested = result.areas[result.areas["cluster_p"].notna()]
    if tested.empty:
        return []
    found = tested["cluster"].value_counts()
    names = value_labels("cluster", lang)
    labels = [f"{number(found[label], lang)} {names[label]}" for label in LABELS if label in found]
    n = _counted(len(tested), "tests", lang)
    if labels:
        lines = [text("summary.local.some", lang, n=n, labels=", ".join(labels))]
    else:
        least = tested.loc[tested["cluster_p"].idxmin()]
        p, q = p_value(least["cluster_p"], lang), p_value(tested["cluster_q"].min(), lang)
        lines = [text("summary.local.none", lang, n=n, p=p, q=q, name=least["area_name"])]
    if result.tests.method == "local_moran_rate":
        lines.append(text("summary.local.caution", lang))
    if result.tests.at_floor > 1:
        permutations = number(result.tests.permutations, lang)
        lines.append(
            text("summary.local.floor", lang, permutations=permutations, floor=result.tests.at_floor)
        )
    return lines


def _groups(result: Result, lang: Lang) -> list[str]:
    listed, areas = int(result.areas["listed"].sum()), _areas(result, lang)
    if not listed:
        return []
    if result.groups.empty:
        return [text("summary.groups.none", lang, n=number(listed, lang), areas=areas)]
    largest = result.groups.sort_values("n_members", ascending=False, kind="stable").iloc[0]
    sentence = text(
        "summary.groups.some",
        lang,
        n=number(listed, lang),
        groups=_counted(len(result.groups), "groups", lang),
        members=_counted(result.groups["n_members"].sum(), _unit(result), lang),
        largest=largest["members"],
    )
    return [sentence]


def _boundaries(result: Result, lang: Lang) -> str:
    given = result.parameters
    if result.schematic:
        return text("summary.about.schematic", lang)
    lost, added = int(str(given["neighbors_lost"])), int(str(given["neighbors_added"]))
    if given["contiguity"] == "shipped_instead":
        return text("summary.about.damaged", lang, name=given["boundaries"], lost=number(lost, lang))
    change = text("summary.about.change", lang, lost=lost, added=added) if lost or added else ""
    lines = [text("summary.about.layer", lang, name=given["boundaries"], change=change)]
    for key, parameter in (("repaired", "polygons_repaired"), ("features", "features_left_out")):
        if given[parameter]:
            lines.append(text(f"summary.about.{key}", lang, n=given[parameter]))
    return " ".join(lines)


def _unit(result: Result) -> str:
    return "communes" if "cut" in result.areas else "areas"


def _areas(result: Result, lang: Lang) -> str:
    return text(f"summary.many.{_unit(result)}", lang)


def _counted(n: float, noun: str, lang: Lang) -> str:
    form = "one" if n == 1 else "many"
    return f"{number(n, lang)} {text(f'summary.{form}.{noun}', lang)}"


def _subject(result: Result, what: str, lang: Lang) -> str:
    return text(f"subjects.{result.subject}.{what}", lang)


def parameter_table(result: Result) -> pd.DataFrame:
    """List options and assumptions by name, with what each means in both languages."""
    rows = [
        {"name": name, "value": "" if value is None else str(value)}
        | {lang: text(f"parameters.{name}", lang) for lang in LANGUAGES}
        for name, value in result.parameters.items()
    ]
    return pd.DataFrame(rows, columns=["name", "value", *LANGUAGES])


def file_lines(written: Mapping[str, Path], lang: Lang) -> list[str]:
    """Say where the files are and what each is for."""
    folder = next(iter(written.values())).parent
    width = max(len(path.name) for path in written.values())
    return [
        text("summary.files.written", lang, folder=folder),
        *(f"  {path.name:<{width}}  {text(f'summary.files.{kind}', lang)}" for kind, path in written.items()),
    ]


def report_table(result: Result) -> pd.DataFrame:
    """List the rows of the table that are on no area, with the reason in both languages."""
    reasons = {lang: value_labels("reason", lang) for lang in LANGUAGES}
    words = {lang: result.unmatched["reason"].map(reasons[lang]) for lang in LANGUAGES}
    return result.unmatched.assign(**words)
