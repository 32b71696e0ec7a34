"""The command as a person meets it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
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
    assert "not official boundaries" in said.out
    assert said.err == ""
    assert {p.name for p in out.iterdir()} == {
        "chile-2016.gpkg",
        "chile-2016-map.html",
        "chile-2016-report.html",
        "chile-2016-figures",
        "chile-2016-communes.csv",
        "chile-2016-communes.xlsx",
        "chile-2016-support_gaps.csv",
        "chile-2016-manifest.json",
    }


def test_running_twice_needs_overwrite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", *FAST, "--region", "15", "--out", str(tmp_path), "--lang", "es"]
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


def test_a_run_takes_an_inventory_and_carries_the_gap_into_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("Comuna;Egresos 2016\nArica;12\n", encoding="utf-8")
    (tmp_path / "i.csv").write_text("Comuna;Respuesta;Cupos\nArica;sí;5\n", encoding="utf-8")
    out = tmp_path / "out"
    given = ["run", *FAST, str(tmp_path / "t.csv"), "--region", "15", "--out", str(out)]
    given += ["--inventory", str(tmp_path / "i.csv")]
    assert main(given) == 0
    (report,) = out.glob("*-report.html")
    assert 'id="plan"' in report.read_text("utf-8")
    (tmp_path / "i.csv").write_text("Comuna;Respuesta\nArica;tal vez\n", encoding="utf-8")
    capsys.readouterr()
    assert main([*given, "--overwrite"]) == 1
    assert "answer is one of" in capsys.readouterr().err


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
    locale: str, language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert main(["boundaries", "list"]) == 0
    assert {"es": "Descargar una", "en": "Download one"}[language] in capsys.readouterr().out


def test_without_boundaries_and_network_the_drawing_is_used_and_why_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *FAST[2:], "--region", "15", "--out", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "none is downloaded, and no network was to be used" in said
    assert "retorno boundaries get bcn, or --boundaries FILE" in said
    (page,) = tmp_path.glob("*-map.html")
    assert "--boundaries" not in page.read_text("utf-8")


def test_an_official_layer_in_the_cache_is_used_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, reference: Path
) -> None:
    (tmp_path / "boundaries").mkdir()
    layer = reference / "boundaries" / "communes_ine2016_15regions.gpkg"
    (tmp_path / "boundaries" / "own.gpkg").write_bytes(layer.read_bytes())
    monkeypatch.setenv("RETORNO_CACHE", str(tmp_path))
    command = ["run", *FAST[2:], "--region", "15", "--out", str(tmp_path / "out"), "--lang", "es"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "esquemático" not in said
    assert "own.gpkg" in said


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_sources_are_listed_with_licence_and_attribution(
    lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["boundaries", "list", "--lang", lang]) == 0
    said = capsys.readouterr().out
    for name in ("bcn", "dpa", "geoboundaries", "hdx"):
        assert f"{name} " in said
    assert "Biblioteca del Congreso Nacional de Chile" in said
    assert "CC BY 4.0" in said


def test_a_layer_is_checked_in_plain_words(capsys: pytest.CaptureFixture[str], reference: Path) -> None:
    layer = reference / "boundaries" / "communes_bcn2020_damaged.geojson"
    assert main(["boundaries", "check", str(layer), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Against the official contiguity: 68 pairs lost, 3 added." in said
    assert "Topology destroyed" in said


def test_a_download_that_cannot_be_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["boundaries", "get", "bcn", "--lang", "en"]) == 1
    assert "RETORNO_OFFLINE is set" in capsys.readouterr().err
    assert main(["boundaries", "get", "nada", "--lang", "en"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_table_is_audited_in_plain_words(capsys: pytest.CaptureFixture[str], reference: Path) -> None:
    assert main(["check", "chile-2016", "--lang", "es"]) == 0
    said = capsys.readouterr().out
    assert "Poblaciones: 30 de 32 son las de INE, proyecciones base censo 2002, año 2016." in said
    findings = [line.strip() for line in said.split("Qué revisar (4):")[1].strip().splitlines()]
    assert [line.split(": ", 1)[1] for line in findings] == [
        "QUILLOTA lleva la población INE de 2015, 93.633; la de 2016 es 94.749.",
        "LA SERENA lleva la población INE de 2015, 216.874; la de 2016 es 221.021.",
        "VALDIVIA, COQUIMBO están fuera de orden: 115 antes que 117.",
        "ARICA tiene tasa 164, superior a la última de la lista (RENCA, 85), pero no está en ella.",
    ]
    assert main(["check", str(reference / "tables" / "published_table1.csv"), "--lang", "en"]) == 0
    assert "What to look at (3):" in capsys.readouterr().out
    assert main(["check", "nada.csv"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_every_kind_of_finding_has_its_sentence_in_both_languages() -> None:
    import re
    from string import Formatter

    from geo.assets import asset_text

    source = (Path(__file__).parents[1] / "geo" / "data" / "audit.py").read_text("utf-8")
    kinds = set(re.findall(r'"([a-z_]+)"', source)) & set(
        tomllib.loads(asset_text("maps", "labels.toml"))["check"]["finding"]
    )
    assert len(kinds) >= 10
    for kind in kinds:
        both = tomllib.loads(asset_text("maps", "labels.toml"))["check"]["finding"][kind]
        fields = {
            lang: {name for _, name, _, _ in Formatter().parse(both[lang]) if name} for lang in ("es", "en")
        }
        assert fields["es"] == fields["en"]


@pytest.mark.parametrize("arguments", [["--help"], ["boundaries", "list"]])
def test_what_needs_no_library_loads_none(arguments: list[str]) -> None:
    code = (
        "import sys; from geo.cli import main\n"
        f"try: main({arguments})\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'pandas', 'geopandas', 'folium'} & set(sys.modules)))"
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
