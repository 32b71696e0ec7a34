"""Where a downloaded official layer is kept."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """Give the folder of cached layers: ``$RETORNO_CACHE``, else the system's place for caches."""
    named = os.environ.get("RETORNO_CACHE")
    return Path(named) if named else user_cache_path("retorno")


def cached_layer() -> Path | None:
    """Find the newest official layer in the cache (any GeoPackage under ``boundaries/``)."""
    found = sorted((cache_folder() / "boundaries").glob("*.gpkg"), key=lambda p: (p.stat().st_mtime, p.name))
    return found[-1] if found else None
