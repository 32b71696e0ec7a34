"""The sections of the report, in order: what each says, shows and lists.

To add one, write a function that gives its blocks and add it to `SECTIONS`; its title stands in
``[report.section]`` of ``maps/report.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from geo.environment import versions
from geo.outputs.report import listings, spread
from geo.outputs.report import supportsection as demand
from geo.outputs.report.drawing import Picture
from geo.outputs.report.tablecells import Listing
from geo.outputs.report.unknown import unknown_tables
from geo.text.headline import headline
from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number, p_value
from geo.text.overview import areas_counted, overview
from geo.text.phrases import Texts, both, phrase, phrase_both
from geo.text.references import references
from geo.text.summary import read_lines, source_lines
from geo.text.supportlines import inventory_lines, total_lines

if TYPE_CHECKING:
    from geo.model.result import StudyResult

Pictures = Mapping[str, Picture]
"""Figures by name; those that could not be drawn are not there."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A piece of a section."""

    kind: Literal["list", "text", "figure", "table"]
    content: Picture | Listing | Sequence[Texts | str]
    title: Texts | None = None
    look: str = ""
    """Class of the style sheet."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading and what stands below it."""

    id: str
    title: Texts
    blocks: Sequence[Block]


def sections(result: StudyResult, pictures: Pictures) -> list[Section]:
    """Write every section that has anything to say."""
    made = [
        Section(
            id=name,
            title=phrase_both(result, f"report.section.{name}"),
            blocks=list(write(result, pictures)),
        )
        for name, write in SECTIONS.items()
    ]
    return [section for section in made if section.blocks]


def _findings(result: StudyResult, _: Pictures) -> Iterator[Block]:
    yield Block(kind="list", content=_lines(lambda lang: overview(result, lang)), look="found")
    tests = _lines(lambda lang: headline(result, lang))
    if tests:
        title = phrase_both(result, "report.page.tests")
        yield Block(kind="list", title=title, content=tests, look="found quiet")


def _plan(result: StudyResult, _: Pictures) -> Iterator[Block]:
    """Answer a planner's three questions: where, how sure, what is missing there."""
    gap = result.gap
    if gap is None:
        return
    answers = {"where": demand.where_lines, "sure": demand.sure_lines, "missing": demand.missing_lines}
    for name, answer in answers.items():
        lines = _lines(lambda lang, answer=answer: answer(result, gap, lang))  # type: ignore[misc]
        if lines:
            yield Block(kind="list", title=phrase_both(result, f"report.plan.{name}"), content=lines)


def _reading(result: StudyResult, _: Pictures) -> Iterator[Block]:
    """Answer what a first-time reader asks."""
    answers: dict[str, Callable[[Lang], list[str]]] = {
        "what": lambda lang: [phrase(result, "report.answer.what", lang)],
        "where": lambda lang: source_lines(result, lang),
        "sure": lambda lang: _sure(result, lang),
        "do": lambda lang: _do(result, lang),
    }
    for name, answer in answers.items():
        title, kind = phrase_both(result, f"report.question.{name}"), "text" if name == "what" else "list"
        yield Block(kind=kind, title=title, content=_lines(answer))  # type: ignore[arg-type]


def _sure(result: StudyResult, lang: Lang) -> list[str]:
    areas = result.areas
    status = areas["status"].value_counts()
    few = int(areas.loc[areas["rate"].notna(), "reliable"].eq(False).sum())
    rated = int(areas["rate"].notna().sum())
    lines = [
        phrase(
            result,
            "report.answer.known",
            lang,
            k=number(int(areas["releases"].notna().sum()), lang),
            all=areas_counted(result, lang),
            bounded=number(int(status.get("bounded", 0)), lang),
            missing=number(int(status.get("missing", 0)), lang),
        )
    ]
    if rated:
        lines.append(text("report.answer.interval", lang))
        lines.append(phrase(result, "report.answer.few", lang, n=number(few, lang), k=number(rated, lang)))
    if result.tests.join_count is not None or result.tests.n_local:
        lines.append(text("report.answer.significant", lang))
    if result.schematic:
        lines.append(text("report.answer.schematic", lang))
    return lines


def _do(result: StudyResult, lang: Lang) -> list[str]:
    support = result.areas[["web_support", "phone_support"]].notna().any(axis=None)
    keys = [
        "find",
        *(["plan"] if support and result.measure.name == "releases" else []),
        "complete",
        "data",
        "not",
    ]
    rows = text("report.section.rows", lang)
    return [phrase(result, f"report.answer.{key}", lang, rows=rows) for key in keys]


