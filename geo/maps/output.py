"""All outputs of one run, written together: either the whole set stands in the folder or none of it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import OutputError
from geo.maps.findings import headline
from geo.maps.geopackage import refuse_if_open, write_geopackage
from geo.maps.labels import LANGUAGES, Lang
from geo.maps.manifest import write_manifest
from geo.maps.summary import parameter_table, report_table, source_lines
from geo.maps.tables import write_csv, write_xlsx
from geo.maps.webmap import write_map

if TYPE_CHECKING:
    from geo.result import Result

NAMES = {
    "map": "map.html",
    "geopackage": "retorno.gpkg",
    "csv": "communes.csv",
    "xlsx": "communes.xlsx",
    "manifest": "manifest.json",
}


def write_all(result: Result, folder: Path, *, lang: str, overwrite: bool) -> dict[str, Path]:
    """Write the GeoPackage, the map, the tables and the manifest into a folder.

    They are made in a hidden folder beside their place and moved when all are whole.
    """
    chosen = next((known for known in LANGUAGES if known == lang), None)
    if chosen is None:
        raise OutputError("outputs are in es or en", repr(lang), "name one of the two with --lang")
    targets = {kind: folder / name for kind, name in NAMES.items()}
    _check(folder, targets, overwrite=overwrite)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".retorno-", dir=folder))
    except OSError as error:
        raise OutputError(
            "the output folder must be writable", f"{folder}: {error.strerror}", "name another with --out"
        ) from error
    try:
        _write(result, {kind: staging / name for kind, name in NAMES.items()}, chosen)
        refuse_if_open(targets["geopackage"])
        _move(staging, targets)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return targets


def _move(staging: Path, targets: dict[str, Path]) -> None:
    """Put the new files in the place of the old ones; if one cannot be, put every old one back."""
    kept: dict[str, Path] = {}
    try:
        for kind, target in targets.items():
            if target.exists():
                kept[kind] = target.replace(staging / f"old-{target.name}")
            (staging / target.name).replace(target)
    except OSError as error:
        for kind, target in targets.items():
            if kind in kept:
                kept[kind].replace(target)
        raise OutputError(
            "a file to be replaced must not be open elsewhere",
            f"{error.filename}: {error.strerror}",
            "close it and run again; the earlier files are as they were",
        ) from error


def _check(folder: Path, targets: dict[str, Path], *, overwrite: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError("--out names a folder", f"the file {folder}", "name another")
    folders = [path.name for path in targets.values() if path.is_dir()]
    if folders:
        raise OutputError(
            "outputs are files",
            f"a folder named {folders[0]} in {folder}",
            "rename it, or name another --out",
        )
    there = [path.name for path in targets.values() if path.exists()]
    if there and not overwrite:
        raise OutputError(
            "existing output is never overwritten unasked",
            f"{', '.join(there)} in {folder}",
            "add --overwrite, or name another folder with --out",
        )


def _write(result: Result, paths: dict[str, Path], lang: Lang) -> None:
    parameters, join_report = parameter_table(result), report_table(result)
    write_geopackage(
        result.areas,
        paths["geopackage"],
        groups=result.groups,
        clusters=result.clusters,
        parameters=parameters,
        join_report=join_report,
        subject=result.subject,
        lang=lang,
        schematic=result.schematic,
        title=result.title[lang],
    )
    write_map(
        result.areas,
        paths["map"],
        groups=result.groups,
        clusters=result.clusters,
        subject=result.subject,
        lang=lang,
        schematic=result.schematic,
        coverage=str(result.parameters["coverage"]),
        other_names=result.other_names,
        title=result.title,
        headline={code: headline(result, code) for code in LANGUAGES},
        sources={code: source_lines(result, code) for code in LANGUAGES},
    )
    write_csv(result.areas, paths["csv"], subject=result.subject)
    write_xlsx(
        result.areas,
        paths["xlsx"],
        parameters=parameters,
        join_report=join_report,
        subject=result.subject,
        lang=lang,
    )
    write_manifest(result, paths["manifest"])
