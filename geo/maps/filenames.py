"""Names of the files of a run: each begins with the short name of its result, so that runs share a folder."""

from __future__ import annotations

ENDINGS = {
    "map": "-map.html",
    "report": "-report.html",
    "geopackage": ".gpkg",
    "csv": "-communes.csv",
    "xlsx": "-communes.xlsx",
    "manifest": "-manifest.json",
}
"""What every run writes, by kind."""
SUPPORT = {"support": "-support_gaps.csv"}
"""Written where there is an inventory of support."""
PDF = {"pdf": "-report.pdf"}
FIGURES = "-figures"
"""Folder of the report's figures."""


def file_name(slug: str, kind: str) -> str:
    """Name one file of a run, or the folder of its figures.

    Examples
    --------
    >>> file_name("chile-2016", "geopackage"), file_name("chile-2016", "figures")
    ('chile-2016.gpkg', 'chile-2016-figures')
    """
    return slug + (ENDINGS | SUPPORT | PDF | {"figures": FIGURES})[kind]
