"""What a number of calls may be: Poisson whose rate is itself uncertain, as a negative binomial with both moments.

All figures are exact sums over the whole numbers: quantiles, coverage, and the continuous ranked probability score
(T. Gneiting and A. Raftery, Strictly proper scoring rules, JASA 102, 2007; for counts: C. Czado, T. Gneiting and
L. Held, Predictive model assessment for count data, Biometrics 65, 2009).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, pdtr

Floats = NDArray[np.float64]
NEARLY_POISSON = 1e-6
STEPS = 1000  # of the sum in one standard deviation, where that is more than so many calls


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Independent count distributions by their `mean` and `variance` (at least the mean), arrays of one shape."""

    mean: Floats
    variance: Floats

    def quantile(self, share: float) -> Floats:
        """The least whole number reached with probability `share` or more."""
        return self._halved(share, np.full_like(self.mean, -1.0), self._far)

    @property
    def _far(self) -> Floats:
        """Whole numbers that no share that anybody asks for lies beyond."""
        return np.asarray(np.ceil(self.mean + 12 * np.sqrt(self.variance) + 20))

    def _halved(self, share: float, low: Floats, high: Floats) -> Floats:
        """The least whole number that is reached: between `low`, which is not, and `high`, which is."""
        while (apart := high - low > 1).any():
            middle = np.floor((low + high) / 2)
            reached = apart & (self.below(middle) >= share)
            low, high = np.where(apart & ~reached, middle, low), np.where(reached, middle, high)
        return high

    def below(self, counts: Floats) -> Floats:
        """P(Y <= counts)."""
        whole = np.maximum(np.floor(counts), 0.0)

        def mixed() -> Floats:
            number, chance = self._shape
            return np.asarray(betainc(number, whole + 1, chance))

        return np.where(counts < 0, 0.0, self._either(mixed, lambda: np.asarray(pdtr(whole, self.mean))))

    def _either(self, if_mixed: Callable[[], Floats], if_poisson: Callable[[], Floats]) -> Floats:
        """Each only where it is asked for: these sums are most of what a backtest takes."""
        mixed = self._mixed
        if mixed.all():
            return if_mixed()
        return np.where(mixed, if_mixed(), if_poisson()) if mixed.any() else if_poisson()

    def crps(self, counted: Floats) -> Floats:
        """Σ over whole numbers k of (P(Y <= k) - 1{counted <= k})², in calls; NaN where nothing was counted."""
        spread, seen = np.sqrt(self.variance), np.nan_to_num(counted)
        least = np.maximum(np.floor(np.minimum(self.mean - 12 * spread - 20, seen)), 0)
        largest = np.ceil(np.maximum(self.mean + 12 * spread + 20, seen + 1))
        steps = np.maximum(1, np.floor(spread / STEPS))
        points = (largest - least) / steps
        score = np.zeros_like(self.mean)
        # Alike in length together: one long sum does not make long sums of all
        for places in _alike(points):
            ladder = least[places] + steps[places] * np.arange(int(points[places].max()) + 2)[:, None]
            below = self._of(places).below(ladder)
            score[places] = ((below - (ladder >= counted[places])) ** 2).sum(axis=0) * steps[places]
        return np.where(np.isnan(counted), np.nan, score)

    def share_within(self, counted: Floats, low: float, high: float) -> Floats:
        """How much of the count's probability step lies between two levels: the mean of the randomised PIT's hits.

        Unlike "inside the quantiles", which whole numbers make too generous where few call, it is `high - low` on
        average for a true distribution, at any rate.
        """
        upper, lower = self.below(counted), self.below(counted - 1)
        step = np.maximum(upper - lower, 1e-300)
        inside = np.clip(np.minimum(upper, high) - np.maximum(lower, low), 0, None) / step
        return np.where(np.isnan(counted), np.nan, np.clip(inside, 0, 1))

    def _of(self, places: NDArray[np.int64]) -> Counts:
        return Counts(self.mean[places], self.variance[places])

    @property
    def _mixed(self) -> NDArray[np.bool_]:
        return np.asarray(self.variance > self.mean * (1 + NEARLY_POISSON) + 1e-12)

    @property
    def _shape(self) -> tuple[Floats, Floats]:
        mean = np.maximum(self.mean, 1e-9)
        extra = np.where(self._mixed, self.variance - self.mean, mean)
        return mean**2 / extra, mean / (mean + extra)


@dataclass(frozen=True, slots=True, eq=False)
class Mixture(Counts):
    """Counts that are one of `parts` (K by the shape of the others), with `chances` [K] that add up to one."""

    parts: Counts
    chances: Floats

    @classmethod
    def of(cls, parts: Counts, chances: Floats) -> Mixture:
        mean = np.tensordot(chances, parts.mean, 1)
        variance = np.tensordot(chances, parts.variance + (parts.mean - mean) ** 2, 1)
        return cls(mean, variance, parts, chances)

    def below(self, counts: Floats) -> Floats:
        """P(Y <= counts)."""
        if counts.ndim <= self.mean.ndim:
            return np.asarray(np.tensordot(self.chances, self.parts.below(counts), 1))
        each = zip(self.chances, self.parts.mean, self.parts.variance, strict=True)
        return np.asarray(sum(chance * Counts(mean, variance).below(counts) for chance, mean, variance in each))

    def quantile(self, share: float) -> Floats:
        """The least whole number reached with probability `share` or more."""
        each = self.parts.quantile(share)
        return self._halved(share, each.min(axis=0) - 1, each.max(axis=0))

    def _of(self, places: NDArray[np.int64]) -> Counts:
        return Mixture.of(Counts(self.parts.mean[:, places], self.parts.variance[:, places]), self.chances)


def poisson_floor(rates: Floats) -> Floats:
    """The CRPS that is left, in the mean, to whoever knows each rate exactly: Σ F(1 - F) of Poisson(rate)."""
    score = np.sqrt(rates / np.pi)  # the limit, right to 1e-4 where many call
    few = rates < 2000
    for places in _alike(np.where(few, rates + 12 * np.sqrt(rates) + 20, 0.0)):
        places = places[few[places]]
        if len(places):
            most = float(rates[places].max())
            below = pdtr(np.arange(int(most + 12 * np.sqrt(most) + 20))[:, None], rates[places])
            score[places] = (below * (1 - below)).sum(axis=0)
    return score


def _alike(lengths: Floats) -> list[NDArray[np.int64]]:
    """The places of the array, in groups of nearly the same length, at most 64 in each."""
    size = np.log2(np.maximum(lengths, 1)).astype(np.int64)
    groups = [np.flatnonzero(size == one) for one in np.unique(size)]
    return [part for group in groups for part in np.array_split(group, -(-len(group) // 64))]
