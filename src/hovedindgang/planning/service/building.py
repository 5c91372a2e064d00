"""A scenario of a service model and its inputs: every channel, every centre, every service, and the departments behind.

In person one waits at a centre for its employees; calls are pooled over all centres; letters and digital enquiries are
fill-in work, laid aside when somebody comes. What is handed over goes to the department's own line and its caseworkers.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.language import ngettext, number, spoken
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.colleagues import with_colleagues
from hovedindgang.planning.service.coming import APART, arrivals_of_service, from_closed_doors, met_apart, volumes_of
from hovedindgang.planning.service.dividing import (
    BACK_TAKES,
    FAGFORVALTNING,
    department_flows,
    department_openings,
    nobody_named,
)
from hovedindgang.planning.service.ground import BACK, DEPARTMENT, PHONE, SELF_SERVICE, Ground, ground_of
from hovedindgang.planning.service.handling import flow_apart, flow_of, self_service_flow
from hovedindgang.planning.service.inputs import Inputs
from hovedindgang.planning.service.leading import Before, led
from hovedindgang.planning.service.serving import (
    booked_lines,
    busy,
    caseworkers_of,
    department_lines,
    employees_of,
    lines_of,
    openings_of,
)
from hovedindgang.planning.simulation.scenario import (
    Distribution,
    Flow,
    Line,
    Scenario,
    Shrinkage,
    Surge,
)
from hovedindgang.servicemodel.document import Channel, ServiceModel, SourceKind
from hovedindgang.servicemodel.hours import is_working_day
from hovedindgang.servicemodel.wording import full_name_of


def scenario_of(model: ServiceModel, inputs: Inputs, *, title: str = "") -> Scenario:
    """The scenario, after its warm-up. Raises CannotPlan where the model has no services or no centre that opens."""
    ground = ground_of(model, inputs)
    flows, lines = dict(_flows(ground)), dict(lines_of(ground))
    lines |= dict(department_lines(flows)) | dict(booked_lines(flows))
    staff, employees = inputs.staff, tuple(employees_of(ground, lines))
    if inputs.work.transferred is not None:
        flows, lines, employees = with_colleagues(inputs.work.transferred.value, flows, lines, employees)
    made = Scenario(
        title=title or inputs.title or model.adoption.title,
        first_day=inputs.first_day,
        days=inputs.days,
        flows=flows,
        lines=lines,
        employees=(*employees, *caseworkers_of(ground, flows, lines)),
        openings=(*openings_of(ground), *department_openings(ground)),
        working_days=tuple(is_working_day(model, date) for date in ground.dates),
        shrinkage=Shrinkage(
            sickness=staff.sickness.value,
            holidays=staff.holidays.value,
            training=staff.training.value,
            meetings=staff.meetings.value,
            source=staff.sickness.said,
        ),
        narrow_first=True,
        volume_cv=inputs.demand.volume_cv.value,
        names={
            key: full_name_of(one)
            for known in (model.departments, ground.services, model.centres)
            for key, one in known.items()
        },
        surges=tuple(_surges(inputs, flows)),
        assumed={key: one.said for key, one in inputs.unsure()} | said_of(ground),
    )
    return led(made, inputs.warm_up, _before(model, inputs, lines)) if inputs.warm_up else made


def _before(model: ServiceModel, inputs: Inputs, lines: Mapping[str, Line]) -> Callable[[dt.date, int], Before]:
    """Who comes, who is at work and what is open on days before the first, with the model as it is on that; what begins
    on a day that was asked for is not there yet."""

    def of(since: dt.date, days: int) -> Before:
        demand = inputs.demand
        if demand.shocks or demand.new:
            demand = dataclasses.replace(demand, shocks=(), new=())
        staff = dataclasses.replace(inputs.staff, learned=())
        earlier = dataclasses.replace(inputs, first_day=since, days=days, demand=demand, staff=staff)
        ground = ground_of(model, earlier, as_on=inputs.first_day)
        new = {one.key for one in inputs.demand.new}
        if new:
            services = {key: one for key, one in ground.services.items() if key not in new}
            ground = dataclasses.replace(ground, services=services, known={}, at_work={})
        return Before(
            flows=_coming(ground),
            employees=tuple(employees_of(ground, dict(lines))),
            openings=(*openings_of(ground), *department_openings(ground)),
            working_days=tuple(is_working_day(model, date) for date in ground.dates),
        )

    return of


def _surges(inputs: Inputs, flows: Mapping[str, Flow]) -> Iterator[Surge]:
    """What comes for a time, and how unsure the volume of what is new is, over the flows that people come by."""
    demand = inputs.demand
    for at, one in enumerate((*demand.shocks, *demand.new)):
        first, last = one.days(inputs.first_day, inputs.days)
        low, middle, high = one.factor_range
        hit = frozenset(
            key
            for key, flow in flows.items()
            if flow.arrivals is not None and one.hits((flow.stream or key).partition(":")[0], flow.service or "")
        )
        if not hit:
            raise CannotPlan(
                _("Ingen kommer for det, »{name}« gælder.").format(name=one.key),
                cure=_("Nævn opgaver, som nogen kommer for, ad de veje ind."),
            )
        yield Surge(f"{at}:{one.key}", hit, first, last, low, middle, high)


def _flows(ground: Ground) -> Iterator[tuple[str, Flow]]:
    flows = _coming(ground)
    yield from flows.items()
    each = (one.outcomes for one in flows.values())
    ends = chain.from_iterable(chain(*of.values()) if isinstance(of, Mapping) else of for of in each)
    for to in dict.fromkeys(one.to for one in ends if one.to and one.to not in flows):
        channel, _colon, rest = to.removeprefix("direct:").partition(":")
        key, _colon, centre = rest.partition(":")
        if channel != DEPARTMENT:  # nobody comes so of herself, but some are sent
            yield to, flow_of(ground, channel, key, ground.services[key], centre or None, None)
    yield from _behind(ground)


def _coming(ground: Ground) -> Mapping[str, Flow]:
    if "coming" not in ground.known:
        ground.known["coming"] = dict(_each_coming(ground))
    coming: Mapping[str, Flow] = ground.known["coming"]
    return coming


def _each_coming(ground: Ground) -> Iterator[tuple[str, Flow]]:
    volumes = volumes_of(ground)
    _answered(ground, volumes)
    for (channel, key), volume in volumes.items():
        if volume <= 0 and channel != PHONE:  # who finds a door closed rings, though nobody else does
            continue
        if channel in APART:
            continue
        service = ground.services[key]
        if channel == SELF_SERVICE:
            yield self_service_flow(ground, key, service, volume)
            continue
        for centre, arrivals in arrivals_of_service(ground, channel, key, volumes):
            if any(arrivals.per_day):
                closed = from_closed_doors(ground, channel, key, centre, volumes)
                flow = flow_of(ground, channel, key, service, centre, arrivals, closed_door=closed)
                yield flow.key, flow
    for channel in APART:
        for key, service in ground.services.items():
            for at, arrivals in met_apart(ground, channel, key, volumes):
                flow = flow_apart(ground, channel, key, service, at, arrivals)
                yield flow.key, flow


def _answered(ground: Ground, volumes: Mapping[tuple[str, str], float]) -> None:
    """Raises CannotPlan where people ring, and no telephone is open in a week: they would be lost without a word."""
    ring = sum(volume for (channel, _key), volume in volumes.items() if channel == PHONE)
    if ring > 0 and ground.inputs.days >= 7 and not any(ground.phone):
        raise CannotPlan(
            _("Ingen telefon er åben i perioden, men {calls} henvendelser om året kommer på telefon.").format(
                calls=number(ring * 365.0 / ground.inputs.days)
            ),
            cure=_("Åbn telefonen i et center, eller flyt opkaldene til en anden kanal først (move_channel)."),
        )


def _behind(ground: Ground) -> Iterator[tuple[str, Flow]]:
    """The departments' flows, and what they send back."""
    for paper in department_flows(ground):
        yield paper.key, paper
    work = ground.inputs.work
    minutes = work.department_minutes.value * BACK_TAKES
    yield (
        BACK,
        Flow(
            key=BACK,
            channel=Channel.WRITTEN.value,
            arrivals=None,
            handle=Distribution("lognormal", minutes, work.handle_cv.value),
            line=f"{Channel.WRITTEN.value}:{BACK}",
            source=work.department_minutes.said,
        ),
    )


