"""The house stands as it was drawn: who may import whom, who reads which files, what is public."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import geo

PACKAGE = Path(geo.__file__).parent
BASE = {"geo.errors", "geo.assets"}
# Each room and what it may import besides itself and the base.
ALLOWED = {
    "geo.data": {"geo.boundaries.register", "geo.boundaries.names"},
    "geo.boundaries": set(),
    "geo.analysis": set(),
    "geo.maps": set(),
    "geo.study": {"geo.data", "geo.boundaries", "geo.analysis", "geo.maps"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Modules that a file imports when it runs; what only type checkers see does not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = [ast.Pass()]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_run_one_way_only(path: Path) -> None:
    name = module_name(path)
    room = next((r for r in ALLOWED if name.startswith(r + ".")), None)
    if room is None:
        return
    for imported in {i for i in imports(path) if i.split(".")[0] == "geo"} - BASE:
        allowed = any(imported == one or imported.startswith(f"{one}.") for one in {room, *ALLOWED[room]})
        assert allowed, f"{name} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_only_the_room_of_the_same_name_reads_an_asset_folder(path: Path) -> None:
    name = module_name(path)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in ("asset", "asset_text", "asset_path") and node.args:
            folder = node.args[0]
            if isinstance(folder, ast.Constant) and name not in ("geo.study.inputs", "geo.assets"):
                assert name.startswith(f"geo.{folder.value}."), f"{name} reads {folder.value}/"


def test_the_analysis_room_reads_no_files() -> None:
    for path in (PACKAGE / "analysis").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        words = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        words |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert not imports(path) & {"pathlib", "io", "pyogrio", "geopandas", "geo.assets"}, path.name
        assert not {w for w in words if w == "open" or w.startswith(("read_", "to_csv", "load"))}, path.name


def test_every_public_name_is_listed_and_has_one_home() -> None:
    assert sorted(geo.__all__) == geo.__all__
    assert set(geo.__all__) == set(geo._HOME)
    assert dir(geo) == geo.__all__


@pytest.mark.parametrize("name", geo.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    thing = getattr(geo, name)
    text = inspect.getdoc(thing) or ""
    assert text
    if inspect.isfunction(thing):
        assert "Examples\n--------\n" in text, f"geo.{name} has no example"


def test_modules_stay_small_enough_to_read() -> None:
    lengths = {module_name(p): len(p.read_text("utf-8").splitlines()) for p in MODULES}
    assert {name: n for name, n in lengths.items() if n > 400} == {}
