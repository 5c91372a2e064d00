"""A live call passed on: offered, and accepted, declined, taken back or left unanswered.

Until somebody says yes it is the giver's, whatever happens; each step is one transaction, so that a power cut at any
line leaves it with one of the two and never with both or neither.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.checking import Errors, check_text
from hovedindgang.contacts.actions.new import Receiver
from hovedindgang.contacts.doors import is_borgerservice, open_transfer
from hovedindgang.contacts.models import Transfer
from hovedindgang.contacts.rules import (
    CAME_BACK_TO_GIVER,
    INSIDE,
    TRANSFER_ALLOWED,
    Ground,
    NotAllowed,
    Refused,
    TransferState,
    clean,
)
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, Actor, employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.people.actions import without_cprs
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Channel, ServiceModel

ANSWER_SECONDS = 60  # where the model does not say


def offer_transfer(
    *,
    employee: Employee,
    contact_key: uuid.UUID,
    to: Receiver,
    summary: str,
    channel: Channel,
    service: str | None = None,
    ground: Ground = Ground.OWN_CASE,
) -> Transfer:
    """Offer the call at hand to somebody else; the giver keeps it until it is accepted. One event `transfer.offered`.

    Unanswered it comes back after the model's seconds. `contact_key` is the form's. Raises NoAccess, NotAllowed where
    it is offered to somebody already, Refused.
    """
    if not is_borgerservice(employee):
        raise NoAccess
    model = in_force().model
    errors = {**check_receiver(to, giver=employee, model=model), **_check_summary(summary)}
    if ground not in INSIDE:
        errors["ground"] = _("Grunden passer ikke til en fagforvaltning i kommunen. Vælg en anden.")
    if errors:
        raise Refused(errors)
    now, seconds = clock.now(), model.parameters.transfer_answer_seconds
    answer_by_at = now + dt.timedelta(seconds=seconds.value if seconds else ANSWER_SECONDS)
    actor = employee_actor(employee.pk)
    try:
        with transaction.atomic():
            lapse_transfers()
            row = Transfer.objects.create(
                contact_key=contact_key,
                given_by=employee,
                to_employee_id=to.employee,
                to_centre_id=to.centre,
                to_department_id=to.department,
                service_id=service if service in model.services else None,
                channel=channel,
                summary=without_cprs(actor=actor, text=clean(summary)),
                ground=ground,
                offered_at=now,
                answer_by_at=answer_by_at,
            )
            _say("transfer.offered", row, actor)
    except IntegrityError as error:
        if "contact_key" in str(error) or "transfer_one_open" in str(error):
            raise NotAllowed(
                {"": _("Samtalen er allerede ved at blive viderestillet. Vent, eller tag den tilbage.")}
            ) from None
        raise
    return row


def check_receiver(to: Receiver, *, giver: Employee, model: ServiceModel) -> Errors:
    """Somebody else, who is there: a colleague in Borgerservice, a centre or a department of the policy."""
    named = [one for one in (to.employee, to.centre, to.department) if one is not None]
    if len(named) != 1:
        return {"to": _("Vælg, hvem det skal være.")}
    if to.employee == giver.pk:
        return {"to": _("Vælg en anden end dig selv.")}
    if (
        to.employee is not None
        and not Employee.objects.filter(pk=to.employee, is_active=True, is_employee=True).exists()
    ):
        return {"to": _("Kollegaen er her ikke længere. Vælg en anden.")}
    if to.centre is not None and to.centre not in model.centres:
        return {"to": _("Stedet kendes ikke. Vælg et andet.")}
    if to.department is not None and to.department not in model.departments:
        return {"to": _("Fagforvaltningen kendes ikke. Vælg den på listen.")}
    return {}


def _check_summary(summary: str) -> Errors:
    if not clean(summary):
        return {"summary": _("Skriv et resumé, så borgeren ikke skal fortælle det hele igen.")}
    return check_text("summary", summary)


@transaction.atomic
def accept_transfer(*, employee: Employee, transfer_id: int) -> Transfer:
    """The receiver says yes, and from now on it is hers. One event `transfer.accepted`. The row stays locked.

    Raises NoAccess for whom it was not offered to, NotAllowed where it is over.
    """
    return _answer(employee, transfer_id, TransferState.ACCEPTED)


@transaction.atomic
def decline_transfer(*, employee: Employee, transfer_id: int) -> Transfer:
    """The receiver says no; it is the giver's still, and she is told. One event `transfer.declined`."""
    return _answer(employee, transfer_id, TransferState.DECLINED)


