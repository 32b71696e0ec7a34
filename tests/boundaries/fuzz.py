"""Damage files at random and see that reading ends in areas or in one line; too long for every change.

python -m tests.boundaries.fuzz [SEED [FILES]]
"""

from __future__ import annotations

import random
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from pathlib import Path

import geo
from geo.boundaries.layer import open_boundaries
from tests.boundaries import odd

EXTREMES = (b"\xff" * 8, b"\0" * 8, b"\x7f\xff\xff\xff" * 2, b"nan     ", b"1e400   ")
PARTS = (".shp", ".shx", ".dbf", ".prj")


def sound_files(folder: Path) -> dict[str, dict[str, bytes]]:
    """Write one sound file of each kind: by name, the files that belong to it."""
    frame = odd.communes().iloc[:12]
    for suffix in (".gpkg", ".geojson", ".fgb", ".shp"):
        frame.to_file(folder / f"a{suffix}")
    odd.pack(folder / "shapefile.zip", {f"a{s}": folder / f"a{s}" for s in PARTS})
    odd.pack(folder / "geopackage.zip", {"a.gpkg": folder / "a.gpkg"})
    odd.kml(folder)
    alone = ("a.gpkg", "a.geojson", "a.fgb", "shapefile.zip", "geopackage.zip", "areas.kml")
    kinds = {name: {name: (folder / name).read_bytes()} for name in alone}
    return kinds | {"a.shp": {f"a{s}": (folder / f"a{s}").read_bytes() for s in PARTS}}


def damage(content: bytes, rng: random.Random) -> bytes:
    """Change, insert, remove, repeat or cut off bytes, once or many times."""
    changed = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        at, kind = rng.randrange(len(changed) + 1), rng.random()
        if kind < 0.4:
            changed[at : at + 1] = rng.randbytes(1)
        elif kind < 0.55:
            changed[at:at] = rng.randbytes(rng.randrange(1, 20))
        elif kind < 0.7:
            del changed[at : at + rng.randrange(1, 200)]
        elif kind < 0.8:
            del changed[at:]
        elif kind < 0.9:
            other = rng.randrange(len(changed) + 1)
            changed[at : at + 30] = changed[other : other + 30]
        else:
            changed[at : at + 8] = rng.choice(EXTREMES)
    return bytes(changed)


def main(seed: int = 0, files: int = 10_000) -> int:
    """Give the number of files that ended in a traceback or made the reader write beside them."""
    warnings.simplefilter("ignore")
    rng, ends, faults = random.Random(seed), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        kinds = sound_files(Path(folder))
        for n in range(files):
            place = Path(folder) / str(n)
            place.mkdir()
            name = rng.choice(sorted(kinds))
            hit = rng.choice(sorted(kinds[name]))
            for part, content in kinds[name].items():
                (place / part).write_bytes(damage(content, rng) if part == hit else content)
            try:
                open_boundaries(place / name, id_field=rng.choice([None, "cut", "Name"]))
                ends["read"] += 1
            except geo.BoundaryError as error:
                ends[error.rule] += 1
            except Exception:
                traceback.print_exc()
                faults += 1
            faults += {p.name for p in place.iterdir()} != set(kinds[name])
    for rule, count in ends.most_common():
        print(f"{count:6} {rule}")
    print(f"{faults:6} faults")
    return faults


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:]))))
