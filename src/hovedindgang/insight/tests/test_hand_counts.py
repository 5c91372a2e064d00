"""Completeness beside every rate, by a register or counted by hand; a rate that is not valid is not shown as one."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.test import Client

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.actions import count_by_hand, take_count_back
from hovedindgang.insight.api import indicators
from hovedindgang.insight.commands import figures
from hovedindgang.insight.hand_counts import CountedBy, CountRefused, NewCount
from hovedindgang.insight.models import HandCount
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.tests.desk import Desk, recorded
from hovedindgang.registers.rules import Result
from hovedindgang.servicemodel.document import Channel

TODAY = dt.date(2026, 3, 11)
HERE = "/tavle/?period=custom&from=2026-03-11&to=2026-03-11"
COUNTS = "/tavle/talt/"
ClientOf = Callable[..., Client]


def counted(desk: Desk, arrived: int, **said: object) -> HandCount:
    usual = {
        "centre": "aabybro",
        "channel": Channel.IN_PERSON,
        "first_on": TODAY,
        "last_on": TODAY,
        "counted_by": CountedBy.RECEPTION,
    }
    replaces, why = said.pop("replaces", None), said.pop("why", "")
    count = NewCount(arrived=arrived, **{**usual, **said})  # type: ignore[arg-type]
    return count_by_hand(employee=desk.cast.alice, count=count, replaces=replaces, why=why)  # type: ignore[arg-type]


def come(desk: Desk, number: int, **said: object) -> None:
    for _ in range(number):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"), **said)  # type: ignore[arg-type]
    desk.count()


def today() -> Period:
    return Period(TODAY, TODAY)


def test_where_no_register_sees_who_comes_a_count_by_hand_says_whether_the_rates_are_valid(desk: Desk) -> None:
    come(desk, 9)
    assert board(today()).completeness.valid is None
    counted(desk, 10)
    found = board(today())
    assert (found.completeness.matched, found.completeness.arrived, found.completeness.by_hand) == (9, 10, 10)
    assert found.completeness.valid
    assert found.a.share == 1
    assert found.days_covered == {"in_person": 1}


def test_under_the_limit_no_share_is_told_anywhere(desk: Desk, client_of: ClientOf) -> None:
    come(desk, 8)
    counted(desk, 10)
    found = board(today())
    assert found.completeness.valid is False
    assert found.completeness.missing == 1
    rates = [found.a, found.b, found.a_enquiries, found.a_transactions, *found.a_apart, found.a_with_self_service]
    rates += [*found.b_beside.values(), *found.not_sent_on.values(), *(one.a for one in found.over_time)]
    rates += [*(one.b for one in found.over_time), *(one.a for one in found.versions), found.outside_guided]
    rates += [rate for lines in found.breakdowns.values() for line in lines for rate in (line.a, line.b)]
    rates += [rate for line in found.by_level for rate in (line.a, line.b)]
    assert [(rate.share, rate.low, rate.high) for rate in rates] == [(None, None, None)] * len(rates)
    assert [one.reached for one in found.versions] == [None]
    text = client_of(desk.cast.dorthe).get(HERE).content.decode()
    assert "Andelene er ikke gyldige" in text
    assert "Når 1 mere er registreret" in text
    assert "målet holder" not in text
    assert "100,0" not in text
    said = indicators(HttpRequest(), TODAY, TODAY)
    assert said["resolved_in_house"]["valid"] is False
    assert '"share": 1.0' not in json.dumps(said)
    told = CliRunner().invoke(figures, ["--from", "2026-03-11", "--to", "2026-03-11"])
    assert "Løst i Borgerservice: ikke gyldig (8/8)" in told.output


def test_a_centre_that_nobody_counts_does_not_cover_those_missing_at_another(desk: Desk) -> None:
    recorded(10, Result.ANSWERED)  # at Aabybro, whose queue system sees them
    come(desk, 6)
    come(desk, 6, centre="pandrup")
    found = board(today()).completeness
    assert (found.registered, found.matched, found.arrived) == (6, 6, 10)
    assert found.valid is False


def test_a_count_by_hand_stands_beside_the_register_of_another_centre(desk: Desk) -> None:
    recorded(10, Result.ANSWERED)
    come(desk, 10)
    come(desk, 3, centre="pandrup")
    counted(desk, 10, centre="pandrup")
    found = board(today())
    assert (found.completeness.matched, found.completeness.arrived, found.completeness.by_hand) == (13, 20, 10)
    assert found.completeness.valid is False


def test_where_a_register_sees_them_a_count_by_hand_is_set_aside(desk: Desk) -> None:
    recorded(10, Result.ANSWERED)
    come(desk, 10)
    counted(desk, 50)
    found = board(today()).completeness
    assert (found.matched, found.arrived, found.by_hand) == (10, 10, 0)


def test_a_count_of_one_hour_is_set_against_that_hour_alone(desk: Desk) -> None:
    come(desk, 4)  # at ten o'clock
    desk.time.go(hours=2)
    come(desk, 6)
    counted(desk, 8, from_hour=10, to_hour=11)
    found = board(today())
    assert (found.completeness.matched, found.completeness.arrived) == (4, 8)
    assert [(row.hour, row.matched, row.arrived) for row in found.hours if row.arrived] == [(10, 4, 8)]


def test_a_week_counted_by_hand_counts_only_in_a_period_that_holds_it_whole(desk: Desk) -> None:
    come(desk, 5)
    counted(desk, 6, first_on=dt.date(2026, 3, 9), last_on=TODAY)
    assert board(today()).completeness.valid is None
    assert board(Period(dt.date(2026, 3, 9), TODAY)).completeness.arrived == 6


def test_the_same_hour_is_never_counted_twice_and_the_same_form_sent_twice_is_one_count(desk: Desk) -> None:
    first = counted(desk, 8, from_hour=9, to_hour=12)
    assert counted(desk, 8, from_hour=9, to_hour=12) == first
    with pytest.raises(CountRefused, match="talt i forvejen"):
        counted(desk, 3, from_hour=11, to_hour=13)
    counted(desk, 3, from_hour=12, to_hour=13)
    assert HandCount.objects.count() == 2


def test_a_count_is_put_right_by_a_later_one_and_both_can_be_read(desk: Desk, client_of: ClientOf) -> None:
    first = counted(desk, 80)
    with pytest.raises(CountRefused, match="hvorfor"):
        counted(desk, 8, replaces=first.pk)
    second = counted(desk, 8, replaces=first.pk, why="et nul for meget")
    with pytest.raises(CountRefused, match="allerede rettet"):
        counted(desk, 9, replaces=first.pk, why="igen")
    assert board(today()).completeness.arrived == 8
    take_count_back(employee=desk.cast.dorthe, count_id=second.pk, why="det var en anden dag")
    assert board(today()).completeness.arrived == 0
    counted(desk, 7)  # the hours are free again
    text = client_of(desk.cast.dorthe).get(COUNTS).content.decode()
    assert "et nul for meget" not in text  # it was put right itself
    assert "taget tilbage: det var en anden dag" in text
    assert text.count("rettet siden") == 2


def test_the_database_itself_keeps_a_count_as_it_was(desk: Desk) -> None:
    first = counted(desk, 8)
    for statement in ("UPDATE insight_handcount SET arrived = 9", "DELETE FROM insight_handcount"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    first.refresh_from_db()
    assert first.arrived == 8


def test_alice_enters_a_count_on_the_page_and_what_is_wrong_is_told_with_nothing_lost(
    cast: SimpleNamespace, client_of: ClientOf
) -> None:
    browser = client_of(cast.alice)
    typed = {"centre": "aabybro", "channel": "phone", "first_on": "2026-03-11", "arrived": "mange"}
    answer = browser.post(COUNTS, {**typed, "counted_by": "switchboard"})
    assert answer.status_code == 422
    assert 'value="mange"' in answer.content.decode()
    assert browser.post(COUNTS, {**typed, "counted_by": "switchboard", "arrived": "12"}).status_code == 302
    (one,) = HandCount.objects.all()
    assert (one.arrived, one.channel, one.last_on, one.from_hour, one.to_hour) == (12, "phone", TODAY, 0, 24)
    assert "omstillingen" in browser.get(COUNTS).content.decode()
    page = browser.get(f"{COUNTS}{one.pk}/").content.decode()
    assert 'value="12"' in page
    assert 'value="2026-03-11"' in page
    sent = {**typed, "counted_by": "switchboard", "arrived": "13", "why": "talt om", "step": "correct"}
    assert browser.post(f"{COUNTS}{one.pk}/", sent).status_code == 302
    assert browser.get(f"{COUNTS}{one.pk}/").status_code == 404  # it stands no more
    assert client_of(cast.charlie).get(COUNTS).status_code == 403


@pytest.mark.parametrize(
    "said",
    [
        {"first_on": dt.date(2026, 3, 12), "last_on": dt.date(2026, 3, 12)},
        {"first_on": dt.date(2026, 3, 11), "last_on": dt.date(2026, 3, 10)},
        {"first_on": dt.date(2026, 1, 11), "last_on": dt.date(2026, 3, 10)},
        {"from_hour": 12, "to_hour": 12},
        {"to_hour": 25},
        {"centre": "atlantis"},
        {"first_on": dt.date(1990, 1, 1), "last_on": dt.date(1990, 1, 1)},
    ],
)
def test_a_count_that_cannot_be_is_refused_with_what_to_do(desk: Desk, said: dict[str, object]) -> None:
    with pytest.raises(CountRefused):
        counted(desk, 5, **said)
    assert not HandCount.objects.exists()
