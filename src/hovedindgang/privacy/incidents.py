"""A breach of what we hold about citizens: noted, assessed, told to Datatilsynet and those it touches, closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from hovedindgang.contacts.rules import clean
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.events import Fact, append_event
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess, Role, cprs_in
from hovedindgang.privacy.breaches import Exposed, exposed, months_gone
from hovedindgang.privacy.models import Breach
from hovedindgang.privacy.rules import NAMED, NOTIFY_WITHIN, DataKind, NotTold, PrivacyRefused, Risk, Scope

LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBreach:
    """What is known when it is noted."""

    discovered_at: dt.datetime | None
    scope: str
    who: str
    first_on: dt.date | None
    last_on: dt.date | None
    kinds: Collection[str]
    what: str


def due_at(breach: Breach) -> dt.datetime:
    """When Datatilsynet is to have been told."""
    return breach.discovered_at + NOTIFY_WITHIN


def must_notify(breach: Breach) -> bool:
    """Whether the clock runs: not told yet, and not found to be no risk."""
    return breach.notified_at is None and breach.risk != Risk.NONE and breach.closed_at is None


def breaches() -> list[Breach]:
    """The open ones first, the first due first; then the closed, the newest first."""
    rows = list(Breach.objects.select_related("noted_by"))
    return sorted(rows, key=lambda one: (one.closed_at is not None, due_at(one) if not one.closed_at else -one.pk))


def breach_seen(employee: Employee, breach_id: int) -> Breach:
    """Raises NoAccess."""
    _only_leaders(employee)
    found = Breach.objects.select_related("noted_by", "closed_by").filter(pk=breach_id).first()
    if found is None:
        raise NoAccess
    return found


@transaction.atomic
def note_breach(*, employee: Employee, said: NewBreach) -> Breach:
    """The clock of 72 hours runs from when it was discovered. One `breach.noted`. Raises NoAccess, PrivacyRefused."""
    _only_leaders(employee)
    what, who, errors = clean(said.what), clean(said.who), {}
    if said.discovered_at is None or said.discovered_at > clock.now():
        errors["discovered_at"] = _("Skriv, hvornår bruddet blev opdaget; det kan ikke være senere end nu.")
    if said.scope not in list(Scope):
        errors["scope"] = _("Vælg, hvad bruddet gælder.")
    elif (said.scope in NAMED) != bool(who):
        errors["who"] = _("Skriv brugernavnet, systemet eller centrets nøgle; intet, når det gælder alt eller filer.")
    if said.first_on is None or said.last_on is None or said.last_on < said.first_on:
        errors["first_on"] = _("Skriv periodens første og sidste dag.")
    if not said.kinds or not set(said.kinds) <= set(DataKind):
        errors["kinds"] = _("Sæt kryds ved de slags oplysninger, der kan være set.")
    errors |= _text("what", what, _("Skriv, hvad der er sket."))
    if not errors and said.first_on and said.last_on:
        try:
            next(exposed(first=said.first_on, last=said.last_on, scope=said.scope, who=who), None)
        except PrivacyRefused as refused:
            errors |= refused.errors
    if errors:
        raise PrivacyRefused(errors)
    assert said.discovered_at
    assert said.first_on
    assert said.last_on
    made = Breach.objects.create(
        discovered_at=said.discovered_at,
        scope=said.scope,
        who=who,
        first_on=said.first_on,
        last_on=said.last_on,
        kinds=sorted(said.kinds),
        what=what,
        noted_by=employee,
    )
    _tell("breach.noted", employee, made, scope=made.scope, kinds=list(made.kinds))
    return made


@transaction.atomic
def assess_breach(*, employee: Employee, breach_id: int, risk: str, measures: str) -> Breach:
    """How dangerous it is, and what was done; may be assessed anew until it is closed. One `breach.assessed`."""
    breach, said = _open(employee, breach_id), clean(measures)
    errors = _text("measures", said, _("Skriv, hvad I har gjort for at stoppe det og mindske skaden."))
    if risk not in list(Risk):
        errors["risk"] = _("Vælg, hvor stor risikoen er for dem, det rammer.")
    if errors:
        raise PrivacyRefused(errors)
    breach.risk, breach.measures, breach.assessed_at = risk, said, clock.now()
    breach.save(update_fields=["risk", "measures", "assessed_at"])
    _tell("breach.assessed", employee, breach, risk=risk)
    return breach


@transaction.atomic
def breach_notified(*, employee: Employee, breach_id: int, late_why: str = "") -> Breach:
    """Datatilsynet has been told, now; after 72 hours with the reason for the delay. One `breach.notified`."""
    breach, said, now = _open(employee, breach_id), clean(late_why), clock.now()
    late = now > due_at(breach)
    if breach.notified_at is not None:
        raise PrivacyRefused({"": _("Det er anmeldt før.")})
    errors = _text("late_why", said, _("De 72 timer er gået. Skriv hvorfor, som til Datatilsynet."))
    if late and errors:
        raise PrivacyRefused(errors)
    breach.notified_at, breach.late_why = now, said if late else ""
    breach.save(update_fields=["notified_at", "late_why"])
    _tell("breach.notified", employee, breach, late=late)
    return breach


@transaction.atomic
def citizens_told(*, employee: Employee, breach_id: int, not_told_why: str = "") -> Breach:
    """Those it touches have been told, now; or the law's reason why they need not be. One `breach.told`."""
    breach = _open(employee, breach_id)
    if not_told_why and not_told_why not in list(NotTold):
        raise PrivacyRefused({"not_told_why": _("Vælg på listen.")})
    breach.told_at, breach.not_told_why = (None, not_told_why) if not_told_why else (clock.now(), "")
    breach.save(update_fields=["told_at", "not_told_why"])
    _tell("breach.told", employee, breach, not_told_why=not_told_why)
    return breach


