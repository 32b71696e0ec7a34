"""The audit of a table in plain lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from geo.text.labels import Lang, text, value_labels
from geo.text.numerals import number

if TYPE_CHECKING:
    from geo.model.tables import Audit, Finding

PLAIN = ("year", "printed_year", "row")  # numbers that take no thousands mark


def audit_lines(audit: Audit, lang: Lang) -> list[str]:
    """Say how a table was read, what was set aside, and what in it a person should look at."""
    counts = text("subjects.releases.counts", lang)
    columns = ", ".join(f"{role} = {name}" for role, name in audit.columns.items())
    how_many = {"rows": audit.rows, "releases": audit.releases, "unknown": audit.unknown}
    lines = [
        _say("read.file", lang, file=audit.source, counts=counts, **how_many),
        _say("read.columns", lang, columns=columns),
    ]
    if audit.sheet:
        lines.append(_say("read.sheet", lang, sheet=audit.sheet))
    if audit.sheets_left:
        lines.append(_say("read.sheets_left", lang, sheets=", ".join(audit.sheets_left)))
    if audit.communes is None:
        lines.append(_say("read.abroad", lang))
    else:
        lines.append(_say("read.communes", lang, known=audit.communes, rows=audit.rows))
    lines += [*_aside(audit, lang), *_population(audit, lang)]
    if not audit.findings:
        return [*lines, _say("read.none", lang)]
    lines.append(_say("read.some", lang, n=len(audit.findings)))
    return [*lines, *(f"  {_finding(finding, lang)}" for finding in audit.findings)]


def _aside(audit: Audit, lang: Lang) -> list[str]:
    reasons = value_labels("reason", lang)
    lines = [
        _say("read.listed", lang, row=row["row"], name=row["name"], reason=reasons[row["reason"]])
        for _, row in audit.listed.iterrows()
        if row["reason"] != "other year"
    ]
    for _, row in audit.unmatched.iterrows():
        if row["reason"] == "code not in the layer":
            fields = {name: row[name] for name in ("row", "name", "code", "nearest")}
            lines.append(_say("read.foreign", lang, **fields))
            continue
        line = _say("read.unmatched", lang, row=row["row"], name=row["name"])
        near = _say("read.nearest", lang, nearest=row["nearest"]) if row["nearest"] else ""
        lines.append(f"{line} {near}".rstrip())
    return lines


def _population(audit: Audit, lang: Lang) -> list[str]:
    fit = audit.population
    if fit is None:
        return []
    series = value_labels("population_source", lang)[fit.series]
    if fit.equal:
        counts = {"equal": fit.equal, "compared": fit.compared, "year": fit.year}
        return [_say("read.population_equal", lang, series=series, **counts)]
    percent = number(100 * fit.median_difference, lang, 1)
    return [_say("read.population_near", lang, series=series, year=fit.year, percent=percent)]


def _finding(finding: Finding, lang: Lang) -> str:
    rows = ", ".join(map(str, finding.rows))
    areas = ", ".join(finding.areas)
    values: Mapping[str, object] = {
        name: value_labels("population_source", lang).get(str(value), value) if "series" in name else value
        for name, value in finding.values.items()
    }
    return _say(f"finding.{finding.kind}", lang, row=rows, area=areas, **values)


def _say(key: str, lang: Lang, **fill: object) -> str:
    return text(f"check.{key}", lang, **{name: _shown(name, value, lang) for name, value in fill.items()})


def _shown(name: str, value: object, lang: Lang) -> object:
    """Print numbers as the language does: whole ones whole, others with the decimals they need."""
    if isinstance(value, bool) or not isinstance(value, int | float) or name in PLAIN:
        return value
    return number(value, lang, 0 if float(value).is_integer() else 1)
