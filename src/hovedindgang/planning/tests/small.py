"""Small scenarios for tests, and what the reference or the engine makes of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from hovedindgang.planning.simulation.network import Network, Noted, Of, State
from hovedindgang.planning.simulation.preparing import Prepared, prepare
from hovedindgang.planning.simulation.replications import Tally, run_once
from hovedindgang.planning.simulation.scenario import (
    EVENLY,
    NO_SHRINKAGE,
    Arrivals,
    ByWeekday,
    Distribution,
    Employee,
    Flow,
    Line,
    Opening,
    Scenario,
    Shift,
    each_day,
)

MONDAY = dt.date(2026, 1, 5)


def minutes(mean: float) -> Distribution:
    return Distribution("constant", mean)


def about(mean: float) -> Distribution:
    return Distribution("exponential", mean)


def at(hour: float) -> ByWeekday[tuple[float, ...]]:
    """A shape of the day with everybody in the quarter of an hour that begins then."""
    return each_day(tuple(1.0 if quarter == int(hour * 4) else 0.0 for quarter in range(96)))


def evenly(a_day: float, shape: ByWeekday[tuple[float, ...]] = EVENLY) -> Arrivals:
    return Arrivals(each_day(a_day), shape, evenly=True)


def every_day(*shifts: Shift) -> ByWeekday[tuple[Shift, ...]]:
    return each_day(shifts)


def open_from(begins: float, ends: float, channel: str = "phone", **more: Any) -> Opening:
    """Hours of the clock, every day; nobody stays overnight."""
    return Opening(channel, None, each_day(((begins * 60, ends * 60),)), stays=False, **more)


def scenario(
    flows: list[Flow], employees: list[Employee], lines: list[Line] | None = None, *, days: int = 1, **more: Any
) -> Scenario:
    """One day from a Monday, no shrinkage, and a line for each flow that names one, unless said otherwise.

    What employees can do at lines that are not there is left out.
    """
    if lines is None:
        lines = [Line(name, one.channel) for name, one in {one.line: one for one in flows}.items() if name]
    known = {one.key for one in lines}
    more.setdefault("shrinkage", NO_SHRINKAGE)
    more.setdefault("first_day", MONDAY)
    return Scenario(
        title="small",
        days=days,
        flows={one.key: one for one in flows},
        lines={one.key: one for one in lines},
        employees=tuple(
            replace(one, levels={line: level for line, level in one.levels.items() if line in known})
            for one in employees
        ),
        **more,
    )


@dataclass(frozen=True)
class Ran:
    prepared: Prepared
    tally: Tally
    state: State
    network: Network

    def of(self, column: Of, flow: str | None = None) -> float:
        flows = slice(None) if flow is None else self.prepared.flows.index(flow)
        return float(self.tally.by_flow[flows, column].sum())

    @cached_property
    def trace(self) -> list[tuple[float, Noted, str, int, int]]:
        """Time, what, flow, employee, slot."""
        assert len(self.state.trace) > self.state.number[9], "the trace is too short"
        return [
            (float(self.state.trace_at[row]), Noted(what), self.prepared.flows[flow], int(employee), int(slot))
            for row, (what, flow, employee, slot) in enumerate(self.state.trace[: self.state.number[9]])
        ]

    def when(self, what: Noted, flow: str | None = None) -> list[float]:
        return [time for time, noted, of, *_ in self.trace if noted == what and flow in (None, of)]


def ran(given: Scenario, *, seed: int = 1, replication: int = 0, jit: bool = False, trace: int = 20_000) -> Ran:
    """One replication with its trace, by the reference unless `jit`."""
    prepared = prepare(given)
    tally, state, network = run_once(prepared, seed=seed, replication=replication, jit=jit, trace=trace)
    return Ran(prepared, tally, state, network)
