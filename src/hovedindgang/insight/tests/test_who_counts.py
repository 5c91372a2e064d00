"""Whom and what the measure counts, and what it sets aside: the lines of the table of edge cases about who asks, what
they ask, and how many matters and people one contact holds. Each reads both indicators after the real deeds."""

from __future__ import annotations

import uuid

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.rules import FollowsHow, Outcome, SelfServiceHelp, TallyKind, WhoAsks, WithdrawnWhy
from hovedindgang.insight.tests.desk import OUT, Desk
from hovedindgang.servicemodel.document import Channel


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


def test_two_registrations_of_one_visit_are_one_contact_when_merged(desk: Desk) -> None:
    citizen = desk.citizen()
    (first,) = desk.comes(citizen, NewEnquiry(service="pas"))
    desk.time.go(minutes=1)
    (second,) = desk.comes(citizen, NewEnquiry(service="pas"), employee=desk.cast.bob, centre="pandrup")
    assert desk.a() == (2, 2)
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=second.contact_id, into_id=first.contact_id)
    assert desk.a() == (1, 1)
    assert desk.b() == (2, 2)
