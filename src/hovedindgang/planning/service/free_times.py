"""How many days one waits for a free time at each centre, from the day one asks to the day of the time.

Reckoned beside the simulation of the days themselves: a queue in whole days for each centre, of all services together.
So many times are on offer each day as the door is open; each who asks gets the first that is free from the next day
on, first come, first served, and a time that nobody had taken when its day came is lost. Who asks are those of the same
replications: the plan's booked times of each day, times how busy the replication is, by chance (Poisson). A queue with
deterministic batch service in discrete time (Bruneel and Kim, Discrete-time models for communication systems, 1993);
for one time a day its mean is that of M/D/1. The same days come once before, as expected, so that it does not begin
with an empty calendar.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.service.ground import IN_PERSON
from hovedindgang.planning.service.inputs import APPOINTMENT, Appointments, Figure, Inputs
from hovedindgang.planning.simulation import chance
from hovedindgang.planning.simulation.drawing import factors_of, uniforms
from hovedindgang.planning.simulation.outcome import Estimate, Results, mean_of, ratio_of
from hovedindgang.planning.simulation.plainly import plain
from hovedindgang.planning.simulation.preparing import Prepared

SHARE = 0.9
WEEK = 7


@dataclass(frozen=True, slots=True)
class FreeTimes:
    """At one centre, in calendar days; None, and `growth_per_week`, where more ask than there are times.

    rests_on: how many times there are a week, or else (`follows`) how full they are taken to be, so that they are as
    many more as more ask. ends: the mean with that at the ends of its range, the least first; inf where it has no end.
    """

    centre: str
    asked_per_week: float
    slots_per_week: float
    rests_on: Figure
    follows: bool
    mean_days: Estimate | None
    p90_days: Estimate | None
    ends: tuple[float, ...] | None
    growth_per_week: float
    each: tuple[Mapping[int, int], ...] = ()  # of each replication: days waited → how many


def free_times(results: Results, inputs: Inputs) -> list[FreeTimes]:
    """Of each centre where anybody books a time; none where nobody does."""
    said = inputs.appointments or Appointments()
    return [
        _at(results, flows, centre, said.slots_per_week.get(centre), said.filled)
        for centre, flows in flows_by_centre(results.prepared).items()
    ]


def _at(results: Results, flows: list[int], centre: str, known: Figure | None, filled: Figure) -> FreeTimes:
    prepared = results.prepared
    asked = asked_on(prepared, flows).sum(axis=0)
    weeks = len(asked) / WEEK
    rests_on = known or filled

    def each(value: float) -> tuple[float, list[dict[int, int]]]:
        """The times on offer, and days waited in each replication; nothing where more ask than there are times."""
        usual, whole = (value, None) if known else (None, asked.sum() / value)
        offered, slots = slots_on(prepared, centre, per_week=usual, in_all=whole)
        done = results.tallies if offered > asked.sum() * (1 + 1e-9) else ()
        return offered, [
            waited(prepared, flows, centre, slots, seed=results.seed, replication=one.replication) for one in done
        ]

    offered, days = each(rests_on.value)
    some = [one for one in days if one]
    return FreeTimes(
        centre=centre,
        asked_per_week=float(asked.sum()) / weeks,
        slots_per_week=offered / weeks,
        rests_on=rests_on,
        follows=known is None,
        mean_days=_mean(days),
        p90_days=mean_of(np.array([quantile(one, SHARE) for one in some])) if some else None,
        ends=_ends(each, rests_on),
        growth_per_week=0.0 if days else max(0.0, float(asked.sum()) - offered) / weeks,
        each=tuple(days),
    )


def _ends(each: Callable[[float], tuple[float, list[dict[int, int]]]], rests_on: Figure) -> tuple[float, ...] | None:
    if rests_on.low is None or rests_on.high is None or rests_on.low == rests_on.high:
        return None
    means = (_mean(each(value)[1]) for value in (rests_on.low, rests_on.high))
    return tuple(sorted(math.inf if one is None else one.value for one in means))


def pooled(results: Results, inputs: Inputs) -> tuple[dict[int, int], float]:
    """Days waited → how many, at all centres and in all replications; or how many times a week are lacking, at the
    centres where more ask than there are times. A mean over the others would tell of half of them."""
    every = free_times(results, inputs)
    total: dict[int, int] = {}
    for day, count in (pair for one in every for days in one.each for pair in days.items()):
        total[day] = total.get(day, 0) + count
    return total, sum(one.growth_per_week for one in every)


def _mean(days: list[dict[int, int]]) -> Estimate | None:
    """Over the replications; None where nobody got a time, or the wait has no end."""
    if not any(days):
        return None
    above, below = (np.array(one) for one in zip(*map(total_and_count, days), strict=True))
    return ratio_of(above, below)


def flows_by_centre(prepared: Prepared) -> dict[str, list[int]]:
    """The flows of booked times, by number."""
    found: dict[str, list[int]] = {}
    for number, key in enumerate(prepared.flows):
        flow = prepared.scenario.flows[key]
        if flow.channel == APPOINTMENT and flow.centre and flow.arrivals:
            found.setdefault(flow.centre, []).append(number)
    return found


def asked_on(prepared: Prepared, flows: Iterable[int]) -> NDArray[np.float64]:
    """[flows, days that were asked for]: how many are expected to ask; who stayed away asks again."""
    scenario, rows = prepared.scenario, []
    for number in flows:
        arrivals = scenario.flows[prepared.flows[number]].arrivals
        assert arrivals is not None
        days = range(scenario.lead_days, scenario.days)
        rows.append([arrivals.per_day.on(day, scenario.weekday(day)) for day in days])
    return np.array(rows, np.float64)


def slots_on(
    prepared: Prepared, centre: str, *, per_week: float | None, in_all: float | None
) -> tuple[float, NDArray[np.int64]]:
    """How many times are on offer as the door is open, and [days] of each day whole ones.

    per_week: in a week with its usual hours; else in_all.
    """
    scenario = prepared.scenario
    doors = [one for one in scenario.openings if one.channel == IN_PERSON and one.place == centre]
    days = range(scenario.lead_days, scenario.days)
    weekdays = np.array([scenario.weekday(day) for day in days])
    minutes = np.array(
        [sum(end - start for one in doors for start, end in one.days.on(day, scenario.weekday(day))) for day in days]
    )
    usual = sum(float(np.median(minutes[weekdays == day])) for day in range(WEEK) if (weekdays == day).any())
    rate = per_week / max(usual, 1.0) if per_week is not None else (in_all or 0.0) / max(float(minutes.sum()), 1.0)
    whole: NDArray[np.int64] = np.diff(np.floor(np.cumsum(minutes) * rate + 0.5), prepend=0.0).astype(np.int64)
    return float(minutes.sum()) * rate, whole


def waited(
    prepared: Prepared, flows: list[int], centre: str, slots: NDArray[np.int64], *, seed: int, replication: int
) -> dict[int, int]:
    """Days waited → how many, of those who asked in the days that were asked for, in one replication."""
    with np.errstate(over="ignore"):
        of_run = chance.mixed(chance.stream_of("run", seed), replication)
        stream = chance.stream_of("asks for a time", centre) ^ of_run
    factors = factors_of(prepared, seed=seed, replication=replication)
    expected = asked_on(prepared, flows)
    busy = factors[flows, prepared.scenario.lead_days :] if isinstance(factors, np.ndarray) else 1.0
    means = np.concatenate([expected.sum(axis=0), (expected * busy).sum(axis=0)])
    asks = poisson(uniforms(stream, len(means)), means)
    return days_until(asks, np.tile(slots, 2), counted_from=len(slots))


def poisson(uniform: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.int64]:
    """By inversion, one for each mean: who asks for more of something asks on the same days and some more."""
    from scipy.special import gammaln

    most = float(means.max(initial=0.0))
    k = np.arange(int(most + 12 * math.sqrt(most) + 30))
    safe = np.maximum(means, 1e-12)[:, None]
    below = np.cumsum(np.exp(k * np.log(safe) - safe - gammaln(k + 1)), axis=1)
    found: NDArray[np.int64] = (below < uniform[:, None]).sum(axis=1)
    return found


def days_until(asks: NDArray[np.int64], slots: NDArray[np.int64], *, counted_from: int = 0) -> dict[int, int]:
    """Days waited → how many; of those who ask on day `counted_from` or later.

    `asks`, `slots`: of each day. Who asks on a day gets the first free time of a later one; after the last day the
    slots come over again, with nobody before those who are waiting. Raises ValueError where there are no slots at all.
    """
    if not slots.any() and asks.any():
        raise ValueError("nobody ever gets a time")
    line: deque[list[int]] = deque()  # [the day they asked on, how many wait still]
    found: dict[int, int] = {}
    day = 0
    while day < len(asks) or line:
        free = int(slots[day % len(slots)])
        while free and line:
            first = line[0]
            taken = min(free, first[1])
            free -= taken
            first[1] -= taken
            if first[0] >= counted_from:
                found[day - first[0]] = found.get(day - first[0], 0) + taken
            if not first[1]:
                line.popleft()
        if day < len(asks) and asks[day]:
            line.append([day, int(asks[day])])
        day += 1
    return found


def total_and_count(days: Mapping[int, int]) -> tuple[float, float]:
    return float(sum(day * count for day, count in days.items())), float(sum(days.values()))


def quantile(days: Mapping[int, int], share: float) -> float:
    """The fewest days that `share` of them waited at most."""
    left = share * sum(days.values())
    for day in sorted(days):
        left -= days[day]
        if left <= 1e-9:
            return float(day)
    return math.nan


def as_data(found: Iterable[FreeTimes]) -> list[dict[str, Any]]:
    return [
        {
            "centre": one.centre,
            "asked_per_week": one.asked_per_week,
            "slots_per_week": one.slots_per_week,
            "slots_follow_demand": one.follows,
            "source": one.rests_on.kind.value,
            "reference": one.rests_on.said,
            "mean_days": plain(one.mean_days) if one.mean_days else None,
            "mean_days_at_the_ends": [end if math.isfinite(end) else None for end in one.ends] if one.ends else None,
            "p90_days": plain(one.p90_days) if one.p90_days else None,
            "growth_per_week": one.growth_per_week,
        }
        for one in found
    ]
