"""Complaints, praise and ideas: who reads them, who answers, and that nobody answers one about herself."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hovedindgang.contacts.models import Enquiry
from hovedindgang.contacts.rules import Ground, Refused
from hovedindgang.contacts.rules import Outcome as Solved
from hovedindgang.contacts.tests.desk import register
from hovedindgang.kernel.actors import SYSTEM
from hovedindgang.kernel.models import Event, LookUp
from hovedindgang.people.actions import protect_citizen, register_citizen
from hovedindgang.people.closing import say_family
from hovedindgang.people.models import Citizen, Employee, Protection
from hovedindgang.people.rules import NoAccess
from hovedindgang.servicemodel.document import Channel
from hovedindgang.surveys import actions, queries
from hovedindgang.surveys.actions import Ending, NewFeedback
from hovedindgang.surveys.doors import feedback_seen
from hovedindgang.surveys.models import Feedback, FeedbackText
from hovedindgang.surveys.rules import ENDS, Kind, Outcome, SaidBy, State

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 11)  # a Wednesday
ANSWERED: dict[str, Any] = {"answer": "Vi har ringet og undskyldt", "answer_channel": Channel.PHONE}


@pytest.fixture
def citizen(cast: SimpleNamespace) -> Citizen:
    return register_citizen(actor=SYSTEM, cpr="6101901234", name="Opdigtet Ottosen")


@pytest.fixture
def leader_of_pandrup(cast: SimpleNamespace) -> Employee:
    return Employee.objects.create_user("lone", "x", name="Lone", is_leader=True, centre_id="pandrup")


def complained(by: Employee, kind: Kind = Kind.SERVICE, **said: Any) -> Feedback:
    said = {"text": "Jeg ventede i to timer", "centre": "aabybro", "received_on": TODAY, **said}
    return actions.register_feedback(employee=by, said=NewFeedback(kind=kind, **said))


def test_a_complaint_goes_to_the_leader_of_the_place_with_a_day_from_the_policy(
    cast: SimpleNamespace, leader_of_pandrup: Employee, clock: Any
) -> None:
    here, there = complained(cast.alice), complained(cast.alice, centre="pandrup")
    assert (here.owner, there.owner) == (cast.dorthe, leader_of_pandrup)
    assert here.promised_on == dt.date(2026, 3, 25)  # ten working days
    event = Event.objects.get(verb="feedback.registered", subject_id=str(here.pk))
    assert event.facts["kind"] == "service"
    assert "timer" not in str(event.facts)


def test_praise_needs_no_day_and_a_complaint_always_has_one(cast: SimpleNamespace, clock: Any) -> None:
    praise = complained(cast.alice, Kind.PRAISE)
    assert praise.promised_on is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=praise.pk).update(kind=Kind.SERVICE)


def test_two_clicks_make_one_complaint(cast: SimpleNamespace, clock: Any, client_of: Any) -> None:
    sent = {
        "kind": "service",
        "text": "For lang kø",
        "centre": "aabybro",
        "key": "6f1c0000-0000-4000-8000-000000000001",
    }
    for _click in range(2):
        assert client_of(cast.alice).post("/klager/ny/", sent).status_code == 302
    assert Feedback.objects.count() == 1


def test_nobody_reads_or_answers_a_complaint_about_herself_not_even_the_leader(
    cast: SimpleNamespace, leader_of_pandrup: Employee, clock: Any
) -> None:
    row = complained(cast.alice, Kind.CONDUCT, concerns=cast.dorthe.pk)
    assert row.owner == leader_of_pandrup
    assert not feedback_seen(cast.dorthe).filter(pk=row.pk).exists()
    with pytest.raises(NoAccess):
        queries.feedback_page(cast.dorthe, row.pk)
    with pytest.raises(Refused, match="handler om den medarbejder"):
        actions.give_to(employee=leader_of_pandrup, feedback_id=row.pk, owner_id=cast.dorthe.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=row.pk).update(owner=cast.dorthe)


def test_where_the_only_leader_is_complained_of_it_waits_for_another_and_is_not_lost(
    cast: SimpleNamespace, clock: Any
) -> None:
    row = complained(cast.alice, Kind.CONDUCT, concerns=cast.dorthe.pk)
    assert row.owner is None
    lone = Employee.objects.create_user("lone", "x", name="Lone", is_leader=True)
    assert feedback_seen(lone).get() == row
    assert feedback_seen(cast.dorthe).count() == 0


def test_of_conduct_only_leaders_read_and_who_wrote_it_down_does_not(
    cast: SimpleNamespace, clock: Any, client_of: Any
) -> None:
    row = complained(cast.alice, Kind.CONDUCT, concerns=cast.bob.pk, text="Bob var grov")
    for other in (cast.alice, cast.bob, cast.charlie):
        assert client_of(other).get(f"/klager/{row.pk}/").status_code == 403
        assert "Bob var grov" not in client_of(other).get("/klager/?state=all").content.decode()
    assert "Bob var grov" in client_of(cast.dorthe).get(f"/klager/{row.pk}/").content.decode()
    with pytest.raises(Refused, match="Vælg en leder"):
        actions.give_to(employee=cast.dorthe, feedback_id=row.pk, owner_id=cast.charlie.pk)


def test_of_service_who_wrote_it_down_reads_it_and_her_colleagues_do_not(cast: SimpleNamespace, clock: Any) -> None:
    row = complained(cast.alice)
    assert queries.feedback_page(cast.alice, row.pk).texts[0].text == "Jeg ventede i to timer"
    assert not queries.feedback_page(cast.alice, row.pk).may_answer
    for other in (cast.bob, cast.charlie, cast.erik, cast.gorm):
        with pytest.raises(NoAccess):
            queries.feedback_page(other, row.pk)
    with pytest.raises(NoAccess):
        actions.acknowledge(employee=cast.alice, feedback_id=row.pk)


@pytest.mark.parametrize("typed", [{}, {"outcome": "nonsense", "promised_on": "32.13.", "owner": "x", "answer": "\0"}])
def test_who_wrote_it_down_and_does_not_answer_it_is_refused_whatever_she_types(
    cast: SimpleNamespace, clock: Any, client_of: Any, typed: dict[str, str]
) -> None:
    row = complained(cast.alice)
    for step in ("bekraeft", "dag", "giv", "afslut", "aabn"):
        assert client_of(cast.alice).post(f"/klager/{row.pk}/{step}/", typed).status_code == 403, step


def test_a_caseworker_who_is_given_it_answers_it(cast: SimpleNamespace, clock: Any) -> None:
    row = complained(cast.alice)
    actions.give_to(employee=cast.dorthe, feedback_id=row.pk, owner_id=cast.charlie.pk)
    actions.acknowledge(employee=cast.charlie, feedback_id=row.pk)
    ending = Ending(outcome=Outcome.UPHELD, learning="To mere ved skranken mandag", **ANSWERED)
    closed = actions.close_feedback(employee=cast.charlie, feedback_id=row.pk, ending=ending)
    assert (closed.state, closed.outcome, closed.answer_channel) == ("closed", "upheld", "phone")
    assert [text.part for text in queries.feedback_page(cast.dorthe, row.pk).texts] == ["said", "answer", "learning"]
    verbs = list(Event.objects.filter(subject_kind="feedback").order_by("id").values_list("verb", flat=True))
    assert verbs == ["feedback.registered", "feedback.given", "feedback.acknowledged", "feedback.closed"]


def test_somebody_who_waits_is_answered_before_it_is_closed(cast: SimpleNamespace, clock: Any) -> None:
    row = complained(cast.alice)
    with pytest.raises(Refused) as refused:
        actions.close_feedback(employee=cast.dorthe, feedback_id=row.pk, ending=Ending(outcome=Outcome.PARTLY))
    assert set(refused.value.errors) == {"answer", "learning"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=row.pk).update(
            state="closed", outcome="not_upheld", closed_at="2026-03-11T12:00Z", closed_by=cast.dorthe
        )


def test_a_decision_is_passed_on_with_guidance_and_never_judged_here(cast: SimpleNamespace, clock: Any) -> None:
    row = complained(cast.alice, Kind.DECISION, text="Afslaget er forkert")
    with pytest.raises(Refused, match="ikke stilling til"):
        actions.close_feedback(
            employee=cast.dorthe, feedback_id=row.pk, ending=Ending(outcome=Outcome.NOT_UPHELD, **ANSWERED)
        )
    sent = {"outcome": Outcome.PASSED_ON, "to_department": "jobcenter", "ground": Ground.OWN_CASE, **ANSWERED}
    with pytest.raises(Refused, match="klagevejledning"):
        actions.close_feedback(employee=cast.dorthe, feedback_id=row.pk, ending=Ending(**sent))
    closed = actions.close_feedback(employee=cast.dorthe, feedback_id=row.pk, ending=Ending(guided=True, **sent))
    assert closed.to_department_id == "jobcenter"
    for wrong in ({"outcome": "upheld", "to_department": None, "ground": ""}, {"guided": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Feedback.objects.filter(pk=row.pk).update(**wrong)


def test_another_authority_gets_it_only_on_a_ground(cast: SimpleNamespace, clock: Any) -> None:
    row = complained(cast.alice, Kind.DECISION)
    sent = {"outcome": Outcome.PASSED_ON, "to_authority": "udk", "guided": True, **ANSWERED}
    with pytest.raises(Refused, match="gives videre"):
        actions.close_feedback(employee=cast.dorthe, feedback_id=row.pk, ending=Ending(ground=Ground.OWN_CASE, **sent))
    ending = Ending(ground=Ground.WRONG_ADDRESS, **sent)
    assert actions.close_feedback(employee=cast.dorthe, feedback_id=row.pk, ending=ending).to_authority_id == "udk"


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_ends_in_its_own_ways_and_the_database_says_the_same(
    cast: SimpleNamespace, clock: Any, kind: Kind
) -> None:
    row = complained(cast.alice, kind)
    for outcome in Outcome:
        said = {"state": "closed", "closed_at": "2026-03-11T12:00Z", "closed_by": cast.dorthe, "guided": True}
        passed = {"to_department": "jobcenter", "ground": "own_case"} if outcome is Outcome.PASSED_ON else {}
        try:
            with transaction.atomic():
                Feedback.objects.filter(pk=row.pk).update(outcome=outcome, answer_channel="phone", **said, **passed)
                raise InterruptedError
        except InterruptedError:
            assert outcome in ENDS[kind]
        except IntegrityError:
            assert outcome not in ENDS[kind], outcome


def test_a_closed_one_is_neither_answered_again_nor_given_away(cast: SimpleNamespace, clock: Any) -> None:
    row = complained(cast.alice)
    withdrawn = Ending(outcome=Outcome.WITHDRAWN)
    actions.close_feedback(employee=cast.dorthe, feedback_id=row.pk, ending=withdrawn)
    for deed in (
        lambda: actions.close_feedback(employee=cast.dorthe, feedback_id=row.pk, ending=withdrawn),
        lambda: actions.acknowledge(employee=cast.dorthe, feedback_id=row.pk),
        lambda: actions.agree_on_day(employee=cast.dorthe, feedback_id=row.pk, promised_on=dt.date(2026, 4, 1)),
        lambda: actions.give_to(employee=cast.dorthe, feedback_id=row.pk, owner_id=cast.alice.pk),
    ):
        with pytest.raises(Refused):
            deed()


def test_who_is_anonymous_is_led_to_by_nothing(
    cast: SimpleNamespace, citizen: Citizen, clock: Any, client_of: Any
) -> None:
    contact = register(cast.alice, asker=citizen.pk).contact_id
    matter = Enquiry.objects.get(contact=contact)
    row = complained(
        cast.alice, said_by=SaidBy.ANONYMOUS, citizen=citizen.pk, contact=contact, enquiry=matter.pk, cpr="610190-1234"
    )
    assert (row.citizen, row.contact, row.enquiry) == (None, None, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.filter(pk=row.pk).update(citizen=citizen)
    with pytest.raises(Refused, match="ingen at give besked"):
        actions.acknowledge(employee=cast.dorthe, feedback_id=row.pk)
    assert "Ved borgeren, at vi har den?" not in client_of(cast.dorthe).get(f"/klager/{row.pk}/").content.decode()
    actions.close_feedback(employee=cast.dorthe, feedback_id=row.pk, ending=Ending(outcome=Outcome.NOT_UPHELD))


def test_words_are_amended_and_never_changed(cast: SimpleNamespace, clock: Any) -> None:
    row = complained(cast.alice, text="Det var 610190-1234, der ringede")
    first = FeedbackText.objects.get()
    assert "610190" not in first.text
    actions.amend_words(employee=cast.alice, text_id=first.pk, text="Det var en anden, der ringede")
    assert [text.amends_id for text in queries.feedback_page(cast.dorthe, row.pk).texts] == [None, first.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedbackText.objects.filter(pk=first.pk).update(text="Ingen ringede")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM surveys_feedbacktext WHERE id = %s", [first.pk])
    with pytest.raises(NoAccess):
        actions.amend_words(employee=cast.bob, text_id=first.pk, text="x")


def test_a_complaint_opens_the_matter_again_by_contacts_own_deed(
    cast: SimpleNamespace, citizen: Citizen, clock: Any
) -> None:
    contact = register(cast.alice, asker=citizen.pk).contact_id
    matter = Enquiry.objects.get(contact=contact)
    row = complained(cast.alice, citizen=citizen.pk, contact=contact, enquiry=matter.pk)
    actions.reopen_its_matter(employee=cast.dorthe, feedback_id=row.pk, promised_on=dt.date(2026, 3, 13))
    matter.refresh_from_db()
    assert (matter.outcome, matter.owner) == (Solved.OPEN, cast.dorthe)
    change = matter.outcome_changes.get()
    assert change.why == "complaint"
    with pytest.raises(Refused, match="åbent"):
        actions.reopen_its_matter(employee=cast.dorthe, feedback_id=row.pk, promised_on=dt.date(2026, 3, 13))


def test_it_is_about_a_matter_of_hers_and_not_of_another(cast: SimpleNamespace, citizen: Citizen, clock: Any) -> None:
    other = register_citizen(actor=SYSTEM, cpr="6101901235", name="En Anden")
    theirs = Enquiry.objects.get(contact=register(cast.alice, asker=other.pk).contact_id)
    with pytest.raises(Refused, match="en anden borger"):
        complained(cast.alice, citizen=citizen.pk, enquiry=theirs.pk)


def test_reading_it_is_a_look_up_of_the_citizen(cast: SimpleNamespace, citizen: Citizen, clock: Any) -> None:
    row = complained(cast.alice, citizen=citizen.pk)
    queries.feedback_page(cast.dorthe, row.pk)
    seen = LookUp.objects.get(use="feedback")
    assert (seen.actor_id, seen.citizen_id, seen.reason) == (cast.dorthe.pk, citizen.pk, f"feedback:{row.pk}")


def test_overdue_stands_out_until_it_is_answered(cast: SimpleNamespace, clock: Any, client_of: Any) -> None:
    row = complained(cast.alice, received_on=dt.date(2026, 2, 2))
    assert queries.is_late(row)
    assert "over tiden: svar var aftalt 16.02.2026" in client_of(cast.dorthe).get("/klager/").content.decode()
    actions.agree_on_day(employee=cast.dorthe, feedback_id=row.pk, promised_on=dt.date(2026, 3, 20))
    assert "over tiden" not in client_of(cast.dorthe).get("/klager/").content.decode()
    event = Event.objects.get(verb="feedback.day_agreed")
    assert (event.facts["was"], event.facts["on"]) == ("2026-02-16", "2026-03-20")


def test_her_history_and_the_contact_say_that_there_is_a_complaint_and_no_word_of_it(
    cast: SimpleNamespace, citizen: Citizen, clock: Any, client_of: Any
) -> None:
    contact = register(cast.bob, asker=citizen.pk).contact_id
    row = complained(
        cast.bob, Kind.CONDUCT, citizen=citizen.pk, contact=contact, text="Han råbte", concerns=cast.bob.pk
    )
    for address in (f"/henvendelser/{contact}/", f"/henvendelser/borger/{citizen.pk}/"):
        page = client_of(cast.bob).get(address).content.decode()
        assert "Klage, 11.03.2026" in page
        assert "optræden" not in page
        assert "Han råbte" not in page
        assert f"/klager/{row.pk}/" not in page
    page = client_of(cast.dorthe).get(f"/henvendelser/{contact}/").content.decode()
    assert f'href="/klager/{row.pk}/"' in page


def test_a_complaint_about_a_sensitive_matter_is_kept_as_closely(
    cast: SimpleNamespace, citizen: Citizen, leader_of_pandrup: Employee, clock: Any, monkeypatch: Any
) -> None:
    contact = register(cast.alice, asker=citizen.pk).contact_id
    matter = Enquiry.objects.get(contact=contact)
    row = complained(cast.alice, citizen=citizen.pk, contact=contact, enquiry=matter.pk)
    monkeypatch.setattr("hovedindgang.surveys.doors.hidden_from", lambda _one: frozenset({matter.service_id}))
    monkeypatch.setattr("hovedindgang.contacts.sensitivity.hidden_from", lambda _one: frozenset({matter.service_id}))
    assert feedback_seen(cast.dorthe).get() == row  # her work: she answers it
    assert feedback_seen(cast.alice).get() == row  # she had the matter
    assert feedback_seen(leader_of_pandrup).count() == 0


def test_what_was_typed_stays_where_something_is_missing(cast: SimpleNamespace, clock: Any, client_of: Any) -> None:
    answer = client_of(cast.alice).post(
        "/klager/ny/", {"kind": "", "text": "Køen var lang", "received_on": "31.2.2026"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Køen var lang" in page
    assert "31.2.2026" in page
    assert "Vælg, hvad det er" in page
    answer = client_of(cast.alice).post(
        "/klager/ny/", {"kind": "service", "text": "Kø", "cpr": "12", "centre": "aabybro"}
    )
    assert answer.status_code == 422
    assert not Feedback.objects.exists()


def test_at_the_desk_one_link_under_the_receipt_leads_to_it_filled_in(
    cast: SimpleNamespace, citizen: Citizen, clock: Any, client_of: Any
) -> None:
    contact = register(cast.alice, asker=citizen.pk).contact_id
    page = client_of(cast.alice).get(f"/skranke/?kvittering={contact}").content.decode()
    assert f'href="/klager/ny/?henvendelse={contact}"' in page
    form = client_of(cast.alice).get(f"/klager/ny/?henvendelse={contact}").content.decode()
    assert f"Hører til henvendelse {contact}" in form
    sent = {"kind": "praise", "text": "Tak for hjælpen", "contact": contact, "centre": "aabybro", "received_on": ""}
    assert client_of(cast.alice).post("/klager/ny/", sent).status_code == 302
    row = Feedback.objects.get()
    assert (row.citizen, row.contact_id, row.state) == (citizen, contact, State.RECEIVED)


def test_a_protected_citizens_name_is_neither_shown_nor_passed_on_unasked(
    cast: SimpleNamespace, citizen: Citizen, clock: Any, client_of: Any
) -> None:
    protect_citizen(actor=SYSTEM, citizen_id=citizen.pk, protection=Protection.THREAT, from_day=TODAY)
    row = complained(cast.alice, Kind.DECISION, citizen=citizen.pk)
    page = client_of(cast.dorthe).get(f"/klager/{row.pk}/").content.decode()
    assert f"beskyttet borger {citizen.pk}" in page
    assert "Ottosen" not in page
    sent = {
        "outcome": "passed_on", "answer": "Sendt til Jobcenteret", "answer_channel": "phone",
        "to": "department:jobcenter", "ground": "own_case", "guided": "on",
    }  # fmt: skip
    asked = client_of(cast.dorthe).post(f"/klager/{row.pk}/afslut/", sent)
    assert asked.status_code == 422
    assert "beskyttet" in asked.content.decode()
    token = asked.context["typed"]["confirmed"]
    assert client_of(cast.dorthe).post(f"/klager/{row.pk}/afslut/", {**sent, "confirmed": token}).status_code == 302


def test_a_leader_neither_reads_nor_answers_what_her_family_complains_of(
    cast: SimpleNamespace, citizen: Citizen, leader_of_pandrup: Employee, clock: Any
) -> None:
    say_family(actor=SYSTEM, employee_id=cast.dorthe.pk, cpr="6101901234")
    row = complained(cast.alice, citizen=citizen.pk)
    assert row.owner == leader_of_pandrup
    assert feedback_seen(cast.dorthe).count() == 0
    with pytest.raises(Refused, match="lukket for den medarbejder"):
        actions.give_to(employee=leader_of_pandrup, feedback_id=row.pk, owner_id=cast.dorthe.pk)
    with pytest.raises(Refused, match="din familie"):
        complained(cast.dorthe, cpr="6101901234")


@pytest.mark.parametrize("asked", ["state=lukket", "kind=ris", "centre=maanen", "centre=%00", "state=closed&kind=x"])
def test_a_filter_that_does_not_exist_is_told_and_is_not_taken_for_everything(
    cast: SimpleNamespace, clock: Any, client_of: Any, asked: str
) -> None:
    complained(cast.alice, Kind.SERVICE)
    answer = client_of(cast.dorthe).get(f"/klager/?{asked}")
    assert answer.status_code == 422
    assert "Det valg findes ikke. Vælg på listen" in answer.content.decode()
    browser = client_of(cast.dorthe)
    browser.cookies["hovedindgang_language"] = "en"
    assert "That choice does not exist" in browser.get(f"/klager/?{asked}").content.decode()
    assert browser.get("/klager/?state=all&kind=&centre=").status_code == 200
