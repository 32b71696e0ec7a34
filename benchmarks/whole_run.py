"""The whole command against the bare import of its libraries, side by side.

    python benchmarks/whole_run.py --repeat 7
    python benchmarks/whole_run.py --layer official.gpkg --cpu

The bound: `retorno run` with map, report and figures takes at most 2.5 times as long as importing geopandas,
libpysal, esda, folium and matplotlib in a bare process. Both are processes of their own, run by turns so that
whatever else the machine does falls on both alike, after one round that warms the file cache; the median of
the rounds counts. `--cpu` compares processor time instead, for a machine that is busy: what runs on two cores
at once then counts twice.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

BARE = "import geopandas, libpysal, esda, folium, matplotlib"
BOUND = 2.5


def taken(command: Sequence[str], *, cpu: bool) -> float:
    """Run a command and give its seconds, by the clock or of the processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"RETORNO_OFFLINE": "1"})
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime if cpu else wall


def main() -> None:
    """Print one line per command with its median, its range and its ratio to the bare import."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds (default: 5)")
    parser.add_argument("--layer", metavar="FILE", help="official boundaries (default: the schematic ones)")
    parser.add_argument("--cpu", action="store_true", help="processor time instead of the clock")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "geo", "run", "--out", folder, "--overwrite"]
        run += ["--boundaries", given.layer or "schematic", "--imputations", "0"]
        commands = {"bare import": [sys.executable, "-c", BARE]}
        commands |= {f"retorno run {study}": [*run, study] for study in ("chile-2016", "dmcs-2016")}
        found: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(given.repeat + 1):
            for name, command in commands.items():
                seconds = taken(command, cpu=given.cpu)
                if turn:
                    found[name].append(seconds)
    bare = statistics.median(found["bare import"])
    unit = "processor seconds" if given.cpu else "seconds"
    print(f"{unit}, median of {given.repeat} (least, most); ratio to the bare import, bound {BOUND}")
    for name, seconds in found.items():
        median = statistics.median(seconds)
        print(f"{name:24} {median:6.2f} ({min(seconds):.2f}, {max(seconds):.2f})  {median / bare:5.2f}")


if __name__ == "__main__":
    main()
