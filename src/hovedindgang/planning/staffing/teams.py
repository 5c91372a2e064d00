"""How many each team needs for what citizens are promised, found by simulation, and how far from the best that can be.

Employees are whole people and all team sizes are simulated with the same citizens, so two sizes differ only by the
employee. A search finds sizes that keep the promises (`searching`), a proof says what the cheapest could cost
(`bounding`), and citizens who had no part in either say whether the promises are kept (`verifying`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.simulation.outcome import LEVEL, Estimate, student
from hovedindgang.planning.staffing.bounding import Bound, each_centre
from hovedindgang.planning.staffing.promises import Promises, Standard
from hovedindgang.planning.staffing.searching import (
    best_tried,
    grown,
    least_of_each,
    must_be_enough,
    plenty,
    pruned,
    steadiest,
)
from hovedindgang.planning.staffing.trying import Progress, Sizes, Trying
from hovedindgang.planning.staffing.verifying import LOOKS, Kept, Verified, Verifying, in_the_search
from hovedindgang.planning.stopping import nothing_yet
from hovedindgang.servicemodel.document import ServiceModel

TRIES = 300  # team sizes more, to prove that nothing is cheaper


@dataclass(frozen=True, slots=True)
class Needed:
    """Team sizes that keep the promises, what they cost, and the least that could (`bound_kr`)."""

    teams: Mapping[str, int]
    kr_per_year: float
    least: Mapping[str, int]  # of each team, whatever the others have
    bound_kr: float  # 0: none yet
    proved: bool  # nothing cheaper than `searched` keeps the promises in the search's replications
    searched: Mapping[str, int]  # what the search found, before any were added because fresh citizens said so
    in_search: Mapping[str, Estimate]  # promise → share, in the replications that chose the sizes: too good
    verified: Verified
    promises: Promises
    simulated: int  # how many team sizes were tried
    interrupted: bool = False  # somebody stopped it: `teams` is the best tried so far
    meets: bool = True  # whether `searched` keep the promises in the search; always, but where interrupted

    @property
    def gap(self) -> float | None:
        """How much dearer than the bound, as a share of it: no plan is cheaper than by this. None: not known."""
        return self.kr_per_year / self.bound_kr - 1 if self.bound_kr and self.meets else None

    @property
    def shares(self) -> Mapping[str, Estimate]:
        """What is known best of each promise: of fresh citizens, else of the search's."""
        return self.verified.shares or self.in_search

    @property
    def surely_kept(self) -> bool:
        return bool(self.verified.kept) and set(self.verified.kept.values()) == {Kept.SURELY}


class Search:
    """What is known so far, so that it can be told whenever somebody stops it."""

    def __init__(self, trying: Trying) -> None:
        self.trying = trying
        self.most = plenty(trying)
        self.least: Sizes = (0,) * len(trying.teams)
        self.bound: Bound | None = None
        self.verifying: Verifying | None = None
        self.interrupted = False

    def find(self, tries: int, goes_on: Callable[[], bool] = lambda: True) -> Bound:
        """The best plan and the bound."""
        self.trying.of(tuple(team.number for team in self.trying.teams))  # whoever stops it soon gets the plan's own
        must_be_enough(self.trying, self.most)
        self.least = least_of_each(self.trying, self.most)
        kr, alone = each_centre(self.trying, self.least, self.most, tries=tries // 2, goes_on=goes_on)
        found = pruned(self.trying, grown(self.trying, alone, self.most), self.least)
        self.bound = Bound(self.trying, self.least, found, self.most, kr=kr)
        self.bound.tighten(tries=tries, goes_on=goes_on)
        self.bound.best = steadiest(self.trying, self.bound.best, self.least)
        return self.bound

    def verify(self, goes_on: Callable[[], bool]) -> None:
        assert self.bound is not None
        self.verifying = Verifying(self.trying, self.bound.best, self.most, least=self.least, bound_kr=self.bound.kr)
        self.verifying.run(goes_on)

    def needed(self) -> Needed:
        trying = self.trying
        searched = self.bound.best if self.bound else best_tried(trying, self.most)
        if searched is None:
            raise nothing_yet() from None
        sizes = self.verifying.sizes if self.verifying else searched
        return Needed(
            teams=self._by_team(sizes),
            kr_per_year=trying.cost(sizes),
            least=self._by_team(self.least),
            bound_kr=self.bound.kr if self.bound else 0.0,
            proved=bool(self.bound and self.bound.proved),
            searched=self._by_team(searched),
            in_search=in_the_search(trying.of(searched)),
            verified=self.verifying.verified if self.verifying else Verified(),
            promises=trying.promises,
            simulated=len(trying.known),
            interrupted=self.interrupted,
            meets=trying.missed(searched) == 0,
        )

    def _by_team(self, sizes: Sizes) -> dict[str, int]:
        return {team.key: number for team, number in zip(self.trying.teams, sizes, strict=True)}


def staff_needed(
    model: ServiceModel,
    inputs: Inputs,
    standards: Iterable[Standard],
    *,
    seed: int,
    replications: int = 5,
    tries: int = TRIES,
    goes_on: Callable[[], bool] = lambda: True,
    progress: Progress | None = None,
) -> Needed:
    """The cheapest team sizes found that keep the promises, verified, and the bound. Raises CannotPlan where none do.

    `tries` and `goes_on` bound what is spent on the proof and on verifying. Ctrl-C gives the best of the sizes that
    were tried, and says whether they keep the promises.
    """
    trying = Trying(model, inputs, tuple(standards), seed=seed, replications=replications, progress=progress)
    search = Search(trying)
    student(LEVEL, LOOKS[0])  # scipy is loaded now: whoever stops it waits for nothing then
    try:
        search.find(tries, goes_on)
        search.verify(goes_on)
    except KeyboardInterrupt:
        search.interrupted = True
    return search.needed()
