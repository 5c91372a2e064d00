"""What differs between two scenarios that had the same citizens, with the intervals of the pairs.

A difference of two ratios is taken with its linear approximation: in each replication the residual about the one ratio
less that about the other (Cochran 1977, section 6.4, for each of them), so what both share is gone (Law 2015, section
11.2, on common random numbers).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.simulation.network import Came, Of
from hovedindgang.planning.simulation.outcome import LEVEL, Estimate, Results, only, student

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]  # above and below the line, one of each a replication
Figures = dict[str, dict[str, float | None] | None]


def differences(one: Results, other: Results) -> dict[str, Any]:
    """`other` minus `one`: all together, by channel, by centre, and of the employees."""
    done = {tally.replication for tally in one.tallies} & {tally.replication for tally in other.tallies}
    one, other = only(one, done), only(other, done)
    return {
        "replications": len(done),
        "all": _of_flows(one, other, lambda flow: True),
        "channels": _each(one, other, "channel"),
        "centres": _each(one, other, "centre"),
        "employees": _of_employees(one, other),
    }


def ratio_difference(one: Pair, other: Pair) -> Estimate | None:
    """The second ratio less the first; None where one of them is of nothing."""
    if not one[1].sum() or not other[1].sum():
        return None
    values = [float(above.sum() / below.sum()) for above, below in (one, other)]
    value, number = values[1] - values[0], len(one[0])
    if number < 2:
        return Estimate(value, -math.inf, math.inf)
    residuals = [
        (above - ratio * below) / below.mean() for (above, below), ratio in zip((one, other), values, strict=True)
    ]
    spread = float((residuals[1] - residuals[0]).std(ddof=1))
    half = student(LEVEL, number - 1) * spread / math.sqrt(number)
    return Estimate(value, value - half, value + half)


def _each(one: Results, other: Results, what: str) -> dict[str, Figures]:
    known = dict.fromkeys(
        name
        for results in (one, other)
        for flow in results.prepared.scenario.flows.values()
        if (name := getattr(flow, what))
    )
    return {name: _of_flows(one, other, lambda flow, name=name: getattr(flow, what) == name) for name in known}  # type: ignore[misc]


def _of_flows(one: Results, other: Results, wanted: Callable[[Any], bool]) -> Figures:
    flows = [
        [at for at, flow in enumerate(results.prepared.scenario.flows.values()) if wanted(flow)]
        for results in (one, other)
    ]
    grows = any(_grows(results, chosen) for results, chosen in zip((one, other), flows, strict=True))

    def of(above: Sequence[Of], below: Sequence[Of], times: float = 1.0, where: str = "") -> Any:
        pairs = []
        for results, chosen in zip((one, other), flows, strict=True):
            kept = [flow for flow in chosen if _is(results, flow, where)]
            top = sum((results.column(each, kept) for each in above), np.zeros(len(results.tallies)))
            under = sum((results.column(each, kept) for each in below), np.zeros(len(results.tallies)))
            pairs.append((times * top, under if below else np.full(len(results.tallies), results.days)))
        return _plain(ratio_difference(*pairs))

    came = (Of.SERVED, Of.GAVE_UP, Of.UNSERVED)
    return {
        "arrivals_per_day": of([Of.ARRIVED], []),
        "served_per_day": of([Of.SERVED], []),
        "wait_mean_minutes": None if grows else of([Of.WAITED], [Of.SERVED]),
        "answered_in_time_percent": of([Of.WITHIN], came, 100, "promised"),
        "abandoned_percent": of([Of.GAVE_UP], came, 100),
        "unserved_percent": of([Of.UNSERVED], came, 100),
        "answered_by_the_day_percent": of([Of.KEPT], [Of.KEPT, Of.BROKEN], 100),
        "resolved_in_house_percent": of([Of.IN_HOUSE], [Of.MATTERS], 100, "ours"),
        "first_contact_resolution_percent": of([Of.AT_ONCE], [Of.MATTERS], 100, "ours"),
        **_passed_on((one, other), flows),
    }


def _passed_on(both: tuple[Results, Results], flows: Sequence[Sequence[int]]) -> Figures:
    """Hand-offs to departments, and what sends the citizen herself elsewhere, of citizens' contacts."""
    handed, sent = [], []
    for results, chosen in zip(both, flows, strict=True):
        asked = results.by_citizens(chosen)
        served = results.column(Of.SERVED, asked)
        handed.append((100 * results.ended(Came.HANDED_OVER, asked), served))
        sent.append((100 * results.sent_on(asked), served))
    return {
        "handed_over_percent": _plain(ratio_difference(handed[0], handed[1])),
        "sent_on_percent": _plain(ratio_difference(sent[0], sent[1])),
    }


def _is(results: Results, flow: int, where: str) -> bool:
    if where == "ours":
        return bool(results.asked_of_us([flow]))
    return where != "promised" or math.isfinite(results.prepared.network.promised[flow])


def _grows(results: Results, flows: Sequence[int]) -> bool:
    network = results.prepared.network
    groups = {int(network.group_of[flow]) for flow in flows if network.line_of[flow] >= 0}
    return any(results.growth(group) is not None for group in groups)


def _of_employees(one: Results, other: Results) -> Figures:
    """Of Borgerservice; caseworkers of departments, who never are on the phone, are apart."""

    def of(above: str, below: str, times: float, *, ours: bool = True) -> Any:
        pairs = []
        for results in (one, other):
            who = [at for at, each in enumerate(results.prepared.scenario.employees) if each.own is ours]
            top = np.array([getattr(tally, above)[who].sum() for tally in results.tallies])
            under = np.array([getattr(tally, below)[who].sum() for tally in results.tallies]) if below else None
            pairs.append((times * top, np.full(len(top), results.days) if under is None else under))
        return _plain(ratio_difference(pairs[0], pairs[1]))

    return {
        "occupancy_percent": of("busy", "duty", 100),
        "occupancy_percent_of_departments": of("busy", "duty", 100, ours=False),
        "duty_hours_per_day": of("duty", "", 1 / 60),
        "overtime_hours_per_day": of("overtime", "", 1 / 60),
    }


def _plain(estimate: Estimate | None) -> dict[str, float | None] | None:
    if estimate is None:
        return None
    return {name: value if math.isfinite(value) else None for name, value in estimate.as_dict().items()}
