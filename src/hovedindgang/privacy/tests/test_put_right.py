"""What is wrong about a citizen is put right and kept sealed; what is disputed is only stored, and says so."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry, NewHandover
from hovedindgang.contacts.models import EnquiryPerson, Handover, Note
from hovedindgang.contacts.rules import Ground, Outcome, Refused, WhoAsks
from hovedindgang.insight.tests.desk import OPEN, Desk
from hovedindgang.kernel.actors import SYSTEM, Actor, ActorKind
from hovedindgang.kernel.lookups import log_look_up
from hovedindgang.kernel.models import Event
from hovedindgang.people.clients import let_client_in
from hovedindgang.people.models import Basis, Citizen, Correction, Proof, Restriction
from hovedindgang.people.powers import NewRepresentation, register_representation
from hovedindgang.people.queries import cpr_of, find_by_cpr
from hovedindgang.people.rectifying import correct_citizen, corrections_of, lift_restriction, restrict_citizen
from hovedindgang.people.rules import NoAccess, PeopleRefused
from hovedindgang.privacy.erasing import erase_citizen, standing
from hovedindgang.privacy.held import held_about
from hovedindgang.privacy.queries import receivers
from hovedindgang.privacy.rules import ErasureGround, Kept
from hovedindgang.privacy.tests.scan import places_of
from hovedindgang.privacy.tests.test_forgetting import optimise, person, run

ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hovedindgang.privacy.actions.PAUSE_SECONDS", {"sqlite": 0.0, "postgresql": 0.0})


def rectify(desk: Desk, her: Citizen, field: str, value: str) -> Citizen:
    return correct_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, field=field, value=value)


def restricted(desk: Desk, her: Citizen) -> None:
    said = {"why": "contested", "until": desk.promised(60)}
    restrict_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, **said)


# --------------------------------------------------------------------------------------------------------- put right


def test_a_wrong_name_is_put_right_and_what_stood_there_lies_sealed(desk: Desk) -> None:
    her = person()
    assert rectify(desk, her, "name", "Zenobia  Ylvander").name == "Zenobia Ylvander"
    (kept,) = corrections_of(her.pk)
    assert (kept.field, kept.was, kept.by) == ("name", "Zenobia Xylander", desk.cast.dorthe)
    optimise()
    assert places_of("Xylander") == []
    assert Event.objects.get(verb="citizen.corrected").facts["field"] == "name"
    assert held_about(Citizen.objects.get(), with_cpr=False).data["corrected"][0]["was"] == "Zenobia Xylander"


def test_a_wrong_cpr_is_put_right_with_the_birthday_it_says_and_she_is_found_by_the_right_one(desk: Desk) -> None:
    her, other = person(), person()
    rectify(desk, her, "cpr", "620191-0009")
    her.refresh_from_db()
    assert cpr_of(her) == "6201910009"
    assert her.born_on == dt.date(1991, 1, 2)
    found = find_by_cpr(actor=_nobody(), cpr="6201910009", use="search", reason="x")
    assert found == her
    assert {one.field: one.was for one in corrections_of(her.pk)} == {"cpr": "6101900001", "born_on": "1990-01-01"}
    assert "6101900001" not in str(held_about(her, with_cpr=False).data)
    with pytest.raises(PeopleRefused, match="En anden borger"):
        rectify(desk, her, "cpr", cpr_of(other) or "")


def _nobody() -> Any:
    from hovedindgang.kernel.actors import SYSTEM

    return SYSTEM


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Zenobia Xylander"),
        ("name", "x" * 121),
        ("born_on", "31.2.1980"),
        ("born_on", "1.1.2090"),
        ("cpr", "610190-00"),
        ("phone", "610190-0001"),
        ("protection", "none"),
        ("", "x"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(desk: Desk, field: str, value: str) -> None:
    her = person()
    with pytest.raises(PeopleRefused):
        rectify(desk, her, field, value)
    assert not Correction.objects.exists()
    assert Citizen.objects.get().name == "Zenobia Xylander"


def test_a_correction_is_never_changed_and_goes_with_her(desk: Desk) -> None:
    her = person()
    rectify(desk, her, "address", "Vej 2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(field="name")
    erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=ErasureGround.BY_LAW)
    assert not Correction.objects.exists()


# ------------------------------------------------------------------------------------------------------- only stored


def test_when_it_is_only_stored_she_is_helped_when_she_comes_herself(desk: Desk) -> None:
    her = person()
    restricted(desk, her)
    (matter,) = desk.comes(her, NewEnquiry(service="pas"))
    assert EnquiryPerson.objects.filter(enquiry=matter, citizen=her).exists()


def test_nobody_else_brings_a_matter_of_hers_without_a_power(desk: Desk) -> None:
    her, son = person(), person("Anders And")
    restricted(desk, her)
    about_her = NewEnquiry(service="pas", for_whom=(her.pk,))
    for asker, who in ((son, WhoAsks.HELPER), (son, WhoAsks.CITIZEN), (None, WhoAsks.CITIZEN)):
        with pytest.raises(Refused, match="må kun gemmes"):
            desk.comes(asker, about_her, who_asks=who)
    (other,) = desk.comes(son, NewEnquiry(service="pas", outcome=OPEN, promised_on=desk.promised(3)))
    with pytest.raises(Refused, match="må kun gemmes"):
        deeds.add_for_whom(employee=desk.cast.alice, enquiry_id=other.pk, citizen_id=her.pk)
    assert not EnquiryPerson.objects.filter(citizen=her).exists()


def test_who_may_act_for_her_brings_it(desk: Desk) -> None:
    her, son = person(), person("Anders And")
    restricted(desk, her)
    said = NewRepresentation(
        basis=Basis.MANDATE, proof=Proof.SEEN, holder_cpr=cpr_of(son) or "", holder_name="Anders And"
    )
    given = register_representation(employee=desk.cast.alice, citizen_id=her.pk, said=said)
    matter = NewEnquiry(service="pas", for_whom=(her.pk,))
    desk.comes(son, matter, who_asks=WhoAsks.HELPER, representation=given.pk)
    assert EnquiryPerson.objects.filter(citizen=her).exists()


@pytest.mark.postgres  # SQLite checks every trigger when a table is renamed, so there it is the deeds that hold
def test_postgresql_itself_refuses_it(desk: Desk) -> None:
    her, son = person(), person("Anders And")
    (matter,) = desk.comes(son, NewEnquiry(service="pas", outcome=OPEN, promised_on=desk.promised(3)))
    restricted(desk, her)
    with pytest.raises(IntegrityError, match="only stored"), transaction.atomic():
        EnquiryPerson.objects.create(
            enquiry=matter, citizen=her, shown_in=matter.contact_id, shown_at=matter.contact.started_at
        )
    (hers,) = desk.comes(her, NewEnquiry(service="pas", outcome=OPEN, promised_on=desk.promised(3)))
    with pytest.raises(IntegrityError, match="only stored"), transaction.atomic():
        Handover.objects.create(
            enquiry=hers,
            department_id="jobcenter",
            summary="x",
            promised_on=desk.promised(3),
            sent_at=hers.contact.ended_at,
        )


def test_her_matter_is_passed_on_with_her_consent_alone(desk: Desk) -> None:
    her = person()
    restricted(desk, her)
    without = NewHandover(department="jobcenter", summary="Se på det")
    with pytest.raises(Refused, match="samtykke"):
        desk.comes(her, NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=without))
    (matter,) = desk.comes(her, NewEnquiry(service="byggesag", outcome=OPEN, promised_on=desk.promised(3)))
    with pytest.raises(Refused, match="samtykke"):
        deeds.hand_over(employee=desk.cast.alice, enquiry_id=matter.pk, handover=without)
    given = NewHandover(department="jobcenter", summary="Se på det", ground=Ground.CONSENT)
    deeds.hand_over(employee=desk.cast.alice, enquiry_id=matter.pk, handover=given)
    assert Handover.objects.count() == 1


def test_what_is_only_stored_is_not_deleted_either(desk: Desk) -> None:
    her = person()
    desk.comes(her, NewEnquiry(service="koerekort"), note="Det, hun bestrider")
    restricted(desk, her)
    desk.days_pass(365)
    assert run().kept == {Kept.RESTRICTED: 1}
    assert standing(her.pk).obstacles == {Kept.RESTRICTED}
    lift_restriction(employee=desk.cast.dorthe, citizen_id=her.pk, told=True)
    assert run().gone == [["koerekort", "Oplysning", 1]]


def test_it_is_lifted_when_she_has_been_told_and_not_by_time(desk: Desk) -> None:
    her = person()
    with pytest.raises(NoAccess):
        restrict_citizen(employee=desk.cast.alice, citizen_id=her.pk, why="claim", until=desk.promised(9))
    for wrong in ({"why": ""}, {"until": None}, {"until": desk.promised(-1)}, {"until": desk.promised(400)}):
        with pytest.raises(PeopleRefused):
            restrict_citizen(
                employee=desk.cast.dorthe, citizen_id=her.pk, **{"why": "claim", "until": desk.promised(9), **wrong}
            )
    restricted(desk, her)
    with pytest.raises(PeopleRefused, match="i forvejen"):
        restricted(desk, her)
    desk.days_pass(90)
    assert Restriction.objects.exists()
    with pytest.raises(PeopleRefused, match="først"):
        lift_restriction(employee=desk.cast.dorthe, citizen_id=her.pk, told=False)
    lift_restriction(employee=desk.cast.dorthe, citizen_id=her.pk, told=True)
    assert [event.verb for event in Event.objects.filter(verb__contains="restricted").order_by("pk")] == [
        "citizen.restricted",
        "citizen.unrestricted",
    ]


def test_whoever_meets_her_sees_it(desk: Desk, client_of: ClientOf) -> None:
    her = person()
    desk.comes(her, NewEnquiry(service="pas"))
    restricted(desk, her)
    browser = client_of(desk.cast.alice)
    for address in (f"/borgere/{her.pk}/", f"/henvendelser/borger/{her.pk}/"):
        assert "Oplysningerne må kun gemmes" in browser.get(address).content.decode(), address


# --------------------------------------------------------------------------------------------------- not agreed in


def test_what_she_does_not_agree_in_stands_wherever_the_note_stands(desk: Desk, client_of: ClientOf) -> None:
    her = person()
    (matter,) = desk.comes(her, NewEnquiry(service="pas"), note="Hun var vred")
    note = Note.objects.get()
    browser = client_of(desk.cast.alice)
    browser.post(f"/henvendelser/note/{note.pk}/uenig/", {"text": "Hun var ked af det", "key": str(uuid.uuid4())})
    contested = Note.objects.get(contests=True)
    assert (contested.amends, contested.text) == (note, "Borgeren er ikke enig: Hun var ked af det")
    for address in (f"/henvendelser/{matter.contact_id}/", f"/henvendelser/borger/{her.pk}/"):
        assert "ked af det" in browser.get(address).content.decode(), address
    assert "ked af det" in str(held_about(her, with_cpr=False).data)
    assert Event.objects.filter(verb="note.contested").count() == 1
    wrong = browser.post(f"/henvendelser/note/{note.pk}/uenig/", {"text": " "})
    assert wrong.status_code == 422
    erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=ErasureGround.BY_LAW)
    assert not Note.objects.exists()


def test_whoever_has_been_given_it_is_named_where_it_is_put_right(desk: Desk, client_of: ClientOf) -> None:
    """Article 19: those who received it are told; and she is told who they are, if she asks."""
    her, other = person(), person("Anden Opdigtet")
    page = client_of(desk.cast.dorthe), f"/databeskyttelse/borger/{her.pk}/"
    assert "Ingen uden for Borgerservice har fået noget" in page[0].get(page[1]).content.decode()
    for who, department in ((her, "jobcenter"), (other, "teknik")):
        passed_on = NewHandover(department=department, summary="Se på det")
        desk.comes(who, NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=passed_on))
    system, _token = let_client_in(actor=SYSTEM, name="Fagsystem Nord", scopes=["history:read"])
    log_look_up(actor=Actor(ActorKind.CLIENT, system.pk), citizen_ids=[her.pk], use="history", reason="sag 17")
    assert [one.name for one in receivers(her.pk)] == ["Jobcenter", "Fagsystem Nord"]
    shown = page[0].get(page[1]).content.decode()
    assert "Fagsystem Nord, senest" in shown
    assert "Jobcenter, senest" in shown


def test_the_leader_does_it_on_the_citizens_page_and_keeps_what_was_typed(desk: Desk, client_of: ClientOf) -> None:
    her = person()
    browser, page = client_of(desk.cast.dorthe), f"/databeskyttelse/borger/{her.pk}/"
    wrong = browser.post(f"{page}ret/", {"field": "born_on", "value": "i går"})
    assert wrong.status_code == 422
    assert "i går" in wrong.content.decode()
    browser.post(f"{page}ret/", {"field": "phone", "value": "11 22 33 44"})
    assert Citizen.objects.get().phone == "11 22 33 44"
    assert browser.post(f"{page}begraens/", {"why": "claim", "until": "x"}).status_code == 422
    browser.post(f"{page}begraens/", {"why": "claim", "until": desk.promised(30).isoformat()})
    shown = browser.get(page).content.decode()
    assert "retskrav" in shown
    assert "Xylander" not in shown
    assert browser.post(f"{page}ophaev/", {}).status_code == 422
    browser.post(f"{page}ophaev/", {"told": "1"})
    assert not Restriction.objects.exists()
