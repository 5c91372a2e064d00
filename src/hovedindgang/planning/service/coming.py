"""Who comes: how many by which channel to which centre, on which day and when, and where they go when it is shut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.distances import straight_km
from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.dividing import goes_direct
from hovedindgang.planning.service.ground import (
    DAY,
    FILL_IN,
    IN_PERSON,
    PHONE,
    SELF_SERVICE,
    STEPS,
    Ground,
    Hours,
    Spread,
    ground_of,
)
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Appointments, Inputs
from hovedindgang.planning.service.moving import Moved, after_moves, has_channel
from hovedindgang.planning.simulation.chance import stream_of
from hovedindgang.planning.simulation.scenario import (
    Arrivals,
)
from hovedindgang.servicemodel.document import Channel, Service, ServiceModel

APART = (APPOINTMENT, ASSISTED)


def volumes_of(ground: Ground) -> dict[tuple[str, str], float]:
    """Contacts in the whole time, by channel (or self-service) and service, after what is moved between channels."""
    return moves_of(ground)[0]


def moves_of(ground: Ground) -> tuple[dict[tuple[str, str], float], tuple[Moved, ...]]:
    """The volumes after the moves, and what each move came to."""
    demand = ground.inputs.demand
    return after_moves(_before_moves(ground), ground.services, demand.weights, demand.moves)


def _before_moves(ground: Ground) -> dict[tuple[str, str], float]:
    demand, years = ground.inputs.demand, ground.inputs.days / 365.0
    volumes: dict[tuple[str, str], float] = {}
    new = {one.key: one for one in demand.new}
    for channel in (IN_PERSON, PHONE, *FILL_IN):
        figure = demand.contacts_per_year.get(Channel(channel))
        asked = {key: one for key, one in ground.services.items() if key not in new and comes_by(ground, channel, one)}
        for key, share in _shares(ground, channel, asked).items():
            if figure:
                volumes[channel, key] = figure.value * years * share * demand.grown.get(key, 1.0)
    for key, one in new.items():
        first, last = one.days(ground.inputs.first_day, ground.inputs.days)
        for channel, share in one.shares(demand).items():
            volumes[channel, key] = one.contacts * (last + 1 - first) / 365.0 * share
    for key, service in ground.services.items():
        if service.self_service and (Channel.DIGITAL.value, key) in volumes:
            alone = volumes[Channel.DIGITAL.value, key] * demand.self_service.value
            volumes[SELF_SERVICE, key] = alone
            volumes[Channel.DIGITAL.value, key] -= alone
    return volumes


def comes_by(ground: Ground, channel: str, service: Service) -> bool:
    """Whether people come for the service by the channel: the model says so, or it was measured."""
    return Channel(channel) in service.channels or f"{channel}:{service.key}" in ground.inputs.demand.weights


def had_by(ground: Ground, channel: str, service: Service) -> bool:
    """Whether anybody may come for it by the channel: of herself, or because a move opens the channel for it."""
    demand = ground.inputs.demand
    return has_channel(service, channel, demand.weights, demand.moves)


def counters_of(ground: Ground, service: str) -> dict[str, float]:
    """Of those who come in person for a service, the share at each centre that is open at all."""
    days = {centre: float(one.sum()) for centre, one in _spread(ground, service).centres.items() if one.any()}
    return {centre: one / sum(days.values()) for centre, one in days.items()}


def from_closed_doors(
    ground: Ground, channel: str, service: str, centre: str | None, volumes: dict[tuple[str, str], float]
) -> float:
    """Of those who come to a centre, or ring, for a service: the share that found their own centre closed that day."""
    if channel not in (IN_PERSON, PHONE) or not volumes.get((IN_PERSON, service)):
        return 0.0
    spread = _spread(ground, service)
    if channel == PHONE:
        ring = volumes[IN_PERSON, service] * float(spread.ring.sum())
        return ring / (ring + volumes.get((PHONE, service), 0.0)) if ring else 0.0
    here = {origin: share for (origin, to), share in spread.journeys.items() if to == centre}
    total = sum(here.values())
    return sum(share for origin, share in here.items() if origin != centre) / total if total else 0.0


def _shares(ground: Ground, channel: str, asked: dict[str, Service]) -> dict[str, float]:
    """Of the channel's contacts, by service; a weight may be for one channel ("phone:pas") or for all ("pas")."""
    known, usual = ground.inputs.demand.weights, ground.inputs.demand.usual_weight
    weights = {key: known.get(f"{channel}:{key}", known.get(key, usual)).value for key in asked}
    total = sum(weights.values()) or 1.0
    return {key: weight / total for key, weight in weights.items()}


