"""A sign-in ends when it is ended: everywhere, at once, and Back does not bring it back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from hovedindgang.kernel.models import Event
from hovedindgang.people.models import StaffSession
from hovedindgang.people.sessions import SessionStore

GOOD = {"login": "alice", "password": "the word of alice"}


def test_gorm_signs_alice_out_everywhere_and_bob_stays(cast: SimpleNamespace, client_of: Any) -> None:
    phone, pc, bob = client_of(cast.alice), client_of(cast.alice), client_of(cast.bob)
    answer = client_of(cast.gorm).post(f"/medarbejdere/{cast.alice.pk}/luk/", follow=True)
    assert "2 steder var åbne" in answer.content.decode()
    assert [browser.get("/mig/").status_code for browser in (phone, pc, bob)] == [302, 302, 200]
    event = Event.objects.get(verb="employee.sessions_ended")
    assert (event.subject_id, event.facts) == (str(cast.alice.pk), {"sessions": 2})


def test_only_the_administrator_signs_others_out(cast: SimpleNamespace, client_of: Any) -> None:
    assert client_of(cast.dorthe).post(f"/medarbejdere/{cast.alice.pk}/luk/").status_code == 403


def test_gorm_may_sign_himself_out_everywhere(cast: SimpleNamespace, client_of: Any) -> None:
    gorm = client_of(cast.gorm)
    assert gorm.post(f"/medarbejdere/{cast.gorm.pk}/luk/").status_code == 302
    assert gorm.get("/mig/").status_code == 302


@pytest.mark.parametrize("deed", ["deactivate", "password"])
def test_her_sessions_are_gone_from_the_table_when_she_is_let_out_or_given_a_new_word(
    cast: SimpleNamespace, client_of: Any, deed: str
) -> None:
    alice, gorm = client_of(cast.alice), client_of(cast.gorm, proven=True)
    assert StaffSession.objects.filter(employee=cast.alice).count() == 1
    if deed == "deactivate":
        form = {"username": "alice", "name": "Alice", "roles": "employee", "centre": "aabybro"}
        gorm.post(f"/medarbejdere/{cast.alice.pk}/", form)
    else:
        gorm.post(f"/medarbejdere/{cast.alice.pk}/adgangskode/")
    assert not StaffSession.objects.filter(employee=cast.alice).exists()
    assert alice.get("/mig/").status_code == 302


def test_a_request_under_way_does_not_bring_an_ended_session_back(cast: SimpleNamespace, client_of: Any) -> None:
    alice = client_of(cast.alice)
    under_way = SessionStore(alice.session.session_key)
    under_way["something"] = "written late"
    StaffSession.objects.filter(employee=cast.alice).delete()
    with pytest.raises(UpdateError):
        under_way.save()
    assert not StaffSession.objects.filter(employee=cast.alice).exists()


def test_signing_out_leaves_nothing_in_the_browser_to_go_back_to(cast: SimpleNamespace, client_of: Any) -> None:
    alice = client_of(cast.alice)
    assert alice.get("/mig/")["Cache-Control"] == "no-store"
    answer = alice.post("/konto/log-ud/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert alice.get("/mig/").status_code == 302
    assert alice.get("/konto/log-ud/").status_code == 302


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_back_after_signing_out_shows_the_sign_in_page(page_of: Any, cast: SimpleNamespace) -> None:
    page = page_of(cast.alice, path="/mig/")
    page.click("text=Log ud")
    page.wait_for_url("**/")
    page.go_back()
    page.wait_for_selector('[name="login"]')
    assert page.locator("text=Mine indstillinger").count() == 0


def test_who_has_only_a_password_makes_a_second_factor_before_she_sees_anything(
    cast: SimpleNamespace, settings: Any
) -> None:
    settings.SECOND_FACTOR = True
    alice = Client()
    alice.post("/konto/log-ind/", GOOD)
    for address in ("/", "/skranke/", "/mig/", "/findes/ikke/"):
        assert alice.get(address)["Location"] == "/konto/kode/app/", address
    page = alice.get("/konto/kode/app/").content.decode()
    assert "Vælg en af dem, før du kan gå videre" in page
    assert alice.get("/konto/noegle/ny/").status_code == 302  # who she is, asked again
    assert alice.post("/konto/log-ud/").status_code == 302


def test_in_the_demonstration_a_password_is_enough(cast: SimpleNamespace, settings: Any) -> None:
    settings.SECOND_FACTOR = settings.PILOT = True
    alice = Client()
    alice.post("/konto/log-ind/", GOOD)
    assert alice.get("/mig/").status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_alice_makes_a_passkey_signs_in_with_it_and_proves_herself_with_it(
    page_of: Any, cast: SimpleNamespace, settings: Any
) -> None:
    settings.SECOND_FACTOR = True
    page = page_of(None, path="/konto/log-ind/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, "hasResidentKey": True, "automaticPresenceSimulation": True}},
    )
    _sign_in(page, "gorm")
    page.wait_for_url("**/konto/kode/app/")
    page.click("text=Lav en adgangsnøgle")
    page.fill('[name="password"]', "the word of gorm")
    page.click("main .button-primary")
    page.click("text=Lav den nu")
    page.wait_for_selector("text=Adgangsnøglen er lavet")
    page.click(".house-person >> text=Log ud")
    page.goto("/konto/log-ind/")
    _sign_in(page, "gorm")
    page.click("text=Brug en adgangsnøgle")
    page.wait_for_url("**/medarbejdere/")
    page.goto(f"/medarbejdere/{cast.alice.pk}/")
    page.click("text=Giv en ny adgangskode")
    page.click("text=Brug en adgangsnøgle")
    page.wait_for_selector("#receipt")
    assert Event.objects.get(verb="employee.proven").facts == {"purpose": "others_access", "how": "passkey"}


def _sign_in(page: Any, username: str) -> None:
    page.fill('[name="login"]', username)
    page.fill('[name="password"]', f"the word of {username}")
    page.click("main .button-primary")
