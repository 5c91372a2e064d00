"""Over all places where a citizen shows: nobody meets herself, her family or her colleagues there."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from hovedindgang.contacts import queries
from hovedindgang.contacts.actions import (
    NewContact,
    NewEnquiry,
    NewHandover,
    add_for_whom,
    merge_contacts,
    open_matter,
    register_contact,
    state_reason,
)
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, Handover, Note, OpenedMatter, StatedReason
from hovedindgang.contacts.rules import Outcome, Refused
from hovedindgang.contacts.searching import search_notes
from hovedindgang.kernel import clock
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.people import closing
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.clients import let_client_in
from hovedindgang.people.closed import ClosedToHer
from hovedindgang.people.models import Employee
from hovedindgang.people.rules import NoAccess

CPRS = {"own": "6101900001", "family": "6101500003", "colleague": "6101900002"}  # of nobody: day 61
WHYS = list(CPRS)


@pytest.fixture(params=WHYS)
def hers(request: pytest.FixtureRequest, cast: SimpleNamespace) -> SimpleNamespace:
    """A citizen closed to Alice and to Charlie, with a contact of each kind that Carl, who is not, registered."""
    why = request.param
    carl = Employee.objects.create_user("carl", None, name="Carl", is_employee=True, centre_id="pandrup")
    citizen = register_citizen(actor=SYSTEM, cpr=CPRS[why], name="Hemmelig Opdigtet")
    other = register_citizen(actor=SYSTEM, cpr="6101900009", name="Anden Opdigtet")
    handed = NewHandover(department="jobcenter", summary="Hemmelig sag", agreed="Vi ringer")
    matters = (
        NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=clock.today()),
        NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=handed),
    )
    asks = new(carl, *matters, asker=citizen.pk, note="hemmelig snak")
    for_her = new(carl, NewEnquiry(service="pas", for_whom=(citizen.pk,)), asker=other.pk, note="hemmelig for hende")
    Enquiry.objects.filter(outcome=Outcome.OPEN).update(owner=cast.alice)
    if why == "colleague":
        ove = Employee.objects.create_user("ove", None, name="Ove", centre_id="aabybro", department_id="jobcenter")
        closing.say_own_cpr(actor=SYSTEM, employee_id=ove.pk, cpr=CPRS[why])
    else:
        say = closing.say_own_cpr if why == "own" else closing.say_family
        say(actor=SYSTEM, employee_id=cast.alice.pk, cpr=CPRS[why])
        closing.say_family(actor=SYSTEM, employee_id=cast.charlie.pk, cpr=CPRS[why])
    return SimpleNamespace(why=why, citizen=citizen, other=other, asks=asks, for_her=for_her, carl=carl)


def new(employee: Employee, *matters: NewEnquiry, **said: Any) -> int:
    contact = NewContact(centre=employee.centre_id, enquiries=matters, **said)
    actor = employee_actor(employee.pk)
    return register_contact(employee=employee, actor=actor, contact=contact, key=uuid.uuid4()).contact_id


PLACES = {
    "history": lambda h: f"/henvendelser/borger/{h.citizen.pk}/",
    "older history": lambda h: f"/henvendelser/borger/{h.citizen.pk}/?before=2026-01-01T00:00:00%2B00:00,1",
    "her contact": lambda h: f"/henvendelser/{h.asks}/",
    "a contact for her": lambda h: f"/henvendelser/{h.for_her}/",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_page_of_hers_says_why_it_is_closed_and_how_it_is_opened(
    cast: Any, hers: Any, client_of: Any, place: str
) -> None:
    answer = client_of(cast.alice).get(PLACES[place](hers))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "lukket for dig" in page
    assert ("Åbn i en time" if hers.why == "colleague" else "Bed en leder om at åbne") in page
    assert "emmelig" not in page
    assert client_of(hers.carl).get(PLACES[place](hers)).status_code == 200


def test_she_is_refused_before_she_is_asked_what_a_look_up_is_for(cast: Any, hers: Any, client_of: Any) -> None:
    Enquiry.objects.update(owner=None, outcome=Outcome.RESOLVED, outcome_at=clock.now(), worked_by="borgerservice")
    answer = client_of(cast.alice).get(f"/henvendelser/borger/{hers.citizen.pk}/")
    assert (answer.status_code, "lukket for dig" in answer.content.decode()) == (403, True)


def test_no_list_nor_search_nor_the_desk_shows_her(cast: Any, hers: Any, client_of: Any) -> None:
    alice, charlie = client_of(cast.alice), client_of(cast.charlie)
    typed = {"asker": str(hers.citizen.pk), "service-0": "pas", "enquiries": "1", "step": "look"}
    pages = {
        "open": alice.get("/henvendelser/mine/"),
        "search": alice.post("/henvendelser/soeg/", {"typed": "hemmelig"}),
        "desk by number": alice.post("/skranke/", typed),
        "desk by CPR": alice.post("/skranke/", {"cpr": CPRS[hers.why], "step": "find_citizen"}),
        "desk by name": alice.post("/skranke/", {"name_search": "hemmelig opdigtet", "step": "find_name"}),
        "receipt": alice.get(f"/skranke/?kvittering={hers.asks}"),
        "other's history": alice.get(f"/henvendelser/borger/{hers.other.pk}/"),
        "inbox": charlie.get("/henvendelser/indbakke/"),
        "handed": charlie.get(f"/henvendelser/{hers.asks}/"),
    }
    secrets = ("Hemmelig Opdigtet", "Hemmelig sag", "hemmelig snak", "hemmelig for hende")
    found = {place: said for place, answer in pages.items() for said in secrets if said in answer.content.decode()}
    assert found == {}
    assert {answer.status_code for answer in pages.values()} <= {200, 403, 422}
    assert "Du kan ikke registrere for dig selv" in pages["desk by CPR"].content.decode()


def test_a_note_of_a_contact_in_which_she_asked_for_somebody_else_is_not_found(cast: Any, hers: Any) -> None:
    asked = new(hers.carl, NewEnquiry(service="pas", for_whom=(hers.other.pk,)), asker=hers.citizen.pk, note="for ham")
    assert search_notes(Employee.objects.get(pk=cast.alice.pk), "for ham") == []
    assert [note.contact_id for note in search_notes(hers.carl, "for ham")] == [asked]


@pytest.mark.parametrize("of_hers", ["asks", "for_her"])
def test_a_note_of_a_contact_that_hers_was_merged_into_is_not_found(cast: Any, hers: Any, of_hers: str) -> None:
    nobodys = new(hers.carl, NewEnquiry(service="pas"), note="hemmelig for en anden")
    alice = Employee.objects.get(pk=cast.alice.pk)
    assert [note.contact_id for note in search_notes(alice, "hemmelig")] == [nobodys]
    merge_contacts(employee=hers.carl, contact_id=getattr(hers, of_hers), into_id=nobodys)
    assert search_notes(alice, "hemmelig") == []
    assert nobodys in {note.contact_id for note in search_notes(hers.carl, "hemmelig")}


def test_every_read_of_the_room_leaves_her_out(cast: Any, hers: Any) -> None:
    alice = Employee.objects.get(pk=cast.alice.pk)
    owed = queries.owed(alice)
    assert (owed.mine, owed.overdue, owed.waiting) == ([], [], [])
    assert queries.department_inbox(cast.charlie) == []
    assert search_notes(alice, "hemmelig") == []
    assert queries.history(alice, hers.other.pk) == []
    assert queries.possible_follows(alice, hers.citizen.pk, "pas", clock.today()) == []
    for contact in (hers.asks, hers.for_her):
        with pytest.raises(ClosedToHer):
            queries.contact_seen(alice, contact)
        with pytest.raises(ClosedToHer):
            queries.receipt(alice, contact)
    with pytest.raises(ClosedToHer):
        queries.history(alice, hers.citizen.pk)


@pytest.mark.parametrize("where", ["asker", "for_whom"])
def test_alice_registers_nothing_for_her(cast: Any, hers: Any, where: str) -> None:
    before = Contact.objects.count()
    enquiry = (
        NewEnquiry(service="pas", for_whom=(hers.citizen.pk,)) if where == "for_whom" else NewEnquiry(service="pas")
    )
    with pytest.raises(Refused, match="ikke registrere for dig selv"):
        new(cast.alice, enquiry, asker=hers.citizen.pk if where == "asker" else None)
    assert Contact.objects.count() == before
    for deed in (
        lambda: add_for_whom(employee=cast.alice, enquiry_id=own_enquiry(cast.alice), citizen_id=hers.citizen.pk),
        lambda: new(cast.alice, handed_over(), asker=hers.citizen.pk),
    ):
        with pytest.raises(Refused, match="ikke registrere for dig selv"):
            deed()


def own_enquiry(employee: Employee) -> int:
    number = new(employee, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=clock.today()))
    return Enquiry.objects.get(contact=number).pk


def handed_over() -> NewEnquiry:
    handed = NewHandover(department="jobcenter", summary="x", agreed="Vi ringer")
    return NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=handed)


def test_another_system_registers_nothing_for_her_in_alices_name(cast: Any, hers: Any) -> None:
    _client, token = let_client_in(actor=SYSTEM, name="Telefoni", scopes=["contacts:write", "handovers:write"])
    sent = {
        "channel": "phone",
        "centre": "aabybro",
        "employee": "alice",
        "asker": hers.citizen.pk,
        "enquiries": [{"service": "pas"}],
    }
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
    answer = Client().post("/api/v1/contacts", sent, content_type="application/json", headers=headers)
    assert (answer.status_code, "ikke registrere for dig selv" in answer.content.decode()) == (422, True)
    answer = Client().post(
        "/api/v1/contacts", {**sent, "employee": "carl"}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 201
    opened = Enquiry.objects.get(outcome=Outcome.OPEN)
    asked = {"employee": "alice", "department": "jobcenter", "summary": "x"}
    answer = Client().post(
        f"/api/v1/enquiries/{opened.pk}/handovers", asked, content_type="application/json", headers=headers
    )
    assert answer.status_code in {403, 404}


def test_the_database_refuses_it_whoever_asks(cast: Any, hers: Any) -> None:
    if connection.vendor == "sqlite" and hers.why == "colleague":
        return  # there the deed alone knows of openings
    row = Contact.objects.get(pk=hers.asks)
    row.pk, row.employee = None, cast.alice
    with pytest.raises(IntegrityError, match="closed to this employee"), transaction.atomic():
        row.save(force_insert=True)
    if connection.vendor == "postgresql":
        enquiry = Enquiry.objects.get(pk=own_enquiry(cast.alice))
        shown = {"shown_in": enquiry.contact_id, "shown_at": enquiry.contact.started_at}
        with pytest.raises(IntegrityError, match="closed to this employee"), transaction.atomic():
            EnquiryPerson.objects.create(enquiry=enquiry, citizen=hers.citizen, **shown)


def test_no_deed_reaches_what_is_closed(cast: Any, hers: Any, client_of: Any) -> None:
    alice = client_of(cast.alice)
    enquiry, handover, note = Enquiry.objects.get(outcome=Outcome.OPEN), Handover.objects.get(), Note.objects.first()
    assert note is not None
    before = list(Enquiry.objects.order_by("id").values())
    for address in (
        f"/henvendelser/{hers.asks}/note/",
        f"/henvendelser/note/{note.pk}/ret/",
        f"/henvendelser/aerinde/{enquiry.pk}/afslut/",
        f"/henvendelser/aerinde/{enquiry.pk}/overdrag/",
        f"/henvendelser/aerinde/{enquiry.pk}/overtag/",
        f"/henvendelser/overdragelse/{handover.pk}/told/",
    ):
        answer = alice.post(address, {"text": "hej", "outcome": "resolved"})
        assert answer.status_code == 403, address
        assert "emmelig" not in answer.content.decode()
    assert list(Enquiry.objects.order_by("id").values()) == before
    with pytest.raises(NoAccess):
        queries.history(cast.charlie, hers.citizen.pk)


def test_opened_for_an_hour_a_colleague_is_served_and_oneself_never(cast: Any, hers: Any, client_of: Any) -> None:
    opening = closing.ask_opening(employee=cast.alice, citizen_id=hers.citizen.pk, reason="only_me")
    if hers.why != "colleague":
        closing.open_for_her(leader=cast.dorthe, opening_id=opening.pk)
    alice = Employee.objects.get(pk=cast.alice.pk)
    assert client_of(alice).get(f"/henvendelser/borger/{hers.citizen.pk}/").status_code == 200
    if hers.why == "colleague":
        assert new(alice, NewEnquiry(service="pas"), asker=hers.citizen.pk)
    else:
        with pytest.raises(Refused):
            new(alice, NewEnquiry(service="pas"), asker=hers.citizen.pk)


def test_no_words_of_hers_open_what_is_closed(hers: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(ClosedToHer):
        state_reason(employee=cast.alice, citizen_id=hers.citizen.pk, code="to_answer", text="Hun har skrevet")
    matter = Enquiry.objects.filter(contact=hers.asks)[0]
    with pytest.raises(ClosedToHer):
        open_matter(employee=cast.alice, enquiry_id=matter.pk, code="to_answer", text="Hun har skrevet")
    assert not StatedReason.objects.exists()
    assert not OpenedMatter.objects.exists()


def test_a_colleague_adds_nobody_to_a_contact_who_could_not_have_been_registered_there(cast: SimpleNamespace) -> None:
    """PostgreSQL's trigger refused it with an error of ours, SQLite wrote it."""
    sister = register_citizen(actor=SYSTEM, cpr="6101900003", name="Søster Opdigtet")
    closing.say_family(actor=SYSTEM, employee_id=cast.alice.pk, cpr="6101900003")
    matter = Enquiry.objects.get(contact=new(cast.alice, NewEnquiry(service="pas")))
    with pytest.raises(Refused, match="Registrér en ny henvendelse"):
        add_for_whom(employee=cast.bob, enquiry_id=matter.pk, citizen_id=sister.pk)
    assert not EnquiryPerson.objects.exists()
