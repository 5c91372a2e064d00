"""Who comes: how many by which channel to which centre, on which day and when, and where they go when it is shut."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache

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
    Spread,
    ground_of,
    minutes_of,
)
from hovedindgang.planning.service.inputs import APPOINTMENT, ASSISTED, Appointments, Inputs
from hovedindgang.planning.service.moving import Moved, after_moves, has_channel
from hovedindgang.planning.simulation.chance import stream_of
from hovedindgang.planning.simulation.scenario import Arrivals, ByDate, Days, Periods, each_day
from hovedindgang.servicemodel.document import Channel, Service, ServiceModel

APART = (APPOINTMENT, ASSISTED)


def volumes_of(ground: Ground) -> dict[tuple[str, str], float]:
    """Contacts a year, by channel (or self-service) and service, after what is moved between channels."""
    return moves_of(ground)[0]


def moves_of(ground: Ground) -> tuple[dict[tuple[str, str], float], tuple[Moved, ...]]:
    """The volumes after the moves, and what each move came to, a year."""
    demand = ground.inputs.demand
    return after_moves(_before_moves(ground), ground.services, demand.weights, demand.moves)


def _before_moves(ground: Ground) -> dict[tuple[str, str], float]:
    demand = ground.inputs.demand
    volumes: dict[tuple[str, str], float] = {}
    new = {one.key: one for one in demand.new}
    for channel in (IN_PERSON, PHONE, *FILL_IN):
        figure = demand.contacts_per_year.get(Channel(channel))
        asked = {key: one for key, one in ground.services.items() if key not in new and comes_by(ground, channel, one)}
        for key, share in _shares(ground, channel, asked).items():
            if figure:
                volumes[channel, key] = figure.value * share * demand.grown.get(key, 1.0)
    for key, one in new.items():
        for channel, share in one.shares(demand).items():
            volumes[channel, key] = one.contacts * share
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
    days = {centre: float(_at_centre(ground, service, centre).sum()) for centre in ground.centres}
    return {centre: one / sum(days.values()) for centre, one in days.items() if one}


def _at_centre(ground: Ground, service: str, centre: str) -> NDArray[np.float64]:
    """[D] of a year's contacts in person the share that comes to the centre on each day that is simulated."""
    return _since(ground, service) * cut_out(ground, lambda year: _spread(year, service).centres[centre])


def _ringing(ground: Ground, service: str) -> NDArray[np.float64]:
    """[D] of a year's contacts in person the share that rings on each day that is simulated, for a door was closed."""
    return _since(ground, service) * cut_out(ground, lambda year: _spread(year, service).ring)


def from_closed_doors(
    ground: Ground, channel: str, service: str, centre: str | None, volumes: dict[tuple[str, str], float]
) -> float:
    """Of those who come to a centre, or ring, for a service: the share that found their own centre closed that day."""
    if channel not in (IN_PERSON, PHONE) or not volumes.get((IN_PERSON, service)):
        return 0.0
    if channel == PHONE:
        ring = volumes[IN_PERSON, service] * float(_ringing(ground, service).sum())
        others = float(simulated_days(ground, PHONE, service).sum())
        return ring / (ring + others * volumes.get((PHONE, service), 0.0)) if ring else 0.0
    here = {origin: share for (origin, to), share in _journeys(ground, service).items() if to == centre}
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
    volume = volumes[channel, service]
    if channel == IN_PERSON:
        for centre in ground.centres:
            days = _at_centre(ground, service, centre)
            if days.any():
                walk_in = volume * days * (1 - sum(share_apart(ground, kind, service, centre) for kind in APART))
                yield centre, arrivals_of(ground, channel, walk_in, centre)
        return
    per_day = volume * simulated_days(ground, channel, service)
    if channel == PHONE:
        per_day = per_day + volumes.get((IN_PERSON, service), 0.0) * _ringing(ground, service)
    yield None, arrivals_of(ground, channel, per_day)


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
    stays = sum(share for (_origin, to), share in _journeys(ground, service).items() if to != PHONE) or 1.0
    for centre in ground.centres:
        days = _at_centre(ground, service, centre)
        per_day = days * (usual * share_apart(ground, channel, service, centre) + moved / stays)
        if not per_day.any():
            continue
        yield (
            centre,
            booked(ground, service, centre, per_day)
            if channel == APPOINTMENT
            else arrivals_of(ground, IN_PERSON, per_day, centre),
        )


def booked(ground: Ground, service: str, centre: str, per_day: NDArray[np.float64]) -> Arrivals:
    """So many met a day [D] at booked times; the first of each service at another moment than those of the others."""
    stay_away = (ground.inputs.appointments or Appointments()).no_show.value
    return Arrivals(
        per_day=ByDate(float(x) for x in per_day / (1 - stay_away)),
        shape=ByDate(_shape_of((1.0,) * 24, periods, 1.0) for periods in ground.open[IN_PERSON, centre]),
        shared=APPOINTMENT,
        evenly=True,
        no_show=stay_away,
        first=int(stream_of(APPOINTMENT, service, centre)) % 10_000 / 10_000,
    )


