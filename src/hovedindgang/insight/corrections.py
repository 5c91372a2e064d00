"""What the headline of closed months would be today, and why it is another than at the close."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import F, Sum

from hovedindgang.insight.closing import HEADLINE, Why
from hovedindgang.insight.models import ClosedMonth, ContactDay, Correction, KeptDay
from hovedindgang.insight.periods import Period, end_of_month
from hovedindgang.insight.rates import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Both indicators of a period as a fresh count gives them, and on how many days something changed them."""

    a: Rate
    b: Rate
    why: dict[Why, int]


def days_corrected(period: Period) -> set[dt.date]:
    """Days of closed months whose headline would be another today."""
    rows = ContactDay.objects.filter(day__range=(period.first, period.last)).exclude(shown=F("current"))
    found = rows.order_by().values_list("day", "current").annotate(**{f"sum_{name}": Sum(name) for name in HEADLINE})
    counted = {(day, current): counts for day, current, *counts in found}
    nothing = [0] * len(HEADLINE)
    return {day for day, _ in counted if counted.get((day, True), nothing) != counted.get((day, False), nothing)}


def reasons(days: set[dt.date]) -> dict[Why, int]:
    """What happened to them, by on how many days; the most frequent first."""
    told = Correction.objects.filter(day__in=days, counted_at__isnull=False)
    return {Why(why): number for why, number in Counter(told.values_list("why", flat=True)).most_common()}


def closed_months(period: Period) -> tuple[dt.date | None, bool]:
    """Up to which day the figures of the period stand (None: none of them do yet), and whether all counted ones do."""
    counted = KeptDay.objects.filter(day__range=(period.first, period.last)).dates("day", "month")
    closed = set(ClosedMonth.objects.filter(closed_at__isnull=False).values_list("month", flat=True))
    until: dt.date | None = None
    for month in counted:
        if month not in closed:
            return until, False
        until = min(end_of_month(month), period.last)
    return until, True
