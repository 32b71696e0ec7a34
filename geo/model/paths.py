"""How files are named by whoever calls."""

from __future__ import annotations

from os import PathLike

PathOrName = str | PathLike[str]
"""A path, or in text what else may stand for one: the name of a study, of a series, ``schematic``."""
