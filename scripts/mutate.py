"""Change one operator, constant or return value at a time, and ask the tests whether they notice.

    python scripts/mutate.py [--jobs N] [--every N] [MODULE ...]

Without names it goes over all modules of `COVERED`, on which the correctness of results rests, each with the
tests that are about it and its own examples. Nothing is written into the checkout: a changed module exists
only in the memory of the process that tests it. It needs what the tests need and a system that can fork; it
is no part of the tests, since all modules take hours.

A change that no test notices is a survivor. Those that change nothing a user could see stand with their
reason in ``mutants.toml`` beside this script. Exit status 1 where another one survives, or where a reason is
given for a change that is noticed after all.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
REASONS = Path(__file__).with_name("mutants.toml")
MEMORY = 12 * 2**30  # bytes of address space, so that a changed size cannot take the machine down
PATIENCE, LEAST = 5, 30  # times what the tests take unchanged, and seconds, after which they are given up

_LOCAL = ["tests/stats/autocorrelation/test_localmoran.py", "tests/stats/weights/test_unequal.py"]
# The tests of each module, the quickest first: the first that fails is enough.
COVERED = {
    "geo/stats/engine/arrays.py": ["tests/stats/engine/test_arrays.py"],
    "geo/stats/engine/conditional.py": [*_LOCAL, "tests/stats/engine/test_exact.py"],
    "geo/stats/engine/correction.py": [
        "tests/stats/engine/test_correction.py",
        "tests/stats/engine/test_inference.py",
    ],
    "geo/stats/engine/exact.py": ["tests/stats/engine/test_exact.py"],
    "geo/stats/autocorrelation/getis.py": ["tests/stats/autocorrelation/test_getis.py", *_LOCAL],
    "geo/stats/rates/highest.py": ["tests/stats/rates/test_highest.py"],
    "geo/stats/engine/inference.py": ["tests/stats/engine/test_inference.py"],
    "geo/stats/autocorrelation/joincount.py": ["tests/stats/autocorrelation/test_joincount.py"],
    "geo/stats/autocorrelation/significance.py": ["tests/stats/autocorrelation/test_significance.py"],
    "geo/stats/autocorrelation/localmoran.py": [*_LOCAL, "tests/stats/rates/test_adjustment.py"],
    "geo/stats/autocorrelation/localjoins.py": ["tests/stats/autocorrelation/test_joincount.py"],
    "geo/stats/rates/negbin.py": ["tests/stats/rates/test_negbin.py", "tests/stats/rates/test_adjustment.py"],
    "geo/stats/engine/permutation.py": [
        "tests/stats/engine/test_permutation.py",
        "tests/stats/weights/test_unequal.py",
    ],
    "geo/stats/rates/crude.py": ["tests/stats/rates/test_crude.py"],
    "geo/stats/rates/regional.py": ["tests/stats/rates/test_regional.py"],
    "geo/stats/rates/smoothing.py": ["tests/stats/rates/test_smoothing.py"],
    "geo/boundaries/join.py": ["tests/boundaries/test_join.py", "tests/data/test_codes.py"],
    "geo/register/vintages.py": ["tests/register/test_vintages.py", "tests/data/test_codes.py"],
    "geo/data/digits.py": ["tests/data/test_digits.py"],
    "geo/data/fit.py": ["tests/data/test_fit.py"],
    "geo/data/knowncounts.py": ["tests/data/test_knowncounts.py"],
    "geo/symbology/breaks.py": ["tests/symbology/test_breaks.py"],
}

# Numerical searches: most of their constants say where a search begins and how it goes on, not where it ends,
# so that a change to them changes no number. Only every so-many-th is made, and they are counted apart.
SEARCHES = {"geo/stats/engine/exact.py": 9, "geo/stats/rates/negbin.py": 5}

# Libraries that every test loads: once, before forking.
LOADED = ("pytest", "hypothesis", "scipy.stats", "scipy.optimize", "geopandas", "libpysal.graph", "folium")
LOADED += ("matplotlib.figure", "pyogrio", "xlsxwriter", "python_calamine", "pooch")

RUNS = {"study", "full"}  # fixtures that compute a whole result

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq},
    **{ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In},
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult},
    **{ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.MatMult: ast.Mult, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd},
}
WORDS = {"left": "right", "right": "left", "max": "min", "min": "max", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """One change to one module."""

    line: int
    change: str
    """Function, what stood there and what stands there now."""
    code: CodeType


def mutants(source: str, file: str) -> Iterator[Mutant]:
    """Make every change in turn."""
    tree = ast.parse(source)
    for holder, field, at, node, shown, line, scope in _places(tree, tree, 1, "module"):
        for new in _changes(node, holder, field):
            before = _text(shown)
            _put(holder, field, at, new)
            ast.fix_missing_locations(tree)
            change = f"{scope}: {before} -> {_text(shown)}"
            try:
                code = compile(tree, file, "exec")
            finally:
                _put(holder, field, at, node)
            yield Mutant(line, change, code)


Place = tuple[ast.AST, str, int | None, ast.AST, ast.AST, int, str]


def _places(node: ast.AST, shown: ast.AST, line: int, scope: str) -> Iterator[Place]:
    """Go through what is executed: no annotations, no docstrings, no words of an error."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        scope = node.name if scope == "module" else f"{scope}.{node.name}"
    if isinstance(node, ast.stmt) or (isinstance(node, ast.expr) and not isinstance(node, ast.Starred)):
        shown = node
    line = getattr(node, "lineno", line)
    for field, value in ast.iter_fields(node):
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not _silent(child, node, field):
                yield node, field, at, child, shown, getattr(child, "lineno", line), scope
                yield from _places(child, shown, line, scope)


