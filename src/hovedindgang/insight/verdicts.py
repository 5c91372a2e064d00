"""The definitions of `rules`, as one SQL statement that judges every enquiry received in a period, on both databases.

A row for each enquiry that was asked of the municipality (direction in), with its place, how it stands by both
indicators, and what the figures count. A merged contact's enquiries stand under the contact it was merged into.
The plain-Python form is the definition; a test shows on random contacts that this gives the same.
"""

# ruff: noqa: S608 - statements are put together from our own words alone; days are parameters
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from django.db import connection

from hovedindgang.contacts.rules import BREAKS_FIRST_CONTACT, CONTINUES, REOPENING, REOPENS, UNANSWERED
from hovedindgang.insight.rules import (
    CARRIED_HERE,
    CITIZEN_ASKS,
    WINDOWS_BESIDE,
    Counting,
)
from hovedindgang.kernel.clock import DENMARK


def local_day(instant: str) -> str:
    """SQL for the Danish calendar day of an instant."""
    if connection.vendor == "postgresql":
        return f"({instant} AT TIME ZONE '{DENMARK.key}')::date"
    return f"django_datetime_cast_date({instant}, '{DENMARK.key}', 'UTC')"


def local_hour(instant: str) -> str:
    """SQL for the hour, 0–23, of an instant in Denmark."""
    if connection.vendor == "postgresql":
        return f"EXTRACT(HOUR FROM {instant} AT TIME ZONE '{DENMARK.key}')::integer"
    return f"django_datetime_extract('hour', {instant}, '{DENMARK.key}', 'UTC')"


def plus_days(day: str, days: int) -> str:
    """SQL for a day so many days later."""
    return f"({day} + {days})" if connection.vendor == "postgresql" else f"date({day}, '+{days} days')"


def words(of: Iterable[StrEnum]) -> str:
    return "(" + ", ".join(f"'{word.value}'" for word in sorted(of)) + ")"


def parameters(first: dt.date, last: dt.date, counting: Counting) -> dict[str, dt.date]:
    """What `verdicts_sql` asks to be given."""
    return {"first": first, "last": last, "as_of": counting.as_of}


FROM_FIRST_TO_LAST = "BETWEEN %(first)s AND %(last)s"


def among(days: Iterable[dt.date]) -> str:
    """Instead of `FROM_FIRST_TO_LAST`: these days alone."""
    return "IN (" + ", ".join(f"'{day.isoformat()}'" for day in days) + ")"


def verdicts_sql(counting: Counting, *, days: str = FROM_FIRST_TO_LAST, only: str = "TRUE") -> str:
    """WITH … SELECT of all verdicts on enquiries received from `first` to `last`, both included, or `among` days.

    `only` is a condition on the enquiry (e) and its contact (c): who stands apart from it need not be judged.
    """
    window_columns = ",\n".join(
        f"{_once(days)} AS once_{word}"
        for word, days in {"window": counting.window_days, **{f"{n}_days": n for n in WINDOWS_BESIDE}}.items()
    )
    return f"""
WITH RECURSIVE {_cohort(days, only)}, {_links()}, {_ends(counting)}, {_REPEATS}, judged AS ({_judged()})
SELECT id, contact_id, day, started_at, centre_id, channel, service_id, level, kind, outcome, follows_how,
       guidance_given, avoidable, avoidable_cause, got_there, sent_on, late_entry, place, solved, known,
       came_again_on IS NOT NULL AND came_again_on <= {plus_days("settled_on", counting.window_days)} AS came_again,
       late, found_wrong,
       {window_columns}
FROM judged
"""


def _changed_mind(enquiry: str) -> str:
    return f"({enquiry}.outcome = 'withdrawn' AND {enquiry}.withdrawn_why = 'changed_mind')"


def _hers(enquiry: str, contact: str) -> str:
    return f"({contact}.who_asks IN {words(CITIZEN_ASKS)} AND NOT {_changed_mind(enquiry)})"


def _apart(enquiry: str, to_authority: str) -> str:
    return (
        f"{enquiry}.outcome = 'signposted' AND {to_authority}"
        f" AND NOT ({enquiry}.level IN {words(CARRIED_HERE)} AND {enquiry}.kind = 'transaction')"
    )


def _signposted_out(enquiry: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM contacts_signpost g WHERE g.enquiry_id = {enquiry}.id AND g.authority_id IS NOT NULL)"
        f" AND NOT {_signposted_inside(enquiry)}"
    )


