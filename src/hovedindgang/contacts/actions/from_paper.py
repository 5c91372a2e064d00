"""What was written on paper during a breakdown is entered as such."""

from __future__ import annotations

from django.db import transaction

from hovedindgang.contacts.models import Contact, FromPaper
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.models import Employee


@transaction.atomic
def say_from_paper(*, employee: Employee, contact_id: int) -> None:
    """The contact that was registered just now stood on paper: it is a late entry, whatever the day.

    Belongs in the transaction that registers it; said twice it is said once. One event `contact.from_paper`.
    """
    _row, new = FromPaper.objects.get_or_create(contact_id=contact_id)
    if not new:
        return
    Contact.objects.filter(pk=contact_id).update(late=True)
    append_event(
        verb="contact.from_paper",
        actor=employee_actor(employee.pk),
        subject_kind="contact",
        subject_id=contact_id,
        facts={},
    )
