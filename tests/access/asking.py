"""The matrix: everybody asks for everything, and each answer is held against the law."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import random
import re
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers import exception
from django.core.handlers.base import BaseHandler
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from access import law
from access.law import Matter, Thing, Viewer
from access.town import Town
from hovedindgang.conftest import prove_for_tests
from hovedindgang.kernel import clock
from hovedindgang.people.sessions import SessionStore
from hovedindgang.policy.queries import forget_adopted_versions
from hovedindgang.site.api import api

# What somebody who is refused may leave behind: that she was there, and what she was looking for.
LEAVES = {"people_session", "kernel_lookup", "people_signinlock"}
TRIED = {"kernel_event", "kernel_delivery"}  # that a closed record was asked for
REFUSED = {401, 403, 404, 405}
_WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|SELECT (contacts_register)\()\s*"?(\w+)?', re.I)
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_NOISE = re.compile(  # what is new in each answer, and could look like a mark by chance
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|token\" value=\"\w+|nonce[=-]\"?[\w+/=-]+"
)
_MARK = re.compile(  # a word of `Town.mark`, a telephone number, a CPR, a year of birth
    r"zq[a-z]+\d{4}x|2099\d{4}|610101-?\d{4}|(?<=1[./]1[./])19[01]\d|(?<=\b01[./]01[./])19[01]\d"
    r"|(?<=januar )19[01]\d|(?<=January )19[01]\d|\b19[01]\d(?=-01-01)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One pair of the matrix: somebody, and something she asks for."""

    viewer: str
    place: str  # the route's name, or the operation
    method: str
    address: str
    rows: tuple[tuple[str, int], ...] = ()  # parameters that are row numbers
    step: str = ""

    def __str__(self) -> str:
        return f"{self.viewer}: {self.method} {self.address}"


@dataclass
class Found:
    pairs: int = 0
    judged: int = 0  # things that might have stood in an answer
    leaks: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)  # deeds that wrote, by place: the refused ones are real deeds
    statuses: Counter[int] = field(default_factory=Counter)


# ------------------------------------------------------------------------------------------------------ what there is


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    pattern: str  # /henvendelser/<int:contact_id>/

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.pattern)


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None, prefix: str = "/") -> Iterator[Route]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, address)
        elif not address.startswith("/api/"):
            yield Route(pattern.name or "", address)


def undescribed(found: Iterable[Route], town: Town) -> list[str]:
    """Routes and operations of which the law says nothing, and parameters that nothing was planted for."""
    missing = []
    for route in found:
        place = law.described(route.name, route.pattern)
        if place is None:
            missing.append(f"{route.pattern} ({route.name}): the law does not say who may come")
        elif place.who != law.FRAMEWORK:
            known = {*town.rows, *WORDS, "step", "what"}
            missing += [f"{route.pattern}: nothing planted for {one}" for one in route.parameters if one not in known]
    operations = {(method, path) for path, one in api.get_openapi_schema()["paths"].items() for method in one}
    unknown = sorted(operations - set(law.OPERATIONS))
    return missing + [f"{method} {path}: the law does not say its scope" for method, path in unknown]


def last_month() -> dt.date:
    return (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)


AT_MOST = 3  # of each kind, where an address names several rows
WORDS: dict[str, Callable[[], list[str]]] = {
    "username": lambda: ["alice"],
    "service": lambda: ["pas", "flytning"],
    "language": lambda: ["da"],
    "kind": lambda: ["aerinder"],
    "figure": lambda: ["enquiries"],
    "year": lambda: [str(last_month().year)],
    "month": lambda: [str(last_month().month)],
}


def asks(town: Town) -> Iterator[Ask]:
    """Every pair there is."""
    people = [name for name, viewer in town.viewers.items() if viewer.scopes is None]
    for place, address, rows, step in addresses(town):
        for viewer, method in itertools.product(people, ("GET", "POST")):
            yield Ask(viewer, place, method, address, rows, step)
    for (method, path), _scope in law.OPERATIONS.items():
        for address, rows in _filled_operation(town, path):
            for name, viewer in town.viewers.items():
                if viewer.scopes is not None:
                    yield Ask(name, f"{method} {path}", method.upper(), address, rows)


