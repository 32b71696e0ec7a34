"""Whose a result is and where its rows are from is known from what was opened, never from a file's name."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

import geo
from geo.cli import main
from geo.data.shipped import studies

pytestmark = pytest.mark.once  # names of files and studies

ROOT = Path(__file__).parents[2]
FAST = {"boundaries": "schematic", "permutations": 99, "imputations": 0}


def run(source: object, **options: object) -> geo.Result:
    return geo.run(source, **{**FAST, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted({study.table for study in studies().values()}))
def test_a_table_called_like_a_shipped_one_is_not_the_study(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Arica was said to have denied support, of which this table knows nothing."""
    own = tmp_path / name
    own.write_text("Comuna;Egresos\nArica;5\nIquique;6\nQuillota;7\nLa Pintana;9\n", encoding="utf-8")
    result = run(own, year=2016)
    assert (result.study, result.gap) == (None, None)
    assert result.areas["web_support"].isna().all()
    with pytest.raises(geo.InputError, match="gaps need an inventory of support"):
        geo.support_gap(result)
    assert main(["support", str(own), "--year", "2016", "--boundaries", "schematic", "--lang", "en"]) == 1
    assert "--inventory FILE" in capsys.readouterr().err


def test_the_shipped_study_is_itself_and_keeps_its_inventory(study: geo.Result, full: geo.Result) -> None:
    assert [one.study and one.study.name for one in (study, full)] == ["chile-2016", "dmcs-2016"]
    assert geo.support_gap(study, draws=9).inventory.source == "support_2016.csv"


def test_a_study_is_named_in_text_and_a_path_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("chile-2016").write_text("Comuna;Egresos\nArica;5\n", encoding="utf-8")
    assert run("chile-2016").study == geo.studies()["chile-2016"]
    for file in ("./chile-2016", Path("chile-2016"), tmp_path / "chile-2016"):
        with pytest.raises(geo.TableError, match="a table is one of"):
            run(file)
    with pytest.raises(geo.InputError, match="shipped study"):
        run(Path("dmcs-2016"))


def test_rows_of_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder, head, rows in (
        ("a", "comuna,egresos", ["Santiago,50", "Arica,20", "Nowhere,3"]),
        ("b", "comuna,poblacion", ["Santiago,500000", "Arica,200000", "Atlantis,10", "ElDorado,10"]),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "t.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    result = run(tmp_path / "a" / "t.csv", population=tmp_path / "b" / "t.csv", year=2019)
    said = "\n".join(result.summary("en"))
    assert "3 rows of t.csv = 2 on the map + 1 apart (no such area: 1)" in said
    assert "t.csv, row 4: Nowhere" in said
    assert "t.csv (population), row 4: Atlantis" in said
    assert "t.csv (población), fila 5: ElDorado" in "\n".join(result.summary("es"))
    assert result.unmatched["role"].tolist() == ["table", "population", "population"]
    written = result.write(tmp_path / "out")
    listed = gpd.read_file(written["geopackage"], layer="join_report")
    assert listed["role"].tolist() == ["table", "population", "population"]
    page = written["report"].read_text(encoding="utf-8")
    assert "t.csv (población)" in page
    assert "t.csv (population)" in page
