"""A scenario of a service model and its inputs: every channel, every centre, every service, and the departments behind.

In person one waits at a centre for its employees; calls are pooled over all centres; letters and digital enquiries are
fill-in work, laid aside when somebody comes. What is handed over goes to the department's own line and its caseworkers.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.inputs import Inputs, Results, Team, Work
from hovedindgang.planning.simulation.chance import stream_of
from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.scenario import (
    GENERALIST,
    SPECIALIST,
    TRAINEE,
    Arrivals,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Outcome,
    Scenario,
    Shift,
    Shrinkage,
)
from hovedindgang.servicemodel.document import CentreKind, Channel, Level, Service, ServiceModel
from hovedindgang.servicemodel.hours import closes_at, is_working_day, opening_periods

STEPS = 96  # of a day: a quarter of an hour each
IN_PERSON, PHONE = Channel.IN_PERSON.value, Channel.PHONE.value
FILL_IN = (Channel.WRITTEN.value, Channel.DIGITAL.value)
SELF_SERVICE, DEPARTMENT = "self_service", "department"
BACK = "returned"
DAY = 1440.0
DEPARTMENT_WEEK_HOURS = 37.0
OVER = 60.0  # minutes a week over or under the contract that are none
SELF_SERVICE_MINUTES = 10.0  # assumed; only the citizen's own time depends on it

Hours = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _Spread:
    """Of those who would come in person for a service: shares [D] that come to each centre, and that ring instead.

    `journeys`: (the centre they have nearest, where they go; "phone" where they ring) → share of all.
    """

    centres: dict[str, NDArray[np.float64]]
    ring: NDArray[np.float64]
    journeys: dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all parts of the building stand on."""

    model: ServiceModel
    inputs: Inputs
    dates: tuple[dt.date, ...]
    services: dict[str, Service]
    centres: tuple[str, ...]
    open: dict[tuple[str, str], tuple[Hours, ...]]  # (channel, centre) → hours of each day
    phone: tuple[Hours, ...]
    spread: dict[tuple[tuple[float, ...], bool], _Spread] = field(default_factory=dict)  # by wave, and who may ring

    def level(self, service: str, centre: str | None) -> Level:
        return self.model.level_of(service, centre, self.dates[0])


def scenario_of(model: ServiceModel, inputs: Inputs, *, title: str = "") -> Scenario:
    """The scenario. Raises CannotPlan where the model has no services or no centre that opens."""
    ground = _ground(model, inputs)
    flows, lines = dict(_flows(ground)), dict(_lines(ground))
    lines |= {key: Line(key, DEPARTMENT) for key, flow in flows.items() if flow.channel == DEPARTMENT}
    staff = inputs.staff
    return Scenario(
        title=title or inputs.title or model.adoption.title,
        first_day=inputs.first_day,
        days=inputs.days,
        flows=flows,
        lines=lines,
        employees=(*_employees(ground, lines), *_caseworkers(ground, flows)),
        openings=tuple(_openings(ground)),
        working_days=tuple(is_working_day(model, date) for date in ground.dates),
        shrinkage=Shrinkage(
            sickness=staff.sickness.value,
            holidays=staff.holidays.value,
            training=staff.training.value,
            meetings=staff.meetings.value,
            source=staff.sickness.reference,
        ),
        narrow_first=True,
        volume_cv=inputs.demand.volume_cv.value,
        assumed={key: one.reference for key, one in inputs.unsure()},
    )


