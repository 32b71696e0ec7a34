"""A table checked against itself, the register and the official populations."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from geo.data.fit import fit_population, same_population
from geo.data.knowncounts import PER, printed_decimals
from geo.data.roles import tidy
from geo.data.table import of_year
from geo.model.country import Register
from geo.model.tables import Audit, Finding, PopulationFit, Table
from geo.register.identity import TORN, Identity, identify, suggestions
from geo.register.registers import likely_register, registers
from geo.register.vintages import mixed_vintages

WHOLE = ("total", "totales", "total general", "gran total")  # the sum of the rows, not of a region


def audit_table(table: Table, *, year: int | None = None) -> Audit:
    """Check a table against itself, the register and the official populations.

    Printed rates are recomputed and the order of ranks is checked at the precision that was printed;
    populations are compared with every year of both INE series; codes with names; totals with sums.

    Parameters
    ----------
    table : Table
        As :func:`geo.read_table` gives it.
    year : int, optional
        The year to check, where the table has several.

    Returns
    -------
    Audit

    Raises
    ------
    TableError
        If no row is of the year asked for.

    Examples
    --------
    >>> from geo.data.shipped import studies, study_table
    >>> audit = audit_table(study_table(studies()["chile-2016"]))
    >>> audit.population.series, audit.population.year, audit.population.equal, audit.population.compared
    ('ine2002', 2016, 30, 32)
    >>> [(finding.kind, finding.areas) for finding in audit.findings]
    [('population_other_year', ('QUILLOTA',)), ('population_other_year', ('LA SERENA',)),
     ('out_of_order', ('VALDIVIA', 'COQUIMBO')), ('above_the_list', ('ARICA',))]
    """
    several = table.rows["year"].dropna().nunique() > 1
    if year is not None or not several:
        table, year = of_year(table, year)
    register = likely_register(table.rows["code"], table.rows["name"])
    known = register or registers()[0]
    identity = identify(table.rows["code"], table.rows["name"], known)
    # A code that contradicts its name is of a commune all the same.
    torn = identity.reason.eq(TORN).fillna(False).astype(bool)
    rows = table.rows.assign(area_id=identity.ids.mask(torn, identity.by_code))
    rows["shown"] = rows["name"].where(rows["name"].notna(), rows["code"])
    single = register and (year is not None or not several)
    fit = fit_population(_by_area(rows), known) if single else None
    findings = [
        *(_matching(rows, identity, register) if register else ()),
        *(_populations(rows, fit, known) if fit else ()),
        *_people(rows),
        *_rates(rows),
        *_order(rows),
        *_totals(rows, table.listed),
    ]
    return Audit(
        source=table.source,
        sheet=table.sheet,
        sheets_left=table.sheets_left,
        columns=table.columns,
        year=year,
        rows=len(rows),
        communes=int(rows["area_id"].notna().sum()) if register else None,
        releases=int(rows["low"].sum()),
        unknown=int(rows["low"].isna().sum()),
        listed=table.listed,
        unmatched=_unmatched(rows if register else rows[:0], identity, known),
        population=fit,
        findings=tuple(findings),
    )


def _by_area(rows: pd.DataFrame) -> pd.Series:
    known = rows.dropna(subset=["area_id"]).drop_duplicates("area_id")
    return known.set_index("area_id")["population"]


def _unmatched(rows: pd.DataFrame, identity: Identity, register: Register) -> pd.DataFrame:
    missed = rows[rows["area_id"].isna()]
    values = {
        "name": missed["shown"],
        "reason": identity.reason.reindex(missed.index),
        "nearest": suggestions(identity, missed["shown"]),
    }
    columns = ["row", "code", "name", "low", "high", "reason", "nearest"]
    return missed.assign(**values)[columns].reset_index(drop=True)


def _finding(kind: str, *rows: pd.Series, **values: float | str) -> Finding:
    return Finding(
        kind=kind,
        rows=tuple(int(row["row"]) for row in rows),
        areas=tuple(str(row["shown"]) for row in rows),
        values=values,
    )


def _matching(rows: pd.DataFrame, identity: Identity, register: Register) -> Iterator[Finding]:
    """Codes against names, communes that come twice, codes that were never in force together."""
    names = register.areas["area_name"]
    if identity.codes_unused is not None:
        yield Finding(kind="codes_unused", rows=(), areas=(), values={"share": identity.codes_unused})
    torn = identity.reason.eq(TORN).fillna(False).astype(bool)
    for (_, row), other in zip(rows[torn].iterrows(), identity.by_name[torn], strict=True):
        yield _finding(
            "code_and_name", row, code=str(row["code"]), commune=names[row["area_id"]], named=names[other]
        )
    for _, same in rows.dropna(subset=["area_id"]).groupby(["area_id", rows["year"].fillna(0)], sort=False):
        if len(same) > 1:
            each = [row for _, row in same.iterrows()]
            yield _finding("repeated", *each, commune=names[same["area_id"].iloc[0]])
    mixed = mixed_vintages(rows["code"], register) if identity.codes_unused is None else None
    if mixed:
        yield Finding(kind="vintages", rows=(), areas=(), values={"old": mixed[0], "new": mixed[1]})


def _populations(rows: pd.DataFrame, fit: PopulationFit, register: Register) -> Iterator[Finding]:
    """Populations that are not those of the series which most of the others come from."""
    if fit.equal < 0.5 * fit.compared:
        return
    series = next(series for series in register.series if series.name == fit.series)
    official = series.years()[fit.year]
    for _, row in rows.dropna(subset=["area_id", "population"]).iterrows():
        printed, expected = int(row["population"]), int(official[row["area_id"]])
        if printed == expected:
            continue
        values: dict[str, float | str] = {"printed": printed, "expected": expected}
        values |= {"series": fit.series, "year": fit.year}
        same = same_population(row["area_id"], printed, fit, register)
        if same is None:
            yield _finding("population_differs", row, **values)
        else:
            kind = "population_other_year" if same[0] == fit.series else "population_other_series"
            yield _finding(kind, row, **values, printed_series=same[0], printed_year=same[1])


def _people(rows: pd.DataFrame) -> Iterator[Finding]:
    for _, row in rows.dropna(subset=["population"]).iterrows():
        if row["population"] == 0:
            yield _finding("no_people", row)
        elif pd.notna(row["low"]) and row["low"] > row["population"]:
            yield _finding("more_than_people", row, count=int(row["low"]), population=int(row["population"]))


def _rates(rows: pd.DataFrame) -> Iterator[Finding]:
    """Printed rates against the printed counts and populations."""
    exact = rows["low"].eq(rows["high"]) & rows["population"].gt(0) & rows["rate"].notna()
    known = rows[exact.fillna(False).astype(bool)]
    if known.empty:
        return
    half = 0.5 / 10 ** printed_decimals(rows["rate"])
    true = known["low"].astype(float) / known["population"].astype(float) * PER
    off = (known["rate"] - true).abs() > half * (1 + 1e-9)
    base = _base(known["rate"], true)
    if off.mean() > 0.5 and base is not None:
        yield Finding(kind="rate_base", rows=(), areas=(), values={"base": base})
        return
    for place, row in known[off].iterrows():
        yield _finding("rate_differs", row, printed=float(row["rate"]), computed=float(true[place]))


def _base(printed: pd.Series, true: pd.Series) -> int | None:
    """Find the round number of inhabitants that printed rates refer to, if it is another."""
    ratio = float((printed / true.where(true > 0)).median())
    for base in (1, 100, 1_000, 10_000, 1_000_000):
        if abs(ratio * PER / base - 1) < 0.05:
            return base
    return None


def _order(rows: pd.DataFrame) -> Iterator[Finding]:
    """Ranks against rates as printed, and areas whose rate belongs on a list that they are not on."""
    ranked = rows.dropna(subset=["rank", "rate"]).sort_values(["rank", "row"], kind="stable")
    if len(ranked) < 2:
        return
    step = ranked["rate"].diff().iloc[1:]
    falling = bool((step <= 0).sum() >= (step >= 0).sum())
    for place in range(1, len(ranked)):
        before, after = ranked.iloc[place - 1], ranked.iloc[place]
        wrong = after["rate"] > before["rate"] if falling else after["rate"] < before["rate"]
        if wrong and after["rank"] > before["rank"]:
            values = {"rate_before": float(before["rate"]), "rate_after": float(after["rate"])}
            yield _finding("out_of_order", before, after, **values)
    last = ranked.sort_values("rate", kind="stable").iloc[0]
    for _, row in rows[rows["rank"].isna() & rows["rate"].gt(last["rate"]) & falling].iterrows():
        values = {"rate": float(row["rate"]), "last_rate": float(last["rate"])}
        yield _finding("above_the_list", row, last=str(last["shown"]), **values)


def _totals(rows: pd.DataFrame, listed: pd.DataFrame) -> Iterator[Finding]:
    """The one total of all rows against their sum, where every count is a number."""
    whole = listed["name"].map(lambda name: tidy(str(name)) in WHOLE).astype(bool)
    total = listed[whole & listed["reason"].eq("total") & listed["low"].notna()]
    exact = rows["low"].eq(rows["high"]).fillna(False).astype(bool)
    if len(total) != 1 or not exact.all() or rows["year"].dropna().nunique() > 1:
        return
    row, computed = total.iloc[0].rename({"name": "shown"}), int(rows["low"].sum())
    if int(row["low"]) != computed:
        yield _finding("total_differs", row, printed=int(row["low"]), computed=computed)
