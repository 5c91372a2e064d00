"""What must lie in the case system gets there, and who waits for it sees how old it has become."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hovedindgang.contacts import actions
from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.contacts.actions.sending import send_journal
from hovedindgang.contacts.journal_pages import journal_page
from hovedindgang.contacts.models import Contact, Enquiry, Journalised
from hovedindgang.contacts.ports import CannotBeAsked, Filed, NoAnswer, SaidNo
from hovedindgang.contacts.rules import JOURNAL_ALLOWED, JOURNAL_SETTLE_MINUTES, JournalState, KeyReused, Refused
from hovedindgang.contacts.tests.desk import handed_over, registered
from hovedindgang.kernel.actors import SYSTEM, employee_actor
from hovedindgang.kernel.events import Cause
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import register_citizen
from hovedindgang.people.rules import NoAccess

CPR = "0101010101"


class Desk:
    """A case system that does what the test says: each call takes the next of `answers`."""

    answers: list[object] = []
    got: list[dict[str, Any]] = []

    def _next(self, **said: Any) -> Any:
        self.got.append(said)
        answer = self.answers.pop(0) if self.answers else Filed("id-9", "26-9")
        if isinstance(answer, Exception):
            raise answer
        return answer

    create_case = add_note = _next

    def find_by_key(self, *, key: uuid.UUID) -> Filed | None:
        raise CannotBeAsked("desk")


@pytest.fixture
def connected(settings: Any) -> type[Desk]:
    settings.CASE_SYSTEM = "desk"
    settings.CASE_SYSTEM_ADAPTERS = {"desk": f"{__name__}.Desk"}
    Desk.answers, Desk.got = [], []
    return Desk


@pytest.fixture
def duty(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 1 March the model says that building matters are journalised."""
    monkeypatch.setattr("hovedindgang.contacts.journal_pages.journal_duty", lambda: {"byggesag": dt.date(2026, 3, 1)})


def ask(cast: SimpleNamespace, enquiry: Enquiry, **fields: Any) -> Journalised:
    said = {"title": "Pas", "text": "Spurgte til sit pas", **fields}
    return actions.journalise(employee=cast.alice, enquiry_id=enquiry.pk, **said)


def test_from_uncertain_no_way_leads_to_sending() -> None:
    assert JournalState.SENDING not in JOURNAL_ALLOWED[JournalState.UNCERTAIN]
    assert JOURNAL_ALLOWED[JournalState.DONE] == frozenset()


@pytest.mark.django_db
def test_two_clicks_are_one_and_a_second_wish_waits_for_the_first(cast: SimpleNamespace, connected: type[Desk]) -> None:
    enquiry, key = registered(cast.alice), uuid.uuid4()
    first = ask(cast, enquiry, key=key)
    assert ask(cast, enquiry, key=key) == first
    with pytest.raises(KeyReused):
        ask(cast, enquiry, key=key, text="Noget andet")
    with pytest.raises(Refused, match="allerede på vej"):
        ask(cast, enquiry)
    with pytest.raises(IntegrityError), transaction.atomic():
        Journalised.objects.create(
            enquiry=enquiry, key=uuid.uuid4(), what="case", title="x", asked_at=first.asked_at, next_at=first.next_at
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "broken",
    [
        {"state": "done"},
        {"state": "uncertain"},
        {"state": "lost"},
        {"title": ""},
        {"what": "note"},
        {"next_at": None},
        {"outside_id": "7"},
    ],
)
def test_the_database_keeps_no_row_that_says_what_cannot_be(
    cast: SimpleNamespace, connected: type[Desk], broken: dict[str, Any]
) -> None:
    row = ask(cast, registered(cast.alice))
    with pytest.raises(IntegrityError), transaction.atomic():
        Journalised.objects.filter(pk=row.pk).update(**broken)