def _signposted_inside(enquiry: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM contacts_signpost g WHERE g.enquiry_id = {enquiry}.id AND g.department_id IS NOT NULL)"
    )


def _asked_back(enquiry: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM contacts_outcomechange h WHERE h.enquiry_id = {enquiry}.id"
        f" AND (h.was = 'come_back' OR h.why IN {words(REOPENING)}))"
    )


def _opened_again_at(enquiry: str) -> str:
    """SQL for `contacts.answering.opened_again_at`."""
    return f"(SELECT MAX(h.at) FROM contacts_outcomechange h WHERE h.enquiry_id = {enquiry}.id AND h.became = 'open')"


def _overwritten(enquiry: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM contacts_outcomechange h WHERE h.enquiry_id = {enquiry}.id"
        f" AND h.was NOT IN {words(UNANSWERED)})"
    )


def _first_answered_at(enquiry: str) -> str:
    """SQL for `contacts.answering.first_answered_at`."""
    changes = f"FROM contacts_outcomechange h WHERE h.enquiry_id = {enquiry}.id"
    return f"""CASE WHEN NOT {_overwritten(enquiry)}
           THEN CASE WHEN {enquiry}.outcome NOT IN {words(UNANSWERED)} THEN {enquiry}.outcome_at END
           ELSE COALESCE(
           CASE WHEN (SELECT h.was {changes} ORDER BY h.id LIMIT 1) NOT IN {words(UNANSWERED)}
                THEN (SELECT r.ended_at FROM contacts_contact r WHERE r.id = {enquiry}.contact_id) END,
           (SELECT MIN(h.at) {changes} AND h.became NOT IN {words(UNANSWERED)}),
           {enquiry}.outcome_at) END"""


def _answered_at(enquiry: str) -> str:
    """SQL for `contacts.answering.answered_at`."""
    opened = f"SELECT MAX(x.id) FROM contacts_outcomechange x WHERE x.enquiry_id = {enquiry}.id AND x.became = 'open'"
    return f"""CASE WHEN {enquiry}.outcome IN {words(UNANSWERED)} THEN NULL
           WHEN NOT {_overwritten(enquiry)} THEN {enquiry}.outcome_at
           WHEN ({opened}) IS NULL THEN {_first_answered_at(enquiry)}
           ELSE COALESCE((SELECT MIN(h.at) FROM contacts_outcomechange h WHERE h.enquiry_id = {enquiry}.id
                          AND h.became NOT IN {words(UNANSWERED)} AND h.id > ({opened})), {enquiry}.outcome_at) END"""


_OWN_CONTACT = (
    "JOIN contacts_contact o ON o.id = {e}.contact_id AND o.mistake IS NULL"
    " JOIN contacts_contact c ON c.id = COALESCE(o.merged_into_id, o.id)"
)


def _cohort(days: str, only: str) -> str:
    """Every enquiry that was asked in the period, with what stands on it and its contact; and the numbers a contact is
    known by, those of what was merged into it among them."""
    return f"""
own(contact_id, into_id) AS (
  SELECT id, id FROM contacts_contact
  WHERE received_on {days} AND merged_into_id IS NULL AND mistake IS NULL AND direction = 'in'
  UNION ALL
  SELECT m.id, c.id FROM contacts_contact m JOIN contacts_contact c ON c.id = m.merged_into_id
  WHERE c.received_on {days} AND c.direction = 'in'
),
cohort AS (
  SELECT e.id, c.id AS contact_id, c.received_on AS day, c.started_at, c.centre_id, c.channel, c.who_asks,
         c.department_id IS NOT NULL AS elsewhere, c.unattended, c.late AS late_entry,
         e.service_id, e.kind, e.level, e.outcome, {local_day("e.outcome_at")} AS ended_on,
         e.on_the_spot, e.promised_on, e.broken_promise_on IS NOT NULL AS promise_broken,
         CASE WHEN e.promised_on IS NOT NULL THEN {local_day(_answered_at("e"))} END AS answered_on,
         e.outcome = 'passed_on' OR e.worked_by = 'department' AS theirs,
         e.preparatory, e.found_wrong_on, e.follows_id, e.follows_how,
         e.guidance_given, e.avoidable, e.avoidable_cause,
         e.outcome = 'resolved' AND (e.worked_by = 'borgerservice' OR e.received_assisted) AS solved_by_us,
         {_changed_mind("e")} AS changed_mind,
         {_apart("e", f"({_signposted_out('e')})")} AS apart,
         e.sent_on <> '' OR {_signposted_inside("e")} AS sent_on,
         e.outcome = 'signposted'
           AND EXISTS (SELECT 1 FROM contacts_signpost g WHERE g.enquiry_id = e.id AND g.got_there) AS got_there,
         {_asked_back("e")} AS asked_back
  FROM own JOIN contacts_contact c ON c.id = own.into_id JOIN contacts_enquiry e ON e.contact_id = own.contact_id
  WHERE {only}
),
keyed AS (
  SELECT own.into_id AS contact_id, o.repeat_key
  FROM own JOIN contacts_contact o ON o.id = own.contact_id JOIN contacts_contact c ON c.id = own.into_id
  WHERE o.repeat_key IS NOT NULL AND c.who_asks = 'citizen'
)"""


