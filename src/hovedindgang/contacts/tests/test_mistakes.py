"""What was registered by mistake: taken back at once, struck later, or put right; and what others see of it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from hovedindgang.contacts.actions import (
    NewEnquiry,
    NewHandover,
    accept_handover,
    conclude_enquiry,
    correct_channel,
    correct_service,
    correct_times,
    merge_contacts,
    move_contact,
    review_correction,
    strike_contact,
    take_back_contact,
)
from hovedindgang.contacts.history import history_as_json, read_history
from hovedindgang.contacts.models import Contact, ContactCorrection, Enquiry, EnquiryPerson, Handover
from hovedindgang.contacts.queries import (
    contact_seen,
    department_inbox,
    owed,
    possible_follows,
)
from hovedindgang.contacts.rules import (
    CORRECTION_ALLOWED,
    WHO_MAY_CORRECT,
    ComeBackReason,
    CorrectionKind,
    FollowsHow,
    Identity,
    Mistake,
    NotAllowed,
    Outcome,
    Refused,
    StruckWhy,
    Tie,
)
from hovedindgang.contacts.searching import search_notes
from hovedindgang.contacts.tests.desk import handed_over, register, registered
from hovedindgang.kernel import clock as house_clock
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.closing import say_family
from hovedindgang.people.models import Citizen, Employee
from hovedindgang.people.rules import NoAccess
from hovedindgang.servicemodel.document import Channel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ClientOf = Callable[[Employee], Client]


@pytest.fixture
def anna() -> Citizen:
    return Citizen.objects.create(name="Anna Prøve")


@pytest.fixture
def birgit() -> Citizen:
    return Citizen.objects.create(name="Birgit Prøve")


def minutes_ago(contact_id: int, minutes: float) -> None:
    """It was registered so long ago, by the database's clock."""
    Contact.every.filter(pk=contact_id).update(registered_at=Now() - dt.timedelta(minutes=minutes))


def sent(citizen: Citizen) -> list[int]:
    """The contacts that another system is sent of her history."""
    page, _more = history_as_json(actor=SYSTEM, citizen_id=citizen.pk, limit=9, before=None, use="api", reason="sag 1")
    return [entry["contact_id"] for entry in json.loads(page)]


# ---------------------------------------------------------------------------------------------------------- taken back


def test_what_alice_takes_back_is_met_by_nobody_and_kept(cast: SimpleNamespace, anna: Citizen) -> None:
    open_one = NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=house_clock.today())
    kept = register(cast.alice, asker=anna.pk).contact_id
    handed = NewEnquiry(
        service="byggesag",
        outcome=Outcome.PASSED_ON,
        handover=NewHandover(department="teknik", summary="Vil bygge en carport"),
    )
    number = register(cast.alice, open_one, handed, asker=anna.pk, note="Vil flytte til Aabybro").contact_id
    take_back_contact(employee=cast.alice, contact_id=number)
    lists = owed(cast.alice)
    assert [lists.mine, lists.overdue, lists.out, department_inbox(cast.hanne)] == [[], [], [], []]
    assert search_notes(cast.alice, "Aabybro") == []
    assert [entry.contact_id for entry in read_history(anna.pk)] == [kept]
    assert sent(anna) == [kept]
    assert possible_follows(cast.alice, anna.pk, "flytning", house_clock.today()) == []
    assert contact_seen(cast.alice, number).contact.mistake == Mistake.TAKEN_BACK
    assert [note.text for note in contact_seen(cast.alice, number).notes] == ["Vil flytte til Aabybro"]


def test_for_five_minutes_and_no_longer(cast: SimpleNamespace) -> None:
    early, late = register(cast.alice).contact_id, register(cast.alice).contact_id
    minutes_ago(early, 4.9)
    minutes_ago(late, 5.1)
    take_back_contact(employee=cast.alice, contact_id=early)
    with pytest.raises(NotAllowed, match="5 minutter"):
        take_back_contact(employee=cast.alice, contact_id=late)
    with pytest.raises(IntegrityError, match="within five minutes"), transaction.atomic():
        Contact.every.filter(pk=late).update(mistake=Mistake.TAKEN_BACK)


