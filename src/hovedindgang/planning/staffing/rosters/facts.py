"""What stands on the other side of a rule that cannot hold: who can be there, who cannot and why, and what shifts there
are. Facts of the question alone; nothing is solved."""

from __future__ import annotations

import datetime as dt
import functools
import operator

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.staffing.rosters.building import Rule
from hovedindgang.planning.staffing.rosters.document import Employee, Need, Question, Shift
from hovedindgang.planning.staffing.rosters.words import day_text, hours_text, weekday
from hovedindgang.planning.tables import clock_text


def facts(question: Question, rule: Rule) -> list[str]:
    """Sentences to be read beside `rule`; none for rules that say it all themselves."""
    if rule.kind == "minimum" and rule.day is not None:
        return _of_minimum(question, rule.centre, rule.day)
    if rule.kind == "hours":
        return _of_hours(question, next(one for one in question.employees if one.key == rule.employee))
    return []


def _of_minimum(question: Question, centre: str, day: dt.date) -> list[str]:
    needs = [need for need in question.needs if (need.centre, need.day) == (centre, day) and need.minimum]
    shifts = [one for one in question.shifts if one.centre == centre and day.weekday() in one.weekdays]
    said: list[str] = []
    for need in needs:
        said += _without_shift(question, need, shifts)
        reasons = {one.name: _why_not(question, one, need, shifts) for one in question.employees}
        there = [name for name, reason in reasons.items() if reason is None]
        few = len(there) < need.minimum
        text = _("kun {count} kan være i {centre} {day}") if few else _("{count} kan være i {centre} {day}")
        words = text.format(count=number(len(there)), centre=question.centres[centre], day=day_text(day))
        if there:
            words += f" ({', '.join(there)})"
        away = "; ".join(f"{name}: {reason}" for name, reason in reasons.items() if reason is not None)
        said.append(f"{words}; {_('ikke {who}').format(who=away)}" if away else words)
        if len(there) == need.minimum and shifts and all(_rests_within(one, need) for one in shifts):
            said.append(_("alle vagterne der har pause i den tid"))
    said += _in_all(question, day)
    return list(dict.fromkeys(said))


def _why_not(question: Question, employee: Employee, need: Need, shifts: list[Shift]) -> str | None:
    """Why she cannot fill the need; None where she can."""
    away = employee.absent(need.day)
    if need.centre not in employee.centres:
        return _("møder ikke i {centre}").format(centre=question.centres[need.centre])
    if away is not None:
        return away.reason
    if need.day.weekday() not in employee.weekdays:
        return _("arbejder ikke {weekday}").format(weekday=weekday(need.day.weekday()))
    if not question.able(employee, need.group):
        return _("kan ikke {group}").format(group=need.group)
    if not any(one.starts < need.ends and need.starts < one.ends for one in shifts):
        return _("har ingen vagt da")
    return None


def _without_shift(question: Question, need: Need, shifts: list[Shift]) -> list[str]:
    """The parts of the need in which no shift is."""
    found, at = [], need.starts
    for one in sorted(shifts, key=lambda one: one.starts):
        if one.starts > at:
            found.append((at, min(one.starts, need.ends)))
        at = max(at, one.ends)
        if at >= need.ends:
            break
    if at < need.ends:
        found.append((at, need.ends))
    text = _("ingen vagt i {centre} {day} dækker {begins}-{ends}")
    return [
        text.format(
            centre=question.centres[need.centre],
            day=day_text(need.day),
            begins=clock_text(begins),
            ends=clock_text(ends),
        )
        for begins, ends in found
        if begins < ends
    ]


def _rests_within(shift: Shift, need: Need) -> bool:
    ends = need.ends - shift.break_minutes
    return bool(shift.breaks_at) and all(need.starts <= at <= ends for at in shift.breaks_at)


def _in_all(question: Question, day: dt.date) -> list[str]:
    """Where several centres ask for people that day: how many all of them ask for at once, and how many there are."""
    most = 0
    asked = [need for need in question.needs if need.day == day and need.minimum and not need.alongside]
    if len({need.centre for need in asked}) < 2:
        return []
    for minute in {need.starts for need in asked}:
        most = max(most, sum(need.minimum for need in asked if need.starts <= minute < need.ends))
    here = [one for one in question.employees if one.absent(day) is None and day.weekday() in one.weekdays]
    if len(here) >= most:
        return []
    return [
        _("centrene skal have {most} på samme tid {day}; der er {here} på arbejde").format(
            most=number(most), day=day_text(day), here=number(len(here))
        )
    ]


def _of_hours(question: Question, employee: Employee) -> list[str]:
    """Which lengths her shifts have, on how many days, and the hours nearest to the agreed ones that they can give."""
    shifts = [one for one in question.shifts if one.centre in employee.centres]
    free = [
        day
        for day in question.days
        if day not in question.closed and employee.absent(day) is None and day.weekday() in employee.weekdays
    ]
    days = [{one.paid_minutes for one in shifts if day.weekday() in one.weekdays} for day in free]
    days = [lengths for lengths in days if lengths]
    if not days:
        return [_("{who} har ingen dag, hvor der er en vagt").format(who=employee.name)]
    sums = 1  # bit n: whole shifts can come to n minutes
    for lengths in days:
        sums |= functools.reduce(operator.or_, (sums << length for length in lengths))
    agreed = question.agreed_minutes(employee)
    below = next((one for one in range(agreed, -1, -1) if sums >> one & 1), None)
    above = next((one for one in range(max(agreed, 0), sums.bit_length()) if sums >> one & 1), None)
    said = [
        _("{who}: vagterne er på {lengths} timer, og der er {days} dage til dem").format(
            who=employee.name,
            lengths=", ".join(hours_text(one) for one in sorted(set().union(*days))),
            days=number(len(days)),
        )
    ]
    near = [hours_text(one) for one in dict.fromkeys((below, above)) if one is not None]
    tolerance = question.rules.tolerance_hours * 60
    if not any(one is not None and abs(one - agreed) <= tolerance for one in (below, above)):
        said.append(
            _("hele vagter kan ikke give {hours} timer; det nærmeste er {near}").format(
                hours=hours_text(agreed), near=_(" eller ").join(near)
            )
        )
    return said
