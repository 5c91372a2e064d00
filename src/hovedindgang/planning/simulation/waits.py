"""What waits come to that were counted in classes, each a little wider than the one before (`network.BINS`)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.simulation.network import BIN_MINUTES, BINS

SHARES = (0.5, 0.8, 0.95)


def quantile_of(counts: NDArray[Any], share: float) -> float:
    """Minutes that `share` of the waits counted in classes [BINS] do not exceed; nan where nobody was served."""
    return float(quantiles_of(np.asarray(counts)[None, :], share)[0])


def quantiles_of(counts: NDArray[Any], share: float, upto: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Of each of several, [R, BINS] or fewer and wider classes; `upto`: their sums so far, where they are known. Those
    who did not wait are most of the first class, and are its lower end."""
    wide = 16 * counts.shape[1] / BINS  # classes for each doubling
    upto = np.cumsum(counts, axis=1, dtype=np.float64) if upto is None else upto
    wanted = share * upto[:, -1:]
    at = np.minimum((upto < wanted).sum(axis=1), counts.shape[1] - 1)
    rows = np.arange(len(counts))
    own = counts[rows, at].astype(np.float64)
    part = (wanted[:, 0] - (upto[rows, at] - own)) / np.maximum(own, 1.0)
    low, high = (BIN_MINUTES * (2.0 ** ((at + more) / wide) - 1) for more in (0, 1))
    found = np.where(at == 0, 0.0, low + part * (high - low))
    return np.where(upto[:, -1] > 0, found, math.nan)


def quantiles_by_hour(counts: NDArray[Any]) -> NDArray[np.float32]:
    """[G, 168, SHARES] minutes, of waits counted by the hour in which they began; nan where nobody was served then."""
    found = np.full((*counts.shape[:2], len(SHARES)), math.nan, np.float32)
    some = counts.any(axis=2)
    if some.any():
        those = counts[some]
        upto = np.cumsum(those, axis=1, dtype=np.float64)
        found[some] = np.array([quantiles_of(those, share, upto) for share in SHARES]).T
    return found
