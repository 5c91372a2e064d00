"""Representations registered, revoked, read, and asked for wherever somebody acts for another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from hovedindgang.documents.actions import end_ground, take_in
from hovedindgang.documents.models import Document
from hovedindgang.documents.rules import DocumentRefused, Ground
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, ActorKind
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.closed import not_to_be_registered, refuse_if_closed, said_closed
from hovedindgang.people.models import Basis, Citizen, Employee, Proof, Representation, RepresentationService
from hovedindgang.people.queries import access_citizen
from hovedindgang.people.representing import CHILD_UNTIL, OPENS, PROVEN_BY, Power, WhyNot, birthday, is_child, why_not
from hovedindgang.people.rules import BadCpr, NoAccess, PeopleRefused, may_see_citizens
from hovedindgang.policy.models import ServiceKey

CUSTODY_SLOTS = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRepresentation:
    """What is said of a representation. `services`: keys it is limited to, None for all. `content`: a file, as sent."""

    basis: Basis
    proof: Proof
    holder_cpr: str = ""
    holder_name: str = ""  # for one without a CPR, such as a lawyer
    services: tuple[str, ...] | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    joint: bool = False
    content: bytes = field(default=b"", repr=False)


@transaction.atomic
def register_representation(*, employee: Employee, citizen_id: int, said: NewRepresentation) -> Representation:
    """Somebody acts for the citizen from a day on, with what proves it. One event `representation.registered`.

    Custody is for a child, of at most two, and ends on the eighteenth birthday. Raises NoAccess, ClosedToHer,
    PeopleRefused.
    """
    if not may_see_citizens(employee):
        raise NoAccess
    actor = Actor(ActorKind.EMPLOYEE, employee.pk, on_behalf_of=citizen_id)
    refuse_if_closed(employee.pk, [citizen_id])
    # Her row is locked, so that two counters do not give a child three holders of custody.
    citizen = Citizen.objects.select_for_update().filter(pk=citizen_id).first()
    if citizen is None:
        raise NoAccess
    begins = said.valid_from or clock.today()
    errors = _wrong(said, citizen, begins)
    if errors:
        raise PeopleRefused(errors)
    holder = _holder(actor, citizen, said)
    if not_to_be_registered(employee.pk, [holder.pk]):  # she proves no power of her own, nor her family's
        raise PeopleRefused({"holder_cpr": said_closed()})
    custody = said.basis == Basis.CUSTODY
    made = Representation(
        citizen=citizen,
        holder=holder,
        basis=said.basis,
        every_service=said.services is None,
        proof=said.proof,
        valid_from=begins,
        valid_to=birthday(citizen.born_on, CHILD_UNTIL) if custody and citizen.born_on else said.valid_to,
        custody_slot=_free_slot(citizen, holder) if custody else None,
        joint=custody and said.joint,
        registered_by=employee,
    )
    if said.proof == Proof.DOCUMENT:
        made.evidence = _evidence(actor, said.content, made.valid_to)
    made.save()
    RepresentationService.objects.bulk_create(
        RepresentationService(representation=made, service_id=key) for key in dict.fromkeys(said.services or ())
    )
    log_look_up(
        actor=actor, citizen_ids=[citizen.pk, holder.pk], use="representation", reason=f"representation:{made.pk}"
    )
    _tell_registered(actor, made, services=said.services)
    return made


def _tell_registered(actor: Actor, made: Representation, *, services: tuple[str, ...] | None) -> None:
    append_event(
        verb="representation.registered",
        actor=actor,
        subject_kind="representation",
        subject_id=made.pk,
        facts={
            "citizen": made.citizen_id,
            "holder": made.holder_id,
            "basis": made.basis,
            "proof": made.proof,
            "document": made.evidence_id,
            "services": list(services) if services is not None else None,
            "from": made.valid_from.isoformat(),
            "to": made.valid_to.isoformat() if made.valid_to else None,
        },
    )


def _wrong(said: NewRepresentation, citizen: Citizen, begins: dt.date) -> dict[str, str]:
    errors = {}
    if not said.holder_cpr.strip() and not said.holder_name.strip():
        errors["holder_cpr"] = _("Skriv CPR-nummeret på den, der handler for borgeren, eller navnet uden CPR.")
    if said.proof not in PROVEN_BY[said.basis]:
        errors["proof"] = _("Det er ikke nok, at det siges. Se dokumentet, eller slå det op.")
    elif said.proof == Proof.DOCUMENT and not said.content:
        errors["file"] = _("Vælg filen, eller sig, at du har set originalen.")
    if said.services is not None and said.basis == Basis.CUSTODY:
        errors["services"] = _("Forældremyndighed gælder alle opgaver. Vælg alle.")
    elif said.services is not None and not said.services:
        errors["services"] = _("Vælg de opgaver, det gælder, eller alle.")
    elif said.services and ServiceKey.objects.filter(pk__in=said.services).count() < len(set(said.services)):
        errors["services"] = _("En af opgaverne kendes ikke. Vælg på listen.")
    if said.basis == Basis.CUSTODY:
        if citizen.born_on is None:
            errors["basis"] = _("Vi ved ikke, hvornår borgeren er født. Registrér CPR-nummeret først.")
        elif not is_child(citizen, begins):
            errors["basis"] = _("Borgeren er fyldt 18 år: ingen har forældremyndighed. Vælg fuldmagt eller værgemål.")
    elif said.valid_to is not None and said.valid_to <= begins:
        errors["to"] = _("Den skal slutte efter den dag, den begynder. Ret en af datoerne.")
    if citizen.dead_on is not None:
        errors["basis"] = _("Borgeren er død, og ingen kan længere handle for borgeren. Nu handler boet.")
    return errors


def _holder(actor: Actor, citizen: Citizen, said: NewRepresentation) -> Citizen:
    known = {"name": said.holder_name.strip()} if said.holder_name.strip() else {}
    try:
        holder = register_citizen(actor=actor, cpr=said.holder_cpr.strip() or None, **known)
    except BadCpr as bad:
        raise PeopleRefused({"holder_cpr": str(bad)}) from bad
    except PeopleRefused as refused:
        raise PeopleRefused({"holder_name": str(refused)}) from refused
    if holder.pk == citizen.pk:
        raise PeopleRefused({"holder_cpr": _("Det er borgeren selv. Skriv den anden persons CPR-nummer.")})
    return holder


def _free_slot(citizen: Citizen, holder: Citizen) -> int:
    rows = Representation.objects.filter(citizen=citizen, basis=Basis.CUSTODY, revoked_at__isnull=True)
    taken = {row.custody_slot: row.holder_id for row in rows}
    if holder.pk in taken.values():
        raise PeopleRefused({"holder_cpr": _("Denne person har allerede forældremyndigheden her.")})
    free = [slot for slot in CUSTODY_SLOTS if slot not in taken]
    if not free:
        raise PeopleRefused({"basis": _("To har allerede forældremyndigheden. Tilbagekald den, der ikke gælder mere.")})
    return free[0]


def _evidence(actor: Actor, content: bytes, valid_to: dt.date | None) -> Document:
    try:
        document = take_in(actor=actor, content=content, ground=Ground.EVIDENCE)
    except DocumentRefused as refused:
        raise PeopleRefused({"file": str(refused)}) from refused
    return end_ground(actor=actor, document_id=document.pk, on=valid_to) if valid_to else document


@transaction.atomic
def revoke_representation(*, employee: Employee, representation_id: int) -> Representation:
    """From now on it opens nothing; it stays to be seen, with who revoked it. One event `representation.revoked`.

    Revoked before, it stays as it was. Both are logged as looked up. Raises NoAccess, ClosedToHer.
    """
    open_representation(employee, representation_id, use="representation")
    given = Representation.objects.select_for_update().get(pk=representation_id)
    if given.revoked_at is not None:
        return given
    actor = Actor(ActorKind.EMPLOYEE, employee.pk, on_behalf_of=given.citizen_id)
    _revoke(actor, employee, given)
    if given.evidence_id is not None:
        end_ground(actor=actor, document_id=given.evidence_id, on=clock.today())
    return given


def _revoke(actor: Actor, employee: Employee, given: Representation) -> None:
    given.revoked_at, given.revoked_by = clock.now(), employee
    given.save(update_fields=["revoked_at", "revoked_by"])
    append_event(
        verb="representation.revoked",
        actor=actor,
        subject_kind="representation",
        subject_id=given.pk,
        facts={"citizen": given.citizen_id, "holder": given.holder_id, "basis": given.basis},
    )


@transaction.atomic
def follow_birthday(*, employee: Employee, citizen: Citizen) -> None:
    """Her birthday has been corrected: who has custody has it until she is eighteen by the right one.

    What was registered never changes, so each is revoked and registered anew, the same but for its end; where she was
    grown up before it began, it is only revoked. Belongs in the deed that corrects, which holds her row.
    """
    if citizen.born_on is None:
        return
    ends = birthday(citizen.born_on, CHILD_UNTIL)
    rows = Representation.objects.select_for_update().filter(
        citizen=citizen, basis=Basis.CUSTODY, revoked_at__isnull=True
    )
    actor = Actor(ActorKind.EMPLOYEE, employee.pk, on_behalf_of=citizen.pk)
    for given in rows.exclude(valid_to=ends).order_by("pk"):
        _revoke(actor, employee, given)
        if given.valid_from < ends:
            again = Representation.objects.create(
                citizen=citizen,
                holder_id=given.holder_id,
                basis=given.basis,
                every_service=True,
                proof=given.proof,
                evidence_id=given.evidence_id,
                valid_from=given.valid_from,
                valid_to=ends,
                custody_slot=given.custody_slot,
                joint=given.joint,
                registered_by=employee,
            )
            _tell_registered(actor, again, services=None)
        if given.evidence_id is not None:
            end_ground(actor=actor, document_id=given.evidence_id, on=max(given.valid_from, ends))


# ------------------------------------------------------------------------------------------------------------ reads


def representations_of(citizen_id: int, *, on: dt.date | None = None) -> list[Representation]:
    """Those who act for the citizen, by the caller's door; in force `on` a day, or with None all there ever were.

    They come with holder, limits and who registered and revoked them. Custody first, then the newest.
    """
    rows = Representation.objects.filter(citizen=citizen_id).select_related(
        "citizen", "holder", "registered_by", "revoked_by", "evidence"
    )
    if on is not None:
        rows = rows.filter(in_force(on))
    limits = Prefetch(
        "representationservice_set", RepresentationService.objects.select_related("service"), to_attr="limits"
    )
    return list(rows.prefetch_related(limits).order_by("custody_slot", "-valid_from", "-pk"))


def in_force(on: dt.date) -> Q:
    return (
        Q(valid_from__lte=on, revoked_at__isnull=True, citizen__dead_on__isnull=True, holder__dead_on__isnull=True)
    ) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def open_representation(employee: Employee, representation_id: int, *, use: str) -> Representation:
    """One representation, for who may see citizens; both persons are logged as looked up. Raises NoAccess."""
    given = Representation.objects.filter(pk=representation_id).first()
    if given is None or not may_see_citizens(employee):
        raise NoAccess
    for person in (given.citizen_id, given.holder_id):
        access_citizen(employee, person, use=use, reason=f"representation:{representation_id}")
    return given


def power_of(
    *,
    representation_id: int,
    holder_id: int | None,
    citizen_id: int | None,
    services: Collection[str],
    power: Power,
    on: dt.date,
) -> WhyNot | None:
    """Why this representation does not let that holder do it for that citizen; None where it does. Two queries."""
    given = Representation.objects.select_related("citizen", "holder").filter(pk=representation_id).first()
    if given is None or (given.holder_id, given.citizen_id) != (holder_id, citizen_id):
        return WhyNot.OTHER_PERSON
    limits = [] if given.every_service else _limits([given.pk])
    return why_not(given, power=power, services=services, on=on, covered=limits)


def may_hear(*, holder_id: int, citizen_id: int, on: dt.date) -> int | None:
    """The representation by which the holder may be told everything of the citizen that day; None: none does."""
    kinds = [basis.value for basis, opens in OPENS.items() if Power.HEAR in opens and basis != Basis.COMPANION]
    rows = Representation.objects.filter(in_force(on), holder=holder_id, citizen=citizen_id, every_service=True)
    return rows.filter(basis__in=kinds).order_by("pk").values_list("pk", flat=True).first()


def beyond_hearing(*, representation_id: int, holder_id: int, citizen_id: int, on: dt.date) -> Collection[str]:
    """The services of which the holder may be told nothing by this power that day; none where it is for all of them.

    Raises NoPower. A companion hears while the citizen is there herself, and is told nothing without her.
    """
    given = Representation.objects.select_related("citizen", "holder").filter(pk=representation_id).first()
    if given is None or (given.holder_id, given.citizen_id) != (holder_id, citizen_id):
        raise NoPower(WhyNot.OTHER_PERSON)
    if against := why_not(given, power=Power.ACT, services=(), on=on, covered=()):
        raise NoPower(against)
    if given.every_service:
        return ()
    return list(ServiceKey.objects.exclude(pk__in=_limits([given.pk])).values_list("pk", flat=True))


class NoPower(Exception):
    """The representation does not let its holder be told of the citizen."""

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why.value)


def _limits(representations: Iterable[int]) -> list[str]:
    rows = RepresentationService.objects.filter(representation__in=list(representations))
    return list(rows.values_list("service_id", flat=True))
