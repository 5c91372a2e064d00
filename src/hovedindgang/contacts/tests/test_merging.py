"""One occasion that was registered twice: what belongs together, what does not, and that nothing is lost of it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hovedindgang.contacts.actions import (
    NewEnquiry,
    conclude_enquiry,
    follow_enquiry,
    merge_contacts,
    part_contacts,
)
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson
from hovedindgang.contacts.queries import contact_seen, earlier_matters, owed
from hovedindgang.contacts.rules import ComeBackReason, Direction, FollowsHow, Outcome, Refused, WhoAsks
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel import clock as house_clock
from hovedindgang.people.models import Citizen
from hovedindgang.servicemodel.document import Channel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def anna() -> Citizen:
    return Citizen.objects.create(name="Anna Prøve")


def merged(cast: SimpleNamespace, first: int, into: int) -> None:
    merge_contacts(employee=cast.alice, contact_id=first, into_id=into)


def test_an_answer_that_was_promised_in_the_contact_that_went_is_still_on_her_list(
    cast: SimpleNamespace, clock: Any, anna: Citizen
) -> None:
    promise = NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=house_clock.today())
    waits = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)
    gone = register(cast.alice, promise, waits, asker=anna.pk, note="Hun ringer selv").contact_id
    kept = register(cast.alice, asker=anna.pk).contact_id
    merged(cast, gone, kept)
    clock.go(days=2)
    lists = owed(cast.alice)
    assert [matter.service_id for matter in lists.mine] == ["flytning"]
    assert [matter.service_id for matter in lists.overdue] == ["flytning"]
    assert [matter.service_id for matter in lists.waiting] == ["pas"]


def test_the_contact_that_stays_shows_the_matters_and_notes_of_both(cast: SimpleNamespace, anna: Citizen) -> None:
    gone = register(cast.alice, NewEnquiry(service="flytning"), asker=anna.pk, note="Hun ringer selv").contact_id
    kept = register(cast.bob, asker=anna.pk, note="Kom igen om pas").contact_id
    merged(cast, gone, kept)
    seen = contact_seen(cast.alice, kept)
    assert [matter.service_id for matter in seen.enquiries] == ["pas", "flytning"]
    assert {note.text for note in seen.notes} == {"Hun ringer selv", "Kom igen om pas"}
    assert not seen.left_out


OTHER = {
    "by telephone": {"channel": Channel.PHONE},
    "from us": {"direction": Direction.OUT},
    "by a company": {"who_asks": WhoAsks.COMPANY},
    "the day before": {"started_at": dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)},
    "at a department": {"centre": None, "department": "teknik"},
}


@pytest.mark.parametrize("other", OTHER)
def test_two_occasions_are_not_made_one(cast: SimpleNamespace, anna: Citizen, other: str) -> None:
    kept = register(cast.alice, asker=anna.pk).contact_id
    another = register(cast.alice, asker=anna.pk, **OTHER[other]).contact_id
    with pytest.raises(Refused, match="ikke den samme"):
        merged(cast, another, kept)


def test_what_is_about_two_persons_is_not_made_one_where_nobody_said_who_asked(
    cast: SimpleNamespace, anna: Citizen
) -> None:
    birgit = Citizen.objects.create()
    kept = register(cast.alice, NewEnquiry(service="pas", for_whom=(anna.pk,))).contact_id
    another = register(cast.alice, NewEnquiry(service="pas", for_whom=(birgit.pk,))).contact_id
    with pytest.raises(Refused, match="hver sin person"):
        merged(cast, another, kept)


def test_a_mothers_two_halves_of_one_visit_are_made_one(cast: SimpleNamespace, anna: Citizen) -> None:
    son, daughter = Citizen.objects.create(), Citizen.objects.create()
    kept = register(cast.alice, NewEnquiry(service="pas", for_whom=(son.pk,)), asker=anna.pk).contact_id
    another = register(cast.alice, NewEnquiry(service="pas", for_whom=(daughter.pk,)), asker=anna.pk).contact_id
    merged(cast, another, kept)
    assert set(EnquiryPerson.objects.values_list("shown_in", flat=True)) == {kept}
    part_contacts(employee=cast.alice, contact_id=another)
    assert set(EnquiryPerson.objects.values_list("shown_in", flat=True)) == {kept, another}


def test_a_number_that_no_contact_has_is_told_of_at_its_field(
    cast: SimpleNamespace, client_of: Any, anna: Citizen
) -> None:
    contact = register(cast.alice, asker=anna.pk).contact_id
    browser: Client = client_of(cast.alice)
    answer = browser.post(reverse("merge_contacts", args=[contact]), {"into": "999999"})
    assert answer.status_code == 422
    assert "Der er ingen henvendelse med det nummer" in answer.content.decode()
    assert Contact.objects.get().merged_into is None


@pytest.mark.parametrize("typed", ["0" * 19 + "1" + "9" * 40, "1" * 5000])
def test_a_number_with_more_digits_than_any_has_is_told_of_at_its_field(
    cast: SimpleNamespace, client_of: Any, anna: Citizen, typed: str
) -> None:
    contact = register(cast.alice, asker=anna.pk).contact_id
    answer = client_of(cast.alice).post(reverse("merge_contacts", args=[contact]), {"into": typed})
    assert answer.status_code == 422


def test_what_waits_without_a_day_comes_last_on_her_list(cast: SimpleNamespace, anna: Citizen) -> None:
    waits = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)
    promised = NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=house_clock.today())
    register(cast.alice, waits, promised, asker=anna.pk)
    opened = Enquiry.objects.get(service="flytning")
    conclude_enquiry(
        employee=cast.alice,
        enquiry_id=opened.pk,
        outcome=Outcome.MUST_COME_BACK,
        come_back_reason=ComeBackReason.DOCUMENT,
    )
    assert [matter.service_id for matter in owed(cast.alice).waiting] == ["flytning", "pas"]


def test_a_promise_as_far_off_as_the_stars_is_refused_and_the_summary_kept(
    cast: SimpleNamespace, client_of: Any
) -> None:
    promise = NewEnquiry(service="byggesag", outcome=Outcome.OPEN, promised_on=house_clock.today())
    register(cast.alice, promise)
    browser: Client = client_of(cast.alice)
    for day in ("1.1.99999999999999", "31.12.9999"):
        sent = {"department": "teknik", "summary": "Vil bygge carport", "promised_on": day}
        answer = browser.post(reverse("hand_over", args=[Enquiry.objects.get().pk]), sent)
        assert answer.status_code == 422
        assert "Vil bygge carport" in answer.content.decode()


def test_a_place_in_a_history_that_cannot_be_is_told_and_the_newest_shown(
    cast: SimpleNamespace, client_of: Any, anna: Citizen
) -> None:
    register(cast.alice, asker=anna.pk, note="Fik sit pas")
    browser: Client = client_of(cast.alice)
    for place in ("0001-01-01T00:00:00%2B14:00,1", f"2026-03-11T09:00:00%2B00:00,{10**30}", "x,1"):
        answer = browser.get(reverse("citizen_history", args=[anna.pk]) + f"?before={place}")
        assert answer.status_code == 422
        assert "Fik sit pas" in answer.content.decode()
        assert "Den side findes ikke. Her er den nyeste." in answer.content.decode()
    older = browser.get(reverse("citizen_history", args=[anna.pk]) + "?before=2026-03-01T09:00:00%2B00:00,1")
    assert older.status_code == 200
    assert "Den side findes ikke" not in older.content.decode()


def test_on_one_occasion_nobody_comes_again(cast: SimpleNamespace, anna: Citizen) -> None:
    """Bob registered the visit once more, and said that she asked after Alice's: not both can be true."""
    first = register(cast.alice, asker=anna.pk).contact_id
    matter = Enquiry.objects.get(contact=first)
    again = NewEnquiry(service="pas", follows=matter.pk, follows_how=FollowsHow.CHASING)
    second = register(cast.bob, again, asker=anna.pk).contact_id
    repeat = Enquiry.objects.get(contact=second)
    for gone, into in ((second, first), (first, second)):
        with pytest.raises(Refused, match=f"henvendelse {second} følger"):
            merged(cast, gone, into)
    follow_enquiry(employee=cast.bob, enquiry_id=repeat.pk, follows=None, how=None)
    merged(cast, second, first)
    with pytest.raises(Refused, match="samme henvendelse"):
        follow_enquiry(employee=cast.bob, enquiry_id=repeat.pk, follows=matter.pk, how=FollowsHow.CHASING)
    assert earlier_matters(cast.bob, repeat) == []


def test_nor_through_a_third_that_was_merged_before(cast: SimpleNamespace, anna: Citizen) -> None:
    first, kept = (register(cast.alice, asker=anna.pk).contact_id for _ in range(2))
    matter = Enquiry.objects.get(contact=first)
    again = NewEnquiry(service="pas", follows=matter.pk, follows_how=FollowsHow.NOT_HELPED)
    second = register(cast.bob, again, asker=anna.pk).contact_id
    merged(cast, first, kept)
    with pytest.raises(Refused, match=f"henvendelse {second} følger"):
        merged(cast, second, kept)
