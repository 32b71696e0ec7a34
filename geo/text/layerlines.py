"""Layers of areas and their sources in lines of text."""

from __future__ import annotations

from collections.abc import Iterable

from geo.model.polygons import Boundaries, BoundaryCheck, Source
from geo.text.labels import Lang, text
from geo.text.numerals import number

SHOWN = 12


def catalogue_lines(sources: Iterable[tuple[Source, str | None]], lang: Lang) -> list[str]:
    """List sources, with licence, attribution, size and the day on which they came into the cache."""
    lines = []
    for source, downloaded in sources:
        vintage = _say("list.vintage", lang, vintage=source.vintage)
        facts = [vintage, source.licence, source.attribution]
        if source.bytes:
            facts.append(f"{source.bytes / 1e6:.0f} MB")
        if downloaded:
            facts.append(_say("list.cached", lang, date=downloaded))
        lines += [f"{source.name:<14} {source.title}", f"{'':<14} {'; '.join(facts)}"]
    return [*lines, _say("list.how", lang)]


def used_lines(bounds: Boundaries, lang: Lang, *, default: str) -> list[str]:
    """Say which layer is used, why, whose it is, and how to get the official one where it is none.

    `default` is the name of that one in the catalogue.
    """
    if bounds.schematic:
        reason = _say(f"used.{bounds.why}", lang, failure=bounds.failure)
        return [reason, _say("used.how", lang, name=default)]
    if bounds.provenance is None:
        return [_say("used.given", lang, name=bounds.source)]
    whose = bounds.provenance
    line = _say(f"used.{bounds.why}", lang, title=whose.title, name=whose.name, date=whose.downloaded)
    return [line, _say("used.licence", lang, attribution=whose.attribution, licence=whose.licence)]


def gate_lines(bounds: Boundaries, lang: Lang) -> list[str]:
    """Say what the gate found and did."""
    there = len(bounds.areas) - len(bounds.missing)
    lines = [_say(f"gate.{bounds.matched_by}", lang, n=there, field=bounds.id_field)]
    if bounds.elsewhere:
        lines.append(_say("used.elsewhere", lang, field=bounds.id_field))
    names = bounds.areas["area_name"]
    for key, ids in (
        ("missing", bounds.missing),
        ("repaired", bounds.repaired),
        ("displaced", bounds.displaced),
    ):
        if ids:
            lines.append(_say(f"gate.{key}", lang, n=len(ids), names=_some([str(names[i]) for i in ids])))
    if len(bounds.dropped):
        rows = bounds.dropped.fillna("").itertuples(index=False)
        features = [_dropped(str(name), str(reason), str(near), lang) for name, reason, near in rows]
        lines.append(_say("gate.dropped", lang, n=len(features), names=_some(features)))
    return lines


def check_lines(check: BoundaryCheck, lang: Lang) -> list[str]:
    """Say everything that was measured, and in the last line whether neighbours are taken from the layer."""
    bounds = check.bounds
    lines = [f"{bounds.source}", *gate_lines(bounds, lang)]
    lines.append(
        _say(
            "check.contiguity",
            lang,
            pairs=check.neighbors,
            islands=len(check.islands),
            names=_some(check.islands) or "-",
            components=check.components,
        )
    )
    lines.append(
        _say("check.vertices", lang, islands=len(check.vertex_islands), components=check.vertex_components)
        if bounds.register is None
        else _say(
            "check.vertices_official",
            lang,
            islands=len(check.vertex_islands),
            components=check.vertex_components,
            lost=check.vertex_lost,
        )
    )
    if bounds.register is not None:
        lines.append(_say("check.official", lang, lost=len(check.lost), added=len(check.added)))
    for kind, faults in (("overlaps", check.overlaps), ("gaps", check.gaps)):
        if not faults.number:
            lines.append(_say(f"check.no_{kind}", lang))
            continue
        first = faults.largest.iloc[0]
        where = f"{first['areas']} ({first['lat']:.3f}, {first['lon']:.3f})"
        lines.append(
            _say(f"check.{kind}", lang, n=faults.number, area=round(faults.area_km2, 1), where=where)
        )
    return [*lines, _say(f"check.{bounds.contiguity}", lang)]


def _dropped(name: str, reason: str, nearest: str, lang: Lang) -> str:
    why = _say(f"reason.{reason.replace(' ', '_')}", lang)
    return f"{name} ({why}{f': {nearest}?' if nearest else ''})"


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" (+{more})" if more > 0 else "")


def _say(key: str, lang: Lang, **fill: object) -> str:
    """Look up a text below ``[boundaries]``, numbers as the language writes them."""
    return text(f"boundaries.{key}", lang, **{name: _shown(value, lang) for name, value in fill.items()})


def _shown(value: object, lang: Lang) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return number(value, lang, 0 if isinstance(value, int) else 1)
