"""What is done with those who come: how long it takes, what comes of it, and what is sent on to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import number
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.coming import (
    arrivals_of,
    comes_by,
    counters_of,
    in_hours,
    simulated_days,
)
from hovedindgang.planning.service.dividing import (
    DIRECT,
    Ends,
    department_flows,
    ends_of,
    flow_name,
    goes_direct,
    moved,
    received,
    taker,
)
from hovedindgang.planning.service.ground import (
    DAY,
    DEPARTMENT,
    FILL_IN,
    IN_PERSON,
    PHONE,
    SELF_SERVICE,
    SELF_SERVICE_MINUTES,
    Ground,
)
from hovedindgang.planning.service.inputs import APPOINTMENT, Assisted, Division, Work
from hovedindgang.planning.service.minutes import handle_minutes
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
from hovedindgang.servicemodel.document import Channel, Level, Service, ServiceModel
from hovedindgang.servicemodel.wording import full_name_of


def flow_of(
    ground: Ground,
    channel: str,
    key: str,
    service: Service,
    centre: str | None,
    arrivals: Arrivals | None,
    *,
    closed_door: float = 0.0,
) -> Flow:
    """The contacts of a service by a channel, at a centre or (None) wherever they are answered.

    `arrivals` None: nobody comes of herself, but from another flow. `closed_door`: share who found their own shut.
    """
    if (move := goes_direct(ground, key, channel, centre)) is not None:
        return _direct_flow(ground, channel, service, centre, arrivals, move)
    inputs = ground.inputs
    behaviour, model_channel = inputs.behaviour, Channel(channel)
    patience = behaviour.patience_minutes.get(model_channel)
    again, after = behaviour.again.get(model_channel), behaviour.again_minutes.get(model_channel)
    at = flow_key(ground, channel, key, centre)
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
        handle=_handle(ground, channel, service, centre),
        patience=Distribution("exponential", patience.value) if patience else Distribution("never"),
        promised_minutes=promised,
        due_working_days=due,
        outcomes=_outcomes(ground, channel, key, centre, at),
        again=again.value if again else 0.0,
        again_after=Distribution("exponential", after.value if after else 60.0),
        source=service.handle_minutes.source if service.handle_minutes else "",
        closed_door=closed_door,
    )


def flow_apart(ground: Ground, channel: str, key: str, service: Service, centre: str, arrivals: Arrivals) -> Flow:
    """Who has booked a time at a centre, or is assisted there: met by those at its counters, as others are."""
    flow = flow_of(ground, IN_PERSON, key, service, centre, arrivals)
    at = f"{channel}:{key}:{centre}"
    if channel == APPOINTMENT:
        return replace(flow, key=at, channel=channel, line=at)
    takes = (ground.inputs.assisted or Assisted()).takes.value
    return replace(flow, key=at, channel=channel, handle=_longer(ground, service, flow.handle, takes))


def _longer(
    ground: Ground, service: Service, handle: Distribution | Mapping[str, Distribution], times: float
) -> dict[str, Distribution]:
    """So many times the counter's minutes for the service; a step that was moved away takes what it takes."""
    more = (times - 1) * _minutes_and_spread(ground, IN_PERSON, service)[0]
    at = _takes(ground.inputs.work)
    assert isinstance(handle, Mapping)
    return {
        level: replace(one, mean_minutes=_left(service, IN_PERSON, one.mean_minutes, at[level] * more))
        for level, one in handle.items()
    }


def _takes(work: Work) -> dict[str, float]:
    """Times a generalist's minutes."""
    return {TRAINEE: work.trainee_takes.value, GENERALIST: 1.0, SPECIALIST: work.specialist_takes.value}


def flow_key(ground: Ground, channel: str, service: str, centre: str | None) -> str:
    """Of those who come for a service by a channel, to a centre or (None) wherever they are answered."""
    at = f"{channel}:{service}" if centre is None else f"{channel}:{service}:{centre}"
    return f"direct:{at}" if goes_direct(ground, service, channel, centre) else at


