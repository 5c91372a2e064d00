"""Solved in Borgerservice, indicator A: whose work it was. What others answer, are shown to or send back, as the table
of edge cases has it; `desk.a()` is contacts solved of contacts counted."""

from __future__ import annotations

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry, NewSignpost
from hovedindgang.contacts.rules import Advice, ChangeWhy, FollowsHow, ForwardKind, Outcome, SentOnHow
from hovedindgang.insight.tests.desk import SKAT, TO_JOBCENTER, Desk


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


def test_wrong_guidance_becomes_not_solved_from_the_day_it_is_known(desk: Desk) -> None:
    (enquiry,) = desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.days_pass(20)
    assert desk.a() == (1, 1)
    deeds.correct_enquiry(employee=desk.cast.alice, enquiry_id=enquiry.pk, found_wrong_on=desk.promised(0))
    assert desk.a() == (0, 1)
    assert desk.enquiries().found_wrong == 1
    assert desk.b() == (0, 1)
