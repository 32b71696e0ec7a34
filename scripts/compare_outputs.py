"""Run the same studies with two states of the code, and compare every file they write byte by byte.

    python scripts/compare_outputs.py [REF]        the checkout against a commit (default: HEAD)
    python scripts/compare_outputs.py [REF] --full     also how each file differs, GeoPackages row by row

Both run with the libraries of this environment, one date and one seed: the shipped studies on the schematic
cells and, where the folder of reference layers is there, on an official layer; one region; areas of another
country whose names and table are as hostile as names can be; a table with suppressed counts. What a run
prints counts as a file. Exit status 1 where anything differs.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OFFICIAL = ROOT.parent / "shared/reference/boundaries/communes_ine2016_15regions.gpkg"
COMMON = ["--offline", "--permutations", "999", "--imputations", "8", "--seed", "7"]
DATE = "1467331200"
SHOWN = 40
"""Lines of a difference that are printed."""

NAMES = [
    "<script>alert(1)</script>",
    "=SUM(A1:A9)",
    'O\'Higgins "Ñuñoa" & Cía',
    "[% 1 + 1 %]",
    "東京 ‮abc",
    "NULL",
    "-1",
    "Ärea; with, every\tmark",
]


def cases() -> dict[str, list[str]]:
    """List the runs by name: what stands after ``retorno run``, beside what all share."""
    listed = {
        "study": ["chile-2016", "--boundaries", "schematic", "--lang", "en", "--also", "geojson"],
        "complete": ["dmcs-2016", "--boundaries", "schematic", "--lang", "es"],
        "region": ["dmcs-2016", "--boundaries", "schematic", "--region", "Valparaíso", "--lang", "en"],
        "abroad": ["{inputs}/a'b <i>.csv", "--boundaries", "{inputs}/areas.geojson", "--id", "GID"],
        "suppressed": [
            "{inputs}/suppressed.csv",
            "--boundaries",
            "schematic",
            "--year",
            "2016",
            "--lang",
            "en",
        ],
    }
    if not OFFICIAL.exists():
        print(f"not compared: the studies on an official layer, which is not at {OFFICIAL}", file=sys.stderr)
        return listed
    return listed | {
        "study-official": ["chile-2016", "--boundaries", str(OFFICIAL), "--lang", "es"],
        "complete-official": ["dmcs-2016", "--boundaries", str(OFFICIAL), "--lang", "en"],
    }


def make_inputs(folder: Path) -> None:
    """Write the tables and the layer that are not shipped."""
    rows = [f"A{i:02d},{5 * i % 37 + 1 if i else '..'},{900 + 400 * i}" for i in range(24)]
    (folder / "a'b <i>.csv").write_text(
        "code,releases,population\n" + "\n".join(rows) + "\nZZ,3,100\n", "utf-8"
    )
    features = [
        {
            "type": "Feature",
            "properties": {"GID": f"A{i:02d}", "NAME": NAMES[i] if i < len(NAMES) else f"Area {i}"},
            "geometry": {"type": "Polygon", "coordinates": [_square(i % 6, i // 6)]},
        }
        for i in range(24)
    ]
    layer = {"type": "FeatureCollection", "features": features}
    (folder / "areas.geojson").write_text(json.dumps(layer), "utf-8")
    communes = (ROOT / "boundaries/communes.csv").read_text("utf-8").splitlines()[1:]
    codes = [line.split(",")[0] for line in communes]
    counts = ["<5" if i % 4 == 0 else ".." if i % 23 == 0 else str(7 * i % 90 + 5) for i in range(len(codes))]
    rows = [f"{code};{count}" for code, count in zip(codes, counts, strict=True)]
    (folder / "suppressed.csv").write_text("codigo;egresos\n" + "\n".join(rows) + "\n", "utf-8")


def _square(x: float, y: float) -> list[list[float]]:
    return [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]


def run(tree: Path, inputs: Path, out: Path, arguments: list[str]) -> None:
    """Make one result with the code of a tree; what it says goes beside its files."""
    out.mkdir(parents=True)
    given = [word.format(inputs=inputs) if word.startswith("{inputs}") else word for word in arguments]
    if "--lang" not in given:
        given += ["--lang", "en"]
    command = [sys.executable, "-m", "geo", "run", *given, *COMMON, "--out", "made"]
    environment = os.environ | {
        "PYTHONPATH": str(tree),
        "SOURCE_DATE_EPOCH": DATE,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(command, cwd=out, env=environment, capture_output=True, text=True, encoding="utf-8")
    for name, said in {
        "stdout": done.stdout,
        "stderr": done.stderr,
        "status": f"{done.returncode}\n",
    }.items():
        (out / f"{name}.txt").write_text(said, "utf-8")


def differences(before: Path, after: Path) -> dict[str, tuple[Path, Path]]:
    """Pair the files that are not the same in both folders, by their name in either."""
    names = {
        file.relative_to(place) for place in (before, after) for file in place.rglob("*") if file.is_file()
    }
    pairs = {str(name): (before / name, after / name) for name in sorted(names)}
    return {name: pair for name, pair in pairs.items() if _bytes(pair[0]) != _bytes(pair[1])}


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.exists() else None


def told(before: Path, after: Path) -> Iterator[str]:
    """Say how two files differ: lines of text, or what a database would be made of."""
    for file in (before, after):
        if not file.exists():
            yield f"    not in {'the commit' if file is before else 'the checkout'}"
            return
    lines = difflib.unified_diff(_lines(before), _lines(after), "commit", "checkout", n=0, lineterm="")
    for number, line in enumerate(lines):
        if number == SHOWN:
            yield "    …"
            return
        yield f"    {line[:300]}"


def _lines(file: Path) -> list[str]:
    if file.suffix == ".gpkg":
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
            return list(_rows(database))
    try:
        return file.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return [file.read_bytes()[i : i + 64].hex() for i in range(0, file.stat().st_size, 64)]


def _rows(database: sqlite3.Connection) -> Iterator[str]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    for (name,) in names:
        if not name.startswith("rtree_"):
            for row in database.execute(f'SELECT * FROM "{name}"'):
                yield from (f"{name}: {line}" for cell in row for line in str(cell).splitlines())


def main() -> int:
    """Compare, and say which files differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ref", nargs="?", default="HEAD")
    parser.add_argument("--full", action="store_true", help="also how each file differs")
    parser.add_argument("--only", action="append", choices=list(cases()), help="this run, and not all")
    options = parser.parse_args()
    chosen = {name: case for name, case in cases().items() if not options.only or name in options.only}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        trees = {"commit": folder / "tree", "checkout": ROOT}
        subprocess.run(
            ["git", "worktree", "add", "-q", "--detach", trees["commit"], options.ref], cwd=ROOT, check=True
        )
        try:
            (folder / "inputs").mkdir()
            make_inputs(folder / "inputs")
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                runs = [
                    pool.submit(run, tree, folder / "inputs", folder / side / name, case)
                    for name, case in chosen.items()
                    for side, tree in trees.items()
                ]
                for made in runs:
                    made.result()
            different = differences(folder / "commit", folder / "checkout")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", trees["commit"]], cwd=ROOT, check=True)
        files = sum(file.is_file() for file in (folder / "checkout").rglob("*"))
        for name, (before, after) in different.items():
            print(name)
            if options.full:
                print(*told(before, after), sep="\n")
        failed = [file.parent.name for file in folder.glob("*/*/status.txt") if file.read_text() != "0\n"]
        if failed:
            print(f"runs that failed: {', '.join(sorted(failed))}")
    print(f"{files} files of {len(chosen)} runs: {len(different)} differ from {options.ref}")
    return 1 if different or failed else 0


if __name__ == "__main__":
    sys.exit(main())
