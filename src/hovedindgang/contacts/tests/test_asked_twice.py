"""What tells of a protected citizen, or takes her matter to somebody else, is asked about twice and then done."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.models import Contact, Handover, Note
from hovedindgang.contacts.rules import Outcome
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.clock import today
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.actions import protect_citizen, register_citizen
from hovedindgang.people.models import Citizen, Protection
from hovedindgang.people.protection import Told, told_in

ANNA = "6101500001"


@pytest.fixture
def anna(cast: SimpleNamespace, clock: object) -> Citizen:
    made = register_citizen(
        actor=SYSTEM,
        cpr=ANNA,
        name="Anna Mønster Prøve",
        address="Skjulestien 7 B, 9440 Aabybro",
        phone="+45 11 22 33 44",
        email="anna@example.dk",
    )
    return protect_citizen(actor=SYSTEM, citizen_id=made.pk, protection=Protection.ORDINARY)


@pytest.fixture
def alice(cast: SimpleNamespace, client_of: Callable[[Any], Client]) -> Client:
    return client_of(cast.alice)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hun bor på Skjulestien 7 B nu", [Told.ADDRESS]),
        ("flyttet til skjulestien  7b.", []),  # another way to write it is not recognised, and we do not say it is
        ("Skjulestien 77", []),
        ("Skjulestien", []),
        ("anna mønster prøve ringer", [Told.NAME]),
        ("Anna ringer", []),
        ("Ring 11223344", [Told.PHONE]),
        ("Ring på 11 22 33 44 eller ANNA@example.dk", [Told.PHONE, Told.EMAIL]),
        ("", []),
    ],
)
def test_a_text_is_recognised_that_gives_her_away(anna: Citizen, text: str, told: list[Told]) -> None:
    assert told_in(text, anna) == told
    shown = protect_citizen(actor=SYSTEM, citizen_id=anna.pk, protection=Protection.NONE)
    assert told_in(text, shown) == []


def opened(cast: SimpleNamespace, anna: Citizen) -> Contact:
    matter = NewEnquiry(service="byggesag", outcome=Outcome.OPEN, promised_on=today())
    return Contact.objects.get(pk=register(cast.alice, matter, asker=anna.pk).contact_id)


def token_in(answer: Any) -> str:
    found = re.search(r'name="confirmed" value="(\w+)"', answer.content.decode())
    assert found
    return found[1]


def test_a_handover_of_a_protected_citizen_names_what_goes_to_whom_and_goes_at_the_second_press(
    cast: SimpleNamespace, anna: Citizen, alice: Client
) -> None:
    matter = opened(cast, anna).enquiries.get()
    form = {"form": "hand_over", "department": "teknik", "summary": "Vil bygge en carport"}
    asked = alice.post(f"/henvendelser/aerinde/{matter.pk}/overdrag/", form)
    said = asked.content.decode()
    assert asked.status_code == 422
    assert "Borgeren har beskyttet navn og adresse. Dette går til" in said
    assert "»Vil bygge en carport«" in said
    assert not Handover.objects.exists()
    again = {**form, "confirmed": token_in(asked)}
    changed = alice.post(f"/henvendelser/aerinde/{matter.pk}/overdrag/", {**again, "department": "jobcenter"})
    assert changed.status_code == 422  # it goes to somebody else now
    assert alice.post(f"/henvendelser/aerinde/{matter.pk}/overdrag/", again).status_code == 302
    assert Handover.objects.get().department_id == "teknik"


def test_a_matter_of_one_who_is_not_protected_goes_at_once(cast: SimpleNamespace, anna: Citizen, alice: Client) -> None:
    protect_citizen(actor=SYSTEM, citizen_id=anna.pk, protection=Protection.NONE)
    matter = opened(cast, anna).enquiries.get()
    form = {"form": "hand_over", "department": "teknik", "summary": "Bor på Skjulestien 7 B"}
    assert alice.post(f"/henvendelser/aerinde/{matter.pk}/overdrag/", form).status_code == 302


def test_a_note_with_her_address_is_warned_of_and_logged_and_then_saved(
    cast: SimpleNamespace, anna: Citizen, alice: Client
) -> None:
    contact = opened(cast, anna)
    form = {"text": "Send til Skjulestien 7 B", "key": str(uuid.uuid4())}
    asked = alice.post(f"/henvendelser/{contact.pk}/note/", form)
    assert asked.status_code == 422
    assert "Her står en beskyttet borgers adresse" in asked.content.decode()
    assert LookUp.objects.filter(use="protected", reason="protected:text", citizen_id=anna.pk).count() == 1
    assert not Note.objects.exists()
    saved = alice.post(f"/henvendelser/{contact.pk}/note/", {**form, "confirmed": token_in(asked)})
    assert saved.status_code == 302
    assert Note.objects.count() == 1


def test_an_ordinary_note_about_her_is_saved_at_once(cast: SimpleNamespace, anna: Citizen, alice: Client) -> None:
    contact = opened(cast, anna)
    form = {"text": "Kommer igen i morgen", "key": str(uuid.uuid4())}
    assert alice.post(f"/henvendelser/{contact.pk}/note/", form).status_code == 302


def test_nobody_learns_by_a_note_on_a_contact_that_is_not_hers(
    cast: SimpleNamespace, anna: Citizen, client_of: Callable[[Any], Client]
) -> None:
    contact = opened(cast, anna)
    answer = client_of(cast.charlie).post(f"/henvendelser/{contact.pk}/note/", {"text": "Skjulestien 7 B"})
    assert answer.status_code in {403, 404}


def test_at_the_desk_she_is_asked_twice_and_registered_at_the_second_press(anna: Citizen, alice: Client) -> None:
    form = {"key": str(uuid.uuid4()), "channel": "in_person", "centre": "aabybro", "asker": str(anna.pk)}
    form |= {"service-0": "byggesag", "outcome-0": "passed_on", "department-0": "teknik", "step": "save"}
    form |= {"summary-0": "Vil bygge en carport", "note": "Anna Mønster Prøve var her"}
    asked = alice.post("/skranke/", form)
    said = asked.content.decode()
    assert asked.status_code == 422
    assert "Dette går til" in said
    assert "Her står en beskyttet borgers navn" in said
    assert not Contact.objects.exists()
    assert alice.post("/skranke/", {**form, "confirmed": token_in(asked)}).status_code == 303
    assert Contact.objects.get().enquiries.get().handovers.get().department_id == "teknik"
