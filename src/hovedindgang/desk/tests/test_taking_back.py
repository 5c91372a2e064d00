"""What was saved just now is taken back by one key, and everything typed stands on the page again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client

from hovedindgang.contacts.models import Contact, Note
from hovedindgang.contacts.rules import Mistake
from hovedindgang.desk.listeners import forget_old_drafts
from hovedindgang.desk.models import Draft, SavedForm
from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR, form, send
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Employee

ClientOf = Callable[[Employee], Client]


@pytest.fixture
def alice(cast: SimpleNamespace, client_of: ClientOf, clock: Any) -> Client:
    return client_of(cast.alice)


def saved(alice: Client, **fields: str) -> int:
    send(alice, form(service_0="pas", **fields))
    return Contact.objects.latest("id").pk


def taken_back(alice: Client, number: int, **on_the_page: str) -> str:
    """The page after the key, followed to where it leads."""
    return alice.post("/skranke/", form(step=f"take_back:{number}", **on_the_page), follow=True).content.decode()


def test_the_receipt_has_the_key_and_the_form_comes_back_with_everything_typed(alice: Client) -> None:
    number = saved(alice, note="Forkert borger", cpr=INVENTED_CPR, search_0="pas", channel="phone")
    receipt = alice.get(f"/skranke/?kvittering={number}").content.decode()
    assert f'value="take_back:{number}"' in receipt
    page = taken_back(alice, number)
    assert "taget tilbage" in page
    assert "Forkert borger" in page
    assert INVENTED_CPR in page
    assert re.search(r'name="channel" value="phone"[^>]* checked', page)
    assert Contact.every.get(pk=number).mistake == Mistake.TAKEN_BACK


def test_it_is_registered_right_as_a_new_contact(alice: Client) -> None:
    number = saved(alice, note="Forkert opgave")
    page = taken_back(alice, number)
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    send(alice, form(key=key[1], service_0="flytning", note="Rigtig opgave", drafted="1"))
    (contact,) = Contact.objects.all()
    assert contact.pk != number
    assert set(Note.objects.values_list("text", flat=True)) == {"Forkert opgave", "Rigtig opgave"}


def test_what_was_begun_for_the_next_citizen_is_parked_and_not_lost(alice: Client) -> None:
    number = saved(alice, note="Forkert borger")
    page = taken_back(alice, number, service_0="koerekort", note="Den næste")
    assert "Forkert borger" in page
    assert "Den næste" not in page
    assert 'id="parked"' in page


def test_the_key_pressed_twice_takes_back_once_and_brings_one_form(alice: Client) -> None:
    number = saved(alice, note="Forkert borger")
    taken_back(alice, number)
    assert "Taget tilbage" in taken_back(alice, number)
    assert Event.objects.filter(verb="contact.taken_back").count() == 1
    assert Draft.objects.count() == 1


def test_the_form_that_was_sent_again_has_its_old_receipt(alice: Client) -> None:
    sent = form(service_0="pas", note="Forkert borger")
    send(alice, sent)
    number = Contact.objects.get().pk
    taken_back(alice, number)
    page = alice.post("/skranke/", sent, follow=True)
    assert "Taget tilbage" in page.content.decode()
    assert page.redirect_chain[-1][0].endswith(f"kvittering={number}&igen")
    assert not Contact.objects.exists()


def test_too_late_she_is_shown_the_way_and_keeps_what_stands_on_the_page(alice: Client) -> None:
    number = saved(alice, note="Forkert borger")
    Contact.objects.update(registered_at=Now() - dt.timedelta(minutes=6))
    page = taken_back(alice, number, note="Den næste")
    assert "mere end 5 minutter" in page
    assert "Den næste" in page
    assert Contact.objects.filter(pk=number).exists()


def test_bob_takes_back_nothing_of_alices(alice: Client, cast: SimpleNamespace, client_of: ClientOf) -> None:
    number = saved(alice, note="Forkert borger")
    answer = client_of(cast.bob).post("/skranke/", form(step=f"take_back:{number}"))
    assert answer.status_code == 403
    assert b"Forkert borger" not in answer.content
    assert Contact.objects.filter(pk=number).exists()


@pytest.mark.parametrize("what", ["", "x", "-1", "9" * 30, "1 or 1"])
def test_a_step_that_names_no_contact_changes_nothing(alice: Client, what: str) -> None:
    saved(alice)
    assert alice.post("/skranke/", form(step=f"take_back:{what}")).status_code == 200
    assert Contact.objects.count() == 1


def test_the_form_is_kept_no_longer_than_it_can_come_back(alice: Client, clock: Any) -> None:
    saved(alice, note="Den første")
    clock.go(minutes=6)
    saved(alice, note="Den anden")
    assert SavedForm.objects.count() == 1
    clock.go(minutes=6)
    forget_old_drafts(Event())
    assert not SavedForm.objects.exists()


def test_her_last_ones_stand_on_a_page_without_a_name(
    alice: Client, cast: SimpleNamespace, client_of: ClientOf
) -> None:
    number = saved(alice, cpr=INVENTED_CPR, citizen_name="Anna Prøve")
    page = alice.get("/skranke/seneste/").content.decode()
    assert f"/{number}/ret/" in page
    assert "Anna" not in page
    assert f"/{number}/ret/" not in client_of(cast.bob).get("/skranke/seneste/").content.decode()
