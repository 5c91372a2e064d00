"""What is closed to whom: her own record, her family's, her colleagues'; and the hour for which it is opened."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people import closing
from hovedindgang.people.actions import EmployeeFacts, KnownCitizen, change_employee, import_citizens, register_citizen
from hovedindgang.people.closed import ClosedToHer, closed_numbers, closed_to, openings_of_closed
from hovedindgang.people.models import (
    Basis,
    Closed,
    ClosedWhy,
    Employee,
    Kin,
    Opening,
    Proof,
    Representation,
    Role,
)
from hovedindgang.people.powers import NewRepresentation, register_representation
from hovedindgang.people.queries import access_citizen, citizens_seen, find_by_cpr, search_by_name
from hovedindgang.people.rules import NoAccess, PeopleRefused

ALICES, BOBS, MOTHERS = "6101900001", "6101900002", "6101500003"  # of nobody: day 61


@pytest.fixture
def known(cast: SimpleNamespace) -> SimpleNamespace:
    """Alice and Bob work in one place, and their own records and that of Alice's mother are known."""
    Employee.objects.filter(pk=cast.bob.pk).update(centre="aabybro")
    rows = SimpleNamespace(
        alice=register_citizen(actor=SYSTEM, cpr=ALICES, name="Alice Opdigtet"),
        mother=register_citizen(actor=SYSTEM, cpr=MOTHERS, name="Mor Opdigtet"),
        other=register_citizen(actor=SYSTEM, cpr="6101900009", name="Anden Opdigtet"),
    )
    closing.say_own_cpr(actor=SYSTEM, employee_id=cast.alice.pk, cpr=ALICES)
    closing.say_own_cpr(actor=SYSTEM, employee_id=cast.bob.pk, cpr=BOBS)
    closing.say_family(actor=employee_actor(cast.alice.pk), employee_id=cast.alice.pk, cpr=MOTHERS)
    rows.bob = register_citizen(actor=SYSTEM, cpr=BOBS, name="Bob Opdigtet")  # met only after he was linked
    return rows


def closed_for(employee: Employee) -> dict[int, str]:
    return dict(Closed.objects.filter(employee=employee).values_list("citizen_id", "why"))


def test_alices_own_her_mothers_and_bobs_records_are_closed_to_her(cast: Any, known: Any) -> None:
    assert closed_for(cast.alice) == {known.alice.pk: "own", known.mother.pk: "family", known.bob.pk: "colleague"}
    assert closed_for(cast.bob) == {known.bob.pk: "own", known.alice.pk: "colleague"}
    assert closed_for(cast.erik) == {}


@pytest.mark.parametrize("who", ["alice", "mother", "bob"])
def test_no_way_to_a_citizen_leads_to_one_who_is_closed(cast: Any, known: Any, who: str) -> None:
    citizen, actor = getattr(known, who), employee_actor(cast.alice.pk)
    said = {"use": "desk", "reason": "test"}
    with pytest.raises(ClosedToHer):
        access_citizen(cast.alice, citizen.pk, **said)
    assert citizens_seen(actor=actor, citizen_ids=[citizen.pk, known.other.pk], **said).keys() == {known.other.pk}
    with pytest.raises(ClosedToHer):
        find_by_cpr(actor=actor, cpr={"alice": ALICES, "mother": MOTHERS, "bob": BOBS}[who], **said)
    found = search_by_name(actor=actor, typed="opdigtet", reason="test").people
    assert [one.pk for one in found] == [known.other.pk]
    assert Event.objects.filter(verb="closed.refused", subject_id=str(citizen.pk)).count() == 2
    assert access_citizen(cast.dorthe, known.mother.pk, **said) == known.mother


def test_the_table_holds_no_number_that_can_be_read(cast: Any, known: Any) -> None:
    kept = str(list(Kin.objects.values())) + str(list(Event.objects.values()))
    assert not any(cpr in kept for cpr in (ALICES, BOBS, MOTHERS))


def test_who_moves_to_another_place_has_other_colleagues(cast: Any, known: Any) -> None:
    facts = {"username": "bob", "name": "Bob", "roles": frozenset({Role.EMPLOYEE})}
    change_employee(
        actor=SYSTEM, employee_id=cast.bob.pk, facts=EmployeeFacts(**facts, centre="pandrup"), is_active=True
    )
    assert known.bob.pk not in closed_for(cast.alice)
    change_employee(
        actor=SYSTEM, employee_id=cast.bob.pk, facts=EmployeeFacts(**facts, centre="aabybro"), is_active=True
    )
    assert known.bob.pk in closed_for(cast.alice)


