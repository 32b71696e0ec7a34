"""The command as a person meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo.cli import main

FAST = ["--boundaries", "schematic", "--permutations", "99"]


def test_the_command_runs_the_study_and_says_where_the_map_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["run", *FAST, "--out", str(out), "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "Return from prison by commune, Chile 2016" in said.out
    assert "35 rows of releases_2016.csv = 35 on the map + 0 apart" in said.out
    assert "Schematic map, not official boundaries" in said.out
    assert said.err == ""
    assert {p.name for p in out.iterdir()} == {
        "map.html",
        "retorno.gpkg",
        "communes.csv",
        "communes.xlsx",
        "manifest.json",
    }


def test_running_twice_needs_overwrite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", *FAST, "--out", str(tmp_path), "--lang", "es"]
    assert main(command) == 0
    assert main(command) == 1
    said = capsys.readouterr()
    assert "add --overwrite" in said.err
    assert said.err.count("\n") == 1
    assert main([*command, "--overwrite"]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nada.csv"], "received nada.csv"),
        (["--region", "Atlantis"], "received 'Atlantis'"),
        (["--boundaries", "nada.gpkg"], "nada.gpkg: no such file"),
        (["--column", "age=Edad"], "role"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Comuna;Egresos 2016\nArica;12\n", encoding="utf-8")
    source = [] if not arguments[0].startswith("--column") else [str(table)]
    assert main(["run", *FAST, *source, *arguments, "--out", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert message in said.err
    assert said.err.startswith("retorno: ")
    assert said.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["walk"], ["run", "--permutations", "x"], ["run", "--column", "nothing"], ["run", "--lang", "fr"]],
)
def test_wrong_usage_exits_with_two_and_points_to_the_help(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "--help" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("locale", "language"), [("es_CL.UTF-8", "es"), ("en_US.UTF-8", "en"), ("fr_FR.UTF-8", "en"), ("C", "en")]
)
def test_the_language_follows_the_locale(
    locale: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert main(["run", *FAST, "--out", str(tmp_path)]) == 0
    assert f'<html lang="{language}">' in (tmp_path / "map.html").read_text("utf-8")


def test_help_loads_no_library(tmp_path: Path) -> None:
    code = (
        "import sys; from geo.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({'numpy', 'pandas', 'geopandas', 'folium'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "geo", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    assert done.stdout.startswith("retorno ")