def _ground(model: ServiceModel, inputs: Inputs) -> _Ground:
    dates = tuple(inputs.first_day + dt.timedelta(days=n) for n in range(inputs.days))
    measured = {key.partition(":")[2] for key in inputs.work.handle_minutes}
    services = {
        key: one
        for key, one in model.services_on(inputs.first_day).items()
        if one.channels and (one.handle_minutes or key in measured)
    }
    if not services:
        raise CannotPlan(
            _("Modellen har ingen opgaver med behandlingstider den {date}.").format(date=inputs.first_day.isoformat()),
            cure=_("Tag kataloget med (include), eller skriv handle_minutes på opgaverne."),
        )
    centres = tuple(k for k, one in model.centres.items() if one.kind is not CentreKind.SERVICE_POINT)
    hours = {
        (channel.value, centre): tuple(_day_hours(model, centre, channel, date) for date in dates)
        for channel in (Channel.IN_PERSON, Channel.PHONE)
        for centre in centres
    }
    phones = [inputs.phones_at] if inputs.phones_at else list(centres)
    phone = tuple(_widest([hours[PHONE, centre][day] for centre in phones]) for day in range(inputs.days))
    if not any(any(one) for one in hours.values()):
        raise CannotPlan(
            _("Intet center har åbent i perioden."), cure=_("Skriv åbningstider i modellen: centres.NØGLE.hours.")
        )
    return _Ground(model, inputs, dates, services, centres, hours, phone)


def _day_hours(model: ServiceModel, centre: str, channel: Channel, date: dt.date) -> Hours:
    periods = opening_periods(model, centre, channel, date)
    if not periods:
        return None
    return _clock(periods[0][0]), _clock(periods[-1][1])


def _clock(at: dt.datetime) -> float:
    return at.hour * 60.0 + at.minute


def _widest(hours: list[Hours]) -> Hours:
    open_ones = [one for one in hours if one]
    return (min(one[0] for one in open_ones), max(one[1] for one in open_ones)) if open_ones else None


# ---------------------------------------------------------------------------------------------------------- who comes


def _flows(ground: _Ground) -> Iterator[tuple[str, Flow]]:
    volumes = _volumes(ground)
    for (channel, key), volume in volumes.items():
        if volume <= 0:
            continue
        service = ground.services[key]
        if channel == SELF_SERVICE:
            yield _self_service(ground, key, service, volume)
            continue
        for centre, arrivals in _arrivals(ground, channel, key, volumes):
            flow = _flow(ground, channel, key, service, centre, arrivals)
            yield flow.key, flow
    for department in ground.model.departments:
        yield f"{DEPARTMENT}:{department}", _department_flow(ground, department)
    work = ground.inputs.work
    minutes = work.department_minutes.value / 2
    yield (
        BACK,
        Flow(
            key=BACK,
            channel=Channel.WRITTEN.value,
            arrivals=None,
            handle=Distribution("lognormal", minutes, work.handle_cv.value),
            line=f"{Channel.WRITTEN.value}:{BACK}",
            source=work.department_minutes.reference,
        ),
    )


def _volumes(ground: _Ground) -> dict[tuple[str, str], float]:
    """Contacts in the whole time, by channel (or self-service) and service, after what is moved between channels."""
    demand, years = ground.inputs.demand, ground.inputs.days / 365.0
    volumes: dict[tuple[str, str], float] = {}
    for channel in (IN_PERSON, PHONE, *FILL_IN):
        figure = demand.contacts_per_year.get(Channel(channel))
        asked = {key: one for key, one in ground.services.items() if _comes_by(ground, channel, one)}
        for key, share in _shares(ground, channel, asked).items():
            if figure:
                volumes[channel, key] = figure.value * years * share * demand.grown.get(key, 1.0)
    for key, service in ground.services.items():
        if service.self_service and (Channel.DIGITAL.value, key) in volumes:
            alone = volumes[Channel.DIGITAL.value, key] * demand.self_service.value
            volumes[SELF_SERVICE, key] = alone
            volumes[Channel.DIGITAL.value, key] -= alone
    for move in demand.moves:
        for key, service in ground.services.items():
            known = move.to_channel == SELF_SERVICE or Channel(move.to_channel) in service.channels
            if move.service in ("", key) and known and (move.from_channel, key) in volumes:
                moved = volumes[move.from_channel, key] * move.share
                volumes[move.from_channel, key] -= moved
                volumes[move.to_channel, key] = volumes.get((move.to_channel, key), 0.0) + moved
    return volumes


def _comes_by(ground: _Ground, channel: str, service: Service) -> bool:
    """Whether people come for the service by the channel: the model says so, or it was measured."""
    return Channel(channel) in service.channels or f"{channel}:{service.key}" in ground.inputs.demand.weights


