"""Whether the promises are kept by citizens who had no part in choosing the team sizes.

A search picks what happens to do well in its own replications, so what they say of the plan it picked is too good. Here
the plan is simulated anew, with other numbers of replication, until each promise is surely kept, or one is surely
broken, or there have been as many as are allowed; so many looks are judged at a stricter level each, so that all of
them together keep theirs (Bonferroni; Law 2015, section 9.7.1). Where a promise is broken the employee who mends most
for her pay comes to, and all is simulated anew once more.

Who comes to may make another superfluous. So whoever the promises can do without is taken away again: if still other
citizens keep every promise without her as surely as with her. Several may be tried, and the best of several looks
better than it is; so each is judged as strictly as it takes for all that may be tried (Bonferroni again). Nothing is
taken away that would make the plan cheaper than the bound of the search.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from hovedindgang.planning.simulation.outcome import LEVEL, Estimate, ratio_of
from hovedindgang.planning.staffing.promises import Pair, Shares
from hovedindgang.planning.staffing.searching import one_more
from hovedindgang.planning.staffing.trying import Sizes, Trying

LOOKS = (10, 20, 40, 80, 160)  # replications done at each look
MOST_MENDED = 12  # employees that are added
MOST_TAKEN = 6  # plans with one fewer that are tried
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
    added: Sizes = ()  # to the sizes that the search found, because they broke a promise; below 0: taken away

    def as_surely_kept_as(self, other: Verified) -> bool:
        """Whether each promise is surely kept, or holds in the mean after every look where it was unsure before."""
        after_all = self.replications == LOOKS[-1]
        return bool(self.kept) and all(
            one is Kept.SURELY or (after_all and one is other.kept.get(key) is Kept.UNSURE)
            for key, one in self.kept.items()
        )


class Verifying:
    """Verifies, mends and verifies again; `sizes` and `verified` are what is known when it is stopped.

    `least`: what no team can do with fewer than; `bound_kr`: what no plan is made cheaper than.
    """

    def __init__(self, trying: Trying, sizes: Sizes, most: Sizes, *, least: Sizes = (), bound_kr: float = 0.0) -> None:
        self.trying, self.most = trying, most
        self.least, self.bound_kr = least or (0,) * len(sizes), bound_kr
        self.sizes, self.verified = sizes, Verified(added=(0,) * len(sizes))
        self._searched = sizes
        self._known = {sizes}  # that were verified
        self._next = trying.replications  # the first number of replication that nobody has seen

    def run(self, goes_on: Callable[[], bool]) -> None:
        self._mend(goes_on)
        if self.sizes != self._searched:
            self._take_away(goes_on)

    def _mend(self, goes_on: Callable[[], bool]) -> None:
        for number in range(MOST_MENDED + 1):
            self.verified = Verified(added=self._added(self.sizes))
            for seen in self._looks(self.sizes):
                self.verified = seen
                if not goes_on():
                    break
            if Kept.BROKEN not in self.verified.kept.values() or not goes_on() or number == MOST_MENDED:
                return
            mended = self._mended()
            if mended == self.sizes:
                return
            self.sizes = mended
            self._known.add(mended)

    def _take_away(self, goes_on: Callable[[], bool]) -> None:
        """One after the other, whoever the promises are kept without. What is not decided in time is left as it is."""
        for _number in range(MOST_TAKEN):
            if not self.verified.kept or Kept.BROKEN in self.verified.kept.values() or not goes_on():
                return
            fewer = self._superfluous()
            if fewer is None:
                return
            self._known.add(fewer)
            for seen in self._looks(fewer, among=MOST_TAKEN):
                if seen.as_surely_kept_as(self.verified):
                    self.sizes, self.verified = fewer, seen
                    break
                if not goes_on():
                    return

    def _added(self, sizes: Sizes) -> Sizes:
        return tuple(now - then for now, then in zip(sizes, self._searched, strict=True))

    def _looks(self, sizes: Sizes, *, among: int = 1) -> Iterator[Verified]:
        """What is known after each look, until it is decided; `among`: of how many plans this is one."""
        done: dict[str, list[Pair]] = {}
        first, number = self._next, 0
        self._next += LOOKS[-1]
        for wanted in LOOKS:
            more = self.trying.fresh(sizes, first=first + number, replications=wanted - number)
            number = wanted
            for key, pair in more.items():
                done.setdefault(key, []).append(pair)
            pairs = {key: _joined(each) for key, each in done.items()}
            last = wanted == LOOKS[-1]
            kept = {key: self._judged(key, pair, last, among) for key, pair in pairs.items()}
            estimates = {key: ratio_of(*pair) for key, pair in pairs.items()}
            yield Verified(estimates, kept, number, self._added(sizes))
            if Kept.BROKEN in kept.values() or set(kept.values()) == {Kept.SURELY}:
                return

    def _judged(self, key: str, pair: Pair, last: bool, among: int) -> Kept:
        promised = self.trying.promises.standard(key).share
        estimate = ratio_of(*pair, level=1 - (1 - LEVEL) / (len(LOOKS) * among))
        if estimate.low >= promised:
            return Kept.SURELY
        if estimate.high < promised or (last and estimate.value < promised):
            return Kept.BROKEN
        return Kept.UNSURE

    def _mended(self) -> Sizes:
        """With the employee more who mends most for her pay, by replications that nobody has seen either."""
        looked_at = self._to_choose_by()

        def missed(sizes: Sizes) -> float:
            return self.trying.promises.missed(looked_at(sizes))

        now = missed(self.sizes)
        helps = {
            at: (now - missed(one_more(self.sizes, at))) / self.trying.kr[at]
            for at in range(len(self.sizes))
            if self.sizes[at] < self.most[at]
        }
        return one_more(self.sizes, max(helps, key=lambda at: helps[at])) if helps else self.sizes

    def _superfluous(self) -> Sizes | None:
        """With the employee fewer without whom the nearest promise is kept by most; None: none can be done without."""
        looked_at = self._to_choose_by()
        fewer = [one_more(self.sizes, at, -1) for at in range(len(self.sizes)) if self.sizes[at] > self.least[at]]
        margins = {
            sizes: self.trying.promises.margin(looked_at(sizes))
            for sizes in fewer
            if any(sizes) and sizes not in self._known and self.trying.cost(sizes) >= self.bound_kr - 0.5
        }
        kept = {sizes: margin for sizes, margin in margins.items() if 0 <= margin < math.inf}
        return max(kept, key=lambda sizes: kept[sizes]) if kept else None

    def _to_choose_by(self) -> Callable[[Sizes], Shares]:
        """Some replications that nobody has seen, the same for all that are chosen between."""
        first = self._next
        self._next += TO_CHOOSE_BY
        return lambda sizes: self.trying.fresh(sizes, first=first, replications=TO_CHOOSE_BY)


def _joined(each: list[Pair]) -> Pair:
    return np.concatenate([pair[0] for pair in each]), np.concatenate([pair[1] for pair in each])


def in_the_search(found: Shares) -> dict[str, Estimate]:
    """The same figures of the search's own replications."""
    return {key: ratio_of(*pair) for key, pair in found.items()}
