"""Who has seen a citizen: what she is told on her request (C-579/21; Datatilsynet 2024-32-0283).

When, in which unit, for what purpose and by what kind of use. Whose name it was is no part of it: that is given only by
a leader's reasoned act, one look-up at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hovedindgang.contacts.labels import REASON
from hovedindgang.contacts.models import OpenedMatter, StatedReason
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, ActorKind, employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import LookUp
from hovedindgang.oversight.labels import use_words
from hovedindgang.oversight.models import NameGiven
from hovedindgang.oversight.rules import OversightRefused
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.models import Citizen, Client, Employee
from hovedindgang.people.queries import access_citizen, unknown_among
from hovedindgang.people.rules import NoAccess, cprs_in

LONGEST_REASON = 300
PURPOSE: Mapping[str, str | Promise] = {
    "contact": gettext_lazy("en henvendelse"),
    "form": gettext_lazy("en henvendelse, der var i gang"),
    "enquiry": gettext_lazy("et ærinde, der ikke var afsluttet"),
    "handover": gettext_lazy("et ærinde, der var overdraget"),
    "my_open": gettext_lazy("opfølgning på åbne ærinder"),
    "inbox": gettext_lazy("opfølgning på overdragne ærinder"),
    "notes": gettext_lazy("søgning efter ord i noter"),
    "package": gettext_lazy("udlevering af oplysninger til borgeren"),
    "print": gettext_lazy("denne oversigt"),
    "citizen": gettext_lazy("ikke skrevet"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One look-up as the citizen is told of it."""

    look_up: int
    at: dt.datetime
    unit: str
    purpose: str
    use: str
    name: str  # only where a leader has given it

    def as_data(self) -> dict[str, object]:
        told: dict[str, object] = {
            "look_up": self.look_up,
            "at": self.at.isoformat(),
            "unit": self.unit,
            "purpose": self.purpose,
            "use": self.use,
        }
        return told | ({"name": self.name} if self.name else {})


def citizens_print(employee: Employee, citizen_id: int) -> tuple[Citizen, list[Seen]]:
    """For the page that is printed; seeing it is a look-up of its own. Raises NoAccess."""
    citizen = access_citizen(employee, citizen_id, use="print", reason=f"print:{citizen_id}")
    return citizen, _seen(citizen_id)


def print_by(actor: Actor, citizen_id: int) -> list[Seen]:
    """The same for the command line. Logged. Raises NoAccess where nobody has the number."""
    if unknown_among([citizen_id]):
        raise NoAccess
    log_look_up(actor=actor, citizen_ids=[citizen_id], use="print", reason=f"print:{citizen_id}")
    return _seen(citizen_id)


def _seen(citizen_id: int) -> list[Seen]:
    """Newest first, by the log's index of the citizen; six statements however many rows."""
    rows = list(LookUp.objects.filter(citizen_id=citizen_id).order_by("-at", "-id"))
    by = {kind: {row.actor_id for row in rows if row.actor_kind == kind} for kind in ActorKind}
    staff = Employee.objects.select_related("centre", "department").in_bulk(list(by[ActorKind.EMPLOYEE]))
    systems = Client.objects.in_bulk(list(by[ActorKind.CLIENT]))
    given = set(NameGiven.objects.filter(citizen_id=citizen_id).values_list("look_up", flat=True))
    codes = {
        "statement": dict(StatedReason.objects.filter(citizen=citizen_id).values_list("pk", "code")),
        "opened": dict(OpenedMatter.objects.filter(pk__in=_numbers(rows, "opened")).values_list("pk", "code")),
    }
    return [
        Seen(
            look_up=row.pk,
            at=row.at,
            unit=_unit(row, staff, systems),
            purpose=_purpose(row, codes),
            use=str(use_words(row.use)),
            name=staff[row.actor_id].name if row.pk in given and row.actor_id in staff else "",
        )
        for row in rows
    ]


def _numbers(rows: list[LookUp], kind: str) -> list[int]:
    said = (row.reason.partition(":") for row in rows)
    return [int(number) for word, _colon, number in said if word == kind and number.isdecimal()]


def _unit(row: LookUp, staff: Mapping[int, Employee], systems: Mapping[int, Client]) -> str:
    number = row.actor_id or 0
    if row.actor_kind == ActorKind.EMPLOYEE and number in staff:
        one = staff[number]
        place = one.department or one.centre
        return place.name if place else _("Kommunen")
    if row.actor_kind == ActorKind.CLIENT and number in systems:
        return systems[number].name
    return _("Kommunens system")


def _purpose(row: LookUp, codes: Mapping[str, Mapping[int, str]]) -> str:
    """In plain words; what another system gave as its reason stands as it gave it."""
    kind, _colon, number = row.reason.partition(":")
    if kind in codes and number.isdecimal():
        return str(REASON.get(codes[kind].get(int(number), ""), PURPOSE["citizen"]))
    return str(PURPOSE.get(kind, row.reason if row.actor_kind == ActorKind.CLIENT else PURPOSE["citizen"]))


@transaction.atomic
def give_name(*, leader: Employee, citizen_id: int, look_up: int, reason: str) -> NameGiven:
    """The name behind one look-up is given to the citizen, with the leader's reason. One event `lookup.name_given`.

    Given before, it stands as it was given. Raises NoAccess, ClosedToHer, OversightRefused.
    """
    if not (leader.is_active and leader.is_leader):
        raise NoAccess
    refuse_if_closed(leader.pk, [citizen_id])  # nobody learns who looked at her own, nor decides it
    row = LookUp.objects.filter(pk=look_up, citizen_id=citizen_id, actor_kind=ActorKind.EMPLOYEE).first()
    if row is None:
        raise NoAccess
    said = reason.replace("\0", "").strip()
    if not said or len(said) > LONGEST_REASON:
        raise OversightRefused({"reason": _("Skriv, hvorfor borgeren skal have navnet, med højst 300 tegn.")})
    if cprs_in(said):
        raise OversightRefused({"reason": _("Skriv ikke et CPR-nummer her. Opslaget kendes på sit nummer.")})
    given, made = NameGiven.objects.get_or_create(
        look_up=look_up,
        defaults={"citizen_id": citizen_id, "leader": leader, "reason": said, "at": clock.now()},
    )
    if made:
        append_event(
            verb="lookup.name_given",
            actor=employee_actor(leader.pk),
            subject_kind="citizen",
            subject_id=citizen_id,
            facts={"look_up": look_up},
        )
    return given
