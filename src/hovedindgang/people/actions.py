"""Deeds of people: register a citizen, keep CPRs out of texts, let employees in and out."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, Actor, employee_actor
from hovedindgang.kernel.encryption import encrypt
from hovedindgang.kernel.events import append_event
from hovedindgang.people.closing import close_new, renew_closed
from hovedindgang.people.models import Citizen, Employee, Protection, Role, StaffSession
from hovedindgang.people.pace import Asked, most_of
from hovedindgang.people.protection import ProtectedReason
from hovedindgang.people.queries import CPR_PLACE, access_citizen, administrators_left, comes_by_provider, cpr_index
from hovedindgang.people.rules import (
    EMAIL_LENGTH,
    NAME_LENGTH,
    IdentityShown,
    PeopleRefused,
    a_year_after,
    born_on,
    check_favourites,
    cprs_in,
    name_key,
    parse_cpr,
)
from hovedindgang.policy.models import CentreKey, DepartmentKey

IMPORT_ROWS = 500  # rows in one statement of an import
# What `register_citizen` and `update_citizen` may set; CPR, protection and death have deeds of their own.
PLAIN = frozenset(
    "name born_on address phone email language needs exempt_from_digital_post exempt_from_self_service".split()
)


@transaction.atomic
def register_citizen(*, actor: Actor, cpr: str | None = None, **known: Any) -> Citizen:
    """Find the citizen with this CPR, or make her; without a CPR she is always new.

    `known` are other fields of Citizen (name, phone, language, needs ...): a citizen who was there keeps what she
    had, and only what was empty is filled. Two at once make one citizen. Raises BadCpr, PeopleRefused.
    """
    _check_citizen(known)
    _check_plain(known)
    if cpr is None:
        citizen = Citizen.objects.create(**_with_key(known))
        _say(actor, citizen, "citizen.registered", with_cpr=False)
        return citizen
    return _with_cpr(actor, parse_cpr(cpr, on=clock.today()), known)


def _with_cpr(actor: Actor, digits: str, known: dict[str, Any]) -> Citizen:
    index = cpr_index(digits)
    known_before = Citizen.objects.filter(cpr_index=index).first()
    if known_before is None:
        sealed = encrypt(digits, place=CPR_PLACE)
        known = {"born_on": born_on(digits), **_with_key(known)}
        # ON CONFLICT DO NOTHING: whoever comes second finds the first one's row below.
        Citizen.objects.bulk_create([Citizen(cpr_sealed=sealed, cpr_index=index, **known)], ignore_conflicts=True)
        citizen = Citizen.objects.get(cpr_index=index)
        if bytes(citizen.cpr_sealed or b"") == sealed:  # the nonce is ours alone
            close_new([index])
            _say(actor, citizen, "citizen.registered", with_cpr=True)
            return citizen
    else:
        citizen = known_before
    _fill_in(actor, citizen, known)
    return citizen


def _fill_in(actor: Actor, citizen: Citizen, known: dict[str, Any]) -> None:
    new = [field for field in ("name", "born_on", "address", "phone", "email", "needs") if known.get(field)]
    filled = [field for field in new if not getattr(citizen, field)]
    if filled:
        update_citizen(actor=actor, citizen_id=citizen.pk, **{field: known[field] for field in filled})
        citizen.refresh_from_db()


@transaction.atomic
def update_citizen(*, actor: Actor, citizen_id: int, **changed: Any) -> Citizen:
    """Set fields of a citizen (not her CPR); the event tells which, never what. Raises PeopleRefused."""
    _check_citizen(changed)
    _check_plain(changed)
    citizen = Citizen.objects.select_for_update().get(pk=citizen_id)
    fields = _with_key(changed)
    for field, value in fields.items():
        setattr(citizen, field, value)
    citizen.save(update_fields=list(fields))
    append_event(
        verb="citizen.updated",
        actor=actor,
        subject_kind="citizen",
        subject_id=citizen.pk,
        facts={"fields": sorted(changed)},
    )
    return citizen


@transaction.atomic
def protect_citizen(
    *,
    actor: Actor,
    citizen_id: int,
    protection: Protection,
    from_day: dt.date | None = None,
    to_day: dt.date | None = None,
) -> Citizen:
    """Her name and address are protected from `from_day` (today) until before `to_day`, or no longer with NONE.

    CPR's ordinary protection lasts one year where no day is given; the others until somebody ends them.
    One event `citizen.protected` or `citizen.protection_ended`. Raises PeopleRefused.
    """
    citizen = Citizen.objects.select_for_update().get(pk=citizen_id)
    protected = protection != Protection.NONE
    begins, ends = (from_day or clock.today(), to_day) if protected else (None, None)
    if protection == Protection.ORDINARY and begins and ends is None:
        ends = a_year_after(begins)
    if begins and ends and ends <= begins:
        raise PeopleRefused({"to": _("Beskyttelsen skal slutte efter den dag, den begynder. Ret en af datoerne.")})
    citizen.protection, citizen.protected_from, citizen.protected_to = protection, begins, ends
    citizen.save(update_fields=["protection", "protected_from", "protected_to"])
    append_event(
        verb="citizen.protected" if protected else "citizen.protection_ended",
        actor=actor,
        subject_kind="citizen",
        subject_id=citizen.pk,
        facts={
            "protection": protection.value,
            "from": begins.isoformat() if begins else None,
            "to": ends.isoformat() if ends else None,
        },
    )
    return citizen


def end_protections() -> None:
    """Whose protection has lasted its time is like everybody else again, and found by name. Safe to repeat."""
    over = Citizen.objects.filter(protected_to__lte=clock.today()).exclude(protection=Protection.NONE)
    for number in over.values_list("pk", flat=True):
        with transaction.atomic():
            if over.select_for_update().filter(pk=number).exists():  # it may have been renewed meanwhile
                protect_citizen(actor=SYSTEM, citizen_id=number, protection=Protection.NONE)


@transaction.atomic
def show_protected(
    *, employee: Employee, citizen_id: int, reason: ProtectedReason, contact_id: int | None = None
) -> Citizen:
    """The reasoned key: her name and address for one page, to an employee who may see citizens.

    Logged as a look-up with the reason; one event `citizen.protected_shown`, with the contact it was for where there
    is one. The record that comes back is for the page that asked, and goes nowhere else. Raises NoAccess.
    """
    actor = employee_actor(employee.pk)
    citizen = access_citizen(employee, citizen_id, use="protected", reason=f"protected:{reason.value}")
    append_event(
        verb="citizen.protected_shown",
        actor=actor,
        subject_kind="citizen",
        subject_id=citizen.pk,
        facts={"reason": reason.value, "protection": citizen.protection, "contact": contact_id},
    )
    return citizen


@transaction.atomic
def record_death(*, actor: Actor, citizen_id: int, dead_on: dt.date | None) -> Citizen:
    """She died that day; None takes back what was recorded by mistake. One event `citizen.death_recorded`.

    Raises PeopleRefused for a day to come, and one before she was born.
    """
    citizen = Citizen.objects.select_for_update().get(pk=citizen_id)
    if dead_on and dead_on > clock.today():
        raise PeopleRefused({"dead_on": _("Datoen ligger i fremtiden. Skriv den dag, borgeren døde.")})
    if dead_on and citizen.born_on and dead_on < citizen.born_on:
        raise PeopleRefused({"dead_on": _("Datoen ligger før borgerens fødselsdag. Skriv den dag, borgeren døde.")})
    citizen.dead_on = dead_on
    citizen.save(update_fields=["dead_on"])
    append_event(
        verb="citizen.death_recorded" if dead_on else "citizen.death_taken_back",
        actor=actor,
        subject_kind="citizen",
        subject_id=citizen.pk,
        facts={"dead_on": dead_on.isoformat()} if dead_on else {},
    )
    return citizen


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCitizen:
    """A citizen as an import brings her. `cpr` is ten digits."""

    cpr: str
    name: str = ""
    language: str = "da"
    needs: str = ""
    phone: str = ""
    address: str = ""
    exempt_from_digital_post: bool = False
    protection: Protection = Protection.NONE
    protected_from: dt.date | None = None
    protected_to: dt.date | None = None
    dead_on: dt.date | None = None


@transaction.atomic
def import_citizens(*, actor: Actor, rows: Iterable[KnownCitizen]) -> dict[str, int]:
    """Find or make many at once, one event for all; gives the row number of each CPR. Raises BadCpr."""
    rows = list(rows)
    numbers = [parse_cpr(row.cpr) for row in rows]
    index_of = {cpr: cpr_index(cpr) for cpr in numbers}
    made = [
        Citizen(
            cpr_sealed=encrypt(cpr, place=CPR_PLACE),
            cpr_index=index_of[cpr],
            born_on=born_on(cpr),
            name=row.name,
            name_key=name_key(row.name),
            language=row.language,
            needs=row.needs,
            phone=row.phone,
            address=row.address,
            exempt_from_digital_post=row.exempt_from_digital_post,
            protection=row.protection,
            protected_from=row.protected_from,
            protected_to=row.protected_to,
            dead_on=row.dead_on,
        )
        for row, cpr in zip(rows, numbers, strict=True)
    ]
    Citizen.objects.bulk_create(made, ignore_conflicts=True, batch_size=IMPORT_ROWS)
    close_new(index_of.values())
    number_of: dict[bytes, int] = {}
    indexes = list(index_of.values())
    for start in range(0, len(indexes), IMPORT_ROWS):
        found = Citizen.objects.filter(cpr_index__in=indexes[start : start + IMPORT_ROWS])
        number_of.update({bytes(index or b""): pk for index, pk in found.values_list("cpr_index", "id")})
    append_event(
        verb="citizens.imported", actor=actor, subject_kind="citizens", subject_id="import", facts={"rows": len(rows)}
    )
    return {cpr: number_of[index] for cpr, index in index_of.items()}


def without_cprs(*, actor: Actor, text: str) -> str:
    """`text` with "[borger 4711]" for each CPR in it; the citizen is found or made. No query where there is none.

    Also a number that is nobody's yet goes: it is most of somebody's, with one digit wrong.
    """
    parts, rest = [], 0
    for found in cprs_in(text):
        with transaction.atomic():  # she is met with her event, whoever calls
            citizen = _with_cpr(actor, found.cpr, {})
        parts += [text[rest : found.start], f"[borger {citizen.pk}]"]
        rest = found.end
    return "".join([*parts, text[rest:]])


def _with_key(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "name_key": name_key(fields["name"])} if "name" in fields else fields


def _check_plain(fields: dict[str, Any]) -> None:
    if not PLAIN.issuperset(fields):
        raise TypeError(f"set by a deed of their own: {sorted(set(fields) - PLAIN)}")


def _check_citizen(fields: dict[str, Any]) -> None:
    errors = {}
    for field, longest in (("name", 120), ("address", 160), ("phone", 20), ("email", 120), ("needs", 200)):
        said = str(fields.get(field) or "")
        if len(said) > longest:
            errors[field] = _("Skriv højst {longest} tegn.").format(longest=longest)
        elif cprs_in(said):
            errors[field] = _("Skriv ikke CPR-nummeret her. Det har sit eget felt.")
    if errors:
        raise PeopleRefused(errors)


def _say(actor: Actor, citizen: Citizen, verb: str, *, with_cpr: bool) -> None:
    append_event(verb=verb, actor=actor, subject_kind="citizen", subject_id=citizen.pk, facts={"with_cpr": with_cpr})


# ------------------------------------------------------------------------------------------------------- employees


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeFacts:
    """What the administrator says about an employee."""

    username: str
    name: str
    roles: frozenset[Role]
    email: str = ""
    centre: str | None = None  # key
    department: str | None = None  # key


@transaction.atomic
def create_employee(
    *, actor: Actor, facts: EmployeeFacts, password: str | None = None, by_password: bool = True
) -> tuple[Employee, str]:
    """A new employee and the password she signs in with the first time: made here, it ends in a few days.

    Not `by_password`: she has none and signs in another way, as the demonstration's cast does; the word is empty.
    Raises PeopleRefused with errors by field.
    """
    _check_employee(facts)
    given = by_password and password is None
    password = (password or _first_password()) if by_password else ""
    try:
        with transaction.atomic():
            until = {"password_until": first_password_ends()} if given else {}
            employee = Employee.objects.create_user(
                facts.username.strip(), password or None, **_columns(facts), **until
            )
    except IntegrityError:
        raise PeopleRefused({"username": _("Brugernavnet er taget. Vælg et andet.")}) from None
    renew_closed()
    append_event(
        verb="employee.created",
        actor=actor,
        subject_kind="employee",
        subject_id=employee.pk,
        facts={"roles": sorted(facts.roles), "centre": facts.centre, "department": facts.department},
    )
    return employee, password


@transaction.atomic
def change_employee(*, actor: Actor, employee_id: int, facts: EmployeeFacts, is_active: bool) -> Employee:
    """Change roles and place, or let her out: from her next request she is signed out. Raises PeopleRefused."""
    _check_employee(facts)
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    if not (is_active and Role.ADMINISTRATOR in facts.roles) and not administrators_left(without=employee_id):
        raise PeopleRefused({"roles": _("Der skal altid være en administrator. Giv først en anden rollen.")})
    was_active = employee.is_active
    employee.username, employee.is_active = facts.username.strip(), is_active
    for column, value in _columns(facts).items():
        setattr(employee, column, value)
    try:
        with transaction.atomic():
            employee.save()
    except IntegrityError:
        raise PeopleRefused({"username": _("Brugernavnet er taget. Vælg et andet.")}) from None
    renew_closed()  # other colleagues
    if was_active and not is_active:
        end_sessions(actor=actor, employee_id=employee_id)
    append_event(
        verb="employee.deactivated" if was_active and not is_active else "employee.changed",
        actor=actor,
        subject_kind="employee",
        subject_id=employee.pk,
        facts={"roles": sorted(facts.roles), "centre": facts.centre, "department": facts.department},
    )
    return employee


@transaction.atomic
def end_sessions(*, actor: Actor, employee_id: int) -> int:
    """Every sign-in of hers ends now, in every browser, also one whose request is under way; gives how many."""
    ended, _rows = StaffSession.objects.filter(employee=employee_id).delete()
    append_event(
        verb="employee.sessions_ended",
        actor=actor,
        subject_kind="employee",
        subject_id=employee_id,
        facts={"sessions": ended},
    )
    return ended


@transaction.atomic
def give_new_password(*, actor: Actor, employee_id: int) -> str:
    """A password that replaces hers for a few days; it is shown once, and her other sessions end.

    With it she comes to the page that changes it, and to no other. Raises PeopleRefused for who comes in by the
    municipality's own sign-in: a password here would still let her in when she has left there.
    """
    if comes_by_provider(employee_id):
        raise PeopleRefused({"": _("Hun logger ind med kommunens login og får ikke også en adgangskode her.")})
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    password = _first_password()
    employee.set_password(password)
    employee.password_until = first_password_ends()
    employee.save(update_fields=["password", "password_until"])
    end_sessions(actor=actor, employee_id=employee_id)
    append_event(verb="employee.password_given", actor=actor, subject_kind="employee", subject_id=employee.pk, facts={})
    return password


@transaction.atomic
def take_password(*, actor: Actor, employee_id: int) -> None:
    """The municipality's own sign-in knows her: a password she once was given here lets nobody in any more.

    One event `employee.password_taken`; nothing where she has none.
    """
    employee = Employee.objects.select_for_update().get(pk=employee_id)
    if not employee.has_usable_password():
        return
    employee.set_unusable_password()
    employee.password_until = None
    employee.save(update_fields=["password", "password_until"])
    append_event(verb="employee.password_taken", actor=actor, subject_kind="employee", subject_id=employee_id, facts={})


@transaction.atomic
def replace_second_step(*, administrator: Employee, employee_id: int, shown: str) -> str:
    """She has lost her app or key and shown who she is: it opens nothing more, and she begins with a given password.

    With it she finds a password of her own and makes a new second step; "" for who comes in by the municipality's own
    sign-in, which gives her none. One event `employee.second_step_taken`.
    Raises PeopleRefused, for oneself too: another administrator must have seen her.
    """
    if administrator.pk == employee_id:
        raise PeopleRefused({"shown": _("Det er dig selv. Bed en anden administrator om det.")})
    if shown not in list(IdentityShown):
        raise PeopleRefused({"shown": _("Vælg, hvordan hun har vist, at det er hende. På telefon kan det ikke ses.")})
    actor, password = employee_actor(administrator.pk), ""
    if comes_by_provider(employee_id):
        end_sessions(actor=actor, employee_id=employee_id)
    else:
        password = give_new_password(actor=actor, employee_id=employee_id)
    taken, _rows = Authenticator.objects.filter(user=employee_id).delete()
    append_event(
        verb="employee.second_step_taken",
        actor=actor,
        subject_kind="employee",
        subject_id=employee_id,
        facts={"shown": shown, "taken": taken},
    )
    return password


@transaction.atomic
def note_too_many(*, employee_id: int, what: Asked) -> None:
    """One event `employee.too_many`: she, or what sits at her PC, asked for more than a person can."""
    append_event(
        verb="employee.too_many",
        actor=employee_actor(employee_id),
        subject_kind="employee",
        subject_id=employee_id,
        facts={"what": what.value, "most": most_of(what)},
    )


def _first_password() -> str:
    return secrets.token_urlsafe(16)


def first_password_ends() -> dt.datetime:
    return clock.now() + dt.timedelta(days=settings.FIRST_PASSWORD_DAYS)


@transaction.atomic
def choose_settings(
    *, employee: Employee, language: str, letter_keys: bool, favourites: list[str], services: Iterable[str]
) -> Employee:
    """Her own language, keys and favourites; `services` are the keys of those carried today. Raises PeopleRefused."""
    if language not in {"da", "en"}:
        raise PeopleRefused({"language": _("Vælg dansk eller engelsk.")})
    check_favourites(favourites, services)
    employee.language, employee.letter_keys, employee.favourites = language, letter_keys, favourites
    employee.save(update_fields=["language", "letter_keys", "favourites"])
    append_event(
        verb="employee.settings_chosen",
        actor=employee_actor(employee.pk),
        subject_kind="employee",
        subject_id=employee.pk,
        facts={"language": language, "letter_keys": letter_keys, "favourites": list(favourites)},
    )
    return employee


def choose_language(*, employee: Employee, language: str) -> None:
    """The language switch on every page, remembered for her. Nothing happens where it is hers already."""
    if language != employee.language:
        choose_settings(
            employee=employee,
            language=language,
            letter_keys=employee.letter_keys,
            favourites=employee.favourites,
            services=employee.favourites,
        )


def _columns(facts: EmployeeFacts) -> dict[str, Any]:
    roles = {f"is_{role.value}": role in facts.roles for role in Role}
    return {
        "name": facts.name.strip(),
        "email": facts.email.strip(),
        "centre_id": facts.centre,
        "department_id": facts.department,
        **roles,
    }


def _check_employee(facts: EmployeeFacts) -> None:
    errors = {}
    if not facts.username.strip() or len(facts.username.strip()) > 60:
        errors["username"] = _("Skriv et brugernavn på højst 60 tegn.")
    elif cprs_in(facts.username):
        errors["username"] = _("Et CPR-nummer kan ikke være brugernavn.")
    if not facts.name.strip() or len(facts.name.strip()) > NAME_LENGTH:
        errors["name"] = _("Skriv navnet, højst 120 tegn.")
    if facts.email.strip() and not _is_email(facts.email.strip()):
        errors["email"] = _("Skriv en e-mailadresse som navn@kommune.dk, eller lad feltet stå tomt.")
    if not facts.roles:
        errors["roles"] = _("Vælg mindst én rolle.")
    if Role.CASEWORKER in facts.roles and not facts.department:
        errors["department"] = _("En sagsbehandler hører til en fagforvaltning. Vælg den.")
    if Role.EMPLOYEE in facts.roles and not facts.centre:
        errors["centre"] = _("En medarbejder i Borgerservice har et hjemcenter. Vælg det.")
    for field, key, keys in (("centre", facts.centre, CentreKey), ("department", facts.department, DepartmentKey)):
        if key and ("\0" in key or not keys.objects.filter(pk=key).exists()):
            errors[field] = _("Stedet kendes ikke. Vælg det på listen.")
    if errors:
        raise PeopleRefused(errors)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= EMAIL_LENGTH
