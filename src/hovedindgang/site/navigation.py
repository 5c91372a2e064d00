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
    only: str = ""  # a setting that must be set: without it there is no such page
    minding: bool = False  # what a leader minds now and then: folded into one entry where there are many


MENU = (
    Entry("desk", _("Skranke"), frozenset({Role.EMPLOYEE})),
    Entry("my_open", _("Mine åbne"), frozenset({Role.EMPLOYEE})),
    Entry("department_inbox", _("Overdragelser"), frozenset({Role.CASEWORKER})),
    Entry("search_contacts", _("Søg"), frozenset({Role.EMPLOYEE, Role.LEADER})),
    Entry("corrections_to_review", _("Rettelser"), frozenset({Role.LEADER}), minding=True),
    Entry("journal", _("Journal"), frozenset({Role.EMPLOYEE, Role.LEADER}), minding=True),
    Entry("count_week", _("Tælleuge"), frozenset({Role.CASEWORKER})),
    Entry("articles", _("Vejledning")),
    Entry("board", _("Tavle"), frozenset({Role.EMPLOYEE, Role.LEADER, Role.PLANNER})),
    Entry("feedbacks", _("Klager og ros"), frozenset({Role.EMPLOYEE, Role.LEADER, Role.CASEWORKER})),
    Entry("look_ups", _("Opslag"), frozenset({Role.LEADER}), minding=True),
    Entry("incidents", _("Tryghed"), frozenset({Role.LEADER}), minding=True),
    Entry("registers", _("Registre"), frozenset({Role.LEADER, Role.PLANNER, Role.ADMINISTRATOR})),
    Entry("scenarios", _("Prøv en ændring"), frozenset({Role.PLANNER, Role.LEADER})),
    Entry("policy", _("Politik")),
    Entry("drafts", _("Beslutning"), frozenset({Role.LEADER, Role.EDITOR, Role.ADMINISTRATOR})),
    Entry("mine", _("Mit eget"), frozenset({Role.EMPLOYEE, Role.CASEWORKER, Role.LEADER}), minding=True),
    Entry("retention", _("Sletning"), frozenset({Role.LEADER, Role.ADMINISTRATOR}), minding=True),
    Entry("openings", _("Lukket"), frozenset({Role.LEADER}), minding=True),
    Entry("employees", _("Medarbejdere"), frozenset({Role.ADMINISTRATOR})),
    Entry("practice", _("Øv dig"), only="PRACTICE_ADDRESS", minding=True),
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
        **(_entries(request) if signed_in else {"entries": [], "minding": []}),
        "home_url": _address("start") or "/",
        "watch_url": _address("now") if signed_in and request.user.roles & AT_WORK else "",  # type: ignore[union-attr]
        "alarm_url": _address("raise_alarm") if signed_in and request.user.roles & MEETS else "",  # type: ignore[union-attr]
        "alarm_place": _kept_place(request),
        "count_url": _address("count_week") if signed_in and request.user.roles & AT_WORK else "",  # type: ignore[union-attr]
        "missing_url": _address("desk_missing") if signed_in and request.user.roles & MEETS else "",  # type: ignore[union-attr]
        "language_url": _address("set_language"),
        "person_url": _address("settings"),
        "sign_out_url": _address("account_logout"),
        "idle_minutes": settings.IDLE_MINUTES if signed_in else 0,
        "lock_url": _address("lock_now"),
        "locked_url": _address("locked"),
        "here_url": _address("still_here"),
        "was_url": _address("was"),
        "demo_url": _address("demo_figures"),
        "practice_url": _address("practice") if signed_in and settings.PRACTICE else "",
        "real_url": settings.REAL_ADDRESS if settings.PRACTICE else "",
    }


ON_ONE_LINE = 8  # entries that stand beside each other on an ordinary screen


def _entries(request: HttpRequest) -> dict[str, object]:
    """`entries` of the main menu, and those that are folded into one of them: `minding`, which may be empty."""
    roles = request.user.roles  # type: ignore[union-attr]
    shown = [entry for entry in MENU if _is_shown(entry, roles)]
    places = [(entry, url) for entry in shown if (url := _address(entry.page))]
    here = max((url for _entry, url in places if request.path.startswith(url)), key=len, default="")
    folded = [place for place in places if place[0].minding] if len(places) > ON_ONE_LINE else []
    return {
        "entries": [_link(entry, url, here) for entry, url in places if (entry, url) not in folded],
        "minding": [_link(entry, url, here) for entry, url in folded],
        "minding_here": any(url == here for _entry, url in folded),
    }


def _is_shown(entry: Entry, roles: frozenset[Role]) -> bool:
    if entry.only and (settings.PRACTICE or not getattr(settings, entry.only)):
        return False
    return not entry.roles or bool(entry.roles & roles)


def _link(entry: Entry, url: str, here: str) -> dict[str, object]:
    return {"url": url, "label": entry.label, "current": url == here}


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
