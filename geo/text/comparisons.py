"""How uneven counts are, and what they go together with, in plain lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number, p_value

if TYPE_CHECKING:
    from geo.model.comparison import Correlation, Inequality, Lee

ALPHA = 0.05
NOTHING = "–"
SMALL = 1e-5  # p-values below are not printed to their last zero


def inequality_lines(found: Inequality, lang: Lang, *, subject: str = "releases") -> list[str]:
    """Say how unevenly counts are spread, beside chance; where counts are open, between which bounds.

    Parameters
    ----------
    found : Inequality
    lang : {"es", "en"}
    subject : str
        What was counted: a key of ``[subjects]`` in ``maps/labels.toml``.

    Examples
    --------
    >>> from geo.study.associations import study_inequality
    >>> lines = inequality_lines(study_inequality("dmcs-2016"), "en", subject="dmcs")
    >>> lines[0]
    'DMCS police cases against people, 346 areas: 561,811; 18,191,884 people.'
    >>> lines[2].split()
    ['Gini', '0.251', '0.012', '0.239']
    """
    counts = text(f"subjects.{subject}.counts", lang)
    sizes = {"n": found.n, "population": found.population, "open": found.n_open}
    ends = {"events": found.events_low, "low": found.events_low, "high": found.events_high}
    fill = {name: number(value, lang) for name, value in (sizes | ends).items()}
    head = "head" if found.complete else "head_open"
    lines = [_inequality_text(head, lang, counts=counts[:1].upper() + counts[1:], **fill)]
    if found.left_out:
        lines.append(_inequality_text("left_out", lang, n=number(len(found.left_out), lang)))
    lines += _index_table(found, lang)
    lines.append(_inequality_text("chance" if found.complete else "open", lang))
    lines += [*_group_table(found, lang), _quotient(found, lang)]
    if found.complete:
        lines.append(_inequality_text("seed", lang, seed=found.seed, draws=number(found.draws, lang)))
    return lines


def correlation_lines(found: Correlation, lang: Lang) -> list[str]:
    """Say how two columns go together, what that is worth over areas, and what a selection cannot show.

    Examples
    --------
    >>> from geo.study.associations import study_correlation
    >>> lines = correlation_lines(study_correlation(permutations=99), "en")
    >>> lines[0]
    'Rate and income poverty (CASEN 2017), 32 areas (314 without a value, left out).'
    >>> lines[-1].startswith("A selected sample")
    True
    """
    first, second = (series_name(name, lang) for name in (found.first, found.second))
    n = {"n": number(found.n, lang), "left": number(found.n_left_out, lang)}
    lines = [_correlation_text("head", lang, first=first[:1].upper() + first[1:], second=second, **n)]
    rows = [
        [
            text(f"correlation.name.{name}", lang),
            number(row["r"], lang, 2),
            _shown(row["effective_n"], lang, 0),
            p_text(row["p_value"], lang),
            p_text(row["p_naive"], lang),
        ]
        for name, row in found.tests.iterrows()
    ]
    lines += _table(_correlation_text("columns", lang).split(" | "), rows)
    kind = _correlation_text(found.class_kind, lang)
    lines.append(_correlation_text("p", lang, classes=number(len(found.classes), lang), kind=kind))
    lines.append(_correlation_text(verdict(found), lang))
    if found.lee is not None:
        lines.append(lee_line(found.lee, lang))
    if found.selected:
        percent = number(100 * found.sd_ratio, lang)
        lines.append(_correlation_text("selected", lang, second=second, percent=percent))
    return lines


def lee_line(found: Lee, lang: Lang, *, of: str = "") -> str:
    """Say whether what two columns share is patterned in space; of which column, where there are several."""
    values = {name: number(getattr(found, name), lang, 2) for name in ("statistic", "expected")}
    tested = {"p": p_value(found.p_value, lang), "n": number(found.n, lang)}
    return _correlation_text("lee", lang, of=f" ({of})" if of else "", **values, **tested)


def _index_table(inequality: Inequality, lang: Lang) -> list[str]:
    columns = ["value", "expected", "excess"] if inequality.complete else ["low", "high"]
    head = _inequality_text("columns" if inequality.complete else "columns_open", lang).split(" | ")
    rows = [
        [index_name(str(name), lang), *(_shown(row[column], lang, 3) for column in columns)]
        for name, row in inequality.indices.iterrows()
    ]
    if not inequality.complete:
        for cells, (_, row) in zip(rows, inequality.indices.iterrows(), strict=True):
            cells += [chance_text(row, lang), _shown(row["excess_low"], lang, 3)]
    return _table(head, rows)


def chance_text(row: Mapping[str, float] | pd.Series, lang: Lang) -> str:
    """Print what chance alone gives, from the most events that there may be to the fewest."""
    low, high = row["expected_low"], row["expected_high"]
    if pd.isna(low) or pd.isna(high):
        return NOTHING
    return f"{number(low, lang, 3)}–{number(high, lang, 3)}"


def index_name(name: str, lang: Lang) -> str:
    """Name an index of inequality."""
    if name == "top_1":
        return text("inequality.index.top_one", lang)
    if name.startswith("top_"):
        return text("inequality.index.top", lang, k=name.removeprefix("top_"))
    return text(f"inequality.index.{name}", lang)


def _group_table(inequality: Inequality, lang: Lang) -> list[str]:
    if len(inequality.groups) < 2:
        return []
    zones = value_labels("zone", lang)
    rows = []
    for name, row in inequality.groups.iterrows():
        cells = [zones.get(str(name), str(name)), number(100 * row["share_population"], lang, 1)]
        if inequality.complete:
            cells.append(number(100 * row["share_events"], lang, 1))
            columns = ["quotient", "quotient_low", "quotient_high"]
        else:
            columns = ["quotient_least", "quotient_most"]
        rows.append([*cells, *(number(row[column], lang, 2) for column in columns)])
    return _table(
        _inequality_text("groups" if inequality.complete else "groups_open", lang).split(" | "), rows
    )


def _quotient(inequality: Inequality, lang: Lang) -> str:
    key = "quotient" if inequality.complete else "quotient_open"
    return _inequality_text(key, lang, percent=number(100 * inequality.confidence, lang))


def verdict(found: Correlation) -> str:
    """Name what Pearson's test says: significant, not_significant or untested."""
    p = float(found.tests["p_value"]["pearson"])
    return "untested" if pd.isna(p) else "significant" if p <= ALPHA else "not_significant"


def series_name(name: str, lang: Lang) -> str:
    """Name one of the two columns compared."""
    return text(f"correlation.name.{name}", lang) if name in ("rate", "count", "poverty", "dmcs") else name


def p_text(value: float, lang: Lang) -> str:
    """Print a p-value, or that there is none."""
    if pd.isna(value):
        return NOTHING
    return (
        p_value(value, lang) if value >= SMALL else _correlation_text("below", lang, p=p_value(SMALL, lang))
    )


def _shown(value: float, lang: Lang, decimals: int) -> str:
    return NOTHING if pd.isna(value) else number(value, lang, decimals)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns side by side: words to the left, numbers to the right."""
    cells = [head, *rows]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    return [
        "  "
        + "  ".join(
            [row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]
        )
        for row in cells
    ]


def _inequality_text(key: str, lang: Lang, **fill: object) -> str:
    return text(f"inequality.said.{key}", lang, **fill)


def _correlation_text(key: str, lang: Lang, **fill: object) -> str:
    return text(f"correlation.said.{key}", lang, **fill)
