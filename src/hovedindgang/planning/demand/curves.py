"""A day as one curve over its intervals: a mean curve, and how much of each of a few shapes a day has.

The shapes are the singular vectors of smoothed root counts (H. Shen and J. Huang, Interday forecasting and intraday
updating of call center arrivals, M&SOM 10:3, 2008). Where few call, intervals are put together for the learning, so
that no shape is learned from chance, and the curve is given back at the file's own interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline

from hovedindgang.planning.demand.roots import chance, rate, root
from hovedindgang.planning.demand.series import Series

Floats = NDArray[np.float64]
CALLS_IN_A_BIN = 8.0  # as a caller sees it: where most call, at least so many together
MOST_SHAPES = 6
SMOOTH = 28  # pieces of the spline that shapes are made of
ROUNDS = 6
LEAST_CHANCE = 0.05  # a bin in which nobody ever called may still be called in


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """`mean` + `shapes` @ a day's coefficients is the mean root of the calls in each interval's bin.

    An interval has its `shares` of its bin's rate; `bins` says which bin that is.

    `mean`, `noise_of_mean`, `dispersion`: one for each interval; `shapes`: intervals × shapes. `coefficients`: days ×
    shapes, each measured with variance `noise`. `dispersion` is the variance of counts about their rate, 1 for Poisson.
    """

    bins: NDArray[np.int64]
    shares: Floats
    mean: Floats
    shapes: Floats
    noise_of_mean: Floats
    coefficients: Floats
    noise: Floats
    dispersion: Floats


def learned(series: Series) -> Curves:
    """The curves of a history of at least two days."""
    counts = series.counts
    owner = _bins(counts)
    binned = _together(counts, owner)
    roots = root(binned)
    mean = np.nanmean(roots, axis=0)
    shapes, coefficients, filled = _low_rank(roots - mean)
    typical = rate(mean)
    chances = np.maximum(chance(typical), LEAST_CHANCE)
    left = filled - coefficients @ shapes.T
    days, width = left.shape
    lost = 1 - shapes.shape[1] / width if width > shapes.shape[1] else 1.0
    spare = float(np.nanmean(np.where(np.isnan(roots), np.nan, left**2))) / lost / float(np.mean(chances))
    dispersion = max(1.0, spare) if width > shapes.shape[1] else 1.0
    noise = dispersion * (shapes**2 * chances[:, None]).sum(axis=0)
    shares, share_noise = _shares(counts, owner)
    return Curves(
        bins=owner,
        shares=shares,
        mean=mean[owner],
        shapes=shapes[owner],
        noise_of_mean=(dispersion * chances / days)[owner] + share_noise * mean[owner] ** 2,
        coefficients=coefficients,
        noise=noise,
        dispersion=np.full(len(owner), dispersion),
    )


def _bins(counts: Floats) -> NDArray[np.int64]:
    """To which bin each interval belongs; as narrow as the calls allow."""
    width = counts.shape[1]
    for size in range(1, width + 1):
        owner = np.arange(width, dtype=np.int64) // size
        rates = np.nanmean(_together(counts, owner), axis=0)
        if (rates**2).sum() >= CALLS_IN_A_BIN * rates.sum():
            return owner
    return np.zeros(width, dtype=np.int64)


def _together(counts: Floats, owner: NDArray[np.int64]) -> Floats:
    """Sums over bins; a day's bin in which some intervals are missing is scaled up to the whole, NaN where all are."""
    bins = int(owner[-1]) + 1
    if bins == counts.shape[1]:
        return counts
    usual = np.nan_to_num(np.nanmean(counts, axis=0)) + 1e-9
    there = ~np.isnan(counts)
    sums, seen, whole = (np.zeros((len(counts), bins)) for _ in range(3))
    for place, bin_ in enumerate(owner):
        sums[:, bin_] += np.nan_to_num(counts[:, place])
        seen[:, bin_] += usual[place] * there[:, place]
        whole[:, bin_] += usual[place]
    return np.where(seen > 0, sums * whole / np.maximum(seen, 1e-12), np.nan)


def _low_rank(centred: Floats) -> tuple[Floats, Floats, Floats]:
    """(shapes, coefficients, the data with gaps filled): smooth singular vectors, gaps filled by what they say."""
    there = ~np.isnan(centred)
    filled = np.where(there, centred, 0.0)
    smooth = _smooth(centred.shape[1])
    for _ in range(1 if there.all() else ROUNDS):
        _, sizes, vectors = np.linalg.svd(filled @ smooth, full_matrices=False)
        kept = min(MOST_SHAPES, max(1, len(centred) // 5), int((sizes > 1e-9 * max(sizes[0], 1e-12)).sum()) or 1)
        shapes = smooth @ vectors[:kept].T
        coefficients = filled @ shapes
        filled = np.where(there, centred, coefficients @ shapes.T)
    return shapes, coefficients, filled


def _smooth(width: int) -> Floats:
    """An orthonormal basis of smooth curves over `width` intervals; every curve where they are few."""
    if width <= SMOOTH:
        return np.eye(width)
    knots = np.concatenate([[0.0] * 3, np.linspace(0, 1, SMOOTH - 2), [1.0] * 3])
    basis = BSpline.design_matrix((np.arange(width) + 0.5) / width, knots, 3).toarray()
    return np.asarray(np.linalg.qr(basis)[0])


def _shares(counts: Floats, owner: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """(an interval's share of its bin, the variance of the share's root relative to it)."""
    if int(owner[-1]) + 1 == len(owner):
        return np.ones(len(owner)), np.zeros(len(owner))
    rates = np.nan_to_num(np.nanmean(counts, axis=0))
    calls = np.nan_to_num(np.nansum(counts, axis=0))
    sizes = np.bincount(owner)[owner]
    whole = np.bincount(owner, weights=rates)[owner]
    # As if each bin had begun with one call, spread evenly: nothing seen is not nothing ever
    little = 1.0 / max(1, len(counts))
    shares = (rates + little / sizes) / (whole + little)
    return shares, 1 / (4 * (calls + 1.0))
