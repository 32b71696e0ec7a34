"""GeoJSON (RFC 7946): for the web, and for programs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from geo.outputs.layerformats import LayerFormat

if TYPE_CHECKING:
    import geopandas as gpd

DECIMALS = 6
"""Of coordinates: a tenth of a metre."""


def write(frame: gpd.GeoDataFrame, draft: Path, layer: str, about: str) -> None:
    import pyogrio

    # In memory: what this driver cannot write to a disk that is full it leaves out, and says nothing.
    made = BytesIO()
    pyogrio.write_dataframe(
        frame,
        made,
        layer=layer,
        driver="GeoJSON",
        layer_options={"RFC7946": "YES", "COORDINATE_PRECISION": str(DECIMALS), "DESCRIPTION": about},
    )
    draft.write_bytes(made.getbuffer())


FORMAT = LayerFormat(
    name="geojson",
    title="GeoJSON",
    suffix=".geojson",
    purpose={
        "es": "capa en GeoJSON, para la web y programas",
        "en": "layer as GeoJSON, for the web and programs",
    },
    write=write,
)