def arrivals_of_service(
    ground: Ground, channel: str, service: str, volumes: dict[tuple[str, str], float]
) -> Iterator[tuple[str | None, Arrivals]]:
    """Of one service in one channel: for each centre (in person), or for all of them."""
    volume, wave = volumes[channel, service], waves_of(ground, service)
    if channel == IN_PERSON:
        for centre, days in _spread(ground, service).centres.items():
            if days.any():
                walk_in = volume * days * (1 - sum(share_apart(ground, kind, service, centre) for kind in APART))
                yield centre, arrivals_of(ground, channel, walk_in, ground.open[IN_PERSON, centre])
        return
    per_day = volume * normed(weekdays(ground, channel) * _open(ground, channel) * wave)
    if channel == PHONE:
        per_day = per_day + volumes.get((IN_PERSON, service), 0.0) * _spread(ground, service).ring
    yield None, arrivals_of(ground, channel, per_day, ground.phone if channel == PHONE else None)


def share_apart(ground: Ground, channel: str, service: str, centre: str) -> float:
    """Of those who come in person there for it, the share with a booked time (or assisted); none at a department."""
    if goes_direct(ground, service, IN_PERSON, centre) is not None:
        return 0.0
    return ground.inputs.share_apart(channel, service, centre)


def met_apart(
    ground: Ground, channel: str, service: str, volumes: dict[tuple[str, str], float]
) -> Iterator[tuple[str, Arrivals]]:
    """At each centre: who has booked a time, evenly over the hours of the door, or is assisted and comes as others.

    Those who would find their centre closed book another time there or elsewhere; they do not ring instead.
    """
    moved, usual = volumes.get((channel, service), 0.0), volumes.get((IN_PERSON, service), 0.0)
    if not moved and not any(ground.inputs.share_apart(channel, service, centre) for centre in ground.centres):
        return
    spread = _spread(ground, service)
    stays = sum(float(days.sum()) for days in spread.centres.values()) or 1.0
    for centre, days in spread.centres.items():
        per_day = days * (usual * share_apart(ground, channel, service, centre) + moved / stays)
        if not per_day.any():
            continue
        hours = ground.open[IN_PERSON, centre]
        yield (
            centre,
            booked(ground, service, centre, per_day)
            if channel == APPOINTMENT
            else arrivals_of(ground, IN_PERSON, per_day, hours),
        )


def booked(ground: Ground, service: str, centre: str, per_day: NDArray[np.float64]) -> Arrivals:
    """So many met a day [D] at booked times; the first of each service at another moment than those of the others."""
    stay_away = (ground.inputs.appointments or Appointments()).no_show.value
    weekday, hours = [date.weekday() for date in ground.dates], ground.open[IN_PERSON, centre]
    usual = (next((open_ for d, open_ in enumerate(hours) if weekday[d] == day and open_), None) for day in range(7))
    return Arrivals(
        per_day=tuple(float(x) for x in per_day / (1 - stay_away)),
        shape=_shape_of((1.0,) * 24, tuple(usual)),
        shared=APPOINTMENT,
        evenly=True,
        no_show=stay_away,
        first=int(stream_of(APPOINTMENT, service, centre)) % 10_000 / 10_000,
    )


