"""Whether a promise was kept: by our first word, however the matter ended, and by the day she was promised."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry, NewHandover
from hovedindgang.contacts.rules import ChangeWhy, ComeBackReason, FollowsHow, Outcome
from hovedindgang.insight.tests.desk import Desk, applies, reopen, step, told_to_come_back
from hovedindgang.look.wording import short_day
from hovedindgang.people.models import Employee
from hovedindgang.servicemodel.document import Channel

ClientOf = Callable[[Employee], Client]


def test_a_handover_that_nobody_answers_is_late_from_the_day_after_the_promise(desk: Desk) -> None:
    asked = NewHandover(department="jobcenter", summary="Hun vil høre om sin sag", promised_on=desk.promised(5))
    desk.comes(desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=asked))
    desk.days_pass(5)
    assert desk.enquiries().late == 0
    desk.days_pass(1)
    assert desk.enquiries().late == 1
    assert desk.a() == (0, 1)
    assert desk.b() == (0, 1)


def test_a_broken_promise_stays_broken_when_a_department_is_given_a_later_day(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(3))
    )
    desk.days_pass(20)
    assert desk.enquiries().late == 1
    later = NewHandover(department="jobcenter", summary="Kan I svare?", promised_on=desk.promised(25))
    handover = deeds.hand_over(employee=desk.cast.alice, enquiry_id=enquiry.pk, handover=later)
    assert desk.enquiries().late == 1
    deeds.accept_handover(employee=desk.cast.charlie, handover_id=handover.pk)
    deeds.return_handover(employee=desk.cast.charlie, handover_id=handover.pk, reason="Vi mangler hjemmel")
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.enquiries().late == 1
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


def test_a_broken_promise_stays_broken_when_the_matter_is_opened_again(desk: Desk) -> None:
    (late,) = desk.comes(desk.citizen(), NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(3)))
    (kept,) = desk.comes(desk.citizen(), NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(9)))
    desk.days_pass(5)
    for one in (late, kept):
        deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=one.pk, outcome=Outcome.RESOLVED)
    assert desk.enquiries().late == 1
    desk.days_pass(20)
    for one in (late, kept):
        deeds.reopen_enquiry(
            employee=desk.cast.alice, enquiry_id=one.pk, why=ChangeWhy.REOPENED, promised_on=desk.promised(5)
        )
    assert desk.enquiries().late == 1
    for one in (late, kept):
        deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=one.pk, outcome=Outcome.RESOLVED)
    assert desk.enquiries().late == 1


def test_what_was_answered_by_a_day_moved_in_time_is_on_promise_and_by_one_moved_too_late_is_not(desk: Desk) -> None:
    for days in (2, 4):  # she was promised an answer on the third
        waits = NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(3))
        (one,) = desk.comes(desk.citizen(), waits)
        desk.days_pass(days)
        deeds.move_promise(employee=desk.cast.alice, enquiry_id=one.pk, promised_on=desk.promised(10))
        deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=one.pk, outcome=Outcome.RESOLVED)
    assert desk.enquiries().late == 1
    assert desk.a() == (2, 2)
    assert desk.b() == (1, 2)


def test_the_list_of_promises_not_kept_says_which_day_was_promised(desk: Desk, client_of: ClientOf) -> None:
    """The day that was not kept, also when she has been given another since."""
    days = desk.promised(3), desk.promised(10)
    (one,) = desk.comes(desk.citizen(), NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=days[0]))
    desk.days_pass(4)
    deeds.move_promise(employee=desk.cast.alice, enquiry_id=one.pk, promised_on=days[1])
    desk.count()
    seen = client_of(desk.cast.dorthe).get("/tavle/liste/aerinder/late/?from=2026-03-01&to=2026-04-30").content.decode()
    assert re.search(r">\s*Lovet dag\s*<", seen)
    assert short_day(days[0], language="da") in seen
    assert short_day(days[1], language="da") not in seen


def test_what_she_collected_in_time_is_no_broken_promise_when_it_is_opened_again(desk: Desk) -> None:
    anna = desk.citizen()
    (applied,) = desk.comes(anna, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(5)))
    desk.days_pass(4)
    desk.comes(
        anna, NewEnquiry(service="pas", follows=applied.pk, follows_how=FollowsHow.PLANNED_STEP, preparatory=True)
    )
    desk.days_pass(4)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=applied.pk, outcome=Outcome.RESOLVED)
    assert desk.enquiries().late == 0
    deeds.reopen_enquiry(
        employee=desk.cast.alice, enquiry_id=applied.pk, why=ChangeWhy.REOPENED, promised_on=desk.promised(5)
    )
    assert desk.enquiries().late == 0


def test_a_promise_kept_by_telling_her_no_is_not_late_for_what_she_does_afterwards(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(), NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(3))
    )
    desk.days_pass(2)
    deeds.conclude_enquiry(
        employee=desk.cast.alice,
        enquiry_id=enquiry.pk,
        outcome=Outcome.MUST_COME_BACK,
        come_back_reason=ComeBackReason.DOCUMENT,
    )
    desk.days_pass(30)
    assert desk.enquiries().late == 0


@pytest.mark.parametrize(("after", "late"), [(2, 0), (4, 1)])
def test_our_word_was_kept_or_not_when_we_told_her_to_come_back_and_not_when_she_came(
    desk: Desk, after: int, late: int
) -> None:
    anna = desk.citizen()
    waits = applies(desk, anna, 3)
    desk.days_pass(after)
    told_to_come_back(desk, waits)
    assert desk.enquiries().late == late
    desk.days_pass(10)
    desk.comes(anna, step(waits))
    assert desk.enquiries().late == late
    reopen(desk, waits)
    assert desk.enquiries().late == late
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=waits.pk, outcome=Outcome.RESOLVED)
    assert desk.enquiries().late == late


def test_our_word_was_kept_though_her_coming_was_registered_by_mistake_and_she_came_again_after_it(desk: Desk) -> None:
    anna = desk.citizen()
    waits = applies(desk, anna, 3)
    desk.days_pass(2)
    told_to_come_back(desk, waits)
    desk.days_pass(4)
    (wrong,) = desk.comes(anna, step(waits))
    deeds.take_back_contact(employee=desk.cast.alice, contact_id=wrong.contact_id)
    assert desk.enquiries().late == 0
    desk.days_pass(4)
    desk.comes(anna, step(waits))
    assert desk.enquiries().late == 0


def test_a_visit_by_which_she_had_our_word_in_time_stays_it_when_she_comes_once_more(desk: Desk) -> None:
    anna = desk.citizen()
    waits = applies(desk, anna, 5)
    desk.days_pass(4)
    (visit,) = desk.comes(anna, step(waits, outcome=Outcome.OPEN, promised_on=desk.promised(1)))
    told_to_come_back(desk, visit)
    desk.days_pass(5)
    assert desk.enquiries().late == 0
    desk.comes(anna, step(visit))
    assert desk.enquiries().late == 0
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=waits.pk, outcome=Outcome.RESOLVED)
    reopen(desk, waits)
    assert desk.enquiries().late == 0


def test_what_is_ready_too_late_was_not_on_promise_though_she_fetched_it(desk: Desk) -> None:
    anna = desk.citizen()
    application = applies(desk, anna, 3)
    desk.days_pass(5)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=application.pk, outcome=Outcome.RESOLVED)
    desk.days_pass(1)
    desk.comes(anna, step(application, preparatory=True))
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


def test_what_was_collected_is_not_late_for_being_taken_off_the_list_afterwards(desk: Desk) -> None:
    """The application stands under "mine open" until somebody closes it: that is house-keeping, not an answer."""
    citizen = desk.citizen()
    (application,) = desk.comes(citizen, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(10)))
    desk.days_pass(12)
    desk.comes(
        citizen,
        NewEnquiry(service="pas_afhentning", follows=application.pk, follows_how=FollowsHow.PLANNED_STEP),
    )
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=application.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.enquiries().late == 0
    assert desk.b() == (1, 1)


def test_what_was_ready_too_late_is_late_though_it_was_collected(desk: Desk) -> None:
    citizen = desk.citizen()
    (application,) = desk.comes(citizen, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(3)))
    desk.days_pass(5)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=application.pk, outcome=Outcome.RESOLVED)
    desk.days_pass(1)
    desk.comes(
        citizen,
        NewEnquiry(service="pas_afhentning", follows=application.pk, follows_how=FollowsHow.PLANNED_STEP),
    )
    assert desk.enquiries().late == 1


def test_a_letter_answered_after_two_days_is_solved_and_on_promise(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(),
        NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(5)),
        channel=Channel.WRITTEN,
        medium="letter",
    )
    desk.days_pass(2)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.b() == (1, 1)
    assert desk.enquiries().on_promise == 1


def test_a_letter_answered_after_its_day_is_solved_with_a_broken_promise(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(),
        NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(2)),
        channel=Channel.WRITTEN,
        medium="letter",
    )
    desk.days_pass(9)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.enquiries().late == 1
    assert desk.b() == (0, 1)
