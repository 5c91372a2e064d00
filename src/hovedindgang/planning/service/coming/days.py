"""Which share of a year's contacts falls on each day that is simulated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.service.coming.busy import normed, waves_of, wished_days
from hovedindgang.planning.service.coming.doors import spread_in
from hovedindgang.planning.service.coming.volumes import volumes_of
from hovedindgang.planning.service.ground import IN_PERSON, PHONE, SELF_SERVICE, Ground, ground_of
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Inputs
from hovedindgang.servicemodel.document import Channel, ServiceModel

APART = (APPOINTMENT, ASSISTED)


def simulated_days(ground: Ground, channel: str, service: str) -> NDArray[np.float64]:
    """[D] of a year's contacts by a channel about a service the share on each day that is simulated."""
    if channel in (IN_PERSON, *APART):
        centres = [at_centre(ground, service, centre) for centre in ground.centres]
        found: NDArray[np.float64] = np.sum([*centres, ringing(ground, service)], axis=0)
        return found
    by = Channel.DIGITAL.value if channel == SELF_SERVICE else channel
    return since(ground, service) * cut_out(ground, lambda year: days_of(year, by, service))


def days_of(year: Ground, channel: str, service: str) -> NDArray[np.float64]:
    """Of a year's contacts about a service, not in person, the share on each day."""
    wave = waves_of(year, service)
    key = "days", channel, id(wave)  # each wave is kept, once
    if key not in year.known:
        year.known[key] = normed(wished_days(year, channel, year.phone if channel == PHONE else None) * wave)
    found: NDArray[np.float64] = year.known[key]
    return found


def at_centre(ground: Ground, service: str, centre: str) -> NDArray[np.float64]:
    """[D] of a year's contacts in person the share that comes to the centre on each day that is simulated."""
    return since(ground, service) * cut_out(ground, lambda year: spread_in(year, service).centres[centre])


def ringing(ground: Ground, service: str) -> NDArray[np.float64]:
    """[D] of a year's contacts in person the share that rings on each day that is simulated, for a door was closed."""
    return since(ground, service) * cut_out(ground, lambda year: spread_in(year, service).ring)


def since(ground: Ground, service: str) -> NDArray[np.float64] | float:
    """[D] 1, but 0 on the days before a new service is there; 1 where it is there on all."""
    if all(one.key != service for one in ground.inputs.demand.new):
        return 1.0
    there = np.ones(len(ground.dates))
    for one in ground.inputs.demand.new:
        if one.key == service:
            first, last = one.days(ground.inputs.first_day, ground.inputs.days)
            there[:first], there[last + 1 :] = 0.0, 0.0
    return there


def cut_out(ground: Ground, of_year: Callable[[Ground], NDArray[np.float64]]) -> NDArray[np.float64]:
    """[D] on the days that are simulated, of what was worked out, and is kept, for each whole year around them."""
    years = [of_year(year) for year in ground.years]
    key = "cut out", *map(id, years)
    if key not in ground.known:
        since = (ground.dates[0] - ground.years[0].dates[0]).days
        ground.known[key] = np.concatenate(years)[since : since + len(ground.dates)]
    found: NDArray[np.float64] = ground.known[key]
    return found


def counters_of(ground: Ground, service: str) -> dict[str, float]:
    """Of those who come in person for a service, the share at each centre that is open at all."""
    days = {centre: float(at_centre(ground, service, centre).sum()) for centre in ground.centres}
    return {centre: one / sum(days.values()) for centre, one in days.items() if one}


def of_a_year(model: ServiceModel, inputs: Inputs, channel: str, service: str = "") -> tuple[float, float]:
    """Contacts a year by a channel for a service (empty: all), and the share of them on the days that are simulated.

    Who would come in person, and rings because a door is shut, is counted in person.
    """
    ground = ground_of(model, inputs)
    total, simulated = 0.0, 0.0
    for (by, key), volume in volumes_of(ground).items():
        if by == channel and service in ("", key):
            total += volume
            simulated += volume * float(simulated_days(ground, channel, key).sum())
    return total, simulated / total if total else 0.0