def _silent(child: ast.AST, holder: ast.AST, field: str) -> bool:
    """Say whether a node is never executed, or only as the words of an error."""
    if field in ("annotation", "returns", "decorator_list", "ctx") or isinstance(child, ast.Raise):
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True
    if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
        return True
    if isinstance(child, ast.Subscript) and ast.unparse(child.value) in ("Literal", "NDArray"):
        return True
    if isinstance(holder, ast.keyword) and holder.arg == "strict":
        return True  # of zip: like an assertion
    return isinstance(holder, ast.JoinedStr) and isinstance(child, ast.Constant)


def _changes(node: ast.AST, holder: ast.AST, field: str) -> Iterator[ast.AST]:
    """Give what may stand in a node's place."""
    if type(node) in SWAPS:
        yield SWAPS[type(node)]()
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield node.operand
    elif isinstance(node, ast.Constant) and node.value is not None:
        yield ast.Constant(_other(node.value))
    elif field in ("test", "ifs") and not isinstance(node, ast.Compare | ast.BoolOp):
        yield ast.UnaryOp(ast.Not(), node)  # type: ignore[arg-type]
    if isinstance(holder, ast.Return) and ast.unparse(node) != "None":
        yield ast.Constant(None)


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):  # a tolerance becomes coarse, anything else half of what it was
        return value + 1 if abs(value) < 1e-6 else value / 2
    return WORDS.get(value, "XX" + value) if isinstance(value, str) else value


