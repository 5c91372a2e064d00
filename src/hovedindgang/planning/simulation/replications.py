"""A scenario run many times over: the same seed gives the same numbers, however the work was shared out.

Replication `r` of seed `s` is a function of the two alone, so replications can be done in any order, by any process or
machine, and stopped after any of them. Each is done in pieces of well under a second, so that Ctrl-C is obeyed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.compiling import built
from hovedindgang.planning.simulation.drawing import drawn_network
from hovedindgang.planning.simulation.network import DAY, HOURS, SERIES, Hour, N, Network, Of, State, Status
from hovedindgang.planning.simulation.preparing import Prepared, prepare
from hovedindgang.planning.simulation.scenario import Scenario
from hovedindgang.planning.simulation.state import day_is_full, fresh_state, grown
from hovedindgang.planning.simulation.waits import quantiles_by_hour

MOST_CUSTOMERS = 1 << 21  # at once; a queue longer than this is growing, and is not followed further (about 300 MB)
PIECE = {True: 500_000, False: 10_000}  # events between two looks at the world: engine, reference


@dataclass(frozen=True, slots=True)
class Tally:
    """What one replication counted. F flows, G groups, A employees; columns as `network.Of` and `network.Hour`."""

    replication: int
    by_flow: NDArray[np.float64]  # [F, Of.COLUMNS]
    outcomes: NDArray[np.float64]  # [F, J]
    waits: NDArray[np.uint32]  # [F, BINS]
    by_hour: NDArray[np.float32]  # [G, 168, Hour.COLUMNS]
    busy_at: NDArray[np.float32]  # [P + 1, 168] minutes of work by where the employee is: `Prepared.places`, nowhere
    duty_at: NDArray[np.float32]  # the same of minutes on duty
    hour_waits: NDArray[np.float32]  # [G, 168, waits.SHARES] minutes that 50, 80 and 95 % did not exceed
    busy: NDArray[np.float64]  # [A] minutes
    duty: NDArray[np.float64]  # [A] minutes
    overtime: NDArray[np.float64]  # [A] minutes
    at_closing: NDArray[np.float64]  # [G, 2]
    series: NDArray[np.float64]  # [SERIES, 2]
    queue: NDArray[np.float64]  # [SERIES, G]
    open_at_end: int
    events: int
    minutes: float  # simulated
    broken_off: bool = False  # the queue outgrew what memory is promised
    stopped: bool = False  # by whoever waited for it, before its end


def run_once(
    prepared: Prepared,
    *,
    seed: int,
    replication: int,
    jit: bool = True,
    trace: int = 0,
    goes_on: Callable[[], bool] = lambda: True,
) -> tuple[Tally, State, Network]:
    """One replication, from beginning to end; the state is given too, with the trace of its first `trace` events.

    `goes_on` is asked a few times a second; when it says no, what is counted so far is given.
    """
    network = drawn_network(prepared, seed=seed, replication=replication, jit=jit)
    state = fresh_state(network, trace=trace)
    run = built("hovedindgang.planning.simulation.loop", jit).run
    broken_off = stopped = False
    with np.errstate(over="ignore"):  # the streams are arithmetic modulo 2 ** 64
        while (status := run(network, state, PIECE[jit])) != Status.FINISHED:
            if status == Status.FULL:
                if len(state.after) >= MOST_CUSTOMERS and not day_is_full(state):
                    broken_off = True
                    break
                state = grown(state)
            elif not goes_on():
                stopped = True
                break
    ends = float(state.clock[0]) if broken_off or stopped else network.ends_at
    tally = _tally(network, state, replication, ends)
    return replace(tally, broken_off=broken_off, stopped=stopped), state, network


def _tally(network: Network, state: State, replication: int, ends: float) -> Tally:
    _count_overdue(network, state, ends)
    # The loop counts each matter once: solved at once, in house though not at once, or neither.
    for counted, of in ((state.by_flow, Of), (state.by_hour, Hour)):
        counted[..., of.IN_HOUSE] += counted[..., of.AT_ONCE]
        counted[..., of.MATTERS] += counted[..., of.IN_HOUSE]
    hours_since: dict[float, NDArray[np.float64]] = {}  # many came at once
    for employee in np.flatnonzero(state.on_duty):
        place, since = state.is_at[employee], max(state.duty_from[employee], network.warm_up)
        state.duty[employee] += max(0.0, ends - since)
        if since not in hours_since:
            hours_since[since] = _by_hour(network, since, ends)
        state.duty_at[place] += hours_since[since]
        if state.serving[employee] >= 0:
            began = max(state.began[employee], network.warm_up)
            state.busy[employee] += max(0.0, ends - began)
            group = network.group_of[state.flow[state.serving[employee]]]
            state.work[group, place] += _by_hour(network, began, ends)
    state.by_hour[:, :, Hour.BUSY] = state.work.sum(axis=1)
    return Tally(
        replication=replication,
        by_flow=state.by_flow,
        outcomes=state.outcomes,
        waits=state.waits.astype(np.uint32),
        by_hour=state.by_hour.astype(np.float32),
        busy_at=state.work.sum(axis=0).astype(np.float32),
        duty_at=state.duty_at.astype(np.float32),
        hour_waits=quantiles_by_hour(state.waits_by_hour, state.by_hour[:, :, Hour.SERVED]),
        busy=state.busy,
        duty=state.duty,
        overtime=state.overtime,
        at_closing=state.at_closing,
        series=state.series,
        queue=state.queue,
        open_at_end=int(state.number[N.IN_SYSTEM]),
        events=int(state.number[N.EVENTS]),
        minutes=ends,
    )


def _by_hour(network: Network, since: float, until: float) -> NDArray[np.float64]:
    """[168] the minutes between two times, by the hour of the week."""
    if until <= since:
        return np.zeros(HOURS)
    edges = np.concatenate([[since], np.arange(math.floor(since / 60) + 1, until / 60) * 60, [until]])
    hours = (network.first_hour + (edges[:-1] // 60).astype(np.int64)) % HOURS
    return np.bincount(hours, np.diff(edges), HOURS).astype(np.float64)


def _count_overdue(network: Network, state: State, ends: float) -> None:
    """Answers that were due before the end and are still not given are broken too: else a queue hides its worst."""
    waiting = [customer for customer in state.serving if customer >= 0]
    for head in state.head:
        while head >= 0:
            waiting.append(head)
            head = state.after[head]
    for customer in waiting:
        flow, since = state.flow[customer], state.since[customer]
        promised = network.due[flow] >= 0 and since >= network.warm_up
        if promised and network.due_at[network.due[flow], int(since / DAY)] < ends:
            state.by_flow[flow, Of.BROKEN] += 1.0
            state.by_hour[network.group_of[flow], state.hour[customer], Hour.BROKEN] += 1.0


def run_some(scenario: Scenario, *, seed: int, replications: Iterable[int], jit: bool = True) -> list[Tally]:
    """The replications of those numbers, one after another: what one process or machine is given to do."""
    prepared = prepare(scenario)
    return [run_once(prepared, seed=seed, replication=number, jit=jit)[0] for number in replications]


def tallies(scenario: Scenario, *, seed: int, replications: int, jit: bool = True, first: int = 0) -> Iterator[Tally]:
    """`replications` of them, from number `first` on, each as soon as it is done."""
    prepared = prepare(scenario)
    for number in range(first, first + replications):
        yield run_once(prepared, seed=seed, replication=number, jit=jit)[0]


def warm(progress: Callable[[str], Any] | None = None) -> None:
    """Compile the engine, or find it compiled. The first time takes 15 to 30 s; `progress` is told before it begins."""
    import datetime as dt

    from hovedindgang.planning.simulation.scenario import Arrivals, Distribution, Employee, Flow, Line, each_day

    if progress:
        progress("simulation")
    flow = Flow("calls", "phone", Arrivals(each_day(24.0)), Distribution("exponential", 1.0), line="calls")
    run_some(
        Scenario(
            title="warm",
            first_day=dt.date(2026, 1, 5),
            days=1,
            flows={"calls": flow},
            lines={"calls": Line("calls", "phone")},
            employees=(Employee("one", {"calls": "generalist"}),),
        ),
        seed=1,
        replications=[0],
    )


def mser(series: NDArray[np.float64], *, batch: int = 5) -> int:
    """Pieces of the horizon to leave out as warm-up: MSER-5 (White 1997), over waits by when they began.

    series: [SERIES, 2] sums and counts, of all replications together. At most half; more means that it never settled.
    """
    means = np.array([s / n if n else math.nan for s, n in series])
    known = np.flatnonzero(~np.isnan(means))
    if not len(known):
        return 0
    filled = np.interp(np.arange(len(means)), known, means[known])
    batches = filled[: len(filled) // batch * batch].reshape(-1, batch).mean(axis=1)
    best, least = 0, math.inf
    for cut in range(len(batches) // 2):
        rest = batches[cut:]
        spread = float(((rest - rest.mean()) ** 2).sum()) / len(rest) ** 2
        if spread < least:
            best, least = cut, spread
    return min(best * batch, SERIES // 2)
