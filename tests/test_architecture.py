"""The house stands as it was drawn: who may import whom, who reads which files, what is public."""

from __future__ import annotations

import ast
import inspect
import runpy
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import geo

pytestmark = pytest.mark.once  # the text of the package

PACKAGE = Path(geo.__file__).parent
BASE = {"geo.errors", "geo.assets", "geo.controls"}
# Each room and what it may import besides itself and the base.
ALLOWED = {
    "geo.files": set(),
    "geo.model": set(),
    "geo.register": {"geo.model"},
    "geo.data": {"geo.files", "geo.model", "geo.register"},
    "geo.boundaries": {"geo.files", "geo.model", "geo.register"},
    "geo.stats": {"geo.model"},
    "geo.support": {"geo.model", "geo.stats"},
    "geo.text": {"geo.model"},
    "geo.symbology": {"geo.model", "geo.text"},
    "geo.outputs": {"geo.files", "geo.model", "geo.text", "geo.symbology"},
    "geo.study": {
        *("geo.files", "geo.model", "geo.register", "geo.data", "geo.boundaries", "geo.stats", "geo.support"),
        *("geo.text", "geo.outputs"),
    },
}
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """Read a module once for all questions asked of it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Modules that a file imports when it runs; what only type checkers see does not count."""
    found = set()
    for node in running(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return frozenset(found)


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node below one, but for what stands under TYPE_CHECKING."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from running(node)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


def within(module: str, rooms: set[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def test_imports_run_one_way_only() -> None:
    rooms = {path: room for path in MODULES for room in ALLOWED if module_name(path).startswith(f"{room}.")}
    assert len(rooms) > 0.9 * len(MODULES)
    wrong = [
        f"{module_name(path)} imports {imported}"
        for path, room in rooms.items()
        for imported in imports(path) - BASE
        if imported.split(".")[0] == "geo" and not within(imported, {room, *ALLOWED[room]})
    ]
    assert wrong == []


def test_an_asset_folder_is_read_by_its_rooms_only() -> None:
    calls = [
        (module_name(path), node.args[0].value)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("asset", "asset_text", "asset_table", "asset_path")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    readers = {
        "boundaries": ("geo.boundaries.", "geo.register.", "geo.study.inputs"),
        "data": ("geo.data.", "geo.register.", "geo.study.inputs"),
        "maps": ("geo.text.", "geo.symbology.", "geo.outputs."),
    }
    wrong = [f"{name} reads {folder}/" for name, folder in calls if not name.startswith(readers[folder])]
    assert calls
    assert [text for text in wrong if not text.startswith("geo.assets")] == []


def test_statistics_read_no_files() -> None:
    for path in (PACKAGE / "stats").rglob("*.py"):
        nodes = list(ast.walk(parsed(path)))
        words = {n.id for n in nodes if isinstance(n, ast.Name)}
        words |= {n.attr for n in nodes if isinstance(n, ast.Attribute)}
        assert not imports(path) & {"pathlib", "io", "pyogrio", "geopandas", "geo.assets"}, path.name
        assert not {w for w in words if w == "open" or w.startswith(("read_", "to_csv", "load"))}, path.name


def test_every_public_name_is_listed_and_has_one_home() -> None:
    assert sorted(geo.__all__) == geo.__all__
    assert set(geo.__all__) == set(geo._HOME)
    assert dir(geo) == geo.__all__


def test_the_stub_of_the_front_door_lists_the_same_names_from_the_same_rooms() -> None:
    made = runpy.run_path(str(PACKAGE.parent / "scripts" / "build_stubs.py"))
    for door in made["DOORS"]:
        assert made["place"](door).read_text("utf-8") == made["stub"](door)


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
