"""What a citizen is told of who has seen her: when, where, for what; a name only when a leader gives it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from hovedindgang.contacts.actions import state_reason
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.oversight.commands import lookups
from hovedindgang.oversight.models import NameGiven
from hovedindgang.oversight.prints import citizens_print, give_name
from hovedindgang.oversight.rules import OversightRefused
from hovedindgang.oversight.tests.looking import citizen, look
from hovedindgang.people.closing import say_family
from hovedindgang.people.queries import cpr_of
from hovedindgang.people.rules import NoAccess

pytestmark = pytest.mark.django_db


def test_she_is_told_when_where_and_for_what_and_by_no_name(cast: SimpleNamespace, clock: Any, client_of: Any) -> None:
    ottosen = citizen()
    stated = state_reason(employee=cast.bob, citizen_id=ottosen.pk, code="to_answer", text="Hendes egen sag")
    look(cast.bob, ottosen, reason=f"statement:{stated.pk}")
    page = client_of(cast.alice, proven=True).get(f"/opslag/borger/{ottosen.pk}/").content.decode()
    assert "Pandrup" in page
    assert "skal besvares" in page
    assert "Hendes egen sag" not in page
    assert "Bob" not in page
    assert LookUp.objects.filter(use="print", citizen_id=ottosen.pk).count() == 1


def test_an_open_pc_is_not_enough_to_print_it(cast: SimpleNamespace, clock: Any, client_of: Any) -> None:
    client_of(cast.alice).get(f"/opslag/borger/{citizen().pk}/")
    assert not LookUp.objects.filter(use="print").exists()


def test_a_name_is_given_by_a_leader_with_a_reason_and_stays(cast: SimpleNamespace, clock: Any) -> None:
    ottosen = citizen()
    seen, other = look(cast.bob, ottosen), look(cast.bob, ottosen)
    with pytest.raises(NoAccess):
        give_name(leader=cast.alice, citizen_id=ottosen.pk, look_up=seen.pk, reason="Hun beder om det")
    with pytest.raises(OversightRefused):
        give_name(leader=cast.dorthe, citizen_id=ottosen.pk, look_up=seen.pk, reason=" ")
    with pytest.raises(NoAccess):
        give_name(leader=cast.dorthe, citizen_id=citizen(2).pk, look_up=seen.pk, reason="En andens opslag")
    give_name(leader=cast.dorthe, citizen_id=ottosen.pk, look_up=seen.pk, reason="Hun er chikaneret")
    _citizen, rows = citizens_print(cast.alice, ottosen.pk)
    assert {row.look_up: row.name for row in rows if row.name} == {seen.pk: "Bob"}
    assert other.pk in {row.look_up for row in rows}
    assert "chikaneret" not in json.dumps(Event.objects.get(verb="lookup.name_given").facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        NameGiven.objects.update(reason="Noget andet")


def test_dorthe_gives_no_name_behind_a_look_up_of_her_own_family(
    cast: SimpleNamespace, clock: Any, client_of: Any
) -> None:
    ottosen = citizen()
    seen = look(cast.bob, ottosen)
    say_family(actor=SYSTEM, employee_id=cast.dorthe.pk, cpr=cpr_of(ottosen) or "")
    form = {"look_up": str(seen.pk), "reason": "Jeg vil vide det"}
    answer = client_of(cast.dorthe, proven=True).post(f"/opslag/borger/{ottosen.pk}/navn/", form)
    assert (answer.status_code, "Bob" in answer.content.decode()) == (403, False)
    assert not NameGiven.objects.exists()


@pytest.mark.parametrize("number", ["0" * 20 + "9" * 20, "9" * 400, "9223372036854775808"])
def test_a_number_that_no_look_up_has_breaks_nothing(
    cast: SimpleNamespace, clock: Any, client_of: Any, number: str
) -> None:
    dorthe = client_of(cast.dorthe, proven=True)
    assert dorthe.post("/opslag/spoerg/", {"look_up": number}).status_code == 404
    named = dorthe.post(f"/opslag/borger/{citizen().pk}/navn/", {"look_up": number, "reason": "x"})
    assert named.status_code == 422


def test_the_command_tells_the_same_as_json(cast: SimpleNamespace, clock: Any) -> None:
    ottosen = citizen()
    look(cast.bob, ottosen, reason="contact:1")
    told = json.loads(CliRunner().invoke(lookups, ["of", str(ottosen.pk), "--json"]).output)
    assert told[-1]["purpose"] == "en henvendelse"
    assert "name" not in told[-1]
    assert CliRunner().invoke(lookups, ["of", "987654"]).exit_code == 1
