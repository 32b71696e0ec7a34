"""Arrays and figures by what stands in them: short names for types that every room writes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Shapes = NDArray[np.object_]
"""Geometries of shapely."""
Box = tuple[float, float, float, float]
"""West, south, east, north."""
