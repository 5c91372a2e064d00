"""A training question as an integer program.

For each employee and course a staircase of yes-or-no variables, "begun by week w": a step of it is the beginning, the
difference over its weeks is being away, and the stair itself, shifted, is what is known. Services that the same
courses teach are one bundle. All rows are short, and the relaxation is near.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hovedindgang.planning.courses.document import Centre, Course, Enrolment, Goal, Learner, Training
from hovedindgang.planning.integer import Program

ORE = 100
Sum = list[tuple[int, int]]  # (coefficient, variable)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that people know: about a goal of an employee, a centre, a course."""

    kind: str  # goal | absent | competent | sessions | mentor
    subject: str
    about: str = ""


@dataclass(slots=True)
class Built:
    program: Program
    begun: dict[tuple[str, str, int], int] = field(default_factory=dict)  # (employee, course, week) to its variable
    rules: list[Rule] = field(default_factory=list)
    floor_ore: int = 0  # what waiting costs if nobody ever reached a goal; each week after it is reached gives back

    def chosen(self, enrolments: Iterable[Enrolment]) -> dict[int, int]:
        """The variables that say what is done, as they are in these enrolments."""
        weeks = {(one.learner, one.course): one.week for one in enrolments}
        return {
            variable: int(weeks.get((learner, course), week + 1) <= week)
            for (learner, course, week), variable in self.begun.items()
        }

    def enrolments(self, training: Training, values: tuple[int, ...]) -> tuple[Enrolment, ...]:
        found = []
        for learner in training.learners:
            for course in training.courses:
                for week in range(training.weeks):
                    if (key := (learner.key, course, week)) in self.begun and values[self.begun[key]]:
                        found.append(Enrolment(*key))
                        break
        return tuple(sorted(found, key=lambda one: (one.week, one.learner, one.course)))


def build(training: Training, *, dates_hold: bool = True) -> Built:
    """The program. Without `dates_hold` goals have no date, and the week in which all have reached one is minimised."""
    return _Builder(training, dates_hold).built()