@pytest.mark.parametrize("other", ["bob", "dorthe", "hanne"])
def test_nobody_but_who_made_it_takes_it_back(cast: SimpleNamespace, other: str) -> None:
    number = register(cast.alice).contact_id
    with pytest.raises(NoAccess):
        take_back_contact(employee=getattr(cast, other), contact_id=number)


def test_two_clicks_take_back_once_and_the_key_gives_the_receipt_it_gave(cast: SimpleNamespace) -> None:
    key = uuid.uuid4()
    first = register(cast.alice, key=key)
    for _click in range(2):
        take_back_contact(employee=cast.alice, contact_id=first.contact_id)
    assert Event.objects.filter(verb="contact.taken_back").count() == 1
    again = register(cast.alice, key=key)
    assert (again.contact_id, again.repeated) == (first.contact_id, True)
    assert Contact.every.count() == 1


def test_nothing_more_is_done_to_it_and_it_never_comes_back(cast: SimpleNamespace) -> None:
    matter = registered(cast.alice, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=house_clock.today()))
    take_back_contact(employee=cast.alice, contact_id=matter.contact_id)
    with pytest.raises(NoAccess):
        conclude_enquiry(employee=cast.alice, enquiry_id=matter.pk, outcome=Outcome.RESOLVED)
    with pytest.raises(NotAllowed):
        correct_channel(employee=cast.alice, contact_id=matter.contact_id, channel=Channel.PHONE, why="Ringede")
    with pytest.raises(IntegrityError, match="stays so"), transaction.atomic():
        Contact.every.filter(pk=matter.contact_id).update(mistake=None)


def test_what_it_had_settled_waits_for_the_citizen_again(cast: SimpleNamespace, anna: Citizen) -> None:
    missing = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)
    waits = registered(cast.alice, missing, asker=anna.pk)
    step = NewEnquiry(service="pas", follows=waits.pk, follows_how=FollowsHow.PLANNED_STEP)
    number = register(cast.alice, step, asker=anna.pk).contact_id
    take_back_contact(employee=cast.alice, contact_id=number)
    waits.refresh_from_db()
    assert (waits.outcome, waits.come_back_reason) == (Outcome.MUST_COME_BACK, ComeBackReason.DOCUMENT)
    register(cast.alice, step, asker=anna.pk)
    waits.refresh_from_db()
    assert waits.outcome == Outcome.RESOLVED


def test_all_that_it_had_settled_waits_again_also_past_a_time_that_was_booked(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    def step_of(earlier: Enquiry, **said: Any) -> NewEnquiry:
        return NewEnquiry(service="pas", follows=earlier.pk, follows_how=FollowsHow.PLANNED_STEP, **said)

    missing = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)
    first = registered(cast.alice, missing, asker=anna.pk)
    booking = registered(cast.alice, step_of(first, preparatory=True), asker=anna.pk)
    lacks_id = step_of(booking, outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.ID)
    second = registered(cast.alice, lacks_id, asker=anna.pk)
    number = register(cast.alice, step_of(second), asker=anna.pk).contact_id
    assert not Enquiry.objects.filter(outcome=Outcome.MUST_COME_BACK).exists()
    take_back_contact(employee=cast.alice, contact_id=number)
    waiting = Enquiry.objects.filter(outcome=Outcome.MUST_COME_BACK).order_by("id")
    assert list(waiting.values_list("pk", "come_back_reason")) == [(first.pk, "document"), (second.pk, "id")]
    booking.refresh_from_db()
    assert booking.outcome == Outcome.RESOLVED


def test_what_a_department_has_accepted_is_not_pulled_away_from_under_it(cast: SimpleNamespace) -> None:
    handover = handed_over(cast.alice)
    accept_handover(employee=cast.hanne, handover_id=handover.pk)
    with pytest.raises(NotAllowed, match="fagforvaltning"):
        take_back_contact(employee=cast.alice, contact_id=handover.enquiry.contact_id)
    assert Handover.objects.filter(pk=handover.pk).exists()


