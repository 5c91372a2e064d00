"""She proves once more that it is her: before acts that a PC left open must not be enough for."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from hovedindgang.kernel.models import Event
from hovedindgang.people.doors import door
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import WHY_PROVE, Purpose
from hovedindgang.people.sessions import SessionStore
from hovedindgang.people.step_up import stepped_up
from hovedindgang.people.tests.test_leftover import Again

SEEN: list[dict[str, list[str]]] = []


@door()
@stepped_up(purpose=Purpose.EXPORT, minutes=10)
def an_export(request: HttpRequest) -> HttpResponse:
    SEEN.append(dict(request.POST.lists()))
    return HttpResponse("the list")


class Browser:
    """One session of hers at that view."""

    def __init__(self, employee: Employee) -> None:
        self.employee, self.session = employee, SessionStore()

    def ask(self, method: str = "get", **said: Any) -> Any:
        headers = said.pop("headers", {})
        request = getattr(RequestFactory(), method)("/liste/?aar=2026", said, headers=headers)
        request.user, request.session = self.employee, self.session
        return an_export(request)


@pytest.fixture
def totp(cast: SimpleNamespace) -> Any:
    """A code of Dorthe's app, new each time it is asked for."""
    cache.clear()
    SEEN.clear()
    secret = generate_totp_secret()
    TOTP.activate(cast.dorthe, secret)
    return lambda: format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_dorthe_gives_a_code_and_what_she_typed_goes_on_letter_by_letter(cast: SimpleNamespace, totp: Any) -> None:
    dorthe = Browser(cast.dorthe)
    typed = {"grund": "\n  <b>Til & byrådet</b>", "felter": ["a", "b"]}
    page = dorthe.ask("post", **typed)
    assert page.status_code == 401
    assert str(WHY_PROVE[Purpose.EXPORT]) in page.content.decode()
    assert (SEEN, page["Cache-Control"]) == ([], "no-store")
    carried = carried_by(page)
    assert {name: carried[name] for name in typed} == {"grund": [typed["grund"]], "felter": ["a", "b"]}
    wrong = dorthe.ask("post", **carried, proof_code="000000")
    assert "Det passede ikke" in wrong.content.decode()
    assert (wrong.status_code, SEEN, carried_by(wrong)["felter"]) == (401, [], ["a", "b"])
    answer = dorthe.ask("post", **carried_by(wrong), proof_code=totp())
    assert answer.content == b"the list"
    assert [{"grund": [typed["grund"]], "felter": ["a", "b"]}] == SEEN
    events = Event.objects.filter(verb__in=["employee.proven", "employee.not_proven"]).order_by("id")
    assert list(events.values_list("verb", "facts")) == [
        ("employee.not_proven", {"purpose": "export"}),
        ("employee.proven", {"purpose": "export", "how": "code"}),
    ]


def carried_by(page: Any) -> dict[str, list[str]]:
    read = Again(SimpleNamespace(content=page.content.replace(b'class="panel" autocomplete="off"', b"data-again")))
    others = {"csrfmiddlewaretoken", "proof_code", "place"}  # the form's own, and those of the page's alarm
    return {name: value for name, value in read.fields.items() if name not in others}


def test_a_page_that_is_read_is_read_after_the_code(cast: SimpleNamespace, totp: Any) -> None:
    dorthe = Browser(cast.dorthe)
    assert dorthe.ask().status_code == 401
    answer = dorthe.ask("post", proof_page="1", proof_code=totp())
    assert (answer.status_code, answer["Location"], SEEN) == (302, "/liste/?aar=2026", [])
    assert dorthe.ask().content == b"the list"


def test_a_proof_holds_for_its_minutes_and_not_longer(cast: SimpleNamespace, totp: Any, clock: Any) -> None:
    dorthe = Browser(cast.dorthe)
    assert dorthe.ask("post", proof_code=totp()).content == b"the list"
    clock.go(minutes=9, seconds=59)
    assert dorthe.ask().content == b"the list"
    clock.go(seconds=1)
    assert dorthe.ask().status_code == 401


def test_a_code_is_good_once(cast: SimpleNamespace, totp: Any) -> None:
    code = totp()
    assert Browser(cast.dorthe).ask("post", proof_code=code).content == b"the list"
    assert Browser(cast.dorthe).ask("post", proof_code=code).status_code == 401


def test_another_ones_code_or_her_password_alone_is_not_enough(cast: SimpleNamespace, totp: Any, settings: Any) -> None:
    settings.PILOT = True
    assert Browser(cast.dorthe).ask("post", proof_password="the word of dorthe").status_code == 401
    assert Browser(cast.dorthe).ask("post", proof_demo="1").status_code == 401
    assert Browser(cast.alice).ask("post", proof_code=totp()).status_code == 401


def test_who_has_no_second_factor_is_told_to_make_one(cast: SimpleNamespace) -> None:
    alice = Browser(cast.alice)
    page = alice.ask("post", proof_password="the word of alice").content.decode()
    assert "Du har endnu ingen kode fra en app" in page


def test_in_the_demonstration_her_password_is_enough_or_a_press_where_she_has_none(
    cast: SimpleNamespace, settings: Any
) -> None:
    settings.PILOT = True
    assert Browser(cast.alice).ask("post", proof_demo="1").status_code == 401
    assert Browser(cast.alice).ask("post", proof_password="the word of alice").content == b"the list"
    cast.bob.set_unusable_password()
    assert Browser(cast.bob).ask("post", proof_demo="1").content == b"the list"


def test_a_script_is_told_with_a_word_and_no_page(cast: SimpleNamespace) -> None:
    answer = Browser(cast.alice).ask(headers={"HX-Request": "true"})
    assert (answer.status_code, answer["X-Step-Up"], answer.content) == (401, "1", b"")


def test_gorm_proves_that_it_is_him_before_he_gives_a_new_password(cast: SimpleNamespace, client_of: Any) -> None:
    address = f"/medarbejdere/{cast.alice.pk}/adgangskode/"
    assert client_of(cast.gorm).post(address).status_code == 401
    cast.alice.refresh_from_db()
    assert cast.alice.check_password("the word of alice")
    assert client_of(cast.gorm, proven=True).post(address).status_code == 200
    assert not Authenticator.objects.filter(user=cast.alice).exists()


def test_nobody_at_a_pc_that_gorm_left_lets_anybody_in_or_gives_a_role(cast: SimpleNamespace, client_of: Any) -> None:
    gorm = client_of(cast.gorm)
    ida = {"username": "ida", "name": "Ida Prøve", "roles": ["leader", "employee"], "centre": "aabybro"}
    alice = {"username": "alice", "name": "Alice", "roles": ["leader"], "is_active": "on"}
    for address, form in (("/medarbejdere/ny/", ida), (f"/medarbejdere/{cast.alice.pk}/", alice)):
        assert gorm.get(address).status_code == 200  # who reads the page is not asked
        asked = gorm.post(address, form)
        assert (asked.status_code, str(WHY_PROVE[Purpose.OTHERS_ACCESS]) in asked.content.decode()) == (401, True)
        assert asked.content.decode().count('<textarea name="roles" hidden>') == len(form["roles"])  # nothing is lost
    cast.alice.refresh_from_db()
    assert (Employee.objects.filter(username="ida").exists(), cast.alice.is_leader) == (False, False)
    assert client_of(cast.gorm, proven=True).post("/medarbejdere/ny/", ida).status_code == 200
    assert Employee.objects.get(username="ida").is_leader
