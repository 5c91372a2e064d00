"""Solved in one contact, indicator B: whether she had to come, write or ring again. `desk.b()` is enquiries solved at
once of enquiries known whose window has run out."""

from __future__ import annotations

import uuid

import pytest

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry, NewHandover
from hovedindgang.contacts.rules import ChangeWhy, ComeBackReason, Direction, FollowsHow, Outcome, WhoAsks, WithdrawnWhy
from hovedindgang.insight.tests.desk import Desk, applies, counted_by, reopen, step
from hovedindgang.servicemodel.document import Channel


def test_what_she_fetched_and_was_then_opened_again_is_not_solved_at_once(desk: Desk) -> None:
    anna = desk.citizen()
    application = applies(desk, anna, 10)
    desk.days_pass(12)
    (fetched,) = desk.comes(anna, step(application, preparatory=True))
    assert (desk.contacts().solved, desk.enquiries().late) == (1, 0)
    desk.days_pass(3)
    reopen(desk, fetched)
    assert (desk.contacts().open, desk.contacts().solved, desk.enquiries().late) == (1, 0, 0)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=fetched.pk, outcome=Outcome.RESOLVED)
    assert (desk.contacts().solved, desk.enquiries().late) == (1, 0)
    assert desk.b() == (0, 1)


def test_what_was_opened_again_after_she_fetched_it_is_open_until_it_is_solved_anew(desk: Desk) -> None:
    anna = desk.citizen()
    application = applies(desk, anna, 10)
    desk.days_pass(4)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=application.pk, outcome=Outcome.RESOLVED)
    desk.comes(anna, step(application, preparatory=True))
    assert (desk.contacts().open, desk.contacts().solved) == (0, 1)
    reopen(desk, application)
    assert (desk.contacts().open, desk.contacts().solved) == (1, 0)
    desk.days_pass(6)
    assert desk.enquiries().late == 1
    desk.comes(anna, step(application, preparatory=True))
    assert (desk.contacts().open, desk.contacts().solved) == (0, 1)
    assert desk.b() == (0, 1)


def test_she_who_came_by_plan_and_was_asked_to_come_once_more_was_not_helped_at_once(desk: Desk) -> None:
    for again in (False, True):
        anna = desk.citizen()
        application = applies(desk, anna, 20)
        desk.days_pass(2)
        if again:
            missing = step(application, outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.ID)
            (visit,) = desk.comes(anna, missing)
            desk.days_pass(1)
            desk.comes(anna, step(visit))
        else:
            desk.comes(anna, step(application))
    assert desk.a() == (2, 2)
    assert desk.b() == (1, 2)


def test_an_error_raised_after_the_window_is_judged_by_it_though_its_own_visit_was_not_the_last(desk: Desk) -> None:
    anna = desk.citizen()
    (first,) = desk.comes(anna, NewEnquiry(service="pas"))
    desk.days_pass(20)
    raised = NewEnquiry(service="pas", follows=first.pk, follows_how=FollowsHow.NOT_HELPED)
    (again,) = desk.comes(anna, raised)
    desk.days_pass(1)
    (visit,) = desk.comes(anna, step(again, outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.ID))
    desk.days_pass(1)
    desk.comes(anna, step(visit))
    assert desk.b() == (1, 1)


def test_a_matter_that_a_department_answers_late_stays_in_the_count_as_not_solved_at_once(desk: Desk) -> None:
    asked = NewHandover(department="jobcenter", summary="Sagen", promised_on=desk.promised(30))
    (enquiry,) = desk.comes(desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=asked))
    assert counted_by(desk, after=(14, 15, 20)) == [(0, 0), (0, 1), (0, 1)]
    handover = enquiry.handovers.get()
    deeds.accept_handover(employee=desk.cast.charlie, handover_id=handover.pk)
    deeds.answer_handover(employee=desk.cast.charlie, handover_id=handover.pk, answer="Hun får svar på mandag")
    assert counted_by(desk, after=(0, 1, 13, 14, 15)) == [(0, 1)] * 5


def test_she_who_comes_back_with_her_papers_after_the_window_stays_in_the_count(desk: Desk) -> None:
    anna = desk.citizen()
    missing = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)
    (first,) = desk.comes(anna, missing)
    assert counted_by(desk, after=(15, 20)) == [(0, 1), (0, 1)]
    desk.comes(anna, NewEnquiry(service="pas", follows=first.pk, follows_how=FollowsHow.PLANNED_STEP))
    assert counted_by(desk, after=(0, 1, 14, 15)) == [(0, 1)] * 4