def addresses(town: Town) -> Iterator[tuple[str, str, tuple[tuple[str, int], ...], str]]:
    for route in routes():
        place = law.described(route.name, route.pattern)
        if place is None or "(" in route.pattern:
            continue
        choices: list[list[str]] = []
        for parameter in route.parameters:
            if place.who == law.FRAMEWORK:
                choices.append(["1"])
            elif parameter in {"step", "what"}:
                choices.append(list(place.steps))
            elif parameter in WORDS:
                choices.append(WORDS[parameter]())
            else:
                many = AT_MOST if len(set(route.parameters) & set(town.rows)) > 1 else None
                choices.append([str(number) for number in town.rows[parameter][:many]])
        for chosen in itertools.product(*choices):
            said = dict(zip(route.parameters, chosen, strict=True))
            address = _PARAMETER.sub(lambda found, said=said: said[found[1]], route.pattern)
            rows = tuple((name, int(value)) for name, value in said.items() if name in town.rows)
            yield route.name, address, rows, said.get("step") or said.get("what", "")


def _filled_operation(town: Town, path: str) -> Iterator[tuple[str, tuple[tuple[str, int], ...]]]:
    if "{citizen}" in path:
        asked = "?reason=sag+17&limit=100"
        for number in town.rows["citizen_id"]:
            yield path.replace("{citizen}", str(number)) + asked, (("citizen_id", number),)
        for number, power in town.powers.items():
            by = f"{asked}&asker={power.holder}" + (f"&representation={number}" if number else "")
            rows = (("citizen_id", power.citizen), ("power", number))
            yield path.replace("{citizen}", str(power.citizen)) + by, rows
    elif "{run}" in path:
        for number in town.rows["run_id"]:
            yield path.replace("{run}", str(number)), (("run_id", number),)
    elif "{enquiry}" in path:
        for number in town.rows["enquiry_id"]:
            yield path.replace("{enquiry}", str(number)), (("enquiry_id", number),)
    else:
        yield path + ("?from=2026-01-01&to=2026-12-31" if path.endswith("indicators") else ""), ()


# ------------------------------------------------------------------------------------------------------------- asking


