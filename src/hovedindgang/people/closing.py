"""Deeds about what is closed to whom: whose CPR is hers, who her family is, and the hour for which it is opened."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, employee_actor
from hovedindgang.kernel.events import append_event
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.closed import OPEN_FOR
from hovedindgang.people.models import Closed, ClosedWhy, Employee, Kin, KinKind, Opening, OpeningReason, Role
from hovedindgang.people.queries import cpr_index
from hovedindgang.people.rules import BadCpr, NoAccess, PeopleRefused, parse_cpr

OPENED_USE = "closed_record"  # what a look-up is logged as
# Worked out anew as a whole: some hundred rows, and what is left out can be seen at once.
_COLLEAGUES = """
SELECT e.id, c.id, 'colleague' FROM people_employee e
JOIN people_employee o ON o.id <> e.id AND o.is_active
    AND (o.centre_id = e.centre_id OR o.department_id = e.department_id)
JOIN people_kin k ON k.employee_id = o.id AND k.kind = 'own'
JOIN people_citizen c ON c.cpr_index = k.cpr_index
"""
_KIN = """
SELECT k.employee_id, c.id, k.kind FROM people_kin k JOIN people_citizen c ON c.cpr_index = k.cpr_index
"""


def renew_closed() -> None:
    """Bring `Closed` in line with who is whose; her own before a colleague's. Belongs in a deed's transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Whoever registers a new citizen reads people_kin with a lock meanwhile (`close_new`), and is waited for.
            cursor.execute("LOCK TABLE people_kin IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM people_closed")
        into = "INSERT INTO people_closed (employee_id, citizen_id, why)"
        cursor.execute(f"{into} {_KIN}")
        # SQLite needs a WHERE to tell ON CONFLICT from a join's ON; both keep her own before a colleague's.
        cursor.execute(f"{into} {_COLLEAGUES} WHERE true ON CONFLICT DO NOTHING")


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"


def close_new(cpr_indexes: Iterable[bytes]) -> None:
    """Citizens with these CPRs have just been made: they are closed to whom they belong to. Usually one query."""
    indexes = list(cpr_indexes)
    known = Kin.objects.filter(cpr_index__in=indexes)
    if _is_postgres():
        known = known.select_for_update()  # takes part in the lock of `renew_closed`, also where no row is found
    if len(known):
        renew_closed()


@transaction.atomic
def say_own_cpr(*, actor: Actor, employee_id: int, cpr: str) -> None:
    """This CPR is the employee's own; only its index is kept. "" takes it away. Raises PeopleRefused."""
    Employee.objects.select_for_update().get(pk=employee_id)
    Kin.objects.filter(employee=employee_id, kind=KinKind.OWN).delete()
    if cpr.strip():
        try:
            with transaction.atomic():
                index = _index(cpr)
                Kin.objects.filter(employee=employee_id, cpr_index=index).delete()
                Kin.objects.create(employee_id=employee_id, cpr_index=index, kind=KinKind.OWN)
        except IntegrityError:
            raise PeopleRefused(
                {"own_cpr": _("CPR-nummeret er allerede en anden medarbejders. Se efter på legitimationen.")}
            ) from None
    renew_closed()
    _say(actor, employee_id, "employee.own_record_closed" if cpr.strip() else "employee.own_record_not_known")


@transaction.atomic
def say_family(*, actor: Actor, employee_id: int, cpr: str) -> None:
    """Somebody of hers; only the index is kept, so that nobody can read who. Raises PeopleRefused."""
    index = _index(cpr, field="family_cpr")
    if Kin.objects.filter(employee=employee_id, cpr_index=index).exists():
        raise PeopleRefused({"family_cpr": _("Den er allerede lukket for dig.")})
    Kin.objects.create(employee_id=employee_id, cpr_index=index, kind=KinKind.FAMILY)
    renew_closed()
    _say(actor, employee_id, "employee.family_closed")


@transaction.atomic
def unsay_family(*, actor: Actor, employee_id: int, cpr: str) -> None:
    """It was a mistake, or they are family no longer: the administrator takes it away. Raises PeopleRefused."""
    gone, _rows = Kin.objects.filter(
        employee=employee_id, cpr_index=_index(cpr, field="family_cpr"), kind=KinKind.FAMILY
    ).delete()
    if not gone:
        raise PeopleRefused({"family_cpr": _("Det CPR-nummer er ikke oplyst som familie. Se efter, og skriv igen.")})
    renew_closed()
    _say(actor, employee_id, "employee.family_opened")


