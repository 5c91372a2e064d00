"""Who promised may be ill or have left: nobody's promise and no department's answer is forgotten with her."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.contacts import actions
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.models import Handover
from hovedindgang.contacts.queries import answers_to_tell, owed
from hovedindgang.contacts.rules import Outcome
from hovedindgang.contacts.tests.desk import handed_over, registered
from hovedindgang.kernel import clock as house_clock
from hovedindgang.people.models import Employee

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def answered(cast: SimpleNamespace) -> Handover:
    """Alice asked Hanne's department for a citizen, and Hanne has answered."""
    handover = handed_over(cast.alice)
    actions.accept_handover(employee=cast.hanne, handover_id=handover.pk)
    return actions.answer_handover(employee=cast.hanne, handover_id=handover.pk, answer="Ja, under 50 kvadratmeter")


def leaves(employee: Employee) -> None:
    employee.is_active = False
    employee.save(update_fields=["is_active"])


def test_an_answer_that_alice_has_not_passed_on_the_same_day_is_everybodys(cast: SimpleNamespace, clock: Any) -> None:
    handover = answered(cast)
    assert (owed(cast.alice).answers, owed(cast.bob).untold) == ([handover], [])
    assert (answers_to_tell(cast.alice), answers_to_tell(cast.bob)) == (1, 0)
    clock.go(days=1)
    assert (owed(cast.alice).answers, owed(cast.alice).untold, owed(cast.bob).untold) == ([handover], [], [handover])
    assert (answers_to_tell(cast.alice), answers_to_tell(cast.bob)) == (1, 1)
    assert owed(cast.hanne).untold == owed(cast.charlie).untold == []
    actions.pass_answer_on(employee=cast.bob, handover_id=handover.pk)
    assert (owed(cast.alice).answers, owed(cast.bob).untold, answers_to_tell(cast.bob)) == ([], [], 0)


def test_an_answer_to_one_who_has_left_is_everybodys_at_once(cast: SimpleNamespace) -> None:
    handover = answered(cast)
    leaves(cast.alice)
    assert owed(cast.bob).untold == [handover]


def test_what_was_promised_by_one_who_has_left_is_taken_over_before_its_day(
    cast: SimpleNamespace, client_of: Callable[..., Client]
) -> None:
    friday = house_clock.today() + dt.timedelta(days=2)
    promise = registered(cast.alice, NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=friday))
    assert owed(cast.bob).left == []
    leaves(cast.alice)
    assert (owed(cast.bob).left, owed(cast.bob).overdue) == ([promise], [])
    page = client_of(cast.bob).get("/henvendelser/mine/").content.decode()
    assert "Uden nogen, der følger op" in page
    actions.take_over_enquiry(employee=cast.bob, enquiry_id=promise.pk)
    assert (owed(cast.bob).left, owed(cast.bob).mine) == ([], [promise])


def test_past_its_day_it_stands_once_among_what_is_late(cast: SimpleNamespace, clock: Any) -> None:
    promise = registered(
        cast.alice, NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=house_clock.today())
    )
    leaves(cast.alice)
    clock.go(days=1)
    assert (owed(cast.bob).left, owed(cast.bob).overdue) == ([], [promise])