def test_what_is_merged_or_continued_is_parted_first(cast: SimpleNamespace, anna: Citizen) -> None:
    first, second = (register(cast.alice, asker=anna.pk).contact_id for _ in range(2))
    merge_contacts(employee=cast.alice, contact_id=first, into_id=second)
    for number in (first, second):
        with pytest.raises(NotAllowed, match="Skil dem"):
            take_back_contact(employee=cast.alice, contact_id=number)
    matter = registered(cast.alice, asker=anna.pk)
    later = NewEnquiry(service="pas", follows=matter.pk, follows_how=FollowsHow.CHASING)
    register(cast.alice, later, asker=anna.pk)
    with pytest.raises(NotAllowed, match="senere ærinde"):
        take_back_contact(employee=cast.alice, contact_id=matter.contact_id)


# -------------------------------------------------------------------------------------------------------------- struck


def test_a_test_is_struck_by_who_made_it_or_the_leader_with_a_reason(cast: SimpleNamespace) -> None:
    own, led = register(cast.alice).contact_id, register(cast.alice).contact_id
    minutes_ago(own, 600)
    strike_contact(employee=cast.alice, contact_id=own, reason=StruckWhy.TEST, why="Øvede mig")
    strike_contact(employee=cast.dorthe, contact_id=led, reason=StruckWhy.DUPLICATE, why="Stod der to gange")
    assert not Contact.objects.exists()
    assert list(ContactCorrection.objects.order_by("id").values_list("became", flat=True)) == ["test", "duplicate"]


def test_a_colleague_takes_nothing_out_of_anothers_figures(cast: SimpleNamespace) -> None:
    number = register(cast.alice).contact_id
    with pytest.raises(NoAccess):
        strike_contact(employee=cast.bob, contact_id=number, reason=StruckWhy.TEST, why="Ligner en prøve")
    with pytest.raises(Refused) as refused:
        strike_contact(employee=cast.alice, contact_id=number, reason=StruckWhy.TEST, why="  ")
    assert list(refused.value.errors) == ["why"]


# ------------------------------------------------------------------------------------------------------- another person


def moved(cast: SimpleNamespace, number: int, was: Citizen, becomes: Citizen) -> ContactCorrection:
    return move_contact(employee=cast.bob, contact_id=number, was=was.pk, becomes=becomes.pk, why="Navnesøster")


def test_what_stood_on_anna_is_birgits_in_every_reading(cast: SimpleNamespace, anna: Citizen, birgit: Citizen) -> None:
    number = register(cast.alice, asker=anna.pk, note="Fik nyt pas").contact_id
    moved(cast, number, anna, birgit)
    assert (read_history(anna.pk), sent(anna)) == ([], [])
    (entry,) = read_history(birgit.pk)
    assert (entry.contact_id, entry.asker, entry.enquiries[0].for_whom) == (number, birgit.pk, (birgit.pk,))
    assert sent(birgit) == [number]


def test_both_histories_say_so_and_the_wrong_one_says_nothing_of_what_it_was(
    cast: SimpleNamespace, client_of: ClientOf, anna: Citizen, birgit: Citizen
) -> None:
    number = register(cast.alice, asker=anna.pk, note="Fik nyt pas").contact_id
    for citizen in (anna, birgit):
        register(cast.bob, asker=citizen.pk)  # he has work with both
    moved(cast, number, anna, birgit)
    bob = client_of(cast.bob)
    wrong = bob.get(reverse("citizen_history", args=[anna.pk])).content.decode()
    right = bob.get(reverse("citizen_history", args=[birgit.pk])).content.decode()
    assert "flyttet til en anden borger" in wrong
    for secret in ("Birgit", "nyt pas", "Navnesøster", reverse("contact", args=[number])):
        assert secret not in wrong
    assert "stod på en anden borger" in right
    assert "Anna" not in right


def test_the_leader_is_told_who_saw_the_wrong_one_and_signs_it_off(
    cast: SimpleNamespace, client_of: ClientOf, anna: Citizen, birgit: Citizen
) -> None:
    register(cast.bob, asker=anna.pk)  # he has work with her
    number = register(cast.alice, asker=anna.pk).contact_id
    client_of(cast.bob).get(reverse("citizen_history", args=[anna.pk]))
    made = move_contact(employee=cast.alice, contact_id=number, was=anna.pk, becomes=birgit.pk, why="Navnesøster")
    leader = client_of(cast.dorthe)
    page = leader.get(reverse("corrections_to_review")).content.decode()
    assert "Bob" in page
    assert "Anna Prøve" not in page
    leader.post(reverse("review_correction", args=[made.pk]), {"done": "Talt med ham"})
    assert "Bob" not in leader.get(reverse("corrections_to_review")).content.decode()
    assert client_of(cast.bob).get(reverse("corrections_to_review")).status_code == 403
    with pytest.raises(NoAccess):
        review_correction(employee=cast.bob, correction_id=made.pk, done="Set")


