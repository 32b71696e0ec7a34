"""What a run says by itself where counts are intervals, in every output, and apart from what was observed."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

import geo
from geo.outputs.report.reportpage import write_report
from geo.text.headline import headline

IMPUTED = ["imputed_median", "imputed_low", "imputed_high"]


@pytest.fixture(scope="module")
def suppressed(tmp_path_factory: pytest.TempPathFactory) -> geo.Result:
    """Another country: 100 areas, counts below five not told, a corner of high rates."""
    folder = tmp_path_factory.mktemp("suppressed")
    ids, squares = (
        [f"Z{i:03d}" for i in range(100)],
        [box(i % 10, i // 10, i % 10 + 1, i // 10 + 1) for i in range(100)],
    )
    gpd.GeoDataFrame({"GID": ids, "NAME": ids}, geometry=squares, crs=4326).to_file(folder / "areas.geojson")
    corner = [i % 10 < 4 and i // 10 < 4 for i in range(100)]
    counts = np.random.default_rng(7).poisson(np.where(corner, 60, 6))
    told = ["<5" if n < 5 else str(n) for n in counts]
    pd.DataFrame({"code": ids, "releases": told, "population": 10_000}).to_csv(
        folder / "table.csv", index=False
    )
    return geo.run(
        folder / "table.csv",
        boundaries=folder / "areas.geojson",
        id_field="GID",
        permutations=999,
        imputations=201,
    )


def test_on_the_study_no_commune_is_a_certain_cluster_and_it_says_what_would_help(study: geo.Result) -> None:
    assert study.unknown is not None
    assert study.unknown.certainty.n_certain == 0
    assert study.unknown.unlimited is not None
    assert study.unknown.unlimited.n_certain == 0
    assert study.areas["certainty"].max() < 0.1
    text = " ".join(headline(study, "en"))
    assert "no commune is a certain cluster" in text
    assert "the counts of San Miguel" in text
    assert "ninguna comuna es un conglomerado seguro" in " ".join(headline(study, "es"))


def test_without_any_model_the_join_count_of_the_study_is_settled(study: geo.Result) -> None:
    assert study.unknown is not None
    joins = study.unknown.bounds.join_count
    assert (joins.low, joins.high, joins.exact) == (14, 14, True)
    assert study.unknown.bounds.total.low == study.areas["releases_low"].sum()
    assert study.unknown.bounds.total.high == study.areas["releases_high"].sum()


def test_what_is_imputed_never_stands_in_a_column_of_what_was_observed(study: geo.Result) -> None:
    areas = study.areas
    known = areas["releases_low"].eq(areas["releases_high"]).fillna(False)
    assert areas.loc[known, IMPUTED].isna().all(axis=None)
    assert areas.loc[areas["status"].eq("bounded"), ["releases", "rate"]].isna().all(axis=None)
    drawn = areas.loc[areas["imputed_median"].notna()]
    assert (drawn["imputed_low"] >= drawn["releases_low"]).all()
    assert (drawn["imputed_high"] <= drawn["releases_high"]).all()


def test_complete_counts_have_nothing_imputed() -> None:
    full = geo.run("dmcs-2016", boundaries="schematic", permutations=99, imputations=150)
    assert full.unknown is None
    assert not {"certainty", *IMPUTED} & set(full.areas)
    said = full.parameters
    assert (said["imputations"], said["imputations_made"]) == (150, 0)
    assert said["imputations_outcome"] == "all_known"


def test_a_run_completes_a_table_two_hundred_times_unless_told_otherwise() -> None:
    assert inspect.signature(geo.run).parameters["imputations"].default == 200


def test_who_asks_for_no_imputation_gets_none() -> None:
    result = geo.run("chile-2016", boundaries="schematic", permutations=99, imputations=0)
    assert result.unknown is None
    assert not {"certainty", *IMPUTED} & set(result.areas)
    said = result.parameters
    assert (said["imputations"], said["imputations_made"]) == (0, 0)
    assert said["imputations_outcome"] == "not_asked"


def test_tables_asked_for_that_no_model_could_complete_are_said_everywhere(tmp_path: Path) -> None:
    squares = [box(i, 0, i + 1, 1) for i in range(6)]
    ids = [f"Z{i}" for i in range(6)]
    gpd.GeoDataFrame({"GID": ids}, geometry=squares, crs=4326).to_file(tmp_path / "areas.geojson")
    hidden = ["..", "..", "..", "..", "..", "3"]
    table = pd.DataFrame({"code": ids, "releases": hidden, "population": [900 + i for i in range(6)]})
    table.to_csv(tmp_path / "t.csv", index=False)
    how = {"boundaries": tmp_path / "areas.geojson", "id_field": "GID", "permutations": 99}
    result = geo.run(tmp_path / "t.csv", imputations=150, **how)  # type: ignore[arg-type]
    written = result.write(tmp_path / "out", lang="es")
    kept = json.loads(written["manifest"].read_text("utf-8"))
    said = kept["parameters"]
    assert (said["imputations"], said["imputations_made"]) == (150, 0)
    assert said["imputations_outcome"] == "failed"
    assert "; received " in said["imputations_failure"]
    assert said["stability_outcome"] == "no_local_test"
    assert (said["inequality_outcome"], said["correlation_outcome"]) == ("not_possible", None)
    assert kept["pdf"] == "not_asked"
    assert "though 150 completed tables were asked for" in " ".join(result.summary("en"))
    rows = gpd.read_file(written["geopackage"], layer="parameters").set_index("name")
    assert rows.loc["imputations", "value"] == "150"
    assert rows.loc["imputations_outcome", "en"].endswith("asked for and not possible")
    report = written["report"].read_text("utf-8")
    assert "se pidió y no se pudo" in report
    assert said["imputations_failure"].split(";")[0] in report


def test_what_was_made_is_said_as_made(study: geo.Result) -> None:
    said = study.parameters
    assert (said["imputations"], said["imputations_made"], said["imputations_outcome"]) == (201, 201, "made")
    assert said["inequality_outcome"] == said["correlation_outcome"] == "made"
    assert said["stability_outcome"] == ("made" if study.stability else "no_local_test")


def test_suppressed_cells_of_another_country_are_completed_the_same_way(suppressed: geo.Result) -> None:
    assert suppressed.unknown is not None
    certain = suppressed.areas[suppressed.areas["certainty"].ge(0.9)]
    assert {"Z000", "Z001", "Z010", "Z011"} <= set(certain.index)
    assert set(certain["certainty_label"]) <= {"High-High", "Low-Low"}
    hidden = suppressed.areas["releases"].isna()
    assert 0 < hidden.sum() < 50
    assert suppressed.areas.loc[hidden, "imputed_high"].le(4).all()
    assert suppressed.unknown.unlimited is None
    assert "Certain clusters even with" in " ".join(headline(suppressed, "en"))


def test_every_output_has_it_and_the_manifest_says_what_it_rests_on(
    suppressed: geo.Result, tmp_path: Path
) -> None:
    written = suppressed.write(tmp_path, lang="en")
    layer = gpd.read_file(written["geopackage"], layer="communes")
    assert layer["certainty"].max() >= 0.9
    assert layer.loc[layer["releases"].notna(), "imputed_median"].isna().all()
    kept = json.loads(written["manifest"].read_text("utf-8"))["unknown"]
    assert kept["imputations"] == 201
    assert kept["assumptions"][0] == "not_spatial"
    assert {check["name"] for check in kept["checks"]} == {"small_in_top", "total", "size_slope"}
    assert all(
        test["description"] == "range under non-spatial imputation (biased towards zero)"
        for test in kept["ranges"]
    )
    report = written["report"].read_text("utf-8")
    assert 'id="unknown"' in report
    assert "They are not confidence intervals" in report
    assert "Certainty with completed counts" in written["map"].read_text("utf-8")


def test_a_failed_check_is_printed_with_the_findings(study: geo.Result) -> None:
    assert study.unknown is not None
    made = study.unknown.certainty.imputation
    failing = tuple(replace(check, p_value=0.001) for check in made.checks[:1])
    certainty = replace(study.unknown.certainty, imputation=replace(made, checks=failing))
    worse = replace(study, unknown=replace(study.unknown, certainty=certainty))
    assert any("Warning: the model" in line and "small areas" in line for line in worse.summary("en"))
    assert not any("Warning: the model" in line for line in study.summary("en"))


@pytest.mark.parametrize("imputations", [1, 2])
def test_a_few_completed_tables_are_told_without_a_p_value_of_zero(imputations: int, tmp_path: Path) -> None:
    result = geo.run("chile-2016", boundaries="schematic", permutations=99, imputations=imputations)
    assert result.unknown is not None
    assert all(check.p_value > 0 for check in result.unknown.certainty.imputation.checks)
    page = write_report(result, tmp_path / "report.html", pictures=[])
    assert 'id="unknown"' in page.read_text("utf-8")


def test_where_no_label_ever_appears_none_is_said_to(study: geo.Result) -> None:
    assert study.unknown is not None
    shares = study.unknown.certainty.areas.assign(certainty=0.0)
    certainty = replace(study.unknown.certainty, areas=shares)
    never = replace(study, unknown=replace(study.unknown, certainty=certainty))
    text = " ".join(headline(never, "en"))
    assert "no label is found in any of them" in text
    assert "0.0 %" not in text
