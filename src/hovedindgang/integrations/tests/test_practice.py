"""The practice house's outside world: each port is answered, nothing leaves, and what would have is written down."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from hovedindgang.contacts.ports import DocumentKind, NewCase, NewDocument, NewNote, case_system
from hovedindgang.integrations.practice import NoArchive, NoCaseSystem
from hovedindgang.kernel.models import Event
from hovedindgang.kernel.worker import work_off_all
from hovedindgang.practice.queries import not_sent
from hovedindgang.safety.actions import raise_alarm
from hovedindgang.servicemodel.document import Sensitivity

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 11)


@pytest.fixture
def here(settings: Any) -> Any:
    """The practice house."""
    settings.PRACTICE, settings.CASE_SYSTEM = True, "practice"
    settings.HOUSE_ALARM, settings.HOUSE_ALARM_ADAPTER = "practice", "hovedindgang.integrations.practice.NoAlarm"
    return settings


@pytest.mark.django_db(transaction=True)  # the worker's clock is the database's
def test_what_would_have_been_sent_stands_on_its_page_newest_first(
    cast: SimpleNamespace, client_of: Callable[..., Client], here: Any
) -> None:
    alice = client_of(cast.alice)
    assert "Intet endnu" in alice.get("/oevehus/").content.decode()
    raise_alarm(employee=cast.alice, centre="aabybro", place="Skranke 1")
    work_off_all()
    system = case_system()
    assert isinstance(system, NoCaseSystem)
    case = NewCase(title="Pas", kle="", sensitivity=Sensitivity.ORDINARY, received_on=DAY, parties=("6101901234",))
    system.create_case(key=uuid.uuid4(), case=case)
    assert [row.what for row in not_sent()] == ["case", "alarm"]
    page = alice.get("/oevehus/").content.decode()
    assert page.index("En ny sag til sagssystemet (ESDH)") < page.index("En alarm til husets vagt")
    assert "6101901234" not in str(list(Event.objects.values()))


def test_a_case_of_practice_is_found_again_by_its_key_and_its_number_says_what_it_is(here: Any) -> None:
    system, key, note, paper = NoCaseSystem(), uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    case = NewCase(title="Pas", kle="", sensitivity=Sensitivity.ORDINARY, received_on=DAY)
    assert system.find_by_key(key=key) is None
    filed = system.create_case(key=key, case=case)
    assert system.find_by_key(key=key) == filed
    assert filed.case_number.startswith("OEVE-")
    written = NewNote(title="Pas", text="Vil hente det", kind=DocumentKind.IN, on=DAY)
    assert system.add_note(key=note, case_number=filed.case_number, note=written).case_number == filed.case_number
    document = NewDocument(
        title="Foto", kind=DocumentKind.IN, on=DAY, name="foto.png", media_type="image/png", content=b"1"
    )
    system.add_document(key=paper, case_number=filed.case_number, document=document)
    assert [row.what for row in not_sent()] == ["document", "note", "case"]
    assert [one.case_number for one in system.cases_of(cpr="6101901234")] == ["OEVE-1"]


def test_the_archive_of_practice_has_what_it_was_given_and_nothing_else(here: Any) -> None:
    archive = NoArchive("")
    receipt = archive.deposit(name="henvendelser", content=b"one")
    assert archive.holds(receipt=receipt, content=b"one")
    assert not archive.holds(receipt=receipt, content=b"two")
    assert [row.what for row in not_sent()] == ["archive"]