class _Builder:
    def __init__(self, training: Training, dates_hold: bool) -> None:
        self.training, self.dates_hold = training, dates_hold
        self.program = Program()
        self.result = Built(self.program)
        self.numbers: dict[Rule, int] = {}
        by_courses: dict[frozenset[str], list[str]] = defaultdict(list)
        for service in training.services:
            by_courses[frozenset(key for key, c in training.courses.items() if service in c.teaches)].append(service)
        self.bundles = [(sorted(courses), frozenset(services)) for courses, services in by_courses.items()]
        self.said: set[tuple[object, ...]] = set()  # rows: most weeks are as the week before
        self.present: dict[tuple[object, ...], int] = {}

    def built(self) -> Built:
        training = self.training
        for learner in training.learners:
            for course in training.courses.values():
                self._staircase(learner, course)
            for week in range(training.weeks):
                away = self._away(learner, week)
                if away:
                    self._row(away, high=1)
            for course in training.courses.values():
                self._after(learner, course)
        for course in training.courses.values():
            self._sessions(course)
        for centre in training.centres.values():
            self._counter(centre)
        self._mentors()
        for goal in training.goals:
            self._goal(goal)
        return self.result

    def _rule(self, kind: str, subject: str, about: str = "", weight: int = 1) -> int:
        rule = Rule(kind, subject, about)
        if rule not in self.numbers:
            self.numbers[rule] = self.program.rule(weight)
            self.result.rules.append(rule)
        return self.numbers[rule]

    def _row(self, terms: Sum, *, low: int | None = None, high: int | None = None, rule: int = -1) -> None:
        row = (tuple(sorted(terms)), low, high, rule)
        if row in self.said:
            return
        self.said.add(row)
        limits = {name: value for name, value in (("low", low), ("high", high)) if value is not None}
        self.program.row([variable for _, variable in terms], [factor for factor, _ in terms], rule=rule, **limits)

    def _staircase(self, learner: Learner, course: Course) -> None:
        training, before = self.training, None
        if not training.useful(learner, course):
            return
        each = round((course.price_each_kr + course.days * training.day_kr) * ORE)
        for week in range(training.weeks):
            if training.may_start(learner, course, week):
                now = self.program.variable()
                self.program.chosen_by.append(now)
                if before is not None:
                    self._row([(1, now), (-1, before)], low=0)
                before = now
            if before is not None:
                self.result.begun[learner.key, course.key, week] = before
        if before is not None and each:
            self.program.prices[before] = each

    def _begun(self, learner: Learner, course: Course, week: int) -> int | None:
        return self.result.begun.get((learner.key, course.key, week))

    def _span(self, learner: Learner, course: Course, week: int, weeks: int) -> Sum:
        """1 if she began the course in the `weeks` weeks up to `week`."""
        now, then = self._begun(learner, course, week), self._begun(learner, course, week - weeks)
        if now is None or now == then:
            return []
        return [(1, now)] if then is None else [(1, now), (-1, then)]

    def _away(self, learner: Learner, week: int) -> Sum:
        """1 while she is on a course away from the counter, or learns beside a mentor."""
        return [t for course in self.training.courses.values() for t in self._span(learner, course, week, course.weeks)]

    def _off_counter(self, learner: Learner, week: int) -> Sum:
        courses = [course for course in self.training.courses.values() if not course.side_by_side]
        return [term for course in courses for term in self._span(learner, course, week, course.weeks)]

    def _after(self, learner: Learner, course: Course) -> None:
        for key in course.after:
            first = self.training.courses[key]
            if not self.training.useful(learner, first):
                continue
            for week in range(self.training.weeks):
                now, done = self._begun(learner, course, week), self._begun(learner, first, week - first.weeks)
                if now is not None:
                    self._row([(1, now)] if done is None else [(1, now), (-1, done)], high=0)

    def _sessions(self, course: Course) -> None:
        if course.side_by_side and not course.price_kr:
            return
        rule = self._rule("sessions", course.key, weight=2)
        for week in range(self.training.weeks):
            starting = [term for learner in self.training.learners for term in self._span(learner, course, week, 1)]
            if starting:
                most = course.sessions_a_week if not course.side_by_side else len(self.training.learners)
                held = self.program.variable(0, most, round(course.price_kr * ORE))
                self._row([*starting, (-course.capacity, held)], high=0, rule=rule)
                self._by_centre(course, week, held, rule)
                if course.price_kr:  # nobody is there before it is held: says more than the sum where parts are weighed
                    for learner in self.training.learners:
                        begins = self._span(learner, course, week, 1)
                        if begins:
                            self._row([*begins, (-1, held)], high=0, rule=rule)

    def _by_centre(self, course: Course, week: int, held: int, rule: int) -> None:
        """From no centre come more than may be away: a full room is seldom what holds a course up."""
        for centre in self.training.centres.values():
            most = max(0, centre.most_absent)
            if not course.side_by_side and most < course.capacity:
                here = [one for one in self.training.learners if one.centre == centre.key]
                begins = [term for one in here for term in self._span(one, course, week, 1)]
                if len(begins) > most:
                    self._row([*begins, (-most, held)], high=0, rule=rule)

    def _counter(self, centre: Centre) -> None:
        training = self.training
        here = [one for one in training.learners if one.centre == centre.key]
        for week in range(training.weeks):
            away = [term for one in here for term in self._off_counter(one, week)]
            absent = sum(week in one.away for one in here)
            if away:
                self._row(away, high=max(0, centre.most_absent - absent), rule=self._rule("absent", centre.key))
            for courses, services in self.bundles:
                self._competent(centre, here, week, courses, services)

    def _competent(
        self, centre: Centre, here: list[Learner], week: int, courses: list[str], services: frozenset[str]
    ) -> None:
        """Enough who know each service are at the counter, or as many as there were when one is on holiday anyway."""
        for holders in dict.fromkeys(frozenset(one.key for one in here if s in one.knows) for s in sorted(services)):
            of = [one for one in here if one.key in holders]
            least = min(centre.least_competent, sum(week not in one.away for one in of))
            leaving = [(-1, v) if f > 0 else (1, v) for one in of for f, v in self._off_counter(one, week)]
            if not least or not leaving:
                continue
            new = []
            some = next(s for s in sorted(services) if frozenset(one.key for one in here if s in one.knows) == holders)
            for one in here:
                if one.key not in holders and week not in one.away:
                    known = list(self._known(one, some, week))
                    if known:
                        new.append((1, self._present(known, self._off_counter(one, week))))
            there = sum(week not in one.away for one in of)
            rule = self._rule("competent", centre.key, some)
            self._row([*leaving, *new], low=least - there, rule=rule)

    def _present(self, known: Sum, off: Sum) -> int:
        """1 only if she has learned it and is at the counter; one variable for all weeks that are alike."""
        if not off and len(known) == 1:
            return known[0][1]
        key = (tuple(known), tuple(off))
        if key not in self.present:
            self.present[key] = self.program.variable()
            self._row([(1, self.present[key]), *((-f, v) for f, v in known)], high=0)
            self._row([(1, self.present[key]), *off], high=1)
        return self.present[key]

    def _known(self, learner: Learner, service: str, week: int) -> Iterator[tuple[int, int]]:
        """The terms of "she has learned `service` by `week`"; more than one course may have taught it."""
        for course in self.training.courses.values():
            if service in course.teaches:
                begun = self._begun(learner, course, week - course.weeks - course.learning_weeks)
                if begun is not None:
                    yield 1, begun

    def _mentors(self) -> None:
        """Whoever learns at the counter has somebody beside her who knows it, at her centre, and nobody has two."""
        training = self.training
        beside = [course for course in training.courses.values() if course.side_by_side]
        for week in range(training.weeks):
            mentoring: dict[str, Sum] = defaultdict(list)
            for course in beside:
                for centre in training.centres.values():
                    here = [one for one in training.learners if one.centre == centre.key]
                    learning = [t for one in here for t in self._span(one, course, week, course.weeks)]
                    if not learning:
                        continue
                    helping: Sum = []
                    for one in here:
                        if week in one.away:
                            continue
                        lacks = sorted(course.teaches - one.knows)
                        known = [list(self._known(one, service, week)) for service in lacks]
                        if all(known):
                            helps = self.program.variable()
                            for terms in dict.fromkeys(map(tuple, known)):
                                self._row([(1, helps), *((-f, v) for f, v in terms)], high=0)
                            helping.append((1, helps))
                            mentoring[one.key].append((1, helps))
                    negative = [(-f, v) for f, v in helping]
                    self._row([*learning, *negative], high=0, rule=self._rule("mentor", course.key, centre.key))
            for one in training.learners:
                if mentoring[one.key]:
                    self._row([*mentoring[one.key], *self._away(one, week)], high=1)

    def _goal(self, goal: Goal) -> None:
        training, program = self.training, self.program
        needed = goal.services(len(training.services))
        last = min(training.weeks, training.last_week(goal)) if self.dates_hold else training.weeks
        price = round(training.delay_kr * ORE)
        by_all = [] if self.dates_hold else [program.variable(price=-1000 * ORE) for _ in range(last)]
        for week in range(1, len(by_all)):
            self._row([(1, by_all[week - 1]), (-1, by_all[week])], high=0)
        for learner in training.learners:
            before = len(learner.knows & set(training.services))
            if before >= needed:
                continue
            rule = self._rule("goal", learner.key, goal.key, weight=3)
            self.result.floor_ore += price * (last + 1)
            steps = self._steps(learner, last)
            previous = None
            for week, until in itertools.pairwise([*steps, last + 1]):
                variable = program.variable(price=-price * (until - week))
                if previous is not None:
                    self._row([(1, previous), (-1, variable)], high=0)
                for each in by_all[week:until]:
                    self._row([(1, each), (-1, variable)], high=0)
                self._reached(learner, variable, week, needed, before)
                previous = variable
            if self.dates_hold:
                self._row([] if previous is None else [(1, previous)], low=1, rule=rule)

    def _steps(self, learner: Learner, last: int) -> list[int]:
        """Week 0 and those up to `last` in which she may come to know more: in between nothing changes."""
        training = self.training
        found = {0}
        for course in training.courses.values():
            if training.useful(learner, course):
                starts = (week for week in range(training.weeks) if training.may_start(learner, course, week))
                found |= {training.counts_from(course, week) for week in starts}
        return sorted(week for week in found if week <= last)

    def _reached(self, learner: Learner, variable: int, week: int, needed: int, before: int) -> None:
        """`variable` may be 1 only if she knows `needed` services by `week`."""
        total: Sum = []
        for courses, services in self.bundles:
            lacks = services - learner.knows
            if not lacks:
                continue
            known = list(self._known(learner, min(lacks), week)) if courses else []
            if before + len(lacks) > 0 and needed == len(self.training.services):
                self._row([(1, variable), *((-f, v) for f, v in known)], high=0)  # all: each bundle is needed
                continue
            if len(known) > 1:
                once = self.program.variable()
                self._row([(1, once), *((-f, v) for f, v in known)], high=0)
                known = [(1, once)]
            total += [(len(lacks), v) for _f, v in known]
        if needed < len(self.training.services):
            self._row([(needed - before, variable), *((-f, v) for f, v in total)], high=0)
            for missed in _covers([size for size, _v in total], needed - before):
                self._row([(1, variable), *((-1, total[place][1]) for place in missed)], high=0)


def _covers(sizes: list[int], needed: int, most: int = 80) -> list[tuple[int, ...]]:
    """Smallest sets of places without which `needed` cannot be reached: one of each set has to be known.

    They follow from the sum, for whole numbers; the relaxation does not know that. No more than `most` of them.
    """
    found: list[tuple[int, ...]] = []
    for size in range(1, len(sizes) + 1):
        for places in itertools.combinations(range(len(sizes)), size):
            if any(set(smaller) <= set(places) for smaller in found):
                continue
            if sum(sizes) - sum(sizes[place] for place in places) < needed:
                found.append(places)
                if len(found) == most:
                    return found
        if size > 6:
            break
    return found
