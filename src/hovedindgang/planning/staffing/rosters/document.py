"""A roster's question and its answer as frozen dataclasses.

Clock times are minutes after midnight, periods half-open, days are dates in Denmark, money is kroner.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

DAY = 1440
SHRINKAGES = ("sickness", "holidays", "training", "meetings", "breaks")


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """The share of paid time in which people are not at the counter for one cause; `source` says where it is from.

    `counted` says where the plan takes it into account, so that nothing is counted twice: "lift" raises the desired
    level by 1 / (1 - share); "roster": it stands in the file day by day (absences, breaks of the shifts);
    "requirement": the requirement that was given has it already.
    """

    cause: str
    percent: float
    counted: str
    source: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One way to work a day at a centre; the break may begin at any of `breaks_at` (empty: no break)."""

    key: str
    centre: str
    weekdays: frozenset[int]
    starts: int
    ends: int
    breaks_at: tuple[int, ...] = ()
    break_minutes: int = 0
    break_paid: bool = True  # the municipal agreement's short meal break counts as working time

    @property
    def paid_minutes(self) -> int:
        return self.ends - self.starts - (0 if self.break_paid or not self.breaks_at else self.break_minutes)


@dataclass(frozen=True, slots=True)
class Need:
    """So many people at `centre` on `day` in [starts, ends), each with the competences of `group` ("" is anybody).

    Needs of several groups are needed at once, each by her own person; with `alongside` the same people may fill it
    beside other needs (somebody who can …, or: never alone).
    """

    centre: str
    day: dt.date
    starts: int
    ends: int
    group: str
    minimum: int
    desired: int
    alongside: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from `first` through `last`, for a reason; each working day of it counts as hours worked."""

    first: dt.date
    last: dt.date
    reason: str
    counts_as_work: bool = True  # holiday, training: yes; a day off in exchange for other days: no


@dataclass(frozen=True, slots=True)
class Wish:
    """What she would like on a day: "off", "work", "early" or "late" (if she works); unmet it costs `weight` kroner."""

    day: dt.date
    want: str
    weight: float


@dataclass(frozen=True, slots=True)
class Employee:
    key: str
    name: str
    weekly_hours: float
    centres: tuple[str, ...]  # where she can work; the first is her own
    competences: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset(range(7))  # those she works on at all
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    most_late: int | None = None  # late days in the whole period

    def absent(self, day: dt.date) -> Absence | None:
        return next((one for one in self.absences if one.first <= day <= one.last), None)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of working time. The law's are the defaults; the others are agreements, and can be changed.

    Arbejdsmiljøloven § 50 (11 hours of rest in each 24) and § 51 (a rest day in each 7 days, next to a daily rest;
    BEK 324/2002), lov om arbejdstid § 4 (48 hours a week on average; the law takes four months, a roster its own
    weeks, which is stricter). 37 hours a week is the norm of the municipal agreement, on average over the period.
    """

    daily_rest_hours: float = 11
    rest_day_hours: float = 35  # a day and the daily rest beside it
    rest_day_within_days: int = 7
    average_hours: float = 48
    most_hours_in_week: float = 45
    most_days_in_row: int = 5
    tolerance_hours: float = 2  # the period's hours may miss the agreed ones by so much
    late_from: int = 16 * 60  # a shift that ends after this is late; work on a Saturday or Sunday too
    most_late_in_week: int = 2


@dataclass(frozen=True, slots=True)
class Prices:
    """What each shortcoming weighs, in kroner. `missing_minimum` None: a minimum is a rule and is never missed."""

    missing_desired: float = 300.0  # per person-hour
    missing_minimum: float | None = None  # per person-hour
    unfair_late: float = 400.0  # per late day above or below the fair number
    extra_hour: float = 350.0  # per hour worked beyond the agreed ones
    away_day: float = 100.0  # per day at another centre than her own


@dataclass(frozen=True)
class Question:
    """Everything a roster is made from."""

    title: str
    starts_on: dt.date  # a Monday
    weeks: int
    centres: Mapping[str, str]  # key to name
    groups: Mapping[str, frozenset[str]]  # group to the competences it takes; another group is a competence itself
    shifts: tuple[Shift, ...]
    needs: tuple[Need, ...]
    employees: tuple[Employee, ...]
    shrinkage: tuple[Shrinkage, ...]
    rules: Rules = field(default_factory=Rules)
    prices: Prices = field(default_factory=Prices)
    closed: frozenset[dt.date] = frozenset()  # public holidays and closing days: nobody works, and all are credited
    sources: Mapping[str, str] = field(default_factory=dict)  # of requirement, people, prices: said with the answer

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        return tuple(self.starts_on + dt.timedelta(days=n) for n in range(7 * self.weeks))

    @cached_property
    def lift(self) -> float:
        """The desired level is raised by this, for those who are away without the roster knowing."""
        here = 1.0
        for one in self.shrinkage:
            if one.counted == "lift":
                here *= 1 - one.percent / 100
        return 1 / here

    def able(self, employee: Employee, group: str) -> bool:
        return self.takes(group) <= employee.competences

    def takes(self, group: str) -> frozenset[str]:
        """The competences that somebody needs for `group`."""
        return self.groups.get(group, frozenset({group})) if group else frozenset()

    def agreed_minutes(self, employee: Employee) -> int:
        """What she is to work in the period: weekly hours less a fifth of a week for each day that counts as worked."""
        credited = sum(
            1
            for day in self.days
            if day.weekday() < 5
            and (day in self.closed or ((away := employee.absent(day)) is not None and away.counts_as_work))
        )
        return round(employee.weekly_hours * 60 * self.weeks - employee.weekly_hours * 12 * credited)

    def is_late(self, day: dt.date, ends: int) -> bool:
        return day.weekday() >= 5 or ends > self.rules.late_from


@dataclass(frozen=True, slots=True)
class Duty:
    """One employee's working day."""

    employee: str
    day: dt.date
    shift: str
    centre: str
    starts: int
    ends: int
    break_at: int | None = None
    break_minutes: int = 0
    paid_minutes: int = 0

    def present(self, minute: int) -> bool:
        """At the counter at `minute` after midnight of its day, and not on a break."""
        resting = self.break_at is not None and self.break_at <= minute < self.break_at + self.break_minutes
        return self.starts <= minute < self.ends and not resting


@dataclass(frozen=True, slots=True)
class Roster:
    """Duties with what they cost (see `Prices`), and how good they are proved to be.

    `bound_kr`: no roster is cheaper. `ended`: "proved", "limit", "stopped" or "partial": this one was put together
    without the solver, and `checking.broken_rules` says what it lacks.
    """

    duties: tuple[Duty, ...]
    price_kr: float
    bound_kr: float | None
    ended: str
    seconds: float
    seed: int

    @property
    def gap(self) -> float | None:
        if self.bound_kr is None:
            return None
        return 0.0 if self.price_kr <= self.bound_kr else (self.price_kr - self.bound_kr) / self.price_kr

    def of(self, employee: str) -> Iterator[Duty]:
        return (duty for duty in self.duties if duty.employee == employee)
