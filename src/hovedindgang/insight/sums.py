"""Add the kept figures up: every row the board is made of, in as few queries as can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth, TruncWeek

from hovedindgang.contacts.models import Enquiry, Handover
from hovedindgang.contacts.rules import OPEN_HANDOVER, HandoverState, Outcome
from hovedindgang.insight.figures import CONTACT_FIGURES, ENQUIRY_FIGURES, MATTER_FIGURES, TALLY_FIGURES
from hovedindgang.insight.missing import COUNTED_BY_HOUR
from hovedindgang.insight.models import (
    AvoidableDay,
    ContactDay,
    EnquiryDay,
    HandCount,
    HourDay,
    KeptDay,
    StaffMonth,
)
from hovedindgang.insight.periods import Period
from hovedindgang.insight.verdicts import words
from hovedindgang.policy.queries import adopted_versions

Row = dict[str, Any]
# A version before the first adoption has no number.
NO_VERSION = 0


def contact_rows(period: Period) -> list[Row]:
    """Contacts by bucket of time, version, centre and channel; in closed months as they were at the close."""
    return _contact_rows(period, ContactDay.objects.filter(shown=True))


def contact_rows_now(period: Period) -> list[Row]:
    """The same as a fresh count gives them, also in closed months."""
    return _contact_rows(period, ContactDay.objects.filter(current=True))


def _contact_rows(period: Period, kept: QuerySet[ContactDay]) -> list[Row]:
    rows = kept.filter(day__range=(period.first, period.last))
    figures = (*CONTACT_FIGURES, *MATTER_FIGURES, *TALLY_FIGURES)
    return _summed(rows.annotate(bucket=_bucket(period), version=_version()), ("bucket", "version", *PLACE), figures)


def enquiry_rows(period: Period) -> list[Row]:
    """Enquiries by centre, channel, service and level."""
    rows = EnquiryDay.objects.filter(day__range=(period.first, period.last), shown=True)
    return _summed(rows, (*PLACE, "service_id", "level"), ENQUIRY_FIGURES)


def avoidable_rows(period: Period) -> list[Row]:
    rows = AvoidableDay.objects.filter(day__range=(period.first, period.last), shown=True)
    return _summed(rows, ("cause",), ("enquiries",))


PLACE = ("centre_id", "channel")


def _summed(rows: Any, by: Iterable[str], figures: Iterable[str]) -> list[Row]:
    by, figures = tuple(by), tuple(figures)
    sums = {f"sum_{name}": Sum(name) for name in figures}
    # Tuples, since a year has a thousand rows of fifty figures, and each of them would stand twice as a dictionary.
    found = rows.order_by().values(*by).annotate(**sums).values_list(*by, *sums)
    return [dict(zip((*by, *figures), row, strict=True)) for row in found]


def _bucket(period: Period) -> Any:
    return TruncWeek("day") if period.by_week else TruncMonth("day")


def _version() -> Case:
    """The version in force on the day, by number."""
    newest_first = sorted(adopted_versions(), key=lambda one: one.valid_from, reverse=True)
    cases = [When(day__gte=one.valid_from, then=Value(one.version_id)) for one in newest_first]
    return Case(*cases, default=Value(NO_VERSION), output_field=IntegerField())


_SUMS = (
    "SUM(registered), SUM(CASE WHEN registered < arrived THEN registered ELSE arrived END), SUM(arrived),"
    " SUM(not_reached), SUM(by_hand)"
)
# Of the alias c: not taken back, and not put right by a later one.
STANDING = "c.arrived IS NOT NULL AND NOT EXISTS (SELECT 1 FROM insight_handcount n WHERE n.replaces_id = c.id)"

# Matched: as many as were registered, at most as many as came, cell by cell, so that too many in one hour never cover
# those who are missing in another. Once over all centres (a switchboard has none), once for each centre, and once for
# each day. A count by hand is one cell, and counts where it lies wholly in the period and no register saw the channel
# there on any of its days. What was registered under it, or where nobody counts at all, covers nobody elsewhere.
_HOURS = f"""
WITH covered AS MATERIALIZED (
  SELECT day, channel, centre_id FROM insight_hourday
  WHERE day BETWEEN %(first)s AND %(last)s AND arrived > 0 AND shown GROUP BY 1, 2, 3
),
hand AS MATERIALIZED (
  SELECT c.channel, c.centre_id, c.first_on, c.last_on, c.from_hour, c.to_hour, c.arrived FROM insight_handcount c
  WHERE {STANDING} AND c.first_on >= %(first)s AND c.last_on <= %(last)s
    AND NOT EXISTS (SELECT 1 FROM covered r WHERE r.channel = c.channel AND r.day BETWEEN c.first_on AND c.last_on
                    AND (r.centre_id = c.centre_id OR r.centre_id IS NULL))
),
cells AS MATERIALIZED (
  SELECT h.day, h.channel, h.centre_id, CASE WHEN h.channel IN {words(COUNTED_BY_HOUR)} THEN h.hour END AS hour,
         SUM(h.registered) AS registered, SUM(h.arrived) AS arrived, SUM(h.not_reached) AS not_reached
  FROM insight_hourday h
  JOIN (SELECT day, channel, MAX(CASE WHEN centre_id IS NULL THEN 1 ELSE 0 END) AS anywhere
        FROM covered GROUP BY 1, 2) d ON d.day = h.day AND d.channel = h.channel
  LEFT JOIN covered r ON r.day = h.day AND r.channel = h.channel AND r.centre_id = h.centre_id
  WHERE h.day BETWEEN %(first)s AND %(last)s AND h.shown
    AND (d.anywhere = 1 OR h.centre_id IS NULL OR r.day IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM hand x WHERE x.channel = h.channel AND x.centre_id = h.centre_id
                    AND h.day BETWEEN x.first_on AND x.last_on AND h.hour >= x.from_hour AND h.hour < x.to_hour)
  GROUP BY 1, 2, 3, 4
),
counted AS (
  SELECT x.first_on AS day, x.channel, x.centre_id,
         CASE WHEN x.to_hour = x.from_hour + 1 AND x.channel IN {words(COUNTED_BY_HOUR)} THEN x.from_hour END AS hour,
         x.arrived, COALESCE((SELECT SUM(h.registered) FROM insight_hourday h WHERE h.shown AND h.channel = x.channel
           AND h.centre_id = x.centre_id AND h.day BETWEEN x.first_on AND x.last_on
           AND h.hour >= x.from_hour AND h.hour < x.to_hour), 0) AS registered
  FROM hand x
),
whole AS (
  SELECT day, channel, hour, SUM(registered) AS registered, SUM(arrived) AS arrived, SUM(not_reached) AS not_reached,
         0 AS by_hand
  FROM cells GROUP BY 1, 2, 3
  UNION ALL SELECT day, channel, hour, registered, arrived, 0, arrived FROM counted
),
here AS (
  SELECT day, channel, centre_id, hour, registered, arrived, not_reached, 0 AS by_hand FROM cells
  UNION ALL SELECT day, channel, centre_id, hour, registered, arrived, 0, arrived FROM counted
)
SELECT 1, CAST(NULL AS date), channel, CAST(NULL AS text), hour, {_SUMS} FROM whole GROUP BY channel, hour
UNION ALL
SELECT 0, CAST(NULL AS date), channel, centre_id, hour, {_SUMS} FROM here GROUP BY channel, centre_id, hour
UNION ALL
SELECT 2, day, '', CAST(NULL AS text), CAST(NULL AS integer), {_SUMS} FROM whole GROUP BY day
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class HourRow:
    """Where a register or a count by hand covers the channel. Without an hour: counted day by day, or by hand."""

    channel: str
    centre: str | None  # None: no place named or, in the rows of the whole, all of them
    hour: int | None
    registered: int
    matched: int
    arrived: int
    not_reached: int
    by_hand: int = 0  # of the arrived
    day: dt.date | None = None  # in the rows by day


