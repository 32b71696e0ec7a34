"""How often certainty is right: local clusters of incomplete counts, on simulated maps and on a real one.

    python benchmarks/certainty.py --maps 200 --out certainty.jsonl

The areas are Chile's communes with their inhabitants of 2016 (INE, base 2002) and their official
contiguity. On each map risks rise with population as in the study of 2016 (slope 0.37 on the logarithm) and
vary about that by a gamma distribution of shape 2.5, 61 releases per 100,000 inhabitants over the country;
the variation lies together by a simultaneous autoregressive process (gamma margins of a Gaussian copula)
with rho 0, 0.7 or 0.95. Counts are then hidden: all but the 33 highest rates, which bound the others ("top
33"), or those below 5 ("below 5"). What is true is the label that the same procedure gives on the complete
counts.

Every map is written when it is done, and a run that is repeated goes on from there; the tables of
docs/methods.md are what this prints. Map number m of seed s depends on s, m and rho alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import gammaincinv, ndtr

import geo
from geo.register.communes import commune_register
from geo.register.pairs import official_pairs
from geo.register.populations import population_series
from geo.stats.incomplete.certainty import CERTAIN, column_labels, standardized
from geo.stats.incomplete.imputation import impute_counts
from geo.stats.weights.adjacency import neighbors
from geo.stats.weights.links import links_from_pairs

Floats = NDArray[np.float64]

LEVEL = 61 / 100_000
SLOPE = 0.37
SHAPE = 2.5
LISTED = 33
SUPPRESSED = 5
PERMUTATIONS = 14_999
BINS = 10
RESAMPLES = 4000
# Name, rho, slope, whether what size leaves over of the rates is tested.
WORLDS = (
    ("0", 0.0, SLOPE, False),
    ("0, no slope", 0.0, 0.0, False),
    ("0.7", 0.7, SLOPE, False),
    ("0.95", 0.95, SLOPE, False),
    ("0, adjusted", 0.0, SLOPE, True),
)
MASKS = ("top 33", "below 5")


class World(NamedTuple):
    """What stays the same from map to map."""

    people: pd.Series
    inside: NDArray[np.bool_]
    """Communes with a neighbour, of all."""
    matrix: csr_array
    """1 for neighbours, among those inside."""
    weights: Floats
    """Row-standardised contiguity of all communes."""


@cache
def world() -> World:
    communes = commune_register().index
    people = population_series("ine2002", 2016).reindex(communes).astype(float)
    links = links_from_pairs(official_pairs(), communes)
    near = neighbors(links, communes, people.notna())  # type: ignore[arg-type]
    inside = near.counts > 0
    weights = near.matrix.toarray() / np.maximum(near.counts, 1)[:, None]
    return World(people, inside, near.matrix[inside][:, inside], weights)


@cache
def mixing(rho: float) -> Floats:
    """Turn independent normal numbers into an autoregressive process whose every place has variance one."""
    w = world().weights
    root = np.linalg.inv(np.eye(len(w)) - rho * w)
    return np.asarray(root / np.sqrt((root**2).sum(axis=1))[:, None])


def draw_map(rho: float, slope: float, generator: np.random.Generator) -> tuple[Floats, Floats]:
    """Draw the risks of all communes and their counts."""
    people = world().people.to_numpy()
    place = ndtr(mixing(rho) @ generator.normal(size=len(people)))
    risk = people**slope * gammaincinv(SHAPE, np.clip(place, 1e-12, 1 - 1e-12)) / SHAPE
    # The level is that of the mean, not of the map: totals vary as they would.
    risk *= LEVEL * people.sum() / (people ** (1 + slope)).sum()
    return risk, generator.poisson(people * risk).astype(float)


def hide(counts: Floats, mask: str, *, cell: int = SUPPRESSED) -> pd.DataFrame:
    """Hide counts as a list of highest rates does, or as an office that suppresses small cells."""
    people = world().people.to_numpy()
    if mask == "top 33":
        order = np.argsort(-counts / people, kind="stable")
        last = order[LISTED - 1]
        high = np.floor(people * counts[last] / people[last] + 1e-9)
        high[order[:LISTED]] = counts[order[:LISTED]]
        low = np.zeros(len(counts))
        low[order[:LISTED]] = counts[order[:LISTED]]
    else:
        small = counts < cell
        low, high = np.where(small, 0, counts), np.where(small, cell - 1, counts)
    return pd.DataFrame({"low": low, "high": high}, index=world().people.index)


def scores(counts: Floats, people: pd.Series, *, adjusted: bool) -> Floats:
    """Give what is tested: standardised rates, or what log population leaves over of them."""
    if not adjusted:
        return standardized(counts, people.to_numpy())
    size = geo.stats.size_covariates(people)
    return np.column_stack(
        [geo.stats.rate_residuals(pd.Series(y, people.index), people, covariates=size) for y in counts.T]
    )


def labels(counts: Floats, seed: int, *, adjusted: bool) -> NDArray[np.int8]:
    """Label columns of complete counts after correction."""
    w = world()
    z = scores(counts[w.inside], w.people[w.inside], adjusted=adjusted)
    return column_labels(z, w.matrix, permutations=PERMUTATIONS, rng=seed)[0]


def complete_cases(
    counts: Floats, known: NDArray[np.bool_], seed: int, *, adjusted: bool
) -> NDArray[np.int8]:
    """Label the known areas as if there were no others, as software that drops missing rows does."""
    w = world()
    there = known[w.inside]
    matrix = w.matrix[there][:, there]
    found = np.full(len(there), -1, dtype=np.int8)
    joined = np.diff(matrix.indptr) > 0
    at = np.flatnonzero(there)[joined]
    if len(at) >= 5:
        inner = matrix[joined][:, joined]
        z = scores(counts[w.inside][at][:, None], w.people[w.inside].iloc[at], adjusted=adjusted)
        found[at] = column_labels(z, csr_array(inner), permutations=PERMUTATIONS, rng=seed)[0][:, 0]
    return found


def compare(
    counts: Floats, hidden: pd.DataFrame, imputations: int, seed: int, *, adjusted: bool = False
) -> dict[str, Any]:
    """Compare the labels of incomplete counts with those of the complete ones."""
    w = world()
    drawn = impute_counts(hidden, w.people, imputations=imputations, rng=seed)
    known = (hidden["low"] == hidden["high"]).to_numpy()
    zero = np.where(known, counts, 0.0)
    found = labels(np.column_stack([drawn.draws.to_numpy(), counts, zero]), seed, adjusted=adjusted)
    imputed, true, filled = found[:, :-2], found[:, -2], found[:, -1]
    share = np.stack([(imputed == k).mean(axis=1) for k in range(4)], axis=1)
    best, level = share.argmax(axis=1), share.max(axis=1)
    certain = level >= CERTAIN
    dropped = complete_cases(counts, known, seed, adjusted=adjusted)
    place = np.minimum((level * BINS).astype(int), BINS - 1)
    some = level > 0
    return {
        "true": int((true >= 0).sum()),
        "certain": int(certain.sum()),
        "right": int((certain & (best == true)).sum()),
        "filled": [int((filled >= 0).sum()), int(((filled >= 0) & (filled == true)).sum())],
        "dropped": [int((dropped >= 0).sum()), int(((dropped >= 0) & (dropped == true)).sum())],
        "bins": np.bincount(place[some], minlength=BINS).tolist(),
        "bins_right": np.bincount(place[some & (best == true)], minlength=BINS).tolist(),
        "hidden": int((~known).sum()),
        "failed": list(drawn.failed),
        "where": np.flatnonzero(certain).tolist(),
        "what": best[certain].tolist(),
    }


def by_risk(risk: Floats, result: dict[str, Any]) -> int:
    """Count the certain areas whose label is also their quadrant by the simulated risks."""
    w = world()
    z = risk[w.inside] - risk[w.inside].mean()
    lag = w.matrix @ z
    quadrant = np.array([[1, 3], [2, 0]])[(z > 0).astype(int), (lag > 0).astype(int)]
    return int((quadrant[result["where"]] == result["what"]).sum())


def simulate(maps: int, imputations: int, seed: int, out: Path) -> list[dict[str, Any]]:
    """Draw and test all maps, the first of every kind first."""
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.exists() else []
    done = {(row["rho"], row["mask"], row["map"]) for row in rows}
    start = time.monotonic()
    with out.open("a", encoding="utf-8") as file:
        for number in range(maps):
            for at, (name, rho, slope, adjusted) in enumerate(WORLDS):
                for mask in MASKS:
                    if (name, mask, number) in done:
                        continue
                    risk, counts = draw_map(rho, slope, np.random.default_rng([seed, at, number]))
                    found = compare(counts, hide(counts, mask), imputations, number, adjusted=adjusted)
                    row = {"rho": name, "mask": mask, "map": number, "risk": by_risk(risk, found), **found}
                    rows.append(row)
                    file.write(json.dumps(row) + "\n")
                    file.flush()
            if (number + 1) % 10 == 0:
                print(f"{number + 1} of {maps} maps, {time.monotonic() - start:.0f} s", file=sys.stderr)
    return rows


# Tables ---------------------------------------------------------------------------------------------------


def wilson_low(right: int, n: int) -> float:
    """Lower end of a 95 % interval of a share (Wilson 1927)."""
    if n == 0:
        return float("nan")
    p, z = right / n, 1.959964
    return float((p + z**2 / (2 * n) - z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))) / (1 + z**2 / n))


def cluster_low(right: Floats, n: Floats) -> float:
    """Lower 95 % bound of a share, maps being drawn again with all their areas."""
    if n.sum() == 0:
        return float("nan")
    generator = np.random.default_rng(0)
    taken = generator.integers(0, len(n), (RESAMPLES, len(n)))
    total = n[taken].sum(axis=1)
    shares = right[taken].sum(axis=1)[total > 0] / total[total > 0]
    return float(np.quantile(shares, 0.025))


def share(part: float, whole: float) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def main_table(rows: list[dict[str, Any]]) -> str:
    heads = [
        "ρ",
        "hidden",
        "maps",
        "true labels a map",
        "certain areas",
        "precision (lower bound)",
        "by simulated risk",
        "recall",
        "maps without a certain area",
        "maps with a true label",
        "zero-filled: precision, recall",
        "known only: precision, recall",
    ]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for name, *_ in WORLDS:
        for mask in MASKS:
            part = [row for row in rows if (row["rho"], row["mask"]) == (name, mask)]
            if not part:
                continue
            n, right = (np.array([row[key] for row in part], dtype=float) for key in ("certain", "right"))
            true = sum(row["true"] for row in part)
            low = min(cluster_low(right, n), wilson_low(int((right == n)[n > 0].sum()), int((n > 0).sum())))
            low_by_area = cluster_low(right, n)
            cells = [
                name,
                mask,
                str(len(part)),
                f"{true / len(part):.1f}",
                f"{int(n.sum())}",
                f"{share(right.sum(), n.sum())} ({low_by_area:.3f}; {low:.3f})" if n.sum() else "–",
                share(sum(row["risk"] for row in part), n.sum()),
                share(right.sum(), true),
                f"{(n == 0).mean():.1%}",
                f"{np.mean([row['true'] > 0 for row in part]):.1%}",
                *(
                    f"{share(sum(r[key][1] for r in part), sum(r[key][0] for r in part))},"
                    f" {share(sum(r[key][1] for r in part), true)}"
                    for key in ("filled", "dropped")
                ),
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines).replace("%", " %")


def reliability_table(rows: list[dict[str, Any]]) -> str:
    heads = ["ρ", "hidden", *(f"to {(k + 1) / BINS:.1f}" for k in range(BINS))]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for name, *_ in WORLDS:
        for mask in MASKS:
            part = [row for row in rows if (row["rho"], row["mask"]) == (name, mask)]
            if part:
                n = np.array([row["bins"] for row in part]).sum(axis=0)
                right = np.array([row["bins_right"] for row in part]).sum(axis=0)
                cells = [f"{share(a, b)} ({b})" for a, b in zip(right, n, strict=True)]
                lines.append(f"| {' | '.join([name, mask, *cells])} |")
    return "\n".join(lines)


def police_table(imputations: int) -> str:
    """Hide counts of the shipped table of police cases, all of which are known."""
    rows = geo.run("dmcs-2016", boundaries="schematic", permutations=99).areas
    counts = rows["releases"].reindex(world().people.index).to_numpy(dtype=float)
    heads = ["hidden", "areas hidden", "method", "labelled", "right", "precision", "recall"]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for mask, cell in (("top 33", 0), ("below 5", 5), ("below 100", 100), ("below 500", 500)):
        found = compare(counts, hide(counts, mask, cell=cell), imputations, 0)
        for method, (n, right) in (
            ("certainty of 0.9 or more", (found["certain"], found["right"])),
            ("zero-filled", found["filled"]),
            ("known areas only", found["dropped"]),
        ):
            cells = [mask, str(found["hidden"]), method, str(n), str(right), share(right, n)]
            lines.append(f"| {' | '.join([*cells, share(right, found['true'])])} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--maps", type=int, default=200, help="maps of each kind (default: 200)")
    parser.add_argument("--imputations", type=int, default=100, help="of each map (default: 100)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("certainty.jsonl"), help="file for the maps done")
    options = parser.parse_args()
    rows = simulate(options.maps, options.imputations, options.seed, options.out)
    rows = [row for row in rows if row["map"] < options.maps]
    print(main_table(rows), reliability_table(rows), police_table(200), sep="\n\n")


if __name__ == "__main__":
    main()
