"""A matter that is kept more closely is opened by a reasoned key."""

from __future__ import annotations

from django.db import transaction

from hovedindgang.contacts.actions.stating import checked_reason
from hovedindgang.contacts.doors import is_borgerservice
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
    sees it. One event `enquiry.opened_by_key`. Raises NoAccess, Refused by field.
    """
    said = checked_reason(code, text)
    enquiry = Enquiry.objects.filter(pk=enquiry_id).first() if is_borgerservice(employee) else None
    if enquiry is None:
        raise NoAccess
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
