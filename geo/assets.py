"""The one module that knows where shipped files are.

A wheel carries the asset folders under ``geo/_shipped``; a checkout (and an editable install) has them
beside the package. Every room asks here and never builds such a path itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Room = Literal["boundaries", "data", "maps"]


def asset(room: Room, name: str) -> Traversable:
    """Find one shipped file, in a wheel, a zip or a checkout.

    Raises
    ------
    FileNotFoundError
        If the installation is damaged: shipped files are part of the package.

    Examples
    --------
    >>> asset("boundaries", "contiguity.csv").is_file()
    True
    """
    package = files("geo")
    for folder in (package / "_shipped" / room, Path(str(package)).parent / room):
        candidate = folder / name
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"shipped file {room}/{name} is missing: reinstall retorno")


def asset_text(room: Room, name: str) -> str:
    """Read one shipped text file (UTF-8)."""
    return asset(room, name).read_text(encoding="utf-8")


def asset_table(room: Room, name: str, **kinds: type) -> pd.DataFrame:
    """Read one shipped table (CSV): every column as text, but for those whose type is named.

    Examples
    --------
    >>> asset_table("data", "poverty_2017.csv", share=float).columns.tolist()[:3]
    ['cut', 'people', 'share']
    """
    import pandas as pd

    columns: defaultdict[str, type] = defaultdict(lambda: str, kinds)
    return pd.read_csv(StringIO(asset_text(room, name)), dtype=columns)


@contextmanager
def asset_path(room: Room, name: str) -> Iterator[Path]:
    """Give a shipped file a real path for as long as the block runs; GDAL needs one."""
    with as_file(asset(room, name)) as path:
        yield path