def _map(result: StudyResult, pictures: Pictures) -> Iterator[Block]:
    maps = [picture for name, picture in pictures.items() if name.startswith("map_")]
    if not maps:
        yield _absent(result, "map")
    for picture in maps:
        title = phrase_both(result, f"map.layer.{picture.name.removeprefix('map_')}")
        yield Block(kind="figure", title=title, content=picture)


def _ranking(result: StudyResult, _: Pictures) -> Iterator[Block]:
    yield _listed(listings.ranking(result)) or _absent(result, "ranking")


def _figure(name: str) -> Callable[[StudyResult, Pictures], Iterator[Block]]:
    """A section that is one figure, or why it is not there."""

    def write(result: StudyResult, pictures: Pictures) -> Iterator[Block]:
        yield _shown(pictures, name) or _absent(result, name)

    return write


def _neighbours(result: StudyResult, pictures: Pictures) -> Iterator[Block]:
    """The scatterplot, the clusters and the groups."""
    blocks = [_listed(listings.clusters(result)), _listed(listings.groups(result))]
    yield _shown(pictures, "moran") or _absent(result, "moran")
    yield from (block for block in blocks if block)


def _unknown(result: StudyResult, _: Pictures) -> Iterator[Block]:
    unknown = result.unknown
    if unknown is None:
        return
    imputation = unknown.certainty.imputation
    m = len(imputation.draws.columns)
    what = both(lambda lang: phrase(result, "report.unknown.what", lang, m=number(m, lang)))

    def assumed(lang: Lang) -> str:
        words = value_labels("assumption", lang)
        assumptions = "; ".join(words[name] for name in imputation.assumptions)
        return phrase(result, "report.unknown.assumed", lang, assumptions=assumptions)

    yield _text([what, both(assumed)])
    for table in unknown_tables(result):
        yield Block(kind="table", content=table)


def _regions(result: StudyResult, _: Pictures) -> Iterator[Block]:
    block = _listed(listings.regions(result))
    if block:
        yield block


def _support(result: StudyResult, pictures: Pictures) -> Iterator[Block]:
    """The figure of the answers; then the accounting of the inventory and the gap."""
    other = "support" if result.measure.name == "releases" else "support_other"
    gap = result.gap
    if gap is None or "support" in pictures:
        yield _shown(pictures, "support") or _absent(result, other)
    if gap is None:
        return
    for title, lines in (("total", total_lines), ("inventory", inventory_lines)):
        sentences = _lines(lambda lang, lines=lines: [one.strip() for one in lines(gap, lang)])  # type: ignore[misc]
        yield Block(kind="list", title=phrase_both(result, f"report.plan.{title}"), content=sentences)
    for table in (demand.priority, demand.by_group, demand.by_region, demand.needs):
        if content := table(result, gap):
            yield Block(kind="table", content=content)


def _spread(result: StudyResult, pictures: Pictures) -> Iterator[Block]:
    """The Lorenz curve, or why there is none; then the indices, and what regions have of it."""
    yield _shown(pictures, "lorenz") or _absent(result, "lorenz")
    inequality = result.inequality
    if inequality is None:
        return
    tables = [spread.indices(result, inequality), spread.quotients(result, inequality)]
    if result.zones is not None:
        tables.append(spread.quotients(result, result.zones, zones=True))
    yield from (Block(kind="table", content=table) for table in tables if table)


def _association(result: StudyResult, _: Pictures) -> Iterator[Block]:
    correlations = result.correlations
    if not correlations:
        return
    yield Block(kind="table", content=spread.association(result, correlations))
    yield Block(kind="list", content=_lines(lambda lang: spread.association_lines(correlations, lang)))


def _recidivism(result: StudyResult, _: Pictures) -> Iterator[Block]:
    """Figures that the source texts cite, as context: nothing is computed from them."""
    if result.recidivism is None:
        return
    yield _text(_phrases(result, "report.answer.recidivism"))
    yield Block(kind="table", content=spread.recidivism(result, result.recidivism))


def _rows(result: StudyResult, _: Pictures) -> Iterator[Block]:
    yield Block(kind="list", content=_lines(lambda lang: read_lines(result, lang, apart=False)))
    apart = _listed(listings.rows_apart(result))
    if apart:
        yield apart
    elif result.unmatched.empty:
        yield _text(_phrases(result, "report.caption.no_apart"))