def cut_out(ground: Ground, of_year: Callable[[Ground], NDArray[np.float64]]) -> NDArray[np.float64]:
    """[D] on the days that are simulated, of what was worked out for each whole year around them."""
    whole = np.concatenate([of_year(year) for year in ground.years])
    since = (ground.dates[0] - ground.years[0].dates[0]).days
    return whole[since : since + len(ground.dates)]


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


def simulated_days(ground: Ground, channel: str, service: str) -> NDArray[np.float64]:
    """[D] of a year's contacts by a channel about a service the share on each day that is simulated."""
    if channel in (IN_PERSON, *APART):
        centres = [_at_centre(ground, service, centre) for centre in ground.centres]
        found: NDArray[np.float64] = np.sum([*centres, _ringing(ground, service)], axis=0)
        return found
    by = Channel.DIGITAL.value if channel == SELF_SERVICE else channel
    return _since(ground, service) * cut_out(ground, lambda year: days_of(year, by, service))


def _since(ground: Ground, service: str) -> NDArray[np.float64]:
    """[D] 1, but 0 on the days before a new service is there."""
    there = np.ones(len(ground.dates))
    for one in ground.inputs.demand.new:
        if one.key == service:
            first, last = one.days(ground.inputs.first_day, ground.inputs.days)
            there[:first], there[last + 1 :] = 0.0, 0.0
    return there


def days_of(year: Ground, channel: str, service: str) -> NDArray[np.float64]:
    """Of a year's contacts about a service, not in person, the share on each day."""
    return normed(_wished(year, channel, year.phone if channel == PHONE else None) * waves_of(year, service))


def arrivals_of(ground: Ground, channel: str, per_day: NDArray[np.float64], centre: str | None = None) -> Arrivals:
    """So many a day [D], with the shape of the channel over the hours that it is open."""
    demand = ground.inputs.demand
    return Arrivals(
        per_day=ByDate(per_day.tolist()),
        shape=_shape(ground, channel, centre),
        day_cv=demand.day_cv.value,
        shared=channel,
    )


def in_hours(ground: Ground, channel: str, arrivals: Arrivals, hours: tuple[Periods, ...]) -> Arrivals:
    """The same people in other hours: those of a day that is shut come on the others. Raises where all are.

    Who had booked a time has none there; who stayed away and booked again comes once.
    """
    per_day = np.array(arrivals.per_day) * (1 - arrivals.no_show)
    is_open = np.array([bool(periods) for periods in hours])
    if per_day.any() and not (per_day * is_open).any():
        raise CannotPlan(
            _("Fagforvaltningen har ingen arbejdsdage i perioden."), cure=_("Vælg en periode med arbejdsdage.")
        )
    in_these = arrivals_of(ground, channel, normed(per_day * is_open) * per_day.sum())
    return dataclasses.replace(in_these, shape=_shape_in(ground, channel, hours))


def _shape(ground: Ground, channel: str, centre: str | None) -> Days[tuple[float, ...]]:
    """For each day the share of it in each quarter of an hour; while it is shut nobody comes."""
    key = "shape", channel, centre
    if key not in ground.known:
        hours = ground.phone if channel == PHONE else ground.open[channel, centre] if centre else None
        ground.known[key] = _shape_in(ground, channel, hours)
    shape: Days[tuple[float, ...]] = ground.known[key]
    return shape


def _shape_in(ground: Ground, channel: str, hours: tuple[Periods, ...] | None) -> Days[tuple[float, ...]]:
    by_hour = tuple(ground.inputs.demand.hour.get(Channel(channel)) or (1.0,) * 24)
    new = ground.inputs.behaviour.newly_opened.value
    if hours is None:
        return each_day(_shape_of(by_hour, (), new))
    return ByDate(_shape_of(by_hour, periods, new) for periods in hours)


