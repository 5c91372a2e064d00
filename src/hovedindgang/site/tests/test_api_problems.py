"""Whatever another system sends: it is told what is wrong and what to do, in its language, and nothing breaks."""

from __future__ import annotations

import json
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from hovedindgang.contacts.models import Contact
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.api import token_hash
from hovedindgang.people.models import Citizen, Client
from hovedindgang.people.rules import Scope
from hovedindgang.site.api import api

pytestmark = pytest.mark.django_db
TOKEN = "a token"
PASSPORT = {"channel": "phone", "centre": "aabybro", "enquiries": [{"service": "pas"}]}


@pytest.fixture
def send(cast: SimpleNamespace) -> Any:
    """`send("POST", "/contacts", {...})`; what is text is sent as it stands."""
    Client.objects.create(name="Telefoni", token_hash=token_hash(TOKEN), scopes=[scope.value for scope in Scope])

    def sent(method: str, path: str, body: Any = None, language: str = "da", **headers: str) -> Any:
        content = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        said = {"Authorization": f"Bearer {TOKEN}", "Accept-Language": language, "Idempotency-Key": str(uuid.uuid4())}
        browser = Browser(raise_request_exception=False)
        return browser.generic(
            method, f"/api/v1{path}", content, content_type="application/json", headers={**said, **headers}
        )

    return sent


def with_fields(**fields: Any) -> dict[str, Any]:
    return {**PASSPORT, **fields}


def with_matter(**fields: Any) -> dict[str, Any]:
    return {**PASSPORT, "enquiries": [{"service": "pas", **fields}]}


HANDED = {"department": "teknik", "summary": " \x00"}
WRONG = {
    "a time without its zone": (with_fields(started_at="2026-03-10T09:00:00"), "started_at"),
    "the year one, far east": (with_fields(started_at="0001-01-01T00:00:00+14:00"), "started_at"),
    "an end without its zone": (with_fields(ended_at="2026-03-10T09:00:00"), "ended_at"),
    "a citizen's number as long as a telephone book": (with_fields(asker=10**30), "asker"),
    "a number no table has": (with_fields(asker=2**63), "asker"),
    "a citizen who is not there": (with_fields(asker=999_999), "asker"),
    "for whom, a number too long": (with_matter(for_whom=[10**30]), "for_whom"),
    "for whom, one who is not there": (with_matter(for_whom=[999_999]), "enquiries.0.for_whom"),
    "what it follows, too long": (with_matter(follows=10**30, follows_how="chasing"), "follows"),
    "a summary of nothing": (with_matter(outcome="passed_on", handover=HANDED), "summary"),
    "a promise in the year 9999": (
        with_matter(outcome="passed_on", handover={**HANDED, "summary": "Carport", "promised_on": "9999-12-31"}),
        "promised_on",
    ),
    "a field that is misspelt": (with_matter(outcom="open"), "outcom"),
    "a field nobody knows": (with_fields(foo=1), "foo"),
    "an article that is a CPR": (with_matter(article="020364-1237"), "article"),
    "an employee with a NUL": (with_fields(employee="ali\x00ce2"), "employee"),
    "a planner": (with_fields(employee="erik"), "employee"),
    "a caseworker at Borgerservice's counter": (with_fields(employee="charlie"), "employee"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_is_named_at_its_field_and_nothing_is_registered(send: Any, wrong: str) -> None:
    body, field = WRONG[wrong]
    answer = send("POST", "/contacts", body)
    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert any(field in name for name in answer.json()["errors"]), answer.json()
    assert not Contact.objects.exists()


def test_a_caseworker_registers_what_her_own_department_was_asked(send: Any) -> None:
    answer = send("POST", "/contacts", with_fields(centre=None, department="jobcenter", employee="charlie"))
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize(
    ("language", "said"), [("da", "Feltet mangler. Send det med."), ("en", "The field is missing")]
)
def test_a_missing_field_is_told_of_in_the_callers_language(send: Any, language: str, said: str) -> None:
    answer = send("POST", "/contacts", {"channel": "phone"}, language=language)
    (told,) = answer.json()["errors"].values()
    assert told.startswith(said)


BROKEN_JSON, NOT_THERE, NOT_SO = "{not json", "/nothing/here", "/contacts"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [("POST", "/contacts", BROKEN_JSON, 400), ("GET", NOT_THERE, None, 404), ("DELETE", NOT_SO, None, 405)],
)
def test_what_no_operation_was_asked_for_is_a_problem_too(
    send: Any, method: str, path: str, body: str | None, status: int
) -> None:
    answer = send(method, path, body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


def test_a_mistake_of_ours_is_told_without_its_details(send: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("hovedindgang.contacts.api.register_contact", breaks)
    answer = send("POST", "/contacts", PASSPORT)
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert b"secret" not in answer.content


def test_a_reason_that_is_a_cpr_is_refused_and_not_logged(send: Any) -> None:
    anna = Citizen.objects.create()
    answers = [
        send("GET", f"/citizens/{anna.pk}/contacts?reason=610190-1234"),
        send("POST", "/citizens/find", {"cpr": "610190-1234", "reason": "610190-1234"}),
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("reason" in answer.json()["errors"] for answer in answers)
    assert not LookUp.objects.exists()


def test_somebody_who_is_not_there_has_no_history(send: Any) -> None:
    anna = Citizen.objects.create()
    assert send("GET", f"/citizens/{anna.pk}/contacts?reason=sag-12").json() == {"items": [], "next": None}
    assert send("GET", "/citizens/999999/contacts?reason=sag-12").status_code == 404
    assert send("GET", f"/citizens/{10**30}/contacts?reason=sag-12").status_code == 422


def test_a_cursor_that_nobody_was_given_is_refused(send: Any) -> None:
    import base64

    for forged in ("0001-01-01T00:00:00+14:00 1", f"2026-03-11T09:00:00+00:00 {10**30}", "x", "9999-12-31T23:00:00Z 1"):
        cursor = base64.urlsafe_b64encode(forged.encode()).decode()
        answer = send("GET", f"/citizens/1/contacts?reason=sag-12&cursor={cursor}")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["cursor"])


def test_the_description_says_how_each_operation_may_refuse() -> None:
    for path, operations in api.get_openapi_schema()["paths"].items():
        for operation in operations.values():
            told = {str(status) for status in operation["responses"]}
            assert told >= ({"401", "403", "409", "422"} if operation.get("security") else {"404"}), path
