"""The least that any plan costs: all that are cheaper have been tried, or have no more in any team than one that was.

Team sizes are looked at in order of their cost, from the least of each team up. One is ruled out when it was tried and
missed a promise, or when it has no more in any team than sizes that clearly missed one: a service with fewer employees
keeps no promise that the same service with more misses. What is ruled out for a given cost is found by trying large
sizes that cost a little less than the best plan known: either they miss a promise, and all that is smaller is out with
them, or they are a better plan. From what is ruled out by some sizes one goes on where it exceeds them, in a team at a
time. The bound is the cost of the first sizes that are not ruled out; where they keep the promises, nothing is cheaper
at all. Where several teams share a centre the same is first asked of each centre alone, with more than anybody needs
at all others; what the centres must cost at least, all of them must together.

It is exact for the citizens who were simulated, and needs of the service only that an employee more does no harm
(beyond `CLEARLY`, half a point of those who came, in which two simulations that differ by an employee may differ by
chance).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np

from hovedindgang.planning.staffing.searching import CLEARLY, grown, one_more, pruned
from hovedindgang.planning.staffing.trying import Part, Sizes, Tried, Trying

MOST_LOOKED_AT = 100_000


class Bound:
    """The bound as far as it is known, and the best plan; both get better while `tighten` works."""

    def __init__(self, trying: Tried, least: Sizes, best: Sizes, most: Sizes, *, kr: float = 0.0) -> None:
        self.trying, self.least, self.best, self.most = trying, least, best, most
        self.kr = max(kr, trying.cost(least))
        self.proved = False
        far_off = trying.promises.far_off
        self._too_few = [sizes for sizes, found in trying.known.items() if far_off(found, CLEARLY)]

    def tighten(self, *, tries: int, goes_on: Callable[[], bool]) -> None:
        """Until it is proved that nothing is cheaper, or so many sizes more are tried, or `goes_on` says no."""
        until = len(self.trying.known) + tries
        waiting, seen = [(self.trying.cost(self.least), self.least)], {self.least}
        for _number in range(MOST_LOOKED_AT):
            cost, sizes = heapq.heappop(waiting)
            self.kr = min(max(self.kr, cost), self.trying.cost(self.best))
            if not self._cheaper(self.kr):
                cost = self.kr  # nothing cheaper is left to be looked at
            while self._cheaper(cost) and not self._ruled_out(sizes):
                if len(self.trying.known) >= until or not goes_on():
                    return
                self._try(sizes)
            if not self._cheaper(cost):
                self.kr, self.proved = self.trying.cost(self.best), True
                return
            for more in self._beyond(sizes):
                if more not in seen:
                    seen.add(more)
                    heapq.heappush(waiting, (self.trying.cost(more), more))

    def _beyond(self, sizes: Sizes) -> list[Sizes]:
        """Sizes of which each plan that has no fewer than `sizes`, and is not ruled out as they are, has no fewer."""
        by = self._too_few_for(sizes)
        if by is None:  # tried itself
            return [one_more(sizes, at) for at in range(len(sizes))]
        return [one_more(sizes, at, number + 1 - sizes[at]) for at, number in enumerate(by) if number < self.most[at]]

    def _cheaper(self, cost: float) -> bool:
        """Than the best, by more than sums of kroner are rounded."""
        return cost < self.trying.cost(self.best) - 0.5

    def _ruled_out(self, sizes: Sizes) -> bool:
        known = self.trying.known.get(sizes)
        if known is not None and self.trying.promises.missed(known) > 0:
            return True
        return self._too_few_for(sizes) is not None

    def _too_few_for(self, sizes: Sizes) -> Sizes | None:
        """Sizes that clearly missed a promise and have no fewer in any team: those with much in most of the teams."""
        if not self._too_few:
            return None
        every = np.array(self._too_few)
        found = np.flatnonzero((every >= np.array(sizes)).all(axis=1))
        if not len(found):
            return None
        much = (every[found] >= np.array(self.most)).sum(axis=1)
        return self._too_few[int(found[np.lexsort((every[found].sum(axis=1), much))[-1]])]

    def _try(self, sizes: Sizes) -> None:
        """Something that may rule `sizes` out, or is a better plan: large sizes above them first, then themselves."""
        larger = self._larger(sizes)
        chosen = sizes if larger in self.trying.known else larger
        found = self.trying.of(chosen)
        if self.trying.promises.far_off(found, CLEARLY):
            self._too_few.append(chosen)
        elif self.trying.promises.missed(found) == 0:
            self.best = pruned(self.trying, chosen, self.least)

    def _larger(self, sizes: Sizes) -> Sizes:
        """As large as costs less than the best plan: one more by turns, in the team that got fewest."""
        room = self.trying.cost(self.best) - self.trying.cost(sizes)
        larger = sizes
        while fitting := [at for at, kr in enumerate(self.trying.kr) if kr < room - 0.5]:
            at = min(fitting, key=lambda one: (larger[one] - sizes[one], one))
            larger, room = one_more(larger, at), room - self.trying.kr[at]
        return larger


def each_centre(
    trying: Trying, least: Sizes, most: Sizes, *, tries: int, goes_on: Callable[[], bool]
) -> tuple[float, Sizes]:
    """What the teams of each centre cost at least, in all; and the best for each, were the others no concern."""
    total, until, best = 0.0, len(trying.known) + tries, list(least)
    for centre in sorted({team.centre for team in trying.teams}):
        teams = [at for at, team in enumerate(trying.teams) if team.centre == centre]
        part = Part(trying, teams, most)
        own, much = tuple(least[at] for at in teams), tuple(most[at] for at in teams)
        bound = Bound(part, own, own, much)
        if len(teams) > 1:
            bound = Bound(part, own, pruned(part, grown(part, own, much), own), much)
            bound.tighten(tries=max(0, until - len(trying.known)), goes_on=goes_on)
        total += bound.kr
        for at, number in zip(teams, bound.best, strict=True):
            best[at] = number
    return total, tuple(best)
