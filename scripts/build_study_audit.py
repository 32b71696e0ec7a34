"""Write ``docs/study-2016.md``: the figures and claims of the 2016 study beside ours.

    python scripts/build_study_audit.py

Every number is computed from the shipped tables when the page is made; a test holds the page to what this
script gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

import geo
from geo.data.shipped import recidivism_context, studies, study_table
from geo.register.zones import macro_zones, zone_names
from geo.text.labels import value_labels
from geo.text.numerals import number, p_value

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "study-2016.md"

Verdict = Literal["agrees", "does not agree", "not shown", "cannot be checked", "context"]


class Claim(NamedTuple):
    """One claim or figure of the texts, and what the shipped data say of it."""

    said: str
    ours: str
    verdict: Verdict


HEAD = """\
# The 2016 study, audited

<!-- Made by scripts/build_study_audit.py from the shipped tables; a test holds the page to it. -->

Every claim and figure of the two source texts that this project knows of, beside what the shipped data
give. Neither text is part of the project: what is audited are the study's two printed tables
(`data/releases_2016.csv`, `data/support_2016.csv`), the figures that stand only in the words of the
texts, and the claims that were handed down with them. A claim that is not listed here was not at hand,
which is not to say that it holds.

- **agrees**: our number is theirs, as printed.
- **does not agree**: it is not; the row says what is.
- **not shown**: the data neither bear it out nor refute it; the row says how far they go.
- **cannot be checked**: what it would take is not public or not printed; the row says what.
- **context**: cited by the texts; nothing here is computed from it.
"""

TAIL = """\
## What the table cannot show

- **It is a selection.** The {listed} communes are listed because their rates are high. A correlation, a
  mean or a share among them says nothing of the other {others}.
- **One year, one number.** Where counts are small the rate moves by chance: to El Quisco return {quisco}
  people, {quisco_low} to {quisco_high} in a year like it (95 %), and its rate spans the ranks from
  {rank_low} to {rank_high} of the table.
- **Where from, where to.** A release is counted at the commune to which a person is said to return.
  Conditional releases, people indicted and returns without a recorded commune are not in it.
- **An answer is one moment's.** That no programme was found on a website or by telephone is no proof that
  there is none, and that one exists says neither whom it reaches nor what it does.