def _shares(ground: _Ground, channel: str, asked: dict[str, Service]) -> dict[str, float]:
    """Of the channel's contacts, by service; a weight may be for one channel ("phone:pas") or for all ("pas")."""
    known, usual = ground.inputs.demand.weights, ground.inputs.demand.usual_weight
    weights = {key: known.get(f"{channel}:{key}", known.get(key, usual)).value for key in asked}
    total = sum(weights.values()) or 1.0
    return {key: weight / total for key, weight in weights.items()}


def _arrivals(
    ground: _Ground, channel: str, service: str, volumes: dict[tuple[str, str], float]
) -> Iterator[tuple[str | None, Arrivals]]:
    """Of one service in one channel: for each centre (in person), or for all of them."""
    volume, wave = volumes[channel, service], _waves(ground, service)
    if channel == IN_PERSON:
        for centre, days in _spread(ground, service).centres.items():
            if days.any():
                yield centre, _arrivals_of(ground, channel, volume * days, ground.open[IN_PERSON, centre])
        return
    per_day = volume * _normed(_weekdays(ground, channel) * _open(ground, channel) * wave)
    if channel == PHONE:
        per_day = per_day + volumes.get((IN_PERSON, service), 0.0) * _spread(ground, service).ring
    yield None, _arrivals_of(ground, channel, per_day, ground.phone if channel == PHONE else None)


def _arrivals_of(ground: _Ground, channel: str, per_day: NDArray[np.float64], hours: Any) -> Arrivals:
    demand = ground.inputs.demand
    return Arrivals(
        per_day=tuple(float(x) for x in per_day),
        shape=_shape(ground, channel, hours),
        day_cv=demand.day_cv.value,
        shared=channel,
    )


