"""What the counts themselves say, before any test: the first sentences of the report.

Each sentence is made from the result and left out where the result does not back it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.text.headline import counted
from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number
from geo.text.phrases import phrase

if TYPE_CHECKING:
    from geo.model.result import StudyResult

TOP = 3
"""Areas named as those of the highest rates."""


def overview(result: StudyResult, lang: Lang) -> list[str]:
    """Say how much is known, where rates are highest, how they are spread, and what support there is."""
    return [
        *_known(result, lang),
        *_highest(result, lang),
        *_spread(result, lang),
        *_support(result, lang),
    ]


def areas_counted(result: StudyResult, lang: Lang) -> str:
    """Print the number of areas with their noun."""
    return counted(len(result.areas), result.unit, lang)


def rate_text(rate: float, lang: Lang) -> str:
    """Print a rate with one decimal, or none where it has four digits.

    Examples
    --------
    >>> rate_text(202.55, "en"), rate_text(10094.2, "en")
    ('202.6', '10,094')
    """
    return number(rate, lang, 1 if abs(rate) < 1000 else 0)


def _known(result: StudyResult, lang: Lang) -> list[str]:
    """Say of how many areas the rate is known, and what all together have."""
    areas, overall = result.areas, result.curves.overall
    exact, rated = int(areas["releases"].notna().sum()), int(areas["rate"].notna().sum())
    bounded = int(areas["status"].eq("bounded").sum())
    listed = bounded > 0 and result.reading.coverage == "highest"
    if rated == 0:
        key = "no_population" if exact else "only_bounded" if listed else "nothing_known"
    elif pd.notna(overall):
        key = "all_known" if rated == len(areas) else "most_known"
    else:
        key = "listed" if listed else "some_known"
    return [
        phrase(
            result,
            f"report.found.{key}",
            lang,
            k=number(rated, lang),
            all=areas_counted(result, lang),
            n=number(int(areas.loc[areas["rate"].notna(), "releases"].sum()), lang),
            rate=rate_text(overall, lang) if pd.notna(overall) else "",
            bounded=number(bounded, lang),
        )
    ]


def _highest(result: StudyResult, lang: Lang) -> list[str]:
    """Name the areas of the highest rates that are known exactly, and say which of them rest on few cases."""
    known = result.areas[result.areas["rate"].notna()]
    rate = known["rate"]
    if known.empty:
        return []
    if len(known) > 1 and rate.min() == rate.max():
        return [phrase(result, "report.found.equal", lang, rate=rate_text(rate.max(), lang))]
    top = known.loc[rate.sort_values(ascending=False, kind="stable").index]
    # Areas with the rate of the last one named are named too, unless there are too many.
    top = top[top["rate"] >= top["rate"].iloc[min(TOP, len(top)) - 1]]
    if len(top) > 2 * TOP:
        return []
    named = [
        text("report.found.one", lang, name=name, rate=rate_text(value, lang))
        for name, value in zip(top["area_name"], top["rate"], strict=True)
    ]
    key = "only" if len(known) == 1 else "highest"
    lines = [phrase(result, f"report.found.{key}", lang, names=", ".join(named))]
    few = top.loc[~top["reliable"].fillna(True).astype(bool), "area_name"]
    if len(few):
        lines.append(phrase(result, "report.found.few", lang, names=", ".join(few)))
    return lines


def _spread(result: StudyResult, lang: Lang) -> list[str]:
    """Say in how few areas half of what was counted is, or what is known of that."""
    spread, held, rate = result.curves.spread, result.curves.held, result.areas["rate"]
    if spread is not None and rate.min() == rate.max():
        return []  # where all rates are equal, which areas come first is arbitrary
    if spread is not None:
        return [
            phrase(
                result,
                "report.found.half_one" if spread.half_areas == 1 else "report.found.half",
                lang,
                n=number(spread.half_areas, lang),
                events=_percent(spread.half_events, lang),
                people=_percent(spread.half_population, lang),
            )
        ]
    everything = result.reading.coverage == "highest" and 0 < held.n < len(result.areas)
    if not everything or pd.isna([held.population, held.events_low, held.events_high]).any():
        return []
    low, high, people = (
        _percent(share, lang) for share in (held.events_low, held.events_high, held.population)
    )
    return [phrase(result, "report.found.held", lang, people=people, low=low, high=high)]


def _support(result: StudyResult, lang: Lang) -> list[str]:
    """Count the answers about support, and the people who return where none was found."""
    areas = result.areas
    web, phone = areas["web_support"], areas["phone_support"]
    asked = web.notna() | phone.notna()
    if result.measure.name != "releases" or not asked.any():
        return []
    answers = {
        "web_yes": web.eq("yes").sum(),
        "web_asked": web.notna().sum(),
        "phone_yes": phone.eq("yes").sum(),
        "phone_asked": phone.notna().sum(),
        "silent": phone.eq("no answer").sum(),
    }
    lines = [
        text("report.found.support", lang, **{name: number(int(n), lang) for name, n in answers.items()})
    ]
    if result.gap is not None:
        return [*lines, _statuses(result, lang)]
    without = areas[asked & ~(web.eq("yes") | phone.eq("yes")).fillna(False).astype(bool)]
    if without.empty or without["releases_low"].isna().all():
        return lines
    least = int(without["releases_low"].fillna(0).sum())
    exact = bool(without["releases"].notna().all())
    return [
        *lines,
        phrase(
            result,
            "report.found.no_support" if exact else "report.found.no_support_least",
            lang,
            n=number(len(without), lang),
            m=number(int(asked.sum()), lang),
            releases=number(least, lang),
        ),
    ]


def _statuses(result: StudyResult, lang: Lang) -> str:
    """Say what is on record of support, status by status, each with the people who return there."""
    sums = result.gap.statuses if result.gap else pd.DataFrame()
    names = value_labels("support_status", lang)
    asked = sums.loc[[code for code in names if code in sums.index and code != "not asked"]]
    parts = [
        f"{names[str(code)]}, {number(row['n_areas'], lang)} ({_people(row, lang)})"
        for code, row in asked.iterrows()
    ]
    n = number(int(asked["n_areas"].sum()), lang)
    return phrase(result, "report.found.statuses", lang, m=n, said="; ".join(parts))


def _people(row: pd.Series, lang: Lang) -> str:
    low, high = row["releases_low"], row["releases_high"]
    if pd.isna(high):
        return text("support.total.at_least", lang, low=number(low, lang))
    if low == high:
        return number(low, lang)
    return text("support.total.between", lang, low=number(low, lang), high=number(high, lang))


def _percent(share: float, lang: Lang) -> str:
    """Print a share as a whole per cent, with one decimal where that would hide what is there."""
    percent = 100 * share
    return number(percent, lang, 0 if 1 <= percent <= 99 or percent in (0, 100) else 1)
