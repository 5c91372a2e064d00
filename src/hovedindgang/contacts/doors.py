"""Who may come to which contact. Every deed and every page of this room begins here.

The centres are one unit: an employee or leader of Borgerservice sees contacts of all of them. A caseworker sees the
matters handed to her department, and of the contact only what belongs to them. Nobody else sees any. Whatever her role,
nobody sees what is about herself, her family or her colleagues (`people.closed`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from hovedindgang.contacts.models import (
    Consultation,
    Contact,
    Enquiry,
    EnquiryPerson,
    ForgottenContact,
    Handover,
    Note,
    Signpost,
    Transfer,
)
from hovedindgang.contacts.sensitivity import contacts_withholding, readable_by
from hovedindgang.people.closed import closed_numbers, closed_to, refuse_if_closed
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess, may_see_citizens

Row = TypeVar("Row", bound=Model)


def is_borgerservice(employee: Employee) -> bool:
    return may_see_citizens(employee)


def _is_caseworker(employee: Employee) -> bool:
    return employee.is_active and employee.is_caseworker and employee.department_id is not None


def open_to(employee: Employee, *, contact: str = "") -> Q:
    """The contacts that are about nobody who is closed to her. `contact` is the way there from other rows."""
    closed = closed_to(employee.pk)
    named = EnquiryPerson.objects.filter(citizen__in=closed)
    folded_in = Contact.every.filter(merged_into__isnull=False).filter(
        Q(asker__in=closed) | Q(pk__in=named.values("enquiry__contact_id"))
    )
    number = f"{contact}__pk__in" if contact else "pk__in"
    asker = f"{contact}__asker__in" if contact else "asker__in"
    return (
        ~Q(**{asker: closed})
        & ~Q(**{number: named.values("enquiry__contact_id")})
        & ~Q(**{number: folded_in.values("merged_into_id")})
    )


def closed_among(employee: Employee, persons: Mapping[int, Collection[int]]) -> set[int]:
    """The same for who holds the contacts and knows whom each is about: those to which she may not come.

    `persons`: contact → who asked and for whom, in it and in what is merged into it.
    """
    closed = closed_numbers(employee)
    return {number for number, about in persons.items() if not closed.isdisjoint(about)}


def enquiries_seen(employee: Employee, *, mistaken: bool = False) -> QuerySet[Enquiry]:
    """The matters she may see: all in Borgerservice, those handed to her department elsewhere, and her own.

    None of them is about somebody who is closed to her, nor kept more closely than she may read
    (`contacts.sensitivity`). `mistaken`: also those of contacts that were registered by mistake, for such a contact's
    own page.
    """
    rows: QuerySet[Enquiry] = (Enquiry.every if mistaken else Enquiry.objects).all()
    if is_borgerservice(employee):
        return rows.filter(readable_by(employee), open_to(employee, contact="contact"))
    if _is_caseworker(employee):
        handed = Handover.every.filter(department=employee.department_id).values("enquiry_id")
        hers = rows.filter(Q(pk__in=handed) | Q(contact__employee=employee))
        return hers.filter(open_to(employee, contact="contact"))
    return rows.none()


def _still_there(contact: str) -> Q:
    """A contact that is forgotten counts in figures and opens for nobody; there is no deed on it."""
    return ~Q(Exists(ForgottenContact.objects.filter(contact=OuterRef(contact))))


def refuse_closed_contact(employee: Employee, contact_id: int) -> None:
    """Raises ClosedToHer where the contact is about somebody who is closed to her; says nothing else."""
    family = Contact.every.filter(Q(pk=contact_id) | Q(merged_into=contact_id))
    askers = family.filter(asker__isnull=False).values_list("asker_id", flat=True)
    named = EnquiryPerson.objects.filter(enquiry__contact__in=family).values_list("citizen_id", flat=True)
    refuse_if_closed(employee.pk, [*askers, *named])


def open_contact(employee: Employee, contact_id: int, *, lock: bool = False) -> Contact:
    """The contact, for a deed on it. Raises NoAccess, also where there is none: that too would tell something; and
    ClosedToHer."""
    return _contact(employee, contact_id, lock=lock, mistaken=False)


def open_any_contact(employee: Employee, contact_id: int, *, lock: bool = False) -> Contact:
    """As `open_contact`, also where it was registered by mistake: for its own page, and what may put it right."""
    return _contact(employee, contact_id, lock=lock, mistaken=True)


def _contact(employee: Employee, contact_id: int, *, lock: bool, mistaken: bool) -> Contact:
    rows: QuerySet[Contact] = (Contact.every if mistaken else Contact.objects).all()
    if lock:
        rows = rows.select_for_update(of=("self",))
    rows = rows.filter(_still_there("pk"), open_to(employee), pk=contact_id)
    if not is_borgerservice(employee):
        rows = rows.filter(pk__in=enquiries_seen(employee, mistaken=mistaken).values("contact_id"))
    found = rows.first()
    if found is None:
        if is_borgerservice(employee):  # to whom else it may not even be told that it is there
            refuse_closed_contact(employee, contact_id)
        raise NoAccess
    return found


def open_enquiry(employee: Employee, enquiry_id: int) -> Enquiry:
    """The enquiry with its contact, locked until the transaction ends, for a deed on it. Raises NoAccess.

    What was handed to a department is seen there, but only the handover's own deeds change it.
    """
    rows = Enquiry.objects.select_for_update(of=("self",)).select_related("contact")
    rows = rows.filter(_still_there("contact_id"), open_to(employee, contact="contact"))
    if is_borgerservice(employee):
        rows = rows.filter(readable_by(employee))
    else:
        rows = rows.filter(Q(owner=employee) | Q(contact__employee=employee)) if employee.is_active else rows.none()
    return _only(rows.filter(pk=enquiry_id))


def open_handover(employee: Employee, handover_id: int, *, of_department: bool) -> Handover:
    """The handover with its enquiry and contact, both locked. Raises NoAccess.

    `of_department`: for what only the department that was asked may do; else for what Borgerservice does.
    """
    seen = Handover.objects.filter(open_to(employee, contact="enquiry__contact"))
    if of_department:
        seen = seen.filter(department=employee.department_id) if _is_caseworker(employee) else seen.none()
    elif not is_borgerservice(employee):
        seen = seen.none()
    else:
        seen = seen.filter(enquiry__in=enquiries_seen(employee))
    enquiry_id = _only(seen.filter(pk=handover_id)).enquiry_id
    # The enquiry first, as in every deed, so that two deeds never wait for each other crosswise.
    enquiry = _only(Enquiry.objects.select_for_update(of=("self",)).select_related("contact").filter(pk=enquiry_id))
    handover = _only(Handover.objects.select_for_update(of=("self",)).filter(pk=handover_id))
    handover.enquiry = enquiry
    return handover


def offered_to(employee: Employee) -> Q:
    """What is offered or asked of her: by name, at her centre, in her department."""
    to = Q(to_employee=employee)
    if employee.is_employee and employee.centre_id:
        to |= Q(to_centre=employee.centre_id)
    if _is_caseworker(employee):
        to |= Q(to_department=employee.department_id)
    return to if employee.is_active else Q(pk__in=[])


def open_transfer(employee: Employee, transfer_id: int, *, as_receiver: bool) -> Transfer:
    """The transfer, locked, for whom it is offered to or who gave it. Raises NoAccess."""
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("given_by")
    hers = offered_to(employee) & ~Q(given_by=employee) if as_receiver else Q(given_by=employee)
    return _only(rows.filter(hers, pk=transfer_id))


def open_consultation(employee: Employee, consultation_id: int, *, as_receiver: bool) -> Consultation:
    """The question, locked, for whom it was asked of or who asked. Raises NoAccess."""
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("asked_by")
    hers = offered_to(employee) & ~Q(asked_by=employee) if as_receiver else Q(asked_by=employee)
    return _only(rows.filter(hers, pk=consultation_id))


def open_signpost(employee: Employee, signpost_id: int) -> Signpost:
    """A signpost of a matter that she may read. Raises NoAccess."""
    rows = Signpost.objects.select_related("enquiry") if is_borgerservice(employee) else Signpost.objects.none()
    return _only(rows.filter(pk=signpost_id, enquiry__in=enquiries_seen(employee)))


def open_note(employee: Employee, note_id: int) -> Note:
    """A note that she may see. Raises NoAccess."""
    note = _only(Note.objects.select_related("contact", "author").filter(pk=note_id))
    contact = open_contact(employee, note.contact_id)
    if note not in notes_seen(employee, contact, [note]):
        raise NoAccess
    return note


def notes_seen(employee: Employee, contact: Contact, notes: list[Note]) -> list[Note]:
    """Those of the contact's notes that she may read; they come with their authors.

    A note is about the whole contact. A department reads it only where every matter of the contact was handed to it,
    and was written before it gave the last of them back; else the handover's summary is what it gets, and what its own
    people wrote.
    """
    if contact.employee_id == employee.pk:
        return notes
    if is_borgerservice(employee):
        return [] if contacts_withholding(employee, [contact.pk]) else notes
    all_handed = not contact.enquiries.exclude(handovers__department=employee.department_id).exists()
    own = [note for note in notes if note.author and note.author.department_id == employee.department_id]
    if not all_handed:
        return own
    handed = Handover.objects.filter(enquiry__contact=contact, department=employee.department_id)
    closed = [handover.closed_at for handover in handed]
    given_back_at = None if None in closed else max((at for at in closed if at), default=None)
    return [note for note in notes if given_back_at is None or note.written_at <= given_back_at or note in own]


def _only(rows: QuerySet[Row]) -> Row:
    found = rows.first()
    if found is None:
        raise NoAccess
    return found


# ---------------------------------------------------------- the contact whose page a form stands on; all raise NoAccess


def contact_of_enquiry(employee: Employee, enquiry_id: int) -> int:
    return _only(enquiries_seen(employee).filter(pk=enquiry_id)).contact_id


def contact_of_handover(employee: Employee, handover_id: int) -> int:
    seen = Handover.objects.select_related("enquiry").filter(enquiry__in=enquiries_seen(employee))
    return _only(seen.filter(pk=handover_id)).enquiry.contact_id


def contact_of_signpost(employee: Employee, signpost_id: int) -> int:
    return open_signpost(employee, signpost_id).enquiry.contact_id


def contact_of_note(employee: Employee, note_id: int) -> int:
    return open_note(employee, note_id).contact_id


def contact_of_withheld(employee: Employee, enquiry_id: int) -> int:
    """Of a matter that she may not read yet, for the page from which she opens it."""
    rows = Enquiry.every.all() if is_borgerservice(employee) else Enquiry.every.none()
    return _only(rows.filter(pk=enquiry_id)).contact_id
