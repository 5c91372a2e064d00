"""Until we know who it is, only general guidance is given: what she asked before is not shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.contacts.models import Contact
from hovedindgang.contacts.rules import Identity
from hovedindgang.desk import rules
from hovedindgang.desk.tests.forms_as_sent import INVENTED_CPR, form, send
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.models import Citizen


@pytest.fixture
def alice(cast: SimpleNamespace, client_of: Any) -> Client:
    return client_of(cast.alice)  # type: ignore[no-any-return]


@pytest.fixture
def otto(alice: Client) -> Citizen:
    """He was here before about his passport."""
    otto = register_citizen(actor=SYSTEM, cpr=INVENTED_CPR, name="Opdigtet Ottosen")
    send(alice, form(service_0="pas", asker=str(otto.pk), outcome_0="open"))
    return otto


def page(alice: Client, otto: Citizen, **said: str) -> str:
    sent = form(service_0="pas", asker=str(otto.pk), step="look", **said)
    return str(send(alice, sent).content.decode())


@pytest.mark.parametrize("how", ["", "none", "nonsense"])
def test_nothing_of_what_he_asked_is_shown_before_we_know_who_it_is(alice: Client, otto: Citizen, how: str) -> None:
    before = LookUp.objects.filter(use="history").count()
    shown = page(alice, otto, identity=how)
    assert "Opdigtet Ottosen" in shown
    for told in ("Er det samme sag?", "desk-before", "Se det hele", f"/henvendelser/{Contact.objects.get().pk}/"):
        assert told not in shown
    assert LookUp.objects.filter(use="history").count() == before


@pytest.mark.parametrize("how", ["id_seen", "mitid", "control", "earlier"])
def test_then_it_is_shown_and_the_page_says_what_may_be_said(alice: Client, otto: Citizen, how: str) -> None:
    shown = page(alice, otto, identity=how)
    assert "Er det samme sag?" in shown
    assert "desk-before" in shown
    assert str(rules.MAY_BE_SAID[Identity(how)]) in shown


def test_not_established_says_that_only_general_guidance_is_given(alice: Client, otto: Citizen) -> None:
    assert "Kun generel vejledning" in page(alice, otto, identity="none")


def test_it_is_kept_on_the_contact_and_asked_anew_of_the_next(alice: Client, otto: Citizen) -> None:
    send(alice, form(service_0="flytning", asker=str(otto.pk), identity="mitid"))
    assert Contact.objects.latest("id").identity == "mitid"
    other = Citizen.objects.create(name="Anden Andersen")
    chosen = send(alice, form(asker=str(otto.pk), identity="mitid", step=f"choose:{other.pk}")).content.decode()
    assert 'value="mitid" checked' not in chosen


def test_who_is_met_for_the_first_time_has_an_identity_too(alice: Client) -> None:
    send(alice, form(service_0="pas", cpr=INVENTED_CPR, identity="id_seen"))
    assert Contact.objects.get().identity == "id_seen"


def test_a_helper_is_not_the_one_it_is_for(alice: Client, otto: Citizen) -> None:
    send(alice, form(service_0="flytning", asker=str(otto.pk), who_asks="helper", identity="id_seen"))
    assert Contact.objects.latest("id").identity is None


@pytest.mark.parametrize(("channel", "first"), [("in_person", "id_seen"), ("phone", "control"), ("digital", "mitid")])
def test_the_channels_usual_way_is_the_first_key(channel: str, first: str) -> None:
    assert rules.identities(channel)[0].value == first
    assert {choice.value for choice in rules.identities(channel)} == set(Identity)


def test_two_of_one_name_are_told_apart_by_birthday_and_road(alice: Client) -> None:
    for day, road in (("1956-03-12", "Skovvej 4, 2. tv., Lilleby"), ("1988-07-01", "10. Juli Vej 3, Lilleby")):
        Citizen.objects.create(name="Karen Jensen", name_key=" karen jensen", born_on=day, address=road)
    shown = send(alice, form(name_search="karen jen", step="find_name")).content.decode()
    assert "Flere hedder det samme" in shown
    assert shown.count("navnefælle") == 2
    assert "12. marts 1956" in shown
    assert "Skovvej</span>" in shown or "Skovvej ·" in shown
    assert "10. Juli Vej ·" in shown
    assert "Skovvej 4" not in shown
    assert 'name="asker" value=""' in shown


def test_the_only_one_found_is_not_chosen_by_the_machine(alice: Client, otto: Citizen) -> None:
    shown = send(alice, form(name_search="ottosen", service_0="pas", step="go")).content.decode()
    assert "Flere hedder det samme" not in shown
    assert f'value="choose:{otto.pk}"' in shown
    assert 'name="asker" value=""' in shown
    assert Contact.objects.count() == 1
