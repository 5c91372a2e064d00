"""Count the kept figures of a run of days: judge every enquiry once, then group. Set-based, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from hovedindgang.insight.arrivals import no_contact_came
from hovedindgang.insight.figures import CONTACT_FIGURES, ENQUIRY_FIGURES, MATTER_FIGURES, TALLY_FIGURES
from hovedindgang.insight.models import HourDay
from hovedindgang.insight.rules import Counting
from hovedindgang.insight.verdicts import local_hour, parameters, verdicts_sql
from hovedindgang.registers.queries import arrivals, not_reached

COUNTED_TABLES = (
    "contacts_contact",
    "contacts_enquiry",
    "contacts_enquiryperson",
    "contacts_handover",
    "contacts_outcomechange",
    "contacts_signpost",
    "contacts_whatremains",
)
KEPT_TABLES = ("insight_contactday", "insight_enquiryday", "insight_avoidableday", "insight_hourday")

# One row for each contact, as `CONTACT_FIGURES` asks about it.
CONTACTS_SQL = """
SELECT contact_id, day, centre_id, channel,
       COUNT(*) FILTER (WHERE place = 'in') AS n_in,
       COUNT(*) FILTER (WHERE place = 'in' AND solved = 'solved') AS n_solved,
       COUNT(*) FILTER (WHERE place = 'in' AND solved = 'not_solved') AS n_not,
       COUNT(*) FILTER (WHERE place = 'in' AND solved = 'open') AS n_open,
       COUNT(*) FILTER (WHERE place = 'apart') AS n_apart,
       COUNT(*) FILTER (WHERE place = 'unattended') AS unattended,
       COUNT(*) FILTER (WHERE place = 'unattended' AND solved = 'solved') AS unattended_solved,
       COUNT(*) FILTER (WHERE place = 'elsewhere') AS n_elsewhere,
       COUNT(*) FILTER (WHERE place = 'other_asker') AS n_other,
       COUNT(*) FILTER (WHERE place NOT IN ('elsewhere', 'other_asker', 'unattended')) AS ours,
       COUNT(*) FILTER (WHERE sent_on) AS n_sent_on,
       COUNT(*) FILTER (WHERE late_entry) > 0 AS late
FROM {judged} GROUP BY contact_id, day, centre_id, channel
"""


def look_at_the_tables() -> None:
    """Let PostgreSQL see what was written since it last looked: it plans a count by how large the tables are."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(COUNTED_TABLES)}")


def count_days(cursor: CursorWrapper, first: dt.date, last: dt.date, counting: Counting, *, closed: bool) -> None:
    """Write the figures of all days from `first` to `last` anew; belongs in a transaction that holds their locks.

    Of closed days, what was shown until now stays shown, and the new figures are only current.
    """
    asked = parameters(first, last, counting)
    within = "WHERE day BETWEEN %(first)s AND %(last)s AND current"
    for table in KEPT_TABLES:
        if closed:
            cursor.execute(f"UPDATE {table} SET current = FALSE {within} AND shown", asked)  # noqa: S608
        cursor.execute(f"DELETE FROM {table} {within}", asked)  # noqa: S608
    cursor.execute("DROP TABLE IF EXISTS insight_judged")
    cursor.execute(f"CREATE TEMPORARY TABLE insight_judged AS {verdicts_sql(counting)}", asked)
    for statement in (*_enquiry_days(), *_contact_days()):
        cursor.execute(statement)
    cursor.execute("DROP TABLE insight_judged")
    cursor.execute(_tallies(), asked)
    cursor.execute(_registered(), asked)
    _arrived(first, last)
    if closed:
        for table in KEPT_TABLES:
            cursor.execute(f"UPDATE {table} SET shown = FALSE {within}", asked)  # noqa: S608
    for month in {(first + dt.timedelta(days=number)).replace(day=1) for number in range((last - first).days + 1)}:
        within_month = {"month": month, "next": (month + dt.timedelta(days=32)).replace(day=1)}
        for statement in (_STAFF, _NO_STAFF):
            cursor.execute(statement, within_month)


