"""A first roster without a solver: one employee after the other gets her best weeks, given what the others cover.

Each employee's weeks are a shortest path over days with the hours worked, the days in a row and the late days of the
week as state, so her own rules of hours hold where they can; rest is left to the solver. Two rounds take about a
second; it is what the solver starts from, and what there is if somebody stops before it found anything.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import defaultdict

import numpy as np

from hovedindgang.planning.staffing.rosters.building import ORE, Built, with_break
from hovedindgang.planning.staffing.rosters.document import Duty, Employee, Need, Question

NOTHING = -1e15


def first_duties(question: Question, built: Built, *, rounds: int = 2) -> tuple[Duty, ...]:
    """Duties within everybody's hours, days in a row and late days, where that can be; no promise beyond."""
    cover = _Cover(question, built)
    by_day: dict[tuple[str, dt.date], list[int]] = defaultdict(list)
    for index, duty in built.duties.items():
        by_day[duty.employee, duty.day].append(index)
    chosen: dict[str, list[int]] = {}
    for turn in range(rounds):
        cover.away = 5.0 if turn == 0 else 1.0  # at first everybody stays at home, else two swap places for nothing
        # Those who can least are placed first; then all once more, now that each sees the others.
        for employee in sorted(question.employees, key=lambda one: (len(one.competences), len(one.centres), one.key)):
            for index in chosen.get(employee.key, ()):
                cover.change(index, -1)
            chosen[employee.key] = _weeks(question, built, cover, employee, by_day)
            for index in chosen[employee.key]:
                cover.change(index, 1)
    return tuple(with_break(built.duties[i], cover.break_at[i]) for own in chosen.values() for i in own)


class _Cover:
    """What is missing where, and what one more duty is worth: each person fills the dearest group that she can."""

    def __init__(self, question: Question, built: Built) -> None:
        self.question, self.duties = question, built.duties
        self.prices = built.program.prices
        self.filled: dict[tuple[int, int], int] = defaultdict(int)
        self.away = 1.0  # how much dearer another centre is than it is
        self.used: dict[int, list[tuple[int, int]]] = {}
        self.needs: dict[tuple[str, dt.date], list[tuple[int, Need]]] = defaultdict(list)
        for number, need in enumerate(question.needs):
            if need.day not in question.closed:
                self.needs[need.centre, need.day].append((number, need))
        self.breaks = {shift.key: shift.breaks_at for shift in question.shifts}
        self.break_at: dict[int, int | None] = {}
        self.people = {one.key: one for one in question.employees}
        self.cuts: dict[tuple[str, dt.date], list[int]] = {}
        for place, needs in self.needs.items():
            cuts = {minute for _, need in needs for minute in (need.starts, need.ends)}
            for shift in question.shifts:
                if shift.centre == place[0] and place[1].weekday() in shift.weekdays:
                    cuts |= {shift.starts, shift.ends, *shift.breaks_at}
                    cuts |= {minute + shift.break_minutes for minute in shift.breaks_at}
            self.cuts[place] = sorted(cuts)

    def worth(self, index: int) -> tuple[float, list[tuple[int, int]], int | None]:
        """In øre, with the needs it would fill (need, start of the piece) and its best time of break."""
        times = self.breaks[self.duties[index].shift] or (None,)
        tried = [(*self._worth(index, with_break(self.duties[index], at)), at) for at in times]
        return max(tried, key=lambda one: one[0])

    def _worth(self, index: int, duty: Duty) -> tuple[float, list[tuple[int, int]]]:
        place = duty.centre, duty.day
        who = self.people[duty.employee]
        gain, fills = -float(self.prices.get(index, 0)), []
        if duty.centre != who.centres[0]:
            gain -= (self.away - 1) * self.question.prices.away_day * ORE
        for start, end in itertools.pairwise(self.cuts.get(place, [])):
            if not duty.present(start):
                continue
            best, best_need = 0.0, None
            for number, need in self.needs[place]:
                if need.starts <= start < need.ends and self.question.able(who, need.group):
                    price = self._next(number, need, start) * (end - start) / 60
                    if need.alongside:
                        gain += price
                        fills.append((number, start))
                    elif price > best:
                        best, best_need = price, number
            if best_need is not None:
                gain += best
                fills.append((best_need, start))
        return gain, fills

    def _next(self, number: int, need: Need, start: int) -> float:
        have = self.filled[number, start]
        prices = self.question.prices
        if have < need.minimum:
            return 10 * prices.missing_desired * ORE if prices.missing_minimum is None else prices.missing_minimum * ORE
        lifted = max(need.desired * self.question.lift, need.minimum)
        return prices.missing_desired * ORE * min(1.0, max(0.0, lifted - have))

    def change(self, index: int, by: int) -> None:
        """The duty is worked from now on (1), or no longer (-1)."""
        if by > 0:
            _gain, self.used[index], self.break_at[index] = self.worth(index)
        for key in self.used[index]:
            self.filled[key] += by