@dataclass(frozen=True, slots=True)
class Hours:
    whole: list[HourRow]
    by_centre: list[HourRow]
    by_day: list[HourRow]  # over all channels; a count by hand stands on its first day


def hours(period: Period) -> Hours:
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, {"first": period.first, "last": period.last})
        rows = cursor.fetchall()
    found = Hours([], [], [])
    kinds = (found.by_centre, found.whole, found.by_day)
    for kind, day, channel, centre, hour, *counts in rows:  # PostgreSQL's sum of sums is a Decimal
        on = dt.date.fromisoformat(day) if isinstance(day, str) else day
        registered, matched, arrived, left, by_hand = map(int, counts)
        kinds[kind].append(HourRow(channel, centre, hour, registered, matched, arrived, left, by_hand, on))
    return found


def days_covered(period: Period, by_hand: Iterable[HandCount]) -> dict[str, int]:
    """By channel: on how many days a register saw anybody arrive, or somebody counted by hand."""
    rows = HourDay.objects.filter(day__range=(period.first, period.last), arrived__gt=0, shown=True).order_by()
    days: dict[str, set[dt.date]] = {}
    for channel, day in rows.values_list("channel", "day").distinct():
        days.setdefault(channel, set()).add(day)
    for one in by_hand:
        days.setdefault(one.channel, set()).update(one.days)
    return {channel: len(found) for channel, found in days.items()}


