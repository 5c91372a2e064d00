"""A closed month stands: what happens to it afterwards is told beside it, with the old and the new, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from hovedindgang.contacts import actions as deeds
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import ChangeWhy, Outcome, WithdrawnWhy
from hovedindgang.insight.actions import recompute_days, recompute_marked
from hovedindgang.insight.closing import Why
from hovedindgang.insight.corrected_words import correction_lines
from hovedindgang.insight.listeners import recount
from hovedindgang.insight.models import ClosedMonth, KeptDay
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.shown import Board
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.insight.tests.test_kept import Told, kept
from hovedindgang.insight.told import as_data
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.kernel.models import Event

MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


class April:
    """Ten came for passports on 11 March and one gave up; the thirtieth of April has begun, and March is closed."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.told = desk, Told()
        self.raised = [desk.comes(desk.citizen(), NewEnquiry(service="pas"))[0] for _ in range(10)]
        desk.comes(
            desk.citizen(), NewEnquiry(service="pas", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.GAVE_UP)
        )
        self.told.catch_up()
        begins(desk, 30)

    @property
    def first(self) -> Enquiry:
        return self.raised[0]

    def board(self) -> Board:
        self.told.catch_up()
        return board(MARCH)


def begins(desk: Desk, day: int) -> None:
    """That day of April, and the worker has done its work."""
    desk.time.stand(dt.datetime(2026, 4, day, 8, tzinfo=DENMARK))
    recount(Event(verb="day.began", subject_kind="day", subject_id=f"2026-04-{day:02}"))
    recompute_marked()


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


@pytest.fixture
def april(desk: Desk) -> April:
    return April(desk)


def stands(found: Board) -> None:
    assert (found.a.numerator, found.a.denominator) == (10, 11)
    assert (found.b.numerator, found.b.denominator) == (10, 11)
    assert sum(line.enquiries for line in found.breakdowns["channel"]) == 11
    assert found.final


def test_a_month_is_closed_on_the_models_day_and_not_before(desk: Desk) -> None:
    desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    desk.count()
    begins(desk, 29)
    assert not ClosedMonth.objects.exists()
    assert not board(MARCH).final
    begins(desk, 30)
    assert ClosedMonth.objects.get().closed_at
    assert board(MARCH).final
    assert board(MARCH).final_on == dt.date(2026, 4, 30)


def test_a_closed_month_that_nothing_happened_to_has_no_correction(april: April) -> None:
    found = april.board()
    stands(found)
    assert found.corrected is None
    assert as_data(found)["corrected"] is None


def test_she_who_is_registered_after_the_close_is_a_correction_and_moves_nothing(april: April) -> None:
    at = dt.datetime(2026, 3, 12, 10, tzinfo=DENMARK)
    april.desk.comes(april.desk.citizen(), NewEnquiry(service="pas"), started_at=at, ended_at=at, times_true=False)
    found = april.board()
    stands(found)
    assert found.corrected
    assert (found.corrected.a.numerator, found.corrected.a.denominator) == (11, 12)
    assert found.corrected.why == {Why.LATE_ENTRY: 1}
    first, *_, last = correction_lines(found)
    assert plain(first) == "Løst i Borgerservice: 90,9 % (10 af 11) ved lukningen, 91,7 % (11 af 12) nu."
    assert last == "Fordi: registreret siden (1 dag)."


def test_what_is_found_wrong_after_the_close_is_a_correction_and_moves_nothing(april: April) -> None:
    deeds.correct_enquiry(
        employee=april.desk.cast.alice, enquiry_id=april.first.pk, found_wrong_on=april.desk.promised(0)
    )
    found = april.board()
    stands(found)
    assert found.corrected
    assert (found.corrected.a.numerator, found.corrected.b.numerator) == (9, 9)
    assert found.corrected.why == {Why.FOUND_WRONG: 1}
    deeds.correct_enquiry(employee=april.desk.cast.alice, enquiry_id=april.first.pk, found_wrong_on=None)
    assert april.board().corrected is None  # it was right after all


def test_what_is_opened_again_after_the_close_is_a_correction_and_moves_nothing(april: April) -> None:
    deeds.reopen_enquiry(
        employee=april.desk.cast.alice,
        enquiry_id=april.first.pk,
        why=ChangeWhy.COMPLAINT,
        promised_on=april.desk.promised(5),
    )
    found = april.board()
    stands(found)
    assert found.corrected
    assert (found.corrected.a.numerator, found.corrected.a.open) == (9, 1)
    assert found.corrected.why == {Why.REOPENED: 1}


def test_what_is_merged_after_the_close_is_a_correction_and_moves_nothing(desk: Desk) -> None:
    anna = desk.citizen()
    for _ in range(2):
        desk.comes(anna, NewEnquiry(service="flytning"))
    april = April(desk)
    first, second = Enquiry.objects.order_by("pk")[:2]
    before = april.board()
    deeds.merge_contacts(employee=desk.cast.alice, contact_id=second.contact_id, into_id=first.contact_id)
    found = april.board()
    assert (found.a, found.b) == (before.a, before.b)
    assert found.corrected
    assert found.corrected.a.denominator == found.a.denominator - 1
    assert found.corrected.why == {Why.MERGED: 1}


def test_an_open_month_moves_with_what_is_known(april: April) -> None:
    april.desk.comes(april.desk.citizen(), NewEnquiry(service="pas"))
    april.told.catch_up()
    found = board(Period(dt.date(2026, 3, 1), dt.date(2026, 4, 30)))
    assert (found.a.numerator, found.a.denominator) == (11, 12)
    assert not found.final
    assert found.closed_until == dt.date(2026, 3, 31)
    assert found.corrected is None


def test_the_corrected_figures_are_what_a_fresh_count_gives(april: April) -> None:
    deeds.correct_enquiry(
        employee=april.desk.cast.alice, enquiry_id=april.first.pk, found_wrong_on=april.desk.promised(0)
    )
    april.told.catch_up()
    before = kept()
    recompute_days(days=KeptDay.objects.values_list("day", flat=True))
    assert kept() == before


def test_an_import_of_old_contacts_is_no_correction_before_another_day_has_begun(april: April) -> None:
    at = dt.datetime(2026, 2, 12, 10, tzinfo=DENMARK)
    for _ in range(2):  # two files of one system, read in one after the other
        april.desk.comes(april.desk.citizen(), NewEnquiry(service="pas"), started_at=at, ended_at=at, times_true=False)
        april.told.catch_up()
    found = board(Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28)))
    assert found.a.denominator == 2
    assert found.corrected is None


def test_the_leader_reads_what_stands_what_is_new_and_why(april: April, client_of: Callable[..., Client]) -> None:
    deeds.correct_enquiry(
        employee=april.desk.cast.alice, enquiry_id=april.first.pk, found_wrong_on=april.desk.promised(0)
    )
    april.told.catch_up()
    browser = client_of(april.desk.cast.dorthe)
    text = plain(browser.get(f"/tavle/?{MARCH.query}&period=custom").content.decode())
    assert "Tallene er endelige siden 30. april 2026" in text
    assert "Løst i Borgerservice: 90,9 % (10 af 11) ved lukningen, 81,8 % (9 af 11) nu." in text
    assert "Fordi: fundet forkert (1 dag)." in text
    listed = browser.get(f"/tavle/liste/henvendelser/solved/?{MARCH.query}")
    assert (listed.context["found"].shown, listed.context["found"].total) == (10, 9)
    assert "Tavlen siger 10" in listed.content.decode()
