"""What the desk would send, for the tests of this room."""

from __future__ import annotations

import uuid
from typing import Any

from hovedindgang.contacts.actions import NewContact, NewEnquiry, NewHandover, Receipt, register_contact
from hovedindgang.contacts.models import Enquiry, Handover
from hovedindgang.contacts.rules import Outcome
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.people.models import Employee


def register(employee: Employee, *enquiries: NewEnquiry, key: uuid.UUID | None = None, **fields: Any) -> Receipt:
    """What is sent when the employee presses Enter; one passport at her counter if nothing else is said."""
    contact = NewContact(
        centre=fields.pop("centre", employee.centre_id), enquiries=enquiries or (NewEnquiry(service="pas"),), **fields
    )
    return register_contact(
        employee=employee, actor=employee_actor(employee.pk), contact=contact, key=key or uuid.uuid4()
    )


def registered(employee: Employee, *enquiries: NewEnquiry, **fields: Any) -> Enquiry:
    """The first enquiry of a new contact."""
    return Enquiry.objects.get(contact=register(employee, *enquiries, **fields).contact_id, position=1)


def handed_over(
    employee: Employee, *, to: str = "teknik", summary: str = "Vil bygge en carport", **fields: Any
) -> Handover:
    """A matter that is handed over as it is registered."""
    asked = NewHandover(department=to, summary=summary)
    enquiry = registered(employee, NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=asked), **fields)
    return Handover.objects.get(enquiry=enquiry)
