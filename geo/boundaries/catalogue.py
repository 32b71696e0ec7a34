"""The official layers that can be downloaded, as ``boundaries/catalogue.toml`` lists them."""

from __future__ import annotations

import os
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from geo.assets import asset_text
from geo.boundaries.cache import layers_folder, read_record
from geo.controls import without_controls
from geo.errors import BoundaryError
from geo.model.polygons import Source


def catalogue() -> dict[str, Source]:
    """List the known sources by name.

    An office with a copy of its own names a TOML file of the same form in ``RETORNO_CATALOGUE``; its
    entries are added, and replace shipped ones of the same name.

    Raises
    ------
    BoundaryError
        If that file cannot be read.

    Examples
    --------
    >>> list(catalogue()), catalogue()["dpa"].code
    (['bcn', 'dpa', 'geoboundaries', 'hdx'], 'CUT_COM')
    """
    entries = tomllib.loads(asset_text("boundaries", "catalogue.toml"))
    own = os.environ.get("RETORNO_CATALOGUE")
    if own:
        entries |= _own_entries(Path(own))
    return {name: _source(name, entry) for name, entry in entries.items()}


def find_source(name: str) -> Source:
    """Look up one source.

    Raises
    ------
    BoundaryError
        If there is none of that name.

    Examples
    --------
    >>> find_source("hdx").licence
    'CC BY-IGO'
    """
    known = catalogue()
    if name.lower() in known:
        return known[name.lower()]
    near = get_close_matches(name.lower(), known, n=1)
    hint = f"did you mean {near[0]}?" if near else "name one of them"
    raise BoundaryError("a source is one of " + ", ".join(known), repr(name), hint)


def listed_sources() -> list[tuple[Source, str | None]]:
    """List the official sources, each with the day on which it came into the cache, or None.

    Examples
    --------
    >>> [source.name for source, _ in listed_sources()][:2]
    ['bcn', 'dpa']
    """
    records = {name: read_record(layers_folder() / f"{name}.gpkg") for name in catalogue()}
    return [
        (source, record["provenance"]["downloaded"] if (record := records[name]) else None)
        for name, source in catalogue().items()
    ]


def default_source() -> Source:
    """Give the source that a run tries first.

    Examples
    --------
    >>> default_source().name
    'bcn'
    """
    known = catalogue().values()
    return next((s for s in known if s.default), next(iter(known)))


def _own_entries(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BoundaryError(
            "RETORNO_CATALOGUE names a TOML file of sources", f"{file}: {error}", "correct it or unset it"
        ) from error


def _source(name: str, entry: object) -> Source:
    try:
        values = dict(entry)  # type: ignore[call-overload]  # a TOML value of any kind is told apart below
        values = {key: without_controls(v) if isinstance(v, str) else v for key, v in values.items()}
        return Source(name=name.lower(), field=values.pop("name", None), **values)
    except (TypeError, ValueError) as error:
        raise BoundaryError(
            "a source has title, url, format, crs, vintage, licence and attribution",
            f"[{name}]: {str(error).replace('Source.__init__() ', '')}",
            "correct the file that RETORNO_CATALOGUE names",
        ) from error
