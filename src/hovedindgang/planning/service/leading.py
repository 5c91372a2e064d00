"""The days before those that were asked for, put in front of a scenario, so that nobody begins with nothing waiting.

They have the calendar that they really had. Whatever is decided for the days that were asked for stands as it was: who
comes on them, who is away, and what comes of it do not depend on how long the lead is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from hovedindgang.planning.simulation.scenario import (
    Arrivals,
    ByDate,
    Days,
    Employee,
    Flow,
    Opening,
    Scenario,
    each_day,
)
from hovedindgang.planning.simulation.warm_up import WarmUp

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Before:
    """What is so on the days of the lead; flows, employees and openings as in the scenario, by the same names."""

    flows: Mapping[str, Flow]
    employees: tuple[Employee, ...]
    openings: tuple[Opening, ...]
    working_days: tuple[bool, ...]


def led(scenario: Scenario, lead: WarmUp, of: Callable[[dt.date, int], Before]) -> Scenario:
    """The scenario after its lead; `of` gives so many days from a date. There are none before the first year began."""
    days = min(lead.days, (scenario.first_day - dt.date.min).days // 7 * 7)
    if not days:
        return replace(scenario, lead=replace(lead, days=0))
    since = scenario.first_day - dt.timedelta(days=days)
    before = of(since, days)
    weeks = {one.key: one.week for one in before.employees}
    doors = {(one.channel, one.place): one.days for one in before.openings}
    return replace(
        scenario,
        first_day=since,
        days=scenario.days + days,
        flows={key: _flow(one, before.flows.get(key), days) for key, one in scenario.flows.items()},
        employees=tuple(
            replace(one, week=_joined(weeks.get(one.key), one.week, (), days)) for one in scenario.employees
        ),
        openings=tuple(
            replace(one, days=_all(_joined(doors.get((one.channel, one.place)), one.days, (), days)))
            for one in scenario.openings
        ),
        working_days=(*before.working_days, *scenario.working_days),
        surges=tuple(replace(one, first=one.first + days, last=one.last + days) for one in scenario.surges),
        warm_up_minutes=1440.0 * days,
        lead=replace(lead, days=days),
    )


def _flow(flow: Flow, before: Flow | None, days: int) -> Flow:
    if flow.arrivals is None:
        return flow
    earlier = before.arrivals if before and before.arrivals else None
    return replace(flow, arrivals=_arrivals(flow.arrivals, earlier, days))


def _arrivals(arrivals: Arrivals, before: Arrivals | None, days: int) -> Arrivals:
    nobody, shape = (
        ByDate((0.0,) * days),
        _joined(before.shape if before else None, arrivals.shape, arrivals.shape[0], days),
    )
    per_day = _joined(before.per_day if before else nobody, arrivals.per_day, 0.0, days)
    return replace(arrivals, per_day=_all(per_day), shape=_all(shape))


def _joined(before: Days[T] | None, days: Days[T] | None, otherwise: T, count: int) -> Days[T] | None:
    """What holds on each day, with the lead's `count` days in front; what is told by weekday holds in the lead too."""
    if not isinstance(days, ByDate):
        return days
    return ByDate((*(before if isinstance(before, ByDate) else (otherwise,) * count), *days))


def _all(days: Days[T] | None) -> Days[T]:
    return days if days is not None else each_day(())  # type: ignore[arg-type]
