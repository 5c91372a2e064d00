"""Counts seen through their root, where chance has nearly the same size whether many or few call.

z = 2√(y + ¼) of a Poisson count y has variance 1 and mean 2√λ for all but small λ (L. Brown, T. Cai, R. Zhang, L. Zhao
and H. Zhou, The root-unroot algorithm for density estimation, PTRF 146, 2010). Where λ is small, mean and variance are
taken from the exact sums here, so that ten calls a day are no worse treated than ten a minute.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

Floats = NDArray[np.float64]
LARGE = 60.0  # from here on the plain formulas are right to 1e-4


def root(counts: Floats) -> Floats:
    """2√(y + ¼); NaN stays NaN."""
    return np.asarray(2 * np.sqrt(counts + 0.25))


@cache
def _exact() -> tuple[Floats, Floats, Floats]:
    """(λ, mean of z, variance of z) on a fine grid from 0 to LARGE."""
    rates = np.concatenate([np.linspace(0, 1, 201), np.linspace(1, LARGE, 600)[1:]])
    counts = np.arange(200)
    chances = np.exp(xlogy(counts[:, None], rates) - gammaln(counts[:, None] + 1.0) - rates)
    roots = root(counts.astype(np.float64))[:, None]
    mean = (chances * roots).sum(axis=0)
    return rates, mean, (chances * roots**2).sum(axis=0) - mean**2


def rate(mean_root: Floats) -> Floats:
    """The λ whose z has this mean; 0 where it is below that of no calls at all."""
    rates, means, _ = _exact()
    return np.where(mean_root < means[-1], np.interp(mean_root, means, rates), (mean_root / 2) ** 2)


def mean_root(rates: Floats) -> Floats:
    """The mean of z for Poisson counts with these λ: the other way round of `rate`."""
    known, means, _ = _exact()
    return np.where(rates < LARGE, np.interp(rates, known, means), 2 * np.sqrt(rates))


def chance(rates: Floats) -> Floats:
    """The variance of z for Poisson counts with these λ."""
    known, _, variances = _exact()
    return np.where(rates < LARGE, np.interp(rates, known, variances), 1.0)