def _put(holder: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[at] = node


def _text(node: ast.AST) -> str:
    """Show an expression, or the first line of a statement; of a function its defaults."""
    if isinstance(node, ast.FunctionDef):
        given = [value for value in (*node.args.defaults, *node.args.kw_defaults) if value]
        return f"defaults {', '.join(map(ast.unparse, given))}"
    return ast.unparse(node).strip().splitlines()[0]


class _Changed(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Finds one module and gives it other code than its file has."""

    def __init__(self, file: str, code: CodeType) -> None:
        importlib.machinery.SourceFileLoader.__init__(self, _name(file), str(ROOT / file))
        self.code = code

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_code(self, _: str) -> CodeType:
        return self.code


def _name(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".")


class Order:
    """Runs the quickest tests first, and none that needs a whole run of the study."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seconds: dict[str, float] = json.loads(file.read_text("utf-8")) if file.exists() else {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if not RUNS & set(getattr(item, "fixturenames", ()))]
        items.sort(key=lambda item: self.seconds.get(item.nodeid, 0.0))

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration

    def pytest_sessionfinish(self) -> None:
        if not self.file.exists():
            self.file.write_text(json.dumps(self.seconds), "utf-8")


def start(file: str, code: CodeType | None, tests: list[str], order: Path) -> int:
    """Run the tests of a module in a process of their own, and give its number."""
    process = os.fork()
    if process:
        return process
    status = 70
    try:
        os.setpgid(0, 0)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        if code is not None:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            sys.meta_path.insert(0, _Changed(file, code))
        # Before pytest does: it would read a file that is named to it anew.
        importlib.import_module(_name(file))
        import pytest

        # Options as always, the module's own examples included; but the libraries were there before pytest,
        # and only this process has the changed module.
        known = "ignore::pytest.PytestAssertRewriteWarning"
        options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-W", known]
        status = int(pytest.main([*options, *tests, file], [Order(order)]))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


class Verdict(NamedTuple):
    """What came of the mutants of one module."""

    file: str
    made: int
    late: int
    """Noticed only because the tests did not end."""
    survivors: list[Mutant]
    seconds: float


def judge(file: str, tests: list[str], folder: Path, jobs: int, every: int) -> Verdict:
    """Test every mutant of a module, or every so many-th."""
    begun, order = time.monotonic(), folder / f"{_name(file)}.json"
    if os.waitpid(start(file, None, tests, order), 0)[1]:
        raise SystemExit(f"the tests of {file} fail as it stands")
    patience = max(LEAST, PATIENCE * (time.monotonic() - begun))
    every *= SEARCHES.get(file, 1)
    queue = list(mutants((ROOT / file).read_text("utf-8"), str(ROOT / file)))[::every]
    made, late, survivors, running = len(queue), 0, list[Mutant](), dict[int, tuple[Mutant, float]]()
    queue.reverse()
    while queue or running:
        while queue and len(running) < jobs:
            mutant = queue.pop()
            running[start(file, mutant.code, tests, order)] = mutant, time.monotonic() + patience
        time.sleep(0.02)
        for process, (mutant, until) in list(running.items()):
            done, status = os.waitpid(process, os.WNOHANG)
            if not done and time.monotonic() > until:
                os.killpg(process, signal.SIGKILL)
                done, status = os.waitpid(process, 0)
                late += 1
            if done:
                del running[process]
                if status == 0:
                    survivors.append(mutant)
                    print(f"  {file}:{mutant.line}: {mutant.change}", flush=True)
    return Verdict(file, made, late, survivors, time.monotonic() - begun)


def report(verdicts: list[Verdict], reasons: dict[str, dict[str, str]], whole: bool) -> int:
    """Print the table and what survived; 1 where something survived without a reason."""
    print("\n| module | mutants | killed | of them late | survive | without a reason | minutes |")
    print("|---|---|---|---|---|---|---|")
    wrong = 0
    for v in verdicts:
        known = reasons.get(v.file, {})
        new = [m for m in v.survivors if m.change not in known]
        killed = v.made - len(v.survivors)
        numbers = f"{v.made} | {killed} | {v.late} | {len(v.survivors)} | {len(new)} | {v.seconds / 60:.1f}"
        print(f"| {v.file} | {numbers} |")
        wrong += len(new)
    print(f"\n{wrong} survive without a reason")
    for kind, of in (("mutants", set(COVERED) - set(SEARCHES)), ("of numerical searches", set(SEARCHES))):
        made = sum(v.made for v in verdicts if v.file in of)
        alive = sum(len(v.survivors) for v in verdicts if v.file in of)
        print(f"{kind}: {alive} of {made} survive, {100 * alive / max(made, 1):.1f} %")
    for v in verdicts:
        known, found = reasons.get(v.file, {}), {m.change for m in v.survivors}
        for m in v.survivors:
            print(f"{v.file}:{m.line}: {m.change}\n    {known.get(m.change, 'NO REASON GIVEN')}")
        for change in (known.keys() - found) if whole and v.file not in SEARCHES else ():
            print(f"{v.file}: noticed, or no longer there: {change}")
            wrong += 1
    return int(wrong > 0)


def main() -> int:
    """Go over the modules that are named, or all."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument(
        "modules", nargs="*", metavar="MODULE", help="as geo/stats/rates/crude.py; without: all"
    )
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    options.add_argument("--every", type=int, default=1, help="only every N-th mutant")
    given = options.parse_args()
    unknown = [name for name in given.modules if name not in COVERED]
    if unknown:
        options.error(f"no tests are named for {', '.join(unknown)}: add it to COVERED")
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
    for name in LOADED:
        importlib.import_module(name)
    from hypothesis import Phase, settings

    # The examples of the gate for every mutant, and no search for the smallest: one that fails is enough.
    importlib.import_module("tests.properties")
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutate", settings.get_profile("retorno"), phases=phases)
    settings.load_profile("mutate")
    reasons = tomllib.loads(REASONS.read_text("utf-8"))
    chosen = {file: COVERED[file] for file in given.modules or COVERED}
    with tempfile.TemporaryDirectory() as place:
        how = (Path(place), given.jobs, given.every)
        verdicts = [judge(file, tests, *how) for file, tests in chosen.items()]
    return report(verdicts, reasons, whole=given.every == 1)


if __name__ == "__main__":
    sys.exit(main())