def _links() -> str:
    """What continues an enquiry, and what it continues, however many links away."""
    return f"""
up(id, earlier_id) AS (
  SELECT id, follows_id FROM cohort WHERE follows_how IN {words(CONTINUES)}
  UNION
  SELECT u.id, e.follows_id FROM up u JOIN contacts_enquiry e ON e.id = u.earlier_id
  WHERE e.follows_how IN {words(CONTINUES)}
),
carried AS (
  SELECT DISTINCT u.id FROM up u JOIN contacts_enquiry e ON e.id = u.earlier_id {_OWN_CONTACT.format(e="e")}
  WHERE c.direction = 'in' AND c.who_asks IN {words(CITIZEN_ASKS)} AND c.department_id IS NULL
    AND NOT c.unattended AND NOT e.preparatory AND NOT {_changed_mind("e")}
    AND NOT ({_apart("e", f"({_signposted_out('e')})")})
),
down(root, id) AS (
  SELECT k.id, f.id FROM cohort k JOIN contacts_enquiry f ON f.follows_id = k.id
  WHERE f.follows_how IN {words(CONTINUES)}
  UNION
  SELECT d.root, f.id FROM down d JOIN contacts_enquiry f ON f.follows_id = d.id
  WHERE f.follows_how IN {words(CONTINUES)}
),
later AS (
  SELECT d.root, e.id, e.outcome, e.preparatory, e.follows_how, c.started_at, c.direction, c.received_on AS day,
         {_hers("e", "c")} AS hers, {local_day("e.outcome_at")} AS ended_on,
         {local_day(_first_answered_at("e"))} AS first_answered_on,
         e.outcome = 'come_back' OR {_asked_back("e")} AS asked_back
  FROM down d JOIN contacts_enquiry e ON e.id = d.id {_OWN_CONTACT.format(e="e")}
)"""


