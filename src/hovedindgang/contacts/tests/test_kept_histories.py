"""What a history shows is kept, and nobody ever sees an old one: whatever changes it is seen at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from hovedindgang.contacts.actions import (
    NewEnquiry,
    NewSignpost,
    accept_handover,
    add_for_whom,
    add_note,
    correct_times,
    make_histories,
    mark_everything,
    merge_contacts,
    note_got_there,
    part_contacts,
    reopen_enquiry,
    strike_contact,
)
from hovedindgang.contacts.history import history_as_json, read_history
from hovedindgang.contacts.models import Contact, Enquiry, EnquiryPerson, HistoryToMake, KeptHistory, Signpost
from hovedindgang.contacts.rules import ChangeWhy, ForwardKind, Outcome, StruckWhy
from hovedindgang.contacts.sensitivity import Reader
from hovedindgang.contacts.tests.desk import handed_over, register, registered
from hovedindgang.contacts.tests.test_two_at_once import at_once
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.clock import now
from hovedindgang.people.models import Citizen, Employee, Restriction

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@contextmanager
def past_what_is_kept() -> Iterator[None]:
    """As the tables say: everything is old here."""
    with transaction.atomic():
        mark_everything()
        yield
        transaction.set_rollback(True)


def histories(*, size: int = 20) -> dict[int, list[Any]]:
    return {one.pk: list(read_history(one.pk, limit=size)) for one in Citizen.objects.order_by("pk")}


def as_the_tables_say(*, size: int = 20) -> dict[int, list[Any]]:
    with past_what_is_kept():
        return histories(size=size)


def unwaiting(deed: Callable[[], Any]) -> Callable[[], Any]:
    """The deed, in a thread of its own, which fails where it would wait for another."""

    def done() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '10s'")
        return deed()

    return done


def kept_with(contact: int, citizen: Citizen) -> bool:
    return KeptHistory.objects.get(citizen=citizen).entries.count(f'"contact_id":{contact},') == 1


@pytest.fixture
def town(cast: SimpleNamespace, clock: Any) -> SimpleNamespace:
    """Anna and Bo, with a bit of everything; all of it made."""
    anna, bo = Citizen.objects.create(name="Anna Prøve"), Citizen.objects.create(name="Bo Prøve")
    handover = handed_over(cast.alice, asker=anna.pk, note="Fik et skema med")
    clock.go(hours=1)
    told = NewSignpost(how=ForwardKind.TOLD, authority="skat")
    shown = registered(
        cast.alice, NewEnquiry(service="pas", outcome=Outcome.SIGNPOSTED, signpost=told), asker=anna.pk, note="Skat"
    )
    clock.go(hours=1)
    shared = registered(
        cast.alice,
        NewEnquiry(service="pas", for_whom=(anna.pk,)),
        NewEnquiry(service="flytning", for_whom=(bo.pk,)),
        note="Om dem begge",
    )
    clock.go(hours=1)
    single = registered(cast.bob, NewEnquiry(service="koerekort"), asker=bo.pk)
    make_histories()
    assert not HistoryToMake.objects.exists()
    return SimpleNamespace(
        cast=cast, clock=clock, anna=anna, bo=bo, handover=handover, shown=shown, shared=shared, single=single
    )


def test_what_is_read_is_what_is_kept(town: SimpleNamespace) -> None:
    assert [len(history) for history in histories().values() if history] == [3, 2]
    assert histories() == as_the_tables_say()
    KeptHistory.objects.filter(citizen=town.anna).update(entries='[{"kept": true}]')
    entries, _following = history_as_json(
        actor=SYSTEM, citizen_id=town.anna.pk, limit=20, before=None, use="api", reason="sag 1"
    )
    assert json.loads(entries) == [{"kept": True}]


def test_a_contact_registered_the_usual_way_is_seen_before_and_after_it_is_made(town: SimpleNamespace) -> None:
    new = register(town.cast.alice, NewEnquiry(service="pas", for_whom=(town.bo.pk,)), asker=town.anna.pk).contact_id
    for _made in range(2):
        seen = histories()
        assert seen == as_the_tables_say()
        assert new == seen[town.anna.pk][0].contact_id == seen[town.bo.pk][0].contact_id
        make_histories()
    assert all(kept_with(new, one) for one in (town.anna, town.bo))


# Who does what, and the trigger without which the change would not be seen.
Deed = Callable[[SimpleNamespace], object]
DEEDS: dict[str, tuple[str, Deed]] = {
    "a note is written": (
        "contacts_note_history_begin",
        lambda town: add_note(employee=town.cast.alice, contact_id=town.shown.contact_id, text="Hun ringede"),
    ),
    "a department takes it on": (
        "contacts_handover_history_old",
        lambda town: accept_handover(employee=town.cast.hanne, handover_id=town.handover.pk),
    ),
    "she got there": (
        "contacts_signpost_history_old",
        lambda town: note_got_there(
            employee=town.cast.alice,
            signpost_id=Signpost.objects.get(enquiry=town.shown).pk,
            got_there=True,
        ),
    ),
    "a matter gets a case number": (
        "contacts_enquiry_history_old",
        lambda town: Enquiry.objects.filter(pk=town.single.pk).update(case_number="2026-1"),
    ),
    "somebody else is named": (
        "contacts_enquiryperson_history_begin",
        lambda town: add_for_whom(employee=town.cast.bob, enquiry_id=town.single.pk, citizen_id=town.anna.pk),
    ),
    "somebody is named no more": (
        "contacts_enquiryperson_history_old",
        lambda town: EnquiryPerson.objects.filter(enquiry=town.shared, citizen=town.anna).delete(),
    ),
    "it was another who asked": (
        "contacts_contact_history_old",
        lambda town: Contact.objects.filter(pk=town.single.contact_id).update(asker=town.anna),
    ),
    "a contact from before is put in": (
        "contacts_contact_history_begin",
        lambda town: Contact.objects.create(
            asker=town.bo,
            channel="phone",
            started_at=now(),
            ended_at=now(),
            received_on=now().date(),
        ).enquiries.create(
            service_id="pas",
            kind="transaction",
            level="casework",
            received_on=now().date(),
            outcome="withdrawn",
            withdrawn_why="changed_mind",
            outcome_at=now(),
        ),
    ),
    "an employee is called something else": (
        "people_employee_history_old",
        lambda town: Employee.objects.filter(pk=town.cast.alice.pk).update(name="Alice Nygift"),
    ),
}


@pytest.mark.parametrize("what", DEEDS)
def test_whatever_changes_is_seen_at_once(town: SimpleNamespace, what: str) -> None:
    before = histories()
    DEEDS[what][1](town)
    after = as_the_tables_say()
    assert after != before
    assert histories() == after
    make_histories()
    assert not HistoryToMake.objects.exists()
    assert histories() == after


@pytest.mark.parametrize("what", DEEDS)
def test_and_would_not_be_without_its_trigger(town: SimpleNamespace, what: str) -> None:
    trigger, deed = DEEDS[what]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = %s", [trigger])
        cursor.execute(f"DROP TRIGGER {trigger} ON {cursor.fetchone()[0]}")
        if trigger.startswith("contacts_contact") and trigger.endswith("begin"):
            cursor.execute("DROP TRIGGER contacts_enquiry_history_begin ON contacts_enquiry")
    deed(town)
    assert histories() != as_the_tables_say()


def test_every_table_that_a_history_shows_has_its_triggers(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%%\\_history\\_%%' AND NOT tgisinternal")
        found = {name for (name,) in cursor.fetchall()}
    tables = ("contact", "enquiry", "enquiryperson", "note", "handover", "signpost")
    expected = {f"contacts_{table}_history_{when}" for table in tables for when in ("begin", "old")}
    assert found == expected | {"people_employee_history_old"}
    assert {trigger for trigger, _deed in DEEDS.values()} <= found


@pytest.mark.parametrize("size", [1, 20, 50])
def test_merging_parting_moving_striking_and_correcting_are_followed(town: SimpleNamespace, size: int) -> None:
    cast, contact = town.cast, town.single.contact_id
    deeds: list[Deed] = [
        lambda _: merge_contacts(employee=cast.bob, contact_id=contact, into_id=town.shared.contact_id),
        lambda _: part_contacts(employee=cast.bob, contact_id=contact),
        lambda _: correct_times(
            employee=cast.bob,
            contact_id=contact,
            started_at=town.shown.contact.started_at,
            ended_at=town.shown.contact.started_at,
            why="Tastet forkert",
        ),
        lambda _: reopen_enquiry(
            employee=cast.bob, enquiry_id=town.single.pk, why=ChangeWhy.REOPENED, promised_on=now().date()
        ),
        lambda _: strike_contact(
            employee=cast.dorthe, contact_id=town.shown.contact_id, reason=StruckWhy.DUPLICATE, why="To gange"
        ),
    ]
    for deed in deeds:
        deed(town)
        for _made in range(2):
            assert histories(size=size) == as_the_tables_say(size=size)
            make_histories()


@pytest.mark.parametrize("size", [20, 21, 50])
def test_a_short_history_is_kept_whole_and_a_long_one_is_not(town: SimpleNamespace, size: int) -> None:
    for _ in range(20 - 3):
        registered(town.cast.alice, NewEnquiry(service="pas"), asker=town.anna.pk)
    make_histories()
    text = KeptHistory.objects.get(citizen=town.anna).entries.replace("Skat", "Kept")
    KeptHistory.objects.filter(citizen=town.anna).update(entries=text)
    assert "Kept" in str(histories(size=size)[town.anna.pk])
    registered(town.cast.alice, NewEnquiry(service="pas"), asker=town.anna.pk)
    make_histories()
    assert [len(entries) for entries in histories(size=size).values() if entries] == [min(size, 21), 2]


def test_a_long_history_goes_on_where_the_kept_page_ends(town: SimpleNamespace) -> None:
    for _ in range(22):
        registered(town.cast.alice, NewEnquiry(service="pas"), asker=town.anna.pk)  # many at the same moment
    make_histories()

    def pages() -> list[list[int]]:
        found: list[list[int]] = []
        before = None
        while not found or before:
            entries, before = history_as_json(
                actor=SYSTEM, citizen_id=town.anna.pk, limit=20, before=before, use="api", reason="sag 1"
            )
            found.append([entry["contact_id"] for entry in json.loads(entries)])
        return found

    with past_what_is_kept():
        expected = pages()
    assert pages() == expected
    assert [len(page) for page in expected] == [20, 5]
    KeptHistory.objects.filter(citizen=town.anna).update(entries="[]")
    assert pages() == [[], expected[1]]


def test_who_may_not_see_all_is_told_so_though_it_is_kept(town: SimpleNamespace) -> None:
    entries = read_history(town.bo.pk, reader=Reader(frozenset({"koerekort"})))
    assert [entry.withheld for entry in entries] == [True, False]
    assert entries[0].enquiries == ()
    assert [entry.withheld for entry in read_history(town.bo.pk)] == [False, False]


def test_what_is_only_stored_of_another_is_left_out_of_a_kept_page(town: SimpleNamespace) -> None:
    def matters() -> list[int]:
        return [len(entry.enquiries) for entry in read_history(town.anna.pk, reader=Reader(frozenset(), stored="kept"))]

    EnquiryPerson.objects.create(enquiry=town.shown, citizen=town.bo)
    make_histories()
    assert matters() == [1, 1, 1]
    Restriction.objects.create(
        citizen=town.bo,
        why="contested",
        begun_on=now().date(),
        look_again_on=now().date(),
        placed_by=town.cast.dorthe,
    )
    with past_what_is_kept():
        expected = matters()
    assert matters() == expected != [1, 1, 1]


def test_who_has_no_contact_left_is_shown_none(town: SimpleNamespace) -> None:
    carl = Citizen.objects.create()
    only = register(town.cast.alice, asker=carl.pk).contact_id
    make_histories()
    strike_contact(employee=town.cast.dorthe, contact_id=only, reason=StruckWhy.DUPLICATE, why="To gange")
    for _made in range(2):
        assert read_history(carl.pk, limit=20) == []
        make_histories()
    assert not KeptHistory.objects.filter(citizen=carl).exists()


def test_what_is_taken_away_from_a_contact_is_not_kept_for_a_moment(town: SimpleNamespace) -> None:
    assert kept_with(town.single.contact_id, town.bo)
    Contact.objects.filter(pk=town.single.contact_id).update(asker=None)
    assert not KeptHistory.objects.filter(citizen=town.bo).exists()
    make_histories()
    assert kept_with(town.shared.contact_id, town.bo)
    EnquiryPerson.objects.filter(citizen=town.anna).delete()
    assert not KeptHistory.objects.exists()  # the other's is made anew too: it named her


def test_a_page_that_is_taken_away_is_to_be_made(town: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT contacts_history_gone(%s, NULL)", [town.shared.contact_id])
    assert not KeptHistory.objects.exists()
    make_histories()
    assert all(kept_with(town.shared.contact_id, one) for one in (town.anna, town.bo))


def test_what_is_left_for_the_next_round_is_still_marked(town: SimpleNamespace) -> None:
    Enquiry.objects.filter(pk=town.shown.pk).update(case_number="2026-1")
    Enquiry.objects.filter(pk=town.single.pk).update(case_number="2026-2")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contacts_make_histories(1)")
        assert cursor.fetchone() == (1,)
    assert histories() == as_the_tables_say()
    assert HistoryToMake.objects.count() == 1


def test_an_old_page_is_made_anew_only_where_it_says_something_else(town: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        asked = "SELECT citizen_id, ctid::text FROM contacts_kepthistory ORDER BY citizen_id"
        cursor.execute(asked)
        places = cursor.fetchall()
        mark_everything()
        assert make_histories() > 0
        cursor.execute(asked)
        assert cursor.fetchall() == places != []


@pytest.mark.django_db(transaction=True)
def test_a_note_written_while_a_page_is_made_is_seen(cast: SimpleNamespace) -> None:
    """Who makes them has an older view than who writes; whichever ends first, what is shown is what stands."""
    anna = Citizen.objects.create()
    contact = register(cast.alice, asker=anna.pk).contact_id
    make_histories()

    def note() -> None:
        add_note(employee=cast.alice, contact_id=contact, text="Endnu et ord")

    with transaction.atomic():
        mark_everything()
        assert make_histories() == 1
        at_once(note)  # ends before the making does
    (entry,) = read_history(anna.pk)
    assert [one.text for one in entry.notes] == ["Endnu et ord"]
    make_histories()
    assert read_history(anna.pk) == [entry]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_pages_to_be_made_and_making_waits_for_nobody(cast: SimpleNamespace) -> None:
    anna = Citizen.objects.create()
    contact = register(cast.alice, asker=anna.pk).contact_id
    make_histories()
    with transaction.atomic():
        Contact.objects.filter(pk=contact).update(asker=None)  # takes the entry away, and has not ended
        mark = HistoryToMake.objects.order_by("pk").last()
        assert mark is not None

        def mark_and_make() -> int:
            HistoryToMake.objects.create(contact_id=contact, citizen=anna)
            return make_histories()

        assert at_once(unwaiting(mark_and_make)) == [0]  # its turn comes when the other has ended
    assert make_histories() > 0
    assert histories() == as_the_tables_say()
    assert [entry.asker for entry in read_history(anna.pk)] == [None]


@pytest.mark.django_db(transaction=True)
def test_two_who_take_something_away_from_the_same_history_do_not_wait_for_each_other(cast: SimpleNamespace) -> None:
    anna = Citizen.objects.create()
    first, second = (register(cast.alice, asker=anna.pk).contact_id for _ in range(2))
    make_histories()

    def take_away(contact: int) -> None:
        Contact.objects.filter(pk=contact).update(asker=None)

    with transaction.atomic():
        take_away(first)
        assert at_once(unwaiting(lambda: take_away(second))) == [
            None
        ]  # ends, though the other has the page and has not ended
    assert not KeptHistory.objects.exists()
    make_histories()
    assert histories() == as_the_tables_say()
    assert [entry.asker for entry in read_history(anna.pk)] == [None, None]


@pytest.mark.django_db(transaction=True)
def test_one_makes_pages_at_a_time(cast: SimpleNamespace) -> None:
    anna = Citizen.objects.create()
    contacts = [register(cast.alice, asker=anna.pk).contact_id for _ in range(2)]
    with transaction.atomic():
        assert make_histories() == 2
        assert at_once(unwaiting(make_histories)) == [0]
    assert all(kept_with(contact, anna) for contact in contacts)
