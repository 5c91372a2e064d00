"""What was registered by mistake counts nowhere, and what is put right counts where it belongs, from that minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.models import Contact, Enquiry
from hovedindgang.contacts.rules import ComeBackReason, FollowsHow, Outcome, StruckWhy
from hovedindgang.insight.actions import recompute_days
from hovedindgang.insight.closing import Why
from hovedindgang.insight.models import ContactDay, KeptDay
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.insight.tests.test_closing import April, stands
from hovedindgang.insight.tests.test_kept import Told, kept
from hovedindgang.people.models import Citizen
from hovedindgang.servicemodel.document import Channel


class Week:
    """Anna and Berit were here on three days, with what repeats, waits and follows."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.told = desk, Told()
        self.anna, self.berit = desk.citizen(), desk.citizen()
        missing = NewEnquiry(service="pas", outcome=Outcome.MUST_COME_BACK, come_back_reason=ComeBackReason.DOCUMENT)
        (waits,) = desk.comes(self.anna, missing)
        desk.comes(self.berit, NewEnquiry(service="pas"))
        desk.days_pass(2)
        step = NewEnquiry(service="pas", follows=waits.pk, follows_how=FollowsHow.PLANNED_STEP)
        (self.step,) = desk.comes(self.anna, step)
        (self.again,) = desk.comes(self.anna, NewEnquiry(service="flytning"))
        desk.days_pass(1)
        (self.repeat,) = desk.comes(self.anna, NewEnquiry(service="flytning"))
        (self.apart,) = desk.comes(None, NewEnquiry(service="flytning"), centre="pandrup", repeat_of="70123456")
        self.told.catch_up()


def strike(week: Week, matter: Enquiry) -> None:
    deeds.strike_contact(
        employee=week.desk.cast.alice, contact_id=matter.contact_id, reason=StruckWhy.TEST, why="Prøve"
    )


def take_back(week: Week, matter: Enquiry) -> None:
    deeds.take_back_contact(employee=week.desk.cast.alice, contact_id=matter.contact_id)


def move(week: Week, matter: Enquiry, becomes: Citizen | None = None) -> None:
    deeds.move_contact(
        employee=week.desk.cast.alice,
        contact_id=matter.contact_id,
        was=week.anna.pk,
        becomes=(becomes or week.berit).pk,
        why="Navnesøster",
    )


def service(week: Week, matter: Enquiry) -> None:
    deeds.correct_service(
        employee=week.desk.cast.alice, enquiry_id=matter.pk, service="koerekort", why="Ramte ved siden af"
    )


def by_telephone(week: Week, matter: Enquiry) -> None:
    deeds.correct_channel(
        employee=week.desk.cast.alice, contact_id=matter.contact_id, channel=Channel.PHONE, why="Ringede"
    )


def the_day_before(week: Week, matter: Enquiry) -> None:
    contact = Contact.objects.get(pk=matter.contact_id)
    at = {"started_at": contact.started_at - dt.timedelta(days=1), "ended_at": contact.ended_at - dt.timedelta(days=1)}
    deeds.correct_times(employee=week.desk.cast.alice, contact_id=contact.pk, **at, why="Var dagen før")


MENDED: dict[str, Callable[[Week], None]] = {
    "the step is struck": lambda week: strike(week, week.step),
    "the first of two is taken back": lambda week: take_back(week, week.again),
    "the repeat is struck": lambda week: strike(week, week.repeat),
    "the only one at a place is struck": lambda week: strike(week, week.apart),
    "the repeat was another's": lambda week: move(week, week.repeat),
    "the step was another's": lambda week: move(week, week.step),
    "the repeat was another service": lambda week: service(week, week.repeat),
    "it was by telephone": lambda week: by_telephone(week, week.again),
    "it was the day before": lambda week: the_day_before(week, week.repeat),
    "the unknown's was another service": lambda week: service(week, week.apart),
}


@pytest.mark.parametrize("mended", MENDED)
def test_the_days_that_a_correction_touches_are_counted_anew_and_no_day_is_forgotten(desk: Desk, mended: str) -> None:
    week = Week(desk)
    before = kept()
    MENDED[mended](week)
    week.told.catch_up()
    told = kept()
    recompute_days(days=KeptDay.objects.values_list("day", flat=True))
    assert told == kept()
    assert told != before


def test_a_contact_that_was_a_mistake_is_in_no_figure(desk: Desk) -> None:
    (first,) = desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    assert desk.a() == (2, 2)
    deeds.take_back_contact(employee=desk.cast.alice, contact_id=first.contact_id)
    assert desk.a() == (1, 1)
    assert sum(row.contacts for row in ContactDay.objects.filter(current=True)) == 1


def test_who_came_again_only_by_mistake_was_helped_at_once(desk: Desk) -> None:
    anna = desk.citizen()
    desk.comes(anna, NewEnquiry(service="pas"))
    desk.days_pass(1)
    (again,) = desk.comes(anna, NewEnquiry(service="pas"))
    deeds.strike_contact(
        employee=desk.cast.alice, contact_id=again.contact_id, reason=StruckWhy.DUPLICATE, why="Stod der"
    )
    assert desk.b() == (1, 1)


@pytest.fixture
def april(desk: Desk) -> April:
    return April(desk)


def test_what_is_struck_after_the_close_is_a_correction_and_moves_nothing(april: April) -> None:
    deeds.strike_contact(
        employee=april.desk.cast.dorthe, contact_id=april.first.contact_id, reason=StruckWhy.TEST, why="Prøve"
    )
    found = april.board()
    stands(found)
    assert found.corrected
    assert (found.corrected.a.numerator, found.corrected.a.denominator) == (9, 10)
    assert found.corrected.why == {Why.MENDED: 1}
