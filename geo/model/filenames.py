"""Names of the files of a run: each begins with the short name of its result, so that runs share a folder."""

from __future__ import annotations

from collections.abc import Iterable

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
DRAWN = ("map_rate", "map_groups", "map_clusters", "intervals", "funnel", "moran", "lorenz", "support")
"""Every figure there may be."""


def file_name(slug: str, kind: str) -> str:
    """Name one file of a run, or the folder of its figures.

    Examples
    --------
    >>> file_name("chile-2016", "geopackage"), file_name("chile-2016", "figures")
    ('chile-2016.gpkg', 'chile-2016-figures')
    """
    return slug + (ENDINGS | SUPPORT | PDF | {"figures": FIGURES})[kind]


def figure_names(slug: str, drawn: Iterable[str] = DRAWN) -> dict[str, str]:
    """Name the files of figures: of those drawn, or of all there may be.

    Examples
    --------
    >>> figure_names("a", ["lorenz"])
    {'figure:lorenz.svg': 'a-figures/lorenz.svg', 'figure:lorenz.png': 'a-figures/lorenz.png'}
    """
    files = [f"{name}.{suffix}" for name in drawn for suffix in ("svg", "png")]
    return {f"figure:{file}": f"{file_name(slug, 'figures')}/{file}" for file in files}
