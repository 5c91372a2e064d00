"""What is closed to an employee: her own record, her family's, her colleagues'. Reads, and the refusal.

Rooms that show citizens ask here in their doors, by `closed_to` within their own statement: no page can forget it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.models import Event
from hovedindgang.kernel.requests import request_at_work
from hovedindgang.people.models import Closed, ClosedWhy, Employee, Opening
from hovedindgang.people.rules import NoAccess

OPEN_FOR = dt.timedelta(hours=1)
NEVER_REGISTERED = (ClosedWhy.OWN, ClosedWhy.FAMILY)  # she decides nothing in her own matters, opened or not


class ClosedToHer(NoAccess):
    """The record of this citizen is closed to her; the page says why, and how it can be opened."""

    def __init__(self, citizen_id: int, why: ClosedWhy) -> None:
        self.citizen_id, self.why = citizen_id, why
        super().__init__(why.value)


def closed_rows(employee_id: int) -> QuerySet[Closed]:
    """What is closed to her now: not what has been opened within the hour."""
    return Closed.objects.filter(~Exists(_opened_now()), employee=employee_id)


def _opened_now() -> QuerySet[Opening]:
    return Opening.objects.filter(
        employee=OuterRef("employee"), citizen_id=OuterRef("citizen_id"), opened_at__gt=clock.now() - OPEN_FOR
    )


def closed_to(employee_id: int) -> QuerySet[Closed, Any]:
    """Citizens' row numbers, for a condition: `Citizen.objects.exclude(pk__in=closed_to(alice.pk))`."""
    return closed_rows(employee_id).values("citizen_id")


def closed_numbers(employee: Employee) -> frozenset[int]:
    """The same as numbers; asked once for this object, which lives for one request."""
    kept: frozenset[int] | None = employee.__dict__.get("_closed_numbers")
    if kept is None:
        kept = frozenset(closed_to(employee.pk).values_list("citizen_id", flat=True))
        employee.__dict__["_closed_numbers"] = kept
    return kept


def refuse_if_closed(employee_id: int, citizen_ids: list[int]) -> None:
    """Raises ClosedToHer where one of them is closed to her now. That she tried is written down.

    Asked within a deed, which is undone, it is written by the page that refuses (`note_refused`).
    """
    row = closed_rows(employee_id).filter(citizen__in=citizen_ids).order_by("citizen_id").first()
    if row is None:
        return
    closed = ClosedToHer(row.citizen_id, ClosedWhy(row.why))
    note_refused(employee_id, closed)
    raise closed


@transaction.atomic
def note_refused(employee_id: int, closed: ClosedToHer) -> None:
    """One event `closed.refused` for this request and citizen, however often it is said."""
    about, request = {"subject_kind": "citizen", "subject_id": str(closed.citizen_id)}, request_at_work()
    if request is None or not Event.objects.filter(request_id=request, verb="closed.refused", **about).exists():
        append_event(
            verb="closed.refused",
            actor=employee_actor(employee_id),
            subject_kind="citizen",
            subject_id=closed.citizen_id,
            facts={"why": closed.why.value},
        )


def not_to_be_registered(employee_id: int, citizen_ids: list[int]) -> bool:
    """Whether she may register nothing for one of them: closed now, or her own or her family's at any time."""
    opened = Q(Exists(_opened_now())) & ~Q(why__in=NEVER_REGISTERED)
    return Closed.objects.filter(~opened, employee=employee_id, citizen__in=citizen_ids).exists()


def said_closed() -> str:
    """What a form says where somebody is named who is closed to her."""
    return _(
        "Du kan ikke registrere for dig selv, din familie eller en kollega. Bed en anden medarbejder om at tage den."
    )


def said_closed_to_author() -> str:
    """What a form says where a contact would come to be about somebody who is closed to whoever registered it."""
    return _(
        "Den, der registrerede henvendelsen, må ikke registrere for denne borger. Registrér en ny henvendelse for "
        "borgeren i stedet."
    )


# ------------------------------------------------------------------------------------------------------- openings


def openings_of_closed(*, since: dt.datetime, until: dt.datetime) -> QuerySet[Opening]:
    """Every opening of what was closed in the half-open period, oldest first: all of them belong in the sample."""
    opened = Opening.objects.filter(opened_at__gte=since, opened_at__lt=until)
    return opened.select_related("employee", "opened_by", "seen_by").order_by("opened_at", "id")


def openings_asked() -> list[Opening]:
    """What employees ask a leader to open; not older than a day, as she who waited has left."""
    asked = Opening.objects.filter(opened_at__isnull=True, asked_at__gt=clock.now() - dt.timedelta(days=1))
    return list(asked.select_related("employee").order_by("asked_at", "id"))


def openings_unseen() -> list[Opening]:
    """What was opened and no leader has seen yet, newest first."""
    unseen = Opening.objects.filter(opened_at__isnull=False, seen_at__isnull=True)
    return list(unseen.select_related("employee", "opened_by").order_by("-opened_at", "-id")[:200])
