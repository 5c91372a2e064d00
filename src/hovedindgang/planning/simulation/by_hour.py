"""What a simulated scenario came to hour by hour of the week: of each queue, and of all that our own employees serve.

A figure of fewer than `FEW` contacts over all replications is none, and is named under `too_few`: of so few an interval
says nothing. Shares are percent, waits minutes. A contact is counted in the hour in which it began, a matter in the
hour in which the citizen first came with it, and work in the hour in which it was done.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.simulation.network import Hour
from hovedindgang.planning.simulation.outcome import QUANTILES, Estimate, Results, mean_of, ratio_of
from hovedindgang.planning.simulation.plainly import Figure, percent, plain
from hovedindgang.planning.simulation.preparing import Prepared

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FEW = 30
Counts = NDArray[np.float64]


def of_queue(results: Results, group: int) -> list[dict[str, Any]]:
    """Hours in which somebody came.

    Quantiles of waits are means over the replications of each one's own; busy_with_it: employees at work on this queue.
    """
    counts = np.array([tally.by_hour[group] for tally in results.tallies], np.float64)  # [R, 168, columns]
    quantiles = np.array([tally.hour_waits[group] for tally in results.tallies], np.float64)  # [R, 168, shares]
    weeks, grows = results.days / 7, results.growth(group) is not None
    found = []
    for hour in np.flatnonzero(counts[:, :, Hour.ARRIVED].sum(axis=0)):
        of: Counts = counts[:, hour]
        few: list[str] = []
        waits = {"wait_mean_minutes": None if grows else plain(ratio_of(of[:, Hour.WAITED], of[:, Hour.SERVED]))}
        for at, name in enumerate(QUANTILES):
            waits[f"wait_{name}_minutes"] = None if grows else plain(_mean_of_known(quantiles[:, hour, at]))
        if of[:, Hour.SERVED].sum() < FEW:
            few += [key for key, one in waits.items() if one is not None]
            waits = dict.fromkeys(waits)
        found.append(
            {
                **_named(hour),
                "arrivals_per_week": plain(mean_of(of[:, Hour.ARRIVED] / weeks)),
                **waits,
                "answered_in_time_percent": _share(of[:, Hour.WITHIN], _came(of), "answered_in_time_percent", few),
                **_outcomes(of, few),
                "busy_with_it": plain(mean_of(of[:, Hour.BUSY] / 60 / weeks)),
                "too_few": few,
            }
        )
    return found


def of_all(results: Results) -> dict[str, Any]:
    """All that our own employees serve, and who is at work: together, and by the place where they are."""
    prepared, weeks = results.prepared, results.days / 7
    ours = own_groups(prepared)
    counts = np.array([tally.by_hour[ours].sum(axis=0) for tally in results.tallies], np.float64)
    busy, duty = (
        np.array([getattr(tally, name) for tally in results.tallies], np.float64) for name in ("busy_at", "duty_at")
    )
    own = own_rows(prepared)
    found = []
    for hour in np.flatnonzero(counts[:, :, Hour.ARRIVED].sum(axis=0) + duty[:, own].sum(axis=(0, 1))):
        of: Counts = counts[:, hour]
        few: list[str] = []
        found.append(
            {
                **_named(hour),
                "arrivals_per_week": plain(mean_of(of[:, Hour.ARRIVED] / weeks)),
                **_at_work(busy[:, own, hour].sum(axis=1), duty[:, own, hour].sum(axis=1), weeks),
                **_outcomes(of, few),
                "too_few": few,
            }
        )
    places = {
        name: [
            {**_named(hour), **_at_work(busy[:, row, hour], duty[:, row, hour], weeks)}
            for hour in np.flatnonzero(duty[:, row].sum(axis=0))
        ]
        for name, row in _places(prepared).items()
    }
    return {"hours": found, "hours_by_place": places}


def _named(hour: Any) -> dict[str, Any]:
    return {"day": DAYS[hour // 24], "hour": int(hour % 24)}


def _at_work(busy: Counts, duty: Counts, weeks: float) -> dict[str, Figure]:
    """[R] minutes of one hour of the week, as employees who are there and the share of their time that is work."""
    return {
        "at_work": plain(mean_of(duty / 60 / weeks)),
        "occupancy_percent": percent(ratio_of(busy, duty)) if duty.any() else None,
    }


def _outcomes(of: Counts, few: list[str]) -> dict[str, Figure]:
    """[R, columns] of one hour: what became of who came in it."""
    kept, matters = of[:, Hour.KEPT], of[:, Hour.MATTERS]
    return {
        "not_served_percent": _share(of[:, Hour.GAVE_UP], _came(of), "not_served_percent", few),
        "answered_by_the_day_percent": _share(kept, kept + of[:, Hour.BROKEN], "answered_by_the_day_percent", few),
        "resolved_in_house_percent": _share(of[:, Hour.IN_HOUSE], matters, "resolved_in_house_percent", few),
        "first_contact_resolution_percent": _share(
            of[:, Hour.AT_ONCE], matters, "first_contact_resolution_percent", few
        ),
    }


def _came(of: Counts) -> Counts:
    found: Counts = of[:, Hour.SERVED] + of[:, Hour.GAVE_UP]
    return found


def _share(above: Counts, below: Counts, name: str, few: list[str]) -> Figure:
    """None, and named among `few`, where it is of too few; None alone where it is of nobody."""
    if 0 < below.sum() < FEW:
        few.append(name)
        return None
    return percent(ratio_of(above, below))


def _mean_of_known(values: Counts) -> Estimate:
    known = values[np.isfinite(values)]
    return mean_of(known) if len(known) else Estimate(math.nan, math.nan, math.nan)


def own_groups(prepared: Prepared) -> list[int]:
    """Groups by which citizens come to us: not those that only employees of departments serve."""
    network = prepared.network
    ours = [one.own for one in prepared.scenario.employees]
    served = {int(group) for group in network.line_group[(network.level[ours] >= 0).any(axis=0)]}
    alone = {int(group) for group in network.group_of[network.line_of < 0]}  # self-service
    return sorted(served | alone)


def own_rows(prepared: Prepared) -> list[int]:
    """Of `Tally.duty_at`: the places where our own employees ever are."""
    nowhere, found = len(prepared.places), set()
    for employee in prepared.scenario.employees:
        if employee.own:
            shifts = [shift.place or employee.place for day in set(employee.week or ()) for shift in day]
            found |= {prepared.places.index(one) if one else nowhere for one in (*shifts, employee.place)}
    return sorted(found)


def _places(prepared: Prepared) -> Mapping[str, int]:
    """Names of places → rows; who is nowhere is in none."""
    return {name: row for row, name in enumerate(prepared.places)}
