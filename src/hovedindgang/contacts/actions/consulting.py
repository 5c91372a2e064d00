"""Sparring: a colleague or a specialist is asked while we keep the matter; the citizen waits with us."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.checking import check_text
from hovedindgang.contacts.actions.new import Receiver
from hovedindgang.contacts.actions.transferring import check_receiver
from hovedindgang.contacts.doors import is_borgerservice, open_consultation
from hovedindgang.contacts.models import Consultation, Contact, Transfer
from hovedindgang.contacts.rules import (
    CONSULTATION_ALLOWED,
    Advice,
    ConsultationState,
    NotAllowed,
    Refused,
    clean,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.actions import without_cprs
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import in_force


@transaction.atomic
def ask_consultation(
    *, employee: Employee, contact_key: uuid.UUID, to: Receiver, question: str, service: str | None = None
) -> Consultation:
    """Ask; the matter and the citizen stay here. One event `consultation.asked`. Raises NoAccess, Refused."""
    if not is_borgerservice(employee):
        raise NoAccess
    model = in_force().model
    errors = {**check_receiver(to, giver=employee, model=model), **check_text("question", question)}
    if not clean(question):
        errors["question"] = _("Skriv, hvad du vil spørge om.")
    if errors:
        raise Refused(errors)
    row = Consultation.objects.create(
        contact_key=contact_key,
        asked_by=employee,
        to_employee_id=to.employee,
        to_centre_id=to.centre,
        to_department_id=to.department,
        service_id=service if service in model.services else None,
        question=without_cprs(actor=employee_actor(employee.pk), text=clean(question)),
        asked_at=clock.now(),
    )
    _say("consultation.asked", row, employee)
    return row


@transaction.atomic
def answer_consultation(*, employee: Employee, consultation_id: int, answer: str) -> Consultation:
    """Answer who asked. One event `consultation.answered`, with how long it took.

    Raises NoAccess, NotAllowed, Refused.
    """
    row = open_consultation(employee, consultation_id, as_receiver=True)
    errors = check_text("answer", answer)
    if not clean(answer):
        errors["answer"] = _("Skriv svaret.")
    if errors:
        raise Refused(errors)
    _end(row, ConsultationState.ANSWERED)
    row.answer = without_cprs(actor=employee_actor(employee.pk), text=clean(answer))
    row.answered_by = employee
    row.save()
    _say("consultation.answered", row, employee)
    return row


@transaction.atomic
def withdraw_consultation(*, employee: Employee, consultation_id: int) -> Consultation:
    """Who asked needs no answer any more. One event `consultation.withdrawn`. Raises NoAccess, NotAllowed."""
    row = open_consultation(employee, consultation_id, as_receiver=False)
    _end(row, ConsultationState.WITHDRAWN)
    row.save()
    _say("consultation.withdrawn", row, employee)
    return row


@transaction.atomic
def see_answer(*, employee: Employee, consultation_id: int) -> None:
    """Who asked has read the answer. No event: nothing happened to anybody."""
    row = open_consultation(employee, consultation_id, as_receiver=False)
    if row.state == ConsultationState.ANSWERED and row.seen_at is None:
        row.seen_at = clock.now()
        row.save(update_fields=["seen_at"])


def advice_given(*, contact_key: uuid.UUID) -> dict[str | None, Advice]:
    """The best advice given on a form not yet registered, by the service it was about (None: none was chosen yet)."""
    given: dict[str | None, Advice] = {}
    answered = Consultation.objects.filter(contact_key=contact_key, state=ConsultationState.ANSWERED)
    for service, department in answered.values_list("service_id", "to_department_id"):
        if department or service not in given:
            given[service] = Advice.SPECIALIST if department else Advice.COLLEAGUE
    return given


@transaction.atomic
def join_to_contact(*, contact_key: uuid.UUID, contact_id: int) -> None:
    """What was asked and passed on under the form's key belongs to its contact, now that there is one."""
    contact = Contact.objects.get(pk=contact_id)
    Consultation.objects.filter(contact_key=contact_key, contact__isnull=True).update(contact=contact)
    Transfer.objects.filter(contact_key=contact_key, contact__isnull=True).update(contact=contact)


def forget_unregistered(*, before: dt.datetime) -> int:
    """Delete questions from before `before` whose contact was never registered; gives how many."""
    return Consultation.objects.filter(contact__isnull=True, asked_at__lt=before).delete()[0]


def _end(row: Consultation, becomes: ConsultationState) -> None:
    if becomes not in CONSULTATION_ALLOWED[ConsultationState(row.state)]:
        said = {
            ConsultationState.ANSWERED: _("Spørgsmålet er allerede besvaret."),
            ConsultationState.WITHDRAWN: _("Spørgsmålet er trukket tilbage: svaret behøves ikke længere."),
        }
        raise NotAllowed({"": said[ConsultationState(row.state)]})
    row.state, row.ended_at = becomes, clock.now()


def _say(verb: str, row: Consultation, employee: Employee) -> None:
    append_event(
        verb=verb,
        actor=employee_actor(employee.pk),
        subject_kind="consultation",
        subject_id=row.pk,
        facts={
            "asked_by": row.asked_by_id,
            "to_employee": row.to_employee_id,
            "to_centre": row.to_centre_id,
            "department": row.to_department_id,
            "service": row.service_id,
            "seconds": round(((row.ended_at or row.asked_at) - row.asked_at).total_seconds()),
        },
    )
