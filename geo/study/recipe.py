"""A run again: what its manifest says was asked for, with the files that it names found by their content."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from os import PathLike
from pathlib import Path
from typing import Any

from geo.boundaries.cache import layers_folder, sha256_of
from geo.controls import without_controls
from geo.environment import versions
from geo.errors import InputError
from geo.model.options import LayerTaken, Options
from geo.model.programmes import InventoryFile

FILES = {"source", "boundaries", "population", "inventory"}
"""Options that name files."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a run is repeated."""

    options: Options
    """For :func:`geo.run`."""
    written: Mapping[str, Any]
    """How its result was written: options of :meth:`geo.Result.write`."""
    epoch: int
    """The date that its files carry, as ``SOURCE_DATE_EPOCH``: with it they are the same bytes."""
    versions: Mapping[str, str]
    """What computed and drew it."""
    here: Mapping[str, str]
    """The same of this environment: where they differ, bytes may."""

    def changed_versions(self) -> dict[str, tuple[str, str]]:
        """Name what is not as it was: the version then, and now."""
        return {
            name: (then, self.here.get(name, "-"))
            for name, then in self.versions.items()
            if self.here.get(name) != then
        }


def read_manifest(path: str | PathLike[str], *, inputs: str | PathLike[str] | None = None) -> Recipe:
    """Read from a manifest how its run is repeated.

    Parameters
    ----------
    path : path
        ``…-manifest.json`` of a run.
    inputs : path, optional
        Folder of the files that the run read, where they are not beside the manifest. They are the same files
        where their SHA-256 is, and keep their names, which outputs bear too.

    Returns
    -------
    Recipe

    Raises
    ------
    InputError
        If it is no manifest that says how, or a file is not there or has changed; the message names it.

    Examples
    --------
    >>> import geo, tempfile
    >>> run = geo.run("chile-2016", boundaries="schematic", permutations=99, imputations=0)
    >>> written = run.write(tempfile.mkdtemp() + "/out")
    >>> recipe = read_manifest(written["manifest"])
    >>> recipe.options.source, recipe.options.permutations, recipe.written["lang"]
    ('chile-2016', 99, 'en')
    """
    file = Path(path)
    content = _content(file)
    folders = [file.parent, *([Path(inputs)] if inputs is not None else [])]
    asked = content["options"]
    known = {field.name for field in fields(Options)}
    options = Options(
        **{name: value for name, value in asked.items() if name in known - FILES},
        source=asked["source"].get("study") or _located("table", asked["source"], folders),
        boundaries=_boundaries(asked["boundaries"], folders),
        population=_named_or_located("population", asked["population"], folders),
        inventory=_inventory(asked["inventory"], folders),
    )
    return Recipe(
        options=options,
        written=dict(content["written"]),
        epoch=int(content["source_date_epoch"]),
        versions=dict(content["versions"]),
        here=versions(),
    )


def _content(file: Path) -> dict[str, Any]:
    remedy = "give the manifest of a run, or run it with its options"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not JSON"
        raise InputError("a run is repeated from its manifest", f"{file}: {reason}", remedy) from error
    wanting = {"options", "written", "source_date_epoch", "versions"}
    if not isinstance(content, dict) or not wanting <= set(content):
        raise InputError("a manifest says what was asked for", f"{file.name} does not", remedy)
    return content


def _located(role: str, entry: Mapping[str, str], folders: Sequence[Path]) -> Path:
    """Find a file by its content, under the name that it had."""
    name, sha256 = entry["file"], entry["sha256"]
    places = ", ".join(dict.fromkeys(str(folder) for folder in folders))
    there = [folder / name for folder in folders if (folder / name).is_file()]
    for file in there:
        if sha256_of(file) == sha256:
            return file
    rule = f"a run is repeated on the same {role}"
    if there:
        received = f"{there[0]}: sha256 {sha256_of(there[0])[:12]}..., and not {sha256[:12]}..."
        raise InputError(rule, received, "give the folder of the file as it was: --inputs DIR")
    suffix = Path(name).suffix
    for folder in folders:
        for file in sorted(folder.glob(f"*{suffix}")) if folder.is_dir() else ():
            if file.is_file() and sha256_of(file) == sha256:
                if without_controls(file.name) == name:
                    return file
                raise InputError(rule, f"{file}, which was {name}", "give it that name again")
    raise InputError(rule, f"no {name} in {places}", "give the folder that holds it: --inputs DIR")


def _named_or_located(role: str, entry: Any, folders: Sequence[Path]) -> Path | str | None:
    return entry if entry is None or isinstance(entry, str) else _located(role, entry, folders)


def _boundaries(entry: Any, folders: Sequence[Path]) -> Path | LayerTaken | str | None:
    if not isinstance(entry, Mapping) or "taken" not in entry:
        return _named_or_located("boundaries", entry, folders)
    taken = entry["taken"]
    file = _located("boundaries", taken, [*folders, layers_folder()]) if "file" in taken else None
    return LayerTaken(why=taken["why"], failure=taken["failure"], file=file)


def _inventory(entry: Any, folders: Sequence[Path]) -> InventoryFile | None:
    if entry is None:
        return None
    if "file" not in entry:
        received = f"{entry.get('object')}, which was put together in Python"
        raise InputError("a run is repeated on the same inventory", received, "run it with its options")
    how = {name: entry.get(name) or None for name in ("columns", "decimal", "sheet")}
    return InventoryFile(path=_located("inventory", entry, folders), **how)
