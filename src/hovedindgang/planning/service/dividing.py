"""Where the work on a service lies: which department helps with it, and what a decision moves between the two.

Minutes are a generalist's, and a move keeps them: what the one side is rid of the other has, but for what the decision
itself says it saves or costs. `returned`: of what a department sends back undone Borgerservice does half of the
department's minutes; whoever takes all of a matter has that part too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hovedindgang.planning.service.ground import BACK, DEPARTMENT, IN_PERSON, Ground
from hovedindgang.planning.service.inputs import Division, Work
from hovedindgang.planning.simulation.network import Came
from hovedindgang.planning.simulation.scenario import ByDate, Distribution, Flow, Opening, Outcome, Periods
from hovedindgang.servicemodel.hours import is_working_day

TO_DEPARTMENT, TO_US = "department", "borgerservice"
FAGFORVALTNING = "fagforvaltning"  # the one department of all services for which the model names none of ours
DIRECT = "department_direct"  # the channel of those who go or ring straight to a department
RECEIVES = (8 * 60.0, 15 * 60.0 + 24)  # assumed: when caseworkers are there
BACK_TAKES = 0.5  # of the department's minutes, in Borgerservice, when a matter came back undone


@dataclass(frozen=True, slots=True)
class Ends:
    """How contacts end at one level. more_minutes: of work, a contact, beside what the service takes.

    handed: share of the contacts → the department's flow that goes on with them.
    """

    more_minutes: float
    resolved: float
    handed: tuple[tuple[float, str], ...]


def department_of(ground: Ground, service: str) -> str:
    """Which department helps with it: the model's own, else what the inputs say, else `FAGFORVALTNING`."""
    helpers = [one for one in ground.services[service].others_who_help if one in ground.model.departments]
    said = ground.inputs.work.department_of.get(service)
    return said or (helpers[0] if helpers else FAGFORVALTNING)


def nobody_named(ground: Ground) -> list[str]:
    """Services for which neither the model nor the inputs name a department of the municipality's own."""
    return [key for key in ground.services if department_of(ground, key) == FAGFORVALTNING]


def departments_of(ground: Ground) -> tuple[str, ...]:
    """The model's, and `FAGFORVALTNING` where it is needed."""
    others = {FAGFORVALTNING} if nobody_named(ground) else set()
    others |= {one.department for one in ground.inputs.division if one.department}
    return (*ground.model.departments, *sorted(others - set(ground.model.departments)))


def moved(ground: Ground, service: str, channel: str, centre: str | None) -> Division | None:
    """What is moved of the service for those who come by the channel, to the centre; None: nothing."""
    for one in ground.inputs.division:
        if one.service == service and (not one.centre or (channel == IN_PERSON and one.centre == centre)):
            return one
    return None


def goes_direct(ground: Ground, service: str, channel: str, centre: str | None) -> Division | None:
    """The move by which they go straight to the department; None: they come to Borgerservice."""
    move = moved(ground, service, channel, centre)
    return move if move is not None and move.to == TO_DEPARTMENT and not move.minutes else None


def taker(ground: Ground, move: Division) -> str:
    """The department that gets the work, or is rid of it."""
    return move.department or department_of(ground, move.service)


def whole_part(work: Work) -> float:
    """Minutes, in all, that a matter takes once it is handed over: Borgerservice's part of it among them."""
    return work.department_minutes.value * (1 + BACK_TAKES * work.returned.value)


def flow_name(ground: Ground, move: Division, part: str) -> str:
    at = f"{DEPARTMENT}:{taker(ground, move)}:{move.service}:{part}"
    return f"{at}:{move.centre}" if move.centre else at


def ends_of(ground: Ground, service: str, move: Division | None, resolved: float, handed: float) -> Ends:
    """How the contacts end that Borgerservice handles: `resolved` and `handed` are the shares without the move."""
    usual = f"{DEPARTMENT}:{department_of(ground, service)}"
    if move is None:
        return Ends(0.0, resolved, ((handed, usual),))
    work, step, share = ground.inputs.work, move.minutes, move.share
    if move.to == TO_DEPARTMENT:  # the step is done where matters come to an end, and they go on with it
        return Ends(
            -step * share * (resolved + handed),
            resolved * (1 - share),
            (
                (handed * (1 - share), usual),
                (resolved * share, flow_name(ground, move, "step")),
                (handed * share, flow_name(ground, move, "more")),
            ),
        )
    if not step:
        return Ends(handed * whole_part(work) - move.saves, resolved + handed, ())
    if step < work.department_minutes.value:
        kept = (handed * (1 - share), usual), (handed * share, flow_name(ground, move, "rest"))
        return Ends((step - move.saves) * share * handed, resolved, kept)
    return Ends(
        (whole_part(work) - move.saves) * share * handed, resolved + handed * share, ((handed * (1 - share), usual),)
    )


def department_flows(ground: Ground) -> Iterator[Flow]:
    """What departments do with what comes to them from Borgerservice, and from those who came straight to them."""
    work = ground.inputs.work
    minutes = work.department_minutes.value
    for department in departments_of(ground):
        yield _paper(ground, department, f"{DEPARTMENT}:{department}", minutes)
    for move in ground.inputs.division:
        parts: dict[str, float] = {}
        if move.to == TO_DEPARTMENT and move.minutes:
            parts = {"step": move.minutes - move.saves, "more": minutes + move.minutes - move.saves}
        elif move.to == TO_DEPARTMENT:
            parts = {"own": whole_part(work)}
        elif move.minutes and move.minutes < minutes:
            parts = {"rest": minutes - move.minutes}
        for part, takes in parts.items():
            yield _paper(ground, taker(ground, move), flow_name(ground, move, part), takes, part in {"more", "rest"})


def _paper(ground: Ground, department: str, key: str, minutes: float, may_return: bool = True) -> Flow:
    """Matters that lie in the department's heap; some are sent back undone, but for a step that was agreed."""
    work = ground.inputs.work
    known = ground.model.departments.get(department)
    answer = known.answer_working_days if known else None
    returned = work.returned.value if may_return else 0.0
    back = (Outcome(Came.RETURNED, returned, to=BACK),) if may_return else ()
    return Flow(
        key=key,
        channel=DEPARTMENT,
        arrivals=None,
        handle=Distribution("lognormal", minutes, work.handle_cv.value),
        line=f"{DEPARTMENT}:{department}",
        due_working_days=int(answer.value if answer else work.department_answer_days.value),
        outcomes=(Outcome(Came.RESOLVED, 1 - returned), *back),
    )


def received(ground: Ground) -> tuple[Periods, ...]:
    """When departments receive people and calls, on each day."""
    return tuple((RECEIVES,) if is_working_day(ground.model, date) else () for date in ground.dates)


def department_openings(ground: Ground) -> Iterator[Opening]:
    for department in {taker(ground, move): None for move in ground.inputs.division if move.to == TO_DEPARTMENT}:
        yield Opening(DIRECT, department, ByDate(received(ground)), stays=False)
