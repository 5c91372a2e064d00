"""Whoever asks for another does it by a power that holds, in every channel, and both are named."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hovedindgang.contacts.actions import NewEnquiry, NewHandover
from hovedindgang.contacts.models import Contact
from hovedindgang.contacts.rules import Outcome, Refused, WhoAsks
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import record_death, register_citizen
from hovedindgang.people.models import Basis, Citizen, Proof, Representation
from hovedindgang.people.powers import NewRepresentation, register_representation, revoke_representation

ANNA, BENT = "6101500001", "6101500002"
DAY = dt.date(2026, 3, 11)


@pytest.fixture
def anna(cast: SimpleNamespace, clock: object) -> Citizen:
    return register_citizen(actor=SYSTEM, cpr=ANNA, name="Anna Prøve")


def power(cast: SimpleNamespace, anna: Citizen, basis: Basis = Basis.MANDATE, **said: Any) -> Representation:
    new = NewRepresentation(basis=basis, proof=Proof.SEEN, holder_cpr=BENT, holder_name="Bent Prøve", **said)
    return register_representation(employee=cast.alice, citizen_id=anna.pk, said=new)


def asks(cast: SimpleNamespace, one: Representation, *services: str, **other: Any) -> int:
    """Bent comes to Alice's counter and asks for Anna."""
    said = {
        "who_asks": WhoAsks.HELPER,
        "asker": one.holder_id,
        "representation": one.pk,
        **other,
    }
    matters = [NewEnquiry(service=key, for_whom=(one.citizen_id,)) for key in services or ("pas",)]
    return register(cast.alice, *matters, **said).contact_id


def test_bent_asks_for_anna_by_her_mandate_and_the_event_names_both(cast: SimpleNamespace, anna: Citizen) -> None:
    one = power(cast, anna)
    contact = Contact.objects.get(pk=asks(cast, one, "pas", "byggesag"))
    assert (contact.representation, contact.asker_id) == (one, one.holder_id)
    event = Event.objects.get(verb="contact.registered")
    assert (event.actor_id, event.on_behalf_of) == (cast.alice.pk, anna.pk)
    assert (event.facts["representation"], event.facts["helper"]) == (one.pk, one.holder_id)
    assert set(LookUp.objects.filter(use="registration").values_list("citizen_id", flat=True)) == {
        anna.pk,
        one.holder_id,
    }


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("revoked", "tilbagekaldt"),
        ("ended", "udløbet"),
        ("not_yet", "gælder ikke endnu"),
        ("companion", "bisidder"),
        ("other_service", "gælder ikke denne opgave"),
        ("dead", "boet"),
        ("other_person", "en anden borger"),
        ("unknown", "en anden borger"),
    ],
)
@pytest.mark.parametrize("form", ["usual", "with a handover"])
def test_without_a_power_that_holds_nothing_is_registered_and_the_page_says_why(
    cast: SimpleNamespace, anna: Citizen, case: str, says: str, form: str
) -> None:
    limits: dict[str, Any] = {
        "not_yet": {"valid_from": dt.date(2026, 3, 12)},
        "ended": {"valid_from": dt.date(2026, 1, 1), "valid_to": DAY},
        "other_service": {"services": ("koerekort",)},
    }.get(case, {})
    one = power(cast, anna, Basis.COMPANION if case == "companion" else Basis.MANDATE, **limits)
    other: dict[str, Any] = {}
    if case == "revoked":
        revoke_representation(employee=cast.alice, representation_id=one.pk)
    if case == "dead":
        record_death(actor=SYSTEM, citizen_id=anna.pk, dead_on=DAY)
    if case == "other_person":
        other["asker"] = register_citizen(actor=SYSTEM, name="En Anden").pk
    if case == "unknown":
        other["representation"] = 4711
    matter = NewEnquiry(service="pas", for_whom=(anna.pk,))
    if form != "usual":
        handed = NewHandover(department="teknik", summary="Vil bygge")
        matter = NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=handed, for_whom=(anna.pk,))
    said = {"who_asks": WhoAsks.HELPER, "asker": one.holder_id, "representation": one.pk, **other}
    with pytest.raises(Refused) as refused:
        register(cast.alice, matter, **said)
    assert says in refused.value.errors["representation"]
    assert not Contact.objects.exists()


