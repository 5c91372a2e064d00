"""The doors to what we know about people; every passage is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import Actor, ActorKind, employee_actor
from hovedindgang.kernel.encryption import blind_index, decrypt
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.people.closed import closed_to, refuse_if_closed
from hovedindgang.people.models import CPR_PLACE, Citizen, Employee, Kin, KinKind
from hovedindgang.people.pace import Asked, mind_pace
from hovedindgang.people.protection import protected_rows
from hovedindgang.people.rules import NoAccess, may_see_citizens, name_key, parse_cpr

NAMES_SHOWN = 10
PACED = {ActorKind.EMPLOYEE: Asked.LOOK_UP, ActorKind.CLIENT: Asked.READING}


def access_citizen(employee: Employee, citizen_id: int, *, use: str, reason: str) -> Citizen:
    """A citizen's record for someone who may see all of them. Logged. Raises NoAccess, also where nobody is there,
    ClosedToHer for her own, her family's and her colleagues', and TooMany."""
    if not may_see_citizens(employee):
        raise NoAccess
    mind_pace(Asked.LOOK_UP, employee.pk)
    found = citizens_seen(actor=employee_actor(employee.pk), citizen_ids=[citizen_id], use=use, reason=reason)
    if citizen_id not in found:
        refuse_if_closed(employee.pk, [citizen_id])
        raise NoAccess
    return found[citizen_id]


def citizens_seen(*, actor: Actor, citizen_ids: Iterable[int], use: str, reason: str) -> dict[int, Citizen]:
    """Citizens by row number, for a room whose own door let the actor in (a handover to her department). Logged.

    Who is closed to the employee is not among them.
    """
    found = _open_to(actor).in_bulk(list(citizen_ids))
    log_look_up(actor=actor, citizen_ids=found, use=use, reason=reason)
    return found


def find_by_cpr(*, actor: Actor, cpr: str, use: str, reason: str) -> Citizen | None:
    """The citizen with this CPR, as typed; None when we have not met her. Logged either way.

    Raises BadCpr, and ClosedToHer where she is closed to the employee who asks.
    """
    _mind_pace_of(actor)
    found = _by_cpr(parse_cpr(cpr, on=clock.today()))
    if found is not None and actor.kind is ActorKind.EMPLOYEE:
        refuse_if_closed(actor.id or 0, [found.pk])
    log_look_up(actor=actor, citizen_ids=[found.pk if found else None], use=use, reason=reason)
    return found


def _mind_pace_of(actor: Actor) -> None:
    if actor.kind in PACED and actor.id is not None:
        mind_pace(PACED[actor.kind], actor.id)


def _open_to(actor: Actor) -> QuerySet[Citizen]:
    """All citizens, less those that are closed to the employee."""
    everybody = Citizen.objects.select_related("restriction")  # its banner stands above every page of hers
    if actor.kind is not ActorKind.EMPLOYEE or actor.id is None:
        return everybody
    return everybody.exclude(pk__in=closed_to(actor.id))


def _by_cpr(cpr: str) -> Citizen | None:
    return Citizen.objects.filter(cpr_index=cpr_index(cpr)).first()


def cpr_index(cpr: str) -> bytes:
    """The blind index of ten digits, the only thing a citizen is found by."""
    return blind_index(cpr, place=CPR_PLACE)


def unknown_among(citizen_ids: Collection[int]) -> set[int]:
    """Those row numbers that no citizen has. One statement, in plain SQL since every registration asks it."""
    if not citizen_ids:
        return set()
    places = ", ".join(["%s"] * len(citizen_ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM people_citizen WHERE id IN ({places})", list(citizen_ids))  # noqa: S608
        return set(citizen_ids) - {row[0] for row in cursor.fetchall()}


def protected_among(citizen_ids: Collection[int]) -> list[Citizen]:
    """Those who are protected today. Nothing of them is shown, so that it is no look-up. One statement."""
    return list(Citizen.objects.filter(protected_rows(), pk__in=citizen_ids)) if citizen_ids else []


def cpr_of(citizen: Citizen) -> str | None:
    """Ten digits, None for a citizen without. The caller logs why. Raises kernel.encryption.CannotDecrypt."""
    return decrypt(bytes(citizen.cpr_sealed), place=CPR_PLACE) if citizen.cpr_sealed else None


@dataclass(frozen=True, slots=True)
class FoundByName:
    """Who it may be. `more`: there are others, whom nobody has been shown; a longer name finds them."""

    people: list[Citizen]
    more: bool = False


def search_by_name(
    *, actor: Actor, typed: str, reason: str, use: str = "search", limit: int = NAMES_SHOWN
) -> FoundByName:
    """At most `limit` citizens whose names have words beginning with each word typed. All shown are logged.

    Fewer than three letters find nobody: a list of half the municipality helps no one. Nobody is found by a name that
    is protected, nor counted in `more`; a page says so at every search, so that finding nobody tells nothing. Nor is
    whoever is closed to the employee who searches.
    """
    words = name_key(typed).split()
    if len("".join(words)) < 3:
        return FoundByName([])
    _mind_pace_of(actor)
    people = _open_to(actor).exclude(protected_rows())
    for word in words:
        people = people.filter(name_key__contains=f" {word}")
    found = list(people.order_by("name", "id")[: limit + 1])
    shown = found[:limit]
    log_look_up(actor=actor, citizen_ids=[citizen.pk for citizen in shown], use=use, reason=reason)
    return FoundByName(shown, more=len(found) > limit)


# ------------------------------------------------------------------------------------------------------- employees


def employees() -> list[Employee]:
    """All employees by name, those who may sign in first."""
    return list(Employee.objects.select_related("centre", "department").order_by("-is_active", "name", "id"))


def employee(employee_id: int) -> Employee:
    """Raises Employee.DoesNotExist."""
    return Employee.objects.select_related("centre", "department").get(pk=employee_id)


def employees_named(employee_ids: Collection[int]) -> dict[int, str]:
    """What these employees are called, by number."""
    return dict(Employee.objects.filter(pk__in=list(employee_ids)).values_list("pk", "name"))


def known_at_provider() -> QuerySet[SocialAccount, int]:
    """The numbers of those whom the municipality's own sign-in knows; none where it is not used.

    It alone lets them in: who leaves there has no other way in here.
    """
    known = SocialAccount.objects.values_list("user_id", flat=True)
    return known if settings.OIDC_ISSUER else known.none()


def comes_by_provider(employee_id: int) -> bool:
    return known_at_provider().filter(user=employee_id).exists()


def active_employee(username: str) -> Employee | None:
    """The employee who signs in with this user name; None when there is none, or she has left."""
    return Employee.objects.filter(username=username, is_active=True).first()


def names_apart(employees: Iterable[Employee]) -> dict[int, str]:
    """What each is called where one of them is chosen: her name, with her user name where two are called the same."""
    them = list(employees)
    alike = Counter(name_key(one.name) for one in them)
    return {one.pk: one.name if alike[name_key(one.name)] == 1 else _with_user_name(one) for one in them}


def _with_user_name(employee: Employee) -> str:
    return f"{employee.name} ({employee.username})"


def colleagues_named(typed: str, *, but: int, limit: int = 6) -> list[Employee]:
    """Active employees of Borgerservice in whose name it stands, never herself. Where it is somebody's whole name, her
    user name, or both as `names_apart` writes them, only whose it is."""
    wanted, said = name_key(typed), typed.strip().casefold()
    if not wanted:
        return []
    there = list(Employee.objects.filter(is_active=True, is_employee=True).exclude(pk=but).order_by("name", "id"))

    def is_whole(one: Employee) -> bool:
        return name_key(one.name) == wanted or said in {one.username.casefold(), _with_user_name(one).casefold()}

    return ([one for one in there if is_whole(one)] or [one for one in there if wanted in name_key(one.name)])[:limit]


def named_cast(usernames: Sequence[str]) -> list[Employee]:
    """The active employees with these user names, in that order; those not there are left out."""
    found = {
        person.username: person
        for person in Employee.objects.filter(username__in=usernames, is_active=True).select_related(
            "centre", "department"
        )
    }
    return [found[username] for username in usernames if username in found]


def relatives(employee: Employee) -> int:
    """How many of her family she has named."""
    return Kin.objects.filter(employee=employee, kind=KinKind.FAMILY).count()


def has_own_record(employee: Employee) -> bool:
    """Whether it is known which CPR is her own."""
    return Kin.objects.filter(employee=employee, kind=KinKind.OWN).exists()


def administrators_left(*, without: int) -> int:
    """How many others could still let people in."""
    return Employee.objects.filter(is_active=True, is_administrator=True).exclude(pk=without).count()
