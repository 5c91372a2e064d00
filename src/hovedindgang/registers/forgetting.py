"""Numbers by which another system knows a person do not outlive what is kept about her here."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.events import append_event
from hovedindgang.registers.models import ImportedFile, RecordedContact

GONE = "glemt:"  # and the row's own number, which is nobody's

# The first row of each case numbers it anew. The right side is worked out before anything is written.
_CASES = """
UPDATE registers_logstep SET "case" = 'glemt:' || first.id
FROM (SELECT "case" AS name, MIN(id) AS id FROM registers_logstep WHERE file_id = %s GROUP BY "case") AS first
WHERE registers_logstep.file_id = %s AND registers_logstep."case" = first.name
"""


@transaction.atomic
def forget_numbers(*, actor: Actor, before: dt.datetime, limit: int, run: int) -> int:
    """At most `limit` rows that came before lose the other system's number, and one log's cases theirs; how many.

    Counts stay. A file of that time that is read in again adds its rows anew. One event `registers.forgotten`. Call
    it until it gives 0.
    """
    known = RecordedContact.objects.filter(came_at__lt=before).exclude(external_id__startswith=GONE)
    numbers = list(known.order_by("came_at").values_list("pk", flat=True)[:limit])
    made = Concat(Value(GONE), Cast(F("pk"), CharField()))
    gone = RecordedContact.objects.filter(pk__in=numbers).update(external_id=made)
    log = (
        ImportedFile.objects.filter(last_at__lt=before, steps__isnull=False)
        .exclude(steps__case__startswith=GONE)
        .first()
    )
    if log is not None:
        with connection.cursor() as cursor:
            cursor.execute(_CASES, [log.pk, log.pk])
            gone += cursor.rowcount
    if gone:
        append_event(
            verb="registers.forgotten",
            actor=actor,
            subject_kind="retention_run",
            subject_id=run,
            facts={"rows": gone},
        )
    return gone
