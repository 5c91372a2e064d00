"""What is wrong about a citizen is put right, and what is disputed is only stored (GDPR articles 16 and 18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.encryption import decrypt, encrypt
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.people.actions import update_citizen
from hovedindgang.people.closed import refuse_if_closed
from hovedindgang.people.models import CORRECTED_PLACE, Citizen, Correction, Employee, RestrictedWhy, Restriction, Role
from hovedindgang.people.powers import follow_birthday
from hovedindgang.people.queries import CPR_PLACE, cpr_index, cpr_of
from hovedindgang.people.rules import BadCpr, NoAccess, PeopleRefused, born_on, parse_cpr

CPR, BORN_ON = "cpr", "born_on"
FIELDS = (CPR, "name", BORN_ON, "address", "phone", "email", "language", "needs")
LONGEST_RESTRICTION_DAYS = 366  # then somebody looks at it again


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction as it is shown and handed out; `was` is for the citizen herself."""

    field: str
    was: str
    at: dt.datetime
    by: Employee


@transaction.atomic
def correct_citizen(*, employee: Employee, citizen_id: int, field: str, value: str) -> Citizen:
    """One thing about her was wrong and is put right; what stood there is kept sealed, and goes with her.

    Custody ends by the birthday that is right (`follow_birthday`). One event `citizen.corrected`, which tells the field
    and neither value. Raises NoAccess for anybody but a leader, PeopleRefused.
    """
    citizen = _locked(employee, citizen_id)
    if field not in FIELDS:
        raise PeopleRefused({"field": _("Vælg, hvad der skal rettes.")})
    said = " ".join(value.replace("\0", "").split())
    was = _value(citizen, field)
    if field == CPR:
        _correct_cpr(employee, citizen, said)
    else:
        update = {field: _day(said) if field == BORN_ON else said}
        if field == "name" and not said:
            raise PeopleRefused({"value": _("Skriv det rigtige navn.")})
        _update(employee, citizen_id, update)
    fresh = Citizen.objects.get(pk=citizen_id)
    if _value(fresh, field) == was:
        raise PeopleRefused({"value": _("Det står der allerede. Skriv det, der skal stå i stedet.")})
    _keep(employee, fresh, field, was)
    if field in {CPR, BORN_ON}:
        follow_birthday(employee=employee, citizen=fresh)
    return fresh


def _correct_cpr(employee: Employee, citizen: Citizen, said: str) -> None:
    try:
        digits = parse_cpr(said, on=clock.today())
    except BadCpr as bad:
        raise PeopleRefused({"value": str(bad)}) from bad
    birthday, before = born_on(digits), citizen.born_on
    sealed = {"cpr_sealed": encrypt(digits, place=CPR_PLACE), "cpr_index": cpr_index(digits), "born_on": birthday}
    try:
        with transaction.atomic():
            Citizen.objects.filter(pk=citizen.pk).update(**sealed)
    except IntegrityError:
        taken = _("En anden borger her har det CPR-nummer. Se efter, hvem der er hvem, før du retter.")
        raise PeopleRefused({"value": taken}) from None
    if before != birthday:  # a CPR number says it
        _keep(employee, citizen, BORN_ON, before.isoformat() if before else "")


def _update(employee: Employee, citizen_id: int, update: dict[str, Any]) -> None:
    try:
        update_citizen(actor=employee_actor(employee.pk), citizen_id=citizen_id, **update)
    except PeopleRefused as refused:
        raise PeopleRefused({"value": " ".join(refused.errors.values())}) from refused


def _keep(employee: Employee, citizen: Citizen, field: str, was: str) -> None:
    kept = Correction.objects.create(
        citizen=citizen, field=field, was_sealed=encrypt(was, place=CORRECTED_PLACE), by=employee
    )
    _tell("citizen.corrected", employee, citizen.pk, field=field, correction=kept.pk)


def _value(citizen: Citizen, field: str) -> str:
    if field == CPR:
        return cpr_of(citizen) or ""
    found = getattr(citizen, field)
    return found.isoformat() if isinstance(found, dt.date) else str(found or "")


def _day(said: str) -> dt.date:
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            day = dt.datetime.strptime(said, pattern).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        if dt.date(1850, 1, 1) <= day <= clock.today():
            return day
    raise PeopleRefused({"value": _("Skriv fødselsdagen som 31.12.1980.")})


def corrections_of(citizen_id: int) -> list[Corrected]:
    """What was corrected about her, the newest first."""
    rows = Correction.objects.filter(citizen=citizen_id).select_related("by").order_by("-pk")
    return [Corrected(row.field, decrypt(bytes(row.was_sealed), place=CORRECTED_PLACE), row.at, row.by) for row in rows]


# ------------------------------------------------------------------------------------------------------- restriction


@transaction.atomic
def restrict_citizen(*, employee: Employee, citizen_id: int, why: str, until: dt.date | None) -> Restriction:
    """From now on what we hold of her is stored and not used, but by her consent; `until`: when it is looked at again.

    One event `citizen.restricted`. Raises NoAccess for anybody but a leader, PeopleRefused.
    """
    citizen, today, errors = _locked(employee, citizen_id), clock.today(), {}
    if restricted_among([citizen_id]):
        errors[""] = _("Behandlingen er begrænset i forvejen. Ophæv det først, hvis grunden er en anden.")
    if why not in RestrictedWhy.values:
        errors["why"] = _("Vælg, hvorfor loven kræver det.")
    if until is None or not today <= until <= today + dt.timedelta(days=LONGEST_RESTRICTION_DAYS):
        errors["until"] = _("Skriv den dag, I ser på det igen, højst et år frem.")
    if errors:
        raise PeopleRefused(errors)
    assert until is not None
    placed = Restriction.objects.create(
        citizen=citizen, why=why, begun_on=today, look_again_on=until, placed_by=employee
    )
    _tell("citizen.restricted", employee, citizen_id, why=why, until=until.isoformat())
    return placed


@transaction.atomic
def lift_restriction(*, employee: Employee, citizen_id: int, told: bool) -> None:
    """What we hold of her may be used again; she has been told so before (art. 18, 3). One `citizen.unrestricted`.

    Raises NoAccess, PeopleRefused.
    """
    citizen = _locked(employee, citizen_id)
    if not restricted_among([citizen_id]):
        raise PeopleRefused({"": _("Der er ingen begrænsning at ophæve.")})
    if not told:
        raise PeopleRefused({"told": _("Skriv til borgeren først, at begrænsningen ophæves. Sæt så krydset.")})
    Restriction.objects.filter(citizen=citizen).delete()
    _tell("citizen.unrestricted", employee, citizen_id)


def restricted_among(citizen_ids: Iterable[int]) -> set[int]:
    """Those of them whose data is only stored."""
    return set(Restriction.objects.filter(citizen__in=list(citizen_ids)).values_list("citizen_id", flat=True))


def _tell(verb: str, employee: Employee, citizen_id: int, **facts: Fact) -> None:
    append_event(
        verb=verb,
        actor=employee_actor(employee.pk),
        subject_kind="citizen",
        subject_id=citizen_id,
        facts=facts,
    )


def _locked(employee: Employee, citizen_id: int) -> Citizen:
    if not employee.is_active or Role.LEADER not in employee.roles:
        raise NoAccess
    refuse_if_closed(employee.pk, [citizen_id])  # she decides nothing about her own, whatever she leads
    citizen = Citizen.objects.select_for_update().filter(pk=citizen_id).first()
    if citizen is None:
        raise NoAccess
    return citizen
