"""The parts that a search for medians is cut into, and which candidate it cuts at.

The cut is by reliability branching (Achterberg, Koch & Martin 2005, Operations Research Letters 33:42): both halves of
some candidates are tried by a short climb, and the one is taken whose halves gain most; what opening and closing each
has gained is remembered (its pseudo-costs), and those seen often enough are no longer tried. (Measured where the bound
leaves most to search, 800 and 900 nodes with 20 to 45 places: a half to an eighth of the parts that shares lead to.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

OPEN, FREE, CLOSED = 1, 0, -1
LOOKED_AT = 8  # candidates that are compared before one is branched on
SURE = 16  # times that both halves have been seen; then the candidate is no longer tried
USUAL = 0.7  # the share of those compared: chosen now and then, a little more often than not
NEVER, ALWAYS = 0.05, 0.95  # a share is taken to lie between
LEAST = 1e-9  # of a gain


@dataclass(frozen=True, slots=True)
class Climb:
    """How a bound is raised: steps at most, the step's factor at first, steps without gain to halve it, memory."""

    steps: int
    factor: float
    patience: int
    memory: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the search: `state` of each candidate, the prices and shares that its bound was reached with."""

    bound: float
    state: NDArray[np.int8]
    price: NDArray[np.float32]
    share: NDArray[np.float32]


def halves(part: Part, candidate: int, places: int) -> tuple[Part, Part]:
    """`part` with the candidate open, and closed; where `places` are open no other can be."""
    opened, closed = part.state.copy(), part.state.copy()
    opened[candidate], closed[candidate] = OPEN, CLOSED
    if np.count_nonzero(opened == OPEN) == places:
        opened[opened == FREE] = CLOSED
    return replace(part, state=opened), replace(part, state=closed)


def decided(
    state: NDArray[np.int8], places: int, bound: float, rho: Floats, chosen: Flags, enough: float
) -> NDArray[np.int8]:
    """`state` with what the reduced costs decide: opening it, or closing it, would cost more than the incumbent."""
    free = state == FREE
    left = places - np.count_nonzero(state == OPEN)
    ordered = np.sort(rho[free])
    after = state.copy()
    if 0 < left < len(ordered):
        after[free & ~chosen & (bound + rho - ordered[left - 1] > enough)] = CLOSED
        after[free & chosen & (bound - rho + ordered[left] > enough)] = OPEN
    return after


class Gains:
    """What opening and closing each of `candidates` has raised bounds by, for each share that it was moved by."""

    __slots__ = ("sums", "times")

    def __init__(self, candidates: int) -> None:
        self.sums = np.zeros((2, candidates))  # opened, closed
        self.times = np.zeros((2, candidates), np.int64)

    def learn(self, candidate: int, share: float, *, opened: bool, gain: float) -> None:
        """Opening it (else closing it), chosen with this `share` till then, raised a bound by `gain`."""
        half, share = 0 if opened else 1, min(max(share, NEVER), ALWAYS)
        self.sums[half, candidate] += gain / (1.0 - share if opened else share)
        self.times[half, candidate] += 1

    def unsure(self, candidate: int) -> bool:
        """Whether it has not been seen often enough to go by."""
        return bool(self.times[:, candidate].min() < SURE)

    def expected(self, candidate: int, share: float) -> float:
        """The product of what its two halves are expected to gain: the greater, the fewer parts."""
        share = min(max(share, NEVER), ALWAYS)
        opened, closed = self.sums[:, candidate] / self.times[:, candidate]
        return product(opened * (1.0 - share), closed * share)


def product(opened: float, closed: float) -> float:
    """What a cut is worth whose halves gain so much. Neither counts as nothing: a cut in one half is still a cut."""
    return max(opened, LEAST) * max(closed, LEAST)


def worth_a_look(part: Part) -> list[int]:
    """The free candidates that are chosen now and then: those compared for a cut."""
    free = np.flatnonzero(part.state == FREE)
    order = np.argsort(np.abs(part.share[free] - USUAL), kind="stable")[:LOOKED_AT]
    return [int(candidate) for candidate in free[order]]
