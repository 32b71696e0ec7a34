"""The house stands as it was drawn: who may import whom, who reads which files, what is public."""

from __future__ import annotations

import ast
import inspect
import operator
import re
import runpy
from collections.abc import Iterator
from functools import cache
from importlib import import_module
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
PUBLIC = [name for name in geo.__all__ if name != "stats"] + [f"stats.{name}" for name in geo.stats.__all__]


def public(name: str) -> object:
    """Give what stands behind a public name."""
    return operator.attrgetter(name)(geo)


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
    for door in (geo, geo.stats):
        assert sorted(door.__all__) == door.__all__ == dir(door)
    assert len(geo.__all__) < 40
    assert not set(geo.__all__) & set(geo.stats.__all__)
    rooms = {path.stem for path in PACKAGE.iterdir()}
    assert not set(geo.__all__) & rooms - {"stats"}, "a name of a room hides behind it"
    assert not set(geo.stats.__all__) & {path.stem for path in (PACKAGE / "stats").iterdir()}


def test_every_reference_in_a_docstring_leads_somewhere() -> None:
    pattern = re.compile(r":(?:func|class|mod|meth):`~?(geo[\w.]*)`")
    texts = {path: path.read_text("utf-8") for path in MODULES}
    names = {(path.name, name) for path, text in texts.items() for name in pattern.findall(text)}
    assert names
    assert [pair for pair in sorted(names) if resolved(pair[1]) is None] == []


def resolved(name: str) -> object:
    """Give what a dotted name leads to; None where it leads nowhere."""
    for cut in range(name.count(".") + 1, 0, -1):
        parts = name.split(".")
        try:
            thing: object = import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            thing = getattr(thing, part, None)
        return thing
    return None


def test_the_stub_of_the_front_door_lists_the_same_names_from_the_same_rooms() -> None:
    made = runpy.run_path(str(PACKAGE.parent / "scripts" / "build_stubs.py"))
    for door in made["DOORS"]:
        assert made["place"](door).read_text("utf-8") == made["stub"](door)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented(name: str) -> None:
    thing = public(name)
    text = inspect.getdoc(thing) or ""
    assert text
    if inspect.isfunction(thing):
        assert "Examples\n--------\n" in text, f"{name} has no example"


def test_modules_stay_small_enough_to_read() -> None:
    lengths = {module_name(p): len(p.read_text("utf-8").splitlines()) for p in MODULES}
    assert {name: n for name, n in lengths.items() if n > 400} == {}
