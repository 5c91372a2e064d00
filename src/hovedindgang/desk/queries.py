"""What the page reads beside the form."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch

from hovedindgang.contacts.models import Contact, Enquiry, IdempotencyKey, Tally
from hovedindgang.contacts.queries import answers_to_tell
from hovedindgang.contacts.rules import Outcome
from hovedindgang.desk.models import PLACE, SAVED_PLACE, Draft, SavedForm
from hovedindgang.desk.typed import Typed
from hovedindgang.kernel import clock
from hovedindgang.kernel.encryption import CannotDecrypt, decrypt
from hovedindgang.people.models import Employee

LATEST = 12


def drafts(employee: Employee) -> list[Draft]:
    """All her forms that are not saved, newest first. A draft that came in after its form was registered is none."""
    registered = IdempotencyKey.objects.filter(key=OuterRef("contact_key"))
    return list(Draft.objects.filter(~Exists(registered), employee=employee).order_by("-updated_at", "-id"))


def typed_in(draft: Draft | SavedForm) -> Typed | None:
    """What was typed; None where the key that sealed it is no longer in force."""
    try:
        place = PLACE if isinstance(draft, Draft) else SAVED_PLACE
        return Typed.from_json(decrypt(bytes(draft.sealed), place=place))
    except CannotDecrypt:
        return None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for her elsewhere."""

    due: int  # her open matters whose day is today or past
    answers: int  # departments' answers that a citizen has not been told, also those that others let lie


def waiting(employee: Employee) -> Waiting:
    """Two counts, both by index."""
    due = Enquiry.objects.filter(owner=employee, outcome=Outcome.OPEN, promised_on__lte=clock.today()).count()
    return Waiting(due, answers_to_tell(employee))


def latest(employee: Employee) -> list[Contact]:
    """Her last registrations of today with their services, newest first; also what she took back."""
    today = Contact.every.filter(received_on=clock.today(), employee=employee)
    matters = Prefetch("enquiries", Enquiry.every.select_related("service").order_by("position"))
    return list(today.prefetch_related(matters).order_by("-id")[:LATEST])


def counted_today(employee: Employee) -> dict[tuple[str, str], int]:
    """Her strip of today: how many for each channel and kind."""
    rows = Tally.objects.filter(employee=employee, on=clock.today()).values_list("channel", "kind")
    return {(channel, kind): number for channel, kind, number in rows.annotate(Count("id"))}


def registered_with(key: uuid.UUID) -> int | None:
    """The contact that a form's key was registered as, None when it was not."""
    return IdempotencyKey.objects.filter(key=key, deed="register_contact").values_list("subject_id", flat=True).first()


def open_forms(keys: Collection[uuid.UUID]) -> set[tuple[int, uuid.UUID]]:
    """Of these forms, (employee, key) of each that stands unsaved at somebody's desk."""
    return set(Draft.objects.filter(contact_key__in=list(keys)).values_list("employee_id", "contact_key"))
