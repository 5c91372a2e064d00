"""Deeds on documents: take one in, say that its ground has ended, and delete what is no longer kept."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib

from django.db import transaction

from hovedindgang.documents.models import PLACE, Document
from hovedindgang.documents.rules import Ground, kept_to, kind_of
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.kernel.encryption import encrypt
from hovedindgang.kernel.events import append_event

DELETED_AT_ONCE = 500


@transaction.atomic
def take_in(*, actor: Actor, content: bytes, ground: Ground) -> Document:
    """Seal a file, kept for as long as its ground lasts. One event `document.taken_in`. Raises DocumentRefused."""
    kind = kind_of(content)
    document = Document.objects.create(
        kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        sealed=encrypt(base64.b64encode(content).decode(), place=PLACE),
        ground=ground,
    )
    _say("document.taken_in", document, actor, kind=kind.value, size=len(content), ground=ground.value)
    return document


@transaction.atomic
def end_ground(*, actor: Actor, document_id: int, on: dt.date) -> Document:
    """What it was kept for ended that day: it is kept some years more, and then deleted. One event."""
    document = Document.objects.select_for_update().get(pk=document_id)
    document.kept_to = kept_to(on)
    document.save(update_fields=["kept_to"])
    _say("document.ground_ended", document, actor, kept_to=document.kept_to.isoformat())
    return document


@transaction.atomic
def delete_what_is_no_longer_kept(*, actor: Actor, on: dt.date) -> int:
    """The content of what was kept until before `on` goes for good; one event `document.deleted` each. Gives how many.

    At most some hundred at once, so that nothing else waits for long: it is done again until it gives 0.
    """
    rows = Document.objects.select_for_update().filter(deleted_at__isnull=True, kept_to__lte=on).order_by("pk")
    gone = list(rows[:DELETED_AT_ONCE])
    for document in gone:
        document.sealed, document.deleted_at = None, clock.now()
        document.save(update_fields=["sealed", "deleted_at"])
        _say("document.deleted", document, actor, ground=document.ground, kept_to=str(document.kept_to))
    return len(gone)


def _say(verb: str, document: Document, actor: Actor, **facts: str | int) -> None:
    append_event(verb=verb, actor=actor, subject_kind="document", subject_id=document.pk, facts=facts)
