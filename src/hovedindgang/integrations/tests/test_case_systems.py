"""Every create is in the case system exactly once, or somebody is told that nobody knows; whatever the line does."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hovedindgang.conftest import small_model
from hovedindgang.contacts import actions
from hovedindgang.contacts.actions import sending
from hovedindgang.contacts.actions.journalising import waits_for_person
from hovedindgang.contacts.actions.sending import send_journal
from hovedindgang.contacts.models import Enquiry, Journalised
from hovedindgang.contacts.ports import (
    CannotBeAsked,
    CaseState,
    DocumentKind,
    NewCase,
    NewDocument,
    NewNote,
    NoAnswer,
    NotReached,
    SaidNo,
    Several,
    UnderWay,
)
from hovedindgang.contacts.rules import JOURNAL_SETTLE_MINUTES, JournalState
from hovedindgang.contacts.tests.desk import registered
from hovedindgang.governance.actions import adopt_model
from hovedindgang.integrations.case_drop import CaseDrop
from hovedindgang.integrations.case_rest import Rest
from hovedindgang.integrations.nova import Nova
from hovedindgang.integrations.sbsys import Sbsys
from hovedindgang.integrations.tests import case_fake
from hovedindgang.integrations.tests.case_fake import FAULTS, Collector, Fake
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.people.actions import register_citizen
from hovedindgang.policy.actions import save_draft
from hovedindgang.policy.queries import journal_duty
from hovedindgang.privacy.held import held_about
from hovedindgang.servicemodel.document import Sensitivity

CPR = "0101010101"
KINDS = ("drop", "sbsys", "nova")
CASE = NewCase(
    title="Byggesag",
    kle="02.34.02",
    sensitivity=Sensitivity.SENSITIVE,
    received_on=dt.date(2026, 3, 11),
    parties=(CPR, "0202020202"),
)
NOTE = NewNote(title="Carport", text="<b>Ringede</b> & spurgte", kind=DocumentKind.IN, on=dt.date(2026, 3, 11))
DOCUMENT = NewDocument(
    title="Tegning",
    kind=DocumentKind.IN,
    on=dt.date(2026, 3, 11),
    name="tegning.pdf",
    media_type="application/pdf",
    content=b"%PDF",
)


class House:
    """The house, connected with a fake of one kind; `pass_time` is what happens there while nobody looks."""

    def __init__(self, kind: str, folder: Path, settings: Any) -> None:
        self.kind, self.folder, self.fake, self.close = kind, folder, Fake(), lambda: None
        settings.CASE_SYSTEM, settings.CASES_ADDRESS = kind, str(folder)
        if kind != "drop":
            settings.CASES_ADDRESS, self.close = case_fake.serving(self.fake)

    def anew(self, *faults: str, keyed: bool = False, deaf: bool = False) -> Fake:
        fake = self.fake
        fake.faults[:], fake.keyed, fake.deaf = list(faults), keyed or self.kind == "drop", deaf
        for kept in (fake.made, fake.later, fake.seen):
            kept.clear()
        for old in self.folder.iterdir():
            old.unlink()
        return fake

    def pass_time(self) -> None:
        self.fake.arrive()
        if self.kind == "drop":
            Collector(self.folder, self.fake).collect()


@pytest.fixture(params=KINDS)
def house(request: Any, tmp_path: Path, settings: Any) -> Iterator[House]:
    made = House(request.param, tmp_path, settings)
    yield made
    made.close()


def asked_for(cast: SimpleNamespace, **fields: Any) -> Enquiry:
    anna = register_citizen(actor=employee_actor(cast.alice.pk), cpr=CPR)
    enquiry = registered(cast.alice, asker=anna.pk, **fields)
    actions.journalise(employee=cast.alice, enquiry_id=enquiry.pk, title="Pas", text="Spurgte til sit pas")
    return enquiry


def work(house: House, clock: Any, rounds: int = 40) -> None:
    """The worker runs, and time passes, until there is nothing more to do for it."""
    for _round in range(rounds):
        undone = Journalised.objects.exclude(state=JournalState.DONE)
        if all(waits_for_person(row) for row in undone):
            return
        send_journal()
        house.pass_time()
        clock.go(minutes=JOURNAL_SETTLE_MINUTES + 1)


def _sending() -> bool:
    return Journalised.objects.filter(state=JournalState.SENDING).exists()


def once_or_shown(house: House, enquiry: Enquiry) -> None:
    """The promise. `repeat` at a case system that keeps no keys makes two, and that is seen."""
    rows = list(Journalised.objects.filter(enquiry=enquiry))
    for row in rows:
        made = len(house.fake.of(str(row.key)))
        if row.state == JournalState.DONE:
            assert made == 1, f"done, and there are {made}"
        else:
            assert waits_for_person(row), f"{row.state}, and nobody is told"
            assert made <= 1 or row.why == "several", f"{made} were made, and nobody is told so"
    for key, _said in house.fake.made:
        assert key in {str(row.key) for row in rows}


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=st.lists(st.sampled_from(("", *FAULTS)), max_size=6), keyed=st.booleans(), deaf=st.booleans())
@example(faults=["cut_after", "late", "cut_before", "half"], keyed=False, deaf=False)
@example(faults=["late"], keyed=False, deaf=True)
@example(faults=["repeat"], keyed=False, deaf=False)
def test_each_create_is_there_once_or_shown_to_a_person(
    house: House, cast: SimpleNamespace, clock: Any, faults: list[str], keyed: bool, deaf: bool
) -> None:
    if deaf and "repeat" in faults:  # two of what nobody can ask for: only the case system itself can know
        faults = [fault for fault in faults if fault != "repeat"]
    Journalised.objects.all().delete()
    house.anew(*faults, keyed=keyed, deaf=deaf)
    enquiry = asked_for(cast)
    work(house, clock)
    once_or_shown(house, enquiry)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["sbsys", "nova"])
def test_a_blind_retry_is_found_out(
    kind: str, tmp_path: Path, settings: Any, cast: SimpleNamespace, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variant that does what must not be done: what was not answered is sent again without asking."""

    def blind(_system: object, row: Journalised) -> bool:
        sending._become(row, JournalState.WAITING, why="", next_at=sending.clock.now())
        return True

    house = House(kind, tmp_path, settings)
    try:
        house.anew("cut_after")
        monkeypatch.setattr(sending, "_ask", blind)
        monkeypatch.setattr(sending, "_filed", lambda _system, row, filed: sending._done(row, filed))
        enquiry = asked_for(cast)
        work(house, clock)
        with pytest.raises(AssertionError, match="done, and there are 2"):
            once_or_shown(house, enquiry)
    finally:
        house.close()


