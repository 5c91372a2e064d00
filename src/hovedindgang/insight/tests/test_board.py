"""The leader's board: who sees what, what stands on it, and that its figures open the lists they count."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.rules import Outcome, SentOnHow, WithdrawnWhy
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.people.models import Employee
from hovedindgang.servicemodel.document import Channel

ClientOf = Callable[..., Client]
MARCH = "/tavle/?period=custom&from=2026-03-01&to=2026-03-31"


@pytest.fixture
def march(desk: Desk) -> Desk:
    """A week's work: ten passports, six moves by phone, one of them sent on, one given up."""
    for _ in range(10):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))
    for number in range(6):
        said = {"sent_on": SentOnHow.RING} if number == 0 else {}
        desk.comes(desk.citizen(), NewEnquiry(service="flytning", **said), channel=Channel.PHONE)
    desk.comes(
        desk.citizen(), NewEnquiry(service="flytning", outcome=Outcome.WITHDRAWN, withdrawn_why=WithdrawnWhy.GAVE_UP)
    )
    desk.days_pass(60)
    desk.count()
    return desk


def test_the_leader_sees_whether_the_goal_holds(march: Desk, client_of: ClientOf) -> None:
    page = client_of(march.cast.dorthe).get(MARCH)
    assert page.status_code == 200
    text = page.content.decode()
    assert "94,1" in text  # 16 of 17
    assert "målet holder" in text
    assert "Politikken giver intet måltal" in text


def test_every_figure_opens_the_list_it_counts(march: Desk, client_of: ClientOf) -> None:
    browser = client_of(march.cast.dorthe)
    text = browser.get(MARCH).content.decode()
    links = re.findall(r'href="(/tavle/liste/[^"]+)">([\d.]+)<', text)
    assert len(links) > 30
    for address, shown in links:
        listed = browser.get(address.replace("&amp;", "&")).context["found"]
        assert listed.total == int(shown.replace(".", "")), address
        assert len(listed.rows) == min(25, listed.total), address


def test_a_caseworker_has_no_business_at_the_board(march: Desk, client_of: ClientOf) -> None:
    assert client_of(march.cast.charlie).get(MARCH).status_code == 403
    assert client_of(march.cast.charlie).get("/tavle/liste/aerinder/solved/").status_code == 403


def test_a_planner_sees_figures_and_no_contacts(march: Desk, client_of: ClientOf) -> None:
    text = client_of(march.cast.erik).get(MARCH).content.decode()
    assert "94,1" in text
    assert "/tavle/liste/" not in text
    assert 'href=""' not in text
    assert client_of(march.cast.erik).get("/tavle/liste/aerinder/solved/").status_code == 403


def test_the_board_is_whole_in_english(march: Desk, client_of: ClientOf) -> None:
    march.cast.dorthe.language = "en"
    march.cast.dorthe.save()
    browser = client_of(march.cast.dorthe)
    browser.cookies["hovedindgang_language"] = "en"
    text = browser.get(MARCH).content.decode()
    assert "Solved in Borgerservice" in text
    assert "Løst i" not in text


def test_a_centre_with_fewer_than_five_employees_shows_no_figures(march: Desk) -> None:
    period = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
    (line,) = board(period).breakdowns["centre"]
    assert line.hidden
    assert line.a.share is None
    for number in range(4):
        colleague = Employee.objects.create_user(f"ny{number}", "x", name="Ny", is_employee=True, centre_id="aabybro")
        march.time.stand(dt.datetime(2026, 3, 20, 10, tzinfo=DENMARK))
        march.comes(march.citizen(), NewEnquiry(service="pas"), employee=colleague)
    march.count()
    (line,) = board(period).breakdowns["centre"]
    assert not line.hidden
    assert line.a.denominator == 21


def test_a_board_takes_few_queries(
    march: Desk, client_of: ClientOf, django_assert_max_num_queries: Callable[..., object]
) -> None:
    browser = client_of(march.cast.dorthe)
    with django_assert_max_num_queries(15):  # eleven for the figures; session, employee, versions
        browser.get(MARCH)


@pytest.mark.parametrize(
    "asked", ["from=x&to=y", "from=2026-03-31&to=2026-03-01", "from=0001-01-01&to=9999-12-31", "period=?"]
)
def test_a_period_that_cannot_be_is_told_and_never_an_error(
    cast: SimpleNamespace, client_of: ClientOf, asked: str
) -> None:
    assert client_of(cast.dorthe).get(f"/tavle/?{asked}").status_code == 200


@pytest.mark.parametrize("asked", ["liste/aerinder/drop/", "liste/x/solved/"])
def test_a_figure_nobody_counts_is_not_found(cast: SimpleNamespace, client_of: ClientOf, asked: str) -> None:
    assert client_of(cast.dorthe).get(f"/tavle/{asked}").status_code == 404
