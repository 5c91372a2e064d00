"""Why a citizen is looked up: the work that the house knows of, found by one query, or what the employee says.

A reason is a word and a number, as the log of look-ups keeps it: a form at the desk, a contact, an open matter, a
handover, or her own words. Whether it holds is judged afterwards from the rows themselves (`oversight.judging`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, QuerySet, Value
from django.db.models.functions import Cast

from hovedindgang.contacts.models import Contact, Enquiry, Handover, StatedReason
from hovedindgang.contacts.rules import Outcome
from hovedindgang.contacts.sensitivity import works_in
from hovedindgang.kernel import clock
from hovedindgang.people.models import Employee
from hovedindgang.policy.queries import NoPolicyInForce, in_force

CONTACT_DAYS = 14  # where the model does not say how long a contact explains look-ups
STATED_HOURS = 12  # her own words serve one working day
SUREST_FIRST = ("contact", "enquiry", "handover", "statement")


def work_reason(employee: Employee, citizen_id: int, *, form: str = "") -> str | None:
    """The reason for looking up now, such as "contact:12"; None where there is none, and she is to be asked.

    `form` is the key of the desk's form from which she comes.
    """
    if form:
        try:
            return f"form:{uuid.UUID(form)}"
        except ValueError:
            pass
    found = dict(sorted(_known_work(employee, citizen_id)))  # of each kind the newest
    return next((f"{kind}:{found[kind]}" for kind in SUREST_FIRST if kind in found), None)


def _known_work(employee: Employee, citizen_id: int) -> list[tuple[str, int]]:
    since = clock.now() - dt.timedelta(days=_contact_days())
    contacts = Contact.objects.filter(Q(started_at__gte=since) | Q(registered_at__gte=since), employee=employee)
    matters = Enquiry.objects.filter(owner=employee, outcome=Outcome.OPEN)
    asked = Handover.objects.filter(Q(sent_by=employee) | Q(handled_by=employee))
    if works_in(employee):
        asked |= Handover.objects.filter(department=works_in(employee))
    asked = asked.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=since))
    said = StatedReason.objects.filter(
        citizen=citizen_id, employee=employee, at__gte=clock.now() - dt.timedelta(hours=STATED_HOURS)
    )
    return list(
        _numbers("contact", contacts.filter(asker=citizen_id)).union(
            _numbers("contact", contacts.filter(enquiries__for_whom__citizen=citizen_id)),
            _numbers("enquiry", matters.filter(for_whom__citizen=citizen_id)),
            _numbers("enquiry", matters.filter(contact__asker=citizen_id)),
            _numbers("handover", asked.filter(enquiry__for_whom__citizen=citizen_id)),
            _numbers("handover", asked.filter(enquiry__contact__asker=citizen_id)),
            _numbers("statement", said),
            all=True,
        )
    )


def _numbers(kind: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return (
        rows.order_by()
        .annotate(word=Value(kind, output_field=CharField()), row=Cast("pk", BigIntegerField()))
        .values_list("word", "row")
    )


def _contact_days() -> int:
    try:
        said = in_force().model.oversight.contact_explains_days
    except NoPolicyInForce:
        return CONTACT_DAYS
    return said.value if said else CONTACT_DAYS