"""


def page(result: geo.Result) -> str:
    """Write the whole page from a run of the study."""
    table = _table(result)
    parts = {
        "Table 1: how many people returned where": _counts(result, table),
        "Table 2: what municipalities offer": _support(result),
        "Are the highest rates together?": _clustering(result),
        "The regional narrative": _narrative(result, table),
        "What the study sets beside its rates": _beside(table),
    }
    claims = {title: list(found) for title, found in parts.items()}
    every = [claim for found in claims.values() for claim in found]
    verdicts: list[Verdict] = ["agrees", "does not agree", "not shown", "cannot be checked", "context"]
    tally = "; ".join(f"{verdict} {sum(c.verdict == verdict for c in every)}" for verdict in verdicts)
    text = [HEAD, f"Of {len(every)} rows: {tally}.\n"]
    for title, found in claims.items():
        text += [
            f"## {title}\n",
            _rows(
                ["what is said", "what the data give", ""],
                [[claim.said, claim.ours, f"**{claim.verdict}**"] for claim in found],
            ),
        ]
        if title == "The regional narrative":
            text.append(_zones(table))
    return "\n".join([*text, TAIL.format(**_limits(result, table))])


def _table(result: geo.Result) -> pd.DataFrame:
    """The areas of tables and text, with what is printed and what is computed, in the order of print."""
    areas = pd.DataFrame(result.areas.drop(columns="geometry"))
    known = areas[areas["status"].isin(["published", "derived"])]
    return known.sort_values(["rank_published", "rate_published"], ascending=[True, False], kind="stable")


def _counts(result: geo.Result, table: pd.DataFrame) -> Iterator[Claim]:
    audit = geo.audit_table(study_table(studies()["chile-2016"]))
    findings = {finding.areas: finding.values for finding in audit.findings}
    printed = table[table["rank_published"].notna()]
    fit = audit.population
    assert fit is not None
    yield Claim(
        "The abstract counts 30 municipalities, the text 32.",
        f"Table 1 lists {len(printed)}, and so does table 2. The text is right.",
        "does not agree",
    )
    yield Claim(
        f"Releases of {len(printed)} communes in 2016.",
        f"They add up to {number(printed['releases'].sum(), 'en')}; each is read as printed. No counts of"
        " releases by commune are public, so they rest on the study alone.",
        "cannot be checked",
    )
    yield Claim(
        f"Populations of {len(printed)} communes in 2016.",
        f"{fit.equal} of {fit.compared} are INE's projections of {fit.year} on the census of 2002.",
        "agrees",
    )
    for name, shown in (("QUILLOTA", "Quillota"), ("LA SERENA", "La Serena")):
        values = findings[(name,)]
        area = printed[printed["area_name"].eq(shown)].iloc[0]
        yield Claim(
            f"{shown}: {number(values['printed'], 'en')} inhabitants, {area['rate_published']:.0f} per"
            " 100,000.",
            f"That is INE's figure of {values['printed_year']}; the one of {values['year']} is"
            f" {number(values['expected'], 'en')}, which makes {area['rate']:.1f} per 100,000.",
            "does not agree",
        )
    follow = (printed["releases"] / printed["population_published"] * 100_000).round()
    yield Claim(
        "Rates per 100,000 inhabitants.",
        f"{int((follow == printed['rate_published']).sum())} of {len(printed)} follow from the printed"
        " count and population, at the printed precision.",
        "agrees",
    )
    yield Claim(
        "Communes in order of their rate: Valdivia 11th (115), Coquimbo 12th (117).",
        "The two stand the wrong way round; it is the only such pair of table 1.",
        "does not agree",
    )
    ours = printed["rate"].rank(ascending=False)
    serena = printed["area_name"].eq("La Serena")
    yield Claim(
        "The same order, La Serena 26th.",
        f"By INE's inhabitants of 2016 La Serena stands {ours[serena].iloc[0]:.0f}th. Unrounded,"
        f" {int((ours != printed['rank_published']).sum())} communes stand elsewhere:"
        f" {_listed(printed.loc[ours != printed['rank_published'], 'area_name'])}.",
        "does not agree",
    )
    yield from _text_only(table, printed, findings)
    bounded = result.areas[result.areas["status"].eq("bounded")]
    yield Claim(
        f"These are the {len(printed)} communes of highest rate.",
        f"Arica shows that the list has a gap. Of the other {len(bounded)} communes no count is public;"
        " that they lie at or below the last rate of the list is an assumption.",
        "cannot be checked",
    )


def _text_only(
    table: pd.DataFrame, printed: pd.DataFrame, findings: dict[tuple[str, ...], object]
) -> Iterator[Claim]:
    told = table[table["rank_published"].isna()]
    arica = told.iloc[0]
    place = int((printed["rate_published"] > arica["rate_published"]).sum()) + 1
    assert ("ARICA",) in findings
    yield Claim(
        f"{arica['area_name']}: {arica['rate_published']:.0f} per 100,000, in the text.",
        f"It would stand {place}th in table 1 and is not in it. With INE's"
        f" {number(arica['population'], 'en')} inhabitants the rate means {_interval(arica)} releases.",
        "does not agree",
    )
    last = printed.iloc[-1]
    others = " and ".join(
        f"{row['area_name']} {row['rate_published']:.0f}" for _, row in told.iloc[1:].iterrows()
    )
    means = "; ".join(f"{row['area_name']} {_interval(row)}" for _, row in told.iloc[1:].iterrows())
    yield Claim(
        f"{others} per 100,000, in the text.",
        f"Both lie below the last rate of table 1 ({last['area_name']}, {last['rate_published']:.0f}), as"
        f" they should. The rates mean these releases: {means}.",
        "agrees",
    )


def _support(result: geo.Result) -> Iterator[Claim]:
    found = geo.support_gap(result)
    web, phone, either = (found.answers.loc[channel] for channel in ("web", "telephone", "any"))
    for said, row, way in (
        ("2 of 32 (6 %)", web, "on their website"),
        ("6 of 32 (19 %)", phone, "by telephone"),
    ):
        ours = f"{row['yes']} of {row['asked']} ({100 * row['yes'] / row['asked']:.0f} %)"
        yield Claim(f"{said} show or name a programme {way}.", f"Table 2: {ours}.", _verdict(said == ours))
    silent = found.inventory.rows
    names = silent[silent["channel"].eq("telephone") & silent["answer"].eq("no answer")]
    shown = result.areas["area_name"].reindex(names["area_id"])
    yield Claim(
        "Some did not answer the telephone.",
        f"Table 2: {len(names)} of {phone['asked']} ({_listed(shown)}). Support by either way:"
        f" {either['yes']} of {either['asked']}; only Curicó's and Rengo's websites show it, and Curicó did"
        " not answer.",
        "agrees",
    )
    yield Claim(
        "Some municipalities send callers to the prison service.",
        "Table 2 has yes, no and a dash; it does not mark who was sent elsewhere. The inventory has an"
        " answer for it (`referred elsewhere`), which no row of the study uses.",
        "cannot be checked",
    )
    yield Claim(
        "Quillota has a labour team of three professionals.",
        "Table 2 says yes by telephone. Team and staff stand in the text alone and are a row of the"
        " inventory.",
        "agrees",
    )
    finding = found.inventory.findings[0]
    assert (finding.kind, finding.areas) == ("contradicted", ("LA PINTANA",))
    yield Claim(
        "La Pintana has a unit for people returning.",
        "Table 2 says no, on the web and by telephone. Both stand in the inventory"
        f" (rows {finding.rows[0]} and {finding.rows[1]}); the commune counts as contested, neither with"
        " nor without support.",
        "does not agree",
    )
    listed = found.areas[result.areas["rank_published"].notna()]
    denied = listed[listed["support_status"].eq("no")]
    yield Claim(
        "The gap between the people who return and the support that meets them.",
        f"{len(denied)} of the 32 municipalities said that they have none;"
        f" {number(denied['releases'].sum(), 'en')} of the {number(listed['releases'].sum(), 'en')} people"
        " of table 1 returned there. How many people any programme can take is printed nowhere, so that the"
        f" number without a place has bounds alone: {number(listed['unmet_low'].sum(), 'en')} to"
        f" {number(listed['unmet_high'].sum(), 'en')}.",
        "cannot be checked",
    )


def _clustering(result: geo.Result) -> Iterator[Claim]:
    plain, size = result.tests.join_count, result.tests.join_count_stratified
    assert plain is not None
    assert size is not None
    yield Claim(
        "Return is concentrated in some territories.",
        f"The {plain.n_high} highest rates (table 1 and Arica) adjoin each other in {plain.observed} pairs;"
        f" {plain.expected:.2f} are expected if any {plain.n_high} of the {result.tests.n} communes with a"
        f" neighbour were as likely (p {p_value(plain.p_value, 'en')} one-sided,"
        f" {p_value(plain.p_two_sided, 'en')} two-sided, {number(plain.permutations, 'en')} permutations).",
        "agrees",
    )
    groups, smallest = result.groups, result.areas["cluster_q"].min()
    yield Claim(
        "The same, beyond the size of communes.",
        f"Among communes of like population {size.expected:.2f} pairs are expected (p"
        f" {p_value(size.p_value, 'en')}): the communes adjoin as cities do."
        f" {int(groups['n_members'].sum())} of the {plain.n_high} lie in {len(groups)} groups, a"
        " description; no local result is significant after correction (smallest q"
        f" {p_value(smallest, 'en')}).",
        "not shown",
    )
    uneven = result.inequality
    assert uneven is not None
    gini, hoover = (uneven.indices.loc[name] for name in ("gini", "hoover"))
    yield Claim(
        "The same, as unevenness: more in some communes than their people account for.",
        f"Whatever the counts off the list are, the Gini index is at least {gini['low']:.3f} and Hoover's"
        f" {hoover['low']:.3f}; by chance alone they would be {gini['expected_low']:.3f} to"
        f" {gini['expected_high']:.3f} and {hoover['expected_low']:.3f} to {hoover['expected_high']:.3f},"
        " the more events the less. Hoover's exceeds chance by at least"
        f" {hoover['excess_low']:.3f}, whatever the total.",
        "agrees",
    )


def _placed(table: pd.DataFrame) -> pd.DataFrame:
    """The communes with their zone: the study names zones without saying where one ends."""
    zones = pd.Categorical(macro_zones().reindex(table.index), zone_names(), ordered=True)
    return table.assign(zone=zones)


def _narrative(result: geo.Result, table: pd.DataFrame) -> Iterator[Claim]:
    placed = _placed(table)
    printed = placed[placed["rank_published"].notna()]
    told = placed["zone"].ne("metropolitan_rest")
    yield Claim(
        "The highest rates: the north; the west and south of the capital; the interior and coast of"
        " Valparaíso; O'Higgins; the south.",
        f"{int(told[printed.index].sum())} of {len(printed)} communes of table 1 lie in one of these as"
        " `boundaries/zones.toml` draws them, and so do"
        f" {int(macro_zones().ne('metropolitan_rest').sum())} of all 346, so that this says little; the"
        " study does not say where one ends. Curicó (Maule) does"
        " where the south begins south of O'Higgins. Of the text,"
        f" {_listed(placed.loc[~told, 'area_name'])} lies elsewhere.",
        "agrees",
    )
    north, south = (printed[printed["zone"].eq(zone)] for zone in ("north", "south"))
    northern = placed[placed["zone"].eq("north")]
    yield Claim(
        "Of these, the north.",
        f"{len(north)} communes of table 1, and Arica; the highest rates are those of"
        f" {_listed(_by_rate(northern).head(3))}.",
        "agrees",
    )
    capital = printed[printed["zone"].str.startswith("metropolitan")]
    western = capital[capital["zone"].eq("metropolitan_west")]
    yield Claim(
        "Of these, the west and south of the capital.",
        f"{len(capital)} communes of table 1: {_listed(_by_rate(western))} in the west, the others in the"
        " south. San Ramón, of the text, is in the south too.",
        "agrees",
    )
    valparaiso = printed[printed["region"].eq("Valparaíso")]
    coast = int(valparaiso["zone"].eq("valparaiso_coast").sum())
    yield Claim(
        "Of these, Valparaíso, coast and interior.",
        f"{len(valparaiso)} communes of table 1, more than of any other region: {coast} on the coast and"
        f" {len(valparaiso) - coast} inland, with {number(valparaiso['releases'].sum(), 'en')} releases.",
        "agrees",
    )
    absent = sorted(set(result.areas["region"].dropna()) - set(table["region"]))
    yield Claim(
        "Of these, O'Higgins and the south.",
        f"{int(printed['zone'].eq('ohiggins').sum())} and {len(south)} communes: in the south"
        f" {_listed(_by_rate(south))}. No commune of {_listed(absent)} is in the tables or the text.",
        "agrees",
    )


def _zones(table: pd.DataFrame) -> str:
    placed = _placed(table)
    printed = placed[placed["rank_published"].notna()]
    names = value_labels("zone", "en")
    whole = printed["releases"].sum()
    rows = []
    for zone, own in printed.groupby("zone", observed=True):
        releases, people = own["releases"].sum(), own["population"].sum()
        cells = [names[str(zone)], str(len(own)), number(releases, "en"), f"{100 * releases / whole:.0f} %"]
        rows.append([*cells, f"{releases / people * 100_000:.0f}", _listed(_by_rate(own))])
    heads = [
        "zone",
        "communes of table 1",
        "releases",
        "of the table's",
        "per 100,000",
        "from the highest rate",
    ]
    told = (
        "Shares and rates are of the people and communes in table 1, not of all who return or live there.\n"
    )
    return f"{_rows(heads, rows)}\n{told}"


def _beside(table: pd.DataFrame) -> Iterator[Claim]:
    printed = table[table["rank_published"].notna()]
    poverty = pd.read_csv(ROOT / "data" / "poverty_2017.csv", dtype={"cut": str}).set_index("cut")["share"]
    share = poverty.reindex(printed.index).astype(float)
    count, rate = (
        float(np.corrcoef(printed[name].astype(float), share)[0, 1])
        for name in ("releases", "rate_published")
    )
    yield Claim(
        "No significant correlation with income poverty.",
        f"On its {len(printed)} communes and CASEN 2017, r = {_signed(count)} with the count and"
        f" {_signed(rate)} with the rate. Small, as said; but these communes were chosen by their rates,"
        " and of the others the table says nothing.",
        "agrees",
    )
    for _, figure in recidivism_context().iterrows():
        low, high = figure["low"], figure["high"]
        value = f"{low:g} %" if low == high else f"{low:g} to {high:g} %"
        where = "cited" if figure["cited_in"] == "not stated" else f"the {figure['cited_in']}"
        source = "" if figure["source"] == "not stated" else f", after {figure['source']}"
        yield Claim(
            f"Recidivism in {figure['place']}: {value} ({where}{source}).",
            "Whom it counts, what counts as returning to prison and within how long is not stated. The"
            " figures share no criterion and cannot be compared; nothing is computed from them.",
            "context",
        )


def _limits(result: geo.Result, table: pd.DataFrame) -> dict[str, str]:
    quisco = result.areas[result.areas["area_name"].eq("El Quisco")].iloc[0]
    rates = table.loc[table["rank_published"].notna(), "rate"]
    ends = {end: quisco[f"rate_{end}"] for end in ("low", "high")}
    return {
        "listed": str(int(table["rank_published"].notna().sum())),
        "others": str(len(result.areas) - int(table["rank_published"].notna().sum())),
        "quisco": str(quisco["releases"]),
        "quisco_low": f"{ends['low'] * quisco['population'] / 1e5:.0f}",
        "quisco_high": f"{ends['high'] * quisco['population'] / 1e5:.0f}",
        "rank_low": str(int((rates > ends["high"]).sum()) + 1),
        "rank_high": str(int((rates > ends["low"]).sum())),
    }


def _interval(row: pd.Series) -> str:
    low, high = row["releases_low"], row["releases_high"]
    return str(low) if low == high else f"{low} to {high}"


def _by_rate(part: pd.DataFrame) -> pd.Series:
    return part.sort_values("rate_published", ascending=False, kind="stable")["area_name"]


def _listed(names: Sequence[str] | pd.Series) -> str:
    listed = [str(name) for name in names]
    return " and ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _verdict(same: bool) -> Verdict:
    return "agrees" if same else "does not agree"


def _rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(geo.run("chile-2016", boundaries="schematic")), encoding="utf-8")


if __name__ == "__main__":
    main()