def _direct_flow(
    ground: Ground, channel: str, service: Service, centre: str | None, arrivals: Arrivals | None, move: Division
) -> Flow:
    """The same people, going straight to the department, whose caseworkers do it as generalists.

    What Borgerservice would have handed over the department does as well, later. Letters lie in its heap; who comes or
    rings is taken before them.
    """
    behaviour = ground.inputs.behaviour
    at, department = flow_key(ground, channel, service.key, centre), taker(ground, move)
    minutes, spread = _minutes_and_spread(ground, channel, service)
    patience, again = (one.get(Channel(channel)) for one in (behaviour.patience_minutes, behaviour.again))
    after = behaviour.again_minutes.get(Channel(channel))
    resolved, comes_back, handed, not_helped = _shares_at(ground, ground.level(service.key, centre), GENERALIST)
    back = Distribution("exponential", behaviour.comes_back_days.value * DAY)
    meets = channel not in FILL_IN
    paper = next(one for one in department_flows(ground) if one.key == f"{DEPARTMENT}:{department}")
    return Flow(
        key=at,
        channel=DEPARTMENT,
        service=service.key,
        arrivals=in_hours(ground, channel, arrivals, received(ground)) if arrivals and meets else arrivals,
        line=f"{DIRECT}:{department}" if meets else paper.line,
        handle=Distribution("lognormal", _left(service, channel, minutes, -move.saves), spread),
        patience=Distribution("exponential", patience.value) if patience and meets else Distribution("never"),
        due_working_days=None if meets else paper.due_working_days,
        outcomes=(
            Outcome(Came.HANDED_OVER, resolved),
            Outcome(Came.COMES_BACK, comes_back, to=at, after=back),
            Outcome(Came.NOT_HELPED, not_helped, to=at, after=back),
            Outcome(Came.HANDED_OVER, handed, to=flow_name(ground, move, "own")),
        ),
        again=again.value if again else 0.0,
        again_after=Distribution("exponential", after.value if after else 60.0),
        source=service.handle_minutes.source if service.handle_minutes else "",
        direct=True,
        stream=f"{channel}:{service.key}" if centre is None else f"{channel}:{service.key}:{centre}",
    )


def _handle(ground: Ground, channel: str, service: Service, centre: str | None) -> dict[str, Distribution]:
    work = ground.inputs.work
    minutes, spread = _minutes_and_spread(ground, channel, service)
    found = {}
    for level, times in _takes(work).items():
        more = _ends(ground, channel, service.key, centre, level).more_minutes
        found[level] = _lognormal(_left(service, channel, minutes, more) * times, spread)
    return found


@lru_cache(maxsize=256)
def _exponential(minutes: float) -> Distribution:
    return Distribution("exponential", minutes)


@lru_cache(maxsize=4096)  # the same service takes as long at each centre
def _lognormal(minutes: float, spread: float) -> Distribution:
    return Distribution("lognormal", minutes, spread)


def _minutes_and_spread(ground: Ground, channel: str, service: Service) -> tuple[float, float]:
    """A generalist's, with what changes say beside the model."""
    work = ground.inputs.work
    minutes = handle_minutes(work, channel, service) + ground.inputs.more_minutes.get(service.key, 0.0)
    return minutes, work.handle_cv_of.get(f"{channel}:{service.key}", work.handle_cv).value


def _left(service: Service, channel: str, minutes: float, more: float) -> float:
    if minutes + more <= 0:
        raise CannotPlan(
            _("{service} tager {minutes} minutter ({channel}); {away} kan ikke falde bort.").format(
                service=full_name_of(service), minutes=number(minutes, 1), channel=channel, away=number(-more, 1)
            ),
            cure=_("Flyt et kortere trin, eller hele opgaven."),
        )
    return minutes + more


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


