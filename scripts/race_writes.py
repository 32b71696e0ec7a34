"""Write two results into one folder at the same moment, and look whose files stand there.

    python scripts/race_writes.py [ROUNDS] [SEED]

Two child processes write the same run, one in Spanish and one in English, starting together or nearly so;
every other round both may replace what is there. Afterwards all files must be those of one of the two, and
without the right to replace exactly one of the two must have been refused. Prints one line per round; exit
status 1 where a set is mixed, or a process replaced what it was not to.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import geo
from geo.errors import OutputError

LANGUAGES = ("es", "en")


def main(rounds: int, seed: int) -> int:
    """Race as often as asked, and count what is wrong."""
    result = geo.run("chile-2016", boundaries="schematic", offline=True, permutations=99, imputations=0)
    moment, wrong = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as place:
        whole = {lang: Path(place) / lang for lang in LANGUAGES}
        for lang, folder in whole.items():
            result.write(folder, lang=lang)
        for number in range(1, rounds + 1):
            folder, overwrite = Path(place) / "out", number % 2 == 0
            if overwrite:
                result.write(folder, lang="en")
            waits = (0.0, moment.choice([0.0, moment.uniform(0, 0.2)]))
            children = [
                written(result, folder, lang=lang, after=after, overwrite=overwrite)
                for lang, after in zip(LANGUAGES, waits, strict=True)
            ]
            ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
            faults = faults_of(folder, whole, ended, overwrite=overwrite)
            wrong += bool(faults)
            how = "both may replace" if overwrite else "neither may replace"
            print(f"{number:3} {how}, ended {ended}: {'; '.join(faults) or 'one whole set'}", flush=True)
            shutil.rmtree(folder)
    print(f"{wrong} of {rounds} left a mixed or replaced set")
    return int(wrong > 0)


def written(result: geo.Result, folder: Path, *, lang: str, after: float, overwrite: bool) -> int:
    """Write in a child process, which ends with 0 if it wrote and 1 if it was refused."""
    child = os.fork()
    if child == 0:
        status = 2
        try:
            time.sleep(after)
            result.write(folder, lang=lang, overwrite=overwrite)
            status = 0
        except OutputError:
            status = 1
        finally:
            os._exit(status)
    return child


def faults_of(folder: Path, whole: dict[str, Path], ended: list[int], *, overwrite: bool) -> list[str]:
    """Say what is wrong with a folder and with how two processes ended."""
    faults = []
    there = contents(folder)
    same = [lang for lang, path in whole.items() if contents(path) == there]
    if not same:
        faults.append("the set is of neither")
    if sorted(ended) != ([0, 0] if overwrite else [0, 1]):
        faults.append("not as many were refused as should be")
    elif not overwrite and same and ended[LANGUAGES.index(same[0])] != 0:
        faults.append("the files are those of the one that was refused")
    return faults


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file, also hidden ones."""
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if not path.is_dir()
    }


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 20, int(sys.argv[2]) if sys.argv[2:] else 0))
