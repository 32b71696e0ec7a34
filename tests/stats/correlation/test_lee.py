from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph

import geo
from geo.stats.weights.links import graph_from_pairs


def test_lee_s_l_is_that_of_esda(dmcs: pd.DataFrame, communes: pd.Index, graph: Graph) -> None:
    """esda's Spatial_Pearson, with the weights it is given row-standardised."""
    from esda.lee import Spatial_Pearson

    inside = communes.difference(graph.isolates, sort=False)
    rate = (dmcs["cases"] / dmcs["population"]).astype(float)
    other = np.log(dmcs["population"].astype(float))
    weights = graph.subgraph(inside).transform("r").sparse
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = Spatial_Pearson(connectivity=weights.tocsc(), permutations=0)
        peer.fit(rate[inside].to_numpy()[:, None], other[inside].to_numpy()[:, None])
    found = geo.stats.lee(rate, other, graph, permutations=999)
    assert found.statistic == pytest.approx(peer.association_[0, 1], abs=1e-10)
    assert (found.n, found.n_left_out) == (341, 5)


def test_the_expected_value_and_spread_are_those_of_all_rearrangements() -> None:
    graph = graph_from_pairs([(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (1, 4)], range(6))
    rng = np.random.default_rng(0)
    x, y = pd.Series(rng.normal(size=6)), pd.Series(rng.normal(size=6))
    found = geo.stats.lee(x, y, graph, permutations=20_000)
    every = []
    for order in itertools.permutations(range(6)):
        at = list(order)
        every.append(
            geo.stats.lee(
                pd.Series(x.to_numpy()[at]), pd.Series(y.to_numpy()[at]), graph, permutations=1
            ).statistic
        )
    assert found.expected == pytest.approx(np.mean(every))
    assert found.sd == pytest.approx(np.std(every), rel=0.03)
    beyond = min(
        np.mean(np.array(every) >= found.statistic - 1e-9), np.mean(np.array(every) <= found.statistic + 1e-9)
    )
    assert found.p_value == pytest.approx(min(1, 2 * beyond), abs=0.02)


def test_a_variable_and_itself_have_the_variance_of_neighbourhood_means(
    graph: Graph, dmcs: pd.DataFrame
) -> None:
    rate = (dmcs["cases"] / dmcs["population"]).astype(float)
    inside = rate.index.difference(graph.isolates, sort=False)
    means = graph.subgraph(inside).transform("r").lag(rate[inside]) - rate[inside].mean()
    assert geo.stats.lee(rate, rate, graph, permutations=9).statistic == pytest.approx(
        (means**2).mean() / rate[inside].var(ddof=0)
    )


def test_too_few_areas_are_an_error_that_says_so() -> None:
    graph = graph_from_pairs([(0, 1)], range(3))
    with pytest.raises(geo.StatisticError, match="four areas"):
        geo.stats.lee(pd.Series([1.0, 2, 3]), pd.Series([1.0, 2, 3]), graph)