def test_what_we_answer_late_after_the_window_stays_in_the_count(desk: Desk) -> None:
    (one,) = desk.comes(desk.citizen(), NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(3)))
    assert counted_by(desk, after=(15, 20)) == [(0, 1), (0, 1)]
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=one.pk, outcome=Outcome.RESOLVED)
    assert counted_by(desk, after=(0, 1, 14, 15)) == [(0, 1)] * 4


def test_what_is_opened_again_after_the_window_stays_in_the_count_while_it_is_open(desk: Desk) -> None:
    (one,) = desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    assert counted_by(desk, after=(14, 15, 20)) == [(0, 0), (1, 1), (1, 1)]
    deeds.reopen_enquiry(
        employee=desk.cast.alice, enquiry_id=one.pk, why=ChangeWhy.REOPENED, promised_on=desk.promised(5)
    )
    assert counted_by(desk, after=(0, 1)) == [(0, 1), (0, 1)]
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=one.pk, outcome=Outcome.RESOLVED)
    assert counted_by(desk, after=(0, 1, 14, 15)) == [(0, 1)] * 4


def test_what_comes_back_to_us_undone_is_judged_anew_when_we_have_solved_it_by_the_day(desk: Desk) -> None:
    asked = NewHandover(department="jobcenter", summary="Sagen", promised_on=desk.promised(30))
    waits = NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(40))
    (enquiry,) = desk.comes(desk.citizen(), waits)
    deeds.hand_over(employee=desk.cast.alice, enquiry_id=enquiry.pk, handover=asked, key=uuid.uuid4())
    assert counted_by(desk, after=(15,)) == [(0, 1)]
    handover = enquiry.handovers.get()
    deeds.decline_handover(employee=desk.cast.charlie, handover_id=handover.pk, reason="Ikke vores")
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert counted_by(desk, after=(0, 14, 15)) == [(0, 0), (0, 0), (1, 1)]


def test_booked_only_because_nobody_could_help_today_is_told_to_come_back(desk: Desk) -> None:
    citizen = desk.citizen()
    (first,) = desk.comes(
        citizen,
        NewEnquiry(
            service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.NO_TIME, preparatory=False
        ),
    )
    assert (desk.contacts().open, desk.contacts().judged) == (1, 1)
    desk.days_pass(3)
    desk.comes(citizen, NewEnquiry(service="pas", follows=first.pk, follows_how=FollowsHow.PLANNED_STEP))
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


def test_she_who_must_come_back_with_a_document_is_open_until_she_does_and_then_solved_not_at_once(desk: Desk) -> None:
    citizen = desk.citizen()
    (first,) = desk.comes(
        citizen,
        NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT),
    )
    assert (desk.contacts().open, desk.contacts().solved) == (1, 0)
    desk.days_pass(5)
    desk.comes(citizen, NewEnquiry(service="pas", follows=first.pk, follows_how=FollowsHow.PLANNED_STEP))
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


def test_applying_and_then_collecting_is_one_matter_solved_at_the_collection(desk: Desk) -> None:
    citizen = desk.citizen()
    (application,) = desk.comes(citizen, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(10)))
    assert (desk.contacts().open, desk.contacts().solved) == (1, 0)
    desk.days_pass(12)  # it was ready in time; she came for it when it suited her
    desk.comes(
        citizen,
        NewEnquiry(service="pas_afhentning", follows=application.pk, follows_how=FollowsHow.PLANNED_STEP),
    )
    assert desk.a() == (1, 1)
    assert desk.enquiries().late == 0
    assert desk.b() == (1, 1)


def test_calling_back_in_time_is_no_new_contact_and_keeps_the_promise(desk: Desk) -> None:
    citizen = desk.citizen()
    (enquiry,) = desk.comes(
        citizen,
        NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(2)),
        channel=Channel.PHONE,
    )
    desk.days_pass(1)
    desk.comes(
        citizen,
        NewEnquiry(service="flytning", follows=enquiry.pk, follows_how=FollowsHow.PLANNED_STEP),
        channel=Channel.PHONE,
        direction=Direction.OUT,
    )
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.b() == (1, 1)


def test_when_she_rings_before_we_do_it_was_not_at_once(desk: Desk) -> None:
    citizen = desk.citizen()
    (enquiry,) = desk.comes(
        citizen,
        NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(2)),
        channel=Channel.PHONE,
    )
    desk.days_pass(1)
    desk.comes(
        citizen,
        NewEnquiry(service="flytning", follows=enquiry.pk, follows_how=FollowsHow.CHASING),
        channel=Channel.PHONE,
    )
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


