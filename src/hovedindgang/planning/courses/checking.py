"""An independent look at a training plan: week by week, from the question alone, without a solver."""

from __future__ import annotations

import math
from collections import Counter

from hovedindgang.planning.courses.building import Rule
from hovedindgang.planning.courses.document import (
    Centre,
    Course,
    Enrolment,
    Learner,
    Plan,
    Training,
    known_in,
    reached_in,
)


def broken_rules(training: Training, plan: Plan, *, dates_hold: bool = True) -> list[Rule]:
    """The rules that the plan breaks, each once; [] for one that may be used."""
    found: dict[Rule, None] = {}
    learners = {one.key: one for one in training.learners}
    for one in plan.enrolments:
        course, learner = training.courses[one.course], learners[one.learner]
        if not training.may_start(learner, course, one.week):
            found[Rule("start", learner.key, course.key)] = None
        knows = known_and_done(training, plan, learner, one.week)
        for key in course.after:
            if training.useful(learner, training.courses[key]) and key not in knows:
                found[Rule("after", learner.key, course.key)] = None
    for course in training.courses.values():
        begun = Counter(one.week for one in plan.enrolments if one.course == course.key)
        if not course.side_by_side and any(n > course.capacity * course.sessions_a_week for n in begun.values()):
            found[Rule("sessions", course.key)] = None
    for week in range(training.weeks):
        found.update(dict.fromkeys(_week(training, plan, week)))
    if dates_hold:
        for goal in training.goals:
            for learner in training.learners:
                reached = reached_in(training, plan, goal, learner.key)
                if reached is None or reached > training.last_week(goal):
                    found[Rule("goal", learner.key, goal.key)] = None
    return list(found)


def known_and_done(training: Training, plan: Plan, learner: Learner, week: int) -> set[str]:
    """Courses that she has finished by `week`."""
    return {
        one.course
        for one in plan.enrolments
        if one.learner == learner.key and one.week + training.courses[one.course].weeks <= week
    }


def _running(training: Training, plan: Plan, week: int) -> list[tuple[Enrolment, Course]]:
    running = [(one, training.courses[one.course]) for one in plan.enrolments]
    return [(one, course) for one, course in running if one.week <= week < one.week + course.weeks]


def _week(training: Training, plan: Plan, week: int) -> list[Rule]:
    found: list[Rule] = []
    running = _running(training, plan, week)
    found += [Rule("once", who) for who, n in Counter(one.learner for one, _c in running).items() if n > 1]
    off = {one.learner for one, course in running if not course.side_by_side}
    known = known_in(training, plan, week)
    for centre in training.centres.values():
        here = [one for one in training.learners if one.centre == centre.key]
        gone = [one for one in here if one.key in off]
        if gone and len(gone) > max(0, centre.most_absent - sum(week in one.away for one in here)):
            found.append(Rule("absent", centre.key))
        found += _competent(training, centre, here, off, known, week)
    if not mentored(training, plan, known, week):
        found.append(Rule("mentor", str(week)))
    return found


def _competent(
    training: Training, centre: Centre, here: list[Learner], off: set[str], known: dict[str, frozenset[str]], week: int
) -> list[Rule]:
    found = []
    for service in training.services:
        usual = sum(service in one.knows and week not in one.away for one in here)
        there = sum(service in known[one.key] and week not in one.away and one.key not in off for one in here)
        if there < min(centre.least_competent, usual):
            found.append(Rule("competent", centre.key, service))
    return found


def mentored(training: Training, plan: Plan, known: dict[str, frozenset[str]], week: int) -> bool:
    """Whether each who learns at the counter can have a mentor of her own (augmenting paths)."""
    running = _running(training, plan, week)
    centre = {one.key: one.centre for one in training.learners}
    busy = {one.learner for one, _course in running} | {one.key for one in training.learners if week in one.away}
    beside = [(one.learner, course) for one, course in running if course.side_by_side]
    holder: dict[str, int] = {}

    def seat(number: int, tried: set[str]) -> bool:
        who, course = beside[number]
        for mentor, services in known.items():
            if mentor in tried or mentor in busy or centre[mentor] != centre[who]:
                continue
            if course.teaches & set(training.services) <= services:
                tried.add(mentor)
                if mentor not in holder or seat(holder[mentor], tried):
                    holder[mentor] = number
                    return True
        return False

    return all(seat(number, set()) for number in range(len(beside)))


def price_kr(training: Training, plan: Plan) -> float:
    """Courses, days away and weeks before each goal is reached, by the question's prices."""
    total = training_kr(training, plan)
    for goal in training.goals:
        last = min(training.weeks, training.last_week(goal))
        for learner in training.learners:
            week = reached_in(training, plan, goal, learner.key)
            total += training.delay_kr * min(last + 1, last + 1 if week is None else week)
    return total


def training_kr(training: Training, plan: Plan) -> float:
    """What is paid: for courses each time they are held and for each who takes part, and for days away."""
    total = 0.0
    for course in training.courses.values():
        begun = Counter(one.week for one in plan.enrolments if one.course == course.key)
        total += sum(math.ceil(n / course.capacity) * course.price_kr for n in begun.values())
        total += sum(begun.values()) * (course.price_each_kr + course.days * training.day_kr)
    return total
