"""A sign-in ends when it is ended: everywhere, at once, and Back does not bring it back."""

from __future__ import annotations

from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client, RequestFactory

from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Employee, StaffSession
from hovedindgang.people.own_sessions import handle_of
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


def test_she_sees_where_she_is_signed_in_and_ends_one_or_all_others(cast: SimpleNamespace, client_of: Any) -> None:
    windows = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0"}
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"}
    word = {"login": "alice", "password": "the word of alice"}
    away = [Client(headers=said) for said in (windows, phone)]
    for client in away:
        client.post("/konto/log-ind/", word)
    alice, bob = client_of(cast.alice, proven=True), client_of(cast.bob)
    page = alice.get("/konto/logget-ind/")
    text = page.content.decode()
    assert ("Firefox, Windows" in text, "Safari, iPhone" in text, text.count("her, hvor du sidder")) == (True, True, 1)
    assert not [key for key in StaffSession.objects.values_list("session_key", flat=True) if key in text]
    row = next(one for one in page.context["rows"] if one.machine == "Safari, iPhone")
    alice.post("/konto/logget-ind/", {"handle": row.handle})
    assert [client.get("/mig/").status_code for client in away] == [200, 302]
    assert StaffSession.objects.filter(employee=cast.alice).count() == 2
    alice.post("/konto/logget-ind/")
    assert StaffSession.objects.filter(employee=cast.alice).count() == 1
    assert (alice.get("/mig/").status_code, bob.get("/mig/").status_code) == (200, 200)
    ended = Event.objects.filter(verb="employee.sessions_ended", actor_id=cast.alice.pk)
    assert [event.facts for event in ended] == [{"sessions": 1}, {"sessions": 1}]


def test_who_sits_at_her_open_pc_ends_nothing_elsewhere_and_nobody_ends_anothers(
    cast: SimpleNamespace, client_of: Any
) -> None:
    alice, elsewhere = client_of(cast.alice), client_of(cast.alice)
    assert alice.post("/konto/logget-ind/").status_code == 401
    handle = handle_of(elsewhere.session.session_key)
    client_of(cast.bob, proven=True).post("/konto/logget-ind/", {"handle": handle})
    assert elsewhere.get("/mig/").status_code == 200


def test_a_new_second_step_and_one_taken_away_end_her_other_sign_ins(cast: SimpleNamespace, client_of: Any) -> None:
    for changed in (authenticator_added, authenticator_removed, authenticator_reset, password_changed):
        here, elsewhere = client_of(cast.alice), client_of(cast.alice)
        request = RequestFactory().post("/")
        request.session = SessionStore(here.session.session_key)
        changed.send(sender=Employee, request=request, user=cast.alice, authenticator=None)
        assert (here.get("/mig/").status_code, elsewhere.get("/mig/").status_code) == (200, 302)


def test_after_a_proof_the_session_has_another_key_and_the_old_one_opens_nothing(
    cast: SimpleNamespace, client_of: Any, settings: Any
) -> None:
    settings.PILOT = True  # a password is proof enough there
    alice, stolen = client_of(cast.alice), Client()
    stolen.cookies = SimpleCookie(alice.cookies.output(header="", sep=";"))
    assert stolen.get("/mig/").status_code == 200
    before = alice.session.session_key
    alice.post("/konto/logget-ind/", {"proof_password": "the word of alice"})
    assert alice.session.session_key != before
    assert (alice.get("/mig/").status_code, stolen.get("/mig/").status_code) == (200, 302)


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
