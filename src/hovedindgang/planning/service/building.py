"""A scenario of a service model and its inputs: every channel, every centre, every service, and the departments behind.

In person one waits at a centre for its employees; calls are pooled over all centres; letters and digital enquiries are
fill-in work, laid aside when somebody comes. What is handed over goes to the department's own line and its caseworkers.
"""

from __future__ import annotations

from collections.abc import Iterator

from hovedindgang.planning.service.coming import arrivals_of_service, volumes_of
from hovedindgang.planning.service.ground import BACK, DEPARTMENT, PHONE, SELF_SERVICE, Ground, ground_of
from hovedindgang.planning.service.handling import department_flow, flow_of, self_service_flow
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.service.serving import busy, caseworkers_of, employees_of, lines_of, openings_of
from hovedindgang.planning.simulation.scenario import (
    Distribution,
    Flow,
    Line,
    Scenario,
    Shrinkage,
)
from hovedindgang.servicemodel.document import Channel, ServiceModel
from hovedindgang.servicemodel.hours import is_working_day


def scenario_of(model: ServiceModel, inputs: Inputs, *, title: str = "") -> Scenario:
    """The scenario. Raises CannotPlan where the model has no services or no centre that opens."""
    ground = ground_of(model, inputs)
    flows, lines = dict(_flows(ground)), dict(lines_of(ground))
    lines |= {key: Line(key, DEPARTMENT) for key, flow in flows.items() if flow.channel == DEPARTMENT}
    staff = inputs.staff
    return Scenario(
        title=title or inputs.title or model.adoption.title,
        first_day=inputs.first_day,
        days=inputs.days,
        flows=flows,
        lines=lines,
        employees=(*employees_of(ground, lines), *caseworkers_of(ground, flows)),
        openings=tuple(openings_of(ground)),
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


def _flows(ground: Ground) -> Iterator[tuple[str, Flow]]:
    flows = dict(_coming(ground))
    yield from flows.items()
    for to in dict.fromkeys(way.to for flow in flows.values() for way in flow.ways if way.to and way.to not in flows):
        channel, _colon, rest = to.partition(":")
        key, _colon, centre = rest.partition(":")
        if channel != DEPARTMENT:  # nobody comes so of herself, but some are sent
            yield to, flow_of(ground, channel, key, ground.services[key], centre or None, None)
    yield from _behind(ground)


def _coming(ground: Ground) -> Iterator[tuple[str, Flow]]:
    volumes = volumes_of(ground)
    for (channel, key), volume in volumes.items():
        if volume <= 0 and channel != PHONE:  # who finds a door closed rings, though nobody else does
            continue
        service = ground.services[key]
        if channel == SELF_SERVICE:
            yield self_service_flow(ground, key, service, volume)
            continue
        for centre, arrivals in arrivals_of_service(ground, channel, key, volumes):
            if any(arrivals.per_day):
                flow = flow_of(ground, channel, key, service, centre, arrivals)
                yield flow.key, flow


def _behind(ground: Ground) -> Iterator[tuple[str, Flow]]:
    """The departments' flows, and what they send back."""
    for department in ground.model.departments:
        yield f"{DEPARTMENT}:{department}", department_flow(ground, department)
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


def caseworkers(model: ServiceModel, inputs: Inputs) -> dict[str, int]:
    """How many each department has, where the inputs do not say: as many as keep it as busy as is assumed.

    What a change does to departments is seen only when it does not change them too: see `changes.changed`.
    """
    if inputs.caseworkers is not None:
        return dict(inputs.caseworkers)
    ground = ground_of(model, inputs)
    flows = dict(_flows(ground))
    return {department: busy(ground, flows, f"{DEPARTMENT}:{department}") for department in model.departments}
