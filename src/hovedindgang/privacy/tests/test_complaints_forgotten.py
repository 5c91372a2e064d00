"""What she complained of has its own time: its words go with her, the row counts on, and nothing open is forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hovedindgang.contacts.actions import NewEnquiry
from hovedindgang.insight.tests.desk import Desk
from hovedindgang.kernel import clock
from hovedindgang.kernel.models import Event
from hovedindgang.people.models import Citizen
from hovedindgang.privacy.actions import lift_hold, place_hold
from hovedindgang.privacy.erasing import erase_citizen, standing
from hovedindgang.privacy.held import held_about
from hovedindgang.privacy.rules import ErasureGround, Kept, PrivacyRefused
from hovedindgang.privacy.tests.scan import places_of
from hovedindgang.privacy.tests.test_forgetting import optimise, person, run
from hovedindgang.servicemodel.document import Channel
from hovedindgang.surveys import actions, queries
from hovedindgang.surveys.actions import Ending, NewFeedback
from hovedindgang.surveys.models import Feedback, FeedbackText
from hovedindgang.surveys.rules import Kind, Outcome


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hovedindgang.privacy.actions.PAUSE_SECONDS", {"sqlite": 0.0, "postgresql": 0.0})


def complained(desk: Desk, her: Citizen, **said: Any) -> Feedback:
    said = {"kind": Kind.SERVICE, "text": "Xylokø i to timer", "centre": "aabybro", "citizen": her.pk, **said}
    return actions.register_feedback(employee=desk.cast.alice, said=NewFeedback(received_on=clock.today(), **said))


def answered(desk: Desk, row: Feedback) -> None:
    ending = Ending(
        outcome=Outcome.UPHELD, answer="Xylosvar", answer_channel=Channel.PHONE, learning="Xylolære om køen"
    )
    actions.close_feedback(employee=desk.cast.dorthe, feedback_id=row.pk, ending=ending)


def test_a_contact_stays_while_its_complaint_is_open_and_goes_without_it_afterwards(desk: Desk) -> None:
    her = person()
    (matter,) = desk.comes(her, NewEnquiry(service="koerekort"), note="Xylotekst")
    row = complained(desk, her, contact=matter.contact_id, enquiry=matter.pk)
    desk.days_pass(366)
    assert run().kept == {Kept.COMPLAINT: 1}
    answered(desk, row)
    assert run().counts["contacts"] == 1
    row.refresh_from_db()
    assert (row.contact, row.enquiry, row.citizen) == (None, None, her)
    assert FeedbackText.objects.count() == 3


def test_her_words_go_when_the_policys_days_have_passed_and_the_row_still_counts(desk: Desk) -> None:
    her = person()
    row = complained(desk, her)
    answered(desk, row)
    before = queries.figures(desk.cast.dorthe, first=row.received_on, last=row.received_on)
    desk.days_pass(730)
    run()
    assert FeedbackText.objects.count() == 3
    desk.days_pass(1)
    assert run().counts["feedback"] == 1
    optimise()
    assert places_of("ylokø", "ylosvar", "ylolære") == []
    row.refresh_from_db()
    nobody = (row.citizen, row.owner, row.recorded_by, row.closed_by)
    assert nobody == (None, None, None, None)
    assert (row.kind, row.centre_id, row.outcome) == ("service", "aabybro", "upheld")
    assert queries.figures(desk.cast.dorthe, first=row.received_on, last=row.received_on) == before
    assert Event.objects.get(verb="feedback.forgotten").facts == {"feedback": 1, "texts": 3}


def test_a_hold_on_her_keeps_her_words(desk: Desk) -> None:
    her = person()
    answered(desk, complained(desk, her))
    desk.days_pass(740)
    until = clock.today() + dt.timedelta(days=10)
    hold = place_hold(employee=desk.cast.dorthe, reason="Retssag", until=until, citizen_id=her.pk)
    run()
    assert FeedbackText.objects.count() == 3
    lift_hold(employee=desk.cast.dorthe, hold_id=hold.pk)
    run()
    assert not FeedbackText.objects.exists()


def test_she_is_not_erased_before_her_complaint_is_answered_and_then_with_every_word(desk: Desk) -> None:
    her = person()
    row = complained(desk, her)
    assert standing(her.pk).obstacles == {Kept.COMPLAINT}
    with pytest.raises(PrivacyRefused, match="klage"):
        erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=ErasureGround.BY_LAW)
    answered(desk, row)
    erase_citizen(employee=desk.cast.dorthe, citizen_id=her.pk, ground=ErasureGround.BY_LAW)
    optimise()
    assert places_of("ylokø", "ylosvar", "ylolære", "ylander") == []
    assert Feedback.objects.get().forgotten_on == clock.today()


def test_her_package_holds_what_she_complained_of_and_the_answer_and_no_employees_name(desk: Desk) -> None:
    her = person()
    row = complained(desk, her, kind=Kind.CONDUCT, concerns=desk.cast.bob.pk)
    answered(desk, row)
    held = held_about(her, with_cpr=False)
    (told,) = held.data["feedback"]
    assert [one["text"] for one in told["words"]] == ["Xylokø i to timer", "Xylosvar", "Xylolære om køen"]
    assert told["concerns_unit"] == "pandrup"
    assert not {"Bob", "Alice", "Dorthe"} & {str(value) for value in told.values()}
    assert held.others  # read through before it is handed out
    assert "surveys.Feedback" not in held.data["other_rows"]
