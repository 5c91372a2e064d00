"""The strip counter: in the rush a contact is counted by one key, without its story."""

from __future__ import annotations

import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.doors import is_borgerservice
from hovedindgang.contacts.models import IdempotencyKey, Tally
from hovedindgang.contacts.rules import KeyReused, Refused, TallyKind
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.encryption import blind_index
from hovedindgang.kernel.events import append_event
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import NoPolicyInForce, in_force
from hovedindgang.servicemodel.document import Channel

DEED = "count"


def count(*, employee: Employee, channel: Channel, kind: TallyKind, centre: str | None, key: uuid.UUID) -> Tally:
    """Count one. The same `key` counts once. One event `tally.counted`. Raises NoAccess, Refused, KeyReused."""
    if not is_borgerservice(employee):
        raise NoAccess
    try:
        model = in_force().model
    except NoPolicyInForce as nothing:
        raise Refused({"": str(nothing)}) from nothing
    if centre is not None and centre not in model.centres:
        raise Refused({"centre": _("Stedet kendes ikke i den politik, der gælder den dag. Vælg et andet.")})
    fingerprint = blind_index(f"{employee.pk}|{channel}|{kind}|{centre}", place="contacts_idempotencykey.fingerprint")
    try:
        return _count_once(employee, channel, kind, centre, key, fingerprint)
    except IntegrityError:
        claim = IdempotencyKey.objects.filter(key=key).first()
        if claim is None:
            raise
        if claim.deed != DEED or bytes(claim.fingerprint) != fingerprint:
            raise KeyReused(str(key)) from None
        return Tally.objects.get(pk=claim.subject_id)


@transaction.atomic
def _count_once(
    employee: Employee, channel: Channel, kind: TallyKind, centre: str | None, key: uuid.UUID, fingerprint: bytes
) -> Tally:
    actor = employee_actor(employee.pk)
    tally = Tally.objects.create(
        at=clock.now(), on=clock.today(), channel=channel, kind=kind, centre_id=centre, employee=employee
    )
    claim = IdempotencyKey(
        key=key, actor_kind=actor.kind, actor_id=actor.id, deed=DEED, fingerprint=fingerprint, subject_id=tally.pk
    )
    claim.save(force_insert=True)
    append_event(
        verb="tally.counted",
        actor=actor,
        subject_kind="tally",
        subject_id=tally.pk,
        facts={"channel": channel, "kind": kind, "centre": centre},
    )
    return tally
