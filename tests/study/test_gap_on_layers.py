"""The gap on groups and regions, and what a command refuses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import geo
from geo.cli import main


def test_groups_and_regions_carry_the_sums_of_their_areas(study: geo.Result) -> None:
    areas, gaps = study.areas, study.gaps
    assert gaps is not None
    assert study.regions is not None
    for layer, by in ((study.groups, "group_id"), (study.regions, "region")):
        for name in ("unmet_low", "unmet_high"):
            summed = gaps[name].groupby(areas[by]).sum()
            assert layer.set_index(by)[name].tolist() == summed[layer[by]].tolist()
    assert int(study.regions["unmet_low"].sum()) == 2953


def test_zero_at_most_by_assumption_is_not_called_known(study: geo.Result) -> None:
    """13 communes have at most nobody, but only if the list of highest rates is complete."""
    zeros = study.areas["status"].eq("bounded") & study.areas["releases_high"].eq(0)
    assert zeros.sum() == 13
    assert study.inequality is not None
    known = study.inequality.groups["n_known"]
    assert known["Magallanes y de la Antártica Chilena"] == 0
    assert known.sum() == study.areas["releases"].notna().sum() == 33


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (["--inventory-column", "capacity=Cupos"], "add --inventory FILE"),
        (["--weight", "count=1", "--weight", "count=2"], "--weight count more than once"),
        (["--inventory", "INVENTORY"], "none of 1 rows; check its column of names"),
    ],
)
def test_what_support_cannot_use_is_said_in_one_line(
    extra: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, "apoyo.csv", "Comuna;Canal;Respuesta\nAtlantis;web;no\n")
    named = [file if part == "INVENTORY" else part for part in extra]
    assert main(["support", "chile-2016", "--boundaries", "schematic", *named, "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_the_other_commands_name_their_own_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inequality", "--draws", "0", "--lang", "en"]) == 1
    assert "draws is a whole number of 1 or more" in capsys.readouterr().err
    file = write(tmp_path, "casen.csv", "Comuna;Pobreza\nArica;5,3\nIquique;4,1\n")
    assert main(["correlation", "--with", file, "--value", "Foo", "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert "--value Foo" in said
    assert "--column rate" not in said
    assert main(["correlation", "--with", "dmcs", "--permutations", "9", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("Rate and DMCS police cases (2016), 32 areas")


def test_a_gap_without_clusters_says_so(capsys: pytest.CaptureFixture[str], study: geo.Result) -> None:
    assert main(["support", "--boundaries", "schematic", "--by", "cluster", "--lang", "en"]) == 0
    assert "There is none to add up by." in capsys.readouterr().out
    assert study.gap is not None
    assert isinstance(study.gap.clusters, pd.DataFrame)
    assert study.gap.clusters.empty
