"""The API as another system meets it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from hovedindgang.contacts.actions import NewContact, NewEnquiry, register_contact
from hovedindgang.contacts.models import Contact, Enquiry, Handover
from hovedindgang.contacts.rules import Outcome
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import employee_actor
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.api import token_hash
from hovedindgang.people.models import Client
from hovedindgang.people.rules import Scope
from hovedindgang.site.api import api

CONTRACT = Path(__file__).parent / "api-v1.json"
CPR = "710190-1234"  # the day plus 60: nobody's
pytestmark = pytest.mark.django_db
Caller = Callable[..., Any]


@pytest.fixture
def call(cast: SimpleNamespace) -> Caller:
    """`call("POST", "/contacts", body, scopes=[...], key=...)` by a system with those scopes."""

    def send(method: str, path: str, body: dict[str, Any] | None = None, **with_: Any) -> Any:
        token = f"token-{sorted(with_.get('scopes', list(Scope)))}"
        Client.objects.get_or_create(
            name=token[:80], token_hash=token_hash(token), scopes=list(with_.get("scopes", list(Scope)))
        )
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": with_.get("language", "da")}
        if "key" in with_:
            headers["Idempotency-Key"] = str(with_["key"])
        content = None if body is None else json.dumps(body)
        return Browser().generic(
            method, f"/api/v1{path}", content or "", content_type="application/json", headers=headers
        )

    return send


PASSPORT = {"channel": "phone", "centre": "aabybro", "enquiries": [{"service": "pas"}]}


def test_a_system_registers_a_contact_and_gets_a_receipt(call: Caller) -> None:
    answer = call("POST", "/contacts", PASSPORT, key=uuid.uuid4())
    assert answer.status_code == 201, answer.content
    contact = Contact.objects.get(pk=answer.json()["contact"])
    assert contact.channel == "phone"
    event = Event.objects.get(verb="contact.registered")
    assert event.actor_kind == "client"


def test_the_same_key_gives_the_same_receipt_and_other_content_is_refused(call: Caller) -> None:
    key = uuid.uuid4()
    first = call("POST", "/contacts", PASSPORT, key=key)
    again = call("POST", "/contacts", PASSPORT, key=key)
    other = call("POST", "/contacts", {**PASSPORT, "channel": "in_person"}, key=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json() == {"contact": first.json()["contact"], "repeated": True}
    assert other["Content-Type"] == "application/problem+json"
    assert Contact.objects.count() == 1


def test_a_citizen_named_by_cpr_is_met_once_and_her_number_is_nowhere_in_the_answer(call: Caller) -> None:
    for _ in range(2):
        answer = call("POST", "/contacts", {**PASSPORT, "asker_cpr": CPR}, key=uuid.uuid4())
        assert answer.status_code == 201, answer.content
        assert b"710190" not in answer.content
    assert Contact.objects.values("asker").distinct().count() == 1


def test_a_refused_contact_leaves_no_citizen_behind(call: Caller) -> None:
    from hovedindgang.people.models import Citizen

    body = {**PASSPORT, "asker_cpr": CPR, "enquiries": [{"service": "nonsense"}]}
    answer = call("POST", "/contacts", body, key=uuid.uuid4())
    assert answer.status_code == 422
    assert "enquiries.0.service" in answer.json()["errors"]
    assert not Citizen.objects.exists()


def test_errors_are_in_the_language_that_the_caller_asks_for(call: Caller) -> None:
    danish = call("POST", "/contacts", {**PASSPORT, "enquiries": []}, key=uuid.uuid4())
    english = call("POST", "/contacts", {**PASSPORT, "enquiries": []}, key=uuid.uuid4(), language="en-GB,en;q=0.9")
    assert danish.json()["title"] == "Det kan ikke gemmes, som det er skrevet"
    assert english.json()["title"] == "It cannot be saved as it is written"
    assert danish.json()["errors"] != english.json()["errors"]


def test_a_field_of_the_wrong_kind_is_named_and_its_content_not_repeated(call: Caller) -> None:
    answer = call("POST", "/contacts", {**PASSPORT, "asker": "7101901234"}, key=uuid.uuid4())
    assert answer.status_code in (200, 201, 422)
    answer = call("POST", "/contacts", {**PASSPORT, "started_at": "7101901234x"}, key=uuid.uuid4())
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert b"7101901234" not in answer.content


def test_without_a_token_nobody_comes_in_and_without_the_scope_nobody_goes_on(call: Caller) -> None:
    nobody = Browser().post("/api/v1/contacts", json.dumps(PASSPORT), content_type="application/json")
    assert nobody.status_code == 401
    assert nobody["WWW-Authenticate"] == "Bearer"
    reader = call("POST", "/contacts", PASSPORT, key=uuid.uuid4(), scopes=[Scope.HISTORY_READ])
    assert reader.status_code == 403
    assert reader["Content-Type"] == "application/problem+json"
    assert not Contact.objects.exists()


def test_a_client_that_was_closed_is_out_at_its_next_call(call: Caller) -> None:
    assert call("GET", "/model").status_code == 200
    Client.objects.update(is_active=False)
    assert call("GET", "/model").status_code == 401


def test_a_history_is_read_page_by_page_newest_first_and_every_page_is_a_look_up(
    call: Caller, cast: SimpleNamespace
) -> None:
    actor = employee_actor(cast.alice.pk)
    citizen = register_citizen(actor=actor, cpr=CPR)
    for _ in range(5):
        contact = NewContact(asker=citizen.pk, centre="aabybro", enquiries=(NewEnquiry(service="pas"),))
        register_contact(employee=cast.alice, actor=actor, contact=contact, key=uuid.uuid4())
    LookUp.objects.all()
    seen: list[int] = []
    cursor = ""
    while True:
        answer = call("GET", f"/citizens/{citizen.pk}/contacts?limit=2&reason=sag-12{cursor}")
        assert answer.status_code == 200, answer.content
        page = answer.json()
        seen += [item["contact_id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == list(Contact.objects.order_by("-started_at", "-id").values_list("id", flat=True))
    looked = LookUp.objects.filter(actor_kind="client", citizen_id=citizen.pk)
    assert {look.reason for look in looked} == {"sag-12"}
    assert looked.count() == 3


def test_a_history_without_a_reason_and_with_a_made_up_cursor_is_refused(call: Caller) -> None:
    assert call("GET", "/citizens/1/contacts").status_code == 422
    refused = call("GET", "/citizens/1/contacts?reason=sag-12&cursor=bm9uc2Vuc2U=")
    assert refused.status_code == 422
    assert "cursor" in refused.json()["errors"]


def test_an_open_enquiry_is_handed_over_once_for_each_key(call: Caller, cast: SimpleNamespace) -> None:
    day = clock.today().isoformat()
    body = {**PASSPORT, "employee": "alice", "enquiries": [{"service": "pas", "outcome": "open", "promised_on": day}]}
    made = call("POST", "/contacts", body, key=uuid.uuid4())
    assert made.status_code == 201, made.content
    enquiry = Enquiry.objects.get()
    key = uuid.uuid4()
    ask = {"department": "jobcenter", "summary": "Vil have svar på ansøgning", "employee": "alice"}
    first = call("POST", f"/enquiries/{enquiry.pk}/handovers", ask, key=key)
    again = call("POST", f"/enquiries/{enquiry.pk}/handovers", ask, key=key)
    other = call("POST", f"/enquiries/{enquiry.pk}/handovers", {**ask, "summary": "Noget andet"}, key=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409), first.content
    assert first.json() == again.json()
    assert Handover.objects.count() == 1
    enquiry.refresh_from_db()
    assert enquiry.outcome == Outcome.PASSED_ON
    assert Event.objects.get(verb="enquiry.handed_over").actor_kind == "client"


def test_the_indicators_are_the_boards_own_and_a_period_that_ends_before_it_begins_is_refused(call: Caller) -> None:
    answer = call("GET", "/indicators?from=2026-01-01&to=2026-01-31")
    assert answer.status_code == 200, answer.content
    assert answer.json()["resolved_in_house"]["target"] == pytest.approx(0.8)
    assert answer.json()["first_contact_resolution"]["target"] is None
    backwards = call("GET", "/indicators?from=2026-02-01&to=2026-01-31")
    assert backwards.status_code == 422
    assert "to" in backwards.json()["errors"]
    assert backwards.json()["title"] == "Der kan ikke svares på det, som der er spurgt", "nothing was to be saved"


def test_services_and_opening_hours_are_open_to_all_as_linked_data(call: Caller) -> None:
    services = Browser().get("/api/v1/services.jsonld")
    centres = Browser().get("/api/v1/centres.jsonld")
    assert services["Content-Type"] == centres["Content-Type"] == "application/ld+json"
    kinds = [node["@type"] for node in services.json()["@graph"]]
    assert kinds.count("cpsv:PublicService") > 0
    offices = centres.json()["@graph"]
    assert offices
    assert all(office["@type"] == "GovernmentOffice" for office in offices)
    assert any(office["openingHoursSpecification"] for office in offices)


def test_the_contract_is_as_it_was_published() -> None:
    """A change that breaks callers is a new version; one that adds is written down by renewing the snapshot.

    Renew with `HOVEDINDGANG_RENEW=1 pytest src/hovedindgang/site/tests/test_api.py -k contract`.
    """
    import os

    contract = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    if os.environ.get("HOVEDINDGANG_RENEW"):
        CONTRACT.write_text(json.dumps(contract, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    assert contract == json.loads(CONTRACT.read_text())
    assert contract["openapi"].startswith("3.1")