@transaction.atomic
def close_breach(*, employee: Employee, breach_id: int) -> Breach:
    """Everything the law asks of it is done. One `breach.closed`. Raises NoAccess, PrivacyRefused with what is left."""
    breach = _open(employee, breach_id)
    left = ""
    if not breach.risk:
        left = _("Vurdér risikoen først.")
    elif breach.risk != Risk.NONE and breach.notified_at is None:
        left = _("Anmeld det til Datatilsynet først.")
    elif breach.risk == Risk.HIGH and breach.told_at is None and not breach.not_told_why:
        left = _("Fortæl det til dem, det rammer, først, eller sig, hvorfor det ikke er nødvendigt.")
    if left:
        raise PrivacyRefused({"": left})
    breach.closed_at, breach.closed_by = clock.now(), employee
    breach.save(update_fields=["closed_at", "closed_by"])
    _tell("breach.closed", employee, breach)
    return breach


@transaction.atomic
def export_exposed(*, employee: Employee, breach_id: int) -> list[Exposed]:
    """Whom it touches, to be taken out: numbers and no names. One `breach.exported`. Raises NoAccess."""
    breach = breach_seen(employee, breach_id)
    rows = list(touched(breach))
    _tell("breach.exported", employee, breach, citizens=len(rows))
    return rows


def touched(breach: Breach) -> Iterator[Exposed]:
    return exposed(first=breach.first_on, last=breach.last_on, scope=breach.scope, who=breach.who)


def gone_of(breach: Breach) -> list[str]:
    """The months of its period whose look-ups were forgotten before it was noted: the list is not whole."""
    return months_gone(first=breach.first_on, last=breach.last_on)


def _text(field: str, said: str, missing: str) -> dict[str, str]:
    if not said:
        return {field: missing}
    if len(said) > LONGEST:
        return {field: _("Skriv højst 2.000 tegn.")}
    return {field: _("Skriv intet CPR-nummer her.")} if cprs_in(said) else {}


def _open(employee: Employee, breach_id: int) -> Breach:
    _only_leaders(employee)
    breach = Breach.objects.select_for_update().filter(pk=breach_id).first()
    if breach is None:
        raise NoAccess
    if breach.closed_at is not None:
        raise PrivacyRefused({"": _("Bruddet er lukket. Notér et nyt, hvis der er sket mere.")})
    return breach


def _tell(verb: str, employee: Employee, breach: Breach, **facts: Fact) -> None:
    append_event(verb=verb, actor=employee_actor(employee.pk), subject_kind="breach", subject_id=breach.pk, facts=facts)


def _only_leaders(employee: Employee) -> None:
    if not employee.is_active or not employee.roles & {Role.LEADER, Role.ADMINISTRATOR}:
        raise NoAccess
