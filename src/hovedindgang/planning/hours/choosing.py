"""The best hours within a budget, proved, and the ten that come next.

Yes-or-no variables for each centre, kind of day and span; one span a day; one row for the budget. What a span reaches
adds up over days and centres, so the sum is exact; the worst served group is a variable below every group's share at
its centre. Each next-best answer is the best that is not one of those before (one more row).
"""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace
from typing import NamedTuple

from hovedindgang.planning.hours.document import Choice, Hours, Question
from hovedindgang.planning.hours.reaching import cost_kr, day_cost_kr, open_part, total_share, worst_share
from hovedindgang.planning.hours.refusing import no_hours
from hovedindgang.planning.limits import Row, limited
from hovedindgang.planning.stopping import TIME_IS_UP, left_at_once, not_in_time, nothing_yet

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Hours with what they reach. `bound`: nothing reaches more (by the same measure, the earlier ones left out)."""

    hours: Hours
    value: float  # (1 - fairness) × share of all + fairness × share of the worst served group
    total: float
    worst: float
    cost_kr: float
    bound: float
    proved: bool


def value_of(question: Question, choice: Choice, hours: Hours) -> float:
    return (1 - choice.fairness) * total_share(question, hours) + choice.fairness * worst_share(question, hours)


class _Option(NamedTuple):
    unit: tuple[str, ...]
    days: tuple[int, ...]
    span: Span
    number: int


def alike(question: Question, choice: Choice) -> list[tuple[int, ...]]:
    """The days that may be chosen, together where every group needs them alike and an hour costs the same."""
    found: dict[object, list[int]] = {}
    for day in sorted(choice.weekdays):
        needs = tuple(
            tuple(sorted((start, share) for (when, start), share in group.need.items() if when == day))
            for group in question.groups
        )
        dearer = tuple(one for one in question.supplements if day in one.weekdays)
        found.setdefault((needs, dearer), []).append(day)
    return [tuple(days) for days in found.values()]


def spans_of(question: Question, choice: Choice) -> list[Span]:
    marks = range(choice.earliest, choice.latest + 1, question.step_minutes)
    return [
        (start, end)
        for start, end in itertools.combinations(marks, 2)
        if choice.shortest_minutes <= end - start <= choice.longest_minutes
    ]


class BestHours(list[Chosen]):
    """The best hours, best first; `interrupted`: by Ctrl-C, before all that were asked for were found."""

    interrupted = False


def best_hours(question: Question, *, count: int = 11, seconds: float = 60) -> BestHours:
    """The `count` best, best first; fewer where there are no more, time is up, or on Ctrl-C.

    Raises CannotPlan where no hours keep the budget and what the choice asks for, or nothing was found yet.
    """
    choice = question.choice
    assert choice is not None
    spans = spans_of(question, choice)
    if not spans:
        raise no_hours(choice, spans, lambda: None)
    until = time.monotonic() + seconds
    problem = _Problem(question, choice)
    found = BestHours()
    try:
        while len(found) < count and (left := until - time.monotonic()) > 0:
            chosen = problem.next(left)
            if chosen is None:
                break
            found.append(chosen)
    except KeyboardInterrupt:
        if not found:
            raise nothing_yet() from None
        found.interrupted = True
    if not found and problem.out_of_time:
        raise not_in_time(seconds)
    if not found:
        raise no_hours(choice, spans, lambda: _cheapest(question, choice, seconds))
    return found


def _cheapest(question: Question, choice: Choice, seconds: float) -> float | None:
    """Kroner a week of the cheapest hours that keep all but the budget; None where there are none."""
    problem = _Problem(question, replace(choice, budget_kr=1e12))
    cost = problem.rows[problem.budget_row][0]
    problem.gain = [-cost.get(index, 0.0) for index in range(len(problem.gain))]
    found = problem.next(seconds)
    return None if found is None else found.cost_kr


class _Problem:
    """The program over options (unit, days that are alike, span, how many of these days): the k-th option of a span is
    taken only with those before it. Days that nobody can tell apart are not told apart, or the next-best would be the
    same hours on other days.
    """

    def __init__(self, question: Question, choice: Choice) -> None:
        self.question, self.choice = question, choice
        # Centres that must open alike are one unit.
        self.units = [tuple(question.centres)] if choice.same_hours else [(centre,) for centre in question.centres]
        self.options = [
            _Option(unit, days, span, number)
            for unit in self.units
            for days in alike(question, choice)
            for span in spans_of(question, choice)
            for number in range(len(days))
        ]
        self.rows: list[Row] = []
        self.worst = len(self.options)  # the index of the share of the worst served group
        self.out_of_time = False
        self._value()
        self._limits()

    def _value(self) -> None:
        """Each (group, centre) has its share in a row, which the worst one may not be above."""
        everybody = sum(sum(group.people.values()) for group in self.question.groups)
        self.gain = [0.0] * (len(self.options) + 1)
        self.gain[self.worst] = self.choice.fairness
        step = self.question.step_minutes
        for group in self.question.groups:
            reached: dict[tuple[int, Span], float] = {}
            shares: dict[str, dict[int, float]] = {centre: {} for centre, people in group.people.items() if people}
            for index, one in enumerate(self.options):
                key = one.days[0], one.span
                if key not in reached:
                    reached[key] = sum(
                        share * open_part((one.span,), start, step)
                        for (day, start), share in group.need.items()
                        if day == one.days[0]
                    )
                for centre in one.unit:
                    if centre in shares:
                        shares[centre][index] = reached[key]
                        people = group.people[centre]
                        self.gain[index] += (1 - self.choice.fairness) * reached[key] * people / everybody
            self.rows += [({**terms, self.worst: -1.0}, 0.0, float("inf")) for terms in shares.values()]

    def _limits(self) -> None:
        question, choice = self.question, self.choice
        cost = {
            index: sum(day_cost_kr(question, centre, one.days[0], (one.span,)) for centre in one.unit)
            for index, one in enumerate(self.options)
        }
        self.budget_row = len(self.rows)
        self.rows.append((cost, 0.0, choice.budget_kr))
        for index, one in enumerate(self.options):
            if one.number:
                self.rows.append(({index: 1.0, index - 1: -1.0}, -1.0, 0.0))
        for unit in self.units:
            mine = {index: one for index, one in enumerate(self.options) if one.unit == unit}
            for days in {one.days for one in mine.values()}:
                same = {index: 1.0 for index, one in mine.items() if one.days == days}
                self.rows.append((same, 0.0, float(len(days))))
            if choice.least_days:
                self.rows.append((dict.fromkeys(mine, 1.0), float(choice.least_days), 7.0))
            if choice.least_late_days:
                late = {index: 1.0 for index, one in mine.items() if one.span[1] >= choice.late_until}
                self.rows.append((late, float(choice.least_late_days), 7.0))

    def next(self, seconds: float) -> Chosen | None:
        # Heavy, and only this answer needs it.
        import numpy as np
        from scipy.optimize import Bounds, milp

        count = len(self.gain)
        kinds = np.ones(count)
        kinds[self.worst] = 0
        answer = left_at_once(
            lambda: milp(
                -np.array(self.gain),
                integrality=kinds,
                bounds=Bounds(0, 1),
                constraints=limited(self.rows, count),
                options={"time_limit": seconds, "mip_rel_gap": 0.0},
            )
        )
        if answer.x is None:
            self.out_of_time = answer.status == TIME_IS_UP
            return None
        taken = [i for i in range(len(self.options)) if answer.x[i] > 0.5]
        # From now on it must differ in at least one span: one of these less, or one beside them.
        terms = {i: (1.0 if i in set(taken) else -1.0) for i in range(len(self.options))}
        self.rows.append((terms, -float("inf"), len(taken) - 1.0))
        return self._chosen(taken, -answer.mip_dual_bound, answer.status == 0)

    def _chosen(self, taken: list[int], bound: float, proved: bool) -> Chosen:
        question, choice = self.question, self.choice
        hours: dict[str, dict[int, tuple[Span, ...]]] = {centre: {} for centre in question.centres}
        for one in sorted((self.options[index] for index in taken), key=lambda one: (one.span[1], one.span[0])):
            # Of days that are alike the long evenings go last in the week, as people are used to.
            for centre in one.unit:
                day = next(day for day in one.days if day not in hours[centre])
                hours[centre][day] = (one.span,)
        return Chosen(
            hours,
            value_of(question, choice, hours),
            total_share(question, hours),
            worst_share(question, hours),
            cost_kr(question, hours),
            bound,
            proved,
        )
