"""The p-median problem solved to proof: which `places` candidates serve all clients at the least sum of costs.

Hakimi (1964) Operations Research 12:450. The incumbent is found by fast interchange from what the Lagrangian relaxation
chooses; its bounds close and open candidates for certain (reduced costs); what is left is branched on, best bound
first, each part starting from the prices of the one before (Beasley 1985; Christofides & Beasley 1982). A bound proves
when no multiple of `unit`, which every cost is, lies between it and the incumbent.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from hovedindgang.planning.compiling import built
from hovedindgang.planning.siting.parts import (
    FREE,
    OPEN,
    Climb,
    Flags,
    Floats,
    Gains,
    Part,
    decided,
    halves,
    product,
    worth_a_look,
)

PARTS_KEPT = (
    20_000  # parts that wait at once; beyond it the search goes deep instead of wide, so that memory is bounded
)
PARTS_TRIED = 60  # of the first parts, each choice that is nearly as good is tried as a start of swaps
SLACK = 1.3  # how far above her price a client's list still reaches
PIECE = 100_000_000  # elementary steps of interchange in one piece


@dataclass(frozen=True, slots=True)
class Medians:
    """What was found: `open` the candidates, `cost` their cost, `bound` which no choice can be below.

    `proved`: no choice costs less. `interrupted`: somebody stopped the search. `parts`: how many parts were bounded.
    """

    open: tuple[int, ...]
    cost: float
    bound: float
    proved: bool
    interrupted: bool
    parts: int


FIRST = Climb(50, 1.0, 12, 0.3)  # far from the top: bold
POLISH = Climb(3000, 0.05, 40, 0.85)  # near it: many small steps that remember (measured: closes half of what is left)
WIDE_GAP, NARROW_GAP = Climb(80, 0.5, 10, 0.3), Climb(120, 0.2, 15, 0.8)  # within a part, from the prices before it
NARROW = 0.003  # of the cost: where bound and incumbent are so near, care in each part pays; else many parts do
TRY = Climb(15, 0.3, 6, 0.5)  # enough to see which of several cuts gains more
ROOT_ROUNDS, SHAKES = 40, 20


def solve_p_median(
    near: Floats,
    places: int,
    *,
    unit: float = 0.0,
    seed: int = 1,
    goes_on: Callable[[], bool] = lambda: True,
    jit: bool = True,
) -> Medians:
    """The cheapest `places` of the candidates. `near`: candidates × clients, nought or more.

    `unit`: what every cost is a multiple of, 0.0 when unknown (then proved to a relative 1e-9). `goes_on` is asked
    between pieces of less than a second; when it says no, or on Ctrl-C, what is known by then is the answer.
    """
    if not 1 <= places <= near.shape[0]:
        raise ValueError(f"{places} of {near.shape[0]} candidates")
    search = _Search(np.ascontiguousarray(near, dtype=np.float64), places, unit, seed, goes_on, jit)
    interrupted = False
    try:
        search.run()
    except KeyboardInterrupt:
        interrupted = True
    return search.answer(interrupted)


@dataclass(slots=True)
class _Search:
    near: Floats
    places: int
    unit: float
    seed: int
    goes_on: Callable[[], bool]
    jit: bool
    best: tuple[float, Flags] = field(init=False)
    bound: float = 0.0  # of all that is not yet searched
    root_bound: float = 0.0
    parts: int = 0
    gains: Gains = field(init=False)
    loops: Any = field(init=False)
    lists: tuple[Any, Any, Any] = field(init=False)
    tried: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        is_open = np.zeros(self.near.shape[0], np.bool_)
        is_open[Generator(Philox(self.seed)).permutation(len(is_open))[: self.places]] = True
        self.best = (self._cost(is_open), is_open)
        self.gains = Gains(len(is_open))
        self.loops = built("hovedindgang.planning.siting.loops", self.jit)

    # ------------------------------------------------------------------------------------------------ what is known

    @property
    def upper(self) -> float:
        return self.best[0]

    @property
    def enough(self) -> float:
        """A bound above this proves the incumbent."""
        if self.unit:
            return self.upper - self.unit + 1e-6 * self.unit
        return self.upper - 1e-9 * max(1.0, self.upper)

    def answer(self, interrupted: bool) -> Medians:
        cost, is_open = self.best
        proved = self.bound > self.enough
        bound = cost if proved else max(self.bound, 0.0)
        if self.unit and not proved:
            bound = min(cost, np.ceil(bound / self.unit - 1e-6) * self.unit)
        chosen = tuple(int(candidate) for candidate in np.flatnonzero(is_open))
        return Medians(chosen, float(cost), float(bound), proved, interrupted and not proved, self.parts)

    def _cost(self, is_open: Flags) -> float:
        return float(self.near[is_open].min(axis=0).sum())

    # --------------------------------------------------------------------------------------------------- the search

    def run(self) -> None:
        if self.places == len(self.near):
            self.bound = self.upper
            return
        self._improve(self.best[1])
        root = self._root()
        if root is not None and self.bound <= self.enough:
            self._branch(root)

    def _root(self) -> Part | None:
        """The whole problem, its bound raised as far as steps bring it; None when it is stopped before."""
        self._sort(np.ones(len(self.near), np.bool_))
        second = np.partition(self.near[self.best[1]], min(1, self.places - 1), axis=0)[min(1, self.places - 1)]
        state = np.zeros(len(self.near), np.int8)
        part = Part(0.0, state, second.astype(np.float32), np.full(len(state), self.places / len(state), np.float32))
        climb = FIRST
        for _ in range(ROOT_ROUNDS):
            if not self.goes_on():
                return None
            part, chosen, steps, factor = self._bounded(part, climb)
            climb = replace(climb, factor=factor)
            self.bound = max(self.bound, part.bound)
            self._improve(chosen)
            if self.bound > self.enough or factor <= 0.01 or steps < FIRST.steps:
                break
        while self.bound <= self.enough and self.goes_on():
            before = part.bound
            self._sort(part.state >= FREE)
            part, chosen, _, _ = self._bounded(part, POLISH)
            self.bound = max(self.bound, part.bound)
            self._improve(chosen)
            if part.bound - before < 0.02 * (self.upper - before):
                break
        self._sort(part.state >= FREE)
        self._shake(part.state)
        return part

    def _shake(self, state: NDArray[np.int8]) -> None:
        """Variable neighbourhood search from the incumbent (Hansen & Mladenović 1997), among what is not closed."""
        chance = Generator(Philox([self.seed, 1]))
        left = np.flatnonzero(state >= FREE)
        near = np.ascontiguousarray(self.near[left])
        movable = state[left] == FREE
        for attempt in range(SHAKES):
            if self.bound > self.enough or not self.goes_on():
                return
            is_open = self.best[1][left].copy()
            inside, outside = np.flatnonzero(is_open & movable), np.flatnonzero(~is_open)
            swapped = min(2 + attempt % 5, len(inside), len(outside))
            is_open[chance.choice(inside, swapped, replace=False)] = False
            is_open[chance.choice(outside, swapped, replace=False)] = True
            if np.count_nonzero(is_open) == self.places:
                cost, _ = self.loops.interchange(near, is_open, max(1, PIECE // near.size))
                if cost < self.upper:
                    found = np.zeros(len(self.near), np.bool_)
                    found[left[is_open]] = True
                    self.best = (float(cost), found)

    def _branch(self, root: Part) -> None:
        self.root_bound = root.bound
        order = itertools.count()
        wide: list[tuple[float, int, Part]] = [(root.bound, next(order), root)]
        deep: list[Part] = []
        while wide or deep:
            self.bound = min(part.bound for part in [*deep, *(entry[2] for entry in wide[:1])])
            if self.bound > self.enough or not self.goes_on():
                return
            part = deep.pop() if deep else heapq.heappop(wide)[2]
            for half in self._halves(part):
                if len(wide) < PARTS_KEPT:
                    heapq.heappush(wide, (half.bound, next(order), half))
                else:
                    deep.append(half)
        self.bound = self.upper

    def _halves(self, part: Part) -> Iterator[Part]:
        """Both parts, with one candidate open and closed, that may hold something better than the incumbent."""
        candidates = worth_a_look(part)
        if not candidates:
            self._whole(part.state)
            return
        climb = NARROW_GAP if self.upper - self.root_bound < NARROW * self.upper else WIDE_GAP
        cut, two = self._cut(part, candidates)
        for opened, begun in zip((True, False), two, strict=True):
            if self._settled(begun):
                continue
            half, chosen, _, _ = self._bounded(begun, climb)
            self.parts += 1
            self.gains.learn(cut, float(part.share[cut]), opened=opened, gain=self._gain(part, half.bound))
            if half.bound > self.enough:
                continue
            cost = self._cost(chosen)
            if cost < self.upper or (self.parts < PARTS_TRIED and cost < 1.01 * self.upper):
                self._improve(chosen)
            yield half

    def _cut(self, part: Part, candidates: list[int]) -> tuple[int, tuple[Part, Part]]:
        """Which of the candidates to branch on, and its halves, as far as they have been tried."""
        best, value, two = candidates[0], 0.0, None
        for candidate in candidates:
            share = float(part.share[candidate])
            tried = self._tried(part, candidate) if self.gains.unsure(candidate) else None
            if tried:
                gains = [self._gain(part, half.bound) for half in tried]
                self.gains.learn(candidate, share, opened=True, gain=gains[0])
                self.gains.learn(candidate, share, opened=False, gain=gains[1])
                worth = product(*gains)
            else:
                worth = self.gains.expected(candidate, share)
            if worth > value:
                best, value, two = candidate, worth, tried
        return best, two or halves(part, best, self.places)

    def _tried(self, part: Part, candidate: int) -> tuple[Part, Part]:
        opened, closed = (
            replace(half, bound=np.inf) if self._settled(half) else self._bounded(half, TRY)[0]
            for half in halves(part, candidate, self.places)
        )
        return opened, closed

    def _gain(self, part: Part, bound: float) -> float:
        """By how much `bound` is above the part's; no more than proves it."""
        return max(min(bound, self.enough) - part.bound, 0.0)

    def _settled(self, part: Part) -> bool:
        """Whether nothing is left to search in it. Where too few candidates are left to choose, they are looked at."""
        if part.bound > self.enough:
            return True
        if np.count_nonzero(part.state >= FREE) > self.places:
            return False
        self._whole(part.state)
        return True

    def _whole(self, state: NDArray[np.int8]) -> None:
        """A part in which all is decided, or that has too few candidates left."""
        is_open = state >= FREE
        if np.count_nonzero(is_open) == self.places:
            cost = self._cost(is_open)
            if cost < self.upper:
                self.best = (cost, is_open)

    # ---------------------------------------------------------------------------------------------- its single steps

    def _sort(self, left: Flags) -> None:
        """Each client's list of the candidates that are left."""
        names = np.flatnonzero(left).astype(np.int32)
        costs = self.near[names].T
        order = np.argsort(costs, axis=1, kind="stable")
        start = np.arange(len(costs) + 1, dtype=np.int64) * len(names)
        self.lists = (start, names[order].ravel(), np.take_along_axis(costs, order, 1).ravel())

    def _bounded(self, part: Part, climb: Climb) -> tuple[Part, Flags, int, float]:
        """The part with its bound raised and what that decides, the choice of its bound, steps done, factor left."""
        names = np.flatnonzero(part.state >= FREE)
        local = np.full(len(part.state), -1, np.int32)
        local[names] = np.arange(len(names), dtype=np.int32)
        fixed = part.state[names] == OPEN
        price = part.price.astype(np.float64)
        narrowed = self.loops.narrow(*self.lists, local, fixed, price, SLACK)
        raised = self.loops.ascend(
            self.near, names, fixed, *narrowed, price, part.share[names].astype(np.float64),
            self.places, self.upper, self.enough, climb.steps, climb.factor, climb.patience, climb.memory,
        )  # fmt: skip
        bound, done, factor, price, chosen, rho, share = raised
        state, shares = part.state.copy(), np.zeros(len(part.state), np.float32)
        state[names] = decided(state[names], self.places, bound, rho, chosen, self.enough)
        shares[names] = share
        is_open = np.zeros(len(state), np.bool_)
        is_open[names[chosen]] = True
        return Part(max(bound, part.bound), state, price.astype(np.float32), shares), is_open, done, factor

    def _improve(self, chosen: Flags) -> None:
        """Swaps from `chosen` until none betters it; what is cheaper than the incumbent takes its place."""
        key = chosen.tobytes()
        if key in self.tried:
            return
        self.tried.add(key)
        is_open, done = chosen.copy(), False
        swaps = max(1, PIECE // self.near.size)
        while not done:
            cost, done = self.loops.interchange(self.near, is_open, swaps)
            if cost < self.upper:
                self.best = (float(cost), is_open.copy())
            if not self.goes_on():
                return


def warm() -> None:
    """Compile the loops, or find them compiled, on a small network that uses them all."""
    side = np.arange(12)
    near = np.abs(side[:, None] - side[None, :]) * 7 % 11 + np.abs(side[:, None] - side[None, :])
    solve_p_median(near.astype(np.float64), 3, unit=1.0)
