"""A PC that was left: the sign-in ends after some quiet minutes, and what she had typed waits for her alone.

The lock is the end of the session and nothing weaker: whoever comes to the PC gets nothing of the first one's. What was
sent meanwhile, or stood in a form when the page locked itself, is kept sealed for her; when she has signed in again it
is given back to be sent with one press, and deleted. The desk keeps its own drafts.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.encryption import CannotDecrypt, decrypt, encrypt
from hovedindgang.kernel.events import append_event
from hovedindgang.people.leftover import SECRET, typed_fields
from hovedindgang.people.models import KEPT_PLACE, Employee, KeptForm
from hovedindgang.people.own_sessions import SEEN_AT

LOCKED_FOR = "locked_for"  # user name, in the session that follows: who may unlock with one word
TO_THE_MINUTE = 60
KEPT_DAYS = 1
MOST_KEPT = 200_000  # letters: longer than any form of the house


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: where to, and its fields in their order."""

    number: int
    address: str
    fields: list[tuple[str, str]]


def is_idle(request: HttpRequest) -> bool:
    """Whether nothing has come from her for as long as the settings say."""
    seen_at = request.session.get(SEEN_AT)
    if not settings.IDLE_MINUTES or seen_at is None:
        return False
    return bool(clock.now().timestamp() - seen_at >= settings.IDLE_MINUTES * 60)


def note_seen(request: HttpRequest) -> None:
    """She is here. Written at most once a minute, so that a page costs no write."""
    now, seen_at = clock.now().timestamp(), request.session.get(SEEN_AT)
    if seen_at is None or now - seen_at >= TO_THE_MINUTE:
        request.session[SEEN_AT] = now


def lock(request: HttpRequest, employee: Employee) -> None:
    """End the sign-in; the browser remembers only whose page it was."""
    logout(request)
    request.session[LOCKED_FOR] = employee.username
    with transaction.atomic():
        append_event(
            verb="employee.locked",
            actor=employee_actor(employee.pk),
            subject_kind="employee",
            subject_id=employee.pk,
            facts={},
        )


def keep_typed(employee: Employee, request: HttpRequest, *, address: str) -> None:
    """Keep what was sent for her, unless nothing was typed or a secret is in it. No deed, and no event."""
    fields = typed_fields(request)
    written = json.dumps({"address": address, "fields": fields})
    secret = any(part in name for name, _value in fields for part in SECRET)
    if secret or not any(value.strip() for _name, value in fields) or len(written) > MOST_KEPT:
        return
    KeptForm.objects.create(employee=employee, sealed=encrypt(written, place=KEPT_PLACE), kept_at=clock.now())


def has_kept(employee: Employee) -> bool:
    return KeptForm.objects.filter(employee=employee).exists()


def kept_for(employee: Employee) -> list[Kept]:
    """Hers, newest first; none that another key sealed."""
    found = []
    for row in KeptForm.objects.filter(employee=employee).order_by("-kept_at", "-id"):
        try:
            said = json.loads(decrypt(bytes(row.sealed), place=KEPT_PLACE))
        except CannotDecrypt:
            continue
        found.append(Kept(row.pk, said["address"], [(name, value) for name, value in said["fields"]]))
    return found


def discard_kept(employee: Employee, number: str | None = None) -> None:
    """She has sent it now, or does not want it; all of hers, or one."""
    hers = KeptForm.objects.filter(employee=employee)
    if number is not None:
        hers = (
            hers.filter(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else hers.none()
        )
    hers.delete()


def forget_kept_forms() -> None:
    """What nobody came back for."""
    KeptForm.objects.filter(kept_at__lt=clock.now() - dt.timedelta(days=KEPT_DAYS)).delete()