def _index(cpr: str, field: str = "own_cpr") -> bytes:
    try:
        return cpr_index(parse_cpr(cpr))
    except BadCpr as bad:
        raise PeopleRefused({field: str(bad)}) from bad


def _say(actor: Actor, employee_id: int, verb: str) -> None:
    append_event(verb=verb, actor=actor, subject_kind="employee", subject_id=employee_id, facts={})


# ------------------------------------------------------------------------------------------------------- openings


@transaction.atomic
def ask_opening(*, employee: Employee, citizen_id: int, reason: str) -> Opening:
    """She needs what is closed to her. A colleague's record opens at once, for an hour, and her leader is told.

    Her own and her family's wait until a leader opens them. Raises PeopleRefused; NoAccess where nothing is closed.
    """
    why = why_closed(employee, citizen_id)
    if reason not in OpeningReason.values:
        raise PeopleRefused({"reason": _("Vælg, hvorfor den skal åbnes.")})
    now = clock.now()
    by_herself = why == ClosedWhy.COLLEAGUE
    opening = Opening.objects.create(
        employee=employee,
        citizen_id=citizen_id,
        why=why,
        reason=reason,
        asked_at=now,
        opened_at=now if by_herself else None,
        opened_by=employee if by_herself else None,
    )
    _tell("closed.opened" if by_herself else "closed.opening_asked", employee, opening)
    return opening


def why_closed(employee: Employee, citizen_id: int) -> ClosedWhy:
    """Raises NoAccess where it is not closed."""
    closed = Closed.objects.filter(employee=employee, citizen=citizen_id).first()
    if closed is None:
        raise NoAccess
    return ClosedWhy(closed.why)


@transaction.atomic
def open_for_her(*, leader: Employee, opening_id: int) -> Opening:
    """A leader opens what was asked for, for an hour from now. Raises NoAccess; PeopleRefused for her own asking."""
    opening = _locked(leader, opening_id)
    if opening.employee_id == leader.pk:
        raise PeopleRefused({"": _("Du kan ikke åbne for dig selv. Bed en anden leder.")})
    if opening.opened_at is None:
        now = clock.now()
        opening.opened_at, opening.opened_by, opening.seen_at, opening.seen_by = now, leader, now, leader
        opening.save(update_fields=["opened_at", "opened_by", "seen_at", "seen_by"])
        _tell("closed.opened", leader, opening)
    return opening


@transaction.atomic
def note_opening_seen(*, leader: Employee, opening_id: int) -> None:
    """A leader has read that it was opened. Raises NoAccess; PeopleRefused for what she opened for herself."""
    opening = _locked(leader, opening_id)
    if opening.employee_id == leader.pk:
        raise PeopleRefused({"": _("Du har selv åbnet den. En anden leder skal se den.")})
    if opening.opened_at is not None and opening.seen_at is None:
        opening.seen_at, opening.seen_by = clock.now(), leader
        opening.save(update_fields=["seen_at", "seen_by"])
        _tell("closed.opening_seen", leader, opening)


def _locked(leader: Employee, opening_id: int) -> Opening:
    opening = Opening.objects.select_for_update().filter(pk=opening_id).first()
    if opening is None or Role.LEADER not in leader.roles:
        raise NoAccess
    return opening


def _tell(verb: str, employee: Employee, opening: Opening) -> None:
    if verb == "closed.opened":
        # In her name, for whom it is open: the month's sample draws all of these.
        hers = employee_actor(opening.employee_id)
        log_look_up(actor=hers, citizen_ids=[opening.citizen_id], use=OPENED_USE, reason=f"opening:{opening.pk}")
    append_event(
        verb=verb,
        actor=employee_actor(employee.pk),
        subject_kind="opening",
        subject_id=opening.pk,
        facts={
            "employee": opening.employee_id,
            "citizen": opening.citizen_id,
            "why": opening.why,
            "reason": opening.reason,
            "minutes": int(OPEN_FOR.total_seconds() // 60),
        },
    )
