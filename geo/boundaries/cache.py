"""Where downloaded official layers are kept, and what is recorded of each."""

from __future__ import annotations

import json
import os
from hashlib import file_digest
from pathlib import Path
from typing import Any

from geo.model.polygons import Provenance


def cache_folder() -> Path:
    """Give the folder of cached layers: ``$RETORNO_CACHE``, else the system's place for caches."""
    named = os.environ.get("RETORNO_CACHE")
    if named:
        return Path(named)
    import pooch  # loads slowly, and most runs name no cache at all

    return Path(pooch.os_cache("retorno"))


def layers_folder() -> Path:
    """Give the folder of official layers in the cache."""
    return cache_folder() / "boundaries"


def cached_layer() -> Path | None:
    """Find the newest official layer in the cache (any GeoPackage under ``boundaries/``)."""
    layers = sorted(layers_folder().glob("*.gpkg"), key=lambda p: (p.stat().st_mtime, p.name))
    return layers[-1] if layers else None


def read_record(layer: Path) -> dict[str, Any] | None:
    """Read what is recorded of a cached layer; None where nothing is, or what is there cannot be read.

    Returns
    -------
    dict or None
        ``provenance``, ``layer_sha256`` and ``gate``: what was found when the layer passed the gate.
    """
    try:
        record = json.loads(layer.with_suffix(".json").read_text(encoding="utf-8"))
        Provenance(**record["provenance"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(record)


def write_record(layer: Path, provenance: Provenance, gate: dict[str, Any], into: Path) -> Path:
    """Write the record of a layer to a folder, to be moved beside the layer."""
    record = {"provenance": vars(provenance), "layer_sha256": sha256_of(layer), "gate": gate}
    path = into / layer.with_suffix(".json").name
    path.write_text(json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return path


def sha256_of(file: Path) -> str:
    """Hash a file."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
