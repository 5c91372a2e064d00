"""How we know that the one who asks is who she says: kept on the contact, shown in her history, sent to others."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from hovedindgang.contacts.history import history_as_json, read_history
from hovedindgang.contacts.models import Contact
from hovedindgang.contacts.rules import Identity, Refused
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.people.api import token_hash
from hovedindgang.people.models import Citizen, Client, Employee
from hovedindgang.people.rules import Scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def anna() -> Citizen:
    return Citizen.objects.create(name="Anna Prøve")


@pytest.mark.parametrize("how", [None, *Identity])
def test_her_history_says_how_it_was_established(cast: SimpleNamespace, anna: Citizen, how: Identity | None) -> None:
    register(cast.alice, asker=anna.pk, identity=how)
    (entry,) = read_history(anna.pk)
    assert entry.identity == how
    page, _more = history_as_json(actor=SYSTEM, citizen_id=anna.pk, limit=5, before=None, use="api", reason="sag 1")
    assert json.loads(page)[0]["identity"] == how


def test_it_stands_on_the_pages(cast: SimpleNamespace, client_of: Callable[[Employee], Browser], anna: Citizen) -> None:
    number = register(cast.alice, asker=anna.pk, identity=Identity.CONTROL).contact_id
    register(cast.bob, asker=anna.pk)  # he has work with her
    for address in (reverse("contact", args=[number]), reverse("citizen_history", args=[anna.pk])):
        assert "identitet: kontrolspørgsmål" in client_of(cast.bob).get(address).content.decode()


def test_nobodys_identity_is_not_established(cast: SimpleNamespace, anna: Citizen) -> None:
    with pytest.raises(Refused) as refused:
        register(cast.alice, identity=Identity.MITID)
    assert list(refused.value.errors) == ["identity"]
    number = register(cast.alice).contact_id
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=number).update(identity="mitid")


@pytest.mark.parametrize(("said", "status"), [("mitid", 201), (None, 201), ("passport", 422)])
def test_another_system_says_it_too(cast: SimpleNamespace, anna: Citizen, said: str | None, status: int) -> None:
    Client.objects.create(name="Telefoni", token_hash=token_hash("a token"), scopes=[Scope.CONTACTS_WRITE.value])
    sent = {"channel": "phone", "asker": anna.pk, "identity": said, "enquiries": [{"service": "pas"}]}
    answer = Browser().post(
        "/api/v1/contacts",
        json.dumps(sent),
        content_type="application/json",
        headers={"Authorization": "Bearer a token", "Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == status
    if status == 201:
        assert Contact.objects.get().identity == said
