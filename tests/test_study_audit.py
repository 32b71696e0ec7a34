"""The audit of the study says what the shipped data say, and nothing else."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import geo
import geo.data.shipped
import geo.study.beside
from geo.data.shipped import recidivism_context

pytestmark = pytest.mark.once  # the audit of one study

ROOT = Path(__file__).parents[1]
PACKAGE = Path(geo.__file__).parent


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "scripts" / "build_study_audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(page: str) -> dict[str, tuple[str, str]]:
    """What is said, what the data give, and the verdict, of every row of the page."""
    cells = [line.strip("| ").split(" | ") for line in page.splitlines() if line.endswith("** |")]
    return {said: (ours, verdict.strip("*")) for said, ours, verdict in cells}


def test_the_page_is_what_the_script_gives(audit: ModuleType, study: geo.Result) -> None:
    committed = (ROOT / "docs" / "study-2016.md").read_text(encoding="utf-8")
    assert committed == audit.page(study), "run scripts/build_study_audit.py"


@pytest.mark.parametrize(
    ("said", "ours", "verdict"),
    [
        ("30 municipalities", "lists 32", "does not agree"),
        ("Quillota: 93,633", "94,749, which makes 90.8", "does not agree"),
        ("La Serena: 216,874", "221,021, which makes 88.7", "does not agree"),
        ("Valdivia 11th (115), Coquimbo 12th (117)", "wrong way round", "does not agree"),
        ("Arica: 164", "stand 4th in table 1 and is not in it", "does not agree"),
        ("2 of 32 (6 %)", "2 of 32 (6 %)", "agrees"),
        ("6 of 32 (19 %)", "6 of 32 (19 %)", "agrees"),
        ("did not answer the telephone", "6 of 32 (Cartagena", "agrees"),
        ("send callers to the prison service", "does not mark", "cannot be checked"),
        ("labour team of three", "row of the inventory", "agrees"),
        ("La Pintana has a unit", "says no", "does not agree"),
        ("Return is concentrated", "14 pairs; 7.71 are expected", "agrees"),
        ("beyond the size", "13.91 pairs are expected (p 0.51)", "not shown"),
        ("correlation with income poverty", "r = −0.10 with the count and −0.06", "agrees"),
        ("Chile: 42 to 50 %", "nothing is computed", "context"),
        ("Chile: 68.7 %", "nothing is computed", "context"),
        ("El Salvador: 10.4 %", "nothing is computed", "context"),
    ],
)
def test_every_known_figure_has_its_verdict(said: str, ours: str, verdict: str) -> None:
    page = rows((ROOT / "docs" / "study-2016.md").read_text(encoding="utf-8"))
    found = [answer for claim, answer in page.items() if said in claim]
    assert len(found) == 1
    assert ours in found[0][0]
    assert found[0][1] == verdict


def test_the_zones_of_the_narrative_hold_the_communes_of_table_1(
    audit: ModuleType, study: geo.Result
) -> None:
    # Counted by hand on the printed table.
    placed = audit._placed(audit._table(study))
    printed = placed[placed["rank_published"].notna()]
    assert printed["zone"].astype(str).value_counts().to_dict() == {
        "north": 9,
        "valparaiso_coast": 6,
        "valparaiso_interior": 5,
        "metropolitan_west": 1,
        "metropolitan_south": 5,
        "ohiggins": 2,
        "south": 4,
    }
    assert printed["releases"].sum() == 4_833
    assert placed.loc[placed["zone"].eq("metropolitan_rest"), "area_name"].tolist() == ["Recoleta"]


def test_nothing_is_computed_from_the_figures_of_recidivism(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other figures give the same result but for the table that cites them."""
    one = geo.run("chile-2016", boundaries="schematic", permutations=99, imputations=0)
    figures = recidivism_context()
    changed = figures.assign(low=1.0, high=99.0)
    monkeypatch.setattr(geo.study.beside, "recidivism_context", lambda: changed)
    other = geo.run("chile-2016", boundaries="schematic", permutations=99, imputations=0)
    assert other.recidivism is changed
    assert one.areas.equals(other.areas)
    assert one.gap is not None
    assert other.gap is not None
    assert one.gap.table().equals(other.gap.table())
    assert one.summary("en") == other.summary("en")


def test_the_figures_of_recidivism_are_read_carried_and_shown_and_nothing_else() -> None:
    figures = pd.concat([recidivism_context()[end] for end in ("low", "high")]).unique()
    shown = {"data/shipped.py", "__init__.py", "study/beside.py", "study/pipeline.py", "model/result.py"}
    shown |= {f"outputs/report/{name}.py" for name in ("sections", "spread")}
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if path.relative_to(PACKAGE).as_posix() not in shown:
            assert "recidivism" not in source.lower(), path
        if "stats" in path.parts:
            numbers = {n.value for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Constant)}
            assert not {f for f in figures if f % 1} & {n for n in numbers if isinstance(n, float)}, path