def test_an_import_closes_whom_it_brings(cast: Any) -> None:
    closing.say_own_cpr(actor=SYSTEM, employee_id=cast.alice.pk, cpr=ALICES)
    number = import_citizens(actor=SYSTEM, rows=[KnownCitizen(cpr=ALICES)])[ALICES]
    assert closed_for(cast.alice) == {number: "own"}


def test_one_cpr_is_one_employees_own_and_a_mistake_is_taken_away(cast: Any, known: Any) -> None:
    with pytest.raises(PeopleRefused, match="en anden medarbejders"):
        closing.say_own_cpr(actor=SYSTEM, employee_id=cast.dorthe.pk, cpr=ALICES)
    with pytest.raises(PeopleRefused, match="ti cifre"):
        closing.say_family(actor=SYSTEM, employee_id=cast.alice.pk, cpr="mor")
    with pytest.raises(PeopleRefused, match="allerede lukket"):
        closing.say_family(actor=SYSTEM, employee_id=cast.alice.pk, cpr=MOTHERS)
    closing.unsay_family(actor=SYSTEM, employee_id=cast.alice.pk, cpr=MOTHERS)
    closing.say_own_cpr(actor=SYSTEM, employee_id=cast.alice.pk, cpr="")
    assert closed_for(cast.alice) == {known.bob.pk: "colleague"}
    assert closed_for(cast.bob) == {known.bob.pk: "own"}


def test_bobs_record_opens_for_an_hour_and_dorthe_is_told(cast: Any, known: Any, clock: Any) -> None:
    began = dt.datetime.now(dt.UTC)
    closing.ask_opening(employee=cast.alice, citizen_id=known.bob.pk, reason="only_me")
    said = {"use": "desk", "reason": "test"}
    assert access_citizen(cast.alice, known.bob.pk, **said) == known.bob
    clock.go(minutes=59, seconds=59)
    assert known.bob.pk not in set(closed_to(cast.alice.pk).values_list("citizen_id", flat=True))
    clock.go(seconds=1)
    with pytest.raises(ClosedToHer):
        access_citizen(cast.alice, known.bob.pk, **said)
    far = dt.timedelta(days=9999)
    opening = openings_of_closed(since=began - far, until=began + far).get()
    assert (opening.employee, opening.reason, opening.seen_at) == (cast.alice, "only_me", None)
    with pytest.raises(NoAccess):
        closing.note_opening_seen(leader=cast.bob, opening_id=opening.pk)
    closing.note_opening_seen(leader=cast.dorthe, opening_id=opening.pk)
    assert Opening.objects.get().seen_by == cast.dorthe


@pytest.mark.parametrize("who", ["alice", "mother"])
def test_her_own_and_her_familys_records_only_a_leader_opens(cast: Any, known: Any, clock: Any, who: str) -> None:
    citizen = getattr(known, who)
    opening = closing.ask_opening(employee=cast.alice, citizen_id=citizen.pk, reason="urgent")
    assert citizen.pk in closed_numbers(Employee.objects.get(pk=cast.alice.pk))
    with pytest.raises(NoAccess):
        closing.open_for_her(leader=cast.bob, opening_id=opening.pk)
    closing.open_for_her(leader=cast.dorthe, opening_id=opening.pk)
    assert citizen.pk not in closed_numbers(Employee.objects.get(pk=cast.alice.pk))
    with pytest.raises(IntegrityError, match="not changed"), transaction.atomic():
        Opening.objects.update(opened_at=dt.datetime.now(dt.UTC))
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        Opening.objects.filter(pk=opening.pk)._raw_delete("default")


