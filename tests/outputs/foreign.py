"""Another country: a few square areas with their own ids, and a table for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

import geo


def foreign_result(
    folder: Path,
    *,
    n: int = 16,
    names: Sequence[str] = (),
    releases: Sequence[float | None] | None = None,
    population: int | Sequence[int | None] = 10_000,
) -> geo.Result:
    """Run a table of n areas in rows of four, the first ones under other names."""
    folder.mkdir(exist_ok=True)
    ids = [f"A{i:02d}" for i in range(n)]
    called = [*names, *(f"Area {i}" for i in ids[len(names) :])]
    squares = [box(i % 4, i // 4, i % 4 + 1, i // 4 + 1) for i in range(n)]
    layer = folder / "areas.geojson"
    gpd.GeoDataFrame({"GID": ids, "NAME": called}, geometry=squares, crs=4326).to_file(layer)
    counts = np.random.default_rng(4).poisson(40, n) if releases is None else releases
    table = pd.DataFrame({"code": ids, "releases": counts, "population": population})
    table.to_csv(folder / "table.csv", index=False)
    return geo.run(folder / "table.csv", boundaries=layer, id_field="GID", permutations=99)
