"""Where they wait, and who serves: employees with their weeks and what they know, and the departments' caseworkers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from hovedindgang.planning.service.coming import had_by
from hovedindgang.planning.service.dividing import DIRECT, RECEIVES, departments_of
from hovedindgang.planning.service.ground import (
    BACK,
    DEPARTMENT,
    DEPARTMENT_WEEK_HOURS,
    FILL_IN,
    IN_PERSON,
    OVER,
    PHONE,
    Ground,
    Hours,
    widest,
)
from hovedindgang.planning.service.inputs import APPOINTMENT, Team
from hovedindgang.planning.simulation.chance import stream_of
from hovedindgang.planning.simulation.scenario import (
    GENERALIST,
    SPECIALIST,
    TRAINEE,
    Employee,
    Flow,
    Line,
    Opening,
    Shift,
)
from hovedindgang.servicemodel.document import Channel
from hovedindgang.servicemodel.hours import is_working_day


def lines_of(ground: Ground) -> Iterator[tuple[str, Line]]:
    """A line for each service, channel and centre, with what it takes to serve it."""
    for channel in (PHONE, *FILL_IN):
        for key, service in ground.services.items():
            if had_by(ground, channel, service):
                name = f"{channel}:{key}"
                fill_in = channel in FILL_IN
                yield name, Line(name, channel, service=key, priority=5 if fill_in else 0, interruptible=fill_in)
    yield (
        f"{Channel.WRITTEN.value}:{BACK}",
        Line(f"{Channel.WRITTEN.value}:{BACK}", Channel.WRITTEN.value, service=BACK, priority=4, interruptible=True),
    )
    for centre in ground.centres:
        if not any(ground.open[IN_PERSON, centre]):
            continue
        for key, service in ground.services.items():
            if had_by(ground, IN_PERSON, service):
                name = f"{IN_PERSON}:{key}:{centre}"
                yield name, Line(name, IN_PERSON, place=centre, service=key)


def openings_of(ground: Ground) -> Iterator[Opening]:
    """When each channel is open, and whether who waits then stays."""
    for centre in ground.centres:
        yield Opening(IN_PERSON, centre, ground.open[IN_PERSON, centre], stays=False)
    yield Opening(PHONE, None, ground.phone, stays=False)


def employees_of(ground: Ground, lines: dict[str, Line]) -> Iterator[Employee]:
    """Every employee of every team, with her week and what she knows."""
    for team in ground.inputs.staff.teams:
        spans = _spans(ground, team)
        for number in range(team.number):
            key, usual = f"{team.key}-{number + 1}", _week(ground, team, number)
            for begins, ends, share in spans:
                # Who learns is another employee from that day on, who knows what she knew and more.
                knows = _known(ground, team, key, share)
                levels = {name: knows[one.service] for name, one in lines.items() if _takes(ground, team, one, knows)}
                week = tuple(shifts if begins <= day < ends else () for day, shifts in enumerate(usual))
                if levels:
                    wage = team.kr_per_hour or ground.inputs.staff.kr_per_hour.value
                    name = f"{key}@{begins}" if begins else key
                    yield Employee(name, levels, week, place=team.centre, kr_per_hour=wage)


def _spans(ground: Ground, team: Team) -> list[tuple[int, int, float]]:
    """(first day, day after the last, share of the services she is generalist in), one after another."""
    first, share = ground.inputs.first_day, team.generalist_share
    found, begins = [], 0
    for one in sorted(ground.inputs.staff.learned, key=lambda one: one.day):
        if one.team in ("", team.key) and one.share > share:
            at = (one.day - first).days
            if at > begins:
                found.append((begins, at, share))
            begins, share = at, one.share
    return [*found, (begins, len(ground.dates), share)]


def _known(ground: Ground, team: Team, key: str, share: float) -> dict[str, str]:
    """Service → level: generalist in that share of them, chosen for each employee by her key, else trainee."""
    ranked = sorted(team.services or ground.services, key=lambda service: int(stream_of(key, service)))
    known = round(share * len(ranked))
    levels = {service: GENERALIST if at < known else TRAINEE for at, service in enumerate(ranked)}
    levels |= dict.fromkeys(team.specialist_in, SPECIALIST)
    competence = ground.inputs.staff.competence
    if competence is not None:
        learned = max(competence.at_least.get(team.key, 0.0), share if share > team.generalist_share else 0.0)
        levels = competence.of(key, ranked, levels, learned)
    return levels | {BACK: GENERALIST}


def _takes(ground: Ground, team: Team, line: Line, knows: dict[str, str]) -> bool:
    if line.channel == DEPARTMENT or line.service not in knows:
        return False
    if line.channel == PHONE and ground.inputs.phones_at not in (None, team.centre):
        return False
    return not team.channels or line.channel in {one.value for one in team.channels}


def _week(ground: Ground, team: Team, number: int) -> tuple[tuple[Shift, ...], ...]:
    """Her shifts on each day: from before the door opens until after it shuts, and her hours of the week in all."""
    staff = ground.inputs.staff
    outings = [one for one in staff.outings if one.team == team.key and number < one.number]
    noon = 11.5 * 60 + 30.0 * (number % 3)  # not all at once
    lunch = ((noon, noon + staff.lunch_minutes.value),)
    usual = _usual_days(ground, team, number)
    days: list[tuple[Shift, ...]] = []
    for date in ground.dates:
        if not is_working_day(ground.model, date) or usual[date.weekday()] is None:
            days.append(())
            continue
        begins, ends = usual[date.weekday()] or (0.0, 0.0)
        out = [o for o in outings if o.weekday == date.weekday() and (date.toordinal() // 7) % o.every_weeks == 0]
        if out:
            there = Shift(out[0].begins, out[0].ends, out[0].place)
            days.append((Shift(begins, max(begins, there.begins), team.centre, breaks=lunch), there))
        else:
            days.append((Shift(begins, ends, team.centre, breaks=lunch),))
    return tuple(days)


def _usual_days(ground: Ground, team: Team, number: int) -> dict[int, Hours]:
    """For each weekday when she begins and ends. Long days make the others shorter, and fewer hours fewer days.

    Full time she is there for door and telephones; with fewer hours for the door alone, and away on days it is shut.
    """
    staff, contract = ground.inputs.staff, team.hours_per_week * 60.0
    doors, wide = _weekday_hours(ground, team.centre)
    out = {one.weekday for one in staff.outings if one.team == team.key and number < one.number}
    needed = dict(wide)
    if _minutes(needed) > contract + OVER:
        needed |= doors
        for weekday in sorted(wide, key=lambda day: (day in doors or day in out, day < 5, (day + number) % 5)):
            rest = {day: hours for day, hours in needed.items() if day != weekday}
            if _minutes(rest) >= contract - OVER:
                needed = rest
    lengths = {day: ends - begins for day, (begins, ends) in needed.items()}
    if _minutes(needed) > contract + OVER:
        lengths = {day: length * contract / _minutes(needed) for day, length in lengths.items()}
    low, high = 0.0, contract
    for _step in range(50):  # the least day that fills the contract
        least = (low + high) / 2
        filled = sum(max(length, least) for length in lengths.values())
        low, high = (least, high) if filled < contract else (low, least)
    return {
        day: (needed[day][0], needed[day][0] + max(lengths[day], low)) if day in needed else None for day in range(7)
    }


def _weekday_hours(
    ground: Ground, centre: str
) -> tuple[dict[int, tuple[float, float]], dict[int, tuple[float, float]]]:
    """Weekday → at work for the centre's door, and for door and telephones, with the time before and after."""
    staff = ground.inputs.staff
    door: dict[int, tuple[float, float]] = {}
    wide: dict[int, tuple[float, float]] = {}
    for weekday in range(7):
        days = [day for day, date in enumerate(ground.dates) if date.weekday() == weekday]
        opens = [ground.open[IN_PERSON, centre][day] for day in days]
        either = [widest([hours, ground.phone[day]]) for hours, day in zip(opens, days, strict=True)]
        for found, hours in ((door, opens), (wide, either)):
            usual = next((one for one in hours if one), None)
            if usual:
                found[weekday] = usual[0] - staff.before_opening.value, usual[1] + staff.after_closing.value
    return door, wide


