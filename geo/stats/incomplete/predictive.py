"""Could the model have made what is known? Posterior-predictive checks of imputed counts.

For every imputation a whole new map is drawn from the same parameters, without any bound, and three figures
of it are compared with those of the completed map. Where the figure of the completed maps lies in a tail of
the new ones, the model does not describe the counts in that respect.
"""

from __future__ import annotations

import numpy as np

from geo.model.numeric import Floats, Ints
from geo.model.uncertainty import Figure, PredictiveCheck


def posterior_checks(
    completed: Ints, replicated: Ints, people: Floats, size: int
) -> tuple[PredictiveCheck, ...]:
    """Compare completed maps with new ones drawn from the same parameters.

    Parameters
    ----------
    completed, replicated : array of int, shape (n, m)
    people : array of float, shape (n,)
        Inhabitants.
    size : int
        Areas of highest rate that two of the figures are about.

    References
    ----------
    Gelman, A., Van Mechelen, I., Verbeke, G., Heitjan, D. F. & Meulders, M. (2005). Multiple imputation for
    model checking: completed-data plots with missing and latent data. Biometrics 61(1), 74-85.

    Examples
    --------
    >>> generator = np.random.default_rng(0)
    >>> people = np.arange(100.0, 600.0)
    >>> maps = [generator.poisson(people[:, None] / 10, (500, 50)) for _ in range(2)]
    >>> [check.verdict for check in posterior_checks(*maps, people, 50)]
    ['passed', 'passed', 'passed']
    """
    both = [_figures(counts, people, size) for counts in (completed, replicated)]
    return tuple(_check(name, both[0][name], both[1][name]) for name in both[0])


def _figures(counts: Ints, people: Floats, size: int) -> dict[Figure, Floats]:
    rate = (counts + 0.5) / people[:, None]
    top = np.argpartition(-counts / people[:, None], size - 1, axis=0)[:size]
    small = people < np.median(people)
    x, y = np.log(people)[top], np.log(np.take_along_axis(rate, top, axis=0))
    x = x - x.mean(axis=0)
    return {
        "small_in_top": small[top].sum(axis=0).astype(np.float64),
        "total": counts.sum(axis=0).astype(np.float64),
        "size_slope": np.asarray((x * y).sum(axis=0) / np.maximum((x**2).sum(axis=0), 1e-12)),
    }


def _check(name: Figure, completed: Floats, replicated: Floats) -> PredictiveCheck:
    ties = (replicated == completed).sum() / 2
    smaller = min((replicated > completed).sum(), (replicated < completed).sum()) + ties
    low, median, high = np.quantile(replicated, [0.025, 0.5, 0.975])
    return PredictiveCheck(
        name=name,
        observed=float(np.median(completed)),
        median=float(median),
        low=float(low),
        high=float(high),
        p_value=float(min(1.0, 2 * (smaller + 1) / (len(completed) + 1))),
    )
