"""What an analyst saved into a GeoPackage goes on into the file of a new run, or the run is refused.

Carried are styles, projects, tables and layers of their own, and their choice of a default style. What cannot
be brought together with a new result (edited layers of the old one, views, relations) is a refusal that
names it. Nothing is left out in silence.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from xml.etree.ElementTree import ParseError, fromstring

from geo.errors import OutputError
from geo.model.preserved import Carried
from geo.outputs.gpkg.ownership import CARRIED, LAYERS, TABLE, Thing, added, changed, contents, more_fields
from geo.outputs.gpkg.runidentity import only_of, run_id
from geo.outputs.gpkg.storedprojects import with_values
from geo.outputs.gpkg.tablecopy import copy_codes, copy_tables
from geo.text.labels import Lang, text

LONGEST = 30
"""Letters of the name of a style, as QGIS has it."""

_RULE = "what an analyst saved into a GeoPackage is never lost to a new run"
_REMEDY = (
    "save it under another name in QGIS, or give the file another name (retorno rename), "
    "or write to another folder"
)
# Programs replace these when a file is edited; they hold nothing of a person's.
_OURS = "|".join(LAYERS)
_UPKEEP = re.compile(rf"(rtree_({_OURS})_geom_\w+|trigger_(insert|delete)_feature_count_({_OURS}))$")
_DRAWING_TAGS = (
    *("renderer-v2", "renderer-3d", "labeling", "SingleCategoryDiagramRenderer"),
    *("LinearlyInterpolatedDiagramRenderer", "StackedDiagramRenderer", "mapTip", "previewExpression"),
)
"""Parts of a style that draw, as opposed to lists of all fields of a layer."""


def refuse_losses(path: Path) -> None:
    """Refuse to replace a GeoPackage with something in it that could not be carried over.

    Raises
    ------
    OutputError
        If it holds such a thing, or cannot be read as a GeoPackage.

    Examples
    --------
    >>> refuse_losses(Path("not-there.gpkg"))
    """
    if not path.exists() or not path.stat().st_size:
        return
    with _opened(path) as database:
        lost = _lost(database)
    if lost:
        raise _refusal(path, lost)


def carry_over(old: Path, new: Path, *, file: str, lang: Lang) -> list[Carried]:
    """Bring what is of an analyst in one GeoPackage into another, which is finished but for that.

    Where there is nothing of the kind the new file is not touched.

    Parameters
    ----------
    old : Path
        The file that will be replaced; it is only read, and nobody has it open.
    new : Path
        The new file, at the place where it is made.
    file : str
        The name that the new file will have.
    lang : {"es", "en"}
        Language of names that are made to tell an edited thing from ours.

    Returns
    -------
    list of Carried

    Raises
    ------
    OutputError
        If something could not be carried over. The old file is as it was; the new one is then of no use.
    """
    if not old.exists() or not old.stat().st_size:
        return []
    with _opened(old) as before:
        lost = _lost(before)
        if lost:
            raise _refusal(old, lost)
        mine = [*added(before), *(thing for thing in changed(before) if thing[0] in ("style", "project"))]
        chosen = _chosen_defaults(before)
        if not mine and not chosen:
            return []
        with closing(sqlite3.connect(new)) as after:
            try:
                carried = _carried(before, after, mine, chosen, file=file, lang=lang)
            except sqlite3.Error as error:
                raise _refusal(old, [str(error)]) from error
            after.executemany(
                f"INSERT OR REPLACE INTO {TABLE} VALUES (?, ?, '')",
                [(CARRIED, json.dumps(vars(one), ensure_ascii=False)) for one in carried],
            )
            after.commit()
    return carried


def carried_into(path: Path) -> list[Carried]:
    """Tell what a GeoPackage has from the one it replaced.

    Examples
    --------
    >>> carried_into(Path("not-there.gpkg"))
    []
    """
    if not path.exists():
        return []
    try:
        with _opened(path) as database:
            rows = database.execute(f"SELECT name FROM {TABLE} WHERE kind = ?", (CARRIED,)).fetchall()
    except (sqlite3.Error, OutputError):
        return []
    records = [json.loads(name) for (name,) in rows]
    return [Carried(**one | {"missing": tuple(one["missing"])}) for one in records]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a GeoPackage to read it, without a journal beside it; refuse what is none."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        try:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            received = f"{path}, which cannot be read: {error}"
            raise OutputError(_RULE, received, "rename or delete it, then repeat") from error
        yield database


def _refusal(path: Path, lost: Sequence[str]) -> OutputError:
    shown = ", ".join(lost[:8]) + (f" and {len(lost) - 8} more" if len(lost) > 8 else "")
    return OutputError(_RULE, f"{path}, with {shown}", _REMEDY)


def _lost(database: sqlite3.Connection) -> list[str]:
    """Name what could not be carried over, in words."""
    owner = dict(database.execute("SELECT name, tbl_name FROM sqlite_master WHERE type <> 'table'"))
    own = {name for kind, name in added(database) if kind == "table"}
    lost = []
    for kind, name in changed(database):
        if kind == "layer":
            fields = more_fields(database, name)
            what = f"a new field {', '.join(fields)} in" if fields else "changed rows in"
            lost.append(f"{what} layer {name}")
        elif kind in ("title", "fields", "codes"):
            lost.append(f"changed {_WORDS[kind]} of {name}")
        elif kind == "metadata":
            lost.append(f"changed metadata of {_documented(database, name)}")
    for kind, name in added(database):
        if kind == "view":
            lost.append(f"the view {name}")
        elif kind in ("trigger", "index") and owner[name] not in own and not _UPKEEP.match(name):
            lost.append(f"the {kind} {name} on {owner[name]}")
        elif kind == "table":
            lost += _uncarried_table(database, name)
        elif kind == "fields" and name not in own:
            lost.append(f"described fields of {name}")
        elif kind == "metadata" and not _made_by_gdal(database, name):
            about = _documented(database, name)
            if about not in own:
                lost.append(f"metadata of their own on {about or 'the file'}")
    return list(dict.fromkeys(lost))


_WORDS = {"title": "title or description", "fields": "descriptions of fields", "codes": "the codes"}


def _uncarried_table(database: sqlite3.Connection, name: str) -> list[str]:
    ((sql,),) = database.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
    if name == "gpkgext_relations":
        return ["relations between tables"]
    if name.lower() in LAYERS and name not in LAYERS:
        return [f"a table {name}"]
    virtual = re.match(r"CREATE VIRTUAL TABLE\b.*?\bUSING\s+(\w+)", sql, re.IGNORECASE | re.DOTALL)
    if virtual and virtual[1].lower() != "rtree":
        return [f"the virtual table {name}"]
    return []


def _documented(database: sqlite3.Connection, number: str) -> str:
    """Name the layer that a row of metadata is about; empty where it is about the file."""
    sql = "SELECT table_name FROM gpkg_metadata_reference WHERE md_file_id = ? AND table_name IS NOT NULL"
    row = database.execute(sql, (number,)).fetchone()
    return str(row[0]) if row else ""


def _made_by_gdal(database: sqlite3.Connection, number: str) -> bool:
    """Tell the copies that GDAL makes of our metadata from what a person wrote into it."""
    sql = "SELECT md_standard_uri, metadata FROM gpkg_metadata WHERE id = ?"
    ((standard, metadata),) = database.execute(sql, (number,))
    keys = set(re.findall(r'<MDI key="([^"]*)"', metadata))
    return standard == "http://gdal.org" and all(key.startswith("GPKG_METADATA_ITEM_") for key in keys)


def _chosen_defaults(database: sqlite3.Connection) -> dict[str, str]:
    """Give the default style of each layer of ours for which somebody chose another than we did."""
    layers = [name for kind, name in changed(database) if kind == "default"]
    sql = "SELECT styleName FROM layer_styles WHERE f_table_name = ? AND useAsDefault ORDER BY id DESC"
    return {layer: str(database.execute(sql, (layer,)).fetchone()[0]) for layer in layers}


def _carried(
    before: sqlite3.Connection,
    after: sqlite3.Connection,
    mine: Iterable[Thing],
    chosen: dict[str, str],
    *,
    file: str,
    lang: Lang,
) -> list[Carried]:
    named: dict[str, list[str]] = {}
    for kind, name in mine:
        named.setdefault(kind, []).append(name)
    there = {name.lower() for kind, name in contents(after) if kind == "table"}
    clash = [name for name in named.get("table", []) if name.lower() in there]
    if clash:
        raise sqlite3.IntegrityError(f"a table {clash[0]}, whose name a layer of the new run has")
    tables = copy_tables(before, after, named.get("table", []))
    copy_codes(before, after, named.get("codes", []))
    carried = [Carried(kind="table", name=name) for name in tables]
    carried += _styles(before, after, named.get("style", []), chosen, lang)
    carried += _projects(before, after, named.get("project", []), file, lang)
    return carried


def _styles(
    before: sqlite3.Connection,
    after: sqlite3.Connection,
    mine: Iterable[str],
    chosen: dict[str, str],
    lang: Lang,
) -> list[Carried]:
    """Carry styles over, and the choice of a default among them or among ours."""
    carried, defaults = [], dict(chosen)
    fields = "f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD"
    more = "description, owner, ui, update_time"
    for layer, name in map(json.loads, mine):
        sql = (
            f"SELECT {fields}, {more} FROM layer_styles WHERE f_table_name = ? AND styleName = ? ORDER BY id"
        )
        for row in before.execute(sql, (layer, name)).fetchall():
            taken = {one for (one,) in after.execute(_STYLES_OF, (layer,))}
            new_name = _free(name, taken, lang, LONGEST)
            after.execute(
                f"INSERT INTO layer_styles ({fields}, {more}, useAsDefault) "
                f"VALUES ({', '.join('?' * len(row))}, 0)",
                (*row[:4], new_name, *row[5:]),
            )
            missing = _missing(before, after, layer, str(row[5]))
            carried.append(Carried(kind="style", name=new_name, layer=layer, missing=missing))
            if chosen.get(layer) == name or _is_default(before, layer, name):
                defaults[layer] = "" if missing else new_name
    for layer, name in defaults.items():
        if name and name in {one for (one,) in after.execute(_STYLES_OF, (layer,))}:
            after.execute(
                "UPDATE layer_styles SET useAsDefault = (styleName = ?) WHERE f_table_name = ?", (name, layer)
            )
            if not any((one.layer, one.name) == (layer, name) for one in carried):
                carried.append(Carried(kind="default", name=name, layer=layer))
    return carried


_STYLES_OF = "SELECT styleName FROM layer_styles WHERE f_table_name = ?"


def _is_default(database: sqlite3.Connection, layer: str, name: str) -> bool:
    sql = "SELECT styleName FROM layer_styles WHERE f_table_name = ? AND useAsDefault ORDER BY id DESC"
    return bool(database.execute(sql, (layer,)).fetchone() == (name,))


def _missing(before: sqlite3.Connection, after: sqlite3.Connection, layer: str, qml: str) -> tuple[str, ...]:
    """Name columns that a style draws with and that the new layer does not have."""
    old, new = ({name for (name,) in db.execute(_COLUMNS, (layer,))} for db in (before, after))
    try:
        root = fromstring(qml)
    except ParseError:
        return ()
    listed = {alias.get("field") for alias in root.iterfind("aliases/alias")}
    listed |= {field.get("name") for field in root.iterfind("fieldConfiguration/field")}
    parts = [part for tag in _DRAWING_TAGS for top in root.iterfind(tag) for part in top.iter()]
    drawing = "\n".join(value for part in parts for value in (*part.attrib.values(), part.text or ""))
    gone = {name for name in listed | old if name} - new
    return tuple(sorted(name for name in gone if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", drawing)))


_COLUMNS = "SELECT name FROM pragma_table_info(?)"


def _projects(
    before: sqlite3.Connection, after: sqlite3.Connection, mine: Iterable[str], file: str, lang: Lang
) -> list[Carried]:
    run, new_run = run_id(before), run_id(after) or ""
    carried = []
    for name in mine:
        sql = "SELECT metadata, content FROM qgis_projects WHERE name = ?"
        ((metadata, content),) = before.execute(sql, (name,)).fetchall()
        new_name = _free(name, {one for (one,) in after.execute("SELECT name FROM qgis_projects")}, lang)
        content = _followed(content, run, new_run, file)
        after.execute("INSERT INTO qgis_projects VALUES (?, ?, ?)", (new_name, metadata, content))
        carried.append(Carried(kind="project", name=new_name))
    return carried


def _followed(content: object, run: str | None, new_run: str, file: str) -> object:
    """Let a project ask for the rows of the new run, in the file that holds it; what is not read stays."""
    if run is None:
        return content
    asks, now = only_of(run), only_of(new_run)

    def follow(value: str) -> str:
        place, bar, rest = value.partition("|")
        if asks not in rest:
            return value
        return (f"./{file}" if place.startswith("./") else place) + bar + rest.replace(asks, now)

    return with_values(content, follow) or content


def _free(name: str, taken: set[str], lang: Lang, longest: int | None = None) -> str:
    """Name an edited thing so that it differs from ours; keep the name where nobody else has it."""
    number, candidate = 1, name
    while candidate in taken:
        suffix = text("carried.edited", lang) + (f" {number}" if number > 1 else "")
        room = longest and longest - len(suffix) - 2
        candidate, number = f"{name[:room].rstrip()}, {suffix}", number + 1
    return candidate
