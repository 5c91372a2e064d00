"""When a centre is open in a channel, and working days, from the model, the holidays and exceptional days.

All instants given and returned are aware; opening hours are local time in Denmark. A period
begins and ends when the clock on the wall first says so: a time that does not exist in spring is the jump
itself, and a time that comes twice in autumn is the first of the two.

Two times of one zone compare by the wall clock in Python, so everything here is compared in UTC.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from hovedindgang.servicemodel.document import Calendar, Centre, Channel, Period, ServiceModel
from hovedindgang.servicemodel.holidays import public_holidays

LOCAL = ZoneInfo("Europe/Copenhagen")
SEARCHED_DAYS = 400  # a centre that does not open within this many days has no next opening

# America/Argentina/Buenos_Aires is the longest there is. Python looks for a word as for a package within the one before
# it, and so many words in a row it can only fail to look for.
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}")

Instants = tuple[dt.datetime, dt.datetime]


def zone_named(name: str) -> ZoneInfo:
    """The time zone that the tz database calls so. Raises ValueError where there is none."""
    if _ZONE_NAME.fullmatch(name) is None:
        raise ValueError("no name of a time zone")
    try:
        return ZoneInfo(name)
    except (KeyError, OSError) as error:  # not there, or a folder of zones
        raise ValueError("no such time zone") from error


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """A day that is not as the model says: closed (illness, storm), or open in `periods` instead.

    `channel` None means all channels. An exceptional day wins over closing days and holidays too; the
    last one given for a centre, channel and day wins over earlier ones.
    """

    centre: str
    channel: Channel | None
    on: dt.date
    closed: bool
    periods: tuple[Period, ...] = ()


def is_open(
    model: ServiceModel,
    centre_key: str,
    channel: Channel,
    at: dt.datetime,
    *,
    exceptions: Iterable[ExceptionalDay] = (),
) -> bool:
    """Whether the centre is open in `channel` at the aware instant `at`: from opening, until before closing.

    Raises KeyError for an unknown centre, ValueError for a naive instant.
    """
    moment = _in_utc(at)
    day = moment.astimezone(LOCAL).date()
    periods = opening_periods(model, centre_key, channel, day, exceptions=exceptions)
    return any(start <= moment < end for start, end in periods)


def next_opening(
    model: ServiceModel,
    centre_key: str,
    channel: Channel,
    at: dt.datetime,
    *,
    exceptions: Iterable[ExceptionalDay] = (),
) -> dt.datetime | None:
    """The first instant from `at` on at which the centre is open: `at` itself (as local time) where it is open now.

    None where it does not open within `SEARCHED_DAYS` days. Raises as `is_open`.
    """
    moment = _in_utc(at)
    local = moment.astimezone(LOCAL)
    exceptions = tuple(exceptions)
    for ahead in range(SEARCHED_DAYS):
        day = local.date() + dt.timedelta(days=ahead)
        for start, end in opening_periods(model, centre_key, channel, day, exceptions=exceptions):
            if moment < end:
                return start if moment < start else local
    return None


def opening_periods(
    model: ServiceModel,
    centre_key: str,
    channel: Channel,
    day: dt.date,
    *,
    exceptions: Iterable[ExceptionalDay] = (),
) -> tuple[Instants, ...]:
    """The half-open periods of local `day` in which the centre is open in `channel`, in order, apart from each other.

    Raises KeyError for an unknown centre.
    """
    centre = model.centres[centre_key]
    exceptional = None
    for exception in exceptions:
        if exception.centre == centre_key and exception.on == day and exception.channel in (None, channel):
            exceptional = exception
    if exceptional is not None:
        periods = () if exceptional.closed else exceptional.periods
    else:
        periods = _usual_periods(model, centre, channel, day)
    return _joined([(_instant(day, period.opens), _instant(day, period.closes)) for period in periods])


def _usual_periods(model: ServiceModel, centre: Centre, channel: Channel, day: dt.date) -> tuple[Period, ...]:
    if (centre.valid_from and day < centre.valid_from) or (centre.valid_to and day >= centre.valid_to):
        return ()
    closes = closes_at(model.calendar, day)
    if closes == dt.time.min or any(closing.on == day for closing in centre.closing_days):
        return ()
    periods = centre.hours.get(channel, {}).get(day.weekday(), ())
    if closes is None:
        return tuple(periods)
    return tuple(Period(p.opens, min(p.closes, closes)) for p in periods if p.opens < closes)


def closes_at(calendar: Calendar, day: dt.date) -> dt.time | None:
    """When everything closes on `day` by the calendar: 00:00 is all day, None is an ordinary day."""
    if day in public_holidays(day.year) or any(closing.on == day for closing in calendar.closing_days):
        return dt.time.min
    said = {
        (6, 5): calendar.constitution_day,
        (12, 24): calendar.christmas_eve,
        (12, 31): calendar.new_years_eve,
    }.get((day.month, day.day), "open")
    if said == "open":
        return None
    return dt.time.min if said == "closed" else dt.time.fromisoformat(said)


def is_working_day(model: ServiceModel, day: dt.date) -> bool:
    """Monday to Friday, no public holiday, and not closed all day by the model's calendar.

    A day that closes early is a working day.
    """
    return day.weekday() < 5 and closes_at(model.calendar, day) != dt.time.min


def working_days_between(model: ServiceModel, start: dt.date, end: dt.date) -> int:
    """Number of working days in the half-open period [start, end); negative where `end` is before `start`.

    From a Monday to the next day is 1: the day something comes in is counted, the day it is answered is not.
    """
    if end < start:
        return -working_days_between(model, end, start)
    return sum(is_working_day(model, start + dt.timedelta(days=n)) for n in range((end - start).days))


def add_working_days(model: ServiceModel, day: dt.date, n: int) -> dt.date:
    """The `n`th working day after `day` (before it for a negative `n`); 0 gives `day`, or the next working day.

    This is how a deadline is counted: what comes in on Monday with one working day is due on Tuesday.
    """
    step = dt.timedelta(days=1 if n >= 0 else -1)
    if n == 0:
        while not is_working_day(model, day):
            day += step
    for _ in range(abs(n)):
        day += step
        while not is_working_day(model, day):
            day += step
    return day


@lru_cache(maxsize=4096)
def _instant(day: dt.date, clock: dt.time) -> dt.datetime:
    """The instant when the clock on the wall first shows `clock` on `day`, or jumps past it."""
    local = dt.datetime.combine(day, clock, LOCAL)
    exists = local.astimezone(dt.UTC).astimezone(LOCAL).replace(tzinfo=None) == local.replace(tzinfo=None)
    if exists:
        return local
    # In the gap of spring both folds are an hour off on either side; the jump lies where the offset changes.
    early, late = local.replace(fold=1), local.replace(fold=0)
    return _jump(early.astimezone(dt.UTC), late.astimezone(dt.UTC)).astimezone(LOCAL)


def _jump(before: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The minute in (before, after] from which the local offset is another than it was."""
    offset = before.astimezone(LOCAL).utcoffset()
    while before.astimezone(LOCAL).utcoffset() == offset and before < after:
        before += dt.timedelta(minutes=1)
    return before


def _joined(periods: list[Instants]) -> tuple[Instants, ...]:
    """`periods` in order; those that are empty fall away, those that touch or overlap become one."""
    joined: list[Instants] = []
    for start, end in sorted(((_in_utc(start), _in_utc(end)) for start, end in periods)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        elif start < end:
            joined.append((start, end))
    return tuple((start.astimezone(LOCAL), end.astimezone(LOCAL)) for start, end in joined)


def _in_utc(at: dt.datetime) -> dt.datetime:
    if at.tzinfo is None:
        raise ValueError("an instant must be aware: give it a time zone")
    return at.astimezone(dt.UTC)
