"""The strip counter: in the rush a contact is counted by one key, without its story."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _

from hovedindgang.contacts.actions.once import once
from hovedindgang.contacts.doors import is_borgerservice
from hovedindgang.contacts.models import Tally
from hovedindgang.contacts.rules import Refused, TallyKind
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
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
    return once(
        key=key,
        actor=employee_actor(employee.pk),
        deed=DEED,
        content=f"{channel} {kind} {centre}",
        table=Tally,
        do=lambda: _count(employee, channel, kind, centre),
    )


def _count(employee: Employee, channel: Channel, kind: TallyKind, centre: str | None) -> Tally:
    tally = Tally.objects.create(
        at=clock.now(), on=clock.today(), channel=channel, kind=kind, centre_id=centre, employee=employee
    )
    append_event(
        verb="tally.counted",
        actor=employee_actor(employee.pk),
        subject_kind="tally",
        subject_id=tally.pk,
        facts={"channel": channel, "kind": kind, "centre": centre},
    )
    return tally