@pytest.mark.django_db
def test_who_is_sent_is_logged_and_nothing_of_her_but_the_cpr_goes(
    cast: SimpleNamespace, connected: type[Desk]
) -> None:
    anna = register_citizen(actor=employee_actor(cast.alice.pk), cpr=CPR, name="Anna Andersen")
    enquiry = registered(cast.alice, asker=anna.pk)
    ask(cast, enquiry, text=f"Hun har {CPR}")
    assert LookUp.objects.filter(citizen_id=anna.pk, use="journal", reason=f"enquiry:{enquiry.pk}").exists()
    assert send_journal() == 2
    case, note = connected.got[0]["case"], connected.got[1]["note"]
    assert case.parties == (CPR,)
    assert "Anna" not in f"{case} {note} {note.text}"
    assert note.text == f"Hun har [borger {anna.pk}]"
    for event in Event.objects.filter(subject_kind="enquiry"):
        assert not {"title", "text", "case_number"} & set(event.facts)
    assert Event.objects.filter(verb="enquiry.sent_to_case_system").count() == 2


@pytest.mark.django_db
def test_on_a_case_that_she_has_already_there_is_only_a_note(cast: SimpleNamespace, connected: type[Desk]) -> None:
    enquiry = registered(cast.alice)
    ask(cast, enquiry, case_number="26-4")
    connected.answers = [Filed("n1", "26-4")]
    send_journal()
    assert [said["case_number"] for said in connected.got] == ["26-4"]
    enquiry.refresh_from_db()
    assert enquiry.case_number == "26-4"


@pytest.mark.django_db
def test_what_cannot_be_asked_for_is_alices_to_look_after_and_is_not_sent_again_by_itself(
    cast: SimpleNamespace, connected: type[Desk], clock: Any, client_of: Any
) -> None:
    enquiry = registered(cast.alice)
    row = ask(cast, enquiry)
    connected.answers = [NoAnswer("timeout")]
    send_journal()
    with pytest.raises(Refused, match="afgjort"):  # it may still be under way
        actions.settle_journal(employee=cast.alice, journal_id=row.pk, there=False)
    for _run in range(30):
        clock.go(minutes=JOURNAL_SETTLE_MINUTES)
        send_journal()
    assert len(connected.got) == 1
    browser = client_of(cast.alice)
    page = browser.get("/henvendelser/journal/").content.decode()
    assert "Se efter i ESDH" in page
    assert str(row.key) in page
    answer = browser.post(f"/henvendelser/journal/{row.pk}/afgoer/", {"answer": "there", "case_number": " "})
    assert answer.status_code == 422
    assert "Skriv sagens nummer" in answer.content.decode()
    browser.post(f"/henvendelser/journal/{row.pk}/afgoer/", {"answer": "there", "case_number": "26-77"})
    row.refresh_from_db()
    enquiry.refresh_from_db()
    assert (row.state, row.settled_by, enquiry.case_number) == ("done", cast.alice, "26-77")
    send_journal()
    assert [said.get("case_number") for said in connected.got] == [None, "26-77"]  # the note, on the case she found


@pytest.mark.django_db
def test_what_is_not_there_is_sent_once_more_when_somebody_has_looked(
    cast: SimpleNamespace, connected: type[Desk], clock: Any
) -> None:
    row = ask(cast, registered(cast.alice))
    connected.answers = [SaidNo("http_403")]
    send_journal()
    row.refresh_from_db()
    assert (row.state, row.why) == ("refused", "http_403")
    with pytest.raises(NoAccess):
        actions.settle_journal(employee=cast.charlie, journal_id=row.pk, there=False)
    actions.settle_journal(employee=cast.alice, journal_id=row.pk, there=False)
    send_journal()
    row.refresh_from_db()
    assert row.state == "done"


@pytest.mark.django_db
def test_a_late_answer_does_not_undo_what_somebody_decided(
    cast: SimpleNamespace, connected: type[Desk], clock: Any
) -> None:
    """The worker hung for hours; meanwhile Alice found it there and wrote its number."""
    row = ask(cast, registered(cast.alice))

    def hang(**_said: Any) -> Filed:
        clock.go(hours=5)
        Journalised.objects.filter(pk=row.pk).update(state="uncertain")
        actions.settle_journal(employee=cast.alice, journal_id=row.pk, there=True, case_number="26-1")
        return Filed("id-2", "26-2")

    connected.create_case, kept = staticmethod(hang), connected.create_case  # type: ignore[method-assign,assignment]
    try:
        send_journal()
    finally:
        connected.create_case = kept  # type: ignore[method-assign]
    row.refresh_from_db()
    assert row.case_number == "26-1"


