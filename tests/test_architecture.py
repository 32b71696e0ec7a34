"""The house stands as it was drawn: who may import whom, who reads which files, what is public."""

from __future__ import annotations

import ast
import inspect
import operator
import re
import runpy
from collections import Counter
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import geo

pytestmark = pytest.mark.once  # the text of the package

PACKAGE = Path(geo.__file__).parent
DOC = PACKAGE.parent / "docs" / "architecture.md"
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
    """Modules that a file names in an import: at its top, in a function, or for type checkers alone."""
    names: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: modules are imported by their whole name"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if name in NAMED else node.module for name in inner}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return frozenset(names)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


NAMED = {module_name(path): path for path in MODULES}


def room_of(module: str) -> str:
    """Name the room of a module: the folder or the module of ``geo/`` that it is in."""
    return module.split(".")[1] if "." in module else "geo"


@cache
def plan() -> dict[str, set[str]]:
    """Read the plan that docs/architecture.md draws: each room and what it may import."""
    drawing = re.search(r"```plan\n(.*?)```", DOC.read_text("utf-8"), re.DOTALL)
    assert drawing
    return {words[0]: set(words[1:]) for words in map(str.split, drawing[1].splitlines())}


def test_the_plan_has_every_room_and_no_circle() -> None:
    rooms = {room_of(module) for module in NAMED} - {"geo", "__main__"}
    assert set(plan()) == rooms
    lowest_first = list(plan())
    for room, allowed in plan().items():
        above = [name for name in allowed - {"geo"} if lowest_first.index(name) >= lowest_first.index(room)]
        assert above == [], room


def test_imports_run_as_the_plan_draws_them() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, path in NAMED.items()
        if module not in ("geo", "geo.__main__")
        for imported in imports(path)
        if imported.split(".")[0] == "geo"
        and room_of(imported) not in {room_of(module), *plan()[room_of(module)]}
    ]
    assert wrong == []


def test_every_line_of_the_plan_is_drawn_in_the_code() -> None:
    used: dict[str, set[str]] = {room: set() for room in plan()}
    for module, path in NAMED.items():
        here = {room_of(name) for name in imports(path) if name.split(".")[0] == "geo"}
        used.get(room_of(module), set()).update(here - {room_of(module)})
    assert {
        room: sorted(allowed - used[room]) for room, allowed in plan().items() if allowed - used[room]
    } == {}


def test_no_files_import_each_other_in_a_circle() -> None:
    left = {module: {name for name in imports(path) if name in NAMED} for module, path in NAMED.items()}
    left.pop("geo")  # the front door names every room, and opens it when asked
    while free := [module for module, needed in left.items() if not needed & set(left) - {module}]:
        for module in free:
            del left[module]
    assert sorted(left) == []


def test_study_and_outputs_meet_in_the_job_alone() -> None:
    meeting = {
        module
        for module, path in NAMED.items()
        if {"study", "outputs"} <= {room_of(name) for name in imports(path) if name.startswith("geo.")}
    }
    assert meeting == {"geo.job"}


def test_no_two_modules_and_no_two_public_types_share_a_name() -> None:
    modules = Counter(module.rpartition(".")[2] for module in NAMED)
    assert [name for name, n in modules.items() if n > 1] == []
    types = Counter(
        name
        for path in MODULES
        for node in parsed(path).body
        for name in type_names(node)
        if not name.startswith("_")
    )
    assert [name for name, n in types.items() if n > 1] == []


def type_names(node: ast.stmt) -> list[str]:
    """Name the class or the alias of a type that a statement makes."""
    if isinstance(node, ast.ClassDef):
        return [node.name]
    named = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    names = [target.id for target in named if isinstance(target, ast.Name)]
    return [name for name in names if name[:1].isupper() and name.upper() != name]


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


def test_every_name_in_the_docs_leads_somewhere() -> None:
    root = PACKAGE.parent
    pages = [*root.glob("*.md"), *(root / "docs").glob("*.md")]
    pattern = re.compile(r"(?<![\w/.-])geo\.[A-Za-z_][\w.]*\w")
    names = {(page.name, name) for page in pages for name in pattern.findall(page.read_text("utf-8"))}
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