def test_a_link_to_what_the_wrong_one_had_falls_away_and_is_remembered(
    cast: SimpleNamespace, anna: Citizen, birgit: Citizen
) -> None:
    earlier = registered(cast.alice, asker=anna.pk)
    chasing = NewEnquiry(service="pas", follows=earlier.pk, follows_how=FollowsHow.CHASING)
    matter = registered(cast.alice, chasing, asker=anna.pk)
    moved(cast, matter.contact_id, anna, birgit)
    matter.refresh_from_db()
    assert (matter.follows_id, matter.follows_how) == (None, "")
    assert ContactCorrection.objects.get(kind=CorrectionKind.LINK).was == f"{earlier.pk} chasing"


def test_only_the_one_who_was_wrong_is_moved_and_a_handover_goes_along(
    cast: SimpleNamespace, anna: Citizen, birgit: Citizen
) -> None:
    child = Citizen.objects.create(name="Clara Prøve")
    asked = NewHandover(department="teknik", summary="Vil bygge en carport")
    both = NewEnquiry(service="byggesag", outcome=Outcome.PASSED_ON, handover=asked, for_whom=(anna.pk, child.pk))
    matter = registered(cast.alice, both, asker=child.pk)
    moved(cast, matter.contact_id, anna, birgit)
    assert set(EnquiryPerson.objects.values_list("citizen_id", flat=True)) == {birgit.pk, child.pk}
    (handover,) = department_inbox(cast.hanne)
    assert {person.citizen_id for person in handover.enquiry.for_whom.all()} == {birgit.pk, child.pk}
    with pytest.raises(Refused, match="ikke på den borger"):
        moved(cast, matter.contact_id, anna, birgit)


def test_how_annas_identity_was_established_is_not_said_of_birgit(
    cast: SimpleNamespace, anna: Citizen, birgit: Citizen
) -> None:
    number = register(cast.alice, asker=anna.pk, identity=Identity.ID_SEEN).contact_id
    made = moved(cast, number, anna, birgit)
    assert (made.was, Contact.objects.get(pk=number).identity) == (Identity.ID_SEEN, None)


def test_moving_is_a_look_up_of_both(cast: SimpleNamespace, anna: Citizen, birgit: Citizen) -> None:
    number = register(cast.alice, asker=anna.pk).contact_id
    moved(cast, number, anna, birgit)
    looked = LookUp.objects.filter(use="correction", actor_id=cast.bob.pk)
    assert set(looked.values_list("citizen_id", flat=True)) == {anna.pk, birgit.pk}


def test_nothing_is_moved_to_the_family_of_who_registered_it(cast: SimpleNamespace, anna: Citizen, clock: Any) -> None:
    sister = register_citizen(actor=SYSTEM, cpr="6101900003", name="Søster Prøve")
    say_family(actor=SYSTEM, employee_id=cast.alice.pk, cpr="6101900003")
    number = register(cast.alice, asker=anna.pk).contact_id
    with pytest.raises(Refused, match="Registrér en ny henvendelse"):
        moved(cast, number, anna, sister)
    moved(cast, register(cast.bob, asker=anna.pk).contact_id, anna, sister)


def test_nobody_moves_a_contact_to_her_own_family(cast: SimpleNamespace, anna: Citizen, clock: Any) -> None:
    brother = register_citizen(actor=SYSTEM, cpr="6101900004", name="Bror Prøve")
    say_family(actor=SYSTEM, employee_id=cast.bob.pk, cpr="6101900004")
    number = register(cast.alice, asker=anna.pk).contact_id
    with pytest.raises(Refused, match="Bed en anden medarbejder"):
        moved(cast, number, anna, brother)


# ----------------------------------------------------------------------------------------------- service, channel, time


