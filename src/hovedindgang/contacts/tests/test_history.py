"""A citizen's history: everything in every channel, newest first."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hovedindgang.contacts.actions import (
    NewEnquiry,
    NewSignpost,
    accept_handover,
    amend_note,
    answer_handover,
    merge_contacts,
)
from hovedindgang.contacts.models import Contact, Note
from hovedindgang.contacts.queries import history, possible_follows
from hovedindgang.contacts.rules import ForwardKind, HandoverState, Outcome
from hovedindgang.contacts.tests.desk import handed_over, register
from hovedindgang.kernel.models import LookUp
from hovedindgang.kernel.requests import one_request
from hovedindgang.people.models import Citizen
from hovedindgang.people.rules import NoAccess
from hovedindgang.policy.queries import in_force
from hovedindgang.servicemodel.document import Channel

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def anna(cast: SimpleNamespace) -> Citizen:
    return Citizen.objects.create(name="Anna Prøve")


def test_contacts_of_every_channel_and_centre_come_newest_first(
    cast: SimpleNamespace, clock: Any, anna: Citizen
) -> None:
    register(cast.alice, asker=anna.pk, note="Fik lavet pas")
    clock.go(days=1)
    register(cast.bob, NewEnquiry(service="koerekort"), asker=anna.pk, channel=Channel.PHONE)
    clock.go(days=1)
    register(cast.alice, NewEnquiry(service="flytning"), asker=anna.pk, channel=Channel.DIGITAL, medium="email")
    shown = history(cast.alice, anna.pk)
    assert [entry.channel for entry in shown] == [Channel.DIGITAL, Channel.PHONE, Channel.IN_PERSON]
    assert [entry.enquiries[0].service for entry in shown] == ["flytning", "koerekort", "pas"]
    assert [entry.employee for entry in shown] == ["Alice", "Bob", "Alice"]
    assert shown[2].notes[0].text == "Fik lavet pas"
    assert shown[2].started_at == dt.datetime(2026, 3, 11, 9, 0, tzinfo=dt.UTC)


def test_the_whole_page_takes_three_statements_and_is_logged(cast: SimpleNamespace, clock: Any, anna: Citizen) -> None:
    for _ in range(5):
        register(cast.alice, NewEnquiry(service="pas"), NewEnquiry(service="flytning"), asker=anna.pk, note="Sagt")
        clock.go(hours=1)
    looked = LookUp.objects.count()
    with one_request():
        in_force()  # a page has asked before which policy holds
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(history(cast.alice, anna.pk)) == 5
    assert len(queries) == 3  # what is closed to her, the page, the look-up
    assert LookUp.objects.count() == looked + 1
    assert LookUp.objects.latest("id").citizen_id == anna.pk


def test_handover_answer_and_signpost_stand_under_their_matter(
    cast: SimpleNamespace, clock: Any, anna: Citizen
) -> None:
    handover = handed_over(cast.alice, asker=anna.pk)
    accept_handover(employee=cast.hanne, handover_id=handover.pk)
    answer_handover(employee=cast.hanne, handover_id=handover.pk, answer="Ja, hun må bygge")
    clock.go(days=1)
    told = NewSignpost(how=ForwardKind.TOLD, authority="skat", got_there=True)
    register(cast.alice, NewEnquiry(service="aabningstider", outcome=Outcome.SIGNPOSTED, signpost=told), asker=anna.pk)
    newest, oldest = history(cast.alice, anna.pk)
    assert (newest.enquiries[0].signposts[0].authority, newest.enquiries[0].signposts[0].got_there) == ("skat", True)
    answered = oldest.enquiries[0].handovers[0]
    assert (answered.state, answered.answer) == (HandoverState.ANSWERED, "Ja, hun må bygge")
    assert answered.promised_on == dt.date(2026, 3, 18)


def test_a_page_goes_on_where_the_last_one_ended(cast: SimpleNamespace, clock: Any, anna: Citizen) -> None:
    numbers = [register(cast.alice, asker=anna.pk).contact_id for _ in range(5)]  # all at the same instant
    first = history(cast.alice, anna.pk, limit=2)
    second = history(cast.alice, anna.pk, limit=2, before=first[-1].cursor)
    third = history(cast.alice, anna.pk, limit=2, before=second[-1].cursor)
    assert [entry.contact_id for entry in [*first, *second, *third]] == numbers[::-1]


def test_a_care_workers_ten_residents_do_not_see_each_other(cast: SimpleNamespace, clock: Any, anna: Citizen) -> None:
    worker, birgit = Citizen.objects.create(), Citizen.objects.create()
    register(
        cast.alice,
        NewEnquiry(service="pas", for_whom=(anna.pk,)),
        NewEnquiry(service="flytning", for_whom=(birgit.pk,)),
        asker=worker.pk,
        who_asks="helper",
        note="Birgit flytter også",
    )
    (entry,) = history(cast.alice, anna.pk)
    assert [enquiry.service for enquiry in entry.enquiries] == ["pas"]
    assert entry.about_others
    assert entry.notes == ()
    (whole,) = history(cast.alice, worker.pk)
    assert len(whole.enquiries) == 2
    assert not whole.about_others


def test_a_merged_contact_is_folded_into_the_other(cast: SimpleNamespace, clock: Any, anna: Citizen) -> None:
    kept = register(cast.alice, asker=anna.pk)
    twice = register(cast.bob, NewEnquiry(service="flytning"), asker=anna.pk, note="Samme opkald")
    merge_contacts(employee=cast.alice, contact_id=twice.contact_id, into_id=kept.contact_id)
    (entry,) = history(cast.alice, anna.pk)
    assert (entry.contact_id, entry.merged) == (kept.contact_id, (twice.contact_id,))
    assert {enquiry.service for enquiry in entry.enquiries} == {"pas", "flytning"}
    assert [note.text for note in entry.notes] == ["Samme opkald"]


def test_an_amended_note_stands_with_what_it_amends(cast: SimpleNamespace, clock: Any, anna: Citizen) -> None:
    register(cast.alice, asker=anna.pk, note="Kom tirsdag")
    first = Note.objects.get()
    amend_note(employee=cast.alice, note_id=first.pk, text="Det var onsdag")
    (entry,) = history(cast.alice, anna.pk)
    assert [(note.text, note.amends) for note in entry.notes] == [("Kom tirsdag", None), ("Det var onsdag", first.pk)]


@pytest.mark.parametrize("who", ["charlie", "erik", "frida", "gorm", "hanne"])
def test_nobody_outside_borgerservice_reads_a_history(
    cast: SimpleNamespace, clock: Any, anna: Citizen, who: str
) -> None:
    handed_over(cast.alice, asker=anna.pk)
    with pytest.raises(NoAccess):
        history(getattr(cast, who), anna.pk)


def test_the_desk_is_told_what_a_new_matter_may_continue(cast: SimpleNamespace, clock: Any, anna: Citizen) -> None:
    register(cast.alice, NewEnquiry(service="koerekort"), asker=anna.pk)
    clock.go(days=20)
    register(cast.alice, NewEnquiry(service="koerekort"), NewEnquiry(service="flytning"), asker=anna.pk)
    clock.go(days=5)
    on = Contact.objects.latest("id").received_on + dt.timedelta(days=5)
    found = possible_follows(cast.alice, anna.pk, "pas", on)  # a driving licence is bundled with a passport
    assert [follow.service for follow in found] == ["koerekort"]
    assert found[0].received_on == dt.date(2026, 3, 31)
