"""The form in which QGIS keeps styles, metadata and projects: XML with a document type of its own."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, indent, tostring

STANDARD = "http://mrcc.com/qgis.dtd"
"""Names the document type."""

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # not even escaped, in XML


def qgis_document(root: Element) -> str:
    r"""Write a document of QGIS as text; letters that XML cannot hold are left out.

    Examples
    --------
    >>> print(qgis_document(Element("qgis", title="Uno\x02 & dos")))
    <!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
    <qgis title="Uno &amp; dos" />
    """
    indent(root, " ")
    text = tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC '{STANDARD}' 'SYSTEM'>\n" + _UNREADABLE.sub("", text)
