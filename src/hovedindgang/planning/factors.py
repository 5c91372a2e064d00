"""A factor known by its middle and a range that it lies in with 95 % probability, however lopsided the range is.

Its logarithm is a two-piece normal joined at the median, each side with the spread that its own end of the range says:
so the 2.5 %, 50 % and 97.5 % quantiles are exactly those stated. (A two-piece normal joined at the mode, as in K. F.
Wallis, The two-piece normal, binormal, or double Gaussian distribution, Statistical Science 29, 2014, would not have
the stated middle as its median.) A range of no width on one side leaves half of the probability on the middle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
END = NormalDist().inv_cdf(0.975)
FARTHEST = 5.0  # standard deviations: beyond lies less than one in a million
FEWEST, MOST = 12, 400  # of the points that a factor is summed over


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """0 < low <= middle <= high: the 2.5 %, 50 % and 97.5 % quantiles."""

    low: float
    middle: float
    high: float

    def at(self, normals: Floats) -> Floats:
        """The factors that standard normals stand for; rising with them."""
        below, above = math.log(self.middle / self.low) / END, math.log(self.high / self.middle) / END
        return np.asarray(self.middle * np.exp(np.where(normals < 0, below, above) * normals))

    def quantile(self, share: Floats | float) -> Floats:
        # Heavy to load, and only forecasts and plans with a range need it.
        from scipy.special import ndtri

        return self.at(np.asarray(ndtri(share)))

    def points(self, apart: float) -> tuple[Floats, Floats]:
        """(Factors [K], their chances [K]), no two neighbours much farther `apart` in their logarithms than that."""
        from scipy.special import ndtr

        if self.low == self.high:
            return np.array([self.middle]), np.ones(1)
        widest = max(math.log(self.middle / self.low), math.log(self.high / self.middle)) / END
        each = int(np.clip(math.ceil(FARTHEST * widest / apart), FEWEST, MOST // 2))
        edges = np.linspace(0, FARTHEST, each + 1)
        edges = np.concatenate([-edges[:0:-1], edges])
        chances = np.diff(ndtr(edges))
        return self.at((edges[:-1] + edges[1:]) / 2), chances / chances.sum()


def product(factors: list[Factor], apart: float) -> tuple[Floats, Floats]:
    """Points and chances of all of them multiplied; each is drawn by itself."""
    points, chances = np.ones(1), np.ones(1)
    for factor in factors:
        values, weights = factor.points(apart)
        points, chances = np.outer(points, values).ravel(), np.outer(chances, weights).ravel()
        if len(points) > MOST:
            points, chances = _fewer(points, chances)
    return points, chances


def _fewer(points: Floats, chances: Floats) -> tuple[Floats, Floats]:
    """At most MOST of them: neighbours become one, at the mean of their logarithms."""
    logs = np.log(points)
    edges = np.linspace(logs.min(), logs.max(), MOST + 1)
    at = np.clip(np.searchsorted(edges, logs, side="right") - 1, 0, MOST - 1)
    weight, middle = np.zeros(MOST), np.zeros(MOST)
    np.add.at(weight, at, chances)
    np.add.at(middle, at, chances * logs)
    kept = weight > 0
    return np.exp(middle[kept] / weight[kept]), weight[kept]
