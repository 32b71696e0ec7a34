"""The two questions beside the map, as a person asks them."""

from __future__ import annotations

from pathlib import Path

import pytest

import geo
from geo.cli import main
from geo.register.communes import commune_register
from geo.text.comparisons import correlation_lines, inequality_lines
from geo.text.labels import Lang


@pytest.fixture(scope="module")
def zones() -> geo.Inequality:
    return geo.study_inequality("chile-2016", by="zone", draws=99)


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", ["excess, at least", "Gini", "0.088", "at least 1"]), ("es", ["exceso", "0,088", "Valparaíso"])],
)
def test_the_inequality_of_the_study_is_told_as_bounds(
    zones: geo.Inequality, lang: Lang, said: list[str]
) -> None:
    out = "\n".join(inequality_lines(zones, lang))
    for words in said:
        assert words in out
    assert "nan" not in out.lower()


def test_complete_counts_are_told_beside_chance(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inequality", "dmcs-2016", "--lang", "en", "--draws", "99"]) == 0
    out = capsys.readouterr().out
    assert "DMCS police cases against people, 346 areas: 561,811" in out
    assert ["Gini", "0.251", "0.012", "0.239"] in [line.split() for line in out.splitlines()]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["32 areas", "−0.06", "cannot be told from zero", "A selected sample"]),
        ("es", ["32 áreas", "−0,06", "No se distingue de cero", "Muestra seleccionada"]),
    ],
)
def test_the_correlation_of_the_study_says_what_a_list_cannot_show(
    lang: str, said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["correlation", "--lang", lang, "--permutations", "99"]) == 0
    out = capsys.readouterr().out
    for words in said:
        assert words in out


def test_complete_counts_are_no_selection(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["correlation", "dmcs-2016", "--lang", "en", "--permutations", "99"]) == 0
    out = capsys.readouterr().out
    assert "selected" not in out
    assert "< 0.00001" in out
    assert "Association significant at 5 %" in out


def test_a_column_of_any_table_can_be_the_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poverty = commune_register()[["commune"]].assign(
        casen=[f"{0.05 + 0.0013 * (i * i % 97):.4f}".replace(".", ",") for i in range(346)]
    )
    file = tmp_path / "casen.csv"
    poverty.to_csv(file, sep=";", index=False)
    command = ["correlation", "dmcs-2016", "--with", str(file), "--value", "casen", "--lang", "en"]
    assert main([*command, "--permutations", "99", "--bounds", "100,500,5000"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Rate and casen, 345 areas")
    assert "distance classes: 3, by kilometres, with the bounds given" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["correlation", "--with", "nada"], "poverty, dmcs or a column"),
        (["correlation", "--with", "nada.csv", "--value", "x"], "nada.csv"),
        (["correlation", "--bounds", "5,3"], "rise"),
        (["correlation", "--permutations", "0"], "whole number"),
        (["inequality", "nada.csv"], "nada.csv"),
        (["inequality", "--draws", "0"], "whole number"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--lang", "en"]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_bounds_that_are_no_numbers_are_wrong_usage() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["correlation", "--bounds", "near,far"])
    assert stopped.value.code == 2


def test_areas_of_another_country_form_one_group_and_need_their_own_covariate(tmp_path: Path) -> None:
    import geopandas as gpd
    from shapely import box

    n = 12
    squares = gpd.GeoDataFrame(
        {"id": [f"d{i}" for i in range(n)]}, geometry=[box(i, 0, i + 1, 1) for i in range(n)], crs=4326
    )
    squares.to_file(tmp_path / "areas.gpkg")
    rows = "\n".join(f"d{i},{7 * i % 11 + 3},{1000 + 90 * i}" for i in range(n))
    (tmp_path / "table.csv").write_text(f"area_id,releases,population\n{rows}\n", encoding="utf-8")
    abroad = geo.Options(source=tmp_path / "table.csv", boundaries=tmp_path / "areas.gpkg", id_field="id")
    found = geo.study_inequality(abroad, by="zone", draws=9)
    assert found.groups.index.tolist() == ["all"]
    assert "group" not in "\n".join(inequality_lines(found, "en")[-2:])
    with pytest.raises(geo.InputError, match="Chilean"):
        geo.study_correlation(abroad, "poverty")
    (tmp_path / "other.csv").write_text(
        "area_id,jobless\n" + "\n".join(f"d{i},{5 * i % 7 + 0.5}" for i in range(n)), encoding="utf-8"
    )
    both = geo.study_correlation(abroad, tmp_path / "other.csv", column="jobless")
    assert both.n == n
    assert correlation_lines(both, "en")[0].startswith("Rate and jobless, 12 areas")