def standing_counts(period: Period) -> list[HandCount]:
    """Counts by hand that lie wholly in the period, were not taken back and not put right by a later one."""
    found = HandCount.objects.filter(first_on__gte=period.first, last_on__lte=period.last, arrived__isnull=False)
    return list(found.filter(replaced_by=None).order_by("first_on", "centre", "channel", "pk"))


@dataclass(frozen=True, slots=True)
class Freshness:
    days_marked: int  # something happened that is not counted yet
    counted_at: dt.datetime | None
    first_day: dt.date | None


def freshness(period: Period) -> Freshness:
    kept = KeptDay.objects.filter(day__range=(period.first, period.last))
    row = kept.aggregate(marked=Count("day", filter=Q(dirty=True)), at=Max("counted_at"), first=Min("day"))
    return Freshness(row["marked"], row["at"], row["first"])


AGES = (7, 30, 90)  # days; the last is open-ended


def open_by_age(today: dt.date) -> dict[str, int]:
    """Enquiries open with us now: by age in days (keys "7", "30", "90", "more"), and those past their promised day."""
    ages = {name: Count("pk", filter=which) for name, which in open_figures(today).items()}
    return Enquiry.objects.filter(outcome=Outcome.OPEN).aggregate(**ages)


def open_figures(today: dt.date) -> dict[str, Q]:
    """What each figure of `open_by_age` counts among the open enquiries; the list behind it uses the same."""
    bounds = [today - dt.timedelta(days=days) for days in AGES]
    return {
        "age_7": Q(received_on__gte=bounds[0]),
        "age_30": Q(received_on__gte=bounds[1], received_on__lt=bounds[0]),
        "age_90": Q(received_on__gte=bounds[2], received_on__lt=bounds[1]),
        "age_more": Q(received_on__lt=bounds[2]),
        "overdue": Q(promised_on__lt=today),
    }


def handover_rows(start: dt.datetime, end: dt.datetime, today: dt.date) -> list[Row]:
    """Handovers sent in [start, end), by department: how they went, and those past the agreed day now."""
    counts = {name: Count("pk", filter=which) for name, which in handover_figures(today).items()}
    found = Handover.objects.filter(sent_at__gte=start, sent_at__lt=end).order_by()
    return [dict(row) for row in found.values("department_id").annotate(**counts)]


def handover_figures(today: dt.date) -> dict[str, Q]:
    """What each figure of `handover_rows` counts; the list behind it uses the same."""
    open_now = Q(state__in=OPEN_HANDOVER)
    return {
        "sent": Q(),
        "spoken_to": Q(spoken=True),
        "answered": Q(state=HandoverState.ANSWERED),
        "sent_back": Q(state__in=[HandoverState.DECLINED, HandoverState.RETURNED]),
        "waiting": open_now,
        "overdue": open_now & Q(promised_on__lt=today),
        "late": Q(state=HandoverState.ANSWERED, closed_at__date__gt=F("promised_on")),
    }


def staff_of_centres(period: Period) -> dict[str, int]:
    """The most employees that registered at each centre in one month of the period. Imported contacts name nobody."""
    months = StaffMonth.objects.filter(month__range=(period.first.replace(day=1), period.last))
    return dict(months.order_by().values_list("centre_id").annotate(most=Max("employees")))
