"""How many places, of which kind and where: chosen to proof, with what the next-best choices cost.

Five questions, each an integer program solved by HiGHS (`scipy.optimize.milp`) without a gap:
`travel`, the least minutes in all for a number of places (p-median with weights: ReVelle & Swain 1970, Geographical
Analysis 2:30); `coverage`, the most people within so many minutes (Church & ReVelle 1974, Papers of the Regional
Science Association 32:101); `worst`, the least longest way (p-centre: Hakimi 1964, Operations Research 12:450);
`cover`, everybody within so many minutes at the least fixed cost (set cover: Toregas et al. 1971, Operations Research
19:1363); `cost`, the least of fixed cost, visits and the citizens' time (uncapacitated facility location: Balinski
1965, Management Science 12:253). Everybody goes to the nearest place that carries what she comes for (Rojeski &
ReVelle 1970, Geographical Analysis 2:343). Of choices that are equal the one with the least travel is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext
from hovedindgang.planning.limits import Row, limited
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.siting.begun import begun
from hovedindgang.planning.siting.places import Places
from hovedindgang.planning.siting.refusing import no_choice
from hovedindgang.planning.stopping import TIME_IS_UP, left_at_once, not_in_time

QUESTIONS = ("travel", "coverage", "worst", "cover", "cost")
SOLVER_SECONDS = 20.0

Option = tuple[int, int]  # which candidate, of which kind


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: how many places in all (None: as many as pay), and within how many minutes people are near."""

    question: str
    places: int | None
    within_minutes: float