@lru_cache(maxsize=512)
def _shape_of(by_hour: tuple[float, ...], periods: Periods, new: float) -> tuple[float, ...]:
    """While it is open, and on a day without hours all of it. In open hours in which nobody was known to come, because
    it was shut, come `new` times as many as in the others."""
    weights = np.repeat(np.array(by_hour), STEPS // 24)
    at = np.arange(STEPS) * (DAY / STEPS)
    if periods:
        open_now = np.any([(at >= opens) & (at < closes) for opens, closes in periods], axis=0)
        usual = weights[open_now & (weights > 0)]
        others = new * usual.mean() if len(usual) else 1.0
        weights = np.where(open_now, np.where(weights > 0, weights, others), 0.0)
    total = weights.sum()
    return tuple(weights / total) if total else (1.0,)


def weekdays(ground: Ground, channel: str) -> NDArray[np.float64]:
    """[D] how busy each day is by its weekday and by what was closed before it."""
    key = "weekdays", channel
    if key not in ground.known:
        demand = ground.inputs.demand
        weights = demand.weekday.get(Channel(channel)) or (1.0,) * 7
        by_weekday = np.array([weights[date.weekday()] for date in ground.dates])
        after = np.where(ground.after_closing, demand.after_closing_days.value, 1.0)
        ground.known[key] = by_weekday * after
    weighed: NDArray[np.float64] = ground.known[key]
    return weighed


def _wished(ground: Ground, channel: str, hours: tuple[Periods, ...] | None) -> NDArray[np.float64]:
    """[D] how many would come on each day of those on which it is open (None: on all).

    On a weekday that has no weight nobody was known to come, for it was shut. Where it is open now, so many come as an
    open hour has on the other days, times an assumed share (`newly_opened`); they come instead of on those days.
    """
    days = weekdays(ground, channel)
    if hours is None:
        return days
    key = "wished", channel, hours
    if key not in ground.known:
        ground.known[key] = _where_open(ground, channel, days, hours)
    wished: NDArray[np.float64] = ground.known[key]
    return wished


def _where_open(
    ground: Ground, channel: str, days: NDArray[np.float64], hours: tuple[Periods, ...]
) -> NDArray[np.float64]:
    minutes = np.array([minutes_of(periods) for periods in hours])
    new, usual = (days == 0) & (minutes > 0), (days > 0) & (minutes > 0)
    if new.any():
        times = ground.inputs.behaviour.newly_opened.value
        each_minute = days[usual].sum() / minutes[usual].sum() if usual.any() else 1.0 / minutes[new].mean()
        days = np.where(new, times * each_minute * minutes, days)
    return days if channel == IN_PERSON else np.where(minutes > 0, days, 0.0)


def normed(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of days [D] that add up to one; zeros stay zeros."""
    total = float(days.sum())
    result: NDArray[np.float64] = days / total if total else days
    return result


def waves_of(ground: Ground, service: str) -> NDArray[np.float64]:
    """How many times as many as in other months ask for a service on each day [D]."""
    waves = [at for at, one in enumerate(ground.inputs.demand.waves) if not one.services or service in one.services]
    key = "waves", *waves
    if key not in ground.known:
        months, factors = np.array([date.month for date in ground.dates]), np.ones(len(ground.dates))
        for at in waves:
            wave = ground.inputs.demand.waves[at]
            factors *= np.where(np.isin(months, wave.months), wave.factor.value, 1.0)
        ground.known[key] = factors
    found: NDArray[np.float64] = ground.known[key]
    return found


def _catchment(ground: Ground) -> dict[str, float]:
    known = {c: ground.inputs.demand.catchment[c].value for c in ground.centres if c in ground.inputs.demand.catchment}
    if not known:
        known = {centre: 1.0 for centre in ground.centres if any(ground.open[IN_PERSON, centre])}
    total = sum(known.values()) or 1.0
    return {centre: known.get(centre, 0.0) / total for centre in ground.centres}


def _spread(ground: Ground, service: str) -> Spread:
    may_ring = Channel.PHONE in ground.services[service].channels and any(ground.phone)
    wave = waves_of(ground, service)
    key = "spread", id(wave), may_ring  # each wave is kept, once
    if key not in ground.known:
        ground.known[key] = _spread_of(ground, wave, may_ring)
    spread: Spread = ground.known[key]
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
    is_open = {c: np.array([bool(periods) for periods in hours[c]]) for c in ground.centres}
    minutes = {c: sum(map(minutes_of, hours[c])) for c in ground.centres}
    some, longest = np.any(list(is_open.values()), axis=0), max(minutes.values()) or 1.0
    days = {centre: np.zeros(len(ground.dates)) for centre in ground.centres}
    ring = np.zeros(len(ground.dates))
    journeys: dict[tuple[str, str], float] = defaultdict(float)
    for centre in ground.centres:
        wished = normed(_wished(ground, IN_PERSON, hours[centre]) * some * wave)
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


def _journeys(ground: Ground, service: str) -> dict[tuple[str, str], float]:
    """As of the years around, each by how much of it is simulated."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for year in ground.years:
        simulated = ground.share_of(year.dates[0].year)
        for journey, share in _spread(year, service).journeys.items():
            found[journey] += share * simulated
    return found


def journeys(model: ServiceModel, inputs: Inputs) -> dict[tuple[str, str], float]:
    """(The centre people have nearest, where they go; "phone" where they ring instead) → in person a year."""
    ground = ground_of(model, inputs)
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (channel, service), volume in volumes_of(ground).items():
        if channel == IN_PERSON:
            for journey, share in _journeys(ground, service).items():
                if goes_direct(ground, service, channel, journey[1]) is None:
                    found[journey] += volume * share
    return dict(found)


def kilometres(model: ServiceModel, one: str, other: str) -> float:
    """By the air between two centres; infinite where the model does not say where one of them is."""
    here, there = model.centres[one].place, model.centres[other].place
    return straight_km((here.latitude, here.longitude), (there.latitude, there.longitude))
