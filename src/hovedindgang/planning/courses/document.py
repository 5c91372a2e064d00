"""A training plan's question and its answer. Weeks are numbered from 0; money is kroner, days are days of training."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Goal:
    """Each employee is to be a generalist in `share_percent` of all services by the end of `by`."""

    key: str
    share_percent: float
    by: dt.date
    source: str = ""

    def services(self, of: int) -> int:
        """So many of `of` services: a share is reached, never nearly reached."""
        return math.ceil(of * self.share_percent / 100 - 1e-9)


@dataclass(frozen=True, slots=True)
class Course:
    """Something that is learned together, or at the counter beside one who knows (`side_by_side`).

    It takes `weeks` weeks with `days` of training in all, and counts `learning_weeks` weeks after its end.
    """

    key: str
    name: str
    teaches: frozenset[str]
    days: float
    weeks: int = 1
    learning_weeks: int = 0
    capacity: int = 1
    price_kr: float = 0.0  # for each time it is held
    price_each_kr: float = 0.0  # for each who takes part
    starts: frozenset[int] | None = None  # weeks in which it may begin; None: any
    sessions_a_week: int = 1
    after: tuple[str, ...] = ()  # courses to be finished first, where she does not know what they teach
    side_by_side: bool = False


@dataclass(frozen=True, slots=True)
class Learner:
    key: str
    name: str
    centre: str
    knows: frozenset[str] = frozenset()
    away: frozenset[int] = frozenset()  # weeks in which she can be sent on no course (holiday, leave)


@dataclass(frozen=True, slots=True)
class Centre:
    key: str
    name: str
    most_absent: int  # people away on courses in one week
    least_competent: int = 0  # of those at work who know a service, never fewer; or as few as there were before


@dataclass(frozen=True, slots=True)
class Training:
    """The question. `weeks` is how far the plan may reach."""

    title: str
    starts_on: dt.date  # a Monday
    weeks: int
    services: tuple[str, ...]
    goals: tuple[Goal, ...]
    courses: Mapping[str, Course]
    learners: tuple[Learner, ...]
    centres: Mapping[str, Centre]
    closed: frozenset[int] = frozenset()  # weeks without courses (summer, Christmas)
    day_kr: float = 0.0  # what a day away from the counter costs
    delay_kr: float = 0.0  # what a week costs in which an employee has not yet reached a goal
    sources: Mapping[str, str] = field(default_factory=dict)
    # What they are in a plan of the service: learner → employee, and service → services of its model.
    employees_in_plan: Mapping[str, str] = field(default_factory=dict)
    services_in_plan: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def monday(self, week: int) -> dt.date:
        return self.starts_on + dt.timedelta(weeks=week)

    def last_week(self, goal: Goal) -> int:
        """The week at whose beginning the goal must be reached: the last one before which no day of work is after `by`.

        What is known on a Monday was learned by the Friday before.
        """
        return ((goal.by - self.starts_on).days + 3) // 7

    def useful(self, learner: Learner, course: Course) -> bool:
        return bool(course.teaches - learner.knows)

    def may_start(self, learner: Learner, course: Course, week: int) -> bool:
        """Nothing about others: the course begins then, and she is there all the time."""
        span = range(week, week + course.weeks)
        return (
            week >= 0
            and week + course.weeks <= self.weeks
            and (course.starts is None or week in course.starts)
            and not any(each in self.closed or each in learner.away for each in span)
        )

    def counts_from(self, course: Course, week: int) -> int:
        """The week from which what was begun in `week` counts as known."""
        return week + course.weeks + course.learning_weeks


@dataclass(frozen=True, slots=True)
class Enrolment:
    learner: str
    course: str
    week: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who begins what when. `bound_kr`: no plan is cheaper by the question's prices."""

    enrolments: tuple[Enrolment, ...]
    price_kr: float
    bound_kr: float
    ended: str
    seconds: float
    seed: int

    @property
    def gap(self) -> float:
        return 0.0 if self.price_kr <= self.bound_kr else (self.price_kr - self.bound_kr) / self.price_kr


def known_in(training: Training, plan: Plan, week: int) -> dict[str, frozenset[str]]:
    """The competence matrix at the beginning of `week`: services known by each employee, by her key."""
    known = {one.key: set(one.knows) for one in training.learners}
    for enrolment in plan.enrolments:
        course = training.courses[enrolment.course]
        if training.counts_from(course, enrolment.week) <= week:
            known[enrolment.learner] |= course.teaches
    return {key: frozenset(services & set(training.services)) for key, services in known.items()}


def reached_in(training: Training, plan: Plan, goal: Goal, learner: str) -> int | None:
    """The first week in which she has reached the goal; None: never in this plan."""
    changes = {0} | {
        training.counts_from(training.courses[one.course], one.week)
        for one in plan.enrolments
        if one.learner == learner
    }
    needed = goal.services(len(training.services))
    for week in sorted(changes):
        if len(known_in(training, plan, week)[learner]) >= needed:
            return week
    return None
