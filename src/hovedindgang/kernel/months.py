"""Forgetting the logs: a whole month at a time, after its retention, by one deed.

Nothing else can take a row out of them: to write a `DroppedMonth` is to drop that month, within the statement that
writes it, and a trigger lets nobody write one before its time, for a month that is not wholly sealed, or while a
delivery of it is undone. A seal and its counts stay.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import DroppedMonth, Log

DROPPED = "log.month_dropped"
# The least that the database itself allows, whatever is asked for: months that have wholly passed.
LEAST_MONTHS = {Log.EVENTS: 12, Log.LOOK_UPS: 6}
_TABLES = {Log.EVENTS: ("kernel_event", "recorded_at"), Log.LOOK_UPS: ("kernel_lookup", "at")}


class MayNotDrop(Exception):
    """The month stays; `why` is a word of `WHY`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


WHY = ("not_a_month", "too_early", "not_sealed", "undelivered", "breach", "dropped_before", "tampered")


def kept_months(log: Log) -> int:
    """How many months that have wholly passed are kept."""
    asked = {Log.EVENTS: settings.LOG_MONTHS, Log.LOOK_UPS: settings.LOOK_UP_MONTHS}[log]
    return max(int(asked), LEAST_MONTHS[log])


def last_droppable(log: Log) -> str:
    """The latest month that may be dropped today, as "2026-03"."""
    today = clock.now()
    months = today.year * 12 + today.month - 1 - kept_months(log) - 1
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def droppable(log: Log) -> list[str]:
    """Months with rows whose retention is over, the oldest first."""
    table, at = _TABLES[log]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {month_sql(at)} FROM {table}")  # noqa: S608
        return sorted(month for (month,) in cursor.fetchall() if month <= last_droppable(log))


def dropped_between(log: Log, *, since: dt.datetime, until: dt.datetime) -> list[str]:
    """The months of the half-open period whose rows are gone, so that a list from that log is not whole."""
    first, last = (f"{at.astimezone(dt.UTC):%Y-%m}" for at in (since, until - dt.timedelta(microseconds=1)))
    rows = DroppedMonth.objects.filter(log=log, month__gte=first, month__lte=last)
    return list(rows.order_by("month").values_list("month", flat=True))


def month_sql(column: str) -> str:
    """The month, in UTC, of an instant: "2026-03"."""
    if connection.vendor == "postgresql":
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM')"
    return f"substr({column}, 1, 7)"


@transaction.atomic
def drop_month(*, actor: Actor, log: Log, month: str) -> DroppedMonth:
    """Drop one month of a log, whole; one event tells how many rows it had. Raises MayNotDrop.

    Whoever drops a month of events verifies the seals first (`kernel.verifying`), as the command does: what was
    changed in it cannot be seen afterwards.
    """
    _check(log, month)
    table, at = _TABLES[log]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE {month_sql(at)} = %s", [month])  # noqa: S608
        rows = cursor.fetchone()[0]
    deed = append_event(
        verb=DROPPED, actor=actor, subject_kind="log_month", subject_id=month, facts={"log": log.value, "rows": rows}
    )
    try:
        with transaction.atomic():
            return DroppedMonth.objects.create(log=log, month=month, rows=rows, deed=deed.pk)
    except DatabaseError as refused:
        why = next((why for why in WHY if f"month stays: {why}" in str(refused)), None)
        if why is None:
            raise
        raise MayNotDrop(why) from refused


def _check(log: Log, month: str) -> None:
    try:
        dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise MayNotDrop("not_a_month") from None
    if month > last_droppable(log):
        raise MayNotDrop("too_early")
    if DroppedMonth.objects.filter(log=log, month=month).exists():
        raise MayNotDrop("dropped_before")
