"""What a process remembers saves it a question, and never decides: the statement that writes or reads decides."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from hovedindgang.conftest import small_model
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.models import Contact
from hovedindgang.contacts.rules import Refused
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.api import token_hash
from hovedindgang.people.models import Citizen, Client
from hovedindgang.people.rules import Scope
from hovedindgang.policy import queries
from hovedindgang.policy.actions import record_adoption, save_draft

pytestmark = [pytest.mark.django_db(transaction=True)]
TOKEN = "a token"
AT_THE_COUNTER = {"channel": "in_person", "centre": "aabybro", "enquiries": [{"service": "pas"}]}


@pytest.fixture
def client(cast: SimpleNamespace) -> Client:
    return Client.objects.create(name="Telefoni", token_hash=token_hash(TOKEN), scopes=[scope.value for scope in Scope])


def register_by_api() -> int:
    answer = Browser().post(
        "/api/v1/contacts",
        json.dumps(AT_THE_COUNTER),
        content_type="application/json",
        headers={"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": str(uuid.uuid4())},
    )
    return answer.status_code


def read_by_api(citizen: Citizen) -> int:
    path = f"/api/v1/citizens/{citizen.pk}/contacts?reason=sag-12"
    return Browser().get(path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code


CHANGES = {
    "let out": ({"is_active": False}, 401),
    "expired": ({"expires_on": dt.date(2020, 1, 1)}, 401),
    "given other scopes": ({"scopes": [Scope.MODEL_READ.value]}, 403),
    "given another token": ({"token_hash": token_hash("another")}, 401),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_client_that_was_known_a_moment_ago_writes_and_reads_nothing_once_it_is(client: Client, change: str) -> None:
    anna = Citizen.objects.create()
    assert [register_by_api(), register_by_api(), read_by_api(anna), read_by_api(anna)] == [201, 201, 200, 200]
    looked = LookUp.objects.count()
    fields, answer = CHANGES[change]
    Client.objects.filter(pk=client.pk).update(**fields)
    assert [register_by_api(), read_by_api(anna)] == [answer, answer]
    assert (Contact.objects.count(), LookUp.objects.count()) == (2, looked)


def test_a_client_that_got_one_scope_more_may_at_once(client: Client) -> None:
    anna = Citizen.objects.create()
    Client.objects.filter(pk=client.pk).update(scopes=[Scope.CONTACTS_WRITE.value])
    assert [register_by_api(), read_by_api(anna)] == [201, 403]
    Client.objects.filter(pk=client.pk).update(scopes=[Scope.CONTACTS_WRITE.value, Scope.HISTORY_READ.value])
    assert [register_by_api(), read_by_api(anna)] == [201, 200]


@pytest.mark.postgres
@pytest.mark.parametrize("asked_for", ["contacts.actions.registering.prepare", "contacts.history.look_up_as_json"])
def test_a_client_that_is_let_out_between_its_token_and_its_deed_does_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch, asked_for: str
) -> None:
    room, name = f"hovedindgang.{asked_for}".rsplit(".", 1)
    done_then = getattr(import_module(room), name)

    def let_out_first(**given: object) -> object:
        Client.objects.update(is_active=False)
        return done_then(**given)

    monkeypatch.setattr(f"{room}.{name}", let_out_first)
    anna = Citizen.objects.create()
    assert (register_by_api() if name == "prepare" else read_by_api(anna)) == 401
    assert (Contact.objects.count(), LookUp.objects.count()) == (0, 0)


@pytest.mark.postgres
def test_the_next_registration_and_the_next_reading_of_a_known_client_are_one_statement_each(
    cast: SimpleNamespace, client: Client
) -> None:
    anna = Citizen.objects.create()
    register(cast.alice, asker=anna.pk)
    register_by_api(), read_by_api(anna)
    with CaptureQueriesContext(connection) as captured:
        assert (register_by_api(), read_by_api(anna)) == (201, 200)
    assert [query["sql"].split("(")[0].split()[0] for query in captured] == ["SELECT", "SELECT"]


def another_process_adopts(old: str, new: str) -> None:
    """A version from today on, of which this process hears nothing."""
    heard = list(queries._LAST_HEARD)
    draft = save_draft(text=small_model(old=old, new=new), includes={}, title="x", actor=SYSTEM)
    record_adoption(version_id=draft.pk, valid_from=house_clock.today(), decided_on=None, body="", actor=SYSTEM)
    queries._LAST_HEARD[:] = heard


NEW_GOAL = ("value = 80", "value = 85")


def test_a_service_that_another_process_has_closed_is_not_registered_any_more(cast: SimpleNamespace) -> None:
    register(cast.alice)
    another_process_adopts("[services.pas]\n", "[services.pas]\nvalid_to = 2026-02-01\n")
    with pytest.raises(Refused):
        register(cast.alice)
    assert Contact.objects.count() == 1


def test_a_contact_carries_the_version_that_another_process_has_adopted(cast: SimpleNamespace) -> None:
    register(cast.alice)
    another_process_adopts(*NEW_GOAL)
    register(cast.alice)
    earlier, later = Contact.objects.order_by("pk")
    assert later.version_id == queries.in_force().version_id != earlier.version_id


def test_a_service_that_another_process_has_opened_is_registered_at_once(cast: SimpleNamespace) -> None:
    register(cast.alice)
    with pytest.raises(Refused):
        register(cast.alice, NewEnquiry(service="pas-nyt"))
    text = small_model()
    begin = text.index("[services.pas]")
    end = text.index("[services.", begin + 5)
    another_process_adopts(
        text[begin:end], text[begin:end] + text[begin:end].replace("services.pas", "services.pas-nyt")
    )
    register(cast.alice, NewEnquiry(service="pas-nyt"))
    assert Contact.objects.count() == 2


EVERYBODY_IS_LET_IN = """
CREATE OR REPLACE FUNCTION people_admitted(admission jsonb) RETURNS boolean LANGUAGE sql AS 'SELECT true'
"""


@pytest.fixture
def honest_again() -> Iterator[None]:
    yield
    admitted = import_module("hovedindgang.people.migrations.0002_admitted")
    with connection.cursor() as cursor:
        cursor.execute(admitted.FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))


@pytest.mark.postgres
def test_broken_on_purpose_a_statement_that_asks_nothing_would_let_the_closed_client_in(
    client: Client, honest_again: None
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EVERYBODY_IS_LET_IN)
    register_by_api()
    Client.objects.filter(pk=client.pk).update(is_active=False)
    assert register_by_api() == 201