# A contact that is forgotten names no employee any more: how many there were is what was counted then.
_STAFF = """
INSERT INTO insight_staffmonth (month, centre_id, employees)
SELECT %(month)s, centre_id, COUNT(*) FROM (
  SELECT DISTINCT centre_id, employee_id FROM contacts_contact
  WHERE received_on >= %(month)s AND received_on < %(next)s AND centre_id IS NOT NULL AND employee_id IS NOT NULL
    AND mistake IS NULL
) pairs WHERE TRUE GROUP BY centre_id
ON CONFLICT (month, centre_id) DO UPDATE SET employees = CASE
  WHEN insight_staffmonth.employees > excluded.employees THEN insight_staffmonth.employees ELSE excluded.employees END
"""
# Where the only contact of the month was a mistake, or another day's. Of what is forgotten the number stays.
_NO_STAFF = """
DELETE FROM insight_staffmonth WHERE month = %(month)s AND NOT EXISTS (
  SELECT 1 FROM contacts_contact c
  WHERE c.received_on >= %(month)s AND c.received_on < %(next)s AND c.centre_id = insight_staffmonth.centre_id
    AND c.mistake IS NULL
)
"""


def filtered(figures: Mapping[str, str]) -> str:
    """The select list that counts every figure."""
    return ", ".join(f"COUNT(*) FILTER (WHERE {predicate})" for predicate in figures.values())


def named(figures: Mapping[str, str]) -> str:
    return ", ".join(f'"{name}"' for name in figures)


def _enquiry_days() -> list[str]:
    return [
        f"INSERT INTO insight_enquiryday ({PLACE}, service_id, level, {named(ENQUIRY_FIGURES)})"  # noqa: S608
        f" SELECT {PLACE}, service_id, level, {filtered(ENQUIRY_FIGURES)} FROM insight_judged"
        f" GROUP BY {PLACE}, service_id, level",
        f"INSERT INTO insight_avoidableday ({PLACE}, cause, enquiries)"  # noqa: S608
        f" SELECT {PLACE}, avoidable_cause, COUNT(*) FROM insight_judged WHERE {ENQUIRY_FIGURES['avoidable']}"
        f" GROUP BY {PLACE}, avoidable_cause",
    ]


PLACE = "day, centre_id, channel"


def _contact_days() -> list[str]:
    contacts = f"({CONTACTS_SQL.format(judged='insight_judged')}) c"
    return [
        _into_contact_days(CONTACT_FIGURES, PLACE, contacts),
        _into_contact_days(MATTER_FIGURES, PLACE, "insight_judged"),
    ]


def _tallies() -> str:
    day = connection.ops.quote_name("on")
    within = f"contacts_tally WHERE {day} BETWEEN %(first)s AND %(last)s"
    return _into_contact_days(TALLY_FIGURES, f"{day}, centre_id, channel", within)


def _into_contact_days(figures: Mapping[str, str], place: str, source: str) -> str:
    """Rows for these figures alone, the others 0."""
    others = [name for name in (*CONTACT_FIGURES, *MATTER_FIGURES, *TALLY_FIGURES) if name not in figures]
    zeros = ", ".join("0" for _ in others)
    return (
        f"INSERT INTO insight_contactday ({PLACE}, {named(figures)}, {', '.join(others)})"  # noqa: S608
        f" SELECT {place}, {filtered(figures)}, {zeros} FROM {source} GROUP BY {place}"
    )


def _registered() -> str:
    """Contacts that came in to somebody of ours, by the hour they began: what completeness sets beside arrivals."""
    place = f"received_on, {local_hour('started_at')}, centre_id, channel"
    return (
        "INSERT INTO insight_hourday (day, hour, centre_id, channel, registered, arrived, not_reached)"  # noqa: S608
        f" SELECT {place}, COUNT(*), 0, 0 FROM contacts_contact"
        " WHERE received_on BETWEEN %(first)s AND %(last)s AND direction = 'in' AND NOT unattended"
        f" AND department_id IS NULL AND merged_into_id IS NULL AND mistake IS NULL GROUP BY {place}"
    )


def _arrived(first: dt.date, last: dt.date) -> None:
    """What the registers of other systems saw, in rows of their own; readers add them up."""
    by = ("day", "hour", "centre_id", "channel")
    asked = tuple(name.removesuffix("_id") for name in by)
    came, left = arrivals(first, last, asked), not_reached(first, last, asked)
    for place, none in no_contact_came(first, last, asked).items():
        came[place] -= none
    rows: list[dict[str, Any]] = [
        {**dict(zip(by, place, strict=True)), "arrived": came.get(place, 0), "not_reached": left.get(place, 0)}
        for place in {**came, **left}
        if came.get(place) or left.get(place)
    ]
    HourDay.objects.bulk_create(HourDay(**row) for row in rows)
