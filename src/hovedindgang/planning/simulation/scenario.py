"""What is simulated: who comes, where they wait, who serves, when, and what comes of a contact.

Minutes everywhere, by the clock on the wall; a day is a day of the calendar, 1,440 minutes (the two days a year on
which the clock is changed are not told apart). Shares lie in 0..1. Levels of competence are those of the service
model: trainee, generalist, specialist.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Self, TypeAlias, TypeVar

from hovedindgang.planning.simulation.levels import GENERALIST, SPECIALIST, TRAINEE
from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.warm_up import WarmUp

LEVEL_NAMES = (TRAINEE, GENERALIST, SPECIALIST)

T = TypeVar("T")


class ByWeekday(tuple[T, ...]):
    """One for each day of the week, Monday first, whatever day the scenario begins on."""

    __slots__ = ()

    def __new__(cls, each: Iterable[T]) -> Self:
        made = super().__new__(cls, each)
        if len(made) != 7:
            raise ValueError(f"a week has 7 days, not {len(made)}")
        return made

    def on(self, day: int, weekday: int) -> T:
        """What holds on day number `day` of the scenario, a `weekday` (0 = Monday)."""
        return self[weekday]


class ByDate(tuple[T, ...]):
    """One for each day of the scenario, from its first; a week that begins on a Wednesday has Wednesday first."""

    __slots__ = ()

    def on(self, day: int, weekday: int) -> T:
        """What holds on day number `day` of the scenario, a `weekday` (0 = Monday)."""
        return self[day]


Days: TypeAlias = ByWeekday[T] | ByDate[T]
Periods: TypeAlias = tuple[tuple[float, float], ...]  # (opens, closes) in minutes, in order, apart; none: closed
ALL_DAY: Periods = ((0.0, 1440.0),)


def joined(periods: Iterable[tuple[float, float]]) -> Periods:
    """In order; those that touch or overlap become one, and empty ones fall away."""
    found: list[tuple[float, float]] = []
    for opens, closes in sorted(periods):
        if found and opens <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], closes)
        elif opens < closes:
            found.append((opens, closes))
    return tuple(found)


def each_day(one: T) -> ByWeekday[T]:
    """The same on every day."""
    return ByWeekday((one,) * 7)


EVENLY: ByWeekday[tuple[float, ...]] = each_day((1.0,))
ALWAYS: ByWeekday[Periods] = each_day(ALL_DAY)


@dataclass(frozen=True, slots=True)
class Distribution:
    """How long something takes.

    `kind`: "exponential" (mean), "lognormal" (mean and coefficient of variation), "constant" (mean), "empirical"
    (equally spaced quantiles, the smallest and the largest among them), "never".
    """

    kind: str
    mean_minutes: float = 0.0
    cv: float = 1.0
    quantiles_minutes: tuple[float, ...] = ()

    @property
    def mean(self) -> float:
        """In minutes; infinite for "never"."""
        if self.kind == "never":
            return math.inf
        if self.kind == "empirical":
            ends = (self.quantiles_minutes[0] + self.quantiles_minutes[-1]) / 2
            return (ends + sum(self.quantiles_minutes[1:-1])) / (len(self.quantiles_minutes) - 1)
        return self.mean_minutes

    def quantile(self, share: float) -> float:
        """Minutes that `share` (0..1) do not exceed."""
        if self.kind == "exponential":
            return -self.mean_minutes * math.log(1 - share)
        if self.kind == "lognormal":
            deviation = math.sqrt(math.log(1 + self.cv**2))
            return self.mean_minutes * math.exp(deviation * NormalDist().inv_cdf(share) - deviation**2 / 2)
        if self.kind == "constant":
            return self.mean_minutes
        if self.kind == "never":
            return math.inf
        at = share * (len(self.quantiles_minutes) - 1)
        low = min(int(at), len(self.quantiles_minutes) - 2)
        return self.quantiles_minutes[low] + (at - low) * (
            self.quantiles_minutes[low + 1] - self.quantiles_minutes[low]
        )


NEVER = Distribution("never")


Way: TypeAlias = tuple[Came, str | None, Distribution | None, bool]


@dataclass(frozen=True, slots=True)
class Outcome:
    """With `share`, a contact ends like this. `to`: the flow that goes on with it, `after` some time.

    `moves`: the citizen herself is asked to go or ring elsewhere.
    """

    came: Came
    share: float
    to: str | None = None
    after: Distribution | None = None
    moves: bool = False

    @property
    def way(self) -> Way:
        """All of it but how often."""
        return self.came, self.to, self.after, self.moves


RESOLVED = (Outcome(Came.RESOLVED, 1.0),)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """A Poisson process whose rate changes with the day and the time of day, and varies from day to day.

    per_day: expected arrivals.
    shape: the share of the day's arrivals in each equal interval of the day.
    day_cv: coefficient of variation of a factor that all flows of the same `shared` name have in common on a day.
    evenly: booked times, one for each expected arrival, evenly over the day's shape; `no_show`: share that stay away.
    first: of booked times, expected arrivals before the first, 0..1: so that flows need not come at the same moment.
    """

    per_day: Days[float]
    shape: Days[tuple[float, ...]] = EVENLY
    day_cv: float = 0.0
    shared: str = ""
    evenly: bool = False
    no_show: float = 0.0
    first: float = 0.5


@dataclass(frozen=True, slots=True)
class Flow:
    """Who comes for one service by one channel at one place.

    line: where they wait; None: nobody serves them (self-service). handle: by level, or one for all.
    promised_minutes: a wait within it counts as answered in time. due_working_days: answered by then is kept.
    closed_door: share of those who come that found the door closed where they would have gone.
    """

    key: str
    channel: str
    arrivals: Arrivals | None  # None: reached from other flows only
    handle: Distribution | Mapping[str, Distribution]
    line: str | None = None
    service: str = ""
    centre: str | None = None
    patience: Distribution = NEVER
    promised_minutes: float | None = None
    due_working_days: int | None = None
    outcomes: tuple[Outcome, ...] | Mapping[str, tuple[Outcome, ...]] = RESOLVED
    again: float = 0.0  # share of those who gave up that try again
    again_after: Distribution = Distribution("constant", 0.0)
    source: str = ""
    closed_door: float = 0.0
    direct: bool = False  # they go straight to a department: no enquiry to Borgerservice, and in neither indicator
    stream: str = (
        ""  # whose chance it has: scenarios in which it has another key have the same citizens; empty: its own
    )

    @property
    def ways(self) -> tuple[Outcome, ...]:
        """Each way for a contact to end, whatever the level, once."""
        if not isinstance(self.outcomes, Mapping):
            return self.outcomes
        found: dict[Way, Outcome] = {}
        known: list[Way] = []
        for level in self.outcomes.values():
            ways = [one.way for one in level]
            if ways != known:  # most have the same, more or less often
                for way, one in zip(ways, level, strict=True):
                    found.setdefault(way, one)
                known = ways
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Line:
    """Where people wait for one service in one channel; `place` None: served from anywhere."""

    key: str
    channel: str
    place: str | None = None
    service: str = ""
    priority: int = 0  # the smallest is served first
    interruptible: bool = False  # fill-in work: laid aside when somebody comes


@dataclass(frozen=True, slots=True)
class Opening:
    """When a channel is open at a place (None: all places). `stays`: people wait overnight, as letters do.

    inside_are_served: who waits when the door is shut, at noon too where it opens again, is still served; else sent
    home.
    """

    channel: str
    place: str | None
    days: Days[Periods] = ALWAYS
    stays: bool = True
    inside_are_served: bool = True


@dataclass(frozen=True, slots=True)
class Shift:
    """On duty at `place` for `channels` from `begins` until `ends`, but for `breaks`. An empty set is all channels."""

    begins: float
    ends: float
    place: str | None = None
    channels: frozenset[str] = frozenset()
    breaks: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who serves. `levels`: line → level.

    week: her shifts; by weekday she is off on a Monday to Friday that is no working day. None: always on duty.
    place: where she is when a shift names none.
    """

    key: str
    levels: Mapping[str, str]
    week: Days[tuple[Shift, ...]] | None = None
    place: str | None = None
    own: bool = True  # of Borgerservice; else of a department
    kr_per_hour: float = 0.0
    minutes_on_the_road: float = 0.0  # paid beside the shifts, in the whole time


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Of paid time what is not spent serving, each a share 0..1 of the working days, and where the numbers are from.

    Sickness comes in spells, holidays in whole weeks, training in days, meetings in hours.
    """

    sickness: float
    holidays: float
    training: float
    meetings: float
    source: str
    spell_days: float = 4.0  # assumed

    @property
    def total(self) -> float:
        """Share of paid time that is away: what is left is multiplied, not added."""
        return 1 - (1 - self.sickness) * (1 - self.holidays) * (1 - self.training) * (1 - self.meetings)


@dataclass(frozen=True, slots=True)
class Surge:
    """So many times as many come in `flows` on days `first` to `last` (numbers of days, both counted).

    One factor for a whole replication, drawn from its range (see `planning.factors`): its median, and the ends between
    which it lies with 95 % probability. Each surge is drawn by itself.
    """

    key: str
    flows: frozenset[str]
    first: int
    last: int
    low: float
    middle: float
    high: float


NO_SHRINKAGE = Shrinkage(0.0, 0.0, 0.0, 0.0, "none: an ideal")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A service to be simulated for `days` days from `first_day`, after `warm_up_minutes` that are not counted.

    `lead`: the first of the days are before those that were asked for. They have chance of their own, counted back from
    there: a longer lead has more days in front, and changes nothing else of who comes, when, and who is away.
    """

    title: str
    first_day: dt.date
    days: int
    flows: Mapping[str, Flow]
    lines: Mapping[str, Line]
    employees: tuple[Employee, ...]
    openings: tuple[Opening, ...] = ()
    working_days: tuple[bool, ...] = ()  # of each day of the scenario; empty: Monday to Friday
    shrinkage: Shrinkage | None = None
    warm_up_minutes: float = 0.0
    lead: WarmUp | None = None
    narrow_first: bool = False
    volume_cv: float = 0.0  # how unsure the year's volume is: one factor for a whole replication
    surges: tuple[Surge, ...] = ()
    assumed: Mapping[str, str] = field(default_factory=dict)  # what is not measured → what is used and why
    names: Mapping[str, str] = field(default_factory=dict)  # what places and services are called, where they have names

    @property
    def lead_days(self) -> int:
        return self.lead.days if self.lead else 0

    @property
    def asked_from(self) -> dt.date:
        """The first of the days that were asked for."""
        return self.first_day + dt.timedelta(days=self.lead_days)

    def weekday(self, day: int) -> int:
        """Of day number `day`, 0 = Monday."""
        return (self.first_day.weekday() + day) % 7

    def works_on(self, day: int) -> bool:
        """Whether day number `day` is a working day; after the last one that is known, Monday to Friday."""
        if day < len(self.working_days):
            return self.working_days[day]
        return (self.first_day + dt.timedelta(days=day)).weekday() < 5
