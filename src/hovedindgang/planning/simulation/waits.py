"""What waits come to that were counted in classes, each a little wider than the one before (`network.BINS`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.simulation.network import BIN_MINUTES, BINS

SHARES = (0.5, 0.8, 0.95)


def quantile_of(counts: NDArray[Any], share: float) -> float:
    """Minutes that `share` of the waits counted in classes [BINS] do not exceed; nan where nobody was served."""
    return float(quantiles_of(np.asarray(counts)[None, :], (share,))[0, 0])


def quantiles_of(counts: NDArray[Any], shares: Sequence[float] = SHARES) -> NDArray[np.float64]:
    """[R, shares] minutes, of each of several that were counted, [R, BINS] or fewer and wider classes.

    Those who did not wait are most of the first class, and are its lower end.
    """
    rows, classes = counts.shape
    upto = np.cumsum(counts, dtype=np.int64)  # through all the rows, so that one search finds every class
    ends = upto[classes - 1 :: classes]
    starts = np.concatenate([[0], ends[:-1]])
    found = np.full((rows, len(shares)), math.nan)
    some = np.flatnonzero(ends > starts)
    before = starts[some, None]
    wanted = np.multiply.outer(ends[some] - starts[some], shares)
    where = np.searchsorted(upto, before + np.ceil(wanted).astype(np.int64))
    own = counts.reshape(-1)[where]
    part = (wanted - (upto[where] - before - own)) / own
    which, edges = where - classes * some[:, None], _edges(classes)
    found[some] = np.where(which == 0, 0.0, edges[which] + part * (edges[which + 1] - edges[which]))
    return found


@lru_cache(maxsize=8)
def _edges(classes: int) -> NDArray[np.float64]:
    """[classes + 1] minutes at which each class begins, and the last ends."""
    wide = 16 * classes / BINS  # classes for each doubling
    edges: NDArray[np.float64] = BIN_MINUTES * (2.0 ** (np.arange(classes + 1) / wide) - 1)
    return edges


def quantiles_by_hour(counts: NDArray[Any], served: NDArray[Any]) -> NDArray[np.float32]:
    """[G, 168, SHARES] minutes, of waits counted by the hour in which they began; nan where nobody was `served`."""
    found = np.full((*served.shape, len(SHARES)), math.nan, np.float32)
    some = served > 0  # in most hours it is shut
    found[some] = quantiles_of(counts[some])
    return found
