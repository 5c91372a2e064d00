"""The clock of the house: aware instants, and what day it is in Denmark.

Tests set it with `standing_at`; nothing else in the rooms reads the system's time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

DENMARK = ZoneInfo("Europe/Copenhagen")
_standing: ContextVar[dt.datetime | None] = ContextVar("standing", default=None)


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return _standing.get() or dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The calendar date in Denmark."""
    return now().astimezone(DENMARK).date()


def local_day(at: dt.datetime) -> dt.date:
    """The calendar date in Denmark of an aware instant."""
    return at.astimezone(DENMARK).date()


def day_bounds(day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Half-open instants [start, end) of a Danish calendar day; 23 or 25 hours apart when the clock is changed."""
    return (
        dt.datetime.combine(day, dt.time.min, tzinfo=DENMARK),
        dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=DENMARK),
    )


@contextmanager
def standing_at(at: dt.datetime) -> Iterator[None]:
    """Within the block `now()` is `at`. Raises ValueError for a naive instant."""
    if at.tzinfo is None:
        raise ValueError("an instant must say its time zone")
    token = _standing.set(at.astimezone(dt.UTC))
    try:
        yield
    finally:
        _standing.reset(token)