def _ends(counting: Counting) -> str:
    """The enquiry whose outcome each matter ends with; only matters with something later have a row."""
    waits = "s.outcome IN ('open', 'come_back')" + (" OR s.outcome = 'resolved'" if counting.collection_solves else "")
    return f"""
opened AS (
  SELECT root, id, outcome, started_at, ROW_NUMBER() OVER (PARTITION BY root ORDER BY started_at DESC, id DESC) AS n
  FROM later WHERE follows_how IN {words(REOPENS)} AND direction = 'in'
),
based AS (
  SELECT k.id AS root, COALESCE(b.id, k.id) AS id, COALESCE(b.outcome, k.outcome) AS outcome,
         COALESCE(b.started_at, k.started_at) AS started_at,
         {local_day(_opened_again_at("e"))} AS opened_again_on, {local_day(_opened_again_at("k"))} AS promised_since
  FROM cohort k LEFT JOIN opened b ON b.root = k.id AND b.n = 1
  JOIN contacts_enquiry e ON e.id = COALESCE(b.id, k.id)
  WHERE k.id IN (SELECT root FROM later)
),
steps AS (
  SELECT l.root, l.id, ROW_NUMBER() OVER (PARTITION BY l.root ORDER BY l.started_at DESC, l.id DESC) AS n
  FROM later l JOIN based s ON s.root = l.root
  WHERE l.follows_how = 'planned_step' AND (l.started_at, l.id) > (s.started_at, s.id)
    AND NOT (l.preparatory AND s.outcome = 'come_back') AND ({waits})
    AND COALESCE(l.ended_on > s.opened_again_on, TRUE)
),
said AS (
  SELECT s.root, MIN(CASE WHEN NOT l.by_step OR NOT l.preparatory THEN l.first_answered_on END) AS told_on,
         MIN(CASE WHEN l.by_step AND l.preparatory THEN l.first_answered_on END) AS fetched_on
  FROM based s JOIN cohort k ON k.id = s.root JOIN (
    SELECT l.*, l.follows_how = 'planned_step' AS by_step FROM later l
    WHERE l.follows_how = 'planned_step' OR (l.follows_how IN {words(REOPENS)} AND l.direction = 'in')
  ) l ON l.root = s.root
  WHERE (NOT l.by_step OR NOT k.theirs OR s.id <> s.root)
    AND COALESCE(l.first_answered_on > s.promised_since, TRUE)
  GROUP BY s.root
),
steps_asked_back AS (
  SELECT DISTINCT l.root FROM later l
  WHERE l.follows_how = 'planned_step' AND l.asked_back
    AND NOT EXISTS (SELECT 1 FROM opened o WHERE o.root = l.root AND (o.started_at, o.id) <= (l.started_at, l.id))
),
ends AS (
  SELECT s.root, e.id, e.outcome, e.found_wrong_on, {local_day("e.outcome_at")} AS ended_on,
         {_changed_mind("e")} AS changed_mind,
         e.outcome = 'resolved' AND (e.worked_by = 'borgerservice' OR e.received_assisted) AS solved_by_us
  FROM based s LEFT JOIN steps t ON t.root = s.root AND t.n = 1
  JOIN contacts_enquiry e ON e.id = COALESCE(t.id, s.id)
  WHERE COALESCE(t.id, s.id) <> s.root
)"""


# Contacts by or for the same person about the same matter: linked as such, or on the same service, whatever it was
# called before or is called since, and unanswered.
# CROSS JOIN tells SQLite to begin with the few that are judged, and not with everybody; PostgreSQL decides itself.
_SAME_SERVICE = (
    "(f.service_id = k.service_id OR (k.service_id, f.service_id) IN (SELECT one_id, other_id FROM same_service))"
)
_REPEATS = f"""
line(was_id, now_id) AS (
  SELECT s.key, s.successor_id FROM policy_servicekey s WHERE s.successor_id IS NOT NULL
  UNION
  SELECT l.was_id, s.successor_id FROM line l JOIN policy_servicekey s ON s.key = l.now_id
  WHERE s.successor_id IS NOT NULL
),
same_service(one_id, other_id) AS (SELECT was_id, now_id FROM line UNION SELECT now_id, was_id FROM line),
again(root, day) AS (
  SELECT root, day FROM later WHERE follows_how IN {words(BREAKS_FIRST_CONTACT)} AND hers
  UNION ALL
  SELECT k.id, c.received_on
  FROM cohort k CROSS JOIN contacts_enquiryperson p CROSS JOIN contacts_enquiryperson q
  CROSS JOIN contacts_enquiry f {_OWN_CONTACT.format(e="f")}
  WHERE p.enquiry_id = k.id AND q.citizen_id = p.citizen_id AND q.enquiry_id <> k.id AND f.id = q.enquiry_id
    AND {_SAME_SERVICE} AND f.follows_id IS NULL AND NOT f.preparatory AND c.direction = 'in'
    AND {_hers("f", "c")} AND c.id <> k.contact_id AND (c.started_at, f.id) > (k.started_at, k.id)
  UNION ALL
  SELECT k.id, c.received_on
  FROM keyed y CROSS JOIN cohort k CROSS JOIN contacts_contact x CROSS JOIN contacts_contact c
  CROSS JOIN contacts_contact o CROSS JOIN contacts_enquiry f
  WHERE k.contact_id = y.contact_id AND x.repeat_key = y.repeat_key AND c.id = COALESCE(x.merged_into_id, x.id)
    AND c.who_asks = 'citizen' AND c.mistake IS NULL
    AND (o.id = c.id OR o.merged_into_id = c.id) AND f.contact_id = o.id
    AND {_SAME_SERVICE} AND f.follows_id IS NULL AND NOT f.preparatory
    AND c.direction = 'in' AND NOT {_changed_mind("f")} AND c.id <> k.contact_id
    AND (c.started_at, f.id) > (k.started_at, k.id)
  UNION ALL
  SELECT k.id, w.came_again_on FROM cohort k JOIN contacts_whatremains w ON w.enquiry_id = k.id
  WHERE w.came_again_on IS NOT NULL
),
repeats AS (SELECT root, MIN(day) AS day FROM again GROUP BY root)"""


