"""What happens to the form when its call is passed on or somebody is asked: whose it is, at every step.

The form stays the giver's draft until somebody says yes. In the transaction of the yes it becomes the receiver's form,
or, where a department takes it, a registered contact with a handover that is accepted already.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import (
    Receipt,
    Receiver,
    accept_handover,
    accept_transfer,
    ask_consultation,
    join_to_contact,
    offer_transfer,
)
from hovedindgang.contacts.models import Consultation, Handover, Transfer
from hovedindgang.contacts.protecting import AskTwice
from hovedindgang.contacts.rules import Ground, HandoverState, NotAllowed, Outcome, Refused
from hovedindgang.desk.actions import NotRegistered, discard_draft, keep_draft, register_typed
from hovedindgang.desk.models import PLACE, Draft
from hovedindgang.desk.queries import typed_in
from hovedindgang.desk.reading import Reader
from hovedindgang.desk.typed import Typed
from hovedindgang.kernel import clock
from hovedindgang.kernel.encryption import encrypt
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import colleagues_named, names_apart
from hovedindgang.servicemodel.document import Channel

PASSED = ("pass_to", "pass_person", "pass_summary")  # fields that are done with once the call is taken
PASS_FIELD = {"to": "pass_to", "summary": "pass_summary", "ground": "pass_ground"}
ASK_FIELD = {"to": "ask_to", "question": "question"}


def offer(*, employee: Employee, typed: Typed) -> Transfer:
    """Offer the call to whom the form names; the form is kept as it stands. Raises NotRegistered by field."""
    to = _receiver(typed, "pass", employee)
    if to.department is not None and not typed.enquiry["service"]:
        raise NotRegistered({"search": _("Vælg opgaven, før en fagforvaltning får samtalen.")})
    said, read = typed.contact, Reader()
    ground = read.word("pass_ground", said["pass_ground"], Ground, Ground.OWN_CASE)
    channel = read.word("channel", said["channel"], Channel, Channel.IN_PERSON)
    if read.errors:
        raise NotRegistered(read.errors)
    with _on_page(PASS_FIELD), transaction.atomic():
        transfer = offer_transfer(
            employee=employee,
            contact_key=typed.key,
            to=to,
            summary=said["pass_summary"],
            channel=channel,
            service=typed.enquiry["service"] or None,
            ground=ground,
        )
        said["passing"], said["drafted"] = str(transfer.pk), "1"
        if not keep_draft(employee_id=employee.pk, typed=typed):
            raise NotAllowed({"": _("Henvendelsen er allerede gemt. Begynd forfra med den næste.")})
    return transfer


def ask(*, employee: Employee, typed: Typed) -> Consultation:
    """Ask whom the form names; the form stays here. Raises NotRegistered by field."""
    to, said = _receiver(typed, "ask", employee), typed.contact
    with _on_page(ASK_FIELD), transaction.atomic():
        asked = ask_consultation(
            employee=employee,
            contact_key=typed.key,
            to=to,
            question=said["question"],
            service=typed.enquiry["service"] or None,
        )
        said.update(asked="1", drafted="1", ask_to="", ask_person="", question="")
        if not keep_draft(employee_id=employee.pk, typed=typed):
            raise NotAllowed({"": _("Henvendelsen er allerede gemt. Begynd forfra med den næste.")})
    return asked


@dataclass(frozen=True, slots=True)
class Taken:
    """Where the receiver goes on: a form at her desk, or a contact that lies in her department."""

    contact_key: uuid.UUID
    contact_id: int | None = None


@transaction.atomic
def take(*, employee: Employee, transfer_id: int) -> Taken:
    """Say yes: what was typed is the receiver's from now on. All of it or nothing, whatever breaks in between.

    Raises NoAccess, and NotAllowed where it is over or the form cannot be saved as it stands.
    """
    row = accept_transfer(employee=employee, transfer_id=transfer_id)
    draft = Draft.objects.select_for_update().filter(employee=row.given_by_id, contact_key=row.contact_key).first()
    typed = typed_in(draft) if draft else None
    if draft is None or typed is None:
        raise NotAllowed({"": _("Samtalen er gemt eller smidt ud i mellemtiden. Spørg %(name)s.") % _name(row)})
    if row.to_department_id is not None:
        return _to_department(employee, row, typed)
    typed.contact["note"] = _with_summary(typed)
    typed.contact.update(dict.fromkeys(PASSED, ""), drafted="1")
    Draft.objects.filter(employee=employee, contact_key=row.contact_key).delete()
    draft.employee, draft.parked_at, draft.updated_at = employee, None, clock.now()
    draft.sealed = encrypt(typed.as_json(), place=PLACE)
    draft.save()
    return Taken(row.contact_key)


def _to_department(caseworker: Employee, row: Transfer, typed: Typed) -> Taken:
    """The contact is registered as the giver's, its matter handed over to the department, and accepted there."""
    said = typed.contact
    matter = typed.enquiry
    matter.update(
        outcome=Outcome.PASSED_ON.value,
        department=row.to_department_id or "",
        summary=said["pass_summary"],
        ground=row.ground,
        spoken="on",
    )
    said.update(dict.fromkeys(PASSED, ""), passing="")
    try:
        receipt = _registered(row.given_by, typed)
    except NotRegistered as refused:
        wrong = " ".join(refused.errors.values())
        said_why = _("Samtalen kan ikke gemmes, som den står hos %(name)s: %(wrong)s")
        raise NotAllowed({"": said_why % {**_name(row), "wrong": wrong}}) from refused
    join_to_contact(contact_key=row.contact_key, contact_id=receipt.contact_id)
    handover = Handover.objects.get(
        enquiry__contact=receipt.contact_id, department=row.to_department_id, state=HandoverState.SENT
    )
    accept_handover(employee=caseworker, handover_id=handover.pk)
    discard_draft(employee=row.given_by, contact_key=row.contact_key)
    return Taken(row.contact_key, receipt.contact_id)