def _outcomes(
    ground: Ground, channel: str, service: str, centre: str | None, flow: str
) -> dict[str, tuple[Outcome, ...]]:
    here = ground.level(service, centre)
    sent = here is Level.REFER  # then she goes there herself
    back = _exponential(ground.inputs.behaviour.comes_back_days.value * DAY)
    at_level: dict[str, tuple[Outcome, ...]] = {}
    known: dict[tuple[float, float, int], tuple[Outcome, ...]] = {}  # a specialist's are often a generalist's
    for level in (TRAINEE, GENERALIST, SPECIALIST):
        _resolved, comes_back, _handed, not_helped = _shares_at(ground, here, level)
        ends = _ends(ground, channel, service, centre, level)
        if (same := (comes_back, not_helped, id(ends))) not in known:  # each of `ends` is kept by the ground
            key = "done", id(ends), sent
            if key not in ground.known:
                handed = tuple(Outcome(Came.HANDED_OVER, share, to=to, moves=sent) for share, to in ends.handed)
                ground.known[key] = Outcome(Came.RESOLVED, ends.resolved), handed
            resolved, handed = ground.known[key]
            known[same] = (
                resolved,
                Outcome(Came.COMES_BACK, comes_back, to=flow, after=back),
                Outcome(Came.NOT_HELPED, not_helped, to=flow, after=back),
                *handed,
            )
        at_level[level] = known[same]
    return at_level


def _ends(ground: Ground, channel: str, service: str, centre: str | None, level: str) -> Ends:
    here, move = ground.level(service, centre), moved(ground, service, channel, centre)
    resolved, _comes_back, handed, _not_helped = _shares_at(ground, here, level)
    key = "ends", service, resolved, handed, id(move)  # each move is kept by the inputs
    if key not in ground.known:
        ground.known[key] = ends_of(ground, service, move, resolved, handed)
    ends: Ends = ground.known[key]
    return ends


def _shares_at(ground: Ground, here: Level, level: str) -> tuple[float, float, float, float]:
    """Shares resolved, coming back, handed over and not helped of what is carried so `here`, by who knows it so well;
    what a trainee does not solve must come back."""
    key = "shares", here, level
    if key not in ground.known:
        results, trainee = ground.inputs.work.results[here], ground.inputs.work.trainee_resolves.value
        four = [one.value for one in (results.resolved, results.comes_back, results.handed_over, results.not_helped)]
        resolved, comes_back, handed, not_helped = (one / sum(four) for one in four)
        if level == TRAINEE:
            comes_back += resolved * (1 - trainee)
            resolved *= trainee
        ground.known[key] = resolved, comes_back, handed, not_helped
    shares: tuple[float, float, float, float] = ground.known[key]
    return shares


def self_service_flow(ground: Ground, key: str, service: Service, volume: float) -> tuple[str, Flow]:
    """Finished by the citizen alone; where it fails she turns to somebody."""
    fails = ground.inputs.demand.self_service_fails.value
    turns = [
        Outcome(Came.GOES_ON, fails * share, to=to, after=Distribution("exponential", 60.0))
        for to, share in _helped_at(ground, key, service).items()
    ]
    days = simulated_days(ground, SELF_SERVICE, key)
    name = f"{SELF_SERVICE}:{key}"
    return name, Flow(
        key=name,
        channel=SELF_SERVICE,
        service=key,
        arrivals=arrivals_of(ground, Channel.DIGITAL.value, volume * days),
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
        return {flow_key(ground, PHONE, key, None): 1.0}
    for channel in FILL_IN:
        if comes_by(ground, channel, service):
            return {flow_key(ground, channel, key, None): 1.0}
    counters = counters_of(ground, key) if comes_by(ground, IN_PERSON, service) else {}
    return {flow_key(ground, IN_PERSON, key, centre): share for centre, share in counters.items()}
