"""What is known of a day before it comes: its weekday, its place in month and year, and what was closed before it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hovedindgang.servicemodel.holidays import public_holidays

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """One row for each day.

    `opened`: its number in the row of open days. `backlog`: 1 after a weekend or a public holiday, which are sure to
    have been closed (a day that is only missing may be missing figures). `after_closing`: 1 where the weekday before
    it, usually open, is not there. `holiday`: 1 on a public holiday that is open. Phases run from 0 to 1.
    """

    ordinal: Floats
    opened: Floats
    weekday: NDArray[np.int64]
    backlog: Floats
    after_closing: Floats
    holiday: Floats
    month_phase: Floats
    year_phase: Floats

    def rows(self, which: slice | NDArray[np.int64]) -> Features:
        return Features(
            ordinal=self.ordinal[which],
            opened=self.opened[which],
            weekday=self.weekday[which],
            backlog=self.backlog[which],
            after_closing=self.after_closing[which],
            holiday=self.holiday[which],
            month_phase=self.month_phase[which],
            year_phase=self.year_phase[which],
        )


def features(
    past: Sequence[dt.date],
    asked: Sequence[dt.date],
    usual: frozenset[int],
    *,
    closed: Iterable[dt.date] = (),
    danish: bool = False,
) -> Features:
    """Features of the days of the `past` and, after them, of those `asked` about; each in order.

    A usual weekday that is not in the past was closed. After the past it is open, but for those in `closed` and, with
    `danish`, public holidays.
    """
    there, shut = set(past), set(closed)

    def was_closed(day: dt.date) -> bool:
        if day in there:
            return False
        return past[0] <= day <= past[-1] or day in shut or (danish and day in public_holidays(day.year))

    days, opened, after, backlog = [*past, *asked], list[float](), list[float](), list[float]()
    for place, day in enumerate(days):
        before = _usual_before(day, usual)
        after.append(float(was_closed(before)))
        yesterday = day - dt.timedelta(days=1)
        feast = danish and yesterday in public_holidays(yesterday.year) and was_closed(yesterday)
        backlog.append(float(feast or yesterday.weekday() not in usual))
        opened.append(
            float(place) if place < len(past) else opened[-1] + _open_since(days[place - 1], day, usual, shut)
        )
    return Features(
        ordinal=np.array([day.toordinal() for day in days], dtype=np.float64),
        opened=np.array(opened),
        weekday=np.array([day.weekday() for day in days], dtype=np.int64),
        backlog=np.array(backlog),
        after_closing=np.array(after),
        holiday=np.array([float(danish and day in public_holidays(day.year)) for day in days]),
        month_phase=np.array([(day.day - 0.5) / calendar.monthrange(day.year, day.month)[1] for day in days]),
        year_phase=np.array([day.timetuple().tm_yday / 365.25 for day in days]),
    )


def _usual_before(day: dt.date, usual: frozenset[int]) -> dt.date:
    before = day - dt.timedelta(days=1)
    while usual and before.weekday() not in usual:
        before -= dt.timedelta(days=1)
    return before


def _open_since(before: dt.date, day: dt.date, usual: frozenset[int], shut: set[dt.date]) -> int:
    """Open days after `before` up to `day`, at least one."""
    between = [before + dt.timedelta(days=step) for step in range(1, (day - before).days)]
    return 1 + sum(one.weekday() in usual and one not in shut for one in between)
