"""Where those go who would come in person: to their own centre, or, where it is shut, elsewhere or to the phone."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.service.coming.busy import normed, waves_of, wished_days
from hovedindgang.planning.service.ground import IN_PERSON, PHONE, Ground, Spread, minutes_of
from hovedindgang.planning.service.placing import kilometres
from hovedindgang.servicemodel.document import Channel


def spread_in(ground: Ground, service: str) -> Spread:
    known = ground.known
    if (own := ("spread", service)) not in known:
        may_ring = Channel.PHONE in ground.services[service].channels and any(ground.phone)
        wave = waves_of(ground, service)
        if (key := ("spread", id(wave), may_ring)) not in known:  # each wave is kept, once
            known[key] = _spread_of(ground, wave, may_ring)
        known[own] = known[key]
    spread: Spread = known[own]
    return spread


def _spread_of(ground: Ground, wave: NDArray[np.float64], may_ring: bool) -> Spread:
    """Where those go who would come in person.

    On a day when some centre is open, those whose own is closed come another day, go to the nearest that is open, or
    ring (where the service can be had by phone). Fewer wait for another day the fewer hours there are to come in: the
    share that does is multiplied by the hours their centre has left, of those of the one that is open longest
    (assumed). On a day when all are closed nobody sets out, and the other days have more.
    """
    behaviour, catchment = ground.inputs.behaviour, _catchment(ground)
    hours = {c: ground.open[IN_PERSON, c] for c in ground.centres}
    is_open, minutes = _doors(ground)
    some, longest = np.any(list(is_open.values()), axis=0), max(minutes.values()) or 1.0
    days = {centre: np.zeros(len(ground.dates)) for centre in ground.centres}
    ring = np.zeros(len(ground.dates))
    journeys: dict[tuple[str, str], float] = defaultdict(float)
    for centre in ground.centres:
        wished = normed(wished_days(ground, IN_PERSON, hours[centre]) * some * wave)
        own = wished * catchment[centre]
        shut = own * (some & ~is_open[centre])
        other_days = normed(wished * is_open[centre])
        other = behaviour.displaced_other_day.value * minutes[centre] / longest * other_days.any()
        near = behaviour.displaced_nearest.value / max(1 - behaviour.displaced_other_day.value, 1e-9)
        near = min(near, 1.0) if may_ring else 1.0
        days[centre] += own * is_open[centre] + other_days * shut.sum() * other
        journeys[centre, centre] += float((own * is_open[centre]).sum() + shut.sum() * other)
        nearest = _nearest(ground, centre, is_open)
        for day in map(int, np.flatnonzero(shut)):
            days[nearest[day]][day] += shut[day] * (1 - other) * near
            journeys[centre, nearest[day]] += float(shut[day] * (1 - other) * near)
        ring += shut * (1 - other) * (1 - near)
        journeys[centre, PHONE] += float(shut.sum() * (1 - other) * (1 - near))
    if ring.any():  # calls of a day on which no phone is answered come when it is
        answered = np.array([bool(periods) for periods in ground.phone])
        ring = np.where(answered, ring, 0.0) * (ring.sum() / max(ring @ answered, 1e-300))
    return Spread(days, ring, dict(journeys))


def _doors(ground: Ground) -> tuple[dict[str, NDArray[np.bool_]], dict[str, float]]:
    """Of each centre whether its door is open on each day [D], and for how many minutes in all."""
    if "doors" not in ground.known:
        hours = {centre: ground.open[IN_PERSON, centre] for centre in ground.centres}
        ground.known["doors"] = (
            {centre: np.array([bool(periods) for periods in days]) for centre, days in hours.items()},
            {centre: sum(map(minutes_of, days)) for centre, days in hours.items()},
        )
    found: tuple[dict[str, NDArray[np.bool_]], dict[str, float]] = ground.known["doors"]
    return found


def _catchment(ground: Ground) -> dict[str, float]:
    known = {c: ground.inputs.demand.catchment[c].value for c in ground.centres if c in ground.inputs.demand.catchment}
    if not known:
        known = {centre: 1.0 for centre in ground.centres if any(ground.open[IN_PERSON, centre])}
    total = sum(known.values()) or 1.0
    return {centre: known.get(centre, 0.0) / total for centre in ground.centres}


def _nearest(ground: Ground, centre: str, is_open: dict[str, NDArray[np.bool_]]) -> list[str]:
    """[D] the nearest centre that is open on each day; by the air, where the model says where they are."""
    key = "nearest", centre
    if key not in ground.known:
        others = sorted(
            (one for one in ground.centres if one != centre), key=lambda one: kilometres(ground.model, centre, one)
        )
        days = range(len(ground.dates))
        ground.known[key] = [next((one for one in others if is_open[one][day]), centre) for day in days]
    found: list[str] = ground.known[key]
    return found


def journeys_of(ground: Ground, service: str) -> dict[tuple[str, str], float]:
    """As of the years around, each by how much of it is simulated."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for year in ground.years:
        simulated = ground.share_of(year.dates[0].year)
        for journey, share in spread_in(year, service).journeys.items():
            found[journey] += share * simulated
    return found
