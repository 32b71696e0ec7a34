"""Projects that were saved into a GeoPackage: they follow its layers into the file of a new run."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from xml.sax.saxutils import escape

# A whole text or the whole value of an attribute, of which a source is one.
_VALUE = re.compile(r'(?<=>)[^<]+(?=<)|(?<==")[^"<]+(?=")')


def followed(content: object, *, run: str | None, new_run: str, file: str) -> object:
    """Let a project ask for the rows of another run, in the file that now holds it.

    Sources that ask for the rows of the old run are changed, letter by letter, and nothing else. What is in
    no form that is known stays as it is.

    Parameters
    ----------
    content : object
        As ``qgis_projects`` holds it: a ``.qgz`` or ``.qgs`` file written in hexadecimal.
    run, new_run : str
        Ids of the two runs; there is none in files that were written before there were ids.
    file : str
        Name of the GeoPackage.

    Examples
    --------
    >>> source = "./a.gpkg|layername=x|subset=EXISTS (SELECT 1 FROM retorno_run WHERE run_id = '0f')"
    >>> project = f"<qgis><datasource>{source}</datasource></qgis>".encode().hex()
    >>> changed = followed(project, run="0f", new_run="1e", file="b.gpkg")
    >>> bytes.fromhex(changed).decode()[18:39], "'1e'" in bytes.fromhex(changed).decode()
    ('./b.gpkg|layername=x|', True)
    """
    if run is None or not isinstance(content, str | bytes):
        return content
    try:
        stored = bytes.fromhex(content if isinstance(content, str) else content.decode())
        packed = zipfile.is_zipfile(io.BytesIO(stored))
        made = _packed(stored, run, new_run, file) if packed else _document(stored, run, new_run, file)
    except (ValueError, zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError):
        return content
    return made.hex() if isinstance(content, str) else made.hex().encode()


def _packed(stored: bytes, run: str, new_run: str, file: str) -> bytes:
    """Change the project within its zip file, and nothing else there."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(stored)) as before, zipfile.ZipFile(made, "w") as after:
        for entry in before.infolist():
            held = before.read(entry)
            document = entry.filename.lower().endswith(".qgs")
            after.writestr(entry, _document(held, run, new_run, file) if document else held)
        after.comment = before.comment
    return made.getvalue()


def _document(stored: bytes, run: str, new_run: str, file: str) -> bytes:
    asks, now = f"run_id = '{run}'", f"run_id = '{new_run}'"

    def follow(found: re.Match[str]) -> str:
        value = unescape(found.group())
        if asks not in value:
            return found.group()
        place, bar, rest = value.partition("|")
        if bar and place.startswith("./"):
            place = f"./{file}"
        return escape(place + bar + rest.replace(asks, now), {'"': "&quot;"})

    return _VALUE.sub(follow, stored.decode("utf-8")).encode()
