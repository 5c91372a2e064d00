"""Reads: the files, and the counts that other rooms set their own beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate

from hovedindgang.kernel.clock import DENMARK, day_bounds
from hovedindgang.registers.figures import POOLED, Handovers
from hovedindgang.registers.models import ImportedFile, LogStep, RecordedContact
from hovedindgang.registers.rules import Result

Counts = dict[tuple[object, ...], int]
_FIELDS = {
    "day": TruncDate("came_at", tzinfo=DENMARK),
    "hour": ExtractHour("came_at", tzinfo=DENMARK),
    "centre": F("centre_id"),
    "service": F("service_id"),
}
BY = ("day", "hour", "channel", "centre", "service", "queue", "kind", "system")


def arrivals(day_from: dt.date, day_to: dt.date, by: Sequence[str] = ("channel", "centre", "hour")) -> Counts:
    """Who was met, as other systems counted it: tickets called, calls answered, mails and messages received.

    Both days included, by the Danish day of arrival. Keys are the values of `by` in its order, from `BY`: day a
    date, hour 0 to 23, centre, service and queue a key or None/"". The denominator of completeness.
    """
    return _counted(day_from, day_to, by, Q(result=Result.ANSWERED))


def not_reached(day_from: dt.date, day_to: dt.date, by: Sequence[str] = ("channel", "centre", "hour")) -> Counts:
    """Who left the queue or hung up before anybody answered; days and keys as in `arrivals`."""
    return _counted(day_from, day_to, by, Q(result=Result.LEFT))


def _counted(day_from: dt.date, day_to: dt.date, by: Sequence[str], which: Q) -> Counts:
    return counted_among(RecordedContact.objects.filter(which), day_from, day_to, by)


def counted_among(records: QuerySet[RecordedContact], day_from: dt.date, day_to: dt.date, by: Sequence[str]) -> Counts:
    """How many of `records` came on these days; days and keys as in `arrivals`."""
    unknown = set(by) - set(BY)
    if unknown:
        raise ValueError(f"cannot count by {sorted(unknown)}; use some of {BY}")
    start, end = day_bounds(day_from)[0], day_bounds(day_to)[1]
    rows = records.filter(came_at__gte=start, came_at__lt=end)
    if not by:
        return {(): number} if (number := rows.count()) else {}
    named = {f"by_{name}": _FIELDS.get(name, F(name)) for name in by}
    counted = rows.annotate(**named).values_list(*named).annotate(number=Count("pk")).order_by()
    return {tuple(values): number for *values, number in counted}


def files() -> QuerySet[ImportedFile]:
    """Every file read in, newest first."""
    return ImportedFile.objects.order_by("-imported_at", "-pk")


def imported_file(file_id: int) -> ImportedFile | None:
    return ImportedFile.objects.filter(pk=file_id).first()


def cases_in(file_id: int) -> int:
    """Cases of an imported log."""
    return LogStep.objects.filter(file=file_id, position=0).count()


_MOVES = """
WITH known AS (
    SELECT {case} AS in_case, {position} AS place, {group} AS raw,
           CASE WHEN {group} IN ({pooled}) THEN %s ELSE {group} END AS shown
    FROM {table} WHERE file_id = %s AND {group} <> ''
), moves AS (
    SELECT in_case, shown AS taker, raw,
           LAG(shown) OVER (PARTITION BY in_case ORDER BY place) AS giver,
           LAG(raw) OVER (PARTITION BY in_case ORDER BY place) AS raw_before
    FROM known
)
"""
_PAIRS = (
    "SELECT giver, taker, COUNT(*), COUNT(DISTINCT in_case) FROM moves "
    "WHERE raw_before <> raw GROUP BY giver, taker ORDER BY 3 DESC, 1, 2"
)
_PER_CASE = (
    "SELECT moved, COUNT(*) FROM (SELECT in_case, SUM(CASE WHEN raw_before <> raw THEN 1 ELSE 0 END) AS moved "
    "FROM moves GROUP BY in_case) AS cases GROUP BY moved ORDER BY moved"
)


_CHANGES = """
SELECT COUNT(*) FROM (
    SELECT {group} AS raw, LAG({group}) OVER (PARTITION BY {case} ORDER BY {position}) AS raw_before
    FROM {table} WHERE file_id = %s
) AS steps WHERE raw_before <> raw
"""


def handovers_between_groups(file_id: int) -> Handovers:
    """Who handed over to whom in an imported log, counted by the database; its paths are left empty.

    Groups with too few employees stand as `figures.POOLED`. Raises KeyError if there is no such log.
    """
    file = ImportedFile.objects.filter(pk=file_id).first()
    if file is None or not file.is_log:
        raise KeyError(file_id)
    quote, pool = connection.ops.quote_name, list(file.pooled) or [POOLED]
    names = {name: quote(name) for name in ("case", "position", "group")} | {"table": quote(LogStep._meta.db_table)}
    moves = _MOVES.format(pooled=", ".join(["%s"] * len(pool)), **names)
    values = [*pool, POOLED, file.pk]
    with connection.cursor() as cursor:
        cursor.execute(moves + _PAIRS, values)
        pairs = cursor.fetchall()
        cursor.execute(moves + _PER_CASE, values)
        per_case = {int(moved): cases for moved, cases in cursor.fetchall()}
        cursor.execute(_CHANGES.format(**names), [file.pk])
        (changes,) = cursor.fetchone()
    return Handovers(
        pairs={(giver, taker): number for giver, taker, number, _cases in pairs},
        cases={(giver, taker): cases for giver, taker, _number, cases in pairs},
        per_case=per_case,
        never_left=per_case.get(0, 0),
        steps_without_group=LogStep.objects.filter(file=file, group="").count(),
        if_unknown_were_a_group=changes,
        paths=[],
    )
