"""Findings in plain sentences, each made from a test of the result and worded no stronger than it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number, p_value

if TYPE_CHECKING:
    import pandas as pd

    from geo.model.result import StudyResult
    from geo.model.statistics import JoinCount

TELLING = 5  # counts that would say most, named
NAMED = 12  # areas named one by one


def headline(result: StudyResult, lang: Lang) -> list[str]:
    """Say what was found: association of all rates, the set of highest rates, the local tests, the groups."""
    complete = result.reading.coverage == "all"
    sentences = [" ".join([_moran(result, lang), *_size(result, lang)])] if complete else []
    tested = [*_join_count(result, lang), *_local(result, lang), *_groups(result, lang)]
    return [*sentences, *tested, *_unknown(result, lang)]


def units(result: StudyResult, lang: Lang) -> str:
    """Name the areal unit in the plural."""
    return text(f"summary.many.{result.unit}", lang)


def counted(n: float, noun: str, lang: Lang) -> str:
    """Print a number with its noun, which agrees with it."""
    form = "one" if n == 1 else "many"
    return f"{number(n, lang)} {text(f'summary.{form}.{noun}', lang)}"


def _join_count(result: StudyResult, lang: Lang) -> list[str]:
    chance, size = result.tests.join_count, result.tests.join_count_stratified
    listed = int(result.areas["listed"].sum())
    if chance is None:
        if listed == 1:
            return []  # one area cannot adjoin itself
        reason = result.tests.reason or "nothing_to_compare"
        why = text(f"summary.join.{reason}", lang, areas=units(result, lang))
        return [text("summary.join.untested", lang, why=why)]
    key = _join_key(chance, size, result.tests.alpha)
    alone = "" if listed == chance.n_high else text("summary.join.alone", lang, n=listed - chance.n_high)
    areas = units(result, lang)
    plain = text(f"summary.join.{key}", lang, n=number(listed, lang), areas=areas, alone=alone)
    lines = [plain, _join_numbers(chance, size, areas, lang)]
    if result.reading.coverage == "highest" and key in ("more_size", "none"):
        evidence = "no_evidence_size" if key == "more_size" else "no_evidence"
        lines.append(text(f"summary.join.{evidence}", lang, areas=areas))
    return lines


def _join_key(chance: JoinCount, size: JoinCount | None, alpha: float) -> str:
    """Choose the sentence by both nulls; without the second, nothing is said of size."""
    more = chance.p_value <= alpha
    if size is None:
        return "more" if more else "none"
    beyond = size.p_value <= alpha
    if more:
        return "more_beyond_size" if beyond else "more_size"
    return "only_beyond_size" if beyond else "none"


def _join_numbers(chance: JoinCount, size: JoinCount | None, areas: str, lang: Lang) -> str:
    if size is None:
        beside = text("summary.join.numbers_no_size", lang, areas=areas)
    else:
        expected, p = number(size.expected, lang, 1), p_value(size.p_value, lang)
        beside = text("summary.join.numbers_size", lang, expected=expected, areas=areas, p=p)
    return text(
        "summary.join.numbers",
        lang,
        observed=number(chance.observed, lang),
        expected=number(chance.expected, lang, 1),
        p=p_value(chance.p_value, lang),
        p2=p_value(chance.p_two_sided, lang),
        size=beside,
    )


def _moran(result: StudyResult, lang: Lang) -> str:
    test, areas = result.tests.moran_rate, units(result, lang)
    if test is None:
        known, n = number(result.tests.known, lang), number(result.tests.n, lang)
        key = "untested" if result.tests.reason == "too_few_known" else "nothing_to_compare"
        return text(f"summary.moran.{key}", lang, known=known, n=n, areas=areas)
    significant = test.p_value <= result.tests.alpha
    key = "none" if not significant else "similar" if test.statistic > test.expected else "unlike"
    i, n, p = number(test.statistic, lang, 3), number(test.n, lang), p_value(test.p_value, lang)
    return text(f"summary.moran.{key}", lang, areas=areas, i=i, n=n, p=p)


def _size(result: StudyResult, lang: Lang) -> list[str]:
    """Say how rates go with population, where they demonstrably do, and what is left over without it."""
    model, test = result.tests.size_model, result.tests.moran_adjusted
    if model is None or test is None:
        return []
    i, p = number(test.statistic, lang, 3), p_value(test.p_value, lang)
    adjusted = text("summary.moran.adjusted", lang, areas=units(result, lang), i=i, p=p)
    slope, error = (part["log_population"] for part in (model.coefficients, model.standard_errors))
    people = result.areas.loc[result.areas["rate"].notna(), "population"]
    # Of twice as many inhabitants nothing is known where no area has twice as many as another.
    if abs(slope) <= 1.96 * error or people.max() < 2 * people.min():
        return [adjusted]
    change = sorted(abs(100 * (2 ** (slope + at * error) - 1)) for at in (-1.96, 0, 1.96))
    low, percent, high = (number(value, lang, 0) for value in change)
    key = "rises" if slope > 0 else "falls"
    return [text(f"summary.moran.{key}", lang, percent=percent, low=low, high=high), adjusted]


def _local(result: StudyResult, lang: Lang) -> list[str]:
    tested = result.areas[result.areas["cluster_p"].notna()]
    if tested.empty:
        return []
    counts = tested["cluster"].value_counts()
    names = value_labels("cluster", lang)
    # The quadrants are the labels with two words joined; the others say that nothing was found.
    labels = [f"{number(counts[c], lang)} {names[c]}" for c in names if c in counts and "-" in c]
    n = counted(len(tested), "tests", lang)
    if labels:
        some = text("summary.local.some", lang, n=n, labels=", ".join(labels))
        lines = [" ".join([some, *_survival(result, lang), *_steadiness(result, lang)])]
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


def _survival(result: StudyResult, lang: Lang) -> list[str]:
    """Say which clusters remain once the size of areas is taken into account."""
    judged = result.areas.loc[result.areas["survives_adjustment"].notna()]
    if judged.empty:
        return []
    areas = units(result, lang)
    kept = judged.loc[judged["survives_adjustment"].astype(bool), "area_name"].sort_values()
    key = "none_survives" if kept.empty else "all_survive" if len(kept) == len(judged) else "some_survive"
    how = text(f"summary.local.{result.tests.adjustment}", lang, areas=areas)
    labelled, names = number(len(judged), lang), ", ".join(kept)
    return [
        text(
            f"summary.local.{key}",
            lang,
            areas=areas,
            how=how,
            kept=number(len(kept), lang),
            found=labelled,
            names=names,
        )
    ]


def _steadiness(result: StudyResult, lang: Lang) -> list[str]:
    """Say how many labels hold under other weights and populations."""
    shares = result.areas["stability"].dropna()
    if result.stability is None or shares.empty:
        return []
    kept, labelled = number(int((shares >= 0.5).sum()), lang), number(len(shares), lang)
    ways = number(len(result.stability.specifications), lang)
    return [text("summary.local.steady", lang, kept=kept, found=labelled, ways=ways)]


def _groups(result: StudyResult, lang: Lang) -> list[str]:
    listed = int(result.areas["listed"].sum())
    if listed < 2:
        return []
    if result.groups.empty:
        return [text("summary.groups.none", lang, n=number(listed, lang), areas=units(result, lang))]
    largest = result.groups.sort_values("n_members", ascending=False, kind="stable").iloc[0]
    sentence = text(
        "summary.groups.some",
        lang,
        n=number(listed, lang),
        areas=units(result, lang),
        groups=counted(len(result.groups), "groups", lang),
        members=counted(result.groups["n_members"].sum(), result.unit, lang),
        largest=largest["members"],
    )
    return [sentence]


def _unknown(result: StudyResult, lang: Lang) -> list[str]:
    """Say what stays certain while counts are open, what does not, and what would settle more."""
    unknown = result.unknown
    if unknown is None:
        if result.not_completed is None or result.not_completed.why != "failed":
            return []
        asked = number(result.options.imputations, lang)
        return [text("summary.unknown.not_possible", lang, asked=asked)]
    shares, imputation = unknown.certainty.areas, unknown.certainty.imputation
    fill = {
        "open": number(int(shares["imputed"].fillna(False).sum()), lang),
        "m": number(len(imputation.draws.columns), lang),
        "area": text(f"map.words.{result.unit.removesuffix('s')}", lang),
    }
    certain = shares.index[shares["certain"].fillna(False)]
    if len(certain):
        lines = [text("summary.unknown.some", lang, names=_named(result, certain, lang), **fill)]
    else:
        most = float(shares["certainty"].max())
        label = text(
            f"summary.unknown.{'most' if most > 0 else 'never'}", lang, most=number(100 * most, lang, 1)
        )
        lines = [text("summary.unknown.none", lang, label=label, **fill)]
    if unknown.unlimited is not None:
        n = unknown.unlimited.n_certain
        key = "unlimited" if n or len(certain) else "unlimited_none"
        lines[0] += " " + text(f"summary.unknown.{key}", lang, n=number(n, lang))
    telling = unknown.telling.index[unknown.telling["labels"] > 0][:TELLING]
    if len(telling):
        lines.append(text("summary.unknown.needed", lang, names=_named(result, telling, lang)))
    if imputation.failed:
        checks = ", ".join(value_labels("check", lang)[name] for name in imputation.failed)
        lines.append(text("summary.unknown.failed", lang, checks=checks))
    return lines


def _named(result: StudyResult, index: pd.Index, lang: Lang) -> str:
    """Name some areas and count the rest."""
    names = result.areas.loc[index, "area_name"].astype(str).tolist()
    shown, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return text("map.class.set_more", lang, names=shown, n=number(more, lang)) if more > 0 else shown
