"""The families of weights under which a finding is tried: contiguity, nearest neighbours, band, kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.stats.weights.distance import band_links, kernel_links, nearest_links, smallest_band
from geo.stats.weights.links import Links

if TYPE_CHECKING:
    from libpysal.graph import Graph

NEAREST = (4, 6, 8)
WIDER = 1.5  # times the smallest band
KERNEL = 12  # areas that carry weight


def weight_families(
    queen: Graph, points: pd.DataFrame, *, rook: Graph | None = None
) -> dict[str, dict[str, Graph]]:
    """Build the usual choices of weights beside a contiguity, for :func:`geo.study.stability.stability`.

    Only areas with a neighbour in `queen` are linked by distance, so that the same areas are tested under all
    of them and one area far out at sea does not stretch the band over everything else.

    Parameters
    ----------
    queen : Graph
        Contiguity of the main analysis.
    points : DataFrame
        Places of the same areas, as for :func:`geo.stats.nearest_neighbors`.
    rook : Graph, optional
        Contiguity along borders, where it is known.

    Returns
    -------
    dict of str to dict of str to Graph
        ``contiguity`` (``queen``, ``rook``), ``nearest`` (4, 6 and 8 nearest), ``band`` (the smallest without
        islands, and one half as wide again) and ``kernel`` (bisquare on the 12 nearest). On small maps those
        numbers that are more than half of the other areas are left out.

    Examples
    --------
    >>> from geo.stats.weights.links import graph_from_pairs
    >>> points = pd.DataFrame({"x": range(0, 12_000, 1000), "y": 0})
    >>> families = weight_families(graph_from_pairs([(i, i + 1) for i in range(10)], range(12)), points)
    >>> {family: list(variants) for family, variants in families.items()}
    {'contiguity': ['queen'], 'nearest': ['4'], 'band': ['1 km', '1.5 km']}
    """
    return {
        family: {
            name: links.to_graph() if isinstance(links, Links) else links for name, links in choices.items()
        }
        for family, choices in family_links(queen, points, rook=rook).items()
    }


def family_links(
    queen: Graph | Links, points: pd.DataFrame, *, rook: Graph | Links | None = None
) -> dict[str, dict[str, Graph | Links]]:
    """Do the same without making graphs of it."""
    axes = ["lon", "lat"] if "lon" in points else ["x", "y"]
    places = points.filter(items=axes)[~points.index.isin(queen.isolates)].reindex(points.index)
    others = int(places.notna().all(axis=1).sum()) - 1
    families: dict[str, dict[str, Graph | Links]] = {
        "contiguity": {"queen": queen} | ({"rook": rook} if rook is not None else {})
    }
    families["nearest"] = {str(k): nearest_links(places, k) for k in NEAREST if 2 * k <= others}
    smallest = smallest_band(places) if others > 0 else 0.0
    if smallest > 0:
        widths = (smallest, WIDER * smallest)
        families["band"] = {_kilometres(km): band_links(places, km) for km in widths}
    if others >= 2 * KERNEL:
        families["kernel"] = {f"bisquare {KERNEL}": kernel_links(places, KERNEL)}
    return {family: variants for family, variants in families.items() if variants}


def _kilometres(km: float) -> str:
    """Write a distance with three digits.

    Examples
    --------
    >>> _kilometres(143.892), _kilometres(1234.5)
    ('144 km', '1230 km')
    """
    return f"{float(f'{km:.3g}'):g} km"