def arrivals_of(ground: Ground, channel: str, per_day: NDArray[np.float64], hours: Any) -> Arrivals:
    """So many a day [D], with the shape of the channel over the hours that it is open."""
    demand = ground.inputs.demand
    return Arrivals(
        per_day=tuple(float(x) for x in per_day),
        shape=_shape(ground, channel, hours),
        day_cv=demand.day_cv.value,
        shared=channel,
    )


def in_hours(ground: Ground, channel: str, arrivals: Arrivals, hours: tuple[Hours, ...]) -> Arrivals:
    """The same people in other hours: those of a day that is shut come on the others. Raises where all are.

    Who had booked a time has none there; who stayed away and booked again comes once.
    """
    per_day = np.array(arrivals.per_day) * (1 - arrivals.no_show)
    is_open = np.array([one is not None for one in hours])
    if per_day.any() and not (per_day * is_open).any():
        raise CannotPlan(
            _("Fagforvaltningen har ingen arbejdsdage i perioden."), cure=_("Vælg en periode med arbejdsdage.")
        )
    return arrivals_of(ground, channel, normed(per_day * is_open) * per_day.sum(), hours)


def _shape(ground: Ground, channel: str, hours: tuple[Hours, ...] | None) -> tuple[tuple[float, ...], ...]:
    """For each weekday the share of the day in each quarter of an hour; outside the usual hours nobody comes."""
    weights = tuple(ground.inputs.demand.hour.get(Channel(channel)) or (1.0,) * 24)
    if hours is None:
        return _shape_of(weights, None)
    weekday = [date.weekday() for date in ground.dates]
    usual = (next((open_ for d, open_ in enumerate(hours) if weekday[d] == day and open_), None) for day in range(7))
    return _shape_of(weights, tuple(usual))


