"""The database is away, or its disk is full: whoever asked is told what to do, and nothing typed is lost."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client as Browser
from django.urls import reverse

from hovedindgang.people.api import token_hash
from hovedindgang.people.models import Client
from hovedindgang.people.rules import Scope

pytestmark = pytest.mark.django_db
NOTE = "Hun spurgte til sit pas, og jeg lovede at ringe tilbage."


@contextmanager
def away(error: Exception | None = None) -> Iterator[None]:
    """Every statement fails, as where the server is gone or the disk is full."""

    def fails(*_statement: object) -> None:
        raise error or OperationalError("database or disk is full")

    with connection.execute_wrapper(fails):
        yield


@pytest.fixture
def browser(cast: Any, client_of: Callable[..., Browser]) -> Browser:
    browser = client_of(cast.alice)
    browser.raise_request_exception = False
    return browser


def register(**headers: str) -> Any:
    token = {"Authorization": "Bearer nobody-else-has-this", "Idempotency-Key": str(uuid.uuid4()), **headers}
    browser = Browser(raise_request_exception=False)
    body = json.dumps({"channel": "phone", "centre": "aabybro", "enquiries": [{"service": "pas"}]})
    return browser.post("/api/v1/contacts", body, content_type="application/json", headers=token)


@pytest.mark.parametrize("error", [OperationalError("no space left"), InterfaceError("connection already closed")])
def test_another_system_is_told_to_ask_again_with_the_same_key(policy_in_force: Any, error: Exception) -> None:
    Client.objects.create(name="other", token_hash=token_hash("nobody-else-has-this"), scopes=list(Scope))
    with away(error):
        answer = register()
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["title"] == "Der kan ikke læses eller gemmes lige nu"
    assert "samme nøgle" in answer.json()["detail"]
    assert int(answer["Retry-After"]) > 0
    with away(error):
        assert "same key" in register(**{"Accept-Language": "en"}).json()["detail"]
    assert register().status_code == 201


def test_what_she_typed_stands_on_the_page_that_says_so_and_one_button_sends_it_again(browser: Browser) -> None:
    key = str(uuid.uuid4())
    with away():
        answer = browser.post(reverse("desk"), {"key": key, "note": NOTE}, headers={"Origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert page.count(NOTE) == 2, "in the form that is sent again, and to be read and copied"
    assert key in page
    assert "det samme gemmes kun én gang" in page
    assert "Send igen" in page
    assert answer["Cache-Control"] == "no-store"


def test_a_form_that_another_site_made_gets_no_button(browser: Browser) -> None:
    with away():
        answer = browser.post(reverse("desk"), {"note": NOTE}, headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, "Send igen" in answer.content.decode()) == (503, False)


def test_a_form_without_a_key_is_looked_for_before_it_is_sent_again(browser: Browser) -> None:
    with away():
        answer = browser.post(reverse("desk"), {"note": NOTE}, headers={"Origin": "http://testserver"})
    assert "kun én gang" not in answer.content.decode()
    assert "se efter i et nyt faneblad" in answer.content.decode()


def test_a_page_says_what_to_do_in_her_language(browser: Browser, settings: Any) -> None:
    with away():
        assert "på papir" in browser.get(reverse("desk")).content.decode()
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        answer = browser.get(reverse("desk"))
    assert answer.status_code == 503
    assert "on paper" in answer.content.decode()


def test_a_mistake_of_ours_is_not_excused_by_the_database(browser: Browser) -> None:
    with away(ValueError("a defect")):
        assert browser.get(reverse("desk")).status_code == 500
