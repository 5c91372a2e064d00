"""The protocol of a handover: asked, accepted or declined, answered or returned, and the answer passed on."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.asking import handover_row
from hovedindgang.contacts.actions.checking import check_handover, check_text
from hovedindgang.contacts.actions.new import NewHandover
from hovedindgang.contacts.actions.once import once
from hovedindgang.contacts.actions.outcomes import back_to_open, change, refuse_unless, say
from hovedindgang.contacts.actions.restricting import refuse_restricted
from hovedindgang.contacts.doors import open_enquiry, open_handover
from hovedindgang.contacts.models import Handover
from hovedindgang.contacts.rules import (
    HANDOVER_ALLOWED,
    ChangeWhy,
    HandoverState,
    NotAllowed,
    Outcome,
    Refused,
    WorkedBy,
    clean,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.actions import without_cprs
from hovedindgang.people.models import Employee
from hovedindgang.policy.queries import in_force


def hand_over(
    *,
    employee: Employee,
    enquiry_id: int,
    handover: NewHandover,
    actor: Actor | None = None,
    key: uuid.UUID | None = None,
) -> Handover:
    """Ask a department to take an open matter over. One event `enquiry.handed_over`.

    Without an agreed day the model's working days give one. It is the department's: the day the citizen was promised
    first stands, whoever is to keep it. `actor` stands in the log (None: the employee herself);
    a `key` sent again with the same content gives the same handover. Raises NoAccess, NotAllowed, Refused, KeyReused.
    """
    actor = actor or employee_actor(employee.pk)
    if key is None:
        return _hand_over(employee, enquiry_id, handover, actor)
    return once(
        key=key,
        actor=actor,
        deed="hand_over",
        content=json.dumps([employee.pk, enquiry_id, asdict(handover)], default=str),
        table=Handover,
        do=lambda: _hand_over(employee, enquiry_id, handover, actor),
    )


@transaction.atomic
def _hand_over(employee: Employee, enquiry_id: int, handover: NewHandover, actor: Actor) -> Handover:
    enquiry = open_enquiry(employee, enquiry_id)
    refuse_unless(enquiry, Outcome.PASSED_ON, ChangeWhy.HANDED_OVER)
    model = in_force().model
    errors = check_handover(handover, model=model, day=clock.today())
    if errors:
        raise Refused(errors)
    refuse_restricted(enquiry, handover.ground)
    row = handover_row(
        enquiry, handover, model=model, sent_at=clock.now(), sent_by_id=employee.pk, actor=actor, field="promised_on"
    )
    change(enquiry, Outcome.PASSED_ON, ChangeWhy.HANDED_OVER, employee)
    row.save(force_insert=True)
    append_event(
        verb="enquiry.handed_over",
        actor=actor,
        subject_kind="enquiry",
        subject_id=enquiry.pk,
        facts={
            "contact": enquiry.contact_id,
            "service": enquiry.service_id,
            "handover": row.pk,
            "department": row.department_id,
            "promised_on": row.promised_on.isoformat(),
        },
    )
    return row


@transaction.atomic
def accept_handover(*, employee: Employee, handover_id: int) -> Handover:
    """The department takes the matter; the caseworker who accepts handles it. One event `handover.accepted`."""
    handover = _step(employee, handover_id, HandoverState.ACCEPTED)
    handover.accepted_at, handover.handled_by = clock.now(), employee
    handover.save()
    _say("handover.accepted", handover, employee)
    return handover


@transaction.atomic
def decline_handover(*, employee: Employee, handover_id: int, reason: str) -> Handover:
    """Not the department's matter: the enquiry is open again with who handed it over. One event `handover.declined`."""
    return _send_back(employee, handover_id, reason, HandoverState.DECLINED, ChangeWhy.DECLINED)


@transaction.atomic
def return_handover(*, employee: Employee, handover_id: int, reason: str) -> Handover:
    """Returned undone: the enquiry is open again with who handed it over. One event `handover.returned`."""
    return _send_back(employee, handover_id, reason, HandoverState.RETURNED, ChangeWhy.RETURNED)


@transaction.atomic
def answer_handover(*, employee: Employee, handover_id: int, answer: str) -> Handover:
    """The department has done it: resolved, by its work and not Borgerservice's. One event `handover.answered`."""
    handover = _step(employee, handover_id, HandoverState.ANSWERED)
    handover.answer = _text("answer", answer, employee, _("Skriv, hvad der er gjort, og hvad borgeren skal vide."))
    handover.closed_at, handover.handled_by = clock.now(), employee
    handover.save()
    enquiry = handover.enquiry
    enquiry.worked_by = WorkedBy.DEPARTMENT
    change(enquiry, Outcome.RESOLVED, ChangeWhy.ANSWERED, employee)
    _say("handover.answered", handover, employee)
    return handover


@transaction.atomic
def pass_answer_on(*, employee: Employee, handover_id: int) -> Handover:
    """Borgerservice has told the citizen what the department answered. One event `handover.told`."""
    handover = open_handover(employee, handover_id, of_department=False)
    if handover.state != HandoverState.ANSWERED or handover.told_at is not None:
        raise NotAllowed({"": _("Der er intet nyt svar at give videre. Hent siden igen.")})
    handover.told_at = clock.now()
    handover.save(update_fields=["told_at"])
    _say("handover.told", handover, employee)
    return handover


def _step(employee: Employee, handover_id: int, becomes: HandoverState) -> Handover:
    """The handover, locked and moved on, not yet saved. Raises NoAccess, NotAllowed."""
    handover = open_handover(employee, handover_id, of_department=True)
    if becomes not in HANDOVER_ALLOWED[HandoverState(handover.state)]:
        said = {
            HandoverState.SENT: _("Modtag først overdragelsen."),
            HandoverState.ACCEPTED: _("Overdragelsen er allerede modtaget. Besvar den, eller send den tilbage."),
        }.get(HandoverState(handover.state), _("Overdragelsen er allerede afsluttet. Hent siden igen."))
        raise NotAllowed({"": said})
    handover.state = becomes
    return handover


def _send_back(employee: Employee, handover_id: int, reason: str, becomes: HandoverState, why: ChangeWhy) -> Handover:
    handover = _step(employee, handover_id, becomes)
    handover.reason = _text("reason", reason, employee, _("Skriv hvorfor, så Borgerservice kan komme videre."))
    handover.closed_at, handover.handled_by = clock.now(), employee
    handover.save()
    enquiry = handover.enquiry
    # The day she was promised first stands: that it went to the wrong place is not her affair. Only what was imported
    # may have no day but the department's.
    promised_on = enquiry.promised_on or handover.promised_on
    owner_id = handover.sent_by_id or enquiry.contact.employee_id or employee.pk
    back_to_open(enquiry, why, employee, owner_id=owner_id, promised_on=promised_on)
    _say(f"handover.{becomes.value}", handover, employee)
    return handover


def _text(field: str, text: str, employee: Employee, missing: str) -> str:
    """The text without CPR. Raises Refused for an empty or too long one."""
    errors = check_text(field, text)
    if not clean(text):
        errors[field] = missing
    if errors:
        raise Refused(errors)
    return without_cprs(actor=employee_actor(employee.pk), text=clean(text))


def _say(verb: str, handover: Handover, employee: Employee) -> None:
    say(
        verb,
        handover.enquiry,
        employee,
        handover=handover.pk,
        department=handover.department_id,
        promised_on=handover.promised_on.isoformat(),
        late=clock.today() > handover.promised_on,
    )
