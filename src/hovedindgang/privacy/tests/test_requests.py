"""A citizen asks about what we hold of her; it is an enquiry with the law's day, and nothing of her goes meanwhile."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from hovedindgang.contacts.actions import NewEnquiry, NewHandover
from hovedindgang.contacts.models import Contact, Enquiry
from hovedindgang.contacts.rules import Outcome, Refused, months_after
from hovedindgang.insight.tests.desk import OPEN, Desk
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event
from hovedindgang.people.closed import ClosedToHer
from hovedindgang.people.closing import say_family
from hovedindgang.people.models import Citizen
from hovedindgang.people.queries import cpr_of
from hovedindgang.people.rules import NoAccess
from hovedindgang.privacy.answering import (
    answer_request,
    open_requests,
    prolong_request,
    register_request,
    requests_of,
)
from hovedindgang.privacy.erasing import erase_citizen, standing
from hovedindgang.privacy.models import RightsRequest
from hovedindgang.privacy.rules import Answer, ErasureGround, Kept, PrivacyRefused, due_on, latest_prolonged
from hovedindgang.privacy.tests.scan import places_of
from hovedindgang.privacy.tests.test_forgetting import optimise, person, run

ClientOf = Callable[..., Client]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hovedindgang.privacy.actions.PAUSE_SECONDS", {"sqlite": 0.0, "postgresql": 0.0})


def asks(desk: Desk, her: Citizen, right: str = "access", **said: Any) -> Enquiry:
    said.setdefault("outcome", OPEN)
    if said["outcome"] == OPEN:
        said.setdefault("promised_on", desk.promised(20))
    return desk.comes(her, NewEnquiry(service=f"ret_{right}", **said))[0]


def forlaeng(desk: Desk, matter: Enquiry, **said: Any) -> None:
    given = {"until": desk.promised(80), "why": "complex", "told": True, **said}
    prolong_request(employee=desk.cast.dorthe, enquiry_id=matter.pk, **given)


@given(some.dates(dt.date(2018, 5, 25), dt.date(2090, 1, 1)))
def test_a_month_is_the_same_day_of_the_next_month_or_its_last(day: dt.date) -> None:
    due = due_on(day)
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == 1
    assert due.day == day.day or (due + dt.timedelta(days=1)).day == 1
    assert latest_prolonged(day) == months_after(day, 3) > due > day


def test_a_request_of_the_last_of_january_is_due_on_the_last_of_february() -> None:
    assert due_on(dt.date(2026, 1, 31)) == dt.date(2026, 2, 28)
    assert due_on(dt.date(2024, 1, 31)) == dt.date(2024, 2, 29)
    assert due_on(dt.date(2026, 12, 31)) == dt.date(2027, 1, 31)
    assert due_on(dt.date(2026, 1, 31), dt.date(2026, 4, 20)) == dt.date(2026, 4, 20)


def test_what_the_desk_registers_stands_on_the_leaders_list_with_its_day_and_owner(desk: Desk) -> None:
    her = person()
    matter = asks(desk, her)
    (asked,) = open_requests()
    assert (asked.pk, asked.right, asked.citizens, asked.owner) == (matter.pk, "access", (her.pk,), desk.cast.alice)
    assert asked.due_on == months_after(matter.received_on, 1)
    assert not asked.late


def test_the_desk_promises_no_day_after_the_laws(desk: Desk) -> None:
    with pytest.raises(Refused, match="en måned"):
        asks(desk, person(), promised_on=desk.promised(32))
    asks(desk, person(), promised_on=months_after(desk.promised(0), 1))


def test_one_that_lies_in_a_department_is_not_answered(desk: Desk) -> None:
    handed = NewHandover(department="jobcenter", summary="Find akterne")
    asks(desk, person(), outcome=Outcome.PASSED_ON, handover=handed)
    asks(desk, person(), outcome=Outcome.RESOLVED)  # she had her answer at the counter
    (asked,) = open_requests()
    assert asked.outcome is Outcome.PASSED_ON
    with pytest.raises(PrivacyRefused, match="ikke hos os"):
        answer_request(employee=desk.cast.dorthe, enquiry_id=asked.pk, answer="granted")


def test_nothing_of_her_is_deleted_while_she_waits_and_all_of_it_when_she_has_her_answer(desk: Desk) -> None:
    her, other = person(), person()
    desk.comes(her, NewEnquiry(service="koerekort"), note="Det hun spørger om")
    desk.comes(other, NewEnquiry(service="koerekort"), note="En andens")
    desk.days_pass(364)
    matter = asks(desk, her)
    desk.days_pass(1)
    assert run().kept == {Kept.REQUEST: 1}
    kept, gone = Contact.objects.order_by("pk")[:2]
    assert not hasattr(kept, "forgotten")
    assert hasattr(gone, "forgotten")
    assert standing(her.pk).obstacles == {Kept.REQUEST, Kept.OPEN}
    answer_request(employee=desk.cast.dorthe, enquiry_id=matter.pk, answer="granted")
    assert run().gone == [["koerekort", "Oplysning", 1]]


def test_a_late_one_stands_out(desk: Desk) -> None:
    asks(desk, person())
    desk.days_pass(32)
    (asked,) = open_requests()
    assert asked.late
    assert asked.days_left < 0
    assert not asked.may_prolong


def test_it_is_prolonged_once_by_two_months_with_a_reason_she_was_told(desk: Desk) -> None:
    matter = asks(desk, person())
    for wrong in ({"told": False}, {"why": ""}, {"until": desk.promised(1)}, {"until": desk.promised(100)}):
        with pytest.raises(PrivacyRefused):
            forlaeng(desk, matter, **wrong)
    forlaeng(desk, matter)
    (asked,) = open_requests()
    assert asked.due_on == desk.promised(80) == Enquiry.objects.get(pk=matter.pk).promised_on
    assert Event.objects.get(verb="request.prolonged").facts["why"] == "complex"
    with pytest.raises(PrivacyRefused, match="én gang"):
        forlaeng(desk, matter)


def test_it_is_not_prolonged_when_the_first_month_is_gone(desk: Desk) -> None:
    matter = asks(desk, person())
    desk.days_pass(32)
    with pytest.raises(PrivacyRefused, match="i den første måned"):
        forlaeng(desk, matter, until=desk.promised(20))


def test_it_may_be_prolonged_to_the_last_day_of_the_third_month_and_no_further(desk: Desk) -> None:
    matter, other = asks(desk, person()), asks(desk, person())
    due, last = due_on(matter.received_on), latest_prolonged(matter.received_on)
    for wrong in (due, last + dt.timedelta(days=1)):
        with pytest.raises(PrivacyRefused) as refused:
            forlaeng(desk, matter, until=wrong)
        assert set(refused.value.errors) == {"until"}
    forlaeng(desk, matter, until=last)
    forlaeng(desk, other, until=due + dt.timedelta(days=1))
    assert [one.due_on for one in open_requests()] == [due + dt.timedelta(days=1), last]


def test_the_last_week_is_said_to_be_near_and_the_day_after_it_is_late(desk: Desk) -> None:
    matter = asks(desk, person())
    stood = []
    desk.days_pass((due_on(matter.received_on) - desk.promised(8)).days)
    for _ in range(10):
        (asked,) = open_requests()
        stood.append((asked.days_left, asked.soon, asked.late))
        desk.days_pass(1)
    assert stood == [(left, 0 <= left <= 7, left < 0) for left in range(8, -2, -1)]


def test_what_is_answered_is_neither_near_nor_late_however_much_time_goes(desk: Desk) -> None:
    her = person()
    matter = asks(desk, her)
    answer_request(employee=desk.cast.dorthe, enquiry_id=matter.pk, answer="granted")
    for days in (25, 20):
        desk.days_pass(days)
        (asked,) = requests_of(her.pk)
        assert (asked.answered, asked.soon, asked.late) == (True, False, False)


def test_dorthe_answers_nothing_that_her_own_family_asks(desk: Desk) -> None:
    her = person()
    matter = asks(desk, her)
    say_family(actor=SYSTEM, employee_id=desk.cast.dorthe.pk, cpr=cpr_of(her) or "")
    with pytest.raises(ClosedToHer):
        answer_request(employee=desk.cast.dorthe, enquiry_id=matter.pk, answer="granted")
    with pytest.raises(ClosedToHer):
        forlaeng(desk, matter)
    assert not RightsRequest.objects.exists()


def test_a_no_says_why_and_where_she_may_complain(desk: Desk) -> None:
    matter = asks(desk, person())
    for wrong in ({}, {"because": "Ikke jeres"}, {"told_of_complaint": True}, {"because": "x" * 501}):
        with pytest.raises(PrivacyRefused):
            answer_request(employee=desk.cast.dorthe, enquiry_id=matter.pk, answer="refused", **wrong)
    no_cpr = {"because": "Se 610190-0001", "told_of_complaint": True}
    with pytest.raises(PrivacyRefused, match="CPR"):
        answer_request(employee=desk.cast.dorthe, enquiry_id=matter.pk, answer="refused", **no_cpr)
    why = {"because": "Andres forhold, databeskyttelsesloven § 22", "told_of_complaint": True}
    answer_request(employee=desk.cast.dorthe, enquiry_id=matter.pk, answer="refused", **why)
    assert Enquiry.objects.get(pk=matter.pk).outcome == Outcome.RESOLVED
    assert open_requests() == []
    said = Event.objects.get(verb="request.answered").facts
    assert (said["answer"], said["late"]) == ("refused", False)
    assert "forhold" not in str(said)
    with pytest.raises(IntegrityError), transaction.atomic():
        RightsRequest.objects.update(because="")


def test_a_request_in_a_letter_counts_from_the_day_it_came(desk: Desk) -> None:
    her = person()
    said = {"right": "erasure", "channel": "written", "received_on": desk.promised(-40), "key": uuid.uuid4()}
    number = register_request(employee=desk.cast.dorthe, citizen_id=her.pk, **said)
    assert register_request(employee=desk.cast.dorthe, citizen_id=her.pk, **said) == number  # two clicks
    (asked,) = requests_of(her.pk)
    assert asked.late
    assert (asked.owner, asked.received_on) == (desk.cast.dorthe, desk.promised(-40))
    assert Enquiry.objects.get(pk=asked.pk).promised_on == desk.promised(0)  # nobody promises a day that is gone
    for wrong in (
        {"right": "?"},
        {"channel": ""},
        {"received_on": desk.promised(1)},
        {"received_on": dt.date(1999, 1, 1)},
    ):
        with pytest.raises(PrivacyRefused):
            register_request(employee=desk.cast.dorthe, citizen_id=her.pk, **{**said, **wrong})


def test_to_be_erased_on_her_own_request_answers_it_and_leaves_nothing_of_it(desk: Desk) -> None:
    her = person()
    matter = asks(desk, her, "erasure")
    forlaeng(desk, matter)
    assert standing(her.pk).obstacles == frozenset()
    erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=ErasureGround.CONSENT_WITHDRAWN)
    optimise()
    assert places_of("ylander") == []
    assert not RightsRequest.objects.exists()
    assert Event.objects.get(verb="request.answered").facts["answer"] == Answer.GRANTED


def test_only_a_leader_answers_and_only_what_is_a_request(desk: Desk) -> None:
    her = person()
    matter, (other,) = asks(desk, her), desk.comes(her, NewEnquiry(service="pas"))
    with pytest.raises(NoAccess):
        answer_request(employee=desk.cast.alice, enquiry_id=matter.pk, answer="granted")
    with pytest.raises(NoAccess):
        answer_request(employee=desk.cast.dorthe, enquiry_id=other.pk, answer="granted")


def test_the_leader_sees_who_waits_and_answers_on_the_citizens_page(desk: Desk, client_of: ClientOf) -> None:
    her = person()
    browser, page = client_of(desk.cast.dorthe), f"/databeskyttelse/borger/{her.pk}/"
    wrong = browser.post(f"{page}anmodning/", {"right": "access", "channel": "", "received_on": "i går"})
    assert wrong.status_code == 422
    assert "i går" in wrong.content.decode()
    browser.post(f"{page}anmodning/", {"right": "access", "channel": "digital", "key": str(uuid.uuid4())})
    (asked,) = requests_of(her.pk)
    listed = browser.get("/databeskyttelse/anmodninger/").content.decode()
    assert f'href="{page}"' in listed
    assert "ylander" not in listed
    wrong = browser.post(f"{page}anmodning/{asked.pk}/svar/", {"answer": "partly", "because": "Noget af det"})
    assert "Noget af det" in wrong.content.decode()
    assert "Datatilsynet. Sæt" in wrong.content.decode()
    wrong = browser.post(f"{page}anmodning/{asked.pk}/forlaeng/", {"until": "31.2.2030"})
    assert "31.2.2030" in wrong.content.decode()
    browser.post(f"{page}anmodning/{asked.pk}/svar/", {"answer": "granted"})
    assert "Imødekommet" in browser.get(page).content.decode()
    assert "Ingen venter på svar" in browser.get("/databeskyttelse/anmodninger/").content.decode()


def test_the_list_is_a_few_questions_to_the_database_however_many_wait(
    desk: Desk, client_of: ClientOf, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _each in range(5):
        asks(desk, person())
    browser = client_of(desk.cast.dorthe)
    browser.get("/databeskyttelse/anmodninger/")
    with django_assert_max_num_queries(6):  # session, employee, versions, requests, their persons
        browser.get("/databeskyttelse/anmodninger/")


def test_nobody_at_the_counter_sees_the_list(desk: Desk, client_of: ClientOf) -> None:
    assert client_of(desk.cast.alice).get("/databeskyttelse/anmodninger/").status_code == 403