@lru_cache(maxsize=512)  # most services of a channel share it
def _shape_of(by_hour: tuple[float, ...], usual: tuple[Hours, ...] | None) -> tuple[tuple[float, ...], ...]:
    weights = np.repeat(np.array(by_hour), STEPS // 24)
    if usual is None:
        return (tuple(weights / weights.sum()),)
    at = np.arange(STEPS) * (DAY / STEPS)
    rows = []
    for hours in usual:
        open_now = (at >= hours[0]) & (at < hours[1]) if hours else np.ones(STEPS, np.bool_)
        row = np.where(open_now, weights, 0.0)
        row = row if row.sum() else open_now.astype(float)
        rows.append(tuple(row / row.sum()))
    return tuple(rows)


def weekdays(ground: Ground, channel: str) -> NDArray[np.float64]:
    """[D] how busy each day is by its weekday and by what was closed before it."""
    demand = ground.inputs.demand
    weights = demand.weekday.get(Channel(channel)) or (1.0,) * 7
    by_weekday = np.array([weights[date.weekday()] for date in ground.dates])
    return by_weekday * np.where(ground.after_closing, demand.after_closing_days.value, 1.0)


def _open(ground: Ground, channel: str) -> NDArray[np.float64]:
    if channel == PHONE:
        return np.array([1.0 if hours else 0.0 for hours in ground.phone])
    return np.ones(len(ground.dates))


def normed(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of days [D] that add up to one; zeros stay zeros."""
    total = float(days.sum())
    result: NDArray[np.float64] = days / total if total else days
    return result


def waves_of(ground: Ground, service: str) -> NDArray[np.float64]:
    """How many times as many as in the mean of all days ask for a service on each day [D]; their mean is one."""
    factors = np.ones(len(ground.dates))
    for wave in ground.inputs.demand.waves:
        if wave.services and service not in wave.services:
            continue
        factors *= [wave.factor.value if date.month in wave.months else 1.0 for date in ground.dates]
    for one in ground.inputs.demand.new:
        if one.key == service:  # nobody comes for it before its day
            first, last = one.days(ground.inputs.first_day, ground.inputs.days)
            factors[:first], factors[last + 1 :] = 0.0, 0.0
    result: NDArray[np.float64] = factors / factors.mean()
    return result


def _catchment(ground: Ground) -> dict[str, float]:
    known = {c: ground.inputs.demand.catchment[c].value for c in ground.centres if c in ground.inputs.demand.catchment}
    if not known:
        known = {centre: 1.0 for centre in ground.centres if any(ground.open[IN_PERSON, centre])}
    total = sum(known.values()) or 1.0
    return {centre: known.get(centre, 0.0) / total for centre in ground.centres}


def _spread(ground: Ground, service: str) -> Spread:
    may_ring = Channel.PHONE in ground.services[service].channels and any(ground.phone)
    wave = waves_of(ground, service)
    key = tuple(wave), may_ring
    if key not in ground.spread:
        ground.spread[key] = _spread_of(ground, wave, may_ring)
    return ground.spread[key]


def _spread_of(ground: Ground, wave: NDArray[np.float64], may_ring: bool) -> Spread:
    """Where those go who would come in person.

    On a day when some centre is open, those whose own is closed come another day, go to the nearest that is open, or
    ring (where the service can be had by phone). Fewer wait for another day the fewer hours there are to come in: the
    share that does is multiplied by the hours their centre has left, of those of the one that is open longest
    (assumed). On a day when all are closed nobody sets out, and the other days have more.
    """
    behaviour, catchment = ground.inputs.behaviour, _catchment(ground)
    is_open = {c: np.array([bool(hours) for hours in ground.open[IN_PERSON, c]]) for c in ground.centres}
    minutes = {c: sum(hours[1] - hours[0] for hours in ground.open[IN_PERSON, c] if hours) for c in ground.centres}
    some = np.any(list(is_open.values()), axis=0)
    wished = normed(weekdays(ground, IN_PERSON) * some * wave)
    days = {centre: np.zeros(len(ground.dates)) for centre in ground.centres}
    ring = np.zeros(len(ground.dates))
    journeys: dict[tuple[str, str], float] = defaultdict(float)
    for centre in ground.centres:
        own = wished * catchment[centre]
        shut = own * (some & ~is_open[centre])
        other_days = normed(wished * is_open[centre])
        other = behaviour.displaced_other_day.value * minutes[centre] / max(minutes.values()) * other_days.any()
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
        ring = np.where(_open(ground, PHONE) > 0, ring, 0.0) * (ring.sum() / max(ring @ _open(ground, PHONE), 1e-300))
    return Spread(days, ring, dict(journeys))


def _nearest(ground: Ground, centre: str, is_open: dict[str, NDArray[np.bool_]]) -> dict[int, str]:
    """Day → the nearest centre that is open then; by the air, where the model says where they are."""
    others = sorted(
        (one for one in ground.centres if one != centre), key=lambda one: kilometres(ground.model, centre, one)
    )
    return {day: next((one for one in others if is_open[one][day]), centre) for day in range(len(ground.dates))}


def journeys(model: ServiceModel, inputs: Inputs) -> dict[tuple[str, str], float]:
    """(The centre people have nearest, where they go; "phone" where they ring instead) → in person a year."""
    ground = ground_of(model, inputs)
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (channel, service), volume in volumes_of(ground).items():
        if channel == IN_PERSON:
            for journey, share in _spread(ground, service).journeys.items():
                if goes_direct(ground, service, channel, journey[1]) is None:
                    found[journey] += volume * share * 365.0 / inputs.days
    return dict(found)


def kilometres(model: ServiceModel, one: str, other: str) -> float:
    """By the air between two centres; infinite where the model does not say where one of them is."""
    here, there = model.centres[one].place, model.centres[other].place
    return straight_km((here.latitude, here.longitude), (there.latitude, there.longitude))
