"""Who comes, as the engine has it: so many on each day, and the hours of the day at which they do."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.language import gettext as _
from hovedindgang.planning.problems import CannotPlan
from hovedindgang.planning.service.coming.busy import normed
from hovedindgang.planning.service.coming.days import APART, at_centre, ringing, simulated_days
from hovedindgang.planning.service.coming.doors import journeys_of
from hovedindgang.planning.service.dividing import goes_direct
from hovedindgang.planning.service.ground import DAY, IN_PERSON, PHONE, STEPS, Ground
from hovedindgang.planning.service.inputs import APPOINTMENT, Appointments
from hovedindgang.planning.simulation.chance import stream_of
from hovedindgang.planning.simulation.scenario import Arrivals, ByDate, Days, Periods, each_day
from hovedindgang.servicemodel.document import Channel


def arrivals_of_service(
    ground: Ground, channel: str, service: str, volumes: dict[tuple[str, str], float]
) -> Iterator[tuple[str | None, Arrivals]]:
    """Of one service in one channel: for each centre (in person), or for all of them."""
    volume = volumes[channel, service]
    if channel == IN_PERSON:
        for centre in ground.centres:
            days = at_centre(ground, service, centre)
            if days.any():
                walk_in = volume * days * (1 - sum(share_apart(ground, kind, service, centre) for kind in APART))
                yield centre, arrivals_of(ground, channel, walk_in, centre)
        return
    per_day = volume * simulated_days(ground, channel, service)
    if channel == PHONE:
        per_day = per_day + volumes.get((IN_PERSON, service), 0.0) * ringing(ground, service)
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
    stays = sum(share for (_origin, to), share in journeys_of(ground, service).items() if to != PHONE) or 1.0
    for centre in ground.centres:
        days = at_centre(ground, service, centre)
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
