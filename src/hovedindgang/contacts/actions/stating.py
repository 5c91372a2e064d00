"""An employee says why she looks a citizen up."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.doors import is_borgerservice
from hovedindgang.contacts.models import StatedReason
from hovedindgang.contacts.rules import ReasonCode, Refused, clean
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.models import Employee
from hovedindgang.people.queries import unknown_among
from hovedindgang.people.rules import NoAccess, cprs_in

SHORTEST, LONGEST = 5, 300


@transaction.atomic
def state_reason(*, employee: Employee, citizen_id: int, code: str, text: str) -> StatedReason:
    """Her own words for why she looks the citizen up today. One event `lookup.reason_stated`.

    Raises NoAccess, ClosedToHer, Refused by field.
    """
    if not is_borgerservice(employee) or unknown_among([citizen_id]):
        raise NoAccess
    refuse_if_closed(employee.pk, [citizen_id])  # no words of hers open what is closed
    said = checked_reason(code, text)
    stated = StatedReason.objects.create(employee=employee, citizen_id=citizen_id, code=code, text=said, at=clock.now())
    append_event(
        verb="lookup.reason_stated",
        actor=employee_actor(employee.pk),
        subject_kind="citizen",
        subject_id=citizen_id,
        facts={"statement": stated.pk, "code": code},
    )
    return stated


def checked_reason(code: str, text: str) -> str:
    """The reason as it is kept. Raises Refused by field."""
    said = clean(text).strip()
    errors = {}
    if code not in list(ReasonCode):
        errors["code"] = _("Vælg, hvad der ligner mest.")
    if len(said) < SHORTEST:
        errors["text"] = _("Skriv kort, hvad opslaget skal bruges til.")
    elif len(said) > LONGEST:
        errors["text"] = _("Skriv højst {longest} tegn.").format(longest=LONGEST)
    elif cprs_in(said):
        errors["text"] = _("Skriv ikke et CPR-nummer her: grunden læses af andre.")
    if errors:
        raise Refused(errors)
    return said
