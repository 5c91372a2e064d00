"""An independent look at a roster: every rule and every price from the question alone, without a solver.

Written apart from `building`, minute by minute where that one is clever: who is at the counter, whether the people
there can be shared out over what is needed (a bipartite matching, Kuhn 1955), and what the law and the agreement say.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from hovedindgang.planning.staffing.rosters.building import Rule, fair_late
from hovedindgang.planning.staffing.rosters.document import DAY, Duty, Employee, Need, Question


@dataclass(frozen=True, slots=True)
class Missing:
    """People missing at a need in [starts, ends): `minimum` of them below the minimum; `people` counts parts of one."""

    need: Need
    starts: int
    ends: int
    people: float
    minimum: int

    @property
    def hours(self) -> float:
        return self.people * (self.ends - self.starts) / 60


@dataclass(frozen=True, slots=True)
class Bill:
    """What a roster costs by its question's prices, in kroner."""

    missing: float
    wishes: float
    unfair_late: float
    extra_hours: float
    away: float

    @property
    def total(self) -> float:
        return self.missing + self.wishes + self.unfair_late + self.extra_hours + self.away


def broken_rules(question: Question, duties: tuple[Duty, ...]) -> list[Rule]:
    """The rules that the roster breaks, each once; [] for one that may be used."""
    people = {one.key: one for one in question.employees}
    found: dict[Rule, None] = {}
    by_employee: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        by_employee[duty.employee].append(duty)
        found.update(dict.fromkeys(_misplaced(question, people.get(duty.employee), duty)))
    for employee in question.employees:
        own = sorted(by_employee[employee.key], key=lambda duty: (duty.day, duty.starts))
        found.update(dict.fromkeys(_hours(question, employee, own)))
        found.update(dict.fromkeys(_rest(question, employee, own)))
        found.update(dict.fromkeys(_late(question, employee, own)))
    if question.prices.missing_minimum is None:
        for one in missing(question, duties):
            if one.minimum:
                found[Rule("minimum", centre=one.need.centre, day=one.need.day)] = None
    return list(found)


def _misplaced(question: Question, employee: Employee | None, duty: Duty) -> Iterator[Rule]:
    shift = next((one for one in question.shifts if one.key == duty.shift), None)
    fits = (
        shift is not None
        and (shift.centre, shift.starts, shift.ends) == (duty.centre, duty.starts, duty.ends)
        and duty.day.weekday() in shift.weekdays
        and (duty.break_at in shift.breaks_at if shift.breaks_at else duty.break_at is None)
    )
    if employee is None or not fits or duty.centre not in employee.centres or duty.day not in question.days:
        yield Rule("place", duty.employee, centre=duty.centre, day=duty.day)
    elif (away := employee.absent(duty.day)) is not None:
        yield Rule("absence", employee.key, day=away.first, about=f"{away.last}|{away.reason}")
    elif duty.day.weekday() not in employee.weekdays:
        yield Rule("weekdays", employee.key)
    if duty.day in question.closed:
        yield Rule("closed", duty.employee, day=duty.day)


def _hours(question: Question, employee: Employee, own: list[Duty]) -> Iterator[Rule]:
    rules = question.rules
    total = sum(duty.paid_minutes for duty in own)
    if abs(total - max(0, question.agreed_minutes(employee))) > rules.tolerance_hours * 60:
        yield Rule("hours", employee.key)
    if total > rules.average_hours * 60 * question.weeks:
        yield Rule("average", employee.key)
    for week in range(question.weeks):
        days = question.days[7 * week : 7 * week + 7]
        if sum(duty.paid_minutes for duty in own if duty.day in days) > rules.most_hours_in_week * 60:
            yield Rule("week", employee.key)


def _rest(question: Question, employee: Employee, own: list[Duty]) -> Iterator[Rule]:
    rules = question.rules

    def instant(day: dt.date, minute: int) -> int:
        return (day - question.starts_on).days * DAY + minute

    for before, after in itertools.pairwise(own):
        if before.day == after.day:
            yield Rule("one_duty", employee.key, day=after.day)
        elif instant(after.day, after.starts) - instant(before.day, before.ends) < rules.daily_rest_hours * 60:
            yield Rule("daily_rest", employee.key)
    worked = {duty.day for duty in own}
    row = 0
    for day in question.days:
        row = row + 1 if day in worked else 0
        if row > rules.most_days_in_row:
            yield Rule("row", employee.key)
    resting = []
    for day in question.days:
        previous = [d for d in own if d.day == day - dt.timedelta(days=1)]
        following = [d for d in own if d.day == day + dt.timedelta(days=1)]
        long_enough = all(
            instant(f.day, f.starts) - instant(p.day, p.ends) >= rules.rest_day_hours * 60
            for p in previous
            for f in following
        )
        resting.append(day not in worked and long_enough)
    within = rules.rest_day_within_days
    if any(not any(resting[first : first + within]) for first in range(len(resting) - within + 1)):
        yield Rule("weekly_rest", employee.key)


