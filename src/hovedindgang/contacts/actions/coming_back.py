"""Matters that waited for the citizen and were settled by a later contact of the same import, all at once."""

from __future__ import annotations

from django.db import connection

from hovedindgang.contacts.rules import ChangeWhy, FollowsHow, Outcome, WorkedBy

# The first step that settled each matter: its row numbers are not below the import's own.
_CAME_BACK = """
SELECT step.follows_id, step.outcome_at, step.outcome_by_id, earlier.come_back_reason,
       ROW_NUMBER() OVER (PARTITION BY step.follows_id ORDER BY step.outcome_at) AS place
FROM contacts_enquiry AS step
JOIN contacts_contact AS contact ON contact.id = step.contact_id
JOIN contacts_enquiry AS earlier ON earlier.id = step.follows_id
WHERE contact.id >= %(batch)s AND contact.batch = %(batch)s AND step.follows_how = %(how)s
  AND step.outcome = %(became)s AND NOT step.preparatory AND earlier.outcome = %(was)s
"""
_SETTLE = (
    """
    INSERT INTO contacts_outcomechange (enquiry_id, was, became, why, at, by_id, come_back_reason)
    SELECT follows_id, %(was)s, %(became)s, %(why)s, outcome_at, outcome_by_id, come_back_reason
    FROM ({came_back}) AS came WHERE place = 1
    """,
    """
    UPDATE contacts_enquiry
    SET outcome = %(became)s, come_back_reason = '', worked_by = %(worked_by)s,
        outcome_at = came.outcome_at, outcome_by_id = came.outcome_by_id
    FROM ({came_back}) AS came WHERE came.place = 1 AND contacts_enquiry.id = came.follows_id
    """,
)


def settle_those_who_came_back(batch: int | None) -> None:
    """As when it is registered at the desk: she came with what was missing, so the earlier matter is resolved too."""
    said = {
        "batch": batch,
        "how": FollowsHow.PLANNED_STEP.value,
        "was": Outcome.MUST_COME_BACK.value,
        "became": Outcome.RESOLVED.value,
        "why": ChangeWhy.CAME_BACK.value,
        "worked_by": WorkedBy.BORGERSERVICE.value,
    }
    with connection.cursor() as cursor:
        for statement in _SETTLE:
            cursor.execute(statement.format(came_back=_CAME_BACK), said)
