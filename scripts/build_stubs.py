"""Write the stubs of the front doors, from which editors and type checkers know what stands behind a name.

    python scripts/build_stubs.py

A door lists its names once, by the room that each is from, and opens a room when a name of it is first asked
for. That a type checker cannot follow, so the same list stands beside it as imports. A test compares the two.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

DOORS = ("geo", "geo.stats")
ROOT = Path(__file__).resolve().parents[1]


def stub(door: str) -> str:
    """Give the stub of a door: each name imported from its room, and the list of all."""
    module = import_module(door)
    rooms: dict[str, tuple[str, ...]] = module._ROOMS
    lines = [
        f"# Written by scripts/build_stubs.py from the list in {door.replace('.', '/')}/__init__.py.",
        "",
    ]
    for room, names in sorted(rooms.items()):
        lines += [f"from {room} import {name} as {name}" for name in sorted(names)]
    return "\n".join([*lines, "", "__all__: list[str]", ""])


def place(door: str) -> Path:
    """Give the file of a door's stub."""
    return ROOT.joinpath(*door.split("."), "__init__.pyi")


if __name__ == "__main__":
    for name in DOORS:
        place(name).write_text(stub(name), encoding="utf-8")
