"""Kept figures are what a fresh count gives, whatever happened in between and whoever was told."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry, NewHandover, import_contacts
from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry
from hovedindgang.contacts.models import Contact, Enquiry
from hovedindgang.contacts.rules import ChangeWhy, FollowsHow, Outcome, TallyKind, WithdrawnWhy, WorkedBy
from hovedindgang.insight.actions import batches, mark_days, recompute_days, recompute_marked
from hovedindgang.insight.listeners import recount
from hovedindgang.insight.models import AvoidableDay, ContactDay, EnquiryDay, HourDay, KeptDay, StaffMonth
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.kernel.deliveries import listeners_of
from hovedindgang.kernel.models import Event
from hovedindgang.servicemodel.document import Channel, Level, ServiceKind

RECOUNT = "hovedindgang.insight.listeners.recount"
TABLES = (ContactDay, EnquiryDay, AvoidableDay, HourDay, StaffMonth)


def kept() -> list[list[tuple[Any, ...]]]:
    """Every kept row, without its row number."""
    found = []
    for table in TABLES:
        names = [field.attname for field in table._meta.concrete_fields if not field.primary_key]
        found.append(sorted(table.objects.values_list(*names), key=str))
    return found


class Told:
    """Tells the listener of every event since the last time, as the worker does."""

    def __init__(self) -> None:
        self.last = max(Event.objects.values_list("pk", flat=True), default=0)

    def catch_up(self) -> None:
        for event in Event.objects.filter(pk__gt=self.last).order_by("pk"):
            if RECOUNT in listeners_of(event.verb):
                recount(event)
            self.last = event.pk
        recompute_marked()


def test_what_is_kept_is_what_a_fresh_count_gives(desk: Desk) -> None:
    told = Told()
    anna, berit = desk.citizen(), desk.citizen()
    (first,) = desk.comes(anna, NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(3)))
    (second,) = desk.comes(berit, NewEnquiry(service="pas"))
    told.catch_up()
    desk.days_pass(4)
    desk.comes(anna, NewEnquiry(service="flytning", follows=first.pk, follows_how=FollowsHow.CHASING))
    desk.comes(berit, NewEnquiry(service="pas"))  # nobody linked it: it is the first day that changes
    told.catch_up()
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=first.pk, outcome=Outcome.RESOLVED)
    deeds.count(
        employee=desk.cast.alice,
        channel=Channel.PHONE,
        kind=TallyKind.INFORMATION,
        centre="pandrup",
        key=uuid.uuid4(),
    )
    deeds.correct_enquiry(employee=desk.cast.alice, enquiry_id=second.pk, found_wrong_on=desk.promised(0))
    told.catch_up()
    before = kept()
    assert before[0]
    assert before[1]
    recompute_days(days=KeptDay.objects.values_list("day", flat=True))
    assert kept() == before


def test_an_unlinked_visit_changes_the_day_of_the_first(desk: Desk) -> None:
    told = Told()
    anna = desk.citizen()
    desk.comes(anna, NewEnquiry(service="pas"))
    desk.days_pass(3)
    told.catch_up()
    assert sum(EnquiryDay.objects.values_list("came_again", flat=True)) == 0
    desk.comes(anna, NewEnquiry(service="pas"))
    told.catch_up()
    assert sum(EnquiryDay.objects.values_list("came_again", flat=True)) == 1


def assert_nothing_is_stale() -> None:
    before = kept()
    recompute_days(days=KeptDay.objects.values_list("day", flat=True))
    assert kept() == before


def merged_across_midnight(desk: Desk, matter: Enquiry, stands: Enquiry) -> None:
    """The matter's contact bears the day after and is counted under the other, as when both days could be merged."""
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=matter.contact_id, into_id=stands.contact_id)
    Contact.objects.filter(pk=matter.contact_id).update(received_on=desk.promised(1))


def test_a_matter_is_counted_anew_where_it_was_merged_when_she_chases(desk: Desk) -> None:
    told = Told()
    anna = desk.citizen()
    (stands,) = desk.comes(anna, NewEnquiry(service="flytning"))
    (matter,) = desk.comes(anna, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(30)))
    merged_across_midnight(desk, matter, stands)
    told.catch_up()
    desk.days_pass(5)
    desk.comes(anna, NewEnquiry(service="pas", follows=matter.pk, follows_how=FollowsHow.CHASING))
    told.catch_up()
    assert sum(EnquiryDay.objects.values_list("came_again", flat=True)) == 1
    assert_nothing_is_stale()


