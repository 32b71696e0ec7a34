"""Build the shipped tables of ``data/`` from a folder of reference files.

    python scripts/build_tables.py REFERENCE

``REFERENCE`` holds the printed tables of the study and the official series as third parties republish
them (see data/datapackage.json for the sources). Only facts are taken over: codes, counts, populations.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from geo.register.communes import commune_register
from geo.register.countries import chile

CHILE = chile.register()

DATA = Path(__file__).parents[1] / "data"
ANSWERS = {"SI": "yes", "NO": "no", "-": "no answer"}
INVENTORY = [
    *("cut", "commune", "channel", "answer", "programme", "needs", "provider", "coordination"),
    *("staff", "capacity", "source", "date"),
]
# What the study's text tells of a municipality beyond its table 2; it does not say by which channel.
TOLD = [
    {
        "commune": "QUILLOTA",
        "programme": "labour team",
        "needs": "education_employment",
        "provider": "municipal",
        "staff": "3",
    },
    {"commune": "LA PINTANA", "programme": "unit", "provider": "municipal"},
]


def main(reference: Path) -> None:
    """Write every table."""
    tables = reference / "tables"
    for name, frame in {
        "releases_2016": releases(tables),
        "support_2016": support(tables),
        "population_ine2002": population(tables / "population_ine_base2002.csv", prefix="a"),
        "population_ine2017": population(tables / "population_ine_base2017.csv", prefix="p"),
        "poverty_2017": poverty(tables),
        "dmcs": dmcs(tables),
    }.items():
        frame.to_csv(DATA / f"{name}.csv", index=False, lineterminator="\n")


def releases(tables: Path) -> pd.DataFrame:
    """Table 1 of the study as printed, and below it the three rates that stand only in its text."""
    printed = pd.read_csv(tables / "published_table1.csv", sep=";", dtype={"population_2016": str})
    printed["population"] = printed["population_2016"].str.replace(".", "").astype("Int64")
    in_text = pd.read_csv(tables / "published_in_text.csv", sep=";")
    frame = pd.concat([printed.assign(printed_in="table 1"), in_text.assign(printed_in="text")])
    frame = frame.rename(columns={"releases_2016": "releases", "rate_per_100000": "rate_published"})
    frame["cut"] = codes(frame["commune"])
    frame = frame.rename(
        columns={"commune": "name_printed", "population": "population_published", "rank": "rank_published"}
    )
    counts = ["rank_published", "releases", "population_published", "rate_published"]
    frame[counts] = frame[counts].astype("Int64")
    return frame[["cut", "name_printed", *counts, "printed_in"]]


def support(tables: Path) -> pd.DataFrame:
    """Table 2 of the study, a row per municipality and channel, and what its text tells of two of them."""
    printed = pd.read_csv(tables / "published_table2.csv", sep=";")
    channels = {"web": "web_support_programme", "telephone": "telephone_support_programme"}
    asked = [
        pd.DataFrame(
            {
                "cut": codes(printed["commune"]),
                "commune": printed["commune"],
                "channel": channel,
                "answer": printed[column].map(ANSWERS),
                "source": "study, table 2",
            }
        )
        for channel, column in channels.items()
    ]
    told = pd.DataFrame(TOLD).assign(answer="yes", source="study, text")
    told["cut"] = codes(told["commune"])
    return pd.concat([*asked, told]).reindex(columns=INVENTORY)


def population(path: Path, *, prefix: str) -> pd.DataFrame:
    """One row per commune and year."""
    wide = pd.read_csv(path, dtype={"cut_2018": str}).set_index("cut_2018").sort_index()
    years = wide[[c for c in wide if c[0] == prefix and c[1:].isdigit()]]
    long = years.rename(columns=lambda c: int(c[1:])).stack().rename_axis(["cut", "year"])
    return long.rename("population").reset_index()


def poverty(tables: Path) -> pd.DataFrame:
    """Income poverty by commune, small-area estimates of CASEN 2017."""
    frame = pd.read_csv(tables / "poverty_sae2017.csv", dtype={"cut_2018": str}).sort_values("cut_2018")
    methods = {"SAE": "small-area estimate", "Estimación Sintética": "synthetic estimate"}
    return pd.DataFrame(
        {
            "cut": frame["cut_2018"],
            "people": frame["n_ing"],
            "share": frame["pct_ing"],
            "share_low": frame["li_ing"],
            "share_high": frame["ls_ing"],
            "method": frame["metodo_ing"].map(methods),
        }
    )


def dmcs(tables: Path) -> pd.DataFrame:
    """Police cases of major social connotation, 2015 and 2016."""
    frame = pd.read_csv(tables / "dmcs_2005_2016.csv", dtype={"cut_2010": str})
    frame = frame[frame["year"].isin([2015, 2016])]
    by_2010 = commune_register().reset_index().set_index("cut_2010")["cut"]
    frame = frame.assign(cut=frame["cut_2010"].map(by_2010), cases=frame["cases"].astype(int))
    return frame.sort_values(["cut", "year"])[["cut", "year", "cases"]]


def codes(names: pd.Series) -> list[str]:
    """Find the codes of printed names; every name must be found."""
    from geo.register.names import match_names

    found = match_names(names, CHILE)
    assert found.notna().all(), list(names[found.isna()])
    return found.tolist()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