def _registered(giver: Employee, typed: Typed) -> Receipt:
    """A protected citizen's call: whether it may go on was asked of the giver, twice, when it was offered."""
    try:
        return register_typed(employee=giver, typed=typed)
    except NotRegistered as refused:
        if not isinstance(refused.__cause__, AskTwice):
            raise
    return register_typed(employee=giver, typed=typed)


def _with_summary(typed: Typed) -> str:
    """The note with what the giver summed up: the citizen has told it once."""
    note, summary = typed.contact["note"].rstrip(), typed.contact["pass_summary"].strip()
    return note if summary in note else f"{note}\n{summary}".strip()


def _name(row: Transfer) -> dict[str, str]:
    return {"name": row.given_by.name}


class _on_page:
    """Refusals of the deed as errors at the fields of the page."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Refused):
            raise NotRegistered({self._fields.get(name, name): said for name, said in error.errors.items()}) from error


def _receiver(typed: Typed, what: str, employee: Employee) -> Receiver:
    """Whom the form names: a colleague by the beginning of her name, or a place of the list."""
    person, place = typed.contact[f"{what}_person"].strip(), typed.contact[f"{what}_to"]
    if person:
        found = colleagues_named(person, but=employee.pk)
        if len(found) == 1:
            return Receiver(employee=found[0].pk)
        said = _("Ingen kollega hedder det. Skriv begyndelsen af navnet.")
        if found:
            said = _("Flere hedder det: %(names)s. Skriv mere, eller som der står her.") % {
                "names": ", ".join(names_apart(found).values())
            }
        raise NotRegistered({f"{what}_person": said})
    kind, _colon, key = place.partition(":")
    if kind == "centre" and key:
        return Receiver(centre=key)
    if kind == "department" and key:
        return Receiver(department=key)
    return Receiver()
