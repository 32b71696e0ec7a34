"""GeoParquet: for analysis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from geo.outputs.layerformats import LayerFormat

if TYPE_CHECKING:
    import geopandas as gpd


def write(frame: gpd.GeoDataFrame, draft: Path, layer: str, about: str) -> None:
    from pyarrow import parquet

    frame.to_parquet(draft, index=False)
    table = parquet.read_table(draft)
    attrs = json.dumps({"name": layer, "description": about}).encode()
    described = table.replace_schema_metadata({**table.schema.metadata, b"PANDAS_ATTRS": attrs})
    parquet.write_table(described, draft)


FORMAT = LayerFormat(
    name="geoparquet",
    title="GeoParquet",
    suffix=".parquet",
    purpose={"es": "capa en GeoParquet, para análisis", "en": "layer as GeoParquet, for analysis"},
    write=write,
    needs="pyarrow",
    extra="parquet",
)
