"""What computes and draws here, with its version."""

from __future__ import annotations

import platform
from importlib.metadata import version

PACKAGES = (
    *("retorno", "folium", "geopandas", "libpysal", "matplotlib", "numpy", "pandas"),
    *("pyogrio", "pyproj", "scipy", "shapely"),
)


def versions() -> dict[str, str]:
    """Name what computed and drew, with its version."""
    import pyogrio
    import pyproj
    import shapely

    return {name: version(name) for name in PACKAGES} | {
        "python": platform.python_version(),
        "GDAL": pyogrio.__gdal_version_string__,
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }
