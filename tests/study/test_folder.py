"""Several runs in one folder: each has files of its own, and none shows or replaces another's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import geo
from geo.cli import main

pytestmark = pytest.mark.once  # names of files

QUICK = {"boundaries": "schematic", "permutations": 99, "imputations": 0}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def arica() -> geo.Result:
    return geo.run("chile-2016", region="15", **QUICK)  # type: ignore[arg-type]


def test_results_are_named_by_study_table_year_and_region(
    study: geo.Result, full: geo.Result, arica: geo.Result, tmp_path: Path
) -> None:
    assert (study.slug, full.slug, arica.slug) == (
        "chile-2016",
        "dmcs-2016",
        "chile-2016-arica-y-parinacota",
    )
    assert geo.run("dmcs-2016", year=2015, region="15", **QUICK).slug == "dmcs-2015-arica-y-parinacota"  # type: ignore[arg-type]
    for name, slug in {"Egresos Ñuble.csv": "Egresos-Nuble-2016", "egresos.2016.csv": "egresos.2016"}.items():
        (tmp_path / name).write_text("Comuna;Egresos 2016\nArica;12\n", encoding="utf-8")
        assert geo.run(tmp_path / name, region="15", **QUICK).slug == f"{slug}-arica-y-parinacota"  # type: ignore[arg-type]


@pytest.mark.usefixtures("undrawn")
def test_another_study_in_the_same_folder_needs_no_leave_and_touches_no_file_of_the_first(
    few: geo.Result, arica: geo.Result, tmp_path: Path
) -> None:
    first = few.write(tmp_path, lang="es", also=["geojson"])
    before = contents(tmp_path)
    second = arica.write(tmp_path, lang="es", also=["geojson"])
    assert not {*first.values()} & {*second.values()}
    assert {name: content for name, content in contents(tmp_path).items() if name in before} == before
    # Nor does writing it again.
    arica.write(tmp_path, lang="en", also=["geojson"], overwrite=True)
    assert {name: content for name, content in contents(tmp_path).items() if name in before} == before
    assert all(path.is_file() for path in second.values())


@pytest.mark.usefixtures("undrawn")
def test_layers_of_an_earlier_run_never_stay_beside_the_files_of_a_new_one(
    few: geo.Result, tmp_path: Path
) -> None:
    few.write(tmp_path, lang="es", also=["geojson"])
    before = contents(tmp_path)
    for also in ([], ["geoparquet"]):
        with pytest.raises(geo.OutputError, match="of one run") as refused:
            few.write(tmp_path, lang="en", also=also, overwrite=True)
        assert f"{few.slug}-communes.geojson" in refused.value.received
        assert f"--also {','.join([*also, 'geojson'])} --overwrite" in refused.value.remedy
        assert contents(tmp_path) == before
    # One that the new run does not have goes: replacing GeoJSON was asked for.
    more = tmp_path / f"{few.slug}-support_gaps.geojson"
    more.write_text("{}")
    few.write(tmp_path, lang="en", also=["geojson"], overwrite=True)
    after = contents(tmp_path)
    assert after.keys() == before.keys()
    assert after[f"{few.slug}-map.html"] != before[f"{few.slug}-map.html"]


@pytest.mark.parametrize(
    ("left", "asked", "said"),
    [
        ("-points.geojson", ["--overwrite"], "--also geojson --overwrite"),
        ("-points.geojson", [], "--also geojson --overwrite"),
        ("-points.geojson", ["--also", "geojson"], "existing output is never overwritten unasked"),
        ("-report.pdf", [], "existing output is never overwritten unasked"),
        ("-figures", ["--overwrite"], "figures stand in a folder of their own"),
    ],
)
def test_what_is_in_the_way_is_said_before_anything_is_computed(
    left: str,
    asked: list[str],
    said: str,
    arica: geo.Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / f"{arica.slug}{left}").write_text("{}")
    monkeypatch.setattr("geo.study.pipeline.concentration", lambda *_, **__: pytest.fail("too late"))
    assert main(["run", "chile-2016", "--region", "15", *asked, "--out", str(tmp_path), "--lang", "en"]) == 1
    assert said in capsys.readouterr().err
    assert list(contents(tmp_path)) == [f"{arica.slug}{left}"]


def test_map_report_and_terminal_name_the_files_that_stand_beside_them(
    arica: geo.Result, tmp_path: Path
) -> None:
    written = arica.write(tmp_path, lang="en")
    there = {path.name for path in tmp_path.iterdir()}
    ending = r"[\w.-]+(?:\.gpkg|\.csv|\.xlsx|\.html|-manifest\.json|-figures)(?!\w)"
    report, page = (written[kind].read_text("utf-8") for kind in ("report", "map"))
    named = {name for name in re.findall(ending, report) if name.startswith("chile-2016")}
    assert named <= there
    assert {written[kind].name for kind in ("map", "geopackage", "xlsx", "csv", "manifest")} <= named
    assert "chile-2016-arica-y-parinacota-figures" in named
    assert not re.search(r"[ >](?:map\.html|communes\.csv|retorno\.gpkg|manifest\.json)", report)
    assert f'"report": "{written["report"].name}"' in page.replace('":"', '": "')
    for kind in ("geopackage", "xlsx", "csv"):
        assert written[kind].name in page


def test_two_tables_of_one_name_are_not_taken_for_one_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    for folder, count in (("a", 12), ("b", 13)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "t.csv").write_text(f"Comuna;Egresos 2016\nArica;{count}\n", encoding="utf-8")
    options = ["--boundaries", "schematic", "--permutations", "99", "--imputations", "0", "--region", "15"]
    command = [*options, "--out", str(out), "--lang", "en"]
    assert main(["run", str(tmp_path / "a" / "t.csv"), *command]) == 0
    before = contents(out)
    capsys.readouterr()
    assert main(["run", str(tmp_path / "b" / "t.csv"), *command]) == 1
    assert "t-2016-arica-y-parinacota.gpkg" in capsys.readouterr().err
    assert contents(out) == before
