"""What a simulated scenario came to, as data: by channel, centre, service, flow, queue and hour, with 95 % intervals.

Shares are percent, waits minutes. A queue that grows has no mean wait: its waits are None, and `growth_per_day` says by
how many it grows. None too is what nothing was said of: no promise, no day to answer by, nobody served.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from hovedindgang.planning.simulation.by_hour import of_all, of_queue
from hovedindgang.planning.simulation.network import SERIES, Came, Of
from hovedindgang.planning.simulation.outcome import QUANTILES, Estimate, Results, ratio_of
from hovedindgang.planning.simulation.plainly import Figure, percent, plain
from hovedindgang.planning.simulation.replications import mser
from hovedindgang.planning.simulation.running import relative_half_width
from hovedindgang.planning.simulation.scenario import Scenario

METHOD = "as many open matters as when begun 26 weeks before, with the same citizens (cf. Propp & Wilson 1996)"


def summary(results: Results, *, hours: bool = False, each_flow: bool = True) -> dict[str, Any]:
    """All of it. With `hours`, each queue by hour of the week too; without `each_flow` nothing by flow (most of
    the work)."""
    flows = list(results.prepared.scenario.flows.values())
    everything = list(range(len(flows)))
    return {
        **_run(results),
        "all": figures(results, everything),
        "channels": _each(results, [flow.channel for flow in flows]),
        "centres": _each(results, [flow.centre for flow in flows]),
        "services": _each(results, [flow.service for flow in flows]),
        "flows": _each(results, list(results.prepared.flows)) if each_flow else {},
        "queues": _queues(results, hours=hours),
        "employees": _employees(results),
        **(of_all(results) if hours else {}),
    }


def _run(results: Results) -> dict[str, Any]:
    scenario, tallies = results.prepared.scenario, results.tallies
    always = all(employee.week is None for employee in scenario.employees)
    series = np.sum([tally.series for tally in tallies], axis=0)
    return {
        "title": scenario.title,
        "first_day": scenario.asked_from.isoformat(),
        "days": scenario.days - scenario.lead_days,
        "counted_days": results.days,
        "warm_up_minutes": scenario.warm_up_minutes,
        "warm_up": _warm_up(scenario),
        # Where there are shifts each day begins anew, and MSER-5 would cut off the quiet season.
        "warm_up_suggested_minutes": mser(series) / SERIES * scenario.days * 1440 if always else None,
        "seed": results.seed,
        "replications": len(tallies),
        "precision_reached_percent": 100 * relative_half_width(results),
        "interrupted": results.interrupted,
        "broken_off": sum(tally.broken_off for tally in tallies),
        "events": sum(tally.events for tally in tallies),
        "assumed": dict(scenario.assumed),
        "sources": {key: flow.source for key, flow in scenario.flows.items() if flow.source}
        | ({"shrinkage": scenario.shrinkage.source} if scenario.shrinkage else {}),
    }


def _warm_up(scenario: Scenario) -> dict[str, Any] | None:
    """Of a plan: how many days before the first are simulated and not counted, and how that was chosen."""
    lead = scenario.lead
    if lead is None:
        return None
    return {
        "days": lead.days,
        "from": scenario.first_day.isoformat(),
        "chosen": lead.chosen,
        "left_percent": lead.left_percent,
        "settled": lead.settled,
        "method": METHOD if lead.chosen == "measured" else None,
    }


def _each(results: Results, names: Sequence[str | None]) -> dict[str, Any]:
    known = list(dict.fromkeys(name for name in names if name))
    return {name: figures(results, [at for at, one in enumerate(names) if one == name]) for name in known}


def figures(results: Results, flows: Sequence[int]) -> dict[str, Any]:
    """Of these flows together."""
    network = results.prepared.network
    waiting = [flow for flow in flows if network.line_of[flow] >= 0]
    growth = [one for group in _groups(results, waiting) if (one := results.growth(group)) is not None]
    promised = [flow for flow in waiting if math.isfinite(network.promised[flow])]
    due = [flow for flow in waiting if network.due[flow] >= 0]
    waits: dict[str, Figure] = dict.fromkeys(["wait_mean_minutes", *(f"wait_{name}_minutes" for name in QUANTILES)])
    if not growth:
        quantiles = results.wait_quantiles(waiting).items()
        waits = {"wait_mean_minutes": plain(results.mean_wait(waiting))}
        waits |= {f"wait_{name}_minutes": plain(one) for name, one in quantiles}
    return {
        "arrivals_per_day": plain(results.per_day(Of.ARRIVED, flows)),
        "served_per_day": plain(results.per_day(Of.SERVED, waiting)) if waiting else None,
        **waits,
        "answered_in_time_percent": percent(results.share_answered_in_time(promised)) if promised else None,
        "abandoned_percent": percent(_share(results, Of.GAVE_UP, waiting)),
        "unserved_percent": percent(_share(results, Of.UNSERVED, waiting)),
        "came_again_per_day": plain(results.per_day(Of.CAME_AGAIN, waiting)),
        "no_show_per_day": plain(results.per_day(Of.NO_SHOW, flows)),
        "answered_by_the_day_percent": percent(results.share_kept(due)) if due else None,
        "resolved_in_house_percent": percent(results.resolved_in_house(flows)),
        "first_contact_resolution_percent": percent(results.first_contact_resolution(flows)),
        "not_reached_per_day": plain(results.per_day(Of.NOT_REACHED, flows)),
        **_passed_on(results, flows),
        "handled_minutes_per_contact": plain(
            ratio_of(results.column(Of.HANDLED, waiting), results.column(Of.SERVED, waiting))
        ),
        "growth_per_day": sum(growth) if growth else None,
    }


def _passed_on(results: Results, flows: Sequence[int]) -> dict[str, Figure]:
    """Hand-offs: to a department and back, to a colleague, and what sends the citizen herself elsewhere."""
    asked = results.by_citizens(flows)
    return {
        "handed_over_percent": percent(results.handed_over(flows)),
        "handed_over_per_day": plain(results.count(Came.HANDED_OVER, asked)) if asked else None,
        "returned_percent": percent(results.returned(flows)),
        "transferred_percent": percent(results.transferred(flows)),
        "sent_on_percent": percent(results.share_sent_on(flows)),
        "closed_door_percent": percent(results.closed_door(flows)),
    }


def _share(results: Results, of: Of, flows: Sequence[int]) -> Estimate:
    came = sum(results.column(one, flows) for one in (Of.SERVED, Of.GAVE_UP, Of.UNSERVED))
    return ratio_of(results.column(of, flows), np.asarray(came, np.float64))


def _groups(results: Results, flows: Iterable[int]) -> list[int]:
    return sorted({int(results.prepared.network.group_of[flow]) for flow in flows})


def _queues(results: Results, *, hours: bool) -> list[dict[str, Any]]:
    found = []
    for at, (channel, place) in enumerate(results.prepared.groups):
        if not (results.prepared.network.line_group == at).any():
            continue
        queue: dict[str, Any] = {
            "channel": channel,
            "place": place,
            "waiting_at_closing": plain(results.at_closing(at)),
            "growth_per_day": results.growth(at),
        }
        if hours:
            queue["hours"] = of_queue(results, at)
        found.append(queue)
    return found


def _employees(results: Results) -> dict[str, Any]:
    staff = results.prepared.scenario.employees
    places = list(dict.fromkeys(one.place for one in staff if one.place))
    own, others = ([at for at, one in enumerate(staff) if one.own is ours] for ours in (True, False))
    return {
        "occupancy_percent": percent(results.occupancy(own)),
        "occupancy_percent_of_departments": percent(results.occupancy(others)) if others else None,
        "occupancy_percent_by_place": {
            place: percent(results.occupancy([at for at, one in enumerate(staff) if one.place == place]))
            for place in places
        },
        "duty_hours_per_day": plain(results.duty_hours(own)),
        "overtime_hours_per_day": plain(results.overtime_hours(own)),
    }