@pytest.mark.parametrize("other", [{"who_asks": WhoAsks.CITIZEN}, {"who_asks": WhoAsks.COMPANY}, {"asker": None}])
def test_a_representation_is_used_by_a_helper_who_is_named(
    cast: SimpleNamespace, anna: Citizen, other: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        asks(cast, power(cast, anna), **other)
    assert list(refused.value.errors) == ["representation"]


def test_one_representation_covers_one_citizen(cast: SimpleNamespace, anna: Citizen) -> None:
    one, another = power(cast, anna), register_citizen(actor=SYSTEM, name="En Anden")
    matters = [NewEnquiry(service="pas", for_whom=(pk,)) for pk in (anna.pk, another.pk)]
    with pytest.raises(Refused, match="én borger"):
        register(cast.alice, *matters, who_asks=WhoAsks.HELPER, asker=one.holder_id, representation=one.pk)


def test_a_helper_without_a_power_is_registered_too_and_the_contact_says_so(
    cast: SimpleNamespace, anna: Citizen, client_of: Callable[[Any], Client]
) -> None:
    matter = NewEnquiry(service="pas", for_whom=(anna.pk,))
    number = register(cast.alice, matter, who_asks=WhoAsks.HELPER).contact_id
    said = client_of(cast.alice).get(f"/henvendelser/{number}/").content.decode()
    assert "uden fuldmagt: kun oplysning i almindelighed" in said
    by_power = asks(cast, power(cast, anna))
    said = client_of(cast.alice).get(f"/henvendelser/{by_power}/").content.decode()
    assert "(Fuldmagt)" in said
    assert "uden fuldmagt" not in said


def test_the_database_keeps_representations_to_helpers(cast: SimpleNamespace, anna: Citizen) -> None:
    number = asks(cast, power(cast, anna))
    with pytest.raises(IntegrityError, match="contact_by_power_of_a_helper"), transaction.atomic():
        Contact.objects.filter(pk=number).update(who_asks="citizen")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_on_postgres_the_power_is_asked_for_in_the_statement_that_registers(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    one = power(cast, anna)
    asks(cast, one)  # the policy of the day is known to the process now
    with CaptureQueriesContext(connection) as asked:
        asks(cast, one)
    assert len([query for query in asked if "contacts_register" in query["sql"]]) == len(asked) == 1


def test_her_history_says_who_acts_for_her(
    cast: SimpleNamespace, anna: Citizen, client_of: Callable[[Any], Client]
) -> None:
    asks(cast, power(cast, anna))
    said = client_of(cast.alice).get(f"/henvendelser/borger/{anna.pk}/").content.decode()
    assert "Handler for borgeren: Fuldmagt, Bent Prøve" in " ".join(said.split())


# -------------------------------------------------------------------------------------------------- the other doors


def test_at_the_desk_bent_is_chosen_with_one_key_and_registered(
    cast: SimpleNamespace, anna: Citizen, client_of: Callable[[Any], Client]
) -> None:
    one, alice = power(cast, anna), client_of(cast.alice)
    form = {"key": str(uuid.uuid4()), "channel": "in_person", "centre": "aabybro", "service-0": "pas"}
    form |= {"outcome-0": "resolved", "asker": str(anna.pk)}
    shown = alice.post("/skranke/", {**form, "step": "look"}).content.decode()
    assert "Bent Prøve: Fuldmagt" in shown
    assert alice.post("/skranke/", {**form, "acting": str(one.pk), "step": "save"}).status_code == 303
    contact = Contact.objects.get()
    assert (contact.who_asks, contact.asker_id, contact.representation) == ("helper", one.holder_id, one)
    assert [person.citizen_id for person in contact.enquiries.get().for_whom.all()] == [anna.pk]


def test_at_the_desk_somebody_without_a_power_asks_and_a_revoked_one_is_told(
    cast: SimpleNamespace, anna: Citizen, client_of: Callable[[Any], Client]
) -> None:
    one, alice = power(cast, anna), client_of(cast.alice)
    form = {"key": str(uuid.uuid4()), "channel": "in_person", "centre": "aabybro", "service-0": "pas"}
    form |= {"outcome-0": "resolved", "asker": str(anna.pk), "step": "save"}
    revoke_representation(employee=cast.bob, representation_id=one.pk)
    refused = alice.post("/skranke/", {**form, "acting": str(one.pk)})
    assert refused.status_code == 422
    assert "Repræsentationen er tilbagekaldt" in refused.content.decode()
    assert alice.post("/skranke/", {**form, "acting": "none"}).status_code == 303
    contact = Contact.objects.get()
    assert (contact.who_asks, contact.asker_id, contact.representation_id) == ("helper", None, None)