# Our first word, or a department's, was not in time; and she did not choose the day herself.
_TOLD = "(CASE WHEN k.answered_on IS NULL OR w.told_on < k.answered_on THEN w.told_on ELSE k.answered_on END)"
_LATE = f"""(k.promise_broken OR (k.promised_on IS NOT NULL AND k.promised_on < COALESCE({_TOLD}, %(as_of)s)
       AND NOT (w.fetched_on IS NOT NULL AND COALESCE({_TOLD} >= w.fetched_on, TRUE))))"""


def _judged() -> str:
    return f"""
SELECT k.*, r.day AS came_again_on, t.solved, t.found_wrong,
       k.id IN (SELECT root FROM steps_asked_back) AS step_asked_back,
       {_LATE} AS late,
       k.contact_id IN (SELECT contact_id FROM keyed)
         OR EXISTS (SELECT 1 FROM contacts_enquiryperson p WHERE p.enquiry_id = k.id)
         OR EXISTS (SELECT 1 FROM contacts_whatremains w WHERE w.enquiry_id = k.id AND w.known) AS known,
       CASE WHEN k.elsewhere THEN 'elsewhere'
            WHEN k.who_asks NOT IN {words(CITIZEN_ASKS)} THEN 'other_asker'
            WHEN k.unattended THEN 'unattended'
            WHEN t.solved = 'withdrawn' THEN 'changed_mind'
            WHEN k.id IN (SELECT id FROM carried) THEN 'same_matter'
            WHEN k.preparatory THEN 'preparatory'
            WHEN k.apart THEN 'apart'
            ELSE 'in' END AS place,
       CASE WHEN k.outcome = 'resolved' THEN k.ended_on
            WHEN t.solved = 'solved' THEN t.ended_on ELSE k.day END AS settled_on
FROM cohort k
JOIN (
  SELECT s.*, CASE WHEN s.changed_mind THEN 'withdrawn'
                   WHEN s.found_wrong THEN 'not_solved'
                   WHEN s.outcome IN ('open', 'come_back') THEN 'open'
                   WHEN s.solved_by_us THEN 'solved'
                   ELSE 'not_solved' END AS solved
  FROM (
    SELECT k.id AS root, COALESCE(x.outcome, k.outcome) AS outcome,
           COALESCE(x.solved_by_us, k.solved_by_us) AS solved_by_us,
           CASE WHEN x.id IS NULL THEN k.ended_on ELSE x.ended_on END AS ended_on,
           CASE WHEN x.id IS NULL THEN k.changed_mind ELSE x.changed_mind END AS changed_mind,
           COALESCE(k.found_wrong_on <= %(as_of)s, FALSE)
             OR COALESCE(x.found_wrong_on <= %(as_of)s, FALSE) AS found_wrong
    FROM cohort k LEFT JOIN ends x ON x.root = k.id
  ) s
) t ON t.root = k.id
LEFT JOIN repeats r ON r.root = k.id
LEFT JOIN said w ON w.root = k.id
"""


# It can no longer be solved in one contact, whatever comes.
_LOST = "(asked_back OR step_asked_back OR late OR NOT (outcome = 'open' OR solved_by_us))"


def _once(days: int) -> str:
    """Indicator B with a window of so many days; null where the enquiry is not counted."""
    end = plus_days("settled_on", days)
    return f"""
CASE WHEN place <> 'in' THEN NULL
     WHEN {_LOST} THEN CASE WHEN {plus_days("day", days)} >= %(as_of)s THEN 'pending' ELSE 'not' END
     WHEN {end} >= %(as_of)s THEN 'pending'
     WHEN solved = 'open' AND outcome = 'open' AND promised_on >= %(as_of)s THEN 'pending'
     WHEN solved <> 'solved' THEN 'not'
     WHEN came_again_on <= {end} THEN 'not'
     WHEN outcome = 'resolved' AND on_the_spot THEN 'spot'
     ELSE 'promise' END"""
