"""A run again: what its manifest says was asked for, with the files that it names found by their content."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any, get_args

from geo.boundaries.cache import layers_folder
from geo.controls import without_controls
from geo.data.shipped import named_study
from geo.environment import versions
from geo.errors import InputError
from geo.files.fingerprint import fingerprint
from geo.model.options import FILES, Coverage, LayerTaken, Options
from geo.model.polygons import Why
from geo.model.programmes import InventoryFile
from geo.model.result import StudyResult
from geo.register.registers import registers

FILE = {"role", "name", "sha256"}
LATEST = 253_402_300_800  # the first second of the year 10000


def _text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _whole(least: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


CHECKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("id_field", "layer", "crs", "region", "sheet"), _text),
    "offline": lambda value: isinstance(value, bool),
    "year": lambda value: value is None or _whole(0)(value),
    "coverage": lambda value: value is None or value in get_args(Coverage),
    "decimal": lambda value: value in (None, ".", ","),
    "columns": lambda value: isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
    "permutations": _whole(9),
    "imputations": _whole(0),
    "rng": _whole(0),
}
"""What every other option may be."""
WRITTEN: dict[str, Callable[[Any], bool]] = {
    "lang": lambda value: isinstance(value, str),
    "also": lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    **dict.fromkeys(("pdf", "follow_browser"), lambda value: isinstance(value, bool)),
    **dict.fromkeys(("basemap", "basemap_credit"), _text),
}
"""What may be said of how a result was written."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a run is repeated."""

    options: Options
    """For :func:`geo.run`."""
    written: Mapping[str, Any]
    """How its result was written: options of :meth:`geo.Result.write`."""
    epoch: int
    """The date that its files carry, as ``SOURCE_DATE_EPOCH``: with it they are the same bytes."""
    inputs: tuple[Mapping[str, str], ...]
    """Files that it read: ``role``, ``name``, ``sha256``."""
    versions: Mapping[str, str]
    """What computed and drew it."""
    here: Mapping[str, str]
    """The same of this environment: where they differ, bytes may."""

    def check(self, result: StudyResult) -> None:
        """Refuse a result that was not made from the same files, shipped ones among them.

        Raises
        ------
        InputError
            If one is another; the message names it.
        """
        files = {entry["role"]: dict(entry) for entry in result.inputs}
        for then in self.inputs:
            now = files.pop(then["role"], {})
            if dict(then) != now:
                received = f"{now.get('name', 'none')}, and not {then['name']} as it was"
                raise InputError(
                    f"a run is repeated on the same {then['role']}", received, "see its manifest"
                )

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

    Files have the same bytes where ``SOURCE_DATE_EPOCH`` is ``recipe.epoch`` while they are written.
    """
    file = Path(path)
    content = _content(file)
    folders = [file.parent, *([Path(inputs)] if inputs is not None else [])]
    asked = content["options"]
    options = Options(
        **{name: asked[name] for name in CHECKS},
        source=_source(asked["source"], folders),
        boundaries=_boundaries(asked["boundaries"], folders),
        population=_population(asked["population"], folders),
        inventory=_inventory(asked["inventory"], folders),
    )
    return Recipe(
        options=options,
        written=content["written"],
        epoch=content["source_date_epoch"],
        inputs=tuple(content["inputs"]),
        versions=content["versions"],
        here=versions(),
    )


def _content(file: Path) -> dict[str, Any]:
    """Read a manifest, and refuse what this version does not understand wholly."""
    remedy = "give the manifest of a run, or run it with its options"
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "not JSON"
        raise InputError("a run is repeated from its manifest", f"{file}: {reason}", remedy) from error
    parts = {"options": dict, "written": dict, "versions": dict, "inputs": list, "source_date_epoch": int}
    if not isinstance(content, dict) or any(not isinstance(content.get(k), v) for k, v in parts.items()):
        raise InputError("a manifest says what was asked for", f"{file.name} does not", remedy)
    files = [entry for entry in content["inputs"] if isinstance(entry, dict)]
    named = [set(map(type, entry.values())) == {str} and set(entry) >= FILE for entry in files]
    if len(files) < len(content["inputs"]) or not all(named):
        raise InputError("a manifest names its inputs", f"{file.name} does not", remedy)
    epoch = {"source_date_epoch": lambda value: 0 <= value < LATEST}
    whole = (content["options"], CHECKS | dict.fromkeys(FILES, lambda _: True)), (content["written"], WRITTEN)
    for entries, checks in (*whole, ({"source_date_epoch": content["source_date_epoch"]}, epoch)):
        for name in sorted(set(entries) ^ set(checks)):
            raise InputError("a manifest has the options of this version", f"{file.name}: {name}", remedy)
        for name, check in checks.items():
            if not check(entries[name]):
                received = f"{file.name}: {name} {str(entries[name])[:80]!r}"
                raise InputError("a manifest says what can be asked for", received, remedy)
    return content


def _located(role: str, entry: Any, folders: Sequence[Path]) -> Path:
    """Find a file by its content, under the name that it had."""
    named = isinstance(entry, Mapping) and all(isinstance(entry.get(k), str) for k in ("file", "sha256"))
    if not named or not entry["file"] or Path(entry["file"]).name != entry["file"]:
        received = repr(entry)[:120]
        raise InputError(
            f"a manifest names its {role} by file and sha256", received, "run it with its options"
        )
    name, sha256 = str(entry["file"]), str(entry["sha256"])
    places = ", ".join(dict.fromkeys(str(folder) for folder in folders))
    there: list[Path] = [folder / name for folder in folders if (folder / name).exists()]
    for file in there:
        if fingerprint(file) == sha256:
            return file
    rule = f"a run is repeated on the same {role}"
    if there:
        received = f"{there[0]}: sha256 {fingerprint(there[0])[:12]}..., and not {sha256[:12]}..."
        raise InputError(rule, received, "give the folder of the file as it was: --inputs DIR")
    suffix = Path(name).suffix
    for folder in folders:
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if file.suffix == suffix and file.is_file() and fingerprint(file) == sha256:
                if without_controls(file.name) == name:
                    return file
                raise InputError(rule, f"{file}, which was {name}", "give it that name again")
    raise InputError(rule, f"no {name} in {places}", "give the folder that holds it: --inputs DIR")


def _source(entry: Any, folders: Sequence[Path]) -> Path | str:
    if isinstance(entry, Mapping) and "study" in entry:
        if named_study(entry["study"]) is None:
            raise InputError("a study ships with the package", repr(entry["study"]), "name one that does")
        return str(entry["study"])
    return _located("table", entry, folders)


def _boundaries(entry: Any, folders: Sequence[Path]) -> Path | LayerTaken | str:
    if entry == "schematic":
        return "schematic"
    if not isinstance(entry, Mapping) or "taken" not in entry:
        return _located("boundaries", entry, folders)
    taken = entry["taken"] if isinstance(entry["taken"], Mapping) else {}
    if taken.get("why") not in get_args(Why) or not isinstance(taken.get("failure"), str):
        raise InputError("a manifest says why a layer was taken", repr(taken)[:80], "run it with its options")
    file = _located("boundaries", taken, [layers_folder(), *folders]) if "file" in taken else None
    return LayerTaken(why=taken["why"], failure=taken["failure"], file=file)


def _population(entry: Any, folders: Sequence[Path]) -> Path | str | None:
    known = {"printed", *(series.name for register in registers() for series in register.series)}
    plain = entry is None or (isinstance(entry, str) and entry in known)
    return entry if plain else _located("population", entry, folders)


def _inventory(entry: Any, folders: Sequence[Path]) -> InventoryFile | None:
    if entry is None:
        return None
    if not isinstance(entry, Mapping) or "file" not in entry:
        received = f"{entry.get('object') if isinstance(entry, Mapping) else entry}, which is no file"
        raise InputError("a run is repeated on the same inventory", received, "run it with its options")
    how = {name: entry.get(name) or None for name in ("columns", "decimal", "sheet")}
    return InventoryFile(path=_located("inventory", entry, folders), **how)
