"""A first training plan without a solver: week after week, courses are held when enough can come.

Serial schedule generation (Kolisch 1996, of resource-constrained projects) with priorities drawn by lot, many times
over: what begins in a week is chosen from those who lack it, can be spared, and are longest from their goals. As only
what begins later is added, a plan's weeks so far stay as they were found to be. No promise but that every rule of
centres and courses holds; a plan that misses a date is no answer, and is not given.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from random import Random

from hovedindgang.planning.courses.checking import broken_rules, mentored, price_kr
from hovedindgang.planning.courses.document import Course, Enrolment, Learner, Plan, Training, known_in

TURNS = 60
PATIENCE = (0, 4, 8, 16, 30)  # weeks that a course waits for a full group before it is held with whoever can come


def first_plan(training: Training, *, seed: int, turns: int = TURNS) -> Plan | None:
    """The cheapest of so many plans drawn by lot that hold every rule and date; None: none of them did."""
    chance, best = Random(seed), None  # nosec B311 - a search's lot
    for turn in range(turns):
        weeks = _Weeks(training, chance, PATIENCE[turn % len(PATIENCE)])
        weeks.fill()
        plan = Plan(tuple(weeks.begun), 0.0, 0.0, "drawn", 0.0, seed)
        price = price_kr(training, plan)
        if (best is None or price < best.price_kr) and not broken_rules(training, plan):
            ordered = sorted(plan.enrolments, key=lambda one: (one.week, one.learner, one.course))
            best = Plan(tuple(ordered), price, 0.0, "drawn", 0.0, seed)
    return best


class _Weeks:
    """One plan in the making."""

    def __init__(self, training: Training, chance: Random, patience: int) -> None:
        self.training, self.chance, self.patience = training, chance, patience
        self.begun: list[Enrolment] = []
        self.known = {one.key: set(one.knows) for one in training.learners}
        self.done: dict[str, set[str]] = defaultdict(set)  # courses begun
        self.ends: dict[tuple[str, str], int] = {}
        self.busy: dict[str, set[int]] = defaultdict(set)
        self.off: dict[tuple[str, int], int] = Counter()  # centre and week to people on courses
        self.here = {key: [one for one in training.learners if one.centre == key] for key in training.centres}
        self.waiting_since: dict[str, int] = {}
        self.weight = {course: chance.uniform(0.5, 1.5) for course in training.courses}

    def fill(self) -> None:
        training = self.training
        for week in range(training.weeks):
            for learner in training.learners:
                self._learn(learner, week)
            for course in self._in_turn(week):
                for _session in range(course.sessions_a_week):
                    self._hold(course, week)

    def _learn(self, learner: Learner, week: int) -> None:
        for key in self.done[learner.key]:
            course = self.training.courses[key]
            if self.ends[learner.key, key] + course.learning_weeks == week:
                self.known[learner.key] |= course.teaches

    def _in_turn(self, week: int) -> list[Course]:
        """What teaches most people most, first; the longest courses before the short, which fit in anywhere."""
        lacking = {key: sum(self._lacks(one, course) for one in self.training.learners) for key, course in self._all()}
        open_ones = [course for key, course in self._all() if lacking[key]]
        return sorted(open_ones, key=lambda one: -lacking[one.key] * one.weeks * self.weight[one.key])

    def _all(self) -> Iterator[tuple[str, Course]]:
        return iter(self.training.courses.items())

    def _lacks(self, learner: Learner, course: Course) -> bool:
        taken = self.done[learner.key]
        if course.key in taken or not course.teaches - learner.knows:
            return False
        coming: set[str] = set().union(*(self.training.courses[key].teaches for key in taken))
        return bool(course.teaches - learner.knows - coming)

    def _hold(self, course: Course, week: int) -> None:
        lacking = [one for one in self.training.learners if self._lacks(one, course)]
        can = [one for one in lacking if self._may(one, course, week)]
        if not can:
            return
        can.sort(key=lambda one: (self._left(one), self.chance.random()))
        group: list[Learner] = []
        for one in can:
            if len(group) < (course.capacity if not course.side_by_side else len(can)):
                self._add(one, course, week)
                if self._holds(one, course, week):
                    group.append(one)
                else:
                    self._take_back(one, course, week)
        since = self.waiting_since.setdefault(course.key, week)
        if course.price_kr and len(group) < self._full(course, lacking) and week - since < self.patience:
            for one in group:
                self._take_back(one, course, week)
        elif group:
            self.waiting_since.pop(course.key, None)

    def _full(self, course: Course, lacking: list[Learner]) -> int:
        """So many can come at once: those who lack it, as many as their centres can spare."""
        of = Counter(one.centre for one in lacking)
        spared = sum(min(number, self.training.centres[centre].most_absent) for centre, number in of.items())
        return min(course.capacity, spared)

    def _left(self, learner: Learner) -> float:
        """How near she is to a goal that she has not reached: the nearest goes first, so that somebody arrives."""
        coming = set(learner.knows).union(*(self.training.courses[key].teaches for key in self.done[learner.key]))
        can = len(coming & set(self.training.services))
        left = [goal.services(len(self.training.services)) - can for goal in self.training.goals]
        return min((one for one in left if one > 0), default=math.inf) * self.chance.uniform(0.8, 1.2)

    def _may(self, learner: Learner, course: Course, week: int) -> bool:
        span = range(week, week + course.weeks)
        if not self.training.may_start(learner, course, week) or any(one in self.busy[learner.key] for one in span):
            return False
        first = (one for one in course.after if self.training.useful(learner, self.training.courses[one]))
        return all(self.ends.get((learner.key, key), week + 1) <= week for key in first)

    def _add(self, learner: Learner, course: Course, week: int) -> None:
        self.begun.append(Enrolment(learner.key, course.key, week))
        self.done[learner.key].add(course.key)
        self.ends[learner.key, course.key] = week + course.weeks
        for each in range(week, week + course.weeks):
            self.busy[learner.key].add(each)
            self.off[learner.centre, each] += not course.side_by_side

    def _take_back(self, learner: Learner, course: Course, week: int) -> None:
        self.begun.remove(Enrolment(learner.key, course.key, week))
        self.done[learner.key].discard(course.key)
        del self.ends[learner.key, course.key]
        for each in range(week, week + course.weeks):
            self.busy[learner.key].discard(each)
            self.off[learner.centre, each] -= not course.side_by_side

    def _holds(self, learner: Learner, course: Course, week: int) -> bool:
        """Whether her centre's rules hold in the weeks of the course, with her on it."""
        training, centre = self.training, self.training.centres[learner.centre]
        here = self.here[centre.key]
        if any(one.side_by_side for one in training.courses.values()) and not self._all_mentored(course, week):
            return False
        if course.side_by_side:
            return True
        for each in range(week, week + course.weeks):
            if self.off[centre.key, each] > max(0, centre.most_absent - sum(each in one.away for one in here)):
                return False
            for service in learner.knows | self.known[learner.key]:
                usual = sum(service in one.knows and each not in one.away for one in here)
                there = sum(
                    service in self.known[one.key] and each not in one.away and not self._is_off(one, each)
                    for one in here
                )
                if there < min(centre.least_competent, usual):
                    return False
        return True

    def _is_off(self, learner: Learner, week: int) -> bool:
        courses = self.training.courses
        return week in self.busy[learner.key] and any(
            not courses[key].side_by_side and self.ends[learner.key, key] - courses[key].weeks <= week < end
            for key in self.done[learner.key]
            if (end := self.ends[learner.key, key])
        )

    def _all_mentored(self, course: Course, week: int) -> bool:
        plan = Plan(tuple(self.begun), 0.0, 0.0, "", 0.0, 0)
        return all(
            mentored(self.training, plan, known_in(self.training, plan, each), each)
            for each in range(week, week + course.weeks)
        )
