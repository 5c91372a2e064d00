"""Two on one contact: they see each other, one of them works on it, and nothing that the other typed is lost."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.checking import check_text
from hovedindgang.contacts.doors import open_contact
from hovedindgang.contacts.models import Claim, Presence
from hovedindgang.contacts.rules import NotAllowed, Refused, clean
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import cprs_in
from hovedindgang.policy.queries import NoPolicyInForce, in_force

CLAIM_MINUTES = 15  # where the model does not say
BEATS_EVERY = dt.timedelta(seconds=10)
REASON_LENGTH = 200


@transaction.atomic
def claim_contact(*, employee: Employee, contact_id: int, reason: str = "") -> Claim:
    """Work on the contact for the model's minutes. One event `contact.claimed`, or `contact.claim_taken_over`.

    Another's claim is taken over when its time is out, or before with a `reason`; the other is told. Her own is
    prolonged without an event. Raises NoAccess, NotAllowed where a reason is needed, Refused for one too long.
    """
    contact = open_contact(employee, contact_id)
    now = clock.now()
    until = now + dt.timedelta(minutes=_minutes())
    # Of two who begin at once the second finds the first one's row. Only the claim is locked, here and before each
    # deed, and always before anything else: so nobody waits for another crosswise.
    if not Claim.objects.filter(contact=contact).exists():
        mine = Claim(contact=contact, employee=employee, claimed_at=now, until_at=until)
        Claim.objects.bulk_create([mine], ignore_conflicts=True)
    row = Claim.objects.select_for_update(of=("self",)).select_related("employee").get(contact=contact)
    if (row.employee_id, row.claimed_at) == (employee.pk, now):
        _say("contact.claimed", contact_id, employee)
        return row
    if row.employee_id == employee.pk:
        row.until_at = until
        row.save(update_fields=["until_at"])
        return row
    before_its_time, was, reason = now < row.until_at, row.employee_id, clean(reason)
    if before_its_time and not reason:
        raise NotAllowed({"reason": _held(row)})
    if errors := check_text("reason", reason, longest=REASON_LENGTH):
        raise Refused(errors)
    if cprs_in(reason):
        raise Refused({"reason": _("Skriv grunden uden CPR-nummer.")})
    row.employee, row.claimed_at, row.until_at = employee, now, until
    row.taken_from_id, row.told_at = (was, None) if before_its_time else (None, None)
    row.reason = reason if before_its_time else ""
    row.save()
    _say("contact.claim_taken_over", contact_id, employee, was=was, before_its_time=before_its_time)
    return row


@transaction.atomic
def release_contact(*, employee: Employee, contact_id: int) -> None:
    """She is done with it. One event `contact.released`; nothing happens where she does not have it."""
    contact = open_contact(employee, contact_id)
    if Claim.objects.filter(contact=contact, employee=employee).delete()[0]:
        _say("contact.released", contact_id, employee)


@transaction.atomic
def mind_claim(*, employee: Employee, contact_id: int) -> None:
    """Before a deed on the contact, in its transaction: the claim stays locked until the deed is done.

    Raises NotAllowed where another works on it. Her own claim is prolonged; where nobody has one, none is needed.
    """
    row = Claim.objects.select_for_update(of=("self",)).select_related("employee").filter(contact=contact_id).first()
    if row is None or row.until_at <= clock.now():
        return
    if row.employee_id != employee.pk:
        raise NotAllowed({"": _held(row) + " " + _("Det, du har skrevet, står her endnu og er ikke gemt.")})
    Claim.objects.filter(pk=row.pk).update(until_at=clock.now() + dt.timedelta(minutes=_minutes()))


@transaction.atomic
def note_told(*, employee: Employee, contact_id: int) -> None:
    """The one it was taken from has read it. No event: nothing happened to anybody. Raises NoAccess."""
    open_contact(employee, contact_id)
    Claim.objects.filter(contact=contact_id, taken_from=employee, told_at__isnull=True).update(told_at=clock.now())


def beat(*, employee: Employee, contact_id: int) -> None:
    """She has the contact open. At most one row is written in a third of what it is good for; leaves no event."""
    now = clock.now()
    mine = Presence.objects.filter(contact=contact_id, employee=employee)
    seen_at = mine.values_list("seen_at", flat=True).first()
    if seen_at is None:
        Presence.objects.bulk_create(
            [Presence(contact_id=contact_id, employee=employee, seen_at=now)], ignore_conflicts=True
        )
    elif now - seen_at >= BEATS_EVERY / 2:
        mine.update(seen_at=now)


def forget_presence() -> int:
    """Delete heartbeats that say nothing any more; gives how many. Housekeeping, and no event."""
    return Presence.objects.filter(seen_at__lt=clock.now() - dt.timedelta(hours=1)).delete()[0]


def _held(row: Claim) -> str:
    said = _("%(name)s arbejder på den til kl. %(at)s. Skriv, hvorfor du overtager den nu, eller vent.")
    return said % {"name": row.employee.name, "at": f"{row.until_at.astimezone(clock.DENMARK):%H.%M}"}


def _minutes() -> int:
    try:
        said = in_force().model.parameters.claim_minutes
    except NoPolicyInForce:
        return CLAIM_MINUTES
    return said.value if said else CLAIM_MINUTES


def _say(verb: str, contact_id: int, employee: Employee, **facts: int | bool | None) -> None:
    append_event(
        verb=verb, actor=employee_actor(employee.pk), subject_kind="contact", subject_id=contact_id, facts=facts
    )
