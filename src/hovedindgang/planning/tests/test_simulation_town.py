"""A town's week, built independently in SimPy: shifts, breaks, doors, letters laid aside, who comes again, who is new.

Two counters, one shut on Wednesdays and the other at noon, one telephone for both, letters when nobody waits.
Each figure is compared over independent replications at 99.9 %: of some thirty one is outside by chance once in thirty
times; seeds are fixed. A town whose people take no breaks, lay no letter aside, or do not shut at noon, is told apart.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import simpy
from numpy.typing import NDArray

from hovedindgang.planning.simulation.network import Came, Of
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.preparing import prepare
from hovedindgang.planning.simulation.replications import run_some
from hovedindgang.planning.simulation.scenario import (
    NO_SHRINKAGE,
    Arrivals,
    ByWeekday,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Outcome,
    Scenario,
    Shift,
    each_day,
)
from hovedindgang.planning.tests.keeping_peers import kept
from hovedindgang.planning.tests.test_simulation_peers import same

DAYS, REPLICATIONS, MIDNIGHT, WEDNESDAY = 5, 30, 1440.0, 2

# Who comes: how many a day, from and until when, patience and again (None: never), minutes of work by level and their
# coefficient of variation.
COME = {
    "north": (52.0, 540.0, 900.0, 25.0, 0.5, {"trainee": 13.0, "generalist": 9.0}, 0.8),
    "south": (30.0, 540.0, 900.0, 25.0, 0.5, {"trainee": 13.0, "generalist": 9.0}, 0.8),
    "phone": (95.0, 510.0, 870.0, 8.0, 0.6, {"trainee": 5.0, "generalist": 5.0}, 1.0),
    "letters": (14.0, 0.0, 1440.0, None, 0.0, {"trainee": 12.0, "generalist": 12.0}, 1.0),
}
URGENCY = {"north": 0, "south": 0, "phone": 1, "letters": 2}
AGAIN_AFTER, TO_THE_COUNTER, THERE_AFTER = 40.0, 0.2, 120.0
DOORS = {
    "north": ((540.0, 745.0), (775.0, 900.0)),  # shut at noon, and open again
    "south": ((540.0, 900.0),),
    "phone": ((540.0, 840.0),),
}
STAYS_OPEN_FOR_THOSE_INSIDE = {"north", "south"}

# Where she is, from, until, her lunch, and what she can do.
EVERYTHING = {"phone": "generalist", "letters": "generalist"}
STAFF = {
    "anna": ("north", 540.0, 900.0, (690.0, 720.0), {"north": "generalist", **EVERYTHING}),
    "bo": ("north", 540.0, 900.0, (720.0, 750.0), {"north": "trainee", **EVERYTHING}),
    "cilla": ("south", 480.0, 780.0, None, {"south": "generalist", "north": "generalist", **EVERYTHING}),
    "dorte": ("south", 600.0, 960.0, (720.0, 760.0), {"south": "trainee", **EVERYTHING}),
    "eva": ("", 540.0, 840.0, (660.0, 690.0), {"phone": "generalist"}),
}


def place_of(name: str, day: int) -> str:
    """Cilla is in the north on Wednesdays, when the south is shut."""
    return "north" if name == "cilla" and day == WEDNESDAY else STAFF[name][0]


def is_shut(line: str, day: int) -> bool:
    return line == "south" and day == WEDNESDAY


# ----------------------------------------------------------------------------------------------------------- ours


def shape(since: float, until: float) -> ByWeekday[tuple[float, ...]]:
    return each_day(tuple(1.0 if since <= 30 * piece < until else 0.0 for piece in range(48)))


def ours_of_it() -> Scenario:
    flows = {}
    for key, (a_day, since, until, patience, again, handle, cv) in COME.items():
        channel = "in_person" if key in STAYS_OPEN_FOR_THOSE_INSIDE else key
        flows[key] = Flow(
            key,
            channel,
            Arrivals(each_day(a_day), shape(since, until)),
            {level: Distribution("lognormal", mean, cv) for level, mean in handle.items()},
            line=key,
            centre=key if channel == "in_person" else None,
            patience=Distribution("exponential", patience) if patience else Distribution("never"),
            again=again,
            again_after=Distribution("exponential", AGAIN_AFTER),
        )
    comes_back = Outcome(Came.COMES_BACK, TO_THE_COUNTER, "north", Distribution("exponential", THERE_AFTER))
    flows["phone"] = replace(flows["phone"], outcomes=(Outcome(Came.RESOLVED, 1 - TO_THE_COUNTER), comes_back))
    openings = [Opening("phone", None, each_day(DOORS["phone"]), stays=False, inside_are_served=False)]
    for place in STAYS_OPEN_FOR_THOSE_INSIDE:
        days = ByWeekday(() if is_shut(place, day) else DOORS[place] for day in range(7))
        openings.append(Opening("in_person", place, days, stays=False))
    return Scenario(
        title="a town",
        first_day=dt.date(2026, 1, 12),
        days=DAYS,
        flows=flows,
        lines={
            key: Line(
                key,
                flow.channel,
                place=key if key in STAYS_OPEN_FOR_THOSE_INSIDE else None,
                priority=URGENCY[key],
                interruptible=key == "letters",
            )
            for key, flow in flows.items()
        },
        employees=tuple(
            Employee(name, knows, ByWeekday((shift_of(name, day),) for day in range(7)))
            for name, (_place, _begins, _ends, _lunch, knows) in STAFF.items()
        ),
        openings=tuple(openings),
        shrinkage=NO_SHRINKAGE,
    )


def shift_of(name: str, day: int) -> Shift:
    _place, begins, ends, lunch, _knows = STAFF[name]
    return Shift(begins, ends, place_of(name, day) or None, breaks=(lunch,) if lunch else ())


@cache
def ours() -> dict[str, NDArray[np.float64]]:
    scenario = ours_of_it()
    tallies = tuple(run_some(scenario, seed=11, replications=range(REPLICATIONS)))
    results = Results(prepare(scenario), 11, tallies)
    found = {}
    for key in COME:
        flows = results.flows_where(lambda one, key=key: one == key)  # type: ignore[misc]
        for name, column in (
            ("came", Of.ARRIVED),
            ("gave up", Of.GAVE_UP),
            ("door shut", Of.UNSERVED),
            ("again", Of.CAME_AGAIN),
        ):
            found[f"{name} {key}"] = results.column(column, flows)
        found[f"wait {key}"] = results.column(Of.WAITED, flows) / results.column(Of.SERVED, flows)
        found[f"at once {key}"] = results.column(Of.AT_ONCE, flows) / results.column(Of.MATTERS, flows)
    for at, name in enumerate(STAFF):
        found[f"busy {name}"] = np.array([tally.busy[at] for tally in tallies])
        found[f"late {name}"] = np.array([tally.overtime[at] for tally in tallies])
    return found


# ---------------------------------------------------------------------------------------------------------- SimPy


@dataclass(eq=False)
class Citizen:
    flow: str
    began_as: str
    since: float = 0.0
    contacts: int = 1
    work_left: float | None = None
    visit: int = 0


@dataclass(eq=False)
class Clerk:
    name: str
    knows: dict[str, str]
    place: str | None = None  # None: not at work
    wants: str = "to work"
    citizen: Citizen | None = None
    since: float = 0.0
    should_have_left: float = 0.0
    at_work: Any = None


@dataclass
class Town:
    """One week, told by processes: each citizen, each employee's day, each door."""

    seed: int
    takes_breaks: bool = True
    lays_letters_aside: bool = True
    shuts_at_noon: bool = True
    counted: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __post_init__(self) -> None:
        self.clock, self.chance = simpy.Environment(), random.Random(self.seed)
        self.waiting: dict[str, list[Citizen]] = {line: [] for line in COME}
        self.shut: set[str] = set()
        self.clerks = [Clerk(name, dict(STAFF[name][4])) for name in STAFF]
        self.idle: list[Clerk] = []  # whoever was idle longest first
        for line in COME:
            self.clock.process(self.comers(line))
            if line in DOORS:
                self.clock.process(self.door(line))
        for clerk in self.clerks:
            self.clock.process(self.week(clerk))
        self.clock.run(until=DAYS * MIDNIGHT)

    def exponential(self, mean: float) -> float:
        return self.chance.expovariate(1 / mean)

    def is_open(self, line: str, at: float) -> bool:
        if line not in DOORS:
            return True
        if is_shut(line, int(at // MIDNIGHT)):
            return False
        return any(opens <= at % MIDNIGHT < shuts for opens, shuts in self.hours(line))

    def hours(self, line: str) -> tuple[tuple[float, float], ...]:
        return DOORS[line] if self.shuts_at_noon else ((DOORS[line][0][0], DOORS[line][-1][1]),)

    # ---- citizens

    def comers(self, line: str) -> Iterator[Any]:
        a_day, since, until = COME[line][:3]
        for day in range(DAYS):
            yield self.clock.timeout(day * MIDNIGHT + since - self.clock.now)
            while True:
                gap = self.exponential((until - since) / a_day)
                if self.clock.now + gap >= day * MIDNIGHT + until:
                    break
                yield self.clock.timeout(gap)
                citizen = Citizen(line, line)
                if self.is_open(line, self.clock.now):
                    self.enter(citizen)
                else:
                    self.counted[f"came {line}"] += 1
                    self.not_reached(citizen, "door shut")

    def enter(self, citizen: Citizen) -> None:
        line, citizen.since, citizen.work_left = citizen.flow, self.clock.now, None
        self.counted[f"came {line}"] += 1
        clerk = self.somebody_for(line)
        if clerk is not None:
            self.begin(clerk, citizen)
            return
        self.waiting[line].append(citizen)
        patience = COME[line][3]
        if patience is not None:
            self.clock.process(self.patience(citizen, self.exponential(patience)))

    def patience(self, citizen: Citizen, minutes: float) -> Iterator[Any]:
        visit = citizen.visit
        yield self.clock.timeout(minutes)
        if citizen.visit == visit and citizen in self.waiting[citizen.flow]:
            self.waiting[citizen.flow].remove(citizen)
            self.not_reached(citizen, "gave up")

    def not_reached(self, citizen: Citizen, why: str) -> None:
        self.counted[f"{why} {citizen.flow}"] += 1
        if self.chance.random() < COME[citizen.flow][4]:
            self.counted[f"again {citizen.flow}"] += 1
            self.clock.process(self.later(citizen, self.exponential(AGAIN_AFTER)))

    def later(self, citizen: Citizen, minutes: float) -> Iterator[Any]:
        """She comes then; where it is shut, some time in the next opening."""
        citizen.visit += 1
        yield self.clock.timeout(minutes)
        if not self.is_open(citizen.flow, self.clock.now):
            opens, shuts = self.next_opening(citizen.flow)
            yield self.clock.timeout(self.chance.uniform(opens, shuts) - self.clock.now)
        self.enter(citizen)

    def next_opening(self, line: str) -> tuple[float, float]:
        day = int(self.clock.now // MIDNIGHT)
        while True:
            for opens, shuts in () if is_shut(line, day) else self.hours(line):
                if day * MIDNIGHT + opens > self.clock.now:
                    return day * MIDNIGHT + opens, day * MIDNIGHT + shuts
            day += 1

    def door(self, line: str) -> Iterator[Any]:
        """Who is inside when it shuts at noon stays, and is served by whoever is there."""
        for day in range(DAYS):
            for at, (_opens, shuts) in enumerate(self.hours(line)):
                yield self.clock.timeout(day * MIDNIGHT + shuts - self.clock.now)
                later = self.hours(line)[at + 1 :]
                if line in STAYS_OPEN_FOR_THOSE_INSIDE:
                    self.shut.add(line)
                    until = later[0][0] if later else MIDNIGHT - 1e-6
                    yield self.clock.timeout(day * MIDNIGHT + until - self.clock.now)
                    self.shut.discard(line)
                    if later:
                        continue
                waiting, self.waiting[line] = self.waiting[line], []
                for citizen in waiting:
                    self.not_reached(citizen, "door shut")

    # ---- employees

    def week(self, clerk: Clerk) -> Iterator[Any]:
        _place, begins, ends, lunch, _knows = STAFF[clerk.name]
        for day in range(DAYS):
            times: list[tuple[float, Callable[[], None]]] = [
                (begins, lambda day=day: self.on_duty(clerk, place_of(clerk.name, day))),  # type: ignore[misc]
                (ends, lambda: self.wants(clerk, "to go home")),
            ]
            if lunch and self.takes_breaks:
                times.append((lunch[0], lambda: self.wants(clerk, "a break")))
                times.append((lunch[1], lambda day=day: self.on_duty(clerk, place_of(clerk.name, day))))  # type: ignore[misc]
            for at, what in sorted(times, key=lambda one: one[0]):
                yield self.clock.timeout(day * MIDNIGHT + at - self.clock.now)
                what()

    def on_duty(self, clerk: Clerk, place: str) -> None:
        clerk.place, clerk.wants = place, "to work"
        if clerk.citizen is None:
            self.go_on(clerk)

    def wants(self, clerk: Clerk, what: str) -> None:
        clerk.wants, clerk.should_have_left = what, self.clock.now
        if clerk in self.idle:
            self.idle.remove(clerk)
        if clerk.citizen is not None and clerk.citizen.flow == "letters":
            self.lay_aside(clerk)
        if clerk.citizen is None:
            self.go_on(clerk)

    def can(self, clerk: Clerk, line: str) -> bool:
        return line in clerk.knows and (line not in STAYS_OPEN_FOR_THOSE_INSIDE or clerk.place == line)

    def go_on(self, clerk: Clerk) -> None:
        """The next one, or idle, or gone."""
        lines = [line for line in COME if self.waiting[line] and self.can(clerk, line)]
        if clerk.wants == "to work":
            best = min(lines, key=lambda line: (URGENCY[line], self.waiting[line][0].since), default=None)
        elif clerk.wants == "to go home":
            inside = [line for line in lines if line in self.shut]
            best = min(inside, key=lambda line: self.waiting[line][0].since, default=None)
        else:
            best = None
        if best is not None:
            self.begin(clerk, self.waiting[best].pop(0))
        elif clerk.wants == "to work":
            self.idle.append(clerk)
        else:
            if clerk.wants == "to go home":
                self.counted[f"late {clerk.name}"] += self.clock.now - clerk.should_have_left
            clerk.place = None

    def idle_for(self, line: str) -> Clerk | None:
        found = next((clerk for clerk in self.idle if self.can(clerk, line)), None)
        if found is not None:
            self.idle.remove(found)
        return found

    def somebody_for(self, line: str) -> Clerk | None:
        found = self.idle_for(line)
        if found is not None or line == "letters" or not self.lays_letters_aside:
            return found
        for clerk in self.clerks:
            writes = clerk.citizen is not None and clerk.citizen.flow == "letters"
            if writes and clerk.wants == "to work" and self.can(clerk, line):
                self.lay_aside(clerk)
                return clerk
        return None

    def lay_aside(self, clerk: Clerk) -> None:
        letter = clerk.citizen
        assert letter is not None
        assert letter.work_left is not None
        letter.work_left -= self.clock.now - clerk.since
        self.counted[f"busy {clerk.name}"] += self.clock.now - clerk.since
        clerk.citizen = None
        clerk.at_work.interrupt()
        colleague = self.idle_for("letters")
        if colleague is not None:
            self.begin(colleague, letter)
        else:
            self.waiting["letters"].insert(0, letter)

    def begin(self, clerk: Clerk, citizen: Citizen) -> None:
        line = citizen.flow
        citizen.visit += 1
        if citizen.work_left is None:
            mean, cv = COME[line][5][clerk.knows[line]], COME[line][6]
            spread = math.sqrt(math.log(1 + cv**2))
            citizen.work_left = self.chance.lognormvariate(math.log(mean) - spread**2 / 2, spread)
            self.counted[f"served {line}"] += 1
            self.counted[f"waited {line}"] += self.clock.now - citizen.since
        clerk.citizen, clerk.since = citizen, self.clock.now
        clerk.at_work = self.clock.process(self.work(clerk, citizen.work_left))

    def work(self, clerk: Clerk, minutes: float) -> Iterator[Any]:
        try:
            yield self.clock.timeout(minutes)
        except simpy.Interrupt:
            return
        citizen, clerk.citizen = clerk.citizen, None
        assert citizen is not None
        self.counted[f"busy {clerk.name}"] += minutes
        if citizen.flow == "phone" and self.chance.random() < TO_THE_COUNTER:
            citizen.flow, citizen.contacts = "north", citizen.contacts + 1
            self.clock.process(self.later(citizen, self.exponential(THERE_AFTER)))
        else:
            self.counted[f"matters {citizen.began_as}"] += 1
            self.counted[f"resolved at once {citizen.began_as}"] += citizen.contacts == 1
        self.go_on(clerk)


@kept("simpy", "numpy")
def theirs(weeks_told: int = REPLICATIONS, **otherwise: bool) -> dict[str, NDArray[np.float64]]:
    weeks = [Town(seed, **otherwise).counted for seed in range(weeks_told)]
    each = {name: np.array([week[name] for week in weeks]) for name in set().union(*weeks)}
    for line in COME:
        each[f"wait {line}"] = each[f"waited {line}"] / each[f"served {line}"]
        each[f"at once {line}"] = each[f"resolved at once {line}"] / each[f"matters {line}"]
    return each


def apart(weeks_told: int = REPLICATIONS, **otherwise: bool) -> list[str]:
    peers, nothing = theirs(weeks_told, **otherwise), np.zeros(weeks_told)
    return [
        f"{name}: {own.mean():.3f} beside {peers.get(name, nothing).mean():.3f}"
        for name, own in ours().items()
        if not same(own, peers.get(name, nothing))
    ]


def test_a_week_of_shifts_breaks_and_doors_comes_to_what_simpy_says() -> None:
    assert apart() == []
    found = ours()
    for name in ("wait phone", "gave up phone", "gave up north", "door shut south", "again phone", "late bo"):
        assert found[name].mean() > 0.2, name  # there is something to agree on


@pytest.mark.parametrize(("otherwise", "least"), [("takes_breaks", 3), ("lays_letters_aside", 2), ("shuts_at_noon", 1)])
def test_a_town_with_other_customs_is_told_apart(otherwise: str, least: int) -> None:
    assert len(apart(weeks_told=REPLICATIONS // 2, **{otherwise: False})) >= least
