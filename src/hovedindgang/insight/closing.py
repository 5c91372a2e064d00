"""The close of a month: from the model's day on its figures stand, and what changes them since is told beside them.

A kept row is `shown` on the board, and `current` if it is what a fresh count gives. Until the close every row is both.
When a day of a closed month is counted anew, what was shown stays, and the fresh rows are current alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncMonth

from hovedindgang.insight.measure import PROVISIONAL_DAYS
from hovedindgang.insight.models import ClosedMonth, ContactDay, Correction, KeptDay
from hovedindgang.insight.periods import end_of_month, start_of
from hovedindgang.kernel import clock
from hovedindgang.policy.queries import NoPolicyInForce, in_force

HEADLINE = ("judged", "solved", "matters_known", "matters_once")  # columns of ContactDay: both indicators

Days = set[dt.date]


class Why(StrEnum):
    """What happened to a day after its month was closed."""

    LATE_ENTRY = "late_entry"
    FOUND_WRONG = "found_wrong"
    REOPENED = "reopened"
    MERGED = "merged"  # or parted
    CAME_AGAIN = "came_again"  # about a matter of that day
    LINKED = "linked"  # with an earlier matter, or with a person
    ENDED = "ended"  # what was open has an outcome
    TIME = "time"  # a window or a promised day ran out
    NEW_VERSION = "new_version"  # adopted from a day that had passed
    MENDED = "mended"  # a registration was put right or taken away
    RECOUNTED = "recounted"  # nothing that we were told of: the definition itself


def ask_to_close() -> None:
    """Every month whose day has come is closed when its last marked day is counted. Safe to repeat."""
    kept = KeptDay.objects.annotate(month=TruncMonth("day")).order_by().values_list("month", flat=True).distinct()
    asked = set(ClosedMonth.objects.values_list("month", flat=True))
    due = [month for month in kept if month not in asked and closes_on(month) <= clock.today()]
    ClosedMonth.objects.bulk_create([ClosedMonth(month=month) for month in due], ignore_conflicts=True)


def closes_on(month: dt.date) -> dt.date:
    """The model's day after the month's last: from then on its figures stand."""
    last = end_of_month(month)
    try:
        said = in_force(last).model.parameters.provisional_days
    except NoPolicyInForce:
        said = None
    return last + dt.timedelta(days=said.value if said else PROVISIONAL_DAYS)


def close_asked() -> None:
    """Close the months that were asked for and have no day waiting to be counted."""
    for month in ClosedMonth.objects.filter(closed_at=None).order_by("month"):
        with transaction.atomic():
            days = KeptDay.objects.filter(day__range=(month.month, end_of_month(month.month)))
            if not any(day.dirty for day in days.select_for_update().order_by("day")):
                month.closed_at = clock.now()
                month.save()


def is_closed(day: dt.date) -> bool:
    """Whoever writes the day's figures asks while holding its lock."""
    return ClosedMonth.objects.filter(month=start_of("month", day), closed_at__isnull=False).exists()


def note_why(whys: Mapping[Why, Iterable[dt.date]]) -> None:
    """What happened to these days, of those in closed months; whether it changes a figure is seen when they are
    counted. Safe to repeat."""
    closed = set(ClosedMonth.objects.filter(closed_at__isnull=False).values_list("month", flat=True))
    rows = [
        Correction(day=day, why=why) for why, days in whys.items() for day in days if start_of("month", day) in closed
    ]
    Correction.objects.bulk_create(rows, ignore_conflicts=True)


Headline = dict[dt.date, tuple[int, ...]]


def headline(days: list[dt.date]) -> Headline:
    """Both indicators of these days as they were counted last."""
    rows = ContactDay.objects.filter(day__in=days, current=True).order_by().values_list("day")
    return {day: tuple(counts) for day, *counts in rows.annotate(**{f"sum_{name}": Sum(name) for name in HEADLINE})}


def settle_why(days: list[dt.date], before: Headline) -> None:
    """After a count: what was noted of a day explains its change, or is forgotten where nothing changed."""
    after = headline(days)
    changed = [day for day in days if before.get(day) != after.get(day)]
    noted = Correction.objects.filter(day__in=days, counted_at=None)
    explained = set(noted.values_list("day", flat=True))
    noted.filter(day__in=changed).update(counted_at=clock.now())
    noted.exclude(day__in=changed).delete()
    untold = [Correction(day=day, why=Why.RECOUNTED, counted_at=clock.now()) for day in changed if day not in explained]
    Correction.objects.bulk_create(untold, ignore_conflicts=True)