class House:
    """The product's own handler with everything in front of it, asked by somebody; nothing of it stays."""

    def __init__(self, town: Town, *, remembers: bool = True) -> None:
        self.town, self.remembers = town, remembers
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.cookies = {name: self._signed_in(name) for name in town.employees}
        self.wrote: set[str] = set()
        self.sessions: dict[str | None, dict[str, Any]] = {}
        self.users: dict[str, Any] = {}
        self.refusals: dict[tuple[str, int], bytes] = {}
        self.now_asks = ""
        self.things = {mark.casefold(): thing for mark, thing in town.things.items()}
        self.tokens = set(town.tokens.values())

    def _signed_in(self, name: str) -> dict[str, str]:
        """A browser in which she signed in while she still might."""
        employee = self.town.employees[name]
        client = Client()
        client.force_login(employee)
        prove_for_tests(client)
        if not self.town.viewers[name].let_in:
            type(employee).objects.filter(pk=employee.pk).update(is_active=False)
        found = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
        return found | ({settings.LANGUAGE_COOKIE_NAME: "en"} if employee.language == "en" else {})

    def told(self, text: str) -> list[Thing]:
        """What stands in an answer."""
        found = {mark.casefold() for mark in _MARK.findall(_NOISE.sub("", text))}
        found |= {token.casefold() for token in self.tokens if token in text}
        return [self.things[mark] for mark in sorted(found) if mark in self.things]

    def ask(self, ask: Ask) -> tuple[HttpResponseBase, str]:
        """The answer and all of its text: body, headers, what is in a ZIP."""
        request = self._request(ask)
        self.wrote, self.now_asks = set(), ask.viewer
        with transaction.atomic(), connection.execute_wrapper(self._watch), self._remembering():
            if self.remembers and ask.viewer in self.users:
                request._cached_user = copy(self.users[ask.viewer])
            response = self.handler.get_response(request)
            text = said(response)
            if self.remembers and ask.viewer in self.town.employees and hasattr(request, "_cached_user"):
                self.users.setdefault(ask.viewer, copy(request._cached_user))
            transaction.set_rollback(True)
        if "policy_modelversion" in self.wrote:
            forget_adopted_versions()
        return response, text

    @contextmanager
    def _remembering(self) -> Iterator[None]:
        """A session and its employee are read, and a page of refusal made, once for each person: other tests ask that
        these pages are the same wherever she is refused, and that all others are what they are without."""
        if not self.remembers:
            yield
            return
        load, refuse = SessionStore.load, exception.get_exception_response

        def loaded(store: Any) -> dict[str, Any]:
            if store.session_key not in self.sessions:
                self.sessions[store.session_key] = load(store)
            return dict(self.sessions[store.session_key])

        def refused(request: Any, resolver: Any, status: int, why: Exception) -> Any:
            if status not in {403, 404} or type(why).__name__ == "ClosedToHer":
                return refuse(request, resolver, status, why)
            key = (self.now_asks, status)
            if key not in self.refusals:
                self.refusals[key] = refuse(request, resolver, status, why).content
            return HttpResponse(self.refusals[key], status=status)

        SessionStore.load, exception.get_exception_response = loaded, refused
        try:
            yield
        finally:
            SessionStore.load, exception.get_exception_response = load, refuse

    def _watch(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        done = execute(sql, *rest)  # what the database itself refuses has written nothing
        if found := _WRITES.match(sql):
            self.wrote.add(found[1] or found[2])
        return done

    def _request(self, ask: Ask) -> Any:
        viewer = self.town.viewers[ask.viewer]
        maker = RequestFactory()
        if viewer.scopes is not None:
            headers = {"Idempotency-Key": str(uuid.uuid4())}
            if ask.viewer in self.town.tokens:
                headers["Authorization"] = f"Bearer {self.town.tokens[ask.viewer]}"
            body = json.dumps(_sent(ask.place)) if ask.method == "POST" else ""
            return maker.generic(ask.method, ask.address, body, content_type="application/json", headers=headers)
        body = urlencode(self.fields(ask)) if ask.method == "POST" else ""
        watch = {"X-Watch": "0"} if ask.place == "company" else {}  # without it one is only led to the contact
        kind = "application/x-www-form-urlencoded"
        request = maker.generic(ask.method, ask.address, body, content_type=kind, headers=watch)
        request.COOKIES = dict(self.cookies.get(ask.viewer, {}))
        request._dont_enforce_csrf_checks = True
        return request

    def fields(self, ask: Ask) -> dict[str, str]:
        """A form that any of the deeds can be done with."""
        today = clock.today()
        place = law.described(ask.place, ask.address)
        assert place is not None
        rows = self.town.rows
        usual = {
            "key": str(uuid.uuid4()),
            "text": "Skrevet her",
            "answer": "Et svar",
            "promised_on": (today + dt.timedelta(days=5)).isoformat(),
            "found_wrong_on": today.isoformat(),
            "until": (today + dt.timedelta(days=20)).isoformat(),
            "valid_to": (today + dt.timedelta(days=20)).isoformat(),
            "happened_at": today.isoformat(),
            "told": "yes",
            "on": (today + dt.timedelta(days=3)).isoformat(),
            "number": str(rows["citizen_id"][0]),
            "into": str(rows["contact_id"][0]),
            "look_up": str(rows["look_up"][0]),
            "received_on": today.isoformat(),
            "was": str(rows["citizen_id"][0]),
            "becomes": str(rows["citizen_id"][5]),
            "due_on": (today + dt.timedelta(days=40)).isoformat(),
        }
        return usual | dict(place.fields)


def _sent(operation: str) -> dict[str, object]:
    if operation.endswith("/contacts"):
        return {"channel": "in_person", "centre": "aabybro", "enquiries": [{"service": "pas"}]}
    if operation.endswith("/find"):
        return {"cpr": "610101" + "0001", "reason": "sag 17"}
    return {"department": "teknik", "summary": "Se på det", "employee": "alice"}


def said(response: HttpResponseBase) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return f"{response.headers}{response.cookies}\n{content.decode(errors='replace')}"


# ------------------------------------------------------------------------------------------------------------ judging


def judge(house: House, ask: Ask, found: Found) -> None:
    """Ask, and write down what the law does not allow."""
    town, viewer = house.town, house.town.viewers[ask.viewer]
    response, text = house.ask(ask)
    status = response.status_code
    found.pairs += 1
    found.judged += len(town.things)
    found.statuses[status] += 1
    about = next((town.citizen_of.get(row) for row in ask.rows if row in town.citizen_of), None)
    power = town.powers[dict(ask.rows)["power"]] if "power" in dict(ask.rows) else None
    for thing in house.told(text):
        may = law.may_read(viewer, thing, place=ask.place, posted=ask.method == "POST", about=about)
        if power and not law.may_hear(power, thing):
            may = False
        if not may and not echoed(ask, thing):
            found.leaks.append(f"{ask} ({status}) tells {thing.kind} {thing.marker}")
    if status >= 500:
        found.leaks.append(f"{ask} breaks ({status})")
    left = house.wrote - LEAVES
    if _may(viewer, ask, town):
        if left and ask.method == "POST":
            found.done[ask.place] += 1
    elif left - (TRIED if viewer.closed and status == 403 else set()):
        found.leaks.append(f"{ask} ({status}) changed {', '.join(sorted(left))}")
    elif not (status in REFUSED or (status == 302 and _to_sign_in(response))):
        found.leaks.append(f"{ask} is answered with {status}, not refused")


def echoed(ask: Ask, thing: Thing) -> bool:
    """A number that is in the address itself."""
    return thing.marker in ask.address


def _to_sign_in(response: HttpResponseBase) -> bool:
    return response.headers.get("Location", "").startswith("/konto/log-ind")


def _may(viewer: Viewer, ask: Ask, town: Town) -> bool:
    if viewer.scopes is not None:
        method, _space, path = ask.place.partition(" ")
        scope = law.OPERATIONS[method, path]
        return not scope or (viewer.let_in and scope in viewer.scopes)
    place = law.described(ask.place, ask.address)
    assert place is not None
    if place.who == law.FRAMEWORK:
        return True
    facts = {name: town.facts[name, number] for name, number in ask.rows if (name, number) in town.facts}
    return place.lets_in(viewer) and law.may_do(viewer, ask.place, facts, ask.step)


def sample(all_of_them: list[Ask], *, many: int, seed: int) -> list[Ask]:
    """So many, the same each time; every place by both methods and every viewer among them."""
    chance = random.Random(seed)
    chance.shuffle(all_of_them)
    first: dict[tuple[str, str, str], Ask] = {}
    for ask in all_of_them:
        first.setdefault(("place", ask.place + ask.step, ask.method), ask)
        first.setdefault(("viewer", ask.viewer, ""), ask)
    chosen = list(dict.fromkeys(first.values()))
    known = set(chosen)
    return chosen + [ask for ask in all_of_them if ask not in known][: max(0, many - len(chosen))]


def ask_all(house: House, chosen: Iterable[Ask], told: Callable[[Found], None] = lambda found: None) -> Found:
    found = Found()
    for ask in chosen:
        judge(house, ask, found)
        if found.pairs % 10_000 == 0:
            told(found)
    return found


__all__ = ["Ask", "Found", "House", "Matter", "ask_all", "asks", "judge", "sample", "undescribed"]