def test_a_leader_opens_nothing_of_her_own_and_the_database_says_so_too(cast: Any, known: Any, clock: Any) -> None:
    closing.say_family(actor=SYSTEM, employee_id=cast.dorthe.pk, cpr=MOTHERS)
    opening = closing.ask_opening(employee=cast.dorthe, citizen_id=known.mother.pk, reason="asked")
    with pytest.raises(PeopleRefused, match="en anden leder"):
        closing.open_for_her(leader=cast.dorthe, opening_id=opening.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(opened_at=opening.asked_at, opened_by=cast.dorthe)


def test_who_has_nothing_closed_cannot_ask_and_words_are_fixed(cast: Any, known: Any) -> None:
    with pytest.raises(NoAccess):
        closing.ask_opening(employee=cast.alice, citizen_id=known.other.pk, reason="only_me")
    with pytest.raises(PeopleRefused, match="Vælg, hvorfor"):
        closing.ask_opening(employee=cast.alice, citizen_id=known.bob.pk, reason="jeg er nysgerrig")


def test_alice_opens_on_the_page_with_a_proof_and_dorthe_marks_it_seen(cast: Any, known: Any, client_of: Any) -> None:
    address, form = f"/lukket/borger/{known.bob.pk}/", {"reason": "only_me", "next": "/mig/"}
    assert client_of(cast.alice).post(address, form).status_code == 401
    assert not Opening.objects.exists()
    alice = client_of(cast.alice, proven=True)
    wrong = alice.post(address, {"next": "/mig/"})
    assert (wrong.status_code, "Vælg, hvorfor den skal åbnes" in wrong.content.decode()) == (403, True)
    assert alice.post(address, form)["Location"] == "/mig/"
    asked = alice.post(f"/lukket/borger/{known.mother.pk}/", {"reason": "urgent"})
    assert "Din leder er spurgt" in asked.content.decode()
    dorthe = client_of(cast.dorthe, proven=True)
    page = dorthe.get("/lukket/").content.decode()
    assert "Set: Alice" in page
    assert f"Åbn borger {known.mother.pk} for Alice" in page
    first, second = Opening.objects.order_by("id")
    dorthe.post(f"/lukket/{first.pk}/set/")
    dorthe.post(f"/lukket/{second.pk}/aabn/")
    page = dorthe.get("/lukket/").content.decode()
    assert "Intet nyt" in page
    assert "Ingen beder om noget" in page
    assert client_of(cast.alice).get("/lukket/").status_code == 403


def test_gorm_says_whose_cpr_is_hers_and_alice_names_her_family(cast: Any, client_of: Any) -> None:
    gorm = client_of(cast.gorm, proven=True)
    assert gorm.post(f"/medarbejdere/{cast.alice.pk}/cpr/", {"cpr": ALICES, "what": "own"}).status_code == 302
    assert "CPR-nummer er kendt" in gorm.get(f"/medarbejdere/{cast.alice.pk}/").content.decode()
    alice = client_of(cast.alice)
    page = alice.post("/mig/familie/", {"family_cpr": MOTHERS}, follow=True).content.decode()
    assert "1 i din familie er lukket" in page
    assert MOTHERS not in page
    gorm.post(f"/medarbejdere/{cast.alice.pk}/cpr/", {"cpr": MOTHERS, "what": "family"})
    assert Kin.objects.get().kind == ClosedWhy.OWN


def test_alice_proves_no_power_that_is_her_own_or_her_familys(cast: Any, known: Any, client_of: Any) -> None:
    alice = client_of(cast.alice)
    for cpr in (ALICES, MOTHERS, BOBS):
        form = {"holder_cpr": cpr, "basis": "mandate", "proof": "seen", "scope": "all"}
        refused = alice.post(f"/borgere/{known.other.pk}/repraesentation/", form)
        assert (refused.status_code, "din familie eller en kollega" in refused.content.decode()) == (422, True)
    assert not Representation.objects.exists()


def test_alice_revokes_no_power_that_concerns_who_is_closed_to_her(cast: Any, known: Any, client_of: Any) -> None:
    said = NewRepresentation(basis=Basis.MANDATE, proof=Proof.SEEN, holder_cpr=MOTHERS)
    given = register_representation(employee=cast.bob, citizen_id=known.other.pk, said=said)
    assert client_of(cast.alice).post(f"/repraesentation/{given.pk}/slut/").status_code == 403
    given.refresh_from_db()
    assert given.revoked_at is None
    assert client_of(cast.bob).post(f"/repraesentation/{given.pk}/slut/").status_code == 302
    seen = LookUp.objects.filter(actor_id=cast.bob.pk, use="representation", citizen_id=known.mother.pk)
    assert seen.count() == 2  # when it was registered, and when it was revoked


def test_that_she_tried_is_written_also_where_the_deed_is_undone(cast: Any, known: Any, client_of: Any) -> None:
    said = {"code": "other", "text": "Jeg er nysgerrig"}
    assert client_of(cast.alice).post(f"/henvendelser/borger/{known.mother.pk}/grund/", said).status_code == 403
    refused = Event.objects.get(verb="closed.refused")
    assert (refused.actor_id, refused.subject_id) == (cast.alice.pk, str(known.mother.pk))
