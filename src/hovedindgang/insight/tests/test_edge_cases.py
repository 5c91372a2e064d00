"""Every line of the table of edge cases, as a sentence about people: A and B are read from the kept figures after the
real deeds. `desk.a()` is contacts solved of contacts counted, `desk.b()` enquiries solved at once of enquiries known
whose window has run out."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry, NewHandover, NewSignpost
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import (
    Advice,
    ChangeWhy,
    ComeBackReason,
    Direction,
    FollowsHow,
    ForwardKind,
    Outcome,
    SelfServiceHelp,
    SentOnHow,
    TallyKind,
    WhoAsks,
    WithdrawnWhy,
)
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel import clock
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.people.models import Citizen
from hovedindgang.registers.models import ImportedFile, RecordedContact
from hovedindgang.registers.rules import FileKind, RecordKind, Result
from hovedindgang.servicemodel.document import Channel

OUT = (0, 0)
SKAT = NewSignpost(how=ForwardKind.TOLD, authority="skat")
TO_JOBCENTER = NewHandover(department="jobcenter", summary="Hun vil høre om sin sag", promised_on=None)


def test_information_only_is_solved_and_also_shown_without(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="aabningstider"))
    assert desk.a() == (1, 1)
    assert desk.enquiries().transactions == 0
    assert desk.b() == (1, 1)


def test_information_to_someone_unknown_is_solved_and_unknown_to_the_second_indicator(desk: Desk) -> None:
    desk.comes(None, NewEnquiry(service="aabningstider"))
    assert desk.a() == (1, 1)
    assert desk.b() == OUT
    assert desk.enquiries().unknown == 1


def test_asking_where_the_toilet_is_counts_nowhere_but_at_reception(desk: Desk) -> None:
    deeds.count(
        employee=desk.cast.alice,
        channel=Channel.IN_PERSON,
        kind=TallyKind.RECEPTION,
        centre="aabybro",
        key=uuid.uuid4(),
    )
    desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    assert desk.a() == (1, 1)
    assert desk.contacts().counted_reception == 1
    assert desk.b() == (1, 1)


def test_guiding_to_another_authority_is_neither_reward_nor_punishment(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="aabningstider", outcome=Outcome.SIGNPOSTED, signpost=SKAT))
    desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    assert desk.a() == (1, 1)
    kept = desk.contacts()
    assert (kept.with_apart_solved, kept.with_apart) == (2, 2)
    assert kept.with_apart_not_solved == 1
    assert desk.enquiries().apart == 1
    assert desk.b() == (1, 1)


def test_pointing_away_with_a_task_we_carry_is_not_solved(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="pas", outcome=Outcome.SIGNPOSTED, signpost=SKAT))
    assert desk.a() == (0, 1)
    assert desk.b() == (0, 1)


def test_she_who_was_well_guided_does_not_come_back_and_she_who_was_not_does(desk: Desk) -> None:
    guided = NewEnquiry(service="aabningstider", outcome=Outcome.SIGNPOSTED, signpost=SKAT)
    unlucky = desk.citizen()
    desk.comes(desk.citizen(), guided)
    desk.comes(unlucky, guided)
    desk.days_pass(2)
    desk.comes(unlucky, NewEnquiry(service="aabningstider"))
    kept = desk.enquiries()
    assert (kept.apart, kept.apart_came_back) == (2, 1)


def test_sent_on_inside_the_municipality_is_not_solved_and_she_was_sent_on(desk: Desk) -> None:
    to_teknik = NewSignpost(how=ForwardKind.TOLD, department="teknik")
    desk.comes(desk.citizen(), NewEnquiry(service="byggesag", outcome=Outcome.SIGNPOSTED, signpost=to_teknik))
    assert desk.a() == (0, 1)
    assert (desk.contacts().sent_on, desk.contacts().met) == (1, 1)
    assert desk.b() == (0, 1)


def test_she_who_was_sent_to_a_department_was_sent_on_though_we_solved_it_when_she_came_back(desk: Desk) -> None:
    to_jobcenter = NewSignpost(how=ForwardKind.TOLD, department="jobcenter")
    (enquiry,) = desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.SIGNPOSTED, signpost=to_jobcenter)
    )
    desk.days_pass(1)
    deeds.reopen_enquiry(
        employee=desk.cast.alice, enquiry_id=enquiry.pk, why=ChangeWhy.REOPENED, promised_on=desk.promised(5)
    )
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert (desk.contacts().sent_on, desk.contacts().met) == (1, 1)
    assert desk.b() == (0, 1)


def test_guidance_is_the_whole_task_where_guiding_is_the_adopted_level(desk: Desk) -> None:
    (enquiry,) = desk.comes(desk.citizen(), NewEnquiry(service="boligstoette_vejledning", guidance_given=True))
    assert enquiry.level == "guide"
    assert desk.a() == (1, 1)
    assert (desk.enquiries().outside, desk.enquiries().outside_guided) == (1, 1)
    assert desk.b() == (1, 1)


def test_what_a_department_answers_is_not_solved_in_borgerservice(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=TO_JOBCENTER)
    )
    handover = enquiry.handovers.get()
    deeds.accept_handover(employee=desk.cast.charlie, handover_id=handover.pk)
    deeds.answer_handover(employee=desk.cast.charlie, handover_id=handover.pk, answer="Sagen er afgjort")
    assert desk.a() == (0, 1)
    assert desk.b() == (0, 1)


def test_a_handover_declined_and_then_finished_by_us_is_solved_and_on_promise(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=TO_JOBCENTER)
    )
    deeds.decline_handover(
        employee=desk.cast.charlie, handover_id=enquiry.handovers.get().pk, reason="Det er ikke vores"
    )
    assert desk.contacts().open == 1
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.b() == (1, 1)
    assert desk.enquiries().on_promise == 1


def test_a_handover_returned_undone_and_finished_late_is_solved_but_not_at_once(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=TO_JOBCENTER)
    )
    handover = enquiry.handovers.get()
    deeds.accept_handover(employee=desk.cast.charlie, handover_id=handover.pk)
    deeds.return_handover(employee=desk.cast.charlie, handover_id=handover.pk, reason="Vi mangler hjemmel")
    desk.days_pass(30)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


def test_a_handover_returned_and_finished_by_us_is_not_at_once_if_she_had_to_ask(desk: Desk) -> None:
    citizen = desk.citizen()
    (enquiry,) = desk.comes(citizen, NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=TO_JOBCENTER))
    deeds.decline_handover(employee=desk.cast.charlie, handover_id=enquiry.handovers.get().pk, reason="Ikke vores")
    desk.comes(citizen, NewEnquiry(service="flytning", follows=enquiry.pk, follows_how=FollowsHow.CHASING))
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


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


def told_to_come_back(desk: Desk, enquiry: Enquiry) -> None:
    deeds.conclude_enquiry(
        employee=desk.cast.alice,
        enquiry_id=enquiry.pk,
        outcome=Outcome.MUST_COME_BACK,
        come_back_reason=ComeBackReason.DOCUMENT,
    )


def applies(desk: Desk, citizen: Citizen, days: int) -> Enquiry:
    """She is promised word within so many days."""
    (one,) = desk.comes(citizen, NewEnquiry(service="pas", outcome=Outcome.OPEN, promised_on=desk.promised(days)))
    return one


def step(of: Enquiry, **said: Any) -> NewEnquiry:
    return NewEnquiry(service="pas", follows=of.pk, follows_how=FollowsHow.PLANNED_STEP, **said)


def reopen(desk: Desk, enquiry: Enquiry) -> None:
    deeds.reopen_enquiry(
        employee=desk.cast.alice, enquiry_id=enquiry.pk, why=ChangeWhy.REOPENED, promised_on=desk.promised(5)
    )


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


def test_what_is_ready_too_late_was_not_on_promise_though_she_fetched_it(desk: Desk) -> None:
    anna = desk.citizen()
    application = applies(desk, anna, 3)
    desk.days_pass(5)
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=application.pk, outcome=Outcome.RESOLVED)
    desk.days_pass(1)
    desk.comes(anna, step(application, preparatory=True))
    assert desk.a() == (1, 1)
    assert desk.b() == (0, 1)


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


def counted_by(desk: Desk, *, after: tuple[int, ...]) -> list[tuple[int, int]]:
    """Indicator B so many days after today, one day after the other."""
    found, today = [], 0
    for days in after:
        desk.days_pass(days - today)
        today, kept = days, desk.enquiries()
        found.append((kept.once_window, kept.known_window))
    return found


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


def test_passing_a_departments_answer_on_does_not_make_it_ours(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.PASSED_ON, handover=TO_JOBCENTER)
    )
    handover = enquiry.handovers.get()
    deeds.accept_handover(employee=desk.cast.charlie, handover_id=handover.pk)
    deeds.answer_handover(employee=desk.cast.charlie, handover_id=handover.pk, answer="Ja")
    deeds.pass_answer_on(employee=desk.cast.alice, handover_id=handover.pk)
    assert desk.a() == (0, 1)
    assert desk.b() == (0, 1)


def test_asking_a_specialist_while_we_keep_the_matter_is_solved_on_the_spot(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="pas", advice=Advice.SPECIALIST))
    assert desk.a() == (1, 1)
    assert desk.b() == (1, 1)
    assert desk.enquiries().on_the_spot == 1


def test_finished_at_another_centre_is_solved_but_she_was_sent_on_if_she_had_to_go(desk: Desk) -> None:
    (stayed,) = desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(3))
    )
    desk.comes(desk.citizen(), NewEnquiry(service="flytning", sent_on=SentOnHow.GO))
    deeds.conclude_enquiry(employee=desk.cast.bob, enquiry_id=stayed.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (2, 2)
    assert (desk.contacts().sent_on, desk.contacts().met) == (1, 2)
    assert desk.b() == (2, 2)


def test_she_who_changed_her_mind_is_not_counted(desk: Desk) -> None:
    desk.comes(
        desk.citizen(),
        NewEnquiry(service="pas", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.CHANGED_MIND),
    )
    assert desk.a() == OUT
    assert desk.enquiries().changed_mind == 1
    assert desk.b() == OUT


def test_she_who_gave_up_was_not_helped(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="pas", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.GAVE_UP))
    assert desk.a() == (0, 1)
    assert desk.b() == (0, 1)


def test_a_booking_is_not_counted_and_the_visit_is_judged(desk: Desk) -> None:
    citizen = desk.citizen()
    (booking,) = desk.comes(citizen, NewEnquiry(service="pas", preparatory=True), channel=Channel.PHONE)
    desk.days_pass(3)
    desk.comes(citizen, NewEnquiry(service="pas", follows=booking.pk, follows_how=FollowsHow.PLANNED_STEP))
    assert desk.a() == (1, 1)
    assert desk.enquiries().preparatory == 1
    assert desk.b() == (1, 1)


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


def test_help_to_apply_is_solved_when_the_receipt_is_seen_whoever_decides_afterwards(desk: Desk) -> None:
    desk.comes(
        desk.citizen(),
        NewEnquiry(service="flytning", received_assisted=True, self_service=SelfServiceHelp.HELPED),
    )
    assert desk.a() == (1, 1)
    assert desk.b() == (1, 1)
    assert desk.enquiries().on_the_spot == 1


def test_giving_up_on_the_form_with_help_is_not_solved(desk: Desk) -> None:
    desk.comes(
        desk.citizen(),
        NewEnquiry(
            service="flytning",
            outcome=Outcome.WITHDRAWN,
            withdrawn_why=WithdrawnWhy.GAVE_UP,
            self_service=SelfServiceHelp.COULD_NOT,
        ),
    )
    assert desk.a() == (0, 1)
    assert desk.b() == (0, 1)


def test_self_service_finished_by_rule_stands_apart(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="flytning"), channel=Channel.DIGITAL, unattended=True)
    desk.comes(
        desk.citizen(),
        NewEnquiry(service="pas", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.GAVE_UP),
    )
    assert desk.a() == (0, 1)
    assert (desk.contacts().unattended_solved, desk.contacts().unattended) == (1, 1)
    assert desk.b() == (0, 1)


def test_self_service_that_a_person_must_finish_is_judged_by_its_outcome(desk: Desk) -> None:
    (enquiry,) = desk.comes(
        desk.citizen(),
        NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=desk.promised(3)),
        channel=Channel.DIGITAL,
        medium="self_service",
    )
    deeds.conclude_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, outcome=Outcome.RESOLVED)
    assert desk.a() == (1, 1)
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


def test_wrong_guidance_becomes_not_solved_from_the_day_it_is_known(desk: Desk) -> None:
    (enquiry,) = desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.days_pass(20)
    assert desk.a() == (1, 1)
    deeds.correct_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, found_wrong_on=desk.promised(0))
    assert desk.a() == (0, 1)
    assert desk.enquiries().found_wrong == 1
    assert desk.b() == (0, 1)


def test_three_matters_in_one_contact_of_which_two_are_solved(desk: Desk) -> None:
    desk.comes(
        desk.citizen(),
        NewEnquiry(service="pas"),
        NewEnquiry(service="koerekort"),
        NewEnquiry(service="flytning", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.GAVE_UP),
    )
    assert desk.a() == (0, 1)
    assert desk.a_enquiries() == (2, 3)
    assert desk.b() == (2, 3)


def test_a_mother_with_two_childrens_passports_is_one_contact_and_three_people(desk: Desk) -> None:
    mother, son, daughter = desk.citizen(), desk.citizen(), desk.citizen()
    desk.comes(
        mother,
        NewEnquiry(service="pas"),
        NewEnquiry(service="pas", for_whom=(son.pk,)),
        NewEnquiry(service="pas", for_whom=(daughter.pk,)),
    )
    desk.days_pass(3)
    desk.comes(mother, NewEnquiry(service="pas", for_whom=(son.pk,)))  # the son's was not right after all
    assert desk.contacts().judged == 2
    assert desk.b() == (3, 4)


def test_a_care_worker_with_ten_residents_is_nobodys_repeat(desk: Desk) -> None:
    residents = [desk.citizen() for _ in range(10)]
    for resident in residents:
        desk.comes(
            None,
            NewEnquiry(service="flytning", for_whom=(resident.pk,)),
            who_asks=WhoAsks.HELPER,
            repeat_of="55 55 00 01",
            channel=Channel.PHONE,
        )
    assert desk.a() == (10, 10)
    assert desk.b() == (10, 10)


def test_a_company_an_authority_and_a_colleague_have_a_table_of_their_own(desk: Desk) -> None:
    for who in (WhoAsks.COMPANY, WhoAsks.AUTHORITY, WhoAsks.COLLEAGUE):
        desk.comes(None, NewEnquiry(service="pas"), who_asks=who)
    assert desk.a() == OUT
    assert desk.contacts().other_asker == 3
    assert desk.b() == OUT


def test_a_citizen_of_another_municipality_counts_as_any(desk: Desk) -> None:
    visitor = desk.citizen()
    visitor.address = "Prøvegade 1, 9999 En anden kommune"
    visitor.save()
    desk.comes(visitor, NewEnquiry(service="pas"))
    assert desk.a() == (1, 1)
    assert desk.b() == (1, 1)


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


def test_two_registrations_of_one_visit_are_one_contact_when_merged(desk: Desk) -> None:
    citizen = desk.citizen()
    (first,) = desk.comes(citizen, NewEnquiry(service="pas"))
    desk.time.go(minutes=1)
    (second,) = desk.comes(citizen, NewEnquiry(service="pas"), employee=desk.cast.bob, centre="pandrup")
    assert desk.a() == (2, 2)
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=second.contact_id, into_id=first.contact_id)
    assert desk.a() == (1, 1)
    assert desk.b() == (2, 2)


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


def test_she_who_left_the_queue_or_hung_up_stands_beside_and_is_no_enquiry(desk: Desk) -> None:
    recorded(10, Result.ANSWERED)
    recorded(3, Result.LEFT)
    for _ in range(9):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    assert desk.a() == (9, 9)
    today = dt.date(2026, 3, 11)
    found = board(Period(today, today))
    assert found.not_reached == 3
    assert (found.completeness.registered, found.completeness.arrived) == (9, 10)
    assert found.completeness.valid
    assert desk.b() == (9, 9)


def test_under_the_limit_of_completeness_a_rate_is_not_valid_and_without_a_register_not_known(desk: Desk) -> None:
    today = dt.date(2026, 3, 11)
    desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.count()
    assert board(Period(today, today)).completeness.valid is None
    assert board(Period(today, today)).not_reached is None
    recorded(2, Result.ANSWERED)
    desk.count()
    assert board(Period(today, today)).completeness.valid is False


def test_too_many_registered_in_one_hour_do_not_cover_those_missing_in_another(desk: Desk) -> None:
    today = dt.date(2026, 3, 11)
    recorded(10, Result.ANSWERED)  # at ten o'clock, and six of them are registered
    for _ in range(6):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.time.go(hours=2)
    recorded(2, Result.ANSWERED)
    for _ in range(9):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.count()
    found = board(Period(today, today))
    assert (found.completeness.registered, found.completeness.arrived) == (15, 12)
    assert found.completeness.matched == 8
    assert found.completeness.valid is False
    (by_hand,) = (line for line in found.breakdowns["channel"] if line.key == Channel.IN_PERSON)
    assert by_hand.completeness == found.completeness


def test_a_letter_that_came_at_night_is_registered_when_it_is_opened_that_day(desk: Desk) -> None:
    today = dt.date(2026, 3, 11)
    desk.time.stand(dt.datetime(2026, 3, 11, 2, tzinfo=DENMARK))
    recorded(10, Result.ANSWERED, channel=Channel.WRITTEN)
    desk.time.go(hours=7)
    for _ in range(10):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"), channel=Channel.WRITTEN, medium="letter")
    desk.count()
    assert board(Period(today, today)).completeness.share == 1


def recorded(number: int, result: Result, channel: Channel = Channel.IN_PERSON) -> None:
    """So many came to Aabybro at that time, as the queue system or another register saw it."""
    at = clock.now()
    file = ImportedFile.objects.create(
        name=f"{result}-{at}.csv",
        sha256=f"{result.value}{at:%H}".ljust(64, "0"),
        kind=FileKind.FRONTDESK,
        system="frontdesk",
        read=number,
        added=number,
        refused=0,
        first_at=at,
        last_at=at,
        zone="Europe/Copenhagen",
    )
    RecordedContact.objects.bulk_create(
        RecordedContact(
            file=file,
            system="frontdesk",
            external_id=f"{result}-{at}-{each}",
            kind=RecordKind.TICKET,
            channel=channel,
            centre_id="aabybro",
            came_at=at,
            result=result,
        )
        for each in range(number)
    )
