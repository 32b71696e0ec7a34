r"""Control characters: letters that command a terminal, reverse a line or break a file.

Names, headers and values of tables and layers lose them once, at the door by which they come in, so that
every output holds the same text and ids of both sides still match. Errors lose them as they are made, since
they quote what came.
"""

from __future__ import annotations

import re

_BLANK = re.compile("\r\n|[\t-\r\x1c-\x1f\x85\u2028\u2029]")  # parts words, or would begin a line of its own
_LINE = re.compile("\r\n|[\r\x85\u2028\u2029]")
# C0 and C1 controls, embeddings and overrides of the direction of writing, and what is no character at all.
_COMMAND = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]"
)
_HALF = re.compile("[\ud800-\udfff]")  # half of a letter, or a byte of a file's name that is no text
_UNSHOWN = re.compile(f"{_COMMAND.pattern}|[\x85\u2028\u2029]|{_HALF.pattern}")
_MEANT = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}


def escaped(json: str) -> str:
    r"""Write what commands a terminal as JSON can: exactly, and without standing there itself.

    Examples
    --------
    >>> escaped('"a\x9b1m\u202e"')
    '"a\\u009b1m\\u202e"'
    """
    return _UNSHOWN.sub(lambda match: f"\\u{ord(match[0]):04x}", json)


def without_controls(text: str, *, lines: bool = False) -> str:
    r"""Give a text as one line without control characters.

    What parts words becomes a blank; the direction of writing is not overridden; half a letter becomes the
    sign for an unreadable one. Codes 80 to 9F are read as the letters that Windows means by them, which is
    how they get into tables.

    Parameters
    ----------
    text : str
    lines : bool
        Whether line ends stay, as ``\n``, and tabs.

    Examples
    --------
    >>> without_controls("\x1b[31mArica\x1b[0m\r\nNorte"), without_controls("O\x92Higgins\u202e")
    ('[31mArica[0m Norte', 'O’Higgins')
    >>> without_controls("caf\udce9.csv"), without_controls("a\r\nb\x07", lines=True)
    ('caf�.csv', 'a\nb')
    """
    if text.isprintable():  # so are nearly all, and there are many
        return text
    text = _LINE.sub("\n", text) if lines else _BLANK.sub(" ", text)
    text = _COMMAND.sub(lambda found: _MEANT.get(ord(found[0]), ""), text)
    return _HALF.sub("\ufffd", text)