def _methods(result: StudyResult, _: Pictures) -> Iterator[Block]:
    yield Block(kind="list", content=_lines(lambda lang: _method_lines(result, lang)))
    for listing in (listings.parameters(result), listings.inputs(result)):
        yield Block(kind="table", content=listing)
    names = ", ".join(f"{name} {version}" for name, version in versions().items())
    yield _text([phrase_both(result, "report.page.versions", names=names)])


def method_keys(result: StudyResult) -> list[str]:
    """Name the methods that a result was made with, as ``[report.method]`` does."""
    tests, areas = result.tests, result.areas
    whole = tests.method == "local_moran_rate"
    used = {
        "rates": True,
        "bounded": areas["status"].isin(["derived", "bounded"]).any(),
        "unknown": result.unknown is not None,
        "weights": True,
        "joins": tests.join_count is not None,
        "local_joins": tests.method == "local_join_count",
        "moran": whole,
        "correction": tests.n_local > 0,
        "log_population": tests.adjustment == "log_population",
        "population_deciles": tests.adjustment == "population_deciles",
        "stability": "stability" in areas and areas["stability"].notna().any(),
        "smoothing": areas["rate_eb"].notna().any(),
        "funnel": result.curves.funnel is not None,
        "lorenz": result.curves.spread is not None,
        "gap": result.gap is not None,
        "priority": result.gap is not None and not result.gap.ranking.areas.empty,
        "inequality": result.inequality is not None,
        "correlation": bool(result.correlations),
        "undefined": tests.n_local > 0,
    }
    return [key for key, is_used in used.items() if is_used]


def _method_lines(result: StudyResult, lang: Lang) -> list[str]:
    tests = result.tests
    fill = {
        "permutations": number(tests.permutations, lang),
        "seed": tests.seed,
        "alpha": p_value(tests.alpha, lang),
    }
    return [phrase(result, f"report.method.{key}", lang, **fill) for key in method_keys(result)]


def _limits(result: StudyResult, _: Pictures) -> Iterator[Block]:
    support = bool(result.areas[["web_support", "phone_support"]].notna().any(axis=None))
    own = ["who", "place", *(["support"] if result.measure.name == "releases" and support else [])]
    keys = [f"report.limit.{result.measure.name}.{name}" for name in own]
    keys += [f"report.limit.any.{name}" for name in ("age", "ecology", "cause")]
    lines = _phrases(result, *keys)
    if result.caveat:
        lines.append(both(lambda lang: result.caveat[lang]))
    yield Block(kind="list", content=lines)


def _references(result: StudyResult, _: Pictures) -> Iterator[Block]:
    cited = references(method_keys(result))
    yield Block(kind="list", content=cited, look="references")


SECTIONS: dict[str, Callable[[StudyResult, Pictures], Iterator[Block]]] = {
    "findings": _findings,
    "plan": _plan,
    "reading": _reading,
    "map": _map,
    "ranking": _ranking,
    "intervals": _figure("intervals"),
    "funnel": _figure("funnel"),
    "moran": _neighbours,
    "lorenz": _spread,
    "regions": _regions,
    "unknown": _unknown,
    "support": _support,
    "association": _association,
    "recidivism": _recidivism,
    "rows": _rows,
    "methods": _methods,
    "limits": _limits,
    "references": _references,
}
"""Every section by its id, in the order of the page."""


def _shown(pictures: Pictures, name: str) -> Block | None:
    return Block(kind="figure", content=pictures[name]) if name in pictures else None


def _listed(listing: Listing | None) -> Block | None:
    return Block(kind="table", content=listing) if listing else None


def _absent(result: StudyResult, name: str) -> Block:
    """Say why there is no figure: too little is known, or what is known leaves nothing to draw."""
    if name in ("funnel", "moran", "lorenz") and pd.notna(result.curves.overall):
        name += "_none"
    return _text(_phrases(result, f"report.absent.{name}"))


def _text(lines: Sequence[Texts]) -> Block:
    return Block(kind="text", content=lines)


def _phrases(result: StudyResult, *keys: str) -> list[Texts]:
    return [phrase_both(result, key) for key in keys]


def _lines(make: Callable[[Lang], list[str]]) -> list[Texts]:
    """Pair the sentences of both languages, which say the same in the same order."""
    made = both(make)  # type: ignore[arg-type]
    return [dict(zip(made, pair, strict=True)) for pair in zip(*made.values(), strict=True)]