def said_of(ground: Ground) -> dict[str, str]:
    """What is assumed that is no number of the inputs."""
    return said_of_departments(ground) | said_of_competences(ground)


def said_of_departments(ground: Ground) -> dict[str, str]:
    """What is assumed of who gets what is handed over."""
    said = {}
    if nameless := nobody_named(ground):
        said["work.department_of"] = ngettext(
            "modellen nævner ingen af kommunens egne fagforvaltninger til {number} opgave; den går til én, «{one}»",
            "modellen nævner ingen af kommunens egne fagforvaltninger til {number} opgaver; de går til én, «{one}»",
            len(nameless),
        ).format(number=len(nameless), one=FAGFORVALTNING)
    if ground.inputs.work.department_kr_per_hour is None:
        said["work.department_kr_per_hour"] = _("som i Borgerservice")
    return said


def said_of_competences(ground: Ground) -> dict[str, str]:
    """Of whom it is assumed what she can."""
    staff, services = ground.inputs.staff, tuple(ground.services)
    competence = staff.competence
    if competence is not None and competence.kind is SourceKind.ASSUMED:
        return {"staff.competence": spoken(competence.reference, competence.reference_en)}
    unknown = sum(
        competence is None or not competence.says_all(f"{team.key}-{at}", team.services or services)
        for team in staff.teams
        for at in range(1, team.number + 1)
    )
    if not unknown:
        return {}
    text = ngettext(
        "{number} medarbejder kan de opgaver, som holdets andel giver hende ved lodtrækning, og oplæres i resten",
        "{number} medarbejdere kan de opgaver, som holdets andel giver dem ved lodtrækning, og oplæres i resten",
        unknown,
    )
    return {"staff.competence": text.format(number=unknown)}


def caseworkers(model: ServiceModel, inputs: Inputs) -> dict[str, int]:
    """How many each department has, where the inputs do not say: as many as keep it as busy as is assumed.

    What a change does to departments is seen only when it does not change them too: see `changes.changed`.
    """
    if inputs.caseworkers is not None:
        return dict(inputs.caseworkers)
    ground = ground_of(model, inputs)
    return busy(ground, dict(_flows(ground)))
