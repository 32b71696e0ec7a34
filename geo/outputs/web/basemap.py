"""An online base map under the areas: an option of the page, which never needs it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from geo.errors import OutputError

_RULE = "a base map is the https address of its tiles, with {z}, {x} and {y}"
_REMEDY = "give it as https://tiles.example.org/{z}/{x}/{y}.png"
_HOST = re.compile(r"(\{s\}\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?", re.IGNORECASE)


def tile_source(address: str) -> str:
    """Check an address of tiles and give the source that the page may then load images from.

    Parameters
    ----------
    address : str
        ``https://`` with ``{z}``, ``{x}``, ``{y}``; ``{s}.`` in front of the host where there are several.

    Returns
    -------
    str
        Scheme and host as a content security policy names them.

    Raises
    ------
    OutputError
        If it is no such address.

    Examples
    --------
    >>> tile_source("https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    'https://*.tiles.example.org'
    """
    parts = urlsplit(address)
    braces = set(re.findall(r"\{(\w+)\}", address))
    plain = re.fullmatch(r"[\w\-.~:/?#\[\]@!$&()*+,=%{}]+", address)
    if (
        parts.scheme != "https"
        or not plain
        or not {"x", "y", "z"} <= braces <= {"x", "y", "z", "s", "r"}
        or not _HOST.fullmatch(parts.netloc)
    ):
        raise OutputError(_RULE, repr(address), _REMEDY)
    return f"https://{parts.netloc.replace('{s}', '*')}"