def _shape(ground: _Ground, channel: str, hours: tuple[Hours, ...] | None) -> tuple[tuple[float, ...], ...]:
    """For each weekday the share of the day in each quarter of an hour; outside the usual hours nobody comes."""
    weights = np.repeat(np.array(ground.inputs.demand.hour.get(Channel(channel)) or (1.0,) * 24), STEPS // 24)
    if hours is None:
        return (tuple(weights / weights.sum()),)
    at = np.arange(STEPS) * (DAY / STEPS)
    rows = []
    for weekday in range(7):
        usual = next((hours[d] for d, date in enumerate(ground.dates) if date.weekday() == weekday and hours[d]), None)
        open_now = (at >= usual[0]) & (at < usual[1]) if usual else np.ones(STEPS, np.bool_)
        row = np.where(open_now, weights, 0.0)
        row = row if row.sum() else open_now.astype(float)
        rows.append(tuple(row / row.sum()))
    return tuple(rows)


def _weekdays(ground: _Ground, channel: str) -> NDArray[np.float64]:
    """[D] how busy each day is by its weekday and by what was closed before it."""
    demand = ground.inputs.demand
    weights = demand.weekday.get(Channel(channel)) or (1.0,) * 7
    found = np.array([weights[date.weekday()] for date in ground.dates])
    for day, date in enumerate(ground.dates):
        before = date - dt.timedelta(days=1)
        if before.weekday() < 5 and closes_at(ground.model.calendar, before) == dt.time.min:
            found[day] *= demand.after_closing_days.value
    return found


def _open(ground: _Ground, channel: str) -> NDArray[np.float64]:
    if channel == PHONE:
        return np.array([1.0 if hours else 0.0 for hours in ground.phone])
    return np.ones(len(ground.dates))


def _normed(days: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(days.sum())
    result: NDArray[np.float64] = days / total if total else days
    return result


def _waves(ground: _Ground, service: str) -> NDArray[np.float64]:
    factors = np.ones(len(ground.dates))
    for wave in ground.inputs.demand.waves:
        if wave.services and service not in wave.services:
            continue
        factors *= [wave.factor.value if date.month in wave.months else 1.0 for date in ground.dates]
    result: NDArray[np.float64] = factors / factors.mean()
    return result


def _catchment(ground: _Ground) -> dict[str, float]:
    known = {c: ground.inputs.demand.catchment[c].value for c in ground.centres if c in ground.inputs.demand.catchment}
    if not known:
        known = {centre: 1.0 for centre in ground.centres if any(ground.open[IN_PERSON, centre])}
    total = sum(known.values()) or 1.0
    return {centre: known.get(centre, 0.0) / total for centre in ground.centres}


def _spread(ground: _Ground, service: str) -> _Spread:
    may_ring = Channel.PHONE in ground.services[service].channels and any(ground.phone)
    wave = _waves(ground, service)
    key = tuple(wave), may_ring
    if key not in ground.spread:
        ground.spread[key] = _spread_of(ground, wave, may_ring)
    return ground.spread[key]


def _spread_of(ground: _Ground, wave: NDArray[np.float64], may_ring: bool) -> _Spread:
    """Where those go who would come in person.

    On a day when some centre is open, those whose own is closed come another day, go to the nearest that is open, or
    ring (where the service can be had by phone). Fewer wait for another day the fewer hours there are to come in: the
    share that does is multiplied by the hours their centre has left, of those of the one that is open longest
    (assumed). On a day when all are closed nobody sets out, and the other days have more.
    """
    behaviour, catchment = ground.inputs.behaviour, _catchment(ground)
    is_open = {c: np.array([bool(hours) for hours in ground.open[IN_PERSON, c]]) for c in ground.centres}
    minutes = {c: sum(hours[1] - hours[0] for hours in ground.open[IN_PERSON, c] if hours) for c in ground.centres}
    some = np.any(list(is_open.values()), axis=0)
    wished = _normed(_weekdays(ground, IN_PERSON) * some * wave)
    days = {centre: np.zeros(len(ground.dates)) for centre in ground.centres}
    ring = np.zeros(len(ground.dates))
    journeys: dict[tuple[str, str], float] = defaultdict(float)
    for centre in ground.centres:
        own = wished * catchment[centre]
        shut = own * (some & ~is_open[centre])
        other_days = _normed(wished * is_open[centre])
        other = behaviour.displaced_other_day.value * minutes[centre] / max(minutes.values()) * other_days.any()
        near = behaviour.displaced_nearest.value / max(1 - behaviour.displaced_other_day.value, 1e-9)
        near = min(near, 1.0) if may_ring else 1.0
        days[centre] += own * is_open[centre] + other_days * shut.sum() * other
        journeys[centre, centre] += float((own * is_open[centre]).sum() + shut.sum() * other)
        nearest = _nearest(ground, centre, is_open)
        for day in map(int, np.flatnonzero(shut)):
            days[nearest[day]][day] += shut[day] * (1 - other) * near
            journeys[centre, nearest[day]] += float(shut[day] * (1 - other) * near)
        ring += shut * (1 - other) * (1 - near)
        journeys[centre, PHONE] += float(shut.sum() * (1 - other) * (1 - near))
    if ring.any():  # calls of a day on which no phone is answered come when it is
        ring = np.where(_open(ground, PHONE) > 0, ring, 0.0) * (ring.sum() / max(ring @ _open(ground, PHONE), 1e-300))
    return _Spread(days, ring, dict(journeys))


def _nearest(ground: _Ground, centre: str, is_open: dict[str, NDArray[np.bool_]]) -> dict[int, str]:
    """Day → the nearest centre that is open then; by the air, where the model says where they are."""
    others = sorted(
        (one for one in ground.centres if one != centre), key=lambda one: kilometres(ground.model, centre, one)
    )
    return {day: next((one for one in others if is_open[one][day]), centre) for day in range(len(ground.dates))}


def journeys(model: ServiceModel, inputs: Inputs) -> dict[tuple[str, str], float]:
    """(The centre people have nearest, where they go; "phone" where they ring instead) → in person a year."""
    ground = _ground(model, inputs)
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (channel, service), volume in _volumes(ground).items():
        if channel == IN_PERSON:
            for journey, share in _spread(ground, service).journeys.items():
                found[journey] += volume * share * 365.0 / inputs.days
    return dict(found)


def kilometres(model: ServiceModel, one: str, other: str) -> float:
    """By the air between two centres; infinite where the model does not say where one of them is."""
    a, b = model.centres[one].place, model.centres[other].place
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return math.inf
    north = (a.latitude - b.latitude) * 111.2  # type: ignore[operator]
    east = (a.longitude - b.longitude) * 111.2 * math.cos(math.radians(a.latitude))  # type: ignore[operator,arg-type]
    return math.hypot(north, east)


# ----------------------------------------------------------------------------------------------- what is done with them


def _flow(ground: _Ground, channel: str, key: str, service: Service, centre: str | None, arrivals: Arrivals) -> Flow:
    inputs = ground.inputs
    behaviour, model_channel = inputs.behaviour, Channel(channel)
    patience = behaviour.patience_minutes.get(model_channel)
    again, after = behaviour.again.get(model_channel), behaviour.again_minutes.get(model_channel)
    at = f"{channel}:{key}" if centre is None else f"{channel}:{key}:{centre}"
    promised, due = _promised(ground.model, model_channel), None
    if channel in FILL_IN:
        due = (
            service.deadline_working_days.value if service.deadline_working_days else _due(ground.model, model_channel)
        )
    return Flow(
        key=at,
        channel=channel,
        service=key,
        centre=centre,
        arrivals=arrivals,
        line=at,
        handle=_handle(ground, channel, service),
        patience=Distribution("exponential", patience.value) if patience else Distribution("never"),
        promised_minutes=promised,
        due_working_days=due,
        outcomes=_outcomes(ground, key, centre, at),
        again=again.value if again else 0.0,
        again_after=Distribution("exponential", after.value if after else 60.0),
        source=service.handle_minutes.source if service.handle_minutes else "",
    )


def _handle(ground: _Ground, channel: str, service: Service) -> dict[str, Distribution]:
    work = ground.inputs.work
    minutes, spread = (
        _handle_minutes(work, channel, service),
        work.handle_cv_of.get(f"{channel}:{service.key}", work.handle_cv),
    )
    minutes += ground.inputs.more_minutes.get(service.key, 0.0)
    takes = {TRAINEE: work.trainee_takes.value, GENERALIST: 1.0, SPECIALIST: work.specialist_takes.value}
    return {level: Distribution("lognormal", minutes * times, spread.value) for level, times in takes.items()}


def _handle_minutes(work: Work, channel: str, service: Service) -> float:
    """A generalist's: measured in the channel, else the model's, else what is known of the service elsewhere."""
    measured = work.handle_minutes.get(f"{channel}:{service.key}")
    if measured:
        return measured.value
    known = dict(service.handle_minutes.value) if service.handle_minutes else {}
    if Channel(channel) in known:
        return known[Channel(channel)]
    others = [*known.values()] or [
        one.value for key, one in work.handle_minutes.items() if key.partition(":")[2] == service.key
    ]
    return sum(others) / len(others)


def _promised(model: ServiceModel, channel: Channel) -> float | None:
    for standard in model.service_standards.values():
        if standard.channel is channel and standard.measure == "wait_minutes" and standard.within:
            return float(standard.within.value)
    return None


def _due(model: ServiceModel, channel: Channel) -> int | None:
    for standard in model.service_standards.values():
        if standard.channel is channel and standard.measure == "answer_working_days" and standard.within:
            return int(standard.within.value)
    return None


def _outcomes(ground: _Ground, service: str, centre: str | None, flow: str) -> dict[str, tuple[Outcome, ...]]:
    work, behaviour = ground.inputs.work, ground.inputs.behaviour
    results = work.results[ground.level(service, centre)]
    department = _department_of(ground, service)
    back = Distribution("exponential", behaviour.comes_back_days.value * DAY)
    at_level = {}
    for level in (TRAINEE, GENERALIST, SPECIALIST):
        resolved, comes_back, handed, not_helped = _shares_at(results, work.trainee_resolves.value, level)
        if department is None:  # nobody to hand it to: it is ours to end
            resolved, handed = resolved + handed, 0.0
        at_level[level] = (
            Outcome(Came.RESOLVED, resolved),
            Outcome(Came.COMES_BACK, comes_back, to=flow, after=back),
            Outcome(Came.NOT_HELPED, not_helped, to=flow, after=back),
            *((Outcome(Came.HANDED_OVER, handed, to=f"{DEPARTMENT}:{department}"),) if department is not None else ()),
        )
    return at_level


def _shares_at(results: Results, trainee: float, level: str) -> tuple[float, float, float, float]:
    """Shares resolved, coming back, handed over and not helped; what a trainee does not solve must come back."""
    four = [one.value for one in (results.resolved, results.comes_back, results.handed_over, results.not_helped)]
    total = sum(four)
    resolved, comes_back, handed, not_helped = (one / total for one in four)
    if level == TRAINEE:
        comes_back += resolved * (1 - trainee)
        resolved *= trainee
    return resolved, comes_back, handed, not_helped


def _department_of(ground: _Ground, service: str) -> str | None:
    """Which department helps with it: the model's, else the one its words hash to, so that each has some."""
    helpers = [one for one in ground.services[service].others_who_help if one in ground.model.departments]
    if helpers:
        return helpers[0]
    departments = sorted(ground.model.departments)
    return departments[int(stream_of("department", service)) % len(departments)] if departments else None


def _self_service(ground: _Ground, key: str, service: Service, volume: float) -> tuple[str, Flow]:
    """Finished by the citizen alone, or she rings."""
    fails = ground.inputs.demand.self_service_fails.value
    days = _normed(_weekdays(ground, Channel.DIGITAL.value)) * _waves(ground, key)
    person = next(f"{c}:{key}" for c in (PHONE, *FILL_IN) if Channel(c) in service.channels or c == FILL_IN[-1])
    name = f"{SELF_SERVICE}:{key}"
    return name, Flow(
        key=name,
        channel=SELF_SERVICE,
        service=key,
        arrivals=_arrivals_of(ground, Channel.DIGITAL.value, volume * days, None),
        handle=Distribution("lognormal", SELF_SERVICE_MINUTES, 1.0),
        outcomes=(
            Outcome(Came.RESOLVED, 1 - fails),
            Outcome(Came.GOES_ON, fails, to=person, after=Distribution("exponential", 60.0)),
        ),
    )


def _department_flow(ground: _Ground, department: str) -> Flow:
    work = ground.inputs.work
    key = f"{DEPARTMENT}:{department}"
    answer = ground.model.departments[department].answer_working_days
    return Flow(
        key=key,
        channel=DEPARTMENT,
        arrivals=None,
        handle=Distribution("lognormal", work.department_minutes.value, work.handle_cv.value),
        line=key,
        due_working_days=int(answer.value if answer else work.department_answer_days.value),
        outcomes=(
            Outcome(Came.RESOLVED, 1 - work.returned.value),
            Outcome(Came.RETURNED, work.returned.value, to=BACK),
        ),
    )


# ------------------------------------------------------------------------------------------------------ where they wait


def _lines(ground: _Ground) -> Iterator[tuple[str, Line]]:
    for channel in (PHONE, *FILL_IN):
        for key, service in ground.services.items():
            if _comes_by(ground, channel, service):
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
            if _comes_by(ground, IN_PERSON, service):
                name = f"{IN_PERSON}:{key}:{centre}"
                yield name, Line(name, IN_PERSON, place=centre, service=key)


def _openings(ground: _Ground) -> Iterator[Opening]:
    for centre in ground.centres:
        yield Opening(IN_PERSON, centre, ground.open[IN_PERSON, centre], stays=False)
    yield Opening(PHONE, None, ground.phone, stays=False)


# --------------------------------------------------------------------------------------------------------- who serves


def _employees(ground: _Ground, lines: dict[str, Line]) -> Iterator[Employee]:
    for team in ground.inputs.staff.teams:
        for number in range(team.number):
            key = f"{team.key}-{number + 1}"
            knows = _known(ground, team, key)
            levels = {name: knows[one.service] for name, one in lines.items() if _takes(ground, team, one, knows)}
            if levels:
                wage = team.kr_per_hour or ground.inputs.staff.kr_per_hour.value
                yield Employee(key, levels, _week(ground, team, number), place=team.centre, kr_per_hour=wage)


def _known(ground: _Ground, team: Team, key: str) -> dict[str, str]:
    """Service → level: generalist in the team's share of them, chosen for each employee by her key, else trainee."""
    ranked = sorted(team.services or ground.services, key=lambda service: int(stream_of(key, service)))
    known = round(team.generalist_share * len(ranked))
    levels = {service: GENERALIST if at < known else TRAINEE for at, service in enumerate(ranked)}
    return levels | dict.fromkeys(team.specialist_in, SPECIALIST) | {BACK: GENERALIST}


def _takes(ground: _Ground, team: Team, line: Line, knows: dict[str, str]) -> bool:
    if line.channel == DEPARTMENT or line.service not in knows:
        return False
    if line.channel == PHONE and ground.inputs.phones_at not in (None, team.centre):
        return False
    return not team.channels or line.channel in {one.value for one in team.channels}


def _week(ground: _Ground, team: Team, number: int) -> tuple[tuple[Shift, ...], ...]:
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


def _usual_days(ground: _Ground, team: Team, number: int) -> dict[int, Hours]:
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
    ground: _Ground, centre: str
) -> tuple[dict[int, tuple[float, float]], dict[int, tuple[float, float]]]:
    """Weekday → at work for the centre's door, and for door and telephones, with the time before and after."""
    staff = ground.inputs.staff
    door: dict[int, tuple[float, float]] = {}
    wide: dict[int, tuple[float, float]] = {}
    for weekday in range(7):
        days = [day for day, date in enumerate(ground.dates) if date.weekday() == weekday]
        opens = [ground.open[IN_PERSON, centre][day] for day in days]
        either = [_widest([hours, ground.phone[day]]) for hours, day in zip(opens, days, strict=True)]
        for found, hours in ((door, opens), (wide, either)):
            usual = next((one for one in hours if one), None)
            if usual:
                found[weekday] = usual[0] - staff.before_opening.value, usual[1] + staff.after_closing.value
    return door, wide


def _minutes(days: dict[int, tuple[float, float]]) -> float:
    return sum(ends - begins for begins, ends in days.values())


def _caseworkers(ground: _Ground, flows: dict[str, Flow]) -> Iterator[Employee]:
    """Those of the departments; they work alone with what is handed over."""
    weekdays = tuple((Shift(8 * 60.0, 15 * 60.0 + 24),) if day < 5 else () for day in range(7))
    numbers = ground.inputs.caseworkers
    for department in ground.model.departments:
        key = f"{DEPARTMENT}:{department}"
        for one in range(_busy(ground, flows, key) if numbers is None else numbers.get(department, 1)):
            yield Employee(f"{department}-{one + 1}", {key: GENERALIST}, weekdays, own=False)


def caseworkers(model: ServiceModel, inputs: Inputs) -> dict[str, int]:
    """How many each department has, where the inputs do not say: as many as keep it as busy as is assumed.

    What a change does to departments is seen only when it does not change them too: see `changes.changed`.
    """
    if inputs.caseworkers is not None:
        return dict(inputs.caseworkers)
    ground = _ground(model, inputs)
    flows = dict(_flows(ground))
    return {department: _busy(ground, flows, f"{DEPARTMENT}:{department}") for department in model.departments}


def _busy(ground: _Ground, flows: dict[str, Flow], department: str) -> int:
    work = ground.inputs.work
    handed = sum(_handed(flow, department) for flow in flows.values())
    minutes = handed * work.department_minutes.value / max(ground.inputs.days / 7, 1.0)
    return max(1, math.ceil(minutes / (DEPARTMENT_WEEK_HOURS * 60 * work.department_occupancy.value)))


def _handed(flow: Flow, department: str) -> float:
    """Matters of the flow that end up there, as a generalist hands them over."""
    if flow.arrivals is None or not isinstance(flow.outcomes, dict):
        return 0.0
    share = sum(one.share for one in flow.outcomes[GENERALIST] if one.to == department)
    return share * sum(flow.arrivals.per_day)
