"""The one table of what the main menu leads to, and for whom; every page gets it as `house`."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from hovedindgang import __version__
from hovedindgang.people.models import Role
from hovedindgang.policy.queries import NoPolicyInForce, in_force


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the main menu. `roles` empty: everyone who has signed in."""

    page: str  # the name of its address
    label: object
    roles: frozenset[Role] = frozenset()


MENU = (
    Entry("desk", _("Skranke"), frozenset({Role.EMPLOYEE})),
    Entry("my_open", _("Mine åbne"), frozenset({Role.EMPLOYEE})),
    Entry("department_inbox", _("Overdragelser"), frozenset({Role.CASEWORKER})),
    Entry("search_contacts", _("Søg"), frozenset({Role.EMPLOYEE, Role.LEADER})),
    Entry("corrections_to_review", _("Rettelser"), frozenset({Role.LEADER})),
    Entry("articles", _("Vejledning")),
    Entry("board", _("Tavle"), frozenset({Role.EMPLOYEE, Role.LEADER, Role.PLANNER})),
    Entry("feedbacks", _("Klager og ros"), frozenset({Role.EMPLOYEE, Role.LEADER, Role.CASEWORKER})),
    Entry("look_ups", _("Opslag"), frozenset({Role.LEADER})),
    Entry("incidents", _("Tryghed"), frozenset({Role.LEADER})),
    Entry("registers", _("Registre"), frozenset({Role.LEADER, Role.PLANNER, Role.ADMINISTRATOR})),
    Entry("policy", _("Politik")),
    Entry("drafts", _("Beslutning"), frozenset({Role.LEADER, Role.EDITOR, Role.ADMINISTRATOR})),
    Entry("mine", _("Mit eget"), frozenset({Role.EMPLOYEE, Role.CASEWORKER, Role.LEADER})),
    Entry("retention", _("Sletning"), frozenset({Role.LEADER, Role.ADMINISTRATOR})),
    Entry("openings", _("Lukket"), frozenset({Role.LEADER})),
    Entry("employees", _("Medarbejdere"), frozenset({Role.ADMINISTRATOR})),
)


AT_WORK = frozenset({Role.EMPLOYEE, Role.LEADER, Role.CASEWORKER})  # whose screens are told what concerns them now


MEETS = frozenset({Role.EMPLOYEE, Role.LEADER})  # who meets citizens, and may call for help


def _kept_place(request: HttpRequest) -> str:
    """Where this PC stands, as somebody once wrote it here."""
    try:
        return request.COOKIES.get("hovedindgang_plads", "").encode("ascii").decode("unicode_escape")[:60]
    except UnicodeError:
        return ""


def house(request: HttpRequest) -> dict[str, object]:
    """`house` for the templates, made only when a page is drawn with its frame."""
    return {"house": SimpleLazyObject(lambda: _house(request))}


def _house(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    return {
        "version": __version__,
        "municipality": _municipality() if signed_in else "",
        "entries": _entries(request) if signed_in else [],
        "home_url": _address("start") or "/",
        "watch_url": _address("now") if signed_in and request.user.roles & AT_WORK else "",  # type: ignore[union-attr]
        "alarm_url": _address("raise_alarm") if signed_in and request.user.roles & MEETS else "",  # type: ignore[union-attr]
        "alarm_place": _kept_place(request),
        "language_url": _address("set_language"),
        "person_url": _address("settings"),
        "sign_out_url": _address("account_logout"),
        "idle_minutes": settings.IDLE_MINUTES if signed_in else 0,
        "lock_url": _address("lock_now"),
        "locked_url": _address("locked"),
        "here_url": _address("still_here"),
        "was_url": _address("was"),
        "demo_url": _address("demo_figures"),
    }


def _entries(request: HttpRequest) -> list[dict[str, object]]:
    roles = request.user.roles  # type: ignore[union-attr]
    shown = [entry for entry in MENU if not entry.roles or entry.roles & roles]
    places = [(entry, _address(entry.page)) for entry in shown]
    here = max((url for _entry, url in places if url and request.path.startswith(url)), key=len, default="")
    return [{"url": url, "label": entry.label, "current": url == here} for entry, url in places if url]


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:  # a room that is not in this house has no page
        return ""


def _municipality() -> str:
    try:
        return in_force().model.municipality.name
    except NoPolicyInForce:
        return ""