def _minutes(days: dict[int, tuple[float, float]]) -> float:
    return sum(ends - begins for begins, ends in days.values())


def booked_lines(flows: dict[str, Flow]) -> Iterator[tuple[str, Line]]:
    """Who has booked a time is met before those who have not."""
    for flow in flows.values():
        if flow.channel == APPOINTMENT and flow.line:
            yield flow.line, Line(flow.line, IN_PERSON, place=flow.centre, service=flow.service, priority=-1)


def department_lines(flows: dict[str, Flow]) -> Iterator[tuple[str, Line]]:
    """A heap for each department, laid aside for whoever comes or rings to it."""
    for key in {flow.line: None for flow in flows.values() if flow.channel == DEPARTMENT and flow.line}:
        channel, _colon, department = key.partition(":")
        paper = channel == DEPARTMENT
        yield key, Line(key, channel, place=department, priority=5 if paper else 0, interruptible=paper)


def caseworkers_of(ground: Ground, flows: dict[str, Flow], lines: dict[str, Line]) -> Iterator[Employee]:
    """Those of the departments; they work alone with what is handed over, and with those who come straight to them."""
    weekdays = tuple((Shift(*RECEIVES),) if day < 5 else () for day in range(7))
    numbers, staff = ground.inputs.caseworkers, ground.inputs.staff
    wage = (ground.inputs.work.department_kr_per_hour or staff.kr_per_hour).value
    for department in departments_of(ground):
        levels = {
            key: GENERALIST
            for key, line in lines.items()
            if line.place == department and line.channel in (DEPARTMENT, DIRECT)
        }
        key = f"{DEPARTMENT}:{department}"
        for one in range(busy(ground, flows, key) if numbers is None else numbers.get(department, 1)):
            yield Employee(f"{department}-{one + 1}", levels, weekdays, place=department, own=False, kr_per_hour=wage)


def busy(ground: Ground, flows: dict[str, Flow], department: str) -> int:
    """How many caseworkers a department has, so that it is as busy, of the time it is at work, as its inputs say."""
    work, staff = ground.inputs.work, ground.inputs.staff
    handed = sum(_handed(flow, department) for flow in flows.values())
    minutes = handed * work.department_minutes.value / max(ground.inputs.days / 7, 1.0)
    there = math.prod(1 - one.value for one in (staff.sickness, staff.holidays, staff.training, staff.meetings))
    worked = DEPARTMENT_WEEK_HOURS * 60 * work.department_occupancy.value * max(there, 0.01)
    return max(1, math.ceil(minutes / worked))


def _handed(flow: Flow, department: str) -> float:
    """Matters of the flow that end up there, as a generalist hands them over, at once or when they come again."""
    if flow.arrivals is None or not isinstance(flow.outcomes, dict):
        return 0.0
    share = sum(one.share for one in flow.outcomes[GENERALIST] if one.to == department)
    again = sum(one.share for one in flow.outcomes[GENERALIST] if one.to == flow.key)
    return share * sum(flow.arrivals.per_day) / max(1 - again, 0.01)