def _late(question: Question, employee: Employee, own: list[Duty]) -> Iterator[Rule]:
    late = [duty.day for duty in own if question.is_late(duty.day, duty.ends)]
    if employee.most_late is not None and len(late) > employee.most_late:
        yield Rule("most_late", employee.key)
    for week in range(question.weeks):
        days = question.days[7 * week : 7 * week + 7]
        if sum(day in days for day in late) > question.rules.most_late_in_week:
            yield Rule("late_week", employee.key)


def missing(question: Question, duties: tuple[Duty, ...]) -> list[Missing]:
    """Who is missing where, with the people there shared out as well as can be: dearest gaps filled first."""
    people = {one.key: one for one in question.employees}
    there: dict[tuple[str, dt.date], list[Duty]] = defaultdict(list)
    for duty in duties:
        there[duty.centre, duty.day].append(duty)
    needs: dict[tuple[str, dt.date], list[Need]] = defaultdict(list)
    for need in question.needs:
        if need.day not in question.closed:
            needs[need.centre, need.day].append(need)
    found = []
    for place, wanted in needs.items():
        cuts = {minute for need in wanted for minute in (need.starts, need.ends)}
        for duty in there[place]:
            rest = () if duty.break_at is None else (duty.break_at, duty.break_at + duty.break_minutes)
            cuts |= {duty.starts, duty.ends, *rest}
        for start, end in itertools.pairwise(sorted(cuts)):
            present = [people[duty.employee] for duty in there[place] if duty.present(start)]
            active = [need for need in wanted if need.starts <= start < need.ends]
            for need in active:
                if need.alongside:
                    able = sum(question.able(who, need.group) for who in present)
                    found += _short(question, need, able, start, end)
            at_once = [need for need in active if not need.alongside]
            for need, able in zip(at_once, _shared_out(question, present, at_once), strict=True):
                found += _short(question, need, able, start, end)
    return found


def _short(question: Question, need: Need, filled: int, start: int, end: int) -> list[Missing]:
    people = max(0.0, max(need.desired * question.lift, need.minimum) - filled)
    short = Missing(need, start, end, people, max(0, need.minimum - filled))
    return [short] if people > 1e-9 else []


def _shared_out(question: Question, present: list[Employee], needs: list[Need]) -> list[int]:
    """How many of `present` each need gets: places in the order of what they are worth, each by an augmenting path.

    Sets that can be matched form a matroid, so taking the dearest place that still fits each time is best.
    """
    places: list[tuple[float, int]] = []
    for number, need in enumerate(needs):
        lifted = max(need.desired * question.lift, need.minimum)
        for step in range(math.ceil(lifted - 1e-9)):
            dear = 10.0 if step < need.minimum else min(1.0, lifted - step)
            places.append((dear, number))
    places.sort(key=lambda place: -place[0])
    holder: dict[int, int] = {}  # who (by number in `present`) has which place

    def seat(place: int, tried: set[int]) -> bool:
        for who, employee in enumerate(present):
            if who not in tried and question.able(employee, needs[places[place][1]].group):
                tried.add(who)
                if who not in holder or seat(holder[who], tried):
                    holder[who] = place
                    return True
        return False

    for place in range(len(places)):
        seat(place, set())
    filled = [0] * len(needs)
    for place in holder.values():
        filled[places[place][1]] += 1
    return filled


def bill(question: Question, duties: tuple[Duty, ...]) -> Bill:
    """The roster's price, post by post."""
    prices = question.prices
    dear = 10 * prices.missing_desired if prices.missing_minimum is None else prices.missing_minimum
    lacking = 0.0
    for one in missing(question, duties):
        hours = (one.ends - one.starts) / 60
        lacking += hours * (one.minimum * dear + (one.people - one.minimum) * prices.missing_desired)
    unmet, unfair, extra, away = 0.0, 0, 0.0, 0
    low, high = fair_late(question)
    for employee in question.employees:
        own = {duty.day: duty for duty in duties if duty.employee == employee.key}
        late = {day for day, duty in own.items() if question.is_late(day, duty.ends)}
        unmet += sum(
            wish.weight
            for wish in employee.wishes
            if wish.day in question.days
            and wish.day not in question.closed
            and not _met(wish.want, wish.day, own, late)
        )
        unfair += max(0, len(late) - high) + (max(0, low - len(late)) if employee.most_late is None else 0)
        extra += (
            max(0, sum(duty.paid_minutes for duty in own.values()) - max(0, question.agreed_minutes(employee))) / 60
        )
        away += sum(duty.centre != employee.centres[0] for duty in own.values())
    return Bill(lacking, unmet, unfair * prices.unfair_late, extra * prices.extra_hour, away * prices.away_day)


def _met(want: str, day: dt.date, own: dict[dt.date, Duty], late: set[dt.date]) -> bool:
    if want == "off":
        return day not in own
    if want == "work":
        return day in own
    return day not in own or (day in late) == (want == "late")