def test_an_unlinked_visit_changes_the_day_under_which_the_first_was_merged(desk: Desk) -> None:
    told = Told()
    anna = desk.citizen()
    (stands,) = desk.comes(anna, NewEnquiry(service="flytning"))
    (matter,) = desk.comes(anna, NewEnquiry(service="pas"))
    merged_across_midnight(desk, matter, stands)
    told.catch_up()
    desk.days_pass(5)
    desk.comes(anna, NewEnquiry(service="pas"))
    told.catch_up()
    assert sum(EnquiryDay.objects.values_list("came_again", flat=True)) == 1
    assert_nothing_is_stale()


@pytest.mark.parametrize("kept_first", [True, False])
def test_she_is_known_by_her_number_also_when_it_stands_on_the_contact_that_was_merged_away(
    desk: Desk, kept_first: bool
) -> None:
    told = Told()
    (without,) = desk.comes(None, NewEnquiry(service="pas"))
    (with_number,) = desk.comes(None, NewEnquiry(service="flytning"), repeat_of="70123456")
    into, merged = (without, with_number) if kept_first else (with_number, without)
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=merged.contact_id, into_id=into.contact_id)
    told.catch_up()
    desk.days_pass(3)
    desk.comes(None, NewEnquiry(service="pas"), repeat_of="70 12 34 56")
    told.catch_up()
    assert sum(EnquiryDay.objects.values_list("came_again", flat=True)) == 1
    assert_nothing_is_stale()
    assert desk.b() == (2, 3)
    deeds.part_contacts(employee=desk.cast.alice, contact_id=merged.contact_id)
    told.catch_up()
    assert desk.enquiries().unknown == 1
    assert desk.b() == (2, 2)


def test_an_earlier_visit_is_answered_for_by_a_number_that_was_merged_later(desk: Desk) -> None:
    told = Told()
    desk.comes(None, NewEnquiry(service="pas"), repeat_of="70123456")
    desk.days_pass(3)
    (without,) = desk.comes(None, NewEnquiry(service="pas"))
    (with_number,) = desk.comes(None, NewEnquiry(service="flytning"), repeat_of="70123456")
    told.catch_up()
    assert sum(EnquiryDay.objects.values_list("came_again", flat=True)) == 0
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=with_number.contact_id, into_id=without.contact_id)
    told.catch_up()
    assert sum(EnquiryDay.objects.values_list("came_again", flat=True)) == 1
    assert_nothing_is_stale()
    deeds.part_contacts(employee=desk.cast.alice, contact_id=with_number.contact_id)
    told.catch_up()
    assert sum(EnquiryDay.objects.values_list("came_again", flat=True)) == 0
    assert_nothing_is_stale()


def test_when_she_changes_her_mind_what_followed_is_a_matter_of_its_own(desk: Desk) -> None:
    told = Told()
    anna = desk.citizen()
    (first,) = desk.comes(anna, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(30)))
    desk.days_pass(5)
    desk.comes(anna, NewEnquiry(service="flytning", follows=first.pk, follows_how=FollowsHow.CHASING))
    told.catch_up()
    desk.days_pass(1)
    deeds.conclude_enquiry(
        employee=desk.cast.alice,
        enquiry_id=first.pk,
        outcome=Outcome.WITHDRAWN,
        withdrawn_why=WithdrawnWhy.CHANGED_MIND,
    )
    told.catch_up()
    assert_nothing_is_stale()


def test_days_are_counted_a_few_at_a_time_with_a_pause_for_the_desk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []
    monkeypatch.setattr("hovedindgang.insight.actions.time", SimpleNamespace(sleep=paused.append))
    monkeypatch.setattr("hovedindgang.insight.actions.DAYS_AT_ONCE", {"sqlite": 4, "postgresql": 4})
    monkeypatch.setattr("hovedindgang.insight.actions.PAUSE_SECONDS", {"sqlite": 0.3, "postgresql": 0.3})
    KeptDay.objects.all().delete()
    mark_days(days=[dt.date(2026, 3, day) for day in range(2, 12)])
    assert (recompute_marked(), paused) == (10, [0.3, 0.3])


