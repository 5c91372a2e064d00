"""Whether the promises are kept by citizens who had no part in choosing the team sizes.

A search picks what happens to do well in its own replications, so what they say of the plan it picked is too good. Here
the plan is simulated anew, with other numbers of replication, until each promise is surely kept, or one is surely
broken, or there have been as many as are allowed; so many looks are judged at a stricter level each, so that all of
them together keep theirs (Bonferroni; Law 2015, section 9.7.1). Where a promise is broken the employee who mends most
for her pay comes to, and all is simulated anew once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from hovedindgang.planning.simulation.outcome import LEVEL, Estimate, ratio_of
from hovedindgang.planning.staffing.promises import Pair, Shares
from hovedindgang.planning.staffing.searching import one_more
from hovedindgang.planning.staffing.trying import Sizes, Trying

LOOKS = (10, 20, 40, 80, 160)  # replications done at each look
MOST_MENDED = 12  # employees that are added
TO_CHOOSE_BY = 20  # replications by which it is chosen where


class Kept(StrEnum):
    SURELY = "surely"  # the interval lies above the promise
    UNSURE = "unsure"
    BROKEN = "broken"  # the interval lies below it; or the figure, where there are no more replications


@dataclass(frozen=True, slots=True)
class Verified:
    """What fresh replications said of team sizes, for each promise; none of them where it was stopped at once."""

    shares: Mapping[str, Estimate] = field(default_factory=dict)  # with 95 % intervals
    kept: Mapping[str, Kept] = field(default_factory=dict)
    replications: int = 0
    added: Sizes = ()  # to the sizes that the search found, because they broke a promise


class Verifying:
    """Verifies, mends and verifies again; `sizes` and `verified` are what is known when it is stopped."""

    def __init__(self, trying: Trying, sizes: Sizes, most: Sizes) -> None:
        self.trying, self.most = trying, most
        self.sizes, self.verified = sizes, Verified(added=(0,) * len(sizes))
        self._next = trying.replications  # the first number of replication that nobody has seen

    def run(self, goes_on: Callable[[], bool]) -> None:
        found_by_search = self.sizes
        for _mended in range(MOST_MENDED + 1):
            added = tuple(now - then for now, then in zip(self.sizes, found_by_search, strict=True))
            self.verified = Verified(added=added)
            self._verify(goes_on)
            if Kept.BROKEN not in self.verified.kept.values() or not goes_on() or sum(added) == MOST_MENDED:
                return
            mended = self._mended()
            if mended == self.sizes:
                return
            self.sizes = mended

    def _verify(self, goes_on: Callable[[], bool]) -> None:
        done: dict[str, list[Pair]] = {}
        first, number = self._next, 0
        self._next += LOOKS[-1]
        for wanted in LOOKS:
            more = self.trying.fresh(self.sizes, first=first + number, replications=wanted - number)
            number = wanted
            for key, pair in more.items():
                done.setdefault(key, []).append(pair)
            pairs = {key: _joined(each) for key, each in done.items()}
            last = wanted == LOOKS[-1]
            kept = {key: self._judged(key, pair, last) for key, pair in pairs.items()}
            estimates = {key: ratio_of(*pair) for key, pair in pairs.items()}
            self.verified = Verified(estimates, kept, number, self.verified.added)
            if Kept.BROKEN in kept.values() or set(kept.values()) == {Kept.SURELY} or not goes_on():
                return

    def _judged(self, key: str, pair: Pair, last: bool) -> Kept:
        promised = self.trying.promises.standard(key).share
        estimate = ratio_of(*pair, level=1 - (1 - LEVEL) / len(LOOKS))
        if estimate.low >= promised:
            return Kept.SURELY
        if estimate.high < promised or (last and estimate.value < promised):
            return Kept.BROKEN
        return Kept.UNSURE

    def _mended(self) -> Sizes:
        """With the employee more who mends most for her pay, by replications that nobody has seen either."""
        first = self._next
        self._next += TO_CHOOSE_BY

        def missed(sizes: Sizes) -> float:
            return self.trying.promises.missed(self.trying.fresh(sizes, first=first, replications=TO_CHOOSE_BY))

        now = missed(self.sizes)
        helps = {
            at: (now - missed(one_more(self.sizes, at))) / self.trying.kr[at]
            for at in range(len(self.sizes))
            if self.sizes[at] < self.most[at]
        }
        return one_more(self.sizes, max(helps, key=lambda at: helps[at])) if helps else self.sizes


def _joined(each: list[Pair]) -> Pair:
    return np.concatenate([pair[0] for pair in each]), np.concatenate([pair[1] for pair in each])


def in_the_search(found: Shares) -> dict[str, Estimate]:
    """The same figures of the search's own replications."""
    return {key: ratio_of(*pair) for key, pair in found.items()}
