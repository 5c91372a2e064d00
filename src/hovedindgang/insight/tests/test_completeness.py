"""How many of those who came were registered: what a rate rests on, and whom the registers saw go."""

from __future__ import annotations

import datetime as dt

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.tests.desk import Desk, recorded
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.registers.rules import Result
from hovedindgang.servicemodel.document import Channel


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
