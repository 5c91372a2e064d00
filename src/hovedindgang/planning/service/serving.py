"""Where they wait, and who serves: employees with their weeks and what they know, and the departments' caseworkers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from hovedindgang.planning.service.coming import had_by
from hovedindgang.planning.service.dividing import DIRECT, RECEIVES, departments_of
from hovedindgang.planning.service.ground import (
    BACK,
    DEPARTMENT,
    DEPARTMENT_WEEK_HOURS,
    FILL_IN,
    IN_PERSON,
    PHONE,
    Ground,
)
from hovedindgang.planning.service.inputs import APPOINTMENT, Team
from hovedindgang.planning.service.weeks import week_of
from hovedindgang.planning.simulation.chance import stream_of
from hovedindgang.planning.simulation.scenario import (
    GENERALIST,
    SPECIALIST,
    TRAINEE,
    ByDate,
    ByWeekday,
    Employee,
    Flow,
    Line,
    Opening,
    Shift,
)
from hovedindgang.servicemodel.document import Channel


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
        yield Opening(IN_PERSON, centre, ByDate(ground.open[IN_PERSON, centre]), stays=False)
    yield Opening(PHONE, None, ByDate(ground.phone), stays=False)


def employees_of(ground: Ground, lines: dict[str, Line]) -> Iterator[Employee]:
    """Every employee of every team, with her week and what she knows."""
    for team in ground.inputs.staff.teams:
        spans = _spans(ground, team)
        for number in range(team.number):
            key = f"{team.key}-{number + 1}"
            usual, on_the_road = week_of(ground, team, number)
            for begins, ends, share in spans:
                # Who learns is another employee from that day on, who knows what she knew and more.
                knows = _known(ground, team, key, share)
                levels = {name: knows[one.service] for name, one in lines.items() if _takes(ground, team, one, knows)}
                if levels:
                    yield Employee(
                        f"{key}@{begins}" if begins else key,
                        levels,
                        ByDate(shifts if begins <= day < ends else () for day, shifts in enumerate(usual)),
                        place=team.centre,
                        kr_per_hour=team.kr_per_hour or ground.inputs.staff.kr_per_hour.value,
                        minutes_on_the_road=sum(on_the_road[begins:ends]),
                    )


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
    at_work: tuple[Shift, ...] = (Shift(*RECEIVES),)
    weekdays = ByWeekday(at_work if day < 5 else () for day in range(7))
    numbers, staff = ground.inputs.caseworkers, ground.inputs.staff
    wage = (ground.inputs.work.department_kr_per_hour or staff.kr_per_hour).value
    if numbers is None:
        numbers = busy(ground, flows)
    for department in departments_of(ground):
        levels = {
            key: GENERALIST
            for key, line in lines.items()
            if line.place == department and line.channel in (DEPARTMENT, DIRECT)
        }
        for one in range(numbers.get(department, 1)):
            yield Employee(f"{department}-{one + 1}", levels, weekdays, place=department, own=False, kr_per_hour=wage)


def busy(ground: Ground, flows: dict[str, Flow]) -> dict[str, int]:
    """How many caseworkers each department has, so that it is as busy, of the time it is at work, as its inputs say."""
    work, staff = ground.inputs.work, ground.inputs.staff
    handed: dict[str, float] = defaultdict(float)
    for flow in flows.values():
        for to, matters in _handed(flow).items():
            handed[to] += matters
    there = math.prod(1 - one.value for one in (staff.sickness, staff.holidays, staff.training, staff.meetings))
    worked = DEPARTMENT_WEEK_HOURS * 60 * work.department_occupancy.value * max(there, 0.01)
    each_week = work.department_minutes.value / max(ground.inputs.days / 7, 1.0)
    return {
        department: max(1, math.ceil(handed[f"{DEPARTMENT}:{department}"] * each_week / worked))
        for department in departments_of(ground)
    }


def _handed(flow: Flow) -> dict[str, float]:
    """Where its matters end up → how many, as a generalist sends them on, at once or when they come again."""
    if flow.arrivals is None or not isinstance(flow.outcomes, dict):
        return {}
    shares: dict[str, float] = defaultdict(float)
    for one in flow.outcomes[GENERALIST]:
        if one.to:
            shares[one.to] += one.share
    coming = sum(flow.arrivals.per_day) / max(1 - shares.pop(flow.key, 0.0), 0.01)
    return {to: share * coming for to, share in shares.items()}
