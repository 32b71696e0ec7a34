"""Kill writes at random moments and look at what stands under the final names.

    python scripts/kill_writes.py [KILLS] [SEED]

A result is written again and again over itself by a child process, which is killed (SIGKILL) at a random
moment of each write. Afterwards every file must be there and whole, the old one or the new one, and the next
write must clear away what was left hidden. Prints one line per kill; exit status 1 where it is not so.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geo


def main(kills: int, seed: int) -> int:
    """Kill as often as asked, and count what is broken."""
    result = geo.run("chile-2016", boundaries="schematic", offline=True, permutations=99)
    moment, broken = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        result.write(folder)  # the first write also loads libraries
        start = time.monotonic()
        files = result.write(folder, lang="es", overwrite=True).values()
        whole = time.monotonic() - start
        for number in range(1, kills + 1):
            # Every other one near the end, when the files are moved into place.
            share = moment.random() if number % 2 else moment.uniform(0.9, 1.1)
            ended = killed(result, folder, share * whole, lang=("en", "es")[number % 2])
            faults = [fault for path in files if (fault := fault_of(path))]
            broken += bool(faults)
            state = "ended before" if ended else f"killed at {share:4.0%}"
            print(f"{number:3} {state}: {'; '.join(faults) or 'every file is whole'}", flush=True)
        result.write(folder, overwrite=True)
        left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    print(f"the next write left {', '.join(left) or 'nothing'} of what is hidden")
    print(f"{broken} of {kills} left a broken or missing file")
    return int(broken > 0 or bool(left))


def killed(result: geo.Result, folder: Path, after: float, *, lang: str) -> bool:
    """Write in a child process and kill it; say whether it had ended by itself."""
    child = os.fork()
    if child == 0:
        try:
            result.write(folder, lang=lang, overwrite=True)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status)


def fault_of(path: Path) -> str:
    """Say what is wrong with a file; empty where nothing is."""
    try:
        return "" if WHOLE[path.suffix](path) else f"{path.name} is not whole"
    except Exception as error:
        return f"{path.name}: {error!r}"


def geopackage(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        queries = (
            "PRAGMA integrity_check",
            "SELECT count(*) FROM communes",
            "SELECT count(*) FROM qgis_projects",
        )
        return [database.execute(query).fetchone()[0] for query in queries] == ["ok", 346, 2]


def workbook(path: Path) -> bool:
    with zipfile.ZipFile(path) as book:
        return book.testzip() is None


def ends_with(end: bytes) -> Callable[[Path], bool]:
    return lambda path: path.read_bytes().rstrip().endswith(end)


WHOLE: dict[str, Callable[[Path], bool]] = {
    ".gpkg": geopackage,
    ".xlsx": workbook,
    ".html": ends_with(b"</html>"),
    ".svg": ends_with(b"</svg>"),
    ".png": ends_with(b"IEND\xaeB`\x82"),
    ".csv": lambda path: len(path.read_text("utf-8-sig").splitlines()) == 347,
    ".json": lambda path: bool(json.loads(path.read_text("utf-8"))["inputs"]),
}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 50, int(sys.argv[2]) if sys.argv[2:] else 0))
