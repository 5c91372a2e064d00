"""Other systems are let in with a token, and out again."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.people.admission import admit
from hovedindgang.people.api import token_hash
from hovedindgang.people.clients import let_client_in, let_client_out
from hovedindgang.people.commands import client
from hovedindgang.people.models import Client
from hovedindgang.people.rules import PeopleRefused, Scope

pytestmark = pytest.mark.django_db


def client_with(token: str) -> int | None:
    admission = admit(token_hash(token), Scope.CONTACTS_WRITE)
    return admission.client_id if admission else None


def test_a_token_is_shown_once_and_only_its_hash_is_kept() -> None:
    made, token = let_client_in(actor=SYSTEM, name="ESDH", scopes=[Scope.CONTACTS_WRITE])
    assert client_with(token) == made.pk
    assert token.encode() not in bytes(Client.objects.get().token_hash)
    assert token not in json.dumps([event.facts for event in Event.objects.all()])


def test_a_client_that_is_let_out_is_out_and_saying_it_twice_is_one_event() -> None:
    _, token = let_client_in(actor=SYSTEM, name="ESDH", scopes=[Scope.CONTACTS_WRITE])
    for _ in range(2):
        let_client_out(actor=SYSTEM, name="ESDH")
    assert client_with(token) is None
    assert Event.objects.filter(verb="client.let_out").count() == 1


@pytest.mark.parametrize(("name", "scopes"), [("", ["contacts:write"]), ("ESDH", []), ("ESDH", ["everything"])])
def test_a_client_without_a_name_or_a_known_scope_is_refused(name: str, scopes: list[str]) -> None:
    with pytest.raises(PeopleRefused):
        let_client_in(actor=SYSTEM, name=name, scopes=scopes)
    assert not Client.objects.exists()


def test_two_clients_cannot_have_one_name() -> None:
    let_client_in(actor=SYSTEM, name="ESDH", scopes=[Scope.CONTACTS_WRITE])
    with pytest.raises(PeopleRefused):
        let_client_in(actor=SYSTEM, name="ESDH", scopes=[Scope.HISTORY_READ])


def test_the_command_line_prints_the_token_and_says_what_is_wrong() -> None:
    made = CliRunner().invoke(client, ["add", "Telefoni", "--scope", "contacts:write", "--json"])
    assert made.exit_code == 0
    assert client_with(json.loads(made.output)["token"])
    wrong = CliRunner().invoke(client, ["add", "Andet", "--scope", "alt"])
    assert wrong.exit_code == 1
    assert "contacts:write" in wrong.output
    assert CliRunner().invoke(client, ["close", "Ukendt"]).exit_code == 1
