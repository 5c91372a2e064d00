"""The way to the practice house and back, and what that house does not do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.people.clients import let_client_in
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess, PeopleRefused
from hovedindgang.practice import keys
from hovedindgang.practice.actions import ask_to_clear
from hovedindgang.practice.queries import is_asked_to_clear

pytestmark = pytest.mark.django_db
Signed = Callable[..., Client]


@pytest.fixture
def real(settings: Any, tmp_path: Path) -> Any:
    """The real house, with a practice house beside it."""
    settings.PRACTICE_ADDRESS, settings.REAL_ADDRESS = "http://testserver", "https://borgerservice.example"
    settings.PRACTICE_KEY_FILE = tmp_path / "pass.key"
    keys.make_shared_key()
    return settings


@pytest.fixture
def here(real: Any) -> Any:
    """The practice house itself."""
    real.PRACTICE = True
    return real


def pass_of(client: Client) -> str:
    page = client.post("/oevehus/gaa/")
    found = re.search(r'name="pass" value="([^"]+)"', page.content.decode())
    assert found
    return found.group(1)


def test_the_way_is_shown_where_there_is_one(cast: SimpleNamespace, client_of: Signed, settings: Any) -> None:
    alice = client_of(cast.alice)
    assert alice.get("/oevehus/")["Location"] == "/"
    assert alice.post("/oevehus/gaa/").status_code == 404
    assert "Øv dig" not in alice.get("/mig/").content.decode()
    settings.PRACTICE_ADDRESS = "https://oev.example"
    assert "Øv dig" in alice.get("/mig/").content.decode()
    assert "Gå til øvehuset" in alice.get("/oevehus/").content.decode()


def test_alice_goes_over_practises_and_comes_back(cast: SimpleNamespace, client_of: Signed, real: Any) -> None:
    page = client_of(cast.alice).post("/oevehus/gaa/")
    assert "form-action 'self' http://testserver;" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"
    token = pass_of(client_of(cast.alice))
    real.PRACTICE = True
    there = Client()
    came = there.post("/oevehus/ind/", {"pass": token})
    assert (came.status_code, came["Location"]) == (302, "/")
    desk = there.get("/skranke/").content.decode()
    assert "<title>ØVEHUS · " in desk
    assert "Alle mennesker her er opdigtede" in desk
    assert "alarmen når kun dem, der øver sig" in desk
    out = there.post("/konto/log-ud/")
    assert out["Refresh"] == "0; url=https://borgerservice.example"
    assert there.get("/skranke/").status_code == 302


def test_the_practice_house_speaks_english_too(cast: SimpleNamespace, client_of: Signed, here: Any) -> None:
    cast.alice.language = "en"
    cast.alice.save()
    alice = client_of(cast.alice)
    alice.cookies["hovedindgang_language"] = "en"
    page = alice.get("/oevehus/").content.decode()
    assert "<title>PRACTICE · " in page
    assert "Would have been sent" in page


def test_she_reads_the_language_there_that_she_reads_here(cast: SimpleNamespace, client_of: Signed, real: Any) -> None:
    token = pass_of(client_of(cast.alice))
    real.PRACTICE = True
    there = Client()
    came = there.post("/oevehus/ind/", {"pass": token, "language": "en"})
    assert came.cookies["hovedindgang_language"].value == "en"
    assert Employee.objects.get(username=f"oev-{cast.alice.pk}").language == "en"


@pytest.mark.parametrize("sent", ["", "x", "used"])
def test_whoever_comes_without_a_good_pass_is_told_the_way_and_stays_outside(
    cast: SimpleNamespace, client_of: Signed, here: Any, sent: str
) -> None:
    if sent == "used":
        here.PRACTICE = False
        sent = pass_of(client_of(cast.alice))
        here.PRACTICE = True
        Client().post("/oevehus/ind/", {"pass": sent})
    stranger = Client()
    page = stranger.post("/oevehus/ind/", {"pass": sent})
    assert page.status_code == 403
    assert "https://borgerservice.example" in page.content.decode()
    assert stranger.get("/skranke/").status_code == 302


def test_the_real_house_lets_nobody_in_by_a_pass(cast: SimpleNamespace, client_of: Signed, real: Any) -> None:
    token = pass_of(client_of(cast.alice))
    assert Client().post("/oevehus/ind/", {"pass": token}).status_code == 404
    assert not Employee.objects.filter(username__startswith="oev-").exists()


def test_there_is_no_password_in_the_practice_house(cast: SimpleNamespace, here: Any) -> None:
    client = Client()
    for page in (client.get("/"), client.get("/konto/log-ind/"), client.get("/konto/laast/")):
        assert "Du kommer ind fra det rigtige hus" in page.content.decode()
    tried = client.post("/konto/log-ind/", {"login": "alice", "password": "the word of alice"})
    assert tried.status_code == 403
    assert client.get("/skranke/").status_code == 302


def test_it_has_no_api_and_no_clients(cast: SimpleNamespace, here: Any) -> None:
    for path in ("/api/v1/openapi.json", "/api/v1/services.jsonld", "/api/v1/contacts"):
        answer = Client().get(path)
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"
    with pytest.raises(PeopleRefused):
        let_client_in(actor=SYSTEM, name="ESDH", scopes=["model:read"])


def test_no_file_leaves_it(cast: SimpleNamespace, client_of: Signed, here: Any) -> None:
    leader = client_of(cast.dorthe, proven=True)
    address = "/klager/tal.csv"
    page = leader.get(address)
    assert "Content-Disposition" not in page
    assert "klager-og-ros" in page.content.decode()
    assert "Øvehuset giver ingen filer fra sig" in page.content.decode()
    here.PRACTICE = False
    assert leader.get(address)["Content-Disposition"].startswith("attachment")


def test_only_a_leader_has_it_made_anew_and_only_the_practice_house(
    cast: SimpleNamespace, client_of: Signed, here: Any
) -> None:
    assert client_of(cast.alice).post("/oevehus/nyt/").status_code == 403
    assert not is_asked_to_clear()
    leader = client_of(cast.dorthe)
    assert "Slet det, der er øvet" in leader.get("/oevehus/").content.decode()
    leader.post("/oevehus/nyt/")
    leader.post("/oevehus/nyt/")
    assert Event.objects.filter(verb="practice.clear_asked").count() == 1
    assert "gøres nyt nu" in leader.get("/oevehus/").content.decode()
    here.PRACTICE = False
    assert leader.post("/oevehus/nyt/").status_code == 404
    with pytest.raises(NoAccess):
        ask_to_clear(employee=cast.dorthe)
