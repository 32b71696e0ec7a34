"""What keeps a run from being written: asked before it is computed, and again before files are moved."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from geo.errors import OutputError
from geo.outputs.layerformats import format_names, layer_formats, possible_names
from geo.outputs.staging import one_writer


def refuse_unwritable(folder: Path, slug: str, *, overwrite: bool, formats: Collection[str] = ()) -> None:
    """Refuse a run whose files could not be written where they are asked for.

    Parameters
    ----------
    folder : Path
        Of the outputs; it need not be there.
    slug : str
        Short name of the result, with which the names of its files begin.
    overwrite : bool
        Whether files of an earlier run may be replaced.
    formats : collection of str
        In which the layers are written too.

    Raises
    ------
    OutputError
        If files are there that may not be replaced or would belong to another run, or the GeoPackage is open
        elsewhere or holds what would be lost.

    Examples
    --------
    >>> refuse_unwritable(Path("not-there"), "chile-2016", overwrite=False)
    """
    places = {kind: folder / name for kind, name in possible_names(slug, formats).items()}
    refuse_other_formats(folder, slug, formats)
    refuse_existing(folder, places, overwrite=overwrite)
    if places["geopackage"].exists():
        # What writes takes a while to load, and is needed here only where there is something to replace.
        from geo.outputs.gpkg.carryover import refuse_losses
        from geo.outputs.gpkg.geopackage import refuse_if_open

        try:
            with one_writer(folder):
                refuse_if_open(places["geopackage"])
                refuse_losses(places["geopackage"])
        except OSError as error:
            raise OutputError(
                "the output folder must be writable", f"{folder}: {error.strerror}", "name another with --out"
            ) from error


def refuse_existing(folder: Path, targets: Mapping[str, Path], *, overwrite: bool) -> None:
    """Refuse to write over files that are there, unless told to; over folders, and under files, in any case.

    Raises
    ------
    OutputError
        If there is such a file or folder.

    Examples
    --------
    >>> refuse_existing(Path("not-there"), {"map": Path("not-there/map.html")}, overwrite=False)
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError("--out names a folder", f"the file {folder}", "name another")
    folders = [path.name for path in targets.values() if path.is_dir()]
    if folders:
        raise OutputError(
            "outputs are files",
            f"a folder named {folders[0]} in {folder}",
            "rename it, or name another --out",
        )
    beneath = {path.parent for path in targets.values()} - {folder}
    if files := [path.name for path in beneath if os.path.lexists(path) and not path.is_dir()]:
        received = f"a file named {files[0]} in {folder}"
        raise OutputError(
            "figures stand in a folder of their own", received, "rename it, or name another --out"
        )
    there = [path.name for path in targets.values() if os.path.lexists(path)]
    if there and not overwrite:
        raise OutputError(
            "existing output is never overwritten unasked",
            f"{', '.join(there)} in {folder}",
            "add --overwrite, or name another folder with --out",
        )


def refuse_other_formats(folder: Path, slug: str, formats: Collection[str]) -> None:
    """Refuse to leave layers of an earlier run, in formats not asked for now, beside the files of a new one.

    They are not removed either: somebody asked for them, and may have changed them since.

    Raises
    ------
    OutputError
        If there are such files.

    Examples
    --------
    >>> refuse_other_formats(Path("not-there"), "chile-2016", ["geojson"])
    """
    others = format_names(slug, [kind for kind in layer_formats() if kind not in formats])
    there = {kind: name for kind, name in others.items() if os.path.lexists(folder / name)}
    if there:
        every = dict.fromkeys([*formats, *(kind.partition(":")[0] for kind in there)])
        raise OutputError(
            "the files of a result are of one run",
            f"layers of an earlier one in {folder}: {', '.join(there.values())}",
            f"make them anew with --also {','.join(every)} --overwrite, or move them elsewhere",
        )
