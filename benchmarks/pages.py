"""Every page that can be asked for, as whoever may see it, with rows that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from benchmarks.ground import Ground
from benchmarks.web import Browser
from house.doors import Route, routes

# The cast of the demonstration: who asks for a page, in the order in which roles are tried.
CAST = {
    "employee": "anna",
    "caseworker": "carla",
    "leader": "lise",
    "planner": "per",
    "editor": "rigmor",
    "administrator": "adam",
    "signed in": "anna",
    "public": "anna",
}


def pages_of(ground: Ground) -> dict[str, list[str]]:
    """User name → the pages of ours that answer her with 200."""
    found: dict[str, list[str]] = {}
    for username, address in asked_for():
        if _answers(username, address):
            found.setdefault(username, []).append(address)
    return found


@cache
def asked_for() -> tuple[tuple[str, str], ...]:
    """(user name, address) of every route of ours with a door, parameters filled with rows that exist."""
    from django.urls import get_resolver

    known = _rows()
    found = []
    for route in routes(get_resolver("hovedindgang.site.urls").url_patterns):
        if route.ours and route.door and not route.address.startswith("/api/"):
            address = _filled(route, known)
            found += [(CAST[role], address) for role in _askers(route)]
    return tuple(dict.fromkeys(found))


def _askers(route: Route) -> list[str]:
    """One who may come in; for a page of several roles the first."""
    door = route.door or ""
    roles = [door] if door in CAST else [word for word in CAST if word in door.split()]
    return roles[:1]


def _filled(route: Route, known: dict[str, object]) -> str:
    """The address with rows of this database instead of ones and `pas`."""
    from django.urls import NoReverseMatch, get_resolver, reverse

    possible = get_resolver("hovedindgang.site.urls").reverse_dict.getlist(route.name)
    names = [name for way in possible for _pattern, parameters in way[0] for name in parameters]
    try:
        return reverse(
            route.name, urlconf="hovedindgang.site.urls", kwargs={name: known.get(name, 1) for name in names}
        )
    except NoReverseMatch:
        return route.address


def _rows() -> dict[str, object]:
    from hovedindgang.contacts.models import Contact, Enquiry, Handover, Note
    from hovedindgang.people.models import Employee
    from hovedindgang.policy.models import ModelVersion

    asked = Contact.objects.filter(asker__isnull=False, enquiries__handovers__department="jobcenter")
    contact = asked.order_by("-id").first() or Contact.objects.filter(asker__isnull=False).order_by("-id")[0]
    version = ModelVersion.objects.filter(state="adopted").order_by("valid_from")
    handed = Handover.objects.filter(department="jobcenter").order_by("-id").first()
    return {
        "contact_id": contact.pk,
        "citizen_id": contact.asker_id,
        "enquiry_id": Enquiry.objects.filter(contact=contact)[0].pk,
        "handover_id": handed.pk if handed else 1,
        "note_id": getattr(Note.objects.order_by("-id").first(), "pk", 1),
        "employee_id": Employee.objects.get(username="finn").pk,
        "version_id": version.last().pk,
        "old_id": version.first().pk,
        "new_id": version.last().pk,
        "service": "flytning",
        "service_key": "flytning",
        "username": "anna",
    }


def browser_of(username: str) -> Any:
    """Django's test client, signed in; no server."""
    from django.test import Client

    from hovedindgang.people.models import Employee

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(Employee.objects.get(username=username))
    return client


def _answers(username: str, address: str) -> bool:
    return bool(browser_of(username).get(address).status_code == 200)


@contextmanager
def signed_in(port: int, username: str) -> Iterator[Browser]:
    """One of the cast in a browser of a served demonstration."""
    with Browser(port) as browser:
        page = browser.get("/").body.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        answer = browser.post_form(f"/vaer/{username}/", {"csrfmiddlewaretoken": token[1] if token else ""})
        if answer.status >= 400:
            raise RuntimeError(f"{username} could not sign in: {answer.status}")
        yield browser
