"""A checker of traces that knows the rules of the house and nothing of the event loop.

It follows every customer and every employee through the trace of a run and says what was against the rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

import numpy as np

from hovedindgang.planning.simulation.network import Noted, Of, Planned
from hovedindgang.planning.tests.small import Ran

NEAR = 1e-9


def wrongs(ran: Ran) -> list[str]:
    return [*_of_customers(ran), *_of_employees(ran), *_of_counts(ran)]


def _of_customers(ran: Ran) -> Iterator[str]:
    """One thing after another, and nobody is passed by somebody who came later to the same line."""
    scenario = ran.prepared.scenario
    state: dict[int, str] = {}
    waiting: dict[str, list[int]] = defaultdict(list)
    for time, what, flow, employee, slot in ran.trace:
        line = scenario.flows[flow].line
        now = state.get(slot, "gone")
        allowed = {
            Noted.ARRIVED: ("gone",),
            Noted.CAME_AGAIN: ("away",),
            Noted.BEGUN: ("here", "put by"),
            Noted.PUT_BY: ("served",),
            Noted.DONE: ("served",) if employee >= 0 else ("here",),
            Noted.GAVE_UP: ("here",),
            Noted.SENT_HOME: ("here",),
            Noted.NO_SHOW: ("here",),
        }[what]
        if what == Noted.ARRIVED and now == "away":
            now = "gone"  # her matter was over, and her slot is another's
        if now not in allowed:
            yield f"{time}: {what.name} of one who is {now}"
        if what in (Noted.ARRIVED, Noted.CAME_AGAIN):
            waiting[line or ""].append(slot)
        elif what == Noted.BEGUN and line is not None:
            ahead = [one for one in waiting[line] if state[one] == "here"]
            if now == "here" and ahead[0] != slot:
                yield f"{time}: {flow} was served before one who came earlier"
            waiting[line].remove(slot)
        elif what == Noted.PUT_BY:
            waiting[line or ""].insert(0, slot)
        elif what != Noted.DONE or employee < 0:
            waiting[line or ""].remove(slot)
        state[slot] = {
            Noted.BEGUN: "served",
            Noted.PUT_BY: "put by",
            Noted.ARRIVED: "here",
            Noted.CAME_AGAIN: "here",
        }.get(what, "away")


def _of_employees(ran: Ran) -> Iterator[str]:
    """Competent, in the right place, on duty, for that channel, and with one person at a time."""
    scenario, duty = ran.prepared.scenario, _duty(ran)
    places, channels = ran.prepared.places, ran.prepared.channels
    serving: dict[int, int] = {}
    done = set(ran.when(Noted.DONE))
    for time, what, flow, employee, slot in ran.trace:
        if employee < 0:
            continue
        who, line = scenario.employees[employee], scenario.lines[scenario.flows[flow].line or ""]
        if what == Noted.BEGUN:
            if employee in serving:
                yield f"{time}: {who.key} serves two at once"
            serving[employee] = slot
            if line.key not in who.levels:
                yield f"{time}: {who.key} cannot serve {line.key}"
            place, takes, on_duty = duty(employee, time)
            if not on_duty and time not in done:  # who goes on after her shift does so as she is done with another
                yield f"{time}: {who.key} is not on duty"
            if line.place is not None and places[place] != line.place:
                yield f"{time}: {who.key} is at {places[place]}, not {line.place}"
            if not takes & (1 << channels.index(line.channel)):
                yield f"{time}: {who.key} does not take {line.channel}"
        elif serving.pop(employee, -1) != slot:
            yield f"{time}: {what.name} of somebody else than {who.key} served"


def _duty(ran: Ran):  # type: ignore[no-untyped-def]
    """(place, channels, on duty) of an employee at a time, by the calendar alone. Nobody is late for her duty."""
    calendar = defaultdict(list)
    network = ran.network
    for at, what, who, place, channels in zip(
        network.at, network.planned, network.who, network.place, network.channels, strict=True
    ):
        if what == Planned.DUTY:
            calendar[int(who)].append((float(at), int(place), int(channels)))

    def duty(employee: int, time: float) -> tuple[int, int, bool]:
        place, takes, on_duty = -1, 0, False
        for at, where, channels in calendar[employee]:
            if at > time + NEAR:
                break
            on_duty = where >= 0
            if where >= 0:
                place, takes = where, channels
        return place, takes, on_duty

    return duty


def _of_counts(ran: Ran) -> Iterator[str]:
    """Nobody is lost: arrived = served + gave up + unserved + still there, and the trace counts as the tally."""
    counted = Counter((what, flow) for _, what, flow, *_ in ran.trace)
    for flow in ran.prepared.flows:
        came = counted[Noted.ARRIVED, flow] + counted[Noted.CAME_AGAIN, flow] - counted[Noted.NO_SHOW, flow]
        for of, number in (
            (Of.ARRIVED, came),
            (Of.GAVE_UP, counted[Noted.GAVE_UP, flow]),
            (Of.UNSERVED, counted[Noted.SENT_HOME, flow]),
            (Of.NO_SHOW, counted[Noted.NO_SHOW, flow]),
        ):
            if ran.of(of, flow) != number:
                yield f"{flow}: {of.name} is {ran.of(of, flow)}, the trace says {number}"
    waiting = int((ran.state.left[_in_line(ran)] < 0).sum())  # work that was put by is served already
    attended = [key for key, flow in ran.prepared.scenario.flows.items() if flow.line is not None]
    came, *ends = (
        sum(ran.of(of, flow) for flow in attended) for of in (Of.ARRIVED, Of.SERVED, Of.GAVE_UP, Of.UNSERVED)
    )
    if came != sum(ends) + waiting:
        yield f"{came} came; served, given up and not served are {ends}, and {waiting} wait"


def _in_line(ran: Ran) -> np.ndarray:
    found = []
    for head in ran.state.head:
        while head >= 0:
            found.append(head)
            head = ran.state.after[head]
    return np.array(found, np.int64)
