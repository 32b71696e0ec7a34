"""Rename a GeoPackage together with what the projects stored in it say of its name.

A project of QGIS finds its layers by the name of the file. Only where it names the file itself is it changed,
letter by letter: whatever else it holds, also what is not understood here, stays as it was saved.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from os import PathLike
from pathlib import Path

from geo.errors import InputError, OutputError
from geo.model.preserved import Renamed
from geo.outputs.drafts import written_whole
from geo.outputs.gpkg.geopackage import refuse_if_open, refuse_name
from geo.outputs.gpkg.runidentity import TABLE, run_id
from geo.outputs.gpkg.storedprojects import values, with_values

_RULE = "what is renamed is a GeoPackage of retorno"
_RUN = re.compile(rf"FROM {TABLE} WHERE run_id = '([0-9a-f]+)'")


def rename_geopackage(source: str | PathLike[str], name: str | PathLike[str] | None = None) -> Renamed:
    """Give a GeoPackage another name, and let the projects in it find their layers under that name.

    The projects that retorno wrote and those that an analyst saved into the file are changed alike. It is
    done as a whole or not at all.

    Parameters
    ----------
    source : path-like
        A GeoPackage that a run has written.
    name : path-like, optional
        Its new name, in the same folder: where a file lies does not matter to its projects. Without one, or
        with the one it has, only the projects are mended, for a file that was renamed or copied by other
        means.

    Returns
    -------
    Renamed

    Raises
    ------
    InputError
        If there is no such file, or it is no GeoPackage of retorno.
    OutputError
        If a file of the new name exists, the name does not end in ``.gpkg``, is too long, is not read by QGIS
        as it stands (a ``|``, ``%20``) or is in another folder, or the file is open elsewhere or cannot be
        written.

    Examples
    --------
    >>> import geopandas, tempfile
    >>> from shapely.geometry import box
    >>> from geo.outputs.gpkg.geopackage import write_geopackage
    >>> areas = geopandas.GeoDataFrame({"area_name": ["Arica"]}, geometry=[box(-70, -19, -69, -18)], crs=4326)
    >>> path = write_geopackage(areas, Path(tempfile.mkdtemp()) / "arica.gpkg")
    >>> renamed = rename_geopackage(path, "norte.gpkg")
    >>> renamed.path.name, path.exists(), renamed.projects
    ('norte.gpkg', False, ('retorno (English)', 'retorno (español)'))
    """
    old = Path(source)
    run, projects = _opened(old)
    new = old if name is None else _beside(old, Path(name))
    # On a disk that ignores case, another spelling is the same file.
    same = new.exists()
    refuse_if_open(old)
    if not same:
        refuse_if_open(new)  # a journal that a file of that name left would be taken for a part of this one
    mended = {project: _mended(content, old, new, run) for project, content in projects.items()}
    changed = {project: content for project, content in mended.items() if content is not None}
    with written_whole(old if same else new, overwrite=same) as draft:
        shutil.copyfile(old, draft)
        with closing(sqlite3.connect(draft)) as database:
            database.executemany(
                "UPDATE qgis_projects SET content = ? WHERE name = ?",
                [(content, project) for project, content in changed.items()],
            )
            database.commit()
        refuse_if_open(old)
    if new != old:
        try:
            if same:
                old.replace(new)
            else:
                old.unlink()
        except OSError as error:
            if not same:
                new.unlink()
            raise OutputError(
                "a file that is renamed can be moved", f"{old}: {error.strerror}", "close it, then repeat"
            ) from error
    return Renamed(path=new, projects=tuple(changed), unread=tuple(sorted({*mended} - {*changed})))


def _opened(path: Path) -> tuple[str | None, dict[str, object]]:
    """Read the id and the projects of a GeoPackage of ours."""
    remedy = "name one that a run has written"
    if not path.is_file():
        raise InputError(_RULE, f"no file {path}", remedy)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            known = database.execute(
                "SELECT count(*) FROM gpkg_contents WHERE table_name IN ('communes', 'dictionary')"
            ).fetchone()
            rows = database.execute("SELECT name, content FROM qgis_projects ORDER BY name").fetchall()
            run = run_id(database)
    except sqlite3.Error as error:
        raise InputError(_RULE, f"{path}: {error}", remedy) from error
    if known != (2,):
        raise InputError(_RULE, f"{path}, of other layers", remedy)
    return run, dict(rows)


def _beside(old: Path, target: Path) -> Path:
    """Take the new name for one in the folder of the file."""
    rule = "a GeoPackage is renamed within its folder"
    if target.parent != Path() and target.parent.resolve() != old.parent.resolve():
        raise OutputError(rule, str(target), "give a name alone; a file may be moved without help")
    new = old.parent / target.name
    refuse_name(new)
    alike = new.name.lower() == old.name.lower() and new.exists() and new.samefile(old)
    if new.exists() and not alike:
        raise OutputError("an existing file is never replaced unasked", str(new), "choose another name")
    return new


def _mended(content: object, old: Path, new: Path, run: str | None) -> str | bytes | None:
    """Let one project name the file rightly; None where it cannot be read."""
    # Names that the file has had: under which the project asks for the rows of this very run.
    former = {_place(value)[1] for value in values(content) if run is not None and run in _runs(value)}
    names = {old.name, *former}

    def mend(value: str) -> str:
        folder, name, rest = _place(value)
        own = _runs(value)
        if folder is None or name not in names or own - {run} or not _here(folder, old, mine=run in own):
            return value
        place = folder if folder == "." else old.parent.resolve().as_posix()
        return f"{place}/{new.name}{rest}"

    return with_values(content, mend)


def _place(source: str) -> tuple[str | None, str, str]:
    """Take a source apart: the folder, the file, and what of it is wanted; no folder where it names none."""
    head, bar, rest = source.partition("|")
    folder, slash, name = head.rpartition("/")
    return (folder if slash else None), name, bar + rest


def _runs(value: str) -> set[str]:
    return set(_RUN.findall(value))


def _here(folder: str, old: Path, *, mine: bool) -> bool:
    """Whether a source lies where the file does; a whole path to the rows of this run may be out of date."""
    return folder == "." or mine or Path(folder) == old.parent.resolve()
