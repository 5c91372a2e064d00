"""What is done with those who come: how long it takes, what comes of it, and what is sent on to whom."""

from __future__ import annotations

from hovedindgang.planning.service.coming import arrivals_of, comes_by, counters_of, normed, waves_of, weekdays
from hovedindgang.planning.service.ground import (
    BACK,
    DAY,
    DEPARTMENT,
    FILL_IN,
    IN_PERSON,
    PHONE,
    SELF_SERVICE,
    SELF_SERVICE_MINUTES,
    Ground,
)
from hovedindgang.planning.service.inputs import Results, Work
from hovedindgang.planning.simulation.chance import stream_of
from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.scenario import (
    GENERALIST,
    SPECIALIST,
    TRAINEE,
    Arrivals,
    Distribution,
    Flow,
    Outcome,
)
from hovedindgang.servicemodel.document import Channel, Service, ServiceModel


def flow_of(
    ground: Ground, channel: str, key: str, service: Service, centre: str | None, arrivals: Arrivals | None
) -> Flow:
    """The contacts of a service by a channel, at a centre or (None) wherever they are answered.

    `arrivals` None: nobody comes of herself, but from another flow.
    """
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


def _handle(ground: Ground, channel: str, service: Service) -> dict[str, Distribution]:
    work = ground.inputs.work
    minutes, spread = (
        handle_minutes(work, channel, service),
        work.handle_cv_of.get(f"{channel}:{service.key}", work.handle_cv),
    )
    minutes += ground.inputs.more_minutes.get(service.key, 0.0)
    takes = {TRAINEE: work.trainee_takes.value, GENERALIST: 1.0, SPECIALIST: work.specialist_takes.value}
    return {level: Distribution("lognormal", minutes * times, spread.value) for level, times in takes.items()}


def handle_minutes(work: Work, channel: str, service: Service) -> float:
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


def _outcomes(ground: Ground, service: str, centre: str | None, flow: str) -> dict[str, tuple[Outcome, ...]]:
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


def _department_of(ground: Ground, service: str) -> str | None:
    """Which department helps with it: the model's, else the one its words hash to, so that each has some."""
    helpers = [one for one in ground.services[service].others_who_help if one in ground.model.departments]
    if helpers:
        return helpers[0]
    departments = sorted(ground.model.departments)
    return departments[int(stream_of("department", service)) % len(departments)] if departments else None


def self_service_flow(ground: Ground, key: str, service: Service, volume: float) -> tuple[str, Flow]:
    """Finished by the citizen alone; where it fails she turns to somebody."""
    fails = ground.inputs.demand.self_service_fails.value
    turns = [
        Outcome(Came.GOES_ON, fails * share, to=to, after=Distribution("exponential", 60.0))
        for to, share in _helped_at(ground, key, service).items()
    ]
    days = normed(weekdays(ground, Channel.DIGITAL.value)) * waves_of(ground, key)
    name = f"{SELF_SERVICE}:{key}"
    return name, Flow(
        key=name,
        channel=SELF_SERVICE,
        service=key,
        arrivals=arrivals_of(ground, Channel.DIGITAL.value, volume * days, None),
        handle=Distribution("lognormal", SELF_SERVICE_MINUTES, 1.0),
        outcomes=(
            Outcome(Came.RESOLVED, 1 - fails),
            *(turns or [Outcome(Came.NOT_HELPED, fails)]),
        ),
    )


def _helped_at(ground: Ground, key: str, service: Service) -> dict[str, float]:
    """Where those turn whom self-service fails → share: they ring, else write, else come to the counter.

    By a channel that the service has without the move; empty where it has none that is open.
    """
    if any(ground.phone) and comes_by(ground, PHONE, service):
        return {f"{PHONE}:{key}": 1.0}
    for channel in FILL_IN:
        if comes_by(ground, channel, service):
            return {f"{channel}:{key}": 1.0}
    counters = counters_of(ground, key) if comes_by(ground, IN_PERSON, service) else {}
    return {f"{IN_PERSON}:{key}:{centre}": share for centre, share in counters.items()}


def department_flow(ground: Ground, department: str) -> Flow:
    """What is handed over to a department; nobody comes to it by themselves."""
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