@pytest.mark.django_db
def test_the_leader_sees_how_old_the_oldest_is_and_with_whom(
    cast: SimpleNamespace, duty: None, clock: Any, client_of: Any, connected: type[Desk]
) -> None:
    handed_over(cast.alice)
    registered(cast.alice)  # a passport, which nobody journalises
    clock.go(days=9)
    young = registered(cast.alice, NewEnquiry(service="byggesag"))
    page = journal_page(cast.dorthe)
    assert (page.count, page.overdue, page.oldest_days) == (2, 1, 9)
    assert [(one.department, one.count, one.overdue) for one in page.departments] == [("teknik", 1, 1), ("", 1, 0)]
    shown = client_of(cast.dorthe).get("/henvendelser/journal/").content.decode()
    assert "Det ældste kom ind for 9 dage siden." in shown
    assert "1 er over 7 dage" in shown
    ask(cast, young)
    assert journal_page(cast.dorthe).count == 2  # asked for is not there yet
    send_journal()
    assert journal_page(cast.dorthe).count == 1
    assert client_of(cast.charlie).get("/henvendelser/journal/").status_code == 403


@pytest.mark.django_db
def test_without_a_case_system_she_writes_the_number_herself(
    cast: SimpleNamespace, duty: None, clock: Any, client_of: Any
) -> None:
    enquiry, browser = registered(cast.alice, NewEnquiry(service="byggesag")), client_of(cast.alice)
    where = f"/henvendelser/aerinde/{enquiry.pk}/journal/"
    assert "ikke forbundet med et ESDH" in browser.get(where).content.decode()
    assert browser.post(where, {"form": "send", "title": "Carport", "text": "x"}).status_code == 422
    assert browser.post(where, {"form": "by_hand", "case_number": CPR}).status_code == 422
    assert browser.post(where, {"form": "by_hand", "case_number": "26-12"}).status_code == 302
    assert journal_page(cast.dorthe).count == 0
    assert "sag 26-12" in browser.get(where).content.decode()


@pytest.mark.django_db
def test_what_she_typed_is_still_there_when_the_title_is_missing(
    cast: SimpleNamespace, connected: type[Desk], client_of: Any
) -> None:
    enquiry, browser = registered(cast.alice, note="Vil have nyt pas"), client_of(cast.alice)
    where = f"/henvendelser/aerinde/{enquiry.pk}/journal/"
    assert "Vil have nyt pas" in browser.get(where).content.decode()
    sent = {"form": "send", "title": "", "text": "En lang tekst", "case_number": "26-1", "key": str(uuid.uuid4())}
    answer = browser.post(where, sent)
    assert answer.status_code == 422
    for kept in ("Skriv kort, hvad ærindet handler om.", "En lang tekst", "26-1"):
        assert kept in answer.content.decode()
    assert browser.post(where, {**sent, "title": "Pas"}, follow=True).status_code == 200
    assert Journalised.objects.get().state == "waiting"
    assert client_of(cast.charlie).get(where).status_code == 403


@pytest.mark.django_db
def test_a_matter_registered_by_mistake_is_not_sent(cast: SimpleNamespace, connected: type[Desk]) -> None:
    enquiry = registered(cast.alice)
    ask(cast, enquiry)
    actions.take_back_contact(employee=cast.alice, contact_id=enquiry.contact_id)
    assert send_journal() == 0
    assert not connected.got


@pytest.mark.django_db
def test_what_was_journalised_is_forgotten_with_its_contact_and_owed_no_more(
    cast: SimpleNamespace, connected: type[Desk], duty: None, clock: Any
) -> None:
    enquiry = registered(cast.alice, NewEnquiry(service="byggesag"))
    ask(cast, enquiry)
    with pytest.raises(Refused, match="åbent"):
        forget(enquiry)
    send_journal()
    forget(enquiry)
    assert not Journalised.objects.exists()
    assert Contact.every.filter(pk=enquiry.contact_id).exists()
    assert journal_page(cast.dorthe).count == 0


def forget(enquiry: Enquiry) -> None:
    actions.forget_contacts(
        actor=SYSTEM, contact_ids=[enquiry.contact_id], remains={}, cause=Cause("run", 1), on=dt.date(2026, 3, 11)
    )