def test_counting_a_day_twice_counts_it_once(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.count()
    once = kept()
    desk.count()
    assert kept() == once


def test_a_new_day_lets_windows_run_out(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.count()
    assert EnquiryDay.objects.get().waiting == 1
    desk.days_pass(40)
    recount(Event(verb="day.began", subject_kind="day", subject_id="2026-04-20"))
    recompute_marked()
    row = EnquiryDay.objects.get()
    assert (row.waiting, row.known_window, row.once_window) == (0, 1, 1)


def test_an_answer_after_the_window_takes_nothing_out_of_the_count(desk: Desk) -> None:
    told = Told()
    asked = NewHandover(department="jobcenter", summary="Sagen", promised_on=desk.promised(30))
    (enquiry,) = desk.comes(desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=asked))
    desk.days_pass(20)
    told.catch_up()
    handover = enquiry.handovers.get()
    deeds.accept_handover(employee=desk.cast.charlie, handover_id=handover.pk)
    deeds.answer_handover(employee=desk.cast.charlie, handover_id=handover.pk, answer="Hun får svar på mandag")
    told.catch_up()
    assert (EnquiryDay.objects.get().once_window, EnquiryDay.objects.get().known_window) == (0, 1)
    assert_nothing_is_stale()


def test_a_new_day_makes_a_handover_late_that_nobody_answered(desk: Desk) -> None:
    asked = NewHandover(department="jobcenter", summary="Sagen", promised_on=desk.promised(60))
    desk.comes(desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=asked))
    for days in (40, 21):
        desk.days_pass(days)
        recount(Event(verb="day.began", subject_kind="day", subject_id="2026-05-11"))
        if days == 40:
            desk.count()
        else:
            recompute_marked()
    assert EnquiryDay.objects.get().late == 1


def test_a_day_that_was_moved_is_counted_anew_and_the_broken_one_is_not_forgotten(desk: Desk) -> None:
    told = Told()
    waits = NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(3))
    (overdue,) = desk.comes(desk.citizen(), waits)
    (in_time,) = desk.comes(desk.citizen(), waits)
    (solved_late,) = desk.comes(desk.citizen(), waits)
    told.catch_up()
    desk.days_pass(2)
    deeds.move_promise(employee=desk.cast.alice, enquiry_id=in_time.pk, promised_on=desk.promised(10))
    told.catch_up()
    desk.days_pass(2)
    deeds.move_promise(employee=desk.cast.alice, enquiry_id=overdue.pk, promised_on=desk.promised(10))
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=solved_late.pk, outcome=Outcome.RESOLVED)
    told.catch_up()
    assert_nothing_is_stale()
    deeds.reopen_enquiry(
        employee=desk.cast.alice, enquiry_id=solved_late.pk, why=ChangeWhy.REOPENED, promised_on=desk.promised(5)
    )
    told.catch_up()
    assert EnquiryDay.objects.get().late == 2
    assert_nothing_is_stale()


def test_each_day_is_counted_by_the_version_that_was_in_force(policy_in_force: object) -> None:
    around = [dt.date(2025, 12, 30) + dt.timedelta(days=number) for number in range(5)]
    runs = batches(days=[*around, dt.date(2026, 3, 1)])
    assert [(run[0].isoformat(), len(run)) for run in runs] == [
        ("2025-12-30", 2),
        ("2026-01-01", 3),
        ("2026-03-01", 1),
    ]


TOLD_OF = {
    "contacts.imported": "import",
    "contact.merged": "contact",
    "contact.parted": "contact",
    "contact.registered": "contact",
    "day.began": "day",
    "enquiry.concluded": "enquiry",
    "enquiry.followed": "enquiry",
    "enquiry.for_whom_added": "enquiry",
    "enquiry.found_wrong": "enquiry",
    "enquiry.handed_over": "enquiry",
    "enquiry.promise_moved": "enquiry",
    "enquiry.reopened": "enquiry",
    "handover.answered": "enquiry",
    "handover.declined": "enquiry",
    "handover.returned": "enquiry",
    "register.imported": "register_file",
    "signpost.followed_up": "enquiry",
    "tally.counted": "tally",
    "version.adopted": "model_version",
}


@pytest.mark.parametrize(("verb", "kind"), TOLD_OF.items())
def test_the_listener_is_told_of_every_deed_that_changes_a_figure(
    policy_in_force: object, verb: str, kind: str
) -> None:
    assert RECOUNT in listeners_of(verb)
    recount(Event(verb=verb, subject_kind=kind, subject_id="987654"))


def test_an_import_marks_the_days_it_came_for_unless_they_have_been_counted_since(desk: Desk) -> None:
    when = dt.datetime(2026, 3, 2, 10, tzinfo=DENMARK)
    matter = BulkEnquiry(
        service="pas",
        kind=ServiceKind.TRANSACTION,
        level=Level.ADMINISTER,
        outcome=Outcome.RESOLVED,
        outcome_at=when,
        worked_by=WorkedBy.BORGERSERVICE,
        on_the_spot=True,
    )
    contact = BulkContact(
        channel=Channel.IN_PERSON, started_at=when, ended_at=when, centre="aabybro", enquiries=(matter,)
    )
    import_contacts(rows=[contact], actor=SYSTEM, source_name="gammelt system")
    event = Event.objects.get(verb="contacts.imported")
    recount(event)
    assert list(KeptDay.objects.filter(dirty=True).values_list("day", flat=True)) == [when.date()]
    recompute_marked()
    assert desk.a() == (1, 1)
    recount(event)
    assert not KeptDay.objects.filter(dirty=True).exists()