@pytest.mark.django_db
def test_a_matter_becomes_a_case_and_a_note_on_it(house: House, cast: SimpleNamespace, clock: Any) -> None:
    house.anew()
    enquiry = asked_for(cast)
    work(house, clock)
    rows = list(Journalised.objects.filter(enquiry=enquiry).order_by("id"))
    assert [(row.what, row.state) for row in rows] == [("case", "done"), ("note", "done")]
    enquiry.refresh_from_db()
    assert enquiry.case_number == rows[0].case_number == rows[1].case_number == "27.00.00-G01-1-26"
    case, note = (said for _key, said in house.fake.made)
    assert CPR in json.dumps(case)
    assert CPR not in json.dumps(note)
    assert "Spurgte til sit pas" in json.dumps(note, ensure_ascii=False)


@pytest.mark.django_db
def test_who_asks_what_is_held_of_her_is_given_what_the_journal_says(
    cast: SimpleNamespace, tmp_path: Path, settings: Any, clock: Any
) -> None:
    House("drop", tmp_path, settings)
    enquiry = asked_for(cast)
    anna = enquiry.contact.asker
    assert anna is not None
    given = held_about(anna, with_cpr=False)
    assert "Spurgte til sit pas" in str(given)


@pytest.mark.django_db
def test_a_cpr_stands_in_no_address_no_log_and_no_answer_of_ours(
    house: House, cast: SimpleNamespace, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.anew("refuse")
    enquiry = asked_for(cast)
    work(house, clock)
    assert not [path for _method, path, _body, _who in house.fake.seen if CPR in path]
    assert CPR not in caplog.text
    row = Journalised.objects.get(enquiry=enquiry)
    assert (row.state, row.why) in {("refused", "http_422"), ("refused", "no_such_case")}
    assert CPR not in repr(CASE)


class Killed(BaseException):
    """The process is gone: nothing after it is done, no answer is written down."""


@pytest.mark.django_db
@pytest.mark.parametrize("before", [True, False])
def test_a_worker_that_dies_at_the_sending_sends_nothing_twice(
    house: House, cast: SimpleNamespace, clock: Any, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    house.anew()
    enquiry = asked_for(cast)
    real = sending._prepared

    def dying(system: Any, row: Journalised) -> Callable[[], Any]:
        create = real(system, row)

        def die() -> Any:
            if not before:
                with contextlib.suppress(UnderWay):
                    create()
            raise Killed

        return die

    monkeypatch.setattr(sending, "_prepared", dying)
    with pytest.raises(Killed):
        send_journal()
    assert _sending()
    monkeypatch.setattr(sending, "_prepared", real)
    assert send_journal() == 0  # it may still be under way
    work(house, clock)
    once_or_shown(house, enquiry)
    assert {row.state for row in Journalised.objects.filter(enquiry=enquiry)} == {"done"}


@pytest.mark.django_db(transaction=True)
def test_that_it_is_sent_is_committed_before_it_leaves(
    cast: SimpleNamespace, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House("drop", tmp_path, settings)
    house.anew()
    asked_for(cast)
    stood: list[tuple[bool, str]] = []

    def create(*_self: Any, **_said: Any) -> Any:
        stood.append((connection.in_atomic_block, Journalised.objects.get().state))
        raise NoAnswer("cut")

    monkeypatch.setattr(CaseDrop, "create_case", create)
    send_journal()
    assert stood == [(False, "sending")]


@pytest.mark.django_db
def test_a_case_system_that_is_down_is_tried_again_and_gets_it_once(
    cast: SimpleNamespace, tmp_path: Path, settings: Any, clock: Any
) -> None:
    """Nothing left the house, so that nobody needs to ask."""
    house = House("sbsys", tmp_path, settings)
    address = settings.CASES_ADDRESS
    try:
        house.anew()
        settings.CASES_ADDRESS = "http://127.0.0.1:9"  # nobody listens there
        enquiry = asked_for(cast)
        send_journal()
        row = Journalised.objects.get(enquiry=enquiry)
        assert (row.state, row.attempts) == ("waiting", 1)
        settings.CASES_ADDRESS = address
        work(house, clock)
        once_or_shown(house, enquiry)
        assert not [path for method, path, _body, _who in house.fake.seen if method == "POST" and "opslag" in path]
    finally:
        house.close()


def test_what_each_answer_means(tmp_path: Path, settings: Any) -> None:
    for kind, system in (("sbsys", Sbsys), ("nova", Nova)):
        house = House(kind, tmp_path, settings)
        try:
            for fault, meant in {
                "cut_before": NoAnswer,
                "cut_after": NoAnswer,
                "half": NoAnswer,
                "nested": NoAnswer,
                "broken_before": NoAnswer,
                "broken_after": NoAnswer,
                "refuse": SaidNo,
                "busy": NotReached,
            }.items():
                house.anew(fault)
                with pytest.raises(meant):
                    system().create_case(key=uuid.uuid4(), case=CASE)
            house.anew(deaf=True)
            with pytest.raises(NoAnswer):  # a wrong address answers 404 too: it is not "there is none"
                system().find_by_key(key=uuid.uuid4())
        finally:
            house.close()


def test_every_call_of_the_port_is_answered_by_both_rest_systems(tmp_path: Path, settings: Any) -> None:
    token = tmp_path / "token"
    token.write_text("hemmelig\n", encoding="ascii")
    settings.CASES_TOKEN_FILE = str(token)
    for kind, system in (("sbsys", Sbsys), ("nova", Nova)):
        folder = tmp_path / kind
        folder.mkdir()
        house = House(kind, folder, settings)
        try:
            fake, key = house.anew(), uuid.uuid4()
            cases, rest = system(), Rest(settings.CASES_ADDRESS)
            assert rest.ask("GET", "/api/anything")["Sagsnummer"] == "1-26"
            assert cases.find_by_key(key=key) is None
            filed = cases.create_case(key=key, case=CASE)
            assert cases.find_by_key(key=key) == filed
            fake.make(str(key), {})
            with pytest.raises(Several):
                cases.find_by_key(key=key)
            assert cases.add_note(key=uuid.uuid4(), case_number="7/26", note=NOTE).outside_id
            assert cases.add_document(key=uuid.uuid4(), case_number="7/26", document=DOCUMENT).outside_id
            assert [(one.case_number, one.state) for one in cases.cases_of(cpr=CPR)] == [
                ("1-26", CaseState.CARRIED_OUT)
            ]
            assert cases.state_of(case_number="7/26") is CaseState.CARRIED_OUT
            assert {who for _method, _path, _body, who in fake.seen if "anything" not in _path} == {"Bearer hemmelig"}
            assert not [path for _method, path, _body, _who in fake.seen if CPR in path or " " in path]
            bodies = "".join(body for _method, _path, body, _who in fake.seen)
            assert ("<b>" in bodies) is (kind == "nova")  # shown as HTML there, so escaped there
        finally:
            house.close()


@pytest.mark.django_db
def test_the_model_says_what_is_journalised_and_from_the_day_it_says_so(cast: SimpleNamespace, clock: Any) -> None:
    assert journal_duty() == {}
    text = small_model(old="[services.byggesag]\n", new="[services.byggesag]\njournal = true\n")
    text = text.replace("valid_from = 2026-01-01", "valid_from = 2026-03-01", 1)
    draft, day = save_draft(text=text, includes={}, title="small.toml", actor=SYSTEM), dt.date(2026, 3, 1)
    adopt_model(version_id=draft.pk, valid_from=day, decided_on=None, body="Byrådet", actor=SYSTEM, backdated=True)
    assert journal_duty() == {"byggesag": day}


def test_an_open_line_is_not_used_for_a_cpr(settings: Any) -> None:
    settings.CASES_ADDRESS = "http://esdh.example"
    with pytest.raises(NotReached, match="address"):
        Sbsys().cases_of(cpr=CPR)


def test_a_folder_that_is_not_there_has_got_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotReached):
        CaseDrop(str(tmp_path / "gone")).create_case(key=uuid.uuid4(), case=CASE)
    with pytest.raises(NoAnswer):
        CaseDrop(str(tmp_path / "gone")).find_by_key(key=uuid.uuid4())
    with pytest.raises(CannotBeAsked):
        CaseDrop(str(tmp_path)).cases_of(cpr=CPR)
    with pytest.raises(CannotBeAsked):
        CaseDrop(str(tmp_path)).state_of(case_number="1")


def test_a_file_is_dropped_once_and_whole_and_only_its_own_receipt_counts(tmp_path: Path) -> None:
    drop, key = CaseDrop(str(tmp_path)), uuid.uuid4()
    assert drop.find_by_key(key=key) is None
    for _again in range(2):
        with pytest.raises(UnderWay):
            drop.add_document(key=key, case_number="7/26", document=DOCUMENT)
    (place,) = tmp_path.iterdir()
    assert place.name == f"{key}.json"
    assert place.stat().st_mode & 0o777 == 0o600
    receipt = tmp_path / f"{key}.receipt.json"
    for text, problem in {
        '{"key": "': UnderWay,
        "[" * 100_000: NoAnswer,
        json.dumps({"key": "another", "id": "1", "case": "2"}): NoAnswer,
        json.dumps({"key": str(key), "refused": "borger 0101010101"}): SaidNo,
        json.dumps({"key": str(key)}): NoAnswer,
    }.items():
        receipt.write_text(text, encoding="utf-8")
        with pytest.raises(problem) as found:
            drop.find_by_key(key=key)
        assert CPR not in str(found.value)
    receipt.write_text(json.dumps({"key": str(key), "id": "d1", "case": "7/26"}), encoding="utf-8")
    filed = drop.find_by_key(key=key)
    assert filed is not None
    assert (filed.outside_id, filed.case_number) == ("d1", "7/26")


@pytest.mark.parametrize("kind", ["HTTPSConnection", "HTTPConnection"])
def test_a_case_system_that_is_silent_is_waited_for_ten_seconds(
    kind: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = []

    def silent(*_place: object, timeout: float, **_said: object) -> None:
        waited.append(timeout)
        raise TimeoutError

    monkeypatch.setattr(f"http.client.{kind}", silent)
    settings.CASES_TOKEN_FILE = ""
    address = "https://cases.kommune.example" if kind == "HTTPSConnection" else "http://127.0.0.1:9"
    with pytest.raises(NotReached):
        Rest(address).ask("GET", "/cases")
    assert waited == [10]