def test_the_service_that_was_meant_stands_with_its_kind_and_the_old_one_is_kept(cast: SimpleNamespace) -> None:
    matter = registered(cast.alice)
    made = correct_service(employee=cast.bob, enquiry_id=matter.pk, service="flytning", why="Ramte ved siden af")
    matter.refresh_from_db()
    assert (matter.service_id, made.was, made.became, made.by) == ("flytning", "pas", "flytning", cast.bob)
    with pytest.raises(Refused, match="kendes ikke"):
        correct_service(employee=cast.bob, enquiry_id=matter.pk, service="findes-ikke", why="x")


def test_a_channel_is_put_right_and_its_medium_falls_away(cast: SimpleNamespace) -> None:
    number = register(cast.alice, channel=Channel.PHONE, medium="telephone").contact_id
    correct_channel(employee=cast.alice, contact_id=number, channel=Channel.IN_PERSON, why="Stod her")
    contact = Contact.objects.get(pk=number)
    assert (contact.channel, contact.medium_id) == (Channel.IN_PERSON, None)


def test_it_was_yesterday(cast: SimpleNamespace, anna: Citizen) -> None:
    number = register(cast.alice, asker=anna.pk).contact_id
    began = house_clock.now() - dt.timedelta(days=1)
    correct_times(
        employee=cast.alice,
        contact_id=number,
        started_at=began,
        ended_at=began + dt.timedelta(minutes=9),
        why="Var i går",
    )
    matter = Enquiry.objects.get(contact=number)
    assert matter.received_on == matter.contact.received_on == began.date()
    assert matter.outcome_at == began + dt.timedelta(minutes=9)
    (entry,) = read_history(anna.pk)
    assert entry.started_at == began
    with pytest.raises(Refused, match="fremtiden"):
        correct_times(
            employee=cast.alice,
            contact_id=number,
            started_at=began + dt.timedelta(days=3),
            ended_at=began + dt.timedelta(days=3),
            why="x",
        )


def test_a_correction_is_never_rewritten(cast: SimpleNamespace) -> None:
    matter = registered(cast.alice)
    made = correct_service(employee=cast.bob, enquiry_id=matter.pk, service="flytning", why="Ramte ved siden af")
    with pytest.raises(IntegrityError, match="stays as it was made"), transaction.atomic():
        ContactCorrection.objects.filter(pk=made.pk).update(was="flytning")


def test_a_caseworker_puts_nothing_right_in_borgerservices_registrations(cast: SimpleNamespace) -> None:
    handover = handed_over(cast.alice)
    with pytest.raises(NoAccess):
        correct_service(employee=cast.hanne, enquiry_id=handover.enquiry_id, service="pas", why="x")


def test_every_kind_of_correction_says_who_may() -> None:
    assert set(WHO_MAY_CORRECT) == CORRECTION_ALLOWED[None]
    assert Tie.COLLEAGUE not in WHO_MAY_CORRECT[CorrectionKind.STRUCK] | WHO_MAY_CORRECT[CorrectionKind.TAKEN_BACK]


def test_the_reason_is_kept_without_cpr(cast: SimpleNamespace) -> None:
    matter = registered(cast.alice)
    made = correct_service(employee=cast.bob, enquiry_id=matter.pk, service="flytning", why="Det var 610190-1234")
    assert "1234" not in made.why


EVENTS: dict[str, Any] = {
    "contact.channel_corrected": lambda cast, matter: correct_channel(
        employee=cast.alice, contact_id=matter.contact_id, channel=Channel.PHONE, why="Hemmelig grund"
    ),
    "contact.service_corrected": lambda cast, matter: correct_service(
        employee=cast.alice, enquiry_id=matter.pk, service="flytning", why="Hemmelig grund"
    ),
    "contact.struck": lambda cast, matter: strike_contact(
        employee=cast.alice, contact_id=matter.contact_id, reason=StruckWhy.TEST, why="Hemmelig grund"
    ),
}


@pytest.mark.parametrize("verb", EVENTS)
def test_one_event_is_left_that_says_nothing_that_was_written(cast: SimpleNamespace, verb: str) -> None:
    EVENTS[verb](cast, registered(cast.alice))
    event = Event.objects.filter(subject_kind="contact").exclude(verb="contact.registered").get()
    assert event.verb == verb
    assert "Hemmelig" not in json.dumps(event.facts)
