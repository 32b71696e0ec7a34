"""The two streams a command speaks to: whatever their encoding, full, closed, or read by nobody any more."""

from __future__ import annotations

import errno
import os
import sys
from typing import TextIO

from geo.controls import without_controls
from geo.errors import OutputError

# Plain near-equivalents of signs that an encoding may lack. A letter has none: "año" is not "ano".
PLAIN = {
    **dict.fromkeys("−–—‐‑‒―─", "-"),
    **dict.fromkeys("’‘‚′", "'"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " "),
    **dict.fromkeys("│├└", "|"),
    **{"…": "...", "≤": "<=", "≥": ">=", "×": "x", "±": "+/-", "≈": "~", "≠": "!=", "→": "->", "←": "<-"},
    **{"·": ".", "•": "*", "²": "2", "³": "3", "¹": "1", "°": " deg", "¡": "!", "√": "sqrt", "†": "+"},
    **{"\u200b": "", "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": "", "\u00ad": "", "\ufeff": ""},
}
# Windows tells of a reader that went away as of an invalid argument.
GONE = {errno.EPIPE, errno.ESHUTDOWN} | ({errno.EINVAL} if sys.platform == "win32" else set())


def say(text: str) -> None:
    """Say on standard output what a command found.

    A stream that is closed, or whose reader has gone, is nobody who could be told: that is no fault.

    Raises
    ------
    OutputError
        If standard output takes no more, as on a full disk.
    """
    if (reason := _tell(sys.stdout, text + "\n")) is not None:
        raise OutputError(
            "standard output takes what a command says", reason, "free some space, or send it elsewhere"
        )


def complain(text: str) -> None:
    """Say one line on standard error; where nobody can be told, the exit status alone speaks."""
    _tell(sys.stderr, f"{without_controls(text)}\n")


def redraw(line: str, *, last: bool) -> None:
    """Draw a line of progress over the one before it."""
    _tell(sys.stderr, without_controls(line) + ("\n" if last else ""), over="\r")


def keep_places() -> None:
    """Hold the places of streams that are closed, lest a file opened later is taken for one of them.

    What a library in C prints would be written into that file.
    """
    for place in (0, 1, 2):
        try:
            os.fstat(place)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest place that is free


def is_watched() -> bool:
    """Tell whether a person sees standard error, so that progress is worth a line."""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except (OSError, ValueError):  # closed meanwhile
        return False


def told_in(text: str, encoding: str | None) -> str:
    """Put a text into letters that an encoding has; None takes all.

    Examples
    --------
    >>> told_in("Ñuñoa − 3 km² …", "cp1252"), told_in("Ñuñoa − 3 km² …", "ascii")
    ('Ñuñoa - 3 km² ...', '?u?oa - 3 km2 ...')
    """
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return "".join(_letter(letter, encoding or "utf-8") for letter in text)
    except LookupError:
        return "".join(_letter(letter, "ascii") for letter in text)
    return text


def _letter(letter: str, encoding: str) -> str:
    for one in (letter, PLAIN.get(letter, "?")):
        try:
            one.encode(encoding)
        except UnicodeEncodeError:
            continue
        return one
    return "?"


def _tell(stream: TextIO | None, text: str, *, over: str = "") -> str | None:
    """Write to a stream, at once; give why it took nothing, or None."""
    if stream is None or stream.closed:
        return None
    readable = told_in(without_controls(text, lines=True), getattr(stream, "encoding", None))
    try:
        stream.write(over + readable)
        stream.flush()
    except OSError as error:
        _let_go(stream)
        # EBADF: whoever started the command closed the stream behind Python's back.
        return None if error.errno in {*GONE, errno.EBADF} else str(error.strerror or error)
    return None


def _let_go(stream: TextIO) -> None:
    """Send what is left in a stream nowhere: the interpreter would try again as it ends, and tell of it."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # a stream of Python's own, behind which there is no file
        return
