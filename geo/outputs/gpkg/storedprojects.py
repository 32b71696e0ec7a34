"""Projects as a GeoPackage stores them: values in them are changed letter by letter, and nothing else.

QGIS stores a project as the bytes of a ``.qgz`` or a ``.qgs`` file, written in hexadecimal.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html import unescape

# A whole text or the whole value of an attribute, of which a source is one; QGIS leaves ">" in both as it is.
_VALUE = re.compile(r'(?<=>)[^<]+(?=<)|(?<==")[^"<]+(?=")')
_LARGEST = 2**28  # bytes of a project when unpacked


def with_values(content: object, change: Callable[[str], str]) -> str | bytes | None:
    """Change texts and values of attributes of a stored project.

    Parameters
    ----------
    content : object
        As ``qgis_projects`` holds it.
    change : callable
        Gives what a value is to be; the same where it is to stay.

    Returns
    -------
    str, bytes or None
        In the form of `content`; None where that is in no form that is known.

    Examples
    --------
    >>> stored = b'<qgis name="a">a &amp; b</qgis>'.hex()
    >>> bytes.fromhex(with_values(stored, lambda value: value.replace("&", "<"))).decode()
    '<qgis name="a">a &lt; b</qgis>'
    >>> with_values("no project", str) is None
    True
    """
    made = _rewritten(content, lambda document: _changed(document, change))
    if made is None:
        return None
    return made.hex() if isinstance(content, str) else made.hex().encode()


def values(content: object) -> Iterator[str]:
    """Give the texts and the values of attributes of a stored project; none where it cannot be read.

    Examples
    --------
    >>> list(values(b'<qgis name="a">a &amp; b</qgis>'.hex()))
    ['a', 'a & b']
    """
    texts: list[str] = []

    def keep(value: str) -> str:
        texts.append(value)
        return value

    with_values(content, keep)
    yield from texts


def _rewritten(content: object, change: Callable[[bytes], bytes]) -> bytes | None:
    if not isinstance(content, str | bytes):
        return None
    try:
        stored = bytes.fromhex(content if isinstance(content, str) else content.decode())
        return _packed(stored, change) if zipfile.is_zipfile(io.BytesIO(stored)) else change(stored)
    except (ValueError, zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError):
        return None


def _packed(stored: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change the project within its zip file, and nothing else there."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(stored)) as before, zipfile.ZipFile(made, "w") as after:
        if sum(entry.file_size for entry in before.infolist()) > _LARGEST:
            raise ValueError("larger than any project is")
        for entry in before.infolist():
            held = before.read(entry)
            after.writestr(entry, change(held) if entry.filename.lower().endswith(".qgs") else held)
        after.comment = before.comment
    return made.getvalue()


def _changed(document: bytes, change: Callable[[str], str]) -> bytes:
    text = document.decode("utf-8")
    if "<qgis" not in text:
        raise ValueError("no project of QGIS")

    def changed(match: re.Match[str]) -> str:
        value = unescape(match.group())
        now = change(value)
        if now == value:
            return match.group()
        now = now.replace("&", "&amp;").replace("<", "&lt;")
        within_tag = text[match.start() - 1] == '"'
        return now.replace('"', "&quot;") if within_tag else now

    return _VALUE.sub(changed, text).encode()
