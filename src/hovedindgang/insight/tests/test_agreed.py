"""Figures about single employees: by an agreement in force, to those it names, and nothing it does not name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.conftest import adopt, small_model
from hovedindgang.contacts.actions import NewEnquiry, conclude_enquiry, import_contacts
from hovedindgang.contacts.bulk import BulkContact, BulkEnquiry
from hovedindgang.contacts.by_employee import work_of
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import Outcome, WorkedBy
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel import clock as clock_module
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.servicemodel.document import Channel, EmployeeFigure, Level, ServiceKind

PAGE = "/tavle/medarbejdere/?period=custom&from=2026-03-01&to=2026-03-31"
ClientOf = Callable[..., Client]
AGREEMENT = """
[employee_figures.coaching]
purpose = "Sidemandsoplæring"
purpose_en = "Coaching"
figures = ["registrations", "handling"]
seen_by = ["leader"]
discussed_on = 2026-02-01
told_on = 2026-02-15
valid_from = 2026-03-01
valid_to = 2026-06-01
source = "paper"
"""


@pytest.fixture
def agreement(policy_in_force: object) -> None:
    adopt(small_model() + AGREEMENT, dt.date(2026, 3, 1))


def alice_works(desk: Desk, times: int = 6) -> None:
    for _ in range(times):
        desk.comes(desk.citizen(), NewEnquiry(service="pas"))


def test_without_an_agreement_nobody_sees_a_figure_of_one_employee(desk: Desk, client_of: ClientOf) -> None:
    alice_works(desk)
    page = client_of(desk.cast.dorthe).get(PAGE).content.decode()
    assert "ingen aftale i kraft" in page
    assert "Alice" not in page
    assert client_of(desk.cast.alice).get(PAGE).status_code == 403


@pytest.mark.usefixtures("agreement")
def test_by_an_agreement_the_leader_sees_the_figures_it_names_and_no_other(desk: Desk, client_of: ClientOf) -> None:
    alice_works(desk)
    page = client_of(desk.cast.dorthe).get(PAGE).content.decode()
    assert "Sidemandsoplæring" in page
    assert "drøftet i MED-udvalget 1. februar 2026" in page
    assert '<th scope="row">Alice</th><td class="number">6</td>' in page
    assert "minutter, den midterste" in page
    assert "afsluttede ærinder" not in page  # the agreement does not name them


@pytest.mark.usefixtures("agreement")
def test_a_planner_whom_the_agreement_does_not_name_sees_nothing(desk: Desk, client_of: ClientOf) -> None:
    alice_works(desk)
    page = client_of(desk.cast.erik).get(PAGE).content.decode()
    assert "ingen aftale i kraft" in page
    assert "Alice" not in page


@pytest.mark.usefixtures("agreement")
def test_after_its_last_day_the_agreement_shows_nothing_of_the_days_it_held_either(
    desk: Desk, client_of: ClientOf
) -> None:
    alice_works(desk)
    desk.days_pass(100)
    assert "Alice" not in client_of(desk.cast.dorthe).get(PAGE).content.decode()


def test_figures_by_employee_are_asked_for_three_years_at_most(desk: Desk, client_of: ClientOf) -> None:
    browser, page = client_of(desk.cast.dorthe), "/tavle/medarbejdere/?period=custom&to=2026-03-31&from="
    assert [browser.get(page + first).status_code for first in ("2023-04-01", "2023-01-01")] == [200, 422]


def test_days_before_the_agreement_was_adopted_are_not_seen_by_it(desk: Desk, client_of: ClientOf) -> None:
    alice_works(desk, 4)  # on 11 March
    desk.days_pass(2)
    adopt(small_model() + AGREEMENT, dt.date(2026, 3, 12))  # says it holds from the first; nobody had adopted it
    alice_works(desk, 3)
    page = client_of(desk.cast.dorthe).get(PAGE).content.decode()
    assert '<th scope="row">Alice</th><td class="number">3</td>' in page


def test_each_employee_sees_her_own_and_nobody_elses(cast: SimpleNamespace, desk: Desk, client_of: ClientOf) -> None:
    alice_works(desk, 6)
    hers = client_of(cast.alice).get("/opslag/mit-eget/").content.decode()
    assert 'data-head="henvendelser">6</td>' in hers
    bobs = client_of(cast.bob).get("/opslag/mit-eget/").content.decode()
    assert ">6</td>" not in bobs
    assert "Alice" not in bobs


def test_what_came_with_an_import_is_nobodys_work_here_until_she_ends_it(
    cast: SimpleNamespace, clock: Any, policy_in_force: object
) -> None:
    clock.stand(dt.datetime.now(dt.UTC))
    before = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
    usual = {"service": "pas", "kind": ServiceKind.TRANSACTION, "level": Level.ADMINISTER}
    solved = BulkEnquiry(
        **usual,
        outcome=Outcome.RESOLVED,
        outcome_at=before,
        outcome_by=cast.alice.pk,
        worked_by=WorkedBy.BORGERSERVICE,
        on_the_spot=True,
    )
    still_open = BulkEnquiry(
        **usual, outcome=Outcome.OPEN, owner=cast.alice.pk, promised_on=clock_module.today() + dt.timedelta(days=9)
    )
    rows = [
        BulkContact(
            channel=Channel.PHONE, started_at=before, ended_at=before, employee=cast.alice.pk, enquiries=(matter,)
        )
        for matter in (solved, still_open)
    ]
    import_contacts(rows=rows, actor=SYSTEM, source_name="other system")
    today = clock_module.today()
    assert not work_of(today, today, list(EmployeeFigure), cast.alice.pk)
    clock.stand(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1))
    conclude_enquiry(
        employee=cast.alice, enquiry_id=Enquiry.objects.get(outcome=Outcome.OPEN).pk, outcome=Outcome.RESOLVED
    )
    work = work_of(today, today, list(EmployeeFigure), cast.alice.pk)[cast.alice.pk]
    assert (work.registrations, work.ended, work.resolved) == (0, 1, 1)
