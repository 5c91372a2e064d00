"""A note is written once however often it is clicked, and read by those whose matter it is about."""

from __future__ import annotations

import re
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hovedindgang.contacts.actions import NewHandover, accept_handover, add_note, answer_handover, decline_handover
from hovedindgang.contacts.actions import hand_over as hand_enquiry_over
from hovedindgang.contacts.models import Note
from hovedindgang.contacts.queries import contact_seen
from hovedindgang.contacts.rules import KeyReused
from hovedindgang.contacts.tests.desk import handed_over, register
from hovedindgang.kernel.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_two_clicks_make_one_note_and_one_event(cast: SimpleNamespace, client_of: Any) -> None:
    contact = register(cast.alice).contact_id
    browser: Client = client_of(cast.alice)
    page = browser.get(reverse("contact", args=[contact])).content.decode()
    key = re.findall(r'name="key" value="([^"]+)"', page)[-1]
    for _ in range(2):
        answer = browser.post(reverse("add_note", args=[contact]), {"key": key, "text": "Hun ringer selv"})
        assert answer.status_code == 302
    assert [note.text for note in Note.objects.all()] == ["Hun ringer selv"]
    assert Event.objects.filter(verb="note.added").count() == 1


def test_other_words_under_the_same_key_are_refused_and_given_back(cast: SimpleNamespace, client_of: Any) -> None:
    contact, key = register(cast.alice).contact_id, uuid.uuid4()
    browser: Client = client_of(cast.alice)
    browser.post(reverse("add_note", args=[contact]), {"key": str(key), "text": "Hun ringer selv"})
    answer = browser.post(reverse("add_note", args=[contact]), {"key": str(key), "text": "Hun skriver i stedet"})
    assert answer.status_code == 422
    assert "Hun skriver i stedet" in answer.content.decode()
    assert Note.objects.count() == 1
    with pytest.raises(KeyReused):
        add_note(employee=cast.bob, contact_id=contact, text="Hun ringer selv", key=key)


def read_by(employee: Any, contact: int) -> list[str]:
    return [note.text for note in contact_seen(employee, contact).notes]


def test_a_department_that_declined_does_not_read_what_was_written_after(cast: SimpleNamespace, clock: Any) -> None:
    handover = handed_over(cast.alice, note="Vil bygge")
    contact = handover.enquiry.contact_id
    clock.go(hours=1)
    decline_handover(employee=cast.hanne, handover_id=handover.pk, reason="Ikke vores")
    clock.go(hours=1)
    asked = NewHandover(department="jobcenter", summary="Vil bygge")
    hand_enquiry_over(employee=cast.alice, enquiry_id=handover.enquiry_id, handover=asked)
    add_note(employee=cast.alice, contact_id=contact, text="Har mistet sit job")
    assert "Har mistet sit job" not in read_by(cast.hanne, contact)
    assert "Har mistet sit job" in read_by(cast.charlie, contact)


def test_a_department_that_is_at_work_on_it_reads_everything(cast: SimpleNamespace, clock: Any) -> None:
    handover = handed_over(cast.alice, note="Vil bygge")
    contact = handover.enquiry.contact_id
    accept_handover(employee=cast.hanne, handover_id=handover.pk)
    add_note(employee=cast.alice, contact_id=contact, text="Ringede igen")
    assert read_by(cast.hanne, contact) == ["Vil bygge", "Ringede igen"]
    answer_handover(employee=cast.hanne, handover_id=handover.pk, answer="Ja")
