"""How busy each day is: by its weekday, by what was closed before it, and by the waves of the year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hovedindgang.planning.service.ground import IN_PERSON, Ground, minutes_of
from hovedindgang.planning.simulation.scenario import Periods
from hovedindgang.servicemodel.document import Channel


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


def wished_days(ground: Ground, channel: str, hours: tuple[Periods, ...] | None) -> NDArray[np.float64]:
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
    known = ground.known
    if (own := ("wave", service)) not in known:
        waves = [at for at, one in enumerate(ground.inputs.demand.waves) if not one.services or service in one.services]
        if (key := ("waves", *waves)) not in known:  # the same for many services, and kept once
            months, factors = np.array([date.month for date in ground.dates]), np.ones(len(ground.dates))
            for at in waves:
                wave = ground.inputs.demand.waves[at]
                factors *= np.where(np.isin(months, wave.months), wave.factor.value, 1.0)
            known[key] = factors
        known[own] = known[key]
    found: NDArray[np.float64] = known[own]
    return found