def test_a_question_back_because_our_form_was_unclear_is_judged_by_its_end_and_not_at_once(desk: Desk) -> None:
    citizen = desk.citizen()
    (enquiry,) = desk.comes(
        citizen,
        NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(5)),
        channel=Channel.WRITTEN,
        medium="letter",
    )
    desk.days_pass(1)
    desk.comes(
        citizen,
        NewEnquiry(service="flytning", follows=enquiry.pk, follows_how=FollowsHow.OUR_ERROR),
        channel=Channel.WRITTEN,
        medium="letter",
        direction=Direction.OUT,
    )
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


def test_the_same_matter_in_three_channels_the_same_day_is_one_matter(desk: Desk) -> None:
    citizen = desk.citizen()
    (first,) = desk.comes(
        citizen,
        NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(3)),
        channel=Channel.WRITTEN,
        medium="letter",
    )
    for channel in (Channel.PHONE, Channel.IN_PERSON):
        desk.time.go(minutes=20)
        desk.comes(
            citizen,
            NewEnquiry(service="flytning", follows=first.pk, follows_how=FollowsHow.CHASING),
            channel=channel,
        )
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=first.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.enquiries().chasing == 2
    assert desk.b() == (0, 1)


def test_the_daughter_who_calls_again_for_her_mother_is_seen_by_the_clock(desk: Desk) -> None:
    mother, daughter = desk.citizen(), desk.citizen()
    desk.comes(mother, NewEnquiry(service="flytning"))
    desk.days_pass(10)
    desk.comes(
        daughter,
        NewEnquiry(service="flytning", for_whom=(mother.pk,)),
        who_asks=WhoAsks.HELPER,
        channel=Channel.PHONE,
    )
    assert desk.b() == (1, 2)
    assert (desk.enquiries().once_7_days, desk.enquiries().once_30_days) == (2, 1)


@pytest.mark.parametrize("who", [WhoAsks.COLLEAGUE, WhoAsks.AUTHORITY, WhoAsks.COMPANY])
@pytest.mark.parametrize("linked", [False, True])
def test_what_others_ask_about_her_does_not_say_that_she_had_to_come_again(
    desk: Desk, who: WhoAsks, linked: bool
) -> None:
    anna = desk.citizen()
    (first,) = desk.comes(anna, NewEnquiry(service="pas"))
    desk.days_pass(3)
    link = {"follows": first.pk, "follows_how": FollowsHow.CHASING} if linked else {}
    desk.comes(None, NewEnquiry(service="pas", for_whom=(anna.pk,), **link), who_asks=who)
    assert desk.b() == (1, 1)
    assert desk.enquiries().came_again == 0


def test_she_who_came_again_and_changed_her_mind_had_no_need_to(desk: Desk) -> None:
    anna = desk.citizen()
    desk.comes(anna, NewEnquiry(service="pas"))
    desk.days_pass(3)
    desk.comes(anna, NewEnquiry(service="pas", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.CHANGED_MIND))
    assert desk.b() == (1, 1)


def test_a_new_matter_after_all_does_not_break_the_first(desk: Desk) -> None:
    citizen = desk.citizen()
    (first,) = desk.comes(citizen, NewEnquiry(service="pas"))
    desk.days_pass(3)
    desk.comes(citizen, NewEnquiry(service="pas", follows=first.pk, follows_how=FollowsHow.NEW_MATTER))
    assert desk.a() == (2, 2)
    assert desk.b() == (2, 2)


def test_opened_again_by_the_citizen_and_then_solved_was_not_at_once(desk: Desk) -> None:
    (enquiry,) = desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    deeds.reopen_enquiry(
        employee=desk.cast.alice, enquiry_id=enquiry.pk, why=ChangeWhy.REOPENED, promised_on=desk.promised(5)
    )
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


def test_booking_a_time_after_being_told_to_come_back_ends_nothing(desk: Desk) -> None:
    citizen = desk.citizen()
    (first,) = desk.comes(
        citizen,
        NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT),
    )
    desk.days_pass(1)
    desk.comes(
        citizen,
        NewEnquiry(service="pas", preparatory=True, follows=first.pk, follows_how=FollowsHow.PLANNED_STEP),
        channel=Channel.PHONE,
    )
    assert (desk.contacts().open, desk.contacts().solved) == (1, 0)


def test_a_booking_for_the_same_person_is_no_sign_that_the_first_visit_failed(desk: Desk) -> None:
    citizen = desk.citizen()
    desk.comes(citizen, NewEnquiry(service="pas"))
    desk.days_pass(2)
    desk.comes(citizen, NewEnquiry(service="pas", preparatory=True), channel=Channel.PHONE)
    assert desk.b() == (1, 1)
