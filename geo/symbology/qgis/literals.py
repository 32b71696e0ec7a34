"""Text from outside in the forms that QGIS shows letter by letter, wherever it would compute or mark up.

Names of files, areas and columns, titles and attributions are of whoever made them. Each place of a project
that reads more into a text than its letters has its function here.
"""

from __future__ import annotations

import re


def template_text(said: str) -> str:
    """Write text for a place where QGIS computes what stands between ``[%`` and ``%]``: labels, notes.

    Examples
    --------
    >>> template_text("x [% 40+2 %]")
    "x [[% '%' %] 40+2 %]"
    """
    # Of each opening mark the second sign is computed, so that none is left to open anything.
    return said.replace("[%", "[[% '%' %]")


def markup_text(said: str) -> str:
    """Write text for a place that QGIS shows as HTML without escaping it: what a layer says of itself.

    Examples
    --------
    >>> markup_text("A & B <img src=x> &lt;")
    'A & B &lt;img src=x> &amp;lt;'
    """
    # No more than needed: the same text stands as it is in the editor of the metadata.
    return re.sub("&(?=#?[A-Za-z0-9]+;)", "&amp;", said).replace("<", "&lt;")


def heading_text(said: str) -> str:
    """Write text for a place that is plain, unless Qt finds that it looks like HTML: names of fields.

    Examples
    --------
    >>> heading_text("<b>n</b>").replace(chr(0x2060), "|")
    '<|b>n<|/b>'
    """
    # A word joiner has no width, and is not what a tag begins with.
    return said.replace("<", "<\u2060")


def string(said: str) -> str:
    """Write a text as an expression of QGIS.

    Examples
    --------
    >>> string("O'Higgins")
    "'O''Higgins'"
    """
    # A backslash begins an escape in QGIS.
    return "'" + said.replace("\\", "\\\\").replace("'", "''") + "'"


def field(name: str) -> str:
    """Write the name of a field as an expression of QGIS.

    Examples
    --------
    >>> print(field('a "b" c'))
    "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'
