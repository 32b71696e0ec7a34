"""What a run says beyond rates and clusters: where there is something to say, and where there is not."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

import geo
from geo.errors import GeoError
from tests.outputs.foreign import foreign_result


def table(folder: Path, rows: str) -> Path:
    file = folder / "t.csv"
    file.write_text(f"Comuna;Egresos 2016\n{rows}", encoding="utf-8")
    return file


def inventory(folder: Path, rows: str) -> Path:
    file = folder / "apoyo.csv"
    file.write_text(f"Comuna;Canal;Respuesta;Necesidades;Cupos\n{rows}", encoding="utf-8")
    return file


def test_the_study_brings_its_own_inventory_and_a_run_measures_the_same_gap(study: geo.Result) -> None:
    assert study.gap is not None
    alone = geo.support_gap(study)
    assert study.gap.total.equals(alone.total)
    assert study.gap.ranking.areas.equals(alone.ranking.areas)
    assert study.gaps is not None
    assert study.gaps.index.equals(study.areas.index)
    drawn = study.areas.geometry.notna()
    assert study.gaps.geometry[drawn].geom_equals(study.areas.geometry[drawn]).all()
    assert study.gaps.loc["01101", ["unmet", "population"]].tolist() == [365, 199629]


def test_police_cases_have_inequality_and_nothing_about_people_returning(full: geo.Result) -> None:
    assert (full.gap, full.gaps, full.correlations, full.recidivism) == (None, None, (), None)
    assert full.inequality is not None
    people, rate = (full.areas[name].to_numpy(dtype=float) for name in ("population", "rate"))
    share = people / people.sum()
    differences = np.abs(rate[:, None] - rate) * share[:, None] * share
    gini = differences.sum() / 2 / (rate * share).sum()
    assert full.inequality.indices.loc["gini", "value"] == pytest.approx(gini, rel=1e-9)


def test_open_counts_have_the_bounds_of_the_full_measure_and_no_value(study: geo.Result) -> None:
    found = study.inequality
    assert found is not None
    assert not found.complete
    whole = geo.study_inequality("chile-2016").indices
    for name in ("low", "high"):
        np.testing.assert_allclose(found.indices[name].astype(float), whole[name].astype(float), atol=1e-9)
    assert found.indices["value"].isna().all()
    named = ["hoover", "theil"]
    least = whole.loc[named, "excess_low"].astype(float)
    np.testing.assert_allclose(found.indices.loc[named, "excess_low"].astype(float), least)


def test_the_studys_rates_do_not_go_with_poverty_and_the_sample_is_called_selected(study: geo.Result) -> None:
    rate, count = study.correlations
    assert (rate.first, count.first) == ("rate", "count")
    assert {(found.n, found.selected) for found in (rate, count)} == {(32, True)}
    r = [round(float(found.tests.loc["pearson", "r"]), 2) for found in (rate, count)]
    assert r == [-0.06, -0.10]
    assert [found.tests.loc["pearson", "p_value"] > 0.5 for found in (rate, count)] == [True, True]


def test_a_region_in_which_nobody_was_asked_has_no_gap() -> None:
    result = geo.run("chile-2016", region="15", boundaries="schematic", permutations=99)
    assert (result.gap, result.gaps, result.zones, result.correlations) == (None, None, None, ())
    asked = geo.run("chile-2016", region="13", boundaries="schematic", permutations=99)
    assert asked.gap is not None
    # Six of its communes stand in table 2 with two answers each, and one in the text: the rest is listed.
    assert len(asked.gap.left_out) == 66 - 13


@pytest.mark.usefixtures("undrawn")
def test_a_table_without_an_inventory_has_no_gap_and_with_one_it_is_an_input(tmp_path: Path) -> None:
    mine = table(tmp_path, "Arica;12\nIquique;30\n")
    how = {"boundaries": "schematic", "permutations": 99, "imputations": 0}
    assert geo.run(mine, **how).gap is None
    file = inventory(tmp_path, "Arica;visita;sí;vivienda;5\n")
    result = geo.run(mine, **how, inventory=file)
    assert result.gap is not None
    assert result.gap.areas.loc["15101", "unmet"] == 7
    manifest = json.loads(result.write(tmp_path / "out")["manifest"].read_text("utf-8"))
    assert {"role", "name", "sha256"} <= set(manifest["inputs"][-1])
    assert manifest["inputs"][-1]["name"] == "apoyo.csv"
    read = geo.run(mine, **how, inventory=geo.read_inventory(file))
    assert read.gap is not None
    assert read.gap.total.equals(result.gap.total)


def test_too_few_known_counts_are_not_called_uneven(tmp_path: Path) -> None:
    mine = table(tmp_path, "Arica;12\nIquique;30\n")
    few = geo.run(mine, boundaries="schematic", permutations=99, imputations=0)
    assert few.inequality is None
    nothing = foreign_result(tmp_path / "zero", releases=[0] * 16)
    assert nothing.inequality is None


@pytest.mark.parametrize(("known", "said"), [(16, True), (15, False)])
def test_how_uneven_is_said_where_four_fifths_of_the_counts_are_known(
    tmp_path: Path, known: int, *, said: bool
) -> None:
    """As many as the tests of all rates ask for (docs/methods.md); a measure of fewer is one of the list."""
    counts = [*range(30, 30 + known), *[None] * (20 - known)]
    found = foreign_result(tmp_path, n=20, releases=counts)
    assert (found.inequality is not None) == said


@pytest.mark.usefixtures("undrawn")
def test_another_country_has_a_gap_by_its_own_ids(tmp_path: Path) -> None:
    foreign_result(tmp_path)
    file = inventory(tmp_path, "Area A01;teléfono;sí;;<5\nArea A02;visita;no;;\nArica;web;no;;\n")
    result = geo.run(
        tmp_path / "table.csv",
        boundaries=tmp_path / "areas.geojson",
        id_field="GID",
        permutations=99,
        inventory=file,
    )
    assert result.gap is not None
    assert result.gap.statuses["n_areas"].to_dict() == {"no": 1, "not asked": 14, "yes": 1}
    assert result.gap.left_out["name"].tolist() == ["Arica"]
    written = result.write(tmp_path / "out", also=["geojson"])
    assert len(gpd.read_file(written["geojson:support_gaps"])) == 16
    assert "commune" not in gpd.read_file(written["geopackage"], layer="support_gaps").columns


def test_an_inventory_for_something_else_than_people_returning_is_refused(tmp_path: Path) -> None:
    file = inventory(tmp_path, "Arica;web;no;;\n")
    with pytest.raises(GeoError, match="people returning"):
        geo.run("dmcs-2016", boundaries="schematic", permutations=99, inventory=file)
