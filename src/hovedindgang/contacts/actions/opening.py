"""A matter that is kept more closely is opened by a reasoned key."""

from __future__ import annotations

from django.db import transaction

from hovedindgang.contacts.actions.stating import checked_reason
from hovedindgang.contacts.doors import is_borgerservice, open_any_contact
from hovedindgang.contacts.models import Enquiry, OpenedMatter
from hovedindgang.contacts.searching import persons_of_contacts
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess


@transaction.atomic
def open_matter(*, employee: Employee, enquiry_id: int, code: str, text: str) -> OpenedMatter:
    """Open one matter for the rest of her day, with her reason. Logged as a look-up of its own kind, so that oversight
    sees it. One event `enquiry.opened_by_key`. Raises NoAccess, ClosedToHer, Refused by field.
    """
    enquiry = Enquiry.every.filter(pk=enquiry_id).first() if is_borgerservice(employee) else None
    if enquiry is None:
        raise NoAccess
    open_any_contact(employee, enquiry.contact_id)  # no key opens what is closed to her, nor what is forgotten
    said = checked_reason(code, text)
    opened = OpenedMatter.objects.create(employee=employee, enquiry=enquiry, code=code, text=said, at=clock.now())
    actor = employee_actor(employee.pk)
    persons = persons_of_contacts([enquiry.contact_id])
    log_look_up(actor=actor, citizen_ids=persons, use="key", reason=f"opened:{opened.pk}")
    append_event(
        verb="enquiry.opened_by_key",
        actor=actor,
        subject_kind="enquiry",
        subject_id=enquiry.pk,
        facts={"key": opened.pk, "code": code},
    )
    return opened
