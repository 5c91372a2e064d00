"""A citizen is erased by decision: what is hers alone is forgotten, she leaves what others share, her row goes."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hovedindgang.contacts.actions import forget_contacts, leave_contacts
from hovedindgang.contacts.models import Contact
from hovedindgang.insight.remaining import what_remains
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import Cause, append_event
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.forgetting import forget_citizens
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rules import NoAccess, Role
from hovedindgang.privacy import archiving, sweeping
from hovedindgang.privacy.answering import answer_request, open_requests_of
from hovedindgang.privacy.gathering import Group, gather, periods, persons_held
from hovedindgang.privacy.labels import KEPT
from hovedindgang.privacy.ports import NotReceived
from hovedindgang.privacy.rules import Answer, ErasureGround, Kept, PrivacyRefused
from hovedindgang.privacy.sweeping import let_go
from hovedindgang.servicemodel.document import Right
from hovedindgang.surveys.actions import forget_feedback, leave_forgotten
from hovedindgang.surveys.queries import feedback_of


@dataclass(frozen=True, slots=True)
class Erased:
    """How many contacts were hers alone, and in how many others stand whose notes should be read through."""

    own: int
    shared: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What an erasure would meet: contacts of hers alone, those she shares, and what stands in the way."""

    own: tuple[int, ...]
    shared: tuple[int, ...]
    obstacles: frozenset[Kept]


def standing(citizen_id: int) -> Standing:
    """How an erasure of this citizen stands today. That she asked for it herself does not stand in its way."""
    asked = [one.pk for one in open_requests_of(citizen_id) if one.right is Right.ERASURE and one.is_open]
    groups = gather(contacts_of(citizen_id), clock.today(), answering=asked)
    obstacles = {reason for group in groups for reason in _in_the_way(group)}
    obstacles |= set(persons_held([citizen_id], clock.today(), answering=asked).values())
    if any(not archiving.is_archived(group.contacts) for group in _for_the_archive(groups, citizen_id)):
        obstacles.add(Kept.NOT_ARCHIVED)
    if feedback_of(citizen_id)[1]:
        obstacles.add(Kept.COMPLAINT)
    own = [number for group in groups if group.persons <= {citizen_id} for number in group.contacts]
    shared = [number for group in groups if not group.persons <= {citizen_id} for number in group.contacts]
    return Standing(tuple(own), tuple(shared), frozenset(obstacles))


def contacts_of(citizen_id: int) -> list[int]:
    """In which she asked, or of which a matter is for her; also those registered by mistake, which are kept too."""
    hers = Q(asker=citizen_id) | Q(enquiries__for_whom__citizen=citizen_id)
    return sorted(set(Contact.every.filter(hers).values_list("pk", flat=True)))


def _for_the_archive(groups: list[Group], citizen_id: int) -> list[Group]:
    """Those of hers alone that the model says the archive must have first."""
    said = periods(clock.today())
    kept = {service for service, period in said.items() if period.archive}
    own = [group for group in groups if group.persons <= {citizen_id}]
    return [group for group in own if kept & {one.service for one in group.matters}]


def _in_the_way(group: Group) -> set[Kept]:
    return {*group.held, *(reason for one in group.matters for reason in one.unfinished)}


def erase_citizen(*, employee: Employee, citizen_id: int, ground: str) -> Erased:
    """Erase everything about her that is not kept. One event `citizen.erased` beside those of the deeds it calls.

    Raises NoAccess for anybody but a leader, ClosedToHer, PrivacyRefused where something is open, held, or no ground is
    given.
    """
    if not employee.is_active or Role.LEADER not in employee.roles:
        raise NoAccess
    refuse_if_closed(employee.pk, [citizen_id])
    if ground not in list(ErasureGround):
        raise PrivacyRefused({"ground": _("Vælg, hvorfor loven kræver det.")})
    for group in _for_the_archive(gather(contacts_of(citizen_id), clock.today()), citizen_id):
        try:
            archiving.deliver(group.contacts)
        except NotReceived as refused:
            raise PrivacyRefused({"": str(refused)}) from refused
    with transaction.atomic():
        return _erase(employee, citizen_id, ground)


def _erase(employee: Employee, citizen_id: int, ground: str) -> Erased:
    if not Citizen.objects.select_for_update().filter(pk=citizen_id).exists():
        raise NoAccess
    found = standing(citizen_id)
    sweeping.prepare()
    sweeping.lock([*found.own, *found.shared])
    found = standing(citizen_id)
    if found.obstacles:
        said = ", ".join(sorted(str(KEPT[reason]) for reason in found.obstacles))
        message = _("Det kan ikke slettes endnu: %(why)s. Afslut eller ophæv det først.") % {"why": said}
        raise PrivacyRefused({"": message})
    actor, cause = employee_actor(employee.pk), Cause("citizen", citizen_id)
    for one in open_requests_of(citizen_id):  # what is left open asked for just this
        answer_request(employee=employee, enquiry_id=one.pk, answer=Answer.GRANTED)
    remains = what_remains([*found.own, *found.shared])
    leave_contacts(citizen_id=citizen_id, contact_ids=found.shared, remains=remains)
    leave_forgotten(contact_ids=found.own)
    if found.own:
        forget_contacts(actor=actor, contact_ids=found.own, remains=remains, cause=cause, on=clock.today())
        let_go(found.own)
    forget_feedback(actor=actor, feedback_ids=feedback_of(citizen_id)[0], cause=cause)
    if not forget_citizens(actor=actor, citizen_ids=[citizen_id], cause=cause):
        raise PrivacyRefused({"": _("Noget andet, vi har om borgeren, skal blive. Spørg administratoren.")})
    append_event(
        verb="citizen.erased",
        actor=actor,
        subject_kind="citizen",
        subject_id=citizen_id,
        facts={"ground": ground, "contacts": len(found.own), "shared": len(found.shared)},
    )
    return Erased(len(found.own), found.shared)
