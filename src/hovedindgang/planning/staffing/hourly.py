"""Who is needed where and when: each hour of the week by itself, as if it lasted (SIPP; Green, Kolesar & Soares 2001).

An approximation: it forgets what an hour inherits from the one before, and that one employee serves several lines; the
simulation says what is missing. Calls are of all centres together, visitors of each.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hovedindgang.planning.queues import Goals, Queue, agents_needed
from hovedindgang.planning.simulation.network import Hour, Of
from hovedindgang.planning.simulation.outcome import Results
from hovedindgang.planning.simulation.scenario import GENERALIST, SPECIALIST, Distribution
from hovedindgang.planning.staffing.promises import Standard
from hovedindgang.planning.staffing.trying import person_of


@dataclass(frozen=True, slots=True)
class HourlyNeed:
    """`employees` at once, on `weekday` (0 = Monday) from `hour` until the next; `per_hour` came in the mean."""

    channel: str
    place: str | None
    weekday: int
    hour: int
    per_hour: float
    employees: int


def hourly_needs(results: Results, standards: Iterable[Standard]) -> list[HourlyNeed]:
    """For each hour in which anybody came, how many must serve at once to keep all that the channel promises."""
    prepared, scenario = results.prepared, results.prepared.scenario
    standards = tuple(standards)
    by_hour = np.mean([tally.by_hour for tally in results.tallies], axis=0)
    needs = []
    for group, (channel, place) in enumerate(prepared.groups):
        goals = [
            Goals(answered_within=one.share, answer_within=one.within_minutes * 60)
            for one in standards
            if one.channel.value == channel
        ]
        if not goals:
            continue
        flows = [int(flow) for flow in np.flatnonzero(prepared.network.group_of == group)]
        served = results.column(Of.SERVED, flows).sum()
        if not served:
            continue
        minutes = results.column(Of.HANDLED, flows).sum() / served
        patience = {scenario.flows[prepared.flows[flow]].patience for flow in flows}
        for at in range(by_hour.shape[1]):
            came = float(by_hour[group, at, Hour.ARRIVED])
            per_hour = came / _times(results, at)
            if per_hour > 0:
                queue = Queue(
                    calls_per_hour=per_hour,
                    handle_seconds=minutes * 60,
                    agents=1,
                    patience_seconds=_patience(patience),
                )
                employees = max(agents_needed(queue, goal) for goal in goals)
                needs.append(HourlyNeed(channel, place, at // 24, at % 24, per_hour, employees))
    return needs


@dataclass(frozen=True, slots=True)
class CompetenceNeed:
    """What is worked with in a queue: `share` (0..1) of its minutes, and who of those who serve it can do it alone."""

    channel: str
    place: str | None
    service: str
    share: float
    minutes_per_week: float
    generalists: int  # or specialists
    serving: int


def competence_needs(results: Results, standards: Iterable[Standard]) -> list[CompetenceNeed]:
    """For each queue with a promise the services that it works with, those that take most first."""
    scenario, promised = results.prepared.scenario, {one.channel.value for one in standards}
    needs = []
    for flow, (key, one) in enumerate(scenario.flows.items()):
        if one.channel not in promised or one.line is None:
            continue
        line, place = one.line, scenario.lines[one.line].place
        who = [e for e in scenario.employees if e.own and line in e.levels and place in (None, e.place)]
        alone = [e for e in who if e.levels[line] in (GENERALIST, SPECIALIST)]
        minutes = float(results.column(Of.HANDLED, [flow]).mean()) * 7 / results.days
        numbers = (len({person_of(e) for e in each}) for each in (alone, who))
        needs.append(CompetenceNeed(one.channel, place, one.service or key, 0.0, minutes, *numbers))
    total: dict[tuple[str, str | None], float] = {}
    for need in needs:
        total[need.channel, need.place] = total.get((need.channel, need.place), 0.0) + need.minutes_per_week
    shared = (
        dataclasses.replace(need, share=need.minutes_per_week / whole)
        for need in needs
        if (whole := total[need.channel, need.place]) > 0
    )
    return sorted(shared, key=lambda need: (need.channel, need.place or "", -need.share))


def _times(results: Results, hour_of_week: int) -> float:
    """How often the hour comes in what is counted, on working days."""
    scenario = results.prepared.scenario
    weekday = hour_of_week // 24
    days = [
        day
        for day in range(scenario.lead_days, scenario.days)
        if (scenario.first_day.weekday() + day) % 7 == weekday and (weekday > 4 or scenario.works_on(day))
    ]
    return float(max(1, len(days)))


def _patience(found: set[Distribution]) -> float | None:
    """Seconds, where all who wait have the same exponential patience; None where nobody gives up or they differ."""
    if len(found) != 1:
        return None
    one = next(iter(found))
    return one.mean_minutes * 60 if one.kind == "exponential" else None