def _answer(employee: Employee, transfer_id: int, becomes: TransferState) -> Transfer:
    row = open_transfer(employee, transfer_id, as_receiver=True)
    if row.state == TransferState.OFFERED and row.answer_by_at <= clock.now():
        raise NotAllowed({"": _("Viderestillingen er gået tilbage til %(name)s.") % {"name": row.given_by.name}})
    _end(row, becomes, employee_actor(employee.pk), answered_by=employee)
    return row


@transaction.atomic
def withdraw_transfer(*, employee: Employee, transfer_id: int) -> Transfer:
    """The giver takes it back before anybody answered. One event `transfer.withdrawn`. Raises NoAccess, NotAllowed."""
    row = open_transfer(employee, transfer_id, as_receiver=False)
    _end(row, TransferState.WITHDRAWN, employee_actor(employee.pk))
    return row


def is_still_hers(*, employee_id: int, contact_key: uuid.UUID) -> bool:
    """Whether nobody else has taken the call; its offers stay locked, so that nobody takes it meanwhile."""
    offers = Transfer.objects.select_for_update(of=("self",)).filter(contact_key=contact_key).order_by("id")
    taken = [row.answered_by_id for row in offers if row.state == TransferState.ACCEPTED]
    return not taken or taken[-1] == employee_id


@transaction.atomic
def keep_or_let_go(*, employee: Employee, contact_key: uuid.UUID) -> None:
    """The giver settles the call herself: an open offer of it is withdrawn. Raises NotAllowed where another has it."""
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("given_by", "answered_by")
    offers = list(rows.filter(contact_key=contact_key).order_by("id"))
    taken = [row for row in offers if row.state == TransferState.ACCEPTED]
    if taken and taken[-1].answered_by_id != employee.pk:
        said = _("%(name)s har taget samtalen. Det, du har skrevet siden, står her endnu; begynd forfra med den næste.")
        raise NotAllowed({"": said % {"name": taken[-1].answered_by.name if taken[-1].answered_by else ""}})
    for row in offers:
        if row.state == TransferState.OFFERED:
            _end(row, TransferState.WITHDRAWN, employee_actor(employee.pk))


@transaction.atomic
def lapse_transfers() -> int:
    """Those nobody answered in time come back to their givers; gives how many. One event each. Safe to repeat."""
    waiting = Transfer.objects.filter(state=TransferState.OFFERED, answer_by_at__lte=clock.now())
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("id"))
    for row in rows:
        _end(row, TransferState.UNANSWERED, SYSTEM)
    return len(rows)


@transaction.atomic
def see_transfer(*, employee: Employee, transfer_id: int) -> None:
    """The giver has read how it ended. No event: nothing happened to anybody."""
    open_transfer(employee, transfer_id, as_receiver=False)
    ended = Transfer.objects.filter(pk=transfer_id, state__in=[TransferState.ACCEPTED, *CAME_BACK_TO_GIVER])
    ended.filter(seen_at__isnull=True).update(seen_at=clock.now())


def _end(row: Transfer, becomes: TransferState, actor: Actor, *, answered_by: Employee | None = None) -> None:
    if becomes not in TRANSFER_ALLOWED[TransferState(row.state)]:
        said = {
            TransferState.ACCEPTED: _("Samtalen er allerede taget."),
            TransferState.WITHDRAWN: _("Samtalen er taget tilbage."),
        }.get(TransferState(row.state), _("Viderestillingen er forbi. Samtalen er hos den, der gav den."))
        raise NotAllowed({"": said})
    row.state, row.ended_at, row.answered_by, row.summary = becomes, clock.now(), answered_by, ""
    row.save(update_fields=["state", "ended_at", "answered_by", "summary"])
    _say(f"transfer.{becomes.value}", row, actor)


def _say(verb: str, row: Transfer, actor: Actor) -> None:
    until = row.ended_at or row.offered_at
    append_event(
        verb=verb,
        actor=actor,
        subject_kind="transfer",
        subject_id=row.pk,
        happened_at=until,
        facts={
            "given_by": row.given_by_id,
            "to_employee": row.to_employee_id,
            "to_centre": row.to_centre_id,
            "department": row.to_department_id,
            "service": row.service_id,
            "channel": row.channel,
            "ground": row.ground,
            "seconds": round((until - row.offered_at).total_seconds()),
        },
    )