@dataclass(frozen=True, slots=True)
class Choice:
    """What is open, and what it means. Minutes are one way; kroner are a year's.

    `minutes[i]` and `nearest[i]`: for town i, the way to the farthest of the places she needs (a place for each
    service), and the nearest place of any kind.
    """

    options: tuple[Option, ...]
    minutes: NDArray[np.float64]
    nearest: NDArray[np.int64]
    visits: NDArray[np.float64]  # a year, by place as in `options`
    mean_minutes: float
    covered_share: float
    worst_minutes: float
    fixed_kr: float
    visits_kr: float
    time_kr: float

    @property
    def total_kr(self) -> float:
        return self.fixed_kr + self.visits_kr + self.time_kr


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best choice and the next-best, and whether each is proved to be the best of what was left."""

    choices: tuple[Choice, ...]
    proved: tuple[bool, ...]
    interrupted: bool = False  # by Ctrl-C, before all that was asked for was found


def measured(places: Places, options: tuple[Option, ...], within_minutes: float) -> Choice:
    """What it means that exactly `options` are open, counted without any solver."""
    people = np.array([town.people.value for town in places.towns])
    share = np.array([service.share.value for service in places.services])
    yearly = people * places.visits_per_person.value
    way = np.array([places.minutes[:, candidate] for candidate, _ in options])  # options × towns
    visit_kr = np.array([places.kinds[kind].visit_kr.value for _, kind in options])
    minutes = np.zeros(len(people))
    total, covered, visits_kr = 0.0, 0.0, 0.0
    visits = np.zeros(len(options))
    for service, part in zip(places.services, share, strict=True):
        carries = [service.key in places.kinds[kind].services for _, kind in options]
        if not any(carries):
            raise ValueError(f"nobody carries {service.key}")
        held = np.where(np.array(carries)[:, None], way, np.inf)
        least = held.min(axis=0)
        # Of places equally near she takes the one where a visit costs least.
        to = np.where(held <= least + 1e-9, visit_kr[:, None], np.inf).argmin(axis=0)
        minutes = np.maximum(minutes, least)
        total += float((people * part * least).sum())
        covered += float((people * part)[least <= within_minutes + 1e-9].sum())
        visits_kr += float((yearly * part * visit_kr[to]).sum())
        np.add.at(visits, to, yearly * part)
    mean = total / people.sum()
    return Choice(
        options=options,
        minutes=minutes,
        nearest=way.argmin(axis=0),
        visits=visits,
        mean_minutes=mean,
        covered_share=covered / people.sum(),
        worst_minutes=float(minutes[people > 0].max()),
        fixed_kr=sum(places.kinds[kind].fixed_kr.value for _, kind in options),
        visits_kr=visits_kr,
        time_kr=2 * mean / 60 * yearly.sum() * places.hour_kr.value,
    )


def ranked(places: Places, asked: Asked, *, count: int = 11, goes_on: Callable[[], bool] = lambda: True) -> Ranked:
    """The best choice and the next-best, `count` in all or as many as there are.

    Raises `CannotPlan` where no choice keeps to what is asked.
    """
    program = _Program(places, asked)
    found, proved, stopped = [], [], False
    try:
        for options, sure in program.choices():
            found.append(measured(places, options, asked.within_minutes))
            proved.append(sure)
            if len(found) == count or not goes_on():
                break
    except KeyboardInterrupt:
        if not found:
            raise
        stopped = True
    if not found:
        raise no_choice(places, asked)
    # The solver is exact to a millionth of its goal; what it finds is put in order by what was counted.
    order = sorted(range(len(found)), key=lambda which: (_goal(asked, found[which]), found[which].mean_minutes))
    return Ranked(tuple(found[which] for which in order), tuple(proved[which] for which in order), stopped)


def unproved(places: Places, asked: Asked) -> Ranked | None:
    """A choice that keeps to what is asked, for whoever stops the solver before it has any; None: none was found."""
    options = begun(places, asked.places, lambda options: _worth(places, asked, options))
    return None if options is None else Ranked((measured(places, options, asked.within_minutes),), (False,), True)


def _worth(places: Places, asked: Asked, options: tuple[Option, ...]) -> tuple[float, float, float]:
    """(what is lacking of it, what is made least, the travel that decides between equals); everybody must be near where
    that is what is asked."""
    choice = measured(places, options, asked.within_minutes)
    return (1.0 - choice.covered_share if asked.question == "cover" else 0.0), _goal(asked, choice), choice.mean_minutes


def chosen(places: Places, text: str) -> tuple[Option, ...]:
    """The options of "aabybro:centre,pandrup": candidates, each of a kind (else its first). Raises CannotPlan."""
    kinds = [kind.key for kind in places.kinds]
    towns = [candidate.town for candidate in places.candidates]
    found: dict[int, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        town, _colon, kind = part.partition(":")
        if town not in towns:
            raise CannotPlan(
                gettext("Der kan ikke være et sted i {town}.").format(town=town or part),
                cure=gettext("Filens candidates er: {towns}.").format(towns=", ".join(towns)),
            )
        at = towns.index(town)
        kind = kind or places.candidates[at].kinds[0]
        if kind not in places.candidates[at].kinds or at in found:
            raise CannotPlan(
                gettext("{part} kan ikke åbnes.").format(part=part),
                cure=gettext("Skriv hver by én gang, med en af: {kinds}.").format(
                    kinds=", ".join(places.candidates[at].kinds)
                ),
            )
        found[at] = kinds.index(kind)
    carried = {service for kind in found.values() for service in places.kinds[kind].services}
    missing = [service.name for service in places.services if service.key not in carried]
    if missing or not found:
        raise CannotPlan(
            gettext("De steder tager ikke alle opgaver: {services} mangler.").format(services=", ".join(missing)),
            cure=gettext("Tag et sted med, der løser dem."),
        )
    return tuple(found.items())


def _goal(asked: Asked, choice: Choice) -> float:
    return {
        "travel": choice.mean_minutes,
        "coverage": -round(choice.covered_share, 9),
        "worst": round(choice.worst_minutes, 6),
        "cover": choice.fixed_kr,
        "cost": choice.total_kr,
    }[asked.question]


class _Program:
    """The integer program. Columns: each option open; each town's service from each option; perhaps a longest way."""

    def __init__(self, places: Places, asked: Asked) -> None:
        self.places, self.asked = places, asked
        kinds = {kind.key: number for number, kind in enumerate(places.kinds)}
        self.options: list[Option] = [
            (number, kinds[key]) for number, candidate in enumerate(places.candidates) for key in candidate.kinds
        ]
        self.needs = [(town, service) for town in range(len(places.towns)) for service in range(len(places.services))]
        self.way = np.array([[places.minutes[town, at] for at, _ in self.options] for town, _ in self.needs])
        carried = [
            [places.services[service].key in places.kinds[kind].services for _, kind in self.options]
            for _, service in self.needs
        ]
        self.carried = np.array(carried, dtype=bool)
        self.people = np.array(
            [places.towns[town].people.value * places.services[service].share.value for town, service in self.needs]
        )
        self.columns = len(self.options) * (1 + len(self.needs)) + len(self.needs) + 1
        self.rows: list[Row] = []
        self._counts()
        self._service()
        self.goal = self._goal()

    def _served(self, need: int, option: int) -> int:
        return len(self.options) * (1 + need) + option

    def _near(self, need: int) -> int:
        return len(self.options) * (1 + len(self.needs)) + need

    def _counts(self) -> None:
        places, options = self.places, self.options
        for number, candidate in enumerate(places.candidates):
            here = {column: 1.0 for column, (at, _) in enumerate(options) if at == number}
            self.rows.append((here, 1.0 if candidate.must_stay else 0.0, 1.0))
        for number, kind in enumerate(places.kinds):
            such = {column: 1.0 for column, (_, which) in enumerate(options) if which == number}
            self.rows.append((such, kind.at_least, np.inf if kind.at_most is None else kind.at_most))
        if self.asked.places is not None:
            self.rows.append((dict.fromkeys(range(len(options)), 1.0), self.asked.places, self.asked.places))

    def _service(self) -> None:
        """Each need is met once, and by what is open; where it costs, by the nearest."""
        for need in range(len(self.needs)):
            held = [int(option) for option in np.flatnonzero(self.carried[need])]
            self.rows.append(({self._served(need, option): 1.0 for option in held}, 1.0, 1.0))
            for option in held:
                self.rows.append(({self._served(need, option): 1.0, option: -1.0}, -np.inf, 0.0))
                if self.asked.question == "cost":
                    way = self.way[need]
                    row = {self._served(need, other): 1.0 for other in held if way[other] <= way[option] + 1e-9}
                    self.rows.append((row | {option: -1.0}, 0.0, np.inf))

    def _goal(self) -> NDArray[np.float64]:
        """What is made least. Travel, scaled to at most 1, only decides between choices that are otherwise equal."""
        goal = np.zeros(self.columns)
        all_travel = max(1e-9, float((self.people * self.way.max(axis=1)).sum()))
        question, within = self.asked.question, self.asked.within_minutes
        yearly = self.places.visits_per_person.value
        minute_kr = 2 * self.places.hour_kr.value / 60
        for need in range(len(self.needs)):
            for option, (_, kind) in enumerate(self.options):
                travel = self.people[need] * self.way[need, option]
                if question == "travel":
                    cost = travel
                elif question == "cost":
                    visit = self.places.kinds[kind].visit_kr.value + minute_kr * self.way[need, option]
                    cost = self.people[need] * yearly * visit
                else:
                    cost = travel / all_travel
                goal[self._served(need, option)] = cost
        fixed = np.array([self.places.kinds[kind].fixed_kr.value for _, kind in self.options])
        if question in {"cost", "cover"}:
            goal[: len(self.options)] = fixed
        for need in range(len(self.needs)):
            near = np.flatnonzero(self.carried[need] & (self.way[need] <= within + 1e-9))
            row = {int(option): 1.0 for option in near}
            if question == "cover" and self.people[need] > 0:
                self.rows.append((row, 1.0, np.inf))
            if question == "coverage":
                self.rows.append((row | {self._near(need): -1.0}, 0.0, np.inf))
                goal[self._near(need)] = -100 * self.people[need]  # a hundredth of a person is nobody
            if question == "worst" and self.people[need] > 0:
                ways = {self._served(need, option): -self.way[need, option] for option in range(len(self.options))}
                self.rows.append((ways | {self.columns - 1: 1.0}, 0.0, np.inf))
        if question == "worst":
            goal[-1] = 1000  # a thousandth of a minute is no time
        return goal

    def choices(self) -> Iterator[tuple[tuple[Option, ...], bool]]:
        """The best choice, then the best of those left, and so on; with whether it is proved."""
        from scipy.optimize import Bounds, milp  # heavy, and only who asks waits for it

        whole = np.zeros(self.columns)
        whole[: len(self.options)] = 1
        upper = np.ones(self.columns)
        upper[-1] = np.inf
        found = 0
        while True:
            done = left_at_once(
                partial(
                    milp,
                    self.goal,
                    constraints=limited(self.rows, self.columns),
                    bounds=Bounds(0, upper),
                    integrality=whole,
                    options={"mip_rel_gap": 0.0, "time_limit": SOLVER_SECONDS},
                )
            )
            if done.x is None and done.status == TIME_IS_UP and not found:
                raise not_in_time(SOLVER_SECONDS)
            if done.x is None:
                return
            found += 1
            is_open = done.x[: len(self.options)] > 0.5
            yield tuple(self.options[option] for option in np.flatnonzero(is_open)), done.status == 0
            # Not this one again.
            cut = {option: -1.0 if on else 1.0 for option, on in enumerate(is_open)}
            self.rows.append((cut, 1.0 - float(is_open.sum()), np.inf))
