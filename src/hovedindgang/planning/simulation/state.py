"""The state of a run: before anything has happened, and with more room when it needs it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.simulation.network import BINS, COARSE, DAY, HOURS, SERIES, Hour, N, Network, Of, State


def fresh_state(
    network: Network, *, customers: int = 512, events: int = 2048, arrivals: int = 0, trace: int = 0
) -> State:
    """Before anything has happened. It grows when it must, see `grown`.

    arrivals: room for those of one day; 0: so much that a day with more is as good as never (Bernstein's bound).
    """
    flows, ways = network.outcome_is.shape
    lines, employees, groups = len(network.priority), len(network.breadth), len(network.group_stays)
    places = 1 + max(int(network.line_place.max(initial=0)), int(network.place.max(initial=0)))
    events = max(events, flows + employees + 64)
    whole, real = np.int64, np.float64
    busiest = float(network.mass.sum(axis=0).max())
    arrivals = arrivals or int(busiest + 10 * math.sqrt(busiest)) + 64
    number = np.zeros(N.ROWS, whole)
    free = np.arange(1, customers + 1, dtype=whole)
    free[-1] = -1
    return State(
        clock=np.zeros(1),
        number=number,
        heap_at=np.zeros(events),
        heap_order=np.zeros(events, whole),
        heap_code=np.zeros(events, whole),
        needed=np.zeros(flows),
        used=np.zeros(flows),
        drawn=np.zeros(flows, whole),
        came=np.zeros(flows, whole),
        coming_at=np.zeros(arrivals),
        coming=np.zeros(arrivals, whole),
        minute=np.zeros(int(DAY) + 2, whole),
        next_at=np.zeros(arrivals),
        next_flow=np.zeros(arrivals, whole),
        flow=np.zeros(customers, whole),
        origin=np.zeros(customers, whole),
        since=np.zeros(customers),
        hour=np.zeros(customers, whole),
        begun=np.zeros(customers, whole),
        stream=np.zeros(customers, np.uint64),
        contacts=np.zeros(customers, whole),
        draws=np.zeros(customers, whole),
        handed=np.zeros(customers, np.bool_),
        counts=np.zeros(customers, np.bool_),
        left=np.zeros(customers),
        stamp=np.zeros(customers, whole),
        after=free,
        before=np.full(customers, -1, whole),
        head=np.full(lines, -1, whole),
        tail=np.full(lines, -1, whole),
        length=np.zeros(lines, whole),
        listed=np.full(lines, -1, whole),
        waiting=np.zeros(1 + places, whole),
        waiting_lines=np.zeros((1 + places, max(lines, 1)), whole),
        on_duty=np.zeros(employees, np.bool_),
        serving=np.full(employees, -1, whole),
        version=np.zeros(employees, whole),
        is_at=np.zeros(employees, whole),
        takes=np.zeros(employees, whole),
        began=np.zeros(employees),
        leaving=np.zeros(employees, whole),
        late_from=np.full(employees, math.inf),
        duty_from=np.zeros(employees),
        ends=np.zeros(employees),
        rested=np.zeros(employees, whole),
        resting=np.zeros(places, whole),
        idle=np.zeros((places, max(employees, 1)), whole),
        shut=np.zeros(groups, np.bool_),
        by_flow=np.zeros((flows, Of.COLUMNS)),
        outcomes=np.zeros((flows, ways)),
        waits=np.zeros((flows, BINS), np.int32),
        by_hour=np.zeros((groups, HOURS, Hour.COLUMNS), real),
        waits_by_hour=np.zeros((groups, HOURS, BINS // COARSE), np.int32),
        work=np.zeros((groups, places, HOURS), real),
        duty_at=np.zeros((places, HOURS), real),
        busy=np.zeros(employees),
        duty=np.zeros(employees),
        overtime=np.zeros(employees),
        at_closing=np.zeros((groups, 2)),
        series=np.zeros((SERIES, 2)),
        queue=np.zeros((SERIES, groups)),
        trace_at=np.zeros(trace),
        trace=np.zeros((trace, 4), whole),
    )


_OF_CUSTOMERS = (
    "flow",
    "origin",
    "since",
    "hour",
    "begun",
    "stream",
    "contacts",
    "draws",
    "handed",
    "counts",
    "left",
    "stamp",
    "before",
)
_OF_EVENTS = ("heap_at", "heap_order", "heap_code")
_OF_ARRIVALS = ("coming_at", "coming", "next_at", "next_flow")


def day_is_full(state: State) -> bool:
    """Whether it is the day that is being drawn for which there is no room, and not those who are there."""
    return bool(state.number[N.DRAWING]) and int(state.number[N.COMING]) == len(state.coming)


def grown(state: State) -> State:
    """The same state with twice the room: for a day's arrivals where they had none, else for customers and events."""
    if day_is_full(state):
        return state._replace(**{name: _twice(getattr(state, name)) for name in _OF_ARRIVALS})
    wider = {name: _twice(getattr(state, name)) for name in (*_OF_CUSTOMERS, *_OF_EVENTS)}
    had = len(state.after)
    after = _twice(state.after)
    after[had:] = np.arange(had + 1, 2 * had + 1)
    after[-1] = state.number[N.FREE]
    state.number[N.FREE] = had
    return state._replace(after=after, **wider)


def _twice(array: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([array, np.zeros_like(array)])
