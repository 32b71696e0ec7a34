from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.inequality.excess import least_excess
from geo.stats.inequality.indices import gini_of, hoover_of, theil_of
from geo.stats.inequality.nullmodel import constant_risk_means
from tests.properties import examples


@examples(20)
@given(st.lists(st.tuples(st.integers(30, 60), st.integers(0, 4), st.integers(1, 9)), min_size=2, max_size=4))
def test_no_counts_within_the_intervals_exceed_chance_by_less(rows) -> None:
    low, more, weight = np.array(rows, dtype=float).T
    people = weight / weight.sum()
    found = least_excess(low, low + more, people)
    least = dict.fromkeys(found, np.inf)
    code = np.zeros(len(rows), dtype=np.int64)
    for extra in product(*(range(int(m) + 1) for m in more)):
        counts = low + np.array(extra)
        means = constant_risk_means(int(counts.sum()), people, code)
        values = {"gini": gini_of, "hoover": hoover_of, "theil": theil_of}
        for name, index in values.items():
            least[name] = min(least[name], float(index(counts, people)[0]) - getattr(means, name))
    for name, value in found.items():
        assert value <= least[name] + 1e-3
        assert value >= least[name] - 0.05
