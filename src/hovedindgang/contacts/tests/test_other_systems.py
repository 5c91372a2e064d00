"""What another system may read and pass on is asked for as closely as at a desk, and tells nobody who is protected."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hovedindgang.contacts.actions import (
    NewEnquiry,
    claim_contact,
    merge_contacts,
    move_contact,
)
from hovedindgang.contacts.models import Contact, Enquiry, Handover
from hovedindgang.contacts.rules import Outcome, Refused
from hovedindgang.contacts.tests.desk import handed_over, register, registered
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import LookUp
from hovedindgang.people.actions import protect_citizen, register_citizen
from hovedindgang.people.clients import let_client_in
from hovedindgang.people.models import Basis, Citizen, Proof, Protection
from hovedindgang.people.powers import NewRepresentation, register_representation, revoke_representation
from hovedindgang.people.protection import LEFT_OUT, told_in, without_known
from hovedindgang.people.rectifying import lift_restriction, restrict_citizen

READS, ALL = ["history:read"], ["history:read", "history:protected"]
WRITES = ["handovers:write", "contacts:write"]


@pytest.fixture
def karen(cast: SimpleNamespace) -> Citizen:
    return register_citizen(
        actor=SYSTEM, cpr="6101900001", name="Karen Prøve", address="Skjulestien 7, 2. th", phone="11223344"
    )


@pytest.fixture
def bodil(cast: SimpleNamespace) -> Citizen:
    return register_citizen(actor=SYSTEM, cpr="6101900002", name="Bodil Opdigtet", address="Åvej 9", phone="55667788")


class System:
    """Another system, with its token."""

    def __init__(self, *scopes: str) -> None:
        token = let_client_in(actor=SYSTEM, name="a system", scopes=list(scopes))[1]
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    def history(self, citizen: Citizen, **asked: Any) -> Any:
        return self.client.get(f"/api/v1/citizens/{citizen.pk}/contacts", {"reason": "sag 17", **asked})

    def items(self, citizen: Citizen, **asked: Any) -> list[dict[str, Any]]:
        answer = self.history(citizen, **asked)
        assert answer.status_code == 200, answer.content
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def post(self, address: str, sent: dict[str, Any], key: uuid.UUID | None = None) -> Any:
        headers = {"Idempotency-Key": str(key or uuid.uuid4())}
        return self.client.post(f"/api/v1/{address}", sent, content_type="application/json", headers=headers)


def protect(citizen: Citizen) -> None:
    protect_citizen(actor=SYSTEM, citizen_id=citizen.pk, protection=Protection.THREAT)


def restrict(cast: SimpleNamespace, citizen: Citizen) -> None:
    until = clock.today() + dt.timedelta(days=30)
    restrict_citizen(employee=cast.dorthe, citizen_id=citizen.pk, why="contested", until=until)


# ------------------------------------------------------------------------------------------------ names and addresses


def test_a_system_is_sent_no_name_or_address_from_a_text_whether_she_is_protected_or_not(
    cast: SimpleNamespace, karen: Citizen
) -> None:
    handed_over(cast.alice, asker=karen.pk, summary="Karen Prøve, ring 11 22 33 44", note="KAREN  PRØVE, Skjulestien 7")
    reads = System(*READS)
    before = reads.items(karen)
    protect(karen)
    assert reads.items(karen) == before  # so that nobody learns who is protected
    assert before[0]["notes"][0]["text"] == f"{LEFT_OUT}, {LEFT_OUT}"
    assert before[0]["enquiries"][0]["handovers"][0]["summary"] == f"{LEFT_OUT}, ring {LEFT_OUT}"


def test_a_system_is_sent_a_hundred_contacts_at_a_time_and_no_more(cast: SimpleNamespace, karen: Citizen) -> None:
    reads = System(*READS)
    assert [reads.history(karen, limit=limit).status_code for limit in (100, 101)] == [200, 422]


def test_a_system_with_the_scope_reads_what_was_written(cast: SimpleNamespace, karen: Citizen) -> None:
    register(cast.alice, asker=karen.pk, note="Karen Prøve, Skjulestien 7")
    protect(karen)
    assert System(*ALL).items(karen)[0]["notes"][0]["text"] == "Karen Prøve, Skjulestien 7"


def test_the_helper_who_asked_is_not_named_in_anothers_history_either(
    cast: SimpleNamespace, karen: Citizen, bodil: Citizen
) -> None:
    matter = NewEnquiry(service="pas", for_whom=(bodil.pk,), case_number="KarenPrøve 11223344")
    register(cast.alice, matter, asker=karen.pk, who_asks="helper", note="Karen Prøve kom for Bodil Opdigtet")
    seen = System(*READS).items(bodil)[0]
    assert [note["text"] for note in seen["notes"]] == [f"{LEFT_OUT} kom for {LEFT_OUT}"]
    assert seen["enquiries"][0]["case_number"] == f"KarenPrøve {LEFT_OUT}"


@pytest.mark.parametrize("address", ["Åvej 9, 2. th", "10. Februar Vej 3 B", "Vej2000vej 7", "H.C. Andersens Vej 12"])
def test_a_road_with_a_number_in_its_name_is_known_too(address: str) -> None:
    road = address.partition(",")[0]
    told = without_known(f"Hun bor på {road.upper()}, ring", [("", address, "", "")])
    assert told == f"Hun bor på {LEFT_OUT}, ring"


words = st.text(st.sampled_from("abeosåøæÅØÆ -,."), max_size=12)
name = st.lists(st.text(st.sampled_from("abeosåøæÅ"), min_size=1, max_size=6), min_size=2, max_size=3).map(" ".join)


@given(before=words, name=name, after=words, upper=st.booleans(), folded=st.booleans(), gap=st.sampled_from(" -,"))
def test_whatever_would_have_been_asked_about_at_the_desk_is_left_out(
    before: str, name: str, after: str, upper: bool, folded: bool, gap: str
) -> None:
    citizen = Citizen(pk=1, name=name, address="Ågade 12 B", phone="+45 11 22 33 44", protection=Protection.THREAT)
    written = name.replace("å", "aa").replace("ø", "oe") if folded else name
    written = gap.join(written.split()).upper() if upper else gap.join(written.split())
    text = f"{before} {written}. {after} aagade 12b, 11 22-33 44"
    known = (citizen.name, citizen.address, citizen.phone, citizen.email)
    assert len(told_in(text, citizen)) >= 2
    assert told_in(without_known(text, [known]), citizen) == []


# --------------------------------------------------------------------------------------------------- what is stored


def test_what_is_only_stored_is_read_by_no_system_without_her_consent(
    cast: SimpleNamespace, karen: Citizen, bodil: Citizen
) -> None:
    register(cast.alice, asker=karen.pk)
    register(cast.alice, NewEnquiry(service="pas", for_whom=(karen.pk,)), NewEnquiry(service="pas"), asker=bodil.pk)
    reads = System(*READS)
    restrict(cast, karen)
    seen = LookUp.objects.filter(citizen_id=karen.pk, use="api").count()
    refused = reads.history(karen)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["consent"])
    assert LookUp.objects.filter(citizen_id=karen.pk, use="api").count() == seen + 1  # it was told so of her
    assert len(reads.items(karen, consent=True)) == 2
    (mixed,) = reads.items(bodil)
    assert ([one["for_whom"] for one in mixed["enquiries"]], mixed["withheld"]) == ([[bodil.pk]], True)
    lift_restriction(employee=cast.dorthe, citizen_id=karen.pk, told=True)
    assert len(reads.items(karen)) == 2


def test_what_is_only_stored_is_neither_moved_nor_merged(cast: SimpleNamespace, karen: Citizen, bodil: Citizen) -> None:
    first, second = (register(cast.alice, asker=karen.pk).contact_id for _ in range(2))
    hers = register(cast.alice, asker=bodil.pk).contact_id
    restrict(cast, karen)
    with pytest.raises(Refused, match="må kun gemmes"):
        merge_contacts(employee=cast.alice, contact_id=first, into_id=second)
    for number, was, becomes in ((first, karen, bodil), (hers, bodil, karen)):
        with pytest.raises(Refused, match="må kun gemmes"):
            move_contact(employee=cast.alice, contact_id=number, was=was.pk, becomes=becomes.pk, why="Forkert person")
    assert not Contact.objects.filter(merged_into__isnull=False).exists()
    assert Contact.objects.get(pk=hers).asker_id == bodil.pk


# ------------------------------------------------------------------------------------------------- asked for another


def power(cast: SimpleNamespace, *, of: Citizen, for_: str = "6101900002", **said: Any) -> Any:
    new = NewRepresentation(
        **{"basis": Basis.MANDATE, "proof": Proof.SEEN, "valid_from": clock.today(), "holder_cpr": for_, **said}
    )
    return register_representation(employee=cast.alice, citizen_id=of.pk, said=new)


def test_who_asks_for_another_is_told_what_her_power_covers_and_not_that_there_is_more(
    cast: SimpleNamespace, karen: Citizen, bodil: Citizen
) -> None:
    register(cast.alice, NewEnquiry(service="koerekort"), asker=karen.pk)
    both = register(cast.alice, NewEnquiry(service="koerekort"), NewEnquiry(service="pas"), asker=karen.pk).contact_id
    given = power(cast, of=karen, services=("pas",))
    reads = System(*READS)
    (seen,) = reads.items(karen, asker=bodil.pk, representation=given.pk)
    assert (seen["contact_id"], seen["withheld"], seen["notes"]) == (both, False, [])
    assert [one["service"] for one in seen["enquiries"]] == ["pas"]
    assert {bodil.pk, karen.pk} <= set(LookUp.objects.filter(use="api").values_list("citizen_id", flat=True))
    everything = power(cast, of=karen)
    assert len(reads.items(karen, asker=bodil.pk, representation=everything.pk)) == 2
    assert len(reads.items(karen, asker=karen.pk)) == 2  # for herself


@pytest.mark.parametrize("what", ["none", "nobody", "revoked", "ended", "companion", "another's"])
def test_who_has_no_power_is_told_nothing_of_another(
    cast: SimpleNamespace, karen: Citizen, bodil: Citizen, what: str
) -> None:
    register(cast.alice, asker=karen.pk)
    said: dict[str, Any] = {"basis": Basis.COMPANION} if what == "companion" else {}
    if what == "ended":
        said |= {"valid_from": dt.date(2026, 1, 1), "valid_to": dt.date(2026, 2, 1)}
    given = power(cast, of=karen, **({"for_": "6101900003"} if what == "another's" else {}), **said)
    if what == "revoked":
        revoke_representation(employee=cast.alice, representation_id=given.pk)
    asked: dict[str, int] = {"asker": bodil.pk, "representation": given.pk}
    asked.pop("representation" if what == "none" else "asker" if what == "nobody" else "", None)
    answer = System(*READS).history(karen, **asked)
    assert answer.status_code == 422
    assert "items" not in answer.json()


# ------------------------------------------------------------------------------------------------------- passing on


def open_matter_of(cast: SimpleNamespace, citizen: Citizen) -> Enquiry:
    matter = NewEnquiry(service="byggesag", outcome=Outcome.OPEN, promised_on=clock.today())
    return registered(cast.alice, matter, asker=citizen.pk)


GIVEN = {"department": "teknik", "summary": "Vil bygge", "employee": "alice"}


def test_what_is_of_a_protected_citizen_is_handed_over_when_the_employee_has_been_asked(
    cast: SimpleNamespace, karen: Citizen
) -> None:
    address = f"enquiries/{open_matter_of(cast, karen).pk}/handovers"
    protect(karen)
    system, key = System(*WRITES, *ALL), uuid.uuid4()
    asked = system.post(address, GIVEN, key)
    assert (asked.status_code, list(asked.json()["errors"])) == (422, ["summary"])
    assert not Handover.objects.exists()
    other = system.post(address, {**GIVEN, "summary": "Andet", "confirmed": asked.json()["confirm"]})
    assert other.status_code == 422  # another text is asked about anew
    sent = {**GIVEN, "confirmed": asked.json()["confirm"]}
    first, again = system.post(address, sent, key), system.post(address, sent, key)
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())


def test_a_system_that_is_not_told_of_protection_passes_nothing_on_and_is_not_told_why(
    cast: SimpleNamespace, karen: Citizen
) -> None:
    matter = open_matter_of(cast, karen)
    protect(karen)
    system = System(*WRITES)
    refused = system.post(f"enquiries/{matter.pk}/handovers", GIVEN)
    assert refused.content == system.post("enquiries/987654/handovers", GIVEN).content
    assert refused.status_code == 404
    given = {key: GIVEN[key] for key in ("department", "summary")}
    passed = {"service": "byggesag", "outcome": "passed_on", "handover": given}
    sent = {"channel": "phone", "centre": "aabybro", "enquiries": [passed], "employee": "alice"}
    for asker in ({"asker": karen.pk}, {"asker_cpr": "610190-0001"}):
        answer = system.post("contacts", {**sent, **asker})
        assert answer.status_code == 422
        assert "beskytte" not in answer.content.decode()
    assert system.post("contacts", {**sent, "asker_cpr": "610190-0002"}).status_code == 201
    assert Contact.objects.count() == 2


def test_a_contact_that_passes_on_is_registered_when_the_employee_has_been_asked(
    cast: SimpleNamespace, karen: Citizen
) -> None:
    protect(karen)
    given = {"department": "teknik", "summary": "Vil bygge"}
    passed = {"service": "byggesag", "outcome": "passed_on", "handover": given}
    sent = {"channel": "phone", "centre": "aabybro", "enquiries": [passed], "employee": "alice", "asker": karen.pk}
    system, key = System(*WRITES, *ALL), uuid.uuid4()
    asked = system.post("contacts", sent, key)
    assert (asked.status_code, Contact.objects.count()) == (422, 0)
    again = {**sent, "confirmed": asked.json()["confirm"]}
    assert [system.post("contacts", again, key).status_code for _ in range(2)] == [201, 200]


def test_nothing_is_handed_over_by_a_system_while_a_colleague_works_on_it(
    cast: SimpleNamespace, karen: Citizen
) -> None:
    matter = open_matter_of(cast, karen)
    claim_contact(employee=cast.bob, contact_id=matter.contact_id)
    system, key = System(*WRITES), uuid.uuid4()
    refused = system.post(f"enquiries/{matter.pk}/handovers", GIVEN, key)
    assert (refused.status_code, "Bob arbejder på den" in refused.content.decode()) == (422, True)
    assert system.post(f"enquiries/{matter.pk}/handovers", {**GIVEN, "employee": "bob"}, key).status_code == 201


def test_what_is_only_stored_is_handed_over_by_a_system_with_consent_alone(
    cast: SimpleNamespace, karen: Citizen
) -> None:
    address = f"enquiries/{open_matter_of(cast, karen).pk}/handovers"
    restrict(cast, karen)
    assert System(*WRITES).post(address, GIVEN).status_code == 422
