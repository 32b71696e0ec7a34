"""Draws of the parameters of a model of incomplete counts, as proper imputation asks.

The posterior has a flat prior on the coefficients and a half-Cauchy one on the coefficient of variation of
rates. Its mode and curvature give a multivariate t with few degrees of freedom; draws of that are weighted by
what the posterior says of them and resampled. Where the weights rest on few draws, the t takes the mean and
covariance of the weighted draws, and again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln

from geo.model.numeric import Floats
from geo.stats.incomplete.gammapoisson import SHAPES, Data, Mode, log_likelihoods, log_prior

FREEDOM = 5  # of the t; its tails are heavier than the posterior's
WIDER = 1.1  # than the curvature says
PROPOSALS = 1000  # weighted draws at least, ...
PER_DRAW = 5  # ... and for each set of parameters wanted
TRIALS = 400  # while the t still moves
ENOUGH = 0.25  # share of the proposals that the weights must be worth for the t to stay where it is
ROUNDS = 8  # of moving it

More = Callable[[Floats], Floats]


class Posterior(NamedTuple):
    """Parameters drawn, and how well the proposals served."""

    points: Floats
    """Coefficients on the basis, then log theta; shape (m, p + 2)."""
    effective: float
    """Share of the proposals that their weights are worth (Kish), between 0 and 1."""


def draw_parameters(
    data: Data,
    mode: Mode,
    draws: int,
    generator: np.random.Generator,
    *,
    more: More | None = None,
) -> Posterior:
    """Draw parameters from their posterior by importance resampling.

    Parameters
    ----------
    data : Data
    mode : Mode
        Of the posterior.
    draws : int
        Parameters wanted.
    generator : numpy.random.Generator
    more : callable, optional
        Further log likelihood at many points, such as that of a known total.

    References
    ----------
    Rubin, D. B. (1988). Using the SIR algorithm to simulate posterior distributions. In Bernardo, J. M. et
    al. (eds), Bayesian Statistics 3, Oxford University Press, 395-402.
    """
    centre, scale = mode.point, np.asarray(np.linalg.inv(mode.information) * WIDER**2, dtype=np.float64)
    for _ in range(ROUNDS):
        points, weights = _weighted(data, centre, scale, TRIALS, generator, more)
        if _worth(weights) >= ENOUGH:
            break
        # Tempered weights: with few that count, their own covariance would be too narrow.
        tempered = _normalised(_temper(np.log(np.maximum(weights, 1e-300))))
        centre = tempered @ points
        left = points - centre
        scale = (left.T * tempered) @ left * WIDER**2 + 1e-12 * np.eye(len(centre))
    proposals = max(PROPOSALS, PER_DRAW * draws)
    points, weights = _weighted(data, centre, scale, proposals, generator, more)
    # Systematic resampling: one uniform number for all.
    steps = (generator.random() + np.arange(draws)) / draws
    taken = np.minimum(np.searchsorted(np.cumsum(weights), steps), proposals - 1)
    return Posterior(points[generator.permutation(taken)], _worth(weights))


def _weighted(
    data: Data, centre: Floats, scale: Floats, size: int, generator: np.random.Generator, more: More | None
) -> tuple[Floats, Floats]:
    p = len(centre)
    root = np.linalg.cholesky(scale)
    normal = generator.normal(size=(size, p))
    stretch = np.sqrt(FREEDOM / generator.chisquare(FREEDOM, size=size))
    standard = normal * stretch[:, None]
    points = centre + standard @ root.T
    density = gammaln((FREEDOM + p) / 2) - (FREEDOM + p) / 2 * np.log1p((standard**2).sum(axis=1) / FREEDOM)
    inside = (points[:, -1] > SHAPES[0]) & (points[:, -1] < SHAPES[1])
    level = np.full(size, -np.inf)
    level[inside] = log_likelihoods(data, points[inside]) + log_prior(points[inside, -1])
    if more is not None:
        level[inside] += more(points[inside])
    return points, _normalised(level - density)


def _normalised(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _worth(weights: Floats) -> float:
    return float(1 / (weights**2).sum() / len(weights))


def _temper(logs: Floats) -> Floats:
    """Flatten weights until they are worth a fifth of the draws."""
    power = 1.0
    while power > 1e-3 and _worth(_normalised(power * logs)) < 0.2:
        power *= 0.7
    return power * logs