def _weeks(
    question: Question,
    built: Built,
    cover: _Cover,
    employee: Employee,
    by_day: dict[tuple[str, dt.date], list[int]],
) -> list[int]:
    """Her best duties by what they are worth now, within her hours, days in a row and late days a week."""
    rules, agreed = question.rules, question.agreed_minutes(employee)
    choices: list[dict[tuple[int, bool], tuple[float, int]]] = []
    for day in question.days:
        best: dict[tuple[int, bool], tuple[float, int]] = {}
        if day.weekday() in employee.weekdays and employee.absent(day) is None:
            for index in by_day[employee.key, day]:
                duty = built.duties[index]
                kind = duty.paid_minutes, question.is_late(day, duty.ends)
                worth = cover.worth(index)[0]
                if kind not in best or worth > best[kind][0]:
                    best[kind] = (worth, index)
        choices.append(best)
    unit = math.gcd(*(minutes for best in choices for minutes, _late in best), 30) or 30
    most = int((agreed + rules.tolerance_hours * 60) // unit)
    rows, lates = rules.most_days_in_row + 1, rules.most_late_in_week + 1
    state = np.full((rows, lates, max(most, 0) + 1), NOTHING)
    state[0, 0, 0] = 0.0
    backs: list[tuple[np.ndarray, np.ndarray]] = []
    for number, best in enumerate(choices):
        if number % 7 == 0:  # a new week: its late days are counted anew
            fresh = np.full_like(state, NOTHING)
            fresh_from = state.argmax(axis=1)
            fresh[:, 0] = state.max(axis=1)
        else:
            fresh, fresh_from = state, np.zeros((0,), dtype=int)
        state, took = _day(fresh, best, unit)
        backs.append((took, fresh_from))
    return _traced(state, backs, choices, unit, agreed, rules.tolerance_hours)


def _day(
    state: np.ndarray, best: dict[tuple[int, bool], tuple[float, int]], unit: int
) -> tuple[np.ndarray, np.ndarray]:
    """The state after one more day; `took[row, late, minutes]` is 1 + the number of the kind of duty, 0 a free day.

    A free day keeps in `took` the row it came from as a negative number.
    """
    after = np.full_like(state, NOTHING)
    took = np.zeros(state.shape, dtype=np.int64)
    after[0] = state.max(axis=0)
    took[0] = -1 - state.argmax(axis=0)
    for number, ((minutes, late), (worth, _index)) in enumerate(best.items()):
        units = minutes // unit
        if units >= state.shape[2]:
            continue
        source = state[:-1, : state.shape[1] - late, : state.shape[2] - units] + worth
        target = after[1:, late:, units:]
        better = source > target
        target[better] = source[better]
        took[1:, late:, units:][better] = 1 + number
    return after, took


def _traced(
    state: np.ndarray,
    backs: list[tuple[np.ndarray, np.ndarray]],
    choices: list[dict[tuple[int, bool], tuple[float, int]]],
    unit: int,
    agreed: int,
    tolerance_hours: float,
) -> list[int]:
    """The duties of the best state whose hours are within what is agreed; the fullest one where none is."""
    low = max(0, math.ceil((agreed - tolerance_hours * 60) / unit))
    flat = state.max(axis=(0, 1))
    reached = np.flatnonzero(flat > NOTHING / 2)
    within = reached[reached >= low]
    minutes = int(within[flat[within].argmax()]) if len(within) else int(reached[-1])
    row, late = (int(place) for place in np.unravel_index(int(state[:, :, minutes].argmax()), state.shape[:2]))
    found = []
    for number in range(len(choices) - 1, -1, -1):
        took, fresh_from = backs[number]
        kind = int(took[row, late, minutes])
        if kind < 0:
            row = -1 - kind
        else:
            (worked, is_late), (_worth, index) = list(choices[number].items())[kind - 1]
            found.append(index)
            row, late, minutes = row - 1, late - is_late, minutes - worked // unit
        if len(fresh_from):
            late = int(fresh_from[row, minutes])
    return found[::-1]
