"""Formats in which the layers of a GeoPackage are written too: one module of `geo.outputs.formats` each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from geo.errors import OutputError
from geo.model.filenames import ENDINGS, PDF, SUPPORT, figure_names, file_name
from geo.model.schema import SPATIAL
from geo.outputs import formats

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, kw_only=True)
class LayerFormat:
    """One format: what it is called, what it is for, and how a layer is written in it."""

    name: str
    """As it is asked for."""
    title: str
    suffix: str
    """Of a file's name."""
    purpose: Mapping[str, str]
    """What a file of it is for, by language."""
    write: Callable[[gpd.GeoDataFrame, Path, str, str], None]
    """Writes a frame to a path, with the name of the layer and what it says of itself."""
    needs: str = ""
    """Module that it needs beyond what is installed always."""
    extra: str = ""
    """Extra of the distribution that brings it."""


def layer_formats() -> dict[str, LayerFormat]:
    """List the formats by name.

    Examples
    --------
    >>> {name: kind.suffix for name, kind in layer_formats().items()}
    {'geojson': '.geojson', 'geoparquet': '.parquet'}
    """
    return dict(_shipped())


@cache
def _shipped() -> dict[str, LayerFormat]:
    modules = sorted(module.name for module in iter_modules(formats.__path__))
    kinds = [import_module(f"{formats.__name__}.{name}").FORMAT for name in modules]
    return {kind.name: kind for kind in kinds}


def known_formats(formats: Iterable[str]) -> list[str]:
    """Check that formats are known and their libraries are there, before any work is done.

    Raises
    ------
    OutputError
        If a format is not known, or needs a library that is not installed.

    Examples
    --------
    >>> known_formats(["geojson", "geojson"])
    ['geojson']
    """
    chosen = list(dict.fromkeys(formats))
    for name in chosen:
        kind = layer_formats().get(name)
        if kind is None:
            remedy = "name " + " or ".join(layer_formats())
            raise OutputError("layers are exported as known formats", repr(name), remedy)
        if kind.needs and find_spec(kind.needs) is None:
            raise OutputError(
                f"{kind.title} is written by {kind.needs}",
                "a Python without it",
                f"install it with: pip install 'retorno[{kind.extra}]'",
            )
    return chosen


def format_names(slug: str, formats: Iterable[str], layers: Iterable[str] = SPATIAL) -> dict[str, str]:
    """Name the files of layers in further formats, by format and layer.

    Examples
    --------
    >>> format_names("chile-2016", ["geojson"], ["communes"])
    {'geojson:communes': 'chile-2016-communes.geojson'}
    """
    named = list(layers)
    return {
        f"{kind}:{layer}": f"{slug}-{layer}{layer_formats()[kind].suffix}"
        for kind in formats
        for layer in named
    }


def possible_names(slug: str, formats: Iterable[str] = ()) -> dict[str, str]:
    """Name every file that a run may write.

    Examples
    --------
    >>> names = possible_names("a", ["geojson"])
    >>> names["map"], names["pdf"], names["geojson:points"], names["figure:moran.svg"]
    ('a-map.html', 'a-report.pdf', 'a-points.geojson', 'a-figures/moran.svg')
    """
    plain = {kind: file_name(slug, kind) for kind in ENDINGS | SUPPORT | PDF}
    return plain | figure_names(slug) | format_names(slug, formats)
