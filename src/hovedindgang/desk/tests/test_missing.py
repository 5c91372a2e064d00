"""What came and was not registered is gone through one key each, and nothing is counted twice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from hovedindgang.contacts.models import Contact
from hovedindgang.insight.actions import ArrivalRegistered, answer_arrival, recompute_marked, register_arrival
from hovedindgang.insight.arrivals import missing_on
from hovedindgang.insight.missing import Answer
from hovedindgang.insight.models import ArrivalAnswer, KeptDay
from hovedindgang.insight.periods import Period
from hovedindgang.insight.queries import board
from hovedindgang.kernel.clock import DENMARK
from hovedindgang.kernel.models import Event
from hovedindgang.registers.models import ImportedFile, RecordedContact
from hovedindgang.registers.rules import Result

DAY = dt.date(2026, 3, 10)
PAGE = "/skranke/ikke-registreret/"
HERE = f"{PAGE}?dag=2026-03-10&sted=aabybro"
ClientOf = Callable[..., Client]


@pytest.fixture
def tickets(cast: SimpleNamespace, clock: Any) -> list[RecordedContact]:
    """Three tickets at Aabybro the day before, and nobody registered any."""
    file = ImportedFile.objects.create(
        name="koe.csv",
        sha256="a" * 64,
        kind="csv",
        system="kø",
        read=3,
        added=3,
        refused=0,
        first_at=dt.datetime(2026, 3, 10, 10, tzinfo=DENMARK),
        last_at=dt.datetime(2026, 3, 10, 12, tzinfo=DENMARK),
        zone="Europe/Copenhagen",
    )
    made = [
        RecordedContact.objects.create(
            file=file,
            system="kø",
            external_id=f"A{number}",
            kind="ticket",
            channel="in_person",
            centre_id="aabybro",
            queue="Pas",
            came_at=dt.datetime(2026, 3, 10, 10, 5 + number * 10, tzinfo=DENMARK),
            called_at=dt.datetime(2026, 3, 10, 10, 8 + number * 10, tzinfo=DENMARK),
            ended_at=dt.datetime(2026, 3, 10, 10, 14 + number * 10, tzinfo=DENMARK),
            result=Result.ANSWERED,
        )
        for number in range(3)
    ]
    KeptDay.objects.create(day=DAY)
    recompute_marked()
    return made


def fields(page: str) -> dict[str, str]:
    """The form of the desk as a browser would send it."""
    found = {}
    for tag in re.findall(r"<input [^>]+>", page.split('id="desk"')[-1]):
        said = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if said.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        if "name" in said:
            found[said["name"]] = said.get("value", "")
    for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    return found


def registered_afterwards(browser: Client, record: RecordedContact) -> Any:
    went = browser.post(PAGE, {"dag": "2026-03-10", "sted": "aabybro", "said": f"register:{record.pk}"})
    page = browser.get(went["Location"]).content.decode()
    sent = {**fields(page), "service-0": "pas", "outcome-0": "resolved", "step": "save"}
    return browser.post("/skranke/", sent)


def complete() -> tuple[int, int]:
    recompute_marked()
    found = board(Period(DAY, DAY)).completeness
    return found.matched, found.arrived


def test_alice_registers_afterwards_what_the_queue_system_saw(
    cast: SimpleNamespace, client_of: ClientOf, tickets: list[RecordedContact]
) -> None:
    browser = client_of(cast.alice)
    page = browser.get(HERE).content.decode()
    assert "3 af 3 mangler" in page
    answer = registered_afterwards(browser, tickets[1])
    assert answer.status_code == 303, answer.content.decode()
    (contact,) = Contact.objects.all()
    assert (contact.centre_id, contact.channel, contact.late) == ("aabybro", "in_person", True)
    assert contact.started_at == tickets[1].came_at
    assert contact.ended_at == tickets[1].ended_at
    found = missing_on(DAY, "aabybro")
    assert [one.pk for one in found.open] == [tickets[0].pk, tickets[2].pk]
    assert [(one.record_id, one.contact_id) for one in found.answered] == [(tickets[1].pk, contact.pk)]
    assert "2 af 3 mangler" in browser.get(HERE).content.decode()
    KeptDay.objects.update(dirty=True)
    assert complete() == (1, 3)


def test_the_same_ticket_is_registered_once_whoever_else_sits_with_it(
    cast: SimpleNamespace, client_of: ClientOf, tickets: list[RecordedContact]
) -> None:
    alice, bob = client_of(cast.alice), client_of(cast.bob)
    went = bob.post(PAGE, {"dag": "2026-03-10", "sted": "aabybro", "said": f"register:{tickets[0].pk}"})
    bobs = fields(bob.get(went["Location"]).content.decode())
    assert registered_afterwards(alice, tickets[0]).status_code == 303
    late = bob.post("/skranke/", {**bobs, "service-0": "flytning", "outcome-0": "resolved", "step": "save"})
    assert late.status_code == 422
    (contact,) = Contact.objects.all()
    assert f"allerede registreret som nr. {contact.pk}" in late.content.decode()
    again = bob.get(f"/skranke/?ankomst={tickets[0].pk}")
    assert again["Location"].endswith(f"?kvittering={contact.pk}&igen")


def test_that_no_contact_came_of_it_is_said_once_and_is_not_missing_any_more(
    cast: SimpleNamespace, client_of: ClientOf, tickets: list[RecordedContact]
) -> None:
    assert complete() == (0, 3)
    browser = client_of(cast.dorthe)  # a leader, who registers nobody herself
    assert "Registrér bagefter" not in browser.get(HERE).content.decode()
    for _ in range(2):
        sent = browser.post(PAGE, {"dag": "2026-03-10", "sted": "aabybro", "said": f"no_contact:{tickets[0].pk}"})
        assert sent.status_code == 303
    assert Event.objects.filter(verb="arrival.answered").count() == 1
    assert complete() == (0, 2)
    browser.post(PAGE, {"dag": "2026-03-10", "sted": "aabybro", "said": f"unknown:{tickets[1].pk}"})
    assert complete() == (0, 2)  # it came, and what became of it nobody knows
    page = browser.get(HERE).content.decode()
    assert "1 af 3 mangler" in page
    assert "der kom ingen henvendelse ud af det" in page
    browser.post(PAGE, {"dag": "2026-03-10", "sted": "aabybro", "said": f"open:{tickets[0].pk}"})
    assert complete() == (0, 3)
    assert len(missing_on(DAY, "aabybro").open) == 2


def test_a_registration_that_was_a_mistake_leaves_the_ticket_open_again(
    cast: SimpleNamespace, client_of: ClientOf, tickets: list[RecordedContact]
) -> None:
    browser = client_of(cast.alice)
    registered_afterwards(browser, tickets[0])
    (contact,) = Contact.objects.all()
    with pytest.raises(ArrivalRegistered):
        answer_arrival(employee=cast.alice, record_id=tickets[0].pk, answer=Answer.UNKNOWN)
    Contact.every.filter(pk=contact.pk).update(mistake="struck")
    assert len(missing_on(DAY, "aabybro").open) == 3
    assert registered_afterwards(browser, tickets[0]).status_code == 303
    assert len(missing_on(DAY, "aabybro").open) == 2


def test_the_database_lets_one_contact_register_one_arrival(
    cast: SimpleNamespace, client_of: ClientOf, tickets: list[RecordedContact]
) -> None:
    registered_afterwards(client_of(cast.alice), tickets[0])
    (contact,) = Contact.objects.all()
    with pytest.raises(IntegrityError), transaction.atomic():
        register_arrival(employee=cast.alice, record_id=tickets[1].pk, contact_id=contact.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArrivalAnswer.objects.create(
            record=tickets[2], answer="registered", employee=cast.alice, at="2026-03-10T10:00Z"
        )


@pytest.mark.parametrize("said", ["no_contact:0", "no_contact:x", "register:", "eat:1", "", "unknown:9" + "9" * 30])
def test_an_answer_about_nothing_is_no_page(
    cast: SimpleNamespace, client_of: ClientOf, tickets: list[RecordedContact], said: str
) -> None:
    assert client_of(cast.alice).post(PAGE, {"said": said}).status_code == 404
    assert client_of(cast.charlie).get(PAGE).status_code == 403
    assert client_of(cast.alice).get(f"{PAGE}?dag=x&sted=y").status_code == 200


def test_a_day_that_no_register_saw_is_not_said_to_lack_nobody(
    cast: SimpleNamespace, client_of: ClientOf, tickets: list[RecordedContact]
) -> None:
    text = client_of(cast.alice).get(f"{PAGE}?dag=2026-03-09&sted=aabybro").content.decode()
    assert "Intet at gå igennem" in text
    assert "Ingen mangler" not in text
