"""Another day than the one she was promised: agreed with her, and the first stays on record."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.contacts import actions, queries
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import MovedTold, MovedWhy, NotAllowed, Outcome, Refused
from hovedindgang.contacts.tests.desk import registered
from hovedindgang.kernel.models import Event
from hovedindgang.people.rules import NoAccess

pytestmark = [pytest.mark.django_db]
FRIDAY, MONDAY, WEDNESDAY = (dt.date(2026, 3, day) for day in (13, 16, 18))
SAID = {"another_day": "2026-03-18", "why": "others", "told": "agreed", "form": "another_day"}


@pytest.fixture
def promised(cast: SimpleNamespace, clock: Any) -> Enquiry:
    """It is Wednesday the eleventh; she was promised an answer on Friday."""
    return registered(cast.alice, NewEnquiry(service="flytning", outcome=Outcome.OPEN, promised_on=FRIDAY))


def moved(cast: SimpleNamespace, enquiry: Enquiry, to: dt.date = WEDNESDAY) -> Enquiry:
    return actions.agree_another_day(
        employee=cast.bob, enquiry_id=enquiry.pk, promised_on=to, why=MovedWhy.WAITS_FOR_OTHERS, told=MovedTold.AGREED
    )


def test_a_day_that_bob_agrees_with_her_in_time_is_the_promise(cast: SimpleNamespace, promised: Enquiry) -> None:
    now = moved(cast, promised)
    assert (now.promised_on, now.broken_promise_on, now.owner_id) == (WEDNESDAY, None, cast.alice.pk)
    (one,) = queries.promises_moved([promised.pk])[promised.pk]
    assert (one.was, one.promised_on, one.by, one.why, one.told) == (FRIDAY, WEDNESDAY, "Bob", "others", "agreed")


def test_a_day_that_had_passed_stays_broken_however_often_another_is_agreed(
    cast: SimpleNamespace, promised: Enquiry, clock: Any
) -> None:
    clock.go(days=3)
    assert moved(cast, promised, MONDAY).broken_promise_on == FRIDAY
    assert moved(cast, promised).broken_promise_on == FRIDAY
    was = [(one.was, one.promised_on) for one in queries.promises_moved([promised.pk])[promised.pk]]
    assert was == [(FRIDAY, MONDAY), (MONDAY, WEDNESDAY)]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"another_day": ""}, "another_day", "Vælg den dag"),
        ({"another_day": "2026-03-10"}, "another_day", "Dagen er allerede gået"),
        ({"another_day": "2026-03-13"}, "another_day", "lovet i forvejen"),
        ({"why": ""}, "why", "Vælg, hvorfor"),
        ({"told": ""}, "told", "Tal eller skriv med borgeren først"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    cast: SimpleNamespace, promised: Enquiry, client_of: Any, wrong: dict[str, str], field: str, said: str
) -> None:
    answer = client_of(cast.bob).post(f"/henvendelser/aerinde/{promised.pk}/dag/", {**SAID, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="e{promised.pk}-{field}-error"' in page
    assert said in page
    assert ('value="others" selected' in page) == ("why" not in wrong)
    assert Enquiry.objects.get(pk=promised.pk).promised_on == FRIDAY


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_says_both_days_who_moved_it_and_why(
    cast: SimpleNamespace, promised: Enquiry, client_of: Any, clock: Any, language: str
) -> None:
    clock.go(days=3)
    bob: Client = client_of(cast.bob)
    bob.cookies["hovedindgang_language"] = language
    answer = bob.post(f"/henvendelser/aerinde/{promised.pk}/dag/", SAID, follow=True)
    page = answer.content.decode()
    told = {
        "da": (
            "Svar var lovet senest 13.03.2026; nu senest 18.03.2026.",
            "Vi venter på svar fra andre. Borgeren er enig i dagen.",
            "Det, der var lovet til 13.03.2026, blev ikke holdt",
        ),
        "en": (
            "An answer was promised by 13/03/2026; now by 18/03/2026.",
            "We wait for an answer from others. The citizen agrees to the day.",
            "What was promised for 13/03/2026 was not kept",
        ),
    }[language]
    for sentence in told:
        assert sentence in page
    assert Event.objects.get(verb="enquiry.promise_moved").facts["told"] == "agreed"


def test_nobody_else_moves_it_and_nobody_moves_what_is_answered(cast: SimpleNamespace, promised: Enquiry) -> None:
    said = {"promised_on": WEDNESDAY, "why": MovedWhy.HER_WISH, "told": MovedTold.TOLD}
    for stranger in (cast.charlie, cast.hanne, cast.erik):
        with pytest.raises(NoAccess):
            actions.agree_another_day(employee=stranger, enquiry_id=promised.pk, **said)
    with pytest.raises(Refused):
        actions.agree_another_day(employee=cast.bob, enquiry_id=promised.pk, **{**said, "told": None})
    actions.conclude_enquiry(employee=cast.bob, enquiry_id=promised.pk, outcome=Outcome.RESOLVED)
    with pytest.raises(NotAllowed):
        actions.agree_another_day(employee=cast.bob, enquiry_id=promised.pk, **said)
