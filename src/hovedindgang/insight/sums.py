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
from hovedindgang.insight.models import AvoidableDay, ContactDay, EnquiryDay, HourDay, KeptDay, StaffMonth
from hovedindgang.insight.periods import Period
from hovedindgang.insight.verdicts import words
from hovedindgang.policy.queries import adopted_versions
from hovedindgang.servicemodel.document import Channel

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
    sums = {f"sum_{name}": Sum(name) for name in figures}
    found = rows.order_by().values(*by).annotate(**sums)
    return [{name.removeprefix("sum_"): value for name, value in row.items()} for row in found]


def _bucket(period: Period) -> Any:
    return TruncWeek("day") if period.by_week else TruncMonth("day")


def _version() -> Case:
    """The version in force on the day, by number."""
    newest_first = sorted(adopted_versions(), key=lambda one: one.valid_from, reverse=True)
    cases = [When(day__gte=one.valid_from, then=Value(one.version_id)) for one in newest_first]
    return Case(*cases, default=Value(NO_VERSION), output_field=IntegerField())


# Whoever comes to the counter or rings is registered in the same hour; a letter is opened later the same day.
COUNTED_BY_HOUR = (Channel.IN_PERSON, Channel.PHONE)

# Matched: as many as were registered, at most as many as came, cell by cell, so that too many in one hour never cover
# those who are missing in another. Once over all centres (a switchboard has none), and once for each centre.
_HOURS = f"""
WITH cells AS (
  SELECT h.day, h.channel, h.centre_id, CASE WHEN h.channel IN {words(COUNTED_BY_HOUR)} THEN h.hour END AS hour,
         SUM(h.registered) AS registered, SUM(h.arrived) AS arrived, SUM(h.not_reached) AS not_reached
  FROM insight_hourday h
  JOIN (SELECT DISTINCT day, channel FROM insight_hourday
        WHERE day BETWEEN %(first)s AND %(last)s AND arrived > 0 AND shown) covered
    ON covered.day = h.day AND covered.channel = h.channel
  WHERE h.day BETWEEN %(first)s AND %(last)s AND h.shown
  GROUP BY 1, 2, 3, 4
),
whole AS (
  SELECT day, channel, hour, SUM(registered) AS registered, SUM(arrived) AS arrived, SUM(not_reached) AS not_reached
  FROM cells GROUP BY 1, 2, 3
)
SELECT 1, channel, NULL, hour, SUM(registered), SUM(CASE WHEN registered < arrived THEN registered ELSE arrived END),
       SUM(arrived), SUM(not_reached)
FROM whole GROUP BY channel, hour
UNION ALL
SELECT 0, channel, centre_id, hour, SUM(registered),
       SUM(CASE WHEN registered < arrived THEN registered ELSE arrived END), SUM(arrived), SUM(not_reached)
FROM cells GROUP BY channel, centre_id, hour
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class HourRow:
    """On days when a register covers the channel. Without an hour: counted day by day."""

    channel: str
    centre: str | None  # None: no place named or, in the rows of the whole, all of them
    hour: int | None
    registered: int
    matched: int
    arrived: int
    not_reached: int


@dataclass(frozen=True, slots=True)
class Hours:
    whole: list[HourRow]
    by_centre: list[HourRow]


def hours(period: Period) -> Hours:
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, {"first": period.first, "last": period.last})
        rows = cursor.fetchall()
    found = Hours([], [])
    for whole, channel, centre, hour, *counts in rows:  # PostgreSQL's sum of sums is a Decimal
        of = found.whole if whole else found.by_centre
        of.append(HourRow(channel, centre, hour, *map(int, counts)))
    return found


def days_covered(period: Period) -> dict[str, int]:
    """By channel: on how many days a register saw anybody arrive."""
    rows = HourDay.objects.filter(day__range=(period.first, period.last), arrived__gt=0, shown=True).order_by()
    return dict(rows.values_list("channel").annotate(days=Count("day", distinct=True)))


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
    bounds = [today - dt.timedelta(days=days) for days in AGES]
    ages = {
        "age_7": Count("pk", filter=Q(received_on__gte=bounds[0])),
        "age_30": Count("pk", filter=Q(received_on__gte=bounds[1], received_on__lt=bounds[0])),
        "age_90": Count("pk", filter=Q(received_on__gte=bounds[2], received_on__lt=bounds[1])),
        "age_more": Count("pk", filter=Q(received_on__lt=bounds[2])),
        "overdue": Count("pk", filter=Q(promised_on__lt=today)),
    }
    return Enquiry.objects.filter(outcome=Outcome.OPEN).aggregate(**ages)


def handover_rows(start: dt.datetime, end: dt.datetime, today: dt.date) -> list[Row]:
    """Handovers sent in [start, end), by department: how they went, and those past the agreed day now."""
    open_now = Q(state__in=OPEN_HANDOVER)
    counts = {
        "sent": Count("pk"),
        "spoken_to": Count("pk", filter=Q(spoken=True)),
        "answered": Count("pk", filter=Q(state=HandoverState.ANSWERED)),
        "sent_back": Count("pk", filter=Q(state__in=[HandoverState.DECLINED, HandoverState.RETURNED])),
        "waiting": Count("pk", filter=open_now),
        "overdue": Count("pk", filter=open_now & Q(promised_on__lt=today)),
        "late": Count("pk", filter=Q(state=HandoverState.ANSWERED, closed_at__date__gt=F("promised_on"))),
    }
    found = Handover.objects.filter(sent_at__gte=start, sent_at__lt=end).order_by()
    return [dict(row) for row in found.values("department_id").annotate(**counts)]


def staff_of_centres(period: Period) -> dict[str, int]:
    """The most employees that registered at each centre in one month of the period. Imported contacts name nobody."""
    months = StaffMonth.objects.filter(month__range=(period.first.replace(day=1), period.last))
    return dict(months.order_by().values_list("centre_id").annotate(most=Max("employees")))
