"""Nobody looks up more than a person can serve: a PC that others have got hold of is slow to empty the house."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.clients import let_client_in
from hovedindgang.people.models import Citizen
from hovedindgang.people.pace import WINDOW_SECONDS, Asked, TooMany, forget_pace, mind_pace
from hovedindgang.people.queries import search_by_name

CPR = "6101900001"


@pytest.fixture(autouse=True)
def limits(settings: Any) -> Iterator[None]:
    settings.MOST_LOOK_UPS, settings.MOST_FORMS = 3, 5
    settings.MOST_API_READINGS, settings.MOST_API_CALLS = 3, 5
    forget_pace()
    yield
    forget_pace()


@pytest.fixture
def anna(cast: SimpleNamespace, clock: Any) -> Citizen:
    return register_citizen(actor=SYSTEM, cpr=CPR, name="Anna Prøve")


def test_after_so_many_look_ups_she_waits_and_nothing_more_is_shown(
    anna: Citizen, cast: SimpleNamespace, client_of: Any, clock: Any
) -> None:
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    page = f"/borgere/{anna.pk}/"
    assert [alice.get(page).status_code for _look in range(5)] == [200, 200, 200, 429, 429]
    waits = alice.get(page)
    assert ("Anna Prøve" in waits.content.decode(), "om 10 minutter" in waits.content.decode()) == (False, True)
    assert int(waits["Retry-After"]) <= WINDOW_SECONDS
    assert bob.get(page).status_code == 200  # each for herself
    assert LookUp.objects.filter(actor_id=cast.alice.pk, citizen_id=anna.pk).count() == 3
    told = Event.objects.get(verb="employee.too_many")  # once, however often she tries
    assert (told.actor_id, told.facts) == (cast.alice.pk, {"what": "look_up", "most": 3})
    clock.go(minutes=10)
    assert alice.get(page).status_code == 200


def test_what_she_typed_in_the_form_that_was_one_too_many_is_given_back(
    anna: Citizen, cast: SimpleNamespace, client_of: Any
) -> None:
    alice, sent = client_of(cast.alice), {"language": "da", "said": "En lang tekst, som hun har skrevet"}
    assert [alice.post("/mig/", sent).status_code for _form in range(5)] == [302] * 5
    refused = alice.post("/mig/", sent)
    assert (refused.status_code, sent["said"] in refused.content.decode()) == (429, True)
    assert alice.get("/mig/").status_code == 200  # pages are still read


def test_names_are_looked_for_no_faster_than_pages_are_opened(anna: Citizen, cast: SimpleNamespace) -> None:
    asked = {"actor": employee_actor(cast.alice.pk), "typed": "anna", "reason": "x"}
    assert [len(search_by_name(**asked).people) for _search in range(3)] == [1, 1, 1]
    with pytest.raises(TooMany):
        search_by_name(**asked)


def test_another_system_is_told_when_to_go_on(anna: Citizen, clock: Any) -> None:
    _client, token = let_client_in(actor=SYSTEM, name="ESDH", scopes=["history:read", "model:read"])
    said = {"Authorization": f"Bearer {token}"}
    find = {"cpr": CPR, "reason": "sag 26-1"}
    asked = [
        Client().post("/api/v1/citizens/find", find, content_type="application/json", headers=said),
        Client().get(f"/api/v1/citizens/{anna.pk}/contacts?reason=sag 26-1", headers=said),
        Client().post("/api/v1/citizens/find", find, content_type="application/json", headers=said),
        Client().get(f"/api/v1/citizens/{anna.pk}/contacts?reason=sag 26-1", headers=said),
    ]
    assert [answer.status_code for answer in asked] == [200, 200, 200, 429]
    assert asked[3]["Content-Type"].startswith("application/problem+json")
    assert 0 < int(asked[3]["Retry-After"]) <= WINDOW_SECONDS + 1
    assert [Client().get("/api/v1/model", headers=said).status_code for _call in range(2)] == [200, 429]
    clock.go(minutes=10)
    assert Client().get("/api/v1/model", headers=said).status_code == 200


def test_the_limits_are_settings_and_none_is_none(settings: Any, clock: Any) -> None:
    settings.MOST_LOOK_UPS = 0
    for _look in range(1_000):
        mind_pace(Asked.LOOK_UP, 1)
    settings.MOST_LOOK_UPS = 1
    mind_pace(Asked.LOOK_UP, 1)
    mind_pace(Asked.LOOK_UP, 2)
    with pytest.raises(TooMany):
        mind_pace(Asked.LOOK_UP, 1)
