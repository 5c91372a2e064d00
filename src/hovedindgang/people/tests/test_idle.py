"""A PC that was left locks itself; what she had typed waits for her, and nobody else gets anything of hers."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

import hovedindgang
from hovedindgang.conftest import prove_everywhere_for_tests, prove_for_tests
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Employee, KeptForm, StaffSession

IDA = {"username": "ida", "name": "Ida Prøve af en ny medarbejder", "roles": ["editor", "planner"], "email": ""}
GORM = {"login": "gorm", "password": "the word of gorm"}


def left(client_of: Any, who: Any, clock: Any, minutes: float = 15) -> Client:
    client: Client = client_of(who)
    client.get("/mig/")
    clock.go(minutes=minutes)
    return client


def test_after_a_quarter_of_an_hour_the_next_click_meets_the_lock(cast: Any, client_of: Any, clock: Any) -> None:
    assert left(client_of, cast.gorm, clock, 14.9).get("/mig/").status_code == 200
    gorm = left(client_of, cast.gorm, clock)
    answer = gorm.get("/medarbejdere/?x=1")
    assert answer["Location"] == "/konto/laast/?next=%2Fmedarbejdere%2F%3Fx%3D1"
    page = gorm.get(answer["Location"])
    assert "Er du Gorm" in page.content.decode()
    assert page["Clear-Site-Data"] == '"cache", "storage"'
    assert gorm.get("/mig/").status_code == 302
    assert Event.objects.filter(verb="employee.locked").count() == 1
    back = gorm.post("/konto/log-ind/", {**GORM, "next": "/medarbejdere/?x=1"})
    assert back["Location"] == "/medarbejdere/?x=1"


def test_clicks_keep_it_open_all_day(cast: Any, client_of: Any, clock: Any) -> None:
    gorm = client_of(cast.gorm)
    for _click in range(10):
        assert gorm.get("/mig/").status_code == 200
        clock.go(minutes=14)


def test_the_setting_decides_and_0_is_never(cast: Any, client_of: Any, clock: Any, settings: Any) -> None:
    settings.IDLE_MINUTES = 2
    assert left(client_of, cast.gorm, clock, 2).get("/mig/").status_code == 302
    settings.IDLE_MINUTES = 0
    assert left(client_of, cast.gorm, clock, 300).get("/mig/").status_code == 200


def test_what_gorm_sent_when_it_had_locked_is_given_back_to_him_and_sent_with_one_press(
    cast: Any, client_of: Any, clock: Any
) -> None:
    gorm = left(client_of, cast.gorm, clock)
    answer = gorm.post("/medarbejdere/ny/", IDA, follow=True)
    assert "Ida Prøve" not in answer.content.decode()
    assert not Employee.objects.filter(username="ida").exists()
    assert b"Ida" not in bytes(KeptForm.objects.get().sealed)
    assert gorm.post("/konto/log-ind/", GORM)["Location"] == "/konto/skrevet/"
    (kept,) = gorm.get("/konto/skrevet/").context["forms"]
    sent: dict[str, list[str]] = {}
    for name, value in kept.fields:
        sent.setdefault(name, []).append(value)
    assert (kept.address, sent["roles"]) == ("/medarbejdere/ny/", ["editor", "planner"])
    prove_for_tests(gorm)
    assert gorm.post(kept.address, {**sent, "kept_form": kept.number}).status_code == 200
    assert Employee.objects.filter(username="ida").exists()
    assert not KeptForm.objects.exists()


def test_he_may_throw_it_away(cast: Any, client_of: Any, clock: Any) -> None:
    left(client_of, cast.gorm, clock).post("/medarbejdere/ny/", IDA)
    gorm = client_of(cast.gorm)
    assert client_of(cast.alice).post("/konto/skrevet/").status_code == 302
    assert KeptForm.objects.count() == 1
    gorm.post("/konto/skrevet/")
    assert not KeptForm.objects.exists()


def test_another_at_the_same_pc_gets_nothing_of_his(cast: Any, client_of: Any, clock: Any) -> None:
    pc = left(client_of, cast.gorm, clock)
    session = pc.session
    session["proven_at"] = clock_now()
    session.save()
    pc.post("/medarbejdere/ny/", IDA)
    assert pc.post("/konto/log-ind/", {"login": "alice", "password": "the word of alice"})["Location"] == "/"
    assert pc.get("/konto/skrevet/").status_code == 302
    assert pc.get("/medarbejdere/").status_code == 403
    assert "proven_at" not in pc.session
    assert "Ida" not in pc.get("/mig/").content.decode()
    assert KeptForm.objects.get().employee == cast.gorm


def clock_now() -> float:
    from hovedindgang.kernel import clock

    return clock.now().timestamp()


def test_the_desk_keeps_its_form_as_a_draft(cast: Any, client_of: Any, clock: Any) -> None:
    alice = client_of(cast.alice)
    owner = alice.get("/skranke/").content.decode().split('name="owner" value="')[1].split('"')[0]
    clock.go(minutes=15)
    form = {"owner": owner, "note": "Halv sætning", "enquiries": "1", "service-0": "pas", "step": "look"}
    assert alice.post("/skranke/", form).status_code == 302
    alice.post("/konto/log-ind/", {"login": "alice", "password": "the word of alice"})
    assert "Halv sætning" in alice.get("/skranke/").content.decode()
    assert not KeptForm.objects.exists()


def test_a_page_that_asks_by_itself_for_news_does_not_keep_it_open(cast: Any, client_of: Any, clock: Any) -> None:
    gorm = left(client_of, cast.gorm, clock, 10)
    assert gorm.get("/mig/", headers={"X-Watch": "1"}).status_code == 200
    clock.go(minutes=5)
    assert gorm.get("/mig/", headers={"X-Watch": "1"}).status_code == 401
    assert gorm.get("/mig/").status_code == 302


def test_a_password_is_kept_nowhere(cast: Any, client_of: Any, clock: Any) -> None:
    left(client_of, cast.gorm, clock).post("/konto/adgangskode/", {"oldpassword": "x", "password1": "y"})
    assert not KeptForm.objects.exists()


def test_locking_ends_the_session_in_the_table(cast: Any, client_of: Any) -> None:
    gorm = client_of(cast.gorm)
    assert gorm.post("/konto/laas/", {"lock_address": "/medarbejdere/ny/", "name": "Ida Prøve"}).status_code == 204
    assert not StaffSession.objects.filter(employee=cast.gorm).exists()
    assert KeptForm.objects.count() == 1
    other = client_of(cast.gorm)
    other.post("/konto/laas/", {"lock_address": "https://evil.example/", "name": "Ida Prøve"})
    assert KeptForm.objects.count() == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_with_a_script_the_screen_is_covered_at_once_and_his_text_comes_back(
    page_of: Any, cast: SimpleNamespace
) -> None:
    page = page_of(cast.gorm, path="/mig/")
    page.clock.install()
    page.goto("/medarbejdere/ny/")
    page.fill("#name", "Ida Prøve fra i dag")
    page.fill("#username", "ida")
    page.check('[name="roles"][value="editor"]')
    page.clock.fast_forward("14:50")
    assert page.locator("#name").count() == 1
    page.clock.fast_forward("00:12")
    page.wait_for_url("**/konto/laast/**")
    assert "Ida Prøve" not in page.content()
    page.go_back()
    page.wait_for_selector('[name="login"], [name="password"]')
    assert "Ida Prøve" not in page.content()
    page.goto("/konto/laast/")
    page.fill('[name="password"]', "the word of gorm")
    page.click("main .button-primary")
    page.wait_for_url("**/konto/skrevet/")
    prove_everywhere_for_tests(cast.gorm)
    page.click("form.panel .button-primary")
    page.wait_for_selector("#receipt")
    assert Employee.objects.filter(username="ida").exists()


def test_what_a_page_asks_by_itself_says_so_and_keeps_nobody_signed_in() -> None:
    """A script that asks again and again would hold the lock open all night, unless it says that nobody clicked."""
    asked = [
        (script.name, call)
        for script in Path(hovedindgang.__file__).parent.glob("*/static/*/*.js")
        if "vendor" not in script.parts
        for call in re.findall(r"fetch\((.*)\)", script.read_text("utf-8"))
        if '"POST"' not in call
    ]
    assert asked
    assert [where for where in asked if "X-Watch" not in where[1]] == []
