"""A department is asked: the row of a handover, and the day it is to be answered."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.new import NewHandover
from hovedindgang.contacts.models import Enquiry, Handover
from hovedindgang.contacts.rules import HandoverState, Refused, clean
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor
from hovedindgang.people.actions import without_cprs
from hovedindgang.servicemodel.document import ServiceModel
from hovedindgang.servicemodel.hours import add_working_days


def handover_row(
    enquiry: Enquiry,
    handover: NewHandover,
    *,
    model: ServiceModel,
    sent_at: dt.datetime,
    sent_by_id: int | None,
    actor: Actor,
    field: str,
) -> Handover:
    """The handover as it is sent. Raises Refused, naming `field`, where no day was agreed and the model gives none.

    A department is never late with what it has just been asked: a day that had passed before it was asked is what the
    citizen was told, and the department's own is the model's, else the day it is asked.
    """
    asked_on, agreed_on = clock.local_day(sent_at), handover.promised_on
    by_model = promised_by_model(model, service=enquiry.service_id, department=handover.department, day=asked_on)
    passed = agreed_on is not None and agreed_on < asked_on
    promised_on = (by_model or asked_on) if passed else (agreed_on or by_model)
    if promised_on is None:
        raise Refused({field: _("Aftal en dag: servicemodellen siger ikke, hvor hurtigt fagforvaltningen svarer.")})
    return Handover(
        enquiry=enquiry,
        department_id=handover.department,
        spoken=handover.spoken,
        summary=without_cprs(actor=actor, text=clean(handover.summary)),
        agreed=without_cprs(actor=actor, text=clean(handover.agreed)),
        promised_on=promised_on,
        state=HandoverState.SENT,
        ground=handover.ground,
        sent_at=sent_at,
        sent_by_id=sent_by_id,
    )


def promised_by_model(model: ServiceModel, *, service: str, department: str, day: dt.date) -> dt.date | None:
    """The day to answer when no other was agreed, by the service's working days, else by the department's."""
    known = model.services.get(service)
    days = (known and known.deadline_working_days) or model.departments[department].answer_working_days
    return add_working_days(model, day, days.value) if days else None
