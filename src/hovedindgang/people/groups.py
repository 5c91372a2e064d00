"""From the groups of the municipality's sign-in to roles and places, as one line of the settings says it.

    BS-Aabybro: employee centre=aabybro; BS-Ledelse: leader; Jobcenter: caseworker department=jobcenter

Who is in several groups has all their roles; of two places the first that is named counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from hovedindgang.people.models import Role

PLACES = ("centre", "department")


@dataclass(frozen=True, slots=True)
class Granted:
    """What one group gives."""

    group: str
    roles: frozenset[Role]
    centre: str | None = None
    department: str | None = None


def read_groups(text: str) -> tuple[Granted, ...]:
    """The table of the settings. Raises ImproperlyConfigured, saying which line and what it should be."""
    return tuple(_read(line.strip()) for line in text.replace("\n", ";").split(";") if line.strip())


def _read(line: str) -> Granted:
    group, colon, said = line.rpartition(":")
    roles: set[Role] = set()
    places: dict[str, str] = {}
    for word in said.replace(",", " ").split():
        name, equals, key = word.partition("=")
        if equals and name in PLACES and key:
            places[name] = key
        elif word in Role.values:
            roles.add(Role(word))
        else:
            raise ImproperlyConfigured(_what_is_right(line, word))
    if not colon or not group.strip() or not roles:
        raise ImproperlyConfigured(_what_is_right(line, said.strip()))
    return Granted(group.strip(), frozenset(roles), places.get("centre"), places.get("department"))


def _what_is_right(line: str, word: str) -> str:
    roles = ", ".join(Role.values)
    form = "GROUP: role centre=KEY department=KEY"
    return f"HOVEDINDGANG_OIDC_GROUPS: {word!r} in {line!r}. Write {form}; the roles are {roles}"


def granted_to(groups: Iterable[str], table: Iterable[Granted]) -> Granted | None:
    """All that her groups give together; None where none of them gives anything."""
    hers = set(groups)
    given = [one for one in table if one.group in hers]
    if not given:
        return None
    return Granted(
        group="",
        roles=frozenset(role for one in given for role in one.roles),
        centre=next((one.centre for one in given if one.centre), None),
        department=next((one.department for one in given if one.department), None),
    )
