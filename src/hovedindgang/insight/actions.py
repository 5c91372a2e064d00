"""Deeds of the measure: say that days must be counted anew, and count them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from itertools import groupby

from django.db import connection, transaction

from hovedindgang.insight import closing, counting
from hovedindgang.insight.models import KeptDay
from hovedindgang.insight.rules import Counting
from hovedindgang.kernel import clock
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Parameters

DAYS_COUNTED_ANYHOW = 7  # more days than the worker usually has: worth a look at how large the tables have become
# Days in one transaction. SQLite has one writer, and the desk must not wait for a month to be counted.
DAYS_AT_ONCE = {"postgresql": 31, "sqlite": 4}
PAUSE_SECONDS = {"postgresql": 0.0, "sqlite": 0.3}  # who waits for SQLite asks again each tenth of a second


def mark_days(*, days: Iterable[dt.date]) -> None:
    """These days' figures are counted anew at the next `recompute_marked`; a day that has none gets a row."""
    rows = [KeptDay(day=day, dirty=True) for day in sorted(set(days))]
    KeptDay.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day"], update_fields=["dirty"])


def recompute_marked() -> int:
    """Count every marked day anew; gives how many. Then close the months whose day has come. The worker's job each
    minute."""
    marked = KeptDay.objects.filter(dirty=True).values_list("day", flat=True)
    done = recompute_days(days=marked, pause_seconds=PAUSE_SECONDS[connection.vendor])
    closing.close_asked()
    return done


def recompute_days(*, days: Iterable[dt.date], pause_seconds: float = 0.0) -> int:
    """Count these days anew from contacts, each by the version that was in force on it; gives how many.

    Days that follow each other under one version are counted set-based, in one transaction for each run of them.
    Two who count the same day wait for each other. Safe to repeat. `pause_seconds` between the runs lets others write.
    """
    done = 0
    chosen = sorted(set(days))
    if len(chosen) > DAYS_COUNTED_ANYHOW:
        counting.look_at_the_tables()
    for batch in batches(days=chosen):
        if done and pause_seconds:
            time.sleep(pause_seconds)
        with transaction.atomic():
            _recompute(batch)
        done += len(batch)
    return done


def batches(*, days: Sequence[dt.date]) -> list[list[dt.date]]:
    """Runs of days without a gap, of one month, under one version, at most `DAYS_AT_ONCE` long."""
    at_most = DAYS_AT_ONCE[connection.vendor]
    runs: list[list[dt.date]] = []
    for _alike, group in groupby(days, key=lambda day: (_version_of(day)[0], day.year, day.month)):
        last: dt.date | None = None  # the first day of a version or a month never continues another's run
        for day in group:
            follows = last is not None and day == last + dt.timedelta(days=1) and len(runs[-1]) < at_most
            if follows:
                runs[-1].append(day)
            else:
                runs.append([day])
            last = day
    return runs


def _version_of(day: dt.date) -> tuple[int | None, Parameters]:
    try:
        policy = in_force(day)
    except NoPolicyInForce:
        return None, Parameters()  # contacts imported from before the first adoption
    return policy.version_id, policy.model.parameters


def _recompute(days: list[dt.date]) -> None:
    version_id, parameters = _version_of(days[0])
    as_of = clock.today()
    KeptDay.objects.bulk_create([KeptDay(day=day) for day in days], ignore_conflicts=True)
    list(KeptDay.objects.select_for_update().filter(day__in=days).order_by("day"))
    closed = closing.is_closed(days[0])
    before = closing.headline(days) if closed else {}
    with connection.cursor() as cursor:
        counting.count_days(cursor, days[0], days[-1], Counting.by(parameters, as_of), closed=closed)
    if closed:
        closing.settle_why(days, before)
    KeptDay.objects.filter(day__in=days).update(dirty=False, counted_at=clock.now(), as_of=as_of, version_id=version_id)
