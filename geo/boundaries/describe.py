"""Layers and sources in lines of text, in whatever language the caller's texts are.

The texts stand in ``maps/labels.toml`` under ``[boundaries]``, which this room does not read: `say` looks one
up by its key and fills it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from geo.boundaries.cache import layers_folder, read_record
from geo.boundaries.catalogue import catalogue, default_source

if TYPE_CHECKING:
    from geo.model.polygons import Boundaries, BoundaryCheck

SHOWN = 12


class Say(Protocol):
    """Looks up a text below ``[boundaries]`` and fills it, numbers as the language writes them."""

    def __call__(self, key: str, /, **fill: object) -> str: ...


def source_lines(say: Say) -> list[str]:
    """List the sources, with licence, attribution, size and whether they are in the cache."""
    lines = []
    for source in catalogue().values():
        record = read_record(layers_folder() / f"{source.name}.gpkg")
        facts = [say("list.vintage", vintage=source.vintage), source.licence, source.attribution]
        if source.bytes:
            facts.append(f"{source.bytes / 1e6:.0f} MB")
        if record:
            facts.append(say("list.cached", date=record["provenance"]["downloaded"]))
        lines += [f"{source.name:<14} {source.title}", f"{'':<14} {'; '.join(facts)}"]
    return [*lines, say("list.how")]


def used_lines(bounds: Boundaries, say: Say) -> list[str]:
    """Say which layer is used, why, whose it is, and how to get an official one where it is none."""
    if bounds.schematic:
        reason = say(f"used.{bounds.why}", failure=bounds.failure)
        return [reason, say("used.how", name=default_source().name)]
    if bounds.provenance is None:
        return [say("used.given", name=bounds.source)]
    whose = bounds.provenance
    line = say(f"used.{bounds.why}", title=whose.title, name=whose.name, date=whose.downloaded)
    return [line, say("used.licence", attribution=whose.attribution, licence=whose.licence)]


def gate_lines(bounds: Boundaries, say: Say) -> list[str]:
    """Say what the gate found and did."""
    there = len(bounds.areas) - len(bounds.missing)
    lines = [say(f"gate.{bounds.matched_by}", n=there, field=bounds.id_field)]
    if bounds.elsewhere:
        lines.append(say("used.elsewhere", field=bounds.id_field))
    names = bounds.areas["area_name"]
    for key, ids in (
        ("missing", bounds.missing),
        ("repaired", bounds.repaired),
        ("displaced", bounds.displaced),
    ):
        if ids:
            lines.append(say(f"gate.{key}", n=len(ids), names=_some([str(names[i]) for i in ids])))
    if len(bounds.dropped):
        features = [
            f"{name} ({say('reason.' + str(reason).replace(' ', '_'))}{': ' + near + '?' if near else ''})"
            for name, reason, near in bounds.dropped.fillna("").itertuples(index=False)
        ]
        lines.append(say("gate.dropped", n=len(features), names=_some(features)))
    return lines


def check_lines(check: BoundaryCheck, say: Say) -> list[str]:
    """Say everything that was measured, and in the last line whether neighbours are taken from the layer."""
    bounds = check.bounds
    lines = [f"{bounds.source}", *gate_lines(bounds, say)]
    lines.append(
        say(
            "check.contiguity",
            pairs=check.neighbors,
            islands=len(check.islands),
            names=_some(check.islands) or "-",
            components=check.components,
        )
    )
    lines.append(
        say("check.vertices", islands=len(check.vertex_islands), components=check.vertex_components)
        if not bounds.chilean
        else say(
            "check.vertices_official",
            islands=len(check.vertex_islands),
            components=check.vertex_components,
            lost=check.vertex_lost,
        )
    )
    if bounds.chilean:
        lines.append(say("check.official", lost=len(check.lost), added=len(check.added)))
    for kind, faults in (("overlaps", check.overlaps), ("gaps", check.gaps)):
        if not faults.number:
            lines.append(say(f"check.no_{kind}"))
            continue
        first = faults.largest.iloc[0]
        where = f"{first['areas']} ({first['lat']:.3f}, {first['lon']:.3f})"
        lines.append(say(f"check.{kind}", n=faults.number, area=round(faults.area_km2, 1), where=where))
    return [*lines, say(f"check.{bounds.contiguity}")]


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" (+{more})" if more > 0 else "")
